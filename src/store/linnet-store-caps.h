/* The disk cache of XEP-0115: what a hash stands for
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store.h"

G_BEGIN_DECLS

/* Resolves to the text (string) saved under the hash, or to a NULL string. */
DexFuture *linnet_store_caps_load (LinnetStore *store,
                                   const char *hash,
                                   const char *ver) G_GNUC_WARN_UNUSED_RESULT;
/* Resolves to true. Only the 2,000 entries saved last are kept. */
DexFuture *linnet_store_caps_save (LinnetStore *store,
                                   const char *hash,
                                   const char *ver,
                                   const char *info) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
