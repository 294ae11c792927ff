/* Making an address of one's own
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-register-page"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account.h"
#include "linnet-alert.h"
#include "linnet-error.h"
#include "linnet-keep-password.h"
#include "linnet-notice.h"
#include "linnet-register-form.h"
#include "linnet-register-page.h"
#include "linnet-registration.h"
#include "linnet-server-options.h"
#include "linnet-server-text.h"
#include "linnet-spawn.h"
#include "linnet-web-link.h"

struct _LinnetRegisterPage
{
  AdwNavigationPage parent_instance;

  GtkLabel *heading;
  GtkLabel *explanation;
  LinnetNotice *notice;
  LinnetServerText *server_text;
  GtkStack *stack;
  GtkWidget *connecting_box;
  GtkLabel *connecting_label;
  GtkWidget *form_box;
  LinnetServerText *instructions;
  LinnetRegisterForm *form;
  GtkButton *submit_button;
  GtkStack *submit_stack;
  GtkLabel *submit_label;
  AdwSpinner *spinner;
  AdwPreferencesGroup *password_group;
  GtkButton *leave_button;
  GtkButton *website_button;
  GtkWidget *web_box;
  GtkWidget *failed_box;
  LinnetServerOptions *server_options;
  GtkButton *retry_button;

  LinnetAccountManager *manager;
  LinnetRegistration *registration; /* nullable */
  char *domain;
  char *web_url;           /* nullable: known before the server is asked */
  char *token;             /* nullable */
  GtkWidget *password_row; /* nullable: shown while the account is there, and Linnet not signed in */
  gboolean shown;
  gboolean submitting;
  gboolean asking; /* whether to leave */
};

G_DEFINE_FINAL_TYPE (LinnetRegisterPage, linnet_register_page, ADW_TYPE_NAVIGATION_PAGE)

