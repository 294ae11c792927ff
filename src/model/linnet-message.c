/* One message of a conversation
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-message"

#include "config.h"

#include "linnet-account.h"
#include "linnet-contact.h"
#include "linnet-error-private.h"
#include "linnet-message-private.h"

struct _LinnetMessage
{
  GObject parent_instance;

  GHashTable *table;
  LinnetContact *contact;
  gint64 id;
  gint64 position;
  gint64 time;
  guint32 day;
  char *body;
  char *condition;
  char *error_text;
  LinnetMessageState state;
  LinnetRunPosition run;
  guint unread_below;
  guint outgoing : 1;
  guint starts_day : 1;
};

enum
{
  PROP_0,
  PROP_ID,
  PROP_BODY,
  PROP_OUTGOING,
  PROP_SENDER_NAME,
  PROP_TIME,
  PROP_STATE,
  PROP_ERROR_TEXT,
  PROP_RUN,
  PROP_STARTS_DAY,
  PROP_STARTS_UNREAD,
  PROP_UNREAD_BELOW,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LinnetMessage, linnet_message, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
linnet_message_take_state (LinnetMessage *self,
                           LinnetStoreState state,
                           const char *condition)
{
  g_assert (LINNET_IS_MESSAGE (self));

  self->state = linnet_message_state_from_store (state);
  g_set_str (&self->condition, condition);
  g_clear_pointer (&self->error_text, g_free);

  if (self->state == LINNET_MESSAGE_FAILED)
    {
      LinnetAccount *account = linnet_contact_get_account (self->contact);
      g_autoptr (GError) error =
          g_error_new_literal (LINNET_ERROR, linnet_error_code_from_condition (condition), "Sending failed");

      self->error_text =
          linnet_error_to_text (error, account != NULL ? linnet_account_get_domain (account) : NULL);
    }
}

static guint32
local_day (gint64 time)
{
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_local_usec (time);
  GDate date;
  int year, month, day;

  if (when == NULL)
    return 0;

  g_date_time_get_ymd (when, &year, &month, &day);
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, day, month, year);

  return g_date_get_julian (&date);
}

static void
linnet_message_finalize (GObject *object)
{
  LinnetMessage *self = LINNET_MESSAGE (object);

  if (linnet_message_table_lookup (self->table, self->id) == self)
    g_hash_table_remove (self->table, &self->id);

  g_clear_pointer (&self->table, g_hash_table_unref);
  g_clear_object (&self->contact);
  g_clear_pointer (&self->body, g_free);
  g_clear_pointer (&self->condition, g_free);
  g_clear_pointer (&self->error_text, g_free);

  G_OBJECT_CLASS (linnet_message_parent_class)->finalize (object);
}

static void
linnet_message_get_property (GObject *object,
                             guint prop_id,
                             GValue *value,
                             GParamSpec *pspec)
{
  LinnetMessage *self = LINNET_MESSAGE (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_int64 (value, self->id);
      break;
    case PROP_BODY:
      g_value_set_string (value, self->body);
      break;
    case PROP_OUTGOING:
      g_value_set_boolean (value, self->outgoing);
      break;
    case PROP_SENDER_NAME:
      g_value_set_string (value, linnet_message_get_sender_name (self));
      break;
    case PROP_TIME:
      g_value_set_int64 (value, self->time);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_ERROR_TEXT:
      g_value_set_string (value, self->error_text);
      break;
    case PROP_RUN:
      g_value_set_enum (value, self->run);
      break;
    case PROP_STARTS_DAY:
      g_value_set_boolean (value, self->starts_day);
      break;
    case PROP_STARTS_UNREAD:
      g_value_set_boolean (value, self->unread_below > 0);
      break;
    case PROP_UNREAD_BELOW:
      g_value_set_uint (value, self->unread_below);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_message_class_init (LinnetMessageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = linnet_message_finalize;
  object_class->get_property = linnet_message_get_property;

  properties[PROP_ID] = g_param_spec_int64 ("id", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_BODY] = g_param_spec_string ("body", NULL, NULL, NULL, flags);
  properties[PROP_OUTGOING] = g_param_spec_boolean ("outgoing", NULL, NULL, FALSE, flags);
  properties[PROP_SENDER_NAME] = g_param_spec_string ("sender-name", NULL, NULL, NULL, flags);
  properties[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  properties[PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, LINNET_TYPE_MESSAGE_STATE, LINNET_MESSAGE_QUEUED, flags);
  properties[PROP_ERROR_TEXT] = g_param_spec_string ("error-text", NULL, NULL, NULL, flags);
  properties[PROP_RUN] =
      g_param_spec_enum ("run", NULL, NULL, LINNET_TYPE_RUN_POSITION, LINNET_RUN_ONLY, flags);
  properties[PROP_STARTS_DAY] = g_param_spec_boolean ("starts-day", NULL, NULL, FALSE, flags);
  properties[PROP_STARTS_UNREAD] = g_param_spec_boolean ("starts-unread", NULL, NULL, FALSE, flags);
  properties[PROP_UNREAD_BELOW] = g_param_spec_uint ("unread-below", NULL, NULL, 0, G_MAXUINT, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
linnet_message_init (LinnetMessage *self)
{
}

GHashTable *
linnet_message_table_new (void)
{
  return g_hash_table_new (g_int64_hash, g_int64_equal);
}

LinnetMessage *
linnet_message_table_lookup (GHashTable *table,
                             gint64 id)
{
  return g_hash_table_lookup (table, &id);
}

LinnetMessage *
linnet_message_table_ensure (GHashTable *table,
                             LinnetContact *contact,
                             LinnetStoreMessage *row)
{
  LinnetMessage *self = linnet_message_table_lookup (table, row->id);

  if (self != NULL)
    return g_object_ref (self);

  self = g_object_new (LINNET_TYPE_MESSAGE, NULL);
  self->table = g_hash_table_ref (table);
  self->contact = g_object_ref (contact);
  self->id = row->id;
  self->position = row->position;
  self->time = row->time;
  self->day = local_day (row->time);
  self->body = g_strdup (row->body != NULL ? row->body : "");
  self->outgoing = row->outgoing;
  linnet_message_take_state (self, row->state, row->error_condition);
  g_hash_table_insert (table, &self->id, self);

  return self;
}

LinnetMessageState
linnet_message_state_from_store (LinnetStoreState state)
{
  switch (state)
    {
    case LINNET_STORE_STATE_QUEUED:
      return LINNET_MESSAGE_QUEUED;
    case LINNET_STORE_STATE_SENT:
      return LINNET_MESSAGE_SENT;
    case LINNET_STORE_STATE_DELIVERED:
      return LINNET_MESSAGE_DELIVERED;
    case LINNET_STORE_STATE_READ:
      return LINNET_MESSAGE_READ;
    case LINNET_STORE_STATE_FAILED:
      return LINNET_MESSAGE_FAILED;
    case LINNET_STORE_STATE_RECEIVED:
    default:
      return LINNET_MESSAGE_RECEIVED;
    }
}

void
linnet_message_set_state (LinnetMessage *self,
                          LinnetStoreState state,
                          const char *condition)
{
  g_autoptr (LinnetMessage) held = NULL;
  LinnetMessageState before;

  g_return_if_fail (LINNET_IS_MESSAGE (self));

  /* Whoever waits for the state may let go of the message as soon as it hears of it. */
  held = g_object_ref (self);

  if (self->state == linnet_message_state_from_store (state) && g_strcmp0 (self->condition, condition) == 0)
    return;

  before = self->state;
  linnet_message_take_state (self, state, condition);

  if (self->state != before)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR_TEXT]);
}

