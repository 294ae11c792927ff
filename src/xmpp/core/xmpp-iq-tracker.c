/* Requests that wait for their answers, RFC 6120 section 8.2.3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-iq-tracker"

#include "config.h"

#include <sys/random.h>

#include "xmpp-error.h"
#include "xmpp-iq-tracker.h"

#define ID_BYTES 18

typedef struct
{
  char *id;
  XmppJid *to; /* NULL: the own account */
  gint64 deadline;
  DexPromise *promise;
  XmppIqReply reply; /* nullable */
  gpointer user_data;
} Request;

struct _XmppIqTracker
{
  XmppJid *bare_jid;
  XmppJid *full_jid;    /* nullable */
  GHashTable *requests; /* id to Request */
  guint timeout_ms;
  guint timer;
  gint64 due; /* when @timer fires */
};

static void
request_free (Request *self)
{
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->to, xmpp_jid_unref);
  dex_clear (&self->promise);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static void
request_settle (Request *self,
                XmppNode *reply,
                GError *error)
{
  g_autoptr (GError) owned = error;

  if (self->reply != NULL)
    self->reply (self->user_data, reply, error);

  if (reply != NULL)
    dex_promise_resolve_boxed (self->promise, XMPP_TYPE_NODE, xmpp_node_ref (reply));
  else
    dex_promise_reject (self->promise, g_steal_pointer (&owned));
}

/* Out of the table first: whoever is told may ask the next thing. */
static Request *
steal_request (XmppIqTracker *self,
               const char *id)
{
  gpointer request = NULL;

  g_hash_table_steal_extended (self->requests, id, NULL, &request);

  return request;
}

static void schedule (XmppIqTracker *self);

static gboolean
timeout_cb (gpointer user_data)
{
  XmppIqTracker *self = user_data;
  g_autoptr (GPtrArray) due = g_ptr_array_new_with_free_func (g_free);
  gint64 now = g_get_monotonic_time ();
  GHashTableIter iter;
  Request *request;

  self->timer = 0;

  g_hash_table_iter_init (&iter, self->requests);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &request))
    {
      if (request->deadline <= now)
        g_ptr_array_add (due, g_strdup (request->id));
    }
  schedule (self);

  for (guint i = 0; i < due->len; i++)
    {
      g_autoptr (Request) late = steal_request (self, due->pdata[i]);

      if (late != NULL)
        request_settle (late,
                        NULL,
                        g_error_new_literal (XMPP_STANZA_ERROR,
                                             XMPP_STANZA_ERROR_TIMED_OUT,
                                             "No answer in time"));
    }

  return G_SOURCE_REMOVE;
}

/* One timer for the earliest deadline, rather than one for each request. */
static void
schedule (XmppIqTracker *self)
{
  gint64 earliest = G_MAXINT64;
  GHashTableIter iter;
  Request *request;

  if (self->timer != 0)
    return;

  g_hash_table_iter_init (&iter, self->requests);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &request))
    earliest = MIN (earliest, request->deadline);

  if (earliest != G_MAXINT64)
    {
      gint64 wait = MAX (0, earliest - g_get_monotonic_time ());

      self->due = earliest;
      self->timer = g_timeout_add ((guint) (wait / 1000 + 1), timeout_cb, self);
    }
}

XmppIqTracker *
xmpp_iq_tracker_new (XmppJid *bare_jid,
                     guint timeout_ms)
{
  XmppIqTracker *self = g_new0 (XmppIqTracker, 1);

  self->bare_jid = xmpp_jid_ref (bare_jid);
  self->requests = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) request_free);
  self->timeout_ms = timeout_ms;

  return self;
}

void
xmpp_iq_tracker_free (XmppIqTracker *self)
{
  xmpp_iq_tracker_fail_all (self);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_pointer (&self->requests, g_hash_table_unref);
  g_clear_pointer (&self->bare_jid, xmpp_jid_unref);
  g_clear_pointer (&self->full_jid, xmpp_jid_unref);
  g_free (self);
}

void
xmpp_iq_tracker_set_full_jid (XmppIqTracker *self,
                              XmppJid *full_jid)
{
  g_clear_pointer (&self->full_jid, xmpp_jid_unref);
  self->full_jid = full_jid != NULL ? xmpp_jid_ref (full_jid) : NULL;
}

void
xmpp_iq_tracker_set_timeout (XmppIqTracker *self,
                             guint timeout_ms)
{
  self->timeout_ms = timeout_ms;
}

char *
xmpp_iq_tracker_create_id (void)
{
  guint8 bytes[ID_BYTES];
  char *id;

  /* A short read is impossible for so few bytes once the kernel's pool is ready, for which this waits. */
  if (getrandom (bytes, sizeof bytes, 0) != sizeof bytes)
    g_error ("The kernel gives no random bytes");

  id = g_base64_encode (bytes, sizeof bytes); /* a multiple of three: no padding */

  return g_strdelimit (g_strdelimit (id, "+", '-'), "/", '_');
}

