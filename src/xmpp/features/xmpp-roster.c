/* The contact list, RFC 6121 section 2
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-roster"

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "xmpp-builder.h"
#include "xmpp-roster.h"

#define NS_ROSTER "jabber:iq:roster"
#define NS_VERSIONING "urn:xmpp:features:rosterver"

/* More than any person has; a server that sends more is not believed further. */
#define MAX_ITEMS 20000
#define MAX_GROUPS 64

struct _XmppRoster
{
  XmppFeature parent_instance;

  GHashTable *items; /* bare address to XmppRosterItem */
  char *version;     /* nullable */
};

enum
{
  CHANGED,
  LOADED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (XmppRoster, xmpp_roster, XMPP_TYPE_FEATURE)
G_DEFINE_BOXED_TYPE (XmppRosterItem, xmpp_roster_item, xmpp_roster_item_ref, xmpp_roster_item_unref)

static guint signals[N_SIGNALS];

/* ---- items ---- */

static int
compare_groups (const void *a,
                const void *b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char **
sorted_groups (const char *const *groups)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  GStrvBuilder *builder = g_strv_builder_new ();

  for (guint i = 0; groups != NULL && groups[i] != NULL; i++)
    g_ptr_array_add (sorted, (gpointer) groups[i]);
  if (sorted->len > 1)
    qsort (sorted->pdata, sorted->len, sizeof (gpointer), compare_groups);

  for (guint i = 0; i < sorted->len; i++)
    {
      if (i == 0 || !g_str_equal (sorted->pdata[i], sorted->pdata[i - 1]))
        g_strv_builder_add (builder, sorted->pdata[i]);
    }

  return g_strv_builder_unref_to_strv (builder);
}

XmppRosterItem *
xmpp_roster_item_new (XmppJid *jid,
                      const char *name,
                      const char *const *groups,
                      XmppSubscriptionState subscription)
{
  XmppRosterItem *self;

  g_return_val_if_fail (jid != NULL, NULL);

  self = g_atomic_rc_box_new0 (XmppRosterItem);
  self->jid = xmpp_jid_to_bare (jid);
  self->name = g_strdup (name);
  self->groups = sorted_groups (groups);
  self->subscription = subscription;

  return self;
}

XmppRosterItem *
xmpp_roster_item_ref (XmppRosterItem *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
item_clear (XmppRosterItem *self)
{
  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->groups, g_strfreev);
}

void
xmpp_roster_item_unref (XmppRosterItem *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) item_clear);
}

static char **
parse_groups (XmppNode *node)
{
  GStrvBuilder *builder = g_strv_builder_new ();
  guint n_groups = 0;

  for (guint i = 0; i < xmpp_node_get_n_children (node) && n_groups < MAX_GROUPS; i++)
    {
      XmppNode *child = xmpp_node_get_nth_child (node, i);
      char *group =
          xmpp_node_is (child, "group", NS_ROSTER) ? xmpp_text_clean_name (xmpp_node_get_text (child)) : NULL;

      if (group != NULL)
        {
          g_strv_builder_take (builder, group);
          n_groups++;
        }
    }

  return g_strv_builder_unref_to_strv (builder);
}

/* NULL when it is none, or about nobody. */
static XmppRosterItem *
parse_item (XmppNode *node)
{
  static const char *const states[] = {
    [XMPP_SUBSCRIPTION_NONE] = "none",
    [XMPP_SUBSCRIPTION_TO] = "to",
    [XMPP_SUBSCRIPTION_FROM] = "from",
    [XMPP_SUBSCRIPTION_BOTH] = "both",
  };
  g_autofree char *name = xmpp_text_clean_name (xmpp_node_get_attr (node, "name"));
  const char *address = xmpp_node_get_attr (node, "jid");
  const char *subscription = xmpp_node_get_attr (node, "subscription");
  g_autoptr (XmppJid) jid = address != NULL ? xmpp_jid_new (address, NULL) : NULL;
  g_auto (GStrv) groups = NULL;
  XmppRosterItem *item;
  gboolean approved = FALSE;

  if (jid == NULL || !xmpp_node_is (node, "item", NS_ROSTER))
    return NULL;

  groups = parse_groups (node);
  item = xmpp_roster_item_new (jid, name, (const char *const *) groups, XMPP_SUBSCRIPTION_NONE);
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      if (g_strcmp0 (subscription, states[i]) == 0)
        item->subscription = (XmppSubscriptionState) i;
    }
  item->ask = g_strcmp0 (xmpp_node_get_attr (node, "ask"), "subscribe") == 0;
  item->approved = xmpp_node_get_attr_bool (node, "approved", &approved) && approved;
  item->removed = g_strcmp0 (subscription, "remove") == 0;

  return item;
}

/* ---- what the server says ---- */

static void
take_item (XmppRoster *self,
           XmppRosterItem *item)
{
  const char *key = xmpp_jid_get_string (item->jid);

  if (item->removed)
    g_hash_table_remove (self->items, key);
  else if (g_hash_table_size (self->items) < MAX_ITEMS || g_hash_table_contains (self->items, key))
    g_hash_table_replace (self->items, (gpointer) key, xmpp_roster_item_ref (item));
}

