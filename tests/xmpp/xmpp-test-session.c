/* A session with a scripted server behind it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-test-session"

#include "config.h"

#include "linnet-spawn.h"
#include "xmpp-features.h"
#include "xmpp-test-session.h"

/* A last feature that sees what the others have let through. */
typedef struct
{
  XmppFeature parent_instance;

  XmppMessage *message;
} Probe;
typedef XmppFeatureClass ProbeClass;
GType probe_get_type (void);
G_DEFINE_FINAL_TYPE (Probe, probe, XMPP_TYPE_FEATURE)

static XmppVerdict
probe_deliver (XmppFeature *feature,
               XmppMessage *message,
               XmppNode *payload)
{
  Probe *self = (Probe *) feature;

  g_clear_pointer (&self->message, xmpp_message_unref);
  self->message = xmpp_message_ref (message);

  return XMPP_VERDICT_PASS;
}

static void
probe_finalize (GObject *object)
{
  g_clear_pointer (&((Probe *) object)->message, xmpp_message_unref);

  G_OBJECT_CLASS (probe_parent_class)->finalize (object);
}

static void
probe_class_init (ProbeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = probe_finalize;
  xmpp_feature_class_add_message_hook (klass, XMPP_STAGE_DELIVER, "urn:test:probe", probe_deliver);
}

static void
probe_init (Probe *self)
{
}

static DexFuture *
inbox_fiber (gpointer user_data)
{
  XmppTest *self = user_data;
  g_autoptr (GPtrArray) items = NULL;

  while (self->session != NULL &&
         (items = dex_await_boxed (xmpp_session_read_inbox (self->session, 100), NULL)) != NULL)
    {
      guint32 h = ((XmppInboxItem *) items->pdata[items->len - 1])->h;

      g_ptr_array_set_free_func (items, NULL);
      g_ptr_array_extend_and_steal (self->inbox, g_steal_pointer (&items));
      if (self->commit && self->session != NULL)
        xmpp_session_commit (self->session, h);
    }

  return NULL;
}

XmppTest *
xmpp_test_new (const GType *types)
{
  XmppTest *self = g_new0 (XmppTest, 1);
  g_autoptr (XmppJid) jid = xmpp_test_jid (XMPP_TEST_JID);
  g_autoptr (GArray) all = g_array_new (TRUE, TRUE, sizeof (GType));
  const GType probe = probe_get_type ();

  if (types == NULL)
    {
      for (types = xmpp_features_get_types (); *types != G_TYPE_INVALID; types++)
        g_array_append_val (all, *types);
      g_array_append_val (all, probe);
      types = (const GType *) all->data;
    }

  self->server = linnet_test_server_new ();
  self->session = xmpp_session_new (jid, types);
  self->inbox = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_inbox_item_free);
  self->transcripts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  self->commit = TRUE;
  linnet_spawn_detached ("xmpp-test-inbox", inbox_fiber, self, NULL);
  linnet_test_settle ();

  return self;
}

void
xmpp_test_connect (XmppTest *self,
                   const LinnetTestStep *steps)
{
  static const LinnetTestStep open = LINNET_TEST_OPEN ("example.org", "");
  g_autoptr (GIOStream) io = NULL;
  const LinnetTestStep none = { 0 };
  GArray *all;
  g_autoptr (XmppJid) from = xmpp_test_jid (XMPP_TEST_JID);

  all = g_array_new (FALSE, FALSE, sizeof (LinnetTestStep));
  g_ptr_array_add (self->transcripts, all);
  g_array_append_val (all, open);
  for (const LinnetTestStep *step = steps;
       step->c != NULL || step->s != NULL || step->reply != NULL || step->act != LINNET_TEST_NOTHING;
       step++)
    g_array_append_val (all, *step);
  g_array_append_val (all, none);

  linnet_test_server_play (self->server, (const LinnetTestStep *) all->data);
  io = linnet_test_server_connect (self->server);
  g_clear_object (&self->stream);
  self->stream = xmpp_stream_new (io);
  linnet_test_assert_resolves (xmpp_stream_open (self->stream, "example.org", from));
  xmpp_stream_set_authenticated (self->stream);
}

