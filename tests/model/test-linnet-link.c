/* Tests of links that invite
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-error.h"
#include "linnet-link.h"
#include "linnet-test.h"

typedef struct
{
  const char *in;
  LinnetLinkKind kind;
  const char *address;
  const char *domain;
  const char *token;
  const char *name;
  const char *body;
  const char *host;
  gboolean can_register;
  gboolean refused;
} Row;

#define REFUSED(text) { .in = text, .refused = TRUE }
#define UNSUPPORTED(text, whom) { .in = text, .kind = LINNET_LINK_UNSUPPORTED, .address = whom }

static const Row rows[] = {
  /* invitations */
  { .in = "xmpp:ana@lark.chat?roster;preauth=T0k;ibr=y",
    .kind = LINNET_LINK_ROSTER,
    .address = "ana@lark.chat",
    .domain = "lark.chat",
    .token = "T0k",
    .can_register = TRUE },
  { .in = "xmpp:ana@lark.chat?roster;preauth=T0k",
    .kind = LINNET_LINK_ROSTER,
    .address = "ana@lark.chat",
    .token = "T0k" },
  { .in = "xmpp:ana@lark.chat?roster;ibr=y", .kind = LINNET_LINK_ROSTER, .address = "ana@lark.chat" },
  { .in = "xmpp:ana@lark.chat?roster;preauth=T0k;ibr=n",
    .kind = LINNET_LINK_ROSTER,
    .address = "ana@lark.chat",
    .token = "T0k" },
  { .in = "xmpp:ana@lark.chat?roster;name=Ana%20B%20%20C",
    .kind = LINNET_LINK_ROSTER,
    .address = "ana@lark.chat",
    .name = "Ana B C" },
  { .in = "xmpp:ana@lark.chat?roster;name=%E2%80%AEgnirrets%0A",
    .kind = LINNET_LINK_ROSTER,
    .address = "ana@lark.chat",
    .name = "gnirrets" },
  { .in = "xmpp:lark.chat?register;preauth=T0k",
    .kind = LINNET_LINK_REGISTER,
    .domain = "lark.chat",
    .token = "T0k" },
  { .in = "xmpp:lark.chat?register", .kind = LINNET_LINK_REGISTER, .domain = "lark.chat" },
  { .in = "xmpp:ana@lark.chat?register;preauth=T0k;ibr=y",
    .kind = LINNET_LINK_REGISTER,
    .address = "ana@lark.chat",
    .domain = "lark.chat",
    .token = "T0k" },
  { .in = "xmpp:xn--bcher-kva.example?register",
    .kind = LINNET_LINK_REGISTER,
    .domain = "b\u00fccher.example" },
  { .in = "xmpp:ana@lark.chat?subscribe", .kind = LINNET_LINK_SUBSCRIBE, .address = "ana@lark.chat" },
  { .in = "xmpp:ana@lark.chat?subscribe;preauth=T0k",
    .kind = LINNET_LINK_SUBSCRIBE,
    .address = "ana@lark.chat",
    .token = "T0k" },

  /* chats and groups */
  { .in = "xmpp:ana@lark.chat", .kind = LINNET_LINK_CHAT, .address = "ana@lark.chat" },
  { .in = "xmpp:Ana@LARK.chat/phone", .kind = LINNET_LINK_CHAT, .address = "ana@lark.chat" },
  { .in = "  xmpp:ana@lark.chat\n", .kind = LINNET_LINK_CHAT, .address = "ana@lark.chat" },
  { .in = "<xmpp:ana@lark.chat>", .kind = LINNET_LINK_CHAT, .address = "ana@lark.chat" },
  { .in = "xmpp:ana@lark.chat?omemo-sid-1=00;omemo-sid-2=11",
    .kind = LINNET_LINK_CHAT,
    .address = "ana@lark.chat" },
  { .in = "xmpp:ana@lark.chat?preauth=T0k", .kind = LINNET_LINK_CHAT, .address = "ana@lark.chat" },
  { .in = "xmpp:ana@lark.chat?message", .kind = LINNET_LINK_MESSAGE, .address = "ana@lark.chat" },
  { .in = "xmpp:ana@lark.chat?message;body=Hi%0AAna",
    .kind = LINNET_LINK_MESSAGE,
    .address = "ana@lark.chat",
    .body = "Hi\nAna" },
  { .in = "xmpp:ana@lark.chat?message;body=a%07b%1B%5B0m",
    .kind = LINNET_LINK_MESSAGE,
    .address = "ana@lark.chat",
    .body = "ab[0m" },
  { .in = "xmpp:ana@lark.chat?message;body=", .kind = LINNET_LINK_MESSAGE, .address = "ana@lark.chat" },
  { .in = "xmpp:ana@lark.chat?message;from=eva@lark.chat;body=x",
    .kind = LINNET_LINK_MESSAGE,
    .address = "ana@lark.chat",
    .body = "x" },
  { .in = "xmpp:room@groups.lark.chat?join;password=x",
    .kind = LINNET_LINK_JOIN,
    .address = "room@groups.lark.chat" },

  /* security.md I14: what a link never does */
  UNSUPPORTED ("xmpp:ana@lark.chat?remove", "ana@lark.chat"),
  UNSUPPORTED ("xmpp:ana@lark.chat?unsubscribe", "ana@lark.chat"),
  UNSUPPORTED ("xmpp:lark.chat?unregister", NULL),
  UNSUPPORTED ("xmpp:lark.chat?command;node=x;action=execute", NULL),
  UNSUPPORTED ("xmpp:ana@lark.chat?command", "ana@lark.chat"),
  UNSUPPORTED ("xmpp:lark.chat?disco", NULL),
  UNSUPPORTED ("xmpp:ana@lark.chat/x?recvfile;sid=1", "ana@lark.chat"),
  UNSUPPORTED ("xmpp:ana@lark.chat?sendfile", "ana@lark.chat"),
  UNSUPPORTED ("xmpp:ana@lark.chat?vcard", "ana@lark.chat"),
  UNSUPPORTED ("xmpp:pubsub.lark.chat?pubsub;action=subscribe;node=x", NULL),
  UNSUPPORTED ("xmpp:room@groups.lark.chat?invite;jid=eva@lark.chat", "room@groups.lark.chat"),
  UNSUPPORTED ("xmpp:ana@lark.chat?call", "ana@lark.chat"),
  UNSUPPORTED ("xmpp:ana@lark.chat?roster?register", "ana@lark.chat"),
  UNSUPPORTED ("xmpp:ana@lark.chat?no-such-thing", "ana@lark.chat"),

  /* tokens that would be something else in a stanza or an address */
  { .in = "xmpp:ana@lark.chat?roster;preauth=a%20b;ibr=y",
    .kind = LINNET_LINK_ROSTER,
    .address = "ana@lark.chat" },
  { .in = "xmpp:ana@lark.chat?roster;preauth=a%0Ab", .kind = LINNET_LINK_ROSTER, .address = "ana@lark.chat" },
  { .in = "xmpp:ana@lark.chat?roster;preauth=", .kind = LINNET_LINK_ROSTER, .address = "ana@lark.chat" },
  { .in = "xmpp:ana@lark.chat?roster;preauth=%C3%BC",
    .kind = LINNET_LINK_ROSTER,
    .address = "ana@lark.chat" },
  { .in = "xmpp:ana@lark.chat?roster;preauth=%27/%3E%3Ciq",
    .kind = LINNET_LINK_ROSTER,
    .address = "ana@lark.chat",
    .token = "'/><iq" },

  /* landing pages that hold the link in their address */
  { .in = "https://page.example/i/#romeo@montague.net?roster;preauth=1tMF;name=Romeo%20Montague",
    .kind = LINNET_LINK_ROSTER,
    .address = "romeo@montague.net",
    .token = "1tMF",
    .name = "Romeo Montague" },
  { .in = "https://page.example/#ana@lark.chat", .kind = LINNET_LINK_CHAT, .address = "ana@lark.chat" },
  { .in = "https://page.example/#xmpp:ana@lark.chat?roster;preauth=T0k;ibr=y",
    .kind = LINNET_LINK_ROSTER,
    .address = "ana@lark.chat",
    .domain = "lark.chat",
    .token = "T0k",
    .can_register = TRUE },
  { .in = "https://page.example/#ana%40lark.chat%3Froster%3Bpreauth%3DT0k",
    .kind = LINNET_LINK_ROSTER,
    .address = "ana@lark.chat",
    .token = "T0k" },
  { .in = "https://page.example/#lark.chat?register;preauth=T0k",
    .kind = LINNET_LINK_REGISTER,
    .domain = "lark.chat",
    .token = "T0k" },
  { .in = "https://page.example/open?uri=xmpp%3Aana%40lark.chat%3Froster%3Bpreauth%3DT0k",
    .kind = LINNET_LINK_ROSTER,
    .address = "ana@lark.chat",
    .token = "T0k" },
  { .in = "https://page.example/?a=b&x=xmpp:ana@lark.chat",
    .kind = LINNET_LINK_CHAT,
    .address = "ana@lark.chat" },
  { .in = "https://conversations.im/i/ana@lark.chat?omemo-sid-1=00",
    .kind = LINNET_LINK_CHAT,
    .address = "ana@lark.chat" },
  { .in = "https://conversations.im/i/ana@lark.chat", .kind = LINNET_LINK_CHAT, .address = "ana@lark.chat" },
  { .in = "https://conversations.im/j/room@groups.lark.chat",
    .kind = LINNET_LINK_JOIN,
    .address = "room@groups.lark.chat" },
  UNSUPPORTED ("https://page.example/#ana@lark.chat?remove", "ana@lark.chat"),

  /* pages that may show one */
  { .in = "https://lark.chat/invite/T0k/", .kind = LINNET_LINK_PAGE, .host = "lark.chat" },
  { .in = "https://lark.chat/invite/#T0k", .kind = LINNET_LINK_PAGE, .host = "lark.chat" },
  { .in = "https://lark.chat:5281/invites_page?T0k", .kind = LINNET_LINK_PAGE, .host = "lark.chat" },
  { .in = "HTTPS://Lark.Chat/invite?t=T0k", .kind = LINNET_LINK_PAGE, .host = "lark.chat" },
  { .in = "https://b\u00fccher.example/T0k", .kind = LINNET_LINK_PAGE, .host = "xn--bcher-kva.example" },
  { .in = "https://page.example/i/T0k", .kind = LINNET_LINK_PAGE, .host = "page.example" },
  { .in = "https://page.example/#https://other.example/a@b", .kind = LINNET_LINK_PAGE, .host = "page.example" },

  { .in = "https://p%61ge.example/T0k", .kind = LINNET_LINK_PAGE, .host = "page.example" },

  /* neither */
  REFUSED (""),
  REFUSED ("ana@lark.chat"),
  REFUSED ("http://page.example/#ana@lark.chat"),
  REFUSED ("file:///etc/passwd"),
  REFUSED ("javascript:alert(1)"),
  REFUSED ("data:text/html,xmpp:ana@lark.chat"),
  REFUSED ("mailto:ana@lark.chat"),
  REFUSED ("https://"),
  REFUSED ("https:///T0k"),
  REFUSED ("https://user:secret@page.example/T0k"),
  REFUSED ("https://page.example\\@other.example/"),
  REFUSED ("https://pa ge.example/"),
  REFUSED ("https://page.example%2F.other.example/T0k"),
  REFUSED ("https://[::1"),
  REFUSED ("xmpp:"),
  REFUSED ("xmpp:?remove"),
  REFUSED ("xmpp:?register"),
  REFUSED ("xmpp:?command"),
  REFUSED ("xmpp:lark.chat"),
  REFUSED ("xmpp:lark.chat?roster;preauth=T0k"),
  REFUSED ("xmpp:lark.chat?message;body=x"),
  REFUSED ("xmpp:lark.chat?join"),
  REFUSED ("xmpp:a%00na@lark.chat"),
  REFUSED ("xmpp:ana@lark.chat?message;body=%FF"),
  REFUSED ("xmpp:\xff"),
  REFUSED ("xmpp://ana@lark.chat?roster"),
  REFUSED ("xmpp:ana@lark.chat xmpp:eva@lark.chat"),
  REFUSED ("look: xmpp:ana@lark.chat"),
};