static void
push_inbox (XmppRoster *self,
            GPtrArray *items,
            gboolean full)
{
  XmppInboxItem *inbox_item = xmpp_inbox_item_new (XMPP_INBOX_ROSTER);

  inbox_item->roster = g_ptr_array_ref (items);
  inbox_item->roster_version = g_strdup (self->version);
  inbox_item->roster_full = full;
  xmpp_session_push_inbox (xmpp_feature_get_session (XMPP_FEATURE (self)), inbox_item);
}

static void
take_version (XmppRoster *self,
              XmppNode *query)
{
  g_free (self->version);
  self->version = g_strdup (xmpp_node_get_attr (query, "ver"));
}

static XmppNode *
xmpp_roster_push (XmppFeature *feature,
                  XmppNode *iq,
                  XmppJid *from,
                  XmppNode *payload)
{
  XmppRoster *self = XMPP_ROSTER (feature);
  g_autoptr (GPtrArray) items = NULL;
  XmppRosterItem *item;

  /* Section 2.1.6: from the own account, or no push at all (security.md I2). */
  if (from != NULL && !xmpp_jid_equal (from, xmpp_session_get_bare_jid (xmpp_feature_get_session (feature))))
    return NULL;
  if (!xmpp_node_is (payload, "query", NS_ROSTER))
    return NULL;

  item = xmpp_node_get_n_children (payload) == 1 ? parse_item (xmpp_node_get_first_child (payload)) : NULL;
  if (item == NULL)
    return xmpp_iq_error (iq, "modify", "bad-request");

  items = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_roster_item_unref);
  g_ptr_array_add (items, item);
  take_version (self, payload);
  take_item (self, item);
  push_inbox (self, items, FALSE);
  g_signal_emit (self, signals[CHANGED], 0, item);

  return xmpp_iq_result (iq, NULL);
}

static void
xmpp_roster_fetched (XmppFeature *feature,
                     XmppNode *reply,
                     const GError *error)
{
  XmppRoster *self = XMPP_ROSTER (feature);
  XmppNode *query = reply != NULL ? xmpp_node_get_child (reply, "query", NS_ROSTER) : NULL;
  g_autoptr (GPtrArray) items = NULL;

  if (error != NULL)
    {
      g_debug ("No roster: %s", error->message);
      return;
    }

  /* Section 2.6.3: an empty answer says that what we have is right, changes follow as pushes. */
  if (query != NULL)
    {
      items = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_roster_item_unref);
      g_hash_table_remove_all (self->items);
      take_version (self, query);
      for (guint i = 0; i < xmpp_node_get_n_children (query) && i < MAX_ITEMS; i++)
        {
          XmppRosterItem *item = parse_item (xmpp_node_get_nth_child (query, i));

          if (item == NULL)
            continue;
          g_ptr_array_add (items, item);
          take_item (self, item);
        }
      push_inbox (self, items, TRUE);
    }
  g_signal_emit (self, signals[LOADED], 0);
}

static DexFuture *
xmpp_roster_online (XmppFeature *feature)
{
  XmppRoster *self = XMPP_ROSTER (feature);
  XmppSession *session = xmpp_feature_get_session (feature);
  XmppNode *features = xmpp_session_get_stream_features (session);
  const char *version = NULL;

  /* Section 2.6.1: only a server that announces it may be asked for changes since a version; "" for none yet.
   */
  if (features != NULL && xmpp_node_get_child (features, "ver", NS_VERSIONING) != NULL)
    version = self->version != NULL ? self->version : "";

  return xmpp_session_send_iq_hooked (session,
                                      xmpp_iq_get (NULL,
                                                   xmpp_el ("query", NS_ROSTER, xmpp_attr ("ver", version))),
                                      feature,
                                      xmpp_roster_fetched);
}

static gboolean
xmpp_roster_sees (XmppFeature *feature,
                  XmppJid *jid)
{
  return xmpp_roster_is_seen (XMPP_ROSTER (feature), jid);
}

static void
xmpp_roster_finalize (GObject *object)
{
  XmppRoster *self = XMPP_ROSTER (object);

  g_clear_pointer (&self->items, g_hash_table_unref);
  g_clear_pointer (&self->version, g_free);

  G_OBJECT_CLASS (xmpp_roster_parent_class)->finalize (object);
}

static void
xmpp_roster_class_init (XmppRosterClass *klass)
{
  XmppFeatureClass *feature_class = XMPP_FEATURE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xmpp_roster_finalize;
  feature_class->online = xmpp_roster_online;
  feature_class->sees = xmpp_roster_sees;
  xmpp_feature_class_add_iq_handler (feature_class, "set", NS_ROSTER, xmpp_roster_push);

  signals[CHANGED] = g_signal_new ("changed",
                                   XMPP_TYPE_ROSTER,
                                   G_SIGNAL_RUN_LAST,
                                   0,
                                   NULL,
                                   NULL,
                                   NULL,
                                   G_TYPE_NONE,
                                   1,
                                   XMPP_TYPE_ROSTER_ITEM);
  signals[LOADED] =
      g_signal_new ("loaded", XMPP_TYPE_ROSTER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xmpp_roster_init (XmppRoster *self)
{
  self->items =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) xmpp_roster_item_unref);
}

