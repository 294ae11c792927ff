/* XEP-0313 Message Archive Management, version 1.1.3: what was answered
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-archive"

#include "config.h"

#include "xmpp-archive-page.h"

G_DEFINE_BOXED_TYPE (XmppArchivePage, xmpp_archive_page, xmpp_archive_page_ref, xmpp_archive_page_unref)

XmppArchiveResult *
xmpp_archive_result_new (const char *id,
                         gint64 stamp,
                         XmppMessage *message)
{
  XmppArchiveResult *self = g_new0 (XmppArchiveResult, 1);

  self->id = g_strdup (id);
  self->stamp = stamp;
  self->message = message != NULL ? xmpp_message_ref (message) : NULL;

  return self;
}

void
xmpp_archive_result_free (XmppArchiveResult *self)
{
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->message, xmpp_message_unref);
  g_free (self);
}

XmppArchivePage *
xmpp_archive_page_new (void)
{
  XmppArchivePage *self = g_new0 (XmppArchivePage, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->results = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_archive_result_free);

  return self;
}

XmppArchivePage *
xmpp_archive_page_ref (XmppArchivePage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
xmpp_archive_page_unref (XmppArchivePage *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->results, g_ptr_array_unref);
  g_clear_pointer (&self->first, g_free);
  g_clear_pointer (&self->last, g_free);
  g_free (self);
}
