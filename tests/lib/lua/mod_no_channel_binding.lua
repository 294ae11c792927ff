-- A server that cannot bind a sign-in to its channel, as if it did not know of its own TLS
-- SPDX-License-Identifier: GPL-3.0-or-later
module:hook("stream-features", function (event)
  event.origin.was_encrypted, event.origin.encrypted = event.origin.encrypted, nil;
end, 1000);

module:hook("stream-features", function (event)
  event.origin.encrypted = event.origin.was_encrypted;
  if event.origin.encrypted then
    event.features:remove_children("starttls", "urn:ietf:params:xml:ns:xmpp-tls");
  end
end, -1000);
