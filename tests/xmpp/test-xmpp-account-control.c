/* Tests of XEP-0077 in a session: another password, and the end of the account
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-account-control.h"
#include "xmpp-test-session.h"

#define PASSWORD_C                                                            \
  "<iq type='set' id='*' to='example.org'><query xmlns='jabber:iq:register'>" \
  "<username>ana</username><password>new &amp; better</password></query></iq>"
#define REMOVE_C "<iq type='set' id='*'><query xmlns='jabber:iq:register'><remove/></query></iq>"
#define ERROR(from, type, condition)                                    \
  "<iq type='error' id='$1'" from "><error type='" type "'><" condition \
  " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
#define SERVER " from='example.org'"

typedef struct
{
  const char *name;
  const char *answer;
  int error; /* -1: none */
} Row;

static const Row passwords[] = {
  { "changed", "<iq type='result' id='$1' from='example.org'/>", -1 },
  { "too-weak", ERROR (SERVER, "modify", "not-acceptable"), XMPP_STANZA_ERROR_NOT_ACCEPTABLE },
  { "not-allowed", ERROR (SERVER, "cancel", "not-allowed"), XMPP_STANZA_ERROR_NOT_ALLOWED },
  { "not-there", ERROR (SERVER, "cancel", "service-unavailable"), XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE },
};

static const Row removals[] = {
  { "answered", "<iq type='result' id='$1'/>", -1 },
  { "stream-error",
    "<stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
    "</stream:stream>",
    -1 },
  { "stream-ends", "</stream:stream>", -1 },
  { "answered-and-ended", "<iq type='result' id='$1'/></stream:stream>", -1 },
  { "refused", ERROR ("", "cancel", "not-allowed"), XMPP_STANZA_ERROR_NOT_ALLOWED },
  { "forbidden", ERROR ("", "auth", "forbidden"), XMPP_STANZA_ERROR_FORBIDDEN },
};

static XmppTest *
start (const char *question, const char *answer)
{
  const GType types[] = { G_TYPE_INVALID };
  const LinnetTestStep steps[] = { { .c = question, .s = answer }, {} };
  XmppTest *test = xmpp_test_new (types);

  xmpp_test_start (test, steps, NULL);

  return test;
}

static void
check (DexFuture *future, int error)
{
  if (error == -1)
    linnet_test_assert_resolves (future);
  else
    linnet_test_assert_rejects (future, XMPP_STANZA_ERROR, error);
}

static void
test_password (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (XmppTest) test = start (PASSWORD_C, row->answer);

  check (xmpp_account_control_change_password (test->session, "new & better"), row->error);
}

static void
test_removal (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (XmppTest) test = start (REMOVE_C, row->answer);

  check (xmpp_account_control_unregister (test->session), row->error);
}

/* Whether the account is still there is not known then: only a sign-in tells. */
static void
test_unanswered (gconstpointer data)
{
  g_autoptr (XmppTest) test = start (REMOVE_C, NULL);

  g_object_set (test->session, "iq-timeout", 50, NULL);
  check (xmpp_account_control_unregister (test->session), -1);
}

static void
test_offline (gconstpointer data)
{
  const GType types[] = { G_TYPE_INVALID };
  g_autoptr (XmppTest) test = xmpp_test_new (types);

  check (xmpp_account_control_unregister (test->session), XMPP_STANZA_ERROR_DISCONNECTED);
}

static void
add_rows (const char *prefix, const Row *rows, gsize n, LinnetTestFunc func)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/account-control/%s/%s", prefix, rows[i].name);

      linnet_test_add (path, func, &rows[i]);
    }
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  add_rows ("password", passwords, G_N_ELEMENTS (passwords), test_password);
  add_rows ("removal", removals, G_N_ELEMENTS (removals), test_removal);
  linnet_test_add ("/xmpp/account-control/removal/unanswered", test_unanswered, NULL);
  linnet_test_add ("/xmpp/account-control/removal/offline", test_offline, NULL);

  return g_test_run ();
}
