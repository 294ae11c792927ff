/* A profile in one encrypted file, and back
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-backup"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "linnet-account-manager-private.h"
#include "linnet-backup-private.h"
#include "linnet-error-private.h"
#include "linnet-future.h"
#include "linnet-spawn.h"
#include "linnet-store-backup.h"
#include "linnet-verb.h"

/* How the window lies on the screen is of no use elsewhere. */
#define GEOMETRY "window-"

typedef struct
{
  LinnetAccountManager *manager;
  GSettings *settings;
  GFile *file;
  LinnetWork *work;
  char *directory;
  char *passphrase;
  char *text;    /* nullable: of the settings */
  char *staging; /* nullable: when restoring */
} Backup;

static void
backup_clear (gpointer data)
{
  Backup *self = data;

  sodium_memzero (self->passphrase, strlen (self->passphrase));
  g_free (self->passphrase);
  g_object_unref (self->manager);
  g_object_unref (self->settings);
  g_object_unref (self->file);
  g_object_unref (self->work);
  g_free (self->directory);
  g_free (self->text);
  g_free (self->staging);
}

/* Shared by a fiber, which may be given up, and a thread, which may not. */
static void
backup_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, backup_clear);
}

static Backup *
backup_new (LinnetAccountManager *manager,
            GSettings *settings,
            GFile *file,
            const char *passphrase,
            LinnetWork *work)
{
  Backup *self = g_atomic_rc_box_new0 (Backup);

  self->manager = g_object_ref (manager);
  self->settings = g_object_ref (settings);
  self->file = g_object_ref (file);
  self->work = g_object_ref (work);
  self->directory = g_strdup (manager->directory);
  self->passphrase = g_strdup (passphrase);

  return self;
}

/* ---- settings ---- */

static char **
list_keys (GSettings *settings)
{
  g_autoptr (GSettingsSchema) schema = NULL;

  g_object_get (settings, "settings-schema", &schema, NULL);

  return g_settings_schema_list_keys (schema);
}

/* Only what the person chose. */
static char *
write_settings (GSettings *settings)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) keys = list_keys (settings);

  for (guint i = 0; keys[i] != NULL; i++)
    {
      g_autoptr (GVariant) value = g_settings_get_user_value (settings, keys[i]);
      g_autofree char *text = value != NULL ? g_variant_print (value, TRUE) : NULL;

      if (text != NULL && !g_str_has_prefix (keys[i], GEOMETRY))
        g_key_file_set_string (file, LINNET_BACKUP_GROUP, keys[i], text);
    }

  return g_key_file_to_data (file, NULL, NULL);
}

/* What this program does not know, or would not allow, is left as it is. */
static void
read_settings (GSettings *settings,
               const char *text)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) keys = list_keys (settings);

  if (!g_key_file_load_from_data (file, text, (gsize) -1, G_KEY_FILE_NONE, NULL))
    return;

  g_object_get (settings, "settings-schema", &schema, NULL);
  for (guint i = 0; keys[i] != NULL; i++)
    {
      g_autoptr (GSettingsSchemaKey) key = g_settings_schema_get_key (schema, keys[i]);
      g_autofree char *value_text = g_key_file_get_string (file, LINNET_BACKUP_GROUP, keys[i], NULL);
      g_autoptr (GVariant) value = NULL;

      if (value_text == NULL || g_str_has_prefix (keys[i], GEOMETRY))
        continue;
      value = g_variant_parse (
          g_settings_schema_key_get_value_type (key), value_text, NULL, NULL, NULL);
      if (value != NULL && g_settings_schema_key_range_check (key, value))
        g_settings_set_value (settings, keys[i], value);
    }
}

/* ---- errors ---- */

