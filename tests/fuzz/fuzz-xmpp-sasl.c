/* Fuzz target: base64, SCRAM, hashed tokens and the choice of a mechanism against slow, plain references
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "xmpp-base64.h"
#include "xmpp-hashed-token.h"
#include "xmpp-mechanism-choice.h"
#include "xmpp-scram.h"

#define NONCE "fyko+d2lbbFgONRv9qkxdawL"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* ---- base64 ---- */

static void
check_base64 (const char *text)
{
  g_autofree char *stripped = g_strdup (text);
  g_autoptr (GBytes) bytes = xmpp_base64_decode (text, 1024);
  g_autofree guchar *lax = NULL;
  g_autofree char *again = NULL;
  gsize length = 0;

  /* What GLib decodes and encodes to the very same text, and nothing else, is base64. */
  while (*stripped != '\0' && strchr (" \t\r\n", stripped[strlen (stripped) - 1]) != NULL)
    stripped[strlen (stripped) - 1] = '\0';
  memmove (stripped,
           stripped + strspn (stripped, " \t\r\n"),
           strlen (stripped + strspn (stripped, " \t\r\n")) + 1);
  lax = g_base64_decode (stripped, &length);
  again = g_base64_encode (lax, length);
  g_assert ((bytes != NULL) == (strcmp (again, stripped) == 0 && length <= 1024));
  if (bytes != NULL)
    g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), lax, length);
}

/* ---- SCRAM ---- */

