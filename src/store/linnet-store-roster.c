/* Rows of contact lists
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include "linnet-store-roster.h"
#include "linnet-store-writer-private.h"

G_DEFINE_BOXED_TYPE (LinnetStoreContact,
                     linnet_store_contact,
                     linnet_store_contact_copy,
                     linnet_store_contact_free)

/* Rows come by contact, one for each group. */
static void
take_groups (LinnetStoreContact *contact, GPtrArray *groups)
{
  if (contact == NULL)
    return;

  g_ptr_array_add (groups, NULL);
  contact->groups = (char **) g_ptr_array_steal (groups, NULL);
}

static LinnetStoreContact *
read_row (LinnetStoreQuery *query)
{
  LinnetStoreContact *contact = g_new0 (LinnetStoreContact, 1);

  contact->jid = linnet_store_column_text (query, 0);
  contact->name = linnet_store_column_text (query, 1);
  contact->subscription = sqlite3_column_int (query, 2);
  contact->ask = sqlite3_column_int (query, 3) != 0;
  contact->approved = sqlite3_column_int (query, 4) != 0;

  return contact;
}

static gboolean
read_all (LinnetStoreDb *db, LinnetStoreQuery *query, GPtrArray *contacts, GError **error)
{
  g_autoptr (GPtrArray) groups = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local_error = NULL;
  LinnetStoreContact *contact = NULL;

  while (linnet_store_db_next (db, query, &local_error))
    {
      const char *jid = (const char *) sqlite3_column_text (query, 0);

      if (contact == NULL || g_strcmp0 (contact->jid, jid) != 0)
        {
          take_groups (contact, groups);
          contact = read_row (query);
          g_ptr_array_add (contacts, contact);
        }
      if (sqlite3_column_type (query, 5) != SQLITE_NULL)
        g_ptr_array_add (groups, linnet_store_column_text (query, 5));
    }
  take_groups (contact, groups);

  return !linnet_store_had_error (error, &local_error);
}

static gboolean
list_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  g_autoptr (GPtrArray) contacts =
      g_ptr_array_new_with_free_func ((GDestroyNotify) linnet_store_contact_free);
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db,
                             "SELECT r.jid, r.name, r.subscription, r.ask, r.approved, g.name FROM roster r"
                             " LEFT JOIN roster_groups g ON g.account = r.account AND g.jid = r.jid"
                             " WHERE r.account = ?1 ORDER BY r.jid, g.name",
                             error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, *(gint64 *) data);
  if (!read_all (db, query, contacts, error))
    return FALSE;

  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&contacts));

  return TRUE;
}

static gboolean
erase (LinnetStoreDb *db, const char *sql, gint64 account, const char *jid, GError **error)
{
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (db, sql, error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, account);
  if (jid != NULL)
    linnet_store_bind_text (query, 2, jid);

  return linnet_store_db_execute (db, query, error);
}

static gboolean
write_groups (LinnetStoreDb *db, gint64 account, const LinnetStoreContact *contact, GError **error)
{
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db,
                             "INSERT OR IGNORE INTO roster_groups (account, jid, name) VALUES (?1, ?2, ?3)",
                             error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, account);
  linnet_store_bind_text (query, 2, contact->jid);
  for (guint i = 0; contact->groups != NULL && contact->groups[i] != NULL; i++)
    {
      linnet_store_bind_text (query, 3, contact->groups[i]);
      if (!linnet_store_db_execute (db, query, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
write_contact (LinnetStoreDb *db, gint64 account, const LinnetStoreContact *contact, GError **error)
{
  g_autoptr (LinnetStoreQuery) query = NULL;

  /* The groups go with it. */
  if (!erase (db, "DELETE FROM roster WHERE account = ?1 AND jid = ?2", account, contact->jid, error))
    return FALSE;
  if (contact->removed)
    return TRUE;

  query = linnet_store_db_query (db,
                                 "INSERT INTO roster (account, jid, name, subscription, ask, approved)"
                                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                                 error);
  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, account);
  linnet_store_bind_text (query, 2, contact->jid);
  linnet_store_bind_text (query, 3, contact->name);
  sqlite3_bind_int (query, 4, contact->subscription);
  sqlite3_bind_int (query, 5, contact->ask);
  sqlite3_bind_int (query, 6, contact->approved);

  return linnet_store_db_execute (db, query, error) && write_groups (db, account, contact, error);
}

static gboolean
write_version (LinnetStoreDb *db, gint64 account, const char *version, GError **error)
{
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db, "UPDATE accounts SET roster_version = ?2 WHERE id = ?1", error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, account);
  linnet_store_bind_text (query, 2, version);

  return linnet_store_db_execute (db, query, error) && linnet_store_db_expect_change (db, error);
}

gboolean
linnet_store_roster_write (LinnetStoreDb *db,
                           gint64 account,
                           GPtrArray *contacts,
                           gboolean full,
                           const char *version,
                           GError **error)
{
  if (full && !erase (db, "DELETE FROM roster WHERE account = ?1", account, NULL, error))
    return FALSE;

  for (guint i = 0; i < contacts->len; i++)
    if (!write_contact (db, account, contacts->pdata[i], error))
      return FALSE;

  return (!full && version == NULL) || write_version (db, account, version, error);
}

LinnetStoreContact *
linnet_store_contact_new (const char *jid)
{
  LinnetStoreContact *self = g_new0 (LinnetStoreContact, 1);

  self->jid = g_strdup (jid);

  return self;
}

LinnetStoreContact *
linnet_store_contact_copy (const LinnetStoreContact *self)
{
  LinnetStoreContact *copy = g_memdup2 (self, sizeof *self);

  copy->jid = g_strdup (self->jid);
  copy->name = g_strdup (self->name);
  copy->groups = g_strdupv (self->groups);

  return copy;
}

void
linnet_store_contact_free (LinnetStoreContact *self)
{
  g_free (self->jid);
  g_free (self->name);
  g_strfreev (self->groups);
  g_free (self);
}

DexFuture *
linnet_store_roster_list (LinnetStore *store, gint64 account)
{
  return linnet_store_run_read (store, list_job, g_memdup2 (&account, sizeof account), g_free);
}
