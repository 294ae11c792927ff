/* Availability, own and contacts', RFC 6121 section 4
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-presence"

#include "config.h"

#include "linnet-spawn.h"
#include "xmpp-builder.h"
#include "xmpp-delay.h"
#include "xmpp-disco.h"
#include "xmpp-presence.h"
#include "xmpp-roster.h"

#define NS_VCARD_UPDATE "vcard-temp:x:update"

/* Nobody has more devices. */
#define MAX_RESOURCES 32
#define MAX_STATUS 1024
/* How long the own presence waits for what the server can do; see xmpp_presence_online(). */
#define OWN_INFO_TIMEOUT_S 5

typedef struct
{
  GPtrArray *resources; /* of XmppPresenceInfo */
  char *last_status;    /* nullable */
  gint64 last_since;
} Contact;

struct _XmppPresence
{
  XmppFeature parent_instance;

  GHashTable *contacts; /* bare address to Contact */
  GHashTable *dirty;    /* bare address, a set */
  guint dirty_idle;

  XmppShow show;
  char *status;
  guint introduced : 1; /* this stream knows our presence, or that there is none */
  guint visible : 1;
  guint watching : 1; /* the roster */
};

enum
{
  CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (XmppPresence, xmpp_presence, XMPP_TYPE_FEATURE)
G_DEFINE_BOXED_TYPE (XmppPresenceInfo, xmpp_presence_info, xmpp_presence_info_ref, xmpp_presence_info_unref)

static guint signals[N_SIGNALS];

XmppPresenceInfo *
xmpp_presence_info_ref (XmppPresenceInfo *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
info_clear (XmppPresenceInfo *self)
{
  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_clear_pointer (&self->status, g_free);
}

void
xmpp_presence_info_unref (XmppPresenceInfo *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) info_clear);
}

static void
contact_free (Contact *self)
{
  g_clear_pointer (&self->resources, g_ptr_array_unref);
  g_free (self->last_status);
  g_free (self);
}

/* ---- contacts ---- */

static gboolean
dirty_cb (gpointer user_data)
{
  XmppPresence *self = user_data;
  g_autoptr (XmppPresence) guard = g_object_ref (self);
  g_autoptr (GHashTable) dirty = g_steal_pointer (&self->dirty);
  GHashTableIter iter;
  gpointer address;

  self->dirty_idle = 0;
  self->dirty = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_hash_table_iter_init (&iter, dirty);
  while (g_hash_table_iter_next (&iter, &address, NULL))
    {
      g_autoptr (XmppJid) jid = xmpp_jid_new (address, NULL);

      g_signal_emit (self, signals[CHANGED], 0, jid);
    }

  return G_SOURCE_REMOVE;
}

static void
mark_dirty (XmppPresence *self,
            const char *bare)
{
  g_hash_table_add (self->dirty, g_strdup (bare));
  if (self->dirty_idle == 0)
    self->dirty_idle = g_idle_add_full (G_PRIORITY_DEFAULT, dirty_cb, self, NULL);
}

static Contact *
ensure_contact (XmppPresence *self,
                const char *bare)
{
  Contact *contact = g_hash_table_lookup (self->contacts, bare);

  if (contact == NULL)
    {
      contact = g_new0 (Contact, 1);
      contact->resources = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_presence_info_unref);
      g_hash_table_insert (self->contacts, g_strdup (bare), contact);
    }

  return contact;
}

static gboolean
find_resource (Contact *contact,
               XmppJid *jid,
               guint *index)
{
  for (guint i = 0; i < contact->resources->len; i++)
    {
      const XmppPresenceInfo *info = contact->resources->pdata[i];

      if (xmpp_jid_equal (info->jid, jid))
        {
          *index = i;
          return TRUE;
        }
    }

  return FALSE;
}

static XmppShow
parse_show (XmppNode *presence)
{
  static const struct
  {
    const char *text;
    XmppShow show;
  } shows[] = {
    { "away", XMPP_SHOW_AWAY },
    { "chat", XMPP_SHOW_CHAT },
    { "dnd", XMPP_SHOW_BUSY },
    { "xa", XMPP_SHOW_EXTENDED_AWAY },
  };
  const char *text = xmpp_node_get_child_text (presence, "show", XMPP_NS_CLIENT);

  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (shows); i++)
    {
      if (g_str_equal (text, shows[i].text))
        return shows[i].show;
    }

  return XMPP_SHOW_ONLINE;
}