DexFuture *
xmpp_iq_tracker_add (XmppIqTracker *self,
                     XmppNode **iq,
                     XmppIqReply reply,
                     gpointer user_data)
{
  g_autoptr (XmppJid) to = NULL;
  const char *address = xmpp_node_get_attr (*iq, "to");
  XmppNode *with_id;
  Request *request;

  if (address != NULL && (to = xmpp_jid_new (address, NULL)) == NULL)
    {
      g_autoptr (GError) error = NULL;

      error = g_error_new_literal (XMPP_STANZA_ERROR,
                                   XMPP_STANZA_ERROR_JID_MALFORMED,
                                   "Nobody has such an address");
      if (reply != NULL)
        reply (user_data, NULL, error);

      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  request = g_new0 (Request, 1);
  request->id = xmpp_iq_tracker_create_id ();
  request->to = g_steal_pointer (&to);
  request->deadline = g_get_monotonic_time () + (gint64) self->timeout_ms * 1000;
  request->promise = dex_promise_new ();
  request->reply = reply;
  request->user_data = user_data;
  g_hash_table_insert (self->requests, request->id, request);

  with_id = xmpp_node_with_attr (*iq, "id", request->id);
  xmpp_node_unref (*iq);
  *iq = with_id;
  if (request->deadline < self->due) /* the time that is given has been set since */
    g_clear_handle_id (&self->timer, g_source_remove);
  schedule (self);

  return dex_ref (DEX_FUTURE (request->promise));
}

static gboolean
is_own_domain (XmppIqTracker *self,
               XmppJid *jid)
{
  return xmpp_jid_get_local (jid) == NULL && xmpp_jid_get_resource (jid) == NULL &&
         g_strcmp0 (xmpp_jid_get_domain (jid), xmpp_jid_get_domain (self->bare_jid)) == 0;
}

/* RFC 6120 section 8.1.2.1: what the own server answers for the own account comes from the bare address, or
 * from nobody; what it answers for itself, from its domain or from nobody. Servers mix these up, all of them
 * are the own server speaking. Anybody else must be exactly who was asked. */
static gboolean
may_answer (XmppIqTracker *self,
            Request *request,
            XmppJid *from)
{
  XmppJid *to = request->to;

  if (to == NULL)
    return from == NULL || xmpp_jid_equal (from, self->bare_jid) || is_own_domain (self, from) ||
           (self->full_jid != NULL && xmpp_jid_equal (from, self->full_jid));

  if (from == NULL)
    return xmpp_jid_equal (to, self->bare_jid) || is_own_domain (self, to) ||
           (self->full_jid != NULL && xmpp_jid_equal (to, self->full_jid));

  return xmpp_jid_equal (to, from);
}

gboolean
xmpp_iq_tracker_take (XmppIqTracker *self,
                      XmppNode *iq,
                      XmppJid *from)
{
  const char *id = xmpp_node_get_attr (iq, "id");
  Request *request = id != NULL ? g_hash_table_lookup (self->requests, id) : NULL;
  g_autoptr (Request) answered = NULL;

  if (request == NULL || !may_answer (self, request, from))
    return FALSE;

  answered = steal_request (self, id);
  if (g_strcmp0 (xmpp_node_get_attr (iq, "type"), "result") == 0)
    request_settle (answered, iq, NULL);
  else
    request_settle (answered, NULL, xmpp_error_from_stanza (iq));

  return TRUE;
}

void
xmpp_iq_tracker_prolong (XmppIqTracker *self,
                         DexFuture *future)
{
  GHashTableIter iter;
  Request *request;

  /* There are few of them. The timer finds out that it came too early. */
  g_hash_table_iter_init (&iter, self->requests);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &request))
    {
      if (DEX_FUTURE (request->promise) == future)
        request->deadline = g_get_monotonic_time () + (gint64) self->timeout_ms * 1000;
    }
}

void
xmpp_iq_tracker_fail_all (XmppIqTracker *self)
{
  g_autoptr (GList) ids = NULL;

  /* By id: what is told to one may settle another. */
  for (GList *l = g_hash_table_get_keys (self->requests); l != NULL; l = g_list_delete_link (l, l))
    ids = g_list_prepend (ids, g_strdup (l->data));

  for (GList *l = ids; l != NULL; l = l->next)
    {
      g_autofree char *id = l->data;
      g_autoptr (Request) request = steal_request (self, id);

      if (request != NULL)
        request_settle (request,
                        NULL,
                        g_error_new_literal (XMPP_STANZA_ERROR,
                                             XMPP_STANZA_ERROR_DISCONNECTED,
                                             "The session is over"));
    }
}

guint
xmpp_iq_tracker_get_n_open (XmppIqTracker *self)
{
  return g_hash_table_size (self->requests);
}
