/* Tests of the window on a conversation's messages
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-account-private.h"
#include "linnet-conversation-private.h"
#include "linnet-message-private.h"
#include "linnet-store-batch.h"
#include "linnet-test-mirror.h"
#include "linnet-test-model.h"
#include "linnet-test.h"

#define ME "ana@lark.chat"
#define MIRA "mira@lark.chat"

/* A profile with one conversation. */
typedef struct
{
  LinnetAccountManager *manager;
  LinnetAccount *account;
  LinnetConversation *conversation;
  guint n_messages;
} World;

static void
world_open (World *world,
            const LinnetTestMessage *messages,
            guint n_messages,
            guint n_read)
{
  LinnetTestContact contact = {
    .address = MIRA,
    .subscription = LINNET_SUBSCRIPTION_BOTH,
    .messages = messages,
    .n_messages = n_messages,
    .n_read = n_read,
  };
  LinnetTestAccount account = { .address = ME, .contacts = &contact, .n_contacts = 1 };

  world->manager = linnet_test_manager_new (&account, 1);
  world->account = linnet_account_manager_find_account (world->manager, ME);
  world->conversation = linnet_account_manager_find_conversation (world->manager, ME, MIRA);
  world->n_messages = n_messages;
}

/* Numbered messages; of those that were read every third is outgoing. */
static void
world_open_numbered (World *world,
                     guint n_messages,
                     guint n_read)
{
  g_autofree LinnetTestMessage *messages = g_new0 (LinnetTestMessage, n_messages);
  g_autoptr (GPtrArray) bodies = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < n_messages; i++)
    {
      g_ptr_array_add (bodies, g_strdup_printf ("%u", i));
      messages[i].body = g_ptr_array_index (bodies, i);
      messages[i].state = i < n_read && i % 3 == 2 ? LINNET_MESSAGE_SENT : LINNET_MESSAGE_RECEIVED;
    }

  world_open (world, messages, n_messages, n_read);
}

static void
world_close (World *world)
{
  linnet_test_manager_free (world->manager);
}

/* As the inbox does: into the store, then shown. */
static void
world_receive (World *world,
               guint count)
{
  g_autoptr (LinnetStoreBatch) batch = linnet_store_batch_new (linnet_account_get_id (world->account));
  g_autoptr (LinnetStoreChanges) changes = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < count; i++)
    {
      LinnetStoreMessage *row = linnet_store_message_new ();

      row->body = g_strdup_printf ("%u", world->n_messages++);
      row->stanza_id = g_uuid_string_random ();
      row->time = g_get_real_time ();
      row->state = LINNET_STORE_STATE_RECEIVED;
      linnet_store_batch_add_message (batch, MIRA, row);
    }

  changes = dex_await_boxed (linnet_store_batch_commit (world->account->store, batch), &error);
  g_assert_no_error (error);
  linnet_account_apply (world->account, changes);
}

/* What was asked of the store before is done, and shown. */
static void
world_sync (World *world)
{
  linnet_test_assert_resolves (linnet_store_conversations_list (world->account->store));
  linnet_test_settle ();
}

static LinnetMessage *
get (LinnetTimeline *timeline,
     guint position)
{
  g_autoptr (LinnetMessage) message = g_list_model_get_item (G_LIST_MODEL (timeline), position);

  g_assert_nonnull (message);

  return message;
}

/* The rows must be numbered from @first to @last without a gap. */
static void
assert_range (LinnetTimeline *timeline,
              guint first,
              guint last)
{
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (timeline)), ==, last - first + 1);

  for (guint i = first; i <= last; i++)
    {
      g_autofree char *body = g_strdup_printf ("%u", i);

      g_assert_cmpstr (linnet_message_get_body (get (timeline, i - first)), ==, body);
    }
}

static LinnetMessage *
get_first_unread (LinnetTimeline *timeline)
{
  g_autoptr (LinnetMessage) message = NULL;

  g_object_get (timeline, "first-unread", &message, NULL);

  return message;
}

static guint
get_unseen (LinnetTimeline *timeline)
{
  guint unseen;

  g_object_get (timeline, "unseen", &unseen, NULL);

  return unseen;
}

