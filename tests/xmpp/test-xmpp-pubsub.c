/* Tests of XEP-0060 and XEP-0163: whose events count (I5), and that private things stay private (I13)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-spawn.h"
#include "xmpp-builder.h"
#include "xmpp-features.h"
#include "xmpp-pubsub.h"
#include "xmpp-test-session.h"

/* A feature that follows one node of contacts and one of the own account. */
typedef XmppFeature Follower;
typedef XmppFeatureClass FollowerClass;
GType follower_get_type (void);
G_DEFINE_FINAL_TYPE (Follower, follower, XMPP_TYPE_FEATURE)

static void
note (XmppFeature *feature,
      const char *kind,
      XmppJid *from,
      XmppNode *items)
{
  GString *log = g_object_get_data (G_OBJECT (feature), "log");

  g_string_append_printf (log, "%s:%s:%s ", kind, xmpp_jid_get_string (from), xmpp_node_get_name (items));
}

static void
contact_cb (XmppFeature *feature,
            XmppJid *from,
            XmppNode *items)
{
  note (feature, "contact", from, items);
}

static void
own_cb (XmppFeature *feature,
        XmppJid *from,
        XmppNode *items)
{
  note (feature, "own", from, items);
}

static void
follower_class_init (FollowerClass *klass)
{
  xmpp_feature_class_add_event_hook (klass, "urn:test:contact", XMPP_EVENT_CONTACT, contact_cb);
  xmpp_feature_class_add_event_hook (klass, "urn:test:own", XMPP_EVENT_OWN, own_cb);
}

static void
follower_init (Follower *self)
{
}

static XmppTest *
create_test (GString *log)
{
  g_autoptr (GArray) types = g_array_new (TRUE, TRUE, sizeof (GType));
  GType follower = follower_get_type ();
  XmppTest *test;

  for (const GType *type = xmpp_features_get_types (); *type != G_TYPE_INVALID; type++)
    g_array_append_val (types, *type);
  g_array_append_val (types, follower);
  test = xmpp_test_new ((const GType *) types->data);
  g_object_set_data (xmpp_test_get_feature (test, follower), "log", log);

  return test;
}

#define EVENT(node)                                                           \
  "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='" node \
  "'><item id='1'/></items></event>"
#define FROM(from, rest) "<message type='headline'" from ">" rest "</message>"
#define CONTACT "urn:test:contact"
#define OWN "urn:test:own"

static const struct
{
  const char *name;
  const char *in;
  const char *log;
} rows[] = {
  { "contact", FROM (" from='both@example.net'", EVENT (CONTACT)), "contact:both@example.net:items " },
  { "contact-whom-we-see",
    FROM (" from='to@example.net'", EVENT (CONTACT)),
    "contact:to@example.net:items " },
  { "own", FROM (" from='ana@example.org'", EVENT (CONTACT)), "contact:ana@example.org:items " },
  { "own-of-own", FROM (" from='ana@example.org'", EVENT (OWN)), "own:ana@example.org:items " },
  { "own-without-from", FROM ("", EVENT (OWN)), "own:ana@example.org:items " },
  { "purge",
    FROM (" from='both@example.net'",
          "<event xmlns='http://jabber.org/protocol/pubsub#event'><purge node='" CONTACT "'/></event>"),
    "contact:both@example.net:purge " },
  { "delete",
    FROM (" from='both@example.net'",
          "<event xmlns='http://jabber.org/protocol/pubsub#event'><delete node='" CONTACT "'/></event>"),
    "contact:both@example.net:delete " },

  /* I5: not ours to be told by them */
  { "own-by-contact", FROM (" from='both@example.net'", EVENT (OWN)), "" },
  { "own-by-stranger", FROM (" from='mallory@example.com'", EVENT (OWN)), "" },
  { "own-by-own-server", FROM (" from='example.org'", EVENT (OWN)), "" },
  { "own-by-own-resource", FROM (" from='ana@example.org/phone'", EVENT (OWN)), "" },
  { "own-by-neighbour", FROM (" from='mira@example.org'", EVENT (OWN)), "" },
  { "contact-by-stranger", FROM (" from='mallory@example.com'", EVENT (CONTACT)), "" },
  { "contact-who-sees-us", FROM (" from='from@example.net'", EVENT (CONTACT)), "" },
  { "contact-resource", FROM (" from='both@example.net/x'", EVENT (CONTACT)), "" },
  { "room-occupant", FROM (" from='room@muc.example.org/both@example.net'", EVENT (CONTACT)), "" },
  { "node-of-another-in-items",
    FROM (" from='mallory@example.com'",
          "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='" CONTACT
          "' jid='both@example.net'><item id='1' publisher='both@example.net'/></items></event>"),
    "" },
  { "in-carbon",
    "<message from='ana@example.org'><received xmlns='urn:xmpp:carbons:2'><forwarded "
    "xmlns='urn:xmpp:forward:0'>"
    "<message xmlns='jabber:client' from='both@example.net' to='ana@example.org/phone' "
    "type='headline'>" EVENT (CONTACT) "</message></forwarded></received></message>",
    "" },
  { "in-error", "<message type='error' from='both@example.net'>" EVENT (CONTACT) "</message>", "" },
  { "unknown-node", FROM (" from='both@example.net'", EVENT ("urn:test:other")), "" },
  { "no-node",
    FROM (" from='both@example.net'",
          "<event xmlns='http://jabber.org/protocol/pubsub#event'><items/></event>"),
    "" },
  { "empty",
    FROM (" from='both@example.net'", "<event xmlns='http://jabber.org/protocol/pubsub#event'/>"),
    "" },
  { "not-an-event",
    FROM (" from='both@example.net'",
          "<events xmlns='http://jabber.org/protocol/pubsub#event'><items node='" CONTACT "'/></events>"),
    "" },
  { "with-a-body",
    FROM (" from='both@example.net'", EVENT (CONTACT) "<body>b</body>"),
    "contact:both@example.net:items " },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (GString) log = g_string_new (NULL);
  g_autofree char *send = g_strconcat (rows[row].in, XMPP_TEST_SYNC_S, NULL);
  const LinnetTestStep steps[] = { XMPP_TEST_INTRO, { .s = send }, { .c = XMPP_TEST_SYNC_C }, {} };
  g_autoptr (XmppTest) test = create_test (log);

  xmpp_test_start (test, steps, NULL);
  xmpp_test_finish (test);

  g_assert_cmpstr (log->str, ==, rows[row].log);
  g_assert_cmpuint (xmpp_test_count_messages (test), ==, 0);
}