static void
test_parse (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Row *row = &rows[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (LinnetLink) link = linnet_link_parse (row->in, &error);
      g_autofree char *shown = g_strescape (row->in, NULL);

      g_test_message ("%s", shown);
      if (row->refused)
        {
          g_assert_null (link);
          g_assert_error (error, LINNET_ERROR, LINNET_ERROR_BAD_LINK);
          continue;
        }

      g_assert_no_error (error);
      g_assert_cmpint (linnet_link_get_kind (link), ==, row->kind);
      g_assert_cmpstr (linnet_link_get_address (link), ==, row->address);
      g_assert_cmpstr (linnet_link_get_domain (link), ==, row->domain);
      g_assert_cmpstr (linnet_link_get_token (link), ==, row->token);
      g_assert_cmpstr (linnet_link_get_name (link), ==, row->name);
      g_assert_cmpstr (linnet_link_get_body (link), ==, row->body);
      g_assert_cmpstr (linnet_link_get_host (link), ==, row->host);
      g_assert_cmpint (linnet_link_get_can_register (link), ==, row->can_register);
      g_assert_true ((linnet_link_get_page (link) != NULL) == (row->kind == LINNET_LINK_PAGE));
      g_assert_true ((linnet_link_get_uri (link) == NULL) == (row->kind == LINNET_LINK_PAGE));
      g_assert_finalize_object (g_steal_pointer (&link));
    }
}

