/* Tests of what people show of themselves: profiles and pictures
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

/* ---- profiles ---- */

#define NS_VCARD4 "urn:ietf:params:xml:ns:vcard-4.0"
#define BOTH "both@example.net"
#define GET4(to)                                                                   \
  "<iq type='get' id='*'" to "><pubsub xmlns='http://jabber.org/protocol/pubsub'>" \
  "<items node='urn:xmpp:vcard4' max_items='1'/></pubsub></iq>"
#define CARD4(from, fields)                                                               \
  "<iq type='result' id='$1'" from "><pubsub xmlns='http://jabber.org/protocol/pubsub'>"  \
  "<items node='urn:xmpp:vcard4'><item id='current'><vcard xmlns='" NS_VCARD4 "'>" fields \
  "</vcard></item></items></pubsub></iq>"
#define GET_OLD(to) "<iq type='get' id='*'" to "><vCard xmlns='vcard-temp'/></iq>"
#define OLD(from, fields) \
  "<iq type='result' id='$1'" from "><vCard xmlns='vcard-temp'>" fields "</vCard></iq>"
#define SET_OLD(fields) "<iq type='set' id='*'><vCard xmlns='vcard-temp'>" fields "</vCard></iq>"
#define ERROR_FROM(from, condition)                                   \
  "<iq type='error' id='$1'" from "><error type='cancel'><" condition \
  " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
#define F_BOTH " from='" BOTH "'"

static const struct
{
  const char *name;
  const char *answer;
  const char *old; /* NULL: is not asked for */
  const char *full_name;
  int code; /* 0: it came */
} loadings[] = {
  { "vcard4", CARD4 (F_BOTH, "<fn><text>Both</text></fn>"), NULL, "Both" },
  { "older",
    ERROR_FROM (F_BOTH, "item-not-found"),
    OLD (F_BOTH, "<FN>Older</FN>"),
    "Older" },
  { "older-as-forbidden", ERROR_FROM (F_BOTH, "forbidden"), OLD (F_BOTH, "<FN>Older</FN>"), "Older" },
  { "none", ERROR_FROM (F_BOTH, "item-not-found"), ERROR_FROM (F_BOTH, "item-not-found"), NULL },
  { "nothing-spoken",
    ERROR_FROM (F_BOTH, "service-unavailable"),
    ERROR_FROM (F_BOTH, "service-unavailable"),
    NULL },
  { "unreached", ERROR_FROM (F_BOTH, "remote-server-not-found"), NULL, NULL, LINNET_ERROR_REMOTE_SERVER },
  { "unreached-later",
    ERROR_FROM (F_BOTH, "item-not-found"),
    ERROR_FROM (F_BOTH, "remote-server-timeout"),
    NULL,
    LINNET_ERROR_REMOTE_SERVER },
};

static void
test_contact (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  static const LinnetTestContact both = { .address = BOTH, .subscription = LINNET_SUBSCRIPTION_BOTH };
  const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = GET4 (" to='" BOTH "'"), .s = loadings[row].answer },
    { .c = loadings[row].old != NULL ? GET_OLD (" to='" BOTH "'") : NULL, .s = loadings[row].old },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (&both, 1);
  g_autoptr (LinnetProfile) profile = NULL;
  g_autoptr (GError) error = NULL;

  linnet_test_online_start (online, steps, NULL);
  profile = dex_await_boxed (
      linnet_contact_load_profile (linnet_account_lookup_contact (online->account, BOTH)), &error);
  linnet_test_online_finish (online);

  if (loadings[row].code != 0)
    {
      g_assert_error (error, LINNET_ERROR, loadings[row].code);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpstr (linnet_profile_get (profile, LINNET_PROFILE_NAME), ==, loadings[row].full_name);
  g_assert_cmpint (linnet_profile_is_empty (profile), ==, loadings[row].full_name == NULL);
}

/* Not a byte goes to who is no contact. */
static void
test_stranger (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);
  g_autoptr (LinnetContact) contact =
      linnet_account_ensure_contact (online->account, "stranger@example.com");

  linnet_test_online_start (online, steps, NULL);
  linnet_test_assert_rejects (
      linnet_contact_load_profile (contact), LINNET_ERROR, LINNET_ERROR_NOT_ALLOWED);
  linnet_test_online_finish (online);
}

#define GET_ACCESS(node)                                                           \
  "<iq type='get' id='*'><pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>" \
  "<configure node='" node "'/></pubsub></iq>"
#define ACCESS(node, model)                                                            \
  "<iq type='result' id='$1'><pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>" \
  "<configure node='" node "'><x xmlns='jabber:x:data' type='form'>"                   \
  "<field var='pubsub#access_model'><value>" model "</value></field></x></configure></pubsub></iq>"
#define VCARD4 "urn:xmpp:vcard4"
#define METADATA "urn:xmpp:avatar:metadata"
#define DATA "urn:xmpp:avatar:data"

