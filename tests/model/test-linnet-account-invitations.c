/* Tests of invitations both ways: who is let in without being asked about, and who is not
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-contact-private.h"
#include "linnet-error.h"
#include "linnet-invitation-private.h"
#include "linnet-test-online.h"
#include "linnet-test.h"

#define ITEMS "http://jabber.org/protocol/disco#items"
#define COMMANDS "http://jabber.org/protocol/commands"
#define LIST_C "<iq type='get' id='*' to='example.org'><query xmlns='" ITEMS "' node='" COMMANDS "'/></iq>"
#define NO_LIST_S                                                     \
  "<iq type='error' id='$1' from='example.org'><error type='cancel'>" \
  "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
#define LIST_S                                                             \
  "<iq type='result' id='$1' from='example.org'><query xmlns='" ITEMS "'>" \
  "<item jid='example.org' node='urn:xmpp:invite#invite'/></query></iq>"
#define EXECUTE_C                                                    \
  "<iq type='set' id='*' to='example.org'><command xmlns='" COMMANDS \
  "' node='urn:xmpp:invite#invite' action='execute'/></iq>"
#define MADE_S                                                                          \
  "<iq type='result' id='$1' from='example.org'><command xmlns='" COMMANDS              \
  "' node='urn:xmpp:invite#invite' status='completed'><x xmlns='jabber:x:data' "        \
  "type='result'><field var='uri'><value>xmpp:ana@example.org?roster;preauth=T0k;ibr=y" \
  "</value></field></x></command></iq>"
#define FORBIDDEN_S                                                   \
  "<iq type='error' id='$1' from='example.org'><error type='cancel'>" \
  "<forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"

#define ADD_C(jid) \
  "<iq type='set' id='*'><query xmlns='jabber:iq:roster'><item jid='" jid "'/></query></iq>"
#define ADD_S "<iq type='result' id='$1'/>"

static LinnetInvitation *
invite (LinnetTestOnline *online)
{
  g_autoptr (GError) error = NULL;
  LinnetInvitation *invitation = dex_await_object (
      linnet_account_create_invitation (online->account, LINNET_INVITATION_CONTACT), &error);

  g_assert_no_error (error);

  return invitation;
}

static void
test_by_the_server (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = LIST_C, .s = LIST_S },
    { .c = EXECUTE_C, .s = MADE_S },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);
  g_autoptr (LinnetInvitation) invitation = NULL;

  linnet_test_online_start (online, steps, NULL);
  invitation = invite (online);
  linnet_test_online_finish (online);

  g_assert_cmpstr (
      linnet_invitation_get_link (invitation), ==, "xmpp:ana@example.org?roster;preauth=T0k;ibr=y");
  g_assert_true (linnet_invitation_get_can_register (invitation));
}

/* What begins like this ends with a token of 160 bits. */
static void
assert_local (LinnetInvitation *invitation)
{
  const char *link = linnet_invitation_get_link (invitation);
  gint64 left = linnet_invitation_get_expires (invitation) - g_get_real_time () / G_USEC_PER_SEC;
  const char *token;

  g_assert_true (g_str_has_prefix (link, "xmpp:ana@example.org?roster;preauth="));
  token = strrchr (link, '=') + 1;
  g_assert_cmpuint (strlen (token), ==, 32);
  g_assert_cmpuint (strspn (token, "abcdefghijklmnopqrstuvwxyz234567"), ==, 32);
  g_assert_cmpint (left, >, 6 * 24 * 60 * 60);
  g_assert_cmpint (left, <=, 7 * 24 * 60 * 60);
}

static void
test_by_ourselves (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = LIST_C, .s = NO_LIST_S },
    { .c = LIST_C, .s = LIST_S },
    { .c = EXECUTE_C, .s = FORBIDDEN_S },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);
  g_autoptr (LinnetInvitation) first = NULL;
  g_autoptr (LinnetInvitation) second = NULL;

  linnet_test_online_start (online, steps, NULL);
  first = invite (online);
  second = invite (online);
  linnet_test_online_finish (online);

  assert_local (first);
  assert_local (second);
  g_assert_cmpstr (linnet_invitation_get_link (first), !=, linnet_invitation_get_link (second));
}

