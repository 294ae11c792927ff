/* What the desktop runs when the person logs in
 *
 * A file in the folder of the freedesktop.org "Desktop Application Autostart Specification", version 0.5; in
 * a sandbox the portal writes it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-autostart"

#include "config.h"

#include <errno.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "linnet-autostart.h"

static char *
dup_path (const char *id)
{
  g_autofree char *name = g_strconcat (id, ".desktop", NULL);

  return g_build_filename (g_get_user_config_dir (), "autostart", name, NULL);
}

/* As the "Exec" of the Desktop Entry Specification wants it, which is not what a shell wants. */
static void
append_argument (GString *line, const char *argument)
{
  if (line->len > 0)
    g_string_append_c (line, ' ');
  g_string_append_c (line, '"');
  for (const char *at = argument; *at != '\0'; at++)
    {
      if (strchr ("\"`$\\", *at) != NULL)
        g_string_append_c (line, '\\');
      if (*at == '%')
        g_string_append_c (line, '%');
      g_string_append_c (line, *at);
    }
  g_string_append_c (line, '"');
}

static gboolean
write_file (const char *path, const char *const *command, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  for (guint i = 0; command[i] != NULL; i++)
    append_argument (line, command[i]);

  g_key_file_set_string (file, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_TYPE, "Application");
  g_key_file_set_string (file, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_NAME, "Linnet");
  g_key_file_set_string (file, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_ICON, APPLICATION_ID);
  g_key_file_set_string (file, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_TRY_EXEC, command[0]);
  g_key_file_set_string (file, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_EXEC, line->str);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      int code = errno;

      g_set_error (error,
                   G_IO_ERROR,
                   g_io_error_from_errno (code),
                   "The folder for what starts at login cannot be made: %s",
                   g_strerror (code));
      return FALSE;
    }

  return g_key_file_save_to_file (file, path, error);
}

/**
 * linnet_autostart_set:
 * @id: of the application
 * @command: (nullable): what to run, the program's name first; %NULL for nothing
 *
 * Returns: whether from now on @command is run when the person logs in, or @error, of G_IO_ERROR or
 * G_FILE_ERROR
 */
gboolean
linnet_autostart_set (const char *id, const char *const *command, GError **error)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (id != NULL, FALSE);
  g_return_val_if_fail (command == NULL || command[0] != NULL, FALSE);

  path = dup_path (id);
  if (command != NULL)
    return write_file (path, command, error);

  if (g_unlink (path) != 0 && errno != ENOENT)
    {
      int code = errno;

      g_set_error (error,
                   G_IO_ERROR,
                   g_io_error_from_errno (code),
                   "What starts at login cannot be removed: %s",
                   g_strerror (code));
      return FALSE;
    }

  return TRUE;
}

/**
 * linnet_autostart_get:
 * @id: of the application
 *
 * Returns: whether something is run when the person logs in; desktops have settings of their own for it
 */
gboolean
linnet_autostart_get (const char *id)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = NULL;

  g_return_val_if_fail (id != NULL, FALSE);

  path = dup_path (id);

  return g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL) &&
         !g_key_file_get_boolean (file, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_HIDDEN, NULL);
}
