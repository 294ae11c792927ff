/* Tests of what a person does in a conversation
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-conversation-private.h"
#include "linnet-error.h"
#include "linnet-test-online.h"
#include "linnet-test.h"

#define ADDRESS "both@example.net"

static const LinnetTestMessage messages[] = {
  { .body = "One\n\n  two ", .state = LINNET_MESSAGE_RECEIVED, .id = "m1", .markable = TRUE },
  { .body = "Three", .state = LINNET_MESSAGE_RECEIVED, .id = "m2", .markable = TRUE },
  { .body = "Four", .state = LINNET_MESSAGE_RECEIVED, .id = "m3" },
};

static const LinnetTestContact both = {
  .address = ADDRESS,
  .name = "Both",
  .subscription = LINNET_SUBSCRIPTION_BOTH,
  .messages = messages,
  .n_messages = G_N_ELEMENTS (messages),
};

static const LinnetTestMessage failed_messages[] = {
  { .body = "Lost", .state = LINNET_MESSAGE_FAILED, .id = "f1", .condition = "remote-server-not-found" },
};

static const LinnetTestContact with_failure = {
  .address = ADDRESS,
  .subscription = LINNET_SUBSCRIPTION_BOTH,
  .messages = failed_messages,
  .n_messages = 1,
};

static LinnetConversation *
get (LinnetTestOnline *online)
{
  return linnet_test_online_get (online, ADDRESS);
}

static void
sync_store (LinnetTestOnline *online)
{
  linnet_test_assert_resolves (linnet_store_conversations_list (online->account->store));
  linnet_test_settle ();
}

static void
test_summary (gconstpointer data)
{
  static const LinnetTestMessage long_message[] = { { .body = "a\tb\r\n\n c",
                                                      .state = LINNET_MESSAGE_SENT } };
  static const LinnetTestContact contact = { .address = ADDRESS, .messages = long_message, .n_messages = 1 };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&contact, 1);
  LinnetConversation *conversation = get (online);

  g_assert_cmpstr (linnet_conversation_get_title (conversation), ==, "both");
  g_assert_cmpstr (linnet_conversation_get_preview (conversation), ==, "a b c");
  g_assert_true (linnet_conversation_get_preview_outgoing (conversation));
  g_assert_cmpint (linnet_conversation_get_preview_state (conversation), ==, LINNET_MESSAGE_SENT);
  g_assert_true (linnet_conversation_get_account (conversation) == online->account);
}

static void
test_send (gconstpointer data)
{
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&both, 1);
  LinnetConversation *conversation = get (online);
  g_autoptr (LinnetTimeline) timeline = linnet_conversation_dup_timeline (conversation);
  g_autoptr (LinnetMessage) message = NULL;
  g_autoptr (LinnetMessage) last = NULL;

  linnet_test_assert_resolves (linnet_timeline_load (timeline));
  linnet_conversation_set_draft (conversation, "Fi");
  linnet_conversation_set_draft (conversation, "Five");
  message = dex_await_object (linnet_conversation_send_text (conversation, "Five"), NULL);

  g_assert_cmpstr (linnet_message_get_body (message), ==, "Five");
  g_assert_true (linnet_message_get_outgoing (message));
  g_assert_cmpint (linnet_message_get_state (message), ==, LINNET_MESSAGE_QUEUED);
  last = g_list_model_get_item (G_LIST_MODEL (timeline), 3);
  g_assert_true (last == message);
  g_assert_cmpstr (linnet_conversation_get_preview (conversation), ==, "Five");
  /* Who answers has read. */
  g_assert_cmpuint (linnet_conversation_get_unread_count (conversation), ==, 0);
  g_assert_null (linnet_conversation_get_draft (conversation));
}

static void
test_refused (gconstpointer data)
{
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&both, 1);
  LinnetConversation *conversation = get (online);
  g_autofree char *endless = g_strnfill (300000, '<');
  const char *const blocked[] = { ADDRESS, NULL };
  g_autofree char *all = NULL;

  linnet_test_assert_rejects (
      linnet_conversation_send_text (conversation, endless), LINNET_ERROR, LINNET_ERROR_TOO_LONG);

  linnet_account_take_blocked (online->account, blocked);
  linnet_test_assert_rejects (
      linnet_conversation_send_text (conversation, "Hello"), LINNET_ERROR, LINNET_ERROR_BLOCKED);

  all = linnet_test_online_dup_messages (online, ADDRESS);
  g_assert_cmpstr (all, ==, "received One\n\n  two \nreceived Three\nreceived Four\n");
}

