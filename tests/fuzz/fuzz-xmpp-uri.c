/* Fuzz target: a link that is taken apart and put together stays the same, and smuggles nothing
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "xmpp-uri.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static const char *const keys[] = { "preauth", "ibr", "name", "body", "password", "node" };

static void
check_value (const char *value)
{
  g_assert (value == NULL || (strlen (value) <= 16384 && g_utf8_validate (value, -1, NULL)));
}

/* Nothing but what is allowed in a URI, and one scheme, one "?" and no fragment. */
static void
check_text (const char *text)
{
  const char *query = strchr (text, '?');

  g_assert (g_str_has_prefix (text, "xmpp:"));
  for (const char *p = text; *p != '\0'; p++)
    g_assert (g_ascii_isalnum (*p) || strchr ("-._~!*+,=@/?;:%[]", *p) != NULL);
  g_assert (query == NULL || strpbrk (query + 1, "?/@:[]") == NULL);
}

static void
check (XmppUri *uri)
{
  g_autofree char *text = xmpp_uri_to_string (uri);
  g_autoptr (XmppUri) again = xmpp_uri_parse (text, NULL);
  g_autofree char *text_again = NULL;

  check_text (text);
  check_value (xmpp_uri_get_action (uri));
  /* Encoding makes it longer; only then may it be too long. */
  if (again == NULL)
    {
      g_assert (strlen (text) > 16384);
      return;
    }

  text_again = xmpp_uri_to_string (again);
  g_assert_cmpstr (text, ==, text_again);
  g_assert (xmpp_jid_equal (xmpp_uri_get_jid (uri), xmpp_uri_get_jid (again)));
  g_assert_cmpstr (xmpp_uri_get_action (uri), ==, xmpp_uri_get_action (again));
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      check_value (xmpp_uri_get_value (uri, keys[i]));
      g_assert_cmpstr (xmpp_uri_get_value (uri, keys[i]), ==, xmpp_uri_get_value (again, keys[i]));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *link = g_strconcat ("xmpp:", text, NULL);
  g_autoptr (XmppUri) whole = xmpp_uri_parse (text, NULL);
  g_autoptr (XmppUri) rest = xmpp_uri_parse (link, NULL);

  if (whole != NULL)
    check (whole);
  if (rest != NULL)
    check (rest);

  return 0;
}
