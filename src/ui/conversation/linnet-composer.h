/* Writing a message
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-conversation.h"

G_BEGIN_DECLS

/**
 * LinnetComposer:
 *
 * A field of one to seven lines, an emoji button and Send. Nothing typed is ever lost: it is the
 * conversation's draft until it has been stored as a message, and comes back when that fails.
 *
 * Signals: `sent`: a message was handed over, so the log should go to its end.
 */
#define LINNET_TYPE_COMPOSER (linnet_composer_get_type ())
G_DECLARE_FINAL_TYPE (LinnetComposer, linnet_composer, LINNET, COMPOSER, GtkWidget)

void linnet_composer_set_settings (LinnetComposer *self, GSettings *settings);
void linnet_composer_set_conversation (LinnetComposer *self, LinnetConversation *conversation);
/* A key that was pressed where there is nothing to type into. */
gboolean linnet_composer_take_key (LinnetComposer *self, GtkEventController *controller);

G_END_DECLS
