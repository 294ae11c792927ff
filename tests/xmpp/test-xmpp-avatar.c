/* Tests of XEP-0084: choosing a picture, fetching it, and that it is the one that was announced
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-spawn.h"
#include "xmpp-avatar.h"
#include "xmpp-test-session.h"

#define NS "urn:xmpp:avatar:metadata"
#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "cccccccccccccccccccccccccccccccccccccccc"
#define EVENT(from, content)                                                                                 \
  "<message type='headline' from='" from "'><event xmlns='http://jabber.org/protocol/pubsub#event'>" content \
  "</event></message>"
#define METADATA(infos) \
  "<items node='" NS "'><item id='x'><metadata xmlns='" NS "'>" infos "</metadata></item></items>"
#define INFO(id, more) "<info id='" id "' bytes='1000' " more "/>"
#define VCARD(from, photo) "<presence from='" from "'><x xmlns='vcard-temp:x:update'>" photo "</x></presence>"
#define PHOTO(hash) "<photo>" hash "</photo>"
#define BOTH "both@example.net"

static void
changed_cb (XmppAvatar *avatar,
            XmppJid *jid,
            XmppAvatarMetadata *metadata,
            guint source,
            GString *log)
{
  g_string_append_printf (log, "%s=", xmpp_jid_get_string (jid));
  if (metadata == NULL)
    g_string_append_printf (log, "none,%s ", source == XMPP_AVATAR_PEP ? "pep" : "vcard");
  else
    g_string_append_printf (log,
                            "%.2s,%s,%s ",
                            metadata->id,
                            metadata->source == XMPP_AVATAR_PEP ? "pep" : "vcard",
                            metadata->type);
}

static const struct
{
  const char *name;
  const char *in;
  const char *log;
} rows[] = {
  { "one", EVENT (BOTH, METADATA (INFO (A, "type='image/jpeg'"))), BOTH "=aa,pep,image/jpeg " },
  { "own",
    EVENT ("ana@example.org", METADATA (INFO (A, "type='image/png'"))),
    "ana@example.org=aa,pep,image/png " },
  { "png-before-others",
    EVENT (BOTH,
           METADATA (INFO (A, "type='image/webp'") INFO (B, "type='image/png'")
                         INFO (C, "type='image/gif'"))),
    BOTH "=bb,pep,image/png " },
  { "upper-case",
    EVENT (BOTH, METADATA (INFO ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "type='image/png'"))),
    BOTH "=aa,pep,image/png " },
  { "none", EVENT (BOTH, METADATA ("")), BOTH "=none,pep " },
  { "retracted",
    EVENT (BOTH, METADATA (INFO (A, ""))) EVENT (BOTH, "<items node='" NS "'><retract id='x'/></items>"),
    BOTH "=aa,pep,(null) " BOTH "=none,pep " },
  { "deleted",
    EVENT (BOTH, METADATA (INFO (A, ""))) EVENT (BOTH, "<delete node='" NS "'/>"),
    BOTH "=aa,pep,(null) " BOTH "=none,pep " },
  { "changed",
    EVENT (BOTH, METADATA (INFO (A, ""))) EVENT (BOTH, METADATA (INFO (B, ""))),
    BOTH "=aa,pep,(null) " BOTH "=bb,pep,(null) " },
  { "the-same-again",
    EVENT (BOTH, METADATA (INFO (A, ""))) EVENT (BOTH, METADATA (INFO (A, ""))),
    BOTH "=aa,pep,(null) " },

  /* Nothing to be fetched */
  { "elsewhere", EVENT (BOTH, METADATA (INFO (A, "url='https://tracker.example/a.png'"))), BOTH "=none,pep " },
  { "too-large",
    EVENT (BOTH, METADATA ("<info id='" A "' bytes='1048577' type='image/png'/>")),
    BOTH "=none,pep " },
  { "no-size", EVENT (BOTH, METADATA ("<info id='" A "' type='image/png'/>")), BOTH "=none,pep " },
  { "no-id", EVENT (BOTH, METADATA ("<info bytes='1' type='image/png'/>")), BOTH "=none,pep " },
  { "path-for-an-id",
    EVENT (BOTH, METADATA (INFO ("../../../../../../../../../../../etc/passwd", ""))),
    BOTH "=none,pep " },
  { "long-id", EVENT (BOTH, METADATA (INFO (A "a", ""))), BOTH "=none,pep " },
  { "short-id", EVENT (BOTH, METADATA (INFO ("aaaa", ""))), BOTH "=none,pep " },
  { "stranger", EVENT ("mallory@example.com", METADATA (INFO (A, ""))), "" },

  /* XEP-0153 */
  { "vcard", VCARD (BOTH "/x", PHOTO (A)), BOTH "=aa,vcard,(null) " },
  { "vcard-upper-case",
    VCARD (BOTH "/x", PHOTO ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")),
    BOTH "=aa,vcard,(null) " },
  { "vcard-again",
    VCARD (BOTH "/x", PHOTO (A)) VCARD (BOTH "/x", PHOTO (A)) VCARD (BOTH "/y", PHOTO (A)),
    BOTH "=aa,vcard,(null) " },
  { "vcard-none", VCARD (BOTH "/x", PHOTO ("")), BOTH "=none,vcard " },
  { "vcard-taken-away",
    VCARD (BOTH "/x", PHOTO (A)) VCARD (BOTH "/x", PHOTO ("")),
    BOTH "=aa,vcard,(null) " BOTH "=none,vcard " },
  { "vcard-not-ready", VCARD (BOTH "/x", ""), "" },
  { "vcard-nonsense", VCARD (BOTH "/x", PHOTO ("../../x")), BOTH "=none,vcard " },
  { "vcard-stranger", VCARD ("mallory@example.com/x", PHOTO (A)), "" },
  { "vcard-who-sees-us", VCARD ("from@example.net/x", PHOTO (A)), "" },
  { "vcard-unavailable",
    "<presence type='unavailable' from='" BOTH
    "/x'><x xmlns='vcard-temp:x:update'>" PHOTO (A) "</x></presence>",
    "" },
  { "pep-after-vcard",
    VCARD (BOTH "/x", PHOTO (A)) EVENT (BOTH, METADATA (INFO (B, ""))),
    BOTH "=aa,vcard,(null) " BOTH "=bb,pep,(null) " },
  { "vcard-after-pep",
    EVENT (BOTH, METADATA (INFO (B, ""))) VCARD (BOTH "/x", PHOTO (A)),
    BOTH "=bb,pep,(null) " },
  { "same-by-both-ways",
    VCARD (BOTH "/x", PHOTO (A)) EVENT (BOTH, METADATA (INFO (A, ""))),
    BOTH "=aa,vcard,(null) " BOTH "=aa,pep,(null) " },
  { "none-by-both-ways",
    VCARD (BOTH "/x", PHOTO ("")) EVENT (BOTH, METADATA ("")),
    BOTH "=none,vcard " BOTH "=none,pep " },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (GString) log = g_string_new (NULL);
  g_autofree char *send = g_strconcat (rows[row].in, XMPP_TEST_SYNC_S, NULL);
  const LinnetTestStep steps[] = { XMPP_TEST_INTRO, { .s = send }, { .c = XMPP_TEST_SYNC_C }, {} };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);

  g_signal_connect (xmpp_test_get_feature (test, XMPP_TYPE_AVATAR), "changed", G_CALLBACK (changed_cb), log);
  xmpp_test_start (test, steps, NULL);
  xmpp_test_finish (test);

  g_assert_cmpstr (log->str, ==, rows[row].log);
}

