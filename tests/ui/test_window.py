"""The window as a whole: by keyboard alone, narrow, dark, with high contrast.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import re
import subprocess

import taptest
from linnet import build_folder
from processes import wait_until
from windowtest import WindowTest

ANA = "ana@lark.test"
MIRA = "mira@lark.test"
CONTACTS = (("mira@lark.test", "Mira"), ("tom@lark.test", "Tom"), ("sofia@lark.test", "Sofia"))

# A contact's name that ends a program whose label wraps it, see linnet-safe-text.c; and one that is markup.
TRAP = "\U0001f1e6\U0001f3fd/" * 40
MARKUP = "<b>Tom & <i>Jerry"


class ChatsTest(WindowTest):
    """Ana's window with chats with Sofia, Tom and Mira, in this order."""

    contacts = CONTACTS

    def set_up_server(self):
        self.add_accounts("ana", *(address.partition("@")[0] for address, _ in self.contacts))
        self.server.fill_roster(ANA, self.contacts)
        for address, _ in self.contacts:
            self.server.fill_roster(address, [(ANA, "Ana")])

    def start(self, size=None, **options):
        """The window with each contact's greeting in the list, and the contacts as peers by name."""
        program = self.start_linnet(**options)
        if size is not None:
            self.resize(program, size)
        self.sign_in(program)
        peers = {}
        for address, name in self.contacts:
            peers[name] = self.start_peer(address.partition("@")[0])
            peers[name].send(ANA, f"Hello from {name}")
            program.app.wait_for("list item", name, re.compile("Hello from"))
        return program, peers

    def resize(self, program, size):
        self.desktop.place(program.window(), 0, 0, *size)

    def wait_for_open(self, program, name):
        """The chat is open beside the list, or instead of it."""
        program.app.wait_for("button", "Chat details", name)

    def wait_for_focused_row(self, program, name):
        program.app.wait_for("list item", name, re.compile("Hello from"), having=("focused",))

    def wait_for_composer(self, program):
        program.app.wait_for("text", "Message", having=("focused",))

    def go_to_list(self, program):
        """The focus on the first row, by keys. Beside the open chat that opens it."""
        self.desktop.key("ctrl+k")
        program.app.wait_for("entry", "Search chats", having=("focused",))
        self.desktop.key("Down")
        self.wait_for_focused_row(program, "Sofia")


