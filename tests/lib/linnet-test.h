/* Set-up of test programs, and test bodies that run in a fiber
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "linnet-spawn.h"

G_BEGIN_DECLS

typedef void (*LinnetTestFunc) (gconstpointer data);

/* In place of g_test_init(): also starts libdex, keeps the test away from the real home, proxies and bus. */
void linnet_test_init (int *argc, char ***argv);

/* Adds a test whose body runs in a fiber on the main context, so it may await. A body that does not end
 * within 60 s fails. @data, e.g. a row of a table, must outlive the test. */
void linnet_test_add (const char *path, LinnetTestFunc func, gconstpointer data);

/* What linnet_test_add() does, for a plain GTest function. Not from inside a fiber. */
void linnet_test_fiber (LinnetTestFunc func, gconstpointer data);

/* Inside a body: lets the main loop run until it has nothing left to do. */
void linnet_test_settle (void);
/* Inside a body: lets each source that is ready have one turn. */
void linnet_test_turn (void);

/* Inside a body: awaits @future (consumed) and fails the test unless it resolves, or rejects with that very
 * error. */
#define linnet_test_assert_resolves(future) linnet_test_check_resolves ((future), #future, __FILE__, __LINE__)
#define linnet_test_assert_rejects(future, domain, code) \
  linnet_test_check_rejects ((future), (domain), (code), #future, __FILE__, __LINE__)

void linnet_test_check_resolves (DexFuture *future, const char *expression, const char *file, int line);
void linnet_test_check_rejects (DexFuture *future,
                                GQuark domain,
                                int code,
                                const char *expression,
                                const char *file,
                                int line);

G_END_DECLS
