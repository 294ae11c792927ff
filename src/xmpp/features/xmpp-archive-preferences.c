/* XEP-0441 Message Archive Management Preferences, version 0.2.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-archive-preferences"

#include "config.h"

#include "xmpp-archive-preferences.h"
#include "xmpp-builder.h"

#define NS_MAM "urn:xmpp:mam:2"

static DexFuture *
parse_cb (DexFuture *future, gpointer user_data)
{
  static const char *const names[] = {
    [XMPP_ARCHIVE_ALWAYS] = "always",
    [XMPP_ARCHIVE_ROSTER] = "roster",
    [XMPP_ARCHIVE_NEVER] = "never",
  };
  XmppNode *reply = g_value_get_boxed (dex_future_get_value (future, NULL));
  XmppNode *prefs = xmpp_node_get_child (reply, "prefs", NS_MAM);
  const char *value = prefs != NULL ? xmpp_node_get_attr (prefs, "default") : NULL;

  for (guint i = 0; value != NULL && i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i], value))
      return dex_future_new_for_int (i);

  return dex_future_new_reject (XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_UNDEFINED_CONDITION, "No preferences");
}

DexFuture *
xmpp_archive_preferences_get_default (XmppSession *session)
{
  g_return_val_if_fail (XMPP_IS_SESSION (session), NULL);

  return dex_future_then (
      xmpp_session_send_iq (session, xmpp_iq_get (NULL, xmpp_el ("prefs", NS_MAM))), parse_cb, NULL, NULL);
}
