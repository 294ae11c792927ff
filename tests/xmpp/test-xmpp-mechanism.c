/* Tests of one SASL exchange, whatever the mechanism
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "login-fixture.h"

static const XmppMechanismChoice plain = { .mechanism = "PLAIN" };
static const XmppMechanismChoice unbound = {
  .mechanism = "SCRAM-SHA-1",
  .hash = XMPP_SCRAM_SHA_1,
  .flag = 'y',
  .scram = TRUE,
};

static XmppMechanism *
new_mechanism (const XmppMechanismChoice *choice)
{
  g_autoptr (GError) error = NULL;
  XmppMechanism *mechanism;

  mechanism = xmpp_mechanism_new (choice,
                                  &(XmppCredentials) {
                                      .username = "user",
                                      .secret = "pencil",
                                      .nonce = "fyko+d2lbbFgONRv9qkxdawL",
                                  },
                                  &error);
  g_assert_no_error (error);

  return mechanism;
}

static void
test_plain (gconstpointer data)
{
  g_autoptr (XmppMechanism) mechanism = new_mechanism (&plain);
  g_autofree char *initial = xmpp_mechanism_dup_initial (mechanism);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (initial, ==, PLAIN_FIRST);
  g_assert_cmpstr (xmpp_mechanism_get_name (mechanism), ==, "PLAIN");
  g_assert_null (xmpp_mechanism_get_binding (mechanism));
  g_assert_false (xmpp_mechanism_depends_on_channel (mechanism));
  g_assert_null (xmpp_mechanism_respond (mechanism, "", &error));
  g_assert_error (error, XMPP_SASL_ERROR, XMPP_SASL_ERROR_MALFORMED);
  g_assert_true (xmpp_mechanism_finish (mechanism, NULL, NULL));
}

static void
test_scram (gconstpointer data)
{
  g_autoptr (XmppMechanism) mechanism = new_mechanism (&unbound);
  g_autofree char *initial = xmpp_mechanism_dup_initial (mechanism);
  g_autofree char *response = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (initial, ==, UNBOUND_FIRST);
  g_assert_true (xmpp_mechanism_depends_on_channel (mechanism));
  response = xmpp_mechanism_respond (mechanism, UNBOUND_CHALLENGE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (response, ==, UNBOUND_RESPONSE);
  g_assert_true (xmpp_mechanism_finish (mechanism, UNBOUND_FINAL, &error));
  g_assert_no_error (error);
}

/* "y" and 'p' depend on the channel, "n" does not. */
static void
test_unbound_flag (gconstpointer data)
{
  XmppMechanismChoice choice = unbound;
  g_autoptr (XmppMechanism) mechanism = NULL;

  choice.flag = 'n';
  mechanism = new_mechanism (&choice);
  g_assert_false (xmpp_mechanism_depends_on_channel (mechanism));
}

static const struct
{
  const char *name;
  guint steps; /* 0: nothing said yet, 1: initial, 2: response, 3: the final message came as a challenge */
  const char *data;
  gboolean ok;
} finishes[] = {
  { "before-anything", 0, UNBOUND_FINAL, FALSE },
  { "after-the-first", 1, UNBOUND_FINAL, FALSE },
  { "nothing", 2, NULL, FALSE },
  { "empty", 2, "", FALSE },
  { "not-base64", 2, "v=", FALSE },
  { "another", 2, EXPORTER_FINAL, FALSE },
  { "right", 2, UNBOUND_FINAL, TRUE },
  { "right-before", 3, NULL, TRUE },
  { "twice", 3, UNBOUND_FINAL, FALSE },
};

static void
test_finish (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  static const char *const challenges[] = { UNBOUND_CHALLENGE, UNBOUND_FINAL };
  g_autoptr (XmppMechanism) mechanism = new_mechanism (&unbound);
  g_autofree char *initial = finishes[i].steps > 0 ? xmpp_mechanism_dup_initial (mechanism) : NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (initial != NULL, ==, finishes[i].steps > 0);
  for (guint step = 2; step <= finishes[i].steps; step++)
    {
      g_autofree char *response = xmpp_mechanism_respond (mechanism, challenges[step - 2], &error);

      g_assert_no_error (error);
      g_assert_nonnull (response);
    }

  g_assert_cmpint (xmpp_mechanism_finish (mechanism, finishes[i].data, &error), ==, finishes[i].ok);
  if (finishes[i].ok)
    g_assert_no_error (error);
  else
    g_assert_error (error, XMPP_SASL_ERROR, XMPP_SASL_ERROR_SERVER_UNTRUSTED);
}

static void
test_forbidden_password (gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (xmpp_mechanism_new (&unbound,
                                     &(XmppCredentials) { .username = "user", .secret = "\a" },
                                     &error));
  g_assert_error (error, XMPP_SASL_ERROR, XMPP_SASL_ERROR_NOT_AUTHORIZED);
}

static void
test_token (gconstpointer data)
{
  g_autoptr (GBytes) binding = g_bytes_new_static (EXPORTER, 32);
  XmppCredentials credentials = {
    .username = "user",
    .secret = "secret-token:fast-1234",
    .binding_data = binding,
  };
  g_autoptr (XmppMechanism) mechanism = NULL;
  g_autofree char *initial = NULL;
  g_autoptr (GError) error = NULL;

  mechanism = xmpp_mechanism_new_for_token (xmpp_hashed_token_lookup ("HT-SHA-256-EXPR"), &credentials);
  initial = xmpp_mechanism_dup_initial (mechanism);
  g_assert_cmpstr (initial, ==, TOKEN_FIRST);
  g_assert_cmpstr (xmpp_mechanism_get_binding (mechanism), ==, "tls-exporter");
  g_assert_true (xmpp_mechanism_depends_on_channel (mechanism));
  g_assert_null (xmpp_mechanism_respond (mechanism, "", NULL));
  g_assert_false (xmpp_mechanism_finish (mechanism, NULL, NULL));
  g_assert_false (xmpp_mechanism_finish (mechanism, TOKEN_FIRST, &error));
  g_assert_error (error, XMPP_SASL_ERROR, XMPP_SASL_ERROR_SERVER_UNTRUSTED);
  g_assert_true (xmpp_mechanism_finish (mechanism, TOKEN_FINAL, NULL));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/xmpp/mechanism/plain", test_plain, NULL);
  linnet_test_add ("/xmpp/mechanism/scram", test_scram, NULL);
  linnet_test_add ("/xmpp/mechanism/unbound-flag", test_unbound_flag, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (finishes); i++)
    {
      g_autofree char *path = g_strconcat ("/xmpp/mechanism/finish/", finishes[i].name, NULL);

      linnet_test_add (path, test_finish, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/mechanism/forbidden-password", test_forbidden_password, NULL);
  linnet_test_add ("/xmpp/mechanism/token", test_token, NULL);

  return g_test_run ();
}
