/* Domainparts of addresses: IDNA2008 names and IP literals, RFC 7622 section 3.2
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-domain"

#include "config.h"

#include <arpa/inet.h>
#include <string.h>
#include <unicode/uidna.h>

#include "xmpp-domain.h"
#include "xmpp-precis.h"

/* RFC 1035 section 2.3.4, without the bytes for the root. */
#define MAX_LABEL 63
#define MAX_NAME 253

/* A U-label takes at most as many code points as its A-label takes letters, of at most four bytes. */
#define MAX_UNICODE_NAME (MAX_NAME * 4)

#define IDNA_OPTIONS                                                                       \
  (UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_CHECK_CONTEXTO | \
   UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE)

typedef int32_t (*IdnaFunc) (const UIDNA *idna,
                             const char *name,
                             int32_t length,
                             char *dest,
                             int32_t capacity,
                             UIDNAInfo *info,
                             UErrorCode *status);

static char *
convert (const char *text,
         IdnaFunc func)
{
  UErrorCode status = U_ZERO_ERROR;
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  char converted[MAX_UNICODE_NAME + 1];
  int32_t length;
  UIDNA *idna;

  idna = uidna_openUTS46 (IDNA_OPTIONS, &status);
  length = func (idna, text, -1, converted, MAX_UNICODE_NAME, &info, &status);
  uidna_close (idna);

  return U_SUCCESS (status) && info.errors == 0 ? g_strndup (converted, length) : NULL;
}

static gboolean
is_ldh_label (const char *label,
              gsize length)
{
  if (length == 0 || length > MAX_LABEL || label[0] == '-' || label[length - 1] == '-')
    return FALSE;

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (label[i]) && label[i] != '-')
      return FALSE;

  /* "xn--" and what may once be like it go the long way. */
  return length < 4 || label[2] != '-' || label[3] != '-';
}

static gboolean
is_plain_name (const char *text)
{
  gsize length = strlen (text);
  const char *label = text;

  if (length > MAX_NAME)
    return FALSE;

  for (;;)
    {
      gsize label_length = strcspn (label, ".");

      if (!is_ldh_label (label, label_length))
        return FALSE;
      if (label[label_length] == '\0')
        return TRUE;
      label += label_length + 1;
    }
}

/* What the resolver might take for an address: 127.1, 0x7f000001. */
static gboolean
ends_in_number (const char *name)
{
  const char *dot = strrchr (name, '.');
  const char *last = dot != NULL ? dot + 1 : name;

  if (g_ascii_strncasecmp (last, "0x", 2) == 0)
    return last[2 + strspn (last + 2, "0123456789abcdefABCDEF")] == '\0';

  return last[strspn (last, "0123456789")] == '\0';
}

static gboolean
is_ipv4 (const char *text)
{
  struct in_addr address;

  return inet_pton (AF_INET, text, &address) == 1;
}

static char *
prepare_ipv6 (const char *text)
{
  gsize length = strlen (text);
  g_autofree char *inner = NULL;
  struct in6_addr address;
  char shortest[INET6_ADDRSTRLEN];

  if (text[length - 1] != ']')
    return NULL;
  inner = g_strndup (text + 1, length - 2);
  if (inet_pton (AF_INET6, inner, &address) != 1)
    return NULL;
  inet_ntop (AF_INET6, &address, shortest, sizeof shortest);

  return g_strdup_printf ("[%s]", shortest);
}

/* The mappings of RFC 5895 section 2. */
static char *
map_name (const char *text)
{
  g_autofree char *narrow = xmpp_precis_map_width (text);
  GString *mapped = g_string_new_take (xmpp_precis_map_case (narrow));

  g_string_replace (mapped, "\u3002", ".", 0);
  if (mapped->len > 0 && mapped->str[mapped->len - 1] == '.')
    g_string_truncate (mapped, mapped->len - 1);

  return g_string_free_and_steal (mapped);
}

/* UTS 46 maps and allows more than IDNA2008 does (ligatures, emoji): @label became @unicode by it. */
static gboolean
is_idna2008_label (const char *label,
                   const char *unicode)
{
  if (!g_str_has_prefix (label, "xn--") && !g_str_equal (label, unicode))
    return FALSE;

  return xmpp_precis_is_identifier (unicode);
}

static char *
prepare_idn (const char *text)
{
  g_autofree char *mapped = map_name (text);
  g_autofree char *unicode = NULL;
  g_autofree char *ascii = NULL;
  g_auto (GStrv) labels = NULL;
  g_auto (GStrv) unicode_labels = NULL;

  unicode = convert (mapped, uidna_nameToUnicodeUTF8);
  ascii = unicode != NULL ? convert (unicode, uidna_nameToASCII_UTF8) : NULL;
  if (ascii == NULL)
    return NULL;

  labels = g_strsplit (mapped, ".", -1);
  unicode_labels = g_strsplit (unicode, ".", -1);
  if (g_strv_length (labels) != g_strv_length (unicode_labels))
    return NULL;
  for (guint i = 0; labels[i] != NULL; i++)
    if (!is_idna2008_label (labels[i], unicode_labels[i]))
      return NULL;

  return g_steal_pointer (&unicode);
}

char *
xmpp_domain_prepare (const char *text)
{
  g_autofree char *name = NULL;
  g_autofree char *prepared = NULL;
  gsize length;

  g_return_val_if_fail (text != NULL, NULL);

  length = strlen (text);
  if (text[0] == '[')
    return prepare_ipv6 (text);

  name = g_strndup (text, length > 1 && text[length - 1] == '.' ? length - 1 : length);
  if (is_plain_name (name))
    prepared = g_ascii_strdown (name, -1);
  else if (length <= MAX_UNICODE_NAME && g_utf8_validate (text, -1, NULL))
    prepared = prepare_idn (text);
  if (prepared == NULL || (ends_in_number (prepared) && !is_ipv4 (prepared)))
    return NULL;

  return g_steal_pointer (&prepared);
}

char *
xmpp_domain_to_ascii (const char *domain)
{
  g_return_val_if_fail (domain != NULL, NULL);

  if (domain[0] == '[')
    return g_strndup (domain + 1, strlen (domain) - 2);
  if (is_plain_name (domain))
    return g_strdup (domain);

  return convert (domain, uidna_nameToASCII_UTF8);
}
