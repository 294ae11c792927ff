/* Tests of what comes in: from the stream into the store and onto the screen
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include <sqlite3.h>

#include "linnet-error.h"
#include "linnet-store-accounts.h"
#include "linnet-store-db-private.h"
#include "linnet-test-online.h"
#include "linnet-test-vfs.h"

#define TO " to='ana@example.org' type='chat'"
#define CARBON(direction, message)                                                                        \
  "<message from='ana@example.org' to='ana@example.org/desk'><" direction                                 \
  " xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>" message "</forwarded></" direction \
  "></message>"

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
            "<error type='cancel'><service-unavailable "
            "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
      .messages = "sent One\nfailed Two\n",
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
      .in = "<message from='room@example.net/nick' to='ana@example.org' type='groupchat' id='m1'>"
            "<body>Hello</body></message>",
      .address = "room@example.net",
      .messages = "",
  },
  {
      .name = "nothing-to-show",
      .in = "<message from='both@example.net/x' id='m1'" TO
            "><active xmlns='http://jabber.org/protocol/chatstates'/>"
            "</message>",
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
  if (conversation != NULL)
    g_assert_cmpuint (linnet_conversation_get_unread_count (conversation), ==, row->unread);
  g_assert_cmpuint (linnet_account_manager_get_unread_count (online->manager), ==, row->unread);
}

/* ---- switches ---- */

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

static gboolean
is_typing (gpointer conversation,
           gpointer data)
{
  return linnet_conversation_get_typing (conversation);
}

static void
test_typing (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = "<message from='both@example.net/x'" TO
           "><composing xmlns='http://jabber.org/protocol/chatstates'/></message>" },
    { .c = LINNET_TEST_TRIGGER_C,
      .s = "<message from='both@example.net/x' id='m1'" TO "><body>Done</body></message>" XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&both, 1);
  LinnetConversation *conversation = linnet_test_online_get (online, "both@example.net");

  linnet_test_online_start (online, steps, NULL);
  linnet_test_wait_for (conversation, "notify::typing", is_typing, NULL);
  linnet_test_online_trigger (online);
  linnet_test_online_finish (online);
  g_assert_false (linnet_conversation_get_typing (conversation));
}

/* ---- order and signals ---- */

static void
message_received_cb (GString *log,
                     LinnetConversation *conversation,
                     LinnetMessage *message)
{
  g_string_append_printf (
      log, "%s:%s ", linnet_conversation_get_address (conversation), linnet_message_get_body (message));
}

static void
test_batch (gconstpointer data)
{
  g_autoptr (GString) flood = g_string_new (NULL);
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&both, 1);

  for (guint i = 0; i < 500; i++)
    {
      const char *from = i % 2 == 0 ? "both" : "to";

      g_string_append_printf (
          flood, "<message from='%s@example.net/x' id='m%u'" TO "><body>%u</body></message>", from, i, i);
    }
  g_string_append (flood, XMPP_TEST_SYNC_S);

  {
    const LinnetTestStep steps[] = { XMPP_TEST_INTRO, { .s = flood->str }, { .c = XMPP_TEST_SYNC_C }, {} };

    g_signal_connect_swapped (online->manager, "message-received", G_CALLBACK (message_received_cb), log);
    linnet_test_online_start (online, steps, NULL);
    linnet_test_online_finish (online);
    g_signal_handlers_disconnect_by_data (online->manager, log);
  }

  g_assert_cmpuint (
      linnet_conversation_get_unread_count (linnet_test_online_get (online, "both@example.net")), ==, 250);
  g_assert_cmpuint (linnet_account_manager_get_unread_count (online->manager), ==, 500);

  /* Each once; in order within each conversation. */
  for (guint i = 0; i < 500; i += 2)
    g_string_append_printf (expected, "both@example.net:%u ", i);
  {
    g_auto (GStrv) events = g_strsplit (log->str, " ", -1);
    g_autoptr (GString) of_both = g_string_new (NULL);

    g_assert_cmpuint (g_strv_length (events), ==, 501);
    for (guint i = 0; events[i] != NULL; i++)
      {
        if (g_str_has_prefix (events[i], "both"))
          g_string_append_printf (of_both, "%s ", events[i]);
      }
    g_assert_cmpstr (of_both->str, ==, expected->str);
  }
}

/* ---- the disk ---- */

static void
disk_error_cb (GError **told,
               const GError *error)
{
  g_clear_error (told);
  *told = g_error_copy (error);
}

static gboolean
was_told (gpointer manager,
          gpointer error)
{
  return *(GError **) error != NULL;
}

