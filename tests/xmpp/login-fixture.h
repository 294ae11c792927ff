/* A sign-in against a server that plays a transcript, as a row of a table
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libdex.h>

#include "linnet-spawn.h"
#include "linnet-test-server.h"
#include "linnet-test.h"
#include "xmpp-error.h"
#include "xmpp-login-private.h"

/* The account is user@example.org, its password "pencil", its token "secret-token:fast-1234". Client nonce,
 * server
 * nonce, salt and iterations are RFC 5802's. The channel exports EXPORTER; its end point is END_POINT. The
 * messages
 * below, in base64, were computed with Python's hashlib and hmac. */
#define EXPORTER "0123456789abcdef0123456789abcdef"
#define END_POINT "fedcba9876543210fedcba9876543210"
/* Of its certificate. */
#define AUTHORITY "Finch CA"
#define KEY "0123"

/* UNBOUND: SCRAM-SHA-1 with "y". EXPORTER: SCRAM-SHA-1-PLUS. END_POINT: SCRAM-SHA-256-PLUS. PROVEN:
 * SCRAM-SHA-1 with
 * "n" and XEP-0474's hash of SCRAM-SHA-1 and SCRAM-SHA-1-PLUS with tls-unique. */
#define UNBOUND_FIRST "eSwsbj11c2VyLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdM"
#define UNBOUND_CHALLENGE                                                                \
  "cj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0wzcmZjTkhZSlkxWlZ2V1ZzN2oscz1RU1hDUitRNnNlazhiZjky" \
  "LGk9NDA5Ng=="
#define UNBOUND_RESPONSE                                                                 \
  "Yz1lU3dzLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdMM3JmY05IWUpZMVpWdldWczdqLHA9QmpaRjVkVitF" \
  "a0QzWUNiM3BIM0lQOHJpTUd3PQ=="
#define UNBOUND_FINAL "dj1kc3ByUTVSMkFHWXQxa240YlFSd1RBRTBQVFU9"
#define EXPORTER_FIRST "cD10bHMtZXhwb3J0ZXIsLG49dXNlcixyPWZ5a28rZDJsYmJGZ09OUnY5cWt4ZGF3TA=="
#define EXPORTER_CHALLENGE                                                               \
  "cj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0wzcmZjTkhZSlkxWlZ2V1ZzN2oscz1RU1hDUitRNnNlazhiZjky" \
  "LGk9NDA5Ng=="
#define EXPORTER_RESPONSE                                                                \
  "Yz1jRDEwYkhNdFpYaHdiM0owWlhJc0xEQXhNak0wTlRZM09EbGhZbU5rWldZd01USXpORFUyTnpnNVlXSmpa" \
  "R1ZtLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdMM3JmY05IWUpZMVpWdldWczdqLHA9Ty9pR0lwRDNrMmkw" \
  "RGlCSW9BL3dBVUxEYkNvPQ=="
#define EXPORTER_FINAL "dj1IdURBL1hOTmdhM1FVdmxBOC9oNW1Zdk1XRWM9"
#define END_POINT_FIRST "cD10bHMtc2VydmVyLWVuZC1wb2ludCwsbj11c2VyLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdM"
#define END_POINT_CHALLENGE                                                              \
  "cj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0wzcmZjTkhZSlkxWlZ2V1ZzN2oscz1RU1hDUitRNnNlazhiZjky" \
  "LGk9NDA5Ng=="
#define END_POINT_RESPONSE                                                               \
  "Yz1jRDEwYkhNdGMyVnlkbVZ5TFdWdVpDMXdiMmx1ZEN3c1ptVmtZMkpoT1RnM05qVTBNekl4TUdabFpHTmlZ" \
  "VGs0TnpZMU5ETXlNVEE9LHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdMM3JmY05IWUpZMVpWdldWczdqLHA9" \
  "RklnR25TdExDQ2FMQmNZSldWdmFDRkJHL29PZmpLMjk1QTFQcVQ5THY5az0="
#define END_POINT_FINAL "dj1FTktWT2Mxam9SYVZ3ZWkveUtWMlA1bi9tRUxCdmttdzN6ZDU3ZmlJendvPQ=="
#define PROVEN_FIRST "biwsbj11c2VyLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdM"
#define PROVEN_CHALLENGE                                                                 \
  "cj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0wzcmZjTkhZSlkxWlZ2V1ZzN2oscz1RU1hDUitRNnNlazhiZjky" \
  "LGk9NDA5NixoPXo1d2dtdUJwNjJGbUc2eTdlK3o3SUszMGdlcz0="
#define PROVEN_RESPONSE                                                                  \
  "Yz1iaXdzLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdMM3JmY05IWUpZMVpWdldWczdqLHA9ZXBFU0k4T1Bv" \
  "V3laSENrbDZqa0VYcTkyLzdNPQ=="