enum
{
  REGISTERED,
  SIGN_IN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* One thing that is asked of the server. When another registration has taken the place of this one nothing of
 * the page is touched any more. */
typedef struct
{
  LinnetRegisterPage *page;
  LinnetRegistration *registration;
} Attempt;

static Attempt *
attempt_new (LinnetRegisterPage *self)
{
  Attempt *attempt = g_new0 (Attempt, 1);

  attempt->page = g_object_ref (self);
  attempt->registration = g_object_ref (self->registration);

  return attempt;
}

static void
attempt_free (gpointer data)
{
  Attempt *attempt = data;

  g_clear_object (&attempt->page);
  g_clear_object (&attempt->registration);
  g_free (attempt);
}

static gboolean
attempt_is_over (Attempt *attempt)
{
  return !attempt->page->shown || attempt->page->registration != attempt->registration;
}

static void
set_texts (LinnetRegisterPage *self, const char *heading, const char *explanation)
{
  gtk_label_set_label (self->heading, heading);
  gtk_label_set_label (self->explanation, explanation != NULL ? explanation : "");
  gtk_widget_set_visible (GTK_WIDGET (self->explanation), explanation != NULL);
}

static void
clear_errors (LinnetRegisterPage *self)
{
  linnet_notice_set_text (self->notice, NULL);
  linnet_server_text_set_text (self->server_text, NULL);
}

static void
show_connecting (LinnetRegisterPage *self)
{
  g_autofree char *text = NULL;

  clear_errors (self);
  set_texts (self, _ ("Create Your Address"), NULL);
  /* Translators: %s is a server's name */
  text = g_strdup_printf (_ ("Asking %s…"), self->domain);
  gtk_label_set_label (self->connecting_label, text);
  gtk_stack_set_visible_child (self->stack, self->connecting_box);
}

static void
show_web (LinnetRegisterPage *self)
{
  g_autofree char *text = NULL;

  set_texts (self, _ ("Sign Up on the Website"), NULL);
  /* Translators: %s is a server's name */
  text = g_strdup_printf (_ ("Accounts of %s are made on its website. Sign up there, then come back and sign "
                             "in with your new address."),
                          self->domain);
  set_texts (self, _ ("Sign Up on the Website"), text);
  gtk_stack_set_visible_child (self->stack, self->web_box);
}

/* @password: (nullable): of an account that is there, though Linnet is not signed in: nothing is left to fill
 * in, and the same button tries that again */
static void
set_half_done (LinnetRegisterPage *self, const char *password)
{
  const char *label = password != NULL ? _ ("Sign In") : _ ("Create Account");

  if (self->password_row != NULL)
    adw_preferences_group_remove (self->password_group, self->password_row);
  self->password_row = password != NULL ? linnet_keep_password_row_new (password) : NULL;
  if (self->password_row != NULL)
    adw_preferences_group_add (self->password_group, self->password_row);

  gtk_widget_set_visible (GTK_WIDGET (self->password_group), password != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->leave_button), password != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->form), password == NULL);
  gtk_label_set_label (self->submit_label, label);
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (self->submit_button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
show_form (LinnetRegisterPage *self)
{
  set_texts (self, _ ("Create Your Address"), NULL);
  set_half_done (self, NULL);
  linnet_server_text_set_text (self->instructions,
                               linnet_registration_get_instructions (self->registration));
  gtk_widget_set_visible (GTK_WIDGET (self->website_button),
                          linnet_registration_get_web_url (self->registration) != NULL);
  gtk_stack_set_visible_child (self->stack, self->form_box);
  gtk_widget_grab_focus (GTK_WIDGET (self->form));
}

/* What the server says, where that may tell more than the error. */
static char *
dup_server_text (LinnetRegisterPage *self, const GError *error)
{
  static const LinnetError plain[] = {
    LINNET_ERROR_NAME_TAKEN,
    LINNET_ERROR_BAD_NAME,
    LINNET_ERROR_WRONG_CAPTCHA,
    LINNET_ERROR_CAPTCHA_EXPIRED,
    LINNET_ERROR_FORM_INCOMPLETE,
    LINNET_ERROR_BAD_PASSWORD,
  };
  const char *text = linnet_registration_get_server_text (self->registration);

  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    if (g_error_matches (error, LINNET_ERROR, plain[i]))
      return NULL;

  /* Translators: the first %s is a server's name, the second what it says, in a language of its choice */
  return text != NULL && *text != '\0' ? g_strdup_printf (_ ("%s says: %s"), self->domain, text) : NULL;
}

static void
show_failure (LinnetRegisterPage *self, const GError *error)
{
  g_autofree char *text = linnet_error_to_text (error, self->domain);
  g_autofree char *server_text = dup_server_text (self, error);

  set_texts (self, _ ("Create Your Address"), NULL);
  gtk_stack_set_visible_child (self->stack, self->failed_box);
  linnet_notice_set_text (self->notice, text);
  linnet_server_text_set_text (self->server_text, server_text);
  gtk_widget_grab_focus (GTK_WIDGET (self->retry_button));
  if (g_error_matches (error, LINNET_ERROR, LINNET_ERROR_PROXY) ||
      g_error_matches (error, LINNET_ERROR, LINNET_ERROR_BAD_PROXY))
    linnet_server_options_show_problem (self->server_options, error);
}

static DexFuture *
start_fiber (gpointer data)
{
  Attempt *attempt = data;
  LinnetRegisterPage *self = attempt->page;
  g_autoptr (GError) error = NULL;
  gboolean started;

  show_connecting (self);
  started = dex_await (linnet_registration_start (attempt->registration), &error);

  if (attempt_is_over (attempt))
    linnet_registration_cancel (attempt->registration);
  else if (!started)
    show_failure (self, error);
  else if (linnet_registration_get_state (attempt->registration) == LINNET_REGISTRATION_WEB)
    show_web (self);
  else
    show_form (self);

  return NULL;
}

static void
start (LinnetRegisterPage *self)
{
  g_auto (LinnetServerChoice) server = { 0 };
  g_autoptr (GError) error = NULL;

  if (self->registration == NULL)
    {
      self->registration = linnet_registration_new (self->manager, self->domain);
      linnet_registration_set_token (self->registration, self->token);
      linnet_register_form_set_registration (self->form, self->registration);
    }

  if (!linnet_server_options_get (self->server_options, self->domain, &server, &error))
    {
      linnet_notice_set_text (self->notice, error->message);
      return;
    }

  linnet_registration_set_server (self->registration, server.host, server.port, server.direct_tls);
  linnet_registration_set_proxy (self->registration, server.proxy);
  linnet_spawn_detached ("start-registration", start_fiber, attempt_new (self), attempt_free);
}

/* There is an account, or is about to be, that nobody could sign in to without its password. */
static gboolean
is_half_done (LinnetRegisterPage *self)
{
  return self->shown && self->registration != NULL &&
         linnet_registration_get_state (self->registration) != LINNET_REGISTRATION_DONE &&
         (self->submitting || linnet_registration_get_registered (self->registration));
}

/* Whoever left while the form is on its way would not learn of an account that was just made; and Back from
 * an account that is there would lose it. */
static void
update_way_out (LinnetRegisterPage *self)
{
  GtkWidget *dialog = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_DIALOG);

  adw_navigation_page_set_can_pop (ADW_NAVIGATION_PAGE (self), !is_half_done (self));
  if (dialog != NULL)
    adw_dialog_set_can_close (ADW_DIALOG (dialog), !is_half_done (self));
}

