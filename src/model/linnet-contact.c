/* Somebody an account knows: in the roster or not
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-contact"

#include "config.h"

#include <string.h>

#include "linnet-contact-private.h"
#include "xmpp-message.h"

struct _LinnetContact
{
  GObject parent_instance;

  LinnetAccount *account; /* weak */
  char *address;
  char *name;
  char *roster_name;
  char *nickname;
  char **groups;
  char *status_text;
  GFile *avatar_file;
  gint64 last_seen;
  LinnetSubscription subscription;
  LinnetShow show;
  guint in_roster : 1;
  guint blocked : 1;
};

enum
{
  PROP_0,
  PROP_ACCOUNT,
  PROP_ADDRESS,
  PROP_NAME,
  PROP_ROSTER_NAME,
  PROP_GROUPS,
  PROP_IN_ROSTER,
  PROP_SUBSCRIPTION,
  PROP_SHOW,
  PROP_STATUS_TEXT,
  PROP_LAST_SEEN,
  PROP_AVATAR_FILE,
  PROP_BLOCKED,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LinnetContact, linnet_contact, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
linnet_contact_update_name (LinnetContact *self)
{
  const char *at = strchr (self->address, '@');
  g_autofree char *name = NULL;

  g_assert (LINNET_IS_CONTACT (self));

  if (self->roster_name != NULL)
    name = g_strdup (self->roster_name);
  else if (self->nickname != NULL)
    name = g_strdup (self->nickname);
  else
    name = at != NULL ? g_strndup (self->address, at - self->address) : g_strdup (self->address);

  if (g_set_str (&self->name, name))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

static void
linnet_contact_set_subscription (LinnetContact *self,
                                 LinnetSubscription subscription)
{
  g_assert (LINNET_IS_CONTACT (self));

  if (self->subscription == subscription)
    return;

  self->subscription = subscription;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SUBSCRIPTION]);
}

static void
linnet_contact_finalize (GObject *object)
{
  LinnetContact *self = LINNET_CONTACT (object);

  g_clear_weak_pointer (&self->account);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->roster_name, g_free);
  g_clear_pointer (&self->nickname, g_free);
  g_clear_pointer (&self->groups, g_strfreev);
  g_clear_pointer (&self->status_text, g_free);
  g_clear_object (&self->avatar_file);

  G_OBJECT_CLASS (linnet_contact_parent_class)->finalize (object);
}

