/* Another password for an account
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-password-page"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "linnet-account-control.h"
#include "linnet-error.h"
#include "linnet-keep-password.h"
#include "linnet-notice.h"
#include "linnet-password-page.h"
#include "linnet-password-text.h"
#include "linnet-password.h"
#include "linnet-row.h"
#include "linnet-spawn.h"

struct _LinnetPasswordPage
{
  AdwNavigationPage parent_instance;

  LinnetNotice *notice;
  AdwPasswordEntryRow *password_row;
  AdwPasswordEntryRow *repeat_row;
  GtkLabel *hint;
  GtkButton *change_button;
  GtkStack *change_stack;

  LinnetAccount *account;
  gboolean working;
};

G_DEFINE_FINAL_TYPE (LinnetPasswordPage, linnet_password_page, ADW_TYPE_NAVIGATION_PAGE)

static const char *
get_text (AdwPasswordEntryRow *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

static const char *
describe (LinnetPasswordPage *self, const char *password)
{
  g_autofree char *name = NULL;

  if (*password == '\0')
    return "";

  name = g_strdup (linnet_account_get_address (self->account));
  *strchrnul (name, '@') = '\0';

  return linnet_password_text_get (password, name);
}

static void
update_cb (LinnetPasswordPage *self)
{
  const char *password = get_text (self->password_row);
  const char *repeated = get_text (self->repeat_row);
  gboolean same = g_str_equal (password, repeated);

  gtk_label_set_text (self->hint, describe (self, password));
  linnet_row_set_invalid (ADW_ENTRY_ROW (self->repeat_row), *repeated != '\0' && !same);
  gtk_widget_set_sensitive (GTK_WIDGET (self->change_button), *password != '\0' && same && !self->working);
}

/* What nobody has typed has to be seen, to be kept elsewhere, too. */
static void
show_password (AdwPasswordEntryRow *row)
{
  GtkEditable *text = gtk_editable_get_delegate (GTK_EDITABLE (row));

  if (GTK_IS_TEXT (text))
    gtk_text_set_visibility (GTK_TEXT (text), TRUE);
}

static void
generate_cb (LinnetPasswordPage *self)
{
  g_autofree char *password = linnet_password_generate ();

  gtk_editable_set_text (GTK_EDITABLE (self->password_row), password);
  gtk_editable_set_text (GTK_EDITABLE (self->repeat_row), password);
  show_password (self->password_row);
  explicit_bzero (password, strlen (password));
  gtk_widget_grab_focus (GTK_WIDGET (self->change_button));
}

static DexFuture *
show_fiber (gpointer data)
{
  LinnetPasswordPage *self = data;

  if (self->account != NULL)
    linnet_keep_password_show (self->account, GTK_WIDGET (self));

  return NULL;
}

static void
show_cb (LinnetPasswordPage *self)
{
  linnet_spawn_detached ("show-password", show_fiber, g_object_ref (self), g_object_unref);
}

static void
set_working (LinnetPasswordPage *self, gboolean working)
{
  self->working = working;
  gtk_stack_set_visible_child_name (self->change_stack, working ? "working" : "label");
  gtk_widget_set_sensitive (GTK_WIDGET (self->password_row), !working);
  gtk_widget_set_sensitive (GTK_WIDGET (self->repeat_row), !working);
  update_cb (self);
}

static DexFuture *
linnet_password_page_change_fiber (gpointer data)
{
  LinnetPasswordPage *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (dex_await (linnet_account_change_password (self->account, get_text (self->password_row)), &error))
    {
      /* The focus finds back to where it came from, but not from what cannot have it. */
      if (self->account != NULL)
        {
          set_working (self, FALSE);
          gtk_widget_grab_focus (GTK_WIDGET (self->password_row));
        }
      gtk_widget_activate_action (GTK_WIDGET (self), "account.toast", "s", _ ("Password changed"));
      gtk_widget_activate_action (GTK_WIDGET (self), "navigation.pop", NULL);
      return NULL;
    }

  if (self->account == NULL)
    return NULL;

  text = linnet_error_to_text (error, linnet_account_get_domain (self->account));
  linnet_notice_set_text (self->notice, text);
  set_working (self, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->password_row));

  return NULL;
}

static void
change_cb (LinnetPasswordPage *self)
{
  if (!gtk_widget_get_sensitive (GTK_WIDGET (self->change_button)))
    return;

  linnet_notice_set_text (self->notice, NULL);
  set_working (self, TRUE);
  linnet_spawn_detached (
      "change-password", linnet_password_page_change_fiber, g_object_ref (self), g_object_unref);
}

static void
linnet_password_page_dispose (GObject *object)
{
  LinnetPasswordPage *self = LINNET_PASSWORD_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_PASSWORD_PAGE);
  g_clear_object (&self->account);

  G_OBJECT_CLASS (linnet_password_page_parent_class)->dispose (object);
}

static void
linnet_password_page_class_init (LinnetPasswordPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = linnet_password_page_dispose;

  g_type_ensure (LINNET_TYPE_NOTICE);
  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-password-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetPasswordPage, notice);
  gtk_widget_class_bind_template_child (widget_class, LinnetPasswordPage, password_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetPasswordPage, repeat_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetPasswordPage, hint);
  gtk_widget_class_bind_template_child (widget_class, LinnetPasswordPage, change_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetPasswordPage, change_stack);
  gtk_widget_class_bind_template_callback (widget_class, change_cb);
  gtk_widget_class_bind_template_callback (widget_class, generate_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_cb);
}

static void
linnet_password_page_init (LinnetPasswordPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * linnet_password_page_new:
 *
 * Returns: (transfer floating): a page to change the password of @account
 */
AdwNavigationPage *
linnet_password_page_new (LinnetAccount *account)
{
  LinnetPasswordPage *self;

  g_return_val_if_fail (LINNET_IS_ACCOUNT (account), NULL);

  self = g_object_new (LINNET_TYPE_PASSWORD_PAGE, NULL);
  self->account = g_object_ref (account);
  update_cb (self);

  return ADW_NAVIGATION_PAGE (self);
}
