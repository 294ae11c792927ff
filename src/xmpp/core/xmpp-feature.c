/* The base class of protocol features: one XEP, one subclass
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-feature"

#include "config.h"

#include "xmpp-feature-private.h"

typedef struct
{
  XmppSession *session; /* not owned: the session owns its features */
} XmppFeaturePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (XmppFeature, xmpp_feature, G_TYPE_OBJECT)

static XmppFeatureHooks *
ensure_hooks (XmppFeatureClass *klass)
{
  if (klass->hooks == NULL)
    {
      klass->hooks = g_new0 (XmppFeatureHooks, 1);
      klass->hooks->hooks = g_array_new (FALSE, TRUE, sizeof (XmppHook));
      klass->hooks->features = g_ptr_array_new ();
    }

  return klass->hooks;
}

static void
add_hook (XmppFeatureClass *klass,
          XmppHook hook)
{
  hook.ns = g_intern_string (hook.ns);
  g_array_append_val (ensure_hooks (klass)->hooks, hook);
}

static void
xmpp_feature_class_init (XmppFeatureClass *klass)
{
}

static void
xmpp_feature_init (XmppFeature *self)
{
}

void
xmpp_feature_class_add_disco (XmppFeatureClass *klass,
                              const char *feature_var)
{
  g_return_if_fail (feature_var != NULL);

  g_ptr_array_add (ensure_hooks (klass)->features, (gpointer) g_intern_string (feature_var));
}

void
xmpp_feature_class_add_message_hook (XmppFeatureClass *klass,
                                     XmppStage stage,
                                     const char *ns,
                                     XmppMessageHook hook)
{
  g_return_if_fail (ns != NULL);

  add_hook (klass, (XmppHook) { .kind = XMPP_HOOK_MESSAGE, .stage = stage, .ns = ns, .message = hook });
}

void
xmpp_feature_class_add_presence_hook (XmppFeatureClass *klass,
                                      const char *ns,
                                      XmppPresenceHook hook)
{
  add_hook (klass, (XmppHook) { .kind = XMPP_HOOK_PRESENCE, .ns = ns, .presence = hook });
}

void
xmpp_feature_class_add_iq_handler (XmppFeatureClass *klass,
                                   const char *type,
                                   const char *ns,
                                   XmppIqHandler handler)
{
  XmppHookKind kind = g_str_equal (type, "get") ? XMPP_HOOK_IQ_GET : XMPP_HOOK_IQ_SET;

  g_return_if_fail (ns != NULL);
  g_return_if_fail (kind == XMPP_HOOK_IQ_GET || g_str_equal (type, "set"));

  add_hook (klass, (XmppHook) { .kind = kind, .ns = ns, .iq = handler });
}

void
xmpp_feature_class_add_event_hook (XmppFeatureClass *klass,
                                   const char *node,
                                   XmppEventScope scope,
                                   XmppEventHook hook)
{
  g_autofree char *notify = NULL;

  g_return_if_fail (node != NULL);

  notify = g_strconcat (node, "+notify", NULL);
  xmpp_feature_class_add_disco (klass, notify);
  add_hook (klass, (XmppHook) { .kind = XMPP_HOOK_EVENT, .scope = scope, .ns = node, .event = hook });
}

XmppSession *
xmpp_feature_get_session (XmppFeature *self)
{
  XmppFeaturePrivate *priv = xmpp_feature_get_instance_private (self);

  return priv->session;
}

void
xmpp_feature_set_session (XmppFeature *self,
                          XmppSession *session)
{
  XmppFeaturePrivate *priv = xmpp_feature_get_instance_private (self);

  priv->session = session;
}

const XmppFeatureHooks *
xmpp_feature_get_hooks (XmppFeature *self)
{
  return XMPP_FEATURE_GET_CLASS (self)->hooks;
}
