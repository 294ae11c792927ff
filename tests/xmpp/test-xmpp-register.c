/* Tests of XEP-0077 and XEP-0445 on a stream nobody has signed in on
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-test-ca.h"
#include "linnet-test-server.h"
#include "linnet-test.h"
#include "xmpp-register.h"

#define OFFER "<register xmlns='http://jabber.org/features/iq-register'/>"
#define HEADER "<stream:stream to='example.org' version='1.0' xml:lang='en'>"
#define FEATURES(features)             \
  LINNET_TEST_STREAM_S ("example.org") \
  "<stream:features>" features "</stream:features>"
#define TLS                      \
  {                              \
    .act = LINNET_TEST_START_TLS \
  }
#define OPENING(features)                 \
  {                                       \
    .c = HEADER, .s = FEATURES (features) \
  }
#define OPEN(features) TLS, OPENING (features)
#define END                                                                       \
  { .c = "</stream:stream>", .s = "</stream:stream>", .act = LINNET_TEST_CLOSE }, \
  {                                                                               \
  }
#define QUERY(content) "<query xmlns='jabber:iq:register'>" content "</query>"
#define GET "<iq type='get' id='*' to='example.org'>" QUERY ("") "</iq>"
#define PLAIN QUERY ("<username/><password/>")
#define FORM(content) QUERY ("<x xmlns='jabber:x:data' type='form'>" content "</x>")
#define STANZAS "urn:ietf:params:xml:ns:xmpp-stanzas"
#define RESULT(content) "<iq type='result' id='$1' from='example.org'>" content "</iq>"
#define ERROR(type, condition, text)                                               \
  "<iq type='error' id='$1' from='example.org'><error type='" type "'><" condition \
  " xmlns='" STANZAS "'/><text xmlns='" STANZAS "'>" text "</text></error></iq>"
#define SET_PLAIN "<iq type='set' id='*' to='example.org'>" PLAIN "</iq>"
#define PREAUTH "<iq type='set' id='*' to='example.org'><preauth xmlns='urn:xmpp:pars:0' token='TOKEN'/></iq>"
#define CID "sha1+0e66b49d04a43c19bcb2e13a53aff5d174f610fc@bob.xmpp.org"
#define PICTURE_FORM                                                                                     \
  FORM ("<field var='ocr'><media xmlns='urn:xmpp:media-element'><uri type='image/png'>cid:" CID "</uri>" \
        "</media></field>")

typedef struct
{
  LinnetTestServer *server;
  XmppStream *stream;
  XmppRegister *reg;
} Fixture;

static XmppStream *
connect_stream (LinnetTestServer *server)
{
  g_autoptr (LinnetTestCa) ca = linnet_test_ca_new ();
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (ca, NULL);
  const XmppTlsPolicy policy = { .domain = (char *) "example.org" };
  g_autoptr (GIOStream) io = NULL;
  g_autoptr (XmppStream) stream = NULL;

  linnet_test_ca_trust (ca);
  linnet_test_server_set_certificate (server, certificate);
  io = linnet_test_server_connect (server);
  stream = xmpp_stream_new (io);
  linnet_test_assert_resolves (xmpp_stream_direct_tls (stream, &policy));

  return g_steal_pointer (&stream);
}

static void
fixture_init (Fixture *self,
              const LinnetTestStep *steps)
{
  g_autoptr (XmppJid) domain = xmpp_jid_new ("example.org", NULL);
  g_autoptr (GError) error = NULL;

  self->server = linnet_test_server_new ();
  linnet_test_server_play (self->server, steps);
  self->stream = connect_stream (self->server);
  self->reg = dex_await_object (xmpp_register_open (self->stream, domain), &error);
  g_assert_no_error (error);
}

static void
fixture_clear (Fixture *self)
{
  xmpp_register_close (self->reg);
  linnet_test_assert_resolves (linnet_test_server_finish (self->server));
  linnet_test_settle ();
  g_assert_finalize_object (g_steal_pointer (&self->reg));
  g_assert_finalize_object (g_steal_pointer (&self->stream));
  g_clear_object (&self->server);
}

static XmppRegisterReply *
await_reply (DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  XmppRegisterReply *reply = dex_await_boxed (future, &error);

  g_assert_no_error (error);

  return reply;
}

static const struct
{
  const char *name;
  LinnetTestStep open;
  gboolean offered;
  gboolean takes_tokens;
} feature_rows[] = {
#define ROW(name, features, ...) { name, OPENING (features), __VA_ARGS__ }
  ROW ("nothing", "", FALSE, FALSE),
  ROW ("registration", OFFER, TRUE, FALSE),
  ROW ("token", "<register xmlns='urn:xmpp:ibr-token:0'/>", FALSE, TRUE),
  ROW ("invite", OFFER "<register xmlns='urn:xmpp:invite'/>", TRUE, TRUE),
  ROW ("others", "<register xmlns='urn:other'/>", FALSE, FALSE),
};

static void
test_features (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = { TLS, feature_rows[row].open, END };
  Fixture fixture;

  fixture_init (&fixture, steps);
  g_assert_cmpint (xmpp_register_get_offered (fixture.reg), ==, feature_rows[row].offered);
  g_assert_cmpint (xmpp_register_get_takes_tokens (fixture.reg), ==, feature_rows[row].takes_tokens);
  fixture_clear (&fixture);
}

/* One stream from form to result. */
static void
test_plain (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    OPEN (OFFER),
    { .c = GET, .s = RESULT (PLAIN) },
    { .c = "<iq type='set' id='*' to='example.org'>" QUERY ("<username>ana</username>"
                                                            "<password>secret</password>") "</iq>",
      .s = "<iq type='result' id='$1'/>" },
    END,
  };
  g_autoptr (XmppRegisterReply) form = NULL;
  g_autoptr (XmppRegisterReply) result = NULL;
  Fixture fixture;

  fixture_init (&fixture, steps);
  form = await_reply (xmpp_register_get_form (fixture.reg));
  g_assert_true (form->ok);
  xmpp_data_form_set_value (form->form->form, "username", "ana");
  xmpp_data_form_set_value (form->form->form, "password", "secret");
  result = await_reply (xmpp_register_submit (fixture.reg, form->form));
  g_assert_true (result->ok);
  g_assert_null (result->form);
  g_assert_true (xmpp_register_is_open (fixture.reg));
  fixture_clear (&fixture);
}

