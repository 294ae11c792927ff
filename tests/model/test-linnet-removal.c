/* Tests of removing an account from this computer to the last byte, whatever interrupts it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "linnet-account-manager-private.h"
#include "linnet-removal.h"
#include "linnet-store-blocks.h"
#include "linnet-store-conversations.h"
#include "linnet-store-profiles.h"
#include "linnet-store-removals.h"
#include "linnet-test-ca.h"
#include "linnet-test-model.h"
#include "linnet-test-server.h"
#include "linnet-test.h"

#define GONE "gwendolin@gone.example"
#define KEPT "kunibert@kept.example"
#define N_MESSAGES 400

/* Every text that a profile may have of the one account or the other begins so. */
#define GONE_MARK "Gxq7"
#define KEPT_MARK "Kzw3"

/* What a profile of one account is made of: enough rows for the tree to be moved about. */
static void
make_account (LinnetTestAccount *account,
              LinnetTestContact contacts[3],
              const char *address,
              const char *mark)
{
  for (guint i = 0; i < 3; i++)
    {
      LinnetTestMessage *messages = g_new0 (LinnetTestMessage, N_MESSAGES);

      for (guint j = 0; j < N_MESSAGES; j++)
        {
          g_autofree char *filler = g_strnfill ((j * 37) % 900, 'a' + j % 26);

          messages[j].body = g_strdup_printf ("%s body %u %s %s", mark, j, filler, mark);
          messages[j].id = g_strdup_printf ("%s-id-%u-%u", mark, i, j);
          messages[j].state = j % 3 == 0 ? LINNET_MESSAGE_SENT : LINNET_MESSAGE_RECEIVED;
        }
      contacts[i] = (LinnetTestContact) {
        .address = g_strdup_printf ("%s%u@contact.example", i == 0 ? "first" : mark, i),
        .name = g_strdup_printf ("%s name %u", mark, i),
        .groups = { g_strdup_printf ("%s group", mark) },
        .messages = messages,
        .n_messages = N_MESSAGES,
        .draft = g_strdup_printf ("%s draft %u", mark, i),
      };
    }
  *account = (LinnetTestAccount) {
    .address = address,
    .nickname = g_strdup_printf ("%s nickname", mark),
    .contacts = contacts,
    .n_contacts = 3,
  };
}

static void
clear_account (LinnetTestAccount *account)
{
  for (guint i = 0; i < account->n_contacts; i++)
    {
      const LinnetTestContact *contact = &account->contacts[i];

      for (guint j = 0; j < contact->n_messages; j++)
        {
          g_free ((char *) contact->messages[j].body);
          g_free ((char *) contact->messages[j].id);
        }
      g_free ((gpointer) contact->messages);
      g_free ((char *) contact->address);
      g_free ((char *) contact->name);
      g_free ((char *) contact->groups[0]);
      g_free ((char *) contact->draft);
    }
  g_free ((char *) account->nickname);
}

static void
write_file (const char *directory,
            const char *folder,
            const char *name,
            const char *content)
{
  g_autofree char *parent = g_build_filename (directory, folder, NULL);
  g_autofree char *path = g_build_filename (parent, name, NULL);

  g_mkdir_with_parents (parent, 0700);
  g_assert_true (g_file_set_contents (path, content, -1, NULL));
}

/* What the model does not write by itself without a server. */
static void
add_rest (const char *directory,
          LinnetStore *store,
          gint64 id,
          const char *mark,
          const char *hash)
{
  g_autofree char *blocked = g_strdup_printf ("%s-blocked@contact.example", mark);
  g_autofree char *stranger = g_strdup_printf ("%s-stranger@contact.example", mark);
  g_autofree char *content = g_strdup_printf ("%s picture or stanza", mark);
  g_autofree char *suspects = g_strdup_printf ("suspects-%" G_GINT64_FORMAT, id);
  g_autofree char *quarantine = g_strdup_printf ("quarantine/%" G_GINT64_FORMAT, id);
  const char *blocks[] = { blocked, NULL };

  linnet_test_assert_resolves (linnet_store_blocks_replace (store, id, blocks));
  linnet_test_assert_resolves (
      linnet_store_profiles_set_avatar (store, id, stranger, hash, "image/png", 6, LINNET_STORE_AVATAR_PEP));
  write_file (directory, "avatars", hash, content);
  write_file (directory, quarantine, "stanza.xml", content);
  write_file (directory, ".", suspects, content);
}

