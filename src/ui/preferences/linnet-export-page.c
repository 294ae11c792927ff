/* Saving contacts and conversations as files that anybody can read
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-export-page"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-dialog.h"
#include "linnet-error.h"
#include "linnet-export-page.h"
#include "linnet-export.h"
#include "linnet-spawn.h"
#include "linnet-target-row.h"
#include "linnet-work-view.h"

struct _LinnetExportPage
{
  AdwNavigationPage parent_instance;

  LinnetWorkView *work_view;
  GtkWidget *error_group;
  GtkLabel *error_label;
  AdwSwitchRow *contacts_row;
  AdwSwitchRow *html_row;
  AdwSwitchRow *text_row;
  AdwSwitchRow *json_row;
  LinnetTargetRow *target_row;
  GtkWidget *go_button;

  LinnetAccount *account;
  GFile *result; /* nullable: the folder, once it is there */
};

G_DEFINE_FINAL_TYPE (LinnetExportPage, linnet_export_page, ADW_TYPE_NAVIGATION_PAGE)

static LinnetExportParts
get_parts (LinnetExportPage *self)
{
  LinnetExportParts parts = 0;

  if (adw_switch_row_get_active (self->contacts_row))
    parts |= LINNET_EXPORT_CONTACTS;
  if (adw_switch_row_get_active (self->html_row))
    parts |= LINNET_EXPORT_HTML;
  if (adw_switch_row_get_active (self->text_row))
    parts |= LINNET_EXPORT_TEXT;
  if (adw_switch_row_get_active (self->json_row))
    parts |= LINNET_EXPORT_JSON;

  return parts;
}

static void
update_cb (LinnetExportPage *self)
{
  /* While the template is being built not everything is there. */
  if (self->go_button != NULL && self->target_row != NULL)
    gtk_widget_set_sensitive (
        self->go_button, get_parts (self) != 0 && linnet_target_row_get_file (self->target_row) != NULL);
}

static void
show_error (LinnetExportPage *self, const GError *error)
{
  g_autofree char *text = NULL;

  linnet_work_view_stop (self->work_view);
  gtk_widget_set_visible (self->error_group, error != NULL);
  if (error == NULL)
    return;

  text = linnet_error_to_text (error, NULL);
  gtk_label_set_text (self->error_label, text);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
  gtk_widget_grab_focus (self->go_button);
}

static DexFuture *
go_fiber (gpointer data)
{
  LinnetExportPage *self = data;
  g_autoptr (LinnetWork) work = linnet_work_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  linnet_work_view_start (self->work_view, work, _ ("Exporting…"));
  g_clear_object (&self->result);
  self->result = dex_await_object (linnet_export_save (self->account,
                                                       linnet_target_row_get_file (self->target_row),
                                                       get_parts (self),
                                                       work),
                                   &error);
  /* It may have been closed meanwhile, which stops the work. */
  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return NULL;

  if (self->result == NULL)
    {
      show_error (self, error);
      return NULL;
    }

  path = g_file_get_parse_name (self->result);
  linnet_work_view_show_result (self->work_view, _ ("Data Exported"), path, _ ("Open Folder"));

  return NULL;
}

static void
go_cb (LinnetExportPage *self)
{
  show_error (self, NULL);
  linnet_spawn_detached ("export", go_fiber, g_object_ref (self), g_object_unref);
}

static void
open_folder_cb (LinnetExportPage *self)
{
  g_autoptr (GtkFileLauncher) launcher = NULL;

  if (self->result == NULL)
    return;

  launcher = gtk_file_launcher_new (self->result);
  gtk_file_launcher_launch (
      launcher, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), NULL, NULL, NULL);
}

/* The page goes: so does what it would tell. */
static void
linnet_export_page_hidden (AdwNavigationPage *page)
{
  linnet_work_view_cancel (LINNET_EXPORT_PAGE (page)->work_view);
}

static void
linnet_export_page_dispose (GObject *object)
{
  LinnetExportPage *self = LINNET_EXPORT_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_EXPORT_PAGE);
  g_clear_object (&self->account);
  g_clear_object (&self->result);

  G_OBJECT_CLASS (linnet_export_page_parent_class)->dispose (object);
}

static void
linnet_export_page_class_init (LinnetExportPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = linnet_export_page_dispose;
  ADW_NAVIGATION_PAGE_CLASS (klass)->hidden = linnet_export_page_hidden;

  g_type_ensure (LINNET_TYPE_TARGET_ROW);
  g_type_ensure (LINNET_TYPE_WORK_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-export-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetExportPage, work_view);
  gtk_widget_class_bind_template_child (widget_class, LinnetExportPage, error_group);
  gtk_widget_class_bind_template_child (widget_class, LinnetExportPage, error_label);
  gtk_widget_class_bind_template_child (widget_class, LinnetExportPage, contacts_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetExportPage, html_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetExportPage, text_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetExportPage, json_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetExportPage, target_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetExportPage, go_button);
  gtk_widget_class_bind_template_callback (widget_class, go_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_folder_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_cb);
}

static void
linnet_export_page_init (LinnetExportPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  linnet_target_row_suggest (self->target_row, NULL);
}

/**
 * linnet_export_page_new:
 *
 * Returns: (transfer floating): a page that exports what @account has
 */
AdwNavigationPage *
linnet_export_page_new (LinnetAccount *account)
{
  LinnetExportPage *self;

  g_return_val_if_fail (LINNET_IS_ACCOUNT (account), NULL);

  self = g_object_new (LINNET_TYPE_EXPORT_PAGE, NULL);
  self->account = g_object_ref (account);
  update_cb (self);

  return ADW_NAVIGATION_PAGE (self);
}

AdwDialog *
linnet_export_page_present (LinnetAccount *account, GtkWidget *parent)
{
  AdwDialog *dialog = adw_dialog_new ();
  GtkWidget *view = adw_navigation_view_new ();

  g_return_val_if_fail (LINNET_IS_ACCOUNT (account), NULL);

  adw_navigation_view_push (ADW_NAVIGATION_VIEW (view), linnet_export_page_new (account));
  adw_dialog_set_child (dialog, view);
  adw_dialog_set_title (dialog, _ ("Export Data"));
  adw_dialog_set_content_width (dialog, 480);
  adw_dialog_set_content_height (dialog, 640);
  linnet_dialog_present (dialog, parent);

  return dialog;
}
