/* What somebody tells of themselves
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-profile"

#include "config.h"

#include "linnet-profile-private.h"

struct _LinnetProfile
{
  XmppVcardInfo *info;
};

G_DEFINE_BOXED_TYPE (LinnetProfile, linnet_profile, linnet_profile_copy, linnet_profile_free)

/* The same fields, for those who know no vCards. */
G_STATIC_ASSERT ((int) LINNET_PROFILE_NAME == (int) XMPP_VCARD_NAME);
G_STATIC_ASSERT ((int) LINNET_PROFILE_NICKNAME == (int) XMPP_VCARD_NICKNAME);
G_STATIC_ASSERT ((int) LINNET_PROFILE_NOTE == (int) XMPP_VCARD_NOTE);
G_STATIC_ASSERT ((int) LINNET_PROFILE_ORGANIZATION == (int) XMPP_VCARD_ORGANIZATION);
G_STATIC_ASSERT ((int) LINNET_PROFILE_ROLE == (int) XMPP_VCARD_ROLE);
G_STATIC_ASSERT ((int) LINNET_PROFILE_PLACE == (int) XMPP_VCARD_PLACE);
G_STATIC_ASSERT ((int) LINNET_PROFILE_BIRTHDAY == (int) XMPP_VCARD_BIRTHDAY);
G_STATIC_ASSERT ((int) LINNET_PROFILE_URL == (int) XMPP_VCARD_URL);
G_STATIC_ASSERT ((int) LINNET_PROFILE_EMAIL == (int) XMPP_VCARD_EMAIL);
G_STATIC_ASSERT ((int) LINNET_PROFILE_PHONE == (int) XMPP_VCARD_PHONE);
G_STATIC_ASSERT ((int) LINNET_PROFILE_N_FIELDS == (int) XMPP_VCARD_N_FIELDS);

LinnetProfile *
linnet_profile_new_for_info (XmppVcardInfo *info)
{
  LinnetProfile *self = g_new0 (LinnetProfile, 1);

  self->info = info;

  return self;
}

const XmppVcardInfo *
linnet_profile_get_info (const LinnetProfile *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->info;
}

LinnetProfile *
linnet_profile_new (void)
{
  return linnet_profile_new_for_info (xmpp_vcard_info_new ());
}

LinnetProfile *
linnet_profile_copy (const LinnetProfile *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return linnet_profile_new_for_info (xmpp_vcard_info_copy (self->info));
}

void
linnet_profile_free (LinnetProfile *self)
{
  xmpp_vcard_info_free (self->info);
  g_free (self);
}

const char *
linnet_profile_get (const LinnetProfile *self,
                    LinnetProfileField field)
{
  g_return_val_if_fail (self != NULL, NULL);

  return xmpp_vcard_info_get (self->info, (XmppVcardField) field);
}

const char *const *
linnet_profile_get_all (const LinnetProfile *self,
                        LinnetProfileField field)
{
  static const char *const none[] = { NULL };

  g_return_val_if_fail (self != NULL, none);

  return xmpp_vcard_info_get_all (self->info, (XmppVcardField) field);
}

/* @to: with what @from has of @field, but for the first. */
static void
add_others (XmppVcardInfo *to,
            const XmppVcardInfo *from,
            XmppVcardField field)
{
  const char *const *values = xmpp_vcard_info_get_all (from, field);

  for (guint i = 1; values[0] != NULL && values[i] != NULL; i++)
    xmpp_vcard_info_add (to, field, values[i]);
}

gboolean
linnet_profile_set (LinnetProfile *self,
                    LinnetProfileField field,
                    const char *text)
{
  g_autoptr (XmppVcardInfo) info = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (field < LINNET_PROFILE_N_FIELDS, FALSE);

  info = xmpp_vcard_info_new ();
  if (text != NULL && *text != '\0' && !xmpp_vcard_info_add (info, (XmppVcardField) field, text))
    return FALSE;

  for (guint i = 0; i < XMPP_VCARD_N_FIELDS; i++)
    {
      if (i != (guint) field)
        xmpp_vcard_info_add (info, i, xmpp_vcard_info_get (self->info, i));
      add_others (info, self->info, i);
    }

  xmpp_vcard_info_free (self->info);
  self->info = g_steal_pointer (&info);

  return TRUE;
}

gboolean
linnet_profile_is_empty (const LinnetProfile *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  for (guint i = 0; i < XMPP_VCARD_N_FIELDS; i++)
    {
      if (xmpp_vcard_info_get (self->info, i) != NULL)
        return FALSE;
    }

  return TRUE;
}

gboolean
linnet_profile_equal (const LinnetProfile *a,
                      const LinnetProfile *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  for (guint i = 0; i < XMPP_VCARD_N_FIELDS; i++)
    {
      if (!g_strv_equal (xmpp_vcard_info_get_all (a->info, i), xmpp_vcard_info_get_all (b->info, i)))
        return FALSE;
    }

  return TRUE;
}
