/* Tests of what is put aside (R29)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "linnet-account-manager-private.h"
#include "linnet-error.h"
#include "linnet-guard.h"
#include "linnet-test-model.h"
#include "linnet-test-online.h"
#include "linnet-test.h"
#include "xmpp-subscription.h"

#define POISON "<presence xmlns='jabber:client' from='both@example.net/x'><status>Poison</status></presence>"
#define HARMLESS "<presence xmlns='jabber:client' from='both@example.net/x'><status>Hello</status></presence>"
#define LATER                                                                                           \
  "<presence xmlns='jabber:client' from='both@example.net/x' to='ana@example.org/other'><status>Poison" \
  "</status><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/></presence>"

static XmppNode *
parse (const char *xml)
{
  g_autoptr (GError) error = NULL;
  XmppNode *node = xmpp_node_parse (xml, -1, NULL, &error);

  g_assert_no_error (error);

  return node;
}

/* What a process leaves that died: the file as it was while it lived. */
static void
die (LinnetGuard *guard,
     const char *directory)
{
  g_autofree char *path = g_build_filename (directory, "handling-1", NULL);
  g_autofree char *marks = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &marks, &length, NULL));
  g_assert_finalize_object (guard);
  g_assert_true (g_file_set_contents (path, marks, (gssize) length, NULL));
}

static LinnetGuard *
die_in_dispatch (LinnetGuard *guard,
                 const char *directory,
                 XmppNode *stanza)
{
  linnet_guard_enter (guard, stanza);
  die (guard, directory);

  return linnet_guard_new (directory, 1);
}

static void
test_dispatch (void)
{
  char *directory = linnet_test_profile_new ();
  LinnetGuard *guard = linnet_guard_new (directory, 1);
  g_autoptr (XmppNode) poison = parse (POISON);
  g_autoptr (XmppNode) later = parse (LATER);
  g_autoptr (XmppNode) harmless = parse (HARMLESS);
  g_autoptr (LinnetGuard) other = NULL;

  /* Handled, and an orderly end. */
  linnet_guard_enter (guard, poison);
  linnet_guard_leave (guard);
  linnet_guard_enter (guard, poison);
  g_assert_finalize_object (guard);
  guard = linnet_guard_new (directory, 1);
  g_assert_false (linnet_guard_is_poison (guard, poison));

  guard = die_in_dispatch (guard, directory, poison);
  g_assert_false (linnet_guard_is_poison (guard, poison));
  linnet_guard_enter (guard, harmless);
  linnet_guard_leave (guard);
  guard = die_in_dispatch (guard, directory, poison);
  g_assert_true (linnet_guard_is_poison (guard, poison));
  g_assert_true (linnet_guard_is_poison (guard, later));
  g_assert_false (linnet_guard_is_poison (guard, harmless));

  /* For good, and only in this account. */
  g_assert_finalize_object (guard);
  guard = linnet_guard_new (directory, 1);
  g_assert_true (linnet_guard_is_poison (guard, poison));
  other = linnet_guard_new (directory, 2);
  g_assert_false (linnet_guard_is_poison (other, poison));

  g_object_unref (guard);
  linnet_test_profile_free (directory);
}

/* Once is a coincidence, when it was handled well after that. */
static void
test_acquitted (void)
{
  char *directory = linnet_test_profile_new ();
  LinnetGuard *guard = linnet_guard_new (directory, 1);
  g_autoptr (XmppNode) stanza = parse (HARMLESS);

  guard = die_in_dispatch (guard, directory, stanza);
  linnet_guard_enter (guard, stanza);
  linnet_guard_leave (guard);
  guard = die_in_dispatch (guard, directory, stanza);
  g_assert_false (linnet_guard_is_poison (guard, stanza));

  g_object_unref (guard);
  linnet_test_profile_free (directory);
}

