/* Tests of what is known of archives, and of where their messages stand (R11, R12, R14, R18)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-spawn.h"
#include "linnet-store-archive.h"
#include "linnet-store-conversations.h"
#include "store-fixture.h"

#define SECOND G_USEC_PER_SEC
/* Long before any clock that this runs by. */
#define T0 (G_GINT64_CONSTANT (1600000000) * SECOND)

/* "a5 b7": messages with the archive ids "a" and "b", stamped so many seconds after T0; "*a5": sent by the
 * account; "a5@sofia@lark.test": of another conversation. */
static void
add_messages (LinnetStoreBatch *batch,
              const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (guint i = 0; words[i] != NULL && *words[i] != '\0'; i++)
    {
      gboolean outgoing = words[i][0] == '*';
      const char *word = words[i] + (outgoing ? 1 : 0);
      g_autofree char *id = g_strndup (word, 1);
      char *end = NULL;
      gint64 seconds = g_ascii_strtoll (word + 1, &end, 10);
      LinnetStoreMessage *message = outgoing ? store_message_out (id, id) : store_message_in (id, id);

      message->archive_id = g_strdup (id);
      message->time = T0 + seconds * SECOND;
      message->state = LINNET_STORE_STATE_SENT;
      linnet_store_batch_add_message (batch, *end == '@' ? end + 1 : MIRA, message);
    }
}

static LinnetStoreChanges *
take_page (StoreFixture *fixture,
           LinnetStorePage page,
           const char *messages)
{
  LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);

  page.archive = ANA;
  linnet_store_batch_set_page (batch, &page);
  add_messages (batch, messages);

  return store_fixture_commit (fixture, batch);
}

static LinnetStoreChanges *
take_live (StoreFixture *fixture,
           const char *messages,
           gboolean follow)
{
  LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);

  add_messages (batch, messages);
  if (follow)
    linnet_store_batch_set_follow (batch, ANA);

  return store_fixture_commit (fixture, batch);
}

static LinnetStoreArchive *
load (StoreFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  LinnetStoreArchive *archive =
      dex_await_boxed (linnet_store_archive_load (fixture->store, fixture->account, ANA), &error);

  g_assert_no_error (error);

  return archive;
}

/* "newest time; after<before (missed) …; address=past …" */
static char *
describe (StoreFixture *fixture)
{
  g_autoptr (LinnetStoreArchive) archive = load (fixture);
  GString *text = g_string_new (NULL);
  GHashTableIter iter;
  const char *jid, *id;

  g_string_append_printf (text,
                          "%s %" G_GINT64_FORMAT ";",
                          archive->newest_id != NULL ? archive->newest_id : "-",
                          archive->newest_time != 0 ? (archive->newest_time - T0) / SECOND : -1);
  for (guint i = 0; i < archive->gaps->len; i++)
    {
      const LinnetStoreGap *gap = archive->gaps->pdata[i];

      g_string_append_printf (text,
                              " %s<%s%s",
                              gap->after_id != NULL ? gap->after_id : "",
                              gap->before_id,
                              gap->missed ? "!" : "");
    }
  g_string_append_c (text, ';');
  g_hash_table_iter_init (&iter, archive->pasts);
  while (g_hash_table_iter_next (&iter, (gpointer *) &jid, (gpointer *) &id))
    g_string_append_printf (text, " %s=%s", jid, id);

  return g_string_free_and_steal (text);
}

#define assert_archive(fixture, expected)                \
  G_STMT_START                                           \
  {                                                      \
    g_autofree char *found_archive = describe (fixture); \
    g_assert_cmpstr (found_archive, ==, expected);       \
  }                                                      \
  G_STMT_END
#define assert_bodies(fixture, expected)                                    \
  G_STMT_START                                                              \
  {                                                                         \
    g_autofree char *found_bodies = store_fixture_bodies ((fixture), MIRA); \
    g_assert_cmpstr (found_bodies, ==, expected);                           \
  }                                                                         \
  G_STMT_END

static LinnetStorePage
newest (const char *first,
        const char *last,
        gint64 seconds,
        gboolean joined,
        gboolean missed)
{
  return (LinnetStorePage) {
    .kind = LINNET_STORE_PAGE_NEWEST,
    .first = first,
    .first_time = T0,
    .last = last,
    .last_time = T0 + seconds * SECOND,
    .joined = joined,
    .missed = missed,
  };
}

static gint64
get_gap (StoreFixture *fixture)
{
  g_autoptr (LinnetStoreArchive) archive = load (fixture);

  g_assert_cmpuint (archive->gaps->len, >, 0);

  return ((LinnetStoreGap *) archive->gaps->pdata[0])->id;
}

