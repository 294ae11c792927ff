/* What waits to be made durable, in stream order
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-inbox"

#include "config.h"

#include "xmpp-inbox.h"

#define FULL 512

struct _XmppInbox
{
  GQueue items;       /* of XmppInboxItem */
  DexPromise *reader; /* nullable */
  guint max;          /* how much the reader takes */
  guint wake;         /* source that serves the reader */
  DexPromise *room;   /* nullable */
};

XmppInboxItem *
xmpp_inbox_item_new (XmppInboxKind kind)
{
  XmppInboxItem *self = g_new0 (XmppInboxItem, 1);

  self->kind = kind;

  return self;
}

void
xmpp_inbox_item_free (XmppInboxItem *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->stanza, xmpp_node_unref);
  g_clear_pointer (&self->message, xmpp_message_unref);
  if (self->roster != NULL)
    g_ptr_array_unref (self->roster);
  g_clear_pointer (&self->roster_version, g_free);
  g_free (self);
}

XmppInbox *
xmpp_inbox_new (void)
{
  XmppInbox *self = g_new0 (XmppInbox, 1);

  g_queue_init (&self->items);

  return self;
}

void
xmpp_inbox_free (XmppInbox *self)
{
  g_clear_handle_id (&self->wake, g_source_remove);
  if (self->reader != NULL)
    dex_promise_reject (self->reader,
                        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "The session is gone"));
  if (self->room != NULL)
    dex_promise_resolve_boolean (self->room, TRUE);
  dex_clear (&self->reader);
  dex_clear (&self->room);
  g_queue_clear_full (&self->items, (GDestroyNotify) xmpp_inbox_item_free);
  g_free (self);
}

static GPtrArray *
take_items (XmppInbox *self,
            guint max)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_inbox_item_free);

  while (items->len < max && !g_queue_is_empty (&self->items))
    g_ptr_array_add (items, g_queue_pop_head (&self->items));

  if (self->room != NULL && self->items.length <= FULL / 2)
    {
      g_autoptr (DexPromise) room = g_steal_pointer (&self->room);

      dex_promise_resolve_boolean (room, TRUE);
    }

  return items;
}

static gboolean
wake_cb (gpointer user_data)
{
  XmppInbox *self = user_data;
  g_autoptr (DexPromise) reader = g_steal_pointer (&self->reader);

  self->wake = 0;
  dex_promise_resolve_boxed (reader, G_TYPE_PTR_ARRAY, take_items (self, self->max));

  return G_SOURCE_REMOVE;
}

void
xmpp_inbox_push (XmppInbox *self,
                 XmppInboxItem *item)
{
  g_queue_push_tail (&self->items, item);

  /* Not at once: what else came with the same read goes into the same transaction. */
  if (self->reader != NULL && self->wake == 0)
    self->wake = g_idle_add_full (G_PRIORITY_DEFAULT, wake_cb, self, NULL);
}

DexFuture *
xmpp_inbox_read (XmppInbox *self,
                 guint max)
{
  if (self->reader != NULL)
    return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_PENDING, "Somebody else reads the inbox");

  if (!g_queue_is_empty (&self->items))
    return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, take_items (self, max));

  self->max = max;
  self->reader = dex_promise_new ();

  return dex_ref (DEX_FUTURE (self->reader));
}

gboolean
xmpp_inbox_is_full (XmppInbox *self)
{
  return self->items.length >= FULL;
}

DexFuture *
xmpp_inbox_wait_room (XmppInbox *self)
{
  if (!xmpp_inbox_is_full (self))
    return dex_future_new_true ();

  if (self->room == NULL)
    self->room = dex_promise_new ();

  return dex_ref (DEX_FUTURE (self->room));
}
