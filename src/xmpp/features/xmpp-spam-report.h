/* XEP-0377 Spam Reporting, version 0.4.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

typedef enum
{
  XMPP_SPAM_REPORT_SPAM,
  XMPP_SPAM_REPORT_ABUSE,
} XmppSpamReportReason;

/* Whether the own server takes reports: FALSE before it said so. */
gboolean xmpp_spam_report_is_supported (XmppSession *session);

/* Blocks @jid and tells the own server why (section 6): there is no report without blocking. @text:
 * (nullable): the person's own words. Nobody but the own server may look at it: it is not told to pass it on
 * (section 5). Resolves to true; rejects with XMPP_STANZA_ERROR. */
DexFuture *xmpp_spam_report_send (XmppSession *session,
                                  XmppJid *jid,
                                  XmppSpamReportReason reason,
                                  const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
