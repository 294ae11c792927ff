/* Tests of exporting contacts and conversations
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

#include "linnet-error.h"
#include "linnet-export.h"
#include "linnet-test-model.h"
#include "linnet-test.h"

#define ANA "ana@example.org"
#define ALL (LINNET_EXPORT_CONTACTS | LINNET_EXPORT_CONVERSATIONS)

static const LinnetTestMessage messages[] = {
  { .body = "Hello <b>\n[2026-01-01 00:00] ana: forged", .state = LINNET_MESSAGE_RECEIVED, .id = "one" },
  { .body = "Not sent", .state = LINNET_MESSAGE_FAILED },
};

static const LinnetTestContact contacts[] = {
  { .address = "mira@example.org",
    .name = "Mira <i>",
    .groups = { "Friends, old" },
    .subscription = LINNET_SUBSCRIPTION_BOTH,
    .messages = messages,
    .n_messages = 2 },
};

static const LinnetTestAccount accounts[] = {
  { .address = ANA, .contacts = contacts, .n_contacts = 1 },
  { .address = "other@example.org", .contacts = contacts, .n_contacts = 1 },
};

typedef struct
{
  LinnetAccountManager *manager;
  LinnetAccount *account;
  char *directory;
  GFile *folder;
} Fixture;

static void
fixture_init (Fixture *self,
              const LinnetTestAccount *list,
              guint n)
{
  self->manager = linnet_test_manager_new (list, n);
  self->account = linnet_account_manager_find_account (self->manager, ANA);
  self->directory = linnet_test_profile_new ();
  self->folder = g_file_new_for_path (self->directory);
}

static void
fixture_clear (Fixture *self)
{
  g_object_unref (self->folder);
  linnet_test_profile_free (self->directory);
  linnet_test_manager_free (self->manager);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static GFile *export (Fixture *self,
                      LinnetExportParts parts)
{
  g_autoptr (LinnetWork) work = linnet_work_new ();
  g_autoptr (GError) error = NULL;
  GFile *file = dex_await_object (linnet_export_save (self->account, self->folder, parts, work), &error);

  g_assert_no_error (error);

  return file;
}

static char *
read_file (GFile *folder,
           const char *name)
{
  g_autoptr (GFile) file = g_file_resolve_relative_path (folder, name);
  char *content = NULL;

  g_assert_true (g_file_load_contents (file, NULL, &content, NULL, NULL, NULL));

  return content;
}

static guint
count_files (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static void
test_conversations (gconstpointer data)
{
  g_auto (Fixture) self = {};
  g_autoptr (GFile) folder = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *html = NULL, *text = NULL, *json = NULL;
  JsonArray *list;

  fixture_init (&self, accounts, 2);
  folder = export (&self, ALL);
  html = read_file (folder, "conversations/mira@example.org.html");
  text = read_file (folder, "conversations/mira@example.org.txt");
  json = read_file (folder, "conversations/mira@example.org.json");

  g_assert_nonnull (strstr (html, "default-src 'none'"));
  g_assert_nonnull (strstr (html, "Hello &lt;b&gt;"));
  g_assert_nonnull (strstr (html, "<title>Mira &lt;i&gt;</title>"));
  g_assert_null (strstr (html, "<b>"));
  g_assert_true (g_str_has_suffix (html, "</html>\n"));

  /* No line begins like a message that nobody wrote. */
  g_assert_nonnull (strstr (text, "\n    [2026-01-01 00:00] ana: forged\n"));
  g_assert_nonnull (strstr (text, " ✗: Not sent\n"));

  g_assert_true (json_parser_load_from_data (parser, json, -1, NULL));
  list = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "messages");
  g_assert_cmpuint (json_array_get_length (list), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (list, 0), "body"),
                   ==,
                   messages[0].body);
  g_assert_cmpstr (
      json_object_get_string_member (json_array_get_object_element (list, 0), "id"), ==, "one");
  g_assert_cmpstr (
      json_object_get_string_member (json_array_get_object_element (list, 1), "state"), ==, "failed");
}

