/* Choosing where to have an account
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-provider-page"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account-manager.h"
#include "linnet-dialog.h"
#include "linnet-provider-dialog.h"
#include "linnet-provider-page.h"
#include "linnet-provider-row.h"
#include "linnet-spawn.h"

struct _LinnetProviderPage
{
  AdwNavigationPage parent_instance;

  GtkScrolledWindow *scroller;
  GtkSearchEntry *search_entry;
  GtkListBox *list;
  GtkButton *other_button;
  GtkLabel *nothing;
  GtkLabel *caption;
  GtkButton *continue_button;

  LinnetProviderList *providers;
  LinnetProviderRow *own_row; /* for what was typed; the first member of the radio group */
  LinnetProviderRow *chosen;  /* nullable; borrowed from the list */
  char *wanted;               /* what providers are searched for */
  char *own_domain;           /* nullable: what was typed, where it is a server that is not in the list */
};

G_DEFINE_FINAL_TYPE (LinnetProviderPage, linnet_provider_page, ADW_TYPE_NAVIGATION_PAGE)

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *
get_needle (LinnetProviderPage *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
}

/* A part of an address is searched for by the server in it. */
static char *
dup_wanted (LinnetProviderPage *self)
{
  char *domain = strpbrk (get_needle (self), "@:/") != NULL
                     ? linnet_address_dup_typed_domain (get_needle (self))
                     : NULL;

  return domain != NULL ? domain : g_strdup (get_needle (self));
}

static gboolean
is_in_list (LinnetProviderPage *self, const char *wanted)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->providers));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (LinnetProvider) provider = g_list_model_get_item (G_LIST_MODEL (self->providers), i);

      if (linnet_provider_matches (provider, wanted))
        return TRUE;
    }

  return FALSE;
}

/* The server that somebody named, or NULL when there is a provider of that name, or it is a word to search
 * for: what has no dot inside is one, unless nothing is found. */
static char *
dup_own_domain (LinnetProviderPage *self)
{
  g_autofree char *domain = linnet_address_dup_typed_domain (get_needle (self));

  if (domain == NULL || linnet_provider_list_find (self->providers, domain) != NULL ||
      (strchr (domain, '.') == NULL && is_in_list (self, self->wanted)))
    return NULL;

  return g_steal_pointer (&domain);
}

static gboolean
is_shown (LinnetProviderPage *self, LinnetProviderRow *row)
{
  LinnetProvider *provider = linnet_provider_row_get_provider (row);

  if (provider == NULL)
    return self->own_domain != NULL;

  return linnet_provider_matches (provider, self->wanted);
}

static gboolean
filter_cb (GtkListBoxRow *row, gpointer user_data)
{
  LinnetProviderPage *self = user_data;

  return is_shown (self, LINNET_PROVIDER_ROW (row));
}

static LinnetProviderRow *
get_row (LinnetProviderPage *self, guint i)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, i);

  return row != NULL ? LINNET_PROVIDER_ROW (row) : NULL;
}

static void
update_button (LinnetProviderPage *self)
{
  g_autofree char *label = NULL;

  if (self->chosen != NULL)
    /* Translators: %s is a server's name */
    label = g_strdup_printf (_ ("Continue with %s"), linnet_provider_row_get_domain (self->chosen));

  gtk_button_set_label (self->continue_button, label != NULL ? label : _ ("Continue"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->continue_button), self->chosen != NULL);
}

static void
choose (LinnetProviderPage *self, LinnetProviderRow *row)
{
  self->chosen = row;

  if (row != NULL && !linnet_provider_row_get_chosen (row))
    linnet_provider_row_set_chosen (row, TRUE);

  update_button (self);
}

