/* Tests of linnet-paced-list
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "test-linnet-paced-list"

#include "config.h"

#include "linnet-paced-list.h"

/* A copy that is kept by what the list announces, and that must always equal it. */
typedef struct
{
  GListStore *source;
  LinnetPacedList *paced;
  GPtrArray *mirror;
  guint most_added; /* in one announcement */
  guint next;
} Fixture;

static void
assert_mirrored (Fixture *fixture)
{
  GListModel *model = G_LIST_MODEL (fixture->paced);

  g_assert_cmpuint (g_list_model_get_n_items (model), ==, fixture->mirror->len);

  for (guint i = 0; i < fixture->mirror->len; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (model, i);

      g_assert_true (item == g_ptr_array_index (fixture->mirror, i));
    }
}

static void
changed_cb (Fixture *fixture,
            guint position,
            guint removed,
            guint added,
            GListModel *model)
{
  fixture->most_added = MAX (fixture->most_added, added);
  if (removed > 0)
    g_ptr_array_remove_range (fixture->mirror, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (fixture->mirror, position + i, g_list_model_get_item (model, position + i));

  assert_mirrored (fixture);
}

/* @count new rows, numbered from 1 on over all, at once. */
static void
insert (Fixture *fixture,
        guint position,
        guint count)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < count; i++)
    {
      GObject *item = g_object_new (G_TYPE_OBJECT, NULL);

      g_object_set_data (item, "number", GUINT_TO_POINTER (++fixture->next));
      g_ptr_array_add (items, item);
    }

  g_list_store_splice (fixture->source, position, 0, items->pdata, items->len);
}

static void
append (Fixture *fixture,
        guint count)
{
  insert (fixture, g_list_model_get_n_items (G_LIST_MODEL (fixture->source)), count);
}

static guint
get_number (Fixture *fixture,
            guint position)
{
  return GPOINTER_TO_UINT (g_object_get_data (g_ptr_array_index (fixture->mirror, position), "number"));
}

/* The last rows of the source are there, @count of them. */
static void
assert_shows_last (Fixture *fixture,
                   guint count)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (fixture->source));

  g_assert_cmpuint (fixture->mirror->len, ==, count);

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (fixture->source), n - count + i);

      g_assert_true (item == g_ptr_array_index (fixture->mirror, i));
    }
}

static void
wait_for_count (Fixture *fixture,
                guint count)
{
  while (fixture->mirror->len != count)
    g_main_context_iteration (NULL, TRUE);
}

/* Until the newest row is there. */
static void
wait_for_last (Fixture *fixture)
{
  while (get_number (fixture, fixture->mirror->len - 1) != fixture->next)
    g_main_context_iteration (NULL, TRUE);
}

static void
set_up (Fixture *fixture,
        gconstpointer user_data)
{
  fixture->source = g_list_store_new (G_TYPE_OBJECT);
  fixture->mirror = g_ptr_array_new_with_free_func (g_object_unref);
  append (fixture, GPOINTER_TO_UINT (user_data));
  fixture->paced = linnet_paced_list_new (G_LIST_MODEL (fixture->source));
  for (guint i = 0; i < GPOINTER_TO_UINT (user_data); i++)
    g_ptr_array_add (fixture->mirror, g_list_model_get_item (G_LIST_MODEL (fixture->source), i));
  assert_mirrored (fixture);
  g_signal_connect_swapped (fixture->paced, "items-changed", G_CALLBACK (changed_cb), fixture);
}

static void
tear_down (Fixture *fixture,
           gconstpointer user_data)
{
  g_assert_finalize_object (fixture->paced);
  g_assert_finalize_object (fixture->source);
  g_ptr_array_unref (fixture->mirror);
}

static void
test_single (Fixture *fixture,
             gconstpointer user_data)
{
  append (fixture, 1);
  assert_shows_last (fixture, 41);

  /* The next waits for its turn. */
  append (fixture, 1);
  g_assert_cmpuint (fixture->mirror->len, ==, 41);
  wait_for_count (fixture, 42);
  assert_shows_last (fixture, 42);
}

static void
test_burst (Fixture *fixture,
            gconstpointer user_data)
{
  linnet_paced_list_set_skipping (fixture->paced, TRUE);
  append (fixture, 30);
  g_assert_cmpuint (fixture->mirror->len, ==, 40);
  g_assert_true (linnet_paced_list_reveal_older (fixture->paced));
  wait_for_count (fixture, 70);
  assert_shows_last (fixture, 70);
  g_assert_cmpuint (fixture->most_added, <=, 3);

  linnet_paced_list_set_skipping (fixture->paced, FALSE);
  g_assert_false (linnet_paced_list_reveal_older (fixture->paced));
}

