/* Writing what is exported, on a thread of its own
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-export"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "linnet-backup-private.h"
#include "linnet-export-escape.h"
#include "linnet-export-private.h"
#include "linnet-store-reader.h"
#include "linnet-time.h"

/* No words: pages are read by whoever opens them. Nothing is loaded, nothing runs. */
#define PAGE_BEGIN                                                                              \
  "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n"                                 \
  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "                 \
  "style-src 'unsafe-inline'\">\n"                                                              \
  "<meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"color-scheme\" "       \
  "content=\"light dark\">\n<style>\n"                                                          \
  "body { font-family: sans-serif; max-width: 46em; margin: 2em auto; padding: 0 1em; "         \
  "color: #1d1d20; background: #fafafb; }\n"                                                    \
  "h1 { font-size: 1.4em; } h2 { font-size: 1em; text-align: center; opacity: .7; }\n"          \
  ".m { margin: .4em 3em .4em 0; padding: .5em .9em; border-radius: 1em; background: #ebebed; " \
  "width: fit-content; max-width: 80%; }\n"                                                     \
  ".me { margin: .4em 0 .4em auto; background: #d3e4fb; }\n"                                    \
  ".b { white-space: pre-wrap; overflow-wrap: anywhere; }\n"                                    \
  ".t { font-size: .75em; opacity: .75; margin-top: .2em; }\n"                                  \
  "@media (prefers-color-scheme: dark) { body { color: #fff; background: #222226; } "           \
  ".m { background: #36363a; } .me { background: #1c4576; } a { color: #8ab8f8; } }\n"          \
  "</style>\n"

typedef struct
{
  FILE *html;
  FILE *text;
  FILE *json;
  const LinnetExport *export;
  const LinnetExportConversation *conversation;
  LinnetWork *work;
  GString *line;
  char day[16]; /* of the message before */
  gboolean begun;
  guint64 *done;
  guint64 total;
} Writing;

static gboolean
fail_by_errno (GError **error)
{
  int saved = errno;

  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (saved), g_strerror (saved));

  return FALSE;
}

/* Never what is there already. NULL without @error: it is not wanted. */
static FILE *
open_file (const char *folder,
           const char *name,
           const char *ending,
           gboolean wanted,
           GError **error)
{
  g_autofree char *file = g_strconcat (name, ending, NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);
  FILE *stream = NULL;
  int fd;

  if (!wanted || *error != NULL)
    return NULL;

  fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd >= 0)
    stream = fdopen (fd, "w");
  if (stream == NULL)
    fail_by_errno (error);

  return stream;
}

static gboolean
close_file (FILE *stream,
            GError **error)
{
  gboolean failed;

  if (stream == NULL)
    return TRUE;

  failed = ferror (stream) != 0;
  failed |= fflush (stream) != 0 || fsync (fileno (stream)) != 0;
  failed |= fclose (stream) != 0;

  return !failed || *error != NULL || fail_by_errno (error);
}

static void
flush_line (Writing *self,
            FILE *stream)
{
  fwrite (self->line->str, 1, self->line->len, stream);
  g_string_truncate (self->line, 0);
}

/* ---- one message ---- */

static const char *
state_name (const LinnetStoreReaderMessage *message)
{
  static const char *const names[] = {
    [LINNET_STORE_STATE_QUEUED] = "queued",
    [LINNET_STORE_STATE_SENT] = "sent",
    [LINNET_STORE_STATE_DELIVERED] = "delivered",
    [LINNET_STORE_STATE_READ] = "read",
    [LINNET_STORE_STATE_FAILED] = "failed",
    [LINNET_STORE_STATE_RECEIVED] = "received",
  };

  return (guint) message->state < G_N_ELEMENTS (names) ? names[message->state] : "sent";
}

static const char *
get_sender (Writing *self,
            const LinnetStoreReaderMessage *message)
{
  return message->outgoing ? self->export->own_name : self->conversation->name;
}

