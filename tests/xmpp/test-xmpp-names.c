/* Tests of the index of frequent names
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "xmpp-names.h"

static void
test_known (void)
{
  static const char *const known[] = { "message", "a", "jabber:client", "vcard-temp:x:update", "" };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      /* Somewhere else in memory, and not ended by a zero. */
      g_autofree char *text = g_strconcat (known[i], "x", NULL);
      XmppNames one;
      XmppNames other;

      xmpp_names_init (&one);
      xmpp_names_init (&other);
      g_assert_cmpstr (xmpp_names_lookup (&one, text, strlen (known[i])), ==, known[i]);
      g_assert_true (xmpp_names_lookup (&one, text, strlen (known[i])) ==
                     xmpp_names_lookup (&other, known[i], strlen (known[i])));
    }
}

/* Whatever comes in, nothing is kept of it. */
static void
test_unknown (void)
{
  XmppNames names;
  XmppNames before;

  xmpp_names_init (&names);
  before = names;
  for (guint i = 0; i < 100000; i++)
    {
      g_autofree char *text = g_strdup_printf ("m%x", i);

      g_assert_null (xmpp_names_lookup (&names, text, strlen (text)));
    }
  g_assert_null (xmpp_names_lookup (&names, "messages", 8));
  g_assert_null (xmpp_names_lookup (&names, "Message", 7));
  g_assert_cmpmem (&names, sizeof names, &before, sizeof before);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xmpp/names/known", test_known);
  g_test_add_func ("/xmpp/names/unknown", test_unknown);

  return g_test_run ();
}
