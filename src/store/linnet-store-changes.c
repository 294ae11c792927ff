/* What a transaction did to messages and conversations
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include "linnet-store-writer-private.h"

G_DEFINE_BOXED_TYPE (LinnetStoreChanges,
                     linnet_store_changes,
                     linnet_store_changes_ref,
                     linnet_store_changes_unref)

static void
state_change_free (LinnetStoreStateChange *self)
{
  g_free (self->error_condition);
  g_free (self->error_text);
  g_free (self);
}

LinnetStoreChanges *
linnet_store_changes_new (void)
{
  LinnetStoreChanges *self = g_new0 (LinnetStoreChanges, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->outcomes = g_array_new (FALSE, TRUE, sizeof (LinnetStoreOutcome));
  self->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) linnet_store_message_unref);
  self->states = g_ptr_array_new_with_free_func ((GDestroyNotify) state_change_free);
  self->conversations = g_ptr_array_new_with_free_func ((GDestroyNotify) linnet_store_conversation_unref);

  return self;
}

LinnetStoreChanges *
linnet_store_changes_ref (LinnetStoreChanges *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
linnet_store_changes_unref (LinnetStoreChanges *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_array_unref (self->outcomes);
  g_ptr_array_unref (self->messages);
  g_ptr_array_unref (self->states);
  g_ptr_array_unref (self->conversations);
  g_free (self);
}
