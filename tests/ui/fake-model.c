/* Model objects without accounts, servers and stores, for tests of widgets
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fake-model.h"
#include "linnet-error.h"

#define WINDOW 40
#define PAGE 25
#define RUN_USEC (5 * G_TIME_SPAN_MINUTE)

#define DEFINE_ENUM(Name, name)                                                         \
  GType name##_get_type (void)                                                          \
  {                                                                                     \
    static GType type;                                                                  \
    static const GEnumValue values[] = { { 0, #Name, "first" }, { 0, NULL, NULL } };    \
                                                                                        \
    if (g_once_init_enter_pointer (&type))                                              \
      g_once_init_leave_pointer (&type, g_enum_register_static ("Fake" #Name, values)); \
                                                                                        \
    return type;                                                                        \
  }

DEFINE_ENUM (ConnectionState, linnet_connection_state)
DEFINE_ENUM (Show, linnet_show)
DEFINE_ENUM (MessageState, linnet_message_state)

G_DEFINE_QUARK (linnet - error - quark, linnet_error)

char *
linnet_error_to_text (const GError *error,
                      const char *domain)
{
  return g_strdup (error->message);
}

/* Properties are only there to be notified: the widgets read through functions. */
static void
get_property (GObject *object,
              guint prop_id,
              GValue *value,
              GParamSpec *pspec)
{
}

static void
install_properties (gpointer klass,
                    const char *const *names)
{
  G_OBJECT_CLASS (klass)->get_property = get_property;
  for (guint i = 0; names[i] != NULL; i++)
    g_object_class_install_property (
        klass, i + 1, g_param_spec_boolean (names[i], NULL, NULL, FALSE, G_PARAM_READABLE));
}

/* ---- account ---- */

struct _LinnetAccount
{
  GObject parent_instance;
  LinnetConnectionState state;
  guint retry_in;
  guint reconnects;
};

G_DEFINE_FINAL_TYPE (LinnetAccount, linnet_account, G_TYPE_OBJECT)

static void
linnet_account_class_init (LinnetAccountClass *klass)
{
  install_properties (
      klass,
      (const char *const[]) { "state", "error", "retry-in", "show", "display-name", "avatar-file", NULL });
}

static void
linnet_account_init (LinnetAccount *self)
{
  self->state = LINNET_CONNECTION_ONLINE;
}

void
fake_account_set_state (LinnetAccount *self,
                        LinnetConnectionState state,
                        guint retry_in)
{
  self->state = state;
  self->retry_in = retry_in;
  g_object_notify (G_OBJECT (self), "state");
  g_object_notify (G_OBJECT (self), "retry-in");
}

guint
fake_account_get_reconnects (LinnetAccount *self)
{
  return self->reconnects;
}

const char *
linnet_account_get_address (LinnetAccount *self)
{
  return "ana@example.org";
}

const char *
linnet_account_get_display_name (LinnetAccount *self)
{
  return "Ana Horvat";
}

const char *
linnet_account_get_domain (LinnetAccount *self)
{
  return "example.org";
}

GFile *
linnet_account_get_avatar_file (LinnetAccount *self)
{
  return NULL;
}

LinnetConnectionState
linnet_account_get_state (LinnetAccount *self)
{
  return self->state;
}

const GError *
linnet_account_get_error (LinnetAccount *self)
{
  return NULL;
}

guint
linnet_account_get_retry_in (LinnetAccount *self)
{
  return self->retry_in;
}

gboolean
linnet_account_get_enabled (LinnetAccount *self)
{
  return TRUE;
}

LinnetShow
linnet_account_get_show (LinnetAccount *self)
{
  return LINNET_SHOW_ONLINE;
}

gboolean
linnet_account_get_can_block (LinnetAccount *self)
{
  return TRUE;
}

void
linnet_account_reconnect_now (LinnetAccount *self)
{
  self->reconnects++;
}

