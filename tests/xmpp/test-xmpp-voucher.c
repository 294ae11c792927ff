/* Tests of who vouches for a server's key
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-test-ca.h"
#include "linnet-test.h"
#include "xmpp-voucher.h"

static void
read_voucher (LinnetTestCa *ca,
              char **authority,
              char **key)
{
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (ca, NULL);
  g_autoptr (GBytes) der = NULL;
  GByteArray *bytes = NULL;

  g_object_get (certificate, "certificate", &bytes, NULL);
  der = g_byte_array_free_to_bytes (bytes);
  g_assert_true (xmpp_voucher_read (der, authority, key));
}

static void
test_read (gconstpointer data)
{
  g_autoptr (LinnetTestCa) ca = linnet_test_ca_new ();
  g_autofree char *authority = NULL, *key = NULL, *authority_again = NULL, *other_key = NULL;

  read_voucher (ca, &authority, &key);
  read_voucher (ca, &authority_again, &other_key);

  g_assert_cmpuint (strlen (authority), >, 0);
  g_assert_cmpstr (authority, ==, authority_again);
  g_assert_cmpuint (strlen (key), ==, 64);
  g_assert_cmpuint (strspn (key, "0123456789abcdef"), ==, 64);
}

static void
test_no_certificate (gconstpointer data)
{
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autoptr (GBytes) text = g_bytes_new_static ("\x30\x82\xff\xff certificate", 16);
  char *authority = NULL, *key = NULL;

  g_assert_false (xmpp_voucher_read (nothing, &authority, &key));
  g_assert_false (xmpp_voucher_read (text, &authority, &key));
  g_assert_null (authority);
  g_assert_null (key);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/xmpp/voucher/read", test_read, NULL);
  linnet_test_add ("/xmpp/voucher/no-certificate", test_no_certificate, NULL);

  return g_test_run ();
}
