/* What the model itself does with the manager
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-account-manager.h"
#include "linnet-account-private.h"
#include "linnet-error.h"
#include "linnet-store.h"
#include "linnet-wake-monitor.h"

G_BEGIN_DECLS

struct _LinnetAccountManager
{
  GObject parent_instance;

  char *directory;
  LinnetStore *store;
  GPtrArray *accounts;
  LinnetConversationList *conversations;
  LinnetWakeMonitor *wake;
  GPtrArray *removals;     /* of DexFuture: sign-outs under way */
  GHashTable *forgettings; /* address -> DexFuture: secrets of those who signed out, being taken back */
  DexFuture *replacement;  /* nullable: the profile gives or gave way to another one */
  DexFuture *shutdown;     /* nullable: it has not begun */
  guint unread_count;
  LinnetError reported; /* a failure that lasts is told once */
  gint64 reported_at;
  guint active : 1;
  guint send_typing : 1;
  guint send_receipts : 1;
  guint send_read : 1;
  guint contacts_only : 1;
  guint loaded : 1;
  guint replacing : 1; /* the profile gives way to another one */
};

/* The key among the forgettings for secrets of nobody that is known any more. */
#define LINNET_FORGETTING_OTHERS ""

/* ---- linnet-account-manager.c ---- */

/* NULL before it is loaded and after it was shut down. */
LinnetStore *linnet_account_manager_get_store (LinnetAccountManager *self);
/* @account: loaded, not started. */
void linnet_account_manager_add (LinnetAccountManager *self, LinnetAccount *account);
/* Nothing shows the account at @position any more; it still has to be closed. */
void linnet_account_manager_take_out (LinnetAccountManager *self, guint position);

/* ---- linnet-account-manager-life.c ---- */

/* Closes everything, has @staging (a directory of the profile that linnet_backup_read() made) put in the
 * place of what is there, and loads that. Also where nothing could be loaded before. Resolves to true. */
DexFuture *linnet_account_manager_replace (LinnetAccountManager *self,
                                           const char *staging) G_GNUC_WARN_UNUSED_RESULT;
/* Writes what is unsaved. Resolves to true, however that went. */
DexFuture *linnet_account_manager_flush (LinnetAccountManager *self) G_GNUC_WARN_UNUSED_RESULT;

/* ---- linnet-sign-out.c ---- */

/* Goes on with taking back the secrets of an account that stays. */
void linnet_account_manager_resume_forgetting (LinnetAccountManager *self, LinnetAccount *account);
/* On a fiber, for the program's end: secrets that are being taken back get a little more time. A keyring that
 * waits for a person must not keep the program from its end. */
void linnet_account_manager_end_forgettings (LinnetAccountManager *self);

G_END_DECLS
