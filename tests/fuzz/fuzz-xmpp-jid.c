/* Fuzz target: preparing an address twice changes nothing, and equal addresses are the same
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "xmpp-jid.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_part (const char *part)
{
  g_assert (part == NULL || (*part != '\0' && strlen (part) <= 1023 && g_utf8_validate (part, -1, NULL)));
}

static void
check (XmppJid *jid)
{
  g_autoptr (XmppJid) again = xmpp_jid_new (xmpp_jid_get_string (jid), NULL);
  g_autoptr (XmppJid) bare = xmpp_jid_new (xmpp_jid_get_bare_string (jid), NULL);
  g_autoptr (XmppJid) to_bare = xmpp_jid_to_bare (jid);
  g_autoptr (XmppJid) domain = NULL;
  g_autofree char *ascii = xmpp_jid_dup_ascii_domain (jid);
  g_autoptr (XmppJid) parts = xmpp_jid_new_from_parts (xmpp_jid_get_local (jid),
                                                       xmpp_jid_get_domain (jid),
                                                       xmpp_jid_get_resource (jid),
                                                       NULL);

  check_part (xmpp_jid_get_local (jid));
  check_part (xmpp_jid_get_domain (jid));
  check_part (xmpp_jid_get_resource (jid));
  g_assert (xmpp_jid_get_local (jid) == NULL || strpbrk (xmpp_jid_get_local (jid), "\"&'/:<>@ ") == NULL);
  g_assert (strpbrk (xmpp_jid_get_domain (jid), "/@ ") == NULL);

  g_assert (xmpp_jid_equal (jid, again));
  g_assert (xmpp_jid_equal (again, jid));
  g_assert (xmpp_jid_equal (jid, parts));
  g_assert (xmpp_jid_hash (jid) == xmpp_jid_hash (again));
  g_assert (xmpp_jid_equal (bare, to_bare));
  g_assert (xmpp_jid_bare_equal (bare, jid));

  /* What DNS and TLS see leads back to the same domain. */
  g_assert (ascii != NULL && g_str_is_ascii (ascii));
  if (xmpp_jid_get_domain (jid)[0] != '[')
    {
      domain = xmpp_jid_new_from_parts (NULL, ascii, NULL, NULL);
      g_assert_cmpstr (xmpp_jid_get_domain (domain), ==, xmpp_jid_get_domain (jid));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autofree char *first = g_strndup ((const char *) data, size);
  gsize length = strlen (first);
  g_autofree char *second = NULL;
  g_autoptr (XmppJid) a = xmpp_jid_new (first, NULL);
  g_autoptr (XmppJid) b = NULL;

  if (length < size)
    {
      second = g_strndup ((const char *) data + length + 1, size - length - 1);
      b = xmpp_jid_new (second, NULL);
    }
  if (a != NULL)
    check (a);
  if (b != NULL)
    check (b);
  if (a != NULL && b != NULL)
    {
      gboolean same = strcmp (xmpp_jid_get_string (a), xmpp_jid_get_string (b)) == 0;
      gboolean same_bare = strcmp (xmpp_jid_get_bare_string (a), xmpp_jid_get_bare_string (b)) == 0;

      g_assert (xmpp_jid_equal (a, b) == same && xmpp_jid_equal (b, a) == same);
      g_assert (xmpp_jid_bare_equal (a, b) == same_bare);
    }

  return 0;
}
