/* XEP-0084 User Avatar, version 1.1.4
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-avatar"

#include "config.h"

#include <string.h>

#include "linnet-spawn.h"
#include "xmpp-avatar.h"
#include "xmpp-base64.h"
#include "xmpp-builder.h"
#include "xmpp-disco.h"
#include "xmpp-pubsub.h"
#include "xmpp-throttle.h"

#define NS_METADATA XMPP_NS_AVATAR_METADATA
#define NS_DATA XMPP_NS_AVATAR_DATA
#define NS_VCARD "vcard-temp"
#define NS_CONVERSION "urn:xmpp:pep-vcard-conversion:0"

#define AT_ONCE 4
#define MAX_INFOS 32
#define MAX_TYPE 64
#define SHA1_HEX_LENGTH 40

/* What is known of somebody's picture in this stream. */
typedef struct
{
  XmppAvatarMetadata *pep;   /* nullable: none */
  XmppAvatarMetadata *vcard; /* nullable: none */
  char *told;                /* id that was last emitted, "" for none; NULL: nothing was */
  XmppAvatarSource told_source;
  guint has_pep : 1; /* they use XEP-0084: what it says counts */
} Person;

struct _XmppAvatar
{
  XmppFeature parent_instance;

  GHashTable *people; /* bare address to Person */
  XmppThrottle *throttle;
};

enum
{
  CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (XmppAvatar, xmpp_avatar, XMPP_TYPE_FEATURE)
G_DEFINE_BOXED_TYPE (XmppAvatarMetadata,
                     xmpp_avatar_metadata,
                     xmpp_avatar_metadata_ref,
                     xmpp_avatar_metadata_unref)

static guint signals[N_SIGNALS];

/* ---- metadata ---- */

XmppAvatarMetadata *
xmpp_avatar_metadata_ref (XmppAvatarMetadata *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
metadata_clear (XmppAvatarMetadata *self)
{
  g_free (self->id);
  g_free (self->type);
}

void
xmpp_avatar_metadata_unref (XmppAvatarMetadata *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) metadata_clear);
}

/* NULL when @id is no SHA-1 in hexadecimal digits: it names a file later. */
static XmppAvatarMetadata *
metadata_new (const char *id,
              const char *type,
              XmppAvatarSource source)
{
  XmppAvatarMetadata *self;

  if (id == NULL || strlen (id) != SHA1_HEX_LENGTH ||
      strspn (id, "0123456789abcdefABCDEF") != SHA1_HEX_LENGTH)
    return NULL;

  self = g_atomic_rc_box_new0 (XmppAvatarMetadata);
  self->id = g_ascii_strdown (id, -1);
  self->type = type != NULL && strlen (type) <= MAX_TYPE ? g_strdup (type) : NULL;
  self->source = source;

  return self;
}

static void
person_free (Person *self)
{
  g_clear_pointer (&self->pep, xmpp_avatar_metadata_unref);
  g_clear_pointer (&self->vcard, xmpp_avatar_metadata_unref);
  g_free (self->told);
  g_free (self);
}

static Person *
ensure_person (XmppAvatar *self,
               XmppJid *bare)
{
  Person *person = g_hash_table_lookup (self->people, xmpp_jid_get_string (bare));

  if (person == NULL)
    {
      person = g_new0 (Person, 1);
      g_hash_table_insert (self->people, g_strdup (xmpp_jid_get_string (bare)), person);
    }

  return person;
}

static void
tell (XmppAvatar *self,
      XmppJid *bare,
      Person *person)
{
  XmppAvatarSource source = person->has_pep ? XMPP_AVATAR_PEP : XMPP_AVATAR_VCARD;
  XmppAvatarMetadata *metadata = person->has_pep ? person->pep : person->vcard;
  const char *id = metadata != NULL ? metadata->id : "";

  if (g_strcmp0 (person->told, id) == 0 && person->told_source == source)
    return;

  g_set_str (&person->told, id);
  person->told_source = source;
  g_signal_emit (self, signals[CHANGED], 0, bare, metadata, (guint) source);
}

/* Several <info/> are the same picture in other sizes or types; those with a URL are elsewhere, and nothing
 * is fetched from where a stranger says. PNG is what everybody must have (section 4.2). */