DexFuture *
linnet_account_set_enabled (LinnetAccount *self,
                            gboolean enabled)
{
  return dex_future_new_true ();
}

/* ---- contact ---- */

struct _LinnetContact
{
  GObject parent_instance;
  LinnetAccount *account;
  char *name;
  char *address;
  LinnetShow show;
  gint64 last_seen;
  GFile *avatar_file;
  gboolean blocked;
  gboolean requests;
};

G_DEFINE_FINAL_TYPE (LinnetContact, linnet_contact, G_TYPE_OBJECT)

static void
linnet_contact_finalize (GObject *object)
{
  LinnetContact *self = LINNET_CONTACT (object);

  g_clear_object (&self->account);
  g_clear_object (&self->avatar_file);
  g_free (self->name);
  g_free (self->address);

  G_OBJECT_CLASS (linnet_contact_parent_class)->finalize (object);
}

static void
linnet_contact_class_init (LinnetContactClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_contact_finalize;
  install_properties (
      klass,
      (const char *const[]) {
          "name", "show", "last-seen", "status-text", "avatar-file", "blocked", "subscription", NULL });
}

static void
linnet_contact_init (LinnetContact *self)
{
  self->show = LINNET_SHOW_ONLINE;
}

void
fake_contact_set_show (LinnetContact *self,
                       LinnetShow show)
{
  self->show = show;
  g_object_notify (G_OBJECT (self), "show");
}

void
fake_contact_set_last_seen (LinnetContact *self,
                            gint64 seconds)
{
  self->last_seen = seconds;
  g_object_notify (G_OBJECT (self), "last-seen");
}

void
fake_contact_set_avatar_file (LinnetContact *self,
                              GFile *file)
{
  g_set_object (&self->avatar_file, file);
  g_object_notify (G_OBJECT (self), "avatar-file");
}

LinnetAccount *
linnet_contact_get_account (LinnetContact *self)
{
  return self->account;
}

const char *
linnet_contact_get_address (LinnetContact *self)
{
  return self->address;
}

const char *
linnet_contact_get_name (LinnetContact *self)
{
  return self->name;
}

LinnetSubscription
linnet_contact_get_subscription (LinnetContact *self)
{
  return self->requests ? LINNET_SUBSCRIPTION_REQUEST : LINNET_SUBSCRIPTION_BOTH;
}

LinnetShow
linnet_contact_get_show (LinnetContact *self)
{
  return self->show;
}

const char *
linnet_contact_get_status_text (LinnetContact *self)
{
  return NULL;
}

gint64
linnet_contact_get_last_seen (LinnetContact *self)
{
  return self->last_seen;
}

GFile *
linnet_contact_get_avatar_file (LinnetContact *self)
{
  return self->avatar_file;
}

gboolean
linnet_contact_get_in_roster (LinnetContact *self)
{
  return !self->requests;
}

gboolean
linnet_contact_get_blocked (LinnetContact *self)
{
  return self->blocked;
}

DexFuture *
linnet_contact_set_blocked (LinnetContact *self,
                            gboolean blocked)
{
  self->blocked = blocked;
  g_object_notify (G_OBJECT (self), "blocked");

  return dex_future_new_true ();
}

static DexFuture *
end_request (LinnetContact *self)
{
  self->requests = FALSE;
  g_object_notify (G_OBJECT (self), "subscription");

  return dex_future_new_true ();
}

DexFuture *
linnet_contact_accept_request (LinnetContact *self)
{
  return end_request (self);
}

DexFuture *
linnet_contact_decline_request (LinnetContact *self)
{
  return end_request (self);
}

/* ---- message ---- */

struct _LinnetMessage
{
  GObject parent_instance;
  gint64 id;
  char *body;
  char *sender_name;
  char *error_text;
  gint64 time;
  gboolean outgoing;
  LinnetMessageState state;
  LinnetRunPosition run;
  gboolean starts_day;
  guint unread_below;
};

