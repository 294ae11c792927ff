/* One account: profile, connection, sign-out
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-account-dialog"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account-dialog.h"
#include "linnet-account.h"
#include "linnet-alert.h"
#include "linnet-avatar.h"
#include "linnet-blocked-page.h"
#include "linnet-connection-page.h"
#include "linnet-profile-page.h"

#include "linnet-export-page.h"
#include "linnet-leave-account.h"
#include "linnet-password-page.h"
#include "linnet-row.h"
#include "linnet-server-contact-page.h"
#include "linnet-sessions-page.h"

struct _LinnetAccountDialog
{
  AdwDialog parent_instance;

  AdwToastOverlay *toasts;
  AdwNavigationView *view;
  LinnetAvatar *avatar;
  AdwEntryRow *name_row;
  AdwActionRow *address_row;
  AdwEntryRow *status_row;
  AdwSwitchRow *enabled_row;
  AdwActionRow *blocked_row;
  AdwButtonRow *delete_row;

  LinnetAccountManager *manager;
  LinnetAccount *account;
};

G_DEFINE_FINAL_TYPE (LinnetAccountDialog, linnet_account_dialog, ADW_TYPE_DIALOG)

/* The pages behind the rows; each is made when it is opened. */
static const struct
{
  const char *name;
  AdwNavigationPage *(*create) (LinnetAccount *account);
} pages[] = {
  { "blocked", linnet_blocked_page_new },
  { "connection", linnet_connection_page_new },
  { "profile", linnet_profile_page_new },

  { "export", linnet_export_page_new },
  { "password", linnet_password_page_new },
  { "server-contact", linnet_server_contact_page_new },
  { "sessions", linnet_sessions_page_new },
};

static void
open_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LinnetAccountDialog *self = LINNET_ACCOUNT_DIALOG (widget);
  const char *name = g_variant_get_string (parameter, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    if (g_str_equal (pages[i].name, name))
      adw_navigation_view_push (self->view, pages[i].create (self->account));
}

/* For the pages: a word about what they did outlives them. */
static void
toast_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LinnetAccountDialog *self = LINNET_ACCOUNT_DIALOG (widget);

  adw_toast_overlay_add_toast (
      self->toasts,
      g_object_new (
          ADW_TYPE_TOAST, "use-markup", FALSE, "title", g_variant_get_string (parameter, NULL), NULL));
}

static void
close_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  adw_dialog_close (ADW_DIALOG (widget));
}

static void
run (LinnetAccountDialog *self, DexFuture *future, const char *failure)
{
  linnet_alert_follow (future, GTK_WIDGET (self), failure, linnet_account_get_domain (self->account));
}

static void
rename_cb (LinnetAccountDialog *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));

  run (self, linnet_account_set_nickname (self->account, name), _ ("Could Not Change Your Name"));
}

static void
status_cb (LinnetAccountDialog *self)
{
  g_autofree char *status = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->status_row))));

  run (self,
       linnet_account_set_presence (self->account, linnet_account_get_show (self->account), status),
       _ ("Could Not Change the Status"));
}

static void
enabled_cb (LinnetAccountDialog *self)
{
  gboolean enabled = adw_switch_row_get_active (self->enabled_row);

  if (enabled != linnet_account_get_enabled (self->account))
    run (self, linnet_account_set_enabled (self->account, enabled), _ ("Could Not Change the Account"));
}

static void
copy_cb (LinnetAccountDialog *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          linnet_account_get_address (self->account));
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ ("Address copied")));
}

static void
blocked_changed_cb (LinnetAccountDialog *self)
{
  guint n = g_list_model_get_n_items (linnet_account_get_blocked (self->account));
  g_autofree char *text = NULL;

  if (n > 0)
    text = g_strdup_printf (ngettext ("%u address", "%u addresses", n), n);
  linnet_row_set_subtitle (self->blocked_row, text != NULL ? text : _ ("Nobody"));
}

static void
sign_out_cb (LinnetAccountDialog *self)
{
  linnet_leave_account_sign_out (self->manager, self->account, ADW_DIALOG (self));
}

static void
remove_cb (LinnetAccountDialog *self)
{
  linnet_leave_account_remove (self->manager, self->account, ADW_DIALOG (self));
}

static void
delete_cb (LinnetAccountDialog *self)
{
  linnet_leave_account_delete (self->manager, self->account, ADW_DIALOG (self));
}

