/* Which parts of a text become links, and to where
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>
#include <time.h>

#include "linnet-test.h"
#include "linnet-text-spans.h"

typedef struct
{
  const char *name;
  const char *text;
  const char *span; /* NULL: no link */
  const char *uri;  /* NULL: the same as span */
} LinkCase;

static const LinkCase link_cases[] = {
  /* schemes */
  { .name = "https", .text = "see https://example.org/a?b=c#d now", .span = "https://example.org/a?b=c#d" },
  { .name = "http", .text = "http://example.org", .span = "http://example.org" },
  { .name = "upper-case",
    .text = "HTTPS://Example.org",
    .span = "HTTPS://Example.org",
    .uri = "https://Example.org" },
  { .name = "mailto", .text = "mailto:ana@example.org", .span = "mailto:ana@example.org" },
  { .name = "geo", .text = "geo:48.2,-16.3;u=5", .span = "geo:48.2,-16.3;u=5" },
  { .name = "geo-negative", .text = "geo:-48.2,16.3", .span = "geo:-48.2,16.3" },
  { .name = "xmpp", .text = "xmpp:room@muc.example?join", .span = "xmpp:room@muc.example?join" },
  { .name = "javascript", .text = "javascript:alert(1)" },
  { .name = "javascript-web", .text = "javascript://example.org/%0aalert(1)" },
  { .name = "file", .text = "file:///etc/passwd" },
  { .name = "file-host", .text = "file://example.org/share" },
  { .name = "data", .text = "data:text/html,<b>x</b>" },
  { .name = "ftp", .text = "ftp://example.org/file" },
  { .name = "smb", .text = "smb://example.org/share/x" },
  { .name = "aesgcm", .text = "aesgcm://example.org/f#0123" },
  { .name = "aesgcm-nested", .text = "aesgcm://https://example.org/f#0123" },
  { .name = "aesgcm-in-brackets", .text = "aesgcm://(https://example.org/f#0123)" },
  { .name = "unknown-with-bare", .text = "foo.com://example.com/x" },
  { .name = "view-source", .text = "x-https://example.org/" },
  { .name = "mailto-empty", .text = "mailto:@example.org" },
  { .name = "mailto-word", .text = "mailto:someone" },
  { .name = "geo-word", .text = "geo:home,work" },
  { .name = "xmpp-authority", .text = "xmpp://me@example.org/you" },
  { .name = "scheme-alone", .text = "https:// is a scheme" },

  /* hosts */
  { .name = "port", .text = "https://localhost:8080/x", .span = "https://localhost:8080/x" },
  { .name = "port-empty", .text = "https://example.org:/x" },
  { .name = "ipv4", .text = "http://192.0.2.1/x", .span = "http://192.0.2.1/x" },
  { .name = "ipv6", .text = "http://[2001:db8::1]:80/x", .span = "http://[2001:db8::1]:80/x" },
  { .name = "ipv6-bad", .text = "http://[nothing]/x" },
  { .name = "user-in-host", .text = "https://bank.example@evil.example/" },
  { .name = "password-in-host", .text = "https://bank.example:pass@evil.example/" },
  { .name = "backslash", .text = "https://bank.example\\@evil.example/" },
  { .name = "percent-host", .text = "https://bank%2eexample/" },
  { .name = "dots-only", .text = "https://.../" },
  { .name = "idn",
    .text = "https://b\u00fccher.example/",
    .span = "https://b\u00fccher.example/",
    .uri = "https://xn--bcher-kva.example/" },
  { .name = "idn-no-label", .text = "https://-b\u00fccher.example/" },
  { .name = "idn-mixed",
    .text = "https://p\u0430ypal.com/",
    .span = "https://p\u0430ypal.com/",
    .uri = "https://xn--pypal-4ve.com/" },
  { .name = "path-encoded",
    .text = "https://example.org/\u00e4|x",
    .span = "https://example.org/\u00e4|x",
    .uri = "https://example.org/%C3%A4%7Cx" },

  /* without a scheme */
  { .name = "bare-path",
    .text = "see example.org/pruning",
    .span = "example.org/pruning",
    .uri = "https://example.org/pruning" },
  { .name = "bare-host", .text = "try gnome.org.", .span = "gnome.org", .uri = "https://gnome.org" },
  { .name = "bare-www",
    .text = "www.linnet.example",
    .span = "www.linnet.example",
    .uri = "https://www.linnet.example" },
  { .name = "bare-country", .text = "debian.de/x", .span = "debian.de/x", .uri = "https://debian.de/x" },
  { .name = "bare-country-alone", .text = "src.rs README.md main.py" },
  { .name = "not-a-domain", .text = "Node.js/React and main.c/x" },
  { .name = "sentence", .text = "Good.Evening and/or 1.5/2 e.g./i.e." },
  { .name = "address", .text = "ana@example.org" },
  { .name = "address-path", .text = "ana@example.org/laptop" },
  { .name = "bare-cyrillic", .text = "g\u043dome.org/x" },
  { .name = "ellipsis", .text = "well...com" },

  /* where it ends */
  { .name = "full-stop", .text = "https://example.org/a.", .span = "https://example.org/a" },
  { .name = "punctuation", .text = "https://example.org/a?!,", .span = "https://example.org/a" },
  { .name = "parentheses", .text = "(https://example.org/a)", .span = "https://example.org/a" },
  { .name = "own-parentheses", .text = "https://example.org/a_(b)", .span = "https://example.org/a_(b)" },
  { .name = "both-parentheses", .text = "(https://example.org/a_(b)).", .span = "https://example.org/a_(b)" },
  { .name = "quotes", .text = "\u201ehttps://example.org/a\u201c", .span = "https://example.org/a" },
  { .name = "angle", .text = "<https://example.org/a>", .span = "https://example.org/a" },
  { .name = "styled", .text = "*https://example.org/a*", .span = "https://example.org/a" },
  { .name = "code", .text = "`https://example.org/a`", .span = "https://example.org/a" },
  { .name = "underscore-kept", .text = "https://example.org/a_", .span = "https://example.org/a_" },
  { .name = "label", .text = "Link:https://example.org/a", .span = "https://example.org/a" },
  { .name = "cjk", .text = "\u8bf7\u770bhttps://example.org/a\uff0c\u597d", .span = "https://example.org/a" },
  { .name = "new-line", .text = "https://example.org/a\nb", .span = "https://example.org/a" },
  { .name = "override", .text = "https://example.org/\u202egpj.exe", .span = "https://example.org/" },
  { .name = "zero-width", .text = "https://exa\u200bmple.org/", .span = "https://exa" },
  { .name = "isolated", .text = "\u2068https://example.org/a\u2069", .span = "https://example.org/a" },
  { .name = "only-scheme-left", .text = "https://?!" },
};

