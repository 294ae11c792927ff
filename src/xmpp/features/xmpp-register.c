/* XEP-0077 In-Band Registration, version 2.4, on a stream nobody has signed in on; XEP-0445 version 0.2.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-register"

#include "config.h"

#include "linnet-spawn.h"
#include "xmpp-bob.h"
#include "xmpp-builder.h"
#include "xmpp-iq-tracker.h"
#include "xmpp-register.h"
#include "xmpp-text.h"

#define NS_FEATURE "http://jabber.org/features/iq-register"
#define NS_TOKEN "urn:xmpp:ibr-token:0"
/* What servers called it before XEP-0445 had a number. */
#define NS_INVITE "urn:xmpp:invite"
#define NS_PARS "urn:xmpp:pars:0"

#define TIMEOUT_S 60
#define PICTURE_TIMEOUT_S 10
#define MAX_PICTURES 4
/* All that the server may send on one stream: a form with its pictures, several times. */
#define BUDGET (2 * 1024 * 1024)
/* Elements nobody asked for. */
#define MAX_STRAY 64
#define MAX_TEXT 1024
#define CLOSE_TIMEOUT_MS 1000

struct _XmppRegister
{
  GObject parent_instance;

  XmppStream *stream;
  XmppJid *domain;
  char *id;            /* of the question that waits for its answer; nullable */
  DexPromise *promise; /* its answer; nullable */
  guint n_stray;
  guint offered : 1;
  guint takes_tokens : 1;
  guint open : 1;
};

typedef struct
{
  XmppStream *stream;
  XmppJid *domain;
} Opening;

typedef struct
{
  XmppStream *stream;
  GWeakRef owner; /* XmppRegister */
} Pump;

typedef struct
{
  XmppRegister *self;
  XmppNode *iq;           /* nullable */
  XmppRegisterForm *form; /* nullable */
} Question;

G_DEFINE_FINAL_TYPE (XmppRegister, xmpp_register, G_TYPE_OBJECT)
G_DEFINE_BOXED_TYPE (XmppRegisterReply,
                     xmpp_register_reply,
                     xmpp_register_reply_ref,
                     xmpp_register_reply_unref)

static void
opening_free (gpointer data)
{
  Opening *self = data;

  g_object_unref (self->stream);
  xmpp_jid_unref (self->domain);
  g_free (self);
}

static void
pump_free (gpointer data)
{
  Pump *self = data;

  g_object_unref (self->stream);
  g_weak_ref_clear (&self->owner);
  g_free (self);
}

static void
question_free (gpointer data)
{
  Question *self = data;

  g_object_unref (self->self);
  g_clear_pointer (&self->iq, xmpp_node_unref);
  g_clear_pointer (&self->form, xmpp_register_form_unref);
  g_free (self);
}

static void
xmpp_register_reply_clear (gpointer data)
{
  XmppRegisterReply *self = data;

  g_free (self->type);
  g_free (self->text);
  g_clear_pointer (&self->form, xmpp_register_form_unref);
}

XmppRegisterReply *
xmpp_register_reply_ref (XmppRegisterReply *self)
{
  return g_rc_box_acquire (self);
}

void
xmpp_register_reply_unref (XmppRegisterReply *self)
{
  g_rc_box_release_full (self, xmpp_register_reply_clear);
}

/* ---- reading ---- */

/* security.md I4: the id, and from whom the question went to, or from nobody: that is the server as well. */
static gboolean
is_answer (XmppRegister *self,
           XmppNode *node)
{
  const char *id = xmpp_node_get_attr (node, "id");
  const char *type = xmpp_node_get_attr (node, "type");
  const char *from = xmpp_node_get_attr (node, "from");
  g_autoptr (XmppJid) jid = NULL;

  if (self->id == NULL || !xmpp_node_is (node, "iq", XMPP_NS_CLIENT) || g_strcmp0 (id, self->id) != 0 ||
      (g_strcmp0 (type, "result") != 0 && g_strcmp0 (type, "error") != 0))
    return FALSE;
  if (from == NULL)
    return TRUE;

  jid = xmpp_jid_new (from, NULL);

  return jid != NULL && xmpp_jid_equal (jid, self->domain);
}

static void
end (XmppRegister *self,
     const GError *error)
{
  g_autoptr (DexPromise) promise = g_steal_pointer (&self->promise);

  self->open = FALSE;
  g_clear_pointer (&self->id, g_free);
  if (promise != NULL)
    dex_promise_reject (promise, g_error_copy (error));
}