static void
test_retry (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = "<message to='" ADDRESS "' type='chat' id='f1'><body>Lost</body><origin-id xmlns='urn:xmpp:sid:0' "
           "id='f1'/><request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>"
           "<active xmlns='http://jabber.org/protocol/chatstates'/></message>"
           "<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>",
      .s = "<iq type='result' id='$1'/>" },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&with_failure, 1);
  LinnetConversation *conversation = get (online);
  g_autoptr (LinnetTimeline) timeline = linnet_conversation_dup_timeline (conversation);
  g_autoptr (LinnetMessage) message = NULL;

  linnet_test_assert_resolves (linnet_timeline_load (timeline));
  message = g_list_model_get_item (G_LIST_MODEL (timeline), 0);
  g_assert_cmpint (linnet_message_get_state (message), ==, LINNET_MESSAGE_FAILED);
  g_assert_cmpstr (
      linnet_message_get_error_text (message), ==, "The server of this address could not be reached.");

  linnet_test_assert_resolves (linnet_conversation_retry (conversation, message));
  g_assert_cmpint (linnet_message_get_state (message), ==, LINNET_MESSAGE_QUEUED);
  g_assert_null (linnet_message_get_error_text (message));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (timeline)), ==, 1);

  linnet_test_online_start (online, steps, NULL);
  linnet_test_wait_message_state (message, LINNET_MESSAGE_SENT);
  linnet_test_assert_rejects (
      linnet_conversation_retry (conversation, message), LINNET_ERROR, LINNET_ERROR_DATABASE);
}

static void
test_draft (gconstpointer data)
{
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&both, 1);

  linnet_conversation_set_draft (get (online), "Not yet");
  g_assert_cmpstr (linnet_conversation_get_draft (get (online)), ==, "Not yet");

  /* Quitting does not wait for the pause in typing. */
  linnet_test_online_restart (online);
  g_assert_cmpstr (linnet_conversation_get_draft (get (online)), ==, "Not yet");

  linnet_conversation_set_draft (get (online), "");
  linnet_test_assert_resolves (linnet_conversation_flush (get (online)));
  linnet_test_online_restart (online);
  g_assert_null (linnet_conversation_get_draft (get (online)));
}

#define MARKER(id)                                                                                  \
  "<message to='" ADDRESS "' type='chat' id='*'><displayed xmlns='urn:xmpp:chat-markers:0' id='" id \
  "'/><store xmlns='urn:xmpp:hints'/></message>"

/* The newest message that wants to know, wherever it comes from. */
static void
test_marker (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = MARKER ("m2"),
      .s = "<message from='" ADDRESS "/x' to='ana@example.org' type='chat' id='m4'><body>Live</body>"
           "<markable xmlns='urn:xmpp:chat-markers:0'/></message>" },
    { .c = MARKER ("m4") },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&both, 1);
  LinnetConversation *conversation = get (online);

  linnet_test_online_start (online, steps, NULL);
  g_assert_cmpuint (linnet_conversation_get_unread_count (conversation), ==, 3);
  linnet_conversation_mark_read (conversation);
  g_assert_cmpuint (linnet_conversation_get_unread_count (conversation), ==, 0);

  while (linnet_conversation_get_unread_count (conversation) == 0)
    linnet_test_settle ();
  linnet_conversation_mark_read (conversation);
  linnet_test_online_finish (online);
}

/* Read while there is no connection: told when there is one. */
static void
test_marker_owed (gconstpointer data)
{
  static const LinnetTestStep steps[] = { XMPP_TEST_INTRO, { .c = MARKER ("m2") }, {} };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&both, 1);
  LinnetConversation *conversation = get (online);

  linnet_conversation_mark_read (conversation);
  sync_store (online);
  linnet_test_online_start (online, steps, NULL);
  linnet_conversation_went_online (conversation);
  linnet_test_online_finish (online);
}

typedef struct
{
  const char *name;
  LinnetSubscription subscription;
  gboolean typing_off;
  gboolean receipts_off;
  gboolean blocked;
} Silence;

