/* Tests of addresses
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "xmpp-jid.h"

typedef struct
{
  const char *in;
  const char *local;
  const char *domain; /* NULL: no address */
  const char *resource;
  XmppJidError error;
} Row;

/* RFC 7622 section 3.5, table 1 and table 2, then ours. */
/* TAP output must be UTF-8. */
static void
show (const char *text)
{
  g_autofree char *escaped = g_strescape (text, NULL);

  g_test_message ("%s", escaped);
}

static const Row rows[] = {
  { .in = "juliet@example.com", .local = "juliet", .domain = "example.com" },
  { .in = "juliet@example.com/foo", .local = "juliet", .domain = "example.com", .resource = "foo" },
  { .in = "juliet@example.com/foo bar", .local = "juliet", .domain = "example.com", .resource = "foo bar" },
  { .in = "juliet@example.com/foo@bar", .local = "juliet", .domain = "example.com", .resource = "foo@bar" },
  { .in = "foo\\20bar@example.com", .local = "foo\\20bar", .domain = "example.com" },
  { .in = "fussball@example.com", .local = "fussball", .domain = "example.com" },
  { .in = "fu\u00dfball@example.com", .local = "fu\u00dfball", .domain = "example.com" },
  { .in = "\u03c0@example.com", .local = "\u03c0", .domain = "example.com" },
  { .in = "\u03a3@example.com/foo", .local = "\u03c3", .domain = "example.com", .resource = "foo" },
  { .in = "\u03c3@example.com/foo", .local = "\u03c3", .domain = "example.com", .resource = "foo" },
  { .in = "\u03c2@example.com/foo", .local = "\u03c2", .domain = "example.com", .resource = "foo" },
  { .in = "king@example.com/\u265a", .local = "king", .domain = "example.com", .resource = "\u265a" },
  { .in = "example.com", .domain = "example.com" },
  { .in = "example.com/foobar", .domain = "example.com", .resource = "foobar" },
  { .in = "a.example.com/b@example.net", .domain = "a.example.com", .resource = "b@example.net" },
  { .in = "\"juliet\"@example.com", .error = XMPP_JID_ERROR_LOCAL },
  { .in = "foo bar@example.com", .error = XMPP_JID_ERROR_LOCAL },
  /* The RFC calls this invalid for its space; OpaqueString allows it (RFC 8265 section 4.2, erratum 4560). */
  { .in = "juliet@example.com/ foo", .local = "juliet", .domain = "example.com", .resource = " foo" },
  { .in = "@example.com/", .error = XMPP_JID_ERROR_EMPTY },
  { .in = "henry\u2163@example.com", .error = XMPP_JID_ERROR_LOCAL },
  { .in = "\u265a@example.com", .error = XMPP_JID_ERROR_LOCAL },
  { .in = "juliet@", .error = XMPP_JID_ERROR_EMPTY },
  { .in = "/foobar", .error = XMPP_JID_ERROR_EMPTY },

  { .in = "", .error = XMPP_JID_ERROR_EMPTY },
  { .in = "/", .error = XMPP_JID_ERROR_EMPTY },
  { .in = "@", .error = XMPP_JID_ERROR_EMPTY },
  { .in = "@/", .error = XMPP_JID_ERROR_EMPTY },
  { .in = "a@/b", .error = XMPP_JID_ERROR_EMPTY },
  { .in = "@example.com", .error = XMPP_JID_ERROR_EMPTY },
  { .in = "a@example.com/", .error = XMPP_JID_ERROR_EMPTY },
  { .in = "example.com/", .error = XMPP_JID_ERROR_EMPTY },
  { .in = "Juliet@EXAMPLE.com./Foo", .local = "juliet", .domain = "example.com", .resource = "Foo" },
  { .in = "a@b@c", .error = XMPP_JID_ERROR_DOMAIN },
  { .in = "a@b/c/d", .local = "a", .domain = "b", .resource = "c/d" },
  { .in = "a@b//", .local = "a", .domain = "b", .resource = "/" },
  { .in = "b/c@d/e", .domain = "b", .resource = "c@d/e" },
  { .in = " a@b", .error = XMPP_JID_ERROR_LOCAL },
  { .in = "a@b ", .error = XMPP_JID_ERROR_DOMAIN },
  { .in = "a&b@c", .error = XMPP_JID_ERROR_LOCAL },
  { .in = "a'b@c", .error = XMPP_JID_ERROR_LOCAL },
  { .in = "a:b@c", .error = XMPP_JID_ERROR_LOCAL },
  { .in = "a<b@c", .error = XMPP_JID_ERROR_LOCAL },
  { .in = "a>b@c", .error = XMPP_JID_ERROR_LOCAL },
  { .in = "a\uff20b@c", .error = XMPP_JID_ERROR_LOCAL }, /* full width forms of forbidden characters */
  { .in = "a\uff0fb@c", .error = XMPP_JID_ERROR_LOCAL },
  { .in = "a\uff1ab@c", .error = XMPP_JID_ERROR_LOCAL },
  { .in = "a@b/c\nd", .error = XMPP_JID_ERROR_RESOURCE },
  { .in = "a@b/\x01", .error = XMPP_JID_ERROR_RESOURCE },
  { .in = "a@b/\u202e", .error = XMPP_JID_ERROR_RESOURCE },
  { .in = "a\xff@b", .error = XMPP_JID_ERROR_LOCAL },
  { .in = "a@b\xff", .error = XMPP_JID_ERROR_DOMAIN },
  { .in = "a@b/\xff", .error = XMPP_JID_ERROR_RESOURCE },
  { .in = "a@M\u00dcNCHEN.example/\u00c4",
    .local = "a",
    .domain = "m\u00fcnchen.example",
    .resource = "\u00c4" },
  { .in = "a@[::0:1]", .local = "a", .domain = "[::1]" },
  { .in = "a@127.0.0.1/b", .local = "a", .domain = "127.0.0.1", .resource = "b" },
  { .in = "a@\u2615.example", .error = XMPP_JID_ERROR_DOMAIN },
};

