/* XEP-0313 Message Archive Management, version 1.1.3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-archive"

#include "config.h"

#include "linnet-spawn.h"
#include "xmpp-archive-collector.h"
#include "xmpp-archive.h"
#include "xmpp-builder.h"
#include "xmpp-delay.h"
#include "xmpp-disco.h"
#include "xmpp-forward.h"
#include "xmpp-rsm.h"

#define NS_EXTENDED "urn:xmpp:mam:2#extended"
#define NS_GROUPCHAT_FIELD "urn:xmpp:mam:2#groupchat-field"

/* Queries under way in rooms. A room that is slow on purpose delays others, but not the own account. */
#define MAX_ROOMS 3
/* However often a result comes: so long may a page take. */
#define MAX_USEC (10 * 60 * G_USEC_PER_SEC)

struct _XmppArchive
{
  XmppFeature parent_instance;

  GQueue waiting;      /* of Request, the urgent ones first */
  GHashTable *running; /* query id to Request */
  GHashTable *rooms;   /* XmppJid to XmppArchiveSupport */
  guint n_forged;
  guint pumping : 1;
};

G_DEFINE_FINAL_TYPE (XmppArchive, xmpp_archive, XMPP_TYPE_FEATURE)
G_DEFINE_BOXED_TYPE (XmppArchiveMetadata,
                     xmpp_archive_metadata,
                     xmpp_archive_metadata_copy,
                     xmpp_archive_metadata_free)

/* Shared by the fiber that waits for it, the queue or the table, and the IQ. */
typedef struct
{
  XmppArchive *self;
  XmppArchiveQuery *query;
  XmppJid *archive; /* never NULL */
  char *id;
  XmppArchiveSupport support;
  XmppArchiveCollector *collector; /* NULL: nobody wants the results any more */
  DexPromise *page;
  DexFuture *reply; /* nullable: not asked yet */
  gint64 since;
} Request;

static void
request_clear (gpointer data)
{
  Request *request = data;

  g_clear_object (&request->self);
  g_clear_pointer (&request->query, xmpp_archive_query_free);
  g_clear_pointer (&request->archive, xmpp_jid_unref);
  g_clear_pointer (&request->id, g_free);
  g_clear_pointer (&request->collector, xmpp_archive_collector_free);
  dex_clear (&request->page);
  dex_clear (&request->reply);
}

static void
request_unref (gpointer data)
{
  g_rc_box_release_full (data, request_clear);
}

static XmppSession *
get_session (XmppArchive *self)
{
  return xmpp_feature_get_session (XMPP_FEATURE (self));
}

static gboolean
is_own (XmppArchive *self,
        XmppJid *archive)
{
  return archive == NULL || xmpp_jid_equal (archive, xmpp_session_get_bare_jid (get_session (self)));
}

/* ---- results ---- */

/* Whether the archive may have such a message: the account's own are from or to it; those of a room are from
 * the room or somebody in it, and never private. */
static gboolean
belongs_to (XmppMessage *message,
            Request *request)
{
  gboolean in_room = g_str_equal (message->type, "groupchat");

  if (!is_own (request->self, request->archive))
    return (in_room || message->error != NULL) && xmpp_jid_bare_equal (message->from, request->archive);

  return in_room || xmpp_jid_bare_equal (message->from, request->archive) ||
         xmpp_jid_bare_equal (message->to, request->archive);
}

/* FALSE when it is none that can be read. The archive's time and id stand above what the message says. */
static gboolean
unwrap (Request *request,
        XmppMessage *message,
        XmppNode *inner,
        const char *id,
        gint64 stamp)
{
  XmppSession *session = get_session (request->self);

  if (!xmpp_message_unwrap (
          message, inner, XMPP_MESSAGE_ARCHIVED, xmpp_session_get_bare_jid (session)) ||
      !belongs_to (message, request))
    return FALSE;

  g_set_str (&message->stanza_id, id);
  if (!xmpp_session_annotate (session, message))
    return FALSE;
  message->delay = stamp;

  return TRUE;
}

static void
take_result (Request *request,
             XmppMessage *message,
             XmppNode *payload)
{
  g_autoptr (XmppNode) result = xmpp_node_ref (payload); /* outlives the stanza that unwrapping lets go */
  const char *id = xmpp_node_get_attr (result, "id");
  XmppNode *forwarded = xmpp_node_get_child (result, "forwarded", XMPP_NS_FORWARD);
  XmppNode *delay = forwarded != NULL ? xmpp_node_get_child (forwarded, "delay", XMPP_NS_DELAY) : NULL;
  XmppNode *inner = forwarded != NULL ? xmpp_node_get_child (forwarded, "message", XMPP_NS_CLIENT) : NULL;
  gint64 stamp = delay != NULL ? xmpp_delay_parse_stamp (xmpp_node_get_attr (delay, "stamp")) : 0;
  gboolean readable = inner != NULL && xmpp_rsm_is_id (id) && unwrap (request, message, inner, id, stamp);

  if (g_get_monotonic_time () - request->since < MAX_USEC)
    xmpp_session_prolong_iq (get_session (request->self), request->reply);

  xmpp_archive_collector_take (
      request->collector, id, stamp, readable ? message : NULL, xmpp_node_get_memory (result));
  if (inner != NULL && !readable)
    xmpp_archive_collector_note_unreadable (request->collector);
}