G_DEFINE_FINAL_TYPE (LinnetMessage, linnet_message, G_TYPE_OBJECT)

static void
linnet_message_finalize (GObject *object)
{
  LinnetMessage *self = LINNET_MESSAGE (object);

  g_free (self->body);
  g_free (self->sender_name);
  g_free (self->error_text);

  G_OBJECT_CLASS (linnet_message_parent_class)->finalize (object);
}

static void
linnet_message_class_init (LinnetMessageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_message_finalize;
  install_properties (
      klass,
      (const char *const[]) { "body", "state", "error-text", "run", "starts-day", "starts-unread", NULL });
}

static void
linnet_message_init (LinnetMessage *self)
{
}

gint64
linnet_message_get_id (LinnetMessage *self)
{
  return self->id;
}

const char *
linnet_message_get_body (LinnetMessage *self)
{
  return self->body;
}

gboolean
linnet_message_get_outgoing (LinnetMessage *self)
{
  return self->outgoing;
}

const char *
linnet_message_get_sender_name (LinnetMessage *self)
{
  return self->sender_name;
}

gint64
linnet_message_get_time (LinnetMessage *self)
{
  return self->time;
}

LinnetMessageState
linnet_message_get_state (LinnetMessage *self)
{
  return self->state;
}

const char *
linnet_message_get_error_text (LinnetMessage *self)
{
  return self->error_text;
}

LinnetRunPosition
linnet_message_get_run (LinnetMessage *self)
{
  return self->run;
}

gboolean
linnet_message_get_starts_day (LinnetMessage *self)
{
  return self->starts_day;
}

gboolean
linnet_message_get_starts_unread (LinnetMessage *self)
{
  return self->unread_below > 0;
}

guint
linnet_message_get_unread_below (LinnetMessage *self)
{
  return self->unread_below;
}

void
fake_message_set_state (LinnetMessage *self,
                        LinnetMessageState state,
                        const char *error_text)
{
  self->state = state;
  g_set_str (&self->error_text, error_text);
  g_object_notify (G_OBJECT (self), "state");
}

void
fake_message_set_body (LinnetMessage *self,
                       const char *body)
{
  g_set_str (&self->body, body);
  g_object_notify (G_OBJECT (self), "body");
}

/* ---- timeline ---- */

struct _LinnetTimeline
{
  GObject parent_instance;
  LinnetConversation *conversation; /* not owned */
  GPtrArray *all;                   /* of LinnetMessage */
  guint start;                      /* the window */
  guint end;
  gboolean loaded;
  LinnetMessage *first_unread;
};

enum
{
  TIMELINE_PROP_0,
  TIMELINE_PROP_AT_END,
  TIMELINE_PROP_FIRST_UNREAD,
};

static GType
timeline_get_item_type (GListModel *model)
{
  return LINNET_TYPE_MESSAGE;
}

static guint
timeline_get_n_items (GListModel *model)
{
  return LINNET_TIMELINE (model)->end - LINNET_TIMELINE (model)->start;
}

static gpointer
timeline_get_item (GListModel *model,
                   guint position)
{
  LinnetTimeline *self = LINNET_TIMELINE (model);

  return position < self->end - self->start
             ? g_object_ref (g_ptr_array_index (self->all, self->start + position))
             : NULL;
}

static void
timeline_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = timeline_get_item_type;
  iface->get_n_items = timeline_get_n_items;
  iface->get_item = timeline_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LinnetTimeline,
                               linnet_timeline,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, timeline_iface_init))

static void
linnet_timeline_finalize (GObject *object)
{
  LinnetTimeline *self = LINNET_TIMELINE (object);

  g_ptr_array_unref (self->all);
  g_clear_object (&self->first_unread);

  G_OBJECT_CLASS (linnet_timeline_parent_class)->finalize (object);
}

