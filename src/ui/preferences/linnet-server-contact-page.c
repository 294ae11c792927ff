/* Whom to turn to about an account's server
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-server-contact-page"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-error.h"
#include "linnet-link.h"
#include "linnet-row.h"
#include "linnet-server-contact-page.h"
#include "linnet-server-info.h"
#include "linnet-spawn.h"
#include "linnet-web-link.h"

struct _LinnetServerContactPage
{
  AdwNavigationPage parent_instance;

  GtkStack *stack;
  AdwStatusPage *status_page;
  GtkButton *again_button;
  AdwPreferencesPage *page;

  LinnetAccount *account;
};

G_DEFINE_FINAL_TYPE (LinnetServerContactPage, linnet_server_contact_page, ADW_TYPE_NAVIGATION_PAGE)

static const char *const kinds[LINNET_N_SERVER_CONTACTS] = {
  [LINNET_SERVER_CONTACT_SUPPORT] = N_ ("Help"),
  [LINNET_SERVER_CONTACT_ADMIN] = N_ ("Operators"),
  [LINNET_SERVER_CONTACT_ABUSE] = N_ ("Abuse"),
  [LINNET_SERVER_CONTACT_SECURITY] = N_ ("Security"),
  [LINNET_SERVER_CONTACT_STATUS] = N_ ("Disturbances"),
  [LINNET_SERVER_CONTACT_FEEDBACK] = N_ ("Feedback"),
  [LINNET_SERVER_CONTACT_SALES] = N_ ("Sales"),
};

/* Somebody to chat with; NULL for anything else. Transfer full. */
static char *
dup_chat_address (const char *uri)
{
  g_autoptr (LinnetLink) link = linnet_link_parse (uri, NULL);

  if (link == NULL || (linnet_link_get_kind (link) != LINNET_LINK_CHAT &&
                       linnet_link_get_kind (link) != LINNET_LINK_MESSAGE))
    return NULL;

  return g_strdup (linnet_link_get_address (link));
}

/* A person pressed the row and sees where it leads. */
static void
open_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LinnetServerContactPage *self = LINNET_SERVER_CONTACT_PAGE (widget);
  const char *uri = g_variant_get_string (parameter, NULL);
  g_autofree char *address = dup_chat_address (uri);

  if (address != NULL)
    {
      gtk_widget_activate_action (
          widget, "app.open-chat", "(ss)", linnet_account_get_address (self->account), address);
      gtk_widget_activate_action (widget, "account.close", NULL);
      return;
    }

  linnet_web_link_launch (uri, widget);
}

static void
add_address (AdwPreferencesGroup *group, const char *uri)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name ("go-next-symbolic");
  const char *text = g_ascii_strncasecmp (uri, "https:", 6) == 0 ? uri : strchr (uri, ':') + 1;

  linnet_row_set_title (ADW_PREFERENCES_ROW (row), text);
  if (g_ascii_strncasecmp (uri, "mailto:", 7) == 0)
    linnet_row_set_subtitle (ADW_ACTION_ROW (row), _ ("Email"));
  else if (g_ascii_strncasecmp (uri, "xmpp:", 5) == 0)
    linnet_row_set_subtitle (ADW_ACTION_ROW (row), _ ("Chat"));
  else
    linnet_row_set_subtitle (ADW_ACTION_ROW (row), _ ("Web page"));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  gtk_accessible_update_state (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), icon);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "server-contact.open");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", uri);
  adw_preferences_group_add (group, row);
}

static gboolean
add_group (LinnetServerContactPage *self, const char *title, const char *const *uris)
{
  AdwPreferencesGroup *group;

  if (uris[0] == NULL)
    return FALSE;

  group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_preferences_group_set_title (group, title);
  for (guint i = 0; uris[i] != NULL; i++)
    add_address (group, uris[i]);
  adw_preferences_page_add (self->page, group);

  return TRUE;
}

static void
show_status (LinnetServerContactPage *self, const char *title, const char *description, gboolean again)
{
  g_autofree char *escaped = g_markup_escape_text (description, -1);

  adw_status_page_set_title (self->status_page, title);
  adw_status_page_set_description (self->status_page, escaped);
  gtk_widget_set_visible (GTK_WIDGET (self->again_button), again);
  gtk_stack_set_visible_child_name (self->stack, "status");
}

static void
show_info (LinnetServerContactPage *self, LinnetServerInfo *info)
{
  const char *const website[] = { info->website, NULL };
  gboolean any = add_group (self, _ ("Website and Terms"), website);

  for (guint i = 0; i < LINNET_N_SERVER_CONTACTS; i++)
    any |= add_group (self, _ (kinds[i]), (const char *const *) info->contacts[i]);

  if (any)
    gtk_stack_set_visible_child_name (self->stack, "list");
  else
    {
      g_autofree char *text = NULL;

      /* Translators: %s is a server */
      text = g_strdup_printf (_ ("%s does not say whom to turn to."), info->domain);
      show_status (self, _ ("No Addresses"), text, FALSE);
    }
}

static DexFuture *
linnet_server_contact_page_load_fiber (gpointer data)
{
  LinnetServerContactPage *self = data;
  g_autoptr (LinnetServerInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  info = dex_await_boxed (linnet_account_load_server_info (self->account), &error);
  if (self->account == NULL)
    return NULL;

  if (info != NULL)
    show_info (self, info);
  else
    {
      g_autofree char *text = linnet_error_to_text (error, linnet_account_get_domain (self->account));

      show_status (self, _ ("Could Not Ask the Server"), text, TRUE);
    }

  return NULL;
}

static void
load_cb (LinnetServerContactPage *self)
{
  gtk_stack_set_visible_child_name (self->stack, "loading");
  linnet_spawn_detached (
      "server-contact", linnet_server_contact_page_load_fiber, g_object_ref (self), g_object_unref);
}

static void
linnet_server_contact_page_dispose (GObject *object)
{
  LinnetServerContactPage *self = LINNET_SERVER_CONTACT_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_SERVER_CONTACT_PAGE);
  g_clear_object (&self->account);

  G_OBJECT_CLASS (linnet_server_contact_page_parent_class)->dispose (object);
}

static void
linnet_server_contact_page_class_init (LinnetServerContactPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = linnet_server_contact_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/linnet/Linnet/ui/linnet-server-contact-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetServerContactPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LinnetServerContactPage, status_page);
  gtk_widget_class_bind_template_child (widget_class, LinnetServerContactPage, again_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetServerContactPage, page);
  gtk_widget_class_bind_template_callback (widget_class, load_cb);
  gtk_widget_class_install_action (widget_class, "server-contact.open", "s", open_action);
}

static void
linnet_server_contact_page_init (LinnetServerContactPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * linnet_server_contact_page_new:
 *
 * Returns: (transfer floating): a page with the addresses that the server of @account gives
 */
AdwNavigationPage *
linnet_server_contact_page_new (LinnetAccount *account)
{
  LinnetServerContactPage *self;

  g_return_val_if_fail (LINNET_IS_ACCOUNT (account), NULL);

  self = g_object_new (LINNET_TYPE_SERVER_CONTACT_PAGE, NULL);
  self->account = g_object_ref (account);
  load_cb (self);

  return ADW_NAVIGATION_PAGE (self);
}
