/* Where somebody begins who has no account here yet
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-welcome-page"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-welcome-page.h"

struct _LinnetWelcomePage
{
  AdwNavigationPage parent_instance;

  GtkLabel *heading;
  GtkLabel *explanation;
  GtkButton *create_button;
  GtkButton *restore_button;

  gboolean first;
};

G_DEFINE_FINAL_TYPE (LinnetWelcomePage, linnet_welcome_page, ADW_TYPE_NAVIGATION_PAGE)

/* A backup is of everything: it is only restored where there is nothing yet. */
static void
linnet_welcome_page_root (GtkWidget *widget)
{
  LinnetWelcomePage *self = LINNET_WELCOME_PAGE (widget);
  GtkRoot *root;
  gboolean can_restore;

  GTK_WIDGET_CLASS (linnet_welcome_page_parent_class)->root (widget);

  root = gtk_widget_get_root (widget);
  can_restore = G_IS_ACTION_MAP (root) &&
                g_action_map_lookup_action (G_ACTION_MAP (root), "restore-backup") != NULL;
  gtk_widget_set_visible (GTK_WIDGET (self->restore_button), self->first && can_restore);
}

static void
linnet_welcome_page_shown (AdwNavigationPage *page)
{
  gtk_widget_grab_focus (GTK_WIDGET (LINNET_WELCOME_PAGE (page)->create_button));
}

/* The first page is there before its window is shown: only now can the focus be set. A dialog that is a
 * bottom sheet sets it itself, or moves it on when it is set already. */
static void
linnet_welcome_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (linnet_welcome_page_parent_class)->map (widget);

  if (gtk_widget_get_ancestor (widget, ADW_TYPE_DIALOG) == NULL)
    gtk_widget_grab_focus (GTK_WIDGET (LINNET_WELCOME_PAGE (widget)->create_button));
}

static void
linnet_welcome_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LINNET_TYPE_WELCOME_PAGE);

  G_OBJECT_CLASS (linnet_welcome_page_parent_class)->dispose (object);
}

static void
linnet_welcome_page_class_init (LinnetWelcomePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = linnet_welcome_page_dispose;
  widget_class->map = linnet_welcome_page_map;
  widget_class->root = linnet_welcome_page_root;
  ADW_NAVIGATION_PAGE_CLASS (klass)->shown = linnet_welcome_page_shown;

  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-welcome-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetWelcomePage, heading);
  gtk_widget_class_bind_template_child (widget_class, LinnetWelcomePage, explanation);
  gtk_widget_class_bind_template_child (widget_class, LinnetWelcomePage, create_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetWelcomePage, restore_button);
}

static void
linnet_welcome_page_init (LinnetWelcomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * linnet_welcome_page_new:
 * @first: whether this is what a person sees first of Linnet
 *
 * Returns: (transfer floating): the page
 */
LinnetWelcomePage *
linnet_welcome_page_new (gboolean first)
{
  LinnetWelcomePage *self = g_object_new (LINNET_TYPE_WELCOME_PAGE, NULL);

  self->first = first;
  if (!first)
    {
      adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), _ ("Add Account"));
      gtk_label_set_label (self->heading, _ ("Add Account"));
      gtk_label_set_label (self->explanation, _ ("Use several addresses side by side."));
    }

  return self;
}