/* R26: what cannot be stored is not acknowledged, is told, and is stored once there is room. */
static void
test_disk_full (gconstpointer data)
{
  LinnetTestVfs *disk = (LinnetTestVfs *) data;
  static const XmppSessionStart with_sm = { .sm_enabled = TRUE,
                                            .sm_resumable = TRUE,
                                            .sm_id = (char *) "id1" };
  static const LinnetTestStep steps[] = {
    LINNET_TEST_INTRO_SM,
    { .c = LINNET_TEST_TRIGGER_C LINNET_TEST_R,
      .s = LINNET_TEST_A ("7") "<message from='both@example.net/x' id='m1'" TO
                               "><body>Hello</body></message>" LINNET_TEST_R },
    { .c = LINNET_TEST_A ("1") }, /* the roster */
    { .c = LINNET_TEST_A ("6") },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&both, 1);
  LinnetConversation *conversation = linnet_test_online_get (online, "both@example.net");
  g_autoptr (GError) told = NULL;
  g_autofree char *messages = NULL;

  linnet_test_online_start (online, steps, &with_sm);
  linnet_test_assert_resolves (linnet_inbox_wait_drained (online->account->inbox));
  g_signal_connect_swapped (online->manager, "error", G_CALLBACK (disk_error_cb), &told);

  linnet_test_vfs_fail (disk, 0, SQLITE_FULL);
  linnet_test_online_trigger (online);
  linnet_test_wait_for (online->manager, "error", was_told, &told);
  g_assert_error (told, LINNET_ERROR, LINNET_ERROR_DISK_FULL);
  g_assert_cmpuint (linnet_conversation_get_unread_count (conversation), ==, 0);
  g_assert_null (strstr (linnet_test_server_get_received (online->server), LINNET_TEST_A ("6")));

  linnet_test_vfs_heal (disk);
  linnet_account_reconnect_now (online->account);
  linnet_test_online_finish (online);
  messages = linnet_test_online_dup_messages (online, "both@example.net");
  g_assert_cmpstr (messages, ==, OLD "received Hello\n");
  g_signal_handlers_disconnect_by_data (online->manager, &told);
}

static void
error_cb (GArray *codes,
          const GError *error)
{
  g_array_append_val (codes, error->code);
}

static gboolean
refuse_job (LinnetStoreDb *db,
            gpointer data,
            GValue *result,
            GError **error)
{
  return linnet_store_db_execute_sql (db, "CREATE UNIQUE INDEX no_twins ON messages (body)", error);
}

/* R29: one message that the database refuses, whatever the disk does, holds up none of the others. */
static void
test_refused (gconstpointer data)
{
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&both, 1);
  g_autoptr (GArray) codes = g_array_new (FALSE, FALSE, sizeof (int));
  g_autofree char *messages = NULL;
  g_autofree char *account = g_strdup_printf ("%" G_GINT64_FORMAT, linnet_account_get_id (online->account));
  g_autofree char *quarantine =
      g_build_filename (linnet_store_get_directory (online->account->store), "quarantine", account, NULL);
  g_autoptr (GDir) dir = NULL;
  const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = "<message from='both@example.net/x' id='m1'" TO "><body>First</body></message>"
           "<message from='both@example.net/x' id='m2'" TO "><body>One</body></message>"
           "<message from='both@example.net/x' id='m3'" TO "><body>Last</body></message>" XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };

  g_signal_connect_swapped (online->manager, "error", G_CALLBACK (error_cb), codes);
  linnet_test_assert_resolves (linnet_store_run (online->account->store, refuse_job, NULL, NULL));
  linnet_test_online_start (online, steps, NULL);
  linnet_test_online_finish (online);

  messages = linnet_test_online_dup_messages (online, "both@example.net");
  g_assert_cmpstr (messages, ==, OLD "received First\nreceived Last\n");
  g_assert_cmpuint (codes->len, ==, 1);
  g_assert_cmpint (g_array_index (codes, int, 0), ==, LINNET_ERROR_SET_ASIDE);
  dir = g_dir_open (quarantine, 0, NULL);
  g_assert_nonnull (g_dir_read_name (dir));
  g_assert_null (g_dir_read_name (dir));
}

int
main (int argc,
      char *argv[])
{
  LinnetTestVfs *disk;

  linnet_test_init (&argc, &argv);
  disk = linnet_test_vfs_install ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/inbox/%s", cases[i].name);

      linnet_test_add (path, test_case, &cases[i]);
    }
  linnet_test_add ("/model/inbox/receipts-off", test_receipts_off, NULL);
  linnet_test_add ("/model/inbox/typing", test_typing, NULL);
  linnet_test_add ("/model/inbox/batch", test_batch, NULL);
  linnet_test_add ("/model/inbox/disk-full", test_disk_full, disk);

  linnet_test_add ("/model/inbox/refused", test_refused, NULL);

  return g_test_run ();
}
