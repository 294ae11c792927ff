/* Making a new account on a server
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-registration"

#include "config.h"

#include <string.h>
#include <sys/random.h>

#include "linnet-account-manager.h"
#include "linnet-form-field-private.h"
#include "linnet-future.h"
#include "linnet-proxy.h"
#include "linnet-registration-private.h"
#include "linnet-spawn.h"
#include "linnet-verb.h"
#include "xmpp-secret.h"

#define N_SUGGESTIONS 3

enum
{
  PROP_0,
  PROP_DOMAIN,
  PROP_STATE,
  PROP_INSTRUCTIONS,
  PROP_WEB_URL,
  PROP_FIELDS,
  PROP_REGISTERED,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LinnetRegistration, linnet_registration, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

G_DEFINE_ENUM_TYPE (LinnetRegistrationState,
                    linnet_registration_state,
                    G_DEFINE_ENUM_VALUE (LINNET_REGISTRATION_IDLE, "idle"),
                    G_DEFINE_ENUM_VALUE (LINNET_REGISTRATION_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (LINNET_REGISTRATION_FORM, "form"),
                    G_DEFINE_ENUM_VALUE (LINNET_REGISTRATION_WEB, "web"),
                    G_DEFINE_ENUM_VALUE (LINNET_REGISTRATION_SUBMITTING, "submitting"),
                    G_DEFINE_ENUM_VALUE (LINNET_REGISTRATION_DONE, "done"))

static void
drop_stream (LinnetRegistration *self)
{
  if (self->stream != NULL)
    xmpp_register_close (self->stream);
  g_clear_object (&self->stream);
}

static void
linnet_registration_get_property (GObject *object,
                                  guint prop_id,
                                  GValue *value,
                                  GParamSpec *pspec)
{
  LinnetRegistration *self = LINNET_REGISTRATION (object);

  switch (prop_id)
    {
    case PROP_DOMAIN:
      g_value_set_string (value, self->domain);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_INSTRUCTIONS:
      g_value_set_string (value, self->instructions);
      break;
    case PROP_WEB_URL:
      g_value_set_string (value, self->web_url);
      break;
    case PROP_FIELDS:
      g_value_set_object (value, self->fields);
      break;
    case PROP_REGISTERED:
      g_value_set_boolean (value, self->registered);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_registration_set_property (GObject *object,
                                  guint prop_id,
                                  const GValue *value,
                                  GParamSpec *pspec)
{
  LinnetRegistration *self = LINNET_REGISTRATION (object);

  switch (prop_id)
    {
    case PROP_DOMAIN:
      self->domain = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_registration_dispose (GObject *object)
{
  LinnetRegistration *self = LINNET_REGISTRATION (object);

  drop_stream (self);
  g_list_store_remove_all (self->fields);

  G_OBJECT_CLASS (linnet_registration_parent_class)->dispose (object);
}

static void
linnet_registration_finalize (GObject *object)
{
  LinnetRegistration *self = LINNET_REGISTRATION (object);

  g_clear_object (&self->manager);
  g_free (self->domain);
  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_free (self->host);
  xmpp_secret_clear (&self->token);
  xmpp_secret_clear (&self->proxy);
  g_clear_pointer (&self->form, xmpp_register_form_unref);
  g_clear_object (&self->fields);
  g_ptr_array_unref (self->questions);
  g_free (self->instructions);
  g_free (self->web_url);
  g_free (self->server_text);
  g_hash_table_unref (self->tried);
  g_free (self->address);
  xmpp_secret_clear (&self->password);
  dex_clear (&self->cancellable);

  G_OBJECT_CLASS (linnet_registration_parent_class)->finalize (object);
}

static void
linnet_registration_class_init (LinnetRegistrationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags read = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = linnet_registration_dispose;
  object_class->finalize = linnet_registration_finalize;
  object_class->get_property = linnet_registration_get_property;
  object_class->set_property = linnet_registration_set_property;

  properties[PROP_DOMAIN] =
      g_param_spec_string ("domain",
                           NULL,
                           NULL,
                           NULL,
                           G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_STATE] = g_param_spec_enum (
      "state", NULL, NULL, LINNET_TYPE_REGISTRATION_STATE, LINNET_REGISTRATION_IDLE, read);
  properties[PROP_INSTRUCTIONS] = g_param_spec_string ("instructions", NULL, NULL, NULL, read);
  properties[PROP_WEB_URL] = g_param_spec_string ("web-url", NULL, NULL, NULL, read);
  properties[PROP_FIELDS] = g_param_spec_object ("fields", NULL, NULL, G_TYPE_LIST_MODEL, read);
  properties[PROP_REGISTERED] = g_param_spec_boolean ("registered", NULL, NULL, FALSE, read);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
linnet_registration_init (LinnetRegistration *self)
{
  self->fields = g_list_store_new (LINNET_TYPE_FORM_FIELD);
  self->questions = g_ptr_array_new ();
  self->tried = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->cancellable = dex_cancellable_new ();
}

void
linnet_registration_set_state (LinnetRegistration *self,
                               LinnetRegistrationState state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

void
linnet_registration_set_registered (LinnetRegistration *self)
{
  self->registered = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REGISTERED]);
}

void
linnet_registration_set_server_text (LinnetRegistration *self,
                                     const char *text)
{
  g_set_str (&self->server_text, text);
}

LinnetRegistration *
linnet_registration_new (LinnetAccountManager *manager,
                         const char *domain)
{
  g_autofree char *trimmed = NULL;
  LinnetRegistration *self;
  g_autoptr (XmppJid) jid = NULL;

  g_return_val_if_fail (LINNET_IS_ACCOUNT_MANAGER (manager), NULL);
  g_return_val_if_fail (domain != NULL, NULL);

  trimmed = g_strstrip (g_strdup (domain));
  jid = xmpp_jid_new (trimmed, NULL);
  if (jid != NULL && (xmpp_jid_get_local (jid) != NULL || !xmpp_jid_is_bare (jid)))
    g_clear_pointer (&jid, xmpp_jid_unref);

  self = g_object_new (LINNET_TYPE_REGISTRATION,
                       "domain",
                       jid != NULL ? xmpp_jid_get_domain (jid) : trimmed,
                       NULL);
  self->manager = g_object_ref (manager);
  self->jid = g_steal_pointer (&jid);

  return self;
}

void
linnet_registration_set_server (LinnetRegistration *self,
                                const char *host,
                                guint16 port,
                                gboolean direct_tls)
{
  g_return_if_fail (LINNET_IS_REGISTRATION (self));

  g_set_str (&self->host, host != NULL && *host != '\0' ? host : NULL);
  self->port = port;
  self->direct_tls = direct_tls;
}

void
linnet_registration_set_token (LinnetRegistration *self,
                               const char *token)
{
  g_return_if_fail (LINNET_IS_REGISTRATION (self));

  xmpp_secret_clear (&self->token);
  self->token = token != NULL && *token != '\0' ? g_strdup (token) : NULL;
}

void
linnet_registration_set_proxy (LinnetRegistration *self,
                               const char *text)
{
  g_return_if_fail (LINNET_IS_REGISTRATION (self));

  xmpp_secret_clear (&self->proxy);
  self->proxy = text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

char *
linnet_registration_dup_proxy (LinnetRegistration *self)
{
  g_autofree char *password = NULL;
  g_autofree char *proxy = NULL;

  g_return_val_if_fail (LINNET_IS_REGISTRATION (self), NULL);

  if (self->proxy == NULL)
    return NULL;

  /* Nothing gets through what is no proxy, and nothing around it. */
  proxy = linnet_proxy_normalize (self->proxy, &password, NULL);

  return proxy != NULL ? linnet_proxy_with_password (proxy, password) : g_strdup (self->proxy);
}

