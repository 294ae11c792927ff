/* Tests of XEP-0363's first step: who takes files
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-spawn.h"
#include "xmpp-disco.h"
#include "xmpp-roster.h"
#include "xmpp-test-session.h"
#include "xmpp-upload-service.h"

#define INFO "http://jabber.org/protocol/disco#info"
#define ITEMS "http://jabber.org/protocol/disco#items"
#define UPLOAD "urn:xmpp:http:upload:0"
#define INTRO                                                                               \
  {                                                                                         \
    .c = "<iq type='get' id='*'><query xmlns='jabber:iq:roster' ver='?'/></iq>"             \
         "<iq type='get' id='*' to='example.org'><query xmlns='" INFO "'/></iq>"            \
         "<iq type='get' id='*' to='ana@example.org'><query xmlns='" INFO "'/></iq>",       \
    .s = "<iq type='result' id='$1'><query xmlns='jabber:iq:roster' ver='v1'/></iq>"        \
         "<iq type='result' id='$2' from='example.org'><query xmlns='" INFO "'/></iq>"      \
         "<iq type='result' id='$3' from='ana@example.org'><query xmlns='" INFO "'/></iq>", \
  }
#define ASK(jid) "<iq type='get' id='*' to='" jid "'><query xmlns='" INFO "'/></iq>"
#define TELL(jid, content) \
  "<iq type='result' id='$1' from='" jid "'><query xmlns='" INFO "'>" content "</query></iq>"
#define ASK_ITEMS "<iq type='get' id='*' to='example.org'><query xmlns='" ITEMS "'/></iq>"
#define TELL_ITEMS(content) \
  "<iq type='result' id='$1' from='example.org'><query xmlns='" ITEMS "'>" content "</query></iq>"
#define SIZE(size)                                                         \
  "<feature var='" UPLOAD "'/><x xmlns='jabber:x:data' type='result'>"     \
  "<field var='FORM_TYPE' type='hidden'><value>" UPLOAD "</value></field>" \
  "<field var='max-file-size'><value>" size "</value></field></x>"
#define ERROR(jid)                                                                     \
  "<iq type='error' id='$1' from='" jid "'><error type='cancel'><service-unavailable " \
  "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"

static const struct
{
  const char *name;
  LinnetTestStep steps[6];
  const char *jid; /* NULL: nobody */
  guint64 max_size;
} rows[] = {
  { "server-itself",
    { INTRO, { .c = ASK ("example.org"), .s = TELL ("example.org", SIZE ("1000")) } },
    "example.org",
    1000 },
  { "service",
    { INTRO,
      { .c = ASK ("example.org"), .s = TELL ("example.org", "") },
      { .c = ASK_ITEMS,
        .s = TELL_ITEMS ("<item jid='example.org'/><item jid='ana@example.org' node='x'/><item/>"
                         "<item jid='rooms.example.org'/><item jid='upload.example.org'/>") },
      { .c = ASK ("rooms.example.org"), .s = ERROR ("rooms.example.org") },
      { .c = ASK ("upload.example.org"), .s = TELL ("upload.example.org", SIZE ("104857600")) } },
    "upload.example.org",
    104857600 },
  { "no-limit",
    { INTRO, { .c = ASK ("example.org"), .s = TELL ("example.org", "<feature var='" UPLOAD "'/>") } },
    "example.org",
    G_MAXUINT64 },
  { "bad-limit",
    { INTRO, { .c = ASK ("example.org"), .s = TELL ("example.org", SIZE ("-5")) } },
    "example.org",
    G_MAXUINT64 },
  { "nobody",
    { INTRO,
      { .c = ASK ("example.org"), .s = TELL ("example.org", "") },
      { .c = ASK_ITEMS, .s = TELL_ITEMS ("") } },
    NULL,
    0 },
  { "nothing-is-told",
    { INTRO,
      { .c = ASK ("example.org"), .s = ERROR ("example.org") },
      { .c = ASK_ITEMS, .s = ERROR ("example.org") } },
    NULL,
    0 },
};

static void
test_row (gconstpointer data)
{
  const GType types[] = { XMPP_TYPE_ROSTER, XMPP_TYPE_DISCO, G_TYPE_INVALID };
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppTest) test = xmpp_test_new (types);
  g_autoptr (XmppUploadService) service = NULL;
  g_autoptr (GError) error = NULL;

  xmpp_test_start (test, rows[row].steps, NULL);
  service = dex_await_boxed (xmpp_upload_service_find (test->session), &error);
  if (rows[row].jid != NULL)
    {
      g_assert_no_error (error);
      g_assert_cmpstr (xmpp_jid_get_string (service->jid), ==, rows[row].jid);
      g_assert_cmpuint (service->max_size, ==, rows[row].max_size);
    }
  else
    g_assert_error (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_ITEM_NOT_FOUND);
  xmpp_test_finish (test);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/upload-service/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }

  return g_test_run ();
}
