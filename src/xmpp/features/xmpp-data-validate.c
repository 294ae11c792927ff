/* XEP-0122 Data Forms Validation, version 1.0.2
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-data-form"

#include "config.h"

#include <math.h>
#include <string.h>

#include "xmpp-data-form-private.h"
#include "xmpp-jid.h"

#define MAX_PATTERN 256
#define MAX_LIMIT 64
/* Longer ones would make even a simple pattern slow. */
#define MAX_MATCHED 4096
/* What a pattern from the network may cost: some milliseconds. */
#define PATTERN_COST "(*LIMIT_MATCH=20000)(*LIMIT_DEPTH=500)"

typedef struct
{
  const char *name;
  XmppDatatype datatype;
} DatatypeName;

static const DatatypeName datatypes[] = {
  { "xs:boolean", XMPP_DATATYPE_BOOLEAN },
  { "xs:byte", XMPP_DATATYPE_INTEGER },
  { "xs:date", XMPP_DATATYPE_DATE },
  { "xs:dateTime", XMPP_DATATYPE_DATE_TIME },
  { "xs:decimal", XMPP_DATATYPE_DECIMAL },
  { "xs:double", XMPP_DATATYPE_DECIMAL },
  { "xs:float", XMPP_DATATYPE_DECIMAL },
  { "xs:int", XMPP_DATATYPE_INTEGER },
  { "xs:integer", XMPP_DATATYPE_INTEGER },
  { "xs:long", XMPP_DATATYPE_INTEGER },
  { "xs:negativeInteger", XMPP_DATATYPE_INTEGER },
  { "xs:nonNegativeInteger", XMPP_DATATYPE_INTEGER },
  { "xs:nonPositiveInteger", XMPP_DATATYPE_INTEGER },
  { "xs:positiveInteger", XMPP_DATATYPE_INTEGER },
  { "xs:short", XMPP_DATATYPE_INTEGER },
  { "xs:time", XMPP_DATATYPE_TIME },
  { "xs:unsignedByte", XMPP_DATATYPE_INTEGER },
  { "xs:unsignedInt", XMPP_DATATYPE_INTEGER },
  { "xs:unsignedLong", XMPP_DATATYPE_INTEGER },
  { "xs:unsignedShort", XMPP_DATATYPE_INTEGER },
};

static gboolean
parse_number (const char *text,
              gboolean whole,
              double *value)
{
  char *end;

  if (*text == '\0' || strlen (text) > MAX_LIMIT ||
      strspn (text, whole ? "0123456789+-" : "0123456789+-.eE") != strlen (text))
    return FALSE;

  *value = g_ascii_strtod (text, &end);

  return *end == '\0' && isfinite (*value);
}

/* "2025-11-25", the year of four digits: so that dates sort as text. */
static gboolean
is_date (const char *text)
{
  guint year, month, day;

  for (guint i = 0; i < 10; i++)
    {
      if (i == 4 || i == 7 ? text[i] != '-' : !g_ascii_isdigit (text[i]))
        return FALSE;
    }

  year = (guint) g_ascii_strtoull (text, NULL, 10);
  month = (guint) g_ascii_strtoull (text + 5, NULL, 10);
  day = (guint) g_ascii_strtoull (text + 8, NULL, 10);

  return month >= 1 && month <= 12 && year > 0 &&
         g_date_valid_dmy (day, (GDateMonth) month, (GDateYear) year);
}

static gboolean
is_time (const char *text)
{
  g_autofree char *stamp = g_strconcat ("2000-01-01T", text, NULL);
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (stamp, utc);

  return time != NULL;
}

static gboolean
is_datatype (XmppDatatype datatype,
             const char *text)
{
  double number;
  gboolean flag;

  switch (datatype)
    {
    case XMPP_DATATYPE_INTEGER:
      return parse_number (text, TRUE, &number);
    case XMPP_DATATYPE_DECIMAL:
      return parse_number (text, FALSE, &number);
    case XMPP_DATATYPE_DATE:
      return strlen (text) == 10 && is_date (text);
    case XMPP_DATATYPE_DATE_TIME:
      return strlen (text) > 11 && strlen (text) <= MAX_LIMIT && is_date (text) && text[10] == 'T' &&
             is_time (text + 11);
    case XMPP_DATATYPE_TIME:
      return strlen (text) <= MAX_LIMIT && is_time (text);
    case XMPP_DATATYPE_BOOLEAN:
      return xmpp_data_boolean_parse (text, &flag);
    case XMPP_DATATYPE_STRING:
    default:
      return TRUE;
    }
}

