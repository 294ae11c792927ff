/* What comes into a session: reading, counting, dispatching
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-session"

#include "config.h"

#include <string.h>

#include "linnet-spawn.h"
#include "xmpp-session-private.h"

#define NS_PUBSUB_EVENT "http://jabber.org/protocol/pubsub#event"

/* The main loop does nothing else for so long: a quarter of a frame. */
#define BATCH_USEC 4000
/* Stanzas without anything durable in them are made to count after so many. */
#define COUNT_INTERVAL 50

typedef struct
{
  GWeakRef session;
  XmppStream *stream;
} ReadState;

static void
read_state_free (gpointer data)
{
  ReadState *state = data;

  g_weak_ref_clear (&state->session);
  g_clear_object (&state->stream);
  g_free (state);
}

/* ---- floods ---- */

/* The own account and server are not limited: they could do anything anyway. */
static gboolean
is_own (XmppSession *self,
        XmppJid *from)
{
  return from == NULL || xmpp_jid_bare_equal (from, self->bare_jid) ||
         (xmpp_jid_get_local (from) == NULL &&
          g_strcmp0 (xmpp_jid_get_domain (from), xmpp_jid_get_domain (self->bare_jid)) == 0);
}

static void dispatch_presence (XmppSession *self, XmppNode *presence, XmppJid *from);
static void dispatch_message (XmppSession *self, XmppNode *stanza);

static gboolean
flood_cb (gpointer user_data)
{
  XmppSession *self = user_data;
  g_autoptr (XmppSession) guard = g_object_ref (self);
  g_autoptr (GPtrArray) released = xmpp_flood_release (self->flood, g_get_monotonic_time ());

  for (guint i = 0; i < released->len; i++)
    {
      XmppNode *stanza = released->pdata[i];

      if (xmpp_node_is (stanza, "presence", XMPP_NS_CLIENT))
        {
          g_autoptr (XmppJid) from = xmpp_jid_new (xmpp_node_get_attr (stanza, "from"), NULL);

          dispatch_presence (self, stanza, from);
        }
      else
        dispatch_message (self, stanza);
    }

  if (xmpp_flood_get_n_kept (self->flood) > 0)
    return G_SOURCE_CONTINUE;
  self->flood_timer = 0;

  return G_SOURCE_REMOVE;
}

static gboolean
is_seen (XmppSession *self,
         XmppJid *from)
{
  for (guint i = 0; i < self->features->len; i++)
    {
      XmppFeatureClass *klass = XMPP_FEATURE_GET_CLASS (self->features->pdata[i]);

      if (klass->sees != NULL && !klass->sees (self->features->pdata[i], from))
        return FALSE;
    }

  return TRUE;
}

/* @for_anyone: a stranger may say this, too. What else a stranger says is looked at by nobody: once it is too
 * much it is not worth any memory. */
static gboolean
admit_state (XmppSession *self,
             XmppJid *from,
             const char *kind,
             const char *detail,
             gboolean for_anyone,
             XmppNode *stanza)
{
  gint64 now = g_get_monotonic_time ();
  g_autofree char *key = NULL;

  if (is_own (self, from))
    return TRUE;
  if (!for_anyone && !is_seen (self, from))
    return xmpp_flood_admit (self->flood, xmpp_jid_get_bare_string (from), now);

  key = g_strdup_printf ("%s\n%s\n%s", kind, xmpp_jid_get_string (from), detail);
  if (xmpp_flood_admit_or_keep (self->flood,
                                xmpp_jid_get_bare_string (from),
                                key,
                                stanza,
                                now))
    return TRUE;

  if (self->flood_timer == 0)
    self->flood_timer = g_timeout_add_seconds (1, flood_cb, self);

  return FALSE;
}

/* ---- presence ---- */

static void
dispatch_presence (XmppSession *self,
                   XmppNode *presence,
                   XmppJid *from)
{
  xmpp_dispatch_presence (self->dispatch, presence, from);
}

/* Available and unavailable replace each other; the rest are questions and answers, each its own thing. */
static const char *
presence_kind (XmppNode *presence)
{
  const char *type = xmpp_node_get_attr (presence, "type");

  return type == NULL || g_str_equal (type, "unavailable") ? "presence" : type;
}

/* RFC 6121 section 3: only these may come from somebody who is no contact. */
static gboolean
is_subscription (const char *kind)
{
  static const char *const kinds[] = { "subscribe", "subscribed", "unsubscribe", "unsubscribed", NULL };

  return g_strv_contains (kinds, kind);
}

