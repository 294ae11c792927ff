/* A text as a QR code
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-qr-code"

#include "config.h"

#include <glib/gi18n.h>
#include <qrencode.h>

#include "linnet-qr-code.h"

#define QUIET_ZONE 4 /* modules, ISO/IEC 18004 section 9.1 */
#define MODULE 6     /* pixels: what a camera reads from the screen at arm's length */
#define WIDEST 270   /* for long texts the modules are smaller */
#define RADIUS 12

struct _LinnetQrCode
{
  GtkWidget parent_instance;

  char *text;          /* nullable */
  GdkTexture *modules; /* nullable; a pixel a module, with the quiet zone */
};

enum
{
  PROP_0,
  PROP_TEXT,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LinnetQrCode, linnet_qr_code, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static GdkTexture *
create_modules (const char *text)
{
  QRcode *code = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);
  g_autofree guchar *pixels = NULL;
  g_autoptr (GBytes) bytes = NULL;
  int side;

  if (code == NULL)
    return NULL;

  side = code->width + 2 * QUIET_ZONE;
  pixels = g_malloc ((gsize) side * side);
  memset (pixels, 0xff, (gsize) side * side);
  for (int y = 0; y < code->width; y++)
    for (int x = 0; x < code->width; x++)
      if (code->data[y * code->width + x] & 1)
        pixels[(y + QUIET_ZONE) * side + x + QUIET_ZONE] = 0;
  QRcode_free (code);

  bytes = g_bytes_new_take (g_steal_pointer (&pixels), (gsize) side * side);

  return gdk_memory_texture_new (side, side, GDK_MEMORY_G8, bytes, side);
}

static GtkSizeRequestMode
linnet_qr_code_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
linnet_qr_code_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  LinnetQrCode *self = LINNET_QR_CODE (widget);

  int side = self->modules != NULL ? gdk_texture_get_width (self->modules) : 1;

  *minimum = *natural = side * CLAMP (WIDEST / side, 1, MODULE);
}

static void
linnet_qr_code_snapshot (GtkWidget *widget,
                         GtkSnapshot *snapshot)
{
  LinnetQrCode *self = LINNET_QR_CODE (widget);
  int size = MIN (gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  int left = (gtk_widget_get_width (widget) - size) / 2;
  int top = (gtk_widget_get_height (widget) - size) / 2;
  graphene_rect_t card = GRAPHENE_RECT_INIT (left, top, size, size);
  graphene_rect_t inner;
  GskRoundedRect rounded;
  int side, code;

  if (self->modules == NULL)
    return;

  side = gdk_texture_get_width (self->modules);
  code = size >= side ? size / side * side : size;
  graphene_rect_init (
      &inner, left + (float) ((size - code) / 2), top + (float) ((size - code) / 2), code, code);

  gsk_rounded_rect_init_from_rect (&rounded, &card, RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  gtk_snapshot_append_color (snapshot, &(GdkRGBA) { 1, 1, 1, 1 }, &card);
  gtk_snapshot_append_scaled_texture (snapshot, self->modules, GSK_SCALING_FILTER_NEAREST, &inner);
  gtk_snapshot_pop (snapshot);
}

static void
linnet_qr_code_finalize (GObject *object)
{
  LinnetQrCode *self = LINNET_QR_CODE (object);

  g_clear_object (&self->modules);
  g_free (self->text);

  G_OBJECT_CLASS (linnet_qr_code_parent_class)->finalize (object);
}

static void
linnet_qr_code_get_property (GObject *object,
                             guint prop_id,
                             GValue *value,
                             GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_TEXT:
      g_value_set_string (value, linnet_qr_code_get_text (LINNET_QR_CODE (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_qr_code_set_property (GObject *object,
                             guint prop_id,
                             const GValue *value,
                             GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_TEXT:
      linnet_qr_code_set_text (LINNET_QR_CODE (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_qr_code_class_init (LinnetQrCodeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = linnet_qr_code_finalize;
  object_class->get_property = linnet_qr_code_get_property;
  object_class->set_property = linnet_qr_code_set_property;
  widget_class->get_request_mode = linnet_qr_code_get_request_mode;
  widget_class->measure = linnet_qr_code_measure;
  widget_class->snapshot = linnet_qr_code_snapshot;

  properties[PROP_TEXT] = g_param_spec_string (
      "text", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
linnet_qr_code_init (LinnetQrCode *self)
{
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("QR Code"), -1);
}

GtkWidget *
linnet_qr_code_new (void)
{
  return g_object_new (LINNET_TYPE_QR_CODE, NULL);
}

void
linnet_qr_code_set_text (LinnetQrCode *self,
                         const char *text)
{
  g_return_if_fail (LINNET_IS_QR_CODE (self));

  if (!g_set_str (&self->text, text))
    return;

  g_clear_object (&self->modules);
  if (text != NULL && *text != '\0')
    self->modules = create_modules (text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text != NULL ? text : "",
                                  -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

const char *
linnet_qr_code_get_text (LinnetQrCode *self)
{
  g_return_val_if_fail (LINNET_IS_QR_CODE (self), NULL);

  return self->text;
}
