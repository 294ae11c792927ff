/* SCRAM, RFC 5802, RFC 7677; XEP-0474 SASL SCRAM Downgrade Protection, version 0.5.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-scram"

#include "config.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "xmpp-base64.h"
#include "xmpp-error.h"
#include "xmpp-scram.h"
#include "xmpp-secret.h"

#define MAX_HASH 64
#define NONCE_BYTES 18
#define MAX_MESSAGE 4096
#define CANCEL_INTERVAL 4096

typedef struct
{
  gnutls_mac_algorithm_t mac;
  gnutls_digest_algorithm_t digest;
  gsize length;
} HashInfo;

static const HashInfo hashes[] = {
  [XMPP_SCRAM_SHA_1] = { GNUTLS_MAC_SHA1, GNUTLS_DIG_SHA1, 20 },
  [XMPP_SCRAM_SHA_256] = { GNUTLS_MAC_SHA256, GNUTLS_DIG_SHA256, 32 },
  [XMPP_SCRAM_SHA_512] = { GNUTLS_MAC_SHA512, GNUTLS_DIG_SHA512, 64 },
};

typedef enum
{
  STATE_NEW,
  STATE_FIRST_SENT,
  STATE_CHALLENGED,
  STATE_FINAL_SENT,
  STATE_VERIFIED,
  STATE_FAILED,
} State;

struct _XmppScram
{
  XmppScramHash hash;
  State state;
  char *gs2_header;
  GBytes *binding_data;
  char *client_first_bare;
  char *client_nonce;
  char *offer;
  gboolean offer_required;
  char *server_first;
  char *nonce;
  GBytes *salt;
  guint iterations;
  guint8 server_signature[MAX_HASH];
};

static void
hmac (const XmppScram *self,
      const guint8 *key,
      const char *text,
      guint8 *out)
{
  const HashInfo *info = &hashes[self->hash];

  if (gnutls_hmac_fast (info->mac, key, info->length, text, strlen (text), out) < 0)
    g_error ("GnuTLS cannot compute %s", gnutls_mac_get_name (info->mac));
}

static void
digest (const XmppScram *self,
        const void *data,
        gsize length,
        guint8 *out)
{
  const HashInfo *info = &hashes[self->hash];

  if (gnutls_hash_fast (info->digest, data, length, out) < 0)
    g_error ("GnuTLS cannot compute %s", gnutls_digest_get_name (info->digest));
}

static char *
random_nonce (void)
{
  guint8 bytes[NONCE_BYTES];

  if (gnutls_rnd (GNUTLS_RND_RANDOM, bytes, sizeof bytes) < 0)
    g_error ("GnuTLS has no random numbers");

  return g_base64_encode (bytes, sizeof bytes); /* no comma in its alphabet */
}

/* RFC 5802 section 5.1: saslname */
static char *
escape_username (const char *username)
{
  g_autoptr (GString) out = g_string_new (username);

  g_string_replace (out, "=", "=3D", 0);
  g_string_replace (out, ",", "=2C", 0);

  return g_string_free_and_steal (g_steal_pointer (&out));
}

static gboolean
fail (XmppScram *self,
      GError **error,
      XmppSaslError code,
      const char *text)
{
  self->state = STATE_FAILED;
  g_set_error_literal (error, XMPP_SASL_ERROR, code, text);

  return FALSE;
}

