/* Tests of XEP-0153: whose picture hashes are read. What becomes of them: test-xmpp-avatar.c
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-avatar.h"
#include "xmpp-test-session.h"

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

  return g_test_run ();
}
