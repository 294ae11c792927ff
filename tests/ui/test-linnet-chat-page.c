/* An open conversation says whose it is, what is wrong with it, and what can be done
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <adwaita.h>
#include <libdex.h>

#include "fake-model.h"
#include "linnet-chat-log.h"
#include "linnet-chat-page.h"
#include "linnet-composer.h"
#include "linnet-error.h"

typedef struct
{
  GtkWindow *window;
  LinnetChatPage *page;
  AdwBanner *connection;
  AdwBanner *blocked;
  GtkStack *logs;
  GtkStack *bottom;
  GtkWidget *composer;
  LinnetConversation *mira;
  LinnetConversation *noor;
  char *repaired; /* the account that win.repair-account got */
} Fixture;

static gpointer
child (Fixture *f, const char *name)
{
  GObject *found = gtk_widget_get_template_child (GTK_WIDGET (f->page), LINNET_TYPE_CHAT_PAGE, name);

  g_assert_nonnull (found);

  return found;
}

static void
repair_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_set_str (&((Fixture *) user_data)->repaired, g_variant_get_string (parameter, NULL));
}

static const GActionEntry actions[] = {
  { .name = "repair-account", .activate = repair_action, .parameter_type = "s" },
};

static void
fixture_set_up (Fixture *f)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (group), actions, G_N_ELEMENTS (actions), f);

  f->mira = fake_conversation_new ("Mira", "mira@lark.example");
  f->noor = fake_conversation_new ("Noor", "noor@lark.example");
  f->window = GTK_WINDOW (adw_window_new ());
  f->page = LINNET_CHAT_PAGE (g_object_ref_sink (linnet_chat_page_new (NULL)));
  f->connection = child (f, "connection_banner");
  f->blocked = child (f, "blocked_banner");
  f->logs = child (f, "logs");
  f->bottom = child (f, "bottom");
  f->composer = child (f, "composer");
  gtk_widget_insert_action_group (GTK_WIDGET (f->window), "win", G_ACTION_GROUP (group));
  gtk_window_set_default_size (f->window, 640, 560);
  adw_window_set_content (ADW_WINDOW (f->window), GTK_WIDGET (f->page));
}

/* Lets everything happen that does not wait for time to pass. */
static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
fixture_tear_down (Fixture *f)
{
  gtk_window_destroy (f->window);
  settle ();
  g_assert_finalize_object (f->page);
  g_assert_finalize_object (f->mira);
  g_assert_finalize_object (f->noor);
  g_free (f->repaired);
}

static LinnetAccount *
account_of (LinnetConversation *conversation)
{
  return linnet_conversation_get_account (conversation);
}

