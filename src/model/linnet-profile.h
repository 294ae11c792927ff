/* What somebody tells of themselves
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  LINNET_PROFILE_NAME, /* the full one */
  LINNET_PROFILE_NICKNAME,
  LINNET_PROFILE_NOTE, /* may have several lines */
  LINNET_PROFILE_ORGANIZATION,
  LINNET_PROFILE_ROLE,
  LINNET_PROFILE_PLACE,
  LINNET_PROFILE_BIRTHDAY, /* YYYY-MM-DD, or --MM-DD without the year */
  LINNET_PROFILE_URL,      /* https only */
  LINNET_PROFILE_EMAIL,
  LINNET_PROFILE_PHONE,
} LinnetProfileField;
#define LINNET_PROFILE_N_FIELDS (LINNET_PROFILE_PHONE + 1)

/* Who may see the account's profile, picture and nickname. */
typedef enum
{
  LINNET_VISIBILITY_CONTACTS,
  LINNET_VISIBILITY_EVERYBODY,
} LinnetVisibility;

/**
 * LinnetProfile:
 *
 * Boxed, copied deeply. Texts are cleaned, bounded in length and number, and what their field promises,
 * whoever wrote them; what a sender's text looks like in a widget is still up to linnet_safe_text_dup().
 */
typedef struct _LinnetProfile LinnetProfile;

#define LINNET_TYPE_PROFILE (linnet_profile_get_type ())
GType linnet_profile_get_type (void) G_GNUC_CONST;
LinnetProfile *linnet_profile_new (void);
LinnetProfile *linnet_profile_copy (const LinnetProfile *self);
void linnet_profile_free (LinnetProfile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetProfile, linnet_profile_free)

/* The first of its kind; borrowed, nullable. */
const char *linnet_profile_get (const LinnetProfile *self, LinnetProfileField field);
/* Borrowed, ended by NULL. */
const char *const *linnet_profile_get_all (const LinnetProfile *self, LinnetProfileField field);
/* Replaces the first of its kind; NULL or "" removes it. FALSE, and nothing changes, when the field cannot
 * hold @text. */
gboolean linnet_profile_set (LinnetProfile *self, LinnetProfileField field, const char *text);
gboolean linnet_profile_is_empty (const LinnetProfile *self);
gboolean linnet_profile_equal (const LinnetProfile *a, const LinnetProfile *b);

G_END_DECLS
