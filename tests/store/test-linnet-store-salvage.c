/* Tests of what becomes of a damaged database (R27)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "linnet-store-salvage-private.h"
#include "store-fixture.h"

#define PAGE_SIZE 4096
#define N_MESSAGES 600
#define N_CONTACTS 3

/* ---- a profile worth keeping ---- */

static void
fill (StoreFixture *fixture)
{
  static const char *const contacts[N_CONTACTS] = { MIRA, "sofia@lark.test", "tom@lark.test" };
  LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);
  GPtrArray *roster = g_ptr_array_new_with_free_func ((GDestroyNotify) linnet_store_contact_free);

  for (guint i = 0; i < N_CONTACTS; i++)
    {
      LinnetStoreContact *contact = linnet_store_contact_new (contacts[i]);
      const char *groups[] = { "Friends", NULL };

      contact->groups = g_strdupv ((char **) groups);
      g_ptr_array_add (roster, contact);
    }
  linnet_store_batch_add_roster (batch, roster, TRUE, "v7");

  for (guint i = 0; i < N_MESSAGES; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);
      g_autofree char *body = g_strdup_printf ("%u: the quick brown fox jumps over the lazy dog", i);

      linnet_store_batch_add_message (batch, contacts[i % N_CONTACTS], store_message_in (id, body));
    }
  linnet_store_changes_unref (store_fixture_commit (fixture, batch));
  linnet_store_changes_unref (store_fixture_send (fixture, MIRA, "out", "Not sent yet"));
}

static char *
database (StoreFixture *fixture)
{
  return store_fixture_get_path (fixture, "linnet.db");
}

/* There is none yet: closing makes one. */
static void
copy_settings (StoreFixture *fixture)
{
  store_fixture_close (fixture);
  store_fixture_open (fixture);
}

/* As the check leaves it that found damage. */
static void
set_damaged (StoreFixture *fixture)
{
  g_autofree char *path = store_fixture_get_path (fixture, "lock");

  g_assert_true (g_file_set_contents (path, "!", 1, NULL));
}

/* ---- damage ---- */

static void
overwrite (StoreFixture *fixture, gint64 offset, guchar byte, gsize length)
{
  g_autofree char *path = database (fixture);
  g_autofree guchar *bytes = g_malloc (length);
  int fd = open (path, O_WRONLY | O_CLOEXEC);

  memset (bytes, byte, length);
  g_assert_no_errno (fd);
  g_assert_cmpint (pwrite (fd, bytes, length, offset), ==, (gssize) length);
  close (fd);
}

static gint64
page_of (StoreFixture *fixture, const char *sql)
{
  gint64 page = store_fixture_number (fixture, sql);

  g_assert_cmpint (page, >, 1);

  return page;
}

static void
cut (StoreFixture *fixture, double part)
{
  g_autofree char *path = database (fixture);
  GStatBuf info;

  g_assert_no_errno (g_stat (path, &info));
  g_assert_no_errno (truncate (path, (gint64) (info.st_size * part)));
}

static void
cut_off_a_fifth (StoreFixture *fixture)
{
  store_fixture_close (fixture);
  cut (fixture, 0.8);
}

static void
cut_a_little (StoreFixture *fixture)
{
  store_fixture_close (fixture);
  cut (fixture, 0.97);
}

static void
cut_to_nothing (StoreFixture *fixture)
{
  store_fixture_close (fixture);
  cut (fixture, 0);
}

static void
lose (StoreFixture *fixture)
{
  g_autofree char *path = database (fixture);

  store_fixture_close (fixture);
  g_assert_no_errno (g_unlink (path));
}

static void
zero_leaf (StoreFixture *fixture)
{
  gint64 page = page_of (fixture,
                         "SELECT pageno FROM dbstat WHERE name = 'messages' AND pagetype = 'leaf'"
                         " ORDER BY path LIMIT 1 OFFSET 5");

  store_fixture_close (fixture);
  overwrite (fixture, (page - 1) * PAGE_SIZE, 0, PAGE_SIZE);
}

