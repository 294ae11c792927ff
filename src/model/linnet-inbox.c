/* Makes what came in durable, then shows it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-inbox"

#include "config.h"

#include "linnet-account-private.h"
#include "linnet-error.h"
#include "linnet-future.h"
#include "linnet-guard.h"
#include "linnet-inbox-batch.h"
#include "linnet-inbox.h"
#include "linnet-spawn.h"

#define MAX_RETRY_S 30

struct _LinnetInbox
{
  GObject parent_instance;

  LinnetAccount *account; /* weak */
  XmppSession *session;
  LinnetGuard *guard;
  DexFuture *fiber;
  DexFuture *reading; /* what the fiber waits for; NULL while it works */
  DexCancellable *cancellable;
  DexPromise *poke; /* ends a pause after a failure; nullable */
  guint closed : 1;
};

G_DEFINE_FINAL_TYPE (LinnetInbox, linnet_inbox, G_TYPE_OBJECT)

static void
report (LinnetInbox *self,
        const GError *error)
{
  LinnetAccountManager *manager = self->account != NULL ? linnet_account_get_manager (self->account) : NULL;

  if (manager != NULL)
    linnet_account_manager_report (manager, error);
}

/* ---- what cannot be handled (R29) ---- */

static gboolean
set_aside (LinnetInbox *self,
           XmppNode *stanza)
{
  g_autoptr (GError) error = NULL;
  gboolean ok = linnet_guard_set_aside (self->guard, stanza, &error);

  if (ok)
    g_set_error_literal (&error, LINNET_ERROR, LINNET_ERROR_SET_ASIDE, "A stanza was set aside");
  report (self, error);

  return ok;
}

static gboolean
guard_cb (XmppSession *session,
          XmppNode *stanza,
          gpointer user_data)
{
  LinnetInbox *self = user_data;

  if (stanza == NULL)
    {
      linnet_guard_leave (self->guard);
      return TRUE;
    }

  if (!linnet_guard_is_poison (self->guard, stanza))
    {
      linnet_guard_enter (self->guard, stanza);
      return TRUE;
    }

  /* What cannot be put anywhere stays with the server. */
  if (!set_aside (self, stanza))
    xmpp_session_abort (session);

  return FALSE;
}

/* Trying again can help. */
static gboolean
is_passing (const GError *error)
{
  return error->domain != LINNET_STORE_ERROR ||
         (error->code != LINNET_STORE_ERROR_FAILED && error->code != LINNET_STORE_ERROR_EXISTS &&
          error->code != LINNET_STORE_ERROR_NOT_FOUND);
}

/* ---- storing ---- */

/* On the fiber: commits @batch, however long the disk takes. NULL when it is over, or with @error when the
 * disk is not to blame. */
