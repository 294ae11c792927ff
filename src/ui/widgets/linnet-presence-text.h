/* Presence in words
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-contact.h"

G_BEGIN_DECLS

const char *linnet_presence_text (LinnetShow show);
char *linnet_presence_text_for_contact (LinnetContact *contact);

G_END_DECLS
