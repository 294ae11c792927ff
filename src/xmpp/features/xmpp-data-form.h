/* XEP-0004 Data Forms, version 2.13.2, with XEP-0122 (validation) and XEP-0221 (media)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-media-element.h"
#include "xmpp-node.h"

G_BEGIN_DECLS

#define XMPP_NS_DATA_FORM "jabber:x:data"

#define XMPP_DATA_FORM_ERROR (xmpp_data_form_error_quark ())
GQuark xmpp_data_form_error_quark (void);

typedef enum
{
  /* of a form */
  XMPP_DATA_FORM_ERROR_MALFORMED, /* no form at all, or of a type nobody knows */
  XMPP_DATA_FORM_ERROR_TOO_LARGE, /* more fields, options or values than a person could fill in */
  /* of a field's values */
  XMPP_DATA_FORM_ERROR_REQUIRED,
  XMPP_DATA_FORM_ERROR_NOT_AN_OPTION,
  XMPP_DATA_FORM_ERROR_NOT_A_BOOLEAN,
  XMPP_DATA_FORM_ERROR_NOT_A_NUMBER,
  XMPP_DATA_FORM_ERROR_NOT_A_DATE,
  XMPP_DATA_FORM_ERROR_NOT_AN_ADDRESS,
  XMPP_DATA_FORM_ERROR_OUT_OF_RANGE,
  XMPP_DATA_FORM_ERROR_PATTERN,
  XMPP_DATA_FORM_ERROR_N_VALUES, /* too few or too many */
  XMPP_DATA_FORM_ERROR_NOT_ONE_LINE,
} XmppDataFormError;

typedef enum
{
  XMPP_DATA_FORM_FORM,
  XMPP_DATA_FORM_SUBMIT,
  XMPP_DATA_FORM_CANCEL,
  XMPP_DATA_FORM_RESULT,
} XmppDataFormType;

typedef enum
{
  XMPP_DATA_FIELD_TEXT_SINGLE, /* also what has no type, or one that nobody knows */
  XMPP_DATA_FIELD_TEXT_PRIVATE,
  XMPP_DATA_FIELD_TEXT_MULTI, /* a value a line */
  XMPP_DATA_FIELD_BOOLEAN,
  XMPP_DATA_FIELD_LIST_SINGLE,
  XMPP_DATA_FIELD_LIST_MULTI,
  XMPP_DATA_FIELD_JID_SINGLE,
  XMPP_DATA_FIELD_JID_MULTI,
  XMPP_DATA_FIELD_FIXED,
  XMPP_DATA_FIELD_HIDDEN,
} XmppDataFieldType;

typedef struct
{
  char *value;
  char *label; /* nullable; cleaned */
} XmppDataOption;

/* XEP-0122. What is not understood is left out: the other side checks anyway. */
typedef enum
{
  XMPP_DATATYPE_STRING,
  XMPP_DATATYPE_INTEGER,
  XMPP_DATATYPE_DECIMAL,
  XMPP_DATATYPE_DATE,
  XMPP_DATATYPE_DATE_TIME,
  XMPP_DATATYPE_TIME,
  XMPP_DATATYPE_BOOLEAN,
} XmppDatatype;

typedef struct
{
  XmppDatatype datatype;
  gboolean open;  /* a list takes other values as well */
  char *min;      /* nullable; checked to be of @datatype, a number or date */
  char *max;      /* nullable; likewise */
  char *pattern;  /* nullable; a regular expression */
  guint list_min; /* 0: no limit */
  guint list_max; /* likewise */
} XmppDataValidation;

typedef struct
{
  char *var; /* nullable only with FIXED */
  XmppDataFieldType type;
  char *label; /* nullable; cleaned */
  char *desc;  /* nullable; cleaned */
  gboolean required;
  GStrv values;                   /* never NULL; as they came, or as they were set since */
  GPtrArray *options;             /* of XmppDataOption */
  XmppDataValidation *validation; /* nullable */
  XmppMediaElement *media;        /* nullable */
} XmppDataField;

/* Boxed, reference-counted. */
typedef struct
{
  XmppDataFormType type;
  char *title;        /* nullable; cleaned */
  char *instructions; /* nullable; cleaned, several joined by newlines */
  GPtrArray *fields;  /* of XmppDataField; no two with the same var: the first counts */
} XmppDataForm;

#define XMPP_TYPE_DATA_FORM (xmpp_data_form_get_type ())
GType xmpp_data_form_get_type (void) G_GNUC_CONST;

/**
 * xmpp_data_form_parse:
 * @x: the `<x/>`
 *
 * At most 200 fields, 2000 options and 2000 values in all; the stream limits the size. Tables of results
 * (`<reported/>`, `<item/>`) are not for this.
 *
 * Returns: (transfer full) (nullable): the form, or %NULL with XMPP_DATA_FORM_ERROR_MALFORMED or _TOO_LARGE
 */
XmppDataForm *xmpp_data_form_parse (XmppNode *x, GError **error);
XmppDataForm *xmpp_data_form_new (void); /* an empty one to be filled in */
XmppDataForm *xmpp_data_form_ref (XmppDataForm *self);
void xmpp_data_form_unref (XmppDataForm *self);

/* Borrowed, nullable. */
XmppDataField *xmpp_data_form_get_field (XmppDataForm *self, const char *var);
/* The first value of that field; borrowed, nullable. */
const char *xmpp_data_form_get_value (XmppDataForm *self, const char *var);
/* FALSE when there is no such field, or none that a person fills in. */
gboolean xmpp_data_form_set_value (XmppDataForm *self, const char *var, const char *value);
/* Adds a field that has not been there; borrowed, for its label and the like. */
XmppDataField *xmpp_data_form_add_field (XmppDataForm *self, const char *var, XmppDataFieldType type);

/* @values: copied; what belongs to the type's form is done: one text into lines, lines into one, booleans as
 * "0" and "1", each address once, options in the order of the form. Hidden and fixed fields stay as they are.
 */
void xmpp_data_field_set_values (XmppDataField *self, const char *const *values);
/* Transfer full; the values of TEXT_MULTI as lines, of others the first; "" when there is none. */
char *xmpp_data_field_dup_text (const XmppDataField *self);

/**
 * xmpp_data_field_check:
 *
 * Whether the values are what type, options and validation (XEP-0122) ask for. A required field must have
 * one.
 *
 * Returns: %FALSE with XMPP_DATA_FORM_ERROR
 */
gboolean xmpp_data_field_check (const XmppDataField *self, GError **error);

/**
 * xmpp_data_form_build_submit:
 *
 * The answer: of the fields that came those that have values, in the order they came, hidden ones untouched;
 * nothing else. Fields that are empty and not required are left out.
 *
 * Returns: (transfer full): an `<x type='submit'/>`
 */
XmppNode *xmpp_data_form_build_submit (XmppDataForm *self);
XmppNode *xmpp_data_form_build_cancel (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppDataForm, xmpp_data_form_unref)

G_END_DECLS
