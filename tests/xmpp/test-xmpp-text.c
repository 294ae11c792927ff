/* Tests of text from the network: control characters, bytes that are no UTF-8, names with hidden parts (U3)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "xmpp-text.h"

static const struct
{
  const char *name;
  const char *in;
  const char *out; /* NULL: nothing is left */
} text_rows[] = {
  { "plain", "Hello, world", "Hello, world" },
  { "empty", "", NULL },
  { "tab-newline", "a\tb\nc", "a\tb\nc" },
  { "crlf", "a\r\nb\rc", "a\nb\nc" },
  { "c0", "a\001b\033[31mc\177d", "ab[31mcd" },
  { "only-control", "\001\002", NULL },
  { "c1",
    "a\xc2\x80"
    "b\xc2\x9f"
    "c\xc2\xa0"
    "d",
    "abc\xc2\xa0"
    "d" },
  { "umlaut-survives", "für", "für" },
  { "emoji-joiner-survives", "👩\xe2\x80\x8d🚀", "👩\xe2\x80\x8d🚀" },
  { "not-utf-8",
    "a\xff"
    "b",
    "a\xef\xbf\xbd"
    "b" },
  { "surrogate",
    "a\xed\xa0\x80"
    "b",
    "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
    "b" },
};

static const struct
{
  const char *name;
  const char *in;
  const char *out;
} name_rows[] = {
  { "plain", "Ana García", "Ana García" },
  { "null", NULL, NULL },
  { "empty", "", NULL },
  { "trimmed", "  Ana \n\t García  ", "Ana García" },
  { "one-line", "Ana\nAdministrator", "Ana Administrator" },
  { "right-to-left-override",
    "Ana\xe2\x80\xae"
    "anA",
    "AnaanA" },
  { "isolate",
    "\xe2\x81\xa6"
    "Ana\xe2\x81\xa9",
    "Ana" },
  { "zero-width",
    "A\xe2\x80\x8b"
    "na\xef\xbb\xbf",
    "Ana" },
  { "nothing-visible", "\xe2\x80\x8b \xe2\x80\x8f", NULL },
  { "control", "A\001na", "Ana" },
  { "emoji", "👩\xe2\x80\x8d🚀 Ana", "👩\xe2\x80\x8d🚀 Ana" },
  { "not-utf-8", "An\xff", "An\xef\xbf\xbd" },
};

static void
test_text (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  gboolean truncated = TRUE;
  g_autofree char *out = xmpp_text_clean (text_rows[row].in, 1000, &truncated);

  g_assert_cmpstr (out, ==, text_rows[row].out);
  g_assert_false (truncated);
}

static void
test_text_cap (void)
{
  gboolean truncated = FALSE;
  g_autofree char *cut = xmpp_text_clean ("ab€cd", 4, &truncated);
  g_autofree char *whole = NULL;

  /* The sign is three bytes long: there is no half of it. */
  g_assert_cmpstr (cut, ==, "ab");
  g_assert_true (truncated);

  whole = xmpp_text_clean ("ab€cd", 7, &truncated);
  g_assert_cmpstr (whole, ==, "ab€cd");
  g_assert_false (truncated);
}

static void
test_name (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autofree char *out = xmpp_text_clean_name (name_rows[row].in);

  g_assert_cmpstr (out, ==, name_rows[row].out);
}

static void
test_name_cap (void)
{
  g_autofree char *name = g_strnfill (5000, 'x');
  g_autofree char *out = xmpp_text_clean_name (name);

  g_assert_cmpuint (strlen (out), ==, 256);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (text_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/text/body/%s", text_rows[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_text);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (name_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/text/name/%s", name_rows[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_name);
    }
  g_test_add_func ("/xmpp/text/body-cap", test_text_cap);
  g_test_add_func ("/xmpp/text/name-cap", test_name_cap);

  return g_test_run ();
}
