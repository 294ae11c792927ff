/* The colours behind initials, by XEP-0392
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-avatar-colors"

#include "config.h"

#include <math.h>

#include <adwaita.h>

#include "linnet-avatar-colors.h"
#include "linnet-color.h"

/* Nobody tells hues apart that are nearer than this; degrees. */
#define STEP 5
#define SATURATION 90

/* In HSLuv lightness alone decides on the contrast, whatever the hue: with white text it is at least 4.8:1,
 * and 7.6:1 in high contrast; with windows, light and dark, enough to see the circle. */
static const struct
{
  double top;
  double bottom;
} lightness[] = {
  [FALSE] = { 48, 40 },
  [TRUE] = { 36, 36 },
};

char *
linnet_avatar_colors_get_class (const char *address)
{
  int step = (int) round (linnet_color_get_angle (address) / STEP) % (360 / STEP);

  return g_strdup_printf ("hue-%d", step * STEP);
}

static void
append_color (GString *css, double angle, double light)
{
  double red, green, blue;

  linnet_color_to_rgb (angle, SATURATION, light, &red, &green, &blue);
  g_string_append_printf (css,
                          "rgb(%d,%d,%d)",
                          (int) round (red * 255),
                          (int) round (green * 255),
                          (int) round (blue * 255));
}

char *
linnet_avatar_colors_to_css (gboolean high_contrast)
{
  GString *css = g_string_new (NULL);

  for (int angle = 0; angle < 360; angle += STEP)
    {
      g_string_append_printf (
          css, ".hue-%d avatar:not(.image) { color: white; background-image: linear-gradient(", angle);
      append_color (css, angle, lightness[!!high_contrast].top);
      g_string_append_c (css, ',');
      append_color (css, angle, lightness[!!high_contrast].bottom);
      g_string_append (css, "); }\n");
    }

  return g_string_free_and_steal (css);
}

static void
contrast_changed_cb (GtkCssProvider *provider, GParamSpec *pspec, AdwStyleManager *manager)
{
  g_autofree char *css = linnet_avatar_colors_to_css (adw_style_manager_get_high_contrast (manager));

  gtk_css_provider_load_from_string (provider, css);
}

static void
ensure_provider (GdkDisplay *display)
{
  AdwStyleManager *manager = adw_style_manager_get_for_display (display);
  g_autoptr (GtkCssProvider) provider = NULL;

  if (g_object_get_data (G_OBJECT (display), "linnet-avatar-colors") != NULL)
    return;

  provider = gtk_css_provider_new ();
  contrast_changed_cb (provider, NULL, manager);
  g_signal_connect_object (
      manager, "notify::high-contrast", G_CALLBACK (contrast_changed_cb), provider, G_CONNECT_SWAPPED);
  gtk_style_context_add_provider_for_display (
      display, GTK_STYLE_PROVIDER (provider), GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_object_set_data_full (
      G_OBJECT (display), "linnet-avatar-colors", g_steal_pointer (&provider), g_object_unref);
}

void
linnet_avatar_colors_set (GtkWidget *widget, const char *address)
{
  g_autofree char *class = NULL;
  g_auto (GStrv) classes = NULL;

  g_return_if_fail (GTK_IS_WIDGET (widget));

  class = address != NULL ? linnet_avatar_colors_get_class (address) : NULL;
  if (class != NULL && gtk_widget_has_css_class (widget, class))
    return;

  classes = gtk_widget_get_css_classes (widget);
  for (guint i = 0; classes[i] != NULL; i++)
    {
      if (g_str_has_prefix (classes[i], "hue-"))
        gtk_widget_remove_css_class (widget, classes[i]);
    }

  if (class == NULL)
    return;

  ensure_provider (gtk_widget_get_display (widget));
  gtk_widget_add_css_class (widget, class);
}
