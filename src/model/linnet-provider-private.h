/* How providers come to be
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-provider.h"

G_BEGIN_DECLS

/* As the getters of LinnetProvider. Owned by the provider once it is made of them. */
typedef struct
{
  char *domain;
  char category[2];
  gboolean in_app;
  LinnetTristate captcha;
  LinnetTristate email_needed;
  LinnetTristate free;
  int storage_days;
  int upload_mb;
  int upload_total_mb;
  int upload_days;
  int bus_factor;
  char **countries;
  guint since;
  char *software;
  char *website;
  char *registration_url;
  GDateTime *source_date;
  guint near; /* 0: far from the person; 1: speaks their language; 2: is in their country */
} LinnetProviderFacts;

void linnet_provider_facts_clear (LinnetProviderFacts *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LinnetProviderFacts, linnet_provider_facts_clear)

/* Takes what is in @facts, which is empty afterwards. */
LinnetProvider *linnet_provider_new (LinnetProviderFacts *facts);

/* The order in which they are offered: in-app first, then those that outlive one person, then near ones,
 * those that ask for least, and by the number of people behind them. */
int linnet_provider_compare (LinnetProvider *a, LinnetProvider *b);

/**
 * linnet_provider_parse:
 * @bytes: an array in the format of XMPP Providers version 2, or what [func@Linnet.provider_wrap] made of
 * one
 * @languages: g_get_language_names()
 * @updated: (out) (nullable): when it was fetched, or the newest date in it
 *
 * Takes a list in its entirety or not at all. Providers where nobody can register are left out. Safe in
 * any thread.
 *
 * Returns: (transfer full) (nullable): #LinnetProvider objects in their order; %NULL with
 * LINNET_ERROR_PROVIDER_LIST
 */
GPtrArray *linnet_provider_parse (GBytes *bytes,
                                  const char *const *languages,
                                  GDateTime **updated,
                                  GError **error);

/* The text of a list that was fetched @now, to be kept. */
GBytes *linnet_provider_wrap (GBytes *bytes, GDateTime *now);

G_END_DECLS
