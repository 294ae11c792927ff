/* A one-to-one conversation
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-conversation"

#include "config.h"

#include <string.h>

#include "linnet-account-private.h"
#include "linnet-contact-private.h"
#include "linnet-conversation-private.h"
#include "linnet-message-private.h"
#include "linnet-timeline-private.h"

/* Chat states have no end of their own when the other side's connection breaks. */
#define TYPING_TIMEOUT_S 30

enum
{
  PROP_0,
  PROP_ACCOUNT,
  PROP_CONTACT,
  PROP_ADDRESS,
  PROP_TITLE,
  PROP_PREVIEW,
  PROP_PREVIEW_OUTGOING,
  PROP_PREVIEW_STATE,
  PROP_LAST_TIME,
  PROP_UNREAD_COUNT,
  PROP_DRAFT,
  PROP_TYPING,
  PROP_PINNED,
  PROP_IS_REQUEST,
  PROP_LISTED,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LinnetConversation, linnet_conversation, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
contact_name_changed_cb (LinnetConversation *self)
{
  g_assert (LINNET_IS_CONVERSATION (self));

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

static void
linnet_conversation_update_listed (LinnetConversation *self)
{
  gboolean listed = !self->removed && (self->opened || self->row->last_id != 0 || self->row->pinned ||
                                       self->row->request || self->draft != NULL);

  g_assert (LINNET_IS_CONVERSATION (self));

  if (self->listed == (guint) listed)
    return;

  self->listed = listed;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LISTED]);
}

/* One line; runs of white space become one space. */
static char *
make_preview (const char *body)
{
  GString *line;

  if (body == NULL)
    return NULL;

  line = g_string_sized_new (strlen (body));

  for (const char *p = body; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_isspace (c))
        g_string_append_unichar (line, c);
      else if (line->len > 0 && line->str[line->len - 1] != ' ')
        g_string_append_c (line, ' ');
    }

  return g_string_free_and_steal (line);
}

static void
linnet_conversation_dispose (GObject *object)
{
  LinnetConversation *self = LINNET_CONVERSATION (object);

  g_clear_handle_id (&self->draft_source, g_source_remove);
  g_clear_handle_id (&self->typing_source, g_source_remove);
  g_clear_handle_id (&self->paused_source, g_source_remove);

  G_OBJECT_CLASS (linnet_conversation_parent_class)->dispose (object);
}

static void
linnet_conversation_finalize (GObject *object)
{
  LinnetConversation *self = LINNET_CONVERSATION (object);

  g_clear_weak_pointer (&self->timeline);
  g_clear_pointer (&self->preview, g_free);
  g_clear_pointer (&self->draft, g_free);
  g_clear_pointer (&self->marker, g_free);
  g_clear_pointer (&self->marker_owed, g_free);
  g_clear_pointer (&self->owed, g_ptr_array_unref);
  g_clear_pointer (&self->row, linnet_store_conversation_unref);
  g_clear_object (&self->contact);
  g_clear_object (&self->account);

  G_OBJECT_CLASS (linnet_conversation_parent_class)->finalize (object);
}

