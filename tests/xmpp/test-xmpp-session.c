/* Tests of the session: counting, acknowledging (R2, R3), requests (R23)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-spawn.h"
#include "xmpp-assert.h"
#include "xmpp-builder.h"
#include "xmpp-session-private.h"
#include "xmpp-test-session.h"

#define SM "xmlns='urn:xmpp:sm:3'"
#define MESSAGE XMPP_TEST_MESSAGE
#define STORED XMPP_TEST_STORED

static const GType no_features[] = { G_TYPE_INVALID };

static const XmppSessionStart with_sm = { .sm_enabled = TRUE, .sm_resumable = TRUE, .sm_id = (char *) "id1" };

/* ---- incoming ---- */

static void
test_ack_follows_commit (gconstpointer data)
{
  /* Each further message comes when the answer before it has been seen. */
  static const LinnetTestStep steps[] = {
    { .s = MESSAGE ("1") MESSAGE ("2") "<r " SM "/>" },
    { .c = "<a " SM " h='0'/>", .s = MESSAGE ("3") },
    { .c = STORED ("11") "<r " SM "/>", .s = "<r " SM "/>" },
    { .c = "<a " SM " h='1'/>", .s = MESSAGE ("4") },
    { .c = "<a " SM " h='4'/>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autofree char *id = NULL;
  guint32 h;

  test->commit = FALSE;
  xmpp_test_start (test, steps, &with_sm);
  while (test->inbox->len < 3)
    linnet_test_settle ();

  /* Something that never came, and a part of what did. */
  xmpp_session_commit (test->session, 99);
  g_assert_false (xmpp_session_get_resumption (test->session, &id, &h));
  xmpp_session_commit (test->session, 1);
  g_assert_false (xmpp_session_get_resumption (test->session, &id, &h));
  xmpp_test_send_stored (test, 11);
  xmpp_test_commit (test, 4);
  g_assert_true (xmpp_session_get_resumption (test->session, &id, &h));
  xmpp_test_finish (test);
}

/* Presence, IQs and what is dropped count as well, and are counted in the inbox when the server asks. */
static void
test_everything_counts (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .s = "<presence from='mira@example.net/x'/>"
           "<iq type='result' id='nobody-asked'/>"
           "<message from='@@@' type='chat'><body>malformed address</body></message>"
           "<message type='chat'/>" MESSAGE ("1") "<presence from='mira@example.net/x' type='unavailable'/>"
                                                  "<unknown xmlns='urn:example:nonza'/><r " SM "/>" },
    { .c = "<a " SM " h='0'/><a " SM " h='6'/>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  XmppInboxItem *last;

  test->commit = FALSE;
  xmpp_test_start (test, steps, &with_sm);
  xmpp_test_commit (test, 2);
  xmpp_test_finish (test);

  g_assert_cmpuint (xmpp_test_count_messages (test), ==, 1);
  last = test->inbox->pdata[test->inbox->len - 1];
  g_assert_cmpint (last->kind, ==, XMPP_INBOX_COUNT);
  g_assert_cmpuint (last->h, ==, 6);
}

/* What comes between <enable/> and <enabled/> is handled like the rest, and counted by neither side; what is
 * answered to it is counted (XEP-0198 section 4). */
static void
test_early_stanzas (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = "<iq type='error' id='q'><error type='cancel'><service-unavailable "
           "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq><r " SM "/>",
      .s = "<a " SM " h='1'/>" MESSAGE ("2") "<r " SM "/>" },
    { .c = "<a " SM " h='0'/><a " SM " h='1'/>" },
    {},
  };
  static const char *const texts[] = {
    "<presence from='mira@example.net/x'/>",
    "<message from='@@@' type='chat'><body>malformed address</body></message>",
    "<message from='mira@example.net/x' type='chat'><body>1</body></message>",
    "<iq type='get' id='q'><query xmlns='urn:example'/></iq>",
  };
  g_autoptr (GPtrArray) early = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_node_unref);
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  XmppSessionStart start = with_sm;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_ptr_array_add (early, xmpp_node_from_literal (texts[i]));
  start.early = early;
  test->commit = FALSE;
  xmpp_test_start (test, steps, &start);
  xmpp_test_commit (test, 2);
  xmpp_test_finish (test);

  for (guint i = 0; i < 2; i++)
    {
      XmppInboxItem *item = test->inbox->pdata[i];

      g_assert_cmpuint (item->h, ==, i);
      g_assert_cmpstr (item->message->body, ==, i == 0 ? "1" : "2");
    }
}

