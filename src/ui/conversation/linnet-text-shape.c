/* What a text looks like before it is laid out
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-text-shape"

#include "config.h"

#include <string.h>

#include <unicode/uchar.h>

#include "linnet-text-shape.h"

#define ZERO_WIDTH_JOINER 0x200D
#define TEXT_STYLE 0xFE0E
#define EMOJI_STYLE 0xFE0F
#define KEYCAP 0x20E3

/* What a wide bubble holds; only used to guess how many lines a text will take. */
#define LINE_COLUMNS 60
/* No writing system stacks more on one letter; more is there to spill over other people's messages. */
#define MAX_MARKS 4
/* Pango's time grows with the square of what stands without a space: beyond this it costs more columns, and
 * is laid out in pieces. */
#define LONG_RUN 64
#define LONG_RUN_COLUMNS 3
#define PIECE 32
/* The longest real sequence, a family of four, has 7 parts; flags of regions have 6 tags. */
#define MAX_SEQUENCE 12

static gunichar
take (const char **p)
{
  gunichar c = g_utf8_get_char (*p);

  if (**p != '\0')
    *p = g_utf8_next_char (*p);

  return c;
}

static gboolean
take_if (const char **p,
         gunichar c)
{
  if (g_utf8_get_char (*p) != c)
    return FALSE;

  *p = g_utf8_next_char (*p);

  return TRUE;
}

static gboolean
is_regional_indicator (gunichar c)
{
  return c >= 0x1F1E6 && c <= 0x1F1FF;
}

static gboolean
is_modifier (gunichar c)
{
  return c >= 0x1F3FB && c <= 0x1F3FF;
}

/* One element of UTS #51's emoji_zwj_sequence; @emoji: whether it is drawn as a picture by itself. */
static gboolean
take_emoji_element (const char **p,
                    gboolean *emoji)
{
  gunichar c = take (p);

  if (!u_hasBinaryProperty ((UChar32) c, UCHAR_EMOJI) || c < 0xA9)
    return FALSE;

  *emoji = u_hasBinaryProperty ((UChar32) c, UCHAR_EMOJI_PRESENTATION);

  if (g_utf8_get_char (*p) == TEXT_STYLE)
    return FALSE;
  if (take_if (p, EMOJI_STYLE))
    *emoji = TRUE;
  if (is_modifier (g_utf8_get_char (*p)))
    {
      take (p);
      *emoji = TRUE;
    }

  /* Flags of regions: a black flag and letters of the tag block. */
  for (guint i = 0; i < MAX_SEQUENCE && g_utf8_get_char (*p) >= 0xE0020 && g_utf8_get_char (*p) <= 0xE007F;
       i++)
    take (p);

  return TRUE;
}

static gboolean
take_emoji (const char **p)
{
  gunichar c = g_utf8_get_char (*p);
  gboolean emoji = FALSE;

  if (is_regional_indicator (c))
    {
      take (p);
      return is_regional_indicator (take (p));
    }

  if (g_unichar_isdigit (c) || c == '#' || c == '*')
    {
      take (p);
      return take_if (p, EMOJI_STYLE) && take_if (p, KEYCAP);
    }

  for (guint i = 0; i < MAX_SEQUENCE; i++)
    {
      if (!take_emoji_element (p, &emoji))
        return FALSE;
      if (!take_if (p, ZERO_WIDTH_JOINER))
        return emoji;
      emoji = TRUE;
    }

  return FALSE;
}

/**
 * linnet_text_shape_count_emoji:
 * @text: valid UTF-8
 * @max: how many to look for at most
 *
 * Counts emoji as people see them: a family, a flag or a hand with a skin tone is one.
 *
 * Returns: the number of emoji when @text has from one to @max and nothing but white space between them, else
 * 0
 */
guint
linnet_text_shape_count_emoji (const char *text,
                               guint max)
{
  guint n = 0;

  g_return_val_if_fail (text != NULL, 0);

  for (const char *p = text; *p != '\0';)
    {
      if (g_unichar_isspace (g_utf8_get_char (p)))
        {
          p = g_utf8_next_char (p);
          continue;
        }

      if (n == max || !take_emoji (&p))
        return 0;
      n++;
    }

  return n;
}

/* Whether a text may be cut before @p without taking a cluster apart. */
static gboolean
may_cut (const char *text,
         const char *p)
{
  gunichar c = g_utf8_get_char (p);

  return p > text && !g_unichar_ismark (c) && c != ZERO_WIDTH_JOINER && !is_modifier (c) &&
         !is_regional_indicator (c) && g_utf8_get_char (g_utf8_prev_char (p)) != ZERO_WIDTH_JOINER;
}

/* Back to white space if there is some near, else to the beginning of a cluster. A space before the ellipsis
 * tells that the last word is whole. */
static void
cut_nicely (GString *excerpt)
{
  const char *end = excerpt->str + excerpt->len;
  const char *p = end;

  for (guint i = 0; i < LINE_COLUMNS && p > excerpt->str; i++)
    {
      p = g_utf8_prev_char (p);
      if (g_unichar_isspace (g_utf8_get_char (p)))
        {
          g_string_truncate (excerpt, p - excerpt->str + 1);
          return;
        }
    }

  for (guint i = 0; i < MAX_SEQUENCE + MAX_MARKS && end > excerpt->str; i++)
    {
      end = g_utf8_prev_char (end);
      if (may_cut (excerpt->str, end))
        break;
    }

  g_string_truncate (excerpt, end - excerpt->str);
}

