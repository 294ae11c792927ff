/* Tests of what becomes of the messages and requests of strangers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-conversation-private.h"
#include "linnet-error.h"
#include "linnet-test-online.h"
#include "linnet-test.h"

#define STRANGER "stranger@example.net"
#define TO " to='ana@example.org' type='chat'"
#define WISHES "<request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>"
#define MESSAGE "<message from='" STRANGER "/x' id='m1'" TO "><body>Hello</body>" WISHES "</message>"
#define SUBSCRIBE "<presence from='" STRANGER "' to='ana@example.org' type='subscribe'/>"
#define PUSH(id, kind)                                                                                      \
  "<iq type='set' id='" id "'><query xmlns='jabber:iq:roster'><item jid='" STRANGER "' subscription='" kind \
  "'/></query></iq>"
#define BLOCK_C \
  "<iq type='set' id='*'><block xmlns='urn:xmpp:blocking'><item jid='" STRANGER "'/></block></iq>"

static GListModel *
get_list (LinnetTestOnline *online)
{
  return G_LIST_MODEL (linnet_account_manager_get_conversations (online->manager));
}

static gboolean
has_items (gpointer list,
           gpointer data)
{
  return g_list_model_get_n_items (list) > 0;
}

static gboolean
asks_presence (gpointer manager,
               gpointer data)
{
  LinnetConversation *conversation =
      linnet_account_manager_find_conversation (manager, XMPP_TEST_JID, STRANGER);

  return conversation != NULL && linnet_conversation_get_asks_presence (conversation);
}

/* Whatever a stranger sends and asks, no word comes back but the same refusal for everything. */
static void
test_silence (gconstpointer data)
{
#define PROBE(id, payload) \
  "<iq type='get' id='" id "' from='" STRANGER "/x' to='ana@example.org/desk'>" payload "</iq>"
#define REFUSED(id)                                                                             \
  "<iq type='error' id='" id "' to='" STRANGER "/x'><error type='cancel'><service-unavailable " \
  "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = "<presence from='" STRANGER "/x' to='ana@example.org'><c xmlns='http://jabber.org/protocol/caps' "
           "hash='sha-1' node='https://example.net' ver='AAAAAAAAAAAAAAAAAAAAAAAAAAA='/>"
           "<x xmlns='vcard-temp:x:update'><photo>da39a3ee5e6b4b0d3255bfef95601890afd80709</photo></x>"
           "</presence>"
           "<message from='" STRANGER "' to='ana@example.org'><event "
           "xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:avatar:metadata'>"
           "<item id='da39a3ee5e6b4b0d3255bfef95601890afd80709'><metadata xmlns='urn:xmpp:avatar:metadata'>"
           "<info id='da39a3ee5e6b4b0d3255bfef95601890afd80709' type='image/png' bytes='9'/></metadata>"
           "</item></items></event></message>" MESSAGE PROBE (
               "p1", "<query xmlns='http://jabber.org/protocol/disco#info'/>")
               PROBE ("p2", "<query xmlns='http://jabber.org/protocol/disco#items'/>")
                   PROBE ("p3", "<ping xmlns='urn:xmpp:ping'/>")
                       PROBE ("p4", "<query xmlns='jabber:iq:version'/>")
                           PROBE ("p5", "<query xmlns='jabber:iq:last'/>") XMPP_TEST_SYNC_S },
    { .c = REFUSED ("p1") REFUSED ("p2") REFUSED ("p3") REFUSED ("p4") REFUSED ("p5") XMPP_TEST_SYNC_C },
    { .c = LINNET_TEST_TRIGGER_C },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);
  LinnetConversation *conversation;

  linnet_test_online_start (online, steps, NULL);
  linnet_test_wait_for (get_list (online), "items-changed", has_items, NULL);
  linnet_test_assert_resolves (linnet_inbox_wait_drained (online->account->inbox));
  conversation = linnet_test_online_get (online, STRANGER);
  g_assert_true (linnet_conversation_get_is_request (conversation));
  g_assert_false (linnet_conversation_get_asks_presence (conversation));
  g_assert_cmpuint (linnet_conversation_get_unread_count (conversation), ==, 1);
  g_assert_cmpuint (linnet_account_manager_get_unread_count (online->manager), ==, 0);

  /* Looking at it tells nothing either. */
  linnet_conversation_set_composing (conversation, TRUE);
  linnet_conversation_set_composing (conversation, FALSE);
  linnet_conversation_mark_read (conversation);
  linnet_test_online_trigger (online);
  linnet_test_online_finish (online);
}

