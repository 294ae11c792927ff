/* Tests of the roster: versions, pushes from the own account only (I2), verbs, who may see whom
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-spawn.h"
#include "xmpp-assert.h"
#include "xmpp-roster.h"
#include "xmpp-test-session.h"

#define PUSH(from, item) \
  "<iq type='set' id='p'" from "><query xmlns='jabber:iq:roster' ver='v2'>" item "</query></iq>"
#define NEW_ITEM "<item jid='new@example.net' name='New' subscription='none'/>"
#define RESULT "<iq type='result' id='p'/>"
#define RESULT_TO(to) "<iq type='result' id='p' to='" to "'/>"
#define UNAVAILABLE(to)                                       \
  "<iq type='error' id='p' to='" to "'><error type='cancel'>" \
  "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
#define BAD_REQUEST                                            \
  "<iq type='error' id='p'><error type='modify'><bad-request " \
  "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"

static const struct
{
  const char *name;
  const char *in;
  const char *out;
  gboolean accepted;
} pushes[] = {
  { "nobody", PUSH ("", NEW_ITEM), RESULT, TRUE },
  { "account", PUSH (" from='ana@example.org'", NEW_ITEM), RESULT_TO ("ana@example.org"), TRUE },
  { "contact", PUSH (" from='both@example.net/x'", NEW_ITEM), UNAVAILABLE ("both@example.net/x"), FALSE },
  { "contact-bare", PUSH (" from='both@example.net'", NEW_ITEM), UNAVAILABLE ("both@example.net"), FALSE },
  { "stranger",
    PUSH (" from='mallory@example.com/x'", NEW_ITEM),
    UNAVAILABLE ("mallory@example.com/x"),
    FALSE },
  { "own-resource",
    PUSH (" from='ana@example.org/phone'", NEW_ITEM),
    UNAVAILABLE ("ana@example.org/phone"),
    FALSE },
  { "this-resource",
    PUSH (" from='ana@example.org/desk'", NEW_ITEM),
    UNAVAILABLE ("ana@example.org/desk"),
    FALSE },
  { "own-server", PUSH (" from='example.org'", NEW_ITEM), UNAVAILABLE ("example.org"), FALSE },
  { "neighbour", PUSH (" from='mira@example.org'", NEW_ITEM), UNAVAILABLE ("mira@example.org"), FALSE },
  { "two-items", PUSH ("", NEW_ITEM NEW_ITEM), BAD_REQUEST, FALSE },
  { "no-item", PUSH ("", ""), BAD_REQUEST, FALSE },
  { "bad-address", PUSH ("", "<item jid='@'/>"), BAD_REQUEST, FALSE },
  { "no-address", PUSH ("", "<item name='New'/>"), BAD_REQUEST, FALSE },
};

static void
test_push (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppTest) test = xmpp_test_exchange (pushes[row].in, pushes[row].out);
  XmppRoster *roster = xmpp_test_get_feature (test, XMPP_TYPE_ROSTER);
  g_autoptr (XmppJid) jid = xmpp_test_jid ("new@example.net");
  XmppInboxItem *last = test->inbox->pdata[test->inbox->len - 1];

  g_assert_cmpint (xmpp_roster_lookup (roster, jid) != NULL, ==, pushes[row].accepted);
  g_assert_cmpuint (test->inbox->len, ==, pushes[row].accepted ? 2 : 1);
  if (pushes[row].accepted)
    {
      XmppRosterItem *item = ((GPtrArray *) last->roster)->pdata[0];

      g_assert_cmpint (last->kind, ==, XMPP_INBOX_ROSTER);
      g_assert_false (last->roster_full);
      g_assert_cmpstr (last->roster_version, ==, "v2");
      g_assert_cmpstr (xmpp_jid_get_string (item->jid), ==, "new@example.net");
      g_assert_cmpstr (item->name, ==, "New");
    }
}

/* ---- fetching ---- */

static void
count_cb (XmppRoster *roster,
          guint *n)
{
  *n += 1;
}

static XmppTest *
create_test (void)
{
  const GType types[] = { XMPP_TYPE_ROSTER, G_TYPE_INVALID };

  return xmpp_test_new (types);
}

