/* XEP-0153 vCard-Based Avatars, version 1.1.1, and XEP-0054 vcard-temp, version 1.3.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-vcard"

#include "config.h"

#include "xmpp-avatar.h"
#include "xmpp-builder.h"
#include "xmpp-roster.h"
#include "xmpp-vcard.h"

#define NS_VCARD "vcard-temp"
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

/* ---- elements, all in capitals ---- */

static char *
read_text (XmppNode *element)
{
  return g_strdup (xmpp_node_get_text (element));
}

/* The value is in a child, or, as some write it, in the element itself. */
static char *
read_child (XmppNode *element,
            const char *name)
{
  const char *text = xmpp_node_get_child_text (element, name, NS_VCARD);

  return g_strdup (text != NULL ? text : xmpp_node_get_text (element));
}

static char *
read_organization (XmppNode *element)
{
  return read_child (element, "ORGNAME");
}

static char *
read_email (XmppNode *element)
{
  return read_child (element, "USERID");
}

static char *
read_phone (XmppNode *element)
{
  return read_child (element, "NUMBER");
}

static char *
read_place (XmppNode *element)
{
  static const char *const parts[] = {
    "POBOX",
    "EXTADD",
    "STREET",
    "LOCALITY",
    "REGION",
    "PCODE",
    "CTRY",
    NULL,
  };

  return xmpp_vcard_join (element, parts);
}

static XmppNode *
write_text (const char *name,
            const char *text)
{
  return xmpp_el (name, NS_VCARD, xmpp_text (text));
}

static XmppNode *
write_organization (const char *name,
                    const char *text)
{
  return xmpp_el (name, NS_VCARD, write_text ("ORGNAME", text));
}

static XmppNode *
write_email (const char *name,
             const char *text)
{
  return xmpp_el (name, NS_VCARD, xmpp_el ("INTERNET", NS_VCARD), write_text ("USERID", text));
}

static XmppNode *
write_phone (const char *name,
             const char *text)
{
  return xmpp_el (name, NS_VCARD, write_text ("NUMBER", text));
}

static XmppNode *
write_place (const char *name,
             const char *text)
{
  return xmpp_el (name, NS_VCARD, write_text ("LOCALITY", text));
}

static const XmppVcardElement elements[] = {
  { XMPP_VCARD_NAME, "FN", read_text, write_text },
  { XMPP_VCARD_NAME, "N", NULL, NULL },
  { XMPP_VCARD_NICKNAME, "NICKNAME", read_text, write_text },
  { XMPP_VCARD_NOTE, "DESC", read_text, write_text },
  { XMPP_VCARD_NOTE, "NOTE", read_text, NULL },
  { XMPP_VCARD_ORGANIZATION, "ORG", read_organization, write_organization },
  { XMPP_VCARD_ROLE, "ROLE", read_text, write_text },
  { XMPP_VCARD_ROLE, "TITLE", read_text, NULL },
  { XMPP_VCARD_PLACE, "ADR", read_place, write_place },
  { XMPP_VCARD_BIRTHDAY, "BDAY", read_text, write_text },
  { XMPP_VCARD_URL, "URL", read_text, write_text },
  { XMPP_VCARD_EMAIL, "EMAIL", read_email, write_email },
  { XMPP_VCARD_PHONE, "TEL", read_phone, write_phone },
  {},
};

/* ---- reading and writing ---- */

/* Resolves to the boxed <vCard/>. */
static DexFuture *
find_cb (DexFuture *future,
         gpointer user_data)
{
  const GValue *value = dex_future_get_value (future, NULL);
  XmppNode *vcard = xmpp_node_get_child (g_value_get_boxed (value), "vCard", NS_VCARD);

  if (vcard == NULL)
    return dex_future_new_reject (XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_ITEM_NOT_FOUND, "There is none");

  return dex_future_new_take_boxed (XMPP_TYPE_NODE, xmpp_node_ref (vcard));
}

static DexFuture *
fetch_vcard (XmppFeature *feature,
             XmppJid *jid)
{
  XmppSession *session = xmpp_feature_get_session (feature);

  return dex_future_then (xmpp_session_send_iq (session, xmpp_iq_get (jid, xmpp_el ("vCard", NS_VCARD))),
                          find_cb,
                          NULL,
                          NULL);
}

static DexFuture *
true_cb (DexFuture *future,
         gpointer user_data)
{
  return dex_future_new_true ();
}

static DexFuture *
send_vcard (XmppFeature *feature,
            XmppNode *before,
            XmppNode *vcard,
            XmppAccess access)
{
  g_autoptr (XmppNode) owned = vcard;

  /* Nothing is new: also a vCard that the server makes up from elsewhere (XEP-0398) is left alone then. */
  if (xmpp_node_equal (before, vcard))
    return dex_future_new_true ();

  return dex_future_then (
      xmpp_session_send_iq (xmpp_feature_get_session (feature), xmpp_iq_set (NULL, g_steal_pointer (&owned))),
      true_cb,
      NULL,
      NULL);
}

static const XmppVcardKind kind = {
  .elements = elements,
  .name = "vCard",
  .ns = NS_VCARD,
  .fetch = fetch_vcard,
  .send = send_vcard,
};

DexFuture *
xmpp_vcard_fetch (XmppVcard *self,
                  XmppJid *jid)
{
  g_return_val_if_fail (XMPP_IS_VCARD (self), NULL);

  return xmpp_vcard_kind_fetch (&kind, XMPP_FEATURE (self), jid);
}

DexFuture *
xmpp_vcard_save (XmppVcard *self,
                 const XmppVcardInfo *info)
{
  g_return_val_if_fail (XMPP_IS_VCARD (self), NULL);
  g_return_val_if_fail (info != NULL, NULL);

  return xmpp_vcard_kind_save (&kind, XMPP_FEATURE (self), info, XMPP_ACCESS_OPEN);
}
