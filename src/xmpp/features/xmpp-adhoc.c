/* XEP-0050 Ad-Hoc Commands, version 1.3.0: running those of others; Linnet has none of its own (security.md
 * I12) SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-adhoc"

#include "config.h"

#include "xmpp-adhoc.h"
#include "xmpp-builder.h"
#include "xmpp-disco.h"
#include "xmpp-text.h"

#define MAX_COMMANDS 256
#define MAX_NOTE 1024

G_DEFINE_BOXED_TYPE (XmppAdhocStage, xmpp_adhoc_stage, xmpp_adhoc_stage_ref, xmpp_adhoc_stage_unref)

static const struct
{
  const char *name;
  XmppAdhocAction action;
} action_names[] = {
  { "prev", XMPP_ADHOC_PREV },
  { "next", XMPP_ADHOC_NEXT },
  { "complete", XMPP_ADHOC_COMPLETE },
  { "cancel", XMPP_ADHOC_CANCEL },
};

static DexFuture *
refuse (const char *why)
{
  return dex_future_new_reject (XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_UNDEFINED_CONDITION, "%s", why);
}

/* ---- the list ---- */

static DexFuture *
parse_list_cb (DexFuture *future,
               gpointer user_data)
{
  const GValue *value = dex_future_get_value (future, NULL);
  XmppNode *query = xmpp_node_get_child (g_value_get_boxed (value), "query", XMPP_NS_DISCO_ITEMS);
  XmppJid *jid = user_data;
  GPtrArray *nodes;

  if (query == NULL)
    return refuse ("No list of commands");

  nodes = g_ptr_array_new_null_terminated (8, g_free, TRUE);
  for (guint i = 0; i < xmpp_node_get_n_children (query) && nodes->len < MAX_COMMANDS; i++)
    {
      XmppNode *item = xmpp_node_get_nth_child (query, i);
      const char *node = xmpp_node_get_attr (item, "node");
      const char *owner = xmpp_node_get_attr (item, "jid");
      g_autoptr (XmppJid) owner_jid = owner != NULL ? xmpp_jid_new (owner, NULL) : NULL;

      /* Somebody else's command is theirs to tell of. */
      if (xmpp_node_is (item, "item", XMPP_NS_DISCO_ITEMS) && node != NULL && *node != '\0' &&
          xmpp_jid_equal (owner_jid, jid))
        g_ptr_array_add (nodes, g_strdup (node));
    }

  return dex_future_new_take_boxed (G_TYPE_STRV, g_ptr_array_free (nodes, FALSE));
}

DexFuture *
xmpp_adhoc_list (XmppSession *session,
                 XmppJid *jid)
{
  XmppNode *query = xmpp_el ("query", XMPP_NS_DISCO_ITEMS, xmpp_attr ("node", XMPP_NS_ADHOC));

  return dex_future_then (xmpp_session_send_iq (session, xmpp_iq_get (jid, query)),
                          parse_list_cb,
                          xmpp_jid_ref (jid),
                          (GDestroyNotify) xmpp_jid_unref);
}

/* ---- stages ---- */

static gboolean
parse_status (XmppAdhocStage *self,
              XmppNode *command)
{
  static const char *const names[] = {
    [XMPP_ADHOC_EXECUTING] = "executing",
    [XMPP_ADHOC_COMPLETED] = "completed",
    [XMPP_ADHOC_CANCELED] = "canceled",
  };
  const char *status = xmpp_node_get_attr (command, "status");

  for (gsize i = 0; status != NULL && i < G_N_ELEMENTS (names); i++)
    {
      if (g_str_equal (names[i], status))
        {
          self->status = (XmppAdhocStatus) i;
          return TRUE;
        }
    }

  return FALSE;
}

/* Section 3.4: without <actions/> there is one stage; with it, "execute" stands for "next" when it says
 * nothing else. */
static void
parse_actions (XmppAdhocStage *self,
               XmppNode *command)
{
  XmppNode *actions = xmpp_node_get_child (command, "actions", XMPP_NS_ADHOC);
  const char *execute;

  if (self->status != XMPP_ADHOC_EXECUTING)
    return;
  if (actions == NULL)
    {
      self->actions = self->execute = XMPP_ADHOC_COMPLETE;
      return;
    }

  execute = xmpp_node_get_attr (actions, "execute");
  for (gsize i = 0; i < G_N_ELEMENTS (action_names); i++)
    {
      if (xmpp_node_get_child (actions, action_names[i].name, XMPP_NS_ADHOC) == NULL)
        continue;
      self->actions |= action_names[i].action;
      if (g_str_equal (action_names[i].name, execute != NULL ? execute : "next"))
        self->execute = action_names[i].action;
    }
}