/* Whether a server-first-message is one that may be answered. */
static gboolean
server_first_is_good (const char *message)
{
  g_autoptr (GRegex) shape = g_regex_new ("^r=\\Q" NONCE "\\E[!-+\\--~]+,s=([^,]*),i=([1-9][0-9]{3,7})"
                                          "((?:,[a-zA-Z]=[^,]*)*)$",
                                          G_REGEX_DOLLAR_ENDONLY | G_REGEX_DOTALL,
                                          0,
                                          NULL);
  g_autoptr (GRegex) refused = g_regex_new (",[mrsi]=|,h=.*,h=", G_REGEX_DOTALL, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *salt = NULL, *iterations = NULL, *rest = NULL;
  g_autoptr (GBytes) bytes = NULL;
  guint64 number;

  if (strlen (message) > 4096 || !g_utf8_validate (message, -1, NULL) ||
      !g_regex_match (shape, message, 0, &match))
    return FALSE;
  salt = g_match_info_fetch (match, 1);
  iterations = g_match_info_fetch (match, 2);
  rest = g_match_info_fetch (match, 3);
  bytes = xmpp_base64_decode (salt, 1024);
  number = g_ascii_strtoull (iterations, NULL, 10);

  return bytes != NULL && g_bytes_get_size (bytes) > 0 && number >= 4096 && number <= 10000000 &&
         !g_regex_match (refused, rest, 0, NULL);
}

static void
hmac (const guint8 *key,
      const char *text,
      guint8 out[20])
{
  g_autoptr (GHmac) state = g_hmac_new (G_CHECKSUM_SHA1, key, 20);
  gsize length = 20;

  g_hmac_update (state, (const guchar *) text, -1);
  g_hmac_get_digest (state, out, &length);
}

static char *
expected_final (const guint8 *salted,
                const char *server_first,
                const char *client_final)
{
  const char *proof = g_strrstr (client_final, ",p=");
  g_autofree char *without_proof = g_strndup (client_final, (gsize) (proof - client_final));
  g_autofree char *message = g_strjoin (",", "n=user,r=" NONCE, server_first, without_proof, NULL);
  g_autofree char *encoded = NULL;
  guint8 key[20], signature[20];

  hmac (salted, "Server Key", key);
  hmac (key, message, signature);
  encoded = g_base64_encode (signature, 20);

  return g_strconcat ("v=", encoded, NULL);
}

/* @text: server-first-message, a line feed, server-final-message */
static void
check_scram (const char *text)
{
  static const guint8 salted[20] = "salted password, 20.";
  g_auto (GStrv) parts = g_strsplit (text, "\n", 2);
  const char *final = parts[0] != NULL && parts[1] != NULL ? parts[1] : "";
  g_autoptr (GBytes) first_bytes = g_bytes_new (parts[0] != NULL ? parts[0] : "",
                                                strlen (parts[0] != NULL ? parts[0] : ""));
  g_autoptr (GBytes) final_bytes = g_bytes_new (final, strlen (final));
  g_autoptr (GBytes) salted_bytes = g_bytes_new_static (salted, 20);
  g_autoptr (GBytes) right_bytes = NULL;
  g_autoptr (XmppScram) scram = NULL;
  g_autofree char *client_first = NULL, *client_final = NULL, *right = NULL;
  gboolean good;

  scram = xmpp_scram_new (&(XmppScramOptions) { .username = "user", .flag = 'y', .nonce = NONCE });
  client_first = xmpp_scram_dup_client_first (scram);
  good = xmpp_scram_read_server_first (scram, first_bytes, NULL);
  g_assert (good == server_first_is_good (parts[0] != NULL ? parts[0] : ""));
  if (!good)
    return;

  client_final = xmpp_scram_dup_client_final (scram, salted_bytes);
  right = expected_final (salted, parts[0], client_final);
  if (g_str_has_prefix (final, right))
    return;
  g_assert (!xmpp_scram_read_server_final (scram, final_bytes, NULL));
  g_assert (!xmpp_scram_is_verified (scram));
  right_bytes = g_bytes_new (right, strlen (right));
  g_assert (!xmpp_scram_read_server_final (scram, right_bytes, NULL));
}

/* ---- hashed tokens ---- */

static void
check_token (const guint8 *data,
             gsize size)
{
  const XmppHashedToken *mechanism = xmpp_hashed_token_lookup ("HT-SHA-256-EXPR");
  g_autoptr (GBytes) binding = g_bytes_new_static ("binding", 7);
  g_autoptr (GBytes) answer = g_bytes_new (data, size);
  g_autoptr (GHmac) state = g_hmac_new (G_CHECKSUM_SHA256, (const guchar *) "token", 5);
  guint8 right[32];
  gsize length = sizeof right;

  g_hmac_update (state, (const guchar *) "Responderbinding", -1);
  g_hmac_get_digest (state, right, &length);
  g_assert (xmpp_hashed_token_verify (mechanism, "token", binding, answer) ==
            (size == sizeof right && memcmp (data, right, size) == 0));
}

/* ---- the choice ---- */

static const char *const all_mechanisms[] = {
  "PLAIN",
  "SCRAM-SHA-1",
  "SCRAM-SHA-256",
  "SCRAM-SHA-512",
  "SCRAM-SHA-1-PLUS",
  "SCRAM-SHA-256-PLUS",
  "SCRAM-SHA-512-PLUS",
  "DIGEST-MD5",
};
static const char *const all_bindings[] = { "tls-server-end-point", "tls-exporter", "tls-unique" };

static void
pick (const char *const *from,
      guint n,
      guint8 bits,
      const char **out)
{
  for (guint i = 0; i < n; i++)
    if (bits & 1u << i)
      *out++ = from[i];
  *out = NULL;
}

/* The index of the highest bit, or -1. */
static int
highest (guint8 bits)
{
  for (int i = 7; i >= 0; i--)
    if (bits & 1 << i)
      return i;

  return -1;
}

/* XEP-0440's rules over bit sets, in their order: the flag and mechanism, or '!' for giving up, '?' for "ask
 * first". */
static char
reference (guint8 mechanisms,
           gboolean announced,
           guint8 types,
           guint8 available,
           gboolean strict,
           gboolean may_plain,
           int *mechanism,
           int *binding)
{
  guint8 plus = mechanisms & 0x70, scram = mechanisms & 0x0e;
  guint8 common = available & 3 & (announced ? types : 0xff);

  *binding = -1;
  if (plus != 0 && !announced && strict)
    return '!';
  if (plus != 0 && common != 0)
    {
      *mechanism = highest (plus);
      *binding = highest (common);
      return 'p';
    }
  if (plus != 0)
    {
      *mechanism = highest (scram);
      return announced && scram != 0 ? 'n' : '!';
    }
  if (scram != 0)
    {
      *mechanism = highest (scram);
      return announced ? '!' : 'y';
    }
  *mechanism = 0;
  if ((mechanisms & 1) == 0)
    return '!';

  return may_plain ? 0 : '?';
}

static void
check_choice (const guint8 *data)
{
  const char *mechanisms[9], *announced[4], *available[3];
  guint8 flags = data[3];
  int remembered = data[4] % 8 < 7 ? data[4] % 8 : -1;
  int remembered_binding = data[4] / 8 % 3 - 1;
  XmppLoginMemory memory = {
    .mechanism = (char *) (remembered >= 0 ? all_mechanisms[remembered] : NULL),
    .channel_binding = (char *) (remembered_binding >= 0 ? all_bindings[remembered_binding] : NULL),
    .had_sasl2 = (flags & 8) != 0,
  };
  XmppMechanismOffer offer = {
    .mechanisms = mechanisms,
    .announced = flags & 1 ? announced : NULL,
    .available = available,
    .sasl2 = (flags & 2) != 0,
    .secure = TRUE,
    .allow_plain = (flags & 4) != 0,
    .memory = &memory,
  };
  XmppMechanismChoice choice = { 0 };
  int mechanism = -1, binding = -1;
  char flag;
  gboolean ok;

  pick (all_mechanisms, 8, data[0], mechanisms);
  pick (all_bindings, 3, data[1], announced);
  pick (all_bindings, 2, data[2], available);

  flag = reference (data[0],
                    flags & 1,
                    data[1],
                    data[2],
                    (flags & 10) != 0,
                    (flags & 4) != 0 || remembered >= 0,
                    &mechanism,
                    &binding);
  ok = xmpp_mechanism_choose (&offer, &choice, NULL);
  g_assert (ok == (flag != '!' && flag != '?' && mechanism >= remembered && binding >= remembered_binding));
  if (!ok)
    return;
  g_assert_cmpstr (choice.mechanism, ==, all_mechanisms[mechanism]);
  g_assert_cmpstr (choice.binding, ==, binding >= 0 ? all_bindings[binding] : NULL);
  g_assert (choice.flag == flag);
  g_assert (choice.offer_required == (flag == 'n'));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autofree char *text = NULL;

  if (size == 0)
    return 0;
  text = g_strndup ((const char *) data + 1, size - 1);

  switch (data[0] % 4)
    {
    case 0:
      check_base64 (text);
      break;
    case 1:
      check_scram (text);
      break;
    case 2:
      check_token (data + 1, size - 1);
      break;
    default:
      if (size > 5)
        check_choice (data + 1);
      break;
    }

  return 0;
}
