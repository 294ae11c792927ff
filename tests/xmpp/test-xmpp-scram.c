/* Tests of SCRAM
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <libdex.h>
#include <string.h>
#include <time.h>

#include "xmpp-error.h"
#include "xmpp-scram.h"

static GBytes *
bytes_of (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

/* The last two rows' figures were computed with Python's hashlib and hmac. */
static const struct
{
  const char *name;
  XmppScramOptions options;
  const char *binding_hex;
  const char *client_first;
  const char *server_first;
  const char *client_final;
  const char *server_final;
} vectors[] = {
  {
      .name = "rfc5802",
      .options = { .hash = XMPP_SCRAM_SHA_1, .flag = 'n', .nonce = "fyko+d2lbbFgONRv9qkxdawL" },
      .client_first = "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
      .server_first = "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
      .client_final = "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
      .server_final = "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
  },
  {
      .name = "rfc7677",
      .options = { .hash = XMPP_SCRAM_SHA_256, .flag = 'n', .nonce = "rOprNGfwEbeRWgbNEkqO" },
      .client_first = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
      .server_first = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                      "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
      .client_final = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                      "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
      .server_final = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
  },
  {
      .name = "sha-512",
      .options = { .hash = XMPP_SCRAM_SHA_512, .flag = 'n', .nonce = "rOprNGfwEbeRWgbNEkqO" },
      .client_first = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
      .server_first = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                      "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
      .client_final = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                      "p=gMGXRcevScNtxZ6/8lQYpGtnsNAc3mGcm"
                      "Nomv+xnoOMw+3R2xNJdMNnzMlTN8PPC6wdp6dybEmDYXYTxwnYPJQ==",
      .server_final = "v=ZQnYEgWQMFmmsM8aQMF0nDDCy/AgCzk"
                      "wk8CmMZYcMg0vSVlKDanekLtifDSeVGT4+5ZxXnJq199RVG2rR7N7Zw==",
  },
  {
      .name = "xep0474",
      .options = {
          .hash = XMPP_SCRAM_SHA_1,
          .flag = 'p',
          .binding = "tls-exporter",
          .nonce = "12C4CD5C-E38E-4A98-8F6D-15C38F51CCC6",
          .offer = "SCRAM-SHA-1\x1eSCRAM-SHA-1-PLUS\x1ftls-exporter\x1etls-server-end-point",
          .offer_required = TRUE,
      },
      .binding_hex = "5448495320495320" /* THIS IS */
                     "46414b4520434220" /* FAKE CB */
                     "44415441",        /* DATA */
      .client_first = "p=tls-exporter,,n=user,r=12C4CD5C-E38E-4A98-8F6D-15C38F51CCC6",
      .server_first = "r=12C4CD5C-E38E-4A98-8F6D-15C38F51CCC6a09117a6-ac50-4f2f-93f1-93799c2bddf6,"
                      "s=QSXCR+Q6sek8bf92,i=4096,h=G6k/rBLDqgOhRRaCuuatSDFkJ08=",
      .client_final = "c=cD10bHMtZXhwb3J0ZXIsLFRISVMgSVMgRkFLRSBDQiBEQVRB,"
                      "r=12C4CD5C-E38E-4A98-8F6D-15C38F51CCC6a09117a6-ac50-4f2f-93f1-93799c2bddf6,"
                      "p=NWgTsQJvWgbXKxbqd3P4BNurjkU=",
      .server_final = "v=EMsYR2n9LecK8qm5xR19xuvM1jw=",
  },
};

static GBytes *
bytes_of_hex (const char *hex)
{
  GByteArray *out = g_byte_array_new ();

  for (; *hex != '\0'; hex += 2)
    {
      guint8 byte = (guint8) (g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]));

      g_byte_array_append (out, &byte, 1);
    }

  return g_byte_array_free_to_bytes (out);
}

static GBytes *
salt (XmppScram *scram,
      const char *password)
{
  g_autoptr (DexFuture) future = xmpp_scram_salt_password (scram, password);
  const GValue *value;

  while (dex_future_is_pending (future))
    g_main_context_iteration (NULL, TRUE);
  value = dex_future_get_value (future, NULL);
  g_assert_nonnull (value);

  return g_value_dup_boxed (value);
}

