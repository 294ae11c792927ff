/* Signing in by SASL 2 (XEP-0388, version 1.0.4) with Bind 2 (XEP-0386, 1.1.0), FAST (XEP-0484, 0.2.0) and
 * inline stream
 * management (XEP-0198, 1.6.3)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-sasl2"

#include "config.h"

#include <string.h>

#include "xmpp-builder.h"
#include "xmpp-error.h"
#include "xmpp-login-private.h"
#include "xmpp-stream-management.h"

#define NS_CARBONS "urn:xmpp:carbons:2"
#define NS_CSI "urn:xmpp:csi:0"
#define SOFTWARE "Linnet" /* also the beginning of the resource; says nothing about person or machine */
#define MAX_TOKEN 4096

/* What the server can do in the same round trip. */
typedef struct
{
  XmppNode *fast; /* nullable, borrowed */
  guint sm : 1;
  guint bind2 : 1;
  guint bind2_sm : 1;
  guint bind2_carbons : 1;
  guint bind2_csi : 1;
} Inline;

static gboolean
has_bind_feature (XmppNode *bind,
                  const char *var)
{
  XmppNode *features = xmpp_node_get_child (bind, "inline", XMPP_NS_BIND2);

  for (guint i = 0; features != NULL && i < xmpp_node_get_n_children (features); i++)
    {
      XmppNode *feature = xmpp_node_get_nth_child (features, i);

      if (xmpp_node_is (feature, "feature", XMPP_NS_BIND2) &&
          g_strcmp0 (xmpp_node_get_attr (feature, "var"), var) == 0)
        return TRUE;
    }

  return FALSE;
}

static Inline
get_inline (XmppLogin *self,
            XmppNode *authentication)
{
  XmppNode *node = xmpp_node_get_child (authentication, "inline", XMPP_NS_SASL2);
  XmppNode *bind = node != NULL ? xmpp_node_get_child (node, "bind", XMPP_NS_BIND2) : NULL;
  Inline out = { 0 };

  if (node == NULL)
    return out;

  /* A token is tied to the installation that the server knows by its id. */
  if (self->request.user_agent_id != NULL)
    out.fast = xmpp_node_get_child (node, "fast", XMPP_NS_FAST);
  out.sm = xmpp_node_get_child (node, "sm", XMPP_NS_SM) != NULL;
  /* A resource that is bound cannot be given back for the old session, so where resuming takes a step of its
   * own,
   * binding has to wait for it. */
  out.bind2 = bind != NULL && (out.sm || !xmpp_login_wants_resumption (self));
  if (out.bind2)
    {
      out.bind2_sm = has_bind_feature (bind, XMPP_NS_SM);
      out.bind2_carbons = has_bind_feature (bind, NS_CARBONS);
      out.bind2_csi = has_bind_feature (bind, NS_CSI);
    }

  return out;
}

static XmppNode *
build_bind (XmppLogin *self,
            const Inline *offered)
{
  const char *tag = self->request.tag != NULL ? self->request.tag : SOFTWARE;

  return xmpp_el ("bind",
                  XMPP_NS_BIND2,
                  xmpp_el ("tag", XMPP_NS_BIND2, xmpp_text (tag)),
                  offered->bind2_carbons ? xmpp_el ("enable", NS_CARBONS) : NULL,
                  offered->bind2_sm ? xmpp_sm_enable () : NULL,
                  offered->bind2_csi ? xmpp_el ("active", NS_CSI) : NULL);
}

/* @fast: (nullable) (transfer full): <fast/> or <request-token/> */
static XmppNode *
build_authenticate (XmppLogin *self,
                    XmppMechanism *mechanism,
                    const Inline *offered,
                    XmppNode *fast)
{
  g_autofree char *initial = xmpp_mechanism_dup_initial (mechanism);
  gboolean resume = offered->sm && xmpp_login_wants_resumption (self) && !self->revoke;

  return xmpp_el ("authenticate",
                  XMPP_NS_SASL2,
                  xmpp_attr ("mechanism", xmpp_mechanism_get_name (mechanism)),
                  xmpp_el ("initial-response", XMPP_NS_SASL2, xmpp_text (initial)),
                  xmpp_el ("user-agent",
                           XMPP_NS_SASL2,
                           xmpp_attr ("id", self->request.user_agent_id),
                           xmpp_el ("software", XMPP_NS_SASL2, xmpp_text (SOFTWARE))),
                  resume ? xmpp_sm_resume (self->request.sm_id, self->request.sm_h) : NULL,
                  offered->bind2 && !self->revoke ? build_bind (self, offered) : NULL,
                  fast);
}

