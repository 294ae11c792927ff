/* Tests of fetching from servers that lie, and of what is told to them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-error.h"
#include "linnet-fetch-private.h"
#include "linnet-spawn.h"
#include "linnet-test-ca.h"
#include "linnet-test-resolver.h"
#include "linnet-test-socks.h"
#include "linnet-test-web.h"
#include "linnet-test.h"

#define OK "HTTP/1.1 200 OK\r\nContent-Type: text/plain"
#define MOVED(where) "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " where
#define KIB                                                          \
  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" \
  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" \
  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" \
  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const LinnetTestPage pages[] = {
  { "/ok", OK "\r\nContent-Length: 5\r\nSet-Cookie: id=17", "hello" },
  { "/chunked", OK "\r\nTransfer-Encoding: chunked", "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n" },
  { "/until-close", OK, "hello" },
  { "/upper-case", "HTTP/1.1 200 OK\r\nContent-Type: TEXT/Plain; charset=\"x\"", "hello" },
  { "/picture", "HTTP/1.1 200 OK\r\nContent-Type: image/png", "hello" },
  { "/no-type", "HTTP/1.1 200 OK", "hello" },
  { "/empty", OK "\r\nContent-Length: 0" },
  { "/identity", OK "\r\nContent-Encoding: identity\r\nContent-Length: 5", "hello" },
  { "/full", OK "\r\nContent-Length: 16", "0123456789abcdef" },
  { "/too-large", OK "\r\nContent-Length: 17", "0123456789abcdefg" },
  { "/says-small", OK "\r\nContent-Length: 5", "0123456789abcdefgh" },
  { "/says-huge", OK "\r\nContent-Length: 99999999999", "hello" },
  { "/says-nonsense", OK "\r\nContent-Length: -1", "0123456789abcdefgh" },
  { "/endless", OK, KIB, .endless = TRUE },
  { "/endless-chunks", OK "\r\nTransfer-Encoding: chunked", "1\r\nx\r\n", .endless = TRUE },
  { "/endless-head", "HTTP/1.1 200 OK", "X-A: " KIB "\r\n", .endless = TRUE, .no_end = TRUE },
  { "/endless-line", "HTTP/1.1 200 OK", KIB, .endless = TRUE, .no_end = TRUE },
  { "/gzip", OK "\r\nContent-Encoding: gzip", "\x1f\x8b\x08" },
  { "/deflate", OK "\r\nContent-Encoding: identity, deflate", "x" },
  { "/silent", OK "\r\nContent-Length: 5", "he", .silent = TRUE },
  { "/missing", "HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\nContent-Type: text/plain", "hello" },
  { "/no-content", "HTTP/1.1 204 No Content" },
  { "/part", "HTTP/1.1 206 Partial Content\r\nContent-Type: text/plain\r\nContent-Length: 5", "hello" },
  { "/who", "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0" },
  { "/nonsense", "hello" },
  { "/to-ok", MOVED ("/ok") "\r\nSet-Cookie: id=17" },
  { "/to-relative", MOVED ("ok") },
  { "/to-full", MOVED ("https://lark.chat/ok#part") },
  { "/to-other", MOVED ("https://wren.example.com/ok") },
  { "/1", MOVED ("/2") },
  { "/2", MOVED ("/3") },
  { "/3", MOVED ("/ok") },
  { "/0", MOVED ("/1") },
  { "/loop", MOVED ("/loop") },
  { "/to-http", MOVED ("http://lark.chat/ok") },
  { "/to-file", MOVED ("file:///etc/passwd") },
  { "/to-script", MOVED ("javascript:alert(1)") },
  { "/to-data", MOVED ("data:text/plain,hello") },
  { "/to-localhost", MOVED ("https://localhost/ok") },
  { "/to-loopback", MOVED ("https://127.1/ok") },
  { "/to-mapped", MOVED ("https://[::ffff:10.0.0.1]/ok") },
  { "/to-metadata", MOVED ("https://169.254.169.254/ok") },
  { "/to-port", MOVED ("https://lark.chat:8443/ok") },
  { "/to-page", MOVED ("https://lark.chat:5281/ok") },
  { "/to-other-page", MOVED ("https://wren.example.com:5443/ok") },
  { "/to-user", MOVED ("https://ana:secret@lark.chat/ok") },
  { "/to-private", MOVED ("https://private.example.com/ok") },
  { "/to-nowhere", MOVED ("") },
  { "/to-odd", MOVED ("https://%/") },
  { "/moved-without", "HTTP/1.1 301 Moved Permanently\r\nContent-Length: 0" },
  {},
};

typedef struct
{
  LinnetTestCa *ca;
  LinnetTestWeb *web;
  LinnetTestResolver *resolver;
  LinnetFetchPolicy policy;
} World;

static gboolean
allows (GInetAddress *address)
{
  return g_inet_address_get_is_loopback (address);
}

static World *
world_new (const LinnetTestCertificate *spec)
{
  static const LinnetTestCertificate ours = {
    .names = { "lark.chat", "wren.example.com", "mixed.example.com" }
  };
  World *self = g_new0 (World, 1);
  g_autoptr (GTlsCertificate) certificate = NULL;

  self->ca = linnet_test_ca_new ();
  linnet_test_ca_trust (self->ca);
  certificate = linnet_test_ca_issue (self->ca, spec != NULL ? spec : &ours);
  self->web = linnet_test_web_new (certificate, pages);
  self->resolver = linnet_test_resolver_new ();
  linnet_test_resolver_add_address (self->resolver, "lark.chat", "127.0.0.1");
  linnet_test_resolver_add_address (self->resolver, "wren.example.com", "127.0.0.1");
  linnet_test_resolver_add_address (self->resolver, "private.example.com", "10.0.0.1");
  linnet_test_resolver_add_address (self->resolver, "mixed.example.com", "127.0.0.1");
  linnet_test_resolver_add_address (self->resolver, "mixed.example.com", "10.0.0.1");
  self->policy.resolver = G_RESOLVER (self->resolver);
  self->policy.port = linnet_test_web_get_port (self->web);
  self->policy.allows = allows;

  return self;
}

static void
world_free (World *self)
{
  g_object_unref (self->web);
  g_object_unref (self->resolver);
  linnet_test_ca_free (self->ca);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

typedef struct
{
  const char *name;
  const char *url;  /* or only what follows https://lark.chat */
  int code;         /* of LINNET_ERROR; -1: it works */
  const char *body; /* default: "hello" */
  guint n_requests; /* default: 1 */
  gboolean is_page;
} Row;