/* security.md P12: what comes too fast is put off, and an own device is nobody to be limited. */
static void
test_flood (gconstpointer data)
{
  static const char *const who[] = { "both@example.net", "ana@example.org" };

  for (gsize i = 0; i < G_N_ELEMENTS (who); i++)
    {
      g_autoptr (GString) log = g_string_new (NULL);
      g_autoptr (GString) in = g_string_new (NULL);
      g_autofree char *from = g_strdup_printf (FROM (" from='%s'", EVENT (CONTACT)), who[i]);
      g_autofree char *once = g_strdup_printf ("contact:%s:items ", who[i]);
      g_autoptr (XmppTest) test = create_test (log);

      for (guint n = 0; n < 1000; n++)
        g_string_append (in, from);
      g_string_append (in, XMPP_TEST_SYNC_S);
      {
        const LinnetTestStep steps[] = { XMPP_TEST_INTRO, { .s = in->str }, { .c = XMPP_TEST_SYNC_C }, {} };

        xmpp_test_start (test, steps, NULL);
        xmpp_test_finish (test);
      }

      if (i == 0)
        g_assert_cmpuint (log->len, <, 1000 * strlen (once));
      else
        g_assert_cmpuint (log->len, ==, 1000 * strlen (once));
      g_assert_true (g_str_has_prefix (log->str, once));
    }
}

/* ---- publishing ---- */

#define ERROR(condition, more)                                \
  "<iq type='error' id='$1'><error type='cancel'><" condition \
  " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>" more "</error></iq>"
#define PUBLISH(access)                                                                                  \
  "<iq type='set' id='*'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:n'><item " \
  "id='current'>"                                                                                        \
  "<x xmlns='urn:n'/></item></publish><publish-options><x xmlns='jabber:x:data' type='submit'>"          \
  "<field var='FORM_TYPE' "                                                                              \
  "type='hidden'><value>http://jabber.org/protocol/pubsub#publish-options</value></field>"               \
  "<field var='pubsub#persist_items'><value>true</value></field>"                                        \
  "<field var='pubsub#access_model'><value>" access "</value></field></x></publish-options></pubsub></iq>"
#define CONFIGURE(access)                                                                                  \
  "<iq type='set' id='*'><pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><configure node='urn:n'>" \
  "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'>"                           \
  "<value>http://jabber.org/protocol/pubsub#node_config</value></field>"                                   \
  "<field var='pubsub#persist_items'><value>true</value></field>"                                          \
  "<field var='pubsub#access_model'><value>" access "</value></field></x></configure></pubsub></iq>"
#define CONFLICT \
  ERROR ("conflict", "<precondition-not-met xmlns='http://jabber.org/protocol/pubsub#errors'/>")
#define DONE "<iq type='result' id='$1'/>"

static DexFuture *
publish (XmppTest *test,
         XmppAccess access)
{
  return xmpp_pubsub_publish (xmpp_test_get_feature (test, XMPP_TYPE_PUBSUB),
                              "urn:n",
                              "current",
                              access,
                              xmpp_el ("x", "urn:n"));
}

