/* A text as a QR code
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LinnetQrCode:
 *
 * Black on a white card, in light and dark style alike: many cameras read nothing else. A square, as large as
 * it may be, each module of a whole number of pixels.
 *
 * Accessibility: an image named "QR Code", described by its text.
 *
 * Properties: `text` (nullable): nothing is drawn for %NULL, or for what does not fit into a code.
 */
#define LINNET_TYPE_QR_CODE (linnet_qr_code_get_type ())
G_DECLARE_FINAL_TYPE (LinnetQrCode, linnet_qr_code, LINNET, QR_CODE, GtkWidget)

GtkWidget *linnet_qr_code_new (void);
void linnet_qr_code_set_text (LinnetQrCode *self, const char *text);
const char *linnet_qr_code_get_text (LinnetQrCode *self);

G_END_DECLS