static void
linnet_contact_get_property (GObject *object,
                             guint prop_id,
                             GValue *value,
                             GParamSpec *pspec)
{
  LinnetContact *self = LINNET_CONTACT (object);

  switch (prop_id)
    {
    case PROP_ACCOUNT:
      g_value_set_object (value, self->account);
      break;
    case PROP_ADDRESS:
      g_value_set_string (value, self->address);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_ROSTER_NAME:
      g_value_set_string (value, self->roster_name);
      break;
    case PROP_GROUPS:
      g_value_set_boxed (value, self->groups);
      break;
    case PROP_IN_ROSTER:
      g_value_set_boolean (value, self->in_roster);
      break;
    case PROP_SUBSCRIPTION:
      g_value_set_flags (value, self->subscription);
      break;
    case PROP_SHOW:
      g_value_set_enum (value, self->show);
      break;
    case PROP_STATUS_TEXT:
      g_value_set_string (value, self->status_text);
      break;
    case PROP_LAST_SEEN:
      g_value_set_int64 (value, self->last_seen);
      break;
    case PROP_AVATAR_FILE:
      g_value_set_object (value, self->avatar_file);
      break;
    case PROP_BLOCKED:
      g_value_set_boolean (value, self->blocked);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_contact_class_init (LinnetContactClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = linnet_contact_finalize;
  object_class->get_property = linnet_contact_get_property;

  properties[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, G_TYPE_OBJECT, flags);
  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_ROSTER_NAME] = g_param_spec_string ("roster-name", NULL, NULL, NULL, flags);
  properties[PROP_GROUPS] = g_param_spec_boxed ("groups", NULL, NULL, G_TYPE_STRV, flags);
  properties[PROP_IN_ROSTER] = g_param_spec_boolean ("in-roster", NULL, NULL, FALSE, flags);
  properties[PROP_SUBSCRIPTION] = g_param_spec_flags (
      "subscription", NULL, NULL, LINNET_TYPE_SUBSCRIPTION, LINNET_SUBSCRIPTION_NONE, flags);
  properties[PROP_SHOW] =
      g_param_spec_enum ("show", NULL, NULL, LINNET_TYPE_SHOW, LINNET_SHOW_OFFLINE, flags);
  properties[PROP_STATUS_TEXT] = g_param_spec_string ("status-text", NULL, NULL, NULL, flags);
  properties[PROP_LAST_SEEN] = g_param_spec_int64 ("last-seen", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_AVATAR_FILE] = g_param_spec_object ("avatar-file", NULL, NULL, G_TYPE_FILE, flags);
  properties[PROP_BLOCKED] = g_param_spec_boolean ("blocked", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
linnet_contact_init (LinnetContact *self)
{
  self->groups = g_new0 (char *, 1);
}

LinnetContact *
linnet_contact_new (LinnetAccount *account,
                    const char *address)
{
  LinnetContact *self = g_object_new (LINNET_TYPE_CONTACT, NULL);

  g_set_weak_pointer (&self->account, account);
  self->address = g_strdup (address);
  linnet_contact_update_name (self);

  return self;
}

void
linnet_contact_set_entry (LinnetContact *self,
                          const LinnetContactEntry *entry)
{
  static const char *const no_groups[] = { NULL };
  gboolean in_roster = entry != NULL;
  g_autofree char *name = entry != NULL && entry->name != NULL ? xmpp_text_clean_name (entry->name) : NULL;
  const char *const *groups = entry != NULL && entry->groups != NULL ? entry->groups : no_groups;
  LinnetSubscription subscription = entry != NULL ? entry->subscription : LINNET_SUBSCRIPTION_NONE;

  g_return_if_fail (LINNET_IS_CONTACT (self));

  g_object_freeze_notify (G_OBJECT (self));

  if (g_set_str (&self->roster_name, name))
    {
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROSTER_NAME]);
      linnet_contact_update_name (self);
    }

  if (!g_strv_equal ((const char *const *) self->groups, groups))
    {
      g_strfreev (self->groups);
      self->groups = g_strdupv ((char **) groups);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GROUPS]);
    }

  if (self->in_roster != (guint) in_roster)
    {
      self->in_roster = in_roster;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IN_ROSTER]);
    }

  linnet_contact_set_subscription (self, subscription | (self->subscription & LINNET_SUBSCRIPTION_REQUEST));

  g_object_thaw_notify (G_OBJECT (self));
}

void
linnet_contact_set_nickname (LinnetContact *self,
                             const char *nickname)
{
  g_return_if_fail (LINNET_IS_CONTACT (self));

  if (g_set_str (&self->nickname, nickname))
    linnet_contact_update_name (self);
}

void
linnet_contact_set_presence (LinnetContact *self,
                             LinnetShow show,
                             const char *status_text,
                             gint64 last_seen)
{
  g_return_if_fail (LINNET_IS_CONTACT (self));

  if (self->show != show)
    {
      self->show = show;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOW]);
    }

  if (g_set_str (&self->status_text, status_text))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS_TEXT]);

  if (last_seen != 0 && self->last_seen != last_seen)
    {
      self->last_seen = last_seen;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_SEEN]);
    }
}

void
linnet_contact_set_avatar_file (LinnetContact *self,
                                GFile *file)
{
  g_return_if_fail (LINNET_IS_CONTACT (self));

  if (self->avatar_file == file ||
      (self->avatar_file != NULL && file != NULL && g_file_equal (self->avatar_file, file)))
    return;

  g_set_object (&self->avatar_file, file);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AVATAR_FILE]);
}

