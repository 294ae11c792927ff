/* Tests of making pictures smaller, and PNGs of them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-picture-encoder.h"
#include "linnet-spawn.h"
#include "linnet-test.h"

/* ---- scaling ---- */

/* One channel of what is expected, the four are alike. */
static const struct
{
  const char *name;
  guint width;
  guint height;
  guint8 in[16];
  guint new_width;
  guint new_height;
  guint8 out[16];
} scalings[] = {
  { "same", 2, 2, { 1, 2, 3, 4 }, 2, 2, { 1, 2, 3, 4 } },
  { "halves", 4, 2, { 0, 10, 100, 200, 20, 30, 100, 200 }, 2, 1, { 15, 150 } },
  { "one", 3, 1, { 0, 100, 200 }, 1, 1, { 100 } },
  /* The middle pixel belongs to both. */
  { "three-to-two", 3, 1, { 0, 90, 255 }, 2, 1, { 30, 200 } },
  { "higher-than-wide", 1, 4, { 0, 2, 100, 102 }, 1, 2, { 1, 101 } },
};

static void
test_scale (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  guint width = scalings[row].width;
  gsize stride = 4 * width + 8; /* as if it were a part of something wider */
  guint n = scalings[row].new_width * scalings[row].new_height;
  g_autofree guint8 *pixels = g_malloc (stride * scalings[row].height);
  g_autofree guint8 *result = NULL;

  memset (pixels, 77, stride * scalings[row].height);
  for (guint y = 0; y < scalings[row].height; y++)
    for (guint x = 0; x < width; x++)
      memset (pixels + y * stride + 4 * x, scalings[row].in[y * width + x], 4);

  result = linnet_picture_scale (&(LinnetPixels) { pixels, stride, width, scalings[row].height },
                                 scalings[row].new_width,
                                 scalings[row].new_height);
  for (guint i = 0; i < 4 * n; i++)
    g_assert_cmpuint (result[i], ==, scalings[row].out[i / 4]);
}

static const struct
{
  guint side;
  gsize bytes;
  gsize max;
  guint next;
} sides[] = {
  { 512, 400000, 100000, 240 },
  { 512, 100001, 100000, 496 },
  { 500, 100001, 100000, 480 },
  { 32, 1000000, 1000, 0 },
  { 16, 1000, 999, 0 },
  { 17, 1000, 999, 16 },
};

static void
test_next_side (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      g_test_message ("%u", sides[i].side);
      g_assert_cmpuint (
          linnet_picture_next_side (sides[i].side, sides[i].bytes, sides[i].max), ==, sides[i].next);
    }
}

/* ---- textures ---- */

/* Noise cannot be compressed. */
static GdkTexture *
create_texture (guint width, guint height, gboolean noise, gboolean opaque)
{
  gsize length = (gsize) 4 * width * height;
  guint8 *pixels = g_malloc (length);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (GBytes) bytes = NULL;

  for (gsize i = 0; i < length; i++)
    pixels[i] = i % 4 == 3 ? (opaque ? 255 : 128) : (noise ? g_rand_int (rand) : 60 + i % 4);
  bytes = g_bytes_new_take (pixels, length);

  return gdk_memory_texture_new (width, height, GDK_MEMORY_R8G8B8A8, bytes, (gsize) 4 * width);
}

/* Every chunk of it, and whether it may tell of more than pixels. */
static void
assert_only_pixels (GBytes *png, guint side, guint8 color_type)
{
  static const char *const harmless[] = { "IHDR", "IDAT", "IEND", "sRGB", "gAMA", "cHRM", "cICP" };
  gsize length;
  const guint8 *data = g_bytes_get_data (png, &length);

  g_assert_cmpmem (data, 8, "\x89PNG\r\n\x1a\n", 8);
  g_assert_cmpuint (GUINT32_FROM_BE (*(guint32 *) (data + 16)), ==, side);
  g_assert_cmpuint (GUINT32_FROM_BE (*(guint32 *) (data + 20)), ==, side);
  g_assert_cmpuint (data[24], ==, 8);
  g_assert_cmpuint (data[25], ==, color_type);

  for (gsize at = 8; at < length;)
    {
      guint32 size;
      char name[5] = { 0 };
      gboolean known = FALSE;

      g_assert_cmpuint (at + 12, <=, length);
      memcpy (&size, data + at, 4);
      memcpy (name, data + at + 4, 4);
      for (guint i = 0; i < G_N_ELEMENTS (harmless); i++)
        known |= g_str_equal (name, harmless[i]);
      g_test_message ("%s", name);
      g_assert_true (known);
      at += 12 + GUINT32_FROM_BE (size);
    }
}

