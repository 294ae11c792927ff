/* Signing in by RFC 6120 section 6
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-sasl1"

#include "config.h"

#include "xmpp-builder.h"
#include "xmpp-error.h"
#include "xmpp-login-private.h"

gboolean
xmpp_login_sasl1 (XmppLogin *self,
                  XmppNode *mechanisms,
                  GError **error)
{
  g_autoptr (XmppMechanism) mechanism = NULL;
  g_autoptr (XmppNode) success = NULL;
  g_autofree char *initial = NULL;
  XmppMechanismChoice choice;

  if (self->request.password == NULL)
    {
      g_set_error_literal (error,
                           XMPP_SASL_ERROR,
                           XMPP_SASL_ERROR_TOKEN_REJECTED,
                           "The server has no SASL 2, and there is no password");
      return FALSE;
    }

  mechanism = xmpp_sasl_choose (self, mechanisms, &choice, error);
  if (mechanism == NULL)
    return FALSE;

  initial = xmpp_mechanism_dup_initial (mechanism);
  success = xmpp_sasl_exchange (self,
                                mechanism,
                                xmpp_el ("auth",
                                         XMPP_NS_SASL,
                                         xmpp_attr ("mechanism", choice.mechanism),
                                         xmpp_text (initial)),
                                XMPP_NS_SASL,
                                error);
  if (success == NULL)
    return FALSE;

  xmpp_sasl_succeeded (self, mechanism);
  xmpp_mechanism_remember (&self->result->memory, &choice, FALSE);

  return xmpp_login_open (self, error) && xmpp_login_resume (self, error) &&
         (self->result->resumed || xmpp_login_bind (self, error));
}
