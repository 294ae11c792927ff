/* Links that invite, and other xmpp: links
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-link"

#include "config.h"

#include <string.h>

#include "linnet-error.h"
#include "linnet-link.h"
#include "xmpp-domain.h"
#include "xmpp-text.h"
#include "xmpp-uri.h"

/* A page's address is given to a server: nobody makes a longer one in good faith. */
#define MAX_PAGE 2048
#define MAX_TOKEN 512
#define MAX_BODY 8192

struct _LinnetLink
{
  GObject parent_instance;
  LinnetLinkKind kind;
  char *uri;     /* nullable */
  char *address; /* nullable */
  char *domain;  /* nullable */
  char *token;   /* nullable */
  char *name;    /* nullable */
  char *body;    /* nullable */
  char *page;    /* nullable */
  char *host;    /* nullable */
  guint can_register : 1;
};

G_DEFINE_FINAL_TYPE (LinnetLink, linnet_link, G_TYPE_OBJECT)

static const struct
{
  const char *action;
  LinnetLinkKind kind;
} actions[] = {
  { "join", LINNET_LINK_JOIN },
  { "message", LINNET_LINK_MESSAGE },
  { "register", LINNET_LINK_REGISTER },
  { "roster", LINNET_LINK_ROSTER },
  { "subscribe", LINNET_LINK_SUBSCRIBE },
};

static LinnetLink *
refuse (GError **error)
{
  g_set_error_literal (error, LINNET_ERROR, LINNET_ERROR_BAD_LINK, "Not a link that can be understood");

  return NULL;
}

static LinnetLinkKind
kind_of (const char *action)
{
  if (action == NULL)
    return LINNET_LINK_CHAT;

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (g_str_equal (actions[i].action, action))
        return actions[i].kind;
    }

  return LINNET_LINK_UNSUPPORTED;
}

/* What a token may be made of is the server's business, but not that it makes no text of an attribute. */
static char *
clean_token (const char *token)
{
  if (token == NULL || *token == '\0' || strlen (token) > MAX_TOKEN || !g_str_is_ascii (token))
    return NULL;

  for (const char *p = token; *p != '\0'; p++)
    {
      if (!g_ascii_isgraph (*p))
        return NULL;
    }

  return g_strdup (token);
}

static void
linnet_link_take_address (LinnetLink *self,
                          XmppJid *jid)
{
  if (xmpp_jid_get_local (jid) != NULL)
    self->address = g_strdup (xmpp_jid_get_bare_string (jid));
  if (self->kind == LINNET_LINK_REGISTER || self->can_register)
    self->domain = g_strdup (xmpp_jid_get_domain (jid));
}

static LinnetLink *
link_from_uri (const char *text,
               GError **error)
{
  g_autoptr (XmppUri) uri = xmpp_uri_parse (text, NULL);
  g_autoptr (LinnetLink) self = NULL;
  const char *body;

  if (uri == NULL)
    return refuse (error);

  self = g_object_new (LINNET_TYPE_LINK, NULL);
  self->uri = xmpp_uri_to_string (uri);
  self->kind = kind_of (xmpp_uri_get_action (uri));
  if (self->kind == LINNET_LINK_REGISTER || self->kind == LINNET_LINK_ROSTER ||
      self->kind == LINNET_LINK_SUBSCRIBE)
    self->token = clean_token (xmpp_uri_get_value (uri, "preauth"));
  self->can_register = self->kind == LINNET_LINK_ROSTER && self->token != NULL &&
                       g_strcmp0 (xmpp_uri_get_value (uri, "ibr"), "y") == 0;
  linnet_link_take_address (self, xmpp_uri_get_jid (uri));

  /* Only an account can be made, and things that are not done be left undone, on a whole server. */
  if (self->address == NULL && self->kind != LINNET_LINK_REGISTER && self->kind != LINNET_LINK_UNSUPPORTED)
    return refuse (error);

  if (self->kind == LINNET_LINK_ROSTER || self->kind == LINNET_LINK_SUBSCRIBE)
    self->name = xmpp_text_clean_name (xmpp_uri_get_value (uri, "name"));
  if (self->kind == LINNET_LINK_MESSAGE && (body = xmpp_uri_get_value (uri, "body")) != NULL)
    self->body = xmpp_text_clean (body, MAX_BODY, NULL);

  return g_steal_pointer (&self);
}

/* "user@host?roster;…", as landing pages have it in their fragment, perhaps encoded once more. A lone word
 * could be a domain, but is the page's own affair: its token. */
static LinnetLink *
link_from_rest (const char *rest)
{
  g_autofree char *decoded = NULL;
  g_autofree char *uri = NULL;

  if (rest == NULL || *rest == '\0')
    return NULL;
  if (strpbrk (rest, "@?") == NULL)
    {
      decoded = g_uri_unescape_string (rest, NULL);
      if (decoded == NULL || !g_utf8_validate (decoded, -1, NULL) || strpbrk (decoded, "@?") == NULL)
        return NULL;
      rest = decoded;
    }

  if (linnet_link_looks_like_one (rest))
    return g_ascii_strncasecmp (rest, "xmpp:", 5) == 0 ? link_from_uri (rest, NULL) : NULL;
  uri = g_strconcat ("xmpp:", rest, NULL);

  return link_from_uri (uri, NULL);
}

/* "?uri=xmpp%3A…" */
static LinnetLink *
link_from_query (const char *query)
{
  g_auto (GStrv) parts = NULL;

  if (query == NULL)
    return NULL;

  parts = g_strsplit (query, "&", 32);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      const char *equals = strchr (parts[i], '=');
      g_autofree char *value = g_uri_unescape_string (equals != NULL ? equals + 1 : parts[i], NULL);

      if (value != NULL && g_utf8_validate (value, -1, NULL) && g_ascii_strncasecmp (value, "xmpp:", 5) == 0)
        return link_from_uri (value, NULL);
    }

  return NULL;
}

