/* Going on without a window, and starting without one
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-background"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-alert.h"
#include "linnet-autostart.h"
#include "linnet-background-portal.h"
#include "linnet-background.h"
#include "linnet-dialog.h"
#include "linnet-spawn.h"

#define KEY_RUN "run-in-background"
#define KEY_START "start-at-login"

/* The values of the setting, by the numbers that its schema gives them. */
typedef enum
{
  CHOICE_ASK,
  CHOICE_YES,
  CHOICE_NO,
} Choice;

/* Keeps the application alive without its window, and has it started at login, if the person wants that and
 * the desktop lets it. */
struct _LinnetBackground
{
  GObject parent_instance;

  GtkApplication *application; /* borrowed: owns this object */
  LinnetAccountManager *manager;
  GSettings *settings;
  char **command;              /* to start with at login */
  DexCancellable *cancellable; /* of the questions under way */
  guint held : 1;              /* the application goes on without a window */
  guint allowed : 1;           /* by the desktop, as long as this program runs */
  guint asking : 1;
  guint arranging : 1; /* what happens at login */
  guint arranged : 1;  /* to start then */
  guint quitting : 1;
};

G_DEFINE_FINAL_TYPE (LinnetBackground, linnet_background, G_TYPE_OBJECT)

static Choice
get_choice (LinnetBackground *self)
{
  /* Without an account nothing can arrive. */
  if (self->quitting || g_list_model_get_n_items (G_LIST_MODEL (self->manager)) == 0)
    return CHOICE_NO;

  return g_settings_get_enum (self->settings, KEY_RUN);
}

/* What starts at login has no window, and so ends where it may not go on without one. */
static gboolean
wants_start (LinnetBackground *self)
{
  return g_settings_get_enum (self->settings, KEY_RUN) == CHOICE_YES &&
         g_settings_get_boolean (self->settings, KEY_START);
}

static void
set_held (LinnetBackground *self, gboolean held)
{
  if (self->held == !!held)
    return;

  self->held = !!held;
  if (held)
    g_application_hold (G_APPLICATION (self->application));
  else
    g_application_release (G_APPLICATION (self->application));
}

static void
window_added_cb (LinnetBackground *self)
{
  g_assert (LINNET_IS_BACKGROUND (self));

  set_held (self, FALSE);
}

typedef struct
{
  LinnetBackground *background;
  GtkWindow *window;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  question->background->asking = FALSE;
  g_object_unref (question->background);
  g_object_unref (question->window);
  g_free (question);
}

/* On a fiber. Enter is the answer that gives nothing away, Escape none at all. */
static Choice
ask_person (GtkWindow *window)
{
  AdwAlertDialog *dialog =
      linnet_alert_new (_ ("Keep Linnet Running?"),
                        _ ("Linnet can go on receiving messages, and notify you of them, after you close its "
                           "window. You can change this in the preferences at any time."));
  g_autofree char *answer = NULL;

  adw_alert_dialog_add_responses (dialog, "quit", _ ("Quit"), "keep", _ ("Keep Running"), NULL);
  adw_alert_dialog_set_default_response (dialog, "quit");
  adw_alert_dialog_set_close_response (dialog, "cancel");
  answer = dex_await_string (linnet_alert_choose (dialog, GTK_WIDGET (window)), NULL);

  if (g_strcmp0 (answer, "keep") == 0)
    return CHOICE_YES;

  return g_strcmp0 (answer, "quit") == 0 ? CHOICE_NO : CHOICE_ASK;
}

static gboolean
is_in_sandbox (void)
{
  return g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);
}

/* On a fiber. Only in a sandbox does the desktop end programs that have no window and no leave. Arranges
 * for what happens at login as well: the portal knows no other way. */
