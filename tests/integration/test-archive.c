/* Message history on a real server: pages there and back again
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <libdex.h>

#include "linnet-spawn.h"
#include "linnet-test-prosody.h"
#include "linnet-test.h"
#include "xmpp-archive-preferences.h"
#include "xmpp-archive.h"
#include "xmpp-builder.h"
#include "xmpp-features.h"
#include "xmpp-login.h"

#define N_MESSAGES 250
#define PAGE 30

typedef struct
{
  XmppSession *session;
  XmppArchive *archive;
  GPtrArray *ids;    /* of the archive, oldest first, as paging forward found them */
  GPtrArray *bodies; /* likewise */
} Test;

static XmppJid *
create_jid (const char *user)
{
  XmppJid *jid = xmpp_jid_new_from_parts (user, linnet_test_prosody_get_domain (), NULL, NULL);

  g_assert_nonnull (jid);

  return jid;
}

static void
sign_in (Test *self)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnectable) address =
      g_network_address_new ("127.0.0.1", linnet_test_prosody_get_port (TRUE));
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (XmppStream) stream = NULL;
  g_autoptr (XmppLoginResult) login = NULL;
  g_autoptr (GError) error = NULL;
  XmppTlsPolicy policy = { .domain = (char *) linnet_test_prosody_get_domain (), .alpn = TRUE };
  g_auto (XmppLoginRequest) request = {
    .jid = create_jid ("ana"),
    .password = linnet_test_prosody_get_password ("ana"),
    .user_agent_id = g_strdup ("d4565fa7-4d72-4749-b3d3-740edbf87770"),
  };

  connection = dex_await_object (dex_socket_client_connect (client, address), &error);
  g_assert_no_error (error);
  stream = xmpp_stream_new (G_IO_STREAM (connection));
  linnet_test_assert_resolves (xmpp_stream_direct_tls (stream, &policy));
  login = dex_await_boxed (xmpp_login (stream, &request), &error);
  g_assert_no_error (error);

  self->session = xmpp_session_new (request.jid, xmpp_features_get_types ());
  self->archive = xmpp_session_get_feature (self->session, XMPP_TYPE_ARCHIVE);
  linnet_test_assert_resolves (xmpp_session_start_login (self->session, stream, login));
}

/* Even ones to mira, odd ones to sofia. */
static void
write_messages (Test *self)
{
  g_autoptr (XmppJid) mira = create_jid ("mira");
  g_autoptr (XmppJid) sofia = create_jid ("sofia");

  for (guint i = 0; i < N_MESSAGES; i++)
    {
      g_autofree char *body = g_strdup_printf ("message %u", i);

      xmpp_session_send (self->session,
                         xmpp_message (i % 2 == 0 ? mira : sofia,
                                       "chat",
                                       body,
                                       xmpp_el ("body", XMPP_NS_CLIENT, xmpp_text (body))));
    }
  linnet_test_assert_resolves (
      xmpp_session_send_iq (self->session, xmpp_iq_get (NULL, xmpp_el ("ping", "urn:xmpp:ping"))));
}

static XmppArchivePage *
fetch (Test *self,
       const XmppArchiveQuery *query)
{
  g_autoptr (GError) error = NULL;
  XmppArchivePage *page = dex_await_boxed (xmpp_archive_fetch (self->archive, query), &error);

  g_assert_no_error (error);
  g_assert_cmpuint (page->n_dropped, ==, 0);
  g_assert_cmpuint (page->n_unreadable, ==, 0);
  for (guint i = 1; i < page->results->len; i++)
    g_assert_cmpint (((XmppArchiveResult *) page->results->pdata[i - 1])->stamp,
                     <=,
                     ((XmppArchiveResult *) page->results->pdata[i])->stamp);

  return page;
}

/* All that @query asks for, oldest first: ids, or bodies. */
static GPtrArray *
fetch_all (Test *self,
           const XmppArchiveQuery *query,
           gboolean bodies)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (g_free);
  XmppArchiveQuery next = *query;
  g_autoptr (XmppArchivePage) page = NULL;
  guint n_pages = 0;

  next.max = PAGE;
  do
    {
      g_autoptr (XmppArchivePage) last_page = g_steal_pointer (&page);
      gboolean forward = next.direction == XMPP_ARCHIVE_FORWARD;

      if (last_page != NULL && forward)
        next.after_id = last_page->last;
      else if (last_page != NULL)
        next.before_id = last_page->first;
      page = fetch (self, &next);
      g_assert_cmpuint (page->results->len, <=, PAGE);
      for (guint i = 0; i < page->results->len; i++)
        {
          const XmppArchiveResult *result = page->results->pdata[i];

          g_assert_nonnull (result->message);
          g_ptr_array_insert (
              all, forward ? -1 : (int) i, g_strdup (bodies ? result->message->body : result->id));
        }
      g_assert_cmpuint (++n_pages, <, 20);
    }
  while (!page->complete);

  return all;
}

/* @found: ids, from the one numbered @first up to the one before @end */
static void
assert_ids (Test *self,
            GPtrArray *found,
            guint first,
            guint end)
{
  g_assert_cmpuint (found->len, ==, end - first);
  for (guint i = 0; i < found->len; i++)
    g_assert_cmpstr (found->pdata[i], ==, self->ids->pdata[first + i]);
}

static void
check_range (Test *self,
             XmppArchiveQuery query,
             guint first,
             guint end)
{
  for (query.direction = XMPP_ARCHIVE_BACKWARD; query.direction <= XMPP_ARCHIVE_FORWARD; query.direction++)
    {
      g_autoptr (GPtrArray) found = fetch_all (self, &query, FALSE);

      assert_ids (self, found, first, end);
    }
}

