/* XEP-0198 Stream Management, version 1.6.3: the counters and the queue
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-stream-management"

#include "config.h"

#include "xmpp-builder.h"
#include "xmpp-error.h"
#include "xmpp-stream-management.h"

/* Servers give up on a session with too long a queue (Prosody: 500), so tell them in time. */
#define ACK_INTERVAL 50

struct _XmppStreamManagement
{
  char *id;       /* NULL: not resumable */
  GQueue unacked; /* XmppSmStanza, counters ascending */
  guint32 acked;  /* what the server handled */
  guint32 sent;
  guint32 requested; /* sent, at the time of the last <r/> */
  guint32 received;
  guint32 handled;
  guint32 told;     /* the last count in <a/> */
  guint32 ack_goal; /* received, at the time of the last <r/> */
  guint enabled : 1;
  guint request_pending : 1;
  guint ack_now : 1;
  guint ack_owed : 1;     /* until ack_goal is handled */
  guint tail_unknown : 1; /* restored: more may have been sent than is known */
};

/* How far @b is ahead of @a; the one place that knows that counters wrap around. */
static guint32
distance (guint32 a,
          guint32 b)
{
  return b - a;
}

static void
drop_acked (XmppStreamManagement *self,
            guint32 h,
            GArray **tokens)
{
  guint32 delta = distance (self->acked, h);
  XmppSmStanza *stanza;

  if (tokens != NULL)
    *tokens = g_array_new (FALSE, FALSE, sizeof (gint64));
  while ((stanza = g_queue_peek_head (&self->unacked)) != NULL &&
         distance (self->acked, stanza->counter) <= delta)
    {
      if (tokens != NULL && stanza->token != 0)
        g_array_append_val (*tokens, stanza->token);
      xmpp_sm_stanza_free (g_queue_pop_head (&self->unacked));
    }
  self->acked = h;
}

static gboolean
h_is_possible (XmppStreamManagement *self,
               guint32 h)
{
  /* More than half a cycle ahead is behind. */
  if (self->tail_unknown && distance (self->acked, h) <= G_MAXINT32)
    return TRUE;

  return distance (self->acked, h) <= distance (self->acked, self->sent);
}

/* The server has more of an earlier run's stanzas than was known to be sent. */
static void
take_tail (XmppStreamManagement *self,
           guint32 h)
{
  if (h_is_possible (self, h) && distance (self->acked, h) > distance (self->acked, self->sent))
    self->sent = h;
}

static XmppSmStanza *
push (XmppStreamManagement *self,
      XmppSmKind kind,
      XmppNode *node,
      const char *xml,
      gint64 token)
{
  XmppSmStanza *stanza = g_new0 (XmppSmStanza, 1);

  stanza->kind = kind;
  stanza->node = node != NULL ? xmpp_node_ref (node) : NULL;
  stanza->xml = g_strdup (xml);
  stanza->token = token;
  stanza->counter = self->sent;
  g_queue_push_tail (&self->unacked, stanza);

  return stanza;
}

XmppStreamManagement *
xmpp_stream_management_new (void)
{
  return g_new0 (XmppStreamManagement, 1);
}

void
xmpp_stream_management_free (XmppStreamManagement *self)
{
  g_queue_clear_full (&self->unacked, (GDestroyNotify) xmpp_sm_stanza_free);
  g_free (self->id);
  g_free (self);
}

void
xmpp_sm_stanza_free (XmppSmStanza *self)
{
  g_clear_pointer (&self->node, xmpp_node_unref);
  g_free (self->xml);
  g_free (self);
}

void
xmpp_stream_management_enable (XmppStreamManagement *self,
                               const char *id)
{
  g_return_if_fail (g_queue_is_empty (&self->unacked));

  g_free (self->id);
  *self = (XmppStreamManagement) { .enabled = TRUE, .id = g_strdup (id != NULL && *id != '\0' ? id : NULL) };
}

