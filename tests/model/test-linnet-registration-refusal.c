/* Tests of what servers mean that refuse a registration
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-registration-private.h"
#include "linnet-test.h"

#define ON(condition) XMPP_STANZA_ERROR_##condition
#define IS(code_) .code = LINNET_ERROR_##code_

/* Words as of Prosody 13 and ejabberd 24. */
static const struct
{
  XmppStanzaError condition;
  const char *type;
  const char *text;
  gboolean has_captcha, takes_tokens, has_token;
  LinnetError code;
} rows[] = {
  { ON (CONFLICT), "cancel", "The requested username already exists.", IS (NAME_TAKEN) },
  { ON (CONFLICT), "cancel", "Captcha password", .has_captcha = TRUE, IS (NAME_TAKEN) },
  { ON (NOT_ACCEPTABLE), "modify", "The requested username is invalid.", IS (BAD_NAME) },
  { ON (JID_MALFORMED), "modify", NULL, IS (BAD_NAME) },
  { ON (NOT_ACCEPTABLE), "modify", "Please use a longer password.", IS (WEAK_PASSWORD) },
  { ON (NOT_ACCEPTABLE), "modify", "The password is too weak", IS (WEAK_PASSWORD) },
  { ON (NOT_ACCEPTABLE),
    "modify",
    "The password contains unacceptable characters",
    IS (BAD_PASSWORD) },
  { ON (NOT_ALLOWED),
    "cancel",
    "The CAPTCHA verification has failed",
    .has_captcha = TRUE,
    IS (WRONG_CAPTCHA) },
  { ON (NOT_ACCEPTABLE), "cancel", NULL, .has_captcha = TRUE, IS (WRONG_CAPTCHA) },
  { ON (NOT_ACCEPTABLE), "cancel", NULL, IS (FORM_REFUSED) },
  { ON (NOT_ACCEPTABLE), "modify", "Not what the picture shows", .has_captcha = TRUE, IS (WRONG_CAPTCHA) },
  { ON (NOT_ACCEPTABLE), "modify", "An email address is needed", .has_captcha = TRUE, IS (FORM_REFUSED) },
  { ON (NOT_ACCEPTABLE), "modify", "Email: Required value missing", IS (FORM_INCOMPLETE) },
  { ON (RESOURCE_CONSTRAINT),
    "wait",
    "Users are not allowed to register accounts so quickly",
    IS (REGISTRATION_LIMIT) },
  { ON (POLICY_VIOLATION), "wait", NULL, IS (REGISTRATION_LIMIT) },
  { ON (NOT_ACCEPTABLE),
    "modify",
    "Too many registrations from this IP address recently",
    IS (REGISTRATION_LIMIT) },
  { ON (NOT_ALLOWED), "cancel", NULL, IS (REGISTRATION_CLOSED) },
  { ON (FORBIDDEN), "auth", "Access denied by service policy", IS (REGISTRATION_CLOSED) },
  { ON (SERVICE_UNAVAILABLE), "cancel", NULL, IS (REGISTRATION_CLOSED) },
  { ON (FORBIDDEN),
    "auth",
    NULL,
    .takes_tokens = TRUE,
    IS (REGISTRATION_NEEDS_INVITE) },
  { ON (NOT_ACCEPTABLE),
    "modify",
    "Registration on this server is through invitation only",
    .takes_tokens = TRUE,
    IS (REGISTRATION_NEEDS_INVITE) },
  { ON (NOT_ALLOWED),
    "cancel",
    "The invite token is invalid or expired",
    .takes_tokens = TRUE,
    .has_token = TRUE,
    IS (BAD_TOKEN) },
  { ON (INTERNAL_SERVER_ERROR), "wait", "Failed to write data to disk.", IS (TRY_LATER) },
  { ON (UNDEFINED_CONDITION), "wait", NULL, IS (TRY_LATER) },
  { ON (UNDEFINED_CONDITION), NULL, "Nope", IS (FORM_REFUSED) },
};

static void
test_refusal (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const XmppRegisterReply reply = {
        .condition = rows[i].condition,
        .type = (char *) rows[i].type,
        .text = (char *) rows[i].text,
      };
      const LinnetRefusalContext context = {
        .has_captcha = rows[i].has_captcha,
        .takes_tokens = rows[i].takes_tokens,
        .has_token = rows[i].has_token,
      };

      g_test_message ("%s", rows[i].text != NULL ? rows[i].text : "no text");
      g_assert_cmpint (linnet_registration_explain_refusal (&reply, &context), ==, rows[i].code);
    }
}

static const struct
{
  XmppStanzaError condition;
  gboolean takes_tokens, has_token;
  LinnetError code;
} no_form_rows[] = {
  { ON (SERVICE_UNAVAILABLE), FALSE, FALSE, LINNET_ERROR_REGISTRATION_CLOSED },
  { ON (BAD_REQUEST), FALSE, FALSE, LINNET_ERROR_REGISTRATION_CLOSED },
  { ON (CONFLICT), FALSE, FALSE, LINNET_ERROR_REGISTRATION_CLOSED },
  { ON (NOT_ALLOWED), TRUE, FALSE, LINNET_ERROR_REGISTRATION_NEEDS_INVITE },
  { ON (NOT_ALLOWED), TRUE, TRUE, LINNET_ERROR_BAD_TOKEN },
  { ON (RESOURCE_CONSTRAINT), TRUE, TRUE, LINNET_ERROR_REGISTRATION_LIMIT },
  { ON (INTERNAL_SERVER_ERROR), FALSE, FALSE, LINNET_ERROR_TRY_LATER },
};

static void
test_no_form (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (no_form_rows); i++)
    {
      const XmppRegisterReply reply = { .condition = no_form_rows[i].condition };
      const LinnetRefusalContext context = {
        .takes_tokens = no_form_rows[i].takes_tokens,
        .has_token = no_form_rows[i].has_token,
      };

      g_assert_cmpint (
          linnet_registration_explain_no_form (&reply, &context), ==, no_form_rows[i].code);
    }
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/model/registration-refusal/refusal", test_refusal);
  g_test_add_func ("/model/registration-refusal/no-form", test_no_form);

  return g_test_run ();
}
