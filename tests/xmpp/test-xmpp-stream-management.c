/* Tests of XEP-0198's counters and queue: security.md R2, R4, R5, R7, R8
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "xmpp-builder.h"
#include "xmpp-error.h"
#include "xmpp-stream-management.h"

/* A script is a list of words:
 *   enable=ID, enable       <enabled/> with and without resumption
 *   send=N, iq, presence    a stored message with token N, or a stanza nobody stores, is written
 *   a=H, resumed=H          the server says so; "a!=H" when that must be refused
 *   failed, failed=H        the resumption failed
 *   acked=N,N unacked=N,N unsent=N,N   the tokens that the last of these handed over, or the queue
 *   r?, !r?, r              <r/> is wanted; it is not; it was written
 *   in=N, done=H, <r        N stanzas are read; all up to H are durable; <r/> is read
 *   ack=H, noack            <a h='H'/> is to be written; none is
 *   lost                    the connection broke
 *   id=ID, noid             what could be resumed
 *   settled=H, settled!=H   H of <failed/> before anything else is done about it; is refused
 *   restore=ID:HANDLED:ACKED:SENT, restored=COUNTER:N   after a restart */
static const struct
{
  const char *name;
  const char *script;
} rows[] = {
  { "ack-some", "enable=x send=1 send=2 send=3 a=2 acked=1,2 unacked=3" },
  { "ack-nothing-new", "enable=x send=1 a=0 acked= unacked=1 a=1 acked=1 a=1 acked= unacked=" },
  {
      "ack-counts-unstored-stanzas",
      "enable=x presence send=1 iq send=2 a=2 acked=1 unacked=0,2 a=4 acked=2 unacked=",
  },
  { "ack-above-sent", "enable=x send=1 send=2 a!=3 noid unacked=1,2" },
  { "ack-above-sent-when-nothing-was-sent", "enable=x a!=1 noid" },
  { "ack-below-last", "enable=x send=1 send=2 a=2 acked=1,2 a!=1 noid" },
  { "ack-below-last-with-some-in-flight", "enable=x send=1 send=2 a=1 acked=1 send=3 a!=0 noid unacked=2,3" },
  { "ack-without-stream-management", "a!=0" },
  { "never-again-after-a-wrong-count", "enable=x send=1 a!=9 a!=1 noid failed unsent=1" },
  { "enabled-without-resume", "enable send=1 noid a=1 acked=1 lost noid" },
  { "enabled-with-empty-id", "enable= send=1 noid" },
  {
      "resume-all-arrived",
      "enable=x send=1 send=2 lost id=x resumed=2 acked=1,2 unacked= send=3 a=3 acked=3",
  },
  { "resume-none-arrived", "enable=x send=1 send=2 lost resumed=0 acked= unacked=1,2 a=2 acked=1,2" },
  {
      "resume-some-arrived",
      "enable=x send=1 iq send=2 presence send=3 lost resumed=2 acked=1 unacked=2,0,3 a=5 acked=2,3",
  },
  {
      "resume-after-acks",
      "enable=x send=1 send=2 a=1 acked=1 lost resumed=2 acked=2 unacked= send=3 a=3 acked=3",
  },
  {
      "resume-twice",
      "enable=x send=1 send=2 lost resumed=1 acked=1 lost resumed=1 acked= unacked=2 "
      "lost resumed=2 acked=2 id=x",
  },
  { "resume-above-sent", "enable=x send=1 lost resumed!=2 noid failed unsent=1" },
  { "resume-below-last", "enable=x send=1 send=2 a=2 acked=1,2 lost resumed!=1 noid" },
  { "resume-keeps-inbound-counter", "enable=x in=3 done=3 lost resumed=0 acked= in=1 done=4 <r ack=4" },
  {
      "failed-without-count",
      "enable=x send=1 iq send=2 send=3 a=1 acked=1 lost failed acked= unsent=2,3 noid",
  },
  { "failed-with-count", "enable=x send=1 send=2 send=3 lost failed=2 acked=1,2 unsent=3" },
  { "failed-with-count-above-sent", "enable=x send=1 send=2 lost failed=3 acked= unsent=1,2" },
  {
      "failed-with-count-below-last",
      "enable=x send=1 send=2 send=3 a=2 acked=1,2 lost failed=1 acked= unsent=3",
  },
  {
      "new-session-starts-at-0",
      "enable=x send=1 in=5 done=5 lost failed unsent=1 enable=y id=y "
      "send=1 a=1 acked=1 in=1 done=1 <r ack=1",
  },

  {
      "request-after-a-burst",
      "enable=x !r? send=1 r? send=2 r? r !r? send=3 !r? a=2 acked=1,2 r? r a=3 acked=3 !r?",
  },
  { "request-not-without-stream-management", "!r?" },
  { "request-again-on-a-new-connection", "enable=x send=1 r !r? lost r? resumed=0 acked= r?" },

  { "inbound-only-what-is-durable", "enable=x in=3 <r ack=0 noack done=2 noack done=3 ack=3 noack" },
  { "inbound-durable-before-request", "enable=x in=3 done=3 noack <r ack=3 noack <r ack=3 noack" },
  { "inbound-more-after-request", "enable=x in=2 <r ack=0 in=2 done=1 noack done=2 ack=2 done=4 noack" },
  { "inbound-ack-unasked", "enable=x in=60 done=49 noack done=50 ack=50 done=60 noack" },
  { "inbound-cannot-handle-what-never-came", "enable=x in=2 done=3 <r ack=0 done=2 ack=2 done=1 <r ack=2" },
  { "inbound-old-request-forgotten", "enable=x in=2 <r ack=0 lost done=2 noack" },
  { "inbound-nothing-counts-before", "in=3 <r noack enable=x <r ack=0" },

  { "settle", "enable=x send=1 send=2 lost settled=1 acked=1 id=x unacked=2 failed=1 acked= unsent=2 noid" },
  { "settle-then-resume", "enable=x send=1 send=2 lost settled=1 acked=1 resumed=2 acked=2 unacked= id=x" },
  { "settle-above-sent", "enable=x send=1 lost settled!=2 unacked=1 id=x" },
  { "settle-below-last", "enable=x send=1 send=2 a=1 acked=1 lost settled!=0 unacked=2 id=x" },

  {
      "restore",
      "restore=x:7:4:4 restored=5:1 restored=6:2 id=x "
      "resumed=5 acked=1 unacked=2 a=6 acked=2 in=1 done=8 <r ack=8",
  },
  { "restore-nothing-under-way", "restore=x:0:4:6 resumed=5 send=1 unacked=1 a=6 acked=1" },
  {
      "restore-more-was-sent",
      "restore=x:0:4:4 restored=5:1 restored=6:2 resumed=9 acked=1,2 unacked= send=3 a=10 acked=3",
  },
  {
      "restore-with-gaps",
      "restore=x:0:0:0 restored=2:1 restored=9:2 resumed=5 acked=1 unacked=2 send=3 a=6 acked=2 a=7 acked=3",
  },
  { "restore-below-last", "restore=x:0:4:4 restored=5:1 resumed!=3 noid failed acked= unsent=1" },
  { "restore-once", "restore=x:0:0:0 restored=1:1 resumed=1 acked=1 lost resumed!=2 noid" },
  { "restore-failed", "restore=x:0:4:4 restored=5:1 restored=8:2 failed=7 acked=1 unsent=2 noid" },
  { "restore-failed-beyond", "restore=x:0:4:4 restored=5:1 restored=8:2 failed=11 acked=1,2 unsent=" },
  { "restore-failed-below-last", "restore=x:0:4:4 restored=5:1 failed=3 acked= unsent=1" },
  { "restore-failed-without-count", "restore=x:0:4:4 restored=5:1 failed acked= unsent=1" },
  {
      "restore-settle",
      "restore=x:0:4:4 restored=5:1 restored=8:2 settled=11 acked=1,2 unacked= failed=11 acked= unsent=",
  },

  /* R5: the counters wrap around from 2^32-1 to 0. */
  { "wrap-ack", "restore=x:0:4294967293:4294967293 resumed=4294967293 send=1 send=2 send=3 send=4 "
                "a=4294967295 acked=1,2 unacked=3,4 a=1 acked=3,4" },
  { "wrap-ack-to-0", "restore=x:0:4294967294:4294967294 resumed=4294967294 send=1 send=2 a=0 acked=1,2 !r?" },
  { "wrap-ack-above-sent", "restore=x:0:4294967294:4294967294 resumed=4294967294 send=1 send=2 a!=1 noid" },
  {
      "wrap-ack-below-last",
      "restore=x:0:4294967294:4294967294 resumed=4294967294 send=1 send=2 a=0 acked=1,2 a!=4294967295",
  },
  { "wrap-resume", "restore=x:0:4294967294:4294967294 resumed=4294967294 send=1 send=2 send=3 lost "
                   "resumed=4294967295 acked=1 unacked=2,3 a=1 acked=2,3" },
  {
      "wrap-failed",
      "restore=x:0:4294967294:4294967294 resumed=4294967294 "
      "send=1 send=2 send=3 lost failed=0 acked=1,2 unsent=3",
  },
  {
      "wrap-inbound",
      "restore=x:4294967294:0:0 in=4 done=4294967295 <r ack=4294967295 done=0 noack done=2 ack=2",
  },
  {
      "wrap-restore",
      "restore=x:0:4294967294:4294967294 restored=4294967295:1 restored=2:2 resumed=0 acked=1 unacked=2 "
      "send=3 a=1 acked=2 a=2 acked=3",
  },
  { "wrap-restore-beyond", "restore=x:0:4294967294:4294967294 restored=4294967295:1 resumed=3 acked=1" },
  {
      "wrap-restore-failed",
      "restore=x:0:4294967294:4294967294 restored=4294967295:1 restored=5:2 failed=3 acked=1 unsent=2",
  },
};

