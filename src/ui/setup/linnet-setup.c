/* The way to an account, from the first page to the last
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-setup"

#include "config.h"

#include "linnet-setup.h"
#include "linnet-sign-in-page.h"
#include "linnet-welcome-page.h"

struct _LinnetSetup
{
  AdwBin parent_instance;

  AdwNavigationView *view;

  LinnetAccountManager *manager;
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
static void
sign_in_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LinnetSetup *self = LINNET_SETUP (widget);

  if (adw_navigation_view_find_page (self->view, "sign-in") == NULL)
    {
      LinnetSignInPage *page = linnet_sign_in_page_new (self->manager);

      g_signal_connect_object (page, "signed-in", G_CALLBACK (finish_cb), self, G_CONNECT_SWAPPED);
      adw_navigation_view_add (self->view, ADW_NAVIGATION_PAGE (page));
    }

  adw_navigation_view_push_by_tag (self->view, "sign-in");
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
