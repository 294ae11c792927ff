/* An account's server, and the connection to it, for those who want to know
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-types.h"

G_BEGIN_DECLS

typedef enum
{
  LINNET_SERVER_ARCHIVE = 1 << 0,           /* XEP-0313 */
  LINNET_SERVER_CARBONS = 1 << 1,           /* XEP-0280 */
  LINNET_SERVER_STREAM_MANAGEMENT = 1 << 2, /* XEP-0198 */
  LINNET_SERVER_CLIENT_STATE = 1 << 3,      /* XEP-0352 */
  LINNET_SERVER_BLOCKING = 1 << 4,          /* XEP-0191 */
  LINNET_SERVER_REPORTING = 1 << 5,         /* XEP-0377 */
  LINNET_SERVER_UPLOAD = 1 << 6,            /* XEP-0363 */
  LINNET_SERVER_PUSH = 1 << 7,              /* XEP-0357 */
  LINNET_SERVER_PROFILES = 1 << 8,          /* XEP-0163 */
  LINNET_SERVER_BOOKMARKS = 1 << 9,         /* XEP-0402 */
  LINNET_SERVER_CALLS = 1 << 10,            /* XEP-0215 */
  LINNET_SERVER_FAST_SIGN_IN = 1 << 11,     /* XEP-0388, XEP-0484 */
} LinnetServerFeatures;

typedef enum
{
  LINNET_SERVER_CONTACT_SUPPORT,
  LINNET_SERVER_CONTACT_ADMIN,
  LINNET_SERVER_CONTACT_ABUSE,
  LINNET_SERVER_CONTACT_SECURITY,
  LINNET_SERVER_CONTACT_STATUS,
  LINNET_SERVER_CONTACT_FEEDBACK,
  LINNET_SERVER_CONTACT_SALES,
  LINNET_N_SERVER_CONTACTS,
} LinnetServerContactKind;

typedef enum
{
  LINNET_ARCHIVING_UNKNOWN,
  LINNET_ARCHIVING_ALWAYS,
  LINNET_ARCHIVING_CONTACTS,
  LINNET_ARCHIVING_NEVER,
} LinnetArchiving;

/**
 * LinnetServerInfo:
 *
 * Boxed. Everything that comes from the server is cleaned for showing. The names of mechanisms and ciphers
 * are in no human language.
 */
typedef struct
{
  char *domain;
  char *software;              /* nullable: it does not say */
  char *tls_version;           /* "TLS 1.3" */
  char *cipher;                /* nullable */
  char *mechanism;             /* of this sign-in */
  char *channel_binding;       /* nullable: nothing ties this sign-in to the connection */
  gboolean certificate_pinned; /* nobody but the person vouches for the certificate */
  guint latency_ms;
  LinnetServerFeatures features;
  guint64 upload_limit; /* bytes of the largest file; G_MAXUINT64: none is told; 0: it takes no files */
  LinnetArchiving archiving;
  int archive_days;                          /* how long messages are kept; 0: always, -1: nobody says */
  char **contacts[LINNET_N_SERVER_CONTACTS]; /* of mailto:, xmpp: and https: addresses; each maybe empty */
  char *website;                             /* nullable: its operators' page, https */
} LinnetServerInfo;

#define LINNET_TYPE_SERVER_INFO (linnet_server_info_get_type ())
GType linnet_server_info_get_type (void) G_GNUC_CONST;
LinnetServerInfo *linnet_server_info_ref (LinnetServerInfo *self);
void linnet_server_info_unref (LinnetServerInfo *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetServerInfo, linnet_server_info_unref)

/* Asks the server. Resolves to a boxed LinnetServerInfo; rejects with LINNET_ERROR_OFFLINE,
 * _CONNECTION_LOST. */
DexFuture *linnet_account_load_server_info (LinnetAccount *account) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
