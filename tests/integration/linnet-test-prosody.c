/* The real server that an integration test talks to
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>

#include "linnet-test-prosody.h"

static const char *
get_variable (const char *name)
{
  const char *value = g_getenv (name);

  if (value == NULL)
    g_error ("%s is not set: run this test by tests/lib/with-prosody.py", name);
  return value;
}

static guint16
get_port (const char *name)
{
  guint64 port;

  g_assert_true (g_ascii_string_to_unsigned (get_variable (name), 10, 1, G_MAXUINT16, &port, NULL));
  return port;
}

const char *
linnet_test_prosody_get_domain (void)
{
  return get_variable ("LINNET_TEST_DOMAIN");
}

guint16
linnet_test_prosody_get_port (gboolean direct_tls)
{
  return get_port (direct_tls ? "LINNET_TEST_TLS_PORT" : "LINNET_TEST_PORT");
}

guint16
linnet_test_prosody_get_proxy_port (void)
{
  return get_port ("LINNET_TEST_PROXY_PORT");
}

gboolean
linnet_test_prosody_has_sasl2 (void)
{
  return g_str_equal (get_variable ("LINNET_TEST_SASL2"), "1");
}

gboolean
linnet_test_prosody_has_keyring (void)
{
  return g_str_equal (get_variable ("LINNET_TEST_KEYRING"), "1");
}

const char *
linnet_test_prosody_get_registration (void)
{
  return get_variable ("LINNET_TEST_REGISTRATION");
}

const char *
linnet_test_prosody_get_invitation (void)
{
  return get_variable ("LINNET_TEST_INVITATION");
}

char *
linnet_test_prosody_dup_captcha (void)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;

  g_file_get_contents (get_variable ("LINNET_TEST_CAPTCHAS"), &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (g_strchomp (text), "\n", -1);

  return g_strdup (lines[g_strv_length (lines) - 1]);
}

char *
linnet_test_prosody_get_password (const char *user)
{
  return g_strdup_printf ("secret of %s", user);
}

void
linnet_test_prosody_trust (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsDatabase) database = NULL;

  database = g_tls_file_database_new (get_variable ("LINNET_TEST_CA"), &error);
  g_assert_no_error (error);
  g_tls_backend_set_default_database (g_tls_backend_get_default (), database);
}

void
linnet_test_prosody_command (const char *format,
                             ...)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GDataInputStream) input = NULL;
  g_autofree char *line = NULL;
  g_autofree char *answer = NULL;
  g_autoptr (GError) error = NULL;
  GOutputStream *output;
  va_list args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);

  address = g_unix_socket_address_new (get_variable ("LINNET_TEST_CONTROL"));
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_output_stream_printf (output, NULL, NULL, &error, "%s\n", line);
  g_assert_no_error (error);
  input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  answer = g_data_input_stream_read_line (input, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (answer, ==, "ok");
}