static XmppAvatarMetadata *
choose_info (XmppNode *metadata)
{
  g_autoptr (XmppAvatarMetadata) best = NULL;

  for (guint i = 0; i < xmpp_node_get_n_children (metadata) && i < MAX_INFOS; i++)
    {
      XmppNode *info = xmpp_node_get_nth_child (metadata, i);
      const char *type = xmpp_node_get_attr (info, "type");
      guint64 bytes;
      g_autoptr (XmppAvatarMetadata) candidate = NULL;

      if (!xmpp_node_is (info, "info", NS_METADATA) || xmpp_node_get_attr (info, "url") != NULL ||
          !xmpp_node_get_attr_uint (info, "bytes", G_MAXUINT32, &bytes) || bytes > XMPP_AVATAR_MAX_BYTES)
        continue;

      candidate = metadata_new (xmpp_node_get_attr (info, "id"), type, XMPP_AVATAR_PEP);
      if (candidate != NULL && (best == NULL || g_strcmp0 (type, "image/png") == 0))
        {
          g_clear_pointer (&best, xmpp_avatar_metadata_unref);
          best = g_steal_pointer (&candidate);
        }
    }

  return g_steal_pointer (&best);
}

static void
xmpp_avatar_published (XmppFeature *feature,
                       XmppJid *from,
                       XmppNode *items)
{
  XmppAvatar *self = XMPP_AVATAR (feature);
  XmppNode *metadata = xmpp_node_find (items, "item", XMPP_NS_PUBSUB_EVENT, "metadata", NS_METADATA, NULL);
  Person *person = ensure_person (self, from);

  person->has_pep = TRUE;
  g_clear_pointer (&person->pep, xmpp_avatar_metadata_unref);
  if (metadata != NULL)
    person->pep = choose_info (metadata);
  tell (self, from, person);
}

void
xmpp_avatar_take_vcard_hash (XmppAvatar *self,
                             XmppJid *bare_jid,
                             const char *hash)
{
  Person *person;

  g_return_if_fail (XMPP_IS_AVATAR (self));
  g_return_if_fail (bare_jid != NULL);
  g_return_if_fail (hash != NULL);

  person = ensure_person (self, bare_jid);
  g_clear_pointer (&person->vcard, xmpp_avatar_metadata_unref);
  person->vcard = metadata_new (hash, NULL, XMPP_AVATAR_VCARD);
  tell (self, bare_jid, person);
}

static void
xmpp_avatar_offline (XmppFeature *feature)
{
  g_hash_table_remove_all (XMPP_AVATAR (feature)->people);
}

static void
xmpp_avatar_finalize (GObject *object)
{
  XmppAvatar *self = XMPP_AVATAR (object);

  g_clear_pointer (&self->people, g_hash_table_unref);
  g_clear_pointer (&self->throttle, xmpp_throttle_unref);

  G_OBJECT_CLASS (xmpp_avatar_parent_class)->finalize (object);
}

static void
xmpp_avatar_class_init (XmppAvatarClass *klass)
{
  XmppFeatureClass *feature_class = XMPP_FEATURE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xmpp_avatar_finalize;
  feature_class->offline = xmpp_avatar_offline;
  xmpp_feature_class_add_disco (feature_class, NS_METADATA);
  xmpp_feature_class_add_event_hook (feature_class, NS_METADATA, XMPP_EVENT_CONTACT, xmpp_avatar_published);

  signals[CHANGED] = g_signal_new ("changed",
                                   XMPP_TYPE_AVATAR,
                                   G_SIGNAL_RUN_LAST,
                                   0,
                                   NULL,
                                   NULL,
                                   NULL,
                                   G_TYPE_NONE,
                                   3,
                                   XMPP_TYPE_JID,
                                   XMPP_TYPE_AVATAR_METADATA,
                                   G_TYPE_UINT);
}

static void
xmpp_avatar_init (XmppAvatar *self)
{
  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) person_free);
  self->throttle = xmpp_throttle_new (AT_ONCE);
}

/* ---- pictures ---- */

typedef struct
{
  XmppAvatar *self;
  XmppThrottle *throttle;
  XmppJid *jid;
  XmppAvatarMetadata *metadata;
} FetchState;

static void
fetch_state_free (gpointer data)
{
  FetchState *state = data;

  g_clear_object (&state->self);
  g_clear_pointer (&state->throttle, xmpp_throttle_unref);
  g_clear_pointer (&state->jid, xmpp_jid_unref);
  g_clear_pointer (&state->metadata, xmpp_avatar_metadata_unref);
  g_free (state);
}