static const Silence silences[] = {
  { .name = "stranger", .subscription = LINNET_SUBSCRIPTION_NONE },
  { .name = "they-do-not-see-us", .subscription = LINNET_SUBSCRIPTION_TO },
  { .name = "we-do-not-see-them", .subscription = LINNET_SUBSCRIPTION_FROM },
  { .name = "switched-off",
    .subscription = LINNET_SUBSCRIPTION_BOTH,
    .typing_off = TRUE,
    .receipts_off = TRUE },
  { .name = "blocked", .subscription = LINNET_SUBSCRIPTION_BOTH, .blocked = TRUE },
};

/* Nothing tells them that a person writes or reads (security.md section 5). */
static void
test_silence (gconstpointer data)
{
  const Silence *row = data;
  static const char *const names[] = { "none", "to", "from", "both" };
  g_autofree char *address = g_strdup_printf ("%s@example.net", names[row->subscription]);
  LinnetTestContact contact = {
    .address = address,
    .subscription = row->subscription,
    .messages = messages,
    .n_messages = G_N_ELEMENTS (messages),
  };
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = LINNET_TEST_TRIGGER_C, .s = XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&contact, 1);
  LinnetConversation *conversation = linnet_test_online_get (online, address);
  const char *const addresses[] = { address, NULL };

  g_object_set (online->manager, "send-typing", !row->typing_off, "send-receipts", !row->receipts_off, NULL);
  linnet_test_online_start (online, steps, NULL);
  sync_store (online);
  if (row->blocked)
    linnet_account_take_blocked (online->account, addresses);

  linnet_conversation_set_composing (conversation, TRUE);
  linnet_conversation_mark_read (conversation);
  linnet_conversation_set_composing (conversation, FALSE);
  sync_store (online);
  linnet_test_online_trigger (online);
  linnet_test_online_finish (online);
  g_assert_null (strstr (linnet_test_server_get_received (online->server), "displayed"));
  g_assert_null (strstr (linnet_test_server_get_received (online->server), "chatstates"));
}

#define STATE(state)                                                                                        \
  "<message to='" ADDRESS "' type='chat' id='*'><" state " xmlns='http://jabber.org/protocol/chatstates'/>" \
  "<no-store xmlns='urn:xmpp:hints'/></message>"

/* To a contact whose program understands: once when it begins, not at each key. */
static void
test_composing (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = "<message from='" ADDRESS "/x' to='ana@example.org' type='chat'>"
           "<active xmlns='http://jabber.org/protocol/chatstates'/></message>" XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C LINNET_TEST_TRIGGER_C STATE ("composing") STATE ("active") STATE ("composing") },
    { .c = "<message to='" ADDRESS
           "' type='chat' id='*'><body>Done</body><origin-id xmlns='urn:xmpp:sid:0' id='*'/>"
           "<request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>"
           "<active xmlns='http://jabber.org/protocol/chatstates'/></message>"
           "<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>" },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&both, 1);
  LinnetConversation *conversation = get (online);

  linnet_test_online_start (online, steps, NULL);
  linnet_test_assert_resolves (linnet_inbox_wait_drained (online->account->inbox));
  linnet_test_online_trigger (online);
  linnet_conversation_set_composing (conversation, TRUE);
  linnet_conversation_set_composing (conversation, TRUE);
  linnet_conversation_set_composing (conversation, FALSE);
  linnet_conversation_set_composing (conversation, FALSE);
  linnet_conversation_set_composing (conversation, TRUE);
  linnet_test_assert_resolves (linnet_conversation_send_text (conversation, "Done"));
  linnet_conversation_set_composing (conversation, FALSE);
  linnet_test_online_finish (online);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/conversation/summary", test_summary, NULL);
  linnet_test_add ("/model/conversation/send", test_send, NULL);
  linnet_test_add ("/model/conversation/refused", test_refused, NULL);
  linnet_test_add ("/model/conversation/retry", test_retry, NULL);
  linnet_test_add ("/model/conversation/draft", test_draft, NULL);
  linnet_test_add ("/model/conversation/marker", test_marker, NULL);
  linnet_test_add ("/model/conversation/marker-owed", test_marker_owed, NULL);
  linnet_test_add ("/model/conversation/composing", test_composing, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (silences); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/conversation/silence/%s", silences[i].name);

      linnet_test_add (path, test_silence, &silences[i]);
    }

  return g_test_run ();
}
