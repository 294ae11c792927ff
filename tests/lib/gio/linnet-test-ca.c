/* A GIO module that makes a program trust the authority of a test server
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * glib-networking knows no variable that adds an authority, and the program under test shall have no switch
 * for one. Loaded by GIO_EXTRA_MODULES, this makes the certificates in the file LINNET_TEST_CA all that is
 * trusted.
 */
#include <gio/gio.h>

void g_io_module_load (GIOModule *module);
void g_io_module_unload (GIOModule *module);
char **g_io_module_query (void);

static gboolean
trust_cb (gpointer user_data)
{
  const char *path = g_getenv ("LINNET_TEST_CA");
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (GError) error = NULL;

  if (path == NULL)
    return G_SOURCE_REMOVE;
  database = g_tls_file_database_new (path, &error);
  if (database == NULL)
    g_error ("LINNET_TEST_CA: %s", error->message);
  g_tls_backend_set_default_database (g_tls_backend_get_default (), database);
  return G_SOURCE_REMOVE;
}

void
g_io_module_load (GIOModule *module)
{
  /* Not here and now: GIO holds a lock that asking for the TLS backend takes too. */
  g_type_module_use (G_TYPE_MODULE (module));
  g_idle_add_full (G_PRIORITY_HIGH, trust_cb, NULL, NULL);
}

void
g_io_module_unload (GIOModule *module)
{
}

char **
g_io_module_query (void)
{
  return g_new0 (char *, 1);
}
