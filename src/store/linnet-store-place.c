/* Where messages of an archive stand among those that came live (security.md R18)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include "linnet-store-writer-private.h"

/* So many in a row may stand just where the next one wants to. */
#define MAX_STEPS 10000

/* What is known when a page is placed: an archive's order is that of its page, whatever clocks say. What
 * stands before the page has a row that is not newer than the writer's low_row, what stands behind it has a
 * newer one. */
typedef struct
{
  LinnetStoreWriter *writer;
  LinnetStoreCursor *cursor;
  const LinnetStorePage *page;
  GArray *places;
} Placing;

static LinnetStorePlace *
get_place (Placing *placing, guint index)
{
  return &g_array_index (placing->places, LinnetStorePlace, index);
}

/* @position: 0: there is none. */
static gboolean
read_position (LinnetStoreDb *db, LinnetStoreQuery *query, gint64 *position, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  *position = 0;
  linnet_store_db_next_int64 (db, query, position, &local_error);

  return !linnet_store_had_error (error, &local_error);
}

static gboolean
find_below (Placing *placing, gint64 *low, GError **error)
{
  LinnetStoreDb *db = placing->writer->db;
  g_autoptr (LinnetStoreQuery) query = NULL;

  *low = 0;
  if (placing->writer->low_row == 0)
    return TRUE;

  query = linnet_store_db_query (db,
                                 "SELECT position FROM messages WHERE conversation = ?1 AND id <= ?2"
                                 " AND archive_id IS NOT NULL ORDER BY position DESC LIMIT 1",
                                 error);
  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, placing->cursor->id);
  sqlite3_bind_int64 (query, 2, placing->writer->low_row);

  return read_position (db, query, low, error);
}

/* The first one after @base that stands behind the page. */
static gboolean
find_above (Placing *placing, gint64 base, gint64 *high, GError **error)
{
  LinnetStoreDb *db = placing->writer->db;
  gboolean past = placing->page->kind == LINNET_STORE_PAGE_PAST;
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (
      db,
      past ? "SELECT position FROM messages WHERE conversation = ?1 AND position > ?2"
             " AND archive_id IS NOT NULL ORDER BY position LIMIT 1"
           : "SELECT position FROM messages WHERE conversation = ?1 AND position > ?2"
             " AND id > ?3 AND ifnull (time, position) >= ?4 ORDER BY position LIMIT 1",
      error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, placing->cursor->id);
  sqlite3_bind_int64 (query, 2, base);
  if (!past)
    {
      sqlite3_bind_int64 (query, 3, placing->writer->low_row);
      sqlite3_bind_int64 (query, 4, placing->page->first_time);
    }

  return read_position (db, query, high, error);
}

static gboolean
is_free (Placing *placing, gint64 position, gboolean *is, GError **error)
{
  gint64 found;
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (
      placing->writer->db,
      "SELECT EXISTS (SELECT 1 FROM messages WHERE conversation = ?1 AND position = ?2)",
      error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, placing->cursor->id);
  sqlite3_bind_int64 (query, 2, position);
  if (!linnet_store_db_next_int64 (placing->writer->db, query, &found, error))
    return FALSE;
  *is = !found;

  return TRUE;
}

static gboolean
find_free (Placing *placing, gint64 *position, GError **error)
{
  for (guint i = 0; i < MAX_STEPS; i++)
    {
      gboolean is = FALSE;

      if (!is_free (placing, *position, &is, error))
        return FALSE;
      if (is)
        return TRUE;
      (*position)++;
    }

  g_set_error_literal (error, LINNET_STORE_ERROR, LINNET_STORE_ERROR_FAILED, "There is no room");

  return FALSE;
}

/* For each one the position that the next known one of the conversation has, and how many stand before it. */
static void
look_ahead (Placing *placing, gint64 high)
{
  gint64 n = 0;

  for (guint i = placing->places->len; i > 0; i--)
    {
      LinnetStorePlace *place = get_place (placing, i - 1);

      if (place->cursor != placing->cursor)
        continue;
      if (place->known != 0)
        {
          high = place->known;
          n = 0;
          continue;
        }
      n++;
      place->limit = high != 0 ? high - n : G_MAXINT64;
    }
}

/* When an archive says nothing, or what cannot be. */
static void
mend_time (LinnetStorePlace *place)
{
  gint64 now = g_get_real_time ();

  if (place->message->time <= 0)
    place->message->time = MIN (place->limit, now);
  place->message->time = MIN (place->message->time, now + G_TIME_SPAN_DAY);
}

static gboolean
place_conversation (Placing *placing, GError **error)
{
  gint64 low, base, high;

  if (!find_below (placing, &low, error))
    return FALSE;
  base = low;
  for (guint i = 0; i < placing->places->len; i++)
    if (get_place (placing, i)->cursor == placing->cursor)
      base = MAX (base, get_place (placing, i)->known);
  if (!find_above (placing, base, &high, error))
    return FALSE;
  look_ahead (placing, high);

  for (guint i = 0; i < placing->places->len; i++)
    {
      LinnetStorePlace *place = get_place (placing, i);
      gint64 position;

      if (place->cursor != placing->cursor)
        continue;
      if (place->known != 0)
        {
          low = MAX (low, place->known);
          continue;
        }

      mend_time (place);
      position = MAX (low + 1, MIN (place->message->time, place->limit));
      if (!find_free (placing, &position, error))
        return FALSE;
      place->message->position = position;
      low = position;
    }

  return TRUE;
}

gboolean
linnet_store_writer_place (LinnetStoreWriter *self,
                           const LinnetStorePage *page,
                           GArray *places,
                           GError **error)
{
  g_autoptr (GHashTable) done = g_hash_table_new (NULL, NULL);
  Placing placing = { .writer = self, .page = page, .places = places };

  for (guint i = 0; i < places->len; i++)
    {
      placing.cursor = get_place (&placing, i)->cursor;
      if (g_hash_table_add (done, placing.cursor) && !place_conversation (&placing, error))
        return FALSE;
    }

  return TRUE;
}
