/* Tests of what goes out: on the disk, then on the wire, until the server has it (R3, R7, R8)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <sqlite3.h>

#include "linnet-error.h"
#include "linnet-outbox.h"
#include "linnet-store-outbox.h"
#include "linnet-test-online.h"
#include "linnet-test.h"
#include "linnet-test-vfs.h"

#define ADDRESS "both@example.net"
#define EXTRAS                                                                      \
  "<request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>" \
  "<active xmlns='http://jabber.org/protocol/chatstates'/>"
/* A message as it is sent, its id kept under its text. */
#define SENT(text)                                                    \
  "<message to='" ADDRESS "' type='chat' id='{" text "}'><body>" text \
  "</body><origin-id xmlns='urn:xmpp:sid:0' id='${" text "}'/>" EXTRAS "</message>"
/* The same, sent again. */
#define AGAIN(text)                                                    \
  "<message to='" ADDRESS "' type='chat' id='{" text "}'><body>" text  \
  "</body><origin-id xmlns='urn:xmpp:sid:0' id='${" text "}'/>" EXTRAS \
  "<delay xmlns='urn:xmpp:delay' from='ana@example.org' stamp='*'/></message>"

#define PING "<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>"

static const LinnetTestContact both = {
  .address = ADDRESS,
  .subscription = LINNET_SUBSCRIPTION_BOTH,
  .draft = "Hello",
};

static const XmppSessionStart with_sm = { .sm_enabled = TRUE, .sm_resumable = TRUE, .sm_id = (char *) "id1" };

static LinnetMessage *
send (LinnetTestOnline *online,
      const char *text)
{
  g_autoptr (GError) error = NULL;
  LinnetMessage *message = dex_await_object (
      linnet_conversation_send_text (linnet_test_online_get (online, ADDRESS), text), &error);

  g_assert_no_error (error);

  return message;
}

static char *
dup_stanza_id (LinnetTestOnline *online,
               LinnetMessage *message)
{
  g_autoptr (LinnetStoreMessage) row = dex_await_boxed (
      linnet_store_messages_get (online->account->store, linnet_message_get_id (message)), NULL);

  return g_strdup (row->stanza_id);
}

static guint
count_stored (LinnetTestOnline *online)
{
  g_autoptr (GPtrArray) rows = dex_await_boxed (
      linnet_store_outbox_list (online->account->store, linnet_account_get_id (online->account)), NULL);

  return rows->len;
}

/* Written while there is no connection: kept, and sent in order when there is one. */
static void
test_offline_first (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = XMPP_TEST_INTRO_C LINNET_TEST_R,
      .s = LINNET_TEST_A ("5") XMPP_TEST_INTRO_S (XMPP_TEST_ACCOUNT_FEATURES) },
    { .c = XMPP_TEST_PRESENCE_C LINNET_TEST_R SENT ("One") SENT ("Two") SENT ("Three"),
      .s = LINNET_TEST_A ("8") },
    { .c = LINNET_TEST_R },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&both, 1);
  g_autoptr (LinnetMessage) one = send (online, "One");
  g_autoptr (LinnetMessage) two = send (online, "Two");
  g_autoptr (LinnetMessage) three = send (online, "Three");

  g_assert_cmpint (linnet_message_get_state (one), ==, LINNET_MESSAGE_QUEUED);
  g_assert_cmpuint (linnet_outbox_get_length (online->account->outbox), ==, 3);

  linnet_test_online_start (online, steps, &with_sm);
  linnet_test_wait_message_state (two, LINNET_MESSAGE_SENT);
  g_assert_cmpint (linnet_message_get_state (one), ==, LINNET_MESSAGE_SENT);
  g_assert_cmpint (linnet_message_get_state (three), ==, LINNET_MESSAGE_QUEUED);
  g_assert_cmpuint (count_stored (online), ==, 1);
  linnet_test_online_finish (online);
}

/* A session that could not be resumed: the server may have lost them, so they go again, under the same ids.
 */
static void
test_again (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_INTRO_SM,
    { .c = SENT ("One") LINNET_TEST_R, .s = LINNET_TEST_A ("7") },
    { .c = SENT ("Two") LINNET_TEST_R, .act = LINNET_TEST_CLOSE },
    {},
  };
  static const LinnetTestStep more[] = {
    { .c = XMPP_TEST_INTRO_C LINNET_TEST_R,
      .s = LINNET_TEST_A ("5") XMPP_TEST_INTRO_S (XMPP_TEST_ACCOUNT_FEATURES) },
    /* In the order of writing, the old one first. */
    { .c = XMPP_TEST_PRESENCE_C LINNET_TEST_R AGAIN ("Two") SENT ("Three") },
    { .s = LINNET_TEST_A ("8") },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&both, 1);
  g_autoptr (LinnetMessage) one = NULL;
  g_autoptr (LinnetMessage) two = NULL;
  g_autoptr (LinnetMessage) three = NULL;
  g_autofree char *id = NULL;

  linnet_test_online_start (online, steps, &with_sm);
  one = send (online, "One");
  linnet_test_wait_message_state (one, LINNET_MESSAGE_SENT);
  two = send (online, "Two");
  linnet_test_assert_resolves (linnet_test_server_finish (online->server));
  while (xmpp_session_is_online (online->account->session))
    linnet_test_settle ();
  three = send (online, "Three");

  linnet_test_online_start (online, more, &with_sm);
  linnet_test_wait_message_state (three, LINNET_MESSAGE_SENT);
  g_assert_cmpint (linnet_message_get_state (two), ==, LINNET_MESSAGE_SENT);
  id = dup_stanza_id (online, two);
  g_assert_cmpstr (linnet_test_server_get_kept (online->server, "Two"), ==, id);
  linnet_test_online_finish (online);
  g_assert_cmpuint (count_stored (online), ==, 0);
  g_assert_cmpuint (linnet_outbox_get_length (online->account->outbox), ==, 0);
}

