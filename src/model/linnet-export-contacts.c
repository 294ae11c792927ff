/* The list of contacts as JSON and as vCards
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-export"

#include "config.h"

#include "linnet-export-escape.h"
#include "linnet-export-private.h"
#include "linnet-time.h"

static const char *
subscription_name (LinnetSubscription subscription)
{
  switch ((guint) subscription & LINNET_SUBSCRIPTION_BOTH)
    {
    case LINNET_SUBSCRIPTION_TO:
      return "to";
    case LINNET_SUBSCRIPTION_FROM:
      return "from";
    case LINNET_SUBSCRIPTION_BOTH:
      return "both";
    default:
      return "none";
    }
}

static void
append_contact (GString *out, const LinnetExportContact *contact)
{
  g_string_append (out, "    {\"address\": ");
  linnet_export_append_json (out, contact->address);
  if (contact->name != NULL)
    {
      g_string_append (out, ", \"name\": ");
      linnet_export_append_json (out, contact->name);
    }
  g_string_append (out, ", \"groups\": [");
  for (guint i = 0; contact->groups != NULL && contact->groups[i] != NULL; i++)
    {
      g_string_append (out, i > 0 ? ", " : "");
      linnet_export_append_json (out, contact->groups[i]);
    }
  g_string_append_printf (out, "], \"subscription\": \"%s\"}", subscription_name (contact->subscription));
}

char *
linnet_export_contacts_to_json (const LinnetExport *self)
{
  g_autoptr (GString) out = g_string_new ("{\n  \"format\": \"linnet-contacts\",\n  \"version\": 1,\n");
  g_autofree char *now = linnet_time_format (g_get_real_time ());

  g_string_append (out, "  \"account\": ");
  linnet_export_append_json (out, self->address);
  g_string_append_printf (out, ",\n  \"exported\": \"%s\",\n  \"contacts\": [\n", now);
  for (guint i = 0; i < self->contacts->len; i++)
    {
      g_string_append (out, i > 0 ? ",\n" : "");
      append_contact (out, g_ptr_array_index (self->contacts, i));
    }
  g_string_append (out, "\n  ]\n}\n");

  return g_string_free_and_steal (g_steal_pointer (&out));
}

/* Groups as a list: only what is inside one of them is escaped. */
static void
append_groups (GString *out, char **groups)
{
  for (guint i = 0; groups != NULL && groups[i] != NULL; i++)
    linnet_export_append_vcard (out, "CATEGORIES", groups[i]);
}

char *
linnet_export_contacts_to_vcard (const LinnetExport *self)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < self->contacts->len; i++)
    {
      const LinnetExportContact *contact = g_ptr_array_index (self->contacts, i);
      g_autofree char *escaped = g_uri_escape_string (contact->address, "@", FALSE);
      g_autofree char *uri = g_strconcat ("xmpp:", escaped, NULL);

      g_string_append (out, "BEGIN:VCARD\r\nVERSION:4.0\r\n");
      linnet_export_append_vcard (out, "FN", contact->name != NULL ? contact->name : contact->address);
      linnet_export_append_vcard (out, "IMPP", uri);
      append_groups (out, contact->groups);
      g_string_append (out, "END:VCARD\r\n");
    }

  return g_string_free_and_steal (g_steal_pointer (&out));
}
