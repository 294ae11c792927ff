/* Choosing a square of a picture
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-crop-view"

#include "config.h"

#include <math.h>

#include "linnet-crop-view.h"
#include "linnet-picture-crop.h"

#define MINIMUM 160
#define NATURAL 320
#define KEY_STEP 0.05
#define ZOOM_STEP 1.1

struct _LinnetCropView
{
  GtkWidget parent_instance;

  GdkTexture *texture;
  LinnetPictureCrop crop;
  double drag_x; /* how far the drag had come */
  double drag_y;
  double pinch_zoom; /* when it began */
  double pointer_x;
  double pointer_y;
};

enum
{
  PROP_0,
  PROP_ZOOM,
  PROP_MAX_ZOOM,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LinnetCropView, linnet_crop_view, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

/* The window is a square in the middle. */
static double
get_window (LinnetCropView *self, double *x, double *y)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  double size = MAX (1, MIN (width, height));

  *x = (width - size) / 2;
  *y = (height - size) / 2;

  return size;
}

static void
set_zoom (LinnetCropView *self, double zoom, double anchor_x, double anchor_y)
{
  double before = self->crop.zoom;

  linnet_picture_crop_set_zoom (&self->crop, zoom, anchor_x, anchor_y);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (self->crop.zoom != before)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ZOOM]);
}

static void
move (LinnetCropView *self, double dx, double dy)
{
  linnet_picture_crop_move (&self->crop, dx, dy);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
drag_begin_cb (LinnetCropView *self)
{
  self->drag_x = 0;
  self->drag_y = 0;
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
drag_update_cb (LinnetCropView *self, double x, double y)
{
  double unused_x;
  double unused_y;
  double size = get_window (self, &unused_x, &unused_y);

  move (self, (self->drag_x - x) / size, (self->drag_y - y) / size);
  self->drag_x = x;
  self->drag_y = y;
}

static void
pinch_begin_cb (LinnetCropView *self)
{
  self->pinch_zoom = self->crop.zoom;
}

static void
pinch_cb (LinnetCropView *self, double scale, GtkGesture *gesture)
{
  double left;
  double top;
  double size = get_window (self, &left, &top);
  double x = left + size / 2;
  double y = top + size / 2;

  gtk_gesture_get_bounding_box_center (gesture, &x, &y);
  set_zoom (self, self->pinch_zoom * scale, (x - left) / size, (y - top) / size);
}

static void
motion_cb (LinnetCropView *self, double x, double y)
{
  self->pointer_x = x;
  self->pointer_y = y;
}

static gboolean
scroll_cb (LinnetCropView *self, double dx, double dy)
{
  double left;
  double top;
  double size = get_window (self, &left, &top);

  set_zoom (self,
            self->crop.zoom * pow (ZOOM_STEP, -dy),
            (self->pointer_x - left) / size,
            (self->pointer_y - top) / size);

  return GDK_EVENT_STOP;
}

static gboolean
key_cb (LinnetCropView *self, guint keyval)
{
  switch (keyval)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      move (self, -KEY_STEP, 0);
      break;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      move (self, KEY_STEP, 0);
      break;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      move (self, 0, -KEY_STEP);
      break;
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      move (self, 0, KEY_STEP);
      break;
    case GDK_KEY_plus:
    case GDK_KEY_equal:
    case GDK_KEY_KP_Add:
      set_zoom (self, self->crop.zoom * ZOOM_STEP, 0.5, 0.5);
      break;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      set_zoom (self, self->crop.zoom / ZOOM_STEP, 0.5, 0.5);
      break;
    default:
      return GDK_EVENT_PROPAGATE;
    }

  return GDK_EVENT_STOP;
}

static void
append_shade (GtkSnapshot *snapshot, const graphene_rect_t *bounds, double x, double y, double size)
{
  g_autoptr (GskPathBuilder) builder = gsk_path_builder_new ();
  g_autoptr (GskPath) path = NULL;
  graphene_point_t middle = GRAPHENE_POINT_INIT (x + size / 2, y + size / 2);
  const GdkRGBA shade = { 0, 0, 0, 0.6 };

  gsk_path_builder_add_rect (builder, bounds);
  gsk_path_builder_add_circle (builder, &middle, size / 2);
  path = gsk_path_builder_free_to_path (g_steal_pointer (&builder));
  gtk_snapshot_append_fill (snapshot, path, GSK_FILL_RULE_EVEN_ODD, &shade);
}

static void
linnet_crop_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LinnetCropView *self = LINNET_CROP_VIEW (widget);
  graphene_rect_t bounds =
      GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  graphene_rect_t picture;
  double x;
  double y;
  double size = get_window (self, &x, &y);
  double side;
  double scale;

  if (self->texture == NULL)
    return;

  side = linnet_picture_crop_get_side (&self->crop);
  scale = size / side;
  graphene_rect_init (&picture,
                      x - (self->crop.x - side / 2) * scale,
                      y - (self->crop.y - side / 2) * scale,
                      self->crop.width * scale,
                      self->crop.height * scale);

  gtk_snapshot_push_clip (snapshot, &bounds);
  gtk_snapshot_append_scaled_texture (snapshot, self->texture, GSK_SCALING_FILTER_TRILINEAR, &picture);
  append_shade (snapshot, &bounds, x, y, size);
  gtk_snapshot_pop (snapshot);
}

