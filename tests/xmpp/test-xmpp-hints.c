/* Tests of XEP-0334
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-test-session.h"

#define MESSAGE(hints) "<message from='both@example.net/x' type='chat'><body>b</body>" hints "</message>"

static const struct
{
  const char *name;
  const char *in;
  gboolean no_store;
} rows[] = {
  { "none", MESSAGE (""), FALSE },
  { "no-store", MESSAGE ("<no-store xmlns='urn:xmpp:hints'/>"), TRUE },
  { "no-permanent-store", MESSAGE ("<no-permanent-store xmlns='urn:xmpp:hints'/>"), TRUE },
  { "store", MESSAGE ("<store xmlns='urn:xmpp:hints'/>"), FALSE },
  { "no-copy", MESSAGE ("<no-copy xmlns='urn:xmpp:hints'/>"), FALSE },
  { "foreign", MESSAGE ("<no-store xmlns='urn:example'/>"), FALSE },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppTest) test = xmpp_test_exchange (rows[row].in, NULL);

  g_assert_cmpint (xmpp_test_get_message (test)->no_store, ==, rows[row].no_store);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/hints/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }

  return g_test_run ();
}
