"""Being seen, and not being seen.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import taptest
from gi.repository import GLib
from windowtest import WindowTest

ANA = "ana@lark.test"
WAITING = "New messages wait on your server while you are invisible"


class TestInvisible(WindowTest):
    def test_messages_wait(self):
        program = self.start_linnet()
        app = program.app
        self.sign_in(program)
        mira = self.start_peer()
        mira.send(ANA, "Seen")
        program.open_request("mira")
        app.wait_for("article", "mira: Seen")

        app.action("presence", GLib.Variant("s", "invisible"), window=1)
        app.wait_for("label", WAITING)
        mira.send(ANA, "Not seen")
        # It is no mood of the moment: the next start is as invisible, and says so.
        mira.roster()
        self.assertEqual(program.quit(), 0)
        program = self.start_linnet()
        app = program.app
        app.wait_for("label", WAITING, seconds=40)
        program.open_request("mira")
        app.wait_for("article", "mira: Seen")
        self.assertIsNone(app.find("article", "mira: Not seen"))

        app.press("button", "Show Me")
        app.wait_for("article", "mira: Not seen")
        self.assertIsNone(app.find("label", WAITING))


if __name__ == "__main__":
    taptest.main()