#define GOOD (-1)

static const Row rows[] = {
  { "plain", "/ok", GOOD },
  { "chunked", "/chunked", GOOD },
  { "until-close", "/until-close", GOOD },
  { "upper-case-type", "/upper-case", GOOD },
  { "type-of-a-kind", "/picture", GOOD },
  { "empty", "/empty", GOOD, "" },
  { "identity", "/identity", GOOD },
  { "full", "/full", GOOD, "0123456789abcdef" },
  { "says-small", "/says-small", GOOD, "01234" },
  { "no-type", "/no-type", LINNET_ERROR_FETCH_REFUSED },
  { "too-large", "/too-large", LINNET_ERROR_TOO_LARGE },
  { "says-huge", "/says-huge", LINNET_ERROR_TOO_LARGE },
  { "says-nonsense", "/says-nonsense", LINNET_ERROR_TOO_LARGE },
  { "endless", "/endless", LINNET_ERROR_TOO_LARGE },
  { "endless-chunks", "/endless-chunks", LINNET_ERROR_TOO_LARGE },
  { "endless-head", "/endless-head", LINNET_ERROR_CONNECTION_LOST },
  { "endless-line", "/endless-line", LINNET_ERROR_CONNECTION_LOST },
  { "gzip", "/gzip", LINNET_ERROR_FETCH_REFUSED },
  { "deflate", "/deflate", LINNET_ERROR_FETCH_REFUSED },
  { "missing", "/missing", LINNET_ERROR_FETCH_FAILED },
  { "no-content", "/no-content", LINNET_ERROR_FETCH_FAILED },
  { "part", "/part", LINNET_ERROR_FETCH_FAILED },
  { "who", "/who", LINNET_ERROR_FETCH_FAILED },
  { "nonsense", "/nonsense", LINNET_ERROR_FETCH_FAILED },
  /* redirections */
  { "redirected", "/to-ok", GOOD, .n_requests = 2 },
  { "redirected-relative", "/to-relative", GOOD, .n_requests = 2 },
  { "redirected-full", "/to-full", GOOD, .n_requests = 2 },
  { "redirected-elsewhere", "/to-other", GOOD, .n_requests = 2 },
  { "redirected-thrice", "/1", GOOD, .n_requests = 4 },
  { "redirected-too-often", "/0", LINNET_ERROR_FETCH_REFUSED, .n_requests = 4 },
  { "loop", "/loop", LINNET_ERROR_FETCH_REFUSED, .n_requests = 4 },
  { "to-http", "/to-http", LINNET_ERROR_FETCH_REFUSED },
  { "to-file", "/to-file", LINNET_ERROR_FETCH_REFUSED },
  { "to-script", "/to-script", LINNET_ERROR_FETCH_REFUSED },
  { "to-data", "/to-data", LINNET_ERROR_FETCH_REFUSED },
  { "to-localhost", "/to-localhost", LINNET_ERROR_FETCH_REFUSED },
  { "to-loopback", "/to-loopback", LINNET_ERROR_FETCH_REFUSED },
  { "to-mapped", "/to-mapped", LINNET_ERROR_FETCH_REFUSED },
  { "to-metadata", "/to-metadata", LINNET_ERROR_FETCH_REFUSED },
  { "to-port", "/to-port", LINNET_ERROR_FETCH_REFUSED },
  { "to-user", "/to-user", LINNET_ERROR_FETCH_REFUSED },
  { "to-private", "/to-private", LINNET_ERROR_FETCH_REFUSED },
  { "to-nowhere", "/to-nowhere", LINNET_ERROR_FETCH_REFUSED, .n_requests = 4 },
  { "to-odd", "/to-odd", LINNET_ERROR_FETCH_REFUSED },
  { "moved-without", "/moved-without", LINNET_ERROR_FETCH_FAILED },
  /* nothing is asked */
  { "http", "http://lark.chat/ok", LINNET_ERROR_FETCH_REFUSED },
  { "private", "https://private.example.com/ok", LINNET_ERROR_FETCH_REFUSED },
  { "mixed", "https://mixed.example.com/ok", LINNET_ERROR_FETCH_REFUSED },
  { "unknown", "https://unknown.example.com/ok", LINNET_ERROR_SERVER_NOT_FOUND },
  /* pages that a person agreed to open, and ports of XMPP servers */
  { "page", "/ok", GOOD, .is_page = TRUE },
  { "page-port", "https://lark.chat:5281/ok", GOOD, .n_requests = 1, .is_page = TRUE },
  { "page-other-port", "https://lark.chat:5443/ok", GOOD, .n_requests = 1, .is_page = TRUE },
  { "page-moved", "https://lark.chat:5443/to-ok", GOOD, .n_requests = 2, .is_page = TRUE },
  { "page-moved-to-port", "/to-page", GOOD, .n_requests = 2, .is_page = TRUE },
  { "page-moved-elsewhere", "https://lark.chat:5281/to-other", GOOD, .n_requests = 2, .is_page = TRUE },
  { "page-moved-to-port-elsewhere", "/to-other-page", LINNET_ERROR_FETCH_REFUSED, .is_page = TRUE },
  { "page-moved-to-another-port", "/to-port", LINNET_ERROR_FETCH_REFUSED, .is_page = TRUE },
  { "page-private", "https://private.example.com:5281/ok", LINNET_ERROR_FETCH_REFUSED, .is_page = TRUE },
  { "no-page", "https://lark.chat:5281/ok", LINNET_ERROR_FETCH_REFUSED },
  { "no-page-moved-to-port", "/to-page", LINNET_ERROR_FETCH_REFUSED },
};