/* Nothing below it can be found. */
static void
zero_root (StoreFixture *fixture)
{
  gint64 page = page_of (fixture, "SELECT rootpage FROM sqlite_schema WHERE name = 'messages'");

  store_fixture_close (fixture);
  overwrite (fixture, (page - 1) * PAGE_SIZE, 0, PAGE_SIZE);
}

static void
zero_accounts (StoreFixture *fixture)
{
  gint64 page = page_of (fixture, "SELECT rootpage FROM sqlite_schema WHERE name = 'accounts'");

  store_fixture_close (fixture);
  overwrite (fixture, (page - 1) * PAGE_SIZE, 0, PAGE_SIZE);
}

static void
zero_first_page (StoreFixture *fixture)
{
  store_fixture_close (fixture);
  overwrite (fixture, 0, 0, PAGE_SIZE);
}

static void
wrong_header (StoreFixture *fixture)
{
  store_fixture_close (fixture);
  overwrite (fixture, 0, 0xaa, 100);
}

static void
wrong_magic (StoreFixture *fixture)
{
  store_fixture_close (fixture);
  overwrite (fixture, 0, 'x', 16);
}

static void
other_program (StoreFixture *fixture)
{
  store_fixture_execute (fixture, "PRAGMA application_id = 1");
  store_fixture_close (fixture);
}

static void
fairy_tale (StoreFixture *fixture)
{
  g_autofree char *path = database (fixture);

  store_fixture_close (fixture);
  g_assert_true (
      g_file_set_contents (path, "Once upon a time there was no database here, only a tale.\n", -1, NULL));
}

typedef struct
{
  const char *name;
  void (*damage) (StoreFixture *fixture); /* closes the store first */
  gboolean found;                         /* only because a check found it before */
  gboolean no_settings;                   /* and there is no copy of them */
  gint64 accounts;
  gint64 contacts;
  gint64 min_messages;
  gint64 max_messages; /* 0: all */
} Row;

#define ALL (N_MESSAGES + 1)
#define WITH_SETTINGS .accounts = 1, .contacts = N_CONTACTS

static const Row rows[] = {
  { "cut/fifth", cut_off_a_fifth, WITH_SETTINGS, .found = TRUE, .min_messages = 200 },
  { "cut/little", cut_a_little, WITH_SETTINGS, .found = TRUE, .min_messages = 300 },
  { "cut/to-nothing", cut_to_nothing, WITH_SETTINGS, .max_messages = -1 },
  { "lost", lose, WITH_SETTINGS, .max_messages = -1 },
  { "zero/leaf",
    zero_leaf,
    WITH_SETTINGS,
    .found = TRUE,
    .min_messages = ALL - 70,
    .max_messages = ALL - 1 },
  { "zero/root", zero_root, WITH_SETTINGS, .found = TRUE, .max_messages = -1 },
  { "zero/accounts", zero_accounts, WITH_SETTINGS, .found = TRUE, .min_messages = ALL },
  { "zero/accounts/alone", zero_accounts, .found = TRUE, .no_settings = TRUE, .max_messages = -1 },
  { "zero/first-page", zero_first_page, WITH_SETTINGS, .max_messages = -1 },
  { "header/wrong", wrong_header, WITH_SETTINGS, .no_settings = TRUE, .min_messages = ALL },
  { "header/magic", wrong_magic, WITH_SETTINGS, .no_settings = TRUE, .min_messages = ALL },
  { "header/other-program", other_program, WITH_SETTINGS, .no_settings = TRUE, .min_messages = ALL },
  { "no-database", fairy_tale, WITH_SETTINGS, .max_messages = -1 },
};

/* What was damaged is still there, byte for byte. */
static void
assert_kept (StoreFixture *fixture, const char *contents, gsize length)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->directory, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = store_fixture_get_path (fixture, name);
      g_autofree char *kept = NULL;
      gsize kept_length;

      g_assert_null (strstr (name, ".salvag"));
      g_assert_null (strstr (name, ".source"));
      if (!g_str_has_prefix (name, "linnet.db.damaged-"))
        continue;
      n++;
      g_assert_true (g_file_get_contents (path, &kept, &kept_length, NULL));
      g_assert_cmpmem (kept, kept_length, contents, length);
    }
  g_assert_cmpuint (n, ==, contents != NULL ? 1 : 0);
}

