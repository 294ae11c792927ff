/* Tests of the table of hooks: stages, verdicts, payloads, scopes
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "xmpp-assert.h"
#include "xmpp-builder.h"
#include "xmpp-dispatch.h"
#include "xmpp-feature-private.h"

#define OWN "ana@example.org"

/* Two features that write down what they see. */
static GString *
get_log (XmppFeature *feature)
{
  return g_object_get_data (G_OBJECT (feature), "log");
}

#define LOGGER(Name, name, letter)                                                                    \
  typedef XmppFeature Name;                                                                           \
  typedef XmppFeatureClass Name##Class;                                                               \
  GType name##_get_type (void);                                                                       \
  G_DEFINE_FINAL_TYPE (Name, name, XMPP_TYPE_FEATURE)                                                 \
  static XmppVerdict name##_log (XmppFeature *feature, const char *stage, XmppNode *payload)          \
  {                                                                                                   \
    g_string_append_printf (get_log (feature), letter "%s:%s ", stage, xmpp_node_get_name (payload)); \
    if (g_str_equal (xmpp_node_get_name (payload), "drop-" letter))                                   \
      return XMPP_VERDICT_DROP;                                                                       \
    return XMPP_VERDICT_PASS;                                                                         \
  }                                                                                                   \
  static void name##_init (Name *self)                                                                \
  {                                                                                                   \
  }

LOGGER (First, first, "1")
LOGGER (Second, second, "2")

static XmppVerdict
unwrap_cb (XmppFeature *feature,
           XmppMessage *message,
           XmppNode *payload)
{
  g_autoptr (XmppJid) own = xmpp_jid_new (OWN, NULL);
  g_autoptr (XmppNode) inner = NULL;

  if (first_log (feature, "unwrap", payload) == XMPP_VERDICT_DROP)
    return XMPP_VERDICT_DROP;
  if (!g_str_equal (xmpp_node_get_name (payload), "wrap"))
    return XMPP_VERDICT_PASS;

  inner = xmpp_node_ref (xmpp_node_get_child (payload, "message", XMPP_NS_CLIENT));
  g_assert_true (xmpp_message_unwrap (message, inner, XMPP_MESSAGE_CARBON_RECEIVED, own));

  return XMPP_VERDICT_RERUN;
}

static XmppVerdict
first_annotate_cb (XmppFeature *feature,
                   XmppMessage *message,
                   XmppNode *payload)
{
  return first_log (feature, "annotate", payload);
}

static XmppVerdict
first_deliver_cb (XmppFeature *feature,
                  XmppMessage *message,
                  XmppNode *payload)
{
  return first_log (feature, "deliver", payload);
}

static XmppVerdict
second_annotate_cb (XmppFeature *feature,
                    XmppMessage *message,
                    XmppNode *payload)
{
  return second_log (feature, "annotate", payload);
}

static void
plain_presence_cb (XmppFeature *feature,
                   XmppNode *presence,
                   XmppJid *from,
                   XmppNode *payload)
{
  g_assert_null (payload);
  g_string_append (get_log (feature), "plain ");
}

static void
presence_cb (XmppFeature *feature,
             XmppNode *presence,
             XmppJid *from,
             XmppNode *payload)
{
  g_string_append_printf (get_log (feature), "%s ", xmpp_node_get_name (payload));
}

static XmppNode *
first_iq_cb (XmppFeature *feature,
             XmppNode *iq,
             XmppJid *from,
             XmppNode *payload)
{
  g_string_append (get_log (feature), "first ");

  return g_str_equal (xmpp_node_get_name (payload), "mine") ? xmpp_iq_result (iq, NULL) : NULL;
}

static XmppNode *
second_iq_cb (XmppFeature *feature,
              XmppNode *iq,
              XmppJid *from,
              XmppNode *payload)
{
  g_string_append (get_log (feature), "second ");

  return g_str_equal (xmpp_node_get_name (payload), "theirs") ? xmpp_iq_result (iq, NULL) : NULL;
}

static void
own_event_cb (XmppFeature *feature,
              XmppJid *from,
              XmppNode *items)
{
  g_string_append_printf (get_log (feature), "own:%s ", xmpp_jid_get_string (from));
}

static void
contact_event_cb (XmppFeature *feature,
                  XmppJid *from,
                  XmppNode *items)
{
  g_string_append_printf (get_log (feature), "contact:%s ", xmpp_jid_get_string (from));
}

