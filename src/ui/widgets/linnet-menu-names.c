/* Accessible names for the items of popover menus
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-menu-names"

#include "config.h"

#include "linnet-menu-names.h"

static void
name_items (GtkWidget *widget)
{
  if (g_strcmp0 (gtk_widget_get_css_name (widget), "modelbutton") == 0)
    {
      g_autofree char *text = NULL;

      g_object_get (widget, "text", &text, NULL);
      gtk_accessible_reset_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
      gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    name_items (child);
}

/**
 * linnet_menu_names_attach:
 * @menu: a [class@Gtk.PopoverMenu]
 *
 * GTK 4.18 labels the items of a popover menu by a widget that assistive tools do not see, so they have no
 * name. This names each by its text whenever the menu is shown.
 */
void
linnet_menu_names_attach (GtkPopover *menu)
{
  g_return_if_fail (GTK_IS_POPOVER (menu));

  g_signal_connect (menu, "map", G_CALLBACK (name_items), NULL);
}
