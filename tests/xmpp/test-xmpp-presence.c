/* Tests of presence: contacts' resources, the best of them, the own presence
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-spawn.h"
#include "linnet-test-stream.h"
#include "xmpp-presence.h"
#include "xmpp-session-private.h"
#include "xmpp-test-session.h"

#define FROM(jid, rest) "<presence from='" jid "'>" rest "</presence>"
#define GONE(jid) "<presence type='unavailable' from='" jid "'><status>bye</status></presence>"

static const struct
{
  const char *name;
  const char *in;
  const char *about;
  const char *best; /* full address; NULL: offline */
  XmppShow show;
} rows[] = {
  { "online",
    FROM ("both@example.net/a", ""),
    "both@example.net",
    "both@example.net/a",
    XMPP_SHOW_ONLINE },
  { "away",
    FROM ("both@example.net/a", "<show>away</show>"),
    "both@example.net",
    "both@example.net/a",
    XMPP_SHOW_AWAY },
  { "extended-away",
    FROM ("both@example.net/a", "<show>xa</show>"),
    "both@example.net",
    "both@example.net/a",
    XMPP_SHOW_EXTENDED_AWAY },
  { "busy",
    FROM ("both@example.net/a", "<show>dnd</show>"),
    "both@example.net",
    "both@example.net/a",
    XMPP_SHOW_BUSY },
  { "chatty",
    FROM ("both@example.net/a", "<show>chat</show>"),
    "both@example.net",
    "both@example.net/a",
    XMPP_SHOW_CHAT },
  { "unknown-show",
    FROM ("both@example.net/a", "<show>dancing</show>"),
    "both@example.net",
    "both@example.net/a",
    XMPP_SHOW_ONLINE },
  { "about-a-resource",
    FROM ("both@example.net/a", ""),
    "both@example.net/other",
    "both@example.net/a",
    XMPP_SHOW_ONLINE },
  { "priority-first",
    FROM ("both@example.net/a", "<priority>1</priority>")
        FROM ("both@example.net/b", "<show>away</show><priority>5</priority>"),
    "both@example.net",
    "both@example.net/b",
    XMPP_SHOW_AWAY },
  { "show-then",
    FROM ("both@example.net/a", "<show>chat</show>") FROM ("both@example.net/b", "<show>dnd</show>"),
    "both@example.net",
    "both@example.net/a",
    XMPP_SHOW_CHAT },
  { "negative-priority",
    FROM ("both@example.net/a", "<priority>-1</priority>") FROM ("both@example.net/b", "<show>xa</show>"),
    "both@example.net",
    "both@example.net/b",
    XMPP_SHOW_EXTENDED_AWAY },
  { "impossible-priority",
    FROM ("both@example.net/a", "<priority>999</priority>")
        FROM ("both@example.net/b", "<priority>1</priority>"),
    "both@example.net",
    "both@example.net/b",
    XMPP_SHOW_ONLINE },
  { "newest-at-last",
    FROM ("both@example.net/a", "<delay xmlns='urn:xmpp:delay' stamp='2020-01-02T00:00:00Z'/>")
        FROM ("both@example.net/b", "<delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/>"),
    "both@example.net",
    "both@example.net/a",
    XMPP_SHOW_ONLINE },
  { "replaced",
    FROM ("both@example.net/a", "<show>chat</show>") FROM ("both@example.net/a", ""),
    "both@example.net",
    "both@example.net/a",
    XMPP_SHOW_ONLINE },
  { "gone", FROM ("both@example.net/a", "") GONE ("both@example.net/a"), "both@example.net", NULL, 0 },
  { "one-gone",
    FROM ("both@example.net/a", "") FROM ("both@example.net/b", "<show>away</show>")
        GONE ("both@example.net/a"),
    "both@example.net",
    "both@example.net/b",
    XMPP_SHOW_AWAY },
  { "all-gone",
    FROM ("both@example.net/a", "") FROM ("both@example.net/b", "") GONE ("both@example.net"),
    "both@example.net",
    NULL,
    0 },
  { "server-unreachable",
    FROM ("both@example.net/a",
          "") "<presence type='error' from='both@example.net'><error type='cancel'><remote-server-not-found "
              "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>",
    "both@example.net",
    NULL,
    0 },
  { "own-other-device",
    FROM ("ana@example.org/phone", "<show>away</show>"),
    "ana@example.org",
    "ana@example.org/phone",
    XMPP_SHOW_AWAY },
  { "subscription-to",
    FROM ("to@example.net/a", ""),
    "to@example.net",
    "to@example.net/a",
    XMPP_SHOW_ONLINE },
  /* Nobody we watch */
  { "subscription-from", FROM ("from@example.net/a", ""), "from@example.net", NULL, 0 },
  { "stranger", FROM ("mallory@example.com/a", ""), "mallory@example.com", NULL, 0 },
  { "malformed", FROM ("@", ""), "both@example.net", NULL, 0 },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppTest) test = xmpp_test_exchange (rows[row].in, NULL);
  XmppPresence *presence = xmpp_test_get_feature (test, XMPP_TYPE_PRESENCE);
  g_autoptr (XmppJid) jid = xmpp_test_jid (rows[row].about);
  const XmppPresenceInfo *best = xmpp_presence_get_best (presence, jid);
  g_autoptr (GPtrArray) all = xmpp_presence_list (presence, jid);

  g_assert_cmpint (best != NULL, ==, rows[row].best != NULL);
  g_assert_cmpint (all->len > 0, ==, best != NULL);
  g_assert_cmpint (g_ptr_array_find (all, best, NULL), ==, best != NULL);
  if (best == NULL)
    return;
  g_assert_cmpstr (xmpp_jid_get_string (best->jid), ==, rows[row].best);
  g_assert_cmpint (best->show, ==, rows[row].show);
}

