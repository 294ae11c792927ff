/* Tests of subscriptions: requests are told and never answered by themselves (I14)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-assert.h"
#include "xmpp-subscription.h"
#include "xmpp-test-session.h"

#define SUBSCRIBE                                            \
  "<presence type='subscribe' from='new@example.net'><nick " \
  "xmlns='http://jabber.org/protocol/nick'>Ne\nw</nick><status>Hi\x7f!</status></presence>"

static void
request_cb (XmppSubscription *subscription,
            XmppJid *jid,
            const char *nickname,
            const char *text,
            const char *token,
            GString *log)
{
  g_string_append_printf (log, "request(%s,%s,%s", xmpp_jid_get_string (jid), nickname, text);
  if (token != NULL)
    g_string_append_printf (log, ",%s", token);
  g_string_append (log, ") ");
}

static void
gone_cb (XmppSubscription *subscription,
         XmppJid *jid,
         GString *log)
{
  g_string_append_printf (log, "gone(%s) ", xmpp_jid_get_string (jid));
}

static const struct
{
  const char *name;
  const char *in;
  const char *out; /* before the answer to the last question */
  const char *log;
} rows[] = {
  { "request", SUBSCRIBE, "", "request(new@example.net,Ne w,Hi!) " },
  { "bare",
    "<presence type='subscribe' from='new@example.net/x'/>",
    "",
    "request(new@example.net,(null),(null)) " },
  { "taken-back",
    SUBSCRIBE "<presence type='unsubscribe' from='new@example.net'/>",
    "",
    "request(new@example.net,Ne w,Hi!) gone(new@example.net) " },
  { "answered-elsewhere",
    SUBSCRIBE "<iq type='set' id='p'><query xmlns='jabber:iq:roster'><item jid='new@example.net' "
              "subscription='from'/></query></iq>",
    "<iq type='result' id='p'/>",
    "request(new@example.net,Ne w,Hi!) gone(new@example.net) " },
  { "added-but-not-answered",
    SUBSCRIBE "<iq type='set' id='p'><query xmlns='jabber:iq:roster'><item jid='new@example.net' "
              "subscription='to'/></query></iq>",
    "<iq type='result' id='p'/>",
    "request(new@example.net,Ne w,Hi!) " },
  { "invited",
    "<presence type='subscribe' from='new@example.net'>"
    "<preauth xmlns='urn:xmpp:pars:0' token='T0k'/></presence>",
    "",
    "request(new@example.net,(null),(null),T0k) " },
  { "from-a-contact",
    "<presence type='subscribe' from='to@example.net'/>",
    "",
    "request(to@example.net,(null),(null)) " },
  { "from-myself", "<presence type='subscribe' from='ana@example.org'/>", "", "" },
  { "never-asked", "<presence type='unsubscribe' from='new@example.net'/>", "", "" },
  { "granted", "<presence type='subscribed' from='new@example.net'/>", "", "" },
  { "refused", "<presence type='unsubscribed' from='new@example.net'/>", "", "" },
  { "malformed", "<presence type='subscribe' from='@'/>", "", "" },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autofree char *send = g_strconcat (rows[row].in, XMPP_TEST_SYNC_S, NULL);
  g_autofree char *expect = g_strconcat (rows[row].out, XMPP_TEST_SYNC_C, NULL);
  const LinnetTestStep steps[] = { XMPP_TEST_INTRO, { .s = send }, { .c = expect }, {} };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  g_autoptr (GString) log = g_string_new (NULL);
  XmppSubscription *subscription = xmpp_test_get_feature (test, XMPP_TYPE_SUBSCRIPTION);

  g_signal_connect (subscription, "request", G_CALLBACK (request_cb), log);
  g_signal_connect (subscription, "request-gone", G_CALLBACK (gone_cb), log);
  xmpp_test_start (test, steps, NULL);
  xmpp_test_finish (test);

  g_assert_cmpstr (log->str, ==, rows[row].log);
}

static void
test_verbs (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = SUBSCRIBE "<presence type='subscribe' from='other@example.net'/>" XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    { .c = "<presence type='subscribed' to='new@example.net'/><presence type='unsubscribed' "
           "to='other@example.net'/>"
           "<presence type='subscribe' to='new@example.net'><nick "
           "xmlns='http://jabber.org/protocol/nick'>Ana</nick></presence>"
           "<presence type='subscribe' to='new@example.net'/>"
           "<presence type='subscribe' to='new@example.net'><nick "
           "xmlns='http://jabber.org/protocol/nick'>Ana</nick>"
           "<preauth xmlns='urn:xmpp:pars:0' token='T0k'/></presence>"
           "<presence type='unsubscribed' to='from@example.net'/>"
           "<presence type='subscribed' to='later@example.net'/>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppSubscription *self = xmpp_test_get_feature (test, XMPP_TYPE_SUBSCRIPTION);
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (XmppNode) features =
      xmpp_node_from_literal ("<features xmlns='http://etherx.jabber.org/streams'><sub "
                              "xmlns='urn:xmpp:features:pre-approval'/></features>");
  g_autoptr (XmppJid) new = xmpp_test_jid ("new@example.net/x");
  g_autoptr (XmppJid) other = xmpp_test_jid ("other@example.net");
  g_autoptr (XmppJid) from = xmpp_test_jid ("from@example.net");
  g_autoptr (XmppJid) later = xmpp_test_jid ("later@example.net");

  g_signal_connect (self, "request", G_CALLBACK (request_cb), log);
  g_signal_connect (self, "request-gone", G_CALLBACK (gone_cb), log);
  linnet_test_assert_rejects (xmpp_subscription_accept (self, new),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_DISCONNECTED);

  xmpp_test_start (test, steps, &(XmppSessionStart) { .stream_features = features });
  while (g_strrstr (log->str, "other@example.net") == NULL)
    linnet_test_settle ();
  g_string_truncate (log, 0);

  g_assert_true (xmpp_subscription_is_waiting (self, new));
  linnet_test_assert_resolves (xmpp_subscription_accept (self, new));
  g_assert_false (xmpp_subscription_is_waiting (self, new));
  g_assert_cmpstr (log->str, ==, "gone(new@example.net) ");
  linnet_test_assert_resolves (xmpp_subscription_decline (self, other));
  g_assert_cmpstr (log->str, ==, "gone(new@example.net) gone(other@example.net) ");
  linnet_test_assert_resolves (xmpp_subscription_request (self, new, "Ana"));
  linnet_test_assert_resolves (xmpp_subscription_request (self, new, NULL));
  linnet_test_assert_resolves (xmpp_subscription_request_invited (self, new, "Ana", "T0k"));
  linnet_test_assert_resolves (xmpp_subscription_cancel (self, from));
  linnet_test_assert_resolves (xmpp_subscription_pre_approve (self, later));
  xmpp_test_finish (test);
}

/* Without the server's word such a stanza would be thrown away, or worse. */
static void
test_no_pre_approval (gconstpointer data)
{
  g_autoptr (XmppTest) test = xmpp_test_exchange ("", NULL);
  g_autoptr (XmppJid) jid = xmpp_test_jid ("later@example.net");
  g_autoptr (DexFuture) approved =
      xmpp_subscription_pre_approve (xmpp_test_get_feature (test, XMPP_TYPE_SUBSCRIPTION), jid);

  g_assert_true (dex_future_is_resolved (approved));
  g_assert_false (g_value_get_boolean (dex_future_get_value (approved, NULL)));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/subscription/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/subscription/verbs", test_verbs, NULL);
  linnet_test_add ("/xmpp/subscription/no-pre-approval", test_no_pre_approval, NULL);

  return g_test_run ();
}
