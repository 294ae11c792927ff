/* Tests of how an authentication ends
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "login-fixture.h"

/* No channel binding, so the answer cannot be about it. */
#define PLAIN_ROW(name_, answer, domain_, code_)                                  \
  {                                                                               \
    .name = name_, .memory_mechanism = "PLAIN", .domain = domain_, .code = code_, \
    .steps = { OPEN (MECHANISMS (MECHANISM ("PLAIN"))),                           \
               { .c = AUTH ("PLAIN", PLAIN_FIRST), .s = answer } }                \
  }
#define PLAIN_FAILURE(condition, code_) \
  PLAIN_ROW (condition, FAILURE ("<" condition "/>"), xmpp_sasl_error_quark, code_)

#define EXPORTER_ROW(name_, answer, code_)                              \
  {                                                                     \
    .name = name_, .domain = xmpp_sasl_error_quark, .code = code_,      \
    .steps = {                                                          \
      OPEN (MECHANISMS (MECHANISM ("SCRAM-SHA-1-PLUS")) BOTH_BINDINGS), \
      { .c = AUTH ("SCRAM-SHA-1-PLUS", EXPORTER_FIRST), .s = answer }   \
    }                                                                   \
  }

#define SASL2_ROW(name_, answer, domain_, code_)                                                         \
  {                                                                                                      \
    .name = name_, .memory_mechanism = "PLAIN", .no_user_agent = TRUE, .domain = domain_, .code = code_, \
    .steps = {                                                                                           \
      OPEN ("<authentication xmlns='" SASL2 "'>" MECHANISM ("PLAIN") "</authentication>"),               \
      { .c = "<authenticate xmlns='" SASL2 "' mechanism='PLAIN'>"                                        \
             "<initial-response>" PLAIN_FIRST "</initial-response>"                                      \
             "<user-agent><software>Linnet</software></user-agent></authenticate>",                      \
        .s = answer }                                                                                    \
    }                                                                                                    \
  }

#define SASL2_FAILURE(name_, condition)                            \
  SASL2_ROW (name_,                                                \
             "<failure xmlns='" SASL2 "'>" condition "</failure>", \
             xmpp_sasl_error_quark,                                \
             XMPP_SASL_ERROR_ACCOUNT_DISABLED)

