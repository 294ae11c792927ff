/* Tests of XEP-0085: reading states, and to whom ours are sent
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-caps.h"
#include "xmpp-chat-states.h"
#include "xmpp-test-session.h"

#define STATE(name) "<" name " xmlns='http://jabber.org/protocol/chatstates'/>"
#define FROM(from, rest) "<message from='" from "' type='chat'>" rest "</message>"

static const struct
{
  const char *name;
  const char *in;
  XmppChatState state;
} rows[] = {
  { "active", FROM ("both@example.net/x", "<body>b</body>" STATE ("active")), XMPP_CHAT_STATE_ACTIVE },
  { "composing", FROM ("both@example.net/x", STATE ("composing")), XMPP_CHAT_STATE_COMPOSING },
  { "paused", FROM ("both@example.net/x", STATE ("paused")), XMPP_CHAT_STATE_PAUSED },
  { "inactive", FROM ("both@example.net/x", STATE ("inactive")), XMPP_CHAT_STATE_INACTIVE },
  { "gone", FROM ("both@example.net/x", STATE ("gone")), XMPP_CHAT_STATE_GONE },
  { "none", FROM ("both@example.net/x", "<body>b</body>"), XMPP_CHAT_STATE_NONE },
  { "unknown", FROM ("both@example.net/x", "<body>b</body>" STATE ("dancing")), XMPP_CHAT_STATE_NONE },
  { "yesterday",
    FROM ("both@example.net/x",
          "<delay xmlns='urn:xmpp:delay' from='example.org' "
          "stamp='2020-01-01T00:00:00Z'/><body>b</body>" STATE ("active")),
    XMPP_CHAT_STATE_NONE },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppTest) test = xmpp_test_exchange (rows[row].in, NULL);

  g_assert_cmpint (xmpp_test_get_message (test)->chat_state, ==, rows[row].state);
}

#define OURS(name)                                             \
  "<message to='both@example.net' type='chat' id='*'>" STATE ( \
      name) "<no-store xmlns='urn:xmpp:hints'/></message>"

static void
test_after_theirs (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C,
      .s =
          FROM ("both@example.net/x", STATE ("composing")) FROM ("mallory@example.com/x", STATE ("composing"))
              FROM ("from@example.net/x", STATE ("composing")) },
    { .c = OURS ("composing") OURS ("paused"), .s = XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  static const char *const others[] = { "mallory@example.com", "from@example.net", "to@example.net" };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppChatStates *self = xmpp_test_get_feature (test, XMPP_TYPE_CHAT_STATES);
  g_autoptr (XmppJid) both = xmpp_test_jid ("both@example.net");

  xmpp_test_start (test, steps, NULL);
  g_assert_false (xmpp_chat_states_send (self, both, XMPP_CHAT_STATE_COMPOSING)); /* no sign yet */
  while (xmpp_test_count_messages (test) < 3)
    linnet_test_settle ();
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr (XmppJid) other = xmpp_test_jid (others[i]);

      g_assert_false (xmpp_chat_states_send (self, other, XMPP_CHAT_STATE_COMPOSING));
    }
  g_assert_true (xmpp_chat_states_send (self, both, XMPP_CHAT_STATE_COMPOSING));
  g_assert_true (xmpp_chat_states_send (self, both, XMPP_CHAT_STATE_PAUSED));
  xmpp_test_finish (test);
}

/* What a stranger sent before counts for nothing when he becomes a contact. */
#define PUSH_MUTUAL                                        \
  "<iq type='set' id='p'><query xmlns='jabber:iq:roster'>" \
  "<item jid='from@example.net' subscription='both'/></query></iq>"

static void
test_after_becoming_mutual (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = FROM ("from@example.net/x", STATE ("composing")) PUSH_MUTUAL XMPP_TEST_SYNC_S },
    { .c = "<iq type='result' id='p'/>" XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  g_autoptr (XmppJid) from = xmpp_test_jid ("from@example.net");

  xmpp_test_start (test, steps, NULL);
  xmpp_test_finish (test);
  g_assert_false (xmpp_chat_states_send (
      xmpp_test_get_feature (test, XMPP_TYPE_CHAT_STATES), from, XMPP_CHAT_STATE_COMPOSING));
}

/* Capabilities do not make a contact of somebody whom we see, but who does not see us. */
static void
test_by_caps_not_mutual (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = "<presence from='to@example.net/x'><c xmlns='http://jabber.org/protocol/caps' hash='none' node='n' "
           "ver='v'/></presence>" },
    { .c = "<iq type='get' id='*' to='to@example.net/x'><query xmlns='http://jabber.org/protocol/disco#info' "
           "node='n#v'/></iq>",
      .s = "<iq type='result' id='$1' from='to@example.net/x'><query "
           "xmlns='http://jabber.org/protocol/disco#info'>"
           "<feature var='http://jabber.org/protocol/chatstates'/></query></iq>" XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  g_autoptr (XmppJid) to = xmpp_test_jid ("to@example.net");

  xmpp_test_start (test, steps, NULL);
  xmpp_test_finish (test);
  g_assert_true (xmpp_caps_has (
      xmpp_test_get_feature (test, XMPP_TYPE_CAPS), to, "http://jabber.org/protocol/chatstates"));
  g_assert_false (xmpp_chat_states_send (
      xmpp_test_get_feature (test, XMPP_TYPE_CHAT_STATES), to, XMPP_CHAT_STATE_COMPOSING));
}

/* Their capabilities are a sign as well. */
static void
test_by_caps (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = "<presence from='both@example.net/x'><c xmlns='http://jabber.org/protocol/caps' hash='none' "
           "node='n' ver='v'/></presence>" },
    { .c = "<iq type='get' id='*' to='both@example.net/x'><query "
           "xmlns='http://jabber.org/protocol/disco#info' node='n#v'/></iq>",
      .s = "<iq type='result' id='$1' from='both@example.net/x'><query "
           "xmlns='http://jabber.org/protocol/disco#info'>"
           "<feature var='http://jabber.org/protocol/chatstates'/></query></iq>" XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    { .c = OURS ("composing") },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppChatStates *self = xmpp_test_get_feature (test, XMPP_TYPE_CHAT_STATES);
  g_autoptr (XmppJid) both = xmpp_test_jid ("both@example.net");

  xmpp_test_start (test, steps, NULL);
  while (!xmpp_chat_states_send (self, both, XMPP_CHAT_STATE_COMPOSING))
    linnet_test_settle ();
  xmpp_test_finish (test);
  xmpp_session_abort (test->session);
  g_assert_false (xmpp_chat_states_send (self, both, XMPP_CHAT_STATE_COMPOSING));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/chat-states/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/chat-states/after-theirs", test_after_theirs, NULL);
  linnet_test_add ("/xmpp/chat-states/after-becoming-mutual", test_after_becoming_mutual, NULL);
  linnet_test_add ("/xmpp/chat-states/by-caps", test_by_caps, NULL);
  linnet_test_add ("/xmpp/chat-states/by-caps-not-mutual", test_by_caps_not_mutual, NULL);

  return g_test_run ();
}