static void
test_back_pressure (gconstpointer data)
{
  g_autoptr (GString) flood = g_string_new (NULL);
  g_autoptr (XmppTest) test = NULL;
  g_autoptr (GPtrArray) items = NULL;
  guint n_read = 0;

  for (guint i = 0; i < 2000; i++)
    g_string_append_printf (flood, MESSAGE ("%u"), i, i);
  g_string_append (flood, "<r " SM "/>");

  {
    const LinnetTestStep steps[] = {
      { .s = flood->str },
      { .c = "<a " SM " h='*'/>" }, /* comes only after all of it was read */
      {},
    };

    test = xmpp_test_new (no_features);
    test->commit = FALSE;
    xmpp_test_start (test, steps, &with_sm);
    xmpp_test_finish (test);
  }

  for (guint i = 0; i < test->inbox->len; i++)
    {
      XmppInboxItem *item = test->inbox->pdata[i];

      if (item->kind != XMPP_INBOX_MESSAGE)
        continue;
      g_assert_cmpuint (g_ascii_strtoull (item->message->body, NULL, 10), ==, n_read);
      n_read++;
    }
  g_assert_cmpuint (n_read, ==, 2000);
}

/* ---- outgoing ---- */

static void
test_acked (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = STORED ("11") STORED ("12") STORED ("13") "<r " SM "/>", .s = "<a " SM " h='2'/>" },
    { .c = "<r " SM "/>", .s = "<a " SM " h='3'/>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (GArray) acked = xmpp_test_collect (test, "acked");

  xmpp_test_start (test, steps, &with_sm);
  xmpp_test_send_stored (test, 11);
  xmpp_test_send_stored (test, 12);
  xmpp_test_send_stored (test, 13);
  xmpp_test_finish (test);

  xmpp_test_assert_tokens (acked, "11 12 13");
}

static void
test_acked_by_pong (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = STORED ("11") STORED ("12") "<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>",
      .s = "<iq type='result' id='$1' from='example.org'/>" },
    { .c = STORED ("13") "<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>",
      .s = "<iq type='error' id='$1' from='example.org'><error type='cancel'><service-unavailable "
           "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>" },
    { .c = STORED ("14") "<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>",
      .act = LINNET_TEST_RESET },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (GArray) acked = xmpp_test_collect (test, "acked");
  g_autoptr (GArray) unsent = xmpp_test_collect (test, "unsent");

  xmpp_test_start (test, steps, NULL);
  xmpp_test_send_stored (test, 11);
  xmpp_test_send_stored (test, 12);
  while (acked->len < 2)
    linnet_test_settle ();
  xmpp_test_send_stored (test, 13);
  while (acked->len < 3)
    linnet_test_settle ();
  xmpp_test_send_stored (test, 14);
  xmpp_test_finish (test);

  xmpp_test_assert_tokens (acked, "11 12 13");
  xmpp_test_assert_tokens (unsent, "14");
}

static void
test_too_many_acked (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = STORED ("11") "<r " SM "/>", .s = "<a " SM " h='2'/>" },
    { .c = "<stream:error><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
           "<handled-count-too-high " SM " h='2' send-count='1'/></stream:error>",
      .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (GArray) acked = xmpp_test_collect (test, "acked");
  g_autoptr (GArray) unsent = xmpp_test_collect (test, "unsent");
  g_autofree char *id = NULL;
  guint32 h;

  xmpp_test_start (test, steps, &with_sm);
  xmpp_test_send_stored (test, 11);
  linnet_test_assert_rejects (xmpp_session_wait_closed (test->session),
                              XMPP_STREAM_ERROR,
                              XMPP_STREAM_ERROR_PROTOCOL);

  xmpp_test_assert_tokens (acked, "");
  xmpp_test_assert_tokens (unsent, "11");
  g_assert_false (xmpp_session_get_resumption (test->session, &id, &h));
}

