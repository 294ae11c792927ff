/* Tests of colours for names, by the vectors of XEP-0392 section 13.2
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-color.h"

static const struct
{
  const char *name;
  const char *text;
  double angle;
  double rgb[3];
} rows[] = {
  { "romeo", "Romeo", 327.255249, { 0.865, 0.000, 0.686 } },
  { "juliet", "juliet@capulet.lit", 209.410400, { 0.000, 0.515, 0.573 } },
  { "emoji", "😺", 331.199341, { 0.872, 0.000, 0.659 } },
  { "council", "council", 359.994507, { 0.918, 0.000, 0.394 } },
  { "board", "Board", 171.430664, { 0.000, 0.527, 0.457 } },
};

static void
test_vector (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  double angle = linnet_color_get_angle (rows[row].text);
  double rgb[3];

  g_assert_cmpfloat_with_epsilon (angle, rows[row].angle, 0.000001);

  linnet_color_to_rgb (angle, 100, 50, &rgb[0], &rgb[1], &rgb[2]);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpfloat_with_epsilon (rgb[i], rows[row].rgb[i], 0.001);
}

static void
test_range (void)
{
  double rgb[3];

  for (double angle = 0; angle <= 360; angle += 7.5)
    {
      for (double lightness = 0; lightness <= 100; lightness += 12.5)
        {
          linnet_color_to_rgb (angle, 100, lightness, &rgb[0], &rgb[1], &rgb[2]);
          for (guint i = 0; i < 3; i++)
            g_assert_true (rgb[i] >= 0 && rgb[i] <= 1);
        }
    }
}

static void
test_grey (void)
{
  double rgb[3];

  linnet_color_to_rgb (120, 0, 50, &rgb[0], &rgb[1], &rgb[2]);
  g_assert_cmpfloat_with_epsilon (rgb[0], rgb[1], 0.0001);
  g_assert_cmpfloat_with_epsilon (rgb[1], rgb[2], 0.0001);

  linnet_color_to_rgb (120, 100, 0, &rgb[0], &rgb[1], &rgb[2]);
  g_assert_cmpfloat (rgb[0] + rgb[1] + rgb[2], ==, 0);
  linnet_color_to_rgb (120, 100, 100, &rgb[0], &rgb[1], &rgb[2]);
  g_assert_cmpfloat (rgb[0] + rgb[1] + rgb[2], ==, 3);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/base/color/vector/%s", rows[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_vector);
    }
  g_test_add_func ("/base/color/range", test_range);
  g_test_add_func ("/base/color/grey", test_grey);

  return g_test_run ();
}