static const char *const types[] = { "text/plain", "image/", NULL };

static DexFuture *
fetch_page (World *world, const char *url, const char *proxy, gboolean is_page)
{
  g_autofree char *full = *url == '/' ? g_strconcat ("https://lark.chat", url, NULL) : g_strdup (url);
  const LinnetFetchRequest request = {
    .url = full,
    .max_size = 16,
    .timeout_s = 30,
    .types = types,
    .proxy = proxy != NULL ? proxy : "direct://",
    .is_page = is_page,
  };

  return linnet_fetch_with_policy (&request, &world->policy);
}

static DexFuture *
fetch (World *world, const char *url, const char *proxy)
{
  return fetch_page (world, url, proxy, FALSE);
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (LinnetFetched) fetched = NULL;
  g_autoptr (GError) error = NULL;
  guint expected = row->n_requests != 0 ? row->n_requests : *row->url == '/' ? 1
                                                                             : 0;

  fetched = dex_await_boxed (fetch_page (world, row->url, NULL, row->is_page), &error);
  if (row->code == GOOD)
    {
      const char *body = row->body != NULL ? row->body : "hello";

      g_assert_no_error (error);
      g_assert_cmpmem (
          g_bytes_get_data (fetched->bytes, NULL), g_bytes_get_size (fetched->bytes), body, strlen (body));
      g_assert_true (g_str_equal (fetched->type, "text/plain") || g_str_equal (fetched->type, "image/png"));
    }
  else
    g_assert_error (error, LINNET_ERROR, row->code);
  g_assert_cmpuint (linnet_test_web_get_n_connections (world->web), ==, expected);
}

