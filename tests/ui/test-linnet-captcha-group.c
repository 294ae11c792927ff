/* Tests of the puzzle of a registration: what of it shows, and where the answer goes
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-account-manager.h"
#include "linnet-captcha-group.h"
#include "linnet-test.h"
#include "parsed-field.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>

/* GTK 4.18 loses some memory with each row that is made, and there are many here. */
int
__lsan_is_turned_off (void)
{
  return 1;
}
#endif

#define MEDIA(uris) "<media xmlns='urn:xmpp:media-element'>" uris "</media>"
#define PUZZLE(label, media) "<field var='ocr' label='" label "'><required/>" media "</field>"
#define FALLBACK(url) "<field var='captcha-fallback-url'><value>" url "</value></field>"
/* The bytes "picture", which are none. */
#define CID "sha1+0e66b49d04a43c19bcb2e13a53aff5d174f610fc@bob.xmpp.org"
#define CID_DATA "<data xmlns='urn:xmpp:bob' cid='" CID "'>cGljdHVyZQ==</data>"
#define URI(type, uri) "<uri type='" type "'>" uri "</uri>"
#define WORDS(label) "<field var='qa' label='" label "'/>"
#define QUESTION WORDS ("Two and two?")
#define WIDTH 40
#define HEIGHT 80

typedef struct
{
  LinnetAccountManager *manager;
  LinnetRegistration *registration;
  LinnetCaptchaGroup *group;
  LinnetFormField *field;
} Fixture;

/* @other: (nullable): what can be answered instead */
static void
set_fields (Fixture *self, LinnetFormField *other)
{
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (fields, g_object_ref (self->field));
  if (other != NULL)
    g_ptr_array_add (fields, g_object_ref (other));
  linnet_captcha_group_set_fields (self->group, fields, self->registration);
}

static void
fixture_init (Fixture *self, const char *fields, const char *rest)
{
  self->manager = linnet_account_manager_new (g_get_user_data_dir ());
  self->registration = linnet_registration_new (self->manager, "lark.test");
  self->field = parsed_field_new (fields, rest);
  self->group = g_object_ref_sink (g_object_new (LINNET_TYPE_CAPTCHA_GROUP, NULL));
  set_fields (self, NULL);
}

static void
fixture_clear (Fixture *self)
{
  /* What loads a picture that nobody wants any more ends when its file is written. */
  while (G_OBJECT (self->group)->ref_count > 1)
    linnet_test_turn ();
  g_assert_finalize_object (g_steal_pointer (&self->group));
  g_assert_finalize_object (g_steal_pointer (&self->field));
  g_assert_finalize_object (g_steal_pointer (&self->registration));
  g_assert_finalize_object (g_steal_pointer (&self->manager));
}

static GtkWidget *
find (Fixture *self, const char *name)
{
  GtkWidget *widget = parsed_field_find (GTK_WIDGET (self->group), GTK_TYPE_WIDGET, name);

  g_assert_nonnull (widget);

  return widget;
}

/* What of the picture shows, once that is certain. */
static const char *
await_picture (Fixture *self)
{
  GtkStack *stack = GTK_STACK (find (self, "stack"));
  GtkWidget *spinner = find (self, "spinner");

  while (gtk_stack_get_visible_child (stack) == spinner)
    linnet_test_turn ();

  return gtk_buildable_get_buildable_id (GTK_BUILDABLE (gtk_stack_get_visible_child (stack)));
}

/* Decoders are given files, and each has to be gone. */
static void
assert_no_file_left (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) folder = g_dir_open (g_get_user_runtime_dir (), 0, &error);
  const char *name;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (folder)) != NULL)
    g_assert_false (g_uuid_string_is_valid (name));
}

/* ---- what shows ---- */

static const struct
{
  const char *name;
  const char *fields;
  const char *rest;
  const char *label;
  gboolean picture, sound, page; /* @picture: or that there is none */
} rows[] = {
  { "question", QUESTION, .label = "Two and two?" },
  { "no-label", PUZZLE ("", ""), .label = "Answer", .picture = TRUE },
  { "picture",
    PUZZLE ("", MEDIA (URI ("image/png", "cid:" CID))),
    CID_DATA,
    .label = "Characters in the picture",
    .picture = TRUE },
  { "sound-inside",
    PUZZLE ("", MEDIA (URI ("audio/wav", "cid:" CID))),
    CID_DATA,
    .label = "What you hear",
    .sound = TRUE },
  { "sound-outside",
    PUZZLE ("Type", MEDIA (URI ("audio/ogg", "https://lark.test/s"))),
    .label = "Type",
    .sound = TRUE },
  { "sound-in-clear",
    PUZZLE ("Type", MEDIA (URI ("audio/ogg", "http://lark.test/s"))),
    .label = "Type",
    .picture = TRUE },
  { "video",
    PUZZLE ("Type", MEDIA (URI ("video/mpeg", "https://lark.test/v"))),
    .label = "Type",
    .picture = TRUE },
  { "page", FALLBACK ("https://lark.test/c") QUESTION, .label = "Two and two?", .page = TRUE },
  { "page-in-clear", FALLBACK ("http://lark.test/c") QUESTION, .label = "Two and two?" },
  { "page-that-is-none", FALLBACK ("file:///etc/passwd") QUESTION, .label = "Two and two?" },
  { "markup", WORDS ("&lt;b&gt;A &amp; B"), .label = "<b>A & B" },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  Fixture fixture;

  fixture_init (&fixture, rows[row].fields, rows[row].rest);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (fixture.group)));
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (find (&fixture, "answer_row"))),
                   ==,
                   rows[row].label);
  g_assert_cmpint (gtk_widget_get_visible (find (&fixture, "picture_row")), ==, rows[row].picture);
  g_assert_cmpint (gtk_widget_get_visible (find (&fixture, "listen_row")), ==, rows[row].sound);
  g_assert_cmpint (gtk_widget_get_visible (find (&fixture, "browser_row")), ==, rows[row].page);
  if (rows[row].picture)
    await_picture (&fixture);
  fixture_clear (&fixture);
}

