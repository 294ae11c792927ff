/* Tests of what an archive is asked, XEP-0313 sections 4.1 and 4.3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-test.h"
#include "xmpp-archive-query.h"
#include "xmpp-assert.h"

#define FIELD(var, value) "<field var='" var "'><value>" value "</value></field>"
#define QUERY(fields, set, more)                                                             \
  "<query xmlns='urn:xmpp:mam:2' queryid='q'><x xmlns='jabber:x:data' type='submit'>"        \
  "<field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field>" fields "</x>" \
  "<set xmlns='http://jabber.org/protocol/rsm'>" set "</set>" more "</query>"

#define BASIC XMPP_ARCHIVE_SUPPORTED
#define EXTENDED (XMPP_ARCHIVE_SUPPORTED | XMPP_ARCHIVE_EXTENDED)

static const char *const two_ids[] = { "a", "b", NULL };

static const struct
{
  const char *name;
  XmppArchiveQuery query;
  const char *with;
  const char *archive;
  XmppArchiveSupport support;
  const char *expected;
} rows[] = {
  { "newest", { 0 }, NULL, NULL, BASIC, QUERY ("", "<max>50</max><before/>", "") },
  { "newest-flipped", { 0 }, NULL, NULL, EXTENDED, QUERY ("", "<max>50</max><before/>", "<flip-page/>") },
  { "of-conversation",
    { .max = 20 },
    "mira@example.net",
    NULL,
    BASIC,
    QUERY (FIELD ("with", "mira@example.net"), "<max>20</max><before/>", "") },
  { "before",
    { .before_id = "a" },
    "mira@example.net",
    NULL,
    BASIC,
    QUERY (FIELD ("with", "mira@example.net"), "<max>50</max><before>a</before>", "") },
  { "first", { .direction = XMPP_ARCHIVE_FORWARD }, NULL, NULL, EXTENDED, QUERY ("", "<max>50</max>", "") },
  { "catch-up",
    { .after_id = "a", .direction = XMPP_ARCHIVE_FORWARD, .max = 1000 },
    NULL,
    NULL,
    EXTENDED,
    QUERY ("", "<max>250</max><after>a</after>", "") },
  { "gap-forward",
    { .after_id = "a", .before_id = "b", .direction = XMPP_ARCHIVE_FORWARD },
    NULL,
    NULL,
    EXTENDED,
    QUERY (FIELD ("before-id", "b"), "<max>50</max><after>a</after>", "") },
  { "gap-backward",
    { .after_id = "a", .before_id = "b" },
    NULL,
    NULL,
    EXTENDED,
    QUERY (FIELD ("after-id", "a"), "<max>50</max><before>b</before>", "<flip-page/>") },
  { "gap-without-ids-in-forms",
    { .after_id = "a", .before_id = "b", .direction = XMPP_ARCHIVE_FORWARD },
    NULL,
    NULL,
    BASIC,
    QUERY ("", "<max>50</max><after>a</after>", "") },
  { "day",
    { .start = G_GINT64_CONSTANT (1764028800000999), .end = G_GINT64_CONSTANT (1764115199999001) },
    NULL,
    NULL,
    BASIC,
    QUERY (FIELD ("start", "2025-11-25T00:00:00.000Z") FIELD ("end", "2025-11-26T00:00:00.000Z"),
           "<max>50</max><before/>",
           "") },
  { "ids",
    { .ids = two_ids, .before_id = "z", .max = 1 },
    NULL,
    NULL,
    EXTENDED,
    QUERY ("<field var='ids'><value>a</value><value>b</value></field>", "<max>50</max>", "") },
  { "no-rooms",
    { .direction = XMPP_ARCHIVE_FORWARD },
    NULL,
    NULL,
    BASIC | XMPP_ARCHIVE_GROUPCHAT_FIELD,
    QUERY (FIELD ("include-groupchat", "false"), "<max>50</max>", "") },
  { "of-room",
    { .direction = XMPP_ARCHIVE_FORWARD },
    NULL,
    "room@muc.example.org",
    BASIC | XMPP_ARCHIVE_GROUPCHAT_FIELD,
    QUERY ("", "<max>50</max>", "") },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppJid) with = rows[row].with != NULL ? xmpp_jid_new (rows[row].with, NULL) : NULL;
  g_autoptr (XmppJid) archive = rows[row].archive != NULL ? xmpp_jid_new (rows[row].archive, NULL) : NULL;
  XmppArchiveQuery query = rows[row].query;
  g_autoptr (XmppArchiveQuery) copy = NULL;
  g_autoptr (XmppNode) node = NULL;

  query.with = with;
  query.archive = archive;
  copy = xmpp_archive_query_copy (&query);
  node = xmpp_archive_query_build (copy, rows[row].support, "q");
  xmpp_assert_node (node, rows[row].expected);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/archive-query/%s", rows[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_row);
    }

  return g_test_run ();
}
