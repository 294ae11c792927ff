/* Who may become a contact without being asked again (XEP-0379)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include "linnet-store-db-private.h"
#include "linnet-store-invitations.h"

typedef struct
{
  gint64 account;
  LinnetStoreInvitationKind kind;
  char *key;
  gint64 expires;
  gint64 now;
} Invitation;

static Invitation *
invitation_new (gint64 account, LinnetStoreInvitationKind kind, const char *key, gint64 expires, gint64 now)
{
  Invitation *self = g_new0 (Invitation, 1);

  self->account = account;
  self->kind = kind;
  self->key = g_strdup (key);
  self->expires = expires;
  self->now = now;

  return self;
}

static void
invitation_free (gpointer data)
{
  Invitation *self = data;

  g_free (self->key);
  g_free (self);
}

static gboolean
forget_old (LinnetStoreDb *db, const Invitation *invitation, GError **error)
{
  g_autoptr (LinnetStoreQuery) expired =
      linnet_store_db_query (db, "DELETE FROM invitations WHERE expires <= ?1", error);
  g_autoptr (LinnetStoreQuery) surplus =
      linnet_store_db_query (db,
                             "DELETE FROM invitations WHERE account = ?1 AND (kind, key) NOT IN"
                             " (SELECT kind, key FROM invitations WHERE account = ?1"
                             "  ORDER BY expires DESC LIMIT ?2)",
                             error);

  if (expired == NULL || surplus == NULL)
    return FALSE;
  sqlite3_bind_int64 (expired, 1, invitation->now);
  sqlite3_bind_int64 (surplus, 1, invitation->account);
  sqlite3_bind_int (surplus, 2, LINNET_STORE_MAX_INVITATIONS);

  return linnet_store_db_execute (db, expired, error) && linnet_store_db_execute (db, surplus, error);
}

static gboolean
add_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Invitation *invitation = data;
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (
      db,
      "INSERT OR REPLACE INTO invitations (account, kind, key, expires) VALUES (?1, ?2, ?3, ?4)",
      error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, invitation->account);
  sqlite3_bind_int (query, 2, invitation->kind);
  linnet_store_bind_text (query, 3, invitation->key);
  sqlite3_bind_int64 (query, 4, invitation->expires);

  return linnet_store_db_execute (db, query, error) && forget_old (db, invitation, error);
}

static gboolean
redeem_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Invitation *invitation = data;
  g_autoptr (GError) local_error = NULL;
  gboolean found;
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (
      db,
      "DELETE FROM invitations WHERE account = ?1 AND kind = ?2 AND key = ?3 AND expires > ?4 RETURNING 1",
      error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, invitation->account);
  sqlite3_bind_int (query, 2, invitation->kind);
  linnet_store_bind_text (query, 3, invitation->key);
  sqlite3_bind_int64 (query, 4, invitation->now);
  found = linnet_store_db_next (db, query, &local_error);
  if (linnet_store_had_error (error, &local_error))
    return FALSE;

  g_value_init (result, G_TYPE_BOOLEAN);
  g_value_set_boolean (result, found);

  return TRUE;
}

DexFuture *
linnet_store_invitations_add (LinnetStore *store,
                              gint64 account,
                              LinnetStoreInvitationKind kind,
                              const char *key,
                              gint64 expires,
                              gint64 now)
{
  return linnet_store_run (
      store, add_job, invitation_new (account, kind, key, expires, now), invitation_free);
}

DexFuture *
linnet_store_invitations_redeem (LinnetStore *store,
                                 gint64 account,
                                 LinnetStoreInvitationKind kind,
                                 const char *key,
                                 gint64 now)
{
  return linnet_store_run (
      store, redeem_job, invitation_new (account, kind, key, 0, now), invitation_free);
}