class TestKeyboard(ChatsTest):
    def test_browse(self):
        program, _ = self.start()
        self.go_to_list(program)
        for key, name in (("Down", "Tom"), ("Down", "Mira"), ("Up", "Tom")):
            self.desktop.key(key)
            self.wait_for_open(program, name)
            self.wait_for_focused_row(program, name)
        self.desktop.key("Return")
        self.wait_for_composer(program)
        self.desktop.type("Hello Tom")
        wait_until(lambda: program.app.text("text", "Message") == "Hello Tom", "not typed into the message")

    def test_choosing_goes_to_the_message(self):
        program, _ = self.start()
        self.go_to_list(program)
        self.desktop.key("Down")
        self.wait_for_open(program, "Tom")
        # Not by the arrow keys, so it is not browsing: Alt+Down from the list, too.
        self.desktop.key("alt+Down")
        self.wait_for_open(program, "Mira")
        self.wait_for_composer(program)
        self.desktop.key("alt+Up")
        self.wait_for_open(program, "Tom")
        self.wait_for_composer(program)
        self.desktop.key("alt+1")
        self.wait_for_open(program, "Sofia")
        self.desktop.key("ctrl+Page_Down", "ctrl+Page_Down")
        self.wait_for_open(program, "Mira")
        self.desktop.key("ctrl+Page_Up")
        self.wait_for_open(program, "Tom")

    def test_unread_chats(self):
        program, peers = self.start()
        program.open_chat("Tom")
        program.wait_for_unread("Tom", 0)
        # Sofia's and Mira's greetings wait.
        self.desktop.key("alt+shift+Down")
        self.wait_for_open(program, "Mira")
        program.wait_for_unread("Mira", 0)
        self.desktop.key("alt+shift+Up")
        self.wait_for_open(program, "Sofia")
        program.wait_for_unread("Sofia", 0)
        peers["Tom"].send(ANA, "Hello from Tom again")
        program.wait_for_unread("Tom", 1)
        self.desktop.key("alt+shift+Up")
        self.wait_for_open(program, "Tom")

    def test_whole_way(self):
        """From the list to a new chat, a message, details and back, without a pointer."""
        program, peers = self.start()
        app = program.app
        self.desktop.key("ctrl+n")
        app.wait_for("entry", "Name or address", having=("focused",))
        self.desktop.type("mir")
        app.wait_gone("list item", "Tom", "tom@lark.test")
        self.desktop.key("Return")
        self.wait_for_open(program, "Mira")
        self.wait_for_composer(program)
        self.desktop.type("First line")
        self.desktop.key("shift+Return")
        self.desktop.type("second line")
        self.desktop.key("Return")
        peers["Mira"].wait_for_body("First line\nsecond line")
        app.wait_for("article", re.compile("^You: First line"))
        self.wait_for_composer(program)

        self.desktop.key("ctrl+i")
        app.wait_for("dialog", "Details")
        program.focus_by_keys("button", "Copy Address")
        self.desktop.key("Return")
        app.wait_for("label", "Address copied")
        # Tab would go into the notice, too, and the focus with it when it goes.
        app.wait_gone("label", "Address copied")
        program.focus_by_keys("button", "Block Mira…")
        self.desktop.key("Escape")
        app.wait_gone("dialog", "Details")
        self.wait_for_composer(program)

        self.desktop.key("F9")
        app.wait_for("entry", "Search chats", having=("focused",))
        self.desktop.type("so")
        app.wait_gone("list item", "Tom")
        self.desktop.key("Return")
        self.wait_for_open(program, "Sofia")
        app.wait_for("list item", "Tom")
        self.desktop.key("F9")
        app.wait_for("entry", "Search chats", having=("focused",))
        self.desktop.key("F9")
        self.wait_for_composer(program)

        self.desktop.key("F10")
        app.wait_for("menu item", "Keyboard Shortcuts")
        self.desktop.key("Escape")
        app.wait_gone("menu item", "Keyboard Shortcuts")
        self.desktop.key("ctrl+comma")
        app.wait_for("dialog", "Preferences")
        self.desktop.key("Escape")
        app.wait_gone("dialog", "Preferences")

    def test_header_by_tab(self):
        """Every control of the open chat and of the list is reached by Tab."""
        program, _ = self.start()
        program.open_chat("Mira")
        self.wait_for_composer(program)
        for role, name in (
            ("toggle button", "Insert Emoji"),
            ("toggle button", "Account"),
            ("button", "New Chat"),
            ("toggle button", "Main Menu"),
            ("entry", "Search chats"),
            ("button", "Chat details"),
            ("toggle button", "Chat Menu"),
            ("text", "Message"),
        ):
            program.focus_by_keys(role, name)

    def test_closed_dialog_is_gone(self):
        """A contact that comes when the dialog for new chats was closed is nothing to it any more."""
        program, _ = self.start()
        phone = self.start_peer("ana", "phone")
        self.desktop.key("ctrl+n")
        program.app.wait_for("list item", "Tom", "tom@lark.test")
        self.desktop.key("Escape")
        program.app.wait_gone("dialog", "New Chat")
        phone.send_xml(
            "<iq type='set' id='add'><query xmlns='jabber:iq:roster'>"
            "<item jid='jonas@lark.test' name='Jonas'/></query></iq>"
        )
        phone.wait_for_xml("jonas@lark.test")
        self.desktop.key("ctrl+n")
        program.app.wait_for("list item", "Jonas", "jonas@lark.test")

    def test_shortcuts_dialog(self):
        program, _ = self.start()
        program.open_chat("Tom")
        self.desktop.key("ctrl+question")
        dialog = program.app.wait_for("dialog", "Keyboard Shortcuts")
        names = [row.name for row in program.app.tree().find("dialog", dialog.name).find_all("list item")]
        for name in ("New chat", "Search chats", "Next chat", "Send the message", "Chat details", "Quit"):
            self.assertIn(name, names)
        self.assertEqual(len(names), len(set(names)))
        self.desktop.key("Escape")
        program.app.wait_gone("dialog", "Keyboard Shortcuts")

    def test_quit(self):
        """The program ends at once, and is not asked whether it should go on."""
        program, _ = self.start()
        self.desktop.key("ctrl+q")
        self.assertEqual(program.process.wait(15), 0)


