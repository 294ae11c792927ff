/* Tests of the colours behind initials
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <math.h>

#include "linnet-avatar-colors.h"
#include "linnet-test.h"

/* Angles by XEP-0392 section 13.2: 327.3, 209.4, 360.0, 171.4. */
static const struct
{
  const char *address;
  const char *class;
} rows[] = {
  { "Romeo", "hue-325" },
  { "juliet@capulet.lit", "hue-210" },
  { "council", "hue-0" },
  { "Board", "hue-170" },
};

static void
test_classes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *class = linnet_avatar_colors_get_class (rows[i].address);

      g_assert_cmpstr (class, ==, rows[i].class);
    }
}

static double
to_linear (const char *text)
{
  double value = g_ascii_strtod (text, NULL) / 255;

  return value <= 0.04045 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
}

/* WCAG 2: of white text on each colour of the style sheet. */
static void
test_contrast (void)
{
  static const double least[] = { 4.5, 7 };

  for (guint i = 0; i < G_N_ELEMENTS (least); i++)
    {
      g_autofree char *css = linnet_avatar_colors_to_css (i == 1);
      g_autoptr (GRegex) regex = g_regex_new ("rgb\\((\\d+),(\\d+),(\\d+)\\)", 0, 0, NULL);
      g_autoptr (GMatchInfo) match = NULL;
      guint n = 0;

      g_regex_match (regex, css, 0, &match);
      for (; g_match_info_matches (match); g_match_info_next (match, NULL))
        {
          g_autofree char *red = g_match_info_fetch (match, 1);
          g_autofree char *green = g_match_info_fetch (match, 2);
          g_autofree char *blue = g_match_info_fetch (match, 3);
          double luminance = .2126 * to_linear (red) + .7152 * to_linear (green) + .0722 * to_linear (blue);

          g_assert_cmpfloat (1.05 / (luminance + .05), >=, least[i]);
          n++;
        }
      g_assert_cmpuint (n, ==, 144);
    }
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/ui/avatar-colors/classes", test_classes);
  g_test_add_func ("/ui/avatar-colors/contrast", test_contrast);

  return g_test_run ();
}
