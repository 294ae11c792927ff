/* Tests of who else uses an account
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-error.h"
#include "linnet-other-session.h"
#include "linnet-spawn.h"
#include "linnet-test-online.h"

#define CAM "urn:xmpp:cam:0"
#define LIST_C(ns) "<iq type='get' id='*'><list xmlns='" ns "'/></iq>"
#define ERROR(condition)                                      \
  "<iq type='error' id='$1'><error type='cancel'><" condition \
  " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
#define CLIENTS(content) "<iq type='result' id='$1'><clients xmlns='" CAM "'>" content "</clients></iq>"
#define CLIENT(id, connected, last, software)                                     \
  "<client connected='" connected "' id='" id "' type='session'><last-seen>" last \
  "</last-seen><user-agent><software>" software "</software></user-agent></client>"
#define NO_LIST                                                                                 \
  { .c = LIST_C (CAM), .s = ERROR ("service-unavailable") },                                    \
  {                                                                                             \
    .c = LIST_C ("xmpp:prosody.im/protocol/manage-clients"), .s = ERROR ("service-unavailable") \
  }

static char *
describe (GListModel *sessions)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (sessions); i++)
    {
      g_autoptr (LinnetOtherSession) session = g_list_model_get_item (sessions, i);
      const char *name = linnet_other_session_get_name (session);

      g_string_append_printf (text,
                              "%s%s%s%s;",
                              name != NULL ? name : "-",
                              linnet_other_session_get_current (session) ? " current" : "",
                              linnet_other_session_get_connected (session) ? " connected" : "",
                              linnet_other_session_get_can_end (session) ? " can-end" : "");
    }

  return g_string_free_and_steal (text);
}

static void
test_list (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = LIST_C (CAM),
      .s = CLIENTS (CLIENT ("client/1", "false", "2024-01-01T00:00:00Z", "Old")
                        CLIENT ("client/2", "false", "2024-02-01T00:00:00Z", "Newer")
                            CLIENT ("client/3", "true", "2023-01-01T00:00:00Z", "Phone")
                                CLIENT ("client/own-id", "true", "2022-01-01T00:00:00Z", "Linnet")) },
    {},
  };
  LinnetTestOnline *test = linnet_test_online_new (NULL, 0);
  g_autoptr (GListModel) sessions = NULL;
  g_autofree char *text = NULL;

  g_set_str (&test->account->row->user_agent_id, "own-id");
  linnet_test_online_start (test, steps, NULL);
  sessions = dex_await_object (linnet_account_load_sessions (test->account), NULL);
  text = describe (sessions);
  g_assert_cmpstr (
      text, ==, "Linnet current connected;Phone connected can-end;Newer can-end;Old can-end;");
  linnet_test_online_finish (test);
  linnet_test_online_free (test);
}

/* Programs that did not say what they are when they signed in. */
static void
test_resources (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = "<presence from='ana@example.org/phone.4tz9'/><presence from='ana@example.org/desk'/>"
           "<presence from='ana@example.org/shy'/>" XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    { .c = LIST_C (CAM),
      .s = CLIENTS (CLIENT ("client/1", "true", "2024-01-02T00:00:00Z", "phone.4tz9")
                        CLIENT ("client/2", "true", "2024-01-01T00:00:00Z", "shy")
                            CLIENT ("client/3", "true", "2022-01-01T00:00:00Z", "desk")) },
    { .c = "<iq type='get' id='*' to='ana@example.org/phone.4tz9'>"
           "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
      .s = "<iq type='result' id='$1' from='ana@example.org/phone.4tz9'>"
           "<query xmlns='http://jabber.org/protocol/disco#info'>"
           "<identity category='client' type='phone' name='Conversations'/></query></iq>" },
    { .c = "<iq type='get' id='*' to='ana@example.org/shy'>"
           "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
      .s = "<iq type='result' id='$1' from='ana@example.org/shy'>"
           "<query xmlns='http://jabber.org/protocol/disco#info'>"
           "<identity category='client' type='pc'/></query></iq>" },
    {},
  };
  LinnetTestOnline *test = linnet_test_online_new (NULL, 0);
  g_autoptr (GListModel) sessions = NULL;
  g_autofree char *text = NULL;

  linnet_test_online_start (test, steps, NULL);
  linnet_test_settle ();
  sessions = dex_await_object (linnet_account_load_sessions (test->account), NULL);
  text = describe (sessions);
  g_assert_cmpstr (
      text, ==, "Linnet current connected;Conversations connected can-end;shy connected can-end;");
  linnet_test_online_finish (test);
  linnet_test_online_free (test);
}

