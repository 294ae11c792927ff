/* XEP-0077 In-Band Registration, version 2.4: the own account, in a session
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-account-control"

#include "config.h"

#include "linnet-spawn.h"
#include "xmpp-account-control.h"
#include "xmpp-builder.h"

#define NS_REGISTER "jabber:iq:register"

static DexFuture *
true_cb (DexFuture *future, gpointer user_data)
{
  return dex_future_new_true ();
}

DexFuture *
xmpp_account_control_change_password (XmppSession *session, const char *password)
{
  XmppJid *account;
  g_autoptr (XmppJid) server = NULL;
  XmppNode *query;

  g_return_val_if_fail (XMPP_IS_SESSION (session), NULL);
  g_return_val_if_fail (password != NULL && *password != '\0', NULL);

  account = xmpp_session_get_bare_jid (session);
  server = xmpp_jid_new_from_parts (NULL, xmpp_jid_get_domain (account), NULL, NULL);
  query = xmpp_el ("query",
                   NS_REGISTER,
                   xmpp_el ("username", NS_REGISTER, xmpp_text (xmpp_jid_get_local (account))),
                   xmpp_el ("password", NS_REGISTER, xmpp_text (password)));

  return dex_future_then (
      xmpp_session_send_iq (session, xmpp_iq_set (server, query)), true_cb, NULL, NULL);
}

/* What the stream's end leaves unanswered; anything else was the server's word. */
static gboolean
is_refusal (const GError *error)
{
  return error->domain == XMPP_STANZA_ERROR && error->code != XMPP_STANZA_ERROR_DISCONNECTED &&
         error->code != XMPP_STANZA_ERROR_TIMED_OUT;
}

static DexFuture *
xmpp_account_control_unregister_fiber (gpointer data)
{
  XmppSession *session = data;
  g_autoptr (GError) error = NULL;
  DexFuture *answer;

  if (!xmpp_session_is_online (session))
    return dex_future_new_reject (XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_DISCONNECTED, "There is no stream");

  /* No address: the home server is meant, and should end the stream with <not-authorized/> (section 3.2). */
  answer = xmpp_session_send_iq (
      session, xmpp_iq_set (NULL, xmpp_el ("query", NS_REGISTER, xmpp_el ("remove", NS_REGISTER))));

  if (!dex_await (dex_future_first (answer, xmpp_session_wait_closed (session), NULL), &error) &&
      is_refusal (error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

DexFuture *
xmpp_account_control_unregister (XmppSession *session)
{
  g_return_val_if_fail (XMPP_IS_SESSION (session), NULL);

  return linnet_spawn (
      "unregister", xmpp_account_control_unregister_fiber, g_object_ref (session), g_object_unref);
}
