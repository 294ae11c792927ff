/* What stands in the list of chats while there are none
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-no-chats"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-no-chats.h"
#include "linnet-safe-text.h"

struct _LinnetNoChats
{
  AdwBin parent_instance;

  GtkWidget *code_button;

  char *address; /* nullable */
  gboolean alone;
};

G_DEFINE_FINAL_TYPE (LinnetNoChats, linnet_no_chats, ADW_TYPE_BIN)

static void
update (LinnetNoChats *self)
{
  AdwStatusPage *page = ADW_STATUS_PAGE (adw_bin_get_child (ADW_BIN (self)));
  g_autofree char *escaped = NULL;

  if (self->alone && self->address != NULL)
    {
      g_autofree char *text = NULL;
      g_autofree char *safe = NULL;

      /* Translators: %s is the person's own address */
      text = g_strdup_printf (_ ("Your address is %s"), self->address);
      safe = linnet_safe_text_dup (GTK_WIDGET (self), text);
      escaped = g_markup_escape_text (safe, -1);
    }

  adw_status_page_set_description (page, escaped);
  gtk_widget_set_visible (self->code_button, escaped != NULL);
}

static void
linnet_no_chats_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LINNET_TYPE_NO_CHATS);

  G_OBJECT_CLASS (linnet_no_chats_parent_class)->dispose (object);
}

static void
linnet_no_chats_finalize (GObject *object)
{
  g_free (LINNET_NO_CHATS (object)->address);

  G_OBJECT_CLASS (linnet_no_chats_parent_class)->finalize (object);
}

static void
linnet_no_chats_class_init (LinnetNoChatsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = linnet_no_chats_dispose;
  G_OBJECT_CLASS (klass)->finalize = linnet_no_chats_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-no-chats.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetNoChats, code_button);
}

static void
linnet_no_chats_init (LinnetNoChats *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
linnet_no_chats_set_account (LinnetNoChats *self,
                             LinnetAccount *account)
{
  g_return_if_fail (LINNET_IS_NO_CHATS (self));

  g_set_str (&self->address, account != NULL ? linnet_account_get_address (account) : NULL);
  update (self);
}

void
linnet_no_chats_set_alone (LinnetNoChats *self,
                           gboolean alone)
{
  g_return_if_fail (LINNET_IS_NO_CHATS (self));

  self->alone = alone;
  update (self);
}