static void
check_conversation (Test *self)
{
  g_autoptr (XmppJid) mira = create_jid ("mira");
  g_autoptr (GPtrArray) bodies =
      fetch_all (self, &(const XmppArchiveQuery) { .with = mira }, TRUE);

  g_assert_cmpuint (bodies->len, ==, N_MESSAGES / 2);
  for (guint i = 0; i < bodies->len; i++)
    {
      g_autofree char *expected = g_strdup_printf ("message %u", 2 * i);

      g_assert_cmpstr (bodies->pdata[i], ==, expected);
    }
}

static void
check_single (Test *self)
{
  const char *const ids[] = { self->ids->pdata[200], self->ids->pdata[3], NULL };
  g_autoptr (XmppArchivePage) page = fetch (self, &(const XmppArchiveQuery) { .ids = ids });

  g_assert_cmpuint (page->results->len, ==, 2);
  g_assert_cmpstr (page->first, ==, ids[1]);
  g_assert_cmpstr (page->last, ==, ids[0]);
}

static void
check_metadata (Test *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XmppArchiveMetadata) metadata =
      dex_await_boxed (xmpp_archive_fetch_metadata (self->archive, NULL), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (metadata->start_id, ==, self->ids->pdata[0]);
  g_assert_cmpstr (metadata->end_id, ==, self->ids->pdata[N_MESSAGES - 1]);
  g_assert_cmpint (metadata->start, >, 0);
  g_assert_cmpint (metadata->start, <=, metadata->end);
}

static void
check_unknown_id (Test *self)
{
  const XmppArchiveQuery query = { .after_id = "no-such-id", .direction = XMPP_ARCHIVE_FORWARD };
  g_autoptr (GError) error = NULL;
  g_autoptr (XmppArchivePage) page = dex_await_boxed (xmpp_archive_fetch (self->archive, &query), &error);

  g_test_message ("unknown id: %s", error != NULL ? error->message : "a page");
  if (page)
    g_assert_true (page == NULL || page->results->len <= XMPP_ARCHIVE_DEFAULT_MAX);
}

static void
check_preferences (Test *self)
{
  g_autoptr (XmppArchivePreferences) wanted = xmpp_archive_preferences_new (XMPP_ARCHIVE_ROSTER);
  g_autoptr (XmppArchivePreferences) set = NULL;
  g_autoptr (XmppArchivePreferences) got = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (wanted->always, create_jid ("mira"));
  g_ptr_array_add (wanted->never, create_jid ("sofia"));
  set = dex_await_boxed (xmpp_archive_preferences_set (self->session, wanted), &error);
  g_assert_no_error (error);
  got = dex_await_boxed (xmpp_archive_preferences_get (self->session), &error);
  g_assert_no_error (error);
  g_assert_cmpint (got->fallback, ==, XMPP_ARCHIVE_ROSTER);
  g_assert_cmpuint (got->always->len, ==, 1);
  g_assert_cmpuint (got->never->len, ==, 1);
  g_assert_true (xmpp_jid_equal (got->always->pdata[0], wanted->always->pdata[0]));
  g_assert_true (xmpp_jid_equal (got->never->pdata[0], wanted->never->pdata[0]));
}

static void
test_archive (gconstpointer data)
{
  Test test = { 0 };
  Test *self = &test;
  g_autoptr (GError) error = NULL;
  guint support;

  sign_in (self);
  support = dex_await_uint (xmpp_archive_query_support (self->archive, NULL), &error);
  g_assert_no_error (error);
  g_test_message ("support %u", support);
  g_assert_cmpuint (support & XMPP_ARCHIVE_SUPPORTED, ==, XMPP_ARCHIVE_SUPPORTED);

  write_messages (self);
  self->ids = fetch_all (self, &(const XmppArchiveQuery) { .direction = XMPP_ARCHIVE_FORWARD }, FALSE);
  self->bodies = fetch_all (self, &(const XmppArchiveQuery) { .direction = XMPP_ARCHIVE_FORWARD }, TRUE);
  g_assert_cmpuint (self->ids->len, ==, N_MESSAGES);
  for (guint i = 0; i < N_MESSAGES; i++)
    {
      g_autofree char *expected = g_strdup_printf ("message %u", i);

      g_assert_cmpstr (self->bodies->pdata[i], ==, expected);
    }

  check_range (self, (XmppArchiveQuery) { 0 }, 0, N_MESSAGES);
  check_range (self, (XmppArchiveQuery) { .after_id = self->ids->pdata[99] }, 100, N_MESSAGES);
  check_range (self, (XmppArchiveQuery) { .before_id = self->ids->pdata[100] }, 0, 100);
  check_range (self,
               (XmppArchiveQuery) { .after_id = self->ids->pdata[49], .before_id = self->ids->pdata[120] },
               50,
               120);
  check_range (self, (XmppArchiveQuery) { .start = 1, .end = g_get_real_time () }, 0, N_MESSAGES);
  check_conversation (self);
  if ((support & XMPP_ARCHIVE_EXTENDED) != 0) /* ejabberd has it not */
    {
      check_single (self);
      check_metadata (self);
    }
  check_unknown_id (self);
  g_assert_cmpuint (xmpp_archive_get_n_forged (self->archive), ==, 0);
  check_preferences (self);

  dex_await (xmpp_session_close (self->session), NULL);
  g_object_unref (self->session);
  g_ptr_array_unref (self->ids);
  g_ptr_array_unref (self->bodies);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);
  linnet_test_prosody_trust ();
  linnet_test_add ("/integration/archive", test_archive, NULL);

  return g_test_run ();
}
