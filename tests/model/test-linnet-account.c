/* Tests of an account: what the server tells, and what a person does
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-contact-private.h"
#include "linnet-error.h"
#include "linnet-store-conversations.h"
#include "linnet-test-online.h"
#include "linnet-test.h"
#include "xmpp-subscription.h"

/* In the roster that the server of XMPP_TEST_INTRO sends are both@, to@, from@ and none@example.net. */
static const LinnetTestContact contacts[] = {
  { .address = "both@example.net", .name = "Old name", .subscription = LINNET_SUBSCRIPTION_BOTH },
  { .address = "gone@example.net", .subscription = LINNET_SUBSCRIPTION_BOTH },
};

static LinnetTestOnline *
open_online (void)
{
  return linnet_test_online_new (contacts, G_N_ELEMENTS (contacts));
}

static LinnetContact *
get_contact (LinnetTestOnline *online,
             const char *address)
{
  return linnet_account_lookup_contact (online->account, address);
}

static guint
count_roster (LinnetTestOnline *online)
{
  return g_list_model_get_n_items (G_LIST_MODEL (linnet_account_get_roster (online->account)));
}

static void
test_roster (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s =
          "<iq type='set' id='p1' from='ana@example.org' to='ana@example.org/desk'>"
          "<query xmlns='jabber:iq:roster' ver='v2'><item jid='new@example.net' name='New' subscription='to' "
          "ask='subscribe'><group>Work</group></item></query></iq>" },
    { .c = "<iq type='result' id='p1' to='ana@example.org'/>" },
    { .s = "<iq type='set' id='p2'><query xmlns='jabber:iq:roster' ver='v3'>"
           "<item jid='none@example.net' subscription='remove'/></query></iq>" },
    { .c = "<iq type='result' id='p2'/>" },
    {},
  };
  g_autoptr (LinnetTestOnline) online = open_online ();
  LinnetContact *contact;

  g_assert_cmpuint (count_roster (online), ==, 2);
  g_assert_cmpstr (linnet_contact_get_name (get_contact (online, "both@example.net")), ==, "Old name");

  linnet_test_online_start (online, steps, NULL);
  linnet_test_online_finish (online);

  g_assert_cmpuint (count_roster (online), ==, 4);
  g_assert_cmpstr (linnet_contact_get_name (get_contact (online, "both@example.net")), ==, "Both");
  g_assert_null (get_contact (online, "gone@example.net"));
  g_assert_null (get_contact (online, "none@example.net"));
  contact = get_contact (online, "new@example.net");
  g_assert_cmpint (
      linnet_contact_get_subscription (contact), ==, LINNET_SUBSCRIPTION_TO | LINNET_SUBSCRIPTION_ASKED);
  g_assert_cmpstr (linnet_contact_get_groups (contact)[0], ==, "Work");

  linnet_test_online_restart (online);
  g_assert_cmpuint (count_roster (online), ==, 4);
  g_assert_cmpstr (linnet_contact_get_name (get_contact (online, "new@example.net")), ==, "New");
}

static void
test_presence (gconstpointer data)
{
  g_autoptr (LinnetTestOnline) online = linnet_test_online_exchange (
      contacts,
      G_N_ELEMENTS (contacts),
      "<presence from='both@example.net/x'><show>away</show><status>Lunch</status></presence>"
      "<presence from='to@example.net/x'/>"
      "<presence from='to@example.net/x' type='unavailable'><status>Bye</status></presence>",
      NULL);
  LinnetContact *both = get_contact (online, "both@example.net");
  LinnetContact *to = get_contact (online, "to@example.net");

  g_assert_cmpint (linnet_contact_get_show (both), ==, LINNET_SHOW_AWAY);
  g_assert_cmpstr (linnet_contact_get_status_text (both), ==, "Lunch");
  g_assert_cmpint (linnet_contact_get_show (to), ==, LINNET_SHOW_OFFLINE);
  g_assert_cmpstr (linnet_contact_get_status_text (to), ==, "Bye");
  g_assert_cmpint (linnet_contact_get_last_seen (to), >, 0);

  /* It is not shown for longer than a connection may take to come back. */
  linnet_account_set_state (online->account, LINNET_CONNECTION_RECONNECTING, NULL);
  g_assert_cmpint (linnet_contact_get_show (both), ==, LINNET_SHOW_AWAY);
  linnet_account_lose_presences (online->account);
  g_assert_cmpint (linnet_contact_get_show (both), ==, LINNET_SHOW_OFFLINE);
  linnet_account_set_state (online->account, LINNET_CONNECTION_ONLINE, NULL);
  g_assert_cmpint (linnet_contact_get_show (both), ==, LINNET_SHOW_AWAY);
  linnet_account_set_state (online->account, LINNET_CONNECTION_OFFLINE, NULL);
  g_assert_cmpint (linnet_contact_get_show (both), ==, LINNET_SHOW_OFFLINE);
  linnet_account_set_state (online->account, LINNET_CONNECTION_ONLINE, NULL);
  g_assert_cmpint (linnet_contact_get_show (both), ==, LINNET_SHOW_AWAY);
}