/* As a sheet the dialog would begin in the first field, and the keyboard of a telephone would come up. */
static void
map_cb (LinnetAccountDialog *self)
{
  GtkWidget *wanted = adw_dialog_get_focus (ADW_DIALOG (self));
  AdwNavigationPage *page = adw_navigation_view_get_visible_page (self->view);

  /* Another page may have been opened already. */
  if (wanted != NULL && adw_navigation_view_get_previous_page (self->view, page) == NULL)
    gtk_widget_grab_focus (wanted);
}

static void
linnet_account_dialog_dispose (GObject *object)
{
  LinnetAccountDialog *self = LINNET_ACCOUNT_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_ACCOUNT_DIALOG);
  g_clear_object (&self->account);
  g_clear_object (&self->manager);

  G_OBJECT_CLASS (linnet_account_dialog_parent_class)->dispose (object);
}

static void
linnet_account_dialog_class_init (LinnetAccountDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = linnet_account_dialog_dispose;

  g_type_ensure (LINNET_TYPE_AVATAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-account-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetAccountDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, LinnetAccountDialog, view);
  gtk_widget_class_bind_template_child (widget_class, LinnetAccountDialog, avatar);
  gtk_widget_class_bind_template_child (widget_class, LinnetAccountDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetAccountDialog, address_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetAccountDialog, status_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetAccountDialog, enabled_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetAccountDialog, blocked_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetAccountDialog, delete_row);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, delete_cb);
  gtk_widget_class_bind_template_callback (widget_class, map_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
  gtk_widget_class_bind_template_callback (widget_class, rename_cb);
  gtk_widget_class_bind_template_callback (widget_class, sign_out_cb);
  gtk_widget_class_bind_template_callback (widget_class, status_cb);
  gtk_widget_class_install_action (widget_class, "account.close", NULL, close_action);
  gtk_widget_class_install_action (widget_class, "account.open", "s", open_action);
  gtk_widget_class_install_action (widget_class, "account.toast", "s", toast_action);
}

static void
linnet_account_dialog_init (LinnetAccountDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
fill_blocked (LinnetAccountDialog *self)
{
  GListModel *blocked = linnet_account_get_blocked (self->account);

  g_signal_connect_object (
      blocked, "items-changed", G_CALLBACK (blocked_changed_cb), self, G_CONNECT_SWAPPED);
  blocked_changed_cb (self);
}

/* The profile changes it as well; but nobody is interrupted. */
static void
name_changed_cb (LinnetAccountDialog *self)
{
  const char *name = linnet_account_get_display_name (self->account);

  if (gtk_widget_get_focus_child (GTK_WIDGET (self->name_row)) == NULL &&
      !g_str_equal (name, gtk_editable_get_text (GTK_EDITABLE (self->name_row))))
    gtk_editable_set_text (GTK_EDITABLE (self->name_row), name);
}

static void
fill (LinnetAccountDialog *self)
{
  const char *status = linnet_account_get_status_text (self->account);
  g_autofree char *delete_text = NULL;

  /* Translators: %s is a server */
  delete_text = g_strdup_printf (_ ("Delete Account from %s…"), linnet_account_get_domain (self->account));
  linnet_row_set_title (ADW_PREFERENCES_ROW (self->delete_row), delete_text);
  linnet_avatar_set_account (self->avatar, self->account);
  linnet_row_set_subtitle (self->address_row, linnet_account_get_address (self->account));
  name_changed_cb (self);
  g_signal_connect_object (
      self->account, "notify::display-name", G_CALLBACK (name_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_editable_set_text (GTK_EDITABLE (self->status_row), status != NULL ? status : "");
  g_object_bind_property (self->account, "enabled", self->enabled_row, "active", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (
      self->enabled_row, "notify::active", G_CALLBACK (enabled_cb), self, G_CONNECT_SWAPPED);
}

/**
 * linnet_account_dialog_new:
 *
 * Returns: (transfer floating): a dialog about @account
 */
LinnetAccountDialog *
linnet_account_dialog_new (LinnetAccountManager *manager, LinnetAccount *account)
{
  LinnetAccountDialog *self;

  g_return_val_if_fail (LINNET_IS_ACCOUNT_MANAGER (manager), NULL);
  g_return_val_if_fail (LINNET_IS_ACCOUNT (account), NULL);

  self = g_object_new (LINNET_TYPE_ACCOUNT_DIALOG, NULL);
  self->manager = g_object_ref (manager);
  self->account = g_object_ref (account);
  fill (self);
  fill_blocked (self);

  return self;
}
