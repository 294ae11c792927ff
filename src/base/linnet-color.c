/* XEP-0392 Consistent Color Generation, version 1.0.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-color"

#include "config.h"

#include <math.h>

#include "linnet-color.h"

/* HSLuv, https://www.hsluv.org: CIE LCh(uv) with the chroma stretched to what sRGB can show. The constants
 * are those of sRGB with D65 white: the matrix from XYZ, the white point's u' and v', and CIE's kappa and
 * epsilon. */
static const double xyz_to_rgb[3][3] = {
  { 3.240969941904521, -1.537383177570093, -0.498610760293 },
  { -0.96924363628087, 1.87596750150772, 0.041555057407175 },
  { 0.055630079696993, -0.20397695888897, 1.056971514242878 },
};

#define WHITE_U 0.19783000664283
#define WHITE_V 0.46831999493879
#define KAPPA 903.2962962
#define EPSILON 0.0088564516

double
linnet_color_get_angle (const char *text)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize length = sizeof digest;

  g_return_val_if_fail (text != NULL, 0);

  g_checksum_update (checksum, (const guchar *) text, -1);
  g_checksum_get_digest (checksum, digest, &length);

  return (digest[0] + digest[1] * 256) / 65536.0 * 360.0;
}

/* The distance from grey to where sRGB ends, for this lightness and hue: the nearest of the six planes that
 * bound it. */
static double
max_chroma (double lightness,
            double hue)
{
  double sub1 = pow (lightness + 16, 3) / 1560896;
  double sub2 = sub1 > EPSILON ? sub1 : lightness / KAPPA;
  double nearest = G_MAXDOUBLE;

  for (guint channel = 0; channel < 3; channel++)
    {
      const double *m = xyz_to_rgb[channel];

      for (guint bound = 0; bound < 2; bound++)
        {
          double top1 = (284517 * m[0] - 94839 * m[2]) * sub2;
          double top2 =
              (838422 * m[2] + 769860 * m[1] + 731718 * m[0]) * lightness * sub2 - 769860 * bound * lightness;
          double bottom = (632260 * m[2] - 126452 * m[1]) * sub2 + 126452 * bound;
          double length = top2 / bottom / (sin (hue) - top1 / bottom * cos (hue));

          if (length >= 0)
            nearest = MIN (nearest, length);
        }
    }

  return nearest;
}

static double
to_srgb (double linear)
{
  double value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow (linear, 1 / 2.4) - 0.055;

  return CLAMP (value, 0, 1);
}

static void
luv_to_rgb (double l,
            double u,
            double v,
            double *rgb)
{
  double var_u = u / (13 * l) + WHITE_U;
  double var_v = v / (13 * l) + WHITE_V;
  double y = l > 8 ? pow ((l + 16) / 116, 3) : l / KAPPA;
  double x = 9 * y * var_u / (4 * var_v);
  double z = (9 * y - 15 * var_v * y - var_v * x) / (3 * var_v);

  for (guint i = 0; i < 3; i++)
    rgb[i] = to_srgb (xyz_to_rgb[i][0] * x + xyz_to_rgb[i][1] * y + xyz_to_rgb[i][2] * z);
}

void
linnet_color_to_rgb (
    double angle, double saturation, double lightness, double *red, double *green, double *blue)
{
  double rgb[3];

  g_return_if_fail (red != NULL && green != NULL && blue != NULL);

  if (lightness > 99.9999999 || lightness < 0.00000001) /* white and black have no hue */
    rgb[0] = rgb[1] = rgb[2] = lightness > 50 ? 1 : 0;
  else
    {
      double hue = angle / 180 * G_PI;
      double chroma = max_chroma (lightness, hue) / 100 * saturation;

      luv_to_rgb (lightness, cos (hue) * chroma, sin (hue) * chroma, rgb);
    }

  *red = rgb[0];
  *green = rgb[1];
  *blue = rgb[2];
}
