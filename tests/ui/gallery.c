/* Shows an open chat in each of its states, for pictures and for looking at it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <adwaita.h>
#include <libdex.h>

#include "fake-model.h"
#include "linnet-chat-page.h"
#include "linnet-error.h"

#define MINUTE G_TIME_SPAN_MINUTE

typedef struct
{
  char *scene;
  char *picture;
  char *font;
  int width;
  int height;
  int sidebar;
  gboolean dark;
  gboolean high_contrast;
  gboolean right_to_left;

  LinnetConversation *conversation;
  GtkWidget *page;
  GtkWindow *window;
} Gallery;

/* ---- scenes ---- */

/* Yesterday evening, and this afternoon at 14:12. */
static gint64
at (int days_ago,
    int hour,
    int minute)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) day = g_date_time_add_days (now, -days_ago);
  g_autoptr (GDateTime) time = g_date_time_new_local (g_date_time_get_year (day),
                                                      g_date_time_get_month (day),
                                                      g_date_time_get_day_of_month (day),
                                                      hour,
                                                      minute,
                                                      0);

  return g_date_time_to_unix_usec (time);
}

static void
add_talk (LinnetTimeline *timeline)
{
  fake_timeline_add (timeline, "Hey! Did you get the seeds from the allotment swap?", FALSE, at (1, 18, 4));
  fake_timeline_add (timeline, "I have way too many tomatoes this year 😅", FALSE, at (1, 18, 4));
  fake_timeline_add (timeline, "Yes, and the basil too.", TRUE, at (1, 18, 20));
  fake_timeline_add (timeline,
                     "All of them went into the big pots, and there is still room for more.",
                     TRUE,
                     at (1, 18, 21));
  fake_timeline_add (timeline, "Balcony is ready, four pots are still free.", TRUE, at (1, 18, 22));
  fake_timeline_add (
      timeline,
      "They said the frost comes back on Thursday, so maybe we should keep everything inside until "
      "the weekend. I could bring the trays over on my bike.",
      FALSE,
      at (0, 14, 12));
  fake_timeline_add (timeline, "Would Sunday suit you?", FALSE, at (0, 14, 13));
  fake_timeline_add (timeline, "🙏 🌻", FALSE, at (0, 14, 13));
  fake_timeline_add (timeline, "Sunday works for me! I will bring coffee.", TRUE, at (0, 14, 30));
  fake_message_set_state (
      fake_timeline_add (timeline, "And the good scissors, see example.org/pruning", TRUE, at (0, 14, 31)),
      LINNET_MESSAGE_DELIVERED,
      NULL);
}

static void
scene_main (Gallery *g,
            LinnetTimeline *timeline)
{
  add_talk (timeline);
  fake_conversation_set_typing (g->conversation, TRUE);
}

static void
scene_offline (Gallery *g,
               LinnetTimeline *timeline)
{
  add_talk (timeline);
  fake_message_set_state (
      fake_timeline_add (timeline, "See you there!", TRUE, at (0, 14, 40)), LINNET_MESSAGE_QUEUED, NULL);
  fake_contact_set_show (linnet_conversation_get_contact (g->conversation), LINNET_SHOW_OFFLINE);
  fake_contact_set_last_seen (linnet_conversation_get_contact (g->conversation),
                              g_get_real_time () / G_USEC_PER_SEC - 12 * 60);
  fake_account_set_state (linnet_conversation_get_account (g->conversation), LINNET_CONNECTION_OFFLINE, 0);
}

static void
scene_unread (Gallery *g,
              LinnetTimeline *timeline)
{
  LinnetMessage *first;

  for (guint i = 0; i < 30; i++)
    fake_timeline_add (timeline, "A line of the past.", i % 3 == 0, at (1, 10, i));
  first = fake_timeline_add (timeline, "Are you coming?", FALSE, at (0, 9, 0));
  for (guint i = 0; i < 20; i++)
    fake_timeline_add (timeline,
                       "One more of those that nobody has read yet, and it takes two lines of a bubble.",
                       FALSE,
                       at (0, 9, i));
  fake_timeline_set_first_unread (timeline, first, 21);
}

static void
scene_few_unread (Gallery *g,
                  LinnetTimeline *timeline)
{
  LinnetMessage *first;

  add_talk (timeline);
  first = fake_timeline_add (timeline, "Good. Eleven o’clock?", FALSE, at (0, 14, 50));
  fake_timeline_add (timeline, "I will be in the yard.", FALSE, at (0, 14, 51));
  fake_timeline_set_first_unread (timeline, first, 2);
}

