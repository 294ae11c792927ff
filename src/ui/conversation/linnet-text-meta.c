/* A message's text with its time in the same corner
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-text-meta"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-safe-text.h"
#include "linnet-text-links.h"
#include "linnet-text-meta.h"
#include "linnet-text-shape.h"
#include "linnet-text-spans.h"

/* The widest line a person reads with ease. */
#define TEXT_WIDTH 500
/* Between the last word and the time. */
#define META_GAP 10
/* The lines' own spacing keeps text and time apart: they may come a little closer. */
#define META_OVERLAP 2

/* A text of more bytes is never narrower than so many characters. */
#define LONG_TEXT 24
#define LONG_TEXT_CHARS 8

struct _LinnetTextMeta
{
  GtkWidget parent_instance;

  GtkLabel *label;
  GtkWidget *meta;
  GtkLabel *time;
  GtkImage *tick;
  LinnetTextLinks *links; /* nullable: most messages have none */

  LinnetMessageState state;
  guint n_links;

  /* A copy of the label's layout is expensive and asked for several times at the same width. */
  int cached_width;
  int cached_line_width;
  int cached_text_width; /* of all lines at TEXT_WIDTH */
  guint cached_opposite : 1;
  int cached_natural;
};

G_DEFINE_FINAL_TYPE (LinnetTextMeta, linnet_text_meta, GTK_TYPE_WIDGET)

enum
{
  ACTIVATE_LINK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *
state_icon (LinnetMessageState state)
{
  switch (state)
    {
    case LINNET_MESSAGE_QUEUED:
      return "linnet-clock-symbolic";
    case LINNET_MESSAGE_SENT:
      return "linnet-tick-symbolic";
    case LINNET_MESSAGE_DELIVERED:
    case LINNET_MESSAGE_READ:
      return "linnet-double-tick-symbolic";
    case LINNET_MESSAGE_FAILED:
      return "dialog-warning-symbolic";
    case LINNET_MESSAGE_RECEIVED:
    default:
      return NULL;
    }
}

static void
forget_sizes (LinnetTextMeta *self)
{
  self->cached_width = -1;
  self->cached_natural = -1;
}

/* The text as it would be laid out at @width pixels. */
static PangoLayout *
layout_at (LinnetTextMeta *self,
           int width)
{
  PangoLayout *layout = pango_layout_copy (gtk_label_get_layout (self->label));

  pango_layout_set_width (layout, width * PANGO_SCALE);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);

  return layout;
}

/* How wide the last line is, and whether it reads in the other direction than the widget: then its end is
 * where the time would be. */
static int
last_line (LinnetTextMeta *self,
           PangoLayout *layout,
           gboolean *opposite)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  PangoLayoutLine *line = pango_layout_get_line_readonly (layout, pango_layout_get_line_count (layout) - 1);
  PangoRectangle extents;

  pango_layout_line_get_pixel_extents (line, NULL, &extents);
  *opposite = (pango_layout_line_get_resolved_direction (line) == PANGO_DIRECTION_RTL) != rtl;

  return extents.width;
}

static int
meta_width (LinnetTextMeta *self)
{
  int natural;

  gtk_widget_measure (self->meta, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);

  return natural + META_GAP;
}

static int
natural_width (LinnetTextMeta *self)
{
  if (self->cached_natural < 0)
    {
      g_autoptr (PangoLayout) layout = layout_at (self, TEXT_WIDTH);
      int beside = meta_width (self);
      gboolean opposite;
      int width, line;

      pango_layout_get_pixel_size (layout, &width, NULL);
      line = last_line (self, layout, &opposite);

      /* Lines break in the same places at any width between the longest of them and this. */
      self->cached_text_width = width;
      self->cached_line_width = line;
      self->cached_opposite = opposite;
      self->cached_width = TEXT_WIDTH;

      width = MAX (width, beside);
      if (!opposite && line + beside <= TEXT_WIDTH)
        width = MAX (width, line + beside);

      self->cached_natural = width + 1;
    }

  return self->cached_natural;
}

static gboolean
meta_fits (LinnetTextMeta *self,
           int width)
{
  if (self->cached_width != width &&
      (self->cached_width != TEXT_WIDTH || width > TEXT_WIDTH || width < self->cached_text_width))
    {
      g_autoptr (PangoLayout) layout = layout_at (self, width);
      gboolean opposite;

      self->cached_line_width = last_line (self, layout, &opposite);
      self->cached_opposite = opposite;
      self->cached_width = width;
    }

  return !self->cached_opposite && self->cached_line_width + meta_width (self) <= width;
}

