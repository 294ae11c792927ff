/* Tests of what somebody tells of themselves; how texts are cleaned: test-xmpp-vcard-info.c
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-profile-private.h"
#include "linnet-test.h"

static void
test_set (void)
{
  g_autoptr (LinnetProfile) profile = linnet_profile_new ();
  g_autoptr (LinnetProfile) copy = NULL;

  g_assert_true (linnet_profile_is_empty (profile));
  g_assert_true (linnet_profile_set (profile, LINNET_PROFILE_NAME, " Ana  Horvat "));
  g_assert_cmpstr (linnet_profile_get (profile, LINNET_PROFILE_NAME), ==, "Ana Horvat");
  g_assert_false (linnet_profile_is_empty (profile));

  copy = linnet_profile_copy (profile);
  g_assert_true (linnet_profile_equal (profile, copy));
  g_assert_true (linnet_profile_set (profile, LINNET_PROFILE_NAME, "Ana"));
  g_assert_false (linnet_profile_equal (profile, copy));
  g_assert_cmpstr (linnet_profile_get (copy, LINNET_PROFILE_NAME), ==, "Ana Horvat");

  g_assert_true (linnet_profile_set (profile, LINNET_PROFILE_NAME, ""));
  g_assert_true (linnet_profile_is_empty (profile));
  g_assert_true (linnet_profile_set (profile, LINNET_PROFILE_NAME, NULL));
}

/* What the field cannot hold changes nothing. */
static void
test_refused (void)
{
  g_autoptr (LinnetProfile) profile = linnet_profile_new ();

  g_assert_true (linnet_profile_set (profile, LINNET_PROFILE_URL, "https://example.org/"));
  g_assert_false (linnet_profile_set (profile, LINNET_PROFILE_URL, "http://example.org/"));
  g_assert_cmpstr (linnet_profile_get (profile, LINNET_PROFILE_URL), ==, "https://example.org/");
  g_assert_false (linnet_profile_set (profile, LINNET_PROFILE_NOTE, " "));
}

/* Only the first of several is replaced. */
static void
test_several (void)
{
  XmppVcardInfo *info = xmpp_vcard_info_new ();
  g_autoptr (LinnetProfile) profile = linnet_profile_new_for_info (info);
  const char *const *emails;

  xmpp_vcard_info_add (info, XMPP_VCARD_EMAIL, "a@b");
  xmpp_vcard_info_add (info, XMPP_VCARD_EMAIL, "c@d");
  g_assert_true (linnet_profile_set (profile, LINNET_PROFILE_EMAIL, "e@f"));
  emails = linnet_profile_get_all (profile, LINNET_PROFILE_EMAIL);
  g_assert_cmpstr (emails[0], ==, "e@f");
  g_assert_cmpstr (emails[1], ==, "c@d");
  g_assert_null (emails[2]);

  g_assert_true (linnet_profile_set (profile, LINNET_PROFILE_EMAIL, NULL));
  g_assert_cmpstr (linnet_profile_get (profile, LINNET_PROFILE_EMAIL), ==, "c@d");
  g_assert_true (linnet_profile_set (profile, LINNET_PROFILE_NAME, "Ana"));
  g_assert_cmpstr (linnet_profile_get (profile, LINNET_PROFILE_EMAIL), ==, "c@d");
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/model/profile/set", test_set);
  g_test_add_func ("/model/profile/refused", test_refused);
  g_test_add_func ("/model/profile/several", test_several);

  return g_test_run ();
}
