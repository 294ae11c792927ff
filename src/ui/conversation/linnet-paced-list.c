/* A list that shows what is appended no faster than it can be drawn
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-paced-list"

#include "config.h"

#include "linnet-paced-list.h"

/* So many rows are built within a frame, and so often: a hundred rows a second are a blur already. */
#define CHUNK 3
#define INTERVAL_MSEC 30
/* A backlog of more than this is skipped up to its last rows: as many as a log has when it is opened. */
#define MAX_BACKLOG 40
/* More than a screen, while rows run by. */
#define MAX_RUNNING 60
/* Rows that were skipped and that the reader goes back to, at once. */
#define PAGE 25

/* What is shown: first the stale rows, then those of the source from first to before end. Stale rows are what
 * stood there before others were skipped; they run out of sight while the newest come in, and then go. */
struct _LinnetPacedList
{
  GObject parent_instance;

  GListModel *source;
  GPtrArray *rows; /* what is shown */
  guint n_stale;
  guint first;
  guint end;
  guint timeout_id; /* runs on for one interval after the last rows came */
  guint skipping : 1;
};

static GType
linnet_paced_list_get_item_type (GListModel *model)
{
  return g_list_model_get_item_type (LINNET_PACED_LIST (model)->source);
}

static guint
linnet_paced_list_get_n_items (GListModel *model)
{
  return LINNET_PACED_LIST (model)->rows->len;
}