/* ---- fetching ---- */

static void
keep_cb (XmppAvatar *avatar,
         XmppJid *jid,
         XmppAvatarMetadata *metadata,
         guint source,
         XmppAvatarMetadata **kept)
{
  *kept = xmpp_avatar_metadata_ref (metadata);
}

/* "picture" in Base64. */
#define PICTURE "cGljdHVyZQ=="
#define ERROR                            \
  "<iq type='error' id='$1' from='" BOTH \
  "'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
#define ITEM(node, id, content)                                                 \
  "<iq type='result' id='$1' from='" BOTH                                       \
  "'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='" node "'>" \
  "<item id='" id "'>" content "</item></items></pubsub></iq>"
#define DATA(text) "<data xmlns='urn:xmpp:avatar:data'>" text "</data>"
#define NODE "urn:xmpp:avatar:data"
#define VCARD_REPLY(content) \
  "<iq type='result' id='$1' from='" BOTH "'><vCard xmlns='vcard-temp'>" content "</vCard></iq>"

static const struct
{
  const char *name;
  gboolean vcard;
  const char *answer; /* @ID@: the right id */
  int error;          /* -1: the picture comes */
} fetches[] = {
  { "pep", FALSE, ITEM (NODE, "@ID@", DATA (PICTURE)), -1 },
  { "pep-in-lines", FALSE, ITEM (NODE, "@ID@", DATA ("cGlj\n dHVy\r\nZQ==")), -1 },
  { "pep-other-picture", FALSE, ITEM (NODE, "@ID@", DATA ("b3RoZXI=")), XMPP_STANZA_ERROR_NOT_ACCEPTABLE },
  { "pep-other-item", FALSE, ITEM (NODE, A, DATA (PICTURE)), XMPP_STANZA_ERROR_NOT_ACCEPTABLE },
  { "pep-other-node",
    FALSE,
    ITEM ("urn:other", "@ID@", DATA (PICTURE)),
    XMPP_STANZA_ERROR_UNDEFINED_CONDITION },
  { "pep-not-base64", FALSE, ITEM (NODE, "@ID@", DATA ("p!cture")), XMPP_STANZA_ERROR_NOT_ACCEPTABLE },
  { "pep-empty", FALSE, ITEM (NODE, "@ID@", DATA ("")), XMPP_STANZA_ERROR_NOT_ACCEPTABLE },
  { "pep-no-data", FALSE, ITEM (NODE, "@ID@", ""), XMPP_STANZA_ERROR_NOT_ACCEPTABLE },
  { "pep-error", FALSE, ERROR, XMPP_STANZA_ERROR_ITEM_NOT_FOUND },
  { "vcard",
    TRUE,
    VCARD_REPLY ("<FN>B</FN><PHOTO><TYPE>image/png</TYPE><BINVAL>\ncGljd\nHVyZQ==</BINVAL></PHOTO>"),
    -1 },
  { "vcard-other-picture",
    TRUE,
    VCARD_REPLY ("<PHOTO><BINVAL>b3RoZXI=</BINVAL></PHOTO>"),
    XMPP_STANZA_ERROR_NOT_ACCEPTABLE },
  { "vcard-elsewhere",
    TRUE,
    VCARD_REPLY ("<PHOTO><EXTVAL>https://tracker.example/a.png</EXTVAL></PHOTO>"),
    XMPP_STANZA_ERROR_NOT_ACCEPTABLE },
  { "vcard-none", TRUE, VCARD_REPLY (""), XMPP_STANZA_ERROR_NOT_ACCEPTABLE },
  { "vcard-nothing", TRUE, "<iq type='result' id='$1' from='" BOTH "'/>", XMPP_STANZA_ERROR_NOT_ACCEPTABLE },
  { "vcard-error", TRUE, ERROR, XMPP_STANZA_ERROR_ITEM_NOT_FOUND },
};

