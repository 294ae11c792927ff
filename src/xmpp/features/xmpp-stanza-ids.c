/* XEP-0359 Unique and Stable Stanza IDs, version 0.7.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-stanza-ids"

#include "config.h"

#include <string.h>

#include "xmpp-disco.h"
#include "xmpp-stanza-ids.h"

#define MAX_ID 512

struct _XmppStanzaIds
{
  XmppFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (XmppStanzaIds, xmpp_stanza_ids, XMPP_TYPE_FEATURE)

/* Only who announces these ids takes forged ones out that bear his name (section 6, security.md I7). */
static gboolean
is_by_own_archive (XmppFeature *feature,
                   XmppNode *stanza_id)
{
  XmppSession *session = xmpp_feature_get_session (feature);
  XmppDisco *disco = xmpp_session_get_feature (session, XMPP_TYPE_DISCO);
  const char *address = xmpp_node_get_attr (stanza_id, "by");
  g_autoptr (XmppJid) by = address != NULL ? xmpp_jid_new (address, NULL) : NULL;

  return by != NULL && xmpp_jid_equal (by, xmpp_session_get_bare_jid (session)) &&
         xmpp_disco_account_has (disco, XMPP_NS_SID);
}

static XmppVerdict
xmpp_stanza_ids_annotate (XmppFeature *feature,
                          XmppMessage *message,
                          XmppNode *payload)
{
  g_autofree char *id = xmpp_stanza_ids_dup (payload, "id");

  if (id == NULL)
    return XMPP_VERDICT_PASS;

  if (xmpp_node_is (payload, "origin-id", XMPP_NS_SID) && message->origin_id == NULL)
    message->origin_id = g_steal_pointer (&id);
  else if (xmpp_node_is (payload, "stanza-id", XMPP_NS_SID) && message->stanza_id == NULL &&
           is_by_own_archive (feature, payload))
    message->stanza_id = g_steal_pointer (&id);

  return XMPP_VERDICT_PASS;
}

static void
xmpp_stanza_ids_class_init (XmppStanzaIdsClass *klass)
{
  XmppFeatureClass *feature_class = XMPP_FEATURE_CLASS (klass);

  xmpp_feature_class_add_message_hook (feature_class,
                                       XMPP_STAGE_ANNOTATE,
                                       XMPP_NS_SID,
                                       xmpp_stanza_ids_annotate);
}

static void
xmpp_stanza_ids_init (XmppStanzaIds *self)
{
}

char *
xmpp_stanza_ids_dup (XmppNode *element,
                     const char *name)
{
  const char *id;

  g_return_val_if_fail (element != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  id = xmpp_node_get_attr (element, name);

  return id != NULL && *id != '\0' && strlen (id) <= MAX_ID ? g_strdup (id) : NULL;
}
