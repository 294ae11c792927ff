/* Tests of XEP-0191: the list, pushes from the own account only, verbs
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "xmpp-blocking.h"
#include "xmpp-test-session.h"

#define NS "urn:xmpp:blocking"
#define PUSH(from, content) "<iq type='set' id='p'" from ">" content "</iq>"
#define BLOCK(jid) "<block xmlns='" NS "'><item jid='" jid "'/></block>"
#define UNBLOCK(jid) "<unblock xmlns='" NS "'><item jid='" jid "'/></unblock>"
#define RESULT "<iq type='result' id='p'/>"
#define UNAVAILABLE(to)                                 \
  "<iq type='error' id='p'" to "><error type='cancel'>" \
  "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"

static void
changed_cb (XmppBlocking *blocking,
            XmppJid *jid,
            gboolean blocked,
            GString *log)
{
  g_string_append_printf (log, "%c%s ", blocked ? '+' : '-', xmpp_jid_get_string (jid));
}

static void
loaded_cb (XmppBlocking *blocking,
           GString *log)
{
  g_string_append (log, "loaded ");
}

static const struct
{
  const char *name;
  const char *in;
  const char *out;
  const char *log; /* after the first list, which is empty */
} rows[] = {
  { "block", PUSH ("", BLOCK ("spam@example.com")), RESULT, "+spam@example.com " },
  { "block-by-account",
    PUSH (" from='ana@example.org'", BLOCK ("spam@example.com")),
    "<iq type='result' id='p' to='ana@example.org'/>",
    "+spam@example.com " },
  { "block-two",
    PUSH ("",
          "<block xmlns='" NS
          "'><item jid='a@example.com'/><item jid='@'/><item jid='b@example.com'/></block>"),
    RESULT,
    "+a@example.com +b@example.com " },
  { "block-twice",
    PUSH ("", BLOCK ("spam@example.com")) PUSH ("", BLOCK ("spam@example.com")),
    RESULT RESULT,
    "+spam@example.com " },
  { "unblock",
    PUSH ("", BLOCK ("spam@example.com")) PUSH ("", UNBLOCK ("spam@example.com")),
    RESULT RESULT,
    "+spam@example.com -spam@example.com " },
  { "unblock-all",
    PUSH ("", BLOCK ("spam@example.com")) PUSH ("", "<unblock xmlns='" NS "'/>"),
    RESULT RESULT,
    "+spam@example.com loaded " },
  { "unblock-nonsense-is-not-all",
    PUSH ("", BLOCK ("spam@example.com")) PUSH ("", UNBLOCK ("@")),
    RESULT RESULT,
    "+spam@example.com " },
  { "by-contact",
    PUSH (" from='both@example.net'", BLOCK ("to@example.net")),
    UNAVAILABLE (" to='both@example.net'"),
    "" },
  { "by-stranger",
    PUSH (" from='mallory@example.com/x'", "<unblock xmlns='" NS "'/>"),
    UNAVAILABLE (" to='mallory@example.com/x'"),
    "" },
  { "by-own-resource",
    PUSH (" from='ana@example.org/phone'", BLOCK ("to@example.net")),
    UNAVAILABLE (" to='ana@example.org/phone'"),
    "" },
  { "by-own-server",
    PUSH (" from='example.org'", BLOCK ("to@example.net")),
    UNAVAILABLE (" to='example.org'"),
    "" },
  { "other-element", PUSH ("", "<blocklist xmlns='" NS "'/>"), UNAVAILABLE (""), "" },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (GString) log = g_string_new (NULL);
  g_autofree char *send = g_strconcat (rows[row].in, XMPP_TEST_SYNC_S, NULL);
  g_autofree char *expect = g_strconcat (rows[row].out, XMPP_TEST_SYNC_C, NULL);
  const LinnetTestStep steps[] = { XMPP_TEST_INTRO, { .s = send }, { .c = expect }, {} };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppBlocking *blocking = xmpp_test_get_feature (test, XMPP_TYPE_BLOCKING);

  g_signal_connect (blocking, "changed", G_CALLBACK (changed_cb), log);
  g_signal_connect (blocking, "loaded", G_CALLBACK (loaded_cb), log);
  xmpp_test_start (test, steps, NULL);
  xmpp_test_finish (test);

  g_assert_true (xmpp_blocking_get_supported (blocking));
  g_assert_true (g_str_has_prefix (log->str, "loaded "));
  g_assert_cmpstr (log->str + strlen ("loaded "), ==, rows[row].log);
}

