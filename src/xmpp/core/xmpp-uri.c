/* xmpp: links, RFC 5122 and XEP-0147 "XMPP URI Scheme Query Components", version 1.2
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-uri"

#include "config.h"

#include <string.h>

#include "xmpp-uri.h"

#define SCHEME "xmpp:"

/* A link that holds a message is as long as a message; nothing that is clicked is longer. */
#define MAX_LENGTH 16384
#define MAX_PAIRS 32

/* What may stand for itself before the @ (RFC 5122 section 2.2), less what shells and other programs trip
 * over. */
#define NODE_ALLOWED "!*+,="

typedef struct
{
  char *key;
  char *value;
} Pair;

struct _XmppUri
{
  XmppJid *jid;
  char *action; /* nullable */
  GArray *pairs;
};

G_DEFINE_QUARK (xmpp - uri - error - quark, xmpp_uri_error)

static void
pair_clear (gpointer data)
{
  Pair *pair = data;

  g_free (pair->key);
  g_free (pair->value);
}

/* g_uri_unescape_segment() takes "%zz" for NULL as well, but lets bytes through that are no UTF-8. */
static char *
decode (const char *start,
        gsize length,
        GError **error)
{
  g_autofree char *decoded = g_uri_unescape_segment (start, start + length, NULL);

  if (decoded != NULL && g_utf8_validate (decoded, -1, NULL))
    return g_steal_pointer (&decoded);

  g_set_error_literal (error, XMPP_URI_ERROR, XMPP_URI_ERROR_ENCODING, "Wrongly encoded");

  return NULL;
}

static gboolean
refuse_address (GError **error)
{
  g_set_error_literal (error, XMPP_URI_ERROR, XMPP_URI_ERROR_ADDRESS, "Not an address");

  return FALSE;
}

/* The parts are found before they are decoded, so that an encoded "@" or "/" belongs to its part (and is
 * refused there by RFC 7622 where it may not be). */
static gboolean
parse_path (XmppUri *self,
            const char *path,
            gsize length,
            GError **error)
{
  const char *end = path + length;
  const char *slash = memchr (path, '/', length);
  const char *bare_end = slash != NULL ? slash : end;
  const char *at = memchr (path, '@', bare_end - path);
  const char *host = at != NULL ? at + 1 : path;
  g_autofree char *local = NULL;
  g_autofree char *domain = NULL;
  g_autofree char *resource = NULL;

  if ((at != NULL && !(local = decode (path, at - path, error))) ||
      !(domain = decode (host, bare_end - host, error)) ||
      (slash != NULL && !(resource = decode (slash + 1, end - slash - 1, error))))
    return FALSE;
  if ((local != NULL && *local == '\0') || *domain == '\0')
    return refuse_address (error);

  /* A browser may put a "/" behind a name that it takes for a host. */
  self->jid = xmpp_jid_new_from_parts (
      local, domain, resource != NULL && *resource != '\0' ? resource : NULL, NULL);

  return self->jid != NULL || refuse_address (error);
}

static gboolean
parse_pair (XmppUri *self,
            const char *text,
            gsize length,
            GError **error)
{
  const char *equals = memchr (text, '=', length);
  gsize key_length = equals != NULL ? (gsize) (equals - text) : length;
  g_autofree char *key = decode (text, key_length, error);
  g_autofree char *value = NULL;

  if (key == NULL)
    return FALSE;
  value = equals != NULL ? decode (equals + 1, length - key_length - 1, error) : g_strdup ("");
  if (value == NULL)
    return FALSE;
  if (*key != '\0')
    xmpp_uri_add (self, key, value);

  return TRUE;
}

static gboolean
parse_query (XmppUri *self,
             const char *query,
             gsize length,
             GError **error)
{
  const char *end = query + length;
  gboolean first = TRUE;

  while (query < end)
    {
      const char *semicolon = memchr (query, ';', end - query);
      gsize part = semicolon != NULL ? (gsize) (semicolon - query) : (gsize) (end - query);

      /* Some links have pairs only, against RFC 5122 section 2.2. */
      if (first && memchr (query, '=', part) == NULL)
        {
          g_autofree char *action = decode (query, part, error);

          if (action == NULL)
            return FALSE;
          if (*action != '\0')
            self->action = g_ascii_strdown (action, -1);
        }
      else if (!parse_pair (self, query, part, error))
        return FALSE;

      first = FALSE;
      query += semicolon != NULL ? part + 1 : part;
    }

  return TRUE;
}

/* Where the path begins: behind the account of "xmpp://account@host/path". */
static const char *
skip_authority (const char *text,
                GError **error)
{
  const char *path;

  if (!g_str_has_prefix (text, "//"))
    return text;

  path = text + 2 + strcspn (text + 2, "/?#");
  if (*path == '/' && path[1] != '\0' && path[1] != '?' && path[1] != '#')
    return path + 1;

  g_set_error_literal (error, XMPP_URI_ERROR, XMPP_URI_ERROR_AUTHORITY, "Names an account only");

  return NULL;
}

