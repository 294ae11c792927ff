/* Tests of XEP-0494: who may use the account, and the end of that
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-spawn.h"
#include "xmpp-client-access.h"
#include "xmpp-test-session.h"

#define CAM "urn:xmpp:cam:0"
#define PROSODY "xmpp:prosody.im/protocol/manage-clients"
#define LIST_C(ns) "<iq type='get' id='*'><list xmlns='" ns "'/></iq>"
#define CLIENTS(ns, content) "<iq type='result' id='$1'><clients xmlns='" ns "'>" content "</clients></iq>"
#define ERROR(condition)                                      \
  "<iq type='error' id='$1'><error type='cancel'><" condition \
  " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
#define GAJIM                                                                                \
  "<client connected='true' id='client/1' type='session'>"                                   \
  "<first-seen>2024-04-06T14:26:08Z</first-seen><last-seen>2024-04-06T14:37:25Z</last-seen>" \
  "<auth><password/></auth><user-agent><software>Gajim</software>"                           \
  "<uri>https://gajim.org/</uri><device>Juliet's laptop</device></user-agent></client>"
#define GRANT "<client connected='false' id='grant/2' type='access'><auth><grant/></auth></client>"

static const struct
{
  const char *name;
  LinnetTestStep steps[3];
  const char *expected; /* what describe() says of all; NULL: it is refused */
} rows[] = {
  { "standard",
    { { .c = LIST_C (CAM), .s = CLIENTS (CAM, GAJIM GRANT) } },
    "client/1 Gajim Juliet's laptop 1712413568 1712414245 connected password;grant/2 - - 0 0;" },
  { "prosody",
    { { .c = LIST_C (CAM), .s = ERROR ("service-unavailable") },
      { .c = LIST_C (PROSODY), .s = CLIENTS (PROSODY, GAJIM) } },
    "client/1 Gajim Juliet's laptop 1712413568 1712414245 connected password;" },
  { "none",
    { { .c = LIST_C (CAM), .s = ERROR ("service-unavailable") },
      { .c = LIST_C (PROSODY), .s = ERROR ("service-unavailable") } },
    NULL },
  { "empty", { { .c = LIST_C (CAM), .s = CLIENTS (CAM, "") } }, "" },
  { "no-list", { { .c = LIST_C (CAM), .s = "<iq type='result' id='$1'/>" } }, "" },
  { "nonsense",
    { { .c = LIST_C (CAM),
        .s = CLIENTS (CAM,
                      "<client/><client id=''/><x id='1'/><client id='3' connected='maybe'>"
                      "<last-seen>yesterday</last-seen><user-agent><software>\xe2\x80\xae </software>"
                      "<device>a\n\n b</device></user-agent></client>") } },
    "3 - a b 0 0;" },
};

static void
describe (GString *text, const XmppClientAccess *client)
{
  g_string_append_printf (text,
                          "%s %s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "%s%s;",
                          client->id,
                          client->software != NULL ? client->software : "-",
                          client->device != NULL ? client->device : "-",
                          client->first_seen / G_USEC_PER_SEC,
                          client->last_seen / G_USEC_PER_SEC,
                          client->connected ? " connected" : "",
                          client->password ? " password" : "");
}

static XmppTest *
start (const LinnetTestStep *steps)
{
  const GType types[] = { G_TYPE_INVALID };
  XmppTest *test = xmpp_test_new (types);

  xmpp_test_start (test, steps, NULL);

  return test;
}

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppTest) test = start (rows[row].steps);
  g_autoptr (GPtrArray) clients = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  clients = dex_await_boxed (xmpp_client_access_list (test->session), &error);
  if (rows[row].expected == NULL)
    {
      g_assert_error (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE);
      return;
    }

  g_assert_no_error (error);
  for (guint i = 0; i < clients->len; i++)
    describe (text, clients->pdata[i]);
  g_assert_cmpstr (text->str, ==, rows[row].expected);
}

static void
test_revoke (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = LIST_C (CAM), .s = ERROR ("feature-not-implemented") },
    { .c = LIST_C (PROSODY), .s = CLIENTS (PROSODY, GAJIM GRANT) },
    { .c = "<iq type='set' id='*'><revoke xmlns='" PROSODY "' id='client/1'/></iq>",
      .s = ERROR ("service-unavailable") },
    { .c = "<iq type='set' id='*'><revoke xmlns='" PROSODY "' id='grant/2'/></iq>",
      .s = "<iq type='result' id='$1'/>" },
    {},
  };
  g_autoptr (XmppTest) test = start (steps);
  g_autoptr (GPtrArray) clients = dex_await_boxed (xmpp_client_access_list (test->session), NULL);

  g_assert_cmpuint (clients->len, ==, 2);
  linnet_test_assert_rejects (xmpp_client_access_revoke (test->session, clients->pdata[0]),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE);
  linnet_test_assert_resolves (xmpp_client_access_revoke (test->session, clients->pdata[1]));
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/client-access/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/client-access/revoke", test_revoke, NULL);

  return g_test_run ();
}
