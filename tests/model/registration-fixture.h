/* A registration at a server that plays a transcript
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-account-manager.h"
#include "linnet-registration.h"
#include "linnet-test-ca.h"
#include "linnet-test-model.h"
#include "linnet-test-server.h"
#include "linnet-test.h"

G_BEGIN_DECLS

/* ---- what is in transcripts; the names are short, as only tests of registration include this ---- */

#define STANZAS "urn:ietf:params:xml:ns:xmpp-stanzas"
#define OFFER "<register xmlns='http://jabber.org/features/iq-register'/>"
#define TOKENS "<register xmlns='urn:xmpp:ibr-token:0'/>"
#define HEADER "<stream:stream to='example.org' version='1.0' xml:lang='en'>"
#define FEATURES(list) LINNET_TEST_STREAM_S ("example.org") "<stream:features>" list "</stream:features>"
#define OPEN(list)                      \
  LINNET_TEST_OPEN_TLS ("example.org"), \
  {                                     \
    .c = HEADER, .s = FEATURES (list)   \
  }
#define END                                                                       \
  { .c = "</stream:stream>", .s = "</stream:stream>", .act = LINNET_TEST_CLOSE }, \
  {                                                                               \
  }
#define QUERY(content) "<query xmlns='jabber:iq:register'>" content "</query>"
#define FORM(content) QUERY ("<x xmlns='jabber:x:data' type='form'>" content "</x>")
#define SUBMIT(content) QUERY ("<x xmlns='jabber:x:data' type='submit'>" content "</x>")
#define GET "<iq type='get' id='*' to='example.org'>" QUERY ("") "</iq>"
#define SET(content) "<iq type='set' id='*' to='example.org'>" content "</iq>"
#define RESULT(content) "<iq type='result' id='$1'>" content "</iq>"
#define REFUSAL(condition) \
  "<iq type='error' id='$1'><error type='cancel'><" condition " xmlns='" STANZAS "'/></error></iq>"
#define REFUSAL_TEXT(condition, words)                                           \
  "<iq type='error' id='$1'><error type='cancel'><" condition " xmlns='" STANZAS \
  "'/><text xmlns='" STANZAS "'>" words "</text></error></iq>"
#define NAME "<field type='text-single' var='username' label='Name'><required/></field>"
#define PASSWORD "<field type='text-private' var='password' label='Password'><required/></field>"
#define PLAIN QUERY ("<instructions>Choose.</instructions><username/><password/>")
#define ANA QUERY ("<username>ana</username><password>secret</password>")
/* The bytes "picture". */
#define CID "sha1+0e66b49d04a43c19bcb2e13a53aff5d174f610fc@bob.xmpp.org"
#define PUZZLE(number)                                                                                \
  QUERY ("<x xmlns='jabber:x:data' type='form'><field type='hidden' var='challenge'><value>" number   \
         "</value></field>" NAME PASSWORD                                                             \
         "<field var='ocr' label='Type it'><required/><media xmlns='urn:xmpp:media-element'><uri "    \
         "type='image/png'>cid:" CID "</uri></media></field></x><data xmlns='urn:xmpp:bob' cid='" CID \
         "'>cGljdHVyZQ==</data>")
#define SOLVED(number, answer)                                                                          \
  SET (SUBMIT ("<field type='hidden' var='challenge'><value>" number                                    \
               "</value></field><field var='username'><value>ana</value></field><field var='password'>" \
               "<value>secret</value></field><field var='ocr'><value>" answer "</value></field>"))
/* How registration_fixture_describe() tells of NAME and PASSWORD. */
#define NAME_LINE "USERNAME! username 'Name' []\n"
#define PASSWORD_LINE "PASSWORD! password 'Password' []\n"

/* ---- the fixture ---- */

/* The profile has one account, mira@example.org; another one is made. */
typedef struct
{
  LinnetAccountManager *manager;
  LinnetTestCa *ca;
  LinnetTestServer *server;
  LinnetRegistration *registration;
} RegistrationFixture;

/* All functions are for fibers. @steps: of the first connection; as long as the fixture is there. */
void registration_fixture_init (RegistrationFixture *self, const LinnetTestStep *steps);
/* Ends everything; makes sure that each transcript was played, and that nothing stays of an account that was
 * not signed in. */
void registration_fixture_clear (RegistrationFixture *self);

/* Types @value into the field of that kind, which has to be there. */
void registration_fixture_type (RegistrationFixture *self, LinnetFormFieldKind kind, const char *value);
/* What ANA sends. */
void registration_fixture_type_ana (RegistrationFixture *self);
LinnetFormProblem registration_fixture_get_problem (RegistrationFixture *self, LinnetFormFieldKind kind);
/* Borrowed. */
const char *registration_fixture_get_value (RegistrationFixture *self, LinnetFormFieldKind kind);
/* A line a field: kind, "!" when required, name, label, values, "picture" and so on. Transfer full. */
char *registration_fixture_describe (RegistrationFixture *self);

G_END_DECLS
