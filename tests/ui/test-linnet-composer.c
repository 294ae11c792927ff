/* What is written is sent when it should be, and is never lost
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#define G_SETTINGS_ENABLE_BACKEND
#include <adwaita.h>
#include <gio/gsettingsbackend.h>
#include <libdex.h>

#include "fake-model.h"
#include "linnet-composer.h"
#include "linnet-error.h"

typedef struct
{
  GtkWindow *window;
  LinnetComposer *composer;
  GtkTextView *text_view;
  GtkTextBuffer *buffer;
  GtkWidget *send_button;
  GSettings *settings;
  LinnetConversation *conversation;
  guint sent; /* how often the signal came */
} Fixture;

static gpointer
child (Fixture *f, const char *name)
{
  GObject *found = gtk_widget_get_template_child (GTK_WIDGET (f->composer), LINNET_TYPE_COMPOSER, name);

  g_assert_nonnull (found);

  return found;
}

static void
sent_cb (Fixture *f)
{
  f->sent++;
}

static void
fixture_set_up (Fixture *f)
{
  g_autoptr (GSettingsBackend) backend = g_memory_settings_backend_new ();

  f->settings = g_settings_new_with_backend ("im.linnet.Linnet", backend);
  f->conversation = fake_conversation_new ("Mira", "mira@lark.example");
  f->window = GTK_WINDOW (gtk_window_new ());
  f->composer = g_object_ref_sink (g_object_new (LINNET_TYPE_COMPOSER, NULL));
  f->text_view = child (f, "text_view");
  f->buffer = child (f, "buffer");
  f->send_button = child (f, "send_button");
  g_signal_connect_swapped (f->composer, "sent", G_CALLBACK (sent_cb), f);
  linnet_composer_set_settings (f->composer, f->settings);
  linnet_composer_set_conversation (f->composer, f->conversation);
  gtk_window_set_child (f->window, GTK_WIDGET (f->composer));
}

static void
fixture_tear_down (Fixture *f)
{
  gtk_window_destroy (f->window);
  g_assert_finalize_object (f->composer);
  g_assert_finalize_object (f->conversation);
  g_object_unref (f->settings);
}

/* Lets everything happen that does not wait for time to pass. */
static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
type (Fixture *f, const char *text)
{
  gtk_text_buffer_begin_user_action (f->buffer);
  gtk_text_buffer_insert_at_cursor (f->buffer, text, -1);
  gtk_text_buffer_end_user_action (f->buffer);
}

static void
send (Fixture *f)
{
  g_signal_emit_by_name (f->send_button, "clicked");
  settle ();
}

#define assert_text(f, expected)                      \
  G_STMT_START                                        \
  {                                                   \
    g_autofree char *text_ = NULL;                    \
                                                      \
    g_object_get ((f)->buffer, "text", &text_, NULL); \
    g_assert_cmpstr (text_, ==, (expected));          \
  }                                                   \
  G_STMT_END

static gboolean
shows_notice (Fixture *f)
{
  return gtk_revealer_get_reveal_child (child (f, "notice_revealer"));
}

/* ---- keys ---- */

/* In the order in which they get it: the composer's before the field's own. */
static gboolean
press (Fixture *f, GtkPropagationPhase phase, guint keyval, GdkModifierType state)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (f->text_view));
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !handled; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller) &&
          gtk_event_controller_get_propagation_phase (controller) == phase)
        g_signal_emit_by_name (controller, "key-pressed", keyval, 0, state, &handled);
    }

  return handled;
}

typedef struct
{
  const char *name;
  guint keyval;
  GdkModifierType state;
  gboolean no_settings;
  gboolean enter_writes; /* send-with-enter is off */
  gboolean preediting;
  gboolean sends;
} KeyRow;

