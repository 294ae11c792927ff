/* Follows a list model by its announcements alone, as a view does
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  GListModel *model;
  GPtrArray *items;
  guint announcements;
  guint moved; /* rows removed and added by them */
} LinnetTestMirror;

/* Every announcement is checked: afterwards the mirror must hold what the model holds. */
LinnetTestMirror *linnet_test_mirror_new (GListModel *model);
void linnet_test_mirror_free (LinnetTestMirror *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetTestMirror, linnet_test_mirror_free)

G_END_DECLS
