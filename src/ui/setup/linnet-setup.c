/* The way to an account, from the first page to the last
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-setup"

#include "config.h"

#include "linnet-account.h"
#include "linnet-hello-page.h"
#include "linnet-provider-list.h"
#include "linnet-provider-page.h"
#include "linnet-register-page.h"
#include "linnet-setup.h"
#include "linnet-sign-in-page.h"
#include "linnet-welcome-page.h"

struct _LinnetSetup
{
  AdwBin parent_instance;

  AdwNavigationView *view;

  LinnetAccountManager *manager;
  gboolean greeting; /* the account is there; its owner is asked how to show themselves */
};

G_DEFINE_FINAL_TYPE (LinnetSetup, linnet_setup, ADW_TYPE_BIN)

enum
{
  FINISHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
finish_cb (LinnetSetup *self)
{
  g_signal_emit (self, signals[FINISHED], 0);
}

/* Pages are added, not only pushed: the view then keeps one, with what was typed, when it is left. */
static AdwNavigationPage *
add_page (LinnetSetup *self, gpointer page)
{
  adw_navigation_view_add (self->view, page);

  return page;
}

static LinnetSignInPage *
get_sign_in_page (LinnetSetup *self)
{
  AdwNavigationPage *page = adw_navigation_view_find_page (self->view, "sign-in");

  if (page == NULL)
    {
      page = add_page (self, linnet_sign_in_page_new (self->manager));
      g_signal_connect_object (page, "signed-in", G_CALLBACK (finish_cb), self, G_CONNECT_SWAPPED);
    }

  return LINNET_SIGN_IN_PAGE (page);
}

static void
sign_in_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LinnetSetup *self = LINNET_SETUP (widget);

  get_sign_in_page (self);
  adw_navigation_view_push_by_tag (self->view, "sign-in");
}

/* From a provider's web site, with a new account of it. */
static void
sign_in_at_cb (LinnetSetup *self, const char *domain)
{
  g_autofree char *end = g_strconcat ("@", domain, NULL);

  linnet_sign_in_page_set_address (get_sign_in_page (self), end);
  adw_navigation_view_push_by_tag (self->view, "sign-in");
}

/* There is no way back: the account is made. */
static void
registered_cb (LinnetSetup *self, LinnetAccount *account)
{
  AdwNavigationPage *page = ADW_NAVIGATION_PAGE (linnet_hello_page_new (account));

  self->greeting = TRUE;
  g_signal_connect_object (page, "finished", G_CALLBACK (finish_cb), self, G_CONNECT_SWAPPED);
  adw_navigation_view_replace (self->view, &page, 1);
}

static LinnetRegisterPage *
get_register_page (LinnetSetup *self)
{
  AdwNavigationPage *page = adw_navigation_view_find_page (self->view, "register");

  if (page == NULL)
    {
      page = add_page (self, linnet_register_page_new (self->manager));
      g_signal_connect_object (page, "registered", G_CALLBACK (registered_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (page, "sign-in", G_CALLBACK (sign_in_at_cb), self, G_CONNECT_SWAPPED);
    }

  return LINNET_REGISTER_PAGE (page);
}

static void
provider_chosen_cb (LinnetSetup *self, const char *domain, LinnetProvider *provider)
{
  const char *web_url = provider != NULL && !linnet_provider_get_in_app (provider)
                            ? linnet_provider_get_registration_url (provider)
                            : NULL;

  linnet_register_page_set_domain (get_register_page (self), domain, web_url);
  adw_navigation_view_push_by_tag (self->view, "register");
}

static void
create_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LinnetSetup *self = LINNET_SETUP (widget);

  if (adw_navigation_view_find_page (self->view, "provider") == NULL)
    {
      g_autoptr (LinnetProviderList) providers =
          linnet_provider_list_new (linnet_account_manager_get_directory (self->manager));
      AdwNavigationPage *page = add_page (self, linnet_provider_page_new (providers));

      g_signal_connect_object (page, "chosen", G_CALLBACK (provider_chosen_cb), self, G_CONNECT_SWAPPED);
    }

  adw_navigation_view_push_by_tag (self->view, "provider");
}

static void
linnet_setup_dispose (GObject *object)
{
  LinnetSetup *self = LINNET_SETUP (object);

  g_clear_object (&self->manager);

  G_OBJECT_CLASS (linnet_setup_parent_class)->dispose (object);
}

static void
linnet_setup_class_init (LinnetSetupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = linnet_setup_dispose;

  signals[FINISHED] = g_signal_new (
      "finished", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_install_action (widget_class, "setup.create", NULL, create_action);
  gtk_widget_class_install_action (widget_class, "setup.sign-in", NULL, sign_in_action);
}

static void
linnet_setup_init (LinnetSetup *self)
{
  self->view = ADW_NAVIGATION_VIEW (adw_navigation_view_new ());
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->view));
}

/**
 * linnet_setup_new:
 * @first: whether this is what a person sees first of Linnet
 *
 * Returns: (transfer floating): the first page, and all others behind it
 */
LinnetSetup *
linnet_setup_new (LinnetAccountManager *manager, gboolean first)
{
  LinnetSetup *self;

  g_return_val_if_fail (LINNET_IS_ACCOUNT_MANAGER (manager), NULL);

  self = g_object_new (LINNET_TYPE_SETUP, NULL);
  g_set_object (&self->manager, manager);
  adw_navigation_view_add (self->view, ADW_NAVIGATION_PAGE (linnet_welcome_page_new (first)));

  return self;
}

/**
 * linnet_setup_get_busy:
 *
 * Returns: whether an account that is there, or is about to be, still belongs to the set-up
 */
gboolean
linnet_setup_get_busy (LinnetSetup *self)
{
  AdwNavigationPage *page;

  g_return_val_if_fail (LINNET_IS_SETUP (self), FALSE);

  page = adw_navigation_view_find_page (self->view, "register");

  return self->greeting ||
         (page != NULL && linnet_register_page_get_submitting (LINNET_REGISTER_PAGE (page)));
}
