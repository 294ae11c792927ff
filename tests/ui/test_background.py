"""Without a window: what becomes of the program when it is closed, and starting at login.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import re

import taptest
from linnet import Linnet
from notifications import Notifications
from processes import wait_until
from test_window import ANA, CONTACTS, ChatsTest


class BackgroundTest(ChatsTest):
    contacts = CONTACTS[:2]

    def start(self, **options):
        self.notifications = Notifications(self.desktop)
        return super().start(**options)

    def start_again(self, program):
        """Starts the program a second time, which only calls the one that runs."""
        again = Linnet(self.desktop, program.profile, name="linnet-again").start(wait=False)
        self.assertEqual(again.process.wait(), 0)
        program.attach().wait_for("frame", having=("active",))


class TestClose(BackgroundTest):
    """What becomes of the program when its window is closed."""

    def ask(self, program):
        self.desktop.key("ctrl+w")
        program.app.wait_for("alert", "Keep Linnet Running?")

    def keep(self, program):
        self.ask(program)
        program.app.press("button", "Keep Running")
        program.app.wait_gone("frame")

    def test_keep_running(self):
        program, peers = self.start()
        program.open_chat("Mira")
        program.app.put("text", "Message", "Half a thought")
        self.keep(program)
        peers["Mira"].send(ANA, "Are you there?")
        self.notifications.wait_for("Mira", "Are you there?")
        self.start_again(program)
        self.wait_for_open(program, "Mira")
        program.app.wait_for("article", "Mira: Are you there?")
        self.assertEqual(program.app.text("text", "Message"), "Half a thought")
        program.wait_for_unread("Mira", 0)
        self.assertFalse(program.app.find("alert"))
        # The answer is remembered, and Quit is not a question of it.
        self.desktop.key("ctrl+w")
        program.app.wait_gone("frame")
        self.start_again(program)
        self.desktop.key("ctrl+q")
        self.assertEqual(program.process.wait(15), 0)

    def test_notification_opens_its_chat(self):
        program, peers = self.start()
        program.open_chat("Mira")
        program.wait_for_unread("Mira", 0)
        self.keep(program)
        peers["Mira"].send(ANA, "For later")
        self.notifications.wait_for("Mira", "For later")
        peers["Tom"].send(ANA, "For now")
        self.notifications.click(self.notifications.wait_for("Tom", "For now"))
        program.app.wait_for("article", "Tom: For now")
        self.wait_for_composer(program)
        # Nobody has looked at the chat that the former window showed.
        program.wait_for_unread("Mira", 1)

    def test_quit_without_window(self):
        program, peers = self.start()
        self.keep(program)
        peers["Mira"].send(ANA, "Are you there?")
        self.notifications.wait_for("Mira", "Are you there?")
        self.assertEqual(program.quit(), 0)
        program = self.start_linnet()
        program.app.wait_for("list item", "Mira", re.compile("Are you there"))

    def test_end(self):
        """Enter, the careful answer, ends the program, now and each time the window is closed."""
        program, _ = self.start()
        self.ask(program)
        program.app.wait_for("button", "Quit", having=("focused",))
        self.desktop.key("Return")
        self.assertEqual(program.process.wait(15), 0)
        program = self.start_linnet()
        program.app.wait_for("list item", "Mira")
        self.desktop.key("ctrl+w")
        self.assertEqual(program.process.wait(15), 0)

    def test_no_answer(self):
        program, _ = self.start()
        self.ask(program)
        self.desktop.key("Escape")
        program.app.wait_gone("alert")
        self.ask(program)
        self.assertEqual(program.quit(), 0)

    def test_switched_on(self):
        program, _ = self.start()
        program.app.action("preferences", window=1)
        program.switch("Keep running when closed")
        program.app.wait_for("check box", "Keep running when closed", having=("checked",))
        self.desktop.key("Escape")
        program.app.wait_gone("dialog")
        self.desktop.key("ctrl+w")
        program.app.wait_gone("frame")
        self.start_again(program)
        program.app.wait_for("list item", "Mira")

    def test_without_account(self):
        program = self.start_linnet()
        program.app.wait_for("button", "Create New Account")
        self.desktop.key("ctrl+w")
        self.assertEqual(program.process.wait(15), 0)


class TestLogin(BackgroundTest):
    """Started by the desktop, without a window."""

    def autostart(self):
        """The file for desktops, or None."""
        folder = f"{self.desktop.env['XDG_CONFIG_HOME']}/autostart"
        names = os.listdir(folder) if os.path.isdir(folder) else ()
        if not names:
            return None
        self.assertEqual(len(names), 1, names)
        with open(f"{folder}/{names[0]}", encoding="utf-8") as file:
            return file.read()

    def wait_for_autostart(self, wanted):
        wait_until(
            lambda: (self.autostart() is not None) == wanted,
            lambda: f"at login something runs: {self.autostart()}",
        )

    def switches(self, program, state):
        """Of the row and the switch in it, who is in a state."""
        return [node.has(state) for node in program.app.find_all("check box", "Start at login")]

    def choose_start(self, program):
        """Switches it on, which only makes sense for a program that keeps running; it may go off again."""
        program.app.action("preferences", window=1)
        program.app.wait_for("check box", "Start at login")
        self.assertFalse(all(self.switches(program, "sensitive")))
        program.switch("Keep running when closed")
        wait_until(lambda: all(self.switches(program, "sensitive")), "it cannot be switched")
        self.assertIsNone(self.autostart())
        program.app.find_all("check box", "Start at login")[-1].press()

    def start_hidden(self, program):
        """What the file's command does, with the program under test."""
        hidden = Linnet(
            self.desktop,
            program.profile,
            self.server.ca_certificate,
            name=f"{program.name}-hidden-{len(self.programs)}",
        )
        self.programs.append(hidden)
        return hidden.start("--background", wait=False)

    def test_start_at_login(self):
        program, peers = self.start()
        self.choose_start(program)
        self.wait_for_autostart(True)
        self.assertIn(f'Exec="linnet" "--background" "--profile" "{program.profile}"\n', self.autostart())
        self.assertEqual(program.quit(), 0)

        program = self.start_hidden(program)
        peers["Mira"].send(ANA, "Good morning")
        self.notifications.wait_for("Mira", "Good morning")
        self.assertEqual(self.desktop.windows_of(program.process.pid), [])
        # Once more it is not shown either, other than when the person starts it.
        again = self.start_hidden(program)
        self.assertNotEqual(again.process.wait(15), 0)
        self.assertEqual(self.desktop.windows_of(program.process.pid), [])
        self.start_again(program)
        program.app.wait_for("list item", "Mira", re.compile("Good morning"))

        program.app.action("preferences", window=1)
        program.app.wait_for("check box", "Start at login", having=("checked",))
        program.switch("Keep running when closed")
        self.wait_for_autostart(False)

    def test_switched_off_elsewhere(self):
        program, _ = self.start()
        self.choose_start(program)
        self.wait_for_autostart(True)
        self.assertEqual(program.quit(), 0)
        folder = f"{self.desktop.env['XDG_CONFIG_HOME']}/autostart"
        os.remove(f"{folder}/{os.listdir(folder)[0]}")
        program = self.start_linnet()
        program.app.wait_for("list item", "Mira")
        program.app.action("preferences", window=1)
        program.app.wait_for("check box", "Keep running when closed", having=("checked",))
        self.assertFalse(any(self.switches(program, "checked")))
        self.assertIsNone(self.autostart())

    def test_not_wanted(self):
        """Without the leave of the person it ends by itself."""
        program, _ = self.start()
        self.assertEqual(program.quit(), 0)
        self.assertEqual(self.start_hidden(program).process.wait(15), 0)

    def test_cannot_start(self):
        program, _ = self.start()
        with open(f"{self.desktop.env['XDG_CONFIG_HOME']}/autostart", "w", encoding="utf-8") as file:
            file.write("in the way")
        self.choose_start(program)
        program.app.wait_for("alert", "Cannot Start at Login")
        program.app.press("button", "Close")
        program.app.wait_gone("alert")
        self.assertFalse(any(self.switches(program, "checked")))


if __name__ == "__main__":
    taptest.main()
