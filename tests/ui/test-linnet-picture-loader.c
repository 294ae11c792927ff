/* Tests of what is decoded at all
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-picture-loader.h"
#include "linnet-test.h"

static const struct
{
  const char *name;
  const char *bytes;
  gsize length;
  gboolean allowed;
} rows[] = {
  { "png", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16, TRUE },
  { "jpeg", "\xff\xd8\xff\xe0\0\x10JFIF", 10, TRUE },
  { "gif87", "GIF87a", 6, TRUE },
  { "gif89", "GIF89a", 6, TRUE },
  { "webp", "RIFF\x10\0\0\0WEBPVP8 ", 16, TRUE },
  { "avif",
    "\0\0\0\x1c"
    "ftypavif",
    12,
    TRUE },
  { "svg", "<svg xmlns='ht", 14, FALSE },
  { "xpm", "/* XPM */\nstat", 14, FALSE },
  { "heif",
    "\0\0\0\x1c"
    "ftypheic",
    12,
    FALSE },
  { "wav", "RIFF\x10\0\0\0WAVEfmt ", 16, FALSE },
  { "png-cut", "\x89PNG\r\n\x1a", 7, FALSE },
  { "webp-cut", "RIFF\x10\0\0\0WEB", 11, FALSE },
  { "empty", "", 0, FALSE },
};

static void
test_allowed (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].name);
      g_assert_cmpint (
          linnet_picture_is_allowed ((const guint8 *) rows[i].bytes, rows[i].length), ==, rows[i].allowed);
    }
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/ui/picture-loader/allowed", test_allowed);

  return g_test_run ();
}
