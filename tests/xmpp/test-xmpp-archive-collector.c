/* Tests of how results become a page, whatever an archive sends
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "linnet-test.h"
#include "xmpp-archive-collector.h"
#include "xmpp-assert.h"
#include "xmpp-error.h"

#define FIN(attrs, set) \
  "<fin xmlns='urn:xmpp:mam:2'" attrs "><set xmlns='http://jabber.org/protocol/rsm'>" set "</set></fin>"
#define ENDS(first, last) "<first>" first "</first><last>" last "</last>"

#define BASIC XMPP_ARCHIVE_SUPPORTED
#define EXTENDED (XMPP_ARCHIVE_SUPPORTED | XMPP_ARCHIVE_EXTENDED)
#define BACK XMPP_ARCHIVE_BACKWARD
#define FORTH XMPP_ARCHIVE_FORWARD

static const char *const ids_ac[] = { "a", "c", NULL };

/* Results: ids with spaces between. The letter is also the time, unless there is a digit behind it; "0" is no
 * time. "!" makes one as large as half a page may be. */
static const struct
{
  const char *name;
  XmppArchiveQuery query;
  XmppArchiveSupport support;
  const char *results;
  const char *fin;
  const char *expected; /* ids; first-last; C: complete, U: unstable; dropped */
} rows[] = {
  { "forward", { .direction = FORTH }, BASIC, "a b c", FIN ("", ENDS ("a", "c")), "a b c a-c . 0" },
  { "complete",
    { .direction = FORTH },
    BASIC,
    "a b c",
    FIN (" complete='true'", ENDS ("a", "c")),
    "a b c a-c C 0" },
  { "complete-one", { .direction = FORTH }, BASIC, "a", FIN (" complete='1'", ""), "a a-a C 0" },
  { "complete-nonsense", { .direction = FORTH }, BASIC, "a", FIN (" complete='yes'", ""), "a a-a . 0" },
  { "unstable", { .direction = FORTH }, BASIC, "a", FIN (" stable='false'", ""), "a a-a U 0" },
  { "empty", { .direction = FORTH }, BASIC, "", FIN (" complete='true'", ""), "- C 0" },
  { "backward", { .before_id = "d" }, BASIC, "a b c", FIN ("", ENDS ("a", "c")), "a b c a-c . 0" },
  { "flipped", { .before_id = "d" }, EXTENDED, "c b a", FIN ("", ENDS ("a", "c")), "a b c a-c . 0" },
  { "flipped-names-flipped",
    { .before_id = "d" },
    EXTENDED,
    "c b a",
    FIN ("", ENDS ("c", "a")),
    "a b c a-c . 0" },
  { "flipped-in-one-moment",
    { .before_id = "d" },
    EXTENDED,
    "c0 b0 a0",
    FIN ("", ENDS ("c0", "a0")),
    "a0 b0 c0 a0-c0 . 0" },
  { "flipped-while-the-clock-is-set-back",
    { .before_id = "d" },
    EXTENDED,
    "c1 b2 a3",
    FIN ("", ENDS ("a3", "c1")),
    "a3 b2 c1 a3-c1 . 0" },
  { "not-flipped-though",
    { .before_id = "d" },
    EXTENDED,
    "a b c",
    FIN ("", ENDS ("a", "c")),
    "a b c a-c . 0" },
  { "gap-forward",
    { .after_id = "a", .before_id = "d", .direction = FORTH },
    BASIC,
    "b c d e",
    FIN ("", ENDS ("b", "e")),
    "b c b-c C 0" },
  { "gap-backward",
    { .after_id = "b", .before_id = "e" },
    BASIC,
    "a b c d",
    FIN ("", ENDS ("a", "d")),
    "c d c-d C 0" },
  { "gap-flipped",
    { .after_id = "b", .before_id = "e" },
    EXTENDED,
    "d c b a",
    FIN ("", ENDS ("a", "d")),
    "c d c-d C 0" },
  { "no-gap",
    { .after_id = "a", .before_id = "b", .direction = FORTH },
    BASIC,
    "b c",
    FIN ("", ENDS ("b", "c")),
    "- C 0" },
  { "twice", { .direction = FORTH }, BASIC, "a b a c b", FIN ("", ENDS ("a", "b")), "a b c a-c . 2" },
  { "the-one-we-have",
    { .after_id = "a", .direction = FORTH },
    BASIC,
    "a b",
    FIN ("", ENDS ("a", "b")),
    "b b-b . 1" },
  { "only-the-one-we-have",
    { .after_id = "a", .direction = FORTH },
    BASIC,
    "a",
    FIN ("", ENDS ("a", "a")),
    "- C 1" },
  { "nothing-to-go-on-from", { .after_id = "a", .direction = FORTH }, BASIC, "", FIN ("", ""), "- C 0" },
  { "no-step",
    { .after_id = "a", .direction = FORTH },
    BASIC,
    "",
    FIN ("", ENDS ("a", "a")),
    "- C 0" },
  { "all-kept-back",
    { .after_id = "a", .direction = FORTH },
    BASIC,
    "",
    FIN ("", ENDS ("b", "k")),
    "b-k . 0" },
  { "pointer-ahead", { .direction = FORTH }, BASIC, "a b", FIN ("", ENDS ("a", "z")), "a b a-b . 0" },
  { "too-many",
    { .direction = FORTH, .max = 2 },
    BASIC,
    "a b c d",
    FIN (" complete='true'", ""),
    "a b a-b . 0" },
  { "too-many-backward", { .max = 2 }, BASIC, "a b c d", FIN (" complete='true'", ""), "c d c-d . 0" },
  { "too-many-flipped", { .max = 2 }, EXTENDED, "d c b a", FIN (" complete='true'", ""), "c d c-d . 0" },
  { "too-large",
    { .direction = FORTH },
    BASIC,
    "a! b! c! d",
    FIN (" complete='true'", ""),
    "a! b! a!-b! . 0" },
  { "too-large-backward", { 0 }, BASIC, "a b! c! d!", FIN (" complete='true'", ""), "c! d! c!-d! . 0" },
  { "too-large-before-the-gap",
    { .after_id = "b" },
    BASIC,
    "a! q! a1! b c d",
    FIN ("", ""),
    "c d c-d C 0" },
  { "too-large-not-flipped-though",
    { .max = 2 },
    EXTENDED,
    "a b c",
    FIN ("", ENDS ("a", "c")),
    "error resource" },
  { "ids", { .ids = ids_ac }, EXTENDED, "a b c", FIN (" complete='true'", ""), "a c a-c C 1" },
  { "no-fin", { .direction = FORTH }, BASIC, "a", NULL, "error undefined" },
  { "no-set", { .direction = FORTH }, BASIC, "a", "<fin xmlns='urn:xmpp:mam:2'/>", "a a-a . 0" },
};

