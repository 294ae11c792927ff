/* The menu of a message
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-message-menu"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-menu-names.h"
#include "linnet-message-menu.h"
#include "linnet-message-row.h"

struct _LinnetMessageMenu
{
  GObject parent_instance;

  GtkWidget *widget;  /* not owned */
  GtkWidget *popover; /* nullable until first used; a child of @widget */
};

G_DEFINE_FINAL_TYPE (LinnetMessageMenu, linnet_message_menu, G_TYPE_OBJECT)

static LinnetMessageRow *
row_at (LinnetMessageMenu *self,
        double x,
        double y)
{
  GtkWidget *picked = gtk_widget_pick (self->widget, x, y, GTK_PICK_DEFAULT);

  return picked != NULL ? LINNET_MESSAGE_ROW (gtk_widget_get_ancestor (picked, LINNET_TYPE_MESSAGE_ROW))
                        : NULL;
}

/* The focus is on the list item, whose child the row is, or on something inside the row. */
static LinnetMessageRow *
focused_row (LinnetMessageMenu *self)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (self->widget));
  GtkWidget *row;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, self->widget))
    return NULL;

  row = gtk_widget_get_ancestor (focus, LINNET_TYPE_MESSAGE_ROW);
  if (row == NULL)
    row = gtk_widget_get_first_child (focus);

  return row != NULL && LINNET_IS_MESSAGE_ROW (row) ? LINNET_MESSAGE_ROW (row) : NULL;
}

static void
append_item (GMenu *menu,
             const char *label,
             const char *action,
             const char *id)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", id);
  g_menu_append_item (menu, item);
}

/* @link: the index of the link that is meant, -1 for none in particular */
static GMenuModel *
create_model (LinnetMessageRow *row,
              int link)
{
  LinnetMessage *message = linnet_message_row_get_message (row);
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, linnet_message_get_id (message));
  g_autofree char *link_id = g_strdup_printf ("%s/%d", id, MAX (link, 0));
  g_autoptr (GMenu) menu = g_menu_new ();

  if (linnet_message_get_state (message) == LINNET_MESSAGE_FAILED)
    append_item (menu, _ ("Try Again"), "win.message-retry", id);

  append_item (menu, _ ("Copy Text"), "win.message-copy", id);

  if (linnet_message_row_get_n_links (row) > 0)
    {
      append_item (menu, _ ("Copy Link"), "win.message-copy-link", link_id);
      append_item (menu, _ ("Open Link"), "win.message-open-link", link_id);
    }

  return G_MENU_MODEL (g_steal_pointer (&menu));
}

static void
open_menu (LinnetMessageMenu *self,
           LinnetMessageRow *row,
           int link,
           const GdkRectangle *at)
{
  g_autoptr (GMenuModel) model = create_model (row, link);

  if (self->popover == NULL)
    {
      self->popover = gtk_popover_menu_new_from_model (NULL);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
      gtk_popover_set_position (GTK_POPOVER (self->popover), GTK_POS_BOTTOM);
      linnet_menu_names_attach (GTK_POPOVER (self->popover));
      gtk_widget_set_parent (self->popover, self->widget);
    }

  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->popover), model);
  gtk_widget_set_halign (self->popover, at->width == 1 ? GTK_ALIGN_START : GTK_ALIGN_CENTER);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), at);
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static gboolean
open_at (LinnetMessageMenu *self,
         double x,
         double y)
{
  LinnetMessageRow *row = row_at (self, x, y);
  graphene_point_t point;

  if (row == NULL || linnet_message_row_get_message (row) == NULL ||
      !gtk_widget_compute_point (self->widget, GTK_WIDGET (row), &GRAPHENE_POINT_INIT (x, y), &point))
    return FALSE;

  open_menu (
      self, row, linnet_message_row_get_link_at (row, point.x, point.y), &(GdkRectangle) { x, y, 1, 1 });

  return TRUE;
}

static void
pressed_cb (GtkGestureClick *gesture,
            int n_press,
            double x,
            double y,
            LinnetMessageMenu *self)
{
  g_assert (LINNET_IS_MESSAGE_MENU (self));

  /* Claimed, so that the label's own menu stays away. */
  if (open_at (self, x, y))
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
long_pressed_cb (GtkGestureLongPress *gesture,
                 double x,
                 double y,
                 LinnetMessageMenu *self)
{
  g_assert (LINNET_IS_MESSAGE_MENU (self));

  if (open_at (self, x, y))
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static gboolean
open_by_key_cb (GtkWidget *widget,
                GVariant *args,
                gpointer user_data)
{
  LinnetMessageMenu *self = user_data;
  LinnetMessageRow *row = focused_row (self);
  graphene_rect_t bounds;

  if (row == NULL || linnet_message_row_get_message (row) == NULL ||
      !gtk_widget_compute_bounds (linnet_message_row_get_bubble (row), self->widget, &bounds))
    return FALSE;

  open_menu (self,
             row,
             -1,
             &(GdkRectangle) { bounds.origin.x, bounds.origin.y, bounds.size.width, bounds.size.height });

  return TRUE;
}

static void
linnet_message_menu_class_init (LinnetMessageMenuClass *klass)
{
}

static void
linnet_message_menu_init (LinnetMessageMenu *self)
{
}

/**
 * linnet_message_menu_new:
 * @widget: what holds the rows; it calls [method@Linnet.MessageMenu.detach] when it is disposed of
 *
 * Returns: (transfer full): the menu for the messages inside @widget
 */
LinnetMessageMenu *
linnet_message_menu_new (GtkWidget *widget)
{
  LinnetMessageMenu *self = g_object_new (LINNET_TYPE_MESSAGE_MENU, NULL);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *press = gtk_gesture_long_press_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();

  self->widget = widget;

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_object (click, "pressed", G_CALLBACK (pressed_cb), self, G_CONNECT_DEFAULT);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));

  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (press), TRUE);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (press), GTK_PHASE_CAPTURE);
  g_signal_connect_object (press, "pressed", G_CALLBACK (long_pressed_cb), self, G_CONNECT_DEFAULT);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (press));

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("Menu|<Shift>F10"),
                        gtk_callback_action_new (open_by_key_cb, self, NULL)));
  gtk_widget_add_controller (widget, keys);

  return self;
}

/**
 * linnet_message_menu_detach:
 *
 * Takes the popover out of the widget. To be called when the widget is disposed of.
 */
void
linnet_message_menu_detach (LinnetMessageMenu *self)
{
  g_return_if_fail (LINNET_IS_MESSAGE_MENU (self));

  g_clear_pointer (&self->popover, gtk_widget_unparent);
}
