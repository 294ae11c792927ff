/* XEP-0231 Bits of Binary, version 1.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-bob"

#include "config.h"

#include <string.h>

#include "xmpp-base64.h"
#include "xmpp-bob.h"
#include "xmpp-builder.h"

#define HOST "@bob.xmpp.org"
/* As long as the base64 of the largest data, with line breaks. */
#define MAX_TEXT (XMPP_BOB_MAX_SIZE / 3 * 4 + XMPP_BOB_MAX_SIZE / 16)

typedef struct
{
  const char *name;
  GChecksumType type;
} Hash;

/* The specification writes "sha1"; IANA and XEP-0300 have the dash. */
static const Hash hashes[] = {
  { "sha1+", G_CHECKSUM_SHA1 },
  { "sha-1+", G_CHECKSUM_SHA1 },
  { "sha256+", G_CHECKSUM_SHA256 },
  { "sha-256+", G_CHECKSUM_SHA256 },
  { "sha512+", G_CHECKSUM_SHA512 },
  { "sha-512+", G_CHECKSUM_SHA512 },
};

/* @hex: (out): where the digits begin */
static const Hash *
parse_cid (const char *cid,
           const char **hex)
{
  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++)
    {
      gsize length = strlen (hashes[i].name);
      gsize digits = 2 * g_checksum_type_get_length (hashes[i].type);

      if (g_ascii_strncasecmp (cid, hashes[i].name, length) != 0)
        continue;

      *hex = cid + length;
      if (strspn (*hex, "0123456789abcdefABCDEF") == digits && g_str_equal (*hex + digits, HOST))
        return &hashes[i];
    }

  return NULL;
}

gboolean
xmpp_bob_cid_is_valid (const char *cid)
{
  const char *hex;

  g_return_val_if_fail (cid != NULL, FALSE);

  return parse_cid (cid, &hex) != NULL;
}

/* Lines are broken in the specification's own example. */
static char *
dup_without_spaces (const char *text)
{
  gsize length = strlen (text);
  char *result, *out;

  if (length > MAX_TEXT)
    return NULL;

  result = out = g_malloc (length + 1);
  for (; *text != '\0'; text++)
    {
      if (!g_ascii_isspace (*text))
        *out++ = *text;
    }
  *out = '\0';

  return result;
}

GBytes *
xmpp_bob_parse (XmppNode *data,
                const char *cid)
{
  g_autofree char *text = NULL;
  g_autofree char *digest = NULL;
  g_autoptr (GBytes) bytes = NULL;
  const char *own_cid, *hex;
  const Hash *hash;

  g_return_val_if_fail (data != NULL, NULL);

  own_cid = xmpp_node_get_attr (data, "cid");
  if (!xmpp_node_is (data, "data", XMPP_NS_BOB) || own_cid == NULL ||
      (cid != NULL && !g_str_equal (own_cid, cid)) || !(hash = parse_cid (own_cid, &hex)))
    return NULL;

  text = dup_without_spaces (xmpp_node_get_text (data));
  bytes = text != NULL ? xmpp_base64_decode (text, XMPP_BOB_MAX_SIZE) : NULL;
  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    return NULL;

  digest = g_compute_checksum_for_bytes (hash->type, bytes);
  if (g_ascii_strncasecmp (digest, hex, strlen (digest)) != 0)
    return NULL;

  return g_steal_pointer (&bytes);
}

GBytes *
xmpp_bob_find (XmppNode *parent,
               const char *cid)
{
  g_return_val_if_fail (parent != NULL && cid != NULL, NULL);

  for (guint i = 0; i < xmpp_node_get_n_children (parent); i++)
    {
      XmppNode *child = xmpp_node_get_nth_child (parent, i);

      /* The first counts, good or bad: nobody is to make us hash ever more of them. */
      if (xmpp_node_is (child, "data", XMPP_NS_BOB) &&
          g_strcmp0 (xmpp_node_get_attr (child, "cid"), cid) == 0)
        return xmpp_bob_parse (child, cid);
    }

  return NULL;
}

XmppNode *
xmpp_bob_request (const char *cid)
{
  g_return_val_if_fail (cid != NULL, NULL);

  return xmpp_el ("data", XMPP_NS_BOB, xmpp_attr ("cid", cid));
}
