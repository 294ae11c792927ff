/* How far the history that servers keep is known here (security.md R11-R13)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include "linnet-store-writer-private.h"

G_DEFINE_BOXED_TYPE (LinnetStoreArchive,
                     linnet_store_archive,
                     linnet_store_archive_ref,
                     linnet_store_archive_unref)

static void
gap_free (gpointer data)
{
  LinnetStoreGap *self = data;

  g_free (self->after_id);
  g_free (self->before_id);
  g_free (self);
}

static LinnetStoreArchive *
archive_new (void)
{
  LinnetStoreArchive *self = g_new0 (LinnetStoreArchive, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->gaps = g_ptr_array_new_with_free_func (gap_free);
  self->pasts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self;
}

LinnetStoreArchive *
linnet_store_archive_ref (LinnetStoreArchive *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
linnet_store_archive_unref (LinnetStoreArchive *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->newest_id);
  g_ptr_array_unref (self->gaps);
  g_hash_table_unref (self->pasts);
  g_free (self);
}

/* ---- reading ---- */

typedef struct
{
  gint64 account;
  char *jid;
} Key;

static void
key_free (gpointer data)
{
  Key *key = data;

  g_free (key->jid);
  g_free (key);
}

/* FALSE only on error; @id: 0: there is none. */
static gboolean
read_archive (LinnetStoreDb *db, const Key *key, LinnetStoreArchive *archive, gint64 *id, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (
      db,
      "SELECT id, newest_id, newest_time FROM archives WHERE account = ?1 AND jid = ?2",
      error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, key->account);
  linnet_store_bind_text (query, 2, key->jid);
  if (linnet_store_db_next (db, query, &local_error))
    {
      *id = sqlite3_column_int64 (query, 0);
      archive->started = TRUE;
      archive->newest_id = linnet_store_column_id (query, 1);
      archive->newest_time = sqlite3_column_int64 (query, 2);
    }

  return !linnet_store_had_error (error, &local_error);
}

static gboolean
read_gaps (LinnetStoreDb *db, gint64 id, LinnetStoreArchive *archive, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db,
                             "SELECT id, after_id, after_time, before_id, missed FROM archive_gaps"
                             " WHERE archive = ?1 ORDER BY id DESC",
                             error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, id);
  while (linnet_store_db_next (db, query, &local_error))
    {
      LinnetStoreGap *gap = g_new0 (LinnetStoreGap, 1);

      gap->id = sqlite3_column_int64 (query, 0);
      gap->after_id = linnet_store_column_id (query, 1);
      gap->after_time = sqlite3_column_int64 (query, 2);
      gap->before_id = linnet_store_column_id (query, 3);
      gap->missed = sqlite3_column_int (query, 4);
      g_ptr_array_add (archive->gaps, gap);
    }

  return !linnet_store_had_error (error, &local_error);
}

static gboolean
read_pasts (LinnetStoreDb *db, gint64 id, LinnetStoreArchive *archive, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db, "SELECT jid, before_id FROM archive_pasts WHERE archive = ?1", error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, id);
  while (linnet_store_db_next (db, query, &local_error))
    {
      char *before_id = linnet_store_column_id (query, 1);

      g_hash_table_insert (archive->pasts,
                           linnet_store_column_text (query, 0),
                           before_id != NULL ? before_id : g_strdup (""));
    }

  return !linnet_store_had_error (error, &local_error);
}

static gboolean
load_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  g_autoptr (LinnetStoreArchive) archive = archive_new ();
  gint64 id = 0;

  if (!read_archive (db, data, archive, &id, error) ||
      (id != 0 && (!read_gaps (db, id, archive, error) || !read_pasts (db, id, archive, error))))
    return FALSE;

  g_value_init (result, LINNET_TYPE_STORE_ARCHIVE);
  g_value_take_boxed (result, g_steal_pointer (&archive));

  return TRUE;
}

DexFuture *
linnet_store_archive_load (LinnetStore *store, gint64 account, const char *jid)
{
  Key *key = g_new0 (Key, 1);

  key->account = account;
  key->jid = g_strdup (jid);

  return linnet_store_run_read (store, load_job, key, key_free);
}

/* ---- writing ---- */

/* The row, made when it is new. */
static gboolean
get_archive (LinnetStoreWriter *self, const char *jid, gint64 *id, gint64 *newest_row, GError **error)
{
  g_autoptr (LinnetStoreQuery) insert = linnet_store_db_query (
      self->db, "INSERT OR IGNORE INTO archives (account, jid) VALUES (?1, ?2)", error);
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (
      self->db, "SELECT id, newest_row FROM archives WHERE account = ?1 AND jid = ?2", error);

  if (insert == NULL || query == NULL)
    return FALSE;
  sqlite3_bind_int64 (insert, 1, self->account);
  linnet_store_bind_text (insert, 2, jid);
  if (!linnet_store_db_execute (self->db, insert, error))
    return FALSE;

  sqlite3_bind_int64 (query, 1, self->account);
  linnet_store_bind_text (query, 2, jid);
  if (!linnet_store_db_next (self->db, query, error))
    return FALSE;
  *id = sqlite3_column_int64 (query, 0);
  *newest_row = sqlite3_column_int64 (query, 1);

  return TRUE;
}