static void
test_vector (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  XmppScramOptions options = vectors[i].options;
  g_autoptr (XmppScram) scram = NULL;
  g_autoptr (GBytes) binding = vectors[i].binding_hex != NULL ? bytes_of_hex (vectors[i].binding_hex) : NULL;
  g_autoptr (GBytes) server_first = bytes_of (vectors[i].server_first);
  g_autoptr (GBytes) server_final = bytes_of (vectors[i].server_final);
  g_autoptr (GBytes) salted = NULL;
  g_autofree char *client_first = NULL, *client_final = NULL;
  g_autoptr (GError) error = NULL;

  options.username = "user";
  options.binding_data = binding;
  scram = xmpp_scram_new (&options);

  client_first = xmpp_scram_dup_client_first (scram);
  g_assert_cmpstr (client_first, ==, vectors[i].client_first);
  g_assert_true (xmpp_scram_read_server_first (scram, server_first, &error));
  g_assert_no_error (error);
  salted = salt (scram, "pencil");
  client_final = xmpp_scram_dup_client_final (scram, salted);
  g_assert_cmpstr (client_final, ==, vectors[i].client_final);
  g_assert_false (xmpp_scram_is_verified (scram));
  g_assert_true (xmpp_scram_read_server_final (scram, server_final, &error));
  g_assert_no_error (error);
  g_assert_true (xmpp_scram_is_verified (scram));
}

#define NONCE "fyko+d2lbbFgONRv9qkxdawL"
#define OFFER "PLAIN\x1eSCRAM-SHA-1\x1ftls-exporter"
#define OFFER_HASH "126/v1GlKeGiKzHqy67NGvCl4eE="
#define OK (-1)

