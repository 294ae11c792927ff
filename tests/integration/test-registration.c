/* Making accounts on real servers, in each of the ways they have
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "linnet-account-manager.h"
#include "linnet-account.h"
#include "linnet-error.h"
#include "linnet-password.h"
#include "linnet-registration.h"
#include "linnet-test-model.h"
#include "linnet-test-prosody.h"
#include "linnet-test.h"

typedef struct
{
  char *directory;
  LinnetAccountManager *manager;
  LinnetRegistration *registration;
} Fixture;

static void
fixture_begin (Fixture *self)
{
  self->registration = linnet_registration_new (self->manager, linnet_test_prosody_get_domain ());
  linnet_registration_set_server (
      self->registration, "127.0.0.1", linnet_test_prosody_get_port (FALSE), FALSE);
}

static void
fixture_init (Fixture *self)
{
  self->directory = linnet_test_profile_new ();
  self->manager = linnet_account_manager_new (self->directory);
  linnet_test_assert_resolves (linnet_account_manager_load (self->manager));
  fixture_begin (self);
}

static void
fixture_end (Fixture *self)
{
  linnet_registration_cancel (self->registration);
  linnet_test_settle ();
  g_assert_finalize_object (g_steal_pointer (&self->registration));
}

static void
fixture_clear (Fixture *self)
{
  fixture_end (self);
  linnet_test_assert_resolves (linnet_account_manager_shutdown (self->manager));
  linnet_test_settle ();
  g_assert_finalize_object (g_steal_pointer (&self->manager));
  linnet_test_profile_free (self->directory);
}

static LinnetFormField *
find (Fixture *self,
      const char *name)
{
  GListModel *fields = linnet_registration_get_fields (self->registration);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (LinnetFormField) field = g_list_model_get_item (fields, i);

      if (g_str_equal (linnet_form_field_get_name (field), name))
        return field;
    }
  g_error ("There is no field %s", name);
}

static void
type (Fixture *self,
      const char *name,
      const char *value)
{
  linnet_form_field_set_value (find (self, name), value);
}

static void
type_name (Fixture *self,
           const char *name)
{
  g_autofree char *password = linnet_password_generate ();

  type (self, "username", name);
  type (self, "password", password);
}

static void
assert_refused (Fixture *self,
                LinnetError code)
{
  linnet_test_assert_rejects (linnet_registration_submit (self->registration), LINNET_ERROR, code);
  g_assert_false (linnet_registration_get_registered (self->registration));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->manager)), ==, 0);
}

static void
assert_registered (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *address = linnet_registration_dup_address (self->registration);
  g_autoptr (LinnetAccount) account =
      dex_await_object (linnet_registration_submit (self->registration), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (linnet_account_get_address (account), ==, address);
  g_assert_cmpint (linnet_account_get_state (account), ==, LINNET_CONNECTION_ONLINE);
  g_assert_cmpint (linnet_registration_get_state (self->registration), ==, LINNET_REGISTRATION_DONE);
}

static void
test_plain (gconstpointer data)
{
  Fixture fixture;

  fixture_init (&fixture);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  type_name (&fixture, "Ana");
  assert_refused (&fixture, LINNET_ERROR_NAME_TAKEN);
  type (&fixture, "username", "wren");
  assert_registered (&fixture);
  fixture_clear (&fixture);
}

/* The next account has to wait. */
static void
test_limited (gconstpointer data)
{
  Fixture fixture;

  fixture_init (&fixture);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  type_name (&fixture, "wren");
  assert_registered (&fixture);
  fixture_end (&fixture);

  fixture_begin (&fixture);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  type_name (&fixture, "robin");
  linnet_test_assert_rejects (linnet_registration_submit (fixture.registration),
                              LINNET_ERROR,
                              LINNET_ERROR_REGISTRATION_LIMIT);
  g_assert_nonnull (linnet_registration_get_server_text (fixture.registration));
  fixture_clear (&fixture);
}

static const LinnetFormMedia *
get_picture (Fixture *self)
{
  const LinnetFormMedia *picture = linnet_form_field_get_picture (find (self, "ocr"));

  g_assert_nonnull (picture);
  g_assert_nonnull (picture->data);
  g_assert_cmpmem (g_bytes_get_data (picture->data, NULL), 4, "\x89PNG", 4);

  return picture;
}

static void
solve (Fixture *self)
{
  g_autofree char *answer = linnet_test_prosody_dup_captcha ();

  type (self, "ocr", answer);
}

