/* The model against a real server: two people, each with a profile of their own
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-account-private.h"
#include "linnet-error.h"
#include "linnet-secrets.h"
#include "linnet-test-model.h"
#include "linnet-test-prosody.h"
#include "linnet-test.h"

typedef struct
{
  char *directory;
  char *address;
  char *password;
  LinnetAccountManager *manager;
  LinnetAccount *account; /* borrowed */
} Person;

static void
person_sign_in (Person *person,
                const char *user,
                guint16 port)
{
  LinnetSignIn sign_in = { .host = "127.0.0.1", .port = port };
  g_autoptr (LinnetAccount) account = NULL;
  g_autoptr (GError) error = NULL;

  person->directory = linnet_test_profile_new ();
  person->address = g_strdup_printf ("%s@%s", user, linnet_test_prosody_get_domain ());
  person->password = linnet_test_prosody_get_password (user);
  person->manager = linnet_account_manager_new (person->directory);
  linnet_test_assert_resolves (linnet_account_manager_load (person->manager));

  sign_in.address = person->address;
  sign_in.password = person->password;
  account = dex_await_object (linnet_account_manager_sign_in (person->manager, &sign_in), &error);
  g_assert_no_error (error);
  g_assert_cmpint (linnet_account_get_state (account), ==, LINNET_CONNECTION_ONLINE);
  person->account = linnet_account_manager_find_account (person->manager, person->address);
  g_assert_true (person->account == account);
}

static void
person_quit (Person *person)
{
  linnet_test_assert_resolves (linnet_account_manager_shutdown (person->manager));
  linnet_test_settle ();
  person->account = NULL;
  g_assert_finalize_object (g_steal_pointer (&person->manager));
}

/* The program starts again. */
static void
person_restart (Person *person)
{
  person->manager = linnet_account_manager_new (person->directory);
  linnet_test_assert_resolves (linnet_account_manager_load (person->manager));
  person->account = linnet_account_manager_find_account (person->manager, person->address);
  g_assert_nonnull (person->account);
}

/* It signs in by itself where there is a keyring, and asks for the password where there is none. */
static void
person_come_back (Person *person)
{
  if (!linnet_test_prosody_has_keyring ())
    {
      linnet_test_wait_state (person->account, LINNET_CONNECTION_FAILED);
      g_assert_error (
          linnet_account_get_error (person->account), LINNET_ERROR, LINNET_ERROR_KEYRING_MISSING);
      linnet_test_assert_resolves (linnet_account_sign_in_again (person->account, person->password, FALSE));
    }
  linnet_test_wait_state (person->account, LINNET_CONNECTION_ONLINE);
}

static gboolean
password_is_saved (gpointer account,
                   gpointer unused)
{
  gboolean saved;

  g_object_get (account, "password-saved", &saved, NULL);

  return saved;
}

static void
person_clear (Person *person)
{
  if (person->manager != NULL)
    person_quit (person);
  linnet_test_profile_free (person->directory);
  g_free (person->address);
  g_free (person->password);
}

static LinnetConversation *
person_open (Person *person,
             Person *other)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LinnetConversation) conversation =
      dex_await_object (linnet_account_open_conversation (person->account, other->address), &error);

  g_assert_no_error (error);

  return conversation;
}

static LinnetMessage *
person_send (Person *person,
             Person *other,
             const char *text)
{
  g_autoptr (GError) error = NULL;
  LinnetMessage *message =
      dex_await_object (linnet_conversation_send_text (person_open (person, other), text), &error);

  g_assert_no_error (error);

  return message;
}

/* ---- counting what arrives ---- */

typedef struct
{
  GPtrArray *bodies;
  guint expected;
} Ledger;

static void
message_received_cb (Ledger *ledger,
                     LinnetConversation *conversation,
                     LinnetMessage *message)
{
  g_ptr_array_add (ledger->bodies, g_strdup (linnet_message_get_body (message)));
}

static gboolean
ledger_is_full (gpointer manager,
                gpointer data)
{
  Ledger *ledger = data;

  return ledger->bodies->len >= ledger->expected;
}

static void
ledger_open (Ledger *ledger,
             Person *person,
             guint expected)
{
  ledger->bodies = g_ptr_array_new_with_free_func (g_free);
  ledger->expected = expected;
  g_signal_connect_swapped (person->manager, "message-received", G_CALLBACK (message_received_cb), ledger);
}

