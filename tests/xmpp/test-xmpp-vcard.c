/* Tests of XEP-0153: whose picture hashes are read (for more see test-xmpp-avatar.c), and of XEP-0054
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-spawn.h"
#include "xmpp-avatar.h"
#include "xmpp-test-session.h"
#include "xmpp-vcard.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define UPDATE(attributes, content) \
  "<presence " attributes "><x xmlns='vcard-temp:x:update'>" content "</x></presence>"

static const struct
{
  const char *name;
  const char *in;
  guint n_changes;
  gboolean converted; /* by the server, XEP-0398 */
} rows[] = {
  { "contact", UPDATE ("from='both@example.net/x'", "<photo>" A "</photo>"), 1 },
  { "contact-without-picture", UPDATE ("from='both@example.net/x'", "<photo/>"), 1 },
  { "own-device", UPDATE ("from='ana@example.org/phone'", "<photo>" A "</photo>"), 1 },
  { "own-device-converted", UPDATE ("from='ana@example.org/phone'", "<photo>" A "</photo>"), 0, TRUE },
  { "contact-converted", UPDATE ("from='both@example.net/x'", "<photo>" A "</photo>"), 1, TRUE },
  { "not-ready", UPDATE ("from='both@example.net/x'", ""), 0 },
  { "foreign-photo", UPDATE ("from='both@example.net/x'", "<photo xmlns='urn:example'>" A "</photo>"), 0 },
  { "who-only-sees-us", UPDATE ("from='from@example.net/x'", "<photo>" A "</photo>"), 0 },
  { "stranger", UPDATE ("from='mallory@example.com/x'", "<photo>" A "</photo>"), 0 },
  { "gone", UPDATE ("from='both@example.net/x' type='unavailable'", "<photo>" A "</photo>"), 0 },
  { "request", UPDATE ("from='both@example.net' type='subscribe'", "<photo>" A "</photo>"), 0 },
};

static void
count_cb (XmppAvatar *avatar,
          XmppJid *jid,
          XmppAvatarMetadata *metadata,
          guint source,
          guint *n)
{
  g_assert_true (xmpp_jid_is_bare (jid));
  *n += 1;
}

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autofree char *send = g_strconcat (rows[row].in, XMPP_TEST_SYNC_S, NULL);
  const LinnetTestStep steps[] = {
    { .c = XMPP_TEST_INTRO_C,
      .s = rows[row].converted ? XMPP_TEST_INTRO_S ("<feature var='urn:xmpp:pep-vcard-conversion:0'/>")
                               : XMPP_TEST_INTRO_S (XMPP_TEST_ACCOUNT_FEATURES) },
    { .c = XMPP_TEST_PRESENCE_C, .s = send },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  guint n_changes = 0;

  g_signal_connect (xmpp_test_get_feature (test, XMPP_TYPE_AVATAR),
                    "changed",
                    G_CALLBACK (count_cb),
                    &n_changes);
  xmpp_test_start (test, steps, NULL);
  xmpp_test_finish (test);

  g_assert_cmpuint (n_changes, ==, rows[row].n_changes);
}

/* ---- XEP-0054 ---- */

#define DONE "<iq type='result' id='$1'/>"
#define ERROR(from, condition)                                        \
  "<iq type='error' id='$1'" from "><error type='cancel'><" condition \
  " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
#define GET(to) "<iq type='get' id='*'" to "><vCard xmlns='vcard-temp'/></iq>"
#define CARD(from, fields) \
  "<iq type='result' id='$1'" from "><vCard xmlns='vcard-temp'>" fields "</vCard></iq>"
#define SET(fields) "<iq type='set' id='*'><vCard xmlns='vcard-temp'>" fields "</vCard></iq>"
#define BOTH "both@example.net"

