/* What a person shows of themselves
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-profile-page"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "linnet-account-profile.h"
#include "linnet-alert.h"
#include "linnet-avatar.h"
#include "linnet-error.h"
#include "linnet-picture-chooser.h"
#include "linnet-picture-drop.h"
#include "linnet-profile-page.h"
#include "linnet-row.h"
#include "linnet-spawn.h"

struct _LinnetProfilePage
{
  AdwNavigationPage parent_instance;

  AdwToastOverlay *toasts;
  GtkStack *stack;
  AdwStatusPage *failed_page;
  GtkWidget *save_button;
  LinnetAvatar *avatar;
  GtkWidget *change_button;
  GtkWidget *remove_button;
  AdwPreferencesGroup *name_group;
  AdwPreferencesGroup *life_group;
  AdwPreferencesGroup *contact_group;
  AdwEntryRow *rows[LINNET_PROFILE_N_FIELDS]; /* NULL for the note */
  GtkTextView *note;
  AdwComboRow *visibility_row;

  LinnetAccount *account;
  LinnetProfile *profile; /* nullable: as the server has it */
  guint visibility;       /* LinnetVisibility: as it is there */
};

G_DEFINE_FINAL_TYPE (LinnetProfilePage, linnet_profile_page, ADW_TYPE_NAVIGATION_PAGE)

/* ---- fields ---- */

static const struct
{
  LinnetProfileField field;
  guint group; /* 0: names, 1: life, 2: contact */
  const char *title;
  GtkInputPurpose purpose;
  const char *complaint; /* when it holds something else; NULL: that cannot be */
} fields[] = {
  { LINNET_PROFILE_NICKNAME, 0, N_ ("Your name"), GTK_INPUT_PURPOSE_NAME, NULL },
  { LINNET_PROFILE_NAME, 0, N_ ("Full name"), GTK_INPUT_PURPOSE_NAME, NULL },
  { LINNET_PROFILE_PLACE, 1, N_ ("Place"), GTK_INPUT_PURPOSE_FREE_FORM, NULL },
  { LINNET_PROFILE_ORGANIZATION, 1, N_ ("Organization"), GTK_INPUT_PURPOSE_FREE_FORM, NULL },
  { LINNET_PROFILE_ROLE, 1, N_ ("Role"), GTK_INPUT_PURPOSE_FREE_FORM, NULL },
  { LINNET_PROFILE_BIRTHDAY,
    1,
    N_ ("Birthday (year-month-day)"),
    GTK_INPUT_PURPOSE_FREE_FORM,
    N_ ("Write the birthday as 1990-12-31, or as --12-31 to keep the year to yourself.") },
  { LINNET_PROFILE_URL,
    2,
    N_ ("Website"),
    GTK_INPUT_PURPOSE_URL,
    N_ ("Only websites that begin with https:// can be in a profile.") },
  { LINNET_PROFILE_EMAIL,
    2,
    N_ ("Email"),
    GTK_INPUT_PURPOSE_EMAIL,
    N_ ("This is not an email address. It looks like name@example.org.") },
  { LINNET_PROFILE_PHONE,
    2,
    N_ ("Phone"),
    GTK_INPUT_PURPOSE_PHONE,
    N_ ("This is not a phone number. It looks like +49 30 123456.") },
};

/* Transfer full: what is typed. */
static char *
dup_typed (LinnetProfilePage *self, LinnetProfileField field)
{
  GtkTextBuffer *buffer;
  GtkTextIter start;
  GtkTextIter end;

  if (field != LINNET_PROFILE_NOTE)
    return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->rows[field]))));

  buffer = gtk_text_view_get_buffer (self->note);
  gtk_text_buffer_get_bounds (buffer, &start, &end);

  return g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, FALSE));
}

static gboolean
is_changed (LinnetProfilePage *self)
{
  if (self->profile == NULL)
    return FALSE;

  for (guint i = 0; i < LINNET_PROFILE_N_FIELDS; i++)
    {
      const char *known = linnet_profile_get (self->profile, i);
      g_autofree char *typed = dup_typed (self, i);

      if (!g_str_equal (typed, known != NULL ? known : ""))
        return TRUE;
    }

  return adw_combo_row_get_selected (self->visibility_row) != self->visibility;
}

static void
update_save_button (LinnetProfilePage *self)
{
  gtk_widget_set_sensitive (self->save_button, is_changed (self));
}

