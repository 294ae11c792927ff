/* What can go wrong, as the model tells it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-error"

#include "config.h"

#include <libdex.h>

#include "linnet-error-private.h"
#include "linnet-error-question.h"
#include "linnet-store.h"
#include "xmpp-error.h"
#include "xmpp-jid.h"
#include "xmpp-stream.h"

/* What a LINNET_ERROR_CERTIFICATE carries besides its code. */
typedef struct
{
  GTlsCertificate *certificate;
  GTlsCertificateFlags flags;
  char *domain;
} LinnetErrorPrivate;

static void
linnet_error_private_init (LinnetErrorPrivate *priv)
{
}

static void
linnet_error_private_copy (const LinnetErrorPrivate *source,
                           LinnetErrorPrivate *target)
{
  g_set_object (&target->certificate, source->certificate);
  target->flags = source->flags;
  target->domain = g_strdup (source->domain);
}

static void
linnet_error_private_clear (LinnetErrorPrivate *priv)
{
  g_clear_object (&priv->certificate);
  g_clear_pointer (&priv->domain, g_free);
}

G_DEFINE_EXTENDED_ERROR (LinnetError, linnet_error)

typedef struct
{
  int code;
  LinnetError error;
} Translation;

static const Translation stream_errors[] = {
  { XMPP_STREAM_ERROR_CONFLICT, LINNET_ERROR_CONFLICT },
  { XMPP_STREAM_ERROR_HOST_UNKNOWN, LINNET_ERROR_NO_XMPP_SERVICE },
  { XMPP_STREAM_ERROR_NOT_AUTHORIZED, LINNET_ERROR_CONNECTION_LOST },
  { XMPP_STREAM_ERROR_POLICY_VIOLATION, LINNET_ERROR_POLICY_VIOLATION },
  { XMPP_STREAM_ERROR_RESET, LINNET_ERROR_SERVER_SHUTDOWN },
  { XMPP_STREAM_ERROR_SEE_OTHER_HOST, LINNET_ERROR_SEE_OTHER_HOST },
  { XMPP_STREAM_ERROR_SYSTEM_SHUTDOWN, LINNET_ERROR_SERVER_SHUTDOWN },
  { XMPP_STREAM_ERROR_CLOSED, LINNET_ERROR_CONNECTION_LOST },
  { XMPP_STREAM_ERROR_NO_TLS, LINNET_ERROR_NO_TLS },
  { XMPP_STREAM_ERROR_TLS_INJECTION, LINNET_ERROR_TAMPERED },
  { XMPP_STREAM_ERROR_TLS_VERSION, LINNET_ERROR_TLS_TOO_OLD },
  { XMPP_STREAM_ERROR_HOST_NOT_FOUND, LINNET_ERROR_SERVER_NOT_FOUND },
  { XMPP_STREAM_ERROR_UNREACHABLE, LINNET_ERROR_SERVER_UNREACHABLE },
  { XMPP_STREAM_ERROR_PROXY, LINNET_ERROR_PROXY },
  { XMPP_STREAM_ERROR_TIMEOUT, LINNET_ERROR_SERVER_UNREACHABLE },
  { XMPP_STREAM_ERROR_NO_XMPP_SERVICE, LINNET_ERROR_NO_XMPP_SERVICE },
};

