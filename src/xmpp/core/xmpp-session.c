/* One XMPP session: a bound resource, which outlives connections by stream management (XEP-0198)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-session"

#include "config.h"

#include "xmpp-feature-private.h"
#include "xmpp-session-private.h"

#define IQ_TIMEOUT_MS 60000
#define ACK_TIMEOUT_MS 10000
#define IDLE_TIMEOUT_MS 300000

/* What one sender may have us do: presence, events and requests (security.md P12). */
#define FLOOD_PER_SECOND 10
#define FLOOD_BURST 100

#define NS_CARBONS "urn:xmpp:carbons:2"

enum
{
  PROP_0,
  PROP_IQ_TIMEOUT,
  PROP_ACK_TIMEOUT,
  PROP_IDLE_TIMEOUT,
  N_PROPS
};

enum
{
  ACKED,
  UNSENT,
  ONLINE_CHANGED,
  ACTIVE_CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (XmppSession, xmpp_session, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
xmpp_session_dispose (GObject *object)
{
  XmppSession *self = XMPP_SESSION (object);
  g_autoptr (XmppStream) stream = g_steal_pointer (&self->stream);

  self->in_session = FALSE;
  self->online = FALSE;
  xmpp_session_stop_sending (self);
  g_clear_handle_id (&self->flood_timer, g_source_remove);
  if (stream != NULL)
    {
      xmpp_stream_abort (stream);
      dex_promise_reject (self->closed,
                          g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "The session is gone"));
    }

  /* Whoever waits is told while the features are still there. */
  g_clear_pointer (&self->requests, xmpp_iq_tracker_free);
  g_clear_pointer (&self->inbox, xmpp_inbox_free);
  if (self->drained != NULL)
    dex_promise_reject (self->drained,
                        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "The session is gone"));
  dex_clear (&self->drained);

  g_clear_pointer (&self->dispatch, xmpp_dispatch_free);
  for (guint i = 0; self->features != NULL && i < self->features->len; i++)
    xmpp_feature_set_session (self->features->pdata[i], NULL);
  g_clear_pointer (&self->features, g_ptr_array_unref);

  G_OBJECT_CLASS (xmpp_session_parent_class)->dispose (object);
}

static void
xmpp_session_finalize (GObject *object)
{
  XmppSession *self = XMPP_SESSION (object);

  dex_clear (&self->closed);
  dex_clear (&self->introduction);
  dex_clear (&self->all_acked);
  g_clear_pointer (&self->probes, g_ptr_array_unref);
  g_clear_pointer (&self->kept, g_ptr_array_unref);
  g_clear_pointer (&self->unconfirmed, g_array_unref);
  g_clear_pointer (&self->sm, xmpp_stream_management_free);
  g_clear_pointer (&self->flood, xmpp_flood_free);
  g_clear_pointer (&self->stream_features, xmpp_node_unref);
  g_clear_pointer (&self->bare_jid, xmpp_jid_unref);
  g_clear_pointer (&self->full_jid, xmpp_jid_unref);

  G_OBJECT_CLASS (xmpp_session_parent_class)->finalize (object);
}

