/* Tests of signing out: what goes at once, what goes after it, and what stays
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * With a keyring and a real server: tests/integration/test-model.c.
 */
#include "config.h"

#include <string.h>

#include <sqlite3.h>

#include "linnet-account-manager-private.h"
#include "linnet-error.h"
#include "linnet-test-ca.h"
#include "linnet-test-model.h"
#include "linnet-test-server.h"
#include "linnet-test-vfs.h"
#include "linnet-test.h"

#define ANA "ana@example.org"
#define TOKEN "secret-token:fast-4711"
#define MECHANISM "HT-SHA-256-EXPR"

#define SASL2 "urn:xmpp:sasl:2"
#define FEATURES(offer)                                                                     \
  "<authentication xmlns='" SASL2 "'><mechanism>SCRAM-SHA-256</mechanism>"                  \
  "<inline>" offer "</inline></authentication>"                                             \
  "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-exporter'/>" \
  "</sasl-channel-binding>"
#define FAST "<fast xmlns='urn:xmpp:fast:0'><mechanism>" MECHANISM "</mechanism></fast>"
#define REVOKE                                                                                       \
  "<authenticate xmlns='" SASL2 "' mechanism='" MECHANISM "'><initial-response>*</initial-response>" \
  "<user-agent id='*'><software>Linnet</software></user-agent>"                                      \
  "<fast xmlns='urn:xmpp:fast:0' count='8' invalidate='true'/></authenticate>"

static const LinnetTestMessage messages[] = {
  { .body = "Hello", .state = LINNET_MESSAGE_RECEIVED },
  { .body = "Are you there?", .state = LINNET_MESSAGE_RECEIVED },
};

static const LinnetTestContact contacts[] = {
  { .address = "mira@example.org", .name = "Mira", .messages = messages, .n_messages = 2 },
};

static const LinnetTestAccount accounts[] = {
  { .address = ANA, .contacts = contacts, .n_contacts = G_N_ELEMENTS (contacts) },
  { .address = "ana@other.test", .contacts = contacts, .n_contacts = G_N_ELEMENTS (contacts) },
};

static guint
n_conversations (LinnetAccountManager *manager)
{
  return g_list_model_get_n_items (G_LIST_MODEL (linnet_account_manager_get_conversations (manager)));
}

static void
count_cb (guint *n)
{
  (*n)++;
}

/* Signing out of one account leaves the other alone; doing it twice, or at the end, does nothing. */
static void
test_remove (gconstpointer data)
{
  LinnetAccountManager *manager = linnet_test_manager_new (accounts, G_N_ELEMENTS (accounts));
  g_autoptr (LinnetAccount) account =
      g_object_ref (linnet_account_manager_find_account (manager, ANA));
  g_autoptr (DexFuture) removal = NULL;
  guint n_changes = 0;

  g_signal_connect_swapped (manager, "items-changed", G_CALLBACK (count_cb), &n_changes);
  removal = linnet_account_manager_remove (manager, account);

  /* It is gone at once. */
  g_assert_cmpuint (n_changes, ==, 1);
  g_assert_null (linnet_account_manager_find_account (manager, ANA));
  g_assert_cmpuint (n_conversations (manager), ==, 1);
  g_assert_cmpuint (linnet_account_manager_get_unread_count (manager), ==, 2);

  linnet_test_assert_rejects (
      linnet_account_manager_remove (manager, account), LINNET_ERROR, LINNET_ERROR_OFFLINE);
  linnet_test_assert_resolves (g_steal_pointer (&removal));
  g_clear_object (&account);

  manager = linnet_test_manager_restart (manager);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (manager)), ==, 1);
  g_assert_nonnull (linnet_account_manager_find_account (manager, "ana@other.test"));
  linnet_test_manager_free (manager);
}

/* The program ends in the middle of signing out, and nobody waits for that: it is done all the same. */
static void
test_remove_and_quit (gconstpointer data)
{
  LinnetAccountManager *manager = linnet_test_manager_new (accounts, G_N_ELEMENTS (accounts));

  dex_future_disown (linnet_account_manager_remove (
      manager, linnet_account_manager_find_account (manager, ANA)));
  manager = linnet_test_manager_restart (manager);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (manager)), ==, 1);
  linnet_test_manager_free (manager);
}