static void
assert_sound (StoreFixture *fixture)
{
  g_auto (GStrv) results = store_fixture_texts (fixture, "PRAGMA integrity_check", 0);
  g_auto (GStrv) orphans = store_fixture_texts (fixture, "PRAGMA foreign_key_check", 0);

  g_assert_cmpstr (results[0], ==, "ok");
  g_assert_null (orphans[0]);
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autofree char *path = database (fixture);
  g_autofree char *settings = store_fixture_get_path (fixture, "linnet.db.settings");
  g_autofree char *before = NULL;
  gint64 n_messages;
  gsize length = 0;

  fill (fixture);
  copy_settings (fixture);
  row->damage (fixture);
  if (row->no_settings)
    g_assert_no_errno (g_unlink (settings));
  if (row->found)
    set_damaged (fixture);
  g_file_get_contents (path, &before, &length, NULL);

  store_fixture_open (fixture);
  g_assert_true (linnet_store_get_salvaged (fixture->store));
  assert_kept (fixture, before, length);
  assert_sound (fixture);

  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM accounts"), ==, row->accounts);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM roster"), ==, row->contacts);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM roster_groups"), ==, row->contacts);
  n_messages = store_fixture_number (fixture, "SELECT count(*) FROM messages");
  g_test_message ("%" G_GINT64_FORMAT " of %d messages", n_messages, ALL);
  g_assert_cmpint (n_messages, >=, row->min_messages);
  if (row->max_messages != 0)
    g_assert_cmpint (n_messages, <=, MAX (row->max_messages, 0));

  if (row->accounts > 0)
    {
      /* The server is asked for the whole roster, and resumes nothing. */
      g_assert_cmpint (store_fixture_number (fixture, "SELECT count(roster_version) FROM accounts"), ==, 0);
      g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM streams"), ==, 0);
      g_assert_cmpint (
          store_fixture_number (fixture,
                                "SELECT count(*) FROM conversations c WHERE last_message <>"
                                " ifnull((SELECT id FROM messages WHERE conversation = c.id"
                                " ORDER BY position DESC LIMIT 1), 0)"),
          ==,
          0);
      linnet_store_changes_unref (store_fixture_receive (fixture, MIRA, store_message_in ("new", "Hello")));
    }
  store_fixture_close (fixture);

  store_fixture_open (fixture);
  g_assert_false (linnet_store_get_salvaged (fixture->store));
}

/* What still had to be sent either is sent, or can be sent again by the person. */
static void
test_outbox (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  gint64 page;

  fill (fixture);
  store_fixture_close (fixture);
  set_damaged (fixture);
  store_fixture_open (fixture);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM outbox"), ==, 1);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT state FROM messages WHERE outgoing = 1"),
                   ==,
                   LINNET_STORE_STATE_QUEUED);

  page = page_of (fixture, "SELECT rootpage FROM sqlite_schema WHERE name = 'outbox'");
  store_fixture_close (fixture);
  overwrite (fixture, (page - 1) * PAGE_SIZE, 0, PAGE_SIZE);
  set_damaged (fixture);
  store_fixture_open (fixture);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT state FROM messages WHERE outgoing = 1"),
                   ==,
                   LINNET_STORE_STATE_FAILED);
}

/* A crash at the very end of a salvage. */
static void
test_finish (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autofree char *path = database (fixture);
  g_autofree char *salvaged = store_fixture_get_path (fixture, "linnet.db.salvaged");
  g_autofree char *old = NULL;
  gsize length;

  fill (fixture);
  store_fixture_close (fixture);
  g_assert_true (g_file_get_contents (path, &old, &length, NULL));
  g_assert_true (g_file_set_contents (salvaged, old, length, NULL));
  g_assert_true (g_file_set_contents (path, "damaged", -1, NULL));

  store_fixture_open (fixture);
  g_assert_true (linnet_store_get_salvaged (fixture->store));
  assert_kept (fixture, "damaged", 7);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM messages"), ==, ALL);
}

