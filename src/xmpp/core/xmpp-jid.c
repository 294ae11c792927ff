/* Addresses, RFC 7622
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-jid"

#include "config.h"

#include <string.h>

#include "xmpp-domain.h"
#include "xmpp-jid.h"
#include "xmpp-precis.h"

#define MAX_PART 1023 /* bytes, RFC 7622 sections 3.2 to 3.4 */

/* Preparing shortens a part to a third at most (full width letters to ASCII), so that a longer one is
 * hopeless. */
#define MAX_RAW_PART (MAX_PART * 3)

struct _XmppJid
{
  gatomicrefcount ref_count;
  const char *string;
  const char *bare;
  const char *local; /* nullable */
  const char *domain;
  const char *resource; /* nullable */
  char data[];
};

G_DEFINE_BOXED_TYPE (XmppJid, xmpp_jid, xmpp_jid_ref, xmpp_jid_unref)
G_DEFINE_QUARK (xmpp - jid - error - quark, xmpp_jid_error)

/* Puts prepared parts together: the whole address, then, where they are not ends of it, bare address and
 * localpart. */
static XmppJid *
assemble (const char *local,
          const char *domain,
          const char *resource)
{
  gsize local_length = local != NULL ? strlen (local) : 0;
  gsize bare_length = (local != NULL ? local_length + 1 : 0) + strlen (domain);
  gsize full_length = bare_length + (resource != NULL ? strlen (resource) + 1 : 0);
  gsize size = full_length + 1;
  XmppJid *self;
  char *p;

  size += resource != NULL ? bare_length + 1 : 0;
  size += local != NULL ? local_length + 1 : 0;
  self = g_malloc (sizeof (XmppJid) + size);
  p = self->data;
  g_atomic_ref_count_init (&self->ref_count);
  self->string = p;
  if (local != NULL)
    {
      p = g_stpcpy (p, local);
      *p++ = '@';
    }
  p = g_stpcpy (p, domain);
  if (resource != NULL)
    {
      *p++ = '/';
      self->resource = p;
      p = g_stpcpy (p, resource) + 1;
      self->bare = p;
      memcpy (p, self->string, bare_length);
      p[bare_length] = '\0';
      p += bare_length + 1;
    }
  else
    {
      self->resource = NULL;
      self->bare = self->string;
      p++;
    }
  self->domain = local != NULL ? self->bare + local_length + 1 : self->bare;
  self->local = local != NULL ? memcpy (p, local, local_length + 1) : NULL;

  return self;
}

static gboolean
check_raw (const char *part,
           const char *what,
           GError **error)
{
  if (*part == '\0')
    g_set_error (error, XMPP_JID_ERROR, XMPP_JID_ERROR_EMPTY, "The %s is empty", what);
  else if (strlen (part) > MAX_RAW_PART)
    g_set_error (error, XMPP_JID_ERROR, XMPP_JID_ERROR_TOO_LONG, "The %s is too long", what);
  else
    return TRUE;

  return FALSE;
}

/* Consumes @prepared and gives it back when it may stand in an address. */
static char *
check_prepared (char *prepared,
                XmppJidError code,
                const char *what,
                GError **error)
{
  if (prepared != NULL && strlen (prepared) <= MAX_PART)
    return prepared;

  if (prepared == NULL)
    g_set_error (error, XMPP_JID_ERROR, code, "The %s holds something that is not allowed", what);
  else
    g_set_error (error, XMPP_JID_ERROR, XMPP_JID_ERROR_TOO_LONG, "The %s is too long", what);
  g_free (prepared);

  return NULL;
}

static char *
prepare_local (const char *local,
               GError **error)
{
  char *prepared;

  if (!check_raw (local, "localpart", error))
    return NULL;

  prepared = xmpp_precis_username (local);
  /* RFC 7622 section 3.3.1; after the mapping, which makes "@" out of its full width form. */
  if (prepared != NULL && strpbrk (prepared, "\"&'/:<>@") != NULL)
    g_clear_pointer (&prepared, g_free);

  return check_prepared (prepared, XMPP_JID_ERROR_LOCAL, "localpart", error);
}

