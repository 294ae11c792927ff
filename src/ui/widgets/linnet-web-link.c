/* Having the desktop open what others link to
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-web-link"

#include "config.h"

#include "linnet-web-link.h"

static void
launched_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!gtk_uri_launcher_launch_finish (GTK_URI_LAUNCHER (object), result, &error))
    g_debug ("The link was not opened: %s", error->message);
}

/**
 * linnet_web_link_is_web:
 * @uri: (nullable): what somebody else wrote
 *
 * Returns: whether it is the address of a web page, and of nothing on this computer
 */
gboolean
linnet_web_link_is_web (const char *uri)
{
  const char *scheme = uri != NULL ? g_uri_peek_scheme (uri) : NULL;

  return scheme != NULL && (g_str_equal (scheme, "https") || g_str_equal (scheme, "http")) &&
         g_uri_is_valid (uri, G_URI_FLAGS_NONE, NULL);
}

/**
 * linnet_web_link_launch:
 * @uri: of a kind that the caller has found fit to be opened
 * @parent: a widget in the window that it is opened from
 *
 * Lets the desktop open @uri. Linnet itself fetches nothing.
 */
void
linnet_web_link_launch (const char *uri, GtkWidget *parent)
{
  g_autoptr (GtkUriLauncher) launcher = NULL;
  GtkRoot *root;

  g_return_if_fail (uri != NULL);
  g_return_if_fail (GTK_IS_WIDGET (parent));

  root = gtk_widget_get_root (parent);
  launcher = gtk_uri_launcher_new (uri);
  gtk_uri_launcher_launch (
      launcher, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL, launched_cb, NULL);
}

/**
 * linnet_web_link_open:
 * @uri: (nullable): what somebody else wrote
 * @parent: a widget in the window that it is opened from
 *
 * The same, but only if @uri is the address of a web page.
 */
void
linnet_web_link_open (const char *uri, GtkWidget *parent)
{
  g_return_if_fail (GTK_IS_WIDGET (parent));

  if (linnet_web_link_is_web (uri))
    linnet_web_link_launch (uri, parent);
}
