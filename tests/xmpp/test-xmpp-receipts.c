/* Tests of XEP-0184: whose receipts count (I11), and who gets ours
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-receipts.h"
#include "xmpp-test-session.h"

#define REQUEST "<request xmlns='urn:xmpp:receipts'/>"
#define RECEIPT "<received xmlns='urn:xmpp:receipts' id='m1'/>"
#define FROM(from, rest) "<message from='" from "' type='chat' id='i'>" rest "</message>"
#define CARBON(direction, from, to, rest)                                               \
  "<message from='ana@example.org'><" direction                                         \
  " xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"                  \
  "<message xmlns='jabber:client' from='" from "' to='" to "' type='chat' id='i'>" rest \
  "</message></forwarded></" direction "></message>"

static const struct
{
  const char *name;
  const char *in;
  const char *receipt_for; /* NULL: none */
  gboolean requested;
  const char *out; /* what xmpp_receipts_confirm() sends; NULL: nothing */
} rows[] = {
  { "receipt", FROM ("both@example.net/x", RECEIPT), "m1", FALSE, NULL },
  { "receipt-by-stranger",
    FROM ("mallory@example.com/x", RECEIPT),
    "m1",
    FALSE,
    NULL }, /* for a message to them */
  { "receipt-in-carbon",
    CARBON ("received", "both@example.net/x", "ana@example.org/phone", RECEIPT),
    "m1",
    FALSE,
    NULL },
  { "our-own-receipt",
    CARBON ("sent", "ana@example.org/phone", "both@example.net/x", RECEIPT "<body>b</body>"),
    NULL,
    FALSE,
    NULL },
  { "receipt-to-myself", FROM ("ana@example.org/phone", RECEIPT "<body>b</body>"), NULL, FALSE, NULL },
  { "receipt-without-id",
    FROM ("both@example.net/x", "<received xmlns='urn:xmpp:receipts'/><body>b</body>"),
    NULL,
    FALSE,
    NULL },
  { "first-of-two-receipts",
    FROM ("both@example.net/x", RECEIPT "<received xmlns='urn:xmpp:receipts' id='m2'/>"),
    "m1",
    FALSE,
    NULL },
  { "requested",
    FROM ("both@example.net/x", "<body>b</body>" REQUEST),
    NULL,
    TRUE,
    "<message to='both@example.net/x' type='chat' id='*'><received xmlns='urn:xmpp:receipts' id='i'/><store "
    "xmlns='urn:xmpp:hints'/></message>" },
  { "requested-by-who-sees-us",
    FROM ("from@example.net/x", "<body>b</body>" REQUEST),
    NULL,
    TRUE,
    "<message to='from@example.net/x' type='chat' id='*'><received xmlns='urn:xmpp:receipts' id='i'/><store "
    "xmlns='urn:xmpp:hints'/></message>" },
  { "requested-by-who-does-not", FROM ("to@example.net/x", "<body>b</body>" REQUEST), NULL, TRUE, NULL },
  { "requested-by-stranger", FROM ("mallory@example.com/x", "<body>b</body>" REQUEST), NULL, TRUE, NULL },
  { "not-requested", FROM ("both@example.net/x", "<body>b</body>"), NULL, FALSE, NULL },
  { "requested-without-id",
    "<message from='both@example.net/x' type='chat'><body>b</body>" REQUEST "</message>",
    NULL,
    FALSE,
    NULL },
  { "requested-with-a-receipt", FROM ("both@example.net/x", RECEIPT REQUEST), "m1", TRUE, NULL },
  { "requested-on-another-device",
    CARBON ("received", "both@example.net/x", "ana@example.org/phone", "<body>b</body>" REQUEST),
    NULL,
    TRUE,
    NULL },
  { "requested-by-us",
    CARBON ("sent", "ana@example.org/phone", "both@example.net/x", "<body>b</body>" REQUEST),
    NULL,
    FALSE,
    NULL },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autofree char *send = g_strconcat (rows[row].in, XMPP_TEST_SYNC_S, NULL);
  const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = send },
    { .c = XMPP_TEST_SYNC_C, .s = rows[row].out == NULL ? XMPP_TEST_SYNC_S : NULL },
    { .c = rows[row].out != NULL ? rows[row].out : XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppMessage *message;

  xmpp_test_start (test, steps, NULL);
  while (xmpp_test_count_messages (test) == 0)
    linnet_test_settle ();

  message = xmpp_test_get_message (test);
  g_assert_cmpstr (message->receipt_for, ==, rows[row].receipt_for);
  g_assert_cmpint (message->receipt_requested, ==, rows[row].requested);
  g_assert_cmpint (xmpp_receipts_confirm (xmpp_test_get_feature (test, XMPP_TYPE_RECEIPTS), message),
                   ==,
                   rows[row].out != NULL);
  xmpp_test_finish (test);
}

/* In a message that came back, and in a room, it is not a receipt. */
static void
test_no_receipt (gconstpointer data)
{
  g_autoptr (XmppTest) test = xmpp_test_exchange (
      "<message type='error' from='both@example.net/x' id='e'>" RECEIPT
      "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
      "<message type='groupchat' from='room@muc.example.org/n'>" RECEIPT
      "<probe xmlns='urn:test:probe'/></message>",
      NULL);

  g_assert_null (xmpp_test_get_message (test)->receipt_for);
  g_assert_null (xmpp_test_get_probed (test)->receipt_for);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/receipts/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/receipts/no-receipt", test_no_receipt, NULL);

  return g_test_run ();
}