/* It ends with the program anyway. */
static void
test_after_shutdown (gconstpointer data)
{
  LinnetAccountManager *manager = linnet_test_manager_new (accounts, G_N_ELEMENTS (accounts));

  linnet_test_assert_resolves (linnet_account_manager_shutdown (manager));
  linnet_test_assert_rejects (
      linnet_account_manager_remove (manager, linnet_account_manager_find_account (manager, ANA)),
      LINNET_ERROR,
      LINNET_ERROR_OFFLINE);
  linnet_test_manager_free (manager);
}

/* ---- the disk ---- */

static char *
write_file (const char *directory,
            const char *name)
{
  char *path = g_build_filename (directory, name, NULL);

  g_mkdir_with_parents (directory, 0700);
  g_assert_true (g_file_set_contents (path, "secret", -1, NULL));

  return path;
}

static char *
write_quarantined (LinnetAccountManager *manager,
                   LinnetAccount *account)
{
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, linnet_account_get_id (account));
  g_autofree char *directory = g_build_filename (
      linnet_store_get_directory (linnet_account_manager_get_store (manager)), "quarantine", id, NULL);

  return write_file (directory, "stanza");
}

/* What was sent in the stream: there from the start. */
static char *
get_notes (LinnetAccountManager *manager,
           LinnetAccount *account)
{
  g_autofree char *name = g_strdup_printf ("sent-%" G_GINT64_FORMAT, linnet_account_get_id (account));
  char *path = g_build_filename (
      linnet_store_get_directory (linnet_account_manager_get_store (manager)), name, NULL);

  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));

  return path;
}

static char *
write_picture (LinnetAccountManager *manager,
               LinnetAccount *account,
               const char *jid,
               const char *hash)
{
  LinnetStore *store = linnet_account_manager_get_store (manager);
  g_autofree char *directory = g_build_filename (linnet_store_get_directory (store), "avatars", NULL);

  linnet_test_assert_resolves (linnet_store_profiles_set_avatar (
      store, linnet_account_get_id (account), jid, hash, "image/png", 6, LINNET_STORE_AVATAR_PEP));

  return write_file (directory, hash);
}

