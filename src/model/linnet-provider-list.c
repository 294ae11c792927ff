/* Public servers where anybody can have an account
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-provider-list"

#include "config.h"

#include "linnet-error.h"
#include "linnet-fetch-private.h"
#include "linnet-future.h"
#include "linnet-model-resources.h"
#include "linnet-provider-list-private.h"
#include "linnet-provider-private.h"
#include "linnet-spawn.h"
#include "linnet-verb.h"

#define SHIPPED "/im/linnet/Linnet/model/providers.json"
#define FILE_NAME "providers.json"
/* Where providers.xmpp.net has its data: those of the categories A and B. */
#define URL "https://data.xmpp.net/providers/v2/providers-B.json"
#define MAX_BYTES (1024 * 1024)
#define TIMEOUT_S 20
#define FRESH_FOR_US (G_GINT64_CONSTANT (60) * 60 * 1000 * 1000)

struct _LinnetProviderList
{
  GObject parent_instance;

  char *directory;
  char *proxy; /* nullable */
  char *url;
  const LinnetFetchPolicy *policy; /* nullable */
  GPtrArray *providers;
  GDateTime *updated;
  gint64 refreshed; /* monotonic, 0 never */
  guint refreshing : 1;
  guint failed : 1;
};

enum
{
  PROP_0,
  PROP_UPDATED,
  PROP_REFRESHING,
  PROP_FAILED,
  N_PROPS
};

/* What a thread reads from some text. */
typedef struct
{
  GBytes *bytes;
  GPtrArray *providers;
  GDateTime *updated;
  gatomicrefcount ref_count;
} Reading;

static void linnet_provider_list_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LinnetProviderList,
                               linnet_provider_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, linnet_provider_list_iface_init))

static GParamSpec *properties[N_PROPS];

static Reading *
reading_ref (Reading *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

static void
reading_unref (Reading *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->providers, g_ptr_array_unref);
  g_clear_pointer (&self->updated, g_date_time_unref);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reading, reading_unref)

static GType reading_get_type (void);
G_DEFINE_BOXED_TYPE (Reading, reading, reading_ref, reading_unref)

/* ---- reading in a thread: it takes longer than a frame ---- */

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (Reading) reading = g_new0 (Reading, 1);
  GError *error = NULL;

  g_atomic_ref_count_init (&reading->ref_count);
  reading->bytes = g_bytes_ref (data);
  reading->providers =
      linnet_provider_parse (reading->bytes, g_get_language_names (), &reading->updated, &error);

  if (reading->providers != NULL)
    g_task_return_pointer (task, g_steal_pointer (&reading), (GDestroyNotify) reading_unref);
  else
    g_task_return_error (task, error);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  GError *error = NULL;
  Reading *reading = g_task_propagate_pointer (G_TASK (result), &error);

  if (reading != NULL)
    dex_promise_resolve_boxed (promise, reading_get_type (), reading);
  else
    dex_promise_reject (promise, error);
}

/* Resolves to a boxed Reading. */
static DexFuture *
read_bytes (GBytes *bytes)
{
  DexPromise *promise = dex_promise_new ();
  g_autoptr (GTask) task = g_task_new (NULL, NULL, read_cb, dex_ref (promise));

  g_task_set_task_data (task, g_bytes_ref (bytes), (GDestroyNotify) g_bytes_unref);
  g_task_run_in_thread (task, read_in_thread);

  return DEX_FUTURE (promise);
}

/* ---- what the list shows ---- */

static void
linnet_provider_list_take (LinnetProviderList *self, Reading *reading)
{
  guint before = self->providers->len;

  g_assert (LINNET_IS_PROVIDER_LIST (self));

  g_ptr_array_unref (self->providers);
  self->providers = g_ptr_array_ref (reading->providers);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before, self->providers->len);

  g_clear_pointer (&self->updated, g_date_time_unref);
  self->updated = reading->updated != NULL ? g_date_time_ref (reading->updated) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UPDATED]);
}

static void
linnet_provider_list_set_refreshing (LinnetProviderList *self, gboolean refreshing)
{
  g_assert (LINNET_IS_PROVIDER_LIST (self));

  self->refreshing = refreshing;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REFRESHING]);
}

static void
linnet_provider_list_set_failed (LinnetProviderList *self, gboolean failed)
{
  g_assert (LINNET_IS_PROVIDER_LIST (self));

  if (self->failed == failed)
    return;

  self->failed = failed;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FAILED]);
}

