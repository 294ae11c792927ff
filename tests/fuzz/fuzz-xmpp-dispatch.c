/* Fuzz target: whatever stanzas come, nobody speaks for somebody else (security.md I1, I2, I5–I7, I11, I12)
 * and a stranger learns nothing SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <libdex.h>
#include <string.h>

#include "xmpp-avatar.h"
#include "xmpp-blocking.h"
#include "xmpp-delay.h"
#include "xmpp-disco.h"
#include "xmpp-features.h"
#include "xmpp-nick.h"
#include "xmpp-roster.h"
#include "xmpp-session-private.h"
#include "xmpp-stanza-ids.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define OWN "ana@example.org"

/* The first byte of an input. */
typedef enum
{
  STATE_NONE,    /* before a session, or after it */
  STATE_FRESH,   /* nothing is known of contacts and server */
  STATE_SETTLED, /* roster and service discovery are there */
  N_STATES
} State;

typedef struct
{
  XmppSession *session;
  XmppNode *stanza; /* that is being handled */
  XmppJid *from;    /* of it; nullable */
  XmppJid *own;
} Run;

/* Whether the stanza comes from the own account, as its server vouches by its bare address or by none. */
static gboolean
is_by_account (Run *self)
{
  return xmpp_node_get_attr (self->stanza, "from") == NULL ||
         (self->from != NULL && xmpp_jid_equal (self->from, self->own));
}

static gboolean
has_child_by_own_server (XmppNode *stanza,
                         const char *name,
                         const char *ns,
                         const char *attribute,
                         XmppJid *own,
                         gboolean or_domain)
{
  for (guint i = 0; i < xmpp_node_get_n_children (stanza); i++)
    {
      XmppNode *child = xmpp_node_get_nth_child (stanza, i);
      const char *address = xmpp_node_is (child, name, ns) ? xmpp_node_get_attr (child, attribute) : NULL;
      g_autoptr (XmppJid) jid = address != NULL ? xmpp_jid_new (address, NULL) : NULL;

      if (jid != NULL && (xmpp_jid_equal (jid, own) ||
                          (or_domain && g_str_equal (xmpp_jid_get_string (jid), "example.org"))))
        return TRUE;
    }

  return FALSE;
}

static void
check_message (Run *self,
               XmppMessage *message)
{
  g_assert (self->stanza != NULL && xmpp_node_is (self->stanza, "message", XMPP_NS_CLIENT));
  g_assert (!g_str_equal (message->type, "groupchat"));
  g_assert (message->body == NULL ||
            (g_utf8_validate (message->body, -1, NULL) && strlen (message->body) <= XMPP_MESSAGE_MAX_BODY));

  if (message->source == XMPP_MESSAGE_LIVE)
    {
      g_assert (message->node == self->stanza);
      g_assert (xmpp_jid_equal (message->from, self->from != NULL ? self->from : self->own));
      g_assert (message->delay == 0 ||
                has_child_by_own_server (message->node, "delay", XMPP_NS_DELAY, "from", self->own, TRUE));
    }
  else
    {
      g_assert (is_by_account (self));
      g_assert (
          xmpp_jid_bare_equal (message->source == XMPP_MESSAGE_CARBON_SENT ? message->from : message->to,
                               self->own));
    }

  if (message->stanza_id != NULL)
    g_assert (has_child_by_own_server (message->node, "stanza-id", XMPP_NS_SID, "by", self->own, FALSE));
  if (message->receipt_for != NULL || message->displayed_for != NULL)
    g_assert (!xmpp_jid_bare_equal (message->from, self->own));
  if (message->displayed_here != NULL)
    g_assert (xmpp_message_is_outgoing (message, self->own));
}

static void
check_inbox (Run *self)
{
  while (self->session->last_item != self->session->committed)
    {
      g_autoptr (DexFuture) future = xmpp_session_read_inbox (self->session, 1000);
      const GValue *value = dex_future_get_value (future, NULL);
      GPtrArray *items = g_value_get_boxed (value);

      for (guint i = 0; i < items->len; i++)
        {
          XmppInboxItem *item = items->pdata[i];

          if (item->kind == XMPP_INBOX_MESSAGE)
            check_message (self, item->message);
          else if (item->kind == XMPP_INBOX_ROSTER)
            g_assert (is_by_account (self));
          xmpp_session_commit (self->session, item->h);
        }
    }
}

/* What went out because of the stanza: answers to requests, and questions to contacts about their clients. */
static void
check_sent (Run *self)
{
  XmppRoster *roster = xmpp_session_get_feature (self->session, XMPP_TYPE_ROSTER);
  g_autoptr (GPtrArray) sent = xmpp_stream_management_peek_unacked (self->session->sm);
  guint n_answers = 0;

  for (guint i = 0; i < sent->len; i++)
    {
      XmppNode *node = ((XmppSmStanza *) sent->pdata[i])->node;
      const char *to = xmpp_node_get_attr (node, "to");
      const char *type = xmpp_node_get_attr (node, "type");
      g_autoptr (XmppJid) jid = to != NULL ? xmpp_jid_new (to, NULL) : NULL;

      g_assert (xmpp_node_is (node, "iq", XMPP_NS_CLIENT));
      if (g_str_equal (type, "get"))
        {
          g_assert (jid != NULL && xmpp_roster_is_seen (roster, jid));
          continue;
        }

      n_answers++;
      if (!xmpp_roster_may_see_us (roster, self->from))
        g_assert (
            xmpp_node_find (node, "error", XMPP_NS_CLIENT, "service-unavailable", XMPP_NS_STANZAS, NULL) !=
            NULL);
    }
  g_assert (n_answers <= 1);

  xmpp_stream_management_acked (self->session->sm,
                                xmpp_stream_management_get_sent (self->session->sm),
                                NULL,
                                NULL);
}