typedef struct
{
  XmppStreamManagement *sm;
  GArray *tokens;    /* of the last acknowledgement */
  GPtrArray *unsent; /* of the last failed resumption */
} Run;

static char *
tokens_to_string (GArray *tokens)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; tokens != NULL && i < tokens->len; i++)
    g_string_append_printf (out, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", g_array_index (tokens, gint64, i));

  return g_string_free_and_steal (g_steal_pointer (&out));
}

static char *
stanzas_to_string (GPtrArray *stanzas,
                   gboolean only_messages)
{
  g_autoptr (GArray) tokens = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < stanzas->len; i++)
    {
      XmppSmStanza *stanza = stanzas->pdata[i];

      if (!only_messages || stanza->kind == XMPP_SM_MESSAGE)
        g_array_append_val (tokens, stanza->token);
    }

  return tokens_to_string (tokens);
}

static void
check_order (GPtrArray *stanzas)
{
  for (guint i = 1; i < stanzas->len; i++)
    {
      XmppSmStanza *before = stanzas->pdata[i - 1], *stanza = stanzas->pdata[i];

      g_assert_cmpuint (stanza->counter - before->counter, <, G_MAXINT32);
      g_assert_cmpuint (stanza->counter, !=, before->counter);
    }
}

static void
run_send (Run *run,
          const char *word,
          const char *value)
{
  g_autofree char *xml = g_strdup_printf ("<message id='%s'/>", value);
  g_autoptr (XmppNode) node = NULL;

  if (strcmp (word, "send") == 0)
    {
      xmpp_stream_management_sent (run->sm, XMPP_SM_MESSAGE, NULL, xml, g_ascii_strtoll (value, NULL, 10));
      return;
    }
  node = xmpp_el (word, XMPP_NS_CLIENT);
  xmpp_stream_management_sent (run->sm,
                               strcmp (word, "iq") == 0 ? XMPP_SM_IQ : XMPP_SM_PRESENCE,
                               node,
                               NULL,
                               0);
}

