/* Tests of the stream's TLS: what is accepted, and that nothing leaks before
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-spawn.h"
#include "linnet-test-ca.h"
#include "linnet-test-server.h"
#include "linnet-test-stream.h"
#include "linnet-test.h"
#include "xmpp-builder.h"
#include "xmpp-error.h"
#include "xmpp-stream.h"

#define DOMAIN "example.org"
#define STARTTLS "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
#define PROCEED "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"

/* One authority for all tests: making keys takes time. */
typedef struct
{
  LinnetTestCa *ca;
  LinnetTestCa *other_ca; /* trusted by nobody */
} Authorities;

typedef struct
{
  const Authorities *authorities;
  const char *name;
  gconstpointer row;
} Case;

typedef struct
{
  LinnetTestServer *server;
  XmppStream *stream;
} Fixture;

static void
fixture_init (Fixture *self,
              GTlsCertificate *certificate,
              const LinnetTestStep *steps)
{
  g_autoptr (GIOStream) io = NULL;

  self->server = linnet_test_server_new ();
  linnet_test_server_set_certificate (self->server, certificate);
  linnet_test_server_play (self->server, steps);
  io = linnet_test_server_connect (self->server);
  self->stream = xmpp_stream_new (io);
}

static void
fixture_clear (Fixture *self)
{
  linnet_test_assert_resolves (linnet_test_server_finish (self->server));
  g_assert_finalize_object (g_steal_pointer (&self->stream));
  g_clear_object (&self->server);
}

static gboolean
start_tls (XmppStream *stream,
           gboolean direct,
           const XmppTlsPolicy *policy,
           GError **error)
{
  g_autoptr (XmppNode) features = NULL;

  if (direct)
    return dex_await (xmpp_stream_direct_tls (stream, policy), error);

  features = dex_await_boxed (xmpp_stream_open (stream, DOMAIN, NULL), error);

  return features != NULL && dex_await (xmpp_stream_start_tls (stream, features, policy), error);
}

/* ---- certificates (security.md A1) ---- */

typedef struct
{
  const char *name;
  LinnetTestCertificate certificate;
  gboolean unknown_ca;
  GTlsCertificateFlags flags; /* 0: accepted */
} CertificateRow;