static void
test_description (gconstpointer data)
{
  Fixture fixture;
  const char *description;

  fixture_init (&fixture, QUESTION, NULL);
  description = adw_preferences_group_get_description (ADW_PREFERENCES_GROUP (fixture.group));
  g_assert_nonnull (strstr (description, "lark.test"));
  fixture_clear (&fixture);
}

/* The sound is another field, and only one of the two is answered. */
static void
test_choice (gconstpointer data)
{
  g_autoptr (LinnetFormField) sound =
      parsed_field_new (PUZZLE ("Ring?", MEDIA (URI ("audio/wav", "cid:" CID))), CID_DATA);
  GtkEditable *answer;
  Fixture fixture;

  fixture_init (&fixture, PUZZLE ("Look", MEDIA (URI ("image/png", "cid:" CID))), CID_DATA);
  answer = GTK_EDITABLE (find (&fixture, "answer_row"));
  g_assert_false (gtk_widget_get_visible (find (&fixture, "sound_instead")));
  set_fields (&fixture, sound);
  await_picture (&fixture);
  g_assert_true (gtk_widget_get_visible (find (&fixture, "sound_instead")));
  g_assert_false (gtk_widget_get_visible (find (&fixture, "picture_instead")));
  g_assert_false (gtk_widget_get_visible (find (&fixture, "words_instead")));

  gtk_editable_set_text (answer, "seen");
  g_signal_emit_by_name (find (&fixture, "sound_instead"), "activated");
  g_assert_cmpstr (linnet_form_field_get_value (fixture.field), ==, "");
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (answer)), ==, "Ring?");
  g_assert_true (gtk_widget_get_visible (find (&fixture, "listen_row")));
  g_assert_false (gtk_widget_get_visible (find (&fixture, "picture_row")));
  gtk_editable_set_text (answer, "heard");
  g_assert_cmpstr (linnet_form_field_get_value (sound), ==, "heard");

  /* The choice stays with another form. */
  set_fields (&fixture, sound);
  g_assert_cmpstr (gtk_editable_get_text (answer), ==, "heard");
  g_signal_emit_by_name (find (&fixture, "picture_instead"), "activated");
  await_picture (&fixture);
  g_assert_true (gtk_widget_get_visible (find (&fixture, "picture_row")));
  g_assert_cmpstr (gtk_editable_get_text (answer), ==, "");
  g_assert_cmpstr (linnet_form_field_get_value (sound), ==, "");
  fixture_clear (&fixture);
}

/* ---- the picture ---- */

/* The parts of a form with a picture that can be seen. */
static void
draw (char **field, char **rest)
{
  g_autofree guchar *pixels = g_malloc0 (WIDTH * HEIGHT * 4);
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_steal_pointer (&pixels), WIDTH * HEIGHT * 4);
  g_autoptr (GdkTexture) texture =
      gdk_memory_texture_new (WIDTH, HEIGHT, GDK_MEMORY_R8G8B8A8, bytes, WIDTH * 4);
  g_autoptr (GBytes) png = gdk_texture_save_to_png_bytes (texture);
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, png);
  g_autofree char *text = g_base64_encode (g_bytes_get_data (png, NULL), g_bytes_get_size (png));

  *field = g_strdup_printf (PUZZLE ("", MEDIA (URI ("image/png", "cid:sha1+%s@bob.xmpp.org"))), sum);
  *rest = g_strdup_printf ("<data xmlns='urn:xmpp:bob' cid='sha1+%s@bob.xmpp.org'>%s</data>", sum, text);
}

