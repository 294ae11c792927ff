/* Rows of lists: what others wrote is shown as it is (security.md U1)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

#include "linnet-row.h"

static const char *const texts[] = {
  "Mira",
  "<b>Tom & <i>Jerry",
  "<span size='999999'>large</span>",
  "&#x0;",
  "%s %n",
  "",
};

/* The label in @widget that shows @text and nothing else. */
static gboolean
shows (GtkWidget *widget,
       const char *text)
{
  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text))
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (shows (child, text))
      return TRUE;

  return FALSE;
}

/* GTK 4.18 loses some memory with each row that is made. */
static GtkWidget *
create_row (void)
{
  GtkWidget *row;

#ifdef __SANITIZE_ADDRESS__
  __lsan_disable ();
#endif
  row = g_object_ref_sink (adw_action_row_new ());
#ifdef __SANITIZE_ADDRESS__
  __lsan_enable ();
#endif

  return row;
}

static void
test_title (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GtkWidget) row = create_row ();

      linnet_row_set_title (ADW_PREFERENCES_ROW (row), texts[i]);
      g_assert_true (shows (row, texts[i]));
    }
}

/* Also where the title is one of our own. */
static void
test_subtitle (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GtkWidget) row = create_row ();

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), "Address");
      linnet_row_set_subtitle (ADW_ACTION_ROW (row), texts[i]);
      g_assert_true (shows (row, "Address"));
      g_assert_true (shows (row, texts[i]));
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/ui/row/title", test_title);
  g_test_add_func ("/ui/row/subtitle", test_subtitle);

  return g_test_run ();
}