static const struct
{
  const char *name;
  LinnetTestStep steps[3];
  int visibility; /* -1: rejected with @code */
  int code;
} visibilities[] = {
  { "everybody", { { GET_ACCESS (VCARD4), ACCESS (VCARD4, "open") } }, LINNET_VISIBILITY_EVERYBODY },
  { "contacts", { { GET_ACCESS (VCARD4), ACCESS (VCARD4, "presence") } }, LINNET_VISIBILITY_CONTACTS },
  { "fewer", { { GET_ACCESS (VCARD4), ACCESS (VCARD4, "roster") } }, LINNET_VISIBILITY_CONTACTS },
  { "picture",
    { { GET_ACCESS (VCARD4), ERROR ("item-not-found") },
      { GET_ACCESS (METADATA), ACCESS (METADATA, "open") } },
    LINNET_VISIBILITY_EVERYBODY },
  { "nothing-yet",
    { { GET_ACCESS (VCARD4), ERROR ("item-not-found") },
      { GET_ACCESS (METADATA), ERROR ("item-not-found") },
      { GET_ACCESS (DATA), ERROR ("item-not-found") } },
    LINNET_VISIBILITY_CONTACTS },
  { "no-pep", { { GET_ACCESS (VCARD4), ERROR ("service-unavailable") } }, -1, LINNET_ERROR_NO_PROFILES },
};

static void
test_visibility (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    visibilities[row].steps[0],
    visibilities[row].steps[1],
    visibilities[row].steps[2],
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);
  g_autoptr (GError) error = NULL;
  guint visibility;

  linnet_test_online_start (online, steps, NULL);
  visibility = dex_await_uint (linnet_account_load_visibility (online->account), &error);
  linnet_test_online_finish (online);

  if (visibilities[row].visibility < 0)
    {
      g_assert_error (error, LINNET_ERROR, visibilities[row].code);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpint (visibility, ==, visibilities[row].visibility);
}

#define OPTIONS(access)                                                      \
  "<publish-options><x xmlns='jabber:x:data' type='submit'>"                 \
  "<field var='FORM_TYPE' type='hidden'>"                                    \
  "<value>http://jabber.org/protocol/pubsub#publish-options</value></field>" \
  "<field var='pubsub#persist_items'><value>true</value></field>"            \
  "<field var='pubsub#access_model'><value>" access "</value></field></x></publish-options>"
#define PUBLISH4(access, fields)                                                       \
  "<iq type='set' id='*'><pubsub xmlns='http://jabber.org/protocol/pubsub'>"           \
  "<publish node='" VCARD4 "'><item id='current'><vcard xmlns='" NS_VCARD4 "'>" fields \
  "</vcard></item></publish>" OPTIONS (access) "</pubsub></iq>"
#define PUBLISH_NICK(access)                                                 \
  "<iq type='set' id='*'><pubsub xmlns='http://jabber.org/protocol/pubsub'>" \
  "<publish node='http://jabber.org/protocol/nick'><item id='current'>"      \
  "<nick xmlns='http://jabber.org/protocol/nick'>ana</nick></item></publish>" OPTIONS (access) "</pubsub></iq>"
#define CONFIGURE(node, model)                                                     \
  "<iq type='set' id='*'><pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>" \
  "<configure node='" node "'><x xmlns='jabber:x:data' type='submit'>"             \
  "<field var='FORM_TYPE' type='hidden'>"                                          \
  "<value>http://jabber.org/protocol/pubsub#node_config</value></field>"           \
  "<field var='pubsub#persist_items'><value>true</value></field>"                  \
  "<field var='pubsub#access_model'><value>" model "</value></field></x></configure></pubsub></iq>"
#define FIELDS4 "<fn><text>Ana</text></fn><nickname><text>ana</text></nickname>"
#define EMPTY4 "<fn><text/></fn>"
#define FIELDS_OLD "<FN>Ana</FN><NICKNAME>ana</NICKNAME>"

/* From the beginning to where the older card is looked at. */
#define BEGIN(was, access)                                                   \
  { GET_ACCESS (VCARD4), was }, { GET4 (""), ERROR ("item-not-found") },     \
      { PUBLISH4 (access, FIELDS4), DONE }, { PUBLISH_NICK (access), DONE }, \
      { CONFIGURE (METADATA, access), DONE },                                \
  {                                                                          \
    CONFIGURE (DATA, access), ERROR ("item-not-found")                       \
  }
#define WAS_OPEN ACCESS (VCARD4, "open")
#define WAS_CONTACTS ACCESS (VCARD4, "presence")
#define WAS_NOTHING ERROR ("item-not-found")
/* The older card is as the newer one: does it change with that? */
#define PROBE(after)                                                                                       \
  { GET_OLD (""), OLD ("", FIELDS_OLD) }, { GET4 (""), CARD4 ("", FIELDS4) },                              \
      { PUBLISH4 ("presence", EMPTY4), DONE }, { GET_OLD (""), after }, { GET4 (""), CARD4 ("", EMPTY4) }, \
  {                                                                                                        \
    PUBLISH4 ("presence", "<fn><text>Ana</text></fn><nickname><text>ana</text></nickname>"), DONE          \
  }