static LinnetStoreChanges *
linnet_inbox_store (LinnetInbox *self,
                    LinnetStore *store,
                    LinnetStoreBatch *batch,
                    GError **error)
{
  guint pause = 1;

  while (!self->closed)
    {
      g_autoptr (GError) local_error = NULL;
      LinnetStoreChanges *changes;

      linnet_guard_set_waiting (self->guard, TRUE);
      changes = dex_await_boxed (linnet_store_batch_commit (store, batch), &local_error);
      linnet_guard_set_waiting (self->guard, FALSE);

      if (changes != NULL || self->closed || self->account == NULL)
        return changes;

      g_info ("What came in cannot be stored: %s", local_error->message);
      if (!is_passing (local_error))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
      report (self, local_error);

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

static void
enter_batch (LinnetInbox *self,
             GPtrArray *items)
{
  XmppNode *stanzas[LINNET_GUARD_MAX_BATCH];
  guint n = 0;

  for (guint i = 0; i < items->len; i++)
    {
      XmppInboxItem *item = g_ptr_array_index (items, i);

      if (item->stanza != NULL)
        stanzas[n++] = item->stanza;
    }
  linnet_guard_enter_batch (self->guard, stanzas, n);
}

/* On the fiber: one batch from the session to the model. FALSE when it is over, or with @error when it cannot
 * be stored. */
static gboolean
linnet_inbox_work (LinnetInbox *self,
                   GPtrArray *items,
                   GError **error)
{
  XmppInboxItem *last = g_ptr_array_index (items, items->len - 1);
  g_autoptr (LinnetStore) store = NULL;
  g_autoptr (LinnetStoreBatch) batch = NULL;
  g_autoptr (LinnetStoreChanges) changes = NULL;
  LinnetAccountManager *manager;

  if (self->closed || self->account == NULL)
    return FALSE;

  manager = linnet_account_get_manager (self->account);

  enter_batch (self, items);
  store = g_object_ref (linnet_account_get_store (self->account));
  batch = linnet_inbox_build_batch (
      linnet_account_get_id (self->account), linnet_account_get_jid (self->account), items);
  linnet_store_batch_set_contacts_only (
      batch, manager != NULL && linnet_account_manager_get_contacts_only (manager));
  changes = linnet_inbox_store (self, store, batch, error);

  if (changes != NULL)
    {
      xmpp_session_commit (self->session, last->h);
      if (self->account != NULL && !self->closed)
        linnet_inbox_apply_batch (self->account, items, changes);
    }
  linnet_guard_leave_batch (self->guard);

  return changes != NULL;
}

/* On the fiber: something in @items cannot be stored, whatever the disk does. FALSE when it is over. */
static gboolean
linnet_inbox_work_one_by_one (LinnetInbox *self,
                              GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      XmppInboxItem *item = g_ptr_array_index (items, i);
      g_autoptr (GPtrArray) one = g_ptr_array_new ();
      g_autoptr (XmppInboxItem) count = xmpp_inbox_item_new (XMPP_INBOX_COUNT);
      g_autoptr (GError) error = NULL;

      g_ptr_array_add (one, item);
      if (linnet_inbox_work (self, one, &error))
        continue;
      if (error == NULL)
        return FALSE;

      if (item->stanza != NULL && !set_aside (self, item->stanza))
        {
          xmpp_session_abort (self->session);
          return TRUE;
        }

      count->h = item->h;
      one->pdata[0] = count;
      if (!linnet_inbox_work (self, one, NULL))
        return FALSE;
    }

  return TRUE;
}

static DexFuture *
linnet_inbox_fiber (gpointer data)
{
  LinnetInbox *self = data;

  while (!self->closed)
    {
      g_autoptr (GPtrArray) items = NULL;

      g_autoptr (GError) error = NULL;

      self->reading =
          xmpp_session_read_inbox (self->session, linnet_guard_get_max_batch (self->guard));
      items = dex_await_boxed (
          dex_future_first (dex_ref (self->reading), dex_ref (DEX_FUTURE (self->cancellable)), NULL), NULL);
      dex_clear (&self->reading);

      if (items == NULL)
        break;
      if (!linnet_inbox_work (self, items, &error) &&
          (error == NULL || !linnet_inbox_work_one_by_one (self, items)))
        break;
    }

  return dex_future_new_true ();
}

static void
linnet_inbox_dispose (GObject *object)
{
  LinnetInbox *self = LINNET_INBOX (object);

  self->closed = TRUE;
  xmpp_session_set_guard (self->session, NULL, NULL);
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
  g_clear_object (&self->guard);
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
  self->guard = linnet_guard_new (linnet_store_get_directory (linnet_account_get_store (account)),
                                  linnet_account_get_id (account));
  xmpp_session_set_guard (session, guard_cb, self);
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

void
linnet_inbox_erase (LinnetInbox *self)
{
  g_return_if_fail (LINNET_IS_INBOX (self));

  linnet_guard_erase (self->guard);
}

DexFuture *
linnet_inbox_close (LinnetInbox *self)
{
  linnet_return_error_if_fail (LINNET_IS_INBOX (self));

  self->closed = TRUE;
  xmpp_session_set_guard (self->session, NULL, NULL);
  dex_cancellable_cancel (self->cancellable);

  return dex_ref (self->fiber);
}
