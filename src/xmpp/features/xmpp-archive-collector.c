/* What comes for one query of an archive, made into a page
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-archive"

#include "config.h"

#include "xmpp-archive-collector.h"
#include "xmpp-error.h"
#include "xmpp-rsm.h"

struct _XmppArchiveCollector
{
  XmppArchiveQuery *query;
  XmppArchivePage *page; /* its results as they come */
  GHashTable *seen;      /* ids */
  GArray *sizes;         /* gsize: of the results */
  gsize size;
  guint flipped : 1;
  guint away : 1; /* what comes later lies farther from where the page begins */
  guint full : 1; /* nothing more is taken */
  guint cut : 1;  /* something was left out that belongs to the page */
  guint met : 1;  /* the far end of what was asked for */
};

XmppArchiveCollector *
xmpp_archive_collector_new (const XmppArchiveQuery *query,
                            XmppArchiveSupport support)
{
  XmppArchiveCollector *self = g_new0 (XmppArchiveCollector, 1);

  self->query = xmpp_archive_query_copy (query);
  self->page = xmpp_archive_page_new ();
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->sizes = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->flipped = xmpp_archive_query_is_flipped (query, support);
  self->away = self->flipped || query->ids != NULL || query->direction == XMPP_ARCHIVE_FORWARD;

  return self;
}

void
xmpp_archive_collector_free (XmppArchiveCollector *self)
{
  g_clear_pointer (&self->query, xmpp_archive_query_free);
  g_clear_pointer (&self->page, xmpp_archive_page_unref);
  g_clear_pointer (&self->seen, g_hash_table_unref);
  g_clear_pointer (&self->sizes, g_array_unref);
  g_free (self);
}

static void
remove_at (XmppArchiveCollector *self,
           guint position)
{
  self->size -= g_array_index (self->sizes, gsize, position);
  g_array_remove_index (self->sizes, position);
  g_ptr_array_remove_index (self->page->results, position);
}

/* The far end: what lies behind it is there already. An archive that knows ids in forms does not send it. */
static void
meet_far_end (XmppArchiveCollector *self)
{
  self->met = TRUE;
  if (self->away)
    {
      self->full = TRUE;
      return;
    }

  self->cut = FALSE;
  while (self->page->results->len > 0)
    remove_at (self, self->page->results->len - 1);
}

/* A page that is shorter is still one, if what is left out is at its far end. */
static void
cut_down (XmppArchiveCollector *self)
{
  guint max = xmpp_archive_query_get_max (self->query);

  while (self->page->results->len > max ||
         (self->page->results->len > 1 && self->size > XMPP_ARCHIVE_MAX_BYTES))
    {
      self->cut = TRUE;
      self->full = self->away;
      remove_at (self, self->away ? self->page->results->len - 1 : 0);
    }
}

void
xmpp_archive_collector_take (XmppArchiveCollector *self,
                             const char *id,
                             gint64 stamp,
                             XmppMessage *message,
                             gsize memory)
{
  g_return_if_fail (self != NULL);

  if (!xmpp_rsm_is_id (id))
    {
      self->page->n_dropped++;
      return;
    }
  if (self->full)
    return;

  if (g_strcmp0 (id, xmpp_archive_query_get_far_id (self->query)) == 0)
    {
      meet_far_end (self);
      return;
    }
  if (g_strcmp0 (id, xmpp_archive_query_get_near_id (self->query)) == 0 ||
      (self->query->ids != NULL && !g_strv_contains (self->query->ids, id)) ||
      !g_hash_table_add (self->seen, g_strdup (id)))
    {
      self->page->n_dropped++;
      return;
    }

  g_ptr_array_add (self->page->results, xmpp_archive_result_new (id, stamp, message));
  g_array_append_val (self->sizes, memory);
  self->size += memory;
  cut_down (self);
}

void
xmpp_archive_collector_note_unreadable (XmppArchiveCollector *self)
{
  g_return_if_fail (self != NULL);

  self->page->n_unreadable++;
}

/* ---- the end ---- */

static XmppArchiveResult *
get_nth (XmppArchiveCollector *self,
         guint position)
{
  return self->page->results->pdata[position];
}

/* Whether a page that was to be flipped has been. Some archives name the first and the last message as they
 * send them and some by age; only the former leaves a doubt, and then the clock decides. */
static gboolean
is_really_flipped (XmppArchiveCollector *self,
                   const XmppRsmSet *set)
{
  guint n = self->page->results->len;
  const XmppArchiveResult *came_first, *came_last;

  if (!self->flipped || n < 2)
    return self->flipped;

  came_first = get_nth (self, 0);
  came_last = get_nth (self, n - 1);
  if (g_strcmp0 (set->last, came_first->id) == 0)
    return TRUE;

  return came_first->stamp >= came_last->stamp;
}

static void
reverse (GPtrArray *array)
{
  for (guint i = 0; i < array->len / 2; i++)
    {
      gpointer *a = &array->pdata[i];
      gpointer *b = &array->pdata[array->len - 1 - i];
      gpointer saved = *a;

      *a = *b;
      *b = saved;
    }
}

/* What there is to go on from. The archive's own word only counts where there is no message to show for it: a
 * pointer never gets ahead of what has come (security.md R12). */
static void
take_ends (XmppArchiveCollector *self,
           XmppRsmSet *set)
{
  XmppArchivePage *page = self->page;
  const char *near = xmpp_archive_query_get_near_id (self->query);
  gboolean forward = self->query->direction == XMPP_ARCHIVE_FORWARD;

  if (page->results->len > 0)
    {
      page->first = g_strdup (get_nth (self, 0)->id);
      page->last = g_strdup (get_nth (self, page->results->len - 1)->id);
    }
  else if (!page->complete && set->first != NULL && g_strcmp0 (forward ? set->last : set->first, near) != 0)
    {
      page->first = g_steal_pointer (&set->first);
      page->last = g_steal_pointer (&set->last);
    }
  else /* no step ahead: asked again it would say the same (security.md R13) */
    page->complete = TRUE;
}

XmppArchivePage *
xmpp_archive_collector_finish (XmppArchiveCollector *self,
                               XmppNode *fin,
                               GError **error)
{
  XmppArchivePage *page = self->page;
  g_auto (XmppRsmSet) set = { 0 };
  gboolean complete = FALSE;
  gboolean stable = TRUE;
  gboolean flipped;

  g_return_val_if_fail (self != NULL, NULL);

  if (fin == NULL)
    {
      g_set_error_literal (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_UNDEFINED_CONDITION, "No <fin/>");
      return NULL;
    }

  xmpp_rsm_set_parse (fin, &set);
  flipped = is_really_flipped (self, &set);
  if (self->cut && self->flipped && !flipped)
    {
      g_set_error_literal (
          error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_RESOURCE_CONSTRAINT, "More than a page can hold");
      return NULL;
    }
  if (flipped)
    reverse (page->results);

  xmpp_node_get_attr_bool (fin, "complete", &complete);
  xmpp_node_get_attr_bool (fin, "stable", &stable);
  page->complete = (complete || self->met) && !self->cut;
  page->unstable = !stable;
  page->has_count = set.has_count;
  page->count = set.count;
  take_ends (self, &set);

  return xmpp_archive_page_ref (page);
}