static void
test_contacts (gconstpointer data)
{
  g_auto (Fixture) self = {};
  g_autoptr (GFile) folder = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *json = NULL, *vcard = NULL, *path = NULL;
  JsonObject *contact;

  fixture_init (&self, accounts, 2);
  folder = export (&self, LINNET_EXPORT_CONTACTS);
  path = g_file_get_path (folder);
  g_assert_cmpuint (count_files (path), ==, 2);
  json = read_file (folder, "contacts.json");
  vcard = read_file (folder, "contacts.vcf");

  g_assert_true (json_parser_load_from_data (parser, json, -1, NULL));
  contact = json_array_get_object_element (
      json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "contacts"), 0);
  g_assert_cmpstr (json_object_get_string_member (contact, "name"), ==, "Mira <i>");
  g_assert_cmpstr (json_object_get_string_member (contact, "subscription"), ==, "both");
  g_assert_cmpstr (vcard,
                   ==,
                   "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Mira <i>\r\nIMPP:xmpp:mira@example.org\r\n"
                   "CATEGORIES:Friends\\, old\r\nEND:VCARD\r\n");
}

/* Each into a folder of its own; nothing that is there is touched, and what fails leaves nothing. */
static void
test_places (gconstpointer data)
{
  g_auto (Fixture) self = {};
  g_autoptr (GFile) first = NULL, second = NULL;
  g_autoptr (GFile) nowhere = g_file_new_for_path ("/proc/no/such/place");
  g_autoptr (LinnetWork) work = linnet_work_new ();
  g_autoptr (DexFuture) future = NULL;

  fixture_init (&self, accounts, 2);
  first = export (&self, ALL);
  second = export (&self, ALL);
  g_assert_false (g_file_equal (first, second));
  g_assert_cmpuint (count_files (self.directory), ==, 2);

  linnet_test_assert_rejects (linnet_export_save (self.account, nowhere, ALL, work),
                              LINNET_ERROR,
                              LINNET_ERROR_FILE_WRITE);
  future = linnet_export_save (self.account, self.folder, ALL, work);
  linnet_work_cancel (work);
  linnet_test_assert_rejects (g_steal_pointer (&future), LINNET_ERROR, LINNET_ERROR_CANCELLED);
  g_assert_cmpuint (count_files (self.directory), ==, 2);
}

static void
stop_cb (LinnetWork *work)
{
  linnet_work_cancel (work);
}

/* In the middle of it: the folder that was growing goes. */
static void
test_cancelled (gconstpointer data)
{
  const guint n = 20000;
  g_autofree LinnetTestMessage *many = g_new0 (LinnetTestMessage, n);
  const LinnetTestContact contact = { .address = "mira@example.org", .messages = many, .n_messages = n };
  const LinnetTestAccount account = { .address = ANA, .contacts = &contact, .n_contacts = 1 };
  g_auto (Fixture) self = {};
  g_autoptr (LinnetWork) work = linnet_work_new ();

  for (guint i = 0; i < n; i++)
    many[i] = (LinnetTestMessage) { .body = "Words", .state = LINNET_MESSAGE_RECEIVED };
  fixture_init (&self, &account, 1);
  g_signal_connect (work, "notify::fraction", G_CALLBACK (stop_cb), NULL);
  linnet_test_assert_rejects (
      linnet_export_save (self.account, self.folder, ALL, work), LINNET_ERROR, LINNET_ERROR_CANCELLED);
  g_assert_cmpuint (count_files (self.directory), ==, 0);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/export/conversations", test_conversations, NULL);
  linnet_test_add ("/model/export/contacts", test_contacts, NULL);
  linnet_test_add ("/model/export/places", test_places, NULL);
  linnet_test_add ("/model/export/cancelled", test_cancelled, NULL);

  return g_test_run ();
}
