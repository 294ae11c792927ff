/* Making pictures smaller, and PNGs of them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-picture-encoder"

#include "config.h"

#include <math.h>

#include "linnet-picture-encoder.h"

#define PIXEL 4
#define MIN_SIDE 16
/* Sides are multiples of this. */
#define STEP 16

typedef struct
{
  GdkTexture *texture;
  guint x;
  guint y;
  guint side;
  guint max_side;
  gsize max_bytes;
} Job;

G_DEFINE_BOXED_TYPE (LinnetChosenPicture,
                     linnet_chosen_picture,
                     linnet_chosen_picture_ref,
                     linnet_chosen_picture_unref)

/* ---- what was chosen ---- */

LinnetChosenPicture *
linnet_chosen_picture_ref (LinnetChosenPicture *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
chosen_picture_clear (LinnetChosenPicture *self)
{
  g_clear_pointer (&self->png, g_bytes_unref);
  g_clear_object (&self->texture);
}

void
linnet_chosen_picture_unref (LinnetChosenPicture *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) chosen_picture_clear);
}

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_object (&job->texture);
  g_free (job);
}

/* ---- pixels ---- */

/* The mean of what lies between @x0 and @x1, @y0 and @y1; pixels at the edges count by what is covered. */
static void
mean (const LinnetPixels *source, double x0, double x1, double y0, double y1, guint8 *out)
{
  guint right = MIN (source->width, (guint) ceil (x1));
  guint bottom = MIN (source->height, (guint) ceil (y1));
  double sums[PIXEL] = { 0 };
  double total = 0;

  for (guint y = y0; y < bottom; y++)
    {
      const guint8 *row = source->data + y * source->stride;
      double covered_y = MIN (y1, y + 1.0) - MAX (y0, y);

      for (guint x = x0; x < right; x++)
        {
          double weight = covered_y * (MIN (x1, x + 1.0) - MAX (x0, x));

          for (guint i = 0; i < PIXEL; i++)
            sums[i] += weight * row[PIXEL * x + i];
          total += weight;
        }
    }

  for (guint i = 0; i < PIXEL; i++)
    out[i] = CLAMP (round (sums[i] / total), 0, 255);
}

guint8 *
linnet_picture_scale (const LinnetPixels *source, guint width, guint height)
{
  double step_x;
  double step_y;
  guint8 *result;

  g_return_val_if_fail (source != NULL, NULL);
  g_return_val_if_fail (width > 0 && width <= source->width, NULL);
  g_return_val_if_fail (height > 0 && height <= source->height, NULL);

  step_x = (double) source->width / width;
  step_y = (double) source->height / height;
  result = g_malloc_n (height, (gsize) PIXEL * width);

  for (guint y = 0; y < height; y++)
    {
      for (guint x = 0; x < width; x++)
        mean (source,
              x * step_x,
              (x + 1) * step_x,
              y * step_y,
              (y + 1) * step_y,
              result + ((gsize) y * width + x) * PIXEL);
    }

  return result;
}

guint
linnet_picture_next_side (guint side, gsize bytes, gsize max_bytes)
{
  /* The bytes go with the area, more or less; a little less than that seldom needs a third try. */
  double guess = side * sqrt ((double) max_bytes / MAX (bytes, 1)) * 0.98;
  guint next = (guint) guess / STEP * STEP;

  return MIN (next, side > STEP ? (side - 1) / STEP * STEP : 0);
}

static GdkTexture *
create_texture (const guint8 *pixels, guint width, guint height)
{
  gsize n_pixels = (gsize) width * height;
  g_autoptr (GBytes) bytes = NULL;
  gboolean opaque = TRUE;

  for (gsize i = 0; i < n_pixels && opaque; i++)
    opaque = pixels[PIXEL * i + 3] == 255;

  /* Three bytes a pixel make a smaller PNG. */
  if (opaque)
    {
      guint8 *colors = g_malloc_n (n_pixels, 3);

      for (gsize i = 0; i < n_pixels; i++)
        {
          colors[3 * i] = pixels[PIXEL * i + 2];
          colors[3 * i + 1] = pixels[PIXEL * i + 1];
          colors[3 * i + 2] = pixels[PIXEL * i];
        }
      bytes = g_bytes_new_take (colors, 3 * n_pixels);

      return gdk_memory_texture_new (width, height, GDK_MEMORY_R8G8B8, bytes, 3 * (gsize) width);
    }

  bytes = g_bytes_new (pixels, PIXEL * n_pixels);

  return gdk_memory_texture_new (
      width, height, GDK_MEMORY_B8G8R8A8_PREMULTIPLIED, bytes, PIXEL * (gsize) width);
}

