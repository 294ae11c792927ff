/* Tests of XEP-0115: one question for all alike, nothing shared that does not match its hash (I12), four at
 * once (P12) SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "xmpp-caps.h"
#include "xmpp-test-session.h"

#define VER "QgayPKawpkPSDYmwT/WM94uAlu0="
#define INFO "http://jabber.org/protocol/disco#info"
#define PRESENCE(from, hash, ver)                                              \
  "<presence from='" from "'><c xmlns='http://jabber.org/protocol/caps' " hash \
  " node='urn:exodus' ver='" ver "'/></presence>"
#define SHA1 "hash='sha-1'"
#define EXODUS                                                                                             \
  "<identity category='client' name='Exodus 0.9.1' type='pc'/>"                                            \
  "<feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#info'/>" \
  "<feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/muc'/>"
#define QUESTION(to, ver) \
  "<iq type='get' id='*' to='" to "'><query xmlns='" INFO "' node='urn:exodus#" ver "'/></iq>"
#define ANSWER(from, content) \
  "<iq type='result' id='$1' from='" from "'><query xmlns='" INFO "'>" content "</query></iq>"
#define MUC "http://jabber.org/protocol/muc"

static void
resolved_cb (XmppCaps *caps,
             XmppJid *jid,
             GString *log)
{
  g_string_append_printf (log, "%s ", xmpp_jid_get_string (jid));
}

static gboolean
has (XmppTest *test,
     const char *jid)
{
  g_autoptr (XmppJid) parsed = xmpp_test_jid (jid);

  return xmpp_caps_has (xmpp_test_get_feature (test, XMPP_TYPE_CAPS), parsed, MUC);
}

static gboolean
knows (XmppTest *test,
       const char *jid)
{
  g_autoptr (XmppJid) parsed = xmpp_test_jid (jid);

  return xmpp_caps_lookup (xmpp_test_get_feature (test, XMPP_TYPE_CAPS), parsed) != NULL;
}

static void
play (XmppTest *test,
      const LinnetTestStep *steps)
{
  xmpp_test_start (test, steps, NULL);
  xmpp_test_finish (test);
}

static void
test_shared (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = PRESENCE ("both@example.net/a", SHA1, VER) },
    { .c = QUESTION ("both@example.net/a", VER),
      .s = PRESENCE ("to@example.net/b", SHA1, VER) ANSWER ("both@example.net/a", EXODUS) },
    { .s = PRESENCE ("both@example.net/c", SHA1, VER) PRESENCE ("both@example.net/a", SHA1, VER)
          XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  g_autoptr (GString) log = g_string_new (NULL);

  g_signal_connect (xmpp_test_get_feature (test, XMPP_TYPE_CAPS), "resolved", G_CALLBACK (resolved_cb), log);
  play (test, steps);

  g_assert_true (has (test, "both@example.net/a"));
  g_assert_true (has (test, "to@example.net/b"));
  g_assert_true (has (test, "both@example.net/c"));
  g_assert_true (has (test, "to@example.net"));
  g_assert_false (has (test, "both@example.net/other"));
  g_assert_false (has (test, "bot@example.net"));
  g_assert_cmpuint (log->len, ==, strlen ("both@example.net/a ") * 2 + strlen ("to@example.net/b "));
}

static void
test_gone (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = PRESENCE ("both@example.net/a", SHA1, VER) },
    { .c = QUESTION ("both@example.net/a", VER),
      .s = ANSWER ("both@example.net/a",
                   EXODUS) "<presence type='unavailable' from='both@example.net/a'/>" XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);

  play (test, steps);
  g_assert_false (knows (test, "both@example.net/a"));
  g_assert_false (has (test, "both@example.net"));
}

/* The first lies, and is believed about himself alone; the next is asked. */
static void
test_poisoned (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = PRESENCE ("both@example.net/a", SHA1, VER) },
    { .c = QUESTION ("both@example.net/a", VER),
      .s = PRESENCE ("to@example.net/b", SHA1, VER)
          ANSWER ("both@example.net/a", "<feature var='urn:poison'/>") },
    { .c = QUESTION ("to@example.net/b", VER), .s = ANSWER ("to@example.net/b", EXODUS) XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  g_autoptr (XmppJid) liar = xmpp_test_jid ("both@example.net/a");
  g_autoptr (XmppJid) honest = xmpp_test_jid ("to@example.net/b");
  XmppCaps *caps = xmpp_test_get_feature (test, XMPP_TYPE_CAPS);

  play (test, steps);
  g_assert_true (xmpp_caps_has (caps, honest, MUC));
  g_assert_false (xmpp_caps_has (caps, honest, "urn:poison"));
  g_assert_true (xmpp_caps_has (caps, liar, "urn:poison"));
  g_assert_false (xmpp_caps_has (caps, liar, MUC));
}

