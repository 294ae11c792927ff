/* All accounts of a profile, and what they share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-types.h"

G_BEGIN_DECLS

/**
 * LinnetAccountManager:
 *
 * A [iface@Gio.ListModel] of [class@Linnet.Account]; the root of the model, owned by the application.
 *
 * Properties: `conversations` (LinnetConversationList of all accounts), `unread-count` (guint, of
 * conversations that are not muted), `send-typing`, `send-receipts`, `send-read`, `contacts-only`
 * (gboolean, writable: bound to settings by the application), `loaded` (gboolean).
 *
 * Signals: `message-received` (LinnetConversation, LinnetMessage): a new incoming message, once, live or
 * delayed, for notifications; `contact-request` (LinnetConversation); `error` (GError): the disk failed
 * (R26).
 */
#define LINNET_TYPE_ACCOUNT_MANAGER (linnet_account_manager_get_type ())
G_DECLARE_FINAL_TYPE (LinnetAccountManager, linnet_account_manager, LINNET, ACCOUNT_MANAGER, GObject)

/* @directory: the profile's data directory; created on load, mode 0700. */
LinnetAccountManager *linnet_account_manager_new (const char *directory);

/* Opens the store and reads accounts and conversations; resolves to true when the lists are filled. Then the
 * accounts connect by themselves. Rejects with LINNET_ERROR_DATABASE*, _PROFILE_IN_USE. */
DexFuture *linnet_account_manager_load (LinnetAccountManager *self) G_GNUC_WARN_UNUSED_RESULT;
/* Closes every connection cleanly (at most 2 s) and the store. Always resolves. */
DexFuture *linnet_account_manager_shutdown (LinnetAccountManager *self) G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  const char *address;
  const char *password;
  const char *host; /* nullable */
  guint16 port;     /* 0: default */
  gboolean direct_tls;
  gboolean allow_plain;      /* after LINNET_ERROR_PLAIN_CONSENT and a yes */
  const char *pinned_sha256; /* nullable; after LINNET_ERROR_CERTIFICATE and a yes */
  const char *proxy;         /* nullable; as for linnet_account_set_proxy() */
} LinnetSignIn;

/* Signs in for the first time; only when that worked is the account stored and its password put into the
 * keyring. Resolves to the LinnetAccount (online); rejects with LINNET_ERROR. Dropping the future cancels.
 * When there is no keyring the account still resolves and asks again next time (LinnetAccount:password-saved
 * is FALSE). */
DexFuture *linnet_account_manager_sign_in (LinnetAccountManager *self,
                                           const LinnetSignIn *sign_in) G_GNUC_WARN_UNUSED_RESULT;
/* Signs out: closes, then erases secrets and every row and file of it. Resolves to true. */
DexFuture *linnet_account_manager_remove (LinnetAccountManager *self,
                                          LinnetAccount *account) G_GNUC_WARN_UNUSED_RESULT;
/* @keep_data: the account stays, switched off and without its secrets; else like remove(). Resolves to
 * true. */
DexFuture *linnet_account_manager_sign_out (LinnetAccountManager *self,
                                            LinnetAccount *account,
                                            gboolean keep_data) G_GNUC_WARN_UNUSED_RESULT;

/* As it was given to linnet_account_manager_new(); borrowed. */
const char *linnet_account_manager_get_directory (LinnetAccountManager *self);
LinnetConversationList *linnet_account_manager_get_conversations (LinnetAccountManager *self);
LinnetAccount *linnet_account_manager_find_account (LinnetAccountManager *self,
                                                    const char *address); /* borrowed, nullable */
/* NULL when that conversation does not exist. Borrowed. */
LinnetConversation *linnet_account_manager_find_conversation (LinnetAccountManager *self,
                                                              const char *account,
                                                              const char *address);
guint linnet_account_manager_get_unread_count (LinnetAccountManager *self);
/* For the reconnect policy: the window is in use (XEP-0352 active) or not. */
void linnet_account_manager_set_active (LinnetAccountManager *self, gboolean active);

/* Checks what a person typed. NULL and LINNET_ERROR_BAD_ADDRESS when it is no bare user@domain. Transfer
 * full: the normalised address. */
char *linnet_address_normalize (const char *text, GError **error);
/* The server that a person names by its domain or by a whole address or link; NULL when it is none. Transfer
 * full. */
char *linnet_address_dup_typed_domain (const char *text);
/* The part of a valid address after the @; borrowed. */
const char *linnet_address_get_domain (const char *address);

G_END_DECLS
