"""Preferences: what each of them changes.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import re

import taptest
from windowtest import WindowTest

ANA = "ana@lark.test"
MIRA = "mira@lark.test"
TYPING = "Tell contacts when you are typing"
RECEIPTS = "Tell contacts what has arrived"
READ = "Tell contacts what you have read"


class TestPreferences(WindowTest):
    def set_up_server(self):
        super().set_up_server()
        self.server.add_contacts(ANA, MIRA, "Ana", "Mira")

    def start(self):
        program = self.start_linnet()
        self.sign_in(program)
        program.new_chat(MIRA)
        return program

    def open_preferences(self, program):
        program.app.action("preferences", window=1)
        program.app.wait_for("dialog", "Preferences")

    def close_preferences(self, program):
        self.desktop.key("Escape")
        program.app.wait_gone("dialog", "Preferences")

    def set_switch(self, program, name, wanted, page="Privacy"):
        """Turns a switch on or off, unless it is; both its row and the switch say so then."""
        self.open_preferences(program)
        program.app.press("page tab", page)
        program.app.wait_for("check box", name)
        if program.app.find_all("check box", name)[-1].has("checked") != wanted:
            program.switch(name)
        if wanted:
            program.app.wait_for("check box", name, having=("checked",))
        else:
            program.app.wait_for("check box", name, lacking=("checked",))
        self.close_preferences(program)

    def send_and_read(self, program, mira, number):
        """Mira sends what asks for receipts, Ana reads it and answers; Mira has all that came before that."""
        mira.send_xml(
            f"<message to='{ANA}' type='chat' id='m{number}'><body>Message {number}</body>"
            "<request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/></message>"
        )
        program.app.wait_for("article", f"Mira: Message {number}")
        program.send(f"Answer {number}")
        mira.wait_for_body(f"Answer {number}")

    def received(self, mira, pattern):
        return any(re.search(pattern, stanza) for stanza in list(mira.stanzas))

    def test_read_receipts(self):
        program = self.start()
        mira = self.start_peer()
        program.app.wait_for("label", "online")
        self.set_switch(program, RECEIPTS, False)
        self.send_and_read(program, mira, 1)
        self.assertFalse(self.received(mira, "<(received|displayed) "))
        self.set_switch(program, RECEIPTS, True)
        self.send_and_read(program, mira, 2)
        mira.wait_for_xml(r"<received [^>]*id=.m2.")
        mira.wait_for_xml(r"<displayed [^>]*id=.m2.")
        self.assertFalse(self.received(mira, r"<(received|displayed) [^>]*id=.m1."))

    def test_arrived_but_not_read(self):
        program = self.start()
        mira = self.start_peer()
        program.app.wait_for("label", "online")
        self.set_switch(program, READ, False)
        self.send_and_read(program, mira, 1)
        mira.wait_for_xml(r"<received [^>]*id=.m1.")
        self.assertFalse(self.received(mira, "<displayed "))
        # What has not arrived has not been read.
        self.set_switch(program, RECEIPTS, False)
        self.open_preferences(program)
        program.app.press("page tab", "Privacy")
        program.app.wait_for("check box", READ, lacking=("sensitive",))

    def type_and_send(self, program, mira, text):
        program.app.press("button", "Chat details")
        program.app.wait_for("dialog", "Details")
        self.desktop.key("Escape")
        program.app.wait_gone("dialog", "Details")
        program.focus_by_keys("text", "Message")
        self.desktop.type(text)
        self.desktop.key("Return")
        mira.wait_for_body(text)

    def test_typing(self):
        program = self.start()
        mira = self.start_peer()
        program.app.wait_for("label", "online")
        # Chat states go only to somebody who has shown to know them.
        mira.send_xml(
            f"<message to='{ANA}' type='chat'><body>Hi</body>"
            "<active xmlns='http://jabber.org/protocol/chatstates'/></message>"
        )
        program.app.wait_for("article", "Mira: Hi")
        self.set_switch(program, TYPING, False)
        self.type_and_send(program, mira, "quietly")
        self.assertFalse(self.received(mira, "<composing "))
        self.set_switch(program, TYPING, True)
        self.type_and_send(program, mira, "aloud")
        mira.wait_for_xml("<composing ")

    def test_enter(self):
        program = self.start()
        mira = self.start_peer()
        self.set_switch(program, "Send with Enter", False, page="General")
        program.focus_by_keys("text", "Message")
        self.desktop.type("One")
        self.desktop.key("Return")
        self.desktop.type("two")
        self.desktop.key("ctrl+Return")
        mira.wait_for_body("One\ntwo")

    def test_kept(self):
        """What was chosen is so after a restart, too."""
        program = self.start()
        self.set_switch(program, "Show messages in notifications", False, page="General")
        for name in (RECEIPTS, TYPING):
            self.set_switch(program, name, False)
        self.assertEqual(program.quit(), 0)
        program = self.start_linnet()
        program.app.wait_for("entry", "Search chats")
        self.open_preferences(program)
        self.assertFalse(program.app.wait_for("check box", "Show messages in notifications").has("checked"))
        self.assertTrue(program.app.wait_for("check box", "Send with Enter").has("checked"))
        program.app.press("page tab", "Privacy")
        for name in (RECEIPTS, TYPING):
            self.assertFalse(program.app.wait_for("check box", name).has("checked"), name)

    def test_accounts(self):
        program = self.start()
        self.open_preferences(program)
        program.app.press("page tab", "Accounts")
        program.app.wait_for("list item", ANA, "Online")
        program.press_row(ANA, role="list item")
        program.app.wait_for("dialog", "Account")
        program.switch("Use this account")
        self.desktop.key("Escape")
        program.app.wait_gone("dialog", "Account")
        program.app.wait_for("list item", ANA, "Switched off")
        program.press_row("Add Account…")
        program.app.wait_for("dialog", "Add Account")
        program.app.wait_for("button", "Create New Account")

    def test_way_to_the_proxy(self):
        program = self.start()
        self.open_preferences(program)
        program.app.press("page tab", "Privacy")
        program.press_row("ana@lark.test", "list item")
        program.app.wait_for("dialog", "Account")
        program.app.wait_for("text", "SOCKS5 proxy")

    def test_appearance(self):
        program = self.start()
        picture = self.desktop.grab(program.window())
        self.assertGreater(sum(picture.pixel(picture.width // 2, picture.height // 2)), 2 * 255)
        self.open_preferences(program)
        program.focus_by_keys("combo box", "Style")
        self.desktop.key("Return")
        program.app.wait_for("label", "Dark")
        self.desktop.key("Down", "Down", "Return")
        program.app.wait_gone("label", "Light")
        self.close_preferences(program)

        picture = self.desktop.grab(program.window())
        self.assertLess(sum(picture.pixel(picture.width // 2, picture.height // 2)), 255)


if __name__ == "__main__":
    taptest.main()
