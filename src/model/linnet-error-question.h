/* What a person has to be asked before an account can sign in again
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  LINNET_ERROR_QUESTION_NONE, /* all that helps is to try again, or not even that */
  LINNET_ERROR_QUESTION_PASSWORD,
  LINNET_ERROR_QUESTION_PLAIN,       /* may the server see the password itself? then the password */
  LINNET_ERROR_QUESTION_CERTIFICATE, /* show it, see linnet_certificate_problem_from_error() */
  LINNET_ERROR_QUESTION_AUTHORITY,   /* see linnet_account_accept_authority() */
} LinnetErrorQuestion;

/* The single place that says which errors ask for what. */
LinnetErrorQuestion linnet_error_question_from_error (const GError *error);

G_END_DECLS
