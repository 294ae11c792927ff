/* The puzzles that a server asks somebody new to solve
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "linnet-registration.h"

G_BEGIN_DECLS

/**
 * LinnetCaptchaBox:
 *
 * A [class@Linnet.CaptchaGroup] for each puzzle of a [class@Linnet.Registration], most often one. It is
 * hidden without any.
 *
 * Signals: `refresh`: others are wanted; `activated`: somebody is done with one.
 */
#define LINNET_TYPE_CAPTCHA_BOX (linnet_captcha_box_get_type ())
G_DECLARE_FINAL_TYPE (LinnetCaptchaBox, linnet_captcha_box, LINNET, CAPTCHA_BOX, GtkBox)

void linnet_captcha_box_set_registration (LinnetCaptchaBox *self, LinnetRegistration *registration);
/* Marks those whose answer is wrong. The field of the first of them, which gets the focus from now on;
 * borrowed, nullable. */
LinnetFormField *linnet_captcha_box_show_problems (LinnetCaptchaBox *self);
void linnet_captcha_box_clear_problems (LinnetCaptchaBox *self);

G_END_DECLS
