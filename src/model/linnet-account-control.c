/* Full control of an account on its server
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-account-control"

#include "config.h"

#include <string.h>

#include "linnet-account-control.h"
#include "linnet-account-private.h"
#include "linnet-error-private.h"
#include "linnet-future.h"
#include "linnet-password.h"
#include "linnet-proxy.h"
#include "linnet-spawn.h"
#include "linnet-verb.h"
#include "xmpp-account-control.h"
#include "xmpp-blocking.h"
#include "xmpp-secret.h"
#include "xmpp-spam-report.h"

/* ---- does a password count? ---- */

/* Signs in beside the connection there is, as another installation, so that the server does not take one for
 * the other; then leaves again. @password, @token: one of them nullable. */
static gboolean
try_sign_in (LinnetAccount *account, const char *password, const char *token, GError **error)
{
  LinnetCredentials *credentials = linnet_connection_get_credentials (account->connection);
  LinnetSignOnRequest *request = g_new0 (LinnetSignOnRequest, 1);
  g_autoptr (LinnetSignedOn) signed_on = NULL;

  request->account = linnet_store_account_copy (account->row);
  if (linnet_proxy_has_user (account->row->proxy))
    request->proxy_password =
        dex_await_string (linnet_credentials_lookup_proxy_password (credentials), NULL);
  request->password = g_strdup (password);
  request->new_resource = TRUE;
  request->allow_plain = g_strcmp0 (account->row->mechanism, "PLAIN") == 0;
  if (password == NULL)
    {
      request->token = g_strdup (token);
      request->account->fast_count++;
    }
  else
    {
      g_free (request->account->user_agent_id);
      request->account->user_agent_id = g_uuid_string_random ();
    }

  signed_on = dex_await_boxed (linnet_sign_on (request), error);
  if (signed_on == NULL)
    return FALSE;

  dex_await (xmpp_stream_close (signed_on->stream, 1000), NULL);

  return TRUE;
}

/* ---- another password ---- */

typedef struct
{
  LinnetAccount *account;
  char *password;
} Change;

static void
change_free (Change *change)
{
  g_object_unref (change->account);
  xmpp_secret_clear (&change->password);
  g_free (change);
}

/* What a refusal to change the password means. */
static LinnetError
password_error (const GError *error)
{
  if (error->domain != XMPP_STANZA_ERROR)
    return linnet_error_code_from_lower (error);

  switch ((XmppStanzaError) error->code)
    {
    case XMPP_STANZA_ERROR_NOT_ACCEPTABLE:
    case XMPP_STANZA_ERROR_POLICY_VIOLATION:
      return LINNET_ERROR_WEAK_PASSWORD;
    case XMPP_STANZA_ERROR_BAD_REQUEST:
    case XMPP_STANZA_ERROR_FEATURE_NOT_IMPLEMENTED:
    case XMPP_STANZA_ERROR_FORBIDDEN:
    case XMPP_STANZA_ERROR_NOT_ALLOWED:
    case XMPP_STANZA_ERROR_NOT_AUTHORIZED:
    case XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE:
      return LINNET_ERROR_PASSWORD_FIXED;
    default:
      return linnet_error_code_from_lower (error);
    }
}

/* The question went out, the answer did not come back. */
static gboolean
is_open (const GError *error)
{
  return g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_DISCONNECTED) ||
         g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_TIMED_OUT);
}

static DexFuture *
linnet_account_change_password_fiber (gpointer data)
{
  Change *change = data;
  LinnetAccount *account = change->account;
  LinnetCredentials *credentials = linnet_connection_get_credentials (account->connection);
  g_autoptr (GError) error = NULL;

  if (!dex_await (xmpp_account_control_change_password (account->session, change->password), &error))
    {
      if (!is_open (error))
        return dex_future_new_reject (LINNET_ERROR, password_error (error), "%s", error->message);
      if (!try_sign_in (account, change->password, NULL, NULL))
        return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_CONNECTION_LOST, "%s", error->message);
    }

  if (account->closed)
    return linnet_verb_offline ();

  linnet_credentials_set_password (credentials, change->password);
  linnet_account_set_password_saved (account, FALSE);
  linnet_credentials_save_password (credentials);

  return dex_future_new_true ();
}

