/* The tables, and how older ones become them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include <glib/gstdio.h>

#include "linnet-store-schema-private.h"

/*
 * What is not obvious in version 1:
 *
 * messages.position orders a conversation (R18): for what comes live it is the greater of the time and one
 * more than the last position, so that no clock can disturb the order, yet there is room between two messages
 * for older ones that an archive delivers later. time and received are NULL where they equal position and
 * time.
 *
 * messages.stanza_id, origin_id and archive_id hold a UUID as 16 bytes and any other id as text. origin_id is
 * NULL with has_origin 1 where it equals stanza_id, as it nearly always does.
 *
 * senders holds the resources, later also the occupants, that appear in a conversation: a number per message
 * instead of a name. messages.sender is no declared reference, as that would need an index on every message
 * only for erasing.
 *
 * conversations.peer_read_position is how far the others said that they read what this account wrote.
 *
 * pending holds events that came before the message they are about (R15).
 */
static const char version_1[] =
    "CREATE TABLE accounts ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  address TEXT NOT NULL UNIQUE,"
    "  position INTEGER NOT NULL,"
    "  enabled INTEGER NOT NULL,"
    "  host TEXT,"
    "  port INTEGER NOT NULL,"
    "  direct_tls INTEGER NOT NULL,"
    "  pinned_sha256 TEXT,"
    "  mechanism TEXT,"
    "  channel_binding TEXT,"
    "  had_sasl2 INTEGER NOT NULL,"
    "  user_agent_id TEXT,"
    "  fast_mechanism TEXT,"
    "  fast_expiry INTEGER NOT NULL,"
    "  fast_count INTEGER NOT NULL,"
    "  show INTEGER NOT NULL,"
    "  status_text TEXT,"
    "  roster_version TEXT"
    ") STRICT;"

    "CREATE TABLE streams ("
    "  account INTEGER PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,"
    "  resource TEXT,"
    "  sm_id TEXT,"
    "  sm_location TEXT,"
    "  sm_h INTEGER NOT NULL"
    ") STRICT;"

    "CREATE TABLE roster ("
    "  account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,"
    "  jid TEXT NOT NULL,"
    "  name TEXT,"
    "  subscription INTEGER NOT NULL,"
    "  ask INTEGER NOT NULL,"
    "  approved INTEGER NOT NULL,"
    "  PRIMARY KEY (account, jid)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE roster_groups ("
    "  account INTEGER NOT NULL,"
    "  jid TEXT NOT NULL,"
    "  name TEXT NOT NULL,"
    "  PRIMARY KEY (account, jid, name),"
    "  FOREIGN KEY (account, jid) REFERENCES roster ON DELETE CASCADE"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE conversations ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,"
    "  jid TEXT NOT NULL,"
    "  created INTEGER NOT NULL,"
    "  last_message INTEGER NOT NULL DEFAULT 0,"
    "  last_position INTEGER NOT NULL DEFAULT 0,"
    "  unread INTEGER NOT NULL DEFAULT 0,"
    "  read_position INTEGER NOT NULL DEFAULT 0,"
    "  peer_read_position INTEGER NOT NULL DEFAULT 0,"
    "  pinned INTEGER NOT NULL DEFAULT 0,"
    "  archived INTEGER NOT NULL DEFAULT 0,"
    "  request INTEGER NOT NULL DEFAULT 0,"
    "  muted_until INTEGER NOT NULL DEFAULT 0,"
    "  draft TEXT,"
    "  UNIQUE (account, jid)"
    ") STRICT;"

    "CREATE TABLE senders ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,"
    "  resource TEXT NOT NULL,"
    "  UNIQUE (conversation, resource)"
    ") STRICT;"

    "CREATE TABLE messages ("
    "  id INTEGER PRIMARY KEY,"
    "  conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,"
    "  position INTEGER NOT NULL,"
    "  outgoing INTEGER NOT NULL,"
    "  state INTEGER NOT NULL,"
    "  type INTEGER NOT NULL,"
    "  kind INTEGER NOT NULL,"
    "  encryption INTEGER NOT NULL,"
    "  markable INTEGER NOT NULL,"
    "  has_origin INTEGER NOT NULL,"
    "  sender INTEGER,"
    "  time INTEGER,"
    "  received INTEGER,"
    "  stanza_id ANY,"
    "  origin_id ANY,"
    "  archive_id ANY,"
    "  error_condition TEXT,"
    "  error_text TEXT,"
    "  body TEXT"
    ") STRICT;"
    "CREATE UNIQUE INDEX messages_position ON messages (conversation, position);"
    "CREATE UNIQUE INDEX messages_archive_id ON messages (conversation, archive_id) WHERE archive_id IS NOT "
    "NULL;"
    "CREATE INDEX messages_stanza_id ON messages (conversation, stanza_id) WHERE stanza_id IS NOT NULL;"
    "CREATE INDEX messages_origin_id ON messages (conversation, origin_id) WHERE origin_id IS NOT NULL;"

    "CREATE TABLE outbox ("
    "  id INTEGER PRIMARY KEY,"
    "  account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,"
    "  message INTEGER NOT NULL UNIQUE REFERENCES messages ON DELETE CASCADE,"
    "  created INTEGER NOT NULL,"
    "  stanza TEXT NOT NULL"
    ") STRICT;"
    "CREATE INDEX outbox_account ON outbox (account);"

    "CREATE TABLE pending ("
    "  id INTEGER PRIMARY KEY,"
    "  account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,"
    "  jid TEXT NOT NULL,"
    "  target ANY NOT NULL,"
    "  kind INTEGER NOT NULL,"
    "  payload TEXT,"
    "  received INTEGER NOT NULL"
    ") STRICT;"
    "CREATE INDEX pending_target ON pending (account, jid, target);"
    "CREATE INDEX pending_received ON pending (received);"

    "CREATE TABLE profiles ("
    "  account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,"
    "  jid TEXT NOT NULL,"
    "  nickname TEXT,"
    "  avatar_hash TEXT,"
    "  avatar_mime TEXT,"
    "  avatar_size INTEGER NOT NULL DEFAULT 0,"
    "  avatar_source INTEGER NOT NULL DEFAULT 0,"
    "  PRIMARY KEY (account, jid)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX profiles_avatar ON profiles (avatar_hash) WHERE avatar_hash IS NOT NULL;"

    "CREATE TABLE blocks ("
    "  account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,"
    "  jid TEXT NOT NULL,"
    "  PRIMARY KEY (account, jid)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE caps ("
    "  id INTEGER PRIMARY KEY,"
    "  hash TEXT NOT NULL,"
    "  ver TEXT NOT NULL,"
    "  info TEXT NOT NULL,"
    "  UNIQUE (hash, ver)"
    ") STRICT;";

