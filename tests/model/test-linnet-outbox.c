/* Tests of what goes out: on the disk, then on the wire, until the server has it (R3, R7, R8)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <sqlite3.h>

#include "linnet-error.h"
#include "linnet-outbox.h"
#include "linnet-sent-log.h"
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

/* ---- a stream of an earlier run ---- */

/* What signing in would have stored. */
static void
store_stream (LinnetTestOnline *online)
{
  g_autoptr (LinnetStoreAccount) row = linnet_store_account_copy (online->account->row);

  g_set_str (&row->resource, "desk");
  g_set_str (&row->sm_id, with_sm.sm_id);
  linnet_test_assert_resolves (linnet_store_accounts_save_stream (online->account->store, row));
}

/* Three messages of which the server acknowledged none: 7, 8 and 9 of the stream. */
static LinnetTestOnline *
online_with_three_sent (void)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_INTRO_SM,
    { .c = SENT ("One") LINNET_TEST_R },
    { .c = SENT ("Two") },
    { .c = SENT ("Three"), .act = LINNET_TEST_CLOSE },
    {},
  };
  LinnetTestOnline *online = linnet_test_online_new (&both, 1);

  linnet_test_online_start (online, steps, &with_sm);
  store_stream (online);
  g_object_unref (send (online, "One"));
  linnet_test_settle ();
  g_object_unref (send (online, "Two"));
  g_object_unref (send (online, "Three"));
  linnet_test_assert_resolves (linnet_test_server_finish (online->server));

  return online;
}

/* The notes, as the program that was killed would have left them. */
static LinnetSentLog *
open_notes (LinnetTestOnline *online)
{
  g_autofree char *boot = linnet_sent_log_dup_boot ();

  return linnet_sent_log_new (linnet_store_get_directory (online->account->store),
                              linnet_account_get_id (online->account),
                              boot);
}

static void
assert_all_sent (LinnetTestOnline *online)
{
  g_autofree char *messages = linnet_test_online_dup_messages (online, ADDRESS);

  g_assert_cmpuint (linnet_outbox_get_length (online->account->outbox), ==, 0);
  g_assert_cmpuint (count_stored (online), ==, 0);
  g_assert_cmpstr (messages, ==, "sent One\nsent Two\nsent Three\n");
}

/* The resource was there all the time: it goes and comes, so that contacts tell about themselves. */
#define ADOPTED_C XMPP_TEST_INTRO_C LINNET_TEST_R
#define ADOPTED_PRESENCE_C "<presence type='unavailable'/>" XMPP_TEST_PRESENCE_C LINNET_TEST_R

/* What the server has is not sent again, whether a peer could tell or not. */
static void
test_resumed (gconstpointer data)
{
  static const LinnetTestStep more[] = {
    { .c = AGAIN ("Three") },
    { .c = ADOPTED_C,
      .s = LINNET_TEST_A ("14") XMPP_TEST_INTRO_S (XMPP_TEST_ACCOUNT_FEATURES) },
    { .c = ADOPTED_PRESENCE_C, .s = LINNET_TEST_A ("16") },
    {},
  };
  g_autoptr (LinnetTestOnline) online = online_with_three_sent ();
  linnet_test_online_restart (online);
  g_assert_cmpuint (linnet_outbox_get_length (online->account->outbox), ==, 3);
  linnet_test_online_start (online, more, &(XmppSessionStart) { .resumed = TRUE, .sm_h = 8 });
  linnet_test_online_finish (online);
  assert_all_sent (online);
}

/* It could not be resumed, and the server does not tell: everything goes again. */
static void
test_not_resumed (gconstpointer data)
{
  static const LinnetTestStep more[] = {
    { .c = ADOPTED_C, .s = LINNET_TEST_A ("5") XMPP_TEST_INTRO_S (XMPP_TEST_ACCOUNT_FEATURES) },
    { .c = XMPP_TEST_PRESENCE_C LINNET_TEST_R AGAIN ("One") AGAIN ("Two") AGAIN ("Three"),
      .s = LINNET_TEST_A ("9") },
    {},
  };
  g_autoptr (LinnetTestOnline) online = online_with_three_sent ();

  linnet_test_online_restart (online);
  linnet_test_online_start (online, more, &with_sm);
  linnet_test_online_finish (online);
  assert_all_sent (online);
}

