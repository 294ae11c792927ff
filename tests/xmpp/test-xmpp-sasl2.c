/* Tests of signing in by SASL 2, Bind 2 and FAST: security.md A4 to A6, A8, R6
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-spawn.h"
#include "linnet-test-stream.h"
#include "login-fixture.h"

#define SCRAM_MECHANISMS MECHANISM ("SCRAM-SHA-1") MECHANISM ("SCRAM-SHA-1-PLUS")
#define AUTHENTICATION(mechanisms, offer) \
  "<authentication xmlns='" SASL2 "'>" mechanisms "<inline>" offer "</inline></authentication>"
#define BIND2(offer) "<bind xmlns='urn:xmpp:bind:0'><inline>" offer "</inline></bind>"
#define FEATURE(var) "<feature var='" var "'/>"
#define ALL_BIND2 BIND2 (FEATURE ("urn:xmpp:carbons:2") FEATURE ("urn:xmpp:csi:0") FEATURE ("urn:xmpp:sm:3"))
#define ALL_FAST                                                 \
  "<fast xmlns='urn:xmpp:fast:0'>" MECHANISM ("HT-SHA-256-NONE") \
      MECHANISM ("HT-SHA-256-UNIQ")                              \
          MECHANISM ("HT-SHA-256-ENDP")                          \
              MECHANISM ("HT-SHA-256-EXPR") "</fast>"

/* Like a Prosody with everything, and one with little. */
#define FULL_FEATURES AUTHENTICATION (SCRAM_MECHANISMS, SM ALL_BIND2 ALL_FAST) BOTH_BINDINGS
#define NO_INLINE_FEATURES \
  "<authentication xmlns='" SASL2 "'>" SCRAM_MECHANISMS "</authentication>" BOTH_BINDINGS

#define AUTHENTICATE(mechanism, initial, wishes)               \
  "<authenticate xmlns='" SASL2 "' mechanism='" mechanism "'>" \
  "<initial-response>" initial "</initial-response>"           \
  "<user-agent id='" USER_AGENT "'><software>Linnet</software></user-agent>" wishes "</authenticate>"
#define SCRAM_AUTHENTICATE(wishes) AUTHENTICATE ("SCRAM-SHA-1-PLUS", EXPORTER_FIRST, wishes)
#define ANONYMOUS_AUTHENTICATE(initial, wishes)                   \
  "<authenticate xmlns='" SASL2 "' mechanism='SCRAM-SHA-1-PLUS'>" \
  "<initial-response>" initial "</initial-response>"              \
  "<user-agent><software>Linnet</software></user-agent>" wishes "</authenticate>"
#define BIND2_C(wishes) "<bind xmlns='urn:xmpp:bind:0'><tag>Linnet</tag>" wishes "</bind>"
#define OTHER_BIND2_C "<bind xmlns='urn:xmpp:bind:0'><tag>Linnet-4f</tag></bind>"
#define ALL_BIND2_C                                        \
  BIND2_C ("<enable xmlns='urn:xmpp:carbons:2'/>"          \
           "<enable xmlns='urn:xmpp:sm:3' resume='true'/>" \
           "<active xmlns='urn:xmpp:csi:0'/>")
#define RESUME_C "<resume xmlns='urn:xmpp:sm:3' previd='old' h='7'/>"
#define EVERYTHING_C ALL_BIND2_C "<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-EXPR'/>"
#define FAST_C "<fast xmlns='urn:xmpp:fast:0'/>"
#define COUNTED_FAST_C "<fast xmlns='urn:xmpp:fast:0' count='3'/>"
#define REVOKE_C "<fast xmlns='urn:xmpp:fast:0' invalidate='true'/>"

#define CHALLENGE2(data) "<challenge xmlns='" SASL2 "'>" data "</challenge>"
#define RESPONSE2(data) "<response xmlns='" SASL2 "'>" data "</response>"
#define FAILURE2(condition) "<failure xmlns='" SASL2 "'><" condition " xmlns='" SASL "'/></failure>"
#define SUCCESS2(data, jid, results)                                       \
  "<success xmlns='" SASL2 "'><additional-data>" data "</additional-data>" \
  "<authorization-identifier>" jid "</authorization-identifier>" results "</success>"
