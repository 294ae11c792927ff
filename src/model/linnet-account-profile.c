/* What a person shows of themselves
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-account"

#include "config.h"

#include "linnet-account-private.h"
#include "linnet-account-profile.h"
#include "linnet-avatars.h"
#include "linnet-error.h"
#include "linnet-future.h"
#include "linnet-spawn.h"
#include "linnet-verb.h"
#include "xmpp-avatar.h"

G_STATIC_ASSERT (LINNET_PICTURE_MAX_BYTES <= XMPP_AVATAR_MAX_PUBLISHED);

/* A server without XEP-0163 does not know what is asked of it. */
static DexFuture *
explain_cb (DexFuture *future,
            gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  dex_future_get_value (future, &error);
  if (g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE) ||
      g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_FEATURE_NOT_IMPLEMENTED))
    return dex_future_new_reject (
        LINNET_ERROR, LINNET_ERROR_NO_PROFILES, "The server has no personal eventing");

  return dex_ref (future);
}

/* @future: (transfer full): about what the own server keeps */
static DexFuture *
profile_verb (DexFuture *future)
{
  return linnet_verb (dex_future_catch (future, explain_cb, NULL, NULL));
}

/* ---- picture ---- */

typedef struct
{
  LinnetAccount *account;
  GBytes *png; /* nullable */
  guint width;
  guint height;
} Picture;

static void
picture_free (Picture *picture)
{
  g_object_unref (picture->account);
  g_clear_pointer (&picture->png, g_bytes_unref);
  g_free (picture);
}

static DexFuture *
linnet_account_set_picture_fiber (gpointer data)
{
  Picture *picture = data;
  LinnetAccount *self = picture->account;
  XmppAvatar *avatar = xmpp_session_get_feature (self->session, XMPP_TYPE_AVATAR);
  g_autofree char *hash =
      picture->png != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, picture->png) : NULL;
  const char *hashes[] = { hash, NULL };
  g_autoptr (GError) error = NULL;

  /* It is shown by the same way as the picture of another device, but must not be fetched for that. */
  if (picture->png != NULL && !dex_await (linnet_avatars_keep (self->store, picture->png), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (self->closed)
    return linnet_verb_offline ();

  if (!dex_await (xmpp_avatar_publish (
                      avatar, picture->png, picture->width, picture->height, XMPP_ACCESS_KEEP),
                  &error))
    {
      dex_await (linnet_avatars_erase (self->store, hashes), NULL);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  return dex_future_new_true ();
}

DexFuture *
linnet_account_set_picture (LinnetAccount *self,
                            GBytes *png,
                            guint width,
                            guint height)
{
  Picture *picture;

  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (self));
  linnet_return_error_if_fail (png == NULL || g_bytes_get_size (png) <= LINNET_PICTURE_MAX_BYTES);

  if (self->closed)
    return linnet_verb_offline ();

  picture = g_new0 (Picture, 1);
  picture->account = g_object_ref (self);
  picture->png = png != NULL ? g_bytes_ref (png) : NULL;
  picture->width = width;
  picture->height = height;

  return profile_verb (linnet_spawn (
      "set-picture", linnet_account_set_picture_fiber, picture, (GDestroyNotify) picture_free));
}
