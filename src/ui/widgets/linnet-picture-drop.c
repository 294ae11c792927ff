/* Pictures that are dropped or pasted
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-picture-drop"

#include "config.h"

#include "linnet-picture-chooser.h"
#include "linnet-picture-drop.h"
#include "linnet-spawn.h"

/* One more than what may be read of a picture, see linnet-picture-loader.h. */
#define MAX_BYTES (20 * 1024 * 1024 + 1)

typedef struct
{
  GtkWidget *widget; /* not owned: it owns this */
  LinnetPictureDropFunc func;
  gpointer user_data;
} Acceptor;

static void
acceptor_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

/* ---- files ---- */

static gboolean
take_files (Acceptor *acceptor, const GValue *value)
{
  g_autoptr (GSList) files = NULL;

  if (!G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    return FALSE;

  files = gdk_file_list_get_files (g_value_get_boxed (value));
  if (files == NULL)
    return FALSE;

  acceptor->func (acceptor->user_data,
                  linnet_picture_chooser_choose_part (acceptor->widget, files->data));

  return TRUE;
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, gpointer user_data)
{
  return take_files (user_data, value);
}

/* ---- the clipboard ---- */

typedef struct
{
  Acceptor *acceptor;
  GWeakRef widget; /* whose @acceptor it is */
  GdkClipboard *clipboard;
} Paste;

static void
paste_free (gpointer data)
{
  Paste *paste = data;

  g_weak_ref_clear (&paste->widget);
  g_clear_object (&paste->clipboard);
  g_free (paste);
}

static void
value_read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  GError *error = NULL;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (object), result, &error);

  if (value != NULL)
    dex_promise_resolve (promise, value);
  else
    dex_promise_reject (promise, error);
}

static void
stream_read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  GError *error = NULL;
  GInputStream *stream = gdk_clipboard_read_finish (GDK_CLIPBOARD (object), result, NULL, &error);

  if (stream != NULL)
    dex_promise_resolve_object (promise, stream);
  else
    dex_promise_reject (promise, error);
}

/* The bytes of a picture as a file, for the sandbox to read. Somebody erases it afterwards. */
static GFile *
await_picture_file (GdkClipboard *clipboard, GError **error)
{
  static const char *types[] = { "image/png", "image/jpeg", "image/webp", "image/gif", "image/avif", NULL };
  DexPromise *promise = dex_promise_new ();
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GFileIOStream) io = NULL;
  g_autoptr (GFile) file = NULL;
  GOutputStream *out;

  gdk_clipboard_read_async (
      clipboard, types, G_PRIORITY_DEFAULT, NULL, stream_read_cb, dex_ref (promise));
  if (!(stream = dex_await_object (DEX_FUTURE (promise), error)) ||
      !(file = g_file_new_tmp ("linnet-XXXXXX", &io, error)))
    return NULL;

  out = g_io_stream_get_output_stream (G_IO_STREAM (io));
  for (gsize total = 0; total < MAX_BYTES;)
    {
      g_autoptr (GBytes) bytes =
          dex_await_boxed (dex_input_stream_read_bytes (stream, 256 * 1024, G_PRIORITY_DEFAULT), error);

      if (bytes != NULL && g_bytes_get_size (bytes) == 0)
        return g_steal_pointer (&file);
      if (bytes == NULL || !dex_await (dex_output_stream_write_bytes (out, bytes, G_PRIORITY_DEFAULT), error))
        break;
      total += g_bytes_get_size (bytes);
    }

  /* Too much, and the loader says so, or an error. */
  if (*error == NULL)
    return g_steal_pointer (&file);

  g_file_delete (file, NULL, NULL);

  return NULL;
}

static DexFuture *
erase_cb (DexFuture *future, gpointer user_data)
{
  g_file_delete (user_data, NULL, NULL);

  return dex_ref (future);
}

static DexFuture *
paste_fiber (gpointer data)
{
  Paste *paste = data;
  g_autoptr (GtkWidget) widget = NULL;
  g_autoptr (GFile) file = NULL;
  g_autoptr (GError) error = NULL;

  if (gdk_content_formats_contain_gtype (gdk_clipboard_get_formats (paste->clipboard), GDK_TYPE_FILE_LIST))
    {
      DexPromise *promise = dex_promise_new ();
      g_autoptr (DexFuture) future = DEX_FUTURE (dex_ref (promise));
      const GValue *value;

      gdk_clipboard_read_value_async (
          paste->clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT, NULL, value_read_cb, promise);
      if (!dex_await (dex_ref (future), &error) || !(widget = g_weak_ref_get (&paste->widget)) ||
          !(value = dex_future_get_value (future, NULL)))
        return NULL;

      take_files (paste->acceptor, value);

      return NULL;
    }

  if (!(file = await_picture_file (paste->clipboard, &error)))
    return NULL;

  widget = g_weak_ref_get (&paste->widget);
  if (widget == NULL)
    g_file_delete (file, NULL, NULL);
  else
    paste->acceptor->func (paste->acceptor->user_data,
                           dex_future_finally (linnet_picture_chooser_choose_part (widget, file),
                                               erase_cb,
                                               g_object_ref (file),
                                               g_object_unref));

  return NULL;
}

static gboolean
paste_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (widget);
  GdkContentFormats *formats = gdk_clipboard_get_formats (clipboard);
  Paste *paste;

  if (!gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST) &&
      !gdk_content_formats_contain_mime_type (formats, "image/png") &&
      !gdk_content_formats_contain_mime_type (formats, "image/jpeg"))
    return GDK_EVENT_PROPAGATE;

  paste = g_new0 (Paste, 1);
  paste->acceptor = user_data;
  g_weak_ref_init (&paste->widget, widget);
  paste->clipboard = g_object_ref (clipboard);
  linnet_spawn_detached ("paste-picture", paste_fiber, paste, paste_free);

  return GDK_EVENT_STOP;
}

void
linnet_picture_drop_accept (GtkWidget *widget, LinnetPictureDropFunc func, gpointer user_data)
{
  Acceptor *acceptor;
  GtkDropTarget *target;
  GtkEventController *shortcuts;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (func != NULL);

  acceptor = g_new0 (Acceptor, 1);
  acceptor->widget = widget;
  acceptor->func = func;
  acceptor->user_data = user_data;

  target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect_data (
      target, "drop", G_CALLBACK (drop_cb), acceptor, acceptor_free, G_CONNECT_DEFAULT);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (target));

  shortcuts = gtk_shortcut_controller_new ();
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (shortcuts),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_v, GDK_CONTROL_MASK),
                        gtk_callback_action_new (paste_cb, acceptor, NULL)));
  gtk_widget_add_controller (widget, shortcuts);
}
