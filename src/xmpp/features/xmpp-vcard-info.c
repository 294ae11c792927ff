/* What somebody tells of themselves, by XEP-0054 vcard-temp, version 1.3.0, or XEP-0292 vCard4 Over XMPP,
 * version 0.12.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-vcard-info"

#include "config.h"

#include <string.h>

#include "linnet-spawn.h"
#include "xmpp-text.h"
#include "xmpp-vcard-info.h"

#define MAX_VALUES 4
/* Elements of one name that are looked at: more than anybody types. What else there is does not count, or
 * what is written behind it would not be found again. */
#define MAX_ELEMENTS 128
#define MAX_NOTE 2000
#define MAX_URL 500
#define MAX_EMAIL 254
#define MAX_PHONE 40

struct _XmppVcardInfo
{
  GStrv values[XMPP_VCARD_N_FIELDS]; /* nullable */
};

G_DEFINE_BOXED_TYPE (XmppVcardInfo, xmpp_vcard_info, xmpp_vcard_info_copy, xmpp_vcard_info_free)

/* ---- cleaning ---- */

static char *
clean_note (const char *text)
{
  g_autofree char *clean = xmpp_text_clean (text, MAX_NOTE, NULL);

  if (clean != NULL)
    g_strstrip (clean);

  return clean != NULL && *clean != '\0' ? g_steal_pointer (&clean) : NULL;
}