static void
linnet_timeline_get_property (GObject *object,
                              guint prop_id,
                              GValue *value,
                              GParamSpec *pspec)
{
  LinnetTimeline *self = LINNET_TIMELINE (object);

  if (prop_id == TIMELINE_PROP_AT_END)
    g_value_set_boolean (value, linnet_timeline_get_at_end (self));
  else
    g_value_set_object (value, self->first_unread);
}

static void
linnet_timeline_class_init (LinnetTimelineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = linnet_timeline_finalize;
  object_class->get_property = linnet_timeline_get_property;
  g_object_class_install_property (object_class,
                                   TIMELINE_PROP_AT_END,
                                   g_param_spec_boolean ("at-end", NULL, NULL, TRUE, G_PARAM_READABLE));
  g_object_class_install_property (
      object_class,
      TIMELINE_PROP_FIRST_UNREAD,
      g_param_spec_object ("first-unread", NULL, NULL, LINNET_TYPE_MESSAGE, G_PARAM_READABLE));
}

static void
linnet_timeline_init (LinnetTimeline *self)
{
  self->all = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
set_window (LinnetTimeline *self,
            guint start,
            guint end)
{
  guint removed = self->end - self->start;
  guint old_start = self->start, old_end = self->end;

  self->start = start;
  self->end = end;

  if (start <= old_start && end == old_end)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, old_start - start);
  else if (start == old_start && end >= old_end)
    g_list_model_items_changed (G_LIST_MODEL (self), removed, 0, end - old_end);
  else if (end == old_end)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, start - old_start, 0);
  else
    g_list_model_items_changed (G_LIST_MODEL (self), 0, removed, end - start);

  g_object_notify (G_OBJECT (self), "at-end");
}

static gboolean
same_day (gint64 a,
          gint64 b)
{
  g_autoptr (GDateTime) x = g_date_time_new_from_unix_local_usec (a);
  g_autoptr (GDateTime) y = g_date_time_new_from_unix_local_usec (b);

  return g_date_time_get_day_of_year (x) == g_date_time_get_day_of_year (y) &&
         g_date_time_get_year (x) == g_date_time_get_year (y);
}

static LinnetMessage *
add_message (LinnetTimeline *self,
             const char *body,
             gboolean outgoing,
             gint64 time)
{
  LinnetMessage *before = self->all->len > 0 ? g_ptr_array_index (self->all, self->all->len - 1) : NULL;
  LinnetMessage *message = g_object_new (LINNET_TYPE_MESSAGE, NULL);

  message->id = self->all->len + 1;
  message->body = g_strdup (body);
  message->outgoing = outgoing;
  message->time = time;
  message->sender_name = g_strdup (outgoing ? "Ana" : linnet_conversation_get_title (self->conversation));
  message->state = outgoing ? LINNET_MESSAGE_READ : LINNET_MESSAGE_RECEIVED;
  message->starts_day = before == NULL || !same_day (before->time, time);

  if (!message->starts_day && before->outgoing == outgoing && time - before->time < RUN_USEC)
    {
      before->run = before->run == LINNET_RUN_ONLY ? LINNET_RUN_FIRST : LINNET_RUN_MIDDLE;
      message->run = LINNET_RUN_LAST;
      g_object_notify (G_OBJECT (before), "run");
    }

  g_ptr_array_add (self->all, message);

  return message;
}

void
fake_timeline_add_many (LinnetTimeline *self,
                        guint n,
                        const char *body,
                        gboolean outgoing,
                        gint64 time)
{
  gboolean at_end = linnet_timeline_get_at_end (self);

  for (guint i = 0; i < n; i++)
    add_message (self, body, outgoing, time);

  if (self->loaded && at_end)
    set_window (self, self->start, self->all->len);
}

LinnetMessage *
fake_timeline_add (LinnetTimeline *self,
                   const char *body,
                   gboolean outgoing,
                   gint64 time)
{
  fake_timeline_add_many (self, 1, body, outgoing, time);

  return g_ptr_array_index (self->all, self->all->len - 1);
}

