/* Tests of the invitation on a landing page
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-error.h"
#include "linnet-link.h"
#include "linnet-spawn.h"
#include "linnet-test-ca.h"
#include "linnet-test-socks.h"
#include "linnet-test-web.h"
#include "linnet-test.h"

#define INVITE "xmpp:ana@lark.chat?roster;preauth=T0k;ibr=y"

static const struct
{
  const char *html;
  const char *address; /* NULL: nothing found */
  const char *token;
} rows[] = {
  { "<link rel=\"alternate\" href=\"" INVITE "\">", "ana@lark.chat", "T0k" },
  { "<a class='x' href='" INVITE "'>", "ana@lark.chat", "T0k" },
  { "<a href=\"https://lark.chat\">x</a> <a href=\"XMPP:ana@lark.chat?roster;preauth=T0k\">",
    "ana@lark.chat",
    "T0k" },
  { "<a href=\"xmpp:ana@lark.chat?roster&#x3b;preauth&#61;T0k\">", "ana@lark.chat", "T0k" },
  /* What else a page links to is no invitation. */
  { "<a href=\"xmpp:help@lark.chat?message\"><a href=\"xmpp:ana@lark.chat?remove\">"
    "<a href=\"" INVITE "\"><a href=\"xmpp:eva@lark.chat?roster;preauth=T1k\">",
    "ana@lark.chat",
    "T0k" },
  { "<a href=\"xmpp:help@lark.chat\">" },
  { "<a href=\"xmpp:room@lark.chat?join\">" },
  { "<a href=\"https://lark.chat/#ana@lark.chat?roster\">" },
  { "<a href=\"javascript:location='" INVITE "'\">" },
  { "<a href=" INVITE ">" },
  { "<a href=\"" INVITE },
  { "<p>" INVITE "</p>" },
  { "href=" },
  { "" },
};

static void
test_find (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LinnetLink) link = linnet_link_find_in_page (rows[i].html);

      g_test_message ("%s", rows[i].html);
      g_assert_cmpint (link != NULL, ==, rows[i].address != NULL);
      if (link != NULL)
        {
          g_assert_cmpstr (linnet_link_get_address (link), ==, rows[i].address);
          g_assert_cmpstr (linnet_link_get_token (link), ==, rows[i].token);
        }
    }
}

static void
test_many (void)
{
  g_autoptr (GString) html = g_string_new (NULL);
  g_autoptr (LinnetLink) link = NULL;

  for (guint i = 0; i < 100; i++)
    g_string_append (html, "<a href=\"xmpp:help@lark.chat\">");
  g_string_append (html, "<a href=\"" INVITE "\">");
  link = linnet_link_find_in_page (html->str);
  g_assert_null (link);
}

/* Security.md F4: a page on this computer or its network is not asked for. */
static void
test_refused (gconstpointer data)
{
  static const char *const pages[] = {
    "https://127.0.0.1/T0k",
    "https://localhost/T0k",
    "https://10.0.0.1/T0k",
    "https://lark.local/T0k",
  };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autoptr (LinnetLink) link = linnet_link_parse (pages[i], NULL);

      g_assert_cmpint (linnet_link_get_kind (link), ==, LINNET_LINK_PAGE);
      linnet_test_assert_rejects (
          linnet_link_resolve_through (link, NULL), LINNET_ERROR, LINNET_ERROR_FETCH_REFUSED);
    }
}

/* Where XMPP servers have their own pages, by way of a proxy that notes what it is asked for. */
static void
test_ports (gconstpointer data)
{
  static const LinnetTestCertificate spec = { .names = { "lark.chat" } };
  static const LinnetTestPage pages[] = {
    { "/T0k", "HTTP/1.1 200 OK\r\nContent-Type: text/html", "<a href=\"" INVITE "\">" },
    {},
  };
  static const char *const urls[] = {
    "https://lark.chat/T0k",
    "https://lark.chat:5281/T0k",
    "https://lark.chat:5443/T0k",
  };
  g_autoptr (LinnetTestCa) ca = linnet_test_ca_new ();
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (ca, &spec);
  g_autoptr (LinnetTestWeb) web = linnet_test_web_new (certificate, pages);
  g_autoptr (LinnetTestSocks) socks = linnet_test_socks_new (NULL, NULL, linnet_test_web_get_port (web));
  g_autofree char *proxy = g_strdup_printf ("socks5://127.0.0.1:%u", linnet_test_socks_get_port (socks));
  g_autoptr (LinnetLink) other = linnet_link_parse ("https://lark.chat:8443/T0k", NULL);

  linnet_test_ca_trust (ca);
  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr (LinnetLink) page = linnet_link_parse (urls[i], NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (LinnetLink) found = dex_await_object (linnet_link_resolve_through (page, proxy), &error);

      g_assert_no_error (error);
      g_assert_cmpstr (linnet_link_get_token (found), ==, "T0k");
    }
  linnet_test_assert_rejects (
      linnet_link_resolve_through (other, proxy), LINNET_ERROR, LINNET_ERROR_FETCH_REFUSED);
  g_assert_cmpstr (
      linnet_test_socks_get_asked (socks), ==, "lark.chat:443,lark.chat:5281,lark.chat:5443");
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/model/link-page/find", test_find);
  g_test_add_func ("/model/link-page/many", test_many);
  linnet_test_add ("/model/link-page/refused", test_refused, NULL);
  linnet_test_add ("/model/link-page/ports", test_ports, NULL);

  return g_test_run ();
}