static void
test_status (gconstpointer data)
{
  g_autoptr (XmppTest) test = xmpp_test_exchange (
      FROM ("both@example.net/a",
            "<status>Out\x7f for lunch</status><delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/>")
          FROM ("to@example.net/a", "") GONE ("to@example.net/a"),
      NULL);
  XmppPresence *presence = xmpp_test_get_feature (test, XMPP_TYPE_PRESENCE);
  g_autoptr (XmppJid) both = xmpp_test_jid ("both@example.net");
  g_autoptr (XmppJid) to = xmpp_test_jid ("to@example.net");
  const XmppPresenceInfo *best = xmpp_presence_get_best (presence, both);
  gint64 since = 0;

  g_assert_cmpstr (best->status, ==, "Out for lunch");
  g_assert_cmpint (best->since, ==, G_GINT64_CONSTANT (1577836800) * G_USEC_PER_SEC);
  g_assert_cmpstr (xmpp_presence_get_last_status (presence, to, &since), ==, "bye");
  g_assert_cmpint (since, >, best->since);
}

/* Some servers say no farewell for whom we removed, or ceased to watch. */
static void
test_end_of_subscription (gconstpointer data)
{
  static const char *const ends[] = { "remove", "none", "from" };

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *in =
          g_strdup_printf ("<presence from='both@example.net/a'/><presence from='to@example.net/a'/>"
                           "<iq type='set' id='p1'><query xmlns='jabber:iq:roster'>"
                           "<item jid='both@example.net' subscription='%s'/></query></iq>"
                           "<iq type='set' id='p2'><query xmlns='jabber:iq:roster'>"
                           "<item jid='to@example.net' name='To' subscription='to'/></query></iq>",
                           ends[i]);
      g_autoptr (XmppTest) test =
          xmpp_test_exchange (in, "<iq type='result' id='p1'/><iq type='result' id='p2'/>");
      XmppPresence *presence = xmpp_test_get_feature (test, XMPP_TYPE_PRESENCE);
      g_autoptr (XmppJid) both = xmpp_test_jid ("both@example.net");
      g_autoptr (XmppJid) to = xmpp_test_jid ("to@example.net");

      g_assert_null (xmpp_presence_get_best (presence, both));
      g_assert_nonnull (xmpp_presence_get_best (presence, to));
    }
}

static void
test_many_resources (gconstpointer data)
{
  g_autoptr (GString) in = g_string_new (NULL);
  g_autoptr (XmppTest) test = NULL;
  g_autoptr (XmppJid) jid = xmpp_test_jid ("both@example.net");

  for (guint i = 0; i < 50; i++)
    g_string_append_printf (in, FROM ("both@example.net/%u", "<priority>%u</priority>"), i, i);
  test = xmpp_test_exchange (in->str, NULL);

  g_assert_cmpstr (
      xmpp_jid_get_string (
          xmpp_presence_get_best (xmpp_test_get_feature (test, XMPP_TYPE_PRESENCE), jid)->jid),
      ==,
      "both@example.net/31");
}

static void
last_cb (XmppPresence *presence,
         XmppJid *jid,
         DexPromise *last)
{
  const XmppPresenceInfo *best = xmpp_presence_get_best (presence, jid);

  if (best != NULL && g_strcmp0 (best->status, "1000") == 0 && dex_future_is_pending (DEX_FUTURE (last)))
    dex_promise_resolve_boolean (last, TRUE);
}

