/* Tests of checking UTF-8 that comes in pieces
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "xmpp-utf8.h"

static const struct
{
  const char *bytes;
  gsize length; /* 0: up to the zero */
  int bad_at;   /* the first byte of what is not UTF-8; -1: all is well */
} rows[] = {
  { .bytes = "plain", .bad_at = -1 },
  { .bytes = "\u00e4\u20ac\U0001f600z", .bad_at = -1 },
  { .bytes = "\U0010ffff\ufffd", .bad_at = -1 },
  { .bytes = "a\xff"
             "b",
    .bad_at = 1 },
  { .bytes = "a\x80", .bad_at = 1 },     /* a continuation alone */
  { .bytes = "a\xc0\xaf", .bad_at = 1 }, /* overlong slash */
  { .bytes = "a\xe0\x80\xaf", .bad_at = 1 },
  { .bytes = "a\xf0\x80\x80\xaf", .bad_at = 1 },
  { .bytes = "a\xed\xa0\x80", .bad_at = 1 }, /* surrogates */
  { .bytes = "a\xed\xb0\x80", .bad_at = 1 },
  { .bytes = "a\xf4\x90\x80\x80", .bad_at = 1 }, /* above U+10FFFF */
  { .bytes = "a\xf5\x80\x80\x80", .bad_at = 1 },
  { .bytes = "a\xf8\x88\x80\x80\x80", .bad_at = 1 },
  { .bytes = "a\xfc\x84\x80\x80\x80\x80", .bad_at = 1 },
  { .bytes = "\u00e4\xc3z", .bad_at = 2 }, /* a lead byte alone */
  { .bytes = "\xe2\x82z", .bad_at = 0 },
  { .bytes = "a\xe1>", .bad_at = 1 },
  { .bytes = "a\xf0\x9f>", .bad_at = 1 },
  { .bytes = "\xfe\xff\0<", .length = 4, .bad_at = 0 }, /* UTF-16 */
  { .bytes = "\xff\xfe<\0", .length = 4, .bad_at = 0 },
  { .bytes = "a\0b", .length = 3, .bad_at = 1 },
};

/* Bytes of @row accepted when they come cut at the two places; everything up to the end of a bad character
 * may be. */
static gsize
check_cut (gsize row,
           gsize first,
           gsize second)
{
  gsize length = rows[row].length > 0 ? rows[row].length : strlen (rows[row].bytes);
  gsize ends[] = { first, second, length };
  XmppUtf8 utf8 = { 0 };
  gsize at = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      gsize n = xmpp_utf8_check (&utf8, rows[row].bytes + at, ends[i] - at);

      at += n;
      if (at < ends[i])
        break;
    }

  return at;
}

static void
test_cuts (void)
{
  for (gsize row = 0; row < G_N_ELEMENTS (rows); row++)
    {
      gsize length = rows[row].length > 0 ? rows[row].length : strlen (rows[row].bytes);

      for (gsize first = 0; first <= length; first++)
        for (gsize second = first; second <= length; second++)
          {
            gsize accepted = check_cut (row, first, second);

            g_test_message ("row %zu cut at %zu, %zu", row, first, second);
            if (rows[row].bad_at < 0)
              g_assert_cmpuint (accepted, ==, length);
            else
              g_assert_cmpuint (accepted, <, length);
            if (rows[row].bad_at >= 0)
              g_assert_cmpuint (accepted, >=, rows[row].bad_at);
          }
    }
}

static void
test_whole (void)
{
  for (gsize row = 0; row < G_N_ELEMENTS (rows); row++)
    {
      gsize length = rows[row].length > 0 ? rows[row].length : strlen (rows[row].bytes);

      g_assert_cmpuint (check_cut (row, 0, 0), ==, rows[row].bad_at < 0 ? length : (gsize) rows[row].bad_at);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xmpp/utf8/whole", test_whole);
  g_test_add_func ("/xmpp/utf8/cuts", test_cuts);

  return g_test_run ();
}
