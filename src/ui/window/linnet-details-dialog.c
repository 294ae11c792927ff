/* Who a contact is, and what a person wants with them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-details-dialog"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account.h"
#include "linnet-alert.h"
#include "linnet-avatar.h"
#include "linnet-block-contact.h"
#include "linnet-contact-profile.h"
#include "linnet-details-dialog.h"
#include "linnet-presence-text.h"
#include "linnet-row.h"
#include "linnet-safe-text.h"
#include "linnet-spawn.h"

struct _LinnetDetailsDialog
{
  AdwDialog parent_instance;

  AdwToastOverlay *toasts;
  LinnetAvatar *avatar;
  GtkLabel *name;
  GtkLabel *presence;
  AdwEntryRow *name_row;
  AdwActionRow *address_row;
  AdwEntryRow *groups_row;
  LinnetContactProfile *profile;
  AdwActionRow *theirs_row;
  GtkButton *ask_button;
  AdwActionRow *ours_row;
  GtkButton *share_button;
  AdwButtonRow *add_row;
  AdwButtonRow *remove_row;
  AdwButtonRow *block_row;

  LinnetContact *contact;
  char *known_name; /* what the rows show, when nobody changes it */
  char *known_groups;
};

G_DEFINE_FINAL_TYPE (LinnetDetailsDialog, linnet_details_dialog, ADW_TYPE_DIALOG)

/* One thing asked of the server, and what to say when it refuses. */
typedef struct
{
  LinnetDetailsDialog *dialog;
  DexFuture *future;
  const char *failure;
  gboolean close; /* when it worked */
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
  LinnetDetailsDialog *self = verb->dialog;
  LinnetAccount *account = linnet_contact_get_account (self->contact);
  g_autoptr (GError) error = NULL;

  if (!dex_await (g_steal_pointer (&verb->future), &error))
    {
      linnet_alert_show_error (GTK_WIDGET (self),
                               verb->failure,
                               error,
                               account != NULL ? linnet_account_get_domain (account) : NULL);
    }
  else if (verb->close)
    {
      adw_dialog_close (ADW_DIALOG (self));
    }

  return NULL;
}

static void
run (LinnetDetailsDialog *self, DexFuture *future, const char *failure, gboolean close)
{
  Verb *verb = g_new0 (Verb, 1);

  verb->dialog = g_object_ref (self);
  verb->future = future;
  verb->failure = failure;
  verb->close = close;
  linnet_spawn_detached ("contact-verb", verb_fiber, verb, verb_free);
}

static void
update_subscription (LinnetDetailsDialog *self)
{
  LinnetSubscription subscription = linnet_contact_get_subscription (self->contact);
  gboolean to = (subscription & LINNET_SUBSCRIPTION_TO) != 0;
  gboolean from = (subscription & LINNET_SUBSCRIPTION_FROM) != 0;
  gboolean asked = (subscription & LINNET_SUBSCRIPTION_ASKED) != 0;
  gboolean request = (subscription & LINNET_SUBSCRIPTION_REQUEST) != 0;
  const char *theirs = to ? _ ("You see when they are online")
                          : (asked ? _ ("You asked; they have not answered yet") : _ ("You do not see it"));
  const char *ours = from ? _ ("They see when you are online")
                          : (request ? _ ("They asked to see it") : _ ("They do not see it"));
  const char *share = from ? _ ("Stop Sharing") : _ ("Allow");

  linnet_row_set_subtitle (self->theirs_row, theirs);
  linnet_row_set_subtitle (self->ours_row, ours);
  gtk_widget_set_visible (GTK_WIDGET (self->ask_button), !to && !asked);
  gtk_widget_set_visible (GTK_WIDGET (self->share_button), from || request);
  gtk_button_set_label (self->share_button, share);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->share_button), share);
}

static void
update_actions (LinnetDetailsDialog *self)
{
  gboolean in_roster = linnet_contact_get_in_roster (self->contact);
  gboolean blocked = linnet_contact_get_blocked (self->contact);
  g_autofree char *block = NULL;

  /* Translators: %s is a person's name */
  block =
      g_strdup_printf (blocked ? _ ("Unblock %s") : _ ("Block %s…"), linnet_contact_get_name (self->contact));
  linnet_row_set_title (ADW_PREFERENCES_ROW (self->block_row), block);

  if (blocked)
    gtk_widget_remove_css_class (GTK_WIDGET (self->block_row), "destructive-action");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->block_row), "destructive-action");

  gtk_widget_set_visible (GTK_WIDGET (self->block_row), linnet_block_contact_is_possible (self->contact));
  gtk_widget_set_visible (GTK_WIDGET (self->add_row), !in_roster && !blocked);
  gtk_widget_set_visible (GTK_WIDGET (self->remove_row), in_roster);
  gtk_widget_set_visible (GTK_WIDGET (self->name_row), in_roster);
  gtk_widget_set_visible (GTK_WIDGET (self->groups_row), in_roster);
}

