/* Tests of saving a profile into a file and of restoring it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include <glib/gstdio.h>
#include <sodium.h>
#include <sqlite3.h>
#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gsettingsbackend.h>

#include "linnet-account-manager-private.h"
#include "linnet-backup-private.h"
#include "linnet-conversation-private.h"
#include "linnet-error.h"
#include "linnet-store-backup.h"
#include "linnet-store-messages.h"
#include "linnet-test-model.h"
#include "linnet-test.h"

#define ANA "ana@example.org"
#define TOM "tom@example.org"
#define PASSPHRASE "correct horse battery staple"
#define PICTURE "\x89PNG picture"

static const LinnetBackupCost cheap = {
  .opslimit = crypto_pwhash_argon2id_OPSLIMIT_MIN,
  .memlimit = crypto_pwhash_argon2id_MEMLIMIT_MIN,
};

static const LinnetTestMessage messages[] = {
  { .body = "Hello", .state = LINNET_MESSAGE_RECEIVED },
  { .body = "Unsent words", .state = LINNET_MESSAGE_SENT },
};

static const LinnetTestContact contacts[] = {
  { .address = "mira@example.org",
    .name = "Mira",
    .messages = messages,
    .n_messages = 2,
    .draft = "A draft of mine" },
};

static const LinnetTestAccount ana[] = {
  { .address = ANA, .nickname = "Ana Banana", .contacts = contacts, .n_contacts = 1 },
};
static const LinnetTestAccount tom[] = { { .address = TOM, .contacts = contacts, .n_contacts = 1 } };

typedef struct
{
  char *directory; /* of files */
  GFile *file;
  GSettings *settings;
} Fixture;

static void
fixture_init (Fixture *self)
{
  g_autofree char *path = NULL;
  g_autoptr (GSettingsBackend) backend = g_memory_settings_backend_new ();

  self->directory = linnet_test_profile_new ();
  path = g_build_filename (self->directory, "saved.linnet-backup", NULL);
  self->file = g_file_new_for_path (path);
  self->settings = g_settings_new_with_backend ("im.linnet.Linnet", backend);
}

static void
fixture_clear (Fixture *self)
{
  g_object_unref (self->settings);
  g_object_unref (self->file);
  linnet_test_profile_free (self->directory);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
execute (LinnetAccountManager *manager,
         const char *sql)
{
  g_autofree char *path = g_build_filename (manager->directory, "linnet.db", NULL);
  sqlite3 *handle = NULL;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  sqlite3_busy_timeout (handle, 5000);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
}

/* What only one installation may have, and a picture. */
static void
make_unique (LinnetAccountManager *manager)
{
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA1, PICTURE, -1);
  g_autofree char *directory = g_build_filename (manager->directory, "avatars", NULL);
  g_autofree char *path = g_build_filename (directory, hash, NULL);
  g_autofree char *sql = g_strdup_printf (
      "UPDATE accounts SET user_agent_id = 'old-agent', fast_mechanism = 'HT', fast_count = 9,"
      " roster_version = 'v9', mechanism = 'SCRAM-SHA-256', pinned_sha256 = 'pin';"
      "INSERT OR REPLACE INTO streams (account, resource, sm_id, sm_h) VALUES (1, 'old-res', 'old-sm', 7);"
      "UPDATE messages SET state = 0 WHERE body = 'Unsent words';"
      "INSERT INTO outbox (id, account, message, created, stanza)"
      " SELECT 900, 1, id, 1, '<message/>' FROM messages WHERE body = 'Unsent words';"
      "INSERT OR REPLACE INTO profiles (account, jid, avatar_hash) VALUES (1, 'mira@example.org', '%s')",
      hash);

  execute (manager, sql);
  g_mkdir_with_parents (directory, 0700);
  g_assert_true (g_file_set_contents (path, PICTURE, -1, NULL));
}

static void
save (Fixture *fixture,
      LinnetAccountManager *manager)
{
  g_autoptr (LinnetWork) work = linnet_work_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (linnet_backup_write (manager->directory,
                                      "[settings]\nsend-with-enter=false\nunknown=1\ncolor-scheme='no'\n"
                                      "send-typing=7\n",
                                      fixture->file,
                                      PASSPHRASE,
                                      &cheap,
                                      work,
                                      &error));
  g_assert_no_error (error);
}

static DexFuture *
restore (Fixture *fixture,
         LinnetAccountManager *manager,
         const char *passphrase)
{
  g_autoptr (LinnetWork) work = linnet_work_new ();

  return linnet_backup_restore (manager, fixture->settings, fixture->file, passphrase, work);
}

