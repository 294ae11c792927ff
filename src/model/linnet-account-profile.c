/* What people show of themselves: profiles and pictures
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-account"

#include "config.h"

#include "linnet-account-private.h"
#include "linnet-account-profile.h"
#include "linnet-avatars.h"
#include "linnet-contact-private.h"
#include "linnet-error.h"
#include "linnet-future.h"
#include "linnet-profile-private.h"
#include "linnet-spawn.h"
#include "linnet-store-profiles.h"
#include "linnet-verb.h"
#include "xmpp-avatar.h"
#include "xmpp-nick.h"
#include "xmpp-pubsub.h"
#include "xmpp-vcard.h"
#include "xmpp-vcard4.h"

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

/* ---- reading ---- */

typedef struct
{
  LinnetAccount *account;
  XmppJid *jid; /* nullable: the account itself */
} Loading;

static void
loading_free (Loading *loading)
{
  g_object_unref (loading->account);
  g_clear_pointer (&loading->jid, xmpp_jid_unref);
  g_free (loading);
}

/* The other side was not reached, which is not the same as that there is nothing. */
static gboolean
is_unreached (const GError *error)
{
  return g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_DISCONNECTED) ||
         g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_TIMED_OUT) ||
         g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_RESOURCE_CONSTRAINT) ||
         g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_INTERNAL_SERVER_ERROR) ||
         g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_REMOTE_SERVER_NOT_FOUND) ||
         g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_REMOTE_SERVER_TIMEOUT) ||
         error->domain != XMPP_STANZA_ERROR;
}

static DexFuture *
linnet_account_load_profile_fiber (gpointer data)
{
  Loading *loading = data;
  LinnetAccount *self = loading->account;
  XmppVcard4 *vcard4 = xmpp_session_get_feature (self->session, XMPP_TYPE_VCARD4);
  XmppVcard *vcard = xmpp_session_get_feature (self->session, XMPP_TYPE_VCARD);
  XmppVcardInfo *info;
  g_autoptr (GError) error = NULL;

  info = dex_await_boxed (xmpp_vcard4_fetch (vcard4, loading->jid), &error);
  if (info == NULL && !is_unreached (error))
    {
      g_clear_error (&error);
      if (self->closed)
        return linnet_verb_offline ();
      info = dex_await_boxed (xmpp_vcard_fetch (vcard, loading->jid), &error);
    }

  if (info == NULL && is_unreached (error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (info == NULL)
    info = xmpp_vcard_info_new ();

  /* Nobody else's is known here, and what the account is called is told apart (XEP-0172). */
  if (loading->jid == NULL)
    {
      g_autoptr (LinnetProfile) profile = linnet_profile_new_for_info (info);

      if (self->nickname != NULL)
        linnet_profile_set (profile, LINNET_PROFILE_NICKNAME, self->nickname);

      return dex_future_new_take_boxed (LINNET_TYPE_PROFILE, g_steal_pointer (&profile));
    }

  return dex_future_new_take_boxed (LINNET_TYPE_PROFILE, linnet_profile_new_for_info (info));
}

/* @jid: (transfer full) (nullable) */
static DexFuture *
load_profile (LinnetAccount *self,
              XmppJid *jid)
{
  Loading *loading = g_new0 (Loading, 1);

  loading->account = g_object_ref (self);
  loading->jid = jid;

  return linnet_verb (linnet_spawn (
      "load-profile", linnet_account_load_profile_fiber, loading, (GDestroyNotify) loading_free));
}

DexFuture *
linnet_account_load_profile (LinnetAccount *self)
{
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (self));

  if (self->closed)
    return linnet_verb_offline ();

  return load_profile (self, NULL);
}

DexFuture *
linnet_contact_load_profile (LinnetContact *self)
{
  LinnetAccount *account;

  linnet_return_error_if_fail (LINNET_IS_CONTACT (self));

  account = linnet_contact_get_account (self);
  if (account == NULL || account->closed)
    return linnet_verb_offline ();
  if (!linnet_contact_get_in_roster (self))
    return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_NOT_ALLOWED, "Strangers are not asked");

  return load_profile (account, xmpp_jid_new (linnet_contact_get_address (self), NULL));
}

