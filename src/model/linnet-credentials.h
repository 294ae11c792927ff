/* What an account signs in with: in memory, and in the keyring where there is one
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libdex.h>

#include "linnet-types.h"

G_BEGIN_DECLS

/**
 * LinnetCredentials:
 *
 * The password and the token (XEP-0484) of one account, and its proxy's password. What was typed or
 * received in this run of the program counts more than what the keyring has, and is all there is when the
 * keyring is missing (security.md L1). Nothing waits for the keyring but those who ask it: it may have to
 * ask a person.
 */
#define LINNET_TYPE_CREDENTIALS (linnet_credentials_get_type ())
G_DECLARE_FINAL_TYPE (LinnetCredentials, linnet_credentials, LINNET, CREDENTIALS, GObject)

/* @account is not owned; its password-saved is kept true to the facts. */
LinnetCredentials *linnet_credentials_new (LinnetAccount *account);

/* What the person typed; NULL takes it back. */
void linnet_credentials_set_password (LinnetCredentials *self, const char *password);
/* What was typed in this run; nullable, transfer full. */
char *linnet_credentials_dup_typed_password (LinnetCredentials *self);
/* Puts into the keyring what is not in it yet. */
void linnet_credentials_save_password (LinnetCredentials *self);
/* Resolves to true when the keyring has answered, whatever it said. */
DexFuture *linnet_credentials_wait_password_saved (LinnetCredentials *self) G_GNUC_WARN_UNUSED_RESULT;
/* Resolves to the typed one, else to the keyring's; rejects like linnet_secrets_lookup(). */
DexFuture *linnet_credentials_lookup_password (LinnetCredentials *self) G_GNUC_WARN_UNUSED_RESULT;

/* What the server gave: kept here and in the keyring, in place of the one before. */
void linnet_credentials_take_token (LinnetCredentials *self, const char *token);
/* The server does not take it any more. */
void linnet_credentials_forget_token (LinnetCredentials *self);
/* Resolves to a string; rejects like linnet_secrets_lookup(). */
DexFuture *linnet_credentials_lookup_token (LinnetCredentials *self) G_GNUC_WARN_UNUSED_RESULT;

/* What the person typed for the account's proxy; NULL when it has none. Kept here and in the keyring. */
void linnet_credentials_take_proxy_password (LinnetCredentials *self, const char *password);
/* Resolves to a string; rejects like linnet_secrets_lookup(). */
DexFuture *linnet_credentials_lookup_proxy_password (LinnetCredentials *self) G_GNUC_WARN_UNUSED_RESULT;

/* Nothing goes into the keyring any more. Before the last reference is dropped. */
void linnet_credentials_close (LinnetCredentials *self);
/* Forgets what is known in memory, and saves nothing of it. */
void linnet_credentials_forget (LinnetCredentials *self);
/* Takes everything out of the keyring; the memory is left. Resolves to true, or rejects with
 * LINNET_ERROR_KEYRING_*. */
DexFuture *linnet_credentials_clear (LinnetCredentials *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