static GBytes *
download (GdkTexture *texture, gsize *stride)
{
  GdkTextureDownloader *downloader = gdk_texture_downloader_new (texture);
  GBytes *bytes;

  gdk_texture_downloader_set_format (downloader, GDK_MEMORY_B8G8R8A8_PREMULTIPLIED);
  bytes = gdk_texture_downloader_download_bytes (downloader, stride);
  gdk_texture_downloader_free (downloader);

  return bytes;
}

/* ---- in another thread ---- */

static void
shrink_thread (GTask *task, gpointer source_object, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  guint width = gdk_texture_get_width (job->texture);
  guint height = gdk_texture_get_height (job->texture);
  double scale = (double) job->max_side / MAX (width, height);
  guint new_width = MAX (1, width * scale);
  guint new_height = MAX (1, height * scale);
  LinnetPixels pixels = { .width = width, .height = height };
  g_autoptr (GBytes) bytes = download (job->texture, &pixels.stride);
  g_autofree guint8 *scaled = NULL;

  pixels.data = g_bytes_get_data (bytes, NULL);
  scaled = linnet_picture_scale (&pixels, new_width, new_height);
  g_task_return_pointer (task, create_texture (scaled, new_width, new_height), g_object_unref);
}

static void
encode_thread (GTask *task, gpointer source_object, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  LinnetPixels pixels = { .width = job->side, .height = job->side };
  g_autoptr (GBytes) bytes = download (job->texture, &pixels.stride);
  guint side = MIN (job->side, job->max_side);

  pixels.data =
      (const guint8 *) g_bytes_get_data (bytes, NULL) + job->y * pixels.stride + (gsize) PIXEL * job->x;

  while (side >= MIN_SIDE)
    {
      g_autofree guint8 *scaled = linnet_picture_scale (&pixels, side, side);
      g_autoptr (GdkTexture) texture = create_texture (scaled, side, side);
      g_autoptr (GBytes) png = gdk_texture_save_to_png_bytes (texture);

      if (g_bytes_get_size (png) <= job->max_bytes)
        {
          LinnetChosenPicture *picture = g_atomic_rc_box_new0 (LinnetChosenPicture);

          picture->png = g_steal_pointer (&png);
          picture->size = side;
          picture->texture = g_steal_pointer (&texture);
          g_task_return_pointer (task, picture, (GDestroyNotify) linnet_chosen_picture_unref);
          return;
        }

      side = linnet_picture_next_side (side, g_bytes_get_size (png), job->max_bytes);
    }

  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "No side is small enough");
}

static void
shrunk_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;

  dex_promise_resolve_object (promise, g_task_propagate_pointer (G_TASK (result), NULL));
}

static void
encoded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  GError *error = NULL;
  LinnetChosenPicture *picture = g_task_propagate_pointer (G_TASK (result), &error);

  if (picture != NULL)
    dex_promise_resolve_boxed (promise, LINNET_TYPE_CHOSEN_PICTURE, picture);
  else
    dex_promise_reject (promise, error);
}

/* @job: (transfer full) */
static DexFuture *
run (Job *job, GTaskThreadFunc func, GAsyncReadyCallback done)
{
  DexPromise *promise = dex_promise_new ();
  g_autoptr (GTask) task = g_task_new (NULL, NULL, done, dex_ref (promise));

  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, func);

  return DEX_FUTURE (promise);
}

DexFuture *
linnet_picture_shrink (GdkTexture *texture, guint max_side)
{
  Job *job;

  g_return_val_if_fail (GDK_IS_TEXTURE (texture), NULL);
  g_return_val_if_fail (max_side > 0, NULL);

  if (MAX (gdk_texture_get_width (texture), gdk_texture_get_height (texture)) <= (int) max_side)
    return dex_future_new_take_object (g_object_ref (texture));

  job = g_new0 (Job, 1);
  job->texture = g_object_ref (texture);
  job->max_side = max_side;

  return run (job, shrink_thread, shrunk_cb);
}

DexFuture *
linnet_picture_encode_square (GdkTexture *texture,
                              guint x,
                              guint y,
                              guint side,
                              guint max_side,
                              gsize max_bytes)
{
  Job *job;

  g_return_val_if_fail (GDK_IS_TEXTURE (texture), NULL);
  g_return_val_if_fail (side > 0 && x + side <= (guint) gdk_texture_get_width (texture), NULL);
  g_return_val_if_fail (y + side <= (guint) gdk_texture_get_height (texture), NULL);

  job = g_new0 (Job, 1);
  job->texture = g_object_ref (texture);
  job->x = x;
  job->y = y;
  job->side = side;
  job->max_side = max_side;
  job->max_bytes = max_bytes;

  return run (job, encode_thread, encoded_cb);
}
