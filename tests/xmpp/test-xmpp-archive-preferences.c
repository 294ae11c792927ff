/* Tests of XEP-0441: what the server keeps
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-spawn.h"
#include "xmpp-archive-preferences.h"
#include "xmpp-test-session.h"

#define PREFS(attrs) \
  "<iq type='result' id='$1'><prefs xmlns='urn:xmpp:mam:2'" attrs "><always/><never/></prefs></iq>"

static const struct
{
  const char *name;
  const char *answer;
  int expected; /* -1: it does not tell */
  int error;
} rows[] = {
  { "always", PREFS (" default='always'"), XMPP_ARCHIVE_ALWAYS, 0 },
  { "roster", PREFS (" default='roster'"), XMPP_ARCHIVE_ROSTER, 0 },
  { "never", PREFS (" default='never'"), XMPP_ARCHIVE_NEVER, 0 },
  { "other", PREFS (" default='maybe'"), -1, XMPP_STANZA_ERROR_UNDEFINED_CONDITION },
  { "nothing", PREFS (""), -1, XMPP_STANZA_ERROR_UNDEFINED_CONDITION },
  { "empty", "<iq type='result' id='$1'/>", -1, XMPP_STANZA_ERROR_UNDEFINED_CONDITION },
  { "refused",
    "<iq type='error' id='$1'><error type='cancel'><feature-not-implemented "
    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
    -1,
    XMPP_STANZA_ERROR_FEATURE_NOT_IMPLEMENTED },
};

static void
test_row (gconstpointer data)
{
  const GType types[] = { G_TYPE_INVALID };
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = {
    { .c = "<iq type='get' id='*'><prefs xmlns='urn:xmpp:mam:2'/></iq>", .s = rows[row].answer },
    {}
  };
  g_autoptr (XmppTest) test = xmpp_test_new (types);
  g_autoptr (GError) error = NULL;
  int value;

  xmpp_test_start (test, steps, NULL);
  value = dex_await_int (xmpp_archive_preferences_get_default (test->session), &error);
  if (rows[row].expected == -1)
    {
      g_assert_error (error, XMPP_STANZA_ERROR, rows[row].error);
      return;
    }

  g_assert_no_error (error);
  g_assert_cmpint (value, ==, rows[row].expected);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/archive-preferences/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }

  return g_test_run ();
}
