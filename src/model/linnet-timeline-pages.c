/* Filling a timeline from the store
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-timeline"

#include "config.h"

#include "linnet-account-private.h"
#include "linnet-conversation-private.h"
#include "linnet-future.h"
#include "linnet-message-private.h"
#include "linnet-spawn.h"
#include "linnet-store-messages.h"
#include "linnet-timeline-private.h"
#include "linnet-verb.h"

#define WINDOW 40
#define PAGE 25
/* Above the first unread message stand as many as fit a screen; below it there is room for reading on. */
#define ABOVE_UNREAD 20
/* Paging on and on in one direction drops rows at the other end beyond so many. */
#define MAX_PAGED 400

/* Each page asks for one row more on each side: not shown, but runs and day pills at the edge depend on it.
 */

typedef enum
{
  PAGE_FIRST,
  PAGE_LATEST,
  PAGE_OLDER,
  PAGE_NEWER,
} PageKind;

typedef struct
{
  LinnetTimeline *timeline;
  LinnetStore *store;
  PageKind kind;
  guint generation;
} PageRequest;

static void
page_request_free (PageRequest *request)
{
  g_object_unref (request->timeline);
  g_object_unref (request->store);
  g_free (request);
}

static GPtrArray *
make_messages (LinnetTimeline *self,
               GPtrArray *rows,
               guint first,
               guint end)
{
  LinnetAccount *account = linnet_conversation_get_account (self->conversation);
  GPtrArray *messages = g_ptr_array_new_full (end - first, g_object_unref);

  for (guint i = first; i < end; i++)
    g_ptr_array_add (
        messages, linnet_account_ensure_message (account, self->conversation, g_ptr_array_index (rows, i)));

  return messages;
}

static void
set_edge_from_row (LinnetTimeline *self,
                   LinnetTimelineEdge *edge,
                   GPtrArray *rows,
                   guint index)
{
  g_autoptr (GPtrArray) one = make_messages (self, rows, index, index + 1);

  linnet_timeline_set_edge (edge, g_ptr_array_index (one, 0));
}

/* @rows are a whole window; @above and @below: the row on that side is there only for its edge. */
static void
linnet_timeline_replace (LinnetTimeline *self,
                         GPtrArray *rows,
                         gboolean above,
                         gboolean below)
{
  guint first = above ? 1 : 0;
  guint end = rows->len - (below ? 1 : 0);
  g_autoptr (GPtrArray) messages = make_messages (self, rows, first, end);

  linnet_timeline_set_edge (&self->before, NULL);
  linnet_timeline_set_edge (&self->after, NULL);
  if (above)
    set_edge_from_row (self, &self->before, rows, 0);
  if (below)
    set_edge_from_row (self, &self->after, rows, rows->len - 1);

  self->generation++;
  self->loaded = TRUE;
  linnet_timeline_splice (self, 0, self->items->len, messages);
  linnet_timeline_set_ends (self, !above, !below);
}

static guint
find_row (GPtrArray *rows,
          gint64 id)
{
  for (guint i = 0; i < rows->len; i++)
    {
      if (((LinnetStoreMessage *) g_ptr_array_index (rows, i))->id == id)
        return i;
    }

  return G_MAXUINT;
}

static void
linnet_timeline_mark_first_unread (LinnetTimeline *self,
                                   gint64 id)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      if (linnet_message_get_id (g_ptr_array_index (self->items, i)) == id)
        linnet_timeline_set_first_unread (self, g_ptr_array_index (self->items, i));
    }
}

/* On a fiber. The newest rows, unless the first unread one is further up: then those around it. */
static gboolean
load_first (LinnetTimeline *self,
            LinnetStore *store,
            GError **error)
{
  gint64 conversation = linnet_conversation_get_id (self->conversation);
  g_autoptr (GPtrArray) rows = NULL;
  gint64 unread = 0;
  guint index;

  if (linnet_conversation_get_unread_count (self->conversation) > 0)
    {
      g_autoptr (GError) local_error = NULL;

      unread = dex_await_int64 (linnet_store_messages_first_unread (store, conversation), &local_error);
      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }

  if (!(rows = dex_await_boxed (linnet_store_messages_latest (store, conversation, WINDOW + 1), error)))
    return FALSE;

  index = find_row (rows, unread);
  if (unread == 0 || (index != G_MAXUINT && (index > 0 || rows->len <= WINDOW)))
    {
      linnet_timeline_replace (self, rows, rows->len > WINDOW, FALSE);
    }
  else
    {
      guint below = WINDOW - ABOVE_UNREAD;

      g_clear_pointer (&rows, g_ptr_array_unref);
      if (!(rows = dex_await_boxed (linnet_store_messages_around (store, unread, ABOVE_UNREAD + 1, below + 1),
                                    error)))
        return FALSE;

      index = find_row (rows, unread);
      if (index == G_MAXUINT)
        index = 0;
      linnet_timeline_replace (self, rows, index > ABOVE_UNREAD, rows->len - index > below + 1);
    }

  if (unread != 0)
    linnet_timeline_mark_first_unread (self, unread);

  return TRUE;
}

static gboolean
load_latest (LinnetTimeline *self,
             LinnetStore *store,
             GError **error)
{
  gint64 conversation = linnet_conversation_get_id (self->conversation);
  g_autoptr (GPtrArray) rows = NULL;

  if (!(rows = dex_await_boxed (linnet_store_messages_latest (store, conversation, WINDOW + 1), error)))
    return FALSE;

  linnet_timeline_replace (self, rows, rows->len > WINDOW, FALSE);

  return TRUE;
}