static char *
profile_new (void)
{
  char *directory = linnet_test_profile_new ();
  LinnetTestContact contacts[2][3];
  LinnetTestAccount accounts[2];
  g_autoptr (LinnetStore) store = NULL;

  make_account (&accounts[0], contacts[0], GONE, GONE_MARK);
  make_account (&accounts[1], contacts[1], KEPT, KEPT_MARK);
  linnet_test_profile_fill (directory, accounts, 2);
  clear_account (&accounts[0]);
  clear_account (&accounts[1]);

  store = dex_await_object (linnet_store_open (directory), NULL);
  g_assert_nonnull (store);
  add_rest (directory, store, 1, GONE_MARK, "0e66b49d04a43c19bcb2e13a53aff5d174f610fc");
  add_rest (directory, store, 2, KEPT_MARK, "1e66b49d04a43c19bcb2e13a53aff5d174f610fc");
  linnet_test_assert_resolves (linnet_store_close (store));

  /* Copies that other things leave in a profile. */
  write_file (directory, ".", "linnet.db.v2", GONE_MARK);
  write_file (directory, ".", "linnet.db.damaged-20260101-000000", GONE_MARK);
  write_file (directory, ".", "linnet.db.damaged-20260101-000000-wal", GONE_MARK);
  write_file (directory, ".", "linnet.db.salvaging", GONE_MARK);
  write_file (directory, ".", "linnet.db.source-wal", GONE_MARK);

  return directory;
}

/* How often @needle stands in the files and file names below @path. */
static guint
grep (const char *path,
      const char *needle)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  g_autofree char *content = NULL;
  const char *name;
  gsize length = 0;
  guint n = 0;

  if (dir == NULL)
    {
      g_autoptr (GError) error = NULL;

      /* What goes meanwhile is gone. */
      if (!g_file_get_contents (path, &content, &length, &error))
        {
          g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
          return 0;
        }
      for (const char *at = content; (at = memmem (at, content + length - at, needle, strlen (needle)));
           at++)
        n++;
      return n;
    }

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      n += (strstr (name, needle) != NULL) + grep (child, needle);
    }

  return n;
}

static gboolean
exists (const char *directory,
        const char *name)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
assert_removed (const char *directory)
{
  g_assert_cmpuint (grep (directory, GONE_MARK), ==, 0);
  g_assert_cmpuint (grep (directory, GONE), ==, 0);
  g_assert_cmpuint (grep (directory, "0e66b49d04a43c19bcb2e13a53aff5d174f610fc"), ==, 0);
  for (guint i = 0; i < 4; i++)
    {
      static const char *const names[] = { "sent-1", "handling-1", "suspects-1", "quarantine/1" };

      g_assert_false (exists (directory, names[i]));
    }
  for (guint i = 0; i < 3; i++)
    {
      static const char *const names[] = { "removing-1", "erasing-1", "forgetting-1" };

      g_assert_false (exists (directory, names[i]));
    }
}

static void
assert_kept (const char *directory)
{
  g_assert_cmpuint (grep (directory, KEPT_MARK " body"), >=, 3 * N_MESSAGES);
  g_assert_cmpuint (grep (directory, KEPT_MARK " draft"), >=, 3);
  g_assert_cmpuint (grep (directory, KEPT_MARK " name"), >=, 3);
  g_assert_cmpuint (grep (directory, KEPT_MARK " nickname"), >=, 1);
  g_assert_cmpuint (grep (directory, KEPT_MARK "-blocked"), >=, 1);
  g_assert_cmpuint (grep (directory, KEPT_MARK " picture"), ==, 3);
  g_assert_cmpuint (grep (directory, KEPT), >=, 1);
}

