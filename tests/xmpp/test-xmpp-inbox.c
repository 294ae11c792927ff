/* Tests of the inbox: order, batches, one reader, room
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-spawn.h"
#include "linnet-test.h"
#include "xmpp-inbox.h"

static void
push (XmppInbox *inbox,
      guint32 h)
{
  XmppInboxItem *item = xmpp_inbox_item_new (XMPP_INBOX_COUNT);

  item->h = h;
  xmpp_inbox_push (inbox, item);
}

static void
assert_read (DexFuture *future,
             guint32 first,
             guint n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = dex_await_boxed (future, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (((XmppInboxItem *) items->pdata[i])->h, ==, first + i);
}

static void
test_order (gconstpointer data)
{
  g_autoptr (XmppInbox) inbox = xmpp_inbox_new ();

  for (guint32 h = 1; h <= 5; h++)
    push (inbox, h);
  assert_read (xmpp_inbox_read (inbox, 2), 1, 2);
  assert_read (xmpp_inbox_read (inbox, 100), 3, 3);
}

/* What comes in one turn is read together, although the reader was there first. */
static void
test_batch (gconstpointer data)
{
  g_autoptr (XmppInbox) inbox = xmpp_inbox_new ();
  DexFuture *future = xmpp_inbox_read (inbox, 100);

  push (inbox, 1);
  push (inbox, 2);
  push (inbox, 3);
  assert_read (future, 1, 3);
}

static void
test_one_reader (gconstpointer data)
{
  g_autoptr (XmppInbox) inbox = xmpp_inbox_new ();
  DexFuture *future = xmpp_inbox_read (inbox, 100);

  linnet_test_assert_rejects (xmpp_inbox_read (inbox, 100), G_IO_ERROR, G_IO_ERROR_PENDING);
  push (inbox, 1);
  assert_read (future, 1, 1);
}

static void
test_room (gconstpointer data)
{
  g_autoptr (XmppInbox) inbox = xmpp_inbox_new ();
  g_autoptr (DexFuture) room = NULL;

  linnet_test_assert_resolves (xmpp_inbox_wait_room (inbox));
  for (guint32 h = 1; h <= 512; h++)
    {
      g_assert_false (xmpp_inbox_is_full (inbox));
      push (inbox, h);
    }
  g_assert_true (xmpp_inbox_is_full (inbox));

  room = xmpp_inbox_wait_room (inbox);
  assert_read (xmpp_inbox_read (inbox, 200), 1, 200);
  g_assert_true (dex_future_is_pending (room));
  assert_read (xmpp_inbox_read (inbox, 200), 201, 200);
  g_assert_true (dex_future_is_resolved (room));
}

static void
test_free (gconstpointer data)
{
  XmppInbox *inbox = xmpp_inbox_new ();
  DexFuture *reader = xmpp_inbox_read (inbox, 100);
  DexFuture *room = NULL;

  for (guint32 h = 1; h <= 512; h++)
    push (inbox, h);
  room = xmpp_inbox_wait_room (inbox);
  xmpp_inbox_free (inbox);

  linnet_test_assert_rejects (reader, G_IO_ERROR, G_IO_ERROR_CLOSED);
  linnet_test_assert_resolves (room);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/xmpp/inbox/order", test_order, NULL);
  linnet_test_add ("/xmpp/inbox/batch", test_batch, NULL);
  linnet_test_add ("/xmpp/inbox/one-reader", test_one_reader, NULL);
  linnet_test_add ("/xmpp/inbox/room", test_room, NULL);
  linnet_test_add ("/xmpp/inbox/free", test_free, NULL);

  return g_test_run ();
}
