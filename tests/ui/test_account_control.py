"""Full control of an account, in the window.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import re

import taptest
from ejabberd import Ejabberd
from processes import wait_until
from windowtest import WindowTest

ANA = "ana@lark.test"
MIRA = "mira@lark.test"
SECRET = "secret of ana"
NEW = "stapler-horse-battery"

CONTACT_INFO = """
contact_info = {
  abuse = { "mailto:abuse@lark.test", "http://lark.test/insecure" };
  support = { "https://lark.test/help" };
}
"""


class AccountControlTest(WindowTest):
    def set_up_server(self):
        super().set_up_server()
        self.server.add_contacts(ANA, MIRA, "Ana", "Mira")

    def start(self):
        program = self.start_linnet()
        self.sign_in(program)
        return program

    def open_page(self, program, name):
        program.open_account(ANA)
        program.press_row(name, role="list item")
        program.app.wait_for("button", "Back")

    def change_password(self, program, password, again=None):
        program.app.put("text", "New password", password)
        program.app.put("text", "The same again", password if again is None else again)

    def delete(self, program):
        program.open_account(ANA)
        program.press_row("Delete Account from lark.test…")
        program.app.wait_for("alert", f"Delete {ANA}?")
        self.assertFalse(program.app.find("button", "Delete Account").has("sensitive"))
        program.app.put("text", "Type the address to confirm", "mira@lark.test")
        self.assertFalse(program.app.find("button", "Delete Account").has("sensitive"))
        program.app.put("text", "Type the address to confirm", ANA)
        program.app.wait_for("button", "Delete Account", having=("sensitive",))
        program.app.press("button", "Delete Account")
        program.app.wait_for("alert", f"{ANA} Is Deleted", seconds=40)
        program.app.press("button", "Close")
        program.app.wait_for("heading", "Welcome to Linnet")


class TestPassword(AccountControlTest):
    # Tokens would let it in, too; without them it is the keyring's password that counts.
    server_options = {"sasl2": False}

    def test_change(self):
        program = self.start()
        self.open_page(program, "Change Password…")
        app = program.app
        self.change_password(program, NEW, "something else")
        app.wait_for("text", "The same again", having=("invalid_entry",))
        self.assertFalse(app.find_all("button", "Change Password")[-1].has("sensitive"))
        self.change_password(program, NEW)
        app.press("button", "Change Password")
        app.wait_for("label", "Password changed")
        app.wait_gone("button", "Back")

        self.assertFalse(self.accepts(ANA, SECRET))
        self.assertTrue(self.accepts(ANA, NEW))
        # The keyring has it: the next start asks for nothing.
        self.assertEqual(program.quit(), 0)
        sign_ins = self.server.sign_ins()
        program = self.start_linnet()
        wait_until(lambda: self.server.sign_ins() > sign_ins, "it does not sign in")
        self.assertIsNone(program.app.find("button", "Sign In…"))

    def test_generated(self):
        program = self.start()
        self.open_page(program, "Change Password…")
        program.press_row("Generate a Password")
        password = program.app.text("text", "New password")
        self.assertGreaterEqual(len(password), 12)
        self.assertEqual(len(program.app.text("text", "The same again")), len(password))
        program.app.press("button", "Change Password")
        program.app.wait_for("label", "Password changed")
        self.assertTrue(self.accepts(ANA, password))


class TestPasswordWithToken(AccountControlTest):
    def test_change_and_restart(self):
        """The token ends with the password it was given for: nobody is asked all the same."""
        program = self.start()
        self.open_page(program, "Change Password…")
        self.change_password(program, NEW)
        program.app.press("button", "Change Password")
        program.app.wait_for("label", "Password changed")
        self.assertEqual(program.quit(), 0)
        sign_ins = self.server.sign_ins()
        program = self.start_linnet()
        wait_until(lambda: self.server.sign_ins() > sign_ins, "it does not sign in")
        self.assertIsNone(program.app.find("button", "Sign In…"))


class TestServer(AccountControlTest):
    server_options = {
        "modules": ("server_contact_info", "spam_reporting", "client_access"),
        "extra": CONTACT_INFO,
    }

    def test_connection(self):
        program = self.start()
        self.open_page(program, "Connection")
        app = program.app
        app.wait_for("list item", "Encryption to the server", re.compile("^On and verified"))
        app.wait_for("list item", "Kind of encryption", re.compile("^TLS 1.3 · TLS_"))
        app.wait_for("list item", "Way of signing in", "SCRAM-SHA-256-PLUS · tls-exporter")
        app.wait_for("list item", "Software", re.compile("^Prosody 13"))
        app.wait_for("list item", "Files up to", "It takes no files.")
        app.wait_for("list item", "It answers", re.compile(r"^Within \d+ ms$"))
        program.press_row("Advanced", role="list item")
        app.wait_for("list item", "Survives broken connections", "Yes · XEP-0198")
        app.wait_for("list item", "Takes reports of spam and abuse", "Yes · XEP-0377")
        app.wait_for("list item", "Helps with calls", "No · XEP-0215")

        # With the token of the last time it is another way.
        self.assertEqual(program.quit(), 0)
        program = self.start_linnet()
        program.app.wait_gone("label", "Connecting…")
        self.open_page(program, "Connection")
        program.app.wait_for("list item", "Way of signing in", re.compile("^HT-SHA-256-EXPR"))

    def test_server_contact(self):
        program = self.start()
        self.open_page(program, "Server Contact")
        program.app.wait_for("list item", "https://lark.test/help", "Web page")
        program.app.wait_for("list item", "abuse@lark.test", "Email")
        self.assertIsNone(program.app.find("list item", re.compile("insecure")))

    def test_sessions(self):
        program = self.start()
        phone = self.start_peer("ana", "phone")
        self.open_page(program, "Your Sessions")
        program.app.wait_for("list item", "phone", "Tablet · Connected now")
        program.app.wait_for("list item", "This Device", "Linnet")
        self.assertEqual(len(program.app.find_all("button", re.compile("^Sign Out "))), 1)
        program.app.press("button", "Sign Out phone")
        program.app.wait_for("alert", "Sign Out phone?")
        program.app.press("button", "Sign Out")
        program.app.wait_gone("button", "Sign Out phone")
        program.app.wait_for("list item", "This Device", "Linnet")
        wait_until(phone.is_over, "it was not ended")

    def test_blocked(self):
        mira = self.start_peer()
        program = self.start()
        self.open_page(program, "Blocked")
        app = program.app
        for typed, shown in (("Spam.Example", "spam.example"), (MIRA, MIRA)):
            app.put("text", "Block an address or a whole server", typed)
            app.press("button", "Apply")
            app.wait_for("list item", shown)
        for wrong in ("spammer", "lark.test", ANA):
            app.put("text", "Block an address or a whole server", wrong)
            app.press("button", "Apply")
            app.wait_for("text", "Block an address or a whole server", having=("invalid_entry",))
        mira.send(ANA, "Can you hear me?")
        mira.roster()  # what came before this is done
        app.press("button", f"Unblock {MIRA}")
        app.wait_gone("button", f"Unblock {MIRA}")
        mira.send(ANA, "And now?")
        app.wait_for("list item", "Mira", re.compile("And now"))
        app.press("button", "Unblock spam.example")
        app.wait_gone("list", "Blocked")

    def test_report(self):
        program = self.start()
        program.new_chat(MIRA)
        program.app.press("button", "Chat details")
        program.app.wait_for("dialog", "Details")
        program.press_row("Block Mira…")
        program.app.wait_for("alert", "Block Mira?")
        program.focus_by_keys("radio button", "Only block")
        self.desktop.key("Down", "Down")
        program.app.wait_for("radio button", "Report as abuse", having=("checked",))
        program.app.put("text", "What happened (optional)", "Threats & worse")
        program.app.press("button", "Block")
        program.app.wait_for("button", "Unblock Mira")
        wait_until(
            lambda: f"Received report of abuse from JID '{MIRA}', Threats & worse" in self.server.output(),
            "the server got no report",
        )


class TestOnlineSessions(AccountControlTest):
    """A server that says nothing of who may use the account."""

    def test_online(self):
        program = self.start()
        self.start_peer("ana", "phone")
        self.open_page(program, "Your Sessions")
        program.app.wait_for("list item", "This Device", "Linnet")
        program.app.wait_for("list item", re.compile("^(Slixmpp|Unknown program)$"), "Connected now")
        self.assertIsNone(program.app.find("button", re.compile("^Sign Out ")))


class TestEnd(AccountControlTest):
    def start_with_chat(self):
        program = self.start()
        mira = self.start_peer()
        mira.send(ANA, "Remember this passphrase: xylophone")
        program.open_chat("Mira")
        program.app.wait_for("article", re.compile("xylophone"))
        return program

    def test_delete(self):
        program = self.start_with_chat()
        # There is a last chance to save what will be gone.
        program.open_account(ANA)
        program.press_row("Delete Account from lark.test…")
        program.app.press("button", "Export Data First…")
        program.app.wait_for("button", "Back")
        program.app.wait_gone("alert")
        program.app.press("button", "Back")
        program.app.wait_gone("button", "Back")
        self.desktop.key("Escape")
        program.app.wait_gone("dialog", "Account")

        self.delete(program)
        self.assertFalse(self.accepts(ANA, SECRET))
        self.assertEqual(program.quit(), 0)
        self.assert_nothing_left(program, "xylophone", ANA, MIRA)
        program = self.start_linnet()
        program.app.wait_for("heading", "Welcome to Linnet")

    def test_remove(self):
        program = self.start_with_chat()
        program.open_account(ANA)
        program.press_row("Remove from This Computer…")
        program.app.wait_for("alert", f"Remove {ANA} from This Computer?")
        program.app.press("button", "Remove")
        program.app.wait_for("heading", "Welcome to Linnet")
        self.assertTrue(self.accepts(ANA, SECRET))
        self.assertEqual(program.quit(), 0)
        self.assert_nothing_left(program, "xylophone", ANA, MIRA)

    def test_sign_out_and_keep(self):
        program = self.start_with_chat()
        program.sign_out(ANA, erase=False)
        program.app.wait_gone("dialog", "Account")
        program.app.wait_for("article", re.compile("xylophone"))
        self.assertEqual(program.quit(), 0)
        program = self.start_linnet()
        program.open_chat("Mira")
        program.app.wait_for("article", re.compile("xylophone"))
        # It has to be asked now, and comes back then.
        program.open_account(ANA)
        program.switch("Use this account")
        self.desktop.key("Escape")
        program.app.press("button", "Sign In…")
        program.app.wait_for("alert", "Sign In")
        program.app.put("text", "Password", SECRET)
        self.desktop.key("Return")
        program.app.wait_gone("alert", "Sign In")
        self.start_peer("mira", "again").send(ANA, "Welcome back")
        program.app.wait_for("article", re.compile("Welcome back"))


class TestRefused(AccountControlTest):
    """A server that lets nobody change anything here."""

    server_options = {"without": ("register",)}

    def test_refused(self):
        program = self.start()
        self.open_page(program, "Change Password…")
        self.change_password(program, NEW)
        program.app.press("button", "Change Password")
        program.app.wait_for("alert", re.compile("lark.test does not let you change the password here"))
        program.app.press("button", "Back")
        program.app.wait_gone("button", "Back")
        program.press_row("Delete Account from lark.test…")
        program.app.put("text", "Type the address to confirm", ANA)
        program.app.wait_for("button", "Delete Account", having=("sensitive",))
        program.app.press("button", "Delete Account")
        program.app.wait_for("alert", "Could Not Delete the Account")
        self.assertTrue(self.accepts(ANA, SECRET))


class TestEjabberd(AccountControlTest):
    server_class = Ejabberd

    def test_all(self):
        program = self.start()
        self.open_page(program, "Connection")
        program.app.wait_for("list item", "Software", re.compile("^ejabberd 24"))
        program.app.wait_for("list item", "Way of signing in", re.compile("^SCRAM-SHA-.*PLUS · tls-exporter"))
        program.app.press("button", "Back")
        program.app.wait_gone("button", "Back")
        program.press_row("Change Password…", role="list item")
        self.change_password(program, NEW)
        program.app.press("button", "Change Password")
        program.app.wait_for("label", "Password changed")
        self.assertFalse(self.accepts(ANA, SECRET))
        self.assertTrue(self.accepts(ANA, NEW))
        program.app.wait_gone("label", "Password changed")
        self.desktop.key("Escape")
        program.app.wait_gone("dialog", "Account")
        self.delete(program)
        self.assertFalse(self.server.has_account("ana"))
        self.assertEqual(program.quit(), 0)
        self.assert_nothing_left(program, ANA)


if __name__ == "__main__":
    taptest.main()
