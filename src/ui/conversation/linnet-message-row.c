/* One message in the log
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-message-row"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "linnet-format.h"
#include "linnet-message-row.h"
#include "linnet-safe-text.h"
#include "linnet-text-meta.h"
#include "linnet-text-shape.h"

/* How wide a bubble gets, and what stays free on the other side. */
#define BUBBLE_WIDTH 560
#define NARROW 480
#define FREE_WIDE 44
#define FREE_NARROW 28
#define RUN_GAP 10
#define GAP 2

#define JUMBO_MAX 3
/* What is shown of a long message at first, and how much more at each press. */
#define FIRST_LINES 40
#define FIRST_BYTES (8 * 1024)
#define MORE_LINES 400
#define MORE_BYTES (16 * 1024)

#define APPEAR_MSEC 180
#define APPEAR_RISE 8

struct _LinnetMessageRow
{
  GtkWidget parent_instance;

  GtkWidget *header; /* nullable: day pill and unread line */
  GtkWidget *day;    /* nullable, in header */
  GtkWidget *unread; /* nullable, in header */
  GtkWidget *column;
  GtkWidget *bubble;
  LinnetTextMeta *text;
  GtkWidget *more;   /* nullable: "Show More" */
  GtkWidget *failed; /* nullable: "Not sent" and "Try Again" */
  GtkLabel *reason;  /* nullable, in failed */

  LinnetMessage *message;
  GSignalGroup *signals;
  AdwAnimation *animation; /* nullable */
  double progress;         /* of appearing, 1 when over */
  guint pages;             /* how often "Show More" was pressed */
  guint style;             /* what the bubble's classes stand for, see update_style() */
};

G_DEFINE_FINAL_TYPE (LinnetMessageRow, linnet_message_row, GTK_TYPE_WIDGET)

enum
{
  DESCRIBED,
  ACTIVATE_LINK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
is_outgoing (LinnetMessageRow *self)
{
  return self->message != NULL && linnet_message_get_outgoing (self->message);
}

static gboolean
starts_run (LinnetMessageRow *self)
{
  LinnetRunPosition run = self->message != NULL ? linnet_message_get_run (self->message) : LINNET_RUN_ONLY;

  return run == LINNET_RUN_ONLY || run == LINNET_RUN_FIRST;
}

static gboolean
has_header (LinnetMessageRow *self)
{
  return self->header != NULL && gtk_widget_get_visible (self->header);
}

static int
gap (LinnetMessageRow *self)
{
  if (has_header (self))
    return 0;

  return starts_run (self) ? RUN_GAP : GAP;
}

/* The width of the bubble's column in a row of @width; the one rule for measuring and allocating. */
static int
column_width (LinnetMessageRow *self,
              int width)
{
  int space = width - (width > NARROW ? FREE_WIDE : FREE_NARROW);
  int minimum, natural;

  gtk_widget_measure (self->column, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);

  return MAX (minimum, MIN (natural, MIN (BUBBLE_WIDTH, space)));
}

static GtkSizeRequestMode
linnet_message_row_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
linnet_message_row_measure (GtkWidget *widget,
                            GtkOrientation orientation,
                            int for_size,
                            int *minimum,
                            int *natural,
                            int *minimum_baseline,
                            int *natural_baseline)
{
  LinnetMessageRow *self = LINNET_MESSAGE_ROW (widget);
  int header = 0, column;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      int column_natural;

      gtk_widget_measure (self->column, orientation, -1, &column, &column_natural, NULL, NULL);
      if (has_header (self))
        gtk_widget_measure (self->header, orientation, -1, &header, NULL, NULL, NULL);

      *minimum = MAX (column + FREE_NARROW, header);
      *natural = MAX (*minimum, MIN (column_natural, BUBBLE_WIDTH) + FREE_NARROW);
      return;
    }

  if (for_size < 0)
    gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &for_size, NULL, NULL);

  gtk_widget_measure (self->column, orientation, column_width (self, for_size), &column, NULL, NULL, NULL);
  if (has_header (self))
    gtk_widget_measure (self->header, orientation, for_size, &header, NULL, NULL, NULL);

  *minimum = *natural = header + gap (self) + column;
}

