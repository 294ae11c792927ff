/* Signing in with an account that exists
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-sign-in-page"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account.h"
#include "linnet-alert.h"
#include "linnet-certificate-dialog.h"
#include "linnet-error.h"
#include "linnet-link.h"
#include "linnet-notice.h"
#include "linnet-row.h"
#include "linnet-server-options.h"
#include "linnet-sign-in-page.h"
#include "linnet-spawn.h"

/* Anything quicker needs no way out of it. */
#define CANCEL_DELAY_MS 1000

struct _LinnetSignInPage
{
  AdwNavigationPage parent_instance;

  LinnetNotice *notice;
  AdwEntryRow *address_row;
  AdwPasswordEntryRow *password_row;
  LinnetServerOptions *server_options;
  GtkButton *submit_button;
  GtkStack *submit_stack;
  GtkLabel *submit_label;
  AdwSpinner *spinner;
  GtkRevealer *cancel_revealer;

  LinnetAccountManager *manager;
  DexCancellable *cancellable; /* of the sign-in under way */
  guint cancel_timeout;
};

G_DEFINE_FINAL_TYPE (LinnetSignInPage, linnet_sign_in_page, ADW_TYPE_NAVIGATION_PAGE)

enum
{
  SIGNED_IN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What was typed, as it stood when the button was pressed. */
typedef struct
{
  LinnetSignInPage *page;
  char *address;
  char *password;
  LinnetServerChoice server;
  char *pinned_sha256;
  LinnetSignIn sign_in;
} Attempt;

static void
attempt_free (gpointer data)
{
  Attempt *attempt = data;

  if (attempt->password != NULL)
    explicit_bzero (attempt->password, strlen (attempt->password));

  g_clear_object (&attempt->page);
  g_free (attempt->address);
  g_free (attempt->password);
  linnet_server_choice_clear (&attempt->server);
  g_free (attempt->pinned_sha256);
  g_free (attempt);
}

static void
clear_errors (LinnetSignInPage *self)
{
  linnet_notice_set_text (self->notice, NULL);
  linnet_row_set_invalid (self->address_row, FALSE);
  linnet_row_set_invalid (ADW_ENTRY_ROW (self->password_row), FALSE);
  linnet_server_options_clear_problem (self->server_options);
}

static void
show_error_text (LinnetSignInPage *self, const char *text, AdwEntryRow *field)
{
  linnet_notice_set_text (self->notice, text);

  if (field == NULL)
    return;

  linnet_row_set_invalid (field, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (field));
}

static void
show_error (LinnetSignInPage *self, const GError *error, const char *domain)
{
  g_autofree char *text = linnet_error_to_text (error, domain);
  AdwEntryRow *fields[] = {
    [LINNET_ERROR_FIELD_NONE] = NULL,
    [LINNET_ERROR_FIELD_ADDRESS] = self->address_row,
    [LINNET_ERROR_FIELD_PASSWORD] = ADW_ENTRY_ROW (self->password_row),
    [LINNET_ERROR_FIELD_SERVER] = NULL,
  };
  LinnetErrorField field = linnet_error_get_field (error);

  show_error_text (self, text, fields[field]);
  if (field == LINNET_ERROR_FIELD_SERVER)
    linnet_server_options_show_problem (self->server_options, error);
}

static void
show_cancel_cb (gpointer user_data)
{
  LinnetSignInPage *self = user_data;

  self->cancel_timeout = 0;
  gtk_revealer_set_reveal_child (self->cancel_revealer, TRUE);
}

static void
set_busy (LinnetSignInPage *self, gboolean busy)
{
  GtkWidget *fields[] = { GTK_WIDGET (self->address_row),
                          GTK_WIDGET (self->password_row),
                          GTK_WIDGET (self->server_options) };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    gtk_widget_set_sensitive (fields[i], !busy);

  gtk_stack_set_visible_child (self->submit_stack,
                               busy ? GTK_WIDGET (self->spinner) : GTK_WIDGET (self->submit_label));
  gtk_widget_set_sensitive (GTK_WIDGET (self->submit_button), !busy);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->submit_button), GTK_ACCESSIBLE_STATE_BUSY, busy, -1);

  g_clear_handle_id (&self->cancel_timeout, g_source_remove);
  if (busy)
    self->cancel_timeout = g_timeout_add_once (CANCEL_DELAY_MS, show_cancel_cb, self);
  else
    gtk_revealer_set_reveal_child (self->cancel_revealer, FALSE);
}