static void
changed_cb (LinnetProfilePage *self, AdwEntryRow *row)
{
  linnet_row_set_invalid (row, FALSE);
  update_save_button (self);
}

static void
visibility_changed_cb (LinnetProfilePage *self)
{
  gboolean everybody = adw_combo_row_get_selected (self->visibility_row) == LINNET_VISIBILITY_EVERYBODY;

  linnet_row_set_subtitle (
      ADW_ACTION_ROW (self->visibility_row),
      everybody ? _ ("Anybody who knows your address sees your profile and picture")
                : _ ("Only people whom you let see when you are online; some servers show the picture "
                     "to everybody all the same"));
  update_save_button (self);
}

/* NULL: something does not fit, and was marked. Transfer full. */
static LinnetProfile *
read_form (LinnetProfilePage *self)
{
  g_autoptr (LinnetProfile) profile = linnet_profile_copy (self->profile);
  g_autofree char *note = dup_typed (self, LINNET_PROFILE_NOTE);

  linnet_profile_set (profile, LINNET_PROFILE_NOTE, note);
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      AdwEntryRow *row = self->rows[fields[i].field];
      g_autofree char *typed = dup_typed (self, fields[i].field);

      /* People write addresses as they see them. */
      if (fields[i].field == LINNET_PROFILE_URL && *typed != '\0' && strstr (typed, "://") == NULL)
        {
          g_autofree char *short_form = g_steal_pointer (&typed);

          typed = g_strconcat ("https://", short_form, NULL);
        }

      if (linnet_profile_set (profile, fields[i].field, typed) || fields[i].complaint == NULL)
        continue;

      linnet_row_set_invalid (row, TRUE);
      gtk_widget_grab_focus (GTK_WIDGET (row));
      adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ (fields[i].complaint)));
      return NULL;
    }

  return g_steal_pointer (&profile);
}

static void
fill_form (LinnetProfilePage *self)
{
  const char *note = linnet_profile_get (self->profile, LINNET_PROFILE_NOTE);

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      const char *text = linnet_profile_get (self->profile, fields[i].field);

      gtk_editable_set_text (GTK_EDITABLE (self->rows[fields[i].field]), text != NULL ? text : "");
    }

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->note), note != NULL ? note : "", -1);
  adw_combo_row_set_selected (self->visibility_row, self->visibility);
  visibility_changed_cb (self);
}

/* ---- loading and saving ---- */

static DexFuture *
load_fiber (gpointer data)
{
  LinnetProfilePage *self = data;
  g_autoptr (LinnetProfile) profile = NULL;
  g_autoptr (GError) error = NULL;
  guint visibility = LINNET_VISIBILITY_CONTACTS;

  profile = dex_await_boxed (linnet_account_load_profile (self->account), &error);
  if (profile != NULL)
    visibility = dex_await_uint (linnet_account_load_visibility (self->account), &error);

  if (error != NULL)
    {
      g_autofree char *text = linnet_error_to_text (error, linnet_account_get_domain (self->account));
      g_autofree char *markup = g_markup_escape_text (text, -1);

      adw_status_page_set_description (self->failed_page, markup);
      gtk_stack_set_visible_child_name (self->stack, "failed");
      return NULL;
    }

  self->profile = g_steal_pointer (&profile);
  self->visibility = visibility;
  fill_form (self);
  gtk_stack_set_visible_child_name (self->stack, "form");

  return NULL;
}

static void
load_cb (LinnetProfilePage *self)
{
  gtk_stack_set_visible_child_name (self->stack, "loading");
  linnet_spawn_detached ("load-profile-page", load_fiber, g_object_ref (self), g_object_unref);
}

typedef struct
{
  LinnetProfilePage *page;
  LinnetProfile *profile;
  guint visibility;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *saving = data;

  g_clear_object (&saving->page);
  g_clear_pointer (&saving->profile, linnet_profile_free);
  g_free (saving);
}

static DexFuture *
save_fiber (gpointer data)
{
  Saving *saving = data;
  LinnetProfilePage *self = saving->page;
  g_autoptr (GError) error = NULL;

  if (!dex_await (linnet_account_save_profile (self->account, saving->profile, saving->visibility), &error))
    {
      linnet_alert_show_error (GTK_WIDGET (self),
                               _ ("Could Not Save Your Profile"),
                               error,
                               linnet_account_get_domain (self->account));
      update_save_button (self);
      return NULL;
    }

  g_clear_pointer (&self->profile, linnet_profile_free);
  self->profile = linnet_profile_copy (saving->profile);
  self->visibility = saving->visibility;
  fill_form (self);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ ("Profile saved")));

  return NULL;
}

