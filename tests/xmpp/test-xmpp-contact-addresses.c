/* Tests of XEP-0157: whom a server names, and what of it may be shown
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-test.h"
#include "xmpp-contact-addresses.h"

#define FORM(type, content)                                                      \
  "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'>" \
  "<value>" type "</value></field>" content "</x>"
#define INFO(content) FORM ("http://jabber.org/network/serverinfo", content)
#define FIELD(var, values) "<field var='" var "'>" values "</field>"
#define V(value) "<value>" value "</value>"

static const struct
{
  const char *name;
  const char *form;
  XmppContactKind kind;
  const char *expected; /* with spaces between */
} rows[] = {
  { "all-schemes",
    INFO (FIELD ("abuse-addresses",
                 V ("mailto:abuse@example.org") V ("xmpp:abuse@example.org")
                     V ("https://example.org/abuse"))),
    XMPP_CONTACT_ABUSE,
    "mailto:abuse@example.org xmpp:abuse@example.org https://example.org/abuse" },
  { "admin",
    INFO (FIELD ("admin-addresses", V ("xmpp:a@b.example"))),
    XMPP_CONTACT_ADMIN,
    "xmpp:a@b.example" },
  { "feedback",
    INFO (FIELD ("feedback-addresses", V ("xmpp:a@b.example"))),
    XMPP_CONTACT_FEEDBACK,
    "xmpp:a@b.example" },
  { "sales",
    INFO (FIELD ("sales-addresses", V ("xmpp:a@b.example"))),
    XMPP_CONTACT_SALES,
    "xmpp:a@b.example" },
  { "security",
    INFO (FIELD ("security-addresses", V ("xmpp:a@b.example"))),
    XMPP_CONTACT_SECURITY,
    "xmpp:a@b.example" },
  { "status",
    INFO (FIELD ("status-addresses", V ("https://status.example"))),
    XMPP_CONTACT_STATUS,
    "https://status.example" },
  { "support",
    INFO (FIELD ("support-addresses", V ("xmpp:a@b.example"))),
    XMPP_CONTACT_SUPPORT,
    "xmpp:a@b.example" },
  { "of-another-kind", INFO (FIELD ("support-addresses", V ("xmpp:a@b.example"))), XMPP_CONTACT_ABUSE, "" },
  { "white-space",
    INFO (FIELD ("abuse-addresses", V ("\n  mailto:a@b.example "))),
    XMPP_CONTACT_ABUSE,
    "mailto:a@b.example" },
  { "unsafe",
    INFO (FIELD ("abuse-addresses",
                 V ("http://example.org/") V ("javascript:alert(1)") V ("file:///etc/passwd")
                     V ("abuse@example.org")
                         V ("mailto:") V ("https://") V ("") V ("HTTPS://example.org/ok"))),
    XMPP_CONTACT_ABUSE,
    "HTTPS://example.org/ok" },
  { "disguised",
    INFO (FIELD ("abuse-addresses",
                 V ("https://example.org/ x") V ("https://ex\xe2\x80\xae"
                                                 "gro.elpma/") V ("https://ex\xd0\xb0mple.org/"))),
    XMPP_CONTACT_ABUSE,
    "" },
  { "no-more-than-eight",
    INFO (FIELD ("abuse-addresses",
                 V ("xmpp:1") V ("xmpp:2") V ("xmpp:3") V ("xmpp:4") V ("xmpp:5") V ("xmpp:6") V ("xmpp:7")
                     V ("xmpp:8") V ("xmpp:9"))),
    XMPP_CONTACT_ABUSE,
    "xmpp:1 xmpp:2 xmpp:3 xmpp:4 xmpp:5 xmpp:6 xmpp:7 xmpp:8" },
  { "another-form",
    FORM ("urn:example", FIELD ("abuse-addresses", V ("xmpp:a@b.example"))),
    XMPP_CONTACT_ABUSE,
    "" },
  { "form-type-not-hidden",
    "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE'>"
    "<value>http://jabber.org/network/serverinfo</value></field>" FIELD (
        "abuse-addresses",
        V ("xmpp:a@b.example")) "</x>",
    XMPP_CONTACT_ABUSE,
    "" },
  { "no-form", "", XMPP_CONTACT_ABUSE, "" },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autofree char *xml =
      g_strconcat ("<query xmlns='http://jabber.org/protocol/disco#info'>", rows[row].form, "</query>", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (XmppNode) query = xmpp_node_parse (xml, -1, NULL, &error);
  g_autoptr (XmppDiscoInfo) info = NULL;
  g_auto (GStrv) addresses = NULL;
  g_autofree char *joined = NULL;

  g_assert_no_error (error);
  info = xmpp_disco_info_parse (query);
  g_assert_nonnull (info);
  addresses = xmpp_contact_addresses_dup (info, rows[row].kind);
  joined = g_strjoinv (" ", addresses);
  g_assert_cmpstr (joined, ==, rows[row].expected);
}

static void
test_long (gconstpointer data)
{
  g_autofree char *tail = g_strnfill (250, 'a');
  g_autofree char *xml = g_strdup_printf (
      "<query xmlns='http://jabber.org/protocol/disco#info'>" INFO (
          FIELD ("abuse-addresses", V ("xmpp:%s") V ("mailto:%s"))) "</query>",
      tail,
      tail);
  g_autoptr (XmppNode) query = xmpp_node_parse (xml, -1, NULL, NULL);
  g_autoptr (XmppDiscoInfo) info = xmpp_disco_info_parse (query);
  g_auto (GStrv) addresses = xmpp_contact_addresses_dup (info, XMPP_CONTACT_ABUSE);

  g_assert_cmpuint (g_strv_length (addresses), ==, 1);
  g_assert_true (g_str_has_prefix (addresses[0], "xmpp:"));
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/contact-addresses/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/contact-addresses/long", test_long, NULL);

  return g_test_run ();
}
