/* Tests of XEP-0050: the list, stages and what may be done next
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-spawn.h"
#include "xmpp-adhoc.h"
#include "xmpp-test-session.h"

#define NS "http://jabber.org/protocol/commands"
#define ITEMS "http://jabber.org/protocol/disco#items"
#define LIST_C "<iq type='get' id='*' to='example.org'><query xmlns='" ITEMS "' node='" NS "'/></iq>"
#define EXECUTE_C                                                                 \
  "<iq type='set' id='*' to='example.org'><command xmlns='" NS "' node='config' " \
  "action='execute'/></iq>"
#define RESULT(attributes, content)               \
  "<iq type='result' id='$1' from='example.org'>" \
  "<command xmlns='" NS "' " attributes ">" content "</command></iq>"
#define FORM                                                                   \
  "<x xmlns='jabber:x:data' type='form'><field var='FORM_TYPE' type='hidden'>" \
  "<value>urn:test</value></field><field var='name' type='text-single'/></x>"

static const GType no_types[] = { G_TYPE_INVALID };

static void
test_list (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = LIST_C,
      .s = "<iq type='result' id='$1' from='example.org'><query xmlns='" ITEMS "' node='" NS "'>"
           "<item jid='example.org' node='one'/><item jid='example.org' node='two' name='Two'/>"
           "<item jid='elsewhere.org' node='three'/><item jid='example.org'/><item node='four'/>"
           "<item jid='example.org' node=''/></query></iq>" },
    { .c = LIST_C,
      .s = "<iq type='result' id='$1' from='example.org'><query xmlns='" ITEMS "'/></iq>" },
    { .c = LIST_C, .s = "<iq type='result' id='$1' from='example.org'/>" },
    { .c = LIST_C,
      .s = "<iq type='error' id='$1' from='example.org'><error type='cancel'><item-not-found "
           "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_types);
  g_autoptr (XmppJid) server = xmpp_test_jid ("example.org");
  g_auto (GStrv) nodes = NULL;
  g_autofree char *joined = NULL;

  xmpp_test_start (test, steps, NULL);
  nodes = dex_await_boxed (xmpp_adhoc_list (test->session, server), NULL);
  joined = g_strjoinv (" ", nodes);
  g_assert_cmpstr (joined, ==, "one two");
  g_clear_pointer (&nodes, g_strfreev);

  nodes = dex_await_boxed (xmpp_adhoc_list (test->session, server), NULL);
  g_assert_cmpuint (g_strv_length (nodes), ==, 0);
  linnet_test_assert_rejects (xmpp_adhoc_list (test->session, server),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_UNDEFINED_CONDITION);
  linnet_test_assert_rejects (
      xmpp_adhoc_list (test->session, server), XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_ITEM_NOT_FOUND);
  xmpp_test_finish (test);
}

static const struct
{
  const char *name;
  const char *answer;
  XmppAdhocStatus status;
  XmppAdhocAction actions;
  XmppAdhocAction execute;
  const char *note;
  gboolean failed;
  gboolean form;
  gboolean refused;
} rows[] = {
  { "completed", RESULT ("node='config' status='completed'", ""), XMPP_ADHOC_COMPLETED },
  { "canceled", RESULT ("node='config' status='canceled'", ""), XMPP_ADHOC_CANCELED },
  { "note",
    RESULT ("node='config' status='completed'", "<note type='info'>Done\x7f.</note>"),
    XMPP_ADHOC_COMPLETED,
    .note = "Done." },
  { "failed",
    RESULT ("node='config' status='completed'", "<note type='error'>No.</note>"),
    XMPP_ADHOC_COMPLETED,
    .note = "No.",
    .failed = TRUE },
  { "result",
    RESULT ("node='config' status='completed'",
            "<x xmlns='jabber:x:data' type='result'><field var='a'><value>b</value></field></x>"),
    XMPP_ADHOC_COMPLETED,
    .form = TRUE },
  { "one-stage",
    RESULT ("node='config' status='executing' sessionid='s'", FORM),
    XMPP_ADHOC_EXECUTING,
    XMPP_ADHOC_COMPLETE,
    XMPP_ADHOC_COMPLETE,
    .form = TRUE },
  { "next-by-default",
    RESULT ("node='config' status='executing' sessionid='s'", "<actions><next/><prev/></actions>"),
    XMPP_ADHOC_EXECUTING,
    XMPP_ADHOC_NEXT | XMPP_ADHOC_PREV,
    XMPP_ADHOC_NEXT },
  { "suggested",
    RESULT ("node='config' status='executing' sessionid='s'",
            "<actions execute='complete'><next/><complete/></actions>"),
    XMPP_ADHOC_EXECUTING,
    XMPP_ADHOC_NEXT | XMPP_ADHOC_COMPLETE,
    XMPP_ADHOC_COMPLETE },
  /* Section 3.4 calls this invalid. */
  { "suggests-what-it-does-not-offer",
    RESULT ("node='config' status='executing' sessionid='s'",
            "<actions execute='complete'><next/></actions>"),
    XMPP_ADHOC_EXECUTING,
    XMPP_ADHOC_NEXT,
    XMPP_ADHOC_CANCEL },
  { "no-form-but-a-table",
    RESULT ("node='config' status='completed'", "<x xmlns='jabber:x:data' type='nonsense'/>"),
    XMPP_ADHOC_COMPLETED },
  { "other-command", RESULT ("node='other' status='completed'", ""), .refused = TRUE },
  { "no-command", "<iq type='result' id='$1' from='example.org'/>", .refused = TRUE },
  { "no-status", RESULT ("node='config'", ""), .refused = TRUE },
  { "unknown-status", RESULT ("node='config' status='maybe'", ""), .refused = TRUE },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = { { .c = EXECUTE_C, .s = rows[row].answer }, {} };
  g_autoptr (XmppTest) test = xmpp_test_new (no_types);
  g_autoptr (XmppJid) server = xmpp_test_jid ("example.org");
  g_autoptr (XmppAdhocStage) stage = NULL;
  g_autoptr (GError) error = NULL;

  xmpp_test_start (test, steps, NULL);
  stage = dex_await_boxed (xmpp_adhoc_execute (test->session, server, "config"), &error);
  xmpp_test_finish (test);

  if (rows[row].refused)
    {
      g_assert_error (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_UNDEFINED_CONDITION);
      return;
    }

  g_assert_no_error (error);
  g_assert_cmpint (stage->status, ==, rows[row].status);
  g_assert_cmpuint (stage->actions, ==, rows[row].actions);
  g_assert_cmpuint (stage->execute, ==, rows[row].execute);
  g_assert_cmpstr (stage->note, ==, rows[row].note);
  g_assert_cmpint (stage->failed, ==, rows[row].failed);
  g_assert_cmpint (stage->form != NULL, ==, rows[row].form);
}

