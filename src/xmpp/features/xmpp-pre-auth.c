/* XEP-0379 Pre-Authenticated Roster Subscription, version 0.3.3: the token in a request
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-pre-auth"

#include "config.h"

#include <string.h>

#include "xmpp-builder.h"
#include "xmpp-pre-auth.h"

XmppNode *
xmpp_pre_auth_create (const char *token)
{
  if (token == NULL)
    return NULL;

  return xmpp_el ("preauth", XMPP_NS_PRE_AUTH, xmpp_attr ("token", token));
}

const char *
xmpp_pre_auth_get_token (XmppNode *stanza)
{
  XmppNode *preauth;
  const char *token;

  g_return_val_if_fail (stanza != NULL, NULL);

  preauth = xmpp_node_get_child (stanza, "preauth", XMPP_NS_PRE_AUTH);
  token = preauth != NULL ? xmpp_node_get_attr (preauth, "token") : NULL;

  return token != NULL && *token != '\0' && strlen (token) <= XMPP_PRE_AUTH_MAX_TOKEN ? token : NULL;
}
