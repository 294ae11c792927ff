/* Tests of XEP-0292: reading and publishing vCards
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-spawn.h"
#include "xmpp-test-session.h"
#include "xmpp-vcard4.h"

#define NS "urn:ietf:params:xml:ns:vcard-4.0"
#define BOTH "both@example.net"
#define DONE "<iq type='result' id='$1'/>"
#define ERROR(from, condition)                                        \
  "<iq type='error' id='$1'" from "><error type='cancel'><" condition \
  " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
#define GET(to)                                                                    \
  "<iq type='get' id='*'" to "><pubsub xmlns='http://jabber.org/protocol/pubsub'>" \
  "<items node='urn:xmpp:vcard4' max_items='1'/></pubsub></iq>"
#define ITEM(from, content)                                                              \
  "<iq type='result' id='$1'" from "><pubsub xmlns='http://jabber.org/protocol/pubsub'>" \
  "<items node='urn:xmpp:vcard4'>" content "</items></pubsub></iq>"
#define VCARD(fields) "<item id='current'><vcard xmlns='" NS "'>" fields "</vcard></item>"
#define OPTIONS(access)                                                      \
  "<publish-options><x xmlns='jabber:x:data' type='submit'>"                 \
  "<field var='FORM_TYPE' type='hidden'>"                                    \
  "<value>http://jabber.org/protocol/pubsub#publish-options</value></field>" \
  "<field var='pubsub#persist_items'><value>true</value></field>"            \
  "<field var='pubsub#access_model'><value>" access "</value></field></x></publish-options>"
#define PUBLISH(access, fields)                                              \
  "<iq type='set' id='*'><pubsub xmlns='http://jabber.org/protocol/pubsub'>" \
  "<publish node='urn:xmpp:vcard4'>" VCARD (fields) "</publish>" OPTIONS (access) "</pubsub></iq>"

/* Everything, as one line. */
static char *
describe (const XmppVcardInfo *info)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < XMPP_VCARD_N_FIELDS; i++)
    {
      const char *const *values = xmpp_vcard_info_get_all (info, i);

      for (guint j = 0; values[j] != NULL; j++)
        g_string_append_printf (out, "%u=%s;", i, values[j]);
    }

  return g_string_free_and_steal (out);
}

#define ALL                                                                                               \
  "<fn><text>Ana Horvat</text></fn><n><surname>Horvat</surname><given>Ana</given></n>"                    \
  "<nickname><text>ana</text></nickname><photo><uri>https://example.org/me.jpg</uri></photo>"             \
  "<bday><date>19900228</date></bday>"                                                                    \
  "<adr><parameters><pref><integer>1</integer></pref></parameters><ext/><street>Way 1</street>"           \
  "<locality>Zagreb</locality><region/><code>10000</code><country>Croatia</country></adr>"                \
  "<tel><parameters><type><text>cell</text></type></parameters><uri>tel:+385-1-2345;ext=7</uri></tel>"    \
  "<tel><text>+385 1 99</text></tel>"                                                                     \
  "<email><text>ana@example.org</text></email><url><uri>https://example.org/</uri></url>"                 \
  "<url><uri>http://tracker.example/</uri></url><title><text>Gardener</text></title>"                     \
  "<org><parameters><type><text>work</text></type></parameters><text>Green</text><text>Unit</text></org>" \
  "<note><text>One\nTwo</text></note><impp><uri>xmpp:ana@example.org</uri></impp>"
#define ALL_TEXT                                                                      \
  "0=Ana Horvat;1=ana;2=One\nTwo;3=Green;4=Gardener;5=Way 1, Zagreb, 10000, Croatia;" \
  "6=1990-02-28;7=https://example.org/;8=ana@example.org;9=+385-1-2345;9=+385-1-99;"

static const struct
{
  const char *name;
  const char *answer;
  const char *text; /* NULL: rejected with @error */
  int error;
} rows[] = {
  { "all", ITEM (" from='" BOTH "'", VCARD (ALL)), ALL_TEXT },
  { "empty", ITEM (" from='" BOTH "'", VCARD ("")), "" },
  { "role-before-title",
    ITEM (" from='" BOTH "'", VCARD ("<title><text>T</text></title><role><text>R</text></role>")),
    "4=R;" },
  { "other-namespace",
    ITEM (" from='" BOTH "'", VCARD ("<fn xmlns='vcard-temp'><text>A</text></fn><fn>B</fn>")),
    "" },
  { "no-item", ITEM (" from='" BOTH "'", ""), NULL, XMPP_STANZA_ERROR_ITEM_NOT_FOUND },
  { "no-vcard",
    ITEM (" from='" BOTH "'", "<item id='current'><vCard xmlns='vcard-temp'/></item>"),
    NULL,
    XMPP_STANZA_ERROR_ITEM_NOT_FOUND },
  { "no-node", ERROR (" from='" BOTH "'", "item-not-found"), NULL, XMPP_STANZA_ERROR_ITEM_NOT_FOUND },
  { "forbidden", ERROR (" from='" BOTH "'", "forbidden"), NULL, XMPP_STANZA_ERROR_FORBIDDEN },
};