/* Texts that a person is changing right now are left alone. @known: what is shown */
static void
set_entry (AdwEntryRow *row, const char *text, char **known)
{
  gboolean editing = (gtk_widget_get_state_flags (GTK_WIDGET (row)) & GTK_STATE_FLAG_FOCUS_WITHIN) != 0;

  if (text == NULL)
    text = "";
  if (editing && g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (row)), *known) != 0)
    return;

  if (g_set_str (known, text) && g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (row)), text) != 0)
    {
      adw_entry_row_set_show_apply_button (row, FALSE);
      gtk_editable_set_text (GTK_EDITABLE (row), text);
      adw_entry_row_set_show_apply_button (row, TRUE);
    }
}

static void
update_cb (LinnetDetailsDialog *self)
{
  g_autofree char *groups = NULL;
  g_autofree char *name = NULL;
  g_autofree char *presence = NULL;
  g_autofree char *subtitle = NULL;
  g_autofree char *safe_subtitle = NULL;

  g_assert (LINNET_IS_DETAILS_DIALOG (self));

  name = linnet_safe_text_dup (GTK_WIDGET (self->name), linnet_contact_get_name (self->contact));
  presence = linnet_presence_text_for_contact (self->contact);
  subtitle = g_strdup_printf (*presence != '\0' ? "%s · %s" : "%s%s",
                              linnet_contact_get_address (self->contact),
                              presence);
  safe_subtitle = linnet_safe_text_dup (GTK_WIDGET (self->presence), subtitle);
  groups = g_strjoinv (", ", (char **) linnet_contact_get_groups (self->contact));

  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->presence, safe_subtitle);
  linnet_row_set_subtitle (self->address_row, linnet_contact_get_address (self->contact));
  set_entry (self->name_row, linnet_contact_get_roster_name (self->contact), &self->known_name);
  set_entry (self->groups_row, groups, &self->known_groups);
  update_subscription (self);
  update_actions (self);
}

/* Transfer full. */
static DexFuture *
rename_contact (LinnetDetailsDialog *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->name_row));
  g_autofree char *name = g_strstrip (g_strdup (text));

  g_set_str (&self->known_name, text);

  return linnet_contact_rename (self->contact, name);
}

/* Transfer full. */
static DexFuture *
set_groups (LinnetDetailsDialog *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->groups_row));
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) groups = NULL;

  for (guint i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0')
      g_strv_builder_add (builder, parts[i]);
  groups = g_strv_builder_end (builder);
  g_set_str (&self->known_groups, text);

  return linnet_contact_set_groups (self->contact, (const char *const *) groups);
}

static void
rename_cb (LinnetDetailsDialog *self)
{
  run (self, rename_contact (self), _ ("Could Not Rename"), FALSE);
}

static void
groups_cb (LinnetDetailsDialog *self)
{
  run (self, set_groups (self), _ ("Could Not Set Labels"), FALSE);
}

static gboolean
is_typed (AdwEntryRow *row, const char *known)
{
  return gtk_widget_get_visible (GTK_WIDGET (row)) &&
         g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (row)), known) != 0;
}

/* Only the person sees these two; closing keeps what was typed. */
static void
linnet_details_dialog_unmap (GtkWidget *widget)
{
  LinnetDetailsDialog *self = LINNET_DETAILS_DIALOG (widget);
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (widget));

  if (root != NULL && is_typed (self->name_row, self->known_name))
    linnet_alert_follow (rename_contact (self), root, _ ("Could Not Rename"), NULL);
  if (root != NULL && is_typed (self->groups_row, self->known_groups))
    linnet_alert_follow (set_groups (self), root, _ ("Could Not Set Labels"), NULL);

  GTK_WIDGET_CLASS (linnet_details_dialog_parent_class)->unmap (widget);
}

static void
copy_cb (LinnetDetailsDialog *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          linnet_contact_get_address (self->contact));
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ ("Address copied")));
}