static const struct
{
  const char *name;
  LinnetVisibility visibility;
  LinnetTestStep steps[14];
  int code; /* 0: it worked */
} savings[] = {
  { "everybody-converted",
    LINNET_VISIBILITY_EVERYBODY,
    { BEGIN (WAS_NOTHING, "open"), { GET_OLD (""), OLD ("", FIELDS_OLD) } } },
  { "everybody-two-cards",
    LINNET_VISIBILITY_EVERYBODY,
    { BEGIN (WAS_NOTHING, "open"),
      { GET_OLD (""), OLD ("", "<PHOTO/><FN>Old</FN>") },
      { SET_OLD ("<PHOTO/>" FIELDS_OLD), DONE } } },
  { "everybody-no-older-card",
    LINNET_VISIBILITY_EVERYBODY,
    { BEGIN (WAS_NOTHING, "open"), { GET_OLD (""), ERROR ("service-unavailable") } } },
  { "contacts-no-older-card",
    LINNET_VISIBILITY_CONTACTS,
    { BEGIN (WAS_OPEN, "presence"), { GET_OLD (""), ERROR ("item-not-found") } } },
  { "contacts-older-card-empty",
    LINNET_VISIBILITY_CONTACTS,
    { BEGIN (WAS_OPEN, "presence"), { GET_OLD (""), OLD ("", "<PHOTO/>") } } },
  { "contacts-converted",
    LINNET_VISIBILITY_CONTACTS,
    { BEGIN (WAS_CONTACTS, "presence"), { GET_OLD (""), OLD ("", FIELDS_OLD) } } },
  { "contacts-converted-was-open",
    LINNET_VISIBILITY_CONTACTS,
    { BEGIN (WAS_OPEN, "presence"), PROBE (OLD ("", "")) } },
  { "contacts-two-cards",
    LINNET_VISIBILITY_CONTACTS,
    { BEGIN (WAS_CONTACTS, "presence"),
      { GET_OLD (""), OLD ("", "<PHOTO/><FN>Old</FN>") },
      { GET_OLD (""), OLD ("", "<PHOTO/><FN>Old</FN>") },
      { SET_OLD ("<PHOTO/>"), DONE } } },
  { "contacts-two-cards-was-open",
    LINNET_VISIBILITY_CONTACTS,
    { BEGIN (WAS_OPEN, "presence"),
      PROBE (OLD ("", FIELDS_OLD)),
      { GET_OLD (""), OLD ("", FIELDS_OLD) },
      { SET_OLD (""), DONE } } },
  { "no-pep",
    LINNET_VISIBILITY_CONTACTS,
    { { GET_ACCESS (VCARD4), ERROR ("service-unavailable") }, { GET4 (""), ERROR ("service-unavailable") } },
    LINNET_ERROR_NO_PROFILES },
};

static void
test_save (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep intro[] = { XMPP_TEST_INTRO };
  LinnetTestStep steps[G_N_ELEMENTS (intro) + G_N_ELEMENTS (savings[row].steps) + 1] = { 0 };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);
  g_autoptr (LinnetProfile) profile = linnet_profile_new ();
  DexFuture *future;

  memcpy (steps, intro, sizeof intro);
  memcpy (steps + G_N_ELEMENTS (intro), savings[row].steps, sizeof savings[row].steps);
  linnet_profile_set (profile, LINNET_PROFILE_NAME, "Ana");
  linnet_profile_set (profile, LINNET_PROFILE_NICKNAME, "ana");

  linnet_test_online_start (online, steps, NULL);
  future = linnet_account_save_profile (online->account, profile, savings[row].visibility);
  if (savings[row].code == 0)
    linnet_test_assert_resolves (future);
  else
    linnet_test_assert_rejects (future, LINNET_ERROR, savings[row].code);
  linnet_test_online_finish (online);
  g_assert_cmpstr (
      linnet_account_get_nickname (online->account), ==, savings[row].code == 0 ? "ana" : NULL);
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
  for (gsize i = 0; i < G_N_ELEMENTS (loadings); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/account-profile/contact/%s", loadings[i].name);

      linnet_test_add (path, test_contact, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/model/account-profile/contact/stranger", test_stranger, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (visibilities); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/account-profile/visibility/%s", visibilities[i].name);

      linnet_test_add (path, test_visibility, GSIZE_TO_POINTER (i));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (savings); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/account-profile/save/%s", savings[i].name);

      linnet_test_add (path, test_save, GSIZE_TO_POINTER (i));
    }

  return g_test_run ();
}