static void
linnet_message_row_size_allocate (GtkWidget *widget,
                                  int width,
                                  int height,
                                  int baseline)
{
  LinnetMessageRow *self = LINNET_MESSAGE_ROW (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int column = column_width (self, width);
  int y = gap (self);
  int room;

  if (has_header (self))
    {
      int header;

      gtk_widget_measure (self->header, GTK_ORIENTATION_VERTICAL, width, &header, NULL, NULL, NULL);
      gtk_widget_size_allocate (self->header, &(GtkAllocation) { 0, 0, width, header }, -1);
      y += header;
    }

  /* While rows come and go fast, the list gives nothing to one that it has no place for. */
  room = height - y;
  if (room <= 0)
    gtk_widget_measure (self->column, GTK_ORIENTATION_VERTICAL, column, &room, NULL, NULL, NULL);

  gtk_widget_size_allocate (self->column,
                            &(GtkAllocation) {
                                is_outgoing (self) != rtl ? width - column : 0,
                                y,
                                column,
                                room,
                            },
                            -1);
}

static void
linnet_message_row_snapshot (GtkWidget *widget,
                             GtkSnapshot *snapshot)
{
  LinnetMessageRow *self = LINNET_MESSAGE_ROW (widget);

  if (self->progress >= 1.)
    {
      GTK_WIDGET_CLASS (linnet_message_row_parent_class)->snapshot (widget, snapshot);
      return;
    }

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, (1. - self->progress) * APPEAR_RISE));
  gtk_snapshot_push_opacity (snapshot, self->progress);
  GTK_WIDGET_CLASS (linnet_message_row_parent_class)->snapshot (widget, snapshot);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_restore (snapshot);
}

static void
update_header (LinnetMessageRow *self)
{
  gboolean day = linnet_message_get_starts_day (self->message);
  gboolean unread = linnet_message_get_starts_unread (self->message);

  if ((day || unread) && self->header == NULL)
    {
      self->header = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
      gtk_widget_insert_before (self->header, GTK_WIDGET (self), self->column);
    }

  if (day && self->day == NULL)
    {
      self->day = gtk_label_new (NULL);
      gtk_widget_add_css_class (self->day, "day-pill");
      gtk_widget_set_halign (self->day, GTK_ALIGN_CENTER);
      gtk_box_prepend (GTK_BOX (self->header), self->day);
    }

  if (day)
    {
      g_autofree char *text = linnet_format_day (linnet_message_get_time (self->message));

      gtk_label_set_text (GTK_LABEL (self->day), text);
    }

  if (unread && self->unread == NULL)
    {
      GtkWidget *before = gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);
      GtkWidget *after = gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);

      gtk_widget_set_hexpand (before, TRUE);
      gtk_widget_set_hexpand (after, TRUE);
      gtk_widget_set_valign (before, GTK_ALIGN_CENTER);
      gtk_widget_set_valign (after, GTK_ALIGN_CENTER);

      self->unread = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
      gtk_widget_add_css_class (self->unread, "unread-line");
      gtk_box_append (GTK_BOX (self->unread), before);
      gtk_box_append (GTK_BOX (self->unread), gtk_label_new (NULL));
      gtk_box_append (GTK_BOX (self->unread), after);
      gtk_box_append (GTK_BOX (self->header), self->unread);
    }

  if (unread)
    {
      guint n = linnet_message_get_unread_below (self->message);
      GtkWidget *label = gtk_widget_get_next_sibling (gtk_widget_get_first_child (self->unread));
      g_autofree char *text = g_strdup_printf (ngettext ("%u new message", "%u new messages", n), n);

      gtk_label_set_text (GTK_LABEL (label), text);
    }

  if (self->day != NULL)
    gtk_widget_set_visible (self->day, day);
  if (self->unread != NULL)
    gtk_widget_set_visible (self->unread, unread);
  if (self->header != NULL)
    gtk_widget_set_visible (self->header, day || unread);

  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