static guint
count_files (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    n += !g_str_has_prefix (name, "linnet.db") && !g_str_equal (name, "lock") &&
         !g_str_equal (name, "avatars") && !g_str_has_prefix (name, "sent-") &&
         !g_str_has_prefix (name, "handling-") && !g_str_has_prefix (name, "forgetting-");

  return n;
}

static void
assert_restored (LinnetAccountManager *manager)
{
  LinnetAccount *account = linnet_account_manager_find_account (manager, ANA);
  LinnetConversation *conversation;
  LinnetStoreMessage *unsent;
  g_autoptr (GPtrArray) rows = NULL;
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA1, PICTURE, -1);
  g_autofree char *picture = g_build_filename (manager->directory, "avatars", hash, NULL);
  g_autofree char *content = NULL;

  g_assert_nonnull (account);
  g_assert_cmpstr (linnet_account_get_display_name (account), ==, "Ana Banana");
  conversation = linnet_account_lookup_conversation (account, "mira@example.org");
  g_assert_cmpstr (linnet_conversation_get_draft (conversation), ==, "A draft of mine");
  rows = dex_await_boxed (linnet_store_messages_latest (
                              manager->store, linnet_conversation_get_id (conversation), 10),
                          NULL);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_true (g_file_get_contents (picture, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, PICTURE);

  /* R35: another installation. */
  unsent = g_ptr_array_index (rows, 1);
  g_assert_cmpint (unsent->state, ==, LINNET_STORE_STATE_FAILED);
  g_assert_true (g_uuid_string_is_valid (account->row->user_agent_id));
  g_assert_null (account->row->fast_mechanism);
  g_assert_cmpuint (account->row->fast_count, ==, 0);
  g_assert_null (account->row->resource);
  g_assert_null (account->row->sm_id);
  /* But with what protects it. */
  g_assert_cmpstr (account->row->mechanism, ==, "SCRAM-SHA-256");
  g_assert_cmpstr (account->row->pinned_sha256, ==, "pin");
}

/* Into an empty profile, into one with others, over itself; then the program starts again. */
static void
test_restore (gconstpointer data)
{
  g_auto (Fixture) fixture = {};
  LinnetAccountManager *source = linnet_test_manager_new (ana, 1);
  LinnetAccountManager *targets[] = {
    linnet_test_manager_new (NULL, 0),
    linnet_test_manager_new (tom, 1),
    source,
  };

  fixture_init (&fixture);
  make_unique (source);
  save (&fixture, source);
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_settings_reset (fixture.settings, "send-with-enter");
      linnet_test_assert_resolves (restore (&fixture, targets[i], PASSPHRASE));
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (targets[i])), ==, 1);
      assert_restored (targets[i]);
      g_assert_false (g_settings_get_boolean (fixture.settings, "send-with-enter"));
      g_assert_cmpuint (count_files (targets[i]->directory), ==, 0);

      targets[i] = linnet_test_manager_restart (targets[i]);
      assert_restored (targets[i]);
      linnet_test_manager_free (targets[i]);
    }
}

