/* Tests of what is told about an account's server
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-error.h"
#include "linnet-server-info.h"
#include "linnet-spawn.h"
#include "linnet-test-signed-in.h"

#define INFO "http://jabber.org/protocol/disco#info"
#define UNAVAILABLE(id, from)                                  \
  "<iq type='error' id='" id "'" from "><error type='cancel'>" \
  "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
#define ASK_INFO "<iq type='get' id='*' to='example.org'><query xmlns='" INFO "'/></iq>"
#define TELL_INFO(content) \
  "<iq type='result' id='$1' from='example.org'><query xmlns='" INFO "'>" content "</query></iq>"
#define ASK_REST                                                                   \
  "<iq type='get' id='*' to='example.org'><query xmlns='jabber:iq:version'/></iq>" \
  "<iq type='get' id='*'><prefs xmlns='urn:xmpp:mam:2'/></iq>" ASK_INFO
#define ASK_ITEMS \
  "<iq type='get' id='*' to='example.org'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>"
#define SERVER " from='example.org'"

static LinnetServerInfo *
load (LinnetTestSignedIn *test)
{
  g_autoptr (GError) error = NULL;
  LinnetServerInfo *info = dex_await_boxed (linnet_account_load_server_info (test->account), &error);

  g_assert_no_error (error);

  return info;
}

static void
test_talkative (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_ONLINE,
    { .c = ASK_INFO,
      .s = TELL_INFO (
          "<feature var='urn:xmpp:carbons:2'/><feature var='urn:xmpp:blocking'/>"
          "<feature var='urn:xmpp:http:upload:0'/><feature var='urn:xmpp:extdisco:2'/>"
          "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'>"
          "<value>http://jabber.org/network/serverinfo</value></field><field var='abuse-addresses'>"
          "<value>mailto:abuse@example.org</value></field><field var='support-addresses'>"
          "<value>xmpp:help@example.org</value><value>javascript:x</value></field></x>") },
    { .c = ASK_REST,
      .s = "<iq type='result' id='$1' from='example.org'><query xmlns='jabber:iq:version'>"
           "<name>Prosody</name><version>13.0.1</version></query></iq>"
           "<iq type='result' id='$2'><prefs xmlns='urn:xmpp:mam:2' default='roster'/></iq>"
           "<iq type='result' id='$3' from='example.org'><query xmlns='" INFO "'>"
           "<feature var='urn:xmpp:http:upload:0'/>"
           "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'>"
           "<value>urn:xmpp:http:upload:0</value></field><field var='max-file-size'>"
           "<value>1048576</value></field></x></query></iq>" },
    LINNET_TEST_GOODBYE,
    {},
  };
  LinnetTestSignedIn *test = linnet_test_signed_in_new (steps);
  g_autoptr (LinnetServerInfo) info = load (test);

  g_assert_cmpstr (info->domain, ==, "example.org");
  g_assert_cmpstr (info->software, ==, "Prosody 13.0.1");
  g_assert_cmpstr (info->tls_version, ==, "TLS 1.3");
  g_assert_nonnull (info->cipher);
  g_assert_cmpstr (info->mechanism, ==, "PLAIN");
  g_assert_null (info->channel_binding);
  g_assert_false (info->certificate_pinned);
  g_assert_cmpuint (info->latency_ms, >, 0);
  g_assert_cmpuint (info->upload_limit, ==, 1048576);
  g_assert_cmpint (info->archiving, ==, LINNET_ARCHIVING_CONTACTS);
  g_assert_cmpint (info->archive_days, ==, -1);
  g_assert_cmpint (info->features,
                   ==,
                   LINNET_SERVER_CARBONS | LINNET_SERVER_BLOCKING | LINNET_SERVER_UPLOAD |
                       LINNET_SERVER_CALLS | LINNET_SERVER_PROFILES);
  g_assert_cmpstr (info->contacts[LINNET_SERVER_CONTACT_ABUSE][0], ==, "mailto:abuse@example.org");
  g_assert_cmpuint (g_strv_length (info->contacts[LINNET_SERVER_CONTACT_SUPPORT]), ==, 1);
  g_assert_cmpuint (g_strv_length (info->contacts[LINNET_SERVER_CONTACT_ADMIN]), ==, 0);
  linnet_test_signed_in_free (test);
}

static void
test_silent (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_ONLINE,
    { .c = ASK_INFO, .s = TELL_INFO ("") },
    { .c = ASK_REST, .s = UNAVAILABLE ("$1", SERVER) UNAVAILABLE ("$2", "") UNAVAILABLE ("$3", SERVER) },
    { .c = ASK_ITEMS, .s = UNAVAILABLE ("$1", SERVER) },
    LINNET_TEST_GOODBYE,
    {},
  };
  LinnetTestSignedIn *test = linnet_test_signed_in_new (steps);
  g_autoptr (LinnetServerInfo) info = load (test);

  g_assert_null (info->software);
  g_assert_cmpuint (info->upload_limit, ==, 0);
  g_assert_cmpint (info->archiving, ==, LINNET_ARCHIVING_UNKNOWN);
  g_assert_cmpint (info->features, ==, LINNET_SERVER_PROFILES);
  for (guint i = 0; i < LINNET_N_SERVER_CONTACTS; i++)
    g_assert_cmpuint (g_strv_length (info->contacts[i]), ==, 0);
  linnet_test_signed_in_free (test);
}

static void
test_refused (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_ONLINE, { .c = ASK_INFO, .s = UNAVAILABLE ("$1", SERVER) }, LINNET_TEST_GOODBYE, {}
  };
  LinnetTestSignedIn *test = linnet_test_signed_in_new (steps);

  linnet_test_assert_rejects (
      linnet_account_load_server_info (test->account), LINNET_ERROR, LINNET_ERROR_NO_SUCH_USER);
  linnet_test_signed_in_free (test);
}

static void
test_offline (gconstpointer data)
{
  static const LinnetTestStep steps[] = { LINNET_TEST_ONLINE, LINNET_TEST_GOODBYE, {} };
  LinnetTestSignedIn *test = linnet_test_signed_in_new (steps);

  linnet_test_assert_resolves (linnet_account_set_enabled (test->account, FALSE));
  linnet_test_wait_state (test->account, LINNET_CONNECTION_OFFLINE);
  linnet_test_assert_rejects (
      linnet_account_load_server_info (test->account), LINNET_ERROR, LINNET_ERROR_OFFLINE);
  linnet_test_signed_in_free (test);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/server-info/talkative", test_talkative, NULL);
  linnet_test_add ("/model/server-info/silent", test_silent, NULL);
  linnet_test_add ("/model/server-info/refused", test_refused, NULL);
  linnet_test_add ("/model/server-info/offline", test_offline, NULL);

  return g_test_run ();
}
