/* A profile in one encrypted file, and back
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-types.h"
#include "linnet-work.h"

G_BEGIN_DECLS

/*
 * What is in a backup: see linnet-backup-file.h for how it is encrypted. The content is a row of entries:
 *
 *   4 bytes length of its name, its name in UTF-8, 8 bytes length of its content, its content
 *
 * in this order, and 4 zero bytes at the end:
 *
 *   manifest.json   {"format": 1, "schema": N, "program": "Linnet 0.1", "created": "2026-11-25T02:00:00Z",
 *                    "accounts": ["ana@example.org", …]}
 *   settings.ini    group "settings", a key and a GVariant in text form a line
 *   linnet.db       the rows of the profile, a SQLite database of version "schema"
 *   avatars/HASH    a picture, by its SHA-1, any number of them
 *
 * Not in it: passwords and tokens, streams that may be resumed, messages on their way, what servers know this
 * installation by. Two computers with the same backup are two installations (security.md R35).
 */
#define LINNET_BACKUP_MIME_TYPE "application/x-linnet-backup"
#define LINNET_BACKUP_SUFFIX ".linnet-backup"

/**
 * linnet_backup_save:
 * @settings: the program's
 * @file: where to; replaced when it is there
 * @passphrase: whoever has it can read the file, nobody else
 * @work: for progress and cancelling
 *
 * Returns: (transfer full): a future that resolves to true when the whole file is there, or rejects with
 * LINNET_ERROR, after which no part of it is
 */
DexFuture *linnet_backup_save (LinnetAccountManager *manager,
                               GSettings *settings,
                               GFile *file,
                               const char *passphrase,
                               LinnetWork *work) G_GNUC_WARN_UNUSED_RESULT;

/**
 * linnet_backup_restore:
 *
 * Checks all of @file, then puts it in the place of what @manager has, which may not have been able to load
 * anything: all accounts go, and those of the backup come.
 *
 * Returns: (transfer full): a future that resolves to true when the restored profile is loaded, or rejects
 * with LINNET_ERROR (_NO_BACKUP, _BACKUP_*, _CANCELLED …), after which everything is as it was
 */
DexFuture *linnet_backup_restore (LinnetAccountManager *manager,
                                  GSettings *settings,
                                  GFile *file,
                                  const char *passphrase,
                                  LinnetWork *work) G_GNUC_WARN_UNUSED_RESULT;

/* "Linnet 2026-11-25.linnet-backup"; transfer full. */
char *linnet_backup_suggest_name (void);

G_END_DECLS
