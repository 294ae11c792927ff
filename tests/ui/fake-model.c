/* Model objects without accounts, servers and stores, for tests of widgets: what they share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fake-model-private.h"
#include "linnet-error.h"

#define DEFINE_ENUM(Name, name)                                                         \
  GType name##_get_type (void)                                                          \
  {                                                                                     \
    static GType type;                                                                  \
    static const GEnumValue values[] = { { 0, #Name, "first" }, { 0, NULL, NULL } };    \
                                                                                        \
    if (g_once_init_enter_pointer (&type))                                              \
      g_once_init_leave_pointer (&type, g_enum_register_static ("Fake" #Name, values)); \
                                                                                        \
    return type;                                                                        \
  }

DEFINE_ENUM (ConnectionState, linnet_connection_state)
DEFINE_ENUM (Show, linnet_show)
DEFINE_ENUM (MessageState, linnet_message_state)

G_DEFINE_QUARK (linnet - error - quark, linnet_error)

char *
linnet_error_to_text (const GError *error,
                      const char *domain)
{
  return g_strdup (error->message);
}

/* Properties are only there to be notified: the widgets read through functions. */
static void
get_property (GObject *object,
              guint prop_id,
              GValue *value,
              GParamSpec *pspec)
{
}

void
fake_install_properties (gpointer klass,
                         const char *const *names)
{
  G_OBJECT_CLASS (klass)->get_property = get_property;
  for (guint i = 0; names[i] != NULL; i++)
    g_object_class_install_property (
        klass, i + 1, g_param_spec_boolean (names[i], NULL, NULL, FALSE, G_PARAM_READABLE));
}
