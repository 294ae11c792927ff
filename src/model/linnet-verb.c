/* What every verb of the model gives back: a future that rejects with LINNET_ERROR only
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-verb"

#include "config.h"

#include "linnet-error-private.h"
#include "linnet-verb.h"

static DexFuture *
translate_cb (DexFuture *future,
              gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  dex_future_get_value (future, &error);
  g_debug ("Refused: %s", error->message);

  return dex_future_new_for_error (linnet_error_from_lower (error, NULL));
}

DexFuture *
linnet_verb (DexFuture *future)
{
  return dex_future_catch (future, translate_cb, NULL, NULL);
}

DexFuture *
linnet_verb_offline (void)
{
  return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_OFFLINE, "The account is gone");
}
