/* Starting fibers, and awaiting in them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-spawn"

#include "config.h"

#include "linnet-spawn.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

#ifdef SANITIZED
#include <sanitizer/common_interface_defs.h>

/* Sanitizers put red zones around every variable: a body that fits the pooled 128 KiB stack overflows it
 * there. */
#define STACK_SIZE (1024 * 1024)
#define PAGE_SIZE 4096
#else
#define STACK_SIZE 0
#endif

typedef struct
{
  DexFiberFunc func;
  gpointer state;
  GDestroyNotify state_free;
  DexPromise *result;
  DexPromise *cancelled; /* rejects when @result is discarded */
  gulong handler;
#ifdef SANITIZED
  const void *stack;
  const void *outer_stack; /* of the thread */
  gsize outer_size;
#endif
} Fiber;

/* The fiber that is running in this thread, NULL between fibers. libdex keeps this to itself. */
static _Thread_local Fiber *current;

/*
 * Sanitizers find nothing out about who allocates on a stack that they do not know, and take what was
 * allocated there for reachable: no leak of a fiber is a leak then. Neither libdex nor GLib tells them, so
 * this does. It is told before the switch itself, which only shortens the traces of what is between.
 */
#ifdef SANITIZED
static void
tell_stack (const void *bottom,
            gsize size,
            const void **old_bottom,
            gsize *old_size)
{
  __sanitizer_start_switch_fiber (NULL, bottom, size);
  __sanitizer_finish_switch_fiber (NULL, old_bottom, old_size);
}
#endif

static void
tell_started (Fiber *self,
              gpointer frame)
{
#ifdef SANITIZED
  gsize top = ((gsize) frame + PAGE_SIZE - 1) & ~((gsize) PAGE_SIZE - 1);

  self->stack = (const void *) (top - STACK_SIZE);
  tell_stack (self->stack, STACK_SIZE, &self->outer_stack, &self->outer_size);
#endif
}

static void
tell_resumed (Fiber *self)
{
#ifdef SANITIZED
  tell_stack (self->stack, STACK_SIZE, NULL, NULL);
#endif
}

static void
tell_left (Fiber *self)
{
#ifdef SANITIZED
  tell_stack (self->outer_stack, self->outer_size, NULL, NULL);
#endif
}

static void
discarded_cb (GCancellable *cancellable,
              gpointer user_data)
{
  Fiber *self = user_data;

  dex_promise_reject (self->cancelled,
                      g_error_new_literal (DEX_ERROR, DEX_ERROR_FIBER_CANCELLED, "The fiber was cancelled"));
}

static DexFuture *
fiber_cb (gpointer user_data)
{
  Fiber *self = user_data;
  g_autoptr (DexFuture) future = NULL;
  g_autoptr (GError) error = NULL;
  const GValue *value;

  current = self;
  tell_started (self, __builtin_frame_address (0));

  future = self->func (self->state);
  if (future == NULL)
    future = dex_future_new_true ();
  if (dex_future_is_pending (future))
    dex_await (dex_ref (future), &error);
  if (self->state_free != NULL)
    self->state_free (self->state);

  current = NULL;
  g_signal_handler_disconnect (dex_promise_get_cancellable (self->result), self->handler);

  if (error == NULL && (value = dex_future_get_value (future, &error)) != NULL)
    dex_promise_resolve (self->result, value);
  else
    dex_promise_reject (self->result, g_steal_pointer (&error));

  dex_unref (self->result);
  dex_unref (self->cancelled);
  tell_left (self);
  g_free (self);

  return dex_future_new_true ();
}

static DexFuture *
log_error_cb (DexFuture *future,
              gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!dex_future_get_value (future, &error) &&
      !g_error_matches (error, DEX_ERROR, DEX_ERROR_FIBER_CANCELLED))
    g_debug ("%s ended with: %s", (const char *) user_data, error->message);

  return dex_future_new_true ();
}

DexFuture *
linnet_spawn (const char *name,
              DexFiberFunc func,
              gpointer state,
              GDestroyNotify state_free)
{
  DexFuture *future;
  Fiber *self;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (func != NULL, NULL);

  self = g_new0 (Fiber, 1);
  self->func = func;
  self->state = state;
  self->state_free = state_free;
  self->result = dex_promise_new_cancellable ();
  self->cancelled = dex_promise_new ();
  self->handler = g_signal_connect (
      dex_promise_get_cancellable (self->result), "cancelled", G_CALLBACK (discarded_cb), self);
  dex_future_set_static_name (DEX_FUTURE (self->result), name);

  future = dex_scheduler_spawn (NULL, STACK_SIZE, fiber_cb, self, NULL);
  dex_future_set_static_name (future, name);
  dex_future_disown (future);

  return dex_ref (DEX_FUTURE (self->result));
}

void
linnet_spawn_detached (const char *name,
                       DexFiberFunc func,
                       gpointer state,
                       GDestroyNotify state_free)
{
  DexFuture *future = linnet_spawn (name, func, state, state_free);

  dex_future_disown (dex_future_finally (future, log_error_cb, (gpointer) name, NULL));
}

DexFuture *
linnet_await_begin (gpointer *fiber,
                    DexFuture *future)
{
  Fiber *self = current;

  *fiber = self;
  if (self == NULL || !dex_future_is_pending (future))
    return future;

  /* Whatever else runs until the await is over is not in this fiber. */
  current = NULL;
  future = dex_future_first (future, dex_ref (DEX_FUTURE (self->cancelled)), NULL);
  tell_left (self);

  return future;
}

void
linnet_await_end (gpointer fiber)
{
  if (current == NULL && fiber != NULL)
    tell_resumed (fiber);
  current = fiber;
}