#define UNPROVEN_SUCCESS2       \
  "<success xmlns='" SASL2 "'>" \
  "<authorization-identifier>" FULL_JID "</authorization-identifier></success>"
#define NAMELESS_SUCCESS2 \
  "<success xmlns='" SASL2 "'><additional-data>" EXPORTER_FINAL "</additional-data></success>"
#define FEATURES_S "<stream:features>" BIND "</stream:features>"
#define SM_FEATURES_S "<stream:features>" BIND SM "</stream:features>"
#define BOUND_S(results) "<bound xmlns='urn:xmpp:bind:0'>" results "</bound>"
#define BIND2_FAILED_S "<failed xmlns='urn:xmpp:bind:0'/>"
#define ENABLED_S "<enabled xmlns='urn:xmpp:sm:3' id='new' resume='1' max='600'/>"
#define RESUMED_S(h, previd) "<resumed xmlns='urn:xmpp:sm:3' h='" h "' previd='" previd "'/>"
#define SM_FAILED_S(h) \
  "<failed xmlns='urn:xmpp:sm:3'" h "><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>"
#define TOKEN_S \
  "<token xmlns='urn:xmpp:fast:0' expiry='2026-12-01T00:00:00Z' token='secret-token:fast-5678'/>"
#define LONG_TOKEN_S(token) "<token xmlns='urn:xmpp:fast:0' token='" token "'/>"
#define TASKS_S "<continue xmlns='" SASL2 "'><tasks><task>TOTP-EXAMPLE</task></tasks></continue>"
#define STREAM_ERROR_S \
  "<stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"

/* A new session with everything; @results: what else came of it. */
#define BOUND_SUCCESS2(data, results) SUCCESS2 (data, FULL_JID, results BOUND_S (ENABLED_S)) FEATURES_S

#define BARE_JID "user@example.org"
#define FULL_JID "user@example.org/Linnet~1"
#define OTHER_JID "other@example.org"
#define OLD_JID "user@example.org/old"

#define PASSWORD(wishes, answer)                                           \
  OPEN (FULL_FEATURES),                                                    \
      STEP (SCRAM_AUTHENTICATE (wishes), CHALLENGE2 (EXPORTER_CHALLENGE)), \
      STEP (RESPONSE2 (EXPORTER_RESPONSE), answer)
#define TOKEN(wishes, answer) \
  OPEN (FULL_FEATURES), STEP (AUTHENTICATE ("HT-SHA-256-EXPR", TOKEN_FIRST, wishes), answer)

#define PASSWORD_RESULT                       \
  .sasl2 = TRUE,                              \
  .mechanism = "SCRAM-SHA-1-PLUS",            \
  .binding = "tls-exporter",                  \
  .remembered_mechanism = "SCRAM-SHA-1-PLUS", \
  .remembered_binding = "tls-exporter",       \
  .remembered_sasl2 = TRUE
#define TOKEN_RESULT \
  .sasl2 = TRUE, .mechanism = "HT-SHA-256-EXPR", .binding = "tls-exporter", .remembered_sasl2 = TRUE
#define NEW_SESSION \
  .full_jid = FULL_JID, .sm_enabled = TRUE, .new_sm_id = "new", .max = 600, .carbons = TRUE, .csi = TRUE
#define OLD_SESSION \
  .full_jid = OLD_JID, .resumed = TRUE, .sm_enabled = TRUE, .sm_h_known = TRUE, .new_sm_id = "old"
#define NEW_TOKEN                           \
  .new_token = "secret-token:fast-5678",    \
  .new_token_mechanism = "HT-SHA-256-EXPR", \
  .expiry = 1796083200

static char *
success_with_long_token (LinnetTestServer *server,
                         gpointer user_data)
{
  g_autofree char *token = g_strnfill (4097, 'x');

  return g_strdup_printf (BOUND_SUCCESS2 (EXPORTER_FINAL, LONG_TOKEN_S ("%s")), token);
}

