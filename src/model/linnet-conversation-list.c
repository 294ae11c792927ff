/* The conversations of all accounts, newest first
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-conversation-list"

#include "config.h"

#include "linnet-conversation-list-private.h"
#include "linnet-conversation-private.h"

struct _LinnetConversationList
{
  GObject parent_instance;

  GSequence *sequence; /* of LinnetConversation: those that are listed */
  GHashTable *known;   /* LinnetConversation (owned) -> its GSequenceIter, or NULL when it is not listed */
};

static GType
linnet_conversation_list_get_item_type (GListModel *model)
{
  return LINNET_TYPE_CONVERSATION;
}

static guint
linnet_conversation_list_get_n_items (GListModel *model)
{
  return g_sequence_get_length (LINNET_CONVERSATION_LIST (model)->sequence);
}

static gpointer
linnet_conversation_list_get_item (GListModel *model,
                                   guint position)
{
  GSequence *sequence = LINNET_CONVERSATION_LIST (model)->sequence;
  GSequenceIter *iter = g_sequence_get_iter_at_pos (sequence, position);

  return g_sequence_iter_is_end (iter) ? NULL : g_object_ref (g_sequence_get (iter));
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = linnet_conversation_list_get_item_type;
  iface->get_n_items = linnet_conversation_list_get_n_items;
  iface->get_item = linnet_conversation_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LinnetConversationList,
                               linnet_conversation_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static gboolean
is_in_order (GSequence *sequence,
             GSequenceIter *iter)
{
  LinnetConversation *conversation = g_sequence_get (iter);
  GSequenceIter *next = g_sequence_iter_next (iter);

  if (!g_sequence_iter_is_begin (iter) &&
      linnet_conversation_compare (g_sequence_get (g_sequence_iter_prev (iter)), conversation, NULL) > 0)
    return FALSE;

  return g_sequence_iter_is_end (next) ||
         linnet_conversation_compare (conversation, g_sequence_get (next), NULL) <= 0;
}

static void
order_changed_cb (LinnetConversation *conversation,
                  GParamSpec *pspec,
                  LinnetConversationList *self)
{
  GSequenceIter *iter = g_hash_table_lookup (self->known, conversation);
  guint before, after, first;

  g_assert (LINNET_IS_CONVERSATION_LIST (self));

  if (iter == NULL || is_in_order (self->sequence, iter))
    return;

  before = g_sequence_iter_get_position (iter);
  g_sequence_sort_changed (iter, linnet_conversation_compare, NULL);
  after = g_sequence_iter_get_position (iter);
  first = MIN (before, after);

  /* One announcement with the row on both sides: a selection model sees that its item is still there. */
  if (before != after)
    g_list_model_items_changed (G_LIST_MODEL (self),
                                first,
                                MAX (before, after) - first + 1,
                                MAX (before, after) - first + 1);
}

static void
listed_changed_cb (LinnetConversation *conversation,
                   GParamSpec *pspec,
                   LinnetConversationList *self)
{
  GSequenceIter *iter = g_hash_table_lookup (self->known, conversation);
  guint position;

  g_assert (LINNET_IS_CONVERSATION_LIST (self));

  if (linnet_conversation_get_listed (conversation) == (iter != NULL))
    return;

  if (iter == NULL)
    {
      iter = g_sequence_insert_sorted (self->sequence, conversation, linnet_conversation_compare, NULL);
      g_hash_table_insert (self->known, g_object_ref (conversation), iter);
      g_list_model_items_changed (G_LIST_MODEL (self), g_sequence_iter_get_position (iter), 0, 1);
    }
  else
    {
      position = g_sequence_iter_get_position (iter);
      g_sequence_remove (iter);
      g_hash_table_insert (self->known, g_object_ref (conversation), NULL);
      g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
    }
}

/* Whoever filters requests looks at it again. */
static void
request_changed_cb (LinnetConversation *conversation,
                    GParamSpec *pspec,
                    LinnetConversationList *self)
{
  GSequenceIter *iter = g_hash_table_lookup (self->known, conversation);

  g_assert (LINNET_IS_CONVERSATION_LIST (self));

  if (iter != NULL)
    g_list_model_items_changed (G_LIST_MODEL (self), g_sequence_iter_get_position (iter), 1, 1);
}

static void
disconnect (LinnetConversationList *self,
            LinnetConversation *conversation)
{
  g_signal_handlers_disconnect_by_func (conversation, order_changed_cb, self);
  g_signal_handlers_disconnect_by_func (conversation, listed_changed_cb, self);
  g_signal_handlers_disconnect_by_func (conversation, request_changed_cb, self);
}

static void
linnet_conversation_list_finalize (GObject *object)
{
  LinnetConversationList *self = LINNET_CONVERSATION_LIST (object);
  GHashTableIter iter;
  gpointer conversation;

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, &conversation, NULL))
    disconnect (self, conversation);

  g_clear_pointer (&self->sequence, g_sequence_free);
  g_clear_pointer (&self->known, g_hash_table_unref);

  G_OBJECT_CLASS (linnet_conversation_list_parent_class)->finalize (object);
}

