/* XEP-0050 Ad-Hoc Commands, version 1.3.0: running those of others; Linnet has none of its own (security.md
 * I12) SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-data-form.h"
#include "xmpp-session.h"

G_BEGIN_DECLS

#define XMPP_NS_ADHOC "http://jabber.org/protocol/commands"

typedef enum
{
  XMPP_ADHOC_EXECUTING,
  XMPP_ADHOC_COMPLETED,
  XMPP_ADHOC_CANCELED,
} XmppAdhocStatus;

typedef enum
{
  XMPP_ADHOC_CANCEL = 0, /* always allowed */
  XMPP_ADHOC_PREV = 1 << 0,
  XMPP_ADHOC_NEXT = 1 << 1,
  XMPP_ADHOC_COMPLETE = 1 << 2,
} XmppAdhocAction;

/* Where a command stands: what the other side answered. */
typedef struct
{
  gatomicrefcount ref_count;
  XmppJid *jid; /* whose command it is */
  char *node;
  char *session_id; /* nullable */
  XmppAdhocStatus status;
  XmppAdhocAction actions; /* what may be done next; none once it is over */
  XmppAdhocAction execute; /* one of them: what the other side suggests; CANCEL: nothing */
  XmppDataForm *form;      /* nullable: to be filled in, or what came of it */
  char *note;              /* nullable: the other side's words, cleaned */
  gboolean failed;         /* the note tells of an error (section 3.6) */
} XmppAdhocStage;

#define XMPP_TYPE_ADHOC_STAGE (xmpp_adhoc_stage_get_type ())
GType xmpp_adhoc_stage_get_type (void) G_GNUC_CONST;
XmppAdhocStage *xmpp_adhoc_stage_ref (XmppAdhocStage *self);
void xmpp_adhoc_stage_unref (XmppAdhocStage *self);

/* Which commands @jid offers us. Resolves to a boxed GStrv of nodes, rejects with XMPP_STANZA_ERROR. */
DexFuture *xmpp_adhoc_list (XmppSession *session, XmppJid *jid) G_GNUC_WARN_UNUSED_RESULT;

/* Begins the command @node of @jid. Resolves to a boxed XmppAdhocStage, rejects with XMPP_STANZA_ERROR. */
DexFuture *xmpp_adhoc_execute (XmppSession *session,
                               XmppJid *jid,
                               const char *node) G_GNUC_WARN_UNUSED_RESULT;

/**
 * xmpp_adhoc_go_on:
 * @stage: the last answer
 * @action: one of its actions, or XMPP_ADHOC_CANCEL
 *
 * Goes on with a command that is not over. Its form, as far as it was filled in, goes along, but not with
 * XMPP_ADHOC_CANCEL.
 *
 * Returns: (transfer full): a future that resolves to the next boxed XmppAdhocStage, or rejects with
 *   XMPP_STANZA_ERROR
 */
DexFuture *xmpp_adhoc_go_on (XmppSession *session,
                             XmppAdhocStage *stage,
                             XmppAdhocAction action) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppAdhocStage, xmpp_adhoc_stage_unref)

G_END_DECLS