DexFuture *
linnet_account_change_password (LinnetAccount *account, const char *password)
{
  g_autoptr (XmppSecret) prepared = NULL;
  Change *change;

  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (account));
  linnet_return_error_if_fail (password != NULL);

  /* What cannot be used to sign in must not be set. */
  prepared = linnet_password_prepare (password);
  if (prepared == NULL)
    return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_BAD_PASSWORD, "It cannot be prepared");
  if (account->closed || !xmpp_session_is_online (account->session))
    return linnet_verb_offline ();

  change = g_new0 (Change, 1);
  change->account = g_object_ref (account);
  change->password = g_steal_pointer (&prepared);

  return linnet_verb (linnet_spawn (
      "change-password", linnet_account_change_password_fiber, change, (GDestroyNotify) change_free));
}

DexFuture *
linnet_account_wait_password_saved (LinnetAccount *account)
{
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (account));

  return linnet_credentials_wait_password_saved (linnet_connection_get_credentials (account->connection));
}

DexFuture *
linnet_account_lookup_password (LinnetAccount *account)
{
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (account));

  return linnet_verb (
      linnet_credentials_lookup_password (linnet_connection_get_credentials (account->connection)));
}

/* ---- the end of the account ---- */

static LinnetError
deletion_error (const GError *error)
{
  if (error->domain != XMPP_STANZA_ERROR)
    return linnet_error_code_from_lower (error);

  switch ((XmppStanzaError) error->code)
    {
    case XMPP_STANZA_ERROR_BAD_REQUEST:
    case XMPP_STANZA_ERROR_FEATURE_NOT_IMPLEMENTED:
    case XMPP_STANZA_ERROR_FORBIDDEN:
    case XMPP_STANZA_ERROR_NOT_ALLOWED:
    case XMPP_STANZA_ERROR_NOT_AUTHORIZED:
    case XMPP_STANZA_ERROR_REGISTRATION_REQUIRED:
    case XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE:
    case XMPP_STANZA_ERROR_UNEXPECTED_REQUEST:
      return LINNET_ERROR_DELETION_REFUSED;
    default:
      return linnet_error_code_from_lower (error);
    }
}

/* How a server says that there is no such account. */
static gboolean
is_gone (const GError *error)
{
  return g_error_matches (error, XMPP_SASL_ERROR, XMPP_SASL_ERROR_NOT_AUTHORIZED) ||
         g_error_matches (error, XMPP_SASL_ERROR, XMPP_SASL_ERROR_ACCOUNT_DISABLED) ||
         g_error_matches (error, XMPP_SASL_ERROR, XMPP_SASL_ERROR_TOKEN_REJECTED);
}

/* TRUE when signing in fails because there is nobody by that name any more. */
static gboolean
verify_gone (LinnetAccount *account, const char *password, const char *token, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (try_sign_in (account, password, token, &local_error))
    {
      g_set_error_literal (error, LINNET_ERROR, LINNET_ERROR_STILL_THERE, "It lets us in still");
      return FALSE;
    }

  if (is_gone (local_error))
    return TRUE;

  g_propagate_error (error, linnet_error_from_lower (local_error, linnet_account_get_domain (account)));

  return FALSE;
}