static GFile *
get_file (LinnetProviderList *self)
{
  return g_file_new_build_filename (self->directory, FILE_NAME, NULL);
}

/* ---- loading ---- */

/* @file: of this size at most, or nothing is read. NULL when there is none that can be used. */
static Reading *
read_kept (LinnetProviderList *self)
{
  g_autoptr (GFile) file = get_file (self);
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  Reading *reading;

  info = dex_await_object (
      dex_file_query_info (
          file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, G_PRIORITY_DEFAULT),
      NULL);
  if (info == NULL || g_file_info_get_size (info) > 2 * MAX_BYTES)
    return NULL;

  bytes = dex_await_boxed (dex_file_load_contents_bytes (file), &error);
  if (bytes == NULL || !(reading = dex_await_boxed (read_bytes (bytes), &error)))
    {
      g_debug ("The list that was kept cannot be used: %s", error->message);
      return NULL;
    }

  return reading;
}

static gboolean
is_newer (Reading *reading, Reading *than)
{
  return than->updated == NULL ||
         (reading->updated != NULL && g_date_time_compare (reading->updated, than->updated) > 0);
}

static DexFuture *
linnet_provider_list_load_fiber (gpointer data)
{
  LinnetProviderList *self = data;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (Reading) shipped = NULL;
  g_autoptr (Reading) kept = NULL;
  g_autoptr (GError) error = NULL;

  bytes = g_resource_lookup_data (
      linnet_model_get_resource (), SHIPPED, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  if (bytes == NULL || !(shipped = dex_await_boxed (read_bytes (bytes), &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  kept = read_kept (self);
  /* A refresh may have been quicker. */
  if (self->refreshed == 0)
    linnet_provider_list_take (self, kept != NULL && is_newer (kept, shipped) ? kept : shipped);

  return dex_future_new_true ();
}

/* ---- refreshing ---- */

static DexFuture *
keep (LinnetProviderList *self, GBytes *bytes)
{
  g_autoptr (GFile) file = get_file (self);

  if (g_mkdir_with_parents (self->directory, 0700) != 0)
    return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_DATABASE, "Cannot make %s", self->directory);

  return dex_file_replace_contents_bytes (
      file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION);
}

static gboolean
refresh (LinnetProviderList *self, GError **error)
{
  static const char *const types[] = { "application/json", "text/json", NULL };
  const LinnetFetchRequest request = {
    .url = self->url,
    .max_size = MAX_BYTES,
    .timeout_s = TIMEOUT_S,
    .types = types,
    .proxy = self->proxy,
  };
  g_autoptr (LinnetFetched) fetched = NULL;
  g_autoptr (GDateTime) now = NULL;
  g_autoptr (GBytes) wrapped = NULL;
  g_autoptr (Reading) reading = NULL;
  g_autoptr (Reading) again = NULL;
  g_autoptr (GError) kept = NULL;

  fetched = dex_await_boxed (linnet_fetch_with_policy (&request, self->policy), error);
  if (fetched == NULL || !(reading = dex_await_boxed (read_bytes (fetched->bytes), error)))
    return FALSE;

  now = g_date_time_new_now_utc ();
  wrapped = linnet_provider_wrap (fetched->bytes, now);
  if (!(again = dex_await_boxed (read_bytes (wrapped), error)))
    return FALSE;

  self->refreshed = g_get_monotonic_time ();
  linnet_provider_list_take (self, again);
  if (!dex_await (keep (self, wrapped), &kept))
    g_warning ("The list of providers cannot be kept: %s", kept->message);

  return TRUE;
}

static DexFuture *
linnet_provider_list_refresh_fiber (gpointer data)
{
  LinnetProviderList *self = data;
  g_autoptr (GError) error = NULL;
  gboolean refreshed;

  refreshed = refresh (self, &error);
  linnet_provider_list_set_failed (self, !refreshed);
  linnet_provider_list_set_refreshing (self, FALSE);

  return refreshed ? dex_future_new_true () : dex_future_new_for_error (g_steal_pointer (&error));
}

/* ---- the list model ---- */

static GType
linnet_provider_list_get_item_type (GListModel *model)
{
  return LINNET_TYPE_PROVIDER;
}

static guint
linnet_provider_list_get_n_items (GListModel *model)
{
  return LINNET_PROVIDER_LIST (model)->providers->len;
}

static gpointer
linnet_provider_list_get_item (GListModel *model, guint position)
{
  LinnetProviderList *self = LINNET_PROVIDER_LIST (model);

  return position < self->providers->len ? g_object_ref (self->providers->pdata[position]) : NULL;
}

static void
linnet_provider_list_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = linnet_provider_list_get_item_type;
  iface->get_n_items = linnet_provider_list_get_n_items;
  iface->get_item = linnet_provider_list_get_item;
}

static void
linnet_provider_list_finalize (GObject *object)
{
  LinnetProviderList *self = LINNET_PROVIDER_LIST (object);

  g_free (self->directory);
  g_free (self->proxy);
  g_free (self->url);
  g_ptr_array_unref (self->providers);
  g_clear_pointer (&self->updated, g_date_time_unref);

  G_OBJECT_CLASS (linnet_provider_list_parent_class)->finalize (object);
}

static void
linnet_provider_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LinnetProviderList *self = LINNET_PROVIDER_LIST (object);

  switch (prop_id)
    {
    case PROP_UPDATED:
      g_value_set_boxed (value, self->updated);
      break;
    case PROP_REFRESHING:
      g_value_set_boolean (value, self->refreshing);
      break;
    case PROP_FAILED:
      g_value_set_boolean (value, self->failed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_provider_list_class_init (LinnetProviderListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = linnet_provider_list_finalize;
  object_class->get_property = linnet_provider_list_get_property;

  properties[PROP_UPDATED] = g_param_spec_boxed ("updated", NULL, NULL, G_TYPE_DATE_TIME, flags);
  properties[PROP_REFRESHING] = g_param_spec_boolean ("refreshing", NULL, NULL, FALSE, flags);
  properties[PROP_FAILED] = g_param_spec_boolean ("failed", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
linnet_provider_list_init (LinnetProviderList *self)
{
  self->url = g_strdup (URL);
  self->providers = g_ptr_array_new_with_free_func (g_object_unref);
}

LinnetProviderList *
linnet_provider_list_new (const char *directory)
{
  LinnetProviderList *self;

  g_return_val_if_fail (directory != NULL, NULL);

  self = g_object_new (LINNET_TYPE_PROVIDER_LIST, NULL);
  self->directory = g_strdup (directory);

  return self;
}

DexFuture *
linnet_provider_list_load (LinnetProviderList *self)
{
  linnet_return_error_if_fail (LINNET_IS_PROVIDER_LIST (self));

  return linnet_verb (linnet_spawn (
      "load-providers", linnet_provider_list_load_fiber, g_object_ref (self), g_object_unref));
}

DexFuture *
linnet_provider_list_refresh (LinnetProviderList *self)
{
  linnet_return_error_if_fail (LINNET_IS_PROVIDER_LIST (self));

  if (self->refreshing ||
      (self->refreshed != 0 && g_get_monotonic_time () - self->refreshed < FRESH_FOR_US))
    return dex_future_new_true ();

  linnet_provider_list_set_refreshing (self, TRUE);

  return linnet_verb (linnet_spawn (
      "refresh-providers", linnet_provider_list_refresh_fiber, g_object_ref (self), g_object_unref));
}

void
linnet_provider_list_set_proxy (LinnetProviderList *self, const char *proxy)
{
  g_return_if_fail (LINNET_IS_PROVIDER_LIST (self));

  g_set_str (&self->proxy, proxy);
}

void
linnet_provider_list_set_source (LinnetProviderList *self, const char *url, const LinnetFetchPolicy *policy)
{
  g_return_if_fail (LINNET_IS_PROVIDER_LIST (self));

  g_set_str (&self->url, url);
  self->policy = policy;
}

LinnetProvider *
linnet_provider_list_find (LinnetProviderList *self, const char *domain)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER_LIST (self), NULL);
  g_return_val_if_fail (domain != NULL, NULL);

  for (guint i = 0; i < self->providers->len; i++)
    if (g_ascii_strcasecmp (linnet_provider_get_domain (self->providers->pdata[i]), domain) == 0)
      return self->providers->pdata[i];

  return NULL;
}

GDateTime *
linnet_provider_list_get_updated (LinnetProviderList *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER_LIST (self), NULL);

  return self->updated;
}

gboolean
linnet_provider_list_get_refreshing (LinnetProviderList *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER_LIST (self), FALSE);

  return self->refreshing;
}

gboolean
linnet_provider_list_get_failed (LinnetProviderList *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER_LIST (self), FALSE);

  return self->failed;
}