class TestNames(ChatsTest):
    contacts = CONTACTS[:1]

    def rename(self, name):
        phone = self.start_peer("ana", "phone")
        escaped = name.replace("&", "&amp;").replace("<", "&lt;")
        phone.send_xml(
            "<iq type='set' id='rename'><query xmlns='jabber:iq:roster'>"
            f"<item jid='{MIRA}' name='{escaped}'/></query></iq>"
        )

    def test_page_follows_the_name(self):
        program, _ = self.start()
        program.open_chat("Mira")
        program.app.wait_for("grouping", "Mira")
        self.rename("Mirabelle")
        program.app.wait_for("grouping", "Mirabelle")
        program.app.wait_gone("grouping", "Mira")

    def show_everywhere(self, name):
        """Everything that shows a contact's name, at a width at which it has to wrap."""
        program, _ = self.start(size=(370, 640))
        self.rename(name)
        app = program.app
        app.wait_gone("list item", "Mira")
        # What it looks like is not told to be the same: what cannot be shown is left out.
        part = re.escape(name[:1])
        program.open_chat(re.compile(part))
        app.press("button", "Chat details")
        app.wait_for("dialog", "Details")
        app.wait_for("heading", re.compile(part))
        program.press_row("Remove Contact…")
        app.wait_for("alert", re.compile(f"^Remove {part}"))
        app.press("button", "Cancel")
        app.wait_gone("alert")
        program.press_row(re.compile(f"^Block {part}"))
        app.wait_for("alert", re.compile(f"^Block {part}"))
        app.press("button", "Block")
        app.wait_gone("alert")
        self.desktop.key("Escape")
        app.wait_gone("dialog")
        app.wait_for("grouping", re.compile(f"^You have blocked {part}"))
        app.action("new-chat", window=1)
        app.wait_for("list item", re.compile(part), MIRA)

    def test_markup_is_text(self):
        self.show_everywhere(MARKUP)

    def test_no_name_ends_the_program(self):
        self.show_everywhere(TRAP)

    def test_no_draft_ends_the_program(self):
        program, _ = self.start(size=(370, 640))
        program.open_chat("Mira")
        program.app.put("text", "Message", f"See {TRAP} there")
        wait_until(
            lambda: re.match("See .* there$", program.app.text("text", "Message")), "the text is not there"
        )
        self.assertEqual(program.quit(), 0)
        program = self.start_linnet()
        program.open_chat("Mira")
        wait_until(lambda: program.app.text("text", "Message").startswith("See "), "the draft is gone")

    def test_own_name(self):
        """The page that greets the person shows the name as it is."""
        program = self.start_linnet()
        self.sign_in(program)
        for name in (MARKUP, TRAP):
            program.open_account(ANA)
            program.focus_by_keys("text", "Your name")
            program.app.put("text", "Your name", name)
            program.app.press("button", "Apply")
            program.app.wait_gone("button", "Apply")
            self.desktop.key("Escape")
            program.app.wait_gone("dialog")
            program.app.wait_for("label", re.compile("^You’re all set, " + re.escape(name[:1])))


class TestManyChats(WindowTest):
    def test_all_can_be_reached(self):
        # The list makes a few rows for the first frame and the others afterwards.
        chats = 60
        program = self.start_linnet()
        self.sign_in(program)
        self.assertEqual(program.quit(), 0)
        fill = (f"{build_folder()}/tests/bench/linnet-fill", f"{self.folder}/profiles/ana", ANA)
        subprocess.run((*fill, str(20 * chats), str(chats), self.domain), check=True)

        def at_last():
            self.desktop.key("End")
            last = app.find("list item", "contact1")
            return last is not None and last.has("focused")

        app = self.start_linnet().app
        app.wait_for("list item", f"contact{chats}")
        for chat in ("contact42", "contact7"):
            # A search that leaves one, and then all of them again.
            self.desktop.key("ctrl+k")
            self.desktop.type(chat)
            app.wait_gone("list item", f"contact{chats}")
            self.desktop.key("Return")
            app.wait_for("button", "Chat details", chat)
            app.wait_for("list item", f"contact{chats}")
            self.desktop.key("ctrl+k")
            app.wait_for("entry", "Search chats", having=("focused",))
            self.desktop.key("Down")
            wait_until(at_last, "the last chat cannot be reached")
        self.desktop.key("alt+Up")
        app.wait_for("button", "Chat details", "contact2")


