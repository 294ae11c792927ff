/* A conversation that sends nothing
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fake-model-private.h"
#include "linnet-error.h"

G_DEFINE_FINAL_TYPE (LinnetConversation, linnet_conversation, G_TYPE_OBJECT)

static void
linnet_conversation_finalize (GObject *object)
{
  LinnetConversation *self = LINNET_CONVERSATION (object);

  g_clear_object (&self->account);
  g_clear_object (&self->contact);
  g_clear_object (&self->timeline);
  g_free (self->draft);
  g_free (self->last_sent);

  G_OBJECT_CLASS (linnet_conversation_parent_class)->finalize (object);
}

static void
linnet_conversation_class_init (LinnetConversationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_conversation_finalize;
  fake_install_properties (
      klass,
      (const char *const[]) { "typing", "title", "unread-count", "draft", "is-request", "pinned", NULL });
}

static void
linnet_conversation_init (LinnetConversation *self)
{
  self->send_error = -1;
}

LinnetConversation *
fake_conversation_new (const char *name,
                       const char *address)
{
  LinnetConversation *self = g_object_new (LINNET_TYPE_CONVERSATION, NULL);

  self->account = g_object_new (LINNET_TYPE_ACCOUNT, NULL);
  self->contact = g_object_new (LINNET_TYPE_CONTACT, NULL);
  self->contact->account = g_object_ref (self->account);
  self->contact->name = g_strdup (name);
  self->contact->address = g_strdup (address);
  self->timeline = g_object_new (LINNET_TYPE_TIMELINE, NULL);
  self->timeline->conversation = self;

  return self;
}

void
fake_conversation_set_typing (LinnetConversation *self,
                              gboolean typing)
{
  self->typing = typing;
  g_object_notify (G_OBJECT (self), "typing");
}

void
fake_conversation_set_request (LinnetConversation *self,
                               gboolean request)
{
  self->contact->requests = request;
  g_object_notify (G_OBJECT (self), "is-request");
}

void
fake_conversation_set_send_error (LinnetConversation *self,
                                  int code)
{
  self->send_error = code;
}

const char *
fake_conversation_get_last_sent (LinnetConversation *self)
{
  return self->last_sent;
}

guint
fake_conversation_get_retries (LinnetConversation *self)
{
  return self->retries;
}

gboolean
fake_conversation_get_composing (LinnetConversation *self)
{
  return self->composing;
}

void
fake_timeline_set_first_unread (LinnetTimeline *self,
                                LinnetMessage *message,
                                guint unread)
{
  g_set_object (&self->first_unread, message);
  message->unread_below = unread;
  g_object_notify (G_OBJECT (message), "starts-unread");
  self->conversation->unread = unread;
  g_object_notify (G_OBJECT (self->conversation), "unread-count");
}

LinnetAccount *
linnet_conversation_get_account (LinnetConversation *self)
{
  return self->account;
}

LinnetContact *
linnet_conversation_get_contact (LinnetConversation *self)
{
  return self->contact;
}

const char *
linnet_conversation_get_address (LinnetConversation *self)
{
  return self->contact->address;
}

const char *
linnet_conversation_get_title (LinnetConversation *self)
{
  return self->contact->name;
}

guint
linnet_conversation_get_unread_count (LinnetConversation *self)
{
  return self->unread;
}

const char *
linnet_conversation_get_draft (LinnetConversation *self)
{
  return self->draft;
}

gboolean
linnet_conversation_get_typing (LinnetConversation *self)
{
  return self->typing;
}

gboolean
linnet_conversation_get_pinned (LinnetConversation *self)
{
  return self->pinned;
}

gboolean
linnet_conversation_get_is_request (LinnetConversation *self)
{
  return self->contact->requests;
}

gboolean
linnet_conversation_get_asks_presence (LinnetConversation *self)
{
  return self->contact->requests;
}

DexFuture *
linnet_conversation_accept (LinnetConversation *self)
{
  return linnet_contact_accept_request (self->contact);
}

DexFuture *
linnet_conversation_decline (LinnetConversation *self)
{
  return linnet_contact_decline_request (self->contact);
}

DexFuture *
linnet_conversation_block (LinnetConversation *self)
{
  return linnet_contact_set_blocked (self->contact, TRUE);
}

LinnetTimeline *
linnet_conversation_dup_timeline (LinnetConversation *self)
{
  return g_object_ref (self->timeline);
}

DexFuture *
linnet_conversation_send_text (LinnetConversation *self,
                               const char *text)
{
  if (self->send_error >= 0)
    return dex_future_new_reject (LINNET_ERROR, self->send_error, "This message is too long to send.");

  g_set_str (&self->last_sent, text);

  return dex_future_new_take_object (
      g_object_ref (fake_timeline_add (self->timeline, text, TRUE, g_get_real_time ())));
}

DexFuture *
linnet_conversation_retry (LinnetConversation *self,
                           LinnetMessage *message)
{
  self->retries++;
  fake_message_set_state (message, LINNET_MESSAGE_QUEUED, NULL);

  return dex_future_new_true ();
}

void
linnet_conversation_set_draft (LinnetConversation *self,
                               const char *draft)
{
  if (g_set_str (&self->draft, draft))
    g_object_notify (G_OBJECT (self), "draft");
}

void
linnet_conversation_set_composing (LinnetConversation *self,
                                   gboolean composing)
{
  self->composing = composing;
}

void
linnet_conversation_mark_read (LinnetConversation *self)
{
  self->unread = 0;
  g_object_notify (G_OBJECT (self), "unread-count");
}

DexFuture *
linnet_conversation_set_pinned (LinnetConversation *self,
                                gboolean pinned)
{
  self->pinned = pinned;
  g_object_notify (G_OBJECT (self), "pinned");

  return dex_future_new_true ();
}