static void
handle_presence (XmppSession *self,
                 XmppNode *presence,
                 XmppJid *from)
{
  const char *kind;

  if (from == NULL)
    from = self->bare_jid;

  kind = presence_kind (presence);
  if (admit_state (self, from, "presence", kind, is_subscription (kind), presence))
    dispatch_presence (self, presence, from);
}

/* ---- messages ---- */

/* Something that a person should read, or that changes the state of something they wrote. */
static gboolean
is_worth_storing (XmppMessage *message)
{
  if (g_str_equal (message->type, "groupchat")) /* from no room: this client has joined none */
    return FALSE;

  return message->body != NULL || message->quote_body != NULL || message->receipt_for != NULL ||
         message->displayed_for != NULL || message->displayed_here != NULL || message->retracts != NULL ||
         message->chat_state != XMPP_CHAT_STATE_NONE || (message->error != NULL && message->id != NULL);
}

static void
dispatch_message (XmppSession *self,
                  XmppNode *stanza)
{
  g_autoptr (XmppMessage) message = xmpp_message_new (stanza, self->bare_jid);

  if (message == NULL)
    return;

  if (xmpp_dispatch_message (self->dispatch, message) && is_worth_storing (message))
    {
      XmppInboxItem *item = xmpp_inbox_item_new (XMPP_INBOX_MESSAGE);

      item->message = g_steal_pointer (&message);
      xmpp_session_push_inbox (self, item);
    }
}

static void
handle_message (XmppSession *self,
                XmppNode *stanza,
                XmppJid *from)
{
  XmppNode *event = xmpp_node_get_child (stanza, "event", NS_PUBSUB_EVENT);

  if (event != NULL)
    {
      XmppNode *items = xmpp_node_get_first_child (event);
      const char *node = items != NULL ? xmpp_node_get_attr (items, "node") : NULL;

      if (!admit_state (self, from, "event", node != NULL ? node : "", FALSE, stanza))
        return;
    }

  dispatch_message (self, stanza);
}

/* ---- IQs ---- */

static void
handle_iq (XmppSession *self,
           XmppNode *iq,
           XmppJid *from)
{
  const char *type = xmpp_node_get_attr (iq, "type");
  XmppNode *answer = NULL;

  if (type == NULL || xmpp_node_get_attr (iq, "id") == NULL)
    return;

  if (g_str_equal (type, "result") || g_str_equal (type, "error"))
    {
      xmpp_iq_tracker_take (self->requests, iq, from);
      return;
    }
  if (!g_str_equal (type, "get") && !g_str_equal (type, "set"))
    return;

  if (is_own (self, from) ||
      xmpp_flood_admit (self->flood, xmpp_jid_get_bare_string (from), g_get_monotonic_time ()))
    answer = xmpp_dispatch_iq (self->dispatch, iq, from);

  /* The same for what we do not know and for what we do not tell: a stranger learns nothing (security.md 5).
   */
  if (answer == NULL)
    answer = xmpp_iq_error (iq, "cancel", "service-unavailable");

  xmpp_session_send (self, answer);
}

/* ---- the stream ---- */

static void
handle_sm (XmppSession *self,
           XmppNode *element)
{
  const char *name = xmpp_node_get_name (element);

  if (g_str_equal (name, "a"))
    xmpp_session_take_ack (self, element);
  else if (g_str_equal (name, "r") && xmpp_stream_management_is_enabled (self->sm))
    {
      xmpp_session_push_count (self);
      xmpp_stream_management_ack_requested (self->sm);
      xmpp_session_send_ack (self);
    }
}

typedef void (*Handler) (XmppSession *self, XmppNode *stanza, XmppJid *from);

static void
dispatch_guarded (XmppSession *self,
                  XmppNode *stanza,
                  Handler handler)
{
  const char *address = xmpp_node_get_attr (stanza, "from");
  g_autoptr (XmppJid) from = address != NULL ? xmpp_jid_new (address, NULL) : NULL;

  self->current = stanza;
  if (address == NULL || from != NULL)
    handler (self, stanza, from);
  self->current = NULL;

  if (self->guard != NULL)
    self->guard (self, NULL, self->guard_data);
}

static Handler
get_handler (XmppNode *element)
{
  const char *name = xmpp_node_get_name (element);

  if (g_strcmp0 (xmpp_node_get_ns (element), XMPP_NS_CLIENT) != 0)
    return NULL;

  if (g_str_equal (name, "message"))
    return handle_message;
  if (g_str_equal (name, "presence"))
    return handle_presence;

  return g_str_equal (name, "iq") ? handle_iq : NULL;
}

