/* Tests of the choice of a SASL mechanism: security.md A4 and A5, XEP-0440's business rules
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib.h>

#include "xmpp-error.h"
#include "xmpp-mechanism-choice.h"

#define EXPORTER "tls-exporter"
#define END_POINT "tls-server-end-point"
#define UNIQUE "tls-unique"
#define OK (-1)

typedef struct
{
  const char *name;
  const char *const mechanisms[8];
  const char *const announced[5]; /* with .cb */
  const char *const available[3];
  gboolean cb; /* XEP-0440's element is there */
  gboolean sasl1;
  gboolean clear;
  gboolean consent;
  const char *memory_mechanism;
  const char *memory_binding;
  gboolean memory_sasl2;

  int code;
  const char *mechanism;
  char flag;
  const char *binding;
  gboolean offer_required;
} Row;

static const Row rows[] = {
  /* Strength */
  {
      .name = "strongest",
      .mechanisms = {
          "PLAIN",
          "SCRAM-SHA-1",
          "SCRAM-SHA-1-PLUS",
          "SCRAM-SHA-512-PLUS",
          "SCRAM-SHA-512",
          "SCRAM-SHA-256-PLUS",
      },
      .cb = TRUE,
      .announced = { END_POINT, EXPORTER },
      .available = { EXPORTER, END_POINT },
      .code = OK,
      .mechanism = "SCRAM-SHA-512-PLUS",
      .flag = 'p',
      .binding = EXPORTER,
  },
  {
      .name = "binding-counts-more-than-hash",
      .mechanisms = { "SCRAM-SHA-512", "SCRAM-SHA-1-PLUS" },
      .cb = TRUE,
      .announced = { EXPORTER, END_POINT },
      .available = { EXPORTER, END_POINT },
      .code = OK,
      .mechanism = "SCRAM-SHA-1-PLUS",
      .flag = 'p',
      .binding = EXPORTER,
  },
  {
      .name = "unknown-mechanisms",
      .mechanisms = { "DIGEST-MD5", "X-OAUTH2", "SCRAM-SHA-3", "EXTERNAL", "ANONYMOUS" },
      .available = { EXPORTER, END_POINT },
      .consent = TRUE,
      .code = XMPP_SASL_ERROR_NO_MECHANISM,
  },
  {
      .name = "nothing",
      .mechanisms = { NULL },
      .available = { EXPORTER },
      .consent = TRUE,
      .code = XMPP_SASL_ERROR_NO_MECHANISM,
  },

  /* XEP-0440 section 3, rule 1 */
  {
      .name = "rule-1/end-point-when-nothing-better-is-announced",
      .mechanisms = { "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS" },
      .cb = TRUE,
      .announced = { END_POINT, UNIQUE },
      .available = { EXPORTER, END_POINT },
      .code = OK,
      .mechanism = "SCRAM-SHA-256-PLUS",
      .flag = 'p',
      .binding = END_POINT,
  },
  {
      .name = "rule-1/end-point-when-nothing-better-is-available",
      .mechanisms = { "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS" },
      .cb = TRUE,
      .announced = { END_POINT, EXPORTER },
      .available = { END_POINT },
      .code = OK,
      .mechanism = "SCRAM-SHA-256-PLUS",
      .flag = 'p',
      .binding = END_POINT,
  },
  /* Rule 3 */
  {
      .name = "rule-3/sasl2",
      .mechanisms = { "SCRAM-SHA-1", "SCRAM-SHA-256" },
      .available = { EXPORTER, END_POINT },
      .code = OK,
      .mechanism = "SCRAM-SHA-256",
      .flag = 'y',
  },
  {
      .name = "rule-3/sasl1",
      .mechanisms = { "SCRAM-SHA-1" },
      .available = { EXPORTER, END_POINT },
      .sasl1 = TRUE,
      .code = OK,
      .mechanism = "SCRAM-SHA-1",
      .flag = 'y',
  },
  /* Rule 4 */
  {
      .name = "rule-4/sasl2",
      .mechanisms = { "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS" },
      .available = { EXPORTER, END_POINT },
      .code = XMPP_SASL_ERROR_CHANNEL_BINDING,
  },
  {
      .name = "rule-4/sasl1-guesses",
      .mechanisms = { "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS" },
      .available = { EXPORTER, END_POINT },
      .sasl1 = TRUE,
      .code = OK,
      .mechanism = "SCRAM-SHA-1-PLUS",
      .flag = 'p',
      .binding = EXPORTER,
  },
  {
      .name = "rule-4/sasl1-guesses-what-it-has",
      .mechanisms = { "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS" },
      .available = { END_POINT },
      .sasl1 = TRUE,
      .code = OK,
      .mechanism = "SCRAM-SHA-1-PLUS",
      .flag = 'p',
      .binding = END_POINT,
  },
  {
      .name = "rule-4/sasl1-has-none",
      .mechanisms = { "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS" },
      .available = { NULL },
      .sasl1 = TRUE,
      .code = XMPP_SASL_ERROR_CHANNEL_BINDING,
  },
  {
      .name = "rule-4/sasl1-where-sasl2-was",
      .mechanisms = { "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS" },
      .available = { EXPORTER },
      .sasl1 = TRUE,
      .memory_sasl2 = TRUE,
      .code = XMPP_SASL_ERROR_CHANNEL_BINDING,
  },
  /* Rule 5 */
  {
      .name = "rule-5/sasl2",
      .mechanisms = { "SCRAM-SHA-1" },
      .cb = TRUE,
      .announced = { EXPORTER, END_POINT },
      .available = { EXPORTER, END_POINT },
      .code = XMPP_SASL_ERROR_CHANNEL_BINDING,
  },
  {
      .name = "rule-5/sasl1",
      .mechanisms = { "SCRAM-SHA-1" },
      .cb = TRUE,
      .announced = { EXPORTER, END_POINT },
      .available = { EXPORTER, END_POINT },
      .sasl1 = TRUE,
      .code = XMPP_SASL_ERROR_CHANNEL_BINDING,
  },
  {
      .name = "rule-5/types-we-lack",
      .mechanisms = { "SCRAM-SHA-1" },
      .cb = TRUE,
      .announced = { UNIQUE },
      .available = { EXPORTER, END_POINT },
      .code = XMPP_SASL_ERROR_CHANNEL_BINDING,
  },
  {
      .name = "rule-5/plain-only-still-needs-consent",
      .mechanisms = { "PLAIN" },
      .cb = TRUE,
      .announced = { EXPORTER },
      .available = { EXPORTER },
      .code = XMPP_SASL_ERROR_PLAIN_CONSENT,
  },
  {
      .name = "rule-5/plain-with-scram",
      .mechanisms = { "PLAIN", "SCRAM-SHA-1" },
      .cb = TRUE,
      .announced = { EXPORTER },
      .available = { EXPORTER },
      .consent = TRUE,
      .code = XMPP_SASL_ERROR_CHANNEL_BINDING,
  },
  /* Rule 6, relaxed by XEP-0474 */
  {
      .name = "rule-6/no-end-point",
      .mechanisms = { "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS" },
      .cb = TRUE,
      .announced = { UNIQUE },
      .available = { EXPORTER, END_POINT },
      .code = OK,
      .mechanism = "SCRAM-SHA-256",
      .flag = 'n',
      .offer_required = TRUE,
  },
  {
      .name = "rule-6/sasl1",
      .mechanisms = { "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS" },
      .cb = TRUE,
      .announced = { UNIQUE },
      .available = { EXPORTER, END_POINT },
      .sasl1 = TRUE,
      .code = OK,
      .mechanism = "SCRAM-SHA-1",
      .flag = 'n',
      .offer_required = TRUE,
  },
  {
      .name = "rule-6/end-point-we-cannot-give",
      .mechanisms = { "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS" },
      .cb = TRUE,
      .announced = { END_POINT },
      .available = { EXPORTER },
      .code = OK,
      .mechanism = "SCRAM-SHA-1",
      .flag = 'n',
      .offer_required = TRUE,
  },
  {
      .name = "rule-6/empty-list",
      .mechanisms = { "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS" },
      .cb = TRUE,
      .announced = { NULL },
      .available = { EXPORTER },
      .code = OK,
      .mechanism = "SCRAM-SHA-1",
      .flag = 'n',
      .offer_required = TRUE,
  },
  {
      .name = "rule-6/nothing-but-plus",
      .mechanisms = { "SCRAM-SHA-1-PLUS" },
      .cb = TRUE,
      .announced = { UNIQUE },
      .available = { EXPORTER },
      .code = XMPP_SASL_ERROR_CHANNEL_BINDING,
  },
  {
      .name = "rule-6/never-plain",
      .mechanisms = { "SCRAM-SHA-1-PLUS", "PLAIN" },
      .cb = TRUE,
      .announced = { UNIQUE },
      .available = { EXPORTER },
      .consent = TRUE,
      .code = XMPP_SASL_ERROR_CHANNEL_BINDING,
  },
  /* Rule 7 */
  {
      .name = "rule-7/exporter-before-end-point",
      .mechanisms = { "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS" },
      .cb = TRUE,
      .announced = { END_POINT, EXPORTER },
      .available = { END_POINT, EXPORTER },
      .sasl1 = TRUE,
      .code = OK,
      .mechanism = "SCRAM-SHA-1-PLUS",
      .flag = 'p',
      .binding = EXPORTER,
  },

  /* PLAIN */
  {
      .name = "plain/no-consent",
      .mechanisms = { "PLAIN" },
      .available = { EXPORTER },
      .code = XMPP_SASL_ERROR_PLAIN_CONSENT,
  },
  {
      .name = "plain/consent",
      .mechanisms = { "PLAIN" },
      .available = { EXPORTER },
      .consent = TRUE,
      .code = OK,
      .mechanism = "PLAIN",
  },
  {
      .name = "plain/not-in-clear",
      .mechanisms = { "PLAIN" },
      .available = { NULL },
      .consent = TRUE,
      .clear = TRUE,
      .code = XMPP_SASL_ERROR_NO_MECHANISM,
  },
  {
      .name = "plain/not-when-better-is-offered",
      .mechanisms = { "PLAIN", "SCRAM-SHA-1" },
      .available = { EXPORTER },
      .consent = TRUE,
      .code = OK,
      .mechanism = "SCRAM-SHA-1",
      .flag = 'y',
  },
  {
      .name = "plain/was-all-there-ever-was",
      .mechanisms = { "PLAIN" },
      .available = { EXPORTER },
      .memory_mechanism = "PLAIN",
      .code = OK,
      .mechanism = "PLAIN",
  },
  {
      .name = "plain/never-again",
      .mechanisms = { "PLAIN" },
      .available = { EXPORTER },
      .consent = TRUE,
      .memory_mechanism = "SCRAM-SHA-1",
      .code = XMPP_SASL_ERROR_DOWNGRADE,
  },

  /* Memory */
  {
      .name = "memory/same",
      .mechanisms = { "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS" },
      .cb = TRUE,
      .announced = { EXPORTER, END_POINT },
      .available = { EXPORTER, END_POINT },
      .memory_mechanism = "SCRAM-SHA-256-PLUS",
      .memory_binding = EXPORTER,
      .code = OK,
      .mechanism = "SCRAM-SHA-256-PLUS",
      .flag = 'p',
      .binding = EXPORTER,
  },
  {
      .name = "memory/stronger",
      .mechanisms = { "SCRAM-SHA-512", "SCRAM-SHA-512-PLUS" },
      .cb = TRUE,
      .announced = { EXPORTER, END_POINT },
      .available = { EXPORTER, END_POINT },
      .memory_mechanism = "SCRAM-SHA-1",
      .memory_binding = NULL,
      .code = OK,
      .mechanism = "SCRAM-SHA-512-PLUS",
      .flag = 'p',
      .binding = EXPORTER,
  },
  {
      .name = "memory/weaker-hash",
      .mechanisms = { "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS" },
      .cb = TRUE,
      .announced = { EXPORTER, END_POINT },
      .available = { EXPORTER, END_POINT },
      .memory_mechanism = "SCRAM-SHA-256-PLUS",
      .memory_binding = EXPORTER,
      .code = XMPP_SASL_ERROR_DOWNGRADE,
  },
  {
      .name = "memory/plus-stripped-with-types",
      .mechanisms = { "SCRAM-SHA-512" },
      .available = { EXPORTER, END_POINT },
      .memory_mechanism = "SCRAM-SHA-1-PLUS",
      .memory_binding = EXPORTER,
      .code = XMPP_SASL_ERROR_DOWNGRADE,
  },
  {
      .name = "memory/weaker-binding",
      .mechanisms = { "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS" },
      .cb = TRUE,
      .announced = { END_POINT },
      .available = { EXPORTER, END_POINT },
      .memory_mechanism = "SCRAM-SHA-256-PLUS",
      .memory_binding = EXPORTER,
      .code = XMPP_SASL_ERROR_DOWNGRADE,
  },
  {
      .name = "memory/types-made-foreign",
      .mechanisms = { "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS" },
      .cb = TRUE,
      .announced = { UNIQUE },
      .available = { EXPORTER, END_POINT },
      .memory_mechanism = "SCRAM-SHA-256-PLUS",
      .memory_binding = END_POINT,
      .code = XMPP_SASL_ERROR_DOWNGRADE,
  },
};

