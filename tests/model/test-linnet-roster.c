/* Tests of the list of contacts
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-contact-private.h"
#include "linnet-roster-private.h"
#include "linnet-test-mirror.h"
#include "linnet-test.h"

static LinnetContact *
make_contact (guint number)
{
  g_autofree char *address = g_strdup_printf ("c%u@lark.chat", number);
  g_autofree char *group = g_strdup_printf ("Group %u", number % 3);
  const char *groups[] = { group, NULL };
  LinnetContactEntry entry = { .groups = groups };
  LinnetContact *contact = linnet_contact_new (NULL, address);

  linnet_contact_set_entry (contact, &entry);

  return contact;
}

static void
test_updates (void)
{
  g_autoptr (LinnetRoster) roster = linnet_roster_new (NULL);
  g_autoptr (GPtrArray) contacts = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) gone = g_ptr_array_new ();
  g_autoptr (LinnetTestMirror) mirror = linnet_test_mirror_new (G_LIST_MODEL (roster));

  for (guint i = 0; i < 10; i++)
    g_ptr_array_add (contacts, make_contact (i));

  linnet_roster_update (roster, contacts);
  g_assert_cmpuint (mirror->announcements, ==, 1);
  g_assert_cmpuint (mirror->items->len, ==, 10);

  linnet_roster_update (roster, contacts);
  g_assert_cmpuint (mirror->announcements, ==, 1);

  /* From the middle and from the end; nobody else has to move far. */
  mirror->moved = 0;
  linnet_contact_set_entry (g_ptr_array_index (contacts, 3), NULL);
  linnet_contact_set_entry (g_ptr_array_index (contacts, 9), NULL);
  g_ptr_array_add (gone, g_ptr_array_index (contacts, 3));
  g_ptr_array_add (gone, g_ptr_array_index (contacts, 9));
  linnet_roster_update (roster, gone);
  g_assert_cmpuint (mirror->items->len, ==, 8);
  g_assert_cmpuint (mirror->moved, <=, 6);

  for (guint i = 0; i < contacts->len; i++)
    g_assert_cmpint (
        g_ptr_array_find (mirror->items, g_ptr_array_index (contacts, i), NULL), ==, i != 3 && i != 9);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/model/roster/updates", test_updates);

  return g_test_run ();
}
