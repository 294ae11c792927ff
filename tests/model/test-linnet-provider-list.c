/* Tests of the list of providers: what it shows, what is kept, what fails
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "linnet-error.h"
#include "linnet-provider-list-private.h"
#include "linnet-spawn.h"
#include "linnet-test-ca.h"
#include "linnet-test-model.h"
#include "linnet-test-resolver.h"
#include "linnet-test-web.h"
#include "linnet-test.h"

#define N_SHIPPED 18
#define JSON "HTTP/1.1 200 OK\r\nContent-Type: application/json"
#define BRACKETS                                                                               \
  "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[" \
  "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[" \
  "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[" \
  "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
#define ENTRY(domain) "{\"jid\": \"" domain "\", \"inBandRegistration\": true}"

static const LinnetTestPage pages[] = {
  { "/good", JSON, "[" ENTRY ("lark.chat") ", " ENTRY ("wren.example") "]" },
  { "/html", "HTTP/1.1 200 OK\r\nContent-Type: text/html", "[" ENTRY ("lark.chat") "]" },
  { "/not-json", JSON, "<html></html>" },
  { "/wrong-type", JSON, "[{\"jid\": 17}]" },
  { "/endless", JSON, BRACKETS BRACKETS BRACKETS BRACKETS, .endless = TRUE },
  { "/script",
    JSON,
    "[{\"jid\": \"lark.chat\", \"registrationWebPage\": {\"en\": \"javascript:alert(1)\"}}]" },
  { "/missing", "HTTP/1.1 404 Not Found" },
  {},
};

typedef struct
{
  LinnetTestCa *ca;
  LinnetTestWeb *web;
  LinnetTestResolver *resolver;
  LinnetFetchPolicy policy;
  char *profile;
  char *directory;
  char *file;
} World;

static gboolean
allows (GInetAddress *address)
{
  return TRUE;
}

static World *
world_new (void)
{
  static const LinnetTestCertificate ours = { .names = { "lark.chat" } };
  World *self = g_new0 (World, 1);
  g_autoptr (GTlsCertificate) certificate = NULL;

  self->ca = linnet_test_ca_new ();
  linnet_test_ca_trust (self->ca);
  certificate = linnet_test_ca_issue (self->ca, &ours);
  self->web = linnet_test_web_new (certificate, pages);
  self->resolver = linnet_test_resolver_new ();
  linnet_test_resolver_add_address (self->resolver, "lark.chat", "127.0.0.1");
  self->policy.resolver = G_RESOLVER (self->resolver);
  self->policy.port = linnet_test_web_get_port (self->web);
  self->policy.allows = allows;
  self->profile = linnet_test_profile_new ();
  self->directory = g_build_filename (self->profile, "cache", NULL);
  self->file = g_build_filename (self->directory, "providers.json", NULL);

  return self;
}

static void
world_free (World *self)
{
  g_object_unref (self->web);
  g_object_unref (self->resolver);
  linnet_test_ca_free (self->ca);
  linnet_test_profile_free (self->profile);
  g_free (self->directory);
  g_free (self->file);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

/* @path: nullable */
static LinnetProviderList *
open_list (World *world, const char *path)
{
  LinnetProviderList *list = linnet_provider_list_new (world->directory);
  g_autofree char *url = path != NULL ? g_strconcat ("https://lark.chat", path, NULL) : NULL;

  linnet_provider_list_set_source (list, url, &world->policy);
  linnet_provider_list_set_proxy (list, "direct://");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
  linnet_test_assert_resolves (linnet_provider_list_load (list));

  return list;
}

static void
assert_list (LinnetProviderList *list, guint n_items, gboolean failed)
{
  gboolean list_failed, refreshing;
  g_autoptr (GDateTime) updated = NULL;

  g_object_get (list, "failed", &list_failed, "refreshing", &refreshing, "updated", &updated, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, n_items);
  g_assert_cmpint (list_failed, ==, failed);
  g_assert_cmpint (linnet_provider_list_get_failed (list), ==, failed);
  g_assert_false (refreshing);
  g_assert_nonnull (updated);
}

