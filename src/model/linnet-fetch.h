/* Fetching small things by HTTPS, from addresses that came from the network
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

typedef struct
{
  const char *url;
  gsize max_size;           /* bytes; not 0 */
  guint timeout_s;          /* for everything together; not 0 */
  const char *const *types; /* nullable: any; "image/png", or "image/" for all of a kind */
  const char *proxy;        /* nullable: as the system is set; else as for linnet_account_set_proxy() */
  gboolean is_page;         /* a person agreed to open it: ports of XMPP servers' pages are allowed */
} LinnetFetchRequest;

typedef struct
{
  GBytes *bytes;
  char *type; /* of the content, in lower case without parameters */
  char *url;  /* after redirections */
  gatomicrefcount ref_count;
} LinnetFetched;

#define LINNET_TYPE_FETCHED (linnet_fetched_get_type ())
GType linnet_fetched_get_type (void) G_GNUC_CONST;
LinnetFetched *linnet_fetched_ref (LinnetFetched *self);
void linnet_fetched_unref (LinnetFetched *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetFetched, linnet_fetched_unref)

/**
 * linnet_fetch:
 * @request: copied
 *
 * Fetches by the rules of security.md F3, F4 and F9: nothing but HTTPS on its own port, or, for a page, on
 * one of [func@Linnet.fetch_policy_check_page] of the server that was asked first; never from this machine,
 * its network, or an address that is not a public one, also after each of at most three redirections; the
 * address that was checked is the one that is connected to. Through a proxy the name goes to the proxy, and
 * nothing is looked up here (A10). No cookie, credential, referrer or version is sent, nothing is kept, and
 * no encoding of the content is accepted. What is longer than asked for is given up at once.
 *
 * Returns: (transfer full): a future that resolves to a boxed [struct@Linnet.Fetched], or rejects with
 * LINNET_ERROR: FETCH_REFUSED (the address is not one to fetch from, or its server or content is not what
 * it should be), FETCH_FAILED, TOO_LARGE, BAD_PROXY, PROXY, SERVER_NOT_FOUND, SERVER_UNREACHABLE, TIMED_OUT
 * and so on. Dropping it ends the transfer.
 */
DexFuture *linnet_fetch (const LinnetFetchRequest *request) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