static void
scene_states (Gallery *g,
              LinnetTimeline *timeline)
{
  static const LinnetMessageState states[] = {
    LINNET_MESSAGE_QUEUED,
    LINNET_MESSAGE_SENT,
    LINNET_MESSAGE_DELIVERED,
    LINNET_MESSAGE_READ,
  };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    fake_message_set_state (
        fake_timeline_add (timeline, "What became of this one?", TRUE, at (0, 12, i)), states[i], NULL);

  fake_message_set_state (fake_timeline_add (timeline, "This one never left.", TRUE, at (0, 13, 0)),
                          LINNET_MESSAGE_FAILED,
                          "mira@lark.example does not exist any more.");
  fake_message_set_state (
      fake_timeline_add (timeline, "Nor did this one, and nobody says why.", TRUE, at (0, 14, 0)),
      LINNET_MESSAGE_FAILED,
      NULL);
}

static void
scene_scripts (Gallery *g,
               LinnetTimeline *timeline)
{
  fake_timeline_add (timeline, "שלום, מתי ניפגש מחר? אני יכול להביא את הכיסאות.", FALSE, at (0, 10, 0));
  fake_timeline_add (timeline, "مرحبا", TRUE, at (0, 10, 1));
  fake_timeline_add (
      timeline, "請看https://example.org/路，謝謝你。明天早上九點在車站見面可以嗎？", FALSE, at (0, 10, 8));
  fake_timeline_add (timeline, "<b>no</b> &amp; %s <span size='999999'>markup</span>", FALSE, at (0, 10, 20));
  fake_timeline_add (timeline, "W̵̡̢̛̗̘̙̜̝̞̟̠̖̓̔̕̕͘o̶̧̨̝̞̟̠̖̓̔̕̚͝w̷̢̡̛̖̗̘̙̜̝̞̟̠̓̔̕", FALSE, at (0, 10, 21));
  fake_timeline_add (
      timeline,
      "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
      "https://example.org/a-very-long-path-without-any-place-to-break-it-in-two/and/another/one",
      TRUE,
      at (0, 10, 30));
  fake_timeline_add (timeline, "👨‍👩‍👧‍👦", TRUE, at (0, 10, 31));
  fake_timeline_add (timeline, "😀😀😀😀", TRUE, at (0, 10, 32));
  fake_timeline_add (timeline, "ok", TRUE, at (0, 10, 33));
}

static void
scene_long (Gallery *g,
            LinnetTimeline *timeline)
{
  g_autoptr (GString) text = g_string_new (NULL);

  add_talk (timeline);
  for (guint i = 1; i <= 60; i++)
    g_string_append_printf (text, "Line %u of a long letter\n", i);
  fake_timeline_add (timeline, text->str, FALSE, at (0, 15, 0));
  fake_timeline_add (timeline, "Short", FALSE, at (0, 15, 1));
}

static void
scene_huge (Gallery *g,
            LinnetTimeline *timeline)
{
  static const char *const pieces[] = {
    "*",
    ">",
    "e\u0301\u0301\u0301\u0301\u0301\u0301",
    "👨\u200d",
    "word ",
    "\u202e(",
  };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      while (text->len < 1024 * 1024)
        g_string_append (text, pieces[i]);
      fake_timeline_add (timeline, text->str, FALSE, at (0, 15, i));
    }
}

static void
scene_many (Gallery *g,
            LinnetTimeline *timeline)
{
  for (guint i = 0; i < 2000; i++)
    fake_timeline_add (timeline,
                       "A message like many others, of a usual length.",
                       i % 3 == 0,
                       at (1, 0, 0) + i * MINUTE / 2);
}

static void
scene_empty (Gallery *g,
             LinnetTimeline *timeline)
{
}

static void
scene_request (Gallery *g,
               LinnetTimeline *timeline)
{
  fake_conversation_set_request (g->conversation, TRUE);
}

static void
scene_blocked (Gallery *g,
               LinnetTimeline *timeline)
{
  add_talk (timeline);
  dex_future_disown (linnet_contact_set_blocked (linnet_conversation_get_contact (g->conversation), TRUE));
}

static void
scene_draft (Gallery *g,
             LinnetTimeline *timeline)
{
  add_talk (timeline);
  linnet_conversation_set_draft (
      g->conversation, "I’ll put it under the blue\npot, next to the door.\n\nIf it rains, ring the bell.");
}

static const struct
{
  const char *name;
  void (*fill) (Gallery *g, LinnetTimeline *timeline);
} scenes[] = {
  { "main", scene_main },
  { "offline", scene_offline },
  { "unread", scene_unread },
  { "few-unread", scene_few_unread },
  { "states", scene_states },
  { "scripts", scene_scripts },
  { "long", scene_long },
  { "huge", scene_huge },
  { "many", scene_many },
  { "empty", scene_empty },
  { "request", scene_request },
  { "blocked", scene_blocked },
  { "draft", scene_draft },
};

/* ---- window ---- */