static GtkSizeRequestMode
linnet_text_meta_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
linnet_text_meta_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline)
{
  LinnetTextMeta *self = LINNET_TEXT_META (widget);
  int label_min, meta_min, meta_height, height;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      gtk_widget_measure (GTK_WIDGET (self->label), orientation, -1, &label_min, NULL, NULL, NULL);
      gtk_widget_measure (self->meta, orientation, -1, &meta_min, NULL, NULL, NULL);
      *minimum = MAX (label_min, meta_min);
      *natural = MAX (*minimum, natural_width (self));
      return;
    }

  if (for_size < 0)
    gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &for_size, NULL, NULL);

  gtk_widget_measure (GTK_WIDGET (self->label), orientation, for_size, &height, NULL, NULL, NULL);
  if (!meta_fits (self, for_size))
    {
      gtk_widget_measure (self->meta, orientation, -1, &meta_height, NULL, NULL, NULL);
      height += meta_height - META_OVERLAP;
    }

  *minimum = *natural = height;
}

static void
linnet_text_meta_size_allocate (GtkWidget *widget,
                                int width,
                                int height,
                                int baseline)
{
  LinnetTextMeta *self = LINNET_TEXT_META (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int label_height, meta_natural, meta_height;

  gtk_widget_measure (
      GTK_WIDGET (self->label), GTK_ORIENTATION_VERTICAL, width, &label_height, NULL, NULL, NULL);
  gtk_widget_measure (self->meta, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &meta_natural, NULL, NULL);
  gtk_widget_measure (self->meta, GTK_ORIENTATION_VERTICAL, -1, &meta_height, NULL, NULL, NULL);
  meta_natural = MIN (meta_natural, width);

  gtk_widget_size_allocate (GTK_WIDGET (self->label), &(GtkAllocation) { 0, 0, width, label_height }, -1);
  gtk_widget_size_allocate (self->meta,
                            &(GtkAllocation) {
                                rtl ? 0 : width - meta_natural,
                                height - meta_height,
                                meta_natural,
                                meta_height,
                            },
                            -1);
}

static void
linnet_text_meta_css_changed (GtkWidget *widget,
                              GtkCssStyleChange *change)
{
  LinnetTextMeta *self = LINNET_TEXT_META (widget);

  GTK_WIDGET_CLASS (linnet_text_meta_parent_class)->css_changed (widget, change);

  forget_sizes (self);
  if (self->links != NULL)
    linnet_text_links_update_style (self->links);
}

static void
linnet_text_meta_direction_changed (GtkWidget *widget,
                                    GtkTextDirection previous)
{
  forget_sizes (LINNET_TEXT_META (widget));

  GTK_WIDGET_CLASS (linnet_text_meta_parent_class)->direction_changed (widget, previous);
}

/* Only links are to be reached by keys: the label as a whole is the row's again, and not known to assistive
 * technologies. The menu copies the text. */
static gboolean
linnet_text_meta_focus (GtkWidget *widget,
                        GtkDirectionType direction)
{
  if (LINNET_TEXT_META (widget)->n_links == 0)
    return FALSE;

  return GTK_WIDGET_CLASS (linnet_text_meta_parent_class)->focus (widget, direction);
}

static void
activate_link_cb (LinnetTextMeta *self,
                  const char *uri)
{
  g_assert (LINNET_IS_TEXT_META (self));

  g_signal_emit (self, signals[ACTIVATE_LINK], 0, uri);
}

static void
linnet_text_meta_dispose (GObject *object)
{
  LinnetTextMeta *self = LINNET_TEXT_META (object);

  g_clear_object (&self->links);
  g_clear_pointer (&self->meta, gtk_widget_unparent);
  if (self->label != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->label));
  self->label = NULL;

  G_OBJECT_CLASS (linnet_text_meta_parent_class)->dispose (object);
}