/* ---- verbs ---- */

static void
step_free (gpointer data)
{
  LinnetRegistrationStep *step = data;
  LinnetRegistration *self = step->self;

  /* However it ended: the next one may begin, where the form is. */
  if (step->generation == self->generation)
    {
      self->busy = FALSE;
      if (self->state == LINNET_REGISTRATION_CONNECTING)
        linnet_registration_set_state (self, LINNET_REGISTRATION_IDLE);
      else if (self->state == LINNET_REGISTRATION_SUBMITTING)
        linnet_registration_set_state (self, LINNET_REGISTRATION_FORM);
    }
  g_object_unref (self);
  g_free (step);
}

static DexFuture *
run (LinnetRegistration *self,
     const char *name,
     DexFiberFunc func)
{
  LinnetRegistrationStep *step;

  if (self->busy)
    return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_FAILED, "One thing after the other");

  self->busy = TRUE;
  step = g_new0 (LinnetRegistrationStep, 1);
  step->self = g_object_ref (self);
  step->generation = ++self->generation;

  return dex_future_first (
      linnet_verb (linnet_spawn (name, func, step, step_free)), dex_ref (self->cancellable), NULL);
}

DexFuture *
linnet_registration_start (LinnetRegistration *self)
{
  linnet_return_error_if_fail (LINNET_IS_REGISTRATION (self));

  if (self->jid == NULL)
    return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_BAD_ADDRESS, "This is not a domain");
  if (self->registered)
    return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_FAILED, "There is an account already");

  if (!self->busy)
    linnet_registration_set_state (self, LINNET_REGISTRATION_CONNECTING);

  return run (self, "registration-start", linnet_registration_start_fiber);
}

DexFuture *
linnet_registration_refresh (LinnetRegistration *self)
{
  linnet_return_error_if_fail (LINNET_IS_REGISTRATION (self));

  if (self->state != LINNET_REGISTRATION_FORM || self->registered)
    return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_FAILED, "There is no form");

  return run (self, "registration-refresh", linnet_registration_refresh_fiber);
}

DexFuture *
linnet_registration_submit (LinnetRegistration *self)
{
  linnet_return_error_if_fail (LINNET_IS_REGISTRATION (self));

  if (self->state != LINNET_REGISTRATION_FORM)
    return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_FAILED, "There is no form");

  if (!self->busy)
    linnet_registration_set_state (self, LINNET_REGISTRATION_SUBMITTING);

  return run (self, "registration-submit", linnet_registration_submit_fiber);
}

