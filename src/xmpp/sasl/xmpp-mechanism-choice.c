/* Which SASL mechanism to use: RFC 5802 section 6, XEP-0440 version 1.0.0, XEP-0474 version 0.5.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-mechanism-choice"

#include "config.h"

#include <string.h>

#include "xmpp-error.h"
#include "xmpp-mechanism-choice.h"

typedef struct
{
  const char *name;
  XmppScramHash hash;
  guint scram : 1;
  guint plus : 1;
} Mechanism;

/* Weakest first: binding to the channel counts for more than the hash, since it keeps a man in the middle
 * out. */
static const Mechanism mechanisms[] = {
  { "PLAIN" },
  { "SCRAM-SHA-1", XMPP_SCRAM_SHA_1, TRUE, FALSE },
  { "SCRAM-SHA-256", XMPP_SCRAM_SHA_256, TRUE, FALSE },
  { "SCRAM-SHA-512", XMPP_SCRAM_SHA_512, TRUE, FALSE },
  { "SCRAM-SHA-1-PLUS", XMPP_SCRAM_SHA_1, TRUE, TRUE },
  { "SCRAM-SHA-256-PLUS", XMPP_SCRAM_SHA_256, TRUE, TRUE },
  { "SCRAM-SHA-512-PLUS", XMPP_SCRAM_SHA_512, TRUE, TRUE },
};

/* Weakest first. */
static const char *const bindings[] = { "tls-server-end-point", "tls-exporter" };

/* 0 for none or an unknown one, else a number that grows with strength. */
static guint
mechanism_rank (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    if (g_strcmp0 (name, mechanisms[i].name) == 0)
      return i + 1;

  return 0;
}

static guint
binding_rank (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (bindings); i++)
    if (g_strcmp0 (name, bindings[i]) == 0)
      return i + 1;

  return 0;
}

static const Mechanism *
strongest (const char *const *offered,
           gboolean plus)
{
  for (guint i = G_N_ELEMENTS (mechanisms); i > 0; i--)
    if (mechanisms[i - 1].scram && mechanisms[i - 1].plus == plus &&
        g_strv_contains (offered, mechanisms[i - 1].name))
      return &mechanisms[i - 1];

  return NULL;
}

/* @announced: NULL lets any type pass. */
static const char *
strongest_binding (const char *const *announced,
                   const char *const *available)
{
  for (guint i = G_N_ELEMENTS (bindings); i > 0; i--)
    if (g_strv_contains (available, bindings[i - 1]) &&
        (announced == NULL || g_strv_contains (announced, bindings[i - 1])))
      return bindings[i - 1];

  return NULL;
}

static void
take (XmppMechanismChoice *choice,
      const Mechanism *mechanism,
      char flag,
      const char *binding)
{
  *choice = (XmppMechanismChoice) {
    .mechanism = mechanism->name,
    .binding = binding,
    .hash = mechanism->hash,
    .flag = flag,
    .scram = mechanism->scram,
  };
}

/* Mechanisms with channel binding are offered. The rules are numbered as in XEP-0440 section 3. */
static gboolean
choose_plus (const XmppMechanismOffer *offer,
             const Mechanism *plus,
             XmppMechanismChoice *choice,
             GError **error)
{
  /* Whoever saw SASL 2 here before is owed its strictness, though somebody may have removed it from the
   * features. */
  gboolean strict = offer->sasl2 || offer->memory->had_sasl2;
  const Mechanism *unbound = strongest (offer->mechanisms, FALSE);
  const char *binding;

  /* Rule 4: the list of types was stripped, or the server is broken. */
  if (offer->announced == NULL && strict)
    {
      g_set_error_literal (error,
                           XMPP_SASL_ERROR,
                           XMPP_SASL_ERROR_CHANNEL_BINDING,
                           "Channel binding is offered without any type of it");
      return FALSE;
    }

  /* Rules 1 and 7; with the first profile and no list, a guess. */
  binding = strongest_binding (offer->announced, offer->available);
  if (binding != NULL)
    {
      take (choice, plus, 'p', binding);
      return TRUE;
    }

  /* Rule 6, as XEP-0474 section 6 relaxes it: go on if the server can prove that its list is genuine. */
  if (offer->announced == NULL || unbound == NULL)
    {
      g_set_error_literal (error,
                           XMPP_SASL_ERROR,
                           XMPP_SASL_ERROR_CHANNEL_BINDING,
                           "No channel binding in common");
      return FALSE;
    }
  take (choice, unbound, 'n', NULL);
  choice->offer_required = TRUE;

  return TRUE;
}

