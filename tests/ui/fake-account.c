/* An account without a server
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fake-model-private.h"

struct _LinnetAccount
{
  GObject parent_instance;
  LinnetConnectionState state;
  guint retry_in;
  guint reconnects;
  gboolean enabled;
  gboolean can_block;
};

G_DEFINE_FINAL_TYPE (LinnetAccount, linnet_account, G_TYPE_OBJECT)

static void
linnet_account_class_init (LinnetAccountClass *klass)
{
  fake_install_properties (
      klass,
      (const char *const[]) { "state", "error", "retry-in", "show", "display-name", "avatar-file", NULL });
}

static void
linnet_account_init (LinnetAccount *self)
{
  self->state = LINNET_CONNECTION_ONLINE;
  self->enabled = TRUE;
  self->can_block = TRUE;
}

void
fake_account_set_state (LinnetAccount *self,
                        LinnetConnectionState state,
                        guint retry_in)
{
  self->state = state;
  self->retry_in = retry_in;
  g_object_notify (G_OBJECT (self), "state");
  g_object_notify (G_OBJECT (self), "retry-in");
}

guint
fake_account_get_reconnects (LinnetAccount *self)
{
  return self->reconnects;
}

void
fake_account_set_can_block (LinnetAccount *self,
                            gboolean can_block)
{
  self->can_block = can_block;
}

const char *
linnet_account_get_address (LinnetAccount *self)
{
  return "ana@example.org";
}

const char *
linnet_account_get_display_name (LinnetAccount *self)
{
  return "Ana Horvat";
}

const char *
linnet_account_get_domain (LinnetAccount *self)
{
  return "example.org";
}

GFile *
linnet_account_get_avatar_file (LinnetAccount *self)
{
  return NULL;
}

LinnetConnectionState
linnet_account_get_state (LinnetAccount *self)
{
  return self->state;
}

const GError *
linnet_account_get_error (LinnetAccount *self)
{
  return NULL;
}

guint
linnet_account_get_retry_in (LinnetAccount *self)
{
  return self->retry_in;
}

gboolean
linnet_account_get_enabled (LinnetAccount *self)
{
  return self->enabled;
}

LinnetShow
linnet_account_get_show (LinnetAccount *self)
{
  return LINNET_SHOW_ONLINE;
}

gboolean
linnet_account_get_can_block (LinnetAccount *self)
{
  return self->can_block;
}

void
linnet_account_reconnect_now (LinnetAccount *self)
{
  self->reconnects++;
}

DexFuture *
linnet_account_set_enabled (LinnetAccount *self,
                            gboolean enabled)
{
  self->enabled = enabled;

  return dex_future_new_true ();
}
