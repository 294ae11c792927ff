/* Times and texts as people read them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-format"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "linnet-format.h"

static GDateTime *
local_time (gint64 time)
{
  return g_date_time_new_from_unix_local_usec (time);
}

/* How many midnights lie between the two; negative when @time is in the future. */
static int
days_between (GDateTime *time, GDateTime *now)
{
  GDate a, b;

  g_date_clear (&a, 1);
  g_date_clear (&b, 1);
  g_date_set_dmy (
      &a, g_date_time_get_day_of_month (time), g_date_time_get_month (time), g_date_time_get_year (time));
  g_date_set_dmy (
      &b, g_date_time_get_day_of_month (now), g_date_time_get_month (now), g_date_time_get_year (now));

  return g_date_days_between (&a, &b);
}

/**
 * linnet_format_clock:
 * @time: Unix microseconds
 *
 * Returns: (transfer full): the time of day, "14:05"
 */
char *
linnet_format_clock (gint64 time)
{
  g_autoptr (GDateTime) local = local_time (time);

  /* Translators: a time of day; see strftime */
  return local != NULL ? g_date_time_format (local, _ ("%H:%M")) : g_strdup ("");
}

char *
linnet_format_list_time_at (GDateTime *time, GDateTime *now)
{
  int days = days_between (time, now);

  if (days == 0)
    return g_date_time_format (time, _ ("%H:%M"));
  if (days == 1)
    return g_strdup (_ ("Yesterday"));
  if (days > 1 && days < 7)
    return g_date_time_format (time, "%a");
  if (g_date_time_get_year (time) == g_date_time_get_year (now))
    /* Translators: a date in this year, "28 Oct"; see strftime */
    return g_date_time_format (time, _ ("%-d %b"));

  /* Translators: a date in another year, "28 Oct 2024"; see strftime */
  return g_date_time_format (time, _ ("%-d %b %Y"));
}

/**
 * linnet_format_list_time:
 * @time: Unix microseconds, 0 for none
 *
 * Returns: (transfer full): the shortest useful form: "14:05", "Yesterday", "Tue", "28 Oct"
 */
char *
linnet_format_list_time (gint64 time)
{
  g_autoptr (GDateTime) local = time != 0 ? local_time (time) : NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  return local != NULL ? linnet_format_list_time_at (local, now) : g_strdup ("");
}

char *
linnet_format_day_at (GDateTime *time, GDateTime *now)
{
  int days = days_between (time, now);

  if (days == 0)
    return g_strdup (_ ("Today"));
  if (days == 1)
    return g_strdup (_ ("Yesterday"));
  if (days > 1 && days < 7)
    return g_date_time_format (time, "%A");
  if (g_date_time_get_year (time) == g_date_time_get_year (now))
    /* Translators: a day of this year, "28 October"; see strftime */
    return g_date_time_format (time, _ ("%-d %B"));

  return g_date_time_format (time, _ ("%-d %B %Y"));
}

/**
 * linnet_format_day:
 * @time: Unix microseconds
 *
 * Returns: (transfer full): the day for the pill above its first message: "Today", "Monday", "28 October
 * 2025"
 */
char *
linnet_format_day (gint64 time)
{
  g_autoptr (GDateTime) local = local_time (time);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  return local != NULL ? linnet_format_day_at (local, now) : g_strdup ("");
}

char *
linnet_format_last_seen_at (GDateTime *time, GDateTime *now)
{
  gint64 minutes = g_date_time_difference (now, time) / G_TIME_SPAN_MINUTE;
  gint64 hours = minutes / 60;
  g_autofree char *day = NULL;

  if (minutes < 1)
    return g_strdup (_ ("last seen just now"));
  if (minutes < 60)
    return g_strdup_printf (ngettext ("last seen %d minute ago", "last seen %d minutes ago", minutes),
                            (int) minutes);
  if (hours < 12)
    return g_strdup_printf (ngettext ("last seen %d hour ago", "last seen %d hours ago", hours), (int) hours);

  day = linnet_format_list_time_at (time, now);

  /* Translators: %s is a time or day: "14:05", "Yesterday", "Tue", "28 Oct" */
  return g_strdup_printf (_ ("last seen %s"), day);
}

/**
 * linnet_format_last_seen:
 * @seconds: Unix seconds
 *
 * Returns: (transfer full): "last seen 12 minutes ago"
 */
char *
linnet_format_last_seen (gint64 seconds)
{
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (seconds);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  return local != NULL ? linnet_format_last_seen_at (local, now) : g_strdup ("");
}

/**
 * linnet_format_identity:
 * @address: one of the person's own addresses
 *
 * Returns: (transfer full): who the person is in a chat, for somebody with several accounts
 */
char *
linnet_format_identity (const char *address)
{
  g_return_val_if_fail (address != NULL, NULL);

  /* Translators: under which of your addresses you are in a chat; %s is the address */
  return g_strdup_printf (_ ("as %s"), address);
}

/**
 * linnet_format_one_line:
 * @text: any UTF-8 text
 * @max_chars: where to stop
 *
 * Returns: (transfer full): the beginning of @text with every run of white space turned into one space
 */
char *
linnet_format_one_line (const char *text, guint max_chars)
{
  g_autoptr (GString) line = g_string_new (NULL);
  gboolean space = FALSE;
  guint n = 0;

  g_return_val_if_fail (text != NULL, NULL);

  for (const char *p = text; *p != '\0' && n < max_chars; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c))
        {
          space = line->len > 0;
          continue;
        }

      if (space)
        g_string_append_c (line, ' ');
      g_string_append_unichar (line, c);
      space = FALSE;
      n++;
    }

  return g_string_free_and_steal (g_steal_pointer (&line));
}

/**
 * linnet_format_without_tags:
 * @text: any UTF-8 text
 *
 * For those who may read markup in what is meant as plain text, and who are not told which of both it is: no
 * escaping would be right for all of them.
 *
 * Returns: (transfer full): @text where nothing looks like a tag any more: "<" at its beginning became "‹"
 */
char *
linnet_format_without_tags (const char *text)
{
  GString *out = g_string_new (NULL);

  g_return_val_if_fail (text != NULL, NULL);

  for (const char *p = text; *p != '\0'; p++)
    if (*p == '<' && (g_ascii_isalpha (p[1]) || (p[1] != '\0' && strchr ("/!?", p[1]) != NULL)))
      g_string_append (out, "‹");
    else
      g_string_append_c (out, *p);

  return g_string_free_and_steal (out);
}
