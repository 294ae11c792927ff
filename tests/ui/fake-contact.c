/* A person who is whatever a test says
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fake-model-private.h"
#include "linnet-error.h"

G_DEFINE_FINAL_TYPE (LinnetContact, linnet_contact, G_TYPE_OBJECT)

static void
linnet_contact_finalize (GObject *object)
{
  LinnetContact *self = LINNET_CONTACT (object);

  g_clear_object (&self->account);
  g_clear_object (&self->avatar_file);
  g_free (self->name);
  g_free (self->address);

  G_OBJECT_CLASS (linnet_contact_parent_class)->finalize (object);
}

static void
linnet_contact_class_init (LinnetContactClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_contact_finalize;
  fake_install_properties (
      klass,
      (const char *const[]) {
          "name", "show", "last-seen", "status-text", "avatar-file", "blocked", "subscription", NULL });
}

static void
linnet_contact_init (LinnetContact *self)
{
  self->show = LINNET_SHOW_ONLINE;
  self->error = -1;
}

void
fake_contact_set_show (LinnetContact *self,
                       LinnetShow show)
{
  self->show = show;
  g_object_notify (G_OBJECT (self), "show");
}

void
fake_contact_set_last_seen (LinnetContact *self,
                            gint64 seconds)
{
  self->last_seen = seconds;
  g_object_notify (G_OBJECT (self), "last-seen");
}

void
fake_contact_set_avatar_file (LinnetContact *self,
                              GFile *file)
{
  g_set_object (&self->avatar_file, file);
  g_object_notify (G_OBJECT (self), "avatar-file");
}

void
fake_contact_set_error (LinnetContact *self,
                        int code)
{
  self->error = code;
}

const char *
fake_contact_get_verb (LinnetContact *self)
{
  return self->verb;
}

LinnetAccount *
linnet_contact_get_account (LinnetContact *self)
{
  return self->account;
}

const char *
linnet_contact_get_address (LinnetContact *self)
{
  return self->address;
}

const char *
linnet_contact_get_name (LinnetContact *self)
{
  return self->name;
}

LinnetSubscription
linnet_contact_get_subscription (LinnetContact *self)
{
  return self->requests ? LINNET_SUBSCRIPTION_REQUEST : LINNET_SUBSCRIPTION_BOTH;
}

LinnetShow
linnet_contact_get_show (LinnetContact *self)
{
  return self->show;
}

const char *
linnet_contact_get_status_text (LinnetContact *self)
{
  return NULL;
}

gint64
linnet_contact_get_last_seen (LinnetContact *self)
{
  return self->last_seen;
}

GFile *
linnet_contact_get_avatar_file (LinnetContact *self)
{
  return self->avatar_file;
}

gboolean
linnet_contact_get_in_roster (LinnetContact *self)
{
  return !self->requests;
}

gboolean
linnet_contact_get_blocked (LinnetContact *self)
{
  return self->blocked;
}

DexFuture *
linnet_contact_set_blocked (LinnetContact *self,
                            gboolean blocked)
{
  self->verb = blocked ? "block" : "unblock";
  if (self->error >= 0)
    return dex_future_new_reject (LINNET_ERROR, self->error, "The server refused.");

  self->blocked = blocked;
  g_object_notify (G_OBJECT (self), "blocked");

  return dex_future_new_true ();
}

static DexFuture *
end_request (LinnetContact *self,
             const char *verb)
{
  self->verb = verb;
  if (self->error >= 0)
    return dex_future_new_reject (LINNET_ERROR, self->error, "The server refused.");

  self->requests = FALSE;
  g_object_notify (G_OBJECT (self), "subscription");

  return dex_future_new_true ();
}

DexFuture *
linnet_contact_accept_request (LinnetContact *self)
{
  return end_request (self, "accept");
}

DexFuture *
linnet_contact_decline_request (LinnetContact *self)
{
  return end_request (self, "decline");
}