/* The button with that label below @widget. */
static GtkWidget *
find_button (GtkWidget *widget, const char *label)
{
  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return widget;

  for (GtkWidget *below = gtk_widget_get_first_child (widget); below != NULL;
       below = gtk_widget_get_next_sibling (below))
    {
      GtkWidget *found = find_button (below, label);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* ---- the header ---- */

typedef struct
{
  const char *name;
  LinnetShow show;
  gboolean typing;
  gboolean blocked;
  gboolean offline; /* the account */
  gboolean names_account;
  const char *subtitle;
} TitleRow;

static const TitleRow title_rows[] = {
  { .name = "online", .show = LINNET_SHOW_ONLINE, .subtitle = "online" },
  { .name = "away", .show = LINNET_SHOW_AWAY, .subtitle = "away" },
  { .name = "offline", .show = LINNET_SHOW_OFFLINE, .subtitle = "offline" },
  { .name = "typing", .show = LINNET_SHOW_ONLINE, .typing = TRUE, .subtitle = "typing…" },
  { .name = "blocked", .show = LINNET_SHOW_ONLINE, .blocked = TRUE, .subtitle = "blocked" },
  { .name = "nothing-known", .show = LINNET_SHOW_OFFLINE, .offline = TRUE, .subtitle = "" },

  { .name = "accounts/away",
    .show = LINNET_SHOW_AWAY,
    .names_account = TRUE,
    .subtitle = "away · as ana@example.org" },
  { .name = "accounts/typing",
    .show = LINNET_SHOW_AWAY,
    .typing = TRUE,
    .names_account = TRUE,
    .subtitle = "typing…" },
  { .name = "accounts/nothing-known",
    .show = LINNET_SHOW_OFFLINE,
    .offline = TRUE,
    .names_account = TRUE,
    .subtitle = "as ana@example.org" },
};

static void
apply (Fixture *f, const TitleRow *row)
{
  LinnetContact *contact = linnet_conversation_get_contact (f->mira);

  fake_contact_set_show (contact, row->show);
  fake_conversation_set_typing (f->mira, row->typing);
  fake_account_set_state (
      account_of (f->mira), row->offline ? LINNET_CONNECTION_OFFLINE : LINNET_CONNECTION_ONLINE, 0);
  dex_unref (linnet_contact_set_blocked (contact, row->blocked));
  linnet_chat_page_set_names_account (f->page, row->names_account);
}

static void
assert_title (Fixture *f, const char *name, const char *subtitle)
{
  GtkLabel *label = child (f, "subtitle");

  g_assert_cmpstr (gtk_label_get_label (child (f, "name")), ==, name);
  g_assert_cmpstr (gtk_label_get_label (label), ==, subtitle);
  g_assert_cmpint (gtk_widget_get_visible (GTK_WIDGET (label)), ==, *subtitle != '\0');
}

/* As it is when the chat is opened, when it becomes so, and when it is so no more. */
static void
test_title (gconstpointer data)
{
  const TitleRow *row = data;
  Fixture f = { 0 };

  fixture_set_up (&f);
  linnet_chat_page_set_conversation (f.page, f.noor);
  assert_title (&f, "Noor", "online");

  apply (&f, row);
  linnet_chat_page_set_conversation (f.page, f.mira);
  assert_title (&f, "Mira", row->subtitle);

  apply (&f, &title_rows[0]);
  assert_title (&f, "Mira", "online");
  apply (&f, row);
  assert_title (&f, "Mira", row->subtitle);

  linnet_chat_page_set_names_account (f.page, FALSE);
  linnet_chat_page_set_conversation (f.page, f.noor);
  fake_conversation_set_typing (f.mira, TRUE);
  assert_title (&f, "Noor", "online");

  fixture_tear_down (&f);
}

static void
test_pinned (void)
{
  Fixture f = { 0 };
  gboolean pinned;

  fixture_set_up (&f);
  linnet_chat_page_set_conversation (f.page, f.mira);
  gtk_widget_activate_action (GTK_WIDGET (f.page), "chat.pinned", NULL);
  g_assert_true (linnet_conversation_get_pinned (f.mira));
  g_object_get (f.page, "pinned", &pinned, NULL);
  g_assert_true (pinned);

  linnet_chat_page_set_conversation (f.page, f.noor);
  g_object_get (f.page, "pinned", &pinned, NULL);
  g_assert_false (pinned);

  linnet_chat_page_set_conversation (f.page, f.mira);
  gtk_widget_activate_action (GTK_WIDGET (f.page), "chat.pinned", NULL);
  g_assert_false (linnet_conversation_get_pinned (f.mira));

  fixture_tear_down (&f);
}

/* ---- requests and blocking ---- */

static void
test_request (void)
{
  Fixture f = { 0 };

  fixture_set_up (&f);
  linnet_chat_page_set_conversation (f.page, f.mira);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (f.bottom), ==, "composer");

  /* The address, which cannot be chosen to deceive as a name can. */
  fake_conversation_set_request (f.mira, TRUE);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (f.bottom), ==, "request");
  g_assert_cmpstr (gtk_label_get_label (child (&f, "request_text")),
                   ==,
                   "mira@lark.example wants to be your contact and to see when you are online.");
  g_assert_true (gtk_widget_get_visible (child (&f, "block_button")));

  fake_account_set_can_block (account_of (f.noor), FALSE);
  linnet_chat_page_set_conversation (f.page, f.noor);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (f.bottom), ==, "composer");
  fake_conversation_set_request (f.noor, TRUE);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (f.bottom), ==, "request");
  g_assert_false (gtk_widget_get_visible (child (&f, "block_button")));

  fixture_tear_down (&f);
}