/* It could not be resumed, but the server tells what it had, also of what nobody stored. */
static void
test_failed (gconstpointer data)
{
  const guint32 *h = data;
  static const LinnetTestStep more[] = {
    { .c = ADOPTED_C, .s = LINNET_TEST_A ("5") XMPP_TEST_INTRO_S (XMPP_TEST_ACCOUNT_FEATURES) },
    { .c = XMPP_TEST_PRESENCE_C LINNET_TEST_R AGAIN ("Three"), .s = LINNET_TEST_A ("7") },
    {},
  };
  static const LinnetTestStep nothing_more[] = {
    { .c = ADOPTED_C, .s = LINNET_TEST_A ("5") XMPP_TEST_INTRO_S (XMPP_TEST_ACCOUNT_FEATURES) },
    { .c = XMPP_TEST_PRESENCE_C LINNET_TEST_R, .s = LINNET_TEST_A ("6") },
    {},
  };
  g_autoptr (LinnetTestOnline) online = online_with_three_sent ();
  XmppSessionStart start = with_sm;

  linnet_test_online_restart (online);
  start.sm_h_known = TRUE;
  start.sm_h = *h;
  linnet_test_online_start (online, *h == 8 ? more : nothing_more, &start);
  linnet_test_online_finish (online);
  assert_all_sent (online);
}

/* The end came between an acknowledgement and its way into the store. */
static void
test_acked_before_the_end (gconstpointer data)
{
  static const LinnetTestStep more[] = {
    { .c = ADOPTED_C, .s = LINNET_TEST_A ("14") XMPP_TEST_INTRO_S (XMPP_TEST_ACCOUNT_FEATURES) },
    { .c = ADOPTED_PRESENCE_C, .s = LINNET_TEST_A ("16") },
    {},
  };
  g_autoptr (LinnetTestOnline) online = online_with_three_sent ();
  g_autoptr (LinnetSentLog) notes = open_notes (online);

  linnet_sent_log_set_acked (notes, 8);
  linnet_test_online_restart (online);
  g_assert_cmpuint (linnet_outbox_get_length (online->account->outbox), ==, 1);
  linnet_test_online_start (online, more, &(XmppSessionStart) { .resumed = TRUE, .sm_h = 9 });
  linnet_test_online_finish (online);
  assert_all_sent (online);
}

