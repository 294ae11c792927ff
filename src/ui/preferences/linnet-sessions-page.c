/* The programs that use an account
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-sessions-page"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-alert.h"
#include "linnet-error.h"
#include "linnet-format.h"
#include "linnet-other-session.h"
#include "linnet-row.h"
#include "linnet-sessions-page.h"
#include "linnet-spawn.h"

struct _LinnetSessionsPage
{
  AdwNavigationPage parent_instance;

  GtkStack *stack;
  AdwStatusPage *status_page;
  AdwPreferencesPage *page;
  GtkListBox *list;

  LinnetAccount *account;
};

G_DEFINE_FINAL_TYPE (LinnetSessionsPage, linnet_sessions_page, ADW_TYPE_NAVIGATION_PAGE)

static const char *
get_name (LinnetOtherSession *session)
{
  const char *name = linnet_other_session_get_name (session);

  if (linnet_other_session_get_current (session))
    return _ ("This Device");

  return name != NULL ? name : _ ("Unknown program");
}

static void load_cb (LinnetSessionsPage *self);

typedef struct
{
  LinnetSessionsPage *page;
  LinnetOtherSession *session;
} End;

static void
end_free (gpointer data)
{
  End *end = data;

  g_object_unref (end->page);
  g_object_unref (end->session);
  g_free (end);
}

static DexFuture *
linnet_sessions_page_end_fiber (gpointer data)
{
  End *end = data;
  LinnetSessionsPage *self = end->page;
  g_autofree char *heading = NULL;
  g_autoptr (GError) error = NULL;

  /* Translators: %s is the name of a program */
  heading = g_strdup_printf (_ ("Sign Out %s?"), get_name (end->session));
  if (!linnet_alert_confirm_destructive (
          heading,
          _ ("It loses its connection, and has to sign in again before it can use your account."),
          _ ("Sign Out"),
          GTK_WIDGET (self)) ||
      self->account == NULL)
    return NULL;

  if (!dex_await (linnet_account_end_session (self->account, end->session), &error) && self->account != NULL)
    linnet_alert_show_error (GTK_WIDGET (self),
                             g_error_matches (error, LINNET_ERROR, LINNET_ERROR_PASSWORD_KNOWN)
                                 ? _ ("It Can Come Back")
                                 : _ ("Could Not Sign It Out"),
                             error,
                             linnet_account_get_domain (self->account));
  if (self->account != NULL)
    load_cb (self);

  return NULL;
}

static void
end_cb (LinnetSessionsPage *self, GtkButton *button)
{
  End *end = g_new0 (End, 1);

  end->page = g_object_ref (self);
  end->session = g_object_ref (g_object_get_data (G_OBJECT (button), "session"));
  linnet_spawn_detached ("end-session", linnet_sessions_page_end_fiber, end, end_free);
}

static char *
dup_when (LinnetOtherSession *session)
{
  gint64 last_seen = linnet_other_session_get_last_seen (session);

  if (linnet_other_session_get_connected (session))
    return g_strdup (_ ("Connected now"));
  if (last_seen != 0)
    return linnet_format_last_seen (last_seen);

  return g_strdup (_ ("Not connected"));
}

static char *
dup_subtitle (LinnetOtherSession *session)
{
  const char *device = linnet_other_session_get_device (session);
  g_autofree char *when = NULL;

  if (linnet_other_session_get_current (session))
    return g_strdup (linnet_other_session_get_name (session));

  when = dup_when (session);

  return device != NULL ? g_strdup_printf ("%s · %s", device, when) : g_steal_pointer (&when);
}

static GtkWidget *
create_end_button (LinnetSessionsPage *self, LinnetOtherSession *session)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Sign Out"));
  g_autofree char *name = NULL;

  /* Translators: %s is the name of a program */
  name = g_strdup_printf (_ ("Sign Out %s"), get_name (session));
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (button), "session", g_object_ref (session), g_object_unref);
  g_signal_connect_object (button, "clicked", G_CALLBACK (end_cb), self, G_CONNECT_SWAPPED);

  return button;
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  LinnetOtherSession *session = item;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name ("computer-symbolic");
  g_autofree char *subtitle = dup_subtitle (session);

  linnet_row_set_title (ADW_PREFERENCES_ROW (row), get_name (session));
  linnet_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_accessible_update_state (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  if (linnet_other_session_get_can_end (session))
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), create_end_button (user_data, session));

  return row;
}

static gboolean
can_end_any (GListModel *sessions)
{
  for (guint i = 0; i < g_list_model_get_n_items (sessions); i++)
    {
      g_autoptr (LinnetOtherSession) session = g_list_model_get_item (sessions, i);

      if (linnet_other_session_get_can_end (session))
        return TRUE;
    }

  return FALSE;
}

static DexFuture *
linnet_sessions_page_load_fiber (gpointer data)
{
  LinnetSessionsPage *self = data;
  g_autoptr (GListModel) sessions = NULL;
  g_autoptr (GError) error = NULL;

  sessions = dex_await_object (linnet_account_load_sessions (self->account), &error);
  if (self->account == NULL)
    return NULL;

  if (sessions == NULL)
    {
      g_autofree char *text = linnet_error_to_text (error, linnet_account_get_domain (self->account));
      g_autofree char *escaped = g_markup_escape_text (text, -1);

      adw_status_page_set_description (self->status_page, escaped);
      gtk_stack_set_visible_child_name (self->stack, "status");
      return NULL;
    }

  adw_preferences_page_set_description (
      self->page,
      can_end_any (sessions) || g_list_model_get_n_items (sessions) == 1
          ? _ ("Programs that are signed in to your account.")
          : _ ("Programs that are online with your account. This server does not let Linnet sign them out: "
               "to keep somebody out, change the password."));
  gtk_list_box_bind_model (self->list, sessions, create_row, self, NULL);
  gtk_stack_set_visible_child_name (self->stack, "list");

  return NULL;
}

static void
load_cb (LinnetSessionsPage *self)
{
  gtk_stack_set_visible_child_name (self->stack, "loading");
  linnet_spawn_detached (
      "load-sessions", linnet_sessions_page_load_fiber, g_object_ref (self), g_object_unref);
}

static void
linnet_sessions_page_dispose (GObject *object)
{
  LinnetSessionsPage *self = LINNET_SESSIONS_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_SESSIONS_PAGE);
  g_clear_object (&self->account);

  G_OBJECT_CLASS (linnet_sessions_page_parent_class)->dispose (object);
}

static void
linnet_sessions_page_class_init (LinnetSessionsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = linnet_sessions_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-sessions-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetSessionsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LinnetSessionsPage, status_page);
  gtk_widget_class_bind_template_child (widget_class, LinnetSessionsPage, page);
  gtk_widget_class_bind_template_child (widget_class, LinnetSessionsPage, list);
  gtk_widget_class_bind_template_callback (widget_class, load_cb);
}

static void
linnet_sessions_page_init (LinnetSessionsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_status_page_set_title (self->status_page, _ ("Could Not Ask the Server"));
}

/**
 * linnet_sessions_page_new:
 *
 * Returns: (transfer floating): a page about who is signed in with @account
 */
AdwNavigationPage *
linnet_sessions_page_new (LinnetAccount *account)
{
  LinnetSessionsPage *self;

  g_return_val_if_fail (LINNET_IS_ACCOUNT (account), NULL);

  self = g_object_new (LINNET_TYPE_SESSIONS_PAGE, NULL);
  self->account = g_object_ref (account);
  load_cb (self);

  return ADW_NAVIGATION_PAGE (self);
}
