/* Profiles with people and messages in them, for tests of the model and of the window
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-account-manager.h"
#include "linnet-account.h"
#include "linnet-contact.h"
#include "linnet-conversation-list.h"
#include "linnet-conversation.h"
#include "linnet-message.h"
#include "linnet-roster.h"
#include "linnet-timeline.h"

G_BEGIN_DECLS

typedef struct
{
  const char *body;
  gint64 time;              /* Unix µs; 0: a minute after the one before */
  LinnetMessageState state; /* RECEIVED: an incoming one; QUEUED cannot be told apart from sent here */
  const char *condition;    /* with FAILED: e.g. "service-unavailable" */
  const char *id;           /* nullable: the stanza's */
  gboolean markable;
} LinnetTestMessage;

typedef struct
{
  const char *address;
  const char *name; /* nullable: the person's own name for them */
  const char *groups[4];
  gboolean stranger; /* not in the roster */
  LinnetSubscription subscription;
  const LinnetTestMessage *messages; /* nullable: no conversation, unless one of those below says so */
  guint n_messages;
  guint n_read; /* of them, from the first on */
  const char *draft;
  gboolean pinned;
  gboolean request;
} LinnetTestContact;

typedef struct
{
  const char *address;
  const char *nickname; /* nullable */
  gboolean enabled;     /* connects by itself when it is loaded; else it stays OFFLINE */
  const char *host;     /* nullable */
  guint16 port;
  const LinnetTestContact *contacts;
  guint n_contacts;
} LinnetTestAccount;

/* A new, empty directory for a profile. Transfer full. */
char *linnet_test_profile_new (void);
/* Removes it with all that is in it; @directory: (transfer full). */
void linnet_test_profile_free (char *directory);

/* Writes accounts into the profile's database, which nobody may have open. In a fiber; fails the test when
 * that does not work. */
void linnet_test_profile_fill (const char *directory, const LinnetTestAccount *accounts, guint n_accounts);

/* Fills a new profile and loads it. In a fiber. Transfer full; the manager has to be given to
 * linnet_test_manager_free(). */
LinnetAccountManager *linnet_test_manager_new (const LinnetTestAccount *accounts, guint n_accounts);
/* Shuts it down, makes sure that nothing holds it any more, and removes the profile. In a fiber. */
void linnet_test_manager_free (LinnetAccountManager *manager);
/* The program starts again: @manager (transfer full) goes, another one loads its profile. In a fiber. */
LinnetAccountManager *linnet_test_manager_restart (LinnetAccountManager *manager);

/* Lets the main loop run until @predicate says %TRUE; it is asked now and after each @signal of @object. In a
 * fiber; fails the test after 30 s. */
typedef gboolean (*LinnetTestPredicate) (gpointer object, gpointer data);
void linnet_test_wait_for (gpointer object, const char *signal, LinnetTestPredicate predicate, gpointer data);
/* The two most wanted ones. */
void linnet_test_wait_state (LinnetAccount *account, LinnetConnectionState state);
void linnet_test_wait_message_state (LinnetMessage *message, LinnetMessageState state);

G_END_DECLS