static gboolean
ask_for_plain (LinnetSignInPage *self, const char *domain)
{
  g_autofree char *body = NULL;
  AdwAlertDialog *dialog;

  body = g_strdup_printf (
      /* Translators: %s is a server's name */
      _ ("%s only offers the oldest way to sign in: it would see your password as you "
         "typed it. The connection is encrypted, so nobody else can."),
      domain);
  dialog = linnet_alert_new (_ ("Send the Password Itself?"), body);
  adw_alert_dialog_add_responses (dialog, "cancel", _ ("Cancel"), "send", _ ("Send Password"), NULL);
  adw_alert_dialog_set_default_response (dialog, "cancel");
  adw_alert_dialog_set_close_response (dialog, "cancel");

  return linnet_alert_confirm (dialog, GTK_WIDGET (self), "send");
}

/* Some failures are questions. TRUE when the answer was yes and @attempt is changed accordingly. */
static gboolean
resolve_error (LinnetSignInPage *self, Attempt *attempt, const GError *error, gboolean *asked)
{
  g_autoptr (LinnetCertificateProblem) problem = linnet_certificate_problem_from_error (error);

  if (problem != NULL)
    {
      *asked = TRUE;
      if (!linnet_alert_confirm (
              linnet_certificate_dialog_new (problem), GTK_WIDGET (self), LINNET_CERTIFICATE_RESPONSE_TRUST))
        return FALSE;

      g_free (attempt->pinned_sha256);
      attempt->pinned_sha256 = g_strdup (problem->sha256);
      attempt->sign_in.pinned_sha256 = attempt->pinned_sha256;
      return TRUE;
    }

  if (g_error_matches (error, LINNET_ERROR, LINNET_ERROR_PLAIN_CONSENT) && !attempt->sign_in.allow_plain)
    {
      *asked = TRUE;
      attempt->sign_in.allow_plain = ask_for_plain (self, linnet_address_get_domain (attempt->address));
      return attempt->sign_in.allow_plain;
    }

  return FALSE;
}

static void
cancel_cb (LinnetSignInPage *self)
{
  if (self->cancellable != NULL)
    dex_cancellable_cancel (self->cancellable);
}

static void
popped_cb (LinnetSignInPage *self, AdwNavigationPage *page)
{
  if (page == ADW_NAVIGATION_PAGE (self))
    cancel_cb (self);
}

/* Whoever leaves has changed their mind. That the page goes is no sign: it also goes for the account. */
static void
watch_ways_out (LinnetSignInPage *self, gboolean watch)
{
  GtkWidget *view = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_NAVIGATION_VIEW);
  GtkWidget *dialog = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_DIALOG);

  if (view != NULL && watch)
    g_signal_connect_object (view, "popped", G_CALLBACK (popped_cb), self, G_CONNECT_SWAPPED);
  else if (view != NULL)
    g_signal_handlers_disconnect_by_func (view, popped_cb, self);

  if (dialog != NULL && watch)
    g_signal_connect_object (dialog, "closed", G_CALLBACK (cancel_cb), self, G_CONNECT_SWAPPED);
  else if (dialog != NULL)
    g_signal_handlers_disconnect_by_func (dialog, cancel_cb, self);
}

/* The account may have come in the very moment in which the person gave up. */
static void
take_back (LinnetSignInPage *self, const char *address)
{
  LinnetAccount *account = linnet_account_manager_find_account (self->manager, address);

  if (account != NULL)
    dex_future_disown (linnet_account_manager_remove (self->manager, account));
}

/* NULL when it did not work. @known: (out): there was such an account before */
static LinnetAccount *
try (Attempt *attempt, DexCancellable *cancellable, gboolean *known, GError **error)
{
  LinnetSignInPage *self = attempt->page;
  LinnetAccount *account;

  *known = linnet_account_manager_find_account (self->manager, attempt->address) != NULL;
  set_busy (self, TRUE);
  account = dex_await_object (
      dex_future_first (
          linnet_account_manager_sign_in (self->manager, &attempt->sign_in), dex_ref (cancellable), NULL),
      error);
  set_busy (self, FALSE);

  return account;
}