static char *
with_id (const char *text)
{
  g_autofree char *id = g_compute_checksum_for_string (G_CHECKSUM_SHA1, "picture", -1);
  g_auto (GStrv) parts = g_strsplit (text, "@ID@", -1);

  return g_strjoinv (id, parts);
}

static void
test_fetch (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autofree char *announce = with_id (fetches[row].vcard ? VCARD (BOTH "/x", PHOTO ("@ID@"))
                                                          : EVENT (BOTH, METADATA (INFO ("@ID@", ""))));
  g_autofree char *question =
      with_id (fetches[row].vcard ? "<iq type='get' id='*' to='" BOTH "'><vCard xmlns='vcard-temp'/></iq>"
                                  : "<iq type='get' id='*' to='" BOTH
                                    "'><pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                                    "<items node='" NODE "'><item id='@ID@'/></items></pubsub></iq>");
  g_autofree char *answer = with_id (fetches[row].answer);
  const LinnetTestStep steps[] = { XMPP_TEST_INTRO, { .s = announce }, { .c = question, .s = answer }, {} };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppAvatar *avatar = xmpp_test_get_feature (test, XMPP_TYPE_AVATAR);
  g_autoptr (XmppJid) jid = xmpp_test_jid (BOTH "/x");
  g_autoptr (XmppAvatarMetadata) metadata = NULL;
  g_autoptr (GBytes) picture = NULL;
  g_autoptr (GError) error = NULL;

  g_signal_connect (avatar, "changed", G_CALLBACK (keep_cb), &metadata);
  xmpp_test_start (test, steps, NULL);
  while (metadata == NULL)
    linnet_test_settle ();

  picture = dex_await_boxed (xmpp_avatar_fetch (avatar, jid, metadata), &error);
  if (fetches[row].error == -1)
    g_assert_cmpmem (g_bytes_get_data (picture, NULL), g_bytes_get_size (picture), "picture", 7);
  else
    g_assert_error (error, XMPP_STANZA_ERROR, fetches[row].error);
  xmpp_test_finish (test);
}

/* security.md P12: what was said of its size was a lie. */
static void
test_fetch_too_large (gconstpointer data)
{
  for (gsize over = 0; over < 2; over++)
    {
      gsize length = XMPP_AVATAR_MAX_BYTES + over;
      g_autofree char *picture = g_strnfill (length, 'x');
      g_autofree char *base64 = g_base64_encode ((const guchar *) picture, length);
      g_autofree char *id = g_compute_checksum_for_string (G_CHECKSUM_SHA1, picture, length);
      g_autofree char *announce = g_strdup_printf (VCARD (BOTH "/x", PHOTO ("%s")), id);
      g_autofree char *answer = g_strdup_printf (VCARD_REPLY ("<PHOTO><BINVAL>%s</BINVAL></PHOTO>"), base64);
      const LinnetTestStep steps[] = {
        XMPP_TEST_INTRO,
        { .s = announce },
        { .c = "<iq type='get' id='*' to='" BOTH "'><vCard xmlns='vcard-temp'/></iq>", .s = answer },
        {},
      };
      g_autoptr (XmppTest) test = xmpp_test_new (NULL);
      XmppAvatar *avatar = xmpp_test_get_feature (test, XMPP_TYPE_AVATAR);
      g_autoptr (XmppJid) jid = xmpp_test_jid (BOTH);
      g_autoptr (XmppAvatarMetadata) metadata = NULL;

      g_signal_connect (avatar, "changed", G_CALLBACK (keep_cb), &metadata);
      xmpp_test_start (test, steps, NULL);
      while (metadata == NULL)
        linnet_test_settle ();

      if (over)
        linnet_test_assert_rejects (xmpp_avatar_fetch (avatar, jid, metadata),
                                    XMPP_STANZA_ERROR,
                                    XMPP_STANZA_ERROR_NOT_ACCEPTABLE);
      else
        linnet_test_assert_resolves (xmpp_avatar_fetch (avatar, jid, metadata));
      xmpp_test_finish (test);
    }
}

static void
test_four_at_once (gconstpointer data)
{
#define ASK "<iq type='get' id='*' to='" BOTH "'><vCard xmlns='vcard-temp'/></iq>"
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = VCARD (BOTH "/x", PHOTO (A)) },
    { .c = ASK ASK ASK ASK, .s = XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C, .s = ERROR },
    {},
  };
  static const LinnetTestStep more[] = {
    XMPP_TEST_INTRO,
    { .s = VCARD (BOTH "/x", PHOTO (A)) },
    { .c = ASK ASK ASK ASK, .s = ERROR },
    { .c = ASK },
    {},
  };
  const LinnetTestStep *const transcripts[] = { steps, more };

  for (gsize i = 0; i < G_N_ELEMENTS (transcripts); i++)
    {
      g_autoptr (XmppTest) test = xmpp_test_new (NULL);
      XmppAvatar *avatar = xmpp_test_get_feature (test, XMPP_TYPE_AVATAR);
      g_autoptr (XmppJid) jid = xmpp_test_jid (BOTH);
      g_autoptr (XmppAvatarMetadata) metadata = NULL;

      g_signal_connect (avatar, "changed", G_CALLBACK (keep_cb), &metadata);
      xmpp_test_start (test, transcripts[i], NULL);
      while (metadata == NULL)
        linnet_test_settle ();
      for (guint j = 0; j < 5; j++)
        dex_future_disown (xmpp_avatar_fetch (avatar, jid, metadata));
      xmpp_test_finish (test);
    }
}