static gboolean
choose_plain (const XmppMechanismOffer *offer,
              XmppMechanismChoice *choice,
              GError **error)
{
  guint remembered = mechanism_rank (offer->memory->mechanism);

  if (!offer->secure || !g_strv_contains (offer->mechanisms, "PLAIN"))
    {
      g_set_error_literal (error, XMPP_SASL_ERROR, XMPP_SASL_ERROR_NO_MECHANISM, "No mechanism in common");
      return FALSE;
    }
  /* The first sign-in takes a person's consent; an account that ever had more never comes here (see below).
   * */
  if (remembered == 0 && !offer->allow_plain)
    {
      g_set_error_literal (error,
                           XMPP_SASL_ERROR,
                           XMPP_SASL_ERROR_PLAIN_CONSENT,
                           "Nothing better than PLAIN is offered");
      return FALSE;
    }
  take (choice, &mechanisms[0], 0, NULL);

  return TRUE;
}

static gboolean
choose_offered (const XmppMechanismOffer *offer,
                XmppMechanismChoice *choice,
                GError **error)
{
  const Mechanism *plus = strongest (offer->mechanisms, TRUE);
  const Mechanism *unbound = strongest (offer->mechanisms, FALSE);

  if (plus != NULL)
    return choose_plus (offer, plus, choice, error);
  /* XEP-0440 is about mechanisms that can bind. Where only PLAIN is left, an announcement protects and
   * proves nothing. */
  if (unbound == NULL)
    return choose_plain (offer, choice, error);

  /* Rule 5: the mechanisms were stripped. */
  if (offer->announced != NULL)
    {
      g_set_error_literal (error,
                           XMPP_SASL_ERROR,
                           XMPP_SASL_ERROR_CHANNEL_BINDING,
                           "Channel binding is announced without any mechanism for it");
      return FALSE;
    }
  /* Rule 3: a server that did offer it will notice. */
  take (choice, unbound, 'y', NULL);

  return TRUE;
}

/* Without channel binding nothing but the certificate tells the server from somebody in between, and any
 * authority can issue one for him: with another key, and mostly not by the authority of the server. */
static gboolean
is_vouched_for (const XmppMechanismOffer *offer,
                const XmppMechanismChoice *choice)
{
  const XmppLoginMemory *memory = offer->memory;

  return choice->binding != NULL || offer->authority == NULL || memory->authority == NULL ||
         g_str_equal (offer->authority, memory->authority) || g_strcmp0 (offer->key, memory->key) == 0;
}

gboolean
xmpp_mechanism_choose (const XmppMechanismOffer *offer,
                       XmppMechanismChoice *choice,
                       GError **error)
{
  g_return_val_if_fail (offer->mechanisms != NULL && offer->available != NULL && offer->memory != NULL,
                        FALSE);

  if (!choose_offered (offer, choice, error))
    return FALSE;

  if (mechanism_rank (choice->mechanism) < mechanism_rank (offer->memory->mechanism) ||
      binding_rank (choice->binding) < binding_rank (offer->memory->channel_binding))
    {
      g_set_error (error,
                   XMPP_SASL_ERROR,
                   XMPP_SASL_ERROR_DOWNGRADE,
                   "%s with %s is weaker than %s with %s before",
                   choice->mechanism,
                   choice->binding != NULL ? choice->binding : "no channel binding",
                   offer->memory->mechanism,
                   offer->memory->channel_binding ? offer->memory->channel_binding : "no channel binding");
      return FALSE;
    }

  if (!is_vouched_for (offer, choice))
    {
      g_set_error_literal (error,
                           XMPP_SASL_ERROR,
                           XMPP_SASL_ERROR_AUTHORITY_CHANGED,
                           "Another authority issued the server's certificate, for another key");
      return FALSE;
    }

  return TRUE;
}

void
xmpp_mechanism_remember (XmppLoginMemory *memory,
                         const XmppMechanismChoice *choice,
                         gboolean sasl2)
{
  if (mechanism_rank (choice->mechanism) > mechanism_rank (memory->mechanism))
    g_set_str (&memory->mechanism, choice->mechanism);
  if (binding_rank (choice->binding) > binding_rank (memory->channel_binding))
    g_set_str (&memory->channel_binding, choice->binding);
  if (sasl2)
    memory->had_sasl2 = TRUE;
}
