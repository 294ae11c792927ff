/* What a feature's class was given, for the dispatcher
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-feature.h"

G_BEGIN_DECLS

typedef enum
{
  XMPP_HOOK_MESSAGE,
  XMPP_HOOK_PRESENCE,
  XMPP_HOOK_IQ_GET,
  XMPP_HOOK_IQ_SET,
  XMPP_HOOK_EVENT,
} XmppHookKind;

typedef struct
{
  XmppHookKind kind;
  XmppStage stage;      /* MESSAGE */
  XmppEventScope scope; /* EVENT */
  const char *ns;       /* interned; NULL only for plain presence; EVENT: the node */
  union
  {
    XmppMessageHook message;
    XmppPresenceHook presence;
    XmppIqHandler iq;
    XmppEventHook event;
  };
} XmppHook;

/* One per class, made with the class and like it never freed. */
typedef struct _XmppFeatureHooks
{
  GArray *hooks;       /* of XmppHook */
  GPtrArray *features; /* of interned char *: what service discovery tells */
} XmppFeatureHooks;

const XmppFeatureHooks *xmpp_feature_get_hooks (XmppFeature *self); /* nullable */
void xmpp_feature_set_session (XmppFeature *self, XmppSession *session);

G_END_DECLS
