"""That nobody loses an account for want of a password that nobody has seen.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import re

import taptest
from chaos import Proxy
from test_setup import SetupTest

ZOE = "zoe@lark.test"


class KeepTest(SetupTest):
    server_options = {"registration": "plain"}

    def make_account(self, program, port=None):
        self.name_own_server(program)
        self.lead_to_server(program, port)
        program.app.put("text", "Username", "zoe")
        program.app.press("button", "Create Account")

    def shown_password(self, app):
        return app.wait_for("list item", "Password", re.compile("....")).description


class TestNoKeyring(KeepTest):
    desktop_options = {"keyring": False}

    def test_shown_once_it_is_known_that_nobody_keeps_it(self):
        program = self.start_linnet()
        app = program.app
        self.make_account(program)
        app.wait_for("alert", "Keep Your Password", seconds=60)
        password = self.shown_password(app)
        app.find("alert").find("button", "Copy Password").press()
        self.assertTrue(self.accepts(ZOE, password))
        app.press("button", "I Have Kept It")
        app.wait_for("heading", "Say Hello")
        app.press("button", "Skip")

        # For another device there is a place to find it again.
        program.open_account(ZOE)
        program.press_row("Change Password…", "list item")
        program.press_row("Show Current Password")
        app.wait_for("alert", "Your Password")
        self.assertEqual(self.shown_password(app), password)

    def test_not_when_it_was_typed(self):
        program = self.start_linnet()
        app = program.app
        self.name_own_server(program)
        self.lead_to_server(program)
        app.put("text", "Username", "zoe")
        app.put("text", "Password", "a rather long secret")
        app.press("button", "Create Account")
        app.wait_for("heading", "Say Hello", seconds=60)
        self.assertIsNone(app.find("alert"))


class TestHalfDone(KeepTest):
    """The account is made, then the server lets nobody in any more."""

    def break_off(self, program):
        proxy = Proxy(self.server.port, limit=1).start()
        self.addCleanup(proxy.stop)
        self.make_account(program, proxy.port)
        program.app.wait_for("heading", "Almost Done", seconds=60)
        self.assertTrue(self.user_exists("zoe"))
        return proxy

    def test_goes_on(self):
        program = self.start_linnet()
        app = program.app
        proxy = self.break_off(program)
        self.assertIsNone(app.find("button", "Back"))
        password = self.shown_password(app)
        self.assertTrue(self.accepts(ZOE, password))

        app.press("button", "Not Now")
        app.wait_for("alert", "Leave Without Signing In?")
        app.press("button", "Stay")
        app.wait_gone("alert", "Leave Without Signing In?")
        app.wait_for("heading", "Almost Done")
        proxy.limit = None
        app.press("button", "Sign In")
        app.wait_for("heading", "Say Hello", seconds=60)

    def test_not_now(self):
        program = self.start_linnet()
        app = program.app
        self.break_off(program)
        app.press("button", "Not Now")
        app.wait_for("alert", "Leave Without Signing In?")
        app.press("button", "Leave")
        app.wait_for("heading", "Choose a Provider")
        # The next one begins with a form.
        app.press("button", "Continue with lark.test")
        self.lead_to_server(program)
        app.wait_for("button", "Create Account")
        app.wait_for("button", "Back")

    def test_dialog(self):
        program = self.start_linnet()
        app = program.app
        self.sign_in(program)
        app.action("add-account", window=1)
        app.wait_for("dialog", "Add Account")
        self.break_off(program)
        for answer in ("Stay", "Leave"):
            app.find("dialog", "Add Account").find("button", "Close").press()
            app.wait_for("alert", "Leave Without Signing In?")
            app.press("button", answer)
            app.wait_gone("alert", "Leave Without Signing In?")
        app.wait_gone("dialog", "Add Account")
        self.assertEqual(program.quit(), 0)


if __name__ == "__main__":
    taptest.main()
