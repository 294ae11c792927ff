/* A message's row: what it shows, and that nothing of it is cut off at any width
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>
#include <time.h>

#include <adwaita.h>
#include <libdex.h>

#include "fake-model.h"
#include "linnet-message-row.h"
#include "linnet-text-meta.h"

/* A row in a window, where it has its style, with the window's actions replaced. */
typedef struct
{
  GtkWindow *window;
  GtkWidget *fixed;
  LinnetMessageRow *row;
  LinnetConversation *conversation;
  LinnetTimeline *timeline;
  char *retried;
  char *opened;
} Fixture;

static void
retry_action (GSimpleAction *action,
              GVariant *parameter,
              gpointer user_data)
{
  g_set_str (&((Fixture *) user_data)->retried, g_variant_get_string (parameter, NULL));
}

static const GActionEntry actions[] = {
  { .name = "message-retry", .activate = retry_action, .parameter_type = "s" },
};

static void
opened_cb (Fixture *f,
           const char *uri)
{
  g_set_str (&f->opened, uri);
}

static void
fixture_set_up (Fixture *f)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (group), actions, G_N_ELEMENTS (actions), f);

  f->conversation = fake_conversation_new ("Mira", "mira@lark.example");
  f->timeline = linnet_conversation_dup_timeline (f->conversation);
  f->window = GTK_WINDOW (gtk_window_new ());
  f->fixed = gtk_fixed_new ();
  f->row = LINNET_MESSAGE_ROW (linnet_message_row_new ());
  g_signal_connect_swapped (f->row, "activate-link", G_CALLBACK (opened_cb), f);
  gtk_widget_insert_action_group (f->fixed, "win", G_ACTION_GROUP (group));
  gtk_fixed_put (GTK_FIXED (f->fixed), GTK_WIDGET (f->row), 0, 0);
  gtk_window_set_child (f->window, f->fixed);
}

static void
fixture_tear_down (Fixture *f)
{
  gtk_window_destroy (f->window);
  g_assert_finalize_object (f->conversation);
  g_assert_finalize_object (f->timeline);
  g_free (f->retried);
  g_free (f->opened);
}

static gint64
at (int minute)
{
  g_autoptr (GDateTime) time = g_date_time_new_local (2026, 3, 14, 15, minute, 0);

  return g_date_time_to_unix_usec (time);
}

/* The first widget below @widget, itself included, that is of @type, is shown, and has @class if that is
 * given. */
static GtkWidget *
find (GtkWidget *widget,
      GType type,
      const char *class)
{
  if (!gtk_widget_get_visible (widget))
    return NULL;

  if (g_type_is_a (G_OBJECT_TYPE (widget), type) &&
      (class == NULL || gtk_widget_has_css_class (widget, class)))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type, class);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static GtkWidget *
find_button (Fixture *f,
             const char *label)
{
  GtkWidget *button = find (GTK_WIDGET (f->row), GTK_TYPE_BUTTON, NULL);

  return button != NULL && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (button)), label) == 0 ? button : NULL;
}

/* ---- layout ---- */

static const char *const texts[] = {
  "ok",
  "Balcony is ready, four pots are still free.",
  "They said the frost comes back on Thursday, so maybe we should keep everything inside until the weekend.",
  "A first line\nand a second one that is a good deal longer than the first\n\nend",
  "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsvorsitzender",
  "And the good scissors, see https://example.org/pruning/with/a/long/path/to/nowhere?a=b&c=d#e",
  "שלום, מתי ניפגש מחר? אני יכול להביא את הכיסאות ואת השולחן הגדול אם צריך.",
  "Mixed שלום and more",
  "🙏 🌻",
  "<b>no markup</b> &amp; %s",
  "W\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309o\u0323\u0324\u0325\u0326\u0327w",
};

static graphene_rect_t
bounds_in (GtkWidget *widget,
           GtkWidget *other)
{
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (widget, other, &bounds));

  return bounds;
}