static XmppVerdict
xmpp_archive_unwrap (XmppFeature *feature,
                     XmppMessage *message,
                     XmppNode *payload)
{
  XmppArchive *self = XMPP_ARCHIVE (feature);
  const char *id = xmpp_node_get_attr (payload, "queryid");
  Request *request = id != NULL ? g_hash_table_lookup (self->running, id) : NULL;

  if (!xmpp_node_is (payload, "result", XMPP_NS_ARCHIVE))
    return XMPP_VERDICT_PASS;

  /* Section 9.2, security.md I3. The message around it is still what its sender wrote. */
  if (request == NULL || !xmpp_jid_equal (message->from, request->archive) ||
      g_str_equal (message->type, "groupchat") || message->source != XMPP_MESSAGE_LIVE)
    {
      self->n_forged++;
      return XMPP_VERDICT_PASS;
    }

  if (request->collector != NULL)
    take_result (request, message, payload);

  return XMPP_VERDICT_DROP;
}

/* ---- queries ---- */

static void pump (XmppArchive *self);

/* In stream order: what comes after the end of a query belongs to none. */
static void
answered (gpointer user_data,
          XmppNode *reply,
          const GError *reason)
{
  Request *request = user_data;
  g_autoptr (XmppArchive) self = g_object_ref (request->self);
  g_autoptr (GError) error = reason != NULL ? g_error_copy (reason) : NULL;
  XmppArchivePage *page = NULL;

  g_hash_table_remove (self->running, request->id);
  if (reply != NULL && request->collector != NULL)
    page = xmpp_archive_collector_finish (
        request->collector, xmpp_node_get_child (reply, "fin", XMPP_NS_ARCHIVE), &error);

  if (page != NULL)
    dex_promise_resolve_boxed (request->page, XMPP_TYPE_ARCHIVE_PAGE, page);
  else if (error != NULL)
    dex_promise_reject (request->page, g_steal_pointer (&error));
  g_clear_pointer (&request->collector, xmpp_archive_collector_free);
  request_unref (request);
  pump (self);
}

static void
start (Request *request)
{
  XmppArchive *self = request->self;
  XmppNode *query;

  request->id = xmpp_iq_tracker_create_id ();
  request->collector = xmpp_archive_collector_new (request->query, request->support);
  request->since = g_get_monotonic_time ();
  query = xmpp_archive_query_build (request->query, request->support, request->id);

  g_hash_table_insert (self->running, request->id, g_rc_box_acquire (request));
  request->reply = xmpp_session_send_iq_told (
      get_session (self),
      xmpp_iq_set (is_own (self, request->archive) ? NULL : request->archive, query),
      answered,
      g_rc_box_acquire (request));
}

static gboolean
can_start (XmppArchive *self,
           Request *request)
{
  GHashTableIter iter;
  Request *other;
  guint n_rooms = 0;

  g_hash_table_iter_init (&iter, self->running);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &other))
    {
      if (xmpp_jid_equal (other->archive, request->archive))
        return FALSE;
      n_rooms += !is_own (self, other->archive);
    }

  return is_own (self, request->archive) || n_rooms < MAX_ROOMS;
}

/* Without a session an answer comes at once, and with it the next one's turn: a loop, not a recursion. */
static void
pump (XmppArchive *self)
{
  GList *link = self->waiting.head;

  if (self->pumping)
    return;

  self->pumping = TRUE;
  while (link != NULL)
    {
      Request *request = link->data;

      if (!can_start (self, request))
        {
          link = link->next;
          continue;
        }

      g_queue_delete_link (&self->waiting, link);
      start (request);
      request_unref (request);
      link = self->waiting.head; /* anything may have happened */
    }
  self->pumping = FALSE;
}

static void
enqueue (Request *request)
{
  XmppArchive *self = request->self;
  GList *link = NULL;

  if (request->query->urgent)
    {
      for (link = self->waiting.head; link != NULL; link = link->next)
        {
          if (!((Request *) link->data)->query->urgent)
            break;
        }
    }
  g_queue_insert_before (&self->waiting, link, g_rc_box_acquire (request));
  pump (self);
}

static void
withdraw (Request *request)
{
  if (g_queue_remove (&request->self->waiting, request))
    request_unref (request);
  g_clear_pointer (&request->collector, xmpp_archive_collector_free);
}

