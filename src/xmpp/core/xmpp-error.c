/* Error domains of the protocol layer
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-error"

#include "config.h"

#include "xmpp-error.h"

/* What a peer says is for logs only: no more of it than a line. */
#define MAX_TEXT 200

typedef struct
{
  const char *condition;
  int code;
} Condition;

/* RFC 6120 section 4.9.3. What is not listed needs no behaviour of its own. */
static const Condition stream_conditions[] = {
  { "conflict", XMPP_STREAM_ERROR_CONFLICT },
  { "host-gone", XMPP_STREAM_ERROR_HOST_UNKNOWN },
  { "host-unknown", XMPP_STREAM_ERROR_HOST_UNKNOWN },
  { "not-authorized", XMPP_STREAM_ERROR_NOT_AUTHORIZED },
  { "policy-violation", XMPP_STREAM_ERROR_POLICY_VIOLATION },
  { "reset", XMPP_STREAM_ERROR_RESET },
  { "see-other-host", XMPP_STREAM_ERROR_SEE_OTHER_HOST },
  { "system-shutdown", XMPP_STREAM_ERROR_SYSTEM_SHUTDOWN },
  { "undefined-condition", XMPP_STREAM_ERROR_UNDEFINED },
};

/* RFC 6120 section 8.3.3. */
static const Condition stanza_conditions[] = {
  { "bad-request", XMPP_STANZA_ERROR_BAD_REQUEST },
  { "conflict", XMPP_STANZA_ERROR_CONFLICT },
  { "feature-not-implemented", XMPP_STANZA_ERROR_FEATURE_NOT_IMPLEMENTED },
  { "forbidden", XMPP_STANZA_ERROR_FORBIDDEN },
  { "gone", XMPP_STANZA_ERROR_GONE },
  { "internal-server-error", XMPP_STANZA_ERROR_INTERNAL_SERVER_ERROR },
  { "item-not-found", XMPP_STANZA_ERROR_ITEM_NOT_FOUND },
  { "jid-malformed", XMPP_STANZA_ERROR_JID_MALFORMED },
  { "not-acceptable", XMPP_STANZA_ERROR_NOT_ACCEPTABLE },
  { "not-allowed", XMPP_STANZA_ERROR_NOT_ALLOWED },
  { "not-authorized", XMPP_STANZA_ERROR_NOT_AUTHORIZED },
  { "policy-violation", XMPP_STANZA_ERROR_POLICY_VIOLATION },
  { "recipient-unavailable", XMPP_STANZA_ERROR_RECIPIENT_UNAVAILABLE },
  { "redirect", XMPP_STANZA_ERROR_REDIRECT },
  { "registration-required", XMPP_STANZA_ERROR_REGISTRATION_REQUIRED },
  { "remote-server-not-found", XMPP_STANZA_ERROR_REMOTE_SERVER_NOT_FOUND },
  { "remote-server-timeout", XMPP_STANZA_ERROR_REMOTE_SERVER_TIMEOUT },
  { "resource-constraint", XMPP_STANZA_ERROR_RESOURCE_CONSTRAINT },
  { "service-unavailable", XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE },
  { "subscription-required", XMPP_STANZA_ERROR_SUBSCRIPTION_REQUIRED },
  { "undefined-condition", XMPP_STANZA_ERROR_UNDEFINED_CONDITION },
  { "unexpected-request", XMPP_STANZA_ERROR_UNEXPECTED_REQUEST },
};

typedef struct
{
  char *host;
} XmppStreamErrorPrivate;

static void
xmpp_stream_error_private_init (XmppStreamErrorPrivate *priv)
{
}

static void
xmpp_stream_error_private_copy (const XmppStreamErrorPrivate *src,
                                XmppStreamErrorPrivate *dest)
{
  dest->host = g_strdup (src->host);
}

static void
xmpp_stream_error_private_clear (XmppStreamErrorPrivate *priv)
{
  g_clear_pointer (&priv->host, g_free);
}

