/* Tests of XEP-0377: a report is part of blocking, and only where the server wants one
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-spawn.h"
#include "xmpp-blocking.h"
#include "xmpp-disco.h"
#include "xmpp-roster.h"
#include "xmpp-spam-report.h"
#include "xmpp-test-session.h"

#define DISCO "http://jabber.org/protocol/disco#info"
#define INTRO_C                                                                \
  "<iq type='get' id='*'><query xmlns='jabber:iq:roster' ver='?'/></iq>"       \
  "<iq type='get' id='*' to='example.org'><query xmlns='" DISCO "'/></iq>"     \
  "<iq type='get' id='*' to='ana@example.org'><query xmlns='" DISCO "'/></iq>" \
  "<iq type='get' id='*'><blocklist xmlns='urn:xmpp:blocking'/></iq>"
#define INTRO_S(features)                                                                           \
  "<iq type='result' id='$1'><query xmlns='jabber:iq:roster' ver='v1'/></iq>"                       \
  "<iq type='result' id='$2' from='example.org'><query xmlns='" DISCO "'>" features "</query></iq>" \
  "<iq type='result' id='$3' from='ana@example.org'><query xmlns='" DISCO "'/></iq>"                \
  "<iq type='result' id='$4'><blocklist xmlns='urn:xmpp:blocking'/></iq>"
#define REPORT(reason, content)                                                             \
  "<iq type='set' id='*'><block xmlns='urn:xmpp:blocking'><item jid='mallory@example.com'>" \
  "<report xmlns='urn:xmpp:reporting:1' reason='urn:xmpp:reporting:" reason "'>" content    \
  "</report></item></block></iq>"
#define RESULT "<iq type='result' id='$1'/>"

static const struct
{
  const char *name;
  const char *features;
  gboolean supported;
} servers[] = {
  { "none", "", FALSE },
  { "old-namespace", "<feature var='urn:xmpp:reporting:0'/>", FALSE },
  { "supported", "<feature var='urn:xmpp:reporting:1'/>", TRUE },
};

static const struct
{
  const char *name;
  XmppSpamReportReason reason;
  const char *text;
  const char *question;
  const char *answer;
  int error; /* -1: none */
} rows[] = {
  { "spam", XMPP_SPAM_REPORT_SPAM, NULL, REPORT ("spam", ""), RESULT, -1 },
  { "abuse-with-text",
    XMPP_SPAM_REPORT_ABUSE,
    "Threats & worse",
    REPORT ("abuse", "<text>Threats &amp; worse</text>"),
    RESULT,
    -1 },
  { "empty-text", XMPP_SPAM_REPORT_SPAM, "", REPORT ("spam", ""), RESULT, -1 },
  { "refused",
    XMPP_SPAM_REPORT_SPAM,
    NULL,
    REPORT ("spam", ""),
    "<iq type='error' id='$1'><error type='cancel'><not-allowed "
    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
    XMPP_STANZA_ERROR_NOT_ALLOWED },
};

static XmppTest *
start (const LinnetTestStep *steps)
{
  const GType types[] = { XMPP_TYPE_ROSTER, XMPP_TYPE_DISCO, XMPP_TYPE_BLOCKING, G_TYPE_INVALID };
  XmppTest *test = xmpp_test_new (types);

  xmpp_test_start (test, steps, NULL);

  return test;
}

static void
test_supported (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *answer = g_strdup_printf (INTRO_S ("%s"), servers[i].features);
  const LinnetTestStep steps[] = { { .c = INTRO_C, .s = answer }, {} };
  g_autoptr (XmppTest) test = start (steps);

  linnet_test_assert_resolves (
      xmpp_disco_wait_own_info (xmpp_test_get_feature (test, XMPP_TYPE_DISCO)));
  g_assert_cmpint (xmpp_spam_report_is_supported (test->session), ==, servers[i].supported);
  xmpp_test_finish (test);
}

static void
test_row (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = { { .c = INTRO_C, .s = INTRO_S ("<feature var='urn:xmpp:reporting:1'/>") },
                                   { .c = rows[i].question, .s = rows[i].answer },
                                   {} };
  g_autoptr (XmppTest) test = start (steps);
  g_autoptr (XmppJid) jid = xmpp_test_jid ("mallory@example.com");
  DexFuture *future = xmpp_spam_report_send (test->session, jid, rows[i].reason, rows[i].text);

  if (rows[i].error == -1)
    linnet_test_assert_resolves (future);
  else
    linnet_test_assert_rejects (future, XMPP_STANZA_ERROR, rows[i].error);
  xmpp_test_finish (test);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (servers); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/spam-report/server/%s", servers[i].name);

      linnet_test_add (path, test_supported, GSIZE_TO_POINTER (i));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/spam-report/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }

  return g_test_run ();
}
