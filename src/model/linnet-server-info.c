/* An account's server, and the connection to it, for those who want to know
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-server-info"

#include "config.h"

#include "linnet-account-private.h"
#include "linnet-channel.h"
#include "linnet-future.h"
#include "linnet-provider-list.h"
#include "linnet-server-info.h"
#include "linnet-spawn.h"
#include "linnet-verb.h"
#include "xmpp-archive-preferences.h"
#include "xmpp-contact-addresses.h"
#include "xmpp-disco.h"
#include "xmpp-upload-service.h"
#include "xmpp-version.h"

/* What is nice to know is not waited for much longer than what has to be known. */
#define EXTRA_SECONDS 10

G_DEFINE_BOXED_TYPE (LinnetServerInfo, linnet_server_info, linnet_server_info_ref, linnet_server_info_unref)

LinnetServerInfo *
linnet_server_info_ref (LinnetServerInfo *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
info_clear (LinnetServerInfo *self)
{
  g_free (self->domain);
  g_free (self->software);
  g_free (self->tls_version);
  g_free (self->cipher);
  g_free (self->mechanism);
  g_free (self->channel_binding);
  g_free (self->website);
  for (guint i = 0; i < LINNET_N_SERVER_CONTACTS; i++)
    g_strfreev (self->contacts[i]);
}

void
linnet_server_info_unref (LinnetServerInfo *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) info_clear);
}

/* ---- what it can do ---- */

/* Who tells of a feature. */
typedef enum
{
  BY_SERVER,
  BY_ACCOUNT,
  BY_STREAM,
} Source;

static const struct
{
  LinnetServerFeatures feature;
  Source source;
  const char *name; /* of the feature, or the namespace in the stream's features */
} sources[] = {
  { LINNET_SERVER_ARCHIVE, BY_ACCOUNT, "urn:xmpp:mam:2" },
  { LINNET_SERVER_ARCHIVE, BY_SERVER, "urn:xmpp:mam:2" },
  { LINNET_SERVER_CARBONS, BY_SERVER, "urn:xmpp:carbons:2" },
  { LINNET_SERVER_STREAM_MANAGEMENT, BY_STREAM, "urn:xmpp:sm:3" },
  { LINNET_SERVER_CLIENT_STATE, BY_STREAM, "urn:xmpp:csi:0" },
  { LINNET_SERVER_BLOCKING, BY_SERVER, "urn:xmpp:blocking" },
  { LINNET_SERVER_REPORTING, BY_SERVER, "urn:xmpp:reporting:1" },
  { LINNET_SERVER_PUSH, BY_ACCOUNT, "urn:xmpp:push:0" },
  { LINNET_SERVER_PUSH, BY_SERVER, "urn:xmpp:push:0" },
  { LINNET_SERVER_PROFILES, BY_ACCOUNT, "http://jabber.org/protocol/pubsub#publish-options" },
  { LINNET_SERVER_BOOKMARKS, BY_ACCOUNT, "urn:xmpp:bookmarks:1#compat" },
  { LINNET_SERVER_CALLS, BY_SERVER, "urn:xmpp:extdisco:2" },
};

static LinnetServerFeatures
find_features (LinnetAccount *account, XmppDiscoInfo *server)
{
  XmppDisco *disco = xmpp_session_get_feature (account->session, XMPP_TYPE_DISCO);
  XmppNode *stream = xmpp_session_get_stream_features (account->session);
  LinnetServerFeatures found = 0;

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      gboolean has = FALSE;

      switch (sources[i].source)
        {
        case BY_SERVER:
          has = xmpp_disco_info_has_feature (server, sources[i].name);
          break;
        case BY_ACCOUNT:
          has = xmpp_disco_account_has (disco, sources[i].name);
          break;
        case BY_STREAM:
        default:
          has = stream != NULL && xmpp_node_get_child_in_ns (stream, sources[i].name) != NULL;
        }
      if (has)
        found |= sources[i].feature;
    }

  /* Resumption within SASL 2 shows no features at all: what runs was offered. */
  if (account->row->sm_id != NULL)
    found |= LINNET_SERVER_STREAM_MANAGEMENT;
  if (account->row->fast_mechanism != NULL)
    found |= LINNET_SERVER_FAST_SIGN_IN;

  return found;
}

