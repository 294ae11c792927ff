/* The list of everything a session speaks
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-features"

#include "config.h"

#include "xmpp-archive.h"
#include "xmpp-avatar.h"
#include "xmpp-blocking.h"
#include "xmpp-caps.h"
#include "xmpp-carbons.h"
#include "xmpp-chat-states.h"
#include "xmpp-correction.h"
#include "xmpp-csi.h"
#include "xmpp-delay.h"
#include "xmpp-disco.h"
#include "xmpp-fallback.h"
#include "xmpp-features.h"
#include "xmpp-forward.h"
#include "xmpp-markers.h"
#include "xmpp-nick.h"
#include "xmpp-ping.h"
#include "xmpp-presence.h"
#include "xmpp-pubsub.h"
#include "xmpp-receipts.h"
#include "xmpp-reply.h"
#include "xmpp-retraction.h"
#include "xmpp-roster.h"
#include "xmpp-stanza-ids.h"
#include "xmpp-subscription.h"
#include "xmpp-vcard.h"
#include "xmpp-vcard4.h"
#include "xmpp-version.h"

/* Delay stands before what asks whether a message was delayed; presence at the end: with it everything begins
 * to come. */
#define TYPES(X)             \
  X (XMPP_TYPE_ROSTER)       \
  X (XMPP_TYPE_DISCO)        \
  X (XMPP_TYPE_CARBONS)      \
  X (XMPP_TYPE_ARCHIVE)      \
  X (XMPP_TYPE_BLOCKING)     \
  X (XMPP_TYPE_PUBSUB)       \
  X (XMPP_TYPE_CAPS)         \
  X (XMPP_TYPE_DELAY)        \
  X (XMPP_TYPE_STANZA_IDS)   \
  X (XMPP_TYPE_FORWARD)      \
  X (XMPP_TYPE_NICK)         \
  X (XMPP_TYPE_AVATAR)       \
  X (XMPP_TYPE_VCARD)        \
  X (XMPP_TYPE_VCARD4)       \
  X (XMPP_TYPE_RECEIPTS)     \
  X (XMPP_TYPE_MARKERS)      \
  X (XMPP_TYPE_CHAT_STATES)  \
  X (XMPP_TYPE_CORRECTION)   \
  X (XMPP_TYPE_RETRACTION)   \
  X (XMPP_TYPE_REPLY)        \
  X (XMPP_TYPE_FALLBACK)     \
  X (XMPP_TYPE_PING)         \
  X (XMPP_TYPE_VERSION)      \
  X (XMPP_TYPE_SUBSCRIPTION) \
  X (XMPP_TYPE_CSI)          \
  X (XMPP_TYPE_PRESENCE)

#define ONE(type) +1
#define N_TYPES (0 TYPES (ONE))
#define STORE(type) types[n++] = type;

const GType *
xmpp_features_get_types (void)
{
  static GType types[N_TYPES + 1];
  static gsize once;

  if (g_once_init_enter (&once))
    {
      guint n = 0;

      TYPES (STORE)
      types[n] = G_TYPE_INVALID;
      g_once_init_leave (&once, 1);
    }

  return types;
}

DexFuture *
xmpp_session_start_login (XmppSession *session,
                          XmppStream *stream,
                          const XmppLoginResult *login)
{
  g_return_val_if_fail (login != NULL, NULL);

  return xmpp_session_start (session,
                             stream,
                             &(XmppSessionStart) {
                                 .full_jid = login->full_jid,
                                 .stream_features = login->features,
                                 .resumed = login->resumed,
                                 .sm_enabled = login->sm_enabled,
                                 .sm_resumable = login->sm_resumable,
                                 .carbons_enabled = login->carbons_enabled,
                                 .sm_h = login->sm_h,
                                 .sm_h_known = login->sm_h_known,
                                 .sm_id = login->sm_id,
                                 .early = login->early,
                             });
}
