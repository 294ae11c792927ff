/* Tests of domainparts
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "xmpp-domain.h"

#define LABEL_63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define NAME_253 LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_61
#define LABEL_61 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* TAP output must be UTF-8. */
static void
show (const char *text)
{
  g_autofree char *escaped = g_strescape (text, NULL);

  g_test_message ("%s", escaped);
}

static const struct
{
  const char *in;
  const char *out;   /* NULL: no domain */
  const char *ascii; /* NULL: like @out */
} rows[] = {
  { .in = "example.com", .out = "example.com" },
  { .in = "EXAMPLE.Com", .out = "example.com" },
  { .in = "example.com.", .out = "example.com" },
  { .in = "localhost", .out = "localhost" },
  { .in = "a.b-c.d1", .out = "a.b-c.d1" },
  { .in = "3com.example", .out = "3com.example" },
  { .in = "" },
  { .in = "." },
  { .in = ".." },
  { .in = "example.com.." },
  { .in = ".example.com" },
  { .in = "a..b" },
  { .in = "-a.example" },
  { .in = "a-.example" },
  { .in = "ab--cd.example" },
  { .in = "a_b.example" },
  { .in = "a b.example" },
  { .in = "a\tb" },
  { .in = "a@b" },
  { .in = "a:5222" },
  { .in = "a%b" },
  { .in = "a/b" },
  { .in = "\xff" },
  { .in = LABEL_63 ".example", .out = LABEL_63 ".example" },
  { .in = LABEL_63 "a.example" },
  { .in = NAME_253, .out = NAME_253 },
  { .in = NAME_253 "a" },
  { .in = "\u00e4." NAME_253 },
  { .in = "\u00e4\u00e4" LABEL_61 ".example" },
  /* IDNA2008 */
  { .in = "m\u00fcnchen.example", .out = "m\u00fcnchen.example", .ascii = "xn--mnchen-3ya.example" },
  { .in = "M\u00dcNCHEN.example", .out = "m\u00fcnchen.example", .ascii = "xn--mnchen-3ya.example" },
  { .in = "xn--mnchen-3ya.example", .out = "m\u00fcnchen.example", .ascii = "xn--mnchen-3ya.example" },
  { .in = "XN--MNCHEN-3YA.example", .out = "m\u00fcnchen.example", .ascii = "xn--mnchen-3ya.example" },
  { .in = "mu\u0308nchen.example.", .out = "m\u00fcnchen.example", .ascii = "xn--mnchen-3ya.example" },
  /* not "strasse" */
  { .in = "stra\u00dfe.example", .out = "stra\u00dfe.example", .ascii = "xn--strae-oqa.example" },
  { .in = "\u03b2\u03cc\u03bb\u03bf\u03c2.com",
    .out = "\u03b2\u03cc\u03bb\u03bf\u03c2.com",
    .ascii = "xn--nxasmm1c.com" },
  { .in = "\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45\uff0e\uff43\uff4f\uff4d", .out = "example.com" },
  { .in = "\u4f8b\u3002\u4e2d\u56fd", .out = "\u4f8b.\u4e2d\u56fd", .ascii = "xn--fsq.xn--fiqs8s" },
  { .in = "\u4f8b\u3002", .out = "\u4f8b", .ascii = "xn--fsq" },
  { .in = "\u4f8b\u3002." },
  { .in = "\u05d0\u05d1.example", .out = "\u05d0\u05d1.example", .ascii = "xn--4dbc.example" },
  { .in = "1\u05d0.example" }, /* the Bidi Rule */
  { .in = "\u05d0.1a" },       /* which concerns the other labels too */
  { .in = "\u0644\u0627.a-1", .out = "\u0644\u0627.a-1", .ascii = "xn--mgb1d.a-1" },
  { .in = "l\u00b7l.cat", .out = "l\u00b7l.cat", .ascii = "xn--ll-0ea.cat" },
  { .in = "a\u00b7b.cat" },
  { .in = "a\u200db.example" },
  { .in = "\u0915\u094d\u200d\u0937.example",
    .out = "\u0915\u094d\u200d\u0937.example",
    .ascii = "xn--11b2ezcw70k.example" },
  { .in = "xn--a" },        /* no Punycode */
  { .in = "xn--a-ecp.ru" }, /* Punycode of what would have been mapped */
  { .in = "xn--" },
  { .in = "xn--example-" }, /* Punycode of plain ASCII */
  /* UTS 46 would allow or map these, IDNA2008 does not */
  { .in = "\u2615.example" },
  { .in = "\U0001f600.example" },
  { .in = "xn--53h.example" },
  { .in = "\ufb01sh.example" },
  { .in = "\u2460.example" },
  { .in = "\u2121.example" },
  { .in = "a\u00adb.example" },
  { .in = "a\u200bb.example" },
  { .in = "a\u2024b.example" },
  { .in = "\u2100.example" },
  { .in = "\u0378.example" },
  { .in = "\u0640.example" },
  /* IP literals */
  { .in = "127.0.0.1", .out = "127.0.0.1" },
  { .in = "192.0.2.255", .out = "192.0.2.255" },
  { .in = "192.0.2.256" },
  { .in = "192.0.2" },
  { .in = "192.0.2.1.1" },
  { .in = "127.1" },
  { .in = "0x7f000001" },
  { .in = "0x7f.1" },
  { .in = "a.0x1f" },
  { .in = "2130706433" },
  { .in = "010.0.0.1" },
  { .in = "\uff11.2.3.4", .out = "1.2.3.4" },
  { .in = "\uff11.2.3" },
  { .in = "[::1]", .out = "[::1]", .ascii = "::1" },
  { .in = "[2001:DB8:0:0:0::1]", .out = "[2001:db8::1]", .ascii = "2001:db8::1" },
  { .in = "[2001:0db8:0000:0000:0001:0000:0000:0001]",
    .out = "[2001:db8::1:0:0:1]",
    .ascii = "2001:db8::1:0:0:1" },
  { .in = "[::ffff:192.0.2.1]", .out = "[::ffff:192.0.2.1]", .ascii = "::ffff:192.0.2.1" },
  { .in = "::1" },
  { .in = "[::1" },
  { .in = "[" },
  { .in = "[]" },
  { .in = "[::1]." },
  { .in = "[::1%eth0]" },
  { .in = "[127.0.0.1]" },
  { .in = "[v1.a]" },
};

static void
test_prepare (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *out = xmpp_domain_prepare (rows[i].in);
      g_autofree char *again = out != NULL ? xmpp_domain_prepare (out) : NULL;

      show (rows[i].in);
      g_assert_cmpstr (out, ==, rows[i].out);
      g_assert_cmpstr (again, ==, rows[i].out);
    }
}

static void
test_to_ascii (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *ascii = rows[i].out != NULL ? xmpp_domain_to_ascii (rows[i].out) : NULL;

      show (rows[i].in);
      g_assert_cmpstr (ascii, ==, rows[i].ascii != NULL ? rows[i].ascii : rows[i].out);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xmpp/domain/prepare", test_prepare);
  g_test_add_func ("/xmpp/domain/to-ascii", test_to_ascii);

  return g_test_run ();
}
