/* Tests of XEP-0401: what the own server makes, and that it is about us
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-spawn.h"
#include "xmpp-invites.h"
#include "xmpp-test-session.h"

#define NS "http://jabber.org/protocol/commands"
#define ITEMS "http://jabber.org/protocol/disco#items"
#define LIST_C "<iq type='get' id='*' to='example.org'><query xmlns='" ITEMS "' node='" NS "'/></iq>"
#define LIST_S(items) \
  "<iq type='result' id='$1' from='example.org'><query xmlns='" ITEMS "'>" items "</query></iq>"
#define ERROR_S(condition)                                                       \
  "<iq type='error' id='$1' from='example.org'><error type='cancel'><" condition \
  " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
#define INVITE "urn:xmpp:invite#invite"
#define ACCOUNT "urn:xmpp:invite#create-account"
#define EXECUTE_C(node)                                                             \
  "<iq type='set' id='*' to='example.org'><command xmlns='" NS "' node='" node "' " \
  "action='execute'/></iq>"
#define COMMAND_S(node, attributes, content)                                         \
  "<iq type='result' id='$1' from='example.org'><command xmlns='" NS "' node='" node \
  "' sessionid='s' " attributes ">" content "</command></iq>"
#define FIELD(var, value) "<field var='" var "'><value>" value "</value></field>"
#define RESULT_S(node, fields)                                                              \
  COMMAND_S (node,                                                                          \
             "status='completed'",                                                          \
             "<x xmlns='jabber:x:data' type='result'>" FIELD ("FORM_TYPE",                  \
                                                              "urn:xmpp:invite#invitation") \
                 fields "</x>")

static const GType no_types[] = { G_TYPE_INVALID };

static const struct
{
  const char *name;
  const char *answer;
  guint kinds;
} lists[] = {
  { "both",
    LIST_S ("<item jid='example.org' node='" INVITE "'/><item jid='example.org' node='" ACCOUNT "'/>"),
    XMPP_INVITE_CONTACT | XMPP_INVITE_ACCOUNT },
  { "contact", LIST_S ("<item jid='example.org' node='" INVITE "'/>"), XMPP_INVITE_CONTACT },
  { "others", LIST_S ("<item jid='example.org' node='urn:xmpp:invite#other'/>"), 0 },
  { "of-another", LIST_S ("<item jid='example.net' node='" INVITE "'/>"), 0 },
  { "none", LIST_S (""), 0 },
  { "no-commands", ERROR_S ("item-not-found"), 0 },
  { "not-for-you", ERROR_S ("forbidden"), 0 },
  { "unknown", ERROR_S ("service-unavailable"), 0 },
  { "nonsense", "<iq type='result' id='$1' from='example.org'/>", 0 },
};

static void
test_discover (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = { { .c = LIST_C, .s = lists[row].answer }, {} };
  g_autoptr (XmppTest) test = xmpp_test_new (no_types);
  g_autoptr (GError) error = NULL;
  guint kinds;

  xmpp_test_start (test, steps, NULL);
  kinds = dex_await_uint (xmpp_invites_discover (test->session), &error);
  xmpp_test_finish (test);

  g_assert_no_error (error);
  g_assert_cmpuint (kinds, ==, lists[row].kinds);
}

static void
test_discover_offline (gconstpointer data)
{
  g_autoptr (XmppTest) test = xmpp_test_new (no_types);

  linnet_test_assert_rejects (
      xmpp_invites_discover (test->session), XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_DISCONNECTED);
}

#define URI "xmpp:ana@example.org?roster;preauth=T0k;ibr=y"

static const struct
{
  const char *name;
  const char *fields;
  const char *uri; /* NULL: refused */
  const char *page;
  gint64 expires; /* seconds */
} results[] = {
  { "all",
    FIELD ("uri", URI) FIELD ("landing-url", "https://example.org/invite/#T0k")
        FIELD ("expire", "2017-11-06T02:56:15Z"),
    URI,
    "https://example.org/invite/#T0k",
    1509936975 },
  { "uri-only", FIELD ("uri", URI), URI },
  { "far-future", FIELD ("uri", URI) FIELD ("expire", "2030-01-01T00:00:00Z"), URI, NULL, 1893456000 },
  { "no-date", FIELD ("uri", URI) FIELD ("expire", "tomorrow"), URI },
  { "clear-text-page", FIELD ("uri", URI) FIELD ("landing-url", "http://example.org/T0k"), URI },
  { "page-with-account", FIELD ("uri", URI) FIELD ("landing-url", "https://a:b@example.org/"), URI },
  { "page-is-a-script", FIELD ("uri", URI) FIELD ("landing-url", "javascript:alert(1)"), URI },
  { "untidy", FIELD ("uri", "XMPP:Ana@EXAMPLE.org?roster;preauth=T0k;ibr=y#x"), URI },
  { "nothing", "" },
  { "empty", FIELD ("uri", "") },
  { "no-link", FIELD ("uri", "https://example.org/T0k") },
  { "somebody-else", FIELD ("uri", "xmpp:eva@example.org?roster;preauth=T0k") },
  { "another-server", FIELD ("uri", "xmpp:ana@example.net?roster;preauth=T0k") },
  { "another-thing", FIELD ("uri", "xmpp:ana@example.org?remove") },
  { "no-action", FIELD ("uri", "xmpp:ana@example.org") },
};

