/* Tests of contacts
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-contact-private.h"
#include "linnet-test.h"

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_name (void)
{
  g_autoptr (LinnetContact) contact = linnet_contact_new (NULL, "mira@lark.chat");
  LinnetContactEntry entry = { .name = "Mira K.", .subscription = LINNET_SUBSCRIPTION_BOTH };
  guint changes = 0;

  g_signal_connect_swapped (contact, "notify::name", G_CALLBACK (count_cb), &changes);
  g_assert_cmpstr (linnet_contact_get_name (contact), ==, "mira");

  linnet_contact_set_nickname (contact, "Mirabelle");
  g_assert_cmpstr (linnet_contact_get_name (contact), ==, "Mirabelle");
  g_assert_cmpuint (changes, ==, 1);

  linnet_contact_set_entry (contact, &entry);
  g_assert_cmpstr (linnet_contact_get_name (contact), ==, "Mira K.");
  g_assert_cmpuint (changes, ==, 2);

  linnet_contact_set_nickname (contact, "Someone else");
  g_assert_cmpstr (linnet_contact_get_name (contact), ==, "Mira K.");
  g_assert_cmpuint (changes, ==, 2);

  linnet_contact_set_entry (contact, NULL);
  g_assert_cmpstr (linnet_contact_get_name (contact), ==, "Someone else");
  g_assert_false (linnet_contact_get_in_roster (contact));
}

/* A name on the server's list is text from the network, too (U3). */
static void
test_name_is_cleaned (void)
{
  g_autoptr (LinnetContact) contact = linnet_contact_new (NULL, "mira@lark.chat");
  LinnetContactEntry entry = { .name = "\342\200\256arim\n" };

  linnet_contact_set_entry (contact, &entry);
  g_assert_cmpstr (linnet_contact_get_name (contact), ==, "arim");
}

static void
test_server (void)
{
  g_autoptr (LinnetContact) contact = linnet_contact_new (NULL, "lark.chat");

  g_assert_cmpstr (linnet_contact_get_name (contact), ==, "lark.chat");
}

/* The roster does not know of a request that nobody has answered. */
static void
test_request (void)
{
  g_autoptr (LinnetContact) contact = linnet_contact_new (NULL, "mira@lark.chat");
  LinnetContactEntry entry = { .subscription = LINNET_SUBSCRIPTION_TO };

  linnet_contact_set_requested (contact, TRUE);
  linnet_contact_set_entry (contact, &entry);
  g_assert_cmpint (
      linnet_contact_get_subscription (contact), ==, LINNET_SUBSCRIPTION_TO | LINNET_SUBSCRIPTION_REQUEST);
  g_assert_true (linnet_contact_get_requested (contact));
  g_assert_false (linnet_contact_is_mutual (contact));

  entry.subscription = LINNET_SUBSCRIPTION_BOTH;
  linnet_contact_set_requested (contact, FALSE);
  linnet_contact_set_entry (contact, &entry);
  g_assert_cmpint (linnet_contact_get_subscription (contact), ==, LINNET_SUBSCRIPTION_BOTH);
  g_assert_true (linnet_contact_is_mutual (contact));
}

static void
test_quiet (void)
{
  g_autoptr (LinnetContact) contact = linnet_contact_new (NULL, "mira@lark.chat");
  const char *const groups[] = { "Friends", NULL };
  LinnetContactEntry entry = { .name = "Mira", .groups = groups, .subscription = LINNET_SUBSCRIPTION_BOTH };
  g_autoptr (GFile) file = g_file_new_for_path ("/nowhere/a");
  g_autoptr (GFile) same = g_file_new_for_path ("/nowhere/a");
  guint changes = 0;

  linnet_contact_set_entry (contact, &entry);
  linnet_contact_set_presence (contact, LINNET_SHOW_AWAY, "Lunch", 0);
  linnet_contact_set_avatar_file (contact, file);
  g_signal_connect_swapped (contact, "notify", G_CALLBACK (count_cb), &changes);

  linnet_contact_set_entry (contact, &entry);
  linnet_contact_set_presence (contact, LINNET_SHOW_AWAY, "Lunch", 0);
  linnet_contact_set_avatar_file (contact, same);
  linnet_contact_take_blocked (contact, FALSE);
  g_assert_cmpuint (changes, ==, 0);
  g_assert_cmpstr (linnet_contact_get_groups (contact)[0], ==, "Friends");

  linnet_contact_set_presence (contact, LINNET_SHOW_OFFLINE, NULL, 1700000000);
  g_assert_cmpuint (changes, ==, 3);
  g_assert_cmpint (linnet_contact_get_last_seen (contact), ==, 1700000000);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/model/contact/name", test_name);
  g_test_add_func ("/model/contact/name-is-cleaned", test_name_is_cleaned);
  g_test_add_func ("/model/contact/server", test_server);
  g_test_add_func ("/model/contact/request", test_request);
  g_test_add_func ("/model/contact/quiet", test_quiet);

  return g_test_run ();
}