/* What speaks for a server from one sign-in to the next (security.md A3). */
static const char version_2[] = "ALTER TABLE accounts ADD COLUMN authority TEXT;"
                                "ALTER TABLE accounts ADD COLUMN server_key TEXT;";

/* The features of a stream, which a server does not tell again when it is resumed. */
static const char version_3[] = "ALTER TABLE streams ADD COLUMN features TEXT;";

/* How an account reaches the network, never with the proxy's password: see linnet-proxy.h. */
static const char version_4[] = "ALTER TABLE accounts ADD COLUMN proxy TEXT;";

/* Who may become a contact without being asked again; see linnet-store-invitations.h. */
static const char version_5[] = "CREATE TABLE invitations ("
                                "  account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,"
                                "  kind INTEGER NOT NULL,"
                                "  key TEXT NOT NULL,"
                                "  expires INTEGER NOT NULL,"
                                "  PRIMARY KEY (account, kind, key)"
                                ") STRICT, WITHOUT ROWID;";

/* Archives that servers keep, and what of them is known here; see linnet-store-archive.h.
 *
 * archives.newest_row and archive_gaps.low_row are ids of messages: whatever was stored later stands after
 * what is missing, or is part of it. An archive_pasts.before_id that is NULL says that there is nothing more.
 */
static const char version_6[] = "CREATE TABLE archives ("
                                "  id INTEGER PRIMARY KEY,"
                                "  account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,"
                                "  jid TEXT NOT NULL,"
                                "  newest_id ANY,"
                                "  newest_time INTEGER NOT NULL DEFAULT 0,"
                                "  newest_row INTEGER NOT NULL DEFAULT 0,"
                                "  UNIQUE (account, jid)"
                                ") STRICT;"

                                "CREATE TABLE archive_gaps ("
                                "  id INTEGER PRIMARY KEY,"
                                "  archive INTEGER NOT NULL REFERENCES archives ON DELETE CASCADE,"
                                "  after_id ANY,"
                                "  after_time INTEGER NOT NULL,"
                                "  before_id ANY NOT NULL,"
                                "  low_row INTEGER NOT NULL,"
                                "  missed INTEGER NOT NULL"
                                ") STRICT;"
                                "CREATE INDEX archive_gaps_archive ON archive_gaps (archive);"

                                "CREATE TABLE archive_pasts ("
                                "  archive INTEGER NOT NULL REFERENCES archives ON DELETE CASCADE,"
                                "  jid TEXT NOT NULL,"
                                "  before_id ANY,"
                                "  PRIMARY KEY (archive, jid)"
                                ") STRICT, WITHOUT ROWID;";