static DexFuture *
refuse (const char *why)
{
  return dex_future_new_reject (XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_FEATURE_NOT_IMPLEMENTED, "%s", why);
}

static DexFuture *
xmpp_archive_fetch_fiber (gpointer user_data)
{
  Request *request = user_data;
  g_autoptr (GError) error = NULL;
  XmppArchivePage *page;

  request->support = dex_await_uint (xmpp_archive_query_support (request->self, request->archive), &error);
  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  if ((request->support & XMPP_ARCHIVE_SUPPORTED) == 0)
    return refuse ("There is no archive");
  if (request->query->ids != NULL && (request->support & XMPP_ARCHIVE_EXTENDED) == 0)
    return refuse ("The archive does not find messages by their ids");

  enqueue (request);
  page = dex_await_boxed (dex_ref (DEX_FUTURE (request->page)), &error);
  if (page == NULL)
    {
      withdraw (request);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  return dex_future_new_take_boxed (XMPP_TYPE_ARCHIVE_PAGE, page);
}

/* ---- what archives can do ---- */

static const struct
{
  const char *feature;
  XmppArchiveSupport support;
} feature_rows[] = {
  { XMPP_NS_ARCHIVE, XMPP_ARCHIVE_SUPPORTED },
  { NS_EXTENDED, XMPP_ARCHIVE_EXTENDED },
  { NS_GROUPCHAT_FIELD, XMPP_ARCHIVE_GROUPCHAT_FIELD },
};

static DexFuture *
own_support_cb (DexFuture *future,
                gpointer user_data)
{
  XmppDisco *disco = user_data;
  guint support = 0;

  for (guint i = 0; i < G_N_ELEMENTS (feature_rows); i++)
    {
      if (xmpp_disco_account_has (disco, feature_rows[i].feature))
        support |= feature_rows[i].support;
    }

  return dex_future_new_for_uint (support);
}

typedef struct
{
  XmppArchive *self;
  XmppJid *archive;
} Asked;

static void
asked_free (gpointer data)
{
  Asked *asked = data;

  g_clear_object (&asked->self);
  g_clear_pointer (&asked->archive, xmpp_jid_unref);
  g_free (asked);
}

static Asked *
asked_new (XmppArchive *self,
           XmppJid *archive)
{
  Asked *asked = g_new0 (Asked, 1);

  asked->self = g_object_ref (self);
  asked->archive = archive != NULL ? xmpp_jid_to_bare (archive) : NULL;

  return asked;
}

static DexFuture *
room_support_cb (DexFuture *future,
                 gpointer user_data)
{
  const Asked *asked = user_data;
  XmppDiscoInfo *info = g_value_get_boxed (dex_future_get_value (future, NULL));
  guint support = 0;

  for (guint i = 0; i < G_N_ELEMENTS (feature_rows); i++)
    {
      if (xmpp_disco_info_has_feature (info, feature_rows[i].feature))
        support |= feature_rows[i].support;
    }
  g_hash_table_insert (asked->self->rooms, xmpp_jid_ref (asked->archive), GUINT_TO_POINTER (support));

  return dex_future_new_for_uint (support);
}

static void
xmpp_archive_offline (XmppFeature *feature)
{
  g_hash_table_remove_all (XMPP_ARCHIVE (feature)->rooms);
}

/* ---- metadata ---- */

static DexFuture *
parse_metadata_cb (DexFuture *future,
                   gpointer user_data)
{
  XmppNode *reply = g_value_get_boxed (dex_future_get_value (future, NULL));
  XmppNode *metadata = xmpp_node_get_child (reply, "metadata", XMPP_NS_ARCHIVE);
  XmppNode *start_node, *end_node;
  XmppArchiveMetadata found = { 0 };

  if (metadata == NULL)
    return dex_future_new_reject (
        XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_UNDEFINED_CONDITION, "The answer is none");

  start_node = xmpp_node_get_child (metadata, "start", XMPP_NS_ARCHIVE);
  end_node = xmpp_node_get_child (metadata, "end", XMPP_NS_ARCHIVE);
  if (start_node != NULL && end_node != NULL && xmpp_rsm_is_id (xmpp_node_get_attr (start_node, "id")) &&
      xmpp_rsm_is_id (xmpp_node_get_attr (end_node, "id")))
    {
      found.start_id = (char *) xmpp_node_get_attr (start_node, "id");
      found.start = xmpp_delay_parse_stamp (xmpp_node_get_attr (start_node, "timestamp"));
      found.end_id = (char *) xmpp_node_get_attr (end_node, "id");
      found.end = xmpp_delay_parse_stamp (xmpp_node_get_attr (end_node, "timestamp"));
    }

  return dex_future_new_take_boxed (XMPP_TYPE_ARCHIVE_METADATA, xmpp_archive_metadata_copy (&found));
}

static DexFuture *
ask_metadata_cb (DexFuture *future,
                 gpointer user_data)
{
  const Asked *asked = user_data;
  guint support = g_value_get_uint (dex_future_get_value (future, NULL));
  XmppSession *session = get_session (asked->self);

  if ((support & XMPP_ARCHIVE_EXTENDED) == 0 || session == NULL)
    return refuse ("The archive does not tell where it ends");

  return dex_future_then (
      xmpp_session_send_iq (session, xmpp_iq_get (asked->archive, xmpp_el ("metadata", XMPP_NS_ARCHIVE))),
      parse_metadata_cb,
      NULL,
      NULL);
}

XmppArchiveMetadata *
xmpp_archive_metadata_copy (const XmppArchiveMetadata *self)
{
  XmppArchiveMetadata *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->start_id = g_strdup (self->start_id);
  copy->end_id = g_strdup (self->end_id);

  return copy;
}

void
xmpp_archive_metadata_free (XmppArchiveMetadata *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->start_id, g_free);
  g_clear_pointer (&self->end_id, g_free);
  g_free (self);
}

