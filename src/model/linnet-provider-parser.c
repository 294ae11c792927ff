/* Lists of providers as they come from the disk and from the network: XMPP Providers, version 2
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-provider"

#include "config.h"

#include <string.h>

#include <json-glib/json-glib.h>

#include "linnet-error.h"
#include "linnet-provider-private.h"
#include "xmpp-domain.h"

#define MAX_PROVIDERS 1000
#define MAX_TEXT 2000
#define MAX_LANGUAGES 100
#define MAX_COUNTRIES 20
#define MAX_NUMBER 1000000000

/* What the wrapping of a fetched list calls its parts. */
#define FETCHED "fetched"
#define PROVIDERS "providers"

static gboolean
fail (GError **error,
      const char *what,
      const char *name)
{
  g_set_error (error, LINNET_ERROR, LINNET_ERROR_PROVIDER_LIST, "%s: %s", what, name);

  return FALSE;
}

static gpointer
fail_null (GError **error,
           const char *what,
           const char *name)
{
  fail (error, what, name);

  return NULL;
}

/* ---- members of one type; each may be missing or null ---- */

/* @node: (out) (nullable) */
static gboolean
read_node (JsonObject *object,
           const char *name,
           JsonNodeType type,
           JsonNode **node,
           GError **error)
{
  *node = json_object_get_member (object, name);
  if (*node != NULL && JSON_NODE_HOLDS_NULL (*node))
    *node = NULL;

  return *node == NULL || json_node_get_node_type (*node) == type || fail (error, "Of a wrong type", name);
}

static gboolean
read_text (JsonObject *object,
           const char *name,
           const char **text,
           GError **error)
{
  JsonNode *node;

  if (!read_node (object, name, JSON_NODE_VALUE, &node, error))
    return FALSE;

  *text = node != NULL ? json_node_get_string (node) : NULL;
  if (node != NULL && *text == NULL)
    return fail (error, "Not a text", name);

  return *text == NULL || strlen (*text) <= MAX_TEXT || fail (error, "Too long", name);
}