static void
check_labels (GtkWidget *widget)
{
  if (!gtk_widget_get_visible (widget))
    return;

  if (GTK_IS_LABEL (widget))
    {
      int height;

      gtk_widget_measure (
          widget, GTK_ORIENTATION_VERTICAL, gtk_widget_get_width (widget), &height, NULL, NULL, NULL);
      g_assert_cmpint (gtk_widget_get_height (widget), >=, height);
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    check_labels (child);
}

/* The time is inside the bubble and not on the text. */
static void
check_time (GtkWidget *bubble)
{
  GtkWidget *text = find (bubble, LINNET_TYPE_TEXT_META, NULL);
  GtkWidget *meta = find (bubble, GTK_TYPE_BOX, "meta");
  GtkLabel *label = GTK_LABEL (find (text, GTK_TYPE_LABEL, "body"));
  PangoLayout *layout = gtk_label_get_layout (label);
  graphene_rect_t time = bounds_in (meta, GTK_WIDGET (label));
  graphene_rect_t in_bubble = bounds_in (meta, bubble);
  PangoRectangle last, all;
  int x, y;

  g_assert_cmpfloat (in_bubble.origin.x, >=, 0.f);
  g_assert_cmpfloat (in_bubble.origin.x + in_bubble.size.width, <=, gtk_widget_get_width (bubble));
  g_assert_cmpfloat (in_bubble.origin.y + in_bubble.size.height, <=, gtk_widget_get_height (bubble));

  gtk_label_get_layout_offsets (label, &x, &y);
  pango_layout_get_pixel_extents (layout, NULL, &all);
  pango_layout_index_to_pos (layout, strlen (gtk_label_get_label (label)), &last);
  pango_layout_line_get_pixel_extents (
      pango_layout_get_line_readonly (layout, pango_layout_get_line_count (layout) - 1), NULL, &last);

  /* Beside the last line or below it. */
  if (time.origin.y < y + all.height - 4)
    g_assert_cmpint (last.width + (int) time.size.width, <=, gtk_widget_get_width (GTK_WIDGET (label)));
}

static void
check_layout (Fixture *f,
              int width)
{
  GtkWidget *row = GTK_WIDGET (f->row);
  GtkWidget *bubble = linnet_message_row_get_bubble (f->row);
  int minimum, natural;

  gtk_widget_measure (row, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 300);

  gtk_widget_measure (row, GTK_ORIENTATION_VERTICAL, width, &minimum, &natural, NULL, NULL);
  g_assert_cmpint (minimum, ==, natural);
  gtk_widget_allocate (row, width, natural, -1, NULL);

  g_assert_cmpint (gtk_widget_get_width (bubble), <=, 560);
  g_assert_cmpint (gtk_widget_get_width (bubble), <=, width - (width > 480 ? 44 : 28));
  check_labels (row);
  check_time (bubble);
}

/* security.md U1: every character is seen as it was written. */
static void
test_plain_text (void)
{
  static const char *const plain[] = {
    "<b>no markup</b> &amp; %s",
    "<span size='999999'>large</span>",
    "&#x0; <br/>",
    "<b>Tom & <i>Jerry",
    "%n%s",
  };
  Fixture f = { 0 };

  fixture_set_up (&f);
  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    {
      GtkWidget *label;

      linnet_message_row_set_message (f.row, fake_timeline_add (f.timeline, plain[i], FALSE, at (i)));
      label = find (linnet_message_row_get_bubble (f.row), GTK_TYPE_LABEL, "body");
      g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (label)), ==, plain[i]);
    }

  fixture_tear_down (&f);
}

static void
test_layout (gconstpointer data)
{
  GtkTextDirection direction = GPOINTER_TO_INT (data);
  Fixture f = { 0 };

  fixture_set_up (&f);
  gtk_widget_set_direction (GTK_WIDGET (f.row), direction);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    for (int outgoing = 0; outgoing < 2; outgoing++)
      {
        LinnetMessage *message = fake_timeline_add (f.timeline, texts[i], outgoing, at (i));
        GtkWidget *bubble = linnet_message_row_get_bubble (f.row);

        linnet_message_row_set_message (f.row, message);
        for (int width = 332; width < 1000; width += 17)
          {
            gboolean at_end = outgoing == (direction == GTK_TEXT_DIR_LTR);
            graphene_rect_t place;

            check_layout (&f, width);
            place = bounds_in (bubble, GTK_WIDGET (f.row));
            g_assert_cmpfloat (
                at_end ? place.origin.x + place.size.width : place.origin.x, ==, at_end ? width : 0);
          }
      }

  fixture_tear_down (&f);
}

