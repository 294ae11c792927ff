/* Writing a message
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-composer"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "linnet-account.h"
#include "linnet-composer.h"
#include "linnet-error.h"
#include "linnet-message.h"
#include "linnet-safe-text.h"
#include "linnet-spawn.h"

/* After this long without a key the other side no longer sees "typing…". */
#define PAUSE_SECONDS 5

struct _LinnetComposer
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkRevealer *notice_revealer;
  GtkLabel *notice;
  GtkWidget *scroller;
  GtkTextView *text_view;
  GtkTextBuffer *buffer;
  GtkTextTag *no_hyphens; /* the buffer's */
  GtkLabel *placeholder;
  GtkMenuButton *emoji_button;
  GtkWidget *send_button;

  GSettings *settings;
  LinnetConversation *conversation;
  guint pause_timeout;
  gboolean restoring; /* the text comes from a draft, not from a person */
  gboolean preediting;
};

G_DEFINE_FINAL_TYPE (LinnetComposer, linnet_composer, GTK_TYPE_WIDGET)

enum
{
  SENT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef struct
{
  LinnetComposer *composer;
  LinnetConversation *conversation;
  char *text;
} Sending;

static void
sending_free (gpointer data)
{
  Sending *sending = data;

  g_clear_object (&sending->composer);
  g_clear_object (&sending->conversation);
  g_free (sending->text);
  g_free (sending);
}

static char *
dup_text (LinnetComposer *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);

  return gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE);
}

static gboolean
is_blank (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_isspace (g_utf8_get_char (p)))
      return FALSE;

  return TRUE;
}

static void
set_text (LinnetComposer *self, const char *text)
{
  self->restoring = TRUE;
  gtk_text_buffer_begin_irreversible_action (self->buffer);
  gtk_text_buffer_set_text (self->buffer, text != NULL ? text : "", -1);
  gtk_text_buffer_end_irreversible_action (self->buffer);
  self->restoring = FALSE;
}

