/* Tests of requests and their answers: who may answer (I4), and that every request ends (R23)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "linnet-test.h"
#include "xmpp-builder.h"
#include "xmpp-error.h"
#include "xmpp-iq-tracker.h"

#define OWN "ana@example.org"
#define OWN_FULL "ana@example.org/desk"

static const struct
{
  const char *name;
  const char *to;   /* NULL: no address */
  const char *from; /* NULL: none */
  gboolean accepted;
} rows[] = {
  { "account-nobody", NULL, NULL, TRUE },
  { "account-bare", NULL, OWN, TRUE },
  { "account-full", NULL, OWN_FULL, TRUE },
  { "account-domain", NULL, "example.org", TRUE },
  { "account-other-resource", NULL, OWN "/other", FALSE },
  { "account-contact", NULL, "mira@example.org", FALSE },
  { "account-stranger", NULL, "mallory@example.net/x", FALSE },
  { "account-domain-resource", NULL, "example.org/x", FALSE },
  { "own-bare-nobody", OWN, NULL, TRUE },
  { "own-bare-bare", OWN, OWN, TRUE },
  { "own-bare-other-resource", OWN, OWN "/other", FALSE },
  { "own-bare-stranger", OWN, "mallory@example.net", FALSE },
  { "domain-nobody", "example.org", NULL, TRUE },
  { "domain-domain", "example.org", "example.org", TRUE },
  { "domain-other-domain", "example.org", "example.net", FALSE },
  { "own-full-nobody", OWN_FULL, NULL, TRUE },
  { "own-full-full", OWN_FULL, OWN_FULL, TRUE },
  { "contact-exact", "mira@example.net/home", "mira@example.net/home", TRUE },
  { "contact-case", "mira@example.net/home", "MIRA@EXAMPLE.NET/home", TRUE },
  { "contact-nobody", "mira@example.net/home", NULL, FALSE },
  { "contact-other-resource", "mira@example.net/home", "mira@example.net/work", FALSE },
  { "contact-bare", "mira@example.net/home", "mira@example.net", FALSE },
  { "contact-from-account", "mira@example.net/home", OWN, FALSE },
  { "contact-from-stranger", "mira@example.net/home", "mallory@example.net/home", FALSE },
  { "bare-contact-from-resource", "mira@example.net", "mira@example.net/home", FALSE },
  { "bare-contact-exact", "mira@example.net", "mira@example.net", TRUE },
};

static XmppIqTracker *
create_tracker (guint timeout_ms)
{
  g_autoptr (XmppJid) own = xmpp_jid_new (OWN, NULL);
  g_autoptr (XmppJid) full = xmpp_jid_new (OWN_FULL, NULL);
  XmppIqTracker *tracker = xmpp_iq_tracker_new (own, timeout_ms);

  xmpp_iq_tracker_set_full_jid (tracker, full);

  return tracker;
}

/* Returns the future, and the request as it would be sent. */
static DexFuture *
ask (XmppIqTracker *tracker,
     const char *to,
     XmppNode **sent)
{
  g_autoptr (XmppJid) jid = to != NULL ? xmpp_jid_new (to, NULL) : NULL;

  *sent = xmpp_iq_get (jid, xmpp_el ("ping", "urn:xmpp:ping"));

  return xmpp_iq_tracker_add (tracker, sent, NULL, NULL);
}

static gboolean
answer (XmppIqTracker *tracker,
        const char *type,
        const char *id,
        const char *from)
{
  g_autoptr (XmppJid) jid = from != NULL ? xmpp_jid_new (from, NULL) : NULL;
  g_autoptr (XmppNode) reply = NULL;

  reply = xmpp_el ("iq",
                   XMPP_NS_CLIENT,
                   xmpp_attr ("type", type),
                   xmpp_attr ("id", id),
                   xmpp_attr ("from", from),
                   g_str_equal (type, "error") ? xmpp_el ("error",
                                                          XMPP_NS_CLIENT,
                                                          xmpp_attr ("type", "cancel"),
                                                          xmpp_el ("item-not-found", XMPP_NS_STANZAS))
                                               : NULL);

  return xmpp_iq_tracker_take (tracker, reply, jid);
}

static void
test_sender (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppIqTracker) tracker = create_tracker (60000);
  g_autoptr (XmppNode) sent = NULL;
  g_autoptr (DexFuture) future = ask (tracker, rows[row].to, &sent);

  g_assert_cmpint (answer (tracker, "result", xmpp_node_get_attr (sent, "id"), rows[row].from),
                   ==,
                   rows[row].accepted);
  g_assert_cmpint (dex_future_is_resolved (future), ==, rows[row].accepted);
  g_assert_cmpuint (xmpp_iq_tracker_get_n_open (tracker), ==, rows[row].accepted ? 0 : 1);
}

