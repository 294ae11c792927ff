/* One line of the chat list
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-chat-row"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account.h"
#include "linnet-avatar.h"
#include "linnet-chat-row.h"
#include "linnet-format.h"
#include "linnet-text-meta.h"

struct _LinnetChatRow
{
  GtkWidget parent_instance;

  GtkWidget *box;
  LinnetAvatar *avatar;
  GtkLabel *name;
  GtkLabel *account;
  GtkImage *pin;
  GtkLabel *time;
  GtkImage *tick;
  GtkLabel *preview;
  GtkLabel *badge;

  GListModel *accounts;
  LinnetConversation *conversation;
  GSignalGroup *signals;
};

G_DEFINE_FINAL_TYPE (LinnetChatRow, linnet_chat_row, GTK_TYPE_WIDGET)

enum
{
  DESCRIPTION_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_css_class (gpointer widget, const char *name, gboolean set)
{
  if (set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static const char *
tick_icon (LinnetMessageState state)
{
  switch (state)
    {
    case LINNET_MESSAGE_QUEUED:
      return "linnet-clock-symbolic";
    case LINNET_MESSAGE_SENT:
      return "linnet-tick-symbolic";
    case LINNET_MESSAGE_DELIVERED:
    case LINNET_MESSAGE_READ:
      return "linnet-double-tick-symbolic";
    case LINNET_MESSAGE_FAILED:
      return "dialog-warning-symbolic";
    case LINNET_MESSAGE_RECEIVED:
    default:
      return NULL;
    }
}

/* Typing comes before a draft, a draft before the last message: what a person would act on first. */
static char *
dup_preview (LinnetChatRow *self, gboolean *accent, const char **icon)
{
  const char *draft = linnet_conversation_get_draft (self->conversation);
  const char *preview = linnet_conversation_get_preview (self->conversation);

  *accent = TRUE;
  *icon = NULL;

  if (linnet_conversation_get_typing (self->conversation))
    return g_strdup (_ ("typing…"));

  if (linnet_conversation_get_asks_presence (self->conversation) && preview == NULL)
    return g_strdup (_ ("Wants to be your contact"));

  if (draft != NULL && *draft != '\0')
    /* Translators: %s is the beginning of a message that has not been sent */
    return g_strdup_printf (_ ("Draft: %s"), draft);

  *accent = FALSE;
  if (preview == NULL)
    return g_strdup ("");

  if (!linnet_conversation_get_preview_outgoing (self->conversation))
    return g_strdup (preview);

  *icon = tick_icon (linnet_conversation_get_preview_state (self->conversation));

  /* Translators: %s is a message that you have sent */
  return g_strdup_printf (_ ("You: %s"), preview);
}

static void
update_preview (LinnetChatRow *self)
{
  guint unread = linnet_conversation_get_unread_count (self->conversation);
  gboolean request = linnet_conversation_get_is_request (self->conversation);
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  g_autofree char *count = NULL;
  const char *icon;
  gboolean accent;

  text = dup_preview (self, &accent, &icon);
  line = linnet_format_one_line (text, 160);
  count = request ? g_strdup (C_ ("badge", "New")) : g_strdup_printf (unread > 999 ? "999+" : "%u", unread);

  gtk_label_set_label (self->preview, line);
  set_css_class (self->preview, "accent", accent);
  set_css_class (self->preview, "unread", unread > 0);

  gtk_image_set_from_icon_name (self->tick, icon);
  gtk_widget_set_visible (GTK_WIDGET (self->tick), icon != NULL);
  set_css_class (self->tick,
                 "accent",
                 icon != NULL &&
                     linnet_conversation_get_preview_state (self->conversation) == LINNET_MESSAGE_READ);

  gtk_label_set_label (self->badge, count);
  gtk_widget_set_visible (GTK_WIDGET (self->badge), unread > 0 || request);
  set_css_class (self->time, "unread", unread > 0);
}

/* Chats of the first account, which most people only have, say nothing of it. */
static LinnetAccount *
get_further_account (LinnetChatRow *self)
{
  LinnetAccount *account = linnet_conversation_get_account (self->conversation);
  g_autoptr (LinnetAccount) first = g_list_model_get_item (self->accounts, 0);

  return account != first ? account : NULL;
}

static void
update_account (LinnetChatRow *self)
{
  LinnetAccount *account = get_further_account (self);

  gtk_label_set_label (self->account, account != NULL ? linnet_account_get_address (account) : "");
  gtk_widget_set_visible (GTK_WIDGET (self->account), account != NULL);
}