static void
linnet_conversation_get_property (GObject *object,
                                  guint prop_id,
                                  GValue *value,
                                  GParamSpec *pspec)
{
  LinnetConversation *self = LINNET_CONVERSATION (object);

  switch (prop_id)
    {
    case PROP_ACCOUNT:
      g_value_set_object (value, self->account);
      break;
    case PROP_CONTACT:
      g_value_set_object (value, self->contact);
      break;
    case PROP_ADDRESS:
      g_value_set_string (value, self->row->jid);
      break;
    case PROP_TITLE:
      g_value_set_string (value, linnet_conversation_get_title (self));
      break;
    case PROP_PREVIEW:
      g_value_set_string (value, self->preview);
      break;
    case PROP_PREVIEW_OUTGOING:
      g_value_set_boolean (value, linnet_conversation_get_preview_outgoing (self));
      break;
    case PROP_PREVIEW_STATE:
      g_value_set_enum (value, linnet_conversation_get_preview_state (self));
      break;
    case PROP_LAST_TIME:
      g_value_set_int64 (value, self->row->last_time);
      break;
    case PROP_UNREAD_COUNT:
      g_value_set_uint (value, self->unread_count);
      break;
    case PROP_DRAFT:
      g_value_set_string (value, self->draft);
      break;
    case PROP_TYPING:
      g_value_set_boolean (value, self->typing_source != 0);
      break;
    case PROP_PINNED:
      g_value_set_boolean (value, self->row->pinned);
      break;
    case PROP_IS_REQUEST:
      g_value_set_boolean (value, linnet_conversation_get_is_request (self));
      break;
    case PROP_LISTED:
      g_value_set_boolean (value, self->listed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_conversation_class_init (LinnetConversationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = linnet_conversation_dispose;
  object_class->finalize = linnet_conversation_finalize;
  object_class->get_property = linnet_conversation_get_property;

  properties[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, LINNET_TYPE_ACCOUNT, flags);
  properties[PROP_CONTACT] = g_param_spec_object ("contact", NULL, NULL, LINNET_TYPE_CONTACT, flags);
  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_PREVIEW] = g_param_spec_string ("preview", NULL, NULL, NULL, flags);
  properties[PROP_PREVIEW_OUTGOING] = g_param_spec_boolean ("preview-outgoing", NULL, NULL, FALSE, flags);
  properties[PROP_PREVIEW_STATE] = g_param_spec_enum (
      "preview-state", NULL, NULL, LINNET_TYPE_MESSAGE_STATE, LINNET_MESSAGE_QUEUED, flags);
  properties[PROP_LAST_TIME] = g_param_spec_int64 ("last-time", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_UNREAD_COUNT] = g_param_spec_uint ("unread-count", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_DRAFT] = g_param_spec_string ("draft", NULL, NULL, NULL, flags);
  properties[PROP_TYPING] = g_param_spec_boolean ("typing", NULL, NULL, FALSE, flags);
  properties[PROP_PINNED] = g_param_spec_boolean ("pinned", NULL, NULL, FALSE, flags);
  properties[PROP_IS_REQUEST] = g_param_spec_boolean ("is-request", NULL, NULL, FALSE, flags);
  properties[PROP_LISTED] = g_param_spec_boolean ("listed", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
linnet_conversation_init (LinnetConversation *self)
{
}

LinnetConversation *
linnet_conversation_new (LinnetAccount *account,
                         LinnetContact *contact,
                         LinnetStoreConversation *row)
{
  LinnetConversation *self = g_object_new (LINNET_TYPE_CONVERSATION, NULL);

  self->account = g_object_ref (account);
  self->contact = g_object_ref (contact);
  self->row = linnet_store_conversation_ref (row);
  self->preview = make_preview (row->last_body);
  self->draft = g_strdup (row->draft);
  self->unread_count = row->unread;
  linnet_contact_set_requested (contact, row->request);
  linnet_conversation_update_listed (self);
  g_signal_connect_object (
      contact, "notify::name", G_CALLBACK (contact_name_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (contact,
                           "notify::subscription",
                           G_CALLBACK (linnet_conversation_went_online),
                           self,
                           G_CONNECT_SWAPPED);

  return self;
}

void
linnet_conversation_take_draft (LinnetConversation *self,
                                const char *draft)
{
  g_assert (LINNET_IS_CONVERSATION (self));

  if (!g_set_str (&self->draft, draft))
    return;

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DRAFT]);
  linnet_conversation_update_listed (self);
}

/* Requests do not count, so it may change without a change here. */
static void
unread_of_all_changed (LinnetConversation *self)
{
  LinnetAccountManager *manager = linnet_account_get_manager (self->account);

  if (manager != NULL)
    linnet_account_manager_unread_changed (manager);
}

void
linnet_conversation_take_unread_count (LinnetConversation *self,
                                       guint unread_count)
{
  g_assert (LINNET_IS_CONVERSATION (self));

  if (self->unread_count == unread_count)
    return;

  self->unread_count = unread_count;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNREAD_COUNT]);

  if (self->timeline != NULL)
    linnet_timeline_unread_changed (self->timeline);
  unread_of_all_changed (self);
}

void
linnet_conversation_update (LinnetConversation *self,
                            LinnetStoreConversation *row)
{
  g_autoptr (LinnetStoreConversation) old = NULL;
  g_autofree char *preview = NULL;

  g_return_if_fail (LINNET_IS_CONVERSATION (self));

  if (self->row == row || self->closed)
    return;

  old = g_steal_pointer (&self->row);
  self->row = linnet_store_conversation_ref (row);
  preview = make_preview (row->last_body);

  g_object_freeze_notify (G_OBJECT (self));

  if (g_set_str (&self->preview, preview))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PREVIEW]);
  if (old->last_outgoing != row->last_outgoing)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PREVIEW_OUTGOING]);
  if (old->last_state != row->last_state)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PREVIEW_STATE]);
  if (old->last_time != row->last_time)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_TIME]);
  if (old->pinned != row->pinned)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PINNED]);
  if (old->request != row->request)
    linnet_contact_set_requested (self->contact, row->request);
  if (old->request != row->request || old->stranger != row->stranger)
    {
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_REQUEST]);
      unread_of_all_changed (self);
    }

  /* What is being typed is newer than what the store knows. */
  if (self->draft_source == 0)
    linnet_conversation_take_draft (self, row->draft);
  linnet_conversation_take_unread_count (self, row->unread);
  linnet_conversation_update_listed (self);

  g_object_thaw_notify (G_OBJECT (self));

  if ((old->request || old->stranger) && !linnet_conversation_get_is_request (self))
    linnet_conversation_went_online (self);
}

