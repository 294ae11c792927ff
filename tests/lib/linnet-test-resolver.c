/* A DNS that knows only what a test tells it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-test-resolver"

#include "config.h"

#include "linnet-test-resolver.h"

struct _LinnetTestResolver
{
  GResolver parent_instance;

  GHashTable *addresses; /* host → GPtrArray of GInetAddress */
  GHashTable *records;   /* name → GPtrArray of GVariant */
  GHashTable *failures;  /* question → GResolverError + 1 */
  GHashTable *held;      /* question → GPtrArray of GTask */
  GString *questions;
};

G_DEFINE_FINAL_TYPE (LinnetTestResolver, linnet_test_resolver, G_TYPE_RESOLVER)

static void
free_addresses (gpointer data)
{
  g_list_free_full (data, g_object_unref);
}

static void
free_records (gpointer data)
{
  g_list_free_full (data, (GDestroyNotify) g_variant_unref);
}

static void
answer_addresses (LinnetTestResolver *self,
                  GTask *task,
                  const char *question)
{
  g_auto (GStrv) parts = g_strsplit (question, " ", 2);
  GPtrArray *known = g_hash_table_lookup (self->addresses, parts[0]);
  GList *list = NULL;

  for (guint i = 0; known != NULL && i < known->len; i++)
    {
      GInetAddress *address = g_ptr_array_index (known, i);
      gboolean ipv6 = g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6;

      if (parts[1] == NULL || g_str_equal (parts[1], ipv6 ? "AAAA" : "A"))
        list = g_list_append (list, g_object_ref (address));
    }

  if (list != NULL)
    g_task_return_pointer (task, list, free_addresses);
  else
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "No %s", question);
}

static void
answer_records (LinnetTestResolver *self,
                GTask *task,
                const char *question)
{
  GPtrArray *known = g_hash_table_lookup (self->records, question);
  GList *list = NULL;

  for (guint i = 0; known != NULL && i < known->len; i++)
    list = g_list_append (list, g_variant_ref (g_ptr_array_index (known, i)));

  if (list != NULL)
    g_task_return_pointer (task, list, free_records);
  else
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "No %s", question);
}

static void
answer (LinnetTestResolver *self,
        GTask *task)
{
  const char *question = g_task_get_task_data (task);
  guint failure = GPOINTER_TO_UINT (g_hash_table_lookup (self->failures, question));

  if (g_task_return_error_if_cancelled (task))
    return;

  if (failure != 0)
    g_task_return_new_error (task, G_RESOLVER_ERROR, (int) failure - 1, "%s fails", question);
  else if (*question == '_')
    answer_records (self, task, question);
  else
    answer_addresses (self, task, question);
}

static gboolean
turn_cb (gpointer user_data)
{
  GTask *task = user_data;

  answer (g_task_get_source_object (task), task);

  return G_SOURCE_REMOVE;
}

/* @question: transfer full */
static void
ask (LinnetTestResolver *self,
     char *question,
     GCancellable *cancellable,
     GAsyncReadyCallback callback,
     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GPtrArray *held = g_hash_table_lookup (self->held, question);

  g_task_set_task_data (task, question, g_free);
  g_string_append_printf (self->questions, "%s%s", self->questions->len > 0 ? "," : "", question);

  if (held != NULL)
    g_ptr_array_add (held, g_steal_pointer (&task));
  else
    g_idle_add_full (G_PRIORITY_DEFAULT, turn_cb, g_steal_pointer (&task), g_object_unref);
}

static void
linnet_test_resolver_lookup_by_name_async (GResolver *resolver,
                                           const char *hostname,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data)
{
  ask (LINNET_TEST_RESOLVER (resolver), g_strdup (hostname), cancellable, callback, user_data);
}

static void
linnet_test_resolver_lookup_by_name_with_flags_async (GResolver *resolver,
                                                      const char *hostname,
                                                      GResolverNameLookupFlags flags,
                                                      GCancellable *cancellable,
                                                      GAsyncReadyCallback callback,
                                                      gpointer user_data)
{
  const char *family = flags == G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY ? " AAAA" : " A";

  ask (LINNET_TEST_RESOLVER (resolver),
       g_strconcat (hostname, family, NULL),
       cancellable,
       callback,
       user_data);
}

