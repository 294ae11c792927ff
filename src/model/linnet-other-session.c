/* A program that is, or may be, signed in with an account
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-other-session"

#include "config.h"

#include "linnet-account-private.h"
#include "linnet-error.h"
#include "linnet-future.h"
#include "linnet-other-session.h"
#include "linnet-spawn.h"
#include "linnet-verb.h"
#include "xmpp-client-access.h"
#include "xmpp-disco.h"
#include "xmpp-presence.h"

/* Programs that do not say what they are within this time stay without a name. */
#define NAME_SECONDS 5

struct _LinnetOtherSession
{
  GObject parent_instance;

  char *name;
  char *device;
  XmppClientAccess *access; /* nullable: it cannot be ended */
  gint64 last_seen;
  guint connected : 1;
  guint current : 1;
};

G_DEFINE_FINAL_TYPE (LinnetOtherSession, linnet_other_session, G_TYPE_OBJECT)

static void
linnet_other_session_finalize (GObject *object)
{
  LinnetOtherSession *self = LINNET_OTHER_SESSION (object);

  g_free (self->name);
  g_free (self->device);
  g_clear_pointer (&self->access, xmpp_client_access_free);

  G_OBJECT_CLASS (linnet_other_session_parent_class)->finalize (object);
}

static void
linnet_other_session_class_init (LinnetOtherSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_other_session_finalize;
}

static void
linnet_other_session_init (LinnetOtherSession *self)
{
}

const char *
linnet_other_session_get_name (LinnetOtherSession *self)
{
  g_return_val_if_fail (LINNET_IS_OTHER_SESSION (self), NULL);

  return self->name;
}

const char *
linnet_other_session_get_device (LinnetOtherSession *self)
{
  g_return_val_if_fail (LINNET_IS_OTHER_SESSION (self), NULL);

  return self->device;
}

gint64
linnet_other_session_get_last_seen (LinnetOtherSession *self)
{
  g_return_val_if_fail (LINNET_IS_OTHER_SESSION (self), 0);

  return self->last_seen;
}

gboolean
linnet_other_session_get_connected (LinnetOtherSession *self)
{
  g_return_val_if_fail (LINNET_IS_OTHER_SESSION (self), FALSE);

  return self->connected;
}

gboolean
linnet_other_session_get_current (LinnetOtherSession *self)
{
  g_return_val_if_fail (LINNET_IS_OTHER_SESSION (self), FALSE);

  return self->current;
}

gboolean
linnet_other_session_get_can_end (LinnetOtherSession *self)
{
  g_return_val_if_fail (LINNET_IS_OTHER_SESSION (self), FALSE);

  return self->access != NULL && !self->current;
}

/* ---- the list ---- */

static int
compare (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const LinnetOtherSession *first = a, *second = b;

  if (first->current != second->current)
    return first->current ? -1 : 1;
  if (first->connected != second->connected)
    return first->connected ? -1 : 1;
  if (first->last_seen != second->last_seen)
    return first->last_seen > second->last_seen ? -1 : 1;

  return g_strcmp0 (first->name, second->name);
}

/* Servers that tell make their ids of what a program says that it is: its id (XEP-0388 section 2.3.1), which
 * is random, behind a word of their own. One that says nothing has its resource instead. */
static gboolean
is_this (LinnetAccount *account, const XmppClientAccess *access)
{
  const char *own = account->row->user_agent_id;
  XmppJid *jid = xmpp_session_get_full_jid (account->session);

  if (own != NULL && g_str_has_suffix (access->id, own))
    return TRUE;

  return jid != NULL && access->connected && g_strcmp0 (access->software, xmpp_jid_get_resource (jid)) == 0;
}

static LinnetOtherSession *
session_from_access (LinnetAccount *account, const XmppClientAccess *access)
{
  LinnetOtherSession *self = g_object_new (LINNET_TYPE_OTHER_SESSION, NULL);

  self->current = is_this (account, access);
  self->name = g_strdup (self->current ? "Linnet" : access->software);
  self->device = g_strdup (access->device);
  self->last_seen = access->last_seen / G_USEC_PER_SEC;
  self->connected = access->connected;
  self->access = xmpp_client_access_copy (access);

  return self;
}

static void
take_name (LinnetOtherSession *self, XmppDisco *disco, XmppJid *jid)
{
  g_autoptr (XmppDiscoInfo) info =
      dex_await_boxed (dex_future_first (xmpp_disco_query_info (disco, jid, NULL),
                                         dex_timeout_new_seconds (NAME_SECONDS),
                                         NULL),
                       NULL);

  for (guint i = 0; info != NULL && i < info->identities->len && self->name == NULL; i++)
    {
      const XmppDiscoIdentity *identity = info->identities->pdata[i];

      if (g_str_equal (identity->category, "client"))
        self->name = g_strdup (identity->name);
    }
}