static void
write_html (Writing *self,
            const LinnetStoreReaderMessage *message,
            const char *stamp,
            const char *day,
            const char *clock)
{
  if (!g_str_equal (self->day, day))
    g_string_append_printf (self->line, "<h2>%s</h2>\n", day);
  g_string_append_printf (self->line,
                          "<div class=\"m%s\"><div class=\"b\" dir=\"auto\">",
                          message->outgoing ? " me" : "");
  linnet_export_append_html (self->line, message->body);
  g_string_append (self->line, "</div><div class=\"t\"><bdi>");
  linnet_export_append_html (self->line, get_sender (self, message));
  g_string_append_printf (self->line, "</bdi> <time datetime=\"%s\">%s</time>", stamp, clock);
  if (message->state == LINNET_STORE_STATE_FAILED)
    g_string_append (self->line, " ✗");
  g_string_append (self->line, "</div></div>\n");
  flush_line (self, self->html);
}

static void
write_text (Writing *self,
            const LinnetStoreReaderMessage *message,
            const char *day,
            const char *clock)
{
  g_string_append_printf (self->line, "[%s %s] ", day, clock);
  linnet_export_append_plain (self->line, get_sender (self, message), " ");
  g_string_append (self->line, message->state == LINNET_STORE_STATE_FAILED ? " ✗: " : ": ");
  linnet_export_append_plain (self->line, message->body, "    ");
  g_string_append_c (self->line, '\n');
  flush_line (self, self->text);
}

static void
write_json (Writing *self,
            const LinnetStoreReaderMessage *message,
            const char *stamp)
{
  g_string_append_printf (self->line,
                          "%s    {\"time\": \"%s\", \"from\": \"%s\", \"state\": \"%s\", \"body\": ",
                          self->begun ? ",\n" : "",
                          stamp,
                          message->outgoing ? "me" : "them",
                          state_name (message));
  linnet_export_append_json (self->line, message->body);
  if (message->stanza_id != NULL)
    {
      g_string_append (self->line, ", \"id\": ");
      linnet_export_append_json (self->line, message->stanza_id);
    }
  g_string_append_c (self->line, '}');
  flush_line (self, self->json);
}

static gboolean
message_cb (const LinnetStoreReaderMessage *message,
            gpointer user_data,
            GError **error)
{
  Writing *self = user_data;
  gint64 time = CLAMP (message->time, 0, G_GINT64_CONSTANT (253402300799) * G_USEC_PER_SEC);
  g_autofree char *stamp = linnet_time_format (time);
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local_usec (time);
  g_autofree char *day = g_date_time_format (local, "%Y-%m-%d");
  g_autofree char *clock = g_date_time_format (local, "%H:%M");

  if (self->html != NULL)
    write_html (self, message, stamp, day, clock);
  if (self->text != NULL)
    write_text (self, message, day, clock);
  if (self->json != NULL)
    write_json (self, message, stamp);
  self->begun = TRUE;
  g_strlcpy (self->day, day, sizeof self->day);
  linnet_work_set_done (self->work, ++*self->done, self->total);

  return !g_cancellable_set_error_if_cancelled (linnet_work_get_cancellable (self->work), error);
}

/* ---- one conversation ---- */

static void
begin (Writing *self)
{
  g_autofree char *now = linnet_time_format (g_get_real_time ());

  if (self->html != NULL)
    {
      g_string_append (self->line, PAGE_BEGIN "<title>");
      linnet_export_append_html (self->line, self->conversation->name);
      g_string_append (self->line, "</title>\n</head>\n<body>\n<h1><bdi>");
      linnet_export_append_html (self->line, self->conversation->name);
      g_string_append (self->line, "</bdi> (<bdi>");
      linnet_export_append_html (self->line, self->conversation->address);
      g_string_append (self->line, "</bdi>)</h1>\n");
      flush_line (self, self->html);
    }
  if (self->json != NULL)
    {
      g_string_append (self->line,
                       "{\n  \"format\": \"linnet-conversation\",\n  \"version\": 1,\n  \"account\": ");
      linnet_export_append_json (self->line, self->export->address);
      g_string_append (self->line, ",\n  \"address\": ");
      linnet_export_append_json (self->line, self->conversation->address);
      g_string_append (self->line, ",\n  \"name\": ");
      linnet_export_append_json (self->line, self->conversation->name);
      g_string_append_printf (self->line, ",\n  \"exported\": \"%s\",\n  \"messages\": [\n", now);
      flush_line (self, self->json);
    }
}