/* Nobody tells the truth: nothing is known of the kind, and a newcomer is asked again. */
static void
test_poisoned_alone (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = PRESENCE ("both@example.net/a", SHA1, VER) },
    { .c = QUESTION ("both@example.net/a", VER),
      .s = ANSWER ("both@example.net/a", "<feature var='urn:poison'/>") },
    { .s = XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C, .s = PRESENCE ("to@example.net/b", SHA1, VER) },
    { .c = QUESTION ("to@example.net/b", VER), .s = ANSWER ("to@example.net/b", EXODUS) XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);

  play (test, steps);
  g_assert_true (has (test, "to@example.net/b"));
  g_assert_false (has (test, "both@example.net/a"));
}

/* A hash we cannot check says nothing about anybody else (section 5.4, step 2). */
static void
test_unknown_hash (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = PRESENCE ("both@example.net/a", "hash='crc-7'", "v") },
    { .c = QUESTION ("both@example.net/a", "v"),
      .s = ANSWER ("both@example.net/a", EXODUS) PRESENCE ("to@example.net/b", "hash='crc-7'", "v") },
    { .c = QUESTION ("to@example.net/b", "v"), .s = ANSWER ("to@example.net/b", "") XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);

  play (test, steps);
  g_assert_true (has (test, "both@example.net/a"));
  g_assert_false (has (test, "to@example.net/b"));
}

static const struct
{
  const char *name;
  const char *in;
} ignored[] = {
  { "no-hash", PRESENCE ("both@example.net/a", "", VER) },
  { "empty-ver", PRESENCE ("both@example.net/a", SHA1, "") },
  { "no-node",
    "<presence from='both@example.net/a'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' ver='" VER
    "'/></presence>" },
  { "stranger", PRESENCE ("mallory@example.com/a", SHA1, VER) },
  { "subscription-from", PRESENCE ("from@example.net/a", SHA1, VER) },
  { "unavailable",
    "<presence from='both@example.net/a' type='unavailable'><c xmlns='http://jabber.org/protocol/caps' "
    "hash='sha-1' node='n' ver='" VER "'/></presence>" },
};

static void
test_ignored (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppTest) test = xmpp_test_exchange (ignored[row].in, NULL);

  g_assert_false (knows (test, "both@example.net/a"));
}

/* Who keeps coming with new devices, each of which lies, is asked eight times and no more. */
static void
test_liars_are_bounded (gconstpointer data)
{
#define LIE(n, next)                                                  \
  {                                                                   \
    .c = QUESTION ("both@example.net/" n, VER),                       \
    .s = PRESENCE ("both@example.net/" next, SHA1, VER)               \
        ANSWER ("both@example.net/" n, "<feature var='urn:poison'/>") \
  }
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = PRESENCE ("both@example.net/1", SHA1, VER) },
    LIE ("1", "2"),
    LIE ("2", "3"),
    LIE ("3", "4"),
    LIE ("4", "5"),
    LIE ("5", "6"),
    LIE ("6", "7"),
    LIE ("7", "8"),
    LIE ("8", "9"),
    { .s = XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C, .s = XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);

  play (test, steps);
}

