/* What went wrong, above the fields that it is about
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-notice"

#include "config.h"

#include "linnet-notice.h"
#include "linnet-safe-text.h"

struct _LinnetNotice
{
  AdwBin parent_instance;

  GtkLabel *label;
};

G_DEFINE_FINAL_TYPE (LinnetNotice, linnet_notice, ADW_TYPE_BIN)

static void
linnet_notice_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LINNET_TYPE_NOTICE);

  G_OBJECT_CLASS (linnet_notice_parent_class)->dispose (object);
}

static void
linnet_notice_class_init (LinnetNoticeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = linnet_notice_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-notice.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetNotice, label);
}

static void
linnet_notice_init (LinnetNotice *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * linnet_notice_set_text:
 * @text: (nullable): what to say; %NULL for nothing
 */
void
linnet_notice_set_text (LinnetNotice *self, const char *text)
{
  g_return_if_fail (LINNET_IS_NOTICE (self));

  if (text != NULL)
    {
      g_autofree char *safe = linnet_safe_text_dup (GTK_WIDGET (self->label), text);

      gtk_label_set_label (self->label, safe);
      gtk_accessible_announce (GTK_ACCESSIBLE (self), safe, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
    }

  gtk_widget_set_visible (GTK_WIDGET (self), text != NULL);
}
