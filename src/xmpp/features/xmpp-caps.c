/* XEP-0115 Entity Capabilities, version 1.6.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-caps"

#include "config.h"

#include <string.h>

#include "linnet-spawn.h"
#include "xmpp-caps.h"
#include "xmpp-disco.h"
#include "xmpp-roster.h"
#include "xmpp-throttle.h"

#define AT_ONCE 4
/* Resources that are remembered, and kinds of client. A person has far fewer contacts online. */
#define MAX_RESOURCES 8192
#define MAX_VERIFIED 512
/* What an answer may take of the memory, in bytes. A client with a hundred features needs half of it. */
#define MAX_INFO (64 * 1024)
/* Resources that are asked, one after the other, while the answers do not match their hash. */
#define MAX_CANDIDATES 8
#define MAX_PENDING 512
#define MAX_ATTRIBUTE 512

typedef struct
{
  char *key;  /* what it announces: see make_key() */
  char *hash; /* nullable: not one of those we can check */
  char *ver;
  char *node;
  XmppDiscoInfo *info; /* nullable; its own answer, if that is not to be shared */
} Resource;

struct _XmppCaps
{
  XmppFeature parent_instance;

  GHashTable *resources; /* full address to Resource */
  GHashTable *verified;  /* key to XmppDiscoInfo */
  GHashTable *pending;   /* key to GPtrArray of XmppJid that announce it */
  XmppThrottle *throttle;

  XmppCapsLoad load;
  XmppCapsSave save;
  gpointer storage;
  GDestroyNotify storage_free;
};