/* What is chosen can be seen, always: the first one is, when the one before went out of sight. */
static void
update_choice (LinnetProviderPage *self)
{
  LinnetProviderRow *row, *first = NULL;

  for (guint i = 0; (row = get_row (self, i)) != NULL; i++)
    {
      if (!is_shown (self, row))
        continue;
      if (first == NULL)
        first = row;
      if (row == self->chosen)
        first = row;
    }

  if (first != self->chosen && self->chosen != NULL)
    linnet_provider_row_set_chosen (self->chosen, FALSE);
  choose (self, first);
  gtk_widget_set_visible (GTK_WIDGET (self->list), first != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->nothing), first == NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->other_button), *get_needle (self) == '\0');
}

static void
search_changed_cb (LinnetProviderPage *self)
{
  g_assert (LINNET_IS_PROVIDER_PAGE (self));

  g_free (self->wanted);
  self->wanted = dup_wanted (self);
  g_free (self->own_domain);
  self->own_domain = dup_own_domain (self);
  if (self->own_domain != NULL)
    linnet_provider_row_set_domain (self->own_row, self->own_domain);

  gtk_list_box_invalidate_filter (self->list);
  update_choice (self);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
}

static void
stop_search_cb (LinnetProviderPage *self)
{
  if (*get_needle (self) != '\0')
    gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "navigation.pop", NULL);
}

static void
row_chosen_cb (LinnetProviderPage *self, LinnetProviderRow *row)
{
  choose (self, row);
}

static void
row_about_cb (LinnetProviderPage *self, LinnetProviderRow *row)
{
  linnet_dialog_present (linnet_provider_dialog_new (linnet_provider_row_get_provider (row)),
                         GTK_WIDGET (self));
}

static void
row_activated_cb (LinnetProviderPage *self, GtkListBoxRow *row)
{
  choose (self, LINNET_PROVIDER_ROW (row));
}

static void
other_cb (LinnetProviderPage *self)
{
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
continue_cb (LinnetProviderPage *self)
{
  if (self->chosen != NULL)
    g_signal_emit (self,
                   signals[CHOSEN],
                   0,
                   linnet_provider_row_get_domain (self->chosen),
                   linnet_provider_row_get_provider (self->chosen));
}

static LinnetProviderRow *
create_row (LinnetProviderPage *self, LinnetProvider *provider)
{
  LinnetProviderRow *row = linnet_provider_row_new (self->own_row, provider);

  g_signal_connect_object (row, "chosen", G_CALLBACK (row_chosen_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "about", G_CALLBACK (row_about_cb), self, G_CONNECT_SWAPPED);

  return row;
}

/* A list that was fetched replaces the whole of the one before. */
static void
providers_changed_cb (LinnetProviderPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->providers));
  g_autofree char *chosen =
      self->chosen != NULL ? g_strdup (linnet_provider_row_get_domain (self->chosen)) : NULL;
  LinnetProviderRow *row;

  g_assert (LINNET_IS_PROVIDER_PAGE (self));

  if (self->chosen != self->own_row)
    self->chosen = NULL;
  while ((row = get_row (self, 0)) != self->own_row)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (LinnetProvider) provider = g_list_model_get_item (G_LIST_MODEL (self->providers), i);

      row = create_row (self, provider);
      linnet_provider_row_set_suggested (row, i == 0);
      gtk_list_box_insert (self->list, GTK_WIDGET (row), i);
      if (g_strcmp0 (linnet_provider_get_domain (provider), chosen) == 0)
        choose (self, row);
    }

  search_changed_cb (self);
}

static void
update_caption_cb (LinnetProviderPage *self)
{
  GDateTime *updated = linnet_provider_list_get_updated (self->providers);
  gboolean failed = linnet_provider_list_get_failed (self->providers);
  g_autofree char *day = updated != NULL ? g_date_time_format (updated, "%x") : NULL;
  g_autofree char *text = NULL;

  if (linnet_provider_list_get_refreshing (self->providers))
    text = g_strdup (_ ("Updating…"));
  else if (failed && day != NULL)
    /* Translators: %s is a date */
    text = g_strdup_printf (_ ("Could not update. These facts are from %s."), day);
  else if (failed)
    text = g_strdup (_ ("Could not update"));
  else if (day != NULL)
    /* Translators: %s is a date */
    text = g_strdup_printf (_ ("These facts are from %s, from providers.xmpp.net."), day);

  gtk_label_set_label (self->caption, text != NULL ? text : "");
}

