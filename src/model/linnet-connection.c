/* Keeps an account connected
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-connection"

#include "config.h"

#include <sys/random.h>

#include "linnet-account-private.h"
#include "linnet-connection-policy.h"
#include "linnet-connection.h"
#include "linnet-conversation-private.h"
#include "linnet-error-private.h"
#include "linnet-future.h"
#include "linnet-proxy.h"
#include "linnet-spawn.h"
#include "xmpp-features.h"

/* With a network monitor that says "offline", and was right before (R19). */
#define OFFLINE_RETRY_MS 60000
#define PROBE_MS 5000
#define WAKE_PROBE_MS 2000

struct _LinnetConnection
{
  GObject parent_instance;

  LinnetAccount *account; /* weak */
  XmppSession *session;
  DexFuture *fiber;
  DexCancellable *cancellable; /* the end of everything */
  DexCancellable *leave;       /* ends an attempt or a connection; nullable: there is none */
  DexPromise *poke;            /* ends a pause; nullable: there is none */
  DexPromise *outcome;         /* of the next attempt, for wait_online(); nullable: nobody waits */
  LinnetSignedOn *first;
  LinnetCredentials *credentials;
  LinnetChannel *channel; /* nullable */
  char *other_host;
  char *tag; /* nullable; once a copy of this profile had the same resource */
  LinnetConnectionHistory history;
  guint wanted : 1;
  guint held : 1;            /* until the person does something */
  guint held_by_network : 1; /* or until there is another network: this one may have a gate of its own */
  guint last : 1;            /* after this connection it is not wanted any more */
  guint online : 1;
  guint closed : 1;
  guint allow_plain : 1;
  guint must_bind : 1; /* a token was bound to another channel than the server's */
  guint new_resource : 1;
  guint was_available : 1; /* what the monitor said when a connection stood: else it is not to be trusted */
  guint was_online : 1;
};

G_DEFINE_FINAL_TYPE (LinnetConnection, linnet_connection, G_TYPE_OBJECT)

static gboolean
network_is_available (LinnetConnection *self)
{
  LinnetAccountManager *manager = self->account != NULL ? linnet_account_get_manager (self->account) : NULL;

  return manager == NULL || linnet_account_manager_get_network_available (manager);
}

static void
settle_outcome (LinnetConnection *self,
                const GError *error)
{
  g_autoptr (DexPromise) outcome = g_steal_pointer (&self->outcome);

  g_assert (LINNET_IS_CONNECTION (self));

  if (outcome == NULL)
    return;

  if (error == NULL)
    dex_promise_resolve_boolean (outcome, TRUE);
  else
    dex_promise_reject (outcome, g_error_copy (error));
}

static void
poke (LinnetConnection *self)
{
  g_assert (LINNET_IS_CONNECTION (self));

  if (self->poke != NULL && dex_future_is_pending (DEX_FUTURE (self->poke)))
    dex_promise_resolve_boolean (self->poke, TRUE);
}

/* ---- on the fiber: an attempt ---- */

/* Waits for @future (consumed) unless the attempt is given up. */
static DexFuture *
unless_left (LinnetConnection *self,
             DexFuture *future)
{
  return dex_future_first (
      future, dex_ref (DEX_FUTURE (self->leave)), dex_ref (DEX_FUTURE (self->cancellable)), NULL);
}

/* The token if there is one, else the password; with both, the password is for when the token is refused. */
static gboolean
load_secrets (LinnetConnection *self,
              LinnetAccount *account,
              LinnetSignOnRequest *request,
              gboolean use_token,
              GError **error)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  /* Without it the proxy says no; nothing goes around it. */
  if (linnet_proxy_has_user (account->row->proxy))
    request->proxy_password = dex_await_string (
        unless_left (self, linnet_credentials_lookup_proxy_password (self->credentials)), NULL);

  request->password = linnet_credentials_dup_typed_password (self->credentials);

  if (use_token && account->row->fast_mechanism != NULL &&
      (account->row->fast_expiry == 0 || account->row->fast_expiry > now))
    request->token =
        dex_await_string (unless_left (self, linnet_credentials_lookup_token (self->credentials)), NULL);

  if (request->token == NULL && request->password == NULL)
    request->password =
        dex_await_string (unless_left (self, linnet_credentials_lookup_password (self->credentials)), error);

  return request->token != NULL || request->password != NULL;
}