static const CertificateRow certificate_rows[] = {
  { .name = "good" },
  { .name = "among-others", .certificate = { .names = { "other.example", "example.org" } } },
  { .name = "upper-case", .certificate = { .names = { "EXAMPLE.ORG" } } },
  { .name = "expired",
    .certificate = { .valid_from_days = -10, .valid_to_days = -1 },
    .flags = G_TLS_CERTIFICATE_EXPIRED },
  { .name = "not-yet", .certificate = { .valid_from_days = 1 }, .flags = G_TLS_CERTIFICATE_NOT_ACTIVATED },
  { .name = "wrong-host",
    .certificate = { .names = { "other.example" } },
    .flags = G_TLS_CERTIFICATE_BAD_IDENTITY },
  { .name = "sub-domain",
    .certificate = { .names = { "xmpp.example.org" } },
    .flags = G_TLS_CERTIFICATE_BAD_IDENTITY },
  { .name = "longer",
    .certificate = { .names = { "example.org.evil.example" } },
    .flags = G_TLS_CERTIFICATE_BAD_IDENTITY },
  { .name = "wildcard-below",
    .certificate = { .names = { "*.example.org" } },
    .flags = G_TLS_CERTIFICATE_BAD_IDENTITY },
  { .name = "wildcard-top",
    .certificate = { .names = { "*.org" } },
    .flags = G_TLS_CERTIFICATE_BAD_IDENTITY },
  { .name = "wildcard-all", .certificate = { .names = { "*" } }, .flags = G_TLS_CERTIFICATE_BAD_IDENTITY },
  { .name = "wildcard-in-label",
    .certificate = { .names = { "ex*.org" } },
    .flags = G_TLS_CERTIFICATE_BAD_IDENTITY },
  { .name = "address", .certificate = { .names = { "127.0.0.1" } }, .flags = G_TLS_CERTIFICATE_BAD_IDENTITY },
  { .name = "common-name-only",
    .certificate = { .common_name = "example.org" },
    .flags = G_TLS_CERTIFICATE_BAD_IDENTITY },
  { .name = "self-signed", .certificate = { .self_signed = TRUE }, .flags = G_TLS_CERTIFICATE_UNKNOWN_CA },
  { .name = "unknown-ca", .unknown_ca = TRUE, .flags = G_TLS_CERTIFICATE_UNKNOWN_CA },
  { .name = "expired-and-wrong-host",
    .certificate = { .names = { "other.example" }, .valid_from_days = -10, .valid_to_days = -1 },
    .flags = G_TLS_CERTIFICATE_EXPIRED | G_TLS_CERTIFICATE_BAD_IDENTITY },
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

static const LinnetTestStep accepted_steps[] = {
  LINNET_TEST_OPEN_TLS (DOMAIN),
  LINNET_TEST_OPEN (DOMAIN, ""),
  { .c = "<presence/>", .s = "<message/>" },
  { .c = "</stream:stream>", .s = "</stream:stream>", .act = LINNET_TEST_CLOSE },
  {},
};

static const LinnetTestStep accepted_direct_steps[] = {
  { .act = LINNET_TEST_START_TLS },
  LINNET_TEST_OPEN (DOMAIN, ""),
  { .c = "<presence/>", .s = "<message/>" },
  { .c = "</stream:stream>", .s = "</stream:stream>", .act = LINNET_TEST_CLOSE },
  {},
};

/* Talks under TLS and says goodbye. */
static void
use (XmppStream *stream)
{
  g_autoptr (XmppNode) presence = xmpp_el ("presence", XMPP_NS_CLIENT);
  g_autoptr (XmppNode) message = NULL;

  linnet_test_assert_resolves (xmpp_stream_open (stream, DOMAIN, NULL));
  xmpp_stream_send (stream, presence);
  message = dex_await_boxed (xmpp_stream_read (stream), NULL);
  g_assert_nonnull (message);
  g_assert_true (xmpp_node_is (message, "message", XMPP_NS_CLIENT));
  linnet_test_assert_resolves (xmpp_stream_close (stream, 5000));
}

static GTlsCertificate *
issue (const Authorities *authorities,
       const CertificateRow *row)
{
  return linnet_test_ca_issue (row->unknown_ca ? authorities->other_ca : authorities->ca, &row->certificate);
}

static void
test_certificate (const Case *test,
                  gboolean direct)
{
  const CertificateRow *row = test->row;
  g_autoptr (GTlsCertificate) certificate = issue (test->authorities, row);
  XmppTlsPolicy policy = { .domain = (char *) DOMAIN };
  g_autofree char *sha256 = xmpp_certificate_dup_sha256 (certificate);
  g_autofree char *seen_sha256 = NULL;
  g_autoptr (GError) error = NULL;
  Fixture fixture = { NULL };

  if (row->flags == 0)
    {
      fixture_init (&fixture, certificate, direct ? accepted_direct_steps : accepted_steps);
      start_tls (fixture.stream, direct, &policy, &error);
      g_assert_no_error (error);
      g_assert_false (xmpp_stream_get_tls_info (fixture.stream)->pinned);
      use (fixture.stream);
    }
  else
    {
      fixture_init (&fixture, certificate, direct ? refused_direct_steps : refused_steps);
      start_tls (fixture.stream, direct, &policy, &error);
      g_assert_error (error, XMPP_CERTIFICATE_ERROR, XMPP_CERTIFICATE_ERROR_REJECTED);
      g_assert_cmphex (xmpp_certificate_error_get_flags (error), ==, row->flags);
      seen_sha256 = xmpp_certificate_dup_sha256 (xmpp_certificate_error_get_certificate (error));
      g_assert_cmpstr (seen_sha256, ==, sha256);
      g_assert_false (xmpp_stream_is_secure (fixture.stream));
      g_assert_null (xmpp_stream_get_tls_info (fixture.stream));
      linnet_test_assert_rejects (xmpp_stream_open (fixture.stream, DOMAIN, NULL),
                                  XMPP_CERTIFICATE_ERROR,
                                  XMPP_CERTIFICATE_ERROR_REJECTED);
    }
  fixture_clear (&fixture);
}

static void
test_certificate_starttls (gconstpointer data)
{
  test_certificate (data, FALSE);
}

static void
test_certificate_direct (gconstpointer data)
{
  test_certificate (data, TRUE);
}

/* ---- pins ---- */

typedef struct
{
  const char *name;
  LinnetTestCertificate certificate;
  gboolean unknown_ca;
  gboolean pin_other; /* the pin is another certificate's */
  int code;           /* -1: accepted */
  gboolean pinned;    /* by the pin */
} PinRow;

static const PinRow pin_rows[] = {
  { .name = "self-signed", .certificate = { .self_signed = TRUE }, .code = -1, .pinned = TRUE },
  { .name = "unknown-ca", .unknown_ca = TRUE, .code = -1, .pinned = TRUE },
  { .name = "expired",
    .certificate = { .valid_from_days = -10, .valid_to_days = -1 },
    .code = -1,
    .pinned = TRUE },
  { .name = "wrong-host", .certificate = { .names = { "other.example" } }, .code = -1, .pinned = TRUE },
  { .name = "trusted-anyway", .code = -1 },
  { .name = "changed-and-trusted", .pin_other = TRUE, .code = -1 },
  { .name = "changed-self-signed",
    .certificate = { .self_signed = TRUE },
    .pin_other = TRUE,
    .code = XMPP_CERTIFICATE_ERROR_CHANGED },
  { .name = "changed-wrong-host",
    .certificate = { .names = { "other.example" } },
    .pin_other = TRUE,
    .code = XMPP_CERTIFICATE_ERROR_CHANGED },
};

static void
test_pin (gconstpointer data)
{
  const Case *test = data;
  const PinRow *row = test->row;
  LinnetTestCa *ca = row->unknown_ca ? test->authorities->other_ca : test->authorities->ca;
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (ca, &row->certificate);
  g_autoptr (GTlsCertificate) other = linnet_test_ca_issue (ca, &row->certificate);
  g_autofree char *pin = xmpp_certificate_dup_sha256 (row->pin_other ? other : certificate);
  XmppTlsPolicy policy = { .domain = (char *) DOMAIN, .pinned_sha256 = pin };
  g_autoptr (GError) error = NULL;
  Fixture fixture = { NULL };

  fixture_init (&fixture, certificate, row->code < 0 ? accepted_steps : refused_steps);
  start_tls (fixture.stream, FALSE, &policy, &error);
  if (row->code < 0)
    {
      g_assert_no_error (error);
      g_assert_cmpint (xmpp_stream_get_tls_info (fixture.stream)->pinned, ==, row->pinned);
      use (fixture.stream);
    }
  else
    {
      g_assert_error (error, XMPP_CERTIFICATE_ERROR, row->code);
    }
  fixture_clear (&fixture);
}

/* ---- in clear (security.md P7) ---- */

typedef struct
{
  const char *name;
  const char *features;
  const char *after_features; /* in the same segment */
  const char *answer;         /* to <starttls/>; NULL: it must not be sent */
  LinnetTestAct act;
  gboolean settle; /* lets what follows come in before <starttls/> */
  int code;
} ClearRow;

#define SUCCESS "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"

static const ClearRow clear_rows[] = {
  { .name = "no-features", .features = "", .code = XMPP_STREAM_ERROR_NO_TLS },
  { .name = "only-sasl",
    .features =
        "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>",
    .code = XMPP_STREAM_ERROR_NO_TLS },
  { .name = "starttls-elsewhere",
    .features = "<starttls xmlns='urn:other'/>",
    .code = XMPP_STREAM_ERROR_NO_TLS },
  { .name = "failure",
    .features = STARTTLS,
    .answer = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>",
    .act = LINNET_TEST_CLOSE,
    .code = XMPP_STREAM_ERROR_NO_TLS },
  { .name = "closed",
    .features = STARTTLS,
    .answer = "",
    .act = LINNET_TEST_CLOSE,
    .code = XMPP_STREAM_ERROR_CLOSED },
  { .name = "stanza-after-features",
    .features = STARTTLS,
    .after_features = "<message/>",
    .settle = TRUE,
    .code = XMPP_STREAM_ERROR_PROTOCOL },
  { .name = "half-stanza-after-features",
    .features = STARTTLS,
    .after_features = "<message",
    .settle = TRUE,
    .code = XMPP_STREAM_ERROR_PROTOCOL },
  { .name = "message",
    .features = STARTTLS,
    .answer = "<message/>" PROCEED,
    .code = XMPP_STREAM_ERROR_PROTOCOL },
  { .name = "iq",
    .features = STARTTLS,
    .answer = "<iq type='get' id='1'><query xmlns='jabber:iq:version'/></iq>",
    .code = XMPP_STREAM_ERROR_PROTOCOL },
  { .name = "success", .features = STARTTLS, .answer = SUCCESS, .code = XMPP_STREAM_ERROR_PROTOCOL },
  { .name = "features-again",
    .features = STARTTLS,
    .answer = "<stream:features/>",
    .code = XMPP_STREAM_ERROR_PROTOCOL },
  { .name = "proceed-elsewhere",
    .features = STARTTLS,
    .answer = "<proceed xmlns='urn:other'/>",
    .code = XMPP_STREAM_ERROR_PROTOCOL },
  { .name = "proceed-and-stanza",
    .features = STARTTLS,
    .answer = PROCEED "<message/>",
    .code = XMPP_STREAM_ERROR_TLS_INJECTION },
  { .name = "proceed-and-success",
    .features = STARTTLS,
    .answer = PROCEED SUCCESS,
    .code = XMPP_STREAM_ERROR_TLS_INJECTION },
  { .name = "proceed-and-half",
    .features = STARTTLS,
    .answer = PROCEED "<",
    .code = XMPP_STREAM_ERROR_TLS_INJECTION },
  { .name = "proceed-and-header",
    .features = STARTTLS,
    .answer = PROCEED LINNET_TEST_STREAM_S (DOMAIN),
    .code = XMPP_STREAM_ERROR_TLS_INJECTION },
  { .name = "proceed-and-record",
    .features = STARTTLS,
    .answer = PROCEED "\x16\x03\x03",
    .code = XMPP_STREAM_ERROR_TLS_INJECTION },
  { .name = "redirect",
    .features = STARTTLS,
    .answer = "<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>evil.example"
              "</see-other-host></stream:error>",
    .code = XMPP_STREAM_ERROR_PROTOCOL },
  { .name = "no-tls-after-proceed",
    .features = STARTTLS,
    .answer = PROCEED,
    .act = LINNET_TEST_CLOSE,
    .code = XMPP_STREAM_ERROR_NO_TLS },
};

static void
test_clear (gconstpointer data)
{
  const Case *test = data;
  const ClearRow *row = test->row;
  g_autofree char *opening =
      g_strdup_printf (LINNET_TEST_STREAM_S (DOMAIN) "<stream:features>%s</stream:features>%s",
                       row->features,
                       row->after_features != NULL ? row->after_features : "");
  const LinnetTestStep steps[] = {
    { .c = LINNET_TEST_STREAM_C (DOMAIN), .s = opening },
    { .c = row->answer != NULL ? STARTTLS : NULL,
      .s = row->answer,
      .act = row->answer != NULL ? row->act : 0 },
    { .act = row->act == LINNET_TEST_CLOSE ? 0 : LINNET_TEST_WAIT_EOF },
    {},
  };
  const LinnetTestStep silent_steps[] = { steps[0], steps[2], {} };
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (test->authorities->ca, NULL);
  XmppTlsPolicy policy = { .domain = (char *) DOMAIN };
  g_autoptr (XmppNode) features = NULL;
  g_autoptr (GError) error = NULL;
  Fixture fixture = { NULL };

  fixture_init (&fixture, certificate, row->answer != NULL ? steps : silent_steps);
  linnet_test_stream_set_chunks (LINNET_TEST_STREAM (linnet_test_server_get_stream (fixture.server)),
                                 LINNET_TEST_CHUNKS_WHOLE);
  features = dex_await_boxed (xmpp_stream_open (fixture.stream, DOMAIN, NULL), &error);
  g_assert_no_error (error);
  if (row->settle)
    linnet_test_settle ();
  linnet_test_assert_rejects (
      xmpp_stream_start_tls (fixture.stream, features, &policy), XMPP_STREAM_ERROR, row->code);
  linnet_test_assert_rejects (xmpp_stream_read (fixture.stream), XMPP_STREAM_ERROR, row->code);
  g_assert_null (xmpp_stream_try_read (fixture.stream));
  g_assert_false (xmpp_stream_is_secure (fixture.stream));
  linnet_test_assert_resolves (linnet_test_server_finish (fixture.server));
  g_assert_null (strstr (linnet_test_server_get_received (fixture.server), "auth"));
  fixture_clear (&fixture);
}

/* The attacker's bytes come in a segment of their own, after <proceed/> was read and before our ClientHello.
 */
static void
test_clear_second_segment (gconstpointer data)
{
  const Case *test = data;
  /* As long as <proceed/>, so that a read of half of what there is ends between the two. */
  static const char injected[] = "<message id='0123456789012345678901234567890123'/>";
  static const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN (DOMAIN, STARTTLS),
    { .c = STARTTLS,
      .s = PROCEED "<message id='0123456789012345678901234567890123'/>",
      .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (test->authorities->ca, NULL);
  XmppTlsPolicy policy = { .domain = (char *) DOMAIN };
  g_autoptr (GError) error = NULL;
  Fixture fixture = { NULL };

  g_assert_cmpuint (strlen (injected), ==, strlen (PROCEED));
  fixture_init (&fixture, certificate, steps);
  linnet_test_stream_set_chunks (LINNET_TEST_STREAM (linnet_test_server_get_stream (fixture.server)),
                                 LINNET_TEST_CHUNKS_WHOLE);
  start_tls (fixture.stream, FALSE, &policy, &error);
  g_assert_error (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_TLS_INJECTION);
  g_assert_null (xmpp_stream_try_read (fixture.stream));
  fixture_clear (&fixture);
}

/* ---- the channel ---- */

static void
check_binding (Fixture *fixture,
               const char *type,
               GTlsChannelBindingType which)
{
  g_autoptr (GBytes) ours = xmpp_stream_dup_channel_binding (fixture->stream, type);
  g_autoptr (GByteArray) theirs = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (ours);
  g_tls_connection_get_channel_binding_data (
      linnet_test_server_get_tls (fixture->server), which, theirs, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (ours, NULL), g_bytes_get_size (ours), theirs->data, theirs->len);
  g_assert_cmpuint (theirs->len, ==, 32);
}

static void
test_channel (gconstpointer data)
{
  const Case *test = data;
  static const LinnetTestStep steps[] = {
    { .act = LINNET_TEST_START_TLS },
    LINNET_TEST_OPEN (DOMAIN, ""),
    { .c = "</stream:stream>", .s = "</stream:stream>" },
    {},
  };
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (test->authorities->ca, NULL);
  XmppTlsPolicy policy = { .domain = (char *) DOMAIN };
  g_autoptr (GByteArray) der = NULL;
  const XmppTlsInfo *info;
  g_autoptr (GError) error = NULL;
  Fixture fixture = { NULL };

  fixture_init (&fixture, certificate, steps);
  start_tls (fixture.stream, TRUE, &policy, &error);
  g_assert_no_error (error);
  linnet_test_assert_resolves (xmpp_stream_open (fixture.stream, DOMAIN, NULL));

  info = xmpp_stream_get_tls_info (fixture.stream);
  g_object_get (certificate, "certificate", &der, NULL);
  g_assert_cmpmem (
      g_bytes_get_data (info->certificate, NULL), g_bytes_get_size (info->certificate), der->data, der->len);
  g_assert_nonnull (info->cipher);
  check_binding (&fixture, "tls-server-end-point", G_TLS_CHANNEL_BINDING_TLS_SERVER_END_POINT);
  g_assert_null (xmpp_stream_dup_channel_binding (fixture.stream, "tls-unique"));
  g_assert_null (xmpp_stream_dup_channel_binding (fixture.stream, "nonsense"));

  if (g_getenv ("G_TLS_GNUTLS_PRIORITY") == NULL)
    {
      g_assert_cmpint (info->version, ==, G_TLS_PROTOCOL_VERSION_TLS_1_3);
      check_binding (&fixture, "tls-exporter", G_TLS_CHANNEL_BINDING_TLS_EXPORTER);
    }
  else
    {
      g_assert_cmpint (info->version, ==, G_TLS_PROTOCOL_VERSION_TLS_1_2);
      g_assert_null (xmpp_stream_dup_channel_binding (fixture.stream, "tls-exporter"));
    }

  linnet_test_assert_resolves (xmpp_stream_close (fixture.stream, 5000));
  fixture_clear (&fixture);
}

/* In a process of its own, for GnuTLS takes its versions from the environment once. */
static void
run_with_versions (const char *path,
                   const char *priority)
{
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "G_TLS_GNUTLS_PRIORITY", priority, TRUE);

  g_test_trap_subprocess_with_envp (path, (const char *const *) environment, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}

static void
test_tls_1_2 (void)
{
  run_with_versions ("/xmpp/stream-tls/channel", "NORMAL:-VERS-ALL:+VERS-TLS1.2");
}

/* security.md A9: TLS 1.1 is nothing we speak. */
static void
test_old_versions (void)
{
  run_with_versions ("/xmpp/stream-tls/old/subprocess", "NORMAL:-VERS-ALL:+VERS-TLS1.1:+SHA1:%COMPAT");
}

static void
test_old_version_subprocess (gconstpointer data)
{
  const Case *test = data;
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (test->authorities->ca, NULL);
  XmppTlsPolicy policy = { .domain = (char *) DOMAIN };
  g_autoptr (GError) error = NULL;
  Fixture fixture = { NULL };

  fixture_init (&fixture, certificate, refused_steps);
  start_tls (fixture.stream, FALSE, &policy, &error);
  g_assert_error (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_TLS_VERSION);
  g_assert_false (xmpp_stream_is_secure (fixture.stream));
  fixture_clear (&fixture);
}

/* security.md P11: nothing is compressed before TLS either. */
static void
test_compression (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN (DOMAIN,
                      "<compression xmlns='http://jabber.org/features/compress'><method>zlib</method>"
                      "</compression>" STARTTLS),
    { .c = STARTTLS, .s = PROCEED, .act = LINNET_TEST_START_TLS },
    LINNET_TEST_OPEN (DOMAIN, ""),
    { .c = "</stream:stream>", .s = "</stream:stream>", .act = LINNET_TEST_CLOSE },
    {},
  };
  const Case *test = data;
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (test->authorities->ca, NULL);
  XmppTlsPolicy policy = { .domain = (char *) DOMAIN };
  g_autoptr (GError) error = NULL;
  Fixture fixture = { NULL };

  fixture_init (&fixture, certificate, steps);
  start_tls (fixture.stream, FALSE, &policy, &error);
  g_assert_no_error (error);
  linnet_test_assert_resolves (xmpp_stream_open (fixture.stream, DOMAIN, NULL));
  linnet_test_assert_resolves (xmpp_stream_close (fixture.stream, 5000));
  fixture_clear (&fixture);
}

typedef struct
{
  const char *name;
  const char *const *server;
  gboolean alpn;
  const char *expected;
} AlpnRow;

static const char *const only_xmpp[] = { "xmpp-client", NULL };
static const char *const with_http[] = { "h2", "xmpp-client", NULL };

/* security.md A9, XEP-0368 section 3: ALPN says xmpp-client, and a server that knows none of it will do. */
static const AlpnRow alpn_rows[] = {
  { .name = "offered", .server = only_xmpp, .alpn = TRUE, .expected = "xmpp-client" },
  { .name = "among-others", .server = with_http, .alpn = TRUE, .expected = "xmpp-client" },
  { .name = "server-knows-none", .server = NULL, .alpn = TRUE },
  { .name = "not-offered", .server = only_xmpp },
};

static void
test_alpn (gconstpointer data)
{
  const Case *test = data;
  const AlpnRow *row = test->row;
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (test->authorities->ca, NULL);
  XmppTlsPolicy policy = { .domain = (char *) DOMAIN, .alpn = row->alpn };
  g_autoptr (GError) error = NULL;
  Fixture fixture = { NULL };

  fixture_init (&fixture, certificate, accepted_direct_steps);
  linnet_test_server_set_protocols (fixture.server, row->server);
  start_tls (fixture.stream, TRUE, &policy, &error);
  g_assert_no_error (error);
  linnet_test_assert_resolves (xmpp_stream_open (fixture.stream, DOMAIN, NULL));
  g_assert_cmpstr (g_tls_connection_get_negotiated_protocol (linnet_test_server_get_tls (fixture.server)),
                   ==,
                   row->expected);
  xmpp_stream_send_text (fixture.stream, "<presence/>");
  linnet_test_assert_resolves (xmpp_stream_close (fixture.stream, 5000));
  fixture_clear (&fixture);
}

/* The end of the connection in the middle of TLS, with and without a farewell. */
static void
test_eof (gconstpointer data)
{
  const Case *test = data;
  gboolean reset = test->row != NULL;
  const LinnetTestStep steps[] = {
    { .act = LINNET_TEST_START_TLS },
    LINNET_TEST_OPEN (DOMAIN, ""),
    { .s = "<message/>", .act = reset ? LINNET_TEST_RESET : LINNET_TEST_CLOSE },
    {},
  };
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (test->authorities->ca, NULL);
  XmppTlsPolicy policy = { .domain = (char *) DOMAIN };
  g_autoptr (XmppNode) message = NULL;
  g_autoptr (GError) error = NULL;
  Fixture fixture = { NULL };

  fixture_init (&fixture, certificate, steps);
  start_tls (fixture.stream, TRUE, &policy, &error);
  g_assert_no_error (error);
  linnet_test_assert_resolves (xmpp_stream_open (fixture.stream, DOMAIN, NULL));
  message = dex_await_boxed (xmpp_stream_read (fixture.stream), &error);
  if (reset)
    {
      if (message != NULL)
        dex_await (xmpp_stream_read (fixture.stream), &error);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
    }
  else
    {
      g_assert_no_error (error);
      linnet_test_assert_rejects (
          xmpp_stream_read (fixture.stream), XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_CLOSED);
    }
  fixture_clear (&fixture);
}

/* ---- no leak, whatever happens in the middle of a handshake ---- */

static void
test_handshake_stopped (gconstpointer data)
{
  const Case *test = data;
  gboolean aborted = g_str_equal (test->name, "aborted");
  XmppTlsPolicy policy = { .domain = (char *) DOMAIN };
  g_autoptr (LinnetTestStream) ours = NULL;
  g_autoptr (LinnetTestStream) theirs = NULL;
  g_autoptr (XmppStream) stream = NULL;
  g_autoptr (DexFuture) future = NULL;

  /* A server that takes our ClientHello and says nothing. */
  linnet_test_stream_new_pair (&ours, &theirs);
  stream = xmpp_stream_new (G_IO_STREAM (ours));
  future = xmpp_stream_direct_tls (stream, &policy);
  while (linnet_test_stream_get_unread (ours) == 0)
    linnet_test_settle ();
  g_assert_true (dex_future_is_pending (future));

  if (aborted)
    {
      xmpp_stream_abort (stream);
      linnet_test_assert_rejects (dex_ref (future), XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_CLOSED);
    }
  dex_clear (&future);

  /* The handshake runs in a thread, which needs a moment to notice. */
  g_object_add_weak_pointer (G_OBJECT (ours), (gpointer *) &ours);
  g_object_unref (ours);
  g_object_add_weak_pointer (G_OBJECT (stream), (gpointer *) &stream);
  g_object_unref (stream);
  while (ours != NULL || stream != NULL)
    linnet_test_settle ();
}

/* Takes a whole record of TLS, of which the length comes after its type and version. */
static GByteArray *
read_record (LinnetTestStream *stream)
{
  GPollableInputStream *input = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (G_IO_STREAM (stream)));
  GByteArray *record = g_byte_array_new ();

  while (record->len < 5 || record->len < 5u + (record->data[3] << 8 | record->data[4]))
    {
      guint8 byte;

      if (g_pollable_input_stream_read_nonblocking (input, &byte, 1, NULL, NULL) == 1)
        g_byte_array_append (record, &byte, 1);
      else
        linnet_test_settle ();
    }

  return record;
}