gint64
linnet_conversation_get_id (LinnetConversation *self)
{
  g_return_val_if_fail (LINNET_IS_CONVERSATION (self), 0);

  return self->row->id;
}

gboolean
linnet_conversation_is_muted (LinnetConversation *self)
{
  g_return_val_if_fail (LINNET_IS_CONVERSATION (self), FALSE);

  return self->row->muted_until > g_get_real_time ();
}

void
linnet_conversation_append (LinnetConversation *self,
                            GPtrArray *rows,
                            GPtrArray *messages)
{
  g_return_if_fail (LINNET_IS_CONVERSATION (self));

  for (guint i = rows->len; i > 0; i--)
    {
      LinnetStoreMessage *row = g_ptr_array_index (rows, i - 1);

      if (!row->outgoing && row->markable && row->stanza_id != NULL)
        {
          g_set_str (&self->marker, row->stanza_id);
          break;
        }
    }

  if (self->timeline != NULL)
    linnet_timeline_append (self->timeline, messages);
}

gboolean
linnet_conversation_get_listed (LinnetConversation *self)
{
  g_return_val_if_fail (LINNET_IS_CONVERSATION (self), FALSE);

  return self->listed;
}

void
linnet_conversation_set_opened (LinnetConversation *self)
{
  g_return_if_fail (LINNET_IS_CONVERSATION (self));

  self->opened = TRUE;
  linnet_conversation_update_listed (self);
}

static gboolean
typing_timeout_cb (gpointer user_data)
{
  LinnetConversation *self = user_data;

  self->typing_source = 0;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TYPING]);

  return G_SOURCE_REMOVE;
}

void
linnet_conversation_take_typing (LinnetConversation *self,
                                 gboolean typing)
{
  gboolean was_typing;

  g_return_if_fail (LINNET_IS_CONVERSATION (self));

  was_typing = self->typing_source != 0;
  g_clear_handle_id (&self->typing_source, g_source_remove);

  if (typing && !self->closed)
    self->typing_source = g_timeout_add_seconds (TYPING_TIMEOUT_S, typing_timeout_cb, self);

  if (was_typing != (self->typing_source != 0))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TYPING]);
}

void
linnet_conversation_close (LinnetConversation *self)
{
  g_return_if_fail (LINNET_IS_CONVERSATION (self));

  self->closed = TRUE;
  g_clear_handle_id (&self->draft_source, g_source_remove);
  g_clear_handle_id (&self->paused_source, g_source_remove);
  linnet_conversation_take_typing (self, FALSE);
}

void
linnet_conversation_set_removed (LinnetConversation *self)
{
  g_return_if_fail (LINNET_IS_CONVERSATION (self));

  self->removed = TRUE;
  linnet_conversation_close (self);
  linnet_conversation_update_listed (self);
}

static gint64
get_sort_time (const LinnetConversation *self)
{
  return self->row->last_id != 0 ? self->row->last_time : self->row->created;
}

