/* A provider in the list to choose from
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-provider-row"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "linnet-provider-row.h"
#include "linnet-provider-text.h"

struct _LinnetProviderRow
{
  GtkListBoxRow parent_instance;

  GtkCheckButton *radio;
  GtkLabel *name;
  GtkLabel *suggested;
  GtkLabel *caption;
  AdwWrapBox *chips;
  GtkButton *about_button;

  LinnetProvider *provider; /* nullable: one that is not in the list */
  char *domain;
};

G_DEFINE_FINAL_TYPE (LinnetProviderRow, linnet_provider_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  CHOSEN,
  ABOUT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
add_chip (LinnetProviderRow *self, const char *text, gboolean good)
{
  GtkWidget *chip = gtk_label_new (text);

  gtk_widget_add_css_class (chip, "chip");
  if (good)
    gtk_widget_add_css_class (chip, "good");
  adw_wrap_box_append (self->chips, chip);
}

static void
show_provider (LinnetProviderRow *self)
{
  LinnetTristate email = linnet_provider_get_email_needed (self->provider);
  g_autofree char *effort = linnet_provider_text_dup_effort (self->provider);
  g_autofree char *keeping = linnet_provider_text_dup_keeping (self->provider);
  g_autofree char *caption =
      keeping != NULL ? g_strdup_printf ("%s · %s", effort, keeping) : g_strdup (effort);
  g_auto (GStrv) chips = linnet_provider_text_dup_chips (self->provider);
  g_autoptr (GString) facts = g_string_new (caption);

  gtk_label_set_label (self->caption, caption);

  if (email != LINNET_TRISTATE_UNKNOWN)
    {
      const char *text = email == LINNET_TRISTATE_YES ? _ ("Email needed") : _ ("No email needed");

      add_chip (self, text, email == LINNET_TRISTATE_NO);
      g_string_append_printf (facts, ", %s", text);
    }

  for (guint i = 0; chips[i] != NULL; i++)
    {
      add_chip (self, chips[i], FALSE);
      g_string_append_printf (facts, ", %s", chips[i]);
    }

  gtk_accessible_update_property (
      GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, facts->str, -1);
}

static void
toggled_cb (LinnetProviderRow *self)
{
  gboolean chosen = gtk_check_button_get_active (self->radio);

  gtk_accessible_update_state (GTK_ACCESSIBLE (self),
                               GTK_ACCESSIBLE_STATE_CHECKED,
                               chosen ? GTK_ACCESSIBLE_TRISTATE_TRUE : GTK_ACCESSIBLE_TRISTATE_FALSE,
                               -1);
  if (chosen)
    g_signal_emit (self, signals[CHOSEN], 0);
}

static void
about_cb (LinnetProviderRow *self)
{
  g_signal_emit (self, signals[ABOUT], 0);
}

static void
linnet_provider_row_dispose (GObject *object)
{
  LinnetProviderRow *self = LINNET_PROVIDER_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_PROVIDER_ROW);
  g_clear_object (&self->provider);
  g_clear_pointer (&self->domain, g_free);

  G_OBJECT_CLASS (linnet_provider_row_parent_class)->dispose (object);
}

static void
linnet_provider_row_class_init (LinnetProviderRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  guint *ids[] = { [CHOSEN] = &signals[CHOSEN], [ABOUT] = &signals[ABOUT] };
  static const char *const names[] = { [CHOSEN] = "chosen", [ABOUT] = "about" };

  G_OBJECT_CLASS (klass)->dispose = linnet_provider_row_dispose;

  for (guint i = 0; i < N_SIGNALS; i++)
    *ids[i] = g_signal_new (
        names[i], G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-provider-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetProviderRow, radio);
  gtk_widget_class_bind_template_child (widget_class, LinnetProviderRow, name);
  gtk_widget_class_bind_template_child (widget_class, LinnetProviderRow, suggested);
  gtk_widget_class_bind_template_child (widget_class, LinnetProviderRow, caption);
  gtk_widget_class_bind_template_child (widget_class, LinnetProviderRow, chips);
  gtk_widget_class_bind_template_child (widget_class, LinnetProviderRow, about_button);
  gtk_widget_class_bind_template_callback (widget_class, about_cb);
  gtk_widget_class_bind_template_callback (widget_class, toggled_cb);
}

static void
linnet_provider_row_init (LinnetProviderRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * linnet_provider_row_new:
 * @group: (nullable): any row of the list; only one of them can be chosen
 * @provider: (nullable): %NULL for a domain of which nothing is known, to be set later
 *
 * Returns: (transfer floating): the row
 */
LinnetProviderRow *
linnet_provider_row_new (LinnetProviderRow *group, LinnetProvider *provider)
{
  LinnetProviderRow *self = g_object_new (LINNET_TYPE_PROVIDER_ROW, NULL);

  if (group != NULL)
    gtk_check_button_set_group (self->radio, group->radio);

  if (g_set_object (&self->provider, provider))
    {
      linnet_provider_row_set_domain (self, linnet_provider_get_domain (provider));
      show_provider (self);
    }
  else
    {
      gtk_widget_set_visible (GTK_WIDGET (self->chips), FALSE);
      gtk_widget_set_visible (GTK_WIDGET (self->about_button), FALSE);
      gtk_label_set_label (self->caption, _ ("A server that is not in this list"));
    }

  return self;
}

const char *
linnet_provider_row_get_domain (LinnetProviderRow *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER_ROW (self), NULL);

  return self->domain;
}

/**
 * linnet_provider_row_get_provider:
 *
 * Returns: (transfer none) (nullable): what is known of it
 */
LinnetProvider *
linnet_provider_row_get_provider (LinnetProviderRow *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER_ROW (self), NULL);

  return self->provider;
}

/**
 * linnet_provider_row_set_domain:
 *
 * Names the row; one without a provider then says that it would be used.
 */
void
linnet_provider_row_set_domain (LinnetProviderRow *self, const char *domain)
{
  g_autofree char *name = NULL;
  g_autofree char *about = NULL;

  g_return_if_fail (LINNET_IS_PROVIDER_ROW (self));
  g_return_if_fail (domain != NULL);

  g_set_str (&self->domain, domain);
  /* Translators: %s is a server's name */
  name = self->provider != NULL ? g_strdup (domain) : g_strdup_printf (_ ("Use %s"), domain);
  /* Translators: %s is a server's name */
  about = g_strdup_printf (_ ("About %s"), domain);

  gtk_label_set_label (self->name, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->radio), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (self->about_button), GTK_ACCESSIBLE_PROPERTY_LABEL, about, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->about_button), about);
}

void
linnet_provider_row_set_suggested (LinnetProviderRow *self, gboolean suggested)
{
  g_return_if_fail (LINNET_IS_PROVIDER_ROW (self));

  gtk_widget_set_visible (GTK_WIDGET (self->suggested), suggested);
}

void
linnet_provider_row_set_chosen (LinnetProviderRow *self, gboolean chosen)
{
  g_return_if_fail (LINNET_IS_PROVIDER_ROW (self));

  gtk_check_button_set_active (self->radio, chosen);
}

gboolean
linnet_provider_row_get_chosen (LinnetProviderRow *self)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER_ROW (self), FALSE);

  return gtk_check_button_get_active (self->radio);
}