void
linnet_contact_take_blocked (LinnetContact *self,
                             gboolean blocked)
{
  g_return_if_fail (LINNET_IS_CONTACT (self));

  blocked = !!blocked;

  if (self->blocked == (guint) blocked)
    return;

  self->blocked = blocked;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BLOCKED]);
}

void
linnet_contact_set_requested (LinnetContact *self,
                              gboolean requested)
{
  g_return_if_fail (LINNET_IS_CONTACT (self));

  if (requested)
    linnet_contact_set_subscription (self, self->subscription | LINNET_SUBSCRIPTION_REQUEST);
  else
    linnet_contact_set_subscription (self, self->subscription & ~LINNET_SUBSCRIPTION_REQUEST);
}

gboolean
linnet_contact_get_requested (LinnetContact *self)
{
  g_return_val_if_fail (LINNET_IS_CONTACT (self), FALSE);

  return (self->subscription & LINNET_SUBSCRIPTION_REQUEST) != 0;
}

gboolean
linnet_contact_is_mutual (LinnetContact *self)
{
  g_return_val_if_fail (LINNET_IS_CONTACT (self), FALSE);

  return self->in_roster && (self->subscription & LINNET_SUBSCRIPTION_BOTH) == LINNET_SUBSCRIPTION_BOTH;
}

/**
 * linnet_contact_get_account:
 *
 * Returns: (transfer none) (nullable): the account that knows this contact; %NULL once it was removed
 */
LinnetAccount *
linnet_contact_get_account (LinnetContact *self)
{
  g_return_val_if_fail (LINNET_IS_CONTACT (self), NULL);

  return self->account;
}

const char *
linnet_contact_get_address (LinnetContact *self)
{
  g_return_val_if_fail (LINNET_IS_CONTACT (self), NULL);

  return self->address;
}

/**
 * linnet_contact_get_name:
 *
 * Returns: (transfer none): what to show; never %NULL
 */
const char *
linnet_contact_get_name (LinnetContact *self)
{
  g_return_val_if_fail (LINNET_IS_CONTACT (self), NULL);

  return self->name;
}

const char *
linnet_contact_get_roster_name (LinnetContact *self)
{
  g_return_val_if_fail (LINNET_IS_CONTACT (self), NULL);

  return self->roster_name;
}

/**
 * linnet_contact_get_groups:
 *
 * Returns: (transfer none): the groups' names; never %NULL
 */
const char *const *
linnet_contact_get_groups (LinnetContact *self)
{
  g_return_val_if_fail (LINNET_IS_CONTACT (self), NULL);

  return (const char *const *) self->groups;
}

gboolean
linnet_contact_get_in_roster (LinnetContact *self)
{
  g_return_val_if_fail (LINNET_IS_CONTACT (self), FALSE);

  return self->in_roster;
}

LinnetSubscription
linnet_contact_get_subscription (LinnetContact *self)
{
  g_return_val_if_fail (LINNET_IS_CONTACT (self), LINNET_SUBSCRIPTION_NONE);

  return self->subscription;
}

LinnetShow
linnet_contact_get_show (LinnetContact *self)
{
  g_return_val_if_fail (LINNET_IS_CONTACT (self), LINNET_SHOW_OFFLINE);

  return self->show;
}

const char *
linnet_contact_get_status_text (LinnetContact *self)
{
  g_return_val_if_fail (LINNET_IS_CONTACT (self), NULL);

  return self->status_text;
}

gint64
linnet_contact_get_last_seen (LinnetContact *self)
{
  g_return_val_if_fail (LINNET_IS_CONTACT (self), 0);

  return self->last_seen;
}

/**
 * linnet_contact_get_avatar_file:
 *
 * Returns: (transfer none) (nullable): a picture as it came from the network: decode it in a sandbox only
 */
GFile *
linnet_contact_get_avatar_file (LinnetContact *self)
{
  g_return_val_if_fail (LINNET_IS_CONTACT (self), NULL);

  return self->avatar_file;
}

gboolean
linnet_contact_get_blocked (LinnetContact *self)
{
  g_return_val_if_fail (LINNET_IS_CONTACT (self), FALSE);

  return self->blocked;
}
