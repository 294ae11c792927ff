/* The database of a profile: one thread, one connection
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include "linnet-store-check-private.h"
#include "linnet-store-db-private.h"
#include "linnet-store-lock-private.h"
#include "linnet-store-salvage-private.h"
#include "linnet-store-swap-private.h"

#define DATABASE_NAME "linnet.db"

/* Not while the program starts; when the contacts of a new account have been fetched, in all likelihood. */
#define COPY_AFTER_START G_TIME_SPAN_MINUTE
#define COPY_AFTER_SIGN_IN (5 * G_TIME_SPAN_MINUTE)

typedef enum
{
  TASK_OPEN, /* always the first one */
  TASK_WRITE,
  TASK_READ,
  TASK_CLOSE, /* always the last one */
  TASK_DAMAGED,
} TaskKind;

/* Goes to the thread and comes back with what became of it. */
typedef struct
{
  TaskKind kind;
  LinnetStoreJob job;
  gpointer data;
  GDestroyNotify data_free;
  DexPromise *promise;
  LinnetStore *store; /* of TASK_OPEN: what it resolves to */
  GValue result;
  GError *error;
} Task;

/* Shared by the object, the thread and the source that completes futures. */
typedef struct
{
  gatomicrefcount ref_count;
  char *directory;
  GAsyncQueue *tasks;
  GAsyncQueue *done;
  GSource *source;
  GWeakRef store;

  /* of the thread */
  LinnetStoreLock *lock;
  gint64 copy_settings_at;
  gint told_damaged; /* atomic: the check has a thread of its own */
  gboolean salvaged; /* before the thread says that it is open */
} Worker;

typedef struct
{
  GSource parent_instance;
  Worker *worker;
} DoneSource;

struct _LinnetStore
{
  GObject parent_instance;

  Worker *worker;
  DexFuture *closed; /* once closing has begun */
  guint damaged : 1;
};

enum
{
  DAMAGED,
  N_SIGNALS
};

