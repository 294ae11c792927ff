/* Whom an account has blocked
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-blocked-page"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account-control.h"
#include "linnet-alert.h"
#include "linnet-avatar.h"
#include "linnet-blocked-page.h"
#include "linnet-contact.h"
#include "linnet-error.h"
#include "linnet-notice.h"
#include "linnet-row.h"
#include "linnet-spawn.h"

struct _LinnetBlockedPage
{
  AdwNavigationPage parent_instance;

  LinnetNotice *notice;
  AdwPreferencesGroup *add_group;
  AdwEntryRow *add_row;
  AdwPreferencesGroup *group;
  GtkListBox *list;

  LinnetAccount *account;
};

G_DEFINE_FINAL_TYPE (LinnetBlockedPage, linnet_blocked_page, ADW_TYPE_NAVIGATION_PAGE)

static void
unblock_cb (LinnetBlockedPage *self, GtkButton *button)
{
  LinnetContact *contact = g_object_get_data (G_OBJECT (button), "contact");

  linnet_alert_follow (linnet_contact_set_blocked (contact, FALSE),
                       GTK_WIDGET (self),
                       _ ("Could Not Unblock"),
                       linnet_account_get_domain (self->account));
}

static DexFuture *
linnet_blocked_page_add_fiber (gpointer data)
{
  LinnetBlockedPage *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (dex_await (linnet_account_set_blocked (
                     self->account, gtk_editable_get_text (GTK_EDITABLE (self->add_row)), TRUE),
                 &error))
    {
      if (self->account != NULL)
        gtk_editable_set_text (GTK_EDITABLE (self->add_row), "");
      return NULL;
    }

  if (self->account == NULL)
    return NULL;

  text = linnet_error_to_text (error, linnet_account_get_domain (self->account));
  linnet_notice_set_text (self->notice, text);
  linnet_row_set_invalid (self->add_row, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->add_row));

  return NULL;
}

static void
typed_cb (LinnetBlockedPage *self)
{
  linnet_notice_set_text (self->notice, NULL);
  linnet_row_set_invalid (self->add_row, FALSE);
}

static void
add_cb (LinnetBlockedPage *self)
{
  typed_cb (self);
  linnet_spawn_detached (
      "block-address", linnet_blocked_page_add_fiber, g_object_ref (self), g_object_unref);
}

/* A person or a whole server. */
static GtkWidget *
create_row (gpointer item, gpointer user_data)
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
changed_cb (LinnetBlockedPage *self)
{
  GListModel *blocked = linnet_account_get_blocked (self->account);

  gtk_widget_set_visible (GTK_WIDGET (self->group), g_list_model_get_n_items (blocked) > 0);
}

static void
can_block_cb (LinnetBlockedPage *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->add_group), linnet_account_get_can_block (self->account));
}

static void
linnet_blocked_page_dispose (GObject *object)
{
  LinnetBlockedPage *self = LINNET_BLOCKED_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_BLOCKED_PAGE);
  g_clear_object (&self->account);

  G_OBJECT_CLASS (linnet_blocked_page_parent_class)->dispose (object);
}

static void
linnet_blocked_page_class_init (LinnetBlockedPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = linnet_blocked_page_dispose;

  g_type_ensure (LINNET_TYPE_NOTICE);
  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-blocked-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetBlockedPage, notice);
  gtk_widget_class_bind_template_child (widget_class, LinnetBlockedPage, add_group);
  gtk_widget_class_bind_template_child (widget_class, LinnetBlockedPage, add_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetBlockedPage, group);
  gtk_widget_class_bind_template_child (widget_class, LinnetBlockedPage, list);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
  gtk_widget_class_bind_template_callback (widget_class, typed_cb);
}

static void
linnet_blocked_page_init (LinnetBlockedPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * linnet_blocked_page_new:
 *
 * Returns: (transfer floating): a page about whom @account has blocked
 */
AdwNavigationPage *
linnet_blocked_page_new (LinnetAccount *account)
{
  LinnetBlockedPage *self;
  GListModel *blocked;

  g_return_val_if_fail (LINNET_IS_ACCOUNT (account), NULL);

  self = g_object_new (LINNET_TYPE_BLOCKED_PAGE, NULL);
  self->account = g_object_ref (account);
  blocked = linnet_account_get_blocked (account);
  gtk_list_box_bind_model (self->list, blocked, create_row, self, NULL);
  g_signal_connect_object (blocked, "items-changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
      account, "notify::can-block", G_CALLBACK (can_block_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self);
  can_block_cb (self);

  return ADW_NAVIGATION_PAGE (self);
}