static const LoginRow password_rows[] = {
  {
      .name = "password/everything",
      .steps = {
          PASSWORD (EVERYTHING_C, BOUND_SUCCESS2 (EXPORTER_FINAL, TOKEN_S)),
      },
      PASSWORD_RESULT,
      NEW_SESSION,
      NEW_TOKEN,
  },
  {
      .name = "password/nothing-inline",
      .steps = {
          OPEN (AUTHENTICATION (SCRAM_MECHANISMS, "") BOTH_BINDINGS),
          STEP (SCRAM_AUTHENTICATE (""), CHALLENGE2 (EXPORTER_CHALLENGE)),
          STEP (RESPONSE2 (EXPORTER_RESPONSE), SUCCESS2 (EXPORTER_FINAL, BARE_JID, "") FEATURES_S),
          STEP (BIND_C (), BIND_S ("user@example.org/r")),
      },
      PASSWORD_RESULT,
  },
  {
      .name = "password/no-inline-element",
      .steps = {
          OPEN (NO_INLINE_FEATURES),
          STEP (SCRAM_AUTHENTICATE (""), CHALLENGE2 (EXPORTER_CHALLENGE)),
          STEP (RESPONSE2 (EXPORTER_RESPONSE), SUCCESS2 (EXPORTER_FINAL, BARE_JID, "") FEATURES_S),
          STEP (BIND_C (), BIND_S ("user@example.org/r")),
      },
      PASSWORD_RESULT,
  },
  {
      .name = "password/bind-without-anything",
      .steps = {
          OPEN (AUTHENTICATION (SCRAM_MECHANISMS, BIND2 ("")) BOTH_BINDINGS),
          STEP (SCRAM_AUTHENTICATE (BIND2_C ("")), CHALLENGE2 (EXPORTER_CHALLENGE)),
          STEP (RESPONSE2 (EXPORTER_RESPONSE), SUCCESS2 (EXPORTER_FINAL, FULL_JID, BOUND_S ("")) FEATURES_S),
      },
      PASSWORD_RESULT,
      .full_jid = FULL_JID,
  },
  {
      .name = "password/other-tag",
      .tag = "Linnet-4f",
      .steps = {
          OPEN (AUTHENTICATION (SCRAM_MECHANISMS, BIND2 ("")) BOTH_BINDINGS),
          STEP (SCRAM_AUTHENTICATE (OTHER_BIND2_C), CHALLENGE2 (EXPORTER_CHALLENGE)),
          STEP (RESPONSE2 (EXPORTER_RESPONSE), SUCCESS2 (EXPORTER_FINAL, FULL_JID, BOUND_S ("")) FEATURES_S),
      },
      PASSWORD_RESULT,
      .full_jid = FULL_JID,
  },
  {
      .name = "password/stream-management-failed",
      .steps = {
          PASSWORD (EVERYTHING_C, SUCCESS2 (EXPORTER_FINAL, FULL_JID, BOUND_S (SM_FAILED_S (""))) FEATURES_S),
      },
      PASSWORD_RESULT,
      .full_jid = FULL_JID,
      .carbons = TRUE,
      .csi = TRUE,
  },
  {
      .name = "password/bind-failed-goes-the-old-way",
      .steps = {
          PASSWORD (EVERYTHING_C, SUCCESS2 (EXPORTER_FINAL, BARE_JID, BIND2_FAILED_S) FEATURES_S),
          STEP (BIND_C (), BIND_S ("user@example.org/r")),
      },
      PASSWORD_RESULT,
  },
  {
      .name = "password/no-token-without-an-installation",
      .no_user_agent = TRUE,
      .steps = {
          OPEN (FULL_FEATURES),
          STEP (ANONYMOUS_AUTHENTICATE (EXPORTER_FIRST, ALL_BIND2_C), CHALLENGE2 (EXPORTER_CHALLENGE)),
          STEP (RESPONSE2 (EXPORTER_RESPONSE), BOUND_SUCCESS2 (EXPORTER_FINAL, TOKEN_S)),
      },
      PASSWORD_RESULT,
      NEW_SESSION,
  },
  {
      .name = "password/token-too-long",
      .steps = {
          OPEN (FULL_FEATURES),
          STEP (SCRAM_AUTHENTICATE (EVERYTHING_C), CHALLENGE2 (EXPORTER_CHALLENGE)),
          { .c = RESPONSE2 (EXPORTER_RESPONSE), .reply = success_with_long_token },
      },
      PASSWORD_RESULT,
      NEW_SESSION,
  },
  {
      .name = "password/no-token-without-channel-binding",
      .no_exporter = TRUE,
      .no_end_point = TRUE,
      .steps = {
          OPEN (AUTHENTICATION (MECHANISM ("SCRAM-SHA-1"), ALL_BIND2 ALL_FAST)),
          STEP (AUTHENTICATE ("SCRAM-SHA-1", UNBOUND_FIRST, ALL_BIND2_C), CHALLENGE2 (UNBOUND_CHALLENGE)),
          STEP (RESPONSE2 (UNBOUND_RESPONSE), BOUND_SUCCESS2 (UNBOUND_FINAL, "")),
      },
      NEW_SESSION,
      .sasl2 = TRUE,
      .mechanism = "SCRAM-SHA-1",
      .remembered_mechanism = "SCRAM-SHA-1",
      .remembered_sasl2 = TRUE,
  },
};