static gpointer
linnet_paced_list_get_item (GListModel *model,
                            guint position)
{
  GPtrArray *rows = LINNET_PACED_LIST (model)->rows;

  return position < rows->len ? g_object_ref (g_ptr_array_index (rows, position)) : NULL;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = linnet_paced_list_get_item_type;
  iface->get_n_items = linnet_paced_list_get_n_items;
  iface->get_item = linnet_paced_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LinnetPacedList,
                               linnet_paced_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static guint
get_backlog (LinnetPacedList *self)
{
  return g_list_model_get_n_items (self->source) - self->end;
}

/* Replaces @removed rows from @position on by @added ones of the source from @from on, and announces it. */
static void
splice (LinnetPacedList *self,
        guint position,
        guint removed,
        guint from,
        guint added)
{
  if (removed > 0)
    g_ptr_array_remove_range (self->rows, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (self->rows, position + i, g_list_model_get_item (self->source, from + i));

  if (removed > 0 || added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static void
drop_stale (LinnetPacedList *self,
            guint n)
{
  self->n_stale -= n;
  splice (self, 0, n, 0, 0);
}

static void
advance (LinnetPacedList *self)
{
  guint n;

  /* What is shown stays so, for now; what comes next is the end of the backlog. */
  if (self->skipping && get_backlog (self) > MAX_BACKLOG)
    {
      self->n_stale = self->rows->len;
      self->first = self->end = g_list_model_get_n_items (self->source) - MAX_BACKLOG;
    }

  n = MIN (get_backlog (self), CHUNK);
  self->end += n;
  splice (self, self->rows->len, 0, self->end - n, n);

  if (get_backlog (self) == 0)
    drop_stale (self, self->n_stale);
  else if (self->rows->len > MAX_RUNNING)
    drop_stale (self, MIN (self->rows->len - MAX_RUNNING, self->n_stale));
}

static gboolean
timeout_cb (gpointer user_data)
{
  LinnetPacedList *self = user_data;

  g_assert (LINNET_IS_PACED_LIST (self));

  if (get_backlog (self) == 0)
    {
      self->timeout_id = 0;
      return G_SOURCE_REMOVE;
    }

  advance (self);

  return G_SOURCE_CONTINUE;
}

/* What comes alone is shown at once. */
static void
schedule (LinnetPacedList *self)
{
  if (self->timeout_id != 0 || get_backlog (self) == 0)
    return;

  if (get_backlog (self) <= CHUNK)
    advance (self);
  self->timeout_id = g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE, INTERVAL_MSEC, timeout_cb, self, NULL);
}

static void
reset (LinnetPacedList *self)
{
  self->n_stale = 0;
  self->first = 0;
  self->end = g_list_model_get_n_items (self->source);
  splice (self, 0, self->rows->len, 0, self->end);
}

static void
source_changed_cb (LinnetPacedList *self,
                   guint position,
                   guint removed,
                   guint added)
{
  g_assert (LINNET_IS_PACED_LIST (self));

  if (position >= self->end)
    {
      schedule (self);
    }
  else if (position < self->first && position + removed <= self->first)
    {
      self->first += added - removed;
      self->end += added - removed;
    }
  else if (position >= self->first && position + removed <= self->end)
    {
      self->end += added - removed;
      splice (self, self->n_stale + position - self->first, removed, position, added);
    }
  else if (position <= self->first && position + removed <= self->end && added == 0)
    {
      guint hidden = self->first - position;

      self->first -= hidden;
      self->end -= removed;
      splice (self, self->n_stale, removed - hidden, 0, 0);
    }
  else if (position <= self->first && added == 0 && self->skipping &&
           position < g_list_model_get_n_items (self->source))
    {
      /* A flood outran what is shown. */
      self->n_stale = self->rows->len;
      self->first = self->end = position;
      schedule (self);
    }
  else
    {
      reset (self);
    }
}

static void
linnet_paced_list_finalize (GObject *object)
{
  LinnetPacedList *self = LINNET_PACED_LIST (object);

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_object (&self->source);

  G_OBJECT_CLASS (linnet_paced_list_parent_class)->finalize (object);
}

static void
linnet_paced_list_class_init (LinnetPacedListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_paced_list_finalize;
}

static void
linnet_paced_list_init (LinnetPacedList *self)
{
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * linnet_paced_list_new:
 * @source: (transfer none): the rows
 *
 * Returns: (transfer full): a list that begins with all rows of @source
 */
LinnetPacedList *
linnet_paced_list_new (GListModel *source)
{
  LinnetPacedList *self;

  g_return_val_if_fail (G_IS_LIST_MODEL (source), NULL);

  self = g_object_new (LINNET_TYPE_PACED_LIST, NULL);
  self->source = g_object_ref (source);
  reset (self);
  g_signal_connect_object (
      source, "items-changed", G_CALLBACK (source_changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * linnet_paced_list_set_skipping:
 * @skipping: whether the reader follows the end, so that a flood may be skipped
 */
void
linnet_paced_list_set_skipping (LinnetPacedList *self,
                                gboolean skipping)
{
  g_return_if_fail (LINNET_IS_PACED_LIST (self));

  self->skipping = skipping;
  if (!skipping)
    drop_stale (self, self->n_stale);
}

/**
 * linnet_paced_list_reveal_older:
 *
 * Shows a page of rows that were skipped, once the flood is over.
 *
 * Returns: FALSE when there are none, and those before the source's may be fetched
 */
gboolean
linnet_paced_list_reveal_older (LinnetPacedList *self)
{
  guint n;

  g_return_val_if_fail (LINNET_IS_PACED_LIST (self), FALSE);

  /* While rows run by nobody reads up: the view only thinks that it has few. Older ones from the store would
   * push the newest out. */
  if (self->skipping && self->timeout_id != 0)
    return TRUE;

  if (self->first == 0)
    return FALSE;

  drop_stale (self, self->n_stale);
  n = MIN (self->first, PAGE);
  self->first -= n;
  splice (self, 0, 0, self->first, n);

  return TRUE;
}

/**
 * linnet_paced_list_show_all:
 *
 * Shows every row of the source, so that positions are the same in both.
 */
void
linnet_paced_list_show_all (LinnetPacedList *self)
{
  g_return_if_fail (LINNET_IS_PACED_LIST (self));

  if (self->n_stale > 0 || self->first > 0 || get_backlog (self) > 0)
    reset (self);
}
