/* The menu of accounts and of the own presence
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-account-menu"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account-menu.h"
#include "linnet-account.h"

struct _LinnetAccountMenu
{
  GObject parent_instance;

  GMenu *menu;
  GMenu *accounts;
};

G_DEFINE_FINAL_TYPE (LinnetAccountMenu, linnet_account_menu, G_TYPE_OBJECT)

static void
accounts_changed_cb (
    LinnetAccountMenu *self, guint position, guint removed, guint added, GListModel *accounts)
{
  for (guint i = 0; i < removed; i++)
    g_menu_remove (self->accounts, position);

  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (LinnetAccount) account = g_list_model_get_item (accounts, i);
      g_autoptr (GMenuItem) item = g_menu_item_new (linnet_account_get_address (account), NULL);

      g_menu_item_set_action_and_target (item, "win.account", "s", linnet_account_get_address (account));
      g_menu_insert_item (self->accounts, i, item);
    }
}

static void
linnet_account_menu_finalize (GObject *object)
{
  LinnetAccountMenu *self = LINNET_ACCOUNT_MENU (object);

  g_clear_object (&self->accounts);
  g_clear_object (&self->menu);

  G_OBJECT_CLASS (linnet_account_menu_parent_class)->finalize (object);
}

static void
linnet_account_menu_class_init (LinnetAccountMenuClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_account_menu_finalize;
}

static void
linnet_account_menu_init (LinnetAccountMenu *self)
{
  g_autoptr (GMenu) presence = g_menu_new ();
  g_autoptr (GMenu) more = g_menu_new ();

  self->menu = g_menu_new ();
  self->accounts = g_menu_new ();

  g_menu_append (presence, _ ("_Online"), "win.presence::online");
  g_menu_append (presence, _ ("_Away"), "win.presence::away");
  g_menu_append (presence, _ ("_Do Not Disturb"), "win.presence::busy");
  g_menu_append (presence, _ ("_Invisible"), "win.presence::invisible");
  g_menu_append (more, _ ("Add A_ccount…"), "win.add-account");

  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (self->accounts));
  g_menu_append_section (self->menu, _ ("Show Me As"), G_MENU_MODEL (presence));
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (more));
}

LinnetAccountMenu *
linnet_account_menu_new (LinnetAccountManager *manager)
{
  LinnetAccountMenu *self;

  g_return_val_if_fail (LINNET_IS_ACCOUNT_MANAGER (manager), NULL);

  self = g_object_new (LINNET_TYPE_ACCOUNT_MENU, NULL);
  g_signal_connect_object (
      manager, "items-changed", G_CALLBACK (accounts_changed_cb), self, G_CONNECT_SWAPPED);
  accounts_changed_cb (self, 0, 0, g_list_model_get_n_items (G_LIST_MODEL (manager)), G_LIST_MODEL (manager));

  return self;
}

/**
 * linnet_account_menu_get_model:
 *
 * Returns: (transfer none): the menu
 */
GMenuModel *
linnet_account_menu_get_model (LinnetAccountMenu *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT_MENU (self), NULL);

  return G_MENU_MODEL (self->menu);
}
