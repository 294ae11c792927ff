/* What a server means that refuses a registration
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-registration"

#include "config.h"

#include <string.h>

#include "linnet-registration-private.h"

/* Servers have one condition for many reasons, and tell them apart in words only. The stream asks for
 * English ones (xml:lang). What is not found here is told as a refusal without a reason. */
static gboolean
mentions (const char *text,
          const char *const *words)
{
  for (guint i = 0; text != NULL && words[i] != NULL; i++)
    {
      if (strstr (text, words[i]) != NULL)
        return TRUE;
    }

  return FALSE;
}

#define MENTIONS(text, ...) mentions ((text), (const char *const[]) { __VA_ARGS__, NULL })

static LinnetError
explain_invitation (const LinnetRefusalContext *context)
{
  return context->has_token ? LINNET_ERROR_BAD_TOKEN : LINNET_ERROR_REGISTRATION_NEEDS_INVITE;
}

static LinnetError
explain_by_condition (const XmppRegisterReply *reply,
                      const LinnetRefusalContext *context)
{
  switch (reply->condition)
    {
    case XMPP_STANZA_ERROR_CONFLICT:
      return LINNET_ERROR_NAME_TAKEN;
    case XMPP_STANZA_ERROR_JID_MALFORMED:
      return LINNET_ERROR_BAD_NAME;
    case XMPP_STANZA_ERROR_RESOURCE_CONSTRAINT:
    case XMPP_STANZA_ERROR_POLICY_VIOLATION:
      return LINNET_ERROR_REGISTRATION_LIMIT;
    case XMPP_STANZA_ERROR_INTERNAL_SERVER_ERROR:
      return LINNET_ERROR_TRY_LATER;
    case XMPP_STANZA_ERROR_NOT_ALLOWED:
    case XMPP_STANZA_ERROR_FORBIDDEN:
    case XMPP_STANZA_ERROR_NOT_AUTHORIZED:
    case XMPP_STANZA_ERROR_REGISTRATION_REQUIRED:
    case XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE:
    case XMPP_STANZA_ERROR_FEATURE_NOT_IMPLEMENTED:
      return context->takes_tokens ? explain_invitation (context) : LINNET_ERROR_REGISTRATION_CLOSED;
    case XMPP_STANZA_ERROR_NOT_ACCEPTABLE:
      /* XEP-0158 section 3.4.4. */
      return context->has_captcha && reply->text == NULL ? LINNET_ERROR_WRONG_CAPTCHA
                                                         : LINNET_ERROR_FORM_REFUSED;
    default:
      return g_strcmp0 (reply->type, "wait") == 0 ? LINNET_ERROR_TRY_LATER : LINNET_ERROR_FORM_REFUSED;
    }
}

LinnetError
linnet_registration_explain_refusal (const XmppRegisterReply *reply,
                                     const LinnetRefusalContext *context)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (reply != NULL && context != NULL, LINNET_ERROR_FAILED);

  text = reply->text != NULL ? g_utf8_strdown (reply->text, -1) : NULL;

  /* There is no doubt about this one, whatever the words. */
  if (reply->condition == XMPP_STANZA_ERROR_CONFLICT)
    return LINNET_ERROR_NAME_TAKEN;
  if (context->has_captcha && MENTIONS (text, "captcha", "puzzle", "picture", "image", "challenge"))
    return LINNET_ERROR_WRONG_CAPTCHA;
  if (MENTIONS (text, "invit", "token"))
    return explain_invitation (context);
  if (MENTIONS (text, "password", "passphrase"))
    return MENTIONS (text, "unacceptable char", "invalid char") ? LINNET_ERROR_BAD_PASSWORD
                                                                : LINNET_ERROR_WEAK_PASSWORD;
  if (MENTIONS (text, "too many", "too quickly", "too fast", "too often", "ip address", "limit"))
    return LINNET_ERROR_REGISTRATION_LIMIT;
  if (reply->condition == XMPP_STANZA_ERROR_NOT_ACCEPTABLE &&
      (MENTIONS (text, "required value missing", "missing")))
    return LINNET_ERROR_FORM_INCOMPLETE;
  if ((reply->condition == XMPP_STANZA_ERROR_NOT_ACCEPTABLE ||
       reply->condition == XMPP_STANZA_ERROR_BAD_REQUEST ||
       reply->condition == XMPP_STANZA_ERROR_NOT_ALLOWED) &&
      MENTIONS (text, "username", "user name", "nodename", "localpart"))
    return LINNET_ERROR_BAD_NAME;

  return explain_by_condition (reply, context);
}

LinnetError
linnet_registration_explain_no_form (const XmppRegisterReply *reply,
                                     const LinnetRefusalContext *context)
{
  LinnetError code;

  g_return_val_if_fail (reply != NULL && context != NULL, LINNET_ERROR_FAILED);

  code = linnet_registration_explain_refusal (reply, context);
  switch ((int) code)
    {
    case LINNET_ERROR_REGISTRATION_LIMIT:
    case LINNET_ERROR_REGISTRATION_NEEDS_INVITE:
    case LINNET_ERROR_BAD_TOKEN:
    case LINNET_ERROR_TRY_LATER:
      return code;
    default:
      return context->takes_tokens ? explain_invitation (context) : LINNET_ERROR_REGISTRATION_CLOSED;
    }
}