static void
take_contacts (LinnetServerInfo *self, XmppDiscoInfo *info)
{
  static const XmppContactKind kinds[LINNET_N_SERVER_CONTACTS] = {
    [LINNET_SERVER_CONTACT_SUPPORT] = XMPP_CONTACT_SUPPORT,
    [LINNET_SERVER_CONTACT_ADMIN] = XMPP_CONTACT_ADMIN,
    [LINNET_SERVER_CONTACT_ABUSE] = XMPP_CONTACT_ABUSE,
    [LINNET_SERVER_CONTACT_SECURITY] = XMPP_CONTACT_SECURITY,
    [LINNET_SERVER_CONTACT_STATUS] = XMPP_CONTACT_STATUS,
    [LINNET_SERVER_CONTACT_FEEDBACK] = XMPP_CONTACT_FEEDBACK,
    [LINNET_SERVER_CONTACT_SALES] = XMPP_CONTACT_SALES,
  };

  for (guint i = 0; i < LINNET_N_SERVER_CONTACTS; i++)
    self->contacts[i] = xmpp_contact_addresses_dup (info, kinds[i]);
}

/* ---- asking ---- */

static void
take_channel (LinnetServerInfo *self, const LinnetChannel *channel)
{
  self->tls_version = g_strdup (channel->tls_version);
  self->cipher = g_strdup (channel->cipher);
  self->mechanism = g_strdup (channel->mechanism);
  self->channel_binding = g_strdup (channel->channel_binding);
  self->certificate_pinned = channel->pinned;
}

/* What is publicly known of the server: nobody is asked. */
static void
take_provider (LinnetServerInfo *self, LinnetAccount *account)
{
  g_autoptr (LinnetProviderList) list =
      linnet_provider_list_new (linnet_store_get_directory (linnet_account_get_store (account)));
  LinnetProvider *provider;

  self->archive_days = -1;
  if (!dex_await (linnet_provider_list_load (list), NULL))
    return;

  provider = linnet_provider_list_find (list, self->domain);
  if (provider == NULL)
    return;

  self->archive_days = linnet_provider_get_storage_days (provider);
  self->website = g_strdup (linnet_provider_get_website (provider));
}

static LinnetArchiving
archiving_from_xmpp (int value)
{
  switch ((XmppArchiveDefault) value)
    {
    case XMPP_ARCHIVE_ALWAYS:
      return LINNET_ARCHIVING_ALWAYS;
    case XMPP_ARCHIVE_ROSTER:
      return LINNET_ARCHIVING_CONTACTS;
    case XMPP_ARCHIVE_NEVER:
      return LINNET_ARCHIVING_NEVER;
    default:
      return LINNET_ARCHIVING_UNKNOWN;
    }
}

/* Nobody waits for long for what a server need not tell. */
static DexFuture *
extra (DexFuture *future)
{
  return dex_future_first (future, dex_timeout_new_seconds (EXTRA_SECONDS), NULL);
}

static DexFuture *
linnet_server_info_fiber (gpointer data)
{
  LinnetAccount *account = data;
  g_autoptr (XmppSession) session = NULL;
  const LinnetChannel *channel = linnet_connection_get_channel (account->connection);
  g_autoptr (LinnetServerInfo) self = g_atomic_rc_box_new0 (LinnetServerInfo);
  g_autoptr (XmppDiscoInfo) info = NULL;
  g_autoptr (XmppUploadService) upload = NULL;
  g_autoptr (XmppJid) server = NULL;
  g_autoptr (GError) error = NULL;
  DexFuture *version, *service, *archiving;
  gint64 begin = g_get_monotonic_time ();
  int value;

  if (account->closed || channel == NULL || !xmpp_session_is_online (account->session))
    return linnet_verb_offline ();

  session = g_object_ref (account->session);
  server = xmpp_jid_new_from_parts (NULL, xmpp_jid_get_domain (account->jid), NULL, NULL);
  self->domain = g_strdup (linnet_account_get_domain (account));
  take_channel (self, channel);

  info = dex_await_boxed (
      xmpp_disco_query_info (xmpp_session_get_feature (session, XMPP_TYPE_DISCO), server, NULL), &error);
  if (info == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  self->latency_ms = (g_get_monotonic_time () - begin + 999) / 1000;
  self->features = find_features (account, info);
  take_contacts (self, info);

  version = extra (xmpp_version_query (xmpp_session_get_feature (session, XMPP_TYPE_VERSION), server));
  service = extra (xmpp_upload_service_find (session));
  archiving = extra (xmpp_archive_preferences_get_default (session));

  self->software = dex_await_string (version, NULL);
  upload = dex_await_boxed (service, NULL);
  if (upload != NULL)
    {
      self->upload_limit = upload->max_size;
      self->features |= LINNET_SERVER_UPLOAD;
    }
  value = dex_await_int (archiving, &error);
  self->archiving = error == NULL ? archiving_from_xmpp (value) : LINNET_ARCHIVING_UNKNOWN;
  take_provider (self, account);

  return dex_future_new_take_boxed (LINNET_TYPE_SERVER_INFO, g_steal_pointer (&self));
}

DexFuture *
linnet_account_load_server_info (LinnetAccount *account)
{
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (account));

  return linnet_verb (
      linnet_spawn ("server-info", linnet_server_info_fiber, g_object_ref (account), g_object_unref));
}
