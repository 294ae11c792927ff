/* Fetching from other places than the Internet
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "linnet-fetch.h"

G_BEGIN_DECLS

/* What tests, whose servers are on this machine, put in the place of the real network. Nothing of it can
 * be set from outside the program. It must outlive the fetching. */
typedef struct
{
  GResolver *resolver;                        /* instead of the system's */
  GTlsDatabase *database;                     /* instead of the system's */
  guint16 port;                               /* instead of the URL's when connecting */
  gboolean (*allows) (GInetAddress *address); /* instead of linnet_fetch_policy_allows_address() */
} LinnetFetchPolicy;

/* @policy: nullable */
DexFuture *linnet_fetch_with_policy (const LinnetFetchRequest *request,
                                     const LinnetFetchPolicy *policy) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
