/* Tests of the Hashed Token mechanisms
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "xmpp-hashed-token.h"

static const struct
{
  const char *name;
  const char *const offered[5];
  const char *const available[3];
  const char *expected;
} choices[] = {
  {
      .name = "exporter-first",
      .offered = { "HT-SHA-256-NONE", "HT-SHA-256-ENDP", "HT-SHA-256-EXPR" },
      .available = { "tls-server-end-point", "tls-exporter" },
      .expected = "HT-SHA-256-EXPR",
  },
  {
      .name = "end-point-when-no-exporter",
      .offered = { "HT-SHA-256-NONE", "HT-SHA-256-ENDP", "HT-SHA-256-EXPR" },
      .available = { "tls-server-end-point" },
      .expected = "HT-SHA-256-ENDP",
  },
  {
      .name = "end-point-when-no-other-offered",
      .offered = { "HT-SHA-256-ENDP" },
      .available = { "tls-server-end-point", "tls-exporter" },
      .expected = "HT-SHA-256-ENDP",
  },
  { .name = "never-without-binding", .offered = { "HT-SHA-256-NONE" }, .available = { "tls-exporter" } },
  {
      .name = "never-unique",
      .offered = { "HT-SHA-256-UNIQ" },
      .available = { "tls-exporter", "tls-server-end-point" },
  },
  { .name = "nothing-available", .offered = { "HT-SHA-256-EXPR", "HT-SHA-256-ENDP" }, .available = { NULL } },
  { .name = "nothing-offered", .offered = { NULL }, .available = { "tls-exporter" } },
  { .name = "unknown-hash", .offered = { "HT-SHA3-512-EXPR" }, .available = { "tls-exporter" } },
};

static void
test_choose (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  const XmppHashedToken *chosen = xmpp_hashed_token_choose (choices[i].offered, choices[i].available);

  g_assert_cmpstr (chosen != NULL ? chosen->name : NULL, ==, choices[i].expected);
}

static void
test_lookup (void)
{
  g_assert_cmpstr (xmpp_hashed_token_lookup ("HT-SHA-256-EXPR")->binding, ==, "tls-exporter");
  g_assert_cmpstr (xmpp_hashed_token_lookup ("HT-SHA-256-ENDP")->binding, ==, "tls-server-end-point");
  g_assert_null (xmpp_hashed_token_lookup ("HT-SHA-256-NONE"));
  g_assert_null (xmpp_hashed_token_lookup ("HT-SHA-256-UNIQ"));
  g_assert_null (xmpp_hashed_token_lookup (NULL));
}

#define TOKEN "secret-token:fast-1234"

/* Both computed with Python's hmac. */
static const guint8 initiator[] = {
  0x6b,
  0x1b,
  0x7f,
  0x04,
  0xa4,
  0x12,
  0x88,
  0x1b,
  0x39,
  0x40,
  0xff,
  0xe7,
  0x38,
  0x83,
  0x1e,
  0x52,
  0x9c,
  0xeb,
  0x5e,
  0x42,
  0x21,
  0xb6,
  0xda,
  0x05,
  0x8d,
  0xcd,
  0x78,
  0x34,
  0x20,
  0x12,
  0x3d,
  0xa8,
};
static const guint8 responder[] = {
  0xca,
  0xc9,
  0x7a,
  0xfd,
  0x22,
  0x0d,
  0x24,
  0x4a,
  0x5f,
  0xc6,
  0xe8,
  0x9d,
  0x42,
  0x32,
  0x00,
  0x79,
  0xb1,
  0x20,
  0x48,
  0xec,
  0xa9,
  0x43,
  0x3d,
  0xc7,
  0x52,
  0x92,
  0x00,
  0x73,
  0xf1,
  0x33,
  0x34,
  0xb6,
};

static void
test_initiate (void)
{
  g_autoptr (GBytes) binding = g_bytes_new_static ("binding data", 12);
  g_autoptr (GBytes) message = xmpp_hashed_token_initiate (xmpp_hashed_token_lookup ("HT-SHA-256-EXPR"),
                                                           "juliet",
                                                           TOKEN,
                                                           binding);
  const guint8 *data = g_bytes_get_data (message, NULL);

  g_assert_cmpuint (g_bytes_get_size (message), ==, 7 + sizeof initiator);
  g_assert_cmpmem (data, 7, "juliet", 7);
  g_assert_cmpmem (data + 7, sizeof initiator, initiator, sizeof initiator);
}

static void
test_verify (void)
{
  const XmppHashedToken *mechanism = xmpp_hashed_token_lookup ("HT-SHA-256-EXPR");
  g_autoptr (GBytes) binding = g_bytes_new_static ("binding data", 12);
  g_autoptr (GBytes) other_binding = g_bytes_new_static ("another's", 9);
  g_autoptr (GBytes) good = g_bytes_new_static (responder, sizeof responder);
  g_autoptr (GBytes) reflected = g_bytes_new_static (initiator, sizeof initiator);
  g_autoptr (GBytes) shorter = g_bytes_new_static (responder, sizeof responder - 1);
  guint8 last_differs[sizeof responder];
  g_autoptr (GBytes) nearly = NULL;
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);

  memcpy (last_differs, responder, sizeof responder);
  last_differs[sizeof responder - 1] ^= 1;
  nearly = g_bytes_new (last_differs, sizeof last_differs);

  g_assert_true (xmpp_hashed_token_verify (mechanism, TOKEN, binding, good));
  g_assert_false (xmpp_hashed_token_verify (mechanism, TOKEN, binding, nearly));
  g_assert_false (xmpp_hashed_token_verify (mechanism, "another token", binding, good));
  g_assert_false (xmpp_hashed_token_verify (mechanism, TOKEN, other_binding, good));
  g_assert_false (xmpp_hashed_token_verify (mechanism, TOKEN, binding, reflected));
  g_assert_false (xmpp_hashed_token_verify (mechanism, TOKEN, binding, shorter));
  g_assert_false (xmpp_hashed_token_verify (mechanism, TOKEN, binding, empty));
  g_assert_false (xmpp_hashed_token_verify (mechanism, TOKEN, binding, NULL));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      g_autofree char *path = g_strconcat ("/xmpp/hashed-token/choose/", choices[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_choose);
    }
  g_test_add_func ("/xmpp/hashed-token/lookup", test_lookup);
  g_test_add_func ("/xmpp/hashed-token/initiate", test_initiate);
  g_test_add_func ("/xmpp/hashed-token/verify", test_verify);

  return g_test_run ();
}
