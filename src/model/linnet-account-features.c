/* From the session's features to the model
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-account"

#include "config.h"

#include "linnet-account-private.h"
#include "linnet-contact-private.h"
#include "linnet-conversation-private.h"
#include "linnet-error-private.h"
#include "linnet-invitation-private.h"
#include "linnet-roster-private.h"
#include "linnet-spawn.h"
#include "linnet-store-blocks.h"
#include "linnet-store-caps.h"
#include "linnet-store-profiles.h"
#include "xmpp-blocking.h"
#include "xmpp-caps.h"
#include "xmpp-nick.h"
#include "xmpp-presence.h"
#include "xmpp-roster.h"
#include "xmpp-subscription.h"

/* ---- presence ---- */

static LinnetShow
show_from_xmpp (XmppShow show)
{
  switch (show)
    {
    case XMPP_SHOW_ONLINE:
      return LINNET_SHOW_ONLINE;
    case XMPP_SHOW_CHAT:
      return LINNET_SHOW_CHAT;
    case XMPP_SHOW_AWAY:
      return LINNET_SHOW_AWAY;
    case XMPP_SHOW_EXTENDED_AWAY:
      return LINNET_SHOW_EXTENDED_AWAY;
    case XMPP_SHOW_BUSY:
      return LINNET_SHOW_BUSY;
    case XMPP_SHOW_OFFLINE:
    default:
      return LINNET_SHOW_OFFLINE;
    }
}

XmppShow
linnet_show_to_xmpp (LinnetShow show)
{
  switch (show)
    {
    case LINNET_SHOW_ONLINE:
      return XMPP_SHOW_ONLINE;
    case LINNET_SHOW_CHAT:
      return XMPP_SHOW_CHAT;
    case LINNET_SHOW_AWAY:
      return XMPP_SHOW_AWAY;
    case LINNET_SHOW_EXTENDED_AWAY:
      return XMPP_SHOW_EXTENDED_AWAY;
    case LINNET_SHOW_BUSY:
      return XMPP_SHOW_BUSY;
    case LINNET_SHOW_OFFLINE:
    default:
      return XMPP_SHOW_OFFLINE;
    }
}

void
linnet_account_update_presence (LinnetAccount *self,
                                LinnetContact *contact)
{
  XmppPresence *presence = xmpp_session_get_feature (self->session, XMPP_TYPE_PRESENCE);
  g_autoptr (XmppJid) jid = xmpp_jid_new (linnet_contact_get_address (contact), NULL);
  const XmppPresenceInfo *best = NULL;
  LinnetConversation *conversation;
  const char *status;
  gint64 since = 0;

  g_return_if_fail (LINNET_IS_ACCOUNT (self));

  /* What was known when the connection broke stays on the screen while it comes back, but not for longer. */
  if (jid == NULL || self->presences_lost || self->state == LINNET_CONNECTION_OFFLINE ||
      self->state == LINNET_CONNECTION_FAILED)
    {
      linnet_contact_set_presence (contact, LINNET_SHOW_OFFLINE, NULL, 0);
      return;
    }

  best = xmpp_presence_get_best (presence, jid);
  if (best != NULL)
    {
      linnet_contact_set_presence (contact, show_from_xmpp (best->show), best->status, 0);
      return;
    }

  status = xmpp_presence_get_last_status (presence, jid, &since);
  linnet_contact_set_presence (contact, LINNET_SHOW_OFFLINE, status, since / G_USEC_PER_SEC);

  conversation = linnet_account_lookup_conversation (self, linnet_contact_get_address (contact));
  if (conversation != NULL)
    linnet_conversation_take_typing (conversation, FALSE);
}

void
linnet_account_update_presences (LinnetAccount *self)
{
  g_autoptr (GPtrArray) contacts = NULL;

  g_return_if_fail (LINNET_IS_ACCOUNT (self));

  contacts = linnet_roster_dup_items (self->roster);
  for (guint i = 0; i < contacts->len; i++)
    linnet_account_update_presence (self, g_ptr_array_index (contacts, i));
}

/* The first attempt to come back failed: who is online is not known, until there is a connection again. */
void
linnet_account_lose_presences (LinnetAccount *self)
{
  g_return_if_fail (LINNET_IS_ACCOUNT (self));

  if (self->presences_lost)
    return;

  self->presences_lost = TRUE;
  linnet_account_update_presences (self);
}

