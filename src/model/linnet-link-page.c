/* The invitation on a landing page (XEP-0379 section 3.3, XEP-0401 section 4.2)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-link"

#include "config.h"

#include <string.h>

#include "linnet-account-private.h"
#include "linnet-error.h"
#include "linnet-fetch.h"
#include "linnet-future.h"
#include "linnet-link.h"
#include "linnet-proxy.h"
#include "linnet-spawn.h"
#include "linnet-verb.h"
#include "xmpp-secret.h"

#define MAX_SIZE (256 * 1024)
#define TIMEOUT 20 /* seconds */

/* A page has a handful; more are nobody's invitation. */
#define MAX_LINKS 64
#define MAX_LENGTH 2048

/* What may stand for characters of a link in an attribute. */
static const struct
{
  const char *entity;
  const char *text;
} entities[] = {
  { "&amp;", "&" },
  { "&#38;", "&" },
  { "&#x26;", "&" },
  { "&#61;", "=" },
  { "&#x3d;", "=" },
  { "&#59;", ";" },
  { "&#x3b;", ";" },
  { "&#64;", "@" },
  { "&#x40;", "@" },
};

/* The value of the attribute that begins at @start; NULL: none that could hold a link. */
static char *
dup_attribute (const char *start)
{
  char quote = *start;
  const char *end;
  GString *value;

  if (quote != '"' && quote != '\'')
    return NULL;
  end = strchr (start + 1, quote);
  if (end == NULL || end - start > MAX_LENGTH)
    return NULL;

  value = g_string_new_len (start + 1, end - start - 1);
  for (gsize i = 0; i < G_N_ELEMENTS (entities); i++)
    g_string_replace (value, entities[i].entity, entities[i].text, 0);

  return g_string_free_and_steal (value);
}

static gboolean
is_invitation (LinnetLink *link)
{
  LinnetLinkKind kind = linnet_link_get_kind (link);

  return kind == LINNET_LINK_ROSTER || kind == LINNET_LINK_REGISTER || kind == LINNET_LINK_SUBSCRIBE;
}

LinnetLink *
linnet_link_find_in_page (const char *html)
{
  const char *p = html;

  g_return_val_if_fail (html != NULL, NULL);

  for (guint i = 0; i < MAX_LINKS && (p = strstr (p, "href=")) != NULL;)
    {
      g_autofree char *value = dup_attribute (p += strlen ("href="));
      g_autoptr (LinnetLink) link = NULL;

      if (value == NULL || g_ascii_strncasecmp (value, "xmpp:", strlen ("xmpp:")) != 0)
        continue;
      link = linnet_link_parse (value, NULL);
      if (link != NULL && is_invitation (link))
        return g_steal_pointer (&link);
      i++;
    }

  return NULL;
}

typedef struct
{
  LinnetLink *link;
  LinnetAccount *account; /* nullable: then @proxy counts */
  char *proxy;            /* nullable */
} Resolving;

static void
resolving_free (gpointer data)
{
  Resolving *resolving = data;

  g_object_unref (resolving->link);
  g_clear_object (&resolving->account);
  xmpp_secret_clear (&resolving->proxy);
  g_free (resolving);
}

static char *
dup_proxy (LinnetAccount *account)
{
  g_autofree char *password = NULL;

  if (account->row->proxy == NULL)
    return NULL;
  if (linnet_proxy_has_user (account->row->proxy))
    password = dex_await_string (
        linnet_credentials_lookup_proxy_password (linnet_connection_get_credentials (account->connection)),
        NULL);

  return linnet_proxy_with_password (account->row->proxy, password);
}

static DexFuture *
linnet_link_resolve_fiber (gpointer data)
{
  static const char *const types[] = { "text/html", "application/xhtml+xml", NULL };
  Resolving *resolving = data;
  g_autoptr (XmppSecret) proxy =
      resolving->account != NULL ? dup_proxy (resolving->account) : g_strdup (resolving->proxy);
  g_autofree char *html = NULL;
  g_autoptr (LinnetFetched) fetched = NULL;
  g_autoptr (LinnetLink) found = NULL;
  g_autoptr (GError) error = NULL;

  fetched = dex_await_boxed (linnet_fetch (&(LinnetFetchRequest) {
                                 .url = linnet_link_get_page (resolving->link),
                                 .max_size = MAX_SIZE,
                                 .timeout_s = TIMEOUT,
                                 .types = types,
                                 .proxy = proxy,
                                 .is_page = TRUE,
                             }),
                             &error);
  if (fetched == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  html = g_strndup (g_bytes_get_data (fetched->bytes, NULL), g_bytes_get_size (fetched->bytes));
  if ((found = linnet_link_find_in_page (html)) == NULL)
    return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_BAD_LINK, "The page shows no invitation");

  return dex_future_new_take_object (g_steal_pointer (&found));
}

static DexFuture *
resolve (LinnetLink *self,
         LinnetAccount *account,
         const char *proxy)
{
  Resolving *resolving;

  linnet_return_error_if_fail (LINNET_IS_LINK (self));
  linnet_return_error_if_fail (linnet_link_get_kind (self) == LINNET_LINK_PAGE);

  resolving = g_new0 (Resolving, 1);
  resolving->link = g_object_ref (self);
  resolving->account = account != NULL ? g_object_ref (account) : NULL;
  resolving->proxy = g_strdup (proxy);

  return linnet_verb (
      linnet_spawn ("resolve-link", linnet_link_resolve_fiber, resolving, resolving_free));
}

DexFuture *
linnet_link_resolve (LinnetLink *self,
                     LinnetAccount *account)
{
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (account));

  return resolve (self, account, NULL);
}

DexFuture *
linnet_link_resolve_through (LinnetLink *self,
                             const char *proxy)
{
  return resolve (self, NULL, proxy);
}
