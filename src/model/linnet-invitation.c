/* Invitations: links that make somebody a contact
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-invitation"

#include "config.h"

#include "linnet-invitation-private.h"

struct _LinnetInvitation
{
  GObject parent_instance;
  char *uri;
  char *page; /* nullable */
  gint64 expires;
  guint can_register : 1;
};

G_DEFINE_FINAL_TYPE (LinnetInvitation, linnet_invitation, G_TYPE_OBJECT)

static void
linnet_invitation_finalize (GObject *object)
{
  LinnetInvitation *self = LINNET_INVITATION (object);

  g_free (self->uri);
  g_free (self->page);

  G_OBJECT_CLASS (linnet_invitation_parent_class)->finalize (object);
}

static void
linnet_invitation_class_init (LinnetInvitationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_invitation_finalize;
}

static void
linnet_invitation_init (LinnetInvitation *self)
{
}

LinnetInvitation *
linnet_invitation_new (const char *uri,
                       const char *page,
                       gint64 expires)
{
  LinnetInvitation *self;
  g_autoptr (LinnetLink) link = NULL;

  g_return_val_if_fail (uri != NULL, NULL);

  self = g_object_new (LINNET_TYPE_INVITATION, NULL);
  self->uri = g_strdup (uri);
  self->page = g_strdup (page);
  self->expires = expires;
  link = linnet_link_parse (uri, NULL);
  self->can_register =
      link != NULL &&
      (linnet_link_get_kind (link) == LINNET_LINK_REGISTER || linnet_link_get_can_register (link));

  return self;
}

const char *
linnet_invitation_get_link (LinnetInvitation *self)
{
  g_return_val_if_fail (LINNET_IS_INVITATION (self), NULL);

  return self->page != NULL ? self->page : self->uri;
}

const char *
linnet_invitation_get_uri (LinnetInvitation *self)
{
  g_return_val_if_fail (LINNET_IS_INVITATION (self), NULL);

  return self->uri;
}

gint64
linnet_invitation_get_expires (LinnetInvitation *self)
{
  g_return_val_if_fail (LINNET_IS_INVITATION (self), 0);

  return self->expires;
}

gboolean
linnet_invitation_get_can_register (LinnetInvitation *self)
{
  g_return_val_if_fail (LINNET_IS_INVITATION (self), FALSE);

  return self->can_register;
}