static DexFuture *
sign_in_fiber (gpointer data)
{
  Attempt *attempt = data;
  LinnetSignInPage *self = attempt->page;
  g_autoptr (DexCancellable) cancellable = dex_cancellable_new ();
  g_autoptr (LinnetAccount) account = NULL;
  gboolean asked, known;

  dex_clear (&self->cancellable);
  self->cancellable = dex_ref (cancellable);
  watch_ways_out (self, TRUE);

  do
    {
      g_autoptr (GError) error = NULL;

      asked = FALSE;
      account = try (attempt, cancellable, &known, &error);
      if (account != NULL || dex_future_is_rejected (DEX_FUTURE (cancellable)))
        break;

      if (!resolve_error (self, attempt, error, &asked))
        {
          if (!asked)
            show_error (self, error, linnet_address_get_domain (attempt->address));
          break;
        }
    }
  while (!dex_future_is_rejected (DEX_FUTURE (cancellable)));

  watch_ways_out (self, FALSE);
  dex_clear (&self->cancellable);

  if (dex_future_is_rejected (DEX_FUTURE (cancellable)))
    {
      if (!known)
        take_back (self, attempt->address);
    }
  else if (account != NULL)
    {
      gtk_editable_set_text (GTK_EDITABLE (self->password_row), "");
      g_signal_emit (self, signals[SIGNED_IN], 0, account);
    }

  return NULL;
}

/* Of a link that only names an account the address is left. */
static void
take_address_of_link (LinnetSignInPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->address_row));
  g_autoptr (LinnetLink) link = linnet_link_looks_like_one (text) ? linnet_link_parse (text, NULL) : NULL;
  const char *address = link != NULL && linnet_link_get_kind (link) == LINNET_LINK_CHAT
                            ? linnet_link_get_address (link)
                            : NULL;

  if (address == NULL || strchr (address, '@') == NULL)
    return;

  linnet_sign_in_page_set_address (self, address);
  gtk_editable_set_position (GTK_EDITABLE (self->address_row), -1);
}

/* An invitation, say, is no address, but no mistake either. FALSE: nor is it a link. */
static gboolean
open_as_link (LinnetSignInPage *self)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->address_row)));

  if (!linnet_link_looks_like_one (text))
    return FALSE;

  linnet_sign_in_page_set_address (self, "");
  gtk_widget_activate_action (GTK_WIDGET (self), "win.open-link", "s", text);

  return TRUE;
}

static void
submit_cb (LinnetSignInPage *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *address = NULL;
  const char *password = gtk_editable_get_text (GTK_EDITABLE (self->password_row));
  Attempt *attempt;
  g_auto (LinnetServerChoice) server = { 0 };

  g_assert (LINNET_IS_SIGN_IN_PAGE (self));

  if (self->cancellable != NULL)
    return;

  clear_errors (self);

  address = linnet_address_normalize (gtk_editable_get_text (GTK_EDITABLE (self->address_row)), &error);
  if (address == NULL)
    {
      if (!open_as_link (self))
        show_error (self, error, NULL);
      return;
    }

  if (*password == '\0')
    {
      show_error_text (self, _ ("Enter the password of this account."), ADW_ENTRY_ROW (self->password_row));
      return;
    }

  if (!linnet_server_options_get (self->server_options, linnet_address_get_domain (address), &server, &error))
    {
      linnet_notice_set_text (self->notice, error->message);
      return;
    }

  attempt = g_new0 (Attempt, 1);
  attempt->page = g_object_ref (self);
  attempt->address = g_steal_pointer (&address);
  attempt->password = g_strdup (password);
  attempt->server = server;
  server = (LinnetServerChoice) { 0 };
  attempt->sign_in = (LinnetSignIn) {
    .address = attempt->address,
    .password = attempt->password,
    .host = attempt->server.host,
    .port = attempt->server.port,
    .direct_tls = attempt->server.direct_tls,
    .proxy = attempt->server.proxy,
  };

  linnet_spawn_detached ("sign-in", sign_in_fiber, attempt, attempt_free);
}

