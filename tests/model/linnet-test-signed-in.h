/* An account that has signed in at a scripted server, over TLS and a real socket
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-account-private.h"
#include "linnet-test-ca.h"
#include "linnet-test-model.h"
#include "linnet-test-server.h"
#include "linnet-test.h"
#include "xmpp-test-session.h"

G_BEGIN_DECLS

/* ana@example.org with the password "pencil", in SASL 1. */
#define LINNET_TEST_SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define LINNET_TEST_TO_SASL                                                                     \
  LINNET_TEST_OPEN_TLS ("example.org"),                                                         \
      LINNET_TEST_OPEN ("example.org",                                                          \
                        "<mechanisms xmlns='" LINNET_TEST_SASL "'><mechanism>PLAIN</mechanism>" \
                        "</mechanisms>")
/* @password: base64 of "\0ana\0" and it; pencil's is AGFuYQBwZW5jaWw= */
#define LINNET_TEST_PASSWORD_C(password) \
  "<auth xmlns='" LINNET_TEST_SASL "' mechanism='PLAIN'>" password "</auth>"
#define LINNET_TEST_PENCIL_C LINNET_TEST_PASSWORD_C ("AGFuYQBwZW5jaWw=")
#define LINNET_TEST_NOT_AUTHORIZED "<failure xmlns='" LINNET_TEST_SASL "'><not-authorized/></failure>"
#define LINNET_TEST_BIND "urn:ietf:params:xml:ns:xmpp-bind"
/* @wish: the resource that is asked for, an element or nothing; bound is @resource */
#define LINNET_TEST_TO_SESSION(password_c, wish, resource)                                    \
  LINNET_TEST_TO_SASL, { .c = password_c, .s = "<success xmlns='" LINNET_TEST_SASL "'/>" },   \
      LINNET_TEST_OPEN ("example.org", "<bind xmlns='" LINNET_TEST_BIND "'/>"),               \
      { .c = "<iq type='set' id='*'><bind xmlns='" LINNET_TEST_BIND "'>" wish "</bind></iq>", \
        .s = "<iq type='result' id='$1'><bind xmlns='" LINNET_TEST_BIND "'>"                  \
             "<jid>ana@example.org/" resource "</jid></bind></iq>" }
#define LINNET_TEST_ONLINE LINNET_TEST_TO_SESSION (LINNET_TEST_PENCIL_C, "", "desk"), XMPP_TEST_INTRO
#define LINNET_TEST_GOODBYE \
  { .c = "</stream:stream>", .s = "</stream:stream>", .act = LINNET_TEST_CLOSE }

typedef struct
{
  LinnetTestCa *ca;
  LinnetTestServer *server;
  char *directory;
  LinnetAccountManager *manager;
  LinnetAccount *account;
  guint16 port;
} LinnetTestSignedIn;

/* @steps: the first connection's transcript, LINNET_TEST_ONLINE or the like first; they must stay. In a
 * fiber. */
LinnetTestSignedIn *linnet_test_signed_in_new (const LinnetTestStep *steps);
/* Ends everything; makes sure that nothing is left, and that each transcript was played. */
void linnet_test_signed_in_free (LinnetTestSignedIn *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetTestSignedIn, linnet_test_signed_in_free)

G_END_DECLS
