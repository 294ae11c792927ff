/* Tests of which square of a picture is kept
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-picture-crop.h"
#include "linnet-test.h"

typedef struct
{
  double zoom;
  double anchor_x;
  double anchor_y;
  double dx;
  double dy;
} Step;

static const struct
{
  const char *name;
  guint width;
  guint height;
  Step steps[3]; /* each: zoom (0: leave it), then move */
  guint x;
  guint y;
  guint side;
} rows[] = {
  { .name = "square", .width = 100, .height = 100, .x = 0, .y = 0, .side = 100 },
  { .name = "wide", .width = 300, .height = 100, .x = 100, .y = 0, .side = 100 },
  { .name = "high", .width = 100, .height = 301, .x = 0, .y = 101, .side = 100 },
  { .name = "to-the-end", .width = 300, .height = 100, .steps = { { .dx = 9 } }, .x = 200, .side = 100 },
  { .name = "to-the-beginning", .width = 300, .height = 100, .steps = { { .dx = -9 } }, .side = 100 },
  { .name = "by-halves", .width = 300, .height = 100, .steps = { { .dx = -.5 } }, .x = 50, .side = 100 },
  { .name = "zoom",
    .width = 400,
    .height = 400,
    .steps = { { 2, .5, .5 } },
    .x = 100,
    .y = 100,
    .side = 200 },
  { .name = "zoom-at-corner", .width = 400, .height = 400, .steps = { { 2, 0, 0 } }, .side = 200 },
  { .name = "zoom-at-other-corner",
    .width = 400,
    .height = 400,
    .steps = { { 2, 1, 1 } },
    .x = 200,
    .y = 200,
    .side = 200 },
  { .name = "zoom-out-stays-inside",
    .width = 400,
    .height = 400,
    .steps = { { 4, .5, .5, 9, 9 }, { 1, .5, .5 } },
    .side = 400 },
  { .name = "zoom-too-far-out", .width = 400, .height = 400, .steps = { { .1, .5, .5 } }, .side = 400 },
  { .name = "zoom-too-far-in",
    .width = 128,
    .height = 128,
    .steps = { { 100, 0, 0 } },
    .x = 0,
    .y = 0,
    .side = 64 },
  { .name = "zoom-at-most-eightfold",
    .width = 8000,
    .height = 8000,
    .steps = { { 100, 0, 0 } },
    .side = 1000 },
  { .name = "too-small-to-zoom", .width = 40, .height = 40, .steps = { { 2, .5, .5 } }, .side = 40 },
  { .name = "one-pixel", .width = 1, .height = 1, .steps = { { 2, .5, .5, 1, 1 } }, .side = 1 },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  LinnetPictureCrop crop;
  guint x;
  guint y;
  guint side;

  linnet_picture_crop_init (&crop, rows[row].width, rows[row].height);
  for (guint i = 0; i < G_N_ELEMENTS (rows[row].steps); i++)
    {
      const Step *step = &rows[row].steps[i];

      if (step->zoom > 0)
        linnet_picture_crop_set_zoom (&crop, step->zoom, step->anchor_x, step->anchor_y);
      linnet_picture_crop_move (&crop, step->dx, step->dy);
    }

  linnet_picture_crop_get_square (&crop, &x, &y, &side);
  g_assert_cmpuint (x, ==, rows[row].x);
  g_assert_cmpuint (y, ==, rows[row].y);
  g_assert_cmpuint (side, ==, rows[row].side);
}

/* Whatever is done, the square lies in the picture. */
static void
test_random (void)
{
  for (guint round = 0; round < 500; round++)
    {
      guint width = g_test_rand_int_range (1, 3000);
      guint height = g_test_rand_int_range (1, 3000);
      LinnetPictureCrop crop;

      linnet_picture_crop_init (&crop, width, height);
      for (guint i = 0; i < 50; i++)
        {
          guint x;
          guint y;
          guint side;

          if (g_test_rand_bit ())
            linnet_picture_crop_move (
                &crop, g_test_rand_double_range (-2, 2), g_test_rand_double_range (-2, 2));
          else
            linnet_picture_crop_set_zoom (&crop,
                                          g_test_rand_double_range (0, 10),
                                          g_test_rand_double_range (-1, 2),
                                          g_test_rand_double_range (-1, 2));

          linnet_picture_crop_get_square (&crop, &x, &y, &side);
          g_assert_cmpuint (side, >=, 1);
          g_assert_cmpuint (x + side, <=, width);
          g_assert_cmpuint (y + side, <=, height);
        }
    }
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/picture-crop/%s", rows[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_row);
    }
  g_test_add_func ("/ui/picture-crop/random", test_random);

  return g_test_run ();
}