static void
test_paging (gconstpointer data)
{
  World world;
  g_autoptr (LinnetTimeline) timeline = NULL;
  g_autoptr (LinnetTestMirror) mirror = NULL;

  world_open_numbered (&world, 100, 100);
  timeline = linnet_conversation_dup_timeline (world.conversation);
  mirror = linnet_test_mirror_new (G_LIST_MODEL (timeline));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (timeline)), ==, 0);

  linnet_test_assert_resolves (linnet_timeline_load (timeline));
  assert_range (timeline, 60, 99);
  g_assert_true (linnet_timeline_get_at_end (timeline));
  g_assert_false (linnet_timeline_get_at_start (timeline));
  g_assert_cmpuint (mirror->announcements, ==, 1);

  linnet_test_assert_resolves (linnet_timeline_load_older (timeline));
  assert_range (timeline, 35, 99);
  linnet_test_assert_resolves (linnet_timeline_load_older (timeline));
  linnet_test_assert_resolves (linnet_timeline_load_older (timeline));
  assert_range (timeline, 0, 99);
  g_assert_true (linnet_timeline_get_at_start (timeline));
  g_assert_cmpuint (mirror->announcements, ==, 4);

  linnet_test_assert_resolves (linnet_timeline_load_older (timeline));
  linnet_test_assert_resolves (linnet_timeline_load_newer (timeline));
  g_assert_cmpuint (mirror->announcements, ==, 4);

  linnet_timeline_trim (timeline, 40);
  assert_range (timeline, 60, 99);
  g_assert_false (linnet_timeline_get_at_start (timeline));

  g_clear_pointer (&mirror, linnet_test_mirror_free);
  g_assert_finalize_object (g_steal_pointer (&timeline));
  world_close (&world);
}

/* Exactly a window, exactly a window and a page: no phantom page before the start. */
static void
test_edges (gconstpointer data)
{
  static const guint sizes[] = { 0, 1, 39, 40, 41, 65, 66 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      World world;
      g_autoptr (LinnetTimeline) timeline = NULL;

      world_open_numbered (&world, MAX (sizes[i], 1), MAX (sizes[i], 1));
      timeline = linnet_conversation_dup_timeline (world.conversation);
      linnet_test_assert_resolves (linnet_timeline_load (timeline));
      g_assert_cmpint (linnet_timeline_get_at_start (timeline), ==, sizes[i] <= 40);

      if (sizes[i] > 40)
        linnet_test_assert_resolves (linnet_timeline_load_older (timeline));
      g_assert_cmpint (linnet_timeline_get_at_start (timeline), ==, sizes[i] <= 65);
      assert_range (timeline, sizes[i] > 65 ? sizes[i] - 65 : 0, MAX (sizes[i], 1) - 1);
      g_clear_object (&timeline);
      world_close (&world);
    }
}

static void
test_unread_in_window (gconstpointer data)
{
  World world;
  g_autoptr (LinnetTimeline) timeline = NULL;

  world_open_numbered (&world, 100, 90);
  g_assert_cmpuint (linnet_conversation_get_unread_count (world.conversation), ==, 10);
  timeline = linnet_conversation_dup_timeline (world.conversation);
  linnet_test_assert_resolves (linnet_timeline_load (timeline));

  assert_range (timeline, 60, 99);
  g_assert_true (get_first_unread (timeline) == get (timeline, 30));
  g_assert_true (linnet_message_get_starts_unread (get (timeline, 30)));
  g_assert_cmpuint (linnet_message_get_unread_below (get (timeline, 30)), ==, 10);

  /* The line stays while the person reads, and goes when they leave. */
  linnet_conversation_mark_read (world.conversation);
  world_sync (&world);
  g_assert_cmpuint (linnet_conversation_get_unread_count (world.conversation), ==, 0);
  g_assert_true (linnet_message_get_starts_unread (get (timeline, 30)));
  linnet_timeline_reset_unread (timeline);
  g_assert_false (linnet_message_get_starts_unread (get (timeline, 30)));
  g_assert_null (get_first_unread (timeline));

  g_clear_object (&timeline);
  world_close (&world);
}