static const Translation sasl_errors[] = {
  { XMPP_SASL_ERROR_NOT_AUTHORIZED, LINNET_ERROR_WRONG_PASSWORD },
  { XMPP_SASL_ERROR_ACCOUNT_DISABLED, LINNET_ERROR_ACCOUNT_DISABLED },
  { XMPP_SASL_ERROR_CREDENTIALS_EXPIRED, LINNET_ERROR_WRONG_PASSWORD },
  { XMPP_SASL_ERROR_TEMPORARY, LINNET_ERROR_TRY_LATER },
  { XMPP_SASL_ERROR_ABORTED, LINNET_ERROR_TRY_LATER },
  { XMPP_SASL_ERROR_REMOTE_OTHER, LINNET_ERROR_TRY_LATER },
  { XMPP_SASL_ERROR_NO_MECHANISM, LINNET_ERROR_NO_MECHANISM },
  { XMPP_SASL_ERROR_PLAIN_CONSENT, LINNET_ERROR_PLAIN_CONSENT },
  { XMPP_SASL_ERROR_DOWNGRADE, LINNET_ERROR_DOWNGRADE },
  { XMPP_SASL_ERROR_SERVER_UNTRUSTED, LINNET_ERROR_SERVER_UNTRUSTED },
  { XMPP_SASL_ERROR_CHANNEL_BINDING, LINNET_ERROR_TAMPERED },
  { XMPP_SASL_ERROR_AUTHORITY_CHANGED, LINNET_ERROR_AUTHORITY_CHANGED },
  { XMPP_SASL_ERROR_MALFORMED, LINNET_ERROR_PROTOCOL },
};

static const Translation stanza_errors[] = {
  { XMPP_STANZA_ERROR_BAD_REQUEST, LINNET_ERROR_NOT_SUPPORTED },
  { XMPP_STANZA_ERROR_FEATURE_NOT_IMPLEMENTED, LINNET_ERROR_NOT_SUPPORTED },
  { XMPP_STANZA_ERROR_FORBIDDEN, LINNET_ERROR_NOT_ALLOWED },
  { XMPP_STANZA_ERROR_GONE, LINNET_ERROR_NO_SUCH_USER },
  { XMPP_STANZA_ERROR_ITEM_NOT_FOUND, LINNET_ERROR_NO_SUCH_USER },
  { XMPP_STANZA_ERROR_JID_MALFORMED, LINNET_ERROR_BAD_ADDRESS },
  { XMPP_STANZA_ERROR_NOT_ACCEPTABLE, LINNET_ERROR_NOT_ALLOWED },
  { XMPP_STANZA_ERROR_NOT_ALLOWED, LINNET_ERROR_NOT_ALLOWED },
  { XMPP_STANZA_ERROR_NOT_AUTHORIZED, LINNET_ERROR_NOT_ALLOWED },
  { XMPP_STANZA_ERROR_POLICY_VIOLATION, LINNET_ERROR_NOT_ALLOWED },
  { XMPP_STANZA_ERROR_RECIPIENT_UNAVAILABLE, LINNET_ERROR_NO_SUCH_USER },
  { XMPP_STANZA_ERROR_REDIRECT, LINNET_ERROR_NO_SUCH_USER },
  { XMPP_STANZA_ERROR_REGISTRATION_REQUIRED, LINNET_ERROR_NOT_ALLOWED },
  { XMPP_STANZA_ERROR_REMOTE_SERVER_NOT_FOUND, LINNET_ERROR_REMOTE_SERVER },
  { XMPP_STANZA_ERROR_REMOTE_SERVER_TIMEOUT, LINNET_ERROR_REMOTE_SERVER },
  { XMPP_STANZA_ERROR_RESOURCE_CONSTRAINT, LINNET_ERROR_TRY_LATER },
  { XMPP_STANZA_ERROR_INTERNAL_SERVER_ERROR, LINNET_ERROR_TRY_LATER },
  { XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE, LINNET_ERROR_NO_SUCH_USER },
  { XMPP_STANZA_ERROR_SUBSCRIPTION_REQUIRED, LINNET_ERROR_NOT_ALLOWED },
  { XMPP_STANZA_ERROR_TIMED_OUT, LINNET_ERROR_TIMED_OUT },
  { XMPP_STANZA_ERROR_DISCONNECTED, LINNET_ERROR_OFFLINE },
};

