"""Signing out, where the keyring waits for a person who is not there.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import time

import keyring
import taptest
from keyring import LockedKeyring
from processes import wait_until
from windowtest import WindowTest

ANA = "ana@lark.test"


class TestLockedKeyring(WindowTest):
    desktop_options = {"keyring": False}

    def sign_out(self, program):
        program.sign_out(ANA)
        program.app.wait_gone("dialog")

    def test_sign_out_and_quit(self):
        locked = LockedKeyring(self.desktop)
        self.addCleanup(locked.stop)
        program = self.start_linnet()
        self.sign_in(program)
        locked.wait_for_prompt()
        self.assertEqual(program.quit(), 0)

        # Now it knows neither password nor token by itself.
        program = self.start_linnet()
        locked.wait_for_prompt()
        self.sign_out(program)
        # Nobody has answered: the account is gone all the same, and the program ends.
        program.app.wait_for("heading", "Welcome to Linnet")
        begin = time.monotonic()
        self.assertEqual(program.quit(30), 0)
        self.assertLess(time.monotonic() - begin, 15)

        program = self.start_linnet()
        program.app.wait_for("heading", "Welcome to Linnet")


class TestKeyringLockedMeanwhile(WindowTest):
    """The keyring was unlocked for signing in, and is not when the account goes."""

    def count(self):
        return keyring.count_items(self.desktop, {"address": ANA})

    def test_secrets_are_not_left(self):
        program = self.start_linnet()
        self.sign_in(program)
        wait_until(lambda: self.count() >= 1, lambda: "nothing is in the keyring")
        keyring.lock(self.desktop)
        program.sign_out(ANA)

        # Nobody can be asked to unlock it here: the person is told what is left.
        alert = program.app.wait_for("alert", "Password Still in the Keyring")
        program.app.wait_for("heading", "Welcome to Linnet")
        alert.find("button", "Close").press()
        program.app.wait_gone("alert")
        self.assertGreaterEqual(self.count(), 1)
        self.assertEqual(program.quit(), 0)

        keyring.unlock(self.desktop)
        program = self.start_linnet()
        program.app.wait_for("heading", "Welcome to Linnet")
        wait_until(lambda: self.count() == 0, lambda: "the secrets of the account are still there")


if __name__ == "__main__":
    taptest.main()