static void
linnet_text_meta_class_init (LinnetTextMetaClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = linnet_text_meta_dispose;
  widget_class->css_changed = linnet_text_meta_css_changed;
  widget_class->direction_changed = linnet_text_meta_direction_changed;
  widget_class->focus = linnet_text_meta_focus;
  widget_class->get_request_mode = linnet_text_meta_get_request_mode;
  widget_class->measure = linnet_text_meta_measure;
  widget_class->size_allocate = linnet_text_meta_size_allocate;

  signals[ACTIVATE_LINK] = g_signal_new ("activate-link",
                                         G_TYPE_FROM_CLASS (klass),
                                         G_SIGNAL_RUN_LAST,
                                         0,
                                         NULL,
                                         NULL,
                                         NULL,
                                         G_TYPE_NONE,
                                         1,
                                         G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);

  /* The row tells everything; this is only how it is laid out. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
linnet_text_meta_init (LinnetTextMeta *self)
{
  forget_sizes (self);
  self->state = LINNET_MESSAGE_RECEIVED;

  self->label = g_object_new (GTK_TYPE_LABEL,
                              "selectable",
                              TRUE,
                              "wrap",
                              TRUE,
                              "wrap-mode",
                              PANGO_WRAP_WORD_CHAR,
                              "xalign",
                              0.f,
                              "yalign",
                              0.f,
                              NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "body");
  gtk_widget_set_parent (GTK_WIDGET (self->label), GTK_WIDGET (self));

  self->meta = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  gtk_widget_add_css_class (self->meta, "meta");
  gtk_widget_set_can_target (self->meta, FALSE);
  gtk_widget_set_parent (self->meta, GTK_WIDGET (self));

  self->time = GTK_LABEL (gtk_label_new (NULL));
  gtk_box_append (GTK_BOX (self->meta), GTK_WIDGET (self->time));
}

GtkWidget *
linnet_text_meta_new (void)
{
  return g_object_new (LINNET_TYPE_TEXT_META, NULL);
}

/* A link that the cut went through would open something else. */
static GArray *
find_whole_links (const char *text,
                  gboolean cut)
{
  GArray *links = linnet_text_spans_find_links (text);
  gsize length = strlen (text);

  if (cut && links->len > 0 &&
      g_array_index (links, LinnetTextLink, links->len - 1).end + strlen ("…") >= length)
    g_array_set_size (links, links->len - 1);

  return links;
}

/* What every text gets: no hyphens, which would look like parts of addresses, and long runs in pieces. */
static PangoAttrList *
create_attributes (const char *text)
{
  PangoAttrList *attributes = pango_attr_list_new ();
  g_autoptr (GArray) pieces = linnet_text_shape_find_long_runs (text);

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));

  for (guint i = 0; i < pieces->len; i++)
    {
      const LinnetTextRange *piece = &g_array_index (pieces, LinnetTextRange, i);
      PangoAttribute *attribute = pango_attr_fallback_new (TRUE);

      attribute->start_index = piece->start;
      attribute->end_index = piece->end;
      pango_attr_list_insert (attributes, attribute);
    }

  return attributes;
}

/**
 * linnet_text_meta_set_text:
 * @text: plain text from anybody
 * @cut: @text ends with an ellipsis because there is more
 */
