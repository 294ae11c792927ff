/* Rows of accounts: how to reach them, what they remember
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include "linnet-store-accounts.h"
#include "linnet-store-writer-private.h"

G_DEFINE_BOXED_TYPE (LinnetStoreAccount,
                     linnet_store_account,
                     linnet_store_account_copy,
                     linnet_store_account_free)

static LinnetStoreAccount *
read_row (LinnetStoreQuery *query)
{
  LinnetStoreAccount *account = g_new0 (LinnetStoreAccount, 1);

  account->id = sqlite3_column_int64 (query, 0);
  account->address = linnet_store_column_text (query, 1);
  account->position = sqlite3_column_int64 (query, 2);
  account->enabled = sqlite3_column_int (query, 3) != 0;
  account->host = linnet_store_column_text (query, 4);
  account->port = sqlite3_column_int (query, 5);
  account->direct_tls = sqlite3_column_int (query, 6) != 0;
  account->pinned_sha256 = linnet_store_column_text (query, 7);
  account->mechanism = linnet_store_column_text (query, 8);
  account->channel_binding = linnet_store_column_text (query, 9);
  account->had_sasl2 = sqlite3_column_int (query, 10) != 0;
  account->user_agent_id = linnet_store_column_text (query, 11);
  account->fast_mechanism = linnet_store_column_text (query, 12);
  account->fast_expiry = sqlite3_column_int64 (query, 13);
  account->fast_count = sqlite3_column_int64 (query, 14);
  account->show = sqlite3_column_int (query, 15);
  account->status_text = linnet_store_column_text (query, 16);
  account->roster_version = linnet_store_column_text (query, 17);
  account->resource = linnet_store_column_text (query, 18);
  account->sm_id = linnet_store_column_text (query, 19);
  account->sm_location = linnet_store_column_text (query, 20);
  account->sm_h = sqlite3_column_int64 (query, 21);
  account->authority = linnet_store_column_text (query, 22);
  account->server_key = linnet_store_column_text (query, 23);
  account->features = linnet_store_column_text (query, 24);
  account->proxy = linnet_store_column_text (query, 25);

  return account;
}

static gboolean
list_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  g_autoptr (GPtrArray) accounts =
      g_ptr_array_new_with_free_func ((GDestroyNotify) linnet_store_account_free);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (
      db,
      "SELECT a.id, a.address, a.position, a.enabled, a.host, a.port, a.direct_tls,"
      " a.pinned_sha256, a.mechanism, a.channel_binding, a.had_sasl2, a.user_agent_id,"
      " a.fast_mechanism, a.fast_expiry, a.fast_count, a.show, a.status_text,"
      " a.roster_version, s.resource, s.sm_id, s.sm_location, s.sm_h,"
      " a.authority, a.server_key, s.features, a.proxy"
      " FROM accounts a LEFT JOIN streams s ON s.account = a.id ORDER BY a.position, a.id",
      error);

  if (query == NULL)
    return FALSE;
  while (linnet_store_db_next (db, query, &local_error))
    g_ptr_array_add (accounts, read_row (query));
  if (linnet_store_had_error (error, &local_error))
    return FALSE;

  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&accounts));

  return TRUE;
}

/* The parameters that add() and save() have in common: 2 and on. */
static void
bind_settings (LinnetStoreQuery *query, const LinnetStoreAccount *account)
{
  sqlite3_bind_int (query, 2, account->enabled);
  linnet_store_bind_text (query, 3, account->host);
  sqlite3_bind_int (query, 4, account->port);
  sqlite3_bind_int (query, 5, account->direct_tls);
  linnet_store_bind_text (query, 6, account->pinned_sha256);
  linnet_store_bind_text (query, 7, account->mechanism);
  linnet_store_bind_text (query, 8, account->channel_binding);
  sqlite3_bind_int (query, 9, account->had_sasl2);
  linnet_store_bind_text (query, 10, account->user_agent_id);
  linnet_store_bind_text (query, 11, account->fast_mechanism);
  sqlite3_bind_int64 (query, 12, account->fast_expiry);
  sqlite3_bind_int64 (query, 13, account->fast_count);
  sqlite3_bind_int (query, 14, account->show);
  linnet_store_bind_text (query, 15, account->status_text);
  linnet_store_bind_text (query, 16, account->authority);
  linnet_store_bind_text (query, 17, account->server_key);
  linnet_store_bind_text (query, 18, account->proxy);
}

