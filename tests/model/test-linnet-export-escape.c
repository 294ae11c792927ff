/* Tests of text of others inside files, and of the names of files (F1, U1)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-export-escape.h"
#include "linnet-test.h"

static const struct
{
  const char *text;
  const char *html;
  const char *json;
  const char *plain;
} texts[] = {
  { "", "", "\"\"", "" },
  { "Grüße & <b>", "Grüße &amp; &lt;b&gt;", "\"Grüße & <b>\"", "Grüße & <b>" },
  { "\"'", "&quot;&#39;", "\"\\\"'\"", "\"'" },
  { "</script><script>", "&lt;/script&gt;&lt;script&gt;", "\"</script><script>\"", "</script><script>" },
  { "a\nb\tc\rd", "a\nb\tcd", "\"a\\nb\\tcd\"", "a\n> b\tcd" },
  { "\001\033[31m\177\302\205", "[31m", "\"[31m\"", "[31m" },
  { "x\342\200\256y", "x\342\200\256y", "\"x\342\200\256y\"", "xy" },
  { "p\342\200\251q", "p\342\200\251q", "\"p\\u2029q\"", "p\n> q" },
  { "back\\slash", "back\\slash", "\"back\\\\slash\"", "back\\slash" },
};

static void
test_texts (gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GString) html = g_string_new (NULL);
      g_autoptr (GString) json = g_string_new (NULL);
      g_autoptr (GString) plain = g_string_new (NULL);

      linnet_export_append_html (html, texts[i].text);
      linnet_export_append_json (json, texts[i].text);
      linnet_export_append_plain (plain, texts[i].text, "> ");
      g_assert_cmpstr (html->str, ==, texts[i].html);
      g_assert_cmpstr (json->str, ==, texts[i].json);
      g_assert_cmpstr (plain->str, ==, texts[i].plain);
    }
}

static void
test_json_null (gconstpointer data)
{
  g_autoptr (GString) json = g_string_new (NULL);

  linnet_export_append_json (json, NULL);
  g_assert_cmpstr (json->str, ==, "null");
}

static void
test_vcard (gconstpointer data)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *name = g_strnfill (70, 'x');
  g_autofree char *umlauts = g_strconcat (name, "äöü", NULL);
  g_autofree char *folded = g_strdup_printf ("FN:%sä\r\n öü\r\n", name);

  linnet_export_append_vcard (out, "FN", "a,b;c\\d\ne\rEND:VCARD");
  g_assert_cmpstr (out->str, ==, "FN:a\\,b\\;c\\\\d\\neEND:VCARD\r\n");

  g_string_truncate (out, 0);
  linnet_export_append_vcard (out, "FN", umlauts);
  g_assert_cmpstr (out->str, ==, folded);
}

static const struct
{
  const char *text;
  const char *name;
} names[] = {
  { "mira@lark.test", "mira@lark.test" },
  { "MIRA@lark.test", "MIRA@lark.test_2" },
  { "mira@lark.test", "mira@lark.test_3" },
  { "../../etc/passwd", "_.._.._etc_passwd" },
  { "..%2f..%2fx", "_.._2f.._2fx" },
  { ".hidden", "_.hidden" },
  { "-rf", "_-rf" },
  { "", "_" },
  { "ends.", "ends_" },
  { "CON", "_CON" },
  { "nul.txt", "_nul.txt" },
  { "COM1", "_COM1" },
  { "lpt9.x", "_lpt9.x" },
  { "console", "console" },
  { "a\342\200\256b", "a_b" },
  { "grün@x.test", "gr_n@x.test" },
  { "a:b|c?d*e\"f<g>h\\i", "a_b_c_d_e_f_g_h_i" },
};

static void
test_names (gconstpointer data)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *text = g_strnfill (5000, 'y');
  g_autofree char *name = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *made = linnet_export_dup_file_name (names[i].text, taken);

      g_assert_cmpstr (made, ==, names[i].name);
    }

  name = linnet_export_dup_file_name (text, taken);
  g_assert_cmpuint (strlen (name), <=, 100);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/export-escape/texts", test_texts, NULL);
  linnet_test_add ("/model/export-escape/json-null", test_json_null, NULL);
  linnet_test_add ("/model/export-escape/vcard", test_vcard, NULL);
  linnet_test_add ("/model/export-escape/names", test_names, NULL);

  return g_test_run ();
}
