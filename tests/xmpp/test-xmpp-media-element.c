/* Tests of XEP-0221
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-test.h"
#include "xmpp-assert.h"
#include "xmpp-media-element.h"

#define CID "sha1+f24030b8d91d233bac14777be5ab531ca3b9f102@bob.xmpp.org"
#define MEDIA(content) "<media xmlns='urn:xmpp:media-element'>" content "</media>"

static const struct
{
  const char *name;
  const char *xml;
  const char *result; /* NULL: nothing usable */
} rows[] = {
  { "cid", MEDIA ("<uri type='image/png'>cid:" CID "</uri>"), "0x0 image/png cid:" CID },
  { "cid-in-lines",
    MEDIA ("<uri type='image/png'>\n  CID:" CID "\n</uri>"),
    "0x0 image/png cid:" CID },
  { "https",
    MEDIA ("<uri type='image/jpeg'>https://lark.chat/c?F3A6</uri>"),
    "0x0 image/jpeg https://lark.chat/c?F3A6" },
  { "both-in-order",
    MEDIA ("<uri type='audio/ogg; codecs=speex'>https://lark.chat/s</uri><uri type='IMAGE/PNG'>cid:" CID
           "</uri>"),
    "0x0 audio/ogg https://lark.chat/s image/png cid:" CID },
  { "size",
    "<media xmlns='urn:xmpp:media-element' width='290' height='80'><uri type='image/png'>cid:" CID
    "</uri></media>",
    "290x80 image/png cid:" CID },
  { "size-absurd",
    "<media xmlns='urn:xmpp:media-element' width='99999999999' height='-5'><uri type='image/png'>cid:" CID
    "</uri></media>",
    "0x0 image/png cid:" CID },
  { "http", MEDIA ("<uri type='image/jpeg'>http://lark.chat/c</uri>"), NULL },
  { "file", MEDIA ("<uri type='image/jpeg'>file:///etc/passwd</uri>"), NULL },
  { "data", MEDIA ("<uri type='image/jpeg'>data:image/png;base64,AAAA</uri>"), NULL },
  { "ftp", MEDIA ("<uri type='image/jpeg'>ftp://lark.chat/c</uri>"), NULL },
  { "user-in-url", MEDIA ("<uri type='image/jpeg'>https://lark.chat@evil.example/</uri>"), NULL },
  { "no-host", MEDIA ("<uri type='image/jpeg'>https:///c</uri>"), NULL },
  { "space-in-url", MEDIA ("<uri type='image/jpeg'>https://lark.chat/a b</uri>"), NULL },
  { "back-slash", MEDIA ("<uri type='image/jpeg'>https:\\\\lark.chat/</uri>"), NULL },
  { "cid-of-others", MEDIA ("<uri type='image/jpeg'>cid:12345@example.org</uri>"), NULL },
  { "cid-too-short", MEDIA ("<uri type='image/jpeg'>cid:sha1+f24030@bob.xmpp.org</uri>"), NULL },
  { "no-type", MEDIA ("<uri>cid:" CID "</uri>"), NULL },
  { "bad-type", MEDIA ("<uri type='image'>cid:" CID "</uri>"), NULL },
  { "markup-in-type", MEDIA ("<uri type='image/&lt;b>'>cid:" CID "</uri>"), NULL },
  { "foreign-uri", MEDIA ("<uri xmlns='urn:other' type='image/png'>cid:" CID "</uri>"), NULL },
  { "empty", MEDIA (""), NULL },
  { "no-media", "<media xmlns='urn:other'><uri type='image/png'>cid:" CID "</uri></media>", NULL },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppNode) node = xmpp_node_from_literal (rows[row].xml);
  g_autoptr (XmppMediaElement) media = xmpp_media_element_parse (node);
  g_autoptr (GString) result = g_string_new (NULL);

  if (rows[row].result == NULL)
    {
      g_assert_null (media);
      return;
    }

  g_assert_nonnull (media);
  g_string_printf (result, "%ux%u", media->width, media->height);
  for (guint i = 0; i < media->uris->len; i++)
    {
      const XmppMediaUri *uri = media->uris->pdata[i];

      g_assert_true ((uri->cid == NULL) != (uri->url == NULL));
      g_string_append_printf (result,
                              " %s %s%s",
                              uri->type,
                              uri->cid != NULL ? "cid:" : "",
                              uri->cid != NULL ? uri->cid : uri->url);
    }
  g_assert_cmpstr (result->str, ==, rows[row].result);
}

static void
test_find (void)
{
  g_autoptr (XmppNode) node =
      xmpp_node_from_literal (MEDIA ("<uri type='imagery/png'>https://lark.chat/0</uri>"
                                     "<uri type='image/png'>https://lark.chat/1</uri>"
                                     "<uri type='image/jpeg'>cid:" CID "</uri>"
                                     "<uri type='audio/ogg'>https://lark.chat/2</uri>"));
  g_autoptr (XmppMediaElement) media = xmpp_media_element_parse (node);

  g_assert_cmpstr (xmpp_media_element_find (media, "image", FALSE)->url, ==, "https://lark.chat/1");
  g_assert_cmpstr (xmpp_media_element_find (media, "image", TRUE)->cid, ==, CID);
  g_assert_cmpstr (xmpp_media_element_find (media, "audio", FALSE)->url, ==, "https://lark.chat/2");
  g_assert_null (xmpp_media_element_find (media, "audio", TRUE));
  g_assert_null (xmpp_media_element_find (media, "video", FALSE));
}

static void
test_many (void)
{
  g_autoptr (GString) xml = g_string_new ("<media xmlns='urn:xmpp:media-element'>");
  g_autoptr (XmppNode) node = NULL;
  g_autoptr (XmppMediaElement) media = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (xml, "<uri type='image/png'>https://lark.chat/%u</uri>", i);
  g_string_append (xml, "</media>");
  node = xmpp_node_from_literal (xml->str);
  media = xmpp_media_element_parse (node);

  g_assert_cmpuint (media->uris->len, ==, 16);
}

static void
test_long_url (void)
{
  g_autoptr (GString) url = g_string_new ("https://lark.chat/");

  while (url->len < 2000)
    g_string_append_c (url, 'a');
  g_assert_true (xmpp_media_url_is_safe (url->str));
  g_string_append_c (url, 'a');
  g_assert_false (xmpp_media_url_is_safe (url->str));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/media-element/%s", rows[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_row);
    }
  g_test_add_func ("/xmpp/media-element/find", test_find);
  g_test_add_func ("/xmpp/media-element/many", test_many);
  g_test_add_func ("/xmpp/media-element/long-url", test_long_url);

  return g_test_run ();
}
