/* A list that stays at its end
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-log-view"

#include "config.h"

#include <glib/gi18n.h>

#include <adwaita.h>

#include "linnet-log-view.h"

/* As wide as a person reads; the list's padding comes on top. */
#define LOG_WIDTH 884
/* Nearer to the end than this is at the end. */
#define END_SLACK 2.
/* How often one arming scrolls: GTK guesses the height of rows it has not measured. */
#define MAX_TRIES 4
#define GLIDE_MSEC 200
#define NO_ROW G_MAXUINT

struct _LinnetLogView
{
  GtkWidget parent_instance;

  GtkWidget *scrolled;
  GtkListView *list;
  GtkAdjustment *adjustment; /* of scrolled */
  GListModel *model;

  AdwAnimation *glide; /* nullable */
  guint tick_id;
  guint tries;
  guint target; /* a row to show instead of the end, or NO_ROW */

  double last_upper; /* at the previous change of value */
  double last_page;
  guint generation; /* counts changes of the model */
  guint last_generation;
  guint sticky : 1;
  guint has_end : 1;
  guint scrolling : 1; /* in a frame in which the list is told to scroll: until that is painted */
};

G_DEFINE_FINAL_TYPE (LinnetLogView, linnet_log_view, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_HAS_END,
  PROP_STICKY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  OLDER_WANTED,
  NEWER_WANTED,
  SETTLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static double
below (LinnetLogView *self)
{
  return gtk_adjustment_get_upper (self->adjustment) - gtk_adjustment_get_page_size (self->adjustment) -
         gtk_adjustment_get_value (self->adjustment);
}

static gboolean
at_end (LinnetLogView *self)
{
  return self->has_end && below (self) < END_SLACK;
}

static void
set_sticky (LinnetLogView *self,
            gboolean sticky)
{
  if (self->sticky == sticky)
    return;

  self->sticky = sticky;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STICKY]);
}

static void
painted_cb (LinnetLogView *self,
            GdkFrameClock *clock)
{
  g_assert (LINNET_IS_LOG_VIEW (self));

  self->scrolling = FALSE;
  g_signal_handlers_disconnect_by_func (clock, painted_cb, self);
}

static gboolean
tick_cb (GtkWidget *widget,
         GdkFrameClock *clock,
         gpointer user_data)
{
  LinnetLogView *self = LINNET_LOG_VIEW (widget);
  guint n = g_list_model_get_n_items (self->model);
  gboolean to_row = self->target != NO_ROW;

  if (n == 0 || self->tries >= MAX_TRIES ||
      (!to_row && (!self->sticky || (self->tries > 0 && at_end (self)))))
    {
      self->tick_id = 0;
      self->target = NO_ROW;
      g_signal_emit (self, signals[SETTLED], 0);
      linnet_log_view_check_edges (self);
      return G_SOURCE_REMOVE;
    }

  if (!self->scrolling)
    g_signal_connect_object (clock, "after-paint", G_CALLBACK (painted_cb), self, G_CONNECT_SWAPPED);
  self->scrolling = TRUE;

  /* Of a row taller than the view, scrolling to it may show no more than the top. */
  if (!to_row && self->tries > 0)
    gtk_adjustment_set_value (self->adjustment, gtk_adjustment_get_upper (self->adjustment));
  else
    gtk_list_view_scroll_to (
        self->list, to_row ? MIN (self->target, n - 1) : n - 1, GTK_LIST_SCROLL_NONE, NULL);

  self->tries++;

  return G_SOURCE_CONTINUE;
}

/* Scrolls in the next frames: in this one the list does not know its new rows yet. Before it is mapped
 * nothing can. */