typedef struct
{
  const char *label;
  const char *verb;
  const char *failure;
  gboolean blocked; /* before */
} VerbRow;

static const VerbRow verb_rows[] = {
  { .label = "Accept", .verb = "accept", .failure = "Could Not Accept" },
  { .label = "Decline", .verb = "decline", .failure = "Could Not Decline" },
  { .label = "Block", .verb = "block", .failure = "Could Not Block" },
  { .label = "Unblock",
    .verb = "unblock",
    .failure = "Could Not Unblock",
    .blocked = TRUE },
};

static void
verb_set_up (Fixture *f, const VerbRow *row)
{
  fixture_set_up (f);
  if (row->blocked)
    dex_unref (linnet_contact_set_blocked (linnet_conversation_get_contact (f->mira), TRUE));
  else
    fake_conversation_set_request (f->mira, TRUE);
  linnet_chat_page_set_conversation (f->page, f->mira);
  gtk_window_present (f->window);
}

static void
press (Fixture *f, const char *label)
{
  GtkWidget *button = find_button (GTK_WIDGET (f->page), label);

  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
  settle ();
}

static void
test_verb (gconstpointer data)
{
  const VerbRow *row = data;
  Fixture f = { 0 };

  verb_set_up (&f, row);
  press (&f, row->label);
  g_assert_cmpstr (fake_contact_get_verb (linnet_conversation_get_contact (f.mira)), ==, row->verb);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (f.bottom), ==, "composer");
  g_assert_cmpint (adw_banner_get_revealed (f.blocked), ==, g_str_equal (row->verb, "block"));
  g_assert_null (adw_window_get_visible_dialog (ADW_WINDOW (f.window)));

  fixture_tear_down (&f);
}

static void
test_verb_fails (gconstpointer data)
{
  const VerbRow *row = data;
  Fixture f = { 0 };
  AdwDialog *dialog;

  verb_set_up (&f, row);
  fake_contact_set_error (linnet_conversation_get_contact (f.mira), LINNET_ERROR_NOT_ALLOWED);
  press (&f, row->label);
  g_assert_cmpstr (fake_contact_get_verb (linnet_conversation_get_contact (f.mira)), ==, row->verb);
  dialog = adw_window_get_visible_dialog (ADW_WINDOW (f.window));
  g_assert_true (ADW_IS_ALERT_DIALOG (dialog));
  g_assert_cmpstr (adw_alert_dialog_get_heading (ADW_ALERT_DIALOG (dialog)), ==, row->failure);
  g_assert_cmpstr (adw_alert_dialog_get_body (ADW_ALERT_DIALOG (dialog)), ==, "The server refused.");
  g_assert_cmpstr (
      gtk_stack_get_visible_child_name (f.bottom), ==, row->blocked ? "composer" : "request");
  adw_dialog_force_close (dialog);
  settle ();

  fixture_tear_down (&f);
}

