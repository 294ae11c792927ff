/* Blocking somebody, after a question
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-block-contact"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account.h"
#include "linnet-alert.h"
#include "linnet-block-contact.h"
#include "linnet-spawn.h"

typedef struct
{
  LinnetContact *contact;
  GtkWidget *parent;
} Block;

static void
block_free (gpointer data)
{
  Block *block = data;

  g_clear_object (&block->contact);
  g_clear_object (&block->parent);
  g_free (block);
}

static void
set_blocked (LinnetContact *contact, gboolean blocked, GtkWidget *parent)
{
  LinnetAccount *account = linnet_contact_get_account (contact);

  linnet_alert_follow (linnet_contact_set_blocked (contact, blocked),
                       parent,
                       blocked ? _ ("Could Not Block") : _ ("Could Not Unblock"),
                       account != NULL ? linnet_account_get_domain (account) : NULL);
}

static DexFuture *
linnet_block_contact_fiber (gpointer data)
{
  Block *block = data;
  g_autofree char *heading = NULL;
  const char *body;

  /* Translators: %s is a person's name */
  heading = g_strdup_printf (_ ("Block %s?"), linnet_contact_get_name (block->contact));
  body = _ ("Their messages will no longer reach you on any device, and they will not see when "
            "you are online. They are not told.");
  if (linnet_alert_confirm_destructive (heading, body, _ ("Block"), block->parent))
    set_blocked (block->contact, TRUE, block->parent);

  return NULL;
}

/**
 * linnet_block_contact_is_possible:
 *
 * Returns: whether @contact can be blocked, or unblocked when it is blocked
 */
gboolean
linnet_block_contact_is_possible (LinnetContact *contact)
{
  LinnetAccount *account;

  g_return_val_if_fail (LINNET_IS_CONTACT (contact), FALSE);

  account = linnet_contact_get_account (contact);

  return account != NULL && (linnet_contact_get_blocked (contact) || linnet_account_get_can_block (account));
}

/**
 * linnet_block_contact:
 * @block: whether to block or to unblock
 * @parent: a widget in the window to ask in
 *
 * Asks first, unless it is for unblocking. Tells when the server refuses.
 */
void
linnet_block_contact (LinnetContact *contact, gboolean block, GtkWidget *parent)
{
  Block *question;

  g_return_if_fail (LINNET_IS_CONTACT (contact));
  g_return_if_fail (GTK_IS_WIDGET (parent));

  if (!block)
    {
      set_blocked (contact, FALSE, parent);
      return;
    }

  question = g_new0 (Block, 1);
  question->contact = g_object_ref (contact);
  question->parent = g_object_ref (parent);
  linnet_spawn_detached ("block-contact", linnet_block_contact_fiber, question, block_free);
}
