/* Asking the desktop's portal to be allowed to run without a window
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-background-portal"

#include "config.h"

#include "linnet-background-portal.h"
#include "linnet-spawn.h"

#define PORTAL_NAME "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"

typedef struct
{
  GDBusConnection *connection;
  char *reason;
  char **command; /* to be run at login, or NULL */
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_clear_object (&request->connection);
  g_free (request->reason);
  g_strfreev (request->command);
  g_free (request);
}

static void
response_cb (GDBusConnection *connection,
             const char *sender_name,
             const char *object_path,
             const char *interface_name,
             const char *signal_name,
             GVariant *parameters,
             gpointer user_data)
{
  DexPromise *promise = user_data;
  g_autoptr (GVariant) results = NULL;
  guint32 response;
  gboolean background = FALSE;
  gboolean autostart = FALSE;
  LinnetBackgroundLeave leave = LINNET_BACKGROUND_LEAVE_NONE;

  /* More than one answer would be the portal's mistake. */
  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")) ||
      !dex_future_is_pending (DEX_FUTURE (promise)))
    return;

  g_variant_get (parameters, "(u@a{sv})", &response, &results);
  g_variant_lookup (results, "background", "b", &background);
  g_variant_lookup (results, "autostart", "b", &autostart);
  if (response == 0 && background)
    leave |= LINNET_BACKGROUND_LEAVE_RUN;
  if (response == 0 && autostart)
    leave |= LINNET_BACKGROUND_LEAVE_START;
  dex_promise_resolve_uint (promise, leave);
}

/* Where there is no such portal nobody ends a program that has no window. */
static gboolean
means_no_portal (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_INTERFACE) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD);
}

static DexFuture *
call (Request *request, const char *token)
{
  g_auto (GVariantBuilder) options = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  g_variant_builder_add (&options, "{sv}", "reason", g_variant_new_string (request->reason));
  g_variant_builder_add (
      &options, "{sv}", "autostart", g_variant_new_boolean (request->command != NULL));
  if (request->command != NULL)
    g_variant_builder_add (&options,
                           "{sv}",
                           "commandline",
                           g_variant_new_strv ((const char *const *) request->command, -1));

  return dex_dbus_connection_call (request->connection,
                                   PORTAL_NAME,
                                   PORTAL_PATH,
                                   "org.freedesktop.portal.Background",
                                   "RequestBackground",
                                   g_variant_new ("(sa{sv})", "", &options),
                                   G_VARIANT_TYPE ("(o)"),
                                   G_DBUS_CALL_FLAGS_NONE,
                                   -1);
}

static DexFuture *
request_fiber (gpointer data)
{
  Request *request = data;
  g_autoptr (DexPromise) answer = dex_promise_new ();
  g_autoptr (GVariant) handle = NULL;
  GError *error = NULL;
  g_autofree char *sender = g_strdup (g_dbus_connection_get_unique_name (request->connection) + 1);
  /* No secret, answers are taken from the portal alone; but each request's own. */
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *token = g_strconcat ("linnet_", g_strdelimit (id, "-", '_'), NULL);
  g_autofree char *path =
      g_strdup_printf (PORTAL_PATH "/request/%s/%s", g_strdelimit (sender, ".", '_'), token);
  LinnetBackgroundLeave leave = LINNET_BACKGROUND_LEAVE_NONE;
  guint subscription;

  /* Before the call: the answer may come sooner than the call's own end. */
  subscription = g_dbus_connection_signal_subscribe (request->connection,
                                                     PORTAL_NAME,
                                                     "org.freedesktop.portal.Request",
                                                     "Response",
                                                     path,
                                                     NULL,
                                                     G_DBUS_SIGNAL_FLAGS_NONE,
                                                     response_cb,
                                                     dex_ref (answer),
                                                     dex_unref);
  handle = dex_await_variant (call (request, token), &error);
  if (handle != NULL)
    leave = dex_await_uint (dex_ref (DEX_FUTURE (answer)), &error);
  g_dbus_connection_signal_unsubscribe (request->connection, subscription);

  if (error != NULL && means_no_portal (error))
    {
      g_clear_error (&error);
      leave = LINNET_BACKGROUND_LEAVE_RUN;
    }

  return error != NULL ? dex_future_new_for_error (error) : dex_future_new_for_uint (leave);
}

/**
 * linnet_background_portal_request:
 * @connection: to a session bus
 * @reason: what for, in the person's language
 * @command: (nullable): what to run when the person logs in, the program's name first; or nothing
 *
 * Asks org.freedesktop.portal.Background, as programs in a sandbox have to; the desktop may ask the person.
 * What was to be run at login before is so no longer.
 *
 * Returns: (transfer full): a future that resolves to a #LinnetBackgroundLeave, as an unsigned integer;
 * where there is no such portal to LINNET_BACKGROUND_LEAVE_RUN, since nobody minds; rejects with the GError
 * of the call
 */
DexFuture *
linnet_background_portal_request (GDBusConnection *connection, const char *reason, const char *const *command)
{
  Request *request;

  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), NULL);
  g_return_val_if_fail (reason != NULL, NULL);

  request = g_new0 (Request, 1);
  request->connection = g_object_ref (connection);
  request->reason = g_strdup (reason);
  request->command = g_strdupv ((char **) command);

  return linnet_spawn ("background-portal", request_fiber, request, request_free);
}