static LinnetBackgroundLeave
ask_desktop (LinnetBackground *self, gboolean start)
{
  GApplication *application = G_APPLICATION (self->application);
  GDBusConnection *connection = g_application_get_dbus_connection (application);
  const char *const *command = start ? (const char *const *) self->command : NULL;
  g_autoptr (GError) error = NULL;
  LinnetBackgroundLeave leave;

  if (is_in_sandbox () && connection != NULL)
    leave = dex_await_uint (linnet_background_portal_request (
                                connection, _ ("Receive messages and notify you of them"), command),
                            &error);
  else
    leave = LINNET_BACKGROUND_LEAVE_RUN |
            (linnet_autostart_set (g_application_get_application_id (application), command, &error)
                 ? LINNET_BACKGROUND_LEAVE_START
                 : LINNET_BACKGROUND_LEAVE_NONE);

  if (error != NULL)
    g_message ("Leave to run without a window, or to start at login, was not got: %s", error->message);

  return leave;
}

static void
tell_no_start (GtkWindow *window)
{
  AdwAlertDialog *dialog;

  if (window == NULL)
    return;

  dialog = linnet_alert_new (_ ("Cannot Start at Login"),
                             _ ("Your system does not let Linnet start by itself. Allow it in the settings "
                                "of your system, then switch it on again in the preferences."));
  adw_alert_dialog_add_response (dialog, "close", _ ("Close"));
  linnet_dialog_present (ADW_DIALOG (dialog), GTK_WIDGET (window));
}

/* On a fiber. What was chosen may change while the desktop is asked. */
static DexFuture *
arrange_fiber (gpointer data)
{
  LinnetBackground *self = data;

  while (self->arranged != wants_start (self))
    {
      gboolean start = !self->arranged;
      LinnetBackgroundLeave leave = ask_desktop (self, start);

      self->arranged = start;
      if (start && (leave & LINNET_BACKGROUND_LEAVE_START) == 0)
        {
          self->arranged = FALSE;
          g_settings_set_boolean (self->settings, KEY_START, FALSE);
          tell_no_start (gtk_application_get_active_window (self->application));
        }
    }

  return NULL;
}

static void
arranged_cb (gpointer data)
{
  LinnetBackground *self = data;

  self->arranging = FALSE;
  g_object_unref (self);
}

/* The settings can change, and the last account go, without a window. */
static void
reconsider_cb (LinnetBackground *self)
{
  g_assert (LINNET_IS_BACKGROUND (self));

  if (get_choice (self) != CHOICE_YES)
    set_held (self, FALSE);

  if (self->arranging || self->arranged == wants_start (self))
    return;

  self->arranging = TRUE;
  linnet_spawn_detached ("background-arrange", arrange_fiber, g_object_ref (self), arranged_cb);
}

/* On a fiber. */
static void
tell_denied (GtkWindow *window)
{
  AdwAlertDialog *dialog =
      linnet_alert_new (_ ("Linnet Has to Quit"),
                        _ ("Your system does not let Linnet run without a window. Allow it in the settings "
                           "of your system, then switch it on again in the preferences."));

  adw_alert_dialog_add_response (dialog, "quit", _ ("Quit"));
  adw_alert_dialog_set_close_response (dialog, "quit");
  linnet_alert_confirm (dialog, GTK_WIDGET (window), "quit");
}

static DexFuture *
question_fiber (gpointer data)
{
  Question *question = data;
  LinnetBackground *self = question->background;
  Choice choice = get_choice (self);

  if (choice == CHOICE_ASK)
    {
      choice = ask_person (question->window);
      if (choice == CHOICE_ASK)
        return NULL;
      g_settings_set_enum (self->settings, KEY_RUN, choice);
    }

  if (choice == CHOICE_YES)
    {
      self->allowed = (ask_desktop (self, wants_start (self)) & LINNET_BACKGROUND_LEAVE_RUN) != 0;
      if (!self->allowed && !self->quitting)
        {
          tell_denied (question->window);
          g_settings_set_enum (self->settings, KEY_RUN, CHOICE_NO);
        }
    }

  /* Quit may have been faster than the answer. */
  if (!self->quitting)
    gtk_window_close (question->window);

  return NULL;
}

static DexFuture *
start_fiber (gpointer data)
{
  LinnetBackground *self = data;

  self->allowed = (ask_desktop (self, wants_start (self)) & LINNET_BACKGROUND_LEAVE_RUN) != 0;
  if (!self->allowed)
    set_held (self, FALSE);

  return NULL;
}