/* Base64 in these two XEPs may be broken into lines. */
static GBytes *
decode (const char *text)
{
  g_autoptr (GString) joined = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    {
      if (!g_ascii_isspace (*p))
        g_string_append_c (joined, *p);
    }

  return joined->len > 0 ? xmpp_base64_decode (joined->str, XMPP_AVATAR_MAX_BYTES) : NULL;
}

static GBytes *
get_data (XmppNode *items,
          const char *id)
{
  for (guint i = 0; i < xmpp_node_get_n_children (items); i++)
    {
      XmppNode *item = xmpp_node_get_nth_child (items, i);
      XmppNode *data = xmpp_node_get_child (item, "data", NS_DATA);

      if (data != NULL && g_strcmp0 (xmpp_node_get_attr (item, "id"), id) == 0)
        return decode (xmpp_node_get_text (data));
    }

  return NULL;
}

static GBytes *
get_photo (XmppNode *reply)
{
  XmppNode *binval = xmpp_node_find (reply, "vCard", NS_VCARD, "PHOTO", NS_VCARD, "BINVAL", NS_VCARD, NULL);

  return binval != NULL ? decode (xmpp_node_get_text (binval)) : NULL;
}

static GBytes *
await_picture (FetchState *state,
               GError **error)
{
  XmppSession *session = xmpp_feature_get_session (XMPP_FEATURE (state->self));
  g_autoptr (XmppNode) answer = NULL;

  if (session == NULL)
    {
      g_set_error_literal (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_DISCONNECTED, "The session is over");
      return NULL;
    }

  if (state->metadata->source == XMPP_AVATAR_PEP)
    {
      XmppPubsub *pubsub = xmpp_session_get_feature (session, XMPP_TYPE_PUBSUB);

      answer =
          dex_await_boxed (xmpp_pubsub_fetch (pubsub, state->jid, NS_DATA, state->metadata->id, 0), error);

      return answer != NULL ? get_data (answer, state->metadata->id) : NULL;
    }

  answer =
      dex_await_boxed (xmpp_session_send_iq (session, xmpp_iq_get (state->jid, xmpp_el ("vCard", NS_VCARD))),
                       error);

  return answer != NULL ? get_photo (answer) : NULL;
}

static DexFuture *
xmpp_avatar_fetch_fiber (gpointer user_data)
{
  FetchState *state = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) picture = NULL;
  g_autofree char *digest = NULL;

  if (!dex_await (xmpp_throttle_acquire (state->throttle), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  picture = await_picture (state, &error);
  xmpp_throttle_release (state->throttle);

  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  digest = picture != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, picture) : NULL;
  if (g_strcmp0 (digest, state->metadata->id) != 0)
    return dex_future_new_reject (XMPP_STANZA_ERROR,
                                  XMPP_STANZA_ERROR_NOT_ACCEPTABLE,
                                  "Not the picture that was announced");

  return dex_future_new_take_boxed (G_TYPE_BYTES, g_steal_pointer (&picture));
}

DexFuture *
xmpp_avatar_fetch (XmppAvatar *self,
                   XmppJid *jid,
                   XmppAvatarMetadata *metadata)
{
  FetchState *state;

  g_return_val_if_fail (XMPP_IS_AVATAR (self), NULL);
  g_return_val_if_fail (jid != NULL, NULL);
  g_return_val_if_fail (metadata != NULL, NULL);

  state = g_new0 (FetchState, 1);
  state->self = g_object_ref (self);
  state->throttle = xmpp_throttle_ref (self->throttle);
  state->jid = xmpp_jid_to_bare (jid);
  state->metadata = xmpp_avatar_metadata_ref (metadata);

  return linnet_spawn ("xmpp-avatar-fetch",
                       xmpp_avatar_fetch_fiber,
                       state,
                       fetch_state_free);
}

/* ---- publishing ---- */

typedef struct
{
  XmppAvatar *self;
  XmppPubsub *pubsub;
  GBytes *png; /* nullable */
  char *id;    /* nullable: with @png */
  guint width;
  guint height;
  XmppAccess access;
} PublishState;

static void
publish_state_free (gpointer data)
{
  PublishState *state = data;

  g_clear_object (&state->self);
  g_clear_object (&state->pubsub);
  g_clear_pointer (&state->png, g_bytes_unref);
  g_free (state->id);
  g_free (state);
}

