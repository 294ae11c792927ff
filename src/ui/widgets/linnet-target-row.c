/* Where a file or folder is to be written
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-target-row"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-row.h"
#include "linnet-target-row.h"

struct _LinnetTargetRow
{
  AdwActionRow parent_instance;

  GFile *file; /* nullable */
  char *name;  /* nullable: a folder */
};

enum
{
  PROP_0,
  PROP_FILE,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LinnetTargetRow, linnet_target_row, ADW_TYPE_ACTION_ROW)

static GParamSpec *properties[N_PROPS];

static void
set_file (LinnetTargetRow *self,
          GFile *file)
{
  g_autofree char *text = file != NULL ? g_file_get_parse_name (file) : NULL;

  g_set_object (&self->file, file);
  linnet_row_set_subtitle (ADW_ACTION_ROW (self), text != NULL ? text : _ ("No place chosen yet"));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILE]);
}

static void
chosen_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (LinnetTargetRow) self = user_data;
  GtkFileDialog *dialog = GTK_FILE_DIALOG (object);
  g_autoptr (GFile) file = self->name != NULL ? gtk_file_dialog_save_finish (dialog, result, NULL)
                                              : gtk_file_dialog_select_folder_finish (dialog, result, NULL);

  if (file != NULL)
    set_file (self, file);
}

static void
choose_cb (LinnetTargetRow *self)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->name != NULL)
    {
      gtk_file_dialog_set_initial_name (dialog, self->name);
      gtk_file_dialog_save (dialog, GTK_WINDOW (root), NULL, chosen_cb, g_object_ref (self));
    }
  else
    gtk_file_dialog_select_folder (dialog, GTK_WINDOW (root), NULL, chosen_cb, g_object_ref (self));
}

static void
linnet_target_row_finalize (GObject *object)
{
  LinnetTargetRow *self = LINNET_TARGET_ROW (object);

  g_clear_object (&self->file);
  g_clear_pointer (&self->name, g_free);

  G_OBJECT_CLASS (linnet_target_row_parent_class)->finalize (object);
}

static void
linnet_target_row_get_property (GObject *object,
                                guint prop_id,
                                GValue *value,
                                GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_FILE:
      g_value_set_object (value, LINNET_TARGET_ROW (object)->file);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_target_row_class_init (LinnetTargetRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = linnet_target_row_finalize;
  object_class->get_property = linnet_target_row_get_property;

  properties[PROP_FILE] =
      g_param_spec_object ("file", NULL, NULL, G_TYPE_FILE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
linnet_target_row_init (LinnetTargetRow *self)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Choose…"));

  linnet_row_set_title (ADW_PREFERENCES_ROW (self), _ ("Save to"));
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 3);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_object (button, "clicked", G_CALLBACK (choose_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), button);
}

static GFile *
find_free (const char *folder,
           const char *name)
{
  const char *dot = strrchr (name, '.');
  int stem = dot != NULL ? (int) (dot - name) : (int) strlen (name);
  g_autofree char *path = g_build_filename (folder, name, NULL);

  for (guint i = 2; g_file_test (path, G_FILE_TEST_EXISTS); i++)
    {
      g_autofree char *other = g_strdup_printf ("%.*s %u%s", stem, name, i, dot != NULL ? dot : "");

      g_free (path);
      path = g_build_filename (folder, other, NULL);
    }

  return g_file_new_for_path (path);
}

void
linnet_target_row_suggest (LinnetTargetRow *self,
                           const char *name)
{
  const char *folder = g_get_user_special_dir (G_USER_DIRECTORY_DOCUMENTS);
  g_autoptr (GFile) file = NULL;

  g_return_if_fail (LINNET_IS_TARGET_ROW (self));

  g_set_str (&self->name, name);
  if (folder == NULL)
    folder = g_get_home_dir ();
  if (!g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS))
    file = name != NULL ? find_free (folder, name) : g_file_new_for_path (folder);
  set_file (self, file);
}

/**
 * linnet_target_row_get_file:
 *
 * Returns: (transfer none) (nullable): what the person chose, or what was suggested
 */
GFile *
linnet_target_row_get_file (LinnetTargetRow *self)
{
  g_return_val_if_fail (LINNET_IS_TARGET_ROW (self), NULL);

  return self->file;
}
