/* Enumerations of the model as GTypes
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-types"

#include "config.h"

#include "linnet-types.h"

G_DEFINE_ENUM_TYPE (LinnetConnectionState,
                    linnet_connection_state,
                    G_DEFINE_ENUM_VALUE (LINNET_CONNECTION_OFFLINE, "offline"),
                    G_DEFINE_ENUM_VALUE (LINNET_CONNECTION_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (LINNET_CONNECTION_ONLINE, "online"),
                    G_DEFINE_ENUM_VALUE (LINNET_CONNECTION_RECONNECTING, "reconnecting"),
                    G_DEFINE_ENUM_VALUE (LINNET_CONNECTION_FAILED, "failed"))

G_DEFINE_ENUM_TYPE (LinnetShow,
                    linnet_show,
                    G_DEFINE_ENUM_VALUE (LINNET_SHOW_OFFLINE, "offline"),
                    G_DEFINE_ENUM_VALUE (LINNET_SHOW_ONLINE, "online"),
                    G_DEFINE_ENUM_VALUE (LINNET_SHOW_CHAT, "chat"),
                    G_DEFINE_ENUM_VALUE (LINNET_SHOW_AWAY, "away"),
                    G_DEFINE_ENUM_VALUE (LINNET_SHOW_EXTENDED_AWAY, "extended-away"),
                    G_DEFINE_ENUM_VALUE (LINNET_SHOW_BUSY, "busy"))

G_DEFINE_FLAGS_TYPE (LinnetSubscription,
                     linnet_subscription,
                     G_DEFINE_ENUM_VALUE (LINNET_SUBSCRIPTION_NONE, "none"),
                     G_DEFINE_ENUM_VALUE (LINNET_SUBSCRIPTION_TO, "to"),
                     G_DEFINE_ENUM_VALUE (LINNET_SUBSCRIPTION_FROM, "from"),
                     G_DEFINE_ENUM_VALUE (LINNET_SUBSCRIPTION_BOTH, "both"),
                     G_DEFINE_ENUM_VALUE (LINNET_SUBSCRIPTION_ASKED, "asked"),
                     G_DEFINE_ENUM_VALUE (LINNET_SUBSCRIPTION_REQUEST, "request"))

G_DEFINE_ENUM_TYPE (LinnetMessageState,
                    linnet_message_state,
                    G_DEFINE_ENUM_VALUE (LINNET_MESSAGE_QUEUED, "queued"),
                    G_DEFINE_ENUM_VALUE (LINNET_MESSAGE_SENT, "sent"),
                    G_DEFINE_ENUM_VALUE (LINNET_MESSAGE_DELIVERED, "delivered"),
                    G_DEFINE_ENUM_VALUE (LINNET_MESSAGE_READ, "read"),
                    G_DEFINE_ENUM_VALUE (LINNET_MESSAGE_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (LINNET_MESSAGE_RECEIVED, "received"))

G_DEFINE_ENUM_TYPE (LinnetRunPosition,
                    linnet_run_position,
                    G_DEFINE_ENUM_VALUE (LINNET_RUN_ONLY, "only"),
                    G_DEFINE_ENUM_VALUE (LINNET_RUN_FIRST, "first"),
                    G_DEFINE_ENUM_VALUE (LINNET_RUN_MIDDLE, "middle"),
                    G_DEFINE_ENUM_VALUE (LINNET_RUN_LAST, "last"))