/* Ascending, never changed once released; tests/store/fixtures/ has a database of each version. */
static const LinnetStoreMigration migrations_of_linnet[] = {
  { 1, version_1 },
  { 2, version_2 },
  { 3, version_3 },
  { 4, version_4 },
  { 5, version_5 },
  { 6, version_6 },
};

static gboolean
get_pragma (LinnetStoreDb *db, const char *sql, gint64 *value, GError **error)
{
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (db, sql, error);

  return query != NULL && linnet_store_db_next_int64 (db, query, value, error);
}

static gboolean
get_version (LinnetStoreDb *db, gint64 *version, GError **error)
{
  return get_pragma (db, "PRAGMA user_version", version, error);
}

gboolean
linnet_store_schema_check (LinnetStoreDb *db, int newest, GError **error)
{
  gint64 version, application, objects;

  if (!get_version (db, &version, error) ||
      !get_pragma (db, "PRAGMA application_id", &application, error) ||
      !get_pragma (db, "SELECT count(*) FROM sqlite_schema", &objects, error))
    return FALSE;

  if (version == 0 && application == 0 && objects == 0)
    return TRUE;

  if (application != LINNET_STORE_APPLICATION_ID || version < 1)
    {
      g_set_error_literal (
          error, LINNET_STORE_ERROR, LINNET_STORE_ERROR_CORRUPT, "This is no database of Linnet");
      return FALSE;
    }
  if (version > newest)
    {
      g_set_error (error,
                   LINNET_STORE_ERROR,
                   LINNET_STORE_ERROR_NEWER_SCHEMA,
                   "The database has version %" G_GINT64_FORMAT ", this program knows %d",
                   version,
                   newest);
      return FALSE;
    }

  return TRUE;
}

/* R28: what a faulty migration spoils can be taken from here. */
static gboolean
copy_before (LinnetStoreDb *db, const char *path, gint64 version, GError **error)
{
  g_autofree char *copy = g_strdup_printf ("%s.v%" G_GINT64_FORMAT, path, version);
  g_autoptr (LinnetStoreQuery) query = NULL;

  if (g_unlink (copy) == 0)
    g_debug ("Replacing an older copy of the database");
  query = linnet_store_db_query (db, "VACUUM INTO ?1", error);
  if (query == NULL)
    return FALSE;
  linnet_store_bind_text (query, 1, copy);
  if (!linnet_store_db_execute (db, query, error))
    return FALSE;

  if (g_chmod (copy, 0600) != 0)
    g_debug ("Cannot protect the copy of the database; its directory does");
  if (version > 1)
    {
      g_autofree char *older = g_strdup_printf ("%s.v%" G_GINT64_FORMAT, path, version - 1);

      if (g_unlink (older) == 0)
        g_debug ("Removed the copy from before the last migration");
    }

  return TRUE;
}

static gboolean
apply (LinnetStoreDb *db, const LinnetStoreMigration *migration, GError **error)
{
  g_autofree char *header = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d;",
                                             LINNET_STORE_APPLICATION_ID,
                                             migration->version);

  if (linnet_store_db_execute_sql (db, "BEGIN IMMEDIATE", error) &&
      linnet_store_db_execute_sql (db, migration->sql, error) &&
      linnet_store_db_execute_sql (db, header, error) &&
      linnet_store_db_execute_sql (db, "COMMIT", error))
    return TRUE;

  if (!sqlite3_get_autocommit (db->handle))
    linnet_store_db_execute_sql (db, "ROLLBACK", NULL);

  return FALSE;
}

gboolean
linnet_store_schema_migrate (LinnetStoreDb *db,
                             const char *path,
                             const LinnetStoreMigration *migrations,
                             guint n_migrations,
                             GError **error)
{
  gint64 version;

  if (!get_version (db, &version, error))
    return FALSE;

  if (version > 0 && version < migrations[n_migrations - 1].version &&
      !copy_before (db, path, version, error))
    return FALSE;

  for (guint i = 0; i < n_migrations; i++)
    if (migrations[i].version > version && !apply (db, &migrations[i], error))
      return FALSE;

  return TRUE;
}

const LinnetStoreMigration *
linnet_store_schema_get_migrations (guint *n_migrations)
{
  *n_migrations = G_N_ELEMENTS (migrations_of_linnet);

  return migrations_of_linnet;
}
