/* What there is to do while there are no chats
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-first-run-page"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-first-run-page.h"
#include "linnet-safe-text.h"

struct _LinnetFirstRunPage
{
  AdwBin parent_instance;

  GtkLabel *title;
  GtkLabel *address;
  AdwButtonRow *code_row;
  AdwButtonRow *invite_row;

  GSignalGroup *account_signals;
};

G_DEFINE_FINAL_TYPE (LinnetFirstRunPage, linnet_first_run_page, ADW_TYPE_BIN)

static void
set_label (GtkLabel *label,
           const char *text)
{
  g_autofree char *safe = linnet_safe_text_dup (GTK_WIDGET (label), text);

  gtk_label_set_label (label, safe);
}

static void
update_cb (LinnetFirstRunPage *self)
{
  g_autoptr (LinnetAccount) account = g_signal_group_dup_target (self->account_signals);
  g_autofree char *title = NULL;
  g_autofree char *address = NULL;

  if (account == NULL)
    return;

  /* Translators: %s is the person's own name */
  title = g_strdup_printf (_ ("You’re all set, %s"), linnet_account_get_display_name (account));
  /* Translators: %s is the person's own address */
  address = g_strdup_printf (_ ("Your address is %s"), linnet_account_get_address (account));
  set_label (self->title, title);
  set_label (self->address, address);
}

static void
linnet_first_run_page_dispose (GObject *object)
{
  LinnetFirstRunPage *self = LINNET_FIRST_RUN_PAGE (object);

  g_clear_object (&self->account_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_FIRST_RUN_PAGE);

  G_OBJECT_CLASS (linnet_first_run_page_parent_class)->dispose (object);
}

static void
linnet_first_run_page_class_init (LinnetFirstRunPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = linnet_first_run_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/linnet/Linnet/ui/linnet-first-run-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetFirstRunPage, title);
  gtk_widget_class_bind_template_child (widget_class, LinnetFirstRunPage, address);
  gtk_widget_class_bind_template_child (widget_class, LinnetFirstRunPage, code_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetFirstRunPage, invite_row);
}

static void
linnet_first_run_page_init (LinnetFirstRunPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->account_signals = g_signal_group_new (LINNET_TYPE_ACCOUNT);
  g_signal_group_connect_swapped (
      self->account_signals, "notify::display-name", G_CALLBACK (update_cb), self);
}

static void
set_action (AdwButtonRow *row,
            const char *name,
            LinnetAccount *account)
{
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", linnet_account_get_address (account));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), name);
}

void
linnet_first_run_page_set_account (LinnetFirstRunPage *self,
                                   LinnetAccount *account)
{
  g_autoptr (LinnetAccount) before = NULL;

  g_return_if_fail (LINNET_IS_FIRST_RUN_PAGE (self));

  before = g_signal_group_dup_target (self->account_signals);
  if (account == NULL || account == before)
    return;

  g_signal_group_set_target (self->account_signals, account);
  set_action (self->code_row, "win.show-code", account);
  set_action (self->invite_row, "win.invite", account);
  update_cb (self);
}
