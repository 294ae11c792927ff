"""Signing out, where the keyring waits for a person who is not there.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import time

import taptest
from keyring import LockedKeyring
from windowtest import WindowTest

ANA = "ana@lark.test"


class TestLockedKeyring(WindowTest):
    desktop_options = {"keyring": False}

    def sign_out(self, program):
        program.sign_out(ANA)
        program.app.wait_gone("dialog")

    def test_sign_out_and_quit(self):
        keyring = LockedKeyring(self.desktop)
        self.addCleanup(keyring.stop)
        program = self.start_linnet()
        self.sign_in(program)
        keyring.wait_for_prompt()
        self.assertEqual(program.quit(), 0)

        # Now it knows neither password nor token by itself.
        program = self.start_linnet()
        keyring.wait_for_prompt()
        self.sign_out(program)
        # Nobody has answered: the account is gone all the same, and the program ends.
        program.app.wait_for("heading", "Welcome to Linnet")
        begin = time.monotonic()
        self.assertEqual(program.quit(30), 0)
        self.assertLess(time.monotonic() - begin, 15)

        program = self.start_linnet()
        program.app.wait_for("heading", "Welcome to Linnet")


if __name__ == "__main__":
    taptest.main()