/* ---- who may see it ---- */

static const char *const nodes[] = { XMPP_NS_VCARD4, XMPP_NS_AVATAR_METADATA, XMPP_NS_AVATAR_DATA };

static DexFuture *
linnet_account_load_visibility_fiber (gpointer data)
{
  LinnetAccount *self = data;
  XmppPubsub *pubsub = xmpp_session_get_feature (self->session, XMPP_TYPE_PUBSUB);

  for (gsize i = 0; i < G_N_ELEMENTS (nodes); i++)
    {
      g_autoptr (GError) error = NULL;
      XmppAccess access;

      if (self->closed)
        return linnet_verb_offline ();

      access = dex_await_uint (xmpp_pubsub_get_access (pubsub, nodes[i]), &error);
      if (error == NULL)
        return dex_future_new_for_uint (access == XMPP_ACCESS_OPEN ? LINNET_VISIBILITY_EVERYBODY
                                                                   : LINNET_VISIBILITY_CONTACTS);
      if (!g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_ITEM_NOT_FOUND))
        return dex_future_new_for_error (g_steal_pointer (&error));
    }

  return dex_future_new_for_uint (LINNET_VISIBILITY_CONTACTS);
}

DexFuture *
linnet_account_load_visibility (LinnetAccount *self)
{
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (self));

  if (self->closed)
    return linnet_verb_offline ();

  return profile_verb (linnet_spawn (
      "load-visibility", linnet_account_load_visibility_fiber, g_object_ref (self), g_object_unref));
}

/* ---- writing ---- */

typedef struct
{
  LinnetAccount *account;
  LinnetProfile *profile;
  XmppAccess access;
} Saving;

static void
saving_free (Saving *saving)
{
  g_object_unref (saving->account);
  linnet_profile_free (saving->profile);
  g_free (saving);
}

static gboolean
publish_card (Saving *saving,
              const XmppVcardInfo *info,
              GError **error)
{
  LinnetAccount *self = saving->account;

  if (self->closed)
    {
      g_set_error_literal (error, LINNET_ERROR, LINNET_ERROR_OFFLINE, "The account is gone");
      return FALSE;
    }

  return dex_await (xmpp_vcard4_publish (xmpp_session_get_feature (self->session, XMPP_TYPE_VCARD4),
                                         info,
                                         saving->access),
                    error);
}

/* NULL: the server keeps no card of the older kind, or there is nothing on it. */
static LinnetProfile *
await_old_card (Saving *saving)
{
  XmppVcard *vcard = xmpp_session_get_feature (saving->account->session, XMPP_TYPE_VCARD);
  XmppVcardInfo *info = NULL;
  g_autoptr (LinnetProfile) profile = NULL;

  if (!saving->account->closed)
    info = dex_await_boxed (xmpp_vcard_fetch (vcard, NULL), NULL);
  if (info != NULL)
    profile = linnet_profile_new_for_info (info);

  return profile != NULL && !linnet_profile_is_empty (profile) ? g_steal_pointer (&profile) : NULL;
}

/* A server that makes the older card up from the newer one shows it to nobody who may not see that; what is
 * deleted on such a card would be gone from both. One that keeps two cards shows the older one to everybody.
 * Which it is shows when the newer one changes.
 *
 * @was_open: what is on the older card may have been written when everybody was to see it. */