static void
test_unread_far_up (gconstpointer data)
{
  World world;
  g_autoptr (LinnetTimeline) timeline = NULL;
  g_autoptr (LinnetTestMirror) mirror = NULL;

  world_open_numbered (&world, 300, 100);
  timeline = linnet_conversation_dup_timeline (world.conversation);
  mirror = linnet_test_mirror_new (G_LIST_MODEL (timeline));
  linnet_test_assert_resolves (linnet_timeline_load (timeline));

  assert_range (timeline, 80, 120);
  g_assert_true (get_first_unread (timeline) == get (timeline, 20));
  g_assert_false (linnet_timeline_get_at_end (timeline));
  g_assert_false (linnet_timeline_get_at_start (timeline));

  /* What comes meanwhile is counted, not shown. */
  world_receive (&world, 3);
  assert_range (timeline, 80, 120);
  g_assert_cmpuint (get_unseen (timeline), ==, 3);

  linnet_test_assert_resolves (linnet_timeline_load_newer (timeline));
  assert_range (timeline, 80, 145);
  linnet_test_assert_resolves (linnet_timeline_jump_to_latest (timeline));
  assert_range (timeline, 263, 302);
  g_assert_true (linnet_timeline_get_at_end (timeline));
  g_assert_cmpuint (get_unseen (timeline), ==, 0);

  g_clear_pointer (&mirror, linnet_test_mirror_free);
  g_clear_object (&timeline);
  world_close (&world);
}

/* Paging on and on drops rows at the far end; coming back finds them again. */
static void
test_long_way (gconstpointer data)
{
  World world;
  g_autoptr (LinnetTimeline) timeline = NULL;
  g_autoptr (LinnetTestMirror) mirror = NULL;

  world_open_numbered (&world, 600, 600);
  timeline = linnet_conversation_dup_timeline (world.conversation);
  mirror = linnet_test_mirror_new (G_LIST_MODEL (timeline));
  linnet_test_assert_resolves (linnet_timeline_load (timeline));

  while (!linnet_timeline_get_at_start (timeline))
    linnet_test_assert_resolves (linnet_timeline_load_older (timeline));
  assert_range (timeline, 0, 399);
  g_assert_false (linnet_timeline_get_at_end (timeline));

  while (!linnet_timeline_get_at_end (timeline))
    linnet_test_assert_resolves (linnet_timeline_load_newer (timeline));
  assert_range (timeline, 200, 599);

  g_clear_pointer (&mirror, linnet_test_mirror_free);
  g_clear_object (&timeline);
  world_close (&world);
}

static void
test_live (gconstpointer data)
{
  World world;
  g_autoptr (LinnetTimeline) timeline = NULL;
  g_autoptr (LinnetTestMirror) mirror = NULL;
  DexFuture *load;

  world_open_numbered (&world, 50, 50);
  timeline = linnet_conversation_dup_timeline (world.conversation);
  mirror = linnet_test_mirror_new (G_LIST_MODEL (timeline));

  /* One comes while the first window is under way: once, at its place. */
  load = linnet_timeline_load (timeline);
  world_receive (&world, 1);
  linnet_test_assert_resolves (load);
  assert_range (timeline, 50 + 1 - g_list_model_get_n_items (G_LIST_MODEL (timeline)), 50);

  mirror->announcements = 0;
  world_receive (&world, 30);
  g_assert_cmpuint (mirror->announcements, ==, 1);
  g_assert_cmpstr (linnet_message_get_body (get (timeline, mirror->items->len - 1)), ==, "80");

  g_clear_pointer (&mirror, linnet_test_mirror_free);
  g_clear_object (&timeline);
  world_close (&world);
}

/* The line comes when nobody looked, and not when the conversation was read at once. */
static void
test_unread_live (gconstpointer data)
{
  World world;
  g_autoptr (LinnetTimeline) timeline = NULL;

  world_open_numbered (&world, 10, 10);
  timeline = linnet_conversation_dup_timeline (world.conversation);
  linnet_test_assert_resolves (linnet_timeline_load (timeline));

  world_receive (&world, 2);
  linnet_conversation_mark_read (world.conversation);
  world_sync (&world);
  g_assert_null (get_first_unread (timeline));

  world_receive (&world, 2);
  world_sync (&world);
  g_assert_true (get_first_unread (timeline) == get (timeline, 12));
  g_assert_cmpuint (linnet_message_get_unread_below (get (timeline, 12)), ==, 2);

  world_receive (&world, 3);
  world_sync (&world);
  g_assert_true (get_first_unread (timeline) == get (timeline, 12));
  g_assert_cmpuint (linnet_message_get_unread_below (get (timeline, 12)), ==, 5);

  g_clear_object (&timeline);
  world_close (&world);
}

