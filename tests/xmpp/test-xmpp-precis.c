/* Tests of the PRECIS profiles
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "xmpp-precis.h"

typedef struct
{
  const char *in;
  const char *out; /* NULL: forbidden */
} Row;

/* TAP output must be UTF-8. */
static void
show (const char *text)
{
  g_autofree char *escaped = g_strescape (text, NULL);

  g_test_message ("%s", escaped);
}

static const Row username_rows[] = {
  { .in = "juliet", .out = "juliet" },
  { .in = "JULIET", .out = "juliet" },
  { .in = "!#$%()*+,-.;=?[\\]^_`{|}~", .out = "!#$%()*+,-.;=?[\\]^_`{|}~" },
  { .in = "" },
  { .in = "a b" },
  { .in = "a\tb" },
  { .in = "a\x7f" },
  { .in = "\xff" },
  { .in = "\u00c4rger", .out = "\u00e4rger" },
  { .in = "A\u0308rger", .out = "\u00e4rger" },  /* composed after the case was mapped */
  { .in = "stra\u00dfe", .out = "stra\u00dfe" }, /* lower case, not case folding: no "ss" */
  { .in = "STRA\u1e9eE", .out = "stra\u00dfe" },
  { .in = "\u03a3", .out = "\u03c3" },
  { .in = "\u03c2", .out = "\u03c2" },
  { .in = "\u0391\u03a3", .out = "\u03b1\u03c2" }, /* final sigma in its context */
  { .in = "\u0130", .out = "i\u0307" },
  /* full and half width forms */
  { .in = "\uff2a\uff55\uff4c", .out = "jul" },
  { .in = "\uff76\uff9e", .out = "\u30ac" }, /* half width KA with a voiced sound mark */
  { .in = "\u3000" },
  { .in = "a\uff20b", .out = "a@b" }, /* the address refuses it */
  /* categories that only free text may hold */
  { .in = "henry\u2163" }, /* Roman numeral four: compatibility */
  { .in = "\u265a" },      /* symbol */
  { .in = "\U0001f600" },
  { .in = "\u00a0" },
  { .in = "a\u2026" },
  { .in = "\u2460" },
  { .in = "\ufb01x" }, /* ligature */
  { .in = "\u017f" },  /* long s */
  { .in = "\u212a" },  /* Kelvin sign */
  { .in = "\u01c5" },  /* title case letter */
  { .in = "\u20ac" },
  { .in = "a\u20dd" }, /* enclosing circle */
  { .in = "\u203f" },
  { .in = "\u2167" },
  /* never allowed */
  { .in = "a\xc2\x85" },
  { .in = "a\u00ad" }, /* soft hyphen: ignorable */
  { .in = "a\u200b" }, /* zero width space */
  { .in = "a\u034f" }, /* ignorable marks */
  { .in = "a\ufe0f" },
  { .in = "\u3164" },  /* Hangul filler */
  { .in = "a\u202e" }, /* right-to-left override */
  { .in = "a\ufeff" },
  { .in = "\u1100" }, /* old Hangul jamo */
  { .in = "\u1161" },
  { .in = "\u11a8" },
  { .in = "\ue000" }, /* private use */
  { .in = "\ufdd0" }, /* no character */
  { .in = "\U0001ffff" },
  { .in = "\u0378" }, /* unassigned */
  { .in = "\U000e0001" },
  /* exceptions of RFC 8264 section 9.6 */
  { .in = "\u06fd", .out = "\u06fd" },
  { .in = "\u0f0b\u0f40", .out = "\u0f0b\u0f40" },
  { .in = "\u3007", .out = "\u3007" },
  { .in = "\u0628\u0640" }, /* tatweel */
  { .in = "\u05d0\u07fa" },
  { .in = "\u4e00\u302e" },
  { .in = "\u3031" },
  { .in = "\u303b" },
  /* rules of context, RFC 5892 appendix A */
  { .in = "l\u00b7l", .out = "l\u00b7l" },
  { .in = "L\u00b7L" }, /* the class is checked before the case is mapped */
  { .in = "l\u00b7" },
  { .in = "\u00b7l" },
  { .in = "a\u00b7l" },
  { .in = "\u0375\u03b1", .out = "\u0375\u03b1" },
  { .in = "\u0375a" },
  { .in = "\u03b1\u0375" },
  { .in = "\u05d0\u05f3", .out = "\u05d0\u05f3" },
  { .in = "\u05f3\u05d0" },
  { .in = "\u05d0\u05f4\u05d0", .out = "\u05d0\u05f4\u05d0" },
  { .in = "a\u30fbb" },
  { .in = "\u30fb" },
  { .in = "\u30ab\u30fb", .out = "\u30ab\u30fb" },
  { .in = "\u3042\u30fba", .out = "\u3042\u30fba" },
  { .in = "\u4e2d\u30fba", .out = "\u4e2d\u30fba" },
  { .in = "\u0628\u0661", .out = "\u0628\u0661" },
  { .in = "\u0628\u06f1", .out = "\u0628\u06f1" },
  { .in = "\u0628\u0661\u06f1" },
  { .in = "a\u200c" },
  { .in = "\u200c" },
  { .in = "\u200cb" },
  { .in = "\u0915\u094d\u200c\u0937", .out = "\u0915\u094d\u200c\u0937" }, /* after a virama */
  { .in = "\u0915\u094d\u200d\u0937", .out = "\u0915\u094d\u200d\u0937" },
  { .in = "\u0915\u200d\u0937" },
  { .in = "\u200d" },
  { .in = "\u0d9a\u0dd9\u0dca\u200d" }, /* composing takes the virama away that it stood after */
  /* between joining letters */
  { .in = "\u0628\u200c\u0628", .out = "\u0628\u200c\u0628" },
  /* with marks between */
  { .in = "\u0628\u064e\u200c\u064e\u0628", .out = "\u0628\u064e\u200c\u064e\u0628" },
  { .in = "\u0628\u200c\u0627", .out = "\u0628\u200c\u0627" },
  { .in = "\u0627\u200c\u0628" }, /* alef does not join to what follows */
  { .in = "\u0628\u200d\u0628" },
  /* the Bidi Rule, RFC 5893 section 2 */
  { .in = "\u05d0\u05d1", .out = "\u05d0\u05d1" },
  { .in = "\u05d01", .out = "\u05d01" },
  { .in = "1\u05d0" },
  { .in = "a\u05d0" },
  { .in = "\u05d0a" },
  { .in = "\u05d0-" },
  { .in = "\u05d0-\u05d1", .out = "\u05d0-\u05d1" },
  { .in = "\u05d0\u05b0", .out = "\u05d0\u05b0" }, /* marks at the end do not count */
  { .in = "\u06281\u0661" },                       /* European and Arabic numbers */
  { .in = "\u0661" },
  { .in = "a\u0661" },
};

