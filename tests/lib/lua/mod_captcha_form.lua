-- Registration by a data form with a picture puzzle (XEP-0077, XEP-0004, XEP-0158, XEP-0221, XEP-0231)
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Instead of mod_register_ibr. Every kind of field is there, the hidden ones must come back untouched, and a
-- wrong answer spends the puzzle. captcha_folder has the pictures <answer>.png; what the last one said is
-- appended to captcha_log. With captcha_inline = false the picture has to be fetched. With captcha_sound, its
-- answer, there is a sound first, and one of the two has to be answered, not both.
local st = require "prosody.util.stanza";
local hashes = require "prosody.util.hashes";
local base64 = require "prosody.util.encodings".base64.encode;
local nodeprep = require "prosody.util.encodings".stringprep.nodeprep;
local random = require "prosody.util.id";
local usermanager = require "prosody.core.usermanager";

local NS_REGISTER = "jabber:iq:register";
local NS_FORM = "jabber:x:data";
local NS_BOB = "urn:xmpp:bob";
local NS_VALIDATE = "http://jabber.org/protocol/xdata-validate";

local answers = module:get_option_array("captcha_answers", {});
local folder = module:get_option_string("captcha_folder");
local log_file = module:get_option_string("captcha_log");
local inline = module:get_option_boolean("captcha_inline", true);
local sound_answer = module:get_option_string("captcha_sound");
local next_answer = 0;

module:depends("register_limits");

module:hook("stream-features", function (event)
  if event.origin.type == "c2s_unauthed" and event.origin.secure then
    event.features:tag("register", { xmlns = "http://jabber.org/features/iq-register" }):up();
  end
end);

local function new_puzzle()
  next_answer = next_answer % #answers + 1;
  local answer = answers[next_answer];
  local file = assert(io.open(folder.."/"..answer..".png", "rb"));
  local picture = file:read("*a");
  file:close();
  local told = assert(io.open(log_file, "a"));
  told:write(answer, "\n");
  told:close();
  return {
    answer = answer;
    picture = picture;
    cid = "sha1+"..hashes.sha1(picture, true).."@bob.xmpp.org";
    hidden = {
      FORM_TYPE = NS_REGISTER;
      from = module.host;
      challenge = random.medium();
      sid = "";
      state = "seven & <eight>, kept as it is";
    };
  };
end

local function data_element(puzzle)
  return st.stanza("data", { xmlns = NS_BOB, cid = puzzle.cid, type = "image/png", ["max-age"] = "0" })
    :text(base64(puzzle.picture));
end

local function field(form, kind, var, label, required, value)
  form:tag("field", { type = kind, var = var, label = label });
  if required then form:tag("required"):up(); end
  if value then form:tag("value"):text(value):up(); end
  return form;
end

local function options(form, list)
  for _, pair in ipairs(list) do
    form:tag("option", { label = pair[2] }):tag("value"):text(pair[1]):up():up();
  end
  return form;
end

local towns = { { "lis", "Lisbon" }, { "osl", "Oslo" }, { "nbo", "Nairobi" } };
local birds = { { "linnet", "Linnets" }, { "lark", "Larks" }, { "owl", "Owls" } };

-- Nothing to be heard for a moment: only programs get it.
local sound = "RIFF\44\0\0\0WAVEfmt \16\0\0\0\1\0\1\0\64\31\0\0\64\31\0\0\1\0\8\0data\8\0\0\0"
  ..("\128"):rep(8);
local sound_cid = "sha1+"..hashes.sha1(sound, true).."@bob.xmpp.org";

local function make_form(puzzle)
  local form = st.stanza("x", { xmlns = NS_FORM, type = "form" });
  form:text_tag("title", "A new account");
  form:text_tag("instructions", "Fill in the form. The rules are at https://"..module.host.."/rules");
  for _, name in ipairs { "FORM_TYPE", "from", "challenge", "sid", "state" } do
    field(form, "hidden", name, nil, false, puzzle.hidden[name]):up();
  end
  field(form, "fixed", nil, nil, false, "About you"):up();
  field(form, "text-single", "username", "Username", true):up();
  field(form, "text-private", "password", "Password", true):up();
  field(form, "text-single", "email", "Email address", true)
    :text_tag("desc", "Only for a lost password")
    :tag("validate", { xmlns = NS_VALIDATE, datatype = "xs:string" })
      :text_tag("regex", "[^@ ]+@[^@ ]+"):up()
    :up();
  options(field(form, "list-single", "town", "Town", false, "osl"), towns):up();
  options(field(form, "list-multi", "birds", "Birds"), birds):up();
  field(form, "text-multi", "about", "Why do you want an account?"):up();
  field(form, "boolean", "rules", "I accept the rules", true, "0"):up();
  if sound_answer then
    field(form, "text-single", "audio_recog", "What rings in this sound?")
      :tag("media", { xmlns = "urn:xmpp:media-element" })
        :tag("uri", { type = "audio/x-wav" }):text("cid:"..sound_cid):up():up()
      :up();
  end
  field(form, "text-single", "ocr", "Enter the number you see", not sound_answer)
    :tag("media", { xmlns = "urn:xmpp:media-element", width = "200", height = "56" })
      :tag("uri", { type = "image/png" }):text("cid:"..puzzle.cid):up():up()
    :up();
  return form;
