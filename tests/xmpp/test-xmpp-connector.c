/* Tests of finding and reaching a server, over a network that exists only here
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-spawn.h"
#include "linnet-test-ca.h"
#include "linnet-test-clock.h"
#include "linnet-test-resolver.h"
#include "linnet-test-server.h"
#include "linnet-test-stream.h"
#include "linnet-test.h"
#include "xmpp-connector-private.h"
#include "xmpp-error.h"

#define DOMAIN "example.org"
#define STARTTLS "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
#define PROCEED "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"

/* Beside the codes of XMPP_STREAM_ERROR. */
#define SUCCESS -1
#define CERTIFICATE -2

typedef enum
{
  GOOD,
  GOOD_DIRECT,
  EXPIRED, /* STARTTLS with a certificate that is no longer valid */
  EXPIRED_DIRECT,
  OTHER_NAME, /* STARTTLS with a valid certificate of the host that SRV names */
  NO_TLS,
  INJECTING,   /* a stanza after <proceed/> */
  REDIRECTING, /* <see-other-host/> in clear */
  HOST_UNKNOWN,
  CLOSING,        /* closes at once */
  RESETTING,      /* tears the connection down at once */
  HTTP,           /* something quite different */
  CLOSING_IN_TLS, /* closes after <proceed/> */
  REFUSING,       /* no connection */
  UNREACHABLE,    /* no answer at all */
  SILENT,         /* a connection, and nothing else */
} Kind;

typedef struct
{
  guint16 priority, weight, port;
  const char *target;
} Record;

typedef struct
{
  const char *host, *address;
} Address;

typedef struct
{
  const char *endpoint;
  Kind kind;
} Server;

typedef struct
{
  const char *name;

  /* the account */
  const char *jid; /* NULL: ana@example.org */
  const char *host;
  guint16 port;
  gboolean direct_tls;
  gboolean pinned; /* the certificate of the first server */
  const char *first_host;
  guint16 first_port;

  /* the world */
  Record direct[4];
  Record plain[4];
  Address addresses[6];
  const char *failing; /* a question that the resolver cannot answer */
  const char *held;    /* a question that it never answers */
  Server servers[6];
  guint advance_ms; /* when somebody does not answer; 0: 30000 */

  /* what is to come of it */
  int code; /* of XMPP_STREAM_ERROR, or one of the above */
  const char *dialled;
  const char *questions; /* NULL: any */
} Row;

#define SRV_QUESTIONS "_xmpps-client._tcp.example.org,_xmpp-client._tcp.example.org"

