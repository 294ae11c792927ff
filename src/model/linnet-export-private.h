/* What is exported, as the thread that writes it sees it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-export.h"

G_BEGIN_DECLS

typedef struct
{
  char *address;
  char *name; /* nullable: the person's own */
  char **groups;
  LinnetSubscription subscription;
} LinnetExportContact;

typedef struct
{
  gint64 id;
  char *address;
  char *name;
} LinnetExportConversation;

typedef struct
{
  char *directory; /* the profile's */
  gint64 account;
  char *address;
  char *own_name;
  GPtrArray *contacts;      /* of LinnetExportContact */
  GPtrArray *conversations; /* of LinnetExportConversation */
  GFile *folder;
  LinnetExportParts parts;
  GFile *result; /* nullable: what it became */
} LinnetExport;

/* ---- linnet-export-contacts.c ---- */

/* Transfer full: the content of contacts.json and contacts.vcf. */
char *linnet_export_contacts_to_json (const LinnetExport *self);
char *linnet_export_contacts_to_vcard (const LinnetExport *self);

/* ---- linnet-export-write.c ---- */

/* On any thread. Sets the result. */
gboolean linnet_export_write (LinnetWork *work, gpointer data, GError **error);

G_END_DECLS
