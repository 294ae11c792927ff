/* Tests of binding, resuming and enabling stream management outside of SASL 2: security.md R4
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "login-fixture.h"

#define START                                                                           \
  OPEN (MECHANISMS (MECHANISM ("SCRAM-SHA-1"))),                                        \
      { .c = AUTH ("SCRAM-SHA-1", UNBOUND_FIRST), .s = CHALLENGE (UNBOUND_CHALLENGE) }, \
  {                                                                                     \
    .c = RESPONSE (UNBOUND_RESPONSE), .s = SUCCESS (UNBOUND_FINAL)                      \
  }
#define RESULT .mechanism = "SCRAM-SHA-1", .remembered_mechanism = "SCRAM-SHA-1"

#define BOUND                                          \
  {                                                    \
    .c = BIND_C (), .s = BIND_S ("user@example.org/r") \
  }
#define ENABLE_C "<enable xmlns='urn:xmpp:sm:3' resume='true'/>"
#define RESUME_C "<resume xmlns='urn:xmpp:sm:3' previd='old' h='4294967295'/>"
#define OLD .jid = "user@example.org/old", .sm_id = "old", .sm_h = 4294967295
#define BIND_OLD                                                                   \
  {                                                                                \
    .c = BIND_C ("<resource>old</resource>"), .s = BIND_S ("user@example.org/old") \
  }
#define COMPRESSION \
  "<compression xmlns='http://jabber.org/features/compress'><method>zlib</method></compression>"
#define STANZA_ERROR(condition) \
  "<error type='cancel'><" condition " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
#define FAILED_S(h) \
  "<failed xmlns='urn:xmpp:sm:3'" h "><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>"

static const LoginRow rows[] = {
  { .name = "server-picks-a-resource", .steps = { START, OPEN (BIND), BOUND }, RESULT },
  {
      .name = "wanted-resource",
      .jid = "user@example.org/old",
      .steps = { START, OPEN (BIND), BIND_OLD },
      .full_jid = "user@example.org/old",
      RESULT,
  },
  {
      .name = "server-picks-another-resource",
      .jid = "user@example.org/old",
      .steps = {
          START,
          OPEN (BIND),
          { .c = BIND_C ("<resource>old</resource>"), .s = BIND_S ("user@example.org/new") },
      },
      .full_jid = "user@example.org/new",
      RESULT,
  },
  {
      .name = "stream-management",
      .steps = {
          START,
          OPEN (BIND SM),
          BOUND,
          {
              .c = ENABLE_C,
              .s = "<enabled xmlns='urn:xmpp:sm:3' id='new' resume='true' max='600' location='[::1]:5222'/>",
          },
      },
      RESULT,
      .sm_enabled = TRUE,
      .new_sm_id = "new",
      .max = 600,
      .location = "[::1]:5222",
  },
  {
      .name = "stream-management-without-resumption",
      .steps = {
          START,
          OPEN (BIND SM),
          BOUND,
          { .c = ENABLE_C, .s = "<enabled xmlns='urn:xmpp:sm:3' id='new'/>" },
      },
      RESULT,
      .sm_enabled = TRUE,
  },
  {
      .name = "stream-management-refuses-resumption",
      .steps = {
          START,
          OPEN (BIND SM),
          BOUND,
          { .c = ENABLE_C, .s = "<enabled xmlns='urn:xmpp:sm:3' id='new' resume='false'/>" },
      },
      RESULT,
      .sm_enabled = TRUE,
  },
  {
      .name = "stream-management-without-id",
      .steps = {
          START,
          OPEN (BIND SM),
          BOUND,
          { .c = ENABLE_C, .s = "<enabled xmlns='urn:xmpp:sm:3' resume='true'/>" },
      },
      RESULT,
      .sm_enabled = TRUE,
  },
  {
      .name = "stream-management-failed",
      .steps = { START, OPEN (BIND SM), BOUND, { .c = ENABLE_C, .s = FAILED_S ("") } },
      RESULT,
  },
  {
      /* security.md P11: what is compressed beside a secret tells of it. */
      .name = "compression-is-never-accepted",
      .steps = {
          OPEN (MECHANISMS (MECHANISM ("SCRAM-SHA-1")) COMPRESSION),
          { .c = AUTH ("SCRAM-SHA-1", UNBOUND_FIRST), .s = CHALLENGE (UNBOUND_CHALLENGE) },
          { .c = RESPONSE (UNBOUND_RESPONSE), .s = SUCCESS (UNBOUND_FINAL) },
          OPEN (COMPRESSION BIND SM),
          BOUND,
          { .c = ENABLE_C, .s = "<enabled xmlns='urn:xmpp:sm:3' id='new' resume='true'/>" },
      },
      RESULT,
      .sm_enabled = TRUE,
      .new_sm_id = "new",
  },
  {
      .name = "stanzas-before-enabled",
      .steps = {
          START,
          OPEN (BIND SM),
          BOUND,
          {
              .c = ENABLE_C,
              .s = "<message from='a@b'><body>Hi</body></message><presence/><iq type='get' id='1'/>"
                   "<enabled xmlns='urn:xmpp:sm:3' id='new' resume='1'/>",
          },
      },
      RESULT,
      .sm_enabled = TRUE,
      .new_sm_id = "new",
      .n_early = 3,
  },
  {
      .name = "resumed",
      OLD,
      .steps = {
          START,
          OPEN (BIND SM),
          { .c = RESUME_C, .s = "<resumed xmlns='urn:xmpp:sm:3' h='12' previd='old'/>" },
      },
      .full_jid = "user@example.org/old",
      RESULT,
      .resumed = TRUE,
      .sm_enabled = TRUE,
      .new_sm_id = "old",
      .sm_h_known = TRUE,
      .new_sm_h = 12,
  },
  {
      .name = "resumption-failed",
      OLD,
      .steps = {
          START,
          OPEN (BIND SM),
          { .c = RESUME_C, .s = FAILED_S ("") },
          BIND_OLD,
          { .c = ENABLE_C, .s = "<enabled xmlns='urn:xmpp:sm:3' id='new' resume='true'/>" },
      },
      .full_jid = "user@example.org/old",
      RESULT,
      .sm_enabled = TRUE,
      .new_sm_id = "new",
  },
  {
      .name = "resumption-failed-with-count",
      OLD,
      .steps = {
          START,
          OPEN (BIND SM),
          { .c = RESUME_C, .s = FAILED_S (" h='5'") },
          BIND_OLD,
          { .c = ENABLE_C, .s = "<enabled xmlns='urn:xmpp:sm:3' id='new' resume='true'/>" },
      },
      .full_jid = "user@example.org/old",
      RESULT,
      .sm_enabled = TRUE,
      .new_sm_id = "new",
      .sm_h_known = TRUE,
      .new_sm_h = 5,
  },
  {
      .name = "resumption-failed-with-nonsense-count",
      OLD,
      .steps = {
          START,
          OPEN (BIND SM),
          { .c = RESUME_C, .s = FAILED_S (" h='4294967296'") },
          BIND_OLD,
          { .c = ENABLE_C, .s = "<enabled xmlns='urn:xmpp:sm:3' id='new' resume='true'/>" },
      },
      .full_jid = "user@example.org/old",
      RESULT,
      .sm_enabled = TRUE,
      .new_sm_id = "new",
  },
  {
      .name = "resumption-not-offered",
      OLD,
      .steps = { START, OPEN (BIND), BIND_OLD },
      .full_jid = "user@example.org/old",
      RESULT,
  },

  {
      .name = "bad/resumed-another-session",
      OLD,
      .steps = {
          START,
          OPEN (BIND SM),
          { .c = RESUME_C, .s = "<resumed xmlns='urn:xmpp:sm:3' h='12' previd='other'/>" },
      },
      .domain = xmpp_stream_error_quark,
      .code = XMPP_STREAM_ERROR_PROTOCOL,
  },
  {
      .name = "bad/resumed-without-count",
      OLD,
      .steps = {
          START,
          OPEN (BIND SM),
          { .c = RESUME_C, .s = "<resumed xmlns='urn:xmpp:sm:3' previd='old'/>" },
      },
      .domain = xmpp_stream_error_quark,
      .code = XMPP_STREAM_ERROR_PROTOCOL,
  },
  {
      .name = "bad/stanza-before-resumed",
      OLD,
      .steps = { START, OPEN (BIND SM), { .c = RESUME_C, .s = "<message/>" } },
      .domain = xmpp_stream_error_quark,
      .code = XMPP_STREAM_ERROR_PROTOCOL,
  },
  {
      .name = "bad/no-binding",
      .steps = { START, OPEN (SM) },
      .domain = xmpp_stream_error_quark,
      .code = XMPP_STREAM_ERROR_PROTOCOL,
  },
  {
      .name = "bad/another-account",
      .steps = { START, OPEN (BIND), { .c = BIND_C (), .s = BIND_S ("other@example.org/r") } },
      .domain = xmpp_stream_error_quark,
      .code = XMPP_STREAM_ERROR_PROTOCOL,
  },
  {
      .name = "bad/bare-address",
      .steps = { START, OPEN (BIND), { .c = BIND_C (), .s = BIND_S ("user@example.org") } },
      .domain = xmpp_stream_error_quark,
      .code = XMPP_STREAM_ERROR_PROTOCOL,
  },
  {
      .name = "bad/no-address",
      .steps = { START, OPEN (BIND), { .c = BIND_C (), .s = "<iq type='result' id='$1'/>" } },
      .domain = xmpp_stream_error_quark,
      .code = XMPP_STREAM_ERROR_PROTOCOL,
  },
  {
      .name = "bad/answer-to-something-else",
      .steps = {
          START,
          OPEN (BIND),
          {
              .c = BIND_C (),
              .s = "<iq type='result' id='another'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                   "<jid>user@example.org/r</jid></bind></iq>",
          },
      },
      .domain = xmpp_stream_error_quark,
      .code = XMPP_STREAM_ERROR_PROTOCOL,
  },
  {
      .name = "bad/refused",
      .steps = {
          START,
          OPEN (BIND),
          { .c = BIND_C (), .s = "<iq type='error' id='$1'>" STANZA_ERROR ("resource-constraint") "</iq>" },
      },
      .domain = xmpp_stanza_error_quark,
      .code = XMPP_STANZA_ERROR_RESOURCE_CONSTRAINT,
  },
  {
      .name = "bad/neither-enabled-nor-failed",
      .steps = { START, OPEN (BIND SM), BOUND, { .c = ENABLE_C, .s = "<enabled xmlns='urn:xmpp:sm:2'/>" } },
      .domain = xmpp_stream_error_quark,
      .code = XMPP_STREAM_ERROR_PROTOCOL,
  },
};

static char *
flood (LinnetTestServer *server,
       gpointer user_data)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < 65; i++)
    g_string_append (out, "<presence/>");

  return g_string_free_and_steal (g_steal_pointer (&out));
}

static const LoginRow flood_row = {
  .name = "bad/flood-before-enabled",
  .steps = { START, OPEN (BIND SM), BOUND, { .c = ENABLE_C, .reply = flood } },
  .domain = xmpp_stream_error_quark,
  .code = XMPP_STREAM_ERROR_PROTOCOL,
};

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  login_rows_add ("/xmpp/bind/", rows, G_N_ELEMENTS (rows));
  login_rows_add ("/xmpp/bind/", &flood_row, 1);

  return g_test_run ();
}
