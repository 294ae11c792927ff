/* Tests of the session: counting, acknowledging, resuming (R2–R9), requests (R23), watching the peer (R20)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-spawn.h"
#include "xmpp-assert.h"
#include "xmpp-builder.h"
#include "xmpp-session-private.h"
#include "xmpp-test-session.h"

#define SM "xmlns='urn:xmpp:sm:3'"

static const GType no_features[] = { G_TYPE_INVALID };

static const XmppSessionStart with_sm = { .sm_enabled = TRUE, .sm_resumable = TRUE, .sm_id = (char *) "id1" };

#define MESSAGE(n)                                                                           \
  "<message from='mira@example.net/x' to='ana@example.org' type='chat' id='m" n "'><body>" n \
  "</body></message>"

static void
collect_cb (XmppSession *session,
            GArray *tokens,
            GArray *all)
{
  g_array_append_vals (all, tokens->data, tokens->len);
}

static void
unref_cb (gpointer data,
          GClosure *closure)
{
  g_array_unref (data);
}

static GArray *
collect (XmppTest *test,
         const char *signal)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_signal_connect_data (test->session, signal, G_CALLBACK (collect_cb), g_array_ref (all), unref_cb, 0);

  return all;
}

static void
assert_tokens (GArray *tokens,
               const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < tokens->len; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "", g_array_index (tokens, gint64, i));

  g_assert_cmpstr (text->str, ==, expected);
}

static void
send_stored (XmppTest *test,
             gint64 token)
{
  g_autofree char *xml =
      g_strdup_printf ("<message to='mira@example.net' id='s%d'><body>x</body></message>", (int) token);

  g_assert_true (xmpp_session_send_stored (test->session, xml, token));
}

#define STORED(n) "<message to='mira@example.net' id='s" n "'><body>x</body></message>"

/* Waits for so many items in all, then makes them durable. */
static void
commit (XmppTest *test,
        guint n_items)
{
  while (test->inbox->len < n_items)
    linnet_test_settle ();
  g_assert_cmpuint (test->inbox->len, ==, n_items);
  xmpp_session_commit (test->session, ((XmppInboxItem *) test->inbox->pdata[n_items - 1])->h);
}

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
  send_stored (test, 11);
  commit (test, 4);
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
  commit (test, 2);
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
  commit (test, 2);
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
  g_autoptr (GArray) acked = collect (test, "acked");

  xmpp_test_start (test, steps, &with_sm);
  send_stored (test, 11);
  send_stored (test, 12);
  send_stored (test, 13);
  xmpp_test_finish (test);

  assert_tokens (acked, "11 12 13");
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
  g_autoptr (GArray) acked = collect (test, "acked");
  g_autoptr (GArray) unsent = collect (test, "unsent");

  xmpp_test_start (test, steps, NULL);
  send_stored (test, 11);
  send_stored (test, 12);
  while (acked->len < 2)
    linnet_test_settle ();
  send_stored (test, 13);
  while (acked->len < 3)
    linnet_test_settle ();
  send_stored (test, 14);
  xmpp_test_finish (test);

  assert_tokens (acked, "11 12 13");
  assert_tokens (unsent, "14");
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
  g_autoptr (GArray) acked = collect (test, "acked");
  g_autoptr (GArray) unsent = collect (test, "unsent");
  g_autofree char *id = NULL;
  guint32 h;

  xmpp_test_start (test, steps, &with_sm);
  send_stored (test, 11);
  linnet_test_assert_rejects (xmpp_session_wait_closed (test->session),
                              XMPP_STREAM_ERROR,
                              XMPP_STREAM_ERROR_PROTOCOL);

  assert_tokens (acked, "");
  assert_tokens (unsent, "11");
  g_assert_false (xmpp_session_get_resumption (test->session, &id, &h));
}

/* ---- resuming ---- */

