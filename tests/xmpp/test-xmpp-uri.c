/* Tests of xmpp: links
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "xmpp-uri.h"

typedef struct
{
  const char *in;
  const char *jid; /* NULL: refused with .error */
  const char *action;
  const char *key;
  const char *value;
  const char *out; /* NULL: as .in */
  XmppUriError error;
} Row;

#define BAD_ADDRESS(text) { .in = text, .error = XMPP_URI_ERROR_ADDRESS }
#define BAD_ENCODING(text) { .in = text, .error = XMPP_URI_ERROR_ENCODING }
#define BAD_AUTHORITY(text) { .in = text, .error = XMPP_URI_ERROR_AUTHORITY }
#define BAD_SCHEME(text) { .in = text, .error = XMPP_URI_ERROR_SCHEME }

static const Row rows[] = {
  /* RFC 5122 section 2.3 and after */
  { .in = "xmpp:node@example.com", .jid = "node@example.com" },
  { .in = "xmpp:example.com", .jid = "example.com" },
  { .in = "xmpp:example-node@example.com/some-resource", .jid = "example-node@example.com/some-resource" },
  { .in = "xmpp:nasty!%23$%25()*+,-.;=%3F%5B%5C%5D%5E_%60%7B%7C%7D~node@example.com",
    .jid = "nasty!#$%()*+,-.;=?[\\]^_`{|}~node@example.com",
    .out = "xmpp:nasty!%23%24%25%28%29*+,-.%3B=%3F%5B%5C%5D%5E_%60%7B%7C%7D~node@example.com" },
  { .in = "xmpp:node@example.com/repulsive%20!%23%22$%25&'()*+,-.%2F:;%3C=%3E%3F%40%5B%5C%5D%5E_%60%7B%7C%7D~"
          "resource",
    .jid = "node@example.com/repulsive !#\"$%&'()*+,-./:;<=>?@[\\]^_`{|}~resource",
    .out = "xmpp:node@example.com/repulsive%20%21%23%22%24%25%26%27%28%29%2A%2B%2C-.%2F%3A%3B%3C%3D%3E%3F%40"
           "%5B%5C%5D%5E_%60%7B%7C%7D~resource" },
  { .in = "xmpp:ji%C5%99i@%C4%8Dechy.example/v%20Praze",
    .jid = "jiři@čechy.example/v Praze",
    .out = "xmpp:ji%C5%99i@xn--echy-fua.example/v%20Praze" },
  { .in = "xmpp:jiři@čechy.example/v Praze",
    .jid = "jiři@čechy.example/v Praze",
    .out = "xmpp:ji%C5%99i@xn--echy-fua.example/v%20Praze" },
  { .in = "xmpp:example-node@example.com?message", .jid = "example-node@example.com", .action = "message" },
  { .in = "xmpp:example-node@example.com?message;subject=Hello%20World",
    .jid = "example-node@example.com",
    .action = "message",
    .key = "subject",
    .value = "Hello World" },
  { .in = "xmpp://guest@example.com/support@example.com?message",
    .jid = "support@example.com",
    .action = "message",
    .out = "xmpp:support@example.com?message" },
  { .in = "xmpp://guest@example.com/support@example.com/truc#bidule",
    .jid = "support@example.com/truc",
    .out = "xmpp:support@example.com/truc" },
  BAD_AUTHORITY ("xmpp://guest@example.com"),
  BAD_AUTHORITY ("xmpp://guest@example.com/"),
  BAD_AUTHORITY ("xmpp://guest@example.com?message"),
  BAD_AUTHORITY ("xmpp://guest@example.com/?message"),
  BAD_AUTHORITY ("xmpp://guest@example.com/#a@b"),
  BAD_AUTHORITY ("xmpp://"),
  BAD_AUTHORITY ("xmpp:///"),
  BAD_AUTHORITY ("xmpp://?register"),
  { .in = "xmpp:///a@b.example", .jid = "a@b.example", .out = "xmpp:a@b.example" },
  BAD_ADDRESS ("xmpp:////a@b.example"),

  /* XEP-0147 and its registry */
  { .in = "xmpp:romeo@montague.net?message;subject=Test%20Message;body=Here%27s%20a%20test%20message",
    .jid = "romeo@montague.net",
    .action = "message",
    .key = "body",
    .value = "Here's a test message" },
  { .in = "xmpp:romeo@montague.net?roster", .jid = "romeo@montague.net", .action = "roster" },
  { .in = "xmpp:romeo@montague.net?roster;name=Romeo%20Montague;group=Friends",
    .jid = "romeo@montague.net",
    .action = "roster",
    .key = "group",
    .value = "Friends" },
  { .in = "xmpp:romeo@montague.net?remove", .jid = "romeo@montague.net", .action = "remove" },
  { .in = "xmpp:romeo@montague.net?subscribe", .jid = "romeo@montague.net", .action = "subscribe" },
  { .in = "xmpp:romeo@montague.net?unsubscribe", .jid = "romeo@montague.net", .action = "unsubscribe" },
  { .in = "xmpp:darkcave@chat.shakespeare.lit?join;password=cauldronburn",
    .jid = "darkcave@chat.shakespeare.lit",
    .action = "join",
    .key = "password",
    .value = "cauldronburn" },
  { .in = "xmpp:marlowe.shakespeare.lit?register", .jid = "marlowe.shakespeare.lit", .action = "register" },
  { .in = "xmpp:marlowe.shakespeare.lit?unregister",
    .jid = "marlowe.shakespeare.lit",
    .action = "unregister" },
  { .in = "xmpp:montague.net?command;node=stats",
    .jid = "montague.net",
    .action = "command",
    .key = "node",
    .value = "stats" },
  { .in = "xmpp:romeo@montague.net?disco;node=http%3A%2F%2Fjabber.org%2Fprotocol%2Fcommands;request=items",
    .jid = "romeo@montague.net",
    .action = "disco",
    .key = "node",
    .value = "http://jabber.org/protocol/commands" },
  { .in = "xmpp:romeo@montague.net/orchard?recvfile;sid=pub234;mime-type=text%2Fplain",
    .jid = "romeo@montague.net/orchard",
    .action = "recvfile",
    .key = "mime-type",
    .value = "text/plain" },

  /* XEP-0379, XEP-0445 */
  { .in = "xmpp:romeo@montague.net?roster;preauth=1tMFqYDdKhfe2pwp;name=Romeo+Montague",
    .jid = "romeo@montague.net",
    .action = "roster",
    .key = "name",
    .value = "Romeo+Montague",
    .out = "xmpp:romeo@montague.net?roster;preauth=1tMFqYDdKhfe2pwp;name=Romeo%2BMontague" },
  { .in = "xmpp:romeo@example.com?roster;preauth=TOKEN;ibr=y",
    .jid = "romeo@example.com",
    .action = "roster",
    .key = "ibr",
    .value = "y" },
  { .in = "xmpp:juliet@example.com?register;preauth=TOKEN",
    .jid = "juliet@example.com",
    .action = "register",
    .key = "preauth",
    .value = "TOKEN" },

  /* written carelessly */
  { .in = "XMPP:Node@Example.COM?MESSAGE;BODY=Hi",
    .jid = "node@example.com",
    .action = "message",
    .key = "body",
    .value = "Hi",
    .out = "xmpp:node@example.com?message;body=Hi" },
  { .in = "xmpp:a@b.example/", .jid = "a@b.example", .out = "xmpp:a@b.example" },
  { .in = "xmpp:a@b.example/?roster",
    .jid = "a@b.example",
    .action = "roster",
    .out = "xmpp:a@b.example?roster" },
  { .in = "xmpp:a@b.example.", .jid = "a@b.example", .out = "xmpp:a@b.example" },
  { .in = "xmpp:a@b.example?", .jid = "a@b.example", .out = "xmpp:a@b.example" },
  { .in = "xmpp:a@b.example#", .jid = "a@b.example", .out = "xmpp:a@b.example" },
  { .in = "xmpp:a@b.example#?remove", .jid = "a@b.example", .out = "xmpp:a@b.example" },
  { .in = "xmpp:a@b.example?;", .jid = "a@b.example", .out = "xmpp:a@b.example" },
  { .in = "xmpp:a@b.example?;;;", .jid = "a@b.example", .out = "xmpp:a@b.example" },
  { .in = "xmpp:a@b.example?roster;",
    .jid = "a@b.example",
    .action = "roster",
    .out = "xmpp:a@b.example?roster" },
  { .in = "xmpp:a@b.example?roster;;name=x",
    .jid = "a@b.example",
    .action = "roster",
    .key = "name",
    .value = "x",
    .out = "xmpp:a@b.example?roster;name=x" },
  { .in = "xmpp:a@b.example?;name=x",
    .jid = "a@b.example",
    .key = "name",
    .value = "x",
    .out = "xmpp:a@b.example?name=x" },
  { .in = "xmpp:a@b.example?omemo-sid-1234=00ff;omemo-sid-5=11",
    .jid = "a@b.example",
    .key = "omemo-sid-5",
    .value = "11" },
  { .in = "xmpp:a@b.example?roster;name",
    .jid = "a@b.example",
    .action = "roster",
    .key = "name",
    .value = "",
    .out = "xmpp:a@b.example?roster;name=" },
  { .in = "xmpp:a@b.example?roster;name=",
    .jid = "a@b.example",
    .action = "roster",
    .key = "name",
    .value = "" },
  { .in = "xmpp:a@b.example?roster;=x",
    .jid = "a@b.example",
    .action = "roster",
    .out = "xmpp:a@b.example?roster" },
  { .in = "xmpp:a@b.example?message;body=a=b=c",
    .jid = "a@b.example",
    .action = "message",
    .key = "body",
    .value = "a=b=c",
    .out = "xmpp:a@b.example?message;body=a%3Db%3Dc" },
  { .in = "xmpp:a@b.example?message;body=a?b/c@d",
    .jid = "a@b.example",
    .action = "message",
    .key = "body",
    .value = "a?b/c@d",
    .out = "xmpp:a@b.example?message;body=a%3Fb%2Fc%40d" },
  { .in = "xmpp:a@b.example?message;body=1%3B2%0A3",
    .jid = "a@b.example",
    .action = "message",
    .key = "body",
    .value = "1;2\n3" },
  { .in = "xmpp:a@b.example?message;body=1#2;body=3",
    .jid = "a@b.example",
    .action = "message",
    .key = "body",
    .value = "1",
    .out = "xmpp:a@b.example?message;body=1" },
  { .in = "xmpp:a@b.example?message;body=\xc3\xbc \xf0\x9f\x90\xa6",
    .jid = "a@b.example",
    .action = "message",
    .key = "body",
    .value = "\u00fc \U0001f426",
    .out = "xmpp:a@b.example?message;body=%C3%BC%20%F0%9F%90%A6" },
  { .in = "xmpp:a@b.example?message&body=x",
    .jid = "a@b.example",
    .key = "message&body",
    .value = "x",
    .out = "xmpp:a@b.example?message%26body=x" },
  { .in = "xmpp:a@b.example?mess%61ge",
    .jid = "a@b.example",
    .action = "message",
    .out = "xmpp:a@b.example?message" },
  { .in = "xmpp:a@b.example?a%3Db", .jid = "a@b.example", .action = "a=b" },
  { .in = "xmpp:a@b.example?message;%62ody=x",
    .jid = "a@b.example",
    .action = "message",
    .key = "body",
    .value = "x",
    .out = "xmpp:a@b.example?message;body=x" },
  { .in = "xmpp:%61@%62.example", .jid = "a@b.example", .out = "xmpp:a@b.example" },
  { .in = "xmpp:a@[::1]", .jid = "a@[::1]" },
  { .in = "xmpp:a@[2001:DB8:0::1]/x", .jid = "a@[2001:db8::1]/x", .out = "xmpp:a@[2001:db8::1]/x" },
  { .in = "xmpp:a@127.0.0.1", .jid = "a@127.0.0.1" },
  { .in = "xmpp:a@xn--bcher-kva.example", .jid = "a@b\u00fccher.example" },
  { .in = "xmpp:b.example/c@d", .jid = "b.example/c@d", .out = "xmpp:b.example/c%40d" },
  { .in = "xmpp:a@b.example/c/d", .jid = "a@b.example/c/d", .out = "xmpp:a@b.example/c%2Fd" },
  { .in = "xmpp:a@b.example/c%2fd", .jid = "a@b.example/c/d", .out = "xmpp:a@b.example/c%2Fd" },
  { .in = "xmpp:a\\20b@c.example", .jid = "a\\20b@c.example", .out = "xmpp:a%5C20b@c.example" },

  /* values that come twice, and pairs that tell lies */
  { .in = "xmpp:a@b.example?roster;preauth=1;preauth=2",
    .jid = "a@b.example",
    .action = "roster",
    .key = "preauth",
    .value = "1",
    .out = "xmpp:a@b.example?roster;preauth=1" },
  { .in = "xmpp:a@b.example?roster;PreAuth=1;preauth=2",
    .jid = "a@b.example",
    .action = "roster",
    .key = "preauth",
    .value = "1",
    .out = "xmpp:a@b.example?roster;preauth=1" },
  { .in = "xmpp:a@b.example?roster;name=%3Biq%3Dx",
    .jid = "a@b.example",
    .action = "roster",
    .key = "name",
    .value = ";iq=x" },
  { .in = "xmpp:a@b.example?roster?register",
    .jid = "a@b.example",
    .action = "roster?register",
    .out = "xmpp:a@b.example?roster%3Fregister" },
  { .in = "xmpp:a@b.example?message;body=%3Cscript%3E%3C%2Fbody%3E%3Ciq%2F%3E",
    .jid = "a@b.example",
    .action = "message",
    .key = "body",
    .value = "<script></body><iq/>" },
  { .in = "xmpp:a@b.example?message;body=%25s%25n",
    .jid = "a@b.example",
    .action = "message",
    .key = "body",
    .value = "%s%n" },

  /* no addresses */
  BAD_ADDRESS ("xmpp:"),
  BAD_ADDRESS ("xmpp:?"),
  BAD_ADDRESS ("xmpp:?remove"),
  BAD_ADDRESS ("xmpp:?register"),
  BAD_ADDRESS ("xmpp:?command"),
  BAD_ADDRESS ("xmpp:#a@b.example"),
  BAD_ADDRESS ("xmpp:@"),
  BAD_ADDRESS ("xmpp:@b.example"),
  BAD_ADDRESS ("xmpp:a@"),
  BAD_ADDRESS ("xmpp:a@?roster"),
  BAD_ADDRESS ("xmpp:/"),
  BAD_ADDRESS ("xmpp:/c"),
  BAD_ADDRESS ("xmpp:a@/c"),
  BAD_ADDRESS ("xmpp:a@b@c"),
  BAD_ADDRESS ("xmpp:a%40b@c.example"),
  BAD_ADDRESS ("xmpp:a%40b.example"),
  BAD_ADDRESS ("xmpp:a@b%2Fc"),
  BAD_ADDRESS ("xmpp:a@b%40c"),
  BAD_ADDRESS ("xmpp:a%2Fb@c.example"),
  BAD_ADDRESS ("xmpp:a b@c.example"),
  BAD_ADDRESS ("xmpp: a@b.example"),
  BAD_ADDRESS ("xmpp:a%20b@c.example"),
  BAD_ADDRESS ("xmpp:a@b.example "),
  BAD_ADDRESS ("xmpp:a@b.example\n"),
  BAD_ADDRESS ("xmpp:a@b.example%0A"),
  BAD_ADDRESS ("xmpp:a@b.example/c%0Ad"),
  BAD_ADDRESS ("xmpp:a%0D%0Ab@c.example"),
  BAD_ADDRESS ("xmpp:a%E2%80%AEb@c.example"),
  BAD_ADDRESS ("xmpp:a%EF%BC%A0b@c.example"),
  BAD_ADDRESS ("xmpp:%3Ciq%3E@c.example"),
  BAD_ADDRESS ("xmpp:a'b@c.example"),
  BAD_ADDRESS ("xmpp:a@-b.example"),
  BAD_ADDRESS ("xmpp:a@b..example"),
  BAD_ADDRESS ("xmpp:a@b.example:5222"),
  BAD_ADDRESS ("xmpp:a:secret@b.example"),
  BAD_ADDRESS ("xmpp:a@[::1"),
  BAD_ADDRESS ("xmpp:a@[::1]:5222"),
  BAD_ADDRESS ("xmpp:a@0x7f000001"),
  BAD_ADDRESS ("xmpp:a@127.1"),
  BAD_ADDRESS ("xmpp:a@xn--a"),
  BAD_ADDRESS ("xmpp:xmpp:a@b.example"),
  BAD_ADDRESS ("xmpp:mailto:a@b.example"),

  /* wrongly encoded */
  BAD_ENCODING ("xmpp:a%@b.example"),
  BAD_ENCODING ("xmpp:a%2@b.example"),
  BAD_ENCODING ("xmpp:a%zz@b.example"),
  BAD_ENCODING ("xmpp:a%00b@c.example"),
  BAD_ENCODING ("xmpp:a@b%00.example"),
  BAD_ENCODING ("xmpp:a@b.example/%00"),
  BAD_ENCODING ("xmpp:a%FF@b.example"),
  BAD_ENCODING ("xmpp:a%C0%AFb@c.example"),
  BAD_ENCODING ("xmpp:a%ED%A0%80b@c.example"),
  BAD_ENCODING ("xmpp:a\xff@b.example"),
  BAD_ENCODING ("xmpp:a@b.example?%FF"),
  BAD_ENCODING ("xmpp:a@b.example?%00"),
  BAD_ENCODING ("xmpp:a@b.example?message;body=%"),
  BAD_ENCODING ("xmpp:a@b.example?message;body=100%"),
  BAD_ENCODING ("xmpp:a@b.example?message;body=%0"),
  BAD_ENCODING ("xmpp:a@b.example?message;body=a%00b"),
  BAD_ENCODING ("xmpp:a@b.example?message;body=%F4%90%80%80"),
  BAD_ENCODING ("xmpp:a@b.example?message;%FF=x"),
  BAD_ENCODING ("xmpp:a@b.example?roster;preauth=\xc3"),

  /* other schemes */
  BAD_SCHEME (""),
  BAD_SCHEME ("xmpp"),
  BAD_SCHEME ("a@b.example"),
  BAD_SCHEME (" xmpp:a@b.example"),
  BAD_SCHEME ("xmpps:a@b.example"),
  BAD_SCHEME ("xmpp%3Aa@b.example"),
  BAD_SCHEME ("https://b.example/#a@b.example"),
  BAD_SCHEME ("javascript:xmpp:a@b.example"),
  BAD_SCHEME ("im:a@b.example"),
};

