/* Points in time as text, XEP-0082: XMPP Date and Time Profiles, version 1.1.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-time"

#include "config.h"

#include "linnet-time.h"

#define MAX_OFFSET (14 * 60)                         /* minutes; no zone is further from UTC */
#define LAST_SECOND G_GINT64_CONSTANT (253402300799) /* 9999-12-31T23:59:59Z */

/* Takes @n_digits digits from the start of @text. */
static gboolean
take_number (const char **text,
             guint n_digits,
             guint min,
             guint max,
             guint *out)
{
  guint number = 0;

  for (guint i = 0; i < n_digits; i++)
    {
      if (!g_ascii_isdigit (**text))
        return FALSE;
      number = number * 10 + g_ascii_digit_value (*(*text)++);
    }
  *out = number;

  return number >= min && number <= max;
}

static gboolean
take_char (const char **text,
           char c)
{
  if (**text != c)
    return FALSE;
  (*text)++;

  return TRUE;
}

/* A fraction of a second has any number of digits, of which six count. */
static gboolean
take_fraction (const char **text,
               guint *microseconds)
{
  guint unit = G_USEC_PER_SEC / 10;

  *microseconds = 0;
  if (!take_char (text, '.'))
    return TRUE;
  if (!g_ascii_isdigit (**text))
    return FALSE;

  for (; g_ascii_isdigit (**text); (*text)++)
    {
      *microseconds += unit * g_ascii_digit_value (**text);
      unit /= 10;
    }

  return TRUE;
}

/* "Z" or a distance from UTC, in minutes. */
static gboolean
take_zone (const char **text,
           int *offset)
{
  int sign = **text == '-' ? -1 : 1;
  guint hours;
  guint minutes;

  *offset = 0;
  if (take_char (text, 'Z'))
    return TRUE;
  if (!take_char (text, '+') && !take_char (text, '-'))
    return FALSE;
  if (!take_number (text, 2, 0, 14, &hours) || !take_char (text, ':') ||
      !take_number (text, 2, 0, 59, &minutes))
    return FALSE;
  *offset = sign * (int) (hours * 60 + minutes);

  return ABS (*offset) <= MAX_OFFSET;
}

/* Days since 1970-01-01 in the Gregorian calendar. Years are counted from March, so that the leap day ends
 * them. */
static gint64
count_days (guint year,
            guint month,
            guint day)
{
  gint64 y = month <= 2 ? (gint64) year - 1 : year;
  gint64 months = (month + 9) % 12;
  gint64 day_of_year = (153 * months + 2) / 5 + day - 1;

  return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
}

gboolean
linnet_time_parse (const char *text,
                   gint64 now,
                   gint64 *out)
{
  guint year, month, day, hour, minute, second, fraction;
  gint64 seconds;
  int offset;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (out != NULL, FALSE);

  /* A second 60 is a leap second. */
  if (!take_number (&text, 4, 1, 9999, &year) || !take_char (&text, '-') ||
      !take_number (&text, 2, 1, 12, &month) || !take_char (&text, '-') ||
      !take_number (&text, 2, 1, g_date_get_days_in_month (month, year), &day) || !take_char (&text, 'T') ||
      !take_number (&text, 2, 0, 23, &hour) || !take_char (&text, ':') ||
      !take_number (&text, 2, 0, 59, &minute) || !take_char (&text, ':') ||
      !take_number (&text, 2, 0, 60, &second) || !take_fraction (&text, &fraction) ||
      !take_zone (&text, &offset) || *text != '\0')
    return FALSE;

  seconds = ((count_days (year, month, day) * 24 + hour) * 60 + minute - offset) * 60 + second;
  *out = CLAMP (seconds * G_USEC_PER_SEC + fraction, 0, now + G_TIME_SPAN_DAY);

  return TRUE;
}

char *
linnet_time_format (gint64 time)
{
  gint64 seconds = CLAMP (time / G_USEC_PER_SEC, 0, LAST_SECOND);
  int milliseconds = MAX (time, 0) % G_USEC_PER_SEC / 1000;
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (seconds);
  g_autofree char *text = g_date_time_format (date, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%03dZ", text, milliseconds);
}
