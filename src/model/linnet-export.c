/* Contacts and conversations of an account as files that anybody can read
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-export"

#include "config.h"

#include "linnet-account-private.h"
#include "linnet-backup-private.h"
#include "linnet-contact.h"
#include "linnet-conversation-private.h"
#include "linnet-export-private.h"
#include "linnet-future.h"
#include "linnet-roster-private.h"
#include "linnet-spawn.h"
#include "linnet-verb.h"

typedef struct
{
  LinnetExport export;
  LinnetAccount *account;
  LinnetWork *work;
} Exporting;

static void
contact_free (gpointer data)
{
  LinnetExportContact *contact = data;

  g_free (contact->address);
  g_free (contact->name);
  g_strfreev (contact->groups);
  g_free (contact);
}

static void
conversation_free (gpointer data)
{
  LinnetExportConversation *conversation = data;

  g_free (conversation->address);
  g_free (conversation->name);
  g_free (conversation);
}

static void
exporting_clear (gpointer data)
{
  Exporting *self = data;

  g_free (self->export.directory);
  g_free (self->export.address);
  g_free (self->export.own_name);
  g_ptr_array_unref (self->export.contacts);
  g_ptr_array_unref (self->export.conversations);
  g_object_unref (self->export.folder);
  g_clear_object (&self->export.result);
  g_object_unref (self->account);
  g_object_unref (self->work);
}

/* Shared by a fiber, which may be given up, and a thread, which may not. */
static void
exporting_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, exporting_clear);
}

static void
collect_contacts (LinnetAccount *account,
                  GPtrArray *contacts)
{
  g_autoptr (GPtrArray) items = linnet_roster_dup_items (account->roster);

  for (guint i = 0; i < items->len; i++)
    {
      LinnetContact *item = g_ptr_array_index (items, i);
      LinnetExportContact *contact = g_new0 (LinnetExportContact, 1);

      contact->address = g_strdup (linnet_contact_get_address (item));
      contact->name = g_strdup (linnet_contact_get_roster_name (item));
      contact->groups = g_strdupv ((GStrv) linnet_contact_get_groups (item));
      contact->subscription = linnet_contact_get_subscription (item);
      g_ptr_array_add (contacts, contact);
    }
}

static int
compare_conversations (gconstpointer a,
                       gconstpointer b)
{
  const LinnetExportConversation *first = a, *second = b;

  return g_strcmp0 (first->address, second->address);
}

static void
collect_conversations (LinnetAccount *account,
                       GPtrArray *conversations)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, account->conversations);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      LinnetExportConversation *conversation = g_new0 (LinnetExportConversation, 1);

      conversation->id = linnet_conversation_get_id (value);
      conversation->address = g_strdup (linnet_conversation_get_address (value));
      conversation->name = g_strdup (linnet_conversation_get_title (value));
      g_ptr_array_add (conversations, conversation);
    }
  g_ptr_array_sort_values (conversations, compare_conversations);
}

static DexFuture *
linnet_export_save_fiber (gpointer data)
{
  Exporting *self = data;
  g_autoptr (GError) error = NULL;

  if (!dex_await (linnet_work_run (
                      self->work, linnet_export_write, g_atomic_rc_box_acquire (self), exporting_unref),
                  &error))
    return dex_future_new_for_error (linnet_backup_translate (error, TRUE));

  return dex_future_new_take_object (g_object_ref (self->export.result));
}

DexFuture *
linnet_export_save (LinnetAccount *account,
                    GFile *folder,
                    LinnetExportParts parts,
                    LinnetWork *work)
{
  Exporting *self;

  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (account));
  linnet_return_error_if_fail (G_IS_FILE (folder));
  linnet_return_error_if_fail (parts != 0);
  linnet_return_error_if_fail (LINNET_IS_WORK (work));

  if (account->closed)
    return linnet_verb_offline ();

  self = g_atomic_rc_box_new0 (Exporting);
  self->account = g_object_ref (account);
  self->work = g_object_ref (work);
  self->export.directory = g_strdup (linnet_store_get_directory (account->store));
  self->export.account = account->row->id;
  self->export.address = g_strdup (account->row->address);
  self->export.own_name = g_strdup (linnet_account_get_display_name (account));
  self->export.contacts = g_ptr_array_new_with_free_func (contact_free);
  self->export.conversations = g_ptr_array_new_with_free_func (conversation_free);
  self->export.folder = g_object_ref (folder);
  self->export.parts = parts;
  collect_contacts (account, self->export.contacts);
  collect_conversations (account, self->export.conversations);

  return linnet_verb (linnet_spawn ("export", linnet_export_save_fiber, self, exporting_unref));
}
