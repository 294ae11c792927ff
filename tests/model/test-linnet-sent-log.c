/* Tests of the notes about what was sent
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "linnet-sent-log.h"
#include "linnet-test-model.h"
#include "linnet-test.h"

typedef struct
{
  char *profile;
  LinnetSentLog *log;
} Fixture;

static void
open_log (Fixture *fixture,
          const char *boot)
{
  g_clear_pointer (&fixture->log, linnet_sent_log_free);
  fixture->log = linnet_sent_log_new (fixture->profile, 7, boot);
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  fixture->profile = linnet_test_profile_new ();
  open_log (fixture, "boot");
  linnet_sent_log_begin (fixture->log, "one");
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  linnet_sent_log_free (fixture->log);
  linnet_test_profile_free (fixture->profile);
}

static char *
get_path (Fixture *fixture)
{
  return g_build_filename (fixture->profile, "sent-7", NULL);
}

/* "acked token=number …", of the tokens from 1 to @n_tokens; "" when nothing is known. */
static void
assert_notes (Fixture *fixture,
              const char *sm_id,
              gint64 n_tokens,
              const char *expected)
{
  g_autoptr (GHashTable) tokens = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GHashTable) numbers = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  guint32 acked = 4711;

  for (gint64 token = 1; token <= n_tokens; token++)
    g_hash_table_add (tokens, g_memdup2 (&token, sizeof token));
  numbers = linnet_sent_log_read (fixture->log, sm_id, tokens, &acked);
  if (numbers != NULL)
    g_string_append_printf (text, "%u", acked);
  else
    g_assert_cmpuint (acked, ==, 0);

  for (gint64 token = 1; numbers != NULL && token <= n_tokens; token++)
    {
      gpointer number;

      if (g_hash_table_lookup_extended (numbers, &token, NULL, &number))
        g_string_append_printf (
            text, " %" G_GINT64_FORMAT "=%u", token, (guint) GPOINTER_TO_UINT (number));
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_restart (Fixture *fixture,
              gconstpointer data)
{
  assert_notes (fixture, "one", 9, "0");
  assert_notes (fixture, "two", 9, "");

  linnet_sent_log_add (fixture->log, 1, G_MAXUINT32);
  linnet_sent_log_add (fixture->log, 2, 0);
  linnet_sent_log_set_acked (fixture->log, G_MAXUINT32 - 1);
  linnet_sent_log_set_acked (fixture->log, G_MAXUINT32);
  open_log (fixture, "boot");
  assert_notes (fixture, "one", 9, "4294967295 1=4294967295 2=0");
  assert_notes (fixture, "two", 9, "");

  /* Sent again, at another place of the stream. */
  linnet_sent_log_add (fixture->log, 2, 5);
  linnet_sent_log_set_acked (fixture->log, 3);
  open_log (fixture, "boot");
  assert_notes (fixture, "one", 9, "3 1=4294967295 2=5");
}

static void
test_next_stream (Fixture *fixture,
                  gconstpointer data)
{
  linnet_sent_log_add (fixture->log, 1, 5);
  linnet_sent_log_set_acked (fixture->log, 4);
  linnet_sent_log_begin (fixture->log, "two");
  linnet_sent_log_add (fixture->log, 2, 6);
  assert_notes (fixture, "one", 9, "");
  assert_notes (fixture, "two", 9, "0 2=6");

  /* Servers do not give an id twice, but if one did: */
  linnet_sent_log_begin (fixture->log, "two");
  assert_notes (fixture, "two", 9, "0");
}

/* What is no more in the outbox leaves nothing that could be taken for another stanza's. */
static void
test_tokens_of_others (Fixture *fixture,
                       gconstpointer data)
{
  for (gint64 token = 1; token <= 4; token++)
    linnet_sent_log_add (fixture->log, token, (guint32) token + 10);
  assert_notes (fixture, "one", 2, "0 1=11 2=12");
  assert_notes (fixture, "one", 4, "0 1=11 2=12");

  open_log (fixture, "boot");
  linnet_sent_log_add (fixture->log, 3, 13);
  assert_notes (fixture, "one", 4, "0 1=11 2=12 3=13");
}

static void
test_full (Fixture *fixture,
           gconstpointer data)
{
  g_autoptr (GHashTable) tokens = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GHashTable) numbers = NULL;
  guint32 acked;

  for (gint64 token = 1; token <= 1500; token++)
    {
      linnet_sent_log_add (fixture->log, token, (guint32) token);
      g_hash_table_add (tokens, g_memdup2 (&token, sizeof token));
    }
  open_log (fixture, "boot");

  /* The oldest are unknown. */
  numbers = linnet_sent_log_read (fixture->log, "one", tokens, &acked);
  g_assert_nonnull (numbers);
  g_assert_cmpuint (g_hash_table_size (numbers), ==, 1024);
  for (gint64 token = 1; token <= 1500; token++)
    g_assert_cmpint (g_hash_table_contains (numbers, &token), ==, token > 1500 - 1024);
}

static void
test_other_boot (Fixture *fixture,
                 gconstpointer data)
{
  linnet_sent_log_add (fixture->log, 1, 5);
  open_log (fixture, "boot after that");
  assert_notes (fixture, "one", 9, "");

  open_log (fixture, NULL);
  linnet_sent_log_begin (fixture->log, "one");
  linnet_sent_log_add (fixture->log, 1, 5);
  linnet_sent_log_set_acked (fixture->log, 4);
  assert_notes (fixture, "one", 9, "");
}

