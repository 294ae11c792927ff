/* The sentences for everything that can go wrong
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-error"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-error.h"

/* Sentences that name no server; LINNET_ERROR_FAILED is the one for everything unforeseen. */
static const char *const sentences[] = {
  [LINNET_ERROR_FAILED] = N_ ("Something went wrong. Please try again."),
  [LINNET_ERROR_BAD_ADDRESS] = N_ ("This is not a complete address. It looks like name@example.org."),
  [LINNET_ERROR_OWN_ADDRESS] = N_ ("This is your own address."),
  [LINNET_ERROR_ACCOUNT_EXISTS] = N_ ("You are already signed in with this address."),
  [LINNET_ERROR_BAD_LINK] =
      N_ ("This is not a link that Linnet understands. Check that it was copied whole."),
  [LINNET_ERROR_OFFLINE] = N_ ("You are offline. Please try again when you are connected."),
  [LINNET_ERROR_CONNECTION_LOST] = N_ ("The connection was lost."),
  [LINNET_ERROR_NO_PASSWORD] = N_ ("Linnet does not have your password. Please enter it."),
  [LINNET_ERROR_KEYRING_LOCKED] =
      N_ ("Your password is in the keyring, which is locked. Unlock it, or enter the password."),
  [LINNET_ERROR_KEYRING_MISSING] = N_ (
      "There is no keyring on this computer to keep your password in, so Linnet has to ask you each time."),
  [LINNET_ERROR_SECRETS_LEFT] =
      N_ ("The password of the account is still in your keyring, which is locked. Linnet removes it the next "
          "time it starts and the keyring is unlocked."),
  [LINNET_ERROR_CONFLICT] = N_ ("Another program took over this connection."),
  [LINNET_ERROR_NOT_ALLOWED] = N_ ("The other side does not allow this."),
  [LINNET_ERROR_NO_SUCH_USER] =
      N_ ("Nobody could be reached at this address. Check that it is spelled right."),
  [LINNET_ERROR_REMOTE_SERVER] = N_ ("The server of this address could not be reached."),
  [LINNET_ERROR_TIMED_OUT] = N_ ("There was no answer in time. Please try again."),
  [LINNET_ERROR_BLOCKED] = N_ ("You have blocked this contact."),
  [LINNET_ERROR_NOT_SUPPORTED] = N_ ("The other side does not support this."),
  [LINNET_ERROR_TOO_LONG] = N_ ("This message is too long. Please send it in several parts."),
  [LINNET_ERROR_DISK_FULL] =
      N_ ("There is no space left on the disk. Messages cannot be stored until you free some."),
  [LINNET_ERROR_DATABASE] = N_ ("Linnet could not read or write its data on the disk."),
  [LINNET_ERROR_DATABASE_NEWER] = N_ ("These data were written by a newer version of Linnet. Please update."),
  [LINNET_ERROR_DATABASE_DAMAGED] =
      N_ ("The messages stored on this computer are damaged. Linnet will save what can be read when it "
          "starts the next time."),
  [LINNET_ERROR_DATABASE_SALVAGED] =
      N_ ("The messages stored on this computer were damaged. Linnet saved what could be read, and put the "
          "damaged file aside in its data folder."),
  [LINNET_ERROR_SET_ASIDE] =
      N_ ("Something was sent to you that Linnet could not handle. It was put aside in the data folder."),
  [LINNET_ERROR_PROFILE_IN_USE] = N_ ("Linnet is already running with these data."),
  [LINNET_ERROR_BAD_TOKEN] = N_ ("This invitation is not valid, or no longer. Ask for a new one."),
  [LINNET_ERROR_NAME_TAKEN] = N_ ("This name is taken. Choose another one."),
  [LINNET_ERROR_BAD_NAME] =
      N_ ("This name cannot be used. Choose one of letters and digits, without spaces."),
  [LINNET_ERROR_BAD_PASSWORD] = N_ ("This password contains characters that cannot be used."),
  [LINNET_ERROR_WRONG_CAPTCHA] = N_ ("The answer to the puzzle was wrong. Please solve the new one."),
  [LINNET_ERROR_CAPTCHA_EXPIRED] = N_ ("The puzzle took too long. Please solve the new one."),
  [LINNET_ERROR_FORM_INCOMPLETE] = N_ ("Something is missing or does not fit. Check the marked fields."),
  [LINNET_ERROR_PASSWORD_KNOWN] =
      N_ ("It is signed out, but knows your password. Change the password to keep it out."),
  [LINNET_ERROR_OWN_SERVER] = N_ ("This is your own server. Without it you could not use this account."),
  [LINNET_ERROR_FETCH_REFUSED] = N_ ("Linnet did not load this, because where it comes from is not safe."),
  [LINNET_ERROR_FETCH_FAILED] = N_ ("This could not be loaded. Please try again later."),
  [LINNET_ERROR_TOO_LARGE] = N_ ("This is too large, so Linnet did not load it."),
  [LINNET_ERROR_PROVIDER_LIST] =
      N_ ("The new list of providers cannot be read, so Linnet keeps the old one."),
  [LINNET_ERROR_PROXY] = N_ (
      "The proxy does not answer, or does not let Linnet through. Linnet does not connect without it."),
  [LINNET_ERROR_BAD_PROXY] = N_ ("This is not the address of a proxy. It looks like localhost:9050."),
  [LINNET_ERROR_CANCELLED] = N_ ("Stopped. Nothing was changed."),
  [LINNET_ERROR_FILE_READ] = N_ ("The file could not be read."),
  [LINNET_ERROR_FILE_WRITE] = N_ ("Linnet could not write there. Choose another place."),
  [LINNET_ERROR_FILE_FULL] = N_ ("There is not enough space for this. Free some, or choose another place."),
  [LINNET_ERROR_NO_BACKUP] = N_ ("This file is not a backup of Linnet."),
  [LINNET_ERROR_BACKUP_PASSPHRASE] = N_ ("This is not the passphrase of the backup, or the file is damaged."),
  [LINNET_ERROR_BACKUP_DAMAGED] =
      N_ ("This backup is damaged or incomplete, so Linnet did not use it. Nothing was changed."),
  [LINNET_ERROR_BACKUP_NEWER] =
      N_ ("This backup was made by a newer version of Linnet. Update Linnet to restore it."),
};

