/* Tests of full control: another password, the end of the account, who is kept away
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-account-control.h"
#include "linnet-error.h"
#include "linnet-spawn.h"
#include "linnet-test-signed-in.h"

#define CHANGE_C                                                              \
  "<iq type='set' id='*' to='example.org'><query xmlns='jabber:iq:register'>" \
  "<username>ana</username><password>crayon</password></query></iq>"
#define REMOVE_C "<iq type='set' id='*'><query xmlns='jabber:iq:register'><remove/></query></iq>"
#define RESULT "<iq type='result' id='$1'/>"
#define ERROR(condition)                                      \
  "<iq type='error' id='$1'><error type='cancel'><" condition \
  " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
#define CRAYON_C LINNET_TEST_PASSWORD_C ("AGFuYQBjcmF5b24=")
#define STREAM_ERROR                                                                           \
  "<stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>" \
  "</stream:stream>"

static const LinnetTestStep wrong_password[] = {
  LINNET_TEST_TO_SASL,
  { .c = LINNET_TEST_PENCIL_C, .s = LINNET_TEST_NOT_AUTHORIZED, .act = LINNET_TEST_WAIT_EOF },
  {},
};

static char *
dup_known_password (LinnetTestSignedIn *test)
{
  return linnet_credentials_dup_typed_password (
      linnet_connection_get_credentials (test->account->connection));
}

/* ---- another password ---- */

static const struct
{
  const char *name;
  const char *answer;
  int error; /* -1: none */
} changes[] = {
  { "changed", RESULT, -1 },
  { "weak", ERROR ("not-acceptable"), LINNET_ERROR_WEAK_PASSWORD },
  { "not-allowed", ERROR ("not-allowed"), LINNET_ERROR_PASSWORD_FIXED },
  { "unknown", ERROR ("service-unavailable"), LINNET_ERROR_PASSWORD_FIXED },
  { "too-often", ERROR ("resource-constraint"), LINNET_ERROR_TRY_LATER },
};

static void
test_change (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = {
    LINNET_TEST_ONLINE, { .c = CHANGE_C, .s = changes[row].answer }, LINNET_TEST_GOODBYE, {}
  };
  LinnetTestSignedIn *test = linnet_test_signed_in_new (steps);
  DexFuture *future = linnet_account_change_password (test->account, "crayon");
  g_autofree char *known = NULL;

  if (changes[row].error == -1)
    linnet_test_assert_resolves (future);
  else
    linnet_test_assert_rejects (future, LINNET_ERROR, changes[row].error);

  /* There is no keyring here: it is what the next sign-in uses. */
  known = dup_known_password (test);
  g_assert_cmpstr (known, ==, changes[row].error == -1 ? "crayon" : "pencil");
  linnet_test_signed_in_free (test);
}

