/* Finding the links in a message
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-text-spans"

#include "config.h"

#include <string.h>

#include <unicode/uidna.h>
#include <unicode/uscript.h>

#include "linnet-text-spans.h"

/* Bounds for texts made to be expensive: a link of more bytes, or a further link, stays plain text. */
#define MAX_LINK_BYTES 2048
#define MAX_LINKS 100
#define MAX_HOST_BYTES 253

typedef enum
{
  REST_WEB,  /* authority and path, as in http://host/path */
  REST_MAIL, /* something@something */
  REST_GEO,  /* latitude,longitude */
  REST_XMPP, /* an address and an optional query */
} LinkRest;

typedef struct
{
  const char *prefix;
  LinkRest rest;
} LinkScheme;

/* Nothing else is ever opened: not files, not scripts, not aesgcm: (whose fragment is a key). */
static const LinkScheme schemes[] = {
  { "https://", REST_WEB },
  { "http://", REST_WEB },
  { "mailto:", REST_MAIL },
  { "geo:", REST_GEO },
  { "xmpp:", REST_XMPP },
};

/* Domains that people write without a scheme and without a path. */
static const char plain_domains[] = " com edu gov net org ";

/* Domains that make "name.domain/path" a link; without such a list "Node.js/React" would be one. */
static const char path_domains[] =
    " com edu gov int mil net org academy agency app art bank berlin biz blog cafe camp cat center "
    " chat church city cloud club codes coffee community company cool coop design dev digital "
    " directory dog earth education email energy engineering events example expert family farm film "
    " foundation fun fyi games garden global gmbh green group guide help host house info ink "
    " international jobs kim land law life link live local lol love ltd market media miami moe money "
    " museum name network news ngo ninja one online ooo page paris party photo photos pink pizza place "
    " press pro pub radio red report rocks run school science sexy shop show site social software "
    " solutions space studio style support systems team tech technology tel today tools top town "
    " travel university uno vegas video vote watch wedding weebly wien wiki win wine work works world "
    " wtf xyz yoga zone ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj "
    " bm bn bo br bs bt bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk "
    " dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt "
    " gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw "
    " ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw "
    " mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re "
    " ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj "
    " tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw ";

static gboolean
ends_token (gunichar c)
{
  /* Texts without spaces have these around a link. */
  if ((c >= 0x3000 && c <= 0x303F) || (c >= 0xFF01 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20) ||
      (c >= 0xFF3B && c <= 0xFF40) || (c >= 0xFF5B && c <= 0xFF65))
    return TRUE;

  /* Invisible direction controls could make a link read as another one. */
  return g_unichar_isspace (c) || g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT ||
         c == '<' || c == '>' || c == '"' || c == 0xFFFD;
}

static gboolean
is_opening (gunichar c)
{
  return c < 0x80 ? strchr ("([{'*_~`|", (int) c) != NULL
                  : g_unichar_type (c) == G_UNICODE_OPEN_PUNCTUATION ||
                        g_unichar_type (c) == G_UNICODE_INITIAL_PUNCTUATION;
}

