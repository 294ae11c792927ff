/* A public server where anybody can have an account: what is known about it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-provider"

#include "config.h"

#include "linnet-provider-private.h"

/* From so many people on, the server is likely to outlive the leaving of one. */
#define ROBUST 2

struct _LinnetProvider
{
  GObject parent_instance;

  LinnetProviderFacts facts;
};

G_DEFINE_FINAL_TYPE (LinnetProvider, linnet_provider, G_TYPE_OBJECT)

void
linnet_provider_facts_clear (LinnetProviderFacts *self)
{
  g_clear_pointer (&self->domain, g_free);
  g_clear_pointer (&self->countries, g_strfreev);
  g_clear_pointer (&self->software, g_free);
  g_clear_pointer (&self->website, g_free);
  g_clear_pointer (&self->registration_url, g_free);
  g_clear_pointer (&self->source_date, g_date_time_unref);
}

static void
linnet_provider_finalize (GObject *object)
{
  LinnetProvider *self = LINNET_PROVIDER (object);

  linnet_provider_facts_clear (&self->facts);

  G_OBJECT_CLASS (linnet_provider_parent_class)->finalize (object);
}

static void
linnet_provider_class_init (LinnetProviderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_provider_finalize;
}

static void
linnet_provider_init (LinnetProvider *self)
{
}

LinnetProvider *
linnet_provider_new (LinnetProviderFacts *facts)
{
  LinnetProvider *self = g_object_new (LINNET_TYPE_PROVIDER, NULL);

  self->facts = *facts;
  *facts = (LinnetProviderFacts) { 0 };

  return self;
}

const char *
linnet_provider_get_domain (LinnetProvider *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER (self), NULL);

  return self->facts.domain;
}

const char *
linnet_provider_get_category (LinnetProvider *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER (self), NULL);

  return self->facts.category;
}

gboolean
linnet_provider_get_in_app (LinnetProvider *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER (self), FALSE);

  return self->facts.in_app;
}

LinnetTristate
linnet_provider_get_captcha (LinnetProvider *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER (self), LINNET_TRISTATE_UNKNOWN);

  return self->facts.captcha;
}

LinnetTristate
linnet_provider_get_email_needed (LinnetProvider *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER (self), LINNET_TRISTATE_UNKNOWN);

  return self->facts.email_needed;
}

LinnetTristate
linnet_provider_get_free (LinnetProvider *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER (self), LINNET_TRISTATE_UNKNOWN);

  return self->facts.free;
}

int
linnet_provider_get_storage_days (LinnetProvider *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER (self), LINNET_PROVIDER_UNKNOWN);

  return self->facts.storage_days;
}

int
linnet_provider_get_upload_mb (LinnetProvider *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER (self), LINNET_PROVIDER_UNKNOWN);

  return self->facts.upload_mb;
}

int
linnet_provider_get_upload_total_mb (LinnetProvider *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER (self), LINNET_PROVIDER_UNKNOWN);

  return self->facts.upload_total_mb;
}

int
linnet_provider_get_upload_days (LinnetProvider *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER (self), LINNET_PROVIDER_UNKNOWN);

  return self->facts.upload_days;
}

int
linnet_provider_get_bus_factor (LinnetProvider *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER (self), LINNET_PROVIDER_UNKNOWN);

  return self->facts.bus_factor;
}

const char *const *
linnet_provider_get_countries (LinnetProvider *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER (self), NULL);

  return (const char *const *) self->facts.countries;
}

guint
linnet_provider_get_since (LinnetProvider *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER (self), 0);

  return self->facts.since;
}

const char *
linnet_provider_get_software (LinnetProvider *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER (self), NULL);

  return self->facts.software;
}

const char *
linnet_provider_get_website (LinnetProvider *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER (self), NULL);

  return self->facts.website;
}

const char *
linnet_provider_get_registration_url (LinnetProvider *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER (self), NULL);

  return self->facts.registration_url;
}

GDateTime *
linnet_provider_get_source_date (LinnetProvider *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER (self), NULL);

  return self->facts.source_date;
}

static gboolean
has_word (LinnetProvider *self,
          const char *word)
{
  g_autofree char *software =
      g_utf8_casefold (self->facts.software != NULL ? self->facts.software : "", -1);
  g_autofree char *domain = g_utf8_casefold (self->facts.domain, -1);

  if (strstr (domain, word) != NULL || strstr (software, word) != NULL)
    return TRUE;

  for (gsize i = 0; self->facts.countries[i] != NULL; i++)
    if (g_ascii_strcasecmp (self->facts.countries[i], word) == 0)
      return TRUE;

  return FALSE;
}

gboolean
linnet_provider_matches (LinnetProvider *self,
                         const char *text)
{
  g_autofree char *folded = NULL;
  g_auto (GStrv) words = NULL;

  g_return_val_if_fail (LINNET_IS_PROVIDER (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  folded = g_utf8_casefold (text, -1);
  words = g_strsplit_set (folded, " \t\n", -1);
  for (gsize i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0' && !has_word (self, words[i]))
      return FALSE;

  return TRUE;
}

/* How much there is to do or to tell before one has an account. */
static int
get_burden (const LinnetProviderFacts *facts)
{
  return (facts->email_needed == LINNET_TRISTATE_YES ? 2 : 0) + (facts->free == LINNET_TRISTATE_NO ? 2 : 0) +
         (facts->captcha == LINNET_TRISTATE_YES ? 1 : 0);
}

int
linnet_provider_compare (LinnetProvider *a,
                         LinnetProvider *b)
{
  const LinnetProviderFacts *x = &a->facts, *y = &b->facts;
  const int differences[] = {
    !!y->in_app - !!x->in_app,
    (y->bus_factor >= ROBUST) - (x->bus_factor >= ROBUST),
    (int) y->near - (int) x->near,
    get_burden (x) - get_burden (y),
    y->bus_factor - x->bus_factor,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (differences); i++)
    if (differences[i] != 0)
      return differences[i];

  return strcmp (x->domain, y->domain);
}
