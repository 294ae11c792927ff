/* PRECIS profiles for names and passwords, RFC 8264 and RFC 8265
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-precis"

#include "config.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

#include "xmpp-precis.h"

#define CANONICAL_COMBINING_CLASS_VIRAMA 9

/* RFC 8264 section 8: what a code point may be used for. */
typedef enum
{
  PRECIS_PVALID,
  PRECIS_FREE_PVAL, /* in free text only */
  PRECIS_CONTEXT,   /* where its rule (RFC 5892 appendix A) is fulfilled */
  PRECIS_DISALLOWED,
} PrecisProperty;

typedef struct
{
  UChar32 first;
  UChar32 last;
  PrecisProperty property;
} PrecisException;

/* RFC 8264 section 9.6, and 9.8 for the join controls. */
static const PrecisException exceptions[] = {
  { 0x00b7, 0x00b7, PRECIS_CONTEXT },    /* middle dot */
  { 0x00df, 0x00df, PRECIS_PVALID },     /* sharp s */
  { 0x0375, 0x0375, PRECIS_CONTEXT },    /* Greek lower numeral sign (keraia) */
  { 0x03c2, 0x03c2, PRECIS_PVALID },     /* final sigma */
  { 0x05f3, 0x05f4, PRECIS_CONTEXT },    /* Hebrew geresh, gershayim */
  { 0x0640, 0x0640, PRECIS_DISALLOWED }, /* Arabic tatweel */
  { 0x0660, 0x0669, PRECIS_CONTEXT },    /* Arabic-Indic digits */
  { 0x06f0, 0x06f9, PRECIS_CONTEXT },    /* extended Arabic-Indic digits */
  { 0x06fd, 0x06fe, PRECIS_PVALID },     /* Sindhi ampersand, postposition men */
  { 0x07fa, 0x07fa, PRECIS_DISALLOWED }, /* N'Ko lajanyalan */
  { 0x0f0b, 0x0f0b, PRECIS_PVALID },     /* Tibetan tsheg */
  { 0x200c, 0x200d, PRECIS_CONTEXT },    /* zero width (non-)joiner */
  { 0x3007, 0x3007, PRECIS_PVALID },     /* ideographic number zero */
  { 0x302e, 0x302f, PRECIS_DISALLOWED }, /* Hangul tone marks */
  { 0x3031, 0x3035, PRECIS_DISALLOWED }, /* vertical kana repeat marks */
  { 0x303b, 0x303b, PRECIS_DISALLOWED }, /* vertical ideographic iteration mark */
  { 0x30fb, 0x30fb, PRECIS_CONTEXT },    /* Katakana middle dot */
};

static gboolean
is_ascii (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if ((guchar) *p >= 0x80)
      return FALSE;

  return TRUE;
}

static char *
compose (const char *text)
{
  g_autofree gunichar2 *source = NULL;
  g_autofree gunichar2 *target = NULL;
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2 *nfc = unorm2_getNFCInstance (&status);
  glong length;
  int32_t needed;

  source = g_utf8_to_utf16 (text, -1, NULL, &length, NULL);
  g_return_val_if_fail (source != NULL, NULL);
  needed = unorm2_normalize (nfc, source, length, NULL, 0, &status);
  target = g_new (gunichar2, needed + 1);
  status = U_ZERO_ERROR; /* it said that there is no room */
  unorm2_normalize (nfc, source, length, target, needed, &status);
  g_assert (U_SUCCESS (status));

  return g_utf16_to_utf8 (target, needed, NULL, NULL, NULL);
}

static gboolean
has_compat (UChar32 c)
{
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2 *nfkc = unorm2_getNFKCInstance (&status);
  UChar source[2];
  UChar target[32];
  int32_t source_length = 0;
  int32_t target_length;

  U16_APPEND_UNSAFE (source, source_length, c);
  target_length = unorm2_normalize (nfkc, source, source_length, target, G_N_ELEMENTS (target), &status);

  return U_FAILURE (status) || target_length != source_length ||
         memcmp (source, target, source_length * sizeof (UChar)) != 0;
}

static PrecisProperty
property_of_category (UChar32 c)
{
  switch (u_charType (c))
    {
    case U_LOWERCASE_LETTER:
    case U_UPPERCASE_LETTER:
    case U_OTHER_LETTER:
    case U_MODIFIER_LETTER:
    case U_DECIMAL_DIGIT_NUMBER:
    case U_NON_SPACING_MARK:
    case U_COMBINING_SPACING_MARK:
      return PRECIS_PVALID;

    case U_TITLECASE_LETTER:
    case U_LETTER_NUMBER:
    case U_OTHER_NUMBER:
    case U_ENCLOSING_MARK:
    case U_SPACE_SEPARATOR:
    case U_MATH_SYMBOL:
    case U_CURRENCY_SYMBOL:
    case U_MODIFIER_SYMBOL:
    case U_OTHER_SYMBOL:
    case U_CONNECTOR_PUNCTUATION:
    case U_DASH_PUNCTUATION:
    case U_START_PUNCTUATION:
    case U_END_PUNCTUATION:
    case U_INITIAL_PUNCTUATION:
    case U_FINAL_PUNCTUATION:
    case U_OTHER_PUNCTUATION:
      return PRECIS_FREE_PVAL;

    default: /* controls, what is unassigned or private */
      return PRECIS_DISALLOWED;
    }
}