/* F9: no version, no cookie, nothing of where it came from; also after a redirection that gave a cookie. */
static void
test_request (gconstpointer data)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (LinnetFetched) fetched = dex_await_boxed (fetch (world, "/to-other", NULL), NULL);
  static const char *const hosts[] = { "lark.chat", "wren.example.com" };
  static const char *const paths[] = { "/to-other", "/ok" };
  g_autoptr (GString) expected = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
    g_string_append_printf (expected,
                            "GET %s HTTP/1.1\r\nAccept-Encoding: identity\r\nUser-Agent: Linnet\r\n"
                            "Connection: Keep-Alive\r\nHost: %s\r\n\r\n",
                            paths[i],
                            hosts[i]);
  g_assert_nonnull (fetched);
  g_assert_cmpstr (fetched->url, ==, "https://wren.example.com/ok");
  g_assert_cmpstr (linnet_test_web_get_requests (world->web), ==, expected->str);
}

/* A second answer of the DNS would be another one: nobody asks for it. */
static void
test_one_question (gconstpointer data)
{
  g_autoptr (World) world = world_new (NULL);
  g_autofree char *questions = NULL;

  linnet_test_assert_resolves (fetch (world, "/to-other", NULL));
  questions = linnet_test_resolver_dup_questions (world->resolver);
  g_assert_cmpstr (questions, ==, "lark.chat,wren.example.com");
}

/* A10: names go to the proxy, nothing is asked or connected to besides it. */
static void
test_proxy (gconstpointer data)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (LinnetTestSocks) socks = linnet_test_socks_new ("ana", "s@cret", world->policy.port);
  g_autofree char *proxy = g_strdup_printf ("ana:s%%40cret@127.0.0.1:%u", linnet_test_socks_get_port (socks));
  g_autofree char *questions = NULL;

  linnet_test_assert_resolves (fetch (world, "/to-other", proxy));
  g_assert_cmpstr (linnet_test_socks_get_asked (socks), ==, "lark.chat:443,wren.example.com:443");
  g_assert_cmpuint (linnet_test_web_get_n_connections (world->web), ==, 2);
  questions = linnet_test_resolver_dup_questions (world->resolver);
  g_assert_cmpstr (questions, ==, "");

  /* The rules for addresses are the same. */
  linnet_test_assert_rejects (fetch (world, "/to-loopback", proxy), LINNET_ERROR, LINNET_ERROR_FETCH_REFUSED);
}

