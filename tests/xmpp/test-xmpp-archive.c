/* Tests of XEP-0313: pages, the order of queries, and results that nobody asked for
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-spawn.h"
#include "xmpp-archive.h"
#include "xmpp-test-session.h"

#define NS "urn:xmpp:mam:2"
#define BASIC "<feature var='" NS "'/>"
#define EXTENDED BASIC "<feature var='" NS "#extended'/>"
#define INTRO(features)                                          \
  { .c = XMPP_TEST_INTRO_C, .s = XMPP_TEST_INTRO_S (features) }, \
  {                                                              \
    .c = XMPP_TEST_PRESENCE_C                                    \
  }

#define QUERY_TO(to, fields, set, more)                                          \
  "<iq type='set' id='*'" to "><query xmlns='" NS "' queryid='*'>"               \
  "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'>" \
  "<value>" NS "</value></field>" fields "</x>"                                  \
  "<set xmlns='http://jabber.org/protocol/rsm'><max>50</max>" set "</set>" more "</query></iq>"
#define QUERY(set) QUERY_TO ("", "", set, "")
#define FORWARDED(id, stamp, message)                                                      \
  "<result xmlns='" NS "' queryid='$2' id='" id "'><forwarded xmlns='urn:xmpp:forward:0'>" \
  "<delay xmlns='urn:xmpp:delay' stamp='" stamp "'/>" message "</forwarded></result>"
#define T "2025-11-25T10:00:00Z"
#define INNER(from, to, content) \
  "<message xmlns='jabber:client' from='" from "' to='" to "' type='chat'>" content "</message>"
#define RESULT_FROM(from, id, content)                      \
  "<message to='ana@example.org/desk'" from ">" FORWARDED ( \
      id, T, INNER ("mira@example.net/x", "ana@example.org", content)) "</message>"
#define RESULT(id) RESULT_FROM ("", id, "<body>" id "</body>")
#define FIN_FROM(from, attrs, first, last)                          \
  "<iq type='result' id='$1'" from "><fin xmlns='" NS "'" attrs ">" \
  "<set xmlns='http://jabber.org/protocol/rsm'><first>" first "</first><last>" last "</last></set></fin></iq>"
#define FIN(first, last) FIN_FROM ("", "", first, last)
#define ERROR(condition)                           \
  "<iq type='error' id='$1'><error type='cancel'>" \
  "<" condition " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"

static char *
describe (const XmppArchivePage *page)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < page->results->len; i++)
    {
      const XmppArchiveResult *result = page->results->pdata[i];

      g_string_append_printf (
          text, "%s:%s ", result->id, result->message != NULL ? result->message->body : "-");
      if (result->message == NULL)
        continue;

      g_assert_cmpint (result->message->source, ==, XMPP_MESSAGE_ARCHIVED);
      g_assert_cmpint (result->message->delay, ==, result->stamp);
      g_assert_cmpstr (result->message->stanza_id, ==, result->id);
      g_assert_false (result->message->offline);
      g_assert_cmpint (result->message->chat_state, ==, XMPP_CHAT_STATE_NONE);
    }
  g_string_append (text, page->complete ? "C" : ".");

  return g_string_free (text, FALSE);
}

static char *
await_page (DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XmppArchivePage) page = dex_await_boxed (future, &error);

  if (page == NULL)
    {
      g_assert_cmpint (error->domain, ==, XMPP_STANZA_ERROR);
      return g_strdup (xmpp_stanza_error_to_condition (error->code));
    }

  return describe (page);
}

#define MUTE "<message to='ana@example.org/desk'>"
#define CARBON(direction, message)                                                           \
  "<" direction " xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>" message \
  "</forwarded></" direction ">"
#define WRAP(from, to, content) MUTE FORWARDED ("x", T, INNER (from, to, content)) "</message>"
#define TO_SELF(content) INNER ("ana@example.org", "ana@example.org", content)
#define FROM_MIRA(body) INNER ("mira@example.net", "ana@example.org", "<body>" body "</body>")
#define TO_MIRA(body) INNER ("ana@example.org", "mira@example.net", "<body>" body "</body>")
#define FORGED_BY(from) RESULT_FROM (" from='" from "'", "x", "<body>x</body>")
#define A RESULT ("a")
#define FIN_A FIN ("a", "a")
#define FIN_X FIN ("x", "x")
#define DELAYED "<body>b</body><delay xmlns='urn:xmpp:delay' from='example.org' stamp='" T "'/>"
#define UNSTAMPED(attrs, message)                                                                      \
  MUTE "<result xmlns='" NS "'" attrs "><forwarded xmlns='urn:xmpp:forward:0'>" message "</forwarded>" \
       "</result></message>"
#define OTHER(attrs) UNSTAMPED (attrs, FROM_MIRA ("x"))

/* One page of the own archive, forwards, and what is made of whatever comes. */
static const struct
{
  const char *name;
  const char *in;
  const char *expected;
  guint n_forged;
  guint n_unreadable;
  guint n_live; /* messages that went into the inbox as if they were new */
} rows[] = {
  { "page", A RESULT ("b") FIN ("a", "b"), "a:a b:b .", 0, 0, 0 },
  { "complete", A FIN_FROM ("", " complete='true'", "a", "a"), "a:a C", 0, 0, 0 },
  { "by-account",
    RESULT_FROM (" from='ana@example.org'", "a", "<body>a</body>")
        FIN_FROM (" from='ana@example.org'", "", "a", "a"),
    "a:a .",
    0,
    0,
    0 },
  { "sent",
    MUTE FORWARDED (
        "a", T, INNER ("ana@example.org/phone", "mira@example.net", "<body>s</body>")) "</message>" FIN_A,
    "a:s .",
    0,
    0,
    0 },
  { "removed", MUTE FORWARDED ("a", T, "") "</message>" RESULT ("b") FIN ("a", "b"), "a:- b:b .", 0, 0, 0 },
  { "without-time",
    UNSTAMPED (" queryid='$2' id='a'", INNER ("mira@example.net", "ana@example.org", DELAYED)) FIN_A,
    "a:b .",
    0,
    0,
    0 },
  { "chat-state", RESULT_FROM ("", "a", "<body>a</body><composing xmlns='http://jabber.org/protocol/chatstates'/>") FIN_A, "a:a .", 0, 0, 0 },
  { "other-id-inside",
    RESULT_FROM ("", "a", "<body>a</body>"
                          "<stanza-id xmlns='urn:xmpp:sid:0' by='ana@example.org' id='z'/>") FIN_A,
    "a:a .",
    0,
    0,
    0 },
  { "live-between",
    A "<message from='mira@example.net/x' type='chat'><body>new</body></message>" RESULT ("b")
        FIN ("a", "b"),
    "a:a b:b .",
    0,
    0,
    1 },
  { "item-not-found", ERROR ("item-not-found"), "item-not-found", 0, 0, 0 },
  { "no-fin", A "<iq type='result' id='$1'/>", "undefined-condition", 0, 0, 0 },
  { "fin-by-somebody",
    FIN_FROM (" from='mallory@example.com'", " complete='true'", "x", "x") A FIN_A,
    "a:a .",
    0,
    0,
    0 },
  { "by-contact", FORGED_BY ("mira@example.net") A FIN_A, "a:a .", 1, 0, 0 },
  { "by-own-resource",
    FORGED_BY ("ana@example.org/phone") FIN_FROM ("", " complete='true'", "x", "x"),
    "C",
    1,
    0,
    0 },
  { "by-own-server", FORGED_BY ("example.org") A FIN_A, "a:a .", 1, 0, 0 },
  { "other-query",
    OTHER (" queryid='f27' id='x'") A FIN_A,
    "a:a .",
    1,
    0,
    0 },
  { "no-query",
    OTHER (" id='x'") A FIN_A,
    "a:a .",
    1,
    0,
    0 },
  { "groupchat",
    "<message type='groupchat'>" FORWARDED ("x", T, FROM_MIRA ("x")) "</message>" A FIN_A,
    "a:a .",
    1,
    0,
    0 },
  { "late", A FIN_A RESULT ("b"), "a:a .", 1, 0, 0 },
  { "of-strangers",
    WRAP ("a@example.com", "b@example.com", "<body>x</body>") RESULT ("b") FIN ("x", "b"),
    "x:- b:b .",
    0,
    1,
    0 },
  { "malformed-address",
    WRAP ("@", "ana@example.org", "<body>x</body>") FIN_X,
    "x:- .",
    0,
    1,
    0 },
  { "event",
    RESULT_FROM ("", "x", "<event xmlns='http://jabber.org/protocol/pubsub#event'>"
                          "<items node='http://jabber.org/protocol/nick'/></event>")
        FIN_X,
    "x:- .",
    0,
    1,
    0 },
  { "carbon-inside",
    MUTE FORWARDED (
        "x", T, TO_SELF ("<body>o</body>" CARBON ("sent", TO_MIRA ("i")))) "</message>" FIN_X,
    "x:o .",
    0,
    0,
    0 },
  { "result-inside",
    MUTE FORWARDED (
        "x", T, TO_SELF ("<body>o</body>" FORWARDED ("y", T, FROM_MIRA ("i")))) "</message>" FIN_X,
    "x:o .",
    0,
    0,
    0 },
  { "inside-carbon",
    "<message from='ana@example.org'>" CARBON (
        "received", TO_SELF (FORWARDED ("x", T, FROM_MIRA ("i")))) "</message>" A FIN_A,
    "a:a .",
    0,
    0,
    0 },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autofree char *send = g_strconcat (rows[row].in, XMPP_TEST_SYNC_S, NULL);
  const LinnetTestStep steps[] = {
    INTRO (BASIC),
    { .c = QUERY (""), .s = send },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  const XmppArchiveQuery query = { .direction = XMPP_ARCHIVE_FORWARD };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppArchive *archive = xmpp_test_get_feature (test, XMPP_TYPE_ARCHIVE);
  g_autoptr (GError) error = NULL;
  g_autoptr (XmppArchivePage) page = NULL;
  g_autofree char *found = NULL;

  xmpp_test_start (test, steps, NULL);
  page = dex_await_boxed (xmpp_archive_fetch (archive, &query), &error);
  found = page != NULL ? describe (page) : g_strdup (xmpp_stanza_error_to_condition (error->code));
  xmpp_test_finish (test);

  g_assert_cmpstr (found, ==, rows[row].expected);
  g_assert_cmpuint (xmpp_archive_get_n_forged (archive), ==, rows[row].n_forged);
  g_assert_cmpuint (page != NULL ? page->n_unreadable : 0, ==, rows[row].n_unreadable);
  g_assert_cmpuint (xmpp_test_count_messages (test), ==, rows[row].n_live);
}

/* Nobody asked for anything. */
static void
test_unsolicited (gconstpointer data)
{
  g_autoptr (XmppTest) test = xmpp_test_exchange (
      OTHER (" queryid='q' id='x'"),
      NULL);

  g_assert_cmpuint (xmpp_test_count_messages (test), ==, 0);
  g_assert_cmpuint (xmpp_archive_get_n_forged (xmpp_test_get_feature (test, XMPP_TYPE_ARCHIVE)), ==, 1);
}

static void
test_no_archive (gconstpointer data)
{
  static const LinnetTestStep steps[] = { INTRO (""), {} };
  const XmppArchiveQuery query = { 0 };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppArchive *archive = xmpp_test_get_feature (test, XMPP_TYPE_ARCHIVE);

  linnet_test_assert_rejects (
      xmpp_archive_fetch (archive, &query), XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_DISCONNECTED);
  xmpp_test_start (test, steps, NULL);
  linnet_test_assert_rejects (
      xmpp_archive_fetch (archive, &query), XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_FEATURE_NOT_IMPLEMENTED);
  linnet_test_assert_rejects (xmpp_archive_fetch_metadata (archive, NULL),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_FEATURE_NOT_IMPLEMENTED);
  xmpp_test_finish (test);
}

/* One at a time, the urgent one first; one that nobody waits for any more is not sent. */
static void
test_queue (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    INTRO (BASIC),
    { .c = QUERY ("<after>1</after>"), .s = RESULT ("a") FIN ("a", "a") },
    { .c = QUERY ("<after>4</after>"), .s = RESULT ("d") FIN ("d", "d") },
    { .c = QUERY ("<after>2</after>"), .s = ERROR ("internal-server-error") },
    { .c = QUERY ("<after>5</after>"), .s = RESULT ("e") FIN ("e", "e") },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppArchive *archive = xmpp_test_get_feature (test, XMPP_TYPE_ARCHIVE);
  DexFuture *futures[5];
  const char *const ids[] = { "1", "2", "3", "4", "5" };
  const char *const expected[] = { "a:a .", "internal-server-error", NULL, "d:d .", "e:e ." };

  xmpp_test_start (test, steps, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    {
      const XmppArchiveQuery query = { .after_id = ids[i],
                                       .direction = XMPP_ARCHIVE_FORWARD,
                                       .urgent = i == 3 };

      futures[i] = xmpp_archive_fetch (archive, &query);
    }
  /* Whoever wins, the other one is discarded. */
  linnet_test_assert_resolves (dex_future_first (dex_future_new_true (), futures[2], NULL));

  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    {
      g_autofree char *found = i != 2 ? await_page (futures[i]) : NULL;

      g_assert_cmpstr (found, ==, expected[i]);
    }
  xmpp_test_finish (test);
}

static void
test_disconnected (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    INTRO (BASIC),
    { .c = QUERY ("<before/>"), .s = RESULT ("a"), .act = LINNET_TEST_CLOSE },
    {},
  };
  const XmppArchiveQuery query = { 0 };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppArchive *archive = xmpp_test_get_feature (test, XMPP_TYPE_ARCHIVE);
  DexFuture *first, *second;

  xmpp_test_start (test, steps, NULL);
  first = xmpp_archive_fetch (archive, &query);
  second = xmpp_archive_fetch (archive, &query);
  linnet_test_assert_rejects (first, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_DISCONNECTED);
  linnet_test_assert_rejects (second, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_DISCONNECTED);
  xmpp_test_finish (test);
}

static void
test_timeout (gconstpointer data)
{
  static const LinnetTestStep steps[] = { INTRO (BASIC), { .c = QUERY ("<before/>") }, {} };
  const XmppArchiveQuery query = { 0 };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppArchive *archive = xmpp_test_get_feature (test, XMPP_TYPE_ARCHIVE);

  xmpp_test_start (test, steps, NULL);
  g_object_set (test->session, "iq-timeout", 10, NULL);
  linnet_test_assert_rejects (
      xmpp_archive_fetch (archive, &query), XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_TIMED_OUT);
  xmpp_test_finish (test);
}

#define ROOM "room@muc.example.net"
#define ROOM_DISCO_C \
  "<iq type='get' id='*' to='" ROOM "'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"
#define ROOM_DISCO_S \
  "<iq type='result' id='$1' from='" ROOM "'><query xmlns='http://jabber.org/protocol/disco#info'>" EXTENDED "</query></iq>"
#define IN_ROOM(id, from, type)                                                \
  "<message from='" ROOM "'>" FORWARDED (                                      \
      id, T, "<message xmlns='jabber:client' from='" from "' type='" type "'>" \
             "<body>" id "</body></message>") "</message>"

#define BY_OCCUPANT                                                                  \
  "<message from='" ROOM "/mira'>" FORWARDED (                                       \
      "y", T, "<message xmlns='jabber:client' from='" ROOM "/ana' type='groupchat'>" \
              "<body>y</body></message>") "</message>"

static void
test_room (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    INTRO (BASIC),
    { .c = ROOM_DISCO_C, .s = ROOM_DISCO_S },
    { .c = QUERY_TO (" to='" ROOM "'", "", "<before/>", "<flip-page/>"),
      .s = IN_ROOM ("d", ROOM "/mira", "groupchat")
          IN_ROOM ("c", ROOM "/mira", "chat")
              IN_ROOM ("b", "other@muc.example.net/mira", "groupchat")
                  RESULT ("x")
                      BY_OCCUPANT
                          IN_ROOM ("a", ROOM, "groupchat")
                              FIN_FROM (" from='" ROOM "'", " complete='true'", "a", "d") },
    { .c = "<iq type='get' id='*' to='" ROOM "'><metadata xmlns='" NS "'/></iq>",
      .s = "<iq type='result' id='$1' from='" ROOM "'><metadata xmlns='" NS "'><start id='a' timestamp='" T
           "'/><end id='d' timestamp='" T "'/></metadata></iq>" },
    {},
  };
  g_autoptr (XmppJid) room = xmpp_test_jid (ROOM);
  const XmppArchiveQuery query = { .archive = room };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppArchive *archive = xmpp_test_get_feature (test, XMPP_TYPE_ARCHIVE);
  g_autoptr (XmppArchiveMetadata) metadata = NULL;
  g_autofree char *found = NULL;

  xmpp_test_start (test, steps, NULL);
  found = await_page (xmpp_archive_fetch (archive, &query));
  g_assert_cmpstr (found, ==, "a:a b:- c:- d:d C");
  g_assert_cmpuint (xmpp_archive_get_n_forged (archive), ==, 2);

  /* It has not been asked again what it can do. */
  metadata = dex_await_boxed (xmpp_archive_fetch_metadata (archive, room), NULL);
  g_assert_nonnull (metadata);
  g_assert_cmpstr (metadata->start_id, ==, "a");
  g_assert_cmpstr (metadata->end_id, ==, "d");
  g_assert_cmpint (metadata->start, ==, G_GINT64_CONSTANT (1764064800000000));
  g_assert_cmpint (metadata->end, ==, metadata->start);
  xmpp_test_finish (test);
}

