/* A loaded account whose session talks to a scripted server in memory
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-test-online"

#include "config.h"

#include "linnet-store-conversations.h"
#include "linnet-test-online.h"
#include "xmpp-builder.h"

LinnetTestOnline *
linnet_test_online_new (const LinnetTestContact *contacts,
                        guint n_contacts)
{
  LinnetTestOnline *self = g_new0 (LinnetTestOnline, 1);
  const LinnetTestAccount account = {
    .address = XMPP_TEST_JID,
    .contacts = contacts,
    .n_contacts = n_contacts,
  };

  self->manager = linnet_test_manager_new (&account, 1);
  self->account = linnet_account_manager_find_account (self->manager, XMPP_TEST_JID);
  self->server = linnet_test_server_new ();
  self->transcripts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);

  return self;
}

static gboolean
is_last (const LinnetTestStep *step)
{
  return step->c == NULL && step->s == NULL && step->reply == NULL && step->act == LINNET_TEST_NOTHING;
}

DexFuture *
linnet_test_online_try (LinnetTestOnline *self,
                        const LinnetTestStep *steps,
                        const XmppSessionStart *start)
{
  static const LinnetTestStep open = LINNET_TEST_OPEN ("example.org", "");
  const LinnetTestStep none = { 0 };
  g_autoptr (GIOStream) io = NULL;
  g_autoptr (XmppJid) from = xmpp_jid_new (XMPP_TEST_JID, NULL);
  g_autoptr (XmppJid) full = xmpp_jid_new (XMPP_TEST_FULL_JID, NULL);
  XmppSessionStart filled = { 0 };
  GArray *all = g_array_new (FALSE, FALSE, sizeof (LinnetTestStep));

  if (start != NULL)
    filled = *start;

  g_ptr_array_add (self->transcripts, all);
  g_array_append_val (all, open);
  for (const LinnetTestStep *step = steps; !is_last (step); step++)
    g_array_append_val (all, *step);
  g_array_append_val (all, none);

  linnet_test_server_play (self->server, (const LinnetTestStep *) (gpointer) all->data);
  io = linnet_test_server_connect (self->server);
  g_clear_object (&self->stream);
  self->stream = xmpp_stream_new (io);
  linnet_test_assert_resolves (xmpp_stream_open (self->stream, "example.org", from));
  xmpp_stream_set_authenticated (self->stream);

  if (!filled.resumed)
    filled.full_jid = full;

  return xmpp_session_start (self->account->session, self->stream, &filled);
}

void
linnet_test_online_start (LinnetTestOnline *self,
                          const LinnetTestStep *steps,
                          const XmppSessionStart *start)
{
  linnet_test_assert_resolves (linnet_test_online_try (self, steps, start));
  linnet_account_set_state (self->account, LINNET_CONNECTION_ONLINE, NULL);
}

void
linnet_test_online_finish (LinnetTestOnline *self)
{
  linnet_test_assert_resolves (linnet_test_server_finish (self->server));
  linnet_test_settle ();
  linnet_test_assert_resolves (linnet_inbox_wait_drained (self->account->inbox));
  /* Whatever was asked of the store before this is done then. */
  linnet_test_assert_resolves (linnet_store_conversations_list (self->account->store));
  linnet_test_settle ();
}

void
linnet_test_online_free (LinnetTestOnline *self)
{
  xmpp_session_abort (self->account->session);
  linnet_test_manager_free (self->manager);
  g_clear_object (&self->stream);
  g_clear_object (&self->server);
  g_clear_pointer (&self->transcripts, g_ptr_array_unref);
  g_free (self);
}

void
linnet_test_online_restart (LinnetTestOnline *self)
{
  xmpp_session_abort (self->account->session);
  self->manager = linnet_test_manager_restart (self->manager);
  self->account = linnet_account_manager_find_account (self->manager, XMPP_TEST_JID);
}

LinnetTestOnline *
linnet_test_online_exchange (const LinnetTestContact *contacts,
                             guint n_contacts,
                             const char *in,
                             const char *out)
{
  LinnetTestOnline *self = linnet_test_online_new (contacts, n_contacts);
  const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = in },
    { .c = out, .s = XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };

  linnet_test_online_start (self, steps, NULL);
  linnet_test_online_finish (self);

  return self;
}

void
linnet_test_online_trigger (LinnetTestOnline *self)
{
  g_autoptr (XmppJid) to = xmpp_jid_new ("trigger@example.org", NULL);

  xmpp_session_send (self->account->session, xmpp_message (to, NULL, "go"));
}

LinnetConversation *
linnet_test_online_get (LinnetTestOnline *self,
                        const char *address)
{
  return linnet_account_manager_find_conversation (self->manager, XMPP_TEST_JID, address);
}

char *
linnet_test_online_dup_messages (LinnetTestOnline *self,
                                 const char *address)
{
  LinnetConversation *conversation = linnet_test_online_get (self, address);
  g_autoptr (LinnetTimeline) timeline = NULL;
  g_autoptr (GEnumClass) states = g_type_class_ref (LINNET_TYPE_MESSAGE_STATE);
  GString *text = g_string_new (NULL);

  if (conversation == NULL)
    return g_string_free_and_steal (text);

  timeline = linnet_conversation_dup_timeline (conversation);
  linnet_test_assert_resolves (linnet_timeline_load (timeline));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (timeline)); i++)
    {
      g_autoptr (LinnetMessage) message = g_list_model_get_item (G_LIST_MODEL (timeline), i);
      GEnumValue *state = g_enum_get_value (states, linnet_message_get_state (message));

      g_string_append_printf (text, "%s %s\n", state->value_nick, linnet_message_get_body (message));
    }

  return g_string_free_and_steal (text);
}
