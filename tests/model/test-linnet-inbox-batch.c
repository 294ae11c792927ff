/* Tests of what becomes of what was received: in the store, on the screen, and what goes back
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-conversation-private.h"
#include "linnet-inbox-batch.h"
#include "linnet-spawn.h"
#include "linnet-store-accounts.h"
#include "linnet-store-messages.h"
#include "linnet-test-online.h"
#include "xmpp-roster.h"

#define TO " to='ana@example.org' type='chat'"
#define CARBON(direction, message)                                                                        \
  "<message from='ana@example.org' to='ana@example.org/desk'><" direction                                 \
  " xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>" message "</forwarded></" direction \
  "></message>"
#define COMPOSING(from, rest) \
  "<message from='" from "'" TO "><composing xmlns='http://jabber.org/protocol/chatstates'/>" rest "</message>"
#define NICK(text) "<nick xmlns='http://jabber.org/protocol/nick'>" text "</nick>"

static const LinnetTestMessage sent_messages[] = {
  { .body = "One", .state = LINNET_MESSAGE_SENT, .id = "s1" },
  { .body = "Two", .state = LINNET_MESSAGE_SENT, .id = "s2" },
};

/* A conversation with two messages that were sent, before anything below comes in. */
static const LinnetTestContact both = {
  .address = "both@example.net",
  .subscription = LINNET_SUBSCRIPTION_BOTH,
  .messages = sent_messages,
  .n_messages = G_N_ELEMENTS (sent_messages),
};

typedef struct
{
  const char *name;
  const char *in;
  const char *out;      /* nullable: nothing */
  const char *address;  /* nullable: both@example.net */
  const char *messages; /* what is there afterwards */
  guint unread;
  gboolean typing;
  gboolean request; /* of a stranger: not counted with the others */
} Case;

#define OLD "sent One\nsent Two\n"