static LinnetAccountManager *
load (const char *directory)
{
  LinnetAccountManager *manager = linnet_account_manager_new (directory);

  linnet_test_assert_resolves (linnet_account_manager_load (manager));

  return manager;
}

static void
unload (LinnetAccountManager *manager)
{
  linnet_test_assert_resolves (linnet_account_manager_shutdown (manager));
  linnet_test_settle ();
  g_assert_finalize_object (manager);
}

/* What nobody waits for otherwise. */
static void
await_secrets (LinnetAccountManager *manager)
{
  g_autoptr (GPtrArray) futures = g_hash_table_get_values_as_ptr_array (manager->forgettings);

  for (guint i = 0; i < futures->len; i++)
    dex_await (dex_ref (g_ptr_array_index (futures, i)), NULL);
  linnet_test_settle ();
}

/* Also while the program still runs: nobody has to end it first. */
static void
test_traces (gconstpointer data)
{
  g_autofree char *directory = profile_new ();
  LinnetAccountManager *manager = load (directory);
  LinnetAccount *account = linnet_account_manager_find_account (manager, GONE);

  /* Rows move about before they go. */
  for (guint i = 0; i < 50; i++)
    {
      LinnetConversation *conversation =
          linnet_account_lookup_conversation (account, "first0@contact.example");
      g_autofree char *draft = g_strdup_printf ("%s draft again %u", GONE_MARK, i);

      linnet_conversation_set_draft (conversation, draft);
      linnet_test_turn ();
    }
  g_assert_cmpuint (grep (directory, GONE_MARK), >, 3 * N_MESSAGES);

  linnet_test_assert_resolves (linnet_account_manager_remove (manager, account));
  await_secrets (manager);
  assert_removed (directory);
  assert_kept (directory);

  unload (manager);
  assert_removed (directory);
  assert_kept (directory);
  linnet_test_profile_free (g_steal_pointer (&directory));
}

/* The last one, too: nothing is left of what was learnt of others. */
static void
test_last (gconstpointer data)
{
  g_autofree char *directory = profile_new ();
  LinnetAccountManager *manager = load (directory);

  for (guint i = 2; i > 0; i--)
    {
      g_autoptr (LinnetAccount) account = g_list_model_get_item (G_LIST_MODEL (manager), i - 1);

      linnet_test_assert_resolves (linnet_account_manager_remove (manager, account));
    }
  await_secrets (manager);
  assert_removed (directory);
  g_assert_cmpuint (grep (directory, KEPT_MARK), ==, 0);
  g_assert_cmpuint (grep (directory, KEPT), ==, 0);

  unload (manager);
  linnet_test_profile_free (g_steal_pointer (&directory));
}

/* ---- interrupted ---- */

/* A profile in which a removal had come that far when the program was killed: what it had not come to is as
 * it was. */
static const struct
{
  const char *name;
  const char *note;
  gboolean rows_gone;
} stages[] = {
  { .name = "before-the-rows", .note = "removing-1" },
  { .name = "before-the-note-moved", .note = "removing-1", .rows_gone = TRUE },
  { .name = "before-the-files", .note = "erasing-1", .rows_gone = TRUE },
};

static void
test_finished (gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    {
      g_autofree char *directory = profile_new ();
      LinnetAccountManager *manager;

      g_test_message ("%s", stages[i].name);
      if (stages[i].rows_gone)
        {
          g_autoptr (LinnetStore) store = dex_await_object (linnet_store_open (directory), NULL);

          linnet_test_assert_resolves (linnet_store_accounts_remove (store, 1));
          linnet_test_assert_resolves (linnet_store_close (store));
        }
      write_file (directory, ".", stages[i].note, "");

      manager = load (directory);
      g_assert_null (linnet_account_manager_find_account (manager, GONE));
      g_assert_nonnull (linnet_account_manager_find_account (manager, KEPT));
      unload (manager);
      assert_removed (directory);
      assert_kept (directory);
      linnet_test_profile_free (g_steal_pointer (&directory));
    }
}

