/* Who gets to see which stanza: made once from the features' classes, never changed
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-dispatch"

#include "config.h"

#include <string.h>

#include "xmpp-dispatch.h"
#include "xmpp-feature-private.h"

/* Children of a stanza that are looked at. No honest stanza has so many. */
#define MAX_CHILDREN 64

typedef struct
{
  XmppHookKind kind;
  const char *ns; /* nullable */
} Key;

typedef struct
{
  XmppFeature *feature;
  XmppHook hook;
} Entry;

struct _XmppDispatch
{
  GHashTable *entries; /* Key to GArray of Entry, by stage and then in the features' order */
  char **features;
};

static guint
key_hash (gconstpointer data)
{
  const Key *key = data;

  return (key->ns != NULL ? g_str_hash (key->ns) : 0) * 31 + key->kind;
}

static gboolean
key_equal (gconstpointer data_a,
           gconstpointer data_b)
{
  const Key *a = data_a;
  const Key *b = data_b;

  return a->kind == b->kind && g_strcmp0 (a->ns, b->ns) == 0;
}

static const GArray *
lookup (XmppDispatch *self,
        XmppHookKind kind,
        const char *ns)
{
  const Key key = { kind, ns };

  return g_hash_table_lookup (self->entries, &key);
}

static void
add_entry (XmppDispatch *self,
           XmppFeature *feature,
           const XmppHook *hook)
{
  const Key key = { hook->kind, hook->ns };
  const Entry entry = { feature, *hook };
  GArray *entries = g_hash_table_lookup (self->entries, &key);
  guint position;

  if (entries == NULL)
    {
      entries = g_array_new (FALSE, FALSE, sizeof (Entry));
      g_hash_table_insert (self->entries, g_memdup2 (&key, sizeof key), entries);
    }

  for (position = entries->len; position > 0; position--)
    {
      if (g_array_index (entries, Entry, position - 1).hook.stage <= hook->stage)
        break;
    }
  g_array_insert_val (entries, position, entry);
}

static int
compare_strings (gconstpointer a,
                 gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char **
sorted_set (GPtrArray *strings)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_ptr_array_sort (strings, compare_strings);
  for (guint i = 0; i < strings->len; i++)
    {
      if (i == 0 || !g_str_equal (strings->pdata[i], strings->pdata[i - 1]))
        g_strv_builder_add (builder, strings->pdata[i]);
    }

  return g_strv_builder_end (builder);
}

XmppDispatch *
xmpp_dispatch_new (GPtrArray *features)
{
  g_autoptr (GPtrArray) strings = g_ptr_array_new ();
  XmppDispatch *self = g_new0 (XmppDispatch, 1);

  g_return_val_if_fail (features != NULL, NULL);

  self->entries = g_hash_table_new_full (key_hash, key_equal, g_free, (GDestroyNotify) g_array_unref);
  for (guint i = 0; i < features->len; i++)
    {
      const XmppFeatureHooks *hooks = xmpp_feature_get_hooks (features->pdata[i]);

      if (hooks == NULL)
        continue;

      for (guint j = 0; j < hooks->hooks->len; j++)
        add_entry (self, features->pdata[i], &g_array_index (hooks->hooks, XmppHook, j));
      g_ptr_array_extend (strings, hooks->features, NULL, NULL);
    }
  self->features = sorted_set (strings);

  return self;
}

void
xmpp_dispatch_free (XmppDispatch *self)
{
  g_clear_pointer (&self->entries, g_hash_table_unref);
  g_clear_pointer (&self->features, g_strfreev);
  g_free (self);
}

