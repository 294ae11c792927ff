/* What somebody tells of themselves, by XEP-0054 vcard-temp, version 1.3.0, or XEP-0292 vCard4 Over XMPP,
 * version 0.12.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-builder.h"
#include "xmpp-pubsub.h"

G_BEGIN_DECLS

/* What Linnet reads and writes; everything else in a vCard is left alone. */
typedef enum
{
  XMPP_VCARD_NAME,
  XMPP_VCARD_NICKNAME,
  XMPP_VCARD_NOTE,
  XMPP_VCARD_ORGANIZATION,
  XMPP_VCARD_ROLE,
  XMPP_VCARD_PLACE,
  XMPP_VCARD_BIRTHDAY, /* YYYY-MM-DD, or --MM-DD without the year */
  XMPP_VCARD_URL,      /* https only */
  XMPP_VCARD_EMAIL,
  XMPP_VCARD_PHONE,
} XmppVcardField;
#define XMPP_VCARD_N_FIELDS (XMPP_VCARD_PHONE + 1)

/**
 * XmppVcardInfo:
 *
 * Boxed, copied deeply. All texts are cleaned and not longer than one can show, whoever wrote them; there are
 * not more than four of a field, and but one of those that people have one of.
 */
typedef struct _XmppVcardInfo XmppVcardInfo;

#define XMPP_TYPE_VCARD_INFO (xmpp_vcard_info_get_type ())
GType xmpp_vcard_info_get_type (void) G_GNUC_CONST;
XmppVcardInfo *xmpp_vcard_info_new (void);
XmppVcardInfo *xmpp_vcard_info_copy (const XmppVcardInfo *self);
void xmpp_vcard_info_free (XmppVcardInfo *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppVcardInfo, xmpp_vcard_info_free)

/* FALSE: nothing is left of @text, it is not what the field holds, or the field is full. */
gboolean xmpp_vcard_info_add (XmppVcardInfo *self, XmppVcardField field, const char *text);
const char *xmpp_vcard_info_get (const XmppVcardInfo *self, XmppVcardField field); /* the first; nullable */
const char *const *xmpp_vcard_info_get_all (const XmppVcardInfo *self, XmppVcardField field);

/* How a kind of vCard holds the fields: one row an element name; the first that has something counts. */
typedef struct
{
  XmppVcardField field;
  const char *name;
  /* What the element says; transfer full, nullable. NULL: it says nothing of its own, but goes with the field
   * when that changes. */
  char *(*read) (XmppNode *element);
  /* Transfer full. NULL: only read. */
  XmppNode *(*write) (const char *name, const char *text);
} XmppVcardElement;

/* @elements: ended by a row without a name. Transfer full. */
XmppVcardInfo *xmpp_vcard_info_read (XmppNode *vcard, const XmppVcardElement *elements);
/* @vcard with what differs in @self written anew, everything else as it was. Transfer full. */
XmppNode *
xmpp_vcard_info_write (const XmppVcardInfo *self, XmppNode *vcard, const XmppVcardElement *elements);

/* A kind of vCard, and where it is. */
typedef struct
{
  const XmppVcardElement *elements;
  const char *name; /* of the whole */
  const char *ns;
  /* @jid: bare; NULL for the own account. Resolves to the boxed element, rejects with ITEM_NOT_FOUND when
   * there is none. */
  DexFuture *(*fetch) (XmppFeature *feature, XmppJid *jid);
  /* @before: what is there. @vcard: (transfer full). Resolves to true. */
  DexFuture *(*send) (XmppFeature *feature, XmppNode *before, XmppNode *vcard, XmppAccess access);
} XmppVcardKind;

/* @kind: static. Resolves to a boxed XmppVcardInfo, rejects with XMPP_STANZA_ERROR. */
DexFuture *xmpp_vcard_kind_fetch (const XmppVcardKind *kind,
                                  XmppFeature *feature,
                                  XmppJid *jid) G_GNUC_WARN_UNUSED_RESULT;
/* Sends what is there with the differences of @info. Resolves to true, rejects with XMPP_STANZA_ERROR. */
DexFuture *xmpp_vcard_kind_save (const XmppVcardKind *kind,
                                 XmppFeature *feature,
                                 const XmppVcardInfo *info,
                                 XmppAccess access) G_GNUC_WARN_UNUSED_RESULT;

/* The texts of the children of these names (ended by NULL), in this order, with ", " between. Transfer full.
 */
char *xmpp_vcard_join (XmppNode *element, const char *const *names);

G_END_DECLS
