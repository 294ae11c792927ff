/* Tests of what entities say about themselves, and of XEP-0115's hash with its examples and ill-formed
 * answers (I12) SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-assert.h"
#include "xmpp-disco-info.h"

#define QUERY(content) "<query xmlns='http://jabber.org/protocol/disco#info'>" content "</query>"
#define EXODUS                                                                                      \
  "<feature var='http://jabber.org/protocol/muc'/><feature var='http://jabber.org/protocol/caps'/>" \
  "<identity category='client' name='Exodus 0.9.1' type='pc'/>"                                     \
  "<feature var='http://jabber.org/protocol/disco#info'/><feature "                                 \
  "var='http://jabber.org/protocol/disco#items'/>"
#define PSI_FEATURES                                                                                       \
  "<feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#info'/>" \
  "<feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/muc'/>"
#define PSI_IDENTITIES                                                    \
  "<identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/>" \
  "<identity xml:lang='el' category='client' name='Ψ 0.11' type='pc'/>"
#define FORM(type_type, type_value, fields)                                                                  \
  "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE'" type_type ">" type_value "</field>" fields \
  "</x>"
#define HIDDEN " type='hidden'"
#define SOFTWARE "<value>urn:xmpp:dataforms:softwareinfo</value>"
#define PSI_FIELDS                                                                                  \
  "<field var='os_version'><value>10.5.1</value></field><field var='os'><value>Mac</value></field>" \
  "<field var='ip_version' type='text-multi'><value>ipv6</value><value>ipv4</value></field>"        \
  "<field var='software'><value>Psi</value></field><field "                                         \
  "var='software_version'><value>0.11</value></field>"
#define PSI_VER "q07IKJEyjvHSyhy//CH0CxmKi8w="
#define EXODUS_VER "QgayPKawpkPSDYmwT/WM94uAlu0="

static const struct
{
  const char *name;
  const char *xml;
  const char *ver; /* NULL: must not be hashed */
} rows[] = {
  { "simple", QUERY (EXODUS), EXODUS_VER },
  { "complex", QUERY (PSI_IDENTITIES PSI_FEATURES FORM (HIDDEN, SOFTWARE, PSI_FIELDS)), PSI_VER },
  { "form-without-type-is-ignored",
    QUERY (EXODUS "<x xmlns='jabber:x:data' type='result'><field var='a'><value>b</value></field></x>"),
    EXODUS_VER },
  { "form-with-visible-type-is-ignored", QUERY (EXODUS FORM ("", SOFTWARE, PSI_FIELDS)), EXODUS_VER },
  { "foreign-elements-are-ignored",
    QUERY (EXODUS "<feature xmlns='urn:example' var='x'/><other xmlns='urn:example'/>"),
    EXODUS_VER },
  { "same-form-type-twice-for-one-value",
    QUERY (PSI_IDENTITIES PSI_FEATURES FORM (HIDDEN, SOFTWARE SOFTWARE, PSI_FIELDS)),
    PSI_VER },

  /* Section 5.4: ill-formed */
  { "feature-twice", QUERY (EXODUS "<feature var='http://jabber.org/protocol/muc'/>"), NULL },
  { "identity-twice", QUERY (EXODUS "<identity category='client' name='Exodus 0.9.1' type='pc'/>"), NULL },
  { "form-twice", QUERY (EXODUS FORM (HIDDEN, SOFTWARE, "") FORM (HIDDEN, SOFTWARE, PSI_FIELDS)), NULL },
  { "form-type-with-two-values",
    QUERY (EXODUS FORM (HIDDEN, SOFTWARE "<value>other</value>", PSI_FIELDS)),
    NULL },
  { "field-twice",
    QUERY (EXODUS FORM (HIDDEN,
                        SOFTWARE,
                        "<field var='os'><value>a</value></field><field var='os'><value>b</value></field>")),
    NULL },

  /* One answer made to look like another */
  { "separator-in-feature",
    QUERY ("<identity category='client' name='Exodus 0.9.1' type='pc'/>"
           "<feature var='http://jabber.org/protocol/caps&lt;http://jabber.org/protocol/disco#info'/>"
           "<feature var='http://jabber.org/protocol/disco#items'/><feature "
           "var='http://jabber.org/protocol/muc'/>"),
    NULL },
  { "separator-in-identity",
    QUERY ("<identity category='client' name='Exodus 0.9.1&lt;http://jabber.org/protocol/caps' type='pc'/>"
           "<feature var='http://jabber.org/protocol/disco#info'/><feature "
           "var='http://jabber.org/protocol/disco#items'/>"
           "<feature var='http://jabber.org/protocol/muc'/>"),
    NULL },
  { "separator-in-value",
    QUERY (EXODUS FORM (HIDDEN, SOFTWARE, "<field var='os'><value>a&lt;b</value></field>")),
    NULL },
  { "separator-in-form-type", QUERY (EXODUS FORM (HIDDEN, "<value>a&lt;b</value>", "")), NULL },
};

