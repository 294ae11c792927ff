/* A puzzle that only people are meant to solve
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-captcha-group"

#include "config.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "linnet-captcha-group.h"
#include "linnet-fetch.h"
#include "linnet-picture-loader.h"
#include "linnet-row.h"
#include "linnet-spawn.h"
#include "linnet-web-link.h"

#define MAX_PIXELS (2000 * 2000)
#define MAX_BYTES (1024 * 1024)
#define FETCH_SECONDS 20
/* Small ones are hard to read, large ones push the rest out of the window. */
#define MIN_HEIGHT 60
#define MAX_HEIGHT 240

struct _LinnetCaptchaGroup
{
  AdwPreferencesGroup parent_instance;

  GtkWidget *picture_row;
  GtkStack *stack;
  GtkPicture *picture;
  GtkLabel *no_picture;
  AdwSpinner *spinner;
  AdwEntryRow *answer_row;
  GtkButton *refresh_button;
  GtkButton *listen_button;
  AdwButtonRow *listen_row;
  AdwButtonRow *browser_row;
  AdwButtonRow *picture_instead;
  AdwButtonRow *sound_instead;
  AdwButtonRow *words_instead;

  GPtrArray *fields;                /* nullable: those to choose from */
  LinnetFormField *field;           /* nullable: the one that is shown */
  LinnetRegistration *registration; /* nullable: what it belongs to */
  GSignalGroup *field_signals;
  DexCancellable *loading;
  char *sound; /* nullable: a file that was opened */
};

G_DEFINE_FINAL_TYPE (LinnetCaptchaGroup, linnet_captcha_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  REFRESH,
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* How a puzzle is put to a person. */
typedef enum
{
  MEDIUM_PICTURE,
  MEDIUM_SOUND,
  MEDIUM_WORDS,
} Medium;

typedef struct
{
  LinnetCaptchaGroup *group;
  DexCancellable *cancellable;
  GBytes *data; /* nullable: it is yet to be fetched */
  char *url;    /* nullable */
  char *proxy;  /* nullable */
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_clear_object (&load->group);
  dex_clear (&load->cancellable);
  g_clear_pointer (&load->data, g_bytes_unref);
  g_free (load->url);
  if (load->proxy != NULL)
    explicit_bzero (load->proxy, strlen (load->proxy));
  g_free (load->proxy);
  g_free (load);
}

static void
stop_loading (LinnetCaptchaGroup *self)
{
  if (self->loading != NULL)
    dex_cancellable_cancel (self->loading);
  dex_clear (&self->loading);
}

static void
show_texture (LinnetCaptchaGroup *self, GdkTexture *texture)
{
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
  gtk_widget_set_size_request (
      GTK_WIDGET (self->picture), -1, CLAMP (gdk_texture_get_height (texture), MIN_HEIGHT, MAX_HEIGHT));
  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->picture));
}

static gboolean
fetch (Load *load, GError **error)
{
  static const char *const types[] = { "image/", NULL };
  const LinnetFetchRequest request = {
    .url = load->url,
    .max_size = MAX_BYTES,
    .timeout_s = FETCH_SECONDS,
    .types = types,
    .proxy = load->proxy,
  };
  g_autoptr (LinnetFetched) fetched = NULL;

  fetched = dex_await_boxed (dex_future_first (linnet_fetch (&request), dex_ref (load->cancellable), NULL),
                             error);
  if (fetched == NULL)
    return FALSE;

  load->data = g_bytes_ref (fetched->bytes);

  return TRUE;
}

