/* A message without a store
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fake-model-private.h"

G_DEFINE_FINAL_TYPE (LinnetMessage, linnet_message, G_TYPE_OBJECT)

static void
linnet_message_finalize (GObject *object)
{
  LinnetMessage *self = LINNET_MESSAGE (object);

  g_free (self->body);
  g_free (self->sender_name);
  g_free (self->error_text);

  G_OBJECT_CLASS (linnet_message_parent_class)->finalize (object);
}

static void
linnet_message_class_init (LinnetMessageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_message_finalize;
  fake_install_properties (
      klass,
      (const char *const[]) { "body", "state", "error-text", "run", "starts-day", "starts-unread", NULL });
}

static void
linnet_message_init (LinnetMessage *self)
{
}

gint64
linnet_message_get_id (LinnetMessage *self)
{
  return self->id;
}

const char *
linnet_message_get_body (LinnetMessage *self)
{
  return self->body;
}

gboolean
linnet_message_get_outgoing (LinnetMessage *self)
{
  return self->outgoing;
}

const char *
linnet_message_get_sender_name (LinnetMessage *self)
{
  return self->sender_name;
}

gint64
linnet_message_get_time (LinnetMessage *self)
{
  return self->time;
}

LinnetMessageState
linnet_message_get_state (LinnetMessage *self)
{
  return self->state;
}

const char *
linnet_message_get_error_text (LinnetMessage *self)
{
  return self->error_text;
}

LinnetRunPosition
linnet_message_get_run (LinnetMessage *self)
{
  return self->run;
}

gboolean
linnet_message_get_starts_day (LinnetMessage *self)
{
  return self->starts_day;
}

gboolean
linnet_message_get_starts_unread (LinnetMessage *self)
{
  return self->unread_below > 0;
}

guint
linnet_message_get_unread_below (LinnetMessage *self)
{
  return self->unread_below;
}

void
fake_message_set_state (LinnetMessage *self,
                        LinnetMessageState state,
                        const char *error_text)
{
  self->state = state;
  g_set_str (&self->error_text, error_text);
  g_object_notify (G_OBJECT (self), "state");
}

void
fake_message_set_body (LinnetMessage *self,
                       const char *body)
{
  g_set_str (&self->body, body);
  g_object_notify (G_OBJECT (self), "body");
}