/* RFC 5802 section 7: server-error-value */
static gboolean
fail_by_server (XmppScram *self,
                GError **error,
                const char *value)
{
  static const struct
  {
    const char *value;
    XmppSaslError code;
  } codes[] = {
    { "channel-bindings-dont-match", XMPP_SASL_ERROR_CHANNEL_BINDING },
    { "server-does-support-channel-binding", XMPP_SASL_ERROR_CHANNEL_BINDING },
    { "channel-binding-not-supported", XMPP_SASL_ERROR_CHANNEL_BINDING },
    { "unsupported-channel-binding-type", XMPP_SASL_ERROR_CHANNEL_BINDING },
    { "invalid-proof", XMPP_SASL_ERROR_NOT_AUTHORIZED },
    { "unknown-user", XMPP_SASL_ERROR_NOT_AUTHORIZED },
    { "no-resources", XMPP_SASL_ERROR_TEMPORARY },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (strcmp (value, codes[i].value) == 0)
      return fail (self, error, codes[i].code, codes[i].value);

  return fail (self, error, XMPP_SASL_ERROR_REMOTE_OTHER, "SCRAM: the server reports an error");
}

static char *
message_to_text (GBytes *message)
{
  gsize length;
  const char *data = g_bytes_get_data (message, &length);

  if (length == 0 || length > MAX_MESSAGE || !g_utf8_validate_len (data, length, NULL))
    return NULL;

  return g_strndup (data, length);
}

/* The value of an attribute "x=value", or NULL when @item is not one. */
static const char *
attribute (const char *item,
           char name)
{
  return item != NULL && item[0] == name && item[1] == '=' ? item + 2 : NULL;
}

static gboolean
parse_iterations (const char *text,
                  guint *out)
{
  guint64 value;

  /* g_ascii_string_to_unsigned() lets a vertical tab pass in front. */
  if (text == NULL || !g_ascii_isdigit (*text) || *text == '0' ||
      !g_ascii_string_to_unsigned (text,
                                   10,
                                   XMPP_SCRAM_MIN_ITERATIONS,
                                   XMPP_SCRAM_MAX_ITERATIONS,
                                   &value,
                                   NULL))
    return FALSE;
  *out = (guint) value;

  return TRUE;
}

/* The part after our own may hold anything printable but the comma; it must not be empty. */
static gboolean
nonce_is_good (const char *nonce,
               const char *client_nonce)
{
  if (nonce == NULL || !g_str_has_prefix (nonce, client_nonce) || nonce[strlen (client_nonce)] == '\0')
    return FALSE;
  for (; *nonce != '\0'; nonce++)
    if (!g_ascii_isgraph (*nonce))
      return FALSE;

  return TRUE;
}

static gboolean
check_offer (XmppScram *self,
             const char *hash_sent,
             GError **error)
{
  guint8 hash[MAX_HASH];
  g_autofree char *expected = NULL;

  if (hash_sent == NULL)
    return !self->offer_required ||
           fail (self,
                 error,
                 XMPP_SASL_ERROR_CHANNEL_BINDING,
                 "No channel binding in common, and no proof that this is so");
  if (self->offer == NULL)
    return TRUE;

  digest (self, self->offer, strlen (self->offer), hash);
  expected = g_base64_encode (hash, hashes[self->hash].length);
  if (strcmp (expected, hash_sent) != 0)
    return fail (self, error, XMPP_SASL_ERROR_DOWNGRADE, "The list of mechanisms was changed on its way");

  return TRUE;
}

/* Unknown attributes are to be ignored (RFC 5802 section 7), the known ones must not come twice. */
static gboolean
read_extensions (XmppScram *self,
                 char **items,
                 const char **hash_sent,
                 GError **error)
{
  for (; *items != NULL; items++)
    {
      if (!g_ascii_isalpha ((*items)[0]) || (*items)[1] != '=')
        return fail (self, error, XMPP_SASL_ERROR_MALFORMED, "SCRAM: not an attribute");
      if (strchr ("mrsi", (*items)[0]) != NULL)
        return fail (self, error, XMPP_SASL_ERROR_MALFORMED, "SCRAM: unsupported or repeated attribute");
      if ((*items)[0] != 'h')
        continue;
      if (*hash_sent != NULL)
        return fail (self, error, XMPP_SASL_ERROR_MALFORMED, "SCRAM: repeated attribute");
      *hash_sent = attribute (*items, 'h');
    }

  return TRUE;
}

typedef struct
{
  XmppScramHash hash;
  char *password;
  GBytes *salt;
  guint iterations;
  DexPromise *promise;
} SaltJob;

static void
salt_job_free (SaltJob *job)
{
  xmpp_secret_free (job->password);
  g_bytes_unref (job->salt);
  g_free (job);
}

typedef struct
{
  gsize length;
  guint8 data[MAX_HASH];
} Key;

static void
key_free (gpointer data)
{
  explicit_bzero (data, sizeof (Key));
  g_free (data);
}

static void
salt_thread (GTask *task,
             gpointer source,
             gpointer task_data,
             GCancellable *cancellable)
{
  SaltJob *job = task_data;
  Key *key = g_new0 (Key, 1);

  key->length = hashes[job->hash].length;
  if (xmpp_scram_hi (job->hash, job->password, job->salt, job->iterations, cancellable, key->data))
    g_task_return_pointer (task,
                           g_bytes_new_with_free_func (key->data, key->length, key_free, key),
                           (GDestroyNotify) g_bytes_unref);
  else
    {
      key_free (key);
      g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
    }
}

static void
salted_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  GError *error = NULL;
  GBytes *bytes = g_task_propagate_pointer (G_TASK (result), &error);

  if (bytes != NULL)
    dex_promise_resolve_boxed (promise, G_TYPE_BYTES, bytes);
  else
    dex_promise_reject (promise, error);
}