/* A limit that is none of the type says nothing. */
static char *
parse_limit (XmppDataValidation *self,
             XmppNode *range,
             const char *name)
{
  const char *text = xmpp_node_get_attr (range, name);

  return text != NULL && strlen (text) <= MAX_LIMIT && self->datatype != XMPP_DATATYPE_STRING &&
                 is_datatype (self->datatype, text)
             ? g_strdup (text)
             : NULL;
}

static guint
parse_count (XmppNode *node,
             const char *name)
{
  guint64 value = 0;

  return xmpp_node_get_attr_uint (node, name, G_MAXUINT, &value) ? (guint) value : 0;
}

XmppDataValidation *
xmpp_data_validation_parse (XmppNode *validate)
{
  XmppDataValidation *self = g_new0 (XmppDataValidation, 1);
  const char *datatype = xmpp_node_get_attr (validate, "datatype");
  const char *pattern = xmpp_node_get_child_text (validate, "regex", XMPP_NS_DATA_VALIDATE);
  XmppNode *range = xmpp_node_get_child (validate, "range", XMPP_NS_DATA_VALIDATE);
  XmppNode *list_range = xmpp_node_get_child (validate, "list-range", XMPP_NS_DATA_VALIDATE);

  for (guint i = 0; datatype != NULL && i < G_N_ELEMENTS (datatypes); i++)
    {
      if (g_str_equal (datatypes[i].name, datatype))
        self->datatype = datatypes[i].datatype;
    }

  if (range != NULL)
    {
      self->min = parse_limit (self, range, "min");
      self->max = parse_limit (self, range, "max");
    }
  if (list_range != NULL)
    {
      self->list_min = parse_count (list_range, "min");
      self->list_max = parse_count (list_range, "max");
    }
  if (pattern != NULL && *pattern != '\0' && strlen (pattern) <= MAX_PATTERN)
    self->pattern = g_strdup (pattern);

  /* Section 3.2: with lists any method but the basic one leaves them open. */
  self->open = range != NULL || pattern != NULL ||
               xmpp_node_get_child (validate, "open", XMPP_NS_DATA_VALIDATE) != NULL;

  return self;
}

void
xmpp_data_validation_free (XmppDataValidation *self)
{
  g_free (self->min);
  g_free (self->max);
  g_free (self->pattern);
  g_free (self);
}

gboolean
xmpp_data_boolean_parse (const char *text,
                         gboolean *value)
{
  *value = g_str_equal (text, "1") || g_str_equal (text, "true");

  return *value || g_str_equal (text, "0") || g_str_equal (text, "false");
}

gboolean
xmpp_data_field_is_empty (const XmppDataField *self)
{
  for (guint i = 0; self->values[i] != NULL; i++)
    {
      if (*self->values[i] != '\0')
        return FALSE;
    }

  return TRUE;
}

/* Numbers by their value; dates and times as they are sorted, those with an offset by the moment. */
static int
compare (XmppDatatype datatype,
         const char *a,
         const char *b)
{
  g_autoptr (GDateTime) time_a = NULL;
  g_autoptr (GDateTime) time_b = NULL;
  g_autoptr (GTimeZone) utc = NULL;
  double number_a = 0, number_b = 0;

  switch (datatype)
    {
    case XMPP_DATATYPE_INTEGER:
    case XMPP_DATATYPE_DECIMAL:
      parse_number (a, FALSE, &number_a);
      parse_number (b, FALSE, &number_b);
      return (number_a > number_b) - (number_a < number_b);
    case XMPP_DATATYPE_DATE_TIME:
      utc = g_time_zone_new_utc ();
      time_a = g_date_time_new_from_iso8601 (a, utc);
      time_b = g_date_time_new_from_iso8601 (b, utc);
      return time_a != NULL && time_b != NULL ? g_date_time_compare (time_a, time_b) : 0;
    case XMPP_DATATYPE_DATE:
    case XMPP_DATATYPE_TIME:
      return strcmp (a, b);
    case XMPP_DATATYPE_STRING:
    case XMPP_DATATYPE_BOOLEAN:
    default:
      return 0;
    }
}

/* XEP-0122 section 3.2.4. A pattern that is none, or takes too long, is for the other side to look after. It
 * does not say whether all of the value is meant; what somewhere matches is let through. */
static gboolean
matches (const char *pattern,
         const char *value)
{
  g_autofree char *limited = NULL;
  g_autoptr (GRegex) regex = NULL;
  g_autoptr (GError) error = NULL;

  /* "(*" would be taken for settings like ours. */
  if (g_str_has_prefix (pattern, "(*") || strlen (value) > MAX_MATCHED)
    return TRUE;

  limited = g_strconcat (PATTERN_COST, pattern, NULL);
  regex = g_regex_new (limited, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, NULL);

  return regex == NULL ||
         g_regex_match_full (regex, value, -1, 0, G_REGEX_MATCH_DEFAULT, NULL, &error) || error != NULL;
}

