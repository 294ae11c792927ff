/* XEP-0377 Spam Reporting, version 0.4.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-spam-report"

#include "config.h"

#include "xmpp-blocking.h"
#include "xmpp-builder.h"
#include "xmpp-disco.h"
#include "xmpp-spam-report.h"

#define NS_REPORTING "urn:xmpp:reporting:1"

static const char *const reasons[] = {
  [XMPP_SPAM_REPORT_SPAM] = "urn:xmpp:reporting:spam",
  [XMPP_SPAM_REPORT_ABUSE] = "urn:xmpp:reporting:abuse",
};

gboolean
xmpp_spam_report_is_supported (XmppSession *session)
{
  g_return_val_if_fail (XMPP_IS_SESSION (session), FALSE);

  return xmpp_disco_server_has (xmpp_session_get_feature (session, XMPP_TYPE_DISCO), NS_REPORTING);
}

DexFuture *
xmpp_spam_report_send (XmppSession *session, XmppJid *jid, XmppSpamReportReason reason, const char *text)
{
  XmppNode *report;

  g_return_val_if_fail (XMPP_IS_SESSION (session), NULL);
  g_return_val_if_fail (jid != NULL, NULL);
  g_return_val_if_fail (reason < G_N_ELEMENTS (reasons), NULL);

  report = xmpp_el ("report",
                    NS_REPORTING,
                    xmpp_attr ("reason", reasons[reason]),
                    text != NULL && *text != '\0' ? xmpp_el ("text", NS_REPORTING, xmpp_text (text)) : NULL);

  return xmpp_blocking_block_with (xmpp_session_get_feature (session, XMPP_TYPE_BLOCKING), jid, report);
}
