/* How an account reaches the network: as the system is set, through its own proxy, or not through any
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-proxy"

#include "config.h"

#include <string.h>

#include "linnet-error.h"
#include "linnet-proxy.h"

#define SCHEME "socks5"
#define DEFAULT_PORT 1080
#define MAX_TEXT 1000
/* RFC 1929 section 2 has one byte for their lengths. */
#define MAX_CREDENTIAL 255
#define FLAGS (G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_SCHEME_NORMALIZE)

static GUri *
parse (const char *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, FLAGS, NULL);
  const char *user, *password;

  if (uri == NULL || !g_str_equal (g_uri_get_scheme (uri), SCHEME) || g_uri_get_host (uri) == NULL ||
      *g_uri_get_host (uri) == '\0' || g_uri_get_port (uri) == 0 || g_uri_get_query (uri) != NULL ||
      g_uri_get_fragment (uri) != NULL || strspn (g_uri_get_path (uri), "/") != strlen (g_uri_get_path (uri)))
    return NULL;

  for (const char *c = g_uri_get_host (uri); *c != '\0'; c++)
    if ((guchar) *c <= ' ' || *c == 0x7f)
      return NULL;

  user = g_uri_get_user (uri);
  password = g_uri_get_password (uri);
  if ((user != NULL && (*user == '\0' || strlen (user) > MAX_CREDENTIAL)) ||
      (password != NULL && strlen (password) > MAX_CREDENTIAL))
    return NULL;

  return g_steal_pointer (&uri);
}

/* @password: nullable */
static char *
build (GUri *uri, const char *password)
{
  int port = g_uri_get_port (uri) > 0 ? g_uri_get_port (uri) : DEFAULT_PORT;

  return g_uri_join_with_user (
      FLAGS, SCHEME, g_uri_get_user (uri), password, NULL, g_uri_get_host (uri), port, "", NULL, NULL);
}

char *
linnet_proxy_normalize (const char *text, char **password, GError **error)
{
  g_autofree char *trimmed = NULL;
  g_autofree char *full = NULL;
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  trimmed = g_strstrip (g_strdup (text));
  if (g_str_equal (trimmed, LINNET_PROXY_NONE))
    return g_steal_pointer (&trimmed);

  full = strstr (trimmed, "://") != NULL ? g_strdup (trimmed) : g_strconcat (SCHEME "://", trimmed, NULL);
  if (strlen (full) > MAX_TEXT || !g_utf8_validate (full, -1, NULL) || !(uri = parse (full)))
    {
      g_set_error_literal (error, LINNET_ERROR, LINNET_ERROR_BAD_PROXY, "Not of the form host:port");
      return NULL;
    }

  if (password != NULL)
    *password = g_strdup (g_uri_get_password (uri));

  return build (uri, NULL);
}

gboolean
linnet_proxy_split (const char *proxy, char **host, guint16 *port, char **user)
{
  g_autoptr (GUri) uri = proxy != NULL ? parse (proxy) : NULL;

  if (uri == NULL)
    return FALSE;

  if (host != NULL)
    *host = g_strdup (g_uri_get_host (uri));
  if (port != NULL)
    *port = g_uri_get_port (uri) > 0 ? g_uri_get_port (uri) : DEFAULT_PORT;
  if (user != NULL)
    *user = g_strdup (g_uri_get_user (uri));

  return TRUE;
}

gboolean
linnet_proxy_has_user (const char *proxy)
{
  g_autofree char *user = NULL;

  return linnet_proxy_split (proxy, NULL, NULL, &user) && user != NULL;
}

char *
linnet_proxy_with_password (const char *proxy, const char *password)
{
  g_autoptr (GUri) uri = proxy != NULL ? parse (proxy) : NULL;

  if (uri == NULL || g_uri_get_user (uri) == NULL)
    return g_strdup (proxy);

  return build (uri, password);
}

GProxyResolver *
linnet_proxy_get_resolver (const char *proxy)
{
  return proxy != NULL ? g_simple_proxy_resolver_new (proxy, NULL) : NULL;
}
