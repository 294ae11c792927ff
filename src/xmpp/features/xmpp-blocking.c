/* XEP-0191 Blocking Command, version 1.3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-blocking"

#include "config.h"

#include "xmpp-blocking.h"
#include "xmpp-builder.h"

#define NS_BLOCKING "urn:xmpp:blocking"
#define MAX_ITEMS 20000

struct _XmppBlocking
{
  XmppFeature parent_instance;

  GHashTable *blocked; /* of XmppJid, a set */
  guint supported : 1;
};

enum
{
  LOADED,
  CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (XmppBlocking, xmpp_blocking, XMPP_TYPE_FEATURE)

static guint signals[N_SIGNALS];

static GPtrArray *
parse_items (XmppNode *parent)
{
  GPtrArray *jids = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_jid_unref);

  for (guint i = 0; i < xmpp_node_get_n_children (parent) && jids->len < MAX_ITEMS; i++)
    {
      XmppNode *item = xmpp_node_get_nth_child (parent, i);
      const char *address =
          xmpp_node_is (item, "item", NS_BLOCKING) ? xmpp_node_get_attr (item, "jid") : NULL;
      XmppJid *jid = address != NULL ? xmpp_jid_new (address, NULL) : NULL;

      if (jid != NULL)
        g_ptr_array_add (jids, jid);
    }

  return jids;
}

static void
take_blocked (XmppBlocking *self,
              XmppJid *jid,
              gboolean blocked)
{
  gboolean changed;

  if (!blocked)
    changed = g_hash_table_remove (self->blocked, jid);
  else
    changed =
        g_hash_table_size (self->blocked) < MAX_ITEMS && g_hash_table_add (self->blocked, xmpp_jid_ref (jid));

  if (changed)
    g_signal_emit (self, signals[CHANGED], 0, jid, blocked);
}

static void
xmpp_blocking_fetched (XmppFeature *feature,
                       XmppNode *reply,
                       const GError *error)
{
  XmppBlocking *self = XMPP_BLOCKING (feature);
  XmppNode *list = reply != NULL ? xmpp_node_get_child (reply, "blocklist", NS_BLOCKING) : NULL;

  self->supported = list != NULL;
  g_hash_table_remove_all (self->blocked);
  if (list != NULL)
    {
      g_autoptr (GPtrArray) jids = parse_items (list);

      for (guint i = 0; i < jids->len; i++)
        g_hash_table_add (self->blocked, xmpp_jid_ref (jids->pdata[i]));
    }
  g_signal_emit (self, signals[LOADED], 0);
}

/* Asking is also what subscribes to the pushes (section 3.3). A server that does not know it says so. */
static DexFuture *
xmpp_blocking_online (XmppFeature *feature)
{
  return xmpp_session_send_iq_hooked (xmpp_feature_get_session (feature),
                                      xmpp_iq_get (NULL, xmpp_el ("blocklist", NS_BLOCKING)),
                                      feature,
                                      xmpp_blocking_fetched);
}

static XmppNode *
xmpp_blocking_push (XmppFeature *feature,
                    XmppNode *iq,
                    XmppJid *from,
                    XmppNode *payload)
{
  XmppBlocking *self = XMPP_BLOCKING (feature);
  gboolean block = xmpp_node_is (payload, "block", NS_BLOCKING);
  g_autoptr (GPtrArray) jids = NULL;

  /* From the own account, or no push at all, like those of the roster (security.md I2). */
  if (from != NULL && !xmpp_jid_equal (from, xmpp_session_get_bare_jid (xmpp_feature_get_session (feature))))
    return NULL;
  if (!block && !xmpp_node_is (payload, "unblock", NS_BLOCKING))
    return NULL;

  jids = parse_items (payload);
  for (guint i = 0; i < jids->len; i++)
    take_blocked (self, jids->pdata[i], block);

  /* An <unblock/> without items is for everybody (section 3.5). */
  if (!block && xmpp_node_get_n_children (payload) == 0)
    {
      g_hash_table_remove_all (self->blocked);
      g_signal_emit (self, signals[LOADED], 0);
    }

  return xmpp_iq_result (iq, NULL);
}