/* A resource is random most of the time, and no name: the program itself knows a better one. */
static void
replace_resource (LinnetOtherSession *self, LinnetAccount *account)
{
  XmppSession *session = account->session;
  g_autoptr (XmppDisco) disco = g_object_ref (xmpp_session_get_feature (session, XMPP_TYPE_DISCO));
  g_autoptr (GPtrArray) resources =
      xmpp_presence_list (xmpp_session_get_feature (session, XMPP_TYPE_PRESENCE), account->jid);

  for (guint i = 0; i < resources->len; i++)
    {
      const XmppPresenceInfo *info = resources->pdata[i];
      g_autofree char *resource = NULL;

      if (self->name == NULL || g_strcmp0 (xmpp_jid_get_resource (info->jid), self->name) != 0)
        continue;
      resource = g_steal_pointer (&self->name);
      take_name (self, disco, info->jid);
      if (self->name == NULL)
        self->name = g_steal_pointer (&resource);
      return;
    }
}

/* Who has sent presence: all that is known where the server does not tell more. */
static void
add_online (LinnetAccount *account, GListStore *list)
{
  XmppSession *session = account->session;
  g_autoptr (XmppDisco) disco = g_object_ref (xmpp_session_get_feature (session, XMPP_TYPE_DISCO));
  g_autoptr (XmppJid) own =
      xmpp_session_get_full_jid (session) != NULL ? xmpp_jid_ref (xmpp_session_get_full_jid (session)) : NULL;
  g_autoptr (GPtrArray) resources =
      xmpp_presence_list (xmpp_session_get_feature (session, XMPP_TYPE_PRESENCE), account->jid);
  g_autoptr (LinnetOtherSession) this = g_object_new (LINNET_TYPE_OTHER_SESSION, NULL);

  this->name = g_strdup ("Linnet");
  this->connected = TRUE;
  this->current = TRUE;
  g_list_store_append (list, this);

  for (guint i = 0; i < resources->len; i++)
    {
      const XmppPresenceInfo *info = resources->pdata[i];
      g_autoptr (LinnetOtherSession) other = NULL;

      if (xmpp_jid_equal (info->jid, own))
        continue;
      other = g_object_new (LINNET_TYPE_OTHER_SESSION, NULL);
      other->connected = TRUE;
      other->last_seen = info->since / G_USEC_PER_SEC;
      take_name (other, disco, info->jid);
      g_list_store_insert_sorted (list, other, compare, NULL);
    }
}

static DexFuture *
linnet_account_sessions_fiber (gpointer data)
{
  LinnetAccount *account = data;
  g_autoptr (GListStore) list = g_list_store_new (LINNET_TYPE_OTHER_SESSION);
  g_autoptr (GPtrArray) clients = NULL;
  g_autoptr (GError) error = NULL;

  if (account->closed || !xmpp_session_is_online (account->session))
    return linnet_verb_offline ();

  clients = dex_await_boxed (xmpp_client_access_list (account->session), &error);
  if (account->closed)
    return linnet_verb_offline ();
  if (g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_DISCONNECTED) ||
      g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_TIMED_OUT))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (clients == NULL)
    add_online (account, list);
  for (guint i = 0; clients != NULL && i < clients->len; i++)
    {
      g_autoptr (LinnetOtherSession) session = session_from_access (account, clients->pdata[i]);

      if (session->connected && !session->current && !account->closed)
        replace_resource (session, account);
      g_list_store_insert_sorted (list, session, compare, NULL);
    }

  return dex_future_new_take_object (g_steal_pointer (&list));
}

DexFuture *
linnet_account_load_sessions (LinnetAccount *account)
{
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (account));

  return linnet_verb (linnet_spawn (
      "load-sessions", linnet_account_sessions_fiber, g_object_ref (account), g_object_unref));
}

/* ---- the end of one ---- */

static DexFuture *
explain_cb (DexFuture *future, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  dex_future_get_value (future, &error);
  if (g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE))
    return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_PASSWORD_KNOWN, "It can sign in again");
  if (g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_ITEM_NOT_FOUND))
    return dex_future_new_true (); /* it is gone already */

  return dex_ref (future);
}

DexFuture *
linnet_account_end_session (LinnetAccount *account, LinnetOtherSession *session)
{
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (account));
  linnet_return_error_if_fail (linnet_other_session_get_can_end (session));

  if (account->closed)
    return linnet_verb_offline ();

  return linnet_verb (dex_future_catch (
      xmpp_client_access_revoke (account->session, session->access), explain_cb, NULL, NULL));
}