static void
check_row (const Row *row)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XmppJid) jid = xmpp_jid_new (row->in, &error);
  g_autoptr (XmppJid) again = NULL;
  g_autofree char *bare = NULL;
  g_autofree char *full = NULL;

  show (row->in);
  if (row->domain == NULL)
    {
      g_assert_null (jid);
      g_assert_error (error, XMPP_JID_ERROR, (int) row->error);
      return;
    }

  g_assert_no_error (error);
  g_assert_cmpstr (xmpp_jid_get_local (jid), ==, row->local);
  g_assert_cmpstr (xmpp_jid_get_domain (jid), ==, row->domain);
  g_assert_cmpstr (xmpp_jid_get_resource (jid), ==, row->resource);
  g_assert_cmpint (xmpp_jid_is_bare (jid), ==, row->resource == NULL);

  bare = g_strconcat (row->local != NULL ? row->local : "", row->local != NULL ? "@" : "", row->domain, NULL);
  full = g_strconcat (bare, row->resource != NULL ? "/" : "", row->resource, NULL);
  g_assert_cmpstr (xmpp_jid_get_bare_string (jid), ==, bare);
  g_assert_cmpstr (xmpp_jid_get_string (jid), ==, full);

  again = xmpp_jid_new (full, &error);
  g_assert_no_error (error);
  g_assert_true (xmpp_jid_equal (jid, again));
}

/* security.md P9 */
static void
test_parse (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    check_row (&rows[i]);
}

