/* Choosing a mechanism and talking until it ends, the same in SASL (RFC 6120 section 6) and SASL 2
 * (XEP-0388, 1.0.4)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-sasl-exchange"

#include "config.h"

#include <string.h>

#include "linnet-spawn.h"
#include "xmpp-builder.h"
#include "xmpp-error.h"
#include "xmpp-login-private.h"

static const struct
{
  const char *condition;
  XmppSaslError code;
} failures[] = {
  { "not-authorized", XMPP_SASL_ERROR_NOT_AUTHORIZED },
  { "account-disabled", XMPP_SASL_ERROR_ACCOUNT_DISABLED },
  { "credentials-expired", XMPP_SASL_ERROR_CREDENTIALS_EXPIRED },
  { "temporary-auth-failure", XMPP_SASL_ERROR_TEMPORARY },
  { "aborted", XMPP_SASL_ERROR_ABORTED },
  { "malformed-request", XMPP_SASL_ERROR_MALFORMED },
  { "incorrect-encoding", XMPP_SASL_ERROR_MALFORMED },
  { "invalid-mechanism", XMPP_SASL_ERROR_NO_MECHANISM },
  { "mechanism-too-weak", XMPP_SASL_ERROR_NO_MECHANISM },
};

static const char *
get_condition (XmppNode *failure,
               XmppSaslError *code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    /* In SASL 2 the condition is still of the first SASL's namespace, but not with every server. */
    if (xmpp_node_get_child (failure, failures[i].condition, XMPP_NS_SASL) != NULL ||
        xmpp_node_get_child (failure, failures[i].condition, XMPP_NS_SASL2) != NULL)
      {
        *code = failures[i].code;
        return failures[i].condition;
      }
  *code = XMPP_SASL_ERROR_REMOTE_OTHER;

  return "an unknown condition";
}

/* Servers have no condition for "that is not the channel I see" (RFC 5802's e= has): Prosody says
 * malformed-request,
 * ejabberd not-authorized with a text. */
static gboolean
is_about_channel (XmppNode *failure,
                  XmppMechanism *mechanism,
                  XmppSaslError code)
{
  const char *text = xmpp_node_get_child_text (failure, "text", xmpp_node_get_ns (failure));
  g_autofree char *lower = text != NULL ? g_ascii_strdown (text, -1) : NULL;

  return xmpp_mechanism_depends_on_channel (mechanism) &&
         (code == XMPP_SASL_ERROR_MALFORMED || (lower != NULL && strstr (lower, "channel binding") != NULL));
}

static void
fail_by_failure (XmppNode *failure,
                 XmppMechanism *mechanism,
                 GError **error)
{
  XmppSaslError code;
  const char *condition = get_condition (failure, &code);

  if (is_about_channel (failure, mechanism, code))
    code = XMPP_SASL_ERROR_CHANNEL_BINDING;
  g_set_error (error,
               XMPP_SASL_ERROR,
               code,
               "The server answers %s to %s",
               condition,
               xmpp_mechanism_get_name (mechanism));
}

/* What the mechanism says with its last word; NULL for nothing. */
static const char *
get_final_data (XmppNode *success)
{
  const char *text;

  if (!xmpp_node_is (success, "success", XMPP_NS_SASL))
    return xmpp_node_get_child_text (success, "additional-data", XMPP_NS_SASL2);
  text = xmpp_node_get_text (success);

  return *text != '\0' ? text : NULL;
}

/* So that the server does not wait; whoever signs in is about to drop the stream. */
static void
send_abort (XmppLogin *self,
            const char *ns)
{
  g_autoptr (XmppNode) abort = xmpp_el ("abort", ns);

  dex_await (xmpp_stream_write (self->stream, abort), NULL);
}

static gboolean
answer_challenge (XmppLogin *self,
                  XmppMechanism *mechanism,
                  XmppNode *challenge,
                  const char *ns,
                  GError **error)
{
  g_autofree char *response = xmpp_mechanism_respond (mechanism, xmpp_node_get_text (challenge), error);

  if (response == NULL)
    {
      send_abort (self, ns);
      return FALSE;
    }
  xmpp_login_send (self, xmpp_el ("response", ns, xmpp_text (response)));

  return TRUE;
}

/* Tasks after the first factor: none is supported. */
static void
refuse_tasks (XmppLogin *self,
              GError **error)
{
  send_abort (self, XMPP_NS_SASL2);
  g_set_error_literal (error,
                       XMPP_SASL_ERROR,
                       XMPP_SASL_ERROR_TASK_REQUIRED,
                       "The server wants more than the password");
}

char **
xmpp_sasl_get_texts (XmppNode *parent,
                     const char *name,
                     const char *ns)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < xmpp_node_get_n_children (parent); i++)
    {
      XmppNode *child = xmpp_node_get_nth_child (parent, i);

      if (xmpp_node_is (child, name, ns))
        g_strv_builder_add (builder, xmpp_node_get_text (child));
    }

  return g_strv_builder_end (builder);
}

