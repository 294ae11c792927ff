/* A timeline whose messages are all in memory, but of which a window is shown
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fake-model-private.h"

#define WINDOW 40
#define PAGE 25
#define RUN_USEC (5 * G_TIME_SPAN_MINUTE)

enum
{
  TIMELINE_PROP_0,
  TIMELINE_PROP_AT_END,
  TIMELINE_PROP_FIRST_UNREAD,
};

static GType
timeline_get_item_type (GListModel *model)
{
  return LINNET_TYPE_MESSAGE;
}

static guint
timeline_get_n_items (GListModel *model)
{
  return LINNET_TIMELINE (model)->end - LINNET_TIMELINE (model)->start;
}

static gpointer
timeline_get_item (GListModel *model,
                   guint position)
{
  LinnetTimeline *self = LINNET_TIMELINE (model);

  return position < self->end - self->start
             ? g_object_ref (g_ptr_array_index (self->all, self->start + position))
             : NULL;
}

static void
timeline_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = timeline_get_item_type;
  iface->get_n_items = timeline_get_n_items;
  iface->get_item = timeline_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LinnetTimeline,
                               linnet_timeline,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, timeline_iface_init))

static void
linnet_timeline_finalize (GObject *object)
{
  LinnetTimeline *self = LINNET_TIMELINE (object);

  g_ptr_array_unref (self->all);
  g_clear_object (&self->first_unread);

  G_OBJECT_CLASS (linnet_timeline_parent_class)->finalize (object);
}

static void
linnet_timeline_get_property (GObject *object,
                              guint prop_id,
                              GValue *value,
                              GParamSpec *pspec)
{
  LinnetTimeline *self = LINNET_TIMELINE (object);

  if (prop_id == TIMELINE_PROP_AT_END)
    g_value_set_boolean (value, linnet_timeline_get_at_end (self));
  else
    g_value_set_object (value, self->first_unread);
}

static void
linnet_timeline_class_init (LinnetTimelineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = linnet_timeline_finalize;
  object_class->get_property = linnet_timeline_get_property;
  g_object_class_install_property (object_class,
                                   TIMELINE_PROP_AT_END,
                                   g_param_spec_boolean ("at-end", NULL, NULL, TRUE, G_PARAM_READABLE));
  g_object_class_install_property (
      object_class,
      TIMELINE_PROP_FIRST_UNREAD,
      g_param_spec_object ("first-unread", NULL, NULL, LINNET_TYPE_MESSAGE, G_PARAM_READABLE));
}

static void
linnet_timeline_init (LinnetTimeline *self)
{
  self->all = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
set_window (LinnetTimeline *self,
            guint start,
            guint end)
{
  guint removed = self->end - self->start;
  guint old_start = self->start, old_end = self->end;

  self->start = start;
  self->end = end;

  if (start <= old_start && end == old_end)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, old_start - start);
  else if (start == old_start && end >= old_end)
    g_list_model_items_changed (G_LIST_MODEL (self), removed, 0, end - old_end);
  else if (end == old_end)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, start - old_start, 0);
  else
    g_list_model_items_changed (G_LIST_MODEL (self), 0, removed, end - start);

  g_object_notify (G_OBJECT (self), "at-end");
}

static gboolean
same_day (gint64 a,
          gint64 b)
{
  g_autoptr (GDateTime) x = g_date_time_new_from_unix_local_usec (a);
  g_autoptr (GDateTime) y = g_date_time_new_from_unix_local_usec (b);

  return g_date_time_get_day_of_year (x) == g_date_time_get_day_of_year (y) &&
         g_date_time_get_year (x) == g_date_time_get_year (y);
}

static LinnetMessage *
add_message (LinnetTimeline *self,
             const char *body,
             gboolean outgoing,
             gint64 time)
{
  LinnetMessage *before = self->all->len > 0 ? g_ptr_array_index (self->all, self->all->len - 1) : NULL;
  LinnetMessage *message = g_object_new (LINNET_TYPE_MESSAGE, NULL);

  message->id = self->all->len + 1;
  message->body = g_strdup (body);
  message->outgoing = outgoing;
  message->time = time;
  message->sender_name = g_strdup (outgoing ? "Ana" : linnet_conversation_get_title (self->conversation));
  message->state = outgoing ? LINNET_MESSAGE_READ : LINNET_MESSAGE_RECEIVED;
  message->starts_day = before == NULL || !same_day (before->time, time);

  if (!message->starts_day && before->outgoing == outgoing && time - before->time < RUN_USEC)
    {
      before->run = before->run == LINNET_RUN_ONLY ? LINNET_RUN_FIRST : LINNET_RUN_MIDDLE;
      message->run = LINNET_RUN_LAST;
      g_object_notify (G_OBJECT (before), "run");
    }

  g_ptr_array_add (self->all, message);

  return message;
}

void
fake_timeline_add_many (LinnetTimeline *self,
                        guint n,
                        const char *body,
                        gboolean outgoing,
                        gint64 time)
{
  gboolean at_end = linnet_timeline_get_at_end (self);

  for (guint i = 0; i < n; i++)
    add_message (self, body, outgoing, time);

  if (self->loaded && at_end)
    set_window (self, self->start, self->all->len);
}

LinnetMessage *
fake_timeline_add (LinnetTimeline *self,
                   const char *body,
                   gboolean outgoing,
                   gint64 time)
{
  fake_timeline_add_many (self, 1, body, outgoing, time);

  return g_ptr_array_index (self->all, self->all->len - 1);
}

guint
fake_timeline_get_n_all (LinnetTimeline *self)
{
  return self->all->len;
}

LinnetConversation *
linnet_timeline_get_conversation (LinnetTimeline *self)
{
  return self->conversation;
}

DexFuture *
linnet_timeline_load (LinnetTimeline *self)
{
  guint n = self->all->len;
  guint start = n > WINDOW ? n - WINDOW : 0;

  if (!self->loaded)
    {
      guint unread;

      self->loaded = TRUE;
      if (self->first_unread != NULL && g_ptr_array_find (self->all, self->first_unread, &unread) &&
          unread < start)
        set_window (self, unread > WINDOW / 2 ? unread - WINDOW / 2 : 0, MIN (unread + WINDOW / 2, n));
      else
        set_window (self, start, n);
    }

  return dex_future_new_true ();
}

DexFuture *
linnet_timeline_load_older (LinnetTimeline *self)
{
  set_window (self, self->start > PAGE ? self->start - PAGE : 0, self->end);

  return dex_future_new_true ();
}

DexFuture *
linnet_timeline_load_newer (LinnetTimeline *self)
{
  set_window (self, self->start, MIN (self->end + PAGE, self->all->len));

  return dex_future_new_true ();
}

DexFuture *
linnet_timeline_jump_to_latest (LinnetTimeline *self)
{
  set_window (self, self->all->len > WINDOW ? self->all->len - WINDOW : 0, self->all->len);

  return dex_future_new_true ();
}

void
linnet_timeline_trim (LinnetTimeline *self,
                      guint max)
{
  if (linnet_timeline_get_at_end (self) && self->end - self->start > max)
    set_window (self, self->end - max, self->end);
}

void
linnet_timeline_reset_unread (LinnetTimeline *self)
{
  if (self->first_unread == NULL)
    return;

  self->first_unread->unread_below = 0;
  g_object_notify (G_OBJECT (self->first_unread), "starts-unread");
  g_clear_object (&self->first_unread);
}

gboolean
linnet_timeline_get_at_start (LinnetTimeline *self)
{
  return self->start == 0;
}

gboolean
linnet_timeline_get_at_end (LinnetTimeline *self)
{
  return self->end == self->all->len;
}

gboolean
linnet_timeline_get_loading (LinnetTimeline *self)
{
  return FALSE;
}