/* ---- requests ---- */

/* Whoever asks for what we do not know gets the same, in the same words. */
static void
test_unknown_requests (gconstpointer data)
{
#define UNAVAILABLE(id, to)                                  \
  "<iq type='error' id='" id "'" to "><error type='cancel'>" \
  "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
  static const LinnetTestStep steps[] = {
    { .s = "<iq type='get' id='1' from='mallory@example.net/x'><query xmlns='urn:example:unknown'/></iq>"
           "<iq type='set' id='2' from='mallory@example.net/x'><query xmlns='urn:example:unknown'/></iq>"
           "<iq type='get' id='3' from='mallory@example.net/x'/>"
           "<iq type='get' id='4' from='mallory@example.net/x'><a xmlns='urn:a'/><b xmlns='urn:b'/></iq>"
           "<iq type='get' id='5'><query xmlns='urn:example:unknown'/></iq>"
           "<iq type='get' from='mallory@example.net/x'><query xmlns='urn:example:no-id'/></iq>"
           "<iq type='strange' id='6'><query xmlns='urn:example:unknown'/></iq>"
           "<iq id='7'/>"
           "<iq type='get' id='8' from='@'><query xmlns='urn:example:unknown'/></iq>"
           "<iq type='get' id='9' from='example.org'><query xmlns='urn:example:unknown'/></iq>" },
    { .c = UNAVAILABLE ("1", " to='mallory@example.net/x'") UNAVAILABLE ("2", " to='mallory@example.net/x'")
          UNAVAILABLE ("3", " to='mallory@example.net/x'") UNAVAILABLE ("4", " to='mallory@example.net/x'")
              UNAVAILABLE ("5", "") UNAVAILABLE ("9", " to='example.org'") },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);

  xmpp_test_start (test, steps, NULL);
  xmpp_test_finish (test);
}

static void
test_request_times_out (gconstpointer data)
{
  static const LinnetTestStep steps[] = { { .c = "<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>" },
                                          {} };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);

  g_object_set (test->session, "iq-timeout", 20, NULL);
  xmpp_test_start (test, steps, NULL);
  linnet_test_assert_rejects (xmpp_session_send_iq (test->session,
                                                    xmpp_iq_get (NULL, xmpp_el ("ping", "urn:xmpp:ping"))),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_TIMED_OUT);
  g_assert_true (xmpp_session_is_online (test->session));
}

static void
test_request_without_connection (gconstpointer data)
{
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);

  linnet_test_assert_rejects (xmpp_session_send_iq (test->session,
                                                    xmpp_iq_get (NULL, xmpp_el ("ping", "urn:xmpp:ping"))),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_DISCONNECTED);
  linnet_test_assert_rejects (xmpp_session_wait_closed (test->session), G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
}

/* ---- messages ---- */

static const struct
{
  const char *name;
  const char *in;
  const char *body; /* NULL: nothing for the inbox */
} bodies[] = {
  { "plain", "<message from='m@example.net/x' type='chat'><body>Hello</body></message>", "Hello" },
  { "no-type", "<message from='m@example.net/x'><body>Hello</body></message>", "Hello" },
  { "first-of-two",
    "<message from='m@example.net/x'><body>Hello</body><body xml:lang='de'>Hallo</body></message>",
    "Hello" },
  { "empty", "<message from='m@example.net/x'><body/></message>", NULL },
  { "none", "<message from='m@example.net/x'/>", NULL },
  { "foreign-body",
    "<message from='m@example.net/x'><body xmlns='urn:example'>Hello</body></message>",
    NULL },
  { "groupchat", "<message from='m@example.net/x' type='groupchat'><body>Hello</body></message>", NULL },
  { "bad-from", "<message from='m@@example.net' type='chat'><body>Hello</body></message>", NULL },
  { "bad-to", "<message from='m@example.net' to='/' type='chat'><body>Hello</body></message>", NULL },
  { "own-server", "<message type='headline'><body>Maintenance</body></message>", "Maintenance" },
};

