/* Tests of the limit to what one sender may have us do (P12)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-builder.h"
#include "xmpp-flood.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

static XmppNode *
create_stanza (const char *text)
{
  return xmpp_el ("presence", XMPP_NS_CLIENT, xmpp_text (text));
}

static guint
admit_many (XmppFlood *flood,
            const char *source,
            guint n,
            gint64 now)
{
  guint admitted = 0;

  for (guint i = 0; i < n; i++)
    admitted += xmpp_flood_admit (flood, source, now);

  return admitted;
}

static void
test_bucket (void)
{
  g_autoptr (XmppFlood) flood = xmpp_flood_new (10, 100);

  g_assert_cmpuint (admit_many (flood, "a", 1000, 0), ==, 100);
  g_assert_cmpuint (admit_many (flood, "a", 1000, 0), ==, 0);
  /* Another's bucket is his own. */
  g_assert_cmpuint (admit_many (flood, "b", 1000, 0), ==, 100);
  g_assert_cmpuint (admit_many (flood, "a", 1000, 3 * SECOND), ==, 30);
  /* It does not overflow. */
  g_assert_cmpuint (admit_many (flood, "a", 1000, 1000 * SECOND), ==, 100);
}

static gboolean
admit_or_keep (XmppFlood *flood,
               const char *key,
               const char *text,
               gint64 now)
{
  g_autoptr (XmppNode) stanza = create_stanza (text);

  return xmpp_flood_admit_or_keep (flood, "a", key, stanza, now);
}

static void
test_newest_comes_later (void)
{
  g_autoptr (XmppFlood) flood = xmpp_flood_new (1, 2);
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) one = NULL;
  g_autoptr (GPtrArray) other = NULL;

  g_assert_true (admit_or_keep (flood, "k", "1", 0));
  g_assert_true (admit_or_keep (flood, "k", "2", 0));
  g_assert_false (admit_or_keep (flood, "k", "3", 0));
  g_assert_false (admit_or_keep (flood, "l", "4", 0));
  g_assert_false (admit_or_keep (flood, "k", "5", 0));
  g_assert_cmpuint (xmpp_flood_get_n_kept (flood), ==, 2);

  none = xmpp_flood_release (flood, SECOND / 2);
  g_assert_cmpuint (none->len, ==, 0);

  one = xmpp_flood_release (flood, SECOND);
  g_assert_cmpuint (one->len, ==, 1);
  g_assert_cmpstr (xmpp_node_get_text (one->pdata[0]), ==, "5");

  other = xmpp_flood_release (flood, 2 * SECOND);
  g_assert_cmpuint (other->len, ==, 1);
  g_assert_cmpstr (xmpp_node_get_text (other->pdata[0]), ==, "4");
  g_assert_cmpuint (xmpp_flood_get_n_kept (flood), ==, 0);
}

/* What is kept must not come after what is newer. */
static void
test_overtaken (void)
{
  g_autoptr (XmppFlood) flood = xmpp_flood_new (1, 1);
  g_autoptr (GPtrArray) released = NULL;

  g_assert_true (admit_or_keep (flood, "k", "1", 0));
  g_assert_false (admit_or_keep (flood, "k", "2", 0));
  g_assert_true (admit_or_keep (flood, "k", "3", SECOND));
  g_assert_cmpuint (xmpp_flood_get_n_kept (flood), ==, 0);

  released = xmpp_flood_release (flood, 100 * SECOND);
  g_assert_cmpuint (released->len, ==, 0);
}

static void
test_memory_is_bounded (void)
{
  g_autoptr (XmppFlood) flood = xmpp_flood_new (1, 1);

  for (guint i = 0; i < 100000; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      g_assert_true (xmpp_flood_admit (flood, name, 0));
      admit_or_keep (flood, name, "x", 0);
    }
  g_assert_cmpuint (xmpp_flood_get_n_kept (flood), <=, 4096);
  /* So many others, and nobody remembers that this one has used up what was his. */
  g_assert_true (xmpp_flood_admit (flood, "0", 0));
  g_assert_false (xmpp_flood_admit (flood, "0", 0));

  xmpp_flood_clear (flood);
  g_assert_cmpuint (xmpp_flood_get_n_kept (flood), ==, 0);
  g_assert_true (admit_or_keep (flood, "k", "1", 0));
}