/* With all of the program in between, and the cost of today. */
static void
test_save (gconstpointer data)
{
  g_auto (Fixture) fixture = {};
  LinnetAccountManager *manager = linnet_test_manager_new (ana, 1);
  LinnetConversation *conversation;
  g_autoptr (LinnetWork) work = linnet_work_new ();
  g_autoptr (GBytes) bytes = NULL;
  GStatBuf info;

  fixture_init (&fixture);
  make_unique (manager);
  g_settings_set_boolean (fixture.settings, "send-with-enter", FALSE);
  conversation = linnet_account_lookup_conversation (linnet_account_manager_find_account (manager, ANA),
                                                     "mira@example.org");
  linnet_conversation_set_draft (conversation, "A draft of mine");
  linnet_test_assert_resolves (
      linnet_backup_save (manager, fixture.settings, fixture.file, PASSPHRASE, work));
  g_settings_reset (fixture.settings, "send-with-enter");
  linnet_test_manager_free (manager);

  /* Nobody reads it without the passphrase, and no part of it is left anywhere. */
  bytes = g_file_load_bytes (fixture.file, NULL, NULL, NULL);
  g_assert_null (memmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "Hello", 5));
  g_assert_null (memmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "example.org", 11));
  g_assert_cmpint (g_stat (g_file_peek_path (fixture.file), &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpuint (count_files (fixture.directory), ==, 1);

  manager = linnet_test_manager_new (tom, 1);
  linnet_test_assert_rejects (
      restore (&fixture, manager, "wrong"), LINNET_ERROR, LINNET_ERROR_BACKUP_PASSPHRASE);
  g_assert_nonnull (linnet_account_manager_find_account (manager, TOM));
  g_assert_cmpuint (count_files (manager->directory), ==, 0);
  linnet_test_assert_resolves (restore (&fixture, manager, PASSPHRASE));
  assert_restored (manager);
  g_assert_false (g_settings_get_boolean (fixture.settings, "send-with-enter"));
  linnet_test_manager_free (manager);
}

static void
test_cancelled (gconstpointer data)
{
  g_auto (Fixture) fixture = {};
  LinnetAccountManager *manager = linnet_test_manager_new (ana, 1);
  g_autoptr (LinnetWork) work = linnet_work_new ();
  g_autoptr (DexFuture) future = NULL;

  fixture_init (&fixture);
  g_assert_true (g_file_replace_contents (
      fixture.file, "mine", 4, NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL, NULL));
  future = linnet_backup_save (manager, fixture.settings, fixture.file, PASSPHRASE, work);
  linnet_work_cancel (work);
  linnet_test_assert_rejects (g_steal_pointer (&future), LINNET_ERROR, LINNET_ERROR_CANCELLED);

  /* What was there before is still there. */
  {
    g_autofree char *content = NULL;

    g_assert_true (g_file_load_contents (fixture.file, NULL, &content, NULL, NULL, NULL));
    g_assert_cmpstr (content, ==, "mine");
  }
  g_assert_cmpuint (count_files (fixture.directory), ==, 1);
  linnet_test_manager_free (manager);
}

static void
test_no_place (gconstpointer data)
{
  g_auto (Fixture) fixture = {};
  LinnetAccountManager *manager = linnet_test_manager_new (ana, 1);
  g_autoptr (LinnetWork) work = linnet_work_new ();
  g_autoptr (GFile) nowhere = g_file_new_for_path ("/proc/no/such/place.linnet-backup");

  fixture_init (&fixture);
  linnet_test_assert_rejects (linnet_backup_save (manager, fixture.settings, nowhere, PASSPHRASE, work),
                              LINNET_ERROR,
                              LINNET_ERROR_FILE_WRITE);
  linnet_test_assert_rejects (
      linnet_backup_restore (manager, fixture.settings, nowhere, PASSPHRASE, work),
      LINNET_ERROR,
      LINNET_ERROR_FILE_READ);
  linnet_test_manager_free (manager);
}

/* ---- what somebody else made ---- */

#define ENTRY(name, content) { name, content, sizeof content - 1 }
#define MANIFEST ENTRY ("manifest.json", "{\"format\":1,\"schema\":1}")
#define EMPTY_HASH "da39a3ee5e6b4b0d3255bfef95601890afd80709"

typedef struct
{
  const char *name;
  const char *content;
  guint64 length;
} Entry;

static const struct
{
  const char *name;
  Entry entries[4];
  LinnetError expect;
} hostile[] = {
  { "nothing", {}, LINNET_ERROR_BACKUP_DAMAGED },
  { "no-database", { MANIFEST }, LINNET_ERROR_BACKUP_DAMAGED },
  { "no-manifest", { ENTRY ("linnet.db", "x") }, LINNET_ERROR_BACKUP_DAMAGED },
  { "newer-format",
    { ENTRY ("manifest.json", "{\"format\":2,\"schema\":1}") },
    LINNET_ERROR_BACKUP_NEWER },
  { "newer-schema",
    { ENTRY ("manifest.json", "{\"format\":1,\"schema\":9999}") },
    LINNET_ERROR_BACKUP_NEWER },
  { "manifest-no-object", { ENTRY ("manifest.json", "[1]") }, LINNET_ERROR_BACKUP_DAMAGED },
  { "manifest-no-json", { ENTRY ("manifest.json", "{{") }, LINNET_ERROR_BACKUP_DAMAGED },
  { "manifest-no-text", { ENTRY ("manifest.json", "\xff\xfe") }, LINNET_ERROR_BACKUP_DAMAGED },
  { "no-database-of-ours", { MANIFEST, ENTRY ("linnet.db", "SQLite?") }, LINNET_ERROR_BACKUP_DAMAGED },
  { "empty-database", { MANIFEST, ENTRY ("linnet.db", "") }, LINNET_ERROR_BACKUP_DAMAGED },
  { "two-databases",
    { MANIFEST, ENTRY ("linnet.db", ""), ENTRY ("linnet.db", "") },
    LINNET_ERROR_BACKUP_DAMAGED },
  { "elsewhere", { MANIFEST, ENTRY ("../../evil", "x") }, LINNET_ERROR_BACKUP_DAMAGED },
  { "picture-elsewhere", { MANIFEST, ENTRY ("avatars/../../evil", "x") }, LINNET_ERROR_BACKUP_DAMAGED },
  { "picture-without-name", { MANIFEST, ENTRY ("avatars/", "x") }, LINNET_ERROR_BACKUP_DAMAGED },
  { "another-picture", { MANIFEST, ENTRY ("avatars/" EMPTY_HASH, "x") }, LINNET_ERROR_BACKUP_DAMAGED },
  { "picture-twice",
    { MANIFEST, ENTRY ("avatars/" EMPTY_HASH, ""), ENTRY ("avatars/" EMPTY_HASH, "") },
    LINNET_ERROR_BACKUP_DAMAGED },
  { "longer-than-the-file",
    { MANIFEST, { "linnet.db", "x", 1ull << 40 } },
    LINNET_ERROR_BACKUP_DAMAGED },
  { "without-end", { MANIFEST, { "linnet.db", "x", G_MAXUINT64 } }, LINNET_ERROR_BACKUP_DAMAGED },
  { "name-too-long",
    { MANIFEST,
      ENTRY ("avatars/0123456789012345678901234567890123456789012345678901234567890123", "x") },
    LINNET_ERROR_BACKUP_DAMAGED },
};

static void
put_number (LinnetBackupWriter *writer,
            guint n_bytes,
            guint64 number)
{
  for (guint i = n_bytes; i > 0; i--)
    {
      guchar byte = (guchar) (number >> (8 * (i - 1)));

      g_assert_true (linnet_backup_writer_write (writer, &byte, 1, NULL, NULL));
    }
}

static void
write_hostile (GFile *file,
               const Entry *entries)
{
  g_autoptr (GFileOutputStream) stream =
      g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL);
  g_autoptr (LinnetBackupWriter) writer =
      linnet_backup_writer_new (G_OUTPUT_STREAM (stream), PASSPHRASE, &cheap, NULL, NULL);

  for (guint i = 0; i < 4 && entries[i].name != NULL; i++)
    {
      put_number (writer, 4, strlen (entries[i].name));
      linnet_backup_writer_write (writer, entries[i].name, strlen (entries[i].name), NULL, NULL);
      put_number (writer, 8, entries[i].length);
      linnet_backup_writer_write (writer, entries[i].content, strlen (entries[i].content), NULL, NULL);
    }
  put_number (writer, 4, 0);
  g_assert_true (linnet_backup_writer_finish (writer, NULL, NULL));
}

