/* Long work off the main thread, with its progress and a way to stop it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-work"

#include "config.h"

#include "linnet-work.h"

/* Finer than anybody sees. */
#define STEPS 1000

struct _LinnetWork
{
  GObject parent_instance;

  GCancellable *cancellable;
  gint step;  /* atomic */
  gint shown; /* atomic: a notification is on its way */
};

typedef struct
{
  LinnetWorkFunc func;
  gpointer data;
  GDestroyNotify data_free;
  DexPromise *promise;
} Job;

enum
{
  PROP_0,
  PROP_FRACTION,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LinnetWork, linnet_work, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
job_free (gpointer data)
{
  Job *job = data;

  dex_unref (job->promise);
  g_free (job);
}

static void
linnet_work_finalize (GObject *object)
{
  LinnetWork *self = LINNET_WORK (object);

  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (linnet_work_parent_class)->finalize (object);
}

static void
linnet_work_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_FRACTION:
      g_value_set_double (value, linnet_work_get_fraction (LINNET_WORK (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_work_class_init (LinnetWorkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = linnet_work_finalize;
  object_class->get_property = linnet_work_get_property;

  properties[PROP_FRACTION] =
      g_param_spec_double ("fraction", NULL, NULL, 0, 1, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
linnet_work_init (LinnetWork *self)
{
  self->cancellable = g_cancellable_new ();
}

LinnetWork *
linnet_work_new (void)
{
  return g_object_new (LINNET_TYPE_WORK, NULL);
}

double
linnet_work_get_fraction (LinnetWork *self)
{
  g_return_val_if_fail (LINNET_IS_WORK (self), 0);

  return g_atomic_int_get (&self->step) / (double) STEPS;
}

void
linnet_work_cancel (LinnetWork *self)
{
  g_return_if_fail (LINNET_IS_WORK (self));

  g_cancellable_cancel (self->cancellable);
}

GCancellable *
linnet_work_get_cancellable (LinnetWork *self)
{
  g_return_val_if_fail (LINNET_IS_WORK (self), NULL);

  return self->cancellable;
}

static gboolean
notify_cb (gpointer user_data)
{
  LinnetWork *self = user_data;

  g_atomic_int_set (&self->shown, FALSE);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);

  return G_SOURCE_REMOVE;
}

void
linnet_work_set_done (LinnetWork *self, guint64 done, guint64 total)
{
  gint step = total > 0 ? (gint) (MIN (done, total) / (double) total * STEPS) : 0;

  g_return_if_fail (LINNET_IS_WORK (self));

  if (g_atomic_int_exchange (&self->step, step) == step || g_atomic_int_exchange (&self->shown, TRUE))
    return;

  g_idle_add_full (G_PRIORITY_DEFAULT, notify_cb, g_object_ref (self), g_object_unref);
}

static void
run_cb (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  LinnetWork *self = source;
  Job *job = task_data;
  g_autoptr (GError) error = NULL;

  if (!g_cancellable_set_error_if_cancelled (self->cancellable, &error) &&
      job->func (self, job->data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
done_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  /* Not with the task: who drops that last is not known. */
  if (job->data_free != NULL)
    job->data_free (job->data);

  if (g_task_propagate_boolean (G_TASK (result), &error))
    dex_promise_resolve_boolean (job->promise, TRUE);
  else
    dex_promise_reject (job->promise, g_steal_pointer (&error));
}

DexFuture *
linnet_work_run (LinnetWork *self, LinnetWorkFunc func, gpointer data, GDestroyNotify data_free)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  g_return_val_if_fail (LINNET_IS_WORK (self), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  job = g_new0 (Job, 1);
  job->func = func;
  job->data = data;
  job->data_free = data_free;
  job->promise = dex_promise_new ();

  task = g_task_new (self, NULL, done_cb, NULL);
  g_task_set_source_tag (task, linnet_work_run);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, run_cb);

  return dex_ref (DEX_FUTURE (job->promise));
}
