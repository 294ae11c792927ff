/* A form, the work that comes of it, and what came of that
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-work-view"

#include "config.h"

#include "linnet-work-view.h"

struct _LinnetWorkView
{
  GtkWidget parent_instance;

  GtkStack *stack;
  AdwBin *form;
  GtkLabel *text;
  GtkProgressBar *progress;
  GtkWidget *cancel;
  AdwStatusPage *result;
  GtkButton *button;

  LinnetWork *work;  /* nullable */
  GBinding *binding; /* borrowed, nullable */
};

enum
{
  FINISHED,
  N_SIGNALS
};

static void
linnet_work_view_add_child (GtkBuildable *buildable,
                            GtkBuilder *builder,
                            GObject *child,
                            const char *type)
{
  LinnetWorkView *self = LINNET_WORK_VIEW (buildable);

  /* Before there is a form, it is the template's own. */
  if (self->form != NULL && GTK_IS_WIDGET (child))
    adw_bin_set_child (self->form, GTK_WIDGET (child));
  else
    {
      GtkBuildableIface *parent = g_type_interface_peek_parent (GTK_BUILDABLE_GET_IFACE (self));

      parent->add_child (buildable, builder, child, type);
    }
}

static void
buildable_iface_init (GtkBuildableIface *iface)
{
  iface->add_child = linnet_work_view_add_child;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LinnetWorkView,
                               linnet_work_view,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, buildable_iface_init))

static guint signals[N_SIGNALS];

static void
button_cb (LinnetWorkView *self)
{
  g_signal_emit (self, signals[FINISHED], 0);
}

static void
forget_work (LinnetWorkView *self)
{
  g_clear_pointer (&self->binding, g_binding_unbind);
  g_clear_object (&self->work);
}

static void
linnet_work_view_dispose (GObject *object)
{
  LinnetWorkView *self = LINNET_WORK_VIEW (object);

  /* Nobody is there any more to see how it ends. */
  linnet_work_view_cancel (self);
  forget_work (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_WORK_VIEW);

  G_OBJECT_CLASS (linnet_work_view_parent_class)->dispose (object);
}

static void
linnet_work_view_class_init (LinnetWorkViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = linnet_work_view_dispose;

  signals[FINISHED] = g_signal_new (
      "finished", LINNET_TYPE_WORK_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-work-view.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetWorkView, stack);
  gtk_widget_class_bind_template_child (widget_class, LinnetWorkView, form);
  gtk_widget_class_bind_template_child (widget_class, LinnetWorkView, text);
  gtk_widget_class_bind_template_child (widget_class, LinnetWorkView, progress);
  gtk_widget_class_bind_template_child (widget_class, LinnetWorkView, cancel);
  gtk_widget_class_bind_template_child (widget_class, LinnetWorkView, result);
  gtk_widget_class_bind_template_child (widget_class, LinnetWorkView, button);
  gtk_widget_class_bind_template_callback (widget_class, button_cb);
  gtk_widget_class_bind_template_callback (widget_class, linnet_work_view_cancel);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
linnet_work_view_init (LinnetWorkView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* An entry that is hidden with the focus in it goes on as if it had it. */
static void
show_page (LinnetWorkView *self,
           const char *name,
           GtkWidget *focus)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (root != NULL && focus != NULL)
    gtk_root_set_focus (root, NULL);
  gtk_stack_set_visible_child_name (self->stack, name);
  if (focus != NULL)
    gtk_widget_grab_focus (focus);
}

void
linnet_work_view_start (LinnetWorkView *self,
                        LinnetWork *work,
                        const char *text)
{
  g_return_if_fail (LINNET_IS_WORK_VIEW (self));
  g_return_if_fail (LINNET_IS_WORK (work));

  forget_work (self);
  self->work = g_object_ref (work);
  self->binding =
      g_object_bind_property (work, "fraction", self->progress, "fraction", G_BINDING_SYNC_CREATE);
  gtk_label_set_text (self->text, text);
  gtk_widget_set_sensitive (self->cancel, TRUE);
  show_page (self, "work", self->cancel);
}

void
linnet_work_view_stop (LinnetWorkView *self)
{
  g_return_if_fail (LINNET_IS_WORK_VIEW (self));

  forget_work (self);
  show_page (self, "form", NULL);
}

void
linnet_work_view_show_result (LinnetWorkView *self,
                              const char *title,
                              const char *description,
                              const char *label)
{
  g_autofree char *escaped = NULL;

  g_return_if_fail (LINNET_IS_WORK_VIEW (self));

  forget_work (self);
  escaped = g_markup_escape_text (description, -1);
  adw_status_page_set_title (self->result, title);
  adw_status_page_set_description (self->result, escaped);
  gtk_widget_set_visible (GTK_WIDGET (self->button), label != NULL);
  gtk_button_set_label (self->button, label != NULL ? label : "");
  show_page (self, "result", label != NULL ? GTK_WIDGET (self->button) : NULL);
}

void
linnet_work_view_cancel (LinnetWorkView *self)
{
  g_return_if_fail (LINNET_IS_WORK_VIEW (self));

  if (self->work == NULL)
    return;

  gtk_widget_set_sensitive (self->cancel, FALSE);
  linnet_work_cancel (self->work);
}