#define DAY (24 * G_TIME_SPAN_HOUR)

static void
test_runs (gconstpointer data)
{
  /* Noon of a day in local time, so that the hours below do not cross midnight by themselves. */
  g_autoptr (GDateTime) noon = g_date_time_new_local (2026, 3, 10, 12, 0, 0);
  gint64 base = g_date_time_to_unix_usec (noon);
  const struct
  {
    gint64 time;
    gboolean outgoing;
    LinnetRunPosition run;
    gboolean starts_day;
  } rows[] = {
    { base, FALSE, LINNET_RUN_FIRST, TRUE },
    { base + G_TIME_SPAN_MINUTE, FALSE, LINNET_RUN_MIDDLE, FALSE },
    { base + 2 * G_TIME_SPAN_MINUTE, FALSE, LINNET_RUN_LAST, FALSE },
    { base + 3 * G_TIME_SPAN_MINUTE, TRUE, LINNET_RUN_ONLY, FALSE },
    { base + 4 * G_TIME_SPAN_MINUTE, FALSE, LINNET_RUN_ONLY, FALSE },
    { base + 9 * G_TIME_SPAN_MINUTE, FALSE, LINNET_RUN_FIRST, FALSE },
    /* A clock that went wrong and back does not break a run by itself, if it is close. */
    { base + 8 * G_TIME_SPAN_MINUTE, FALSE, LINNET_RUN_LAST, FALSE },
    { base + DAY, FALSE, LINNET_RUN_ONLY, TRUE },
    { base + 3 * DAY, TRUE, LINNET_RUN_FIRST, TRUE },
    { base + 3 * DAY + G_TIME_SPAN_SECOND, TRUE, LINNET_RUN_LAST, FALSE },
  };
  LinnetTestMessage messages[G_N_ELEMENTS (rows)] = { 0 };
  World world;
  g_autoptr (LinnetTimeline) timeline = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      messages[i].body = "text";
      messages[i].time = rows[i].time;
      messages[i].state = rows[i].outgoing ? LINNET_MESSAGE_DELIVERED : LINNET_MESSAGE_RECEIVED;
    }

  world_open (&world, messages, G_N_ELEMENTS (messages), G_N_ELEMENTS (messages));
  timeline = linnet_conversation_dup_timeline (world.conversation);
  linnet_test_assert_resolves (linnet_timeline_load (timeline));

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("row %u", i);
      g_assert_cmpint (linnet_message_get_run (get (timeline, i)), ==, rows[i].run);
      g_assert_cmpint (linnet_message_get_starts_day (get (timeline, i)), ==, rows[i].starts_day);
    }

  g_clear_object (&timeline);
  world_close (&world);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* At the edge of a window the rows beyond it count: nothing changes its look when they come. */
static void
test_quiet_edges (gconstpointer data)
{
  World world;
  g_autoptr (LinnetTimeline) timeline = NULL;
  guint changes = 0;

  world_open_numbered (&world, 100, 100);
  timeline = linnet_conversation_dup_timeline (world.conversation);
  linnet_test_assert_resolves (linnet_timeline_load (timeline));
  g_assert_cmpint (linnet_message_get_run (get (timeline, 0)), ==, LINNET_RUN_FIRST);
  g_assert_cmpint (linnet_message_get_run (get (timeline, 1)), ==, LINNET_RUN_LAST);
  g_assert_false (linnet_message_get_starts_day (get (timeline, 0)) &&
                  linnet_message_get_starts_day (get (timeline, 1)));

  for (guint i = 0; i < 40; i++)
    g_signal_connect_swapped (get (timeline, i), "notify", G_CALLBACK (count_cb), &changes);
  linnet_test_assert_resolves (linnet_timeline_load_older (timeline));
  g_assert_cmpuint (changes, ==, 0);

  for (guint i = 25; i < 65; i++)
    g_signal_handlers_disconnect_by_data (get (timeline, i), &changes);
  g_clear_object (&timeline);
  world_close (&world);
}

