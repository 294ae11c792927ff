/* What a person does with a contact
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-contact"

#include "config.h"

#include "linnet-account-private.h"
#include "linnet-contact-private.h"
#include "linnet-conversation-private.h"
#include "linnet-future.h"
#include "linnet-spawn.h"
#include "linnet-verb.h"
#include "xmpp-blocking.h"
#include "xmpp-roster.h"
#include "xmpp-subscription.h"

/* NULL once the account was removed. */
static gpointer
get_feature (LinnetContact *self,
             GType type)
{
  LinnetAccount *account = linnet_contact_get_account (self);
  XmppSession *session = account != NULL ? linnet_account_get_session (account) : NULL;

  return session != NULL ? xmpp_session_get_feature (session, type) : NULL;
}

static XmppJid *
dup_jid (LinnetContact *self)
{
  return xmpp_jid_new (linnet_contact_get_address (self), NULL);
}

/**
 * linnet_contact_rename:
 * @name: (nullable): the person's own name for them; %NULL or "" to go back to their nickname
 *
 * Returns: (transfer full): a future that resolves to true when the server agreed, or rejects with
 * LINNET_ERROR
 */
DexFuture *
linnet_contact_rename (LinnetContact *self,
                       const char *name)
{
  XmppRoster *roster;
  g_autoptr (XmppJid) jid = NULL;
  g_autofree char *trimmed = NULL;

  linnet_return_error_if_fail (LINNET_IS_CONTACT (self));

  if ((roster = get_feature (self, XMPP_TYPE_ROSTER)) == NULL)
    return linnet_verb_offline ();

  jid = dup_jid (self);
  trimmed = name != NULL ? g_strstrip (g_strdup (name)) : NULL;

  return linnet_verb (xmpp_roster_set (
      roster, jid, trimmed != NULL && *trimmed != '\0' ? trimmed : NULL, linnet_contact_get_groups (self)));
}

DexFuture *
linnet_contact_set_groups (LinnetContact *self,
                           const char *const *groups)
{
  XmppRoster *roster;
  g_autoptr (XmppJid) jid = NULL;

  linnet_return_error_if_fail (LINNET_IS_CONTACT (self));

  if ((roster = get_feature (self, XMPP_TYPE_ROSTER)) == NULL)
    return linnet_verb_offline ();

  jid = dup_jid (self);

  return linnet_verb (xmpp_roster_set (roster, jid, linnet_contact_get_roster_name (self), groups));
}

DexFuture *
linnet_contact_remove (LinnetContact *self)
{
  XmppRoster *roster;
  g_autoptr (XmppJid) jid = NULL;

  linnet_return_error_if_fail (LINNET_IS_CONTACT (self));

  if ((roster = get_feature (self, XMPP_TYPE_ROSTER)) == NULL)
    return linnet_verb_offline ();

  jid = dup_jid (self);

  return linnet_verb (xmpp_roster_remove (roster, jid));
}

DexFuture *
linnet_contact_set_blocked (LinnetContact *self,
                            gboolean blocked)
{
  XmppBlocking *blocking;
  g_autoptr (XmppJid) jid = NULL;

  linnet_return_error_if_fail (LINNET_IS_CONTACT (self));

  if ((blocking = get_feature (self, XMPP_TYPE_BLOCKING)) == NULL)
    return linnet_verb_offline ();

  jid = dup_jid (self);

  return linnet_verb (blocked ? xmpp_blocking_block (blocking, jid) : xmpp_blocking_unblock (blocking, jid));
}

static DexFuture *
linnet_contact_accept_fiber (gpointer data)
{
  LinnetContact *self = data;
  XmppSubscription *subscription = get_feature (self, XMPP_TYPE_SUBSCRIPTION);
  XmppRoster *roster = get_feature (self, XMPP_TYPE_ROSTER);
  LinnetAccount *account = linnet_contact_get_account (self);
  LinnetConversation *conversation;
  g_autofree char *nickname = NULL;
  g_autoptr (XmppJid) jid = dup_jid (self);
  g_autoptr (GError) error = NULL;

  if (subscription == NULL || roster == NULL)
    return linnet_verb_offline ();

  /* Whoever accepts wants to talk: an empty chat does not vanish with the request. */
  conversation = linnet_account_lookup_conversation (account, linnet_contact_get_address (self));
  if (conversation != NULL)
    linnet_conversation_set_opened (conversation);

  nickname = g_strdup (linnet_account_get_nickname (account));
  g_object_ref (subscription);
  g_object_ref (roster);

  if (!dex_await (xmpp_subscription_accept (subscription, jid), &error) ||
      (!linnet_contact_get_in_roster (self) &&
       !dex_await (xmpp_roster_set (roster, jid, NULL, NULL), &error)) ||
      ((linnet_contact_get_subscription (self) & (LINNET_SUBSCRIPTION_TO | LINNET_SUBSCRIPTION_ASKED)) == 0 &&
       !dex_await (xmpp_subscription_request (subscription, jid, nickname), &error)))
    {
      g_object_unref (subscription);
      g_object_unref (roster);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  g_object_unref (subscription);
  g_object_unref (roster);

  return dex_future_new_true ();
}

/**
 * linnet_contact_accept_request:
 *
 * Lets them see our presence, adds them to the roster and asks to see theirs.
 *
 * Returns: (transfer full): a future that resolves to true, or rejects with LINNET_ERROR
 */
DexFuture *
linnet_contact_accept_request (LinnetContact *self)
{
  linnet_return_error_if_fail (LINNET_IS_CONTACT (self));

  return linnet_verb (
      linnet_spawn ("accept-request", linnet_contact_accept_fiber, g_object_ref (self), g_object_unref));
}

DexFuture *
linnet_contact_decline_request (LinnetContact *self)
{
  XmppSubscription *subscription;
  g_autoptr (XmppJid) jid = NULL;

  linnet_return_error_if_fail (LINNET_IS_CONTACT (self));

  if ((subscription = get_feature (self, XMPP_TYPE_SUBSCRIPTION)) == NULL)
    return linnet_verb_offline ();

  jid = dup_jid (self);

  return linnet_verb (xmpp_subscription_decline (subscription, jid));
}

DexFuture *
linnet_contact_request_presence (LinnetContact *self)
{
  XmppSubscription *subscription;
  g_autoptr (XmppJid) jid = NULL;

  linnet_return_error_if_fail (LINNET_IS_CONTACT (self));

  if ((subscription = get_feature (self, XMPP_TYPE_SUBSCRIPTION)) == NULL)
    return linnet_verb_offline ();

  jid = dup_jid (self);

  return linnet_verb (xmpp_subscription_request (
      subscription, jid, linnet_account_get_nickname (linnet_contact_get_account (self))));
}

DexFuture *
linnet_contact_cancel_presence (LinnetContact *self)
{
  XmppSubscription *subscription;
  g_autoptr (XmppJid) jid = NULL;

  linnet_return_error_if_fail (LINNET_IS_CONTACT (self));

  if ((subscription = get_feature (self, XMPP_TYPE_SUBSCRIPTION)) == NULL)
    return linnet_verb_offline ();

  jid = dup_jid (self);

  return linnet_verb (xmpp_subscription_cancel (subscription, jid));
}