static void
first_class_init (FirstClass *klass)
{
  xmpp_feature_class_add_disco (klass, "urn:z");
  xmpp_feature_class_add_disco (klass, "urn:a");
  /* Added out of order: the stage decides. */
  xmpp_feature_class_add_message_hook (klass, XMPP_STAGE_DELIVER, "urn:a", first_deliver_cb);
  xmpp_feature_class_add_message_hook (klass, XMPP_STAGE_ANNOTATE, "urn:a", first_annotate_cb);
  xmpp_feature_class_add_message_hook (klass, XMPP_STAGE_UNWRAP, "urn:w", unwrap_cb);
  xmpp_feature_class_add_presence_hook (klass, NULL, plain_presence_cb);
  xmpp_feature_class_add_presence_hook (klass, "urn:a", presence_cb);
  xmpp_feature_class_add_iq_handler (klass, "get", "urn:a", first_iq_cb);
  xmpp_feature_class_add_event_hook (klass, "urn:node:own", XMPP_EVENT_OWN, own_event_cb);
  xmpp_feature_class_add_event_hook (klass, "urn:node:contact", XMPP_EVENT_CONTACT, contact_event_cb);
}

static void
second_class_init (SecondClass *klass)
{
  xmpp_feature_class_add_disco (klass, "urn:a");
  xmpp_feature_class_add_message_hook (klass, XMPP_STAGE_ANNOTATE, "urn:a", second_annotate_cb);
  xmpp_feature_class_add_message_hook (klass, XMPP_STAGE_ANNOTATE, "urn:b", second_annotate_cb);
  xmpp_feature_class_add_iq_handler (klass, "get", "urn:a", second_iq_cb);
}

typedef struct
{
  GString *log;
  GPtrArray *features;
  XmppDispatch *dispatch;
} Fixture;

static void
set_up (Fixture *self,
        gconstpointer data)
{
  const GType types[] = { first_get_type (), second_get_type () };

  self->log = g_string_new (NULL);
  self->features = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      GObject *feature = g_object_new (types[i], NULL);

      g_object_set_data (feature, "log", self->log);
      g_ptr_array_add (self->features, feature);
    }
  self->dispatch = xmpp_dispatch_new (self->features);
}

static void
tear_down (Fixture *self,
           gconstpointer data)
{
  xmpp_dispatch_free (self->dispatch);
  g_ptr_array_unref (self->features);
  g_string_free (self->log, TRUE);
}

static const struct
{
  const char *name;
  const char *xml;
  const char *log;
  gboolean delivered;
} rows[] = {
  { "nothing", "<message><body>x</body></message>", "", TRUE },
  { "other-namespace", "<message><x xmlns='urn:c'/></message>", "", TRUE },
  { "stages-and-features-in-order",
    "<message><x xmlns='urn:a'/></message>",
    "1annotate:x 2annotate:x 1deliver:x ",
    TRUE },
  {
      "children-in-order",
      "<message><x xmlns='urn:b'/><y xmlns='urn:a'/></message>",
      "2annotate:x 1annotate:y 2annotate:y 1deliver:y ",
      TRUE,
  },
  {
      "each-child",
      "<message><x xmlns='urn:b'/><y xmlns='urn:b'/></message>",
      "2annotate:x 2annotate:y ",
      TRUE,
  },
  { "drop", "<message><drop-1 xmlns='urn:a'/></message>", "1annotate:drop-1 ", FALSE },
  { "drop-by-second",
    "<message><drop-2 xmlns='urn:a'/></message>",
    "1annotate:drop-2 2annotate:drop-2 ",
    FALSE },
  {
      "unwrap",
      "<message><wrap xmlns='urn:w'><message xmlns='jabber:client'><x xmlns='urn:b'/></message></wrap><y "
      "xmlns='urn:b'/></message>",
      "1unwrap:wrap 2annotate:x ",
      TRUE,
  },
  {
      "wrapped-twice",
      "<message><wrap xmlns='urn:w'><message xmlns='jabber:client'><wrap xmlns='urn:w'><message "
      "xmlns='jabber:client'>"
      "<x xmlns='urn:b'/></message></wrap></message></wrap></message>",
      "1unwrap:wrap ",
      TRUE,
  },
  { "error-is-not-unwrapped", "<message type='error'><wrap xmlns='urn:w'/></message>", "", TRUE },
  { "error-is-shown-to-nobody", "<message type='error'><x xmlns='urn:a'/></message>", "", TRUE },
  {
      "error-inside",
      "<message><wrap xmlns='urn:w'><message xmlns='jabber:client' type='error'><x "
      "xmlns='urn:a'/></message></wrap></message>",
      "1unwrap:wrap ",
      TRUE,
  },
};

static void
test_message (Fixture *self,
              gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppJid) own = xmpp_jid_new (OWN, NULL);
  g_autoptr (XmppNode) node = xmpp_node_from_literal (rows[row].xml);
  g_autoptr (XmppMessage) message = xmpp_message_new (node, own);

  g_assert_cmpint (xmpp_dispatch_message (self->dispatch, message), ==, rows[row].delivered);
  g_assert_cmpstr (self->log->str, ==, rows[row].log);
}

