/* What goes over the network when an account has a proxy; test_proxy.py watches it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-account-profile.h"
#include "linnet-error.h"
#include "linnet-proxy.h"
#include "linnet-provider-list.h"
#include "linnet-registration.h"
#include "linnet-test-model.h"
#include "linnet-test-prosody.h"
#include "linnet-test.h"

/* A PNG of one pixel; nobody decodes it here. */
static const guint8 png[] = {
  0x89,
  'P',
  'N',
  'G',
  0x0d,
  0x0a,
  0x1a,
  0x0a,
  0x00,
  0x00,
  0x00,
  0x0d,
  'I',
  'H',
  'D',
  'R',
  0x00,
  0x00,
  0x00,
  0x01,
  0x00,
  0x00,
  0x00,
  0x01,
  0x08,
  0x02,
  0x00,
  0x00,
  0x00,
  0x90,
  0x77,
  0x53,
  0xde,
  0x00,
  0x00,
  0x00,
  0x0c,
  'I',
  'D',
  'A',
  'T',
  0x08,
  0xd7,
  0x63,
  0x60,
  0x60,
  0x60,
  0x00,
  0x00,
  0x00,
  0x04,
  0x00,
  0x01,
  0x27,
  0x34,
  0x27,
  0x0a,
  0x00,
  0x00,
  0x00,
  0x00,
  'I',
  'E',
  'N',
  'D',
  0xae,
  0x42,
  0x60,
  0x82,
};

typedef struct
{
  char *directory;
  char *address;
  LinnetAccountManager *manager;
  LinnetAccount *account; /* borrowed */
} Person;

static const char *
get_proxy (void)
{
  const char *proxy = g_getenv ("LINNET_TEST_PROXY");

  g_assert_nonnull (proxy);

  return proxy;
}

static void
person_init (Person *self, const char *user)
{
  self->directory = linnet_test_profile_new ();
  self->address = g_strdup_printf ("%s@%s", user, linnet_test_prosody_get_domain ());
  self->manager = linnet_account_manager_new (self->directory);
  linnet_test_assert_resolves (linnet_account_manager_load (self->manager));
}

/* The server is found by its domain alone. */
static DexFuture *
person_sign_in (Person *self, const char *user)
{
  g_autofree char *password = linnet_test_prosody_get_password (user);
  const LinnetSignIn sign_in = {
    .address = self->address,
    .password = password,
    .proxy = get_proxy (),
  };

  return linnet_account_manager_sign_in (self->manager, &sign_in);
}

static void
person_clear (Person *self)
{
  linnet_test_assert_resolves (linnet_account_manager_shutdown (self->manager));
  linnet_test_settle ();
  g_assert_finalize_object (g_steal_pointer (&self->manager));
  linnet_test_profile_free (self->directory);
  g_free (self->address);
}

static gboolean
has_picture (gpointer contact, gpointer data)
{
  return linnet_contact_get_avatar_file (contact) != NULL;
}

static void
send_message (Person *from, Person *to)
{
  g_autoptr (LinnetConversation) conversation =
      dex_await_object (linnet_account_open_conversation (from->account, to->address), NULL);
  g_autoptr (LinnetMessage) message =
      dex_await_object (linnet_conversation_send_text (conversation, "Hello"), NULL);

  linnet_test_wait_message_state (message, LINNET_MESSAGE_DELIVERED);
}

static void
show_picture (Person *from, Person *to)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (png, sizeof png);
  g_autoptr (LinnetConversation) conversation =
      dex_await_object (linnet_account_open_conversation (to->account, from->address), NULL);
  LinnetContact *contact = linnet_conversation_get_contact (conversation);

  linnet_test_assert_resolves (linnet_account_set_picture (from->account, bytes, 1, 1));
  linnet_test_wait_for (contact, "notify::avatar-file", has_picture, NULL);
}

static void
refresh_providers (Person *person)
{
  g_autofree char *directory = g_build_filename (person->directory, "providers", NULL);
  g_autoptr (LinnetProviderList) list = linnet_provider_list_new (directory);

  linnet_provider_list_set_proxy (list, get_proxy ());
  linnet_test_assert_resolves (linnet_provider_list_load (list));
  linnet_test_assert_resolves (linnet_provider_list_refresh (list));
  g_assert_nonnull (linnet_provider_list_find (list, "wren.example"));
}

