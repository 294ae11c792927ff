/* "Somebody is typing", as the last row of a log
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-typing-row"

#include "config.h"

#include "linnet-typing-row.h"

#define N_DOTS 3

static GtkWidget *
box_new (int spacing)
{
  /* Only the list item has a name. */
  return g_object_new (
      GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, "spacing", spacing, NULL);
}

/**
 * linnet_typing_row_new:
 *
 * Returns: (transfer floating): a bubble with three dots, which move unless animations are off
 */
GtkWidget *
linnet_typing_row_new (void)
{
  static const char *classes[] = { "bubble", "in", "only", "typing", NULL };
  GtkWidget *row = box_new (0);
  GtkWidget *bubble = box_new (4);

  for (guint i = 0; i < N_DOTS; i++)
    {
      GtkWidget *dot = box_new (0);

      gtk_widget_add_css_class (dot, "typing-dot");
      gtk_widget_set_valign (dot, GTK_ALIGN_CENTER);
      gtk_box_append (GTK_BOX (bubble), dot);
    }

  gtk_widget_set_css_classes (bubble, classes);
  gtk_box_append (GTK_BOX (row), bubble);
  gtk_widget_add_css_class (row, "typing-row");

  return row;
}
