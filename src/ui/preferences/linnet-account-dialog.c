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
#include "linnet-row.h"
#include "linnet-spawn.h"

struct _LinnetAccountDialog
{
  AdwDialog parent_instance;

  AdwToastOverlay *toasts;
  LinnetAvatar *avatar;
  AdwEntryRow *name_row;
  AdwActionRow *address_row;
  AdwEntryRow *status_row;
  AdwSwitchRow *enabled_row;
  AdwEntryRow *host_row;
  AdwEntryRow *port_row;
  AdwSwitchRow *direct_tls_row;
  AdwPreferencesGroup *blocked_group;
  GtkListBox *blocked_list;
  AdwActionRow *channel_row;

  LinnetAccountManager *manager;
  LinnetAccount *account;
  gboolean loading; /* rows are being filled: their signals are not a person's */
};

G_DEFINE_FINAL_TYPE (LinnetAccountDialog, linnet_account_dialog, ADW_TYPE_DIALOG)

typedef struct
{
  LinnetAccountDialog *dialog;
  DexFuture *future;
  const char *failure;
} Verb;

static void
verb_free (gpointer data)
{
  Verb *verb = data;

  g_clear_object (&verb->dialog);
  dex_clear (&verb->future);
  g_free (verb);
}

static DexFuture *
verb_fiber (gpointer data)
{
  Verb *verb = data;
  g_autoptr (GError) error = NULL;

  if (!dex_await (g_steal_pointer (&verb->future), &error))
    linnet_alert_show_error (
        GTK_WIDGET (verb->dialog), verb->failure, error, linnet_account_get_domain (verb->dialog->account));

  return NULL;
}

static void
run (LinnetAccountDialog *self, DexFuture *future, const char *failure)
{
  Verb *verb = g_new0 (Verb, 1);

  verb->dialog = g_object_ref (self);
  verb->future = future;
  verb->failure = failure;
  linnet_spawn_detached ("account-verb", verb_fiber, verb, verb_free);
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
server_cb (LinnetAccountDialog *self)
{
  g_autofree char *host = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->host_row))));
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->port_row));
  guint64 port = 0;

  if (self->loading)
    return;

  linnet_row_set_invalid (self->port_row, FALSE);
  if (*text != '\0' && !g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &port, NULL))
    {
      linnet_row_set_invalid (self->port_row, TRUE);
      adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ ("A port is a number from 1 to 65535.")));
      return;
    }

  run (
      self,
      linnet_account_set_server (
          self->account, *host != '\0' ? host : NULL, port, adw_switch_row_get_active (self->direct_tls_row)),
      _ ("Could Not Change the Server"));
}

static void
copy_cb (LinnetAccountDialog *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          linnet_account_get_address (self->account));
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ ("Address copied")));
}

static void
unblock_cb (LinnetAccountDialog *self, GtkButton *button)
{
  LinnetContact *contact = g_object_get_data (G_OBJECT (button), "contact");

  run (self, linnet_contact_set_blocked (contact, FALSE), _ ("Could Not Unblock"));
}

/* A person or, as other programs can block them too, a whole server. */
static GtkWidget *
create_blocked_row (gpointer item, gpointer user_data)
{
  LinnetContact *contact = item;
  const char *address = linnet_contact_get_address (contact);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *avatar = linnet_avatar_new (36);
  GtkWidget *button = gtk_button_new_with_label (_ ("Unblock"));
  g_autofree char *name = NULL;

  linnet_avatar_set_contact (LINNET_AVATAR (avatar), contact);
  linnet_row_set_title (ADW_PREFERENCES_ROW (row), address);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), avatar);

  /* Whom, for those who do not see the row: a name of one's own instead of the label inside. */
  name = g_strdup_printf (_ ("Unblock %s"), address);
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (button), "contact", g_object_ref (contact), g_object_unref);
  g_signal_connect_object (button, "clicked", G_CALLBACK (unblock_cb), user_data, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);

  return row;
}

