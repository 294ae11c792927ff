/* What the log of a conversation lets the desktop open (security.md U2)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <adwaita.h>
#include <libdex.h>

#include "linnet-chat-log-private.h"

/* In place of GTK's: nothing is opened, only noted with the window. */
void
gtk_uri_launcher_launch (GtkUriLauncher *self,
                         GtkWindow *parent,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_object_set_data_full (
      G_OBJECT (parent), "launched", g_strdup (gtk_uri_launcher_get_uri (self)), g_free);
}

/* Asked once more where it is opened: the links of a text are not the only way to get there. */
static const struct
{
  const char *name;
  const char *uri;
  gboolean opened;
} rows[] = {
  { "https", "https://example.org/", TRUE },
  { "http", "http://example.org/", TRUE },
  { "mailto", "mailto:mira@example.org", TRUE },
  { "geo", "geo:52.5,13.4", TRUE },
  { "xmpp", "xmpp:mira@example.org", TRUE },
  { "upper-case", "HTTPS://example.org/", TRUE },

  { "file", "file:///etc/passwd", FALSE },
  { "path", "/etc/passwd", FALSE },
  { "javascript", "javascript:alert(1)", FALSE },
  { "data", "data:text/html,x", FALSE },
  { "aesgcm", "aesgcm://example.org/f#0123", FALSE },
  { "smb", "smb://example.org/share", FALSE },
  { "tel", "tel:+491234567", FALSE },
  { "settings", "gnome-settings:network", FALSE },
  { "scheme-inside", "x-https://example.org/", FALSE },
  { "blank-before", " https://example.org/", FALSE },
  { "only-scheme", "https://", FALSE },
  { "empty", "", FALSE },
};

static void
test_open (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  GtkWidget *window = gtk_window_new ();
  GtkWidget *log = linnet_chat_log_new ();

  gtk_window_set_child (GTK_WINDOW (window), log);
  linnet_chat_log_open_uri (LINNET_CHAT_LOG (log), rows[row].uri);
  g_assert_cmpstr (
      g_object_get_data (G_OBJECT (window), "launched"), ==, rows[row].opened ? rows[row].uri : NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  adw_init ();

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/chat-log/open/%s", rows[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_open);
    }

  return g_test_run ();
}