static gboolean
is_trailing (gunichar c)
{
  if (c < 0x80)
    return strchr (".,;:!?'", (int) c) != NULL;

  switch (g_unichar_type (c))
    {
    case G_UNICODE_CLOSE_PUNCTUATION:
    case G_UNICODE_FINAL_PUNCTUATION:
    case G_UNICODE_INITIAL_PUNCTUATION:
    case G_UNICODE_OTHER_PUNCTUATION:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
in_list (const char *list,
         const char *word,
         gsize length)
{
  char needle[32];

  if (length == 0 || length > sizeof needle - 3)
    return FALSE;

  needle[0] = ' ';
  for (gsize i = 0; i < length; i++)
    needle[i + 1] = g_ascii_tolower (word[i]);
  needle[length + 1] = ' ';
  needle[length + 2] = '\0';

  return strstr (list, needle) != NULL;
}

/* Where a link that begins at @start and may reach to @end really ends: punctuation behind it and brackets
 * that were opened before it are the sentence's. */
static const char *
trim_end (const char *start,
          const char *end,
          gunichar opener)
{
  static const char open[] = "([{", close[] = ")]}";
  int depth[3] = { 0 };

  for (const char *p = start; p < end; p++)
    for (guint i = 0; i < 3; i++)
      depth[i] += (*p == open[i]) - (*p == close[i]);

  while (end > start)
    {
      const char *last = g_utf8_prev_char (end);
      gunichar c = g_utf8_get_char (last);
      const char *bracket = c < 0x80 ? strchr (close, (int) c) : NULL;

      if (bracket != NULL && depth[bracket - close] < 0)
        depth[bracket - close]++;
      else if (!is_trailing (c) && !(c == opener && bracket == NULL && strchr ("*_~`|", (int) c) != NULL))
        break;

      end = last;
    }

  return end;
}

/* The end of the host that begins at @p, or NULL when it is none. User names before the host are refused with
 * it: they are only used to show a name that is not the host's. */
static const char *
scan_host (const char *p,
           const char *end)
{
  const char *start = p;
  gboolean label = FALSE;

  if (p < end && *p == '[')
    {
      const char *close = memchr (p, ']', end - p);
      g_autofree char *address = close != NULL ? g_strndup (p + 1, close - p - 1) : NULL;

      return address != NULL && strchr (address, '%') == NULL && g_hostname_is_ip_address (address)
                 ? close + 1
                 : NULL;
    }

  for (; p < end; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isalnum (c) || g_unichar_ismark (c))
        label = TRUE;
      else if (c == '.' && label)
        label = FALSE;
      else if (c != '-' && c != '_')
        break;
    }

  return p > start && (label || p[-1] == '.') && p - start <= MAX_HOST_BYTES ? p : NULL;
}

static const char *
scan_port (const char *p,
           const char *end)
{
  if (p == NULL || p == end || *p != ':')
    return p;

  do
    p++;
  while (p < end && g_ascii_isdigit (*p));

  return p[-1] != ':' ? p : NULL;
}

static gboolean
check_rest (LinkRest rest,
            const char *start,
            const char *end)
{
  const char *p;

  switch (rest)
    {
    case REST_WEB:
      p = scan_port (scan_host (start, end), end);
      return p != NULL && (p == end || strchr ("/?#", *p) != NULL);

    case REST_MAIL:
      p = memchr (start, '@', end - start);
      return p != NULL && p > start && p + 1 < end;

    case REST_GEO:
      p = memchr (start, ',', end - start);
      return p != NULL && (g_ascii_isdigit (*start) || *start == '-') && p + 1 < end;

    case REST_XMPP:
      return start < end && *start != '/' && *start != '?';

    default:
      return FALSE;
    }
}

/* Percent-encodes what may not stand in a URI as it is. */
static void
append_encoded (GString *uri,
                const char *start,
                const char *end)
{
  for (const char *p = start; p < end; p++)
    if (*p > 0x20 && *p < 0x7F && strchr ("\"<>\\^`{|}", *p) == NULL)
      g_string_append_c (uri, *p);
    else
      g_string_append_printf (uri, "%%%02X", (guchar) *p);
}

/* UTS 46 as browsers do it; FALSE when the name cannot be one. */
static gboolean
append_host (GString *uri,
             const char *start,
             const char *end)
{
  UErrorCode status = U_ZERO_ERROR;
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  UIDNA *idna;
  char ascii[MAX_HOST_BYTES + 3];
  int length;

  if (g_str_is_ascii (start) || *start == '[')
    {
      g_string_append_len (uri, start, end - start);
      return TRUE;
    }

  idna = uidna_openUTS46 (UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII, &status);
  if (U_FAILURE (status))
    return FALSE;

  length = uidna_nameToASCII_UTF8 (idna, start, end - start, ascii, sizeof ascii, &info, &status);
  uidna_close (idna);

  if (U_FAILURE (status) || info.errors != 0 || length <= 0 || length > MAX_HOST_BYTES)
    return FALSE;

  g_string_append_len (uri, ascii, length);

  return TRUE;
}

/* @text: from the scheme to the end of the link. NULL when it cannot be opened. */
static char *
dup_uri (const char *prefix,
         LinkRest rest,
         const char *start,
         const char *end)
{
  g_autoptr (GString) uri = g_string_new (prefix);

  if (rest == REST_WEB)
    {
      const char *host_end = scan_host (start, end);
      g_autofree char *host = g_strndup (start, host_end - start);

      if (!append_host (uri, host, host + strlen (host)))
        return NULL;
      start = host_end;
    }

  append_encoded (uri, start, end);

  return g_string_free_and_steal (g_steal_pointer (&uri));
}

static const LinkScheme *
match_scheme (const char *p,
              const char *end)
{
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      gsize length = strlen (schemes[i].prefix);

      if ((gsize) (end - p) > length && g_ascii_strncasecmp (p, schemes[i].prefix, length) == 0)
        return &schemes[i];
    }

  return NULL;
}

