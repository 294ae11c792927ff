/* The cached list of blocked addresses (XEP-0191)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store.h"

G_BEGIN_DECLS

/* Resolves to a boxed GStrv, sorted. */
DexFuture *linnet_store_blocks_list (LinnetStore *store, gint64 account) G_GNUC_WARN_UNUSED_RESULT;
/* The whole list, as the server told it. Resolves to true. */
DexFuture *linnet_store_blocks_replace (LinnetStore *store,
                                        gint64 account,
                                        const char *const *jids) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