static int
height_of (Fixture *f,
           int width)
{
  int height;

  gtk_widget_measure (GTK_WIDGET (f->row), GTK_ORIENTATION_VERTICAL, width, &height, NULL, NULL, NULL);

  return height;
}

/* A short text and its time share a line, and the bubble is no wider than both. */
static void
test_hugs (void)
{
  Fixture f = { 0 };
  GtkWidget *bubble, *label, *meta;

  fixture_set_up (&f);
  linnet_message_row_set_message (f.row, fake_timeline_add (f.timeline, "Balcony is ready.", TRUE, at (1)));
  check_layout (&f, 700);

  bubble = linnet_message_row_get_bubble (f.row);
  label = find (bubble, GTK_TYPE_LABEL, "body");
  meta = find (bubble, GTK_TYPE_BOX, "meta");
  g_assert_cmpint (gtk_widget_get_height (label), <, 40);
  g_assert_cmpint (gtk_widget_get_width (bubble), <, 300);
  g_assert_cmpfloat (bounds_in (meta, label).origin.x, >, 100);

  fixture_tear_down (&f);
}

static void
test_gaps (void)
{
  Fixture f = { 0 };
  LinnetMessage *first, *second, *third;
  int only, tight;

  fixture_set_up (&f);
  fake_timeline_add (f.timeline, "The day's first", FALSE, at (0));
  first = fake_timeline_add (f.timeline, "Hello", TRUE, at (10));
  linnet_message_row_set_message (f.row, first);
  only = height_of (&f, 700);
  g_assert_true (gtk_widget_has_css_class (linnet_message_row_get_bubble (f.row), "only"));

  second = fake_timeline_add (f.timeline, "Hello", TRUE, at (11));
  third = fake_timeline_add (f.timeline, "Hello", TRUE, at (12));
  g_assert_true (gtk_widget_has_css_class (linnet_message_row_get_bubble (f.row), "first"));
  g_assert_cmpint (height_of (&f, 700), ==, only);

  linnet_message_row_set_message (f.row, second);
  tight = height_of (&f, 700);
  g_assert_true (gtk_widget_has_css_class (linnet_message_row_get_bubble (f.row), "mid"));
  g_assert_cmpint (tight, ==, only - 8);

  linnet_message_row_set_message (f.row, third);
  g_assert_true (gtk_widget_has_css_class (linnet_message_row_get_bubble (f.row), "last"));
  g_assert_cmpint (height_of (&f, 700), ==, tight);

  fixture_tear_down (&f);
}

/* ---- what is shown ---- */

static void
test_jumbo (void)
{
  static const struct
  {
    const char *text;
    gboolean jumbo;
  } cases[] = {
    { "🌻", TRUE },
    { "🙏 🌻 👍🏽", TRUE },
    { "🙏🌻👍😀", FALSE },
    { "🌻!", FALSE },
  };
  Fixture f = { 0 };

  fixture_set_up (&f);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GtkWidget *bubble = linnet_message_row_get_bubble (f.row);

      linnet_message_row_set_message (f.row, fake_timeline_add (f.timeline, cases[i].text, FALSE, at (i)));
      g_assert_cmpint (gtk_widget_has_css_class (bubble, "jumbo"), ==, cases[i].jumbo);
      g_assert_cmpint (gtk_widget_has_css_class (bubble, "bare"), ==, cases[i].jumbo);
    }

  fixture_tear_down (&f);
}

static void
test_header (void)
{
  Fixture f = { 0 };
  LinnetMessage *message;

  fixture_set_up (&f);
  message = fake_timeline_add (f.timeline, "First of the day", FALSE, at (0));
  linnet_message_row_set_message (f.row, message);
  g_assert_nonnull (find (GTK_WIDGET (f.row), GTK_TYPE_LABEL, "day-pill"));
  g_assert_null (find (GTK_WIDGET (f.row), GTK_TYPE_BOX, "unread-line"));

  fake_timeline_set_first_unread (f.timeline, message, 3);
  g_assert_nonnull (find (GTK_WIDGET (f.row), GTK_TYPE_BOX, "unread-line"));
  check_layout (&f, 400);
  linnet_timeline_reset_unread (f.timeline);
  g_assert_null (find (GTK_WIDGET (f.row), GTK_TYPE_BOX, "unread-line"));

  linnet_message_row_set_message (f.row, fake_timeline_add (f.timeline, "Second", FALSE, at (1)));
  g_assert_null (find (GTK_WIDGET (f.row), GTK_TYPE_LABEL, "day-pill"));

  fixture_tear_down (&f);
}

