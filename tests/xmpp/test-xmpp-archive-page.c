/* Tests of pages of an archive: who holds what
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-test.h"
#include "xmpp-archive-page.h"
#include "xmpp-builder.h"

static void
test_hold (void)
{
  g_autoptr (XmppJid) own = xmpp_jid_new ("ana@example.org", NULL);
  g_autoptr (XmppNode) node = xmpp_node_parse ("<message><body>b</body></message>", -1, XMPP_NS_CLIENT, NULL);
  g_autoptr (XmppMessage) message = xmpp_message_new (node, own);
  XmppArchivePage *page = xmpp_archive_page_new ();
  GValue value = G_VALUE_INIT;

  g_ptr_array_add (page->results, xmpp_archive_result_new ("a", 7, message));
  g_ptr_array_add (page->results, xmpp_archive_result_new ("b", 8, NULL));

  g_value_init (&value, XMPP_TYPE_ARCHIVE_PAGE);
  g_value_set_boxed (&value, page);
  xmpp_archive_page_unref (page);

  page = g_value_get_boxed (&value);
  g_assert_cmpuint (page->results->len, ==, 2);
  g_assert_true (((XmppArchiveResult *) page->results->pdata[0])->message == message);
  g_assert_cmpint (g_atomic_int_get (&message->ref_count), ==, 2);
  g_value_unset (&value);
  g_assert_cmpint (g_atomic_int_get (&message->ref_count), ==, 1);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/xmpp/archive-page/hold", test_hold);

  return g_test_run ();
}