static void
test_stages (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = EXECUTE_C,
      .s = RESULT ("node='config' status='executing' sessionid='s1'",
                   "<actions><next/></actions>" FORM) },
    { .c = "<iq type='set' id='*' to='example.org'><command xmlns='" NS
           "' node='config' sessionid='s1' action='next'><x xmlns='jabber:x:data' type='submit'>"
           "<field var='FORM_TYPE' type='hidden'><value>urn:test</value></field>"
           "<field var='name'><value>Ana</value></field></x></command></iq>",
      .s = RESULT ("node='config' status='executing' sessionid='s1'", "") },
    { .c = "<iq type='set' id='*' to='example.org'><command xmlns='" NS
           "' node='config' sessionid='s1' action='cancel'/></iq>",
      .s = RESULT ("node='config' status='canceled' sessionid='s1'", "") },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_types);
  g_autoptr (XmppJid) server = xmpp_test_jid ("example.org");
  g_autoptr (XmppAdhocStage) first = NULL;
  g_autoptr (XmppAdhocStage) second = NULL;
  g_autoptr (XmppAdhocStage) third = NULL;

  xmpp_test_start (test, steps, NULL);
  first = dex_await_boxed (xmpp_adhoc_execute (test->session, server, "config"), NULL);
  g_assert_true (xmpp_data_form_set_value (first->form, "name", "Ana"));
  linnet_test_assert_rejects (xmpp_adhoc_go_on (test->session, first, XMPP_ADHOC_PREV),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_NOT_ALLOWED);
  second = dex_await_boxed (xmpp_adhoc_go_on (test->session, first, XMPP_ADHOC_NEXT), NULL);
  third = dex_await_boxed (xmpp_adhoc_go_on (test->session, second, XMPP_ADHOC_CANCEL), NULL);
  g_assert_cmpint (third->status, ==, XMPP_ADHOC_CANCELED);
  linnet_test_assert_rejects (xmpp_adhoc_go_on (test->session, third, XMPP_ADHOC_CANCEL),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_NOT_ALLOWED);
  xmpp_test_finish (test);
}

/* An answer about another run of the same command. */
static void
test_other_session (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = EXECUTE_C, .s = RESULT ("node='config' status='executing' sessionid='s1'", "") },
    { .c = "<iq type='set' id='*' to='example.org'><command xmlns='" NS
           "' node='config' sessionid='s1' action='complete'/></iq>",
      .s = RESULT ("node='config' status='completed' sessionid='s2'", "") },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_types);
  g_autoptr (XmppJid) server = xmpp_test_jid ("example.org");
  g_autoptr (XmppAdhocStage) first = NULL;

  xmpp_test_start (test, steps, NULL);
  first = dex_await_boxed (xmpp_adhoc_execute (test->session, server, "config"), NULL);
  linnet_test_assert_rejects (xmpp_adhoc_go_on (test->session, first, XMPP_ADHOC_COMPLETE),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_UNDEFINED_CONDITION);
  xmpp_test_finish (test);
}

/* Security.md I12: nobody runs anything here. */
static void
test_none_of_our_own (gconstpointer data)
{
  g_autoptr (XmppTest) test = xmpp_test_exchange (
      "<iq type='set' id='x' from='both@example.net/x'><command xmlns='" NS "' node='config'/></iq>",
      "<iq type='error' id='x' to='both@example.net/x'><error type='cancel'>"
      "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");

  g_assert_cmpuint (xmpp_test_count_messages (test), ==, 0);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/xmpp/adhoc/list", test_list, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/adhoc/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/adhoc/stages", test_stages, NULL);
  linnet_test_add ("/xmpp/adhoc/other-session", test_other_session, NULL);
  linnet_test_add ("/xmpp/adhoc/none-of-our-own", test_none_of_our_own, NULL);

  return g_test_run ();
}