static const struct
{
  const char *name;
  const char *reply;
  XmppStanzaError condition;
  const char *type;
  const char *text;
  gboolean form;
} error_rows[] = {
  { "conflict", ERROR ("cancel", "conflict", "Taken"), XMPP_STANZA_ERROR_CONFLICT, "cancel", "Taken", FALSE },
  { "no-text",
    ERROR ("wait", "resource-constraint", " "),
    XMPP_STANZA_ERROR_RESOURCE_CONSTRAINT,
    "wait",
    NULL,
    FALSE },
  { "no-error", "<iq type='error' id='$1'/>", XMPP_STANZA_ERROR_UNDEFINED_CONDITION, NULL, NULL, FALSE },
  { "echo",
    "<iq type='error' id='$1'><query xmlns='jabber:iq:register'><username>ana</username><password>secret"
    "</password></query><error type='cancel'><conflict xmlns='" STANZAS "'/></error></iq>",
    XMPP_STANZA_ERROR_CONFLICT,
    "cancel",
    NULL,
    FALSE },
  { "new-form",
    "<iq type='error' id='$1'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='form'><field "
    "var='username'/><field var='ocr'/></x></query><error type='modify'><not-acceptable xmlns='" STANZAS
    "'/></error></iq>",
    XMPP_STANZA_ERROR_NOT_ACCEPTABLE,
    "modify",
    NULL,
    TRUE },
};

static void
test_error (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = {
    OPEN (OFFER),
    { .c = GET, .s = RESULT (PLAIN) },
    { .c = SET_PLAIN, .s = error_rows[row].reply },
    { .c = GET, .s = RESULT (PLAIN) },
    END,
  };
  g_autoptr (XmppRegisterReply) form = NULL;
  g_autoptr (XmppRegisterReply) refusal = NULL;
  g_autoptr (XmppRegisterReply) again = NULL;
  Fixture fixture;

  fixture_init (&fixture, steps);
  form = await_reply (xmpp_register_get_form (fixture.reg));
  refusal = await_reply (xmpp_register_submit (fixture.reg, form->form));
  g_assert_false (refusal->ok);
  g_assert_cmpint (refusal->condition, ==, error_rows[row].condition);
  g_assert_cmpstr (refusal->type, ==, error_rows[row].type);
  g_assert_cmpstr (refusal->text, ==, error_rows[row].text);
  g_assert_true ((refusal->form != NULL) == error_rows[row].form);

  /* The stream is as good as before. */
  again = await_reply (xmpp_register_get_form (fixture.reg));
  g_assert_true (again->ok);
  fixture_clear (&fixture);
}

/* What is no answer is thrown away, and nobody gets one from us. */
#define OTHER "<query xmlns='jabber:iq:register'><username/><email/></query></iq>"
#define STRAY                                                                                   \
  "<message from='example.org'><body>Hi</body></message><presence from='ana@example.org'/>"     \
  "<iq type='result' id='$1' from='evil.example'>" OTHER                                        \
  "<iq type='result' id='$1' from='ana@example.org'>" OTHER                                     \
  "<iq type='result' id='$1' from='example.org/x'>" OTHER "<iq type='result' id='other'>" OTHER \
  "<iq type='result'>" OTHER "<iq type='set' id='$1'>" OTHER                                    \
  "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>"                                    \
  "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"

