/* What every verb of the model gives back: a future that rejects with LINNET_ERROR only
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/* @future: (transfer full). Rejections of any layer become LINNET_ERROR; what it resolves to stays. */
DexFuture *linnet_verb (DexFuture *future) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *linnet_verb_offline (void) G_GNUC_WARN_UNUSED_RESULT; /* rejected with LINNET_ERROR_OFFLINE */

G_END_DECLS
