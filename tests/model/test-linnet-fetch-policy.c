/* Tests of from where anything may be fetched
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-error.h"
#include "linnet-fetch-policy.h"
#include "linnet-test.h"

typedef struct
{
  const char *url;
  const char *allowed; /* what is fetched; NULL: nothing */
} UrlRow;

static const UrlRow url_rows[] = {
  { "https://lark.chat", "https://lark.chat/" },
  { "https://lark.chat/", "https://lark.chat/" },
  { "HTTPS://LARK.chat/Path?Query=1", "https://lark.chat/Path?Query=1" },
  { "https://lark.chat:443/x", "https://lark.chat/x" },
  { "https://lark.chat/x#part", "https://lark.chat/x" },
  { "https://lark.chat./x", "https://lark.chat/x" },
  { "https://l\xc3\xa4rk.chat/", "https://xn--lrk-qla.chat/" },
  { "https://xn--lrk-qla.chat/", "https://xn--lrk-qla.chat/" },
  { "https://93.184.215.14/x", "https://93.184.215.14/x" },
  { "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/", "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/" },
  { "https://lark.chat/%2e%2e/a%20b", "https://lark.chat/a%20b" },
  /* not https */
  { "" },
  { "http://lark.chat/" },
  { "ftp://lark.chat/" },
  { "file:///etc/passwd" },
  { "file://lark.chat/etc/passwd" },
  { "javascript:alert(1)" },
  { "data:text/plain,x" },
  { "resource:///im/linnet" },
  { "//lark.chat/" },
  { "/x" },
  { "lark.chat" },
  { "https:lark.chat" },
  { "https:/lark.chat" },
  { "https://" },
  { "https:///x" },
  { "xmpp:ana@lark.chat" },
  /* another port, somebody's name */
  { "https://lark.chat:80/" },
  { "https://lark.chat:8443/" },
  { "https://lark.chat:22/" },
  { "https://lark.chat:0/" },
  { "https://lark.chat:99999/" },
  { "https://lark.chat:/x", "https://lark.chat/x" },
  { "https://ana@lark.chat/" },
  { "https://ana:secret@lark.chat/" },
  { "https://lark.chat@127.0.0.1/" },
  { "https://@lark.chat/" },
  /* this machine, this network */
  { "https://localhost/" },
  { "https://LOCALHOST/" },
  { "https://localhost./" },
  { "https://x.localhost/" },
  { "https://printer/" },
  { "https://printer.local/" },
  { "https://router.lan/" },
  { "https://router.home.arpa/" },
  { "https://1.0.0.127.in-addr.arpa/" },
  { "https://wiki.internal/" },
  { "https://wiki.intranet/" },
  { "https://lark.test/" },
  { "https://lark.invalid/" },
  { "https://expyuzz4wqqyqhjn.onion/" },
  { "https://127.0.0.1/" },
  { "https://127.1/" },
  { "https://127.0.1/" },
  { "https://2130706433/" },
  { "https://0x7f000001/" },
  { "https://0x7f.0.0.1/" },
  { "https://0177.0.0.1/" },
  { "https://x.127/" },
  { "https://0.0.0.0/" },
  { "https://0/" },
  { "https://10.0.0.1/" },
  { "https://172.16.0.1/" },
  { "https://192.168.1.1/" },
  { "https://169.254.169.254/latest/meta-data/" },
  { "https://169.254.169.254./" },
  { "https://169\u3002254\uff0e169\uff61254/" },
  { "https://100.64.0.1/" },
  { "https://224.0.0.1/" },
  { "https://255.255.255.255/" },
  { "https://[::1]/" },
  { "https://[::]/" },
  { "https://[::ffff:127.0.0.1]/" },
  { "https://[::ffff:10.0.0.1]/" },
  { "https://[::ffff:93.184.215.14]/" },
  { "https://[::127.0.0.1]/" },
  { "https://[fe80::1]/" },
  { "https://[fe80::1%25eth0]/" },
  { "https://[fc00::1]/" },
  { "https://[fd12:3456::1]/" },
  { "https://[ff02::1]/" },
  { "https://[64:ff9b::7f00:1]/" },
  { "https://[2002:7f00:1::]/" },
  { "https://[2001:db8::1]/" },
  /* what two parsers could read in two ways */
  { "https://lark.chat\\@127.0.0.1/" },
  { "https://lark.chat\\.example.com/" },
  { "https://lark.chat\n/" },
  { "https://lark.chat/\r\nX: y" },
  { " https://lark.chat/" },
  { "https://lark.chat/ x" },
  { "https://lark\xff.chat/" },
  { "https://lark%2echat/", "https://lark.chat/" },
  { "https://127%2e0.0.1/" },
  { "https://lark%00.chat/" },
  { "https://lark%2f.chat/" },
  { "https://lark_.chat/" },
  { "https://.chat/" },
  { "https://lark..chat/" },
  { "https://-lark.chat/" },
  { "https://127\xe3\x80\x82"
    "0\xe3\x80\x82"
    "0\xe3\x80\x82"
    "1/" },
  { "https://\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.0.0.1/" },
  { "https://\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.0.0.1/" },
};