static void
presence_changed_cb (LinnetAccount *self,
                     XmppJid *jid)
{
  LinnetContact *contact = linnet_account_lookup_contact (self, xmpp_jid_get_bare_string (jid));

  if (contact != NULL)
    linnet_account_update_presence (self, contact);
}

/* ---- names ---- */

static void
nickname_changed_cb (LinnetAccount *self,
                     XmppJid *jid,
                     const char *nickname)
{
  const char *address = xmpp_jid_get_bare_string (jid);

  if (!g_str_equal (address, linnet_account_get_address (self)))
    {
      linnet_account_take_contact_nickname (self, address, nickname, TRUE);
      return;
    }

  linnet_account_take_nickname (self, nickname);
  dex_future_disown (
      linnet_store_profiles_set_nickname (self->store, linnet_account_get_id (self), address, nickname));
}

/* ---- requests ---- */

typedef struct
{
  LinnetAccount *account;
  LinnetContact *contact; /* nobody else may hold it before there is a conversation */
  gboolean waiting;
} Request;

static void
request_free (Request *request)
{
  g_object_unref (request->account);
  g_object_unref (request->contact);
  g_free (request);
}

static DexFuture *
linnet_account_request_fiber (gpointer data)
{
  Request *request = data;
  LinnetAccount *self = request->account;
  const char *address = linnet_contact_get_address (request->contact);
  LinnetConversation *conversation = linnet_account_lookup_conversation (self, address);
  gboolean was_waiting = conversation != NULL && linnet_conversation_get_asks_presence (conversation);
  g_autoptr (LinnetStoreConversation) row = NULL;
  g_autoptr (GError) error = NULL;

  /* What has been declined may be gone for good. */
  if (conversation == NULL && !request->waiting)
    return NULL;

  row = dex_await_boxed (request->waiting
                             ? linnet_store_conversations_open_request (
                                   self->store, linnet_account_get_id (self), address)
                             : linnet_store_conversations_set (self->store,
                                                               linnet_conversation_get_id (conversation),
                                                               LINNET_STORE_CONVERSATION_REQUEST,
                                                               FALSE),
                         &error);
  if (row == NULL || self->closed)
    return error != NULL ? dex_future_new_for_error (g_steal_pointer (&error)) : NULL;

  conversation = linnet_account_ensure_conversation (self, row);
  if (request->waiting && !was_waiting && self->manager != NULL)
    linnet_account_manager_contact_request (self->manager, conversation);

  return NULL;
}

static void
linnet_account_set_request (LinnetAccount *self,
                            XmppJid *jid,
                            const char *nickname,
                            gboolean waiting)
{
  const char *address = xmpp_jid_get_bare_string (jid);
  Request *request = g_new0 (Request, 1);

  request->account = g_object_ref (self);
  request->contact = linnet_account_ensure_contact (self, address);
  request->waiting = waiting;
  linnet_contact_set_requested (request->contact, waiting);

  if (nickname != NULL && !linnet_contact_get_in_roster (request->contact))
    linnet_account_take_contact_nickname (self, address, nickname, TRUE);

  linnet_spawn_detached (
      "contact-request", linnet_account_request_fiber, request, (GDestroyNotify) request_free);
}

typedef struct
{
  LinnetAccount *account;
  XmppJid *jid;
  char *nickname; /* nullable */
  char *token;    /* nullable */
} Guest;

static void
guest_free (gpointer data)
{
  Guest *guest = data;

  g_object_unref (guest->account);
  xmpp_jid_unref (guest->jid);
  g_free (guest->nickname);
  g_free (guest->token);
  g_free (guest);
}

static DexFuture *
linnet_account_guest_fiber (gpointer data)
{
  Guest *guest = data;
  LinnetAccount *self = guest->account;
  XmppSubscription *subscription = xmpp_session_get_feature (self->session, XMPP_TYPE_SUBSCRIPTION);

  if (dex_await_boolean (
          linnet_account_admit (self, xmpp_jid_get_bare_string (guest->jid), guest->token), NULL))
    return NULL;

  /* Neither invited nor awaited: the person decides, unless they took it back meanwhile. */
  if (!self->closed && xmpp_subscription_is_waiting (subscription, guest->jid))
    linnet_account_set_request (self, guest->jid, guest->nickname, TRUE);

  return NULL;
}

