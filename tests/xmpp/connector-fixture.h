/* A network that exists only here, and what there is to be found in it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-test-ca.h"
#include "linnet-test-clock.h"
#include "linnet-test-resolver.h"
#include "linnet-test-server.h"
#include "linnet-test.h"
#include "xmpp-connector-private.h"

G_BEGIN_DECLS

#define DOMAIN "example.org"

/* Beside the codes of XMPP_STREAM_ERROR. */
#define SUCCESS -1
#define CERTIFICATE -2

typedef enum
{
  GOOD,
  GOOD_DIRECT,
  EXPIRED, /* STARTTLS with a certificate that is no longer valid */
  EXPIRED_DIRECT,
  OTHER_NAME, /* STARTTLS with a valid certificate of the host that SRV names */
  NO_TLS,
  INJECTING,   /* a stanza after <proceed/> */
  REDIRECTING, /* <see-other-host/> in clear */
  HOST_UNKNOWN,
  CLOSING,        /* closes at once */
  RESETTING,      /* tears the connection down at once */
  HTTP,           /* something quite different */
  CLOSING_IN_TLS, /* closes after <proceed/> */
  REFUSING,       /* no connection */
  UNREACHABLE,    /* no answer at all */
  SILENT,         /* a connection, and nothing else */
} Kind;

typedef struct
{
  guint16 priority, weight, port;
  const char *target;
} Record;

typedef struct
{
  const char *host, *address;
} Address;

typedef struct
{
  const char *endpoint;
  Kind kind;
} Server;

typedef struct
{
  const char *name;

  /* the account */
  const char *jid; /* NULL: ana@example.org */
  const char *host;
  guint16 port;
  gboolean direct_tls;
  gboolean pinned; /* the certificate of the first server */
  const char *first_host;
  guint16 first_port;

  /* the world */
  Record direct[4];
  Record plain[4];
  Address addresses[6];
  const char *failing; /* a question that the resolver cannot answer */
  const char *held;    /* a question that it never answers */
  Server servers[6];
  guint advance_ms; /* when somebody does not answer; 0: 30000 */

  /* what is to come of it */
  int code; /* of XMPP_STREAM_ERROR, or one of the above */
  const char *dialled;
  const char *questions; /* NULL: any */
} Row;

typedef struct
{
  const Row *row;
  LinnetTestCa *ca;
  LinnetTestResolver *resolver;
  LinnetTestClock *clock;
  XmppNetwork network;
  GHashTable *servers; /* endpoint → LinnetTestServer */
  GString *dialled;
  GPtrArray *pending; /* DexPromise of dials that are never answered */
  guint n_stuck;      /* how often nothing goes on until time passes */
} World;

typedef struct
{
  LinnetTestCa *ca;
  const Row *row;
} Case;

/* What a server of that kind says and hears; NULL: it is never reached. */
const LinnetTestStep *world_get_steps (Kind kind);

/* @options: to be cleared by the caller. */
void world_init (World *self, const Case *test, XmppConnectOptions *options);
/* Lets time pass where somebody does not answer, until it is over. */
void world_run (World *self, DexFuture *future);
/* Checks that whoever was called got what he was to get, and that nothing is left. */
void world_clear (World *self);

/* Adds a test for @row, whose path is @prefix with the name. @cases: keeps what the test needs. */
void world_add_test (
    GPtrArray *cases, LinnetTestCa *ca, const char *prefix, const Row *row, LinnetTestFunc func);

G_END_DECLS