int
linnet_conversation_compare (gconstpointer a,
                             gconstpointer b,
                             gpointer unused)
{
  const LinnetConversation *left = a;
  const LinnetConversation *right = b;
  gint64 left_time = get_sort_time (left);
  gint64 right_time = get_sort_time (right);

  if (left->row->pinned != right->row->pinned)
    return left->row->pinned ? -1 : 1;
  if (left_time != right_time)
    return left_time > right_time ? -1 : 1;

  /* Any order will do, if only it is always the same. */
  return left->row->id < right->row->id ? -1 : left->row->id > right->row->id;
}

/**
 * linnet_conversation_get_account:
 *
 * Returns: (transfer none): the account, also after its removal
 */
LinnetAccount *
linnet_conversation_get_account (LinnetConversation *self)
{
  g_return_val_if_fail (LINNET_IS_CONVERSATION (self), NULL);

  return self->account;
}

/**
 * linnet_conversation_get_contact:
 *
 * Returns: (transfer none): the other side
 */
LinnetContact *
linnet_conversation_get_contact (LinnetConversation *self)
{
  g_return_val_if_fail (LINNET_IS_CONVERSATION (self), NULL);

  return self->contact;
}

const char *
linnet_conversation_get_address (LinnetConversation *self)
{
  g_return_val_if_fail (LINNET_IS_CONVERSATION (self), NULL);

  return self->row->jid;
}

const char *
linnet_conversation_get_title (LinnetConversation *self)
{
  g_return_val_if_fail (LINNET_IS_CONVERSATION (self), NULL);

  return linnet_contact_get_name (self->contact);
}

const char *
linnet_conversation_get_preview (LinnetConversation *self)
{
  g_return_val_if_fail (LINNET_IS_CONVERSATION (self), NULL);

  return self->preview;
}

gboolean
linnet_conversation_get_preview_outgoing (LinnetConversation *self)
{
  g_return_val_if_fail (LINNET_IS_CONVERSATION (self), FALSE);

  return self->row->last_outgoing;
}

LinnetMessageState
linnet_conversation_get_preview_state (LinnetConversation *self)
{
  g_return_val_if_fail (LINNET_IS_CONVERSATION (self), LINNET_MESSAGE_QUEUED);

  return linnet_message_state_from_store (self->row->last_state);
}

gint64
linnet_conversation_get_last_time (LinnetConversation *self)
{
  g_return_val_if_fail (LINNET_IS_CONVERSATION (self), 0);

  return self->row->last_time;
}

guint
linnet_conversation_get_unread_count (LinnetConversation *self)
{
  g_return_val_if_fail (LINNET_IS_CONVERSATION (self), 0);

  return self->unread_count;
}

const char *
linnet_conversation_get_draft (LinnetConversation *self)
{
  g_return_val_if_fail (LINNET_IS_CONVERSATION (self), NULL);

  return self->draft;
}

gboolean
linnet_conversation_get_typing (LinnetConversation *self)
{
  g_return_val_if_fail (LINNET_IS_CONVERSATION (self), FALSE);

  return self->typing_source != 0;
}

gboolean
linnet_conversation_get_pinned (LinnetConversation *self)
{
  g_return_val_if_fail (LINNET_IS_CONVERSATION (self), FALSE);

  return self->row->pinned;
}

gboolean
linnet_conversation_get_is_request (LinnetConversation *self)
{
  g_return_val_if_fail (LINNET_IS_CONVERSATION (self), FALSE);

  return self->row->request || self->row->stranger;
}

gboolean
linnet_conversation_get_asks_presence (LinnetConversation *self)
{
  g_return_val_if_fail (LINNET_IS_CONVERSATION (self), FALSE);

  return self->row->request;
}

/**
 * linnet_conversation_dup_timeline:
 *
 * Returns: (transfer full): the messages; the same object as long as somebody holds it
 */
LinnetTimeline *
linnet_conversation_dup_timeline (LinnetConversation *self)
{
  LinnetTimeline *timeline;

  g_return_val_if_fail (LINNET_IS_CONVERSATION (self), NULL);

  if (self->timeline != NULL)
    return g_object_ref (self->timeline);

  timeline = linnet_timeline_new (self);
  g_set_weak_pointer (&self->timeline, timeline);

  return timeline;
}
