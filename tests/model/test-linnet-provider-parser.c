/* Tests of reading lists of providers, most of them hostile
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-error.h"
#include "linnet-provider-private.h"
#include "linnet-test.h"

static const char *const german[] = { "de_DE.UTF-8", "de_DE", "de", "C", NULL };
static const char *const english[] = { "en_GB", "en", "C", NULL };
static const char *const none[] = { "C", NULL };

static GPtrArray *
parse (const char *text,
       gssize length,
       const char *const *languages,
       GDateTime **updated,
       GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, length < 0 ? strlen (text) : (gsize) length);

  return linnet_provider_parse (bytes, languages, updated, error);
}

/* One provider with this in place of some member, or besides all. */
#define ENTRY(more) "{\"jid\": \"lark.chat\", \"inBandRegistration\": true" more "}"
#define WEB(more) "{\"jid\": \"lark.chat\", \"inBandRegistration\": false" more "}"

typedef struct
{
  const char *name;
  const char *text;
  gboolean taken;
} Row;

static const Row rows[] = {
  { "smallest", "[" ENTRY ("") "]", TRUE },
  { "unknown-member", "[" ENTRY (", \"new\": [{\"x\": 1.5}]") "]", TRUE },
  { "null-member", "[" ENTRY (", \"website\": null, \"busFactor\": null") "]", TRUE },
  { "registration-page", "[" WEB (", \"registrationWebPage\": {\"en\": \"https://lark.chat/\"}") "]", TRUE },
  { "two", "[" ENTRY ("") ", {\"jid\": \"wren.example\", \"inBandRegistration\": true}]", TRUE },
  { "empty", "" },
  { "not-json", "<!DOCTYPE html><html></html>" },
  { "cut-off", "[" ENTRY ("") },
  { "more-behind", "[" ENTRY ("") "] true" },
  { "comment", "/* */ [" ENTRY ("") "]" },
  { "bad-utf8", "[{\"jid\": \"lark\xff.chat\", \"inBandRegistration\": true}]" },
  { "no-list", "{}" },
  { "a-number", "17" },
  { "nothing-in-it", "[]" },
  { "no-objects", "[17, \"lark.chat\"]" },
  { "closed", "[" WEB ("") "]" },
  { "twice", "[" ENTRY ("") ", " ENTRY ("") "]" },
  { "twice-in-other-case", "[" ENTRY ("") ", {\"jid\": \"LARK.chat\", \"inBandRegistration\": true}]" },
  { "one-of-two-bad", "[" ENTRY ("") ", {\"jid\": 17}]" },
  /* domains */
  { "no-domain", "[{\"inBandRegistration\": true}]" },
  { "domain-number", "[{\"jid\": 17, \"inBandRegistration\": true}]" },
  { "domain-empty", "[{\"jid\": \"\", \"inBandRegistration\": true}]" },
  { "domain-with-user", "[{\"jid\": \"ana@lark.chat\", \"inBandRegistration\": true}]" },
  { "domain-with-resource", "[{\"jid\": \"lark.chat/x\", \"inBandRegistration\": true}]" },
  { "domain-with-port", "[{\"jid\": \"lark.chat:5222\", \"inBandRegistration\": true}]" },
  { "domain-with-space", "[{\"jid\": \"lark .chat\", \"inBandRegistration\": true}]" },
  { "domain-with-markup", "[{\"jid\": \"<b>lark.chat</b>\", \"inBandRegistration\": true}]" },
  { "domain-right-to-left", "[{\"jid\": \"lark\\u202echat.org\", \"inBandRegistration\": true}]" },
  { "domain-ipv4", "[{\"jid\": \"127.0.0.1\", \"inBandRegistration\": true}]" },
  { "domain-ipv6", "[{\"jid\": \"[::1]\", \"inBandRegistration\": true}]" },
  { "domain-local", "[{\"jid\": \"localhost\", \"inBandRegistration\": true}]" },
  /* The same as without what follows; no part of it is ever looked at. */
  { "domain-with-zero", "[{\"jid\": \"lark.chat\\u0000.example\", \"inBandRegistration\": true}]", TRUE },
  /* pages */
  { "page-script", "[" WEB (", \"registrationWebPage\": {\"en\": \"javascript:alert(1)\"}") "]" },
  { "page-data", "[" WEB (", \"registrationWebPage\": {\"en\": \"data:text/html,x\"}") "]" },
  { "page-file", "[" WEB (", \"registrationWebPage\": {\"en\": \"file:///etc/passwd\"}") "]" },
  { "page-no-host", "[" WEB (", \"registrationWebPage\": {\"en\": \"https:///x\"}") "]" },
  { "page-relative", "[" WEB (", \"registrationWebPage\": {\"en\": \"/register\"}") "]" },
  { "page-with-user", "[" WEB (", \"registrationWebPage\": {\"en\": \"https://bank.example@evil/\"}") "]" },
  { "page-with-line", "[" WEB (", \"registrationWebPage\": {\"en\": \"https://lark.chat/\\n\"}") "]" },
  { "page-number", "[" WEB (", \"registrationWebPage\": {\"en\": 17}") "]" },
  { "page-list", "[" WEB (", \"registrationWebPage\": {\"en\": [\"https://lark.chat/\"]}") "]" },
  { "pages-text", "[" WEB (", \"registrationWebPage\": \"https://lark.chat/\"") "]" },
  { "website-script", "[" ENTRY (", \"website\": {\"en\": \"JavaScript:alert(1)\"}") "]" },
  /* a page that is not encrypted is not shown, and without one nobody can register */
  { "page-http", "[" WEB (", \"registrationWebPage\": {\"en\": \"http://lark.chat/\"}") "]" },
  { "website-http", "[" ENTRY (", \"website\": {\"en\": \"http://lark.chat/\"}") "]", TRUE },
  /* types */
  { "answer-number", "[" ENTRY (", \"freeOfCharge\": 1") "]" },
  { "answer-text", "[" ENTRY (", \"inBandRegistrationCaptchaRequired\": \"true\"") "]" },
  { "number-text", "[" ENTRY (", \"busFactor\": \"3\"") "]" },
  { "number-fraction", "[" ENTRY (", \"busFactor\": 1.5") "]" },
  { "number-negative", "[" ENTRY (", \"maximumHttpFileUploadFileSize\": -2") "]" },
  { "number-huge", "[" ENTRY (", \"maximumHttpFileUploadFileSize\": 99999999999999999999") "]" },
  { "number-object", "[" ENTRY (", \"maximumMessageArchiveManagementStorageTime\": {}") "]" },
  { "countries-text", "[" ENTRY (", \"serverLocations\": \"de\"") "]" },
  { "countries-long", "[" ENTRY (", \"serverLocations\": [\"deu\"]") "]" },
  { "countries-odd", "[" ENTRY (", \"serverLocations\": [\"<b\"]") "]" },
  { "countries-number", "[" ENTRY (", \"serverLocations\": [1]") "]" },
  { "since-number", "[" ENTRY (", \"since\": 2013") "]" },
  { "since-odd", "[" ENTRY (", \"since\": \"2013-17-40\"") "]" },
  { "since-long", "[" ENTRY (", \"since\": \"2013-1-1-1-1\"") "]" },
  { "category-odd", "[" ENTRY (", \"category\": \"AA\"") "]" },
  { "software-control", "[" ENTRY (", \"serverSoftwareName\": \"Pros\\u0007ody\"") "]" },
  { "software-object", "[" ENTRY (", \"serverSoftwareName\": {}") "]" },
  /* as it is kept */
  { "wrapped", "{\"fetched\": \"2026-11-25T02:30:00Z\", \"providers\": [" ENTRY ("") "]}", TRUE },
  { "wrapped-no-date", "{\"providers\": [" ENTRY ("") "]}" },
  { "wrapped-bad-date", "{\"fetched\": \"yesterday\", \"providers\": [" ENTRY ("") "]}" },
  { "wrapped-twice", "{\"fetched\": \"2026-11-25T02:30:00Z\", \"providers\": {\"providers\": []}}" },
};