static void
forget (LinnetRegistration *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->fields)); i++)
    {
      g_autoptr (LinnetFormField) field = g_list_model_get_item (G_LIST_MODEL (self->fields), i);

      linnet_form_field_wipe (field);
    }
  g_list_store_remove_all (self->fields);
  g_ptr_array_set_size (self->questions, 0);
  g_clear_pointer (&self->form, xmpp_register_form_unref);
  g_clear_pointer (&self->address, g_free);
  xmpp_secret_clear (&self->password);
  g_clear_pointer (&self->server_text, g_free);
  self->unsure = FALSE;
  if (g_set_str (&self->instructions, NULL))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INSTRUCTIONS]);
  if (g_set_str (&self->web_url, NULL))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WEB_URL]);
  if (self->registered)
    {
      self->registered = FALSE;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REGISTERED]);
    }
}

static void
stop (LinnetRegistration *self)
{
  g_autoptr (DexCancellable) cancellable = g_steal_pointer (&self->cancellable);

  self->generation++;
  self->busy = FALSE;
  drop_stream (self);
  linnet_registration_set_state (self, LINNET_REGISTRATION_IDLE);

  self->cancellable = dex_cancellable_new ();
  dex_cancellable_cancel (cancellable);
}

void
linnet_registration_leave (LinnetRegistration *self)
{
  g_return_if_fail (LINNET_IS_REGISTRATION (self));

  if (self->registered)
    forget (self);
  stop (self);
}

void
linnet_registration_cancel (LinnetRegistration *self)
{
  g_return_if_fail (LINNET_IS_REGISTRATION (self));

  forget (self);
  stop (self);
}

/* ---- what is known ---- */

const char *
linnet_registration_get_domain (LinnetRegistration *self)
{
  g_return_val_if_fail (LINNET_IS_REGISTRATION (self), NULL);

  return self->domain;
}

LinnetRegistrationState
linnet_registration_get_state (LinnetRegistration *self)
{
  g_return_val_if_fail (LINNET_IS_REGISTRATION (self), LINNET_REGISTRATION_IDLE);

  return self->state;
}

const char *
linnet_registration_get_instructions (LinnetRegistration *self)
{
  g_return_val_if_fail (LINNET_IS_REGISTRATION (self), NULL);

  return self->instructions;
}

const char *
linnet_registration_get_web_url (LinnetRegistration *self)
{
  g_return_val_if_fail (LINNET_IS_REGISTRATION (self), NULL);

  return self->web_url;
}

GListModel *
linnet_registration_get_fields (LinnetRegistration *self)
{
  g_return_val_if_fail (LINNET_IS_REGISTRATION (self), NULL);

  return G_LIST_MODEL (self->fields);
}

gboolean
linnet_registration_get_registered (LinnetRegistration *self)
{
  g_return_val_if_fail (LINNET_IS_REGISTRATION (self), FALSE);

  return self->registered;
}

const char *
linnet_registration_get_server_text (LinnetRegistration *self)
{
  g_return_val_if_fail (LINNET_IS_REGISTRATION (self), NULL);

  return self->server_text;
}

static guint
get_random_below (guint limit)
{
  guint32 number;

  if (getrandom (&number, sizeof number, 0) != sizeof number)
    g_error ("The kernel gives no random bytes");

  return number % limit;
}

/* "ana42", "ana.417": names like those that people choose by themselves. */
static char *
vary (const char *base,
      guint i)
{
  if (i % 2 == 0)
    return g_strdup_printf ("%s%u", base, 10 + get_random_below (90));

  return g_strdup_printf ("%s.%u", base, 100 + get_random_below (900));
}

char **
linnet_registration_suggest_names (LinnetRegistration *self,
                                   const char *name)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (XmppJid) jid = NULL;
  g_autofree char *base = NULL;
  guint n = 0;

  g_return_val_if_fail (LINNET_IS_REGISTRATION (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  base = g_strstrip (g_strdup (name));
  if (strchr (base, '@') != NULL)
    *strchr (base, '@') = '\0';
  if (*base != '\0' && self->jid != NULL)
    jid = xmpp_jid_new_from_parts (base, xmpp_jid_get_domain (self->jid), NULL, NULL);

  for (guint i = 0; jid != NULL && i < 20 && n < N_SUGGESTIONS; i++)
    {
      g_autofree char *variant = vary (xmpp_jid_get_local (jid), i);
      g_autoptr (XmppJid) whole =
          xmpp_jid_new_from_parts (variant, xmpp_jid_get_domain (self->jid), NULL, NULL);

      if (whole == NULL || g_hash_table_contains (self->tried, xmpp_jid_get_local (whole)) ||
          !g_hash_table_add (seen, g_strdup (xmpp_jid_get_local (whole))))
        continue;
      g_strv_builder_add (builder, xmpp_jid_get_local (whole));
      n++;
    }

  return g_strv_builder_end (builder);
}