static void
test_states (void)
{
  static const struct
  {
    LinnetMessageState state;
    const char *description;
  } cases[] = {
    { LINNET_MESSAGE_QUEUED, "15:01, waiting" },
    { LINNET_MESSAGE_SENT, "15:01, sent" },
    { LINNET_MESSAGE_DELIVERED, "15:01, received" },
    { LINNET_MESSAGE_READ, "15:01, read" },
    { LINNET_MESSAGE_FAILED, "15:01, not sent" },
  };
  Fixture f = { 0 };
  LinnetMessage *message;

  fixture_set_up (&f);
  message = fake_timeline_add (f.timeline, "Hello", TRUE, at (1));
  linnet_message_row_set_message (f.row, message);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *description = NULL;
      g_autofree char *name = NULL;

      fake_message_set_state (message, cases[i].state, NULL);
      name = linnet_message_row_dup_name (f.row);
      description = linnet_message_row_dup_description (f.row);
      g_assert_cmpstr (name, ==, "You: Hello");
      g_assert_cmpstr (description, ==, cases[i].description);
      g_assert_nonnull (find (GTK_WIDGET (f.row), GTK_TYPE_IMAGE, "tick"));
      g_assert_cmpint (
          find (GTK_WIDGET (f.row), GTK_TYPE_BOX, "read") != NULL, ==, cases[i].state == LINNET_MESSAGE_READ);
    }

  linnet_message_row_set_message (f.row, fake_timeline_add (f.timeline, "Hi", FALSE, at (2)));
  g_assert_null (find (GTK_WIDGET (f.row), GTK_TYPE_IMAGE, "tick"));

  fixture_tear_down (&f);
}

static void
test_failed (void)
{
  Fixture f = { 0 };
  LinnetMessage *message;
  GtkWidget *button;

  fixture_set_up (&f);
  message = fake_timeline_add (f.timeline, "Hello", TRUE, at (1));
  linnet_message_row_set_message (f.row, message);
  g_assert_null (find_button (&f, "Try Again"));

  fake_message_set_state (message, LINNET_MESSAGE_FAILED, "They do not exist any more.");
  g_assert_true (gtk_widget_has_css_class (linnet_message_row_get_bubble (f.row), "failed"));
  check_layout (&f, 400);
  button = find_button (&f, "Try Again");
  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpstr (f.retried, ==, "1");

  fake_message_set_state (message, LINNET_MESSAGE_QUEUED, NULL);
  g_assert_null (find_button (&f, "Try Again"));
  g_assert_false (gtk_widget_has_css_class (linnet_message_row_get_bubble (f.row), "failed"));

  fixture_tear_down (&f);
}

static const char *
shown_text (Fixture *f)
{
  return linnet_text_meta_get_text (
      LINNET_TEXT_META (find (GTK_WIDGET (f->row), LINNET_TYPE_TEXT_META, NULL)));
}

static void
test_show_more (void)
{
  Fixture f = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);
  LinnetMessage *message;

  fixture_set_up (&f);
  for (guint i = 1; i <= 60; i++)
    g_string_append_printf (text, "Line %u\n", i);

  message = fake_timeline_add (f.timeline, text->str, FALSE, at (1));
  linnet_message_row_set_message (f.row, message);
  g_assert_true (g_str_has_suffix (shown_text (&f), "Line 40 …"));
  check_layout (&f, 400);

  g_signal_emit_by_name (find_button (&f, "Show More"), "clicked");
  g_assert_cmpstr (shown_text (&f), ==, text->str);
  g_assert_null (find_button (&f, "Show More"));

  /* Another message begins anew. */
  linnet_message_row_set_message (f.row, fake_timeline_add (f.timeline, "Short", FALSE, at (2)));
  g_assert_null (find_button (&f, "Show More"));
  linnet_message_row_set_message (f.row, message);
  g_assert_nonnull (find_button (&f, "Show More"));

  fixture_tear_down (&f);
}