#define PROVEN_FINAL "dj1hcHlXV0lZTmltS2ZSNXJNUm9NRHNxMlNYS2s9"
#define TOKEN_FIRST "dXNlcgDpE8qDj7hkyb5uYdcRyHuyCU3nTJxpI+xyOe586gru5Q=="
#define TOKEN_FINAL "AWBTI3slZaTIc8e0KTEGQs1q6v0x3ClW+W+SMum2yIw="
#define PLAIN_FIRST "AHVzZXIAcGVuY2ls"

#define USER_AGENT "d4565fa7-4d72-4749-b3d3-740edbf87770"

#define SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define SASL2 "urn:xmpp:sasl:2"
#define BIND "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
#define SM "<sm xmlns='urn:xmpp:sm:3'/>"
#define MECHANISM(name) "<mechanism>" name "</mechanism>"
#define MECHANISMS(...) "<mechanisms xmlns='" SASL "'>" __VA_ARGS__ "</mechanisms>"
#define BINDING(type) "<channel-binding type='" type "'/>"
#define BINDINGS(types) "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>" types "</sasl-channel-binding>"
#define NO_COMMON_BINDING                                               \
  MECHANISMS (MECHANISM ("SCRAM-SHA-1-PLUS") MECHANISM ("SCRAM-SHA-1")) \
  BINDINGS (BINDING ("tls-unique"))
#define BOTH_BINDINGS BINDINGS (BINDING ("tls-server-end-point") BINDING ("tls-exporter"))

#define STEP(client, server) \
  {                          \
    .c = client, .s = server \
  }

/* The client always says who comes (XEP-0388 section 2.1). */
#define OPEN(features)                                                                          \
  {                                                                                             \
    .c = "<stream:stream to='example.org' from='user@example.org' version='1.0' xml:lang='?'>", \
    .s = LINNET_TEST_STREAM_S ("example.org") "<stream:features>" features "</stream:features>" \
  }

#define AUTH(mechanism, initial) "<auth xmlns='" SASL "' mechanism='" mechanism "'>" initial "</auth>"
#define CHALLENGE(data) "<challenge xmlns='" SASL "'>" data "</challenge>"
#define RESPONSE(data) "<response xmlns='" SASL "'>" data "</response>"
#define SUCCESS(data) "<success xmlns='" SASL "'>" data "</success>"
#define FAILURE(condition) "<failure xmlns='" SASL "'>" condition "</failure>"

#define BIND_C(...) \
  "<iq type='set' id='*'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>" __VA_ARGS__ "</bind></iq>"
#define BIND_S(jid) \
  "<iq type='result' id='$1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>" jid "</jid></bind></iq>"

typedef struct
{
  const char *name;
  LinnetTestStep steps[10];

  const char *jid; /* NULL: user@example.org */
  const char *tag;
  const char *token_mechanism;
  guint64 token_count;
  const char *sm_id;
  guint32 sm_h;
  const char *memory_mechanism;
  const char *memory_binding;
  guint memory_sasl2 : 1;
  guint no_password : 1;
  guint no_user_agent : 1;
  guint consent : 1;
  guint must_bind : 1;
  guint revoke : 1;
  guint clear : 1;
  guint no_exporter : 1;
  guint no_end_point : 1;

  GQuark (*domain) (void); /* NULL: succeeds with: */
  int code;
  const char *full_jid; /* NULL: user@example.org/r */
  const char *mechanism;
  const char *binding;
  const char *remembered_mechanism;
  const char *remembered_binding;
  const char *new_sm_id;
  const char *location;
  const char *new_token;
  const char *new_token_mechanism;
  gint64 expiry;
  guint max;
  guint32 new_sm_h;
  guint n_early;
  guint resumed : 1;
  guint sm_enabled : 1;
  guint sm_h_known : 1;
  guint carbons : 1;
  guint csi : 1;
  guint sasl2 : 1;
  guint remembered_sasl2 : 1;
  guint fast_rejected : 1;
} LoginRow;

static inline void
login_row_get_request (const LoginRow *row,
                       XmppLoginRequest *request)
{
  *request = (XmppLoginRequest) {
    .jid = xmpp_jid_new (row->jid != NULL ? row->jid : "user@example.org", NULL),
    .password = row->no_password ? NULL : g_strdup ("pencil"),
    .fast_token = row->token_mechanism != NULL ? g_strdup ("secret-token:fast-1234") : NULL,
    .fast_mechanism = g_strdup (row->token_mechanism),
    .fast_count = row->token_count,
    .user_agent_id = row->no_user_agent ? NULL : g_strdup (USER_AGENT),
    .tag = g_strdup (row->tag),
    .allow_plain = row->consent,
    .must_bind = row->must_bind,
    .memory = {
        .mechanism = g_strdup (row->memory_mechanism),
        .channel_binding = g_strdup (row->memory_binding),
        .had_sasl2 = row->memory_sasl2,
    },
    .sm_id = g_strdup (row->sm_id),
    .sm_h = row->sm_h,
  };
  g_assert_nonnull (request->jid);
}