enum
{
  RESOLVED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (XmppCaps, xmpp_caps, XMPP_TYPE_FEATURE)

static guint signals[N_SIGNALS];

typedef struct
{
  XmppCaps *self;
  char *key;
  char *hash; /* nullable */
  char *ver;
  char *node;
} FetchState;

static void
fetch_state_free (gpointer data)
{
  FetchState *state = data;

  g_clear_object (&state->self);
  g_free (state->key);
  g_free (state->hash);
  g_free (state->ver);
  g_free (state->node);
  g_free (state);
}

static void
resource_free (Resource *self)
{
  g_free (self->key);
  g_free (self->hash);
  g_free (self->ver);
  g_free (self->node);
  g_clear_pointer (&self->info, xmpp_disco_info_unref);
  g_free (self);
}

static gboolean
get_checksum_type (const char *hash,
                   GChecksumType *type)
{
  static const struct
  {
    const char *name;
    GChecksumType type;
  } types[] = {
    { "sha-1", G_CHECKSUM_SHA1 },
    { "sha-256", G_CHECKSUM_SHA256 },
    { "sha-512", G_CHECKSUM_SHA512 },
  };

  for (guint i = 0; hash != NULL && i < G_N_ELEMENTS (types); i++)
    {
      if (g_str_equal (hash, types[i].name))
        {
          *type = types[i].type;
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
is_verified (XmppDiscoInfo *info,
             const char *hash,
             const char *ver)
{
  GChecksumType type;
  g_autofree char *actual =
      get_checksum_type (hash, &type) ? xmpp_disco_info_get_caps_ver (info, type) : NULL;

  return actual != NULL && g_str_equal (actual, ver);
}

/* ---- asking ---- */

static void
take_verified (XmppCaps *self,
               const char *key,
               XmppDiscoInfo *info)
{
  /* A flood of made-up kinds pushes out all others at worst; they are on disk. */
  if (g_hash_table_size (self->verified) >= MAX_VERIFIED)
    g_hash_table_remove_all (self->verified);
  g_hash_table_replace (self->verified, g_strdup (key), xmpp_disco_info_ref (info));
}

static XmppDiscoInfo *
await_stored (XmppCaps *self,
              FetchState *state)
{
  g_autofree char *xml = NULL;
  g_autoptr (XmppNode) query = NULL;
  g_autoptr (XmppDiscoInfo) info = NULL;

  if (self->load == NULL || state->hash == NULL)
    return NULL;

  xml = dex_await_string (self->load (state->hash, state->ver, self->storage), NULL);
  query = xml != NULL ? xmpp_node_parse (xml, -1, NULL, NULL) : NULL;
  info = query != NULL ? xmpp_disco_info_parse (query) : NULL;
  if (info == NULL || xmpp_node_get_memory (info->query) > MAX_INFO ||
      !is_verified (info, state->hash, state->ver))
    return NULL;

  return g_steal_pointer (&info);
}

/* The next who still announces @key. */
static XmppJid *
take_candidate (XmppCaps *self,
                const char *key)
{
  GPtrArray *candidates = g_hash_table_lookup (self->pending, key);

  while (candidates != NULL && candidates->len > 0)
    {
      g_autoptr (XmppJid) jid = g_ptr_array_steal_index (candidates, 0);
      Resource *resource = g_hash_table_lookup (self->resources, xmpp_jid_get_string (jid));

      if (resource != NULL && g_str_equal (resource->key, key))
        return g_steal_pointer (&jid);
    }

  return NULL;
}

/* Asks one after the other until somebody's answer matches the hash. What does not match is true of him at
 * most, and never shared (section 5.4). Returns the answer that matches. */
static XmppDiscoInfo *
await_answer (XmppCaps *self,
              FetchState *state)
{
  for (guint i = 0; i < MAX_CANDIDATES; i++)
    {
      XmppSession *session = xmpp_feature_get_session (XMPP_FEATURE (self));
      g_autoptr (XmppJid) jid = take_candidate (self, state->key);
      g_autofree char *node = g_strdup_printf ("%s#%s", state->node, state->ver);
      g_autoptr (XmppDiscoInfo) info = NULL;
      Resource *resource;

      if (session == NULL || jid == NULL)
        return NULL;

      info = dex_await_boxed (xmpp_disco_query_info (xmpp_session_get_feature (session, XMPP_TYPE_DISCO),
                                                     jid,
                                                     node),
                              NULL);
      if (info == NULL || xmpp_node_get_memory (info->query) > MAX_INFO)
        continue;
      if (is_verified (info, state->hash, state->ver))
        return g_steal_pointer (&info);

      resource = g_hash_table_lookup (self->resources, xmpp_jid_get_string (jid));
      if (resource != NULL && g_str_equal (resource->key, state->key))
        {
          g_clear_pointer (&resource->info, xmpp_disco_info_unref);
          resource->info = xmpp_disco_info_ref (info);
          g_signal_emit (self, signals[RESOLVED], 0, jid);
        }
    }

  return NULL;
}

static void
emit_resolved (XmppCaps *self,
               const char *key)
{
  g_autoptr (GPtrArray) jids = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_jid_unref);
  GHashTableIter iter;
  const char *address;
  Resource *resource;

  g_hash_table_iter_init (&iter, self->resources);
  while (g_hash_table_iter_next (&iter, (gpointer *) &address, (gpointer *) &resource))
    {
      if (g_str_equal (resource->key, key))
        g_ptr_array_add (jids, xmpp_jid_new (address, NULL));
    }

  for (guint i = 0; i < jids->len; i++)
    g_signal_emit (self, signals[RESOLVED], 0, jids->pdata[i]);
}

static DexFuture *
xmpp_caps_fetch_fiber (gpointer user_data)
{
  FetchState *state = user_data;
  XmppCaps *self = state->self;
  g_autoptr (XmppDiscoInfo) info = await_stored (self, state);

  if (info == NULL && dex_await (xmpp_throttle_acquire (self->throttle), NULL))
    {
      info = await_answer (self, state);
      xmpp_throttle_release (self->throttle);

      if (info != NULL && self->save != NULL)
        {
          g_autofree char *xml = xmpp_node_to_string (info->query, NULL);

          self->save (state->hash, state->ver, xml, self->storage);
        }
    }

  g_hash_table_remove (self->pending, state->key);
  if (info != NULL)
    {
      take_verified (self, state->key, info);
      emit_resolved (self, state->key);
    }

  return NULL;
}

static void
ask (XmppCaps *self,
     XmppJid *jid,
     Resource *resource)
{
  GPtrArray *candidates = g_hash_table_lookup (self->pending, resource->key);
  FetchState *state;

  if (candidates != NULL)
    {
      if (candidates->len < MAX_CANDIDATES)
        g_ptr_array_add (candidates, xmpp_jid_ref (jid));
      return;
    }
  if (g_hash_table_size (self->pending) >= MAX_PENDING)
    return;

  candidates = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_jid_unref);
  g_ptr_array_add (candidates, xmpp_jid_ref (jid));
  g_hash_table_insert (self->pending, g_strdup (resource->key), candidates);

  state = g_new0 (FetchState, 1);
  state->self = g_object_ref (self);
  state->key = g_strdup (resource->key);
  state->hash = g_strdup (resource->hash);
  state->ver = g_strdup (resource->ver);
  state->node = g_strdup (resource->node);
  linnet_spawn_detached ("xmpp-caps-fetch", xmpp_caps_fetch_fiber, state, fetch_state_free);
}

/* ---- presence ---- */

/* With a hash that can be checked all who announce it are alike; otherwise each stands for himself. */
static char *
make_key (XmppJid *jid,
          const char *hash,
          const char *ver)
{
  return hash != NULL ? g_strdup_printf ("%s %s", hash, ver)
                      : g_strdup_printf ("%s %s", xmpp_jid_get_string (jid), ver);
}

static gboolean
is_sane (const char *attribute)
{
  return attribute != NULL && *attribute != '\0' && strlen (attribute) <= MAX_ATTRIBUTE;
}

static void
xmpp_caps_announced (XmppFeature *feature,
                     XmppNode *presence,
                     XmppJid *from,
                     XmppNode *payload)
{
  XmppCaps *self = XMPP_CAPS (feature);
  XmppRoster *roster = xmpp_session_get_feature (xmpp_feature_get_session (feature), XMPP_TYPE_ROSTER);
  const char *hash = xmpp_node_get_attr (payload, "hash");
  const char *node = xmpp_node_get_attr (payload, "node");
  const char *ver = xmpp_node_get_attr (payload, "ver");
  GChecksumType type;
  g_autofree char *key = NULL;
  Resource *resource;

  /* Without a hash it is the old format, whose ver says nothing (section 5.4). */
  if (xmpp_node_get_attr (presence, "type") != NULL || !xmpp_node_is (payload, "c", XMPP_NS_CAPS) ||
      hash == NULL || !is_sane (node) || !is_sane (ver) || !xmpp_roster_is_seen (roster, from))
    return;

  key = make_key (from, get_checksum_type (hash, &type) ? hash : NULL, ver);
  resource = g_hash_table_lookup (self->resources, xmpp_jid_get_string (from));
  if (resource != NULL && g_str_equal (resource->key, key))
    return;
  if (resource == NULL && g_hash_table_size (self->resources) >= MAX_RESOURCES)
    return;

  resource = g_new0 (Resource, 1);
  resource->key = g_steal_pointer (&key);
  resource->hash = g_strdup (get_checksum_type (hash, &type) ? hash : NULL);
  resource->ver = g_strdup (ver);
  resource->node = g_strdup (node);
  g_hash_table_replace (self->resources, g_strdup (xmpp_jid_get_string (from)), resource);

  if (g_hash_table_contains (self->verified, resource->key))
    g_signal_emit (self, signals[RESOLVED], 0, from);
  else
    ask (self, from, resource);
}

static void
xmpp_caps_presence (XmppFeature *feature,
                    XmppNode *presence,
                    XmppJid *from,
                    XmppNode *payload)
{
  if (g_strcmp0 (xmpp_node_get_attr (presence, "type"), "unavailable") == 0)
    g_hash_table_remove (XMPP_CAPS (feature)->resources, xmpp_jid_get_string (from));
}

static void
xmpp_caps_offline (XmppFeature *feature)
{
  g_hash_table_remove_all (XMPP_CAPS (feature)->resources);
}

static void
xmpp_caps_finalize (GObject *object)
{
  XmppCaps *self = XMPP_CAPS (object);

  if (self->storage_free != NULL)
    self->storage_free (self->storage);
  g_clear_pointer (&self->resources, g_hash_table_unref);
  g_clear_pointer (&self->verified, g_hash_table_unref);
  g_clear_pointer (&self->pending, g_hash_table_unref);
  g_clear_pointer (&self->throttle, xmpp_throttle_unref);

  G_OBJECT_CLASS (xmpp_caps_parent_class)->finalize (object);
}

static void
xmpp_caps_class_init (XmppCapsClass *klass)
{
  XmppFeatureClass *feature_class = XMPP_FEATURE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xmpp_caps_finalize;
  feature_class->offline = xmpp_caps_offline;
  xmpp_feature_class_add_presence_hook (feature_class, NULL, xmpp_caps_presence);
  xmpp_feature_class_add_presence_hook (feature_class, XMPP_NS_CAPS, xmpp_caps_announced);

  signals[RESOLVED] = g_signal_new (
      "resolved", XMPP_TYPE_CAPS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, XMPP_TYPE_JID);
}

static void
xmpp_caps_init (XmppCaps *self)
{
  self->resources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) resource_free);
  self->verified =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) xmpp_disco_info_unref);
  self->pending = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->throttle = xmpp_throttle_new (AT_ONCE);
}

