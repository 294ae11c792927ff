/* Contacts and conversations of an account as files that anybody can read
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-types.h"
#include "linnet-work.h"

G_BEGIN_DECLS

/*
 * What comes of it, in a new folder of the folder that the person chose:
 *
 *   contacts.json        {"format": "linnet-contacts", "version": 1, "account": "ana@example.org",
 *                         "exported": TIME, "contacts": [{"address": …, "name": …, "groups": […],
 *                         "subscription": "none" | "to" | "from" | "both"}, …]}
 *   contacts.vcf         the same as vCards 4.0
 *   conversations/NAME.html, .txt, .json
 *                        the last: {"format": "linnet-conversation", "version": 1, "account": …,
 *                         "address": …,
 *                         "name": …, "exported": TIME, "messages": [{"time": TIME, "from": "me" | "them",
 *                         "state": "sent" | "delivered" | "read" | "failed" | "queued" | "received",
 *                         "body": …, "id": …}, …]}
 *
 * A member that is not known is left out; TIME is as in RFC 3339, in UTC. Pages hold no scripts and load
 * nothing.
 */

typedef enum
{
  LINNET_EXPORT_CONTACTS = 1 << 0,
  LINNET_EXPORT_HTML = 1 << 1,
  LINNET_EXPORT_TEXT = 1 << 2,
  LINNET_EXPORT_JSON = 1 << 3,
} LinnetExportParts;

#define LINNET_EXPORT_CONVERSATIONS (LINNET_EXPORT_HTML | LINNET_EXPORT_TEXT | LINNET_EXPORT_JSON)

/**
 * linnet_export_save:
 * @folder: in which the new folder is to be
 *
 * Reads a page of messages at a time. The new folder has a name of its own: nothing that is there is touched.
 * It is called "… .part" until all is in it.
 *
 * Returns: (transfer full): a future that resolves to a #GFile, the new folder, or rejects with LINNET_ERROR
 * (_CANCELLED, _FILE_WRITE, _FILE_FULL …), after which it is gone
 */
DexFuture *linnet_export_save (LinnetAccount *account,
                               GFile *folder,
                               LinnetExportParts parts,
                               LinnetWork *work) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
