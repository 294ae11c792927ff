/* Giving away the own address: as a code, or as an invitation
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-invite-dialog"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-error.h"
#include "linnet-invitation.h"
#include "linnet-invite-dialog.h"
#include "linnet-qr-code.h"
#include "linnet-spawn.h"

struct _LinnetInviteDialog
{
  AdwDialog parent_instance;

  AdwToastOverlay *toasts;
  GtkStack *stack;
  AdwStatusPage *failed;
  GtkLabel *explanation;
  LinnetQrCode *code;
  GtkLabel *link;
  GtkLabel *expiry;
  GtkButton *copy_button;
  GtkButton *renew_button;

  LinnetAccount *account;
  gboolean working;
};

G_DEFINE_FINAL_TYPE (LinnetInviteDialog, linnet_invite_dialog, ADW_TYPE_DIALOG)

static void
show_link (LinnetInviteDialog *self,
           const char *link)
{
  linnet_qr_code_set_text (self->code, link);
  gtk_label_set_label (self->link, link);
  gtk_stack_set_visible_child_name (self->stack, "link");
}

static char *
format_expiry (gint64 expires)
{
  g_autoptr (GDateTime) time = expires > 0 ? g_date_time_new_from_unix_local (expires) : NULL;
  g_autofree char *day = NULL;

  if (time == NULL)
    return g_strdup (_ ("Works for one person."));

  /* Translators: a day, as in "until 2 December"; see strftime */
  day = g_date_time_format (time, _ ("%-d %B"));

  /* Translators: %s is a day, as in "2 December" */
  return g_strdup_printf (_ ("Works for one person, until %s."), day);
}

static void
show_invitation (LinnetInviteDialog *self,
                 LinnetInvitation *invitation)
{
  g_autofree char *expiry = format_expiry (linnet_invitation_get_expires (invitation));

  gtk_label_set_label (
      self->explanation,
      linnet_invitation_get_can_register (invitation)
          ? _ ("Whoever opens this link can make an account, and becomes your contact.")
          : _ ("Whoever opens this link becomes your contact. They need an account for it."));
  gtk_label_set_label (self->expiry, expiry);
  show_link (self, linnet_invitation_get_link (invitation));
}

static void
show_failure (LinnetInviteDialog *self,
              const GError *error)
{
  g_autofree char *text = linnet_error_to_text (error, linnet_account_get_domain (self->account));
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_status_page_set_description (self->failed, escaped);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

static DexFuture *
renew_fiber (gpointer data)
{
  LinnetInviteDialog *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LinnetInvitation) invitation = dex_await_object (
      linnet_account_create_invitation (self->account, LINNET_INVITATION_CONTACT), &error);

  self->working = FALSE;
  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return NULL;

  if (invitation != NULL)
    show_invitation (self, invitation);
  else
    show_failure (self, error);

  return NULL;
}

static void
renew_cb (LinnetInviteDialog *self)
{
  g_assert (LINNET_IS_INVITE_DIALOG (self));

  if (self->working)
    return;

  self->working = TRUE;
  gtk_stack_set_visible_child_name (self->stack, "working");
  linnet_spawn_detached ("invite", renew_fiber, g_object_ref (self), g_object_unref);
}

/* It may be shown more than once, when the window changes its width. */
static void
map_cb (LinnetInviteDialog *self)
{
  if (linnet_qr_code_get_text (self->code) == NULL)
    renew_cb (self);
}

static void
copy_cb (LinnetInviteDialog *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), gtk_label_get_label (self->link));
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ ("Link copied")));
}

static void
linnet_invite_dialog_dispose (GObject *object)
{
  LinnetInviteDialog *self = LINNET_INVITE_DIALOG (object);

  g_clear_object (&self->account);
  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_INVITE_DIALOG);

  G_OBJECT_CLASS (linnet_invite_dialog_parent_class)->dispose (object);
}

static void
linnet_invite_dialog_class_init (LinnetInviteDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = linnet_invite_dialog_dispose;

  g_type_ensure (LINNET_TYPE_QR_CODE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/linnet/Linnet/ui/linnet-invite-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetInviteDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, LinnetInviteDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, LinnetInviteDialog, failed);
  gtk_widget_class_bind_template_child (widget_class, LinnetInviteDialog, explanation);
  gtk_widget_class_bind_template_child (widget_class, LinnetInviteDialog, code);
  gtk_widget_class_bind_template_child (widget_class, LinnetInviteDialog, link);
  gtk_widget_class_bind_template_child (widget_class, LinnetInviteDialog, expiry);
  gtk_widget_class_bind_template_child (widget_class, LinnetInviteDialog, copy_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetInviteDialog, renew_button);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, renew_cb);
}

static void
linnet_invite_dialog_init (LinnetInviteDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

LinnetInviteDialog *
linnet_invite_dialog_new_invitation (LinnetAccount *account)
{
  LinnetInviteDialog *self;

  g_return_val_if_fail (LINNET_IS_ACCOUNT (account), NULL);

  self = g_object_new (LINNET_TYPE_INVITE_DIALOG, "title", _ ("Invite a Friend"), NULL);
  self->account = g_object_ref (account);
  g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);

  return self;
}

LinnetInviteDialog *
linnet_invite_dialog_new_code (LinnetAccount *account)
{
  LinnetInviteDialog *self;
  g_autofree char *link = NULL;

  g_return_val_if_fail (LINNET_IS_ACCOUNT (account), NULL);

  self = g_object_new (LINNET_TYPE_INVITE_DIALOG, "title", _ ("My QR Code"), NULL);
  self->account = g_object_ref (account);
  link = linnet_account_dup_link (account);
  gtk_label_set_label (self->explanation,
                       _ ("Whoever scans this can write to you and add you to their contacts."));
  /* The link is the address with a word before it. */
  gtk_label_set_label (self->expiry, linnet_account_get_address (account));
  gtk_widget_set_visible (GTK_WIDGET (self->link), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->renew_button), FALSE);
  show_link (self, link);

  return self;
}