/* R39: files go with the rows, but not those that another account has, too. */
static void
test_files (gconstpointer data)
{
  LinnetAccountManager *manager = linnet_test_manager_new (accounts, G_N_ELEMENTS (accounts));
  LinnetAccount *account = linnet_account_manager_find_account (manager, ANA);
  LinnetAccount *other = linnet_account_manager_find_account (manager, "ana@other.test");
  g_autofree char *quarantined = write_quarantined (manager, account);
  g_autofree char *other_quarantined = write_quarantined (manager, other);
  g_autofree char *notes = get_notes (manager, account);
  g_autofree char *other_notes = get_notes (manager, other);
  g_autofree char *picture =
      write_picture (manager, account, "mira@example.org", "0e66b49d04a43c19bcb2e13a53aff5d174f610fc");
  g_autofree char *shared =
      write_picture (manager, account, "tom@example.org", "1e66b49d04a43c19bcb2e13a53aff5d174f610fc");
  g_autofree char *again =
      write_picture (manager, other, "tom@example.org", "1e66b49d04a43c19bcb2e13a53aff5d174f610fc");

  linnet_test_assert_resolves (linnet_account_manager_remove (manager, account));

  g_assert_false (g_file_test (quarantined, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (notes, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (picture, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (other_quarantined, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (other_notes, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (shared, G_FILE_TEST_EXISTS));
  g_assert_cmpstr (shared, ==, again);

  linnet_test_manager_free (manager);
}

/* What cannot be erased is told, and is there again at the next start. */
static void
test_disk (gconstpointer data)
{
  static const struct
  {
    int failure;
    LinnetError expect;
  } rows[] = {
    { SQLITE_FULL, LINNET_ERROR_DISK_FULL },
    { SQLITE_IOERR_WRITE, LINNET_ERROR_DATABASE },
  };
  LinnetTestVfs *disk = (LinnetTestVfs *) data;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      LinnetAccountManager *manager = linnet_test_manager_new (accounts, G_N_ELEMENTS (accounts));

      linnet_test_vfs_fail (disk, 0, rows[i].failure);
      linnet_test_assert_rejects (
          linnet_account_manager_remove (manager, linnet_account_manager_find_account (manager, ANA)),
          LINNET_ERROR,
          rows[i].expect);
      g_assert_null (linnet_account_manager_find_account (manager, ANA));

      linnet_test_vfs_heal (disk);
      manager = linnet_test_manager_restart (manager);
      g_assert_nonnull (linnet_account_manager_find_account (manager, ANA));
      g_assert_cmpuint (n_conversations (manager), ==, 2);
      linnet_test_manager_free (manager);
    }
}

/* ---- the token (security.md A8) ---- */

typedef struct
{
  const char *name;
  gboolean no_mechanism; /* there never was a token */
  gboolean no_token;     /* there was one, but it cannot be read */
  LinnetTestStep steps[6];
} TokenCase;

static void
append_mac (GByteArray *out,
            const char *role,
            GByteArray *binding)
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guchar *) TOKEN, strlen (TOKEN));
  guint8 digest[32];
  gsize length = sizeof digest;

  g_hmac_update (hmac, (const guchar *) role, strlen (role));
  g_hmac_update (hmac, binding->data, binding->len);
  g_hmac_get_digest (hmac, digest, &length);
  g_byte_array_append (out, digest, length);
}

/* A server that knows the token, and proves it. */
static char *
revoke_cb (LinnetTestServer *server,
           gpointer user_data)
{
  g_autoptr (GByteArray) binding = g_byte_array_new ();
  g_autoptr (GByteArray) expected = g_byte_array_new ();
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  g_autofree char *expected_text = NULL;
  g_autofree char *answer_text = NULL;
  g_autoptr (GError) error = NULL;

  g_tls_connection_get_channel_binding_data (
      linnet_test_server_get_tls (server), G_TLS_CHANNEL_BINDING_TLS_EXPORTER, binding, &error);
  g_assert_no_error (error);

  g_byte_array_append (expected, (const guint8 *) "ana", sizeof "ana");
  append_mac (expected, "Initiator", binding);
  expected_text = g_base64_encode (expected->data, expected->len);
  g_assert_cmpstr (linnet_test_server_get_capture (server, 1), ==, expected_text);

  append_mac (answer, "Responder", binding);
  answer_text = g_base64_encode (answer->data, answer->len);

  return g_strdup_printf ("<success xmlns='" SASL2 "'><additional-data>%s</additional-data>"
                          "<authorization-identifier>" ANA "</authorization-identifier></success>"
                          "<stream:features/>",
                          answer_text);
}

static const TokenCase token_cases[] = {
  {
      .name = "revoked",
      .steps = { LINNET_TEST_OPEN_TLS ("example.org"),
                 LINNET_TEST_OPEN ("example.org", FEATURES (FAST)),
                 { .c = REVOKE, .reply = revoke_cb },
                 { .c = "</stream:stream>", .s = "</stream:stream>" } },
  },
  {
      .name = "unknown-to-the-server",
      .steps = { LINNET_TEST_OPEN_TLS ("example.org"),
                 LINNET_TEST_OPEN ("example.org", FEATURES (FAST)),
                 { .c = REVOKE,
                   .s = "<failure xmlns='" SASL2 "'><not-authorized "
                        "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></failure>",
                   .act = LINNET_TEST_WAIT_EOF } },
  },
  {
      .name = "not-offered",
      .steps = { LINNET_TEST_OPEN_TLS ("example.org"),
                 LINNET_TEST_OPEN ("example.org", FEATURES ("")),
                 { .act = LINNET_TEST_WAIT_EOF } },
  },
  {
      .name = "connection-lost",
      .steps = { LINNET_TEST_OPEN_TLS ("example.org"),
                 LINNET_TEST_OPEN ("example.org", FEATURES (FAST)),
                 { .c = REVOKE, .act = LINNET_TEST_RESET } },
  },
  { .name = "never-had-one", .no_mechanism = TRUE },
  { .name = "locked-away", .no_token = TRUE },
};

/* A profile whose account has its server there. */
static LinnetAccountManager *
create_profile (LinnetTestServer *server,
                gboolean mechanism,
                gboolean token)
{
  const LinnetTestAccount account = {
    .address = ANA,
    .host = "127.0.0.1",
    .port = linnet_test_server_listen (server, "127.0.0.1"),
  };
  LinnetAccountManager *manager = linnet_test_manager_new (&account, 1);
  LinnetAccount *ana = linnet_account_manager_find_account (manager, ANA);

  ana->row->fast_count = 7;
  if (mechanism)
    ana->row->fast_mechanism = g_strdup (MECHANISM);
  if (token)
    linnet_credentials_take_token (linnet_connection_get_credentials (ana->connection), TOKEN);

  return manager;
}

static LinnetTestServer *
create_server (LinnetTestCa *ca,
               const LinnetTestStep *steps)
{
  LinnetTestServer *server = linnet_test_server_new ();
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (ca, NULL);

  linnet_test_ca_trust (ca);
  linnet_test_server_set_certificate (server, certificate);
  if (steps != NULL)
    linnet_test_server_play (server, steps);

  return server;
}

/* Whatever the server says, the profile has nothing of the account any more. */
static void
test_token (gconstpointer data)
{
  const TokenCase *row = data;
  gboolean asked = !row->no_mechanism && !row->no_token;
  g_autoptr (LinnetTestCa) ca = linnet_test_ca_new ();
  g_autoptr (LinnetTestServer) server = create_server (ca, asked ? row->steps : NULL);
  LinnetAccountManager *manager = create_profile (server, !row->no_mechanism, !row->no_token);

  linnet_test_assert_resolves (
      linnet_account_manager_remove (manager, linnet_account_manager_find_account (manager, ANA)));
  manager = linnet_test_manager_restart (manager);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (manager)), ==, 0);
  linnet_test_manager_free (manager);

  linnet_test_assert_resolves (linnet_test_server_finish (server));
  g_assert_cmpuint (linnet_test_server_get_n_connections (server), ==, asked);
}

