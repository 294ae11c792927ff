/* XEP-0334 Message Processing Hints, version 1.0.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

/* We give hints to servers and take none from senders: what a person was sent is shown, and what is shown is
 * in the history. The session itself looks for "store" in what it sends: that outlives a session. */
#define XMPP_NS_HINTS "urn:xmpp:hints"
