/* Fuzz target: whatever text is an address to fetch from, it leads to a public server under TLS
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "linnet-fetch-policy.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_uri (GUri *uri)
{
  g_autofree char *text = g_uri_to_string (uri);
  const char *host = g_uri_get_host (uri);
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);
  g_autoptr (GUri) again = linnet_fetch_policy_check (text, NULL);
  g_autofree char *text_again = NULL;

  g_assert_cmpstr (g_uri_get_scheme (uri), ==, "https");
  g_assert_null (g_uri_get_userinfo (uri));
  g_assert_null (g_uri_get_fragment (uri));
  g_assert_cmpint (g_uri_get_port (uri), ==, 443); /* what the scheme stands for */
  g_assert_true (g_str_is_ascii (host));
  g_assert_null (strpbrk (host, " /\\@%?#<>\"'\r\n\t"));

  if (address != NULL)
    g_assert_true (linnet_fetch_policy_allows_address (address));
  else
    {
      const char *ending = strrchr (host, '.');

      g_assert_nonnull (ending);
      g_assert_cmpint (strspn (ending + 1, "0123456789"), <, strlen (ending + 1));
      g_assert_false (g_str_has_suffix (host, ".local"));
      g_assert_false (g_str_has_suffix (host, ".localhost"));
    }

  /* What is fetched is what was looked at. */
  g_assert_nonnull (again);
  text_again = g_uri_to_string (again);
  g_assert_cmpstr (g_uri_get_host (again), ==, host);
  g_assert_cmpstr (text_again, ==, text);
}

/* Pages differ from all others by nothing but two ports. */
static void
check_page (const char *url, GUri *uri)
{
  g_autoptr (GUri) page = linnet_fetch_policy_check_page (url, NULL);
  g_autoptr (GUri) without_port = NULL;
  g_autoptr (GUri) plain = NULL;
  g_autofree char *text = NULL;

  g_assert_true (uri == NULL || page != NULL);
  if (page == NULL)
    return;

  if (uri == NULL)
    g_assert_true (g_uri_get_port (page) == 5281 || g_uri_get_port (page) == 5443);
  without_port = g_uri_build (G_URI_FLAGS_ENCODED,
                              g_uri_get_scheme (page),
                              NULL,
                              g_uri_get_host (page),
                              -1,
                              g_uri_get_path (page),
                              g_uri_get_query (page),
                              NULL);
  text = g_uri_to_string (without_port);
  plain = linnet_fetch_policy_check (text, NULL);
  g_assert_nonnull (plain);
  check_uri (plain);
}

/* No notation of an address may change what is thought of it. */
static void
check_address (const guint8 *data, GSocketFamily family)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_bytes (data, family);
  gboolean allowed = linnet_fetch_policy_allows_address (address);

  if (allowed)
    g_assert_false (g_inet_address_get_is_loopback (address) || g_inet_address_get_is_any (address) ||
                    g_inet_address_get_is_link_local (address) ||
                    g_inet_address_get_is_site_local (address) ||
                    g_inet_address_get_is_multicast (address));

  if (family == G_SOCKET_FAMILY_IPV4)
    {
      guint8 mapped[16] = { [10] = 0xff, [11] = 0xff };
      g_autoptr (GInetAddress) disguised = NULL;

      memcpy (mapped + 12, data, 4);
      disguised = g_inet_address_new_from_bytes (mapped, G_SOCKET_FAMILY_IPV6);
      g_assert_false (linnet_fetch_policy_allows_address (disguised));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *url = g_strndup ((const char *) data, size);
  g_autofree char *prefixed = g_strconcat ("https://", url, NULL);
  g_autoptr (GUri) uri = linnet_fetch_policy_check (url, NULL);
  g_autoptr (GUri) other = linnet_fetch_policy_check (prefixed, NULL);

  if (uri != NULL)
    check_uri (uri);
  if (other != NULL)
    check_uri (other);
  check_page (url, uri);
  check_page (prefixed, other);
  if (size >= 4)
    check_address (data, G_SOCKET_FAMILY_IPV4);
  if (size >= 16)
    check_address (data, G_SOCKET_FAMILY_IPV6);

  return 0;
}
