/* XEP-0092 Software Version, version 1.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

/* Tells contacts the program's name, which capabilities tell them anyway: no version, no system (security.md
 * section 5). Strangers get what an unknown request gets. */
#define XMPP_TYPE_VERSION (xmpp_version_get_type ())
G_DECLARE_FINAL_TYPE (XmppVersion, xmpp_version, XMPP, VERSION, XmppFeature)

G_END_DECLS