static XmppMechanismOffer
offer_of (const Row *row,
          const XmppLoginMemory *memory)
{
  return (XmppMechanismOffer) {
    .mechanisms = row->mechanisms,
    .announced = row->cb ? row->announced : NULL,
    .available = row->available,
    .sasl2 = !row->sasl1,
    .secure = !row->clear,
    .allow_plain = row->consent,
    .memory = memory,
  };
}

static void
test_choose (gconstpointer data)
{
  const Row *row = data;
  XmppLoginMemory memory = {
    .mechanism = (char *) row->memory_mechanism,
    .channel_binding = (char *) row->memory_binding,
    .had_sasl2 = row->memory_sasl2,
  };
  XmppMechanismOffer offer = offer_of (row, &memory);
  XmppMechanismChoice choice = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean ok = xmpp_mechanism_choose (&offer, &choice, &error);

  if (row->code != OK)
    {
      g_assert_error (error, XMPP_SASL_ERROR, row->code);
      g_assert_false (ok);
      return;
    }
  g_assert_no_error (error);
  g_assert_true (ok);
  g_assert_cmpstr (choice.mechanism, ==, row->mechanism);
  g_assert_cmpstr (choice.binding, ==, row->binding);
  g_assert_cmpint (choice.flag, ==, row->flag);
  g_assert_cmpint (choice.scram, ==, row->flag != 0);
  g_assert_cmpint (choice.offer_required, ==, row->offer_required);
}