/* security.md A4, A6 */
static const struct
{
  const char *name;
  const char *message;
  int code;
  gboolean offer_required;
} server_firsts[] = {
  { .name = "good", .message = "r=" NONCE "x,s=QSXC,i=4096", .code = OK },
  { .name = "most-iterations", .message = "r=" NONCE "x,s=QSXC,i=10000000", .code = OK },
  { .name = "grease", .message = "r=" NONCE "x,s=QSXC,i=4096,x=grease,Q=,z=a=b", .code = OK },
  { .name = "offer-hash", .message = "r=" NONCE "x,s=QSXC,i=4096,h=" OFFER_HASH, .code = OK },
  {
      .name = "offer-hash-needed-and-there",
      .message = "r=" NONCE "x,s=QSXC,i=4096,h=" OFFER_HASH,
      .code = OK,
      .offer_required = TRUE,
  },
  {
      .name = "offer-hash-needed",
      .message = "r=" NONCE "x,s=QSXC,i=4096",
      .code = XMPP_SASL_ERROR_CHANNEL_BINDING,
      .offer_required = TRUE,
  },
  {
      .name = "offer-tampered",
      .message = "r=" NONCE "x,s=QSXC,i=4096,h=G6k/rBLDqgOhRRaCuuatSDFkJ08=",
      .code = XMPP_SASL_ERROR_DOWNGRADE,
  },
  {
      .name = "offer-hash-empty",
      .message = "r=" NONCE "x,s=QSXC,i=4096,h=",
      .code = XMPP_SASL_ERROR_DOWNGRADE,
  },
  {
      .name = "offer-hash-twice",
      .message = "r=" NONCE "x,s=QSXC,i=4096,h=" OFFER_HASH ",h=" OFFER_HASH,
      .code = XMPP_SASL_ERROR_MALFORMED,
  },
  { .name = "empty", .message = "", .code = XMPP_SASL_ERROR_MALFORMED },
  { .name = "only-nonce", .message = "r=" NONCE "x", .code = XMPP_SASL_ERROR_MALFORMED },
  { .name = "nonce-other", .message = "r=other,s=QSXC,i=4096", .code = XMPP_SASL_ERROR_MALFORMED },
  { .name = "nonce-shorter", .message = "r=fyko+d2lbb,s=QSXC,i=4096", .code = XMPP_SASL_ERROR_MALFORMED },
  {
      .name = "nonce-of-another",
      .message = "r=3rfcNHYJY1ZVvWVs7j+s0rnvx1e9XSZk,s=QSXC,i=4096",
      .code = XMPP_SASL_ERROR_MALFORMED,
  },
  {
      .name = "nonce-in-the-middle",
      .message = "r=x" NONCE "x,s=QSXC,i=4096",
      .code = XMPP_SASL_ERROR_MALFORMED,
  },
  {
      .name = "nonce-not-continued",
      .message = "r=" NONCE ",s=QSXC,i=4096",
      .code = XMPP_SASL_ERROR_MALFORMED,
  },
  {
      .name = "nonce-with-space",
      .message = "r=" NONCE "x y,s=QSXC,i=4096",
      .code = XMPP_SASL_ERROR_MALFORMED,
  },
  { .name = "nonce-empty", .message = "r=,s=QSXC,i=4096", .code = XMPP_SASL_ERROR_MALFORMED },
  {
      .name = "mandatory-extension-first",
      .message = "m=x,r=" NONCE "x,s=QSXC,i=4096",
      .code = XMPP_SASL_ERROR_MALFORMED,
  },
  {
      .name = "mandatory-extension-last",
      .message = "r=" NONCE "x,s=QSXC,i=4096,m=x",
      .code = XMPP_SASL_ERROR_MALFORMED,
  },
  { .name = "salt-missing", .message = "r=" NONCE "x,i=4096,x=y", .code = XMPP_SASL_ERROR_MALFORMED },
  { .name = "salt-empty", .message = "r=" NONCE "x,s=,i=4096", .code = XMPP_SASL_ERROR_MALFORMED },
  { .name = "salt-not-base64", .message = "r=" NONCE "x,s=Q?XC,i=4096", .code = XMPP_SASL_ERROR_MALFORMED },
  { .name = "iterations-1", .message = "r=" NONCE "x,s=QSXC,i=1", .code = XMPP_SASL_ERROR_MALFORMED },
  { .name = "iterations-0", .message = "r=" NONCE "x,s=QSXC,i=0", .code = XMPP_SASL_ERROR_MALFORMED },
  { .name = "iterations-4095", .message = "r=" NONCE "x,s=QSXC,i=4095", .code = XMPP_SASL_ERROR_MALFORMED },
  {
      .name = "iterations-10000001",
      .message = "r=" NONCE "x,s=QSXC,i=10000001",
      .code = XMPP_SASL_ERROR_MALFORMED,
  },
  {
      .name = "iterations-2^31",
      .message = "r=" NONCE "x,s=QSXC,i=2147483648",
      .code = XMPP_SASL_ERROR_MALFORMED,
  },
  {
      .name = "iterations-2^64",
      .message = "r=" NONCE "x,s=QSXC,i=18446744073709555712",
      .code = XMPP_SASL_ERROR_MALFORMED,
  },
  {
      .name = "iterations-negative",
      .message = "r=" NONCE "x,s=QSXC,i=-4096",
      .code = XMPP_SASL_ERROR_MALFORMED,
  },
  {
      .name = "iterations-leading-zero",
      .message = "r=" NONCE "x,s=QSXC,i=04096",
      .code = XMPP_SASL_ERROR_MALFORMED,
  },
  {
      .name = "iterations-vertical-tab",
      .message = "r=" NONCE "x,s=QSXC,i=\v4096",
      .code = XMPP_SASL_ERROR_MALFORMED,
  },
  { .name = "iterations-text", .message = "r=" NONCE "x,s=QSXC,i=4096z", .code = XMPP_SASL_ERROR_MALFORMED },
  {
      .name = "iterations-twice",
      .message = "r=" NONCE "x,s=QSXC,i=4096,i=4096",
      .code = XMPP_SASL_ERROR_MALFORMED,
  },
  { .name = "not-an-attribute", .message = "r=" NONCE "x,s=QSXC,i=4096,", .code = XMPP_SASL_ERROR_MALFORMED },
  { .name = "not-utf-8", .message = "r=" NONCE "x,s=QSXC,i=4096,x=\xff", .code = XMPP_SASL_ERROR_MALFORMED },
  { .name = "error-user", .message = "e=unknown-user", .code = XMPP_SASL_ERROR_NOT_AUTHORIZED },
  {
      .name = "error-binding",
      .message = "e=server-does-support-channel-binding",
      .code = XMPP_SASL_ERROR_CHANNEL_BINDING,
  },
  { .name = "error-other", .message = "e=what-ever", .code = XMPP_SASL_ERROR_REMOTE_OTHER },
};

static XmppScram *
new_scram (gboolean offer_required)
{
  XmppScram *scram = xmpp_scram_new (&(XmppScramOptions) {
      .hash = XMPP_SCRAM_SHA_1,
      .username = "user",
      .flag = 'n',
      .nonce = NONCE,
      .offer = OFFER,
      .offer_required = offer_required,
  });
  g_autofree char *first = xmpp_scram_dup_client_first (scram);

  g_assert_cmpstr (first, ==, "n,,n=user,r=" NONCE);

  return scram;
}

