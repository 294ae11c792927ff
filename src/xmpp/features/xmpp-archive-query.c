/* XEP-0313 Message Archive Management, version 1.1.3: what may be asked
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-archive"

#include "config.h"

#include "linnet-time.h"
#include "xmpp-archive-query.h"
#include "xmpp-builder.h"
#include "xmpp-data-form.h"
#include "xmpp-rsm.h"

XmppArchiveQuery *
xmpp_archive_query_copy (const XmppArchiveQuery *self)
{
  XmppArchiveQuery *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->archive = self->archive != NULL ? xmpp_jid_to_bare (self->archive) : NULL;
  copy->with = self->with != NULL ? xmpp_jid_ref (self->with) : NULL;
  copy->after_id = g_strdup (self->after_id);
  copy->before_id = g_strdup (self->before_id);
  copy->ids = (const char *const *) g_strdupv ((char **) self->ids);

  return copy;
}

void
xmpp_archive_query_free (XmppArchiveQuery *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->archive, xmpp_jid_unref);
  g_clear_pointer (&self->with, xmpp_jid_unref);
  g_free ((char *) self->after_id);
  g_free ((char *) self->before_id);
  g_strfreev ((char **) self->ids);
  g_free (self);
}

guint
xmpp_archive_query_get_max (const XmppArchiveQuery *self)
{
  if (self->ids != NULL)
    return XMPP_ARCHIVE_MAX_IDS;

  return self->max != 0 ? MIN (self->max, XMPP_ARCHIVE_MAX) : XMPP_ARCHIVE_DEFAULT_MAX;
}

const char *
xmpp_archive_query_get_near_id (const XmppArchiveQuery *self)
{
  if (self->ids != NULL)
    return NULL;

  return self->direction == XMPP_ARCHIVE_FORWARD ? self->after_id : self->before_id;
}

const char *
xmpp_archive_query_get_far_id (const XmppArchiveQuery *self)
{
  if (self->ids != NULL)
    return NULL;

  return self->direction == XMPP_ARCHIVE_FORWARD ? self->before_id : self->after_id;
}

gboolean
xmpp_archive_query_is_flipped (const XmppArchiveQuery *self,
                               XmppArchiveSupport support)
{
  return self->ids == NULL && self->direction == XMPP_ARCHIVE_BACKWARD &&
         (support & XMPP_ARCHIVE_EXTENDED) != 0;
}

/* ---- the form, section 4.1 ---- */

static void
add (XmppNode **form,
     const char *var,
     const char *value)
{
  g_autoptr (XmppNode) shorter = NULL;

  if (value == NULL)
    return;

  shorter = *form;
  *form = xmpp_node_with_child (shorter,
                                xmpp_el ("field",
                                         XMPP_NS_DATA_FORM,
                                         xmpp_attr ("var", var),
                                         xmpp_el ("value", XMPP_NS_DATA_FORM, xmpp_text (value))));
}

static void
add_ids (XmppNode **form,
         const char *const *ids)
{
  g_autoptr (XmppNode) shorter = *form;
  XmppNode *field = xmpp_el ("field", XMPP_NS_DATA_FORM, xmpp_attr ("var", "ids"));

  for (guint i = 0; ids[i] != NULL && i < XMPP_ARCHIVE_MAX_IDS; i++)
    {
      g_autoptr (XmppNode) less = field;

      field = xmpp_node_with_child (less, xmpp_el ("value", XMPP_NS_DATA_FORM, xmpp_text (ids[i])));
    }
  *form = xmpp_node_with_child (shorter, field);
}

static void
add_filters (const XmppArchiveQuery *self,
             XmppArchiveSupport support,
             XmppNode **form)
{
  g_autofree char *start = self->start != 0 ? linnet_time_format (self->start) : NULL;
  /* To the millisecond: what is in the middle of the last one belongs to it. */
  g_autofree char *end = self->end != 0 ? linnet_time_format (self->end + 999) : NULL;
  const char *far = self->direction == XMPP_ARCHIVE_FORWARD ? "before-id" : "after-id";

  add (form, "with", self->with != NULL ? xmpp_jid_get_string (self->with) : NULL);
  add (form, "start", start);
  add (form, "end", end);
  /* Who does not know it sends what lies behind as well. */
  if ((support & XMPP_ARCHIVE_EXTENDED) != 0)
    add (form, far, xmpp_archive_query_get_far_id (self));
  /* Rooms have archives of their own. */
  if (self->archive == NULL && (support & XMPP_ARCHIVE_GROUPCHAT_FIELD) != 0)
    add (form, "include-groupchat", "false");
}

static XmppNode *
build_form (const XmppArchiveQuery *self,
            XmppArchiveSupport support)
{
  XmppNode *form = xmpp_el ("x",
                            XMPP_NS_DATA_FORM,
                            xmpp_attr ("type", "submit"),
                            xmpp_el ("field",
                                     XMPP_NS_DATA_FORM,
                                     xmpp_attr ("var", "FORM_TYPE"),
                                     xmpp_attr ("type", "hidden"),
                                     xmpp_el ("value", XMPP_NS_DATA_FORM, xmpp_text (XMPP_NS_ARCHIVE))));

  if (self->ids != NULL)
    add_ids (&form, self->ids);
  else
    add_filters (self, support, &form);

  return form;
}

XmppNode *
xmpp_archive_query_build (const XmppArchiveQuery *self,
                          XmppArchiveSupport support,
                          const char *query_id)
{
  guint max = xmpp_archive_query_get_max (self);
  const char *near = xmpp_archive_query_get_near_id (self);
  gboolean flipped = xmpp_archive_query_is_flipped (self, support);
  gboolean forward = self->ids != NULL || self->direction == XMPP_ARCHIVE_FORWARD;

  return xmpp_el ("query",
                  XMPP_NS_ARCHIVE,
                  xmpp_attr ("queryid", query_id),
                  build_form (self, support),
                  forward ? xmpp_rsm_build_after (max, near) : xmpp_rsm_build_before (max, near),
                  flipped ? xmpp_el ("flip-page", XMPP_NS_ARCHIVE) : NULL);
}
