/* Tests of what a person may type for a proxy
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-error.h"
#include "linnet-proxy.h"
#include "linnet-test.h"

typedef struct
{
  const char *text;
  const char *proxy;    /* NULL: it is refused */
  const char *password; /* nullable */
} Row;

static const Row rows[] = {
  { "localhost:9050", "socks5://localhost:9050" },
  { " localhost:9050 ", "socks5://localhost:9050" },
  { "localhost", "socks5://localhost:1080" },
  { "127.0.0.1:9050", "socks5://127.0.0.1:9050" },
  { "[::1]:9050", "socks5://[::1]:9050" },
  { "socks5://localhost:9050", "socks5://localhost:9050" },
  { "socks5://localhost:9050/", "socks5://localhost:9050" },
  { "SOCKS5://proxy.example", "socks5://proxy.example:1080" },
  { "ana@proxy.example:1080", "socks5://ana@proxy.example:1080" },
  { "ana:secret@proxy.example", "socks5://ana@proxy.example:1080", "secret" },
  { "socks5://ana:se%40cret@proxy.example:99", "socks5://ana@proxy.example:99", "se@cret" },
  { "socks5://a%3Ab:@proxy.example", "socks5://a%3Ab@proxy.example:1080", "" },
  { "direct://", "direct://" },
  { "" },
  { "://" },
  { "socks5://" },
  { "socks5://:9050" },
  { "socks4://localhost:9050" },
  { "http://localhost:8080" },
  { "https://localhost:8080" },
  { "javascript:alert(1)" },
  { "localhost:0" },
  { "localhost:99999" },
  { "localhost:-1" },
  { "localhost:tor" },
  { "local host:9050" },
  { "localhost:9050\nother" },
  { "localhost:9050/path" },
  { "localhost:9050?query" },
  { "localhost:9050#part" },
  { ":secret@localhost" },
  { "local\xffhost" },
};

static void
test_normalize (gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *password = NULL;
      g_autofree char *proxy = linnet_proxy_normalize (rows[i].text, &password, &error);
      g_autofree char *again = NULL;

      g_test_message ("%" G_GSIZE_FORMAT, i);
      g_assert_cmpstr (proxy, ==, rows[i].proxy);
      g_assert_cmpstr (password, ==, rows[i].password);
      if (proxy == NULL)
        {
          g_assert_error (error, LINNET_ERROR, LINNET_ERROR_BAD_PROXY);
          continue;
        }

      g_assert_no_error (error);
      again = linnet_proxy_normalize (proxy, NULL, NULL);
      g_assert_cmpstr (again, ==, proxy);
    }
}

/* A user's name and password have one byte for their length. */
static void
test_long (gconstpointer data)
{
  g_autofree char *name = g_strnfill (255, 'n');
  g_autofree char *fits = g_strdup_printf ("%s:%s@localhost", name, name);
  g_autofree char *long_name = g_strdup_printf ("n%s:p@localhost", name);
  g_autofree char *long_password = g_strdup_printf ("n:p%s@localhost", name);
  g_autofree char *long_host = g_strdup_printf ("%s%s%s%s", name, name, name, name);
  g_autofree char *proxy = linnet_proxy_normalize (fits, NULL, NULL);

  g_assert_nonnull (proxy);
  g_assert_null (linnet_proxy_normalize (long_name, NULL, NULL));
  g_assert_null (linnet_proxy_normalize (long_password, NULL, NULL));
  g_assert_null (linnet_proxy_normalize (long_host, NULL, NULL));
}

static void
test_split (gconstpointer data)
{
  g_autofree char *host = NULL;
  g_autofree char *user = NULL;
  guint16 port = 0;

  g_assert_false (linnet_proxy_split (NULL, &host, &port, &user));
  g_assert_false (linnet_proxy_split (LINNET_PROXY_NONE, &host, &port, &user));
  g_assert_false (linnet_proxy_has_user (NULL));
  g_assert_false (linnet_proxy_has_user ("socks5://[::1]:9050"));

  g_assert_true (linnet_proxy_split ("socks5://a%40b@[::1]:9050", &host, &port, &user));
  g_assert_cmpstr (host, ==, "::1");
  g_assert_cmpuint (port, ==, 9050);
  g_assert_cmpstr (user, ==, "a@b");
  g_assert_true (linnet_proxy_has_user ("socks5://a%40b@[::1]:9050"));
}

static void
test_password (gconstpointer data)
{
  g_autofree char *with = linnet_proxy_with_password ("socks5://ana@proxy.example:99", "p@:/ss");
  g_autofree char *without = linnet_proxy_with_password ("socks5://ana@proxy.example:99", NULL);
  g_autofree char *no_user = linnet_proxy_with_password ("socks5://proxy.example:99", "secret");
  g_autofree char *none = linnet_proxy_with_password (LINNET_PROXY_NONE, "secret");
  g_autofree char *password = NULL;
  g_autofree char *back = linnet_proxy_normalize (with, &password, NULL);

  g_assert_cmpstr (back, ==, "socks5://ana@proxy.example:99");
  g_assert_cmpstr (password, ==, "p@:/ss");
  g_assert_cmpstr (without, ==, "socks5://ana@proxy.example:99");
  g_assert_cmpstr (no_user, ==, "socks5://proxy.example:99");
  g_assert_cmpstr (none, ==, LINNET_PROXY_NONE);
  g_assert_null (linnet_proxy_with_password (NULL, "secret"));
}

/* A proxy is for everything, this machine and its network included. */
static void
test_resolver (gconstpointer data)
{
  static const char *const uris[] = { "https://example.org", "xmpp-client://localhost:5222", "https://10.0.0.1" };
  static const char *const proxies[] = { "socks5://127.0.0.1:9050", LINNET_PROXY_NONE };

  g_assert_null (linnet_proxy_get_resolver (NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (proxies); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (uris); k++)
      {
        g_autoptr (GProxyResolver) resolver = linnet_proxy_get_resolver (proxies[i]);
        g_auto (GStrv) found = g_proxy_resolver_lookup (resolver, uris[k], NULL, NULL);

        g_assert_cmpstr (found[0], ==, proxies[i]);
        g_assert_null (found[1]);
      }
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_data_func ("/model/proxy/normalize", NULL, test_normalize);
  g_test_add_data_func ("/model/proxy/long", NULL, test_long);
  g_test_add_data_func ("/model/proxy/split", NULL, test_split);
  g_test_add_data_func ("/model/proxy/password", NULL, test_password);
  g_test_add_data_func ("/model/proxy/resolver", NULL, test_resolver);

  return g_test_run ();
}
