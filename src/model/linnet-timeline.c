/* A window on the messages of a conversation
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-timeline"

#include "config.h"

#include "linnet-contact.h"
#include "linnet-conversation-private.h"
#include "linnet-message-private.h"
#include "linnet-timeline-private.h"

/* Messages of one sender on one day that are closer than this form a run. */
#define RUN_GAP (5 * G_TIME_SPAN_MINUTE)
/* A reader who is not at the end lets the window grow so far; then it stops following. */
#define MAX_FOLLOWED 2000

enum
{
  PROP_0,
  PROP_LOADING,
  PROP_AT_START,
  PROP_AT_END,
  PROP_FIRST_UNREAD,
  PROP_UNSEEN,
  N_PROPS
};

static GType
linnet_timeline_get_item_type (GListModel *model)
{
  return LINNET_TYPE_MESSAGE;
}

static guint
linnet_timeline_get_n_items (GListModel *model)
{
  return LINNET_TIMELINE (model)->items->len;
}

static gpointer
linnet_timeline_get_item (GListModel *model,
                          guint position)
{
  LinnetTimeline *self = LINNET_TIMELINE (model);

  return position < self->items->len ? g_object_ref (g_ptr_array_index (self->items, position)) : NULL;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = linnet_timeline_get_item_type;
  iface->get_n_items = linnet_timeline_get_n_items;
  iface->get_item = linnet_timeline_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LinnetTimeline,
                               linnet_timeline,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static GParamSpec *properties[N_PROPS];

void
linnet_timeline_set_edge (LinnetTimelineEdge *edge,
                          LinnetMessage *message)
{
  *edge = (LinnetTimelineEdge) { 0 };

  if (message == NULL)
    return;

  edge->known = TRUE;
  edge->time = linnet_message_get_time (message);
  edge->day = linnet_message_get_day (message);
  edge->outgoing = linnet_message_get_outgoing (message);
}

static gboolean
is_one_run (const LinnetTimelineEdge *a,
            const LinnetTimelineEdge *b)
{
  return a->known && b->known && a->outgoing == b->outgoing && a->day == b->day &&
         ABS (b->time - a->time) < RUN_GAP;
}

static void
linnet_timeline_get_edge (LinnetTimeline *self,
                          int position,
                          LinnetTimelineEdge *edge)
{
  g_assert (LINNET_IS_TIMELINE (self));

  if (position < 0)
    *edge = self->before;
  else if ((guint) position >= self->items->len)
    *edge = self->after;
  else
    linnet_timeline_set_edge (edge, g_ptr_array_index (self->items, position));
}

/* Runs and days of the rows from @first to before @end, and of one neighbour on each side. */
static void
linnet_timeline_refresh (LinnetTimeline *self,
                         int first,
                         int end)
{
  LinnetTimelineEdge before, row, after;

  g_assert (LINNET_IS_TIMELINE (self));

  first = MAX (first - 1, 0);
  end = MIN (end + 1, (int) self->items->len);
  linnet_timeline_get_edge (self, first - 1, &before);
  linnet_timeline_get_edge (self, first, &row);

  for (int i = first; i < end; i++)
    {
      static const LinnetRunPosition runs[2][2] = {
        { LINNET_RUN_ONLY, LINNET_RUN_FIRST },
        { LINNET_RUN_LAST, LINNET_RUN_MIDDLE },
      };
      LinnetMessage *message = g_ptr_array_index (self->items, i);

      linnet_timeline_get_edge (self, i + 1, &after);
      linnet_message_set_run (message, runs[is_one_run (&before, &row)][is_one_run (&row, &after)]);
      linnet_message_set_starts_day (message, !before.known || before.day != row.day);
      before = row;
      row = after;
    }
}

void
linnet_timeline_splice (LinnetTimeline *self,
                        guint position,
                        guint removed,
                        GPtrArray *added)
{
  guint n_added = added != NULL ? added->len : 0;

  g_assert (LINNET_IS_TIMELINE (self));

  if (removed > 0)
    g_ptr_array_remove_range (self->items, position, removed);

  for (guint i = 0; i < n_added; i++)
    g_ptr_array_insert (self->items, position + i, g_object_ref (g_ptr_array_index (added, i)));

  linnet_timeline_refresh (self, position, position + n_added);

  if (removed > 0 || n_added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), position, removed, n_added);
}

