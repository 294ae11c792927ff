/* XEP-0292 vCard4 Over XMPP, version 0.12.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-vcard4"

#include "config.h"

#include "xmpp-builder.h"
#include "xmpp-vcard4.h"

#define NS_VCARD "urn:ietf:params:xml:ns:vcard-4.0"
#define ITEM_ID "current"

struct _XmppVcard4
{
  XmppFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (XmppVcard4, xmpp_vcard4, XMPP_TYPE_FEATURE)

/* ---- RFC 6351 ---- */

/* The value is in an element named by its type; parameters stand before it. */
static char *
read_value (XmppNode *element)
{
  static const char *const types[] = { "text", "uri", "date", "date-time", "unknown" };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      const char *text = xmpp_node_get_child_text (element, types[i], NS_VCARD);

      if (text != NULL && *text != '\0')
        return g_strdup (text);
    }

  return NULL;
}

static char *
read_phone (XmppNode *element)
{
  g_autofree char *value = read_value (element);

  if (value != NULL && g_ascii_strncasecmp (value, "tel:", 4) == 0)
    return g_strndup (value + 4, strcspn (value + 4, ";"));

  return g_steal_pointer (&value);
}

static char *
read_place (XmppNode *element)
{
  static const char *const parts[] = {
    "pobox",
    "ext",
    "street",
    "locality",
    "region",
    "code",
    "country",
    NULL,
  };

  return xmpp_vcard_join (element, parts);
}

static XmppNode *
write_text (const char *name,
            const char *text)
{
  return xmpp_el (name, NS_VCARD, xmpp_el ("text", NS_VCARD, xmpp_text (text)));
}

static XmppNode *
write_uri (const char *name,
           const char *text)
{
  return xmpp_el (name, NS_VCARD, xmpp_el ("uri", NS_VCARD, xmpp_text (text)));
}

static XmppNode *
write_date (const char *name,
            const char *text)
{
  return xmpp_el (name, NS_VCARD, xmpp_el ("date", NS_VCARD, xmpp_text (text)));
}

static XmppNode *
write_phone (const char *name,
             const char *text)
{
  g_autofree char *uri = g_strconcat ("tel:", text, NULL);

  return write_uri (name, uri);
}

static XmppNode *
write_place (const char *name,
             const char *text)
{
  return xmpp_el (name, NS_VCARD, xmpp_el ("locality", NS_VCARD, xmpp_text (text)));
}

static const XmppVcardElement elements[] = {
  { XMPP_VCARD_NAME, "fn", read_value, write_text },
  { XMPP_VCARD_NAME, "n", NULL, NULL },
  { XMPP_VCARD_NICKNAME, "nickname", read_value, write_text },
  { XMPP_VCARD_NOTE, "note", read_value, write_text },
  { XMPP_VCARD_ORGANIZATION, "org", read_value, write_text },
  { XMPP_VCARD_ROLE, "role", read_value, write_text },
  { XMPP_VCARD_ROLE, "title", read_value, NULL },
  { XMPP_VCARD_PLACE, "adr", read_place, write_place },
  { XMPP_VCARD_BIRTHDAY, "bday", read_value, write_date },
  { XMPP_VCARD_URL, "url", read_value, write_uri },
  { XMPP_VCARD_EMAIL, "email", read_value, write_text },
  { XMPP_VCARD_PHONE, "tel", read_phone, write_phone },
  {},
};

static void
xmpp_vcard4_class_init (XmppVcard4Class *klass)
{
  xmpp_feature_class_add_disco (XMPP_FEATURE_CLASS (klass), NS_VCARD);
}

static void
xmpp_vcard4_init (XmppVcard4 *self)
{
}

/* ---- reading ---- */

static DexFuture *
find_cb (DexFuture *future,
         gpointer user_data)
{
  const GValue *value = dex_future_get_value (future, NULL);
  XmppNode *vcard =
      xmpp_node_find (g_value_get_boxed (value), "item", XMPP_NS_PUBSUB, "vcard", NS_VCARD, NULL);

  if (vcard == NULL)
    return dex_future_new_reject (
        XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_ITEM_NOT_FOUND, "Nothing is published");

  return dex_future_new_take_boxed (XMPP_TYPE_NODE, xmpp_node_ref (vcard));
}

static DexFuture *
fetch_vcard (XmppFeature *feature,
             XmppJid *jid)
{
  XmppPubsub *pubsub = xmpp_session_get_feature (xmpp_feature_get_session (feature), XMPP_TYPE_PUBSUB);

  return dex_future_then (xmpp_pubsub_fetch (pubsub, jid, XMPP_NS_VCARD4, NULL, 1), find_cb, NULL, NULL);
}

/* ---- writing ---- */

static DexFuture *
send_vcard (XmppFeature *feature,
            XmppNode *before,
            XmppNode *vcard,
            XmppAccess access)
{
  XmppPubsub *pubsub = xmpp_session_get_feature (xmpp_feature_get_session (feature), XMPP_TYPE_PUBSUB);

  /* RFC 6350 section 6.2.1: there is always a name, if an empty one. */
  if (xmpp_node_get_child (vcard, "fn", NS_VCARD) == NULL)
    {
      g_autoptr (XmppNode) nameless = vcard;

      vcard = xmpp_node_with_child (nameless, write_text ("fn", ""));
    }

  return xmpp_pubsub_publish (pubsub, XMPP_NS_VCARD4, ITEM_ID, access, vcard);
}

static const XmppVcardKind kind = {
  .elements = elements,
  .name = "vcard",
  .ns = NS_VCARD,
  .fetch = fetch_vcard,
  .send = send_vcard,
};

DexFuture *
xmpp_vcard4_fetch (XmppVcard4 *self,
                   XmppJid *jid)
{
  g_return_val_if_fail (XMPP_IS_VCARD4 (self), NULL);

  return xmpp_vcard_kind_fetch (&kind, XMPP_FEATURE (self), jid);
}

DexFuture *
xmpp_vcard4_publish (XmppVcard4 *self,
                     const XmppVcardInfo *info,
                     XmppAccess access)
{
  g_return_val_if_fail (XMPP_IS_VCARD4 (self), NULL);
  g_return_val_if_fail (info != NULL, NULL);

  return xmpp_vcard_kind_save (&kind, XMPP_FEATURE (self), info, access);
}
