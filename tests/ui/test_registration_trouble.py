"""What can stand in the way of a new account, and that nothing is left of it then.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import re
import unittest

import taptest
from chaos import Proxy
from linnet import build_folder
from test_setup import SetupTest

SECRET = "a rather long secret"


class TroubleTest(SetupTest):
    server_options = {"registration": "plain"}

    def fill_form(self, app):
        app.put("text", "Username", "zoe")
        app.put("text", "Password", SECRET)

    def send_form(self, program):
        """With a server that does not answer: the form is on its way then."""
        program.app.press("button", "Create Account")
        program.app.wait_for("button", "Create Account", lacking=("sensitive",))

    def check_nothing_came_of_it(self, program):
        """Neither here, where the program has ended, nor there; the next start begins at the beginning."""
        self.assertFalse(self.user_exists("zoe"))
        self.assert_nothing_left(program, "zoe", SECRET)
        program = self.start_linnet()
        program.app.wait_for("heading", "Welcome to Linnet")
        self.assertIsNone(program.app.find("alert"))


class TestCertificate(TroubleTest):
    """The server's certificate comes from an authority that nobody trusts."""

    def test_no_account_on_an_unknown_server(self):
        program = self.start_linnet(trust=False)
        app = program.app
        self.name_own_server(program)
        for _ in range(2):  # the second time is as good as the first
            self.ask_server(program)
            app.wait_for("alert", re.compile("^lark.test could not prove who it is"), seconds=40)
            app.wait_for("button", "Try Again", having=("focused",))
            # No question either, and no form: whoever has no account there yet has no reason to trust it.
            self.assertIsNone(app.find(None, re.compile("Trust|Certificate|Can’t verify")))
            self.assertIsNone(app.find("text", "Username"))
            self.assertIsNone(app.find("button", "Create Account"))
        app.press("button", "Back")
        app.wait_for("heading", "Choose a Provider")
        self.assertEqual(program.quit(), 0)
        self.check_nothing_came_of_it(program)


class TestLeaving(TroubleTest):
    """While the form is on its way to the server."""

    def test_not_by_accident(self):
        program = self.start_linnet()
        app = program.app
        self.choose_own_server(program)
        self.fill_form(app)
        with self.server.paused():
            self.send_form(program)
            self.assertIsNone(app.find("button", "Back"))
            self.desktop.key("Escape", "alt+Left")
            app.wait_for("heading", "Create Your Address")
        app.wait_for("heading", "Say Hello", seconds=60)
        # There is no way back from an account, either.
        self.assertIsNone(app.find("button", "Back"))
        self.desktop.key("Escape", "alt+Left")
        app.press("button", "Skip")
        app.wait_for("button", "New Chat")
        app.wait_gone("label", "Connecting…")
        self.assertEqual(program.quit(), 0)
        program = self.start_linnet()
        program.open_account("zoe@lark.test")

    def test_not_out_of_the_dialog(self):
        program = self.start_linnet()
        app = program.app
        self.sign_in(program)
        app.action("add-account", window=1)
        app.wait_for("dialog", "Add Account")
        self.choose_own_server(program)
        self.fill_form(app)
        with self.server.paused():
            self.send_form(program)
            app.wait_for("dialog", "Add Account").find("button", "Close").press()
            app.wait_for("alert", "Leave Without Signing In?")
        # Once it goes on there is nothing to ask any more.
        app.press("button", "Skip", seconds=60)
        self.assertIsNone(app.find("alert"))
        app.wait_gone("dialog", "Add Account")
        program.open_account("zoe@lark.test")

    # The goodbye to a server that is gone is under way when the program ends, and with it what was sent.
    @unittest.skipIf(build_folder().endswith("-asan"), "a leak at the end of the process")
    def test_out_of_the_program(self):
        with Proxy(self.server.port) as proxy:
            program = self.start_linnet()
            self.name_own_server(program)
            self.lead_to_server(program, proxy.port)
            self.fill_form(program.app)
            proxy.set_black_hole(True)
            self.send_form(program)
            self.assertEqual(program.quit(), 0)
        self.check_nothing_came_of_it(program)

    def test_once_the_connection_is_lost(self):
        with Proxy(self.server.port) as proxy:
            program = self.start_linnet()
            app = program.app
            self.name_own_server(program)
            self.lead_to_server(program, proxy.port)
            self.fill_form(app)
            proxy.set_black_hole(True)
            self.send_form(program)
            proxy.set_refusing(True)
            app.wait_for("alert", seconds=60)
            # What was typed is still there, and one may leave again.
            app.wait_for("button", "Create Account", having=("sensitive",))
            self.assertEqual(app.text("text", "Username"), "zoe")
            for heading in ("Choose a Provider", "Welcome to Linnet"):
                app.press("button", "Back")
                app.wait_for("heading", heading)
            self.assertEqual(program.quit(), 0)
        self.check_nothing_came_of_it(program)


if __name__ == "__main__":
    taptest.main()
