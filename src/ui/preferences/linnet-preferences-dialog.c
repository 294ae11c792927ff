/* Preferences; nothing in it needs an "Apply"
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-preferences-dialog"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account.h"
#include "linnet-avatar.h"
#include "linnet-preferences-dialog.h"
#include "linnet-row.h"

struct _LinnetPreferencesDialog
{
  AdwPreferencesDialog parent_instance;

  AdwComboRow *style_row;
  AdwSwitchRow *enter_row;
  AdwSwitchRow *preview_row;
  AdwSwitchRow *background_row;
  AdwSwitchRow *login_row;
  AdwSwitchRow *typing_row;
  AdwSwitchRow *receipts_row;
  AdwSwitchRow *read_row;
  AdwSwitchRow *contacts_only_row;
  GtkListBox *proxies;
  GtkListBox *accounts;
};

G_DEFINE_FINAL_TYPE (LinnetPreferencesDialog, linnet_preferences_dialog, ADW_TYPE_PREFERENCES_DIALOG)

/* The settings name the styles; the row counts them. */
static const char *const styles[] = { "follow", "light", "dark" };

static gboolean
style_to_index (GValue *value, GVariant *variant, gpointer user_data)
{
  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    if (g_str_equal (g_variant_get_string (variant, NULL), styles[i]))
      {
        g_value_set_uint (value, i);
        return TRUE;
      }

  return FALSE;
}

static GVariant *
index_to_style (const GValue *value, const GVariantType *expected_type, gpointer user_data)
{
  guint i = g_value_get_uint (value);

  return i < G_N_ELEMENTS (styles) ? g_variant_new_string (styles[i]) : NULL;
}

/* As long as the person has not been asked it is off, but not refused. */
static gboolean
background_to_active (GValue *value, GVariant *variant, gpointer user_data)
{
  g_value_set_boolean (value, g_str_equal (g_variant_get_string (variant, NULL), "yes"));

  return TRUE;
}

static GVariant *
active_to_background (const GValue *value, const GVariantType *expected_type, gpointer user_data)
{
  return g_variant_new_string (g_value_get_boolean (value) ? "yes" : "no");
}

static const char *
state_text (LinnetAccount *account)
{
  if (!linnet_account_get_enabled (account))
    return _ ("Switched off");

  switch (linnet_account_get_state (account))
    {
    case LINNET_CONNECTION_ONLINE:
      return _ ("Online");
    case LINNET_CONNECTION_CONNECTING:
    case LINNET_CONNECTION_RECONNECTING:
      return _ ("Connecting…");
    case LINNET_CONNECTION_FAILED:
      return _ ("Not signed in");
    case LINNET_CONNECTION_OFFLINE:
    default:
      return _ ("Offline");
    }
}

static void
update_account_row_cb (AdwActionRow *row, GParamSpec *pspec, LinnetAccount *account)
{
  linnet_row_set_subtitle (row, state_text (account));
}

/* A row that leads to something of @account. */
static GtkWidget *
create_row (LinnetAccount *account, const char *action_name)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");

  linnet_row_set_title (ADW_PREFERENCES_ROW (row), linnet_account_get_address (account));
  gtk_accessible_update_state (GTK_ACCESSIBLE (arrow), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), action_name);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", linnet_account_get_address (account));

  return row;
}

/* The proxy itself is on the page that it leads to. */
static GtkWidget *
create_proxy_row (gpointer item, gpointer user_data)
{
  return create_row (item, "win.connection");
}

static GtkWidget *
create_account_row (gpointer item, gpointer user_data)
{
  LinnetAccount *account = item;
  GtkWidget *row = create_row (account, "win.account");
  GtkWidget *avatar = linnet_avatar_new (36);

  linnet_avatar_set_account (LINNET_AVATAR (avatar), account);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), avatar);

  g_signal_connect_object (
      account, "notify::state", G_CALLBACK (update_account_row_cb), row, G_CONNECT_SWAPPED);
  g_signal_connect_object (
      account, "notify::enabled", G_CALLBACK (update_account_row_cb), row, G_CONNECT_SWAPPED);
  update_account_row_cb (ADW_ACTION_ROW (row), NULL, account);

  return row;
}

static void
linnet_preferences_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LINNET_TYPE_PREFERENCES_DIALOG);

  G_OBJECT_CLASS (linnet_preferences_dialog_parent_class)->dispose (object);
}

static void
linnet_preferences_dialog_class_init (LinnetPreferencesDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = linnet_preferences_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/linnet/Linnet/ui/linnet-preferences-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetPreferencesDialog, style_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetPreferencesDialog, enter_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetPreferencesDialog, preview_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetPreferencesDialog, background_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetPreferencesDialog, login_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetPreferencesDialog, typing_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetPreferencesDialog, receipts_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetPreferencesDialog, read_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetPreferencesDialog, contacts_only_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetPreferencesDialog, proxies);
  gtk_widget_class_bind_template_child (widget_class, LinnetPreferencesDialog, accounts);
}

static void
linnet_preferences_dialog_init (LinnetPreferencesDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * linnet_preferences_dialog_new:
 *
 * Returns: (transfer floating): the dialog
 */
LinnetPreferencesDialog *
linnet_preferences_dialog_new (LinnetAccountManager *manager, GSettings *settings)
{
  LinnetPreferencesDialog *self;

  g_return_val_if_fail (LINNET_IS_ACCOUNT_MANAGER (manager), NULL);
  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (LINNET_TYPE_PREFERENCES_DIALOG, NULL);

  g_settings_bind_with_mapping (settings,
                                "color-scheme",
                                self->style_row,
                                "selected",
                                G_SETTINGS_BIND_DEFAULT,
                                style_to_index,
                                index_to_style,
                                NULL,
                                NULL);
  g_settings_bind (settings, "send-with-enter", self->enter_row, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "notification-preview", self->preview_row, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind_with_mapping (settings,
                                "run-in-background",
                                self->background_row,
                                "active",
                                G_SETTINGS_BIND_DEFAULT,
                                background_to_active,
                                active_to_background,
                                NULL,
                                NULL);
  /* Whether it can be switched is the other switch's affair. */
  g_settings_bind (settings,
                   "start-at-login",
                   self->login_row,
                   "active",
                   G_SETTINGS_BIND_DEFAULT | G_SETTINGS_BIND_NO_SENSITIVITY);
  g_settings_bind (settings, "send-typing", self->typing_row, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "send-receipts", self->receipts_row, "active", G_SETTINGS_BIND_DEFAULT);
  /* What has been read has arrived. */
  g_settings_bind (settings,
                   "send-read",
                   self->read_row,
                   "active",
                   G_SETTINGS_BIND_DEFAULT | G_SETTINGS_BIND_NO_SENSITIVITY);
  g_object_bind_property (
      self->receipts_row, "active", self->read_row, "sensitive", G_BINDING_SYNC_CREATE);
  g_settings_bind (
      settings, "contacts-only", self->contacts_only_row, "active", G_SETTINGS_BIND_DEFAULT);
  gtk_list_box_bind_model (self->proxies, G_LIST_MODEL (manager), create_proxy_row, NULL, NULL);
  gtk_list_box_bind_model (self->accounts, G_LIST_MODEL (manager), create_account_row, NULL, NULL);

  return self;
}
