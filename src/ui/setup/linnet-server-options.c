/* How a server is reached, for those who need to say
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-server-options"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-error.h"
#include "linnet-row.h"
#include "linnet-server-options.h"

struct _LinnetServerOptions
{
  GtkBox parent_instance;

  GtkToggleButton *advanced_button;
  AdwEntryRow *host_row;
  AdwEntryRow *port_row;
  AdwSwitchRow *direct_tls_row;
  AdwEntryRow *proxy_row;
};

G_DEFINE_FINAL_TYPE (LinnetServerOptions, linnet_server_options, GTK_TYPE_BOX)

enum
{
  CHANGED,
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
changed_cb (LinnetServerOptions *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
activated_cb (LinnetServerOptions *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
mark (LinnetServerOptions *self, AdwEntryRow *row)
{
  gtk_toggle_button_set_active (self->advanced_button, TRUE);
  linnet_row_set_invalid (row, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
linnet_server_options_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LINNET_TYPE_SERVER_OPTIONS);

  G_OBJECT_CLASS (linnet_server_options_parent_class)->dispose (object);
}

static void
linnet_server_options_class_init (LinnetServerOptionsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const char *const names[] = { [CHANGED] = "changed", [ACTIVATED] = "activated" };

  G_OBJECT_CLASS (klass)->dispose = linnet_server_options_dispose;

  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (
        names[i], G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-server-options.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetServerOptions, advanced_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetServerOptions, host_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetServerOptions, port_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetServerOptions, direct_tls_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetServerOptions, proxy_row);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
}

static void
linnet_server_options_init (LinnetServerOptions *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * linnet_server_options_get:
 * @domain: the server's name; its host as well when only a port is given
 * @choice: (out): what was typed
 * @error: (out): a sentence for the person; the field that it is about has the focus
 *
 * Returns: whether it makes sense
 */
gboolean
linnet_server_options_get (LinnetServerOptions *self,
                           const char *domain,
                           LinnetServerChoice *choice,
                           GError **error)
{
  g_autofree char *host = NULL;
  g_autofree char *proxy = NULL;
  const char *text;
  guint64 port = 0;

  g_return_val_if_fail (LINNET_IS_SERVER_OPTIONS (self), FALSE);
  g_return_val_if_fail (domain != NULL, FALSE);

  host = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->host_row))));
  proxy = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->proxy_row))));
  text = gtk_editable_get_text (GTK_EDITABLE (self->port_row));

  if (*text != '\0' && !g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &port, NULL))
    {
      mark (self, self->port_row);
      g_set_error_literal (
          error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("A port is a number from 1 to 65535."));
      return FALSE;
    }

  *choice = (LinnetServerChoice) {
    .host = *host != '\0' ? g_steal_pointer (&host) : port != 0 ? g_strdup (domain)
                                                                : NULL,
    .port = port,
    .direct_tls = adw_switch_row_get_active (self->direct_tls_row),
    .proxy = *proxy != '\0' ? g_steal_pointer (&proxy) : NULL,
  };

  return TRUE;
}

/**
 * linnet_server_options_set_proxy:
 * @proxy: (nullable): what a person typed elsewhere
 */
void
linnet_server_options_set_proxy (LinnetServerOptions *self, const char *proxy)
{
  g_return_if_fail (LINNET_IS_SERVER_OPTIONS (self));

  gtk_editable_set_text (GTK_EDITABLE (self->proxy_row), proxy != NULL ? proxy : "");
}

/**
 * linnet_server_options_show_problem:
 * @error: a LINNET_ERROR about reaching the server
 *
 * Unfolds, marks what the error is about and puts the focus there.
 */
void
linnet_server_options_show_problem (LinnetServerOptions *self, const GError *error)
{
  gboolean proxy = g_error_matches (error, LINNET_ERROR, LINNET_ERROR_PROXY) ||
                   g_error_matches (error, LINNET_ERROR, LINNET_ERROR_BAD_PROXY);

  g_return_if_fail (LINNET_IS_SERVER_OPTIONS (self));

  mark (self, proxy ? self->proxy_row : self->host_row);
}

void
linnet_server_options_clear_problem (LinnetServerOptions *self)
{
  g_return_if_fail (LINNET_IS_SERVER_OPTIONS (self));

  linnet_row_set_invalid (self->host_row, FALSE);
  linnet_row_set_invalid (self->port_row, FALSE);
  linnet_row_set_invalid (self->proxy_row, FALSE);
}

/**
 * linnet_server_choice_clear:
 *
 * Frees what is in @choice; the proxy may have a password in it.
 */
void
linnet_server_choice_clear (LinnetServerChoice *choice)
{
  if (choice->proxy != NULL)
    explicit_bzero (choice->proxy, strlen (choice->proxy));

  g_clear_pointer (&choice->host, g_free);
  g_clear_pointer (&choice->proxy, g_free);
}