static LinnetSignedOn *
sign_on (LinnetConnection *self,
         LinnetAccount *account,
         gboolean use_token,
         GError **error)
{
  g_autoptr (LinnetSignOnRequest) request = g_new0 (LinnetSignOnRequest, 1);

  if (!load_secrets (self, account, request, use_token, error))
    return NULL;

  /* Each use of a token is counted, and the count must be on the disk before the server sees it (XEP-0484).
   */
  if (request->token != NULL)
    {
      account->row->fast_count++;
      if (!dex_await (unless_left (self, linnet_store_accounts_save (account->store, account->row)), error))
        return NULL;
    }

  /* What the server sent last must be in the store before it may be told so. */
  if (!dex_await (unless_left (self, linnet_inbox_wait_drained (account->inbox)), error))
    return NULL;

  request->account = linnet_store_account_copy (account->row);
  request->allow_plain = self->allow_plain || g_strcmp0 (account->row->mechanism, "PLAIN") == 0;
  request->must_bind = self->must_bind;
  request->new_resource = self->new_resource;
  request->tag = g_strdup (self->tag);
  request->other_host = g_strdup (self->other_host);
  if (!self->new_resource && !xmpp_session_get_resumption (self->session, &request->sm_id, &request->sm_h))
    request->sm_h = 0;
  if (request->sm_id != NULL)
    request->location = g_strdup (account->row->sm_location);

  return dex_await_boxed (unless_left (self, linnet_sign_on (g_steal_pointer (&request))), error);
}

/* What the server said about the next sign-in is kept before the session starts: the counter of a new stream
 * must not be written beside the id of the old one. */
static gboolean
remember (LinnetConnection *self,
          LinnetAccount *account,
          const XmppLoginResult *login,
          GError **error)
{
  LinnetStoreAccount *row = account->row;

  linnet_sign_on_remember (login, row);

  /* What the server had of the old stream is made durable first: then nobody can say so any more. */
  if (!login->resumed && login->sm_h_known)
    xmpp_session_settle (self->session, login->sm_h);

  if (!dex_await (linnet_store_accounts_save (account->store, row), error))
    return FALSE;

  if (!login->resumed && !dex_await (linnet_store_accounts_save_stream (account->store, row), error))
    return FALSE;

  if (login->fast_token != NULL)
    linnet_credentials_take_token (self->credentials, login->fast_token);
  else if (login->fast_rejected)
    linnet_credentials_forget_token (self->credentials);

  return TRUE;
}