/* The first place in the token where a scheme that may be opened stands on its own. A token of any other
 * scheme is no link, whatever is inside it. */
static const LinkScheme *
find_scheme (const char *token,
             const char *end,
             const char **start)
{
  gboolean boundary = TRUE;

  for (const char *p = token; p < end; p++)
    {
      const LinkScheme *scheme = boundary ? match_scheme (p, end) : NULL;

      if (scheme != NULL)
        {
          *start = p;
          return scheme;
        }

      if (*p == ':' && end - p > 2 && p[1] == '/' && p[2] == '/')
        return NULL;

      boundary = !g_ascii_isalnum (*p) && strchr ("+-._/@%=&?#", *p) == NULL;
    }

  return NULL;
}

/* "example.org/pruning", "www.example.org", "example.org" */
static gboolean
is_bare_link (const char *start,
              const char *end)
{
  const char *host_end = scan_host (start, end);
  const char *after = scan_port (host_end, end);
  const char *dot;

  if (after == NULL || (after < end && strchr ("/?#", *after) == NULL))
    return FALSE;

  dot = g_strrstr_len (start, host_end - start, ".");
  if (dot == NULL || dot == start || dot + 1 == host_end)
    return FALSE;

  for (const char *p = start; p < host_end; p++)
    if ((guchar) *p >= 0x80)
      return FALSE;

  if (g_ascii_strncasecmp (start, "www.", 4) == 0 && dot - start > 4)
    return TRUE;

  return in_list (after < end && *after == '/' ? path_domains : plain_domains, dot + 1, host_end - dot - 1);
}

static void
find_in_token (GArray *links,
               const char *text,
               const char *token,
               const char *end)
{
  LinnetTextLink link = { 0 };
  const LinkScheme *scheme;
  const char *start = token;
  gunichar opener = 0;

  while (start < end && is_opening (g_utf8_get_char (start)))
    {
      opener = g_utf8_get_char (start);
      start = g_utf8_next_char (start);
    }

  scheme = find_scheme (start, end, &start);
  end = trim_end (start, end, opener);

  if (end - start > MAX_LINK_BYTES)
    return;

  if (scheme != NULL)
    {
      const char *rest = start + strlen (scheme->prefix);

      if (rest < end && check_rest (scheme->rest, rest, end))
        link.uri = dup_uri (scheme->prefix, scheme->rest, rest, end);
    }
  else if (is_bare_link (start, end))
    {
      link.uri = dup_uri ("https://", REST_WEB, start, end);
    }

  if (link.uri == NULL)
    return;

  link.start = start - text;
  link.end = end - text;
  g_array_append_val (links, link);
}

static void
clear_link (gpointer data)
{
  g_clear_pointer (&((LinnetTextLink *) data)->uri, g_free);
}