/* Everything once, in order. */
static void
ledger_check (Ledger *ledger,
              Person *person,
              const char *prefix)
{
  linnet_test_wait_for (person->manager, "message-received", ledger_is_full, ledger);
  linnet_test_settle ();
  g_assert_cmpuint (ledger->bodies->len, ==, ledger->expected);

  for (guint i = 0; i < ledger->bodies->len; i++)
    {
      g_autofree char *expected = g_strdup_printf ("%s %u", prefix, i);

      g_assert_cmpstr (g_ptr_array_index (ledger->bodies, i), ==, expected);
    }
}

static void
ledger_close (Ledger *ledger,
              Person *person)
{
  g_signal_handlers_disconnect_by_data (person->manager, ledger);
  g_clear_pointer (&ledger->bodies, g_ptr_array_unref);
}

/* ---- the tests ---- */

static void
test_chat (gconstpointer data)
{
  Person ana = { 0 };
  Person mira = { 0 };
  Ledger at_ana, at_mira;
  g_autoptr (LinnetMessage) last = NULL;

  person_sign_in (&ana, "ana", linnet_test_prosody_get_port (FALSE));
  person_sign_in (&mira, "mira", linnet_test_prosody_get_port (FALSE));
  ledger_open (&at_ana, &ana, 50);
  ledger_open (&at_mira, &mira, 50);

  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *to_mira = g_strdup_printf ("ana %u", i);
      g_autofree char *to_ana = g_strdup_printf ("mira %u", i);
      g_autoptr (LinnetMessage) other = person_send (&mira, &ana, to_ana);

      g_clear_object (&last);
      last = person_send (&ana, &mira, to_mira);
    }

  ledger_check (&at_ana, &ana, "mira");
  ledger_check (&at_mira, &mira, "ana");
  linnet_test_wait_message_state (last, LINNET_MESSAGE_DELIVERED);

  linnet_conversation_mark_read (person_open (&mira, &ana));
  linnet_test_wait_message_state (last, LINNET_MESSAGE_READ);

  ledger_close (&at_ana, &ana);
  ledger_close (&at_mira, &mira);
  g_clear_object (&last);
  person_clear (&ana);
  person_clear (&mira);
}

static void
test_cuts (gconstpointer data)
{
  Person ana = { 0 };
  Person mira = { 0 };
  Ledger at_mira;

  person_sign_in (&ana, "ana", linnet_test_prosody_get_proxy_port ());
  person_sign_in (&mira, "mira", linnet_test_prosody_get_proxy_port ());
  ledger_open (&at_mira, &mira, 60);

  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *text = g_strdup_printf ("ana %u", i);
      g_autoptr (LinnetMessage) message = person_send (&ana, &mira, text);

      if (i % 20 == 10)
        {
          linnet_test_prosody_command ("cut");
          linnet_account_reconnect_now (ana.account);
        }
    }

  ledger_check (&at_mira, &mira, "ana");
  ledger_close (&at_mira, &mira);
  person_clear (&ana);
  person_clear (&mira);
}

static void
test_restart (gconstpointer data)
{
  Person ana = { 0 };
  Person mira = { 0 };
  Ledger at_ana;
  LinnetConversation *conversation;
  g_autoptr (LinnetTimeline) timeline = NULL;
  g_autoptr (LinnetMessage) newest = NULL;

  person_sign_in (&ana, "ana", linnet_test_prosody_get_port (FALSE));
  person_sign_in (&mira, "mira", linnet_test_prosody_get_port (FALSE));

  newest = person_send (&ana, &mira, "Before");
  linnet_test_wait_message_state (newest, LINNET_MESSAGE_DELIVERED);
  linnet_conversation_set_draft (person_open (&ana, &mira), "Not sent yet");
  g_clear_object (&newest);
  person_quit (&ana);

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *text = g_strdup_printf ("mira %u", i);
      g_autoptr (LinnetMessage) message = person_send (&mira, &ana, text);

      linnet_test_wait_message_state (message, LINNET_MESSAGE_SENT);
    }

  person_restart (&ana);
  ledger_open (&at_ana, &ana, 3);
  conversation = linnet_account_manager_find_conversation (ana.manager, ana.address, mira.address);
  g_assert_cmpstr (linnet_conversation_get_draft (conversation), ==, "Not sent yet");
  timeline = linnet_conversation_dup_timeline (conversation);
  linnet_test_assert_resolves (linnet_timeline_load (timeline));
  newest = g_list_model_get_item (G_LIST_MODEL (timeline), 0);
  g_assert_cmpstr (linnet_message_get_body (newest), ==, "Before");
  g_assert_cmpint (linnet_message_get_state (newest), ==, LINNET_MESSAGE_DELIVERED);

  person_come_back (&ana);
  ledger_check (&at_ana, &ana, "mira");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (timeline)), ==, 4);

  g_clear_object (&newest);
  g_clear_object (&timeline);
  ledger_close (&at_ana, &ana);
  person_clear (&ana);
  person_clear (&mira);
}

