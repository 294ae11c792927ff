/* What can go wrong, as the model tells it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The model turns the errors of the layers below into these; linnet_error_to_text() has the sentence for
 * each. */
#define LINNET_ERROR (linnet_error_quark ())
GQuark linnet_error_quark (void);

typedef enum
{
  LINNET_ERROR_FAILED,
  /* addresses */
  LINNET_ERROR_BAD_ADDRESS, /* not an address, or one with a resource, or without a name before the @ */
  LINNET_ERROR_OWN_ADDRESS,
  LINNET_ERROR_ACCOUNT_EXISTS,
  LINNET_ERROR_BAD_LINK, /* neither an xmpp: link nor a page that could show one */
  /* reaching the server */
  LINNET_ERROR_OFFLINE,
  LINNET_ERROR_SERVER_NOT_FOUND,
  LINNET_ERROR_SERVER_UNREACHABLE,
  LINNET_ERROR_NO_XMPP_SERVICE,
  LINNET_ERROR_NO_TLS,
  LINNET_ERROR_TLS_TOO_OLD,
  LINNET_ERROR_CERTIFICATE,         /* see linnet_certificate_problem_from_error() */
  LINNET_ERROR_CERTIFICATE_CHANGED, /* the same, but never offer to trust it */
  LINNET_ERROR_CONNECTION_LOST,
  LINNET_ERROR_PROTOCOL,
  /* signing in */
  LINNET_ERROR_WRONG_PASSWORD,
  LINNET_ERROR_NO_PASSWORD, /* there is none in the keyring */
  LINNET_ERROR_KEYRING_LOCKED,
  LINNET_ERROR_KEYRING_MISSING,
  LINNET_ERROR_SECRETS_LEFT, /* of a removed account, in the keyring, till that is unlocked */
  LINNET_ERROR_ACCOUNT_DISABLED,
  LINNET_ERROR_PLAIN_CONSENT, /* the server would see the password itself: ask */
  LINNET_ERROR_DOWNGRADE,     /* the server offers less protection than before */
  LINNET_ERROR_SERVER_UNTRUSTED,
  LINNET_ERROR_AUTHORITY_CHANGED, /* see linnet_account_accept_authority() */
  LINNET_ERROR_TAMPERED,          /* what came does not belong to this connection */
  LINNET_ERROR_NO_MECHANISM,
  LINNET_ERROR_TRY_LATER,
  /* what the server ended the connection with */
  LINNET_ERROR_CONFLICT, /* the same resource signed in elsewhere */
  LINNET_ERROR_POLICY_VIOLATION,
  LINNET_ERROR_SERVER_SHUTDOWN,
  LINNET_ERROR_SEE_OTHER_HOST,
  /* stanzas */
  LINNET_ERROR_NOT_ALLOWED,
  LINNET_ERROR_NO_SUCH_USER,
  LINNET_ERROR_REMOTE_SERVER,
  LINNET_ERROR_TIMED_OUT,
  LINNET_ERROR_BLOCKED,
  LINNET_ERROR_NOT_SUPPORTED,
  LINNET_ERROR_TOO_LONG,
  LINNET_ERROR_NO_PROFILES, /* the own server keeps no profiles and pictures */
  /* the disk */
  LINNET_ERROR_DISK_FULL,
  LINNET_ERROR_DATABASE,
  LINNET_ERROR_DATABASE_NEWER,
  LINNET_ERROR_DATABASE_DAMAGED,  /* found in the middle of work */
  LINNET_ERROR_DATABASE_SALVAGED, /* found, and made good, at the start */
  LINNET_ERROR_SET_ASIDE,         /* a stanza that could not be handled */
  LINNET_ERROR_PROFILE_IN_USE,
  /* registering */
  LINNET_ERROR_REGISTRATION_CLOSED,
  LINNET_ERROR_REGISTRATION_NEEDS_INVITE,
  LINNET_ERROR_REGISTRATION_LIMIT, /* too many, too quickly, or not from this network */
  LINNET_ERROR_BAD_TOKEN,          /* the invitation is not valid, or no longer */
  LINNET_ERROR_NAME_TAKEN,
  LINNET_ERROR_BAD_NAME,
  LINNET_ERROR_WEAK_PASSWORD,
  LINNET_ERROR_BAD_PASSWORD, /* with characters that passwords must not have */
  LINNET_ERROR_WRONG_CAPTCHA,
  LINNET_ERROR_CAPTCHA_EXPIRED,
  LINNET_ERROR_FORM_INCOMPLETE,
  LINNET_ERROR_FORM_REFUSED, /* the server said no, but not why */
  LINNET_ERROR_FORM_TOO_LARGE,
  /* an account on its server */
  LINNET_ERROR_PASSWORD_FIXED,   /* the server does not let people change it here */
  LINNET_ERROR_PASSWORD_KNOWN,   /* whoever was signed out can sign in again */
  LINNET_ERROR_DELETION_REFUSED, /* the server does not let people delete their account here */
  LINNET_ERROR_STILL_THERE,      /* it agreed, but the account still works */
  LINNET_ERROR_OWN_SERVER,
  /* the web */
  LINNET_ERROR_FETCH_REFUSED, /* from there nothing is fetched, or not what came */
  LINNET_ERROR_FETCH_FAILED,
  LINNET_ERROR_TOO_LARGE,
  LINNET_ERROR_PROVIDER_LIST, /* it is not what it should be */
  LINNET_ERROR_BAD_PROXY,     /* not the address of one */
  LINNET_ERROR_PROXY,         /* it does not answer, or lets nobody through */
  /* files of the person's */
  LINNET_ERROR_CANCELLED,
  LINNET_ERROR_FILE_READ,
  LINNET_ERROR_FILE_WRITE,
  LINNET_ERROR_FILE_FULL, /* no space where it was to go */
  LINNET_ERROR_NO_BACKUP, /* some other file */
  LINNET_ERROR_BACKUP_PASSPHRASE,
  LINNET_ERROR_BACKUP_DAMAGED,
  LINNET_ERROR_BACKUP_NEWER,

  LINNET_N_ERRORS
} LinnetError;

/* One sentence or two for a person: what happened, what to do. @domain: the server's name for sentences that
 * need it, or NULL. Transfer full. The single place where errors become text. */
char *linnet_error_to_text (const GError *error, const char *domain);

/* Which field of the sign-in page a LINNET_ERROR belongs to. */
typedef enum
{
  LINNET_ERROR_FIELD_NONE,
  LINNET_ERROR_FIELD_ADDRESS,
  LINNET_ERROR_FIELD_PASSWORD,
  LINNET_ERROR_FIELD_SERVER,
} LinnetErrorField;
LinnetErrorField linnet_error_get_field (const GError *error);

G_END_DECLS
