/* The window: set-up, or chats beside the open one
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-window"

#include "config.h"

#include "linnet-window.h"

struct _LinnetWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkStack *stack;
};

G_DEFINE_FINAL_TYPE (LinnetWindow, linnet_window, ADW_TYPE_APPLICATION_WINDOW)

static void
linnet_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LINNET_TYPE_WINDOW);

  G_OBJECT_CLASS (linnet_window_parent_class)->dispose (object);
}

static void
linnet_window_class_init (LinnetWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = linnet_window_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-window.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, LinnetWindow, stack);
}

static void
linnet_window_init (LinnetWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

LinnetWindow *
linnet_window_new (LinnetApplication *application)
{
  g_return_val_if_fail (LINNET_IS_APPLICATION (application), NULL);

  return g_object_new (LINNET_TYPE_WINDOW, "application", application, NULL);
}