void
xmpp_session_handle_early (XmppSession *self,
                           XmppNode *stanza)
{
  Handler handler = get_handler (stanza);

  if (handler != NULL && (self->guard == NULL || self->guard (self, stanza, self->guard_data)))
    dispatch_guarded (self, stanza, handler);
}

void
xmpp_session_handle_element (XmppSession *self,
                             XmppNode *element)
{
  Handler handler;
  XmppStream *stream = self->stream;
  gboolean go;

  if (!self->in_session)
    return;

  if (g_strcmp0 (xmpp_node_get_ns (element), XMPP_NS_SM) == 0)
    {
      handle_sm (self, element);
      return;
    }

  handler = get_handler (element);
  if (handler == NULL)
    return;

  go = self->guard == NULL || self->guard (self, element, self->guard_data);
  if (!go && self->stream != stream)
    return;

  /* A stanza counts whether we like it or not: the server counted it, too. */
  self->received = xmpp_stream_management_is_enabled (self->sm) ? xmpp_stream_management_received (self->sm)
                                                                : self->received + 1;

  if (go)
    dispatch_guarded (self, element, handler);

  if (self->received - self->last_item >= COUNT_INTERVAL)
    xmpp_session_push_count (self);
}

void
xmpp_session_push_count (XmppSession *self)
{
  if (self->received != self->last_item && xmpp_stream_management_is_enabled (self->sm))
    xmpp_session_push_inbox (self, xmpp_inbox_item_new (XMPP_INBOX_COUNT));
}

void
xmpp_session_push_inbox (XmppSession *self,
                         XmppInboxItem *item)
{
  g_return_if_fail (XMPP_IS_SESSION (self));
  g_return_if_fail (item != NULL);

  if (item->stanza == NULL && self->current != NULL)
    item->stanza = xmpp_node_ref (self->current);
  item->h = self->received;
  self->last_item = self->received;
  xmpp_inbox_push (self->inbox, item);
}

gboolean
xmpp_session_annotate (XmppSession *self,
                       XmppMessage *message)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), FALSE);
  g_return_val_if_fail (message != NULL && message->source != XMPP_MESSAGE_LIVE, FALSE);

  return xmpp_dispatch_unwrapped (self->dispatch, message);
}

/* Handles what has been parsed already. Returns what must come before the next read: room in the inbox, or a
 * turn of the main loop; NULL when nothing must. */
static DexFuture *
handle_batch (XmppSession *self,
              XmppStream *stream,
              XmppNode *first)
{
  gint64 deadline = g_get_monotonic_time () + BATCH_USEC;
  XmppNode *element = xmpp_node_ref (first);

  while (element != NULL)
    {
      xmpp_session_handle_element (self, element);
      g_clear_pointer (&element, xmpp_node_unref);

      if (self->stream != stream)
        break;
      if (xmpp_inbox_is_full (self->inbox))
        return xmpp_inbox_wait_room (self->inbox);
      if (g_get_monotonic_time () >= deadline)
        return dex_timeout_new_usec (0);
      element = xmpp_stream_try_read (stream);
    }

  return NULL;
}

static DexFuture *
xmpp_session_read_fiber (gpointer user_data)
{
  ReadState *state = user_data;

  for (;;)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (XmppNode) element = dex_await_boxed (xmpp_stream_read (state->stream), &error);
      g_autoptr (XmppSession) self = g_weak_ref_get (&state->session);
      DexFuture *pause;

      if (self == NULL || self->stream != state->stream)
        return NULL;

      if (element == NULL)
        {
          xmpp_session_fail (self, g_steal_pointer (&error), NULL);
          return NULL;
        }

      xmpp_session_note_alive (self);
      pause = handle_batch (self, state->stream, element);
      g_clear_object (&self);

      /* Whether there is room or the time has come: either way it goes on. */
      if (pause != NULL)
        dex_await (pause, NULL);
    }
}

void
xmpp_session_start_reading (XmppSession *self)
{
  ReadState *state = g_new0 (ReadState, 1);

  g_weak_ref_init (&state->session, self);
  state->stream = g_object_ref (self->stream);

  /* Ends with the stream: xmpp_stream_abort() rejects what it waits for. */
  linnet_spawn_detached ("xmpp-session-read",
                         xmpp_session_read_fiber,
                         state,
                         read_state_free);
}
