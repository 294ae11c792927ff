/* XEP-0401 Ad-hoc Account Invitation Generation, version 0.6.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-invites"

#include "config.h"

#include <string.h>

#include "linnet-spawn.h"
#include "linnet-time.h"
#include "xmpp-adhoc.h"
#include "xmpp-invites.h"
#include "xmpp-uri.h"

#define NODE_CONTACT "urn:xmpp:invite#invite"
#define NODE_ACCOUNT "urn:xmpp:invite#create-account"

#define MAX_PAGE 2048
#define MAX_STAGES 4
#define TEN_YEARS (G_TIME_SPAN_DAY * 3653)

G_DEFINE_BOXED_TYPE (XmppInvite, xmpp_invite, xmpp_invite_copy, xmpp_invite_free)

static XmppJid *
dup_server (XmppSession *session)
{
  XmppJid *own = xmpp_session_get_bare_jid (session);

  return xmpp_jid_new_from_parts (NULL, xmpp_jid_get_domain (own), NULL, NULL);
}

/* ---- what there is ---- */

static DexFuture *
listed_cb (DexFuture *future,
           gpointer user_data)
{
  const GValue *value = dex_future_get_value (future, NULL);
  const char *const *nodes = g_value_get_boxed (value);
  guint kinds = 0;

  if (g_strv_contains (nodes, NODE_CONTACT))
    kinds |= XMPP_INVITE_CONTACT;
  if (g_strv_contains (nodes, NODE_ACCOUNT))
    kinds |= XMPP_INVITE_ACCOUNT;

  return dex_future_new_for_uint (kinds);
}

/* A server that has no commands says so in many ways. */
static DexFuture *
not_listed_cb (DexFuture *future,
               gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  dex_future_get_value (future, &error);
  if (g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_DISCONNECTED) ||
      g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_TIMED_OUT))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_for_uint (0);
}

DexFuture *
xmpp_invites_discover (XmppSession *session)
{
  g_autoptr (XmppJid) server = dup_server (session);

  return dex_future_catch (
      dex_future_then (xmpp_adhoc_list (session, server), listed_cb, NULL, NULL), not_listed_cb, NULL, NULL);
}

/* ---- making one ---- */

typedef struct
{
  XmppSession *session;
  XmppInviteKind kind;
} Making;

static void
making_free (gpointer data)
{
  Making *making = data;

  g_object_unref (making->session);
  g_free (making);
}

static DexFuture *
refuse (const char *why)
{
  return dex_future_new_reject (XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_UNDEFINED_CONDITION, "%s", why);
}

/* Whoever gets the link trusts us that it leads to us. */
static gboolean
is_about_us (const Making *making,
             XmppUri *uri)
{
  XmppJid *own = xmpp_session_get_bare_jid (making->session);
  XmppJid *jid = xmpp_uri_get_jid (uri);
  const char *action = xmpp_uri_get_action (uri);

  if (making->kind == XMPP_INVITE_CONTACT)
    return g_strcmp0 (action, "roster") == 0 && xmpp_jid_equal (jid, own);

  return g_strcmp0 (action, "register") == 0 &&
         g_str_equal (xmpp_jid_get_domain (jid), xmpp_jid_get_domain (own));
}

static gboolean
is_page (const char *text)
{
  g_autoptr (GUri) uri = NULL;

  if (text == NULL || strlen (text) > MAX_PAGE || g_ascii_strncasecmp (text, "https://", 8) != 0)
    return FALSE;
  uri = g_uri_parse (text, G_URI_FLAGS_ENCODED, NULL);

  return uri != NULL && g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0' &&
         g_uri_get_userinfo (uri) == NULL;
}

static DexFuture *
take_result (const Making *making,
             XmppDataForm *form)
{
  const char *text = form != NULL ? xmpp_data_form_get_value (form, "uri") : NULL;
  const char *page = form != NULL ? xmpp_data_form_get_value (form, "landing-url") : NULL;
  const char *expire = form != NULL ? xmpp_data_form_get_value (form, "expire") : NULL;
  g_autoptr (XmppUri) uri = text != NULL ? xmpp_uri_parse (text, NULL) : NULL;
  XmppInvite *invite;

  if (uri == NULL || !is_about_us (making, uri))
    return refuse ("No invitation of ours");

  invite = g_new0 (XmppInvite, 1);
  invite->uri = xmpp_uri_to_string (uri);
  invite->page = is_page (page) ? g_strdup (page) : NULL;
  if (expire != NULL)
    linnet_time_parse (expire, g_get_real_time () + TEN_YEARS, &invite->expires);

  return dex_future_new_take_boxed (XMPP_TYPE_INVITE, invite);
}

/* Section 4.4: the name is the guest's to choose. */
static gboolean
fill_in (XmppDataForm *form)
{
  XmppDataField *username = xmpp_data_form_get_field (form, "username");

  xmpp_data_form_set_value (form, "roster-subscription", "1");

  return username == NULL || !username->required;
}

static DexFuture *
create_fiber (gpointer data)
{
  Making *making = data;
  const char *node = making->kind == XMPP_INVITE_CONTACT ? NODE_CONTACT : NODE_ACCOUNT;
  g_autoptr (XmppJid) server = dup_server (making->session);
  g_autoptr (XmppAdhocStage) stage = NULL;
  g_autoptr (GError) error = NULL;

  stage = dex_await_boxed (xmpp_adhoc_execute (making->session, server, node), &error);
  for (guint i = 0; i < MAX_STAGES && stage != NULL && stage->status == XMPP_ADHOC_EXECUTING; i++)
    {
      g_autoptr (XmppAdhocStage) last = g_steal_pointer (&stage);

      if (last->form == NULL || last->execute == XMPP_ADHOC_CANCEL || !fill_in (last->form))
        {
          dex_future_disown (xmpp_adhoc_go_on (making->session, last, XMPP_ADHOC_CANCEL));
          return refuse ("The server asks for more than is known");
        }
      stage = dex_await_boxed (xmpp_adhoc_go_on (making->session, last, last->execute), &error);
    }

  if (stage == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (stage->status != XMPP_ADHOC_COMPLETED || stage->failed)
    return refuse ("The command failed");

  return take_result (making, stage->form);
}

DexFuture *
xmpp_invites_create (XmppSession *session,
                     XmppInviteKind kind)
{
  Making *making;

  g_return_val_if_fail (XMPP_IS_SESSION (session), NULL);

  making = g_new0 (Making, 1);
  making->session = g_object_ref (session);
  making->kind = kind;

  return linnet_spawn ("create-invite", create_fiber, making, making_free);
}

XmppInvite *
xmpp_invite_copy (const XmppInvite *self)
{
  XmppInvite *copy = g_new0 (XmppInvite, 1);

  copy->uri = g_strdup (self->uri);
  copy->page = g_strdup (self->page);
  copy->expires = self->expires;

  return copy;
}

void
xmpp_invite_free (XmppInvite *self)
{
  g_free (self->uri);
  g_free (self->page);
  g_free (self);
}
