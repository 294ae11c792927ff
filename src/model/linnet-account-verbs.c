/* What a person does with an account
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-account"

#include "config.h"

#include <string.h>

#include "linnet-account-private.h"
#include "linnet-contact-private.h"
#include "linnet-conversation-private.h"
#include "linnet-error.h"
#include "linnet-future.h"
#include "linnet-proxy.h"
#include "linnet-spawn.h"
#include "linnet-store-profiles.h"
#include "linnet-verb.h"
#include "xmpp-nick.h"
#include "xmpp-roster.h"
#include "xmpp-subscription.h"

/* ---- being connected ---- */

static DexFuture *
linnet_account_save (LinnetAccount *self)
{
  return linnet_verb (linnet_store_accounts_save (self->store, self->row));
}

void
linnet_account_start (LinnetAccount *self,
                      LinnetSignedOn *first)
{
  g_return_if_fail (LINNET_IS_ACCOUNT (self));

  linnet_connection_set_wanted (self->connection, self->row->enabled);
  linnet_connection_start (self->connection, first);
}

static void
linnet_account_take_enabled (LinnetAccount *self,
                             gboolean enabled)
{
  if (self->row->enabled == enabled)
    return;

  self->row->enabled = enabled;
  linnet_account_notify_enabled (self);
  linnet_connection_set_wanted (self->connection, enabled);
}

static DexFuture *
take_back_enabled_cb (DexFuture *future,
                      gpointer user_data)
{
  linnet_account_take_enabled (user_data, !linnet_account_get_enabled (user_data));

  return dex_ref (future);
}

/**
 * linnet_account_set_enabled:
 *
 * Returns: (transfer full): a future that resolves to true when it is stored
 */
DexFuture *
linnet_account_set_enabled (LinnetAccount *self,
                            gboolean enabled)
{
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (self));

  if (self->closed)
    return linnet_verb_offline ();
  if (self->row->enabled == !!enabled)
    return dex_future_new_true ();

  linnet_account_take_enabled (self, !!enabled);

  return dex_future_catch (
      linnet_account_save (self), take_back_enabled_cb, g_object_ref (self), g_object_unref);
}

void
linnet_account_reconnect_now (LinnetAccount *self)
{
  g_return_if_fail (LINNET_IS_ACCOUNT (self));

  if (self->closed)
    return;

  linnet_inbox_retry_now (self->inbox);
  linnet_connection_try_now (self->connection);
}

/**
 * linnet_account_sign_in_again:
 * @password: (nullable): %NULL to use the one that is known, after a yes to PLAIN
 * @allow_plain: the person agreed that the server sees the password itself
 *
 * Returns: (transfer full): a future that resolves to true once online, or rejects with LINNET_ERROR when
 * this attempt fails
 */
DexFuture *
linnet_account_sign_in_again (LinnetAccount *self,
                              const char *password,
                              gboolean allow_plain)
{
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (self));

  if (self->closed)
    return linnet_verb_offline ();

  if (password != NULL && *password != '\0')
    {
      linnet_credentials_set_password (linnet_connection_get_credentials (self->connection), password);
      linnet_account_set_password_saved (self, FALSE);
    }
  if (allow_plain)
    linnet_connection_allow_plain (self->connection);
  if (self->manager != NULL)
    linnet_account_manager_stop_forgetting (self->manager, self);

  linnet_account_take_enabled (self, TRUE);
  linnet_connection_restart (self->connection);

  return linnet_connection_wait_online (self->connection);
}

/**
 * linnet_account_pin_certificate:
 * @sha256: what the dialog about the certificate showed
 *
 * Trusts exactly this certificate, for this account, and tries again.
 *
 * Returns: (transfer full): a future that resolves to true once online
 */
DexFuture *
linnet_account_pin_certificate (LinnetAccount *self,
                                const char *sha256)
{
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (self));
  linnet_return_error_if_fail (sha256 != NULL && strlen (sha256) == 64);

  if (self->closed)
    return linnet_verb_offline ();

  g_set_str (&self->row->pinned_sha256, sha256);
  dex_future_disown (linnet_account_save (self));
  linnet_connection_restart (self->connection);

  return linnet_connection_wait_online (self->connection);
}

/**
 * linnet_account_accept_authority:
 *
 * After %LINNET_ERROR_AUTHORITY_CHANGED: the person takes the new authority's word for the server
 * (security.md A3), and Linnet tries again.
 *
 * Returns: (transfer full): a future that resolves to true once online
 */
