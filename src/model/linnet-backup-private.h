/* What saving and restoring of backups share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-backup-file.h"
#include "linnet-backup.h"

G_BEGIN_DECLS

#define LINNET_BACKUP_FORMAT 1
#define LINNET_BACKUP_MANIFEST "manifest.json"
#define LINNET_BACKUP_SETTINGS "settings.ini"
#define LINNET_BACKUP_PICTURES "avatars"
#define LINNET_BACKUP_GROUP "settings"
/* Of the name and of each content but the database's. */
#define LINNET_BACKUP_MAX_NAME 64
#define LINNET_BACKUP_MAX_TEXT (1024 * 1024)
#define LINNET_BACKUP_MAX_PICTURE (20 * 1024 * 1024)

/* On any thread. @directory: the profile's; @settings: nullable. */
gboolean linnet_backup_write (const char *directory,
                              const char *settings,
                              GFile *file,
                              const char *passphrase,
                              const LinnetBackupCost *cost,
                              LinnetWork *work,
                              GError **error);
/* On any thread. Makes of @file, all of which is checked, a directory @staging as linnet_store_swap() takes
 * it.
 * @settings: (out): nullable, transfer full. */
gboolean linnet_backup_read (GFile *file,
                             const char *passphrase,
                             const char *staging,
                             char **settings,
                             LinnetWork *work,
                             GError **error);
/* A LINNET_ERROR for what failed with files that the person chose. Transfer full. */
GError *linnet_backup_translate (const GError *error, gboolean writing);
/* With all that is in it. */
void linnet_backup_remove_tree (const char *path);

G_END_DECLS