static XmppDataFormError
datatype_error (XmppDatatype datatype)
{
  switch (datatype)
    {
    case XMPP_DATATYPE_DATE:
    case XMPP_DATATYPE_DATE_TIME:
    case XMPP_DATATYPE_TIME:
      return XMPP_DATA_FORM_ERROR_NOT_A_DATE;
    case XMPP_DATATYPE_BOOLEAN:
      return XMPP_DATA_FORM_ERROR_NOT_A_BOOLEAN;
    case XMPP_DATATYPE_INTEGER:
    case XMPP_DATATYPE_DECIMAL:
    case XMPP_DATATYPE_STRING:
    default:
      return XMPP_DATA_FORM_ERROR_NOT_A_NUMBER;
    }
}

static gboolean
set_error (const XmppDataField *self,
           XmppDataFormError code,
           GError **error)
{
  g_set_error (error, XMPP_DATA_FORM_ERROR, (int) code, "What is in \"%s\" does not fit", self->var);

  return FALSE;
}

static gboolean
check_validation (const XmppDataField *self,
                  const char *value,
                  GError **error)
{
  const XmppDataValidation *validation = self->validation;

  if (validation == NULL)
    return TRUE;
  if (!is_datatype (validation->datatype, value))
    return set_error (self, datatype_error (validation->datatype), error);
  if ((validation->min != NULL && compare (validation->datatype, value, validation->min) < 0) ||
      (validation->max != NULL && compare (validation->datatype, value, validation->max) > 0))
    return set_error (self, XMPP_DATA_FORM_ERROR_OUT_OF_RANGE, error);
  if (validation->pattern != NULL && !matches (validation->pattern, value))
    return set_error (self, XMPP_DATA_FORM_ERROR_PATTERN, error);

  return TRUE;
}

static gboolean
check_value (const XmppDataField *self,
             const char *value,
             GError **error)
{
  g_autoptr (XmppJid) jid = NULL;
  gboolean flag;

  switch (self->type)
    {
    case XMPP_DATA_FIELD_BOOLEAN:
      if (!xmpp_data_boolean_parse (value, &flag))
        return set_error (self, XMPP_DATA_FORM_ERROR_NOT_A_BOOLEAN, error);
      break;
    case XMPP_DATA_FIELD_LIST_SINGLE:
    case XMPP_DATA_FIELD_LIST_MULTI:
      if (xmpp_data_field_has_option (self, value))
        return TRUE;
      if (self->validation == NULL || !self->validation->open)
        return set_error (self, XMPP_DATA_FORM_ERROR_NOT_AN_OPTION, error);
      break;
    case XMPP_DATA_FIELD_JID_SINGLE:
    case XMPP_DATA_FIELD_JID_MULTI:
      if ((jid = xmpp_jid_new (value, NULL)) == NULL)
        return set_error (self, XMPP_DATA_FORM_ERROR_NOT_AN_ADDRESS, error);
      break;
    case XMPP_DATA_FIELD_TEXT_SINGLE:
    case XMPP_DATA_FIELD_TEXT_PRIVATE:
      if (strpbrk (value, "\r\n") != NULL)
        return set_error (self, XMPP_DATA_FORM_ERROR_NOT_ONE_LINE, error);
      break;
    case XMPP_DATA_FIELD_TEXT_MULTI:
    case XMPP_DATA_FIELD_FIXED:
    case XMPP_DATA_FIELD_HIDDEN:
    default:
      break;
    }

  return check_validation (self, value, error);
}

static gboolean
check_count (const XmppDataField *self,
             GError **error)
{
  guint n = g_strv_length (self->values);

  if (self->type != XMPP_DATA_FIELD_LIST_MULTI || self->validation == NULL)
    return TRUE;
  if (n < self->validation->list_min || (self->validation->list_max > 0 && n > self->validation->list_max))
    return set_error (self, XMPP_DATA_FORM_ERROR_N_VALUES, error);

  return TRUE;
}

gboolean
xmpp_data_field_check (const XmppDataField *self,
                       GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->type == XMPP_DATA_FIELD_FIXED || self->type == XMPP_DATA_FIELD_HIDDEN)
    return TRUE;
  if (xmpp_data_field_is_empty (self))
    return !self->required || set_error (self, XMPP_DATA_FORM_ERROR_REQUIRED, error);

  for (guint i = 0; self->values[i] != NULL; i++)
    {
      if (*self->values[i] != '\0' && !check_value (self, self->values[i], error))
        return FALSE;
    }

  return check_count (self, error);
}