static void
linnet_crop_view_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline)
{
  *minimum = MINIMUM;
  *natural = NATURAL;
}

static void
linnet_crop_view_dispose (GObject *object)
{
  g_clear_object (&LINNET_CROP_VIEW (object)->texture);

  G_OBJECT_CLASS (linnet_crop_view_parent_class)->dispose (object);
}

static void
linnet_crop_view_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LinnetCropView *self = LINNET_CROP_VIEW (object);

  switch (prop_id)
    {
    case PROP_ZOOM:
      g_value_set_double (value, self->crop.zoom);
      break;
    case PROP_MAX_ZOOM:
      g_value_set_double (value, linnet_picture_crop_get_max_zoom (&self->crop));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_crop_view_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_ZOOM:
      set_zoom (LINNET_CROP_VIEW (object), g_value_get_double (value), 0.5, 0.5);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_crop_view_class_init (LinnetCropViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = linnet_crop_view_dispose;
  object_class->get_property = linnet_crop_view_get_property;
  object_class->set_property = linnet_crop_view_set_property;
  widget_class->snapshot = linnet_crop_view_snapshot;
  widget_class->measure = linnet_crop_view_measure;

  properties[PROP_ZOOM] =
      g_param_spec_double ("zoom", NULL, NULL, 1, G_MAXDOUBLE, 1, G_PARAM_READWRITE | flags);
  properties[PROP_MAX_ZOOM] =
      g_param_spec_double ("max-zoom", NULL, NULL, 1, G_MAXDOUBLE, 1, G_PARAM_READABLE | flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "cropview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
add_controllers (LinnetCropView *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *pinch = gtk_gesture_zoom_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkEventController *key = gtk_event_controller_key_new ();

  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (pinch, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect_swapped (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_cb), self);

  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (pinch));
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_widget_add_controller (GTK_WIDGET (self), key);
}

static void
linnet_crop_view_init (LinnetCropView *self)
{
  linnet_picture_crop_init (&self->crop, 1, 1);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  add_controllers (self);
}

void
linnet_crop_view_set_picture (LinnetCropView *self, GdkTexture *texture, guint width, guint height)
{
  g_return_if_fail (LINNET_IS_CROP_VIEW (self));

  g_set_object (&self->texture, texture);
  linnet_picture_crop_init (&self->crop, MAX (1, width), MAX (1, height));
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MAX_ZOOM]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ZOOM]);
}

void
linnet_crop_view_get_square (LinnetCropView *self, guint *x, guint *y, guint *side)
{
  g_return_if_fail (LINNET_IS_CROP_VIEW (self));

  linnet_picture_crop_get_square (&self->crop, x, y, side);
}
