/* Decoding pictures that came from the network
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-picture-loader"

#include "config.h"

#include <glycin-gtk4.h>
#include <glycin.h>

#include "linnet-picture-loader.h"
#include "linnet-spawn.h"

#define MAX_BYTES (20 * 1024 * 1024)
#define MAX_SECONDS 10
#define MAX_RUNNING 4
#define MAX_KEPT 128
#define SNIFF_LENGTH 16

struct _LinnetPictureLoader
{
  GObject parent_instance;

  guint running;
  GQueue waiting;       /* of DexPromise: decodings that wait for one of MAX_RUNNING places */
  GHashTable *textures; /* GFile -> GdkTexture */
  GQueue recent;        /* the keys of @textures, the oldest first */
};

G_DEFINE_FINAL_TYPE (LinnetPictureLoader, linnet_picture_loader, G_TYPE_OBJECT)
G_DEFINE_QUARK (linnet - picture - error - quark, linnet_picture_error)

typedef struct
{
  LinnetPictureLoader *loader;
  GFile *file;
  guint64 max_pixels;
  gboolean once; /* not kept: the file may be another one next time */
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_clear_object (&load->loader);
  g_clear_object (&load->file);
  g_free (load);
}

static const struct
{
  gsize offset;
  const char *bytes;
  gsize length;
} magics[] = {
  { 0, "\x89PNG\r\n\x1a\n", 8 },
  { 0, "\xff\xd8\xff", 3 },
  { 0, "GIF87a", 6 },
  { 0, "GIF89a", 6 },
  { 4, "ftypavif", 8 },
  { 4, "ftypavis", 8 },
};

gboolean
linnet_picture_is_allowed (const guint8 *data, gsize length)
{
  g_return_val_if_fail (data != NULL || length == 0, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (magics); i++)
    if (length >= magics[i].offset + magics[i].length &&
        memcmp (data + magics[i].offset, magics[i].bytes, magics[i].length) == 0)
      return TRUE;

  /* RIFF, four bytes of length, WEBP */
  return length >= 12 && memcmp (data, "RIFF", 4) == 0 && memcmp (data + 8, "WEBP", 4) == 0;
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  GError *error = NULL;
  GlyImage *image = gly_loader_load_finish (GLY_LOADER (object), result, &error);

  if (image != NULL)
    dex_promise_resolve_object (promise, image);
  else
    dex_promise_reject (promise, error);
}

static void
frame_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  GError *error = NULL;
  GlyFrame *frame = gly_image_next_frame_finish (GLY_IMAGE (object), result, &error);

  if (frame != NULL)
    dex_promise_resolve_object (promise, frame);
  else
    dex_promise_reject (promise, error);
}

static DexFuture *
load_image (GlyLoader *loader)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  gly_loader_load_async (loader, dex_promise_get_cancellable (promise), loaded_cb, dex_ref (promise));

  return DEX_FUTURE (promise);
}

static DexFuture *
next_frame (GlyImage *image)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  gly_image_next_frame_async (image, dex_promise_get_cancellable (promise), frame_cb, dex_ref (promise));

  return DEX_FUTURE (promise);
}

static DexFuture *
take_place (LinnetPictureLoader *self)
{
  DexPromise *promise;

  if (self->running < MAX_RUNNING)
    {
      self->running++;
      return dex_future_new_true ();
    }

  promise = dex_promise_new ();
  g_queue_push_tail (&self->waiting, dex_ref (promise));

  return DEX_FUTURE (promise);
}

static void
give_place (LinnetPictureLoader *self)
{
  DexPromise *next = g_queue_pop_head (&self->waiting);

  if (next == NULL)
    {
      self->running--;
      return;
    }

  dex_promise_resolve_boolean (next, TRUE);
  dex_unref (next);
}

