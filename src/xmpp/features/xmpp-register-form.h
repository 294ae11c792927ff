/* XEP-0077 In-Band Registration, version 2.4: what a server asks for
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-data-form.h"

G_BEGIN_DECLS

#define XMPP_NS_REGISTER "jabber:iq:register"

/* Boxed, reference-counted. */
typedef struct
{
  char *instructions;   /* nullable; cleaned text, without markup */
  char *url;            /* nullable; https; of XEP-0066, or the first one in the instructions */
  XmppDataForm *form;   /* nullable; fields that were sent plain are made into one */
  gboolean plain;       /* the fields were sent plain, and are to be sent back so */
  gboolean registered;  /* there is an account already */
  GHashTable *pictures; /* content id -> GBytes: what came along by XEP-0231 */
} XmppRegisterForm;

#define XMPP_TYPE_REGISTER_FORM (xmpp_register_form_get_type ())
GType xmpp_register_form_get_type (void) G_GNUC_CONST;
XmppRegisterForm *xmpp_register_form_ref (XmppRegisterForm *self);
void xmpp_register_form_unref (XmppRegisterForm *self);

/**
 * xmpp_register_form_parse:
 * @query: the `<query/>`
 *
 * By section 6 a data form goes before plain fields, and those before a web page. A form with nothing to fill
 * in counts as none.
 *
 * Returns: (transfer full) (nullable): what is asked for; %NULL with XMPP_DATA_FORM_ERROR when it is no
 *   query, or the form in it is too large
 */
XmppRegisterForm *xmpp_register_form_parse (XmppNode *query, GError **error);

/* The `<query/>` that answers it: a form as a form, plain fields as plain fields. */
XmppNode *xmpp_register_form_build (XmppRegisterForm *self);

/* Whether @var is the answer to a puzzle (XEP-0158 section 4), or the field has a picture or sound. */
gboolean xmpp_register_field_is_captcha (const XmppDataField *field);
/* The first content id of the form that has not come along; borrowed, nullable. */
const char *xmpp_register_form_get_missing_cid (XmppRegisterForm *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppRegisterForm, xmpp_register_form_unref)

G_END_DECLS