/* A hundred profiles with flipped bits: each opens, and knows who it is. */
static void
test_flips (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autofree char *path = database (fixture);
  g_autofree char *sound = NULL;
  g_autoptr (GRand) rand = g_rand_new_with_seed (27);
  gsize length;
  gint64 n_read = 0;

  fill (fixture);
  copy_settings (fixture);
  store_fixture_close (fixture);
  g_assert_true (g_file_get_contents (path, &sound, &length, NULL));

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *damaged = g_memdup2 (sound, length);

      for (guint j = 0; j < 40; j++)
        damaged[g_rand_int_range (rand, 0, (int) length)] ^= (char) (1 << g_rand_int_range (rand, 0, 8));
      g_assert_true (g_file_set_contents (path, damaged, (gssize) length, NULL));
      set_damaged (fixture);

      store_fixture_open (fixture);
      assert_sound (fixture);
      g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM accounts"), ==, 1);
      n_read += store_fixture_number (fixture, "SELECT count(*) FROM messages");
      store_fixture_close (fixture);
    }
  g_test_message ("%" G_GINT64_FORMAT " of %d messages on average", n_read / 100, ALL);
  g_assert_cmpint (n_read / 100, >, ALL / 2);
}

/* ---- the copy of the settings ---- */

static gboolean
find (const char *contents, gsize length, const char *text)
{
  return memmem (contents, length, text, strlen (text)) != NULL;
}

static void
test_settings (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autofree char *path = database (fixture);
  g_autofree char *settings = store_fixture_get_path (fixture, "linnet.db.settings");
  g_autofree char *damaged = store_fixture_get_path (fixture, "linnet.db.damaged-20261124T170000");
  g_autofree char *older = store_fixture_get_path (fixture, "linnet.db.v1");
  g_autofree char *contents = NULL;
  GStatBuf info;
  gsize length;

  g_assert_cmpint (linnet_store_salvage_get_age (path), ==, LINNET_STORE_SETTINGS_AGE);
  fill (fixture);
  store_fixture_execute (fixture, "UPDATE conversations SET draft = 'Secret-4711'");
  copy_settings (fixture);
  g_assert_cmpint (linnet_store_salvage_get_age (path), <, G_TIME_SPAN_MINUTE);

  g_assert_no_errno (g_stat (settings, &info));
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  g_assert_true (g_file_get_contents (settings, &contents, &length, NULL));
  g_assert_true (find (contents, length, MIRA));
  g_assert_false (find (contents, length, "quick brown fox"));
  g_assert_false (find (contents, length, "Secret-4711"));

  /* Whoever signs out is nowhere any more: not even in a database that was damaged, or is older. */
  g_assert_true (g_file_set_contents (damaged, MIRA, -1, NULL));
  g_assert_true (g_file_set_contents (older, MIRA, -1, NULL));
  linnet_test_assert_resolves (linnet_store_accounts_remove (fixture->store, fixture->account));
  store_fixture_close (fixture);
  g_assert_false (g_file_test (settings, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (damaged, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (older, G_FILE_TEST_EXISTS));
}

/* Damage does not spread into the copy. */
static void
test_settings_damaged (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autofree char *path = database (fixture);
  g_autofree char *settings = store_fixture_get_path (fixture, "linnet.db.settings");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  gsize length, after_length;

  fill (fixture);
  copy_settings (fixture);
  g_assert_true (g_file_get_contents (settings, &before, &length, NULL));
  zero_accounts (fixture);
  g_assert_false (linnet_store_salvage_copy_settings (path, &error));
  g_assert_error (error, LINNET_STORE_ERROR, LINNET_STORE_ERROR_CORRUPT);
  g_assert_true (g_file_get_contents (settings, &after, &after_length, NULL));
  g_assert_cmpmem (before, length, after, after_length);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *name = g_strconcat ("/store/salvage/", rows[i].name, NULL);

      linnet_test_add (name, test_row, &rows[i]);
    }
  linnet_test_add ("/store/salvage/outbox", test_outbox, NULL);
  linnet_test_add ("/store/salvage/finish", test_finish, NULL);
  linnet_test_add ("/store/salvage/flips", test_flips, NULL);
  linnet_test_add ("/store/salvage/settings", test_settings, NULL);
  linnet_test_add ("/store/salvage/settings/damaged", test_settings_damaged, NULL);

  return g_test_run ();
}
