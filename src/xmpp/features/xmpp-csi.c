/* XEP-0352 Client State Indication, version 1.0.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-csi"

#include "config.h"

#include "xmpp-builder.h"
#include "xmpp-csi.h"

#define NS_CSI "urn:xmpp:csi:0"

struct _XmppCsi
{
  XmppFeature parent_instance;

  guint watching : 1;
};

G_DEFINE_FINAL_TYPE (XmppCsi, xmpp_csi, XMPP_TYPE_FEATURE)

static void
send_state (XmppCsi *self)
{
  XmppSession *session = xmpp_feature_get_session (XMPP_FEATURE (self));
  XmppNode *features = xmpp_session_get_stream_features (session);

  if (features != NULL && xmpp_node_get_child (features, "csi", NS_CSI) != NULL)
    xmpp_session_send_nonza (session,
                             xmpp_el (xmpp_session_get_active (session) ? "active" : "inactive", NS_CSI));
}

static void
active_changed_cb (XmppCsi *self)
{
  send_state (self);
}

/* Section 4.2 and 5.2: every stream, resumed ones too, begins as active. */
static void
xmpp_csi_resumed (XmppFeature *feature)
{
  XmppSession *session = xmpp_feature_get_session (feature);

  if (!xmpp_session_get_active (session))
    send_state (XMPP_CSI (feature));
}

static DexFuture *
xmpp_csi_online (XmppFeature *feature)
{
  XmppCsi *self = XMPP_CSI (feature);

  if (!self->watching)
    {
      g_signal_connect_object (xmpp_feature_get_session (feature),
                               "active-changed",
                               G_CALLBACK (active_changed_cb),
                               self,
                               G_CONNECT_SWAPPED);
      self->watching = TRUE;
    }
  xmpp_csi_resumed (feature);

  return dex_future_new_true ();
}

static void
xmpp_csi_class_init (XmppCsiClass *klass)
{
  XMPP_FEATURE_CLASS (klass)->online = xmpp_csi_online;
  XMPP_FEATURE_CLASS (klass)->resumed = xmpp_csi_resumed;
}

static void
xmpp_csi_init (XmppCsi *self)
{
}