/* conversations.im and pages like it: "/i/user@host", and "/j/room@host" for groups. */
static LinnetLink *
link_from_path (const char *path,
                const char *query)
{
  g_autofree char *uri = NULL;
  const char *address;

  if (!g_str_has_prefix (path, "/i/") && !g_str_has_prefix (path, "/j/"))
    return NULL;
  address = path + 3;
  if (strchr (address, '@') == NULL)
    return NULL;

  if (path[1] == 'j')
    uri = g_strconcat ("xmpp:", address, "?join", NULL);
  else
    uri = g_strconcat ("xmpp:", address, query != NULL ? "?" : NULL, query, NULL);

  return link_from_uri (uri, NULL);
}

/* In the form that cannot look like another one (security.md U2). */
static char *
prepare_host (const char *host)
{
  g_autofree char *prepared = host != NULL && *host != '\0' ? xmpp_domain_prepare (host) : NULL;

  return prepared != NULL ? xmpp_domain_to_ascii (prepared) : NULL;
}

static LinnetLink *
link_from_page (const char *text,
                GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_ENCODED, NULL);
  g_autofree char *host = NULL;
  LinnetLink *self;

  if (uri == NULL || strlen (text) > MAX_PAGE || g_uri_get_userinfo (uri) != NULL)
    return refuse (error);
  if (!(host = prepare_host (g_uri_get_host (uri))))
    return refuse (error);

  if ((self = link_from_rest (g_uri_get_fragment (uri))) != NULL ||
      (self = link_from_query (g_uri_get_query (uri))) != NULL ||
      (self = link_from_path (g_uri_get_path (uri), g_uri_get_query (uri))) != NULL)
    return self;

  self = g_object_new (LINNET_TYPE_LINK, NULL);
  self->kind = LINNET_LINK_PAGE;
  self->page = g_strdup (text);
  self->host = g_steal_pointer (&host);

  return self;
}

static void
linnet_link_finalize (GObject *object)
{
  LinnetLink *self = LINNET_LINK (object);

  g_free (self->uri);
  g_free (self->address);
  g_free (self->domain);
  g_free (self->token);
  g_free (self->name);
  g_free (self->body);
  g_free (self->page);
  g_free (self->host);

  G_OBJECT_CLASS (linnet_link_parent_class)->finalize (object);
}

static void
linnet_link_class_init (LinnetLinkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_link_finalize;
}

static void
linnet_link_init (LinnetLink *self)
{
}

/* As mails and chats wrap links: white space, "<…>". */
static char *
unwrap (const char *text)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  gsize length = strlen (trimmed);

  if (length > 2 && trimmed[0] == '<' && trimmed[length - 1] == '>')
    return g_strndup (trimmed + 1, length - 2);

  return g_steal_pointer (&trimmed);
}

LinnetLink *
linnet_link_parse (const char *text,
                   GError **error)
{
  g_autofree char *link = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (!g_utf8_validate (text, -1, NULL))
    return refuse (error);

  link = unwrap (text);
  if (g_ascii_strncasecmp (link, "xmpp:", 5) == 0)
    return link_from_uri (link, error);
  if (g_ascii_strncasecmp (link, "https://", 8) == 0)
    return link_from_page (link, error);

  return refuse (error);
}

gboolean
linnet_link_looks_like_one (const char *text)
{
  g_autofree char *link = NULL;

  g_return_val_if_fail (text != NULL, FALSE);

  link = unwrap (text);

  return g_ascii_strncasecmp (link, "xmpp:", 5) == 0 || g_ascii_strncasecmp (link, "https://", 8) == 0;
}

LinnetLinkKind
linnet_link_get_kind (LinnetLink *self)
{
  g_return_val_if_fail (LINNET_IS_LINK (self), LINNET_LINK_UNSUPPORTED);

  return self->kind;
}

const char *
linnet_link_get_address (LinnetLink *self)
{
  g_return_val_if_fail (LINNET_IS_LINK (self), NULL);

  return self->address;
}

const char *
linnet_link_get_domain (LinnetLink *self)
{
  g_return_val_if_fail (LINNET_IS_LINK (self), NULL);

  return self->domain;
}

const char *
linnet_link_get_token (LinnetLink *self)
{
  g_return_val_if_fail (LINNET_IS_LINK (self), NULL);

  return self->token;
}

const char *
linnet_link_get_name (LinnetLink *self)
{
  g_return_val_if_fail (LINNET_IS_LINK (self), NULL);

  return self->name;
}

const char *
linnet_link_get_body (LinnetLink *self)
{
  g_return_val_if_fail (LINNET_IS_LINK (self), NULL);

  return self->body;
}

gboolean
linnet_link_get_can_register (LinnetLink *self)
{
  g_return_val_if_fail (LINNET_IS_LINK (self), FALSE);

  return self->can_register;
}

const char *
linnet_link_get_uri (LinnetLink *self)
{
  g_return_val_if_fail (LINNET_IS_LINK (self), NULL);

  return self->uri;
}

const char *
linnet_link_get_page (LinnetLink *self)
{
  g_return_val_if_fail (LINNET_IS_LINK (self), NULL);

  return self->page;
}

const char *
linnet_link_get_host (LinnetLink *self)
{
  g_return_val_if_fail (LINNET_IS_LINK (self), NULL);

  return self->host;
}