static void
test_lengths (void)
{
  static const struct
  {
    gsize local;
    gsize domain;
    gsize resource;
    const char *letter;
    int error; /* -1: none */
  } table[] = {
    { .local = 1023, .domain = 1, .resource = 1, .letter = "a", .error = -1 },
    { .local = 1024, .domain = 1, .resource = 1, .letter = "a", .error = XMPP_JID_ERROR_TOO_LONG },
    { .local = 1, .domain = 1, .resource = 1023, .letter = "a", .error = -1 },
    { .local = 1, .domain = 1, .resource = 1024, .letter = "a", .error = XMPP_JID_ERROR_TOO_LONG },
    { .local = 511, .domain = 1, .resource = 511, .letter = "\u00e4", .error = -1 },
    { .local = 512, .domain = 1, .resource = 1, .letter = "\u00e4", .error = XMPP_JID_ERROR_TOO_LONG },
    { .local = 1, .domain = 1, .resource = 512, .letter = "\u00e4", .error = XMPP_JID_ERROR_TOO_LONG },
    /* counted when prepared */
    { .local = 1023, .domain = 1, .resource = 1, .letter = "\uff41", .error = -1 },
    { .local = 1024, .domain = 1, .resource = 1, .letter = "\uff41", .error = XMPP_JID_ERROR_TOO_LONG },
    { .local = 1, .domain = 64, .resource = 1, .letter = "a", .error = XMPP_JID_ERROR_DOMAIN },
    { .local = 1, .domain = 5000, .resource = 1, .letter = "a", .error = XMPP_JID_ERROR_TOO_LONG },
    { .local = 4000000, .domain = 1, .resource = 1, .letter = "a", .error = XMPP_JID_ERROR_TOO_LONG },
    { .local = 1, .domain = 1, .resource = 4000000, .letter = "a", .error = XMPP_JID_ERROR_TOO_LONG },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GString) local = g_string_new (NULL);
      g_autoptr (GString) resource = g_string_new (NULL);
      g_autofree char *domain = g_strnfill (table[i].domain, 'd');
      g_autofree char *text = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (XmppJid) jid = NULL;

      for (gsize n = 0; n < table[i].local; n++)
        g_string_append (local, table[i].letter);
      for (gsize n = 0; n < table[i].resource; n++)
        g_string_append (resource, table[i].letter);
      text = g_strdup_printf ("%s@%s/%s", local->str, domain, resource->str);
      jid = xmpp_jid_new (text, &error);

      if (table[i].error < 0)
        g_assert_no_error (error);
      else
        g_assert_error (error, XMPP_JID_ERROR, table[i].error);
      g_assert_cmpint (jid != NULL, ==, table[i].error < 0);
    }
}

