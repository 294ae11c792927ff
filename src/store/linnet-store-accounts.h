/* Rows of accounts: how to reach them, what they remember
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store.h"

G_BEGIN_DECLS

/**
 * LinnetStoreAccount:
 *
 * Boxed; copied deeply. No secret is in it (L1): password and FAST token live in the keyring only.
 */
typedef struct
{
  gint64 id;     /* 0 in one that is not stored yet */
  char *address; /* bare JID; unique */
  gboolean enabled;
  guint position; /* order among the accounts; given by add() */

  char *host;          /* nullable */
  guint16 port;        /* 0: default */
  gboolean direct_tls; /* with @host */
  char *pinned_sha256; /* nullable */
  char *proxy;         /* nullable: as the system is set; see linnet-proxy.h */

  /* security.md A5, A8 */
  char *mechanism;       /* nullable: the strongest ever used */
  char *channel_binding; /* nullable: the strongest ever used */
  gboolean had_sasl2;
  char *authority;      /* nullable: who issued the server's last certificate */
  char *server_key;     /* nullable: the SHA-256 of its key */
  char *user_agent_id;  /* nullable: UUID of this installation and account */
  char *fast_mechanism; /* nullable: there is a token in the keyring */
  gint64 fast_expiry;   /* Unix seconds, 0 unknown */
  guint64 fast_count;

  int show;          /* a LinnetShow: what the person chose */
  char *status_text; /* nullable */

  /* read only here; see save_stream() and linnet-store-batch.h */
  char *resource;       /* nullable: what the server bound last */
  char *sm_id;          /* nullable: a stream that may be resumed (XEP-0198) */
  char *sm_location;    /* nullable */
  char *features;       /* nullable: what its server offers, see xmpp-stream-features.h */
  guint32 sm_h;         /* stanzas handled in it: all of them are in this database */
  char *roster_version; /* nullable */
} LinnetStoreAccount;

#define LINNET_TYPE_STORE_ACCOUNT (linnet_store_account_get_type ())
GType linnet_store_account_get_type (void) G_GNUC_CONST;
LinnetStoreAccount *linnet_store_account_new (const char *address); /* enabled, nothing else set */
LinnetStoreAccount *linnet_store_account_copy (const LinnetStoreAccount *self);
void linnet_store_account_free (LinnetStoreAccount *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetStoreAccount, linnet_store_account_free)

/* Resolves to a boxed GPtrArray of LinnetStoreAccount, in their order. */
DexFuture *linnet_store_accounts_list (LinnetStore *store) G_GNUC_WARN_UNUSED_RESULT;
/* Resolves to the new row's id (gint64); rejects with EXISTS. Stores stream fields and roster version, too.
 */
DexFuture *linnet_store_accounts_add (LinnetStore *store,
                                      const LinnetStoreAccount *account) G_GNUC_WARN_UNUSED_RESULT;
/* Writes everything but id, address, position, the stream fields and the roster version. Resolves to true;
   rejects with NOT_FOUND. */
DexFuture *linnet_store_accounts_save (LinnetStore *store,
                                       const LinnetStoreAccount *account) G_GNUC_WARN_UNUSED_RESULT;
/* A stream began: writes the stream fields. Without an sm_id there is none that may be resumed. Resolves to
   true; rejects with NOT_FOUND. */
DexFuture *linnet_store_accounts_save_stream (LinnetStore *store,
                                              const LinnetStoreAccount *account) G_GNUC_WARN_UNUSED_RESULT;
/* Erases the account and every row of it. Resolves to a boxed GStrv: hashes of pictures that no row names any
   more, whose files the caller erases. */
DexFuture *linnet_store_accounts_remove (LinnetStore *store, gint64 account) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
