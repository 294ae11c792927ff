/* The conversations of all accounts, newest first
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-types.h"

G_BEGIN_DECLS

/* A GListModel of LinnetConversation, sorted: pinned first, then by LinnetConversation:last-time, newest
 * first; only moved rows are announced. */
#define LINNET_TYPE_CONVERSATION_LIST (linnet_conversation_list_get_type ())
G_DECLARE_FINAL_TYPE (LinnetConversationList, linnet_conversation_list, LINNET, CONVERSATION_LIST, GObject)

G_END_DECLS
