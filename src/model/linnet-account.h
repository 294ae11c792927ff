/* An account: its connection, its roster, its identity
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-types.h"

G_BEGIN_DECLS

/**
 * LinnetAccount:
 *
 * Properties: `address` (bare), `display-name` (own nickname, else the part before @), `avatar-file` (GFile,
 * nullable: undecoded picture on disk), `enabled`, `state` (LinnetConnectionState), `error` (boxed GError,
 * LINNET_ERROR; why it is FAILED or RECONNECTING), `retry-in` (guint seconds till the next attempt; 0 now),
 * `show` (LinnetShow, what the person chose), `status-text`, `roster` (LinnetRoster), `password-saved`
 * (gboolean), `can-block` (the server has XEP-0191).
 */
#define LINNET_TYPE_ACCOUNT (linnet_account_get_type ())
G_DECLARE_FINAL_TYPE (LinnetAccount, linnet_account, LINNET, ACCOUNT, GObject)

const char *linnet_account_get_address (LinnetAccount *self);
const char *linnet_account_get_display_name (LinnetAccount *self);
const char *linnet_account_get_domain (LinnetAccount *self);
GFile *linnet_account_get_avatar_file (LinnetAccount *self);
LinnetConnectionState linnet_account_get_state (LinnetAccount *self);
const GError *linnet_account_get_error (LinnetAccount *self);
guint linnet_account_get_retry_in (LinnetAccount *self);
gboolean linnet_account_get_enabled (LinnetAccount *self);
LinnetShow linnet_account_get_show (LinnetAccount *self);
const char *linnet_account_get_status_text (LinnetAccount *self);
LinnetRoster *linnet_account_get_roster (LinnetAccount *self);
gboolean linnet_account_get_can_block (LinnetAccount *self);

/* Each resolves to true, or rejects with LINNET_ERROR; the change is shown at once and taken back when it
 * fails. */
DexFuture *linnet_account_set_enabled (LinnetAccount *self, gboolean enabled) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *linnet_account_set_presence (LinnetAccount *self,
                                        LinnetShow show,
                                        const char *status_text) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *linnet_account_set_nickname (LinnetAccount *self, const char *nickname) G_GNUC_WARN_UNUSED_RESULT;
/* A person's action: resets the back-off and tries at once (R22). */
void linnet_account_reconnect_now (LinnetAccount *self);
/* Answers LINNET_ERROR_WRONG_PASSWORD, _NO_PASSWORD, _KEYRING_*, _PLAIN_CONSENT; resolves once online. */
DexFuture *linnet_account_sign_in_again (LinnetAccount *self,
                                         const char *password,
                                         gboolean allow_plain) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *linnet_account_pin_certificate (LinnetAccount *self, const char *sha256) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *linnet_account_accept_authority (LinnetAccount *self) G_GNUC_WARN_UNUSED_RESULT;
/* Changes how the server is reached; reconnects. */
DexFuture *linnet_account_set_server (LinnetAccount *self,
                                      const char *host,
                                      guint16 port,
                                      gboolean direct_tls) G_GNUC_WARN_UNUSED_RESULT;
/* Changes how the network is reached; reconnects, and what was connected otherwise is closed at once.
 * @text: what a person typed: "host:port" of a SOCKS5 proxy, "socks5://user:password@host:port" (the
 * password goes into the keyring); "direct://" for no proxy at all; NULL or "" for what the system's
 * settings say. With a proxy nothing is looked up or reached but by it. Rejects with
 * LINNET_ERROR_BAD_PROXY too. */
DexFuture *linnet_account_set_proxy (LinnetAccount *self, const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* Nullable; never with a password. See linnet-proxy.h for its parts. */
const char *linnet_account_get_proxy (LinnetAccount *self);
/* Sign-ins are bound to the TLS channel: nobody can sit between here and the server (security.md A3). */
gboolean linnet_account_is_channel_verified (LinnetAccount *self);
/* The password is in the keyring. */
gboolean linnet_account_get_password_saved (LinnetAccount *self);
const char *linnet_account_get_host (LinnetAccount *self);
guint16 linnet_account_get_port (LinnetAccount *self);
gboolean linnet_account_get_direct_tls (LinnetAccount *self);

/* Opens (or makes) the conversation with @address; resolves to a LinnetConversation, rejects with
 * LINNET_ERROR_BAD_ADDRESS or _OWN_ADDRESS. */
DexFuture *linnet_account_open_conversation (LinnetAccount *self,
                                             const char *address) G_GNUC_WARN_UNUSED_RESULT;
/* Adds @address to the roster; @share: also ask for and pre-approve presence. Resolves to the LinnetContact.
 */
DexFuture *linnet_account_add_contact (LinnetAccount *self,
                                       const char *address,
                                       const char *name,
                                       gboolean share) G_GNUC_WARN_UNUSED_RESULT;
/* Blocked addresses (a GListModel of LinnetContact). */
GListModel *linnet_account_get_blocked (LinnetAccount *self);

G_END_DECLS
