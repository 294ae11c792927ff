/* The way to an account, from the first page to the last
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-setup"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account.h"
#include "linnet-alert.h"
#include "linnet-hello-page.h"
#include "linnet-invitation-page.h"
#include "linnet-invitation.h"
#include "linnet-provider-list.h"
#include "linnet-provider-page.h"
#include "linnet-proxy.h"
#include "linnet-register-page.h"
#include "linnet-setup.h"
#include "linnet-sign-in-page.h"
#include "linnet-spawn.h"
#include "linnet-welcome-page.h"

struct _LinnetSetup
{
  AdwBin parent_instance;

  AdwNavigationView *view;

  LinnetAccountManager *manager;
  LinnetProviderList *providers;
  LinnetLink *invitation; /* nullable: what the account is made with */
  char *proxy;            /* nullable: for everything that is reached from here, as it was typed */
  char *fetch_proxy;      /* the same for what is fetched */
  gboolean greeting;      /* the account is there; its owner is asked how to show themselves */
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
      linnet_sign_in_page_set_proxy (LINNET_SIGN_IN_PAGE (page), self->proxy);
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
  /* Many servers do this themselves (XEP-0401 section 4.3.2). When it does not work the account is there
   * nevertheless, and so is the link. */
  if (self->invitation != NULL && linnet_link_get_kind (self->invitation) == LINNET_LINK_ROSTER)
    dex_future_disown (linnet_account_accept_invitation (account, self->invitation, NULL));
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
      linnet_register_page_set_proxy (LINNET_REGISTER_PAGE (page), self->proxy);
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

  g_clear_object (&self->invitation);
  linnet_register_page_set_invitation (get_register_page (self), NULL, NULL);
  linnet_register_page_set_domain (get_register_page (self), domain, web_url);
  adw_navigation_view_push_by_tag (self->view, "register");
}

static void
create_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LinnetSetup *self = LINNET_SETUP (widget);

  if (adw_navigation_view_find_page (self->view, "provider") == NULL)
    {
      AdwNavigationPage *page = add_page (self, linnet_provider_page_new (self->providers));

      g_signal_connect_object (page, "chosen", G_CALLBACK (provider_chosen_cb), self, G_CONNECT_SWAPPED);
    }

  adw_navigation_view_push_by_tag (self->view, "provider");
}

/* The account that the invitation is for, without its domain; nullable. */
static char *
dup_username (LinnetLink *link)
{
  const char *address =
      linnet_link_get_kind (link) == LINNET_LINK_REGISTER ? linnet_link_get_address (link) : NULL;
  const char *at = address != NULL ? strchr (address, '@') : NULL;

  return at != NULL ? g_strndup (address, at - address) : NULL;
}

static void
invitation_accepted_cb (LinnetSetup *self, LinnetLink *link, gboolean new_account)
{
  g_autofree char *username = dup_username (link);
  LinnetInvitationPage *page =
      LINNET_INVITATION_PAGE (adw_navigation_view_find_page (self->view, "invitation"));

  if (new_account && linnet_link_get_domain (link) != NULL)
    {
      LinnetRegisterPage *register_page = get_register_page (self);

      g_set_object (&self->invitation, link);
      linnet_register_page_set_domain (register_page, linnet_link_get_domain (link), NULL);
      linnet_register_page_set_invitation (register_page, linnet_link_get_token (link), username);
      adw_navigation_view_push_by_tag (self->view, "register");
      return;
    }

  /* The window asks again once there is an account that can follow it. */
  gtk_widget_activate_action (
      GTK_WIDGET (self), "win.keep-link", "s", linnet_invitation_page_get_text (page));
  gtk_widget_activate_action (GTK_WIDGET (self), new_account ? "setup.create" : "setup.sign-in", NULL);
}

static LinnetInvitationPage *
get_invitation_page (LinnetSetup *self)
{
  AdwNavigationPage *page = adw_navigation_view_find_page (self->view, "invitation");

  if (page == NULL)
    {
      page = add_page (self, linnet_invitation_page_new ());
      linnet_invitation_page_set_proxy (LINNET_INVITATION_PAGE (page), self->fetch_proxy);
      g_signal_connect_object (
          page, "accepted", G_CALLBACK (invitation_accepted_cb), self, G_CONNECT_SWAPPED);
    }

  return LINNET_INVITATION_PAGE (page);
}

static void
invitation_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LinnetSetup *self = LINNET_SETUP (widget);

  get_invitation_page (self);
  adw_navigation_view_push_by_tag (self->view, "invitation");
}

static void
wipe (char **secret)
{
  if (*secret != NULL)
    explicit_bzero (*secret, strlen (*secret));
  g_clear_pointer (secret, g_free);
}