/* Security.md A3: a man in the middle with a certificate that an authority issued for him. */
static void
test_authority (void)
{
  static const struct
  {
    const char *authority;
    const char *key;
    const char *remembered;
    gboolean bound;
    gboolean ok;
  } cases[] = {
    { "Finch CA", "aa", NULL, FALSE, TRUE },        /* the first sign-in */
    { "Finch CA", "bb", "Finch CA", FALSE, TRUE },  /* renewed */
    { "Other CA", "aa", "Finch CA", FALSE, TRUE },  /* the same key is the same server */
    { "Other CA", "bb", "Finch CA", FALSE, FALSE }, /* he in the middle, or a change of provider */
    { "Other CA", "bb", "Finch CA", TRUE, TRUE },   /* the channel proves itself */
    { NULL, NULL, "Finch CA", FALSE, TRUE },        /* pinned by a person */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *unbound[] = { "SCRAM-SHA-1", NULL }, *bound[] = { "SCRAM-SHA-1-PLUS", NULL };
      const char *types[] = { EXPORTER, NULL };
      XmppLoginMemory memory = { .authority = (char *) cases[i].remembered, .key = (char *) "aa" };
      XmppMechanismOffer offer = {
        .mechanisms = cases[i].bound ? bound : unbound,
        .announced = cases[i].bound ? types : NULL,
        .available = types,
        .sasl2 = TRUE,
        .secure = TRUE,
        .authority = cases[i].authority,
        .key = cases[i].key,
        .memory = &memory,
      };
      XmppMechanismChoice choice = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (xmpp_mechanism_choose (&offer, &choice, &error), ==, cases[i].ok);
      if (!cases[i].ok)
        g_assert_error (error, XMPP_SASL_ERROR, XMPP_SASL_ERROR_AUTHORITY_CHANGED);
    }
}