static void
test_parse (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Row *row = &rows[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (XmppUri) uri = xmpp_uri_parse (row->in, &error);
      g_autofree char *shown = g_strescape (row->in, NULL);
      g_autofree char *out = NULL;

      g_test_message ("%s", shown);
      if (row->jid == NULL)
        {
          g_assert_null (uri);
          g_assert_error (error, XMPP_URI_ERROR, (int) row->error);
          continue;
        }

      g_assert_no_error (error);
      out = xmpp_uri_to_string (uri);
      g_assert_cmpstr (xmpp_jid_get_string (xmpp_uri_get_jid (uri)), ==, row->jid);
      g_assert_cmpstr (xmpp_uri_get_action (uri), ==, row->action);
      if (row->key != NULL)
        g_assert_cmpstr (xmpp_uri_get_value (uri, row->key), ==, row->value);
      g_assert_cmpstr (out, ==, row->out != NULL ? row->out : row->in);
    }
}

static void
test_again (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (XmppUri) uri = xmpp_uri_parse (rows[i].in, NULL);
      g_autoptr (XmppUri) again = NULL;
      g_autofree char *once = NULL;
      g_autofree char *twice = NULL;

      if (uri == NULL)
        continue;
      once = xmpp_uri_to_string (uri);
      again = xmpp_uri_parse (once, NULL);
      g_assert_nonnull (again);
      twice = xmpp_uri_to_string (again);

      g_assert_true (g_str_is_ascii (once));
      g_assert_cmpstr (twice, ==, once);
    }
}