static void
test_fetch (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = GET (" to='" BOTH "'"), .s = rows[row].answer },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  g_autoptr (XmppJid) jid = xmpp_test_jid (BOTH "/x");
  g_autoptr (XmppVcardInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  xmpp_test_start (test, steps, NULL);
  info = dex_await_boxed (xmpp_vcard4_fetch (xmpp_test_get_feature (test, XMPP_TYPE_VCARD4), jid), &error);
  if (rows[row].text != NULL)
    {
      g_autofree char *text = NULL;

      g_assert_no_error (error);
      text = describe (info);
      g_assert_cmpstr (text, ==, rows[row].text);
    }
  else
    {
      g_assert_error (error, XMPP_STANZA_ERROR, rows[row].error);
    }
  xmpp_test_finish (test);
}

#define KEY "<key><uri>https://k</uri></key>"
#define FN "<fn><text>Ana</text></fn>"
#define N "<n><given>Ana</given></n>"
#define REST                                                                                           \
  "<nickname><text>a</text></nickname><note><text>Hi &lt;3</text></note><org><text>Green</text></org>" \
  "<role><text>cook</text></role><adr><locality>Zagreb</locality></adr>"                               \
  "<bday><date>1990-02-28</date></bday><url><uri>https://example.org/</uri></url>"                     \
  "<email><text>a@b</text></email><tel><uri>tel:+385-1</uri></tel>"
#define BARE                                             \
  "<photo><uri>https://example.org/me.jpg</uri></photo>" \
  "<impp><uri>xmpp:ana@example.org</uri></impp><fn><text/></fn>"

static const struct
{
  const char *name;
  gboolean empty; /* what is saved: everything, or nothing */
  XmppAccess access;
  const char *found;
  const char *published; /* NULL: nothing is */
  const char *answer;
  int error; /* -1: it worked */
} publishings[] = {
  { "first",
    FALSE,
    XMPP_ACCESS_CONTACTS,
    ERROR ("", "item-not-found"),
    PUBLISH ("presence", FN REST),
    DONE,
    -1 },
  { "everybody", FALSE, XMPP_ACCESS_OPEN, ITEM ("", ""), PUBLISH ("open", FN REST), DONE, -1 },
  { "others-stay",
    FALSE,
    XMPP_ACCESS_CONTACTS,
    ITEM ("", VCARD (KEY FN N)),
    PUBLISH ("presence", KEY FN N REST),
    DONE,
    -1 },
  { "all-taken-back",
    TRUE,
    XMPP_ACCESS_CONTACTS,
    ITEM ("", VCARD (ALL)),
    PUBLISH ("presence", BARE),
    DONE,
    -1 },
  /* What is there might be overwritten unseen. */
  { "cannot-read",
    FALSE,
    XMPP_ACCESS_CONTACTS,
    ERROR ("", "resource-constraint"),
    NULL,
    NULL,
    XMPP_STANZA_ERROR_RESOURCE_CONSTRAINT },
  { "refused",
    FALSE,
    XMPP_ACCESS_CONTACTS,
    ITEM ("", ""),
    PUBLISH ("presence", FN REST),
    ERROR ("", "forbidden"),
    XMPP_STANZA_ERROR_FORBIDDEN },
};

static void
test_publish (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = GET (""), .s = publishings[row].found },
    { .c = publishings[row].published, .s = publishings[row].answer },
    {},
  };
  static const char *const values[XMPP_VCARD_N_FIELDS] = {
    [XMPP_VCARD_NAME] = "Ana",
    [XMPP_VCARD_NICKNAME] = "a",
    [XMPP_VCARD_NOTE] = "Hi <3",
    [XMPP_VCARD_ORGANIZATION] = "Green",
    [XMPP_VCARD_ROLE] = "cook",
    [XMPP_VCARD_PLACE] = "Zagreb",
    [XMPP_VCARD_BIRTHDAY] = "1990-02-28",
    [XMPP_VCARD_URL] = "https://example.org/",
    [XMPP_VCARD_EMAIL] = "a@b",
    [XMPP_VCARD_PHONE] = "+385 1",
  };
  g_autoptr (XmppVcardInfo) info = xmpp_vcard_info_new ();
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  DexFuture *future;

  for (guint i = 0; i < XMPP_VCARD_N_FIELDS && !publishings[row].empty; i++)
    g_assert_true (xmpp_vcard_info_add (info, i, values[i]));
  xmpp_test_start (test, steps, NULL);
  future = xmpp_vcard4_publish (
      xmpp_test_get_feature (test, XMPP_TYPE_VCARD4), info, publishings[row].access);
  if (publishings[row].error == -1)
    linnet_test_assert_resolves (future);
  else
    linnet_test_assert_rejects (future, XMPP_STANZA_ERROR, publishings[row].error);
  xmpp_test_finish (test);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/vcard4/fetch/%s", rows[i].name);

      linnet_test_add (path, test_fetch, GSIZE_TO_POINTER (i));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (publishings); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/vcard4/publish/%s", publishings[i].name);

      linnet_test_add (path, test_publish, GSIZE_TO_POINTER (i));
    }

  return g_test_run ();
}
