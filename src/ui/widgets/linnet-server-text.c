/* What a server says to a person
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-server-text"

#include "config.h"

#include "linnet-safe-text.h"
#include "linnet-server-text.h"
#include "linnet-text-links.h"
#include "linnet-text-spans.h"
#include "linnet-web-link.h"

/* Nobody reads more before an account is made. */
#define MAX_CHARS 2000

struct _LinnetServerText
{
  AdwBin parent_instance;

  GtkLabel *label; /* not owned */
  LinnetTextLinks *links;
};

G_DEFINE_FINAL_TYPE (LinnetServerText, linnet_server_text, ADW_TYPE_BIN)

static void
activate_cb (LinnetServerText *self, const char *uri)
{
  linnet_web_link_open (uri, GTK_WIDGET (self));
}

static void
linnet_server_text_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  LinnetServerText *self = LINNET_SERVER_TEXT (widget);

  GTK_WIDGET_CLASS (linnet_server_text_parent_class)->css_changed (widget, change);

  if (self->links != NULL)
    linnet_text_links_update_style (self->links);
}

static void
linnet_server_text_dispose (GObject *object)
{
  LinnetServerText *self = LINNET_SERVER_TEXT (object);

  g_clear_object (&self->links);

  G_OBJECT_CLASS (linnet_server_text_parent_class)->dispose (object);
}

static void
linnet_server_text_class_init (LinnetServerTextClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = linnet_server_text_dispose;
  GTK_WIDGET_CLASS (klass)->css_changed = linnet_server_text_css_changed;
}

static void
linnet_server_text_init (LinnetServerText *self)
{
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->label, TRUE);
  gtk_label_set_wrap_mode (self->label, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (self->label, 0);
  gtk_label_set_selectable (self->label, TRUE);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->label));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static GArray *
find_web_links (const char *text)
{
  GArray *links = linnet_text_spans_find_links (text);

  for (guint i = links->len; i > 0; i--)
    if (!linnet_web_link_is_web (g_array_index (links, LinnetTextLink, i - 1).uri))
      g_array_remove_index (links, i - 1);

  return links;
}

/**
 * linnet_server_text_set_text:
 * @text: (nullable): what to show; %NULL for nothing
 */
void
linnet_server_text_set_text (LinnetServerText *self, const char *text)
{
  g_autofree char *cut = NULL;
  g_autofree char *safe = NULL;
  g_autoptr (GArray) links = NULL;

  g_return_if_fail (LINNET_IS_SERVER_TEXT (self));

  cut = text != NULL ? g_strstrip (g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), MAX_CHARS)))
                     : g_strdup ("");
  safe = linnet_safe_text_dup (GTK_WIDGET (self->label), cut);
  gtk_widget_set_visible (GTK_WIDGET (self), *safe != '\0');

  /* The old attributes are for the old text. */
  gtk_label_set_attributes (self->label, NULL);
  gtk_label_set_text (self->label, safe);

  links = find_web_links (safe);
  if (links->len > 0 && self->links == NULL)
    {
      self->links = linnet_text_links_new (self->label);
      g_signal_connect_object (self->links, "activate", G_CALLBACK (activate_cb), self, G_CONNECT_SWAPPED);
    }

  if (self->links != NULL)
    {
      g_autoptr (PangoAttrList) base = pango_attr_list_new ();

      linnet_text_links_set_links (self->links, links, base);
    }
}

void
linnet_server_text_set_centered (LinnetServerText *self, gboolean centered)
{
  g_return_if_fail (LINNET_IS_SERVER_TEXT (self));

  gtk_label_set_justify (self->label, centered ? GTK_JUSTIFY_CENTER : GTK_JUSTIFY_LEFT);
  gtk_label_set_xalign (self->label, centered ? 0.5 : 0);
}
