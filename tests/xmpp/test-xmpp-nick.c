/* Tests of XEP-0172
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-assert.h"
#include "xmpp-nick.h"
#include "xmpp-test-session.h"

#define NS "http://jabber.org/protocol/nick"
#define EVENT(from, content)                                                                                 \
  "<message type='headline' from='" from "'><event xmlns='http://jabber.org/protocol/pubsub#event'>" content \
  "</event></message>"
#define ITEMS(content) "<items node='" NS "'>" content "</items>"
#define NICK(text) ITEMS ("<item id='1'><nick xmlns='" NS "'>" text "</nick></item>")

static void
changed_cb (XmppNick *nick,
            XmppJid *jid,
            const char *nickname,
            GString *log)
{
  g_string_append_printf (log, "%s=%s ", xmpp_jid_get_string (jid), nickname);
}

static const struct
{
  const char *name;
  const char *in;
  const char *log;
} rows[] = {
  { "contact", EVENT ("both@example.net", NICK ("Both")), "both@example.net=Both " },
  { "own", EVENT ("ana@example.org", NICK ("Ana")), "ana@example.org=Ana " },
  { "cleaned", EVENT ("both@example.net", NICK (" Bo\n\xe2\x80\xae th ")), "both@example.net=Bo th " },
  { "taken-back",
    EVENT ("both@example.net", ITEMS ("<item id='1'><nick xmlns='" NS "'/></item>")),
    "both@example.net=(null) " },
  { "retracted", EVENT ("both@example.net", ITEMS ("<retract id='1'/>")), "both@example.net=(null) " },
  { "purged", EVENT ("both@example.net", "<purge node='" NS "'/>"), "both@example.net=(null) " },
  { "stranger", EVENT ("mallory@example.com", NICK ("Ana")), "" },
  { "resource", EVENT ("both@example.net/x", NICK ("Ana")), "" },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (GString) log = g_string_new (NULL);
  g_autofree char *send = g_strconcat (rows[row].in, XMPP_TEST_SYNC_S, NULL);
  const LinnetTestStep steps[] = { XMPP_TEST_INTRO, { .s = send }, { .c = XMPP_TEST_SYNC_C }, {} };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);

  g_signal_connect (xmpp_test_get_feature (test, XMPP_TYPE_NICK), "changed", G_CALLBACK (changed_cb), log);
  xmpp_test_start (test, steps, NULL);
  xmpp_test_finish (test);

  g_assert_cmpstr (log->str, ==, rows[row].log);
}

static void
test_in_message (gconstpointer data)
{
  g_autoptr (XmppTest) test =
      xmpp_test_exchange ("<message from='new@example.com/x' type='chat'><body>Hello</body><nick xmlns='" NS
                          "'>Ne\nw</nick></message>",
                          NULL);

  g_assert_cmpstr (xmpp_test_get_message (test)->nickname, ==, "Ne w");
}

static void
test_publish (gconstpointer data)
{
#define PUBLISH(nick)                                                                                      \
  "<iq type='set' id='*'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='" NS             \
  "'><item id='current'>" nick "</item></publish><publish-options><x xmlns='jabber:x:data' type='submit'>" \
  "<field var='FORM_TYPE' "                                                                                \
  "type='hidden'><value>http://jabber.org/protocol/pubsub#publish-options</value></field>"                 \
  "<field var='pubsub#persist_items'><value>true</value></field>"                                          \
  "<field var='pubsub#access_model'><value>presence</value></field></x></publish-options></pubsub></iq>"
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = PUBLISH ("<nick xmlns='" NS "'>A &lt; B</nick>"), .s = "<iq type='result' id='$1'/>" },
    { .c = PUBLISH ("<nick xmlns='" NS "'/>"), .s = "<iq type='result' id='$1'/>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppNick *nick = xmpp_test_get_feature (test, XMPP_TYPE_NICK);

  xmpp_test_start (test, steps, NULL);
  linnet_test_assert_resolves (xmpp_nick_publish (nick, "A < B", XMPP_ACCESS_KEEP));
  linnet_test_assert_resolves (xmpp_nick_publish (nick, NULL, XMPP_ACCESS_CONTACTS));
  xmpp_test_finish (test);
}

static void
test_create (void)
{
  g_autoptr (XmppNode) nick = xmpp_nick_create ("Ana");

  xmpp_assert_node (nick, "<nick xmlns='" NS "'>Ana</nick>");
  g_assert_null (xmpp_nick_create (NULL));
  g_assert_null (xmpp_nick_create (""));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/nick/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/nick/in-message", test_in_message, NULL);
  linnet_test_add ("/xmpp/nick/publish", test_publish, NULL);
  g_test_add_func ("/xmpp/nick/create", test_create);

  return g_test_run ();
}