static void
test_stray (gconstpointer data)
{
  static const LinnetTestStep steps[] = { OPEN (OFFER), { .c = GET, .s = STRAY RESULT (PLAIN) }, END };
  g_autoptr (XmppRegisterReply) form = NULL;
  Fixture fixture;

  fixture_init (&fixture, steps);
  form = await_reply (xmpp_register_get_form (fixture.reg));
  g_assert_nonnull (xmpp_data_form_get_field (form->form->form, "password"));
  fixture_clear (&fixture);
}

static char *
flood (LinnetTestServer *server,
       gpointer user_data)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < 100; i++)
    g_string_append (out, "<message from='example.org'><body>Buy now</body></message>");

  return g_string_free (out, FALSE);
}

static void
test_flood (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    OPEN (OFFER),
    { .c = GET, .reply = flood },
    { .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  Fixture fixture;

  fixture_init (&fixture, steps);
  linnet_test_assert_rejects (
      xmpp_register_get_form (fixture.reg), XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_PROTOCOL);
  g_assert_false (xmpp_register_is_open (fixture.reg));
  linnet_test_assert_rejects (
      xmpp_register_get_form (fixture.reg), XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_CLOSED);
  fixture_clear (&fixture);
}

/* More than any form has: the picture of three megabytes. */
static char *
huge (LinnetTestServer *server,
      gpointer user_data)
{
  g_autofree char *filler = g_strnfill (3 * 1024 * 1024, 'A');

  return g_strdup_printf ("<iq type='result' id='%s'><query xmlns='jabber:iq:register'><data xmlns='urn:xmpp:"
                          "bob' cid='" CID "'>%s</data></query></iq>",
                          linnet_test_server_get_capture (server, 1),
                          filler);
}

static void
test_huge (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    OPEN (OFFER),
    { .c = GET, .reply = huge },
    { .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  Fixture fixture;

  fixture_init (&fixture, steps);
  linnet_test_server_allow_hang_up (fixture.server);
  linnet_test_assert_rejects (
      xmpp_register_get_form (fixture.reg), XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_LIMIT);
  fixture_clear (&fixture);
}

static void
test_closed (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    OPEN (OFFER),
    { .c = GET, .s = RESULT (PLAIN) },
    { .c = SET_PLAIN, .act = LINNET_TEST_CLOSE },
    {},
  };
  g_autoptr (XmppRegisterReply) form = NULL;
  Fixture fixture;

  fixture_init (&fixture, steps);
  form = await_reply (xmpp_register_get_form (fixture.reg));
  linnet_test_assert_rejects (
      xmpp_register_submit (fixture.reg, form->form), XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_CLOSED);
  g_assert_false (xmpp_register_is_open (fixture.reg));
  fixture_clear (&fixture);
}

/* The server leaves while somebody types: known before anything is sent. */
static void
test_closed_meanwhile (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    OPEN (OFFER),
    { .c = GET,
      .s = RESULT (PLAIN) "<stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                          "</stream:error></stream:stream>",
      .act = LINNET_TEST_CLOSE },
    {},
  };
  g_autoptr (XmppRegisterReply) form = NULL;
  Fixture fixture;

  fixture_init (&fixture, steps);
  form = await_reply (xmpp_register_get_form (fixture.reg));
  linnet_test_assert_resolves (linnet_test_server_finish (fixture.server));
  linnet_test_settle ();
  g_assert_false (xmpp_register_is_open (fixture.reg));
  fixture_clear (&fixture);
}

static const struct
{
  const char *name;
  const char *reply;
  GQuark (*domain) (void);
  int code;
} no_form_rows[] = {
  { "empty-result", RESULT (""), xmpp_data_form_error_quark, XMPP_DATA_FORM_ERROR_MALFORMED },
  { "other-payload",
    RESULT ("<query xmlns='jabber:iq:auth'><username/></query>"),
    xmpp_data_form_error_quark,
    XMPP_DATA_FORM_ERROR_MALFORMED },
};

static void
test_no_form (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = { OPEN (OFFER), { .c = GET, .s = no_form_rows[row].reply }, END };
  Fixture fixture;

  fixture_init (&fixture, steps);
  linnet_test_assert_rejects (
      xmpp_register_get_form (fixture.reg), no_form_rows[row].domain (), no_form_rows[row].code);
  fixture_clear (&fixture);
}