/* ---- publishing ---- */

#define DONE "<iq type='result' id='$1'/>"
#define FORBIDDEN                                                                                        \
  "<iq type='error' id='$1'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>" \
  "</error></iq>"
#define PUBLISH(access, node, item, content)                                                          \
  "<iq type='set' id='*'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='" node "'>" \
  "<item" item ">" content "</item></publish>"                                                        \
  "<publish-options><x xmlns='jabber:x:data' type='submit'>"                                          \
  "<field var='FORM_TYPE' type='hidden'>"                                                             \
  "<value>http://jabber.org/protocol/pubsub#publish-options</value></field>"                          \
  "<field var='pubsub#persist_items'><value>true</value></field>"                                     \
  "<field var='pubsub#access_model'><value>" access "</value></field></x></publish-options></pubsub></iq>"
#define PUBLISH_DATA(access) \
  PUBLISH (access, NODE, " id='@ID@'", "<data xmlns='" NODE "'>" PICTURE "</data>")
#define PUBLISH_METADATA(access)                                                             \
  PUBLISH (access,                                                                           \
           NS,                                                                               \
           " id='@ID@'",                                                                     \
           "<metadata xmlns='" NS "'><info id='@ID@' type='image/png' bytes='7' width='64' " \
           "height='48'/></metadata>")
