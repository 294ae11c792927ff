/* Passwords and tokens, in the Secret Service and nowhere else
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

typedef enum
{
  LINNET_SECRET_PASSWORD,
  LINNET_SECRET_TOKEN, /* XEP-0484 */
  LINNET_SECRET_PROXY, /* the password of its proxy */
} LinnetSecretKind;

/* @profile: the profile's directory: two profiles may hold the same address with different secrets. There is
 * no fallback: where the Secret Service is missing or locked, these reject with LINNET_ERROR_KEYRING_MISSING
 * or LINNET_ERROR_KEYRING_LOCKED (security.md L1), and a person is asked each time. */

/* Resolves to true. Replaces what was there. */
DexFuture *linnet_secrets_store (const char *profile,
                                 const char *address,
                                 LinnetSecretKind kind,
                                 const char *secret) G_GNUC_WARN_UNUSED_RESULT;
/* Resolves to a string, to be freed with secret_password_free() or g_free(); rejects with
 * LINNET_ERROR_NO_PASSWORD too. */
DexFuture *linnet_secrets_lookup (const char *profile,
                                  const char *address,
                                  LinnetSecretKind kind) G_GNUC_WARN_UNUSED_RESULT;
/* Removes one kind, after asking the person to unlock what is locked. Resolves to true, also when there was
 * nothing; rejects with LINNET_ERROR_KEYRING_LOCKED when something is left. */
DexFuture *linnet_secrets_clear (const char *profile,
                                 const char *address,
                                 LinnetSecretKind kind) G_GNUC_WARN_UNUSED_RESULT;
/* The same for every kind there is for @address. */
DexFuture *linnet_secrets_clear_all (const char *profile, const char *address) G_GNUC_WARN_UNUSED_RESULT;
/* Removes whatever @profile has for others than @addresses: what is left of accounts that are gone. As
 * above. */
DexFuture *linnet_secrets_clear_others (const char *profile,
                                        const char *const *addresses) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
