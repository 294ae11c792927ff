/* What a server says to a person
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LinnetServerText:
 *
 * Text of a server, as it wrote it; the addresses of web pages in it can be opened, by pointer and keyboard.
 * It is hidden while there is nothing to say.
 */
#define LINNET_TYPE_SERVER_TEXT (linnet_server_text_get_type ())
G_DECLARE_FINAL_TYPE (LinnetServerText, linnet_server_text, LINNET, SERVER_TEXT, AdwBin)

void linnet_server_text_set_text (LinnetServerText *self, const char *text);
/* Lines begin at the start unless they are centered, as below a centered heading. */
void linnet_server_text_set_centered (LinnetServerText *self, gboolean centered);

G_END_DECLS
