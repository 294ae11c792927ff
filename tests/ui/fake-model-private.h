/* What the files of the fake model share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "fake-model.h"

G_BEGIN_DECLS

/* Properties are only there to be notified: the widgets read through functions. @names: ends with NULL. */
void fake_install_properties (gpointer klass, const char *const *names);

struct _LinnetContact
{
  GObject parent_instance;
  LinnetAccount *account;
  char *name;
  char *address;
  LinnetShow show;
  gint64 last_seen;
  GFile *avatar_file;
  gboolean blocked;
  gboolean requests;
  const char *verb;
  int error;
};

struct _LinnetMessage
{
  GObject parent_instance;
  gint64 id;
  char *body;
  char *sender_name;
  char *error_text;
  gint64 time;
  gboolean outgoing;
  LinnetMessageState state;
  LinnetRunPosition run;
  gboolean starts_day;
  guint unread_below;
};

struct _LinnetTimeline
{
  GObject parent_instance;
  LinnetConversation *conversation; /* not owned */
  GPtrArray *all;                   /* of LinnetMessage */
  guint start;                      /* the window */
  guint end;
  gboolean loaded;
  LinnetMessage *first_unread;
};

struct _LinnetConversation
{
  GObject parent_instance;
  LinnetAccount *account;
  LinnetContact *contact;
  LinnetTimeline *timeline;
  char *draft;
  char *last_sent;
  guint unread;
  guint retries;
  int send_error;
  gboolean typing;
  gboolean composing;
  gboolean pinned;
};

G_END_DECLS
