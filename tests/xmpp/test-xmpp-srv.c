/* Tests of the order in which servers are tried
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "xmpp-srv.h"

typedef struct
{
  guint16 priority, weight, port;
  const char *target;
} Record;

typedef struct
{
  const char *name;
  Record direct[6];
  Record plain[6];
  const char *draws;    /* a digit for each number that is drawn: which of 0…max, in tenths of it */
  const char *expected; /* host:port, "s" after it with direct TLS */
  gboolean no_direct;
  gboolean no_plain;
} Row;

static const Row rows[] = {
  { .name = "none", .expected = "" },
  { .name = "one", .plain = { { 0, 0, 5222, "a" } }, .expected = "a:5222" },
  { .name = "dot-at-end", .plain = { { 0, 0, 5222, "a.example." } }, .expected = "a.example:5222" },
  { .name = "priorities",
    .plain = { { 20, 0, 1, "c" }, { 5, 9, 2, "a" }, { 10, 1, 3, "b" } },
    .expected = "a:2,b:3,c:1" },
  { .name = "mixed",
    .direct = { { 10, 0, 443, "b" }, { 30, 0, 443, "d" } },
    .plain = { { 5, 0, 5222, "a" }, { 20, 0, 5222, "c" } },
    .expected = "a:5222,b:443s,c:5222,d:443s" },
  { .name = "direct-first-among-equals",
    .direct = { { 0, 0, 443, "a" } },
    .plain = { { 0, 0, 5222, "a" } },
    .draws = "0",
    .expected = "a:443s,a:5222" },
  { .name = "heavy-by-low-draw",
    .plain = { { 0, 0, 1, "light" }, { 0, 90, 2, "heavy" }, { 0, 10, 3, "medium" } },
    .draws = "00",
    .expected = "light:1,heavy:2,medium:3" },
  { .name = "heavy-by-middle-draw",
    .plain = { { 0, 0, 1, "light" }, { 0, 90, 2, "heavy" }, { 0, 10, 3, "medium" } },
    .draws = "55",
    .expected = "heavy:2,medium:3,light:1" },
  { .name = "last-by-highest-draw",
    .plain = { { 0, 0, 1, "light" }, { 0, 90, 2, "heavy" }, { 0, 10, 3, "medium" } },
    .draws = "99",
    .expected = "medium:3,heavy:2,light:1" },
  { .name = "weights-only-within-priority",
    .plain = { { 1, 100, 1, "b" }, { 0, 1, 2, "a" }, { 1, 100, 3, "c" } },
    .draws = "9",
    .expected = "a:2,c:3,b:1" },
  { .name = "no-service", .plain = { { 0, 0, 0, "." } }, .expected = "", .no_plain = TRUE },
  { .name = "no-service-empty", .plain = { { 0, 0, 0, "" } }, .expected = "", .no_plain = TRUE },
  { .name = "no-direct",
    .direct = { { 0, 0, 0, "." } },
    .plain = { { 0, 0, 5222, "a" } },
    .expected = "a:5222",
    .no_direct = TRUE },
  { .name = "both-none",
    .direct = { { 0, 0, 0, "." } },
    .plain = { { 0, 0, 0, "." } },
    .expected = "",
    .no_direct = TRUE,
    .no_plain = TRUE },
  { .name = "dot-among-others", .plain = { { 0, 0, 0, "." }, { 1, 0, 5222, "a" } }, .expected = "a:5222" },
  { .name = "port-zero", .plain = { { 0, 0, 0, "a" }, { 1, 0, 5222, "b" } }, .expected = "b:5222" },
  { .name = "largest",
    .plain = { { 65535, 65535, 65535, "a" }, { 65535, 65535, 1, "b" } },
    .draws = "0",
    .expected = "a:65535,b:1" },
};

static guint32
draw (guint32 max,
      gpointer user_data)
{
  const char **draws = user_data;
  guint32 tenth;

  g_assert_nonnull (*draws);
  g_assert_cmpint (**draws, !=, '\0');
  tenth = *(*draws)++ - '0';

  return tenth == 9 ? max : max / 10 * tenth;
}