static gboolean
read_answer (JsonObject *object,
             const char *name,
             LinnetTristate *answer,
             GError **error)
{
  JsonNode *node;

  *answer = LINNET_TRISTATE_UNKNOWN;
  if (!read_node (object, name, JSON_NODE_VALUE, &node, error))
    return FALSE;
  if (node == NULL)
    return TRUE;
  if (json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return fail (error, "Neither true nor false", name);

  *answer = json_node_get_boolean (node) ? LINNET_TRISTATE_YES : LINNET_TRISTATE_NO;

  return TRUE;
}

static gboolean
read_number (JsonObject *object,
             const char *name,
             int *number,
             GError **error)
{
  JsonNode *node;
  gint64 value;

  *number = LINNET_PROVIDER_UNKNOWN;
  if (!read_node (object, name, JSON_NODE_VALUE, &node, error))
    return FALSE;
  if (node == NULL)
    return TRUE;
  if (json_node_get_value_type (node) != G_TYPE_INT64)
    return fail (error, "Not a whole number", name);

  value = json_node_get_int (node);
  if (value < LINNET_PROVIDER_UNKNOWN || value > MAX_NUMBER)
    return fail (error, "Not a sensible number", name);
  *number = value;

  return TRUE;
}

/* ---- facts ---- */

static gboolean
read_domain (JsonObject *object,
             LinnetProviderFacts *facts,
             GError **error)
{
  const char *text;
  g_autofree char *domain = NULL;

  if (!read_text (object, "jid", &text, error))
    return FALSE;

  /* Addresses of machines, names of this network: nothing that a public list may send a person to. */
  domain = text != NULL ? xmpp_domain_prepare (text) : NULL;
  if (domain == NULL || *domain == '[' || strchr (domain, '.') == NULL || g_hostname_is_ip_address (domain))
    return fail (error, "Not a domain", "jid");

  /* Where letters look like other ones, this form shows it. */
  facts->domain = xmpp_domain_to_ascii (domain);

  return TRUE;
}

/* @page: (out) (nullable): NULL for pages that are not encrypted. */
static gboolean
check_page (const char *text,
            const char **page,
            GError **error)
{
  g_autoptr (GUri) uri = NULL;

  if (text == NULL || strlen (text) > MAX_TEXT)
    return fail (error, "Not the address of a page", "website, registrationWebPage");
  for (const char *c = text; *c != '\0'; c++)
    if (*c <= ' ' || *c >= 0x7f)
      return fail (error, "Not the address of a page", text);

  uri = g_uri_parse (text, G_URI_FLAGS_ENCODED | G_URI_FLAGS_SCHEME_NORMALIZE, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' ||
      g_uri_get_userinfo (uri) != NULL ||
      (!g_str_equal (g_uri_get_scheme (uri), "https") && !g_str_equal (g_uri_get_scheme (uri), "http")))
    return fail (error, "Not the address of a page", text);

  *page = g_str_equal (g_uri_get_scheme (uri), "https") ? text : NULL;

  return TRUE;
}

/* How well a page in @language suits somebody who reads @languages; 0 is best. */
static guint
rate_language (const char *language,
               const char *const *languages)
{
  guint i;

  for (i = 0; languages[i] != NULL; i++)
    if (g_ascii_strcasecmp (languages[i], language) == 0)
      return i;

  return g_ascii_strcasecmp (language, "en") == 0 ? i : i + 1;
}

/* @page: (out) (nullable). @spoken: (out): one is in a language of the person's. */
static gboolean
read_pages (JsonObject *object,
            const char *name,
            const char *const *languages,
            char **page,
            gboolean *spoken,
            GError **error)
{
  JsonNode *node;
  JsonObjectIter iter;
  const char *language;
  guint best = G_MAXUINT;

  *spoken = FALSE;
  if (!read_node (object, name, JSON_NODE_OBJECT, &node, error))
    return FALSE;
  if (node == NULL)
    return TRUE;
  if (json_object_get_size (json_node_get_object (node)) > MAX_LANGUAGES)
    return fail (error, "Too many", name);

  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &language, &node))
    {
      guint rating = rate_language (language, languages);
      const char *text;

      if (!check_page (JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL, &text, error))
        return FALSE;
      if (text == NULL || rating >= best)
        continue;

      best = rating;
      *spoken = rating < g_strv_length ((char **) languages);
      g_set_str (page, text);
    }

  return TRUE;
}

static gboolean
read_countries (JsonObject *object,
                LinnetProviderFacts *facts,
                GError **error)
{
  g_autoptr (GStrvBuilder) countries = g_strv_builder_new ();
  JsonNode *node;
  JsonArray *array;

  if (!read_node (object, "serverLocations", JSON_NODE_ARRAY, &node, error))
    return FALSE;
  array = node != NULL ? json_node_get_array (node) : NULL;
  if (array != NULL && json_array_get_length (array) > MAX_COUNTRIES)
    return fail (error, "Too many", "serverLocations");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      const char *code = JSON_NODE_HOLDS_VALUE (element) ? json_node_get_string (element) : NULL;

      if (code == NULL || strlen (code) != 2 || !g_ascii_isalpha (code[0]) || !g_ascii_isalpha (code[1]))
        return fail (error, "Not a country", "serverLocations");
      g_strv_builder_take (countries, g_ascii_strup (code, -1));
    }

  facts->countries = g_strv_builder_end (countries);

  return TRUE;
}

/* "Prosody" and "13.0 nightly build 97 (...)" become "Prosody 13.0": more is for its developers. */
static gboolean
read_software (JsonObject *object,
               LinnetProviderFacts *facts,
               GError **error)
{
  const char *name, *version;
  gsize digits;

  if (!read_text (object, "serverSoftwareName", &name, error) ||
      !read_text (object, "serverSoftwareVersion", &version, error))
    return FALSE;
  if (name == NULL || *name == '\0')
    return TRUE;

  for (const char *c = name; *c != '\0'; c++)
    if (!g_ascii_isprint (*c))
      return fail (error, "Not the name of a program", "serverSoftwareName");

  digits = version != NULL ? strspn (version, "0123456789.") : 0;
  while (digits > 0 && version[digits - 1] == '.')
    digits--;
  facts->software = digits > 0 ? g_strdup_printf ("%.40s %.*s", name, (int) MIN (digits, 20), version)
                               : g_strdup_printf ("%.40s", name);

  return TRUE;
}

