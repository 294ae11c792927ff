/* A provider's facts in words
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-provider.h"

G_BEGIN_DECLS

char *linnet_provider_text_dup_size (int megabytes);
char *linnet_provider_text_dup_places (const char *const *countries);
char *linnet_provider_text_dup_effort (LinnetProvider *provider);
char *linnet_provider_text_dup_keeping (LinnetProvider *provider);
char **linnet_provider_text_dup_chips (LinnetProvider *provider);

G_END_DECLS