static DexFuture *
linnet_account_delete_fiber (gpointer data)
{
  LinnetAccount *account = data;
  LinnetCredentials *credentials = linnet_connection_get_credentials (account->connection);
  g_autoptr (LinnetAccountManager) manager = NULL;
  g_autoptr (XmppSecret) password = NULL;
  g_autoptr (XmppSecret) token = NULL;
  g_autoptr (GError) error = NULL;
  gboolean gone;

  /* For the check afterwards; whatever is known serves. */
  password = dex_await_string (linnet_credentials_lookup_password (credentials), NULL);
  if (password == NULL)
    token = dex_await_string (linnet_credentials_lookup_token (credentials), NULL);
  if (password == NULL && token == NULL)
    return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_NO_PASSWORD, "Nothing to check with");
  if (account->closed)
    return linnet_verb_offline ();

  /* Nobody need hear that this account cannot sign in any more. */
  linnet_connection_set_last (account->connection, TRUE);
  if (!dex_await (xmpp_account_control_unregister (account->session), &error))
    {
      linnet_connection_set_last (account->connection, FALSE);
      return dex_future_new_reject (LINNET_ERROR, deletion_error (error), "%s", error->message);
    }

  linnet_connection_set_wanted (account->connection, FALSE);
  gone = verify_gone (account, password, token, &error);
  if (!gone)
    {
      linnet_connection_set_last (account->connection, FALSE);
      if (!account->closed)
        linnet_connection_set_wanted (account->connection, account->row->enabled);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  if (account->closed || account->manager == NULL)
    return dex_future_new_true ();

  manager = g_object_ref (account->manager);
  if (!dex_await (linnet_account_manager_remove (manager, account), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

DexFuture *
linnet_account_delete_on_server (LinnetAccount *account)
{
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (account));

  if (account->closed || !xmpp_session_is_online (account->session))
    return linnet_verb_offline ();

  return linnet_verb (
      linnet_spawn ("delete-account", linnet_account_delete_fiber, g_object_ref (account), g_object_unref));
}

/* ---- keeping others away ---- */

/* Somebody, or everybody of a domain; what a person mistypes must not shut out more than was meant. */
static XmppJid *
parse_blockable (LinnetAccount *account, const char *text, GError **error)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  g_autoptr (XmppJid) jid = xmpp_jid_new (trimmed, NULL);

  if (jid == NULL || !xmpp_jid_is_bare (jid) ||
      (xmpp_jid_get_local (jid) == NULL && strpbrk (xmpp_jid_get_domain (jid), ".:") == NULL))
    {
      g_set_error_literal (error, LINNET_ERROR, LINNET_ERROR_BAD_ADDRESS, "Neither address nor domain");
      return NULL;
    }

  if (xmpp_jid_equal (jid, account->jid))
    {
      g_set_error_literal (error, LINNET_ERROR, LINNET_ERROR_OWN_ADDRESS, "The own address");
      return NULL;
    }

  if (xmpp_jid_get_local (jid) == NULL &&
      g_str_equal (xmpp_jid_get_domain (jid), xmpp_jid_get_domain (account->jid)))
    {
      g_set_error_literal (error, LINNET_ERROR, LINNET_ERROR_OWN_SERVER, "The own server");
      return NULL;
    }

  return g_steal_pointer (&jid);
}

DexFuture *
linnet_account_set_blocked (LinnetAccount *account, const char *address, gboolean blocked)
{
  XmppBlocking *blocking;
  g_autoptr (XmppJid) jid = NULL;
  g_autoptr (GError) error = NULL;

  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (account));
  linnet_return_error_if_fail (address != NULL);

  if (account->closed)
    return linnet_verb_offline ();
  if (!(jid = parse_blockable (account, address, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  blocking = xmpp_session_get_feature (account->session, XMPP_TYPE_BLOCKING);

  return linnet_verb (blocked ? xmpp_blocking_block (blocking, jid) : xmpp_blocking_unblock (blocking, jid));
}

gboolean
linnet_account_can_report (LinnetAccount *account)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (account), FALSE);

  return !account->closed && account->can_block && xmpp_spam_report_is_supported (account->session);
}

DexFuture *
linnet_account_report (LinnetAccount *account,
                       const char *address,
                       LinnetReportReason reason,
                       const char *text)
{
  g_autoptr (XmppJid) jid = NULL;
  g_autoptr (GError) error = NULL;

  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (account));
  linnet_return_error_if_fail (address != NULL);

  if (account->closed)
    return linnet_verb_offline ();
  if (!(jid = parse_blockable (account, address, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return linnet_verb (
      xmpp_spam_report_send (account->session,
                             jid,
                             reason == LINNET_REPORT_ABUSE ? XMPP_SPAM_REPORT_ABUSE : XMPP_SPAM_REPORT_SPAM,
                             text));
}
