/* XEP-0221 Data Forms Media Element, version 1.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-media-element"

#include "config.h"

#include <string.h>

#include "xmpp-bob.h"
#include "xmpp-media-element.h"

#define MAX_URIS 16
#define MAX_URL 2000
#define MAX_PIXELS 4096

static void
xmpp_media_uri_free (gpointer data)
{
  XmppMediaUri *self = data;

  g_free (self->type);
  g_free (self->cid);
  g_free (self->url);
  g_free (self);
}

gboolean
xmpp_media_url_is_safe (const char *url)
{
  g_autoptr (GUri) uri = NULL;
  gsize length;

  g_return_val_if_fail (url != NULL, FALSE);

  length = strlen (url);
  if (length > MAX_URL)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      if ((guchar) url[i] <= ' ' || url[i] == '\x7f' || url[i] == '\\')
        return FALSE;
    }

  /* Without G_URI_FLAGS_PARSE_RELAXED: what other programs might read in another way is no address. */
  uri = g_uri_parse (url, G_URI_FLAGS_HAS_PASSWORD, NULL);

  return uri != NULL && g_str_equal (g_uri_get_scheme (uri), "https") && g_uri_get_userinfo (uri) == NULL &&
         g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0';
}

/* RFC 2045 section 5.1, without the parameters. */
static char *
parse_type (const char *text)
{
  g_autofree char *type = NULL;
  gsize slash, length;

  if (text == NULL)
    return NULL;

  type = g_ascii_strdown (text, strcspn (text, ";"));
  g_strstrip (type);
  slash = strcspn (type, "/");
  length = strlen (type);

  if (slash == 0 || slash + 1 >= length || length > 100 ||
      strspn (type, "abcdefghijklmnopqrstuvwxyz0123456789!#$&-^_.+/") != length ||
      strchr (type + slash + 1, '/') != NULL)
    return NULL;

  return g_steal_pointer (&type);
}

static XmppMediaUri *
parse_uri (XmppNode *node)
{
  g_autofree char *type = parse_type (xmpp_node_get_attr (node, "type"));
  g_autofree char *text = g_strstrip (g_strdup (xmpp_node_get_text (node)));
  gboolean is_cid = g_ascii_strncasecmp (text, "cid:", 4) == 0;
  XmppMediaUri *uri;

  if (type == NULL || !(is_cid ? xmpp_bob_cid_is_valid (text + 4) : xmpp_media_url_is_safe (text)))
    return NULL;

  uri = g_new0 (XmppMediaUri, 1);
  uri->type = g_steal_pointer (&type);
  if (is_cid)
    uri->cid = g_strdup (text + 4);
  else
    uri->url = g_steal_pointer (&text);

  return uri;
}

static guint
parse_pixels (XmppNode *node,
              const char *name)
{
  guint64 value = 0;

  return xmpp_node_get_attr_uint (node, name, MAX_PIXELS, &value) ? value : 0;
}

XmppMediaElement *
xmpp_media_element_parse (XmppNode *media)
{
  g_autoptr (XmppMediaElement) self = NULL;

  g_return_val_if_fail (media != NULL, NULL);

  if (!xmpp_node_is (media, "media", XMPP_NS_MEDIA_ELEMENT))
    return NULL;

  self = g_new0 (XmppMediaElement, 1);
  self->uris = g_ptr_array_new_with_free_func (xmpp_media_uri_free);
  self->width = parse_pixels (media, "width");
  self->height = parse_pixels (media, "height");

  for (guint i = 0; i < xmpp_node_get_n_children (media) && i < MAX_URIS; i++)
    {
      XmppNode *child = xmpp_node_get_nth_child (media, i);
      XmppMediaUri *uri = xmpp_node_is (child, "uri", XMPP_NS_MEDIA_ELEMENT) ? parse_uri (child) : NULL;

      if (uri != NULL)
        g_ptr_array_add (self->uris, uri);
    }

  return self->uris->len > 0 ? g_steal_pointer (&self) : NULL;
}

void
xmpp_media_element_free (XmppMediaElement *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->uris);
  g_free (self);
}

const XmppMediaUri *
xmpp_media_element_find (const XmppMediaElement *self,
                         const char *kind,
                         gboolean cid)
{
  gsize length;

  g_return_val_if_fail (self != NULL && kind != NULL, NULL);

  length = strlen (kind);
  for (guint i = 0; i < self->uris->len; i++)
    {
      const XmppMediaUri *uri = self->uris->pdata[i];

      if ((uri->cid != NULL) == cid && strncmp (uri->type, kind, length) == 0 && uri->type[length] == '/')
        return uri;
    }

  return NULL;
}