/* Taken as a whole or not at all. */
static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (GDateTime) updated = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) providers = parse (row->text, -1, english, &updated, &error);

  if (row->taken)
    {
      g_assert_no_error (error);
      g_assert_cmpstr (linnet_provider_get_domain (providers->pdata[0]), ==, "lark.chat");
    }
  else
    {
      g_assert_error (error, LINNET_ERROR, LINNET_ERROR_PROVIDER_LIST);
      g_assert_null (providers);
      g_assert_null (updated);
    }
}

static void
assert_refused (GString *text)
{
  g_autoptr (GDateTime) updated = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (parse (text->str, text->len, english, &updated, &error));
  g_assert_error (error, LINNET_ERROR, LINNET_ERROR_PROVIDER_LIST);
}

static void
test_many (gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("[");

  for (guint i = 0; i < 100000; i++)
    g_string_append_printf (text, "{\"jid\": \"s%u.example\", \"inBandRegistration\": true},", i);
  text->str[text->len - 1] = ']';

  assert_refused (text);
}

/* Ten million of what makes a parser call itself. */
static void
test_deep (gconstpointer data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *piece = data;

  for (guint i = 0; i < 1000 * 1000; i++)
    g_string_append (text, piece);

  assert_refused (text);
}

/* Any length of text in one member. */
static void
test_long (gconstpointer data)
{
  g_autofree char *long_text = g_strnfill (100 * 1000, 'x');
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (text, "[" ENTRY (", \"serverSoftwareName\": \"%s\"") "]", long_text);
  assert_refused (text);
  g_string_printf (text, "[{\"jid\": \"%s.example\", \"inBandRegistration\": true}]", long_text);
  assert_refused (text);
}