static void
test_blocked (void)
{
  Fixture f = { 0 };
  LinnetContact *contact;

  fixture_set_up (&f);
  contact = linnet_conversation_get_contact (f.mira);
  linnet_chat_page_set_conversation (f.page, f.mira);
  g_assert_false (adw_banner_get_revealed (f.blocked));
  g_assert_cmpstr (adw_banner_get_title (f.blocked), ==, "");
  linnet_chat_page_focus_composer (f.page);
  g_assert_true (gtk_widget_is_ancestor (gtk_root_get_focus (GTK_ROOT (f.window)), f.composer));

  gtk_window_set_focus (f.window, NULL);
  dex_unref (linnet_contact_set_blocked (contact, TRUE));
  g_assert_true (adw_banner_get_revealed (f.blocked));
  g_assert_cmpstr (adw_banner_get_title (f.blocked), ==, "You have blocked Mira.");
  g_assert_false (gtk_widget_get_sensitive (f.composer));
  linnet_chat_page_focus_composer (f.page);
  g_assert_null (gtk_root_get_focus (GTK_ROOT (f.window)));

  linnet_chat_page_set_conversation (f.page, f.noor);
  g_assert_false (adw_banner_get_revealed (f.blocked));
  g_assert_true (gtk_widget_get_sensitive (f.composer));

  fixture_tear_down (&f);
}

/* ---- the connection ---- */

#define OFFLINE_TEXT "You are offline. Messages will be sent when you are back."

static GSource *
find_delay (Fixture *f)
{
  return g_main_context_find_source_by_user_data (NULL, f->page);
}

static void
elapse (Fixture *f)
{
  g_assert_nonnull (find_delay (f));
  g_source_set_ready_time (find_delay (f), 0);
  settle ();
}

static void
test_banner (void)
{
  Fixture f = { 0 };
  LinnetAccount *account;
  gint64 wait;

  fixture_set_up (&f);
  account = account_of (f.mira);
  linnet_chat_page_set_conversation (f.page, f.mira);
  g_assert_null (find_delay (&f));

  fake_account_set_state (account, LINNET_CONNECTION_RECONNECTING, 5);
  settle ();
  g_assert_false (adw_banner_get_revealed (f.connection));
  g_assert_nonnull (find_delay (&f));
  wait = g_source_get_ready_time (find_delay (&f)) - g_get_monotonic_time ();
  g_assert_cmpint (wait, >, G_TIME_SPAN_SECOND / 2);
  g_assert_cmpint (wait, <, 4 * G_TIME_SPAN_SECOND);

  /* What happens meanwhile does not put it off. */
  fake_account_set_state (account, LINNET_CONNECTION_RECONNECTING, 4);
  elapse (&f);
  g_assert_true (adw_banner_get_revealed (f.connection));
  g_assert_cmpstr (adw_banner_get_title (f.connection), ==, OFFLINE_TEXT);
  g_assert_cmpstr (adw_banner_get_button_label (f.connection), ==, "Reconnect");
  g_assert_null (find_delay (&f));

  /* An attempt is not a success. */
  fake_account_set_state (account, LINNET_CONNECTION_CONNECTING, 0);
  g_assert_true (adw_banner_get_revealed (f.connection));
  g_assert_cmpstr (adw_banner_get_title (f.connection), ==, OFFLINE_TEXT);

  fake_account_set_state (account, LINNET_CONNECTION_ONLINE, 0);
  g_assert_false (adw_banner_get_revealed (f.connection));
  g_assert_cmpstr (adw_banner_get_title (f.connection), ==, "");

  fixture_tear_down (&f);
}

/* Back in time, or at least on the way. */
static void
test_banner_spared (gconstpointer data)
{
  Fixture f = { 0 };

  fixture_set_up (&f);
  linnet_chat_page_set_conversation (f.page, f.mira);
  fake_account_set_state (account_of (f.mira), LINNET_CONNECTION_RECONNECTING, 5);
  g_assert_nonnull (find_delay (&f));
  fake_account_set_state (account_of (f.mira), GPOINTER_TO_INT (data), 0);
  g_assert_null (find_delay (&f));
  g_assert_false (adw_banner_get_revealed (f.connection));

  fixture_tear_down (&f);
}

