/* Tests of the first sign-in where it ends early: why, and that nothing stays of it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-account-manager.h"
#include "linnet-error.h"
#include "linnet-test-ca.h"
#include "linnet-test-model.h"
#include "linnet-test-server.h"
#include "linnet-test-signed-in.h"
#include "linnet-test-socks.h"
#include "linnet-test.h"

#define MECHANISMS(list) "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>" list "</mechanisms>"
#define FEATURES(list) LINNET_TEST_STREAM_S ("example.org") "<stream:features>" list "</stream:features>"
#define PLAIN "<mechanism>PLAIN</mechanism>"
#define AUTH "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGFuYQBzZWNyZXQ=</auth>"
#define FAILURE(condition) \
  "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><" condition "/></failure>"

static const LinnetTestAccount known = { .address = "mira@example.org" };

static LinnetTestServer *
listen (LinnetTestCa *ca,
        const LinnetTestStep *steps,
        LinnetSignIn *sign_in)
{
  LinnetTestServer *server = linnet_test_server_new ();
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (ca, NULL);

  linnet_test_ca_trust (ca);
  linnet_test_server_set_certificate (server, certificate);
  linnet_test_server_play (server, steps);
  sign_in->host = "127.0.0.1";
  sign_in->port = linnet_test_server_listen (server, "127.0.0.1");

  return server;
}

/* Neither now nor after the next start is there more than the account that was there before. */
static void
finish (LinnetAccountManager *manager)
{
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (manager)), ==, 1);
  manager = linnet_test_manager_restart (manager);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (manager)), ==, 1);
  g_assert_null (linnet_account_manager_find_account (manager, "ana@example.org"));
  linnet_test_manager_free (manager);
}

/* These do not even ask the network. */
static void
test_typed_wrong (gconstpointer data)
{
  static const struct
  {
    const char *address;
    LinnetError code;
  } rows[] = {
    { "", LINNET_ERROR_BAD_ADDRESS },
    { "ana", LINNET_ERROR_BAD_ADDRESS },
    { "@example.org", LINNET_ERROR_BAD_ADDRESS },
    { "ana@example.org/desk", LINNET_ERROR_BAD_ADDRESS },
    { "mira@example.org", LINNET_ERROR_ACCOUNT_EXISTS },
    { " MIRA@Example.org ", LINNET_ERROR_ACCOUNT_EXISTS },
    { "ana@example.org", LINNET_ERROR_BAD_PROXY },
  };
  LinnetAccountManager *manager = linnet_test_manager_new (&known, 1);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const LinnetSignIn sign_in = { .address = rows[i].address,
                                     .password = "secret",
                                     .proxy = "http://localhost" };

      linnet_test_assert_rejects (
          linnet_account_manager_sign_in (manager, &sign_in), LINNET_ERROR, rows[i].code);
    }
  finish (manager);
}

static const struct
{
  const char *name;
  const char *features;
  gboolean allow_plain;
  const char *failure; /* nullable: the server is not told the password */
  LinnetError code;
} rows[] = {
  { .name = "no-mechanism",
    .features = FEATURES (""),
    .code = LINNET_ERROR_NO_MECHANISM },
  { .name = "plain-needs-consent",
    .features = FEATURES (MECHANISMS (PLAIN)),
    .code = LINNET_ERROR_PLAIN_CONSENT },
  { .name = "wrong-password",
    .features = FEATURES (MECHANISMS (PLAIN)),
    .allow_plain = TRUE,
    .failure = FAILURE ("not-authorized"),
    .code = LINNET_ERROR_WRONG_PASSWORD },
  { .name = "disabled",
    .features = FEATURES (MECHANISMS (PLAIN)),
    .allow_plain = TRUE,
    .failure = FAILURE ("account-disabled"),
    .code = LINNET_ERROR_ACCOUNT_DISABLED },
  { .name = "later",
    .features = FEATURES (MECHANISMS (PLAIN)),
    .allow_plain = TRUE,
    .failure = FAILURE ("temporary-auth-failure"),
    .code = LINNET_ERROR_TRY_LATER },
};

static void
test_refused (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep refusal = { .c = AUTH, .s = rows[row].failure };
  const LinnetTestStep end = { .act = LINNET_TEST_WAIT_EOF };
  const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN_TLS ("example.org"),
    { .c = LINNET_TEST_STREAM_C ("example.org"), .s = rows[row].features },
    rows[row].failure != NULL ? refusal : end,
    rows[row].failure != NULL ? end : (LinnetTestStep) { 0 },
    {},
  };
  LinnetSignIn sign_in = {
    .address = "ana@example.org",
    .password = "secret",
    .allow_plain = rows[row].allow_plain,
  };
  LinnetAccountManager *manager = linnet_test_manager_new (&known, 1);
  g_autoptr (LinnetTestCa) ca = linnet_test_ca_new ();
  g_autoptr (LinnetTestServer) server = listen (ca, steps, &sign_in);

  linnet_test_assert_rejects (
      linnet_account_manager_sign_in (manager, &sign_in), LINNET_ERROR, rows[row].code);
  linnet_test_assert_resolves (linnet_test_server_finish (server));
  finish (manager);
}