/* Of pages that a person agreed to open; all others are as above. */
static const UrlRow page_rows[] = {
  { "https://lark.chat:5281/x", "https://lark.chat:5281/x" },
  { "https://lark.chat:5443/x", "https://lark.chat:5443/x" },
  { "https://lark.chat:05281/x", "https://lark.chat:5281/x" },
  { "https://93.184.215.14:5281/x", "https://93.184.215.14:5281/x" },
  { "https://lark.chat:5280/" },
  { "https://lark.chat:5282/" },
  { "https://lark.chat:5222/" },
  { "https://lark.chat:70817/" },
  { "http://lark.chat:5281/" },
  { "https://ana@lark.chat:5281/" },
  { "https://localhost:5281/" },
  { "https://lark.local:5281/" },
  { "https://127.0.0.1:5281/" },
  { "https://[::1]:5443/" },
};

static void
test_page (gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (page_rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GUri) uri = linnet_fetch_policy_check_page (page_rows[i].url, &error);
      g_autofree char *allowed = uri != NULL ? g_uri_to_string (uri) : NULL;

      g_test_message ("%s", page_rows[i].url);
      g_assert_cmpstr (allowed, ==, page_rows[i].allowed);
      if (uri == NULL)
        g_assert_error (error, LINNET_ERROR, LINNET_ERROR_FETCH_REFUSED);
      g_assert_null (linnet_fetch_policy_check (page_rows[i].url, NULL));
    }

  for (gsize i = 0; i < G_N_ELEMENTS (url_rows); i++)
    {
      g_autoptr (GUri) uri = linnet_fetch_policy_check_page (url_rows[i].url, NULL);
      g_autofree char *allowed = uri != NULL ? g_uri_to_string (uri) : NULL;

      g_test_message ("%" G_GSIZE_FORMAT, i);
      g_assert_cmpstr (allowed, ==, url_rows[i].allowed);
    }
}

static void
test_url (gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (url_rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GUri) uri = linnet_fetch_policy_check (url_rows[i].url, &error);
      g_autofree char *allowed = uri != NULL ? g_uri_to_string (uri) : NULL;

      g_test_message ("%" G_GSIZE_FORMAT, i);
      g_assert_cmpstr (allowed, ==, url_rows[i].allowed);
      if (uri == NULL)
        g_assert_error (error, LINNET_ERROR, LINNET_ERROR_FETCH_REFUSED);
      else
        g_assert_no_error (error);
    }
}

static void
test_long (gconstpointer data)
{
  g_autofree char *path = g_strnfill (5000, 'x');
  g_autofree char *url = g_strconcat ("https://lark.chat/", path, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (linnet_fetch_policy_check (url, &error));
  g_assert_error (error, LINNET_ERROR, LINNET_ERROR_FETCH_REFUSED);
}

typedef struct
{
  const char *address;
  gboolean allowed;
} AddressRow;

static const AddressRow address_rows[] = {
  { "93.184.215.14", TRUE },
  { "1.1.1.1", TRUE },
  { "9.255.255.255", TRUE },
  { "11.0.0.0", TRUE },
  { "100.63.255.255", TRUE },
  { "100.128.0.0", TRUE },
  { "126.255.255.255", TRUE },
  { "128.0.0.0", TRUE },
  { "172.15.255.255", TRUE },
  { "172.32.0.0", TRUE },
  { "192.167.255.255", TRUE },
  { "192.169.0.0", TRUE },
  { "223.255.255.255", TRUE },
  { "2606:2800:21f:cb07:6820:80da:af6b:8b2c", TRUE },
  { "2a00:1450:4001:81b::200e", TRUE },
  { "64:ff9b::5db8:d70e", TRUE },
  { "2002:5db8:d70e::1", TRUE },
  { "0.0.0.0" },
  { "0.255.255.255" },
  { "10.0.0.0" },
  { "10.255.255.255" },
  { "100.64.0.0" },
  { "100.127.255.255" },
  { "127.0.0.1" },
  { "127.255.255.255" },
  { "169.254.169.254" },
  { "172.16.0.0" },
  { "172.31.255.255" },
  { "192.0.0.8" },
  { "192.0.2.1" },
  { "192.168.0.1" },
  { "198.18.0.1" },
  { "198.51.100.1" },
  { "203.0.113.1" },
  { "224.0.0.251" },
  { "240.0.0.1" },
  { "255.255.255.255" },
  { "::" },
  { "::1" },
  { "::127.0.0.1" },
  { "::ffff:127.0.0.1" },
  { "::ffff:10.0.0.1" },
  { "::ffff:93.184.215.14" },
  { "64:ff9b::a00:1" },
  { "64:ff9b:1::1" },
  { "100::1" },
  { "1fff::1" },
  { "2001::1" },
  { "2001:db8::1" },
  { "2002:a00:1::" },
  { "2002:7f00:1::" },
  { "3fff::1" },
  { "4000::1" },
  { "fc00::1" },
  { "fdff::1" },
  { "fe80::1" },
  { "fec0::1" },
  { "ff02::fb" },
};

static void
test_address (gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (address_rows); i++)
    {
      g_autoptr (GInetAddress) address = g_inet_address_new_from_string (address_rows[i].address);

      g_test_message ("%s", address_rows[i].address);
      g_assert_nonnull (address);
      g_assert_cmpint (linnet_fetch_policy_allows_address (address), ==, address_rows[i].allowed);
    }
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_data_func ("/model/fetch-policy/url", NULL, test_url);
  g_test_add_data_func ("/model/fetch-policy/page", NULL, test_page);
  g_test_add_data_func ("/model/fetch-policy/long", NULL, test_long);
  g_test_add_data_func ("/model/fetch-policy/address", NULL, test_address);

  return g_test_run ();
}
