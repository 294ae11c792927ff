/* Sends what is stored, in order, until the server has it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-outbox"

#include "config.h"

#include "linnet-account-private.h"
#include "linnet-future.h"
#include "linnet-outbox.h"
#include "linnet-sent-log.h"
#include "linnet-spawn.h"
#include "linnet-store-outbox.h"
#include "xmpp-compose.h"

typedef struct
{
  gint64 id;
  gint64 written_at;
  char *stanza;
  guint32 ahead;       /* while a stream is restored: its number after the last that was acknowledged */
  guint in_flight : 1; /* given to the session */
  guint again : 1;     /* the server may have it already */
} Item;

struct _LinnetOutbox
{
  GObject parent_instance;

  LinnetAccount *account; /* weak */
  XmppSession *session;
  LinnetSentLog *sent;
  GSequence *items;  /* of Item, by id: the order of writing */
  GHashTable *by_id; /* id -> GSequenceIter */
  guint n_waiting;   /* items that are not in flight */
  GArray *acked;     /* of gint64: the server has them, the store does not know yet */
  guint storing : 1; /* a fiber tells the store */
  guint closed : 1;
};

G_DEFINE_FINAL_TYPE (LinnetOutbox, linnet_outbox, G_TYPE_OBJECT)

static void
item_free (gpointer data)
{
  Item *item = data;

  g_free (item->stanza);
  g_free (item);
}

static int
compare_items (gconstpointer a,
               gconstpointer b,
               gpointer unused)
{
  const Item *left = a;
  const Item *right = b;

  return left->id < right->id ? -1 : left->id > right->id;
}

static char *
dup_resend (LinnetOutbox *self,
            const Item *item)
{
  char *resend =
      xmpp_compose_resend (item->stanza, xmpp_session_get_bare_jid (self->session), item->written_at);

  return resend != NULL ? resend : g_strdup (item->stanza);
}

static void
linnet_outbox_flush (LinnetOutbox *self)
{
  GSequenceIter *iter;

  g_assert (LINNET_IS_OUTBOX (self));

  if (self->closed || self->n_waiting == 0 || !xmpp_session_is_online (self->session))
    return;

  for (iter = g_sequence_get_begin_iter (self->items); !g_sequence_iter_is_end (iter);
       iter = g_sequence_iter_next (iter))
    {
      Item *item = g_sequence_get (iter);
      g_autofree char *resend = NULL;

      if (item->in_flight)
        continue;

      if (item->again)
        resend = dup_resend (self, item);

      if (!xmpp_session_send_stored (self->session, resend != NULL ? resend : item->stanza, item->id))
        return;

      item->in_flight = TRUE;
      self->n_waiting--;
    }
}

static Item *
linnet_outbox_insert (LinnetOutbox *self,
                      gint64 id,
                      const char *stanza,
                      gint64 written_at)
{
  Item *item;

  g_assert (LINNET_IS_OUTBOX (self));

  if (g_hash_table_contains (self->by_id, &id))
    return NULL;

  item = g_new0 (Item, 1);
  item->id = id;
  item->stanza = g_strdup (stanza);
  item->written_at = written_at;
  g_hash_table_insert (
      self->by_id, &item->id, g_sequence_insert_sorted (self->items, item, compare_items, NULL));
  self->n_waiting++;

  return item;
}

static DexFuture *
linnet_outbox_store_acks_fiber (gpointer data)
{
  LinnetOutbox *self = data;

  while (self->acked->len > 0 && !self->closed && self->account != NULL)
    {
      g_autoptr (LinnetAccount) account = g_object_ref (self->account);
      LinnetAccountManager *manager;
      g_autoptr (LinnetStoreChanges) changes = NULL;
      g_autoptr (GArray) ids = g_steal_pointer (&self->acked);
      g_autoptr (GError) error = NULL;

      self->acked = g_array_new (FALSE, FALSE, sizeof (gint64));
      changes = dex_await_boxed (linnet_store_outbox_ack (linnet_account_get_store (account),
                                                          (const gint64 *) (gpointer) ids->data,
                                                          ids->len),
                                 &error);

      if (changes != NULL)
        {
          if (!self->closed)
            linnet_account_apply (account, changes);
          continue;
        }

      /* They are told again with the next ones; at worst after a restart the stanzas are sent twice, under
       * the same ids. */
      g_array_prepend_vals (self->acked, ids->data, ids->len);
      manager = linnet_account_get_manager (account);
      if (manager != NULL && !self->closed)
        linnet_account_manager_report (manager, error);
      break;
    }

  self->storing = FALSE;

  return NULL;
}