static int
compare_jids (gconstpointer a,
              gconstpointer b)
{
  return strcmp (xmpp_jid_get_string (*(XmppJid *const *) a), xmpp_jid_get_string (*(XmppJid *const *) b));
}

/* @expected: sorted, with spaces between */
static void
assert_blocked (XmppBlocking *blocking,
                const char *expected)
{
  g_autoptr (GPtrArray) list = xmpp_blocking_list (blocking);
  g_autoptr (GString) found = g_string_new (NULL);

  g_ptr_array_sort (list, compare_jids);
  for (guint i = 0; i < list->len; i++)
    g_string_append_printf (found, "%s%s", i > 0 ? " " : "", xmpp_jid_get_string (list->pdata[i]));
  g_assert_cmpstr (found->str, ==, expected);
}

static XmppTest *
start_with_list (const char *answer,
                 const LinnetTestStep *more)
{
  const GType types[] = { XMPP_TYPE_BLOCKING, G_TYPE_INVALID };
  g_autoptr (GArray) steps = g_array_new (TRUE, TRUE, sizeof (LinnetTestStep));
  const LinnetTestStep first = { .c = "<iq type='get' id='*'><blocklist xmlns='" NS "'/></iq>", .s = answer };
  XmppTest *test = xmpp_test_new (types);

  g_array_append_val (steps, first);
  for (; more != NULL && more->c != NULL; more++)
    g_array_append_val (steps, *more);
  xmpp_test_start (test, (const LinnetTestStep *) steps->data, NULL);

  return test;
}

static void
test_list (gconstpointer data)
{
  g_autoptr (XmppTest) test = start_with_list (
      "<iq type='result' id='$1'><blocklist xmlns='" NS
      "'><item jid='a@example.com'/><item/><item jid='@'/><item jid='example.net'/></blocklist></iq>",
      NULL);

  assert_blocked (xmpp_test_get_feature (test, XMPP_TYPE_BLOCKING), "a@example.com example.net");
  xmpp_test_finish (test);
}

static void
test_unsupported (gconstpointer data)
{
  g_autoptr (XmppTest) test =
      start_with_list ("<iq type='error' id='$1'><error type='cancel'><service-unavailable "
                       "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
                       NULL);

  g_assert_false (xmpp_blocking_get_supported (xmpp_test_get_feature (test, XMPP_TYPE_BLOCKING)));
  xmpp_test_finish (test);
}

static void
test_verbs (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = "<iq type='set' id='*'>" BLOCK ("spam@example.com") "</iq>",
      .s = PUSH ("", BLOCK ("spam@example.com")) "<iq type='result' id='$1'/>" },
    { .c = RESULT "<iq type='set' id='*'>" UNBLOCK ("spam@example.com") "</iq>",
      .s = PUSH ("", UNBLOCK ("spam@example.com")) "<iq type='result' id='$1'/>" },
    { .c = RESULT "<iq type='set' id='*'>" BLOCK ("spam@example.com") "</iq>",
      .s = "<iq type='error' id='$1'><error type='cancel'><not-allowed "
           "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>" },
    {},
  };
  g_autoptr (XmppTest) test =
      start_with_list ("<iq type='result' id='$1'><blocklist xmlns='" NS "'/></iq>", steps);
  XmppBlocking *blocking = xmpp_test_get_feature (test, XMPP_TYPE_BLOCKING);
  g_autoptr (XmppJid) jid = xmpp_test_jid ("spam@example.com");

  linnet_test_assert_resolves (xmpp_blocking_block (blocking, jid));
  assert_blocked (blocking, "spam@example.com");
  linnet_test_assert_resolves (xmpp_blocking_unblock (blocking, jid));
  assert_blocked (blocking, "");
  linnet_test_assert_rejects (xmpp_blocking_block (blocking, jid),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_NOT_ALLOWED);
  assert_blocked (blocking, "");
  xmpp_test_finish (test);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/blocking/push/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/blocking/list", test_list, NULL);
  linnet_test_add ("/xmpp/blocking/unsupported", test_unsupported, NULL);
  linnet_test_add ("/xmpp/blocking/verbs", test_verbs, NULL);

  return g_test_run ();
}