/* Signals about somebody: by himself, and by nobody we do not watch. */
static void
check_about_cb (Run *self,
                XmppJid *jid)
{
  XmppRoster *roster = xmpp_session_get_feature (self->session, XMPP_TYPE_ROSTER);

  g_assert (self->stanza != NULL);
  g_assert (xmpp_jid_bare_equal (jid, self->from != NULL ? self->from : self->own));
  g_assert (xmpp_roster_is_seen (roster, jid));
}

static void
check_by_account_cb (Run *self)
{
  g_assert (self->stanza != NULL && is_by_account (self));
}

static void
add_contact (GPtrArray *items,
             const char *address,
             XmppSubscriptionState subscription)
{
  g_autoptr (XmppJid) jid = xmpp_jid_new (address, NULL);

  g_ptr_array_add (items, xmpp_roster_item_new (jid, NULL, NULL, subscription));
}

/* Answers what service discovery asks at the start of a stream. */
static void
settle (XmppSession *session)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_roster_item_unref);
  XmppFeature *disco = xmpp_session_get_feature (session, XMPP_TYPE_DISCO);
  g_autoptr (GPtrArray) sent = NULL;

  add_contact (items, "both@example.net", XMPP_SUBSCRIPTION_BOTH);
  add_contact (items, "to@example.net", XMPP_SUBSCRIPTION_TO);
  add_contact (items, "from@example.net", XMPP_SUBSCRIPTION_FROM);
  xmpp_roster_set_cached (xmpp_session_get_feature (session, XMPP_TYPE_ROSTER), items, "v1");

  dex_future_disown (XMPP_FEATURE_GET_CLASS (disco)->online (disco));
  sent = xmpp_stream_management_peek_unacked (session->sm);
  for (guint i = 0; i < sent->len; i++)
    {
      XmppNode *request = ((XmppSmStanza *) sent->pdata[i])->node;
      g_autoptr (XmppNode) reply =
          xmpp_el ("iq",
                   XMPP_NS_CLIENT,
                   xmpp_attr ("type", "result"),
                   xmpp_attr ("from", xmpp_node_get_attr (request, "to")),
                   xmpp_attr ("id", xmpp_node_get_attr (request, "id")),
                   xmpp_el ("query",
                            XMPP_NS_DISCO_INFO,
                            xmpp_el ("feature", XMPP_NS_DISCO_INFO, xmpp_attr ("var", XMPP_NS_SID))));

      xmpp_session_handle_element (session, reply);
    }
  xmpp_stream_management_acked (session->sm, xmpp_stream_management_get_sent (session->sm), NULL, NULL);
}

static XmppSession *
create_session (XmppJid *own,
                State state)
{
  XmppSession *session = xmpp_session_new (own, xmpp_features_get_types ());

  /* Bound, but without a connection: what is sent stays where it can be looked at. */
  if (state != STATE_NONE)
    {
      session->full_jid = xmpp_jid_new (OWN "/desk", NULL);
      xmpp_iq_tracker_set_full_jid (session->requests, session->full_jid);
      xmpp_stream_management_enable (session->sm, "id");
      session->in_session = TRUE;
    }
  if (state == STATE_SETTLED)
    settle (session);

  return session;
}

static void
handle (Run *self,
        XmppNode *stanza)
{
  const char *address = xmpp_node_get_attr (stanza, "from");

  /* A stanza management element that lies would end the connection there is none of. */
  if (g_strcmp0 (xmpp_node_get_ns (stanza), XMPP_NS_SM) == 0)
    return;

  self->stanza = stanza;
  self->from = address != NULL ? xmpp_jid_new (address, NULL) : NULL;
  xmpp_session_handle_element (self->session, stanza);
  check_inbox (self);
  check_sent (self);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  check_sent (self);
  g_clear_pointer (&self->from, xmpp_jid_unref);
  self->stanza = NULL;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = NULL;
  g_autoptr (XmppNode) stanzas = NULL;
  g_autoptr (XmppJid) own = xmpp_jid_new (OWN, NULL);
  Run run = { .own = own };

  if (size < 1)
    return -1;

  dex_init ();
  text = g_strdup_printf ("<stanzas xmlns='jabber:client'>%.*s</stanzas>",
                          (int) size - 1,
                          (const char *) data + 1);
  stanzas = xmpp_node_parse (text, -1, NULL, NULL);
  if (stanzas == NULL)
    return -1;

  run.session = create_session (own, data[0] % N_STATES);
  g_signal_connect_swapped (xmpp_session_get_feature (run.session, XMPP_TYPE_AVATAR),
                            "changed",
                            G_CALLBACK (check_about_cb),
                            &run);
  g_signal_connect_swapped (xmpp_session_get_feature (run.session, XMPP_TYPE_NICK),
                            "changed",
                            G_CALLBACK (check_about_cb),
                            &run);
  g_signal_connect_swapped (xmpp_session_get_feature (run.session, XMPP_TYPE_ROSTER),
                            "changed",
                            G_CALLBACK (check_by_account_cb),
                            &run);
  g_signal_connect_swapped (xmpp_session_get_feature (run.session, XMPP_TYPE_BLOCKING),
                            "changed",
                            G_CALLBACK (check_by_account_cb),
                            &run);
  g_signal_connect_swapped (xmpp_session_get_feature (run.session, XMPP_TYPE_BLOCKING),
                            "loaded",
                            G_CALLBACK (check_by_account_cb),
                            &run);

  for (guint i = 0; i < xmpp_node_get_n_children (stanzas); i++)
    handle (&run, xmpp_node_get_nth_child (stanzas, i));

  g_object_unref (run.session);
  while (g_main_context_iteration (NULL, FALSE))
    continue;

  return 0;
}