/* ---- requests ---- */

#define REQUEST                                                                                     \
  "<presence from='stranger@example.net' to='ana@example.org' type='subscribe'><status>Hi</status>" \
  "<nick xmlns='http://jabber.org/protocol/nick'>Stella</nick></presence>"

static void
count_cb (guint *count)
{
  (*count)++;
}

static gboolean
is_request (gpointer manager,
            gpointer data)
{
  LinnetConversation *conversation =
      linnet_account_manager_find_conversation (manager, XMPP_TEST_JID, "stranger@example.net");

  return conversation != NULL && linnet_conversation_get_is_request (conversation);
}

static void
test_request (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO, { .s = REQUEST XMPP_TEST_SYNC_S }, { .c = XMPP_TEST_SYNC_C }, {}
  };
  g_autoptr (LinnetTestOnline) online = open_online ();
  GListModel *list = G_LIST_MODEL (linnet_account_manager_get_conversations (online->manager));
  guint requests = 0;

  g_signal_connect_swapped (online->manager, "contact-request", G_CALLBACK (count_cb), &requests);
  linnet_test_online_start (online, steps, NULL);
  linnet_test_wait_for (online->manager, "contact-request", is_request, NULL);
  linnet_test_online_finish (online);
  g_signal_handlers_disconnect_by_data (online->manager, &requests);

  g_assert_cmpuint (requests, ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 1);
  g_assert_cmpstr (
      linnet_conversation_get_title (linnet_test_online_get (online, "stranger@example.net")), ==, "Stella");
  g_assert_true (linnet_contact_get_requested (get_contact (online, "stranger@example.net")));

  /* It is repeated with each stream: that is no news. */
  linnet_test_online_restart (online);
  requests = 0;
  g_signal_connect_swapped (online->manager, "contact-request", G_CALLBACK (count_cb), &requests);
  g_assert_true (is_request (online->manager, NULL));
  linnet_test_online_start (online, steps, NULL);
  linnet_test_online_finish (online);
  linnet_test_online_finish (online);
  g_assert_cmpuint (requests, ==, 0);
  g_signal_handlers_disconnect_by_data (online->manager, &requests);
}

static void
test_accept (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = REQUEST },
    { .c = "<presence to='stranger@example.net' type='subscribed'/>"
           "<iq type='set' id='*'><query xmlns='jabber:iq:roster'><item "
           "jid='stranger@example.net'/></query></iq>",
      .s = "<iq type='set' id='p1'><query xmlns='jabber:iq:roster'><item jid='stranger@example.net' "
           "subscription='from'/></query></iq><iq type='result' id='$1'/>" },
    { .c = "<iq type='result' id='p1'/><presence to='stranger@example.net' type='subscribe'/>",
      .s = XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (LinnetTestOnline) online = open_online ();
  LinnetConversation *conversation;

  linnet_test_online_start (online, steps, NULL);
  linnet_test_wait_for (online->manager, "contact-request", is_request, NULL);
  conversation = linnet_test_online_get (online, "stranger@example.net");
  linnet_test_assert_resolves (
      linnet_contact_accept_request (linnet_conversation_get_contact (conversation)));
  linnet_test_online_finish (online);
  linnet_test_online_finish (online);
  g_assert_false (linnet_conversation_get_is_request (conversation));
  g_assert_true (linnet_contact_get_in_roster (linnet_conversation_get_contact (conversation)));
}