static void
test_build (void)
{
  g_autoptr (XmppJid) jid = xmpp_jid_new ("j\u00fcrgen@b\u00fccher.example", NULL);
  g_autoptr (XmppUri) uri = xmpp_uri_new (jid, "roster");
  g_autofree char *text = NULL;

  xmpp_uri_add (uri, "preauth", "T0k-en_");
  xmpp_uri_add (uri, "name", "J; & =\u00fc%");
  xmpp_uri_add (uri, "NAME", "another");
  text = xmpp_uri_to_string (uri);

  g_assert_cmpstr (text,
                   ==,
                   "xmpp:j%C3%BCrgen@xn--bcher-kva.example?roster;preauth=T0k-en_;"
                   "name=J%3B%20%26%20%3D%C3%BC%25");
  g_assert_null (xmpp_uri_get_value (uri, "ibr"));
}

static void
test_limits (void)
{
  g_autoptr (GString) text = g_string_new ("xmpp:a@b.example?message;body=");
  g_autoptr (GString) pairs = g_string_new ("xmpp:a@b.example?message");
  g_autoptr (XmppUri) uri = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = text->len; i < 16384; i++)
    g_string_append_c (text, 'x');
  uri = xmpp_uri_parse (text->str, NULL);
  g_assert_nonnull (uri);
  g_string_append_c (text, 'x');
  g_assert_null (xmpp_uri_parse (text->str, &error));
  g_assert_error (error, XMPP_URI_ERROR, XMPP_URI_ERROR_TOO_LONG);

  g_clear_pointer (&uri, xmpp_uri_free);
  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (pairs, ";k%u=v", i);
  uri = xmpp_uri_parse (pairs->str, NULL);
  g_assert_cmpstr (xmpp_uri_get_value (uri, "k31"), ==, "v");
  g_assert_null (xmpp_uri_get_value (uri, "k32"));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/uri/parse", test_parse);
  g_test_add_func ("/xmpp/uri/again", test_again);
  g_test_add_func ("/xmpp/uri/build", test_build);
  g_test_add_func ("/xmpp/uri/limits", test_limits);

  return g_test_run ();
}