/* FALSE when that is enough of it. */
static gboolean
take_node (XmppRegister *self,
           XmppNode *node)
{
  g_autoptr (DexPromise) promise = NULL;

  if (!is_answer (self, node))
    return ++self->n_stray <= MAX_STRAY;

  promise = g_steal_pointer (&self->promise);
  g_clear_pointer (&self->id, g_free);
  dex_promise_resolve_boxed (promise, XMPP_TYPE_NODE, xmpp_node_ref (node));

  return TRUE;
}

static DexFuture *
pump_fiber (gpointer data)
{
  Pump *state = data;

  for (;;)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (XmppNode) node = dex_await_boxed (xmpp_stream_read (state->stream), &error);
      g_autoptr (XmppRegister) self = g_weak_ref_get (&state->owner);

      if (self == NULL)
        return dex_future_new_true ();

      if (node != NULL && !take_node (self, node))
        {
          g_set_error_literal (
              &error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_PROTOCOL, "The server sends things unasked");
          xmpp_stream_abort (state->stream);
        }
      if (error != NULL)
        {
          end (self, error);
          return dex_future_new_true ();
        }
    }
}

static void
start_pump (XmppRegister *self)
{
  Pump *state = g_new0 (Pump, 1);

  state->stream = g_object_ref (self->stream);
  g_weak_ref_init (&state->owner, self);
  linnet_spawn_detached ("registration-stream", pump_fiber, state, pump_free);
}

static void
xmpp_register_dispose (GObject *object)
{
  XmppRegister *self = XMPP_REGISTER (object);

  xmpp_register_close (self);
  dex_clear (&self->promise);

  G_OBJECT_CLASS (xmpp_register_parent_class)->dispose (object);
}

static void
xmpp_register_finalize (GObject *object)
{
  XmppRegister *self = XMPP_REGISTER (object);

  g_clear_object (&self->stream);
  g_clear_pointer (&self->domain, xmpp_jid_unref);
  g_free (self->id);

  G_OBJECT_CLASS (xmpp_register_parent_class)->finalize (object);
}

static void
xmpp_register_class_init (XmppRegisterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xmpp_register_dispose;
  G_OBJECT_CLASS (klass)->finalize = xmpp_register_finalize;
}

static void
xmpp_register_init (XmppRegister *self)
{
}

/* ---- opening ---- */

static DexFuture *
timed_out_cb (DexFuture *future,
              gpointer user_data)
{
  return dex_future_new_reject (
      XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_TIMED_OUT, "The server did not answer in time");
}

/* Consumes @future. */
static DexFuture *
within (DexFuture *future,
        int seconds)
{
  return dex_future_first (
      future, dex_future_catch (dex_timeout_new_seconds (seconds), timed_out_cb, NULL, NULL), NULL);
}

static DexFuture *
xmpp_register_open_fiber (gpointer data)
{
  Opening *state = data;
  g_autoptr (XmppRegister) self = NULL;
  g_autoptr (XmppNode) features = NULL;
  GError *error = NULL;

  features = dex_await_boxed (
      within (xmpp_stream_open (state->stream, xmpp_jid_get_domain (state->domain), NULL), TIMEOUT_S),
      &error);
  if (features == NULL)
    {
      xmpp_stream_abort (state->stream);
      return dex_future_new_for_error (error);
    }

  self = g_object_new (XMPP_TYPE_REGISTER, NULL);
  self->stream = g_object_ref (state->stream);
  self->domain = xmpp_jid_ref (state->domain);
  self->open = TRUE;
  self->offered = xmpp_node_get_child (features, "register", NS_FEATURE) != NULL;
  self->takes_tokens = xmpp_node_get_child (features, "register", NS_TOKEN) != NULL ||
                       xmpp_node_get_child (features, "register", NS_INVITE) != NULL;
  start_pump (self);

  return dex_future_new_take_object (g_steal_pointer (&self));
}

DexFuture *
xmpp_register_open (XmppStream *stream,
                    XmppJid *domain)
{
  Opening *state;

  g_return_val_if_fail (XMPP_IS_STREAM (stream), NULL);
  g_return_val_if_fail (domain != NULL, NULL);

  /* XEP-0077 section 11: never in clear. */
  if (!xmpp_stream_is_secure (stream))
    return dex_future_new_reject (XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_NO_TLS, "The stream is in clear");

  xmpp_stream_set_budget (stream, BUDGET);
  state = g_new0 (Opening, 1);
  state->stream = g_object_ref (stream);
  state->domain = xmpp_jid_ref (domain);

  return dex_future_first (
      linnet_spawn ("registration-open", xmpp_register_open_fiber, state, opening_free), NULL);
}

