-- A server whose accounts are made on a web page (XEP-0077 section 5, XEP-0066)
-- SPDX-License-Identifier: GPL-3.0-or-later
local st = require "prosody.util.stanza";

local url = module:get_option_string("web_registration_url", "https://"..module.host.."/register");

module:hook("stream-features", function (event)
  if event.origin.type == "c2s_unauthed" and event.origin.secure then
    event.features:tag("register", { xmlns = "http://jabber.org/features/iq-register" }):up();
  end
end);

module:hook("stanza/iq/jabber:iq:register:query", function (event)
  local session, stanza = event.origin, event.stanza;
  if session.type ~= "c2s_unauthed" or not session.secure then
    return;
  end
  if stanza.attr.type == "get" then
    session.send(st.reply(stanza):tag("query", { xmlns = "jabber:iq:register" })
      :text_tag("instructions", "Accounts are made on our page "..url)
      :tag("x", { xmlns = "jabber:x:oob" }):text_tag("url", url):up():up());
  else
    session.send(st.error_reply(stanza, "cancel", "not-allowed"));
  end
  return true;
end, 10);
