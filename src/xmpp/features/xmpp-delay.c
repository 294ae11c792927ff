/* XEP-0203 Delayed Delivery, version 2.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-delay"

#include "config.h"

#include "linnet-time.h"
#include "xmpp-builder.h"
#include "xmpp-delay.h"

struct _XmppDelay
{
  XmppFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (XmppDelay, xmpp_delay, XMPP_TYPE_FEATURE)

static gboolean
is_from_own_server (XmppNode *delay,
                    XmppJid *own)
{
  const char *address = xmpp_node_get_attr (delay, "from");
  g_autoptr (XmppJid) from = address != NULL ? xmpp_jid_new (address, NULL) : NULL;

  if (from == NULL || !xmpp_jid_is_bare (from))
    return FALSE;

  return xmpp_jid_equal (from, own) || (xmpp_jid_get_local (from) == NULL &&
                                        g_str_equal (xmpp_jid_get_domain (from), xmpp_jid_get_domain (own)));
}

static XmppVerdict
xmpp_delay_annotate (XmppFeature *feature,
                     XmppMessage *message,
                     XmppNode *payload)
{
  XmppJid *own = xmpp_session_get_bare_jid (xmpp_feature_get_session (feature));
  gint64 stamp = xmpp_delay_get_trusted (message->node, own);

  if (stamp == 0)
    return XMPP_VERDICT_PASS;

  /* A carbon's own stamp, by the server that made it, is set already and says the same. */
  if (message->delay == 0)
    message->delay = stamp;
  message->offline = message->source == XMPP_MESSAGE_LIVE;

  return XMPP_VERDICT_PASS;
}

static void
xmpp_delay_class_init (XmppDelayClass *klass)
{
  XmppFeatureClass *feature_class = XMPP_FEATURE_CLASS (klass);

  xmpp_feature_class_add_disco (feature_class, XMPP_NS_DELAY);
  xmpp_feature_class_add_message_hook (feature_class,
                                       XMPP_STAGE_ANNOTATE,
                                       XMPP_NS_DELAY,
                                       xmpp_delay_annotate);
}

static void
xmpp_delay_init (XmppDelay *self)
{
}

gint64
xmpp_delay_parse_stamp (const char *stamp)
{
  gint64 now = g_get_real_time ();
  gint64 time;

  if (stamp == NULL || !linnet_time_parse (stamp, now, &time))
    return 0;

  /* Nothing comes from the future (R18). */
  return MIN (time, now);
}

XmppNode *
xmpp_delay_create (XmppJid *from,
                   gint64 time)
{
  g_autofree char *stamp = linnet_time_format (time);

  g_return_val_if_fail (from != NULL, NULL);

  return xmpp_el ("delay",
                  XMPP_NS_DELAY,
                  xmpp_attr ("from", xmpp_jid_get_string (from)),
                  xmpp_attr ("stamp", stamp));
}

gint64
xmpp_delay_get_trusted (XmppNode *parent,
                        XmppJid *trusted)
{
  gint64 stamp = 0;

  g_return_val_if_fail (parent != NULL, 0);
  g_return_val_if_fail (trusted != NULL, 0);

  /* Servers add theirs at the end: what a sender claims in our server's name comes before. */
  for (guint i = 0; i < xmpp_node_get_n_children (parent); i++)
    {
      XmppNode *child = xmpp_node_get_nth_child (parent, i);

      if (xmpp_node_is (child, "delay", XMPP_NS_DELAY) && is_from_own_server (child, trusted))
        stamp = xmpp_delay_parse_stamp (xmpp_node_get_attr (child, "stamp"));
    }

  return stamp;
}
