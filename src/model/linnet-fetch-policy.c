/* From where anything may be fetched: security.md F4
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-fetch"

#include "config.h"

#include <string.h>

#include "linnet-error.h"
#include "linnet-fetch-policy.h"
#include "xmpp-domain.h"

#define MAX_URL 4096
#define PORT 443

/* Where XMPP servers have their own pages, invitations among them, unless somebody puts a web server in
 * front: Prosody's module http, and ejabberd's. */
static const int page_ports[] = { 5281, 5443 };

/* IANA's registries of special addresses, but for what is reachable from everywhere. */
static const char *const special_ipv4[] = {
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
};
static const char *const special_ipv6[] = {
  "2001::/23",
  "2001:db8::/32",
  "3fff::/20",
};

/* Where an IPv4 address stands in an IPv6 one that leads to it. */
static const struct
{
  const char *prefix;
  gsize offset;
} disguises[] = {
  { "2002::/16", 2 },     /* 6to4 */
  { "64:ff9b::/96", 12 }, /* NAT64, the only way to IPv4 in some networks */
};

/* Names that are no public ones (RFC 6761, 6762, 7686, 8375, and what routers make up). An onion is for a
 * proxy, but no web page of the kind that is fetched here. */
static const char *const private_endings[] = {
  "alt",
  "arpa",
  "corp",
  "example",
  "home",
  "internal",
  "intranet",
  "invalid",
  "lan",
  "local",
  "localdomain",
  "localhost",
  "onion",
  "private",
  "test",
};

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error (error, LINNET_ERROR, LINNET_ERROR_FETCH_REFUSED, "The address is refused: %s", why);

  return FALSE;
}

static gboolean
is_in (GInetAddress *address, const char *network)
{
  g_autoptr (GInetAddressMask) mask = g_inet_address_mask_new_from_string (network, NULL);

  g_assert (mask != NULL);

  return g_inet_address_get_family (address) == g_inet_address_mask_get_family (mask) &&
         g_inet_address_mask_matches (mask, address);
}

static gboolean
is_in_any (GInetAddress *address, const char *const *networks, gsize n_networks)
{
  for (gsize i = 0; i < n_networks; i++)
    if (is_in (address, networks[i]))
      return TRUE;

  return FALSE;
}

gboolean
linnet_fetch_policy_allows_address (GInetAddress *address)
{
  g_return_val_if_fail (G_IS_INET_ADDRESS (address), FALSE);

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4)
    return !is_in_any (address, special_ipv4, G_N_ELEMENTS (special_ipv4));

  for (gsize i = 0; i < G_N_ELEMENTS (disguises); i++)
    {
      g_autoptr (GInetAddress) inner = NULL;

      if (!is_in (address, disguises[i].prefix))
        continue;

      inner = g_inet_address_new_from_bytes (g_inet_address_to_bytes (address) + disguises[i].offset,
                                             G_SOCKET_FAMILY_IPV4);
      return linnet_fetch_policy_allows_address (inner);
    }

  return is_in (address, "2000::/3") && !is_in_any (address, special_ipv6, G_N_ELEMENTS (special_ipv6));
}

/* @host: of a URL. The form for DNS; NULL when it is refused. */
static char *
check_host (const char *host, GError **error)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);
  g_autoptr (GInetAddress) hidden = NULL;
  g_autofree char *prepared = NULL;
  const char *ending;

  if (address != NULL)
    {
      if (linnet_fetch_policy_allows_address (address))
        return g_inet_address_to_string (address);
      refuse (error, "no public address");
      return NULL;
    }

  /* Refuses also what some resolvers read as an address: 127.1, 0x7f000001. */
  prepared = xmpp_domain_prepare (host);
  ending = prepared != NULL ? strrchr (prepared, '.') : NULL;
  /* An address with a last dot, or with other dots. */
  hidden = ending != NULL ? g_inet_address_new_from_string (prepared) : NULL;
  if (ending == NULL || *prepared == '[' || hidden != NULL)
    {
      refuse (error, "no public name");
      return NULL;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (private_endings); i++)
    if (g_str_equal (ending + 1, private_endings[i]))
      {
        refuse (error, "a name of a private network");
        return NULL;
      }

  return xmpp_domain_to_ascii (prepared);
}

/* Nothing that two parsers could understand in two ways. */
static gboolean
is_plain (const char *url)
{
  if (strlen (url) > MAX_URL || !g_utf8_validate (url, -1, NULL))
    return FALSE;

  for (const char *c = url; *c != '\0'; c++)
    if ((guchar) *c <= ' ' || *c == 0x7f || *c == '\\')
      return FALSE;

  return TRUE;
}

/* -1 is the scheme's own. */
static gboolean
is_allowed_port (int port, gboolean is_page)
{
  for (gsize i = 0; is_page && i < G_N_ELEMENTS (page_ports); i++)
    if (port == page_ports[i])
      return TRUE;

  return port == -1 || port == PORT;
}

static GUri *
check (const char *url, gboolean is_page, GError **error)
{
  g_autoptr (GUri) uri = NULL;
  g_autofree char *host = NULL;

  if (!is_plain (url) ||
      !(uri = g_uri_parse (url, G_URI_FLAGS_ENCODED | G_URI_FLAGS_SCHEME_NORMALIZE, NULL)) ||
      g_uri_get_host (uri) == NULL)
    {
      refuse (error, "not the address of a page");
      return NULL;
    }

  if (!g_str_equal (g_uri_get_scheme (uri), "https") ||
      !is_allowed_port (g_uri_get_port (uri), is_page) || g_uri_get_userinfo (uri) != NULL)
    {
      refuse (error, "not https on its own port");
      return NULL;
    }

  host = check_host (g_uri_get_host (uri), error);
  if (host == NULL)
    return NULL;

  return g_uri_build (G_URI_FLAGS_ENCODED | G_URI_FLAGS_SCHEME_NORMALIZE,
                      "https",
                      NULL,
                      host,
                      g_uri_get_port (uri) != PORT ? g_uri_get_port (uri) : -1,
                      *g_uri_get_path (uri) != '\0' ? g_uri_get_path (uri) : "/",
                      g_uri_get_query (uri),
                      NULL);
}

GUri *
linnet_fetch_policy_check (const char *url, GError **error)
{
  g_return_val_if_fail (url != NULL, NULL);

  return check (url, FALSE, error);
}

GUri *
linnet_fetch_policy_check_page (const char *url, GError **error)
{
  g_return_val_if_fail (url != NULL, NULL);

  return check (url, TRUE, error);
}
