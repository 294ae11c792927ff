/* Passwords: making good ones, telling bad ones
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Why a password is easily guessed. */
typedef enum
{
  LINNET_PASSWORD_FINE = 0,
  LINNET_PASSWORD_TOO_SHORT = 1 << 0, /* below 8 characters */
  LINNET_PASSWORD_COMMON = 1 << 1,    /* among those that are tried first */
  LINNET_PASSWORD_HAS_NAME = 1 << 2,  /* the name in the address is in it */
  LINNET_PASSWORD_REPEATS = 1 << 3,   /* "aaaa", "abcabc", "1234" */
  LINNET_PASSWORD_FEW_KINDS = 1 << 4, /* only digits, or short and only letters */
  LINNET_PASSWORD_UNUSABLE = 1 << 5,  /* it holds characters that passwords must not (RFC 8265) */
} LinnetPasswordReasons;

/* What linnet_password_strength() tells. */
#define LINNET_PASSWORD_STRENGTH_MAX 4

/**
 * linnet_password_generate:
 *
 * Four groups of four characters, none of which looks like another: 80 bits from the kernel.
 *
 * Returns: (transfer full): a password
 */
char *linnet_password_generate (void);

/**
 * linnet_password_strength:
 * @name: (nullable): the name in the address
 * @reasons: (out) (optional): what is to be said against it
 *
 * An estimate for a hint while a person types, nothing to rely on.
 *
 * Returns: 0 (very weak) to 4 (very strong)
 */
guint linnet_password_strength (const char *password, const char *name, LinnetPasswordReasons *reasons);

/**
 * linnet_password_prepare:
 *
 * The form in which a password is proven at sign-in (RFC 8265, RFC 4013). A server must be given the same
 * when it is set, whatever that server does with it.
 *
 * Returns: (transfer full) (nullable): to be wiped; %NULL when this can be no password
 */
char *linnet_password_prepare (const char *password) G_GNUC_WARN_UNUSED_RESULT;

#define LINNET_TYPE_PASSWORD_REASONS (linnet_password_reasons_get_type ())
GType linnet_password_reasons_get_type (void) G_GNUC_CONST;

G_END_DECLS
