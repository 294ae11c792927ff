/* No text from afar can end the program when a label wraps it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <adwaita.h>

#include "linnet-safe-text.h"

/* Lays @text out as a wrapping label does, down to nothing. Pango aborts where it fails. */
static void
lay_out (GtkWidget *label,
         const char *text)
{
  g_autofree char *safe = linnet_safe_text_dup (label, text);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (label, safe);

  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  for (int width = 0; width < 120; width += 1 + width / 4)
    {
      pango_layout_set_width (layout, width * PANGO_SCALE);
      g_assert_cmpint (pango_layout_get_line_count (layout), >, 0);
    }
}

static void
test_killers (void)
{
  static const char *const killers[] = { "\U0001F1E6\U0001F3FD/", "\U0001F1E6\U0001F3FD/ and more" };
  g_autoptr (GtkWidget) label = g_object_ref_sink (gtk_label_new (NULL));

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);

  for (guint i = 0; i < G_N_ELEMENTS (killers); i++)
    {
      g_autofree char *safe = linnet_safe_text_dup (label, killers[i]);

      g_assert_cmpstr (safe, !=, killers[i]);
      lay_out (label, killers[i]);

      gtk_label_set_text (GTK_LABEL (label), safe);
      gtk_widget_measure (label, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
    }
}

static void
test_kept (void)
{
  static const char *const texts[] = {
    "Balcony is ready, four pots are still free.",
    "Größe, naïve, Kovač, Ελλάδα, Привет",
    "e\u0301 a\u0308 o\u0323\u0302",
    "שָׁלוֹם עוֹלָם",
    "السَّلامُ عَلَيْكُم",
    "नमस्ते, क्षत्रिय",
    "สวัสดีครับ น้ำ",
    "བོད་སྐད",
    "မြန်မာဘာသာ",
    "한국어 각",
    "明日の朝、駅で会いましょう。がぎぐ",
    "👍🏽 👨\u200d👩\u200d👧 🇩🇪🇫🇷 1\ufe0f\u20e3 ❤\ufe0f",
  };
  g_autoptr (GtkWidget) label = g_object_ref_sink (gtk_label_new (NULL));

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *safe = linnet_safe_text_dup (label, texts[i]);

      g_assert_cmpstr (safe, ==, texts[i]);
      lay_out (label, texts[i]);
    }
}

static void
test_random (void)
{
  static const gunichar pool[] = {
    'a',
    '.',
    '/',
    ' ',
    'x',
    0x301,
    0x308,
    0x20E3,
    0x200D,
    0x200C,
    0xFE0F,
    0x1F468,
    0x1F3FD,
    0x1F1E6,
    0x5d0,
    0x5b0,
    0x627,
    0x0644,
    0x0915,
    0x094d,
    0x093f,
    0x0e01,
    0x0e33,
    0x0e31,
    0x1100,
    0x1161,
    0x11a8,
    0x4e2d,
    0xAD,
    0x202E,
    0x2066,
    0x2069,
    '-',
    '\n',
    0x0f40,
    0x0f90,
    0x0f72,
    0xD55C,
    0x034F,
    0x0600,
    0x0D4E,
    0x1F3F4,
    0xE0067,
    0xE007F,
    0x1b04,
    0x1b35,
    0x11370,
  };
  g_autoptr (GtkWidget) label = g_object_ref_sink (gtk_label_new (NULL));

  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      int base = g_test_rand_int_range (0, G_N_ELEMENTS (pool));
      int spread = g_test_rand_int_range (2, G_N_ELEMENTS (pool));

      for (int n = g_test_rand_int_range (1, 40); n > 0; n--)
        g_string_append_unichar (
            text, pool[(base + g_test_rand_int_range (0, spread)) % (int) G_N_ELEMENTS (pool)]);
      lay_out (label, text->str);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/ui/safe-text/killers", test_killers);
  g_test_add_func ("/ui/safe-text/kept", test_kept);
  g_test_add_func ("/ui/safe-text/random", test_random);

  return g_test_run ();
}