static void
test_hostile (gconstpointer data)
{
  g_auto (Fixture) fixture = {};
  LinnetAccountManager *manager = linnet_test_manager_new (tom, 1);

  fixture_init (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_test_message ("%s", hostile[i].name);
      write_hostile (fixture.file, hostile[i].entries);
      linnet_test_assert_rejects (
          restore (&fixture, manager, PASSPHRASE), LINNET_ERROR, hostile[i].expect);
      g_assert_nonnull (linnet_account_manager_find_account (manager, TOM));
      g_assert_cmpuint (count_files (manager->directory), ==, 0);
      g_assert_cmpuint (count_files (fixture.directory), ==, 1);
    }
  linnet_test_manager_free (manager);
}

static const char *const no_addresses[] = { "no address", "", "lark.test", "ana@lark.test/desk" };

static void
test_no_address (gconstpointer data)
{
  LinnetAccountManager *source = linnet_test_manager_new (ana, 1);
  LinnetAccountManager *target = linnet_test_manager_new (tom, 1);

  for (guint i = 0; i < G_N_ELEMENTS (no_addresses); i++)
    {
      g_auto (Fixture) fixture = {};
      g_autofree char *sql = g_strdup_printf ("UPDATE accounts SET address = '%s'", no_addresses[i]);

      fixture_init (&fixture);
      execute (source, sql);
      save (&fixture, source);
      linnet_test_assert_rejects (
          restore (&fixture, target, PASSPHRASE), LINNET_ERROR, LINNET_ERROR_BACKUP_DAMAGED);
      g_assert_nonnull (linnet_account_manager_find_account (target, TOM));
      g_assert_cmpuint (count_files (target->directory), ==, 0);
    }
  linnet_test_manager_free (source);
  linnet_test_manager_free (target);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/backup/restore", test_restore, NULL);
  linnet_test_add ("/model/backup/save", test_save, NULL);
  linnet_test_add ("/model/backup/cancelled", test_cancelled, NULL);
  linnet_test_add ("/model/backup/no-place", test_no_place, NULL);
  linnet_test_add ("/model/backup/hostile", test_hostile, NULL);
  linnet_test_add ("/model/backup/no-address", test_no_address, NULL);

  return g_test_run ();
}
