/* Tests of strict base64
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "xmpp-base64.h"

static const struct
{
  const char *name;
  const char *text;
  gsize max;
  const char *bytes; /* NULL: refused */
} rows[] = {
  { .name = "empty", .text = "", .max = 9, .bytes = "" },
  { .name = "one", .text = "Zg==", .max = 9, .bytes = "f" },
  { .name = "two", .text = "Zm8=", .max = 9, .bytes = "fo" },
  { .name = "three", .text = "Zm9v", .max = 9, .bytes = "foo" },
  { .name = "six", .text = "Zm9vYmFy", .max = 9, .bytes = "foobar" },
  { .name = "alphabet", .text = "+/+/", .max = 9, .bytes = "\xfb\xff\xbf" },
  { .name = "space-around", .text = "\n  Zm9v\r\n\t", .max = 9, .bytes = "foo" },
  { .name = "space-inside", .text = "Zm 9v", .max = 9 },
  { .name = "no-padding", .text = "Zg", .max = 9 },
  { .name = "half-padding", .text = "Zg=", .max = 9 },
  { .name = "only-padding", .text = "====", .max = 9 },
  { .name = "three-padding", .text = "Z===", .max = 9 },
  { .name = "padding-inside", .text = "Zg==Zg==", .max = 9 },
  { .name = "padding-before", .text = "=Zg=", .max = 9 },
  { .name = "bits-left-of-one", .text = "Zh==", .max = 9 },
  { .name = "bits-left-of-two", .text = "Zm9=", .max = 9 },
  { .name = "url-alphabet", .text = "-_-_", .max = 9 },
  { .name = "high-bytes", .text = "Zm9\xc3\xbc", .max = 9 },
  { .name = "exact", .text = "Zm9vYmFy", .max = 6, .bytes = "foobar" },
  { .name = "too-long", .text = "Zm9vYmFy", .max = 5 },
  { .name = "far-too-long", .text = "Zm9vYmFyZm9vYmFy", .max = 1 },
};

static void
test_decode (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GBytes) bytes = xmpp_base64_decode (rows[i].text, rows[i].max);

  if (rows[i].bytes == NULL)
    {
      g_assert_null (bytes);
      return;
    }
  g_assert_nonnull (bytes);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL),
                   g_bytes_get_size (bytes),
                   rows[i].bytes,
                   strlen (rows[i].bytes));
}

static void
test_round_trip (void)
{
  guint8 data[64];

  for (gsize length = 0; length <= sizeof data; length++)
    {
      g_autofree char *text = NULL;
      g_autoptr (GBytes) bytes = NULL;

      for (gsize i = 0; i < length; i++)
        data[i] = (guint8) g_test_rand_int ();
      text = g_base64_encode (data, length);
      bytes = xmpp_base64_decode (text, length);
      g_assert_nonnull (bytes);
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), data, length);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/xmpp/base64/decode/", rows[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_decode);
    }
  g_test_add_func ("/xmpp/base64/round-trip", test_round_trip);

  return g_test_run ();
}