static void
xmpp_blocking_offline (XmppFeature *feature)
{
  XMPP_BLOCKING (feature)->supported = FALSE;
}

static void
xmpp_blocking_finalize (GObject *object)
{
  g_clear_pointer (&XMPP_BLOCKING (object)->blocked, g_hash_table_unref);

  G_OBJECT_CLASS (xmpp_blocking_parent_class)->finalize (object);
}

static void
xmpp_blocking_class_init (XmppBlockingClass *klass)
{
  XmppFeatureClass *feature_class = XMPP_FEATURE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xmpp_blocking_finalize;
  feature_class->online = xmpp_blocking_online;
  feature_class->offline = xmpp_blocking_offline;
  xmpp_feature_class_add_iq_handler (feature_class, "set", NS_BLOCKING, xmpp_blocking_push);

  signals[LOADED] =
      g_signal_new ("loaded", XMPP_TYPE_BLOCKING, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CHANGED] = g_signal_new ("changed",
                                   XMPP_TYPE_BLOCKING,
                                   G_SIGNAL_RUN_LAST,
                                   0,
                                   NULL,
                                   NULL,
                                   NULL,
                                   G_TYPE_NONE,
                                   2,
                                   XMPP_TYPE_JID,
                                   G_TYPE_BOOLEAN);
}

static gboolean
jid_equal (gconstpointer a,
           gconstpointer b)
{
  return xmpp_jid_equal ((XmppJid *) a, (XmppJid *) b);
}

static void
xmpp_blocking_init (XmppBlocking *self)
{
  self->blocked = g_hash_table_new_full (xmpp_jid_hash, jid_equal, (GDestroyNotify) xmpp_jid_unref, NULL);
}

gboolean
xmpp_blocking_get_supported (XmppBlocking *self)
{
  g_return_val_if_fail (XMPP_IS_BLOCKING (self), FALSE);

  return self->supported;
}

GPtrArray *
xmpp_blocking_list (XmppBlocking *self)
{
  GPtrArray *jids = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_jid_unref);
  GHashTableIter iter;
  gpointer jid;

  g_return_val_if_fail (XMPP_IS_BLOCKING (self), jids);

  g_hash_table_iter_init (&iter, self->blocked);
  while (g_hash_table_iter_next (&iter, &jid, NULL))
    g_ptr_array_add (jids, xmpp_jid_ref (jid));

  return jids;
}

static DexFuture *
true_cb (DexFuture *future,
         gpointer user_data)
{
  return dex_future_new_true ();
}

/* What is blocked changes by the push, which every device gets alike. */
static DexFuture *
send_command (XmppBlocking *self,
              const char *name,
              XmppJid *jid,
              XmppNode *report)
{
  XmppNode *item = xmpp_el ("item", NS_BLOCKING, xmpp_attr ("jid", xmpp_jid_get_string (jid)), report);

  return dex_future_then (xmpp_session_send_iq (xmpp_feature_get_session (XMPP_FEATURE (self)),
                                                xmpp_iq_set (NULL, xmpp_el (name, NS_BLOCKING, item))),
                          true_cb,
                          NULL,
                          NULL);
}

DexFuture *
xmpp_blocking_block (XmppBlocking *self,
                     XmppJid *jid)
{
  g_return_val_if_fail (XMPP_IS_BLOCKING (self), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  return send_command (self, "block", jid, NULL);
}

DexFuture *
xmpp_blocking_block_with (XmppBlocking *self,
                          XmppJid *jid,
                          XmppNode *report)
{
  g_return_val_if_fail (XMPP_IS_BLOCKING (self), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  return send_command (self, "block", jid, report);
}

DexFuture *
xmpp_blocking_unblock (XmppBlocking *self,
                       XmppJid *jid)
{
  g_return_val_if_fail (XMPP_IS_BLOCKING (self), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  return send_command (self, "unblock", jid, NULL);
}