G_DEFINE_QUARK (linnet - store - error - quark, linnet_store_error)
G_DEFINE_FINAL_TYPE (LinnetStore, linnet_store, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

static Task *
task_new (TaskKind kind, LinnetStoreJob job, gpointer data, GDestroyNotify data_free)
{
  Task *task = g_new0 (Task, 1);

  task->kind = kind;
  task->job = job;
  task->data = data;
  task->data_free = data_free;
  task->promise = dex_promise_new ();

  return task;
}

static void
task_free (Task *task)
{
  if (task->data_free != NULL && task->data != NULL)
    task->data_free (task->data);
  g_clear_pointer (&task->promise, dex_unref);
  g_clear_object (&task->store);
  if (G_IS_VALUE (&task->result))
    g_value_unset (&task->result);
  g_clear_error (&task->error);
  g_free (task);
}

static Worker *
worker_ref (Worker *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

static void
worker_unref (Worker *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_weak_ref_clear (&self->store);
  g_source_unref (self->source);
  g_async_queue_unref (self->tasks);
  g_async_queue_unref (self->done);
  g_free (self->directory);
  g_free (self);
}

/* ---- on the store's thread ---- */

static void
hand_back (Worker *self, Task *task)
{
  /* The job's data may be shared with the result; whatever it is, it dies here. */
  if (task->data_free != NULL && task->data != NULL)
    task->data_free (task->data);
  task->data = NULL;

  g_async_queue_push (self->done, task);
  g_source_set_ready_time (self->source, 0);
}

static void
damaged_cb (gpointer user_data)
{
  Worker *self = user_data;

  if (g_atomic_int_exchange (&self->told_damaged, TRUE))
    return;

  g_message ("The database is damaged");
  linnet_store_lock_set_damaged (self->lock);
  hand_back (self, task_new (TASK_DAMAGED, NULL, NULL, NULL));
}

static void
run_task (LinnetStoreDb *db, Task *task)
{
  gboolean ok = linnet_store_db_run (db,
                                     task->kind == TASK_READ,
                                     task->job,
                                     task->data,
                                     &task->result,
                                     &task->error);

  g_assert (ok == (task->error == NULL));
  if (!ok && G_IS_VALUE (&task->result))
    g_value_unset (&task->result);
}

/* Once a day, and when somebody signed in or out. @last: the store is being closed. */
static void
copy_settings (Worker *self, LinnetStoreDb *db, const char *path, gboolean last)
{
  gint64 now = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;

  if (db->signed_in)
    self->copy_settings_at = MIN (self->copy_settings_at, now + COPY_AFTER_SIGN_IN);
  db->signed_in = FALSE;

  if (db->signed_out)
    linnet_store_salvage_drop_copies (path);
  else if (now + (last ? COPY_AFTER_SIGN_IN : 0) < self->copy_settings_at)
    return;

  db->signed_out = FALSE;
  self->copy_settings_at = now + LINNET_STORE_SETTINGS_AGE;
  if (!linnet_store_salvage_copy_settings (path, &error))
    g_message ("The settings were not copied: %s", error->message);
}

/* Returns the task of closing. */
static Task *
serve (Worker *self, LinnetStoreDb *db, const char *path)
{
  for (;;)
    {
      Task *task = g_async_queue_pop (self->tasks);

      if (task->kind == TASK_CLOSE)
        {
          copy_settings (self, db, path, TRUE);
          return task;
        }
      run_task (db, task);
      if (g_error_matches (task->error, LINNET_STORE_ERROR, LINNET_STORE_ERROR_CORRUPT))
        damaged_cb (self);
      hand_back (self, task);
      copy_settings (self, db, path, FALSE);
    }
}

static LinnetStoreDb *
open_sound_database (Worker *self, const char *path, GError **error)
{
  gboolean damaged = linnet_store_lock_was_damaged (self->lock);

  if (!linnet_store_salvage_finish (path, &self->salvaged, error))
    return NULL;

  if (self->salvaged)
    damaged = FALSE;
  else if (linnet_store_salvage_is_lost (path))
    damaged = TRUE;

  if (!damaged)
    {
      g_autoptr (GError) local_error = NULL;
      LinnetStoreDb *db = linnet_store_db_open (path, &local_error);

      if (!g_error_matches (local_error, LINNET_STORE_ERROR, LINNET_STORE_ERROR_CORRUPT))
        {
          if (local_error != NULL)
            g_propagate_error (error, g_steal_pointer (&local_error));
          return db;
        }
    }

  return linnet_store_salvage (path, &self->salvaged, error) ? linnet_store_db_open (path, error) : NULL;
}

static LinnetStoreDb *
open_database (Worker *self, const char *path, LinnetStoreCheck **check, GError **error)
{
  g_autoptr (LinnetStoreDb) db = NULL;

  self->lock = linnet_store_lock_take (self->directory, error);
  if (self->lock == NULL)
    return NULL;

  if (!linnet_store_swap (self->directory, error))
    return NULL;
  db = open_sound_database (self, path, error);
  if (db == NULL && linnet_store_swap_undo (self->directory))
    {
      g_clear_error (error);
      db = open_sound_database (self, path, error);
    }
  if (db == NULL || !linnet_store_lock_mark (self->lock, error))
    return NULL;
  linnet_store_swap_settle (self->directory);

  self->copy_settings_at =
      g_get_monotonic_time () +
      MAX (LINNET_STORE_SETTINGS_AGE - linnet_store_salvage_get_age (path), COPY_AFTER_START);
  if (linnet_store_lock_was_unclean (self->lock))
    *check = linnet_store_check_start (path, damaged_cb, self);

  return g_steal_pointer (&db);
}

static gpointer
thread_func (gpointer data)
{
  Worker *self = data;
  Task *task = g_async_queue_pop (self->tasks);
  g_autofree char *path = g_build_filename (self->directory, DATABASE_NAME, NULL);
  LinnetStoreCheck *check = NULL;
  LinnetStoreDb *db = open_database (self, path, &check, &task->error);
  gboolean clean = db != NULL;

  if (db != NULL)
    {
      hand_back (self, task);
      task = serve (self, db, path);
      /* What was not checked to the end is checked again at the next start. */
      if (check != NULL)
        clean = linnet_store_check_stop (check);
      linnet_store_db_free (db);
    }
  if (self->lock != NULL)
    linnet_store_lock_release (self->lock, clean);

  /* Whoever waits for this may open the store again at once. */
  hand_back (self, task);
  worker_unref (self);

  return NULL;
}

/* ---- on the main context ---- */

static void
complete_open (Task *task)
{
  if (task->error == NULL)
    {
      dex_promise_resolve_object (task->promise, g_steal_pointer (&task->store));
      return;
    }

  /* The thread has ended by itself. */
  task->store->closed = dex_future_new_true ();
  dex_promise_reject (task->promise, g_steal_pointer (&task->error));
}

static void
complete (Worker *self, Task *task)
{
  if (task->kind == TASK_OPEN)
    complete_open (task);
  else if (task->kind == TASK_DAMAGED)
    {
      g_autoptr (LinnetStore) store = g_weak_ref_get (&self->store);

      if (store != NULL)
        {
          store->damaged = TRUE;
          g_signal_emit (store, signals[DAMAGED], 0);
        }
    }
  else if (task->error != NULL)
    dex_promise_reject (task->promise, g_steal_pointer (&task->error));
  else if (G_IS_VALUE (&task->result))
    dex_promise_resolve (task->promise, &task->result);
  else
    dex_promise_resolve_boolean (task->promise, TRUE);
}

static gboolean
done_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  DoneSource *done = (DoneSource *) source;
  Worker *self = done->worker;
  gboolean ended = FALSE;
  Task *task;

  g_source_set_ready_time (source, -1);
  while ((task = g_async_queue_try_pop (self->done)) != NULL)
    {
      /* Nothing comes after these. */
      ended = task->kind == TASK_CLOSE || (task->kind == TASK_OPEN && task->error != NULL);
      complete (self, task);
      task_free (task);
    }

  if (ended)
    g_clear_pointer (&done->worker, worker_unref);

  return ended ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static const GSourceFuncs done_funcs = {
  .dispatch = done_dispatch,
};

static Worker *
worker_new (const char *directory)
{
  Worker *self = g_new0 (Worker, 1);
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  g_atomic_ref_count_init (&self->ref_count);
  self->directory = g_strdup (directory);
  self->tasks = g_async_queue_new_full ((GDestroyNotify) task_free);
  self->done = g_async_queue_new_full ((GDestroyNotify) task_free);
  g_weak_ref_init (&self->store, NULL);

  self->source = g_source_new ((GSourceFuncs *) &done_funcs, sizeof (DoneSource));
  ((DoneSource *) self->source)->worker = worker_ref (self);
  g_source_set_static_name (self->source, "linnet-store");
  g_source_attach (self->source, context);

  return self;
}

static DexFuture *
submit (LinnetStore *self, TaskKind kind, LinnetStoreJob job, gpointer data, GDestroyNotify data_free)
{
  Task *task = task_new (kind, job, data, data_free);
  DexFuture *future;

  if (self->closed != NULL)
    {
      task_free (task);
      return dex_future_new_reject (LINNET_STORE_ERROR, LINNET_STORE_ERROR_CLOSED, "The store is closed");
    }

  future = dex_ref (DEX_FUTURE (task->promise));
  if (kind == TASK_OPEN)
    task->store = g_object_ref (self);
  g_async_queue_push (self->worker->tasks, task);

  return future;
}

static void
linnet_store_dispose (GObject *object)
{
  LinnetStore *self = LINNET_STORE (object);

  if (self->worker != NULL)
    dex_future_disown (linnet_store_close (self));
  dex_clear (&self->closed);
  g_clear_pointer (&self->worker, worker_unref);

  G_OBJECT_CLASS (linnet_store_parent_class)->dispose (object);
}

static void
linnet_store_class_init (LinnetStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = linnet_store_dispose;

  signals[DAMAGED] = g_signal_new ("damaged",
                                   G_TYPE_FROM_CLASS (klass),
                                   G_SIGNAL_RUN_LAST,
                                   0,
                                   NULL,
                                   NULL,
                                   NULL,
                                   G_TYPE_NONE,
                                   0);
}

static void
linnet_store_init (LinnetStore *self)
{
}

DexFuture *
linnet_store_open (const char *directory)
{
  g_autoptr (LinnetStore) self = NULL;
  DexFuture *future;

  g_return_val_if_fail (directory != NULL, NULL);

  self = g_object_new (LINNET_TYPE_STORE, NULL);
  self->worker = worker_new (directory);
  g_weak_ref_set (&self->worker->store, self);
  future = submit (self, TASK_OPEN, NULL, NULL, NULL);
  g_thread_unref (g_thread_new ("linnet-store", thread_func, worker_ref (self->worker)));

  return future;
}

DexFuture *
linnet_store_close (LinnetStore *self)
{
  g_return_val_if_fail (LINNET_IS_STORE (self), NULL);

  if (self->closed == NULL)
    self->closed = submit (self, TASK_CLOSE, NULL, NULL, NULL);

  return dex_ref (self->closed);
}

const char *
linnet_store_get_directory (LinnetStore *self)
{
  g_return_val_if_fail (LINNET_IS_STORE (self), NULL);

  return self->worker->directory;
}

gboolean
linnet_store_get_damaged (LinnetStore *self)
{
  g_return_val_if_fail (LINNET_IS_STORE (self), FALSE);

  return self->damaged;
}

gboolean
linnet_store_get_salvaged (LinnetStore *self)
{
  g_return_val_if_fail (LINNET_IS_STORE (self), FALSE);

  return self->worker->salvaged;
}

DexFuture *
linnet_store_run (LinnetStore *self, LinnetStoreJob job, gpointer data, GDestroyNotify data_free)
{
  g_return_val_if_fail (LINNET_IS_STORE (self), NULL);
  g_return_val_if_fail (job != NULL, NULL);

  return submit (self, TASK_WRITE, job, data, data_free);
}

DexFuture *
linnet_store_run_read (LinnetStore *self, LinnetStoreJob job, gpointer data, GDestroyNotify data_free)
{
  g_return_val_if_fail (LINNET_IS_STORE (self), NULL);
  g_return_val_if_fail (job != NULL, NULL);

  return submit (self, TASK_READ, job, data, data_free);
}
