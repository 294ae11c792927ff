/* Emoji, excerpts and names
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>
#include <time.h>

#include "linnet-test.h"
#include "linnet-text-shape.h"

typedef struct
{
  const char *name;
  const char *text;
  guint count;
} EmojiCase;

static const EmojiCase emoji_cases[] = {
  { .name = "one", .text = "😀", .count = 1 },
  { .name = "three", .text = "😀😀😀", .count = 3 },
  { .name = "four", .text = "😀😀😀😀", .count = 0 },
  { .name = "spaces", .text = " 🙏 🌻\n", .count = 2 },
  { .name = "empty", .text = "", .count = 0 },
  { .name = "blank", .text = " \n", .count = 0 },
  { .name = "text-after", .text = "😀 ok", .count = 0 },
  { .name = "text-before", .text = "ok 😀", .count = 0 },
  { .name = "digit", .text = "1", .count = 0 },
  { .name = "keycap", .text = "1\ufe0f\u20e3", .count = 1 },
  { .name = "keycap-unstyled", .text = "1\u20e3", .count = 0 },
  { .name = "copyright", .text = "©", .count = 0 },
  { .name = "copyright-styled", .text = "©\ufe0f", .count = 1 },
  { .name = "heart-plain", .text = "\u2764", .count = 0 },
  { .name = "heart-styled", .text = "\u2764\ufe0f", .count = 1 },
  { .name = "heart-as-text", .text = "😀\ufe0e", .count = 0 },
  { .name = "skin-tone", .text = "👍🏽", .count = 1 },
  { .name = "family", .text = "👨\u200d👩\u200d👧\u200d👦", .count = 1 },
  { .name = "couple", .text = "👩🏽\u200d\u2764\ufe0f\u200d💋\u200d👨🏿", .count = 1 },
  { .name = "rainbow-flag", .text = "🏳\ufe0f\u200d🌈", .count = 1 },
  { .name = "flag", .text = "🇩🇪", .count = 1 },
  { .name = "two-flags", .text = "🇩🇪🇫🇷", .count = 2 },
  { .name = "half-flag", .text = "🇩", .count = 0 },
  { .name = "scotland",
    .text = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    .count = 1 },
  { .name = "joiner-at-end", .text = "👨\u200d", .count = 0 },
  { .name = "joiner-alone", .text = "\u200d", .count = 0 },
  { .name = "modifier-alone", .text = "🏽", .count = 1 },
};

static void
test_emoji (gconstpointer data)
{
  const EmojiCase *c = data;

  g_assert_cmpuint (linnet_text_shape_count_emoji (c->text, 3), ==, c->count);
}

static void
test_emoji_endless (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  while (text->len < 1024 * 1024)
    g_string_append (text, "👨\u200d");

  g_assert_cmpuint (linnet_text_shape_count_emoji (text->str, 3), ==, 0);
}

typedef struct
{
  const char *name;
  const char *text;
  guint max_lines;
  gsize max_bytes;
  const char *excerpt;
  gboolean cut;
} ExcerptCase;

static const ExcerptCase excerpt_cases[] = {
  { .name = "short", .text = "one\ntwo", .max_lines = 2, .max_bytes = 100, .excerpt = "one\ntwo" },
  { .name = "lines",
    .text = "one\ntwo\nthree",
    .max_lines = 2,
    .max_bytes = 100,
    .excerpt = "one\ntwo …",
    .cut = TRUE },
  { .name = "bytes",
    .text = "one two three four",
    .max_lines = 9,
    .max_bytes = 17,
    .excerpt = "one two …",
    .cut = TRUE },
  { .name = "no-space",
    .text = "onetwothree",
    .max_lines = 9,
    .max_bytes = 12,
    .excerpt = "onet…",
    .cut = TRUE },
  { .name = "controls",
    .text = "a\001b\tc\xc2\x85"
            "d\x7f",
    .max_lines = 9,
    .max_bytes = 100,
    .excerpt = "ab\tcd" },
  { .name = "marks",
    .text = "a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301b",
    .max_lines = 9,
    .max_bytes = 100,
    .excerpt = "a\u0301\u0301\u0301\u0301b" },
  { .name = "keeps-clusters",
    .text = "ab👨\u200d👩\u200d👧cdefgh",
    .max_lines = 9,
    .max_bytes = 22,
    .excerpt = "ab…",
    .cut = TRUE },
  { .name = "wraps",
    .text = "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 end",
    .max_lines = 1,
    .max_bytes = 200,
    .excerpt = "0123456789 0123456789 0123456789 0123456789 0123456789 …",
    .cut = TRUE },
  { .name = "fits-exactly",
    .text = "012345678901234567890123456789012345678901234567890123456789",
    .max_lines = 1,
    .max_bytes = 200,
    .excerpt = "012345678901234567890123456789012345678901234567890123456789" },
};

static void
test_excerpt (gconstpointer data)
{
  const ExcerptCase *c = data;
  gboolean cut;
  g_autofree char *excerpt = linnet_text_shape_dup_excerpt (c->text, c->max_lines, c->max_bytes, &cut);

  g_assert_cmpstr (excerpt, ==, c->excerpt);
  g_assert_cmpint (cut, ==, c->cut);
  g_assert_true (g_utf8_validate (excerpt, -1, NULL));
}

/* A message of 1 MiB shows its beginning at once (U4). */
static void
test_excerpt_bounded (void)
{
  static const char *const pieces[] = {
    "*", ">", "\n", "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301", "👨\u200d", "\u202e", "\001", "word "
  };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *excerpt = NULL;
      gboolean cut;
      gint64 start;

      while (text->len < 1024 * 1024)
        g_string_append (text, pieces[i]);

      start = clock ();
      excerpt = linnet_text_shape_dup_excerpt (text->str, 40, 8192, &cut);
      g_test_message ("%u: %" G_GINT64_FORMAT " µs", i, (gint64) clock () - start);

      g_assert_cmpint (clock () - start, <, CLOCKS_PER_SEC / 2);
      g_assert_true (cut);
      g_assert_cmpuint (strlen (excerpt), <=, 8192);
      g_assert_true (g_utf8_validate (excerpt, -1, NULL));
    }
}

static void
test_isolated (void)
{
  g_autofree char *plain = linnet_text_shape_dup_isolated ("Mira");
  g_autofree char *evil = linnet_text_shape_dup_isolated ("\u202eMi\u2067ra\u2069\u200f\n");

  g_assert_cmpstr (plain, ==, "\u2068Mira\u2069");
  g_assert_cmpstr (evil, ==, "\u2068Mira\u2069");
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (emoji_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/ui/text-shape/emoji/", emoji_cases[i].name, NULL);

      g_test_add_data_func (path, &emoji_cases[i], test_emoji);
    }

  for (guint i = 0; i < G_N_ELEMENTS (excerpt_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/ui/text-shape/excerpt/", excerpt_cases[i].name, NULL);

      g_test_add_data_func (path, &excerpt_cases[i], test_excerpt);
    }

  g_test_add_func ("/ui/text-shape/emoji-endless", test_emoji_endless);
  g_test_add_func ("/ui/text-shape/excerpt-bounded", test_excerpt_bounded);
  g_test_add_func ("/ui/text-shape/isolated", test_isolated);

  return g_test_run ();
}
