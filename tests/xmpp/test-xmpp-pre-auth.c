/* Tests of XEP-0379's token
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "xmpp-assert.h"
#include "xmpp-pre-auth.h"

#define REQUEST(content) \
  "<presence xmlns='jabber:client' type='subscribe' from='eva@example.net'>" content "</presence>"

static const struct
{
  const char *in;
  const char *token;
} rows[] = {
  { REQUEST ("<preauth xmlns='urn:xmpp:pars:0' token='1tMFqYDdKhfe2pwp'/>"), "1tMFqYDdKhfe2pwp" },
  { REQUEST ("<nick xmlns='http://jabber.org/protocol/nick'>Eva</nick>"
             "<preauth xmlns='urn:xmpp:pars:0' token='T'/>"),
    "T" },
  { REQUEST ("<preauth xmlns='urn:xmpp:pars:0' token=''/>") },
  { REQUEST ("<preauth xmlns='urn:xmpp:pars:0'/>") },
  { REQUEST ("<preauth xmlns='urn:xmpp:pars:0'>T</preauth>") },
  { REQUEST ("<preauth token='T'/>") },
  { REQUEST ("<preauth xmlns='urn:xmpp:pars:1' token='T'/>") },
  { REQUEST ("<x xmlns='urn:example'><preauth xmlns='urn:xmpp:pars:0' token='T'/></x>") },
  { REQUEST ("<token xmlns='urn:xmpp:pars:0' token='T'/>") },
  { REQUEST ("") },
};

static void
test_get (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (XmppNode) presence = xmpp_node_parse (rows[i].in, -1, NULL, NULL);

      g_assert_cmpstr (xmpp_pre_auth_get_token (presence), ==, rows[i].token);
    }
}

static void
test_long (void)
{
  for (guint length = 511; length <= 514; length++)
    {
      g_autofree char *token = g_strnfill (length, 't');
      g_autofree char *xml =
          g_strdup_printf (REQUEST ("<preauth xmlns='urn:xmpp:pars:0' token='%s'/>"), token);
      g_autoptr (XmppNode) presence = xmpp_node_parse (xml, -1, NULL, NULL);

      g_assert_cmpstr (xmpp_pre_auth_get_token (presence), ==, length <= 512 ? token : NULL);
    }
}

static void
test_create (void)
{
  g_autoptr (XmppNode) node = xmpp_pre_auth_create ("a'b<c");

  xmpp_assert_node (node, "<preauth xmlns='urn:xmpp:pars:0' token='a&apos;b&lt;c'/>");
  g_assert_null (xmpp_pre_auth_create (NULL));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/pre-auth/get", test_get);
  g_test_add_func ("/xmpp/pre-auth/long", test_long);
  g_test_add_func ("/xmpp/pre-auth/create", test_create);

  return g_test_run ();
}