/* Decoders are given files. This one is only there while they read it. */
static GdkTexture *
decode (Load *load, GError **error)
{
  LinnetPictureLoader *loader =
      linnet_picture_loader_get_for_display (gtk_widget_get_display (GTK_WIDGET (load->group)));
  g_autofree char *name = g_uuid_string_random ();
  g_autofree char *path = g_build_filename (g_get_user_runtime_dir (), name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GdkTexture *texture = NULL;

  if (load->data == NULL && !fetch (load, error))
    return NULL;

  if (dex_await (dex_file_replace_contents_bytes (file, load->data, NULL, FALSE, G_FILE_CREATE_PRIVATE),
                 error))
    texture = dex_await_object (dex_future_first (linnet_picture_loader_load_once (loader, file, MAX_PIXELS),
                                                  dex_ref (load->cancellable),
                                                  NULL),
                                error);

  /* It is in memory, so nothing blocks; and it must not be left, however this ends. */
  g_unlink (path);

  return texture;
}

static DexFuture *
load_fiber (gpointer data)
{
  Load *load = data;
  LinnetCaptchaGroup *self = load->group;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = decode (load, &error);

  /* Another puzzle is there by now. */
  if (dex_future_is_rejected (DEX_FUTURE (load->cancellable)))
    return NULL;

  if (texture != NULL)
    {
      show_texture (self, texture);
    }
  else
    {
      g_debug ("The picture cannot be shown: %s", error->message);
      gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->no_picture));
    }

  return NULL;
}

static void
load_picture (LinnetCaptchaGroup *self, LinnetFormField *field)
{
  const LinnetFormMedia *media = linnet_form_field_get_picture (field);
  gboolean lacking = media != NULL ? media->data == NULL && media->url == NULL
                                   : !linnet_form_field_can_be_asked (field);
  Load *load;

  stop_loading (self);
  gtk_picture_set_paintable (self->picture, NULL);
  gtk_widget_set_visible (self->picture_row, media != NULL || lacking);
  if (lacking)
    gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->no_picture));
  if (media == NULL || lacking)
    return;

  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->spinner));
  self->loading = dex_cancellable_new ();
  load = g_new0 (Load, 1);
  load->group = g_object_ref (self);
  load->cancellable = dex_ref (self->loading);
  load->data = media->data != NULL ? g_bytes_ref (media->data) : NULL;
  load->url = g_strdup (media->url);
  load->proxy = linnet_registration_dup_proxy (self->registration);
  linnet_spawn_detached ("load-captcha", load_fiber, load, load_free);
}

static Medium
get_medium (LinnetFormField *field)
{
  if (linnet_form_field_get_picture (field) != NULL)
    return MEDIUM_PICTURE;

  return linnet_form_field_get_audio (field) != NULL ? MEDIUM_SOUND : MEDIUM_WORDS;
}

/* Of the others, the best one of that kind. */
static LinnetFormField *
find_other (LinnetCaptchaGroup *self, Medium medium)
{
  for (guint i = 0; get_medium (self->field) != medium && i < self->fields->len; i++)
    if (get_medium (self->fields->pdata[i]) == medium)
      return self->fields->pdata[i];

  return NULL;
}

static void
update_answer (LinnetCaptchaGroup *self)
{
  const char *const usual[] = {
    [MEDIUM_PICTURE] = _ ("Characters in the picture"),
    [MEDIUM_SOUND] = _ ("What you hear"),
    [MEDIUM_WORDS] = _ ("Answer"),
  };
  const char *label = linnet_form_field_get_label (self->field);

  if (label == NULL || *label == '\0')
    label = usual[get_medium (self->field)];

  linnet_row_set_title (ADW_PREFERENCES_ROW (self->answer_row), label);
  if (!g_str_equal (gtk_editable_get_text (GTK_EDITABLE (self->answer_row)),
                    linnet_form_field_get_value (self->field)))
    gtk_editable_set_text (GTK_EDITABLE (self->answer_row), linnet_form_field_get_value (self->field));
}

static void
update_cb (LinnetCaptchaGroup *self)
{
  const LinnetFormMedia *audio = linnet_form_field_get_audio (self->field);
  gboolean seen = get_medium (self->field) == MEDIUM_PICTURE;
  gboolean heard = audio != NULL && (audio->data != NULL || linnet_web_link_is_web (audio->url));
  const char *refresh = seen ? _ ("New Picture") : _ ("New Puzzle");

  gtk_widget_set_visible (GTK_WIDGET (self->listen_button), seen && heard);
  gtk_widget_set_visible (GTK_WIDGET (self->listen_row), !seen && heard);
  gtk_widget_set_visible (GTK_WIDGET (self->picture_instead), find_other (self, MEDIUM_PICTURE) != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->sound_instead), find_other (self, MEDIUM_SOUND) != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->words_instead), find_other (self, MEDIUM_WORDS) != NULL);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->refresh_button), refresh);
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (self->refresh_button), GTK_ACCESSIBLE_PROPERTY_LABEL, refresh, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->browser_row),
                          linnet_web_link_is_web (linnet_form_field_get_fallback_url (self->field)));
  update_answer (self);
}

