/* Tests of the translation of errors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <libdex.h>

#include "linnet-error-private.h"
#include "linnet-store.h"
#include "linnet-test.h"
#include "xmpp-error.h"
#include "xmpp-jid.h"
#include "xmpp-stream.h"

typedef struct
{
  const char *name;
  GQuark (*domain) (void);
  int code;
  LinnetError expect;
  gboolean person; /* only the person can help */
} Case;

static GQuark
io_error_quark (void)
{
  return G_IO_ERROR;
}

static const Case cases[] = {
  { "conflict", xmpp_stream_error_quark, XMPP_STREAM_ERROR_CONFLICT, LINNET_ERROR_CONFLICT },
  { "no-such-host",
    xmpp_stream_error_quark,
    XMPP_STREAM_ERROR_HOST_NOT_FOUND,
    LINNET_ERROR_SERVER_NOT_FOUND },
  { "host-unknown", xmpp_stream_error_quark, XMPP_STREAM_ERROR_HOST_UNKNOWN, LINNET_ERROR_NO_XMPP_SERVICE },
  { "unreachable", xmpp_stream_error_quark, XMPP_STREAM_ERROR_UNREACHABLE, LINNET_ERROR_SERVER_UNREACHABLE },
  { "proxy", xmpp_stream_error_quark, XMPP_STREAM_ERROR_PROXY, LINNET_ERROR_PROXY },
  { "silent", xmpp_stream_error_quark, XMPP_STREAM_ERROR_TIMEOUT, LINNET_ERROR_SERVER_UNREACHABLE },
  { "no-tls", xmpp_stream_error_quark, XMPP_STREAM_ERROR_NO_TLS, LINNET_ERROR_NO_TLS },
  { "injection",
    xmpp_stream_error_quark,
    XMPP_STREAM_ERROR_TLS_INJECTION,
    LINNET_ERROR_TAMPERED,
    TRUE },
  { "old-tls", xmpp_stream_error_quark, XMPP_STREAM_ERROR_TLS_VERSION, LINNET_ERROR_TLS_TOO_OLD },
  { "policy", xmpp_stream_error_quark, XMPP_STREAM_ERROR_POLICY_VIOLATION, LINNET_ERROR_POLICY_VIOLATION },
  { "shutdown", xmpp_stream_error_quark, XMPP_STREAM_ERROR_SYSTEM_SHUTDOWN, LINNET_ERROR_SERVER_SHUTDOWN },
  { "see-other-host",
    xmpp_stream_error_quark,
    XMPP_STREAM_ERROR_SEE_OTHER_HOST,
    LINNET_ERROR_SEE_OTHER_HOST },
  { "closed", xmpp_stream_error_quark, XMPP_STREAM_ERROR_CLOSED, LINNET_ERROR_CONNECTION_LOST },
  { "not-xml", xmpp_stream_error_quark, XMPP_STREAM_ERROR_NOT_WELL_FORMED, LINNET_ERROR_PROTOCOL },
  { "password", xmpp_sasl_error_quark, XMPP_SASL_ERROR_NOT_AUTHORIZED, LINNET_ERROR_WRONG_PASSWORD, TRUE },
  { "disabled",
    xmpp_sasl_error_quark,
    XMPP_SASL_ERROR_ACCOUNT_DISABLED,
    LINNET_ERROR_ACCOUNT_DISABLED,
    TRUE },
  { "temporary", xmpp_sasl_error_quark, XMPP_SASL_ERROR_TEMPORARY, LINNET_ERROR_TRY_LATER },
  { "mechanism", xmpp_sasl_error_quark, XMPP_SASL_ERROR_NO_MECHANISM, LINNET_ERROR_NO_MECHANISM, TRUE },
  { "plain", xmpp_sasl_error_quark, XMPP_SASL_ERROR_PLAIN_CONSENT, LINNET_ERROR_PLAIN_CONSENT, TRUE },
  { "downgrade", xmpp_sasl_error_quark, XMPP_SASL_ERROR_DOWNGRADE, LINNET_ERROR_DOWNGRADE, TRUE },
  { "impostor",
    xmpp_sasl_error_quark,
    XMPP_SASL_ERROR_SERVER_UNTRUSTED,
    LINNET_ERROR_SERVER_UNTRUSTED,
    TRUE },
  { "binding", xmpp_sasl_error_quark, XMPP_SASL_ERROR_CHANNEL_BINDING, LINNET_ERROR_TAMPERED, TRUE },
  { "forbidden", xmpp_stanza_error_quark, XMPP_STANZA_ERROR_FORBIDDEN, LINNET_ERROR_NOT_ALLOWED },
  { "nobody", xmpp_stanza_error_quark, XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE, LINNET_ERROR_NO_SUCH_USER },
  { "remote",
    xmpp_stanza_error_quark,
    XMPP_STANZA_ERROR_REMOTE_SERVER_NOT_FOUND,
    LINNET_ERROR_REMOTE_SERVER },
  { "no-answer", xmpp_stanza_error_quark, XMPP_STANZA_ERROR_TIMED_OUT, LINNET_ERROR_TIMED_OUT },
  { "disconnected", xmpp_stanza_error_quark, XMPP_STANZA_ERROR_DISCONNECTED, LINNET_ERROR_OFFLINE },
  { "unknown",
    xmpp_certificate_error_quark,
    XMPP_CERTIFICATE_ERROR_REJECTED,
    LINNET_ERROR_CERTIFICATE,
    TRUE },
  { "pin",
    xmpp_certificate_error_quark,
    XMPP_CERTIFICATE_ERROR_CHANGED,
    LINNET_ERROR_CERTIFICATE_CHANGED,
    TRUE },
  { "jid", xmpp_jid_error_quark, XMPP_JID_ERROR_LOCAL, LINNET_ERROR_BAD_ADDRESS },
  { "full", linnet_store_error_quark, LINNET_STORE_ERROR_FULL, LINNET_ERROR_DISK_FULL },
  { "io", linnet_store_error_quark, LINNET_STORE_ERROR_IO, LINNET_ERROR_DATABASE },
  { "newer", linnet_store_error_quark, LINNET_STORE_ERROR_NEWER_SCHEMA, LINNET_ERROR_DATABASE_NEWER },
  { "in-use", linnet_store_error_quark, LINNET_STORE_ERROR_LOCKED_BY_OTHER, LINNET_ERROR_PROFILE_IN_USE },
  { "refused", io_error_quark, G_IO_ERROR_CONNECTION_REFUSED, LINNET_ERROR_SERVER_UNREACHABLE },
  { "reset", io_error_quark, G_IO_ERROR_CONNECTION_CLOSED, LINNET_ERROR_CONNECTION_LOST },
  { "proxy-password", io_error_quark, G_IO_ERROR_PROXY_AUTH_FAILED, LINNET_ERROR_PROXY },
  { "timeout", dex_error_quark, DEX_ERROR_TIMED_OUT, LINNET_ERROR_TIMED_OUT },
  { "ours", linnet_error_quark, LINNET_ERROR_TOO_LONG, LINNET_ERROR_TOO_LONG },
};