static const struct
{
  const char *name;
  const char *answer;
  XmppVcardField field;
  const char *text; /* NULL: nothing */
  int error;        /* 0: it came */
} fetches[] = {
  { "name", CARD (" from='" BOTH "'", "<FN>Ana</FN>"), XMPP_VCARD_NAME, "Ana" },
  { "lower-case", CARD (" from='" BOTH "'", "<fn>Ana</fn>"), XMPP_VCARD_NAME, NULL },
  { "nickname", CARD (" from='" BOTH "'", "<NICKNAME>a</NICKNAME>"), XMPP_VCARD_NICKNAME, "a" },
  { "description", CARD (" from='" BOTH "'", "<NOTE>N</NOTE><DESC>D</DESC>"), XMPP_VCARD_NOTE, "D" },
  { "note", CARD (" from='" BOTH "'", "<NOTE>N</NOTE>"), XMPP_VCARD_NOTE, "N" },
  { "organization",
    CARD (" from='" BOTH "'", "<ORG><ORGNAME>Green</ORGNAME><ORGUNIT>Unit</ORGUNIT></ORG>"),
    XMPP_VCARD_ORGANIZATION,
    "Green" },
  { "title", CARD (" from='" BOTH "'", "<TITLE>T</TITLE>"), XMPP_VCARD_ROLE, "T" },
  { "place",
    CARD (" from='" BOTH "'", "<ADR><HOME/><STREET/><LOCALITY>Zagreb</LOCALITY><CTRY>HR</CTRY></ADR>"),
    XMPP_VCARD_PLACE,
    "Zagreb, HR" },
  { "birthday", CARD (" from='" BOTH "'", "<BDAY>1990-02-28</BDAY>"), XMPP_VCARD_BIRTHDAY, "1990-02-28" },
  { "url", CARD (" from='" BOTH "'", "<URL>https://example.org/</URL>"), XMPP_VCARD_URL, "https://example.org/" },
  { "url-script", CARD (" from='" BOTH "'", "<URL>javascript:x</URL>"), XMPP_VCARD_URL, NULL },
  { "email",
    CARD (" from='" BOTH "'", "<EMAIL><INTERNET/><USERID>a@b</USERID></EMAIL>"),
    XMPP_VCARD_EMAIL,
    "a@b" },
  { "email-in-the-element", CARD (" from='" BOTH "'", "<EMAIL>a@b</EMAIL>"), XMPP_VCARD_EMAIL, "a@b" },
  { "phone",
    CARD (" from='" BOTH "'", "<TEL><HOME/><NUMBER/></TEL><TEL><NUMBER>+1 2</NUMBER></TEL>"),
    XMPP_VCARD_PHONE,
    "+1-2" },
  { "empty", CARD (" from='" BOTH "'", ""), XMPP_VCARD_NAME, NULL },
  { "none",
    "<iq type='result' id='$1' from='" BOTH "'/>",
    XMPP_VCARD_NAME,
    NULL,
    XMPP_STANZA_ERROR_ITEM_NOT_FOUND },
  { "refused",
    ERROR (" from='" BOTH "'", "service-unavailable"),
    XMPP_VCARD_NAME,
    NULL,
    XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE },
};

static void
test_fetch (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = GET (" to='" BOTH "'"), .s = fetches[row].answer },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  g_autoptr (XmppJid) jid = xmpp_test_jid (BOTH "/x");
  g_autoptr (XmppVcardInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  xmpp_test_start (test, steps, NULL);
  info = dex_await_boxed (xmpp_vcard_fetch (xmpp_test_get_feature (test, XMPP_TYPE_VCARD), jid), &error);
  if (fetches[row].error == 0)
    {
      g_assert_no_error (error);
      g_assert_cmpstr (xmpp_vcard_info_get (info, fetches[row].field), ==, fetches[row].text);
    }
  else
    {
      g_assert_error (error, XMPP_STANZA_ERROR, fetches[row].error);
    }
  xmpp_test_finish (test);
}

static const struct
{
  const char *name;
  LinnetTestStep steps[2];
  int error; /* -1: it worked */
} savings[] = {
  { "first",
    { { .c = GET (""), .s = ERROR ("", "item-not-found") },
      { .c = SET ("<FN>Ana</FN><DESC>Hi</DESC><EMAIL><INTERNET/><USERID>a@b</USERID></EMAIL>"),
        .s = DONE } },
    -1 },
  { "picture-stays",
    { { .c = GET (""), .s = CARD ("", "<PHOTO><BINVAL>eA==</BINVAL></PHOTO><FN>B</FN><N/>") },
      { .c = SET ("<PHOTO><BINVAL>eA==</BINVAL></PHOTO><FN>Ana</FN><DESC>Hi</DESC>"
                  "<EMAIL><INTERNET/><USERID>a@b</USERID></EMAIL>"),
        .s = DONE } },
    -1 },
  { "nothing-new",
    { { .c = GET (""),
        .s = CARD ("", "<FN>Ana</FN><N/><NOTE>Hi</NOTE><EMAIL><USERID>a@b</USERID></EMAIL>")
            XMPP_TEST_SYNC_S },
      { .c = XMPP_TEST_SYNC_C } },
    -1 },
  { "cannot-read",
    { { .c = GET (""), .s = ERROR ("", "resource-constraint") } },
    XMPP_STANZA_ERROR_RESOURCE_CONSTRAINT },
};

static void
test_save (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = { XMPP_TEST_INTRO, savings[row].steps[0], savings[row].steps[1], {} };
  g_autoptr (XmppVcardInfo) info = xmpp_vcard_info_new ();
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  DexFuture *future;

  xmpp_vcard_info_add (info, XMPP_VCARD_NAME, "Ana");
  xmpp_vcard_info_add (info, XMPP_VCARD_NOTE, "Hi");
  xmpp_vcard_info_add (info, XMPP_VCARD_EMAIL, "a@b");
  xmpp_test_start (test, steps, NULL);
  future = xmpp_vcard_save (xmpp_test_get_feature (test, XMPP_TYPE_VCARD), info);
  if (savings[row].error == -1)
    linnet_test_assert_resolves (future);
  else
    linnet_test_assert_rejects (future, XMPP_STANZA_ERROR, savings[row].error);
  xmpp_test_finish (test);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/vcard/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (fetches); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/vcard/fetch/%s", fetches[i].name);

      linnet_test_add (path, test_fetch, GSIZE_TO_POINTER (i));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (savings); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/vcard/save/%s", savings[i].name);

      linnet_test_add (path, test_save, GSIZE_TO_POINTER (i));
    }

  return g_test_run ();
}