static void
test_flood (Fixture *fixture,
            gconstpointer user_data)
{
  guint last = 0;

  linnet_paced_list_set_skipping (fixture->paced, TRUE);
  append (fixture, 1000);

  /* What stood there runs on; the last rows of all follow it. */
  while (last != 1040)
    {
      g_main_context_iteration (NULL, TRUE);
      last = get_number (fixture, fixture->mirror->len - 1);
      g_assert_cmpuint (fixture->mirror->len, <=, 63);
    }
  assert_shows_last (fixture, 40);
  g_assert_cmpuint (fixture->most_added, <=, 3);

  /* The others are there for who wants them, but not while rows run by. */
  g_assert_true (linnet_paced_list_reveal_older (fixture->paced));
  assert_shows_last (fixture, 40);
  linnet_paced_list_set_skipping (fixture->paced, FALSE);
  g_assert_true (linnet_paced_list_reveal_older (fixture->paced));
  assert_shows_last (fixture, 65);
  while (linnet_paced_list_reveal_older (fixture->paced))
    continue;
  assert_shows_last (fixture, 1040);
}

static void
test_reader_in_history (Fixture *fixture,
                        gconstpointer user_data)
{
  append (fixture, 100);
  wait_for_count (fixture, 140);
  assert_shows_last (fixture, 140);
  g_assert_cmpuint (fixture->most_added, <=, 3);
  g_assert_false (linnet_paced_list_reveal_older (fixture->paced));
}

/* The reader turns back while a flood runs by. */
static void
test_stop_in_flood (Fixture *fixture,
                    gconstpointer user_data)
{
  linnet_paced_list_set_skipping (fixture->paced, TRUE);
  append (fixture, 500);
  while (fixture->mirror->len <= 40)
    g_main_context_iteration (NULL, TRUE);

  linnet_paced_list_set_skipping (fixture->paced, FALSE);
  g_assert_cmpuint (get_number (fixture, 0), ==, 501);
  wait_for_last (fixture);
  assert_shows_last (fixture, 40);
}

static void
test_source_changes (Fixture *fixture,
                     gconstpointer user_data)
{
  linnet_paced_list_set_skipping (fixture->paced, TRUE);

  insert (fixture, 0, 25);
  g_assert_cmpuint (fixture->mirror->len, ==, 65);
  g_list_store_splice (fixture->source, 0, 20, NULL, 0);
  g_assert_cmpuint (fixture->mirror->len, ==, 45);
  g_list_store_remove (fixture->source, 7);
  g_assert_cmpuint (fixture->mirror->len, ==, 44);

  /* Rows that are not shown come and go unseen. */
  append (fixture, 200);
  wait_for_last (fixture);
  g_list_store_splice (fixture->source, 0, 100, NULL, 0);
  assert_shows_last (fixture, 40);
  insert (fixture, 0, 3);
  assert_shows_last (fixture, 40);

  /* From what is hidden into what is shown. */
  g_list_store_splice (
      fixture->source, 0, g_list_model_get_n_items (G_LIST_MODEL (fixture->source)) - 10, NULL, 0);
  assert_shows_last (fixture, 10);

  /* The oldest rows go, more than are shown yet: what is seen stays until the rest has come. */
  append (fixture, 100);
  g_list_store_splice (fixture->source, 0, 50, NULL, 0);
  g_assert_cmpuint (fixture->mirror->len, ==, 10);
  wait_for_last (fixture);
  assert_shows_last (fixture, 40);
  g_assert_cmpuint (fixture->most_added, ==, 25);
  g_list_store_splice (
      fixture->source, 0, g_list_model_get_n_items (G_LIST_MODEL (fixture->source)) - 10, NULL, 0);

  /* Another window altogether. */
  append (fixture, 2);
  g_list_store_splice (fixture->source, 5, 7, NULL, 0);
  assert_shows_last (fixture, 5);
  g_list_store_remove_all (fixture->source);
  assert_shows_last (fixture, 0);
}

static void
test_show_all (Fixture *fixture,
               gconstpointer user_data)
{
  linnet_paced_list_set_skipping (fixture->paced, TRUE);
  append (fixture, 300);
  linnet_paced_list_show_all (fixture->paced);
  assert_shows_last (fixture, 340);
  linnet_paced_list_show_all (fixture->paced);
  assert_shows_last (fixture, 340);
}

int
main (int argc,
      char *argv[])
{
  static const struct
  {
    const char *name;
    void (*run) (Fixture *fixture, gconstpointer user_data);
  } tests[] = {
    { "/ui/paced-list/single", test_single },
    { "/ui/paced-list/burst", test_burst },
    { "/ui/paced-list/flood", test_flood },
    { "/ui/paced-list/reader-in-history", test_reader_in_history },
    { "/ui/paced-list/stop-in-flood", test_stop_in_flood },
    { "/ui/paced-list/source-changes", test_source_changes },
    { "/ui/paced-list/show-all", test_show_all },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, GUINT_TO_POINTER (40), set_up, tests[i].run, tear_down);

  return g_test_run ();
}
