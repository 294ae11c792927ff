/* XEP-0084 User Avatar, version 1.1.4
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-pubsub.h"

G_BEGIN_DECLS

/* Larger pictures are not fetched; they must fit a stanza anyway. */
#define XMPP_AVATAR_MAX_BYTES (1024 * 1024)
/* Larger ones are not published: a third more in Base64, and the stanza must stay well below the 262,144
 * bytes that servers take. */
#define XMPP_AVATAR_MAX_PUBLISHED (144 * 1024)
#define XMPP_NS_AVATAR_DATA "urn:xmpp:avatar:data"
#define XMPP_NS_AVATAR_METADATA "urn:xmpp:avatar:metadata"

typedef enum
{
  XMPP_AVATAR_PEP,   /* XEP-0084 */
  XMPP_AVATAR_VCARD, /* XEP-0153 */
} XmppAvatarSource;

/* Boxed, reference-counted, not changed once made. */
typedef struct
{
  char *id;   /* SHA-1 of the picture, lower-case hex */
  char *type; /* media type as announced; nullable; do not trust it */
  XmppAvatarSource source;
} XmppAvatarMetadata;

#define XMPP_TYPE_AVATAR_METADATA (xmpp_avatar_metadata_get_type ())
GType xmpp_avatar_metadata_get_type (void) G_GNUC_CONST;
XmppAvatarMetadata *xmpp_avatar_metadata_ref (XmppAvatarMetadata *self);
void xmpp_avatar_metadata_unref (XmppAvatarMetadata *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppAvatarMetadata, xmpp_avatar_metadata_unref)

/**
 * XmppAvatar:
 *
 * Pictures of contacts and of the own account, whichever way they are published; where both are, XEP-0084
 * counts.
 *
 * Signal "changed" (XmppJid bare, XmppAvatarMetadata, XmppAvatarSource). Metadata of NULL: the source has no
 * picture; the vCard often says so before XEP-0084 has said anything, of somebody who uses only the latter.
 * It comes again at each new stream, with the same id if nothing changed. Nothing is fetched by itself.
 */
#define XMPP_TYPE_AVATAR (xmpp_avatar_get_type ())
G_DECLARE_FINAL_TYPE (XmppAvatar, xmpp_avatar, XMPP, AVATAR, XmppFeature)

/* Resolves to the boxed GBytes (a PNG, JPEG …, still undecoded and untrusted) whose SHA-1 is the metadata's
 * id. Rejects with XMPP_STANZA_ERROR; NOT_ACCEPTABLE when the data is not what was announced. At most four
 * are in flight, the others wait. */
DexFuture *
xmpp_avatar_fetch (XmppAvatar *self, XmppJid *jid, XmppAvatarMetadata *metadata) G_GNUC_WARN_UNUSED_RESULT;
/**
 * xmpp_avatar_publish:
 * @png: (nullable): a PNG of at most %XMPP_AVATAR_MAX_PUBLISHED bytes; %NULL for no picture any more
 * @width: its width in pixels
 * @height: its height in pixels
 * @access: who may see it
 *
 * Publishes the own picture: first the data, then what announces it (section 3.1). Without a picture the data
 * of earlier ones is taken back, too.
 *
 * Returns: (transfer full): a future that resolves to true, or rejects with XMPP_STANZA_ERROR;
 *   POLICY_VIOLATION, and nothing sent, when the picture is too large. "changed" is emitted before it
 *   resolves.
 */
DexFuture *xmpp_avatar_publish (XmppAvatar *self,
                                GBytes *png,
                                guint width,
                                guint height,
                                XmppAccess access) G_GNUC_WARN_UNUSED_RESULT;
/* The own server turns XEP-0084 pictures into vCard ones by itself (XEP-0398). */
gboolean xmpp_avatar_is_converted (XmppAvatar *self);

/* For XEP-0153: what a presence said; @hash "" for no picture. */
void xmpp_avatar_take_vcard_hash (XmppAvatar *self, XmppJid *bare_jid, const char *hash);

G_END_DECLS