static void
test_translate (gconstpointer data)
{
  const Case *row = data;
  g_autoptr (GError) lower = g_error_new_literal (row->domain (), row->code, "below");
  g_autoptr (GError) error = linnet_error_from_lower (lower, "example.org");

  g_assert_error (error, LINNET_ERROR, (int) row->expect);
  g_assert_cmpint (linnet_error_needs_person (error), ==, row->person);
}

static void
test_conditions (void)
{
  g_assert_cmpint (linnet_error_code_from_condition ("service-unavailable"), ==, LINNET_ERROR_NO_SUCH_USER);
  g_assert_cmpint (
      linnet_error_code_from_condition ("remote-server-timeout"), ==, LINNET_ERROR_REMOTE_SERVER);
  g_assert_cmpint (linnet_error_code_from_condition ("nonsense"), ==, LINNET_ERROR_FAILED);
  g_assert_cmpint (linnet_error_code_from_condition (NULL), ==, LINNET_ERROR_FAILED);
}

static void
test_fields (void)
{
  static const struct
  {
    LinnetError code;
    LinnetErrorField field;
  } rows[] = {
    { LINNET_ERROR_BAD_ADDRESS, LINNET_ERROR_FIELD_ADDRESS },
    { LINNET_ERROR_SERVER_NOT_FOUND, LINNET_ERROR_FIELD_ADDRESS },
    { LINNET_ERROR_WRONG_PASSWORD, LINNET_ERROR_FIELD_PASSWORD },
    { LINNET_ERROR_SERVER_UNREACHABLE, LINNET_ERROR_FIELD_SERVER },
    { LINNET_ERROR_PROXY, LINNET_ERROR_FIELD_SERVER },
    { LINNET_ERROR_BAD_PROXY, LINNET_ERROR_FIELD_SERVER },
    { LINNET_ERROR_CERTIFICATE, LINNET_ERROR_FIELD_NONE },
  };
  g_autoptr (GError) foreign = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "below");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (LINNET_ERROR, rows[i].code, "");

      g_assert_cmpint (linnet_error_get_field (error), ==, rows[i].field);
    }

  g_assert_cmpint (linnet_error_get_field (foreign), ==, LINNET_ERROR_FIELD_NONE);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/error/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_translate);
    }
  g_test_add_func ("/model/error/conditions", test_conditions);
  g_test_add_func ("/model/error/fields", test_fields);

  return g_test_run ();
}