/* Nothing but https is ever opened, and nobody needs a name and password in front of a public page. */
static char *
clean_url (const char *text)
{
  g_autofree char *clean = g_strstrip (g_strdup (text));
  g_autoptr (GUri) uri = strlen (clean) <= MAX_URL ? g_uri_parse (clean, G_URI_FLAGS_NONE, NULL) : NULL;

  if (uri == NULL || !g_str_equal (g_uri_get_scheme (uri), "https") || g_uri_get_userinfo (uri) != NULL ||
      g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return NULL;

  for (const char *p = clean; *p != '\0'; p++)
    if (!g_ascii_isgraph (*p))
      return NULL;

  return g_steal_pointer (&clean);
}

static char *
clean_email (const char *text)
{
  g_autofree char *clean = xmpp_text_clean_name (text);
  const char *at = clean != NULL ? strchr (clean, '@') : NULL;

  if (at == NULL || at == clean || at[1] == '\0' || strchr (at + 1, '@') != NULL ||
      strlen (clean) > MAX_EMAIL || strpbrk (clean, " <>,;\"") != NULL)
    return NULL;

  return g_steal_pointer (&clean);
}

/* RFC 3966 has no spaces in numbers; written one way only, a number is the same in both kinds of vCards. */
static char *
clean_phone (const char *text)
{
  g_autofree char *clean = xmpp_text_clean_name (text);
  guint digits = 0;

  if (clean == NULL || strlen (clean) > MAX_PHONE ||
      strspn (clean, "0123456789+-()./ ") != strlen (clean))
    return NULL;

  g_strdelimit (clean, " /", '-');
  for (const char *p = clean; *p != '\0'; p++)
    digits += g_ascii_isdigit (*p);

  return digits >= 2 ? g_steal_pointer (&clean) : NULL;
}

/* The digits of @text from @at on; FALSE when there are not so many. */
static gboolean
read_digits (const char **at,
             guint n,
             guint *out)
{
  *out = 0;
  for (guint i = 0; i < n; i++, (*at)++)
    {
      if (!g_ascii_isdigit (**at))
        return FALSE;
      *out = 10 * *out + g_ascii_digit_value (**at);
    }

  return TRUE;
}

/* RFC 6350 section 4.3.1, and what the older kind writes; times are of no interest. */
static char *
clean_birthday (const char *text)
{
  gboolean has_year = !g_str_has_prefix (text, "--");
  const char *at = has_year ? text : text + 2;
  /* Without a year, the 29th of February is one. */
  guint year = 2000;
  guint month;
  guint day;

  if (has_year && !read_digits (&at, 4, &year))
    return NULL;
  if (has_year && *at == '-')
    at++;
  if (!read_digits (&at, 2, &month))
    return NULL;
  if (*at == '-')
    at++;
  if (!read_digits (&at, 2, &day) || (*at != '\0' && *at != 'T') || year == 0 ||
      !g_date_valid_dmy (day, month, year))
    return NULL;

  return has_year ? g_strdup_printf ("%04u-%02u-%02u", year, month, day)
                  : g_strdup_printf ("--%02u-%02u", month, day);
}

static const struct
{
  char *(*clean) (const char *text);
  guint max;
} rules[] = {
  [XMPP_VCARD_NAME] = { xmpp_text_clean_name, 1 },
  [XMPP_VCARD_NICKNAME] = { xmpp_text_clean_name, 1 },
  [XMPP_VCARD_NOTE] = { clean_note, 1 },
  [XMPP_VCARD_ORGANIZATION] = { xmpp_text_clean_name, 1 },
  [XMPP_VCARD_ROLE] = { xmpp_text_clean_name, 1 },
  [XMPP_VCARD_PLACE] = { xmpp_text_clean_name, 1 },
  [XMPP_VCARD_BIRTHDAY] = { clean_birthday, 1 },
  [XMPP_VCARD_URL] = { clean_url, MAX_VALUES },
  [XMPP_VCARD_EMAIL] = { clean_email, MAX_VALUES },
  [XMPP_VCARD_PHONE] = { clean_phone, MAX_VALUES },
};

/* ---- the boxed type ---- */

XmppVcardInfo *
xmpp_vcard_info_new (void)
{
  return g_new0 (XmppVcardInfo, 1);
}

XmppVcardInfo *
xmpp_vcard_info_copy (const XmppVcardInfo *self)
{
  XmppVcardInfo *copy = xmpp_vcard_info_new ();

  for (guint i = 0; i < XMPP_VCARD_N_FIELDS; i++)
    copy->values[i] = g_strdupv (self->values[i]);

  return copy;
}

void
xmpp_vcard_info_free (XmppVcardInfo *self)
{
  for (guint i = 0; i < XMPP_VCARD_N_FIELDS; i++)
    g_strfreev (self->values[i]);
  g_free (self);
}

gboolean
xmpp_vcard_info_add (XmppVcardInfo *self,
                     XmppVcardField field,
                     const char *text)
{
  g_autofree char *clean = NULL;
  guint length;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (field < XMPP_VCARD_N_FIELDS, FALSE);

  length = self->values[field] != NULL ? g_strv_length (self->values[field]) : 0;
  if (text == NULL || length >= rules[field].max || (clean = rules[field].clean (text)) == NULL)
    return FALSE;

  /* The same twice, as home and at work, is shown once. */
  if (length > 0 && g_strv_contains ((const char *const *) self->values[field], clean))
    return FALSE;

  self->values[field] = g_renew (char *, self->values[field], length + 2);
  self->values[field][length] = g_steal_pointer (&clean);
  self->values[field][length + 1] = NULL;

  return TRUE;
}

const char *
xmpp_vcard_info_get (const XmppVcardInfo *self,
                     XmppVcardField field)
{
  return xmpp_vcard_info_get_all (self, field)[0];
}

const char *const *
xmpp_vcard_info_get_all (const XmppVcardInfo *self,
                         XmppVcardField field)
{
  static const char *const none[] = { NULL };

  g_return_val_if_fail (self != NULL, none);
  g_return_val_if_fail (field < XMPP_VCARD_N_FIELDS, none);

  return self->values[field] != NULL ? (const char *const *) self->values[field] : none;
}

/* ---- from and to elements ---- */

static void
read_field (XmppVcardInfo *self,
            XmppNode *vcard,
            const XmppVcardElement *element)
{
  guint n_children = xmpp_node_get_n_children (vcard);
  guint n = 0;

  for (guint i = 0; i < n_children && n < MAX_ELEMENTS; i++)
    {
      XmppNode *child = xmpp_node_get_nth_child (vcard, i);
      g_autofree char *text = NULL;

      if (!xmpp_node_is (child, element->name, xmpp_node_get_ns (vcard)))
        continue;
      n++;
      text = element->read (child);
      xmpp_vcard_info_add (self, element->field, text);
    }
}

XmppVcardInfo *
xmpp_vcard_info_read (XmppNode *vcard,
                      const XmppVcardElement *elements)
{
  XmppVcardInfo *self = xmpp_vcard_info_new ();

  g_return_val_if_fail (vcard != NULL, self);

  for (const XmppVcardElement *element = elements; element->name != NULL; element++)
    {
      if (element->read != NULL)
        read_field (self, vcard, element);
    }

  return self;
}

XmppNode *
xmpp_vcard_info_write (const XmppVcardInfo *self,
                       XmppNode *vcard,
                       const XmppVcardElement *elements)
{
  g_autoptr (XmppVcardInfo) before = NULL;
  XmppNode *result;
  const char *ns;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (vcard != NULL, NULL);

  before = xmpp_vcard_info_read (vcard, elements);
  ns = xmpp_node_get_ns (vcard);
  result = xmpp_node_ref (vcard);
  for (const XmppVcardElement *element = elements; element->name != NULL; element++)
    {
      const char *const *values = xmpp_vcard_info_get_all (self, element->field);
      g_autoptr (XmppNode) old = NULL;

      /* As it was, with what it tells beyond this (home, work …). */
      if (g_strv_equal (values, xmpp_vcard_info_get_all (before, element->field)))
        continue;

      old = result;
      result = xmpp_node_without (old, element->name, ns);
      for (guint i = 0; element->write != NULL && values[i] != NULL; i++)
        {
          g_autoptr (XmppNode) shorter = result;

          result = xmpp_node_with_child (shorter, element->write (element->name, values[i]));
        }
    }

  return result;
}

/* ---- from and to the server ---- */

static DexFuture *
read_cb (DexFuture *future,
         gpointer data)
{
  const XmppVcardKind *kind = data;
  const GValue *value = dex_future_get_value (future, NULL);

  return dex_future_new_take_boxed (XMPP_TYPE_VCARD_INFO,
                                    xmpp_vcard_info_read (g_value_get_boxed (value), kind->elements));
}

DexFuture *
xmpp_vcard_kind_fetch (const XmppVcardKind *kind,
                       XmppFeature *feature,
                       XmppJid *jid)
{
  g_autoptr (XmppJid) bare = jid != NULL ? xmpp_jid_to_bare (jid) : NULL;

  return dex_future_then (kind->fetch (feature, bare), read_cb, (gpointer) kind, NULL);
}

typedef struct
{
  const XmppVcardKind *kind;
  XmppFeature *feature;
  XmppVcardInfo *info;
  XmppAccess access;
} SaveState;

static void
save_state_free (gpointer data)
{
  SaveState *state = data;

  g_clear_object (&state->feature);
  g_clear_pointer (&state->info, xmpp_vcard_info_free);
  g_free (state);
}

static DexFuture *
xmpp_vcard_kind_save_fiber (gpointer data)
{
  SaveState *state = data;
  const XmppVcardKind *kind = state->kind;
  g_autoptr (XmppNode) before = NULL;
  g_autoptr (GError) error = NULL;

  before = dex_await_boxed (kind->fetch (state->feature, NULL), &error);
  if (before == NULL && !g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_ITEM_NOT_FOUND))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (xmpp_feature_get_session (state->feature) == NULL)
    return dex_future_new_reject (
        XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_DISCONNECTED, "The session is over");

  if (before == NULL)
    before = xmpp_el (kind->name, kind->ns);

  return kind->send (state->feature,
                     before,
                     xmpp_vcard_info_write (state->info, before, kind->elements),
                     state->access);
}

DexFuture *
xmpp_vcard_kind_save (const XmppVcardKind *kind,
                      XmppFeature *feature,
                      const XmppVcardInfo *info,
                      XmppAccess access)
{
  SaveState *state = g_new0 (SaveState, 1);

  state->kind = kind;
  state->feature = g_object_ref (feature);
  state->info = xmpp_vcard_info_copy (info);
  state->access = access;

  return linnet_spawn ("save-vcard", xmpp_vcard_kind_save_fiber, state, save_state_free);
}

char *
xmpp_vcard_join (XmppNode *element,
                 const char *const *names)
{
  g_autoptr (GString) joined = g_string_new (NULL);

  for (guint i = 0; names[i] != NULL; i++)
    {
      const char *text = xmpp_node_get_child_text (element, names[i], xmpp_node_get_ns (element));

      if (text == NULL || *text == '\0')
        continue;
      if (joined->len > 0)
        g_string_append (joined, ", ");
      g_string_append (joined, text);
    }

  return g_string_free_and_steal (g_steal_pointer (&joined));
}