static gboolean
write_stream (LinnetStoreDb *db, gint64 id, const LinnetStoreAccount *account, GError **error)
{
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db,
                             "INSERT INTO streams (account, resource, sm_id, sm_location, sm_h, features)"
                             " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (account) DO UPDATE SET"
                             " resource = excluded.resource, sm_id = excluded.sm_id,"
                             " sm_location = excluded.sm_location, sm_h = excluded.sm_h,"
                             " features = excluded.features",
                             error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, id);
  linnet_store_bind_text (query, 2, account->resource);
  linnet_store_bind_text (query, 3, account->sm_id);
  linnet_store_bind_text (query, 4, account->sm_location);
  sqlite3_bind_int64 (query, 5, account->sm_h);
  linnet_store_bind_text (query, 6, account->features);

  return linnet_store_db_execute (db, query, error);
}

static gboolean
add_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const LinnetStoreAccount *account = data;
  gint64 id;
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (
      db,
      "INSERT INTO accounts (address, enabled, host, port, direct_tls, pinned_sha256,"
      " mechanism, channel_binding, had_sasl2, user_agent_id, fast_mechanism, fast_expiry,"
      " fast_count, show, status_text, authority, server_key, proxy, roster_version, position)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,"
      " (SELECT ifnull(max(position), 0) + 1 FROM accounts))",
      error);

  if (query == NULL)
    return FALSE;
  linnet_store_bind_text (query, 1, account->address);
  bind_settings (query, account);
  linnet_store_bind_text (query, 19, account->roster_version);
  if (!linnet_store_db_execute (db, query, error))
    return FALSE;

  db->signed_in = TRUE;
  id = sqlite3_last_insert_rowid (db->handle);
  if (!write_stream (db, id, account, error))
    return FALSE;

  g_value_init (result, G_TYPE_INT64);
  g_value_set_int64 (result, id);

  return TRUE;
}

static gboolean
save_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const LinnetStoreAccount *account = data;
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (
      db,
      "UPDATE accounts SET enabled = ?2, host = ?3, port = ?4, direct_tls = ?5,"
      " pinned_sha256 = ?6, mechanism = ?7, channel_binding = ?8, had_sasl2 = ?9,"
      " user_agent_id = ?10, fast_mechanism = ?11, fast_expiry = ?12, fast_count = ?13,"
      " show = ?14, status_text = ?15, authority = ?16, server_key = ?17, proxy = ?18 WHERE id = ?1",
      error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, account->id);
  bind_settings (query, account);

  return linnet_store_db_execute (db, query, error) && linnet_store_db_expect_change (db, error);
}

static gboolean
save_stream_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const LinnetStoreAccount *account = data;

  return write_stream (db, account->id, account, error);
}

/* The pictures that only this account names. */
static gboolean
collect_avatars (LinnetStoreDb *db, gint64 account, GStrvBuilder *hashes, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db,
                             "SELECT avatar_hash FROM profiles WHERE avatar_hash IS NOT NULL"
                             " GROUP BY avatar_hash HAVING min(account) = ?1 AND max(account) = ?1",
                             error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, account);
  while (linnet_store_db_next (db, query, &local_error))
    g_strv_builder_take (hashes, linnet_store_column_text (query, 0));

  return !linnet_store_had_error (error, &local_error);
}

/* What programs of others can do belongs to no account; but the last one's contacts are nobody's. */
static gboolean
forget_strangers (LinnetStoreDb *db, GError **error)
{
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db, "DELETE FROM caps WHERE NOT EXISTS (SELECT 1 FROM accounts)", error);

  return query != NULL && linnet_store_db_execute (db, query, error);
}