/* Nobody but the server can make accounts. */
static void
test_accounts (gconstpointer data)
{
  static const LinnetTestStep steps[] = { XMPP_TEST_INTRO, { .c = LIST_C, .s = LIST_S }, {} };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);

  linnet_test_online_start (online, steps, NULL);
  linnet_test_assert_rejects (
      linnet_account_create_invitation (online->account, LINNET_INVITATION_ACCOUNT),
      LINNET_ERROR,
      LINNET_ERROR_NOT_SUPPORTED);
  linnet_test_online_finish (online);
}

static void
test_offline (gconstpointer data)
{
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);
  g_autoptr (LinnetLink) link = linnet_link_parse ("xmpp:eva@example.net?roster", NULL);
  g_autofree char *own = linnet_account_dup_link (online->account);

  g_assert_cmpstr (own, ==, "xmpp:ana@example.org");
  linnet_test_assert_rejects (
      linnet_account_create_invitation (online->account, LINNET_INVITATION_CONTACT),
      LINNET_ERROR,
      LINNET_ERROR_OFFLINE);
  linnet_test_assert_rejects (
      linnet_account_accept_invitation (online->account, link, NULL), LINNET_ERROR, LINNET_ERROR_OFFLINE);
}

/* ---- those who come with a token ---- */

static gboolean
is_requested (LinnetTestOnline *online,
              const char *address)
{
  LinnetContact *contact = linnet_account_lookup_contact (online->account, address);

  return contact != NULL && linnet_contact_get_requested (contact);
}

static char *
request_with (const char *address,
              LinnetInvitation *invitation)
{
  return g_strdup_printf ("<presence type='subscribe' from='%s'>"
                          "<preauth xmlns='urn:xmpp:pars:0' token='%s'/></presence>" XMPP_TEST_SYNC_S,
                          address,
                          strrchr (linnet_invitation_get_link (invitation), '=') + 1);
}

/* The token is made in a first stream, and shown in a second. */
static void
test_let_in (gconstpointer data)
{
  static const LinnetTestStep first[] = { XMPP_TEST_INTRO, { .c = LIST_C, .s = NO_LIST_S }, {} };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);
  g_autoptr (LinnetInvitation) invitation = NULL;
  g_autofree char *eva = NULL;
  g_autofree char *mallory = NULL;

  linnet_test_online_start (online, first, NULL);
  invitation = invite (online);
  linnet_test_online_finish (online);
  linnet_test_online_restart (online);

  eva = request_with ("eva@example.net", invitation);
  mallory = request_with ("mallory@example.net", invitation);
  {
    const LinnetTestStep second[] = {
      XMPP_TEST_INTRO,
      { .s = eva },
      { .c = XMPP_TEST_SYNC_C "<presence type='subscribed' to='eva@example.net'/>" },
      { .c = ADD_C ("eva@example.net"), .s = ADD_S },
      { .c = "<presence type='subscribe' to='eva@example.net'/>", .s = mallory },
      { .c = XMPP_TEST_SYNC_C },
      {},
    };

    linnet_test_online_start (online, second, NULL);
    linnet_test_online_finish (online);
  }

  /* Once, for one: the next is a request like any other. */
  while (!is_requested (online, "mallory@example.net"))
    linnet_test_turn ();
  g_assert_false (is_requested (online, "eva@example.net"));
  g_assert_nonnull (linnet_test_online_get (online, "eva@example.net"));
}

static void
test_wrong_token (gconstpointer data)
{
  g_autoptr (LinnetTestOnline) online =
      linnet_test_online_exchange (NULL,
                                   0,
                                   "<presence type='subscribe' from='mallory@example.net'>"
                                   "<preauth xmlns='urn:xmpp:pars:0' token='guessed'/></presence>",
                                   NULL);

  while (!is_requested (online, "mallory@example.net"))
    linnet_test_turn ();
}

/* Who asked to be seen by us has a right to an answer, but not to be let in for it. */
static void
test_asked_is_not_invited (gconstpointer data)
{
  g_autoptr (LinnetTestOnline) online = linnet_test_online_exchange (
      NULL, 0, "<presence type='subscribe' from='to@example.net'/>", NULL);

  while (!is_requested (online, "to@example.net"))
    linnet_test_turn ();
}

/* ---- following ---- */

#define REQUEST_C(jid) \
  "<presence type='subscribe' to='" jid "'><preauth xmlns='urn:xmpp:pars:0' token='T0k'/></presence>"