/* The answer is lost: which of the two counts is found out. */
static void
test_change_lost (gconstpointer data)
{
  gboolean changed = GPOINTER_TO_INT (data);
  static const LinnetTestStep first[] = {
    LINNET_TEST_ONLINE, { .c = CHANGE_C, .act = LINNET_TEST_CLOSE }, {}
  };
  static const LinnetTestStep accepted[] = {
    LINNET_TEST_TO_SESSION (CRAYON_C, "", "shelf"), LINNET_TEST_GOODBYE, {}
  };
  static const LinnetTestStep refused[] = {
    LINNET_TEST_TO_SASL,
    { .c = CRAYON_C, .s = LINNET_TEST_NOT_AUTHORIZED, .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  LinnetTestSignedIn *test = linnet_test_signed_in_new (first);
  g_autofree char *known = NULL;
  DexFuture *future;

  /* What is looked at is the question's own connection, not the account's. */
  linnet_connection_set_last (test->account->connection, TRUE);
  linnet_test_server_play (test->server, changed ? accepted : refused);
  future = linnet_account_change_password (test->account, "crayon");
  if (changed)
    linnet_test_assert_resolves (future);
  else
    linnet_test_assert_rejects (future, LINNET_ERROR, LINNET_ERROR_CONNECTION_LOST);

  known = dup_known_password (test);
  g_assert_cmpstr (known, ==, changed ? "crayon" : "pencil");
  linnet_test_signed_in_free (test);
}

static void
test_change_unusable (gconstpointer data)
{
  static const LinnetTestStep steps[] = { LINNET_TEST_ONLINE, LINNET_TEST_GOODBYE, {} };
  LinnetTestSignedIn *test = linnet_test_signed_in_new (steps);

  linnet_test_assert_rejects (
      linnet_account_change_password (test->account, ""), LINNET_ERROR, LINNET_ERROR_BAD_PASSWORD);
  linnet_test_assert_rejects (
      linnet_account_change_password (test->account, "tab\there"), LINNET_ERROR, LINNET_ERROR_BAD_PASSWORD);
  linnet_test_signed_in_free (test);
}

/* A server that does not prepare it must not keep another one than will be proven. */
static void
test_change_prepared (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_ONLINE, { .c = CHANGE_C, .s = RESULT }, LINNET_TEST_GOODBYE, {}
  };
  LinnetTestSignedIn *test = linnet_test_signed_in_new (steps);
  g_autofree char *known = NULL;

  /* A letter as wide as an ideograph. */
  linnet_test_assert_resolves (linnet_account_change_password (test->account, "cra\uff59on"));
  known = dup_known_password (test);
  g_assert_cmpstr (known, ==, "crayon");
  linnet_test_signed_in_free (test);
}

/* ---- the end of the account ---- */

static const struct
{
  const char *name;
  LinnetTestStep answer;
} ends[] = {
  { "answered", { .c = REMOVE_C, .s = RESULT } },
  { "answered-and-ended", { .c = REMOVE_C, .s = RESULT STREAM_ERROR, .act = LINNET_TEST_CLOSE } },
  { "stream-error", { .c = REMOVE_C, .s = STREAM_ERROR, .act = LINNET_TEST_CLOSE } },
  { "cut-off", { .c = REMOVE_C, .act = LINNET_TEST_CLOSE } },
};

static void
test_delete (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep stays[] = { LINNET_TEST_ONLINE, ends[row].answer, LINNET_TEST_GOODBYE, {} };
  const LinnetTestStep leaves[] = { LINNET_TEST_ONLINE, ends[row].answer, {} };
  LinnetTestSignedIn *test =
      linnet_test_signed_in_new (ends[row].answer.act == LINNET_TEST_CLOSE ? leaves : stays);

  linnet_test_server_play (test->server, wrong_password);
  linnet_test_assert_resolves (linnet_account_delete_on_server (test->account));
  g_assert_null (linnet_account_manager_find_account (test->manager, "ana@example.org"));
  g_assert_cmpuint (linnet_test_server_get_n_connections (test->server), ==, 2);
  linnet_test_signed_in_free (test);
}

static const struct
{
  const char *name;
  const char *answer;
  int error;
} refusals[] = {
  { "not-allowed", ERROR ("not-allowed"), LINNET_ERROR_DELETION_REFUSED },
  { "forbidden", ERROR ("forbidden"), LINNET_ERROR_DELETION_REFUSED },
  { "unknown", ERROR ("service-unavailable"), LINNET_ERROR_DELETION_REFUSED },
  { "later", ERROR ("resource-constraint"), LINNET_ERROR_TRY_LATER },
};

static void
test_refused (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = {
    LINNET_TEST_ONLINE, { .c = REMOVE_C, .s = refusals[row].answer }, LINNET_TEST_GOODBYE, {}
  };
  LinnetTestSignedIn *test = linnet_test_signed_in_new (steps);

  linnet_test_assert_rejects (
      linnet_account_delete_on_server (test->account), LINNET_ERROR, refusals[row].error);
  g_assert_nonnull (linnet_account_manager_find_account (test->manager, "ana@example.org"));
  linnet_test_wait_state (test->account, LINNET_CONNECTION_ONLINE);
  linnet_test_signed_in_free (test);
}

/* Not still: it may be about to leave the first stream. */
static gboolean
is_online_again (gpointer account, gpointer server)
{
  return linnet_account_get_state (account) == LINNET_CONNECTION_ONLINE &&
         linnet_test_server_get_n_connections (server) == 3;
}

/* The server says yes, but nothing happened: nothing is erased here. */
static void
test_still_there (gconstpointer data)
{
  static const LinnetTestStep first[] = {
    LINNET_TEST_ONLINE, { .c = REMOVE_C, .s = RESULT }, LINNET_TEST_GOODBYE, {}
  };
  static const LinnetTestStep second[] = {
    LINNET_TEST_TO_SESSION (LINNET_TEST_PENCIL_C, "", "shelf"), LINNET_TEST_GOODBYE, {}
  };
  static const LinnetTestStep third[] = {
    LINNET_TEST_TO_SESSION (LINNET_TEST_PENCIL_C, "<resource>desk</resource>", "desk"),
    XMPP_TEST_INTRO,
    LINNET_TEST_GOODBYE,
    {},
  };
  LinnetTestSignedIn *test = linnet_test_signed_in_new (first);

  linnet_test_server_play (test->server, second);
  linnet_test_server_play (test->server, third);
  linnet_test_assert_rejects (
      linnet_account_delete_on_server (test->account), LINNET_ERROR, LINNET_ERROR_STILL_THERE);
  g_assert_nonnull (linnet_account_manager_find_account (test->manager, "ana@example.org"));
  linnet_test_wait_for (test->account, "notify::state", is_online_again, test->server);
  linnet_test_signed_in_free (test);
}

/* ---- keeping others away ---- */

#define BLOCK_C(jid) \
  "<iq type='set' id='*'><block xmlns='urn:xmpp:blocking'><item jid='" jid "'/></block></iq>"

static const struct
{
  const char *name;
  const char *typed;
  const char *question; /* nullable: nothing is asked */
  int error;            /* -1: none */
} blocks[] = {
  { "address", "mallory@example.com", BLOCK_C ("mallory@example.com"), -1 },
  { "domain", " Spam.Example ", BLOCK_C ("spam.example"), -1 },
  { "normalised", "Mallory@Example.COM", BLOCK_C ("mallory@example.com"), -1 },
  { "with-resource", "mallory@example.com/x", NULL, LINNET_ERROR_BAD_ADDRESS },
  { "word", "mallory", NULL, LINNET_ERROR_BAD_ADDRESS },
  { "nothing", "  ", NULL, LINNET_ERROR_BAD_ADDRESS },
  { "oneself", "ana@example.org", NULL, LINNET_ERROR_OWN_ADDRESS },
  { "own-server", "example.org", NULL, LINNET_ERROR_OWN_SERVER },
};

static void
test_block (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep asks[] = {
    LINNET_TEST_ONLINE, { .c = blocks[row].question, .s = RESULT }, LINNET_TEST_GOODBYE, {}
  };
  static const LinnetTestStep does_not[] = { LINNET_TEST_ONLINE, LINNET_TEST_GOODBYE, {} };
  LinnetTestSignedIn *test = linnet_test_signed_in_new (blocks[row].question != NULL ? asks : does_not);
  DexFuture *future = linnet_account_set_blocked (test->account, blocks[row].typed, TRUE);

  if (blocks[row].error == -1)
    linnet_test_assert_resolves (future);
  else
    linnet_test_assert_rejects (future, LINNET_ERROR, blocks[row].error);
  linnet_test_signed_in_free (test);
}

static void
test_unblock (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_ONLINE,
    { .c = "<iq type='set' id='*'><unblock xmlns='urn:xmpp:blocking'><item jid='spam.example'/></unblock>"
           "</iq>",
      .s = RESULT },
    LINNET_TEST_GOODBYE,
    {},
  };
  LinnetTestSignedIn *test = linnet_test_signed_in_new (steps);

  linnet_test_assert_resolves (linnet_account_set_blocked (test->account, "spam.example", FALSE));
  linnet_test_signed_in_free (test);
}