void
linnet_text_meta_set_text (LinnetTextMeta *self,
                           const char *text,
                           gboolean cut)
{
  g_autofree char *safe = NULL;
  g_autoptr (PangoAttrList) attributes = NULL;
  g_autoptr (GArray) links = NULL;

  g_return_if_fail (LINNET_IS_TEXT_META (self));
  g_return_if_fail (text != NULL);

  safe = linnet_safe_text_dup (GTK_WIDGET (self->label), text);
  if (g_str_equal (gtk_label_get_label (self->label), safe))
    return;

  /* The old attributes are for the old text. */
  gtk_label_set_attributes (self->label, NULL);
  gtk_label_set_text (self->label, safe);
  /* GtkLabel finds its least width by laying the text out at it: very narrow is very slow. */
  gtk_label_set_width_chars (self->label, strlen (safe) > LONG_TEXT ? LONG_TEXT_CHARS : -1);
  forget_sizes (self);

  attributes = create_attributes (safe);
  links = find_whole_links (safe, cut);
  if (links->len > 0 && self->links == NULL)
    {
      self->links = linnet_text_links_new (self->label);
      g_signal_connect_object (self->links,
                               "activate",
                               G_CALLBACK (activate_link_cb),
                               self,
                               G_CONNECT_SWAPPED);
    }

  if (links->len > 0 || self->n_links > 0)
    linnet_text_links_set_links (self->links, links, attributes);
  else
    gtk_label_set_attributes (self->label, attributes);

  self->n_links = links->len;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/**
 * linnet_text_meta_set_time:
 * @time: the time of day
 */
void
linnet_text_meta_set_time (LinnetTextMeta *self,
                           const char *time)
{
  g_return_if_fail (LINNET_IS_TEXT_META (self));

  if (g_strcmp0 (gtk_label_get_label (self->time), time) == 0)
    return;

  gtk_label_set_text (self->time, time);
  forget_sizes (self);
}

/**
 * linnet_text_meta_set_state:
 *
 * Shows what became of an own message behind its time.
 */
void
linnet_text_meta_set_state (LinnetTextMeta *self,
                            LinnetMessageState state)
{
  const char *icon = state_icon (state);

  g_return_if_fail (LINNET_IS_TEXT_META (self));

  if (self->state == state)
    return;

  self->state = state;
  forget_sizes (self);

  if (icon != NULL && self->tick == NULL)
    {
      self->tick = GTK_IMAGE (gtk_image_new ());
      gtk_widget_add_css_class (GTK_WIDGET (self->tick), "tick");
      gtk_box_append (GTK_BOX (self->meta), GTK_WIDGET (self->tick));
    }

  if (self->tick != NULL)
    {
      gtk_widget_set_visible (GTK_WIDGET (self->tick), icon != NULL);
      gtk_image_set_from_icon_name (self->tick, icon);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->tick),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      icon != NULL ? linnet_text_meta_get_state_name (state) : "",
                                      -1);
    }

  if (state == LINNET_MESSAGE_READ)
    gtk_widget_add_css_class (self->meta, "read");
  else
    gtk_widget_remove_css_class (self->meta, "read");
}

/**
 * linnet_text_meta_get_text:
 *
 * Returns: (transfer none): the text as shown
 */
const char *
linnet_text_meta_get_text (LinnetTextMeta *self)
{
  g_return_val_if_fail (LINNET_IS_TEXT_META (self), NULL);

  return gtk_label_get_label (self->label);
}

/**
 * linnet_text_meta_get_state_name:
 *
 * Returns: (transfer none) (nullable): the word for @state that a screen reader says; none for an incoming
 * message
 */
const char *
linnet_text_meta_get_state_name (LinnetMessageState state)
{
  switch (state)
    {
    case LINNET_MESSAGE_QUEUED:
      return C_ ("message state", "waiting");
    case LINNET_MESSAGE_SENT:
      return C_ ("message state", "sent");
    case LINNET_MESSAGE_DELIVERED:
      return C_ ("message state", "received");
    case LINNET_MESSAGE_READ:
      return C_ ("message state", "read");
    case LINNET_MESSAGE_FAILED:
      return C_ ("message state", "not sent");
    case LINNET_MESSAGE_RECEIVED:
    default:
      return NULL;
    }
}

/**
 * linnet_text_meta_get_n_links:
 *
 * Returns: how many links the text has
 */
guint
linnet_text_meta_get_n_links (LinnetTextMeta *self)
{
  g_return_val_if_fail (LINNET_IS_TEXT_META (self), 0);

  return self->n_links;
}

/**
 * linnet_text_meta_get_link_at:
 * @relative: the widget whose coordinates @x and @y are
 *
 * Returns: the index of the link there, or -1
 */
int
linnet_text_meta_get_link_at (LinnetTextMeta *self,
                              GtkWidget *relative,
                              double x,
                              double y)
{
  graphene_point_t point;

  g_return_val_if_fail (LINNET_IS_TEXT_META (self), -1);

  if (self->n_links == 0 ||
      !gtk_widget_compute_point (relative, GTK_WIDGET (self->label), &GRAPHENE_POINT_INIT (x, y), &point))
    return -1;

  return linnet_text_links_get_index_at (self->links, point.x, point.y);
}

/**
 * linnet_text_meta_dup_selection:
 *
 * Returns: (transfer full) (nullable): the part of the text that is selected
 */
char *
linnet_text_meta_dup_selection (LinnetTextMeta *self)
{
  int start, end;

  g_return_val_if_fail (LINNET_IS_TEXT_META (self), NULL);

  if (!gtk_label_get_selection_bounds (self->label, &start, &end))
    return NULL;

  return g_utf8_substring (gtk_label_get_label (self->label), start, end);
}
