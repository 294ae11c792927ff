-- XEP-0494 as far as tests need it: the sessions of an account, each of which another one can end.
--
-- SPDX-License-Identifier: GPL-3.0-or-later

local datetime = require "prosody.util.datetime";
local st = require "prosody.util.stanza";

local xmlns = "urn:xmpp:cam:0";

local function id_of(session)
  return "client/" .. (session.client_id or session.resource);
end

local function sessions_of(username)
  local user = prosody.bare_sessions[username .. "@" .. module.host];
  return user and user.sessions or {};
end

module:hook("iq-get/self/" .. xmlns .. ":list", function (event)
  local reply = st.reply(event.stanza):tag("clients", { xmlns = xmlns });
  for resource, session in pairs(sessions_of(event.origin.username)) do
    local now = datetime.datetime(os.time());
    reply:tag("client", { id = id_of(session), connected = "true", type = "session" });
    reply:text_tag("first-seen", now):text_tag("last-seen", now);
    reply:tag("auth"):tag("fast"):up():up();
    reply:tag("user-agent"):text_tag("software", resource):text_tag("device", "Tablet"):up();
    reply:up();
  end
  event.origin.send(reply);
  return true;
end);

module:hook("iq-set/self/" .. xmlns .. ":revoke", function (event)
  local id = event.stanza.tags[1].attr.id;
  for _, session in pairs(sessions_of(event.origin.username)) do
    if id_of(session) == id then
      session:close({ condition = "not-authorized", text = "Signed out elsewhere" });
      event.origin.send(st.reply(event.stanza));
      return true;
    end
  end
  event.origin.send(st.error_reply(event.stanza, "cancel", "item-not-found"));
  return true;
end);
