/* The sending half of a stream: bytes of one turn of the main loop leave in one write
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-stream"

#include "config.h"

#include <string.h>

#include "linnet-gio.h"
#include "xmpp-stream-writer.h"

typedef struct
{
  guint64 end; /* the number of bytes ever appended when it was asked for */
  DexPromise *promise;
} Waiter;

struct _XmppStreamWriter
{
  GOutputStream *output;
  XmppStreamWriterFailed failed;
  gpointer user_data;

  GByteArray *pending;
  guint64 appended;
  guint64 written;
  GQueue waiters;     /* Waiter, by end */
  DexFuture *writing; /* nullable */
  guint turn_source;  /* 0: none */
  GError *error;      /* what stopped it; nullable */
};

static void
waiter_free (Waiter *waiter)
{
  dex_unref (waiter->promise);
  g_free (waiter);
}

static gboolean turn_cb (gpointer user_data);

static void
schedule (XmppStreamWriter *self)
{
  if (self->turn_source == 0 && self->writing == NULL && self->pending->len > 0 && self->error == NULL)
    self->turn_source = g_idle_add_full (G_PRIORITY_DEFAULT, turn_cb, self, NULL);
}

static DexFuture *
written_cb (DexFuture *future,
            gpointer user_data)
{
  XmppStreamWriter *self = user_data;
  g_autoptr (GError) error = NULL;
  GQueue ready = G_QUEUE_INIT;
  Waiter *waiter;

  /* Kept, for it is what is calling. */
  g_autoptr (DexFuture) writing = g_steal_pointer (&self->writing);

  if (!dex_future_get_value (future, &error))
    {
      self->failed (self->user_data, g_steal_pointer (&error));
      return dex_future_new_true ();
    }

  self->written = self->appended - self->pending->len;
  schedule (self);
  while ((waiter = g_queue_peek_head (&self->waiters)) != NULL && waiter->end <= self->written)
    g_queue_push_tail (&ready, g_queue_pop_head (&self->waiters));

  /* Whoever waited may free the stream at once, and the writer with it. */
  while ((waiter = g_queue_pop_head (&ready)) != NULL)
    {
      dex_promise_resolve_boolean (waiter->promise, TRUE);
      waiter_free (waiter);
    }

  return dex_future_new_true ();
}

static gboolean
turn_cb (gpointer user_data)
{
  XmppStreamWriter *self = user_data;
  g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (g_steal_pointer (&self->pending));

  self->turn_source = 0;
  self->pending = g_byte_array_new ();
  self->writing = dex_future_finally (linnet_gio_write_all (self->output, bytes), written_cb, self, NULL);

  return G_SOURCE_REMOVE;
}

XmppStreamWriter *
xmpp_stream_writer_new (GOutputStream *output,
                        XmppStreamWriterFailed failed,
                        gpointer user_data)
{
  XmppStreamWriter *self;

  g_return_val_if_fail (G_IS_OUTPUT_STREAM (output), NULL);
  g_return_val_if_fail (failed != NULL, NULL);

  self = g_new0 (XmppStreamWriter, 1);
  self->output = g_object_ref (output);
  self->failed = failed;
  self->user_data = user_data;
  self->pending = g_byte_array_new ();

  return self;
}

void
xmpp_stream_writer_free (XmppStreamWriter *self)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "The stream is gone");

  xmpp_stream_writer_stop (self, error);

  g_clear_error (&self->error);
  g_byte_array_unref (self->pending);
  g_object_unref (self->output);
  g_free (self);
}

void
xmpp_stream_writer_set_output (XmppStreamWriter *self,
                               GOutputStream *output)
{
  g_return_if_fail (G_IS_OUTPUT_STREAM (output));
  g_return_if_fail (self->writing == NULL && self->pending->len == 0);

  g_set_object (&self->output, output);
}

void
xmpp_stream_writer_append (XmppStreamWriter *self,
                           const char *text)
{
  gsize length = strlen (text);

  if (self->error != NULL)
    return;

  g_byte_array_append (self->pending, (const guint8 *) text, length);
  self->appended += length;
  schedule (self);
}

DexFuture *
xmpp_stream_writer_flush (XmppStreamWriter *self)
{
  Waiter *waiter;

  if (self->error != NULL)
    return dex_future_new_for_error (g_error_copy (self->error));

  if (self->written == self->appended)
    return dex_future_new_true ();

  waiter = g_new0 (Waiter, 1);
  waiter->end = self->appended;
  waiter->promise = dex_promise_new ();
  g_queue_push_tail (&self->waiters, waiter);

  return dex_ref (DEX_FUTURE (waiter->promise));
}

void
xmpp_stream_writer_stop (XmppStreamWriter *self,
                         const GError *error)
{
  GQueue waiters = self->waiters;
  Waiter *waiter;

  if (self->error != NULL)
    return;

  self->error = g_error_copy (error);
  g_clear_handle_id (&self->turn_source, g_source_remove);
  /* Cancels the write; written_cb() is not called any more. */
  dex_clear (&self->writing);

  g_queue_init (&self->waiters);
  while ((waiter = g_queue_pop_head (&waiters)) != NULL)
    {
      dex_promise_reject (waiter->promise, g_error_copy (error));
      waiter_free (waiter);
    }
}