static void
leave (LinnetRegisterPage *self)
{
  GtkWidget *dialog = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_DIALOG);

  linnet_registration_cancel (self->registration);

  if (dialog != NULL)
    adw_dialog_force_close (ADW_DIALOG (dialog));
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "navigation.pop", NULL);
}

static DexFuture *
leave_fiber (gpointer data)
{
  LinnetRegisterPage *self = data;
  gboolean sure;

  self->asking = TRUE;
  sure = linnet_keep_password_confirm_leave (
      self->registration, linnet_register_form_get_password (self->form), GTK_WIDGET (self));
  self->asking = FALSE;

  /* It may have come to its end meanwhile. */
  if (sure && is_half_done (self))
    leave (self);

  return NULL;
}

static void
leave_cb (LinnetRegisterPage *self)
{
  if (is_half_done (self) && !self->asking)
    linnet_spawn_detached ("leave-registration", leave_fiber, g_object_ref (self), g_object_unref);
}

static void
set_submitting (LinnetRegisterPage *self, gboolean submitting)
{
  if (self->registration == NULL) /* the page went with its window */
    return;

  self->submitting = submitting;
  update_way_out (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self->form), !submitting);
  gtk_widget_set_sensitive (GTK_WIDGET (self->submit_button), !submitting);
  gtk_stack_set_visible_child (self->submit_stack,
                               submitting ? GTK_WIDGET (self->spinner) : GTK_WIDGET (self->submit_label));
  gtk_accessible_update_state (
      GTK_ACCESSIBLE (self->submit_button), GTK_ACCESSIBLE_STATE_BUSY, submitting, -1);
}

static void
show_half_done (LinnetRegisterPage *self, const char *problem)
{
  g_autofree char *address = linnet_registration_dup_address (self->registration);
  g_autofree char *text = NULL;

  /* Translators: %s is an address */
  text = g_strdup_printf (_ ("%s is yours now, but signing in did not work yet. Linnet keeps its password "
                             "once it has; until then keep it yourself."),
                          address);
  set_texts (self, _ ("Almost Done"), text);
  linnet_notice_set_text (self->notice, problem);
  linnet_server_text_set_text (self->instructions, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->website_button), FALSE);
  set_half_done (self, linnet_register_form_get_password (self->form));
  gtk_widget_grab_focus (GTK_WIDGET (self->submit_button));
}

static void
show_refusal (LinnetRegisterPage *self, const GError *error)
{
  g_autofree char *text = linnet_error_to_text (error, self->domain);
  g_autofree char *server_text = dup_server_text (self, error);

  if (linnet_registration_get_registered (self->registration))
    {
      show_half_done (self, text);
      return;
    }

  linnet_register_form_show_problems (self->form, text, server_text);

  if (g_error_matches (error, LINNET_ERROR, LINNET_ERROR_NAME_TAKEN))
    {
      g_auto (GStrv) names = linnet_registration_suggest_names (
          self->registration, linnet_register_form_get_username (self->form));

      linnet_register_form_suggest (self->form, (const char *const *) names);
    }
}

static DexFuture *
submit_fiber (gpointer data)
{
  Attempt *attempt = data;
  LinnetRegisterPage *self = attempt->page;
  g_autoptr (LinnetAccount) account = NULL;
  g_autoptr (GError) error = NULL;

  set_submitting (self, TRUE);
  account = dex_await_object (linnet_registration_submit (attempt->registration), &error);
  if (account != NULL && linnet_register_form_get_generated (self->form))
    linnet_keep_password_offer (
        account, linnet_register_form_get_password (self->form), GTK_WIDGET (self));
  set_submitting (self, FALSE);

  if (account != NULL)
    g_signal_emit (self, signals[REGISTERED], 0, account);
  else if (!attempt_is_over (attempt))
    show_refusal (self, error);

  return NULL;
}

