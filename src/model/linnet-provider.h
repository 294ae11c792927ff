/* A public server where anybody can have an account: what is known about it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LinnetProvider:
 *
 * The facts that XMPP Providers (version 2 of its format) collects about one server. It never changes. All
 * texts are checked: addresses of pages are https, the domain is one, in its ASCII form.
 */
#define LINNET_TYPE_PROVIDER (linnet_provider_get_type ())
G_DECLARE_FINAL_TYPE (LinnetProvider, linnet_provider, LINNET, PROVIDER, GObject)

/* What a number of days or megabytes may be besides itself. */
#define LINNET_PROVIDER_UNLIMITED 0
#define LINNET_PROVIDER_UNKNOWN (-1) /* also less than one: the format does not tell these apart */

typedef enum
{
  LINNET_TRISTATE_UNKNOWN = -1,
  LINNET_TRISTATE_NO,
  LINNET_TRISTATE_YES,
} LinnetTristate;

const char *linnet_provider_get_domain (LinnetProvider *self);
/* "A" (the best, and one registers in the app) to "D"; "" when nobody says. */
const char *linnet_provider_get_category (LinnetProvider *self);
/* One registers in Linnet; otherwise at linnet_provider_get_registration_url(). */
gboolean linnet_provider_get_in_app (LinnetProvider *self);
/* Whether registering in the app shows a picture puzzle, or asks for an e-mail address. */
LinnetTristate linnet_provider_get_captcha (LinnetProvider *self);
LinnetTristate linnet_provider_get_email_needed (LinnetProvider *self);
LinnetTristate linnet_provider_get_free (LinnetProvider *self);
/* How long it keeps messages for other devices of the person. */
int linnet_provider_get_storage_days (LinnetProvider *self);
/* The largest file; all files of an account together; how long they are kept. */
int linnet_provider_get_upload_mb (LinnetProvider *self);
int linnet_provider_get_upload_total_mb (LinnetProvider *self);
int linnet_provider_get_upload_days (LinnetProvider *self);
/* How many people could keep it running; LINNET_PROVIDER_UNKNOWN too. */
int linnet_provider_get_bus_factor (LinnetProvider *self);
/* Where its machines are: ISO 3166-1 codes in capitals, maybe none. */
const char *const *linnet_provider_get_countries (LinnetProvider *self);
guint linnet_provider_get_since (LinnetProvider *self);                  /* a year; 0 unknown */
const char *linnet_provider_get_software (LinnetProvider *self);         /* nullable; "ejabberd 26.4" */
const char *linnet_provider_get_website (LinnetProvider *self);          /* nullable; in a language known */
const char *linnet_provider_get_registration_url (LinnetProvider *self); /* nullable with in-app */
GDateTime *linnet_provider_get_source_date (LinnetProvider *self);       /* nullable: of these facts */

/**
 * linnet_provider_matches:
 * @text: what a person typed to search; all of its words must be found, in any case
 *
 * Returns: whether the domain, the software or a country's code has each of the words; %TRUE without any
 */
gboolean linnet_provider_matches (LinnetProvider *self, const char *text);

G_END_DECLS
