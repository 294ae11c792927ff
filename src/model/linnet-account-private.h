/* What the model itself does with accounts
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-account-manager.h"
#include "linnet-account.h"
#include "linnet-connection.h"
#include "linnet-inbox.h"
#include "linnet-outbox.h"
#include "linnet-avatars.h"
#include "linnet-store-accounts.h"
#include "linnet-store-changes.h"
#include "xmpp-presence.h"
#include "xmpp-session.h"

G_BEGIN_DECLS

struct _LinnetAccount
{
  GObject parent_instance;

  LinnetAccountManager *manager; /* weak */
  LinnetStore *store;
  LinnetStoreAccount *row; /* what is stored of it */
  XmppJid *jid;
  XmppSession *session;
  LinnetConnection *connection;
  LinnetInbox *inbox;
  LinnetOutbox *outbox;
  LinnetAvatars *avatars;

  LinnetRoster *roster;
  GListStore *blocked;
  GHashTable *contacts;      /* address -> LinnetContact, not owned */
  GHashTable *conversations; /* address -> LinnetConversation, owned */
  GHashTable *by_id;         /* row id -> LinnetConversation, not owned */
  GHashTable *nicknames;     /* address -> what they call themselves; also of those who are no objects yet */
  GHashTable *messages;      /* linnet_message_table_new() */

  char *nickname;
  char *display_name;
  GFile *avatar_file;
  GError *error;
  LinnetConnectionState state;
  guint retry_in;
  guint password_saved : 1;
  guint can_block : 1;
  guint closed : 1;
  guint presences_lost : 1; /* the connection did not come back at once */
};

/* ---- linnet-account.c ---- */

/* @row: (transfer full): stored already. It does nothing before linnet_account_load() and
 * linnet_account_start(). */
LinnetAccount *
linnet_account_new (LinnetAccountManager *manager, LinnetStore *store, LinnetStoreAccount *row);
LinnetAccountManager *linnet_account_get_manager (LinnetAccount *self); /* nullable */
LinnetStore *linnet_account_get_store (LinnetAccount *self);
XmppSession *linnet_account_get_session (LinnetAccount *self); /* NULL once it was closed */
XmppJid *linnet_account_get_jid (LinnetAccount *self);
const char *linnet_account_get_nickname (LinnetAccount *self); /* nullable */
gint64 linnet_account_get_id (LinnetAccount *self);
gboolean linnet_account_is_online (LinnetAccount *self);

/* @error: nullable, of LINNET_ERROR. */
void linnet_account_set_state (LinnetAccount *self, LinnetConnectionState state, const GError *error);
void linnet_account_set_retry_in (LinnetAccount *self, guint seconds);
void linnet_account_set_password_saved (LinnetAccount *self, gboolean saved);
void linnet_account_set_can_block (LinnetAccount *self, gboolean can_block);
void linnet_account_take_nickname (LinnetAccount *self, const char *nickname);
void linnet_account_set_avatar_file (LinnetAccount *self, GFile *file);
/* @first: (nullable) (transfer full): a sign-in that was made already. */
void linnet_account_start (LinnetAccount *self, LinnetSignedOn *first);
void linnet_account_notify_enabled (LinnetAccount *self);
void linnet_account_notify_presence (LinnetAccount *self);

/* Ends the connection (cleanly, at most 2 s) and everything that works for it; nothing changes any more.
 * Resolves to true, always. */
DexFuture *linnet_account_close (LinnetAccount *self) G_GNUC_WARN_UNUSED_RESULT;

/* ---- linnet-account-data.c ---- */

/* Reads roster, profiles, blocked addresses and outbox. Resolves to true. */
DexFuture *linnet_account_load (LinnetAccount *self) G_GNUC_WARN_UNUSED_RESULT;
/* For the account's end. */
void linnet_account_forget_contacts (LinnetAccount *self);
/* @nickname: nullable. What they call themselves, from the network: shown, and stored with @store. */
void linnet_account_take_contact_nickname (LinnetAccount *self,
                                           const char *address,
                                           const char *nickname,
                                           gboolean store);
/* The whole list of blocked addresses. */
void linnet_account_take_blocked (LinnetAccount *self, const char *const *addresses);
/* @rows: of LinnetStoreConversation, of any account. Transfer full: the new objects (LinnetConversation). */
GPtrArray *linnet_account_add_conversations (LinnetAccount *self, GPtrArray *rows);
/* Transfer full. */
LinnetContact *linnet_account_ensure_contact (LinnetAccount *self, const char *address);
LinnetContact *linnet_account_lookup_contact (LinnetAccount *self,
                                              const char *address); /* borrowed, nullable */
LinnetConversation *linnet_account_lookup_conversation (LinnetAccount *self,
                                                        const char *address); /* borrowed, nullable */
/* The object for a row, which is brought up to date. Borrowed. */
LinnetConversation *linnet_account_ensure_conversation (LinnetAccount *self, LinnetStoreConversation *row);
/* Transfer full. */
LinnetMessage *linnet_account_ensure_message (LinnetAccount *self,
                                              LinnetConversation *conversation,
                                              LinnetStoreMessage *row);
/* Shows what a transaction did; incoming messages are announced by LinnetAccountManager::message-received. */
void linnet_account_apply (LinnetAccount *self, LinnetStoreChanges *changes);
/* What the inbox made durable of the roster. @items: of XmppRosterItem. */
void linnet_account_apply_roster (LinnetAccount *self, GPtrArray *items, gboolean full);

/* ---- linnet-account-features.c ---- */

/* Makes what the session's features find out show in the model, and gives them what the store remembers. */
void linnet_account_connect_features (LinnetAccount *self);
void linnet_account_disconnect_features (LinnetAccount *self);
/* What the presences known now say about @contact: nothing while there is no connection. */
void linnet_account_update_presence (LinnetAccount *self, LinnetContact *contact);
void linnet_account_update_presences (LinnetAccount *self);
void linnet_account_lose_presences (LinnetAccount *self);
XmppShow linnet_show_to_xmpp (LinnetShow show);

/* ---- linnet-account-manager.c ---- */

gboolean linnet_account_manager_get_network_available (LinnetAccountManager *self);
gboolean linnet_account_manager_get_send_typing (LinnetAccountManager *self);
gboolean linnet_account_manager_get_send_receipts (LinnetAccountManager *self);
gboolean linnet_account_manager_get_send_read (LinnetAccountManager *self);
gboolean linnet_account_manager_get_contacts_only (LinnetAccountManager *self);
void linnet_account_manager_conversations_added (LinnetAccountManager *self, GPtrArray *conversations);
void linnet_account_manager_conversation_removed (LinnetAccountManager *self,
                                                  LinnetConversation *conversation);
void linnet_account_manager_unread_changed (LinnetAccountManager *self);
void linnet_account_manager_message_received (LinnetAccountManager *self,
                                              LinnetConversation *conversation,
                                              LinnetMessage *message);
void linnet_account_manager_contact_request (LinnetAccountManager *self, LinnetConversation *conversation);
/* The person signs in again: secrets of @account that are being taken back are not any more. */
void linnet_account_manager_stop_forgetting (LinnetAccountManager *self, LinnetAccount *account);
/* The disk failed (R26). @error: of any layer. */
void linnet_account_manager_report (LinnetAccountManager *self, const GError *error);

G_END_DECLS
