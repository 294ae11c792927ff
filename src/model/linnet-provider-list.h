/* Public servers where anybody can have an account
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libdex.h>

#include "linnet-provider.h"

G_BEGIN_DECLS

/**
 * LinnetProviderList:
 *
 * A [iface@Gio.ListModel] of [class@Linnet.Provider], the most fitting first: those where one registers in
 * Linnet, those that depend on more than one person, those near the person's locale.
 *
 * Properties, all read-only: `updated` (GDateTime, nullable: how old the list is), `refreshing` (gboolean),
 * `failed` (gboolean: the last refresh did not work; the list is the one from before).
 */
#define LINNET_TYPE_PROVIDER_LIST (linnet_provider_list_get_type ())
G_DECLARE_FINAL_TYPE (LinnetProviderList, linnet_provider_list, LINNET, PROVIDER_LIST, GObject)

/* @directory: where a fetched list is kept; made when there is something to keep. Empty before it is
 * loaded. */
LinnetProviderList *linnet_provider_list_new (const char *directory);

/**
 * linnet_provider_list_load:
 *
 * Fills the list with what comes with Linnet, or with what was fetched after that. Nothing is asked of the
 * network.
 *
 * Returns: (transfer full): a future that resolves to true
 */
DexFuture *linnet_provider_list_load (LinnetProviderList *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * linnet_provider_list_refresh:
 *
 * Fetches the current list of providers.xmpp.net. To be called when a person opens the page with the list,
 * not before: it tells that server that somebody is about to make an account. Does nothing while another
 * call is under way, nor within an hour after one that worked.
 *
 * Returns: (transfer full): a future that resolves to true, or rejects with LINNET_ERROR: then the list is
 * as before, and `failed` is set
 */
DexFuture *linnet_provider_list_refresh (LinnetProviderList *self) G_GNUC_WARN_UNUSED_RESULT;

/* @proxy: (nullable): how a refresh reaches the network, as [struct@Linnet.FetchRequest] has it. */
void linnet_provider_list_set_proxy (LinnetProviderList *self, const char *proxy);

LinnetProvider *linnet_provider_list_find (LinnetProviderList *self,
                                           const char *domain); /* borrowed, nullable */
GDateTime *linnet_provider_list_get_updated (LinnetProviderList *self);
gboolean linnet_provider_list_get_refreshing (LinnetProviderList *self);
gboolean linnet_provider_list_get_failed (LinnetProviderList *self);

G_END_DECLS
