/* Fills a profile with a long history
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: linnet-fill FOLDER ADDRESS MESSAGES CONVERSATIONS DOMAIN
 *
 * The account ADDRESS must be in the profile already. The conversations are with contact1@DOMAIN,
 * contact2@DOMAIN and so on; their messages, both ways, are spread over the last two years.
 */
#define G_LOG_DOMAIN "linnet-fill"

#include <stdlib.h>

#include <libdex.h>

#include "linnet-spawn.h"
#include "linnet-store-accounts.h"
#include "linnet-store-batch.h"
#include "linnet-store-messages.h"

#define BATCH 500
#define HISTORY (2 * 365 * G_TIME_SPAN_DAY)

typedef struct
{
  const char *directory;
  const char *address;
  guint messages;
  guint conversations;
  const char *domain;
  GMainLoop *loop;
} Fill;

/* What people write is short mostly and long sometimes. */
static char *
make_body (guint number)
{
  static const char *const sentences[] = {
    "See you tomorrow then.",
    "I looked at the photos again, the one by the lake is the best of them.",
    "Yes!",
    "Could you bring the key when you come? I left mine on the kitchen table this morning.",
    "👍",
    "The train is late again, twenty minutes this time. Start without me.",
    "That sounds good. Let us meet at the station, the one with the old clock, and walk from there.",
    "No idea, ask Tom.",
  };
  g_autoptr (GString) body = g_string_new (NULL);
  guint count = number % 11 == 0 ? 6 : 1;

  for (guint i = 0; i < count; i++)
    {
      if (i > 0)
        g_string_append_c (body, ' ');
      g_string_append (body, sentences[(number * 7 + i) % G_N_ELEMENTS (sentences)]);
    }

  return g_string_free_and_steal (g_steal_pointer (&body));
}

static LinnetStoreMessage *
make_message (const Fill *self,
              guint number,
              gint64 now)
{
  LinnetStoreMessage *message = linnet_store_message_new ();

  message->time = now - HISTORY + HISTORY / self->messages * number;
  message->stanza_id = g_uuid_string_random ();
  message->body = make_body (number);
  message->outgoing = number % 3 == 0;
  message->state = message->outgoing ? LINNET_STORE_STATE_READ : LINNET_STORE_STATE_RECEIVED;
  message->resource = message->outgoing ? NULL : g_strdup ("phone");

  return message;
}

static gint64
find_account (LinnetStore *store,
              const char *address,
              GError **error)
{
  g_autoptr (GPtrArray) accounts = dex_await_boxed (linnet_store_accounts_list (store), error);

  for (guint i = 0; accounts != NULL && i < accounts->len; i++)
    {
      LinnetStoreAccount *account = g_ptr_array_index (accounts, i);

      if (g_str_equal (account->address, address))
        return account->id;
    }

  if (accounts != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s is not in the profile", address);
  return 0;
}

static gboolean
fill (const Fill *self,
      GError **error)
{
  g_autoptr (LinnetStore) store = dex_await_object (linnet_store_open (self->directory), error);
  gint64 now = g_get_real_time ();
  gint64 account;

  if (store == NULL)
    return FALSE;
  account = find_account (store, self->address, error);
  if (account == 0)
    return FALSE;

  for (guint start = 0; start < self->messages; start += BATCH)
    {
      g_autoptr (LinnetStoreBatch) batch = linnet_store_batch_new (account);

      for (guint number = start; number < MIN (start + BATCH, self->messages); number++)
        {
          /* Blocks, as people write to one person at a time. */
          guint contact = number / 20 % self->conversations + 1;
          g_autofree char *jid = g_strdup_printf ("contact%u@%s", contact, self->domain);

          linnet_store_batch_add_message (batch, jid, make_message (self, number, now));
        }
      if (!dex_await (linnet_store_batch_commit (store, batch), error))
        return FALSE;
    }

  return dex_await (linnet_store_close (store), error);
}

static DexFuture *
fill_fiber (gpointer data)
{
  const Fill *self = data;
  g_autoptr (GError) error = NULL;

  if (!fill (self, &error))
    {
      g_printerr ("%s\n", error->message);
      exit (EXIT_FAILURE);
    }
  g_main_loop_quit (self->loop);

  return dex_future_new_true ();
}

int
main (int argc,
      char *argv[])
{
  Fill self = { 0 };
  guint64 messages;
  guint64 conversations;

  dex_init ();
  if (argc != 6 ||
      !g_ascii_string_to_unsigned (argv[3], 10, 1, 10000000, &messages, NULL) ||
      !g_ascii_string_to_unsigned (argv[4], 10, 1, 10000, &conversations, NULL))
    {
      g_printerr ("Usage: linnet-fill FOLDER ADDRESS MESSAGES CONVERSATIONS DOMAIN\n");
      return EXIT_FAILURE;
    }

  self.directory = argv[1];
  self.address = argv[2];
  self.messages = messages;
  self.conversations = conversations;
  self.domain = argv[5];
  self.loop = g_main_loop_new (NULL, FALSE);
  linnet_spawn_detached ("fill", fill_fiber, &self, NULL);
  g_main_loop_run (self.loop);
  g_main_loop_unref (self.loop);

  return EXIT_SUCCESS;
}