static void
test_link (gconstpointer data)
{
  const LinkCase *c = data;
  g_autoptr (GArray) links = linnet_text_spans_find_links (c->text);
  const LinnetTextLink *link;
  g_autofree char *span = NULL;

  if (c->span == NULL)
    {
      g_assert_cmpuint (links->len, ==, 0);
      return;
    }

  g_assert_cmpuint (links->len, ==, 1);
  link = &g_array_index (links, LinnetTextLink, 0);
  span = g_strndup (c->text + link->start, link->end - link->start);
  g_assert_cmpstr (span, ==, c->span);
  g_assert_cmpstr (link->uri, ==, c->uri != NULL ? c->uri : c->span);
  g_assert_true (g_str_is_ascii (link->uri));
  g_assert_true (g_uri_is_valid (link->uri, G_URI_FLAGS_NONE, NULL));
  g_assert_true (linnet_text_spans_is_safe_uri (link->uri));
}

static void
test_several (void)
{
  g_autoptr (GArray) links = linnet_text_spans_find_links ("a https://a.example b www.b.example c geo:1,2 d");

  g_assert_cmpuint (links->len, ==, 3);
  g_assert_cmpstr (g_array_index (links, LinnetTextLink, 0).uri, ==, "https://a.example");
  g_assert_cmpstr (g_array_index (links, LinnetTextLink, 1).uri, ==, "https://www.b.example");
  g_assert_cmpstr (g_array_index (links, LinnetTextLink, 2).uri, ==, "geo:1,2");
}