static gboolean
remove_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  gint64 account = *(gint64 *) data;
  g_autoptr (GStrvBuilder) hashes = g_strv_builder_new ();
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db, "DELETE FROM accounts WHERE id = ?1", error);

  if (query == NULL || !collect_avatars (db, account, hashes, error))
    return FALSE;
  sqlite3_bind_int64 (query, 1, account);
  if (!linnet_store_db_execute (db, query, error) || !forget_strangers (db, error))
    return FALSE;

  g_hash_table_remove_all (db->senders);
  db->erased = TRUE;
  db->signed_out = TRUE;
  g_value_init (result, G_TYPE_STRV);
  g_value_take_boxed (result, g_strv_builder_end (hashes));

  return TRUE;
}

gboolean
linnet_store_accounts_write_sm_h (LinnetStoreDb *db, gint64 account, guint32 sm_h, GError **error)
{
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db, "UPDATE streams SET sm_h = ?2 WHERE account = ?1", error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, account);
  sqlite3_bind_int64 (query, 2, sm_h);

  return linnet_store_db_execute (db, query, error) && linnet_store_db_expect_change (db, error);
}

LinnetStoreAccount *
linnet_store_account_new (const char *address)
{
  LinnetStoreAccount *self = g_new0 (LinnetStoreAccount, 1);

  self->address = g_strdup (address);
  self->enabled = TRUE;

  return self;
}

LinnetStoreAccount *
linnet_store_account_copy (const LinnetStoreAccount *self)
{
  LinnetStoreAccount *copy = g_memdup2 (self, sizeof *self);

  copy->address = g_strdup (self->address);
  copy->host = g_strdup (self->host);
  copy->pinned_sha256 = g_strdup (self->pinned_sha256);
  copy->proxy = g_strdup (self->proxy);
  copy->mechanism = g_strdup (self->mechanism);
  copy->channel_binding = g_strdup (self->channel_binding);
  copy->authority = g_strdup (self->authority);
  copy->server_key = g_strdup (self->server_key);
  copy->user_agent_id = g_strdup (self->user_agent_id);
  copy->fast_mechanism = g_strdup (self->fast_mechanism);
  copy->status_text = g_strdup (self->status_text);
  copy->resource = g_strdup (self->resource);
  copy->sm_id = g_strdup (self->sm_id);
  copy->sm_location = g_strdup (self->sm_location);
  copy->features = g_strdup (self->features);
  copy->roster_version = g_strdup (self->roster_version);

  return copy;
}

void
linnet_store_account_free (LinnetStoreAccount *self)
{
  g_free (self->address);
  g_free (self->host);
  g_free (self->pinned_sha256);
  g_free (self->proxy);
  g_free (self->mechanism);
  g_free (self->channel_binding);
  g_free (self->authority);
  g_free (self->server_key);
  g_free (self->user_agent_id);
  g_free (self->fast_mechanism);
  g_free (self->status_text);
  g_free (self->resource);
  g_free (self->sm_id);
  g_free (self->sm_location);
  g_free (self->features);
  g_free (self->roster_version);
  g_free (self);
}

DexFuture *
linnet_store_accounts_list (LinnetStore *store)
{
  return linnet_store_run_read (store, list_job, NULL, NULL);
}

DexFuture *
linnet_store_accounts_add (LinnetStore *store, const LinnetStoreAccount *account)
{
  return linnet_store_run (store,
                           add_job,
                           linnet_store_account_copy (account),
                           (GDestroyNotify) linnet_store_account_free);
}

DexFuture *
linnet_store_accounts_save (LinnetStore *store, const LinnetStoreAccount *account)
{
  return linnet_store_run (store,
                           save_job,
                           linnet_store_account_copy (account),
                           (GDestroyNotify) linnet_store_account_free);
}

DexFuture *
linnet_store_accounts_save_stream (LinnetStore *store, const LinnetStoreAccount *account)
{
  return linnet_store_run (store,
                           save_stream_job,
                           linnet_store_account_copy (account),
                           (GDestroyNotify) linnet_store_account_free);
}

DexFuture *
linnet_store_accounts_remove (LinnetStore *store, gint64 account)
{
  return linnet_store_run (store, remove_job, g_memdup2 (&account, sizeof account), g_free);
}