/* The pointer over every byte of the text finds the link exactly where it is. */
static void
test_links (void)
{
  Fixture f = { 0 };
  GtkWidget *label;
  guint found = 0, columns = 0;

  fixture_set_up (&f);
  linnet_message_row_set_message (f.row,
                                  fake_timeline_add (f.timeline, "see example.org/x now", FALSE, at (1)));
  g_assert_cmpuint (linnet_message_row_get_n_links (f.row), ==, 1);
  check_layout (&f, 600);

  label = find (GTK_WIDGET (f.row), GTK_TYPE_LABEL, "body");
  for (int x = 0; x < gtk_widget_get_width (label); x += 2, columns++)
    {
      graphene_point_t point;

      g_assert_true (gtk_widget_compute_point (
          label, GTK_WIDGET (f.row), &GRAPHENE_POINT_INIT (x, gtk_widget_get_height (label) / 2), &point));
      if (linnet_message_row_get_link_at (f.row, point.x, point.y) == 0)
        found++;
    }
  g_assert_cmpuint (found, >, columns / 4);
  g_assert_cmpuint (found, <, columns * 3 / 4);

  /* A recycled row forgets them. */
  linnet_message_row_set_message (f.row, fake_timeline_add (f.timeline, "nothing", FALSE, at (2)));
  g_assert_cmpuint (linnet_message_row_get_n_links (f.row), ==, 0);
  g_assert_cmpint (linnet_message_row_get_link_at (f.row, 30, 30), ==, -1);

  fixture_tear_down (&f);
}

/* Half an address is another address. */
static void
test_cut_link (void)
{
  Fixture f = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);

  fixture_set_up (&f);
  while (text->len < 8 * 1024 - 60)
    g_string_append (text, text->len % 50 == 49 ? "\n" : "x");
  g_string_append (text, "\nhttps://example.org/");
  while (text->len < 10 * 1024)
    g_string_append (text, "path");

  linnet_message_row_set_message (f.row, fake_timeline_add (f.timeline, text->str, FALSE, at (1)));
  g_assert_cmpuint (linnet_message_row_get_n_links (f.row), ==, 0);

  fixture_tear_down (&f);
}

/* U4: what is made to be slow is shown at once. The bound is many times what it takes. */
static void
test_huge (void)
{
  static const char *const pieces[] = {
    "*",
    ">",
    "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
    "👨\u200d",
    "word ",
    "\u202e(",
    "\n",
    "https://a.example/ ",
  };
  Fixture f = { 0 };

  fixture_set_up (&f);
  linnet_message_row_set_message (f.row, fake_timeline_add (f.timeline, "warm", FALSE, at (0)));
  check_layout (&f, 700);

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      LinnetMessage *message;
      gint64 start;

      while (text->len < 1024 * 1024)
        g_string_append (text, pieces[i]);
      message = fake_timeline_add (f.timeline, text->str, FALSE, at (i));

      start = clock ();
      linnet_message_row_set_message (f.row, message);
      g_test_message ("%u: set %" G_GINT64_FORMAT " µs", i, (gint64) clock () - start);
      gtk_widget_allocate (GTK_WIDGET (f.row), 700, height_of (&f, 700), -1, NULL);
      g_test_message ("%u: %" G_GINT64_FORMAT " µs", i, (gint64) clock () - start);
      g_assert_cmpint (clock () - start, <, CLOCKS_PER_SEC);
    }

  fixture_tear_down (&f);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  adw_init ();

  g_test_add_data_func ("/ui/message-row/layout/ltr", GINT_TO_POINTER (GTK_TEXT_DIR_LTR), test_layout);
  g_test_add_data_func ("/ui/message-row/layout/rtl", GINT_TO_POINTER (GTK_TEXT_DIR_RTL), test_layout);
  g_test_add_func ("/ui/message-row/plain-text", test_plain_text);
  g_test_add_func ("/ui/message-row/hugs", test_hugs);
  g_test_add_func ("/ui/message-row/gaps", test_gaps);
  g_test_add_func ("/ui/message-row/jumbo", test_jumbo);
  g_test_add_func ("/ui/message-row/header", test_header);
  g_test_add_func ("/ui/message-row/states", test_states);
  g_test_add_func ("/ui/message-row/failed", test_failed);
  g_test_add_func ("/ui/message-row/show-more", test_show_more);
  g_test_add_func ("/ui/message-row/links", test_links);
  g_test_add_func ("/ui/message-row/cut-link", test_cut_link);
  g_test_add_func ("/ui/message-row/huge", test_huge);

  return g_test_run ();
}
