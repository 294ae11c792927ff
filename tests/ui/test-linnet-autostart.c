/* Tests of what is run at login
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "linnet-autostart.h"
#include "linnet-test.h"

#define ID "im.linnet.Linnet.Test"

static char *
dup_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "autostart", ID ".desktop", NULL);
}

/* What a desktop makes of the file: it reads it, splits the line, and looks for the program. */
static void
test_set (void)
{
  static const char *const command[] = { "sh", "--profile", "/home/a b/100%/\"c\"/$HOME/`d`/e\\f", NULL };
  g_autofree char *path = dup_path ();
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *exec = NULL;
  g_autofree char *try_exec = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (linnet_autostart_get (ID));
  g_assert_true (linnet_autostart_set (ID, command, &error));
  g_assert_no_error (error);
  g_assert_true (linnet_autostart_get (ID));

  g_assert_true (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &error));
  g_assert_no_error (error);
  exec = g_key_file_get_string (file, "Desktop Entry", "Exec", NULL);
  try_exec = g_key_file_get_string (file, "Desktop Entry", "TryExec", NULL);
  g_assert_cmpstr (exec,
                   ==,
                   "\"sh\" \"--profile\" "
                   "\"/home/a b/100%%/\\\"c\\\"/\\$HOME/\\`d\\`/e\\\\f\"");
  g_assert_cmpstr (try_exec, ==, "sh");

  g_assert_true (linnet_autostart_set (ID, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_false (linnet_autostart_get (ID));

  /* Nothing is left to take away. */
  g_assert_true (linnet_autostart_set (ID, NULL, &error));
  g_assert_no_error (error);
}

/* Desktops that let people switch programs off at login leave the file, and say so in it. */
static void
test_hidden (void)
{
  static const char *const command[] = { "sh", NULL };
  g_autofree char *path = dup_path ();
  g_autoptr (GError) error = NULL;

  g_assert_true (linnet_autostart_set (ID, command, &error));
  g_assert_no_error (error);
  g_assert_true (
      g_file_set_contents (path, "[Desktop Entry]\nType=Application\nExec=sh\nHidden=true\n", -1, &error));
  g_assert_no_error (error);
  g_assert_false (linnet_autostart_get (ID));

  g_assert_true (linnet_autostart_set (ID, NULL, &error));
  g_assert_no_error (error);
}

static void
test_no_folder (void)
{
  static const char *const command[] = { "sh", NULL };
  g_autofree char *path = dup_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (g_get_user_config_dir (), 0700), ==, 0);
  g_assert_true (g_file_set_contents (folder, "in the way", -1, &error));
  g_assert_no_error (error);

  g_assert_false (linnet_autostart_set (ID, command, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
  g_clear_error (&error);
  g_assert_false (linnet_autostart_set (ID, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
  g_assert_cmpint (g_unlink (folder), ==, 0);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/ui/autostart/set", test_set);
  g_test_add_func ("/ui/autostart/hidden", test_hidden);
  g_test_add_func ("/ui/autostart/no-folder", test_no_folder);

  return g_test_run ();
}