static void
test_server_first (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppScram) scram = new_scram (server_firsts[i].offer_required);
  g_autoptr (GBytes) message = bytes_of (server_firsts[i].message);
  g_autoptr (GError) error = NULL;
  gboolean ok = xmpp_scram_read_server_first (scram, message, &error);

  if (server_firsts[i].code == OK)
    {
      g_assert_no_error (error);
      g_assert_true (ok);
      return;
    }
  g_assert_error (error, XMPP_SASL_ERROR, server_firsts[i].code);
  g_assert_false (ok);
  g_clear_error (&error);

  /* No second chance. */
  g_assert_false (xmpp_scram_read_server_first (scram, message, &error));
  g_assert_error (error, XMPP_SASL_ERROR, XMPP_SASL_ERROR_MALFORMED);
}

static const struct
{
  const char *name;
  const char *message;
  int code;
} server_finals[] = {
  { .name = "good", .message = "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", .code = OK },
  { .name = "grease", .message = "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=,x=grease", .code = OK },
  { .name = "empty", .message = "", .code = XMPP_SASL_ERROR_SERVER_UNTRUSTED },
  { .name = "wrong", .message = "v=rmF9pqV8S7suAoZWja4dJRkFsKU=", .code = XMPP_SASL_ERROR_SERVER_UNTRUSTED },
  {
      .name = "wrong-first-byte",
      .message = "v=r2F9pqV8S7suAoZWja4dJRkFsKQ=",
      .code = XMPP_SASL_ERROR_SERVER_UNTRUSTED,
  },
  { .name = "short", .message = "v=rmF9pqV8S7suAoZWja4dJRk=", .code = XMPP_SASL_ERROR_SERVER_UNTRUSTED },
  { .name = "nothing", .message = "v=", .code = XMPP_SASL_ERROR_SERVER_UNTRUSTED },
  {
      .name = "not-base64",
      .message = "v=????????????????????????????",
      .code = XMPP_SASL_ERROR_SERVER_UNTRUSTED,
  },
  {
      .name = "not-first",
      .message = "x=y,v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
      .code = XMPP_SASL_ERROR_SERVER_UNTRUSTED,
  },
  { .name = "error-proof", .message = "e=invalid-proof", .code = XMPP_SASL_ERROR_NOT_AUTHORIZED },
  {
      .name = "error-binding",
      .message = "e=channel-bindings-dont-match",
      .code = XMPP_SASL_ERROR_CHANNEL_BINDING,
  },
  { .name = "error-resources", .message = "e=no-resources", .code = XMPP_SASL_ERROR_TEMPORARY },
};

static void
test_server_final (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppScram) scram = new_scram (FALSE);
  g_autoptr (GBytes) first = bytes_of (vectors[0].server_first);
  g_autoptr (GBytes) final = bytes_of (server_finals[i].message);
  g_autoptr (GBytes) good = bytes_of ("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=");
  g_autoptr (GBytes) salted = NULL;
  g_autofree char *client_final = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (xmpp_scram_read_server_first (scram, first, NULL));
  salted = salt (scram, "pencil");
  client_final = xmpp_scram_dup_client_final (scram, salted);
  g_assert_nonnull (client_final);

  g_assert_cmpint (xmpp_scram_read_server_final (scram, final, &error), ==, server_finals[i].code == OK);
  g_assert_cmpint (xmpp_scram_is_verified (scram), ==, server_finals[i].code == OK);
  if (server_finals[i].code == OK)
    {
      g_assert_no_error (error);
      return;
    }
  g_assert_error (error, XMPP_SASL_ERROR, server_finals[i].code);

  /* A right signature after a wrong one comes too late. */
  g_assert_false (xmpp_scram_read_server_final (scram, good, NULL));
  g_assert_false (xmpp_scram_is_verified (scram));
}

static void
test_out_of_turn (void)
{
  g_autoptr (XmppScram) scram = xmpp_scram_new (&(XmppScramOptions) { .username = "user", .flag = 'n' });
  g_autoptr (GBytes) final = bytes_of ("v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=");
  g_autoptr (GError) error = NULL;

  /* Neither is an untouched signature of zeros ever right. */
  g_assert_false (xmpp_scram_read_server_final (scram, final, &error));
  g_assert_error (error, XMPP_SASL_ERROR, XMPP_SASL_ERROR_SERVER_UNTRUSTED);
  g_assert_false (xmpp_scram_is_verified (scram));
}

