/* An invitation that somebody sent
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-invitation-page"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-error.h"
#include "linnet-invitation-page.h"
#include "linnet-notice.h"
#include "linnet-row.h"
#include "linnet-safe-text.h"
#include "linnet-spawn.h"

struct _LinnetInvitationPage
{
  AdwNavigationPage parent_instance;

  LinnetNotice *notice;
  AdwEntryRow *link_row;
  GtkLabel *meaning;
  GtkButton *create_button;
  GtkButton *sign_in_button;
  GtkButton *page_button;

  char *proxy;      /* nullable */
  LinnetLink *link; /* nullable: what was typed is none, or none of use here */
};

G_DEFINE_FINAL_TYPE (LinnetInvitationPage, linnet_invitation_page, ADW_TYPE_NAVIGATION_PAGE)

enum
{
  ACCEPTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Whoever calls themselves something is never shown without their address. */
static char *
dup_inviter (LinnetLink *link)
{
  const char *name = linnet_link_get_name (link), *address = linnet_link_get_address (link);

  if (name == NULL || *name == '\0')
    return g_strdup (address);

  /* Translators: what somebody calls themselves, and their address */
  return g_strdup_printf (_ ("“%s” (%s)"), name, address);
}

/* Why there is nothing to do about what was typed. */
static char *
dup_reason (LinnetLink *link)
{
  if (link != NULL && linnet_link_get_kind (link) == LINNET_LINK_JOIN)
    /* Translators: %s is a group's address */
    return g_strdup_printf (_ ("The link leads to the group %s. This version of Linnet has no groups."),
                            linnet_link_get_address (link));

  return g_strdup (_ ("This is no invitation that Linnet understands. Check that it was copied whole."));
}

/* What following @link would do; NULL when there is nothing that the set-up could do with it. */
static char *
dup_meaning (LinnetLink *link)
{
  g_autofree char *inviter = NULL;

  switch (linnet_link_get_kind (link))
    {
    case LINNET_LINK_REGISTER:
      if (linnet_link_get_address (link) != NULL)
        /* Translators: %s is an address */
        return g_strdup_printf (_ ("You are invited to have the address %s."),
                                linnet_link_get_address (link));
      /* Translators: %s is a server's name */
      return g_strdup_printf (_ ("You are invited to an account on %s."), linnet_link_get_domain (link));
    case LINNET_LINK_ROSTER:
    case LINNET_LINK_SUBSCRIBE:
      inviter = dup_inviter (link);
      if (linnet_link_get_can_register (link))
        /* Translators: the first %s is who invites, the second a server's name */
        return g_strdup_printf (_ ("%s wants to chat with you. You can have an account on %s, and both of "
                                   "you become contacts."),
                                inviter,
                                linnet_link_get_domain (link));
      /* Translators: %s is who invites */
      return g_strdup_printf (_ ("%s wants to chat with you. For that you need an account first."), inviter);
    case LINNET_LINK_PAGE:
      /* Translators: %s is a server's name */
      return g_strdup_printf (
          _ ("The invitation is on a page of %s. Linnet can ask that server for it."),
          linnet_link_get_host (link));
    case LINNET_LINK_CHAT:
    case LINNET_LINK_MESSAGE:
    case LINNET_LINK_JOIN:
    case LINNET_LINK_UNSUPPORTED:
    default:
      return NULL;
    }
}

static void
set_meaning (LinnetInvitationPage *self, const char *meaning)
{
  g_autofree char *safe = linnet_safe_text_dup (GTK_WIDGET (self->meaning), meaning != NULL ? meaning : "");

  gtk_label_set_label (self->meaning, safe);
  gtk_widget_set_visible (GTK_WIDGET (self->meaning), meaning != NULL);
}

static void
update (LinnetInvitationPage *self)
{
  g_autofree char *meaning = self->link != NULL ? dup_meaning (self->link) : NULL;
  gboolean page = self->link != NULL && linnet_link_get_kind (self->link) == LINNET_LINK_PAGE;

  if (meaning == NULL)
    {
      meaning = *linnet_invitation_page_get_text (self) != '\0' ? dup_reason (self->link) : NULL;
      g_clear_object (&self->link);
    }

  set_meaning (self, meaning);
  gtk_widget_set_visible (GTK_WIDGET (self->page_button), page);
  gtk_widget_set_visible (GTK_WIDGET (self->create_button), !page);
  gtk_widget_set_sensitive (GTK_WIDGET (self->create_button), self->link != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->sign_in_button),
                          self->link != NULL && !page &&
                              linnet_link_get_kind (self->link) != LINNET_LINK_REGISTER);
}

static void
changed_cb (LinnetInvitationPage *self)
{
  const char *text = linnet_invitation_page_get_text (self);

  g_assert (LINNET_IS_INVITATION_PAGE (self));

  linnet_notice_set_text (self->notice, NULL);
  linnet_row_set_invalid (self->link_row, FALSE);
  g_clear_object (&self->link);
  self->link = linnet_link_parse (text, NULL);
  update (self);
}

