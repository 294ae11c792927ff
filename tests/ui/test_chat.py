"""Two people chatting, one of them through the window.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import re

import taptest
from rawclient import RawClient
from windowtest import WindowTest

ANA = "ana@lark.test"
MIRA = "mira@lark.test"


class TestChat(WindowTest):
    def set_up_server(self):
        super().set_up_server()
        self.server.add_contacts(ANA, MIRA, "Ana", "Mira")

    def start_chat(self):
        """Ana's window with the open chat with Mira."""
        program = self.start_linnet()
        self.sign_in(program)
        program.new_chat(MIRA)
        return program

    def assert_rows(self, program, *texts):
        """The open chat shows exactly these messages."""
        self.assertEqual([name for name, _ in program.transcript()], list(texts))

    def test_both_ways(self):
        program = self.start_chat()
        mira = self.start_peer()
        program.app.wait_for("label", "online")

        program.send("Hello Mira! 🌻")
        received = mira.wait_for_body("Hello Mira! 🌻")
        self.assertEqual(received["from"].bare, ANA)
        program.app.wait_for("article", "You: Hello Mira! 🌻", re.compile("received"))
        program.app.wait_for("text", "Message")
        self.assertEqual(program.app.text("text", "Message"), "")

        mira.send(ANA, "Hello Ana")
        program.app.wait_for("article", "Mira: Hello Ana")
        program.app.wait_for("list item", "Mira", re.compile("Hello Ana"))
        self.assert_rows(program, "You: Hello Mira! 🌻", "Mira: Hello Ana")

    def test_markup_is_text(self):
        program = self.start_chat()
        mira = self.start_peer()
        mira.send(ANA, "<b>bold</b> & <img src='x'/>")
        program.app.wait_for("article", "Mira: <b>bold</b> & <img src='x'/>")
        program.send("1 < 2 & 3 > 2")
        mira.wait_for_body("1 < 2 & 3 > 2")

    def test_receipt_and_read(self):
        program = self.start_chat()
        mira = self.start_peer()
        program.send("One")
        message = mira.wait_for_body("One")
        mira.send_xml(
            f"<message to='{ANA}' type='chat'><displayed xmlns='urn:xmpp:chat-markers:0' "
            f"id='{message['id']}'/></message>"
        )
        program.app.wait_for("article", "You: One", re.compile("read"))

        # What comes while the person looks is confirmed as read.
        mira.send_xml(
            f"<message to='{ANA}' type='chat' id='two'><body>Two</body>"
            "<request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/></message>"
        )
        program.app.wait_for("article", "Mira: Two")
        mira.wait_for_xml(r"<received [^>]*id=.two.")
        mira.wait_for_xml(r"<displayed [^>]*id=.two.")

    def test_typing(self):
        program = self.start_chat()
        mira = self.start_peer()
        mira.send(ANA, "Hi")
        program.app.wait_for("article", "Mira: Hi")
        mira.send_chat_state(ANA, "composing")
        program.app.wait_for("label", "typing…")
        mira.send_chat_state(ANA, "active")
        program.app.wait_gone("label", "typing…")

        program.app.wait_for("text", "Message", having=("focused",))
        self.desktop.type("Hel")
        mira.wait_for_xml("<composing ")
        self.desktop.key("BackSpace", "BackSpace", "BackSpace")
        mira.wait_for_xml("<(active|paused|inactive) ")

    def test_error_and_retry(self):
        program = self.start_linnet()
        self.sign_in(program)
        program.new_chat("nobody@lark.test")
        program.send("Anybody there?")
        program.app.wait_for("article", "You: Anybody there?", re.compile("failed|not sent"))
        program.app.wait_for("label", re.compile("Nobody could be reached"))
        self.add_accounts("nobody")
        nobody = self.start_peer("nobody")
        program.app.press("button", "Try Again")
        nobody.wait_for_body("Anybody there?")
        program.app.wait_gone("button", "Try Again")

    def test_history_and_draft_survive(self):
        program = self.start_chat()
        mira = self.start_peer()
        program.send("Remember this")
        mira.wait_for_body("Remember this")
        mira.send(ANA, "I will")
        program.app.wait_for("article", "Mira: I will")
        program.app.put("text", "Message", "Half a thought, ünfinished")
        self.assertEqual(program.quit(), 0)
        # What comes meanwhile waits on the server.
        mira.send(ANA, "Are you there?")

        program = self.start_linnet()
        program.app.wait_for("list item", "Mira", re.compile("Draft: Half a thought"))
        program.app.wait_for("list item", "Mira", re.compile("1 unread message"))
        program.open_chat("Mira")
        program.app.wait_for("article", "Mira: Are you there?")
        self.assert_rows(program, "You: Remember this", "Mira: I will", "Mira: Are you there?")
        self.assertEqual(program.app.text("text", "Message"), "Half a thought, ünfinished")
        program.app.wait_for("label", "1 new message")

    def test_history_survives_crash(self):
        program = self.start_chat()
        mira = self.start_peer()
        for number in range(5):
            program.send(f"Number {number}")
        mira.wait_for_body("Number 4")
        program.kill()
        program = self.start_linnet()
        program.open_chat("Mira")
        program.app.wait_for("article", "You: Number 4")
        self.assert_rows(program, *[f"You: Number {number}" for number in range(5)])
        self.assertEqual(mira.bodies(ANA), [f"Number {number}" for number in range(5)])

    def test_server_restart(self):
        program = self.start_chat()
        mira = self.start_peer()
        program.send("Before")
        mira.wait_for_body("Before")
        program.app.wait_for("label", "online")

        self.server.stop()
        program.app.wait_for("button", "Reconnect")
        why = re.compile("lark.test (is restarting|does not answer).*Next attempt in")
        program.app.wait_for("grouping", why)
        # Nobody knows whether she is.
        program.app.wait_gone("label", "online")
        mira.disconnect()
        program.send("Meanwhile")
        program.app.wait_for("article", "You: Meanwhile", re.compile("waiting|queued|sending"))

        self.server.start()
        # Unless it has come back by itself already.
        button = program.app.find("button", "Reconnect")
        if button is not None:
            button.press()
        mira = self.start_peer()
        mira.wait_for_body("Meanwhile")
        program.app.wait_for("label", "online")
        program.app.wait_for("article", "You: Meanwhile", re.compile("sent|received"))
        program.app.wait_gone("button", "Reconnect")
        mira.send(ANA, "After")
        program.app.wait_for("article", "Mira: After")
        self.assert_rows(program, "You: Before", "You: Meanwhile", "Mira: After")
        self.assertEqual(mira.bodies(ANA), ["Meanwhile"])

    def test_connections_just_break(self):
        program = self.start_chat()
        mira = self.start_peer()
        program.send("Before")
        mira.wait_for_body("Before")
        mira.disconnect()
        self.server.kill()
        program.app.wait_for("button", "Reconnect")
        program.send("Meanwhile")
        self.server.start()
        # It comes back by itself, too.
        mira = self.start_peer()
        mira.wait_for_body("Meanwhile", seconds=60)
        program.app.wait_gone("button", "Reconnect")

    def test_other_device(self):
        program = self.start_chat()
        mira = self.start_peer()
        phone = self.start_peer("ana", "phone")
        phone.send(MIRA, "From my phone")
        mira.wait_for_body("From my phone")
        program.app.wait_for("article", "You: From my phone")
        mira.send(ANA, "To all of you")
        phone.wait_for_body("To all of you")
        program.app.wait_for("article", "Mira: To all of you")

    def test_unread(self):
        program = self.start_linnet()
        self.sign_in(program)
        mira = self.start_peer()
        for number in range(3):
            mira.send(ANA, f"Number {number}")
        program.app.wait_for("list item", "Mira", re.compile("3 unread messages"))
        program.open_chat("Mira")
        program.app.wait_for("label", "3 new messages")
        program.app.wait_for("list item", "Mira", re.compile("^(?!.*unread)"))

    def test_long_history_pages_in(self):
        program = self.start_chat()
        mira = self.start_peer()
        for number in range(120):
            mira.send(ANA, f"Number {number}")
        program.app.wait_for("article", "Mira: Number 119", seconds=60)
        self.assertEqual(program.quit(), 0)
        program = self.start_linnet()
        program.open_chat("Mira")
        program.app.wait_for("article", "Mira: Number 119")
        self.assertIsNone(program.app.find("article", "Mira: Number 0", showing=False))
        program.focus_by_keys("list item", "Mira: Number 119", key="shift+Tab")
        self.desktop.key("Home")
        for _ in range(6):
            if program.app.find("article", "Mira: Number 0"):
                break
            self.desktop.key("Home")
        program.app.wait_for("article", "Mira: Number 0")
        program.app.press("button", "Jump to latest")
        program.app.wait_for("article", "Mira: Number 119")
        program.app.wait_gone("button", "Jump to latest")

    def test_flood(self):
        # More than the log keeps, faster than frames come: it stays at the newest.
        program = self.start_chat()
        sender = RawClient(MIRA, "secret of mira", self.server.tls_port)
        messages = (f"<message to='{ANA}' type='chat'><body>Number {n}</body></message>" for n in range(2500))
        sender.write("".join(messages))
        program.app.wait_for("article", "Mira: Number 2499", seconds=90)
        self.assertIsNone(program.app.find("button", "Jump to latest"))
        sender.write(f"<message to='{ANA}' type='chat'><body>And now?</body></message>")
        program.app.wait_for("article", "Mira: And now?")
        sender.close()


if __name__ == "__main__":
    taptest.main()
