/* Which stanza was written as which number of its stream
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LinnetSentLog:
 *
 * When a stream is resumed the server tells how many stanzas it got of it (XEP-0198). After a restart of the
 * program that says something about the outbox only when it is known which of its stanzas had which number.
 * That is noted here, before a stanza is written, in memory that is also a file of the profile: it outlives
 * the process at whatever point that ends. It does not outlive the machine, for the disk may have any part of
 * it by then: notes from before the last start of the machine are none.
 *
 * An entry means: as long as the stream is what it was, no other stanza has this number. Where there is none,
 * or the file is damaged, the stanza is sent again, under the same ids (R7). So nothing can be lost.
 */
typedef struct _LinnetSentLog LinnetSentLog;

/* @boot: (nullable): names the time since the machine was started; NULL: nothing can be kept. */
LinnetSentLog *linnet_sent_log_new (const char *profile, gint64 account, const char *boot);
void linnet_sent_log_free (LinnetSentLog *self);
/* The account is gone for good. */
void linnet_sent_log_erase (LinnetSentLog *self);
/* For linnet_sent_log_new(). Transfer full, nullable. */
char *linnet_sent_log_dup_boot (void);

/* From here on it is about this stream, in which nothing was sent yet. */
void linnet_sent_log_begin (LinnetSentLog *self, const char *sm_id);
/* @token: above 0. A stanza that is sent again has a new number. */
void linnet_sent_log_add (LinnetSentLog *self, gint64 token, guint32 counter);
/* The server has all up to @counter. */
void linnet_sent_log_set_acked (LinnetSentLog *self, guint32 counter);

/**
 * linnet_sent_log_read:
 * @tokens: a set of gint64: those that still mean something; everything about others is forgotten, so that
 *   they may be given to new stanzas
 * @acked: (out): the last that was set; 0 when nothing is known
 *
 * Returns: (transfer full) (nullable): the numbers (guint32) by token (gint64), no two the same; %NULL when
 *   nothing is known of the stream @sm_id, or what is cannot be true
 */
GHashTable *linnet_sent_log_read (LinnetSentLog *self, const char *sm_id, GHashTable *tokens, guint32 *acked);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetSentLog, linnet_sent_log_free)

G_END_DECLS
