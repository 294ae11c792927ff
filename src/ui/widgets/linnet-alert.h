/* Asking a question and awaiting the answer
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>
#include <libdex.h>

G_BEGIN_DECLS

AdwAlertDialog *linnet_alert_new (const char *heading, const char *body);
DexFuture *linnet_alert_choose (AdwAlertDialog *dialog, GtkWidget *parent) G_GNUC_WARN_UNUSED_RESULT;
gboolean linnet_alert_confirm (AdwAlertDialog *dialog, GtkWidget *parent, const char *response);
gboolean linnet_alert_confirm_destructive (const char *heading,
                                           const char *body,
                                           const char *label,
                                           GtkWidget *parent);
void
linnet_alert_show_error (GtkWidget *parent, const char *heading, const GError *error, const char *domain);
void linnet_alert_follow (DexFuture *future, GtkWidget *parent, const char *heading, const char *domain);

G_END_DECLS