static void
run_ack (Run *run,
         const char *word,
         const char *value)
{
  guint32 h = (guint32) g_ascii_strtoull (value, NULL, 10);
  gboolean refuse = g_str_has_suffix (word, "!");
  gboolean ok;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&run->tokens, g_array_unref);
  if (g_str_has_prefix (word, "resumed"))
    ok = xmpp_stream_management_resumed (run->sm, h, &run->tokens, &error);
  else
    ok = xmpp_stream_management_acked (run->sm, h, &run->tokens, &error);

  g_assert_cmpint (ok, ==, !refuse);
  if (refuse)
    g_assert_error (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_PROTOCOL);
  else
    g_assert_no_error (error);
}

static void
run_failed (Run *run,
            const char *value)
{
  guint32 h = (guint32) g_ascii_strtoull (value, NULL, 10);

  g_clear_pointer (&run->tokens, g_array_unref);
  g_clear_pointer (&run->unsent, g_ptr_array_unref);
  run->unsent = xmpp_stream_management_take_unacked (run->sm, *value != '\0' ? &h : NULL, &run->tokens);
  check_order (run->unsent);
  g_assert_cmpuint (xmpp_stream_management_get_n_unacked (run->sm), ==, 0);
}

static void
run_expectation (Run *run,
                 const char *word,
                 const char *value)
{
  g_autofree char *found = NULL;

  if (strcmp (word, "acked") == 0)
    found = tokens_to_string (run->tokens);
  else if (strcmp (word, "unsent") == 0)
    found = stanzas_to_string (run->unsent, TRUE);
  else
    {
      g_autoptr (GPtrArray) unacked = xmpp_stream_management_peek_unacked (run->sm);

      check_order (unacked);
      g_assert_cmpuint (xmpp_stream_management_get_n_unacked (run->sm), ==, unacked->len);
      found = stanzas_to_string (unacked, FALSE);
    }
  g_assert_cmpstr (found, ==, value);
}