static void
show_notice (LinnetComposer *self, const char *text)
{
  g_autofree char *safe = linnet_safe_text_dup (GTK_WIDGET (self->notice), text);

  gtk_label_set_label (self->notice, safe);
  gtk_widget_set_visible (GTK_WIDGET (self->notice_revealer), TRUE);
  gtk_revealer_set_reveal_child (self->notice_revealer, TRUE);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static void
close_notice_cb (LinnetComposer *self)
{
  gtk_revealer_set_reveal_child (self->notice_revealer, FALSE);
}

/* What could not be stored goes back to where it was, before what has been typed since. */
static void
give_back (LinnetComposer *self, Sending *sending, const GError *error)
{
  LinnetAccount *account = linnet_conversation_get_account (sending->conversation);
  g_autofree char *reason = NULL;
  g_autofree char *now = NULL;
  g_autofree char *both = NULL;

  reason = linnet_error_to_text (error, account != NULL ? linnet_account_get_domain (account) : NULL);

  if (self->conversation == sending->conversation)
    {
      now = dup_text (self);
      both = g_strconcat (sending->text, now, NULL);
      set_text (self, both);
      show_notice (self, reason);
    }
  else
    {
      both = g_strconcat (sending->text, linnet_conversation_get_draft (sending->conversation), NULL);
    }

  linnet_conversation_set_draft (sending->conversation, both);
}

static DexFuture *
send_fiber (gpointer data)
{
  Sending *sending = data;
  g_autoptr (LinnetMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  message = dex_await_object (linnet_conversation_send_text (sending->conversation, sending->text), &error);
  if (message == NULL)
    give_back (sending->composer, sending, error);

  return NULL;
}

static void
stop_composing (LinnetComposer *self)
{
  g_clear_handle_id (&self->pause_timeout, g_source_remove);
  if (self->conversation != NULL)
    linnet_conversation_set_composing (self->conversation, FALSE);
}

static void
send_cb (LinnetComposer *self)
{
  g_autofree char *text = dup_text (self);
  Sending *sending;

  g_assert (LINNET_IS_COMPOSER (self));

  if (self->conversation == NULL || is_blank (text))
    return;

  close_notice_cb (self);
  set_text (self, NULL);
  linnet_conversation_set_draft (self->conversation, NULL);
  g_clear_handle_id (&self->pause_timeout, g_source_remove);

  sending = g_new0 (Sending, 1);
  sending->composer = g_object_ref (self);
  sending->conversation = g_object_ref (self->conversation);
  sending->text = g_strdup (g_strchomp (text));
  linnet_spawn_detached ("send", send_fiber, sending, sending_free);

  g_signal_emit (self, signals[SENT], 0);
  gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
}

static void
pause_cb (gpointer user_data)
{
  LinnetComposer *self = user_data;

  self->pause_timeout = 0;
  stop_composing (self);
}

static void
update_placeholder (LinnetComposer *self)
{
  gboolean empty = gtk_text_buffer_get_char_count (self->buffer) == 0;

  gtk_widget_set_visible (GTK_WIDGET (self->placeholder), empty && !self->preediting);
}

/* Where a long word breaks there is no "-" in what is sent. */
static void
hide_hyphens (LinnetComposer *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_apply_tag (self->buffer, self->no_hyphens, &start, &end);
}

static void
changed_cb (LinnetComposer *self)
{
  g_autofree char *text = dup_text (self);
  gboolean blank = is_blank (text);

  g_assert (LINNET_IS_COMPOSER (self));

  update_placeholder (self);
  hide_hyphens (self);
  gtk_widget_set_sensitive (self->send_button, !blank);

  if (self->restoring || self->conversation == NULL)
    return;

  linnet_conversation_set_draft (self->conversation, blank ? NULL : text);

  if (blank)
    {
      stop_composing (self);
      return;
    }

  linnet_conversation_set_composing (self->conversation, TRUE);
  g_clear_handle_id (&self->pause_timeout, g_source_remove);
  self->pause_timeout = g_timeout_add_seconds_once (PAUSE_SECONDS, pause_cb, self);
}

/* How many characters of the first @length bytes of @text are left in @safe, which is @text without some. */
static int
count_left (const char *text, gsize length, const char *safe)
{
  int n = 0;

  for (const char *p = text; p < text + length; p = g_utf8_next_char (p))
    if (g_utf8_get_char (p) == g_utf8_get_char (safe))
      {
        safe = g_utf8_next_char (safe);
        n++;
      }

  return n;
}

/* The field wraps what is pasted, and what was left as a draft. Whether a text can be shown depends on its
 * whole paragraph, so that is what is looked at as it is going to be, with @text from @start to @end. %FALSE:
 * it can be, and nothing has been done. */
static gboolean
replace_safely (LinnetComposer *self, GtkTextIter *start, GtkTextIter *end, const char *text)
{
  g_autofree char *before = NULL, *after = NULL, *whole = NULL, *safe = NULL;
  GtkTextIter first = *start, last = *end;
  int offset;

  gtk_text_iter_set_line_offset (&first, 0);
  if (!gtk_text_iter_ends_line (&last))
    gtk_text_iter_forward_to_line_end (&last);

  before = gtk_text_buffer_get_text (self->buffer, &first, start, TRUE);
  after = gtk_text_buffer_get_text (self->buffer, end, &last, TRUE);
  whole = g_strconcat (before, text, after, NULL);
  safe = linnet_safe_text_dup (GTK_WIDGET (self->text_view), whole);
  if (g_str_equal (safe, whole))
    return FALSE;

  offset = gtk_text_iter_get_offset (&first);
  gtk_text_buffer_delete (self->buffer, &first, &last);
  gtk_text_buffer_insert (self->buffer, &first, safe, -1);
  gtk_text_iter_set_offset (
      &first, offset + count_left (whole, strlen (before) + strlen (text), safe));
  gtk_text_buffer_place_cursor (self->buffer, &first);
  *start = first;
  *end = first;

  return TRUE;
}

static void
insert_text_cb (LinnetComposer *self, GtkTextIter *place, const char *text, int length)
{
  g_autofree char *piece = g_strndup (text, length);

  if (replace_safely (self, place, place, piece))
    g_signal_stop_emission_by_name (self->buffer, "insert-text");
}

static void
delete_range_cb (LinnetComposer *self, GtkTextIter *start, GtkTextIter *end)
{
  if (replace_safely (self, start, end, ""))
    g_signal_stop_emission_by_name (self->buffer, "delete-range");
}

static void
preedit_cb (LinnetComposer *self, const char *preedit)
{
  self->preediting = preedit != NULL && *preedit != '\0';
  update_placeholder (self);
}

static void
emoji_cb (LinnetComposer *self, const char *emoji)
{
  gtk_text_buffer_insert_at_cursor (self->buffer, emoji, -1);
  gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
}

/* Only when it is asked for: it decodes the pictures of all emoji, which takes longer than the start. */
static void
create_emoji_chooser_cb (GtkMenuButton *button,
                         gpointer user_data)
{
  LinnetComposer *self = user_data;
  GtkWidget *chooser;

  g_assert (LINNET_IS_COMPOSER (self));

  if (gtk_menu_button_get_popover (button) != NULL)
    return;

  chooser = gtk_emoji_chooser_new ();
  g_signal_connect_object (chooser, "emoji-picked", G_CALLBACK (emoji_cb), self, G_CONNECT_SWAPPED);
  gtk_menu_button_set_popover (button, chooser);
}

static gboolean
key_pressed_cb (LinnetComposer *self, guint keyval, guint keycode, GdkModifierType state)
{
  gboolean shift = (state & GDK_SHIFT_MASK) != 0;
  gboolean control = (state & GDK_CONTROL_MASK) != 0;
  gboolean enter_sends;

  if (keyval != GDK_KEY_Return && keyval != GDK_KEY_KP_Enter && keyval != GDK_KEY_ISO_Enter)
    return GDK_EVENT_PROPAGATE;

  /* The key belongs to the input method while it composes. */
  if (self->preediting)
    return GDK_EVENT_PROPAGATE;

  enter_sends = self->settings == NULL || g_settings_get_boolean (self->settings, "send-with-enter");
  if (!control && (shift || !enter_sends))
    return GDK_EVENT_PROPAGATE;

  send_cb (self);

  return GDK_EVENT_STOP;
}

static gboolean
linnet_composer_grab_focus (GtkWidget *widget)
{
  LinnetComposer *self = LINNET_COMPOSER (widget);

  return gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
}

/* Not the composer itself: that would be the field, which the focus could never leave backwards. */
static gboolean
linnet_composer_focus (GtkWidget *widget, GtkDirectionType direction)
{
  return gtk_widget_child_focus (LINNET_COMPOSER (widget)->box, direction);
}

static void
linnet_composer_dispose (GObject *object)
{
  LinnetComposer *self = LINNET_COMPOSER (object);

  g_clear_handle_id (&self->pause_timeout, g_source_remove);
  g_clear_object (&self->conversation);
  g_clear_object (&self->settings);
  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_COMPOSER);

  G_OBJECT_CLASS (linnet_composer_parent_class)->dispose (object);
}

static void
linnet_composer_class_init (LinnetComposerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = linnet_composer_dispose;
  widget_class->focus = linnet_composer_focus;
  widget_class->grab_focus = linnet_composer_grab_focus;

  signals[SENT] = g_signal_new (
      "sent", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-composer.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetComposer, box);
  gtk_widget_class_bind_template_child (widget_class, LinnetComposer, notice_revealer);
  gtk_widget_class_bind_template_child (widget_class, LinnetComposer, notice);
  gtk_widget_class_bind_template_child (widget_class, LinnetComposer, scroller);
  gtk_widget_class_bind_template_child (widget_class, LinnetComposer, text_view);
  gtk_widget_class_bind_template_child (widget_class, LinnetComposer, buffer);
  gtk_widget_class_bind_template_child (widget_class, LinnetComposer, placeholder);
  gtk_widget_class_bind_template_child (widget_class, LinnetComposer, emoji_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetComposer, send_button);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_notice_cb);
  gtk_widget_class_bind_template_callback (widget_class, delete_range_cb);
  gtk_widget_class_bind_template_callback (widget_class, insert_text_cb);
  gtk_widget_class_bind_template_callback (widget_class, preedit_cb);
  gtk_widget_class_bind_template_callback (widget_class, send_cb);
}