static void
test_fetch (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = "<iq type='get' id='*'><query xmlns='jabber:iq:roster'/></iq>",
      .s = "<iq type='result' id='$1'><query xmlns='jabber:iq:roster'>"
           "<item jid='Mira@Example.NET' name=' Mi\nra ' "
           "subscription='both'><group>B</group><group>A</group><group>B</group></item>"
           "<item jid='paul@example.net/x' subscription='to' ask='subscribe'/>"
           "<item jid='sofia@example.net' subscription='odd' approved='true'/>"
           "<item jid='@@' subscription='both'/><other xmlns='urn:example' jid='no@example.net'/>"
           "</query></iq>" },
    {},
  };
  g_autoptr (XmppTest) test = create_test ();
  XmppRoster *roster = xmpp_test_get_feature (test, XMPP_TYPE_ROSTER);
  const char *groups[] = { "A", "B", NULL };
  g_autoptr (XmppJid) mira = xmpp_test_jid ("mira@example.net/home");
  g_autoptr (XmppJid) paul = xmpp_test_jid ("paul@example.net");
  g_autoptr (XmppJid) sofia = xmpp_test_jid ("sofia@example.net");
  XmppInboxItem *inbox_item;
  XmppRosterItem *item;
  guint n_loaded = 0;

  g_signal_connect (roster, "loaded", G_CALLBACK (count_cb), &n_loaded);
  xmpp_test_start (test, steps, NULL);
  xmpp_test_finish (test);

  g_assert_cmpuint (n_loaded, ==, 1);
  inbox_item = test->inbox->pdata[0];
  g_assert_true (inbox_item->roster_full);
  g_assert_cmpuint (((GPtrArray *) inbox_item->roster)->len, ==, 3);

  item = xmpp_roster_lookup (roster, mira);
  g_assert_cmpstr (item->name, ==, "Mi ra");
  g_assert_cmpstrv (item->groups, groups);
  g_assert_cmpint (item->subscription, ==, XMPP_SUBSCRIPTION_BOTH);
  g_assert_true (xmpp_roster_lookup (roster, paul)->ask);
  g_assert_true (xmpp_roster_lookup (roster, sofia)->approved);
  g_assert_cmpint (xmpp_roster_lookup (roster, sofia)->subscription, ==, XMPP_SUBSCRIPTION_NONE);
}

#define VERSIONING "<ver xmlns='urn:xmpp:features:rosterver'/>"

static void
start_versioned (XmppTest *test,
                 const LinnetTestStep *steps)
{
  g_autoptr (XmppNode) features =
      xmpp_node_from_literal ("<features xmlns='http://etherx.jabber.org/streams'>" VERSIONING "</features>");

  xmpp_test_start (test, steps, &(XmppSessionStart) { .stream_features = features });
}

static void
set_cached (XmppTest *test)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_roster_item_unref);
  g_autoptr (XmppJid) jid = xmpp_test_jid ("mira@example.net");

  g_ptr_array_add (items, xmpp_roster_item_new (jid, "Mira", NULL, XMPP_SUBSCRIPTION_TO));
  xmpp_roster_set_cached (xmpp_test_get_feature (test, XMPP_TYPE_ROSTER), items, "v1");
}

static void
test_version_unchanged (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = "<iq type='get' id='*'><query xmlns='jabber:iq:roster' ver='v1'/></iq>",
      .s = "<iq type='result' id='$1'/>" },
    {},
  };
  g_autoptr (XmppTest) test = create_test ();
  g_autoptr (XmppJid) jid = xmpp_test_jid ("mira@example.net");
  XmppRoster *roster = xmpp_test_get_feature (test, XMPP_TYPE_ROSTER);
  guint n_loaded = 0;

  g_signal_connect (roster, "loaded", G_CALLBACK (count_cb), &n_loaded);
  set_cached (test);
  start_versioned (test, steps);
  xmpp_test_finish (test);

  g_assert_cmpuint (n_loaded, ==, 1);
  g_assert_cmpuint (test->inbox->len, ==, 0);
  g_assert_cmpstr (xmpp_roster_lookup (roster, jid)->name, ==, "Mira");
}

static void
test_version_changed (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = "<iq type='get' id='*'><query xmlns='jabber:iq:roster' ver='v1'/></iq>",
      .s = "<iq type='result' id='$1'><query xmlns='jabber:iq:roster' ver='v9'><item jid='paul@example.net' "
           "subscription='both'/></query></iq>" },
    {},
  };
  g_autoptr (XmppTest) test = create_test ();
  g_autoptr (XmppJid) mira = xmpp_test_jid ("mira@example.net");
  g_autoptr (XmppJid) paul = xmpp_test_jid ("paul@example.net");
  XmppRoster *roster = xmpp_test_get_feature (test, XMPP_TYPE_ROSTER);

  set_cached (test);
  start_versioned (test, steps);
  xmpp_test_finish (test);

  g_assert_null (xmpp_roster_lookup (roster, mira));
  g_assert_nonnull (xmpp_roster_lookup (roster, paul));
  g_assert_cmpstr (((XmppInboxItem *) test->inbox->pdata[0])->roster_version, ==, "v9");
}

static void
test_version_none_yet (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = "<iq type='get' id='*'><query xmlns='jabber:iq:roster' ver=''/></iq>",
      .s = "<iq type='result' id='$1'><query xmlns='jabber:iq:roster' ver='v1'/></iq>" },
    {},
  };
  g_autoptr (XmppTest) test = create_test ();

  start_versioned (test, steps);
  xmpp_test_finish (test);
  g_assert_true (((XmppInboxItem *) test->inbox->pdata[0])->roster_full);
}