static char *
prepare_domain (const char *domain,
                GError **error)
{
  if (!check_raw (domain, "domain", error))
    return NULL;

  return check_prepared (xmpp_domain_prepare (domain), XMPP_JID_ERROR_DOMAIN, "domain", error);
}

static char *
prepare_resource (const char *resource,
                  GError **error)
{
  if (!check_raw (resource, "resource", error))
    return NULL;

  return check_prepared (xmpp_precis_opaque_string (resource), XMPP_JID_ERROR_RESOURCE, "resource", error);
}

XmppJid *
xmpp_jid_new (const char *text,
              GError **error)
{
  g_autofree char *bare = NULL;
  const char *slash;
  char *at;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  /* First the slash, then the at sign: both may stand in a resource (RFC 7622 section 3.1). */
  slash = strchr (text, '/');
  bare = slash != NULL ? g_strndup (text, slash - text) : g_strdup (text);
  at = strchr (bare, '@');
  if (at != NULL)
    *at = '\0';

  return xmpp_jid_new_from_parts (at != NULL ? bare : NULL,
                                  at != NULL ? at + 1 : bare,
                                  slash != NULL ? slash + 1 : NULL,
                                  error);
}

XmppJid *
xmpp_jid_new_from_parts (const char *local,
                         const char *domain,
                         const char *resource,
                         GError **error)
{
  g_autofree char *prepared_local = NULL;
  g_autofree char *prepared_domain = NULL;
  g_autofree char *prepared_resource = NULL;

  g_return_val_if_fail (domain != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if ((local != NULL && (prepared_local = prepare_local (local, error)) == NULL) ||
      (prepared_domain = prepare_domain (domain, error)) == NULL ||
      (resource != NULL && (prepared_resource = prepare_resource (resource, error)) == NULL))
    return NULL;

  return assemble (prepared_local, prepared_domain, prepared_resource);
}

XmppJid *
xmpp_jid_ref (XmppJid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
xmpp_jid_unref (XmppJid *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

const char *
xmpp_jid_get_local (XmppJid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->local;
}

const char *
xmpp_jid_get_domain (XmppJid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->domain;
}

char *
xmpp_jid_dup_ascii_domain (XmppJid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return xmpp_domain_to_ascii (self->domain);
}

const char *
xmpp_jid_get_resource (XmppJid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->resource;
}

const char *
xmpp_jid_get_string (XmppJid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->string;
}

const char *
xmpp_jid_get_bare_string (XmppJid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->bare;
}

gboolean
xmpp_jid_is_bare (XmppJid *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->resource == NULL;
}

XmppJid *
xmpp_jid_to_bare (XmppJid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->resource == NULL ? xmpp_jid_ref (self) : assemble (self->local, self->domain, NULL);
}

XmppJid *
xmpp_jid_with_resource (XmppJid *self,
                        const char *resource,
                        GError **error)
{
  g_autofree char *prepared = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (resource != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  prepared = prepare_resource (resource, error);

  return prepared != NULL ? assemble (self->local, self->domain, prepared) : NULL;
}

gboolean
xmpp_jid_equal (XmppJid *a,
                XmppJid *b)
{
  return a == b || (a != NULL && b != NULL && strcmp (a->string, b->string) == 0);
}

gboolean
xmpp_jid_bare_equal (XmppJid *a,
                     XmppJid *b)
{
  return a == b || (a != NULL && b != NULL && strcmp (a->bare, b->bare) == 0);
}

guint
xmpp_jid_hash (gconstpointer self)
{
  g_return_val_if_fail (self != NULL, 0);

  return g_str_hash (((const XmppJid *) self)->string);
}