static const KeyRow key_rows[] = {
  { .name = "enter", .keyval = GDK_KEY_Return, .sends = TRUE },
  { .name = "keypad", .keyval = GDK_KEY_KP_Enter, .sends = TRUE },
  { .name = "iso", .keyval = GDK_KEY_ISO_Enter, .sends = TRUE },
  { .name = "caps-lock", .keyval = GDK_KEY_Return, .state = GDK_LOCK_MASK, .sends = TRUE },
  { .name = "shift", .keyval = GDK_KEY_Return, .state = GDK_SHIFT_MASK },
  { .name = "control", .keyval = GDK_KEY_Return, .state = GDK_CONTROL_MASK, .sends = TRUE },
  { .name = "no-settings", .keyval = GDK_KEY_Return, .no_settings = TRUE, .sends = TRUE },

  { .name = "off/enter", .keyval = GDK_KEY_Return, .enter_writes = TRUE },
  { .name = "off/keypad", .keyval = GDK_KEY_KP_Enter, .enter_writes = TRUE },
  { .name = "off/shift", .keyval = GDK_KEY_Return, .state = GDK_SHIFT_MASK, .enter_writes = TRUE },
  { .name = "off/control",
    .keyval = GDK_KEY_Return,
    .state = GDK_CONTROL_MASK,
    .enter_writes = TRUE,
    .sends = TRUE },
  { .name = "off/control-keypad",
    .keyval = GDK_KEY_KP_Enter,
    .state = GDK_CONTROL_MASK,
    .enter_writes = TRUE,
    .sends = TRUE },

  /* The key belongs to the input method. */
  { .name = "preedit/enter", .keyval = GDK_KEY_Return, .preediting = TRUE },
  { .name = "preedit/control", .keyval = GDK_KEY_Return, .state = GDK_CONTROL_MASK, .preediting = TRUE },

  { .name = "letter", .keyval = GDK_KEY_m },
  { .name = "control-letter", .keyval = GDK_KEY_m, .state = GDK_CONTROL_MASK },
};

static void
test_key (gconstpointer data)
{
  const KeyRow *row = data;
  Fixture f = { 0 };

  fixture_set_up (&f);
  if (row->no_settings)
    linnet_composer_set_settings (f.composer, NULL);
  else
    g_settings_set_boolean (f.settings, "send-with-enter", !row->enter_writes);
  type (&f, "Hello");
  if (row->preediting)
    g_signal_emit_by_name (f.text_view, "preedit-changed", "に");

  g_assert_cmpint (press (&f, GTK_PHASE_CAPTURE, row->keyval, row->state), ==, row->sends);
  settle ();
  g_assert_cmpuint (f.sent, ==, row->sends);
  g_assert_cmpstr (fake_conversation_get_last_sent (f.conversation), ==, row->sends ? "Hello" : NULL);
  assert_text (&f, row->sends ? "" : "Hello");

  fixture_tear_down (&f);
}

/* What the composer leaves alone is a line break for the field. */
static void
test_line_break (void)
{
  Fixture f = { 0 };

  fixture_set_up (&f);
  type (&f, "Hello");
  g_assert_false (press (&f, GTK_PHASE_CAPTURE, GDK_KEY_Return, GDK_SHIFT_MASK));
  g_assert_true (press (&f, GTK_PHASE_BUBBLE, GDK_KEY_Return, GDK_SHIFT_MASK));
  assert_text (&f, "Hello\n");

  fixture_tear_down (&f);
}

/* Only while it composes: the next Enter sends again. */
static void
test_preedit_ends (void)
{
  Fixture f = { 0 };
  GtkWidget *placeholder;

  fixture_set_up (&f);
  placeholder = child (&f, "placeholder");
  g_assert_true (gtk_widget_get_visible (placeholder));

  g_signal_emit_by_name (f.text_view, "preedit-changed", "に");
  g_assert_false (gtk_widget_get_visible (placeholder));
  g_signal_emit_by_name (f.text_view, "preedit-changed", "");
  g_assert_true (gtk_widget_get_visible (placeholder));

  type (&f, "日");
  g_assert_false (gtk_widget_get_visible (placeholder));
  g_assert_true (press (&f, GTK_PHASE_CAPTURE, GDK_KEY_Return, 0));
  settle ();
  g_assert_cmpstr (fake_conversation_get_last_sent (f.conversation), ==, "日");
  g_assert_true (gtk_widget_get_visible (placeholder));

  fixture_tear_down (&f);
}

