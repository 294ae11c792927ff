/* The banner over the list of chats: what keeps an account from working
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-trouble-banner"

#include "config.h"

#include "linnet-trouble-banner.h"

#include <glib/gi18n.h>

#include "linnet-account.h"
#include "linnet-connection-text.h"
#include "linnet-error.h"
#include "linnet-safe-text.h"

struct _LinnetTroubleBanner
{
  AdwBin parent_instance;

  AdwBanner *banner;
  LinnetAccountManager *manager;
  LinnetAccount *troubled; /* borrowed: whom the banner speaks of; set anew whenever the accounts change */
  guint connecting : 1;
};

enum
{
  PROP_0,
  PROP_CONNECTING,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (LinnetTroubleBanner, linnet_trouble_banner, ADW_TYPE_BIN)

static GParamSpec *properties[N_PROPS];

/* What is wrong with @account, of which there are others when @one_of_several. */
static char *
dup_trouble (LinnetAccount *account, gboolean one_of_several)
{
  const GError *error = linnet_account_get_error (account);
  g_autofree char *text = error != NULL ? linnet_error_to_text (error, linnet_account_get_domain (account))
                                        : g_strdup (_ ("Not signed in"));

  if (!one_of_several)
    return g_steal_pointer (&text);

  /* Translators: which of your accounts, and a sentence about what is wrong with it */
  return g_strdup_printf (_ ("%s: %s"), linnet_account_get_address (account), text);
}

static void
show_trouble (LinnetTroubleBanner *self, gboolean one_of_several, gboolean invisible)
{
  if (self->troubled != NULL)
    {
      const GError *error = linnet_account_get_error (self->troubled);
      g_autofree char *text = dup_trouble (self->troubled, one_of_several);
      g_autofree char *safe = linnet_safe_text_dup (GTK_WIDGET (self->banner), text);

      adw_banner_set_title (self->banner, safe);
      adw_banner_set_button_label (self->banner,
                                   linnet_connection_text_action (LINNET_CONNECTION_FAILED, error));
    }
  else
    {
      adw_banner_set_title (self->banner,
                            invisible ? _ ("New messages wait on your server while you are invisible") : "");
      adw_banner_set_button_label (self->banner, invisible ? _ ("Show Me") : NULL);
    }

  adw_banner_set_revealed (self->banner, self->troubled != NULL || invisible);
}

/* What keeps an account from working until a person acts. One at a time: the first in order. Servers keep
 * messages from whoever is not available (RFC 6121 section 8.5.2.2), which nobody would expect. */
static void
update (LinnetTroubleBanner *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->manager));
  gboolean connecting = FALSE, invisible = FALSE;

  self->troubled = NULL;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (LinnetAccount) account = g_list_model_get_item (G_LIST_MODEL (self->manager), i);
      LinnetConnectionState state = linnet_account_get_state (account);

      connecting |= state == LINNET_CONNECTION_CONNECTING || state == LINNET_CONNECTION_RECONNECTING;
      invisible |=
          state == LINNET_CONNECTION_ONLINE && linnet_account_get_show (account) == LINNET_SHOW_OFFLINE;
      if (state == LINNET_CONNECTION_FAILED && self->troubled == NULL)
        self->troubled = account;
    }

  show_trouble (self, n > 1, invisible);

  if (self->connecting == connecting)
    return;

  self->connecting = connecting;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTING]);
}

static void
clicked_cb (LinnetTroubleBanner *self)
{
  g_assert (LINNET_IS_TROUBLE_BANNER (self));

  if (self->troubled != NULL)
    gtk_widget_activate_action (
        GTK_WIDGET (self), "win.repair-account", "s", linnet_account_get_address (self->troubled));
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.presence", "s", "online");
}

static void
account_changed_cb (LinnetTroubleBanner *self)
{
  g_assert (LINNET_IS_TROUBLE_BANNER (self));

  update (self);
}

static void
accounts_changed_cb (
    LinnetTroubleBanner *self, guint position, guint removed, guint added, GListModel *accounts)
{
  g_assert (LINNET_IS_TROUBLE_BANNER (self));

  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (LinnetAccount) account = g_list_model_get_item (accounts, i);

      g_signal_connect_object (
          account, "notify::state", G_CALLBACK (account_changed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (
          account, "notify::error", G_CALLBACK (account_changed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (
          account, "notify::show", G_CALLBACK (account_changed_cb), self, G_CONNECT_SWAPPED);
    }

  update (self);
}

static void
linnet_trouble_banner_dispose (GObject *object)
{
  LinnetTroubleBanner *self = LINNET_TROUBLE_BANNER (object);

  self->troubled = NULL;
  g_clear_object (&self->manager);

  G_OBJECT_CLASS (linnet_trouble_banner_parent_class)->dispose (object);
}

static void
linnet_trouble_banner_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LinnetTroubleBanner *self = LINNET_TROUBLE_BANNER (object);

  switch (prop_id)
    {
    case PROP_CONNECTING:
      g_value_set_boolean (value, self->connecting);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_trouble_banner_class_init (LinnetTroubleBannerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = linnet_trouble_banner_dispose;
  object_class->get_property = linnet_trouble_banner_get_property;

  properties[PROP_CONNECTING] =
      g_param_spec_boolean ("connecting", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
linnet_trouble_banner_init (LinnetTroubleBanner *self)
{
  self->banner = ADW_BANNER (adw_banner_new (""));
  adw_banner_set_use_markup (self->banner, FALSE);
  g_signal_connect_object (
      self->banner, "button-clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->banner));
}

void
linnet_trouble_banner_set_manager (LinnetTroubleBanner *self, LinnetAccountManager *manager)
{
  g_return_if_fail (LINNET_IS_TROUBLE_BANNER (self));
  g_return_if_fail (LINNET_IS_ACCOUNT_MANAGER (manager));
  g_return_if_fail (self->manager == NULL);

  self->manager = g_object_ref (manager);
  g_signal_connect_object (
      manager, "items-changed", G_CALLBACK (accounts_changed_cb), self, G_CONNECT_SWAPPED);
  accounts_changed_cb (
      self, 0, 0, g_list_model_get_n_items (G_LIST_MODEL (manager)), G_LIST_MODEL (manager));
}
