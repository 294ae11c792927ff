/* A DNS that knows only what a test tells it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LinnetTestResolver:
 *
 * What nobody added does not exist. Answers come in the next turn of the main loop, or when they are
 * released.
 */
#define LINNET_TYPE_TEST_RESOLVER (linnet_test_resolver_get_type ())
G_DECLARE_FINAL_TYPE (LinnetTestResolver, linnet_test_resolver, LINNET, TEST_RESOLVER, GResolver)

LinnetTestResolver *linnet_test_resolver_new (void);

void linnet_test_resolver_add_address (LinnetTestResolver *self, const char *host, const char *address);
/* @name: e.g. "_xmpp-client._tcp.example.org"; @target: "." says that there is no such service. */
void linnet_test_resolver_add_srv (LinnetTestResolver *self,
                                   const char *name,
                                   guint16 priority,
                                   guint16 weight,
                                   guint16 port,
                                   const char *target);

/* A question: a host's name with " A" or " AAAA" after it, or with nothing for both; or an SRV name. */

/* The question is answered with this error. */
void linnet_test_resolver_fail (LinnetTestResolver *self, const char *question, GResolverError code);
/* The question is not answered until it is released. */
void linnet_test_resolver_hold (LinnetTestResolver *self, const char *question);
void linnet_test_resolver_release (LinnetTestResolver *self, const char *question);
/* All questions so far, in order, with commas between. */
char *linnet_test_resolver_dup_questions (LinnetTestResolver *self);

G_END_DECLS
