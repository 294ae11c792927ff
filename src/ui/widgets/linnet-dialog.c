/* Showing dialogs
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-dialog"

#include "config.h"

#include "linnet-dialog.h"

/* Where nothing is animated libadwaita 1.7 takes a dialog down while it is still closing, and then works with
 * the sheet that is gone. So all of it stays until the main loop comes by. */
static void
closed_cb (AdwDialog *dialog)
{
  GPtrArray *widgets = g_ptr_array_new_with_free_func (g_object_unref);

  for (GtkWidget *widget = adw_dialog_get_child (dialog); widget != NULL && widget != GTK_WIDGET (dialog);
       widget = gtk_widget_get_parent (widget))
    g_ptr_array_add (widgets, g_object_ref (widget));
  g_ptr_array_add (widgets, g_object_ref (dialog));

  g_idle_add_once ((GSourceOnceFunc) g_ptr_array_unref, widgets);
}

/**
 * linnet_dialog_present:
 * @dialog: (transfer floating): a dialog that is not shown yet
 * @parent: a widget in the window to show it in
 *
 * Shows @dialog. In place of adw_dialog_present(), always.
 */
void
linnet_dialog_present (AdwDialog *dialog, GtkWidget *parent)
{
  g_return_if_fail (ADW_IS_DIALOG (dialog));

  g_signal_connect (dialog, "closed", G_CALLBACK (closed_cb), NULL);
  adw_dialog_present (dialog, parent);
}
