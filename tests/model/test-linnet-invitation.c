/* Tests of what an invitation says of itself
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-invitation-private.h"
#include "linnet-test.h"

static void
test_links (void)
{
  static const struct
  {
    const char *uri;
    const char *page;
    const char *link;
    gboolean can_register;
  } rows[] = {
    { "xmpp:ana@lark.chat?roster;preauth=T", NULL, "xmpp:ana@lark.chat?roster;preauth=T", FALSE },
    { "xmpp:ana@lark.chat?roster;preauth=T;ibr=y", "https://lark.chat/T", "https://lark.chat/T", TRUE },
    { "xmpp:lark.chat?register;preauth=T", NULL, "xmpp:lark.chat?register;preauth=T", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LinnetInvitation) invitation = linnet_invitation_new (rows[i].uri, rows[i].page, 17);

      g_assert_cmpstr (linnet_invitation_get_link (invitation), ==, rows[i].link);
      g_assert_cmpstr (linnet_invitation_get_uri (invitation), ==, rows[i].uri);
      g_assert_cmpint (linnet_invitation_get_expires (invitation), ==, 17);
      g_assert_cmpint (linnet_invitation_get_can_register (invitation), ==, rows[i].can_register);
      g_assert_finalize_object (g_steal_pointer (&invitation));
    }
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/model/invitation/links", test_links);

  return g_test_run ();
}
