/* Tests of password preparation
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib.h>

#include "xmpp-saslprep.h"
#include "xmpp-secret.h"

static const struct
{
  const char *name;
  const char *text;
  const char *expected; /* NULL: forbidden */
} rows[] = {
  /* RFC 4013 section 3 */
  { .name = "soft-hyphen", .text = "I\u00adX", .expected = "IX" },
  { .name = "unchanged", .text = "user", .expected = "user" },
  { .name = "case-kept", .text = "USER", .expected = "USER" },
  { .name = "ordinal", .text = "\u00aa", .expected = "a" },
  { .name = "roman-nine", .text = "\u2168", .expected = "IX" },
  { .name = "control", .text = "\a", .expected = NULL },
  { .name = "bidi", .text = "\u06271", .expected = NULL },

  { .name = "empty", .text = "", .expected = "" },
  { .name = "delete", .text = "a\x7f", .expected = NULL },
  { .name = "no-break-space", .text = "a\u00a0b", .expected = "a b" },
  { .name = "decomposed", .text = "u\u0308", .expected = "\u00fc" },
  { .name = "full-width", .text = "\uff21", .expected = "A" },
  { .name = "unassigned-in-unicode-3.2", .text = "key\U0001f511", .expected = "key\U0001f511" },
  { .name = "private-use", .text = "\ue000", .expected = NULL },
  { .name = "not-utf-8", .text = "\xff", .expected = NULL },
  {
      .name = "longest-expansion",
      .text = "\ufdfa",
      .expected = "\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 "
                  "\u0639\u0644\u064a\u0647 \u0648\u0633\u0644\u0645",
  },
};

static void
test_prepare (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppSecret) prepared = xmpp_saslprep (rows[i].text);

  g_assert_cmpstr (prepared, ==, rows[i].expected);
}

static void
test_too_long (void)
{
  g_autofree char *text = g_strnfill (5000, 'a');
  g_autofree char *wide = g_strconcat (text, "\u00fc", NULL);
  g_autoptr (XmppSecret) prepared = xmpp_saslprep (wide);

  g_assert_null (prepared);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/xmpp/saslprep/", rows[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_prepare);
    }
  g_test_add_func ("/xmpp/saslprep/too-long", test_too_long);

  return g_test_run ();
}