static const Case cases[] = {
  {
      .name = "live",
      .in = "<message from='both@example.net/x' id='m1'" TO "><body>Hello</body></message>",
      .messages = OLD "received Hello\n",
      .unread = 1,
  },
  {
      .name = "receipt",
      .in = "<message from='both@example.net/x' id='m1'" TO
            "><body>Hello</body><request xmlns='urn:xmpp:receipts'/></message>",
      .out =
          "<message to='both@example.net/x' type='chat' id='*'><received xmlns='urn:xmpp:receipts' id='m1'/>"
          "<store xmlns='urn:xmpp:hints'/></message>",
      .messages = OLD "received Hello\n",
      .unread = 1,
  },
  {
      .name = "no-receipt-for-a-stranger",
      .in = "<message from='stranger@example.net/x' id='m1'" TO
            "><body>Hello</body><request xmlns='urn:xmpp:receipts'/></message>",
      .address = "stranger@example.net",
      .messages = "received Hello\n",
      .unread = 1,
      .request = TRUE,
  },
  {
      .name = "receipt-again",
      .in = "<message from='both@example.net/x' id='m1'" TO
            "><body>Hello</body><origin-id xmlns='urn:xmpp:sid:0' id='m1'/>"
            "<request xmlns='urn:xmpp:receipts'/></message>"
            "<message from='both@example.net/x' id='m1'" TO
            "><body>Hello</body><origin-id xmlns='urn:xmpp:sid:0' id='m1'/>"
            "<request xmlns='urn:xmpp:receipts'/></message>",
      .out =
          "<message to='both@example.net/x' type='chat' id='*'><received xmlns='urn:xmpp:receipts' id='m1'/>"
          "<store xmlns='urn:xmpp:hints'/></message>"
          "<message to='both@example.net/x' type='chat' id='*'><received xmlns='urn:xmpp:receipts' id='m1'/>"
          "<store xmlns='urn:xmpp:hints'/></message>",
      .messages = OLD "received Hello\n",
      .unread = 1,
  },
  {
      .name = "no-receipt-for-nothing",
      .in = "<message from='both@example.net/x' id='m1'" TO
            "><request xmlns='urn:xmpp:receipts'/></message>",
      .messages = OLD,
  },
  {
      .name = "same-twice",
      .in = "<message from='both@example.net/x' id='m1'" TO
            "><body>Hello</body><origin-id xmlns='urn:xmpp:sid:0' id='m1'/></message>"
            "<message from='both@example.net/y' id='m1'" TO
            "><body>Hello</body><origin-id xmlns='urn:xmpp:sid:0' id='m1'/></message>"
            "<message from='both@example.net/x' id='m2'" TO "><body>Hello</body></message>",
      .messages = OLD "received Hello\nreceived Hello\n",
      .unread = 2,
  },
  {
      .name = "delivered",
      .in = "<message from='both@example.net/x' id='r1'" TO
            "><received xmlns='urn:xmpp:receipts' id='s1'/></message>",
      .messages = "delivered One\nsent Two\n",
  },
  {
      .name = "delivered-elsewhere",
      .in = "<message from='to@example.net/x' id='r1'" TO
            "><received xmlns='urn:xmpp:receipts' id='s1'/></message>",
      .messages = OLD,
  },
  {
      .name = "read",
      .in = "<message from='both@example.net/x' id='r1'" TO
            "><displayed xmlns='urn:xmpp:chat-markers:0' id='s2'/></message>",
      .messages = "read One\nread Two\n",
  },
  {
      .name = "error",
      .in = "<message from='both@example.net' to='ana@example.org/desk' type='error' id='s2'>"
            "<body>Two</body><request xmlns='urn:xmpp:receipts'/>"
            "<error type='cancel'><service-unavailable "
            "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
      .messages = "sent One\nfailed Two\n",
  },
  {
      .name = "error-of-nothing",
      .in = "<message from='both@example.net' to='ana@example.org/desk' type='error'>"
            "<error type='cancel'><service-unavailable "
            "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
      .messages = OLD,
  },
  {
      .name = "error-by-another-device",
      .in = CARBON (
          "sent",
          "<message xmlns='jabber:client' from='ana@example.org/phone' to='both@example.net' type='error' "
          "id='s2'><error type='cancel'><service-unavailable "
          "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"),
      .messages = OLD,
  },
  {
      .name = "error-of-somebody-else",
      .in = "<message from='to@example.net' to='ana@example.org/desk' type='error' id='s2'>"
            "<error type='cancel'><service-unavailable "
            "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
      .messages = OLD,
  },
  {
      .name = "sent-by-another-device",
      .in = CARBON (
          "sent",
          "<message xmlns='jabber:client' from='ana@example.org/phone' to='both@example.net' type='chat' "
          "id='p1'><body>From the phone</body></message>"),
      .messages = OLD "sent From the phone\n",
  },
  {
      .name = "received-by-another-device",
      .in = CARBON (
          "received",
          "<message xmlns='jabber:client' from='both@example.net/x' to='ana@example.org/phone' type='chat' "
          "id='p1'><body>To the phone</body><request xmlns='urn:xmpp:receipts'/></message>"),
      .messages = OLD "received To the phone\n",
      .unread = 1,
  },
  {
      .name = "confirmed-by-another-device",
      .in = CARBON (
          "sent",
          "<message xmlns='jabber:client' from='ana@example.org/phone' to='both@example.net' type='chat' "
          "id='p1'><received xmlns='urn:xmpp:receipts' id='s1'/></message>"),
      .messages = OLD,
  },
  {
      .name = "read-by-another-device",
      .in =
          "<message from='both@example.net/x' id='m1'" TO
          "><body>Hello</body><markable xmlns='urn:xmpp:chat-markers:0'/></message>" CARBON (
              "sent",
              "<message xmlns='jabber:client' from='ana@example.org/phone' to='both@example.net' type='chat' "
              "id='p1'><displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/></message>"),
      .messages = OLD "received Hello\n",
  },
  {
      .name = "forged-carbon",
      .in = "<message from='to@example.net' to='ana@example.org/desk'><received xmlns='urn:xmpp:carbons:2'>"
            "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='both@example.net/x' "
            "to='ana@example.org' type='chat' "
            "id='p1'><body>Forged</body></message></forwarded></received></message>",
      .messages = OLD,
  },
  {
      .name = "quotation",
      .in = "<message from='both@example.net/x' id='m1'" TO "><forwarded xmlns='urn:xmpp:forward:0'>"
            "<message xmlns='jabber:client' from='to@example.net' to='both@example.net' type='chat'>"
            "<body>First\nsecond</body></message></forwarded></message>",
      .messages = OLD "received > First\n> second\n",
      .unread = 1,
  },
  {
      .name = "room",
      .in = "<message from='both@example.net/nick' to='ana@example.org' type='groupchat' id='m1'>"
            "<body>Hello</body><request xmlns='urn:xmpp:receipts'/></message>",
      .messages = OLD,
  },
  {
      .name = "nothing-to-show",
      .in = "<message from='both@example.net/x' id='m1'" TO
            "><active xmlns='http://jabber.org/protocol/chatstates'/>"
            "</message>",
      .messages = OLD,
  },
  {
      .name = "typing",
      .in = COMPOSING ("both@example.net/x", ""),
      .messages = OLD,
      .typing = TRUE,
  },
  {
      .name = "typing-and-pausing",
      .in = COMPOSING ("both@example.net/x", "") "<message from='both@example.net/x'" TO
                                                 "><paused xmlns='http://jabber.org/protocol/chatstates'/>"
                                                 "</message>",
      .messages = OLD,
  },
  {
      .name = "typing-and-sending",
      .in = COMPOSING ("both@example.net/x", "") "<message from='both@example.net/x' id='m1'" TO
                                                 "><body>Done</body></message>",
      .messages = OLD "received Done\n",
      .unread = 1,
  },
  {
      .name = "typing-and-receiving",
      .in = COMPOSING ("both@example.net/x", "") "<message from='both@example.net/x' id='r1'" TO
                                                 "><received xmlns='urn:xmpp:receipts' id='s1'/></message>",
      .messages = "delivered One\nsent Two\n",
      .typing = TRUE,
  },
  {
      .name = "typing-long-ago",
      .in = COMPOSING (
          "both@example.net/x",
          "<delay xmlns='urn:xmpp:delay' from='example.org' stamp='2026-01-02T03:04:05Z'/>"),
      .messages = OLD,
  },
  {
      .name = "typing-on-another-device",
      .in = CARBON (
          "sent",
          "<message xmlns='jabber:client' from='ana@example.org/phone' to='both@example.net' type='chat'>"
          "<composing xmlns='http://jabber.org/protocol/chatstates'/></message>"),
      .messages = OLD,
  },
};