void
xmpp_stream_management_disable (XmppStreamManagement *self)
{
  self->enabled = FALSE;
  g_clear_pointer (&self->id, g_free);
  xmpp_stream_management_connection_lost (self);
}

gboolean
xmpp_stream_management_is_enabled (XmppStreamManagement *self)
{
  return self->enabled;
}

const char *
xmpp_stream_management_get_id (XmppStreamManagement *self)
{
  return self->id;
}

guint32
xmpp_stream_management_sent (XmppStreamManagement *self,
                             XmppSmKind kind,
                             XmppNode *node,
                             const char *xml,
                             gint64 token)
{
  g_return_val_if_fail (self->enabled, 0);
  g_return_val_if_fail ((node == NULL) != (xml == NULL), 0);

  self->sent++;
  push (self, kind, node, xml, token);

  return self->sent;
}

guint
xmpp_stream_management_get_n_unacked (XmppStreamManagement *self)
{
  return g_queue_get_length (&self->unacked);
}

gboolean
xmpp_stream_management_acked (XmppStreamManagement *self,
                              guint32 h,
                              GArray **tokens,
                              GError **error)
{
  if (!self->enabled || !h_is_possible (self, h))
    {
      g_set_error (error,
                   XMPP_STREAM_ERROR,
                   XMPP_STREAM_ERROR_PROTOCOL,
                   "The server acknowledged %u stanzas after %u, of %u sent",
                   h,
                   self->acked,
                   self->sent);
      xmpp_stream_management_disable (self);
      return FALSE;
    }

  drop_acked (self, h, tokens);
  self->request_pending = FALSE;

  return TRUE;
}

gboolean
xmpp_stream_management_resumed (XmppStreamManagement *self,
                                guint32 h,
                                GArray **tokens,
                                GError **error)
{
  take_tail (self, h);
  self->tail_unknown = FALSE;
  if (!xmpp_stream_management_acked (self, h, tokens, error))
    return FALSE;

  /* What is sent again now takes the places after @h. Only after a restart are these new places: the stanzas
   * between
   * the stored ones are gone. */
  self->sent = h;
  for (GList *l = self->unacked.head; l != NULL; l = l->next)
    ((XmppSmStanza *) l->data)->counter = ++self->sent;

  return TRUE;
}

gboolean
xmpp_stream_management_wants_request (XmppStreamManagement *self)
{
  return self->enabled && !self->request_pending && self->acked != self->sent;
}

void
xmpp_stream_management_requested (XmppStreamManagement *self)
{
  self->request_pending = self->enabled;
  self->requested = self->sent;
}

gboolean
xmpp_stream_management_is_request_pending (XmppStreamManagement *self)
{
  return self->request_pending;
}

void
xmpp_stream_management_connection_lost (XmppStreamManagement *self)
{
  self->request_pending = FALSE;
  self->ack_now = FALSE;
  self->ack_owed = FALSE;
}

GPtrArray *
xmpp_stream_management_peek_unacked (XmppStreamManagement *self)
{
  GPtrArray *stanzas = g_ptr_array_sized_new (g_queue_get_length (&self->unacked));

  for (GList *l = self->unacked.head; l != NULL; l = l->next)
    g_ptr_array_add (stanzas, l->data);

  return stanzas;
}

gboolean
xmpp_stream_management_settle (XmppStreamManagement *self,
                               guint32 h,
                               GArray **tokens)
{
  if (!h_is_possible (self, h))
    return FALSE;

  take_tail (self, h);
  drop_acked (self, h, tokens);

  return TRUE;
}

GPtrArray *
xmpp_stream_management_take_unacked (XmppStreamManagement *self,
                                     const guint32 *h,
                                     GArray **tokens)
{
  GPtrArray *stanzas;
  XmppSmStanza *stanza;

  if (h == NULL || !xmpp_stream_management_settle (self, *h, tokens))
    drop_acked (self, self->acked, tokens);
  xmpp_stream_management_disable (self);

  stanzas = g_ptr_array_new_full (g_queue_get_length (&self->unacked), (GDestroyNotify) xmpp_sm_stanza_free);
  while ((stanza = g_queue_pop_head (&self->unacked)) != NULL)
    g_ptr_array_add (stanzas, stanza);

  return stanzas;
}

