/* A form, the work that comes of it, and what came of that
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-work.h"

G_BEGIN_DECLS

/**
 * LinnetWorkView:
 *
 * Shows its child, the form; while work is being done a progress bar with "Cancel"; at the end a page that
 * tells what was done. Role GROUP; the progress bar is named by what is being done.
 *
 * Signal "finished" (): the button of the last page was pressed.
 */
#define LINNET_TYPE_WORK_VIEW (linnet_work_view_get_type ())
G_DECLARE_FINAL_TYPE (LinnetWorkView, linnet_work_view, LINNET, WORK_VIEW, GtkWidget)

/* @text: what is being done. */
void linnet_work_view_start (LinnetWorkView *self, LinnetWork *work, const char *text);
/* Back to the form. */
void linnet_work_view_stop (LinnetWorkView *self);
/* @title and @description are no markup; @label: of the button, nullable for none. */
void linnet_work_view_show_result (LinnetWorkView *self,
                                   const char *title,
                                   const char *description,
                                   const char *label);
/* Stops what is being done, if something is. */
void linnet_work_view_cancel (LinnetWorkView *self);

G_END_DECLS
