/* One SASL exchange seen from the client, whatever the mechanism: RFC 4616, RFC 5802, Hashed Token
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-mechanism"

#include "config.h"

#include <libdex.h>
#include <string.h>

#include "linnet-spawn.h"
#include "xmpp-base64.h"
#include "xmpp-error.h"
#include "xmpp-mechanism.h"
#include "xmpp-saslprep.h"
#include "xmpp-secret.h"

#define MAX_DATA 16384

struct _XmppMechanism
{
  char *name;
  char *binding;
  char *username;
  char *secret;
  GBytes *binding_data;
  XmppScram *scram;             /* SCRAM */
  const XmppHashedToken *token; /* Hashed Token; with neither it is PLAIN */
  guint depends_on_channel : 1;
  guint responded : 1;
};

static XmppMechanism *
new_mechanism (const char *name,
               const char *binding,
               const XmppCredentials *credentials)
{
  XmppMechanism *self = g_new0 (XmppMechanism, 1);

  self->name = g_strdup (name);
  self->binding = g_strdup (binding);
  self->username = g_strdup (credentials->username);
  self->secret = g_strdup (credentials->secret);
  self->binding_data = credentials->binding_data != NULL ? g_bytes_ref (credentials->binding_data) : NULL;

  return self;
}

static char *
encode (const char *text)
{
  return g_base64_encode ((const guint8 *) text, strlen (text));
}

/* RFC 4616: authorization identity (none), NUL, user, NUL, password. The server prepares them. */
static char *
encode_plain (XmppMechanism *self)
{
  gsize user_length = strlen (self->username), length = 2 + user_length + strlen (self->secret);
  char *message = g_malloc0 (length + 1);
  char *encoded;

  memcpy (message + 1, self->username, user_length);
  memcpy (message + 2 + user_length, self->secret, strlen (self->secret));
  encoded = g_base64_encode ((const guint8 *) message, length);
  explicit_bzero (message, length);
  g_free (message);

  return encoded;
}

XmppMechanism *
xmpp_mechanism_new (const XmppMechanismChoice *choice,
                    const XmppCredentials *credentials,
                    GError **error)
{
  XmppMechanism *self = new_mechanism (choice->mechanism, choice->binding, credentials);

  if (!choice->scram)
    return self;

  xmpp_secret_clear (&self->secret);
  self->secret = xmpp_saslprep (credentials->secret);
  if (self->secret == NULL)
    {
      g_set_error_literal (error,
                           XMPP_SASL_ERROR,
                           XMPP_SASL_ERROR_NOT_AUTHORIZED,
                           "The password holds characters that SASLprep forbids");
      xmpp_mechanism_free (self);
      return NULL;
    }
  self->depends_on_channel = choice->flag != 'n';
  self->scram = xmpp_scram_new (&(XmppScramOptions) {
      .hash = choice->hash,
      .username = credentials->username,
      .flag = choice->flag,
      .binding = choice->binding,
      .binding_data = credentials->binding_data,
      .offer = credentials->offer,
      .offer_required = choice->offer_required,
      .nonce = credentials->nonce,
  });

  return self;
}

XmppMechanism *
xmpp_mechanism_new_for_token (const XmppHashedToken *token,
                              const XmppCredentials *credentials)
{
  XmppMechanism *self;

  g_return_val_if_fail (token != NULL && credentials->binding_data != NULL, NULL);

  self = new_mechanism (token->name, token->binding, credentials);
  self->token = token;
  self->depends_on_channel = TRUE;

  return self;
}

void
xmpp_mechanism_free (XmppMechanism *self)
{
  g_free (self->name);
  g_free (self->binding);
  g_free (self->username);
  xmpp_secret_free (self->secret);
  g_clear_pointer (&self->binding_data, g_bytes_unref);
  g_clear_pointer (&self->scram, xmpp_scram_free);
  g_free (self);
}

const char *
xmpp_mechanism_get_name (XmppMechanism *self)
{
  return self->name;
}

const char *
xmpp_mechanism_get_binding (XmppMechanism *self)
{
  return self->binding;
}

gboolean
xmpp_mechanism_depends_on_channel (XmppMechanism *self)
{
  return self->depends_on_channel;
}

char *
xmpp_mechanism_dup_initial (XmppMechanism *self)
{
  if (self->scram != NULL)
    {
      g_autofree char *message = xmpp_scram_dup_client_first (self->scram);

      return encode (message);
    }
  if (self->token != NULL)
    {
      g_autoptr (GBytes) message = NULL;

      message = xmpp_hashed_token_initiate (self->token, self->username, self->secret, self->binding_data);
      return g_base64_encode (g_bytes_get_data (message, NULL), g_bytes_get_size (message));
    }

  return encode_plain (self);
}

static char *
respond_scram (XmppMechanism *self,
               GBytes *challenge,
               GError **error)
{
  g_autoptr (GBytes) salted = NULL;
  g_autofree char *message = NULL;

  /* Some servers send the final message as a challenge of its own and expect nothing back (RFC 4422 section
   * 3.5). */
  if (self->responded)
    return xmpp_scram_read_server_final (self->scram, challenge, error) ? g_strdup ("") : NULL;

  if (!xmpp_scram_read_server_first (self->scram, challenge, error))
    return NULL;
  salted = dex_await_boxed (xmpp_scram_salt_password (self->scram, self->secret), error);
  if (salted == NULL)
    return NULL;
  message = xmpp_scram_dup_client_final (self->scram, salted);
  self->responded = TRUE;

  return encode (message);
}

char *
xmpp_mechanism_respond (XmppMechanism *self,
                        const char *challenge,
                        GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (self->scram == NULL || (bytes = xmpp_base64_decode (challenge, MAX_DATA)) == NULL)
    {
      g_set_error_literal (error,
                           XMPP_SASL_ERROR,
                           XMPP_SASL_ERROR_MALFORMED,
                           "An unexpected challenge, or not in base64");
      return NULL;
    }

  return respond_scram (self, bytes, error);
}

gboolean
xmpp_mechanism_finish (XmppMechanism *self,
                       const char *data,
                       GError **error)
{
  g_autoptr (GBytes) bytes = data != NULL ? xmpp_base64_decode (data, MAX_DATA) : NULL;
  gboolean proven;

  if (self->scram != NULL && bytes != NULL && !xmpp_scram_is_verified (self->scram))
    return xmpp_scram_read_server_final (self->scram, bytes, error);

  if (self->scram != NULL)
    proven = xmpp_scram_is_verified (self->scram) && data == NULL;
  else if (self->token != NULL)
    proven = xmpp_hashed_token_verify (self->token, self->secret, self->binding_data, bytes);
  else
    proven = TRUE;
  if (!proven)
    g_set_error_literal (error,
                         XMPP_SASL_ERROR,
                         XMPP_SASL_ERROR_SERVER_UNTRUSTED,
                         "The server did not prove that it knows the secret");

  return proven;
}