guint32
xmpp_stream_management_received (XmppStreamManagement *self)
{
  if (self->enabled)
    self->received++;

  return self->received;
}

void
xmpp_stream_management_handled (XmppStreamManagement *self,
                                guint32 h)
{
  if (!self->enabled || distance (self->handled, h) > distance (self->handled, self->received))
    return;

  self->handled = h;
  if (self->ack_owed && distance (self->ack_goal, h) <= distance (self->ack_goal, self->received))
    {
      self->ack_owed = FALSE;
      self->ack_now = TRUE;
    }
  if (distance (self->told, h) >= ACK_INTERVAL)
    self->ack_now = TRUE;
}

void
xmpp_stream_management_ack_requested (XmppStreamManagement *self)
{
  if (!self->enabled)
    return;

  self->ack_now = TRUE;
  self->ack_owed = self->handled != self->received;
  self->ack_goal = self->received;
}

gboolean
xmpp_stream_management_take_ack (XmppStreamManagement *self,
                                 guint32 *h)
{
  if (!self->enabled || !self->ack_now)
    return FALSE;

  self->ack_now = FALSE;
  self->told = self->handled;
  *h = self->handled;

  return TRUE;
}

guint32
xmpp_stream_management_get_handled (XmppStreamManagement *self)
{
  return self->handled;
}

guint32
xmpp_stream_management_get_received (XmppStreamManagement *self)
{
  return self->received;
}

guint32
xmpp_stream_management_get_sent (XmppStreamManagement *self)
{
  return self->sent;
}

void
xmpp_stream_management_restore (XmppStreamManagement *self,
                                const char *id,
                                guint32 handled,
                                guint32 acked,
                                guint32 sent)
{
  xmpp_stream_management_enable (self, id);
  self->received = self->handled = self->told = handled;
  self->acked = acked;
  self->sent = sent;
  self->tail_unknown = TRUE;
}

void
xmpp_stream_management_restore_stanza (XmppStreamManagement *self,
                                       guint32 counter,
                                       const char *xml,
                                       gint64 token)
{
  g_return_if_fail (self->tail_unknown);
  g_return_if_fail (xml != NULL);
  g_return_if_fail (counter != self->sent && distance (self->sent, counter) <= G_MAXINT32);

  self->sent = counter;
  push (self, XMPP_SM_MESSAGE, NULL, xml, token);
}

XmppNode *
xmpp_sm_enable (void)
{
  return xmpp_el ("enable", XMPP_NS_SM, xmpp_attr ("resume", "true"));
}

XmppNode *
xmpp_sm_request (void)
{
  return xmpp_el ("r", XMPP_NS_SM);
}

XmppNode *
xmpp_sm_ack (guint32 h)
{
  return xmpp_el ("a", XMPP_NS_SM, xmpp_attr_uint ("h", h));
}

XmppNode *
xmpp_sm_resume (const char *previd,
                guint32 h)
{
  return xmpp_el ("resume", XMPP_NS_SM, xmpp_attr ("previd", previd), xmpp_attr_uint ("h", h));
}

gboolean
xmpp_sm_get_h (XmppNode *node,
               guint32 *h)
{
  guint64 value;

  if (!xmpp_node_get_attr_uint (node, "h", G_MAXUINT32, &value))
    return FALSE;
  *h = (guint32) value;

  return TRUE;
}

XmppNode *
xmpp_sm_handled_count_too_high (guint32 h,
                                guint32 send_count)
{
  return xmpp_el ("error",
                  XMPP_NS_STREAM,
                  xmpp_el ("undefined-condition", XMPP_NS_STREAMS),
                  xmpp_el ("handled-count-too-high",
                           XMPP_NS_SM,
                           xmpp_attr_uint ("h", h),
                           xmpp_attr_uint ("send-count", send_count)));
}
