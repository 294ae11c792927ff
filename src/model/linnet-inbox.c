/* Makes what came in durable, then shows it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-inbox"

#include "config.h"

#include "linnet-account-private.h"
#include "linnet-future.h"
#include "linnet-inbox-batch.h"
#include "linnet-inbox.h"
#include "linnet-spawn.h"

/* One transaction; also what the main loop does in one go. */
#define MAX_BATCH 200
#define MAX_RETRY_S 30

struct _LinnetInbox
{
  GObject parent_instance;

  LinnetAccount *account; /* weak */
  XmppSession *session;
  DexFuture *fiber;
  DexFuture *reading; /* what the fiber waits for; NULL while it works */
  DexCancellable *cancellable;
  DexPromise *poke; /* ends a pause after a failure; nullable */
  guint closed : 1;
};

G_DEFINE_FINAL_TYPE (LinnetInbox, linnet_inbox, G_TYPE_OBJECT)

/* On the fiber: commits @batch, however long the disk takes. NULL when it is over. */
static LinnetStoreChanges *
linnet_inbox_store (LinnetInbox *self,
                    LinnetStore *store,
                    LinnetStoreBatch *batch)
{
  guint pause = 1;

  while (!self->closed)
    {
      g_autoptr (GError) error = NULL;
      LinnetStoreChanges *changes = dex_await_boxed (linnet_store_batch_commit (store, batch), &error);
      LinnetAccountManager *manager;

      if (changes != NULL || self->closed || self->account == NULL)
        return changes;

      g_info ("What came in cannot be stored: %s", error->message);
      manager = linnet_account_get_manager (self->account);
      if (manager != NULL)
        linnet_account_manager_report (manager, error);

      self->poke = dex_promise_new ();
      dex_await (dex_future_first (dex_timeout_new_seconds (pause),
                                   dex_ref (DEX_FUTURE (self->poke)),
                                   dex_ref (DEX_FUTURE (self->cancellable)),
                                   NULL),
                 NULL);
      dex_clear (&self->poke);
      pause = MIN (pause * 2, MAX_RETRY_S);
    }

  return NULL;
}

/* On the fiber: one batch from the session to the model. FALSE when it is over. */
static gboolean
linnet_inbox_work (LinnetInbox *self,
                   GPtrArray *items)
{
  guint first_ops[MAX_BATCH];
  XmppInboxItem *last = g_ptr_array_index (items, items->len - 1);
  g_autoptr (LinnetStore) store = NULL;
  g_autoptr (LinnetStoreBatch) batch = NULL;
  g_autoptr (LinnetStoreChanges) changes = NULL;

  if (self->closed || self->account == NULL)
    return FALSE;

  store = g_object_ref (linnet_account_get_store (self->account));
  batch = linnet_inbox_build_batch (
      linnet_account_get_id (self->account), linnet_account_get_jid (self->account), items, first_ops);

  if (!(changes = linnet_inbox_store (self, store, batch)))
    return FALSE;

  xmpp_session_commit (self->session, last->h);

  if (self->account != NULL && !self->closed)
    linnet_inbox_apply_batch (self->account, items, first_ops, changes);

  return TRUE;
}

static DexFuture *
linnet_inbox_fiber (gpointer data)
{
  LinnetInbox *self = data;

  while (!self->closed)
    {
      g_autoptr (GPtrArray) items = NULL;

      self->reading = xmpp_session_read_inbox (self->session, MAX_BATCH);
      items = dex_await_boxed (
          dex_future_first (dex_ref (self->reading), dex_ref (DEX_FUTURE (self->cancellable)), NULL), NULL);
      dex_clear (&self->reading);

      if (items == NULL || !linnet_inbox_work (self, items))
        break;
    }

  return dex_future_new_true ();
}

static void
linnet_inbox_dispose (GObject *object)
{
  LinnetInbox *self = LINNET_INBOX (object);

  self->closed = TRUE;
  g_clear_weak_pointer (&self->account);

  G_OBJECT_CLASS (linnet_inbox_parent_class)->dispose (object);
}

static void
linnet_inbox_finalize (GObject *object)
{
  LinnetInbox *self = LINNET_INBOX (object);

  dex_clear (&self->fiber);
  dex_clear (&self->reading);
  dex_clear (&self->cancellable);
  dex_clear (&self->poke);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (linnet_inbox_parent_class)->finalize (object);
}

static void
linnet_inbox_class_init (LinnetInboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = linnet_inbox_dispose;
  object_class->finalize = linnet_inbox_finalize;
}

static void
linnet_inbox_init (LinnetInbox *self)
{
  self->cancellable = dex_cancellable_new ();
}

LinnetInbox *
linnet_inbox_new (LinnetAccount *account,
                  XmppSession *session)
{
  LinnetInbox *self = g_object_new (LINNET_TYPE_INBOX, NULL);

  g_set_weak_pointer (&self->account, account);
  self->session = g_object_ref (session);
  self->fiber = linnet_spawn ("inbox", linnet_inbox_fiber, g_object_ref (self), g_object_unref);

  return self;
}

static DexFuture *
linnet_inbox_drain_fiber (gpointer data)
{
  LinnetInbox *self = data;
  g_autoptr (GError) error = NULL;

  do
    {
      /* The session hands over what it has from a source of the default priority: it has run by then. */
      if (!dex_await (dex_future_first (linnet_future_new_idle (G_PRIORITY_DEFAULT + 1),
                                        dex_ref (DEX_FUTURE (self->cancellable)),
                                        NULL),
                      &error))
        return dex_future_new_for_error (g_steal_pointer (&error));
    }
  while (self->reading == NULL || !dex_future_is_pending (self->reading));

  return dex_future_new_true ();
}

/**
 * linnet_inbox_wait_drained:
 *
 * Returns: (transfer full): a future that resolves to true when nothing waits to be stored
 */
DexFuture *
linnet_inbox_wait_drained (LinnetInbox *self)
{
  linnet_return_error_if_fail (LINNET_IS_INBOX (self));

  return linnet_spawn ("drain-inbox", linnet_inbox_drain_fiber, g_object_ref (self), g_object_unref);
}

void
linnet_inbox_retry_now (LinnetInbox *self)
{
  g_return_if_fail (LINNET_IS_INBOX (self));

  if (self->poke != NULL && dex_future_is_pending (DEX_FUTURE (self->poke)))
    dex_promise_resolve_boolean (self->poke, TRUE);
}

DexFuture *
linnet_inbox_close (LinnetInbox *self)
{
  linnet_return_error_if_fail (LINNET_IS_INBOX (self));

  self->closed = TRUE;
  dex_cancellable_cancel (self->cancellable);

  return dex_ref (self->fiber);
}