/* Two stanzas of one number, whatever wrote that. */
static void
test_impossible (Fixture *fixture,
                 gconstpointer data)
{
  linnet_sent_log_add (fixture->log, 1, 5);
  linnet_sent_log_add (fixture->log, 2, 5);
  assert_notes (fixture, "one", 9, "");
  assert_notes (fixture, "one", 1, "0 1=5");
}

/* Whatever byte of the file is wrong: never another number than the right one. */
static void
test_damaged (Fixture *fixture,
              gconstpointer data)
{
  g_autofree char *path = get_path (fixture);
  g_autofree char *whole = NULL;
  gsize length, used = 4 + 32 + 4 + 2 * 24 + 2 * 24;
  guint n_right = 0;

  linnet_sent_log_add (fixture->log, 1, 5);
  linnet_sent_log_add (fixture->log, 2, 6);
  linnet_sent_log_set_acked (fixture->log, 4);
  g_clear_pointer (&fixture->log, linnet_sent_log_free);
  g_assert_true (g_file_get_contents (path, &whole, &length, NULL));

  for (gsize i = 0; i < used; i++)
    {
      g_autofree char *damaged = g_memdup2 (whole, length);
      g_autoptr (GHashTable) tokens = g_hash_table_new (g_int64_hash, g_int64_equal);
      g_autoptr (GHashTable) numbers = NULL;
      gint64 ids[] = { 1, 2 };
      guint32 acked = 0;

      damaged[i] ^= 0x10;
      g_assert_true (g_file_set_contents (path, damaged, (gssize) length, NULL));
      open_log (fixture, "boot");
      g_hash_table_add (tokens, &ids[0]);
      g_hash_table_add (tokens, &ids[1]);
      numbers = linnet_sent_log_read (fixture->log, "one", tokens, &acked);
      g_assert_true (acked == 0 || acked == 4);
      for (guint j = 0; numbers != NULL && j < 2; j++)
        {
          gpointer number;

          if (g_hash_table_lookup_extended (numbers, &ids[j], NULL, &number))
            {
              g_assert_cmpuint (GPOINTER_TO_UINT (number), ==, 5 + j);
              n_right++;
            }
        }
    }
  g_assert_cmpuint (n_right, >, 0);
}

static void
test_truncated (Fixture *fixture,
                gconstpointer data)
{
  static const goffset lengths[] = { 0, 3, 20, 60, 100, 130 };
  g_autofree char *path = get_path (fixture);

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      linnet_sent_log_begin (fixture->log, "one");
      linnet_sent_log_add (fixture->log, 1, 5);
      linnet_sent_log_add (fixture->log, 2, 6);
      g_clear_pointer (&fixture->log, linnet_sent_log_free);
      g_assert_no_errno (truncate (path, lengths[i]));
      open_log (fixture, "boot");
      assert_notes (fixture, "one", 9, lengths[i] < 64 ? "" : lengths[i] < 112 ? "0"
                                                                               : "0 1=5");
    }
}

static void
test_file (Fixture *fixture,
           gconstpointer data)
{
  g_autofree char *path = get_path (fixture);
  struct stat info;

  g_assert_no_errno (stat (path, &info));
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  linnet_sent_log_erase (fixture->log);
  g_assert_cmpint (stat (path, &info), ==, -1);
  linnet_sent_log_add (fixture->log, 1, 5);
  open_log (fixture, "boot");
  assert_notes (fixture, "one", 9, "");

  /* Nor is a link followed. */
  g_clear_pointer (&fixture->log, linnet_sent_log_free);
  g_assert_no_errno (unlink (path));
  g_assert_no_errno (symlink ("elsewhere", path));
  g_test_expect_message ("linnet-sent-log", G_LOG_LEVEL_MESSAGE, "Cannot keep notes*");
  open_log (fixture, "boot");
  g_test_assert_expected_messages ();
  linnet_sent_log_add (fixture->log, 1, 5);
  assert_notes (fixture, "one", 9, "");
}

/* What was noted before a kill -9 is there after it (R24). */
static void
test_killed (Fixture *fixture,
             gconstpointer data)
{
  pid_t child = fork ();
  int status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      linnet_sent_log_add (fixture->log, 1, 5);
      linnet_sent_log_set_acked (fixture->log, 4);
      raise (SIGKILL);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);

  open_log (fixture, "boot");
  assert_notes (fixture, "one", 9, "4 1=5");
}

static void
test_boot (void)
{
  g_autofree char *boot = linnet_sent_log_dup_boot ();
  g_autofree char *again = linnet_sent_log_dup_boot ();

  g_assert_cmpstr (boot, !=, NULL);
  g_assert_cmpstr (boot, ==, again);
}

static void
add (const char *path,
     void (*test) (Fixture *fixture,
                   gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  add ("/model/sent-log/restart", test_restart);
  add ("/model/sent-log/next-stream", test_next_stream);
  add ("/model/sent-log/tokens-of-others", test_tokens_of_others);
  add ("/model/sent-log/full", test_full);
  add ("/model/sent-log/other-boot", test_other_boot);
  add ("/model/sent-log/impossible", test_impossible);
  add ("/model/sent-log/damaged", test_damaged);
  add ("/model/sent-log/truncated", test_truncated);
  add ("/model/sent-log/file", test_file);
  add ("/model/sent-log/killed", test_killed);
  g_test_add_func ("/model/sent-log/boot", test_boot);

  return g_test_run ();
}