retry_cb (LinnetMessageRow *self)
{
  g_autofree char *id = NULL;

  g_assert (LINNET_IS_MESSAGE_ROW (self));

  id = g_strdup_printf ("%" G_GINT64_FORMAT, linnet_message_get_id (self->message));
  gtk_widget_activate_action (GTK_WIDGET (self), "win.message-retry", "s", id);
}

static void
create_failed (LinnetMessageRow *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (_ ("Not sent"));
  GtkWidget *button = gtk_button_new_with_label (_ ("Try Again"));
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  gtk_widget_add_css_class (label, "error");
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Try Again"));
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (retry_cb), self);

  gtk_widget_set_halign (line, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), button);

  self->reason = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->reason, TRUE);
  gtk_label_set_xalign (self->reason, 1.f);
  /* Unlike the alignment, GTK does not mirror this. */
  gtk_label_set_justify (self->reason, mirrored ? GTK_JUSTIFY_LEFT : GTK_JUSTIFY_RIGHT);
  gtk_widget_add_css_class (GTK_WIDGET (self->reason), "dim-label");

  self->failed = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->failed, "failed-line");
  gtk_box_append (GTK_BOX (self->failed), line);
  gtk_box_append (GTK_BOX (self->failed), GTK_WIDGET (self->reason));
  gtk_box_append (GTK_BOX (self->column), self->failed);
}

static void
update_failed (LinnetMessageRow *self)
{
  gboolean failed = linnet_message_get_state (self->message) == LINNET_MESSAGE_FAILED;

  if (failed && self->failed == NULL)
    create_failed (self);
  if (self->failed != NULL)
    gtk_widget_set_visible (self->failed, failed);

  if (failed)
    {
      const char *reason = linnet_message_get_error_text (self->message);
      g_autofree char *safe = linnet_safe_text_dup (GTK_WIDGET (self->reason), reason != NULL ? reason : "");

      gtk_label_set_text (self->reason, safe);
      gtk_widget_set_visible (GTK_WIDGET (self->reason), reason != NULL);
    }
}

static void
update_style (LinnetMessageRow *self,
              gboolean jumbo)
{
  static const char *const run_classes[] = {
    [LINNET_RUN_ONLY] = "only",
    [LINNET_RUN_FIRST] = "first",
    [LINNET_RUN_MIDDLE] = "mid",
    [LINNET_RUN_LAST] = "last",
  };
  const char *classes[7] = { "bubble" };
  gboolean outgoing = is_outgoing (self);
  gboolean failed = linnet_message_get_state (self->message) == LINNET_MESSAGE_FAILED;
  LinnetRunPosition run = linnet_message_get_run (self->message);
  /* Setting classes makes GTK look up the style again, also when they are the same. */
  guint style = 1u | (guint) run << 1 | (guint) outgoing << 3 | (guint) failed << 4 | (guint) jumbo << 5;
  guint n = 1;

  if (self->style == style)
    return;

  self->style = style;
  classes[n++] = outgoing ? "out" : "in";
  classes[n++] = run_classes[run];
  if (failed)
    classes[n++] = "failed";
  if (jumbo)
    {
      classes[n++] = "bare";
      classes[n++] = "jumbo";
    }

  gtk_widget_set_css_classes (self->bubble, classes);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void update_text (LinnetMessageRow *self);

static void
more_cb (LinnetMessageRow *self)
{
  g_assert (LINNET_IS_MESSAGE_ROW (self));

  self->pages++;
  update_text (self);
}

static void
update_text (LinnetMessageRow *self)
{
  const char *body = linnet_message_get_body (self->message);
  gboolean cut;
  g_autofree char *text = linnet_text_shape_dup_excerpt (
      body, FIRST_LINES + self->pages * MORE_LINES, FIRST_BYTES + self->pages * MORE_BYTES, &cut);

  linnet_text_meta_set_text (self->text, text, cut);
  update_style (self, !cut && linnet_text_shape_count_emoji (text, JUMBO_MAX) > 0);

  if (cut && self->more == NULL)
    {
      self->more = gtk_button_new_with_label (_ ("Show More"));
      gtk_widget_add_css_class (self->more, "show-more");
      gtk_widget_add_css_class (self->more, "flat");
      gtk_widget_set_tooltip_text (self->more, _ ("Show More"));
      gtk_widget_set_halign (self->more, GTK_ALIGN_START);
      g_signal_connect_swapped (self->more, "clicked", G_CALLBACK (more_cb), self);
      gtk_box_append (GTK_BOX (self->bubble), self->more);
    }

  if (self->more != NULL)
    gtk_widget_set_visible (self->more, cut);
}

static void
update_described (LinnetMessageRow *self)
{
  g_autofree char *name = linnet_message_row_dup_name (self);
  g_autofree char *description = linnet_message_row_dup_description (self);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description,
                                  -1);
  g_signal_emit (self, signals[DESCRIBED], 0);
}

