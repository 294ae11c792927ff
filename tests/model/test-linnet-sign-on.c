/* Tests of where a server may send us, and of what is remembered of a sign-in
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-sign-on.h"
#include "linnet-test.h"

/* RFC 6120 section 4.9.3.19, from a server that may be hostile. */
static void
test_hosts (void)
{
  static const struct
  {
    const char *text;
    const char *host; /* NULL: refused */
    guint16 port;
  } rows[] = {
    { "xmpp.example.org", "xmpp.example.org", 0 },
    { "xmpp.example.org:5223", "xmpp.example.org", 5223 },
    { "192.0.2.1:80", "192.0.2.1", 80 },
    { "[2001:db8::1]:5222", "2001:db8::1", 5222 },
    { "", NULL, 0 },
    { "user@evil.example", NULL, 0 },
    { "https://evil.example/", NULL, 0 },
    { "evil.example:99999", NULL, 0 },
    { "evil.example\nother", NULL, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *host = NULL;
      guint16 port = 0;

      g_assert_cmpint (linnet_sign_on_parse_host (rows[i].text, &host, &port), ==, rows[i].host != NULL);
      g_assert_cmpstr (host, ==, rows[i].host);
      g_assert_cmpuint (port, ==, rows[i].port);
    }
}

static void
test_remember (void)
{
  g_autoptr (LinnetStoreAccount) account = linnet_store_account_new ("ana@example.org");
  g_autoptr (XmppJid) jid = xmpp_jid_new ("ana@example.org/desk", NULL);
  XmppLoginResult login = {
    .full_jid = jid,
    .sm_enabled = TRUE,
    .sm_resumable = TRUE,
    .sm_id = (char *) "id1",
    .memory = { .mechanism = (char *) "SCRAM-SHA-256-PLUS",
                .channel_binding = (char *) "tls-exporter",
                .had_sasl2 = TRUE },
    .fast_token = (char *) "secret",
    .fast_mechanism = (char *) "HT-SHA-256-EXPR",
    .fast_expiry = 12345,
  };

  account->fast_count = 7;
  account->sm_h = 9;
  linnet_sign_on_remember (&login, account);
  g_assert_cmpstr (account->mechanism, ==, "SCRAM-SHA-256-PLUS");
  g_assert_cmpstr (account->channel_binding, ==, "tls-exporter");
  g_assert_true (account->had_sasl2);
  g_assert_cmpstr (account->resource, ==, "desk");
  g_assert_cmpstr (account->sm_id, ==, "id1");
  g_assert_cmpuint (account->sm_h, ==, 0);
  g_assert_cmpstr (account->fast_mechanism, ==, "HT-SHA-256-EXPR");
  g_assert_cmpuint (account->fast_count, ==, 0);

  /* A resumed stream goes on counting. */
  account->sm_h = 9;
  login.resumed = TRUE;
  login.sm_id = NULL;
  linnet_sign_on_remember (&login, account);
  g_assert_cmpstr (account->sm_id, ==, "id1");
  g_assert_cmpuint (account->sm_h, ==, 9);

  /* A token that was refused is not tried again, unless there is another. */
  login.fast_rejected = TRUE;
  linnet_sign_on_remember (&login, account);
  g_assert_cmpstr (account->fast_mechanism, ==, "HT-SHA-256-EXPR");
  login.fast_token = NULL;
  linnet_sign_on_remember (&login, account);
  g_assert_null (account->fast_mechanism);

  /* "enabled" without resumption: nothing to resume (R4). */
  login.resumed = FALSE;
  login.sm_resumable = FALSE;
  login.sm_id = (char *) "id2";
  linnet_sign_on_remember (&login, account);
  g_assert_null (account->sm_id);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/model/sign-on/hosts", test_hosts);
  g_test_add_func ("/model/sign-on/remember", test_remember);

  return g_test_run ();
}
