/* Two connected streams in memory that deliver bytes in awkward pieces
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-test-stream"

#include "config.h"

#include <string.h>

#include "linnet-test-stream.h"

/* One direction. Handshakes of TLS run in threads, hence the lock. */
typedef struct
{
  gatomicrefcount ref_count;
  GMutex mutex;
  GCond cond;
  GByteArray *bytes;  /* written, not yet read */
  GByteArray *corked; /* written, not yet shown */
  gsize capacity;
  LinnetTestChunks read_chunks;
  LinnetTestChunks write_chunks;
  gsize read_fails_after;
  gsize write_fails_after;
  GError *read_error;
  GError *write_error;
  GPtrArray *sources; /* unowned PipeSource */
  guint n_writes;
  guint is_corked : 1;
  guint reader_gone : 1;
  guint writer_gone : 1;
} Pipe;

typedef struct
{
  GSource parent;
  Pipe *pipe;
  gboolean writing;
} PipeSource;

#define LINNET_TYPE_TEST_INPUT (linnet_test_input_get_type ())
G_DECLARE_FINAL_TYPE (LinnetTestInput, linnet_test_input, LINNET, TEST_INPUT, GInputStream)
#define LINNET_TYPE_TEST_OUTPUT (linnet_test_output_get_type ())
G_DECLARE_FINAL_TYPE (LinnetTestOutput, linnet_test_output, LINNET, TEST_OUTPUT, GOutputStream)

struct _LinnetTestInput
{
  GInputStream parent_instance;
  Pipe *pipe;
};

struct _LinnetTestOutput
{
  GOutputStream parent_instance;
  Pipe *pipe;
};

struct _LinnetTestStream
{
  GIOStream parent_instance;
  LinnetTestInput *input;
  LinnetTestOutput *output;
};

static void linnet_test_input_pollable_init (GPollableInputStreamInterface *iface);
static void linnet_test_output_pollable_init (GPollableOutputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LinnetTestInput,
                               linnet_test_input,
                               G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      linnet_test_input_pollable_init))
G_DEFINE_FINAL_TYPE_WITH_CODE (LinnetTestOutput,
                               linnet_test_output,
                               G_TYPE_OUTPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM,
                                                      linnet_test_output_pollable_init))
G_DEFINE_FINAL_TYPE (LinnetTestStream, linnet_test_stream, G_TYPE_IO_STREAM)

static Pipe *
pipe_new (void)
{
  Pipe *pipe = g_new0 (Pipe, 1);

  g_atomic_ref_count_init (&pipe->ref_count);
  g_mutex_init (&pipe->mutex);
  g_cond_init (&pipe->cond);
  pipe->bytes = g_byte_array_new ();
  pipe->corked = g_byte_array_new ();
  pipe->capacity = 64 * 1024;
  pipe->sources = g_ptr_array_new ();

  return pipe;
}

static Pipe *
pipe_ref (Pipe *pipe)
{
  g_atomic_ref_count_inc (&pipe->ref_count);

  return pipe;
}

static void
pipe_unref (Pipe *pipe)
{
  if (!g_atomic_ref_count_dec (&pipe->ref_count))
    return;

  g_mutex_clear (&pipe->mutex);
  g_cond_clear (&pipe->cond);
  g_byte_array_unref (pipe->bytes);
  g_byte_array_unref (pipe->corked);
  g_clear_error (&pipe->read_error);
  g_clear_error (&pipe->write_error);
  g_ptr_array_unref (pipe->sources);
  g_free (pipe);
}

static gboolean
pipe_can_read (Pipe *pipe)
{
  return pipe->bytes->len > 0 ||
         (pipe->read_error != NULL && pipe->read_fails_after == 0) ||
         (pipe->writer_gone && pipe->corked->len == 0) ||
         pipe->reader_gone;
}

static gboolean
pipe_can_write (Pipe *pipe)
{
  return pipe->bytes->len + pipe->corked->len < pipe->capacity ||
         (pipe->write_error != NULL && pipe->write_fails_after == 0) ||
         pipe->reader_gone ||
         pipe->writer_gone;
}