/* It is about the open chat's account. */
static void
test_banner_switch (void)
{
  Fixture f = { 0 };

  fixture_set_up (&f);
  fake_account_set_state (account_of (f.mira), LINNET_CONNECTION_OFFLINE, 0);
  linnet_chat_page_set_conversation (f.page, f.mira);
  g_assert_nonnull (find_delay (&f));
  linnet_chat_page_set_conversation (f.page, f.noor);
  g_assert_null (find_delay (&f));
  fake_account_set_state (account_of (f.mira), LINNET_CONNECTION_RECONNECTING, 5);
  g_assert_null (find_delay (&f));

  linnet_chat_page_set_conversation (f.page, f.mira);
  elapse (&f);
  g_assert_true (adw_banner_get_revealed (f.connection));
  fake_account_set_state (account_of (f.noor), LINNET_CONNECTION_CONNECTING, 0);
  linnet_chat_page_set_conversation (f.page, f.noor);
  g_assert_false (adw_banner_get_revealed (f.connection));
  /* Assistive technologies see it also while it is not revealed. */
  g_assert_cmpstr (adw_banner_get_title (f.connection), ==, "");

  fixture_tear_down (&f);
}

static const struct
{
  const char *name;
  LinnetConnectionState state;
  gboolean disabled;
  guint reconnects;
  const char *repaired;
} button_rows[] = {
  { .name = "reconnecting", .state = LINNET_CONNECTION_RECONNECTING, .reconnects = 1 },
  { .name = "offline", .state = LINNET_CONNECTION_OFFLINE, .reconnects = 1 },
  { .name = "disabled", .state = LINNET_CONNECTION_OFFLINE, .disabled = TRUE },
  { .name = "failed", .state = LINNET_CONNECTION_FAILED, .repaired = "ana@example.org" },
};

static void
test_banner_button (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  Fixture f = { 0 };
  LinnetAccount *account;

  fixture_set_up (&f);
  account = account_of (f.mira);
  fake_account_set_state (account, button_rows[row].state, 0);
  dex_unref (linnet_account_set_enabled (account, !button_rows[row].disabled));
  linnet_chat_page_set_conversation (f.page, f.mira);
  elapse (&f);
  g_signal_emit_by_name (f.connection, "button-clicked");
  settle ();
  g_assert_cmpuint (fake_account_get_reconnects (account), ==, button_rows[row].reconnects);
  g_assert_cmpstr (f.repaired, ==, button_rows[row].repaired);
  g_assert_true (linnet_account_get_enabled (account));

  fixture_tear_down (&f);
}

/* ---- the log and the composer ---- */

static LinnetChatLog *
open_log (Fixture *f, LinnetConversation *conversation)
{
  LinnetChatLog *log;

  linnet_chat_page_set_conversation (f->page, conversation);
  log = LINNET_CHAT_LOG (gtk_stack_get_visible_child (f->logs));
  g_assert_true (linnet_chat_log_get_conversation (log) == conversation);

  return log;
}

static guint
count_logs (Fixture *f)
{
  guint n = 0;

  for (GtkWidget *log = gtk_widget_get_first_child (GTK_WIDGET (f->logs)); log != NULL;
       log = gtk_widget_get_next_sibling (log))
    n++;

  return n;
}

static GtkTextBuffer *
buffer_of (Fixture *f)
{
  return GTK_TEXT_BUFFER (gtk_widget_get_template_child (f->composer, LINNET_TYPE_COMPOSER, "buffer"));
}

static void
assert_draft (Fixture *f, const char *expected)
{
  g_autofree char *text = NULL;

  g_object_get (buffer_of (f), "text", &text, NULL);
  g_assert_cmpstr (text, ==, expected);
}

