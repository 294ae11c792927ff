/* Tests of what comes in: in order, durable before it is acknowledged, whatever the disk does
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

#define OLD "sent One\nsent Two\n"

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

  linnet_test_add ("/model/inbox/batch", test_batch, NULL);
  linnet_test_add ("/model/inbox/disk-full", test_disk_full, disk);
  linnet_test_add ("/model/inbox/refused", test_refused, NULL);

  return g_test_run ();
}
