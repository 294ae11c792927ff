/* A provider in the list to choose from
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "linnet-provider.h"

G_BEGIN_DECLS

/**
 * LinnetProviderRow:
 *
 * A radio button with a domain and, where they are known, the facts that help to choose. The row is what the
 * keyboard goes to; the radio button inside is for the pointer and for assistive tools.
 *
 * Signals: `chosen`; `about`: its facts are wanted.
 */
#define LINNET_TYPE_PROVIDER_ROW (linnet_provider_row_get_type ())
G_DECLARE_FINAL_TYPE (LinnetProviderRow, linnet_provider_row, LINNET, PROVIDER_ROW, GtkListBoxRow)

LinnetProviderRow *linnet_provider_row_new (LinnetProviderRow *group, LinnetProvider *provider);
const char *linnet_provider_row_get_domain (LinnetProviderRow *self);
LinnetProvider *linnet_provider_row_get_provider (LinnetProviderRow *self);
void linnet_provider_row_set_domain (LinnetProviderRow *self, const char *domain);
void linnet_provider_row_set_suggested (LinnetProviderRow *self, gboolean suggested);
void linnet_provider_row_set_chosen (LinnetProviderRow *self, gboolean chosen);
gboolean linnet_provider_row_get_chosen (LinnetProviderRow *self);

G_END_DECLS