static char *
text_about_reaching (LinnetError code,
                     const char *server)
{
  switch (code)
    {
    case LINNET_ERROR_SERVER_NOT_FOUND:
      return g_strdup_printf (_ ("There is no server called %s. Check how it is spelled."), server);
    case LINNET_ERROR_SERVER_UNREACHABLE:
      return g_strdup_printf (
          _ ("%s does not answer. It may be down, or your network may not let you through."), server);
    case LINNET_ERROR_NO_XMPP_SERVICE:
      return g_strdup_printf (_ ("%s does not offer chat. Check how it is spelled."), server);
    case LINNET_ERROR_NO_TLS:
      return g_strdup_printf (_ ("%s offers no encrypted connection, so Linnet did not sign in."), server);
    case LINNET_ERROR_TLS_TOO_OLD:
      return g_strdup_printf (_ ("%s only offers outdated encryption, so Linnet did not sign in."), server);
    case LINNET_ERROR_CERTIFICATE:
      return g_strdup_printf (_ ("%s could not prove who it is. Somebody may be listening in."), server);
    case LINNET_ERROR_CERTIFICATE_CHANGED:
      return g_strdup_printf (
          _ ("%s shows another certificate than the one you trusted. Somebody may be listening in."), server);
    case LINNET_ERROR_PROTOCOL:
      return g_strdup_printf (_ ("%s sent something that Linnet does not understand."), server);
    case LINNET_ERROR_POLICY_VIOLATION:
      return g_strdup_printf (_ ("%s ended the connection because of its rules."), server);
    case LINNET_ERROR_SERVER_SHUTDOWN:
      return g_strdup_printf (_ ("%s is restarting. Linnet will connect again."), server);
    case LINNET_ERROR_NO_PROFILES:
      return g_strdup_printf (_ ("%s does not keep profiles and pictures."), server);
    case LINNET_ERROR_PASSWORD_FIXED:
      return g_strdup_printf (_ ("%s does not let you change the password here. Try its website."), server);
    case LINNET_ERROR_DELETION_REFUSED:
      return g_strdup_printf (
          _ ("%s does not let you delete the account here. Try its website, or ask its operators."), server);
    case LINNET_ERROR_STILL_THERE:
      return g_strdup_printf (_ ("%s said yes, but the account is still there. Nothing was erased on this "
                                 "computer. Ask the operators of the server."),
                              server);
    case LINNET_ERROR_SEE_OTHER_HOST:
      return g_strdup_printf (_ ("%s sent Linnet to another server that cannot be trusted."), server);
    default:
      return NULL;
    }
}