/* "2013-11-17", "2013" */
static GDateTime *
parse_date (const char *text)
{
  g_auto (GStrv) parts = NULL;
  guint64 numbers[3] = { 0, 1, 1 };

  if (strlen (text) != 4 && strlen (text) != 10)
    return NULL;
  parts = g_strsplit (text, "-", 3);
  if (g_strv_length (parts) != (strlen (text) == 4 ? 1 : 3))
    return NULL;
  for (gsize i = 0; parts[i] != NULL; i++)
    if (!g_ascii_string_to_unsigned (parts[i], 10, 1, 9999, &numbers[i], NULL))
      return NULL;

  return g_date_time_new_utc (numbers[0], numbers[1], numbers[2], 0, 0, 0);
}

/* @date: (out) (nullable) */
static gboolean
read_date (JsonObject *object,
           const char *name,
           GDateTime **date,
           GError **error)
{
  const char *text;

  if (!read_text (object, name, &text, error))
    return FALSE;
  if (text == NULL || *text == '\0')
    return TRUE;

  *date = parse_date (text);

  return *date != NULL || fail (error, "Not a date", name);
}

static gboolean
read_category (JsonObject *object,
               LinnetProviderFacts *facts,
               GError **error)
{
  const char *text;

  if (!read_text (object, "category", &text, error))
    return FALSE;
  if (text == NULL || *text == '\0')
    return TRUE;
  if (*text < 'A' || *text > 'D' || text[1] != '\0')
    return fail (error, "Not a category", text);

  facts->category[0] = *text;

  return TRUE;
}

static gboolean
is_in_country (const LinnetProviderFacts *facts,
               const char *const *languages)
{
  for (gsize i = 0; languages[i] != NULL; i++)
    {
      const char *country = strchr (languages[i], '_');

      for (gsize k = 0; country != NULL && facts->countries[k] != NULL; k++)
        if (g_ascii_strncasecmp (country + 1, facts->countries[k], 2) == 0)
          return TRUE;
    }

  return FALSE;
}

static gboolean
read_registration (JsonObject *object,
                   const char *const *languages,
                   LinnetProviderFacts *facts,
                   GError **error)
{
  LinnetTristate in_app;
  gboolean spoken;

  if (!read_answer (object, "inBandRegistration", &in_app, error) ||
      !read_answer (object, "inBandRegistrationCaptchaRequired", &facts->captcha, error) ||
      !read_answer (object, "inBandRegistrationEmailAddressRequired", &facts->email_needed, error) ||
      !read_answer (object, "freeOfCharge", &facts->free, error) ||
      !read_pages (object, "registrationWebPage", languages, &facts->registration_url, &spoken, error))
    return FALSE;

  facts->in_app = in_app == LINNET_TRISTATE_YES;
  /* What a page on the web asks for is not in the list. */
  if (!facts->in_app)
    facts->captcha = facts->email_needed = LINNET_TRISTATE_UNKNOWN;

  return TRUE;
}

static gboolean
read_facts (JsonObject *object,
            const char *const *languages,
            LinnetProviderFacts *facts,
            GError **error)
{
  g_autoptr (GDateTime) since = NULL;
  gboolean spoken;

  if (!read_domain (object, facts, error) || !read_category (object, facts, error) ||
      !read_registration (object, languages, facts, error) ||
      !read_number (object, "maximumMessageArchiveManagementStorageTime", &facts->storage_days, error) ||
      !read_number (object, "maximumHttpFileUploadFileSize", &facts->upload_mb, error) ||
      !read_number (object, "maximumHttpFileUploadTotalSize", &facts->upload_total_mb, error) ||
      !read_number (object, "maximumHttpFileUploadStorageTime", &facts->upload_days, error) ||
      !read_number (object, "busFactor", &facts->bus_factor, error) ||
      !read_countries (object, facts, error) || !read_software (object, facts, error) ||
      !read_pages (object, "website", languages, &facts->website, &spoken, error) ||
      !read_date (object, "latestChange", &facts->source_date, error) ||
      !read_date (object, "since", &since, error))
    return FALSE;

  facts->since = since != NULL ? g_date_time_get_year (since) : 0;
  facts->near = is_in_country (facts, languages) ? 2 : spoken ? 1
                                                              : 0;

  return TRUE;
}

