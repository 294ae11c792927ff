/* The program's entry
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet"

#include "config.h"

#include <locale.h>

#include <glib/gi18n.h>
#include <libdex.h>

#include "linnet-application.h"

int
main (int argc,
      char *argv[])
{
  g_autoptr (LinnetApplication) application = NULL;

  /* GnuTLS would write the keys of every connection into the file that this names (security.md L2). */
  g_unsetenv ("SSLKEYLOGFILE");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  dex_init ();

  application = linnet_application_new ();

  return g_application_run (G_APPLICATION (application), argc, argv);
}
