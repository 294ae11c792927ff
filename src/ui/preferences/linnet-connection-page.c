/* How an account reaches its server, and what is known of server and connection
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-connection-page"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-alert.h"
#include "linnet-connection-page.h"
#include "linnet-error.h"
#include "linnet-row.h"
#include "linnet-server-info.h"
#include "linnet-spawn.h"

struct _LinnetConnectionPage
{
  AdwNavigationPage parent_instance;

  AdwPreferencesGroup *waiting_group;
  AdwPreferencesGroup *failed_group;
  AdwActionRow *failed_row;
  AdwPreferencesGroup *facts_group;
  AdwActionRow *channel_row;
  AdwActionRow *tls_row;
  AdwActionRow *sign_in_row;
  AdwActionRow *latency_row;
  AdwPreferencesGroup *server_group;
  AdwActionRow *software_row;
  AdwActionRow *upload_row;
  AdwActionRow *archive_row;
  AdwExpanderRow *features_row;
  AdwEntryRow *host_row;
  AdwEntryRow *port_row;
  AdwSwitchRow *direct_tls_row;
  AdwEntryRow *proxy_row;
  GtkWidget *header_bar;

  LinnetAccount *account;
  GPtrArray *feature_rows; /* of GtkWidget, in the expander */
  gboolean filling;        /* rows are being filled: their signals are not a person's */
  gboolean loading;
};

G_DEFINE_FINAL_TYPE (LinnetConnectionPage, linnet_connection_page, ADW_TYPE_NAVIGATION_PAGE)

static const struct
{
  LinnetServerFeatures feature;
  const char *title;
  const char *xeps;
} features[] = {
  { LINNET_SERVER_ARCHIVE, N_ ("Keeps messages for your other devices"), "XEP-0313" },
  { LINNET_SERVER_CARBONS, N_ ("Shows what you write on all devices"), "XEP-0280" },
  { LINNET_SERVER_STREAM_MANAGEMENT, N_ ("Survives broken connections"), "XEP-0198" },
  { LINNET_SERVER_CLIENT_STATE, N_ ("Saves power in the background"), "XEP-0352" },
  { LINNET_SERVER_FAST_SIGN_IN, N_ ("Signs in quickly"), "XEP-0388, XEP-0484" },
  { LINNET_SERVER_BLOCKING, N_ ("Blocks addresses"), "XEP-0191" },
  { LINNET_SERVER_REPORTING, N_ ("Takes reports of spam and abuse"), "XEP-0377" },
  { LINNET_SERVER_UPLOAD, N_ ("Takes files"), "XEP-0363" },
  { LINNET_SERVER_PROFILES, N_ ("Keeps profiles and pictures"), "XEP-0163" },
  { LINNET_SERVER_BOOKMARKS, N_ ("Remembers your groups"), "XEP-0402" },
  { LINNET_SERVER_PUSH, N_ ("Wakes up phones"), "XEP-0357" },
  { LINNET_SERVER_CALLS, N_ ("Helps with calls"), "XEP-0215" },
};

/* ---- what is known ---- */

static void
show_channel (LinnetConnectionPage *self)
{
  linnet_row_set_subtitle (self->channel_row,
                           linnet_account_is_channel_verified (self->account)
                               ? _ ("On and verified: not even a forged certificate lets anybody listen in.")
                               : _ ("On. This server gives no proof against forged certificates."));
}

/* @text: (nullable): nothing is known, and nothing shown */
static void
show_fact (AdwActionRow *row, const char *text)
{
  linnet_row_set_subtitle (row, text);
  gtk_widget_set_visible (GTK_WIDGET (row), text != NULL);
}

/* Words of no human language stand beside each other: nothing to translate. */
static void
show_pair (AdwActionRow *row, const char *first, const char *second)
{
  g_autofree char *text = second != NULL ? g_strdup_printf ("%s · %s", first, second) : g_strdup (first);

  show_fact (row, text);
}