/* ---- sending ---- */

static const struct
{
  const char *name;
  const char *text;
  const char *sent; /* NULL: is not sent at all */
} text_rows[] = {
  { "empty", "", NULL },
  { "space", " ", NULL },
  { "lines", "\n\n", NULL },
  { "mixed", " \t\n ", NULL },
  { "no-break-space", "\u00a0", NULL },
  { "ideographic-space", "\u3000\u2003", NULL },

  { "plain", "Hello", "Hello" },
  { "emoji", "🌻", "🌻" },
  { "space-after", "Hello \n\n", "Hello" },
  { "space-before", "  Hello", "  Hello" },
  { "markup", "<b>1 < 2</b> &amp; %s", "<b>1 < 2</b> &amp; %s" },
};

static void
test_text (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  gboolean sends = text_rows[row].sent != NULL;
  Fixture f = { 0 };

  fixture_set_up (&f);
  type (&f, text_rows[row].text);
  g_assert_cmpint (gtk_widget_get_sensitive (f.send_button), ==, sends);
  g_assert_cmpint (fake_conversation_get_composing (f.conversation), ==, sends);
  g_assert_cmpstr (linnet_conversation_get_draft (f.conversation), ==, sends ? text_rows[row].text : NULL);

  press (&f, GTK_PHASE_CAPTURE, GDK_KEY_Return, 0);
  settle ();
  g_assert_cmpuint (f.sent, ==, sends);
  g_assert_cmpstr (fake_conversation_get_last_sent (f.conversation), ==, text_rows[row].sent);

  fixture_tear_down (&f);
}

static void
test_send (void)
{
  Fixture f = { 0 };

  fixture_set_up (&f);
  type (&f, "Hello");
  send (&f);

  g_assert_cmpuint (f.sent, ==, 1);
  g_assert_cmpstr (fake_conversation_get_last_sent (f.conversation), ==, "Hello");
  assert_text (&f, "");
  g_assert_null (linnet_conversation_get_draft (f.conversation));
  g_assert_false (gtk_widget_get_sensitive (f.send_button));
  g_assert_false (shows_notice (&f));
  g_assert_true (gtk_root_get_focus (GTK_ROOT (f.window)) == GTK_WIDGET (f.text_view));
  /* Ctrl+Z does not write again what has been sent. */
  g_assert_false (gtk_text_buffer_get_can_undo (f.buffer));

  /* A second Send has nothing to send. */
  send (&f);
  g_assert_cmpuint (f.sent, ==, 1);

  fixture_tear_down (&f);
}

/* The text is back, before what was typed since, and the reason is there until it is closed. */
static void
test_fails (void)
{
  Fixture f = { 0 };
  GtkLabel *notice;

  fixture_set_up (&f);
  notice = child (&f, "notice");
  fake_conversation_set_send_error (f.conversation, LINNET_ERROR_TOO_LONG);
  type (&f, "Hello");
  g_signal_emit_by_name (f.send_button, "clicked");
  type (&f, " and more");
  settle ();

  assert_text (&f, "Hello and more");
  g_assert_cmpstr (linnet_conversation_get_draft (f.conversation), ==, "Hello and more");
  g_assert_true (gtk_widget_get_sensitive (f.send_button));
  g_assert_true (shows_notice (&f));
  g_assert_cmpstr (gtk_label_get_label (notice), ==, "This message is too long to send.");

  fake_conversation_set_send_error (f.conversation, -1);
  send (&f);
  g_assert_cmpstr (fake_conversation_get_last_sent (f.conversation), ==, "Hello and more");
  g_assert_false (shows_notice (&f));
  g_assert_null (linnet_conversation_get_draft (f.conversation));

  fixture_tear_down (&f);
}