static void
test_four_at_once (gconstpointer data)
{
#define N(n) PRESENCE ("both@example.net/" n, SHA1, "v" n)
#define Q(n) QUESTION ("both@example.net/" n, "v" n)
#define FAIL                                                                                 \
  "<iq type='error' id='$1' from='both@example.net/1'><error type='cancel'><item-not-found " \
  "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = N ("1") N ("2") N ("3") N ("4") N ("5") N ("6") },
    { .c = Q ("1") Q ("2") Q ("3") Q ("4"), .s = XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C, .s = XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);

  play (test, steps);
}

static void
test_next_after_failure (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = N ("1") N ("2") N ("3") N ("4") N ("5") },
    { .c = Q ("1") Q ("2") Q ("3") Q ("4"), .s = FAIL },
    { .c = Q ("5") },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);

  play (test, steps);
}

/* Somebody who goes, or changes, while he waits to be asked is not asked. */
static void
test_changed_while_waiting (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = N ("1") N ("2") N ("3") N ("4") N ("5") },
    { .c = Q ("1") Q ("2") Q ("3") Q ("4"),
      .s = "<presence type='unavailable' from='both@example.net/5'/>" FAIL XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C, .s = XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);

  play (test, steps);
}

/* ---- storage ---- */

static DexFuture *
load_cb (const char *hash,
         const char *ver,
         gpointer user_data)
{
  g_assert_cmpstr (hash, ==, "sha-1");

  return dex_future_new_for_string (g_hash_table_lookup (user_data, ver));
}

static void
save_cb (const char *hash,
         const char *ver,
         const char *xml,
         gpointer user_data)
{
  g_hash_table_replace (user_data, g_strdup (ver), g_strdup (xml));
}

static XmppTest *
create_with_storage (GHashTable *storage)
{
  XmppTest *test = xmpp_test_new (NULL);

  xmpp_caps_set_storage (xmpp_test_get_feature (test, XMPP_TYPE_CAPS),
                         load_cb,
                         save_cb,
                         g_hash_table_ref (storage),
                         (GDestroyNotify) g_hash_table_unref);

  return test;
}

/* 90 features are a large client; 500 long ones are somebody who wants our memory (P12). The hash is right in
 * both. */
static void
test_size (gconstpointer data)
{
  static const struct
  {
    guint n;
    const char *padding;
    gboolean taken;
  } rows[] = { { 90, "", TRUE }, { 500, ":and:much:more:of:it:than:anybody:could:ever:need", FALSE } };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) query = g_string_new ("<query xmlns='" INFO "'><feature var='" MUC "'/>");
      g_autoptr (GHashTable) storage = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_autoptr (XmppTest) test = create_with_storage (storage);
      g_autoptr (XmppNode) node = NULL;
      g_autoptr (XmppDiscoInfo) info = NULL;
      g_autofree char *ver = NULL;
      g_autofree char *presence = NULL;
      g_autofree char *question = NULL;
      g_autofree char *answer = NULL;

      for (guint n = 0; n < rows[i].n; n++)
        g_string_append_printf (query, "<feature var='urn:xmpp:example:%03u%s'/>", n, rows[i].padding);
      g_string_append (query, "</query>");
      node = xmpp_node_parse (query->str, -1, NULL, NULL);
      info = xmpp_disco_info_parse (node);
      ver = xmpp_disco_info_get_caps_ver (info, G_CHECKSUM_SHA1);
      presence = g_strdup_printf (PRESENCE ("both@example.net/a", SHA1, "%s"), ver);
      question = g_strdup_printf (QUESTION ("both@example.net/a", "%s"), ver);
      answer = g_strdup_printf (
          "<iq type='result' id='$1' from='both@example.net/a'>%s</iq>" XMPP_TEST_SYNC_S, query->str);
      play (test,
            (const LinnetTestStep[]) {
                XMPP_TEST_INTRO,
                { .s = presence },
                { .c = question, .s = answer },
                { .c = XMPP_TEST_SYNC_C },
                {},
            });

      g_assert_cmpint (has (test, "both@example.net/a"), ==, rows[i].taken);
      g_assert_cmpuint (g_hash_table_size (storage), ==, rows[i].taken ? 1 : 0);
    }
}

