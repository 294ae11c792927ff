/* What an entity says about itself: identities, features and forms of XEP-0030 and the hash of XEP-0115
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-node.h"

G_BEGIN_DECLS

typedef struct
{
  char *category;
  char *type;
  char *lang; /* nullable */
  char *name; /* nullable; cleaned */
} XmppDiscoIdentity;

/* Boxed, reference-counted, not changed once made. */
typedef struct
{
  GPtrArray *identities; /* of XmppDiscoIdentity */
  char **features;       /* sorted */
  XmppNode *query;       /* as it came */
} XmppDiscoInfo;

#define XMPP_TYPE_DISCO_INFO (xmpp_disco_info_get_type ())
GType xmpp_disco_info_get_type (void) G_GNUC_CONST;
XmppDiscoInfo *xmpp_disco_info_ref (XmppDiscoInfo *self);
void xmpp_disco_info_unref (XmppDiscoInfo *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppDiscoInfo, xmpp_disco_info_unref)

/* @query: the disco#info <query/>. NULL when it is none, or larger than the limits (512 features, 32
 * identities). */
XmppDiscoInfo *xmpp_disco_info_parse (XmppNode *query);
gboolean xmpp_disco_info_has_feature (XmppDiscoInfo *self, const char *feature);
/* What field @var of the form called @form_type has (XEP-0128). Transfer full: a %NULL-terminated array,
 * empty when there is no such thing. */
char **xmpp_disco_info_dup_form_values (XmppDiscoInfo *self, const char *form_type, const char *var);
/* XEP-0115 section 5: Base64 of the hash of the verification string. NULL when the info is ill-formed by
 * section 5.4 and must not be hashed. @hash: GLib's kind of checksum. */
char *xmpp_disco_info_get_caps_ver (XmppDiscoInfo *self, GChecksumType hash);

G_END_DECLS
