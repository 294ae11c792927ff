/* A certificate that could not be verified: what is wrong with it, and whether to trust it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-certificate-problem.h"

G_BEGIN_DECLS

#define LINNET_CERTIFICATE_RESPONSE_TRUST "trust"

AdwAlertDialog *linnet_certificate_dialog_new (const LinnetCertificateProblem *problem);

G_END_DECLS