static DexFuture *
refresh_fiber (gpointer data)
{
  LinnetProviderPage *self = data;
  g_autoptr (GError) error = NULL;

  /* What comes with Linnet is there at once, whatever becomes of the rest; the caption tells. */
  if (!dex_await (linnet_provider_list_load (self->providers), &error) ||
      !dex_await (linnet_provider_list_refresh (self->providers), &error))
    g_debug ("Providers are not up to date: %s", error->message);

  return NULL;
}

static void
linnet_provider_page_shown (AdwNavigationPage *page)
{
  LinnetProviderPage *self = LINNET_PROVIDER_PAGE (page);

  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
  linnet_spawn_detached ("refresh-providers", refresh_fiber, g_object_ref (self), g_object_unref);
}

static void
linnet_provider_page_dispose (GObject *object)
{
  LinnetProviderPage *self = LINNET_PROVIDER_PAGE (object);

  self->chosen = NULL;
  self->own_row = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_PROVIDER_PAGE);
  g_clear_object (&self->providers);
  g_clear_pointer (&self->wanted, g_free);
  g_clear_pointer (&self->own_domain, g_free);

  G_OBJECT_CLASS (linnet_provider_page_parent_class)->dispose (object);
}

static void
linnet_provider_page_class_init (LinnetProviderPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = linnet_provider_page_dispose;
  ADW_NAVIGATION_PAGE_CLASS (klass)->shown = linnet_provider_page_shown;

  signals[CHOSEN] = g_signal_new ("chosen",
                                  G_TYPE_FROM_CLASS (klass),
                                  G_SIGNAL_RUN_LAST,
                                  0,
                                  NULL,
                                  NULL,
                                  NULL,
                                  G_TYPE_NONE,
                                  2,
                                  G_TYPE_STRING,
                                  LINNET_TYPE_PROVIDER);

  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-provider-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetProviderPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, LinnetProviderPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, LinnetProviderPage, list);
  gtk_widget_class_bind_template_child (widget_class, LinnetProviderPage, other_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetProviderPage, nothing);
  gtk_widget_class_bind_template_child (widget_class, LinnetProviderPage, caption);
  gtk_widget_class_bind_template_child (widget_class, LinnetProviderPage, continue_button);
  gtk_widget_class_bind_template_callback (widget_class, continue_cb);
  gtk_widget_class_bind_template_callback (widget_class, other_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
}

static void
linnet_provider_page_init (LinnetProviderPage *self)
{
  self->wanted = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));

  self->own_row = linnet_provider_row_new (NULL, NULL);
  g_signal_connect_object (self->own_row, "chosen", G_CALLBACK (row_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_list_box_insert (self->list, GTK_WIDGET (self->own_row), 0);
  gtk_list_box_set_filter_func (self->list, filter_cb, self, NULL);
}

/**
 * linnet_provider_page_new:
 *
 * Returns: (transfer floating): the page
 */
LinnetProviderPage *
linnet_provider_page_new (LinnetProviderList *providers)
{
  LinnetProviderPage *self;

  g_return_val_if_fail (LINNET_IS_PROVIDER_LIST (providers), NULL);

  self = g_object_new (LINNET_TYPE_PROVIDER_PAGE, NULL);
  self->providers = g_object_ref (providers);
  g_signal_connect_object (
      providers, "items-changed", G_CALLBACK (providers_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (providers, "notify", G_CALLBACK (update_caption_cb), self, G_CONNECT_SWAPPED);
  providers_changed_cb (self);
  update_caption_cb (self);

  return self;
}
