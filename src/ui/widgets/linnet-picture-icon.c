/* A decoded picture as an icon for other programs
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-picture-icon"

#include "config.h"

#include "linnet-picture-icon.h"

#define CHANNELS 4

typedef struct
{
  const guint8 *pixels;
  gsize stride;
  int width;
  int height;
} Source;

/* The mean of the pixels from which the one at @x, @y of @width × @height is made. With premultiplied alpha
 * transparent ones count for nothing. */
static void
average (const Source *source, int x, int y, int width, int height, guint8 *out)
{
  int left = (gint64) x * source->width / width;
  int right = MAX (left + 1, (gint64) (x + 1) * source->width / width);
  int top = (gint64) y * source->height / height;
  int bottom = MAX (top + 1, (gint64) (y + 1) * source->height / height);
  guint64 sums[CHANNELS] = { 0 };
  guint64 n = (guint64) (right - left) * (bottom - top);

  for (int row = top; row < bottom; row++)
    {
      const guint8 *pixel = source->pixels + row * source->stride + (gsize) left * CHANNELS;

      for (int column = left; column < right; column++)
        for (guint i = 0; i < CHANNELS; i++)
          sums[i] += *pixel++;
    }

  for (guint i = 0; i < CHANNELS; i++)
    out[i] = (sums[i] + n / 2) / n;
}

static GdkTexture *
shrink (GdkTexture *texture, int width, int height)
{
  g_autoptr (GdkTextureDownloader) downloader = gdk_texture_downloader_new (texture);
  Source source = { .width = gdk_texture_get_width (texture), .height = gdk_texture_get_height (texture) };
  gsize stride = (gsize) width * CHANNELS;
  guint8 *pixels = g_malloc (stride * height);
  g_autoptr (GBytes) from = NULL;
  g_autoptr (GBytes) to = NULL;

  gdk_texture_downloader_set_format (downloader, GDK_MEMORY_R8G8B8A8_PREMULTIPLIED);
  from = gdk_texture_downloader_download_bytes (downloader, &source.stride);
  source.pixels = g_bytes_get_data (from, NULL);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      average (&source, x, y, width, height, pixels + y * stride + (gsize) x * CHANNELS);

  to = g_bytes_new_take (pixels, stride * height);

  return gdk_memory_texture_new (width, height, GDK_MEMORY_R8G8B8A8_PREMULTIPLIED, to, stride);
}

GIcon *
linnet_picture_icon_new (GdkTexture *texture, int size)
{
  int width, height;
  double scale;
  g_autoptr (GdkTexture) small = NULL;
  g_autoptr (GBytes) png = NULL;

  g_return_val_if_fail (GDK_IS_TEXTURE (texture), NULL);
  g_return_val_if_fail (size > 0, NULL);

  width = gdk_texture_get_width (texture);
  height = gdk_texture_get_height (texture);
  scale = MIN (1.0, (double) size / MAX (width, height));
  small = shrink (texture, MAX (1, (int) (width * scale + .5)), MAX (1, (int) (height * scale + .5)));
  png = gdk_texture_save_to_png_bytes (small);

  return g_bytes_icon_new (png);
}