static const Row rows[] = {
  /* ---- where to ---- */
  { .name = "srv",
    .plain = { { 0, 0, 5222, "xmpp.example.org" } },
    .addresses = { { "xmpp.example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.1:5222", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:5222",
    .questions = SRV_QUESTIONS ",xmpp.example.org AAAA,xmpp.example.org A" },
  { .name = "srv-direct",
    .direct = { { 0, 0, 443, "xmpp.example.org." } },
    .addresses = { { "xmpp.example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.1:443", GOOD_DIRECT } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:443" },
  { .name = "srv-mixed-by-priority",
    .direct = { { 20, 0, 443, "b.example.org" } },
    .plain = { { 10, 0, 5222, "a.example.org" }, { 30, 0, 5222, "c.example.org" } },
    .addresses = { { "a.example.org", "192.0.2.1" },
                   { "b.example.org", "192.0.2.2" },
                   { "c.example.org", "192.0.2.3" } },
    .servers = { { "192.0.2.1:5222", REFUSING }, { "192.0.2.2:443", REFUSING }, { "192.0.2.3:5222", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:5222,192.0.2.2:443,192.0.2.3:5222" },
  { .name = "no-srv",
    .addresses = { { "example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.1:5222", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:5222",
    .questions = SRV_QUESTIONS ",example.org AAAA,example.org A" },
  { .name = "srv-fails",
    .addresses = { { "example.org", "192.0.2.1" } },
    .failing = "_xmpp-client._tcp.example.org",
    .servers = { { "192.0.2.1:5222", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:5222" },
  { .name = "one-srv-fails",
    .direct = { { 0, 0, 443, "xmpp.example.org" } },
    .addresses = { { "xmpp.example.org", "192.0.2.1" } },
    .failing = "_xmpp-client._tcp.example.org",
    .servers = { { "192.0.2.1:443", GOOD_DIRECT } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:443" },
  { .name = "srv-never-answers",
    .addresses = { { "example.org", "192.0.2.1" } },
    .held = "_xmpps-client._tcp.example.org",
    .servers = { { "192.0.2.1:5222", GOOD } },
    .advance_ms = 10000,
    .code = SUCCESS,
    .dialled = "192.0.2.1:5222" },
  { .name = "no-service",
    .plain = { { 0, 0, 0, "." } },
    .addresses = { { "example.org", "192.0.2.1" } },
    .code = XMPP_STREAM_ERROR_NO_XMPP_SERVICE,
    .dialled = "",
    .questions = SRV_QUESTIONS },
  { .name = "neither-service",
    .direct = { { 0, 0, 0, "." } },
    .plain = { { 0, 0, 0, "." } },
    .code = XMPP_STREAM_ERROR_NO_XMPP_SERVICE,
    .dialled = "" },
  { .name = "no-direct-service",
    .direct = { { 0, 0, 0, "." } },
    .addresses = { { "example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.1:5222", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:5222" },
  { .name = "only-direct-service",
    .direct = { { 0, 0, 443, "xmpp.example.org" } },
    .plain = { { 0, 0, 0, "." } },
    .addresses = { { "xmpp.example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.1:443", GOOD_DIRECT } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:443" },
  { .name = "no-such-host", .code = XMPP_STREAM_ERROR_HOST_NOT_FOUND, .dialled = "" },
  { .name = "no-dns",
    .failing = "example.org A",
    .code = XMPP_STREAM_ERROR_UNREACHABLE,
    .dialled = "" },
  /* RFC 6120 section 3.2.1: where there are SRV records they count alone. */
  { .name = "srv-without-fallback",
    .plain = { { 0, 0, 5222, "xmpp.example.org" } },
    .addresses = { { "example.org", "192.0.2.1" }, { "xmpp.example.org", "192.0.2.2" } },
    .servers = { { "192.0.2.1:5222", GOOD }, { "192.0.2.2:5222", REFUSING } },
    .code = XMPP_STREAM_ERROR_UNREACHABLE,
    .dialled = "192.0.2.2:5222" },
  { .name = "international",
    .jid = "ana@bücher.example",
    .addresses = { { "xn--bcher-kva.example", "192.0.2.1" } },
    .code = XMPP_STREAM_ERROR_UNREACHABLE,
    .servers = { { "192.0.2.1:5222", REFUSING } },
    .dialled = "192.0.2.1:5222",
    .questions = "_xmpps-client._tcp.xn--bcher-kva.example,_xmpp-client._tcp.xn--bcher-kva.example,"
                 "xn--bcher-kva.example AAAA,xn--bcher-kva.example A" },
  { .name = "literal-ipv4",
    .jid = "ana@192.0.2.1",
    .servers = { { "192.0.2.1:5222", REFUSING } },
    .code = XMPP_STREAM_ERROR_UNREACHABLE,
    .dialled = "192.0.2.1:5222",
    .questions = "" },
  { .name = "literal-ipv6",
    .jid = "ana@[2001:db8::1]",
    .servers = { { "2001:db8::1:5222", REFUSING } },
    .code = XMPP_STREAM_ERROR_UNREACHABLE,
    .dialled = "2001:db8::1:5222",
    .questions = "" },

  /* ---- a person's own server ---- */
  { .name = "manual",
    .host = "box.example",
    .port = 5299,
    .addresses = { { "box.example", "192.0.2.1" } },
    .servers = { { "192.0.2.1:5299", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:5299",
    .questions = "box.example AAAA,box.example A" },
  { .name = "manual-default-port",
    .host = "192.0.2.1",
    .servers = { { "192.0.2.1:5222", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:5222",
    .questions = "" },
  { .name = "manual-direct-default-port",
    .host = "192.0.2.1",
    .direct_tls = TRUE,
    .servers = { { "192.0.2.1:5223", GOOD_DIRECT } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:5223",
    .questions = "" },
  { .name = "manual-pinned",
    .host = "192.0.2.1",
    .pinned = TRUE,
    .servers = { { "192.0.2.1:5222", EXPIRED } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:5222" },

  /* ---- where a stream is to be resumed (XEP-0198 section 3) ---- */
  { .name = "location",
    .first_host = "192.0.2.9",
    .first_port = 5299,
    .addresses = { { "example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.9:5299", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.9:5299" },
  { .name = "location-refuses",
    .first_host = "192.0.2.9",
    .plain = { { 0, 0, 5222, "xmpp.example.org" } },
    .addresses = { { "xmpp.example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.9:5222", REFUSING }, { "192.0.2.1:5222", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.9:5222,192.0.2.1:5222" },
  { .name = "location-unreachable",
    .first_host = "192.0.2.9",
    .addresses = { { "example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.9:5222", UNREACHABLE }, { "192.0.2.1:5222", GOOD } },
    .advance_ms = 10000,
    .code = SUCCESS,
    .dialled = "192.0.2.9:5222,192.0.2.1:5222" },
  { .name = "location-of-somebody-else",
    .first_host = "192.0.2.9",
    .addresses = { { "example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.9:5222", OTHER_NAME }, { "192.0.2.1:5222", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.9:5222,192.0.2.1:5222" },
  { .name = "location-once",
    .first_host = "b.example.org",
    .plain = { { 0, 0, 5222, "a.example.org" }, { 1, 0, 5222, "b.example.org" } },
    .addresses = { { "a.example.org", "192.0.2.1" }, { "b.example.org", "192.0.2.2" } },
    .servers = { { "192.0.2.1:5222", REFUSING }, { "192.0.2.2:5222", REFUSING } },
    .code = XMPP_STREAM_ERROR_UNREACHABLE,
    .dialled = "192.0.2.2:5222,192.0.2.1:5222" },
  { .name = "location-and-manual",
    .first_host = "192.0.2.9",
    .host = "192.0.2.1",
    .servers = { { "192.0.2.1:5222", REFUSING } },
    .code = XMPP_STREAM_ERROR_UNREACHABLE,
    .dialled = "192.0.2.1:5222" },

  /* ---- several addresses ---- */
  { .name = "second-address",
    .addresses = { { "example.org", "192.0.2.1" }, { "example.org", "192.0.2.2" } },
    .servers = { { "192.0.2.1:5222", REFUSING }, { "192.0.2.2:5222", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:5222,192.0.2.2:5222" },
  { .name = "dead-ipv6",
    .addresses = { { "example.org", "2001:db8::1" }, { "example.org", "192.0.2.2" } },
    .servers = { { "2001:db8::1:5222", UNREACHABLE }, { "192.0.2.2:5222", GOOD } },
    .advance_ms = 250,
    .code = SUCCESS,
    .dialled = "2001:db8::1:5222,192.0.2.2:5222" },

/* ---- what goes wrong on the way, and who comes next ---- */
#define TWO_TARGETS                                                              \
  .plain = { { 0, 0, 5222, "a.example.org" }, { 1, 0, 5222, "b.example.org" } }, \
  .addresses = { { "a.example.org", "192.0.2.1" }, { "b.example.org", "192.0.2.2" } }
#define BOTH .dialled = "192.0.2.1:5222,192.0.2.2:5222"
  { .name = "next-after-unreachable",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", UNREACHABLE }, { "192.0.2.2:5222", GOOD } },
    .code = SUCCESS,
    BOTH },
  { .name = "next-after-three-unreachable",
    .plain = { { 0, 0, 5222, "a.example.org" },
               { 1, 0, 5222, "b.example.org" },
               { 2, 0, 5222, "c.example.org" },
               { 3, 0, 5222, "d.example.org" } },
    .addresses = { { "a.example.org", "192.0.2.1" },
                   { "b.example.org", "192.0.2.2" },
                   { "c.example.org", "192.0.2.3" },
                   { "d.example.org", "192.0.2.4" } },
    .servers = { { "192.0.2.1:5222", UNREACHABLE },
                 { "192.0.2.2:5222", UNREACHABLE },
                 { "192.0.2.3:5222", UNREACHABLE },
                 { "192.0.2.4:5222", GOOD } },
    .advance_ms = 10000,
    .code = SUCCESS,
    .dialled = "192.0.2.1:5222,192.0.2.2:5222,192.0.2.3:5222,192.0.2.4:5222" },
  { .name = "next-after-silence",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", SILENT }, { "192.0.2.2:5222", GOOD } },
    .code = SUCCESS,
    BOTH },
  { .name = "next-after-close",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", CLOSING }, { "192.0.2.2:5222", GOOD } },
    .code = SUCCESS,
    BOTH },
  { .name = "next-after-reset",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", RESETTING }, { "192.0.2.2:5222", GOOD } },
    .code = SUCCESS,
    BOTH },
  { .name = "next-after-close-in-tls",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", CLOSING_IN_TLS }, { "192.0.2.2:5222", GOOD } },
    .code = SUCCESS,
    BOTH },
  { .name = "next-after-http",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", HTTP }, { "192.0.2.2:5222", GOOD } },
    .code = SUCCESS,
    BOTH },
  { .name = "next-after-no-tls",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", NO_TLS }, { "192.0.2.2:5222", GOOD } },
    .code = SUCCESS,
    BOTH },
  { .name = "next-after-certificate",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", EXPIRED }, { "192.0.2.2:5222", GOOD } },
    .code = SUCCESS,
    BOTH },
  { .name = "next-has-no-address",
    .plain = { { 0, 0, 5222, "a.example.org" }, { 1, 0, 5222, "b.example.org" } },
    .addresses = { { "b.example.org", "192.0.2.2" } },
    .servers = { { "192.0.2.2:5222", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.2:5222" },

  /* ---- what a person is told when nothing works ---- */
  { .name = "all-silent",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", SILENT }, { "192.0.2.2:5222", UNREACHABLE } },
    .code = XMPP_STREAM_ERROR_TIMEOUT,
    BOTH },
  { .name = "certificate-before-unreachable",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", EXPIRED }, { "192.0.2.2:5222", REFUSING } },
    .code = CERTIFICATE,
    BOTH },
  { .name = "certificate-after-unreachable",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", REFUSING }, { "192.0.2.2:5222", EXPIRED } },
    .code = CERTIFICATE,
    BOTH },
  { .name = "certificate-before-no-tls",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", EXPIRED }, { "192.0.2.2:5222", NO_TLS } },
    .code = CERTIFICATE,
    BOTH },
  { .name = "certificate-direct",
    .direct = { { 0, 0, 443, "a.example.org" } },
    .addresses = { { "a.example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.1:443", EXPIRED_DIRECT } },
    .code = CERTIFICATE,
    .dialled = "192.0.2.1:443" },
  /* security.md A2: SRV says where, never who. */
  { .name = "evil-srv",
    .plain = { { 0, 0, 5222, "evil.example" } },
    .addresses = { { "evil.example", "192.0.2.1" } },
    .servers = { { "192.0.2.1:5222", OTHER_NAME } },
    .code = CERTIFICATE,
    .dialled = "192.0.2.1:5222" },
  { .name = "no-tls",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", NO_TLS }, { "192.0.2.2:5222", REFUSING } },
    .code = XMPP_STREAM_ERROR_NO_TLS,
    BOTH },
  { .name = "injecting",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", CLOSING }, { "192.0.2.2:5222", INJECTING } },
    .code = XMPP_STREAM_ERROR_TLS_INJECTION,
    BOTH },
  { .name = "host-unknown",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", HOST_UNKNOWN }, { "192.0.2.2:5222", CLOSING } },
    .code = XMPP_STREAM_ERROR_HOST_UNKNOWN,
    BOTH },
  /* security.md A7: nobody is sent elsewhere before TLS. */
  { .name = "redirecting",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", REDIRECTING }, { "192.0.2.2:5222", REFUSING } },
    .code = XMPP_STREAM_ERROR_PROTOCOL,
    BOTH },
};

/* In clear nothing tells who comes. */
static const LinnetTestStep good_steps[] = {
  { .c = "<stream:stream to='" DOMAIN "' version='1.0' xml:lang='en'>",
    .s = LINNET_TEST_STREAM_S (DOMAIN) "<stream:features>" STARTTLS "</stream:features>" },
  { .c = STARTTLS, .s = PROCEED, .act = LINNET_TEST_START_TLS },
  { .act = LINNET_TEST_WAIT_EOF },
  {},
};
static const LinnetTestStep good_direct_steps[] = {
  { .act = LINNET_TEST_START_TLS },
  { .act = LINNET_TEST_WAIT_EOF },
  {},
};
static const LinnetTestStep refused_steps[] = {
  LINNET_TEST_OPEN (DOMAIN, STARTTLS),
  { .c = STARTTLS, .s = PROCEED, .act = LINNET_TEST_REFUSED_TLS },
  {},
};
static const LinnetTestStep refused_direct_steps[] = {
  { .act = LINNET_TEST_REFUSED_TLS },
  {},
};
static const LinnetTestStep no_tls_steps[] = {
  LINNET_TEST_OPEN (DOMAIN, "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"),
  { .act = LINNET_TEST_WAIT_EOF },
  {},
};
static const LinnetTestStep injecting_steps[] = {
  LINNET_TEST_OPEN (DOMAIN, STARTTLS),
  { .c = STARTTLS, .s = PROCEED "<message/>", .act = LINNET_TEST_WAIT_EOF },
  {},
};
static const LinnetTestStep redirecting_steps[] = {
  { .c = LINNET_TEST_STREAM_C (DOMAIN),
    .s = LINNET_TEST_STREAM_S (
        DOMAIN) "<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>"
                "evil.example</see-other-host></stream:error></stream:stream>",
    .act = LINNET_TEST_WAIT_EOF },
  {},
};
static const LinnetTestStep host_unknown_steps[] = {
  { .c = LINNET_TEST_STREAM_C (DOMAIN),
    .s = LINNET_TEST_STREAM_S (
        DOMAIN) "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                "</stream:error></stream:stream>",
    .act = LINNET_TEST_WAIT_EOF },
  {},
};
static const LinnetTestStep closing_steps[] = {
  { .c = LINNET_TEST_STREAM_C (DOMAIN), .act = LINNET_TEST_CLOSE },
  {},
};
static const LinnetTestStep resetting_steps[] = {
  { .c = LINNET_TEST_STREAM_C (DOMAIN), .act = LINNET_TEST_RESET },
  {},
};
static const LinnetTestStep http_steps[] = {
  { .c = LINNET_TEST_STREAM_C (DOMAIN),
    .s = "HTTP/1.1 400 Bad Request\r\n\r\n",
    .act = LINNET_TEST_WAIT_EOF },
  {},
};
static const LinnetTestStep closing_in_tls_steps[] = {
  LINNET_TEST_OPEN (DOMAIN, STARTTLS),
  { .c = STARTTLS, .s = PROCEED, .act = LINNET_TEST_CLOSE },
  {},
};
static const LinnetTestStep silent_steps[] = {
  { .c = LINNET_TEST_STREAM_C (DOMAIN), .act = LINNET_TEST_WAIT_EOF },
  {},
};

static const LinnetTestStep *const steps_by_kind[] = {
  [GOOD] = good_steps,
  [GOOD_DIRECT] = good_direct_steps,
  [EXPIRED] = refused_steps,
  [EXPIRED_DIRECT] = refused_direct_steps,
  [OTHER_NAME] = refused_steps,
  [NO_TLS] = no_tls_steps,
  [INJECTING] = injecting_steps,
  [REDIRECTING] = redirecting_steps,
  [HOST_UNKNOWN] = host_unknown_steps,
  [CLOSING] = closing_steps,
  [RESETTING] = resetting_steps,
  [HTTP] = http_steps,
  [CLOSING_IN_TLS] = closing_in_tls_steps,
  [SILENT] = silent_steps,
};

static const LinnetTestCertificate expired = { .valid_from_days = -10, .valid_to_days = -1 };
static const LinnetTestCertificate other_name = { .names = { "evil.example" } };

typedef struct
{
  const Row *row;
  LinnetTestCa *ca;
  LinnetTestResolver *resolver;
  LinnetTestClock *clock;
  XmppNetwork network;
  GHashTable *servers; /* endpoint → LinnetTestServer */
  GString *dialled;
  GPtrArray *pending; /* DexPromise of dials that are never answered */
  guint n_stuck;      /* how often nothing goes on until time passes */
} World;

typedef struct
{
  LinnetTestCa *ca;
  const Row *row;
} Case;

static const Server *
find_server (World *self,
             const char *endpoint)
{
  for (gsize i = 0; self->row != NULL && i < G_N_ELEMENTS (self->row->servers); i++)
    if (g_strcmp0 (self->row->servers[i].endpoint, endpoint) == 0)
      return &self->row->servers[i];

  g_error ("There is no server at %s", endpoint);
}

static DexFuture *
dial (GSocketAddress *address,
      gpointer user_data)
{
  World *self = user_data;
  GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (address);
  g_autofree char *host = g_inet_address_to_string (g_inet_socket_address_get_address (inet));
  g_autofree char *endpoint = g_strdup_printf ("%s:%u", host, g_inet_socket_address_get_port (inet));
  const Server *server = find_server (self, endpoint);
  DexPromise *promise;

  g_string_append_printf (self->dialled, "%s%s", self->dialled->len > 0 ? "," : "", endpoint);

  if (server->kind == SILENT || server->kind == UNREACHABLE)
    self->n_stuck++;
  if (server->kind == REFUSING)
    return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "refused");
  if (server->kind != UNREACHABLE)
    return dex_future_new_take_object (
        linnet_test_server_connect (g_hash_table_lookup (self->servers, endpoint)));

  promise = dex_promise_new_cancellable ();
  g_ptr_array_add (self->pending, dex_ref (promise));

  return DEX_FUTURE (promise);
}

static GTlsCertificate *
issue (World *self,
       Kind kind)
{
  if (kind == EXPIRED || kind == EXPIRED_DIRECT)
    return linnet_test_ca_issue (self->ca, &expired);
  if (kind == OTHER_NAME)
    return linnet_test_ca_issue (self->ca, &other_name);

  return linnet_test_ca_issue (self->ca, NULL);
}

static guint32
draw (guint32 max,
      gpointer user_data)
{
  return max;
}

static void
add_records (World *self,
             const char *service,
             const Record *records,
             gsize n_records)
{
  g_autofree char *name = g_strdup_printf ("_%s._tcp." DOMAIN, service);

  for (gsize i = 0; i < n_records && records[i].target != NULL; i++)
    linnet_test_resolver_add_srv (self->resolver,
                                  name,
                                  records[i].priority,
                                  records[i].weight,
                                  records[i].port,
                                  records[i].target);
}

static void
add_server (World *self,
            const Server *server,
            char **pin)
{
  static const char *const protocols[] = { "xmpp-client", NULL };
  g_autoptr (GTlsCertificate) certificate = issue (self, server->kind);
  LinnetTestServer *played = linnet_test_server_new ();

  linnet_test_server_set_certificate (played, certificate);
  linnet_test_server_set_protocols (played, protocols);
  /* A pinned certificate is accepted whatever is wrong with it. */
  linnet_test_server_play (played, self->row->pinned ? good_steps : steps_by_kind[server->kind]);
  g_hash_table_insert (self->servers, g_strdup (server->endpoint), played);

  if (self->row->pinned && *pin == NULL)
    *pin = xmpp_certificate_dup_sha256 (certificate);
}

static void
world_init (World *self,
            const Case *test,
            XmppConnectOptions *options)
{
  const Row *row = test->row;

  *self = (World) {
    .row = row,
    .ca = test->ca,
    .resolver = linnet_test_resolver_new (),
    .clock = linnet_test_clock_new (0),
    .servers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref),
    .dialled = g_string_new (NULL),
    .pending = g_ptr_array_new_with_free_func (dex_unref),
  };
  self->network = (XmppNetwork) { G_RESOLVER (self->resolver), LINNET_CLOCK (self->clock), dial, draw, self };

  add_records (self, "xmpps-client", row->direct, G_N_ELEMENTS (row->direct));
  add_records (self, "xmpp-client", row->plain, G_N_ELEMENTS (row->plain));
  for (gsize i = 0; i < G_N_ELEMENTS (row->addresses) && row->addresses[i].host != NULL; i++)
    linnet_test_resolver_add_address (self->resolver, row->addresses[i].host, row->addresses[i].address);
  if (row->failing != NULL)
    linnet_test_resolver_fail (self->resolver, row->failing, G_RESOLVER_ERROR_TEMPORARY_FAILURE);
  if (row->held != NULL)
    {
      linnet_test_resolver_hold (self->resolver, row->held);
      self->n_stuck++;
    }

  *options = (XmppConnectOptions) {
    .jid = xmpp_jid_new (row->jid != NULL ? row->jid : "ana@" DOMAIN, NULL),
    .host = g_strdup (row->host),
    .port = row->port,
    .direct_tls = row->direct_tls,
    .first_host = g_strdup (row->first_host),
    .first_port = row->first_port,
  };
  for (gsize i = 0; i < G_N_ELEMENTS (row->servers) && row->servers[i].endpoint != NULL; i++)
    if (steps_by_kind[row->servers[i].kind] != NULL)
      add_server (self, &row->servers[i], &options->pinned_sha256);
}

/* security.md A9, XEP-0368 section 3: where TLS comes first it says what for. */
static void
check_protocol (World *self,
                const char *endpoint,
                LinnetTestServer *server)
{
  GTlsConnection *tls = linnet_test_server_get_tls (server);
  Kind kind = find_server (self, endpoint)->kind;

  if (tls != NULL && (kind == GOOD || kind == GOOD_DIRECT))
    g_assert_cmpstr (g_tls_connection_get_negotiated_protocol (tls),
                     ==,
                     kind == GOOD_DIRECT ? "xmpp-client" : NULL);
}

static void
world_clear (World *self)
{
  GHashTableIter iter;
  gpointer endpoint;
  gpointer server;

  linnet_test_settle ();
  if (self->row->held != NULL)
    linnet_test_resolver_release (self->resolver, self->row->held);
  linnet_test_settle ();

  /* Whoever was called got what he was to get, and nothing more. */
  g_hash_table_iter_init (&iter, self->servers);
  while (g_hash_table_iter_next (&iter, &endpoint, &server))
    {
      if (linnet_test_server_get_n_connections (server) == 0)
        continue;

      linnet_test_assert_resolves (linnet_test_server_finish (server));
      check_protocol (self, endpoint, server);
    }
  for (guint i = 0; i < self->pending->len; i++)
    g_assert_true (
        g_cancellable_is_cancelled (dex_promise_get_cancellable (g_ptr_array_index (self->pending, i))));

  linnet_test_settle ();
  g_hash_table_unref (self->servers);
  g_ptr_array_unref (self->pending);
  g_string_free (self->dialled, TRUE);
  g_assert_finalize_object (self->resolver);
  g_assert_finalize_object (self->clock);
}

/* Lets time pass where somebody does not answer, until it is over. */
static void
run (World *self,
     DexFuture *future)
{
  while (dex_future_is_pending (future))
    {
      linnet_test_settle ();
      if (self->n_stuck > 0 && dex_future_is_pending (future))
        {
          guint ms = self->row->advance_ms != 0 ? self->row->advance_ms : 30000;

          self->n_stuck--;
          linnet_test_clock_advance (self->clock, ms * G_TIME_SPAN_MILLISECOND);
        }
    }
}

static void
test_row (gconstpointer data)
{
  const Case *test = data;
  const Row *row = test->row;
  g_autoptr (DexFuture) future = NULL;
  g_autoptr (XmppStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *questions = NULL;
  XmppConnectOptions options;
  World world;

  world_init (&world, test, &options);
  future = xmpp_connect_over (&options, &world.network);
  xmpp_connect_options_clear (&options);
  run (&world, future);

  stream = dex_await_object (dex_ref (future), &error);
  dex_clear (&future);
  g_assert_cmpstr (world.dialled->str, ==, row->dialled);
  if (row->code == SUCCESS)
    {
      g_assert_no_error (error);
      g_assert_true (xmpp_stream_is_secure (stream));
      g_assert_cmpint (xmpp_stream_get_tls_info (stream)->pinned, ==, row->pinned);
      g_assert_finalize_object (g_steal_pointer (&stream));
    }
  else
    {
      GQuark domain = row->code == CERTIFICATE ? XMPP_CERTIFICATE_ERROR : XMPP_STREAM_ERROR;
      int code = row->code == CERTIFICATE ? (int) XMPP_CERTIFICATE_ERROR_REJECTED : row->code;

      g_assert_error (error, domain, code);
    }

  questions = linnet_test_resolver_dup_questions (world.resolver);
  if (row->questions != NULL)
    g_assert_cmpstr (questions, ==, row->questions);
  world_clear (&world);
}

/* ---- dropped on the way: nothing is left ---- */

static const Row dropped_rows[] = {
  { .name = "looking-up", .held = "_xmpp-client._tcp.example.org", .dialled = "" },
  { .name = "looking-up-address",
    .plain = { { 0, 0, 5222, "xmpp.example.org" } },
    .held = "xmpp.example.org A",
    .dialled = "" },
  { .name = "dialling",
    .addresses = { { "example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.1:5222", UNREACHABLE } },
    .dialled = "192.0.2.1:5222" },
  { .name = "opening",
    .addresses = { { "example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.1:5222", SILENT } },
    .dialled = "192.0.2.1:5222" },
};

static void
test_dropped (gconstpointer data)
{
  const Case *test = data;
  g_autoptr (DexFuture) future = NULL;
  XmppConnectOptions options;
  World world;

  world_init (&world, test, &options);
  future = xmpp_connect_over (&options, &world.network);
  xmpp_connect_options_clear (&options);
  linnet_test_settle ();
  g_assert_true (dex_future_is_pending (future));
  g_assert_cmpstr (world.dialled->str, ==, test->row->dialled);
  dex_clear (&future);
  world_clear (&world);
}

/* The same within an await that is given up, in the middle of TLS too. */
static void
test_dropped_in_time (gconstpointer data)
{
  const Case *test = data;

  for (guint turns = 0; turns < 100; turns += 3)
    {
      g_autoptr (DexFuture) future = NULL;
      g_autoptr (DexPromise) stop = dex_promise_new ();
      XmppConnectOptions options;
      World world;

      world_init (&world, test, &options);
      linnet_test_server_allow_hang_up (g_hash_table_lookup (world.servers, "192.0.2.1:5222"));
      future =
          dex_future_first (xmpp_connect_over (&options, &world.network), dex_ref (DEX_FUTURE (stop)), NULL);
      xmpp_connect_options_clear (&options);
      for (guint i = 0; i < turns && dex_future_is_pending (future); i++)
        linnet_test_turn ();
      dex_promise_reject (stop, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "enough"));
      dex_clear (&future);
      linnet_test_settle ();

      /* The server is cut off in the middle of its transcript. */
      g_hash_table_remove_all (world.servers);
      world_clear (&world);
    }
}

/* ---- over the machine's own network ---- */

static void
test_real (gconstpointer data)
{
  const Case *test = data;
  gboolean direct = test->row->direct_tls;
  g_autoptr (LinnetTestServer) server = linnet_test_server_new ();
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (test->ca, NULL);
  g_autoptr (LinnetTestResolver) resolver = linnet_test_resolver_new ();
  g_autoptr (GResolver) old_resolver = g_resolver_get_default ();
  g_autoptr (XmppStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  XmppConnectOptions options = { .jid = xmpp_jid_new ("ana@" DOMAIN, NULL) };
  guint16 port;

  linnet_test_server_set_certificate (server, certificate);
  linnet_test_server_play (server, direct ? good_direct_steps : good_steps);
  port = linnet_test_server_listen (server, "127.0.0.1");
  if (test->row->host != NULL)
    {
      options.host = g_strdup (test->row->host);
      options.port = port;
      options.direct_tls = direct;
    }
  linnet_test_resolver_add_srv (resolver,
                                direct ? "_xmpps-client._tcp." DOMAIN : "_xmpp-client._tcp." DOMAIN,
                                0,
                                0,
                                port,
                                "xmpp.example.org");
  linnet_test_resolver_add_address (resolver, "xmpp.example.org", "127.0.0.1");
  g_resolver_set_default (G_RESOLVER (resolver));

  stream = dex_await_object (xmpp_connect (&options), &error);
  g_assert_no_error (error);
  g_assert_true (xmpp_stream_is_secure (stream));
  g_assert_finalize_object (g_steal_pointer (&stream));
  linnet_test_assert_resolves (linnet_test_server_finish (server));
  xmpp_connect_options_clear (&options);
  g_resolver_set_default (old_resolver);
}

static const Row real_rows[] = {
  { .name = "srv" },
  { .name = "srv-direct", .direct_tls = TRUE },
  { .name = "manual", .host = "127.0.0.1" },
  { .name = "manual-direct", .host = "127.0.0.1", .direct_tls = TRUE },
};

static const Row whole_row = {
  .name = "whole",
  .addresses = { { "example.org", "192.0.2.1" } },
  .servers = { { "192.0.2.1:5222", GOOD } },
};

static void
add (GPtrArray *cases,
     LinnetTestCa *ca,
     const char *group,
     const Row *row,
     LinnetTestFunc func)
{
  g_autofree char *path = g_strconcat ("/xmpp/connector/", group, row->name, NULL);
  Case *test = g_new0 (Case, 1);

  test->ca = ca;
  test->row = row;
  g_ptr_array_add (cases, test);
  linnet_test_add (path, func, test);
}

int
main (int argc,
      char **argv)
{
  g_autoptr (GPtrArray) cases = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (LinnetTestCa) ca = NULL;

  linnet_test_init (&argc, &argv);
  ca = linnet_test_ca_new ();
  linnet_test_ca_trust (ca);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    add (cases, ca, "", &rows[i], test_row);
  for (gsize i = 0; i < G_N_ELEMENTS (dropped_rows); i++)
    add (cases, ca, "dropped/", &dropped_rows[i], test_dropped);
  add (cases, ca, "dropped/", &whole_row, test_dropped_in_time);
  for (gsize i = 0; i < G_N_ELEMENTS (real_rows); i++)
    add (cases, ca, "real/", &real_rows[i], test_real);

  return g_test_run ();
}