static void
test_many_children (Fixture *self,
                    gconstpointer data)
{
  g_autoptr (GString) xml = g_string_new ("<message>");
  g_autoptr (XmppJid) own = xmpp_jid_new (OWN, NULL);
  g_autoptr (XmppNode) node = NULL;
  g_autoptr (XmppMessage) message = NULL;

  for (guint i = 0; i < 50000; i++)
    g_string_append (xml, "<x xmlns='urn:b'/>");
  g_string_append (xml, "</message>");
  node = xmpp_node_from_literal (xml->str);
  message = xmpp_message_new (node, own);

  g_assert_true (xmpp_dispatch_message (self->dispatch, message));
  g_assert_cmpuint (self->log->len, ==, 64 * strlen ("2annotate:x "));
}

static void
test_presence (Fixture *self,
               gconstpointer data)
{
  g_autoptr (XmppJid) from = xmpp_jid_new ("mira@example.net/x", NULL);
  g_autoptr (XmppNode) presence =
      xmpp_node_from_literal ("<presence><show>away</show><x xmlns='urn:a'/><y xmlns='urn:c'/></presence>");

  xmpp_dispatch_presence (self->dispatch, presence, from);
  g_assert_cmpstr (self->log->str, ==, "plain x ");
}

static const struct
{
  const char *name;
  const char *xml;
  const char *log;
  gboolean answered;
} iq_rows[] = {
  { "first", "<iq type='get'><mine xmlns='urn:a'/></iq>", "first ", TRUE },
  { "second", "<iq type='get'><theirs xmlns='urn:a'/></iq>", "first second ", TRUE },
  { "nobody", "<iq type='get'><other xmlns='urn:a'/></iq>", "first second ", FALSE },
  { "other-type", "<iq type='set'><mine xmlns='urn:a'/></iq>", "", FALSE },
  { "other-namespace", "<iq type='get'><mine xmlns='urn:b'/></iq>", "", FALSE },
  { "no-payload", "<iq type='get'/>", "", FALSE },
  { "two-payloads", "<iq type='get'><mine xmlns='urn:a'/><mine xmlns='urn:a'/></iq>", "", FALSE },
};

static void
test_iq (Fixture *self,
         gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppNode) iq = xmpp_node_from_literal (iq_rows[row].xml);
  g_autoptr (XmppNode) answer = xmpp_dispatch_iq (self->dispatch, iq, NULL);

  g_assert_cmpint (answer != NULL, ==, iq_rows[row].answered);
  g_assert_cmpstr (self->log->str, ==, iq_rows[row].log);
}

static const struct
{
  const char *name;
  const char *node;
  gboolean own;
  gboolean contact;
  const char *log;
} event_rows[] = {
  { "own-node-of-ours", "urn:node:own", TRUE, FALSE, "own:mira@example.net " },
  { "own-node-of-a-contact", "urn:node:own", FALSE, TRUE, "" },
  { "own-node-of-a-stranger", "urn:node:own", FALSE, FALSE, "" },
  { "contact-node-of-ours", "urn:node:contact", TRUE, FALSE, "contact:mira@example.net " },
  { "contact-node-of-a-contact", "urn:node:contact", FALSE, TRUE, "contact:mira@example.net " },
  { "contact-node-of-a-stranger", "urn:node:contact", FALSE, FALSE, "" },
  { "unknown-node", "urn:node:other", TRUE, TRUE, "" },
  { "no-node", NULL, TRUE, TRUE, "" },
};

static void
test_event (Fixture *self,
            gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppJid) from = xmpp_jid_new ("mira@example.net", NULL);
  g_autoptr (XmppNode) items = xmpp_el ("items", "urn:x", xmpp_attr ("node", event_rows[row].node));

  xmpp_dispatch_event (self->dispatch, from, items, event_rows[row].own, event_rows[row].contact);
  g_assert_cmpstr (self->log->str, ==, event_rows[row].log);
}

static void
test_disco (Fixture *self,
            gconstpointer data)
{
  const char *expected[] = { "urn:a", "urn:node:contact+notify", "urn:node:own+notify", "urn:z", NULL };

  g_assert_cmpstrv (xmpp_dispatch_get_disco_features (self->dispatch), expected);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(table, path_prefix, func)                                            \
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)                               \
    {                                                                            \
      g_autofree char *path = g_strconcat (path_prefix, table[i].name, NULL);    \
                                                                                 \
      g_test_add (path, Fixture, GSIZE_TO_POINTER (i), set_up, func, tear_down); \
    }
  ADD (rows, "/xmpp/dispatch/message/", test_message)
  ADD (iq_rows, "/xmpp/dispatch/iq/", test_iq)
  ADD (event_rows, "/xmpp/dispatch/event/", test_event)
  g_test_add ("/xmpp/dispatch/many-children", Fixture, NULL, set_up, test_many_children, tear_down);
  g_test_add ("/xmpp/dispatch/presence", Fixture, NULL, set_up, test_presence, tear_down);
  g_test_add ("/xmpp/dispatch/disco", Fixture, NULL, set_up, test_disco, tear_down);

  return g_test_run ();
}