static guint
columns (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;

  return g_unichar_iswide (c) ? 2 : 1;
}

/* Whether @p goes on with what a joiner has begun. */
static gboolean
is_joined (const char *text,
           const char *p)
{
  gunichar before = p > text ? g_utf8_get_char (g_utf8_prev_char (p)) : 0;

  return before == ZERO_WIDTH_JOINER || g_unichar_ismark (g_utf8_get_char (p)) ||
         is_modifier (g_utf8_get_char (p));
}

/**
 * linnet_text_shape_dup_excerpt:
 * @text: valid UTF-8 from anybody
 * @max_lines: how many lines there may be in a bubble of usual width
 * @max_bytes: how long the result may be
 * @cut: (out): whether there is more
 *
 * The beginning of @text that is cheap and safe to lay out: control characters go, and heaps of combining
 * marks are cut down. Reads no more of @text than it returns.
 *
 * Returns: (transfer full): the text to show
 */
char *
linnet_text_shape_dup_excerpt (const char *text,
                               guint max_lines,
                               gsize max_bytes,
                               gboolean *cut)
{
  g_autoptr (GString) excerpt = g_string_new (NULL);
  guint lines = 1, column = 0, marks = 0, run = 0, joiners = 0;
  const char *p;

  g_return_val_if_fail (text != NULL && cut != NULL, NULL);

  for (p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      /* Whoever hides what is to be read among millions of invisible characters is not read. */
      if ((gsize) (p - text) > max_bytes * 8)
        break;

      if (c != '\n' && c != '\t' && g_unichar_iscntrl (c))
        continue;

      marks = g_unichar_ismark (c) ? marks + 1 : 0;
      if (c == ZERO_WIDTH_JOINER)
        joiners++;
      else if (!is_joined (text, p))
        joiners = 0;

      if (marks > MAX_MARKS || joiners > MAX_SEQUENCE)
        continue;

      run = g_unichar_isspace (c) ? 0 : run + 1;
      column += columns (c) * (run > LONG_RUN ? LONG_RUN_COLUMNS : 1);
      if (c == '\n' || column > LINE_COLUMNS)
        {
          lines++;
          column = 0;
        }

      if (lines > max_lines || excerpt->len + 8 > max_bytes)
        break;

      g_string_append_unichar (excerpt, c);
    }

  *cut = *p != '\0';
  if (*cut)
    {
      if (g_unichar_isspace (g_utf8_get_char (p)))
        g_string_append_c (excerpt, ' ');
      else
        cut_nicely (excerpt);
      g_string_append (excerpt, "…");
    }

  return g_string_free_and_steal (g_steal_pointer (&excerpt));
}

/* Whether @p begins a cluster for sure. */
static gboolean
begins_cluster (const char *text,
                const char *p)
{
  gunichar c = g_utf8_get_char (p);
  gunichar before = p > text ? g_utf8_get_char (g_utf8_prev_char (p)) : ' ';

  return u_getIntPropertyValue ((UChar32) c, UCHAR_GRAPHEME_CLUSTER_BREAK) == U_GCB_OTHER &&
         u_getIntPropertyValue ((UChar32) before, UCHAR_GRAPHEME_CLUSTER_BREAK) != U_GCB_PREPEND &&
         before != ZERO_WIDTH_JOINER;
}

/**
 * linnet_text_shape_find_long_runs:
 * @text: valid UTF-8
 *
 * Finds what has no space for longer than any word. Giving every second piece of it an attribute that changes
 * nothing makes Pango treat the pieces apart, in a time that does not explode.
 *
 * Returns: (transfer full) (element-type LinnetTextRange): every second piece
 */
GArray *
linnet_text_shape_find_long_runs (const char *text)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (LinnetTextRange));
  LinnetTextRange piece = { 0 };
  gboolean inside = FALSE;
  guint run = 0, since = 0;

  g_return_val_if_fail (text != NULL, pieces);

  for (const char *p = text;; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean ends = c == '\0' || g_unichar_isspace (c);

      run = ends ? 0 : run + 1;
      since++;

      if (inside && (ends || (since > PIECE && begins_cluster (text, p))))
        {
          piece.end = p - text;
          g_array_append_val (pieces, piece);
          inside = FALSE;
          since = 0;
        }
      else if (!inside && run > LONG_RUN && since > PIECE && begins_cluster (text, p))
        {
          piece.start = p - text;
          inside = TRUE;
          since = 0;
        }

      if (c == '\0')
        return pieces;
    }
}

/**
 * linnet_text_shape_dup_isolated:
 * @name: a name chosen by anybody
 *
 * Returns: (transfer full): @name without direction and control characters, wrapped so that its direction
 * cannot reach the text around it
 */
char *
linnet_text_shape_dup_isolated (const char *name)
{
  g_autoptr (GString) text = g_string_new ("\u2068");

  g_return_val_if_fail (name != NULL, NULL);

  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_iscntrl (c) || c == 0x061C || c == 0x200E || c == 0x200F ||
          (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069))
        continue;
      g_string_append_unichar (text, c);
    }

  g_string_append (text, "\u2069");

  return g_string_free_and_steal (g_steal_pointer (&text));
}