/* Nothing is changed when it is no proxy: nobody goes without one who asked for one. */
static gboolean
set_proxy (LinnetSetup *self, const char *text, GError **error)
{
  AdwNavigationPage *sign_in = adw_navigation_view_find_page (self->view, "sign-in");
  AdwNavigationPage *registration = adw_navigation_view_find_page (self->view, "register");
  AdwNavigationPage *invitation = adw_navigation_view_find_page (self->view, "invitation");
  g_autofree char *proxy = NULL;
  char *password = NULL;

  if (*text != '\0' && (proxy = linnet_proxy_normalize (text, &password, error)) == NULL)
    return FALSE;

  wipe (&self->proxy);
  wipe (&self->fetch_proxy);
  self->proxy = *text != '\0' ? g_strdup (text) : NULL;
  self->fetch_proxy = proxy != NULL ? linnet_proxy_with_password (proxy, password) : NULL;
  wipe (&password);

  linnet_provider_list_set_proxy (self->providers, self->fetch_proxy);
  if (sign_in != NULL)
    linnet_sign_in_page_set_proxy (LINNET_SIGN_IN_PAGE (sign_in), self->proxy);
  if (registration != NULL)
    linnet_register_page_set_proxy (LINNET_REGISTER_PAGE (registration), self->proxy);
  if (invitation != NULL)
    linnet_invitation_page_set_proxy (LINNET_INVITATION_PAGE (invitation), self->fetch_proxy);

  return TRUE;
}

static DexFuture *
ask_proxy_fiber (gpointer data)
{
  LinnetSetup *self = data;
  AdwAlertDialog *dialog =
      linnet_alert_new (_ ("Connect Through a Proxy"),
                        _ ("For Tor, or where the network asks for it. Nothing that Linnet does goes around "
                           "the proxy, and an account that you make or sign in to keeps using it. Pages that "
                           "you open in your browser go its own way."));
  GtkWidget *list = gtk_list_box_new ();
  g_autoptr (GtkWidget) entry = g_object_ref_sink (adw_entry_row_new ());
  g_autoptr (GError) error = NULL;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), _ ("SOCKS5 proxy, such as localhost:9050"));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (entry), TRUE);
  gtk_editable_set_text (GTK_EDITABLE (entry), self->proxy != NULL ? self->proxy : "");
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), entry);
  adw_alert_dialog_set_extra_child (dialog, list);
  adw_alert_dialog_add_responses (dialog, "cancel", _ ("Cancel"), "use", _ ("Use"), NULL);
  adw_alert_dialog_set_response_appearance (dialog, "use", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (dialog, "use");
  adw_alert_dialog_set_close_response (dialog, "cancel");
  adw_dialog_set_focus (ADW_DIALOG (dialog), entry);

  if (linnet_alert_confirm (dialog, GTK_WIDGET (self), "use"))
    {
      g_autofree char *proxy = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));

      if (!set_proxy (self, proxy, &error))
        linnet_alert_show_error (GTK_WIDGET (self), _ ("Could Not Set the Proxy"), error, NULL);
    }

  return NULL;
}

static void
proxy_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  linnet_spawn_detached ("ask-proxy", ask_proxy_fiber, g_object_ref (widget), g_object_unref);
}

static void
linnet_setup_dispose (GObject *object)
{
  LinnetSetup *self = LINNET_SETUP (object);

  wipe (&self->proxy);
  wipe (&self->fetch_proxy);
  g_clear_object (&self->providers);
  g_clear_object (&self->invitation);
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
  gtk_widget_class_install_action (widget_class, "setup.invitation", NULL, invitation_action);
  gtk_widget_class_install_action (widget_class, "setup.proxy", NULL, proxy_action);
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
  self->providers = linnet_provider_list_new (linnet_account_manager_get_directory (manager));
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

  if (self->greeting)
    return TRUE;

  /* An account that is made, though not signed in to, keeps its page from being left. */
  page = adw_navigation_view_find_page (self->view, "register");
  if (page != NULL && (linnet_register_page_get_submitting (LINNET_REGISTER_PAGE (page)) ||
                       (page == adw_navigation_view_get_visible_page (self->view) &&
                        !adw_navigation_page_get_can_pop (page))))
    return TRUE;

  page = adw_navigation_view_find_page (self->view, "sign-in");

  return page != NULL && linnet_sign_in_page_get_busy (LINNET_SIGN_IN_PAGE (page));
}

/**
 * linnet_setup_open_link:
 * @text: a link that was clicked, pasted or dropped
 *
 * Shows what the invitation in @text would do, if it is one.
 */
void
linnet_setup_open_link (LinnetSetup *self, const char *text)
{
  g_return_if_fail (LINNET_IS_SETUP (self));
  g_return_if_fail (text != NULL);

  linnet_invitation_page_set_text (get_invitation_page (self), text);
  if (adw_navigation_view_get_visible_page (self->view) !=
      adw_navigation_view_find_page (self->view, "invitation"))
    adw_navigation_view_push_by_tag (self->view, "invitation");
}