/* Of a file of the person's, not of the profile or of the network. */
GError *
linnet_backup_translate (const GError *error,
                         gboolean writing)
{
  LinnetError code = writing ? LINNET_ERROR_FILE_WRITE : LINNET_ERROR_FILE_READ;

  if (error->domain != G_IO_ERROR && error->domain != G_FILE_ERROR)
    return linnet_error_from_lower (error, NULL);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    code = LINNET_ERROR_CANCELLED;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    code = LINNET_ERROR_FILE_FULL;

  return g_error_new_literal (LINNET_ERROR, code, error->message);
}

/* ---- saving ---- */

static gboolean
save_work (LinnetWork *work,
           gpointer data,
           GError **error)
{
  Backup *self = data;

  return linnet_backup_write (
      self->directory, self->text, self->file, self->passphrase, &linnet_backup_cost, work, error);
}

static DexFuture *
linnet_backup_save_fiber (gpointer data)
{
  Backup *self = data;
  g_autoptr (GError) error = NULL;

  /* What was typed and not sent is not in the database yet. */
  dex_await (linnet_account_manager_flush (self->manager), NULL);
  if (linnet_account_manager_get_store (self->manager) == NULL)
    return linnet_verb_offline ();

  self->text = write_settings (self->settings);
  if (!dex_await (linnet_work_run (self->work, save_work, g_atomic_rc_box_acquire (self), backup_unref),
                  &error))
    return dex_future_new_for_error (linnet_backup_translate (error, TRUE));

  return dex_future_new_true ();
}

DexFuture *
linnet_backup_save (LinnetAccountManager *manager,
                    GSettings *settings,
                    GFile *file,
                    const char *passphrase,
                    LinnetWork *work)
{
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT_MANAGER (manager));
  linnet_return_error_if_fail (G_IS_SETTINGS (settings));
  linnet_return_error_if_fail (G_IS_FILE (file));
  linnet_return_error_if_fail (passphrase != NULL && *passphrase != '\0');
  linnet_return_error_if_fail (LINNET_IS_WORK (work));

  return linnet_verb (linnet_spawn ("save-backup",
                                    linnet_backup_save_fiber,
                                    backup_new (manager, settings, file, passphrase, work),
                                    backup_unref));
}

/* ---- restoring ---- */

static gboolean
restore_work (LinnetWork *work,
              gpointer data,
              GError **error)
{
  Backup *self = data;

  return linnet_backup_read (self->file, self->passphrase, self->staging, &self->text, work, error);
}

static DexFuture *
linnet_backup_restore_fiber (gpointer data)
{
  Backup *self = data;
  g_autoptr (GError) error = NULL;
  gboolean replaced;

  if (!dex_await (linnet_work_run (self->work, restore_work, g_atomic_rc_box_acquire (self), backup_unref),
                  &error))
    return dex_future_new_for_error (linnet_backup_translate (error, FALSE));

  replaced = dex_await (linnet_account_manager_replace (self->manager, self->staging), &error);
  linnet_backup_remove_tree (self->staging);
  if (!replaced)
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (self->text != NULL)
    read_settings (self->settings, self->text);

  return dex_future_new_true ();
}

DexFuture *
linnet_backup_restore (LinnetAccountManager *manager,
                       GSettings *settings,
                       GFile *file,
                       const char *passphrase,
                       LinnetWork *work)
{
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *name = g_strconcat (LINNET_STORE_STAGING, id, NULL);
  Backup *self;

  linnet_return_error_if_fail (LINNET_IS_ACCOUNT_MANAGER (manager));
  linnet_return_error_if_fail (G_IS_SETTINGS (settings));
  linnet_return_error_if_fail (G_IS_FILE (file));
  linnet_return_error_if_fail (passphrase != NULL);
  linnet_return_error_if_fail (LINNET_IS_WORK (work));

  self = backup_new (manager, settings, file, passphrase, work);
  self->staging = g_build_filename (self->directory, name, NULL);

  return linnet_verb (linnet_spawn ("restore-backup", linnet_backup_restore_fiber, self, backup_unref));
}

char *
linnet_backup_suggest_name (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%Y-%m-%d");

  return g_strdup_printf ("Linnet %s" LINNET_BACKUP_SUFFIX, date);
}