/* A forged answer first does not keep the right one from counting. */
static void
test_forged_first (gconstpointer data)
{
  g_autoptr (XmppIqTracker) tracker = create_tracker (60000);
  g_autoptr (XmppNode) sent = NULL;
  g_autoptr (DexFuture) future = ask (tracker, "mira@example.net/home", &sent);
  const char *id = xmpp_node_get_attr (sent, "id");

  g_assert_false (answer (tracker, "result", id, "mallory@example.net/x"));
  g_assert_false (answer (tracker, "error", id, NULL));
  g_assert_true (dex_future_is_pending (future));
  g_assert_true (answer (tracker, "result", id, "mira@example.net/home"));
  g_assert_true (dex_future_is_resolved (future));
  g_assert_false (answer (tracker, "result", id, "mira@example.net/home"));
}

static void
test_error (gconstpointer data)
{
  g_autoptr (XmppIqTracker) tracker = create_tracker (60000);
  g_autoptr (XmppNode) sent = NULL;
  DexFuture *future = ask (tracker, NULL, &sent);

  g_assert_true (answer (tracker, "error", xmpp_node_get_attr (sent, "id"), NULL));
  linnet_test_assert_rejects (future, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_ITEM_NOT_FOUND);
}

static void
test_timeout (gconstpointer data)
{
  g_autoptr (XmppIqTracker) tracker = create_tracker (20);
  g_autoptr (XmppNode) first = NULL;
  g_autoptr (XmppNode) second = NULL;
  DexFuture *future = ask (tracker, NULL, &first);
  DexFuture *later = ask (tracker, NULL, &second);

  linnet_test_assert_rejects (future, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_TIMED_OUT);
  linnet_test_assert_rejects (later, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_TIMED_OUT);
  g_assert_cmpuint (xmpp_iq_tracker_get_n_open (tracker), ==, 0);
  /* Too late is too late. */
  g_assert_false (answer (tracker, "result", xmpp_node_get_attr (first, "id"), NULL));
}

static void
test_disconnect (gconstpointer data)
{
  XmppIqTracker *tracker = create_tracker (60000);
  g_autoptr (XmppNode) first = NULL;
  g_autoptr (XmppNode) second = NULL;
  DexFuture *future = ask (tracker, NULL, &first);
  DexFuture *later = NULL;

  xmpp_iq_tracker_fail_all (tracker);
  g_assert_cmpuint (xmpp_iq_tracker_get_n_open (tracker), ==, 0);
  linnet_test_assert_rejects (future, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_DISCONNECTED);

  later = ask (tracker, NULL, &second);
  xmpp_iq_tracker_free (tracker);
  linnet_test_assert_rejects (later, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_DISCONNECTED);
}

static void
test_bad_address (gconstpointer data)
{
  g_autoptr (XmppIqTracker) tracker = create_tracker (60000);
  g_autoptr (XmppNode) sent =
      xmpp_node_parse ("<iq xmlns='jabber:client' type='get' to='@'/>", -1, NULL, NULL);

  linnet_test_assert_rejects (xmpp_iq_tracker_add (tracker, &sent, NULL, NULL),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_JID_MALFORMED);
  g_assert_cmpuint (xmpp_iq_tracker_get_n_open (tracker), ==, 0);
}

static void
count_cb (gpointer user_data,
          XmppNode *reply,
          const GError *error)
{
  g_assert_true ((reply == NULL) != (error == NULL));
  *(guint *) user_data += 1;
}

static void
test_hook (gconstpointer data)
{
  g_autoptr (XmppIqTracker) tracker = create_tracker (60000);
  g_autoptr (XmppNode) iq = xmpp_iq_get (NULL, xmpp_el ("ping", "urn:xmpp:ping"));
  g_autoptr (DexFuture) future = NULL;
  guint n_calls = 0;

  future = xmpp_iq_tracker_add (tracker, &iq, count_cb, &n_calls);
  g_assert_true (answer (tracker, "result", xmpp_node_get_attr (iq, "id"), NULL));
  g_assert_cmpuint (n_calls, ==, 1);
  xmpp_iq_tracker_fail_all (tracker);
  g_assert_cmpuint (n_calls, ==, 1);
}

static void
test_ids (gconstpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 1000; i++)
    {
      char *id = xmpp_iq_tracker_create_id ();

      g_assert_cmpuint (strlen (id), ==, 24);
      g_assert_true (g_hash_table_add (seen, id));
    }
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/iq-tracker/sender/%s", rows[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_sender);
    }
  linnet_test_add ("/xmpp/iq-tracker/forged-first", test_forged_first, NULL);
  linnet_test_add ("/xmpp/iq-tracker/error", test_error, NULL);
  linnet_test_add ("/xmpp/iq-tracker/timeout", test_timeout, NULL);
  linnet_test_add ("/xmpp/iq-tracker/disconnect", test_disconnect, NULL);
  linnet_test_add ("/xmpp/iq-tracker/bad-address", test_bad_address, NULL);
  linnet_test_add ("/xmpp/iq-tracker/hook", test_hook, NULL);
  linnet_test_add ("/xmpp/iq-tracker/ids", test_ids, NULL);

  return g_test_run ();
}