/* With the lock held, after each change. */
static void
pipe_changed (Pipe *pipe)
{
  g_cond_broadcast (&pipe->cond);

  for (guint i = 0; i < pipe->sources->len; i++)
    {
      PipeSource *source = g_ptr_array_index (pipe->sources, i);
      gboolean ready = source->writing ? pipe_can_write (pipe) : pipe_can_read (pipe);

      g_source_set_ready_time (&source->parent, ready ? 0 : -1);
    }
}

static gsize
apply_chunks (LinnetTestChunks chunks,
              gsize size)
{
  switch (chunks)
    {
    case LINNET_TEST_CHUNKS_BYTE:
      return MIN (size, 1);
    case LINNET_TEST_CHUNKS_WHOLE:
      return size;
    case LINNET_TEST_CHUNKS_HALF:
    default:
      return size - size / 2;
    }
}

static void
cancelled_cb (GCancellable *cancellable,
              Pipe *pipe)
{
  g_mutex_lock (&pipe->mutex);
  g_cond_broadcast (&pipe->cond);
  g_mutex_unlock (&pipe->mutex);
}

/* Blocks the (worker) thread until @ready says so; returns with the lock held. */
static gboolean
pipe_lock_when (Pipe *pipe,
                gboolean (*ready) (Pipe *),
                gboolean blocking,
                GCancellable *cancellable,
                GError **error)
{
  gulong handler = 0;

  if (blocking && cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), pipe, NULL);

  g_mutex_lock (&pipe->mutex);
  while (blocking && !ready (pipe) && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&pipe->cond, &pipe->mutex);

  if (handler != 0)
    {
      /* Waits for a running cancelled_cb(), which wants the lock. */
      g_mutex_unlock (&pipe->mutex);
      g_cancellable_disconnect (cancellable, handler);
      g_mutex_lock (&pipe->mutex);
    }

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  if (!ready (pipe))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "Would block");
      return FALSE;
    }

  return TRUE;
}

static gssize
pipe_read (Pipe *pipe,
           gpointer buffer,
           gsize count,
           gboolean blocking,
           GCancellable *cancellable,
           GError **error)
{
  gssize n = -1;

  if (pipe_lock_when (pipe, pipe_can_read, blocking, cancellable, error))
    {
      n = apply_chunks (pipe->read_chunks, MIN (count, pipe->bytes->len));
      if (pipe->read_error != NULL)
        n = MIN ((gsize) n, pipe->read_fails_after);

      if (pipe->read_error != NULL && pipe->read_fails_after == 0)
        {
          g_propagate_error (error, g_error_copy (pipe->read_error));
          n = -1;
        }
      else if (n > 0)
        {
          memcpy (buffer, pipe->bytes->data, n);
          g_byte_array_remove_range (pipe->bytes, 0, n);
          pipe->read_fails_after -= MIN ((gsize) n, pipe->read_fails_after);
          pipe_changed (pipe);
        }
    }
  g_mutex_unlock (&pipe->mutex);

  return n;
}

static gssize
pipe_write (Pipe *pipe,
            gconstpointer buffer,
            gsize count,
            gboolean blocking,
            GCancellable *cancellable,
            GError **error)
{
  gssize n = -1;

  if (pipe_lock_when (pipe, pipe_can_write, blocking, cancellable, error))
    {
      gsize used = pipe->bytes->len + pipe->corked->len;
      gsize room = pipe->capacity > used ? pipe->capacity - used : 0;

      n = apply_chunks (pipe->write_chunks, MIN (count, room));
      if (pipe->write_error != NULL)
        n = MIN ((gsize) n, pipe->write_fails_after);

      if (pipe->write_error != NULL && pipe->write_fails_after == 0)
        {
          g_propagate_error (error, g_error_copy (pipe->write_error));
          n = -1;
        }
      else if (pipe->reader_gone)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "The other end is closed");
          n = -1;
        }
      else if (n > 0)
        {
          g_byte_array_append (pipe->is_corked ? pipe->corked : pipe->bytes, buffer, n);
          pipe->n_writes++;
          pipe->write_fails_after -= MIN ((gsize) n, pipe->write_fails_after);
          pipe_changed (pipe);
        }
    }
  g_mutex_unlock (&pipe->mutex);

  return n;
}