static void
linnet_composer_init (LinnetComposer *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->no_hyphens = gtk_text_buffer_create_tag (self->buffer, NULL, "insert-hyphens", FALSE, NULL);
  gtk_menu_button_set_create_popup_func (self->emoji_button, create_emoji_chooser_cb, self, NULL);

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->text_view), keys);
}

void
linnet_composer_set_settings (LinnetComposer *self, GSettings *settings)
{
  g_return_if_fail (LINNET_IS_COMPOSER (self));

  g_set_object (&self->settings, settings);
}

/**
 * linnet_composer_set_conversation:
 * @conversation: (nullable): whom to write to
 *
 * What stands in the field stays with the former conversation as its draft.
 */
void
linnet_composer_set_conversation (LinnetComposer *self, LinnetConversation *conversation)
{
  g_return_if_fail (LINNET_IS_COMPOSER (self));

  if (self->conversation == conversation)
    return;

  stop_composing (self);
  close_notice_cb (self);
  g_set_object (&self->conversation, conversation);
  set_text (self, conversation != NULL ? linnet_conversation_get_draft (conversation) : NULL);
}

gboolean
linnet_composer_take_key (LinnetComposer *self, GtkEventController *controller)
{
  g_return_val_if_fail (LINNET_IS_COMPOSER (self), FALSE);

  gtk_widget_grab_focus (GTK_WIDGET (self->text_view));

  return gtk_event_controller_key_forward (GTK_EVENT_CONTROLLER_KEY (controller),
                                           GTK_WIDGET (self->text_view));
}