/* The server goes down and comes back: the accounts find it again, and nothing written meanwhile is lost. */
static void
test_server_restart (gconstpointer data)
{
  Person ana = { 0 };
  Person mira = { 0 };
  Ledger at_mira;
  g_autoptr (LinnetMessage) message = NULL;

  person_sign_in (&ana, "ana", linnet_test_prosody_get_port (FALSE));
  person_sign_in (&mira, "mira", linnet_test_prosody_get_port (FALSE));
  ledger_open (&at_mira, &mira, 1);

  linnet_test_prosody_command ("stop");
  linnet_test_wait_state (ana.account, LINNET_CONNECTION_RECONNECTING);
  linnet_test_wait_state (mira.account, LINNET_CONNECTION_RECONNECTING);
  message = person_send (&ana, &mira, "ana 0");
  g_assert_cmpint (linnet_message_get_state (message), ==, LINNET_MESSAGE_QUEUED);

  linnet_test_prosody_command ("start");
  linnet_account_reconnect_now (mira.account);
  linnet_test_wait_state (mira.account, LINNET_CONNECTION_ONLINE);
  linnet_account_reconnect_now (ana.account);
  ledger_check (&at_mira, &mira, "ana");
  linnet_test_wait_message_state (message, LINNET_MESSAGE_DELIVERED);

  ledger_close (&at_mira, &mira);
  g_clear_object (&message);
  person_clear (&ana);
  person_clear (&mira);
}

/* Signing out in the middle of work: nothing of the account is left (R39). */
static void
test_remove (gconstpointer data)
{
  Person ana = { 0 };
  Person mira = { 0 };
  g_autoptr (LinnetMessage) message = NULL;

  person_sign_in (&ana, "ana", linnet_test_prosody_get_port (FALSE));
  person_sign_in (&mira, "mira", linnet_test_prosody_get_port (FALSE));
  for (guint i = 0; i < 20; i++)
    {
      g_clear_object (&message);
      message = person_send (&mira, &ana, "Are you there?");
    }

  linnet_test_assert_resolves (linnet_account_manager_remove (ana.manager, ana.account));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (ana.manager)), ==, 0);
  g_assert_cmpuint (
      g_list_model_get_n_items (G_LIST_MODEL (linnet_account_manager_get_conversations (ana.manager))),
      ==,
      0);
  person_quit (&ana);

  ana.manager = linnet_account_manager_new (ana.directory);
  linnet_test_assert_resolves (linnet_account_manager_load (ana.manager));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (ana.manager)), ==, 0);

  g_clear_object (&message);
  person_clear (&ana);
  person_clear (&mira);
}

/* What the keyring holds; NULL: nothing. Transfer full. */
static char *
look_up (Person *person,
         LinnetSecretKind kind,
         LinnetError *code)
{
  g_autoptr (GError) error = NULL;
  char *secret = dex_await_string (linnet_secrets_lookup (person->directory, person->address, kind), &error);

  if (secret == NULL)
    {
      g_assert_cmpint (error->domain, ==, LINNET_ERROR);
      *code = error->code;
    }

  return secret;
}