static void
run_settle (Run *run,
            const char *word,
            const char *value)
{
  guint32 h = (guint32) g_ascii_strtoull (value, NULL, 10);

  g_clear_pointer (&run->tokens, g_array_unref);
  g_assert_cmpint (xmpp_stream_management_settle (run->sm, h, &run->tokens),
                   ==,
                   !g_str_has_suffix (word, "!"));
}

static void
run_restore (Run *run,
             const char *word,
             const char *value)
{
  g_auto (GStrv) parts = g_strsplit (value, ":", -1);
  guint32 numbers[4] = { 0 };

  for (guint i = 0; parts[i] != NULL; i++)
    numbers[i] = (guint32) g_ascii_strtoull (parts[i], NULL, 10);
  if (strcmp (word, "restore") == 0)
    xmpp_stream_management_restore (run->sm, parts[0], numbers[1], numbers[2], numbers[3]);
  else
    xmpp_stream_management_restore_stanza (run->sm, numbers[0], "<message/>", numbers[1]);
}

static gboolean
run_inbound (Run *run,
             const char *word,
             const char *value)
{
  guint32 number = (guint32) g_ascii_strtoull (value, NULL, 10), h;

  if (strcmp (word, "in") == 0)
    for (guint32 i = 0; i < number; i++)
      xmpp_stream_management_received (run->sm);
  else if (strcmp (word, "done") == 0)
    xmpp_stream_management_handled (run->sm, number);
  else if (strcmp (word, "<r") == 0)
    xmpp_stream_management_ack_requested (run->sm);
  else if (strcmp (word, "noack") == 0)
    g_assert_false (xmpp_stream_management_take_ack (run->sm, &h));
  else if (strcmp (word, "ack") == 0)
    {
      g_assert_true (xmpp_stream_management_take_ack (run->sm, &h));
      g_assert_cmpuint (h, ==, number);
      g_assert_cmpuint (xmpp_stream_management_get_handled (run->sm), ==, number);
    }
  else
    return FALSE;

  return TRUE;
}