/* The chat is one like others; as long as they are no contact they learn no more than before. */
static void
test_accept_message (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = MESSAGE XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    { .c = LINNET_TEST_TRIGGER_C },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);
  LinnetConversation *conversation;

  linnet_test_online_start (online, steps, NULL);
  linnet_test_wait_for (get_list (online), "items-changed", has_items, NULL);
  conversation = linnet_test_online_get (online, STRANGER);
  linnet_test_assert_resolves (linnet_conversation_accept (conversation));
  g_assert_false (linnet_conversation_get_is_request (conversation));
  g_assert_cmpuint (linnet_account_manager_get_unread_count (online->manager), ==, 1);
  linnet_test_online_trigger (online);
  linnet_test_online_finish (online);
  g_assert_null (strstr (linnet_test_server_get_received (online->server), STRANGER));

  /* It stays accepted. */
  linnet_test_online_restart (online);
  conversation = linnet_test_online_get (online, STRANGER);
  g_assert_false (linnet_conversation_get_is_request (conversation));
}

/* Once they may see us they hear that it arrived, and once both are contacts that it was read. */
static void
test_accept_pays (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = SUBSCRIBE MESSAGE XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    { .c = "<presence to='" STRANGER "' type='subscribed'/>"
           "<iq type='set' id='*'><query xmlns='jabber:iq:roster'><item jid='" STRANGER "'/></query></iq>",
      .s = PUSH ("p1", "from") "<iq type='result' id='$1'/>" },
    { .c = "<iq type='result' id='p1'/><presence to='" STRANGER "' type='subscribe'/>"
           "<message to='" STRANGER "/x' type='chat' id='*'><received xmlns='urn:xmpp:receipts' id='m1'/>"
           "<store xmlns='urn:xmpp:hints'/></message>",
      .s = PUSH ("p2", "both") },
    { .c = "<iq type='result' id='p2'/><message to='" STRANGER "' type='chat' id='*'>"
           "<displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/><store xmlns='urn:xmpp:hints'/></message>" },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);
  LinnetConversation *conversation;

  linnet_test_online_start (online, steps, NULL);
  linnet_account_set_state (online->account, LINNET_CONNECTION_ONLINE, NULL);
  linnet_test_wait_for (online->manager, "contact-request", asks_presence, NULL);
  linnet_test_assert_resolves (linnet_inbox_wait_drained (online->account->inbox));
  conversation = linnet_test_online_get (online, STRANGER);
  linnet_conversation_mark_read (conversation);
  linnet_test_assert_resolves (linnet_conversation_accept (conversation));
  linnet_test_online_finish (online);
  linnet_test_online_finish (online);
  g_assert_false (linnet_conversation_get_is_request (conversation));
}

static void
test_decline (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = MESSAGE XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    { .c = LINNET_TEST_TRIGGER_C, .s = MESSAGE XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);
  g_autoptr (LinnetConversation) conversation = NULL;

  linnet_test_online_start (online, steps, NULL);
  linnet_test_wait_for (get_list (online), "items-changed", has_items, NULL);
  conversation = g_object_ref (linnet_test_online_get (online, STRANGER));
  linnet_test_assert_resolves (linnet_conversation_decline (conversation));
  g_assert_cmpuint (g_list_model_get_n_items (get_list (online)), ==, 0);
  g_assert_null (linnet_test_online_get (online, STRANGER));
  linnet_test_assert_rejects (
      linnet_conversation_send_text (conversation, "No"), LINNET_ERROR, LINNET_ERROR_OFFLINE);

  /* They may write again: another request, and another object. */
  linnet_test_online_trigger (online);
  linnet_test_online_finish (online);
  g_assert_true (linnet_test_online_get (online, STRANGER) != conversation);
  g_assert_true (linnet_conversation_get_is_request (linnet_test_online_get (online, STRANGER)));
  g_assert_cmpuint (g_list_model_get_n_items (get_list (online)), ==, 1);
}

static void
test_block (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = MESSAGE XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    { .c = BLOCK_C, .s = "<iq type='result' id='$1'/>" },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);

  linnet_test_online_start (online, steps, NULL);
  linnet_test_wait_for (get_list (online), "items-changed", has_items, NULL);
  linnet_test_assert_resolves (linnet_conversation_block (linnet_test_online_get (online, STRANGER)));
  linnet_test_online_finish (online);
  g_assert_cmpuint (g_list_model_get_n_items (get_list (online)), ==, 0);
}

static void
test_contacts_only (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = MESSAGE "<message from='both@example.net/x' id='m2'" TO
                   "><body>Tea?</body></message>" XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);

  g_object_set (online->manager, "contacts-only", TRUE, NULL);
  linnet_test_online_start (online, steps, NULL);
  linnet_test_online_finish (online);
  g_assert_null (linnet_test_online_get (online, STRANGER));
  g_assert_nonnull (linnet_test_online_get (online, "both@example.net"));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/conversation-request/silence", test_silence, NULL);
  linnet_test_add ("/model/conversation-request/accept-message", test_accept_message, NULL);
  linnet_test_add ("/model/conversation-request/accept-pays", test_accept_pays, NULL);
  linnet_test_add ("/model/conversation-request/decline", test_decline, NULL);
  linnet_test_add ("/model/conversation-request/block", test_block, NULL);
  linnet_test_add ("/model/conversation-request/contacts-only", test_contacts_only, NULL);

  return g_test_run ();
}
