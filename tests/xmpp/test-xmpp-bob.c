/* Tests of XEP-0231
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-test.h"
#include "xmpp-assert.h"
#include "xmpp-bob.h"

/* Of the bytes "picture", computed with Python's hashlib. */
#define SHA1 "0e66b49d04a43c19bcb2e13a53aff5d174f610fc"
#define SHA256 "2cea274d0bedc39ec4ab6ba9e59ec889e3ed6fb56a1cf088a64d9b383378dc97"
#define SHA512                                                       \
  "1a64766100a7f72f28833def9a5bc3ed2dca800bcd8e17429b3441d66312080d" \
  "5c3609fb8467d8e45dc633208c2ccc9754d008389a57be3d8b0707c84d1b8cd6"
#define CID "sha1+" SHA1 "@bob.xmpp.org"
#define DATA(cid, text) "<data xmlns='urn:xmpp:bob' cid='" cid "' type='image/png'>" text "</data>"
#define TEXT "cGljdHVyZQ=="

static const struct
{
  const char *name;
  const char *xml;
  gboolean ok;
} rows[] = {
  { "sha1", DATA (CID, TEXT), TRUE },
  { "sha-1", DATA ("sha-1+" SHA1 "@bob.xmpp.org", TEXT), TRUE },
  { "sha256", DATA ("sha256+" SHA256 "@bob.xmpp.org", TEXT), TRUE },
  { "sha-512", DATA ("sha-512+" SHA512 "@bob.xmpp.org", TEXT), TRUE },
  { "in-lines", DATA (CID, "\n    cGlj\n    dHVy\n    ZQ==\n  "), TRUE },
  { "other-bytes", DATA (CID, "cGljdHVyZXM="), FALSE },
  { "hash-of-another", DATA ("sha256+" SHA1 "@bob.xmpp.org", TEXT), FALSE },
  { "unknown-hash", DATA ("md5+d41d8cd98f00b204e9800998ecf8427e@bob.xmpp.org", TEXT), FALSE },
  { "no-hash", DATA ("picture@bob.xmpp.org", TEXT), FALSE },
  { "other-host", DATA ("sha1+" SHA1 "@evil.example", TEXT), FALSE },
  { "more-behind", DATA ("sha1+" SHA1 "@bob.xmpp.org.evil.example", TEXT), FALSE },
  { "no-base64", DATA (CID, "picture!"), FALSE },
  { "cut-base64", DATA (CID, "cGljdHVyZQ="), FALSE },
  { "empty", DATA ("sha1+da39a3ee5e6b4b0d3255bfef95601890afd80709@bob.xmpp.org", ""), FALSE },
  { "no-cid", "<data xmlns='urn:xmpp:bob'>" TEXT "</data>", FALSE },
  { "foreign", "<data xmlns='urn:other' cid='" CID "'>" TEXT "</data>", FALSE },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppNode) node = xmpp_node_from_literal (rows[row].xml);
  g_autoptr (GBytes) bytes = xmpp_bob_parse (node, NULL);

  if (!rows[row].ok)
    g_assert_null (bytes);
  else
    g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "picture", 7);
}

static void
test_other_cid (void)
{
  g_autoptr (XmppNode) node = xmpp_node_from_literal (DATA (CID, TEXT));

  g_assert_null (xmpp_bob_parse (node, "sha256+" SHA256 "@bob.xmpp.org"));
}

static void
test_find (void)
{
#define OTHER_CID "sha256+" SHA256 "@bob.xmpp.org"
  g_autoptr (XmppNode) node =
      xmpp_node_from_literal ("<query xmlns='jabber:iq:register'>" DATA (OTHER_CID, "AAAA")
                                  DATA (CID, TEXT) "</query>");
  g_autoptr (GBytes) bytes = xmpp_bob_find (node, CID);

  g_assert_nonnull (bytes);
  g_assert_null (xmpp_bob_find (node, "sha256+" SHA256 "@bob.xmpp.org"));
  g_assert_null (xmpp_bob_find (node, "sha512+" SHA512 "@bob.xmpp.org"));
}

/* The first counts: a thousand wrong ones do not cost a thousand hashes. */
static void
test_find_first (void)
{
  g_autoptr (XmppNode) node = xmpp_node_from_literal (
      "<query xmlns='jabber:iq:register'>" DATA (CID, "AAAA") DATA (CID, TEXT) "</query>");

  g_assert_null (xmpp_bob_find (node, CID));
}

static void
test_size (void)
{
  for (guint more = 0; more < 2; more++)
    {
      gsize size = XMPP_BOB_MAX_SIZE + more;
      g_autofree guint8 *data = g_malloc0 (size);
      g_autofree char *text = g_base64_encode (data, size);
      g_autofree char *hash = g_compute_checksum_for_data (G_CHECKSUM_SHA1, data, size);
      g_autofree char *xml = g_strdup_printf (
          "<data xmlns='urn:xmpp:bob' cid='sha1+%s@bob.xmpp.org'>%s</data>", hash, text);
      g_autoptr (XmppNode) node = xmpp_node_from_literal (xml);
      g_autoptr (GBytes) bytes = xmpp_bob_parse (node, NULL);

      g_assert_true ((bytes != NULL) == (more == 0));
    }
}

static void
test_request (void)
{
  g_autoptr (XmppNode) node = xmpp_bob_request (CID);

  xmpp_assert_node (node, "<data xmlns='urn:xmpp:bob' cid='" CID "'/>");
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/bob/%s", rows[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_row);
    }
  g_test_add_func ("/xmpp/bob/other-cid", test_other_cid);
  g_test_add_func ("/xmpp/bob/find", test_find);
  g_test_add_func ("/xmpp/bob/find-first", test_find_first);
  g_test_add_func ("/xmpp/bob/size", test_size);
  g_test_add_func ("/xmpp/bob/request", test_request);

  return g_test_run ();
}
