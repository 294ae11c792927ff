/* Which SASL mechanism to use: RFC 5802 section 6, XEP-0440 version 1.0.0, XEP-0474 version 0.5.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-login.h"
#include "xmpp-scram.h"

G_BEGIN_DECLS

/**
 * XmppMechanismOffer:
 * @mechanisms: what the server offers in the profile that will be used; ended by NULL
 * @announced: the channel binding types it announces (XEP-0440); NULL when there is no announcement
 * @available: the types this connection can give; ended by NULL
 * @sasl2: the profile is SASL 2
 * @secure: under TLS
 * @allow_plain: a person agreed to PLAIN for this sign-in
 * @authority: (nullable): who issued the server's certificate
 * @key: (nullable): the SHA-256 of the server's key
 * @memory: what the account remembers
 */
typedef struct
{
  const char *const *mechanisms;
  const char *const *announced;
  const char *const *available;
  guint sasl2 : 1;
  guint secure : 1;
  guint allow_plain : 1;
  const char *authority;
  const char *key;
  const XmppLoginMemory *memory;
} XmppMechanismOffer;

/**
 * XmppMechanismChoice:
 * @scram: one of SCRAM's; otherwise it is PLAIN
 * @flag: SCRAM's gs2 flag, 'n', 'y' or 'p'
 * @offer_required: the server must prove what it offered (XEP-0474)
 */
typedef struct
{
  const char *mechanism; /* static */
  const char *binding;   /* static; with 'p' */
  XmppScramHash hash;
  char flag;
  guint scram : 1;
  guint offer_required : 1;
} XmppMechanismChoice;

/**
 * xmpp_mechanism_choose:
 *
 * Decides for the strongest mechanism and channel binding, or against signing in: XEP-0440's business rules,
 * then what
 * the account remembers (security.md A3, A4, A5). Nothing is ever retried with less.
 *
 * Returns: %FALSE with %XMPP_SASL_ERROR_NO_MECHANISM, _PLAIN_CONSENT, _DOWNGRADE, _AUTHORITY_CHANGED or
 *   _CHANNEL_BINDING
 */
gboolean xmpp_mechanism_choose (const XmppMechanismOffer *offer, XmppMechanismChoice *choice, GError **error);

/* Remembers what a sign-in that succeeded used, where it is stronger than anything before. */
void xmpp_mechanism_remember (XmppLoginMemory *memory, const XmppMechanismChoice *choice, gboolean sasl2);

G_END_DECLS
