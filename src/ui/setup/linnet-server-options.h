/* How a server is reached, for those who need to say
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LinnetServerOptions:
 *
 * Server, port and proxy, folded away under "Advanced": hardly anybody needs them.
 *
 * Signals: `changed`; `activated`: somebody is done with them.
 */
#define LINNET_TYPE_SERVER_OPTIONS (linnet_server_options_get_type ())
G_DECLARE_FINAL_TYPE (LinnetServerOptions, linnet_server_options, LINNET, SERVER_OPTIONS, GtkBox)

typedef struct
{
  char *host;   /* nullable: it is found by itself; to be freed */
  guint16 port; /* 0: default */
  gboolean direct_tls;
  char *proxy; /* nullable: as the system is set; to be wiped and freed */
} LinnetServerChoice;

void linnet_server_choice_clear (LinnetServerChoice *choice);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LinnetServerChoice, linnet_server_choice_clear)

gboolean linnet_server_options_get (LinnetServerOptions *self,
                                    const char *domain,
                                    LinnetServerChoice *choice,
                                    GError **error);
void linnet_server_options_set_proxy (LinnetServerOptions *self, const char *proxy);
void linnet_server_options_show_problem (LinnetServerOptions *self, const GError *error);
void linnet_server_options_clear_problem (LinnetServerOptions *self);

G_END_DECLS