static void
parse_note (XmppAdhocStage *self,
            XmppNode *command)
{
  XmppNode *note = xmpp_node_get_child (command, "note", XMPP_NS_ADHOC);

  if (note == NULL)
    return;

  self->note = xmpp_text_clean (xmpp_node_get_text (note), MAX_NOTE, NULL);
  self->failed = g_strcmp0 (xmpp_node_get_attr (note, "type"), "error") == 0;
}

typedef struct
{
  XmppJid *jid;
  char *node;
  char *session_id; /* nullable: of the stage before */
} Asked;

static void
asked_free (gpointer data)
{
  Asked *asked = data;

  xmpp_jid_unref (asked->jid);
  g_free (asked->node);
  g_free (asked->session_id);
  g_free (asked);
}

static DexFuture *
parse_stage_cb (DexFuture *future,
                gpointer user_data)
{
  const GValue *value = dex_future_get_value (future, NULL);
  XmppNode *command = xmpp_node_get_child (g_value_get_boxed (value), "command", XMPP_NS_ADHOC);
  const Asked *asked = user_data;
  g_autoptr (XmppAdhocStage) stage = NULL;
  const char *session_id;
  XmppNode *x;

  if (command == NULL || g_strcmp0 (xmpp_node_get_attr (command, "node"), asked->node) != 0)
    return refuse ("Not about the command");

  stage = g_new0 (XmppAdhocStage, 1);
  g_atomic_ref_count_init (&stage->ref_count);
  stage->jid = xmpp_jid_ref (asked->jid);
  stage->node = g_strdup (asked->node);
  session_id = xmpp_node_get_attr (command, "sessionid");
  stage->session_id = g_strdup (session_id);
  if (!parse_status (stage, command) ||
      (asked->session_id != NULL && g_strcmp0 (session_id, asked->session_id) != 0))
    return refuse ("Not the command that was going on");

  parse_actions (stage, command);
  parse_note (stage, command);
  /* What is too large, or a table, is as if it were not there: whoever needs it says so. */
  if ((x = xmpp_node_get_child (command, "x", XMPP_NS_DATA_FORM)) != NULL)
    stage->form = xmpp_data_form_parse (x, NULL);

  return dex_future_new_take_boxed (XMPP_TYPE_ADHOC_STAGE, g_steal_pointer (&stage));
}

static DexFuture *
send (XmppSession *session,
      XmppJid *jid,
      const char *node,
      const char *session_id,
      const char *action,
      XmppNode *form)
{
  Asked *asked = g_new0 (Asked, 1);
  XmppNode *command = xmpp_el ("command",
                               XMPP_NS_ADHOC,
                               xmpp_attr ("node", node),
                               xmpp_attr ("sessionid", session_id),
                               xmpp_attr ("action", action),
                               form);

  asked->jid = xmpp_jid_ref (jid);
  asked->node = g_strdup (node);
  asked->session_id = g_strdup (session_id);

  return dex_future_then (
      xmpp_session_send_iq (session, xmpp_iq_set (jid, command)), parse_stage_cb, asked, asked_free);
}

DexFuture *
xmpp_adhoc_execute (XmppSession *session,
                    XmppJid *jid,
                    const char *node)
{
  return send (session, jid, node, NULL, "execute", NULL);
}

DexFuture *
xmpp_adhoc_go_on (XmppSession *session,
                  XmppAdhocStage *stage,
                  XmppAdhocAction action)
{
  const char *name = "cancel";
  XmppNode *form = NULL;

  if (stage->status != XMPP_ADHOC_EXECUTING || (action & ~stage->actions) != 0)
    return dex_future_new_reject (
        XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_NOT_ALLOWED, "The command does not go on like that");

  for (gsize i = 0; i < G_N_ELEMENTS (action_names); i++)
    {
      if (action_names[i].action == action)
        name = action_names[i].name;
    }
  if (action != XMPP_ADHOC_CANCEL && stage->form != NULL)
    form = xmpp_data_form_build_submit (stage->form);

  return send (session, stage->jid, stage->node, stage->session_id, name, form);
}

XmppAdhocStage *
xmpp_adhoc_stage_ref (XmppAdhocStage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
xmpp_adhoc_stage_unref (XmppAdhocStage *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_free (self->node);
  g_free (self->session_id);
  g_clear_pointer (&self->form, xmpp_data_form_unref);
  g_free (self->note);
  g_free (self);
}