static void
test_nonce (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (XmppScram) scram = xmpp_scram_new (&(XmppScramOptions) { .username = "a=b,c", .flag = 'y' });
      char *first = xmpp_scram_dup_client_first (scram);

      g_assert_true (g_str_has_prefix (first, "y,,n=a=3Db=2Cc,r="));
      g_assert_cmpuint (strlen (first) - strlen ("y,,n=a=3Db=2Cc,r="), >=, 24);
      g_assert_true (g_hash_table_add (seen, first));
    }
}

static void
test_offer (void)
{
  const char *const mechanisms[] = { "SCRAM-SHA-1-PLUS", "PLAIN", "SCRAM-SHA-1", NULL };
  const char *const bindings[] = { "tls-server-end-point", "tls-exporter", NULL };
  const char *const none[] = { NULL };
  g_autofree char *both = xmpp_scram_offer_new (mechanisms, bindings);
  g_autofree char *without = xmpp_scram_offer_new (mechanisms, NULL);
  g_autofree char *empty = xmpp_scram_offer_new (mechanisms, none);

  g_assert_cmpstr (both,
                   ==,
                   "PLAIN\x1eSCRAM-SHA-1\x1eSCRAM-SHA-1-PLUS\x1ftls-exporter\x1etls-server-end-point");
  g_assert_cmpstr (without, ==, "PLAIN\x1eSCRAM-SHA-1\x1eSCRAM-SHA-1-PLUS");
  g_assert_cmpstr (empty, ==, "PLAIN\x1eSCRAM-SHA-1\x1eSCRAM-SHA-1-PLUS\x1f");
}

/* RFC 6070 */
static void
test_hi (void)
{
  g_autoptr (GBytes) first_salt = bytes_of ("salt");
  g_autoptr (GBytes) second_salt = bytes_of ("saltSALTsaltSALTsaltSALTsaltSALTsalt");
  g_autoptr (GBytes) first = bytes_of_hex ("4b007901b765489abead49d926f721d065a429c1");
  g_autoptr (GBytes) second = bytes_of_hex ("3d2eec4fe41c849b80c8d83662c0e44a8b291a96");
  guint8 out[20];

  g_assert_true (xmpp_scram_hi (XMPP_SCRAM_SHA_1, "password", first_salt, 4096, NULL, out));
  g_assert_cmpmem (out, sizeof out, g_bytes_get_data (first, NULL), g_bytes_get_size (first));
  g_assert_true (xmpp_scram_hi (XMPP_SCRAM_SHA_1, "passwordPASSWORDpassword", second_salt, 4096, NULL, out));
  g_assert_cmpmem (out, sizeof out, g_bytes_get_data (second, NULL), 20);
}

static void
test_hi_cancelled (void)
{
  g_autoptr (GBytes) bytes = bytes_of ("salt");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gint64 start = clock ();
  guint8 out[64];

  g_cancellable_cancel (cancellable);
  g_assert_false (xmpp_scram_hi (XMPP_SCRAM_SHA_512,
                                 "x",
                                 bytes,
                                 XMPP_SCRAM_MAX_ITERATIONS,
                                 cancellable,
                                 out));
  g_assert_cmpint (clock () - start, <, CLOCKS_PER_SEC);
}

static void
add_tables (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *path = g_strconcat ("/xmpp/scram/vector/", vectors[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_vector);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (server_firsts); i++)
    {
      g_autofree char *path = g_strconcat ("/xmpp/scram/server-first/", server_firsts[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_server_first);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (server_finals); i++)
    {
      g_autofree char *path = g_strconcat ("/xmpp/scram/server-final/", server_finals[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_server_final);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  add_tables ();
  g_test_add_func ("/xmpp/scram/out-of-turn", test_out_of_turn);
  g_test_add_func ("/xmpp/scram/nonce", test_nonce);
  g_test_add_func ("/xmpp/scram/offer", test_offer);
  g_test_add_func ("/xmpp/scram/hi", test_hi);
  g_test_add_func ("/xmpp/scram/hi/cancelled", test_hi_cancelled);

  return g_test_run ();
}