static const LoginRow resume_rows[] = {
  {
      .name = "resume/done",
      .sm_id = "old",
      .sm_h = 7,
      .jid = OLD_JID,
      .steps = {
          PASSWORD (RESUME_C EVERYTHING_C,
                    SUCCESS2 (EXPORTER_FINAL, BARE_JID, RESUMED_S ("4294967295", "old") TOKEN_S)),
      },
      PASSWORD_RESULT,
      NEW_TOKEN,
      OLD_SESSION,
      .new_sm_h = G_MAXUINT32,
  },
  {
      .name = "resume/server-tells-the-address",
      .sm_id = "old",
      .sm_h = 7,
      .steps = {
          PASSWORD (RESUME_C EVERYTHING_C, SUCCESS2 (EXPORTER_FINAL, OLD_JID, RESUMED_S ("1", "old"))),
      },
      PASSWORD_RESULT,
      OLD_SESSION,
      .new_sm_h = 1,
  },
  {
      .name = "resume/failed",
      .sm_id = "old",
      .sm_h = 7,
      .jid = OLD_JID,
      .steps = {
          PASSWORD (RESUME_C EVERYTHING_C, BOUND_SUCCESS2 (EXPORTER_FINAL, SM_FAILED_S (""))),
      },
      PASSWORD_RESULT,
      NEW_SESSION,
  },
  {
      .name = "resume/failed-with-count",
      .sm_id = "old",
      .sm_h = 7,
      .jid = OLD_JID,
      .steps = {
          PASSWORD (RESUME_C EVERYTHING_C, BOUND_SUCCESS2 (EXPORTER_FINAL, SM_FAILED_S (" h='9'"))),
      },
      PASSWORD_RESULT,
      NEW_SESSION,
      .sm_h_known = TRUE,
      .new_sm_h = 9,
  },
  {
      /* R4: no resource is bound before the old session was tried. */
      .name = "resume/not-inline",
      .sm_id = "old",
      .sm_h = 7,
      .jid = OLD_JID,
      .steps = {
          OPEN (AUTHENTICATION (SCRAM_MECHANISMS, ALL_BIND2) BOTH_BINDINGS),
          STEP (SCRAM_AUTHENTICATE (""), CHALLENGE2 (EXPORTER_CHALLENGE)),
          STEP (RESPONSE2 (EXPORTER_RESPONSE), SUCCESS2 (EXPORTER_FINAL, BARE_JID, "") SM_FEATURES_S),
          STEP (RESUME_C, RESUMED_S ("3", "old")),
      },
      PASSWORD_RESULT,
      OLD_SESSION,
      .new_sm_h = 3,
  },
  {
      .name = "resume/of-another-session",
      .sm_id = "old",
      .sm_h = 7,
      .jid = OLD_JID,
      .steps = {
          PASSWORD (RESUME_C EVERYTHING_C, SUCCESS2 (EXPORTER_FINAL, BARE_JID, RESUMED_S ("1", "other"))),
      },
      .domain = xmpp_stream_error_quark,
      .code = XMPP_STREAM_ERROR_PROTOCOL,
  },
  {
      .name = "resume/of-another-account",
      .sm_id = "old",
      .sm_h = 7,
      .jid = OLD_JID,
      .steps = {
          PASSWORD (RESUME_C EVERYTHING_C, SUCCESS2 (EXPORTER_FINAL, OTHER_JID, RESUMED_S ("1", "old"))),
      },
      .domain = xmpp_stream_error_quark,
      .code = XMPP_STREAM_ERROR_PROTOCOL,
  },
  {
      .name = "resume/without-count",
      .sm_id = "old",
      .sm_h = 7,
      .jid = OLD_JID,
      .steps = {
          PASSWORD (RESUME_C EVERYTHING_C, SUCCESS2 (EXPORTER_FINAL, BARE_JID, RESUMED_S ("", "old"))),
      },
      .domain = xmpp_stream_error_quark,
      .code = XMPP_STREAM_ERROR_PROTOCOL,
  },
  {
      /* Nobody asked: the rest must make sense by itself. */
      .name = "resume/unasked",
      .steps = {
          PASSWORD (EVERYTHING_C, BOUND_SUCCESS2 (EXPORTER_FINAL, RESUMED_S ("1", "old"))),
      },
      PASSWORD_RESULT,
      NEW_SESSION,
  },
};

