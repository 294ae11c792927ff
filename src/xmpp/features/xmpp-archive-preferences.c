/* XEP-0441 Message Archive Management Preferences, version 0.2.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-archive-preferences"

#include "config.h"

#include "xmpp-archive-preferences.h"
#include "xmpp-archive-query.h"
#include "xmpp-builder.h"

#define MAX_JIDS 10000

G_DEFINE_BOXED_TYPE (XmppArchivePreferences,
                     xmpp_archive_preferences,
                     xmpp_archive_preferences_ref,
                     xmpp_archive_preferences_unref)

static const char *const fallback_names[] = {
  [XMPP_ARCHIVE_ALWAYS] = "always",
  [XMPP_ARCHIVE_ROSTER] = "roster",
  [XMPP_ARCHIVE_NEVER] = "never",
};

XmppArchivePreferences *
xmpp_archive_preferences_new (XmppArchiveDefault fallback)
{
  XmppArchivePreferences *self = g_new0 (XmppArchivePreferences, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->fallback = fallback;
  self->always = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_jid_unref);
  self->never = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_jid_unref);

  return self;
}

XmppArchivePreferences *
xmpp_archive_preferences_ref (XmppArchivePreferences *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
xmpp_archive_preferences_unref (XmppArchivePreferences *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->always, g_ptr_array_unref);
  g_clear_pointer (&self->never, g_ptr_array_unref);
  g_free (self);
}

static void
parse_jids (XmppNode *prefs,
            const char *name,
            GPtrArray *jids)
{
  XmppNode *list = xmpp_node_get_child (prefs, name, XMPP_NS_ARCHIVE);

  for (guint i = 0; list != NULL && i < xmpp_node_get_n_children (list) && jids->len < MAX_JIDS; i++)
    {
      XmppNode *item = xmpp_node_get_nth_child (list, i);
      XmppJid *jid =
          xmpp_node_is (item, "jid", XMPP_NS_ARCHIVE) ? xmpp_jid_new (xmpp_node_get_text (item), NULL) : NULL;

      if (jid != NULL)
        g_ptr_array_add (jids, jid);
    }
}

static DexFuture *
parse_cb (DexFuture *future, gpointer user_data)
{
  XmppNode *reply = g_value_get_boxed (dex_future_get_value (future, NULL));
  XmppNode *prefs = xmpp_node_get_child (reply, "prefs", XMPP_NS_ARCHIVE);
  const char *value = prefs != NULL ? xmpp_node_get_attr (prefs, "default") : NULL;

  for (guint i = 0; value != NULL && i < G_N_ELEMENTS (fallback_names); i++)
    {
      XmppArchivePreferences *self;

      if (!g_str_equal (fallback_names[i], value))
        continue;

      self = xmpp_archive_preferences_new (i);
      parse_jids (prefs, "always", self->always);
      parse_jids (prefs, "never", self->never);
      return dex_future_new_take_boxed (XMPP_TYPE_ARCHIVE_PREFERENCES, self);
    }

  return dex_future_new_reject (XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_UNDEFINED_CONDITION, "No preferences");
}

static DexFuture *
default_cb (DexFuture *future, gpointer user_data)
{
  XmppArchivePreferences *preferences = g_value_get_boxed (dex_future_get_value (future, NULL));

  return dex_future_new_for_int (preferences->fallback);
}

static XmppNode *
build_jids (const char *name,
            GPtrArray *jids)
{
  XmppNode *list = xmpp_el (name, XMPP_NS_ARCHIVE);

  for (guint i = 0; i < jids->len; i++)
    {
      g_autoptr (XmppNode) shorter = list;

      list = xmpp_node_with_child (
          shorter, xmpp_el ("jid", XMPP_NS_ARCHIVE, xmpp_text (xmpp_jid_get_string (jids->pdata[i]))));
    }

  return list;
}

DexFuture *
xmpp_archive_preferences_get (XmppSession *session)
{
  g_return_val_if_fail (XMPP_IS_SESSION (session), NULL);

  return dex_future_then (
      xmpp_session_send_iq (session, xmpp_iq_get (NULL, xmpp_el ("prefs", XMPP_NS_ARCHIVE))),
      parse_cb,
      NULL,
      NULL);
}

DexFuture *
xmpp_archive_preferences_set (XmppSession *session,
                              XmppArchivePreferences *preferences)
{
  XmppNode *prefs;

  g_return_val_if_fail (XMPP_IS_SESSION (session), NULL);
  g_return_val_if_fail (preferences != NULL, NULL);

  prefs = xmpp_el ("prefs",
                   XMPP_NS_ARCHIVE,
                   xmpp_attr ("default", fallback_names[preferences->fallback]),
                   build_jids ("always", preferences->always),
                   build_jids ("never", preferences->never));

  return dex_future_then (xmpp_session_send_iq (session, xmpp_iq_set (NULL, prefs)), parse_cb, NULL, NULL);
}

DexFuture *
xmpp_archive_preferences_get_default (XmppSession *session)
{
  g_return_val_if_fail (XMPP_IS_SESSION (session), NULL);

  return dex_future_then (xmpp_archive_preferences_get (session), default_cb, NULL, NULL);
}
