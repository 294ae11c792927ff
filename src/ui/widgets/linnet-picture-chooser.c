/* Choosing a picture of oneself
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-picture-chooser"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account-profile.h"
#include "linnet-crop-view.h"
#include "linnet-dialog.h"
#include "linnet-picture-chooser.h"
#include "linnet-picture-crop.h"
#include "linnet-picture-loader.h"
#include "linnet-spawn.h"

#define MAX_PIXELS (40 * 1000 * 1000)
#define PREVIEW_SIDE 1024
#define MAX_SIDE 512

struct _LinnetPictureChooser
{
  AdwDialog parent_instance;

  GtkStack *stack;
  LinnetCropView *view;
  GtkWidget *zoom_box;
  GtkScale *zoom_scale;
  GtkAdjustment *zoom;
  AdwStatusPage *failed_page;

  GdkTexture *texture; /* nullable: the picture as it was read */
  DexPromise *promise; /* nullable: it was kept */
  DexFuture *work;     /* nullable: reading or writing a picture */
};

G_DEFINE_FINAL_TYPE (LinnetPictureChooser, linnet_picture_chooser, ADW_TYPE_DIALOG)

/* ---- files ---- */

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  g_autoptr (GError) error = NULL;
  GFile *file = gtk_file_dialog_open_finish (GTK_FILE_DIALOG (object), result, &error);

  if (file != NULL)
    dex_promise_resolve_object (promise, file);
  else
    dex_promise_reject (
        promise, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "No file was chosen"));
}

static DexFuture *
open_file (GtkWidget *parent)
{
  static const char *const types[] = { "image/png", "image/jpeg", "image/webp", "image/gif", "image/avif" };
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  GtkRoot *root = gtk_widget_get_root (parent);
  DexPromise *promise = dex_promise_new_cancellable ();

  gtk_file_filter_set_name (filter, _ ("Pictures"));
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    gtk_file_filter_add_mime_type (filter, types[i]);

  gtk_file_dialog_set_title (dialog, _ ("Choose a Picture"));
  gtk_file_dialog_set_default_filter (dialog, filter);
  gtk_file_dialog_open (dialog,
                        GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                        dex_promise_get_cancellable (promise),
                        opened_cb,
                        dex_ref (promise));

  return DEX_FUTURE (promise);
}

static const char *
get_sentence (const GError *error)
{
  if (g_error_matches (error, LINNET_PICTURE_ERROR, LINNET_PICTURE_ERROR_SIZE))
    return _ ("It is too large or too small. Choose one of 32 pixels or more on each side, up to 40 "
              "megapixels and 20 MB.");
  if (g_error_matches (error, LINNET_PICTURE_ERROR, LINNET_PICTURE_ERROR_FORMAT))
    return _ ("Linnet reads PNG, JPEG, WebP, GIF and AVIF pictures. Choose one of these.");

  return _ ("The file is damaged or cannot be read. Choose another one.");
}

/* ---- reading ---- */

typedef struct
{
  GWeakRef self;
  GFile *file; /* nullable: ask */
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_weak_ref_clear (&reading->self);
  g_clear_object (&reading->file);
  g_free (reading);
}

static void
show_failure (LinnetPictureChooser *self, const GError *error)
{
  g_debug ("Cannot be used: %s", error->message);
  adw_status_page_set_description (self->failed_page, get_sentence (error));
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

static void
show_picture (LinnetPictureChooser *self, GdkTexture *texture, GdkTexture *preview)
{
  double max_zoom;

  g_set_object (&self->texture, texture);
  linnet_crop_view_set_picture (
      self->view, preview, gdk_texture_get_width (texture), gdk_texture_get_height (texture));
  g_object_get (self->view, "max-zoom", &max_zoom, NULL);
  gtk_adjustment_set_upper (self->zoom, max_zoom);
  gtk_widget_set_visible (self->zoom_box, max_zoom > 1);
  gtk_stack_set_visible_child_name (self->stack, "crop");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "picture.use", TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static GdkTexture *
await_texture (GFile *file, GError **error)
{
  LinnetPictureLoader *loader = linnet_picture_loader_get_for_display (gdk_display_get_default ());
  g_autoptr (GdkTexture) texture =
      dex_await_object (linnet_picture_loader_load_once (loader, file, MAX_PIXELS), error);

  if (texture != NULL && MIN (gdk_texture_get_width (texture), gdk_texture_get_height (texture)) <
                             LINNET_PICTURE_CROP_MIN_SIDE)
    {
      g_set_error_literal (error, LINNET_PICTURE_ERROR, LINNET_PICTURE_ERROR_SIZE, "Too few pixels");
      return NULL;
    }

  return g_steal_pointer (&texture);
}

static DexFuture *
read_fiber (gpointer data)
{
  Reading *reading = data;
  g_autoptr (LinnetPictureChooser) self = g_weak_ref_get (&reading->self);
  g_autoptr (GdkTexture) texture = NULL;
  g_autoptr (GdkTexture) preview = NULL;
  g_autoptr (GError) error = NULL;

  if (self == NULL)
    return NULL;

  if (reading->file == NULL && !(reading->file = dex_await_object (open_file (GTK_WIDGET (self)), NULL)))
    return NULL;

  gtk_stack_set_visible_child_name (self->stack, "loading");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "picture.use", FALSE);

  if (!(texture = await_texture (reading->file, &error)) ||
      !(preview = dex_await_object (linnet_picture_shrink (texture, PREVIEW_SIDE), &error)))
    show_failure (self, error);
  else
    show_picture (self, texture, preview);

  return NULL;
}

static void
start (LinnetPictureChooser *self, GFile *file)
{
  Reading *reading = g_new0 (Reading, 1);

  g_weak_ref_init (&reading->self, self);
  g_set_object (&reading->file, file);
  dex_clear (&self->work);
  self->work = linnet_spawn ("read-picture", read_fiber, reading, reading_free);
}

/* ---- using ---- */

static DexFuture *
use_fiber (gpointer data)
{
  LinnetPictureChooser *self = data;
  g_autoptr (LinnetChosenPicture) picture = NULL;
  g_autoptr (GError) error = NULL;
  guint x;
  guint y;
  guint side;

  linnet_crop_view_get_square (self->view, &x, &y, &side);
  picture = dex_await_boxed (
      linnet_picture_encode_square (self->texture, x, y, side, MAX_SIDE, LINNET_PICTURE_MAX_BYTES), &error);

  if (self->promise == NULL)
    return NULL;
  if (picture == NULL)
    {
      show_failure (self, error);
      return NULL;
    }

  dex_promise_resolve_boxed (
      self->promise, LINNET_TYPE_CHOSEN_PICTURE, linnet_chosen_picture_ref (picture));
  dex_clear (&self->promise);
  adw_dialog_force_close (ADW_DIALOG (self));

  return NULL;
}

static void
use_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LinnetPictureChooser *self = LINNET_PICTURE_CHOOSER (widget);

  gtk_widget_action_set_enabled (widget, "picture.use", FALSE);
  dex_clear (&self->work);
  self->work = linnet_spawn ("use-picture", use_fiber, g_object_ref (self), g_object_unref);
}

