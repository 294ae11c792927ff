/* What a person has to be asked before an account can sign in again
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-error-question"

#include "config.h"

#include "linnet-error-question.h"
#include "linnet-error.h"

/* Only what a password can help against asks for one: anything more would hand it to the wrong server. */
static const struct
{
  LinnetError error;
  LinnetErrorQuestion question;
} questions[] = {
  { LINNET_ERROR_CERTIFICATE, LINNET_ERROR_QUESTION_CERTIFICATE },
  { LINNET_ERROR_CERTIFICATE_CHANGED, LINNET_ERROR_QUESTION_CERTIFICATE },
  { LINNET_ERROR_WRONG_PASSWORD, LINNET_ERROR_QUESTION_PASSWORD },
  { LINNET_ERROR_NO_PASSWORD, LINNET_ERROR_QUESTION_PASSWORD },
  { LINNET_ERROR_KEYRING_LOCKED, LINNET_ERROR_QUESTION_PASSWORD },
  { LINNET_ERROR_KEYRING_MISSING, LINNET_ERROR_QUESTION_PASSWORD },
  { LINNET_ERROR_PLAIN_CONSENT, LINNET_ERROR_QUESTION_PLAIN },
  { LINNET_ERROR_AUTHORITY_CHANGED, LINNET_ERROR_QUESTION_AUTHORITY },
};

/**
 * linnet_error_question_from_error:
 * @error: (nullable): LinnetAccount:error, or what an attempt to sign in ended with
 *
 * Returns: the question whose answer lets the account sign in again
 */
LinnetErrorQuestion
linnet_error_question_from_error (const GError *error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      if (g_error_matches (error, LINNET_ERROR, (int) questions[i].error))
        return questions[i].question;
    }

  return LINNET_ERROR_QUESTION_NONE;
}