/* One object a row, whichever window it comes by. */
static void
test_identity (gconstpointer data)
{
  World world;
  g_autoptr (LinnetTimeline) timeline = NULL;
  g_autoptr (LinnetMessage) held = NULL;

  world_open_numbered (&world, 60, 60);
  timeline = linnet_conversation_dup_timeline (world.conversation);
  linnet_test_assert_resolves (linnet_timeline_load (timeline));
  held = g_object_ref (get (timeline, 39));

  g_assert_finalize_object (g_steal_pointer (&timeline));
  timeline = linnet_conversation_dup_timeline (world.conversation);
  linnet_test_assert_resolves (linnet_timeline_load (timeline));
  g_assert_true (get (timeline, 39) == held);
  g_assert_true (linnet_message_table_lookup (world.account->messages, linnet_message_get_id (held)) == held);

  g_clear_object (&timeline);
  g_assert_finalize_object (g_steal_pointer (&held));
  g_assert_cmpuint (g_hash_table_size (world.account->messages), ==, 0);
  world_close (&world);
}

/* Anything in any order: the window stays a range of the conversation without gaps. */
static void
test_random (gconstpointer data)
{
  World world;
  g_autoptr (LinnetTimeline) timeline = NULL;
  g_autoptr (LinnetTestMirror) mirror = NULL;
  g_autoptr (GPtrArray) pending = g_ptr_array_new_with_free_func (dex_unref);

  world_open_numbered (&world, 200, 200);
  timeline = linnet_conversation_dup_timeline (world.conversation);
  mirror = linnet_test_mirror_new (G_LIST_MODEL (timeline));
  g_ptr_array_add (pending, linnet_timeline_load (timeline));

  for (guint i = 0; i < 400; i++)
    {
      switch (g_test_rand_int_range (0, 8))
        {
        case 0:
        case 1:
          world_receive (&world, g_test_rand_int_range (1, 5));
          break;
        case 2:
        case 3:
          g_ptr_array_add (pending, linnet_timeline_load_older (timeline));
          break;
        case 4:
          g_ptr_array_add (pending, linnet_timeline_load_newer (timeline));
          break;
        case 5:
          g_ptr_array_add (pending, linnet_timeline_jump_to_latest (timeline));
          break;
        case 6:
          linnet_timeline_trim (timeline, 40);
          break;
        default:
          while (pending->len > 0)
            {
              linnet_test_assert_resolves (dex_ref (g_ptr_array_index (pending, 0)));
              g_ptr_array_remove_index (pending, 0);
            }
          if (mirror->items->len > 0)
            {
              guint first = g_ascii_strtoull (linnet_message_get_body (get (timeline, 0)), NULL, 10);
              guint last = first + mirror->items->len - 1;

              assert_range (timeline, first, last);
              g_assert_cmpint (linnet_timeline_get_at_end (timeline), ==, last + 1 == world.n_messages);
              g_assert_cmpint (linnet_timeline_get_at_start (timeline), ==, first == 0);
            }
        }
    }

  while (pending->len > 0)
    {
      linnet_test_assert_resolves (dex_ref (g_ptr_array_index (pending, 0)));
      g_ptr_array_remove_index (pending, 0);
    }

  g_clear_pointer (&mirror, linnet_test_mirror_free);
  g_clear_object (&timeline);
  world_close (&world);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/timeline/paging", test_paging, NULL);
  linnet_test_add ("/model/timeline/edges", test_edges, NULL);
  linnet_test_add ("/model/timeline/unread-in-window", test_unread_in_window, NULL);
  linnet_test_add ("/model/timeline/unread-far-up", test_unread_far_up, NULL);
  linnet_test_add ("/model/timeline/long-way", test_long_way, NULL);
  linnet_test_add ("/model/timeline/live", test_live, NULL);
  linnet_test_add ("/model/timeline/unread-live", test_unread_live, NULL);
  linnet_test_add ("/model/timeline/runs", test_runs, NULL);
  linnet_test_add ("/model/timeline/quiet-edges", test_quiet_edges, NULL);
  linnet_test_add ("/model/timeline/identity", test_identity, NULL);
  linnet_test_add ("/model/timeline/random", test_random, NULL);

  return g_test_run ();
}
