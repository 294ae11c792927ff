/* Addresses, RFC 7622
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * XmppJid:
 *
 * An immutable, normalised address: PRECIS UsernameCaseMapped localpart, IDNA2008 domain in Unicode form,
 * PRECIS OpaqueString resource (RFC 7622 section 3). Two addresses are the same exactly when their strings
 * are.
 */
typedef struct _XmppJid XmppJid;

#define XMPP_TYPE_JID (xmpp_jid_get_type ())
GType xmpp_jid_get_type (void) G_GNUC_CONST;

#define XMPP_JID_ERROR (xmpp_jid_error_quark ())
GQuark xmpp_jid_error_quark (void);

typedef enum
{
  XMPP_JID_ERROR_EMPTY,    /* no domain, or an empty part before '@' or after '/' */
  XMPP_JID_ERROR_LOCAL,    /* the localpart holds something PRECIS forbids */
  XMPP_JID_ERROR_DOMAIN,   /* neither an IDNA2008 name nor an IP literal */
  XMPP_JID_ERROR_RESOURCE, /* the resource holds something PRECIS forbids */
  XMPP_JID_ERROR_TOO_LONG, /* a part over 1023 bytes */
} XmppJidError;

/**
 * xmpp_jid_new:
 *
 * Takes an address apart at the first "/", then at the first "@" before it, and prepares the parts.
 *
 * Returns: (transfer full) (nullable): the address, or %NULL with XMPP_JID_ERROR
 */
XmppJid *xmpp_jid_new (const char *text, GError **error);
/* The same from parts that are apart already. @local and @resource may be NULL, but not "". */
XmppJid *xmpp_jid_new_from_parts (const char *local,
                                  const char *domain,
                                  const char *resource,
                                  GError **error);
XmppJid *xmpp_jid_ref (XmppJid *self);
void xmpp_jid_unref (XmppJid *self);

const char *xmpp_jid_get_local (XmppJid *self);    /* nullable */
const char *xmpp_jid_get_domain (XmppJid *self);   /* Unicode */
char *xmpp_jid_dup_ascii_domain (XmppJid *self);   /* for DNS, TLS: A-labels, no brackets */
const char *xmpp_jid_get_resource (XmppJid *self); /* nullable */
const char *xmpp_jid_get_string (XmppJid *self);
const char *xmpp_jid_get_bare_string (XmppJid *self);
gboolean xmpp_jid_is_bare (XmppJid *self); /* no resource */
XmppJid *xmpp_jid_to_bare (XmppJid *self); /* transfer full; a reference to @self when it is bare already */
/* Transfer full; NULL with XMPP_JID_ERROR when @resource is not allowed. */
XmppJid *xmpp_jid_with_resource (XmppJid *self, const char *resource, GError **error);

gboolean xmpp_jid_equal (XmppJid *a, XmppJid *b); /* NULL equals only NULL */
gboolean xmpp_jid_bare_equal (XmppJid *a, XmppJid *b);
guint xmpp_jid_hash (gconstpointer self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppJid, xmpp_jid_unref)

G_END_DECLS