static void
test_case (gconstpointer data)
{
  const Case *row = data;
  const char *address = row->address != NULL ? row->address : "both@example.net";
  g_autoptr (LinnetTestOnline) online = linnet_test_online_exchange (&both, 1, row->in, row->out);
  g_autofree char *messages = linnet_test_online_dup_messages (online, address);
  LinnetConversation *conversation = linnet_test_online_get (online, address);

  g_assert_cmpstr (messages, ==, row->messages);
  g_assert_nonnull (conversation);
  g_assert_cmpuint (linnet_conversation_get_unread_count (conversation), ==, row->unread);
  g_assert_cmpuint (
      linnet_account_manager_get_unread_count (online->manager), ==, row->request ? 0 : row->unread);
  g_assert_cmpint (linnet_conversation_get_is_request (conversation), ==, row->request);
  g_assert_cmpint (linnet_conversation_get_typing (conversation), ==, row->typing);
}

static void
test_receipts_off (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = "<message from='both@example.net/x' id='m1'" TO
           "><body>Hello</body><request xmlns='urn:xmpp:receipts'/></message>" XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&both, 1);

  g_object_set (online->manager, "send-receipts", FALSE, NULL);
  linnet_test_online_start (online, steps, NULL);
  linnet_test_online_finish (online);
  g_assert_null (strstr (linnet_test_server_get_received (online->server), "received xmlns"));
}

/* ---- rows ---- */

typedef struct
{
  const char *name;
  const char *in;
  LinnetStoreMessage expect; /* the newest; time 0: now, error_text: a part of it */
} RowCase;