/* A proxy that is not there, or lets nobody through: nothing goes around it. */
static void
test_proxy_closed (gconstpointer data)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (LinnetTestSocks) closed = linnet_test_socks_new (NULL, NULL, 0);
  g_autoptr (LinnetTestSocks) gone = linnet_test_socks_new (NULL, NULL, 0);
  g_autoptr (LinnetTestSocks) strict = linnet_test_socks_new ("ana", "secret", world->policy.port);
  g_auto (GStrv) proxies = g_new0 (char *, 4);
  g_autofree char *questions = NULL;

  proxies[0] = g_strdup_printf ("socks5://127.0.0.1:%u", linnet_test_socks_get_port (closed));
  proxies[1] = g_strdup_printf ("socks5://127.0.0.1:%u", linnet_test_socks_get_port (gone));
  proxies[2] = g_strdup_printf ("socks5://ana:wrong@127.0.0.1:%u", linnet_test_socks_get_port (strict));
  g_assert_finalize_object (g_steal_pointer (&gone));
  for (gsize i = 0; proxies[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (dex_await_boxed (fetch (world, "/ok", proxies[i]), &error));
      g_assert_true (error->domain == LINNET_ERROR);
    }
  linnet_test_assert_rejects (
      fetch (world, "/ok", "http://127.0.0.1:3128"), LINNET_ERROR, LINNET_ERROR_BAD_PROXY);
  g_assert_cmpuint (linnet_test_web_get_n_connections (world->web), ==, 0);
  questions = linnet_test_resolver_dup_questions (world->resolver);
  g_assert_cmpstr (questions, ==, "");
}

static void
test_certificate (gconstpointer data)
{
  const LinnetTestCertificate *spec = data;
  g_autoptr (World) world = world_new (spec);

  linnet_test_assert_rejects (fetch (world, "/ok", NULL), LINNET_ERROR, LINNET_ERROR_FETCH_REFUSED);
  g_assert_cmpstr (linnet_test_web_get_requests (world->web), ==, "");
}

/* In time, whatever the other side does meanwhile. */
static void
test_time (gconstpointer data)
{
  g_autoptr (World) world = world_new (NULL);
  g_autofree char *url = g_strconcat ("https://lark.chat", data, NULL);
  const LinnetFetchRequest request = {
    .url = url,
    .max_size = 16,
    .timeout_s = 1,
    .proxy = "direct://",
  };

  linnet_test_assert_rejects (
      linnet_fetch_with_policy (&request, &world->policy), LINNET_ERROR, LINNET_ERROR_TIMED_OUT);
}

/* Dropping it hangs up. */
static void
test_dropped (gconstpointer data)
{
  g_autoptr (World) world = world_new (NULL);
  DexFuture *future = fetch (world, "/silent", NULL);

  while (*linnet_test_web_get_requests (world->web) == '\0')
    linnet_test_turn ();
  dex_unref (future);
  linnet_test_settle ();
  g_assert_cmpuint (linnet_test_web_get_n_connections (world->web), ==, 1);
}

/* The rules of the real network. */
static void
test_default (gconstpointer data)
{
  const LinnetFetchRequest request = {
    .url = "https://127.0.0.1/",
    .max_size = 16,
    .timeout_s = 30,
    .proxy = "direct://",
  };

  linnet_test_assert_rejects (linnet_fetch (&request), LINNET_ERROR, LINNET_ERROR_FETCH_REFUSED);
}

int
main (int argc, char *argv[])
{
  static const LinnetTestCertificate other = { .names = { "other.example" } };
  static const LinnetTestCertificate old = { .names = { "lark.chat" },
                                             .valid_from_days = -20,
                                             .valid_to_days = -10 };
  static const LinnetTestCertificate own = { .names = { "lark.chat" }, .self_signed = TRUE };
  static const LinnetTestCertificate by_address = { .names = { "127.0.0.1" } };

  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/model/fetch/row/", rows[i].name, NULL);

      linnet_test_add (path, test_row, &rows[i]);
    }
  linnet_test_add ("/model/fetch/request", test_request, NULL);
  linnet_test_add ("/model/fetch/one-question", test_one_question, NULL);
  linnet_test_add ("/model/fetch/proxy", test_proxy, NULL);
  linnet_test_add ("/model/fetch/proxy-closed", test_proxy_closed, NULL);
  linnet_test_add ("/model/fetch/certificate/other-name", test_certificate, &other);
  linnet_test_add ("/model/fetch/certificate/old", test_certificate, &old);
  linnet_test_add ("/model/fetch/certificate/self-signed", test_certificate, &own);
  linnet_test_add ("/model/fetch/certificate/address", test_certificate, &by_address);
  linnet_test_add ("/model/fetch/time", test_time, "/silent");
  linnet_test_add ("/model/fetch/dropped", test_dropped, NULL);
  linnet_test_add ("/model/fetch/default", test_default, NULL);

  return g_test_run ();
}