static void
update_cb (LinnetChatRow *self)
{
  g_autofree char *time = NULL;

  g_assert (LINNET_IS_CHAT_ROW (self));

  if (self->conversation == NULL)
    return;

  time = linnet_format_list_time (linnet_conversation_get_last_time (self->conversation));
  gtk_label_set_label (self->name, linnet_conversation_get_title (self->conversation));
  gtk_label_set_label (self->time, time);
  gtk_widget_set_visible (GTK_WIDGET (self->pin), linnet_conversation_get_pinned (self->conversation));
  update_account (self);
  update_preview (self);

  g_signal_emit (self, signals[DESCRIPTION_CHANGED], 0);
}

static void
linnet_chat_row_dispose (GObject *object)
{
  LinnetChatRow *self = LINNET_CHAT_ROW (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->conversation);
  g_clear_object (&self->accounts);
  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_CHAT_ROW);

  G_OBJECT_CLASS (linnet_chat_row_parent_class)->dispose (object);
}

static void
linnet_chat_row_class_init (LinnetChatRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = linnet_chat_row_dispose;

  signals[DESCRIPTION_CHANGED] = g_signal_new ("description-changed",
                                               G_TYPE_FROM_CLASS (klass),
                                               G_SIGNAL_RUN_LAST,
                                               0,
                                               NULL,
                                               NULL,
                                               NULL,
                                               G_TYPE_NONE,
                                               0);

  g_type_ensure (LINNET_TYPE_AVATAR);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-chat-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetChatRow, box);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatRow, name);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatRow, account);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatRow, pin);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatRow, time);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatRow, tick);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatRow, preview);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatRow, badge);
}

static void
linnet_chat_row_init (LinnetChatRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->signals = g_signal_group_new (LINNET_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->signals, "notify", G_CALLBACK (update_cb), self);
}

/**
 * linnet_chat_row_new:
 * @accounts: all accounts
 *
 * Returns: (transfer floating): a row without conversation
 */
GtkWidget *
linnet_chat_row_new (GListModel *accounts)
{
  LinnetChatRow *self;

  g_return_val_if_fail (G_IS_LIST_MODEL (accounts), NULL);

  self = g_object_new (LINNET_TYPE_CHAT_ROW, NULL);
  self->accounts = g_object_ref (accounts);
  g_signal_connect_object (accounts, "items-changed", G_CALLBACK (update_cb), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

void
linnet_chat_row_set_conversation (LinnetChatRow *self, LinnetConversation *conversation)
{
  g_return_if_fail (LINNET_IS_CHAT_ROW (self));

  if (!g_set_object (&self->conversation, conversation))
    return;

  g_signal_group_set_target (self->signals, conversation);
  linnet_avatar_set_contact (self->avatar,
                             conversation ? linnet_conversation_get_contact (conversation) : NULL);
  update_cb (self);
}

/**
 * linnet_chat_row_get_conversation:
 *
 * Returns: (transfer none) (nullable): what the row shows
 */
LinnetConversation *
linnet_chat_row_get_conversation (LinnetChatRow *self)
{
  g_return_val_if_fail (LINNET_IS_CHAT_ROW (self), NULL);

  return self->conversation;
}

/**
 * linnet_chat_row_dup_description:
 *
 * Returns: (transfer full): what a screen reader says after the name: unread messages, time, preview, state,
 * account
 */
static void
add_part (GString *text, const char *part)
{
  if (*part == '\0')
    return;

  if (text->len > 0)
    g_string_append (text, ", ");
  g_string_append (text, part);
}

char *
linnet_chat_row_dup_description (LinnetChatRow *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  LinnetAccount *account;
  guint unread;

  g_return_val_if_fail (LINNET_IS_CHAT_ROW (self), NULL);

  if (self->conversation == NULL)
    return g_strdup ("");

  unread = linnet_conversation_get_unread_count (self->conversation);
  if (unread > 0)
    g_string_append_printf (text, ngettext ("%u unread message", "%u unread messages", unread), unread);

  add_part (text, gtk_label_get_label (self->time));
  add_part (text, gtk_label_get_label (self->preview));

  if (gtk_widget_get_visible (GTK_WIDGET (self->tick)))
    {
      LinnetMessageState state = linnet_conversation_get_preview_state (self->conversation);

      add_part (text, linnet_text_meta_get_state_name (state));
    }

  account = get_further_account (self);
  if (account != NULL)
    {
      g_autofree char *identity = linnet_format_identity (linnet_account_get_address (account));

      add_part (text, identity);
    }

  return g_string_free_and_steal (g_steal_pointer (&text));
}
