"""Several accounts in one window.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import re

import taptest
from gi.repository import GLib
from processes import wait_until
from windowtest import WindowTest

ANA = "ana@lark.test"
WORK = "work@lark.test"
MIRA = "mira@lark.test"


class TestAccounts(WindowTest):
    """Ana has a second account, and Mira is a contact of both."""

    def set_up_server(self):
        self.add_accounts("ana", "work", "mira")
        self.server.add_contacts(ANA, MIRA, "Ana", "Mira")
        self.server.add_contacts(WORK, MIRA, "Ana at work", "Mira")

    def start(self):
        program = self.start_linnet()
        self.sign_in(program)
        program.app.action("add-account", window=1)
        program.app.wait_for("dialog", "Add Account")
        program.fill_sign_in(WORK, "secret of work", ("127.0.0.1", self.server.port))
        program.app.press("button", "Sign In")
        program.app.wait_gone("dialog", "Add Account", seconds=40)
        return program

    def start_chats(self):
        """With both accounts and a message from Mira to each."""
        program = self.start()
        mira = self.start_peer()
        mira.send(ANA, "Hello Ana")
        program.app.wait_for("list item", "Mira", re.compile("Hello Ana"))
        mira.send(WORK, "Hello colleague")
        program.app.wait_for("list item", "Mira", re.compile("Hello colleague"))
        return program, mira

    def wait_for_identity(self, program, address):
        program.app.wait_for("label", f"online · as {address}")

    def test_give_an_address(self):
        program = self.start()
        program.app.action("show-code", GLib.Variant("s", ""), window=1)
        program.app.wait_for("alert", "Which Account?")
        program.app.press("button", WORK)
        program.app.wait_for("dialog", "My QR Code")
        program.app.wait_for("image", "QR Code", re.compile(WORK))
        self.desktop.key("Escape")
        program.app.wait_gone("dialog", "My QR Code")
        # Nobody asks what is known.
        program.app.action("show-code", GLib.Variant("s", ANA), window=1)
        program.app.wait_for("image", "QR Code", re.compile(ANA))

    def test_chats_of_both(self):
        program, mira = self.start_chats()
        # The first account is what goes without saying.
        program.app.wait_for("list item", "Mira", re.compile(f"Hello colleague, as {WORK}$"))
        program.app.wait_for("list item", "Mira", re.compile("Hello Ana$"))

        program.open_chat_with(WORK, MIRA)
        self.wait_for_identity(program, WORK)
        program.send("From work")
        self.assertEqual(mira.wait_for_body("From work")["from"].bare, WORK)
        program.open_chat_with(ANA, MIRA)
        self.wait_for_identity(program, ANA)
        program.send("From home")
        self.assertEqual(mira.wait_for_body("From home")["from"].bare, ANA)
        self.assertEqual([name for name, _ in program.transcript()], ["Mira: Hello Ana", "You: From home"])

    def test_adding_begins_with_the_address(self):
        program = self.start_linnet()
        self.sign_in(program)
        for width, height in ((1100, 720), (370, 640)):
            self.desktop.place(program.window(), 0, 0, width, height)
            program.app.action("add-account", window=1)
            program.app.wait_for("dialog", "Add Account")
            program.open_sign_in()
            self.desktop.type("work")
            wait_until(lambda: program.app.text("text", "Address") == "work", "it went elsewhere")
            # Back to the first page, and then away.
            self.desktop.key("Escape")
            program.app.wait_for("button", "I Already Have an Account")
            self.desktop.key("Escape")
            program.app.wait_gone("dialog", "Add Account")

    def test_one_account_says_nothing_of_it(self):
        program = self.start_linnet()
        self.sign_in(program)
        mira = self.start_peer()
        mira.send(ANA, "Hello Ana")
        program.open_chat("Mira")
        program.app.wait_for("label", "online")
        self.assertIsNone(program.app.find("label", re.compile("as ana")))

    def test_contacts_of_both(self):
        program = self.start()
        mira = self.start_peer()
        program.app.action("new-chat", window=1)
        program.app.wait_for("list item", "Mira", f"{MIRA} · as {ANA}")
        program.app.wait_for("list item", "Mira", f"{MIRA} · as {WORK}")
        # Somebody new is added to the account that is chosen.
        program.press_row("Add Contact…")
        program.app.wait_for("combo box", "Account")
        mira.roster()

    def test_switch_off_and_on(self):
        program, mira = self.start_chats()
        mira.wait_for_presence("available", WORK)
        program.open_account(WORK)
        program.switch("Use this account")
        mira.wait_for_presence("unavailable", WORK)
        self.desktop.key("Escape")
        program.app.wait_gone("dialog", "Account")

        # The other account goes on; the chats of this one stay.
        mira.send(ANA, "Still there?")
        program.app.wait_for("list item", "Mira", re.compile("Still there"))
        program.open_chat_with(WORK, MIRA)
        program.app.wait_for("article", "Mira: Hello colleague")
        program.app.wait_for("button", "Reconnect")
        program.send("Later")

        program.open_account(WORK)
        program.switch("Use this account")
        mira.wait_for_body("Later")
        self.desktop.key("Escape")
        program.app.wait_gone("button", "Reconnect")

    def test_sign_out_of_one(self):
        program, mira = self.start_chats()
        program.open_chat_with(WORK, MIRA)
        program.sign_out(WORK)
        program.app.wait_gone("dialog", "Account")
        mira.wait_for_presence("unavailable", WORK)
        wait_until(
            lambda: len(program.app.find("list", "Chats").children) == 1,
            lambda: f"not one chat:\n{program.app.dump()}",
        )
        program.app.wait_gone("article", "Mira: Hello colleague")
        program.open_chat("Mira")
        program.app.wait_for("article", "Mira: Hello Ana")
        program.app.wait_for("label", "online")

        self.assertEqual(program.quit(), 0)
        program = self.start_linnet()
        program.open_chat("Mira")
        program.app.wait_for("article", "Mira: Hello Ana")
        self.assertEqual(len(program.app.find("list", "Chats").children), 1)

    def test_both_come_back(self):
        program, mira = self.start_chats()
        self.assertEqual(program.quit(), 0)
        mira.send(WORK, "Welcome back")
        program = self.start_linnet()
        program.app.wait_for("list item", "Mira", re.compile(f"Welcome back, as {WORK}$"))
        mira.send(ANA, "You too")
        program.app.wait_for("list item", "Mira", re.compile("You too$"))

    def test_same_account_twice(self):
        program = self.start_linnet()
        self.sign_in(program)
        program.app.action("add-account", window=1)
        program.app.wait_for("dialog", "Add Account")
        program.fill_sign_in(ANA, "secret of ana", ("127.0.0.1", self.server.port))
        program.app.press("button", "Sign In")
        program.app.wait_for("text", "Address", having=("focused", "invalid_entry"))


class TestPassword(WindowTest):
    """A server without tokens, which might still be good when the password is not."""

    server_options = {"sasl2": False}

    def set_up_server(self):
        self.add_accounts("ana", "work")

    def test_which_account_needs_a_password(self):
        program = self.start_linnet()
        self.sign_in(program)
        app = program.app
        app.action("add-account", window=1)
        app.wait_for("dialog", "Add Account")
        program.fill_sign_in(WORK, "secret of work", ("127.0.0.1", self.server.port))
        app.press("button", "Sign In")
        app.wait_gone("dialog", "Add Account", seconds=40)
        self.server.stop()
        self.server.set_password("work", "another")
        self.server.start()
        app.wait_for("grouping", re.compile(f"^{WORK}: lark.test did not accept"), seconds=40)
        app.press("button", "Sign In…")
        app.wait_for("alert", "Sign In")
        app.wait_for("list item", "Address", WORK)
        app.put("text", "Password", "another")
        self.desktop.key("Return")
        app.wait_gone("alert", "Sign In")
        app.wait_gone("grouping", re.compile("did not accept"))


if __name__ == "__main__":
    taptest.main()