/* One who says much about many things pushes out nobody else. */
static void
test_one_source_is_bounded (void)
{
  g_autoptr (XmppFlood) flood = xmpp_flood_new (1, 1);
  g_autoptr (XmppNode) other = create_stanza ("other");
  g_autoptr (GPtrArray) released = NULL;

  admit_many (flood, "a", 1, 0);
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i);

      g_assert_false (admit_or_keep (flood, key, "x", 0));
    }
  g_assert_cmpuint (xmpp_flood_get_n_kept (flood), ==, 64);

  admit_many (flood, "b", 1, 0);
  g_assert_false (xmpp_flood_admit_or_keep (flood, "b", "of b", other, 0));
  g_assert_cmpuint (xmpp_flood_get_n_kept (flood), ==, 65);

  /* Room again. */
  released = xmpp_flood_release (flood, SECOND);
  g_assert_cmpuint (released->len, ==, 2);
  g_assert_false (admit_or_keep (flood, "one more", "x", SECOND));
  g_assert_false (admit_or_keep (flood, "too many", "x", SECOND));
  g_assert_cmpuint (xmpp_flood_get_n_kept (flood), ==, 64);
}

static void
keep (XmppFlood *flood,
      guint number,
      XmppNode *stanza)
{
  g_autofree char *source = g_strdup_printf ("%u", number);

  admit_many (flood, source, 1, 0);
  g_assert_false (xmpp_flood_admit_or_keep (flood, source, source, stanza, 0));
}

static void
test_bytes_are_bounded (void)
{
  const gsize mebibyte = 1024 * 1024;
  g_autoptr (XmppFlood) flood = xmpp_flood_new (1, 1);
  g_autofree char *long_text = g_strnfill (mebibyte, 'x');
  g_autofree char *long_key = g_strnfill (mebibyte, 'k');
  g_autoptr (XmppNode) large = create_stanza (long_text);
  g_autoptr (XmppNode) small = create_stanza ("x");
  g_autoptr (GPtrArray) released = NULL;

  for (guint i = 0; i < 100; i++)
    keep (flood, i, large);
  g_assert_cmpuint (xmpp_flood_get_n_kept (flood), ==, 3);
  g_assert_cmpuint (xmpp_flood_get_kept_bytes (flood), >=, 3 * mebibyte);
  g_assert_cmpuint (xmpp_flood_get_kept_bytes (flood), <=, 4 * mebibyte);

  /* What is small still finds room; a key counts as well as a stanza. */
  keep (flood, 100, small);
  g_assert_cmpuint (xmpp_flood_get_n_kept (flood), ==, 4);
  g_assert_false (admit_or_keep (flood, "k", "1", 0) && admit_or_keep (flood, long_key, "2", 0));
  g_assert_cmpuint (xmpp_flood_get_n_kept (flood), ==, 4);

  /* What grows out of bounds goes, for what was kept before is out of date. */
  keep (flood, 100, large);
  g_assert_cmpuint (xmpp_flood_get_n_kept (flood), ==, 3);

  released = xmpp_flood_release (flood, SECOND);
  g_assert_cmpuint (released->len, ==, 3);
  g_assert_cmpuint (xmpp_flood_get_kept_bytes (flood), ==, 0);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/flood/bucket", test_bucket);
  g_test_add_func ("/xmpp/flood/newest-comes-later", test_newest_comes_later);
  g_test_add_func ("/xmpp/flood/overtaken", test_overtaken);
  g_test_add_func ("/xmpp/flood/memory-is-bounded", test_memory_is_bounded);
  g_test_add_func ("/xmpp/flood/one-source-is-bounded", test_one_source_is_bounded);
  g_test_add_func ("/xmpp/flood/bytes-are-bounded", test_bytes_are_bounded);

  return g_test_run ();
}