XmppUri *
xmpp_uri_parse (const char *text,
                GError **error)
{
  g_autoptr (XmppUri) self = NULL;
  const char *path;
  gsize path_length;

  g_return_val_if_fail (text != NULL, NULL);

  if (g_ascii_strncasecmp (text, SCHEME, strlen (SCHEME)) != 0)
    {
      g_set_error_literal (error, XMPP_URI_ERROR, XMPP_URI_ERROR_SCHEME, "Not an xmpp: link");
      return NULL;
    }
  if (strlen (text) > MAX_LENGTH)
    {
      g_set_error_literal (error, XMPP_URI_ERROR, XMPP_URI_ERROR_TOO_LONG, "Too long");
      return NULL;
    }
  if (!(path = skip_authority (text + strlen (SCHEME), error)))
    return NULL;

  self = xmpp_uri_new (NULL, NULL);
  path_length = strcspn (path, "?#");
  if (!parse_path (self, path, path_length, error))
    return NULL;
  if (path[path_length] == '?')
    {
      const char *query = path + path_length + 1;

      if (!parse_query (self, query, strcspn (query, "#"), error))
        return NULL;
    }

  return g_steal_pointer (&self);
}

XmppUri *
xmpp_uri_new (XmppJid *jid,
              const char *action)
{
  XmppUri *self = g_new0 (XmppUri, 1);

  self->jid = jid != NULL ? xmpp_jid_ref (jid) : NULL;
  self->action = g_strdup (action);
  self->pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
  g_array_set_clear_func (self->pairs, pair_clear);

  return self;
}

void
xmpp_uri_add (XmppUri *self,
              const char *key,
              const char *value)
{
  Pair pair;

  g_return_if_fail (self != NULL && key != NULL && *key != '\0' && value != NULL);

  pair.key = g_ascii_strdown (key, -1);
  if (self->pairs->len >= MAX_PAIRS || xmpp_uri_get_value (self, pair.key) != NULL)
    {
      g_free (pair.key);
      return;
    }
  pair.value = g_strdup (value);
  g_array_append_val (self->pairs, pair);
}

void
xmpp_uri_free (XmppUri *self)
{
  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_free (self->action);
  g_array_unref (self->pairs);
  g_free (self);
}

XmppJid *
xmpp_uri_get_jid (XmppUri *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->jid;
}

const char *
xmpp_uri_get_action (XmppUri *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->action;
}

const char *
xmpp_uri_get_value (XmppUri *self,
                    const char *key)
{
  g_return_val_if_fail (self != NULL && key != NULL, NULL);

  for (guint i = 0; i < self->pairs->len; i++)
    {
      const Pair *pair = &g_array_index (self->pairs, Pair, i);

      if (g_str_equal (pair->key, key))
        return pair->value;
    }

  return NULL;
}

static void
append_domain (GString *string,
               XmppJid *jid)
{
  g_autofree char *ascii = NULL;

  if (xmpp_jid_get_domain (jid)[0] == '[') /* an IP literal, which xmpp_jid_dup_ascii_domain() undresses */
    ascii = g_strdup (xmpp_jid_get_domain (jid));
  else
    ascii = xmpp_jid_dup_ascii_domain (jid);

  g_string_append (string, ascii);
}

char *
xmpp_uri_to_string (XmppUri *self)
{
  GString *string = g_string_new (SCHEME);
  char separator = '?';

  g_return_val_if_fail (self != NULL && self->jid != NULL, NULL);

  if (xmpp_jid_get_local (self->jid) != NULL)
    {
      g_string_append_uri_escaped (string, xmpp_jid_get_local (self->jid), NODE_ALLOWED, FALSE);
      g_string_append_c (string, '@');
    }
  append_domain (string, self->jid);
  if (xmpp_jid_get_resource (self->jid) != NULL)
    {
      g_string_append_c (string, '/');
      g_string_append_uri_escaped (string, xmpp_jid_get_resource (self->jid), NULL, FALSE);
    }

  if (self->action != NULL)
    {
      g_string_append_c (string, separator);
      g_string_append_uri_escaped (string, self->action, NULL, FALSE);
      separator = ';';
    }
  for (guint i = 0; i < self->pairs->len; i++)
    {
      const Pair *pair = &g_array_index (self->pairs, Pair, i);

      g_string_append_c (string, separator);
      g_string_append_uri_escaped (string, pair->key, NULL, FALSE);
      g_string_append_c (string, '=');
      g_string_append_uri_escaped (string, pair->value, NULL, FALSE);
      separator = ';';
    }

  return g_string_free_and_steal (string);
}