static void
test_publish (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = PUBLISH ("presence"), .s = DONE },
    { .c = PUBLISH ("open"), .s = DONE },
    { .c = PUBLISH ("whitelist"), .s = DONE },
    { .c = PUBLISH ("whitelist"), .s = CONFLICT },
    { .c = CONFIGURE ("whitelist"), .s = DONE },
    { .c = PUBLISH ("whitelist"), .s = DONE },
    { .c = PUBLISH ("whitelist"), .s = CONFLICT },
    { .c = CONFIGURE ("whitelist"), .s = ERROR ("forbidden", "") },
    { .c = PUBLISH ("open"), .s = CONFLICT },
    { .c = CONFIGURE ("open"), .s = DONE },
    { .c = PUBLISH ("open"), .s = CONFLICT },
    { .c = PUBLISH ("open"), .s = ERROR ("forbidden", "") },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);

  xmpp_test_start (test, steps, NULL);
  linnet_test_assert_resolves (publish (test, XMPP_ACCESS_CONTACTS));
  linnet_test_assert_resolves (publish (test, XMPP_ACCESS_OPEN));
  linnet_test_assert_resolves (publish (test, XMPP_ACCESS_PRIVATE));
  linnet_test_assert_resolves (publish (test, XMPP_ACCESS_PRIVATE));
  linnet_test_assert_rejects (publish (test, XMPP_ACCESS_PRIVATE),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_FORBIDDEN);
  linnet_test_assert_rejects (publish (test, XMPP_ACCESS_OPEN),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_CONFLICT);
  linnet_test_assert_rejects (publish (test, XMPP_ACCESS_OPEN),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_FORBIDDEN);
  xmpp_test_finish (test);
}

#define PLAIN                                                                                            \
  "<iq type='set' id='*'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:n'><item " \
  "id='current'><x xmlns='urn:n'/></item></publish></pubsub></iq>"

/* What its owner chose, maybe in another program, stays. */
static void
test_publish_keep (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = PUBLISH ("presence"), .s = DONE },
    { .c = PUBLISH ("presence"), .s = CONFLICT },
    { .c = PLAIN, .s = DONE },
    { .c = PUBLISH ("presence"), .s = CONFLICT },
    { .c = PLAIN, .s = ERROR ("forbidden", "") },
    { .c = PUBLISH ("presence"), .s = ERROR ("forbidden", "") },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);

  xmpp_test_start (test, steps, NULL);
  linnet_test_assert_resolves (publish (test, XMPP_ACCESS_KEEP));
  linnet_test_assert_resolves (publish (test, XMPP_ACCESS_KEEP));
  linnet_test_assert_rejects (publish (test, XMPP_ACCESS_KEEP),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_FORBIDDEN);
  linnet_test_assert_rejects (publish (test, XMPP_ACCESS_KEEP),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_FORBIDDEN);
  xmpp_test_finish (test);
}

/* ---- who may read ---- */

#define OWNER(type, child) \
  "<iq type='" type "' id='*'><pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>" child "</pubsub></iq>"
#define FORM(fields)                                                                              \
  "<iq type='result' id='$1'><pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><configure " \
  "node='urn:n'><x xmlns='jabber:x:data' type='form'>" fields "</x></configure></pubsub></iq>"
#define MODEL(model)                                                                     \
  "<field var='pubsub#title' type='text-single'><value>open</value></field>"             \
  "<field var='pubsub#access_model' type='list-single'><option><value>authorize</value>" \
  "</option><value>" model "</value></field>"

static const struct
{
  const char *name;
  const char *answer;
  int access; /* -1: rejected with @error */
  int error;
} accesses[] = {
  { "contacts", FORM (MODEL ("presence")), XMPP_ACCESS_CONTACTS },
  { "open", FORM (MODEL ("open")), XMPP_ACCESS_OPEN },
  { "whitelist", FORM (MODEL ("whitelist")), XMPP_ACCESS_PRIVATE },
  { "roster", FORM (MODEL ("roster")), XMPP_ACCESS_PRIVATE },
  { "no-value", FORM ("<field var='pubsub#access_model'/>"), XMPP_ACCESS_PRIVATE },
  { "no-field", FORM (""), -1, XMPP_STANZA_ERROR_UNDEFINED_CONDITION },
  { "nothing", DONE, -1, XMPP_STANZA_ERROR_UNDEFINED_CONDITION },
  { "no-node", ERROR ("item-not-found", ""), -1, XMPP_STANZA_ERROR_ITEM_NOT_FOUND },
};