static const struct
{
  const char *name;
  const char *answer;
  const char *start_id; /* nullable */
  gboolean ok;
} metadata_rows[] = {
  { "empty", "<metadata xmlns='" NS "'/>", NULL, TRUE },
  { "half", "<metadata xmlns='" NS "'><start id='a' timestamp='" T "'/></metadata>", NULL, TRUE },
  { "no-id", "<metadata xmlns='" NS "'><start timestamp='" T "'/><end id='b'/></metadata>", NULL, TRUE },
  { "no-time", "<metadata xmlns='" NS "'><start id='a'/><end id='b' timestamp='x'/></metadata>", "a", TRUE },
  { "none", "", NULL, FALSE },
};

static void
test_metadata (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autofree char *send = g_strdup_printf ("<iq type='result' id='$1'>%s</iq>", metadata_rows[row].answer);
  const LinnetTestStep steps[] = { INTRO (EXTENDED),
                                   { .c = "<iq type='get' id='*'><metadata xmlns='" NS "'/></iq>",
                                     .s = send },
                                   {} };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppArchive *archive = xmpp_test_get_feature (test, XMPP_TYPE_ARCHIVE);
  g_autoptr (XmppArchiveMetadata) metadata = NULL;

  xmpp_test_start (test, steps, NULL);
  metadata = dex_await_boxed (xmpp_archive_fetch_metadata (archive, NULL), NULL);
  xmpp_test_finish (test);

  g_assert_cmpint (metadata != NULL, ==, metadata_rows[row].ok);
  if (metadata != NULL)
    g_assert_cmpstr (metadata->start_id, ==, metadata_rows[row].start_id);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/archive/page/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (metadata_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/archive/metadata/%s", metadata_rows[i].name);

      linnet_test_add (path, test_metadata, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/archive/unsolicited", test_unsolicited, NULL);
  linnet_test_add ("/xmpp/archive/no-archive", test_no_archive, NULL);
  linnet_test_add ("/xmpp/archive/queue", test_queue, NULL);
  linnet_test_add ("/xmpp/archive/disconnected", test_disconnected, NULL);
  linnet_test_add ("/xmpp/archive/timeout", test_timeout, NULL);
  linnet_test_add ("/xmpp/archive/room", test_room, NULL);

  return g_test_run ();
}
