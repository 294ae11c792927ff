/* What an entity says about itself: identities, features and forms of XEP-0030 and the hash of XEP-0115
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-disco-info"

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "xmpp-disco-info.h"
#include "xmpp-text.h"

#define NS_DISCO_INFO "http://jabber.org/protocol/disco#info"
#define NS_DATA "jabber:x:data"

#define MAX_CHILDREN 1024
#define MAX_FEATURES 512
#define MAX_IDENTITIES 32
#define MAX_FORMS 16
#define MAX_FIELDS 128

G_DEFINE_BOXED_TYPE (XmppDiscoInfo, xmpp_disco_info, xmpp_disco_info_ref, xmpp_disco_info_unref)

static void
identity_free (XmppDiscoIdentity *self)
{
  g_free (self->category);
  g_free (self->type);
  g_free (self->lang);
  g_free (self->name);
  g_free (self);
}

static int
compare_strings (const void *a,
                 const void *b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
add_child (XmppDiscoInfo *self,
           GPtrArray *features,
           XmppNode *child)
{
  if (xmpp_node_is (child, "identity", NS_DISCO_INFO))
    {
      const char *category = xmpp_node_get_attr (child, "category");
      const char *type = xmpp_node_get_attr (child, "type");
      XmppDiscoIdentity *identity;

      if (category == NULL || type == NULL || self->identities->len >= MAX_IDENTITIES)
        return FALSE;

      identity = g_new0 (XmppDiscoIdentity, 1);
      identity->category = g_strdup (category);
      identity->type = g_strdup (type);
      identity->lang = g_strdup (xmpp_node_get_attr_ns (child, "lang", XMPP_NS_XML));
      identity->name = xmpp_text_clean_name (xmpp_node_get_attr (child, "name"));
      g_ptr_array_add (self->identities, identity);
    }
  else if (xmpp_node_is (child, "feature", NS_DISCO_INFO))
    {
      const char *var = xmpp_node_get_attr (child, "var");

      if (var == NULL || features->len >= MAX_FEATURES)
        return FALSE;
      g_ptr_array_add (features, g_strdup (var));
    }

  return TRUE;
}

XmppDiscoInfo *
xmpp_disco_info_parse (XmppNode *query)
{
  g_autoptr (XmppDiscoInfo) self = NULL;
  g_autoptr (GPtrArray) features = NULL;

  g_return_val_if_fail (query != NULL, NULL);

  if (!xmpp_node_is (query, "query", NS_DISCO_INFO) || xmpp_node_get_n_children (query) > MAX_CHILDREN)
    return NULL;

  self = g_atomic_rc_box_new0 (XmppDiscoInfo);
  self->query = xmpp_node_ref (query);
  self->identities = g_ptr_array_new_with_free_func ((GDestroyNotify) identity_free);
  features = g_ptr_array_new_null_terminated (0, g_free, TRUE);

  for (guint i = 0; i < xmpp_node_get_n_children (query); i++)
    {
      if (!add_child (self, features, xmpp_node_get_nth_child (query, i)))
        return NULL;
    }

  if (features->len > 1)
    qsort (features->pdata, features->len, sizeof (gpointer), compare_strings);
  self->features = features->len > 0 ? (char **) g_ptr_array_steal (features, NULL) : g_new0 (char *, 1);

  return g_steal_pointer (&self);
}

XmppDiscoInfo *
xmpp_disco_info_ref (XmppDiscoInfo *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
info_clear (XmppDiscoInfo *self)
{
  g_clear_pointer (&self->identities, g_ptr_array_unref);
  g_clear_pointer (&self->features, g_strfreev);
  g_clear_pointer (&self->query, xmpp_node_unref);
}

void
xmpp_disco_info_unref (XmppDiscoInfo *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) info_clear);
}

gboolean
xmpp_disco_info_has_feature (XmppDiscoInfo *self,
                             const char *feature)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (feature != NULL, FALSE);

  return g_strv_contains ((const char *const *) self->features, feature);
}

/* ---- forms, XEP-0128 ---- */