static void
run_word (Run *run,
          const char *word,
          const char *value)
{
  if (run_inbound (run, word, value))
    return;
  else if (strcmp (word, "enable") == 0)
    xmpp_stream_management_enable (run->sm, value);
  else if (strcmp (word, "send") == 0 || strcmp (word, "iq") == 0 || strcmp (word, "presence") == 0)
    run_send (run, word, value);
  else if (strcmp (word, "a") == 0 || strcmp (word, "a!") == 0 || g_str_has_prefix (word, "resumed"))
    run_ack (run, word, value);
  else if (strcmp (word, "failed") == 0)
    run_failed (run, value);
  else if (strcmp (word, "r?") == 0 || strcmp (word, "!r?") == 0)
    g_assert_cmpint (xmpp_stream_management_wants_request (run->sm), ==, *word == 'r');
  else if (strcmp (word, "r") == 0)
    xmpp_stream_management_requested (run->sm);
  else if (strcmp (word, "lost") == 0)
    xmpp_stream_management_connection_lost (run->sm);
  else if (strcmp (word, "id") == 0)
    g_assert_cmpstr (xmpp_stream_management_get_id (run->sm), ==, value);
  else if (strcmp (word, "noid") == 0)
    g_assert_null (xmpp_stream_management_get_id (run->sm));
  else if (g_str_has_prefix (word, "settled"))
    run_settle (run, word, value);
  else if (g_str_has_prefix (word, "restore"))
    run_restore (run, word, value);
  else
    run_expectation (run, word, value);
}

static void
test_script (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  Run run = { .sm = xmpp_stream_management_new () };
  g_auto (GStrv) words = g_strsplit (rows[i].script, " ", -1);

  for (guint j = 0; words[j] != NULL; j++)
    {
      char *value = strchr (words[j], '=');

      g_test_message ("%s", words[j]);
      if (value != NULL)
        *value++ = '\0';
      run_word (&run, words[j], value != NULL ? value : "");
    }

  g_clear_pointer (&run.tokens, g_array_unref);
  g_clear_pointer (&run.unsent, g_ptr_array_unref);
  xmpp_stream_management_free (run.sm);
}

/* R5: a hundred stanzas each way across the wrap, cut in the middle. */
static void
test_wrap_with_cut (void)
{
  g_autoptr (XmppStreamManagement) sm = xmpp_stream_management_new ();
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GArray) first = NULL, rest = NULL;
  const guint32 start = G_MAXUINT32 - 4;
  guint32 h;

  xmpp_stream_management_restore (sm, "x", start, start, start);
  g_assert_true (xmpp_stream_management_resumed (sm, start, NULL, NULL));
  for (guint32 i = 1; i <= 100; i++)
    {
      g_assert_cmpuint (xmpp_stream_management_sent (sm, XMPP_SM_MESSAGE, NULL, "<message/>", i),
                        ==,
                        (guint32) (start + i));
      g_assert_cmpuint (xmpp_stream_management_received (sm), ==, (guint32) (start + i));
      xmpp_stream_management_handled (sm, start + i);
    }
  xmpp_stream_management_connection_lost (sm);
  g_assert_cmpuint (xmpp_stream_management_get_handled (sm), ==, 95);

  g_assert_true (xmpp_stream_management_resumed (sm, start + 60, &first, NULL));
  g_assert_cmpuint (first->len, ==, 60);
  again = xmpp_stream_management_peek_unacked (sm);
  g_assert_cmpuint (again->len, ==, 40);
  g_assert_cmpint (((XmppSmStanza *) again->pdata[0])->token, ==, 61);
  g_assert_cmpint (((XmppSmStanza *) again->pdata[39])->token, ==, 100);
  g_assert_true (xmpp_stream_management_acked (sm, 95, &rest, NULL));
  g_assert_cmpuint (rest->len, ==, 40);

  xmpp_stream_management_ack_requested (sm);
  g_assert_true (xmpp_stream_management_take_ack (sm, &h));
  g_assert_cmpuint (h, ==, 95);
}