#define PUBLISH_NONE PUBLISH ("presence", NS, "", "<metadata xmlns='" NS "'/>")
#define PURGE                                                                      \
  "<iq type='set' id='*'><pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>" \
  "<purge node='" NODE "'/></pubsub></iq>"

static const struct
{
  const char *name;
  gboolean none;
  XmppAccess access;
  LinnetTestStep steps[3];
  const char *log;
  int error; /* -1: it worked */
} publishings[] = {
  { .name = "contacts",
    .access = XMPP_ACCESS_CONTACTS,
    .steps = { { .c = PUBLISH_DATA ("presence"), .s = DONE },
               { .c = PUBLISH_METADATA ("presence"), .s = DONE } },
    .log = "ana@example.org=@I,pep,image/png ",
    .error = -1 },
  { .name = "everybody",
    .access = XMPP_ACCESS_OPEN,
    .steps = { { .c = PUBLISH_DATA ("open"), .s = DONE }, { .c = PUBLISH_METADATA ("open"), .s = DONE } },
    .log = "ana@example.org=@I,pep,image/png ",
    .error = -1 },
  { .name = "told-before-the-answer",
    .access = XMPP_ACCESS_CONTACTS,
    .steps = { { .c = PUBLISH_DATA ("presence"), .s = DONE },
               { .c = PUBLISH_METADATA ("presence"),
                 .s = EVENT ("ana@example.org", METADATA (INFO ("@ID@", "type='image/png'"))) DONE } },
    .log = "ana@example.org=@I,pep,image/png ",
    .error = -1 },
  /* Nothing is announced that cannot be fetched. */
  { .name = "data-refused",
    .access = XMPP_ACCESS_CONTACTS,
    .steps = { { .c = PUBLISH_DATA ("presence"), .s = FORBIDDEN } },
    .log = "",
    .error = XMPP_STANZA_ERROR_FORBIDDEN },
  { .name = "metadata-refused",
    .access = XMPP_ACCESS_CONTACTS,
    .steps = { { .c = PUBLISH_DATA ("presence"), .s = DONE },
               { .c = PUBLISH_METADATA ("presence"), .s = FORBIDDEN } },
    .log = "",
    .error = XMPP_STANZA_ERROR_FORBIDDEN },
  { .name = "none",
    .none = TRUE,
    .access = XMPP_ACCESS_CONTACTS,
    .steps = { { .c = PUBLISH_NONE, .s = DONE }, { .c = PURGE, .s = DONE } },
    .log = "ana@example.org=none,pep ",
    .error = -1 },
  { .name = "none-but-cannot-purge",
    .none = TRUE,
    .access = XMPP_ACCESS_CONTACTS,
    .steps = { { .c = PUBLISH_NONE, .s = DONE }, { .c = PURGE, .s = FORBIDDEN } },
    .log = "ana@example.org=none,pep ",
    .error = -1 },
};