static void
request_cb (LinnetAccount *self,
            XmppJid *jid,
            const char *nickname,
            const char *text,
            const char *token)
{
  g_autoptr (LinnetContact) contact = linnet_account_ensure_contact (self, xmpp_jid_get_bare_string (jid));
  LinnetSubscription asked = LINNET_SUBSCRIPTION_ASKED | LINNET_SUBSCRIPTION_TO;
  Guest *guest;

  /* Only whoever shows a token, or was asked by us, can have been invited. */
  if (token == NULL && (linnet_contact_get_subscription (contact) & asked) == 0)
    {
      linnet_account_set_request (self, jid, nickname, TRUE);
      return;
    }

  guest = g_new0 (Guest, 1);
  guest->account = g_object_ref (self);
  guest->jid = xmpp_jid_ref (jid);
  guest->nickname = g_strdup (nickname);
  guest->token = g_strdup (token);
  linnet_spawn_detached ("guest", linnet_account_guest_fiber, guest, guest_free);
}

static void
request_gone_cb (LinnetAccount *self,
                 XmppJid *jid)
{
  LinnetContact *contact = linnet_account_lookup_contact (self, xmpp_jid_get_bare_string (jid));

  if (contact != NULL)
    linnet_account_set_request (self, jid, NULL, FALSE);
}

/* ---- blocking ---- */

static void
blocking_changed_cb (LinnetAccount *self,
                     gpointer unused,
                     gboolean also_unused,
                     XmppBlocking *blocking)
{
  g_autoptr (GPtrArray) jids = xmpp_blocking_list (blocking);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) addresses = NULL;

  for (guint i = 0; i < jids->len; i++)
    g_strv_builder_add (builder, xmpp_jid_get_string (g_ptr_array_index (jids, i)));

  addresses = g_strv_builder_end (builder);
  linnet_account_take_blocked (self, (const char *const *) addresses);
  dex_future_disown (linnet_store_blocks_replace (
      self->store, linnet_account_get_id (self), (const char *const *) addresses));
}

static void
blocking_loaded_cb (LinnetAccount *self,
                    XmppBlocking *blocking)
{
  linnet_account_set_can_block (self, xmpp_blocking_get_supported (blocking));

  if (xmpp_blocking_get_supported (blocking))
    blocking_changed_cb (self, NULL, FALSE, blocking);
}

/* ---- capabilities ---- */

static DexFuture *
caps_load (const char *hash,
           const char *ver,
           gpointer user_data)
{
  return linnet_store_caps_load (user_data, hash, ver);
}

static void
caps_save (const char *hash,
           const char *ver,
           const char *xml,
           gpointer user_data)
{
  dex_future_disown (linnet_store_caps_save (user_data, hash, ver, xml));
}

/* ---- all of it ---- */

void
linnet_account_connect_features (LinnetAccount *self)
{
  XmppSession *session = self->session;
  const struct
  {
    GType type;
    const char *signal;
    GCallback callback;
  } handlers[] = {
    { XMPP_TYPE_PRESENCE, "changed", G_CALLBACK (presence_changed_cb) },
    { XMPP_TYPE_NICK, "changed", G_CALLBACK (nickname_changed_cb) },
    { XMPP_TYPE_SUBSCRIPTION, "request", G_CALLBACK (request_cb) },
    { XMPP_TYPE_SUBSCRIPTION, "request-gone", G_CALLBACK (request_gone_cb) },
    { XMPP_TYPE_BLOCKING, "changed", G_CALLBACK (blocking_changed_cb) },
    { XMPP_TYPE_BLOCKING, "loaded", G_CALLBACK (blocking_loaded_cb) },
  };

  g_return_if_fail (LINNET_IS_ACCOUNT (self));

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_object (xmpp_session_get_feature (session, handlers[i].type),
                             handlers[i].signal,
                             handlers[i].callback,
                             self,
                             G_CONNECT_SWAPPED);

  xmpp_caps_set_storage (xmpp_session_get_feature (session, XMPP_TYPE_CAPS),
                         caps_load,
                         caps_save,
                         g_object_ref (self->store),
                         g_object_unref);
  xmpp_presence_set_own (xmpp_session_get_feature (session, XMPP_TYPE_PRESENCE),
                         linnet_show_to_xmpp (self->row->show),
                         self->row->status_text);
}

void
linnet_account_disconnect_features (LinnetAccount *self)
{
  const GType types[] = { XMPP_TYPE_PRESENCE, XMPP_TYPE_NICK, XMPP_TYPE_SUBSCRIPTION, XMPP_TYPE_BLOCKING };

  g_return_if_fail (LINNET_IS_ACCOUNT (self));

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    g_signal_handlers_disconnect_by_data (xmpp_session_get_feature (self->session, types[i]), self);
}
