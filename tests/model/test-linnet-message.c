/* Tests of messages
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-contact-private.h"
#include "linnet-message-private.h"
#include "linnet-message.h"
#include "linnet-test.h"

static LinnetStoreMessage *
make_row (void)
{
  LinnetStoreMessage *row = linnet_store_message_new ();

  row->id = 7;
  row->body = g_strdup ("Hello");
  row->outgoing = TRUE;
  row->state = LINNET_STORE_STATE_QUEUED;

  return row;
}

static void
test_one_object (gconstpointer data)
{
  g_autoptr (GHashTable) table = linnet_message_table_new ();
  g_autoptr (LinnetContact) contact = linnet_contact_new (NULL, "mira@lark.test");
  g_autoptr (LinnetStoreMessage) row = make_row ();
  LinnetMessage *message = linnet_message_table_ensure (table, contact, row);
  LinnetMessage *again = linnet_message_table_ensure (table, contact, row);

  g_assert_true (message == again);
  g_object_unref (again);
  g_assert_finalize_object (message);
  g_assert_null (linnet_message_table_lookup (table, row->id));
}

static void
let_go_cb (LinnetMessage *message)
{
  g_assert_cmpint (linnet_message_get_state (message), ==, LINNET_MESSAGE_SENT);
  g_object_unref (message);
}

/* Who waits for a message to be sent may hold the only reference to it, and drops it then. */
static void
test_let_go_when_sent (gconstpointer data)
{
  g_autoptr (GHashTable) table = linnet_message_table_new ();
  g_autoptr (LinnetContact) contact = linnet_contact_new (NULL, "mira@lark.test");
  g_autoptr (LinnetStoreMessage) row = make_row ();
  LinnetMessage *message = linnet_message_table_ensure (table, contact, row);

  g_signal_connect (message, "notify::state", G_CALLBACK (let_go_cb), NULL);
  linnet_message_set_state (message, LINNET_STORE_STATE_SENT, NULL);

  g_assert_null (linnet_message_table_lookup (table, row->id));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/message/one-object", test_one_object, NULL);
  linnet_test_add ("/model/message/let-go-when-sent", test_let_go_when_sent, NULL);

  return g_test_run ();
}