/* The name goes to the proxy, with the password that was typed for it; without the right one nobody goes. */
static void
test_proxy (gconstpointer data)
{
  gboolean right = GPOINTER_TO_INT (data);
  static const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN_TLS ("example.org"),
    { .c = LINNET_TEST_STREAM_C ("example.org"), .s = FEATURES ("") },
    { .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  static const LinnetTestStep nothing[] = { {} };
  LinnetSignIn sign_in = { .address = "ana@example.org", .password = "secret" };
  LinnetAccountManager *manager = linnet_test_manager_new (&known, 1);
  g_autoptr (LinnetTestCa) ca = linnet_test_ca_new ();
  g_autoptr (LinnetTestServer) server = listen (ca, right ? steps : nothing, &sign_in);
  g_autoptr (LinnetTestSocks) socks = linnet_test_socks_new ("ana", "s@cret", sign_in.port);
  g_autofree char *proxy = g_strdup_printf (
      "ana:%s@127.0.0.1:%u", right ? "s%40cret" : "guess", linnet_test_socks_get_port (socks));

  sign_in.host = NULL;
  sign_in.port = 0;
  sign_in.proxy = proxy;
  linnet_test_assert_rejects (linnet_account_manager_sign_in (manager, &sign_in),
                              LINNET_ERROR,
                              right ? LINNET_ERROR_NO_MECHANISM : LINNET_ERROR_PROXY);
  g_assert_cmpstr (linnet_test_socks_get_asked (socks), ==, right ? "example.org:5222" : "");
  if (right)
    linnet_test_assert_resolves (linnet_test_server_finish (server));
  finish (manager);
}

/* The person goes back while the server thinks: the connection ends, too. */
static void
test_cancelled (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN_TLS ("example.org"),
    LINNET_TEST_OPEN ("example.org", MECHANISMS (PLAIN)),
    { .c = AUTH },
    { .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  LinnetSignIn sign_in = { .address = "ana@example.org", .password = "secret", .allow_plain = TRUE };
  LinnetAccountManager *manager = linnet_test_manager_new (&known, 1);
  g_autoptr (LinnetTestCa) ca = linnet_test_ca_new ();
  g_autoptr (LinnetTestServer) server = listen (ca, steps, &sign_in);
  g_autoptr (DexFuture) signing_in = linnet_account_manager_sign_in (manager, &sign_in);

  while (linnet_test_server_get_n_connections (server) == 0 ||
         g_strrstr (linnet_test_server_get_received (server), "</auth>") == NULL)
    linnet_test_turn ();
  g_assert_true (dex_future_is_pending (signing_in));
  dex_clear (&signing_in);
  linnet_test_assert_resolves (linnet_test_server_finish (server));
  finish (manager);
}

typedef enum
{
  BOUND, /* the server has nothing more to say */
  SHOWN, /* the account is in the list */
} Moment;

static gboolean
has_come (Moment moment,
          LinnetAccountManager *manager,
          LinnetTestServer *server)
{
  if (moment == SHOWN)
    return linnet_account_manager_find_account (manager, "ana@example.org") != NULL;

  return linnet_test_server_get_n_connections (server) > 0 &&
         g_strrstr (linnet_test_server_get_received (server), "<bind ") != NULL;
}

/* The person goes back while nothing is missing but that the account is kept and shown: also a little later,
 * and later still. */
static void
test_cancelled_late (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_TO_SESSION (LINNET_TEST_PASSWORD_C ("AGFuYQBzZWNyZXQ="), "", "desk"),
    { .act = LINNET_TEST_CLOSE },
    {},
  };
  Moment moment = GPOINTER_TO_UINT (data);
  guint n_given_up = 0;

  for (guint n_turns = 0; n_turns < 3; n_turns++)
    {
      LinnetSignIn sign_in = { .address = "ana@example.org", .password = "secret", .allow_plain = TRUE };
      LinnetAccountManager *manager = linnet_test_manager_new (&known, 1);
      g_autoptr (LinnetTestCa) ca = linnet_test_ca_new ();
      g_autoptr (LinnetTestServer) server = listen (ca, steps, &sign_in);
      g_autoptr (DexFuture) signing_in = NULL;

      linnet_test_server_allow_hang_up (server);
      signing_in = linnet_account_manager_sign_in (manager, &sign_in);
      while (!has_come (moment, manager, server))
        linnet_test_turn ();
      for (guint i = 0; i < n_turns; i++)
        linnet_test_turn ();

      if (!dex_future_is_pending (signing_in))
        linnet_test_assert_resolves (linnet_account_manager_remove (
            manager, linnet_account_manager_find_account (manager, "ana@example.org")));
      else
        n_given_up++;
      dex_clear (&signing_in);

      while (linnet_account_manager_find_account (manager, "ana@example.org") != NULL)
        linnet_test_turn ();
      finish (manager);
    }

  g_assert_cmpuint (n_given_up, >, 0);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/sign-in/typed-wrong", test_typed_wrong, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/sign-in/refused/%s", rows[i].name);

      linnet_test_add (path, test_refused, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/model/sign-in/proxy", test_proxy, GINT_TO_POINTER (TRUE));
  linnet_test_add ("/model/sign-in/proxy-refuses", test_proxy, GINT_TO_POINTER (FALSE));
  linnet_test_add ("/model/sign-in/cancelled", test_cancelled, NULL);
  linnet_test_add ("/model/sign-in/cancelled-late", test_cancelled_late, GUINT_TO_POINTER (BOUND));
  linnet_test_add ("/model/sign-in/cancelled-when-shown", test_cancelled_late, GUINT_TO_POINTER (SHOWN));

  return g_test_run ();
}