static PrecisProperty
get_property (UChar32 c)
{
  int hangul;

  if (c >= 0x21 && c <= 0x7e)
    return PRECIS_PVALID;

  for (gsize i = 0; i < G_N_ELEMENTS (exceptions); i++)
    if (c >= exceptions[i].first && c <= exceptions[i].last)
      return exceptions[i].property;

  hangul = u_getIntPropertyValue (c, UCHAR_HANGUL_SYLLABLE_TYPE);
  if (hangul == U_HST_LEADING_JAMO || hangul == U_HST_VOWEL_JAMO || hangul == U_HST_TRAILING_JAMO ||
      u_hasBinaryProperty (c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
    return PRECIS_DISALLOWED;

  return has_compat (c) ? PRECIS_FREE_PVAL : property_of_category (c);
}

static gboolean
is_script (UChar32 c,
           UScriptCode script)
{
  UErrorCode status = U_ZERO_ERROR;

  return uscript_getScript (c, &status) == script && U_SUCCESS (status);
}

static int
joining_type (UChar32 c)
{
  return u_getIntPropertyValue (c, UCHAR_JOINING_TYPE);
}

static gboolean
joins (UChar32 c,
       int type)
{
  return joining_type (c) == type || joining_type (c) == U_JT_DUAL_JOINING;
}

/* RFC 5892 appendix A.1: between letters that would join, or after a virama. */
static gboolean
may_stand_non_joiner (const gunichar *text,
                      glong length,
                      glong at)
{
  glong before = at - 1;
  glong after = at + 1;

  if (at > 0 && u_getCombiningClass (text[at - 1]) == CANONICAL_COMBINING_CLASS_VIRAMA)
    return TRUE;

  while (before >= 0 && joining_type (text[before]) == U_JT_TRANSPARENT)
    before--;
  while (after < length && joining_type (text[after]) == U_JT_TRANSPARENT)
    after++;

  return before >= 0 && after < length &&
         joins (text[before], U_JT_LEFT_JOINING) && joins (text[after], U_JT_RIGHT_JOINING);
}

static gboolean
has_japanese (const gunichar *text,
              glong length)
{
  for (glong i = 0; i < length; i++)
    if (is_script (text[i], USCRIPT_HIRAGANA) || is_script (text[i], USCRIPT_HAN) ||
        (text[i] != 0x30fb && is_script (text[i], USCRIPT_KATAKANA)))
      return TRUE;

  return FALSE;
}

static gboolean
has_in_range (const gunichar *text,
              glong length,
              gunichar first,
              gunichar last)
{
  for (glong i = 0; i < length; i++)
    if (text[i] >= first && text[i] <= last)
      return TRUE;

  return FALSE;
}

/* RFC 5892 appendix A. */
static gboolean
fulfils_context_rule (const gunichar *text,
                      glong length,
                      glong at)
{
  gunichar before = at > 0 ? text[at - 1] : 0;
  gunichar after = at + 1 < length ? text[at + 1] : 0;

  switch (text[at])
    {
    case 0x200c:
      return may_stand_non_joiner (text, length, at);
    case 0x200d:
      return at > 0 && u_getCombiningClass (before) == CANONICAL_COMBINING_CLASS_VIRAMA;
    case 0x00b7:
      return before == 'l' && after == 'l';
    case 0x0375:
      return after != 0 && is_script (after, USCRIPT_GREEK);
    case 0x05f3:
    case 0x05f4:
      return before != 0 && is_script (before, USCRIPT_HEBREW);
    case 0x30fb:
      return has_japanese (text, length);
    default:
      return text[at] <= 0x0669 ? !has_in_range (text, length, 0x06f0, 0x06f9)
                                : !has_in_range (text, length, 0x0660, 0x0669);
    }
}

/* @class: PRECIS_PVALID for the IdentifierClass, PRECIS_FREE_PVAL for the FreeformClass. */
static gboolean
is_in_class (const char *text,
             PrecisProperty class)
{
  g_autofree gunichar *chars = NULL;
  glong length;

  chars = g_utf8_to_ucs4 (text, -1, NULL, &length, NULL);
  if (chars == NULL || length == 0)
    return FALSE;

  for (glong i = 0; i < length; i++)
    {
      PrecisProperty property = get_property (chars[i]);

      if (property == PRECIS_CONTEXT ? !fulfils_context_rule (chars, length, i) : property > class)
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_right_to_left (UCharDirection direction)
{
  return direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC;
}

/* What RFC 5893 section 2 allows inside a string of the given direction (its conditions 2 and 5). */
static gboolean
may_stand_in_direction (UCharDirection direction,
                        gboolean rtl)
{
  switch ((int) direction)
    {
    case U_EUROPEAN_NUMBER:
    case U_EUROPEAN_NUMBER_SEPARATOR:
    case U_COMMON_NUMBER_SEPARATOR:
    case U_EUROPEAN_NUMBER_TERMINATOR:
    case U_OTHER_NEUTRAL:
    case U_BOUNDARY_NEUTRAL:
    case U_DIR_NON_SPACING_MARK:
      return TRUE;
    case U_LEFT_TO_RIGHT:
      return !rtl;
    case U_RIGHT_TO_LEFT:
    case U_RIGHT_TO_LEFT_ARABIC:
    case U_ARABIC_NUMBER:
      return rtl;
    default:
      return FALSE;
    }
}

/* The Bidi Rule, RFC 5893 section 2; it concerns only strings with right-to-left characters. */
static gboolean
fulfils_bidi_rule (const char *text)
{
  UCharDirection first = u_charDirection (g_utf8_get_char (text));
  UCharDirection last = U_DIR_NON_SPACING_MARK;
  gboolean rtl = is_right_to_left (first);
  gboolean allowed = rtl || first == U_LEFT_TO_RIGHT;
  gboolean has_rtl = FALSE;
  gboolean has_european = FALSE;
  gboolean has_arabic = FALSE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      UCharDirection direction = u_charDirection (g_utf8_get_char (p));

      has_rtl |= is_right_to_left (direction) || direction == U_ARABIC_NUMBER;
      has_european |= direction == U_EUROPEAN_NUMBER;
      has_arabic |= direction == U_ARABIC_NUMBER;
      allowed &= may_stand_in_direction (direction, rtl);
      if (direction != U_DIR_NON_SPACING_MARK)
        last = direction;
    }

  if (!has_rtl)
    return TRUE;
  if (rtl)
    return allowed && !(has_european && has_arabic) &&
           (is_right_to_left (last) || last == U_EUROPEAN_NUMBER || last == U_ARABIC_NUMBER);

  return allowed && (last == U_LEFT_TO_RIGHT || last == U_EUROPEAN_NUMBER);
}

char *
xmpp_precis_map_width (const char *text)
{
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2 *nfkc = unorm2_getNFKCInstance (&status);
  GString *mapped = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      int type = u_getIntPropertyValue (c, UCHAR_DECOMPOSITION_TYPE);
      UChar narrow[4];
      int32_t length = 0;
      UChar32 to;

      if (type == U_DT_WIDE || type == U_DT_NARROW)
        length = unorm2_getRawDecomposition (nfkc, c, narrow, G_N_ELEMENTS (narrow), &status);
      if (length > 0 && U_SUCCESS (status))
        {
          U16_GET (narrow, 0, 0, length, to);
          g_string_append_unichar (mapped, to);
        }
      else
        {
          g_string_append_unichar (mapped, c);
        }
    }

  return g_string_free_and_steal (mapped);
}

char *
xmpp_precis_map_case (const char *text)
{
  g_autofree gunichar2 *source = NULL;
  g_autofree gunichar2 *target = NULL;
  g_autofree char *lower = NULL;
  UErrorCode status = U_ZERO_ERROR;
  glong length;
  int32_t needed;

  source = g_utf8_to_utf16 (text, -1, NULL, &length, NULL);
  g_return_val_if_fail (source != NULL, NULL);
  needed = u_strToLower (NULL, 0, source, length, "", &status);
  target = g_new (gunichar2, needed + 1);
  status = U_ZERO_ERROR;
  u_strToLower (target, needed, source, length, "", &status);

  g_assert (U_SUCCESS (status));
  lower = g_utf16_to_utf8 (target, needed, NULL, NULL, NULL);

  return compose (lower);
}

gboolean
xmpp_precis_is_identifier (const char *text)
{
  return is_in_class (text, PRECIS_PVALID);
}

char *
xmpp_precis_username (const char *text)
{
  g_autofree char *narrow = NULL;
  g_autofree char *prepared = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (is_ascii (text))
    return xmpp_precis_is_identifier (text) ? g_ascii_strdown (text, -1) : NULL;
  if (!g_utf8_validate (text, -1, NULL))
    return NULL;

  /* The order is that of RFC 8265 sections 3.3.2 and 3.3.3. The class is checked again at the end: what is
   * allowed must still be so when the result is prepared once more. */
  narrow = xmpp_precis_map_width (text);
  if (!xmpp_precis_is_identifier (narrow))
    return NULL;
  prepared = xmpp_precis_map_case (narrow);
  if (!fulfils_bidi_rule (prepared) || !xmpp_precis_is_identifier (prepared))
    return NULL;

  return g_steal_pointer (&prepared);
}

char *
xmpp_precis_opaque_string (const char *text)
{
  g_autoptr (GString) spaced = NULL;
  g_autofree char *composed = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (!g_utf8_validate (text, -1, NULL) || !is_in_class (text, PRECIS_FREE_PVAL))
    return NULL;
  if (is_ascii (text))
    return g_strdup (text);

  spaced = g_string_new (NULL);
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (spaced, u_charType (c) == U_SPACE_SEPARATOR ? ' ' : c);
    }
  composed = compose (spaced->str);
  if (!is_in_class (composed, PRECIS_FREE_PVAL))
    return NULL;

  return g_steal_pointer (&composed);
}