static void
test_decline (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = REQUEST },
    { .c = "<presence to='stranger@example.net' type='unsubscribed'/>", .s = XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (LinnetTestOnline) online = open_online ();
  GListModel *list = G_LIST_MODEL (linnet_account_manager_get_conversations (online->manager));

  linnet_test_online_start (online, steps, NULL);
  linnet_test_wait_for (online->manager, "contact-request", is_request, NULL);
  linnet_test_assert_resolves (linnet_contact_decline_request (get_contact (online, "stranger@example.net")));
  linnet_test_online_finish (online);
  linnet_test_online_finish (online);

  /* Nothing of it is left to be seen. */
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 0);
}

/* ---- verbs ---- */

static void
test_add_contact (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = XMPP_TEST_INTRO_C, .s = XMPP_TEST_INTRO_S (XMPP_TEST_ACCOUNT_FEATURES) },
    { .c = XMPP_TEST_PRESENCE_C },
    { .c = "<iq type='set' id='*'><query xmlns='jabber:iq:roster'><item jid='new@example.net' "
           "name='Neo'/></query></iq>",
      .s = "<iq type='set' id='p1'><query xmlns='jabber:iq:roster'><item jid='new@example.net' name='Neo' "
           "subscription='none'/></query></iq><iq type='result' id='$1'/>" },
    { .c = "<iq type='result' id='p1'/><presence to='new@example.net' type='subscribe'/>" },
    {},
  };
  g_autoptr (LinnetTestOnline) online = open_online ();
  g_autoptr (LinnetContact) contact = NULL;
  g_autoptr (GError) error = NULL;

  linnet_test_online_start (online, steps, NULL);
  contact = dex_await_object (linnet_account_add_contact (online->account, " New@example.net", "Neo", TRUE),
                              &error);
  g_assert_no_error (error);
  linnet_test_online_finish (online);
  g_assert_cmpstr (linnet_contact_get_name (contact), ==, "Neo");
  g_assert_true (linnet_contact_get_in_roster (contact));
}

static void
test_bad_addresses (gconstpointer data)
{
  g_autoptr (LinnetTestOnline) online = open_online ();

  linnet_test_assert_rejects (
      linnet_account_open_conversation (online->account, "nobody"), LINNET_ERROR, LINNET_ERROR_BAD_ADDRESS);
  linnet_test_assert_rejects (linnet_account_open_conversation (online->account, "ANA@example.org"),
                              LINNET_ERROR,
                              LINNET_ERROR_OWN_ADDRESS);
  linnet_test_assert_rejects (linnet_account_add_contact (online->account, "a@b@c", NULL, FALSE),
                              LINNET_ERROR,
                              LINNET_ERROR_BAD_ADDRESS);
  g_assert_cmpuint (
      g_list_model_get_n_items (G_LIST_MODEL (linnet_account_manager_get_conversations (online->manager))),
      ==,
      0);
}

static void
test_offline_verbs (gconstpointer data)
{
  g_autoptr (LinnetTestOnline) online = open_online ();
  LinnetContact *both = get_contact (online, "both@example.net");
  const char *const groups[] = { "Work", NULL };

  linnet_test_assert_rejects (linnet_contact_rename (both, "New"), LINNET_ERROR, LINNET_ERROR_OFFLINE);
  linnet_test_assert_rejects (linnet_contact_set_groups (both, groups), LINNET_ERROR, LINNET_ERROR_OFFLINE);
  linnet_test_assert_rejects (linnet_contact_remove (both), LINNET_ERROR, LINNET_ERROR_OFFLINE);
  linnet_test_assert_rejects (linnet_contact_request_presence (both), LINNET_ERROR, LINNET_ERROR_OFFLINE);
  linnet_test_assert_rejects (
      linnet_account_set_nickname (online->account, "Anna"), LINNET_ERROR, LINNET_ERROR_OFFLINE);

  /* Shown at once, taken back when it failed. */
  g_assert_cmpstr (linnet_account_get_display_name (online->account), ==, "ana");
}