static GtkWidget *
create_sidebar (void)
{
  GtkWidget *view = adw_toolbar_view_new ();
  GtkWidget *bar = adw_header_bar_new ();

  adw_header_bar_set_title_widget (ADW_HEADER_BAR (bar), adw_window_title_new ("Chats", ""));
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (view), bar);
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (view), adw_bin_new ());

  return view;
}

static void
details_action (GSimpleAction *action,
                GVariant *parameter,
                gpointer user_data)
{
}

static const GActionEntry actions[] = {
  { .name = "open-details", .activate = details_action },
};

static void
create_window (Gallery *g,
               GtkApplication *application)
{
  GtkWidget *split = adw_navigation_split_view_new ();
  AdwNavigationPage *sidebar = adw_navigation_page_new (create_sidebar (), "Chats");
  AdwNavigationPage *content;

  g->page = linnet_chat_page_new (NULL);
  content = adw_navigation_page_new (g->page, "Chat");
  adw_navigation_split_view_set_sidebar (ADW_NAVIGATION_SPLIT_VIEW (split), sidebar);
  adw_navigation_split_view_set_content (ADW_NAVIGATION_SPLIT_VIEW (split), content);
  adw_navigation_split_view_set_min_sidebar_width (ADW_NAVIGATION_SPLIT_VIEW (split), 290);
  adw_navigation_split_view_set_max_sidebar_width (ADW_NAVIGATION_SPLIT_VIEW (split), 380);
  adw_navigation_split_view_set_sidebar_width_fraction (ADW_NAVIGATION_SPLIT_VIEW (split), .31);
  adw_navigation_split_view_set_collapsed (ADW_NAVIGATION_SPLIT_VIEW (split), g->width < 700);
  adw_navigation_split_view_set_show_content (ADW_NAVIGATION_SPLIT_VIEW (split), TRUE);

  g->window = GTK_WINDOW (adw_application_window_new (application));
  g_action_map_add_action_entries (G_ACTION_MAP (g->window), actions, G_N_ELEMENTS (actions), g);
  gtk_widget_set_size_request (GTK_WIDGET (g->window), 360, 294);
  gtk_window_set_default_size (g->window, g->width, g->height);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (g->window), split);
}

static void
apply_style (Gallery *g)
{
  GtkSettings *settings = gtk_settings_get_default ();
  AdwStyleManager *style = adw_style_manager_get_default ();

  adw_style_manager_set_color_scheme (style,
                                      g->dark ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_FORCE_LIGHT);
  gtk_widget_set_default_direction (g->right_to_left ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  g_object_set (settings, "gtk-enable-animations", FALSE, NULL);
  if (g->font != NULL)
    g_object_set (settings, "gtk-font-name", g->font, NULL);
}

static void
activate_cb (GtkApplication *application,
             gpointer user_data)
{
  Gallery *g = user_data;
  g_autoptr (LinnetTimeline) timeline = NULL;

  apply_style (g);
  g->conversation = fake_conversation_new ("Mira Kovač", "mira@lark.example");
  timeline = linnet_conversation_dup_timeline (g->conversation);

  for (guint i = 0; i < G_N_ELEMENTS (scenes); i++)
    if (g_str_equal (scenes[i].name, g->scene))
      scenes[i].fill (g, timeline);

  create_window (g, application);
  linnet_chat_page_set_conversation (LINNET_CHAT_PAGE (g->page), g->conversation);
  linnet_chat_page_set_watched (LINNET_CHAT_PAGE (g->page), TRUE);
  gtk_window_present (g->window);
  linnet_chat_page_focus_composer (LINNET_CHAT_PAGE (g->page));
}

int
main (int argc,
      char *argv[])
{
  Gallery g = { .scene = (char *) "main", .width = 1100, .height = 750 };
  GOptionEntry options[] = {
    { "scene", 0, 0, G_OPTION_ARG_STRING, &g.scene, "What to show", "NAME" },
    { "font", 0, 0, G_OPTION_ARG_STRING, &g.font, "Name and size of the font", "FONT" },
    { "width", 0, 0, G_OPTION_ARG_INT, &g.width, "Width of the window", "N" },
    { "height", 0, 0, G_OPTION_ARG_INT, &g.height, "Height of the window", "N" },
    { "dark", 0, 0, G_OPTION_ARG_NONE, &g.dark, "Dark style", NULL },
    { "rtl", 0, 0, G_OPTION_ARG_NONE, &g.right_to_left, "From right to left", NULL },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (AdwApplication) application = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);

  dex_init ();
  application = g_object_new (ADW_TYPE_APPLICATION,
                              "application-id",
                              "im.linnet.Gallery",
                              "flags",
                              G_APPLICATION_NON_UNIQUE,
                              "resource-base-path",
                              "/im/linnet/Linnet",
                              NULL);
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), &g);
  status = g_application_run (G_APPLICATION (application), argc, argv);
  g_clear_object (&g.conversation);

  return status;
}
