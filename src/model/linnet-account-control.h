/* Full control of an account on its server
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-types.h"

G_BEGIN_DECLS

/**
 * linnet_account_change_password:
 * @password: the new one
 *
 * Changes the password on the server; keyring and memory follow.
 *
 * Returns: (transfer full): a future that resolves to true, or rejects with LINNET_ERROR: BAD_PASSWORD,
 * WEAK_PASSWORD, PASSWORD_FIXED when the server does not let people do that here. After CONNECTION_LOST
 * nobody knows which of the two counts.
 */
DexFuture *linnet_account_change_password (LinnetAccount *account,
                                           const char *password) G_GNUC_WARN_UNUSED_RESULT;

/* Resolves to true when the keyring has answered whether it takes the password, which may be after a person
 * has unlocked it. See [property@Linnet.Account:password-saved]. */
DexFuture *linnet_account_wait_password_saved (LinnetAccount *account) G_GNUC_WARN_UNUSED_RESULT;

/* Resolves to the password, a string: what was typed in this run, else what the keyring has. Rejects with
 * LINNET_ERROR_KEYRING_*, or NO_PASSWORD when it is in neither. */
DexFuture *linnet_account_lookup_password (LinnetAccount *account) G_GNUC_WARN_UNUSED_RESULT;

/**
 * linnet_account_delete_on_server:
 *
 * Has the server delete the account, makes sure by a sign-in that fails, then removes everything of it from
 * this computer as [method@Linnet.AccountManager.remove] does.
 *
 * Returns: (transfer full): a future that resolves to true, or rejects with LINNET_ERROR: DELETION_REFUSED,
 * STILL_THERE when the server agreed, but takes the password still; then nothing is removed here
 */
DexFuture *linnet_account_delete_on_server (LinnetAccount *account) G_GNUC_WARN_UNUSED_RESULT;

/**
 * linnet_account_set_blocked:
 * @address: what a person typed: somebody's address, or a domain, for everybody there
 *
 * Returns: (transfer full): a future that resolves to true when the server agreed, or rejects with
 * LINNET_ERROR: BAD_ADDRESS, OWN_ADDRESS, OWN_SERVER
 */
DexFuture *linnet_account_set_blocked (LinnetAccount *account,
                                       const char *address,
                                       gboolean blocked) G_GNUC_WARN_UNUSED_RESULT;

typedef enum
{
  LINNET_REPORT_SPAM,
  LINNET_REPORT_ABUSE,
} LinnetReportReason;

/* The server takes reports; FALSE while that is not known. */
gboolean linnet_account_can_report (LinnetAccount *account);

/**
 * linnet_account_report:
 * @text: (nullable): the person's own words
 *
 * Blocks @address and tells the operators of the own server why.
 *
 * Returns: (transfer full): as for [func@Linnet.account_set_blocked]
 */
DexFuture *linnet_account_report (LinnetAccount *account,
                                  const char *address,
                                  LinnetReportReason reason,
                                  const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
