/* SCRAM, RFC 5802, RFC 7677; XEP-0474 SASL SCRAM Downgrade Protection, version 0.5.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

typedef enum
{
  XMPP_SCRAM_SHA_1,
  XMPP_SCRAM_SHA_256,
  XMPP_SCRAM_SHA_512,
} XmppScramHash;

/* Fewer iterations than RFC 7677 demands make the password cheap to guess; more would only keep the
 * processor busy. */
#define XMPP_SCRAM_MIN_ITERATIONS 4096
#define XMPP_SCRAM_MAX_ITERATIONS 10000000

/**
 * XmppScramOptions:
 * @flag: the gs2 flag: 'p' binds to the channel, 'y' says that the server seems unable to, 'n' that we are
 * @offer: (nullable): what the server offered, from [func@Xmpp.scram_offer_new]; an `h` attribute must agree
 * with it
 * @offer_required: the server must send that attribute (XEP-0474 section 6, rule 6)
 * @nonce: (nullable): for tests; normally 18 random bytes
 */
typedef struct
{
  XmppScramHash hash;
  const char *username; /* the localpart */
  char flag;
  const char *binding;  /* with 'p': "tls-exporter", … */
  GBytes *binding_data; /* with 'p' */
  const char *offer;
  const char *nonce;
  guint offer_required : 1;
} XmppScramOptions;

/**
 * XmppScram:
 *
 * The client's side of one SCRAM exchange, without input or output: each step takes and gives decoded
 * messages. A step
 * out of turn, or any after a failed one, fails. Errors are of %XMPP_SASL_ERROR.
 */
typedef struct _XmppScram XmppScram;

XmppScram *xmpp_scram_new (const XmppScramOptions *options);
void xmpp_scram_free (XmppScram *self);

/* Step 1: client-first-message. */
char *xmpp_scram_dup_client_first (XmppScram *self);

/**
 * xmpp_scram_read_server_first:
 * @message: server-first-message
 *
 * Step 2. Refuses a nonce that does not continue ours, a mandatory extension, iteration counts outside
 * %XMPP_SCRAM_MIN_ITERATIONS and %XMPP_SCRAM_MAX_ITERATIONS, and a hash of the offer that differs from what
 * came in.
 */
gboolean xmpp_scram_read_server_first (XmppScram *self, GBytes *message, GError **error);

/**
 * xmpp_scram_salt_password:
 * @password: prepared by [func@Xmpp.saslprep]
 *
 * Step 3: the slow hash, on a thread of its own. Dropping the future stops the thread.
 *
 * Returns: (transfer full): a future that resolves to a boxed [struct@GLib.Bytes], overwritten when it is
 * freed
 */
DexFuture *xmpp_scram_salt_password (XmppScram *self, const char *password) G_GNUC_WARN_UNUSED_RESULT;

/* Step 4: client-final-message. %NULL out of turn. */
char *xmpp_scram_dup_client_final (XmppScram *self, GBytes *salted_password);

/* Step 5: the server shows that it knows the password, too; TRUE at no other time than when it did. */
gboolean xmpp_scram_read_server_final (XmppScram *self, GBytes *message, GError **error);
gboolean xmpp_scram_is_verified (XmppScram *self);

/**
 * xmpp_scram_offer_new:
 * @mechanisms: the names the server offered in the profile (SASL or SASL 2) that is used
 * @bindings: (nullable): the channel binding types it announced (XEP-0440); %NULL when it announced none at
 * all
 *
 * Returns: (transfer full): the string that XEP-0474 section 5.1 hashes
 */
char *xmpp_scram_offer_new (const char *const *mechanisms, const char *const *bindings);

/* RFC 5802's Hi(): @out takes as many bytes as the hash has. FALSE when @cancellable was triggered. */
gboolean xmpp_scram_hi (XmppScramHash hash,
                        const char *password,
                        GBytes *salt,
                        guint iterations,
                        GCancellable *cancellable,
                        guint8 *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppScram, xmpp_scram_free)

G_END_DECLS
