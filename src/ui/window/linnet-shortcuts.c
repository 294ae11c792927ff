/* Keyboard shortcuts: one table for what they do and for the page about them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-shortcuts"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-shortcuts.h"

typedef struct
{
  const char *section; /* starts a new group */
  const char *title;
  const char *accels[3];
  const char *action; /* NULL: the widget that has the focus handles it */
} Shortcut;

static const Shortcut shortcuts[] = {
  { N_ ("Chats"), N_ ("New chat"), { "<Control>n" }, "win.new-chat" },
  { NULL, N_ ("Search chats"), { "<Control>k" }, "win.search" },
  { NULL, N_ ("Next chat"), { "<Alt>Down", "<Control>Page_Down" }, "win.move-chat(1)" },
  { NULL, N_ ("Previous chat"), { "<Alt>Up", "<Control>Page_Up" }, "win.move-chat(-1)" },
  { NULL, N_ ("Next unread chat"), { "<Alt><Shift>Down" }, "win.move-unread(1)" },
  { NULL, N_ ("Previous unread chat"), { "<Alt><Shift>Up" }, "win.move-unread(-1)" },
  { NULL, N_ ("First to ninth chat"), { "<Alt>1...9" }, NULL },
  { NULL, N_ ("Chat list or message field"), { "F9" }, "win.toggle-focus" },
  { NULL, N_ ("Back to the list"), { "<Alt>Left" }, "win.back" },
  { N_ ("Open Chat"), N_ ("Send the message"), { "Return" }, NULL },
  { NULL, N_ ("Begin a new line"), { "<Shift>Return" }, NULL },
  { NULL, N_ ("Insert an emoji"), { "<Control>period" }, NULL },
  { NULL, N_ ("Jump to the latest message"), { "<Control>End" }, "win.jump-to-latest" },
  { NULL, N_ ("Chat details"), { "<Control>i" }, "win.open-details" },
  { N_ ("Linnet"), N_ ("Main menu"), { "F10" }, NULL },
  { NULL, N_ ("Preferences"), { "<Control>comma" }, "win.preferences" },
  { NULL, N_ ("Keyboard shortcuts"), { "<Control>question" }, "win.shortcuts" },
  { NULL, N_ ("Close the window"), { "<Control>w" }, "window.close" },
  { NULL, N_ ("Quit"), { "<Control>q" }, "app.quit" },
};

/**
 * linnet_shortcuts_register:
 *
 * Gives @application the keys of all actions.
 */
void
linnet_shortcuts_register (GtkApplication *application)
{
  g_return_if_fail (GTK_IS_APPLICATION (application));

  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    if (shortcuts[i].action != NULL)
      gtk_application_set_accels_for_action (
          application, shortcuts[i].action, (const char *const *) shortcuts[i].accels);

  for (int n = 1; n <= 9; n++)
    {
      g_autofree char *action = g_strdup_printf ("win.nth-chat(%d)", n - 1);
      g_autofree char *accel = g_strdup_printf ("<Alt>%d", n);

      gtk_application_set_accels_for_action (application, action, (const char *const[]) { accel, NULL });
    }
}

/**
 * linnet_shortcuts_dialog_new:
 *
 * Returns: (transfer floating): a dialog that shows every shortcut
 */
AdwDialog *
linnet_shortcuts_dialog_new (void)
{
  AdwDialog *dialog = adw_dialog_new ();
  GtkWidget *view = adw_toolbar_view_new ();
  GtkWidget *page = adw_preferences_page_new ();
  AdwPreferencesGroup *group = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    {
      GtkWidget *row = adw_action_row_new ();
      /* All of them would leave no room for the title in a narrow window. */
      GtkWidget *label = gtk_shortcut_label_new (shortcuts[i].accels[0]);

      if (shortcuts[i].section != NULL)
        {
          group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
          adw_preferences_group_set_title (group, _ (shortcuts[i].section));
          adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), group);
        }

      gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (shortcuts[i].title));
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
      adw_preferences_group_add (group, row);
    }

  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (view), adw_header_bar_new ());
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (view), page);
  adw_dialog_set_title (dialog, _ ("Keyboard Shortcuts"));
  adw_dialog_set_content_width (dialog, 480);
  adw_dialog_set_content_height (dialog, 640);
  adw_dialog_set_child (dialog, view);

  return dialog;
}
