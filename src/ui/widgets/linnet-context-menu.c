/* A menu for the rows of a list
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-context-menu"

#include "config.h"

#include "linnet-context-menu.h"
#include "linnet-menu-names.h"

struct _LinnetContextMenu
{
  GObject parent_instance;

  GtkWidget *widget;  /* not owned */
  GtkWidget *popover; /* nullable until first used; a child of @widget */
  GType row_type;
  LinnetContextMenuFunc func;
  gpointer user_data;
};

G_DEFINE_FINAL_TYPE (LinnetContextMenu, linnet_context_menu, G_TYPE_OBJECT)

enum
{
  CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* @widget is inside a row, or it is the list item, whose child the row is. */
static GtkWidget *
find_row (LinnetContextMenu *self,
          GtkWidget *widget)
{
  GtkWidget *row = gtk_widget_get_ancestor (widget, self->row_type);

  if (row == NULL)
    row = gtk_widget_get_first_child (widget);

  return row != NULL && g_type_is_a (G_OBJECT_TYPE (row), self->row_type) ? row : NULL;
}

static void
closed_cb (LinnetContextMenu *self)
{
  g_assert (LINNET_IS_CONTEXT_MENU (self));

  g_signal_emit (self, signals[CLOSED], 0);
}

static void
open_menu (LinnetContextMenu *self,
           GMenuModel *model,
           const GdkRectangle *at)
{
  if (self->popover == NULL)
    {
      self->popover = gtk_popover_menu_new_from_model (NULL);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
      gtk_popover_set_position (GTK_POPOVER (self->popover), GTK_POS_BOTTOM);
      linnet_menu_names_attach (GTK_POPOVER (self->popover));
      g_signal_connect_object (
          self->popover, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
      gtk_widget_set_parent (self->popover, self->widget);
    }

  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->popover), model);
  gtk_widget_set_halign (self->popover, at->width == 1 ? GTK_ALIGN_START : GTK_ALIGN_CENTER);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), at);
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static gboolean
open_at (LinnetContextMenu *self,
         double x,
         double y)
{
  GtkWidget *picked = gtk_widget_pick (self->widget, x, y, GTK_PICK_DEFAULT);
  GtkWidget *row = picked != NULL ? find_row (self, picked) : NULL;
  g_autoptr (GMenuModel) model = NULL;
  graphene_point_t point;

  if (row == NULL || !gtk_widget_compute_point (self->widget, row, &GRAPHENE_POINT_INIT (x, y), &point))
    return FALSE;

  model = self->func (row, &point, &row, self->user_data);
  if (model != NULL)
    open_menu (self, model, &(GdkRectangle) { x, y, 1, 1 });

  return model != NULL;
}

static void
pressed_cb (GtkGestureClick *gesture,
            int n_press,
            double x,
            double y,
            LinnetContextMenu *self)
{
  g_assert (LINNET_IS_CONTEXT_MENU (self));

  /* Claimed, so that a label's own menu stays away. */
  if (open_at (self, x, y))
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
long_pressed_cb (GtkGestureLongPress *gesture,
                 double x,
                 double y,
                 LinnetContextMenu *self)
{
  g_assert (LINNET_IS_CONTEXT_MENU (self));

  if (open_at (self, x, y))
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static gboolean
open_by_key_cb (GtkWidget *widget,
                GVariant *args,
                gpointer user_data)
{
  LinnetContextMenu *self = user_data;
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));
  GtkWidget *row, *anchor;
  g_autoptr (GMenuModel) model = NULL;
  graphene_rect_t bounds;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, widget) || (row = find_row (self, focus)) == NULL)
    return FALSE;

  anchor = row;
  model = self->func (row, NULL, &anchor, self->user_data);
  if (model == NULL || !gtk_widget_compute_bounds (anchor, widget, &bounds))
    return FALSE;

  open_menu (self,
             model,
             &(GdkRectangle) { bounds.origin.x, bounds.origin.y, bounds.size.width, bounds.size.height });

  return TRUE;
}

static void
linnet_context_menu_class_init (LinnetContextMenuClass *klass)
{
  signals[CLOSED] = g_signal_new (
      "closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
linnet_context_menu_init (LinnetContextMenu *self)
{
}

/**
 * linnet_context_menu_new:
 * @widget: what holds the rows; it calls [method@Linnet.ContextMenu.detach] when it is disposed of
 * @row_type: the type of the rows, each of which is the child of a list item
 * @func: (scope forever): says what is in the menu
 *
 * Returns: (transfer full): the menu for the rows inside @widget
 */
LinnetContextMenu *
linnet_context_menu_new (GtkWidget *widget,
                         GType row_type,
                         LinnetContextMenuFunc func,
                         gpointer user_data)
{
  LinnetContextMenu *self = g_object_new (LINNET_TYPE_CONTEXT_MENU, NULL);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *press = gtk_gesture_long_press_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();

  self->widget = widget;
  self->row_type = row_type;
  self->func = func;
  self->user_data = user_data;

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
 * linnet_context_menu_detach:
 *
 * Takes the popover out of the widget. To be called when the widget is disposed of.
 */
void
linnet_context_menu_detach (LinnetContextMenu *self)
{
  g_return_if_fail (LINNET_IS_CONTEXT_MENU (self));

  g_clear_pointer (&self->popover, gtk_widget_unparent);
}