static const Row opaque_rows[] = {
  { .in = "foo", .out = "foo" },
  { .in = "Foo BAR", .out = "Foo BAR" }, /* case stays */
  { .in = " foo ", .out = " foo " },
  { .in = " ", .out = " " },
  { .in = "" },
  { .in = "\u265a", .out = "\u265a" },
  { .in = "\U0001f600", .out = "\U0001f600" },
  { .in = "henry\u2163", .out = "henry\u2163" }, /* no compatibility mapping */
  { .in = "\ufb01", .out = "\ufb01" },
  { .in = "\uff21", .out = "\uff21" }, /* no width mapping */
  { .in = "foo\u1680bar", .out = "foo bar" },
  { .in = "foo\u00a0bar\u3000baz", .out = "foo bar baz" },
  { .in = "A\u030a", .out = "\u00c5" },
  { .in = "\u212b", .out = "\u00c5" },
  { .in = "\u05d0a1\u0661", .out = "\u05d0a1\u0661" }, /* no Bidi Rule */
  { .in = "my cat is a \tby" },
  { .in = "a\n" },
  { .in = "a\x7f" },
  { .in = "a\xc2\x85" },
  { .in = "a\u200b" },
  { .in = "a\u202e" },
  { .in = "a\u200d" },
  { .in = "\u1100" },
  { .in = "\ue000" },
  { .in = "\u0378" },
  { .in = "\ufffe" },
  { .in = "\u2764\ufe0f" },
  { .in = "\xed\xa0\x80" },
  { .in = "l\u00b7l", .out = "l\u00b7l" },
  { .in = "a\u00b7b" },
};

typedef char *(*Profile) (const char *text);

static void
check_rows (const Row *rows,
            gsize n_rows,
            Profile profile)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      g_autofree char *out = profile (rows[i].in);
      g_autofree char *again = out != NULL ? profile (out) : NULL;

      show (rows[i].in);
      g_assert_cmpstr (out, ==, rows[i].out);
      g_assert_cmpstr (again, ==, rows[i].out);
    }
}

static void
test_username (void)
{
  check_rows (username_rows, G_N_ELEMENTS (username_rows), xmpp_precis_username);
}

static void
test_opaque_string (void)
{
  check_rows (opaque_rows, G_N_ELEMENTS (opaque_rows), xmpp_precis_opaque_string);
}

/* What has been prepared stays as it is when it is prepared again: every character alone, and in company. */
static void
test_idempotent (void)
{
  static const Profile profiles[] = { xmpp_precis_username, xmpp_precis_opaque_string };

  for (gunichar c = 1; c <= 0x10ffff; c++)
    {
      char text[12] = "a";
      gboolean last = c == 0x10ffff;

      if (!g_unichar_validate (c) || (g_unichar_type (c) == G_UNICODE_UNASSIGNED && !last))
        continue;
      for (gsize i = 0; i < G_N_ELEMENTS (profiles) * 2; i++)
        {
          Profile profile = profiles[i / 2];
          gsize length = i % 2;
          g_autofree char *once = NULL;
          g_autofree char *twice = NULL;

          length += g_unichar_to_utf8 (c, text + length);
          text[length] = '\0';
          once = profile (text);
          twice = once != NULL ? profile (once) : NULL;
          g_assert_cmpstr (once, ==, twice);
          text[0] = 'a';
        }
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xmpp/precis/username", test_username);
  g_test_add_func ("/xmpp/precis/opaque-string", test_opaque_string);
  g_test_add_func ("/xmpp/precis/idempotent", test_idempotent);

  return g_test_run ();
}