/* The token's mechanism, if the server still offers it and the channel can give its binding. */
static const XmppHashedToken *
get_usable_token (XmppLogin *self,
                  const Inline *offered)
{
  const XmppHashedToken *token = xmpp_hashed_token_lookup (self->request.fast_mechanism);
  g_auto (GStrv) mechanisms = NULL;
  const char *available[3];

  if (token == NULL || self->request.fast_token == NULL || offered->fast == NULL)
    return NULL;
  mechanisms = xmpp_sasl_get_texts (offered->fast, "mechanism", XMPP_NS_FAST);
  xmpp_sasl_get_available (self, available);

  return g_strv_contains ((const char *const *) mechanisms,
                          token->name) &&
                 g_strv_contains (available, token->binding)
             ? token
             : NULL;
}

/* Which token to ask for, if any. */
static const XmppHashedToken *
get_wanted_token (XmppLogin *self,
                  const Inline *offered)
{
  g_auto (GStrv) mechanisms = NULL;
  const char *available[3];

  if (offered->fast == NULL)
    return NULL;
  mechanisms = xmpp_sasl_get_texts (offered->fast, "mechanism", XMPP_NS_FAST);
  xmpp_sasl_get_available (self, available);

  return xmpp_hashed_token_choose ((const char *const *) mechanisms, available);
}

static void
take_token (XmppLogin *self,
            XmppNode *success,
            const char *mechanism)
{
  XmppNode *node = xmpp_node_get_child (success, "token", XMPP_NS_FAST);
  const char *token = node != NULL ? xmpp_node_get_attr (node, "token") : NULL;
  const char *expiry = node != NULL ? xmpp_node_get_attr (node, "expiry") : NULL;
  g_autoptr (GDateTime) time = expiry != NULL ? g_date_time_new_from_iso8601 (expiry, NULL) : NULL;

  if (token == NULL || mechanism == NULL || *token == '\0' || strlen (token) > MAX_TOKEN)
    return;

  self->result->fast_token = g_strdup (token);
  self->result->fast_mechanism = g_strdup (mechanism);
  self->result->fast_expiry = time != NULL ? g_date_time_to_unix (time) : 0;
}

static void
take_bound (XmppLogin *self,
            XmppNode *bound,
            const Inline *offered)
{
  xmpp_login_take_enabled (self, xmpp_node_get_child_in_ns (bound, XMPP_NS_SM));
  self->result->carbons_enabled = offered->bind2_carbons;
  self->result->csi_active = offered->bind2_csi;
}

/* The features that follow at once, except after a resumption. */
static gboolean
read_features (XmppLogin *self,
               GError **error)
{
  g_autoptr (XmppNode) features = xmpp_login_read (self, error);

  if (features == NULL)
    return FALSE;
  if (!xmpp_node_is (features, "features", XMPP_NS_STREAM))
    return xmpp_login_fail_protocol (error, "No features after authentication");

  xmpp_node_unref (self->features);
  self->features = g_steal_pointer (&features);

  return TRUE;
}

/* XEP-0388 section 2.6.1: who we are now. */
static gboolean
take_identity (XmppLogin *self,
               XmppNode *success,
               GError **error)
{
  const char *text = xmpp_node_get_child_text (success, "authorization-identifier", XMPP_NS_SASL2);
  g_autoptr (XmppJid) jid = text != NULL ? xmpp_jid_new (text, NULL) : NULL;

  if (jid == NULL || !xmpp_jid_bare_equal (jid, self->request.jid))
    return xmpp_login_fail_protocol (error, "The server signed in another account, or none");
  self->result->full_jid = xmpp_login_parse_full_jid (self, text);

  return TRUE;
}

static gboolean
take_success (XmppLogin *self,
              XmppNode *success,
              const Inline *offered,
              GError **error)
{
  XmppNode *resumption = xmpp_node_get_child_in_ns (success, XMPP_NS_SM);
  XmppNode *bound = xmpp_node_get_child (success, "bound", XMPP_NS_BIND2);

  self->result->sasl2 = TRUE;
  if (!take_identity (self, success, error))
    return FALSE;
  if (self->revoke)
    return TRUE;

  if (resumption != NULL && offered->sm && xmpp_login_wants_resumption (self) &&
      !xmpp_login_take_resumption (self, resumption, error))
    return FALSE;
  if (self->result->resumed)
    return TRUE;

  if (!read_features (self, error))
    return FALSE;
  if (bound != NULL && offered->bind2)
    {
      if (self->result->full_jid == NULL)
        return xmpp_login_fail_protocol (error, "The server bound no resource");
      take_bound (self, bound, offered);
      return TRUE;
    }
  g_clear_pointer (&self->result->full_jid, xmpp_jid_unref);

  return xmpp_login_resume (self, error) && (self->result->resumed || xmpp_login_bind (self, error));
}

