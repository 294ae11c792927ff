"""From the preferences to a further account, in a window as narrow as a phone.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import re

import taptest
from linnet import build_folder
from test_setup import SetupTest


class TestNarrow(SetupTest):
    """The server asks for much, with a picture to be read."""

    server_options = {"registration": "form"}
    # GTK's own frame takes 10 of these: the content is 360 wide.
    narrow = (370, 720)

    def set_up_server(self):
        self.add_accounts("ana", "mira")

    def start(self, scheme):
        os.makedirs(f"{self.folder}/profiles/ana", exist_ok=True)
        with open(f"{self.folder}/profiles/ana/settings.ini", "w", encoding="utf-8") as file:
            file.write(f"[Linnet]\ncolor-scheme='{scheme}'\n")
        program = self.start_linnet()
        self.sign_in(program)
        self.desktop.place(program.window(), 0, 0, *self.narrow)
        return program

    def look(self, program, name):
        """The window is no wider than it was told to be, and all of it can be seen. A picture is kept."""
        pictures = f"{build_folder()}/tests/ui"
        os.makedirs(pictures, exist_ok=True)
        self.desktop.screenshot(f"{pictures}/narrow-{name}.png")
        picture = self.desktop.grab(program.window())
        self.assertEqual((picture.width, picture.height), self.narrow, name)
        self.assert_fits(program)

    def look_at_preferences(self, program, scheme):
        app = program.app
        app.action("preferences", window=1)
        app.wait_for("dialog", "Preferences")
        for page, role, name in (
            ("General", "combo box", "Style"),
            ("Privacy", "check box", "Tell contacts when you are typing"),
            ("Accounts", "list item", "ana@lark.test"),
        ):
            app.press("page tab", page)
            app.wait_for(role, name)
            self.look(program, f"{scheme}-preferences-{page.lower()}")
        program.press_row("Add Account…")
        app.wait_for("dialog", "Add Account")

    def look_at_other_ways(self, program, scheme):
        """What is beside the way to a new account."""
        app = program.app
        app.wait_for("button", "Create New Account")
        self.look(program, f"{scheme}-welcome")
        app.press("button", "I Have an Invitation")
        app.put("text", "Link", "xmpp:ana@lark.test?roster;preauth=n0t-a-t0k3n-but-l0ng;ibr=y")
        app.wait_for("label", re.compile("ana@lark.test.* an account on lark.test"))
        self.look(program, f"{scheme}-invitation")
        app.press("button", "Back")
        app.press("button", "I Already Have an Account")
        app.press("toggle button", "Advanced")
        app.put("text", "Address", "somebody-with-a-long-name@a-server-with-a-long-name.lark.test")
        app.wait_for("text", "Server")
        self.look(program, f"{scheme}-sign-in")
        app.press("button", "Back")

    def look_at_new_account(self, program, scheme):
        app = program.app
        self.name_own_server(program)
        app.wait_for("button", "Try Again", seconds=60)
        app.press("toggle button", "Advanced")
        app.wait_for("text", "Server")
        self.look(program, f"{scheme}-no-server")
        self.lead_to_server(program)
        app.wait_for("image", "CAPTCHA")
        self.look(program, f"{scheme}-form")

        app.put("text", "Username", "mira")
        app.put("text", "Email address", "zoe@example.org")
        app.put("text", "Enter the number you see", self.server.captcha_answer())
        program.switch("I accept the rules")
        app.press("button", "Create Account")
        app.wait_for("alert", re.compile("This name is taken"), seconds=40)
        app.wait_for("grouping", "Names That May Be Free")
        self.look(program, f"{scheme}-name-taken")

        app.put("text", "Username", "zoe-of-the-long-names")
        app.wait_for("image", "CAPTCHA")
        app.put("text", "Enter the number you see", self.server.captcha_answer())
        app.press("button", "Create Account")
        app.wait_for("heading", "Say Hello", seconds=60)
        self.look(program, f"{scheme}-hello")
        app.press("button", "Skip")
        app.wait_gone("dialog", "Add Account")

    def go(self, scheme):
        program = self.start(scheme)
        self.look_at_preferences(program, scheme)
        self.look_at_other_ways(program, scheme)
        self.look_at_new_account(program, scheme)

    def test_light(self):
        self.go("light")

    def test_dark(self):
        self.go("dark")


if __name__ == "__main__":
    taptest.main()