/* ---- changing ---- */

static void
test_verbs (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = "<iq type='set' id='*'><query xmlns='jabber:iq:roster'><item jid='new@example.net' name='N &amp; "
           "w'>"
           "<group>A</group><group>B</group></item></query></iq>",
      .s = PUSH (
          "",
          "<item jid='new@example.net' name='N &amp; w' "
          "subscription='none'><group>A</group><group>B</group></item>") "<iq type='result' id='$1'/>" },
    { .c = RESULT
      "<iq type='set' id='*'><query xmlns='jabber:iq:roster'><item jid='new@example.net'/></query></iq>",
      .s = "<iq type='error' id='$1'><error type='modify'><not-acceptable "
           "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>" },
    { .c = "<iq type='set' id='*'><query xmlns='jabber:iq:roster'><item jid='new@example.net' "
           "subscription='remove'/></query></iq>",
      .s = PUSH ("", "<item jid='new@example.net' subscription='remove'/>") "<iq type='result' id='$1'/>" },
    { .c = RESULT },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppRoster *roster = xmpp_test_get_feature (test, XMPP_TYPE_ROSTER);
  g_autoptr (XmppJid) jid = xmpp_test_jid ("new@example.net/home");
  const char *groups[] = { "A", "B", NULL };
  XmppInboxItem *last;

  xmpp_test_start (test, steps, NULL);
  linnet_test_assert_resolves (xmpp_roster_set (roster, jid, "N & w", groups));
  g_assert_cmpstr (xmpp_roster_lookup (roster, jid)->name, ==, "N & w");
  g_assert_cmpstrv (xmpp_roster_lookup (roster, jid)->groups, groups);

  linnet_test_assert_rejects (xmpp_roster_set (roster, jid, "", NULL),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_NOT_ACCEPTABLE);
  g_assert_cmpstr (xmpp_roster_lookup (roster, jid)->name, ==, "N & w");

  linnet_test_assert_resolves (xmpp_roster_remove (roster, jid));
  g_assert_null (xmpp_roster_lookup (roster, jid));
  xmpp_test_finish (test);

  last = test->inbox->pdata[test->inbox->len - 1];
  g_assert_true (((XmppRosterItem *) ((GPtrArray *) last->roster)->pdata[0])->removed);
}

/* ---- who may see whom ---- */

static const struct
{
  const char *jid; /* NULL: none */
  gboolean may_see_us;
  gboolean is_seen;
  gboolean is_mutual;
} relations[] = {
  { NULL, TRUE, FALSE, FALSE },
  { "ana@example.org", TRUE, TRUE, FALSE },
  { "ana@example.org/phone", TRUE, TRUE, FALSE },
  { "example.org", TRUE, FALSE, FALSE },
  { "both@example.net/x", TRUE, TRUE, TRUE },
  { "to@example.net/x", FALSE, TRUE, FALSE },
  { "from@example.net/x", TRUE, FALSE, FALSE },
  { "none@example.net", FALSE, FALSE, FALSE },
  { "stranger@example.net", FALSE, FALSE, FALSE },
  { "mira@example.org", FALSE, FALSE, FALSE },
  { "example.net", FALSE, FALSE, FALSE },
};

static void
test_relations (gconstpointer data)
{
  g_autoptr (XmppTest) test = xmpp_test_exchange ("", NULL);
  XmppRoster *roster = xmpp_test_get_feature (test, XMPP_TYPE_ROSTER);

  for (gsize i = 0; i < G_N_ELEMENTS (relations); i++)
    {
      g_autoptr (XmppJid) jid = relations[i].jid != NULL ? xmpp_test_jid (relations[i].jid) : NULL;

      g_assert_cmpint (xmpp_roster_may_see_us (roster, jid), ==, relations[i].may_see_us);
      if (jid == NULL)
        continue;
      g_assert_cmpint (xmpp_roster_is_seen (roster, jid), ==, relations[i].is_seen);
      g_assert_cmpint (xmpp_roster_is_mutual (roster, jid), ==, relations[i].is_mutual);
    }
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (pushes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/roster/push/%s", pushes[i].name);

      linnet_test_add (path, test_push, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/roster/fetch", test_fetch, NULL);
  linnet_test_add ("/xmpp/roster/version-unchanged", test_version_unchanged, NULL);
  linnet_test_add ("/xmpp/roster/version-changed", test_version_changed, NULL);
  linnet_test_add ("/xmpp/roster/version-none-yet", test_version_none_yet, NULL);
  linnet_test_add ("/xmpp/roster/verbs", test_verbs, NULL);
  linnet_test_add ("/xmpp/roster/relations", test_relations, NULL);

  return g_test_run ();
}