/* The parent source, which g_pollable_source_new_full() makes, is the one that has work to do. */
static gboolean
pipe_source_dispatch (GSource *source,
                      GSourceFunc callback,
                      gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static gboolean
pipe_source_closure_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* In finalize it would be too late: another thread may be about to make the source ready. */
static void
pipe_source_dispose (GSource *source)
{
  PipeSource *self = (PipeSource *) source;

  g_mutex_lock (&self->pipe->mutex);
  g_ptr_array_remove_fast (self->pipe->sources, self);
  g_mutex_unlock (&self->pipe->mutex);
}

static void
pipe_source_finalize (GSource *source)
{
  pipe_unref (((PipeSource *) source)->pipe);
}

static GSource *
pipe_create_source (Pipe *pipe,
                    gpointer stream,
                    gboolean writing,
                    GCancellable *cancellable)
{
  static GSourceFuncs funcs = {
    .dispatch = pipe_source_dispatch,
    .finalize = pipe_source_finalize,
    .closure_callback = pipe_source_closure_cb,
  };
  g_autoptr (GSource) child = g_source_new (&funcs, sizeof (PipeSource));
  PipeSource *source = (PipeSource *) child;

  source->pipe = pipe_ref (pipe);
  source->writing = writing;
  g_source_set_dispose_function (child, pipe_source_dispose);
  g_source_set_static_name (child, "LinnetTestStream");

  g_mutex_lock (&pipe->mutex);
  g_ptr_array_add (pipe->sources, source);
  pipe_changed (pipe);
  g_mutex_unlock (&pipe->mutex);

  return g_pollable_source_new_full (stream, child, cancellable);
}

static gboolean
pipe_test (Pipe *pipe,
           gboolean (*ready) (Pipe *))
{
  gboolean ret;

  g_mutex_lock (&pipe->mutex);
  ret = ready (pipe);
  g_mutex_unlock (&pipe->mutex);

  return ret;
}

/* ---- the reading half ---- */

static gssize
linnet_test_input_read (GInputStream *stream,
                        void *buffer,
                        gsize count,
                        GCancellable *cancellable,
                        GError **error)
{
  return pipe_read (LINNET_TEST_INPUT (stream)->pipe, buffer, count, TRUE, cancellable, error);
}

static gssize
linnet_test_input_read_nonblocking (GPollableInputStream *stream,
                                    void *buffer,
                                    gsize count,
                                    GError **error)
{
  return pipe_read (LINNET_TEST_INPUT (stream)->pipe, buffer, count, FALSE, NULL, error);
}

static gboolean
linnet_test_input_is_readable (GPollableInputStream *stream)
{
  return pipe_test (LINNET_TEST_INPUT (stream)->pipe, pipe_can_read);
}

static GSource *
linnet_test_input_create_source (GPollableInputStream *stream,
                                 GCancellable *cancellable)
{
  return pipe_create_source (LINNET_TEST_INPUT (stream)->pipe, stream, FALSE, cancellable);
}

static gboolean
linnet_test_input_close (GInputStream *stream,
                         GCancellable *cancellable,
                         GError **error)
{
  Pipe *pipe = LINNET_TEST_INPUT (stream)->pipe;

  g_mutex_lock (&pipe->mutex);
  pipe->reader_gone = TRUE;
  pipe_changed (pipe);
  g_mutex_unlock (&pipe->mutex);

  return TRUE;
}

static void
linnet_test_input_finalize (GObject *object)
{
  pipe_unref (LINNET_TEST_INPUT (object)->pipe);

  G_OBJECT_CLASS (linnet_test_input_parent_class)->finalize (object);
}

static void
linnet_test_input_class_init (LinnetTestInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_test_input_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = linnet_test_input_read;
  G_INPUT_STREAM_CLASS (klass)->close_fn = linnet_test_input_close;
}

static void
linnet_test_input_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->read_nonblocking = linnet_test_input_read_nonblocking;
  iface->is_readable = linnet_test_input_is_readable;
  iface->create_source = linnet_test_input_create_source;
}

static void
linnet_test_input_init (LinnetTestInput *self)
{
}

/* ---- the writing half ---- */

static gssize
linnet_test_output_write (GOutputStream *stream,
                          const void *buffer,
                          gsize count,
                          GCancellable *cancellable,
                          GError **error)
{
  return pipe_write (LINNET_TEST_OUTPUT (stream)->pipe, buffer, count, TRUE, cancellable, error);
}