static gboolean
load_older (LinnetTimeline *self,
            LinnetStore *store,
            guint generation,
            GError **error)
{
  gint64 anchor = linnet_message_get_id (g_ptr_array_index (self->items, 0));
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GPtrArray) messages = NULL;
  gboolean more;

  if (!(rows = dex_await_boxed (linnet_store_messages_before (store, anchor, PAGE + 1), error)))
    return FALSE;

  /* The window was replaced or trimmed meanwhile: these rows belong nowhere. */
  if (self->generation != generation || self->items->len == 0 ||
      linnet_message_get_id (g_ptr_array_index (self->items, 0)) != anchor)
    return TRUE;

  more = rows->len > PAGE;
  messages = make_messages (self, rows, more ? 1 : 0, rows->len);
  linnet_timeline_set_edge (&self->before, NULL);
  if (more)
    set_edge_from_row (self, &self->before, rows, 0);
  linnet_timeline_splice (self, 0, 0, messages);
  linnet_timeline_set_ends (self, !more, self->at_end);
  linnet_timeline_drop_newest (self, MAX_PAGED);

  return TRUE;
}

static gboolean
load_newer (LinnetTimeline *self,
            LinnetStore *store,
            guint generation,
            GError **error)
{
  gint64 anchor = linnet_message_get_id (g_ptr_array_index (self->items, self->items->len - 1));
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GPtrArray) messages = NULL;
  gboolean more;

  if (!(rows = dex_await_boxed (linnet_store_messages_after (store, anchor, PAGE + 1), error)))
    return FALSE;

  if (self->generation != generation || self->items->len == 0 ||
      linnet_message_get_id (g_ptr_array_index (self->items, self->items->len - 1)) != anchor)
    return TRUE;

  more = rows->len > PAGE;
  messages = make_messages (self, rows, 0, more ? PAGE : rows->len);
  linnet_timeline_set_edge (&self->after, NULL);
  if (more)
    set_edge_from_row (self, &self->after, rows, rows->len - 1);
  linnet_timeline_splice (self, self->items->len, 0, messages);
  linnet_timeline_set_ends (self, self->at_start, !more);
  linnet_timeline_drop_oldest (self, MAX_PAGED);

  return TRUE;
}

static DexFuture *
linnet_timeline_page_fiber (gpointer data)
{
  PageRequest *request = data;
  LinnetTimeline *self = request->timeline;
  g_autoptr (GError) error = NULL;
  gboolean success = FALSE;

  switch (request->kind)
    {
    case PAGE_FIRST:
      success = load_first (self, request->store, &error);
      break;
    case PAGE_LATEST:
      success = load_latest (self, request->store, &error);
      break;
    case PAGE_OLDER:
      success = load_older (self, request->store, request->generation, &error);
      break;
    case PAGE_NEWER:
      success = load_newer (self, request->store, request->generation, &error);
      break;
    default:
      g_assert_not_reached ();
    }

  linnet_timeline_end_page (self);

  return success ? dex_future_new_true () : dex_future_new_for_error (g_steal_pointer (&error));
}

static DexFuture *
linnet_timeline_spawn_page (LinnetTimeline *self,
                            PageKind kind)
{
  PageRequest *request = g_new0 (PageRequest, 1);

  request->timeline = g_object_ref (self);
  request->store =
      g_object_ref (linnet_account_get_store (linnet_conversation_get_account (self->conversation)));
  request->kind = kind;
  request->generation = self->generation;
  linnet_timeline_begin_page (self);

  return linnet_verb (linnet_spawn (
      "timeline-page", linnet_timeline_page_fiber, request, (GDestroyNotify) page_request_free));
}

/**
 * linnet_timeline_load:
 *
 * Returns: (transfer full): a future that resolves to true once the first window is there; the same for every
 * call
 */
DexFuture *
linnet_timeline_load (LinnetTimeline *self)
{
  linnet_return_error_if_fail (LINNET_IS_TIMELINE (self));

  if (self->first_load == NULL || dex_future_is_rejected (self->first_load))
    {
      dex_clear (&self->first_load);
      self->first_load = linnet_timeline_spawn_page (self, PAGE_FIRST);
    }

  return dex_ref (self->first_load);
}

DexFuture *
linnet_timeline_load_older (LinnetTimeline *self)
{
  linnet_return_error_if_fail (LINNET_IS_TIMELINE (self));

  if (!self->loaded || self->pages > 0 || self->at_start || self->items->len == 0)
    return dex_future_new_true ();

  return linnet_timeline_spawn_page (self, PAGE_OLDER);
}

DexFuture *
linnet_timeline_load_newer (LinnetTimeline *self)
{
  linnet_return_error_if_fail (LINNET_IS_TIMELINE (self));

  if (!self->loaded || self->pages > 0 || self->at_end || self->items->len == 0)
    return dex_future_new_true ();

  return linnet_timeline_spawn_page (self, PAGE_NEWER);
}

/**
 * linnet_timeline_jump_to_latest:
 *
 * Returns: (transfer full): a future that resolves to true once the window is the newest 40 rows; at once
 * when it reaches the end already
 */
DexFuture *
linnet_timeline_jump_to_latest (LinnetTimeline *self)
{
  linnet_return_error_if_fail (LINNET_IS_TIMELINE (self));

  if (!self->loaded)
    return linnet_timeline_load (self);
  if (self->at_end)
    return dex_future_new_true ();

  return linnet_timeline_spawn_page (self, PAGE_LATEST);
}