static const LoginRow rows[] = {
  /* RFC 6120 section 6.5 */
  PLAIN_FAILURE ("not-authorized", XMPP_SASL_ERROR_NOT_AUTHORIZED),
  PLAIN_FAILURE ("account-disabled", XMPP_SASL_ERROR_ACCOUNT_DISABLED),
  PLAIN_FAILURE ("credentials-expired", XMPP_SASL_ERROR_CREDENTIALS_EXPIRED),
  PLAIN_FAILURE ("temporary-auth-failure", XMPP_SASL_ERROR_TEMPORARY),
  PLAIN_FAILURE ("aborted", XMPP_SASL_ERROR_ABORTED),
  PLAIN_FAILURE ("malformed-request", XMPP_SASL_ERROR_MALFORMED),
  PLAIN_FAILURE ("incorrect-encoding", XMPP_SASL_ERROR_MALFORMED),
  PLAIN_FAILURE ("invalid-mechanism", XMPP_SASL_ERROR_NO_MECHANISM),
  PLAIN_FAILURE ("mechanism-too-weak", XMPP_SASL_ERROR_NO_MECHANISM),
  PLAIN_FAILURE ("encryption-required", XMPP_SASL_ERROR_REMOTE_OTHER),
  PLAIN_FAILURE ("bad-protocol", XMPP_SASL_ERROR_REMOTE_OTHER),
  PLAIN_ROW ("no-condition", FAILURE (""), xmpp_sasl_error_quark, XMPP_SASL_ERROR_REMOTE_OTHER),
  PLAIN_ROW ("text-does-not-count-without-binding",
             FAILURE ("<not-authorized/><text>Invalid channel binding</text>"),
             xmpp_sasl_error_quark,
             XMPP_SASL_ERROR_NOT_AUTHORIZED),

  /* What servers say when the channel is not theirs. */
  EXPORTER_ROW ("binding/wrong-password", FAILURE ("<not-authorized/>"), XMPP_SASL_ERROR_NOT_AUTHORIZED),
  EXPORTER_ROW ("binding/malformed", FAILURE ("<malformed-request/>"), XMPP_SASL_ERROR_CHANNEL_BINDING),
  EXPORTER_ROW ("binding/text",
                FAILURE ("<not-authorized/><text xml:lang='en'>Invalid channel binding</text>"),
                XMPP_SASL_ERROR_CHANNEL_BINDING),
  EXPORTER_ROW ("binding/error-in-scram", /* e=channel-bindings-dont-match */
                SUCCESS ("ZT1jaGFubmVsLWJpbmRpbmdzLWRvbnQtbWF0Y2g="),
                XMPP_SASL_ERROR_SERVER_UNTRUSTED),

  /* What must not come now. */
  PLAIN_ROW ("odd/stanza",
             "<message><body>Hi</body></message>",
             xmpp_stream_error_quark,
             XMPP_STREAM_ERROR_PROTOCOL),
  PLAIN_ROW ("odd/features", "<stream:features/>", xmpp_stream_error_quark, XMPP_STREAM_ERROR_PROTOCOL),
  PLAIN_ROW ("odd/other-profile",
             "<success xmlns='" SASL2 "'/>",
             xmpp_stream_error_quark,
             XMPP_STREAM_ERROR_PROTOCOL),
  PLAIN_ROW ("odd/no-namespace", "<success/>", xmpp_stream_error_quark, XMPP_STREAM_ERROR_PROTOCOL),
  PLAIN_ROW ("odd/continue-in-sasl-1",
             "<continue xmlns='" SASL2 "'/>",
             xmpp_stream_error_quark,
             XMPP_STREAM_ERROR_PROTOCOL),
  PLAIN_ROW ("odd/end", "</stream:stream>", xmpp_stream_error_quark, XMPP_STREAM_ERROR_CLOSED),
  PLAIN_ROW ("odd/stream-error",
             "<stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
             xmpp_stream_error_quark,
             XMPP_STREAM_ERROR_POLICY_VIOLATION),
  {
      .name = "odd/challenge-to-plain",
      .memory_mechanism = "PLAIN",
      .steps = {
          OPEN (MECHANISMS (MECHANISM ("PLAIN"))),
          { .c = AUTH ("PLAIN", PLAIN_FIRST), .s = CHALLENGE ("eA==") },
          { .c = "<abort xmlns='" SASL "'/>" },
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_MALFORMED,
  },
  {
      .name = "odd/challenges-without-end",
      .steps = {
          OPEN (MECHANISMS (MECHANISM ("SCRAM-SHA-1"))),
          { .c = AUTH ("SCRAM-SHA-1", UNBOUND_FIRST), .s = CHALLENGE (UNBOUND_CHALLENGE) },
          { .c = RESPONSE (UNBOUND_RESPONSE), .s = CHALLENGE (UNBOUND_FINAL) },
          { .c = RESPONSE (""), .s = CHALLENGE (UNBOUND_FINAL) },
          { .c = "<abort xmlns='" SASL "'/>" },
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_SERVER_UNTRUSTED,
  },

  /* SASL 2 */
  SASL2_FAILURE ("sasl2/condition-of-sasl-1", "<account-disabled xmlns='" SASL "'/>"),
  SASL2_FAILURE ("sasl2/condition-of-its-own", "<account-disabled/>"),
  SASL2_ROW ("sasl2/other-profile", SUCCESS (""), xmpp_stream_error_quark, XMPP_STREAM_ERROR_PROTOCOL),
  {
      .name = "sasl2/tasks",
      .memory_mechanism = "PLAIN",
      .no_user_agent = TRUE,
      .steps = {
          OPEN ("<authentication xmlns='" SASL2 "'>" MECHANISM ("PLAIN") "</authentication>"),
          {
              .c = "<authenticate xmlns='" SASL2 "' mechanism='PLAIN'>"
                   "<initial-response>" PLAIN_FIRST "</initial-response>"
                   "<user-agent><software>Linnet</software></user-agent></authenticate>",
              .s = "<continue xmlns='" SASL2 "'><tasks><task>TOTP-EXAMPLE</task></tasks></continue>",
          },
          { .c = "<abort xmlns='" SASL2 "'/>" },
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_TASK_REQUIRED,
  },
};

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  login_rows_add ("/xmpp/sasl-exchange/", rows, G_N_ELEMENTS (rows));

  return g_test_run ();
}