static const RowCase row_cases[] = {
  {
      .name = "everything",
      .in = "<message from='both@example.net/x' id='m1'" TO "><body>Hello</body>"
            "<origin-id xmlns='urn:xmpp:sid:0' id='o1'/>"
            "<stanza-id xmlns='urn:xmpp:sid:0' id='a1' by='ana@example.org'/>"
            "<markable xmlns='urn:xmpp:chat-markers:0'/>"
            "<delay xmlns='urn:xmpp:delay' from='example.org' stamp='2026-01-02T03:04:05Z'/></message>",
      .expect = { .stanza_id = (char *) "m1",
                  .origin_id = (char *) "o1",
                  .archive_id = (char *) "a1",
                  .resource = (char *) "x",
                  .body = (char *) "Hello",
                  .time = G_GINT64_CONSTANT (1767323045000000),
                  .state = LINNET_STORE_STATE_RECEIVED,
                  .markable = TRUE },
  },
  {
      .name = "little",
      .in = "<message from='both@example.net' to='ana@example.org'><body>Hello</body></message>",
      .expect = { .body = (char *) "Hello",
                  .state = LINNET_STORE_STATE_RECEIVED,
                  .type = LINNET_STORE_TYPE_NORMAL },
  },
  {
      .name = "headline",
      .in = "<message from='both@example.net/x' to='ana@example.org' type='headline' id='m1'>"
            "<body>News</body></message>",
      .expect = { .stanza_id = (char *) "m1",
                  .resource = (char *) "x",
                  .body = (char *) "News",
                  .state = LINNET_STORE_STATE_RECEIVED,
                  .type = LINNET_STORE_TYPE_HEADLINE },
  },
  {
      .name = "by-another-device",
      .in = CARBON (
          "sent",
          "<message xmlns='jabber:client' from='ana@example.org/phone' to='both@example.net' type='chat' "
          "id='p1'><body>From the phone</body></message>"),
      .expect = { .stanza_id = (char *) "p1",
                  .resource = (char *) "phone",
                  .body = (char *) "From the phone",
                  .state = LINNET_STORE_STATE_SENT,
                  .outgoing = TRUE },
  },
  {
      .name = "error",
      .in = "<message from='both@example.net' to='ana@example.org/desk' type='error' id='s2'>"
            "<error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
            "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Go away</text></error></message>",
      .expect = { .stanza_id = (char *) "s2",
                  .body = (char *) "Two",
                  .state = LINNET_STORE_STATE_FAILED,
                  .outgoing = TRUE,
                  .error_condition = (char *) "forbidden",
                  .error_text = (char *) "Go away" },
  },
  {
      .name = "error-without-a-reason",
      .in = "<message from='both@example.net' to='ana@example.org/desk' type='error' id='s2'/>",
      .expect = { .stanza_id = (char *) "s2",
                  .body = (char *) "Two",
                  .state = LINNET_STORE_STATE_FAILED,
                  .outgoing = TRUE,
                  .error_condition = (char *) "undefined-condition" },
  },
};

static void
test_row (gconstpointer data)
{
  const RowCase *row = data;
  gint64 start = g_get_real_time ();
  g_autoptr (LinnetTestOnline) online = linnet_test_online_exchange (&both, 1, row->in, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) page =
      dex_await_boxed (linnet_store_messages_latest (
                           online->account->store,
                           linnet_conversation_get_id (linnet_test_online_get (online, "both@example.net")),
                           1),
                       &error);
  LinnetStoreMessage *message;

  g_assert_no_error (error);
  message = g_ptr_array_index (page, 0);
  g_assert_cmpstr (message->stanza_id, ==, row->expect.stanza_id);
  g_assert_cmpstr (message->origin_id, ==, row->expect.origin_id);
  g_assert_cmpstr (message->archive_id, ==, row->expect.archive_id);
  g_assert_cmpstr (message->resource, ==, row->expect.resource);
  g_assert_cmpstr (message->body, ==, row->expect.body);
  g_assert_cmpstr (message->error_condition, ==, row->expect.error_condition);
  g_assert_cmpint (message->state, ==, row->expect.state);
  g_assert_cmpint (message->type, ==, row->expect.type);
  g_assert_cmpint (message->outgoing, ==, row->expect.outgoing);
  g_assert_cmpint (message->markable, ==, row->expect.markable);

  if (row->expect.error_text != NULL)
    g_assert_nonnull (strstr (message->error_text, row->expect.error_text));
  if (row->expect.state == LINNET_STORE_STATE_FAILED)
    return;
  if (row->expect.time != 0)
    g_assert_cmpint (message->time, ==, row->expect.time);
  else
    g_assert_cmpint (message->time, >=, start);
  g_assert_cmpint (message->received, >=, start);
}