static void
test_token (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    OPEN ("<register xmlns='urn:xmpp:ibr-token:0'/>"),
    { .c = PREAUTH, .s = ERROR ("cancel", "item-not-found", "Expired") },
    { .c = PREAUTH, .s = "<iq type='result' id='$1' from='example.org'/>" },
    END,
  };
  g_autoptr (XmppRegisterReply) refusal = NULL;
  g_autoptr (XmppRegisterReply) result = NULL;
  Fixture fixture;

  fixture_init (&fixture, steps);
  refusal = await_reply (xmpp_register_send_token (fixture.reg, "TOKEN"));
  g_assert_false (refusal->ok);
  g_assert_cmpint (refusal->condition, ==, XMPP_STANZA_ERROR_ITEM_NOT_FOUND);
  result = await_reply (xmpp_register_send_token (fixture.reg, "TOKEN"));
  g_assert_true (result->ok);
  fixture_clear (&fixture);
}

static const struct
{
  const char *name;
  const char *reply;
  gboolean there;
} picture_rows[] = {
  { "there", RESULT ("<data xmlns='urn:xmpp:bob' cid='" CID "'>cGljdHVyZQ==</data>"), TRUE },
  { "wrong-hash", RESULT ("<data xmlns='urn:xmpp:bob' cid='" CID "'>cGljdHVyZXM=</data>"), FALSE },
  { "not-there", ERROR ("cancel", "item-not-found", ""), FALSE },
};

static void
test_pictures (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = {
    OPEN (OFFER),
    { .c = GET, .s = RESULT (PICTURE_FORM) },
    { .c = "<iq type='get' id='*' to='example.org'><data xmlns='urn:xmpp:bob' cid='" CID "'/></iq>",
      .s = picture_rows[row].reply },
    END,
  };
  g_autoptr (XmppRegisterReply) form = NULL;
  Fixture fixture;

  fixture_init (&fixture, steps);
  form = await_reply (xmpp_register_get_form (fixture.reg));
  linnet_test_assert_resolves (xmpp_register_get_pictures (fixture.reg, form->form));
  g_assert_cmpint (g_hash_table_contains (form->form->pictures, CID), ==, picture_rows[row].there);
  fixture_clear (&fixture);
}

/* An answer that nobody waits for any more is none to the next question. */
static void
test_dropped (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    OPEN (OFFER),
    { .c = GET },
    { .c = GET, .s = RESULT (PLAIN) },
    END,
  };
  g_autoptr (XmppRegisterReply) form = NULL;
  DexFuture *dropped;
  Fixture fixture;

  fixture_init (&fixture, steps);
  dropped = xmpp_register_get_form (fixture.reg);
  linnet_test_settle ();
  dex_unref (dropped);
  linnet_test_settle ();
  form = await_reply (xmpp_register_get_form (fixture.reg));
  g_assert_true (form->ok);
  fixture_clear (&fixture);
}

static void
test_in_clear (gconstpointer data)
{
  g_autoptr (LinnetTestServer) server = linnet_test_server_new ();
  static const LinnetTestStep steps[] = { {} };
  g_autoptr (XmppJid) domain = xmpp_jid_new ("example.org", NULL);
  g_autoptr (GIOStream) io = NULL;
  g_autoptr (XmppStream) stream = NULL;

  linnet_test_server_play (server, steps);
  io = linnet_test_server_connect (server);
  stream = xmpp_stream_new (io);
  linnet_test_assert_rejects (
      xmpp_register_open (stream, domain), XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_NO_TLS);
  linnet_test_assert_resolves (linnet_test_server_finish (server));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

#define ADD(rows, prefix, func)                                                              \
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)                                            \
    {                                                                                        \
      g_autofree char *path = g_strdup_printf ("/xmpp/register/" prefix "%s", rows[i].name); \
                                                                                             \
      linnet_test_add (path, func, GSIZE_TO_POINTER (i));                                    \
    }
  ADD (feature_rows, "features/", test_features);
  ADD (error_rows, "error/", test_error);
  ADD (no_form_rows, "no-form/", test_no_form);
  ADD (picture_rows, "picture/", test_pictures);
  linnet_test_add ("/xmpp/register/plain", test_plain, NULL);
  linnet_test_add ("/xmpp/register/stray", test_stray, NULL);
  linnet_test_add ("/xmpp/register/flood", test_flood, NULL);
  linnet_test_add ("/xmpp/register/huge", test_huge, NULL);
  linnet_test_add ("/xmpp/register/closed", test_closed, NULL);
  linnet_test_add ("/xmpp/register/closed-meanwhile", test_closed_meanwhile, NULL);
  linnet_test_add ("/xmpp/register/token", test_token, NULL);
  linnet_test_add ("/xmpp/register/dropped", test_dropped, NULL);
  linnet_test_add ("/xmpp/register/in-clear", test_in_clear, NULL);

  return g_test_run ();
}