/* A server that does not tell: who is online. */
static void
test_online (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = "<presence from='ana@example.org/phone'/><presence from='ana@example.org/desk'/>"
           "<presence from='ana@example.org/shy'/>" XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    NO_LIST,
    { .c = "<iq type='get' id='*' to='ana@example.org/phone'>"
           "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
      .s = "<iq type='result' id='$1' from='ana@example.org/phone'>"
           "<query xmlns='http://jabber.org/protocol/disco#info'>"
           "<identity category='client' type='phone' name='Conversations'/></query></iq>" },
    { .c = "<iq type='get' id='*' to='ana@example.org/shy'>"
           "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
      .s = "<iq type='error' id='$1' from='ana@example.org/shy'><error type='cancel'><service-unavailable "
           "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>" },
    {},
  };
  LinnetTestOnline *test = linnet_test_online_new (NULL, 0);
  g_autoptr (GListModel) sessions = NULL;
  g_autofree char *text = NULL;

  linnet_test_online_start (test, steps, NULL);
  linnet_test_settle ();
  sessions = dex_await_object (linnet_account_load_sessions (test->account), NULL);
  text = describe (sessions);
  g_assert_true (g_str_has_prefix (text, "Linnet current connected;"));
  g_assert_nonnull (strstr (text, "Conversations connected;"));
  g_assert_nonnull (strstr (text, "- connected;"));
  g_assert_cmpuint (g_list_model_get_n_items (sessions), ==, 3);
  linnet_test_online_finish (test);
  linnet_test_online_free (test);
}

static const struct
{
  const char *name;
  const char *answer;
  int error; /* -1: none */
} ends[] = {
  { "ended", "<iq type='result' id='$1'/>", -1 },
  { "gone-already", ERROR ("item-not-found"), -1 },
  { "knows-the-password", ERROR ("service-unavailable"), LINNET_ERROR_PASSWORD_KNOWN },
  { "refused", ERROR ("forbidden"), LINNET_ERROR_NOT_ALLOWED },
};

static void
test_end (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = LIST_C (CAM), .s = CLIENTS (CLIENT ("client/3", "true", "2023-01-01T00:00:00Z", "Phone")) },
    { .c = "<iq type='set' id='*'><revoke xmlns='" CAM "' id='client/3'/></iq>", .s = ends[row].answer },
    {},
  };
  LinnetTestOnline *test = linnet_test_online_new (NULL, 0);
  g_autoptr (GListModel) sessions = NULL;
  g_autoptr (LinnetOtherSession) session = NULL;
  DexFuture *future;

  linnet_test_online_start (test, steps, NULL);
  sessions = dex_await_object (linnet_account_load_sessions (test->account), NULL);
  session = g_list_model_get_item (sessions, 0);
  g_assert_cmpstr (linnet_other_session_get_name (session), ==, "Phone");
  g_assert_null (linnet_other_session_get_device (session));
  g_assert_cmpint (linnet_other_session_get_last_seen (session), ==, 1672531200);

  future = linnet_account_end_session (test->account, session);
  if (ends[row].error == -1)
    linnet_test_assert_resolves (future);
  else
    linnet_test_assert_rejects (future, LINNET_ERROR, ends[row].error);
  linnet_test_online_finish (test);
  linnet_test_online_free (test);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/other-session/list", test_list, NULL);
  linnet_test_add ("/model/other-session/online", test_online, NULL);
  linnet_test_add ("/model/other-session/resources", test_resources, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/other-session/end/%s", ends[i].name);

      linnet_test_add (path, test_end, GSIZE_TO_POINTER (i));
    }

  return g_test_run ();
}
