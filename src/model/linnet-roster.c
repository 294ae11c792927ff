/* The contacts of an account
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-roster"

#include "config.h"

#include <string.h>

#include "linnet-account-private.h"
#include "linnet-contact.h"
#include "linnet-roster-private.h"

struct _LinnetRoster
{
  GObject parent_instance;

  LinnetAccount *account; /* weak */
  GPtrArray *items;
  GHashTable *positions; /* LinnetContact -> index in items + 1 */
};

static GType
linnet_roster_get_item_type (GListModel *model)
{
  return LINNET_TYPE_CONTACT;
}

static guint
linnet_roster_get_n_items (GListModel *model)
{
  return LINNET_ROSTER (model)->items->len;
}

static gpointer
linnet_roster_get_item (GListModel *model,
                        guint position)
{
  LinnetRoster *self = LINNET_ROSTER (model);

  return position < self->items->len ? g_object_ref (g_ptr_array_index (self->items, position)) : NULL;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = linnet_roster_get_item_type;
  iface->get_n_items = linnet_roster_get_n_items;
  iface->get_item = linnet_roster_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LinnetRoster,
                               linnet_roster,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static void
linnet_roster_finalize (GObject *object)
{
  LinnetRoster *self = LINNET_ROSTER (object);

  g_clear_weak_pointer (&self->account);
  g_clear_pointer (&self->positions, g_hash_table_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref);

  G_OBJECT_CLASS (linnet_roster_parent_class)->finalize (object);
}

static void
linnet_roster_class_init (LinnetRosterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_roster_finalize;
}

static void
linnet_roster_init (LinnetRoster *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->positions = g_hash_table_new (NULL, NULL);
}

LinnetRoster *
linnet_roster_new (LinnetAccount *account)
{
  LinnetRoster *self = g_object_new (LINNET_TYPE_ROSTER, NULL);

  g_set_weak_pointer (&self->account, account);

  return self;
}

/* The last item takes the free place: the list has no order, and nothing else has to move. */
static void
linnet_roster_remove_at (LinnetRoster *self,
                         guint position)
{
  guint last = self->items->len - 1;
  g_autoptr (LinnetContact) mover = NULL;
  g_autoptr (LinnetContact) gone = NULL;

  g_assert (LINNET_IS_ROSTER (self));

  mover = g_ptr_array_steal_index (self->items, last);
  g_hash_table_remove (self->positions, mover);
  g_list_model_items_changed (G_LIST_MODEL (self), last, 1, 0);

  if (position == last)
    return;

  gone = g_ptr_array_index (self->items, position);
  g_hash_table_remove (self->positions, gone);
  g_hash_table_insert (self->positions, mover, GUINT_TO_POINTER (position + 1));
  g_ptr_array_index (self->items, position) = g_steal_pointer (&mover);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 1);
}

void
linnet_roster_update (LinnetRoster *self,
                      GPtrArray *contacts)
{
  guint before;

  g_return_if_fail (LINNET_IS_ROSTER (self));

  for (guint i = 0; i < contacts->len; i++)
    {
      LinnetContact *contact = g_ptr_array_index (contacts, i);
      guint position = GPOINTER_TO_UINT (g_hash_table_lookup (self->positions, contact));

      if (position != 0 && !linnet_contact_get_in_roster (contact))
        linnet_roster_remove_at (self, position - 1);
    }

  before = self->items->len;

  for (guint i = 0; i < contacts->len; i++)
    {
      LinnetContact *contact = g_ptr_array_index (contacts, i);

      if (!linnet_contact_get_in_roster (contact) || g_hash_table_contains (self->positions, contact))
        continue;

      g_ptr_array_add (self->items, g_object_ref (contact));
      g_hash_table_insert (self->positions, contact, GUINT_TO_POINTER (self->items->len));
    }

  if (self->items->len > before)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, self->items->len - before);
}

static gpointer
ref_cb (gconstpointer object,
        gpointer user_data)
{
  return g_object_ref ((gpointer) object);
}

GPtrArray *
linnet_roster_dup_items (LinnetRoster *self)
{
  g_return_val_if_fail (LINNET_IS_ROSTER (self), NULL);

  return g_ptr_array_copy (self->items, ref_cb, NULL);
}

/**
 * linnet_roster_dup_contact:
 * @address: a bare address, normalised
 *
 * Returns: (transfer full) (nullable): the contact, made when it is new; %NULL once the account was removed
 */
LinnetContact *
linnet_roster_dup_contact (LinnetRoster *self,
                           const char *address)
{
  g_return_val_if_fail (LINNET_IS_ROSTER (self), NULL);
  g_return_val_if_fail (address != NULL, NULL);

  return self->account != NULL ? linnet_account_ensure_contact (self->account, address) : NULL;
}
