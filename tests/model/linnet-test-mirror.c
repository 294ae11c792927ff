/* Follows a list model by its announcements alone, as a view does
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-test-mirror"

#include "config.h"

#include "linnet-test-mirror.h"

static void
items_changed_cb (GListModel *model,
                  guint position,
                  guint removed,
                  guint added,
                  gpointer user_data)
{
  LinnetTestMirror *self = user_data;

  self->announcements++;
  self->moved += removed + added;
  g_assert_cmpuint (position + removed, <=, self->items->len);
  if (removed > 0)
    g_ptr_array_remove_range (self->items, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (self->items, position + i, g_list_model_get_item (model, position + i));

  g_assert_cmpuint (self->items->len, ==, g_list_model_get_n_items (model));
  for (guint i = 0; i < self->items->len; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (model, i);

      g_assert_true (item == g_ptr_array_index (self->items, i));
    }
}

LinnetTestMirror *
linnet_test_mirror_new (GListModel *model)
{
  LinnetTestMirror *self = g_new0 (LinnetTestMirror, 1);

  self->model = g_object_ref (model);
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  items_changed_cb (model, 0, 0, g_list_model_get_n_items (model), self);
  self->announcements = 0;
  self->moved = 0;
  g_signal_connect (model, "items-changed", G_CALLBACK (items_changed_cb), self);

  return self;
}

void
linnet_test_mirror_free (LinnetTestMirror *self)
{
  g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_free (self);
}