void
linnet_message_set_run (LinnetMessage *self,
                        LinnetRunPosition run)
{
  g_return_if_fail (LINNET_IS_MESSAGE (self));

  if (self->run == run)
    return;

  self->run = run;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN]);
}

void
linnet_message_set_starts_day (LinnetMessage *self,
                               gboolean starts_day)
{
  g_return_if_fail (LINNET_IS_MESSAGE (self));

  starts_day = !!starts_day;

  if (self->starts_day == (guint) starts_day)
    return;

  self->starts_day = starts_day;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STARTS_DAY]);
}

void
linnet_message_set_unread_line (LinnetMessage *self,
                                guint unread_below)
{
  gboolean toggled;

  g_return_if_fail (LINNET_IS_MESSAGE (self));

  if (self->unread_below == unread_below)
    return;

  toggled = (self->unread_below > 0) != (unread_below > 0);
  self->unread_below = unread_below;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNREAD_BELOW]);

  if (toggled)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STARTS_UNREAD]);
}

void
linnet_message_notify_sender (LinnetMessage *self)
{
  g_return_if_fail (LINNET_IS_MESSAGE (self));

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SENDER_NAME]);
}

gint64
linnet_message_get_position (LinnetMessage *self)
{
  g_return_val_if_fail (LINNET_IS_MESSAGE (self), 0);

  return self->position;
}

