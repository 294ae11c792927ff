/* The application: one profile, its model, its window
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-application"

#include "config.h"

#include <errno.h>

#include <glib/gi18n.h>
/* g_keyfile_settings_backend_new() asks for this acknowledgement. */
#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gsettingsbackend.h>

#include "linnet-account.h"
#include "linnet-alert.h"
#include "linnet-application.h"
#include "linnet-background.h"
#include "linnet-dialog.h"
#include "linnet-error.h"
#include "linnet-notifications.h"
#include "linnet-shortcuts.h"
#include "linnet-spawn.h"
#include "linnet-window.h"

#define RESOURCE_PATH "/im/linnet/Linnet"

struct _LinnetApplication
{
  AdwApplication parent_instance;

  char *directory;       /* the profile: where the store and, with --profile, the settings are */
  gboolean start_hidden; /* without a window: --background */
  GSettings *settings;
  LinnetAccountManager *manager;
  LinnetNotifications *notifications;
  LinnetBackground *background;
  LinnetConversation *left_open; /* weak: the chat that the closed window showed */
  GPtrArray *untold;             /* GErrors that came while there was no window, one of each kind */
  GError *trouble;               /* why the profile could not be opened */
};

G_DEFINE_FINAL_TYPE (LinnetApplication, linnet_application, ADW_TYPE_APPLICATION)

static void
color_scheme_changed_cb (LinnetApplication *self)
{
  static const AdwColorScheme schemes[] = {
    ADW_COLOR_SCHEME_DEFAULT,
    ADW_COLOR_SCHEME_FORCE_LIGHT,
    ADW_COLOR_SCHEME_FORCE_DARK,
  };
  int choice = g_settings_get_enum (self->settings, "color-scheme");

  g_assert (LINNET_IS_APPLICATION (self));

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      schemes[CLAMP (choice, 0, (int) G_N_ELEMENTS (schemes) - 1)]);
}

static const char *
get_heading (const GError *error)
{
  switch (error->code)
    {
    case LINNET_ERROR_DATABASE_DAMAGED:
    case LINNET_ERROR_DATABASE_SALVAGED:
      return _ ("Damaged Messages");
    case LINNET_ERROR_SET_ASIDE:
      return _ ("Message Put Aside");
    case LINNET_ERROR_SECRETS_LEFT:
      return _ ("Password Still in the Keyring");
    default:
      return _ ("Could Not Save");
    }
}

/* The disk failed in the middle of work: messages wait on the server until it is well again. Or it failed
 * before. */
static void
manager_error_cb (LinnetApplication *self, const GError *error)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  g_assert (LINNET_IS_APPLICATION (self));

  if (window != NULL)
    {
      linnet_alert_show_error (GTK_WIDGET (window), get_heading (error), error, NULL);
      return;
    }

  for (guint i = 0; i < self->untold->len; i++)
    {
      const GError *other = g_ptr_array_index (self->untold, i);

      if (g_error_matches (error, other->domain, other->code))
        return;
    }
  g_ptr_array_add (self->untold, g_error_copy (error));
}

static void
tell_errors (LinnetApplication *self)
{
  g_autoptr (GPtrArray) errors = g_steal_pointer (&self->untold);

  self->untold = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  for (guint i = 0; i < errors->len; i++)
    manager_error_cb (self, g_ptr_array_index (errors, i));
}

static void
watched_cb (LinnetApplication *self, GParamSpec *pspec, LinnetWindow *window)
{
  linnet_notifications_set_watched (self->notifications, linnet_window_get_watched (window));
}

static gboolean
close_request_cb (LinnetApplication *self, LinnetWindow *window)
{
  if (linnet_background_close_request (self->background, GTK_WINDOW (window)))
    return TRUE;

  g_set_weak_pointer (&self->left_open, linnet_window_get_open (window));

  return FALSE;
}