static void
test_long (void)
{
  g_autoptr (GString) token = g_string_new ("xmpp:ana@lark.chat?roster;preauth=");
  g_autoptr (GString) body = g_string_new ("xmpp:ana@lark.chat?message;body=");
  g_autoptr (GString) page = g_string_new ("https://lark.chat/");
  g_autoptr (LinnetLink) link = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 10000; i++)
    {
      if (i < 513)
        g_string_append_c (token, 't');
      g_string_append_c (body, 'b');
      g_string_append_c (page, 'p');
    }

  link = linnet_link_parse (token->str, NULL);
  g_assert_null (linnet_link_get_token (link));
  g_clear_object (&link);

  link = linnet_link_parse (body->str, NULL);
  g_assert_cmpuint (strlen (linnet_link_get_body (link)), ==, 8192);
  g_clear_object (&link);

  g_assert_null (linnet_link_parse (page->str, &error));
  g_assert_error (error, LINNET_ERROR, LINNET_ERROR_BAD_LINK);
}

static void
test_looks_like_one (void)
{
  g_assert_true (linnet_link_looks_like_one ("xmpp:"));
  g_assert_true (linnet_link_looks_like_one (" XMPP:ana@lark.chat "));
  g_assert_true (linnet_link_looks_like_one ("https://lark.chat/"));
  g_assert_false (linnet_link_looks_like_one (""));
  g_assert_false (linnet_link_looks_like_one ("ana@lark.chat"));
  g_assert_false (linnet_link_looks_like_one ("http://lark.chat/"));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/model/link/parse", test_parse);
  g_test_add_func ("/model/link/long", test_long);
  g_test_add_func ("/model/link/looks-like-one", test_looks_like_one);

  return g_test_run ();
}