gboolean
xmpp_register_get_offered (XmppRegister *self)
{
  g_return_val_if_fail (XMPP_IS_REGISTER (self), FALSE);

  return self->offered;
}

gboolean
xmpp_register_get_takes_tokens (XmppRegister *self)
{
  g_return_val_if_fail (XMPP_IS_REGISTER (self), FALSE);

  return self->takes_tokens;
}

gboolean
xmpp_register_is_open (XmppRegister *self)
{
  g_return_val_if_fail (XMPP_IS_REGISTER (self), FALSE);

  return self->open;
}

/* ---- asking ---- */

/* On a fiber. @iq: consumed; NULL with @error. */
static XmppNode *
ask (XmppRegister *self,
     XmppNode *iq,
     int seconds,
     GError **error)
{
  g_autoptr (XmppNode) question = NULL;
  g_autoptr (DexPromise) promise = NULL;
  g_autoptr (GError) local_error = NULL;
  XmppNode *answer;

  if (!self->open)
    {
      xmpp_node_unref (iq);
      g_set_error_literal (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_CLOSED, "The stream is over");
      return NULL;
    }

  if (self->promise != NULL)
    {
      xmpp_node_unref (iq);
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PENDING, "One thing after the other");
      return NULL;
    }

  promise = dex_promise_new ();
  self->id = xmpp_iq_tracker_create_id ();
  self->promise = dex_ref (promise);

  question = xmpp_node_with_attr (iq, "id", self->id);
  xmpp_node_unref (iq);
  xmpp_stream_send (self->stream, question);

  answer = dex_await_boxed (within (dex_ref (DEX_FUTURE (promise)), seconds), &local_error);
  if (answer != NULL)
    return answer;

  /* Whatever still comes is no answer to what is asked next. */
  if (self->promise == promise)
    {
      g_clear_pointer (&self->id, g_free);
      dex_clear (&self->promise);
    }
  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

static XmppNode *
address_to (XmppRegister *self,
            const char *type,
            XmppNode *payload)
{
  return xmpp_el ("iq",
                  XMPP_NS_CLIENT,
                  xmpp_attr ("type", type),
                  xmpp_attr ("to", xmpp_jid_get_string (self->domain)),
                  payload);
}

static void
parse_error (XmppRegisterReply *reply,
             XmppNode *iq)
{
  XmppNode *node = xmpp_node_get_child (iq, "error", XMPP_NS_CLIENT);
  g_autoptr (GError) error = xmpp_error_from_stanza (iq);
  const char *text;

  reply->condition = error->domain == XMPP_STANZA_ERROR ? (XmppStanzaError) error->code
                                                        : XMPP_STANZA_ERROR_UNDEFINED_CONDITION;
  if (node == NULL)
    return;

  reply->type = g_strdup (xmpp_node_get_attr (node, "type"));
  text = xmpp_node_get_child_text (node, "text", XMPP_NS_STANZAS);
  if (text != NULL && (reply->text = xmpp_text_clean (text, MAX_TEXT, NULL)) != NULL &&
      *g_strstrip (reply->text) == '\0')
    g_clear_pointer (&reply->text, g_free);
}

/* An error mostly has back what was sent; only with a data form of type "form" is it a new question. */
static gboolean
parse_reply_form (XmppRegisterReply *reply,
                  XmppNode *iq,
                  GError **error)
{
  XmppNode *query = xmpp_node_get_child (iq, "query", XMPP_NS_REGISTER);
  XmppNode *x = query != NULL ? xmpp_node_get_child (query, "x", XMPP_NS_DATA_FORM) : NULL;

  if (query == NULL || (!reply->ok && (x == NULL || g_strcmp0 (xmpp_node_get_attr (x, "type"), "form") != 0)))
    return TRUE;

  reply->form = xmpp_register_form_parse (query, error);

  return reply->form != NULL;
}

static DexFuture *
xmpp_register_ask_fiber (gpointer data)
{
  Question *state = data;
  g_autoptr (XmppNode) iq = NULL;
  g_autoptr (XmppRegisterReply) reply = NULL;
  GError *error = NULL;

  iq = ask (state->self, g_steal_pointer (&state->iq), TIMEOUT_S, &error);
  if (iq == NULL)
    {
      if (g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_TIMED_OUT))
        xmpp_register_close (state->self);
      return dex_future_new_for_error (error);
    }

  reply = g_rc_box_new0 (XmppRegisterReply);
  reply->ok = g_strcmp0 (xmpp_node_get_attr (iq, "type"), "result") == 0;
  if (!reply->ok)
    parse_error (reply, iq);
  /* With an error it is a kindness that may fail. */
  if (!parse_reply_form (reply, iq, reply->ok ? &error : NULL) && reply->ok)
    return dex_future_new_for_error (error);

  return dex_future_new_take_boxed (XMPP_TYPE_REGISTER_REPLY, g_steal_pointer (&reply));
}