G_DEFINE_EXTENDED_ERROR (XmppStreamError, xmpp_stream_error)
G_DEFINE_QUARK (xmpp - stanza - error - quark, xmpp_stanza_error)
G_DEFINE_QUARK (xmpp - sasl - error - quark, xmpp_sasl_error)

static int
find_code (const Condition *conditions,
           gsize n_conditions,
           const char *condition,
           int otherwise)
{
  for (gsize i = 0; condition != NULL && i < n_conditions; i++)
    if (g_str_equal (conditions[i].condition, condition))
      return conditions[i].code;

  return otherwise;
}

/* The child that says what happened: the first in @ns that is not the explanation. */
static XmppNode *
find_condition (XmppNode *error,
                const char *ns)
{
  for (guint i = 0; i < xmpp_node_get_n_children (error); i++)
    {
      XmppNode *child = xmpp_node_get_nth_child (error, i);

      if (g_str_equal (xmpp_node_get_ns (child), ns) && !g_str_equal (xmpp_node_get_name (child), "text"))
        return child;
    }

  return NULL;
}

static char *
describe (XmppNode *error,
          XmppNode *condition,
          const char *ns)
{
  const char *name = condition != NULL ? xmpp_node_get_name (condition) : "no condition";
  const char *text = error != NULL ? xmpp_node_get_child_text (error, "text", ns) : NULL;
  g_autofree char *start = NULL;
  g_autofree char *line = NULL;

  if (text == NULL || *text == '\0')
    return g_strdup (name);

  start = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), MAX_TEXT));
  line = g_strescape (start, NULL);

  return g_strdup_printf ("%s: %s", name, line);
}

GError *
xmpp_error_from_stream_error (XmppNode *stream_error)
{
  XmppNode *condition;
  g_autofree char *message = NULL;
  GError *error;
  int code;

  g_return_val_if_fail (stream_error != NULL, NULL);

  condition = find_condition (stream_error, XMPP_NS_STREAMS);
  code = find_code (stream_conditions,
                    G_N_ELEMENTS (stream_conditions),
                    condition != NULL ? xmpp_node_get_name (condition) : "undefined-condition",
                    XMPP_STREAM_ERROR_REMOTE_OTHER);
  message = describe (stream_error, condition, XMPP_NS_STREAMS);
  error = g_error_new_literal (XMPP_STREAM_ERROR, code, message);
  if (code == XMPP_STREAM_ERROR_SEE_OTHER_HOST && *xmpp_node_get_text (condition) != '\0')
    xmpp_stream_error_get_private (error)->host = g_strdup (xmpp_node_get_text (condition));

  return error;
}

const char *
xmpp_stream_error_get_other_host (const GError *error)
{
  g_return_val_if_fail (error != NULL && error->domain == XMPP_STREAM_ERROR, NULL);

  return xmpp_stream_error_get_private (error)->host;
}

GError *
xmpp_error_from_stanza (XmppNode *stanza)
{
  XmppNode *element = NULL;
  XmppNode *condition = NULL;
  g_autofree char *message = NULL;
  int code;

  g_return_val_if_fail (stanza != NULL, NULL);

  element = xmpp_node_get_child (stanza, "error", xmpp_node_get_ns (stanza));
  if (element != NULL)
    condition = find_condition (element, XMPP_NS_STANZAS);
  code = find_code (stanza_conditions,
                    G_N_ELEMENTS (stanza_conditions),
                    condition != NULL ? xmpp_node_get_name (condition) : NULL,
                    XMPP_STANZA_ERROR_UNDEFINED_CONDITION);
  message = describe (element, condition, XMPP_NS_STANZAS);

  return g_error_new_literal (XMPP_STANZA_ERROR, code, message);
}

const char *
xmpp_stanza_error_to_condition (XmppStanzaError code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (stanza_conditions); i++)
    if (stanza_conditions[i].code == (int) code)
      return stanza_conditions[i].condition;

  return "undefined-condition";
}