/* The server says less than it once did (R4): the stream is given up, and nothing is lost by that. */
static void
test_impossible_count (gconstpointer data)
{
  static const LinnetTestStep more[] = {
    { .c = "<stream:error><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
           "<handled-count-too-high xmlns='urn:xmpp:sm:3' h='6' send-count='9'/></stream:error>",
      .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  static const LinnetTestStep then[] = {
    { .c = ADOPTED_C, .s = LINNET_TEST_A ("5") XMPP_TEST_INTRO_S (XMPP_TEST_ACCOUNT_FEATURES) },
    { .c = XMPP_TEST_PRESENCE_C LINNET_TEST_R AGAIN ("Two") AGAIN ("Three"), .s = LINNET_TEST_A ("8") },
    {},
  };
  g_autoptr (LinnetTestOnline) online = online_with_three_sent ();
  g_autoptr (LinnetSentLog) notes = open_notes (online);

  linnet_sent_log_set_acked (notes, 7);
  linnet_test_online_restart (online);
  linnet_test_assert_rejects (
      linnet_test_online_try (online, more, &(XmppSessionStart) { .resumed = TRUE, .sm_h = 6 }),
      XMPP_STREAM_ERROR,
      XMPP_STREAM_ERROR_PROTOCOL);
  linnet_test_assert_resolves (linnet_test_server_finish (online->server));
  linnet_test_online_start (online, then, &with_sm);
  linnet_test_online_finish (online);
  assert_all_sent (online);
}

/* Twice in a row, the second time before the server answered anything. */
static void
test_restart_twice (gconstpointer data)
{
  static const LinnetTestStep more[] = {
    { .c = AGAIN ("Two") AGAIN ("Three") },
    { .c = ADOPTED_C, .act = LINNET_TEST_CLOSE },
    {},
  };
  static const LinnetTestStep then[] = {
    { .c = AGAIN ("Three") },
    { .c = ADOPTED_C,
      .s = LINNET_TEST_A ("14") XMPP_TEST_INTRO_S (XMPP_TEST_ACCOUNT_FEATURES) },
    { .c = ADOPTED_PRESENCE_C, .s = LINNET_TEST_A ("16") },
    {},
  };
  g_autoptr (LinnetTestOnline) online = online_with_three_sent ();
  DexFuture *started;

  linnet_test_online_restart (online);
  started = linnet_test_online_try (online, more, &(XmppSessionStart) { .resumed = TRUE, .sm_h = 7 });
  linnet_test_assert_resolves (linnet_test_server_finish (online->server));
  linnet_test_online_restart (online);
  dex_unref (started);
  g_assert_cmpuint (linnet_outbox_get_length (online->account->outbox), ==, 2);

  linnet_test_online_start (online, then, &(XmppSessionStart) { .resumed = TRUE, .sm_h = 8 });
  linnet_test_online_finish (online);
  assert_all_sent (online);
}

/* Without the notes it is as if the stream had not been resumed: when in doubt, once more. */
static void
test_no_notes (gconstpointer data)
{
  static const LinnetTestStep more[] = {
    { .c = ADOPTED_C, .s = LINNET_TEST_A ("14") XMPP_TEST_INTRO_S (XMPP_TEST_ACCOUNT_FEATURES) },
    { .c = ADOPTED_PRESENCE_C AGAIN ("One") AGAIN ("Two") AGAIN ("Three"), .s = LINNET_TEST_A ("19") },
    {},
  };
  g_autoptr (LinnetTestOnline) online = online_with_three_sent ();
  g_autoptr (LinnetSentLog) notes = open_notes (online);

  linnet_sent_log_erase (notes);
  linnet_test_online_restart (online);
  linnet_test_online_start (online, more, &(XmppSessionStart) { .resumed = TRUE, .sm_h = 9 });
  linnet_test_online_finish (online);
  assert_all_sent (online);
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
  static const guint32 some = 8, more_than_stored = 11;
  LinnetTestVfs *disk;

  linnet_test_init (&argc, &argv);
  disk = linnet_test_vfs_install ();

  linnet_test_add ("/model/outbox/offline-first", test_offline_first, NULL);
  linnet_test_add ("/model/outbox/again", test_again, NULL);
  linnet_test_add ("/model/outbox/restart", test_restart, NULL);
  linnet_test_add ("/model/outbox/restart/resumed", test_resumed, NULL);
  linnet_test_add ("/model/outbox/restart/not-resumed", test_not_resumed, NULL);
  linnet_test_add ("/model/outbox/restart/failed", test_failed, &some);
  linnet_test_add ("/model/outbox/restart/failed-beyond", test_failed, &more_than_stored);
  linnet_test_add ("/model/outbox/restart/acked-before-the-end", test_acked_before_the_end, NULL);
  linnet_test_add ("/model/outbox/restart/impossible-count", test_impossible_count, NULL);
  linnet_test_add ("/model/outbox/restart/twice", test_restart_twice, NULL);
  linnet_test_add ("/model/outbox/restart/no-notes", test_no_notes, NULL);
  linnet_test_add ("/model/outbox/no-stream-management", test_no_stream_management, NULL);
  linnet_test_add ("/model/outbox/disk-full", test_disk_full, disk);

  return g_test_run ();
}
