/* Tests of asking the portal, with one that answers as the rows say
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-background-portal.h"
#include "linnet-test.h"

#define NAME "org.freedesktop.portal.Desktop"
#define PATH "/org/freedesktop/portal/desktop"

typedef struct
{
  const char *name;
  guint32 response;
  gboolean background;
  gboolean autostart; /* both asked for and granted, unless refused */
  gboolean refused;
  gboolean forged; /* somebody else says yes first */
  gboolean early;  /* the answer comes before the call ends */
  gboolean fails;
  gboolean no_portal;
  LinnetBackgroundLeave expect;
} Row;

static const Row rows[] = {
  { .name = "granted", .background = TRUE, .expect = LINNET_BACKGROUND_LEAVE_RUN },
  { .name = "granted-early", .background = TRUE, .early = TRUE, .expect = LINNET_BACKGROUND_LEAVE_RUN },
  { .name = "granted-start",
    .background = TRUE,
    .autostart = TRUE,
    .expect = LINNET_BACKGROUND_LEAVE_RUN | LINNET_BACKGROUND_LEAVE_START },
  { .name = "refused-start",
    .background = TRUE,
    .autostart = TRUE,
    .refused = TRUE,
    .expect = LINNET_BACKGROUND_LEAVE_RUN },
  { .name = "cancelled-start", .response = 1, .background = TRUE, .autostart = TRUE },
  { .name = "refused", .background = FALSE },
  { .name = "cancelled", .response = 1, .background = TRUE },
  { .name = "failed", .response = 2, .background = TRUE },
  { .name = "forged", .background = FALSE, .forged = TRUE },
  { .name = "call-fails", .fails = TRUE },
  { .name = "no-portal", .no_portal = TRUE, .expect = LINNET_BACKGROUND_LEAVE_RUN },
};

static const char *const start_command[] = { "linnet", "--background", NULL };

typedef struct
{
  const Row *row;
  GDBusConnection *portal;
  GDBusConnection *stranger;
  guint calls;
} Fixture;

static void
answer (GDBusConnection *connection,
        const char *receiver,
        const char *handle,
        guint32 response,
        gboolean background,
        gboolean autostart)
{
  GVariantBuilder results = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&results, "{sv}", "background", g_variant_new_boolean (background));
  g_variant_builder_add (&results, "{sv}", "autostart", g_variant_new_boolean (autostart));
  g_assert_true (g_dbus_connection_emit_signal (connection,
                                                receiver,
                                                handle,
                                                "org.freedesktop.portal.Request",
                                                "Response",
                                                g_variant_new ("(ua{sv})", response, &results),
                                                NULL));
  g_assert_true (g_dbus_connection_flush_sync (connection, NULL, NULL));
}

static void
called_cb (GDBusConnection *connection,
           const char *sender,
           const char *object_path,
           const char *interface_name,
           const char *method_name,
           GVariant *parameters,
           GDBusMethodInvocation *invocation,
           gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GVariant) options = NULL;
  g_autofree char *client = g_strdelimit (g_strdup (sender + 1), ".", '_');
  g_autofree char *handle = NULL;
  g_autofree const char **command = NULL;
  const char *window, *token, *reason;
  gboolean autostart;
  gboolean granted = fixture->row->autostart && !fixture->row->refused;

  fixture->calls++;
  g_variant_get (parameters, "(&s@a{sv})", &window, &options);
  g_assert_true (g_variant_lookup (options, "handle_token", "&s", &token));
  g_assert_true (g_variant_lookup (options, "reason", "&s", &reason));
  g_assert_true (g_variant_lookup (options, "autostart", "b", &autostart));
  g_assert_cmpstr (reason, ==, "To go on");
  g_assert_cmpint (autostart, ==, fixture->row->autostart);
  g_assert_cmpint (g_variant_lookup (options, "commandline", "^a&s", &command), ==, autostart);
  if (autostart)
    g_assert_cmpstrv (command, start_command);
  handle = g_strdup_printf (PATH "/request/%s/%s", client, token);

  if (fixture->row->fails)
    {
      g_dbus_method_invocation_return_dbus_error (
          invocation, "org.freedesktop.portal.Error.NotAllowed", "Not allowed");
      return;
    }

  if (fixture->row->forged)
    answer (fixture->stranger, sender, handle, 0, TRUE, TRUE);

  if (fixture->row->early)
    answer (connection, sender, handle, fixture->row->response, fixture->row->background, granted);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", handle));
  if (!fixture->row->early)
    answer (connection, sender, handle, fixture->row->response, fixture->row->background, granted);
}

static GDBusConnection *
connect_to (GTestDBus *bus)
{
  GError *error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_for_address_sync (
      g_test_dbus_get_bus_address (bus),
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL,
      NULL,
      &error);

  g_assert_no_error (error);

  return connection;
}

static void
start_portal (Fixture *fixture, GDBusNodeInfo *info)
{
  static const GDBusInterfaceVTable vtable = { .method_call = called_cb };
  g_autoptr (GVariant) reply = NULL;

  g_assert_cmpuint (g_dbus_connection_register_object (
                        fixture->portal, PATH, info->interfaces[0], &vtable, fixture, NULL, NULL),
                    >,
                    0);
  reply = g_dbus_connection_call_sync (fixture->portal,
                                       "org.freedesktop.DBus",
                                       "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus",
                                       "RequestName",
                                       g_variant_new ("(su)", NAME, 0),
                                       G_VARIANT_TYPE ("(u)"),
                                       G_DBUS_CALL_FLAGS_NONE,
                                       -1,
                                       NULL,
                                       NULL);
  g_assert_nonnull (reply);
}

static void
test_request (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (GTestDBus) bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_autoptr (GDBusNodeInfo) info =
      g_dbus_node_info_new_for_xml ("<node><interface name='org.freedesktop.portal.Background'>"
                                    "<method name='RequestBackground'>"
                                    "<arg type='s' direction='in'/><arg type='a{sv}' direction='in'/>"
                                    "<arg type='o' direction='out'/></method></interface></node>",
                                    NULL);
  g_autoptr (GDBusConnection) client = NULL;
  Fixture fixture = { .row = row };
  DexFuture *future;

  g_test_dbus_up (bus);
  client = connect_to (bus);
  fixture.portal = connect_to (bus);
  fixture.stranger = connect_to (bus);
  if (!row->no_portal)
    start_portal (&fixture, info);

  future = linnet_background_portal_request (client, "To go on", row->autostart ? start_command : NULL);
  if (row->fails)
    {
      linnet_test_assert_rejects (future, G_IO_ERROR, G_IO_ERROR_DBUS_ERROR);
    }
  else
    {
      g_autoptr (GError) error = NULL;
      guint leave = dex_await_uint (future, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (leave, ==, row->expect);
    }
  g_assert_cmpuint (fixture.calls, ==, row->no_portal ? 0 : 1);

  g_assert_true (g_dbus_connection_close_sync (client, NULL, NULL));
  g_assert_true (g_dbus_connection_close_sync (fixture.portal, NULL, NULL));
  g_assert_true (g_dbus_connection_close_sync (fixture.stranger, NULL, NULL));
  g_clear_object (&fixture.portal);
  g_clear_object (&fixture.stranger);
  g_test_dbus_down (bus);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/background-portal/%s", rows[i].name);

      linnet_test_add (path, test_request, &rows[i]);
    }

  return g_test_run ();
}