/* Two in one batch: then one at a time, until it shows which it was. */
static void
test_batch (void)
{
  char *directory = linnet_test_profile_new ();
  LinnetGuard *guard = linnet_guard_new (directory, 1);
  g_autoptr (XmppNode) poison = parse (POISON);
  g_autoptr (XmppNode) harmless = parse (HARMLESS);
  XmppNode *both[] = { harmless, poison };

  g_assert_cmpuint (linnet_guard_get_max_batch (guard), ==, LINNET_GUARD_MAX_BATCH);
  linnet_guard_enter_batch (guard, both, 2);
  die (guard, directory);
  guard = linnet_guard_new (directory, 1);
  g_assert_cmpuint (linnet_guard_get_max_batch (guard), ==, 1);

  linnet_guard_enter_batch (guard, &harmless, 1);
  linnet_guard_leave_batch (guard);
  /* That it can be dispatched proves nothing about storing. */
  linnet_guard_enter (guard, poison);
  linnet_guard_leave (guard);
  linnet_guard_enter_batch (guard, &poison, 1);
  die (guard, directory);
  guard = linnet_guard_new (directory, 1);
  g_assert_true (linnet_guard_is_poison (guard, poison));
  g_assert_false (linnet_guard_is_poison (guard, harmless));
  g_assert_cmpuint (linnet_guard_get_max_batch (guard), ==, LINNET_GUARD_MAX_BATCH);

  g_object_unref (guard);
  linnet_test_profile_free (directory);
}

/* Killed while the disk was at work: that is no crash, or not likely to be one. */
static void
test_waiting (void)
{
  char *directory = linnet_test_profile_new ();
  LinnetGuard *guard = linnet_guard_new (directory, 1);
  g_autoptr (XmppNode) stanza = parse (HARMLESS);

  for (guint i = 0; i < 4; i++)
    {
      g_assert_false (linnet_guard_is_poison (guard, stanza));
      linnet_guard_enter_batch (guard, &stanza, 1);
      linnet_guard_set_waiting (guard, TRUE);
      die (guard, directory);
      guard = linnet_guard_new (directory, 1);
    }
  g_assert_true (linnet_guard_is_poison (guard, stanza));

  g_object_unref (guard);
  linnet_test_profile_free (directory);
}

/* A thousand stanzas later nothing is suspect any more, but what was found guilty. */
static void
test_patience (void)
{
  char *directory = linnet_test_profile_new ();
  LinnetGuard *guard = linnet_guard_new (directory, 1);
  g_autofree char *suspects = g_build_filename (directory, "suspects-1", NULL);
  g_autoptr (XmppNode) poison = parse (POISON);
  g_autoptr (XmppNode) harmless = parse (HARMLESS);

  linnet_guard_enter_batch (guard, &harmless, 1);
  die (guard, directory);
  guard = linnet_guard_new (directory, 1);
  for (guint i = 0; i < 2; i++)
    guard = die_in_dispatch (guard, directory, poison);

  for (guint i = 0; i < 1000; i++)
    {
      g_assert_cmpuint (linnet_guard_get_max_batch (guard), ==, 1);
      linnet_guard_enter (guard, harmless);
      linnet_guard_leave (guard);
    }
  g_assert_cmpuint (linnet_guard_get_max_batch (guard), ==, LINNET_GUARD_MAX_BATCH);
  g_assert_true (linnet_guard_is_poison (guard, poison));

  g_assert_true (g_file_test (suspects, G_FILE_TEST_EXISTS));
  linnet_guard_erase (guard);
  g_assert_false (g_file_test (suspects, G_FILE_TEST_EXISTS));

  g_object_unref (guard);
  linnet_test_profile_free (directory);
}