static XmppNode *
create_data (PublishState *state)
{
  g_autofree char *text =
      g_base64_encode (g_bytes_get_data (state->png, NULL), g_bytes_get_size (state->png));

  return xmpp_el ("data", NS_DATA, xmpp_text (text));
}

static XmppNode *
create_metadata (PublishState *state)
{
  if (state->png == NULL)
    return xmpp_el ("metadata", NS_METADATA);

  return xmpp_el ("metadata",
                  NS_METADATA,
                  xmpp_el ("info",
                           NS_METADATA,
                           xmpp_attr ("id", state->id),
                           xmpp_attr ("type", "image/png"),
                           xmpp_attr_uint ("bytes", g_bytes_get_size (state->png)),
                           xmpp_attr_uint ("width", state->width),
                           xmpp_attr_uint ("height", state->height)));
}

/* The server tells it to all devices, also to this one, but not necessarily before it answers. */
static void
take_published (PublishState *state)
{
  XmppSession *session = xmpp_feature_get_session (XMPP_FEATURE (state->self));
  Person *person;

  if (session == NULL)
    return;

  person = ensure_person (state->self, xmpp_session_get_bare_jid (session));
  person->has_pep = TRUE;
  g_clear_pointer (&person->pep, xmpp_avatar_metadata_unref);
  if (state->png != NULL)
    person->pep = metadata_new (state->id, "image/png", XMPP_AVATAR_PEP);
  tell (state->self, xmpp_session_get_bare_jid (session), person);
}

static DexFuture *
xmpp_avatar_publish_fiber (gpointer user_data)
{
  PublishState *state = user_data;
  g_autoptr (GError) error = NULL;

  if (state->png != NULL &&
      !dex_await (xmpp_pubsub_publish (state->pubsub, NS_DATA, state->id, state->access, create_data (state)),
                  &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (xmpp_feature_get_session (XMPP_FEATURE (state->self)) == NULL)
    return dex_future_new_reject (XMPP_STANZA_ERROR,
                                  XMPP_STANZA_ERROR_DISCONNECTED,
                                  "The session is over");

  if (!dex_await (xmpp_pubsub_publish (
                      state->pubsub, NS_METADATA, state->id, state->access, create_metadata (state)),
                  &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  take_published (state);

  /* Nobody is told of the data any more; that it is gone as well is more than the XEP asks for. */
  if (state->png == NULL && xmpp_feature_get_session (XMPP_FEATURE (state->self)) != NULL)
    dex_await (xmpp_pubsub_purge (state->pubsub, NS_DATA), NULL);

  return dex_future_new_true ();
}

DexFuture *
xmpp_avatar_publish (XmppAvatar *self,
                     GBytes *png,
                     guint width,
                     guint height,
                     XmppAccess access)
{
  XmppSession *session;
  PublishState *state;

  g_return_val_if_fail (XMPP_IS_AVATAR (self), NULL);

  if (png != NULL && g_bytes_get_size (png) > XMPP_AVATAR_MAX_PUBLISHED)
    return dex_future_new_reject (XMPP_STANZA_ERROR,
                                  XMPP_STANZA_ERROR_POLICY_VIOLATION,
                                  "The picture does not fit a stanza");

  session = xmpp_feature_get_session (XMPP_FEATURE (self));
  state = g_new0 (PublishState, 1);
  state->self = g_object_ref (self);
  state->pubsub = g_object_ref (xmpp_session_get_feature (session, XMPP_TYPE_PUBSUB));
  state->png = png != NULL ? g_bytes_ref (png) : NULL;
  state->id = png != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, png) : NULL;
  state->width = width;
  state->height = height;
  state->access = access;

  return linnet_spawn ("xmpp-avatar-publish",
                       xmpp_avatar_publish_fiber,
                       state,
                       publish_state_free);
}

gboolean
xmpp_avatar_is_converted (XmppAvatar *self)
{
  XmppSession *session;

  g_return_val_if_fail (XMPP_IS_AVATAR (self), FALSE);

  session = xmpp_feature_get_session (XMPP_FEATURE (self));

  return xmpp_disco_account_has (xmpp_session_get_feature (session, XMPP_TYPE_DISCO), NS_CONVERSION);
}
