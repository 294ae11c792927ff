/* Tests of what counts of a vCard, whoever wrote it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "linnet-test.h"
#include "xmpp-assert.h"
#include "xmpp-vcard-info.h"

#define LONG_300                                                                                         \
  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct
{
  const char *name;
  XmppVcardField field;
  const char *in;
  const char *out; /* NULL: refused */
} rows[] = {
  { "name", XMPP_VCARD_NAME, " Ana \n Horvat ", "Ana Horvat" },
  { "name-with-controls", XMPP_VCARD_NAME, "A\xe2\x80\xaena", "Ana" },
  { "name-empty", XMPP_VCARD_NAME, " \n ", NULL },
  { "no-name", XMPP_VCARD_NAME, NULL, NULL },
  { "note-keeps-lines", XMPP_VCARD_NOTE, " One\r\nTwo\x07 ", "One\nTwo" },
  { "note-empty", XMPP_VCARD_NOTE, " \n", NULL },

  { "url", XMPP_VCARD_URL, " https://example.org/~ana?x=1#y ", "https://example.org/~ana?x=1#y" },
  { "url-http", XMPP_VCARD_URL, "http://example.org/", NULL },
  { "url-javascript", XMPP_VCARD_URL, "javascript:alert(1)", NULL },
  { "url-file", XMPP_VCARD_URL, "file:///etc/passwd", NULL },
  { "url-data", XMPP_VCARD_URL, "data:text/html,x", NULL },
  { "url-no-host", XMPP_VCARD_URL, "https:///x", NULL },
  { "url-with-password", XMPP_VCARD_URL, "https://example.org@evil.example/", NULL },
  { "url-with-space", XMPP_VCARD_URL, "https://example.org/a b", NULL },
  { "url-with-direction", XMPP_VCARD_URL, "https://example.org/\xe2\x80\xae", NULL },
  { "url-too-long", XMPP_VCARD_URL, "https://example.org/" LONG_300 LONG_300, NULL },
  { "url-relative", XMPP_VCARD_URL, "example.org", NULL },

  { "email", XMPP_VCARD_EMAIL, "ana@example.org", "ana@example.org" },
  { "email-no-at", XMPP_VCARD_EMAIL, "ana", NULL },
  { "email-two-at", XMPP_VCARD_EMAIL, "a@b@c", NULL },
  { "email-no-local", XMPP_VCARD_EMAIL, "@example.org", NULL },
  { "email-no-domain", XMPP_VCARD_EMAIL, "ana@", NULL },
  { "email-two", XMPP_VCARD_EMAIL, "ana@example.org,eve@example.org", NULL },
  { "email-with-name", XMPP_VCARD_EMAIL, "Ana <ana@example.org>", NULL },
  { "email-too-long", XMPP_VCARD_EMAIL, LONG_300 "@example.org", NULL },

  { "phone", XMPP_VCARD_PHONE, " +49 (30) 12/34.5 ", "+49-(30)-12-34.5" },
  { "phone-letters", XMPP_VCARD_PHONE, "call me", NULL },
  { "phone-no-digits", XMPP_VCARD_PHONE, "+-", NULL },
  { "phone-too-long", XMPP_VCARD_PHONE, "+4900000000000000000000000000000000000000", NULL },

  { "birthday", XMPP_VCARD_BIRTHDAY, "1990-02-28", "1990-02-28" },
  { "birthday-short", XMPP_VCARD_BIRTHDAY, "19900228", "1990-02-28" },
  { "birthday-with-time", XMPP_VCARD_BIRTHDAY, "1990-02-28T00:00:00Z", "1990-02-28" },
  { "birthday-no-year", XMPP_VCARD_BIRTHDAY, "--0229", "--02-29" },
  { "birthday-no-such-day", XMPP_VCARD_BIRTHDAY, "1990-02-29", NULL },
  { "birthday-no-such-month", XMPP_VCARD_BIRTHDAY, "1990-13-01", NULL },
  { "birthday-year-alone", XMPP_VCARD_BIRTHDAY, "1990", NULL },
  { "birthday-text", XMPP_VCARD_BIRTHDAY, "in spring", NULL },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppVcardInfo) info = xmpp_vcard_info_new ();

  g_assert_cmpint (
      xmpp_vcard_info_add (info, rows[row].field, rows[row].in), ==, rows[row].out != NULL);
  g_assert_cmpstr (xmpp_vcard_info_get (info, rows[row].field), ==, rows[row].out);
}

static void
test_lengths (void)
{
  g_autoptr (XmppVcardInfo) info = xmpp_vcard_info_new ();
  g_autofree char *note = g_strnfill (100000, 'x');

  g_assert_true (xmpp_vcard_info_add (info, XMPP_VCARD_NAME, LONG_300));
  g_assert_cmpuint (strlen (xmpp_vcard_info_get (info, XMPP_VCARD_NAME)), ==, 256);
  g_assert_true (xmpp_vcard_info_add (info, XMPP_VCARD_NOTE, note));
  g_assert_cmpuint (strlen (xmpp_vcard_info_get (info, XMPP_VCARD_NOTE)), ==, 2000);
}

static void
test_numbers (void)
{
  g_autoptr (XmppVcardInfo) info = xmpp_vcard_info_new ();
  g_autoptr (XmppVcardInfo) copy = NULL;

  g_assert_true (xmpp_vcard_info_add (info, XMPP_VCARD_NAME, "A"));
  g_assert_false (xmpp_vcard_info_add (info, XMPP_VCARD_NAME, "B"));
  g_assert_false (xmpp_vcard_info_add (info, XMPP_VCARD_EMAIL, "none"));
  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *email = g_strdup_printf ("%u@example.org", i);

      g_assert_cmpint (xmpp_vcard_info_add (info, XMPP_VCARD_EMAIL, email), ==, i < 4);
      g_assert_false (xmpp_vcard_info_add (info, XMPP_VCARD_EMAIL, email));
    }

  copy = xmpp_vcard_info_copy (info);
  g_assert_cmpstr (xmpp_vcard_info_get (copy, XMPP_VCARD_NAME), ==, "A");
  g_assert_cmpuint (
      g_strv_length ((char **) xmpp_vcard_info_get_all (copy, XMPP_VCARD_EMAIL)), ==, 4);
  g_assert_null (xmpp_vcard_info_get (copy, XMPP_VCARD_NOTE));
}