/* P12: what comes too fast is put off, and an own device is nobody to be limited. */
static void
test_flood (gconstpointer data)
{
  static const char *const who[] = { "both@example.net", "ana@example.org" };

  for (gsize i = 0; i < G_N_ELEMENTS (who); i++)
    {
      g_autoptr (DexPromise) promise = dex_promise_new ();
      g_autoptr (GString) in = g_string_new (NULL);
      g_autoptr (XmppTest) test = NULL;
      g_autoptr (XmppJid) jid = xmpp_test_jid (who[i]);
      guint last;

      for (guint n = 1; n <= 1000; n++)
        g_string_append_printf (in, "<presence from='%s/x'><status>%u</status></presence>", who[i], n);
      test = xmpp_test_exchange (in->str, NULL);

      last = g_ascii_strtoull (
          xmpp_presence_get_best (xmpp_test_get_feature (test, XMPP_TYPE_PRESENCE), jid)->status, NULL, 10);
      if (i == 0)
        {
          g_assert_cmpuint (last, <, 1000);
          g_signal_connect (
              xmpp_test_get_feature (test, XMPP_TYPE_PRESENCE), "changed", G_CALLBACK (last_cb), promise);
          linnet_test_assert_resolves (dex_ref (DEX_FUTURE (promise)));
        }
      else
        {
          g_assert_cmpuint (last, ==, 1000);
        }
    }
}

/* What nobody looks at is not kept for later; a request for a subscription is. */
static void
test_flood_of_stranger (gconstpointer data)
{
  g_autoptr (GString) in = g_string_new (NULL);
  g_autoptr (XmppTest) test = NULL;

  for (guint n = 0; n < 300; n++)
    g_string_append_printf (in,
                            "<presence from='none@example.net/%u'/>"
                            "<presence from='none@example.net/%u' type='error'/>"
                            "<message from='mallory@example.net'>"
                            "<event xmlns='http://jabber.org/protocol/pubsub#event'>"
                            "<items node='urn:example:%u'><item/></items></event></message>",
                            n,
                            n,
                            n);
  g_string_append (in, "<presence from='none@example.net' type='subscribe'/>");
  test = xmpp_test_exchange (in->str, NULL);

  g_assert_cmpuint (xmpp_flood_get_n_kept (test->session->flood), ==, 1);
}

static void
changed_cb (XmppPresence *presence,
            XmppJid *jid,
            GString *log)
{
  g_string_append_printf (log, "%s ", xmpp_jid_get_string (jid));
}

/* The window is told once, however much came in one go; and everybody is offline when the session is over. */
static void
test_changed (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = FROM ("both@example.net/a", "") FROM ("both@example.net/b", "")
          FROM ("both@example.net/a", "<show>away</show>") },
    { .s = XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C, .act = LINNET_TEST_CLOSE },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppPresence *presence = xmpp_test_get_feature (test, XMPP_TYPE_PRESENCE);
  g_autoptr (XmppJid) jid = xmpp_test_jid ("both@example.net");
  g_autoptr (GString) log = g_string_new (NULL);

  xmpp_test_start (test, steps, NULL);
  linnet_test_stream_set_chunks (LINNET_TEST_STREAM (linnet_test_server_get_stream (test->server)),
                                 LINNET_TEST_CHUNKS_WHOLE);
  g_signal_connect (presence, "changed", G_CALLBACK (changed_cb), log);
  xmpp_test_finish (test);
  dex_await (xmpp_session_wait_closed (test->session), NULL);
  linnet_test_settle ();

  g_assert_cmpstr (log->str, ==, "both@example.net both@example.net ");
  g_assert_null (xmpp_presence_get_best (presence, jid));
}

/* ---- the own presence ---- */

#define CAPS "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://linnet.im' ver='*'/>"
#define UPDATE "<x xmlns='vcard-temp:x:update'/>"

