/* Making a new account on a server
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-form-field.h"
#include "linnet-types.h"

G_BEGIN_DECLS

typedef enum
{
  LINNET_REGISTRATION_IDLE, /* not started, or cancelled */
  LINNET_REGISTRATION_CONNECTING,
  LINNET_REGISTRATION_FORM,       /* :fields can be filled in */
  LINNET_REGISTRATION_WEB,        /* only on :web-url */
  LINNET_REGISTRATION_SUBMITTING, /* also while it signs in */
  LINNET_REGISTRATION_DONE,
} LinnetRegistrationState;

/**
 * LinnetRegistration:
 *
 * From the question what a server wants to know of new people to the account that is signed in (XEP-0077,
 * with forms, puzzles and invitations). One connection serves for all of it, under verified TLS; when it
 * breaks, a new one is made, and what was typed stays.
 *
 * Properties: `domain` (construct-only), `state`, `instructions` (plain text, nullable), `web-url` (https
 * only, nullable; with a form it is the other way to register), `fields` (a [iface@Gio.ListModel] of
 * [class@Linnet.FormField], the same object always), `registered` (gboolean: the server has made the account;
 * what is left is to sign in).
 */
#define LINNET_TYPE_REGISTRATION (linnet_registration_get_type ())
G_DECLARE_FINAL_TYPE (LinnetRegistration, linnet_registration, LINNET, REGISTRATION, GObject)

/* @domain: as a person typed it */
LinnetRegistration *linnet_registration_new (LinnetAccountManager *manager, const char *domain);

/* Before linnet_registration_start(); each may be NULL, and is then as if never set. They go for the account
 * as well. */
void linnet_registration_set_server (LinnetRegistration *self,
                                     const char *host,
                                     guint16 port,
                                     gboolean direct_tls);
void linnet_registration_set_token (LinnetRegistration *self, const char *token); /* XEP-0445 */
/* @text: as for linnet_account_set_proxy(); nothing is looked up or reached but by it. When it is no proxy
 * starting rejects with LINNET_ERROR_BAD_PROXY. */
void linnet_registration_set_proxy (LinnetRegistration *self, const char *text);
/* The same for LinnetFetchRequest.proxy, with the password: pictures and sounds that :fields name come by
 * this way as well. Transfer full; nullable: no proxy was set. */
char *linnet_registration_dup_proxy (LinnetRegistration *self);

/**
 * linnet_registration_start:
 *
 * Connects and asks what is to be filled in. Can be called again after it rejected, or after a cancel.
 *
 * Returns: (transfer full): a future that resolves to true, with :state FORM or WEB. It rejects with
 *   LINNET_ERROR: BAD_ADDRESS, those about reaching the server (SERVER_NOT_FOUND, NO_TLS, CERTIFICATE: pin it
 *   and start again), REGISTRATION_CLOSED, REGISTRATION_NEEDS_INVITE, BAD_TOKEN, FORM_TOO_LARGE,
 *   NOT_SUPPORTED (a form without a name or password), TIMED_OUT. Dropping it cancels.
 */
DexFuture *linnet_registration_start (LinnetRegistration *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * linnet_registration_refresh:
 *
 * Gets the form anew, with another puzzle. What was typed stays, but for the answer to the old one.
 *
 * Returns: (transfer full): a future that resolves to true, or rejects as linnet_registration_start() does
 */
DexFuture *linnet_registration_refresh (LinnetRegistration *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * linnet_registration_submit:
 *
 * Sends what was typed, then signs in as linnet_account_manager_sign_in() does, with the password into the
 * keyring. Once :registered, it only signs in: never is an account made twice.
 *
 * Returns: (transfer full): a future that resolves to the [class@Linnet.Account]. It rejects with
 *   LINNET_ERROR, and then :problem of the field it is about is set:
 *   - before anything is sent: BAD_NAME, BAD_PASSWORD, FORM_INCOMPLETE, ACCOUNT_EXISTS;
 *   - when the server refused: NAME_TAKEN, BAD_NAME, WEAK_PASSWORD, WRONG_CAPTCHA, REGISTRATION_LIMIT,
 *     REGISTRATION_CLOSED, REGISTRATION_NEEDS_INVITE, FORM_REFUSED, often with its own words in
 *     linnet_registration_get_server_text(). If there was a puzzle, it is another one by now;
 *   - when the connection had to be made anew: those of linnet_registration_start(), and CAPTCHA_EXPIRED when
 *     the new form has a puzzle;
 *   - with :registered TRUE: those of signing in.
 */
DexFuture *linnet_registration_submit (LinnetRegistration *self) G_GNUC_WARN_UNUSED_RESULT;

/* Leaves the server, and keeps what was typed for the next linnet_registration_start(); of an account that is
 * made it is forgotten. What is under way rejects with G_IO_ERROR_CANCELLED. */
void linnet_registration_leave (LinnetRegistration *self);
/* Leaves the server and forgets what was typed. Before linnet_registration_submit() nothing remains anywhere.
 * What is under way rejects with G_IO_ERROR_CANCELLED. */
void linnet_registration_cancel (LinnetRegistration *self);

const char *linnet_registration_get_domain (LinnetRegistration *self);
LinnetRegistrationState linnet_registration_get_state (LinnetRegistration *self);
const char *linnet_registration_get_instructions (LinnetRegistration *self);
const char *linnet_registration_get_web_url (LinnetRegistration *self);
GListModel *linnet_registration_get_fields (LinnetRegistration *self); /* borrowed */
gboolean linnet_registration_get_registered (LinnetRegistration *self);
/* The first field of that kind; borrowed, nullable. */
LinnetFormField *linnet_registration_find_field (LinnetRegistration *self, LinnetFormFieldKind kind);
/* Of each puzzle that has to be solved the fields of which one has to be answered; see there. */
GPtrArray *linnet_registration_dup_puzzles (LinnetRegistration *self);
/* What the server said to the latest refusal, plain text in a language of its choice; nullable. */
const char *linnet_registration_get_server_text (LinnetRegistration *self);
/* The new address, as far as it is one already. Transfer full, nullable. */
char *linnet_registration_dup_address (LinnetRegistration *self);

/* @name: one that is taken. Names like it that are likely free, and have not been tried here. Transfer full;
 * %NULL-terminated, perhaps empty. */
char **linnet_registration_suggest_names (LinnetRegistration *self, const char *name);

#define LINNET_TYPE_REGISTRATION_STATE (linnet_registration_state_get_type ())
GType linnet_registration_state_get_type (void) G_GNUC_CONST;

G_END_DECLS