static char *
dup_archive_text (const LinnetServerInfo *info)
{
  if (info->archiving == LINNET_ARCHIVING_NEVER)
    return g_strdup (_ ("Not at all"));
  if (info->archive_days == 0)
    return g_strdup (_ ("For as long as you have the account"));
  if (info->archive_days > 0)
    return g_strdup_printf (ngettext ("For %d day", "For %d days", info->archive_days), info->archive_days);
  if (info->archiving == LINNET_ARCHIVING_CONTACTS)
    return g_strdup (_ ("Those with contacts; it does not say for how long"));
  if (info->archiving == LINNET_ARCHIVING_ALWAYS || (info->features & LINNET_SERVER_ARCHIVE) != 0)
    return g_strdup (_ ("Yes; it does not say for how long"));

  return NULL;
}

static char *
dup_upload_text (const LinnetServerInfo *info)
{
  if (info->upload_limit == 0)
    return g_strdup (_ ("It takes no files."));
  if (info->upload_limit == G_MAXUINT64)
    return g_strdup (_ ("Any size"));

  return g_format_size (info->upload_limit);
}

static void
show_features (LinnetConnectionPage *self, LinnetServerFeatures found)
{
  for (guint i = 0; i < self->feature_rows->len; i++)
    adw_expander_row_remove (self->features_row, self->feature_rows->pdata[i]);
  g_ptr_array_set_size (self->feature_rows, 0);

  for (guint i = 0; i < G_N_ELEMENTS (features); i++)
    {
      gboolean has = (found & features[i].feature) != 0;
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *icon = gtk_image_new_from_icon_name (has ? "object-select-symbolic"
                                                          : "window-close-symbolic");
      g_autofree char *text = NULL;

      /* Translators: whether a server can do something, and the number of the specification of that */
      text = g_strdup_printf (has ? _ ("Yes · %s") : _ ("No · %s"), features[i].xeps);
      linnet_row_set_title (ADW_PREFERENCES_ROW (row), _ (features[i].title));
      linnet_row_set_subtitle (ADW_ACTION_ROW (row), text);
      if (!has)
        gtk_widget_add_css_class (icon, "dim-label");
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
      adw_expander_row_add_row (self->features_row, row);
      g_ptr_array_add (self->feature_rows, row);
    }
}

static void
show_info (LinnetConnectionPage *self, const LinnetServerInfo *info)
{
  g_autofree char *archive = dup_archive_text (info);
  g_autofree char *upload = dup_upload_text (info);
  g_autofree char *latency = NULL;

  /* Translators: how quickly a server answers, in milliseconds */
  latency = g_strdup_printf (_ ("Within %u ms"), info->latency_ms);
  show_pair (self->tls_row, info->tls_version, info->cipher);
  show_pair (self->sign_in_row, info->mechanism, info->channel_binding);
  show_fact (self->latency_row, latency);
  show_fact (self->software_row, info->software);
  show_fact (self->upload_row, upload);
  show_fact (self->archive_row, archive);
  show_features (self, info->features);
  if (info->certificate_pinned)
    linnet_row_set_subtitle (self->channel_row,
                             _ ("On. Nobody but you vouches for the certificate of this server."));
  else
    show_channel (self);
}

static void
show_state (LinnetConnectionPage *self, gboolean loaded, const char *failure)
{
  gtk_widget_set_visible (GTK_WIDGET (self->facts_group), loaded);
  gtk_widget_set_visible (GTK_WIDGET (self->server_group), loaded);
  gtk_widget_set_visible (GTK_WIDGET (self->waiting_group), !loaded && failure == NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->failed_group), failure != NULL);
  linnet_row_set_subtitle (self->failed_row, failure);
}