/* ---- elements ---- */

static char *
read_text (XmppNode *element)
{
  return g_strdup (xmpp_node_get_text (element));
}

static XmppNode *
write_text (const char *name,
            const char *text)
{
  return xmpp_el (name, "urn:v", xmpp_text (text));
}

static const XmppVcardElement elements[] = {
  { XMPP_VCARD_NAME, "name", read_text, write_text },
  { XMPP_VCARD_NAME, "parts", NULL, NULL },
  { XMPP_VCARD_ROLE, "role", read_text, write_text },
  { XMPP_VCARD_ROLE, "title", read_text, NULL },
  { XMPP_VCARD_EMAIL, "email", read_text, write_text },
  {},
};

static const struct
{
  const char *name;
  const char *before;
  const char *out; /* with the name Ana, the role cook, a@b and c@d */
} writings[] = {
  { "new", "", "<name>Ana</name><role>cook</role><email>a@b</email><email>c@d</email>" },
  { "others-stay",
    "<photo><x/></photo><name xmlns='urn:other'>B</name>",
    "<photo><x/></photo><name xmlns='urn:other'>B</name>"
    "<name>Ana</name><role>cook</role><email>a@b</email><email>c@d</email>" },
  { "same-stays-as-it-is",
    "<email kind='home'>a@b</email><title>cook</title><name>Ana</name><email>c@d</email><parts/>",
    "<email kind='home'>a@b</email><title>cook</title><name>Ana</name><email>c@d</email><parts/>" },
  { "changed",
    "<parts/><name>B</name><title>smith</title><email kind='home'>c@d</email>",
    "<name>Ana</name><role>cook</role><email>a@b</email><email>c@d</email>" },
};

static void
test_write (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autofree char *before = g_strdup_printf ("<vcard xmlns='urn:v'>%s</vcard>", writings[row].before);
  g_autofree char *out = g_strdup_printf ("<vcard xmlns='urn:v'>%s</vcard>", writings[row].out);
  g_autoptr (XmppNode) vcard = xmpp_node_parse (before, -1, NULL, NULL);
  g_autoptr (XmppVcardInfo) info = xmpp_vcard_info_new ();
  g_autoptr (XmppNode) result = NULL;

  xmpp_vcard_info_add (info, XMPP_VCARD_NAME, "Ana");
  xmpp_vcard_info_add (info, XMPP_VCARD_ROLE, "cook");
  xmpp_vcard_info_add (info, XMPP_VCARD_EMAIL, "a@b");
  xmpp_vcard_info_add (info, XMPP_VCARD_EMAIL, "c@d");
  result = xmpp_vcard_info_write (info, vcard, elements);
  xmpp_assert_node (result, out);
}

/* security.md P12: more of a kind than anybody reads. */
static void
test_many_of_a_kind (void)
{
  g_autoptr (GString) xml = g_string_new ("<vcard xmlns='urn:v'>");
  g_autoptr (XmppNode) vcard = NULL;
  g_autoptr (XmppVcardInfo) info = NULL;

  for (guint i = 0; i < 200; i++)
    g_string_append (xml, "<email>none</email>");
  g_string_append (xml, "<email>a@b</email><name>Ana</name></vcard>");
  vcard = xmpp_node_parse (xml->str, -1, NULL, NULL);
  info = xmpp_vcard_info_read (vcard, elements);
  g_assert_null (xmpp_vcard_info_get (info, XMPP_VCARD_EMAIL));
  g_assert_cmpstr (xmpp_vcard_info_get (info, XMPP_VCARD_NAME), ==, "Ana");
}

/* What is saved behind all that other programs put there is found again. */
static void
test_crowded (void)
{
  g_autoptr (GString) xml = g_string_new ("<vcard xmlns='urn:v'><name>Ana</name>");
  g_autoptr (XmppNode) vcard = NULL;
  g_autoptr (XmppNode) result = NULL;
  g_autoptr (XmppVcardInfo) info = xmpp_vcard_info_new ();
  g_autoptr (XmppVcardInfo) again = NULL;

  for (guint i = 0; i < 200; i++)
    g_string_append (xml, "<x/>");
  g_string_append (xml, "</vcard>");
  vcard = xmpp_node_parse (xml->str, -1, NULL, NULL);
  xmpp_vcard_info_add (info, XMPP_VCARD_NAME, "Mira");
  result = xmpp_vcard_info_write (info, vcard, elements);
  again = xmpp_vcard_info_read (result, elements);
  g_assert_cmpstr (xmpp_vcard_info_get (again, XMPP_VCARD_NAME), ==, "Mira");
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/vcard-info/%s", rows[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_row);
    }
  g_test_add_func ("/xmpp/vcard-info/lengths", test_lengths);
  g_test_add_func ("/xmpp/vcard-info/numbers", test_numbers);
  for (gsize i = 0; i < G_N_ELEMENTS (writings); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/vcard-info/write/%s", writings[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_write);
    }
  g_test_add_func ("/xmpp/vcard-info/many-of-a-kind", test_many_of_a_kind);
  g_test_add_func ("/xmpp/vcard-info/crowded", test_crowded);

  return g_test_run ();
}
