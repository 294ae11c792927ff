/* A field of a form that a server asks to be filled in
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  LINNET_FORM_FIELD_TEXT,
  LINNET_FORM_FIELD_USERNAME, /* the part of the new address before the @ */
  LINNET_FORM_FIELD_PASSWORD, /* also any other text that is not shown */
  LINNET_FORM_FIELD_CAPTCHA,  /* the answer to a puzzle: see :picture, :audio, :fallback-url, or the label */
  LINNET_FORM_FIELD_EMAIL,
  LINNET_FORM_FIELD_NUMBER,
  LINNET_FORM_FIELD_DATE,      /* "2025-11-25" */
  LINNET_FORM_FIELD_MULTILINE, /* lines are separated by newlines */
  LINNET_FORM_FIELD_SWITCH,    /* "1" or "0" */
  LINNET_FORM_FIELD_CHOICE,    /* one of :options, by its value */
  LINNET_FORM_FIELD_CHOICES,   /* some of :options: see :values */
  LINNET_FORM_FIELD_ADDRESS,   /* an XMPP address */
  LINNET_FORM_FIELD_ADDRESSES, /* several: see :values */
  LINNET_FORM_FIELD_NOTE,      /* nothing but its text, which is :label */
} LinnetFormFieldKind;

/* What is wrong with a field, for a sentence below it. */
typedef enum
{
  LINNET_FORM_PROBLEM_NONE,
  LINNET_FORM_PROBLEM_EMPTY, /* it has to be filled in */
  LINNET_FORM_PROBLEM_NOT_A_NUMBER,
  LINNET_FORM_PROBLEM_NOT_A_DATE,
  LINNET_FORM_PROBLEM_NOT_AN_ADDRESS,
  LINNET_FORM_PROBLEM_OUT_OF_RANGE,
  LINNET_FORM_PROBLEM_PATTERN,   /* not of the form that the server wants */
  LINNET_FORM_PROBLEM_N_CHOICES, /* too few or too many of them */
  LINNET_FORM_PROBLEM_OTHER,
  LINNET_FORM_PROBLEM_NAME_TAKEN,
  LINNET_FORM_PROBLEM_BAD_NAME,
  LINNET_FORM_PROBLEM_WEAK_PASSWORD,
  LINNET_FORM_PROBLEM_BAD_PASSWORD,
  LINNET_FORM_PROBLEM_WRONG_CAPTCHA,
} LinnetFormProblem;

typedef struct
{
  char *value;
  char *label; /* what a person reads; never NULL */
} LinnetFormOption;

/* A picture or a sound, undecoded and untrusted. With @data there is nothing to fetch. */
typedef struct
{
  char *type;   /* "image/png": what the server says it is */
  GBytes *data; /* nullable */
  char *url;    /* nullable; https, to be fetched by linnet_fetch() */
  guint width;  /* how large it is to be shown; 0: not told */
  guint height;
} LinnetFormMedia;

/**
 * LinnetFormField:
 *
 * Properties, of which a person changes `value` or `values`: `kind`, `name` (the protocol's, say "email": for
 * a label where the server gave none), `label` (nullable), `description` (nullable), `required`, `value`
 * (string, never %NULL), `values` (strv, never %NULL), `picture`, `audio` (pointers to LinnetFormMedia,
 * nullable), `fallback-url` (nullable; a page where the puzzle can be solved), `problem`. All may change when
 * a new form comes.
 */
#define LINNET_TYPE_FORM_FIELD (linnet_form_field_get_type ())
G_DECLARE_FINAL_TYPE (LinnetFormField, linnet_form_field, LINNET, FORM_FIELD, GObject)

LinnetFormFieldKind linnet_form_field_get_kind (LinnetFormField *self);
const char *linnet_form_field_get_name (LinnetFormField *self); /* "" for a note */
const char *linnet_form_field_get_label (LinnetFormField *self);
const char *linnet_form_field_get_description (LinnetFormField *self);
gboolean linnet_form_field_get_required (LinnetFormField *self);

/* Of kinds with several values the first. Setting it takes a :problem away. */
const char *linnet_form_field_get_value (LinnetFormField *self);
void linnet_form_field_set_value (LinnetFormField *self, const char *value);
const char *const *linnet_form_field_get_values (LinnetFormField *self);
void linnet_form_field_set_values (LinnetFormField *self, const char *const *values);

/* Of LinnetFormOption; empty for other kinds than choices. Borrowed. */
GPtrArray *linnet_form_field_get_options (LinnetFormField *self);
/* A person may also enter something that is not among the options. */
gboolean linnet_form_field_get_open (LinnetFormField *self);

/* Borrowed, nullable. */
const LinnetFormMedia *linnet_form_field_get_picture (LinnetFormField *self);
const LinnetFormMedia *linnet_form_field_get_audio (LinnetFormField *self);
const char *linnet_form_field_get_fallback_url (LinnetFormField *self);
/* Whether a puzzle has a picture, a sound, a page, or a question in words: there is something to answer. */
gboolean linnet_form_field_can_be_asked (LinnetFormField *self);

LinnetFormProblem linnet_form_field_get_problem (LinnetFormField *self);

#define LINNET_TYPE_FORM_FIELD_KIND (linnet_form_field_kind_get_type ())
GType linnet_form_field_kind_get_type (void) G_GNUC_CONST;
#define LINNET_TYPE_FORM_PROBLEM (linnet_form_problem_get_type ())
GType linnet_form_problem_get_type (void) G_GNUC_CONST;

G_END_DECLS