static gboolean
write_conversation (Writing *self,
                    LinnetStoreReader *reader,
                    const char *folder,
                    const char *name,
                    GError **error)
{
  LinnetExportParts parts = self->export->parts;
  g_autoptr (GError) local_error = NULL;
  gboolean ok;

  self->begun = FALSE;
  self->day[0] = '\0';
  self->html = open_file (folder, name, ".html", parts & LINNET_EXPORT_HTML, &local_error);
  self->text = open_file (folder, name, ".txt", parts & LINNET_EXPORT_TEXT, &local_error);
  self->json = open_file (folder, name, ".json", parts & LINNET_EXPORT_JSON, &local_error);
  ok = local_error == NULL;
  if (ok)
    {
      begin (self);
      ok = linnet_store_reader_each (reader, self->conversation->id, message_cb, self, &local_error);
      if (self->html != NULL)
        fputs ("</body>\n</html>\n", self->html);
      if (self->json != NULL)
        fputs ("\n  ]\n}\n", self->json);
    }
  ok = close_file (self->html, &local_error) && ok;
  ok = close_file (self->text, &local_error) && ok;
  ok = close_file (self->json, &local_error) && ok;
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return ok;
}

static gboolean
write_conversations (const LinnetExport *export,
                     const char *folder,
                     LinnetWork *work,
                     GError **error)
{
  g_autofree char *conversations = g_build_filename (folder, "conversations", NULL);
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (LinnetStoreReader) reader = linnet_store_reader_open (export->directory, error);
  guint64 done = 0;
  Writing self = { .export = export, .work = work, .done = &done };
  gboolean ok = reader != NULL;

  if (ok && g_mkdir (conversations, 0700) != 0)
    ok = fail_by_errno (error);
  if (!ok)
    return FALSE;

  self.total = linnet_store_reader_count (reader, export->account);
  self.line = g_string_new (NULL);
  for (guint i = 0; ok && i < export->conversations->len; i++)
    {
      g_autofree char *name = NULL;

      self.conversation = g_ptr_array_index (export->conversations, i);
      name = linnet_export_dup_file_name (self.conversation->address, taken);
      ok = write_conversation (&self, reader, conversations, name, error);
    }
  g_string_free (self.line, TRUE);

  return ok;
}

/* ---- the folder ---- */

static gboolean
write_whole (const char *folder,
             const char *name,
             const char *content,
             GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_set_contents_full (path, content, -1, G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}

static gboolean
write_contacts (const LinnetExport *self,
                const char *folder,
                GError **error)
{
  g_autofree char *json = linnet_export_contacts_to_json (self);
  g_autofree char *vcard = linnet_export_contacts_to_vcard (self);

  return write_whole (folder, "contacts.json", json, error) &&
         write_whole (folder, "contacts.vcf", vcard, error);
}

/* Transfer full: the path that the folder will have; its part is made. NULL on error. */
static char *
make_folder (const LinnetExport *self,
             char **part,
             GError **error)
{
  g_autofree char *parent = g_file_get_path (self->folder);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%Y-%m-%d");
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *address = linnet_export_dup_file_name (self->address, taken);

  if (parent == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "No folder of this computer");
      return NULL;
    }

  for (guint i = 1; i < 1000; i++)
    {
      g_autofree char *number = i > 1 ? g_strdup_printf (" %u", i) : g_strdup ("");
      g_autofree char *name = g_strdup_printf ("Linnet %s %s%s", address, date, number);
      g_autofree char *path = g_build_filename (parent, name, NULL);
      g_autofree char *growing = g_strconcat (path, ".part", NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      if (g_mkdir (growing, 0700) == 0)
        {
          *part = g_steal_pointer (&growing);
          return g_steal_pointer (&path);
        }
      if (errno != EEXIST)
        break;
    }
  fail_by_errno (error);

  return NULL;
}

gboolean
linnet_export_write (LinnetWork *work,
                     gpointer data,
                     GError **error)
{
  LinnetExport *self = data;
  g_autofree char *part = NULL;
  g_autofree char *path = make_folder (self, &part, error);
  gboolean ok = path != NULL;

  if (!ok)
    return FALSE;

  ok = (self->parts & LINNET_EXPORT_CONTACTS) == 0 || write_contacts (self, part, error);
  ok = ok && ((self->parts & LINNET_EXPORT_CONVERSATIONS) == 0 ||
              write_conversations (self, part, work, error));
  if (ok && g_rename (part, path) != 0)
    ok = fail_by_errno (error);
  if (ok)
    self->result = g_file_new_for_path (path);
  else
    linnet_backup_remove_tree (part);

  return ok;
}