static void
acked_cb (LinnetOutbox *self,
          GArray *tokens,
          XmppSession *session)
{
  g_assert (LINNET_IS_OUTBOX (self));

  for (guint i = 0; i < tokens->len; i++)
    {
      gint64 id = g_array_index (tokens, gint64, i);
      GSequenceIter *iter = g_hash_table_lookup (self->by_id, &id);

      if (iter == NULL)
        continue;

      if (!((Item *) g_sequence_get (iter))->in_flight)
        self->n_waiting--;
      g_hash_table_remove (self->by_id, &id);
      g_sequence_remove (iter);
      g_array_append_val (self->acked, id);
    }

  if (self->storing || self->closed || self->acked->len == 0)
    return;

  self->storing = TRUE;
  linnet_spawn_detached ("store-acks", linnet_outbox_store_acks_fiber, g_object_ref (self), g_object_unref);
}

/* The next session takes them: online_changed_cb(). */
static void
unsent_cb (LinnetOutbox *self,
           GArray *tokens,
           XmppSession *session)
{
  g_assert (LINNET_IS_OUTBOX (self));

  for (guint i = 0; i < tokens->len; i++)
    {
      GSequenceIter *iter = g_hash_table_lookup (self->by_id, &g_array_index (tokens, gint64, i));
      Item *item = iter != NULL ? g_sequence_get (iter) : NULL;

      if (item == NULL || !item->in_flight)
        continue;

      item->in_flight = FALSE;
      item->again = TRUE;
      self->n_waiting++;
    }
}

static void
online_changed_cb (LinnetOutbox *self)
{
  g_assert (LINNET_IS_OUTBOX (self));

  linnet_outbox_flush (self);
}

/* ---- notes for the next run of the program ---- */

static void
begun_cb (gpointer user_data,
          const char *sm_id)
{
  linnet_sent_log_begin (((LinnetOutbox *) user_data)->sent, sm_id);
}

static void
sent_cb (gpointer user_data,
         gint64 token,
         guint32 counter)
{
  linnet_sent_log_add (((LinnetOutbox *) user_data)->sent, token, counter);
}

static void
noted_cb (gpointer user_data,
          guint32 counter)
{
  linnet_sent_log_set_acked (((LinnetOutbox *) user_data)->sent, counter);
}

static const XmppSessionJournal journal = { .begun = begun_cb, .sent = sent_cb, .acked = noted_cb };

static int
compare_ahead (gconstpointer a,
               gconstpointer b)
{
  const Item *left = *(const Item *const *) a;
  const Item *right = *(const Item *const *) b;

  return left->ahead < right->ahead ? -1 : left->ahead > right->ahead;
}

/* What is under way by @numbers, in their order. What the server has already, but the store was not told,
 * goes into @tokens. */
static GPtrArray *
linnet_outbox_sort (LinnetOutbox *self,
                    GHashTable *numbers,
                    guint32 acked,
                    GArray *tokens)
{
  GPtrArray *under_way = g_ptr_array_new ();

  for (GSequenceIter *iter = g_sequence_get_begin_iter (self->items); !g_sequence_iter_is_end (iter);
       iter = g_sequence_iter_next (iter))
    {
      Item *item = g_sequence_get (iter);
      gpointer number;

      if (!g_hash_table_lookup_extended (numbers, &item->id, NULL, &number))
        continue;

      /* Numbers wrap around (R5): more than half a cycle ahead is behind. */
      item->ahead = GPOINTER_TO_UINT (number) - acked;
      if (item->ahead == 0 || item->ahead > G_MAXINT32)
        g_array_append_val (tokens, item->id);
      else
        g_ptr_array_add (under_way, item);
    }
  g_ptr_array_sort (under_way, compare_ahead);

  return under_way;
}

/* ---- the object ---- */

static void
linnet_outbox_finalize (GObject *object)
{
  LinnetOutbox *self = LINNET_OUTBOX (object);

  xmpp_session_set_journal (self->session, NULL, NULL);
  g_clear_pointer (&self->sent, linnet_sent_log_free);
  g_clear_weak_pointer (&self->account);
  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_pointer (&self->items, g_sequence_free);
  g_clear_pointer (&self->acked, g_array_unref);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (linnet_outbox_parent_class)->finalize (object);
}

