/* XEP-0363 HTTP File Upload, version 1.2.0: who takes files, and how big
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

/* Boxed. */
typedef struct
{
  XmppJid *jid;
  guint64 max_size; /* bytes; G_MAXUINT64: it tells no limit */
} XmppUploadService;

#define XMPP_TYPE_UPLOAD_SERVICE (xmpp_upload_service_get_type ())
GType xmpp_upload_service_get_type (void) G_GNUC_CONST;
void xmpp_upload_service_free (XmppUploadService *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppUploadService, xmpp_upload_service_free)

/* Asks the own server, then up to 16 of its services (section 3). Resolves to a boxed XmppUploadService;
 * rejects with XMPP_STANZA_ERROR_ITEM_NOT_FOUND when none of them takes files. */
DexFuture *xmpp_upload_service_find (XmppSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
