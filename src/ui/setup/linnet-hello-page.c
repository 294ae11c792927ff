/* How a new account shows itself
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-hello-page"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account-profile.h"
#include "linnet-error.h"
#include "linnet-hello-page.h"
#include "linnet-notice.h"
#include "linnet-picture-chooser.h"
#include "linnet-spawn.h"

struct _LinnetHelloPage
{
  AdwNavigationPage parent_instance;

  GtkLabel *explanation;
  LinnetNotice *notice;
  AdwAvatar *avatar;
  AdwEntryRow *name_row;
  AdwSwitchRow *everybody_row;
  GtkWidget *fields;
  GtkButton *skip_button;
  GtkButton *start_button;
  GtkStack *start_stack;
  GtkLabel *start_label;
  AdwSpinner *spinner;

  LinnetAccount *account;
  LinnetChosenPicture *picture; /* nullable */
  gboolean busy;
};

G_DEFINE_FINAL_TYPE (LinnetHelloPage, linnet_hello_page, ADW_TYPE_NAVIGATION_PAGE)

enum
{
  FINISHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_busy (LinnetHelloPage *self, gboolean busy)
{
  self->busy = busy;
  gtk_widget_set_sensitive (GTK_WIDGET (self->fields), !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->start_button), !busy);
  gtk_stack_set_visible_child (self->start_stack,
                               busy ? GTK_WIDGET (self->spinner) : GTK_WIDGET (self->start_label));
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->start_button), GTK_ACCESSIBLE_STATE_BUSY, busy, -1);
}

/* Makes of the fields what others see. On a fiber. */
static gboolean
publish (LinnetHelloPage *self, GError **error)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));
  g_autoptr (LinnetProfile) profile = linnet_profile_new ();
  gboolean everybody = adw_switch_row_get_active (self->everybody_row);

  if (self->picture != NULL &&
      !dex_await (linnet_account_set_picture (
                      self->account, self->picture->png, self->picture->size, self->picture->size),
                  error))
    return FALSE;

  if (*name == '\0' && self->picture == NULL)
    return TRUE;

  linnet_profile_set (profile, LINNET_PROFILE_NAME, name);
  linnet_profile_set (profile, LINNET_PROFILE_NICKNAME, name);

  return dex_await (
      linnet_account_save_profile (
          self->account, profile, everybody ? LINNET_VISIBILITY_EVERYBODY : LINNET_VISIBILITY_CONTACTS),
      error);
}

static DexFuture *
start_fiber (gpointer data)
{
  LinnetHelloPage *self = data;
  g_autoptr (GError) error = NULL;
  gboolean done;

  set_busy (self, TRUE);
  done = publish (self, &error);
  set_busy (self, FALSE);

  if (!done)
    {
      g_autofree char *text = linnet_error_to_text (error, linnet_account_get_domain (self->account));

      linnet_notice_set_text (self->notice, text);
      return NULL;
    }

  g_signal_emit (self, signals[FINISHED], 0);

  return NULL;
}

static void
start_cb (LinnetHelloPage *self)
{
  g_assert (LINNET_IS_HELLO_PAGE (self));

  if (self->busy)
    return;

  linnet_notice_set_text (self->notice, NULL);
  linnet_spawn_detached ("say-hello", start_fiber, g_object_ref (self), g_object_unref);
}

static DexFuture *
choose_fiber (gpointer data)
{
  LinnetHelloPage *self = data;
  g_autoptr (LinnetChosenPicture) picture = NULL;

  picture = dex_await_boxed (linnet_picture_chooser_choose (GTK_WIDGET (self)), NULL);
  if (picture == NULL)
    return NULL;

  adw_avatar_set_custom_image (self->avatar, GDK_PAINTABLE (picture->texture));
  g_clear_pointer (&self->picture, linnet_chosen_picture_unref);
  self->picture = g_steal_pointer (&picture);

  return NULL;
}

static void
choose_cb (LinnetHelloPage *self)
{
  linnet_spawn_detached ("choose-picture", choose_fiber, g_object_ref (self), g_object_unref);
}

static void
skip_cb (LinnetHelloPage *self)
{
  g_signal_emit (self, signals[FINISHED], 0);
}

static void
name_changed_cb (LinnetHelloPage *self)
{
  const char *name = gtk_editable_get_text (GTK_EDITABLE (self->name_row));

  if (self->account != NULL)
    adw_avatar_set_text (self->avatar,
                         *name != '\0' ? name : linnet_account_get_display_name (self->account));
}

static void
linnet_hello_page_shown (AdwNavigationPage *page)
{
  gtk_widget_grab_focus (GTK_WIDGET (LINNET_HELLO_PAGE (page)->name_row));
}

static void
linnet_hello_page_dispose (GObject *object)
{
  LinnetHelloPage *self = LINNET_HELLO_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_HELLO_PAGE);
  g_clear_pointer (&self->picture, linnet_chosen_picture_unref);
  g_clear_object (&self->account);

  G_OBJECT_CLASS (linnet_hello_page_parent_class)->dispose (object);
}

static void
linnet_hello_page_class_init (LinnetHelloPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = linnet_hello_page_dispose;
  ADW_NAVIGATION_PAGE_CLASS (klass)->shown = linnet_hello_page_shown;

  signals[FINISHED] = g_signal_new (
      "finished", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (LINNET_TYPE_NOTICE);
  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-hello-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetHelloPage, explanation);
  gtk_widget_class_bind_template_child (widget_class, LinnetHelloPage, notice);
  gtk_widget_class_bind_template_child (widget_class, LinnetHelloPage, avatar);
  gtk_widget_class_bind_template_child (widget_class, LinnetHelloPage, name_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetHelloPage, everybody_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetHelloPage, fields);
  gtk_widget_class_bind_template_child (widget_class, LinnetHelloPage, start_stack);
  gtk_widget_class_bind_template_child (widget_class, LinnetHelloPage, start_label);
  gtk_widget_class_bind_template_child (widget_class, LinnetHelloPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, LinnetHelloPage, skip_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetHelloPage, start_button);
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, skip_cb);
  gtk_widget_class_bind_template_callback (widget_class, start_cb);
}

static void
linnet_hello_page_init (LinnetHelloPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * linnet_hello_page_new:
 * @account: a new account, signed in
 *
 * Returns: (transfer floating): the page
 */
LinnetHelloPage *
linnet_hello_page_new (LinnetAccount *account)
{
  LinnetHelloPage *self;
  g_autofree char *text = NULL;

  g_return_val_if_fail (LINNET_IS_ACCOUNT (account), NULL);

  self = g_object_new (LINNET_TYPE_HELLO_PAGE, NULL);
  self->account = g_object_ref (account);
  /* Translators: %s is an address */
  text = g_strdup_printf (_ ("Your address is %s."), linnet_account_get_address (account));
  gtk_label_set_label (self->explanation, text);
  name_changed_cb (self);

  return self;
}