static void
picture_changed_cb (LinnetCaptchaGroup *self)
{
  load_picture (self, self->field);
  update_cb (self);
}

static void
answer_changed_cb (LinnetCaptchaGroup *self)
{
  linnet_row_set_invalid (self->answer_row, FALSE);
  if (self->field != NULL)
    linnet_form_field_set_value (self->field, gtk_editable_get_text (GTK_EDITABLE (self->answer_row)));
}

static void
activated_cb (LinnetCaptchaGroup *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
refresh_cb (LinnetCaptchaGroup *self)
{
  g_signal_emit (self, signals[REFRESH], 0);
}

static void
browser_cb (LinnetCaptchaGroup *self)
{
  linnet_web_link_open (linnet_form_field_get_fallback_url (self->field), GTK_WIDGET (self));
}

static void
forget_sound (LinnetCaptchaGroup *self)
{
  if (self->sound != NULL)
    g_unlink (self->sound);
  g_clear_pointer (&self->sound, g_free);
}

/* Another program plays it, one that the person chose for sounds. */
static void
open_sound (LinnetCaptchaGroup *self, GBytes *data)
{
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *name = g_strconcat ("linnet-", id, ".wav", NULL);
  g_autoptr (GFile) file = NULL;
  g_autoptr (GtkFileLauncher) launcher = NULL;
  g_autoptr (GError) error = NULL;

  forget_sound (self);
  self->sound = g_build_filename (g_get_user_runtime_dir (), name, NULL);
  if (!g_file_set_contents_full (self->sound,
                                 g_bytes_get_data (data, NULL),
                                 g_bytes_get_size (data),
                                 G_FILE_SET_CONTENTS_NONE,
                                 0600,
                                 &error))
    {
      g_warning ("The sound cannot be opened: %s", error->message);
      return;
    }

  file = g_file_new_for_path (self->sound);
  launcher = gtk_file_launcher_new (file);
  gtk_file_launcher_launch (
      launcher, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), NULL, NULL, NULL);
}

static void
listen_cb (LinnetCaptchaGroup *self)
{
  const LinnetFormMedia *audio = linnet_form_field_get_audio (self->field);

  if (audio == NULL)
    return;

  if (audio->data != NULL)
    open_sound (self, audio->data);
  else
    linnet_web_link_open (audio->url, GTK_WIDGET (self));
}

static void
show_field (LinnetCaptchaGroup *self, LinnetFormField *field)
{
  if (!g_set_object (&self->field, field))
    return;

  stop_loading (self);
  g_signal_group_set_target (self->field_signals, field);
  picture_changed_cb (self);
}

/* One answer is wanted: what was typed for the other puzzle is forgotten. */
static void
choose (LinnetCaptchaGroup *self, Medium medium)
{
  LinnetFormField *before = self->field;
  LinnetFormField *other = find_other (self, medium);

  if (other == NULL)
    return;

  show_field (self, other);
  linnet_form_field_set_value (before, NULL);
  gtk_widget_grab_focus (medium == MEDIUM_SOUND ? GTK_WIDGET (self->listen_row)
                                                : GTK_WIDGET (self->answer_row));
}

static void
picture_instead_cb (LinnetCaptchaGroup *self)
{
  choose (self, MEDIUM_PICTURE);
}

static void
sound_instead_cb (LinnetCaptchaGroup *self)
{
  choose (self, MEDIUM_SOUND);
}

static void
words_instead_cb (LinnetCaptchaGroup *self)
{
  choose (self, MEDIUM_WORDS);
}

static gboolean
linnet_captcha_group_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (LINNET_CAPTCHA_GROUP (widget)->answer_row));
}