/* What the session would not let through stays out of the store even so. */
static void
test_operations (gconstpointer data)
{
  static const struct
  {
    const char *xml;
    guint n_operations;
  } rows[] = {
    { "<message from='both@example.net/x' type='chat'><body>Hello</body></message>", 1 },
    { "<message from='both@example.net/x' type='chat'/>", 0 },
    { "<message from='both@example.net/x' type='groupchat' id='m1'><body>Hello</body></message>", 0 },
    { "<message from='both@example.net' type='error' id='m1'><body>Hello</body></message>", 1 },
    { "<message from='both@example.net' type='error'><body>Hello</body></message>", 0 },
    { "<message from='ana@example.org/phone' to='both@example.net' type='error' id='m1'/>", 0 },
  };
  g_autoptr (XmppJid) self_jid = xmpp_jid_new (XMPP_TEST_JID, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_inbox_item_free);
      XmppInboxItem *item = xmpp_inbox_item_new (XMPP_INBOX_MESSAGE);
      g_autoptr (LinnetStoreBatch) batch = NULL;

      item->stanza = xmpp_node_parse (rows[i].xml, -1, XMPP_NS_CLIENT, NULL);
      item->message = xmpp_message_new (item->stanza, self_jid);
      g_ptr_array_add (items, item);
      batch = linnet_inbox_build_batch (1, self_jid, items);
      g_assert_cmpuint (linnet_store_batch_get_length (batch), ==, rows[i].n_operations);
    }
}

/* The last counter of a batch is stored, whatever it came with: a stream is resumed with it (R2). */
static void
test_counter (gconstpointer data)
{
  static const XmppInboxKind kinds[] = { XMPP_INBOX_COUNT, XMPP_INBOX_ROSTER, XMPP_INBOX_COUNT };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);
  LinnetStore *store = online->account->store;
  gint64 id = linnet_account_get_id (online->account);
  g_autoptr (LinnetStoreAccount) row = linnet_store_account_copy (online->account->row);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_inbox_item_free);
  g_autoptr (LinnetStoreBatch) batch = NULL;
  g_autoptr (GPtrArray) accounts = NULL;
  g_autoptr (GError) error = NULL;

  g_set_str (&row->resource, "desk");
  g_set_str (&row->sm_id, "id1");
  linnet_test_assert_resolves (linnet_store_accounts_save_stream (store, row));
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      XmppInboxItem *item = xmpp_inbox_item_new (kinds[i]);

      item->h = i + 5;
      if (item->kind == XMPP_INBOX_ROSTER)
        item->roster = g_ptr_array_new ();
      g_ptr_array_add (items, item);
    }

  batch = linnet_inbox_build_batch (id, linnet_account_get_jid (online->account), items);
  g_assert_cmpuint (linnet_store_batch_get_length (batch), ==, 1); /* of the roster */
  linnet_test_assert_resolves (linnet_store_batch_commit (store, batch));
  accounts = dex_await_boxed (linnet_store_accounts_list (store), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (((LinnetStoreAccount *) g_ptr_array_index (accounts, 0))->sm_h, ==, 7);
}

/* ---- people ---- */

typedef struct
{
  const char *name;
  const char *in;
  const char *expect; /* what to@example.net is called, now and after the next start */
} NameCase;

