/* What the files about XEP-0004 Data Forms, version 2.13.2, share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-data-form.h"

G_BEGIN_DECLS

#define XMPP_NS_DATA_VALIDATE "http://jabber.org/protocol/xdata-validate"

/* ---- xmpp-data-form.c ---- */

gboolean xmpp_data_field_has_option (const XmppDataField *self, const char *value);

/* ---- xmpp-data-validate.c ---- */

/* @validate: the `<validate/>`. Transfer full, never NULL. */
XmppDataValidation *xmpp_data_validation_parse (XmppNode *validate);
void xmpp_data_validation_free (XmppDataValidation *self);
/* XML Schema's four ways to write it. */
gboolean xmpp_data_boolean_parse (const char *text, gboolean *value);
/* No value, or only empty ones. */
gboolean xmpp_data_field_is_empty (const XmppDataField *self);

G_END_DECLS
