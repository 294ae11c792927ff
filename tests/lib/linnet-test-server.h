/* A server that plays a transcript of literal XML, truthfully or not
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

/**
 * LinnetTestServer:
 *
 * Each connection plays one transcript: an array of steps that an all-zero step ends. A step waits for its
 * @c, then sends its @s, then does its @act; any of them may be absent. Whatever the client sends that the
 * transcript does not expect aborts the test with a message. Example:
 *
 * |[
 * static const LinnetTestStep steps[] = {
 *   LINNET_TEST_OPEN ("example.org", "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"),
 *   { .c = "<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>", .s = "<iq type='result' id='$1'/>" },
 *   { .act = LINNET_TEST_CLOSE },
 *   {},
 * };
 * linnet_test_server_play (server, steps);
 * stream = xmpp_stream_new (linnet_test_server_connect (server));
 * …
 * linnet_test_assert_resolves (linnet_test_server_finish (server));
 * ]|
 */
#define LINNET_TYPE_TEST_SERVER (linnet_test_server_get_type ())
G_DECLARE_FINAL_TYPE (LinnetTestServer, linnet_test_server, LINNET, TEST_SERVER, GObject)

typedef enum
{
  LINNET_TEST_NOTHING,
  LINNET_TEST_START_TLS,   /* shakes hands; as the first step: direct TLS */
  LINNET_TEST_REFUSED_TLS, /* shakes hands and expects that the client breaks off without sending anything */
  LINNET_TEST_CLOSE,       /* closes the connection in order */
  LINNET_TEST_RESET,       /* tears it down (RST) */
  LINNET_TEST_WAIT_EOF,    /* waits until the client has closed; it may say why before */
} LinnetTestAct;

/* Builds what a step sends instead of a literal @s. See the functions about the current step below. */
typedef char *(*LinnetTestReply) (LinnetTestServer *server, gpointer user_data);

typedef struct
{
  /* What the client must send now: one or more top-level elements (wildcards: see linnet-test-xml.h), or a
   * stream header `<stream:stream …>`, or `</stream:stream>`. */
  const char *c;
  /* What is sent then, byte for byte after $1…$9 (captures of this step's @c, else of the latest) and
   * ${name}. */
  const char *s;
  gsize s_length;        /* of an @s that holds NUL; 0: a string */
  LinnetTestReply reply; /* instead of @s */
  LinnetTestAct act;
  guint trickle : 1; /* sends byte by byte, each in a write of its own */
} LinnetTestStep;

#define LINNET_TEST_STREAM_C(domain) "<stream:stream to='" domain "' from='?' version='1.0' xml:lang='?'>"
#define LINNET_TEST_STREAM_S(domain) \
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s1' from='" domain "' version='1.0'>"
/* Steps: a stream is opened, with these features; STARTTLS. */
#define LINNET_TEST_OPEN(domain, features)                                               \
  {                                                                                      \
    .c = LINNET_TEST_STREAM_C (domain),                                                  \
    .s = LINNET_TEST_STREAM_S (domain) "<stream:features>" features "</stream:features>" \
  }
#define LINNET_TEST_OPEN_TLS(domain)                                                                     \
  LINNET_TEST_OPEN (domain, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"), \
  {                                                                                                      \
    .c = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",                                          \
    .s = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",                                           \
    .act = LINNET_TEST_START_TLS                                                                         \
  }

LinnetTestServer *linnet_test_server_new (void);

/* For TLS; see linnet-test-ca.h. @protocols: (nullable): what to accept by ALPN. */
void linnet_test_server_set_certificate (LinnetTestServer *self, GTlsCertificate *certificate);
void linnet_test_server_set_protocols (LinnetTestServer *self, const char *const *protocols);
/* @user_data: for replies */
void linnet_test_server_set_user_data (LinnetTestServer *self, gpointer user_data);

/* The client may hang up in the middle of a transcript; else that is a fault of the test. */
void linnet_test_server_allow_hang_up (LinnetTestServer *self);

/* Adds the transcript of the next connection that has none; @steps must stay. */
void linnet_test_server_play (LinnetTestServer *self, const LinnetTestStep *steps);

/* A connection in memory: the client's end, a LinnetTestStream. Transfer full. */
GIOStream *linnet_test_server_connect (LinnetTestServer *self);
/* Plays on a connection that somebody else made. */
void linnet_test_server_serve (LinnetTestServer *self, GIOStream *io);
/* The server's end of the newest connection; borrowed. */
GIOStream *linnet_test_server_get_stream (LinnetTestServer *self);
/* A real socket; returns its port. @address: e.g. "127.0.0.1" */
guint16 linnet_test_server_listen (LinnetTestServer *self, const char *address);

/* Resolves when every transcript has been played to its end. */
DexFuture *linnet_test_server_finish (LinnetTestServer *self) G_GNUC_WARN_UNUSED_RESULT;

/* About the current step, for replies; about the newest connection otherwise. */
const char *linnet_test_server_get_capture (LinnetTestServer *self, guint n); /* 1 is the first */
const char *linnet_test_server_get_kept (LinnetTestServer *self, const char *name);
GTlsConnection *linnet_test_server_get_tls (LinnetTestServer *self);  /* nullable, borrowed */
const char *linnet_test_server_get_clear (LinnetTestServer *self);    /* all that came before TLS */
const char *linnet_test_server_get_received (LinnetTestServer *self); /* all that came, decrypted */
guint linnet_test_server_get_n_connections (LinnetTestServer *self);

G_END_DECLS
