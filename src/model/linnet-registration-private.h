/* What the files about registration share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-error.h"
#include "linnet-registration.h"
#include "xmpp-register.h"

G_BEGIN_DECLS

struct _LinnetRegistration
{
  GObject parent_instance;

  LinnetAccountManager *manager;
  char *domain;
  XmppJid *jid; /* nullable: @domain is none */
  char *host;   /* nullable */
  guint16 port;
  gboolean direct_tls;
  char *token; /* nullable */
  char *proxy; /* nullable: as a person typed it, with its password */

  XmppRegister *stream;   /* nullable */
  XmppRegisterForm *form; /* nullable */
  GListStore *fields;
  GPtrArray *questions; /* XmppDataField of @form, one for each of @fields; borrowed from it */
  char *instructions;   /* nullable */
  char *web_url;        /* nullable */
  char *server_text;    /* nullable */
  GHashTable *tried;    /* names that were taken */

  /* The account, once it was asked for. */
  char *address;  /* nullable */
  char *password; /* nullable */

  LinnetRegistrationState state;
  DexCancellable *cancellable; /* of what is under way */
  guint generation;            /* which counts them */
  guint busy : 1;
  guint registered : 1;
  guint unsure : 1; /* the connection broke before the answer: there may be an account */
};

/* ---- linnet-registration.c ---- */

void linnet_registration_set_state (LinnetRegistration *self, LinnetRegistrationState state);
void linnet_registration_set_registered (LinnetRegistration *self);
/* @text: nullable */
void linnet_registration_set_server_text (LinnetRegistration *self, const char *text);

/* ---- linnet-registration-form.c ---- */

/* Shows what the server asks. FALSE with LINNET_ERROR when nobody could fill it in. @form: kept */
gboolean linnet_registration_take_form (LinnetRegistration *self, XmppRegisterForm *form, GError **error);
/* Checks what was typed and writes it into the form. FALSE with LINNET_ERROR, and problems at the fields. */
gboolean linnet_registration_fill_in (LinnetRegistration *self, GError **error);
gboolean linnet_registration_has_captcha (LinnetRegistration *self);
void linnet_registration_set_problem (LinnetRegistration *self,
                                      LinnetFormFieldKind kind,
                                      LinnetFormProblem problem);
void linnet_registration_clear_problems (LinnetRegistration *self);

/* ---- linnet-registration-puzzles.c ---- */

/* Whether all that has to be solved can be seen or heard. */
gboolean linnet_registration_can_be_solved (LinnetRegistration *self);
/* FALSE, and a problem at a field, when answers are missing. */
gboolean linnet_registration_check_puzzles (LinnetRegistration *self);

/* ---- linnet-registration-refusal.c ---- */

typedef struct
{
  gboolean has_captcha;
  gboolean takes_tokens;
  gboolean has_token;
} LinnetRefusalContext;

/* What a server means that answers a submitted form so; and one that gives no form. */
LinnetError linnet_registration_explain_refusal (const XmppRegisterReply *reply,
                                                 const LinnetRefusalContext *context);
LinnetError linnet_registration_explain_no_form (const XmppRegisterReply *reply,
                                                 const LinnetRefusalContext *context);

/* ---- linnet-registration-flow.c: the fibers of the verbs; @data: see there ---- */

typedef struct
{
  LinnetRegistration *self;
  guint generation;
} LinnetRegistrationStep;

DexFuture *linnet_registration_start_fiber (gpointer data);
DexFuture *linnet_registration_refresh_fiber (gpointer data);
DexFuture *linnet_registration_submit_fiber (gpointer data);

G_END_DECLS
