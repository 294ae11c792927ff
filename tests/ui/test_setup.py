"""From the first start to an account of one's own.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import glob
import os
import re

import taptest
from processes import wait_until
from windowtest import WindowTest


def address_pattern(name):
    return re.compile(f"{name}@lark.test")


class SetupTest(WindowTest):
    """A server, and the way to its form."""

    def set_up_server(self):
        self.add_accounts("ana")

    def choose_own_server(self, program):
        """Goes from the first page to the form of the server, which only its port leads to."""
        self.name_own_server(program)
        self.lead_to_server(program)

    def name_own_server(self, program):
        app = program.app
        app.press("button", "Create New Account")
        app.put("entry", "Search providers", "lark.test")
        app.wait_for("radio button", "Use lark.test", having=("checked",))
        app.press("button", "Continue with lark.test")

    def lead_to_server(self, program, port=None):
        self.ask_server(program, port)
        program.app.wait_for("text", "Username", having=("focused",), seconds=40)

    def ask_server(self, program, port=None):
        """No DNS leads to the server: says where it is, and asks it what it wants to know."""
        app = program.app
        app.wait_for("button", "Try Again", seconds=60)
        if not app.find("text", "Server"):
            app.press("toggle button", "Advanced")
        app.put("text", "Server", "127.0.0.1")
        app.put("text", "Port", str(port or self.server.port))
        app.press("button", "Try Again")

    def user_exists(self, user):
        return os.path.exists(f"{self.server.folder}/data/lark%2etest/accounts/{user}.dat")


class TestSetup(SetupTest):
    server_options = {"registration": "plain"}

    def read_password(self, app):
        """Shows the password, and keeps it shown."""
        row = app.wait_for("text", "Password").parent
        while row.role != "list item":
            row = row.parent
        row.find(None, re.compile("^Show")).press()
        wait_until(lambda: "●" not in app.text("text", "Password"), "the password does not show")
        return app.text("text", "Password")

    def test_first_start(self):
        program = self.start_linnet()
        app = program.app
        app.wait_for("heading", "Welcome to Linnet")
        app.wait_for("button", "Create New Account", having=("focused",))
        self.choose_own_server(program)

        app.put("text", "Username", "Zoe")
        app.wait_for("label", "Your address will be zoe@lark.test")
        password = self.read_password(app)
        self.assertRegex(password, r"^[a-z0-9]{4}(-[a-z0-9]{4}){3}$")
        app.press("button", "Generate New Password")
        wait_until(lambda: app.text("text", "Password") != password, "it is the same password")
        app.wait_for("label", re.compile("strong password was generated"))
        app.press("button", "Create Account")

        app.wait_for("heading", "Say Hello", seconds=60)
        app.wait_for("label", address_pattern("zoe"))
        self.assertTrue(self.user_exists("zoe"))
        # The account is there, but nothing of it shows before its owner is done.
        self.assertIsNone(app.find("button", "New Chat"))
        app.put("text", "Your name", "Zoë")
        app.press("button", "Start Chatting")
        app.wait_for("button", "New Chat")
        app.wait_for("label", re.compile("Zoë"))
        self.assertEqual(program.quit(), 0)

        # The password is in the keyring.
        program = self.start_linnet()
        program.app.wait_for("button", "New Chat")
        program.app.wait_gone("label", "Connecting…")
        self.assertIsNone(program.app.find("button", "Sign In…"))

    def test_name_is_taken(self):
        program = self.start_linnet()
        app = program.app
        self.choose_own_server(program)
        app.put("text", "Username", "ana")
        password = self.read_password(app)
        app.press("button", "Create Account")
        app.wait_for("alert", re.compile("This name is taken"), seconds=40)
        app.wait_for("text", "Username", having=("focused", "invalid_entry"))
        self.assertEqual(app.text("text", "Username"), "ana")
        self.assertEqual(app.text("text", "Password"), password)

        # One of those that are suggested will do.
        suggestion = app.wait_for("grouping", "Names That May Be Free").find("button")
        name = suggestion.name
        suggestion.press()
        app.wait_gone("alert")
        self.assertEqual(app.text("text", "Username"), name)
        app.press("button", "Create Account")
        app.press("button", "Skip", seconds=60)
        app.wait_for("button", "New Chat")
        self.assertTrue(self.user_exists(name))

    def test_bad_name(self):
        program = self.start_linnet()
        app = program.app
        self.choose_own_server(program)
        app.put("text", "Username", "a b")
        app.wait_for("text", "Username", having=("invalid_entry",))
        app.wait_for("label", re.compile("without spaces"))
        app.press("button", "Create Account")
        app.wait_for("alert", re.compile("This name cannot be used"))
        app.put("text", "Username", "")
        app.press("button", "Create Account")
        app.wait_for("alert")
        app.wait_for("text", "Username", having=("focused", "invalid_entry"))

    def test_back_keeps_what_was_typed(self):
        program = self.start_linnet()
        app = program.app
        self.choose_own_server(program)
        app.put("text", "Username", "zoe")
        app.put("text", "Password", "a rather long secret")
        app.wait_for("label", "Very strong")
        app.press("button", "Back")
        app.wait_for("heading", "Choose a Provider")
        app.wait_for("radio button", "Use lark.test", having=("checked",))
        app.press("button", "Back")
        app.wait_for("heading", "Welcome to Linnet")
        # To the other branch and back.
        app.press("button", "I Already Have an Account")
        app.put("text", "Address", "ana@lark")
        app.press("button", "Back")
        app.press("button", "I Already Have an Account")
        app.wait_for("text", "Address", having=("focused",))
        self.assertEqual(app.text("text", "Address"), "ana@lark")
        app.press("button", "Back")

        app.press("button", "Create New Account")
        app.press("button", "Continue with lark.test")
        app.wait_for("text", "Username", having=("focused",), seconds=40)
        self.assertEqual(app.text("text", "Username"), "zoe")
        self.assertEqual(self.read_password(app), "a rather long secret")
        # Nothing was left on the server by all this.
        self.assertFalse(self.user_exists("zoe"))
        self.assertEqual(program.quit(), 0)
        for folder, _, names in os.walk(program.profile):
            for name in names:
                with open(f"{folder}/{name}", "rb") as file:
                    self.assertNotIn(b"zoe", file.read(), name)

    def test_by_keyboard(self):
        program = self.start_linnet()
        app = program.app
        app.wait_for("button", "Create New Account", having=("focused",))
        self.desktop.key("Return")
        app.wait_for("entry", "Search providers", having=("focused",))
        # Down into the list, to the second provider.
        app.wait_for("radio button", "jabber.fr")
        program.focus_by_keys("list item", "yax.im")
        self.desktop.key("Down")
        app.wait_for("list item", "jabber.fr", having=("focused",))
        self.desktop.key("space")
        app.wait_for("button", "Continue with jabber.fr")
        program.focus_by_keys("button", "About jabber.fr")
        program.focus_by_keys("entry", "Search providers", key="shift+Tab")
        self.desktop.type("lark.test")
        app.wait_for("button", "Continue with lark.test")
        self.desktop.key("Return")

        app.wait_for("button", "Try Again", having=("focused",), seconds=60)
        program.focus_by_keys("toggle button", "Advanced", key="shift+Tab")
        self.desktop.key("space")
        program.focus_by_keys("text", "Server")
        self.desktop.type("127.0.0.1")
        program.focus_by_keys("text", "Port")
        self.desktop.type(str(self.server.port))
        self.desktop.key("Return")
        app.wait_for("text", "Username", having=("focused",), seconds=40)
        self.desktop.type("zoe")
        self.desktop.key("Return")
        app.wait_for("text", "Password", having=("focused",))
        self.desktop.key("Return")
        app.wait_for("text", "Your name", having=("focused",), seconds=60)
        self.desktop.type("Zoe")
        self.desktop.key("Return")
        app.wait_for("button", "New Chat")

    def test_further_account(self):
        program = self.start_linnet()
        app = program.app
        self.sign_in(program)
        app.action("add-account", window=1)
        app.wait_for("dialog", "Add Account")
        self.choose_own_server(program)
        app.put("text", "Username", "work")
        app.press("button", "Create Account")
        app.press("button", "Skip", seconds=60)
        app.wait_gone("dialog", "Add Account")
        program.open_account("work@lark.test")
        self.assertTrue(self.user_exists("work"))

    def test_closed_half_way(self):
        program = self.start_linnet()
        app = program.app
        self.sign_in(program)
        app.action("add-account", window=1)
        app.wait_for("dialog", "Add Account")
        self.choose_own_server(program)
        app.put("text", "Username", "work")
        app.wait_for("dialog", "Add Account").find("button", "Close").press()
        app.wait_gone("dialog", "Add Account")
        self.assertEqual(program.quit(), 0)
        self.assertFalse(self.user_exists("work"))


class TestPuzzle(SetupTest):
    """A server with a form of its own, and a picture to be read."""

    server_options = {"registration": "form"}

    def test_wrong_and_right(self):
        program = self.start_linnet()
        app = program.app
        self.choose_own_server(program)
        app.wait_for("label", re.compile("https://lark.test/rules"))
        app.wait_for("image", "CAPTCHA")
        app.put("text", "Username", "zoe")

        # Keys lead all the way through the form, and back.
        for key in ("Tab", "shift+Tab"):
            for role, name in (
                ("list item", "Owls"),
                ("text", "Enter the number you see"),
                ("button", "New Picture"),
                ("button", "Create Account"),
            ):
                program.focus_by_keys(role, name, key=key)

        # What is missing is told without asking the server.
        app.press("button", "Create Account")
        app.wait_for("alert", "Email address has to be filled in.")
        app.wait_for("text", "Email address", having=("focused", "invalid_entry"))
        app.put("text", "Email address", "zoe@example.org")

        app.put("text", "Enter the number you see", "wrong")
        app.press("button", "Create Account")
        app.wait_for("alert", re.compile("The answer to the puzzle was wrong"), seconds=40)
        app.wait_for("text", "Enter the number you see", having=("focused",))
        self.assertEqual(app.text("text", "Username"), "zoe")
        self.assertEqual(app.text("text", "Email address"), "zoe@example.org")

        # Another one, and its answer.
        before = self.server.captcha_answer()
        app.press("button", "New Picture")
        wait_until(lambda: self.server.captcha_answer() != before, "no other puzzle")
        app.wait_for("image", "CAPTCHA")
        app.put("text", "Enter the number you see", self.server.captcha_answer())
        program.switch("I accept the rules")
        app.press("button", "Create Account")
        app.press("button", "Skip", seconds=60)
        app.wait_for("button", "New Chat")
        self.assertTrue(self.user_exists("zoe"))

    def test_back_keeps_every_field(self):
        program = self.start_linnet()
        app = program.app
        self.choose_own_server(program)
        app.wait_for("image", "CAPTCHA")
        app.put("text", "Email address", "zoe@example.org")
        program.switch("I accept the rules")
        app.put("text", "Enter the number you see", "123")
        app.press("button", "Back")
        app.wait_for("heading", "Choose a Provider")
        app.press("button", "Continue with lark.test")
        app.wait_for("image", "CAPTCHA")
        self.assertEqual(app.text("text", "Email address"), "zoe@example.org")
        app.wait_for("check box", "I accept the rules", having=("checked",))
        # The puzzle is another one.
        self.assertEqual(app.text("text", "Enter the number you see"), "")


class TestChoiceOfPuzzles(SetupTest):
    """A server that has a sound for those who cannot see its picture, as a field of its own (XEP-0158)."""

    server_options = {"registration": "choice"}

    def open_form(self):
        program = self.start_linnet()
        app = program.app
        self.choose_own_server(program)
        app.put("text", "Username", "zoe")
        app.put("text", "Email address", "zoe@example.org")
        program.switch("I accept the rules")
        # The picture, although the sound comes first; and nothing that asks for what is not heard.
        app.wait_for("image", "CAPTCHA")
        self.assertIsNone(app.find("text", re.compile("sound")))
        return program

    def create(self, app):
        app.press("button", "Create Account")
        app.press("button", "Skip", seconds=60)
        app.wait_for("button", "New Chat")
        self.assertTrue(self.user_exists("zoe"))

    def test_picture(self):
        app = self.open_form().app
        app.press("button", "Create Account")
        app.wait_for("alert", "The answer to the puzzle has to be filled in.")
        app.wait_for("text", "Enter the number you see", having=("focused", "invalid_entry"))
        app.put("text", "Enter the number you see", self.server.captcha_answer())
        self.create(app)

    def test_sound(self):
        program = self.open_form()
        app = program.app
        app.put("text", "Enter the number you see", "hard to see")
        program.press_row("Listen Instead")
        app.wait_for("button", "Listen", having=("focused",))
        app.wait_for("text", "What rings in this sound?")
        self.assertIsNone(app.find("image", "CAPTCHA"))
        # It is opened when somebody asks for it.
        sounds = f"{self.desktop.env['XDG_RUNTIME_DIR']}/linnet-*.wav"
        self.assertEqual(glob.glob(sounds), [])
        self.desktop.key("Return")
        wait_until(lambda: len(glob.glob(sounds)) == 1, "no sound")

        app.put("text", "What rings in this sound?", "whistles")
        app.press("button", "Create Account")
        app.wait_for("alert", re.compile("The answer to the puzzle was wrong"), seconds=40)
        app.wait_for("text", "What rings in this sound?", having=("focused",))
        # There and back again: what was typed before is not an answer any more.
        program.press_row("Show a Picture Instead")
        app.wait_for("image", "CAPTCHA")
        self.assertEqual(app.text("text", "Enter the number you see"), "")
        program.press_row("Listen Instead")
        app.put("text", "What rings in this sound?", "bells")
        self.create(app)
        wait_until(lambda: glob.glob(sounds) == [], "the sound is left")


class TestInvitation(SetupTest):
    """A server that takes only those who were invited."""

    server_options = {"registration": "invites"}

    def test_link_leads_to_an_account(self):
        token = self.server.create_invitation("ana@lark.test")
        program = self.start_linnet()
        app = program.app
        app.press("button", "I Have an Invitation")
        app.wait_for("text", "Link", having=("focused",))
        app.put("text", "Link", "what is this")
        app.wait_for("button", "Create Account", lacking=("sensitive",))
        app.wait_for("label", re.compile("^This is no invitation"))
        app.put("text", "Link", "xmpp:room@lark.test?join")
        app.wait_for("label", re.compile("room@lark.test.* has no groups"))
        app.put("text", "Link", f"xmpp:ana@lark.test?roster;preauth={token};ibr=y")
        # Nothing happens before it is said what.
        app.wait_for("label", re.compile("ana@lark.test.* an account on lark.test"))
        app.press("button", "Create Account")
        self.lead_to_server(program)
        app.put("text", "Username", "zoe")
        app.press("button", "Create Account")
        app.press("button", "Skip", seconds=60)
        app.wait_for("button", "New Chat")
        self.assertTrue(self.user_exists("zoe"))
        # They are contacts without further ado.
        app.action("new-chat", window=1)
        app.wait_for("list item", re.compile("^ana"))


class TestClosed(SetupTest):
    """A server where nobody can register."""

    def test_says_so(self):
        program = self.start_linnet()
        self.name_own_server(program)
        self.ask_server(program)
        program.app.wait_for("alert", re.compile("lark.test does not take new accounts"), seconds=40)

    def test_what_people_paste(self):
        """The name of a server is found in what they have of it."""
        app = self.start_linnet().app
        app.press("button", "Create New Account")
        for text, domain in (
            ("ana@lark.test", "lark.test"),
            ("xmpp.example.org:5222", "xmpp.example.org"),
            ("https://lark.test/register", "lark.test"),
            ("localhost", "localhost"),
        ):
            app.put("entry", "Search providers", text)
            app.wait_for("radio button", f"Use {domain}", having=("checked",))
            app.wait_for("button", f"Continue with {domain}", having=("sensitive",))
        # One that is in the list is that one.
        app.put("entry", "Search providers", "ana@jabber.fr")
        app.wait_for("button", "Continue with jabber.fr")
        self.assertIsNone(app.find("radio button", re.compile("^Use")))
        app.put("entry", "Search providers", "no such provider")
        app.wait_for("label", re.compile("^No provider found"))

    def test_account_of_a_website(self):
        program = self.start_linnet()
        app = program.app
        app.press("button", "Create New Account")
        app.put("entry", "Search providers", "disroot")
        app.press("button", "Continue with disroot.org")
        app.wait_for("heading", "Sign Up on the Website")
        app.wait_for("button", "Open Registration Page")
        app.press("button", "Continue to Sign In")
        app.wait_for("text", "Address", having=("focused",))
        self.assertEqual(app.text("text", "Address"), "@disroot.org")
        # What comes next is the part before it.
        self.desktop.type("zoe")
        self.assertEqual(app.text("text", "Address"), "zoe@disroot.org")


class TestNarrow(WindowTest):
    """As wide as a phone, and dark."""

    server_options = {"registration": "plain"}
    size = (370, 720)

    def test_every_page_fits(self):
        os.makedirs(f"{self.folder}/profiles/ana", exist_ok=True)
        with open(f"{self.folder}/profiles/ana/settings.ini", "w", encoding="utf-8") as file:
            file.write("[Linnet]\ncolor-scheme='dark'\n")
        program = self.start_linnet()
        app = program.app
        window = program.window()
        self.desktop.place(window, 0, 0, 370, 720)

        def check():
            self.assert_fits(program)
            dark = self.desktop.grab(window).share(lambda r, g, b: max(r, g, b) < 100)
            self.assertGreater(dark, 0.7)

        app.wait_for("button", "Create New Account")
        check()
        app.press("button", "Create New Account")
        app.wait_for("radio button", "yax.im")
        check()
        app.put("entry", "Search providers", "lark.test")
        app.press("button", "Continue with lark.test")
        app.wait_for("button", "Try Again", seconds=60)
        app.press("toggle button", "Advanced")
        app.put("text", "Server", "127.0.0.1")
        app.put("text", "Port", str(self.server.port))
        check()
        app.press("button", "Try Again")
        app.put("text", "Username", "a-rather-long-name-of-somebody", seconds=40)
        check()
        app.press("button", "Create Account")
        app.wait_for("text", "Your name", seconds=60)
        check()
        app.press("button", "Skip")
        # There is no room for the page that greets, but for what it says.
        app.wait_for("label", re.compile("Your address is a-rather-long"))
        check()
        app.press("button", "Show My QR Code")
        app.wait_for("dialog", "My QR Code")
        check()


if __name__ == "__main__":
    taptest.main()