DexFuture *
linnet_account_accept_authority (LinnetAccount *self)
{
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (self));

  if (self->closed)
    return linnet_verb_offline ();

  g_clear_pointer (&self->row->authority, g_free);
  g_clear_pointer (&self->row->server_key, g_free);
  dex_future_disown (linnet_account_save (self));
  linnet_connection_restart (self->connection);

  return linnet_connection_wait_online (self->connection);
}

/**
 * linnet_account_set_server:
 * @host: (nullable): %NULL to find the server by its domain
 * @port: 0 for the default
 *
 * Returns: (transfer full): a future that resolves to true when it is stored; the account reconnects
 * meanwhile
 */
DexFuture *
linnet_account_set_server (LinnetAccount *self,
                           const char *host,
                           guint16 port,
                           gboolean direct_tls)
{
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (self));

  if (self->closed)
    return linnet_verb_offline ();

  g_set_str (&self->row->host, host != NULL && *host != '\0' ? host : NULL);
  self->row->port = port;
  self->row->direct_tls = direct_tls;
  linnet_connection_restart (self->connection);

  return linnet_account_save (self);
}

/**
 * linnet_account_set_proxy:
 * @text: (nullable): what a person typed; see linnet-account.h
 *
 * Returns: (transfer full): a future that resolves to true when it is stored; the account reconnects
 * meanwhile
 */