static XmppNode *
find_field (XmppNode *form,
            const char *var)
{
  for (guint i = 0; i < xmpp_node_get_n_children (form); i++)
    {
      XmppNode *field = xmpp_node_get_nth_child (form, i);

      if (xmpp_node_is (field, "field", NS_DATA) && g_strcmp0 (xmpp_node_get_attr (field, "var"), var) == 0)
        return field;
    }

  return NULL;
}

/* Only a hidden FORM_TYPE names a form; others are to be ignored (XEP-0115 section 5.4). */
static const char *
get_form_type (XmppNode *form)
{
  XmppNode *field;

  if (!xmpp_node_is (form, "x", NS_DATA))
    return NULL;

  field = find_field (form, "FORM_TYPE");
  if (field == NULL || g_strcmp0 (xmpp_node_get_attr (field, "type"), "hidden") != 0)
    return NULL;

  return xmpp_node_get_child_text (field, "value", NS_DATA);
}

char **
xmpp_disco_info_dup_form_values (XmppDiscoInfo *self,
                                 const char *form_type,
                                 const char *var)
{
  g_autoptr (GStrvBuilder) values = g_strv_builder_new ();
  XmppNode *field = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (form_type != NULL && var != NULL, NULL);

  for (guint i = 0; i < xmpp_node_get_n_children (self->query) && field == NULL; i++)
    {
      XmppNode *form = xmpp_node_get_nth_child (self->query, i);

      if (g_strcmp0 (get_form_type (form), form_type) == 0)
        field = find_field (form, var);
    }

  for (guint i = 0; field != NULL && i < xmpp_node_get_n_children (field); i++)
    {
      XmppNode *value = xmpp_node_get_nth_child (field, i);

      if (xmpp_node_is (value, "value", NS_DATA))
        g_strv_builder_add (values, xmpp_node_get_text (value));
    }

  return g_strv_builder_end (values);
}

/* ---- the verification string, XEP-0115 section 5.1 ---- */

/* '<' ends each part of the string: a part that holds one could stand for two, and one answer be passed off
 * as another (section 9.1). */
static gboolean
append_part (GString *string,
             const char *part)
{
  if (part == NULL || strchr (part, '<') != NULL)
    return FALSE;

  g_string_append (string, part);
  g_string_append_c (string, '<');

  return TRUE;
}

/* Sorts @parts and appends them; FALSE when one occurs twice. */
static gboolean
append_sorted (GString *string,
               GPtrArray *parts,
               gboolean unique)
{
  if (parts->len > 1)
    qsort (parts->pdata, parts->len, sizeof (gpointer), compare_strings);

  for (guint i = 0; i < parts->len; i++)
    {
      if (unique && i > 0 && g_str_equal (parts->pdata[i], parts->pdata[i - 1]))
        return FALSE;
      if (!append_part (string, parts->pdata[i]))
        return FALSE;
    }

  return TRUE;
}

static gboolean
append_identities (GString *string,
                   XmppNode *query)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < xmpp_node_get_n_children (query); i++)
    {
      XmppNode *child = xmpp_node_get_nth_child (query, i);
      const char *lang = xmpp_node_get_attr_ns (child, "lang", XMPP_NS_XML);
      const char *name = xmpp_node_get_attr (child, "name");

      if (xmpp_node_is (child, "identity", NS_DISCO_INFO))
        g_ptr_array_add (parts,
                         g_strdup_printf ("%s/%s/%s/%s",
                                          xmpp_node_get_attr (child, "category"),
                                          xmpp_node_get_attr (child, "type"),
                                          lang != NULL ? lang : "",
                                          name != NULL ? name : ""));
    }

  return append_sorted (string, parts, TRUE);
}