static void
test_rename (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = "<iq type='set' id='*'><query xmlns='jabber:iq:roster'><item jid='both@example.net' "
           "name='Bea'/></query></iq>",
      .s = "<iq type='set' id='p1'><query xmlns='jabber:iq:roster'><item jid='both@example.net' name='Bea' "
           "subscription='both'/></query></iq><iq type='result' id='$1'/>" },
    { .c = "<iq type='result' id='p1'/>" },
    { .c =
          "<iq type='set' id='*'><query xmlns='jabber:iq:roster'><item jid='both@example.net'/></query></iq>",
      .s = "<iq type='error' id='$1'><error type='cancel'>"
           "<not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>" },
    {},
  };
  g_autoptr (LinnetTestOnline) online = open_online ();
  LinnetContact *both = get_contact (online, "both@example.net");

  linnet_test_online_start (online, steps, NULL);
  linnet_test_assert_resolves (linnet_contact_rename (both, " Bea "));
  linnet_test_assert_rejects (linnet_contact_rename (both, ""), LINNET_ERROR, LINNET_ERROR_NOT_ALLOWED);
  linnet_test_online_finish (online);
  g_assert_cmpstr (linnet_contact_get_name (both), ==, "Bea");
}

static void
test_block (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = "<iq type='set' id='*'><block xmlns='urn:xmpp:blocking'><item "
           "jid='both@example.net'/></block></iq>",
      .s = "<iq type='set' id='b1'><block xmlns='urn:xmpp:blocking'><item "
           "jid='both@example.net'/></block></iq>"
           "<iq type='result' id='$1'/>" },
    { .c = "<iq type='result' id='b1'/>" },
    {},
  };
  g_autoptr (LinnetTestOnline) online = open_online ();
  LinnetContact *both = get_contact (online, "both@example.net");
  GListModel *blocked = linnet_account_get_blocked (online->account);

  linnet_test_online_start (online, steps, NULL);
  g_assert_true (linnet_account_get_can_block (online->account));
  linnet_test_assert_resolves (linnet_contact_set_blocked (both, TRUE));
  linnet_test_online_finish (online);
  g_assert_true (linnet_contact_get_blocked (both));
  g_assert_cmpuint (g_list_model_get_n_items (blocked), ==, 1);

  /* Known before the server says so. */
  linnet_test_online_restart (online);
  g_assert_true (linnet_contact_get_blocked (get_contact (online, "both@example.net")));
}

static void
test_own_presence (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = XMPP_TEST_INTRO_C, .s = XMPP_TEST_INTRO_S (XMPP_TEST_ACCOUNT_FEATURES) },
    { .c = "<presence><show>dnd</show><status>Busy</status><c xmlns='http://jabber.org/protocol/caps' "
           "hash='sha-1' "
           "node='*' ver='*'/><x xmlns='vcard-temp:x:update'/></presence>" },
    {},
  };
  g_autoptr (LinnetTestOnline) online = open_online ();

  linnet_test_assert_resolves (linnet_account_set_presence (online->account, LINNET_SHOW_BUSY, "Busy"));
  linnet_test_online_restart (online);
  g_assert_cmpint (linnet_account_get_show (online->account), ==, LINNET_SHOW_BUSY);
  g_assert_cmpstr (linnet_account_get_status_text (online->account), ==, "Busy");
  linnet_test_online_start (online, steps, NULL);
  linnet_test_online_finish (online);
}

static void
test_nickname (gconstpointer data)
{
  g_autoptr (LinnetTestOnline) online = linnet_test_online_exchange (
      contacts,
      G_N_ELEMENTS (contacts),
      "<message from='to@example.net' to='ana@example.org/desk' type='headline'>"
      "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='http://jabber.org/protocol/nick'>"
      "<item id='current'><nick xmlns='http://jabber.org/protocol/nick'>Toto</nick></item></items></event>"
      "</message>",
      NULL);

  g_assert_cmpstr (linnet_contact_get_name (get_contact (online, "to@example.net")), ==, "Toto");
  linnet_test_online_restart (online);
  g_assert_cmpstr (linnet_contact_get_name (get_contact (online, "to@example.net")), ==, "Toto");
}

