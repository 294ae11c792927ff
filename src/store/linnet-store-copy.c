/* Copying rows out of a database that may be damaged (R27)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include "linnet-store-copy-private.h"

typedef struct
{
  const char *name;
  const char *key;   /* NULL: the rowid */
  gboolean settings; /* small, and nobody else has it */
} Table;

/* In the order in which they refer to each other. Not `streams`: what was counted there may not be in the
 * rest any more, so the server must not be told about it. Nor the tables of archives: what they call known
 * may be what is lost, and the server still has it (R27). */
static const Table tables[] = {
  { "accounts", NULL, TRUE },
  { "roster", "account, jid", TRUE },
  { "roster_groups", "account, jid, name", TRUE },
  { "conversations", NULL, TRUE },
  { "senders", NULL, TRUE },
  { "profiles", "account, jid", TRUE },
  { "blocks", "account, jid", TRUE },
  { "invitations", "account, kind, key", TRUE },
  { "messages", NULL, FALSE },
  { "outbox", NULL, FALSE },
  { "pending", NULL, FALSE },
  { "caps", NULL, FALSE },
};
G_STATIC_ASSERT (G_N_ELEMENTS (tables) == LINNET_STORE_N_TABLES);

/* Of the copy of what is small: what a person typed and never sent is nobody's setting. */
#define LEFT_OUT_OF_SETTINGS "draft"

typedef enum
{
  WALK_DONE,   /* to the end of the table, or to @until */
  WALK_DAMAGE, /* the next row cannot be read */
  WALK_FAILED, /* a row cannot be written */
} Walk;

typedef struct
{
  const Table *table;
  sqlite3 *from;
  LinnetStoreDb *to;
  char *columns;
  guint n_columns;
  sqlite3_stmt *insert;
  gint64 last; /* the rowid that was read last */
  guint n_read;
  gboolean refused; /* a row that cannot be in a sound database, or was there before */
} Copy;

static gboolean
has_column (sqlite3 *handle, const char *table, const char *column)
{
  g_autofree char *sql = g_strdup_printf ("SELECT \"%s\" FROM \"%s\"", column, table);
  sqlite3_stmt *statement = NULL;
  gboolean has = sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL) == SQLITE_OK;

  sqlite3_finalize (statement);

  return has;
}

/* The columns that both have. FALSE when @from has no such table. */
static gboolean
find_columns (Copy *copy, gboolean settings, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("PRAGMA table_info(%s)", copy->table->name);
  g_autoptr (GString) columns = g_string_new (NULL);
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (copy->to->handle, sql, -1, &statement, NULL) != SQLITE_OK)
    {
      linnet_store_db_set_error (copy->to, error);
      return FALSE;
    }

  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      const char *name = (const char *) sqlite3_column_text (statement, 1);

      if ((settings && g_str_equal (name, LEFT_OUT_OF_SETTINGS)) ||
          !has_column (copy->from, copy->table->name, name))
        continue;
      g_string_append_printf (columns, "%s\"%s\"", columns->len > 0 ? ", " : "", name);
      copy->n_columns++;
    }
  sqlite3_finalize (statement);
  copy->columns = g_string_free_and_steal (g_steal_pointer (&columns));

  return copy->n_columns > 0;
}

static gboolean
prepare_insert (Copy *copy, GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_printf (sql, "INSERT OR IGNORE INTO %s (%s) VALUES (", copy->table->name, copy->columns);
  for (guint i = 0; i < copy->n_columns; i++)
    g_string_append (sql, i > 0 ? ", ?" : "?");
  g_string_append_c (sql, ')');

  if (sqlite3_prepare_v2 (copy->to->handle, sql->str, -1, &copy->insert, NULL) == SQLITE_OK)
    return TRUE;
  linnet_store_db_set_error (copy->to, error);

  return FALSE;
}

static void
copy_clear (Copy *copy)
{
  sqlite3_finalize (copy->insert);
  g_free (copy->columns);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Copy, copy_clear)

static void
bind_value (sqlite3_stmt *insert, int index, sqlite3_value *value)
{
  const char *text;

  if (sqlite3_value_type (value) != SQLITE_TEXT)
    {
      sqlite3_bind_value (insert, index, value);
      return;
    }

  /* Damage inside a row shows nowhere else. */
  text = (const char *) sqlite3_value_text (value);
  sqlite3_bind_text (
      insert, index, g_utf8_make_valid (text, sqlite3_value_bytes (value)), -1, (void (*) (void *)) g_free);
}