XmppScram *
xmpp_scram_new (const XmppScramOptions *options)
{
  XmppScram *self;
  g_autofree char *username = NULL;

  g_return_val_if_fail (options->username != NULL, NULL);
  g_return_val_if_fail (strchr ("nyp", options->flag) != NULL, NULL);
  g_return_val_if_fail ((options->flag == 'p') == (options->binding != NULL && options->binding_data != NULL),
                        NULL);

  self = g_new0 (XmppScram, 1);
  self->hash = options->hash;
  if (options->flag == 'p')
    {
      self->gs2_header = g_strdup_printf ("p=%s,,", options->binding);
      self->binding_data = g_bytes_ref (options->binding_data);
    }
  else
    self->gs2_header = g_strdup_printf ("%c,,", options->flag);
  self->client_nonce = options->nonce != NULL ? g_strdup (options->nonce) : random_nonce ();
  self->offer = g_strdup (options->offer);
  self->offer_required = options->offer_required;
  username = escape_username (options->username);
  self->client_first_bare = g_strdup_printf ("n=%s,r=%s", username, self->client_nonce);

  return self;
}

void
xmpp_scram_free (XmppScram *self)
{
  g_free (self->gs2_header);
  g_clear_pointer (&self->binding_data, g_bytes_unref);
  g_free (self->client_first_bare);
  g_free (self->client_nonce);
  g_free (self->offer);
  g_free (self->server_first);
  g_free (self->nonce);
  g_clear_pointer (&self->salt, g_bytes_unref);
  explicit_bzero (self->server_signature, sizeof self->server_signature);
  g_free (self);
}

char *
xmpp_scram_dup_client_first (XmppScram *self)
{
  g_return_val_if_fail (self->state == STATE_NEW, NULL);

  self->state = STATE_FIRST_SENT;

  return g_strconcat (self->gs2_header, self->client_first_bare, NULL);
}