static void
submit_cb (LinnetRegisterPage *self)
{
  g_assert (LINNET_IS_REGISTER_PAGE (self));

  if (self->submitting || self->registration == NULL)
    return;

  clear_errors (self);
  linnet_register_form_clear_problems (self->form);
  linnet_register_form_commit (self->form);
  linnet_spawn_detached ("submit-registration", submit_fiber, attempt_new (self), attempt_free);
}

static DexFuture *
refresh_fiber (gpointer data)
{
  Attempt *attempt = data;
  g_autoptr (GError) error = NULL;

  linnet_register_form_commit (attempt->page->form);
  if (!dex_await (linnet_registration_refresh (attempt->registration), &error) && !attempt_is_over (attempt))
    show_refusal (attempt->page, error);

  return NULL;
}

static void
refresh_cb (LinnetRegisterPage *self)
{
  if (!self->submitting)
    linnet_spawn_detached ("refresh-registration", refresh_fiber, attempt_new (self), attempt_free);
}

static void
form_changed_cb (LinnetRegisterPage *self)
{
  linnet_register_form_clear_problems (self->form);
}

static void
options_changed_cb (LinnetRegisterPage *self)
{
  linnet_server_options_clear_problem (self->server_options);
}

static void
retry_cb (LinnetRegisterPage *self)
{
  start (self);
}

static void
open_page_cb (LinnetRegisterPage *self)
{
  const char *url = self->web_url;

  if (url == NULL && self->registration != NULL)
    url = linnet_registration_get_web_url (self->registration);

  linnet_web_link_open (url, GTK_WIDGET (self));
}

static void
sign_in_cb (LinnetRegisterPage *self)
{
  g_signal_emit (self, signals[SIGN_IN], 0, self->domain);
}

static void
linnet_register_page_shown (AdwNavigationPage *page)
{
  LinnetRegisterPage *self = LINNET_REGISTER_PAGE (page);

  self->shown = TRUE;
  update_way_out (self);
  if (self->web_url != NULL)
    show_web (self);
  else
    start (self);
}

static void
linnet_register_page_hidden (AdwNavigationPage *page)
{
  LinnetRegisterPage *self = LINNET_REGISTER_PAGE (page);

  self->shown = FALSE;
  if (self->registration != NULL)
    linnet_registration_leave (self->registration);
}

static void
linnet_register_page_root (GtkWidget *widget)
{
  GtkWidget *dialog;

  GTK_WIDGET_CLASS (linnet_register_page_parent_class)->root (widget);

  dialog = gtk_widget_get_ancestor (widget, ADW_TYPE_DIALOG);
  if (dialog != NULL)
    g_signal_connect_object (dialog, "close-attempt", G_CALLBACK (leave_cb), widget, G_CONNECT_SWAPPED);
}

static void
linnet_register_page_unroot (GtkWidget *widget)
{
  GtkWidget *dialog = gtk_widget_get_ancestor (widget, ADW_TYPE_DIALOG);

  if (dialog != NULL)
    g_signal_handlers_disconnect_by_data (dialog, widget);

  GTK_WIDGET_CLASS (linnet_register_page_parent_class)->unroot (widget);
}

static void
linnet_register_page_dispose (GObject *object)
{
  LinnetRegisterPage *self = LINNET_REGISTER_PAGE (object);

  self->shown = FALSE;
  if (self->registration != NULL)
    linnet_registration_cancel (self->registration);
  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_REGISTER_PAGE);
  g_clear_object (&self->registration);
  g_clear_object (&self->manager);
  g_clear_pointer (&self->domain, g_free);
  g_clear_pointer (&self->web_url, g_free);
  g_clear_pointer (&self->token, g_free);

  G_OBJECT_CLASS (linnet_register_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-register-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterPage, heading);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterPage, explanation);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterPage, notice);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterPage, server_text);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterPage, connecting_box);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterPage, connecting_label);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterPage, form_box);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterPage, instructions);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterPage, form);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterPage, submit_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterPage, submit_stack);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterPage, submit_label);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterPage, password_group);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterPage, leave_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterPage, website_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterPage, web_box);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterPage, failed_box);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterPage, server_options);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterPage, retry_button);
  gtk_widget_class_bind_template_callback (widget_class, form_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, leave_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_page_cb);
  gtk_widget_class_bind_template_callback (widget_class, options_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, refresh_cb);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, sign_in_cb);
  gtk_widget_class_bind_template_callback (widget_class, submit_cb);
}