static const Translation store_errors[] = {
  { LINNET_STORE_ERROR_FULL, LINNET_ERROR_DISK_FULL },
  { LINNET_STORE_ERROR_NEWER_SCHEMA, LINNET_ERROR_DATABASE_NEWER },
  { LINNET_STORE_ERROR_BUSY, LINNET_ERROR_PROFILE_IN_USE },
  { LINNET_STORE_ERROR_LOCKED_BY_OTHER, LINNET_ERROR_PROFILE_IN_USE },
};

static const Translation io_errors[] = {
  { G_IO_ERROR_NO_SPACE, LINNET_ERROR_DISK_FULL },
  { G_IO_ERROR_HOST_NOT_FOUND, LINNET_ERROR_SERVER_NOT_FOUND },
  { G_IO_ERROR_HOST_UNREACHABLE, LINNET_ERROR_SERVER_UNREACHABLE },
  { G_IO_ERROR_NETWORK_UNREACHABLE, LINNET_ERROR_SERVER_UNREACHABLE },
  { G_IO_ERROR_CONNECTION_REFUSED, LINNET_ERROR_SERVER_UNREACHABLE },
  { G_IO_ERROR_PROXY_FAILED, LINNET_ERROR_PROXY },
  { G_IO_ERROR_PROXY_AUTH_FAILED, LINNET_ERROR_PROXY },
  { G_IO_ERROR_PROXY_NEED_AUTH, LINNET_ERROR_PROXY },
  { G_IO_ERROR_PROXY_NOT_ALLOWED, LINNET_ERROR_PROXY },
  { G_IO_ERROR_TIMED_OUT, LINNET_ERROR_CONNECTION_LOST },
  { G_IO_ERROR_BROKEN_PIPE, LINNET_ERROR_CONNECTION_LOST },
  { G_IO_ERROR_CLOSED, LINNET_ERROR_CONNECTION_LOST },
  { G_IO_ERROR_NOT_CONNECTED, LINNET_ERROR_CONNECTION_LOST },
};

static LinnetError
translate (const Translation *table,
           gsize length,
           int code,
           LinnetError otherwise)
{
  for (gsize i = 0; i < length; i++)
    {
      if (table[i].code == code)
        return table[i].error;
    }

  return otherwise;
}

#define TRANSLATE(table, code, otherwise) translate (table, G_N_ELEMENTS (table), code, otherwise)

LinnetError
linnet_error_code_from_lower (const GError *error)
{
  g_return_val_if_fail (error != NULL, LINNET_ERROR_FAILED);

  if (error->domain == LINNET_ERROR)
    return error->code;
  if (error->domain == XMPP_STREAM_ERROR)
    return TRANSLATE (stream_errors, error->code, LINNET_ERROR_PROTOCOL);
  if (error->domain == XMPP_SASL_ERROR)
    return TRANSLATE (sasl_errors, error->code, LINNET_ERROR_FAILED);
  if (error->domain == XMPP_STANZA_ERROR)
    return TRANSLATE (stanza_errors, error->code, LINNET_ERROR_FAILED);
  if (error->domain == LINNET_STORE_ERROR)
    return TRANSLATE (store_errors, error->code, LINNET_ERROR_DATABASE);
  if (error->domain == XMPP_CERTIFICATE_ERROR)
    return error->code == XMPP_CERTIFICATE_ERROR_CHANGED ? LINNET_ERROR_CERTIFICATE_CHANGED
                                                         : LINNET_ERROR_CERTIFICATE;
  if (error->domain == XMPP_JID_ERROR)
    return LINNET_ERROR_BAD_ADDRESS;
  if (error->domain == G_IO_ERROR)
    return TRANSLATE (io_errors, error->code, LINNET_ERROR_CONNECTION_LOST);
  if (error->domain == G_RESOLVER_ERROR)
    return LINNET_ERROR_SERVER_NOT_FOUND;
  if (error->domain == G_TLS_ERROR)
    return LINNET_ERROR_CONNECTION_LOST;
  if (g_error_matches (error, DEX_ERROR, DEX_ERROR_TIMED_OUT))
    return LINNET_ERROR_TIMED_OUT;

  return LINNET_ERROR_FAILED;
}

