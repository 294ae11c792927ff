/* XEP-0153 vCard-Based Avatars, version 1.1.1, and the picture of XEP-0054 vcard-temp, version 1.3.0: reading
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-vcard"

#include "config.h"

#include "xmpp-avatar.h"
#include "xmpp-roster.h"
#include "xmpp-vcard.h"

#define NS_UPDATE "vcard-temp:x:update"

struct _XmppVcard
{
  XmppFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (XmppVcard, xmpp_vcard, XMPP_TYPE_FEATURE)

static void
xmpp_vcard_updated (XmppFeature *feature,
                    XmppNode *presence,
                    XmppJid *from,
                    XmppNode *payload)
{
  XmppSession *session = xmpp_feature_get_session (feature);
  XmppRoster *roster = xmpp_session_get_feature (session, XMPP_TYPE_ROSTER);
  XmppAvatar *avatar = xmpp_session_get_feature (session, XMPP_TYPE_AVATAR);
  XmppNode *photo = xmpp_node_get_child (payload, "photo", NS_UPDATE);
  g_autoptr (XmppJid) bare = NULL;

  /* Without <photo/> a client only says that it knows the protocol (section 4.1). */
  if (xmpp_node_get_attr (presence, "type") != NULL || photo == NULL ||
      !xmpp_node_is (payload, "x", NS_UPDATE) || !xmpp_roster_is_seen (roster, from))
    return;

  bare = xmpp_jid_to_bare (from);

  /* What the server converts (XEP-0398) is in XEP-0084 too, which tells us by itself. */
  if (xmpp_jid_equal (bare, xmpp_session_get_bare_jid (session)) && xmpp_avatar_is_converted (avatar))
    return;

  xmpp_avatar_take_vcard_hash (avatar, bare, xmpp_node_get_text (photo));
}

static void
xmpp_vcard_class_init (XmppVcardClass *klass)
{
  xmpp_feature_class_add_presence_hook (XMPP_FEATURE_CLASS (klass), NS_UPDATE, xmpp_vcard_updated);
}

static void
xmpp_vcard_init (XmppVcard *self)
{
}