static const NameCase name_cases[] = {
  { .name = "nickname",
    .in = "<message from='to@example.net/x' id='m1'" TO "><body>Hello</body>" NICK ("Toto") "</message>",
    .expect = "Toto" },
  { .name = "nickname-without-text",
    .in = COMPOSING ("to@example.net/x", NICK ("Toto")),
    .expect = "Toto" },
  { .name = "nickname-of-mine",
    .in = CARBON (
        "sent",
        "<message xmlns='jabber:client' from='ana@example.org/phone' to='to@example.net' type='chat' "
        "id='p1'><body>Hello</body>" NICK ("Ana") "</message>"),
    .expect = "to" },
  { .name = "nickname-of-somebody-else",
    .in = "<message from='from@example.net/x' id='m1'" TO "><body>Hello</body>" NICK ("Toto") "</message>",
    .expect = "to" },
  { .name = "nickname-in-a-room",
    .in = "<message from='to@example.net/nick' to='ana@example.org' type='groupchat' id='m1'>"
          "<body>Hello</body>" NICK ("Toto") "</message>",
    .expect = "to" },
};

static void
test_name (gconstpointer data)
{
  const NameCase *row = data;
  g_autoptr (LinnetTestOnline) online = linnet_test_online_exchange (&both, 1, row->in, NULL);

  g_assert_cmpstr (
      linnet_contact_get_name (linnet_account_lookup_contact (online->account, "to@example.net")),
      ==,
      row->expect);
  linnet_test_online_restart (online);
  g_assert_cmpstr (
      linnet_contact_get_name (linnet_account_lookup_contact (online->account, "to@example.net")),
      ==,
      row->expect);
}

static LinnetStoreContact *
find_contact (GPtrArray *contacts,
              const char *address)
{
  for (guint i = 0; i < contacts->len; i++)
    {
      LinnetStoreContact *contact = g_ptr_array_index (contacts, i);

      if (g_str_equal (contact->jid, address))
        return contact;
    }

  return NULL;
}

static void
test_roster (gconstpointer data)
{
  g_autoptr (LinnetTestOnline) online = linnet_test_online_exchange (
      NULL,
      0,
      "<iq type='set' id='p1'><query xmlns='jabber:iq:roster' ver='v2'>"
      "<item jid='new@example.net' name='New' subscription='from' ask='subscribe' approved='true'>"
      "<group>Work</group><group>Friends</group></item></query></iq>"
      "<iq type='set' id='p2'><query xmlns='jabber:iq:roster' ver='v3'>"
      "<item jid='to@example.net' subscription='remove'/></query></iq>",
      "<iq type='result' id='p1'/><iq type='result' id='p2'/>");
  LinnetStore *store = online->account->store;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) contacts =
      dex_await_boxed (linnet_store_roster_list (store, linnet_account_get_id (online->account)), &error);
  g_autoptr (GPtrArray) accounts = dex_await_boxed (linnet_store_accounts_list (store), &error);
  LinnetStoreContact *contact;

  g_assert_no_error (error);
  g_assert_cmpstr (((LinnetStoreAccount *) g_ptr_array_index (accounts, 0))->roster_version, ==, "v3");
  g_assert_cmpuint (contacts->len, ==, 4);
  g_assert_null (find_contact (contacts, "to@example.net"));

  contact = find_contact (contacts, "new@example.net");
  g_assert_nonnull (contact);
  g_assert_cmpstr (contact->name, ==, "New");
  g_assert_cmpstrv (contact->groups, ((const char *const[]) { "Friends", "Work", NULL }));
  g_assert_cmpint (contact->subscription, ==, XMPP_SUBSCRIPTION_FROM);
  g_assert_true (contact->ask);
  g_assert_true (contact->approved);

  /* Shown, too. */
  g_assert_true (
      linnet_contact_get_in_roster (linnet_account_lookup_contact (online->account, "new@example.net")));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/inbox-batch/%s", cases[i].name);

      linnet_test_add (path, test_case, &cases[i]);
    }
  linnet_test_add ("/model/inbox-batch/receipts-off", test_receipts_off, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (row_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/inbox-batch/row/%s", row_cases[i].name);

      linnet_test_add (path, test_row, &row_cases[i]);
    }
  linnet_test_add ("/model/inbox-batch/operations", test_operations, NULL);
  linnet_test_add ("/model/inbox-batch/counter", test_counter, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (name_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/inbox-batch/%s", name_cases[i].name);

      linnet_test_add (path, test_name, &name_cases[i]);
    }
  linnet_test_add ("/model/inbox-batch/roster", test_roster, NULL);

  return g_test_run ();
}