static void
test_get_access (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = OWNER ("get", "<configure node='urn:n'/>"), .s = accesses[row].answer },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppPubsub *pubsub = xmpp_test_get_feature (test, XMPP_TYPE_PUBSUB);
  g_autoptr (GError) error = NULL;
  guint access;

  xmpp_test_start (test, steps, NULL);
  access = dex_await_uint (xmpp_pubsub_get_access (pubsub, "urn:n"), &error);
  if (accesses[row].access >= 0)
    {
      g_assert_no_error (error);
      g_assert_cmpint (access, ==, accesses[row].access);
    }
  else
    {
      g_assert_error (error, XMPP_STANZA_ERROR, accesses[row].error);
    }
  xmpp_test_finish (test);
}

static void
test_owner (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = CONFIGURE ("open"), .s = DONE },
    { .c = CONFIGURE ("presence"), .s = ERROR ("item-not-found", "") },
    { .c = OWNER ("set", "<purge node='urn:n'/>"), .s = DONE },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppPubsub *pubsub = xmpp_test_get_feature (test, XMPP_TYPE_PUBSUB);

  xmpp_test_start (test, steps, NULL);
  linnet_test_assert_resolves (xmpp_pubsub_set_access (pubsub, "urn:n", XMPP_ACCESS_OPEN));
  linnet_test_assert_rejects (xmpp_pubsub_set_access (pubsub, "urn:n", XMPP_ACCESS_CONTACTS),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_ITEM_NOT_FOUND);
  linnet_test_assert_resolves (xmpp_pubsub_purge (pubsub, "urn:n"));
  xmpp_test_finish (test);
}

/* I13: not a byte of it leaves. */
static void
test_no_publish_options (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = XMPP_TEST_INTRO_C, .s = XMPP_TEST_INTRO_S ("") },
    { .c = XMPP_TEST_PRESENCE_C, .s = XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    { .c = "<iq type='set' id='*'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish "
           "node='urn:n'><item id='current'>"
           "<x xmlns='urn:n'/></item></publish></pubsub></iq>",
      .s = DONE },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);

  xmpp_test_start (test, steps, NULL);
  linnet_test_assert_rejects (publish (test, XMPP_ACCESS_PRIVATE),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_FEATURE_NOT_IMPLEMENTED);
  linnet_test_settle ();
  linnet_test_assert_resolves (publish (test, XMPP_ACCESS_CONTACTS));
  xmpp_test_finish (test);
}

/* ---- fetching ---- */

static void
test_fetch (gconstpointer data)
{
#define ITEMS(node)                                            \
  "<iq type='result' id='$1' from='both@example.net'><pubsub " \
  "xmlns='http://jabber.org/protocol/pubsub'><items node='" node "'><item id='a'/></items></pubsub></iq>"
#define GET(to, items) \
  "<iq type='get' id='*'" to "><pubsub xmlns='http://jabber.org/protocol/pubsub'>" items "</pubsub></iq>"
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = GET (" to='both@example.net'", "<items node='urn:n' max_items='1'/>"), .s = ITEMS ("urn:n") },
    { .c = GET (" to='both@example.net'", "<items node='urn:n'><item id='a'/></items>"),
      .s = ITEMS ("urn:other") },
    { .c = GET ("", "<items node='urn:n'/>"), .s = "<iq type='result' id='$1'/>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppPubsub *pubsub = xmpp_test_get_feature (test, XMPP_TYPE_PUBSUB);
  g_autoptr (XmppJid) both = xmpp_test_jid ("both@example.net");
  g_autoptr (XmppNode) items = NULL;

  xmpp_test_start (test, steps, NULL);
  items = dex_await_boxed (xmpp_pubsub_fetch (pubsub, both, "urn:n", NULL, 1), NULL);
  g_assert_cmpstr (xmpp_node_get_name (items), ==, "items");
  g_assert_cmpuint (xmpp_node_get_n_children (items), ==, 1);
  linnet_test_assert_rejects (xmpp_pubsub_fetch (pubsub, both, "urn:n", "a", 1),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_UNDEFINED_CONDITION);
  linnet_test_assert_rejects (xmpp_pubsub_fetch (pubsub, NULL, "urn:n", NULL, 0),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_UNDEFINED_CONDITION);
  xmpp_test_finish (test);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/pubsub/event/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/pubsub/event/flood", test_flood, NULL);
  linnet_test_add ("/xmpp/pubsub/publish", test_publish, NULL);
  linnet_test_add ("/xmpp/pubsub/publish-keep", test_publish_keep, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (accesses); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/pubsub/access/%s", accesses[i].name);

      linnet_test_add (path, test_get_access, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/pubsub/owner", test_owner, NULL);
  linnet_test_add ("/xmpp/pubsub/no-publish-options", test_no_publish_options, NULL);
  linnet_test_add ("/xmpp/pubsub/fetch", test_fetch, NULL);

  return g_test_run ();
}