/* Only what is in a part's own field gets into that part. */
static void
test_parts (void)
{
  g_autoptr (XmppJid) jid = xmpp_jid_new_from_parts ("Romeo", "Example.NET", "orch/ard@", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (xmpp_jid_get_string (jid), ==, "romeo@example.net/orch/ard@");
  g_assert_null (xmpp_jid_new_from_parts ("a@b", "c", NULL, &error));
  g_assert_error (error, XMPP_JID_ERROR, XMPP_JID_ERROR_LOCAL);
  g_clear_error (&error);
  g_assert_null (xmpp_jid_new_from_parts ("a/b", "c", NULL, &error));
  g_assert_error (error, XMPP_JID_ERROR, XMPP_JID_ERROR_LOCAL);
  g_clear_error (&error);
  g_assert_null (xmpp_jid_new_from_parts ("a", "b@c", NULL, &error));
  g_assert_error (error, XMPP_JID_ERROR, XMPP_JID_ERROR_DOMAIN);
  g_clear_error (&error);
  g_assert_null (xmpp_jid_new_from_parts ("a", "b/c", NULL, &error));
  g_assert_error (error, XMPP_JID_ERROR, XMPP_JID_ERROR_DOMAIN);
}

static void
test_derive (void)
{
  g_autoptr (XmppJid) full = xmpp_jid_new ("a@b/c", NULL);
  g_autoptr (XmppJid) bare = xmpp_jid_to_bare (full);
  g_autoptr (XmppJid) same = xmpp_jid_to_bare (bare);
  g_autoptr (XmppJid) other = xmpp_jid_with_resource (full, "d e", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (xmpp_jid_get_string (bare), ==, "a@b");
  g_assert_null (xmpp_jid_get_resource (bare));
  g_assert_true (same == bare);
  g_assert_cmpstr (xmpp_jid_get_string (other), ==, "a@b/d e");
  g_assert_cmpstr (xmpp_jid_get_bare_string (other), ==, "a@b");
  g_assert_null (xmpp_jid_with_resource (full, "", &error));
  g_assert_error (error, XMPP_JID_ERROR, XMPP_JID_ERROR_EMPTY);
}

static void
test_ascii_domain (void)
{
  g_autoptr (XmppJid) idn = xmpp_jid_new ("a@m\u00fcnchen.example", NULL);
  g_autoptr (XmppJid) ip = xmpp_jid_new ("a@[::1]", NULL);
  g_autofree char *idn_ascii = xmpp_jid_dup_ascii_domain (idn);
  g_autofree char *ip_ascii = xmpp_jid_dup_ascii_domain (ip);

  g_assert_cmpstr (idn_ascii, ==, "xn--mnchen-3ya.example");
  g_assert_cmpstr (ip_ascii, ==, "::1");
}

static void
test_compare (void)
{
  g_autoptr (XmppJid) a = xmpp_jid_new ("a@b/c", NULL);
  g_autoptr (XmppJid) same = xmpp_jid_new ("A@B./c", NULL);
  g_autoptr (XmppJid) resource = xmpp_jid_new ("a@b/C", NULL);
  g_autoptr (XmppJid) bare = xmpp_jid_new ("a@b", NULL);
  g_autoptr (XmppJid) domain = xmpp_jid_new ("b/c", NULL);
  g_autoptr (XmppJid) boxed = g_boxed_copy (XMPP_TYPE_JID, a);

  g_assert_true (boxed == a);
  g_assert_true (xmpp_jid_equal (a, same));
  g_assert_cmpuint (xmpp_jid_hash (a), ==, xmpp_jid_hash (same));
  g_assert_false (xmpp_jid_equal (a, resource));
  g_assert_true (xmpp_jid_bare_equal (a, resource));
  g_assert_true (xmpp_jid_bare_equal (a, bare));
  g_assert_false (xmpp_jid_equal (a, bare));
  g_assert_false (xmpp_jid_bare_equal (a, domain));
  g_assert_true (xmpp_jid_equal (NULL, NULL));
  g_assert_false (xmpp_jid_equal (a, NULL));
  g_assert_false (xmpp_jid_equal (NULL, a));
  g_assert_false (xmpp_jid_bare_equal (NULL, a));
}

/* print(parse(x)) parses to itself, whatever comes: random text out of the pieces that matter. */
static void
test_idempotent (void)
{
  static const char *const pieces[] = {
    "a",
    "Z",
    "0",
    "1.2.3.4",
    "@",
    "/",
    ".",
    "-",
    "xn--",
    "[::1]",
    "[",
    "]",
    " ",
    "\u00e4",
    "\u0308",
    "\u03a3",
    "\u00df",
    "\u0130",
    "\u212b",
    "\u3002",
    "\uff0e",
    "\uff20",
    "\uff41",
    "\u05d0",
    "\u0628",
    "\u0661",
    "\u200d",
    "\u094d",
    "\u4f8b",
    "\u30fb",
    "\u265a",
    "\u3000",
    "\u0345",
    "\u1100",
    "\u00b7",
    "l",
    "\u1e9e",
    "\ufb01",
    "\\20",
    "\xc3",
  };
  guint n_valid = 0;

  for (guint i = 0; i < 200000; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (XmppJid) jid = NULL;

      for (int n = g_test_rand_int_range (1, 8); n > 0; n--)
        g_string_append (text, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
      jid = xmpp_jid_new (text->str, NULL);
      if (jid != NULL)
        {
          g_autoptr (XmppJid) again = xmpp_jid_new (xmpp_jid_get_string (jid), NULL);
          g_autoptr (XmppJid) parts = xmpp_jid_new_from_parts (xmpp_jid_get_local (jid),
                                                               xmpp_jid_get_domain (jid),
                                                               xmpp_jid_get_resource (jid),
                                                               NULL);
          g_autofree char *ascii = xmpp_jid_dup_ascii_domain (jid);

          show (text->str);
          g_assert_nonnull (again);
          g_assert_cmpstr (xmpp_jid_get_string (again), ==, xmpp_jid_get_string (jid));
          g_assert_true (xmpp_jid_equal (jid, parts));
          g_assert_nonnull (ascii);
          n_valid++;
        }
    }
  g_assert_cmpuint (n_valid, >, 1000);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xmpp/jid/parse", test_parse);
  g_test_add_func ("/xmpp/jid/lengths", test_lengths);
  g_test_add_func ("/xmpp/jid/parts", test_parts);
  g_test_add_func ("/xmpp/jid/derive", test_derive);
  g_test_add_func ("/xmpp/jid/ascii-domain", test_ascii_domain);
  g_test_add_func ("/xmpp/jid/compare", test_compare);
  g_test_add_func ("/xmpp/jid/idempotent", test_idempotent);

  return g_test_run ();
}