static void
take_all (XmppArchiveCollector *collector,
          const char *results)
{
  g_auto (GStrv) ids = g_strsplit (results, " ", -1);

  for (guint i = 0; ids[i] != NULL && *ids[i] != '\0'; i++)
    {
      gint64 stamp = g_ascii_isdigit (ids[i][1]) ? ids[i][1] - '0' : ids[i][0];

      xmpp_archive_collector_take (
          collector, ids[i], stamp, NULL, strchr (ids[i], '!') != NULL ? XMPP_ARCHIVE_MAX_BYTES / 2 : 0);
    }
}

static char *
describe (const XmppArchivePage *page)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < page->results->len; i++)
    g_string_append_printf (text, "%s ", ((XmppArchiveResult *) page->results->pdata[i])->id);
  g_string_append_printf (text,
                          "%s-%s %s %u",
                          page->first != NULL ? page->first : "",
                          page->last != NULL ? page->last : "",
                          page->complete   ? "C"
                          : page->unstable ? "U"
                                           : ".",
                          page->n_dropped);

  return g_string_free (text, FALSE);
}

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppArchiveCollector) collector =
      xmpp_archive_collector_new (&rows[row].query, rows[row].support);
  g_autoptr (XmppNode) fin = rows[row].fin != NULL ? xmpp_node_parse (rows[row].fin, -1, NULL, NULL) : NULL;
  g_autoptr (XmppArchivePage) page = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *found = NULL;

  take_all (collector, rows[row].results);
  page = xmpp_archive_collector_finish (collector, fin, &error);
  if (page != NULL)
    found = describe (page);
  else if (g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_RESOURCE_CONSTRAINT))
    found = g_strdup ("error resource");
  else if (g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_UNDEFINED_CONDITION))
    found = g_strdup ("error undefined");
  g_assert_cmpstr (found, ==, rows[row].expected);
}

static void
test_no_id (void)
{
  const XmppArchiveQuery query = { .direction = FORTH };
  g_autoptr (XmppArchiveCollector) collector = xmpp_archive_collector_new (&query, BASIC);
  g_autoptr (XmppNode) fin = xmpp_node_parse (FIN ("", "<count>12</count>"), -1, NULL, NULL);
  g_autofree char *long_id = g_strnfill (513, 'x');
  g_autoptr (XmppArchivePage) page = NULL;

  xmpp_archive_collector_take (collector, NULL, 1, NULL, 0);
  xmpp_archive_collector_take (collector, "", 1, NULL, 0);
  xmpp_archive_collector_take (collector, long_id, 1, NULL, 0);
  page = xmpp_archive_collector_finish (collector, fin, NULL);
  g_assert_cmpuint (page->results->len, ==, 0);
  g_assert_cmpuint (page->n_dropped, ==, 3);
  g_assert_true (page->has_count);
  g_assert_cmpuint (page->count, ==, 12);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/archive-collector/%s", rows[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_row);
    }
  g_test_add_func ("/xmpp/archive-collector/no-id", test_no_id);

  return g_test_run ();
}