static void
test_close_notice (void)
{
  Fixture f = { 0 };
  GtkWidget *button;

  fixture_set_up (&f);
  fake_conversation_set_send_error (f.conversation, LINNET_ERROR_TOO_LONG);
  type (&f, "Hello");
  send (&f);
  g_assert_true (shows_notice (&f));

  button = gtk_widget_get_next_sibling (child (&f, "notice"));
  g_assert_true (GTK_IS_BUTTON (button));
  g_signal_emit_by_name (button, "clicked");
  g_assert_false (shows_notice (&f));
  assert_text (&f, "Hello");

  fixture_tear_down (&f);
}

/* The person is elsewhere by then: what they write there stays as it is. */
static void
test_fails_elsewhere (void)
{
  LinnetConversation *other = fake_conversation_new ("Noor", "noor@lark.example");
  Fixture f = { 0 };

  fixture_set_up (&f);
  fake_conversation_set_send_error (f.conversation, LINNET_ERROR_TOO_LONG);
  type (&f, "Hello");
  g_signal_emit_by_name (f.send_button, "clicked");
  type (&f, " and more");
  linnet_composer_set_conversation (f.composer, other);
  type (&f, "Dear Noor");
  settle ();

  assert_text (&f, "Dear Noor");
  g_assert_false (shows_notice (&f));
  g_assert_cmpstr (linnet_conversation_get_draft (other), ==, "Dear Noor");
  g_assert_cmpstr (linnet_conversation_get_draft (f.conversation), ==, "Hello and more");

  linnet_composer_set_conversation (f.composer, f.conversation);
  assert_text (&f, "Hello and more");

  fixture_tear_down (&f);
  g_assert_finalize_object (other);
}

/* ---- drafts ---- */

static void
test_drafts (void)
{
  LinnetConversation *other = fake_conversation_new ("Noor", "noor@lark.example");
  Fixture f = { 0 };

  fixture_set_up (&f);
  linnet_conversation_set_draft (other, "Dear Noor");
  type (&f, "Hello");

  linnet_composer_set_conversation (f.composer, other);
  assert_text (&f, "Dear Noor");
  g_assert_true (gtk_widget_get_sensitive (f.send_button));
  /* Nobody typed it now. */
  g_assert_false (fake_conversation_get_composing (other));
  g_assert_false (gtk_text_buffer_get_can_undo (f.buffer));
  g_assert_cmpstr (linnet_conversation_get_draft (f.conversation), ==, "Hello");
  type (&f, ", hi");
  g_assert_cmpstr (linnet_conversation_get_draft (other), ==, "Dear Noor, hi");

  linnet_composer_set_conversation (f.composer, f.conversation);
  assert_text (&f, "Hello");
  gtk_text_buffer_set_text (f.buffer, "", -1);
  g_assert_null (linnet_conversation_get_draft (f.conversation));

  linnet_composer_set_conversation (f.composer, NULL);
  assert_text (&f, "");
  type (&f, "To nobody");
  send (&f);
  g_assert_cmpuint (f.sent, ==, 0);
  g_assert_null (linnet_conversation_get_draft (f.conversation));
  g_assert_cmpstr (linnet_conversation_get_draft (other), ==, "Dear Noor, hi");

  fixture_tear_down (&f);
  g_assert_finalize_object (other);
}

/* A notice is about the chat in which something failed. */
static void
test_notice_stays_behind (void)
{
  LinnetConversation *other = fake_conversation_new ("Noor", "noor@lark.example");
  Fixture f = { 0 };

  fixture_set_up (&f);
  fake_conversation_set_send_error (f.conversation, LINNET_ERROR_TOO_LONG);
  type (&f, "Hello");
  send (&f);
  g_assert_true (shows_notice (&f));
  linnet_composer_set_conversation (f.composer, other);
  g_assert_false (shows_notice (&f));

  fixture_tear_down (&f);
  g_assert_finalize_object (other);
}