static gboolean
holds (GByteArray *record,
       const char *text)
{
  return memmem (record->data, record->len, text, strlen (text)) != NULL;
}

/* security.md A9: the ClientHello names the domain (SNI), and the protocol where it is to (ALPN). */
static void
test_client_hello (gconstpointer data)
{
  for (guint alpn = 0; alpn < 2; alpn++)
    {
      XmppTlsPolicy policy = { .domain = (char *) DOMAIN, .alpn = !!alpn };
      g_autoptr (LinnetTestStream) ours = NULL;
      g_autoptr (LinnetTestStream) theirs = NULL;
      g_autoptr (XmppStream) stream = NULL;
      g_autoptr (GByteArray) hello = NULL;
      g_autoptr (DexFuture) future = NULL;

      linnet_test_stream_new_pair (&ours, &theirs);
      stream = xmpp_stream_new (G_IO_STREAM (ours));
      future = xmpp_stream_direct_tls (stream, &policy);
      hello = read_record (theirs);

      g_assert_true (holds (hello, DOMAIN));
      g_assert_cmpint (holds (hello, "\x0bxmpp-client"), ==, alpn);

      xmpp_stream_abort (stream);
      linnet_test_assert_rejects (dex_ref (future), XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_CLOSED);
    }
}

static void
add (GPtrArray *cases,
     const Authorities *authorities,
     const char *group,
     const char *name,
     LinnetTestFunc func,
     gconstpointer row)
{
  g_autofree char *path = g_strdup_printf ("/xmpp/stream-tls/%s%s%s", group, *name != '\0' ? "/" : "", name);
  Case *test = g_new0 (Case, 1);

  test->authorities = authorities;
  test->name = name;
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
  g_autoptr (LinnetTestCa) other_ca = NULL;
  Authorities authorities;

  linnet_test_init (&argc, &argv);
  ca = linnet_test_ca_new ();
  other_ca = linnet_test_ca_new ();
  linnet_test_ca_trust (ca);
  authorities = (Authorities) { ca, other_ca };

  for (gsize i = 0; i < G_N_ELEMENTS (certificate_rows); i++)
    {
      const CertificateRow *row = &certificate_rows[i];

      add (cases, &authorities, "certificate/starttls", row->name, test_certificate_starttls, row);
      add (cases, &authorities, "certificate/direct", row->name, test_certificate_direct, row);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (pin_rows); i++)
    add (cases, &authorities, "pin", pin_rows[i].name, test_pin, &pin_rows[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (clear_rows); i++)
    add (cases, &authorities, "clear", clear_rows[i].name, test_clear, &clear_rows[i]);
  add (cases, &authorities, "clear", "second-segment", test_clear_second_segment, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (alpn_rows); i++)
    add (cases, &authorities, "alpn", alpn_rows[i].name, test_alpn, &alpn_rows[i]);
  add (cases, &authorities, "client-hello", "", test_client_hello, NULL);
  add (cases, &authorities, "compression", "", test_compression, NULL);
  add (cases, &authorities, "channel", "", test_channel, NULL);
  add (cases, &authorities, "eof", "farewell", test_eof, NULL);
  add (cases, &authorities, "eof", "reset", test_eof, "reset");
  add (cases, &authorities, "handshake", "aborted", test_handshake_stopped, NULL);
  add (cases, &authorities, "handshake", "dropped", test_handshake_stopped, NULL);
  add (cases, &authorities, "old", "subprocess", test_old_version_subprocess, NULL);
  g_test_add_func ("/xmpp/stream-tls/old-versions", test_old_versions);
  g_test_add_func ("/xmpp/stream-tls/tls-1.2", test_tls_1_2);

  return g_test_run ();
}