static void
accept (LinnetInvitationPage *self, gboolean new_account)
{
  g_autofree char *text = NULL;

  if (self->link != NULL)
    {
      g_signal_emit (self, signals[ACCEPTED], 0, self->link, new_account);
      return;
    }

  linnet_notice_set_text (self->notice,
                          gtk_widget_get_visible (GTK_WIDGET (self->meaning))
                              ? gtk_label_get_label (self->meaning)
                              : _ ("Paste the link that you were sent."));
  set_meaning (self, NULL);
  linnet_row_set_invalid (self->link_row, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->link_row));
}

static void
set_looking (LinnetInvitationPage *self, gboolean looking)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->page_button), !looking);
  gtk_widget_set_sensitive (GTK_WIDGET (self->link_row), !looking);
}

static DexFuture *
look_up_fiber (gpointer data)
{
  LinnetInvitationPage *self = data;
  g_autoptr (LinnetLink) asked = g_object_ref (self->link);
  g_autoptr (LinnetLink) found = NULL;
  g_autoptr (GError) error = NULL;

  set_looking (self, TRUE);
  found = dex_await_object (linnet_link_resolve_through (asked, self->proxy), &error);
  set_looking (self, FALSE);

  /* Another link may have been opened meanwhile. */
  if (self->link != asked)
    return NULL;

  if (found != NULL)
    {
      g_set_object (&self->link, found);
      update (self);
    }
  else
    {
      g_autofree char *text = linnet_error_to_text (error, NULL);

      linnet_notice_set_text (self->notice, text);
    }

  return NULL;
}

static void
create_cb (LinnetInvitationPage *self)
{
  if (self->link != NULL && linnet_link_get_kind (self->link) == LINNET_LINK_PAGE)
    linnet_spawn_detached ("look-up-invitation", look_up_fiber, g_object_ref (self), g_object_unref);
  else
    accept (self, TRUE);
}

static void
sign_in_cb (LinnetInvitationPage *self)
{
  accept (self, FALSE);
}

static void
linnet_invitation_page_shown (AdwNavigationPage *page)
{
  gtk_widget_grab_focus (GTK_WIDGET (LINNET_INVITATION_PAGE (page)->link_row));
}

static void
linnet_invitation_page_dispose (GObject *object)
{
  LinnetInvitationPage *self = LINNET_INVITATION_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_INVITATION_PAGE);
  g_clear_object (&self->link);
  if (self->proxy != NULL)
    explicit_bzero (self->proxy, strlen (self->proxy));
  g_clear_pointer (&self->proxy, g_free);

  G_OBJECT_CLASS (linnet_invitation_page_parent_class)->dispose (object);
}

static void
linnet_invitation_page_class_init (LinnetInvitationPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = linnet_invitation_page_dispose;
  ADW_NAVIGATION_PAGE_CLASS (klass)->shown = linnet_invitation_page_shown;

  signals[ACCEPTED] = g_signal_new ("accepted",
                                    G_TYPE_FROM_CLASS (klass),
                                    G_SIGNAL_RUN_LAST,
                                    0,
                                    NULL,
                                    NULL,
                                    NULL,
                                    G_TYPE_NONE,
                                    2,
                                    LINNET_TYPE_LINK,
                                    G_TYPE_BOOLEAN);

  g_type_ensure (LINNET_TYPE_NOTICE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/linnet/Linnet/ui/linnet-invitation-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetInvitationPage, notice);
  gtk_widget_class_bind_template_child (widget_class, LinnetInvitationPage, link_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetInvitationPage, meaning);
  gtk_widget_class_bind_template_child (widget_class, LinnetInvitationPage, create_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetInvitationPage, sign_in_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetInvitationPage, page_button);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, create_cb);
  gtk_widget_class_bind_template_callback (widget_class, sign_in_cb);
}

static void
linnet_invitation_page_init (LinnetInvitationPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

/**
 * linnet_invitation_page_new:
 *
 * Returns: (transfer floating): the page
 */
LinnetInvitationPage *
linnet_invitation_page_new (void)
{
  return g_object_new (LINNET_TYPE_INVITATION_PAGE, NULL);
}

/**
 * linnet_invitation_page_set_text:
 * @text: a link, as it was clicked, pasted or dropped
 */
void
linnet_invitation_page_set_text (LinnetInvitationPage *self, const char *text)
{
  g_return_if_fail (LINNET_IS_INVITATION_PAGE (self));
  g_return_if_fail (text != NULL);

  gtk_editable_set_text (GTK_EDITABLE (self->link_row), text);
}

/**
 * linnet_invitation_page_set_proxy:
 * @proxy: (nullable): as [struct@Linnet.FetchRequest] has it
 */
void
linnet_invitation_page_set_proxy (LinnetInvitationPage *self, const char *proxy)
{
  g_return_if_fail (LINNET_IS_INVITATION_PAGE (self));

  g_set_str (&self->proxy, proxy);
}

const char *
linnet_invitation_page_get_text (LinnetInvitationPage *self)
{
  g_return_val_if_fail (LINNET_IS_INVITATION_PAGE (self), NULL);

  return gtk_editable_get_text (GTK_EDITABLE (self->link_row));
}