static void
field_changed_cb (LinnetSignInPage *self)
{
  clear_errors (self);
  take_address_of_link (self);
}

static void
address_activated_cb (LinnetSignInPage *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->password_row));
}

/* Whoever comes with a domain, from a provider's web page, goes on before it. */
static void
linnet_sign_in_page_shown (AdwNavigationPage *page)
{
  LinnetSignInPage *self = LINNET_SIGN_IN_PAGE (page);

  gtk_widget_grab_focus (GTK_WIDGET (self->address_row));
  if (*gtk_editable_get_text (GTK_EDITABLE (self->address_row)) == '@')
    gtk_editable_set_position (GTK_EDITABLE (self->address_row), 0);
}

static void
linnet_sign_in_page_dispose (GObject *object)
{
  LinnetSignInPage *self = LINNET_SIGN_IN_PAGE (object);

  g_clear_handle_id (&self->cancel_timeout, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_SIGN_IN_PAGE);
  g_clear_object (&self->manager);

  G_OBJECT_CLASS (linnet_sign_in_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-sign-in-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetSignInPage, notice);
  gtk_widget_class_bind_template_child (widget_class, LinnetSignInPage, address_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetSignInPage, password_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetSignInPage, server_options);
  gtk_widget_class_bind_template_child (widget_class, LinnetSignInPage, submit_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetSignInPage, submit_stack);
  gtk_widget_class_bind_template_child (widget_class, LinnetSignInPage, submit_label);
  gtk_widget_class_bind_template_child (widget_class, LinnetSignInPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, LinnetSignInPage, cancel_revealer);
  gtk_widget_class_bind_template_callback (widget_class, address_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, field_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, submit_cb);
}

static void
linnet_sign_in_page_class_init (LinnetSignInPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  AdwNavigationPageClass *page_class = ADW_NAVIGATION_PAGE_CLASS (klass);

  object_class->dispose = linnet_sign_in_page_dispose;
  page_class->shown = linnet_sign_in_page_shown;

  signals[SIGNED_IN] = g_signal_new ("signed-in",
                                     G_TYPE_FROM_CLASS (klass),
                                     G_SIGNAL_RUN_LAST,
                                     0,
                                     NULL,
                                     NULL,
                                     NULL,
                                     G_TYPE_NONE,
                                     1,
                                     LINNET_TYPE_ACCOUNT);

  g_type_ensure (LINNET_TYPE_NOTICE);
  g_type_ensure (LINNET_TYPE_SERVER_OPTIONS);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
linnet_sign_in_page_init (LinnetSignInPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * linnet_sign_in_page_new:
 *
 * Returns: (transfer floating): the page
 */
LinnetSignInPage *
linnet_sign_in_page_new (LinnetAccountManager *manager)
{
  LinnetSignInPage *self;

  g_return_val_if_fail (LINNET_IS_ACCOUNT_MANAGER (manager), NULL);

  self = g_object_new (LINNET_TYPE_SIGN_IN_PAGE, NULL);
  g_set_object (&self->manager, manager);

  return self;
}

/**
 * linnet_sign_in_page_set_address:
 * @address: what to begin with, or only its end from the @ on
 */
void
linnet_sign_in_page_set_address (LinnetSignInPage *self, const char *address)
{
  g_return_if_fail (LINNET_IS_SIGN_IN_PAGE (self));
  g_return_if_fail (address != NULL);

  gtk_editable_set_text (GTK_EDITABLE (self->address_row), address);
}

/**
 * linnet_sign_in_page_set_proxy:
 * @proxy: (nullable): what a person typed elsewhere
 */
void
linnet_sign_in_page_set_proxy (LinnetSignInPage *self, const char *proxy)
{
  g_return_if_fail (LINNET_IS_SIGN_IN_PAGE (self));

  linnet_server_options_set_proxy (self->server_options, proxy);
}

/**
 * linnet_sign_in_page_get_busy:
 *
 * Returns: whether it is signing in, or asks something about that
 */
gboolean
linnet_sign_in_page_get_busy (LinnetSignInPage *self)
{
  g_return_val_if_fail (LINNET_IS_SIGN_IN_PAGE (self), FALSE);

  return self->cancellable != NULL;
}