/* This program again, as one that removes the account until it is killed: see test_killed(). */
static void
be_killed (const char *directory)
{
  LinnetAccountManager *manager = load (directory);

  g_print ("removing\n");
  fflush (stdout);
  linnet_test_assert_resolves (
      linnet_account_manager_remove (manager, linnet_account_manager_find_account (manager, GONE)));
  unload (manager);
}

static void
test_victim (gconstpointer data)
{
  const char *directory = g_getenv ("LINNET_TEST_VICTIM");

  if (directory == NULL)
    {
      g_test_skip ("Only for the test of being killed");
      return;
    }
  be_killed (directory);
}

/* Waits till the victim says that it begins, then kills it after @delay µs. FALSE: it was faster. */
static gboolean
run_victim (const char *directory,
            guint delay)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GSubprocess) victim = NULL;
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GDataInputStream) output = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_setenv (launcher, "LINNET_TEST_VICTIM", directory, TRUE);
  victim =
      g_subprocess_launcher_spawn (launcher, &error, self, "--tap", "-p", "/model/removal/victim", NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (victim));
  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (output, NULL, NULL, NULL);

      g_assert_nonnull (line);
      if (strstr (line, "removing") != NULL)
        break;
    }
  g_usleep (delay);
  g_subprocess_force_exit (victim);
  g_subprocess_wait (victim, NULL, NULL);

  return g_subprocess_get_if_signaled (victim);
}

/* R24: from the moment on that the removal is noted, it is finished at the next start. */
static void
test_killed (gconstpointer data)
{
  guint n_killed = 0;

  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *directory = profile_new ();
      gboolean killed = run_victim (directory, i * i * 4000);
      gboolean noted = exists (directory, "removing-1") || exists (directory, "erasing-1") ||
                       exists (directory, "forgetting-1") || grep (directory, GONE) == 0;
      LinnetAccountManager *manager = load (directory);

      n_killed += killed;
      g_assert_true (noted == (linnet_account_manager_find_account (manager, GONE) == NULL));
      unload (manager);
      if (noted)
        assert_removed (directory);
      else
        g_assert_cmpuint (grep (directory, GONE_MARK " body"), >=, 3 * N_MESSAGES);
      assert_kept (directory);
      linnet_test_profile_free (g_steal_pointer (&directory));
    }
  g_assert_cmpuint (n_killed, >, 0);
}

/* ---- R39: at whatever the account is ---- */

#define N_STATES 40
#define GONE_STATES "gwendolin@example.org"