static const struct
{
  const char *name;
  guint width;
  guint height;
  gboolean noise;
  gboolean opaque;
  guint x;
  guint y;
  guint side;
  guint max_side;
  gsize max_bytes;
  guint expected; /* 0: less than @max_side */
} encodings[] = {
  { "small-stays", 100, 100, FALSE, TRUE, 0, 0, 100, 512, 100000, 100 },
  { "shrinks", 1000, 800, FALSE, TRUE, 100, 0, 800, 512, 100000, 512 },
  { "part", 1000, 800, FALSE, TRUE, 999 - 64, 799 - 64, 64, 512, 100000, 64 },
  { "transparent", 100, 100, FALSE, FALSE, 0, 0, 100, 512, 100000, 100 },
  { "does-not-fit", 600, 600, TRUE, TRUE, 0, 0, 600, 512, 100000, 0 },
};

static void
test_encode (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (GdkTexture) texture = create_texture (
      encodings[row].width, encodings[row].height, encodings[row].noise, encodings[row].opaque);
  g_autoptr (LinnetChosenPicture) picture = NULL;
  g_autoptr (GError) error = NULL;

  picture = dex_await_boxed (linnet_picture_encode_square (texture,
                                                           encodings[row].x,
                                                           encodings[row].y,
                                                           encodings[row].side,
                                                           encodings[row].max_side,
                                                           encodings[row].max_bytes),
                             &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (picture->png), <=, encodings[row].max_bytes);
  if (encodings[row].expected > 0)
    g_assert_cmpuint (picture->size, ==, encodings[row].expected);
  else
    g_assert_cmpuint (picture->size, <, encodings[row].max_side);
  g_assert_cmpint (gdk_texture_get_width (picture->texture), ==, picture->size);
  assert_only_pixels (picture->png, picture->size, encodings[row].opaque ? 2 : 6);
}

/* Not even the smallest. */
static void
test_encode_never_fits (gconstpointer data)
{
  g_autoptr (GdkTexture) texture = create_texture (64, 64, TRUE, TRUE);

  linnet_test_assert_rejects (
      linnet_picture_encode_square (texture, 0, 0, 64, 64, 50), G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

static void
test_shrink (gconstpointer data)
{
  g_autoptr (GdkTexture) texture = create_texture (400, 100, FALSE, TRUE);
  g_autoptr (GdkTexture) same = dex_await_object (linnet_picture_shrink (texture, 400), NULL);
  g_autoptr (GdkTexture) smaller = dex_await_object (linnet_picture_shrink (texture, 200), NULL);
  g_autoptr (GdkTexture) flat = dex_await_object (linnet_picture_shrink (texture, 3), NULL);

  g_assert_true (same == texture);
  g_assert_cmpint (gdk_texture_get_width (smaller), ==, 200);
  g_assert_cmpint (gdk_texture_get_height (smaller), ==, 50);
  g_assert_cmpint (gdk_texture_get_height (flat), ==, 1);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (scalings); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/picture-encoder/scale/%s", scalings[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_scale);
    }
  g_test_add_func ("/ui/picture-encoder/next-side", test_next_side);
  for (gsize i = 0; i < G_N_ELEMENTS (encodings); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/picture-encoder/encode/%s", encodings[i].name);

      linnet_test_add (path, test_encode, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/ui/picture-encoder/encode/never-fits", test_encode_never_fits, NULL);
  linnet_test_add ("/ui/picture-encoder/shrink", test_shrink, NULL);

  return g_test_run ();
}
