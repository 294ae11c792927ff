/* Binding a resource by RFC 6120 section 7, resuming and enabling stream management by XEP-0198, version
 * 1.6.3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-bind"

#include "config.h"

#include "xmpp-builder.h"
#include "xmpp-error.h"
#include "xmpp-login-private.h"
#include "xmpp-stream-management.h"

/* Nobody knows the new address yet, so hardly a stanza can come before <enabled/>. */
#define MAX_EARLY 64
/* The one request under way, and nobody but the server can answer it. */
#define BIND_ID "bind"

static gboolean
is_stanza (XmppNode *node)
{
  return xmpp_node_is (node, "message", XMPP_NS_CLIENT) || xmpp_node_is (node, "presence", XMPP_NS_CLIENT) ||
         xmpp_node_is (node, "iq", XMPP_NS_CLIENT);
}

gboolean
xmpp_login_wants_resumption (XmppLogin *self)
{
  return self->request.sm_id != NULL && !self->resumption_failed;
}

gboolean
xmpp_login_take_resumption (XmppLogin *self,
                            XmppNode *answer,
                            GError **error)
{
  XmppLoginResult *result = self->result;

  if (xmpp_node_is (answer, "failed", XMPP_NS_SM))
    {
      self->resumption_failed = TRUE;
      result->sm_h_known = xmpp_sm_get_h (answer, &result->sm_h);
      return TRUE;
    }

  if (!xmpp_node_is (answer, "resumed", XMPP_NS_SM) ||
      g_strcmp0 (xmpp_node_get_attr (answer, "previd"), self->request.sm_id) != 0 ||
      !xmpp_sm_get_h (answer, &result->sm_h))
    return xmpp_login_fail_protocol (error, "An answer to <resume/> that makes no sense");

  result->resumed = TRUE;
  result->sm_enabled = TRUE;
  result->sm_resumable = TRUE;
  result->sm_h_known = TRUE;
  g_set_str (&result->sm_id, self->request.sm_id);
  if (result->full_jid == NULL)
    result->full_jid = xmpp_jid_ref (self->request.jid);

  return TRUE;
}

void
xmpp_login_take_enabled (XmppLogin *self,
                         XmppNode *answer)
{
  XmppLoginResult *result = self->result;
  gboolean resume = FALSE;
  guint64 max;

  if (answer == NULL || !xmpp_node_is (answer, "enabled", XMPP_NS_SM))
    return;

  result->sm_enabled = TRUE;
  if (!xmpp_node_get_attr_bool (answer, "resume", &resume) || !resume)
    return;
  result->sm_id = g_strdup (xmpp_node_get_attr (answer, "id"));
  result->sm_resumable = result->sm_id != NULL && *result->sm_id != '\0';
  if (!result->sm_resumable)
    g_clear_pointer (&result->sm_id, g_free);
  result->sm_location = g_strdup (xmpp_node_get_attr (answer, "location"));
  if (xmpp_node_get_attr_uint (answer, "max", G_MAXUINT, &max))
    result->sm_max = (guint) max;
}

gboolean
xmpp_login_resume (XmppLogin *self,
                   GError **error)
{
  g_autoptr (XmppNode) answer = NULL;

  if (!xmpp_login_wants_resumption (self) || xmpp_node_get_child (self->features, "sm", XMPP_NS_SM) == NULL)
    return TRUE;

  xmpp_login_send (self, xmpp_sm_resume (self->request.sm_id, self->request.sm_h));
  answer = xmpp_login_read (self, error);

  return answer != NULL && xmpp_login_take_resumption (self, answer, error);
}

static gboolean
take_bound (XmppLogin *self,
            XmppNode *answer,
            GError **error)
{
  XmppNode *jid = xmpp_node_find (answer, "bind", XMPP_NS_BIND, "jid", XMPP_NS_BIND, NULL);
  const char *type = xmpp_node_get_attr (answer, "type");

  if (!xmpp_node_is (answer, "iq", XMPP_NS_CLIENT) ||
      g_strcmp0 (xmpp_node_get_attr (answer, "id"), BIND_ID) != 0)
    return xmpp_login_fail_protocol (error, "Something else instead of an answer to <bind/>");
  if (g_strcmp0 (type, "error") == 0)
    {
      g_propagate_error (error, xmpp_error_from_stanza (answer));
      return FALSE;
    }

  if (g_strcmp0 (type, "result") == 0 && jid != NULL)
    self->result->full_jid = xmpp_login_parse_full_jid (self, xmpp_node_get_text (jid));
  if (self->result->full_jid == NULL)
    return xmpp_login_fail_protocol (error, "The server bound another account's address, or none");

  return TRUE;
}

static gboolean
enable_stream_management (XmppLogin *self,
                          GError **error)
{
  if (xmpp_node_get_child (self->features, "sm", XMPP_NS_SM) == NULL)
    return TRUE;

  xmpp_login_send (self, xmpp_sm_enable ());
  for (;;)
    {
      g_autoptr (XmppNode) answer = xmpp_login_read (self, error);

      if (answer == NULL)
        return FALSE;
      if (xmpp_node_is (answer, "enabled", XMPP_NS_SM) || xmpp_node_is (answer, "failed", XMPP_NS_SM))
        {
          xmpp_login_take_enabled (self, answer);
          return TRUE;
        }
      if (!is_stanza (answer) || (self->result->early != NULL && self->result->early->len == MAX_EARLY))
        return xmpp_login_fail_protocol (error, "Something else instead of an answer to <enable/>");
      if (self->result->early == NULL)
        self->result->early = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_node_unref);
      g_ptr_array_add (self->result->early, g_steal_pointer (&answer));
    }
}

gboolean
xmpp_login_bind (XmppLogin *self,
                 GError **error)
{
  const char *resource = xmpp_jid_get_resource (self->request.jid);
  XmppNode *bind;
  g_autoptr (XmppNode) request = NULL;
  g_autoptr (XmppNode) answer = NULL;

  if (xmpp_node_get_child (self->features, "bind", XMPP_NS_BIND) == NULL)
    return xmpp_login_fail_protocol (error, "The server offers no resource binding");

  bind = resource != NULL
             ? xmpp_el ("bind", XMPP_NS_BIND, xmpp_el ("resource", XMPP_NS_BIND, xmpp_text (resource)))
             : xmpp_el ("bind", XMPP_NS_BIND);
  request = xmpp_iq_set (NULL, bind);
  xmpp_login_send (self, xmpp_node_with_attr (request, "id", BIND_ID));
  answer = xmpp_login_read (self, error);

  return answer != NULL && take_bound (self, answer, error) && enable_stream_management (self, error);
}
