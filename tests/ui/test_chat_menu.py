"""The menu of a chat in the list: what is in it, by which ways it opens, and what it leaves alone.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import re

import taptest
from processes import wait_until
from windowtest import WindowTest

ANA = "ana@lark.test"
MIRA = "mira@lark.test"
CONTACTS = ((MIRA, "Mira"), ("tom@lark.test", "Tom"))
MENU_KEYS = ("Menu", "shift+F10")


class ChatMenuTest(WindowTest):
    """Ana's window with unread chats with Tom and Mira, in this order, of which none is open."""

    # GTK's own frame takes 10 of these: the content is 360 wide.
    narrow = (370, 640)

    def set_up_server(self):
        self.add_accounts("ana", *(address.partition("@")[0] for address, _ in CONTACTS))
        self.server.fill_roster(ANA, CONTACTS)
        for address, _ in CONTACTS:
            self.server.fill_roster(address, [(ANA, "Ana")])

    def start(self, size=None):
        program = self.start_linnet()
        if size is not None:
            self.desktop.place(program.window(), 0, 0, *size)
        self.sign_in(program)
        peers = {}
        for address, name in CONTACTS:
            peers[name] = self.start_peer(address.partition("@")[0])
            peers[name].send(ANA, f"Hello from {name}")
            program.app.wait_for("list item", name, re.compile("Hello from"))
        return program, peers

    def wait_for_focused_row(self, program, name):
        program.app.wait_for("list item", name, having=("focused",))

    def rows(self, program):
        return [row.name for row in program.app.find("list", "Chats").children]

    def wait_for_rows(self, program, *names):
        wait_until(lambda: self.rows(program) == list(names), lambda: str(self.rows(program)))

    def selected_row(self, program):
        rows = program.app.find("list", "Chats").children
        return next((row.name for row in rows if row.has("selected")), None)

    def go_to_row(self, program, name):
        """The focus on a row, by keys, which does not open a chat as long as the list is all there is."""
        self.desktop.key("ctrl+k")
        program.app.wait_for("entry", "Search chats", having=("focused",))
        self.desktop.key("Down")
        for _ in self.rows(program):
            wait_until(
                lambda: any(row.has("focused") for row in program.app.find("list", "Chats").children),
                "no row has the focus",
            )
            if program.app.find("list item", name).has("focused"):
                return
            self.desktop.key("Down")
        self.wait_for_focused_row(program, name)

    def items(self, program):
        return [item.name for item in program.app.find_all("menu item")]

    def open_menu(self, program, key="Menu"):
        self.desktop.key(key)
        program.app.wait_for("menu item", "Details")
        return self.items(program)

    def choose(self, program, name):
        """An item of the open menu, by keys."""
        for _ in self.items(program):
            if program.app.find("menu item", name).has("focused"):
                break
            self.desktop.key("Down")
        program.app.wait_for("menu item", name, having=("focused",))
        self.desktop.key("Return")
        program.app.wait_gone("menu item")

    def close_menu(self, program):
        self.desktop.key("Escape")
        program.app.wait_gone("menu item")