static void
test_set_aside (void)
{
  char *directory = linnet_test_profile_new ();
  g_autofree char *quarantine = g_build_filename (directory, "quarantine", "1", NULL);
  g_autoptr (LinnetGuard) guard = linnet_guard_new (directory, 1);
  g_autoptr (XmppNode) poison = parse (POISON);
  g_autoptr (XmppNode) kept = NULL;
  g_autoptr (GDir) dir = NULL;
  g_autofree char *path = NULL;
  g_autofree char *xml = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  linnet_guard_set_aside (guard, poison, &error);
  g_assert_no_error (error);
  linnet_guard_set_aside (guard, poison, &error);
  g_assert_no_error (error);

  dir = g_dir_open (quarantine, 0, NULL);
  path = g_build_filename (quarantine, g_dir_read_name (dir), NULL);
  g_assert_null (g_dir_read_name (dir));
  g_assert_true (g_file_get_contents (path, &xml, NULL, NULL));
  kept = parse (xml);
  g_assert_true (xmpp_node_equal (kept, poison));
  g_assert_no_errno (g_stat (path, &info));
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);

  linnet_guard_erase (guard);
  g_assert_false (g_file_test (quarantine, G_FILE_TEST_EXISTS));

  /* Where nothing can be written, it is not said to be. */
  g_assert_true (g_file_set_contents (quarantine, "", 0, NULL));
  g_assert_false (linnet_guard_set_aside (guard, poison, &error));
  g_assert_nonnull (error);

  g_clear_object (&guard);
  linnet_test_profile_free (directory);
}

/* ---- the program as a whole: the handler of a request, which servers repeat at each sign-in, aborts ---- */

#define PROFILE "LINNET_TEST_PROFILE"

static void
poison_cb (void)
{
  abort ();
}

static void
error_cb (GArray *codes,
          const GError *error)
{
  g_array_append_val (codes, error->code);
}

static void
run_program (gconstpointer data)
{
  LinnetTestOnline online = { 0 };
  g_autoptr (GArray) codes = g_array_new (FALSE, FALSE, sizeof (int));
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = "<presence from='none@example.net' type='subscribe'/>" XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };

  online.manager = linnet_account_manager_new (g_getenv (PROFILE));
  online.transcripts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  online.server = linnet_test_server_new ();
  linnet_test_assert_resolves (linnet_account_manager_load (online.manager));
  online.account = linnet_account_manager_find_account (online.manager, XMPP_TEST_JID);
  g_signal_connect_swapped (online.manager, "error", G_CALLBACK (error_cb), codes);
  g_signal_connect (xmpp_session_get_feature (online.account->session, XMPP_TYPE_SUBSCRIPTION),
                    "request",
                    G_CALLBACK (poison_cb),
                    NULL);
  linnet_test_online_start (&online, steps, NULL);
  linnet_test_online_finish (&online);

  g_assert_cmpuint (codes->len, ==, 1);
  g_assert_cmpint (g_array_index (codes, int, 0), ==, LINNET_ERROR_SET_ASIDE);
  _exit (0);
}

typedef struct
{
  const char *directory;
  const LinnetTestAccount *account;
} Profile;

static void
fill (gconstpointer data)
{
  const Profile *profile = data;

  linnet_test_profile_fill (profile->directory, profile->account, 1);
}

static void
test_program (void)
{
  const LinnetTestAccount account = { .address = XMPP_TEST_JID };
  char *directory;

  if (g_test_subprocess ())
    {
      linnet_test_fiber (run_program, NULL);
      return;
    }

  directory = linnet_test_profile_new ();
  linnet_test_fiber (fill, &(const Profile) { directory, &account });
  g_setenv (PROFILE, directory, TRUE);

  for (guint i = 0; i < 2; i++)
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_failed ();
      g_test_trap_assert_stderr_unmatched ("*assertion failed*");
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();

  g_unsetenv (PROFILE);
  linnet_test_profile_free (directory);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/model/guard/dispatch", test_dispatch);
  g_test_add_func ("/model/guard/acquitted", test_acquitted);
  g_test_add_func ("/model/guard/batch", test_batch);
  g_test_add_func ("/model/guard/waiting", test_waiting);
  g_test_add_func ("/model/guard/patience", test_patience);
  g_test_add_func ("/model/guard/set-aside", test_set_aside);
  g_test_add_func ("/model/guard/program", test_program);

  return g_test_run ();
}