static void
test_storage (gconstpointer data)
{
  static const LinnetTestStep first[] = {
    XMPP_TEST_INTRO,
    { .s = PRESENCE ("both@example.net/a", SHA1, VER) },
    { .c = QUESTION ("both@example.net/a", VER),
      .s = ANSWER ("both@example.net/a", EXODUS) XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  static const LinnetTestStep second[] = {
    XMPP_TEST_INTRO,
    { .s = PRESENCE ("both@example.net/a", SHA1, VER) XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (GHashTable) storage = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  {
    g_autoptr (XmppTest) test = create_with_storage (storage);

    play (test, first);
    g_assert_cmpuint (g_hash_table_size (storage), ==, 1);
  }
  {
    g_autoptr (XmppTest) test = create_with_storage (storage);

    play (test, second);
    g_assert_true (has (test, "both@example.net/a"));
  }
}

static void
test_damaged_storage (gconstpointer data)
{
  static const char *const damaged[] = { "",
                                         "<query",
                                         "<query xmlns='urn:example'/>",
                                         "<query xmlns='" INFO "'><feature var='urn:poison'/></query>" };
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = PRESENCE ("both@example.net/a", SHA1, VER) },
    { .c = QUESTION ("both@example.net/a", VER),
      .s = ANSWER ("both@example.net/a", EXODUS) XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autoptr (GHashTable) storage = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_autoptr (XmppTest) test = create_with_storage (storage);

      g_hash_table_insert (storage, g_strdup (VER), g_strdup (damaged[i]));
      play (test, steps);
      g_assert_true (has (test, "both@example.net/a"));
    }
}

/* ---- bounds (security.md P12) ---- */

/* Of own devices, for nobody limits how fast they are. */
static void
append_presences (GString *in,
                  guint from,
                  guint to,
                  const char *const *vers)
{
  for (guint n = from; n < to; n++)
    g_string_append_printf (in, PRESENCE ("ana@example.org/%u", SHA1, "%s"), n, vers[n]);
  g_string_append (in, XMPP_TEST_SYNC_S);
}

static DexFuture *
count_cb (const char *hash,
          const char *ver,
          gpointer user_data)
{
  ++*(guint *) user_data;

  return dex_future_new_for_string (NULL);
}

/* However many kinds of client somebody makes up, few wait to be asked about. */
static void
test_pending_is_bounded (gconstpointer data)
{
#define OWN_Q(n) QUESTION ("ana@example.org/" n, "v" n)
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) vers = NULL;
  g_autoptr (GString) in = g_string_new (NULL);
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  guint n_loads = 0;

  for (guint i = 0; i < 700; i++)
    g_strv_builder_take (builder, g_strdup_printf ("v%u", i));
  vers = g_strv_builder_end (builder);
  append_presences (in, 0, 700, (const char *const *) vers);
  xmpp_caps_set_storage (xmpp_test_get_feature (test, XMPP_TYPE_CAPS), count_cb, NULL, &n_loads, NULL);
  play (test,
        (const LinnetTestStep[]) {
            XMPP_TEST_INTRO,
            { .s = in->str },
            { .c = OWN_Q ("0") OWN_Q ("1") OWN_Q ("2") OWN_Q ("3") XMPP_TEST_SYNC_C },
            {},
        });

  g_assert_cmpuint (n_loads, ==, 512);
}

static void
test_resources_are_bounded (gconstpointer data)
{
  g_autoptr (GHashTable) storage = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree const char **vers = g_new (const char *, 8193);
  g_autoptr (GString) in = g_string_new (NULL);
  g_autoptr (XmppTest) test = create_with_storage (storage);

  g_hash_table_insert (storage, g_strdup (VER), g_strdup ("<query xmlns='" INFO "'>" EXODUS "</query>"));
  for (guint i = 0; i < 8193; i++)
    vers[i] = VER;
  append_presences (in, 0, 8193, vers);
  play (test,
        (const LinnetTestStep[]) { XMPP_TEST_INTRO, { .s = in->str }, { .c = XMPP_TEST_SYNC_C }, {} });

  g_assert_true (knows (test, "ana@example.org/0"));
  g_assert_true (knows (test, "ana@example.org/8191"));
  g_assert_false (knows (test, "ana@example.org/8192"));
}

/* Room for the newest is made by forgetting the others. */
static void
test_kinds_are_bounded (gconstpointer data)
{
  g_autoptr (GHashTable) storage = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const char *vers[513];
  g_autoptr (XmppTest) test = create_with_storage (storage);
  g_autoptr (GString) first = g_string_new (NULL);
  g_autoptr (GString) second = g_string_new (NULL);
  g_autoptr (GString) third = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (vers); i++)
    {
      char *xml = g_strdup_printf ("<query xmlns='" INFO "'><feature var='urn:xmpp:example:%u'/></query>", i);
      g_autoptr (XmppNode) node = xmpp_node_parse (xml, -1, NULL, NULL);
      g_autoptr (XmppDiscoInfo) info = xmpp_disco_info_parse (node);
      char *ver = xmpp_disco_info_get_caps_ver (info, G_CHECKSUM_SHA1);

      g_hash_table_insert (storage, ver, xml);
      vers[i] = ver;
    }
  append_presences (first, 0, 256, vers);
  append_presences (second, 256, 512, vers);
  append_presences (third, 512, 513, vers);
  play (test,
        (const LinnetTestStep[]) {
            XMPP_TEST_INTRO,
            { .s = first->str },
            { .c = XMPP_TEST_SYNC_C, .s = second->str },
            { .c = XMPP_TEST_SYNC_C, .s = third->str },
            { .c = XMPP_TEST_SYNC_C },
            {},
        });

  g_assert_false (knows (test, "ana@example.org/0"));
  g_assert_false (knows (test, "ana@example.org/511"));
  g_assert_true (knows (test, "ana@example.org/512"));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/xmpp/caps/shared", test_shared, NULL);
  linnet_test_add ("/xmpp/caps/gone", test_gone, NULL);
  linnet_test_add ("/xmpp/caps/poisoned", test_poisoned, NULL);
  linnet_test_add ("/xmpp/caps/poisoned-alone", test_poisoned_alone, NULL);
  linnet_test_add ("/xmpp/caps/unknown-hash", test_unknown_hash, NULL);
  linnet_test_add ("/xmpp/caps/four-at-once", test_four_at_once, NULL);
  linnet_test_add ("/xmpp/caps/next-after-failure", test_next_after_failure, NULL);
  linnet_test_add ("/xmpp/caps/changed-while-waiting", test_changed_while_waiting, NULL);
  linnet_test_add ("/xmpp/caps/size", test_size, NULL);
  linnet_test_add ("/xmpp/caps/storage", test_storage, NULL);
  linnet_test_add ("/xmpp/caps/damaged-storage", test_damaged_storage, NULL);
  linnet_test_add ("/xmpp/caps/bounded/liars", test_liars_are_bounded, NULL);
  linnet_test_add ("/xmpp/caps/bounded/pending", test_pending_is_bounded, NULL);
  linnet_test_add ("/xmpp/caps/bounded/resources", test_resources_are_bounded, NULL);
  linnet_test_add ("/xmpp/caps/bounded/kinds", test_kinds_are_bounded, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (ignored); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/caps/ignored/%s", ignored[i].name);

      linnet_test_add (path, test_ignored, GSIZE_TO_POINTER (i));
    }

  return g_test_run ();
}