static char *
parse_status (XmppNode *presence)
{
  const char *text = xmpp_node_get_child_text (presence, "status", XMPP_NS_CLIENT);

  return text != NULL ? xmpp_text_clean (text, MAX_STATUS, NULL) : NULL;
}

static gint8
parse_priority (XmppNode *presence)
{
  const char *text = xmpp_node_get_child_text (presence, "priority", XMPP_NS_CLIENT);
  gint64 priority = 0;

  if (text == NULL || !g_ascii_string_to_signed (text, 10, G_MININT8, G_MAXINT8, &priority, NULL))
    return 0;

  return (gint8) priority;
}

/* It is about themselves: whoever stamped it, there is nothing to gain by a lie. */
static gint64
parse_since (XmppNode *presence)
{
  XmppNode *delay = xmpp_node_get_child (presence, "delay", XMPP_NS_DELAY);
  gint64 stamp = delay != NULL ? xmpp_delay_parse_stamp (xmpp_node_get_attr (delay, "stamp")) : 0;

  return stamp != 0 ? stamp : g_get_real_time ();
}

static void
take_available (XmppPresence *self,
                XmppNode *presence,
                XmppJid *from)
{
  Contact *contact = ensure_contact (self, xmpp_jid_get_bare_string (from));
  XmppPresenceInfo *info;
  guint index;

  if (find_resource (contact, from, &index))
    g_ptr_array_remove_index (contact->resources, index);
  else if (contact->resources->len >= MAX_RESOURCES)
    return;

  info = g_atomic_rc_box_new0 (XmppPresenceInfo);
  info->jid = xmpp_jid_ref (from);
  info->show = parse_show (presence);
  info->priority = parse_priority (presence);
  info->status = parse_status (presence);
  info->since = parse_since (presence);
  g_ptr_array_add (contact->resources, info);
  mark_dirty (self, xmpp_jid_get_bare_string (from));
}

/* Without a resource it is about all of them: the server could not reach theirs, or they ended the
 * subscription. */
static void
take_unavailable (XmppPresence *self,
                  XmppNode *presence,
                  XmppJid *from)
{
  Contact *contact = ensure_contact (self, xmpp_jid_get_bare_string (from));
  guint index;

  if (xmpp_jid_is_bare (from))
    g_ptr_array_set_size (contact->resources, 0);
  else if (find_resource (contact, from, &index))
    g_ptr_array_remove_index (contact->resources, index);

  g_free (contact->last_status);
  contact->last_status = parse_status (presence);
  contact->last_since = parse_since (presence);
  mark_dirty (self, xmpp_jid_get_bare_string (from));
}

static void
xmpp_presence_received (XmppFeature *feature,
                        XmppNode *presence,
                        XmppJid *from,
                        XmppNode *payload)
{
  XmppPresence *self = XMPP_PRESENCE (feature);
  XmppRoster *roster = xmpp_session_get_feature (xmpp_feature_get_session (feature), XMPP_TYPE_ROSTER);
  const char *type = xmpp_node_get_attr (presence, "type");
  gboolean gone = g_strcmp0 (type, "unavailable") == 0 || g_strcmp0 (type, "error") == 0;

  /* A stranger may send presence, too; nobody looks for it. After the end of a subscription the farewell
   * still counts. */
  if (!xmpp_roster_is_seen (roster, from) &&
      !(gone && g_hash_table_contains (self->contacts, xmpp_jid_get_bare_string (from))))
    return;

  if (type == NULL)
    take_available (self, presence, from);
  else if (gone)
    take_unavailable (self, presence, from);
}

/* Whom we do not see any longer, of them nothing is known. Not every server says farewell for a contact that
 * was removed. */