/* ---- typing… ---- */

static GSource *
find_pause (Fixture *f)
{
  return g_main_context_find_source_by_user_data (NULL, f->composer);
}

static void
test_typing (void)
{
  Fixture f = { 0 };
  gint64 first;

  fixture_set_up (&f);
  g_assert_null (find_pause (&f));
  type (&f, "Hel");
  g_assert_true (fake_conversation_get_composing (f.conversation));
  g_assert_nonnull (find_pause (&f));
  first = g_source_get_ready_time (find_pause (&f));
  g_assert_cmpint (first - g_get_monotonic_time (), >, 2 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (first - g_get_monotonic_time (), <, 10 * G_TIME_SPAN_SECOND);

  g_source_set_ready_time (find_pause (&f), 0);
  settle ();
  g_assert_false (fake_conversation_get_composing (f.conversation));
  g_assert_null (find_pause (&f));
  assert_text (&f, "Hel");

  /* Each key starts it again. */
  type (&f, "l");
  g_assert_true (fake_conversation_get_composing (f.conversation));
  g_source_set_ready_time (find_pause (&f), 0);
  type (&f, "o");
  settle ();
  g_assert_true (fake_conversation_get_composing (f.conversation));

  fixture_tear_down (&f);
}

static void
erase (Fixture *f)
{
  gtk_text_buffer_set_text (f->buffer, "", -1);
}

static void
leave (Fixture *f)
{
  linnet_composer_set_conversation (f->composer, NULL);
}

static const struct
{
  const char *name;
  void (*act) (Fixture *f);
  gboolean composing; /* what the composer says; a sent message says it itself */
} end_rows[] = {
  { "erase", erase, FALSE },
  { "leave", leave, FALSE },
  { "send", send, TRUE },
};

static void
test_typing_ends (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  Fixture f = { 0 };

  fixture_set_up (&f);
  type (&f, "Hel");
  end_rows[row].act (&f);
  g_assert_cmpint (fake_conversation_get_composing (f.conversation), ==, end_rows[row].composing);
  g_assert_null (find_pause (&f));

  fixture_tear_down (&f);
}

/* ---- what gets into the field ---- */

/* Piece by piece, as one pastes and types them. Pango ends the program where a line may end inside a
 * cluster. */
static const struct
{
  const char *name;
  const char *pieces[4];
  const char *text;
} paste_rows[] = {
  { "plain", { "Hello ", "Mira\nand Noor" }, "Hello Mira\nand Noor" },
  { "clusters", { "e\u0301 ", "👩\u200d🌾 ", "नमस्ते" }, "e\u0301 👩\u200d🌾 नमस्ते" },
  { "killer", { "a ", "\U0001F1E6\U0001F3FD/ and more", " b" }, "a \U0001F1E6/ and more b" },
  { "killer/twice", { "\U0001F1E6\U0001F3FD/ \U0001F1E6\U0001F3FD/" }, "\U0001F1E6/ \U0001F1E6/" },
  { "killer/in-pieces", { "\U0001F1E6", "\U0001F3FD", "/" }, "\U0001F1E6/" },
};

static void
test_paste (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  Fixture f = { 0 };

  fixture_set_up (&f);
  gtk_window_present (f.window);
  for (guint i = 0; paste_rows[row].pieces[i] != NULL; i++)
    {
      type (&f, paste_rows[row].pieces[i]);
      settle ();
    }

  assert_text (&f, paste_rows[row].text);
  g_assert_cmpstr (linnet_conversation_get_draft (f.conversation), ==, paste_rows[row].text);

  fixture_tear_down (&f);
}

/* Taking something away brings together what must not meet. */
static void
test_erase_between (void)
{
  Fixture f = { 0 };
  GtkTextIter start, end;

  fixture_set_up (&f);
  gtk_window_present (f.window);
  type (&f, "Hi\na \U0001F1E6👍\U0001F3FD/ b\nc");
  assert_text (&f, "Hi\na \U0001F1E6👍\U0001F3FD/ b\nc");
  settle ();
  gtk_text_buffer_get_iter_at_line_offset (f.buffer, &start, 1, 3);
  gtk_text_buffer_get_iter_at_line_offset (f.buffer, &end, 1, 4);
  gtk_text_buffer_delete_interactive (f.buffer, &start, &end, TRUE);
  settle ();
  assert_text (&f, "Hi\na \U0001F1E6/ b\nc");

  /* One goes on writing where it was taken away. */
  type (&f, "…");
  assert_text (&f, "Hi\na \U0001F1E6…/ b\nc");

  fixture_tear_down (&f);
}

/* A draft may be older than what the field knows of. */
static void
test_paste_draft (void)
{
  Fixture f = { 0 };

  fixture_set_up (&f);
  linnet_composer_set_conversation (f.composer, NULL);
  linnet_conversation_set_draft (f.conversation, "\U0001F1E6\U0001F3FD/ and more");
  linnet_composer_set_conversation (f.composer, f.conversation);
  assert_text (&f, "\U0001F1E6/ and more");

  fixture_tear_down (&f);
}

static void
test_emoji (void)
{
  Fixture f = { 0 };
  GtkMenuButton *button;
  GtkPopover *chooser;
  GtkTextIter place;

  fixture_set_up (&f);
  button = child (&f, "emoji_button");
  gtk_window_present (f.window);
  type (&f, "ab");
  gtk_text_buffer_get_iter_at_offset (f.buffer, &place, 1);
  gtk_text_buffer_place_cursor (f.buffer, &place);
  settle ();
  g_assert_null (gtk_menu_button_get_popover (button));

  gtk_menu_button_popup (button);
  chooser = gtk_menu_button_get_popover (button);
  g_assert_true (GTK_IS_EMOJI_CHOOSER (chooser));
  g_signal_emit_by_name (chooser, "emoji-picked", "🌻");
  g_signal_emit_by_name (chooser, "emoji-picked", "🙏");
  assert_text (&f, "a🌻🙏b");
  g_assert_true (gtk_root_get_focus (GTK_ROOT (f.window)) == GTK_WIDGET (f.text_view));
  g_assert_cmpstr (linnet_conversation_get_draft (f.conversation), ==, "a🌻🙏b");

  /* One is enough. */
  gtk_menu_button_popdown (button);
  gtk_menu_button_popup (button);
  g_assert_true (gtk_menu_button_get_popover (button) == chooser);
  g_signal_emit_by_name (chooser, "emoji-picked", "!");
  assert_text (&f, "a🌻🙏!b");

  fixture_tear_down (&f);
}

static void
add_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (key_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/composer/key/%s", key_rows[i].name);

      g_test_add_data_func (path, &key_rows[i], test_key);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (text_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/composer/text/%s", text_rows[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_text);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (paste_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/composer/paste/%s", paste_rows[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_paste);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (end_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/composer/typing-ends/%s", end_rows[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_typing_ends);
    }
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
  g_test_add_func ("/ui/composer/line-break", test_line_break);
  g_test_add_func ("/ui/composer/preedit-ends", test_preedit_ends);
  g_test_add_func ("/ui/composer/send", test_send);
  g_test_add_func ("/ui/composer/fails", test_fails);
  g_test_add_func ("/ui/composer/fails-elsewhere", test_fails_elsewhere);
  g_test_add_func ("/ui/composer/close-notice", test_close_notice);
  g_test_add_func ("/ui/composer/notice-stays-behind", test_notice_stays_behind);
  g_test_add_func ("/ui/composer/drafts", test_drafts);
  g_test_add_func ("/ui/composer/typing", test_typing);
  g_test_add_func ("/ui/composer/erase-between", test_erase_between);
  g_test_add_func ("/ui/composer/paste-draft", test_paste_draft);
  g_test_add_func ("/ui/composer/emoji", test_emoji);

  return g_test_run ();
}