static void
test_safe (void)
{
  static const char *const safe[] = { "http://a", "HTTPS://a", "mailto:a@b", "geo:1,2", "xmpp:a@b" };
  static const char *const unsafe[] = { "file:///a", "javascript:a", "data:,a", "/bin/sh", "", "https:", "aesgcm://a", "about:a" };

  for (guint i = 0; i < G_N_ELEMENTS (safe); i++)
    g_assert_true (linnet_text_spans_is_safe_uri (safe[i]));
  for (guint i = 0; i < G_N_ELEMENTS (unsafe); i++)
    g_assert_false (linnet_text_spans_is_safe_uri (unsafe[i]));
  g_assert_false (linnet_text_spans_is_safe_uri (NULL));
}

typedef struct
{
  const char *name;
  const char *uri;
  const char *tooltip; /* NULL: the same */
} TooltipCase;

static const TooltipCase tooltip_cases[] = {
  { .name = "plain", .uri = "https://example.org/xn--a" },
  { .name = "geo", .uri = "geo:1,2" },
  { .name = "latin", .uri = "https://xn--bcher-kva.example/a", .tooltip = "https://b\u00fccher.example/a" },
  { .name = "cyrillic",
    .uri = "https://xn--e1afmkfd.xn--p1ai/",
    .tooltip = "https://\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444/" },
  { .name = "mixed", .uri = "https://xn--pypal-4ve.com/" },
  { .name = "cyrillic-under-latin", .uri = "https://xn--80ak6aa92e.com/" },
  { .name = "not-punycode", .uri = "https://xn--999999999.com/" },
};

static void
test_tooltip (gconstpointer data)
{
  const TooltipCase *c = data;
  g_autofree char *tooltip = linnet_text_spans_dup_tooltip (c->uri);

  g_assert_cmpstr (tooltip, ==, c->tooltip != NULL ? c->tooltip : c->uri);
}

/* Texts of 1 MiB made to be slow (U4). The bound is loose for slow machines; anything quadratic takes
 * minutes. */
static void
test_linear (void)
{
  static const char *const pieces[] = {
    "(",
    ")",
    ":",
    "https://",
    "https://a.example/",
    "https://a.example/) ",
    "www.",
    "a.",
    "a@b.",
    "xn--a.org/ ",
    "*",
    ">",
    "\u202e",
    "\u200d",
    "e\u0301\u0301",
    "https://\u0430.com/ ",
  };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GArray) links = NULL;
      gint64 start;

      while (text->len < 1024 * 1024)
        g_string_append (text, pieces[i]);

      start = clock ();
      links = linnet_text_spans_find_links (text->str);
      g_test_message (
          "%s: %u links, %" G_GINT64_FORMAT " µs", pieces[i], links->len, (gint64) clock () - start);

      g_assert_cmpint (clock () - start, <, 2 * CLOCKS_PER_SEC);
      g_assert_cmpuint (links->len, <=, 100);
      for (guint j = 0; j < links->len; j++)
        g_assert_cmpuint (strlen (g_array_index (links, LinnetTextLink, j).uri), <=, 3 * 2048);
    }
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (link_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/ui/text-spans/link/", link_cases[i].name, NULL);

      g_test_add_data_func (path, &link_cases[i], test_link);
    }

  for (guint i = 0; i < G_N_ELEMENTS (tooltip_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/ui/text-spans/tooltip/", tooltip_cases[i].name, NULL);

      g_test_add_data_func (path, &tooltip_cases[i], test_tooltip);
    }

  g_test_add_func ("/ui/text-spans/several", test_several);
  g_test_add_func ("/ui/text-spans/safe", test_safe);
  g_test_add_func ("/ui/text-spans/linear", test_linear);

  return g_test_run ();
}
