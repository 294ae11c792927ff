/* Making a new account: the way from the connection to the account
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-registration"

#include "config.h"

#include "linnet-account-manager.h"
#include "linnet-error-private.h"
#include "linnet-proxy.h"
#include "linnet-registration-private.h"
#include "linnet-spawn.h"
#include "xmpp-connector.h"

/* FALSE, with @error, when somebody else has begun to work with @self since. After every await. */
static gboolean
is_current (LinnetRegistrationStep *step,
            GError **error)
{
  if (step->generation == step->self->generation)
    return TRUE;

  g_clear_error (error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The registration was cancelled");

  return FALSE;
}

static void
drop_stream (LinnetRegistration *self)
{
  if (self->stream != NULL)
    xmpp_register_close (self->stream);
  g_clear_object (&self->stream);
}

static gboolean
is_connected (LinnetRegistration *self)
{
  return self->stream != NULL && xmpp_register_is_open (self->stream);
}

static LinnetRefusalContext
get_context (LinnetRegistration *self)
{
  return (LinnetRefusalContext) {
    .has_captcha = linnet_registration_has_captcha (self),
    .takes_tokens = self->stream != NULL && xmpp_register_get_takes_tokens (self->stream),
    .has_token = self->token != NULL,
  };
}

static XmppRegister *
open_stream (LinnetRegistration *self,
             GError **error)
{
  XmppConnectOptions options = { 0 };
  g_autofree char *proxy = NULL;
  g_autofree char *password = NULL;
  g_autofree char *full = NULL;
  g_autoptr (XmppStream) stream = NULL;
  DexFuture *future;

  if (self->proxy != NULL && !(proxy = linnet_proxy_normalize (self->proxy, &password, error)))
    return NULL;
  full = linnet_proxy_with_password (proxy, password);

  options.jid = xmpp_jid_ref (self->jid);
  options.host = g_strdup (self->host);
  options.port = self->port;
  options.direct_tls = self->direct_tls;
  options.proxy_resolver = linnet_proxy_get_resolver (full);
  future = xmpp_connect (&options);
  xmpp_connect_options_clear (&options);

  stream = dex_await_object (future, error);

  return stream != NULL ? dex_await_object (xmpp_register_open (stream, self->jid), error) : NULL;
}

/* XEP-0445 section 4: before anything is asked. A server that knows no tokens may let everybody in. */
static gboolean
send_token (LinnetRegistrationStep *step,
            GError **error)
{
  LinnetRegistration *self = step->self;
  g_autoptr (XmppRegisterReply) reply = NULL;

  if (self->token == NULL || !xmpp_register_get_takes_tokens (self->stream))
    return TRUE;

  reply = dex_await_boxed (xmpp_register_send_token (self->stream, self->token), error);
  if (!is_current (step, error) || reply == NULL)
    return FALSE;
  if (reply->ok)
    return TRUE;

  linnet_registration_set_server_text (self, reply->text);
  g_set_error_literal (error, LINNET_ERROR, LINNET_ERROR_BAD_TOKEN, "The server refused the token");

  return FALSE;
}

/* @error: consumed */
static GError *
explain_bad_form (GError *error)
{
  g_autoptr (GError) lower = error;

  if (lower->domain != XMPP_DATA_FORM_ERROR)
    return g_steal_pointer (&lower);

  return g_error_new_literal (LINNET_ERROR,
                              lower->code == XMPP_DATA_FORM_ERROR_TOO_LARGE ? LINNET_ERROR_FORM_TOO_LARGE
                                                                            : LINNET_ERROR_PROTOCOL,
                              lower->message);
}

/* On the stream that there is. */
static gboolean
get_form (LinnetRegistrationStep *step,
          GError **error)
{
  LinnetRegistration *self = step->self;
  g_autoptr (XmppRegisterReply) reply = NULL;
  LinnetRefusalContext context;
  GError *lower = NULL;

  reply = dex_await_boxed (xmpp_register_get_form (self->stream), &lower);
  if (reply == NULL)
    g_propagate_error (error, explain_bad_form (lower));
  if (!is_current (step, error) || reply == NULL)
    return FALSE;

  if (!reply->ok)
    {
      context = get_context (self);
      linnet_registration_set_server_text (self, reply->text);
      g_set_error_literal (error,
                           LINNET_ERROR,
                           (int) linnet_registration_explain_no_form (reply, &context),
                           "The server gives no form");
      return FALSE;
    }

  if (xmpp_register_form_get_missing_cid (reply->form) != NULL)
    {
      dex_await (xmpp_register_get_pictures (self->stream, reply->form), NULL);
      if (!is_current (step, error))
        return FALSE;
    }

  return linnet_registration_take_form (self, reply->form, error);
}

/* Anew, with what that server may want to know first. */
static gboolean
connect_anew (LinnetRegistrationStep *step,
              GError **error)
{
  LinnetRegistration *self = step->self;
  g_autoptr (XmppRegister) stream = NULL;

  drop_stream (self);
  stream = open_stream (self, error);
  if (!is_current (step, error) || stream == NULL)
    return FALSE;
  self->stream = g_steal_pointer (&stream);

  return send_token (step, error) && get_form (step, error);
}

static DexFuture *
reject (LinnetRegistrationStep *step,
        GError *error)
{
  GError *own = linnet_error_from_lower (error, step->self->domain);

  g_debug ("%s", error->message);
  g_error_free (error);

  return dex_future_new_for_error (own);
}

DexFuture *
linnet_registration_start_fiber (gpointer data)
{
  LinnetRegistrationStep *step = data;
  GError *error = NULL;

  if (!connect_anew (step, &error))
    {
      if (step->generation == step->self->generation)
        drop_stream (step->self);
      return reject (step, error);
    }

  return dex_future_new_true ();
}

DexFuture *
linnet_registration_refresh_fiber (gpointer data)
{
  LinnetRegistrationStep *step = data;
  LinnetRegistration *self = step->self;
  GError *error = NULL;

  if (is_connected (self) && get_form (step, &error))
    return dex_future_new_true ();

  /* A stream that has ended meanwhile, or was used up, is no reason to bother anybody. */
  if (error != NULL && is_connected (self))
    return reject (step, error);
  if (!is_current (step, &error))
    return reject (step, error);

  g_clear_error (&error);
  if (!connect_anew (step, &error))
    return reject (step, error);

  return dex_future_new_true ();
}

/* ---- submitting ---- */

static LinnetAccount *
sign_in (LinnetRegistration *self,
         GError **error)
{
  const LinnetSignIn sign_in = {
    .address = self->address,
    .password = self->password,
    .host = self->host,
    .port = self->port,
    .direct_tls = self->direct_tls,
    .proxy = self->proxy,
    /* The server was just given the password itself. */
    .allow_plain = TRUE,
  };

  return dex_await_object (linnet_account_manager_sign_in (self->manager, &sign_in), error);
}

static DexFuture *
finish (LinnetRegistrationStep *step)
{
  LinnetRegistration *self = step->self;
  GError *error = NULL;
  LinnetAccount *account = sign_in (self, &error);

  if (account == NULL)
    return reject (step, error);

  if (step->generation == self->generation)
    linnet_registration_set_state (self, LINNET_REGISTRATION_DONE);

  return dex_future_new_take_object (account);
}

static void
mark_problem (LinnetRegistration *self,
              LinnetError code)
{
  switch ((int) code)
    {
    case LINNET_ERROR_NAME_TAKEN:
      linnet_registration_set_problem (self, LINNET_FORM_FIELD_USERNAME, LINNET_FORM_PROBLEM_NAME_TAKEN);
      break;
    case LINNET_ERROR_BAD_NAME:
      linnet_registration_set_problem (self, LINNET_FORM_FIELD_USERNAME, LINNET_FORM_PROBLEM_BAD_NAME);
      break;
    case LINNET_ERROR_WEAK_PASSWORD:
      linnet_registration_set_problem (self, LINNET_FORM_FIELD_PASSWORD, LINNET_FORM_PROBLEM_WEAK_PASSWORD);
      break;
    case LINNET_ERROR_BAD_PASSWORD:
      linnet_registration_set_problem (self, LINNET_FORM_FIELD_PASSWORD, LINNET_FORM_PROBLEM_BAD_PASSWORD);
      break;
    case LINNET_ERROR_WRONG_CAPTCHA:
    case LINNET_ERROR_CAPTCHA_EXPIRED:
      linnet_registration_set_problem (self, LINNET_FORM_FIELD_CAPTCHA, LINNET_FORM_PROBLEM_WRONG_CAPTCHA);
      break;
    default:
      break;
    }
}

/* A puzzle serves once, whether its answer was right or not. Where the server has left, the next attempt
 * connects anew. */
static void
renew_form (LinnetRegistrationStep *step,
            XmppRegisterReply *reply)
{
  LinnetRegistration *self = step->self;
  g_autofree char *text = g_strdup (self->server_text);

  if (reply->form != NULL)
    linnet_registration_take_form (self, reply->form, NULL);
  else if (linnet_registration_has_captcha (self) && is_connected (self) && !get_form (step, NULL))
    drop_stream (self);

  if (step->generation == self->generation)
    linnet_registration_set_server_text (self, text);
}

static DexFuture *
refused (LinnetRegistrationStep *step,
         XmppRegisterReply *reply)
{
  LinnetRegistration *self = step->self;
  LinnetRefusalContext context = get_context (self);
  LinnetError code = linnet_registration_explain_refusal (reply, &context);
  g_autoptr (XmppJid) jid = xmpp_jid_new (self->address, NULL);
  GError *error = NULL;

  if (code == LINNET_ERROR_NAME_TAKEN)
    g_hash_table_add (self->tried, g_strdup (xmpp_jid_get_local (jid)));

  linnet_registration_set_server_text (self, reply->text);
  renew_form (step, reply);
  if (!is_current (step, &error))
    return reject (step, error);
  mark_problem (self, code);

  return dex_future_new_reject (LINNET_ERROR, code, "The server refused the registration");
}

/* The connection broke after the form was sent. Only signing in tells whether there is an account now; to
 * send the form once more could take the name from ourselves. @error: consumed */
static DexFuture *
find_out (LinnetRegistrationStep *step,
          GError *error)
{
  LinnetRegistration *self = step->self;
  g_autoptr (GError) sign_in_error = NULL;
  LinnetAccount *account;

  self->unsure = TRUE;
  drop_stream (self);
  account = sign_in (self, &sign_in_error);
  if (!is_current (step, account == NULL ? &error : NULL) && account == NULL)
    return reject (step, error);

  if (account != NULL)
    {
      g_error_free (error);
      self->unsure = FALSE;
      if (step->generation == self->generation)
        {
          linnet_registration_set_registered (self);
          linnet_registration_set_state (self, LINNET_REGISTRATION_DONE);
        }
      return dex_future_new_take_object (account);
    }

  if (g_error_matches (sign_in_error, LINNET_ERROR, LINNET_ERROR_WRONG_PASSWORD))
    self->unsure = FALSE;

  return reject (step, error);
}

/* FALSE with @error when the person has to look at the form again. */
static gboolean
prepare (LinnetRegistrationStep *step,
         GError **error)
{
  LinnetRegistration *self = step->self;

  if (!linnet_registration_fill_in (self, error))
    return FALSE;
  if (is_connected (self))
    return TRUE;

  if (!connect_anew (step, error))
    return FALSE;
  if (linnet_registration_has_captcha (self))
    {
      mark_problem (self, LINNET_ERROR_CAPTCHA_EXPIRED);
      g_set_error_literal (error, LINNET_ERROR, LINNET_ERROR_CAPTCHA_EXPIRED, "There is a new puzzle");
      return FALSE;
    }

  return self->state != LINNET_REGISTRATION_WEB && linnet_registration_fill_in (self, error);
}

/* Whether an attempt before has left an account of this address and password after all. */
static LinnetAccount *
try_unsure (LinnetRegistrationStep *step,
            GError **error)
{
  LinnetRegistration *self = step->self;
  LinnetAccount *account = sign_in (self, error);

  if (account != NULL && step->generation == self->generation)
    {
      linnet_registration_set_registered (self);
      linnet_registration_set_state (self, LINNET_REGISTRATION_DONE);
    }
  if (account == NULL && g_error_matches (*error, LINNET_ERROR, LINNET_ERROR_WRONG_PASSWORD))
    {
      g_clear_error (error);
      self->unsure = FALSE;
    }

  return account;
}

DexFuture *
linnet_registration_submit_fiber (gpointer data)
{
  LinnetRegistrationStep *step = data;
  LinnetRegistration *self = step->self;
  g_autoptr (XmppRegisterReply) reply = NULL;
  GError *error = NULL;

  if (self->registered)
    return finish (step);

  if (self->unsure)
    {
      LinnetAccount *account = try_unsure (step, &error);

      if (account != NULL)
        return dex_future_new_take_object (account);
      if (error != NULL || !is_current (step, &error))
        return reject (step, error);
    }

  linnet_registration_set_server_text (self, NULL);
  if (!prepare (step, &error))
    return reject (step, error);

  reply = dex_await_boxed (xmpp_register_submit (self->stream, self->form), &error);
  if (!is_current (step, &error))
    return reject (step, error);
  if (reply == NULL)
    return find_out (step, error);
  if (!reply->ok)
    return refused (step, reply);

  linnet_registration_set_registered (self);
  drop_stream (self);

  return finish (step);
}