/* Nothing is asked of anybody, nothing is written. */
static void
test_shipped (gconstpointer data)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (LinnetProviderList) list = open_list (world, NULL);
  g_autoptr (LinnetProvider) first = g_list_model_get_item (G_LIST_MODEL (list), 0);

  assert_list (list, N_SHIPPED, FALSE);
  g_assert_true (linnet_provider_get_in_app (first));
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (list), N_SHIPPED));
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (list)) == LINNET_TYPE_PROVIDER);
  g_assert_nonnull (linnet_provider_list_find (list, "YAX.im"));
  g_assert_null (linnet_provider_list_find (list, "nowhere.example"));
  g_assert_false (g_file_test (world->directory, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (linnet_test_web_get_n_connections (world->web), ==, 0);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* Shown at once, kept for the next start, not asked for again so soon. */
static void
test_refresh (gconstpointer data)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (LinnetProviderList) list = open_list (world, "/good");
  g_autoptr (LinnetProviderList) again = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  DexFuture *first, *second;
  guint refreshing = 0;
  struct stat info;

  g_signal_connect_swapped (list, "notify::refreshing", G_CALLBACK (count_cb), &refreshing);
  first = linnet_provider_list_refresh (list);
  g_assert_true (linnet_provider_list_get_refreshing (list));
  second = linnet_provider_list_refresh (list);
  linnet_test_assert_resolves (first);
  linnet_test_assert_resolves (second);
  g_assert_cmpuint (refreshing, ==, 2);
  assert_list (list, 2, FALSE);
  g_assert_nonnull (linnet_provider_list_find (list, "wren.example"));
  g_assert_cmpint (
      ABS (g_date_time_difference (linnet_provider_list_get_updated (list), now)), <, G_TIME_SPAN_MINUTE);

  linnet_test_assert_resolves (linnet_provider_list_refresh (list));
  g_assert_cmpuint (linnet_test_web_get_n_connections (world->web), ==, 1);

  g_assert_no_errno (stat (world->file, &info));
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  again = open_list (world, NULL);
  assert_list (again, 2, FALSE);
  g_assert_cmpint (
      ABS (g_date_time_difference (linnet_provider_list_get_updated (again), now)), <, G_TIME_SPAN_MINUTE);
}

static const struct
{
  const char *path;
  LinnetError code;
} failures[] = {
  { "/html", LINNET_ERROR_FETCH_REFUSED },
  { "/not-json", LINNET_ERROR_PROVIDER_LIST },
  { "/wrong-type", LINNET_ERROR_PROVIDER_LIST },
  { "/script", LINNET_ERROR_PROVIDER_LIST },
  { "/endless", LINNET_ERROR_TOO_LARGE },
  { "/missing", LINNET_ERROR_FETCH_FAILED },
};

/* The list is as before, on the disk too; the next time it may work. */
static void
test_failure (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (World) world = world_new ();
  g_autoptr (LinnetProviderList) list = open_list (world, failures[row].path);

  linnet_test_assert_rejects (linnet_provider_list_refresh (list), LINNET_ERROR, failures[row].code);
  assert_list (list, N_SHIPPED, TRUE);
  g_assert_false (g_file_test (world->file, G_FILE_TEST_EXISTS));

  linnet_provider_list_set_source (list, "https://lark.chat/good", &world->policy);
  linnet_test_assert_resolves (linnet_provider_list_refresh (list));
  assert_list (list, 2, FALSE);

  linnet_provider_list_set_source (list, "https://lark.chat/missing", &world->policy);
  g_object_unref (list);
  list = open_list (world, failures[row].path);
  linnet_test_assert_rejects (linnet_provider_list_refresh (list), LINNET_ERROR, failures[row].code);
  assert_list (list, 2, TRUE);
}

/* What is kept may be damaged, older than what comes with Linnet, or anything else. */
static void
test_kept (gconstpointer data)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *huge = g_strnfill (3 * 1024 * 1024, ' ');
  const char *const texts[] = {
    "",
    "{\"fetched\": \"2026-11-25T02:30:00Z\", \"providers\": [" ENTRY ("lark.chat"),
    "{\"fetched\": \"2020-01-01T00:00:00Z\", \"providers\": [" ENTRY ("lark.chat") "]}",
    huge,
  };

  g_assert_no_errno (g_mkdir_with_parents (world->directory, 0700));
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (LinnetProviderList) list = NULL;

      g_assert_true (g_file_set_contents (world->file, texts[i], -1, NULL));
      list = open_list (world, NULL);
      assert_list (list, N_SHIPPED, FALSE);
    }
}

/* It works all the same where nothing can be kept. */
static void
test_no_disk (gconstpointer data)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (LinnetProviderList) list = open_list (world, "/good");

  g_assert_true (g_file_set_contents (world->directory, "in the way", -1, NULL));
  g_test_expect_message ("linnet-provider-list", G_LOG_LEVEL_WARNING, "*cannot be kept*");
  linnet_test_assert_resolves (linnet_provider_list_refresh (list));
  g_test_assert_expected_messages ();
  assert_list (list, 2, FALSE);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/provider-list/shipped", test_shipped, NULL);
  linnet_test_add ("/model/provider-list/refresh", test_refresh, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autofree char *path = g_strconcat ("/model/provider-list/failure", failures[i].path, NULL);

      linnet_test_add (path, test_failure, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/model/provider-list/kept", test_kept, NULL);
  linnet_test_add ("/model/provider-list/no-disk", test_no_disk, NULL);

  return g_test_run ();
}
