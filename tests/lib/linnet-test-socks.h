/* A SOCKS5 proxy that leads to this machine alone
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LinnetTestSocks:
 *
 * Whatever host is asked for, and it must be asked for by its name, it leads to one port of 127.0.0.1.
 */
#define LINNET_TYPE_TEST_SOCKS (linnet_test_socks_get_type ())
G_DECLARE_FINAL_TYPE (LinnetTestSocks, linnet_test_socks, LINNET, TEST_SOCKS, GObject)

/* @user, @password: nullable: who may come. @port: where everything leads to; 0: nothing is let through. */
LinnetTestSocks *linnet_test_socks_new (const char *user, const char *password, guint16 port);
guint16 linnet_test_socks_get_port (LinnetTestSocks *self);
/* What was asked for, "host:port" with commas between. */
const char *linnet_test_socks_get_asked (LinnetTestSocks *self);

G_END_DECLS