static void
test_report (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_ONLINE,
    { .c = "<iq type='set' id='*'><block xmlns='urn:xmpp:blocking'><item jid='mallory@example.com'>"
           "<report xmlns='urn:xmpp:reporting:1' reason='urn:xmpp:reporting:abuse'><text>Threats</text>"
           "</report></item></block></iq>",
      .s = RESULT },
    { .c = "<iq type='set' id='*'><block xmlns='urn:xmpp:blocking'><item jid='spam@example.com'>"
           "<report xmlns='urn:xmpp:reporting:1' reason='urn:xmpp:reporting:spam'/></item></block></iq>",
      .s = ERROR ("not-allowed") },
    LINNET_TEST_GOODBYE,
    {},
  };
  LinnetTestSignedIn *test = linnet_test_signed_in_new (steps);

  /* This server has not said that it takes reports: nobody is offered to make one. */
  g_assert_false (linnet_account_can_report (test->account));
  linnet_test_assert_resolves (
      linnet_account_report (test->account, "mallory@example.com", LINNET_REPORT_ABUSE, "Threats"));
  linnet_test_assert_rejects (
      linnet_account_report (test->account, "spam@example.com", LINNET_REPORT_SPAM, NULL),
      LINNET_ERROR,
      LINNET_ERROR_NOT_ALLOWED);
  linnet_test_assert_rejects (linnet_account_report (test->account, "word", LINNET_REPORT_SPAM, NULL),
                              LINNET_ERROR,
                              LINNET_ERROR_BAD_ADDRESS);
  linnet_test_signed_in_free (test);
}

#define ADD_ROWS(prefix, table, func)                                                                    \
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)                                                       \
    {                                                                                                    \
      g_autofree char *path = g_strdup_printf ("/model/account-control/" prefix "/%s", (table)[i].name); \
                                                                                                         \
      linnet_test_add (path, func, GSIZE_TO_POINTER (i));                                                \
    }

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  ADD_ROWS ("change", changes, test_change)
  linnet_test_add ("/model/account-control/change/lost-but-done", test_change_lost, GINT_TO_POINTER (TRUE));
  linnet_test_add ("/model/account-control/change/lost", test_change_lost, GINT_TO_POINTER (FALSE));
  linnet_test_add ("/model/account-control/change/prepared", test_change_prepared, NULL);
  linnet_test_add ("/model/account-control/change/unusable", test_change_unusable, NULL);
  ADD_ROWS ("delete", ends, test_delete)
  ADD_ROWS ("refused", refusals, test_refused)
  linnet_test_add ("/model/account-control/still-there", test_still_there, NULL);
  ADD_ROWS ("block", blocks, test_block)
  linnet_test_add ("/model/account-control/unblock", test_unblock, NULL);
  linnet_test_add ("/model/account-control/report", test_report, NULL);

  return g_test_run ();
}