static void
test_own (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = XMPP_TEST_INTRO_C, .s = XMPP_TEST_INTRO_S ("") },
    { .c = "<presence><show>away</show><status>Tea &amp; cake</status>" CAPS UPDATE "</presence>" },
    { .c = "<presence><show>dnd</show>" CAPS UPDATE "</presence>" },
    { .c = "<presence type='unavailable'/>" },
    { .c = XMPP_TEST_PRESENCE_C },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppPresence *presence = xmpp_test_get_feature (test, XMPP_TYPE_PRESENCE);

  xmpp_presence_set_own (presence, XMPP_SHOW_AWAY, "Tea & cake");
  xmpp_test_start (test, steps, NULL);
  xmpp_presence_set_own (presence, XMPP_SHOW_AWAY, "Tea & cake"); /* nothing new */
  xmpp_presence_set_own (presence, XMPP_SHOW_BUSY, "");
  xmpp_presence_set_own (presence, XMPP_SHOW_OFFLINE, NULL);
  xmpp_presence_set_own (presence, XMPP_SHOW_ONLINE, NULL);
  xmpp_test_finish (test);
}

static void
test_invisible_start (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = XMPP_TEST_INTRO_C, .s = XMPP_TEST_INTRO_S ("") XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    { .c = XMPP_TEST_PRESENCE_C },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppPresence *presence = xmpp_test_get_feature (test, XMPP_TYPE_PRESENCE);

  xmpp_presence_set_own (presence, XMPP_SHOW_OFFLINE, NULL);
  xmpp_test_start (test, steps, NULL);
  linnet_test_settle ();
  xmpp_presence_set_own (presence, XMPP_SHOW_ONLINE, NULL);
  xmpp_test_finish (test);
}

/* Nobody here knows who is online when a session of an earlier run goes on: only a first presence makes the
 * server say. */
static void
test_adopted (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = XMPP_TEST_INTRO_C "<r xmlns='urn:xmpp:sm:3'/>",
      .s = XMPP_TEST_INTRO_S ("") "<a xmlns='urn:xmpp:sm:3' h='5'/>" },
    { .c = "<presence type='unavailable'/>" XMPP_TEST_PRESENCE_C "<r xmlns='urn:xmpp:sm:3'/>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  g_autoptr (XmppJid) full = xmpp_test_jid (XMPP_TEST_FULL_JID);

  xmpp_session_restore (test->session,
                        &(XmppSessionMemory) { .full_jid = full, .sm_id = "old", .sm_h = 7 });
  xmpp_test_start (test, steps, &(XmppSessionStart) { .resumed = TRUE });
  xmpp_test_finish (test);
}

/* A connection that breaks before the presence was sent: it is sent when the session goes on. */
static void
test_interrupted (gconstpointer data)
{
  static const XmppSessionStart with_sm = { .sm_enabled = TRUE,
                                            .sm_resumable = TRUE,
                                            .sm_id = (char *) "id1" };
  static const LinnetTestStep first[] = {
    { .c = XMPP_TEST_INTRO_C "<r xmlns='urn:xmpp:sm:3'/>", .act = LINNET_TEST_RESET }, {}
  };
  static const LinnetTestStep second[] = {
    { .c = XMPP_TEST_INTRO_C "<r xmlns='urn:xmpp:sm:3'/>",
      .s = XMPP_TEST_INTRO_S ("") "<a xmlns='urn:xmpp:sm:3' h='5'/>" },
    { .c = XMPP_TEST_PRESENCE_C "<r xmlns='urn:xmpp:sm:3'/>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  g_autoptr (XmppJid) full = xmpp_test_jid (XMPP_TEST_FULL_JID);
  XmppSessionStart start = with_sm;

  xmpp_test_connect (test, first);
  start.full_jid = full;
  linnet_test_assert_rejects (xmpp_session_start (test->session, test->stream, &start),
                              G_IO_ERROR,
                              G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_false (xmpp_session_is_online (test->session));

  xmpp_test_start (test, second, &(XmppSessionStart) { .resumed = TRUE, .sm_h = 0 });
  g_assert_true (xmpp_session_is_online (test->session));
  xmpp_test_finish (test);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/presence/contact/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/presence/status", test_status, NULL);
  linnet_test_add ("/xmpp/presence/end-of-subscription", test_end_of_subscription, NULL);
  linnet_test_add ("/xmpp/presence/many-resources", test_many_resources, NULL);
  linnet_test_add ("/xmpp/presence/flood", test_flood, NULL);
  linnet_test_add ("/xmpp/presence/flood-of-stranger", test_flood_of_stranger, NULL);
  linnet_test_add ("/xmpp/presence/changed", test_changed, NULL);
  linnet_test_add ("/xmpp/presence/own", test_own, NULL);
  linnet_test_add ("/xmpp/presence/invisible-start", test_invisible_start, NULL);
  linnet_test_add ("/xmpp/presence/adopted", test_adopted, NULL);
  linnet_test_add ("/xmpp/presence/interrupted", test_interrupted, NULL);

  return g_test_run ();
}