guint
fake_timeline_get_n_all (LinnetTimeline *self)
{
  return self->all->len;
}

LinnetConversation *
linnet_timeline_get_conversation (LinnetTimeline *self)
{
  return self->conversation;
}

DexFuture *
linnet_timeline_load (LinnetTimeline *self)
{
  guint n = self->all->len;
  guint start = n > WINDOW ? n - WINDOW : 0;

  if (!self->loaded)
    {
      guint unread;

      self->loaded = TRUE;
      if (self->first_unread != NULL && g_ptr_array_find (self->all, self->first_unread, &unread) &&
          unread < start)
        set_window (self, unread > WINDOW / 2 ? unread - WINDOW / 2 : 0, MIN (unread + WINDOW / 2, n));
      else
        set_window (self, start, n);
    }

  return dex_future_new_true ();
}

DexFuture *
linnet_timeline_load_older (LinnetTimeline *self)
{
  set_window (self, self->start > PAGE ? self->start - PAGE : 0, self->end);

  return dex_future_new_true ();
}

DexFuture *
linnet_timeline_load_newer (LinnetTimeline *self)
{
  set_window (self, self->start, MIN (self->end + PAGE, self->all->len));

  return dex_future_new_true ();
}

DexFuture *
linnet_timeline_jump_to_latest (LinnetTimeline *self)
{
  set_window (self, self->all->len > WINDOW ? self->all->len - WINDOW : 0, self->all->len);

  return dex_future_new_true ();
}

void
linnet_timeline_trim (LinnetTimeline *self,
                      guint max)
{
  if (linnet_timeline_get_at_end (self) && self->end - self->start > max)
    set_window (self, self->end - max, self->end);
}

void
linnet_timeline_reset_unread (LinnetTimeline *self)
{
  if (self->first_unread == NULL)
    return;

  self->first_unread->unread_below = 0;
  g_object_notify (G_OBJECT (self->first_unread), "starts-unread");
  g_clear_object (&self->first_unread);
}

gboolean
linnet_timeline_get_at_start (LinnetTimeline *self)
{
  return self->start == 0;
}

gboolean
linnet_timeline_get_at_end (LinnetTimeline *self)
{
  return self->end == self->all->len;
}

gboolean
linnet_timeline_get_loading (LinnetTimeline *self)
{
  return FALSE;
}

/* ---- conversation ---- */

struct _LinnetConversation
{
  GObject parent_instance;
  LinnetAccount *account;
  LinnetContact *contact;
  LinnetTimeline *timeline;
  char *draft;
  char *last_sent;
  guint unread;
  guint retries;
  int send_error;
  gboolean typing;
  gboolean composing;
};

G_DEFINE_FINAL_TYPE (LinnetConversation, linnet_conversation, G_TYPE_OBJECT)

static void
linnet_conversation_finalize (GObject *object)
{
  LinnetConversation *self = LINNET_CONVERSATION (object);

  g_clear_object (&self->account);
  g_clear_object (&self->contact);
  g_clear_object (&self->timeline);
  g_free (self->draft);
  g_free (self->last_sent);

  G_OBJECT_CLASS (linnet_conversation_parent_class)->finalize (object);
}

static void
linnet_conversation_class_init (LinnetConversationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_conversation_finalize;
  install_properties (
      klass,
      (const char *const[]) { "typing", "title", "unread-count", "draft", "is-request", "pinned", NULL });
}

static void
linnet_conversation_init (LinnetConversation *self)
{
  self->send_error = -1;
}

