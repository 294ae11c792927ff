/* XEP-0392 Consistent Color Generation, version 1.0.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The hue for @text (a bare address, normalised), in degrees: section 5.1. */
double linnet_color_get_angle (const char *text);
/* HSLuv to sRGB. @angle 0…360; @saturation, @lightness 0…100 (XEP: 100 and 50); results 0…1. */
void linnet_color_to_rgb (
    double angle, double saturation, double lightness, double *red, double *green, double *blue);

G_END_DECLS
