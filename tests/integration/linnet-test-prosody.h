/* The real server that an integration test talks to
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tests/lib/with-prosody.py starts a private Prosody, runs the test and tells it by these functions what it
 * needs to know. The accounts ana, mira and sofia exist; ana and mira are contacts of each other.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * linnet_test_prosody_get_domain:
 *
 * Returns: the domain of the accounts; it is in no DNS, so tests name host and port themselves
 */
const char *linnet_test_prosody_get_domain (void);

/**
 * linnet_test_prosody_get_port:
 * @direct_tls: whether the port for TLS from the first byte on is wanted, else that for STARTTLS
 *
 * Returns: a port of 127.0.0.1
 */
guint16 linnet_test_prosody_get_port (gboolean direct_tls);

/**
 * linnet_test_prosody_has_sasl2:
 *
 * Returns: whether the server speaks SASL 2, Bind 2 and FAST, or is an old one
 */
gboolean linnet_test_prosody_has_sasl2 (void);

/**
 * linnet_test_prosody_has_keyring:
 *
 * Returns: whether there is a Secret Service, unlocked
 */
gboolean linnet_test_prosody_has_keyring (void);

/**
 * linnet_test_prosody_get_registration:
 *
 * Returns: how people make accounts, as --registration says; "" when they cannot
 */
const char *linnet_test_prosody_get_registration (void);

/**
 * linnet_test_prosody_get_invitation:
 *
 * Returns: with the registration "invites" a token that nobody has used
 */
const char *linnet_test_prosody_get_invitation (void);

/**
 * linnet_test_prosody_dup_captcha:
 *
 * Returns: (transfer full): what the latest puzzle's picture says
 */
char *linnet_test_prosody_dup_captcha (void);

/**
 * linnet_test_prosody_get_password:
 * @user: the local part of an account
 *
 * Returns: (transfer full): the account's password
 */
char *linnet_test_prosody_get_password (const char *user);

/**
 * linnet_test_prosody_trust:
 *
 * Makes the server's certificate authority all that this process trusts. To be called once, at the start.
 */
void linnet_test_prosody_trust (void);

/**
 * linnet_test_prosody_command:
 * @format: a printf() format for one of the commands below
 *
 * Has something done to the server and waits until it is done. The commands:
 * "start", "stop", "restart", "kill" (connections just break), "cut" (breaks the connections through the
 * proxy), "black-hole on", "black-hole off" (the proxy swallows all), "cut-every BYTES" (the proxy cuts each
 * new connection after a random number of bytes of this mean, 0: no more), "password USER PASSWORD",
 * "log" (prints the server's log).
 */
void linnet_test_prosody_command (const char *format, ...) G_GNUC_PRINTF (1, 2);

/**
 * linnet_test_prosody_get_proxy_port:
 *
 * Returns: the port of 127.0.0.1 on which a proxy stands before the STARTTLS port; see
 *   linnet_test_prosody_command() for what it does to connections
 */
guint16 linnet_test_prosody_get_proxy_port (void);

G_END_DECLS