void
linnet_timeline_set_ends (LinnetTimeline *self,
                          gboolean at_start,
                          gboolean at_end)
{
  g_assert (LINNET_IS_TIMELINE (self));

  if (self->at_start != (guint) !!at_start)
    {
      self->at_start = !!at_start;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AT_START]);
    }

  if (self->at_end != (guint) !!at_end)
    {
      self->at_end = !!at_end;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AT_END]);
    }

  if (self->at_end && self->unseen > 0)
    {
      self->unseen = 0;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNSEEN]);
    }
}

void
linnet_timeline_begin_page (LinnetTimeline *self)
{
  g_assert (LINNET_IS_TIMELINE (self));

  if (self->pages++ == 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

/* What came while the page was under way goes to the end, as far as the page does not have it. */
void
linnet_timeline_end_page (LinnetTimeline *self)
{
  g_autoptr (GPtrArray) late = NULL;
  gint64 last = -1;

  g_assert (LINNET_IS_TIMELINE (self));
  g_assert (self->pages > 0);

  self->pages--;

  if (self->at_end || self->pages == 0)
    {
      late = g_steal_pointer (&self->late);
      self->late = g_ptr_array_new_with_free_func (g_object_unref);
    }

  if (self->items->len > 0)
    last = linnet_message_get_position (g_ptr_array_index (self->items, self->items->len - 1));

  while (late != NULL && late->len > 0 && linnet_message_get_position (g_ptr_array_index (late, 0)) <= last)
    g_ptr_array_remove_index (late, 0);

  if (late != NULL && self->at_end)
    linnet_timeline_append (self, late);

  if (self->pages == 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

void
linnet_timeline_drop_oldest (LinnetTimeline *self,
                             guint max)
{
  guint excess = self->items->len > max ? self->items->len - max : 0;

  g_assert (LINNET_IS_TIMELINE (self));

  if (excess == 0)
    return;

  linnet_timeline_set_edge (&self->before, g_ptr_array_index (self->items, excess - 1));
  linnet_timeline_splice (self, 0, excess, NULL);
  linnet_timeline_set_ends (self, FALSE, self->at_end);
}

void
linnet_timeline_drop_newest (LinnetTimeline *self,
                             guint max)
{
  guint excess = self->items->len > max ? self->items->len - max : 0;

  g_assert (LINNET_IS_TIMELINE (self));

  if (excess == 0)
    return;

  linnet_timeline_set_edge (&self->after, g_ptr_array_index (self->items, max));
  linnet_timeline_splice (self, max, excess, NULL);
  linnet_timeline_set_ends (self, self->at_start, FALSE);
}

void
linnet_timeline_set_first_unread (LinnetTimeline *self,
                                  LinnetMessage *message)
{
  g_autoptr (LinnetMessage) old = g_steal_pointer (&self->first_unread);
  guint unread = MAX (linnet_conversation_get_unread_count (self->conversation), 1);

  g_assert (LINNET_IS_TIMELINE (self));

  g_set_object (&self->first_unread, message);

  if (old != NULL && old != message)
    linnet_message_set_unread_line (old, 0);
  if (message != NULL)
    linnet_message_set_unread_line (message, unread);
  if (old != message)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FIRST_UNREAD]);
}

static gboolean
candidate_cb (gpointer user_data)
{
  LinnetTimeline *self = user_data;
  g_autoptr (LinnetMessage) candidate = g_steal_pointer (&self->candidate);

  g_assert (LINNET_IS_TIMELINE (self));

  self->candidate_source = 0;
  if (candidate != NULL && self->first_unread == NULL)
    linnet_timeline_set_first_unread (self, candidate);

  return G_SOURCE_REMOVE;
}

/* Nobody looked at the conversation when @messages came: once that is sure, the line goes above the first. */
static void
linnet_timeline_propose_unread (LinnetTimeline *self,
                                GPtrArray *messages)
{
  g_assert (LINNET_IS_TIMELINE (self));

  if (self->first_unread != NULL || self->candidate != NULL ||
      linnet_conversation_get_unread_count (self->conversation) == 0)
    return;

  for (guint i = 0; i < messages->len && self->candidate == NULL; i++)
    {
      if (!linnet_message_get_outgoing (g_ptr_array_index (messages, i)))
        self->candidate = g_object_ref (g_ptr_array_index (messages, i));
    }

  if (self->candidate != NULL && self->candidate_source == 0)
    self->candidate_source = g_idle_add_full (G_PRIORITY_LOW, candidate_cb, self, NULL);
}

static void
linnet_timeline_count_unseen (LinnetTimeline *self,
                              GPtrArray *messages)
{
  guint before = self->unseen;

  g_assert (LINNET_IS_TIMELINE (self));

  for (guint i = 0; i < messages->len; i++)
    self->unseen += !linnet_message_get_outgoing (g_ptr_array_index (messages, i));

  if (self->unseen != before)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNSEEN]);
}