static void
update_all (LinnetMessageRow *self)
{
  g_autofree char *time = linnet_format_clock (linnet_message_get_time (self->message));

  linnet_text_meta_set_time (self->text, time);
  linnet_text_meta_set_state (self->text, linnet_message_get_state (self->message));
  update_text (self);
  update_header (self);
  update_failed (self);
  update_described (self);
}

static void
notify_cb (LinnetMessageRow *self,
           GParamSpec *pspec)
{
  g_assert (LINNET_IS_MESSAGE_ROW (self));

  if (self->message != NULL)
    update_all (self);
}

static void
activate_link_cb (LinnetMessageRow *self,
                  const char *uri)
{
  g_assert (LINNET_IS_MESSAGE_ROW (self));

  g_signal_emit (self, signals[ACTIVATE_LINK], 0, uri);
}

static void
progress_cb (double value,
             gpointer user_data)
{
  LinnetMessageRow *self = user_data;

  self->progress = value;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
linnet_message_row_dispose (GObject *object)
{
  LinnetMessageRow *self = LINNET_MESSAGE_ROW (object);

  if (self->animation != NULL)
    adw_animation_pause (self->animation);
  g_clear_object (&self->animation);
  g_clear_object (&self->signals);
  g_clear_object (&self->message);
  g_clear_pointer (&self->header, gtk_widget_unparent);
  g_clear_pointer (&self->column, gtk_widget_unparent);

  G_OBJECT_CLASS (linnet_message_row_parent_class)->dispose (object);
}

static void
linnet_message_row_class_init (LinnetMessageRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = linnet_message_row_dispose;
  widget_class->get_request_mode = linnet_message_row_get_request_mode;
  widget_class->measure = linnet_message_row_measure;
  widget_class->size_allocate = linnet_message_row_size_allocate;
  widget_class->snapshot = linnet_message_row_snapshot;

  signals[DESCRIBED] = g_signal_new (
      "described", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
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

  gtk_widget_class_set_css_name (widget_class, "messagerow");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ARTICLE);
}

static void
linnet_message_row_init (LinnetMessageRow *self)
{
  self->progress = 1.;

  self->column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_parent (self->column, GTK_WIDGET (self));

  self->bubble = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (self->column), self->bubble);

  self->text = LINNET_TEXT_META (linnet_text_meta_new ());
  g_signal_connect_object (
      self->text, "activate-link", G_CALLBACK (activate_link_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->bubble), GTK_WIDGET (self->text));

  self->signals = g_signal_group_new (LINNET_TYPE_MESSAGE);
  g_signal_group_connect_swapped (self->signals, "notify", G_CALLBACK (notify_cb), self);
}

GtkWidget *
linnet_message_row_new (void)
{
  return g_object_new (LINNET_TYPE_MESSAGE_ROW, NULL);
}

/**
 * linnet_message_row_set_message:
 * @message: (nullable): what to show and follow from now on
 */
void
linnet_message_row_set_message (LinnetMessageRow *self,
                                LinnetMessage *message)
{
  g_return_if_fail (LINNET_IS_MESSAGE_ROW (self));

  if (!g_set_object (&self->message, message))
    return;

  g_signal_group_set_target (self->signals, message);
  self->pages = 0;

  if (self->animation != NULL)
    adw_animation_skip (self->animation);
  if (message != NULL)
    update_all (self);
}