static GPtrArray *
make_records (const Record *records,
              gsize n_records)
{
  GPtrArray *array = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  for (gsize i = 0; i < n_records && records[i].target != NULL; i++)
    g_ptr_array_add (array,
                     g_variant_ref_sink (g_variant_new ("(qqqs)",
                                                        records[i].priority,
                                                        records[i].weight,
                                                        records[i].port,
                                                        records[i].target)));

  return array;
}

static char *
describe (GPtrArray *targets)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < targets->len; i++)
    {
      const XmppSrvTarget *target = g_ptr_array_index (targets, i);

      g_string_append_printf (text,
                              "%s%s:%u%s",
                              i > 0 ? "," : "",
                              target->host,
                              target->port,
                              target->direct_tls ? "s" : "");
    }

  return g_string_free (text, FALSE);
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (GPtrArray) targets = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_srv_target_free);
  g_autoptr (GPtrArray) direct = make_records (row->direct, G_N_ELEMENTS (row->direct));
  g_autoptr (GPtrArray) plain = make_records (row->plain, G_N_ELEMENTS (row->plain));
  g_autofree char *described = NULL;
  const char *draws = row->draws;

  g_assert_cmpint (xmpp_srv_add_records (targets, direct, TRUE), ==, !row->no_direct);
  g_assert_cmpint (xmpp_srv_add_records (targets, plain, FALSE), ==, !row->no_plain);
  xmpp_srv_sort (targets, draw, &draws);
  described = describe (targets);
  g_assert_cmpstr (described, ==, row->expected);
  g_assert_true (draws == NULL || *draws == '\0');
}

/* Who answers with thousands of servers does not make us call on all of them. */
static void
test_many (void)
{
  g_autoptr (GPtrArray) targets = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_srv_target_free);

  for (guint i = 0; i < 5000; i++)
    {
      XmppSrvTarget *target = xmpp_srv_target_new ("a", 1 + i, FALSE);

      target->priority = 5000 - i;
      g_ptr_array_add (targets, target);
    }
  xmpp_srv_sort (targets, xmpp_srv_random, NULL);
  g_assert_cmpuint (targets->len, ==, 16);
  g_assert_cmpuint (((XmppSrvTarget *) g_ptr_array_index (targets, 0))->port, ==, 5000);
}

static void
test_long_name (void)
{
  g_autoptr (GPtrArray) targets = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_srv_target_free);
  g_autofree char *name = g_strnfill (254, 'a');
  const Record records[] = { { 0, 0, 5222, name } };
  g_autoptr (GPtrArray) array = make_records (records, 1);

  g_assert_true (xmpp_srv_add_records (targets, array, FALSE));
  g_assert_cmpuint (targets->len, ==, 0);
}

/* By weight 3:1 the first comes first in three of four cases. */
static void
test_distribution (void)
{
  guint n_first = 0;

  for (guint i = 0; i < 4000; i++)
    {
      g_autoptr (GPtrArray) targets = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_srv_target_free);

      g_ptr_array_add (targets, xmpp_srv_target_new ("a", 1, FALSE));
      g_ptr_array_add (targets, xmpp_srv_target_new ("b", 2, FALSE));
      ((XmppSrvTarget *) g_ptr_array_index (targets, 0))->weight = 300;
      ((XmppSrvTarget *) g_ptr_array_index (targets, 1))->weight = 100;
      xmpp_srv_sort (targets, xmpp_srv_random, NULL);
      n_first += ((XmppSrvTarget *) g_ptr_array_index (targets, 0))->port == 1;
    }

  /* More than ten standard deviations either way. */
  g_assert_cmpuint (n_first, >, 2700);
  g_assert_cmpuint (n_first, <, 3300);
}

static void
test_random (void)
{
  gboolean seen[3] = { FALSE };

  for (guint i = 0; i < 1000; i++)
    {
      guint32 number = xmpp_srv_random (2, NULL);

      g_assert_cmpuint (number, <=, 2);
      seen[number] = TRUE;
    }
  g_assert_true (seen[0] && seen[1] && seen[2]);
  g_assert_cmpuint (xmpp_srv_random (0, NULL), ==, 0);
  xmpp_srv_random (G_MAXUINT32, NULL);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/xmpp/srv/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/xmpp/srv/many", test_many);
  g_test_add_func ("/xmpp/srv/long-name", test_long_name);
  g_test_add_func ("/xmpp/srv/distribution", test_distribution);
  g_test_add_func ("/xmpp/srv/random", test_random);

  return g_test_run ();
}