/**
 * linnet_text_spans_find_links:
 * @text: valid UTF-8 from anybody
 *
 * Finds what a person may want to open: http, https, mailto, geo and xmpp addresses, and web addresses
 * without a scheme. Takes time proportional to the length of @text whatever stands in it.
 *
 * Returns: (transfer full) (element-type LinnetTextLink): the links in the order of the text
 */
GArray *
linnet_text_spans_find_links (const char *text)
{
  GArray *links = g_array_new (FALSE, FALSE, sizeof (LinnetTextLink));
  const char *p = text;

  g_return_val_if_fail (text != NULL, links);

  g_array_set_clear_func (links, clear_link);

  while (*p != '\0' && links->len < MAX_LINKS)
    {
      const char *token = p;
      gboolean candidate = FALSE;

      /* Every link has one of these two. */
      for (; *p != '\0' && !ends_token (g_utf8_get_char (p)); p = g_utf8_next_char (p))
        candidate = candidate || *p == ':' || *p == '.';

      if (candidate)
        find_in_token (links, text, token, p);

      /* What follows an invisible character is the rest of something, not the beginning of a link. */
      if (p > token && g_unichar_type (g_utf8_get_char (p)) == G_UNICODE_FORMAT)
        while (*p != '\0' && !g_unichar_isspace (g_utf8_get_char (p)))
          p = g_utf8_next_char (p);

      if (*p != '\0')
        p = g_utf8_next_char (p);
    }

  return links;
}

/**
 * linnet_text_spans_is_safe_uri:
 * @uri: what is about to be opened
 *
 * Returns: whether its scheme is one of those that may be opened
 */
gboolean
linnet_text_spans_is_safe_uri (const char *uri)
{
  return uri != NULL && match_scheme (uri, uri + strlen (uri)) != NULL;
}

/* Whether all letters of @host, its last label included, come from one script: then no letter can pose as
 * another. */
static gboolean
is_single_script (const char *host)
{
  UScriptCode script = USCRIPT_COMMON;

  for (const char *p = host; *p != '\0'; p = g_utf8_next_char (p))
    {
      UErrorCode status = U_ZERO_ERROR;
      UScriptCode code = uscript_getScript ((UChar32) g_utf8_get_char (p), &status);

      if (U_FAILURE (status))
        return FALSE;
      if (code == USCRIPT_COMMON || code == USCRIPT_INHERITED)
        continue;
      if (script != USCRIPT_COMMON && script != code)
        return FALSE;
      script = code;
    }

  return TRUE;
}

/**
 * linnet_text_spans_dup_tooltip:
 * @uri: the URI of a link
 *
 * Returns: (transfer full): @uri for reading before it is opened. The host is shown in its own letters when
 * they are all of one script, else as punycode, so that "раypal" with a Cyrillic "а" does not look like
 * another name.
 */
char *
linnet_text_spans_dup_tooltip (const char *uri)
{
  UErrorCode status = U_ZERO_ERROR;
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  UIDNA *idna;
  char host[MAX_HOST_BYTES * 4 + 1];
  const char *start, *end;
  int length;

  g_return_val_if_fail (uri != NULL, NULL);

  start = strstr (uri, "://");
  if (start == NULL || strstr (uri, "xn--") == NULL)
    return g_strdup (uri);

  start += 3;
  end = scan_host (start, uri + strlen (uri));
  if (end == NULL)
    return g_strdup (uri);

  idna = uidna_openUTS46 (UIDNA_NONTRANSITIONAL_TO_UNICODE, &status);
  if (U_FAILURE (status))
    return g_strdup (uri);

  length = uidna_nameToUnicodeUTF8 (idna, start, end - start, host, sizeof host - 1, &info, &status);
  uidna_close (idna);

  if (U_FAILURE (status) || info.errors != 0 || length <= 0)
    return g_strdup (uri);

  host[length] = '\0';
  if (!is_single_script (host))
    return g_strdup (uri);

  return g_strdup_printf ("%.*s%s%s", (int) (start - uri), uri, host, end);
}
