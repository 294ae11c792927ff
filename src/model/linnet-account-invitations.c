/* Inviting people, and being invited: XEP-0379 Pre-Authenticated Roster Subscription, version 0.3.3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-account"

#include "config.h"

#include <sys/random.h>

#include "linnet-account-private.h"
#include "linnet-contact-private.h"
#include "linnet-error.h"
#include "linnet-future.h"
#include "linnet-invitation-private.h"
#include "linnet-spawn.h"
#include "linnet-store-invitations.h"
#include "linnet-verb.h"
#include "xmpp-invites.h"
#include "xmpp-roster.h"
#include "xmpp-subscription.h"
#include "xmpp-uri.h"

/* Section 4.2: a week is enough to react. */
#define LIFETIME (7 * 24 * 60 * 60)

#define TOKEN_LENGTH 32 /* of five bits each */

static gint64
get_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* Section 4.1: from a generator that nobody can predict, in letters that need no encoding. NULL: there is no
 * such generator. */
static char *
create_token (void)
{
  static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
  guchar bytes[TOKEN_LENGTH];
  char token[TOKEN_LENGTH + 1] = { 0 };

  if (getrandom (bytes, sizeof bytes, 0) != sizeof bytes)
    return NULL;

  for (guint i = 0; i < TOKEN_LENGTH; i++)
    token[i] = letters[bytes[i] % 32];

  return g_strdup (token);
}

/* Whoever reads the database cannot use what is in it, and comparing takes as long for any token. */
static char *
key_of_token (const char *token)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, token, -1);
}

/* ---- inviting ---- */

typedef struct
{
  LinnetAccount *account;
  LinnetInvitationKind kind;
} Inviting;

static void
inviting_free (gpointer data)
{
  Inviting *inviting = data;

  g_object_unref (inviting->account);
  g_free (inviting);
}

static DexFuture *
create_locally (LinnetAccount *self)
{
  g_autofree char *token = create_token ();
  g_autofree char *key = token != NULL ? key_of_token (token) : NULL;
  g_autofree char *text = NULL;
  g_autoptr (XmppUri) uri = xmpp_uri_new (self->jid, "roster");
  g_autoptr (GError) error = NULL;
  gint64 now = get_now ();

  if (token == NULL)
    return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_FAILED, "No random numbers");
  if (!dex_await (linnet_store_invitations_add (self->store,
                                                self->row->id,
                                                LINNET_STORE_INVITATION_TOKEN,
                                                key,
                                                now + LIFETIME,
                                                now),
                  &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  xmpp_uri_add (uri, "preauth", token);
  text = xmpp_uri_to_string (uri);

  return dex_future_new_take_object (linnet_invitation_new (text, NULL, now + LIFETIME));
}

static DexFuture *
linnet_account_invite_fiber (gpointer data)
{
  Inviting *inviting = data;
  LinnetAccount *self = inviting->account;
  XmppInviteKind wanted =
      inviting->kind == LINNET_INVITATION_CONTACT ? XMPP_INVITE_CONTACT : XMPP_INVITE_ACCOUNT;
  g_autoptr (XmppInvite) invite = NULL;
  g_autoptr (GError) error = NULL;
  guint offered;

  offered = dex_await_uint (xmpp_invites_discover (self->session), &error);
  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (offered & wanted)
    invite = dex_await_boxed (xmpp_invites_create (self->session, wanted), &error);
  if (invite != NULL)
    return dex_future_new_take_object (
        linnet_invitation_new (invite->uri, invite->page, invite->expires / G_USEC_PER_SEC));

  /* A server may also have second thoughts: too many, not for you. */
  if (inviting->kind == LINNET_INVITATION_CONTACT)
    return create_locally (self);
  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_NOT_SUPPORTED, "The server makes none");
}

DexFuture *
linnet_account_create_invitation (LinnetAccount *self,
                                  LinnetInvitationKind kind)
{
  Inviting *inviting;

  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (self));

  if (self->closed || !linnet_account_is_online (self))
    return linnet_verb_offline ();

  inviting = g_new0 (Inviting, 1);
  inviting->account = g_object_ref (self);
  inviting->kind = kind;

  return linnet_verb (linnet_spawn ("invite", linnet_account_invite_fiber, inviting, inviting_free));
}

char *
linnet_account_dup_link (LinnetAccount *self)
{
  g_autoptr (XmppUri) uri = NULL;

  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), NULL);

  uri = xmpp_uri_new (self->jid, NULL);

  return xmpp_uri_to_string (uri);
}

/* ---- being invited ---- */

typedef struct
{
  LinnetAccount *account;
  char *address;
  char *token; /* nullable */
  char *name;  /* nullable */
} Guest;

static Guest *
guest_new (LinnetAccount *account,
           const char *address,
           const char *token,
           const char *name)
{
  Guest *guest = g_new0 (Guest, 1);

  guest->account = g_object_ref (account);
  guest->address = g_strdup (address);
  guest->token = g_strdup (token);
  guest->name = name != NULL && *name != '\0' ? g_strdup (name) : NULL;

  return guest;
}

static void
guest_free (gpointer data)
{
  Guest *guest = data;

  g_object_unref (guest->account);
  g_free (guest->address);
  g_free (guest->token);
  g_free (guest->name);
  g_free (guest);
}

