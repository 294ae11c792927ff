/* A registration at a server that plays a transcript
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "registration-fixture.h"

void
registration_fixture_init (RegistrationFixture *self,
                           const LinnetTestStep *steps)
{
  static const LinnetTestAccount known = { .address = "mira@example.org" };
  g_autoptr (GTlsCertificate) certificate = NULL;

  self->manager = linnet_test_manager_new (&known, 1);
  self->ca = linnet_test_ca_new ();
  self->server = linnet_test_server_new ();
  certificate = linnet_test_ca_issue (self->ca, NULL);
  linnet_test_ca_trust (self->ca);
  linnet_test_server_set_certificate (self->server, certificate);
  linnet_test_server_play (self->server, steps);

  self->registration = linnet_registration_new (self->manager, " Example.org ");
  linnet_registration_set_server (
      self->registration, "127.0.0.1", linnet_test_server_listen (self->server, "127.0.0.1"), FALSE);
}

void
registration_fixture_clear (RegistrationFixture *self)
{
  linnet_registration_cancel (self->registration);
  linnet_test_assert_resolves (linnet_test_server_finish (self->server));
  linnet_test_settle ();
  g_assert_finalize_object (g_steal_pointer (&self->registration));

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->manager)), ==, 1);
  self->manager = linnet_test_manager_restart (self->manager);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->manager)), ==, 1);
  linnet_test_manager_free (g_steal_pointer (&self->manager));
  g_clear_object (&self->server);
  g_clear_pointer (&self->ca, linnet_test_ca_free);
}

void
registration_fixture_type (RegistrationFixture *self,
                           LinnetFormFieldKind kind,
                           const char *value)
{
  LinnetFormField *field = linnet_registration_find_field (self->registration, kind);

  g_assert_nonnull (field);
  linnet_form_field_set_value (field, value);
}

void
registration_fixture_type_ana (RegistrationFixture *self)
{
  registration_fixture_type (self, LINNET_FORM_FIELD_USERNAME, "ana");
  registration_fixture_type (self, LINNET_FORM_FIELD_PASSWORD, "secret");
}

LinnetFormProblem
registration_fixture_get_problem (RegistrationFixture *self,
                                  LinnetFormFieldKind kind)
{
  return linnet_form_field_get_problem (linnet_registration_find_field (self->registration, kind));
}

const char *
registration_fixture_get_value (RegistrationFixture *self,
                                LinnetFormFieldKind kind)
{
  return linnet_form_field_get_value (linnet_registration_find_field (self->registration, kind));
}

char *
registration_fixture_describe (RegistrationFixture *self)
{
  GListModel *fields = linnet_registration_get_fields (self->registration);
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (LinnetFormField) field = g_list_model_get_item (fields, i);
      g_autofree char *kind =
          g_enum_to_string (LINNET_TYPE_FORM_FIELD_KIND, linnet_form_field_get_kind (field));
      g_autofree char *values =
          g_strjoinv ("|", (char **) linnet_form_field_get_values (field));
      const char *label = linnet_form_field_get_label (field);

      g_string_append_printf (out,
                              "%s%s %s '%s' [%s]%s%s%s\n",
                              kind + strlen ("LINNET_FORM_FIELD_"),
                              linnet_form_field_get_required (field) ? "!" : "",
                              linnet_form_field_get_name (field),
                              label != NULL ? label : "",
                              values,
                              linnet_form_field_get_picture (field) != NULL ? " picture" : "",
                              linnet_form_field_get_audio (field) != NULL ? " audio" : "",
                              linnet_form_field_get_fallback_url (field) != NULL ? " fallback" : "");
    }

  return g_string_free (out, FALSE);
}
