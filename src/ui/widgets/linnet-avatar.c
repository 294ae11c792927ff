/* A contact's or an account's picture, with presence
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-avatar"

#include "config.h"

#include "linnet-avatar-colors.h"
#include "linnet-avatar.h"
#include "linnet-picture-loader.h"
#include "linnet-spawn.h"

/* Nobody needs a larger one at 112 pixels, and every row of a list has one. */
#define MAX_PIXELS (2048 * 2048)

struct _LinnetAvatar
{
  GtkWidget parent_instance;

  GtkWidget *overlay;
  AdwAvatar *avatar;
  GtkWidget *dot;

  GSignalGroup *contact_signals;
  GSignalGroup *account_signals;
  LinnetContact *contact;
  LinnetAccount *account;
  GFile *file; /* the picture that is shown or being decoded */
  int size;
  gboolean show_presence;
};

G_DEFINE_FINAL_TYPE (LinnetAvatar, linnet_avatar, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_SHOW_PRESENCE,
  PROP_SIZE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

typedef struct
{
  GWeakRef avatar;
  GFile *file;
} Picture;

static void
picture_free (gpointer data)
{
  Picture *picture = data;

  g_weak_ref_clear (&picture->avatar);
  g_clear_object (&picture->file);
  g_free (picture);
}

static DexFuture *
picture_fiber (gpointer data)
{
  Picture *picture = data;
  LinnetPictureLoader *loader = linnet_picture_loader_get_for_display (gdk_display_get_default ());
  g_autoptr (GdkTexture) texture = NULL;
  g_autoptr (LinnetAvatar) self = NULL;

  texture = dex_await_object (linnet_picture_loader_load (loader, picture->file, MAX_PIXELS), NULL);
  self = g_weak_ref_get (&picture->avatar);

  /* The row may show somebody else by now. A picture that cannot be decoded leaves the initials. */
  if (self != NULL && texture != NULL && self->file == picture->file)
    adw_avatar_set_custom_image (self->avatar, GDK_PAINTABLE (texture));

  return NULL;
}

/* @self: nullable: nobody waits for it */
static void
load (LinnetAvatar *self, GFile *file)
{
  Picture *picture = g_new0 (Picture, 1);

  g_weak_ref_init (&picture->avatar, self);
  picture->file = g_object_ref (file);
  linnet_spawn_detached ("avatar", picture_fiber, picture, picture_free);
}

static void
set_file (LinnetAvatar *self, GFile *file)
{
  GdkTexture *texture = NULL;

  if (self->file == file || (self->file != NULL && file != NULL && g_file_equal (self->file, file)))
    return;

  g_set_object (&self->file, file);
  if (file != NULL)
    texture = linnet_picture_loader_lookup (
        linnet_picture_loader_get_for_display (gdk_display_get_default ()), file);

  adw_avatar_set_custom_image (self->avatar, GDK_PAINTABLE (texture));
  if (file == NULL || texture != NULL)
    return;

  load (self, file);
}

static void
set_dot (LinnetAvatar *self, LinnetShow show)
{
  gboolean away = show == LINNET_SHOW_AWAY || show == LINNET_SHOW_EXTENDED_AWAY;

  gtk_widget_set_visible (self->dot, self->show_presence && show != LINNET_SHOW_OFFLINE);
  gtk_widget_remove_css_class (self->dot, "away");
  gtk_widget_remove_css_class (self->dot, "busy");

  if (away)
    gtk_widget_add_css_class (self->dot, "away");
  else if (show == LINNET_SHOW_BUSY)
    gtk_widget_add_css_class (self->dot, "busy");
}

static void
update_cb (LinnetAvatar *self)
{
  g_assert (LINNET_IS_AVATAR (self));

  if (self->contact != NULL)
    {
      linnet_avatar_colors_set (GTK_WIDGET (self), linnet_contact_get_address (self->contact));
      adw_avatar_set_text (self->avatar, linnet_contact_get_name (self->contact));
      set_file (self, linnet_contact_get_avatar_file (self->contact));
      set_dot (self,
               linnet_contact_get_blocked (self->contact) ? LINNET_SHOW_OFFLINE
                                                          : linnet_contact_get_show (self->contact));
    }
  else if (self->account != NULL)
    {
      linnet_avatar_colors_set (GTK_WIDGET (self), linnet_account_get_address (self->account));
      adw_avatar_set_text (self->avatar, linnet_account_get_display_name (self->account));
      set_file (self, linnet_account_get_avatar_file (self->account));
      set_dot (self,
               linnet_account_get_state (self->account) == LINNET_CONNECTION_ONLINE
                   ? linnet_account_get_show (self->account)
                   : LINNET_SHOW_OFFLINE);
    }
  else
    {
      linnet_avatar_colors_set (GTK_WIDGET (self), NULL);
      adw_avatar_set_text (self->avatar, NULL);
      set_file (self, NULL);
      set_dot (self, LINNET_SHOW_OFFLINE);
    }
}

static void
linnet_avatar_dispose (GObject *object)
{
  LinnetAvatar *self = LINNET_AVATAR (object);

  g_clear_object (&self->contact_signals);
  g_clear_object (&self->account_signals);
  g_clear_object (&self->contact);
  g_clear_object (&self->account);
  g_clear_object (&self->file);
  g_clear_pointer (&self->overlay, gtk_widget_unparent);

  G_OBJECT_CLASS (linnet_avatar_parent_class)->dispose (object);
}

static void
linnet_avatar_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LinnetAvatar *self = LINNET_AVATAR (object);

  switch (prop_id)
    {
    case PROP_SHOW_PRESENCE:
      g_value_set_boolean (value, self->show_presence);
      break;
    case PROP_SIZE:
      g_value_set_int (value, self->size);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_avatar_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LinnetAvatar *self = LINNET_AVATAR (object);

  switch (prop_id)
    {
    case PROP_SHOW_PRESENCE:
      self->show_presence = g_value_get_boolean (value);
      update_cb (self);
      break;
    case PROP_SIZE:
      self->size = g_value_get_int (value);
      adw_avatar_set_size (self->avatar, self->size);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_avatar_class_init (LinnetAvatarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = linnet_avatar_dispose;
  object_class->get_property = linnet_avatar_get_property;
  object_class->set_property = linnet_avatar_set_property;

  properties[PROP_SHOW_PRESENCE] =
      g_param_spec_boolean ("show-presence", NULL, NULL, TRUE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SIZE] =
      g_param_spec_int ("size", NULL, NULL, 1, 512, 44, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
linnet_avatar_init (LinnetAvatar *self)
{
  self->show_presence = TRUE;
  self->size = 44;

  /* Never larger than the picture: the dot sits at its edge, also in a row that is higher. */
  self->overlay = gtk_overlay_new ();
  gtk_widget_set_halign (self->overlay, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->overlay, GTK_ALIGN_CENTER);
  gtk_widget_set_parent (self->overlay, GTK_WIDGET (self));

  self->avatar = g_object_new (ADW_TYPE_AVATAR,
                               "accessible-role",
                               GTK_ACCESSIBLE_ROLE_PRESENTATION,
                               "show-initials",
                               TRUE,
                               "size",
                               self->size,
                               NULL);
  gtk_overlay_set_child (GTK_OVERLAY (self->overlay), GTK_WIDGET (self->avatar));

  self->dot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (self->dot, "presence-dot");
  gtk_widget_set_halign (self->dot, GTK_ALIGN_END);
  gtk_widget_set_valign (self->dot, GTK_ALIGN_END);
  gtk_widget_set_visible (self->dot, FALSE);
  gtk_overlay_add_overlay (GTK_OVERLAY (self->overlay), self->dot);

  self->contact_signals = g_signal_group_new (LINNET_TYPE_CONTACT);
  g_signal_group_connect_swapped (self->contact_signals, "notify", G_CALLBACK (update_cb), self);
  self->account_signals = g_signal_group_new (LINNET_TYPE_ACCOUNT);
  g_signal_group_connect_swapped (self->account_signals, "notify", G_CALLBACK (update_cb), self);
}

GtkWidget *
linnet_avatar_new (int size)
{
  return g_object_new (LINNET_TYPE_AVATAR, "size", size, NULL);
}

void
linnet_avatar_set_contact (LinnetAvatar *self, LinnetContact *contact)
{
  g_return_if_fail (LINNET_IS_AVATAR (self));

  if (!g_set_object (&self->contact, contact))
    return;

  g_signal_group_set_target (self->contact_signals, contact);
  update_cb (self);
}

void
linnet_avatar_set_account (LinnetAvatar *self, LinnetAccount *account)
{
  g_return_if_fail (LINNET_IS_AVATAR (self));

  if (!g_set_object (&self->account, account))
    return;

  g_signal_group_set_target (self->account_signals, account);
  update_cb (self);
}

GdkTexture *
linnet_avatar_dup_picture (LinnetContact *contact)
{
  GFile *file;
  GdkTexture *texture;

  g_return_val_if_fail (LINNET_IS_CONTACT (contact), NULL);

  file = linnet_contact_get_avatar_file (contact);
  if (file == NULL)
    return NULL;

  texture =
      linnet_picture_loader_lookup (linnet_picture_loader_get_for_display (gdk_display_get_default ()), file);
  if (texture == NULL)
    load (NULL, file);

  return texture != NULL ? g_object_ref (texture) : NULL;
}