/* A8: whoever copied the token or the keyring before has nothing any more. */
static void
test_sign_out (gconstpointer data)
{
  Person ana = { 0 };
  LinnetSignOnRequest *request = g_new0 (LinnetSignOnRequest, 1);
  g_autofree char *token = NULL;
  LinnetError code = LINNET_ERROR_FAILED;

  if (!linnet_test_prosody_has_sasl2 ())
    {
      linnet_sign_on_request_free (request);
      g_test_skip ("an old server has no tokens");
      return;
    }

  person_sign_in (&ana, "ana", linnet_test_prosody_get_port (FALSE));
  token = dex_await_string (
      linnet_credentials_lookup_token (linnet_connection_get_credentials (ana.account->connection)), NULL);
  g_assert_nonnull (token);
  request->account = linnet_store_account_copy (ana.account->row);
  request->token = g_strdup (token);
  request->new_resource = TRUE;

  if (linnet_test_prosody_has_keyring ())
    {
      g_autofree char *password = NULL;
      g_autofree char *stored = NULL;

      linnet_test_wait_for (ana.account, "notify::password-saved", password_is_saved, NULL);
      password = look_up (&ana, LINNET_SECRET_PASSWORD, &code);
      stored = look_up (&ana, LINNET_SECRET_TOKEN, &code);
      g_assert_cmpstr (password, ==, ana.password);
      g_assert_cmpstr (stored, ==, token);
    }

  linnet_test_assert_resolves (linnet_account_manager_remove (ana.manager, ana.account));
  linnet_test_assert_resolves (linnet_account_manager_shutdown (ana.manager));
  g_assert_null (look_up (&ana, LINNET_SECRET_TOKEN, &code));
  g_assert_cmpint (
      code,
      ==,
      linnet_test_prosody_has_keyring () ? LINNET_ERROR_NO_PASSWORD : LINNET_ERROR_KEYRING_MISSING);
  g_assert_null (look_up (&ana, LINNET_SECRET_PASSWORD, &code));
  linnet_test_assert_rejects (linnet_sign_on (request), XMPP_SASL_ERROR, XMPP_SASL_ERROR_TOKEN_REJECTED);

  person_clear (&ana);
}

static gboolean
was_thrown_out (gpointer account,
                gpointer unused)
{
  return g_error_matches (linnet_account_get_error (account), LINNET_ERROR, LINNET_ERROR_CONFLICT);
}

/* A copy of this profile signs in: the server gives it our resource, and us another. */
static void
test_conflict (gconstpointer data)
{
  Person ana = { 0 };
  LinnetSignOnRequest *request = g_new0 (LinnetSignOnRequest, 1);
  g_autoptr (LinnetSignedOn) copy = NULL;
  g_autofree char *resource = NULL;
  g_autoptr (GError) error = NULL;

  person_sign_in (&ana, "ana", linnet_test_prosody_get_port (FALSE));
  resource = g_strdup (ana.account->row->resource);
  request->account = linnet_store_account_copy (ana.account->row);
  request->password = g_strdup (ana.password);
  copy = dex_await_boxed (linnet_sign_on (request), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (xmpp_jid_get_resource (copy->login->full_jid), ==, resource);

  linnet_test_wait_for (ana.account, "notify::error", was_thrown_out, NULL);
  linnet_test_wait_state (ana.account, LINNET_CONNECTION_ONLINE);
  g_assert_cmpstr (ana.account->row->resource, !=, resource);

  xmpp_stream_abort (copy->stream);
  person_clear (&ana);
}

static void
test_wrong_password (gconstpointer data)
{
  g_autofree char *directory = linnet_test_profile_new ();
  g_autoptr (LinnetAccountManager) manager = linnet_account_manager_new (directory);
  g_autofree char *address = g_strdup_printf ("ana@%s", linnet_test_prosody_get_domain ());
  LinnetSignIn sign_in = {
    .address = address,
    .password = "not this",
    .host = "127.0.0.1",
    .port = linnet_test_prosody_get_port (FALSE),
  };

  linnet_test_assert_resolves (linnet_account_manager_load (manager));
  linnet_test_assert_rejects (
      linnet_account_manager_sign_in (manager, &sign_in), LINNET_ERROR, LINNET_ERROR_WRONG_PASSWORD);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (manager)), ==, 0);

  linnet_test_assert_resolves (linnet_account_manager_shutdown (manager));
  linnet_test_settle ();
  g_assert_finalize_object (g_steal_pointer (&manager));
  linnet_test_profile_free (g_steal_pointer (&directory));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);
  linnet_test_prosody_trust ();

  linnet_test_add ("/integration/model/wrong-password", test_wrong_password, NULL);
  linnet_test_add ("/integration/model/chat", test_chat, NULL);
  linnet_test_add ("/integration/model/cuts", test_cuts, NULL);
  linnet_test_add ("/integration/model/restart", test_restart, NULL);
  linnet_test_add ("/integration/model/server-restart", test_server_restart, NULL);
  linnet_test_add ("/integration/model/remove", test_remove, NULL);
  linnet_test_add ("/integration/model/sign-out", test_sign_out, NULL);
  linnet_test_add ("/integration/model/conflict", test_conflict, NULL);

  return g_test_run ();
}
