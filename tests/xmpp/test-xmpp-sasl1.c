/* Tests of signing in by RFC 6120: security.md A4 to A6
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "login-fixture.h"

#define UNBOUND_FEATURES MECHANISMS (MECHANISM ("SCRAM-SHA-1") MECHANISM ("PLAIN"))
#define BOUND_FEATURES MECHANISMS (MECHANISM ("SCRAM-SHA-1") MECHANISM ("SCRAM-SHA-1-PLUS")) BOTH_BINDINGS

#define UNBOUND_START                                                            \
  OPEN (UNBOUND_FEATURES),                                                       \
  {                                                                              \
    .c = AUTH ("SCRAM-SHA-1", UNBOUND_FIRST), .s = CHALLENGE (UNBOUND_CHALLENGE) \
  }
#define BIND_STEPS                                     \
  OPEN (BIND),                                         \
  {                                                    \
    .c = BIND_C (), .s = BIND_S ("user@example.org/r") \
  }
#define UNBOUND_RESULT .mechanism = "SCRAM-SHA-1", .remembered_mechanism = "SCRAM-SHA-1"

static const LoginRow good[] = {
  {
      .name = "unbound",
      .steps = {
          UNBOUND_START,
          { .c = RESPONSE (UNBOUND_RESPONSE), .s = SUCCESS (UNBOUND_FINAL) },
          BIND_STEPS,
      },
      UNBOUND_RESULT,
  },
  {
      .name = "final-message-as-a-challenge",
      .steps = {
          UNBOUND_START,
          { .c = RESPONSE (UNBOUND_RESPONSE), .s = CHALLENGE (UNBOUND_FINAL) },
          { .c = RESPONSE (""), .s = SUCCESS ("") },
          BIND_STEPS,
      },
      UNBOUND_RESULT,
  },
  {
      .name = "exporter",
      .steps = {
          OPEN (BOUND_FEATURES),
          { .c = AUTH ("SCRAM-SHA-1-PLUS", EXPORTER_FIRST), .s = CHALLENGE (EXPORTER_CHALLENGE) },
          { .c = RESPONSE (EXPORTER_RESPONSE), .s = SUCCESS (EXPORTER_FINAL) },
          BIND_STEPS,
      },
      .mechanism = "SCRAM-SHA-1-PLUS",
      .binding = "tls-exporter",
      .remembered_mechanism = "SCRAM-SHA-1-PLUS",
      .remembered_binding = "tls-exporter",
  },
  {
      .name = "end-point",
      .no_exporter = TRUE,
      .steps = {
          OPEN (MECHANISMS (MECHANISM ("SCRAM-SHA-256-PLUS") MECHANISM ("SCRAM-SHA-1-PLUS")) BOTH_BINDINGS),
          { .c = AUTH ("SCRAM-SHA-256-PLUS", END_POINT_FIRST), .s = CHALLENGE (END_POINT_CHALLENGE) },
          { .c = RESPONSE (END_POINT_RESPONSE), .s = SUCCESS (END_POINT_FINAL) },
          BIND_STEPS,
      },
      .mechanism = "SCRAM-SHA-256-PLUS",
      .binding = "tls-server-end-point",
      .remembered_mechanism = "SCRAM-SHA-256-PLUS",
      .remembered_binding = "tls-server-end-point",
  },
  {
      .name = "no-binding-in-common-but-proof-of-the-offer",
      .steps = {
          OPEN (NO_COMMON_BINDING),
          { .c = AUTH ("SCRAM-SHA-1", PROVEN_FIRST), .s = CHALLENGE (PROVEN_CHALLENGE) },
          { .c = RESPONSE (PROVEN_RESPONSE), .s = SUCCESS (PROVEN_FINAL) },
          BIND_STEPS,
      },
      UNBOUND_RESULT,
  },
  {
      .name = "plain-with-consent",
      .consent = TRUE,
      .steps = {
          OPEN (MECHANISMS (MECHANISM ("PLAIN"))),
          { .c = AUTH ("PLAIN", PLAIN_FIRST), .s = SUCCESS ("") },
          BIND_STEPS,
      },
      .mechanism = "PLAIN",
      .remembered_mechanism = "PLAIN",
  },
  {
      .name = "memory-only-grows",
      .memory_mechanism = "PLAIN",
      .memory_sasl2 = TRUE,
      .steps = {
          UNBOUND_START,
          { .c = RESPONSE (UNBOUND_RESPONSE), .s = SUCCESS (UNBOUND_FINAL) },
          BIND_STEPS,
      },
      UNBOUND_RESULT,
      .remembered_sasl2 = TRUE,
  },
};

static const LoginRow bad[] = {
  {
      .name = "no-signature",
      .steps = { UNBOUND_START, { .c = RESPONSE (UNBOUND_RESPONSE), .s = SUCCESS ("") } },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_SERVER_UNTRUSTED,
  },
  {
      .name = "wrong-signature",
      .steps = { UNBOUND_START, { .c = RESPONSE (UNBOUND_RESPONSE), .s = SUCCESS (EXPORTER_FINAL) } },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_SERVER_UNTRUSTED,
  },
  {
      .name = "success-at-once",
      .steps = {
          OPEN (UNBOUND_FEATURES),
          { .c = AUTH ("SCRAM-SHA-1", UNBOUND_FIRST), .s = SUCCESS (UNBOUND_FINAL) },
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_SERVER_UNTRUSTED,
  },
  {
      .name = "one-iteration",
      .steps = {
          OPEN (UNBOUND_FEATURES),
          {
              .c = AUTH ("SCRAM-SHA-1", UNBOUND_FIRST),
              /* …,i=1 */
              .s = CHALLENGE ("cj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0x4LHM9UVNYQyxpPTE="),
          },
          { .c = "<abort xmlns='" SASL "'/>" },
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_MALFORMED,
  },
  {
      .name = "challenge-not-base64",
      .steps = {
          OPEN (UNBOUND_FEATURES),
          { .c = AUTH ("SCRAM-SHA-1", UNBOUND_FIRST), .s = CHALLENGE ("r=fyko") },
          { .c = "<abort xmlns='" SASL "'/>" },
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_MALFORMED,
  },
  {
      .name = "offer-changed-on-its-way",
      .steps = {
          /* PROVEN_CHALLENGE is about another offer. */
          OPEN (UNBOUND_FEATURES),
          { .c = AUTH ("SCRAM-SHA-1", UNBOUND_FIRST), .s = CHALLENGE (PROVEN_CHALLENGE) },
          { .c = "<abort xmlns='" SASL "'/>" },
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_DOWNGRADE,
  },
  {
      .name = "no-binding-in-common-and-no-proof-of-the-offer",
      .steps = {
          OPEN (NO_COMMON_BINDING),
          { .c = AUTH ("SCRAM-SHA-1", PROVEN_FIRST), .s = CHALLENGE (UNBOUND_CHALLENGE) },
          { .c = "<abort xmlns='" SASL "'/>" },
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_CHANNEL_BINDING,
  },
  {
      .name = "plain-without-consent",
      .steps = { OPEN (MECHANISMS (MECHANISM ("PLAIN"))) },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_PLAIN_CONSENT,
  },
  {
      .name = "plain-never-again",
      .consent = TRUE,
      .memory_mechanism = "SCRAM-SHA-1",
      .steps = { OPEN (MECHANISMS (MECHANISM ("PLAIN"))) },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_DOWNGRADE,
  },
  {
      .name = "weaker-than-before",
      .memory_mechanism = "SCRAM-SHA-256-PLUS",
      .memory_binding = "tls-exporter",
      .steps = { OPEN (BOUND_FEATURES) },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_DOWNGRADE,
  },
  {
      .name = "channel-binding-stripped",
      .steps = { OPEN (UNBOUND_FEATURES BOTH_BINDINGS) },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_CHANNEL_BINDING,
  },
  {
      .name = "token-of-another-channel-before",
      .must_bind = TRUE,
      .steps = { OPEN (UNBOUND_FEATURES) },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_CHANNEL_BINDING,
  },
  {
      .name = "only-a-token",
      .no_password = TRUE,
      .token_mechanism = "HT-SHA-256-EXPR",
      .steps = { OPEN (UNBOUND_FEATURES) },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_TOKEN_REJECTED,
  },
};

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  login_rows_add ("/xmpp/sasl1/", good, G_N_ELEMENTS (good));
  login_rows_add ("/xmpp/sasl1/", bad, G_N_ELEMENTS (bad));

  return g_test_run ();
}