static void
test_ver (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppNode) query = xmpp_node_from_literal (rows[row].xml);
  g_autoptr (XmppDiscoInfo) info = xmpp_disco_info_parse (query);
  g_autofree char *ver = NULL;

  g_assert_nonnull (info);
  ver = xmpp_disco_info_get_caps_ver (info, G_CHECKSUM_SHA1);
  g_assert_cmpstr (ver, ==, rows[row].ver);
}

static void
test_parse (void)
{
  g_autoptr (XmppNode) query =
      xmpp_node_from_literal (QUERY (PSI_IDENTITIES EXODUS FORM (HIDDEN, SOFTWARE, PSI_FIELDS)));
  g_autoptr (XmppDiscoInfo) info = xmpp_disco_info_parse (query);

  g_assert_true (xmpp_disco_info_has_feature (info, "http://jabber.org/protocol/muc"));
  g_assert_false (xmpp_disco_info_has_feature (info, "http://jabber.org/protocol/mu"));
  g_assert_cmpuint (info->identities->len, ==, 3);
}

static const struct
{
  const char *name;
  const char *item;
  guint n;
} too_much[] = {
  { "features", "<feature var='x'/>", 513 },
  { "identities", "<identity category='c' type='t'/>", 33 },
  { "elements", "<x xmlns='urn:example'/>", 1025 },
};

static void
test_limits (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (GString) xml = g_string_new ("<query xmlns='http://jabber.org/protocol/disco#info'>");
  g_autoptr (XmppNode) query = NULL;

  for (guint i = 0; i < too_much[row].n; i++)
    g_string_append (xml, too_much[row].item);
  g_string_append (xml, "</query>");
  query = xmpp_node_from_literal (xml->str);

  g_assert_null (xmpp_disco_info_parse (query));
}

static void
test_large_form (void)
{
  g_autoptr (GString) xml =
      g_string_new ("<query xmlns='http://jabber.org/protocol/disco#info'><x xmlns='jabber:x:data'>"
                    "<field var='FORM_TYPE' type='hidden'><value>t</value></field>");
  g_autoptr (XmppNode) query = NULL;
  g_autoptr (XmppDiscoInfo) info = NULL;

  for (guint i = 0; i < 60000; i++)
    g_string_append_printf (xml, "<field var='%u'/>", i);
  g_string_append (xml, "</x></query>");
  query = xmpp_node_from_literal (xml->str);
  info = xmpp_disco_info_parse (query);

  g_assert_null (xmpp_disco_info_get_caps_ver (info, G_CHECKSUM_SHA1));
}

static void
test_not_one (void)
{
  g_autoptr (XmppNode) other = xmpp_node_from_literal ("<query xmlns='urn:example'/>");
  g_autoptr (XmppNode) nameless = xmpp_node_from_literal (QUERY ("<feature/>"));
  g_autoptr (XmppNode) half = xmpp_node_from_literal (QUERY ("<identity category='client'/>"));

  g_assert_null (xmpp_disco_info_parse (other));
  g_assert_null (xmpp_disco_info_parse (nameless));
  g_assert_null (xmpp_disco_info_parse (half));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/disco-info/ver/%s", rows[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_ver);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (too_much); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/disco-info/too-many-%s", too_much[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_limits);
    }
  g_test_add_func ("/xmpp/disco-info/parse", test_parse);
  g_test_add_func ("/xmpp/disco-info/large-form", test_large_form);
  g_test_add_func ("/xmpp/disco-info/not-one", test_not_one);

  return g_test_run ();
}
