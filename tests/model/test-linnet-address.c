/* Tests of addresses as a person types them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-account-manager.h"
#include "linnet-error.h"
#include "linnet-test.h"

static void
test_normalize (void)
{
  static const struct
  {
    const char *text;
    const char *address; /* NULL: refused */
  } rows[] = {
    { "mira@lark.chat", "mira@lark.chat" },
    { "  Mira@LARK.chat\n", "mira@lark.chat" },
    { "jürgen@bücher.example", "jürgen@bücher.example" },
    { "mira@xn--bcher-kva.example", "mira@bücher.example" },
    { "mira@lark.chat.", "mira@lark.chat" },
    { "lark.chat", NULL },
    { "mira@", NULL },
    { "@lark.chat", NULL },
    { "mira@lark.chat/phone", NULL },
    { "mira jonas@lark.chat", NULL },
    { "mira@@lark.chat", NULL },
    { "xmpp:mira@lark.chat", NULL },
    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *address = linnet_address_normalize (rows[i].text, &error);

      g_assert_cmpstr (address, ==, rows[i].address);
      if (address == NULL)
        g_assert_error (error, LINNET_ERROR, LINNET_ERROR_BAD_ADDRESS);
      else
        g_assert_no_error (error);
    }
}

static void
test_domain (void)
{
  g_assert_cmpstr (linnet_address_get_domain ("mira@lark.chat"), ==, "lark.chat");
  g_assert_cmpstr (linnet_address_get_domain ("lark.chat"), ==, "lark.chat");
}

static void
test_typed_domain (void)
{
  static const struct
  {
    const char *text;
    const char *domain; /* NULL: it is none */
  } rows[] = {
    { "lark.chat", "lark.chat" },
    { " LARK.chat.\n", "lark.chat" },
    { "localhost", "localhost" },
    { "bücher.example", "bücher.example" },
    { "xn--bcher-kva.example", "bücher.example" },
    { "mira@lark.chat", "lark.chat" },
    { "mira@lark.chat/phone", "lark.chat" },
    { "@lark.chat", "lark.chat" },
    { "xmpp.lark.chat:5222", "xmpp.lark.chat" },
    { "lark.chat:", "lark.chat" },
    { "127.0.0.1:5222", "127.0.0.1" },
    { "[::1]:5222", "[::1]" },
    { "[::1]", "[::1]" },
    { "xmpp:mira@lark.chat?register", "lark.chat" },
    { "XMPP:lark.chat", "lark.chat" },
    { "https://lark.chat/register?a=b#c", "lark.chat" },
    { "https://mira@lark.chat:443", "lark.chat" },
    { "in Germany", NULL },
    { "lark.chat:port", NULL },
    { "mira@", NULL },
    { "https://", NULL },
    { ".", NULL },
    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *domain = linnet_address_dup_typed_domain (rows[i].text);

      g_assert_cmpstr (domain, ==, rows[i].domain);
    }
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/model/address/normalize", test_normalize);
  g_test_add_func ("/model/address/domain", test_domain);
  g_test_add_func ("/model/address/typed-domain", test_typed_domain);

  return g_test_run ();
}
