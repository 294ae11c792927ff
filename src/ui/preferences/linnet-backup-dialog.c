/* Saving a profile into one file, and restoring it from one
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-backup-dialog"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-alert.h"
#include "linnet-backup-dialog.h"
#include "linnet-backup.h"
#include "linnet-dialog.h"
#include "linnet-error.h"
#include "linnet-password.h"
#include "linnet-spawn.h"
#include "linnet-target-row.h"
#include "linnet-work-view.h"

struct _LinnetBackupDialog
{
  AdwDialog parent_instance;

  LinnetWorkView *work_view;
  GtkLabel *explanation;
  GtkWidget *error_group;
  GtkLabel *error_label;
  GtkEditable *passphrase_row;
  GtkEditable *repeat_row;
  LinnetTargetRow *target_row;
  GtkLabel *hint;
  GtkButton *go_button;

  LinnetAccountManager *manager;
  GSettings *settings;
  GFile *file; /* nullable: what to restore */
};

G_DEFINE_FINAL_TYPE (LinnetBackupDialog, linnet_backup_dialog, ADW_TYPE_DIALOG)

static gboolean
is_restoring (LinnetBackupDialog *self)
{
  return self->file != NULL;
}

/* What to say of a passphrase that is to be used for the first time. */
static const char *
get_hint (const char *passphrase, const char *repeated)
{
  static const char *const hints[LINNET_PASSWORD_STRENGTH_MAX + 1] = {
    N_ ("Very weak: anybody can guess it."),
    N_ ("Weak: a few words more make it good."),
    N_ ("Fair: another word makes it good."),
    N_ ("Good."),
    N_ ("Very good."),
  };

  if (*passphrase == '\0')
    return _ ("Four or more words that have nothing to do with each other make a good passphrase. Keep it "
              "in a safe place: without it nobody can read the backup, not even you.");
  if (*repeated != '\0' && !g_str_equal (passphrase, repeated))
    return _ ("The two do not match.");

  return _ (hints[linnet_password_strength (passphrase, NULL, NULL)]);
}

static void
update_cb (LinnetBackupDialog *self)
{
  const char *passphrase = gtk_editable_get_text (self->passphrase_row);
  const char *repeated = gtk_editable_get_text (self->repeat_row);
  gboolean ready = *passphrase != '\0';

  if (!is_restoring (self))
    {
      ready = ready && g_str_equal (passphrase, repeated) &&
              linnet_target_row_get_file (self->target_row) != NULL;
      gtk_label_set_text (self->hint, get_hint (passphrase, repeated));
    }
  gtk_widget_set_sensitive (GTK_WIDGET (self->go_button), ready);
}

static void
show_error (LinnetBackupDialog *self, const GError *error)
{
  g_autofree char *text = NULL;

  linnet_work_view_stop (self->work_view);
  gtk_widget_set_visible (self->error_group, error != NULL);
  gtk_label_set_text (self->error_label, "");
  if (error == NULL)
    return;

  text = linnet_error_to_text (error, NULL);
  gtk_label_set_text (self->error_label, text);
  gtk_accessible_announce (
      GTK_ACCESSIBLE (self), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
  gtk_widget_grab_focus (GTK_WIDGET (self->passphrase_row));
}

/* Only what is there can be replaced. */
static gboolean
confirm_replacing (LinnetBackupDialog *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->manager)) == 0)
    return TRUE;

  return linnet_alert_confirm_destructive (
      _ ("Replace Everything in Linnet?"),
      _ ("The accounts and messages that Linnet now has on this computer give way to those of the backup."),
      _ ("Replace"),
      GTK_WIDGET (self));
}

static void
show_done (LinnetBackupDialog *self)
{
  g_autofree char *path = NULL;

  gtk_editable_set_text (self->passphrase_row, "");
  gtk_editable_set_text (self->repeat_row, "");
  if (is_restoring (self))
    {
      linnet_work_view_show_result (
          self->work_view,
          _ ("Backup Restored"),
          _ ("Passwords are not in a backup: enter them where Linnet asks for them. Messages that had not "
             "been sent are marked, so that you can send them again."),
          _ ("Done"));
      return;
    }

  path = g_file_get_parse_name (linnet_target_row_get_file (self->target_row));
  linnet_work_view_show_result (self->work_view, _ ("Backup Saved"), path, _ ("Done"));
}

static DexFuture *
go_fiber (gpointer data)
{
  LinnetBackupDialog *self = data;
  const char *passphrase;
  g_autoptr (LinnetWork) work = linnet_work_new ();
  g_autoptr (GError) error = NULL;
  gboolean ok;

  if (is_restoring (self) && !confirm_replacing (self))
    return NULL;

  passphrase = gtk_editable_get_text (self->passphrase_row);
  adw_dialog_set_can_close (ADW_DIALOG (self), FALSE);
  linnet_work_view_start (
      self->work_view, work, is_restoring (self) ? _ ("Restoring the backup…") : _ ("Saving the backup…"));
  if (is_restoring (self))
    ok = dex_await (
        linnet_backup_restore (self->manager, self->settings, self->file, passphrase, work), &error);
  else
    ok = dex_await (linnet_backup_save (self->manager,
                                        self->settings,
                                        linnet_target_row_get_file (self->target_row),
                                        passphrase,
                                        work),
                    &error);
  adw_dialog_set_can_close (ADW_DIALOG (self), TRUE);

  if (ok)
    show_done (self);
  else
    show_error (self, error);

  return NULL;
}

static void
go_cb (LinnetBackupDialog *self)
{
  show_error (self, NULL);
  linnet_spawn_detached ("backup", go_fiber, g_object_ref (self), g_object_unref);
}