class TestNarrow(ChatsTest):
    # GTK's own frame takes 10 of these: the content is 360 wide.
    narrow = (370, 640)

    def test_list_chat_list(self):
        program, _ = self.start(size=self.narrow)
        app = program.app
        self.assertIsNone(app.find("text", "Message"))
        program.open_chat("Tom")
        self.wait_for_composer(program)
        self.assertIsNone(app.find("list", "Chats"))
        app.press("button", "Back")
        app.wait_for("list item", "Mira")
        app.wait_gone("text", "Message")
        # The same chat once more.
        program.open_chat("Tom")
        self.wait_for_composer(program)
        self.desktop.key("alt+Left")
        app.wait_for("list item", "Mira")
        self.assertIsNone(self.selected_row(program))

    def selected_row(self, program):
        rows = program.app.find("list", "Chats").children
        return next((row for row in rows if row.has("selected")), None)

    def test_browse(self):
        """Arrow keys only move in the list; Enter opens."""
        program, _ = self.start(size=self.narrow)
        self.go_to_list(program)
        for key, name in (("Down", "Tom"), ("Down", "Mira"), ("Up", "Tom")):
            self.desktop.key(key)
            self.wait_for_focused_row(program, name)
            self.assertIsNone(program.app.find("text", "Message"))
            self.assertIsNone(self.selected_row(program))
        self.desktop.key("Return")
        self.wait_for_open(program, "Tom")
        self.wait_for_composer(program)

    def test_grows_and_shrinks(self):
        program, _ = self.start()
        program.open_chat("Tom")
        program.app.put("text", "Message", "Half a thought")
        self.resize(program, self.narrow)
        program.app.wait_gone("list", "Chats")
        self.assertEqual(program.app.text("text", "Message"), "Half a thought")
        self.resize(program, (1110, 700))
        program.app.wait_for("list", "Chats")
        self.assertEqual(self.selected_row(program).name, "Tom")

    def test_dialogs_fit(self):
        program, _ = self.start(size=self.narrow)
        program.open_chat("Mira")
        app = program.app
        for action, name in (
            ("open-details", "Details"),
            ("new-chat", "New Chat"),
            ("preferences", "Preferences"),
            ("shortcuts", "Keyboard Shortcuts"),
            ("add-account", "Add Account"),
        ):
            app.action(action, window=1)
            app.wait_for("dialog", name)
            self.desktop.key("Escape")
            app.wait_gone("dialog", name)


class TestStyle(ChatsTest):
    contacts = CONTACTS[:1]

    def use_style(self, style):
        os.makedirs(f"{self.folder}/profiles/ana", exist_ok=True)
        with open(f"{self.folder}/profiles/ana/settings.ini", "w", encoding="utf-8") as file:
            file.write(f"[Linnet]\ncolor-scheme='{style}'\n")

    def start_chat(self, **options):
        program, _ = self.start(**options)
        program.open_chat("Mira")
        program.send("Hello Mira")
        program.app.wait_for("article", "You: Hello Mira", re.compile("received"))
        return program

    def shades(self, program):
        """How much of the window is dark, and how much is bright."""
        picture = self.desktop.grab(program.window())
        return (
            picture.share(lambda red, green, blue: red + green + blue < 255),
            picture.share(lambda red, green, blue: red + green + blue > 2 * 255),
        )

    def test_light(self):
        self.use_style("light")
        dark, bright = self.shades(self.start_chat())
        self.assertGreater(bright, 0.9)
        self.assertLess(dark, 0.05)

    def test_dark(self):
        self.use_style("dark")
        dark, bright = self.shades(self.start_chat())
        self.assertGreater(dark, 0.9)
        self.assertLess(bright, 0.05)


class OutlineTest(ChatsTest):
    contacts = CONTACTS[:1]

    def edge_of_bubble(self):
        """The colour at the upper edge of the only bubble, which is an own one, and of what is below it."""
        program = self.start_linnet()
        self.sign_in(program)
        program.new_chat(MIRA)
        program.send("Hello Mira")
        program.app.wait_for("article", "You: Hello Mira", re.compile("sent|received"))
        picture = self.desktop.grab(program.window())
        column = [picture.pixel(picture.width - 50, y) for y in range(80, picture.height)]
        edge = next(y for y, color in enumerate(column) if max(color) - min(color) > 12)
        # The edge itself is blended with the ground.
        return column[edge + 1], column[edge + 6]


class TestOutline(OutlineTest):
    def test_none(self):
        edge, inside = self.edge_of_bubble()
        self.assertEqual(edge, inside)


class TestHighContrast(OutlineTest):
    desktop_options = {"env": {"ADW_DEBUG_HIGH_CONTRAST": "1"}}

    def test_outline(self):
        edge, inside = self.edge_of_bubble()
        self.assertGreater(sum(inside) - sum(edge), 200)


if __name__ == "__main__":
    taptest.main()
