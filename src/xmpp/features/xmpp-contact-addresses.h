/* XEP-0157 Contact Addresses for XMPP Services, version 1.1.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-disco-info.h"

G_BEGIN_DECLS

typedef enum
{
  XMPP_CONTACT_ABUSE,
  XMPP_CONTACT_ADMIN,
  XMPP_CONTACT_FEEDBACK,
  XMPP_CONTACT_SALES,
  XMPP_CONTACT_SECURITY,
  XMPP_CONTACT_STATUS,
  XMPP_CONTACT_SUPPORT,
  XMPP_N_CONTACTS,
} XmppContactKind;

/* What a server says about whom to turn to for @kind. Only mailto:, xmpp: and https: (a page over http: could
 * be anybody's), at most eight, none of them longer than 256 bytes. Transfer full: a %NULL-terminated array,
 * maybe an empty one. */
char **xmpp_contact_addresses_dup (XmppDiscoInfo *info, XmppContactKind kind);

G_END_DECLS