/* R7: what is sent again has the same bytes. */
static void
test_same_bytes (void)
{
  static const char xml[] = "<message id='1'  to=\"a@b\"><body>&#x20;\xc3\xbc</body></message>";
  g_autoptr (XmppStreamManagement) sm = xmpp_stream_management_new ();
  g_autoptr (XmppNode) node = xmpp_el ("presence", XMPP_NS_CLIENT);
  g_autoptr (GPtrArray) stanzas = NULL;

  xmpp_stream_management_enable (sm, "x");
  xmpp_stream_management_sent (sm, XMPP_SM_MESSAGE, NULL, xml, 1);
  xmpp_stream_management_sent (sm, XMPP_SM_PRESENCE, node, NULL, 0);
  stanzas = xmpp_stream_management_take_unacked (sm, NULL, NULL);
  g_assert_cmpstr (((XmppSmStanza *) stanzas->pdata[0])->xml, ==, xml);
  g_assert_true (((XmppSmStanza *) stanzas->pdata[1])->node == node);
}

static void
test_elements (void)
{
  const struct
  {
    XmppNode *node;
    const char *xml;
  } elements[] = {
    { xmpp_sm_enable (), "<enable xmlns='urn:xmpp:sm:3' resume='true'/>" },
    { xmpp_sm_request (), "<r xmlns='urn:xmpp:sm:3'/>" },
    { xmpp_sm_ack (G_MAXUINT32), "<a xmlns='urn:xmpp:sm:3' h='4294967295'/>" },
    { xmpp_sm_resume ("some&id", 0), "<resume xmlns='urn:xmpp:sm:3' previd='some&amp;id' h='0'/>" },
    { xmpp_sm_handled_count_too_high (10, 8),
      "<error xmlns='http://etherx.jabber.org/streams'>"
      "<undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
      "<handled-count-too-high xmlns='urn:xmpp:sm:3' h='10' send-count='8'/></error>" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (elements); i++)
    {
      g_autoptr (XmppNode) node = elements[i].node;
      g_autofree char *xml = xmpp_node_to_string (node, "");

      g_assert_cmpstr (xml, ==, elements[i].xml);
    }
}

static void
test_get_h (void)
{
  static const struct
  {
    const char *text;
    gboolean ok;
    guint32 h;
  } counts[] = {
    { "0", TRUE, 0 },
    { "4294967295", TRUE, G_MAXUINT32 },
    { "4294967296", FALSE },
    { "-1", FALSE },
    { "", FALSE },
    { "1 ", FALSE },
    { "0x1", FALSE },
    { NULL, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autoptr (XmppNode) node = xmpp_el ("a", XMPP_NS_SM, xmpp_attr ("h", counts[i].text));
      guint32 h = 77;

      g_assert_cmpint (xmpp_sm_get_h (node, &h), ==, counts[i].ok);
      g_assert_cmpuint (h, ==, counts[i].ok ? counts[i].h : 77);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/xmpp/stream-management/", rows[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_script);
    }
  g_test_add_func ("/xmpp/stream-management/wrap-with-cut", test_wrap_with_cut);
  g_test_add_func ("/xmpp/stream-management/same-bytes", test_same_bytes);
  g_test_add_func ("/xmpp/stream-management/elements", test_elements);
  g_test_add_func ("/xmpp/stream-management/get-h", test_get_h);

  return g_test_run ();
}