static void
again_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  start (LINNET_PICTURE_CHOOSER (widget), NULL);
}

static void
cancel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  adw_dialog_close (ADW_DIALOG (widget));
}

static void
linnet_picture_chooser_closed (AdwDialog *dialog)
{
  LinnetPictureChooser *self = LINNET_PICTURE_CHOOSER (dialog);

  dex_clear (&self->work);
  if (self->promise != NULL)
    dex_promise_reject (self->promise,
                        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "No picture was chosen"));
  dex_clear (&self->promise);
}

static void
linnet_picture_chooser_dispose (GObject *object)
{
  LinnetPictureChooser *self = LINNET_PICTURE_CHOOSER (object);

  linnet_picture_chooser_closed (ADW_DIALOG (self));
  g_clear_object (&self->texture);
  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_PICTURE_CHOOSER);

  G_OBJECT_CLASS (linnet_picture_chooser_parent_class)->dispose (object);
}

static void
linnet_picture_chooser_class_init (LinnetPictureChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = linnet_picture_chooser_dispose;
  ADW_DIALOG_CLASS (klass)->closed = linnet_picture_chooser_closed;

  g_type_ensure (LINNET_TYPE_CROP_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/linnet/Linnet/ui/linnet-picture-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetPictureChooser, stack);
  gtk_widget_class_bind_template_child (widget_class, LinnetPictureChooser, view);
  gtk_widget_class_bind_template_child (widget_class, LinnetPictureChooser, zoom_box);
  gtk_widget_class_bind_template_child (widget_class, LinnetPictureChooser, zoom_scale);
  gtk_widget_class_bind_template_child (widget_class, LinnetPictureChooser, zoom);
  gtk_widget_class_bind_template_child (widget_class, LinnetPictureChooser, failed_page);

  gtk_widget_class_install_action (widget_class, "picture.use", NULL, use_action);
  gtk_widget_class_install_action (widget_class, "picture.again", NULL, again_action);
  gtk_widget_class_install_action (widget_class, "picture.cancel", NULL, cancel_action);
}

static void
linnet_picture_chooser_init (LinnetPictureChooser *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "picture.use", FALSE);
  g_object_bind_property (
      self->view, "zoom", self->zoom, "value", G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
}

/* ---- all of it ---- */

typedef struct
{
  GtkWidget *parent;
  GFile *file; /* nullable: ask */
} Choice;

static void
choice_free (gpointer data)
{
  Choice *choice = data;

  g_clear_object (&choice->parent);
  g_clear_object (&choice->file);
  g_free (choice);
}

static DexFuture *
choose_fiber (gpointer data)
{
  Choice *choice = data;
  LinnetPictureChooser *self;
  DexPromise *promise;
  g_autoptr (GError) error = NULL;

  if (choice->file == NULL && !(choice->file = dex_await_object (open_file (choice->parent), &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (gtk_widget_get_root (choice->parent) == NULL)
    return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Its window is gone");

  promise = dex_promise_new ();
  self = g_object_new (LINNET_TYPE_PICTURE_CHOOSER, NULL);
  self->promise = dex_ref (promise);
  linnet_dialog_present (ADW_DIALOG (self), choice->parent);
  start (self, choice->file);

  return DEX_FUTURE (promise);
}

static DexFuture *
spawn (GtkWidget *parent, GFile *file)
{
  Choice *choice = g_new0 (Choice, 1);

  choice->parent = g_object_ref (parent);
  g_set_object (&choice->file, file);

  return linnet_spawn ("choose-picture", choose_fiber, choice, choice_free);
}

DexFuture *
linnet_picture_chooser_choose (GtkWidget *parent)
{
  g_return_val_if_fail (GTK_IS_WIDGET (parent), NULL);

  return spawn (parent, NULL);
}

DexFuture *
linnet_picture_chooser_choose_part (GtkWidget *parent, GFile *file)
{
  g_return_val_if_fail (GTK_IS_WIDGET (parent), NULL);
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  return spawn (parent, file);
}