static gboolean
check_file (Load *load, GError **error)
{
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GBytes) head = NULL;

  info = dex_await_object (
      dex_file_query_info (
          load->file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT),
      error);
  if (info == NULL)
    return FALSE;

  if (g_file_info_get_size (info) > MAX_BYTES)
    {
      g_set_error (error, LINNET_PICTURE_ERROR, LINNET_PICTURE_ERROR_SIZE, "More than %d bytes", MAX_BYTES);
      return FALSE;
    }

  stream = dex_await_object (dex_file_read (load->file, G_PRIORITY_DEFAULT), error);
  if (stream == NULL)
    return FALSE;

  head = dex_await_boxed (
      dex_input_stream_read_bytes (G_INPUT_STREAM (stream), SNIFF_LENGTH, G_PRIORITY_DEFAULT), error);
  if (head == NULL)
    return FALSE;

  if (!linnet_picture_is_allowed (g_bytes_get_data (head, NULL), g_bytes_get_size (head)))
    {
      g_set_error (
          error, LINNET_PICTURE_ERROR, LINNET_PICTURE_ERROR_FORMAT, "No picture format that is read here");
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_pixels (Load *load, guint64 width, guint64 height, GError **error)
{
  if (width > 0 && height > 0 && width <= load->max_pixels && height <= load->max_pixels / width)
    return TRUE;

  g_set_error (error,
               LINNET_PICTURE_ERROR,
               LINNET_PICTURE_ERROR_SIZE,
               "%" G_GUINT64_FORMAT " × %" G_GUINT64_FORMAT " pixels",
               width,
               height);

  return FALSE;
}

static void
keep (LinnetPictureLoader *self, GFile *file, GdkTexture *texture)
{
  if (g_hash_table_replace (self->textures, g_object_ref (file), g_object_ref (texture)))
    g_queue_push_tail (&self->recent, g_object_ref (file));

  while (g_queue_get_length (&self->recent) > MAX_KEPT)
    {
      g_autoptr (GFile) oldest = g_queue_pop_head (&self->recent);

      g_hash_table_remove (self->textures, oldest);
    }
}

static DexFuture *
decode_fiber (gpointer data)
{
  Load *load = data;
  g_autoptr (GlyLoader) loader = NULL;
  g_autoptr (GlyImage) image = NULL;
  g_autoptr (GlyFrame) frame = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autoptr (GError) error = NULL;

  if (!check_file (load, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  loader = gly_loader_new (load->file);
  image = dex_await_object (load_image (loader), &error);

  if (image == NULL ||
      !check_pixels (load, gly_image_get_width (image), gly_image_get_height (image), &error) ||
      !(frame = dex_await_object (next_frame (image), &error)) ||
      !check_pixels (load, gly_frame_get_width (frame), gly_frame_get_height (frame), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  texture = gly_gtk_frame_get_texture (frame);
  if (texture == NULL)
    return dex_future_new_reject (LINNET_PICTURE_ERROR, LINNET_PICTURE_ERROR_BROKEN, "No pixels");

  return dex_future_new_take_object (g_steal_pointer (&texture));
}

static Load *
load_copy (Load *load)
{
  Load *copy = g_new0 (Load, 1);

  copy->loader = g_object_ref (load->loader);
  copy->file = g_object_ref (load->file);
  copy->max_pixels = load->max_pixels;
  copy->once = load->once;

  return copy;
}

static DexFuture *
load_fiber (gpointer data)
{
  Load *load = data;
  LinnetPictureLoader *self = load->loader;
  g_autoptr (GdkTexture) texture = NULL;
  g_autoptr (GError) error = NULL;

  if (!dex_await (take_place (self), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  /* Another one may have decoded it while this one waited. */
  if (load->once || !g_set_object (&texture, linnet_picture_loader_lookup (self, load->file)))
    texture = dex_await_object (
        dex_future_first (linnet_spawn ("decode-picture", decode_fiber, load_copy (load), load_free),
                          dex_timeout_new_seconds (MAX_SECONDS),
                          NULL),
        &error);

  give_place (self);

  if (texture == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (!load->once)
    keep (self, load->file, texture);

  return dex_future_new_take_object (g_steal_pointer (&texture));
}

static DexFuture *
spawn (LinnetPictureLoader *self, GFile *file, guint64 max_pixels, gboolean once)
{
  Load *load = g_new0 (Load, 1);

  load->loader = g_object_ref (self);
  load->file = g_object_ref (file);
  load->max_pixels = max_pixels;
  load->once = once;

  return linnet_spawn ("load-picture", load_fiber, load, load_free);
}

static void
linnet_picture_loader_finalize (GObject *object)
{
  LinnetPictureLoader *self = LINNET_PICTURE_LOADER (object);

  g_queue_clear_full (&self->recent, g_object_unref);
  g_clear_pointer (&self->textures, g_hash_table_unref);
  g_queue_clear_full (&self->waiting, dex_unref);

  G_OBJECT_CLASS (linnet_picture_loader_parent_class)->finalize (object);
}

static void
linnet_picture_loader_class_init (LinnetPictureLoaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_picture_loader_finalize;
}

static void
linnet_picture_loader_init (LinnetPictureLoader *self)
{
  g_queue_init (&self->waiting);
  self->textures =
      g_hash_table_new_full (g_file_hash, (GEqualFunc) g_file_equal, g_object_unref, g_object_unref);
  g_queue_init (&self->recent);
}

/**
 * linnet_picture_loader_get_for_display:
 *
 * Returns: (transfer none): the loader that @display owns; textures belong to a display
 */
LinnetPictureLoader *
linnet_picture_loader_get_for_display (GdkDisplay *display)
{
  LinnetPictureLoader *self;

  g_return_val_if_fail (GDK_IS_DISPLAY (display), NULL);

  self = g_object_get_data (G_OBJECT (display), "linnet-picture-loader");
  if (self == NULL)
    {
      self = g_object_new (LINNET_TYPE_PICTURE_LOADER, NULL);
      g_object_set_data_full (G_OBJECT (display), "linnet-picture-loader", self, g_object_unref);
    }

  return self;
}

/**
 * linnet_picture_loader_lookup:
 *
 * Returns: (transfer none) (nullable): the picture, if it has been decoded lately
 */
GdkTexture *
linnet_picture_loader_lookup (LinnetPictureLoader *self, GFile *file)
{
  g_return_val_if_fail (LINNET_IS_PICTURE_LOADER (self), NULL);
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  return g_hash_table_lookup (self->textures, file);
}

/**
 * linnet_picture_loader_load:
 * @file: a file on this computer
 * @max_pixels: how large it may be: width times height
 *
 * Returns: (transfer full): a future that resolves to the first frame, a [class@Gdk.Texture], or rejects with
 *   LINNET_PICTURE_ERROR, G_IO_ERROR or glycin's errors; in every case there is nothing to show
 */
DexFuture *
linnet_picture_loader_load (LinnetPictureLoader *self, GFile *file, guint64 max_pixels)
{
  g_return_val_if_fail (LINNET_IS_PICTURE_LOADER (self), NULL);
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  return spawn (self, file, max_pixels, FALSE);
}

/**
 * linnet_picture_loader_load_once:
 * @file: any file, a person's own
 * @max_pixels: how large it may be: width times height
 *
 * Like [method@Linnet.PictureLoader.load], for a file that is not named by its content: nothing of it is
 * kept.
 *
 * Returns: (transfer full): a future that resolves to the first frame, a [class@Gdk.Texture]
 */
DexFuture *
linnet_picture_loader_load_once (LinnetPictureLoader *self, GFile *file, guint64 max_pixels)
{
  g_return_val_if_fail (LINNET_IS_PICTURE_LOADER (self), NULL);
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  return spawn (self, file, max_pixels, TRUE);
}