/* Shows the window. If there is none: a new one, with @restore showing the chat that the last one showed. */
static void
present_window (LinnetApplication *self, gboolean restore)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));
  gboolean created = window == NULL;

  if (created)
    {
      window = GTK_WINDOW (linnet_window_new (self));
      g_signal_connect_object (window, "notify::watched", G_CALLBACK (watched_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (
          window, "close-request", G_CALLBACK (close_request_cb), self, G_CONNECT_SWAPPED);
      if (self->trouble != NULL)
        linnet_window_show_trouble (LINNET_WINDOW (window), self->trouble);
      else if (restore && self->left_open != NULL &&
               linnet_conversation_get_account (self->left_open) != NULL)
        linnet_window_open_conversation (LINNET_WINDOW (window), self->left_open);
    }

  gtk_window_present (window);
  if (created)
    tell_errors (self);
}

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetApplication *self = user_data;
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  /* Closed only to keep its size. */
  linnet_background_quit (self->background);
  if (window != NULL)
    gtk_window_close (window);

  g_application_quit (G_APPLICATION (self));
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetApplication *self = user_data;
  AdwDialog *dialog = adw_about_dialog_new ();

  present_window (self, TRUE);
  g_object_set (dialog,
                "application-icon",
                APPLICATION_ID,
                "application-name",
                _ ("Linnet"),
                "developer-name",
                _ ("The Linnet maintainers"),
                "version",
                VERSION,
                "license-type",
                GTK_LICENSE_GPL_3_0,
                "comments",
                _ ("Chat with everyone on the XMPP network"),
                /* Translators: put your own name here, one translator a line */
                "translator-credits",
                _ ("translator-credits"),
                NULL);

  linnet_dialog_present (dialog, GTK_WIDGET (gtk_application_get_active_window (GTK_APPLICATION (self))));
}

typedef struct
{
  LinnetApplication *application;
  LinnetAccount *account;
  char *address;
} OpenChat;

static void
open_chat_free (gpointer data)
{
  OpenChat *chat = data;

  g_clear_object (&chat->application);
  g_clear_object (&chat->account);
  g_free (chat->address);
  g_free (chat);
}

static DexFuture *
open_chat_fiber (gpointer data)
{
  OpenChat *chat = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LinnetConversation) conversation = NULL;
  GtkWindow *window;

  conversation = dex_await_object (linnet_account_open_conversation (chat->account, chat->address), &error);
  window = gtk_application_get_active_window (GTK_APPLICATION (chat->application));

  if (window == NULL)
    return NULL;

  if (conversation != NULL)
    linnet_window_open_conversation (LINNET_WINDOW (window), conversation);
  else
    linnet_alert_show_error (GTK_WIDGET (window), _ ("Could Not Open the Chat"), error, NULL);

  return NULL;
}

static void
open_chat_action (GSimpleAction *action,
                  GVariant *parameter,
                  gpointer user_data)
{
  LinnetApplication *self = user_data;
  const char *account_address, *address;
  LinnetAccount *account;
  OpenChat *chat;

  g_variant_get (parameter, "(&s&s)", &account_address, &address);
  /* Not first the chat that was open: nobody asked to read that. */
  present_window (self, FALSE);

  account = linnet_account_manager_find_account (self->manager, account_address);
  if (account == NULL)
    return;

  chat = g_new0 (OpenChat, 1);
  chat->application = g_object_ref (self);
  chat->account = g_object_ref (account);
  chat->address = g_strdup (address);
  linnet_spawn_detached ("open-chat", open_chat_fiber, chat, open_chat_free);
}

static void
mark_read_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetApplication *self = user_data;
  const char *account, *address;
  LinnetConversation *conversation;

  g_variant_get (parameter, "(&s&s)", &account, &address);
  conversation = linnet_account_manager_find_conversation (self->manager, account, address);

  if (conversation != NULL)
    linnet_conversation_mark_read (conversation);
}

static const GActionEntry actions[] = {
  { .name = "about", .activate = about_action },
  { .name = "mark-read", .activate = mark_read_action, .parameter_type = "(ss)" },
  { .name = "open-chat", .activate = open_chat_action, .parameter_type = "(ss)" },
  { .name = "quit", .activate = quit_action },
};

static char *
profile_application_id (const char *directory)
{
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, directory, -1);

  /* Each profile is a program of its own on the bus: its own window, notifications and single instance. */
  return g_strdup_printf (APPLICATION_ID ".Profile_%.12s", digest);
}

