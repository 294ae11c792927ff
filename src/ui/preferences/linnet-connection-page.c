/* How an account reaches its server, and what is known of that connection
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-connection-page"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-alert.h"
#include "linnet-connection-page.h"
#include "linnet-row.h"

struct _LinnetConnectionPage
{
  AdwNavigationPage parent_instance;

  AdwToastOverlay *toasts;
  AdwActionRow *channel_row;
  AdwEntryRow *host_row;
  AdwEntryRow *port_row;
  AdwSwitchRow *direct_tls_row;

  LinnetAccount *account;
  gboolean loading; /* rows are being filled: their signals are not a person's */
};

G_DEFINE_FINAL_TYPE (LinnetConnectionPage, linnet_connection_page, ADW_TYPE_NAVIGATION_PAGE)

static void
server_cb (LinnetConnectionPage *self)
{
  g_autofree char *host = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->host_row))));
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->port_row));
  guint64 port = 0;

  if (self->loading)
    return;

  linnet_row_set_invalid (self->port_row, FALSE);
  if (*text != '\0' && !g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &port, NULL))
    {
      linnet_row_set_invalid (self->port_row, TRUE);
      adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ ("A port is a number from 1 to 65535.")));
      return;
    }

  linnet_alert_follow (
      linnet_account_set_server (
          self->account, *host != '\0' ? host : NULL, port, adw_switch_row_get_active (self->direct_tls_row)),
      GTK_WIDGET (self),
      _ ("Could Not Change the Server"),
      linnet_account_get_domain (self->account));
}

static void
linnet_connection_page_dispose (GObject *object)
{
  LinnetConnectionPage *self = LINNET_CONNECTION_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_CONNECTION_PAGE);
  g_clear_object (&self->account);

  G_OBJECT_CLASS (linnet_connection_page_parent_class)->dispose (object);
}

static void
linnet_connection_page_class_init (LinnetConnectionPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = linnet_connection_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/linnet/Linnet/ui/linnet-connection-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, toasts);
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, channel_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, host_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, port_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, direct_tls_row);
  gtk_widget_class_bind_template_callback (widget_class, server_cb);
}

static void
linnet_connection_page_init (LinnetConnectionPage *self)
{
  self->loading = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
fill (LinnetConnectionPage *self)
{
  const char *host = linnet_account_get_host (self->account);
  guint port = linnet_account_get_port (self->account);
  g_autofree char *port_text = port != 0 ? g_strdup_printf ("%u", port) : g_strdup ("");

  gtk_editable_set_text (GTK_EDITABLE (self->host_row), host != NULL ? host : "");
  gtk_editable_set_text (GTK_EDITABLE (self->port_row), port_text);
  adw_switch_row_set_active (self->direct_tls_row, linnet_account_get_direct_tls (self->account));
  linnet_row_set_subtitle (self->channel_row,
                           linnet_account_is_channel_verified (self->account)
                               ? _ ("On and verified: not even a forged certificate lets anybody listen in.")
                               : _ ("On. This server gives no proof against forged certificates."));
}

/**
 * linnet_connection_page_new:
 *
 * Returns: (transfer floating): a page about the connection of @account
 */
AdwNavigationPage *
linnet_connection_page_new (LinnetAccount *account)
{
  LinnetConnectionPage *self;

  g_return_val_if_fail (LINNET_IS_ACCOUNT (account), NULL);

  self = g_object_new (LINNET_TYPE_CONNECTION_PAGE, NULL);
  self->account = g_object_ref (account);
  fill (self);
  self->loading = FALSE;

  return ADW_NAVIGATION_PAGE (self);
}
