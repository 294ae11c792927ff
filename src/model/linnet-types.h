/* Enumerations and forward declarations of the model
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

typedef struct _LinnetAccount LinnetAccount;
typedef struct _LinnetAccountManager LinnetAccountManager;
typedef struct _LinnetContact LinnetContact;
typedef struct _LinnetConversation LinnetConversation;
typedef struct _LinnetConversationList LinnetConversationList;
typedef struct _LinnetMessage LinnetMessage;
typedef struct _LinnetRoster LinnetRoster;
typedef struct _LinnetTimeline LinnetTimeline;

typedef enum
{
  LINNET_CONNECTION_OFFLINE,    /* switched off by the person, or no network */
  LINNET_CONNECTION_CONNECTING, /* first attempt */
  LINNET_CONNECTION_ONLINE,
  LINNET_CONNECTION_RECONNECTING, /* waiting for or making a further attempt */
  LINNET_CONNECTION_FAILED,       /* needs the person: see LinnetAccount:error */
} LinnetConnectionState;

typedef enum
{
  LINNET_SHOW_OFFLINE, /* for the own account: invisible */
  LINNET_SHOW_ONLINE,
  LINNET_SHOW_CHAT,
  LINNET_SHOW_AWAY,
  LINNET_SHOW_EXTENDED_AWAY,
  LINNET_SHOW_BUSY,
} LinnetShow;

typedef enum
{
  LINNET_SUBSCRIPTION_NONE = 0,
  LINNET_SUBSCRIPTION_TO = 1 << 0,   /* we see their presence */
  LINNET_SUBSCRIPTION_FROM = 1 << 1, /* they see ours */
  LINNET_SUBSCRIPTION_BOTH = 3,
  LINNET_SUBSCRIPTION_ASKED = 1 << 2,   /* we asked, no answer yet */
  LINNET_SUBSCRIPTION_REQUEST = 1 << 3, /* they asked, we have not answered */
} LinnetSubscription;

typedef enum
{
  LINNET_MESSAGE_QUEUED,
  LINNET_MESSAGE_SENT,      /* the server has it */
  LINNET_MESSAGE_DELIVERED, /* a device of theirs has it */
  LINNET_MESSAGE_READ,
  LINNET_MESSAGE_FAILED,
  LINNET_MESSAGE_RECEIVED, /* an incoming one */
} LinnetMessageState;

/* Where a message stands in its run: same sender, same day, less than five minutes apart. */
typedef enum
{
  LINNET_RUN_ONLY,
  LINNET_RUN_FIRST,
  LINNET_RUN_MIDDLE,
  LINNET_RUN_LAST,
} LinnetRunPosition;

#define LINNET_TYPE_CONNECTION_STATE (linnet_connection_state_get_type ())
#define LINNET_TYPE_SHOW (linnet_show_get_type ())
#define LINNET_TYPE_SUBSCRIPTION (linnet_subscription_get_type ())
#define LINNET_TYPE_MESSAGE_STATE (linnet_message_state_get_type ())
#define LINNET_TYPE_RUN_POSITION (linnet_run_position_get_type ())
GType linnet_connection_state_get_type (void) G_GNUC_CONST;
GType linnet_show_get_type (void) G_GNUC_CONST;
GType linnet_subscription_get_type (void) G_GNUC_CONST;
GType linnet_message_state_get_type (void) G_GNUC_CONST;
GType linnet_run_position_get_type (void) G_GNUC_CONST;

G_END_DECLS
