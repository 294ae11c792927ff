/* Tests of pictures: whose are fetched, where they are kept
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-test-online.h"
#include "linnet-test.h"

/* The text "picture", its SHA-1 and its Base64. */
#define PICTURE "picture"
#define HASH "0e66b49d04a43c19bcb2e13a53aff5d174f610fc"
#define BASE64 "cGljdHVyZQ=="

#define METADATA(from, infos)                                                                             \
  "<message type='headline' from='" from "'><event xmlns='http://jabber.org/protocol/pubsub#event'>"      \
  "<items node='urn:xmpp:avatar:metadata'><item id='x'><metadata xmlns='urn:xmpp:avatar:metadata'>" infos \
  "</metadata></item></items></event></message>"
#define INFO(hash) "<info id='" hash "' bytes='7' type='image/png'/>"
#define FETCH_C(to, hash)                                                                \
  "<iq type='get' to='" to "' id='*'><pubsub xmlns='http://jabber.org/protocol/pubsub'>" \
  "<items node='urn:xmpp:avatar:data'><item id='" hash "'/></items></pubsub></iq>"
#define FETCH_S(from, hash, data)                                                                   \
  "<iq type='result' from='" from "' id='$1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>"    \
  "<items node='urn:xmpp:avatar:data'><item id='" hash "'><data xmlns='urn:xmpp:avatar:data'>" data \
  "</data></item></items></pubsub></iq>"

static char *
dup_picture (LinnetTestOnline *online,
             const char *address)
{
  LinnetContact *contact = linnet_account_lookup_contact (online->account, address);
  GFile *file = contact != NULL ? linnet_contact_get_avatar_file (contact) : NULL;
  g_autoptr (GError) error = NULL;
  char *data = NULL;

  if (file == NULL)
    return NULL;

  g_file_load_contents (file, NULL, &data, NULL, NULL, &error);
  g_assert_no_error (error);

  return data;
}

static gboolean
has_picture (gpointer contact,
             gpointer data)
{
  return linnet_contact_get_avatar_file (contact) != NULL;
}

static gboolean
has_no_picture (gpointer contact,
                gpointer data)
{
  return linnet_contact_get_avatar_file (contact) == NULL;
}

/* Fetched, kept over a restart without asking again, erased when nobody has it any more. */
static void
test_contact (gconstpointer data)
{
  static const LinnetTestContact both = { .address = "both@example.net",
                                          .subscription = LINNET_SUBSCRIPTION_BOTH };
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = METADATA ("both@example.net", INFO (HASH)) },
    { .c = FETCH_C ("both@example.net", HASH), .s = FETCH_S ("both@example.net", HASH, BASE64) },
    {},
  };
  static const LinnetTestStep more[] = {
    XMPP_TEST_INTRO,
    { .s = METADATA ("both@example.net", INFO (HASH)) },
    { .c = LINNET_TEST_TRIGGER_C, .s = METADATA ("both@example.net", "") },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&both, 1);
  LinnetContact *contact = linnet_account_lookup_contact (online->account, "both@example.net");
  g_autofree char *picture = NULL;
  g_autofree char *path = NULL;

  linnet_test_online_start (online, steps, NULL);
  linnet_test_wait_for (contact, "notify::avatar-file", has_picture, NULL);
  picture = dup_picture (online, "both@example.net");
  g_assert_cmpstr (picture, ==, PICTURE);
  path = g_file_get_path (linnet_contact_get_avatar_file (contact));
  g_assert_true (g_str_has_suffix (path, "/avatars/" HASH));

  linnet_test_online_restart (online);
  contact = linnet_account_lookup_contact (online->account, "both@example.net");
  g_assert_true (has_picture (contact, NULL));
  linnet_test_online_start (online, more, NULL);
  linnet_test_online_trigger (online);
  linnet_test_wait_for (contact, "notify::avatar-file", has_no_picture, NULL);
  linnet_test_online_finish (online);
  while (g_file_test (path, G_FILE_TEST_EXISTS))
    linnet_test_settle ();
}

/* The first roster is still on its way into the store when the first pictures are announced. */
static void
test_new_contact (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = METADATA ("to@example.net", INFO (HASH)) },
    { .c = FETCH_C ("to@example.net", HASH), .s = FETCH_S ("to@example.net", HASH, BASE64) },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);
  g_autofree char *picture = NULL;

  linnet_test_online_start (online, steps, NULL);
  while ((picture = dup_picture (online, "to@example.net")) == NULL)
    linnet_test_settle ();
  g_assert_cmpstr (picture, ==, PICTURE);
}

#define VCARD(photo)                                                                 \
  "<presence from='both@example.net/x'><x xmlns='vcard-temp:x:update'><photo>" photo \
  "</photo></x></presence>"

static void
count_cb (int *count)
{
  (*count)++;
}