static char *
text_about_signing_in (LinnetError code,
                       const char *server)
{
  switch (code)
    {
    case LINNET_ERROR_WRONG_PASSWORD:
      return g_strdup_printf (_ ("%s did not accept this address and password."), server);
    case LINNET_ERROR_ACCOUNT_DISABLED:
      return g_strdup_printf (_ ("%s has disabled this account."), server);
    case LINNET_ERROR_PLAIN_CONSENT:
      return g_strdup_printf (
          _ ("%s wants to see your password itself. Only go on if you trust this server."), server);
    case LINNET_ERROR_DOWNGRADE:
      return g_strdup_printf (_ ("%s now offers a weaker way to sign in than before. Somebody may be "
                                 "listening in, so Linnet did not send your password."),
                              server);
    case LINNET_ERROR_SERVER_UNTRUSTED:
      return g_strdup_printf (
          _ ("%s could not prove that it knows your password. Somebody may be listening in."), server);
    case LINNET_ERROR_AUTHORITY_CHANGED:
      return g_strdup_printf (_ ("%s shows a certificate of another authority than before. Somebody may be "
                                 "listening in."),
                              server);
    case LINNET_ERROR_TAMPERED:
      return g_strdup_printf (_ ("The connection to %s was tampered with, so Linnet did not sign in. Try "
                                 "another network."),
                              server);
    case LINNET_ERROR_NO_MECHANISM:
      return g_strdup_printf (_ ("%s offers no way to sign in that Linnet knows."), server);
    case LINNET_ERROR_TRY_LATER:
      return g_strdup_printf (_ ("%s cannot do this right now. Please try again later."), server);
    default:
      return NULL;
    }
}

static char *
text_about_registering (LinnetError code,
                        const char *server)
{
  switch (code)
    {
    case LINNET_ERROR_REGISTRATION_CLOSED:
      return g_strdup_printf (_ ("%s does not take new accounts. Choose another provider."), server);
    case LINNET_ERROR_REGISTRATION_NEEDS_INVITE:
      return g_strdup_printf (_ ("You need an invitation to get an account on %s."), server);
    case LINNET_ERROR_REGISTRATION_LIMIT:
      return g_strdup_printf (
          _ ("%s takes no more accounts from your network for now. Please try again later."), server);
    case LINNET_ERROR_WEAK_PASSWORD:
      return g_strdup_printf (_ ("%s wants a stronger password. Choose a longer one."), server);
    case LINNET_ERROR_FORM_REFUSED:
      return g_strdup_printf (_ ("%s did not accept this. Check what you entered."), server);
    case LINNET_ERROR_FORM_TOO_LARGE:
      return g_strdup_printf (_ ("%s asks for more than Linnet can show. Choose another provider."), server);
    default:
      return NULL;
    }
}

/**
 * linnet_error_to_text:
 * @error: any error; of another domain than LINNET_ERROR it is one unforeseen
 * @domain: (nullable): the server's name
 *
 * Returns: (transfer full): what a person is told
 */
char *
linnet_error_to_text (const GError *error,
                      const char *domain)
{
  const char *server = domain != NULL ? domain : _ ("The server");
  char *text = NULL;
  LinnetError code;

  g_return_val_if_fail (error != NULL, NULL);

  code = error->domain == LINNET_ERROR ? (LinnetError) error->code : LINNET_ERROR_FAILED;

  if (code < G_N_ELEMENTS (sentences) && sentences[code] != NULL)
    return g_strdup (_ (sentences[code]));

  text = text_about_reaching (code, server);
  if (text == NULL)
    text = text_about_signing_in (code, server);
  if (text == NULL)
    text = text_about_registering (code, server);

  return text != NULL ? text : g_strdup (_ (sentences[LINNET_ERROR_FAILED]));
}