static void
test_remember (void)
{
  XmppLoginMemory memory = { 0 };
  XmppMechanismChoice plain = { .mechanism = "PLAIN" };
  XmppMechanismChoice plus = { .mechanism = "SCRAM-SHA-1-PLUS", .binding = END_POINT };
  XmppMechanismChoice exporter = { .mechanism = "SCRAM-SHA-1-PLUS", .binding = EXPORTER };
  XmppMechanismChoice unbound = { .mechanism = "SCRAM-SHA-512" };

  xmpp_mechanism_remember (&memory, &plain, FALSE);
  g_assert_cmpstr (memory.mechanism, ==, "PLAIN");
  g_assert_null (memory.channel_binding);
  g_assert_false (memory.had_sasl2);

  xmpp_mechanism_remember (&memory, &plus, TRUE);
  g_assert_cmpstr (memory.mechanism, ==, "SCRAM-SHA-1-PLUS");
  g_assert_cmpstr (memory.channel_binding, ==, END_POINT);
  g_assert_true (memory.had_sasl2);

  xmpp_mechanism_remember (&memory, &exporter, FALSE);
  xmpp_mechanism_remember (&memory, &unbound, FALSE);
  g_assert_cmpstr (memory.mechanism, ==, "SCRAM-SHA-1-PLUS");
  xmpp_mechanism_remember (&memory, &plus, FALSE);
  g_assert_cmpstr (memory.mechanism, ==, "SCRAM-SHA-1-PLUS");
  g_assert_cmpstr (memory.channel_binding, ==, EXPORTER);
  g_assert_true (memory.had_sasl2);

  g_free (memory.mechanism);
  g_free (memory.channel_binding);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/xmpp/mechanism-choice/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_choose);
    }
  g_test_add_func ("/xmpp/mechanism-choice/authority", test_authority);
  g_test_add_func ("/xmpp/mechanism-choice/remember", test_remember);

  return g_test_run ();
}