gboolean
xmpp_scram_read_server_first (XmppScram *self,
                              GBytes *message,
                              GError **error)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) items = NULL;
  const char *salt, *hash_sent = NULL;

  if (self->state != STATE_FIRST_SENT || (text = message_to_text (message)) == NULL)
    return fail (self, error, XMPP_SASL_ERROR_MALFORMED, "SCRAM: unexpected or malformed challenge");

  items = g_strsplit (text, ",", -1);
  if (attribute (items[0], 'e') != NULL)
    return fail_by_server (self, error, items[0] + 2);
  if (g_strv_length (items) < 3)
    return fail (self, error, XMPP_SASL_ERROR_MALFORMED, "SCRAM: incomplete challenge");
  /* A mandatory extension ("m=") would stand first, and fails here as it must. */
  if (!nonce_is_good (attribute (items[0], 'r'), self->client_nonce))
    return fail (self, error, XMPP_SASL_ERROR_MALFORMED, "SCRAM: the nonce is not a continuation of ours");

  salt = attribute (items[1], 's');
  if (salt == NULL || (self->salt = xmpp_base64_decode (salt, 1024)) == NULL ||
      g_bytes_get_size (self->salt) == 0)
    return fail (self, error, XMPP_SASL_ERROR_MALFORMED, "SCRAM: bad salt");
  if (!parse_iterations (attribute (items[2], 'i'), &self->iterations))
    return fail (self, error, XMPP_SASL_ERROR_MALFORMED, "SCRAM: unacceptable number of iterations");
  if (!read_extensions (self, items + 3, &hash_sent, error) || !check_offer (self, hash_sent, error))
    return FALSE;

  self->nonce = g_strdup (items[0] + 2);
  self->server_first = g_steal_pointer (&text);
  self->state = STATE_CHALLENGED;

  return TRUE;
}

DexFuture *
xmpp_scram_salt_password (XmppScram *self,
                          const char *password)
{
  DexPromise *promise;
  g_autoptr (GTask) task = NULL;
  SaltJob *job;

  g_return_val_if_fail (self->state == STATE_CHALLENGED, NULL);

  job = g_new0 (SaltJob, 1);
  job->hash = self->hash;
  job->password = g_strdup (password);
  job->salt = g_bytes_ref (self->salt);
  job->iterations = self->iterations;

  promise = dex_promise_new_cancellable ();
  task = g_task_new (NULL, dex_promise_get_cancellable (promise), salted_cb, dex_ref (promise));
  g_task_set_name (task, "SCRAM salted password");
  g_task_set_task_data (task, job, (GDestroyNotify) salt_job_free);
  g_task_run_in_thread (task, salt_thread);

  return DEX_FUTURE (promise);
}

char *
xmpp_scram_dup_client_final (XmppScram *self,
                             GBytes *salted_password)
{
  gsize length = hashes[self->hash].length;
  guint8 client_key[MAX_HASH], stored_key[MAX_HASH], signature[MAX_HASH], server_key[MAX_HASH];
  const guint8 *salted = g_bytes_get_data (salted_password, NULL);
  g_autoptr (GByteArray) binding = g_byte_array_new ();
  g_autofree char *binding_text = NULL, *without_proof = NULL, *auth_message = NULL, *proof = NULL;

  g_return_val_if_fail (self->state == STATE_CHALLENGED, NULL);
  g_return_val_if_fail (g_bytes_get_size (salted_password) == length, NULL);

  g_byte_array_append (binding, (const guint8 *) self->gs2_header, strlen (self->gs2_header));
  if (self->binding_data != NULL)
    g_byte_array_append (binding,
                         g_bytes_get_data (self->binding_data, NULL),
                         g_bytes_get_size (self->binding_data));
  binding_text = g_base64_encode (binding->data, binding->len);
  without_proof = g_strdup_printf ("c=%s,r=%s", binding_text, self->nonce);
  auth_message = g_strjoin (",", self->client_first_bare, self->server_first, without_proof, NULL);

  hmac (self, salted, "Client Key", client_key);
  digest (self, client_key, length, stored_key);
  hmac (self, stored_key, auth_message, signature);
  hmac (self, salted, "Server Key", server_key);
  hmac (self, server_key, auth_message, self->server_signature);
  for (gsize i = 0; i < length; i++)
    client_key[i] ^= signature[i];
  proof = g_base64_encode (client_key, length);

  explicit_bzero (client_key, sizeof client_key);
  explicit_bzero (stored_key, sizeof stored_key);
  explicit_bzero (signature, sizeof signature);
  explicit_bzero (server_key, sizeof server_key);
  self->state = STATE_FINAL_SENT;

  return g_strdup_printf ("%s,p=%s", without_proof, proof);
}