static inline DexFuture *
login_row_start (const LoginRow *row,
                 XmppStream *stream)
{
  g_autoptr (GBytes) exporter = row->no_exporter ? NULL : g_bytes_new_static (EXPORTER, 32);
  g_autoptr (GBytes) end_point = row->no_end_point ? NULL : g_bytes_new_static (END_POINT, 32);
  XmppLoginChannel channel = {
    .exporter = exporter,
    .end_point = end_point,
    .nonce = "fyko+d2lbbFgONRv9qkxdawL",
    .authority = (char *) AUTHORITY,
    .key = (char *) KEY,
    .secure = !row->clear,
  };
  XmppLoginRequest request;
  DexFuture *future;

  login_row_get_request (row, &request);
  future = xmpp_login_on_channel (stream, &request, &channel, row->revoke);
  xmpp_login_request_clear (&request);

  return future;
}

static inline void
login_row_check (const LoginRow *row,
                 XmppLoginResult *result)
{
  g_assert_cmpstr (xmpp_jid_get_string (result->full_jid),
                   ==,
                   row->full_jid != NULL ? row->full_jid : "user@example.org/r");
  g_assert_cmpstr (result->mechanism, ==, row->mechanism);
  g_assert_cmpstr (result->channel_binding, ==, row->binding);
  g_assert_cmpstr (result->memory.mechanism, ==, row->remembered_mechanism);
  g_assert_cmpstr (result->memory.channel_binding, ==, row->remembered_binding);
  g_assert_cmpint (result->memory.had_sasl2, ==, row->remembered_sasl2);
  g_assert_cmpstr (result->memory.authority, ==, AUTHORITY);
  g_assert_cmpstr (result->memory.key, ==, KEY);
  g_assert_cmpint (result->sasl2, ==, row->sasl2);
  g_assert_cmpint (result->carbons_enabled, ==, row->carbons);
  g_assert_cmpint (result->csi_active, ==, row->csi);
  g_assert_cmpint (result->resumed, ==, row->resumed);
  g_assert_cmpint (result->sm_enabled, ==, row->sm_enabled);
  g_assert_cmpint (result->sm_resumable, ==, row->new_sm_id != NULL);
  g_assert_cmpstr (result->sm_id, ==, row->new_sm_id);
  g_assert_cmpstr (result->sm_location, ==, row->location);
  g_assert_cmpuint (result->sm_max, ==, row->max);
  g_assert_cmpint (result->sm_h_known, ==, row->sm_h_known);
  g_assert_cmpuint (result->sm_h, ==, row->new_sm_h);
  g_assert_cmpstr (result->fast_token, ==, row->new_token);
  g_assert_cmpstr (result->fast_mechanism, ==, row->new_token_mechanism);
  g_assert_cmpint (result->fast_expiry, ==, row->expiry);
  g_assert_cmpint (result->fast_rejected, ==, row->fast_rejected);
  g_assert_cmpuint (result->early != NULL ? result->early->len : 0, ==, row->n_early);
}

/* Plays a row in a fiber. */
static inline void
login_row_run (gconstpointer data)
{
  const LoginRow *row = data;
  g_autoptr (LinnetTestServer) server = linnet_test_server_new ();
  g_autoptr (GIOStream) io = NULL;
  g_autoptr (XmppStream) stream = NULL;
  g_autoptr (GError) error = NULL;

  linnet_test_server_play (server, row->steps);
  io = linnet_test_server_connect (server);
  stream = xmpp_stream_new (io);

  if (row->domain != NULL)
    {
      g_assert_false (dex_await (login_row_start (row, stream), &error));
      g_assert_error (error, row->domain (), row->code);
    }
  else if (row->revoke)
    {
      g_assert_true (dex_await_boolean (login_row_start (row, stream), &error));
      g_assert_no_error (error);
    }
  else
    {
      g_autoptr (XmppLoginResult) result = dex_await_boxed (login_row_start (row, stream), &error);

      g_assert_no_error (error);
      login_row_check (row, result);
    }

  /* The whole transcript was played, and nothing was sent beyond it. */
  xmpp_stream_abort (stream);
  linnet_test_assert_resolves (linnet_test_server_finish (server));
  linnet_test_settle ();
}

static inline void
login_rows_add (const char *prefix,
                const LoginRow *rows,
                gsize n_rows)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      g_autofree char *path = g_strconcat (prefix, rows[i].name, NULL);

      linnet_test_add (path, login_row_run, &rows[i]);
    }
}