/* The last five are kept, by use. */
static void
test_switch (void)
{
  LinnetConversation *others[4];
  Fixture f = { 0 };
  LinnetChatLog *mira, *noor, *first;

  fixture_set_up (&f);
  mira = open_log (&f, f.mira);
  gtk_text_buffer_insert_at_cursor (buffer_of (&f), "Dear Mira", -1);
  noor = open_log (&f, f.noor);
  assert_draft (&f, "");
  gtk_text_buffer_insert_at_cursor (buffer_of (&f), "Dear Noor", -1);
  g_assert_true (open_log (&f, f.mira) == mira);
  assert_draft (&f, "Dear Mira");
  g_assert_true (open_log (&f, f.noor) == noor);
  assert_draft (&f, "Dear Noor");
  g_assert_cmpuint (count_logs (&f), ==, 2);

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      others[i] = fake_conversation_new ("Other", "other@lark.example");
      open_log (&f, others[i]);
      g_assert_true (open_log (&f, f.noor) == noor);
    }
  g_assert_cmpuint (count_logs (&f), ==, 5);
  /* Of Mira's there is nothing left, of the first of the others there is. */
  first = open_log (&f, others[0]);
  g_assert_cmpuint (count_logs (&f), ==, 5);
  open_log (&f, f.mira);
  g_assert_cmpuint (count_logs (&f), ==, 5);
  g_assert_true (open_log (&f, others[0]) == first);

  fixture_tear_down (&f);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_finalize_object (others[i]);
}

static void
test_forget (void)
{
  Fixture f = { 0 };
  LinnetChatLog *mira;

  fixture_set_up (&f);
  linnet_chat_page_forget (f.page, f.noor);
  mira = open_log (&f, f.mira);
  open_log (&f, f.noor);
  open_log (&f, f.mira);
  linnet_chat_page_forget (f.page, f.noor);
  g_assert_cmpuint (count_logs (&f), ==, 1);
  g_assert_true (open_log (&f, f.mira) == mira);

  /* The open one: nothing can be written to it, or happen to it, any more. */
  fake_account_set_state (account_of (f.mira), LINNET_CONNECTION_OFFLINE, 0);
  g_assert_nonnull (find_delay (&f));
  linnet_chat_page_forget (f.page, f.mira);
  g_assert_cmpuint (count_logs (&f), ==, 0);
  g_assert_null (find_delay (&f));
  gtk_text_buffer_insert_at_cursor (buffer_of (&f), "Dear Mira", -1);
  g_assert_null (linnet_conversation_get_draft (f.mira));
  fake_conversation_set_typing (f.mira, TRUE);
  assert_title (&f, "Mira", "online");
  settle ();
  g_assert_finalize_object (g_steal_pointer (&f.mira));

  f.mira = fake_conversation_new ("Mira", "mira@lark.example");
  open_log (&f, f.mira);
  g_assert_cmpuint (count_logs (&f), ==, 1);

  fixture_tear_down (&f);
}

static LinnetMessage *
add_unread (LinnetConversation *conversation, guint n)
{
  g_autoptr (LinnetTimeline) timeline = linnet_conversation_dup_timeline (conversation);
  LinnetMessage *message = fake_timeline_add (timeline, "Hello", FALSE, G_USEC_PER_SEC);

  fake_timeline_add_many (timeline, n - 1, "Hello", FALSE, G_USEC_PER_SEC);
  fake_timeline_set_first_unread (timeline, message, n);

  return message;
}

static void
too_late_cb (gpointer user_data)
{
  g_error ("The chat with %s was not read", linnet_conversation_get_title (user_data));
}

static void
wait_read (LinnetConversation *conversation)
{
  guint deadline = g_timeout_add_seconds_once (30, too_late_cb, conversation);

  while (linnet_conversation_get_unread_count (conversation) > 0)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (deadline);
}