static XmppNode *
build_fast (XmppLogin *self)
{
  return xmpp_el ("fast",
                  XMPP_NS_FAST,
                  self->request.fast_count > 0 ? xmpp_attr_uint ("count", self->request.fast_count) : NULL,
                  self->revoke ? xmpp_attr ("invalidate", "true") : NULL);
}

static gboolean
sign_in_by_token (XmppLogin *self,
                  const XmppHashedToken *token,
                  const Inline *offered,
                  GError **error)
{
  XmppCredentials credentials = xmpp_sasl_get_credentials (self, self->request.fast_token, token->binding);
  g_autoptr (XmppMechanism) mechanism = xmpp_mechanism_new_for_token (token, &credentials);
  g_autoptr (XmppNode) success = NULL;

  success = xmpp_sasl_exchange (self,
                                mechanism,
                                build_authenticate (self, mechanism, offered, build_fast (self)),
                                XMPP_NS_SASL2,
                                error);
  if (success == NULL)
    return FALSE;

  xmpp_sasl_succeeded (self, mechanism);
  self->result->memory.had_sasl2 = TRUE;
  take_token (self, success, token->name);

  return take_success (self, success, offered, error);
}

static gboolean
sign_in_by_password (XmppLogin *self,
                     XmppNode *authentication,
                     const Inline *offered,
                     GError **error)
{
  const XmppHashedToken *wanted = get_wanted_token (self, offered);
  XmppNode *request_token = NULL;
  XmppMechanismChoice choice;
  g_autoptr (XmppMechanism) mechanism = xmpp_sasl_choose (self, authentication, &choice, error);
  g_autoptr (XmppNode) success = NULL;

  if (mechanism == NULL)
    return FALSE;

  if (wanted != NULL)
    request_token = xmpp_el ("request-token", XMPP_NS_FAST, xmpp_attr ("mechanism", wanted->name));
  success = xmpp_sasl_exchange (self,
                                mechanism,
                                build_authenticate (self, mechanism, offered, request_token),
                                XMPP_NS_SASL2,
                                error);
  if (success == NULL)
    return FALSE;

  xmpp_sasl_succeeded (self, mechanism);
  xmpp_mechanism_remember (&self->result->memory, &choice, TRUE);
  take_token (self, success, wanted != NULL ? wanted->name : NULL);

  return take_success (self, success, offered, error);
}

/* The server had its say about the token, and it was no. Anything else, such as a server that cannot prove
 * itself, is
 * no reason to show it the password. */
static gboolean
is_rejection (const GError *error)
{
  return error->domain == XMPP_SASL_ERROR &&
         (error->code == XMPP_SASL_ERROR_NOT_AUTHORIZED ||
          error->code == XMPP_SASL_ERROR_CREDENTIALS_EXPIRED ||
          error->code == XMPP_SASL_ERROR_NO_MECHANISM || error->code == XMPP_SASL_ERROR_CHANNEL_BINDING);
}

static gboolean
fail_token (XmppLogin *self,
            const char *text,
            GError **error)
{
  g_set_error_literal (error,
                       XMPP_SASL_ERROR,
                       self->request.must_bind ? XMPP_SASL_ERROR_TOKEN_MISBOUND
                                               : XMPP_SASL_ERROR_TOKEN_REJECTED,
                       text);

  return FALSE;
}

gboolean
xmpp_login_sasl2 (XmppLogin *self,
                  XmppNode *authentication,
                  GError **error)
{
  Inline offered = get_inline (self, authentication);
  const XmppHashedToken *token = get_usable_token (self, &offered);
  g_autoptr (GError) own_error = NULL;

  if (token != NULL)
    {
      if (sign_in_by_token (self, token, &offered, &own_error))
        return TRUE;
      if (!is_rejection (own_error))
        {
          g_propagate_error (error, g_steal_pointer (&own_error));
          return FALSE;
        }
      g_debug ("The token was rejected: %s", own_error->message);
      /* Perhaps somebody sits in between, who must not get more out of the password than out of the token. */
      self->request.must_bind |= own_error->code == XMPP_SASL_ERROR_CHANNEL_BINDING;
      g_clear_error (&own_error);
      self->result->fast_rejected = TRUE;
    }
  if (self->request.password == NULL || self->revoke)
    return fail_token (self, "The token cannot be used, and there is no password", error);

  if (sign_in_by_password (self, authentication, &offered, &own_error))
    return TRUE;
  /* Not every server lets one try again; then on a new stream, without the token. */
  if (token != NULL && own_error->domain != XMPP_SASL_ERROR)
    return fail_token (self, own_error->message, error);
  g_propagate_error (error, g_steal_pointer (&own_error));

  return FALSE;
}