gboolean
xmpp_scram_read_server_final (XmppScram *self,
                              GBytes *message,
                              GError **error)
{
  gsize length = hashes[self->hash].length;
  g_autofree char *text = NULL;
  g_auto (GStrv) items = NULL;
  g_autoptr (GBytes) verifier = NULL;

  if (self->state != STATE_FINAL_SENT || (text = message_to_text (message)) == NULL)
    return fail (self,
                 error,
                 XMPP_SASL_ERROR_SERVER_UNTRUSTED,
                 "SCRAM: unexpected or malformed final message");

  items = g_strsplit (text, ",", -1);
  if (attribute (items[0], 'e') != NULL)
    return fail_by_server (self, error, items[0] + 2);
  if (attribute (items[0], 'v') == NULL ||
      (verifier = xmpp_base64_decode (items[0] + 2, MAX_HASH)) == NULL ||
      g_bytes_get_size (verifier) != length ||
      gnutls_memcmp (g_bytes_get_data (verifier, NULL), self->server_signature, length) != 0)
    return fail (self,
                 error,
                 XMPP_SASL_ERROR_SERVER_UNTRUSTED,
                 "SCRAM: the server does not know the password");

  self->state = STATE_VERIFIED;

  return TRUE;
}

gboolean
xmpp_scram_is_verified (XmppScram *self)
{
  return self->state == STATE_VERIFIED;
}

static int
compare_octets (gconstpointer a,
                gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
append_sorted (GString *out,
               const char *const *names)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();

  for (; *names != NULL; names++)
    g_ptr_array_add (sorted, (gpointer) *names);
  g_ptr_array_sort (sorted, compare_octets);
  for (guint i = 0; i < sorted->len; i++)
    g_string_append_printf (out, "%s%s", i > 0 ? "\x1e" : "", (const char *) sorted->pdata[i]);
}

char *
xmpp_scram_offer_new (const char *const *mechanisms,
                      const char *const *bindings)
{
  GString *out = g_string_new (NULL);

  append_sorted (out, mechanisms);
  if (bindings != NULL)
    {
      g_string_append_c (out, '\x1f');
      append_sorted (out, bindings);
    }

  return g_string_free_and_steal (out);
}

gboolean
xmpp_scram_hi (XmppScramHash hash,
               const char *password,
               GBytes *salt,
               guint iterations,
               GCancellable *cancellable,
               guint8 *out)
{
  static const guint8 block[4] = { 0, 0, 0, 1 };
  const HashInfo *info = &hashes[hash];
  gnutls_hmac_hd_t handle;
  guint8 u[MAX_HASH];
  gboolean done = TRUE;

  /* gnutls_pbkdf2() cannot be interrupted, and ten million iterations take many seconds. */
  if (gnutls_hmac_init (&handle, info->mac, password, strlen (password)) < 0)
    g_error ("GnuTLS cannot compute %s", gnutls_mac_get_name (info->mac));
  gnutls_hmac (handle, g_bytes_get_data (salt, NULL), g_bytes_get_size (salt));
  gnutls_hmac (handle, block, sizeof block);
  gnutls_hmac_output (handle, u);
  memcpy (out, u, info->length);

  for (guint i = 1; i < iterations; i++)
    {
      if (i % CANCEL_INTERVAL == 0 && g_cancellable_is_cancelled (cancellable))
        {
          done = FALSE;
          break;
        }
      gnutls_hmac (handle, u, info->length);
      gnutls_hmac_output (handle, u);
      for (gsize j = 0; j < info->length; j++)
        out[j] ^= u[j];
    }
  gnutls_hmac_deinit (handle, NULL);
  explicit_bzero (u, sizeof u);

  return done;
}
