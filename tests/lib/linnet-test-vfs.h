/* A disk that fills up, fails or loses power when a test says so
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LinnetTestVfs:
 *
 * Stands between SQLite and its files, for every database the process opens after linnet_test_vfs_install();
 * there is one in a process. It counts the operations that change a file: writes, truncations and syncs. A
 * real sync is never done: a test that loses power says itself what was on the disk.
 */
typedef struct _LinnetTestVfs LinnetTestVfs;

LinnetTestVfs *linnet_test_vfs_install (void);

/* The operation after @after further ones fails, and all later ones, until linnet_test_vfs_heal(). @code:
   SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC … */
void linnet_test_vfs_fail (LinnetTestVfs *self, guint after, int code);
/* The same for the one operation only. */
void linnet_test_vfs_fail_once (LinnetTestVfs *self, guint after, int code);
void linnet_test_vfs_heal (LinnetTestVfs *self);
guint linnet_test_vfs_get_operations (LinnetTestVfs *self); /* so far */
guint linnet_test_vfs_get_failures (LinnetTestVfs *self);   /* so far */

/* From here on, what is written and not yet synced may be lost. */
void linnet_test_vfs_start_caching (LinnetTestVfs *self);
/* After linnet_test_vfs_fail() and once every file is closed: of what was not synced, each write is lost,
   done or done in part, as @rand decides. Then the disk works again. */
void linnet_test_vfs_lose_power (LinnetTestVfs *self, GRand *rand);

G_END_DECLS