static void
linnet_captcha_group_dispose (GObject *object)
{
  LinnetCaptchaGroup *self = LINNET_CAPTCHA_GROUP (object);

  stop_loading (self);
  forget_sound (self);
  g_clear_object (&self->field_signals);
  g_clear_object (&self->field);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  g_clear_object (&self->registration);
  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_CAPTCHA_GROUP);

  G_OBJECT_CLASS (linnet_captcha_group_parent_class)->dispose (object);
}

static void
linnet_captcha_group_class_init (LinnetCaptchaGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const char *const names[] = { [REFRESH] = "refresh", [ACTIVATED] = "activated" };

  G_OBJECT_CLASS (klass)->dispose = linnet_captcha_group_dispose;
  widget_class->grab_focus = linnet_captcha_group_grab_focus;

  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (
        names[i], G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-captcha-group.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetCaptchaGroup, picture_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetCaptchaGroup, stack);
  gtk_widget_class_bind_template_child (widget_class, LinnetCaptchaGroup, picture);
  gtk_widget_class_bind_template_child (widget_class, LinnetCaptchaGroup, no_picture);
  gtk_widget_class_bind_template_child (widget_class, LinnetCaptchaGroup, spinner);
  gtk_widget_class_bind_template_child (widget_class, LinnetCaptchaGroup, answer_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetCaptchaGroup, refresh_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetCaptchaGroup, listen_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetCaptchaGroup, browser_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetCaptchaGroup, listen_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetCaptchaGroup, picture_instead);
  gtk_widget_class_bind_template_child (widget_class, LinnetCaptchaGroup, sound_instead);
  gtk_widget_class_bind_template_child (widget_class, LinnetCaptchaGroup, words_instead);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, answer_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, browser_cb);
  gtk_widget_class_bind_template_callback (widget_class, listen_cb);
  gtk_widget_class_bind_template_callback (widget_class, picture_instead_cb);
  gtk_widget_class_bind_template_callback (widget_class, refresh_cb);
  gtk_widget_class_bind_template_callback (widget_class, sound_instead_cb);
  gtk_widget_class_bind_template_callback (widget_class, words_instead_cb);
}

static void
linnet_captcha_group_init (LinnetCaptchaGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->field_signals = g_signal_group_new (LINNET_TYPE_FORM_FIELD);
  g_signal_group_connect_swapped (
      self->field_signals, "notify::picture", G_CALLBACK (picture_changed_cb), self);
  g_signal_group_connect_swapped (self->field_signals, "notify", G_CALLBACK (update_cb), self);
}

/**
 * linnet_captcha_group_set_fields:
 * @fields: what can be answered, the best one first; one at least
 * @registration: what asks it
 *
 * What the person has chosen among them stays.
 */
void
linnet_captcha_group_set_fields (LinnetCaptchaGroup *self,
                                 GPtrArray *fields,
                                 LinnetRegistration *registration)
{
  g_autofree char *description = NULL;

  g_return_if_fail (LINNET_IS_CAPTCHA_GROUP (self));
  g_return_if_fail (fields != NULL && fields->len > 0);
  g_return_if_fail (LINNET_IS_REGISTRATION (registration));

  g_set_object (&self->registration, registration);
  g_ptr_array_ref (fields);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  self->fields = fields;

  /* Translators: %s is a server's name */
  description = g_strdup_printf (_ ("%s asks new members to solve this."),
                                 linnet_registration_get_domain (registration));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), description);
  if (self->field != NULL && g_ptr_array_find (fields, self->field, NULL))
    update_cb (self);
  else
    show_field (self, fields->pdata[0]);
}

LinnetFormField *
linnet_captcha_group_find_problem (LinnetCaptchaGroup *self)
{
  g_return_val_if_fail (LINNET_IS_CAPTCHA_GROUP (self), NULL);

  for (guint i = 0; i < self->fields->len; i++)
    if (linnet_form_field_get_problem (self->fields->pdata[i]) != LINNET_FORM_PROBLEM_NONE)
      return self->fields->pdata[i];

  return NULL;
}

void
linnet_captcha_group_set_invalid (LinnetCaptchaGroup *self, gboolean invalid)
{
  g_return_if_fail (LINNET_IS_CAPTCHA_GROUP (self));

  linnet_row_set_invalid (self->answer_row, invalid);
}