/* TRUE when the session is online. */
static gboolean
attempt (LinnetConnection *self,
         LinnetAccount *account,
         GError **error)
{
  g_autoptr (LinnetSignedOn) signed_on = g_steal_pointer (&self->first);
  g_autoptr (GError) local_error = NULL;

  if (signed_on == NULL)
    signed_on = sign_on (self, account, TRUE, &local_error);

  if (g_error_matches (local_error, XMPP_SASL_ERROR, XMPP_SASL_ERROR_TOKEN_REJECTED) ||
      g_error_matches (local_error, XMPP_SASL_ERROR, XMPP_SASL_ERROR_TOKEN_MISBOUND))
    {
      self->must_bind |= local_error->code == XMPP_SASL_ERROR_TOKEN_MISBOUND;
      g_clear_error (&local_error);
      linnet_credentials_forget_token (self->credentials);
      g_clear_pointer (&account->row->fast_mechanism, g_free);
      signed_on = sign_on (self, account, FALSE, &local_error);
    }

  if (signed_on == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (!remember (self, account, signed_on->login, error))
    {
      xmpp_stream_abort (signed_on->stream);
      return FALSE;
    }

  self->new_resource = FALSE;
  g_clear_pointer (&self->channel, linnet_channel_free);
  self->channel = linnet_channel_new (signed_on->stream, signed_on->login);

  return dex_await (
      unless_left (self, xmpp_session_start_login (self->session, signed_on->stream, signed_on->login)),
      error);
}

/* ---- on the fiber: a connection ---- */

static void
become_online (LinnetConnection *self,
               LinnetAccount *account)
{
  GHashTableIter iter;
  gpointer conversation;

  self->online = TRUE;
  self->was_online = TRUE;
  self->must_bind = FALSE;
  self->was_available = network_is_available (self);
  self->history.online_since = g_get_monotonic_time ();
  g_clear_pointer (&self->other_host, g_free);

  linnet_account_set_retry_in (account, 0);
  linnet_account_set_state (account, LINNET_CONNECTION_ONLINE, NULL);
  settle_outcome (self, NULL);

  g_hash_table_iter_init (&iter, account->conversations);
  while (g_hash_table_iter_next (&iter, NULL, &conversation))
    linnet_conversation_went_online (conversation);

  linnet_credentials_save_password (self->credentials);
}

/* Says goodbye. The server forgets the session then, so the store does, too. */
static void
close_session (LinnetConnection *self,
               LinnetAccount *account)
{
  if (!xmpp_session_is_online (self->session))
    {
      xmpp_session_abort (self->session);
      return;
    }

  dex_await (xmpp_session_close (self->session), NULL);
  g_clear_pointer (&account->row->sm_id, g_free);
  g_clear_pointer (&account->row->sm_location, g_free);
  g_clear_pointer (&account->row->features, g_free);
  account->row->sm_h = 0;
  dex_await (linnet_store_accounts_save_stream (account->store, account->row), NULL);
}

/* Returns what ended the connection; NULL when we did. Takes no reference to the account while it waits. */
static GError *
stay_connected (LinnetConnection *self)
{
  g_autoptr (GError) error = NULL;

  dex_await (unless_left (self, xmpp_session_wait_closed (self->session)), &error);
  self->online = FALSE;

  if (self->closed || !dex_future_is_pending (DEX_FUTURE (self->leave)))
    {
      g_autoptr (LinnetAccount) account = self->account != NULL ? g_object_ref (self->account) : NULL;

      if (account != NULL)
        close_session (self, account);
      return NULL;
    }

  return g_steal_pointer (&error);
}

/* ---- on the fiber: in between ---- */

static void
wait_poke (LinnetConnection *self,
           guint timeout_ms)
{
  self->poke = dex_promise_new ();
  dex_await (
      dex_future_first (dex_ref (DEX_FUTURE (self->poke)),
                        dex_ref (DEX_FUTURE (self->cancellable)),
                        timeout_ms > 0 ? dex_timeout_new_msec (timeout_ms) : dex_future_new_infinite (),
                        NULL),
      NULL);
}

/* Counts down, so that the person sees when the next attempt is. */
static void
wait_for_retry (LinnetConnection *self,
                guint delay_ms)
{
  gint64 end = g_get_monotonic_time () + delay_ms * (gint64) 1000;
  gboolean poked = FALSE;

  while (!self->closed && self->wanted && !poked && self->account != NULL)
    {
      gint64 left = (end - g_get_monotonic_time () + 999) / 1000;

      if (left <= 0)
        break;

      linnet_account_set_retry_in (self->account, (left + 999) / 1000);
      wait_poke (self, MIN (left, (left - 1) % 1000 + 1));
      poked = !dex_future_is_pending (DEX_FUTURE (self->poke));
      dex_clear (&self->poke);
    }

  if (self->account != NULL)
    linnet_account_set_retry_in (self->account, 0);
}

/* Uniform in [0, 1). Where the kernel has no random bytes every delay is half its limit. */
static double
get_jitter (void)
{
  guint32 number;

  if (getrandom (&number, sizeof number, 0) != sizeof number)
    return 0.5;

  return number / 4294967296.0;
}

/* By Bind 2 a server makes the same resource of the same tag and installation each time. */
static void
change_tag (LinnetConnection *self)
{
  guint number = (guint) (get_jitter () * 0x10000);

  g_free (self->tag);
  self->tag = g_strdup_printf ("Linnet-%04x", number);
}

/* Shows why there is no connection, and waits as long as the policy says. */
static void
recover (LinnetConnection *self,
         const GError *error)
{
  LinnetConnectionVerdict verdict;
  g_autoptr (GError) ours = NULL;
  gboolean offline;

  if (self->account == NULL)
    return;

  ours = linnet_error_from_lower (error, linnet_account_get_domain (self->account));
  g_debug ("%s: %s", linnet_account_get_address (self->account), error->message);
  linnet_connection_judge (&self->history, error, g_get_monotonic_time (), get_jitter (), &verdict);
  settle_outcome (self, ours);

  self->held = verdict.hold;
  self->held_by_network =
      ours->code == LINNET_ERROR_CERTIFICATE || ours->code == LINNET_ERROR_CERTIFICATE_CHANGED;
  self->new_resource |= verdict.new_resource;
  if (verdict.new_resource)
    change_tag (self);
  g_clear_pointer (&self->other_host, g_free);
  if (verdict.other_host)
    self->other_host = g_strdup (xmpp_stream_error_get_other_host (error));

  if (ours->code == LINNET_ERROR_WRONG_PASSWORD)
    linnet_credentials_set_password (self->credentials, NULL);

  if (self->held)
    {
      linnet_account_set_state (self->account, LINNET_CONNECTION_FAILED, ours);
      return;
    }

  offline = self->was_available && !network_is_available (self);
  linnet_account_set_state (
      self->account, offline ? LINNET_CONNECTION_OFFLINE : LINNET_CONNECTION_RECONNECTING, ours);
  wait_for_retry (self, offline ? OFFLINE_RETRY_MS : verdict.delay_ms);
}

static void
run_once (LinnetConnection *self)
{
  g_autoptr (LinnetAccount) account = g_object_ref (self->account);
  g_autoptr (GError) error = NULL;
  gboolean success;

  self->leave = dex_cancellable_new ();
  linnet_account_set_state (account,
                            self->was_online ? LINNET_CONNECTION_RECONNECTING : LINNET_CONNECTION_CONNECTING,
                            self->was_online ? linnet_account_get_error (account) : NULL);
  success = attempt (self, account, &error);

  if (success && !self->closed)
    {
      become_online (self, account);
      g_clear_object (&account);
      error = stay_connected (self);
      if (self->last)
        {
          self->wanted = FALSE;
          g_clear_error (&error);
        }
    }
  else
    {
      xmpp_session_abort (self->session);
      linnet_account_lose_presences (account);
    }

  if (error != NULL && !self->closed && dex_future_is_pending (DEX_FUTURE (self->leave)))
    recover (self, error);

  dex_clear (&self->leave);
}

static DexFuture *
linnet_connection_fiber (gpointer data)
{
  LinnetConnection *self = data;

  while (!self->closed && self->account != NULL)
    {
      if (self->wanted && !self->held)
        {
          run_once (self);
          continue;
        }

      if (!self->wanted)
        linnet_account_set_state (self->account, LINNET_CONNECTION_OFFLINE, NULL);
      wait_poke (self, 0);
      dex_clear (&self->poke);
    }

  return dex_future_new_true ();
}

/* ---- the object ---- */

static void
linnet_connection_dispose (GObject *object)
{
  LinnetConnection *self = LINNET_CONNECTION (object);

  self->closed = TRUE;
  g_clear_weak_pointer (&self->account);

  G_OBJECT_CLASS (linnet_connection_parent_class)->dispose (object);
}

static void
linnet_connection_finalize (GObject *object)
{
  LinnetConnection *self = LINNET_CONNECTION (object);

  g_clear_object (&self->credentials);
  g_clear_pointer (&self->channel, linnet_channel_free);
  g_clear_pointer (&self->first, linnet_signed_on_unref);
  g_clear_pointer (&self->other_host, g_free);
  g_clear_pointer (&self->tag, g_free);
  dex_clear (&self->fiber);
  dex_clear (&self->cancellable);
  dex_clear (&self->leave);
  dex_clear (&self->poke);
  dex_clear (&self->outcome);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (linnet_connection_parent_class)->finalize (object);
}

static void
linnet_connection_class_init (LinnetConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = linnet_connection_dispose;
  object_class->finalize = linnet_connection_finalize;
}

static void
linnet_connection_init (LinnetConnection *self)
{
  self->cancellable = dex_cancellable_new ();
}

LinnetConnection *
linnet_connection_new (LinnetAccount *account,
                       XmppSession *session)
{
  LinnetConnection *self = g_object_new (LINNET_TYPE_CONNECTION, NULL);

  g_set_weak_pointer (&self->account, account);
  self->session = g_object_ref (session);
  self->credentials = linnet_credentials_new (account);

  return self;
}

void
linnet_connection_start (LinnetConnection *self,
                         LinnetSignedOn *first)
{
  g_return_if_fail (LINNET_IS_CONNECTION (self));
  g_return_if_fail (self->fiber == NULL && !self->closed);

  self->first = first;
  self->fiber = linnet_spawn ("connection", linnet_connection_fiber, g_object_ref (self), g_object_unref);
}

/* Gives up whatever the fiber is at: it looks again at what is wanted. */
static void
leave (LinnetConnection *self)
{
  g_assert (LINNET_IS_CONNECTION (self));

  if (self->leave != NULL)
    dex_cancellable_cancel (self->leave);
  poke (self);
}

void
linnet_connection_set_wanted (LinnetConnection *self,
                              gboolean wanted)
{
  g_return_if_fail (LINNET_IS_CONNECTION (self));

  if (self->wanted == (guint) !!wanted)
    return;

  self->wanted = !!wanted;
  self->held = FALSE;
  linnet_backoff_reset (&self->history.backoff);
  if (wanted)
    poke (self);
  else
    leave (self);
}

void
linnet_connection_set_last (LinnetConnection *self,
                            gboolean last)
{
  g_return_if_fail (LINNET_IS_CONNECTION (self));

  self->last = !!last;
}

void
linnet_connection_try_now (LinnetConnection *self)
{
  g_return_if_fail (LINNET_IS_CONNECTION (self));

  self->held = FALSE;
  linnet_backoff_reset (&self->history.backoff);
  poke (self);
}

void
linnet_connection_restart (LinnetConnection *self)
{
  g_return_if_fail (LINNET_IS_CONNECTION (self));

  self->held = FALSE;
  linnet_backoff_reset (&self->history.backoff);
  leave (self);
}

LinnetCredentials *
linnet_connection_get_credentials (LinnetConnection *self)
{
  g_return_val_if_fail (LINNET_IS_CONNECTION (self), NULL);

  return self->credentials;
}

const LinnetChannel *
linnet_connection_get_channel (LinnetConnection *self)
{
  g_return_val_if_fail (LINNET_IS_CONNECTION (self), NULL);

  return self->online ? self->channel : NULL;
}

void
linnet_connection_allow_plain (LinnetConnection *self)
{
  g_return_if_fail (LINNET_IS_CONNECTION (self));

  self->allow_plain = TRUE;
}

/**
 * linnet_connection_wait_online:
 *
 * Returns: (transfer full): a future that resolves to true when the account is online, and rejects with
 * LINNET_ERROR when the next attempt fails
 */
DexFuture *
linnet_connection_wait_online (LinnetConnection *self)
{
  linnet_return_error_if_fail (LINNET_IS_CONNECTION (self));

  if (self->online)
    return dex_future_new_true ();

  if (self->outcome == NULL)
    self->outcome = dex_promise_new ();

  return dex_ref (DEX_FUTURE (self->outcome));
}

void
linnet_connection_network_changed (LinnetConnection *self,
                                   gboolean available)
{
  g_return_if_fail (LINNET_IS_CONNECTION (self));

  /* A rejection means that the session has dropped the connection: the fiber goes on from there. */
  if (self->online)
    dex_future_disown (xmpp_session_probe (self->session, PROBE_MS));
  else if (!available || (self->held && !self->held_by_network))
    return;
  else if (self->poke != NULL)
    linnet_connection_try_now (self);
  else /* what an attempt waits for was asked for over the network there was */
    linnet_connection_restart (self);
}

void
linnet_connection_woke (LinnetConnection *self)
{
  g_return_if_fail (LINNET_IS_CONNECTION (self));

  if (self->online)
    dex_future_disown (xmpp_session_probe (self->session, WAKE_PROBE_MS));
  else if (!self->held && self->poke != NULL)
    linnet_connection_try_now (self);
  else if (!self->held)
    linnet_connection_restart (self);
}

DexFuture *
linnet_connection_close (LinnetConnection *self)
{
  linnet_return_error_if_fail (LINNET_IS_CONNECTION (self));

  if (!self->closed)
    {
      g_autoptr (GError) error =
          g_error_new_literal (LINNET_ERROR, LINNET_ERROR_OFFLINE, "The account is closed");

      self->closed = TRUE;
      dex_cancellable_cancel (self->cancellable);
      linnet_credentials_close (self->credentials);
      settle_outcome (self, error);
    }

  return self->fiber != NULL ? dex_ref (self->fiber) : dex_future_new_true ();
}