LinnetConversation *
fake_conversation_new (const char *name,
                       const char *address)
{
  LinnetConversation *self = g_object_new (LINNET_TYPE_CONVERSATION, NULL);

  self->account = g_object_new (LINNET_TYPE_ACCOUNT, NULL);
  self->contact = g_object_new (LINNET_TYPE_CONTACT, NULL);
  self->contact->account = g_object_ref (self->account);
  self->contact->name = g_strdup (name);
  self->contact->address = g_strdup (address);
  self->timeline = g_object_new (LINNET_TYPE_TIMELINE, NULL);
  self->timeline->conversation = self;

  return self;
}

void
fake_conversation_set_typing (LinnetConversation *self,
                              gboolean typing)
{
  self->typing = typing;
  g_object_notify (G_OBJECT (self), "typing");
}

void
fake_conversation_set_request (LinnetConversation *self,
                               gboolean request)
{
  self->contact->requests = request;
  g_object_notify (G_OBJECT (self), "is-request");
}

void
fake_conversation_set_send_error (LinnetConversation *self,
                                  int code)
{
  self->send_error = code;
}

const char *
fake_conversation_get_last_sent (LinnetConversation *self)
{
  return self->last_sent;
}

guint
fake_conversation_get_retries (LinnetConversation *self)
{
  return self->retries;
}

void
fake_timeline_set_first_unread (LinnetTimeline *self,
                                LinnetMessage *message,
                                guint unread)
{
  g_set_object (&self->first_unread, message);
  message->unread_below = unread;
  g_object_notify (G_OBJECT (message), "starts-unread");
  self->conversation->unread = unread;
  g_object_notify (G_OBJECT (self->conversation), "unread-count");
}

LinnetAccount *
linnet_conversation_get_account (LinnetConversation *self)
{
  return self->account;
}

LinnetContact *
linnet_conversation_get_contact (LinnetConversation *self)
{
  return self->contact;
}

const char *
linnet_conversation_get_address (LinnetConversation *self)
{
  return self->contact->address;
}

const char *
linnet_conversation_get_title (LinnetConversation *self)
{
  return self->contact->name;
}

guint
linnet_conversation_get_unread_count (LinnetConversation *self)
{
  return self->unread;
}

const char *
linnet_conversation_get_draft (LinnetConversation *self)
{
  return self->draft;
}

gboolean
linnet_conversation_get_typing (LinnetConversation *self)
{
  return self->typing;
}

gboolean
linnet_conversation_get_pinned (LinnetConversation *self)
{
  return FALSE;
}

gboolean
linnet_conversation_get_is_request (LinnetConversation *self)
{
  return self->contact->requests;
}

LinnetTimeline *
linnet_conversation_dup_timeline (LinnetConversation *self)
{
  return g_object_ref (self->timeline);
}

DexFuture *
linnet_conversation_send_text (LinnetConversation *self,
                               const char *text)
{
  if (self->send_error >= 0)
    return dex_future_new_reject (LINNET_ERROR, self->send_error, "This message is too long to send.");

  g_set_str (&self->last_sent, text);

  return dex_future_new_take_object (
      g_object_ref (fake_timeline_add (self->timeline, text, TRUE, g_get_real_time ())));
}

DexFuture *
linnet_conversation_retry (LinnetConversation *self,
                           LinnetMessage *message)
{
  self->retries++;
  fake_message_set_state (message, LINNET_MESSAGE_QUEUED, NULL);

  return dex_future_new_true ();
}

void
linnet_conversation_set_draft (LinnetConversation *self,
                               const char *draft)
{
  if (g_set_str (&self->draft, draft))
    g_object_notify (G_OBJECT (self), "draft");
}

void
linnet_conversation_set_composing (LinnetConversation *self,
                                   gboolean composing)
{
  self->composing = composing;
}

void
linnet_conversation_mark_read (LinnetConversation *self)
{
  self->unread = 0;
  g_object_notify (G_OBJECT (self), "unread-count");
}

DexFuture *
linnet_conversation_set_pinned (LinnetConversation *self,
                                gboolean pinned)
{
  return dex_future_new_true ();
}