static int
linnet_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  LinnetApplication *self = LINNET_APPLICATION (application);
  g_autofree char *profile = NULL;

  if (g_variant_dict_lookup (options, "version", "b", NULL))
    {
      g_print ("Linnet %s\n", VERSION);
      return 0;
    }

  if (g_variant_dict_lookup (options, "profile", "^ay", &profile))
    {
      g_autoptr (GFile) file = g_file_new_for_commandline_arg (profile);
      g_autofree char *id = NULL;

      g_free (self->directory);
      self->directory = g_file_get_path (file);
      id = profile_application_id (self->directory);
      g_application_set_application_id (application, id);
    }

  /* Not shown, and never the reason that one that runs already shows its window. */
  if (g_variant_dict_contains (options, "background"))
    {
      self->start_hidden = TRUE;
      g_application_set_flags (application, g_application_get_flags (application) | G_APPLICATION_IS_SERVICE);
    }

  return -1;
}

static void
linnet_application_load_settings (LinnetApplication *self, gboolean own_backend)
{
  if (own_backend)
    {
      g_autofree char *path = g_build_filename (self->directory, "settings.ini", NULL);
      g_autoptr (GSettingsBackend) backend = NULL;

      /* Without its folder the backend would refuse to be written to. */
      if (g_mkdir_with_parents (self->directory, 0700) != 0)
        g_warning ("Settings cannot be kept in %s: %s", self->directory, g_strerror (errno));

      backend = g_keyfile_settings_backend_new (path, RESOURCE_PATH "/", "Linnet");
      self->settings = g_settings_new_with_backend (APPLICATION_ID, backend);
    }
  else
    {
      self->settings = g_settings_new (APPLICATION_ID);
    }

  g_signal_connect_object (
      self->settings, "changed::color-scheme", G_CALLBACK (color_scheme_changed_cb), self, G_CONNECT_SWAPPED);
  color_scheme_changed_cb (self);
}

static DexFuture *
load_fiber (gpointer data)
{
  LinnetApplication *self = data;

  if (!dex_await (linnet_account_manager_load (self->manager), &self->trouble))
    {
      GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

      if (window != NULL)
        linnet_window_show_trouble (LINNET_WINDOW (window), self->trouble);
    }

  if (self->start_hidden)
    {
      linnet_background_start (self->background);
      g_application_release (G_APPLICATION (self));
    }

  return NULL;
}

/* @own_profile: whether the profile is not the usual one, and has to be named */
static LinnetBackground *
create_background (LinnetApplication *self, gboolean own_profile)
{
  const char *const usual[] = { "linnet", "--background", NULL };
  const char *const own[] = { "linnet", "--background", "--profile", self->directory, NULL };

  return linnet_background_new (
      GTK_APPLICATION (self), self->manager, self->settings, own_profile ? own : usual);
}

static void
linnet_application_startup (GApplication *application)
{
  LinnetApplication *self = LINNET_APPLICATION (application);
  gboolean own_profile = self->directory != NULL;

  G_APPLICATION_CLASS (linnet_application_parent_class)->startup (application);

  if (self->directory == NULL)
    self->directory = g_build_filename (g_get_user_data_dir (), "linnet", NULL);

  gtk_window_set_default_icon_name (APPLICATION_ID);
  /* Going through a page by keys would mark each text that can be copied, and leave it so. */
  g_object_set (gtk_settings_get_default (), "gtk-label-select-on-focus", FALSE, NULL);
  linnet_application_load_settings (self, own_profile);

  self->manager = linnet_account_manager_new (self->directory);
  g_settings_bind (self->settings, "send-typing", self->manager, "send-typing", G_SETTINGS_BIND_GET);
  g_settings_bind (self->settings, "send-receipts", self->manager, "send-receipts", G_SETTINGS_BIND_GET);
  g_settings_bind (self->settings, "send-read", self->manager, "send-read", G_SETTINGS_BIND_GET);
  g_settings_bind (self->settings, "contacts-only", self->manager, "contacts-only", G_SETTINGS_BIND_GET);

  g_signal_connect_object (self->manager, "error", G_CALLBACK (manager_error_cb), self, G_CONNECT_SWAPPED);
  self->notifications = linnet_notifications_new (application, self->manager, self->settings);
  self->background = create_background (self, own_profile);

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  linnet_shortcuts_register (GTK_APPLICATION (self));
  if (self->start_hidden)
    g_application_hold (application);
  linnet_spawn_detached ("load", load_fiber, g_object_ref (self), g_object_unref);
}