static void
roster_changed_cb (XmppPresence *self,
                   XmppRosterItem *item,
                   XmppRoster *roster)
{
  const char *bare = xmpp_jid_get_bare_string (item->jid);
  Contact *contact = g_hash_table_lookup (self->contacts, bare);

  if (contact == NULL || contact->resources->len == 0 || xmpp_roster_is_seen (roster, item->jid))
    return;

  g_ptr_array_set_size (contact->resources, 0);
  mark_dirty (self, bare);
}

/* ---- the own presence ---- */

static XmppNode *
create_own (XmppPresence *self)
{
  static const char *const shows[] = {
    [XMPP_SHOW_EXTENDED_AWAY] = "xa",
    [XMPP_SHOW_AWAY] = "away",
    [XMPP_SHOW_BUSY] = "dnd",
    [XMPP_SHOW_ONLINE] = NULL,
    [XMPP_SHOW_CHAT] = "chat",
  };
  XmppDisco *disco =
      xmpp_session_get_feature (xmpp_feature_get_session (XMPP_FEATURE (self)), XMPP_TYPE_DISCO);
  const char *show = shows[self->show];

  /* The empty <x/> tells our other devices that we leave the picture in the vCard alone (XEP-0153
   * section 4.3). */
  return xmpp_el ("presence",
                  XMPP_NS_CLIENT,
                  show != NULL ? xmpp_el ("show", XMPP_NS_CLIENT, xmpp_text (show)) : NULL,
                  self->status != NULL ? xmpp_el ("status", XMPP_NS_CLIENT, xmpp_text (self->status)) : NULL,
                  xmpp_disco_create_caps (disco),
                  xmpp_el ("x", NS_VCARD_UPDATE));
}

static void
send_unavailable (XmppPresence *self)
{
  xmpp_session_send (xmpp_feature_get_session (XMPP_FEATURE (self)),
                     xmpp_el ("presence",
                              XMPP_NS_CLIENT,
                              xmpp_attr ("type", "unavailable"),
                              self->status != NULL
                                  ? xmpp_el ("status", XMPP_NS_CLIENT, xmpp_text (self->status))
                                  : NULL));
}

static void
send_own (XmppPresence *self)
{
  if (self->show == XMPP_SHOW_OFFLINE)
    {
      if (self->visible)
        send_unavailable (self);
      self->visible = FALSE;
      return;
    }

  self->visible = TRUE;
  xmpp_session_send (xmpp_feature_get_session (XMPP_FEATURE (self)), create_own (self));
}

static DexFuture *
xmpp_presence_online_fiber (gpointer user_data)
{
  XmppPresence *self = user_data;
  XmppSession *session = xmpp_feature_get_session (XMPP_FEATURE (self));
  XmppDisco *disco = xmpp_session_get_feature (session, XMPP_TYPE_DISCO);

  /* After this messages come. Whether their ids can be trusted must be known by then (security.md I7). */
  dex_await (dex_future_first (xmpp_disco_wait_own_info (disco),
                               dex_timeout_new_seconds (OWN_INFO_TIMEOUT_S),
                               NULL),
             NULL);

  session = xmpp_feature_get_session (XMPP_FEATURE (self));
  if (session == NULL)
    return NULL;

  /* The server tells everybody's presence only at the first one (section 4.2.2), which an earlier run has
   * sent. */
  if (xmpp_session_is_adopted (session))
    send_unavailable (self);
  self->introduced = TRUE;
  send_own (self);

  return NULL;
}

static DexFuture *
xmpp_presence_online (XmppFeature *feature)
{
  XmppPresence *self = XMPP_PRESENCE (feature);

  if (!self->watching)
    {
      XmppRoster *roster = xmpp_session_get_feature (xmpp_feature_get_session (feature), XMPP_TYPE_ROSTER);

      g_signal_connect_object (roster, "changed", G_CALLBACK (roster_changed_cb), self, G_CONNECT_SWAPPED);
      self->watching = TRUE;
    }

  return linnet_spawn ("xmpp-presence-online",
                       xmpp_presence_online_fiber,
                       g_object_ref (feature),
                       g_object_unref);
}

