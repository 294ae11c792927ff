/* What rows of lists show, and tell assistive tools
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-row"

#include "config.h"

#include "linnet-row.h"
#include "linnet-safe-text.h"

/**
 * linnet_row_set_title:
 * @title: plain text, also of others
 *
 * Sets the title, never as markup.
 */
void
linnet_row_set_title (AdwPreferencesRow *row,
                      const char *title)
{
  g_autofree char *safe = NULL;

  g_return_if_fail (ADW_IS_PREFERENCES_ROW (row));

  safe = linnet_safe_text_dup (GTK_WIDGET (row), title);
  adw_preferences_row_set_use_markup (row, FALSE);
  adw_preferences_row_set_title (row, safe);
}

/**
 * linnet_row_set_subtitle:
 * @subtitle: (nullable): its second line, plain text, also of others
 *
 * Sets the subtitle, never as markup, and what assistive tools say after the row's title. By itself the row
 * refers them to its label, which GTK 4.18 does not follow.
 */
void
linnet_row_set_subtitle (AdwActionRow *row,
                         const char *subtitle)
{
  g_autofree char *safe = NULL;

  g_return_if_fail (ADW_IS_ACTION_ROW (row));

  safe = subtitle != NULL ? linnet_safe_text_dup (GTK_WIDGET (row), subtitle) : NULL;
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_action_row_set_subtitle (row, safe);
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, subtitle, -1);
}

/**
 * linnet_row_set_invalid:
 * @row: a row with an entry
 * @invalid: whether what is typed there is wrong
 *
 * Marks @row, for the eye and for assistive tools.
 */
void
linnet_row_set_invalid (AdwEntryRow *row,
                        gboolean invalid)
{
  GtkEditable *text;

  g_return_if_fail (ADW_IS_ENTRY_ROW (row));

  if (invalid)
    gtk_widget_add_css_class (GTK_WIDGET (row), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (row), "error");

  /* What has the focus, and so is read out, is the text inside. */
  text = gtk_editable_get_delegate (GTK_EDITABLE (row));
  gtk_accessible_update_state (GTK_ACCESSIBLE (text),
                               GTK_ACCESSIBLE_STATE_INVALID,
                               invalid ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}