static void
linnet_outbox_class_init (LinnetOutboxClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_outbox_finalize;
}

static void
linnet_outbox_init (LinnetOutbox *self)
{
  self->items = g_sequence_new (item_free);
  self->by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->acked = g_array_new (FALSE, FALSE, sizeof (gint64));
}

LinnetOutbox *
linnet_outbox_new (LinnetAccount *account,
                   XmppSession *session)
{
  LinnetOutbox *self = g_object_new (LINNET_TYPE_OUTBOX, NULL);
  g_autofree char *boot = linnet_sent_log_dup_boot ();

  g_set_weak_pointer (&self->account, account);
  self->session = g_object_ref (session);
  self->sent = linnet_sent_log_new (linnet_store_get_directory (linnet_account_get_store (account)),
                                    linnet_account_get_id (account),
                                    boot);
  xmpp_session_set_journal (session, &journal, self);
  g_signal_connect_object (session, "acked", G_CALLBACK (acked_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "unsent", G_CALLBACK (unsent_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
      session, "online-changed", G_CALLBACK (online_changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

static DexFuture *
loaded_cb (DexFuture *future,
           gpointer user_data)
{
  LinnetOutbox *self = user_data;
  GPtrArray *rows = g_value_get_boxed (dex_future_get_value (future, NULL));

  for (guint i = 0; i < rows->len; i++)
    {
      LinnetStoreOutboxItem *row = g_ptr_array_index (rows, i);
      Item *item = linnet_outbox_insert (self, row->id, row->stanza, row->created);

      if (item != NULL)
        item->again = TRUE;
    }

  linnet_outbox_flush (self);

  return dex_future_new_true ();
}

/**
 * linnet_outbox_load:
 *
 * Returns: (transfer full): a future that resolves to true, or rejects with LINNET_STORE_ERROR
 */
DexFuture *
linnet_outbox_load (LinnetOutbox *self)
{
  linnet_return_error_if_fail (LINNET_IS_OUTBOX (self) && self->account != NULL);

  return dex_future_then (linnet_store_outbox_list (linnet_account_get_store (self->account),
                                                    linnet_account_get_id (self->account)),
                          loaded_cb,
                          g_object_ref (self),
                          g_object_unref);
}

void
linnet_outbox_restore_stream (LinnetOutbox *self,
                              const XmppSessionMemory *stream)
{
  XmppSessionMemory memory = *stream;
  g_autoptr (GHashTable) numbers = NULL;
  g_autoptr (GPtrArray) under_way = NULL;
  g_autoptr (GArray) tokens = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_return_if_fail (LINNET_IS_OUTBOX (self));

  numbers = linnet_sent_log_read (self->sent, memory.sm_id, self->by_id, &memory.acked);
  xmpp_session_restore (self->session, &memory);
  if (numbers == NULL)
    {
      linnet_sent_log_begin (self->sent, memory.sm_id);
      return;
    }

  under_way = linnet_outbox_sort (self, numbers, memory.acked, tokens);
  for (guint i = 0; i < under_way->len; i++)
    {
      Item *item = g_ptr_array_index (under_way, i);
      g_autofree char *resend = dup_resend (self, item);

      xmpp_session_restore_sent (self->session, memory.acked + item->ahead, resend, item->id);
      item->in_flight = TRUE;
      self->n_waiting--;
    }
  acked_cb (self, tokens, self->session);
}

void
linnet_outbox_erase (LinnetOutbox *self)
{
  g_return_if_fail (LINNET_IS_OUTBOX (self));

  linnet_sent_log_erase (self->sent);
}

void
linnet_outbox_push (LinnetOutbox *self,
                    gint64 id,
                    const char *stanza)
{
  g_return_if_fail (LINNET_IS_OUTBOX (self));
  g_return_if_fail (id > 0 && stanza != NULL);

  if (self->closed)
    return;

  linnet_outbox_insert (self, id, stanza, g_get_real_time ());
  linnet_outbox_flush (self);
}

void
linnet_outbox_close (LinnetOutbox *self)
{
  g_return_if_fail (LINNET_IS_OUTBOX (self));

  self->closed = TRUE;
}

guint
linnet_outbox_get_length (LinnetOutbox *self)
{
  g_return_val_if_fail (LINNET_IS_OUTBOX (self), 0);

  return g_sequence_get_length (self->items);
}