static void
xmpp_presence_offline (XmppFeature *feature)
{
  XmppPresence *self = XMPP_PRESENCE (feature);
  GHashTableIter iter;
  gpointer address;
  Contact *contact;

  self->introduced = FALSE;
  self->visible = FALSE;

  g_hash_table_iter_init (&iter, self->contacts);
  while (g_hash_table_iter_next (&iter, &address, (gpointer *) &contact))
    {
      if (contact->resources->len > 0)
        mark_dirty (self, address);
    }
  g_hash_table_remove_all (self->contacts);
}

static void
xmpp_presence_finalize (GObject *object)
{
  XmppPresence *self = XMPP_PRESENCE (object);

  g_clear_handle_id (&self->dirty_idle, g_source_remove);
  g_clear_pointer (&self->contacts, g_hash_table_unref);
  g_clear_pointer (&self->dirty, g_hash_table_unref);
  g_clear_pointer (&self->status, g_free);

  G_OBJECT_CLASS (xmpp_presence_parent_class)->finalize (object);
}

static void
xmpp_presence_class_init (XmppPresenceClass *klass)
{
  XmppFeatureClass *feature_class = XMPP_FEATURE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xmpp_presence_finalize;
  feature_class->online = xmpp_presence_online;
  feature_class->offline = xmpp_presence_offline;
  xmpp_feature_class_add_presence_hook (feature_class, NULL, xmpp_presence_received);

  signals[CHANGED] = g_signal_new (
      "changed", XMPP_TYPE_PRESENCE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, XMPP_TYPE_JID);
}

static void
xmpp_presence_init (XmppPresence *self)
{
  self->contacts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) contact_free);
  self->dirty = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->show = XMPP_SHOW_ONLINE;
}

void
xmpp_presence_set_own (XmppPresence *self,
                       XmppShow show,
                       const char *status)
{
  g_return_if_fail (XMPP_IS_PRESENCE (self));
  g_return_if_fail (show <= XMPP_SHOW_CHAT);

  status = status != NULL && *status != '\0' ? status : NULL;
  if (self->show == show && g_strcmp0 (self->status, status) == 0)
    return;

  self->show = show;
  g_free (self->status);
  self->status = g_strdup (status);
  if (self->introduced)
    send_own (self);
}

static int
compare (const XmppPresenceInfo *a,
         const XmppPresenceInfo *b)
{
  if (a->priority != b->priority)
    return a->priority > b->priority ? 1 : -1;
  if (a->show != b->show)
    return a->show > b->show ? 1 : -1;

  return a->since > b->since ? 1 : -1;
}

const XmppPresenceInfo *
xmpp_presence_get_best (XmppPresence *self,
                        XmppJid *jid)
{
  const XmppPresenceInfo *best = NULL;
  Contact *contact;

  g_return_val_if_fail (XMPP_IS_PRESENCE (self), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  contact = g_hash_table_lookup (self->contacts, xmpp_jid_get_bare_string (jid));
  for (guint i = 0; contact != NULL && i < contact->resources->len; i++)
    {
      const XmppPresenceInfo *info = contact->resources->pdata[i];

      if (best == NULL || compare (info, best) > 0)
        best = info;
    }

  return best;
}

GPtrArray *
xmpp_presence_list (XmppPresence *self,
                    XmppJid *jid)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_presence_info_unref);
  Contact *contact;

  g_return_val_if_fail (XMPP_IS_PRESENCE (self), list);
  g_return_val_if_fail (jid != NULL, list);

  contact = g_hash_table_lookup (self->contacts, xmpp_jid_get_bare_string (jid));
  for (guint i = 0; contact != NULL && i < contact->resources->len; i++)
    g_ptr_array_add (list, xmpp_presence_info_ref (contact->resources->pdata[i]));

  return list;
}

const char *
xmpp_presence_get_last_status (XmppPresence *self,
                               XmppJid *jid,
                               gint64 *since)
{
  Contact *contact;

  g_return_val_if_fail (XMPP_IS_PRESENCE (self), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  contact = g_hash_table_lookup (self->contacts, xmpp_jid_get_bare_string (jid));
  if (since != NULL)
    *since = contact != NULL ? contact->last_since : 0;

  return contact != NULL ? contact->last_status : NULL;
}
