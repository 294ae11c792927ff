/* Finishing what was being removed when the program ended
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-removal"

#include "config.h"

#include "linnet-account-manager-private.h"
#include "linnet-future.h"
#include "linnet-guard.h"
#include "linnet-removal.h"
#include "linnet-secrets.h"
#include "linnet-sent-log.h"
#include "linnet-spawn.h"
#include "linnet-store-removals.h"

typedef struct
{
  LinnetAccountManager *manager;
  LinnetStore *store;
  GArray *removals;
} Rest;

static void
rest_free (gpointer data)
{
  Rest *rest = data;

  g_object_unref (rest->manager);
  g_object_unref (rest->store);
  g_array_unref (rest->removals);
  g_free (rest);
}

static Rest *
rest_new (LinnetAccountManager *manager,
          GArray *removals)
{
  Rest *rest = g_new0 (Rest, 1);

  rest->manager = g_object_ref (manager);
  rest->store = g_object_ref (manager->store);
  rest->removals = removals;

  return rest;
}

/* ---- secrets ---- */

/* Whoever they were of: no account of this profile. */
static DexFuture *
linnet_removal_forget_fiber (gpointer data)
{
  static const char *const nobody[] = { NULL };
  Rest *rest = data;
  LinnetAccountManager *manager = rest->manager;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_null_terminated (0, NULL, TRUE);

  for (guint i = 0; i < manager->accounts->len; i++)
    g_ptr_array_add (
        addresses,
        (gpointer) linnet_account_get_address (g_ptr_array_index (manager->accounts, i)));

  /* Without a keyring there is nothing to be taken out of it. */
  if (!dex_await (linnet_secrets_clear_others (
                      manager->directory,
                      addresses->len > 0 ? (const char *const *) addresses->pdata : nobody),
                  &error) &&
      g_error_matches (error, LINNET_ERROR, LINNET_ERROR_KEYRING_LOCKED))
    {
      linnet_removal_report_secrets (manager);
      return dex_future_new_true ();
    }

  for (guint i = 0; i < rest->removals->len; i++)
    {
      LinnetStoreRemoval *removal = &g_array_index (rest->removals, LinnetStoreRemoval, i);

      if (removal->kind == LINNET_STORE_REMOVAL_SECRETS)
        dex_await (linnet_store_removals_end (rest->store, removal->kind, removal->account), NULL);
    }

  return dex_future_new_true ();
}

static void
resume_sign_out (Rest *rest,
                 gint64 id)
{
  for (guint i = 0; i < rest->manager->accounts->len; i++)
    {
      LinnetAccount *account = g_ptr_array_index (rest->manager->accounts, i);

      if (linnet_account_get_id (account) == id)
        {
          linnet_account_manager_resume_forgetting (rest->manager, account);
          return;
        }
    }

  dex_future_disown (linnet_store_removals_end (rest->store, LINNET_STORE_REMOVAL_SIGN_OUT, id));
}

/* ---- the rest ---- */

static DexFuture *
linnet_removal_finish_fiber (gpointer data)
{
  Rest *rest = data;
  gboolean secrets = FALSE;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < rest->removals->len; i++)
    {
      LinnetStoreRemoval *removal = &g_array_index (rest->removals, LinnetStoreRemoval, i);

      if (removal->kind == LINNET_STORE_REMOVAL_SIGN_OUT)
        {
          resume_sign_out (rest, removal->account);
          continue;
        }
      secrets = TRUE;
      if (removal->kind == LINNET_STORE_REMOVAL_SECRETS)
        continue;
      linnet_removal_erase_files (rest->manager->directory, removal->account);
      if (!dex_await (linnet_avatars_erase_unused (rest->store), &error) ||
          !dex_await (linnet_store_removals_advance (rest->store,
                                                     LINNET_STORE_REMOVAL_TRACES,
                                                     LINNET_STORE_REMOVAL_SECRETS,
                                                     removal->account),
                      &error))
        return dex_future_new_for_error (g_steal_pointer (&error));
      removal->kind = LINNET_STORE_REMOVAL_SECRETS;
    }

  /* A keyring may ask a person, who may never answer. */
  if (secrets)
    g_hash_table_replace (rest->manager->forgettings,
                          g_strdup (LINNET_FORGETTING_OTHERS),
                          linnet_future_always (linnet_spawn (
                              "forget-others",
                              linnet_removal_forget_fiber,
                              rest_new (rest->manager, g_array_ref (rest->removals)),
                              rest_free)));

  return dex_future_new_true ();
}

static DexFuture *
linnet_removal_erase_rows_fiber (gpointer data)
{
  LinnetAccountManager *manager = data;
  g_autoptr (GArray) removals = NULL;
  g_autoptr (GError) error = NULL;

  removals = dex_await_boxed (linnet_store_removals_list (manager->store), &error);
  if (removals == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  for (guint i = 0; i < removals->len; i++)
    {
      LinnetStoreRemoval *removal = &g_array_index (removals, LinnetStoreRemoval, i);
      g_auto (GStrv) pictures = NULL;

      if (removal->kind != LINNET_STORE_REMOVAL_ACCOUNT)
        continue;
      pictures = dex_await_boxed (linnet_store_accounts_remove (manager->store, removal->account), &error);
      if (pictures == NULL || !dex_await (linnet_store_removals_advance (manager->store,
                                                                         LINNET_STORE_REMOVAL_ACCOUNT,
                                                                         LINNET_STORE_REMOVAL_TRACES,
                                                                         removal->account),
                                          &error))
        return dex_future_new_for_error (g_steal_pointer (&error));
      removal->kind = LINNET_STORE_REMOVAL_TRACES;
    }

  return dex_future_new_take_boxed (G_TYPE_ARRAY, g_steal_pointer (&removals));
}

void
linnet_removal_report_secrets (LinnetAccountManager *manager)
{
  g_autoptr (GError) error =
      g_error_new_literal (LINNET_ERROR, LINNET_ERROR_SECRETS_LEFT, "The keyring was not unlocked");

  linnet_account_manager_report (manager, error);
}

void
linnet_removal_erase_files (const char *profile,
                            gint64 account)
{
  g_autoptr (LinnetGuard) guard = linnet_guard_new (profile, account);
  LinnetSentLog *sent = linnet_sent_log_new (profile, account, NULL);

  linnet_guard_erase (guard);
  linnet_sent_log_erase (sent);
  linnet_sent_log_free (sent);
}

DexFuture *
linnet_removal_erase_rows (LinnetAccountManager *manager)
{
  return linnet_spawn (
      "erase-rows", linnet_removal_erase_rows_fiber, g_object_ref (manager), g_object_unref);
}

void
linnet_removal_finish (LinnetAccountManager *manager,
                       GArray *removals)
{
  if (removals->len == 0)
    {
      g_array_unref (removals);
      return;
    }

  g_ptr_array_add (
      manager->removals,
      linnet_future_always (linnet_spawn (
          "finish-removal", linnet_removal_finish_fiber, rest_new (manager, removals), rest_free)));
}