static void
test_create (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autofree char *answer = g_strconcat (
      "<iq type='result' id='$1' from='example.org'><command xmlns='" NS "' node='" INVITE
      "' status='completed'><x xmlns='jabber:x:data' type='result'>",
      results[row].fields,
      "</x></command></iq>",
      NULL);
  const LinnetTestStep steps[] = { { .c = EXECUTE_C (INVITE), .s = answer }, {} };
  g_autoptr (XmppTest) test = xmpp_test_new (no_types);
  g_autoptr (XmppInvite) invite = NULL;
  g_autoptr (GError) error = NULL;

  xmpp_test_start (test, steps, NULL);
  invite = dex_await_boxed (xmpp_invites_create (test->session, XMPP_INVITE_CONTACT), &error);
  xmpp_test_finish (test);

  if (results[row].uri == NULL)
    {
      g_assert_error (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_UNDEFINED_CONDITION);
      return;
    }

  g_assert_no_error (error);
  g_assert_cmpstr (invite->uri, ==, results[row].uri);
  g_assert_cmpstr (invite->page, ==, results[row].page);
  g_assert_cmpint (invite->expires, ==, results[row].expires * G_USEC_PER_SEC);
}

#define ACCOUNT_FORM(username)                                                            \
  COMMAND_S (ACCOUNT,                                                                     \
             "status='executing'",                                                        \
             "<actions execute='complete'><complete/></actions><x xmlns='jabber:x:data' " \
             "type='form'><field var='username' type='text-single'>" username "</field>"  \
             "<field var='roster-subscription' type='boolean'/></x>")

static void
test_account (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = EXECUTE_C (ACCOUNT), .s = ACCOUNT_FORM ("") },
    { .c = "<iq type='set' id='*' to='example.org'><command xmlns='" NS "' node='" ACCOUNT
           "' sessionid='s' action='complete'><x xmlns='jabber:x:data' type='submit'>"
           "<field var='roster-subscription'><value>1</value></field></x></command></iq>",
      .s = RESULT_S (ACCOUNT, FIELD ("uri", "xmpp:example.org?register;preauth=T0k")) },
    /* A name that the guest did not choose. */
    { .c = EXECUTE_C (ACCOUNT), .s = ACCOUNT_FORM ("<required/>") },
    { .c = "<iq type='set' id='*' to='example.org'><command xmlns='" NS "' node='" ACCOUNT
           "' sessionid='s' action='cancel'/></iq>",
      .s = COMMAND_S (ACCOUNT, "status='canceled'", "") },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_types);
  g_autoptr (XmppInvite) invite = NULL;

  xmpp_test_start (test, steps, NULL);
  invite = dex_await_boxed (xmpp_invites_create (test->session, XMPP_INVITE_ACCOUNT), NULL);
  g_assert_cmpstr (invite->uri, ==, "xmpp:example.org?register;preauth=T0k");
  linnet_test_assert_rejects (xmpp_invites_create (test->session, XMPP_INVITE_ACCOUNT),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_UNDEFINED_CONDITION);
  xmpp_test_finish (test);
}

static void
test_failures (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = EXECUTE_C (INVITE), .s = ERROR_S ("forbidden") },
    { .c = EXECUTE_C (INVITE),
      .s = COMMAND_S (INVITE, "status='completed'", "<note type='error'>Too many</note>") },
    { .c = EXECUTE_C (INVITE), .s = COMMAND_S (INVITE, "status='canceled'", "") },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_types);

  xmpp_test_start (test, steps, NULL);
  linnet_test_assert_rejects (xmpp_invites_create (test->session, XMPP_INVITE_CONTACT),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_FORBIDDEN);
  for (guint i = 0; i < 2; i++)
    linnet_test_assert_rejects (xmpp_invites_create (test->session, XMPP_INVITE_CONTACT),
                                XMPP_STANZA_ERROR,
                                XMPP_STANZA_ERROR_UNDEFINED_CONDITION);
  xmpp_test_finish (test);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/invites/discover/%s", lists[i].name);

      linnet_test_add (path, test_discover, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/invites/discover/offline", test_discover_offline, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/invites/create/%s", results[i].name);

      linnet_test_add (path, test_create, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/invites/account", test_account, NULL);
  linnet_test_add ("/xmpp/invites/failures", test_failures, NULL);

  return g_test_run ();
}
