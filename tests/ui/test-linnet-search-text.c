/* Tests of text as it is compared while somebody searches
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-search-text.h"

static const struct
{
  const char *name;
  const char *one;
  const char *other;
} alike[] = {
  { .name = "case", .one = "Mira", .other = "mIRA" },
  { .name = "sharp-s", .one = "Strauß", .other = "STRAUSS" },
  { .name = "composed", .one = "Zo\u00eb", .other = "zoe\u0308" },
  { .name = "width", .one = "\uff21na", .other = "ana" },
};

static void
test_alike (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autofree char *one = linnet_search_text_fold (alike[row].one);
  g_autofree char *other = linnet_search_text_fold (alike[row].other);

  g_assert_cmpstr (one, ==, other);
}

static void
test_different (void)
{
  g_autofree char *plain = linnet_search_text_fold ("Zoe");
  g_autofree char *marked = linnet_search_text_fold ("Zo\u00eb");

  g_assert_cmpstr (plain, !=, marked);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (alike); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/search-text/%s", alike[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_alike);
    }
  g_test_add_func ("/ui/search-text/different", test_different);

  return g_test_run ();
}
