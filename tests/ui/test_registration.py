"""The whole life of an account in the window, on each kind of server: made, used, and gone to the last byte.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import re

import taptest
from ejabberd import Ejabberd
from peer import Peer
from processes import wait_until
from test_setup import SetupTest

ZOE = "zoe@lark.test"
FIRST = "a rather long secret"
SECOND = "stapler-horse-battery"


class LifeOfAnAccount(SetupTest):
    """What a kind of server asks of somebody new is for make_account()."""

    def set_up_server(self):
        self.add_accounts("mira")

    def open_form(self, app):
        self.choose_own_server(self.program)
        app.put("text", "Username", "zoe")
        app.put("text", "Password", FIRST)

    def make_account(self, app):
        self.open_form(app)
        app.press("button", "Create Account")

    def chat(self):
        """She can write to somebody, and is written to."""
        mira = self.start_peer()
        self.program.new_chat("mira@lark.test")
        self.program.send("The kettle is called Archibald")
        mira.wait_for_body("The kettle is called Archibald")
        mira.send(ZOE, "The teapot is called Wilhelmina")
        self.program.app.wait_for("article", re.compile("The teapot is called Wilhelmina"))

    def set_profile(self, app):
        self.program.open_account(ZOE)
        self.program.press_row("Profile", "list item")
        app.put("text", "Full name", "Zoë Zimmermann")
        app.wait_for("button", "Save", having=("sensitive",))
        app.press("button", "Save")
        with Peer(ZOE, FIRST, ("127.0.0.1", self.server.port), "check") as peer:
            wait_until(
                lambda: "Zoë Zimmermann" in peer.ask_items(ZOE, "urn:xmpp:vcard4"), "the profile is not there"
            )
            self.assertIn("Zoë Lindqvist", peer.ask_items(ZOE, "http://jabber.org/protocol/nick"))
        self.leave_dialog(app)

    def leave_dialog(self, app):
        def gone():
            if app.find("dialog") is None:
                return True
            self.desktop.key("Escape")
            return False

        wait_until(gone, lambda: f"the dialog stays:\n{app.dump()}", pause=0.5)

    def change_password(self, app):
        self.program.open_account(ZOE)
        self.program.press_row("Change Password…", "list item")
        app.put("text", "New password", SECOND)
        app.put("text", "The same again", SECOND)
        app.press("button", "Change Password")
        app.wait_for("label", "Password changed", seconds=40)
        self.assertFalse(self.accepts(ZOE, FIRST))
        self.assertTrue(self.accepts(ZOE, SECOND))
        self.leave_dialog(app)

    def delete_account(self, app):
        self.program.open_account(ZOE)
        self.program.press_row("Delete Account from lark.test…")
        app.put("text", "Type the address to confirm", ZOE)
        app.wait_for("button", "Delete Account", having=("sensitive",))
        app.press("button", "Delete Account")
        app.wait_for("alert", f"{ZOE} Is Deleted", seconds=40)
        app.press("button", "Close")
        app.wait_for("heading", "Welcome to Linnet")
        self.assertFalse(self.accepts(ZOE, SECOND))

    def live(self):
        self.program = self.start_linnet()
        app = self.program.app
        self.make_account(app)
        app.wait_for("heading", "Say Hello", seconds=60)
        app.put("text", "Your name", "Zoë Lindqvist")
        app.press("button", "Start Chatting")
        app.wait_for("button", "New Chat")
        app.wait_gone("label", "Connecting…")

        self.chat()
        self.set_profile(app)
        self.change_password(app)
        # The next start knows the new password by itself.
        self.assertEqual(self.program.quit(), 0)
        sign_ins = self.server.sign_ins()
        self.program = self.start_linnet()
        app = self.program.app
        wait_until(lambda: self.server.sign_ins() > sign_ins, "it does not sign in")
        self.assertIsNone(app.find("button", "Sign In…"))

        self.delete_account(app)
        self.assertEqual(self.program.quit(), 0)
        words = ("zoe", "Zoë", "Lindqvist", "mira", "Archibald", "Wilhelmina", "127.0.0.1", FIRST, SECOND)
        self.assert_nothing_left(self.program, *words)
        self.program = self.start_linnet()
        self.program.app.wait_for("heading", "Welcome to Linnet")


class TestProsodyPlain(LifeOfAnAccount):
    server_options = {"registration": "plain"}

    def test_life_on_prosody(self):
        self.live()


class TestProsodyForm(LifeOfAnAccount):
    server_options = {"registration": "form"}

    def make_account(self, app):
        self.open_form(app)
        app.wait_for("image", "CAPTCHA")
        app.put("text", "Email address", "zoe@example.org")
        app.put("text", "Enter the number you see", self.server.captcha_answer())
        self.program.switch("I accept the rules")
        app.press("button", "Create Account")

    def test_life_on_prosody_with_form(self):
        self.live()


class TestProsodyInvitation(LifeOfAnAccount):
    server_options = {"registration": "invites"}

    def make_account(self, app):
        token = self.server.create_invitation()
        app.press("button", "I Have an Invitation")
        app.put("text", "Link", f"xmpp:lark.test?register;preauth={token}")
        app.wait_for("label", re.compile("account on lark.test"))
        app.press("button", "Create Account")
        self.lead_to_server(self.program)
        app.put("text", "Username", "zoe")
        app.put("text", "Password", FIRST)
        app.press("button", "Create Account")

    def test_life_on_prosody_by_invitation(self):
        self.live()


class TestEjabberdPlain(LifeOfAnAccount):
    server_class = Ejabberd

    def test_life_on_ejabberd(self):
        self.live()


class TestEjabberdPuzzle(LifeOfAnAccount):
    server_class = Ejabberd
    server_options = {"captcha": True}

    def make_account(self, app):
        self.open_form(app)
        app.wait_for("image", "CAPTCHA")
        app.put("text", "Enter the text you see", self.server.captcha_answer())
        app.press("button", "Create Account")

    def test_life_on_ejabberd_with_puzzle(self):
        self.live()


if __name__ == "__main__":
    taptest.main()