static void
blocked_changed_cb (LinnetAccountDialog *self)
{
  GListModel *blocked = linnet_account_get_blocked (self->account);

  gtk_widget_set_visible (GTK_WIDGET (self->blocked_group), g_list_model_get_n_items (blocked) > 0);
}

static DexFuture *
sign_out_fiber (gpointer data)
{
  LinnetAccountDialog *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *heading = NULL;
  const char *body;

  /* Translators: %s is an address */
  heading = g_strdup_printf (_ ("Sign Out of %s?"), linnet_account_get_address (self->account));
  body = _ ("This computer forgets the account: its password, contacts and messages are erased "
            "here. On the server it stays as it is.");
  if (!linnet_alert_confirm_destructive (heading, body, _ ("Sign Out"), GTK_WIDGET (self)))
    return NULL;

  if (dex_await (linnet_account_manager_remove (self->manager, self->account), &error))
    adw_dialog_close (ADW_DIALOG (self));
  else
    linnet_alert_show_error (GTK_WIDGET (self), _ ("Could Not Sign Out"), error, NULL);

  return NULL;
}

static void
sign_out_cb (LinnetAccountDialog *self)
{
  linnet_spawn_detached ("sign-out", sign_out_fiber, g_object_ref (self), g_object_unref);
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
  gtk_widget_class_bind_template_child (widget_class, LinnetAccountDialog, avatar);
  gtk_widget_class_bind_template_child (widget_class, LinnetAccountDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetAccountDialog, address_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetAccountDialog, status_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetAccountDialog, enabled_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetAccountDialog, host_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetAccountDialog, port_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetAccountDialog, direct_tls_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetAccountDialog, blocked_group);
  gtk_widget_class_bind_template_child (widget_class, LinnetAccountDialog, blocked_list);
  gtk_widget_class_bind_template_child (widget_class, LinnetAccountDialog, channel_row);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, rename_cb);
  gtk_widget_class_bind_template_callback (widget_class, server_cb);
  gtk_widget_class_bind_template_callback (widget_class, sign_out_cb);
  gtk_widget_class_bind_template_callback (widget_class, status_cb);
}

static void
linnet_account_dialog_init (LinnetAccountDialog *self)
{
  self->loading = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
fill_blocked (LinnetAccountDialog *self)
{
  GListModel *blocked = linnet_account_get_blocked (self->account);

  gtk_list_box_bind_model (self->blocked_list, blocked, create_blocked_row, self, NULL);
  g_signal_connect_object (
      blocked, "items-changed", G_CALLBACK (blocked_changed_cb), self, G_CONNECT_SWAPPED);
  blocked_changed_cb (self);
}

static void
fill (LinnetAccountDialog *self)
{
  const char *status = linnet_account_get_status_text (self->account);
  const char *host = linnet_account_get_host (self->account);
  guint port = linnet_account_get_port (self->account);
  g_autofree char *port_text = port != 0 ? g_strdup_printf ("%u", port) : g_strdup ("");

  linnet_avatar_set_account (self->avatar, self->account);
  linnet_row_set_subtitle (self->address_row, linnet_account_get_address (self->account));
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), linnet_account_get_display_name (self->account));
  gtk_editable_set_text (GTK_EDITABLE (self->status_row), status != NULL ? status : "");
  gtk_editable_set_text (GTK_EDITABLE (self->host_row), host != NULL ? host : "");
  gtk_editable_set_text (GTK_EDITABLE (self->port_row), port_text);
  adw_switch_row_set_active (self->direct_tls_row, linnet_account_get_direct_tls (self->account));
  linnet_row_set_subtitle (self->channel_row,
                           linnet_account_is_channel_verified (self->account)
                               ? _ ("On and verified: not even a forged certificate lets anybody listen in.")
                               : _ ("On. This server gives no proof against forged certificates."));
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
  self->loading = FALSE;

  return self;
}