LinnetError
linnet_error_code_from_condition (const char *condition)
{
  for (gsize i = 0; condition != NULL && i < G_N_ELEMENTS (stanza_errors); i++)
    {
      if (g_str_equal (xmpp_stanza_error_to_condition (stanza_errors[i].code), condition))
        return stanza_errors[i].error;
    }

  return LINNET_ERROR_FAILED;
}

GError *
linnet_error_from_lower (const GError *error,
                         const char *domain)
{
  GError *result;

  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain == LINNET_ERROR)
    return g_error_copy (error);

  result = g_error_new_literal (LINNET_ERROR, linnet_error_code_from_lower (error), error->message);

  if (error->domain == XMPP_CERTIFICATE_ERROR)
    {
      LinnetErrorPrivate *priv = linnet_error_get_private (result);

      g_set_object (&priv->certificate, xmpp_certificate_error_get_certificate (error));
      priv->flags = xmpp_certificate_error_get_flags (error);
      priv->domain = g_strdup (domain);
    }

  return result;
}

gboolean
linnet_error_needs_person (const GError *error)
{
  g_return_val_if_fail (error != NULL && error->domain == LINNET_ERROR, FALSE);

  if (linnet_error_question_from_error (error) != LINNET_ERROR_QUESTION_NONE)
    return TRUE;

  /* There is nothing to ask, but trying again by itself is no use either. */
  switch ((LinnetError) error->code)
    {
    case LINNET_ERROR_ACCOUNT_DISABLED:
    case LINNET_ERROR_DOWNGRADE:
    case LINNET_ERROR_SERVER_UNTRUSTED:
    case LINNET_ERROR_TAMPERED:
    case LINNET_ERROR_NO_MECHANISM:
      return TRUE;
    default:
      return FALSE;
    }
}

GTlsCertificate *
linnet_error_get_certificate (const GError *error)
{
  g_return_val_if_fail (error != NULL && error->domain == LINNET_ERROR, NULL);

  return linnet_error_get_private (error)->certificate;
}

GTlsCertificateFlags
linnet_error_get_certificate_flags (const GError *error)
{
  g_return_val_if_fail (error != NULL && error->domain == LINNET_ERROR, G_TLS_CERTIFICATE_NO_FLAGS);

  return linnet_error_get_private (error)->flags;
}

const char *
linnet_error_get_domain_name (const GError *error)
{
  g_return_val_if_fail (error != NULL && error->domain == LINNET_ERROR, NULL);

  return linnet_error_get_private (error)->domain;
}

/**
 * linnet_error_get_field:
 * @error: any error
 *
 * Returns: the field of the sign-in page that the error is about
 */
LinnetErrorField
linnet_error_get_field (const GError *error)
{
  g_return_val_if_fail (error != NULL, LINNET_ERROR_FIELD_NONE);

  if (error->domain != LINNET_ERROR)
    return LINNET_ERROR_FIELD_NONE;

  switch ((LinnetError) error->code)
    {
    case LINNET_ERROR_BAD_ADDRESS:
    case LINNET_ERROR_ACCOUNT_EXISTS:
    case LINNET_ERROR_SERVER_NOT_FOUND:
    case LINNET_ERROR_NO_XMPP_SERVICE:
      return LINNET_ERROR_FIELD_ADDRESS;
    case LINNET_ERROR_WRONG_PASSWORD:
    case LINNET_ERROR_NO_PASSWORD:
      return LINNET_ERROR_FIELD_PASSWORD;
    case LINNET_ERROR_SERVER_UNREACHABLE:
    case LINNET_ERROR_NO_TLS:
    case LINNET_ERROR_BAD_PROXY:
    case LINNET_ERROR_PROXY:
      return LINNET_ERROR_FIELD_SERVER;
    default:
      return LINNET_ERROR_FIELD_NONE;
    }
}