void
xmpp_roster_set_cached (XmppRoster *self,
                        GPtrArray *items,
                        const char *version)
{
  g_return_if_fail (XMPP_IS_ROSTER (self));
  g_return_if_fail (items != NULL);

  g_hash_table_remove_all (self->items);
  for (guint i = 0; i < items->len; i++)
    take_item (self, items->pdata[i]);
  g_free (self->version);
  self->version = g_strdup (version);
}

XmppRosterItem *
xmpp_roster_lookup (XmppRoster *self,
                    XmppJid *jid)
{
  g_return_val_if_fail (XMPP_IS_ROSTER (self), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  return g_hash_table_lookup (self->items, xmpp_jid_get_bare_string (jid));
}

static DexFuture *
true_cb (DexFuture *future,
         gpointer user_data)
{
  return dex_future_new_true ();
}

DexFuture *
xmpp_roster_set (XmppRoster *self,
                 XmppJid *jid,
                 const char *name,
                 const char *const *groups)
{
  g_autoptr (XmppNode) item = NULL;

  g_return_val_if_fail (XMPP_IS_ROSTER (self), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  item = xmpp_el ("item",
                  NS_ROSTER,
                  xmpp_attr ("jid", xmpp_jid_get_bare_string (jid)),
                  name != NULL && *name != '\0' ? xmpp_attr ("name", name) : NULL);
  for (guint i = 0; groups != NULL && groups[i] != NULL; i++)
    {
      XmppNode *with_group = xmpp_node_with_child (item, xmpp_el ("group", NS_ROSTER, xmpp_text (groups[i])));

      xmpp_node_unref (item);
      item = with_group;
    }

  return dex_future_then (
      xmpp_session_send_iq (xmpp_feature_get_session (XMPP_FEATURE (self)),
                            xmpp_iq_set (NULL, xmpp_el ("query", NS_ROSTER, g_steal_pointer (&item)))),
      true_cb,
      NULL,
      NULL);
}

DexFuture *
xmpp_roster_remove (XmppRoster *self,
                    XmppJid *jid)
{
  XmppNode *item;

  g_return_val_if_fail (XMPP_IS_ROSTER (self), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  item = xmpp_el ("item",
                  NS_ROSTER,
                  xmpp_attr ("jid", xmpp_jid_get_bare_string (jid)),
                  xmpp_attr ("subscription", "remove"));

  return dex_future_then (xmpp_session_send_iq (xmpp_feature_get_session (XMPP_FEATURE (self)),
                                                xmpp_iq_set (NULL, xmpp_el ("query", NS_ROSTER, item))),
                          true_cb,
                          NULL,
                          NULL);
}

static gboolean
is_own_account (XmppRoster *self,
                XmppJid *jid)
{
  return xmpp_jid_bare_equal (jid,
                              xmpp_session_get_bare_jid (xmpp_feature_get_session (XMPP_FEATURE (self))));
}

static gboolean
is_own_server (XmppRoster *self,
               XmppJid *jid)
{
  XmppJid *own = xmpp_session_get_bare_jid (xmpp_feature_get_session (XMPP_FEATURE (self)));

  return xmpp_jid_get_local (jid) == NULL &&
         g_str_equal (xmpp_jid_get_domain (jid), xmpp_jid_get_domain (own));
}

static gboolean
has_subscription (XmppRoster *self,
                  XmppJid *jid,
                  XmppSubscriptionState wanted)
{
  XmppRosterItem *item = xmpp_roster_lookup (self, jid);

  return item != NULL && (item->subscription & wanted) == wanted;
}

gboolean
xmpp_roster_may_see_us (XmppRoster *self,
                        XmppJid *jid)
{
  g_return_val_if_fail (XMPP_IS_ROSTER (self), FALSE);

  return jid == NULL || is_own_account (self, jid) || is_own_server (self, jid) ||
         has_subscription (self, jid, XMPP_SUBSCRIPTION_FROM);
}

gboolean
xmpp_roster_is_seen (XmppRoster *self,
                     XmppJid *jid)
{
  g_return_val_if_fail (XMPP_IS_ROSTER (self), FALSE);
  g_return_val_if_fail (jid != NULL, FALSE);

  return is_own_account (self, jid) || has_subscription (self, jid, XMPP_SUBSCRIPTION_TO);
}

gboolean
xmpp_roster_is_mutual (XmppRoster *self,
                       XmppJid *jid)
{
  g_return_val_if_fail (XMPP_IS_ROSTER (self), FALSE);
  g_return_val_if_fail (jid != NULL, FALSE);

  return has_subscription (self, jid, XMPP_SUBSCRIPTION_BOTH);
}