end

local function read_form(form)
  local data = {};
  for tag in form:childtags("field") do
    data[tag.attr.var or ""] = tag:get_child_text("value") or "";
  end
  return data;
end

local function has_value(list, value)
  for _, pair in ipairs(list) do
    if pair[1] == value then return true; end
  end
  return false;
end

-- What is wrong with a form: the type and condition of the error, and its text.
local function fault(session, data)
  local puzzle = session.captcha;
  if not puzzle or data.challenge ~= puzzle.hidden.challenge then
    return "modify", "not-acceptable", "This puzzle is over, ask for another";
  end
  for name, value in pairs(puzzle.hidden) do
    if data[name] ~= value then
      return "modify", "bad-request", "The hidden field "..name.." was changed";
    end
  end
  if data.ocr and data.audio_recog then
    return "modify", "not-acceptable", "One answer is enough";
  end
  if data.ocr ~= puzzle.answer and (not sound_answer or data.audio_recog ~= sound_answer) then
    session.captcha = nil;
    return "modify", "not-acceptable", "The number is not the one in the picture";
  end
  if not (data.email or ""):match("^[^@ ]+@[^@ ]+$") then
    return "modify", "not-acceptable", "An email address is needed";
  end
  if data.rules ~= "1" and data.rules ~= "true" then
    return "modify", "not-acceptable", "The rules have to be accepted";
  end
  if data.town and not has_value(towns, data.town) then
    return "modify", "bad-request", "There is no such town";
  end
  if #(data.password or "") < 6 then
    return "modify", "not-acceptable", "The password is too short";
  end
end

local function register(session, stanza, data)
  local username = nodeprep(data.username or "", true);
  if not username or username == "" then
    return "modify", "not-acceptable", "This username cannot be";
  end
  local user = {
    username = username, host = module.host, ip = session.ip, session = session, allowed = true;
  };
  module:fire_event("user-registering", user);
  if not user.allowed then
    local why = user.error or {};
    return why.type or "cancel", why.condition or "not-allowed", why.text;
  end
  if usermanager.user_exists(username, module.host) then
    return "cancel", "conflict", "Somebody has this username";
  end
  local created, reason =
    usermanager.create_user_with_role(username, data.password, module.host, "prosody:registered");
  if not created then
    return "wait", "internal-server-error", reason;
  end
  session.captcha = nil;
  session.send(st.reply(stanza));
  module:fire_event("user-registered", { username = username, host = module.host, session = session });
end

module:hook("stanza/iq/"..NS_REGISTER..":query", function (event)
  local session, stanza = event.origin, event.stanza;
  if session.type ~= "c2s_unauthed" or not session.secure then
    return;
  end
  if stanza.attr.type == "get" then
    session.captcha = new_puzzle();
    local reply = st.reply(stanza):tag("query", { xmlns = NS_REGISTER })
      :text_tag("instructions", "This server wants a form filled in.")
      :add_child(make_form(session.captcha));
    if inline then reply:add_child(data_element(session.captcha)); end
    if sound_answer then
      reply:tag("data", { xmlns = NS_BOB, cid = sound_cid, type = "audio/x-wav", ["max-age"] = "0" })
        :text(base64(sound)):up();
    end
    session.send(reply);
    return true;
  end
  local form = stanza.tags[1]:get_child("x", NS_FORM);
  local kind, condition, text;
  if not form or form.attr.type ~= "submit" then
    kind, condition, text = "modify", "bad-request", "Only the form is taken";
  else
    local data = read_form(form);
    kind, condition, text = fault(session, data);
    if not kind then
      kind, condition, text = register(session, stanza, data);
    end
  end
  if kind then
    session.send(st.error_reply(stanza, kind, condition, text));
  end
  return true;
end, 10);

module:hook("stanza/iq/"..NS_BOB..":data", function (event)
  local session, stanza = event.origin, event.stanza;
  local puzzle = session.captcha;
  if session.type ~= "c2s_unauthed" or not session.secure or stanza.attr.type ~= "get" then
    return;
  end
  if puzzle and stanza.tags[1].attr.cid == puzzle.cid then
    session.send(st.reply(stanza):add_child(data_element(puzzle)));
  else
    session.send(st.error_reply(stanza, "cancel", "item-not-found"));
  end
  return true;
end);