/* A puzzle refreshed, failed, and solved for a name that is taken; the fourth one makes the account. */
static void
try_puzzles (Fixture *self)
{
  g_autoptr (GBytes) first = g_bytes_ref (get_picture (self)->data);

  linnet_test_assert_resolves (linnet_registration_refresh (self->registration));
  g_assert_false (g_bytes_equal (get_picture (self)->data, first));
  type (self, "ocr", "000000");
  assert_refused (self, LINNET_ERROR_WRONG_CAPTCHA);
  g_assert_cmpint (
      linnet_form_field_get_problem (find (self, "ocr")), ==, LINNET_FORM_PROBLEM_WRONG_CAPTCHA);

  solve (self);
  assert_refused (self, LINNET_ERROR_NAME_TAKEN);
  g_assert_cmpstr (linnet_form_field_get_value (find (self, "ocr")), ==, "");
  type (self, "username", "wren");
  solve (self);
  assert_registered (self);
}

static void
test_form (gconstpointer data)
{
  static const char *const birds[] = { "owl", "linnet", NULL };
  Fixture fixture;

  fixture_init (&fixture);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  type_name (&fixture, "ana");
  type (&fixture, "email", "nonsense");
  type (&fixture, "rules", "1");
  type (&fixture, "about", "One line\nand another");
  linnet_form_field_set_values (find (&fixture, "birds"), birds);
  solve (&fixture);
  assert_refused (&fixture, LINNET_ERROR_FORM_INCOMPLETE);
  g_assert_cmpint (
      linnet_form_field_get_problem (find (&fixture, "email")), ==, LINNET_FORM_PROBLEM_PATTERN);
  type (&fixture, "email", "ana@mail.test");
  try_puzzles (&fixture);
  fixture_clear (&fixture);
}

static void
test_captcha (gconstpointer data)
{
  Fixture fixture;

  fixture_init (&fixture);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  type_name (&fixture, "ana");
  g_assert_nonnull (linnet_form_field_get_fallback_url (find (&fixture, "ocr")));
  try_puzzles (&fixture);
  fixture_clear (&fixture);
}

static void
test_web (gconstpointer data)
{
  g_autofree char *url = g_strdup_printf ("https://%s/register", linnet_test_prosody_get_domain ());
  Fixture fixture;

  fixture_init (&fixture);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  g_assert_cmpint (linnet_registration_get_state (fixture.registration), ==, LINNET_REGISTRATION_WEB);
  g_assert_cmpstr (linnet_registration_get_web_url (fixture.registration), ==, url);
  fixture_clear (&fixture);
}

static void
test_invites (gconstpointer data)
{
  Fixture fixture;

  fixture_init (&fixture);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  type_name (&fixture, "wren");
  assert_refused (&fixture, LINNET_ERROR_REGISTRATION_NEEDS_INVITE);

  linnet_registration_set_token (fixture.registration, "nonsense");
  linnet_test_assert_rejects (
      linnet_registration_start (fixture.registration), LINNET_ERROR, LINNET_ERROR_BAD_TOKEN);
  linnet_registration_set_token (fixture.registration, linnet_test_prosody_get_invitation ());
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  type_name (&fixture, "wren");
  assert_registered (&fixture);
  fixture_end (&fixture);

  /* An invitation is for one account. */
  fixture_begin (&fixture);
  linnet_registration_set_token (fixture.registration, linnet_test_prosody_get_invitation ());
  linnet_test_assert_rejects (
      linnet_registration_start (fixture.registration), LINNET_ERROR, LINNET_ERROR_BAD_TOKEN);
  fixture_clear (&fixture);
}

static void
test_closed (gconstpointer data)
{
  Fixture fixture;

  fixture_init (&fixture);
  linnet_test_assert_rejects (
      linnet_registration_start (fixture.registration), LINNET_ERROR, LINNET_ERROR_REGISTRATION_CLOSED);
  fixture_clear (&fixture);
}

static const struct
{
  const char *registration;
  LinnetTestFunc func;
} tests[] = {
  { "plain", test_plain },
  { "limited", test_limited },
  { "form", test_form },
  { "captcha", test_captcha },
  { "web", test_web },
  { "invites", test_invites },
  { "", test_closed },
};

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);
  linnet_test_prosody_trust ();

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      if (g_str_equal (tests[i].registration, linnet_test_prosody_get_registration ()))
        linnet_test_add ("/integration/registration", tests[i].func, NULL);
    }

  return g_test_run ();
}