static void
save_cb (LinnetProfilePage *self)
{
  g_autoptr (LinnetProfile) profile = self->profile != NULL && is_changed (self) ? read_form (self) : NULL;
  Saving *saving;

  if (profile == NULL)
    return;

  gtk_widget_set_sensitive (self->save_button, FALSE);
  saving = g_new0 (Saving, 1);
  saving->page = g_object_ref (self);
  saving->profile = g_steal_pointer (&profile);
  saving->visibility = adw_combo_row_get_selected (self->visibility_row);
  linnet_spawn_detached ("save-profile-page", save_fiber, saving, saving_free);
}

/* ---- leaving ---- */

typedef struct
{
  LinnetAccount *account;
  LinnetProfile *profile;
  guint visibility;
  GtkWidget *root;
} Leaving;

static void
leaving_free (gpointer data)
{
  Leaving *leaving = data;

  g_clear_object (&leaving->account);
  g_clear_pointer (&leaving->profile, linnet_profile_free);
  g_clear_object (&leaving->root);
  g_free (leaving);
}

static DexFuture *
leave_fiber (gpointer data)
{
  Leaving *leaving = data;
  AdwAlertDialog *dialog = linnet_alert_new (
      _ ("Save Your Profile?"), _ ("You changed it. What is not saved is forgotten."));

  adw_alert_dialog_add_responses (dialog, "discard", _ ("Discard"), "save", _ ("Save"), NULL);
  adw_alert_dialog_set_response_appearance (dialog, "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_response_appearance (dialog, "save", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (dialog, "save");
  adw_alert_dialog_set_close_response (dialog, "discard");

  if (linnet_alert_confirm (dialog, leaving->root, "save"))
    linnet_alert_follow (
        linnet_account_save_profile (leaving->account, leaving->profile, leaving->visibility),
        leaving->root,
        _ ("Could Not Save Your Profile"),
        linnet_account_get_domain (leaving->account));

  return NULL;
}

static void
linnet_profile_page_unmap (GtkWidget *widget)
{
  LinnetProfilePage *self = LINNET_PROFILE_PAGE (widget);
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (widget));
  g_autoptr (LinnetProfile) profile =
      root != NULL && gtk_widget_get_mapped (root) && gtk_widget_get_sensitive (self->save_button)
          ? read_form (self)
          : NULL;

  if (profile != NULL)
    {
      Leaving *leaving = g_new0 (Leaving, 1);

      leaving->account = g_object_ref (self->account);
      leaving->profile = g_steal_pointer (&profile);
      leaving->visibility = adw_combo_row_get_selected (self->visibility_row);
      leaving->root = g_object_ref (root);
      gtk_widget_set_sensitive (self->save_button, FALSE);
      linnet_spawn_detached ("leave-profile-page", leave_fiber, leaving, leaving_free);
    }

  GTK_WIDGET_CLASS (linnet_profile_page_parent_class)->unmap (widget);
}

/* ---- picture ---- */

typedef struct
{
  LinnetProfilePage *page;
  DexFuture *choice;
} Picture;

static void
picture_free (gpointer data)
{
  Picture *picture = data;

  g_clear_object (&picture->page);
  dex_clear (&picture->choice);
  g_free (picture);
}

static DexFuture *
picture_fiber (gpointer data)
{
  Picture *picture = data;
  LinnetProfilePage *self = picture->page;
  g_autoptr (LinnetChosenPicture) chosen = NULL;
  g_autoptr (GError) error = NULL;

  if (!(chosen = dex_await_boxed (g_steal_pointer (&picture->choice), NULL)))
    return NULL;

  gtk_widget_set_sensitive (self->change_button, FALSE);
  if (!dex_await (linnet_account_set_picture (self->account, chosen->png, chosen->size, chosen->size),
                  &error))
    linnet_alert_show_error (GTK_WIDGET (self),
                             _ ("Could Not Change the Picture"),
                             error,
                             linnet_account_get_domain (self->account));
  gtk_widget_set_sensitive (self->change_button, TRUE);

  return NULL;
}

/* @choice: (transfer full) */
static void
use_picture (gpointer data, DexFuture *choice)
{
  Picture *picture = g_new0 (Picture, 1);

  picture->page = g_object_ref (data);
  picture->choice = choice;
  linnet_spawn_detached ("change-picture", picture_fiber, picture, picture_free);
}