/* XEP-0440; NULL when nothing is announced. */
static char **
get_announced (XmppNode *features)
{
  XmppNode *announcement = xmpp_node_get_child (features, "sasl-channel-binding", XMPP_NS_SASL_CB);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (announcement == NULL)
    return NULL;
  for (guint i = 0; i < xmpp_node_get_n_children (announcement); i++)
    {
      XmppNode *child = xmpp_node_get_nth_child (announcement, i);
      const char *type = xmpp_node_get_attr (child, "type");

      if (xmpp_node_is (child, "channel-binding", XMPP_NS_SASL_CB) && type != NULL)
        g_strv_builder_add (builder, type);
    }

  return g_strv_builder_end (builder);
}

void
xmpp_sasl_get_available (XmppLogin *self,
                         const char *available[3])
{
  guint n = 0;

  if (self->channel.exporter != NULL)
    available[n++] = "tls-exporter";
  if (self->channel.end_point != NULL)
    available[n++] = "tls-server-end-point";
  available[n] = NULL;
}

XmppCredentials
xmpp_sasl_get_credentials (XmppLogin *self,
                           const char *secret,
                           const char *binding)
{
  XmppCredentials credentials = {
    .username = xmpp_jid_get_local (self->request.jid),
    .secret = secret,
    .nonce = self->channel.nonce,
  };

  if (g_strcmp0 (binding, "tls-exporter") == 0)
    credentials.binding_data = self->channel.exporter;
  else if (binding != NULL)
    credentials.binding_data = self->channel.end_point;

  return credentials;
}

XmppMechanism *
xmpp_sasl_choose (XmppLogin *self,
                  XmppNode *parent,
                  XmppMechanismChoice *choice,
                  GError **error)
{
  g_auto (GStrv) mechanisms = xmpp_sasl_get_texts (parent, "mechanism", xmpp_node_get_ns (parent));
  g_auto (GStrv) announced = get_announced (self->features);
  g_autofree char *offered = NULL;
  const char *available[3];
  XmppMechanismOffer offer = {
    .mechanisms = (const char *const *) mechanisms,
    .announced = (const char *const *) announced,
    .available = available,
    .sasl2 = xmpp_node_is (parent, "authentication", XMPP_NS_SASL2),
    .secure = self->channel.secure,
    .allow_plain = self->request.allow_plain,
    .authority = self->channel.authority,
    .key = self->channel.key,
    .memory = &self->request.memory,
  };
  XmppCredentials credentials;

  xmpp_sasl_get_available (self, available);
  if (!xmpp_mechanism_choose (&offer, choice, error))
    return NULL;
  if (self->request.must_bind && choice->flag != 'p')
    {
      g_set_error_literal (error,
                           XMPP_SASL_ERROR,
                           XMPP_SASL_ERROR_CHANNEL_BINDING,
                           "The token's channel was not the server's, the password would be bound to none");
      return NULL;
    }

  offered = xmpp_scram_offer_new (offer.mechanisms, offer.announced);
  credentials = xmpp_sasl_get_credentials (self, self->request.password, choice->binding);
  credentials.offer = offered;

  return xmpp_mechanism_new (choice, &credentials, error);
}

XmppNode *
xmpp_sasl_exchange (XmppLogin *self,
                    XmppMechanism *mechanism,
                    XmppNode *initiation,
                    const char *ns,
                    GError **error)
{
  xmpp_login_send (self, initiation);

  /* A mechanism knows how many challenges it takes, so this ends. */
  for (;;)
    {
      g_autoptr (XmppNode) node = xmpp_login_read (self, error);

      if (node == NULL)
        return NULL;
      else if (xmpp_node_is (node, "challenge", ns))
        {
          if (!answer_challenge (self, mechanism, node, ns, error))
            return NULL;
        }
      else if (xmpp_node_is (node, "success", ns))
        {
          gboolean proven = xmpp_mechanism_finish (mechanism, get_final_data (node), error);

          return proven ? g_steal_pointer (&node) : NULL;
        }
      else if (xmpp_node_is (node, "continue", XMPP_NS_SASL2) && g_str_equal (ns, XMPP_NS_SASL2))
        {
          if (xmpp_mechanism_finish (mechanism, get_final_data (node), error))
            refuse_tasks (self, error);
          return NULL;
        }
      else if (xmpp_node_is (node, "failure", ns))
        {
          fail_by_failure (node, mechanism, error);
          return NULL;
        }
      else
        {
          xmpp_login_fail_protocol (error, "Something else in the middle of authentication");
          return NULL;
        }
    }
}

void
xmpp_sasl_succeeded (XmppLogin *self,
                     XmppMechanism *mechanism)
{
  XmppLoginMemory *memory = &self->result->memory;

  xmpp_stream_set_authenticated (self->stream);
  if (self->channel.authority != NULL)
    {
      g_set_str (&memory->authority, self->channel.authority);
      g_set_str (&memory->key, self->channel.key);
    }
  g_set_str (&self->result->mechanism, xmpp_mechanism_get_name (mechanism));
  g_set_str (&self->result->channel_binding, xmpp_mechanism_get_binding (mechanism));
}