static void
test_publish (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autofree char *c0 = with_id (publishings[row].steps[0].c);
  g_autofree char *c1 = publishings[row].steps[1].c != NULL ? with_id (publishings[row].steps[1].c) : NULL;
  g_autofree char *s1 = c1 != NULL ? with_id (publishings[row].steps[1].s) : NULL;
  g_autofree char *id = with_id ("@ID@");
  g_autofree char *mark = g_strndup (id, 2);
  g_auto (GStrv) parts = g_strsplit (publishings[row].log, "@I,", -1);
  g_autofree char *between = g_strconcat (mark, ",", NULL);
  g_autofree char *expected = g_strjoinv (between, parts);
  const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = c0, .s = publishings[row].steps[0].s },
    { .c = c1, .s = s1 },
    {},
  };
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (GBytes) png = g_bytes_new_static ("picture", 7);
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppAvatar *avatar = xmpp_test_get_feature (test, XMPP_TYPE_AVATAR);
  DexFuture *future;

  g_signal_connect (avatar, "changed", G_CALLBACK (changed_cb), log);
  xmpp_test_start (test, steps, NULL);
  future = xmpp_avatar_publish (avatar, publishings[row].none ? NULL : png, 64, 48, publishings[row].access);
  if (publishings[row].error == -1)
    linnet_test_assert_resolves (future);
  else
    linnet_test_assert_rejects (future, XMPP_STANZA_ERROR, publishings[row].error);
  xmpp_test_finish (test);

  g_assert_cmpstr (log->str, ==, expected);
}

/* It would end the stream. */
static void
test_publish_too_large (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autofree char *bytes = g_strnfill (XMPP_AVATAR_MAX_PUBLISHED + 1, 'x');
  g_autoptr (GBytes) png = g_bytes_new_static (bytes, XMPP_AVATAR_MAX_PUBLISHED + 1);
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);

  xmpp_test_start (test, steps, NULL);
  linnet_test_assert_rejects (
      xmpp_avatar_publish (
          xmpp_test_get_feature (test, XMPP_TYPE_AVATAR), png, 512, 512, XMPP_ACCESS_CONTACTS),
      XMPP_STANZA_ERROR,
      XMPP_STANZA_ERROR_POLICY_VIOLATION);
  xmpp_test_finish (test);
}

static void
test_conversion (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = XMPP_TEST_INTRO_C, .s = XMPP_TEST_INTRO_S ("<feature var='urn:xmpp:pep-vcard-conversion:0'/>") },
    { .c = XMPP_TEST_PRESENCE_C },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppAvatar *avatar = xmpp_test_get_feature (test, XMPP_TYPE_AVATAR);

  g_assert_false (xmpp_avatar_is_converted (avatar));
  xmpp_test_start (test, steps, NULL);
  xmpp_test_finish (test);
  g_assert_true (xmpp_avatar_is_converted (avatar));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/avatar/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (fetches); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/avatar/fetch/%s", fetches[i].name);

      linnet_test_add (path, test_fetch, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/avatar/fetch/too-large", test_fetch_too_large, NULL);
  linnet_test_add ("/xmpp/avatar/four-at-once", test_four_at_once, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (publishings); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/avatar/publish/%s", publishings[i].name);

      linnet_test_add (path, test_publish, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/avatar/publish/too-large", test_publish_too_large, NULL);
  linnet_test_add ("/xmpp/avatar/conversion", test_conversion, NULL);

  return g_test_run ();
}