/* ---- lists ---- */

static int
compare_cb (gconstpointer a,
            gconstpointer b)
{
  return linnet_provider_compare (*(LinnetProvider *const *) a, *(LinnetProvider *const *) b);
}

static GPtrArray *
read_providers (JsonArray *array,
                const char *const *languages,
                GDateTime **newest,
                GError **error)
{
  g_autoptr (GPtrArray) providers = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) domains = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint length = json_array_get_length (array);

  if (length > MAX_PROVIDERS)
    return fail_null (error, "Too many", PROVIDERS);

  for (guint i = 0; i < length; i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      g_auto (LinnetProviderFacts) facts = { 0 };

      if (!JSON_NODE_HOLDS_OBJECT (element))
        return fail_null (error, "Not a provider", PROVIDERS);
      if (!read_facts (json_node_get_object (element), languages, &facts, error))
        return NULL;
      if (!g_hash_table_add (domains, g_strdup (facts.domain)))
        return fail_null (error, "Twice", facts.domain);

      if (facts.source_date != NULL &&
          (*newest == NULL || g_date_time_compare (facts.source_date, *newest) > 0))
        {
          g_clear_pointer (newest, g_date_time_unref);
          *newest = g_date_time_ref (facts.source_date);
        }
      if (facts.in_app || facts.registration_url != NULL)
        g_ptr_array_add (providers, linnet_provider_new (&facts));
    }

  if (providers->len == 0)
    return fail_null (error, "Nobody to register with", PROVIDERS);
  g_ptr_array_sort (providers, compare_cb);

  return g_steal_pointer (&providers);
}

/* @fetched: (out) (nullable). Borrowed. */
static JsonArray *
find_array (JsonNode *root,
            GDateTime **fetched,
            GError **error)
{
  JsonNode *node = NULL;
  const char *text;

  if (root != NULL && JSON_NODE_HOLDS_ARRAY (root))
    return json_node_get_array (root);
  if ((root == NULL || !JSON_NODE_HOLDS_OBJECT (root)))
    return fail_null (error, "Not a list", PROVIDERS);

  if (!read_text (json_node_get_object (root), FETCHED, &text, error) ||
      !read_node (json_node_get_object (root), PROVIDERS, JSON_NODE_ARRAY, &node, error))
    return NULL;
  *fetched = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;
  if ((node == NULL || *fetched == NULL))
    return fail_null (error, "Not a list", PROVIDERS);

  return json_node_get_array (node);
}

GPtrArray *
linnet_provider_parse (GBytes *bytes,
                       const char *const *languages,
                       GDateTime **updated,
                       GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GDateTime) fetched = NULL;
  g_autoptr (GDateTime) newest = NULL;
  g_autoptr (GPtrArray) providers = NULL;
  g_autoptr (GError) local_error = NULL;
  JsonArray *array;

  g_return_val_if_fail (languages != NULL && updated != NULL, NULL);

  if ((length == 0 || !g_utf8_validate_len (text, length, NULL)))
    return fail_null (error, "Not JSON", PROVIDERS);
  json_parser_set_strict (parser, TRUE);
  if (!json_parser_load_from_data (parser, text, length, &local_error))
    return fail_null (error, "Not JSON", local_error->message);

  array = find_array (json_parser_get_root (parser), &fetched, error);
  if (array == NULL || !(providers = read_providers (array, languages, &newest, error)))
    return NULL;

  *updated = fetched != NULL ? g_steal_pointer (&fetched) : g_steal_pointer (&newest);

  return g_steal_pointer (&providers);
}

GBytes *
linnet_provider_wrap (GBytes *bytes,
                      GDateTime *now)
{
  g_autofree char *date = g_date_time_format_iso8601 (now);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "{\"" FETCHED "\": \"%s\", \"" PROVIDERS "\": ", date);
  g_string_append_len (text, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_string_append (text, "}\n");

  return g_string_free_to_bytes (text);
}
