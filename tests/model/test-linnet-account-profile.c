/* Tests of what a person shows of themselves: picture
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-account-profile.h"
#include "linnet-error.h"
#include "linnet-spawn.h"
#include "linnet-test-online.h"
#include "linnet-test.h"

/* The text "picture", its SHA-1 and its Base64. */
#define PICTURE "picture"
#define HASH "0e66b49d04a43c19bcb2e13a53aff5d174f610fc"
#define BASE64 "cGljdHVyZQ=="

#define PUBLISH(node, item, content)                                                                  \
  "<iq type='set' id='*'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='" node "'>" \
  "<item" item ">" content "</item></publish>"                                                        \
  "<publish-options><x xmlns='jabber:x:data' type='submit'>"                                          \
  "<field var='FORM_TYPE' type='hidden'>"                                                             \
  "<value>http://jabber.org/protocol/pubsub#publish-options</value></field>"                          \
  "<field var='pubsub#persist_items'><value>true</value></field>"                                     \
  "<field var='pubsub#access_model'><value>presence</value></field></x></publish-options></pubsub></iq>"
#define PUBLISH_DATA \
  PUBLISH ("urn:xmpp:avatar:data", " id='" HASH "'", "<data xmlns='urn:xmpp:avatar:data'>" BASE64 "</data>")
#define PUBLISH_METADATA                                                \
  PUBLISH ("urn:xmpp:avatar:metadata",                                  \
           " id='" HASH "'",                                            \
           "<metadata xmlns='urn:xmpp:avatar:metadata'><info id='" HASH \
           "' type='image/png' bytes='7' width='64' height='64'/></metadata>")
#define PUBLISH_NONE \
  PUBLISH ("urn:xmpp:avatar:metadata", "", "<metadata xmlns='urn:xmpp:avatar:metadata'/>")
#define PURGE                                                                      \
  "<iq type='set' id='*'><pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>" \
  "<purge node='urn:xmpp:avatar:data'/></pubsub></iq>"
#define DONE "<iq type='result' id='$1'/>"
#define ERROR(condition)                                      \
  "<iq type='error' id='$1'><error type='cancel'><" condition \
  " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"

static gboolean
has_picture (gpointer account,
             gpointer data)
{
  return linnet_account_get_avatar_file (account) != NULL;
}

static gboolean
has_no_picture (gpointer account,
                gpointer data)
{
  return linnet_account_get_avatar_file (account) == NULL;
}

static void
assert_picture (LinnetAccount *account)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;

  g_file_load_contents (linnet_account_get_avatar_file (account), NULL, &data, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (data, ==, PICTURE);
}

/* Shown without being fetched, there again after a restart, gone with its file. */
static void
test_picture (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = PUBLISH_DATA, .s = DONE },
    { .c = PUBLISH_METADATA, .s = DONE },
    {},
  };
  static const LinnetTestStep more[] = {
    XMPP_TEST_INTRO,
    { .c = PUBLISH_NONE, .s = DONE },
    { .c = PURGE, .s = DONE },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);
  g_autoptr (GBytes) png = g_bytes_new_static (PICTURE, strlen (PICTURE));
  g_autofree char *path = NULL;

  linnet_test_online_start (online, steps, NULL);
  linnet_test_assert_resolves (linnet_account_set_picture (online->account, png, 64, 64));
  linnet_test_wait_for (online->account, "notify::avatar-file", has_picture, NULL);
  linnet_test_online_finish (online);
  assert_picture (online->account);
  path = g_file_get_path (linnet_account_get_avatar_file (online->account));

  linnet_test_online_restart (online);
  assert_picture (online->account);
  linnet_test_online_start (online, more, NULL);
  linnet_test_assert_resolves (linnet_account_set_picture (online->account, NULL, 0, 0));
  linnet_test_wait_for (online->account, "notify::avatar-file", has_no_picture, NULL);
  linnet_test_online_finish (online);
  while (g_file_test (path, G_FILE_TEST_EXISTS))
    linnet_test_settle ();
}

static const struct
{
  const char *name;
  const char *answer;
  int code;
} refusals[] = {
  { "no-pep", ERROR ("service-unavailable"), LINNET_ERROR_NO_PROFILES },
  { "not-implemented", ERROR ("feature-not-implemented"), LINNET_ERROR_NO_PROFILES },
  { "forbidden", ERROR ("forbidden"), LINNET_ERROR_NOT_ALLOWED },
  { "later", ERROR ("resource-constraint"), LINNET_ERROR_TRY_LATER },
};

/* Nothing changes, and no file stays. */
static void
test_picture_refused (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = PUBLISH_DATA, .s = refusals[row].answer },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);
  g_autoptr (GBytes) png = g_bytes_new_static (PICTURE, strlen (PICTURE));
  g_autoptr (GFile) file =
      linnet_avatars_get_file (linnet_store_get_directory (linnet_account_get_store (online->account)), HASH);

  linnet_test_online_start (online, steps, NULL);
  linnet_test_assert_rejects (
      linnet_account_set_picture (online->account, png, 64, 64), LINNET_ERROR, refusals[row].code);
  linnet_test_online_finish (online);
  g_assert_null (linnet_account_get_avatar_file (online->account));
  g_assert_false (g_file_query_exists (file, NULL));
}

static void
test_picture_offline (gconstpointer data)
{
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);
  g_autoptr (GBytes) png = g_bytes_new_static (PICTURE, strlen (PICTURE));

  linnet_test_assert_rejects (
      linnet_account_set_picture (online->account, png, 64, 64), LINNET_ERROR, LINNET_ERROR_OFFLINE);
  g_assert_null (linnet_account_get_avatar_file (online->account));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/account-profile/picture", test_picture, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/account-profile/picture/%s", refusals[i].name);

      linnet_test_add (path, test_picture_refused, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/model/account-profile/picture/offline", test_picture_offline, NULL);

  return g_test_run ();
}
