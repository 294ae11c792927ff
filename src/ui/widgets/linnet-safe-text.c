/* Text of others that a wrapping label can show
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-safe-text"

#include "config.h"

#include <unicode/uchar.h>

#include "linnet-safe-text.h"

/* What is not well by then is nothing that anybody wrote to be read. */
#define MAX_PASSES 16

/* Whether a character is always a cluster of its own. */
static gboolean
is_simple (gunichar c)
{
  switch (u_getIntPropertyValue ((UChar32) c, UCHAR_GRAPHEME_CLUSTER_BREAK))
    {
    case U_GCB_OTHER:
    case U_GCB_CONTROL:
    case U_GCB_CR:
    case U_GCB_LF:
    case U_GCB_LV:
    case U_GCB_LVT:
      return TRUE;
    default:
      return FALSE;
    }
}

static char *
dup_simple (const char *text)
{
  GString *simple = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (is_simple (g_utf8_get_char (p)))
      g_string_append_unichar (simple, g_utf8_get_char (p));

  return g_string_free_and_steal (simple);
}

/* @text without the characters before which a line may end and a cluster may not. NULL when there is none. */
static char *
dup_consistent (PangoLayout *layout,
                const char *text)
{
  g_autoptr (GString) consistent = g_string_new (NULL);
  int n_attrs;
  const PangoLogAttr *attrs = pango_layout_get_log_attrs_readonly (layout, &n_attrs);
  gboolean changed = FALSE;
  int i = 0;

  for (const char *p = text; *p != '\0' && i < n_attrs; p = g_utf8_next_char (p), i++)
    {
      if (i > 0 && attrs[i].is_line_break && !attrs[i].is_char_break)
        changed = TRUE;
      else
        g_string_append_unichar (consistent, g_utf8_get_char (p));
    }

  return changed ? g_string_free_and_steal (g_steal_pointer (&consistent)) : NULL;
}

/**
 * linnet_safe_text_dup:
 * @widget: the label that will show it
 * @text: what somebody else wrote
 *
 * Pango up to 1.56 ends the program when it wraps a text (by words, and by characters where a word is too
 * wide) in which a line may end inside a cluster, for example U+1F1E6 U+1F3FD U+002F: anybody could do that
 * from afar with one message or one nickname. No script has such places; this removes the characters that
 * make them.
 *
 * To be used for everything that comes from the network and goes to a label that wraps.
 *
 * Returns: (transfer full): @text, nearly always as it is
 */
char *
linnet_safe_text_dup (GtkWidget *widget,
                      const char *text)
{
  g_autoptr (PangoLayout) layout = NULL;
  g_autofree char *current = NULL;
  gboolean simple = TRUE;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  for (const char *p = text; *p != '\0' && simple; p = g_utf8_next_char (p))
    simple = is_simple (g_utf8_get_char (p));

  current = g_strdup (text);
  if (simple)
    return g_steal_pointer (&current);

  layout = gtk_widget_create_pango_layout (widget, NULL);
  for (guint pass = 0; pass < MAX_PASSES; pass++)
    {
      char *next;

      /* Without a width nothing is wrapped yet. */
      pango_layout_set_text (layout, current, -1);
      next = dup_consistent (layout, current);
      if (next == NULL)
        return g_steal_pointer (&current);

      g_free (current);
      current = next;
    }

  return dup_simple (current);
}
