/* Which servers DNS names for a domain, and in which order to try them: RFC 2782, XEP-0368
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  char *host; /* without a dot at the end */
  guint16 port;
  guint16 priority;
  guint16 weight;
  guint direct_tls : 1;
} XmppSrvTarget;

XmppSrvTarget *xmpp_srv_target_new (const char *host, guint16 port, gboolean direct_tls);
void xmpp_srv_target_free (XmppSrvTarget *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppSrvTarget, xmpp_srv_target_free)

/* A number from 0 to and with @max. */
typedef guint32 (*XmppSrvRandom) (guint32 max, gpointer user_data);

/* The kernel's. */
guint32 xmpp_srv_random (guint32 max, gpointer user_data);

/**
 * xmpp_srv_add_records:
 * @targets: an array of XmppSrvTarget
 * @records: #GVariant of G_RESOLVER_RECORD_SRV, as they came from the network
 * @direct_tls: whether they are those of `_xmpps-client`
 *
 * Adds what can be used of @records to @targets.
 *
 * Returns: %FALSE when the records say that there is no such service (RFC 2782, target ".")
 */
gboolean xmpp_srv_add_records (GPtrArray *targets, GPtrArray *records, gboolean direct_tls);

/**
 * xmpp_srv_sort:
 *
 * Puts @targets of both services into one order (XEP-0368 section 3): by priority, and within it at random by
 * weight (RFC 2782). Only the first 16 are kept: nobody makes us knock on every door of the net.
 */
void xmpp_srv_sort (GPtrArray *targets, XmppSrvRandom draw, gpointer user_data);

G_END_DECLS