static void
ask_cb (LinnetDetailsDialog *self)
{
  run (self, linnet_contact_request_presence (self->contact), _ ("Could Not Ask"), FALSE);
}

static void
share_cb (LinnetDetailsDialog *self)
{
  if (linnet_contact_get_subscription (self->contact) & LINNET_SUBSCRIPTION_FROM)
    run (self, linnet_contact_cancel_presence (self->contact), _ ("Could Not Stop Sharing"), FALSE);
  else
    run (self, linnet_contact_accept_request (self->contact), _ ("Could Not Allow"), FALSE);
}

static void
add_cb (LinnetDetailsDialog *self)
{
  LinnetAccount *account = linnet_contact_get_account (self->contact);

  if (account != NULL)
    run (self,
         linnet_account_add_contact (account, linnet_contact_get_address (self->contact), NULL, TRUE),
         _ ("Could Not Add Contact"),
         FALSE);
}

static DexFuture *
remove_fiber (gpointer data)
{
  LinnetDetailsDialog *self = data;
  g_autofree char *heading = NULL;
  const char *body;

  /* Translators: %s is a person's name */
  heading = g_strdup_printf (_ ("Remove %s?"), linnet_contact_get_name (self->contact));
  body = _ ("They leave your contacts, and neither of you sees any longer when the other is "
            "online. Your messages stay.");
  if (linnet_alert_confirm_destructive (heading, body, _ ("Remove"), GTK_WIDGET (self)))
    run (self, linnet_contact_remove (self->contact), _ ("Could Not Remove"), TRUE);

  return NULL;
}

static void
remove_cb (LinnetDetailsDialog *self)
{
  linnet_spawn_detached ("remove-contact", remove_fiber, g_object_ref (self), g_object_unref);
}

static void
block_cb (LinnetDetailsDialog *self)
{
  linnet_block_contact (self->contact, !linnet_contact_get_blocked (self->contact), GTK_WIDGET (self));
}

static void
linnet_details_dialog_dispose (GObject *object)
{
  LinnetDetailsDialog *self = LINNET_DETAILS_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_DETAILS_DIALOG);
  g_clear_object (&self->contact);
  g_clear_pointer (&self->known_name, g_free);
  g_clear_pointer (&self->known_groups, g_free);

  G_OBJECT_CLASS (linnet_details_dialog_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-details-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetDetailsDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, LinnetDetailsDialog, avatar);
  gtk_widget_class_bind_template_child (widget_class, LinnetDetailsDialog, name);
  gtk_widget_class_bind_template_child (widget_class, LinnetDetailsDialog, presence);
  gtk_widget_class_bind_template_child (widget_class, LinnetDetailsDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetDetailsDialog, address_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetDetailsDialog, groups_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetDetailsDialog, profile);
  gtk_widget_class_bind_template_child (widget_class, LinnetDetailsDialog, theirs_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetDetailsDialog, ask_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetDetailsDialog, ours_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetDetailsDialog, share_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetDetailsDialog, add_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetDetailsDialog, remove_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetDetailsDialog, block_row);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
  gtk_widget_class_bind_template_callback (widget_class, ask_cb);
  gtk_widget_class_bind_template_callback (widget_class, block_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, groups_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
  gtk_widget_class_bind_template_callback (widget_class, rename_cb);
  gtk_widget_class_bind_template_callback (widget_class, share_cb);
}

static void
linnet_details_dialog_class_init (LinnetDetailsDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = linnet_details_dialog_dispose;

  GTK_WIDGET_CLASS (klass)->unmap = linnet_details_dialog_unmap;

  g_type_ensure (LINNET_TYPE_AVATAR);
  g_type_ensure (LINNET_TYPE_CONTACT_PROFILE);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
linnet_details_dialog_init (LinnetDetailsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * linnet_details_dialog_new:
 *
 * Returns: (transfer floating): a dialog about @contact
 */
LinnetDetailsDialog *
linnet_details_dialog_new (LinnetContact *contact)
{
  LinnetDetailsDialog *self;

  g_return_val_if_fail (LINNET_IS_CONTACT (contact), NULL);

  self = g_object_new (LINNET_TYPE_DETAILS_DIALOG, NULL);
  self->contact = g_object_ref (contact);
  linnet_avatar_set_contact (self->avatar, contact);
  linnet_contact_profile_set_contact (self->profile, contact);
  g_signal_connect_object (contact, "notify", G_CALLBACK (update_cb), self, G_CONNECT_SWAPPED);
  update_cb (self);

  return self;
}