/* Section 3.4: they will ask to see our presence as well, and need no answer by hand then. */
static gboolean
expect (LinnetAccount *self,
        XmppJid *jid,
        GError **error)
{
  XmppSubscription *subscription = xmpp_session_get_feature (self->session, XMPP_TYPE_SUBSCRIPTION);
  g_autoptr (GError) local_error = NULL;
  gint64 now = get_now ();

  if (dex_await_boolean (xmpp_subscription_pre_approve (subscription, jid), &local_error))
    return TRUE;
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return dex_await (linnet_store_invitations_add (self->store,
                                                  self->row->id,
                                                  LINNET_STORE_INVITATION_ADDRESS,
                                                  xmpp_jid_get_bare_string (jid),
                                                  now + LIFETIME,
                                                  now),
                    error);
}

static DexFuture *
linnet_account_follow_fiber (gpointer data)
{
  Guest *guest = data;
  LinnetAccount *self = guest->account;
  XmppSubscription *subscription = xmpp_session_get_feature (self->session, XMPP_TYPE_SUBSCRIPTION);
  XmppRoster *roster = xmpp_session_get_feature (self->session, XMPP_TYPE_ROSTER);
  g_autoptr (XmppJid) jid = xmpp_jid_new (guest->address, NULL);
  g_autoptr (LinnetContact) contact = linnet_account_ensure_contact (self, guest->address);
  LinnetSubscription state = linnet_contact_get_subscription (contact);
  g_autofree char *nickname = g_strdup (self->nickname);
  g_autoptr (GError) error = NULL;

  if (!linnet_contact_get_in_roster (contact) &&
      !dex_await (xmpp_roster_set (roster, jid, guest->name, NULL), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (linnet_contact_get_requested (contact))
    dex_await (xmpp_subscription_accept (subscription, jid), &error);
  else if ((state & LINNET_SUBSCRIPTION_FROM) == 0)
    expect (self, jid, &error);
  if (error == NULL && (state & LINNET_SUBSCRIPTION_TO) == 0)
    dex_await (xmpp_subscription_request_invited (subscription, jid, nickname, guest->token), &error);
  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  /* Whoever follows an invitation wants to talk. */
  dex_await (linnet_account_open_conversation (self, guest->address), NULL);

  return dex_future_new_take_object (g_steal_pointer (&contact));
}

DexFuture *
linnet_account_accept_invitation (LinnetAccount *self,
                                  LinnetLink *link,
                                  const char *name)
{
  const char *address;

  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (self));
  linnet_return_error_if_fail (LINNET_IS_LINK (link));
  linnet_return_error_if_fail (linnet_link_get_kind (link) == LINNET_LINK_ROSTER ||
                               linnet_link_get_kind (link) == LINNET_LINK_SUBSCRIBE);

  address = linnet_link_get_address (link);
  if (self->closed || !linnet_account_is_online (self))
    return linnet_verb_offline ();
  if (g_str_equal (address, self->row->address))
    return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_OWN_ADDRESS, "The own address");

  return linnet_verb (linnet_spawn ("follow-invitation",
                                    linnet_account_follow_fiber,
                                    guest_new (self, address, linnet_link_get_token (link), name),
                                    guest_free));
}

/* ---- those who were invited ---- */

static gboolean
redeem (const Guest *guest,
        LinnetStoreInvitationKind kind,
        const char *key)
{
  LinnetAccount *self = guest->account;

  return dex_await_boolean (
      linnet_store_invitations_redeem (self->store, self->row->id, kind, key, get_now ()), NULL);
}

static gboolean
was_invited (const Guest *guest)
{
  g_autofree char *key = guest->token != NULL ? key_of_token (guest->token) : NULL;

  return (key != NULL && redeem (guest, LINNET_STORE_INVITATION_TOKEN, key)) ||
         redeem (guest, LINNET_STORE_INVITATION_ADDRESS, guest->address);
}

static DexFuture *
linnet_account_admit_fiber (gpointer data)
{
  Guest *guest = data;
  LinnetAccount *self = guest->account;
  g_autoptr (LinnetContact) contact = NULL;
  gint64 now = get_now ();

  if (!was_invited (guest) || self->closed)
    return dex_future_new_false ();

  contact = linnet_account_ensure_contact (self, guest->address);
  if (!dex_await (linnet_contact_accept_request (contact), NULL))
    {
      /* The connection broke in between. Their question comes again, and they have shown their token. */
      dex_await (linnet_store_invitations_add (self->store,
                                               self->row->id,
                                               LINNET_STORE_INVITATION_ADDRESS,
                                               guest->address,
                                               now + LIFETIME,
                                               now),
                 NULL);
      return dex_future_new_true ();
    }

  /* So that the person sees who came (section 4.3). */
  dex_await (linnet_account_open_conversation (self, guest->address), NULL);

  return dex_future_new_true ();
}

DexFuture *
linnet_account_admit (LinnetAccount *self,
                      const char *address,
                      const char *token)
{
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (self));
  linnet_return_error_if_fail (address != NULL);

  return linnet_spawn (
      "admit", linnet_account_admit_fiber, guest_new (self, address, token, NULL), guest_free);
}