static void
linnet_conversation_list_class_init (LinnetConversationListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_conversation_list_finalize;
}

static void
linnet_conversation_list_init (LinnetConversationList *self)
{
  self->sequence = g_sequence_new (NULL);
  self->known = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

LinnetConversationList *
linnet_conversation_list_new (void)
{
  return g_object_new (LINNET_TYPE_CONVERSATION_LIST, NULL);
}

static void
linnet_conversation_list_fill (LinnetConversationList *self)
{
  GHashTableIter iter;
  gpointer key;

  g_assert (LINNET_IS_CONVERSATION_LIST (self));

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      if (linnet_conversation_get_listed (key))
        g_hash_table_iter_replace (&iter, g_sequence_append (self->sequence, key));
    }

  g_sequence_sort (self->sequence, linnet_conversation_compare, NULL);

  if (!g_sequence_is_empty (self->sequence))
    g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, g_sequence_get_length (self->sequence));
}

void
linnet_conversation_list_add (LinnetConversationList *self,
                              GPtrArray *conversations)
{
  g_return_if_fail (LINNET_IS_CONVERSATION_LIST (self));

  for (guint i = 0; i < conversations->len; i++)
    {
      LinnetConversation *conversation = g_ptr_array_index (conversations, i);

      g_signal_connect (conversation, "notify::last-time", G_CALLBACK (order_changed_cb), self);
      g_signal_connect (conversation, "notify::pinned", G_CALLBACK (order_changed_cb), self);
      g_signal_connect (conversation, "notify::listed", G_CALLBACK (listed_changed_cb), self);
      g_signal_connect (conversation, "notify::is-request", G_CALLBACK (request_changed_cb), self);
      g_hash_table_insert (self->known, g_object_ref (conversation), NULL);
    }

  /* Many at once, at the start of the program: sorted once, announced once. */
  if (g_sequence_is_empty (self->sequence))
    linnet_conversation_list_fill (self);
  else
    for (guint i = 0; i < conversations->len; i++)
      listed_changed_cb (g_ptr_array_index (conversations, i), NULL, self);
}

void
linnet_conversation_list_remove (LinnetConversationList *self,
                                 LinnetConversation *conversation)
{
  GSequenceIter *place;
  guint position;

  g_return_if_fail (LINNET_IS_CONVERSATION_LIST (self));

  if (!g_hash_table_contains (self->known, conversation))
    return;

  place = g_hash_table_lookup (self->known, conversation);
  position = place != NULL ? (guint) g_sequence_iter_get_position (place) : 0;
  disconnect (self, conversation);
  if (place != NULL)
    g_sequence_remove (place);
  g_hash_table_remove (self->known, conversation);
  if (place != NULL)
    g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

void
linnet_conversation_list_remove_account (LinnetConversationList *self,
                                         LinnetAccount *account)
{
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer key;

  g_return_if_fail (LINNET_IS_CONVERSATION_LIST (self));

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      if (linnet_conversation_get_account (key) == account)
        g_ptr_array_add (gone, g_object_ref (key));
    }

  for (guint i = 0; i < gone->len; i++)
    linnet_conversation_list_remove (self, g_ptr_array_index (gone, i));
}