guint32
linnet_message_get_day (LinnetMessage *self)
{
  g_return_val_if_fail (LINNET_IS_MESSAGE (self), 0);

  return self->day;
}

gint64
linnet_message_get_id (LinnetMessage *self)
{
  g_return_val_if_fail (LINNET_IS_MESSAGE (self), 0);

  return self->id;
}

/**
 * linnet_message_get_body:
 *
 * Returns: (transfer none): plain text, never to be read as markup
 */
const char *
linnet_message_get_body (LinnetMessage *self)
{
  g_return_val_if_fail (LINNET_IS_MESSAGE (self), NULL);

  return self->body;
}

gboolean
linnet_message_get_outgoing (LinnetMessage *self)
{
  g_return_val_if_fail (LINNET_IS_MESSAGE (self), FALSE);

  return self->outgoing;
}

/**
 * linnet_message_get_sender_name:
 *
 * Returns: (transfer none) (nullable): how the contact, or for an outgoing message the account, is shown
 */
const char *
linnet_message_get_sender_name (LinnetMessage *self)
{
  LinnetAccount *account;

  g_return_val_if_fail (LINNET_IS_MESSAGE (self), NULL);

  if (!self->outgoing)
    return linnet_contact_get_name (self->contact);

  account = linnet_contact_get_account (self->contact);

  return account != NULL ? linnet_account_get_display_name (account) : NULL;
}

gint64
linnet_message_get_time (LinnetMessage *self)
{
  g_return_val_if_fail (LINNET_IS_MESSAGE (self), 0);

  return self->time;
}

LinnetMessageState
linnet_message_get_state (LinnetMessage *self)
{
  g_return_val_if_fail (LINNET_IS_MESSAGE (self), LINNET_MESSAGE_QUEUED);

  return self->state;
}

/**
 * linnet_message_get_error_text:
 *
 * Returns: (transfer none) (nullable): why sending failed, a sentence for a person
 */
const char *
linnet_message_get_error_text (LinnetMessage *self)
{
  g_return_val_if_fail (LINNET_IS_MESSAGE (self), NULL);

  return self->error_text;
}

LinnetRunPosition
linnet_message_get_run (LinnetMessage *self)
{
  g_return_val_if_fail (LINNET_IS_MESSAGE (self), LINNET_RUN_ONLY);

  return self->run;
}

gboolean
linnet_message_get_starts_day (LinnetMessage *self)
{
  g_return_val_if_fail (LINNET_IS_MESSAGE (self), FALSE);

  return self->starts_day;
}

gboolean
linnet_message_get_starts_unread (LinnetMessage *self)
{
  g_return_val_if_fail (LINNET_IS_MESSAGE (self), FALSE);

  return self->unread_below > 0;
}

guint
linnet_message_get_unread_below (LinnetMessage *self)
{
  g_return_val_if_fail (LINNET_IS_MESSAGE (self), 0);

  return self->unread_below;
}