static void
linnet_background_finalize (GObject *object)
{
  LinnetBackground *self = LINNET_BACKGROUND (object);

  dex_clear (&self->cancellable);
  g_clear_pointer (&self->command, g_strfreev);
  g_clear_object (&self->settings);
  g_clear_object (&self->manager);

  G_OBJECT_CLASS (linnet_background_parent_class)->finalize (object);
}

static void
linnet_background_class_init (LinnetBackgroundClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_background_finalize;
}

static void
linnet_background_init (LinnetBackground *self)
{
  self->cancellable = dex_cancellable_new ();
}

/**
 * linnet_background_new:
 * @application: what owns the new object
 * @command: what starts the program without a window
 */
LinnetBackground *
linnet_background_new (GtkApplication *application,
                       LinnetAccountManager *manager,
                       GSettings *settings,
                       const char *const *command)
{
  LinnetBackground *self;

  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (LINNET_IS_ACCOUNT_MANAGER (manager), NULL);
  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (command != NULL, NULL);

  self = g_object_new (LINNET_TYPE_BACKGROUND, NULL);
  self->application = application;
  self->manager = g_object_ref (manager);
  self->settings = g_object_ref (settings);
  self->command = g_strdupv ((char **) command);

  /* It may have been switched off in the desktop's own settings; the portal does not tell. */
  if (!is_in_sandbox () && wants_start (self) &&
      !linnet_autostart_get (g_application_get_application_id (G_APPLICATION (application))))
    g_settings_set_boolean (settings, KEY_START, FALSE);
  self->arranged = wants_start (self);

  g_signal_connect_object (
      application, "window-added", G_CALLBACK (window_added_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
      settings, "changed::" KEY_RUN, G_CALLBACK (reconsider_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
      settings, "changed::" KEY_START, G_CALLBACK (reconsider_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "items-changed", G_CALLBACK (reconsider_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * linnet_background_start:
 *
 * Decides, when the accounts are known, whether a program that was started without a window goes on so.
 */
void
linnet_background_start (LinnetBackground *self)
{
  g_return_if_fail (LINNET_IS_BACKGROUND (self));

  if (get_choice (self) != CHOICE_YES || gtk_application_get_windows (self->application) != NULL)
    return;

  set_held (self, TRUE);
  linnet_spawn_detached ("background-start", start_fiber, g_object_ref (self), g_object_unref);
}

/**
 * linnet_background_close_request:
 * @window: the application's only window, which is about to be closed
 *
 * Decides whether the program goes on without @window. If it has to ask for that first, it closes @window
 * once more when there is an answer.
 *
 * Returns: whether @window has to stay for now
 */
gboolean
linnet_background_close_request (LinnetBackground *self, GtkWindow *window)
{
  Choice choice;
  Question *question;

  g_return_val_if_fail (LINNET_IS_BACKGROUND (self), FALSE);
  g_return_val_if_fail (GTK_IS_WINDOW (window), FALSE);

  choice = get_choice (self);
  set_held (self, choice == CHOICE_YES && self->allowed);
  if (self->held || choice == CHOICE_NO)
    return FALSE;

  if (!self->asking)
    {
      self->asking = TRUE;
      question = g_new0 (Question, 1);
      question->background = g_object_ref (self);
      question->window = g_object_ref (window);
      dex_future_disown (
          dex_future_first (linnet_spawn ("background-question", question_fiber, question, question_free),
                            dex_ref (DEX_FUTURE (self->cancellable)),
                            NULL));
    }

  return TRUE;
}

/**
 * linnet_background_quit:
 *
 * From now on windows close without a question, and the program ends with the last of them.
 */
void
linnet_background_quit (LinnetBackground *self)
{
  g_return_if_fail (LINNET_IS_BACKGROUND (self));

  self->quitting = TRUE;
  dex_cancellable_cancel (self->cancellable);
  set_held (self, FALSE);
}
