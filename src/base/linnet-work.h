/* Long work off the main thread, with its progress and a way to stop it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

/**
 * LinnetWork:
 *
 * One piece of long work: whoever asks for it makes the object, shows its property `fraction` (double, 0 to
 * 1, notified on the main context) and may cancel it.
 */
#define LINNET_TYPE_WORK (linnet_work_get_type ())
G_DECLARE_FINAL_TYPE (LinnetWork, linnet_work, LINNET, WORK, GObject)

LinnetWork *linnet_work_new (void);
double linnet_work_get_fraction (LinnetWork *self);
/* The work rejects with G_IO_ERROR_CANCELLED as soon as it looks. */
void linnet_work_cancel (LinnetWork *self);

/* On the thread of the work. */
GCancellable *linnet_work_get_cancellable (LinnetWork *self); /* borrowed */
void linnet_work_set_done (LinnetWork *self, guint64 done, guint64 total);

/**
 * LinnetWorkFunc:
 *
 * Runs on a thread of its own; returns %FALSE with @error.
 */
typedef gboolean (*LinnetWorkFunc) (LinnetWork *work, gpointer data, GError **error);

/**
 * linnet_work_run:
 * @data: (transfer full): what @func works on; freed on the main context
 *
 * Returns: (transfer full): a future that resolves to true, or rejects with what @func failed with. Dropping
 * it does not cancel: half done work cleans up behind itself.
 */
DexFuture *linnet_work_run (LinnetWork *self,
                            LinnetWorkFunc func,
                            gpointer data,
                            GDestroyNotify data_free) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