/* Only the chat that is open counts as read, and only while somebody can see it. */
static void
test_watched (void)
{
  Fixture f = { 0 };

  fixture_set_up (&f);
  gtk_window_present (f.window);
  add_unread (f.mira, 1);
  add_unread (f.noor, 1);
  open_log (&f, f.mira);
  linnet_chat_page_set_watched (f.page, TRUE);
  wait_read (f.mira);

  open_log (&f, f.noor);
  wait_read (f.noor);
  add_unread (f.mira, 1);
  add_unread (f.noor, 1);
  wait_read (f.noor);
  g_assert_cmpuint (linnet_conversation_get_unread_count (f.mira), ==, 1);

  linnet_chat_page_set_watched (f.page, FALSE);
  open_log (&f, f.mira);
  add_unread (f.noor, 1);
  settle ();
  g_assert_cmpuint (linnet_conversation_get_unread_count (f.mira), ==, 1);
  linnet_chat_page_set_watched (f.page, TRUE);
  wait_read (f.mira);
  g_assert_cmpuint (linnet_conversation_get_unread_count (f.noor), ==, 1);

  fixture_tear_down (&f);
}

/* Who sends something wants to see it, wherever the log is. */
static void
test_sent (void)
{
  Fixture f = { 0 };
  g_autoptr (LinnetTimeline) timeline = NULL;

  fixture_set_up (&f);
  timeline = linnet_conversation_dup_timeline (f.mira);
  add_unread (f.mira, 300);
  open_log (&f, f.mira);
  settle ();
  g_assert_false (linnet_timeline_get_at_end (timeline));

  gtk_text_buffer_insert_at_cursor (buffer_of (&f), "Hello", -1);
  g_signal_emit_by_name (gtk_widget_get_template_child (f.composer, LINNET_TYPE_COMPOSER, "send_button"),
                         "clicked");
  settle ();
  g_assert_cmpstr (fake_conversation_get_last_sent (f.mira), ==, "Hello");
  g_assert_true (linnet_timeline_get_at_end (timeline));

  g_clear_object (&timeline);
  fixture_tear_down (&f);
}

static void
add_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (title_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/chat-page/title/%s", title_rows[i].name);

      g_test_add_data_func (path, &title_rows[i], test_title);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (verb_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/chat-page/verb/%s", verb_rows[i].verb);
      g_autofree char *fails = g_strdup_printf ("/ui/chat-page/verb-fails/%s", verb_rows[i].verb);

      g_test_add_data_func (path, &verb_rows[i], test_verb);
      g_test_add_data_func (fails, &verb_rows[i], test_verb_fails);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (button_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/chat-page/banner-button/%s", button_rows[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_banner_button);
    }
}

/* GTK 4.18 leaks a list for each button with a mnemonic. Only by this many callers can tests/lib/lsan.supp
 * tell it from leaks of ours. */
const char *__asan_default_options (void);

const char *
__asan_default_options (void)
{
  return "fast_unwind_on_malloc=0:malloc_context_size=8";
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  /* With GDK_DEBUG=no-vsync GTK may draw a window while it is being resized, and warns. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  dex_init ();
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);

  add_rows ();
  g_test_add_func ("/ui/chat-page/pinned", test_pinned);
  g_test_add_func ("/ui/chat-page/request", test_request);
  g_test_add_func ("/ui/chat-page/blocked", test_blocked);
  g_test_add_func ("/ui/chat-page/banner", test_banner);
  g_test_add_data_func (
      "/ui/chat-page/banner-spared/online", GINT_TO_POINTER (LINNET_CONNECTION_ONLINE), test_banner_spared);
  g_test_add_data_func ("/ui/chat-page/banner-spared/connecting",
                        GINT_TO_POINTER (LINNET_CONNECTION_CONNECTING),
                        test_banner_spared);
  g_test_add_func ("/ui/chat-page/banner-switch", test_banner_switch);
  g_test_add_func ("/ui/chat-page/switch", test_switch);
  g_test_add_func ("/ui/chat-page/forget", test_forget);
  g_test_add_func ("/ui/chat-page/watched", test_watched);
  g_test_add_func ("/ui/chat-page/sent", test_sent);

  return g_test_run ();
}