void
xmpp_test_start (XmppTest *self,
                 const LinnetTestStep *steps,
                 const XmppSessionStart *start)
{
  g_autoptr (XmppJid) full = xmpp_test_jid (XMPP_TEST_FULL_JID);
  XmppSessionStart filled = start != NULL ? *start : (XmppSessionStart) { 0 };

  xmpp_test_connect (self, steps);
  if (!filled.resumed)
    filled.full_jid = full;
  linnet_test_assert_resolves (xmpp_session_start (self->session, self->stream, &filled));
}

void
xmpp_test_finish (XmppTest *self)
{
  linnet_test_assert_resolves (linnet_test_server_finish (self->server));
  linnet_test_settle ();
}

void
xmpp_test_free (XmppTest *self)
{
  XmppSession *session = g_steal_pointer (&self->session);

  xmpp_session_abort (session);
  linnet_test_settle ();
  g_assert_finalize_object (session);
  linnet_test_settle ();

  g_clear_object (&self->stream);
  g_clear_object (&self->server);
  g_ptr_array_unref (self->inbox);
  g_ptr_array_unref (self->transcripts);
  g_free (self);
}

XmppTest *
xmpp_test_exchange (const char *in,
                    const char *out)
{
  g_autofree char *send = g_strconcat (in, XMPP_TEST_SYNC_S, NULL);
  g_autofree char *expect = g_strconcat (out != NULL ? out : "", XMPP_TEST_SYNC_C, NULL);
  const LinnetTestStep steps[] = { XMPP_TEST_INTRO, { .s = send }, { .c = expect }, {} };
  XmppTest *self = xmpp_test_new (NULL);

  xmpp_test_start (self, steps, NULL);
  xmpp_test_finish (self);

  return self;
}

guint
xmpp_test_count_messages (XmppTest *self)
{
  guint n = 0;

  for (guint i = 0; i < self->inbox->len; i++)
    n += ((XmppInboxItem *) self->inbox->pdata[i])->kind == XMPP_INBOX_MESSAGE;

  return n;
}

XmppMessage *
xmpp_test_get_message (XmppTest *self)
{
  XmppMessage *message = NULL;

  g_assert_cmpuint (xmpp_test_count_messages (self), ==, 1);
  for (guint i = 0; i < self->inbox->len; i++)
    {
      XmppInboxItem *item = self->inbox->pdata[i];

      if (item->kind == XMPP_INBOX_MESSAGE)
        message = item->message;
    }

  return message;
}

XmppMessage *
xmpp_test_get_probed (XmppTest *self)
{
  Probe *probe = xmpp_test_get_feature (self, probe_get_type ());

  return probe->message;
}

gpointer
xmpp_test_get_feature (XmppTest *self,
                       GType type)
{
  gpointer feature = xmpp_session_get_feature (self->session, type);

  g_assert_nonnull (feature);

  return feature;
}

XmppJid *
xmpp_test_jid (const char *text)
{
  g_autoptr (GError) error = NULL;
  XmppJid *jid = xmpp_jid_new (text, &error);

  g_assert_no_error (error);

  return jid;
}

/* ---- what a session says of its stanzas ---- */

static void
collect_cb (XmppSession *session,
            GArray *tokens,
            GArray *all)
{
  g_array_append_vals (all, tokens->data, tokens->len);
}

static void
unref_cb (gpointer data,
          GClosure *closure)
{
  g_array_unref (data);
}

GArray *
xmpp_test_collect (XmppTest *test,
                   const char *signal)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_signal_connect_data (test->session, signal, G_CALLBACK (collect_cb), g_array_ref (all), unref_cb, 0);

  return all;
}

void
xmpp_test_assert_tokens (GArray *tokens,
                         const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < tokens->len; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "", g_array_index (tokens, gint64, i));

  g_assert_cmpstr (text->str, ==, expected);
}

void
xmpp_test_send_stored (XmppTest *test,
                       gint64 token)
{
  g_autofree char *xml =
      g_strdup_printf ("<message to='mira@example.net' id='s%d'><body>x</body></message>", (int) token);

  g_assert_true (xmpp_session_send_stored (test->session, xml, token));
}

void
xmpp_test_commit (XmppTest *test,
                  guint n_items)
{
  while (test->inbox->len < n_items)
    linnet_test_settle ();
  g_assert_cmpuint (test->inbox->len, ==, n_items);
  xmpp_session_commit (test->session, ((XmppInboxItem *) test->inbox->pdata[n_items - 1])->h);
}