static void
follow (LinnetTestOnline *online,
        const char *text,
        const char *name)
{
  g_autoptr (LinnetLink) link = linnet_link_parse (text, NULL);

  linnet_test_assert_resolves (linnet_account_accept_invitation (online->account, link, name));
}

static void
test_follow (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = "<iq type='set' id='*'><query xmlns='jabber:iq:roster'><item jid='eva@example.net' "
           "name='Eva'/></query></iq>",
      .s = ADD_S },
    { .c = "<presence type='subscribed' to='eva@example.net'/>" REQUEST_C ("eva@example.net") },
    /* What is done already. */
    { .c = "<presence type='subscribed' to='to@example.net'/>" REQUEST_C ("from@example.net") },
    {},
  };
  g_autoptr (XmppNode) features =
      xmpp_node_parse ("<features xmlns='http://etherx.jabber.org/streams'><sub "
                       "xmlns='urn:xmpp:features:pre-approval'/></features>",
                       -1,
                       NULL,
                       NULL);
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);

  linnet_test_online_start (online, steps, &(XmppSessionStart) { .stream_features = features });
  while (linnet_account_lookup_contact (online->account, "none@example.net") == NULL)
    linnet_test_turn ();
  follow (online, "xmpp:eva@example.net?roster;preauth=T0k;name=Somebody", "Eva");
  follow (online, "xmpp:to@example.net?roster;preauth=T0k", NULL);
  follow (online, "xmpp:from@example.net?roster;preauth=T0k", NULL);
  follow (online, "xmpp:both@example.net?roster;preauth=T0k", NULL);
  linnet_test_online_finish (online);
}

/* Without pre-approval the answer to whom we asked is given here, once. */
static void
test_follow_without_pre_approval (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = ADD_C ("eva@example.net"), .s = ADD_S },
    { .c = REQUEST_C ("eva@example.net"),
      .s = "<iq type='set' id='p1'><query xmlns='jabber:iq:roster'><item jid='eva@example.net' "
           "subscription='none' ask='subscribe'/></query></iq>" },
    { .c = "<iq type='result' id='p1'/>" },
    { .c = LINNET_TEST_TRIGGER_C, .s = "<presence type='subscribe' from='eva@example.net'/>" },
    { .c = "<presence type='subscribed' to='eva@example.net'/>" },
    {},
  };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);
  LinnetContact *contact;

  linnet_test_online_start (online, steps, NULL);
  follow (online, "xmpp:eva@example.net?roster;preauth=T0k", NULL);
  do
    {
      linnet_test_turn ();
      contact = linnet_account_lookup_contact (online->account, "eva@example.net");
    }
  while (contact == NULL || (linnet_contact_get_subscription (contact) & LINNET_SUBSCRIPTION_ASKED) == 0);
  linnet_test_online_trigger (online);
  linnet_test_online_finish (online);
  g_assert_false (is_requested (online, "eva@example.net"));
}

static void
test_follow_oneself (gconstpointer data)
{
  static const LinnetTestStep steps[] = { XMPP_TEST_INTRO, {} };
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);
  g_autoptr (LinnetLink) link = linnet_link_parse ("xmpp:ana@example.org?roster;preauth=x", NULL);

  linnet_test_online_start (online, steps, NULL);
  linnet_test_assert_rejects (linnet_account_accept_invitation (online->account, link, NULL),
                              LINNET_ERROR,
                              LINNET_ERROR_OWN_ADDRESS);
  linnet_test_online_finish (online);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/account-invitations/by-the-server", test_by_the_server, NULL);
  linnet_test_add ("/model/account-invitations/by-ourselves", test_by_ourselves, NULL);
  linnet_test_add ("/model/account-invitations/accounts", test_accounts, NULL);
  linnet_test_add ("/model/account-invitations/offline", test_offline, NULL);
  linnet_test_add ("/model/account-invitations/let-in", test_let_in, NULL);
  linnet_test_add ("/model/account-invitations/wrong-token", test_wrong_token, NULL);
  linnet_test_add ("/model/account-invitations/asked-is-not-invited", test_asked_is_not_invited, NULL);
  linnet_test_add ("/model/account-invitations/follow", test_follow, NULL);
  linnet_test_add (
      "/model/account-invitations/follow-without-pre-approval", test_follow_without_pre_approval, NULL);
  linnet_test_add ("/model/account-invitations/follow-oneself", test_follow_oneself, NULL);

  return g_test_run ();
}