static void
arm (LinnetLogView *self)
{
  self->tries = 0;

  if (self->tick_id == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
}

static void
items_changed_cb (LinnetLogView *self)
{
  g_assert (LINNET_IS_LOG_VIEW (self));

  self->generation++;
  if (self->sticky)
    arm (self);
}

static void
changed_cb (LinnetLogView *self)
{
  g_assert (LINNET_IS_LOG_VIEW (self));

  if (self->tick_id == 0 && at_end (self))
    set_sticky (self, TRUE);
  if (self->sticky)
    arm (self);

  linnet_log_view_check_edges (self);
}

static void
value_changed_cb (LinnetLogView *self)
{
  double upper = gtk_adjustment_get_upper (self->adjustment);
  double page = gtk_adjustment_get_page_size (self->adjustment);

  g_assert (LINNET_IS_LOG_VIEW (self));

  /* With other rows or another upper or page it is the list that moved, not the person; and so it is until
   * a frame in which it scrolls is laid out. */
  if (at_end (self))
    set_sticky (self, TRUE);
  else if (!self->scrolling && self->generation == self->last_generation &&
           G_APPROX_VALUE (upper, self->last_upper, .5) && G_APPROX_VALUE (page, self->last_page, .5))
    set_sticky (self, FALSE);

  self->last_generation = self->generation;
  self->last_upper = upper;
  self->last_page = page;

  linnet_log_view_check_edges (self);
}

static void
glide_cb (double value,
          gpointer user_data)
{
  gtk_adjustment_set_value (LINNET_LOG_VIEW (user_data)->adjustment, value);
}

static void
glide_done_cb (LinnetLogView *self)
{
  g_assert (LINNET_IS_LOG_VIEW (self));

  linnet_log_view_stick (self);
}

static void
linnet_log_view_map (GtkWidget *widget)
{
  LinnetLogView *self = LINNET_LOG_VIEW (widget);

  GTK_WIDGET_CLASS (linnet_log_view_parent_class)->map (widget);

  if (self->sticky || self->target != NO_ROW)
    arm (self);
}

static void
linnet_log_view_unmap (GtkWidget *widget)
{
  LinnetLogView *self = LINNET_LOG_VIEW (widget);

  /* An unmapped widget gets no frames. */
  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (widget, self->tick_id);
  self->tick_id = 0;

  GTK_WIDGET_CLASS (linnet_log_view_parent_class)->unmap (widget);
}

static void
linnet_log_view_get_property (GObject *object,
                              guint prop_id,
                              GValue *value,
                              GParamSpec *pspec)
{
  LinnetLogView *self = LINNET_LOG_VIEW (object);

  switch (prop_id)
    {
    case PROP_HAS_END:
      g_value_set_boolean (value, self->has_end);
      break;
    case PROP_STICKY:
      g_value_set_boolean (value, self->sticky);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_log_view_set_property (GObject *object,
                              guint prop_id,
                              const GValue *value,
                              GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_HAS_END:
      linnet_log_view_set_has_end (LINNET_LOG_VIEW (object), g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_log_view_dispose (GObject *object)
{
  LinnetLogView *self = LINNET_LOG_VIEW (object);

  g_clear_object (&self->glide);
  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (linnet_log_view_parent_class)->dispose (object);
}

/* Who comes by keyboard and reads the newest messages begins with the newest. */
static gboolean
linnet_log_view_focus (GtkWidget *widget,
                       GtkDirectionType direction)
{
  LinnetLogView *self = LINNET_LOG_VIEW (widget);
  guint n = g_list_model_get_n_items (self->model);

  if (gtk_widget_get_focus_child (widget) == NULL && self->sticky && n > 0)
    gtk_list_view_scroll_to (self->list, n - 1, GTK_LIST_SCROLL_FOCUS, NULL);

  return gtk_widget_child_focus (self->scrolled, direction);
}

static void
linnet_log_view_class_init (LinnetLogViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = linnet_log_view_dispose;
  object_class->get_property = linnet_log_view_get_property;
  object_class->set_property = linnet_log_view_set_property;
  widget_class->focus = linnet_log_view_focus;
  widget_class->map = linnet_log_view_map;
  widget_class->unmap = linnet_log_view_unmap;

  properties[PROP_HAS_END] = g_param_spec_boolean (
      "has-end", NULL, NULL, TRUE, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_STICKY] =
      g_param_spec_boolean ("sticky", NULL, NULL, TRUE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[OLDER_WANTED] = g_signal_new (
      "older-wanted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[NEWER_WANTED] = g_signal_new (
      "newer-wanted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SETTLED] = g_signal_new (
      "settled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LOG);
}

static void
linnet_log_view_init (LinnetLogView *self)
{
  GtkWidget *clamp;

  self->sticky = TRUE;
  self->has_end = TRUE;
  self->target = NO_ROW;

  /* At the bottom while there is less than a page. */
  self->list = GTK_LIST_VIEW (gtk_list_view_new (NULL, NULL));
  gtk_list_view_set_tab_behavior (self->list, GTK_LIST_TAB_ITEM);
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Messages"), -1);
  gtk_widget_set_valign (GTK_WIDGET (self->list), GTK_ALIGN_END);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "chat-log");

  clamp = adw_clamp_scrollable_new ();
  adw_clamp_scrollable_set_maximum_size (ADW_CLAMP_SCROLLABLE (clamp), LOG_WIDTH);
  adw_clamp_scrollable_set_tightening_threshold (ADW_CLAMP_SCROLLABLE (clamp), LOG_WIDTH);
  adw_clamp_scrollable_set_child (ADW_CLAMP_SCROLLABLE (clamp), GTK_WIDGET (self->list));

  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (
      GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), clamp);
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));

  self->adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scrolled));
  g_signal_connect_object (self->adjustment, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
      self->adjustment, "value-changed", G_CALLBACK (value_changed_cb), self, G_CONNECT_SWAPPED);
}

/**
 * linnet_log_view_new:
 * @model: (transfer none): the rows, oldest first
 * @factory: (transfer none): makes the widgets
 *
 * Returns: (transfer floating): a view at the end of @model
 */
GtkWidget *
linnet_log_view_new (GListModel *model,
                     GtkListItemFactory *factory)
{
  LinnetLogView *self;
  g_autoptr (GtkNoSelection) selection = NULL;

  g_return_val_if_fail (G_IS_LIST_MODEL (model), NULL);

  self = g_object_new (LINNET_TYPE_LOG_VIEW, NULL);
  self->model = g_object_ref (model);
  selection = gtk_no_selection_new (g_object_ref (model));
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  /* After the list's own handler: the list must have seen what we react to. */
  g_signal_connect_object (model, "items-changed", G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

/**
 * linnet_log_view_get_list:
 *
 * Returns: (transfer none): the list of rows
 */
GtkListView *
linnet_log_view_get_list (LinnetLogView *self)
{
  g_return_val_if_fail (LINNET_IS_LOG_VIEW (self), NULL);

  return self->list;
}

/**
 * linnet_log_view_get_sticky:
 *
 * Returns: whether the end is shown and followed
 */
gboolean
linnet_log_view_get_sticky (LinnetLogView *self)
{
  g_return_val_if_fail (LINNET_IS_LOG_VIEW (self), FALSE);

  return self->sticky;
}

/**
 * linnet_log_view_set_has_end:
 * @has_end: whether the model's last row is really the last
 */
void
linnet_log_view_set_has_end (LinnetLogView *self,
                             gboolean has_end)
{
  g_return_if_fail (LINNET_IS_LOG_VIEW (self));

  if (self->has_end == has_end)
    return;

  self->has_end = has_end;
  if (!has_end)
    set_sticky (self, FALSE);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_END]);
}

/**
 * linnet_log_view_stick:
 *
 * Goes to the end at once and follows it.
 */
void
linnet_log_view_stick (LinnetLogView *self)
{
  g_return_if_fail (LINNET_IS_LOG_VIEW (self));

  self->target = NO_ROW;
  set_sticky (self, TRUE);
  arm (self);
}

/**
 * linnet_log_view_glide_to_end:
 *
 * Goes to the end and follows it; moves there visibly when it is near.
 */
void
linnet_log_view_glide_to_end (LinnetLogView *self)
{
  double value, page;

  g_return_if_fail (LINNET_IS_LOG_VIEW (self));

  value = gtk_adjustment_get_value (self->adjustment);
  page = gtk_adjustment_get_page_size (self->adjustment);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || below (self) > 2. * page || self->sticky)
    {
      linnet_log_view_stick (self);
      return;
    }

  if (self->glide == NULL)
    {
      AdwAnimationTarget *target = adw_callback_animation_target_new (glide_cb, self, NULL);

      self->glide = adw_timed_animation_new (GTK_WIDGET (self), 0., 0., GLIDE_MSEC, target);
      adw_timed_animation_set_easing (ADW_TIMED_ANIMATION (self->glide), ADW_EASE_OUT_CUBIC);
      g_signal_connect_object (self->glide, "done", G_CALLBACK (glide_done_cb), self, G_CONNECT_SWAPPED);
    }

  adw_timed_animation_set_value_from (ADW_TIMED_ANIMATION (self->glide), value);
  adw_timed_animation_set_value_to (ADW_TIMED_ANIMATION (self->glide), value + below (self));
  adw_animation_play (self->glide);
}

/**
 * linnet_log_view_show_row:
 * @position: in the model
 *
 * Leaves the end and shows that row.
 */
void
linnet_log_view_show_row (LinnetLogView *self,
                          guint position)
{
  g_return_if_fail (LINNET_IS_LOG_VIEW (self));

  set_sticky (self, FALSE);
  self->target = position;
  arm (self);
}

/**
 * linnet_log_view_check_edges:
 *
 * Asks for more rows where less than two pages are left. To be called when a page has come.
 */
void
linnet_log_view_check_edges (LinnetLogView *self)
{
  double page;

  g_return_if_fail (LINNET_IS_LOG_VIEW (self));

  page = gtk_adjustment_get_page_size (self->adjustment);

  /* Before the first frame the numbers mean nothing, and while a jump is under way they will be others. */
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || page <= 0. || self->tick_id != 0)
    return;

  if (gtk_adjustment_get_value (self->adjustment) < 2. * page)
    g_signal_emit (self, signals[OLDER_WANTED], 0);
  if (!self->has_end && below (self) < 2. * page)
    g_signal_emit (self, signals[NEWER_WANTED], 0);
}