DexFuture *
linnet_account_set_proxy (LinnetAccount *self,
                          const char *text)
{
  g_autofree char *proxy = NULL;
  g_autofree char *password = NULL;
  g_autoptr (GError) error = NULL;

  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (self));

  if (self->closed)
    return linnet_verb_offline ();
  if (text != NULL && *text != '\0' && !(proxy = linnet_proxy_normalize (text, &password, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (g_strcmp0 (proxy, self->row->proxy) == 0 && password == NULL)
    return dex_future_new_true ();

  g_set_str (&self->row->proxy, proxy);
  linnet_credentials_take_proxy_password (linnet_connection_get_credentials (self->connection), password);
  linnet_connection_restart (self->connection);

  return linnet_account_save (self);
}

/* ---- identity ---- */

static DexFuture *
take_back_presence_cb (DexFuture *future,
                       gpointer user_data)
{
  LinnetAccount *self = user_data;

  /* Only the disk refused: what contacts see is as the person wished, till the next start. */
  linnet_account_notify_presence (self);

  return dex_ref (future);
}

DexFuture *
linnet_account_set_presence (LinnetAccount *self,
                             LinnetShow show,
                             const char *status_text)
{
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (self));

  if (self->closed)
    return linnet_verb_offline ();

  self->row->show = show;
  g_set_str (&self->row->status_text, status_text != NULL && *status_text != '\0' ? status_text : NULL);
  linnet_account_notify_presence (self);
  xmpp_presence_set_own (xmpp_session_get_feature (self->session, XMPP_TYPE_PRESENCE),
                         linnet_show_to_xmpp (show),
                         self->row->status_text);

  return dex_future_catch (
      linnet_account_save (self), take_back_presence_cb, g_object_ref (self), g_object_unref);
}

typedef struct
{
  LinnetAccount *account;
  char *nickname; /* nullable */
  char *before;   /* nullable */
} Renaming;

static void
renaming_free (Renaming *renaming)
{
  g_object_unref (renaming->account);
  g_free (renaming->nickname);
  g_free (renaming->before);
  g_free (renaming);
}

static DexFuture *
linnet_account_rename_fiber (gpointer data)
{
  Renaming *renaming = data;
  LinnetAccount *self = renaming->account;
  g_autoptr (GError) error = NULL;

  if (!dex_await (
          xmpp_nick_publish (xmpp_session_get_feature (self->session, XMPP_TYPE_NICK),
                             renaming->nickname,
                             XMPP_ACCESS_KEEP),
          &error))
    {
      if (g_strcmp0 (self->nickname, renaming->nickname) == 0)
        linnet_account_take_nickname (self, renaming->before);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  if (!dex_await (linnet_store_profiles_set_nickname (
                      self->store, self->row->id, self->row->address, renaming->nickname),
                  &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

/**
 * linnet_account_set_nickname:
 * @nickname: (nullable): how contacts should see the person; %NULL or "" for nothing
 *
 * Returns: (transfer full): a future that resolves to true when it is published
 */
DexFuture *
linnet_account_set_nickname (LinnetAccount *self,
                             const char *nickname)
{
  Renaming *renaming;

  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (self));

  if (self->closed)
    return linnet_verb_offline ();

  renaming = g_new0 (Renaming, 1);
  renaming->account = g_object_ref (self);
  renaming->nickname = nickname != NULL && *nickname != '\0' ? g_strdup (nickname) : NULL;
  renaming->before = g_strdup (self->nickname);
  linnet_account_take_nickname (self, renaming->nickname);

  return linnet_verb (
      linnet_spawn ("set-nickname", linnet_account_rename_fiber, renaming, (GDestroyNotify) renaming_free));
}

/* ---- contacts and conversations ---- */

typedef struct
{
  LinnetAccount *account;
  char *address;
  char *name; /* nullable */
  gboolean share;
} Opening;

static void
opening_free (Opening *opening)
{
  g_object_unref (opening->account);
  g_free (opening->address);
  g_free (opening->name);
  g_free (opening);
}

static Opening *
opening_new (LinnetAccount *self,
             const char *text,
             GError **error)
{
  g_autofree char *address = linnet_address_normalize (text, error);
  Opening *opening;

  if (address == NULL)
    return NULL;

  if (g_str_equal (address, self->row->address))
    {
      g_set_error_literal (error, LINNET_ERROR, LINNET_ERROR_OWN_ADDRESS, "The own address");
      return NULL;
    }

  opening = g_new0 (Opening, 1);
  opening->account = g_object_ref (self);
  opening->address = g_steal_pointer (&address);

  return opening;
}

static DexFuture *
linnet_account_open_fiber (gpointer data)
{
  Opening *opening = data;
  LinnetAccount *self = opening->account;
  g_autoptr (LinnetStoreConversation) row = NULL;
  g_autoptr (GError) error = NULL;
  LinnetConversation *conversation;

  row = dex_await_boxed (linnet_store_conversations_open (self->store, self->row->id, opening->address),
                         &error);
  if (row == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (self->closed)
    return linnet_verb_offline ();

  conversation = linnet_account_ensure_conversation (self, row);
  linnet_conversation_set_opened (conversation);

  return dex_future_new_take_object (g_object_ref (conversation));
}

/**
 * linnet_account_open_conversation:
 * @address: what a person typed or chose
 *
 * Returns: (transfer full): a future that resolves to the [class@Linnet.Conversation], made when it is new
 */
DexFuture *
linnet_account_open_conversation (LinnetAccount *self,
                                  const char *address)
{
  g_autoptr (GError) error = NULL;
  Opening *opening;

  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (self));
  linnet_return_error_if_fail (address != NULL);

  if (self->closed)
    return linnet_verb_offline ();
  if (!(opening = opening_new (self, address, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return linnet_verb (
      linnet_spawn ("open-conversation", linnet_account_open_fiber, opening, (GDestroyNotify) opening_free));
}

static DexFuture *
linnet_account_add_contact_fiber (gpointer data)
{
  Opening *opening = data;
  LinnetAccount *self = opening->account;
  XmppSubscription *subscription = xmpp_session_get_feature (self->session, XMPP_TYPE_SUBSCRIPTION);
  XmppRoster *roster = xmpp_session_get_feature (self->session, XMPP_TYPE_ROSTER);
  g_autoptr (XmppJid) jid = xmpp_jid_new (opening->address, NULL);
  g_autoptr (LinnetContact) contact = linnet_account_ensure_contact (self, opening->address);
  g_autoptr (GError) error = NULL;

  if (!dex_await (xmpp_roster_set (roster, jid, opening->name, linnet_contact_get_groups (contact)), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (opening->share)
    {
      /* Their own request will be granted by itself then; a server that cannot do that lets them ask. */
      if (linnet_contact_get_requested (contact))
        dex_await (xmpp_subscription_accept (subscription, jid), NULL);
      else
        dex_await (xmpp_subscription_pre_approve (subscription, jid), NULL);

      if (!dex_await (xmpp_subscription_request (subscription, jid, self->nickname), &error))
        return dex_future_new_for_error (g_steal_pointer (&error));
    }

  return dex_future_new_take_object (g_steal_pointer (&contact));
}

/**
 * linnet_account_add_contact:
 * @address: what a person typed
 * @name: (nullable): the person's own name for them
 * @share: also ask to see each other's presence
 *
 * Returns: (transfer full): a future that resolves to the [class@Linnet.Contact] when the server agreed
 */
DexFuture *
linnet_account_add_contact (LinnetAccount *self,
                            const char *address,
                            const char *name,
                            gboolean share)
{
  g_autoptr (GError) error = NULL;
  Opening *opening;

  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (self));
  linnet_return_error_if_fail (address != NULL);

  if (self->closed)
    return linnet_verb_offline ();
  if (!(opening = opening_new (self, address, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  opening->name = name != NULL && *name != '\0' ? g_strdup (name) : NULL;
  opening->share = share;

  return linnet_verb (
      linnet_spawn ("add-contact", linnet_account_add_contact_fiber, opening, (GDestroyNotify) opening_free));
}
