/* Fuzz target: stream management agrees with a model that counts in 64 bits, where nothing wraps around
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-stream-management.h"

#define MAX_TOKENS 4096

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

typedef struct
{
  XmppStreamManagement *sm;
  const guint8 *data;
  gsize size;
  guint64 base; /* the counters' value at the start, so that they may wrap around soon */
  guint64 acked;
  guint64 sent;
  guint64 received;
  guint64 handled;
  gint64 tokens[MAX_TOKENS]; /* of the stanza base + 1 + index; 0: nobody stored it */
  gboolean dead;
} Run;

static guint8
next_byte (Run *run)
{
  if (run->size == 0)
    return 0;
  run->size--;

  return *run->data++;
}

static guint32
next_word (Run *run)
{
  guint32 word = 0;

  for (guint i = 0; i < 4; i++)
    word = word << 8 | next_byte (run);

  return word;
}

/* Mostly near what makes sense. */
static guint32
next_h (Run *run)
{
  guint8 kind = next_byte (run);

  if (kind % 8 == 0)
    return next_word (run);

  return (guint32) (run->acked + kind / 8 - (kind % 8 == 1 ? 3 : 0));
}

static gboolean
resolve_h (Run *run,
           guint32 h,
           guint64 *full)
{
  for (guint64 candidate = run->acked; candidate <= run->sent; candidate++)
    if ((guint32) candidate == h)
      {
        *full = candidate;
        return TRUE;
      }

  return FALSE;
}

static void
check_tokens (Run *run,
              GArray *tokens,
              guint64 from,
              guint64 to)
{
  guint n = 0;

  for (guint64 i = from; i < to; i++)
    {
      gint64 token = run->tokens[i - run->base];

      if (token == 0)
        continue;
      g_assert (n < tokens->len);
      g_assert (g_array_index (tokens, gint64, n) == token);
      n++;
    }
  g_assert (n == tokens->len);
}

static void
check_queue (Run *run)
{
  g_autoptr (GPtrArray) unacked = xmpp_stream_management_peek_unacked (run->sm);

  g_assert (xmpp_stream_management_get_n_unacked (run->sm) == unacked->len);
  g_assert (unacked->len == run->sent - run->acked);
  for (guint i = 0; i < unacked->len; i++)
    {
      XmppSmStanza *stanza = unacked->pdata[i];

      g_assert (stanza->counter == (guint32) (run->acked + i + 1));
      g_assert (stanza->token == run->tokens[run->acked - run->base + i]);
    }
  g_assert (xmpp_stream_management_get_sent (run->sm) == (guint32) run->sent);
  g_assert (xmpp_stream_management_get_received (run->sm) == (guint32) run->received);
  g_assert (xmpp_stream_management_get_handled (run->sm) == (guint32) run->handled);
  g_assert (!xmpp_stream_management_wants_request (run->sm) || run->sent != run->acked);
  g_assert (xmpp_stream_management_is_enabled (run->sm) == !run->dead);
}

static void
send_stanza (Run *run)
{
  gint64 token = next_byte (run) % 3;

  if (run->dead || run->sent - run->base == MAX_TOKENS)
    return;

  run->tokens[run->sent - run->base] = token != 0 ? (gint64) run->sent + 1 : 0;
  run->sent++;
  g_assert (xmpp_stream_management_sent (run->sm,
                                         token != 0 ? XMPP_SM_MESSAGE : XMPP_SM_IQ,
                                         NULL,
                                         "<message/>",
                                         run->tokens[run->sent - 1 - run->base]) == (guint32) run->sent);
}

static void
acknowledge (Run *run,
             gboolean resumed)
{
  guint32 h = next_h (run);
  guint64 full = 0;
  gboolean expected = !run->dead && resolve_h (run, h, &full);
  g_autoptr (GArray) tokens = NULL;
  gboolean ok;

  if (resumed)
    xmpp_stream_management_connection_lost (run->sm);
  ok = resumed ? xmpp_stream_management_resumed (run->sm, h, &tokens, NULL)
               : xmpp_stream_management_acked (run->sm, h, &tokens, NULL);
  g_assert (ok == expected);
  if (ok)
    {
      check_tokens (run, tokens, run->acked, full);
      run->acked = full;
      g_assert (!xmpp_stream_management_is_request_pending (run->sm));
      return;
    }
  run->dead = TRUE;
  g_assert (xmpp_stream_management_get_id (run->sm) == NULL);
}

static void
fail_resumption (Run *run)
{
  guint32 h = next_h (run);
  gboolean known = next_byte (run) & 1;
  guint64 full = run->acked;
  g_autoptr (GArray) tokens = NULL;
  g_autoptr (GPtrArray) rest = NULL;

  if (!known || !resolve_h (run, h, &full))
    full = run->acked;
  rest = xmpp_stream_management_take_unacked (run->sm, known ? &h : NULL, &tokens);
  check_tokens (run, tokens, run->acked, full);
  g_assert (rest->len == run->sent - full);
  for (guint i = 0; i < rest->len; i++)
    g_assert (((XmppSmStanza *) rest->pdata[i])->token == run->tokens[full - run->base + i]);

  /* A new session. */
  xmpp_stream_management_enable (run->sm, "new");
  run->base = run->acked = run->sent = run->received = run->handled = 0;
  run->dead = FALSE;
}

static void
commit (Run *run)
{
  guint32 h = (guint32) (run->handled + next_byte (run) % 16);

  xmpp_stream_management_handled (run->sm, h);
  if (!run->dead && run->handled + (guint32) (h - (guint32) run->handled) <= run->received)
    run->handled += (guint32) (h - (guint32) run->handled);
}

static void
take_ack (Run *run)
{
  guint32 h;

  if (xmpp_stream_management_take_ack (run->sm, &h))
    {
      g_assert (!run->dead);
      g_assert (h == (guint32) run->handled);
      g_assert (!xmpp_stream_management_take_ack (run->sm, &h));
    }
}

static void
step (Run *run)
{
  switch (next_byte (run) % 10)
    {
    case 0:
    case 1:
      send_stanza (run);
      break;
    case 2:
      acknowledge (run, FALSE);
      break;
    case 3:
      acknowledge (run, TRUE);
      break;
    case 4:
      fail_resumption (run);
      break;
    case 5:
      if (xmpp_stream_management_wants_request (run->sm))
        {
          xmpp_stream_management_requested (run->sm);
          g_assert (!xmpp_stream_management_wants_request (run->sm));
        }
      break;
    case 6:
      xmpp_stream_management_received (run->sm);
      run->received += !run->dead;
      break;
    case 7:
      commit (run);
      break;
    case 8:
      xmpp_stream_management_ack_requested (run->sm);
      break;
    default:
      take_ack (run);
      break;
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autofree Run *run = g_new0 (Run, 1);
  g_autoptr (XmppStreamManagement) sm = xmpp_stream_management_new ();

  run->sm = sm;
  run->data = data;
  run->size = size;
  run->base = run->acked = run->sent = run->received = run->handled = next_word (run);
  xmpp_stream_management_restore (sm, "old", (guint32) run->base, (guint32) run->base, (guint32) run->base);
  g_assert (xmpp_stream_management_resumed (sm, (guint32) run->base, NULL, NULL));

  while (run->size > 0)
    {
      step (run);
      check_queue (run);
    }

  return 0;
}