/* Nobody waits for a server that thinks; and who signs in again must not have the new secrets taken back. */
static void
test_signed_in_again (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN_TLS ("example.org"),
    LINNET_TEST_OPEN ("example.org", FEATURES (FAST)),
    { .c = REVOKE, .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  g_autoptr (LinnetTestCa) ca = linnet_test_ca_new ();
  g_autoptr (LinnetTestServer) server = create_server (ca, steps);
  LinnetAccountManager *manager = create_profile (server, TRUE, TRUE);
  LinnetStore *store = linnet_account_manager_get_store (manager);
  LinnetAccount *old = linnet_account_manager_find_account (manager, ANA);
  g_autoptr (LinnetStoreAccount) row = linnet_store_account_new (ANA);
  g_autoptr (LinnetAccount) account = NULL;
  g_autoptr (GError) error = NULL;

  g_object_add_weak_pointer (G_OBJECT (old), (gpointer *) &old);
  linnet_test_assert_resolves (linnet_account_manager_remove (manager, old));
  while (linnet_test_server_get_n_connections (server) == 0 ||
         strstr (linnet_test_server_get_received (server), "</authenticate>") == NULL)
    linnet_test_turn ();
  g_assert_nonnull (old);

  row->id = dex_await_int64 (linnet_store_accounts_add (store, row), &error);
  g_assert_no_error (error);
  account = linnet_account_new (manager, store, g_steal_pointer (&row));
  linnet_test_assert_resolves (linnet_account_load (account));
  linnet_account_manager_add (manager, account);
  g_clear_object (&account);

  /* Given up at once, not when the time for it is over. */
  linnet_test_settle ();
  g_assert_null (old);
  linnet_test_assert_resolves (linnet_test_server_finish (server));
  linnet_test_manager_free (manager);
}

int
main (int argc,
      char *argv[])
{
  LinnetTestVfs *disk;

  linnet_test_init (&argc, &argv);
  disk = linnet_test_vfs_install ();

  linnet_test_add ("/model/sign-out/remove", test_remove, NULL);
  linnet_test_add ("/model/sign-out/remove-and-quit", test_remove_and_quit, NULL);
  linnet_test_add ("/model/sign-out/after-shutdown", test_after_shutdown, NULL);
  linnet_test_add ("/model/sign-out/files", test_files, NULL);
  linnet_test_add ("/model/sign-out/disk", test_disk, disk);
  for (gsize i = 0; i < G_N_ELEMENTS (token_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/sign-out/token/%s", token_cases[i].name);

      linnet_test_add (path, test_token, &token_cases[i]);
    }
  linnet_test_add ("/model/sign-out/signed-in-again", test_signed_in_again, NULL);

  return g_test_run ();
}