class TestNarrowMenu(ChatMenuTest):
    """The list is all that shows, so nothing opens by going through it."""

    def start_on(self, name):
        program, peers = self.start(size=self.narrow)
        self.go_to_row(program, name)
        return program, peers

    def assert_untouched(self, program):
        self.assertIsNone(program.app.find("text", "Message"))
        self.assertIsNone(self.selected_row(program))

    def test_opens_by_keys(self):
        program, _ = self.start_on("Mira")
        for key in MENU_KEYS:
            self.assertEqual(
                self.open_menu(program, key), ["Mark as Read", "Pin", "Details", "Block…"], key
            )
            self.close_menu(program)
            self.wait_for_focused_row(program, "Mira")
            self.assert_untouched(program)
        # The keys go on from there, and nothing has been read.
        self.desktop.key("Up")
        self.wait_for_focused_row(program, "Tom")
        program.wait_for_unread("Mira", 1)
        self.assert_untouched(program)

    def test_mark_as_read(self):
        program, _ = self.start_on("Mira")
        self.open_menu(program)
        self.choose(program, "Mark as Read")
        program.wait_for_unread("Mira", 0)
        program.wait_for_unread("Tom", 1)
        self.wait_for_focused_row(program, "Mira")
        self.assertEqual(self.open_menu(program), ["Pin", "Details", "Block…"])
        self.close_menu(program)
        self.assert_untouched(program)

    def test_pin(self):
        program, _ = self.start_on("Mira")
        self.wait_for_rows(program, "Tom", "Mira")
        self.open_menu(program)
        self.choose(program, "Pin")
        self.wait_for_rows(program, "Mira", "Tom")
        self.wait_for_focused_row(program, "Mira")
        self.assert_untouched(program)
        self.assertEqual(self.open_menu(program), ["Mark as Read", "Unpin", "Details", "Block…"])
        self.choose(program, "Unpin")
        self.wait_for_rows(program, "Tom", "Mira")
        self.wait_for_focused_row(program, "Mira")
        self.assertIn("Pin", self.open_menu(program))
        self.close_menu(program)
        self.assert_untouched(program)

    def test_pin_is_kept(self):
        program, _ = self.start_on("Mira")
        self.open_menu(program)
        self.choose(program, "Pin")
        self.wait_for_rows(program, "Mira", "Tom")
        self.assertEqual(program.quit(), 0)
        program = self.start_linnet()
        program.app.wait_for("list item", "Tom")
        self.wait_for_rows(program, "Mira", "Tom")

    def test_details(self):
        program, _ = self.start_on("Mira")
        self.open_menu(program)
        self.choose(program, "Details")
        program.app.wait_for("dialog", "Details")
        program.app.wait_for("heading", "Mira")
        self.desktop.key("Escape")
        program.app.wait_gone("dialog")
        self.wait_for_focused_row(program, "Mira")
        self.assert_untouched(program)

    def test_block_and_unblock(self):
        program, peers = self.start_on("Mira")
        peers["Mira"].wait_for_presence("available", ANA)
        self.open_menu(program)
        self.choose(program, "Block…")
        program.app.wait_for("alert", "Block Mira?")
        program.app.press("button", "Cancel")
        program.app.wait_gone("alert")
        self.wait_for_focused_row(program, "Mira")
        self.assertIn("Block…", self.open_menu(program))
        self.choose(program, "Block…")
        program.app.wait_for("alert", "Block Mira?")
        program.app.press("button", "Block")
        program.app.wait_gone("alert")
        peers["Mira"].wait_for_presence("unavailable", ANA)
        self.wait_for_focused_row(program, "Mira")
        peers["Mira"].send(ANA, "Can you hear me?")
        peers["Mira"].roster()  # what came before this is done

        wait_until(lambda: self.unblock_is_offered(program), "the menu does not offer to unblock")
        self.choose(program, "Unblock")
        self.assertIsNone(program.app.find("alert"))
        self.wait_for_focused_row(program, "Mira")
        wait_until(lambda: self.block_is_offered(program), "the menu does not offer to block again")
        self.close_menu(program)
        peers["Mira"].send(ANA, "And now?")
        program.app.wait_for("list item", "Mira", re.compile("And now"))
        program.wait_for_unread("Mira", 2)
        self.assert_untouched(program)

    def offers(self, program, wanted, other):
        """Whether the menu, which stays open then, has one item and not the other."""
        items = self.open_menu(program)
        if wanted in items and other not in items:
            return True
        self.close_menu(program)
        return False

    def unblock_is_offered(self, program):
        return self.offers(program, "Unblock", "Block…")

    def block_is_offered(self, program):
        return self.offers(program, "Block…", "Unblock")


class TestPointer(ChatMenuTest):
    def middle(self, program, name):
        """Where a row is on the display, in whose corner the window is; its shadow is narrow."""
        x, y, width, height = program.app.wait_for("list item", name).extents()
        return x + width // 2, y + height // 2

    def right_click(self, program, name):
        self.desktop.click(*self.middle(program, name), 3)
        program.app.wait_for("menu item", "Details")
        self.assertEqual(self.items(program), ["Mark as Read", "Pin", "Details", "Block…"])

    def test_beside_a_chat(self):
        program, _ = self.start(size=(1110, 700))
        program.open_chat("Mira")
        program.app.wait_for("text", "Message", having=("focused",))
        program.wait_for_unread("Mira", 0)
        self.right_click(program, "Tom")
        self.close_menu(program)
        self.wait_for_focused_row(program, "Tom")
        self.assertEqual(self.selected_row(program), "Mira")
        program.app.wait_for("button", "Chat details", "Mira")
        # Another row than the open one's was meant.
        self.open_menu(program)
        self.choose(program, "Mark as Read")
        program.wait_for_unread("Tom", 0)
        self.assertEqual(self.selected_row(program), "Mira")
        program.app.wait_for("button", "Chat details", "Mira")

    def test_narrow(self):
        program, _ = self.start(size=self.narrow)
        # Going over the other one is nothing.
        self.right_click(program, "Mira")
        self.close_menu(program)
        self.right_click(program, "Tom")
        self.close_menu(program)
        self.wait_for_focused_row(program, "Tom")
        self.assertIsNone(program.app.find("text", "Message"))
        self.assertIsNone(self.selected_row(program))
        program.wait_for_unread("Tom", 1)
        # The other button opens the chat, also once more.
        for _ in range(2):
            self.desktop.click(*self.middle(program, "Tom"))
            program.app.wait_for("button", "Chat details", "Tom")
            program.app.press("button", "Back")
            program.app.wait_for("list", "Chats")
            program.app.wait_gone("text", "Message")


if __name__ == "__main__":
    taptest.main()
