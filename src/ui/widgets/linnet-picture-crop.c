/* Which square of a picture is kept
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-picture-crop"

#include "config.h"

#include <math.h>

#include "linnet-picture-crop.h"

#define MAX_ZOOM 8.0
/* Fewer pixels look like nothing at the size of an avatar. */
#define MIN_SIDE 64.0

static void
clamp (LinnetPictureCrop *self)
{
  double half = linnet_picture_crop_get_side (self) / 2;

  self->x = CLAMP (self->x, half, self->width - half);
  self->y = CLAMP (self->y, half, self->height - half);
}

void
linnet_picture_crop_init (LinnetPictureCrop *self, guint width, guint height)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (width > 0 && height > 0);

  self->width = width;
  self->height = height;
  self->zoom = 1;
  self->x = width / 2.0;
  self->y = height / 2.0;
}

double
linnet_picture_crop_get_max_zoom (const LinnetPictureCrop *self)
{
  g_return_val_if_fail (self != NULL, 1);

  return CLAMP (MIN (self->width, self->height) / MIN_SIDE, 1.0, MAX_ZOOM);
}

double
linnet_picture_crop_get_side (const LinnetPictureCrop *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return MIN (self->width, self->height) / self->zoom;
}

void
linnet_picture_crop_set_zoom (LinnetPictureCrop *self, double zoom, double anchor_x, double anchor_y)
{
  double before;
  double change;

  g_return_if_fail (self != NULL);

  before = linnet_picture_crop_get_side (self);
  self->zoom = CLAMP (zoom, 1.0, linnet_picture_crop_get_max_zoom (self));
  change = before - linnet_picture_crop_get_side (self);
  self->x += change * (anchor_x - 0.5);
  self->y += change * (anchor_y - 0.5);
  clamp (self);
}

void
linnet_picture_crop_move (LinnetPictureCrop *self, double dx, double dy)
{
  double side;

  g_return_if_fail (self != NULL);

  side = linnet_picture_crop_get_side (self);
  self->x += dx * side;
  self->y += dy * side;
  clamp (self);
}

void
linnet_picture_crop_get_square (const LinnetPictureCrop *self, guint *x, guint *y, guint *side)
{
  double exact;
  double left;
  double top;

  g_return_if_fail (self != NULL);
  g_return_if_fail (x != NULL && y != NULL && side != NULL);

  exact = linnet_picture_crop_get_side (self);
  *side = MAX (1, floor (exact));
  left = round (self->x - exact / 2);
  top = round (self->y - exact / 2);
  *x = CLAMP (left, 0, self->width - *side);
  *y = CLAMP (top, 0, self->height - *side);
}