static gint64
get_unread (LinnetStoreChanges *changes)
{
  g_assert_cmpuint (changes->conversations->len, ==, 1);

  return store_conversation (changes, 0)->unread;
}

static void
test_never_read (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreArchive) archive = load (fixture);
  g_autoptr (LinnetStoreChanges) changes = NULL;

  g_assert_false (archive->started);
  assert_archive (fixture, "- -1;;");

  /* An empty archive has been read, too. */
  changes = take_page (fixture, newest (NULL, NULL, 0, TRUE, FALSE), "");
  g_clear_pointer (&archive, linnet_store_archive_unref);
  archive = load (fixture);
  g_assert_true (archive->started);
  assert_archive (fixture, "- -1;;");
}

/* The first sign-in: nothing is new, and what is older can be asked for. */
static void
test_first (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) changes = NULL;

  changes = take_page (fixture, newest ("c", "d", 40, FALSE, FALSE), "c30 d40");
  assert_archive (fixture, "d 40; <c;");
  assert_bodies (fixture, "c,d");
  g_assert_cmpint (get_unread (changes), ==, 0);

  g_clear_pointer (&changes, linnet_store_changes_unref);
  changes = take_page (
      fixture,
      (LinnetStorePage) {
          .kind = LINNET_STORE_PAGE_PAST, .with = MIRA, .first = "b", .first_time = T0, .last = "b" },
      "b20");
  assert_archive (fixture, "d 40; <c; " MIRA "=b");
  assert_bodies (fixture, "b,c,d");
  g_assert_cmpint (get_unread (changes), ==, 0);

  g_clear_pointer (&changes, linnet_store_changes_unref);
  changes = take_page (
      fixture,
      (LinnetStorePage) {
          .kind = LINNET_STORE_PAGE_PAST, .with = MIRA, .first = "a", .last = "a", .joined = TRUE },
      "a10");
  assert_archive (fixture, "d 40; <c; " MIRA "=");
  assert_bodies (fixture, "a,b,c,d");
}

/* What was missed is new, unless it was answered; a gap is filled from its end. */
static void
test_missed (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) first = NULL, page = NULL, filled = NULL, rest = NULL;
  LinnetStorePage gap = { .kind = LINNET_STORE_PAGE_GAP, .missed = TRUE };

  first = take_page (fixture, newest ("a", "b", 20, TRUE, FALSE), "a10 b20");
  page = take_page (fixture, newest ("g", "i", 90, FALSE, TRUE), "g70 *h80 i90");
  assert_archive (fixture, "i 90; b<g!;");
  assert_bodies (fixture, "a,b,g,h,i");
  g_assert_cmpint (get_unread (page), ==, 1);

  gap.gap = get_gap (fixture);
  gap.first = "e";
  gap.last = "f";
  filled = take_page (fixture, gap, "e50 f60");
  assert_archive (fixture, "i 90; b<e!;");
  assert_bodies (fixture, "a,b,e,f,g,h,i");
  g_assert_cmpint (get_unread (filled), ==, 1);

  gap.first = "c";
  gap.joined = TRUE;
  rest = take_page (fixture, gap, "c30 d40");
  assert_archive (fixture, "i 90;;");
  assert_bodies (fixture, "a,b,c,d,e,f,g,h,i");
}

/* A gap that is gone cannot be filled; nothing of the page is left then. */
static void
test_gap_gone (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreBatch) batch = linnet_store_batch_new (fixture->account);

  linnet_store_batch_set_page (
      batch, &(LinnetStorePage) { .kind = LINNET_STORE_PAGE_GAP, .archive = ANA, .gap = 77, .first = "a" });
  add_messages (batch, "a10");
  linnet_test_assert_rejects (linnet_store_batch_commit (fixture->store, batch),
                              LINNET_STORE_ERROR,
                              LINNET_STORE_ERROR_NOT_FOUND);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM messages"), ==, 0);
}

/* R12: live messages move the pointer only while nothing is missing before them. */
static void
test_follow (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) first = NULL, a = NULL, b = NULL, c = NULL;

  first = take_page (fixture, newest ("a", "a", 10, TRUE, FALSE), "a10");
  a = take_live (fixture, "b20", FALSE);
  assert_archive (fixture, "a 10;;");
  b = take_live (fixture, "c30 d40", TRUE);
  assert_archive (fixture, "d 10;;");
  /* Known already: the server sends it again. */
  c = take_live (fixture, "c30", TRUE);
  assert_archive (fixture, "c 10;;");
  assert_bodies (fixture, "a,b,c,d");
}