static void
linnet_application_activate (GApplication *application)
{
  present_window (LINNET_APPLICATION (application), TRUE);
}

/* xmpp: links and files of backups, from a browser, a file manager or the command line; each is only asked
 * about. */
static void
linnet_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  GtkWindow *window;

  linnet_application_activate (application);
  window = gtk_application_get_active_window (GTK_APPLICATION (application));

  for (int i = 0; window != NULL && i < n_files; i++)
    {
      g_autofree char *uri = g_file_get_uri (files[i]);

      if (g_file_is_native (files[i]))
        g_action_group_activate_action (
            G_ACTION_GROUP (window), "restore-backup-file", g_variant_new_string (uri));
      else
        linnet_window_open_link (LINNET_WINDOW (window), uri);
    }
}

static void
linnet_application_shutdown (GApplication *application)
{
  LinnetApplication *self = LINNET_APPLICATION (application);

  if (self->manager != NULL)
    {
      g_autoptr (DexFuture) closed = linnet_account_manager_shutdown (self->manager);

      /* The main loop has returned: turn it by hand until every stream said goodbye (at most 2 s). */
      while (dex_future_is_pending (closed))
        g_main_context_iteration (NULL, TRUE);
    }

  G_APPLICATION_CLASS (linnet_application_parent_class)->shutdown (application);
}

static void
linnet_application_finalize (GObject *object)
{
  LinnetApplication *self = LINNET_APPLICATION (object);

  g_clear_error (&self->trouble);
  g_clear_pointer (&self->untold, g_ptr_array_unref);
  g_clear_weak_pointer (&self->left_open);
  g_clear_object (&self->background);
  g_clear_object (&self->notifications);
  g_clear_object (&self->manager);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->directory, g_free);

  G_OBJECT_CLASS (linnet_application_parent_class)->finalize (object);
}

static void
linnet_application_class_init (LinnetApplicationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  object_class->finalize = linnet_application_finalize;
  application_class->activate = linnet_application_activate;
  application_class->handle_local_options = linnet_application_handle_local_options;
  application_class->open = linnet_application_open;
  application_class->shutdown = linnet_application_shutdown;
  application_class->startup = linnet_application_startup;
}

static void
linnet_application_init (LinnetApplication *self)
{
  static const GOptionEntry options[] = {
    { "profile",
      'p',
      0,
      G_OPTION_ARG_FILENAME,
      NULL,
      N_ ("Keep accounts, messages and settings in this folder"),
      N_ ("FOLDER") },
    { "background",
      0,
      0,
      G_OPTION_ARG_NONE,
      NULL,
      N_ ("Start without a window, to receive messages"),
      NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the version and quit"), NULL },
    { NULL }
  };

  self->untold = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

LinnetApplication *
linnet_application_new (void)
{
  return g_object_new (LINNET_TYPE_APPLICATION,
                       "application-id",
                       APPLICATION_ID,
                       "resource-base-path",
                       RESOURCE_PATH,
                       "flags",
                       G_APPLICATION_HANDLES_OPEN,
                       NULL);
}

/**
 * linnet_application_get_manager:
 *
 * Returns: (transfer none): the root of the model
 */
LinnetAccountManager *
linnet_application_get_manager (LinnetApplication *self)
{
  g_return_val_if_fail (LINNET_IS_APPLICATION (self), NULL);

  return self->manager;
}

/**
 * linnet_application_get_settings:
 *
 * Returns: (transfer none): the settings of this profile
 */
GSettings *
linnet_application_get_settings (LinnetApplication *self)
{
  g_return_val_if_fail (LINNET_IS_APPLICATION (self), NULL);

  return self->settings;
}