/**
 * linnet_message_row_get_message:
 *
 * Returns: (transfer none) (nullable): what the row shows
 */
LinnetMessage *
linnet_message_row_get_message (LinnetMessageRow *self)
{
  g_return_val_if_fail (LINNET_IS_MESSAGE_ROW (self), NULL);

  return self->message;
}

/**
 * linnet_message_row_dup_name:
 *
 * Returns: (transfer full): what a screen reader calls the row: "<sender>: <text>"
 */
char *
linnet_message_row_dup_name (LinnetMessageRow *self)
{
  const char *sender;

  g_return_val_if_fail (LINNET_IS_MESSAGE_ROW (self), NULL);

  if (self->message == NULL)
    return g_strdup ("");

  sender = is_outgoing (self) ? _ ("You") : linnet_message_get_sender_name (self->message);

  return g_strdup_printf ("%s: %s", sender, linnet_text_meta_get_text (self->text));
}

/**
 * linnet_message_row_dup_description:
 *
 * Returns: (transfer full): what a screen reader says after the name: "14:05, read"
 */
char *
linnet_message_row_dup_description (LinnetMessageRow *self)
{
  g_autofree char *time = NULL;
  const char *state;

  g_return_val_if_fail (LINNET_IS_MESSAGE_ROW (self), NULL);

  if (self->message == NULL)
    return g_strdup ("");

  time = linnet_format_clock (linnet_message_get_time (self->message));
  state = linnet_text_meta_get_state_name (linnet_message_get_state (self->message));

  return state != NULL ? g_strdup_printf ("%s, %s", time, state) : g_steal_pointer (&time);
}

/**
 * linnet_message_row_get_n_links:
 *
 * Returns: how many links the message shows
 */
guint
linnet_message_row_get_n_links (LinnetMessageRow *self)
{
  g_return_val_if_fail (LINNET_IS_MESSAGE_ROW (self), 0);

  return linnet_text_meta_get_n_links (self->text);
}

/**
 * linnet_message_row_get_link_at:
 * @x: in the row's coordinates
 * @y: likewise
 *
 * Returns: the index of the link there, or -1
 */
int
linnet_message_row_get_link_at (LinnetMessageRow *self,
                                double x,
                                double y)
{
  g_return_val_if_fail (LINNET_IS_MESSAGE_ROW (self), -1);

  return linnet_text_meta_get_link_at (self->text, GTK_WIDGET (self), x, y);
}

/**
 * linnet_message_row_dup_selection:
 *
 * Returns: (transfer full) (nullable): the part of the text that is selected
 */
char *
linnet_message_row_dup_selection (LinnetMessageRow *self)
{
  g_return_val_if_fail (LINNET_IS_MESSAGE_ROW (self), NULL);

  return linnet_text_meta_dup_selection (self->text);
}

/**
 * linnet_message_row_get_bubble:
 *
 * Returns: (transfer none): where a menu about the message points to
 */
GtkWidget *
linnet_message_row_get_bubble (LinnetMessageRow *self)
{
  g_return_val_if_fail (LINNET_IS_MESSAGE_ROW (self), NULL);

  return self->bubble;
}

/**
 * linnet_message_row_appear:
 *
 * Lets the row fade in and rise, as one that has just come. Does nothing when animations are off.
 */
void
linnet_message_row_appear (LinnetMessageRow *self)
{
  g_return_if_fail (LINNET_IS_MESSAGE_ROW (self));

  if (self->animation == NULL)
    {
      AdwAnimationTarget *target = adw_callback_animation_target_new (progress_cb, self, NULL);

      self->animation = adw_timed_animation_new (GTK_WIDGET (self), 0., 1., APPEAR_MSEC, target);
      adw_timed_animation_set_easing (ADW_TIMED_ANIMATION (self->animation), ADW_EASE_OUT_CUBIC);
    }

  adw_animation_play (self->animation);
}
