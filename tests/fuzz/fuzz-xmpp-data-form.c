/* Fuzz target: values are what their type says, and an answer has nothing that was not asked
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The input is an element as a server sends it: a form, or what it asks of new accounts.
 */
#include <string.h>

#include "xmpp-data-form.h"
#include "xmpp-jid.h"
#include "xmpp-register-form.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What people type into any kind of field. */
static const char *const typed[] = {
  "",
  "x",
  "1",
  "true",
  "-7",
  "2024-02-29",
  "ana@lark.chat",
  "one\r\ntwo",
  "a]]>&<b",
  "\xc5\xbc\xc3\xb3\xc5\x82w",
};

static gboolean
has_option (const XmppDataField *field,
            const char *value)
{
  for (guint i = 0; i < field->options->len; i++)
    {
      const XmppDataOption *option = field->options->pdata[i];

      if (g_str_equal (option->value, value))
        return TRUE;
    }

  return FALSE;
}

/* Of a field that passed its check. */
static void
check_value (const XmppDataField *field,
             const char *value)
{
  g_autoptr (XmppJid) jid = NULL;

  switch (field->type)
    {
    case XMPP_DATA_FIELD_BOOLEAN:
      g_assert (*value == '\0' || g_str_equal (value, "0") || g_str_equal (value, "1") ||
                g_str_equal (value, "true") || g_str_equal (value, "false"));
      break;
    case XMPP_DATA_FIELD_LIST_SINGLE:
    case XMPP_DATA_FIELD_LIST_MULTI:
      g_assert (*value == '\0' || has_option (field, value) ||
                (field->validation != NULL && field->validation->open));
      break;
    case XMPP_DATA_FIELD_JID_SINGLE:
    case XMPP_DATA_FIELD_JID_MULTI:
      jid = xmpp_jid_new (value, NULL);
      g_assert (*value == '\0' || jid != NULL);
      break;
    case XMPP_DATA_FIELD_TEXT_SINGLE:
    case XMPP_DATA_FIELD_TEXT_PRIVATE:
      g_assert (strpbrk (value, "\r\n") == NULL);
      break;
    case XMPP_DATA_FIELD_TEXT_MULTI:
    case XMPP_DATA_FIELD_FIXED:
    case XMPP_DATA_FIELD_HIDDEN:
    default:
      break;
    }
}

static void
check_field (const XmppDataField *field)
{
  gboolean fits = xmpp_data_field_check (field, NULL);
  g_autofree char *text = xmpp_data_field_dup_text (field);

  g_assert (field->var != NULL || field->type == XMPP_DATA_FIELD_FIXED);
  g_assert (g_utf8_validate (text, -1, NULL));
  for (guint i = 0; fits && field->values[i] != NULL; i++)
    check_value (field, field->values[i]);
  for (guint i = 0; field->media != NULL && i < field->media->uris->len; i++)
    {
      const XmppMediaUri *uri = field->media->uris->pdata[i];

      g_assert ((uri->cid != NULL) != (uri->url != NULL));
      g_assert (uri->url == NULL || g_str_has_prefix (uri->url, "https://") ||
                g_ascii_strncasecmp (uri->url, "https://", 8) == 0);
    }
}

/* Every field of the answer is one of the form's, in its order, each once, hidden ones as they came. */
static void
check_submit (XmppDataForm *form,
              GHashTable *hidden)
{
  g_autoptr (XmppNode) submit = xmpp_data_form_build_submit (form);
  g_autofree char *xml = xmpp_node_to_string (submit, NULL);
  g_autoptr (XmppNode) again = xmpp_node_parse (xml, -1, NULL, NULL);
  guint at = 0, n_hidden = 0;

  g_assert (again != NULL && xmpp_node_equal (submit, again));
  for (guint i = 0; i < xmpp_node_get_n_children (submit); i++)
    {
      XmppNode *node = xmpp_node_get_nth_child (submit, i);
      const char *var = xmpp_node_get_attr (node, "var");
      const XmppDataField *field;

      g_assert (xmpp_node_is (node, "field", XMPP_NS_DATA_FORM) && var != NULL);
      do
        {
          g_assert (at < form->fields->len);
          field = form->fields->pdata[at++];
        }
      while (g_strcmp0 (field->var, var) != 0);

      g_assert (field->type != XMPP_DATA_FIELD_FIXED);
      g_assert_cmpuint (xmpp_node_get_n_children (node), ==, g_strv_length (field->values));
      if (field->type == XMPP_DATA_FIELD_HIDDEN)
        {
          g_assert (g_strv_equal ((const char *const *) field->values, g_hash_table_lookup (hidden, var)));
          n_hidden++;
        }
    }
  g_assert_cmpuint (n_hidden, ==, g_hash_table_size (hidden));
}

static void
check_form (XmppDataForm *form)
{
  g_autoptr (GHashTable) hidden =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_strfreev);

  for (guint i = 0; i < form->fields->len; i++)
    {
      const XmppDataField *field = form->fields->pdata[i];

      if (field->type == XMPP_DATA_FIELD_HIDDEN)
        g_hash_table_insert (hidden, field->var, g_strdupv (field->values));
    }

  check_submit (form, hidden);
  for (guint round = 0; round < G_N_ELEMENTS (typed); round++)
    {
      for (guint i = 0; i < form->fields->len; i++)
        {
          const char *const values[] = {
            typed[(round + i) % G_N_ELEMENTS (typed)],
            typed[(round + 2 * i + 1) % G_N_ELEMENTS (typed)],
            NULL,
          };

          xmpp_data_field_set_values (form->fields->pdata[i], values);
          check_field (form->fields->pdata[i]);
        }
      check_submit (form, hidden);
    }
}

static void
check_register_form (XmppNode *node)
{
  g_autoptr (XmppRegisterForm) form = xmpp_register_form_parse (node, NULL);
  g_autoptr (XmppNode) answer = NULL;

  if (form == NULL)
    return;

  g_assert (form->url == NULL || xmpp_media_url_is_safe (form->url));
  g_assert (form->instructions == NULL || g_utf8_validate (form->instructions, -1, NULL));
  g_assert (form->form != NULL || xmpp_register_form_get_missing_cid (form) == NULL);
  if (form->form == NULL)
    return;

  check_form (form->form);
  answer = xmpp_register_form_build (form);
  g_assert (xmpp_node_is (answer, "query", XMPP_NS_REGISTER));
  g_assert_cmpuint (xmpp_node_get_n_children (answer), ==, form->plain ? form->form->fields->len : 1);
  g_assert (xmpp_node_get_child (answer, "remove", XMPP_NS_REGISTER) == NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autoptr (XmppNode) node = xmpp_node_parse ((const char *) data, (gssize) size, NULL, NULL);
  g_autoptr (XmppDataForm) form = NULL;

  if (node == NULL)
    return 0;

  check_register_form (node);
  form = xmpp_data_form_parse (node, NULL);
  if (form != NULL)
    check_form (form);

  return 0;
}
