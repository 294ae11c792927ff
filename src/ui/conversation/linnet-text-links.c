/* Links inside a label, for pointer and keyboard
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-text-links"

#include "config.h"

#include <adwaita.h>

#include "linnet-safe-text.h"
#include "linnet-text-links.h"
#include "linnet-text-spans.h"

struct _LinnetTextLinks
{
  GObject parent_instance;

  GtkLabel *label;     /* not owned: it owns us */
  GArray *links;       /* of LinnetTextLink */
  PangoAttrList *base; /* the other attributes of the text */
  GdkRGBA color;
  int focused; /* index, or -1 */
};

G_DEFINE_FINAL_TYPE (LinnetTextLinks, linnet_text_links, G_TYPE_OBJECT)

enum
{
  ACTIVATE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const LinnetTextLink *
get_link (LinnetTextLinks *self,
          int index)
{
  return index >= 0 && index < (int) self->links->len ? &g_array_index (self->links, LinnetTextLink, index)
                                                      : NULL;
}

static int
index_at (LinnetTextLinks *self,
          double x,
          double y)
{
  PangoLayout *layout = gtk_label_get_layout (self->label);
  int layout_x, layout_y, index, trailing;

  gtk_label_get_layout_offsets (self->label, &layout_x, &layout_y);

  if (!pango_layout_xy_to_index (
          layout, (x - layout_x) * PANGO_SCALE, (y - layout_y) * PANGO_SCALE, &index, &trailing))
    return -1;

  for (guint i = 0; i < self->links->len; i++)
    if (index >= (int) get_link (self, i)->start && index < (int) get_link (self, i)->end)
      return i;

  return -1;
}

static void
add_attribute (PangoAttrList *list,
               const LinnetTextLink *link,
               PangoAttribute *attribute)
{
  attribute->start_index = link->start;
  attribute->end_index = link->end;
  pango_attr_list_insert (list, attribute);
}

static void
update_attributes (LinnetTextLinks *self)
{
  g_autoptr (PangoAttrList) list = pango_attr_list_copy (self->base);
  guint16 red = self->color.red * 65535, green = self->color.green * 65535, blue = self->color.blue * 65535;

  for (guint i = 0; i < self->links->len; i++)
    {
      const LinnetTextLink *link = get_link (self, i);

      add_attribute (list, link, pango_attr_foreground_new (red, green, blue));
      add_attribute (list, link, pango_attr_underline_new (PANGO_UNDERLINE_SINGLE));

      if ((int) i == self->focused)
        {
          add_attribute (list, link, pango_attr_background_new (red, green, blue));
          add_attribute (list, link, pango_attr_background_alpha_new (65535 / 4));
        }
    }

  gtk_label_set_attributes (self->label, list);
}

static void
set_focused (LinnetTextLinks *self,
             int focused)
{
  if (self->focused == focused)
    return;

  self->focused = focused;
  update_attributes (self);

  if (focused >= 0)
    {
      const LinnetTextLink *link = get_link (self, focused);
      g_autofree char *text =
          g_strndup (gtk_label_get_label (self->label) + link->start, link->end - link->start);

      gtk_accessible_announce (
          GTK_ACCESSIBLE (self->label), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
    }
}

static void
released_cb (GtkGestureClick *gesture,
             int n_press,
             double x,
             double y,
             LinnetTextLinks *self)
{
  int index = index_at (self, x, y);

  g_assert (LINNET_IS_TEXT_LINKS (self));

  /* Whoever drags or clicks twice selects text. */
  if (index < 0 || n_press != 1 || gtk_label_get_selection_bounds (self->label, NULL, NULL))
    return;

  g_signal_emit (self, signals[ACTIVATE], 0, get_link (self, index)->uri);
}

static void
motion_cb (GtkEventControllerMotion *controller,
           double x,
           double y,
           LinnetTextLinks *self)
{
  g_assert (LINNET_IS_TEXT_LINKS (self));

  gtk_widget_set_cursor_from_name (GTK_WIDGET (self->label), index_at (self, x, y) >= 0 ? "pointer" : "text");
}

static gboolean
query_tooltip_cb (LinnetTextLinks *self,
                  int x,
                  int y,
                  gboolean keyboard,
                  GtkTooltip *tooltip)
{
  const LinnetTextLink *link;
  g_autofree char *text = NULL;
  g_autofree char *safe = NULL;

  g_assert (LINNET_IS_TEXT_LINKS (self));

  link = get_link (self, keyboard ? self->focused : index_at (self, x, y));
  if (link == NULL)
    return FALSE;

  text = linnet_text_spans_dup_tooltip (link->uri);
  safe = linnet_safe_text_dup (GTK_WIDGET (self->label), text);
  gtk_tooltip_set_text (tooltip, safe);

  return TRUE;
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint keyval,
                guint keycode,
                GdkModifierType modifiers,
                LinnetTextLinks *self)
{
  gboolean backward = keyval == GDK_KEY_ISO_Left_Tab || (modifiers & GDK_SHIFT_MASK) != 0;
  int next;

  g_assert (LINNET_IS_TEXT_LINKS (self));

  switch (keyval)
    {
    case GDK_KEY_Tab:
    case GDK_KEY_KP_Tab:
    case GDK_KEY_ISO_Left_Tab:
      next = backward ? self->focused - 1 : self->focused + 1;
      if ((modifiers & GDK_CONTROL_MASK) != 0 || get_link (self, next) == NULL)
        return GDK_EVENT_PROPAGATE;
      set_focused (self, next);
      return GDK_EVENT_STOP;

    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_ISO_Enter:
      if (self->focused < 0)
        return GDK_EVENT_PROPAGATE;
      g_signal_emit (self, signals[ACTIVATE], 0, get_link (self, self->focused)->uri);
      return GDK_EVENT_STOP;

    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static void
focus_entered_cb (LinnetTextLinks *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self->label));

  g_assert (LINNET_IS_TEXT_LINKS (self));

  /* A click must not look like a choice of the first link. */
  if (GTK_IS_WINDOW (root) && gtk_window_get_focus_visible (GTK_WINDOW (root)) && self->links->len > 0)
    set_focused (self, 0);
}

static void
focus_left_cb (LinnetTextLinks *self)
{
  g_assert (LINNET_IS_TEXT_LINKS (self));

  set_focused (self, -1);
}

static void
linnet_text_links_finalize (GObject *object)
{
  LinnetTextLinks *self = LINNET_TEXT_LINKS (object);

  g_clear_pointer (&self->links, g_array_unref);
  g_clear_pointer (&self->base, pango_attr_list_unref);

  G_OBJECT_CLASS (linnet_text_links_parent_class)->finalize (object);
}

static void
linnet_text_links_class_init (LinnetTextLinksClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = linnet_text_links_finalize;

  signals[ACTIVATE] = g_signal_new ("activate",
                                    G_TYPE_FROM_CLASS (klass),
                                    G_SIGNAL_RUN_LAST,
                                    0,
                                    NULL,
                                    NULL,
                                    NULL,
                                    G_TYPE_NONE,
                                    1,
                                    G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
linnet_text_links_init (LinnetTextLinks *self)
{
  self->links = g_array_new (FALSE, FALSE, sizeof (LinnetTextLink));
  self->base = pango_attr_list_new ();
  self->focused = -1;
}

static void
add_controllers (LinnetTextLinks *self)
{
  GtkWidget *widget = GTK_WIDGET (self->label);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_PRIMARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_object (click, "released", G_CALLBACK (released_cb), self, G_CONNECT_DEFAULT);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));

  g_signal_connect_object (motion, "motion", G_CALLBACK (motion_cb), self, G_CONNECT_DEFAULT);
  gtk_widget_add_controller (widget, motion);

  gtk_event_controller_set_propagation_phase (key, GTK_PHASE_CAPTURE);
  g_signal_connect_object (key, "key-pressed", G_CALLBACK (key_pressed_cb), self, G_CONNECT_DEFAULT);
  gtk_widget_add_controller (widget, key);

  g_signal_connect_object (focus, "enter", G_CALLBACK (focus_entered_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (focus, "leave", G_CALLBACK (focus_left_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (widget, focus);

  gtk_widget_set_has_tooltip (widget, TRUE);
  g_signal_connect_object (widget, "query-tooltip", G_CALLBACK (query_tooltip_cb), self, G_CONNECT_SWAPPED);
}

/**
 * linnet_text_links_new:
 * @label: a selectable label, which must outlive the object
 *
 * Returns: (transfer full): what makes links of @label work
 */
LinnetTextLinks *
linnet_text_links_new (GtkLabel *label)
{
  LinnetTextLinks *self;

  g_return_val_if_fail (GTK_IS_LABEL (label), NULL);

  self = g_object_new (LINNET_TYPE_TEXT_LINKS, NULL);
  self->label = label;
  add_controllers (self);

  return self;
}

/**
 * linnet_text_links_set_links:
 * @links: (element-type LinnetTextLink): the links of the label's present text
 * @base: its other attributes
 */
void
linnet_text_links_set_links (LinnetTextLinks *self,
                             GArray *links,
                             PangoAttrList *base)
{
  g_return_if_fail (LINNET_IS_TEXT_LINKS (self));
  g_return_if_fail (links != NULL);

  g_array_ref (links);
  g_array_unref (self->links);
  self->links = links;
  pango_attr_list_ref (base);
  pango_attr_list_unref (self->base);
  self->base = base;
  self->focused = -1;

  linnet_text_links_update_style (self);
  update_attributes (self);
}

/**
 * linnet_text_links_get_index_at:
 * @x: in the label's coordinates
 * @y: likewise
 *
 * Returns: the index of the link there, or -1
 */
int
linnet_text_links_get_index_at (LinnetTextLinks *self,
                                double x,
                                double y)
{
  g_return_val_if_fail (LINNET_IS_TEXT_LINKS (self), -1);

  return index_at (self, x, y);
}

/**
 * linnet_text_links_update_style:
 *
 * Follows the accent colour and the style; to be called whenever the label's style may have changed.
 */
void
linnet_text_links_update_style (LinnetTextLinks *self)
{
  AdwStyleManager *manager;
  GdkRGBA color;

  g_return_if_fail (LINNET_IS_TEXT_LINKS (self));

  manager = adw_style_manager_get_for_display (gtk_widget_get_display (GTK_WIDGET (self->label)));
  adw_accent_color_to_standalone_rgba (
      adw_style_manager_get_accent_color (manager), adw_style_manager_get_dark (manager), &color);

  if (gdk_rgba_equal (&color, &self->color))
    return;

  self->color = color;
  if (self->links->len > 0)
    update_attributes (self);
}