static void
linnet_test_resolver_lookup_records_async (GResolver *resolver,
                                           const char *rrname,
                                           GResolverRecordType type,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data)
{
  g_assert_cmpint (type, ==, G_RESOLVER_RECORD_SRV);

  ask (LINNET_TEST_RESOLVER (resolver), g_strdup (rrname), cancellable, callback, user_data);
}

static GList *
linnet_test_resolver_finish (GResolver *resolver,
                             GAsyncResult *result,
                             GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
linnet_test_resolver_finalize (GObject *object)
{
  LinnetTestResolver *self = LINNET_TEST_RESOLVER (object);

  g_hash_table_unref (self->addresses);
  g_hash_table_unref (self->records);
  g_hash_table_unref (self->failures);
  g_hash_table_unref (self->held);
  g_string_free (self->questions, TRUE);

  G_OBJECT_CLASS (linnet_test_resolver_parent_class)->finalize (object);
}

static void
linnet_test_resolver_class_init (LinnetTestResolverClass *klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = linnet_test_resolver_finalize;
  resolver_class->lookup_by_name_async = linnet_test_resolver_lookup_by_name_async;
  resolver_class->lookup_by_name_finish = linnet_test_resolver_finish;
  resolver_class->lookup_by_name_with_flags_async = linnet_test_resolver_lookup_by_name_with_flags_async;
  resolver_class->lookup_by_name_with_flags_finish = linnet_test_resolver_finish;
  resolver_class->lookup_records_async = linnet_test_resolver_lookup_records_async;
  resolver_class->lookup_records_finish = linnet_test_resolver_finish;
}

static void
linnet_test_resolver_init (LinnetTestResolver *self)
{
  self->addresses =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->records = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->failures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->questions = g_string_new (NULL);
}

static GPtrArray *
get_array (GHashTable *table,
           const char *key,
           GDestroyNotify item_free)
{
  GPtrArray *array = g_hash_table_lookup (table, key);

  if (array == NULL)
    {
      array = g_ptr_array_new_with_free_func (item_free);
      g_hash_table_insert (table, g_strdup (key), array);
    }

  return array;
}

LinnetTestResolver *
linnet_test_resolver_new (void)
{
  return g_object_new (LINNET_TYPE_TEST_RESOLVER, NULL);
}

void
linnet_test_resolver_add_address (LinnetTestResolver *self,
                                  const char *host,
                                  const char *address)
{
  GInetAddress *parsed;

  g_return_if_fail (LINNET_IS_TEST_RESOLVER (self));

  parsed = g_inet_address_new_from_string (address);
  g_assert_nonnull (parsed);
  g_ptr_array_add (get_array (self->addresses, host, g_object_unref), parsed);
}

void
linnet_test_resolver_add_srv (LinnetTestResolver *self,
                              const char *name,
                              guint16 priority,
                              guint16 weight,
                              guint16 port,
                              const char *target)
{
  g_return_if_fail (LINNET_IS_TEST_RESOLVER (self));

  g_ptr_array_add (get_array (self->records, name, (GDestroyNotify) g_variant_unref),
                   g_variant_ref_sink (g_variant_new ("(qqqs)", priority, weight, port, target)));
}

void
linnet_test_resolver_fail (LinnetTestResolver *self,
                           const char *question,
                           GResolverError code)
{
  g_return_if_fail (LINNET_IS_TEST_RESOLVER (self));

  g_hash_table_insert (self->failures, g_strdup (question), GUINT_TO_POINTER ((guint) code + 1));
}

void
linnet_test_resolver_hold (LinnetTestResolver *self,
                           const char *question)
{
  g_return_if_fail (LINNET_IS_TEST_RESOLVER (self));

  get_array (self->held, question, g_object_unref);
}

void
linnet_test_resolver_release (LinnetTestResolver *self,
                              const char *question)
{
  g_autofree char *key = NULL;
  g_autoptr (GPtrArray) tasks = NULL;

  g_return_if_fail (LINNET_IS_TEST_RESOLVER (self));

  g_hash_table_steal_extended (self->held, question, (gpointer *) &key, (gpointer *) &tasks);
  g_return_if_fail (tasks != NULL);

  for (guint i = 0; i < tasks->len; i++)
    answer (self, g_ptr_array_index (tasks, i));
}

char *
linnet_test_resolver_dup_questions (LinnetTestResolver *self)
{
  g_return_val_if_fail (LINNET_IS_TEST_RESOLVER (self), NULL);

  return g_strdup (self->questions->str);
}