static void
linnet_register_page_class_init (LinnetRegisterPageClass *klass)
{
  AdwNavigationPageClass *page_class = ADW_NAVIGATION_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = linnet_register_page_dispose;
  GTK_WIDGET_CLASS (klass)->root = linnet_register_page_root;
  GTK_WIDGET_CLASS (klass)->unroot = linnet_register_page_unroot;
  page_class->shown = linnet_register_page_shown;
  page_class->hidden = linnet_register_page_hidden;

  signals[REGISTERED] = g_signal_new ("registered",
                                      G_TYPE_FROM_CLASS (klass),
                                      G_SIGNAL_RUN_LAST,
                                      0,
                                      NULL,
                                      NULL,
                                      NULL,
                                      G_TYPE_NONE,
                                      1,
                                      LINNET_TYPE_ACCOUNT);
  signals[SIGN_IN] = g_signal_new ("sign-in",
                                   G_TYPE_FROM_CLASS (klass),
                                   G_SIGNAL_RUN_LAST,
                                   0,
                                   NULL,
                                   NULL,
                                   NULL,
                                   G_TYPE_NONE,
                                   1,
                                   G_TYPE_STRING);

  g_type_ensure (LINNET_TYPE_NOTICE);
  g_type_ensure (LINNET_TYPE_REGISTER_FORM);
  g_type_ensure (LINNET_TYPE_SERVER_OPTIONS);
  g_type_ensure (LINNET_TYPE_SERVER_TEXT);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
linnet_register_page_init (LinnetRegisterPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  linnet_server_text_set_centered (self->server_text, TRUE);
  linnet_server_text_set_centered (self->instructions, TRUE);
}

/**
 * linnet_register_page_new:
 *
 * Returns: (transfer floating): the page; linnet_register_page_set_domain() comes before it is shown
 */
LinnetRegisterPage *
linnet_register_page_new (LinnetAccountManager *manager)
{
  LinnetRegisterPage *self;

  g_return_val_if_fail (LINNET_IS_ACCOUNT_MANAGER (manager), NULL);

  self = g_object_new (LINNET_TYPE_REGISTER_PAGE, NULL);
  self->manager = g_object_ref (manager);

  return self;
}

/**
 * linnet_register_page_set_domain:
 * @web_url: (nullable): where accounts are made, when that is known not to be here
 *
 * Says where the account is to be. The username and password that were typed for another server stay.
 */
void
linnet_register_page_set_domain (LinnetRegisterPage *self, const char *domain, const char *web_url)
{
  g_return_if_fail (LINNET_IS_REGISTER_PAGE (self));
  g_return_if_fail (domain != NULL);

  g_set_str (&self->web_url, web_url);
  if (g_set_str (&self->domain, domain))
    g_clear_object (&self->registration);
}

/**
 * linnet_register_page_set_invitation:
 * @token: (nullable): what proves an invitation; %NULL for none
 * @username: (nullable): the name that it is for, and no other
 */
void
linnet_register_page_set_invitation (LinnetRegisterPage *self, const char *token, const char *username)
{
  g_return_if_fail (LINNET_IS_REGISTER_PAGE (self));

  if (g_set_str (&self->token, token))
    g_clear_object (&self->registration);
  linnet_register_form_set_username (
      self->form,
      username != NULL ? username : linnet_register_form_get_username (self->form),
      username != NULL);
}

/**
 * linnet_register_page_set_proxy:
 * @proxy: (nullable): what a person typed elsewhere
 */
void
linnet_register_page_set_proxy (LinnetRegisterPage *self, const char *proxy)
{
  g_return_if_fail (LINNET_IS_REGISTER_PAGE (self));

  linnet_server_options_set_proxy (self->server_options, proxy);
}

/**
 * linnet_register_page_get_submitting:
 *
 * Returns: whether an account is being made right now
 */
gboolean
linnet_register_page_get_submitting (LinnetRegisterPage *self)
{
  g_return_val_if_fail (LINNET_IS_REGISTER_PAGE (self), FALSE);

  return self->submitting;
}