/* The vCard without a picture says nothing of one that was published otherwise; it comes first. */
static void
test_empty_vcard (gconstpointer data)
{
  static const LinnetTestContact both = { .address = "both@example.net",
                                          .subscription = LINNET_SUBSCRIPTION_BOTH };
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = METADATA ("both@example.net", INFO (HASH)) },
    { .c = FETCH_C ("both@example.net", HASH), .s = FETCH_S ("both@example.net", HASH, BASE64) },
    {},
  };
  static const LinnetTestStep again[] = {
    XMPP_TEST_INTRO,
    { .s = VCARD ("") METADATA ("both@example.net", INFO (HASH)) XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&both, 1);
  LinnetContact *contact = linnet_account_lookup_contact (online->account, "both@example.net");
  int changes = 0;

  linnet_test_online_start (online, steps, NULL);
  linnet_test_wait_for (contact, "notify::avatar-file", has_picture, NULL);

  linnet_test_online_restart (online);
  contact = linnet_account_lookup_contact (online->account, "both@example.net");
  g_signal_connect_swapped (contact, "notify::avatar-file", G_CALLBACK (count_cb), &changes);
  linnet_test_online_start (online, again, NULL);
  linnet_test_online_finish (online);
  g_assert_cmpint (changes, ==, 0);
  g_assert_true (has_picture (contact, NULL));
}

/* A picture that came by the vCard goes by it, also when that happened while we were away. */
static void
test_vcard (gconstpointer data)
{
  static const LinnetTestContact both = { .address = "both@example.net",
                                          .subscription = LINNET_SUBSCRIPTION_BOTH };
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = VCARD (HASH) },
    { .c = "<iq type='get' to='both@example.net' id='*'><vCard xmlns='vcard-temp'/></iq>",
      .s = "<iq type='result' id='$1' from='both@example.net'><vCard xmlns='vcard-temp'>"
           "<PHOTO><BINVAL>" BASE64
           "</BINVAL></PHOTO></vCard></iq>" },
    {},
  };
  static const LinnetTestStep again[] = {
    XMPP_TEST_INTRO,
    { .s = VCARD ("") },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&both, 1);
  LinnetContact *contact = linnet_account_lookup_contact (online->account, "both@example.net");

  linnet_test_online_start (online, steps, NULL);
  linnet_test_wait_for (contact, "notify::avatar-file", has_picture, NULL);

  linnet_test_online_restart (online);
  contact = linnet_account_lookup_contact (online->account, "both@example.net");
  g_assert_true (has_picture (contact, NULL));
  linnet_test_online_start (online, again, NULL);
  linnet_test_wait_for (contact, "notify::avatar-file", has_no_picture, NULL);
  linnet_test_online_finish (online);
}

/* A fetch would tell a stranger that somebody is here, and when. */
static void
test_stranger (gconstpointer data)
{
  g_autoptr (LinnetTestOnline) online = linnet_test_online_exchange (
      NULL,
      0,
      "<presence from='stranger@example.net/x'><x xmlns='vcard-temp:x:update'><photo>" HASH
      "</photo></x></presence>",
      NULL);

  g_assert_null (strstr (linnet_test_server_get_received (online->server), "stranger"));
}

/* Not what was announced: no file, and no picture. */
static void
test_wrong_data (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = METADATA ("both@example.net", INFO (HASH)) },
    { .c = FETCH_C ("both@example.net", HASH),
      .s = FETCH_S ("both@example.net", HASH, "b3RoZXIgISE=") XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  static const LinnetTestContact both = { .address = "both@example.net",
                                          .subscription = LINNET_SUBSCRIPTION_BOTH };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&both, 1);

  linnet_test_online_start (online, steps, NULL);
  linnet_test_online_finish (online);
  g_assert_null (dup_picture (online, "both@example.net"));
}

static void
test_file_names (gconstpointer data)
{
  static const char *const bad[] = {
    "", "../../etc/passwd", HASH "/", "0E66B49D04A43C19BCB2E13A53AFF5D174F610FC", "9d75"
  };
  g_autoptr (GFile) file = linnet_avatars_get_file ("/profile", HASH);

  g_assert_cmpstr (g_file_peek_path (file), ==, "/profile/avatars/" HASH);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (linnet_avatars_get_file ("/profile", bad[i]));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/avatars/contact", test_contact, NULL);
  linnet_test_add ("/model/avatars/new-contact", test_new_contact, NULL);
  linnet_test_add ("/model/avatars/empty-vcard", test_empty_vcard, NULL);
  linnet_test_add ("/model/avatars/vcard", test_vcard, NULL);
  linnet_test_add ("/model/avatars/stranger", test_stranger, NULL);
  linnet_test_add ("/model/avatars/wrong-data", test_wrong_data, NULL);
  linnet_test_add ("/model/avatars/file-names", test_file_names, NULL);

  return g_test_run ();
}