static gboolean
clear_old_card (Saving *saving,
                gboolean was_open,
                GError **error)
{
  XmppVcard *vcard = xmpp_session_get_feature (saving->account->session, XMPP_TYPE_VCARD);
  g_autoptr (LinnetProfile) before = await_old_card (saving);
  g_autoptr (LinnetProfile) nothing = linnet_profile_new ();

  if (before == NULL)
    return TRUE;

  if (linnet_profile_equal (before, saving->profile))
    {
      g_autoptr (LinnetProfile) after = NULL;

      if (!was_open)
        return TRUE;

      if (!publish_card (saving, linnet_profile_get_info (nothing), error))
        return FALSE;
      after = await_old_card (saving);
      if (!publish_card (saving, linnet_profile_get_info (saving->profile), error))
        return FALSE;
      if (after == NULL || !linnet_profile_equal (after, before))
        return TRUE;
    }

  if (saving->account->closed)
    return TRUE;

  return dex_await (xmpp_vcard_save (vcard, linnet_profile_get_info (nothing)), error);
}

static gboolean
set_access_of_picture (Saving *saving,
                       GError **error)
{
  static const char *const pictures[] = { XMPP_NS_AVATAR_METADATA, XMPP_NS_AVATAR_DATA };
  XmppPubsub *pubsub = xmpp_session_get_feature (saving->account->session, XMPP_TYPE_PUBSUB);

  for (gsize i = 0; i < G_N_ELEMENTS (pictures); i++)
    {
      g_autoptr (GError) own_error = NULL;

      if (!saving->account->closed &&
          !dex_await (xmpp_pubsub_set_access (pubsub, pictures[i], saving->access), &own_error) &&
          !g_error_matches (own_error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_ITEM_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&own_error));
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
publish_nickname (Saving *saving,
                  GError **error)
{
  LinnetAccount *self = saving->account;
  const char *nickname = linnet_profile_get (saving->profile, LINNET_PROFILE_NICKNAME);

  if (!dex_await (xmpp_nick_publish (
                      xmpp_session_get_feature (self->session, XMPP_TYPE_NICK), nickname, saving->access),
                  error))
    return FALSE;

  linnet_account_take_nickname (self, nickname);

  return dex_await (
      linnet_store_profiles_set_nickname (self->store, self->row->id, self->row->address, nickname), error);
}

static DexFuture *
linnet_account_save_profile_fiber (gpointer data)
{
  Saving *saving = data;
  LinnetAccount *self = saving->account;
  XmppPubsub *pubsub = xmpp_session_get_feature (self->session, XMPP_TYPE_PUBSUB);
  XmppVcard *vcard = xmpp_session_get_feature (self->session, XMPP_TYPE_VCARD);
  gboolean was_contacts;
  g_autoptr (GError) error = NULL;

  was_contacts =
      dex_await_uint (xmpp_pubsub_get_access (pubsub, XMPP_NS_VCARD4), &error) == XMPP_ACCESS_CONTACTS &&
      error == NULL;
  g_clear_error (&error);

  if (!publish_card (saving, linnet_profile_get_info (saving->profile), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (self->closed)
    return linnet_verb_offline ();

  if (!publish_nickname (saving, &error) || !set_access_of_picture (saving, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (self->closed)
    return linnet_verb_offline ();

  if (saving->access == XMPP_ACCESS_CONTACTS && !clear_old_card (saving, !was_contacts, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  /* For older programs alone: that some servers have no such card is no failure. */
  if (saving->access == XMPP_ACCESS_OPEN && !self->closed)
    dex_await (xmpp_vcard_save (vcard, linnet_profile_get_info (saving->profile)), NULL);

  return dex_future_new_true ();
}

DexFuture *
linnet_account_save_profile (LinnetAccount *self,
                             const LinnetProfile *profile,
                             LinnetVisibility visibility)
{
  Saving *saving;

  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (self));
  linnet_return_error_if_fail (profile != NULL);

  if (self->closed)
    return linnet_verb_offline ();

  saving = g_new0 (Saving, 1);
  saving->account = g_object_ref (self);
  saving->profile = linnet_profile_copy (profile);
  saving->access = visibility == LINNET_VISIBILITY_EVERYBODY ? XMPP_ACCESS_OPEN : XMPP_ACCESS_CONTACTS;

  return profile_verb (linnet_spawn (
      "save-profile", linnet_account_save_profile_fiber, saving, (GDestroyNotify) saving_free));
}
