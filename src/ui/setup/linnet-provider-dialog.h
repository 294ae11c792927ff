/* All that is known about a provider
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-provider.h"

G_BEGIN_DECLS

AdwDialog *linnet_provider_dialog_new (LinnetProvider *provider);

G_END_DECLS