static void
finished_cb (LinnetBackupDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

static void
linnet_backup_dialog_dispose (GObject *object)
{
  LinnetBackupDialog *self = LINNET_BACKUP_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_BACKUP_DIALOG);
  g_clear_object (&self->manager);
  g_clear_object (&self->settings);
  g_clear_object (&self->file);

  G_OBJECT_CLASS (linnet_backup_dialog_parent_class)->dispose (object);
}

static void
linnet_backup_dialog_class_init (LinnetBackupDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = linnet_backup_dialog_dispose;

  g_type_ensure (LINNET_TYPE_TARGET_ROW);
  g_type_ensure (LINNET_TYPE_WORK_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-backup-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetBackupDialog, work_view);
  gtk_widget_class_bind_template_child (widget_class, LinnetBackupDialog, explanation);
  gtk_widget_class_bind_template_child (widget_class, LinnetBackupDialog, error_group);
  gtk_widget_class_bind_template_child (widget_class, LinnetBackupDialog, error_label);
  gtk_widget_class_bind_template_child (widget_class, LinnetBackupDialog, passphrase_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetBackupDialog, repeat_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetBackupDialog, target_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetBackupDialog, hint);
  gtk_widget_class_bind_template_child (widget_class, LinnetBackupDialog, go_button);
  gtk_widget_class_bind_template_callback (widget_class, finished_cb);
  gtk_widget_class_bind_template_callback (widget_class, go_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_cb);
}

static void
linnet_backup_dialog_init (LinnetBackupDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
set_up_saving (LinnetBackupDialog *self)
{
  g_autofree char *name = linnet_backup_suggest_name ();

  adw_dialog_set_title (ADW_DIALOG (self), _ ("Back Up"));
  gtk_label_set_text (
      self->explanation,
      _ ("Accounts, contacts, messages, pictures and settings go into one file that can only be read with "
         "the passphrase. The passwords of your accounts are not in it."));
  gtk_button_set_label (self->go_button, _ ("Save Backup"));
  linnet_target_row_suggest (self->target_row, name);
}

static void
set_up_restoring (LinnetBackupDialog *self)
{
  g_autofree char *name = g_file_get_basename (self->file);
  g_autofree char *display = g_filename_display_name (name);
  g_autofree char *text = NULL;

  /* Translators: %s is a file's name */
  text = g_strdup_printf (_ ("Linnet takes over all that is in “%s”. Enter the passphrase that it was saved "
                             "with."),
                          display);
  adw_dialog_set_title (ADW_DIALOG (self), _ ("Restore from Backup"));
  gtk_label_set_text (self->explanation, text);
  gtk_button_set_label (self->go_button, _ ("Restore"));
  gtk_widget_set_visible (GTK_WIDGET (self->repeat_row), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->target_row), FALSE);
  gtk_widget_set_visible (gtk_widget_get_ancestor (GTK_WIDGET (self->hint), ADW_TYPE_PREFERENCES_GROUP),
                          FALSE);
}

/**
 * linnet_backup_dialog_new:
 *
 * Returns: (transfer floating): the dialog
 */
AdwDialog *
linnet_backup_dialog_new (LinnetAccountManager *manager, GSettings *settings, GFile *file)
{
  LinnetBackupDialog *self;

  g_return_val_if_fail (LINNET_IS_ACCOUNT_MANAGER (manager), NULL);
  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (file == NULL || G_IS_FILE (file), NULL);

  self = g_object_new (LINNET_TYPE_BACKUP_DIALOG, NULL);
  self->manager = g_object_ref (manager);
  self->settings = g_object_ref (settings);
  g_set_object (&self->file, file);
  if (file != NULL)
    set_up_restoring (self);
  else
    set_up_saving (self);
  update_cb (self);

  return ADW_DIALOG (self);
}

typedef struct
{
  LinnetAccountManager *manager;
  GSettings *settings;
  GtkWidget *parent;
} Choice;

static void
chosen_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Choice *choice = user_data;
  g_autoptr (GFile) file = gtk_file_dialog_open_finish (GTK_FILE_DIALOG (object), result, NULL);

  if (file != NULL)
    linnet_dialog_present (linnet_backup_dialog_new (choice->manager, choice->settings, file),
                           choice->parent);
  g_object_unref (choice->manager);
  g_object_unref (choice->settings);
  g_object_unref (choice->parent);
  g_free (choice);
}

void
linnet_backup_dialog_choose (LinnetAccountManager *manager, GSettings *settings, GtkWidget *parent)
{
  g_autoptr (GtkFileDialog) dialog = NULL;
  g_autoptr (GListStore) filters = NULL;
  g_autoptr (GtkFileFilter) filter = NULL;
  Choice *choice;

  g_return_if_fail (LINNET_IS_ACCOUNT_MANAGER (manager));
  g_return_if_fail (GTK_IS_WIDGET (parent));

  dialog = gtk_file_dialog_new ();
  filters = g_list_store_new (GTK_TYPE_FILE_FILTER);
  filter = gtk_file_filter_new ();
  gtk_file_filter_set_name (filter, _ ("Backups of Linnet"));
  gtk_file_filter_add_suffix (filter, "linnet-backup");
  g_list_store_append (filters, filter);
  gtk_file_dialog_set_title (dialog, _ ("Restore from Backup"));
  gtk_file_dialog_set_filters (dialog, G_LIST_MODEL (filters));

  choice = g_new0 (Choice, 1);
  choice->manager = g_object_ref (manager);
  choice->settings = g_object_ref (settings);
  choice->parent = g_object_ref (parent);
  gtk_file_dialog_open (dialog, GTK_WINDOW (gtk_widget_get_root (parent)), NULL, chosen_cb, choice);
}