/* R14: each once, in whichever order it comes from where. */
static const struct
{
  const char *name;
  const char *live;  /* first */
  const char *page;  /* then */
  const char *later; /* and then live again */
  const char *expected;
  gint64 unread;
} orders[] = {
  { "live-then-page", "b20", "a10 b20", "", "a,b", 2 },
  { "page-then-live", "", "a10 b20", "b20", "a,b", 2 },
  { "between", "a10 c30", "a10 b20 c30", "", "a,b,c", 3 },
  { "between-own", "*a10 *c30", "*a10 b20 *c30", "", "a,b,c", 0 },
  { "after-what-was-live", "a10", "a10 b20 c30", "c30", "a,b,c", 3 },
  /* There is no room between. */
  { "one-moment", "a10 c10", "a10 b10 c10", "", "a,c,b", 3 },
  { "all-in-one-moment", "", "a10 b10 c10 d10", "", "a,b,c,d", 4 },
  /* The clocks: the archive's order counts. */
  { "archive-ahead", "a10 d40", "a10 b90 c95 d40", "", "a,b,c,d", 4 },
  { "archive-behind", "a10 d40", "a10 b2 c1 d40", "", "a,b,c,d", 4 },
  { "no-stamps", "a10 d40", "a10 b0 c0 d40", "", "a,b,c,d", 4 },
  { "shuffled-stamps", "", "a50 b10 c30 d20", "", "a,b,c,d", 4 },
  { "other-conversation", "a10@sofia@lark.test", "a10@sofia@lark.test b20", "", "b", 1 },
};

static void
test_order (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) live = take_live (fixture, orders[row].live, FALSE);
  g_autoptr (LinnetStoreChanges) page =
      take_page (fixture, newest ("a", "d", 40, TRUE, TRUE), orders[row].page);
  g_autoptr (LinnetStoreChanges) later = take_live (fixture, orders[row].later, FALSE);

  assert_bodies (fixture, orders[row].expected);
  g_assert_cmpint (
      store_fixture_number (fixture, "SELECT unread FROM conversations WHERE jid = '" MIRA "'"),
      ==,
      orders[row].unread);
  g_assert_cmpint (store_fixture_number (fixture,
                                         "SELECT count(*) FROM conversations c JOIN messages m"
                                         " ON m.id = c.last_message AND m.position = c.last_position"
                                         " WHERE m.position = (SELECT max(position) FROM messages"
                                         "  WHERE conversation = c.id)"),
                   ==,
                   store_fixture_number (fixture, "SELECT count(*) FROM conversations"));
}

/* What stands after a gap is known by its row, though the clock was wrong when it came. */
static void
test_gap_and_clock (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) first = NULL, live = NULL, page = NULL;

  /* The clock here is an hour ahead. */
  first = take_page (fixture, newest ("a", "a", 10, TRUE, FALSE), "a10");
  live = take_live (fixture, "b3620", TRUE);
  page = take_page (fixture, newest ("c", "d", 40, TRUE, TRUE), "c30 d40");
  assert_bodies (fixture, "a,b,c,d");
}

/* What came live before the first page is read is not read by that. */
static void
test_unread_before_history (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) live = take_live (fixture, "d40", FALSE);
  g_autoptr (LinnetStoreChanges) page =
      take_page (fixture, newest ("a", "d", 40, FALSE, FALSE), "a10 b20 c30 d40");
  gint64 conversation = store_fixture_conversation (fixture, MIRA);
  g_autoptr (LinnetStoreMessage) first = NULL;
  gint64 unread;

  assert_bodies (fixture, "a,b,c,d");
  g_assert_cmpint (get_unread (page), ==, 1);
  unread = dex_await_int64 (linnet_store_messages_first_unread (fixture->store, conversation), NULL);
  first = store_fixture_get (fixture, unread);
  g_assert_cmpstr (first->body, ==, "d");
}

/* A conversation that the person removed does not come back. */
static void
test_removed (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) page =
      take_page (fixture, newest ("a", "b", 20, FALSE, FALSE), "a10 b20");

  linnet_test_assert_resolves (
      linnet_store_conversations_remove (fixture->store, store_fixture_conversation (fixture, MIRA)));
  assert_archive (fixture, "b 20; <a; " MIRA "=");
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/store/archive/never-read", test_never_read, NULL);
  linnet_test_add ("/store/archive/first", test_first, NULL);
  linnet_test_add ("/store/archive/missed", test_missed, NULL);
  linnet_test_add ("/store/archive/gap-gone", test_gap_gone, NULL);
  linnet_test_add ("/store/archive/follow", test_follow, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autofree char *path = g_strdup_printf ("/store/archive/order/%s", orders[i].name);

      linnet_test_add (path, test_order, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/store/archive/gap-and-clock", test_gap_and_clock, NULL);
  linnet_test_add ("/store/archive/unread-before-history", test_unread_before_history, NULL);
  linnet_test_add ("/store/archive/removed", test_removed, NULL);

  return g_test_run ();
}