static void
change_picture_cb (LinnetProfilePage *self)
{
  use_picture (self, linnet_picture_chooser_choose (GTK_WIDGET (self)));
}

static void
remove_picture_cb (LinnetProfilePage *self)
{
  linnet_alert_follow (linnet_account_set_picture (self->account, NULL, 0, 0),
                       GTK_WIDGET (self),
                       _ ("Could Not Remove the Picture"),
                       linnet_account_get_domain (self->account));
}

static void
avatar_changed_cb (LinnetProfilePage *self)
{
  gtk_widget_set_visible (self->remove_button, linnet_account_get_avatar_file (self->account) != NULL);
}

/* ---- the page ---- */

static void
linnet_profile_page_dispose (GObject *object)
{
  LinnetProfilePage *self = LINNET_PROFILE_PAGE (object);

  /* GTK takes a bound child away from the page, which would then do it once more. */
  adw_navigation_page_set_child (ADW_NAVIGATION_PAGE (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_PROFILE_PAGE);
  g_clear_pointer (&self->profile, linnet_profile_free);
  g_clear_object (&self->account);

  G_OBJECT_CLASS (linnet_profile_page_parent_class)->dispose (object);
}

static void
linnet_profile_page_class_init (LinnetProfilePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = linnet_profile_page_dispose;
  widget_class->unmap = linnet_profile_page_unmap;

  g_type_ensure (LINNET_TYPE_AVATAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-profile-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetProfilePage, toasts);
  gtk_widget_class_bind_template_child (widget_class, LinnetProfilePage, stack);
  gtk_widget_class_bind_template_child (widget_class, LinnetProfilePage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, LinnetProfilePage, save_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetProfilePage, avatar);
  gtk_widget_class_bind_template_child (widget_class, LinnetProfilePage, change_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetProfilePage, remove_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetProfilePage, name_group);
  gtk_widget_class_bind_template_child (widget_class, LinnetProfilePage, life_group);
  gtk_widget_class_bind_template_child (widget_class, LinnetProfilePage, contact_group);
  gtk_widget_class_bind_template_child (widget_class, LinnetProfilePage, note);
  gtk_widget_class_bind_template_child (widget_class, LinnetProfilePage, visibility_row);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_bind_template_callback (widget_class, load_cb);
  gtk_widget_class_bind_template_callback (widget_class, change_picture_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_picture_cb);
  gtk_widget_class_bind_template_callback (widget_class, visibility_changed_cb);
}

static void
linnet_profile_page_init (LinnetProfilePage *self)
{
  AdwPreferencesGroup *groups[3];

  gtk_widget_init_template (GTK_WIDGET (self));

  groups[0] = self->name_group;
  groups[1] = self->life_group;
  groups[2] = self->contact_group;
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      GtkWidget *row = adw_entry_row_new ();

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (fields[i].title));
      adw_entry_row_set_input_purpose (ADW_ENTRY_ROW (row), fields[i].purpose);
      g_signal_connect_object (row, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (row, "entry-activated", G_CALLBACK (save_cb), self, G_CONNECT_SWAPPED);
      adw_preferences_group_add (groups[fields[i].group], row);
      self->rows[fields[i].field] = ADW_ENTRY_ROW (row);
    }

  g_signal_connect_object (gtk_text_view_get_buffer (self->note),
                           "changed",
                           G_CALLBACK (update_save_button),
                           self,
                           G_CONNECT_SWAPPED);
  linnet_picture_drop_accept (GTK_WIDGET (self), use_picture, self);
}

/**
 * linnet_profile_page_new:
 *
 * Returns: (transfer floating): a page about what @account shows of itself; it begins to load at once
 */
AdwNavigationPage *
linnet_profile_page_new (LinnetAccount *account)
{
  LinnetProfilePage *self;

  g_return_val_if_fail (LINNET_IS_ACCOUNT (account), NULL);

  self = g_object_new (LINNET_TYPE_PROFILE_PAGE, NULL);
  self->account = g_object_ref (account);
  linnet_avatar_set_account (self->avatar, account);
  g_signal_connect_object (
      account, "notify::avatar-file", G_CALLBACK (avatar_changed_cb), self, G_CONNECT_SWAPPED);
  avatar_changed_cb (self);
  load_cb (self);

  return ADW_NAVIGATION_PAGE (self);
}