static gssize
linnet_test_output_write_nonblocking (GPollableOutputStream *stream,
                                      const void *buffer,
                                      gsize count,
                                      GError **error)
{
  return pipe_write (LINNET_TEST_OUTPUT (stream)->pipe, buffer, count, FALSE, NULL, error);
}

static gboolean
linnet_test_output_is_writable (GPollableOutputStream *stream)
{
  return pipe_test (LINNET_TEST_OUTPUT (stream)->pipe, pipe_can_write);
}

static GSource *
linnet_test_output_create_source (GPollableOutputStream *stream,
                                  GCancellable *cancellable)
{
  return pipe_create_source (LINNET_TEST_OUTPUT (stream)->pipe, stream, TRUE, cancellable);
}

static gboolean
linnet_test_output_close (GOutputStream *stream,
                          GCancellable *cancellable,
                          GError **error)
{
  Pipe *pipe = LINNET_TEST_OUTPUT (stream)->pipe;

  g_mutex_lock (&pipe->mutex);
  pipe->writer_gone = TRUE;
  pipe_changed (pipe);
  g_mutex_unlock (&pipe->mutex);

  return TRUE;
}

static void
linnet_test_output_finalize (GObject *object)
{
  pipe_unref (LINNET_TEST_OUTPUT (object)->pipe);

  G_OBJECT_CLASS (linnet_test_output_parent_class)->finalize (object);
}

static void
linnet_test_output_class_init (LinnetTestOutputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_test_output_finalize;
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = linnet_test_output_write;
  G_OUTPUT_STREAM_CLASS (klass)->close_fn = linnet_test_output_close;
}

static void
linnet_test_output_pollable_init (GPollableOutputStreamInterface *iface)
{
  iface->write_nonblocking = linnet_test_output_write_nonblocking;
  iface->is_writable = linnet_test_output_is_writable;
  iface->create_source = linnet_test_output_create_source;
}

static void
linnet_test_output_init (LinnetTestOutput *self)
{
}

/* ---- one end ---- */

static GInputStream *
linnet_test_stream_get_input_stream (GIOStream *stream)
{
  return G_INPUT_STREAM (LINNET_TEST_STREAM (stream)->input);
}

static GOutputStream *
linnet_test_stream_get_output_stream (GIOStream *stream)
{
  return G_OUTPUT_STREAM (LINNET_TEST_STREAM (stream)->output);
}

static void
linnet_test_stream_finalize (GObject *object)
{
  LinnetTestStream *self = LINNET_TEST_STREAM (object);

  g_object_unref (self->input);
  g_object_unref (self->output);

  G_OBJECT_CLASS (linnet_test_stream_parent_class)->finalize (object);
}

static void
linnet_test_stream_class_init (LinnetTestStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_test_stream_finalize;
  G_IO_STREAM_CLASS (klass)->get_input_stream = linnet_test_stream_get_input_stream;
  G_IO_STREAM_CLASS (klass)->get_output_stream = linnet_test_stream_get_output_stream;
}

static void
linnet_test_stream_init (LinnetTestStream *self)
{
}

static LinnetTestStream *
linnet_test_stream_new (Pipe *in,
                        Pipe *out)
{
  LinnetTestStream *self = g_object_new (LINNET_TYPE_TEST_STREAM, NULL);

  self->input = g_object_new (LINNET_TYPE_TEST_INPUT, NULL);
  self->input->pipe = pipe_ref (in);
  self->output = g_object_new (LINNET_TYPE_TEST_OUTPUT, NULL);
  self->output->pipe = pipe_ref (out);

  return self;
}

void
linnet_test_stream_new_pair (LinnetTestStream **a,
                             LinnetTestStream **b)
{
  Pipe *there = pipe_new ();
  Pipe *back = pipe_new ();

  *a = linnet_test_stream_new (back, there);
  *b = linnet_test_stream_new (there, back);

  pipe_unref (there);
  pipe_unref (back);
}

void
linnet_test_stream_set_chunks (LinnetTestStream *self,
                               LinnetTestChunks chunks)
{
  g_return_if_fail (LINNET_IS_TEST_STREAM (self));

  self->input->pipe->read_chunks = chunks;
  self->output->pipe->write_chunks = chunks;
}