static void
test_states (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN_TLS ("example.org"),
    LINNET_TEST_OPEN ("example.org",
                      "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
                      "<mechanism>SCRAM-SHA-256</mechanism>"
                      "</mechanisms>"),
    { .c = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='*'>*</auth>",
      .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  g_autoptr (LinnetTestCa) ca = linnet_test_ca_new ();
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (ca, NULL);

  linnet_test_ca_trust (ca);
  for (guint i = 0; i < N_STATES; i++)
    {
      g_autoptr (LinnetTestServer) server = linnet_test_server_new ();
      LinnetTestAccount accounts[] = {
        { .address = GONE_STATES, .enabled = TRUE, .host = "127.0.0.1" },
        { .address = KEPT },
      };
      LinnetAccountManager *manager;
      LinnetAccount *account;

      linnet_test_server_set_certificate (server, certificate);
      linnet_test_server_play (server, steps);
      linnet_test_server_allow_hang_up (server);
      accounts[0].port = linnet_test_server_listen (server, "127.0.0.1");
      manager = linnet_test_manager_new (accounts, 2);
      account = linnet_account_manager_find_account (manager, GONE_STATES);
      dex_future_disown (linnet_account_sign_in_again (account, "Gxq7-password", FALSE));
      for (guint j = 0; j < i * i / 4; j++)
        linnet_test_turn ();

      linnet_test_assert_resolves (linnet_account_manager_remove (manager, account));
      g_assert_null (linnet_account_manager_find_account (manager, GONE_STATES));
      linnet_test_settle ();
      g_assert_cmpuint (grep (manager->directory, GONE_STATES), ==, 0);
      g_assert_cmpuint (grep (manager->directory, "Gxq7-password"), ==, 0);
      linnet_test_manager_free (manager);
    }
}

/* ---- signing out only ---- */

static void
test_sign_out (gconstpointer data)
{
  g_autofree char *directory = profile_new ();
  LinnetAccountManager *manager = load (directory);
  LinnetAccount *account = linnet_account_manager_find_account (manager, GONE);
  LinnetCredentials *credentials = linnet_connection_get_credentials (account->connection);

  account->row->fast_mechanism = g_strdup ("HT-SHA-256-NONE");
  account->row->enabled = TRUE;
  linnet_credentials_set_password (credentials, "Secret-4711");
  linnet_account_set_password_saved (account, TRUE);

  linnet_test_assert_resolves (linnet_account_manager_sign_out (manager, account, TRUE));
  await_secrets (manager);
  g_assert_true (linnet_account_manager_find_account (manager, GONE) == account);
  g_assert_false (linnet_account_get_enabled (account));
  g_assert_false (account->password_saved);
  g_assert_null (account->row->fast_mechanism);
  g_assert_null (linnet_credentials_dup_typed_password (credentials));
  g_assert_false (exists (directory, "signing-out-1"));
  g_assert_cmpuint (grep (directory, GONE_MARK " body"), >=, 3 * N_MESSAGES);

  unload (manager);
  manager = load (directory);
  account = linnet_account_manager_find_account (manager, GONE);
  g_assert_nonnull (account);
  g_assert_false (linnet_account_get_enabled (account));

  /* For good. */
  linnet_test_assert_resolves (linnet_account_manager_sign_out (manager, account, FALSE));
  await_secrets (manager);
  assert_removed (directory);
  assert_kept (directory);
  unload (manager);
  linnet_test_profile_free (g_steal_pointer (&directory));
}

/* The store works in a thread of its own; the deadline is the test's. */
static void
await_gone (const char *directory, const char *name)
{
  while (exists (directory, name))
    dex_await (dex_timeout_new_msec (5), NULL);
}

/* It was interrupted: the secrets go at the next start, but not those of who signed in again. */
static void
test_sign_out_finished (gconstpointer data)
{
  g_autofree char *directory = profile_new ();
  LinnetAccountManager *manager;

  write_file (directory, ".", "signing-out-1", "");
  write_file (directory, ".", "signing-out-99", "");
  manager = load (directory);
  linnet_test_settle ();
  await_secrets (manager);
  await_gone (directory, "signing-out-1");
  await_gone (directory, "signing-out-99");
  g_assert_nonnull (linnet_account_manager_find_account (manager, GONE));

  write_file (directory, ".", "signing-out-1", "");
  dex_future_disown (linnet_account_sign_in_again (
      linnet_account_manager_find_account (manager, GONE), "Secret-4711", FALSE));
  await_gone (directory, "signing-out-1");
  unload (manager);
  linnet_test_profile_free (g_steal_pointer (&directory));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/removal/traces", test_traces, NULL);
  linnet_test_add ("/model/removal/last", test_last, NULL);
  linnet_test_add ("/model/removal/finished", test_finished, NULL);
  linnet_test_add ("/model/removal/victim", test_victim, NULL);
  linnet_test_add ("/model/removal/killed", test_killed, NULL);
  linnet_test_add ("/model/removal/states", test_states, NULL);
  linnet_test_add ("/model/removal/sign-out", test_sign_out, NULL);
  linnet_test_add ("/model/removal/sign-out-finished", test_sign_out_finished, NULL);

  return g_test_run ();
}