static void
test_picture (gconstpointer data)
{
  g_autofree char *field = NULL;
  g_autofree char *rest = NULL;
  GdkPaintable *paintable;
  Fixture fixture;

  draw (&field, &rest);
  fixture_init (&fixture, field, rest);
  g_assert_cmpstr (await_picture (&fixture), ==, "picture");
  paintable = gtk_picture_get_paintable (GTK_PICTURE (find (&fixture, "picture")));
  g_assert_cmpint (gdk_paintable_get_intrinsic_width (paintable), ==, WIDTH);
  g_assert_cmpint (gdk_paintable_get_intrinsic_height (paintable), ==, HEIGHT);
  assert_no_file_left ();

  /* The next puzzle may have none. */
  parsed_field_update (fixture.field, PUZZLE ("Type", ""), NULL);
  g_assert_cmpstr (await_picture (&fixture), ==, "no_picture");
  g_assert_null (gtk_picture_get_paintable (GTK_PICTURE (find (&fixture, "picture"))));
  fixture_clear (&fixture);
}

static void
test_broken_picture (gconstpointer data)
{
  Fixture fixture;

  fixture_init (&fixture, PUZZLE ("", MEDIA (URI ("image/png", "cid:" CID))), CID_DATA);
  g_assert_cmpstr (await_picture (&fixture), ==, "no_picture");
  assert_no_file_left ();
  fixture_clear (&fixture);
}

/* Nobody is reached whom no picture may come from. */
static void
test_forbidden_picture (gconstpointer data)
{
  Fixture fixture;

  fixture_init (&fixture, PUZZLE ("", MEDIA (URI ("image/png", "https://127.0.0.1/p"))), NULL);
  g_assert_cmpstr (await_picture (&fixture), ==, "no_picture");
  fixture_clear (&fixture);
}

/* Another puzzle comes while the picture of the one before is decoded. */
static void
test_overtaken (gconstpointer data)
{
  g_autofree char *field = NULL;
  g_autofree char *rest = NULL;
  Fixture fixture;

  draw (&field, &rest);
  fixture_init (&fixture, field, rest);
  parsed_field_update (fixture.field, PUZZLE ("", MEDIA (URI ("image/png", "cid:" CID))), CID_DATA);
  g_assert_cmpstr (await_picture (&fixture), ==, "no_picture");
  linnet_test_settle ();
  g_assert_cmpstr (await_picture (&fixture), ==, "no_picture");
  g_assert_null (gtk_picture_get_paintable (GTK_PICTURE (find (&fixture, "picture"))));
  fixture_clear (&fixture);
}

/* ---- the answer ---- */

static void
test_answer (gconstpointer data)
{
  GtkEditable *answer;
  Fixture fixture;

  fixture_init (&fixture, QUESTION, NULL);
  answer = GTK_EDITABLE (find (&fixture, "answer_row"));
  linnet_captcha_group_set_invalid (fixture.group, TRUE);
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (answer), "error"));
  gtk_editable_set_text (answer, "four");
  g_assert_cmpstr (linnet_form_field_get_value (fixture.field), ==, "four");
  g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (answer), "error"));

  /* It is no answer to another one. */
  parsed_field_update (fixture.field, WORDS ("Three and three?"), NULL);
  g_assert_cmpstr (gtk_editable_get_text (answer), ==, "");
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (answer)), ==, "Three and three?");
  fixture_clear (&fixture);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_signals (gconstpointer data)
{
  guint n_refresh = 0, n_activated = 0;
  Fixture fixture;

  fixture_init (&fixture, QUESTION, NULL);
  g_signal_connect_swapped (fixture.group, "refresh", G_CALLBACK (count_cb), &n_refresh);
  g_signal_connect_swapped (fixture.group, "activated", G_CALLBACK (count_cb), &n_activated);
  g_signal_emit_by_name (find (&fixture, "refresh_button"), "clicked");
  g_assert_cmpuint (n_refresh, ==, 1);
  g_assert_cmpuint (n_activated, ==, 0);
  g_signal_emit_by_name (find (&fixture, "answer_row"), "entry-activated");
  g_assert_cmpuint (n_refresh, ==, 1);
  g_assert_cmpuint (n_activated, ==, 1);
  fixture_clear (&fixture);
}

int
main (int argc, char *argv[])
{
  /* Not linnet_test_init(): decoders are looked up in the system's folders, and the display has a home of its
   * own. */
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  adw_init ();

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/captcha-group/row/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/ui/captcha-group/description", test_description, NULL);
  linnet_test_add ("/ui/captcha-group/choice", test_choice, NULL);
  linnet_test_add ("/ui/captcha-group/picture", test_picture, NULL);
  linnet_test_add ("/ui/captcha-group/broken-picture", test_broken_picture, NULL);
  linnet_test_add ("/ui/captcha-group/forbidden-picture", test_forbidden_picture, NULL);
  linnet_test_add ("/ui/captcha-group/overtaken", test_overtaken, NULL);
  linnet_test_add ("/ui/captcha-group/answer", test_answer, NULL);
  linnet_test_add ("/ui/captcha-group/signals", test_signals, NULL);

  return g_test_run ();
}