static const LoginRow token_rows[] = {
  {
      .name = "token/in-one-round-trip",
      .token_mechanism = "HT-SHA-256-EXPR",
      .no_password = TRUE,
      .steps = {
          TOKEN (ALL_BIND2_C FAST_C, BOUND_SUCCESS2 (TOKEN_FINAL, "")),
      },
      TOKEN_RESULT,
      NEW_SESSION,
  },
  {
      .name = "token/counted",
      .token_mechanism = "HT-SHA-256-EXPR",
      .token_count = 3,
      .steps = {
          TOKEN (ALL_BIND2_C COUNTED_FAST_C, BOUND_SUCCESS2 (TOKEN_FINAL, "")),
      },
      TOKEN_RESULT,
      NEW_SESSION,
  },
  {
      .name = "token/rotated",
      .token_mechanism = "HT-SHA-256-EXPR",
      .memory_mechanism = "SCRAM-SHA-1-PLUS",
      .memory_binding = "tls-exporter",
      .steps = {
          TOKEN (ALL_BIND2_C FAST_C, BOUND_SUCCESS2 (TOKEN_FINAL, TOKEN_S)),
      },
      TOKEN_RESULT,
      NEW_SESSION,
      NEW_TOKEN,
      .remembered_mechanism = "SCRAM-SHA-1-PLUS",
      .remembered_binding = "tls-exporter",
  },
  {
      .name = "token/resumes",
      .token_mechanism = "HT-SHA-256-EXPR",
      .sm_id = "old",
      .sm_h = 7,
      .jid = OLD_JID,
      .steps = {
          TOKEN (RESUME_C ALL_BIND2_C FAST_C, SUCCESS2 (TOKEN_FINAL, OLD_JID, RESUMED_S ("2", "old"))),
      },
      TOKEN_RESULT,
      OLD_SESSION,
      .new_sm_h = 2,
  },
  {
      .name = "token/server-cannot-prove-itself",
      .token_mechanism = "HT-SHA-256-EXPR",
      .steps = {
          TOKEN (ALL_BIND2_C FAST_C, BOUND_SUCCESS2 (TOKEN_FIRST, "")),
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_SERVER_UNTRUSTED,
  },
  {
      .name = "token/server-does-not-prove-itself",
      .token_mechanism = "HT-SHA-256-EXPR",
      .steps = {
          TOKEN (ALL_BIND2_C FAST_C, UNPROVEN_SUCCESS2 FEATURES_S),
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_SERVER_UNTRUSTED,
  },
  {
      .name = "token/rejected-then-password",
      .token_mechanism = "HT-SHA-256-EXPR",
      .steps = {
          TOKEN (ALL_BIND2_C FAST_C, FAILURE2 ("not-authorized")),
          STEP (SCRAM_AUTHENTICATE (EVERYTHING_C), CHALLENGE2 (EXPORTER_CHALLENGE)),
          STEP (RESPONSE2 (EXPORTER_RESPONSE), BOUND_SUCCESS2 (EXPORTER_FINAL, TOKEN_S)),
      },
      PASSWORD_RESULT,
      NEW_SESSION,
      NEW_TOKEN,
      .fast_rejected = TRUE,
  },
  {
      .name = "token/expired-then-wrong-password",
      .token_mechanism = "HT-SHA-256-EXPR",
      .steps = {
          TOKEN (ALL_BIND2_C FAST_C, FAILURE2 ("credentials-expired")),
          STEP (SCRAM_AUTHENTICATE (EVERYTHING_C), FAILURE2 ("not-authorized")),
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_NOT_AUTHORIZED,
  },
  {
      .name = "token/rejected-and-closed",
      .token_mechanism = "HT-SHA-256-EXPR",
      .steps = {
          TOKEN (ALL_BIND2_C FAST_C, FAILURE2 ("not-authorized")),
          STEP (SCRAM_AUTHENTICATE (EVERYTHING_C), STREAM_ERROR_S "</stream:stream>"),
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_TOKEN_REJECTED,
  },
  {
      .name = "token/rejected-without-password",
      .token_mechanism = "HT-SHA-256-EXPR",
      .no_password = TRUE,
      .steps = {
          TOKEN (ALL_BIND2_C FAST_C, FAILURE2 ("not-authorized")),
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_TOKEN_REJECTED,
  },
  {
      .name = "token/temporary-failure-is-no-rejection",
      .token_mechanism = "HT-SHA-256-EXPR",
      .steps = {
          TOKEN (ALL_BIND2_C FAST_C, FAILURE2 ("temporary-auth-failure")),
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_TEMPORARY,
  },
  {
      .name = "token/another-channel-then-bound-password",
      .token_mechanism = "HT-SHA-256-EXPR",
      .steps = {
          TOKEN (ALL_BIND2_C FAST_C, FAILURE2 ("malformed-request")),
          STEP (SCRAM_AUTHENTICATE (EVERYTHING_C), FAILURE2 ("malformed-request")),
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_CHANNEL_BINDING,
  },
  {
      .name = "token/another-channel-and-no-bound-password",
      .token_mechanism = "HT-SHA-256-EXPR",
      .steps = {
          OPEN (AUTHENTICATION (MECHANISM ("SCRAM-SHA-1"), ALL_FAST)),
          STEP (AUTHENTICATE ("HT-SHA-256-EXPR", TOKEN_FIRST, FAST_C), FAILURE2 ("malformed-request")),
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_CHANNEL_BINDING,
  },
  {
      /* Whoever asks for the password on the next stream may be the same as on this one (A4). */
      .name = "token/another-channel-and-closed",
      .token_mechanism = "HT-SHA-256-EXPR",
      .steps = {
          TOKEN (ALL_BIND2_C FAST_C, FAILURE2 ("malformed-request")),
          STEP (SCRAM_AUTHENTICATE (EVERYTHING_C), STREAM_ERROR_S "</stream:stream>"),
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_TOKEN_MISBOUND,
  },
  {
      .name = "token/another-channel-without-password",
      .token_mechanism = "HT-SHA-256-EXPR",
      .no_password = TRUE,
      .steps = {
          TOKEN (ALL_BIND2_C FAST_C, FAILURE2 ("malformed-request")),
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_TOKEN_MISBOUND,
  },
  {
      .name = "token/another-channel-before",
      .must_bind = TRUE,
      .steps = {
          OPEN (AUTHENTICATION (MECHANISM ("SCRAM-SHA-1"), ALL_FAST)),
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_CHANNEL_BINDING,
  },
  {
      .name = "token/not-offered-any-more",
      .token_mechanism = "HT-SHA-256-EXPR",
      .no_password = TRUE,
      .steps = {
          OPEN (AUTHENTICATION (SCRAM_MECHANISMS, ALL_BIND2) BOTH_BINDINGS),
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_TOKEN_REJECTED,
  },
  {
      /* A8: whoever hears it could replay it. */
      .name = "token/never-without-channel-binding",
      .token_mechanism = "HT-SHA-256-NONE",
      .no_password = TRUE,
      .steps = {
          OPEN (FULL_FEATURES),
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_TOKEN_REJECTED,
  },
  {
      .name = "token/channel-without-that-binding",
      .token_mechanism = "HT-SHA-256-EXPR",
      .no_password = TRUE,
      .no_exporter = TRUE,
      .steps = {
          OPEN (FULL_FEATURES),
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_TOKEN_REJECTED,
  },
  {
      .name = "revoke/done",
      .token_mechanism = "HT-SHA-256-EXPR",
      .revoke = TRUE,
      .steps = {
          TOKEN (REVOKE_C, SUCCESS2 (TOKEN_FINAL, BARE_JID, "") FEATURES_S),
          STEP ("</stream:stream>", "</stream:stream>"),
      },
  },
  {
      .name = "revoke/unknown-to-the-server",
      .token_mechanism = "HT-SHA-256-EXPR",
      .revoke = TRUE,
      .steps = {
          TOKEN (REVOKE_C, FAILURE2 ("not-authorized")),
      },
  },
  {
      .name = "revoke/could-not-be-asked",
      .token_mechanism = "HT-SHA-256-EXPR",
      .revoke = TRUE,
      .steps = {
          OPEN (AUTHENTICATION (SCRAM_MECHANISMS, "") BOTH_BINDINGS),
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_TOKEN_REJECTED,
  },
};

static const LoginRow bad_rows[] = {
  {
      .name = "bad/no-signature",
      .steps = {
          PASSWORD (EVERYTHING_C, UNPROVEN_SUCCESS2 FEATURES_S),
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_SERVER_UNTRUSTED,
  },
  {
      .name = "bad/wrong-signature",
      .steps = {
          PASSWORD (EVERYTHING_C, BOUND_SUCCESS2 (UNBOUND_FINAL, "")),
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_SERVER_UNTRUSTED,
  },
  {
      .name = "bad/tasks-before-the-signature",
      .steps = {
          PASSWORD (EVERYTHING_C, TASKS_S),
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_SERVER_UNTRUSTED,
  },
  {
      .name = "bad/another-account",
      .steps = {
          PASSWORD (EVERYTHING_C, SUCCESS2 (EXPORTER_FINAL, OTHER_JID "/r", BOUND_S ("")) FEATURES_S),
      },
      .domain = xmpp_stream_error_quark,
      .code = XMPP_STREAM_ERROR_PROTOCOL,
  },
  {
      .name = "bad/no-account",
      .steps = {
          PASSWORD (EVERYTHING_C, NAMELESS_SUCCESS2 FEATURES_S),
      },
      .domain = xmpp_stream_error_quark,
      .code = XMPP_STREAM_ERROR_PROTOCOL,
  },
  {
      .name = "bad/not-an-address",
      .steps = {
          PASSWORD (EVERYTHING_C, SUCCESS2 (EXPORTER_FINAL, "@/", BOUND_S (ENABLED_S)) FEATURES_S),
      },
      .domain = xmpp_stream_error_quark,
      .code = XMPP_STREAM_ERROR_PROTOCOL,
  },
  {
      .name = "bad/bound-without-resource",
      .steps = {
          PASSWORD (EVERYTHING_C, SUCCESS2 (EXPORTER_FINAL, BARE_JID, BOUND_S (ENABLED_S)) FEATURES_S),
      },
      .domain = xmpp_stream_error_quark,
      .code = XMPP_STREAM_ERROR_PROTOCOL,
  },
  {
      .name = "bad/no-features",
      .steps = {
          PASSWORD (EVERYTHING_C, SUCCESS2 (EXPORTER_FINAL, FULL_JID, BOUND_S (ENABLED_S)) "<message/>"),
      },
      .domain = xmpp_stream_error_quark,
      .code = XMPP_STREAM_ERROR_PROTOCOL,
  },
  {
      .name = "bad/success-at-once",
      .steps = {
          OPEN (FULL_FEATURES),
          STEP (SCRAM_AUTHENTICATE (EVERYTHING_C), BOUND_SUCCESS2 (EXPORTER_FINAL, "")),
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_SERVER_UNTRUSTED,
  },
  {
      .name = "bad/types-stripped",
      .steps = {
          OPEN (AUTHENTICATION (SCRAM_MECHANISMS, SM ALL_BIND2)),
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_CHANNEL_BINDING,
  },
  {
      .name = "bad/mechanisms-stripped",
      .steps = {
          OPEN (AUTHENTICATION (MECHANISM ("SCRAM-SHA-1"), SM ALL_BIND2) BOTH_BINDINGS),
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_CHANNEL_BINDING,
  },
};

#define N_BACKLOG 400

/* The server sends again all that got lost in the same breath, far more than it may before it is trusted
 * (P3). */
static char *
resume_with_backlog (LinnetTestServer *server,
                     gpointer user_data)
{
  g_autoptr (GString) out = g_string_new (SUCCESS2 (TOKEN_FINAL, OLD_JID, RESUMED_S ("2", "old")));
  g_autofree char *body = g_strnfill (1000, 'x');

  for (guint i = 0; i < N_BACKLOG; i++)
    g_string_append_printf (out, "<message id='%u'><body>%s</body></message>", i, body);

  return g_string_free_and_steal (g_steal_pointer (&out));
}

static const LoginRow backlog_row = {
  .token_mechanism = "HT-SHA-256-EXPR",
  .sm_id = "old",
  .sm_h = 7,
  .steps = {
      OPEN (FULL_FEATURES),
      {
          .c = AUTHENTICATE ("HT-SHA-256-EXPR", TOKEN_FIRST, RESUME_C ALL_BIND2_C FAST_C),
          .reply = resume_with_backlog,
      },
  },
};

static void
test_backlog (gconstpointer data)
{
  g_autoptr (LinnetTestServer) server = linnet_test_server_new ();
  g_autoptr (GIOStream) io = NULL;
  g_autoptr (XmppStream) stream = NULL;
  g_autoptr (XmppLoginResult) result = NULL;
  g_autoptr (GError) error = NULL;

  linnet_test_server_play (server, backlog_row.steps);
  io = linnet_test_server_connect (server);
  linnet_test_stream_set_chunks (LINNET_TEST_STREAM (io), GPOINTER_TO_INT (data));
  linnet_test_stream_set_chunks (LINNET_TEST_STREAM (linnet_test_server_get_stream (server)),
                                 GPOINTER_TO_INT (data));
  linnet_test_stream_set_capacity (LINNET_TEST_STREAM (linnet_test_server_get_stream (server)), 1 << 20);
  stream = xmpp_stream_new (io);
  result = dex_await_boxed (login_row_start (&backlog_row, stream), &error);
  g_assert_no_error (error);
  g_assert_true (result->resumed);

  for (guint i = 0; i < N_BACKLOG; i++)
    {
      g_autoptr (XmppNode) node = dex_await_boxed (xmpp_stream_read (stream), &error);
      g_autofree char *id = g_strdup_printf ("%u", i);

      g_assert_no_error (error);
      g_assert_cmpstr (xmpp_node_get_attr (node, "id"), ==, id);
    }

  xmpp_stream_abort (stream);
  linnet_test_assert_resolves (linnet_test_server_finish (server));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  login_rows_add ("/xmpp/sasl2/", password_rows, G_N_ELEMENTS (password_rows));
  login_rows_add ("/xmpp/sasl2/", resume_rows, G_N_ELEMENTS (resume_rows));
  login_rows_add ("/xmpp/sasl2/", token_rows, G_N_ELEMENTS (token_rows));
  login_rows_add ("/xmpp/sasl2/", bad_rows, G_N_ELEMENTS (bad_rows));
  linnet_test_add ("/xmpp/sasl2/backlog", test_backlog, GINT_TO_POINTER (LINNET_TEST_CHUNKS_WHOLE));
  linnet_test_add ("/xmpp/sasl2/backlog/halves", test_backlog, GINT_TO_POINTER (LINNET_TEST_CHUNKS_HALF));

  return g_test_run ();
}