static void
xmpp_session_get_property (GObject *object,
                           guint prop_id,
                           GValue *value,
                           GParamSpec *pspec)
{
  XmppSession *self = XMPP_SESSION (object);

  switch (prop_id)
    {
    case PROP_IQ_TIMEOUT:
      g_value_set_uint (value, self->iq_timeout);
      break;
    case PROP_ACK_TIMEOUT:
      g_value_set_uint (value, self->ack_timeout);
      break;
    case PROP_IDLE_TIMEOUT:
      g_value_set_uint (value, self->idle_timeout);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xmpp_session_set_property (GObject *object,
                           guint prop_id,
                           const GValue *value,
                           GParamSpec *pspec)
{
  XmppSession *self = XMPP_SESSION (object);
  guint milliseconds = g_value_get_uint (value);

  switch (prop_id)
    {
    case PROP_IQ_TIMEOUT:
      self->iq_timeout = milliseconds;
      xmpp_iq_tracker_set_timeout (self->requests, milliseconds);
      break;
    case PROP_ACK_TIMEOUT:
      self->ack_timeout = milliseconds;
      break;
    case PROP_IDLE_TIMEOUT:
      self->idle_timeout = milliseconds;
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xmpp_session_class_init (XmppSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xmpp_session_dispose;
  object_class->finalize = xmpp_session_finalize;
  object_class->get_property = xmpp_session_get_property;
  object_class->set_property = xmpp_session_set_property;

  properties[PROP_IQ_TIMEOUT] = g_param_spec_uint (
      "iq-timeout", NULL, NULL, 1, G_MAXINT, IQ_TIMEOUT_MS, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ACK_TIMEOUT] = g_param_spec_uint (
      "ack-timeout", NULL, NULL, 1, G_MAXINT, ACK_TIMEOUT_MS, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_IDLE_TIMEOUT] = g_param_spec_uint (
      "idle-timeout", NULL, NULL, 1, G_MAXINT, IDLE_TIMEOUT_MS, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[ACKED] = g_signal_new (
      "acked", XMPP_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ARRAY);
  signals[UNSENT] = g_signal_new (
      "unsent", XMPP_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ARRAY);
  signals[ONLINE_CHANGED] = g_signal_new (
      "online-changed", XMPP_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ACTIVE_CHANGED] = g_signal_new (
      "active-changed", XMPP_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xmpp_session_init (XmppSession *self)
{
  self->sm = xmpp_stream_management_new ();
  self->inbox = xmpp_inbox_new ();
  self->flood = xmpp_flood_new (FLOOD_PER_SECOND, FLOOD_BURST);
  self->kept = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_node_unref);
  self->unconfirmed = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->features = g_ptr_array_new_with_free_func (g_object_unref);
  self->iq_timeout = IQ_TIMEOUT_MS;
  self->ack_timeout = ACK_TIMEOUT_MS;
  self->idle_timeout = IDLE_TIMEOUT_MS;
  self->active = TRUE;
}

XmppSession *
xmpp_session_new (XmppJid *account_jid,
                  const GType *feature_types)
{
  XmppSession *self;

  g_return_val_if_fail (account_jid != NULL, NULL);
  g_return_val_if_fail (feature_types != NULL, NULL);

  self = g_object_new (XMPP_TYPE_SESSION, NULL);
  self->bare_jid = xmpp_jid_to_bare (account_jid);
  self->requests = xmpp_iq_tracker_new (self->bare_jid, self->iq_timeout);

  for (guint i = 0; feature_types[i] != G_TYPE_INVALID; i++)
    {
      XmppFeature *feature = g_object_new (feature_types[i], NULL);

      xmpp_feature_set_session (feature, self);
      g_ptr_array_add (self->features, feature);
    }
  self->dispatch = xmpp_dispatch_new (self->features);

  return self;
}

XmppJid *
xmpp_session_get_bare_jid (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);

  return self->bare_jid;
}

XmppJid *
xmpp_session_get_full_jid (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);

  return self->full_jid;
}

gpointer
xmpp_session_get_feature (XmppSession *self,
                          GType type)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);

  for (guint i = 0; i < self->features->len; i++)
    {
      if (G_OBJECT_TYPE (self->features->pdata[i]) == type)
        return self->features->pdata[i];
    }

  return NULL;
}

const char *const *
xmpp_session_get_disco_features (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);

  return xmpp_dispatch_get_disco_features (self->dispatch);
}

XmppNode *
xmpp_session_get_stream_features (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);

  return self->stream_features;
}

gboolean
xmpp_session_is_inlined (XmppSession *self,
                         const char *ns)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), FALSE);

  return self->carbons_inlined && g_str_equal (ns, NS_CARBONS);
}

gboolean
xmpp_session_is_adopted (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), FALSE);

  return self->adopted;
}

void
xmpp_session_set_active (XmppSession *self,
                         gboolean active)
{
  g_return_if_fail (XMPP_IS_SESSION (self));

  active = !!active;
  if (self->active == active)
    return;

  self->active = active;
  g_signal_emit (self, signals[ACTIVE_CHANGED], 0);
}

gboolean
xmpp_session_get_active (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), FALSE);

  return self->active;
}

gboolean
xmpp_session_is_online (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), FALSE);

  return self->online;
}

void
xmpp_session_set_guard (XmppSession *self,
                        XmppSessionGuard guard,
                        gpointer user_data)
{
  g_return_if_fail (XMPP_IS_SESSION (self));

  self->guard = guard;
  self->guard_data = user_data;
}

void
xmpp_session_set_journal (XmppSession *self,
                          const XmppSessionJournal *journal,
                          gpointer user_data)
{
  g_return_if_fail (XMPP_IS_SESSION (self));

  self->journal = journal;
  self->journal_data = user_data;
}

DexFuture *
xmpp_session_read_inbox (XmppSession *self,
                         guint max)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);
  g_return_val_if_fail (max > 0, NULL);

  return xmpp_inbox_read (self->inbox, max);
}

void
xmpp_session_commit (XmppSession *self,
                     guint32 h)
{
  g_return_if_fail (XMPP_IS_SESSION (self));

  /* Counters wrap around: only differences mean anything. */
  if (h - self->committed > self->last_item - self->committed)
    return;

  self->committed = h;
  xmpp_stream_management_handled (self->sm, h);
  xmpp_session_send_ack (self);

  if (self->drained != NULL && self->committed == self->last_item)
    {
      g_autoptr (DexPromise) drained = g_steal_pointer (&self->drained);

      dex_promise_resolve_boolean (drained, TRUE);
    }
}

void
xmpp_session_dispatch_event (
    XmppSession *self, XmppJid *from, XmppNode *items, gboolean own, gboolean contact)
{
  g_return_if_fail (XMPP_IS_SESSION (self));

  xmpp_dispatch_event (self->dispatch, from, items, own, contact);
}

DexFuture *
xmpp_session_wait_drained (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);

  xmpp_session_push_count (self);
  if (self->committed == self->last_item)
    return dex_future_new_true ();

  if (self->drained == NULL)
    self->drained = dex_promise_new ();

  return dex_ref (DEX_FUTURE (self->drained));
}