/* Shows @message to the hooks of stages @first to @last. */
static XmppVerdict
run_stages (XmppDispatch *self,
            XmppMessage *message,
            XmppStage first,
            XmppStage last)
{
  g_autoptr (XmppNode) stanza = xmpp_node_ref (message->node);
  guint n_children = MIN (xmpp_node_get_n_children (stanza), MAX_CHILDREN);
  const GArray *found[MAX_CHILDREN];

  for (guint i = 0; i < n_children; i++)
    found[i] = lookup (self, XMPP_HOOK_MESSAGE, xmpp_node_get_ns (xmpp_node_get_nth_child (stanza, i)));

  for (XmppStage stage = first; stage <= last; stage++)
    {
      for (guint i = 0; i < n_children; i++)
        {
          for (guint j = 0; found[i] != NULL && j < found[i]->len; j++)
            {
              const Entry *entry = &g_array_index (found[i], Entry, j);
              XmppVerdict verdict;

              if (entry->hook.stage != stage)
                continue;

              verdict = entry->hook.message (entry->feature, message, xmpp_node_get_nth_child (stanza, i));
              if (verdict != XMPP_VERDICT_PASS)
                return verdict;
            }
        }
    }

  return XMPP_VERDICT_PASS;
}

gboolean
xmpp_dispatch_message (XmppDispatch *self,
                       XmppMessage *message)
{
  XmppVerdict verdict;

  if (message->error != NULL)
    return TRUE;

  verdict = run_stages (self, message, XMPP_STAGE_UNWRAP, XMPP_STAGE_UNWRAP);
  if (verdict == XMPP_VERDICT_DROP)
    return FALSE;

  return xmpp_dispatch_unwrapped (self, message);
}

gboolean
xmpp_dispatch_unwrapped (XmppDispatch *self,
                         XmppMessage *message)
{
  if (message->error != NULL)
    return TRUE;

  /* What was inside a wrapper is never looked at as a wrapper again (security.md I6): a second RERUN is a
   * forgery. */
  return run_stages (self, message, XMPP_STAGE_DECRYPT, XMPP_STAGE_DELIVER) == XMPP_VERDICT_PASS;
}

void
xmpp_dispatch_presence (XmppDispatch *self,
                        XmppNode *presence,
                        XmppJid *from)
{
  guint n_children = MIN (xmpp_node_get_n_children (presence), MAX_CHILDREN);
  const GArray *entries = lookup (self, XMPP_HOOK_PRESENCE, NULL);

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);

      entry->hook.presence (entry->feature, presence, from, NULL);
    }

  for (guint i = 0; i < n_children; i++)
    {
      XmppNode *child = xmpp_node_get_nth_child (presence, i);

      entries = xmpp_node_get_ns (child) != NULL ? lookup (self, XMPP_HOOK_PRESENCE, xmpp_node_get_ns (child))
                                                 : NULL;
      for (guint j = 0; entries != NULL && j < entries->len; j++)
        {
          const Entry *entry = &g_array_index (entries, Entry, j);

          entry->hook.presence (entry->feature, presence, from, child);
        }
    }
}

XmppNode *
xmpp_dispatch_iq (XmppDispatch *self,
                  XmppNode *iq,
                  XmppJid *from)
{
  XmppNode *payload = xmpp_node_get_first_child (iq);
  XmppHookKind kind =
      g_strcmp0 (xmpp_node_get_attr (iq, "type"), "get") == 0 ? XMPP_HOOK_IQ_GET : XMPP_HOOK_IQ_SET;
  const GArray *entries;

  /* RFC 6120 section 8.2.3: exactly one child. */
  if (payload == NULL || xmpp_node_get_n_children (iq) != 1)
    return NULL;

  entries = lookup (self, kind, xmpp_node_get_ns (payload));
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);
      XmppNode *answer = entry->hook.iq (entry->feature, iq, from, payload);

      if (answer != NULL)
        return answer;
    }

  return NULL;
}

void
xmpp_dispatch_event (XmppDispatch *self,
                     XmppJid *from,
                     XmppNode *items,
                     gboolean own,
                     gboolean contact)
{
  const char *node = xmpp_node_get_attr (items, "node");
  const GArray *entries = node != NULL ? lookup (self, XMPP_HOOK_EVENT, node) : NULL;

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);

      if (own || (contact && entry->hook.scope == XMPP_EVENT_CONTACT))
        entry->hook.event (entry->feature, from, items);
    }
}

const char *const *
xmpp_dispatch_get_disco_features (XmppDispatch *self)
{
  return (const char *const *) self->features;
}
