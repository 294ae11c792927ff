/* Which square of a picture is kept
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Pictures with a shorter side than this are of no use. */
#define LINNET_PICTURE_CROP_MIN_SIDE 32

/* Where the square lies in the picture; set only by the functions below, so that it never leaves it. */
typedef struct
{
  double width; /* of the picture, in pixels */
  double height;
  double zoom; /* 1: as large a square as the picture has */
  double x;    /* the square's middle */
  double y;
} LinnetPictureCrop;

/* The largest square, in the middle. */
void linnet_picture_crop_init (LinnetPictureCrop *self, guint width, guint height);
double linnet_picture_crop_get_max_zoom (const LinnetPictureCrop *self);
double linnet_picture_crop_get_side (const LinnetPictureCrop *self); /* in pixels */
/* @anchor_x, @anchor_y: what stays where it is, in the square, from 0 to 1. */
void
linnet_picture_crop_set_zoom (LinnetPictureCrop *self, double zoom, double anchor_x, double anchor_y);
/* @dx, @dy: in sides of the square. */
void linnet_picture_crop_move (LinnetPictureCrop *self, double dx, double dy);
/* Whole pixels, always inside the picture. */
void linnet_picture_crop_get_square (const LinnetPictureCrop *self, guint *x, guint *y, guint *side);

G_END_DECLS