/* The columns of @row from the second on. */
static gboolean
write_row (Copy *copy, sqlite3_stmt *row, GError **error)
{
  int code;

  for (guint i = 0; i < copy->n_columns; i++)
    bind_value (copy->insert, (int) i + 1, sqlite3_column_value (row, (int) i + 1));
  code = sqlite3_step (copy->insert);
  if (code != SQLITE_DONE && (code & 0xff) != SQLITE_CONSTRAINT && (code & 0xff) != SQLITE_MISMATCH)
    linnet_store_db_set_error (copy->to, error);
  else
    {
      copy->refused |= code != SQLITE_DONE || sqlite3_changes (copy->to->handle) == 0;
      code = SQLITE_DONE;
    }
  sqlite3_reset (copy->insert);
  sqlite3_clear_bindings (copy->insert);

  return code == SQLITE_DONE;
}

/* Copies what @select yields, as far as it goes; its first column is the rowid, or 0. @descending: the rowids
 * become smaller; a tree that leads in circles does not keep to that. */
static Walk
walk (Copy *copy, sqlite3_stmt *select, gboolean descending, gint64 until, GError **error)
{
  Walk outcome = WALK_DAMAGE;
  int code;

  copy->n_read = 0;
  while ((code = sqlite3_step (select)) == SQLITE_ROW)
    {
      gint64 id = sqlite3_column_int64 (select, 0);

      if (copy->table->key == NULL)
        {
          if (copy->n_read > 0 && (descending ? id >= copy->last : id <= copy->last))
            break;
          if (descending ? id <= until : id >= until)
            {
              outcome = WALK_DONE;
              break;
            }
        }
      if (!write_row (copy, select, error))
        return WALK_FAILED;
      copy->last = id;
      copy->n_read++;
    }

  return code == SQLITE_DONE ? WALK_DONE : outcome;
}

static Walk
walk_rowids (Copy *copy, gboolean descending, gint64 first, gint64 until, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT rowid, %s FROM %s WHERE rowid %s ?1 ORDER BY rowid %s",
                                          copy->columns,
                                          copy->table->name,
                                          descending ? "<=" : ">=",
                                          descending ? "DESC" : "ASC");
  sqlite3_stmt *select = NULL;
  Walk outcome = WALK_DAMAGE;

  copy->n_read = 0;
  if (sqlite3_prepare_v2 (copy->from, sql, -1, &select, NULL) == SQLITE_OK)
    {
      sqlite3_bind_int64 (select, 1, first);
      outcome = walk (copy, select, descending, until, error);
    }
  sqlite3_finalize (select);

  return outcome;
}

/* Between @low and @high, both read: whatever stands beyond a piece that cannot be read. */
static Walk
walk_gaps (Copy *copy, gint64 low, gint64 high, GError **error)
{
  gint64 position = low + 1;
  gint64 stride = 1;

  while (position < high)
    {
      Walk outcome = walk_rowids (copy, FALSE, position, high, error);
      gint64 last = copy->last;

      if (outcome != WALK_DAMAGE)
        return outcome == WALK_FAILED ? WALK_FAILED : WALK_DAMAGE;

      if (copy->n_read > 0)
        {
          /* The step may have been too long. */
          if (stride > 1 && walk_rowids (copy, TRUE, position - 1, low, error) == WALK_FAILED)
            return WALK_FAILED;
          low = last;
          position = low + 1;
          stride = 1;
          continue;
        }
      if (stride > high - position)
        break;
      position += stride;
      stride *= 2;
    }

  return WALK_DAMAGE;
}

static Walk
copy_rowids (Copy *copy, GError **error)
{
  gint64 low = 0;
  gint64 high = G_MAXINT64;
  Walk outcome = walk_rowids (copy, FALSE, G_MININT64, G_MAXINT64, error);

  if (outcome != WALK_DAMAGE)
    return outcome;
  if (copy->n_read > 0)
    low = MAX (copy->last, 0);

  outcome = walk_rowids (copy, TRUE, G_MAXINT64, low, error);
  if (outcome == WALK_FAILED)
    return outcome;
  if (copy->n_read > 0)
    high = copy->last;

  return outcome == WALK_DONE ? WALK_DAMAGE : walk_gaps (copy, low, high, error);
}