/* Another letter that looks like an "a": what is shown does not look like the real one. */
static void
test_lookalike (gconstpointer data)
{
  g_autoptr (GDateTime) updated = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) providers =
      parse ("[{\"jid\": \"y\\u0430x.im\", \"inBandRegistration\": true}]", -1, english, &updated, &error);

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (linnet_provider_get_domain (providers->pdata[0]), "xn--"));
}

#define PAGES                                                                                  \
  "\"website\": {\"fr\": \"https://lark.chat/fr\", \"en\": \"https://lark.chat/en\", \"de\": " \
  "\"https://lark.chat/de\"}"

static void
assert_website (const char *const *languages,
                const char *expected)
{
  g_autoptr (GDateTime) updated = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) providers = parse ("[" ENTRY (", " PAGES) "]", -1, languages, &updated, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (linnet_provider_get_website (providers->pdata[0]), ==, expected);
}

static void
test_languages (gconstpointer data)
{
  static const char *const odd[] = { "nb_NO", "nb", "fr", "C", NULL };

  assert_website (german, "https://lark.chat/de");
  assert_website (english, "https://lark.chat/en");
  assert_website (none, "https://lark.chat/en");
  assert_website (odd, "https://lark.chat/fr");
}

/* What is kept is what came, with its date. */
static void
test_wrap (gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("[" ENTRY ("") "]", strlen ("[" ENTRY ("") "]"));
  g_autoptr (GDateTime) now = g_date_time_new_utc (2026, 11, 25, 2, 30, 0);
  g_autoptr (GBytes) wrapped = linnet_provider_wrap (bytes, now);
  g_autoptr (GDateTime) updated = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) providers = linnet_provider_parse (wrapped, english, &updated, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (providers->len, ==, 1);
  g_assert_cmpint (g_date_time_compare (updated, now), ==, 0);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/model/provider-parser/row/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_data_func ("/model/provider-parser/many", NULL, test_many);
  g_test_add_data_func ("/model/provider-parser/deep-arrays", "[", test_deep);
  g_test_add_data_func ("/model/provider-parser/deep-objects", "[{\"a\":", test_deep);
  g_test_add_data_func ("/model/provider-parser/long", NULL, test_long);
  g_test_add_data_func ("/model/provider-parser/lookalike", NULL, test_lookalike);
  g_test_add_data_func ("/model/provider-parser/languages", NULL, test_languages);
  g_test_add_data_func ("/model/provider-parser/wrap", NULL, test_wrap);

  return g_test_run ();
}