static void
test_body (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = {
    { .s = bodies[row].in },
    { .s = "<iq type='get' id='x'><query xmlns='urn:example:sync'/></iq>" },
    { .c = "<iq type='error' id='x'><error type='cancel'><service-unavailable "
           "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);

  xmpp_test_start (test, steps, NULL);
  xmpp_test_finish (test);

  if (bodies[row].body == NULL)
    g_assert_cmpuint (xmpp_test_count_messages (test), ==, 0);
  else
    g_assert_cmpstr (xmpp_test_get_message (test)->body, ==, bodies[row].body);
}

static void
test_error_message (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .s = "<message type='error' id='m1' from='mira@example.net'><body>What I wrote</body><error "
           "type='cancel'>"
           "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
           "<r " SM "/>" },
    { .c = "<a " SM " h='0'/><a " SM " h='1'/>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  XmppMessage *message;

  test->commit = FALSE;
  xmpp_test_start (test, steps, &with_sm);
  xmpp_test_commit (test, 1);
  xmpp_test_finish (test);

  message = xmpp_test_get_message (test);
  g_assert_error (message->error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE);
  g_assert_cmpstr (message->id, ==, "m1");
  g_assert_null (message->body);
}

/* Whoever is told that something was not sent must not believe that it can be sent now. */
static void
unsent_cb (XmppSession *session,
           GArray *tokens,
           guint *n_told)
{
  g_assert_false (xmpp_session_is_online (session));
  g_assert_false (xmpp_session_send_stored (session, STORED ("1"), 1));
  (*n_told)++;
}

static void
test_unsent_offline (gconstpointer data)
{
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  const XmppSessionStart without_resumption = { .sm_enabled = TRUE };
  guint n_told = 0;
  static const LinnetTestStep steps[] = {
    { .c = STORED ("1") "<r " SM "/>", .act = LINNET_TEST_CLOSE },
    {},
  };

  g_signal_connect (test->session, "unsent", G_CALLBACK (unsent_cb), &n_told);
  xmpp_test_start (test, steps, &without_resumption);
  xmpp_test_send_stored (test, 1);
  linnet_test_assert_rejects (
      xmpp_session_wait_closed (test->session), XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_CLOSED);
  g_assert_cmpuint (n_told, ==, 1);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/xmpp/session/ack-follows-commit", test_ack_follows_commit, NULL);
  linnet_test_add ("/xmpp/session/everything-counts", test_everything_counts, NULL);
  linnet_test_add ("/xmpp/session/early-stanzas", test_early_stanzas, NULL);
  linnet_test_add ("/xmpp/session/back-pressure", test_back_pressure, NULL);
  linnet_test_add ("/xmpp/session/acked", test_acked, NULL);
  linnet_test_add ("/xmpp/session/acked-by-pong", test_acked_by_pong, NULL);
  linnet_test_add ("/xmpp/session/too-many-acked", test_too_many_acked, NULL);
  linnet_test_add ("/xmpp/session/unknown-requests", test_unknown_requests, NULL);
  linnet_test_add ("/xmpp/session/request-times-out", test_request_times_out, NULL);
  linnet_test_add ("/xmpp/session/request-without-connection", test_request_without_connection, NULL);
  linnet_test_add ("/xmpp/session/error-message", test_error_message, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/session/body/%s", bodies[i].name);

      linnet_test_add (path, test_body, GSIZE_TO_POINTER (i));
    }

  linnet_test_add ("/xmpp/session/unsent/offline", test_unsent_offline, NULL);

  return g_test_run ();
}