void
linnet_timeline_append (LinnetTimeline *self,
                        GPtrArray *messages)
{
  g_return_if_fail (LINNET_IS_TIMELINE (self));

  if (messages->len == 0)
    return;

  if (self->at_end && self->loaded && self->items->len + messages->len > MAX_FOLLOWED)
    {
      linnet_timeline_set_edge (&self->after, g_ptr_array_index (messages, 0));
      linnet_timeline_refresh (self, self->items->len, self->items->len);
      linnet_timeline_set_ends (self, self->at_start, FALSE);
    }

  if (self->loaded && self->at_end)
    {
      linnet_timeline_splice (self, self->items->len, 0, messages);
      linnet_timeline_propose_unread (self, messages);
      return;
    }

  if (self->pages > 0)
    for (guint i = 0; i < messages->len; i++)
      g_ptr_array_add (self->late, g_object_ref (g_ptr_array_index (messages, i)));
  if (self->loaded)
    linnet_timeline_count_unseen (self, messages);
}

void
linnet_timeline_unread_changed (LinnetTimeline *self)
{
  guint unread = linnet_conversation_get_unread_count (self->conversation);

  g_return_if_fail (LINNET_IS_TIMELINE (self));

  if (unread == 0)
    {
      g_clear_object (&self->candidate);
      g_clear_handle_id (&self->candidate_source, g_source_remove);
    }
  else if (self->first_unread != NULL && unread > linnet_message_get_unread_below (self->first_unread))
    {
      linnet_message_set_unread_line (self->first_unread, unread);
    }
}

/* How a sender is called is a property of each message; the rows do not follow contact and account by
 * themselves. */
static void
sender_changed_cb (LinnetTimeline *self)
{
  g_assert (LINNET_IS_TIMELINE (self));

  for (guint i = 0; i < self->items->len; i++)
    linnet_message_notify_sender (g_ptr_array_index (self->items, i));
}

