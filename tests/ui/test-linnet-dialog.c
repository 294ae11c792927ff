/* Dialogs: closed without animation
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-dialog.h"

static void
closed_cb (AdwDialog *dialog, gboolean *closed)
{
  *closed = TRUE;
}

static void
wait_for (gboolean *happened)
{
  while (!*happened)
    g_main_context_iteration (NULL, TRUE);
}

static void
gone_cb (gpointer gone, GObject *dialog)
{
  *(gboolean *) gone = TRUE;
}

/* The focus is in what cannot have it any more, so nothing but the window holds the sheet. */
static void
test_close (void)
{
  GtkWidget *window = adw_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *entry = gtk_entry_new ();
  AdwDialog *dialog = adw_dialog_new ();
  gboolean closed = FALSE, gone = FALSE;

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  gtk_window_set_default_size (GTK_WINDOW (window), 800, 600);
  adw_window_set_content (ADW_WINDOW (window), gtk_label_new ("Linnet"));
  gtk_window_present (GTK_WINDOW (window));

  gtk_box_append (GTK_BOX (box), entry);
  adw_dialog_set_child (dialog, box);
  g_signal_connect (dialog, "closed", G_CALLBACK (closed_cb), &closed);
  g_object_weak_ref (G_OBJECT (dialog), gone_cb, &gone);
  linnet_dialog_present (dialog, window);
  while (!gtk_widget_get_mapped (entry))
    g_main_context_iteration (NULL, TRUE);
  gtk_widget_grab_focus (entry);
  gtk_widget_set_sensitive (box, FALSE);

  g_assert_true (gtk_widget_activate_action (box, "sheet.close", NULL));
  wait_for (&closed);
  wait_for (&gone);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/ui/dialog/close", test_close);

  return g_test_run ();
}