/* What an earlier run of the program left is sent as well, and nobody else's. */
static void
test_restart (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = AGAIN ("One") PING, .s = "<iq type='result' id='$2'/>" },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&both, 1);
  g_autoptr (LinnetMessage) one = send (online, "One");

  g_clear_object (&one);
  linnet_test_online_restart (online);
  g_assert_cmpuint (linnet_outbox_get_length (online->account->outbox), ==, 1);
  linnet_test_online_start (online, steps, NULL);
  linnet_test_online_finish (online);
}

/* Without stream management the answer to a ping says that what was written before it arrived. */
static void
test_no_stream_management (gconstpointer data)
{
  static const LinnetTestStep steps[] = { XMPP_TEST_INTRO,
                                          { .c = SENT ("One") PING, .s = "<iq type='result' id='$1'/>" },
                                          {} };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&both, 1);
  g_autoptr (LinnetMessage) one = NULL;

  linnet_test_online_start (online, steps, NULL);
  one = send (online, "One");
  linnet_test_online_finish (online);
  linnet_test_wait_message_state (one, LINNET_MESSAGE_SENT);
  g_assert_cmpuint (count_stored (online), ==, 0);
}

static void
tell_cb (gboolean *told)
{
  *told = TRUE;
}

static gboolean
was_told (gpointer manager,
          gpointer told)
{
  return *(gboolean *) told;
}

/* A full disk: the message is refused before it is on the wire (R3), and an acknowledgement is told later. */
static void
test_disk_full (gconstpointer data)
{
  LinnetTestVfs *disk = (LinnetTestVfs *) data;
  static const LinnetTestStep steps[] = {
    LINNET_TEST_INTRO_SM,
    { .c = SENT ("One") LINNET_TEST_R },
    { .c = LINNET_TEST_TRIGGER_C, .s = LINNET_TEST_A ("8") },
    { .c = SENT ("Two") LINNET_TEST_R, .s = LINNET_TEST_A ("9") },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&both, 1);
  g_autoptr (LinnetMessage) one = NULL;
  g_autoptr (LinnetMessage) two = NULL;
  g_autofree char *messages = NULL;
  gboolean told = FALSE;

  g_signal_connect_swapped (online->manager, "error", G_CALLBACK (tell_cb), &told);
  linnet_test_online_start (online, steps, &with_sm);
  one = send (online, "One");
  linnet_test_assert_resolves (linnet_inbox_wait_drained (online->account->inbox));

  linnet_test_vfs_fail (disk, 0, SQLITE_FULL);
  linnet_test_assert_rejects (
      linnet_conversation_send_text (linnet_test_online_get (online, ADDRESS), "Refused"),
      LINNET_ERROR,
      LINNET_ERROR_DISK_FULL);
  linnet_test_online_trigger (online);
  linnet_test_wait_for (online->manager, "error", was_told, &told);
  g_assert_cmpuint (linnet_outbox_get_length (online->account->outbox), ==, 0);
  linnet_test_vfs_heal (disk);
  g_assert_cmpuint (count_stored (online), ==, 1);

  two = send (online, "Two");
  linnet_test_wait_message_state (two, LINNET_MESSAGE_SENT);
  g_assert_cmpint (linnet_message_get_state (one), ==, LINNET_MESSAGE_SENT);
  linnet_test_online_finish (online);
  messages = linnet_test_online_dup_messages (online, ADDRESS);
  g_assert_cmpstr (messages, ==, "sent One\nsent Two\n");
  g_signal_handlers_disconnect_by_data (online->manager, &told);
}

int
main (int argc,
      char *argv[])
{
  LinnetTestVfs *disk;

  linnet_test_init (&argc, &argv);
  disk = linnet_test_vfs_install ();

  linnet_test_add ("/model/outbox/offline-first", test_offline_first, NULL);
  linnet_test_add ("/model/outbox/again", test_again, NULL);
  linnet_test_add ("/model/outbox/restart", test_restart, NULL);
  linnet_test_add ("/model/outbox/no-stream-management", test_no_stream_management, NULL);
  linnet_test_add ("/model/outbox/disk-full", test_disk_full, disk);

  return g_test_run ();
}