/* Consumes @payload. */
static DexFuture *
start_asking (XmppRegister *self,
              const char *type,
              XmppNode *payload)
{
  Question *state;

  state = g_new0 (Question, 1);
  state->self = g_object_ref (self);
  state->iq = address_to (self, type, payload);

  return dex_future_first (
      linnet_spawn ("registration", xmpp_register_ask_fiber, state, question_free), NULL);
}

DexFuture *
xmpp_register_send_token (XmppRegister *self,
                          const char *token)
{
  g_return_val_if_fail (XMPP_IS_REGISTER (self), NULL);
  g_return_val_if_fail (token != NULL, NULL);

  return start_asking (self, "set", xmpp_el ("preauth", NS_PARS, xmpp_attr ("token", token)));
}

static DexFuture *
need_form_cb (DexFuture *future,
              gpointer user_data)
{
  XmppRegisterReply *reply = g_value_get_boxed (dex_future_get_value (future, NULL));

  if (reply->ok && reply->form == NULL)
    return dex_future_new_reject (
        XMPP_DATA_FORM_ERROR, XMPP_DATA_FORM_ERROR_MALFORMED, "There is no form in the answer");

  return dex_ref (future);
}

DexFuture *
xmpp_register_get_form (XmppRegister *self)
{
  g_return_val_if_fail (XMPP_IS_REGISTER (self), NULL);

  return dex_future_then (
      start_asking (self, "get", xmpp_el ("query", XMPP_NS_REGISTER)), need_form_cb, NULL, NULL);
}

static DexFuture *
xmpp_register_get_pictures_fiber (gpointer data)
{
  Question *state = data;
  const char *missing;

  for (guint i = 0;
       i < MAX_PICTURES && (missing = xmpp_register_form_get_missing_cid (state->form)) != NULL;
       i++)
    {
      g_autofree char *cid = g_strdup (missing);
      g_autoptr (XmppNode) iq = NULL;
      XmppNode *node;
      GBytes *bytes;

      iq = ask (state->self,
                address_to (state->self, "get", xmpp_bob_request (cid)),
                PICTURE_TIMEOUT_S,
                NULL);
      node = iq != NULL ? xmpp_node_get_child (iq, "data", XMPP_NS_BOB) : NULL;
      bytes = node != NULL ? xmpp_bob_parse (node, cid) : NULL;
      if (bytes == NULL)
        break;
      g_hash_table_insert (state->form->pictures, g_steal_pointer (&cid), bytes);
    }

  return dex_future_new_true ();
}

static DexFuture *
true_cb (DexFuture *future,
         gpointer user_data)
{
  return dex_future_new_true ();
}

DexFuture *
xmpp_register_get_pictures (XmppRegister *self,
                            XmppRegisterForm *form)
{
  Question *state;

  g_return_val_if_fail (XMPP_IS_REGISTER (self), NULL);
  g_return_val_if_fail (form != NULL, NULL);

  state = g_new0 (Question, 1);
  state->self = g_object_ref (self);
  state->form = xmpp_register_form_ref (form);

  return dex_future_catch (
      within (linnet_spawn ("registration-pictures", xmpp_register_get_pictures_fiber, state, question_free),
              PICTURE_TIMEOUT_S),
      true_cb,
      NULL,
      NULL);
}

DexFuture *
xmpp_register_submit (XmppRegister *self,
                      XmppRegisterForm *form)
{
  g_return_val_if_fail (XMPP_IS_REGISTER (self), NULL);
  g_return_val_if_fail (form != NULL && form->form != NULL, NULL);

  return start_asking (self, "set", xmpp_register_form_build (form));
}

void
xmpp_register_close (XmppRegister *self)
{
  g_autoptr (XmppStream) stream = NULL;

  g_return_if_fail (XMPP_IS_REGISTER (self));

  self->open = FALSE;
  stream = g_steal_pointer (&self->stream);
  if (stream != NULL)
    dex_future_disown (xmpp_stream_close (stream, CLOSE_TIMEOUT_MS));
}