static void
fill_in (LinnetRegistration *registration, const char *name, const char *password)
{
  GListModel *fields = linnet_registration_get_fields (registration);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (LinnetFormField) field = g_list_model_get_item (fields, i);

      if (linnet_form_field_get_kind (field) == LINNET_FORM_FIELD_USERNAME)
        linnet_form_field_set_value (field, name);
      else if (linnet_form_field_get_kind (field) == LINNET_FORM_FIELD_PASSWORD)
        linnet_form_field_set_value (field, password);
    }
}

/* From the form to the account that is signed in. */
static void
make_account (Person *person, const char *name)
{
  g_autoptr (LinnetRegistration) registration =
      linnet_registration_new (person->manager, linnet_test_prosody_get_domain ());
  g_autofree char *proxy = NULL;
  g_autoptr (LinnetAccount) account = NULL;
  g_autoptr (GError) error = NULL;

  linnet_registration_set_proxy (registration, get_proxy ());
  proxy = linnet_registration_dup_proxy (registration);
  g_assert_cmpstr (proxy, ==, get_proxy ());
  linnet_test_assert_resolves (linnet_registration_start (registration));
  fill_in (registration, name, "a secret of twenty-one letters");
  account = dex_await_object (linnet_registration_submit (registration), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (linnet_account_get_proxy (account), ==, get_proxy ());
  linnet_test_wait_state (account, LINNET_CONNECTION_ONLINE);
}

/* The connection is made anew, by the same way. */
static void
reconnect (Person *person)
{
  linnet_test_assert_resolves (linnet_account_set_enabled (person->account, FALSE));
  linnet_test_wait_state (person->account, LINNET_CONNECTION_OFFLINE);
  linnet_test_assert_resolves (linnet_account_set_enabled (person->account, TRUE));
  linnet_test_wait_state (person->account, LINNET_CONNECTION_ONLINE);
}

static void
test_everything (gconstpointer data)
{
  Person ana = { 0 };
  Person mira = { 0 };

  person_init (&ana, "ana");
  person_init (&mira, "mira");
  linnet_test_assert_resolves (person_sign_in (&ana, "ana"));
  linnet_test_assert_resolves (person_sign_in (&mira, "mira"));
  ana.account = linnet_account_manager_find_account (ana.manager, ana.address);
  mira.account = linnet_account_manager_find_account (mira.manager, mira.address);

  send_message (&ana, &mira);
  send_message (&mira, &ana);
  show_picture (&ana, &mira);
  refresh_providers (&ana);
  make_account (&mira, "tom");
  reconnect (&ana);
  send_message (&ana, &mira);
  /* The token is taken back over a connection of its own. */
  linnet_test_assert_resolves (linnet_account_manager_remove (ana.manager, ana.account));

  person_clear (&ana);
  person_clear (&mira);
}

/* There is no way: nor is another one looked for. */
static void
test_nothing (gconstpointer data)
{
  Person ana = { 0 };
  g_autofree char *directory = NULL;
  g_autoptr (LinnetProviderList) list = NULL;
  g_autoptr (LinnetRegistration) registration = NULL;
  g_autoptr (GError) error = NULL;

  person_init (&ana, "ana");
  registration = linnet_registration_new (ana.manager, linnet_test_prosody_get_domain ());
  linnet_registration_set_proxy (registration, get_proxy ());
  g_assert_false (dex_await (linnet_registration_start (registration), &error));
  g_assert_true (error->domain == LINNET_ERROR);
  g_clear_error (&error);
  g_clear_object (&registration);

  g_assert_null (dex_await_object (person_sign_in (&ana, "ana"), &error));
  g_assert_true (error->domain == LINNET_ERROR);
  g_clear_error (&error);

  directory = g_build_filename (ana.directory, "providers", NULL);
  list = linnet_provider_list_new (directory);
  linnet_provider_list_set_proxy (list, get_proxy ());
  linnet_test_assert_resolves (linnet_provider_list_load (list));
  g_assert_false (dex_await (linnet_provider_list_refresh (list), &error));
  g_assert_true (error->domain == LINNET_ERROR);

  person_clear (&ana);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/integration/proxy/everything", test_everything, NULL);
  linnet_test_add ("/integration/proxy/nothing", test_nothing, NULL);

  return g_test_run ();
}