static gboolean
get_low_row (LinnetStoreWriter *self, const LinnetStorePage *page, gint64 *low_row, GError **error)
{
  g_autoptr (LinnetStoreQuery) query = NULL;

  *low_row = 0;
  if (page->kind != LINNET_STORE_PAGE_GAP)
    return TRUE;

  query = linnet_store_db_query (self->db, "SELECT low_row FROM archive_gaps WHERE id = ?1", error);
  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, page->gap);

  return linnet_store_db_next_int64 (self->db, query, low_row, error);
}

gboolean
linnet_store_writer_begin_page (LinnetStoreWriter *self, const LinnetStorePage *page, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gint64 newest_row = 0;

  if (!get_archive (self, page->archive, &self->archive, &newest_row, &local_error) ||
      !get_low_row (self, page, &self->low_row, &local_error))
    {
      if (local_error == NULL)
        g_set_error_literal (
            &local_error, LINNET_STORE_ERROR, LINNET_STORE_ERROR_NOT_FOUND, "There is no such gap");
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (page->kind == LINNET_STORE_PAGE_NEWEST)
    self->low_row = newest_row;
  self->backlog = page->missed ? LINNET_STORE_BACKLOG_MISSED : LINNET_STORE_BACKLOG_HISTORY;

  return TRUE;
}

static gboolean
add_gap (LinnetStoreWriter *self, const LinnetStorePage *page, GError **error)
{
  guchar id[16];
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (
      self->db,
      "INSERT INTO archive_gaps (archive, after_id, after_time, before_id, low_row, missed)"
      " SELECT id, newest_id, newest_time, ?2, newest_row, ?3 FROM archives WHERE id = ?1",
      error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, self->archive);
  linnet_store_bind_id (query, 2, page->first, id);
  sqlite3_bind_int (query, 3, page->missed);

  return linnet_store_db_execute (self->db, query, error);
}

static gboolean
set_newest (LinnetStoreWriter *self, const char *newest_id, gint64 newest_time, GError **error)
{
  guchar id[16];
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (
      self->db,
      "UPDATE archives SET newest_id = ?2, newest_time = max (newest_time, ?3), newest_row = ?4"
      " WHERE id = ?1",
      error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, self->archive);
  linnet_store_bind_id (query, 2, newest_id, id);
  sqlite3_bind_int64 (query, 3, newest_time);
  sqlite3_bind_int64 (query, 4, self->db->next_id - 1);

  return linnet_store_db_execute (self->db, query, error);
}

static gboolean
shrink_gap (LinnetStoreWriter *self, const LinnetStorePage *page, GError **error)
{
  gboolean gone = page->joined || page->first == NULL;
  guchar id[16];
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (
      self->db,
      gone ? "DELETE FROM archive_gaps WHERE id = ?1"
           : "UPDATE archive_gaps SET before_id = ?2 WHERE id = ?1",
      error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, page->gap);
  if (!gone)
    linnet_store_bind_id (query, 2, page->first, id);

  return linnet_store_db_execute (self->db, query, error);
}

static gboolean
set_past (LinnetStoreWriter *self, const LinnetStorePage *page, GError **error)
{
  guchar id[16];
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (
      self->db,
      "INSERT OR REPLACE INTO archive_pasts (archive, jid, before_id) VALUES (?1, ?2, ?3)",
      error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, self->archive);
  linnet_store_bind_text (query, 2, page->with);
  linnet_store_bind_id (query, 3, page->joined ? NULL : page->first, id);

  return linnet_store_db_execute (self->db, query, error);
}

gboolean
linnet_store_writer_end_page (LinnetStoreWriter *self, const LinnetStorePage *page, GError **error)
{
  switch (page->kind)
    {
    case LINNET_STORE_PAGE_NEWEST:
      return page->last == NULL || ((page->joined || add_gap (self, page, error)) &&
                                    set_newest (self, page->last, page->last_time, error));
    case LINNET_STORE_PAGE_GAP:
      return shrink_gap (self, page, error);
    case LINNET_STORE_PAGE_PAST:
      return set_past (self, page, error);
    default:
      g_assert_not_reached ();
    }
}

gboolean
linnet_store_writer_follow (LinnetStoreWriter *self, const char *archive, const char *id, GError **error)
{
  gint64 newest_row;

  return get_archive (self, archive, &self->archive, &newest_row, error) &&
         set_newest (self, id, 0, error);
}
