/* Tests of XEP-0359: only the own archive's ids count (I7)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-test-session.h"

#define ID(by) "<stanza-id xmlns='urn:xmpp:sid:0' id='a1' by='" by "'/>"
#define MESSAGE(ids) "<message from='both@example.net/x' type='chat'><body>b</body>" ids "</message>"

static const struct
{
  const char *name;
  const char *in;
  const char *stanza_id; /* NULL: none */
  const char *origin_id;
} rows[] = {
  { "own", MESSAGE (ID ("ana@example.org")), "a1", NULL },
  { "own-in-capitals", MESSAGE (ID ("Ana@Example.ORG")), "a1", NULL },
  { "forged-before-own",
    MESSAGE ("<stanza-id xmlns='urn:xmpp:sid:0' id='x' by='both@example.net'/>" ID ("ana@example.org")),
    "a1",
    NULL },
  { "sender", MESSAGE (ID ("both@example.net")), NULL, NULL },
  { "sender-resource", MESSAGE (ID ("both@example.net/x")), NULL, NULL },
  { "own-resource", MESSAGE (ID ("ana@example.org/desk")), NULL, NULL },
  { "own-server", MESSAGE (ID ("example.org")), NULL, NULL },
  { "room", MESSAGE (ID ("room@muc.example.org")), NULL, NULL },
  { "nobody", MESSAGE ("<stanza-id xmlns='urn:xmpp:sid:0' id='a1'/>"), NULL, NULL },
  { "malformed", MESSAGE (ID ("@")), NULL, NULL },
  { "empty", MESSAGE ("<stanza-id xmlns='urn:xmpp:sid:0' id='' by='ana@example.org'/>"), NULL, NULL },
  { "no-id", MESSAGE ("<stanza-id xmlns='urn:xmpp:sid:0' by='ana@example.org'/>"), NULL, NULL },
  { "origin", MESSAGE ("<origin-id xmlns='urn:xmpp:sid:0' id='o1'/>"), NULL, "o1" },
  { "both", MESSAGE ("<origin-id xmlns='urn:xmpp:sid:0' id='o1'/>" ID ("ana@example.org")), "a1", "o1" },
  { "first-origin",
    MESSAGE ("<origin-id xmlns='urn:xmpp:sid:0' id='o1'/><origin-id xmlns='urn:xmpp:sid:0' id='o2'/>"),
    NULL,
    "o1" },
  { "origin-is-no-stanza-id",
    MESSAGE ("<origin-id xmlns='urn:xmpp:sid:0' id='o1' by='ana@example.org'/>"),
    NULL,
    "o1" },
};

static void
check (XmppTest *test,
       const char *stanza_id,
       const char *origin_id)
{
  XmppMessage *message = xmpp_test_get_message (test);

  g_assert_cmpstr (message->stanza_id, ==, stanza_id);
  g_assert_cmpstr (message->origin_id, ==, origin_id);
}

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppTest) test = xmpp_test_exchange (rows[row].in, NULL);

  check (test, rows[row].stanza_id, rows[row].origin_id);
}

/* A server that does not announce it does not take forged ones out either. */
static void
test_not_announced (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = XMPP_TEST_INTRO_C, .s = XMPP_TEST_INTRO_S ("") },
    { .c = XMPP_TEST_PRESENCE_C, .s = MESSAGE (ID ("ana@example.org")) XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);

  xmpp_test_start (test, steps, NULL);
  xmpp_test_finish (test);
  check (test, NULL, NULL);
}

static void
test_in_carbon (gconstpointer data)
{
  g_autoptr (XmppTest) test = xmpp_test_exchange (
      "<message from='ana@example.org'>" ID (
          "ana@example.org") "<sent xmlns='urn:xmpp:carbons:2'><forwarded "
                             "xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' "
                             "from='ana@example.org/phone' to='both@example.net' type='chat'><body>b</body>"
                             "<stanza-id xmlns='urn:xmpp:sid:0' id='a2' "
                             "by='ana@example.org'/></message></forwarded></sent></message>",
      NULL);

  check (test, "a2", NULL);
}

static void
test_too_long (gconstpointer data)
{
  g_autofree char *id = g_strnfill (513, 'x');
  g_autofree char *in =
      g_strdup_printf (MESSAGE ("<stanza-id xmlns='urn:xmpp:sid:0' id='%s' by='ana@example.org'/>"), id);
  g_autoptr (XmppTest) test = xmpp_test_exchange (in, NULL);

  check (test, NULL, NULL);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/stanza-ids/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/stanza-ids/not-announced", test_not_announced, NULL);
  linnet_test_add ("/xmpp/stanza-ids/in-carbon", test_in_carbon, NULL);
  linnet_test_add ("/xmpp/stanza-ids/too-long", test_too_long, NULL);

  return g_test_run ();
}