void
xmpp_caps_set_storage (
    XmppCaps *self, XmppCapsLoad load, XmppCapsSave save, gpointer user_data, GDestroyNotify destroy)
{
  g_return_if_fail (XMPP_IS_CAPS (self));

  if (self->storage_free != NULL)
    self->storage_free (self->storage);
  self->load = load;
  self->save = save;
  self->storage = user_data;
  self->storage_free = destroy;
}

XmppDiscoInfo *
xmpp_caps_lookup (XmppCaps *self,
                  XmppJid *full_jid)
{
  Resource *resource;

  g_return_val_if_fail (XMPP_IS_CAPS (self), NULL);
  g_return_val_if_fail (full_jid != NULL, NULL);

  resource = g_hash_table_lookup (self->resources, xmpp_jid_get_string (full_jid));
  if (resource == NULL)
    return NULL;

  return resource->info != NULL ? resource->info : g_hash_table_lookup (self->verified, resource->key);
}

gboolean
xmpp_caps_has (XmppCaps *self,
               XmppJid *jid,
               const char *feature)
{
  GHashTableIter iter;
  const char *address;

  g_return_val_if_fail (XMPP_IS_CAPS (self), FALSE);
  g_return_val_if_fail (jid != NULL, FALSE);
  g_return_val_if_fail (feature != NULL, FALSE);

  if (!xmpp_jid_is_bare (jid))
    {
      XmppDiscoInfo *info = xmpp_caps_lookup (self, jid);

      return info != NULL && xmpp_disco_info_has_feature (info, feature);
    }

  g_hash_table_iter_init (&iter, self->resources);
  while (g_hash_table_iter_next (&iter, (gpointer *) &address, NULL))
    {
      g_autoptr (XmppJid) full = NULL;
      gsize length = strlen (xmpp_jid_get_string (jid));

      if (strncmp (address, xmpp_jid_get_string (jid), length) != 0 || address[length] != '/')
        continue;

      full = xmpp_jid_new (address, NULL);
      if (xmpp_caps_has (self, full, feature))
        return TRUE;
    }

  return FALSE;
}