void
linnet_test_stream_set_corked (LinnetTestStream *self,
                               gboolean corked)
{
  Pipe *pipe;

  g_return_if_fail (LINNET_IS_TEST_STREAM (self));

  pipe = self->output->pipe;
  g_mutex_lock (&pipe->mutex);
  pipe->is_corked = !!corked;
  if (!corked)
    {
      g_byte_array_append (pipe->bytes, pipe->corked->data, pipe->corked->len);
      g_byte_array_set_size (pipe->corked, 0);
    }
  pipe_changed (pipe);
  g_mutex_unlock (&pipe->mutex);
}

void
linnet_test_stream_set_capacity (LinnetTestStream *self,
                                 gsize capacity)
{
  Pipe *pipe;

  g_return_if_fail (LINNET_IS_TEST_STREAM (self));

  pipe = self->output->pipe;
  g_mutex_lock (&pipe->mutex);
  pipe->capacity = capacity;
  pipe_changed (pipe);
  g_mutex_unlock (&pipe->mutex);
}

void
linnet_test_stream_fail_reads (LinnetTestStream *self,
                               gsize after,
                               const GError *error)
{
  Pipe *pipe;

  g_return_if_fail (LINNET_IS_TEST_STREAM (self));
  g_return_if_fail (error != NULL);

  pipe = self->input->pipe;
  g_mutex_lock (&pipe->mutex);
  g_clear_error (&pipe->read_error);
  pipe->read_error = g_error_copy (error);
  pipe->read_fails_after = after;
  pipe_changed (pipe);
  g_mutex_unlock (&pipe->mutex);
}

void
linnet_test_stream_fail_writes (LinnetTestStream *self,
                                gsize after,
                                const GError *error)
{
  Pipe *pipe;

  g_return_if_fail (LINNET_IS_TEST_STREAM (self));
  g_return_if_fail (error != NULL);

  pipe = self->output->pipe;
  g_mutex_lock (&pipe->mutex);
  g_clear_error (&pipe->write_error);
  pipe->write_error = g_error_copy (error);
  pipe->write_fails_after = after;
  pipe_changed (pipe);
  g_mutex_unlock (&pipe->mutex);
}

void
linnet_test_stream_reset (LinnetTestStream *self)
{
  g_autoptr (GError) error =
      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "Connection reset by peer");
  Pipe *pipe;

  g_return_if_fail (LINNET_IS_TEST_STREAM (self));

  pipe = self->output->pipe;
  g_mutex_lock (&pipe->mutex);
  g_byte_array_set_size (pipe->bytes, 0);
  g_clear_error (&pipe->read_error);
  pipe->read_error = g_error_copy (error);
  pipe->read_fails_after = 0;
  pipe_changed (pipe);
  g_mutex_unlock (&pipe->mutex);

  pipe = self->input->pipe;
  g_mutex_lock (&pipe->mutex);
  g_clear_error (&pipe->write_error);
  pipe->write_error = g_error_copy (error);
  pipe->write_fails_after = 0;
  pipe_changed (pipe);
  g_mutex_unlock (&pipe->mutex);
}

gsize
linnet_test_stream_get_unread (LinnetTestStream *self)
{
  Pipe *pipe;
  gsize ret;

  g_return_val_if_fail (LINNET_IS_TEST_STREAM (self), 0);

  pipe = self->output->pipe;
  g_mutex_lock (&pipe->mutex);
  ret = pipe->bytes->len + pipe->corked->len;
  g_mutex_unlock (&pipe->mutex);

  return ret;
}

guint
linnet_test_stream_get_n_writes (LinnetTestStream *self)
{
  Pipe *pipe;
  guint ret;

  g_return_val_if_fail (LINNET_IS_TEST_STREAM (self), 0);

  pipe = self->output->pipe;
  g_mutex_lock (&pipe->mutex);
  ret = pipe->n_writes;
  g_mutex_unlock (&pipe->mutex);

  return ret;
}

gboolean
linnet_test_stream_is_peer_closed (LinnetTestStream *self)
{
  Pipe *pipe;
  gboolean ret;

  g_return_val_if_fail (LINNET_IS_TEST_STREAM (self), FALSE);

  pipe = self->output->pipe;
  g_mutex_lock (&pipe->mutex);
  ret = pipe->reader_gone;
  g_mutex_unlock (&pipe->mutex);

  return ret;
}