/* A server need not tell its features when a stream is resumed, also when that is done by the next run. */
static void
test_features_after_restart (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_INTRO_SM,
    { .act = LINNET_TEST_CLOSE },
    {},
  };
  static const LinnetTestStep more[] = {
    { .c = XMPP_TEST_ROSTER_C ("v1") XMPP_TEST_AFTER_ROSTER_C
      "<inactive xmlns='urn:xmpp:csi:0'/>" LINNET_TEST_R,
      .s = LINNET_TEST_A ("11") XMPP_TEST_INTRO_S (XMPP_TEST_ACCOUNT_FEATURES) },
    { .c = "<presence type='unavailable'/>" XMPP_TEST_PRESENCE_C LINNET_TEST_R, .s = LINNET_TEST_A ("13") },
    { .c = "<presence type='subscribed' to='new@example.net'/>" LINNET_TEST_R, .s = LINNET_TEST_A ("14") },
    {},
  };
  const XmppSessionStart start = { .sm_enabled = TRUE, .sm_resumable = TRUE, .sm_id = (char *) "id1" };
  g_autoptr (LinnetTestOnline) online = open_online ();
  g_autoptr (LinnetStoreAccount) row = linnet_store_account_copy (online->account->row);
  g_autoptr (XmppJid) jid = xmpp_jid_new ("new@example.net", NULL);
  XmppSubscription *subscription;

  g_set_str (&row->resource, "desk");
  g_set_str (&row->sm_id, start.sm_id);
  g_set_str (&row->features,
             "<features xmlns='http://etherx.jabber.org/streams'><csi xmlns='urn:xmpp:csi:0'/>"
             "<sub xmlns='urn:xmpp:features:pre-approval'/><ver xmlns='urn:xmpp:features:rosterver'/>"
             "</features>");
  linnet_test_assert_resolves (linnet_store_accounts_save_stream (online->account->store, row));
  linnet_test_online_start (online, steps, &start);
  linnet_test_online_finish (online);

  linnet_test_online_restart (online);
  linnet_account_manager_set_active (online->manager, FALSE);
  linnet_test_online_start (online, more, &(XmppSessionStart) { .resumed = TRUE, .sm_h = 6 });
  subscription = xmpp_session_get_feature (online->account->session, XMPP_TYPE_SUBSCRIPTION);
  linnet_test_assert_resolves (xmpp_subscription_pre_approve (subscription, jid));
  linnet_test_online_finish (online);
}

/* What a person typed is kept, but for the proxy's password. */
static void
test_proxy (gconstpointer data)
{
  g_autoptr (LinnetTestOnline) online = open_online ();

  g_assert_null (linnet_account_get_proxy (online->account));
  linnet_test_assert_rejects (linnet_account_set_proxy (online->account, "http://proxy.example"),
                              LINNET_ERROR,
                              LINNET_ERROR_BAD_PROXY);
  g_assert_null (linnet_account_get_proxy (online->account));

  linnet_test_assert_resolves (linnet_account_set_proxy (online->account, "ana:secret@proxy.example"));
  g_assert_cmpstr (linnet_account_get_proxy (online->account), ==, "socks5://ana@proxy.example:1080");
  linnet_test_online_restart (online);
  g_assert_cmpstr (linnet_account_get_proxy (online->account), ==, "socks5://ana@proxy.example:1080");

  linnet_test_assert_resolves (linnet_account_set_proxy (online->account, "direct://"));
  g_assert_cmpstr (linnet_account_get_proxy (online->account), ==, "direct://");
  linnet_test_assert_resolves (linnet_account_set_proxy (online->account, ""));
  g_assert_null (linnet_account_get_proxy (online->account));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/account/roster", test_roster, NULL);
  linnet_test_add ("/model/account/presence", test_presence, NULL);
  linnet_test_add ("/model/account/request", test_request, NULL);
  linnet_test_add ("/model/account/accept", test_accept, NULL);
  linnet_test_add ("/model/account/decline", test_decline, NULL);
  linnet_test_add ("/model/account/add-contact", test_add_contact, NULL);
  linnet_test_add ("/model/account/bad-addresses", test_bad_addresses, NULL);
  linnet_test_add ("/model/account/offline-verbs", test_offline_verbs, NULL);
  linnet_test_add ("/model/account/rename", test_rename, NULL);
  linnet_test_add ("/model/account/block", test_block, NULL);
  linnet_test_add ("/model/account/own-presence", test_own_presence, NULL);

  linnet_test_add ("/model/account/nickname", test_nickname, NULL);
  linnet_test_add ("/model/account/proxy", test_proxy, NULL);
  linnet_test_add ("/model/account/features-after-restart", test_features_after_restart, NULL);

  return g_test_run ();
}