/* ---- the feature ---- */

static void
xmpp_archive_finalize (GObject *object)
{
  XmppArchive *self = XMPP_ARCHIVE (object);

  g_queue_clear_full (&self->waiting, request_unref);
  g_clear_pointer (&self->running, g_hash_table_unref);
  g_clear_pointer (&self->rooms, g_hash_table_unref);

  G_OBJECT_CLASS (xmpp_archive_parent_class)->finalize (object);
}

static void
xmpp_archive_class_init (XmppArchiveClass *klass)
{
  XmppFeatureClass *feature_class = XMPP_FEATURE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xmpp_archive_finalize;
  feature_class->offline = xmpp_archive_offline;
  xmpp_feature_class_add_message_hook (
      feature_class, XMPP_STAGE_UNWRAP, XMPP_NS_ARCHIVE, xmpp_archive_unwrap);
}

static gboolean
jid_equal (gconstpointer a,
           gconstpointer b)
{
  return xmpp_jid_equal ((XmppJid *) a, (XmppJid *) b);
}

static void
xmpp_archive_init (XmppArchive *self)
{
  g_queue_init (&self->waiting);
  self->running = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, request_unref);
  self->rooms = g_hash_table_new_full (xmpp_jid_hash, jid_equal, (GDestroyNotify) xmpp_jid_unref, NULL);
}

DexFuture *
xmpp_archive_fetch (XmppArchive *self,
                    const XmppArchiveQuery *query)
{
  Request *request;

  g_return_val_if_fail (XMPP_IS_ARCHIVE (self), NULL);
  g_return_val_if_fail (query != NULL, NULL);

  request = g_rc_box_new0 (Request);
  request->self = g_object_ref (self);
  request->query = xmpp_archive_query_copy (query);
  request->archive = query->archive != NULL ? xmpp_jid_to_bare (query->archive)
                                            : xmpp_jid_ref (xmpp_session_get_bare_jid (get_session (self)));
  request->page = dex_promise_new ();

  return linnet_spawn ("xmpp-archive-fetch", xmpp_archive_fetch_fiber, request, request_unref);
}

DexFuture *
xmpp_archive_query_support (XmppArchive *self,
                            XmppJid *archive)
{
  XmppSession *session;
  XmppDisco *disco;
  gpointer known;

  g_return_val_if_fail (XMPP_IS_ARCHIVE (self), NULL);

  session = get_session (self);
  if (session == NULL)
    return dex_future_new_reject (XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_DISCONNECTED, "The session is over");

  disco = xmpp_session_get_feature (session, XMPP_TYPE_DISCO);
  if (is_own (self, archive))
    return dex_future_then (
        xmpp_disco_wait_own_info (disco), own_support_cb, g_object_ref (disco), g_object_unref);

  if (g_hash_table_lookup_extended (self->rooms, archive, NULL, &known))
    return dex_future_new_for_uint (GPOINTER_TO_UINT (known));

  return dex_future_then (
      xmpp_disco_query_info (disco, archive, NULL), room_support_cb, asked_new (self, archive), asked_free);
}

DexFuture *
xmpp_archive_fetch_metadata (XmppArchive *self,
                             XmppJid *archive)
{
  g_return_val_if_fail (XMPP_IS_ARCHIVE (self), NULL);

  return dex_future_then (
      xmpp_archive_query_support (self, archive), ask_metadata_cb, asked_new (self, archive), asked_free);
}

guint
xmpp_archive_get_n_forged (XmppArchive *self)
{
  g_return_val_if_fail (XMPP_IS_ARCHIVE (self), 0);

  return self->n_forged;
}
