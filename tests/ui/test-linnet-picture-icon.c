/* Tests of the pictures that are handed to other programs
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-picture-icon.h"
#include "linnet-test.h"

static GdkTexture *
new_texture (int width, int height, const guint8 *left, const guint8 *right)
{
  g_autofree guint8 *pixels = g_malloc ((gsize) width * height * 4);
  g_autoptr (GBytes) bytes = NULL;

  for (int i = 0; i < width * height; i++)
    memcpy (pixels + i * 4, i % width < width / 2 ? left : right, 4);
  bytes = g_bytes_new (pixels, (gsize) width * height * 4);

  return gdk_memory_texture_new (width, height, GDK_MEMORY_R8G8B8A8, bytes, (gsize) width * 4);
}

/* The test knows what is in it, and may decode it. */
static GdkTexture *
read_icon (GIcon *icon)
{
  g_autoptr (GError) error = NULL;
  GdkTexture *texture;

  g_assert_true (G_IS_BYTES_ICON (icon));
  texture = gdk_texture_new_from_bytes (g_bytes_icon_get_bytes (G_BYTES_ICON (icon)), &error);
  g_assert_no_error (error);

  return texture;
}

static const struct
{
  const char *name;
  int width, height;
  int out_width, out_height;
} sizes[] = {
  { "large", 200, 200, 96, 96 },
  { "exact", 96, 96, 96, 96 },
  { "small-stays", 10, 8, 10, 8 },
  { "wide", 2048, 512, 96, 24 },
  { "tall", 100, 200, 48, 96 },
  { "one-pixel", 1, 1, 1, 1 },
  { "thread", 4000, 1, 96, 1 },
};

static void
test_sizes (void)
{
  static const guint8 red[] = { 255, 0, 0, 255 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GdkTexture) texture = new_texture (sizes[i].width, sizes[i].height, red, red);
      g_autoptr (GIcon) icon = linnet_picture_icon_new (texture, 96);
      g_autoptr (GdkTexture) read = read_icon (icon);

      g_test_message ("%s", sizes[i].name);
      g_assert_cmpint (gdk_texture_get_width (read), ==, sizes[i].out_width);
      g_assert_cmpint (gdk_texture_get_height (read), ==, sizes[i].out_height);
    }
}

static void
test_pixels (void)
{
  static const guint8 red[] = { 255, 0, 0, 255 };
  static const guint8 clear[] = { 0, 255, 0, 0 };
  g_autoptr (GdkTexture) texture = new_texture (6, 2, red, clear);
  g_autoptr (GIcon) icon = linnet_picture_icon_new (texture, 3);
  g_autoptr (GdkTexture) read = read_icon (icon);
  g_autoptr (GdkTextureDownloader) downloader = gdk_texture_downloader_new (read);
  g_autoptr (GBytes) bytes = NULL;
  const guint8 *pixels;
  gsize stride;

  gdk_texture_downloader_set_format (downloader, GDK_MEMORY_R8G8B8A8_PREMULTIPLIED);
  bytes = gdk_texture_downloader_download_bytes (downloader, &stride);
  pixels = g_bytes_get_data (bytes, NULL);

  /* Red, the edge between the two, nothing. */
  g_assert_cmpmem (pixels, 4, ((guint8[]) { 255, 0, 0, 255 }), 4);
  g_assert_cmpint (pixels[4], >, 120);
  g_assert_cmpint (pixels[4], <, 136);
  g_assert_cmpint (pixels[5], ==, 0);
  g_assert_cmpint (pixels[7], >, 120);
  g_assert_cmpint (pixels[7], <, 136);
  g_assert_cmpmem (pixels + 8, 4, ((guint8[]) { 0, 0, 0, 0 }), 4);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/ui/picture-icon/sizes", test_sizes);
  g_test_add_func ("/ui/picture-icon/pixels", test_pixels);

  return g_test_run ();
}