static gboolean
append_features (GString *string,
                 char **features)
{
  for (guint i = 0; features[i] != NULL; i++)
    {
      if ((i > 0 && g_str_equal (features[i], features[i - 1])) || !append_part (string, features[i]))
        return FALSE;
    }

  return TRUE;
}

static gboolean
append_field (GString *string,
              XmppNode *form,
              const char *var)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new ();
  XmppNode *field = find_field (form, var);

  for (guint i = 0; i < xmpp_node_get_n_children (field); i++)
    {
      XmppNode *value = xmpp_node_get_nth_child (field, i);

      if (xmpp_node_is (value, "value", NS_DATA))
        g_ptr_array_add (values, (gpointer) xmpp_node_get_text (value));
    }

  return append_part (string, var) && append_sorted (string, values, FALSE);
}

/* FORM_TYPE, whose values must all be the same, then the other fields by name. */
static gboolean
append_form (GString *string,
             XmppNode *form)
{
  g_autoptr (GPtrArray) vars = g_ptr_array_new ();
  XmppNode *type_field = find_field (form, "FORM_TYPE");
  const char *type = get_form_type (form);

  for (guint i = 0; i < xmpp_node_get_n_children (type_field); i++)
    {
      if (!g_str_equal (xmpp_node_get_text (xmpp_node_get_nth_child (type_field, i)), type))
        return FALSE;
    }

  for (guint i = 0; i < xmpp_node_get_n_children (form); i++)
    {
      XmppNode *field = xmpp_node_get_nth_child (form, i);
      const char *var = xmpp_node_get_attr (field, "var");

      if (xmpp_node_is (field, "field", NS_DATA) && var != NULL && !g_str_equal (var, "FORM_TYPE"))
        g_ptr_array_add (vars, (gpointer) var);
    }
  if (vars->len > 1)
    qsort (vars->pdata, vars->len, sizeof (gpointer), compare_strings);

  if (!append_part (string, type))
    return FALSE;
  for (guint i = 0; i < vars->len; i++)
    {
      if ((i > 0 && g_str_equal (vars->pdata[i], vars->pdata[i - 1])) ||
          !append_field (string, form, vars->pdata[i]))
        return FALSE;
    }

  return TRUE;
}

static int
compare_forms (gconstpointer a,
               gconstpointer b)
{
  return strcmp (get_form_type (*(XmppNode *const *) a), get_form_type (*(XmppNode *const *) b));
}

static gboolean
append_forms (GString *string,
              XmppNode *query)
{
  g_autoptr (GPtrArray) forms = g_ptr_array_new ();

  for (guint i = 0; i < xmpp_node_get_n_children (query); i++)
    {
      XmppNode *child = xmpp_node_get_nth_child (query, i);

      if (xmpp_node_get_n_children (child) > MAX_FIELDS || forms->len > MAX_FORMS)
        return FALSE;
      if (get_form_type (child) != NULL)
        g_ptr_array_add (forms, child);
    }
  g_ptr_array_sort (forms, compare_forms);

  for (guint i = 0; i < forms->len; i++)
    {
      if (i > 0 && g_str_equal (get_form_type (forms->pdata[i]), get_form_type (forms->pdata[i - 1])))
        return FALSE;
      if (!append_form (string, forms->pdata[i]))
        return FALSE;
    }

  return TRUE;
}

char *
xmpp_disco_info_get_caps_ver (XmppDiscoInfo *self,
                              GChecksumType hash)
{
  g_autoptr (GString) string = g_string_new (NULL);
  g_autoptr (GChecksum) checksum = NULL;
  guint8 digest[64];
  gsize length = sizeof digest;

  g_return_val_if_fail (self != NULL, NULL);

  if (!append_identities (string, self->query) || !append_features (string, self->features) ||
      !append_forms (string, self->query))
    return NULL;

  checksum = g_checksum_new (hash);
  g_checksum_update (checksum, (const guchar *) string->str, string->len);
  g_checksum_get_digest (checksum, digest, &length);

  return g_base64_encode (digest, length);
}