static DexFuture *
linnet_connection_page_load_fiber (gpointer data)
{
  LinnetConnectionPage *self = data;
  g_autoptr (LinnetServerInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  info = dex_await_boxed (linnet_account_load_server_info (self->account), &error);
  self->loading = FALSE;
  if (self->account == NULL)
    return NULL;

  if (info != NULL)
    show_info (self, info);
  if (info != NULL)
    show_state (self, TRUE, NULL);
  else
    {
      g_autofree char *text = linnet_error_to_text (error, linnet_account_get_domain (self->account));

      show_state (self, FALSE, text);
    }

  return NULL;
}

static void
load_cb (LinnetConnectionPage *self)
{
  if (self->loading)
    return;

  self->loading = TRUE;
  show_state (self, FALSE, NULL);
  linnet_spawn_detached (
      "connection-page", linnet_connection_page_load_fiber, g_object_ref (self), g_object_unref);
}

static void
state_cb (LinnetConnectionPage *self)
{
  if (linnet_account_get_state (self->account) == LINNET_CONNECTION_ONLINE)
    load_cb (self);
}

/* ---- how to get there ---- */

static void
server_cb (LinnetConnectionPage *self)
{
  g_autofree char *host = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->host_row))));
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->port_row));
  guint64 port = 0;

  if (self->filling)
    return;

  linnet_row_set_invalid (self->port_row, FALSE);
  if (*text != '\0' && !g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &port, NULL))
    {
      linnet_row_set_invalid (self->port_row, TRUE);
      gtk_widget_activate_action (
          GTK_WIDGET (self), "account.toast", "s", _ ("A port is a number from 1 to 65535."));
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
proxy_cb (LinnetConnectionPage *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->proxy_row))));

  linnet_alert_follow (linnet_account_set_proxy (self->account, text),
                       GTK_WIDGET (self),
                       _ ("Could Not Change the Proxy"),
                       linnet_account_get_domain (self->account));
}

/* Not in the first field: it is about to go down, below the facts that one comes for. */
static void
linnet_connection_page_shown (AdwNavigationPage *page)
{
  /* The dialog may be about to be shown, with this page in it. */
  if (gtk_widget_get_root (GTK_WIDGET (page)) != NULL)
    gtk_widget_child_focus (LINNET_CONNECTION_PAGE (page)->header_bar, GTK_DIR_TAB_FORWARD);
}

static void
linnet_connection_page_dispose (GObject *object)
{
  LinnetConnectionPage *self = LINNET_CONNECTION_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_CONNECTION_PAGE);
  g_clear_object (&self->account);
  g_clear_pointer (&self->feature_rows, g_ptr_array_unref);

  G_OBJECT_CLASS (linnet_connection_page_parent_class)->dispose (object);
}

static void
linnet_connection_page_class_init (LinnetConnectionPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = linnet_connection_page_dispose;
  ADW_NAVIGATION_PAGE_CLASS (klass)->shown = linnet_connection_page_shown;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/linnet/Linnet/ui/linnet-connection-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, waiting_group);
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, failed_group);
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, failed_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, facts_group);
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, channel_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, tls_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, sign_in_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, latency_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, server_group);
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, software_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, upload_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, archive_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, features_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, host_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, port_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, direct_tls_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, proxy_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetConnectionPage, header_bar);
  gtk_widget_class_bind_template_callback (widget_class, load_cb);
  gtk_widget_class_bind_template_callback (widget_class, proxy_cb);
  gtk_widget_class_bind_template_callback (widget_class, server_cb);
}

static void
linnet_connection_page_init (LinnetConnectionPage *self)
{
  self->filling = TRUE;
  self->feature_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
fill (LinnetConnectionPage *self)
{
  const char *host = linnet_account_get_host (self->account);
  const char *proxy = linnet_account_get_proxy (self->account);
  guint port = linnet_account_get_port (self->account);
  g_autofree char *port_text = port != 0 ? g_strdup_printf ("%u", port) : g_strdup ("");

  gtk_editable_set_text (GTK_EDITABLE (self->host_row), host != NULL ? host : "");
  gtk_editable_set_text (GTK_EDITABLE (self->port_row), port_text);
  gtk_editable_set_text (GTK_EDITABLE (self->proxy_row), proxy != NULL ? proxy : "");
  adw_switch_row_set_active (self->direct_tls_row, linnet_account_get_direct_tls (self->account));
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
  self->filling = FALSE;
  g_signal_connect_object (account, "notify::state", G_CALLBACK (state_cb), self, G_CONNECT_SWAPPED);
  load_cb (self);

  return ADW_NAVIGATION_PAGE (self);
}
