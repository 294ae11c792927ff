/* Links inside a label, for pointer and keyboard
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LinnetTextLinks:
 *
 * Shows parts of a label as links: the accent colour and a line under them, a hand over them, a tooltip with
 * the real address. A click opens; with the keyboard Tab goes from link to link once the label has the focus,
 * and Enter opens. GtkLabel's own links need markup, which must never be made from what others write.
 *
 * Signals: `activate` (const char *uri).
 */
#define LINNET_TYPE_TEXT_LINKS (linnet_text_links_get_type ())
G_DECLARE_FINAL_TYPE (LinnetTextLinks, linnet_text_links, LINNET, TEXT_LINKS, GObject)

LinnetTextLinks *linnet_text_links_new (GtkLabel *label);
void linnet_text_links_set_links (LinnetTextLinks *self, GArray *links, PangoAttrList *base);
int linnet_text_links_get_index_at (LinnetTextLinks *self, double x, double y);
void linnet_text_links_update_style (LinnetTextLinks *self);

G_END_DECLS