static Walk
walk_keys (Copy *copy, gboolean descending, GError **error)
{
  g_autofree char *key = NULL;
  g_autofree char *sql = NULL;
  g_auto (GStrv) parts = g_strsplit (copy->table->key, ",", -1);
  sqlite3_stmt *select = NULL;
  Walk outcome = WALK_DAMAGE;

  key = g_strjoinv (descending ? " DESC, " : ", ", parts);
  sql = g_strdup_printf ("SELECT 0, %s FROM %s ORDER BY %s%s",
                         copy->columns,
                         copy->table->name,
                         key,
                         descending ? " DESC" : "");
  if (sqlite3_prepare_v2 (copy->from, sql, -1, &select, NULL) == SQLITE_OK)
    outcome = walk (copy, select, descending, 0, error);
  sqlite3_finalize (select);

  return outcome;
}

static Walk
copy_keys (Copy *copy, GError **error)
{
  Walk outcome = walk_keys (copy, FALSE, error);

  if (outcome != WALK_DAMAGE)
    return outcome;

  return walk_keys (copy, TRUE, error) == WALK_FAILED ? WALK_FAILED : WALK_DAMAGE;
}

static Walk
copy_table (const Table *table, sqlite3 *from, LinnetStoreDb *to, gboolean settings, GError **error)
{
  g_auto (Copy) copy = { .table = table, .from = from, .to = to };
  g_autoptr (GError) local_error = NULL;
  Walk outcome;

  if (!find_columns (&copy, settings, &local_error))
    {
      if (local_error == NULL)
        return WALK_DAMAGE;
      g_propagate_error (error, g_steal_pointer (&local_error));
      return WALK_FAILED;
    }
  if (!prepare_insert (&copy, error))
    return WALK_FAILED;

  outcome = table->key == NULL ? copy_rowids (&copy, error) : copy_keys (&copy, error);

  return outcome == WALK_DONE && copy.refused ? WALK_DAMAGE : outcome;
}

gboolean
linnet_store_copy (sqlite3 *from, LinnetStoreDb *to, gboolean settings, gboolean *wanted, GError **error)
{
  if (!linnet_store_db_execute_sql (to, "PRAGMA foreign_keys = OFF", error))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      Walk outcome;

      if (!wanted[i] || (settings && !tables[i].settings))
        continue;

      if (!linnet_store_db_execute_sql (to, "BEGIN IMMEDIATE", error))
        return FALSE;
      outcome = copy_table (&tables[i], from, to, settings, error);
      if (outcome == WALK_FAILED || !linnet_store_db_execute_sql (to, "COMMIT", error))
        return FALSE;
      wanted[i] = outcome == WALK_DAMAGE;
    }

  return TRUE;
}

gboolean
linnet_store_copy_is_settings (guint table)
{
  return tables[table].settings;
}

const char *
linnet_store_copy_get_name (guint table)
{
  return tables[table].name;
}

gboolean
linnet_store_copy_mend (LinnetStoreDb *to, GError **error)
{
  return linnet_store_db_execute_sql (
      to,
      "BEGIN IMMEDIATE;"
      "DELETE FROM roster WHERE account NOT IN (SELECT id FROM accounts);"
      "DELETE FROM roster_groups WHERE (account, jid) NOT IN (SELECT account, jid FROM roster);"
      "DELETE FROM conversations WHERE account NOT IN (SELECT id FROM accounts);"
      "DELETE FROM senders WHERE conversation NOT IN (SELECT id FROM conversations);"
      "DELETE FROM profiles WHERE account NOT IN (SELECT id FROM accounts);"
      "DELETE FROM blocks WHERE account NOT IN (SELECT id FROM accounts);"
      "DELETE FROM invitations WHERE account NOT IN (SELECT id FROM accounts);"
      "DELETE FROM messages WHERE conversation NOT IN (SELECT id FROM conversations);"
      "DELETE FROM outbox WHERE account NOT IN (SELECT id FROM accounts)"
      "  OR message NOT IN (SELECT id FROM messages);"
      "DELETE FROM pending WHERE account NOT IN (SELECT id FROM accounts);"
      /* Without its stanza it is never sent: the person may do it again. */
      "UPDATE messages SET state = 4 WHERE outgoing = 1 AND state = 0"
      "  AND id NOT IN (SELECT message FROM outbox);"
      "UPDATE conversations SET"
      "  last_message = ifnull((SELECT m.id FROM messages m WHERE m.conversation = conversations.id"
      "    ORDER BY m.position DESC LIMIT 1), 0),"
      "  last_position = ifnull((SELECT max(m.position) FROM messages m"
      "    WHERE m.conversation = conversations.id), last_position);"
      "UPDATE accounts SET roster_version = NULL;"
      "COMMIT;"
      "PRAGMA foreign_keys = ON;",
      error);
}