static void
test_resume (gconstpointer data)
{
  static const LinnetTestStep first[] = {
    { .c = STORED ("11") STORED ("12") "<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>" STORED (
          "13") "<r " SM "/>",
      .s = MESSAGE ("1") "<presence from='mira@example.net/x'/>",
      .act = LINNET_TEST_RESET },
    {},
  };
  static const LinnetTestStep second[] = {
    { .c = "<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>" STORED ("13") "<r " SM "/>",
      .s = "<a " SM " h='4'/><iq type='result' id='$1'/><r " SM "/>" },
    { .c = "<a " SM " h='2'/><a " SM " h='3'/>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (GArray) acked = collect (test, "acked");
  g_autoptr (GArray) unsent = collect (test, "unsent");
  g_autoptr (DexFuture) pong = NULL;
  g_autofree char *id = NULL;
  guint32 h = 0;

  xmpp_test_start (test, first, &with_sm);
  send_stored (test, 11);
  send_stored (test, 12);
  pong = xmpp_session_send_iq (test->session, xmpp_iq_get (NULL, xmpp_el ("ping", "urn:xmpp:ping")));
  send_stored (test, 13);
  xmpp_test_finish (test);
  linnet_test_assert_rejects (xmpp_session_wait_closed (test->session),
                              G_IO_ERROR,
                              G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_false (xmpp_session_is_online (test->session));
  g_assert_false (xmpp_session_send_stored (test->session, STORED ("14"), 14));

  linnet_test_assert_resolves (xmpp_session_wait_drained (test->session));
  g_assert_true (xmpp_session_get_resumption (test->session, &id, &h));
  g_assert_cmpstr (id, ==, "id1");
  g_assert_cmpuint (h, ==, 2);
  g_assert_true (dex_future_is_pending (pong));

  xmpp_test_start (test, second, &(XmppSessionStart) { .resumed = TRUE, .sm_h = 2 });
  test->commit = FALSE;
  g_assert_true (xmpp_session_is_online (test->session));
  commit (test, 3);
  linnet_test_assert_resolves (g_steal_pointer (&pong));
  xmpp_test_finish (test);
  assert_tokens (acked, "11 12 13");
  assert_tokens (unsent, "");
  g_assert_cmpuint (xmpp_test_count_messages (test), ==, 1);
}

/* The server has forgotten the session, but knows what it had of it (XEP-0198 section 5). */
static void
test_resume_failed (gconstpointer data)
{
  static const LinnetTestStep first[] = {
    { .c = STORED ("11") STORED ("12") "<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>" STORED (
          "13") "<r " SM "/>",
      .act = LINNET_TEST_RESET },
    {},
  };
  static const LinnetTestStep second[] = {
    { .s = MESSAGE ("1") "<r " SM "/>" },
    { .c = "<a " SM " h='0'/><a " SM " h='1'/>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (GArray) acked = collect (test, "acked");
  g_autoptr (GArray) unsent = collect (test, "unsent");
  DexFuture *pong = NULL;
  XmppSessionStart fresh = with_sm;

  xmpp_test_start (test, first, &with_sm);
  send_stored (test, 11);
  send_stored (test, 12);
  pong = xmpp_session_send_iq (test->session, xmpp_iq_get (NULL, xmpp_el ("ping", "urn:xmpp:ping")));
  send_stored (test, 13);
  xmpp_test_finish (test);
  assert_tokens (unsent, "");

  test->commit = FALSE;
  fresh.sm_h_known = TRUE;
  fresh.sm_h = 1;
  xmpp_test_start (test, second, &fresh);
  linnet_test_assert_rejects (pong, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_DISCONNECTED);
  assert_tokens (acked, "11");
  assert_tokens (unsent, "12 13");
  commit (test, 1);
  xmpp_test_finish (test);
}

/* What was not made durable in the old session must not count in the new one (R2). */
static void
test_old_items_first (gconstpointer data)
{
  static const LinnetTestStep first[] = { { .s = MESSAGE ("1") MESSAGE ("2"), .act = LINNET_TEST_CLOSE },
                                          {} };
  static const LinnetTestStep second[] = { { .s = MESSAGE ("3") "<r " SM "/>" },
                                           { .c = "<a " SM " h='0'/><a " SM " h='1'/>" },
                                           {} };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (XmppJid) full = xmpp_test_jid (XMPP_TEST_FULL_JID);
  XmppSessionStart fresh = with_sm;
  g_autoptr (DexFuture) started = NULL;

  test->commit = FALSE;
  xmpp_test_start (test, first, &with_sm);
  xmpp_test_finish (test);
  g_assert_cmpuint (xmpp_test_count_messages (test), ==, 2);

  xmpp_test_connect (test, second);
  fresh.full_jid = full;
  started = xmpp_session_start (test->session, test->stream, &fresh);
  linnet_test_settle ();
  g_assert_true (dex_future_is_pending (started));

  commit (test, 2);
  linnet_test_assert_resolves (g_steal_pointer (&started));
  commit (test, 3);
  xmpp_test_finish (test);
  g_assert_cmpuint (xmpp_test_count_messages (test), ==, 3);
}

/* After a restart of the program. */
static void
test_adopt (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .s = MESSAGE ("1") "<r " SM "/>" },
    { .c = "<a " SM " h='4294967295'/><a " SM " h='0'/>" },
    { .c = STORED ("11") "<r " SM "/>", .s = "<a " SM " h='8'/>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (GArray) acked = collect (test, "acked");
  g_autoptr (XmppJid) full = xmpp_test_jid (XMPP_TEST_FULL_JID);
  g_autofree char *id = NULL;
  guint32 h = 0;

  xmpp_session_restore (test->session,
                        &(XmppSessionMemory) { .full_jid = full, .sm_id = "old", .sm_h = G_MAXUINT32 });
  g_assert_true (xmpp_session_get_resumption (test->session, &id, &h));
  g_assert_cmpstr (id, ==, "old");
  g_assert_cmpuint (h, ==, G_MAXUINT32);

  test->commit = FALSE;
  xmpp_test_start (test, steps, &(XmppSessionStart) { .resumed = TRUE, .sm_h = 7 });
  g_assert_true (xmpp_session_is_adopted (test->session));
  g_assert_cmpstr (xmpp_jid_get_string (xmpp_session_get_full_jid (test->session)), ==, XMPP_TEST_FULL_JID);
  commit (test, 1);
  send_stored (test, 11);
  xmpp_test_finish (test);
  assert_tokens (acked, "11");
}

/* What that run had sent goes on with its numbers. */
static void
test_adopt_sent (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = STORED ("12") STORED ("13") STORED ("14") "<r " SM "/>", .s = "<a " SM " h='9'/>" },
    { .c = "<r " SM "/>", .s = "<a " SM " h='10'/>" },
    {},
  };
  static const struct
  {
    guint32 counter;
    gint64 token;
    const char *xml;
  } sent[] = { { 4, 11, STORED ("11") }, { 8, 12, STORED ("12") }, { 9, 13, STORED ("13") } };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (GArray) acked = collect (test, "acked");
  g_autoptr (GArray) unsent = collect (test, "unsent");
  g_autoptr (XmppJid) full = xmpp_test_jid (XMPP_TEST_FULL_JID);
  g_autoptr (XmppNode) features =
      xmpp_node_from_literal ("<features xmlns='http://etherx.jabber.org/streams'/>");

  xmpp_session_restore (test->session,
                        &(XmppSessionMemory) {
                            .full_jid = full, .sm_id = "old", .acked = 3, .stream_features = features });
  for (guint i = 0; i < G_N_ELEMENTS (sent); i++)
    xmpp_session_restore_sent (test->session, sent[i].counter, sent[i].xml, sent[i].token);
  g_assert_true (xmpp_session_get_stream_features (test->session) == features);

  xmpp_test_start (test, steps, &(XmppSessionStart) { .resumed = TRUE, .sm_h = 7 });
  assert_tokens (acked, "11");
  send_stored (test, 14);
  xmpp_test_finish (test);
  assert_tokens (acked, "11 12 13 14");
  assert_tokens (unsent, "");
}

static void
test_impossible_resumption (gconstpointer data)
{
  static const LinnetTestStep first[] = { { .c = STORED ("11") "<r " SM "/>", .act = LINNET_TEST_RESET },
                                          {} };
  static const LinnetTestStep second[] = {
    { .c = "<stream:error><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
           "<handled-count-too-high " SM " h='5' send-count='1'/></stream:error>",
      .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (GArray) unsent = collect (test, "unsent");

  xmpp_test_start (test, first, &with_sm);
  send_stored (test, 11);
  xmpp_test_finish (test);

  xmpp_test_connect (test, second);
  linnet_test_assert_rejects (xmpp_session_start (test->session,
                                                  test->stream,
                                                  &(XmppSessionStart) { .resumed = TRUE, .sm_h = 5 }),
                              XMPP_STREAM_ERROR,
                              XMPP_STREAM_ERROR_PROTOCOL);
  assert_tokens (unsent, "11");
  xmpp_test_finish (test);
}

/* ---- notes for the next run of the program ---- */

static void
begun_cb (gpointer text,
          const char *sm_id)
{
  g_string_append_printf (text, "begun %s\n", sm_id);
}

static void
sent_cb (gpointer text,
         gint64 token,
         guint32 counter)
{
  g_string_append_printf (text, "sent %" G_GINT64_FORMAT " as %u\n", token, counter);
}

static void
noted_cb (gpointer text,
          guint32 counter)
{
  g_string_append_printf (text, "acked %u\n", counter);
}

static void
told_cb (XmppSession *session,
         GArray *tokens,
         GString *text)
{
  g_string_append_printf (text, "told %u\n", tokens->len);
}

static const XmppSessionJournal journal = { .begun = begun_cb, .sent = sent_cb, .acked = noted_cb };

/* Each thing is noted before it is told or done. */
static void
test_journal (gconstpointer data)
{
  static const LinnetTestStep first[] = {
    { .c = "<presence/>" STORED ("11") STORED ("12") "<r " SM "/>", .s = "<a " SM " h='2'/>" },
    { .c = "<r " SM "/>", .act = LINNET_TEST_RESET },
    {},
  };
  static const LinnetTestStep second[] = {
    { .c = STORED ("12") "<r " SM "/>", .act = LINNET_TEST_RESET },
    {},
  };
  static const LinnetTestStep third[] = {
    { .c = STORED ("13") "<r " SM "/>", .act = LINNET_TEST_RESET },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (GString) text = g_string_new (NULL);
  XmppSessionStart fresh = with_sm;

  xmpp_session_set_journal (test->session, &journal, text);
  g_signal_connect (test->session, "acked", G_CALLBACK (told_cb), text);
  xmpp_test_start (test, first, &with_sm);
  xmpp_session_send (test->session, xmpp_el ("presence", XMPP_NS_CLIENT));
  send_stored (test, 11);
  send_stored (test, 12);
  xmpp_test_finish (test);
  xmpp_test_start (test, second, &(XmppSessionStart) { .resumed = TRUE, .sm_h = 2 });
  xmpp_test_finish (test);
  g_assert_cmpstr (text->str,
                   ==,
                   "begun id1\nsent 11 as 2\nsent 12 as 3\nacked 2\ntold 1\nacked 2\nsent 12 as 3\n");

  /* Nothing is noted of a stream that cannot be resumed. */
  g_string_truncate (text, 0);
  fresh.sm_resumable = FALSE;
  xmpp_test_start (test, third, &fresh);
  send_stored (test, 13);
  xmpp_test_finish (test);
  g_assert_cmpstr (text->str, ==, "");
  xmpp_session_set_journal (test->session, NULL, NULL);
}

/* What <failed/> told is told on while the stream is still the one that is remembered. */
static void
test_settle (gconstpointer data)
{
  static const LinnetTestStep first[] = {
    { .c = STORED ("11") STORED ("12") "<r " SM "/>", .act = LINNET_TEST_RESET },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (GArray) acked = collect (test, "acked");
  g_autoptr (GArray) unsent = collect (test, "unsent");
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *id = NULL;
  guint32 h;

  xmpp_test_start (test, first, &with_sm);
  send_stored (test, 11);
  send_stored (test, 12);
  xmpp_test_finish (test);

  xmpp_session_set_journal (test->session, &journal, text);
  xmpp_session_settle (test->session, 3); /* cannot be */
  assert_tokens (acked, "");
  xmpp_session_settle (test->session, 1);
  assert_tokens (acked, "11");
  assert_tokens (unsent, "");
  g_assert_cmpstr (text->str, ==, "acked 1\n");
  g_assert_true (xmpp_session_get_resumption (test->session, &id, &h));
  xmpp_session_set_journal (test->session, NULL, NULL);
}

/* ---- closing ---- */

static void
test_close (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .s = MESSAGE ("1") },
    { .c = STORED ("11") "<r " SM "/>" },
    { .c = "<r " SM "/>", .s = "<a " SM " h='1'/>" },
    { .c = "<a " SM " h='1'/>" },
    { .c = "</stream:stream>", .s = "</stream:stream>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (GArray) acked = collect (test, "acked");
  g_autoptr (GArray) unsent = collect (test, "unsent");
  g_autofree char *id = NULL;
  guint32 h;

  xmpp_test_start (test, steps, &with_sm);
  while (test->inbox->len < 1)
    linnet_test_settle ();
  send_stored (test, 11);
  linnet_test_settle ();
  linnet_test_assert_resolves (xmpp_session_close (test->session));
  xmpp_test_finish (test);

  assert_tokens (acked, "11");
  assert_tokens (unsent, "");
  g_assert_false (xmpp_session_is_online (test->session));
  g_assert_false (xmpp_session_get_resumption (test->session, &id, &h));
}

/* The connection is lost before the farewell has begun. */
static void
test_abort_while_closing (gconstpointer data)
{
  static const LinnetTestStep first[] = { { .act = LINNET_TEST_WAIT_EOF }, {} };
  static const LinnetTestStep second[] = { { .c = STORED ("11") "<r " SM "/>", .s = "<a " SM " h='1'/>" },
                                           {} };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  DexFuture *closed;

  xmpp_test_start (test, first, &with_sm);
  closed = xmpp_session_close (test->session);
  xmpp_session_abort (test->session);
  linnet_test_assert_resolves (closed);
  xmpp_test_finish (test);
  g_assert_false (xmpp_session_is_online (test->session));

  xmpp_test_start (test, second, &with_sm);
  send_stored (test, 11);
  xmpp_test_finish (test);
}

/* ---- watching the peer ---- */

static void
test_dead_after_sending (gconstpointer data)
{
  static const LinnetTestStep steps[] = { { .c = STORED ("11") "<r " SM "/>", .act = LINNET_TEST_WAIT_EOF },
                                          {} };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autofree char *id = NULL;
  guint32 h;

  g_object_set (test->session, "ack-timeout", 20, NULL);
  xmpp_test_start (test, steps, &with_sm);
  send_stored (test, 11);
  linnet_test_assert_rejects (xmpp_session_wait_closed (test->session),
                              XMPP_STREAM_ERROR,
                              XMPP_STREAM_ERROR_TIMEOUT);
  /* Dead is the connection, not the session. */
  g_assert_true (xmpp_session_get_resumption (test->session, &id, &h));
}

/* The time to answer starts with each request, however long ago the one before was answered. */
static void
test_second_burst (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = STORED ("11") "<r " SM "/>", .s = "<a " SM " h='1'/>" },
    { .c = STORED ("12") "<r " SM "/>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (GArray) acked = collect (test, "acked");
  GSource *deadline;
  gint64 sent_at;

  xmpp_test_start (test, steps, &with_sm);
  send_stored (test, 11);
  while (acked->len < 1)
    linnet_test_settle ();
  g_assert_cmpuint (test->session->ack_timer, ==, 0);

  sent_at = g_get_monotonic_time ();
  send_stored (test, 12);
  xmpp_test_finish (test);
  deadline = g_main_context_find_source_by_id (NULL, test->session->ack_timer);
  g_assert_nonnull (deadline);
  g_assert_cmpint (g_source_get_ready_time (deadline) - sent_at, >=, test->session->ack_timeout * 1000);
}

static void
test_dead_while_idle (gconstpointer data)
{
  static const LinnetTestStep steps[] = { { .c = "<r " SM "/>", .act = LINNET_TEST_WAIT_EOF }, {} };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);

  g_object_set (test->session, "ack-timeout", 20, "idle-timeout", 20, NULL);
  xmpp_test_start (test, steps, &with_sm);
  linnet_test_assert_rejects (xmpp_session_wait_closed (test->session),
                              XMPP_STREAM_ERROR,
                              XMPP_STREAM_ERROR_TIMEOUT);
}

static void
test_alive_while_idle (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = "<r " SM "/>", .s = "<a " SM " h='0'/>" },
    { .c = "<r " SM "/>", .s = " " },
    { .c = "<r " SM "/>", .s = "<a " SM " h='0'/>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);

  g_object_set (test->session, "ack-timeout", 2000, "idle-timeout", 10, NULL);
  xmpp_test_start (test, steps, &with_sm);
  xmpp_test_finish (test);
  g_assert_true (xmpp_session_is_online (test->session));
}

static void
test_probe (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = "<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>",
      .s = "<presence from='mira@example.net/x'/>" },
    { .c = "<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>", .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);

  xmpp_test_start (test, steps, NULL);
  linnet_test_assert_resolves (xmpp_session_probe (test->session, 5000));
  linnet_test_assert_rejects (xmpp_session_probe (test->session, 20),
                              XMPP_STREAM_ERROR,
                              XMPP_STREAM_ERROR_TIMEOUT);
  g_assert_false (xmpp_session_is_online (test->session));
  linnet_test_assert_rejects (xmpp_session_probe (test->session, 20),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_DISCONNECTED);
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
  commit (test, 1);
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
  send_stored (test, 1);
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
  linnet_test_add ("/xmpp/session/resume", test_resume, NULL);
  linnet_test_add ("/xmpp/session/resume-failed", test_resume_failed, NULL);
  linnet_test_add ("/xmpp/session/old-items-first", test_old_items_first, NULL);
  linnet_test_add ("/xmpp/session/adopt", test_adopt, NULL);
  linnet_test_add ("/xmpp/session/adopt/sent", test_adopt_sent, NULL);
  linnet_test_add ("/xmpp/session/impossible-resumption", test_impossible_resumption, NULL);
  linnet_test_add ("/xmpp/session/journal", test_journal, NULL);
  linnet_test_add ("/xmpp/session/settle", test_settle, NULL);
  linnet_test_add ("/xmpp/session/close", test_close, NULL);
  linnet_test_add ("/xmpp/session/abort-while-closing", test_abort_while_closing, NULL);
  linnet_test_add ("/xmpp/session/dead-after-sending", test_dead_after_sending, NULL);
  linnet_test_add ("/xmpp/session/second-burst", test_second_burst, NULL);
  linnet_test_add ("/xmpp/session/dead-while-idle", test_dead_while_idle, NULL);
  linnet_test_add ("/xmpp/session/alive-while-idle", test_alive_while_idle, NULL);
  linnet_test_add ("/xmpp/session/probe", test_probe, NULL);
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