static void
linnet_timeline_finalize (GObject *object)
{
  LinnetTimeline *self = LINNET_TIMELINE (object);

  g_clear_handle_id (&self->candidate_source, g_source_remove);
  g_clear_object (&self->candidate);
  if (self->first_unread != NULL)
    linnet_message_set_unread_line (self->first_unread, 0);
  g_clear_object (&self->first_unread);
  dex_clear (&self->first_load);
  g_clear_pointer (&self->late, g_ptr_array_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_object (&self->conversation);

  G_OBJECT_CLASS (linnet_timeline_parent_class)->finalize (object);
}

static void
linnet_timeline_get_property (GObject *object,
                              guint prop_id,
                              GValue *value,
                              GParamSpec *pspec)
{
  LinnetTimeline *self = LINNET_TIMELINE (object);

  switch (prop_id)
    {
    case PROP_LOADING:
      g_value_set_boolean (value, self->pages > 0);
      break;
    case PROP_AT_START:
      g_value_set_boolean (value, self->at_start);
      break;
    case PROP_AT_END:
      g_value_set_boolean (value, self->at_end);
      break;
    case PROP_FIRST_UNREAD:
      g_value_set_object (value, self->first_unread);
      break;
    case PROP_UNSEEN:
      g_value_set_uint (value, self->unseen);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_timeline_class_init (LinnetTimelineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = linnet_timeline_finalize;
  object_class->get_property = linnet_timeline_get_property;

  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, flags);
  properties[PROP_AT_START] = g_param_spec_boolean ("at-start", NULL, NULL, FALSE, flags);
  properties[PROP_AT_END] = g_param_spec_boolean ("at-end", NULL, NULL, FALSE, flags);
  properties[PROP_FIRST_UNREAD] =
      g_param_spec_object ("first-unread", NULL, NULL, LINNET_TYPE_MESSAGE, flags);
  properties[PROP_UNSEEN] = g_param_spec_uint ("unseen", NULL, NULL, 0, G_MAXUINT, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
linnet_timeline_init (LinnetTimeline *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->late = g_ptr_array_new_with_free_func (g_object_unref);
}

LinnetTimeline *
linnet_timeline_new (LinnetConversation *conversation)
{
  LinnetTimeline *self = g_object_new (LINNET_TYPE_TIMELINE, NULL);

  self->conversation = g_object_ref (conversation);
  g_signal_connect_object (linnet_conversation_get_contact (conversation),
                           "notify::name",
                           G_CALLBACK (sender_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (linnet_conversation_get_account (conversation),
                           "notify::display-name",
                           G_CALLBACK (sender_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);

  return self;
}

LinnetConversation *
linnet_timeline_get_conversation (LinnetTimeline *self)
{
  g_return_val_if_fail (LINNET_IS_TIMELINE (self), NULL);

  return self->conversation;
}

/**
 * linnet_timeline_trim:
 * @max: how many rows to keep
 *
 * Drops the oldest rows of the window. Call it only while the reader is at the end.
 */
void
linnet_timeline_trim (LinnetTimeline *self,
                      guint max)
{
  g_return_if_fail (LINNET_IS_TIMELINE (self));
  g_return_if_fail (max > 0);

  if (self->at_end)
    linnet_timeline_drop_oldest (self, max);
}

/**
 * linnet_timeline_reset_unread:
 *
 * The reader left the conversation: the unread line goes.
 */
void
linnet_timeline_reset_unread (LinnetTimeline *self)
{
  g_return_if_fail (LINNET_IS_TIMELINE (self));

  g_clear_object (&self->candidate);
  g_clear_handle_id (&self->candidate_source, g_source_remove);
  linnet_timeline_set_first_unread (self, NULL);
}

gboolean
linnet_timeline_get_at_start (LinnetTimeline *self)
{
  g_return_val_if_fail (LINNET_IS_TIMELINE (self), FALSE);

  return self->at_start;
}

gboolean
linnet_timeline_get_at_end (LinnetTimeline *self)
{
  g_return_val_if_fail (LINNET_IS_TIMELINE (self), FALSE);

  return self->at_end;
}

gboolean
linnet_timeline_get_loading (LinnetTimeline *self)
{
  g_return_val_if_fail (LINNET_IS_TIMELINE (self), FALSE);

  return self->pages > 0;
}
