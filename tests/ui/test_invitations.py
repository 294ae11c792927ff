"""Links and invitations through the window: nothing happens before a yes, and then what was said.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import re
import socket
import subprocess

import taptest
from gi.repository import GLib
from linnet import build_folder
from processes import wait_until
from windowtest import WindowTest

ANA = "ana@lark.test"
MIRA = "mira@lark.test"

_STANZA = re.compile(r"Received\[c2s\]: <(?:iq|message|presence)")


class InvitationTest(WindowTest):
    def start(self, profile="ana", user="ana"):
        program = self.start_linnet(profile)
        self.sign_in(program, user)
        return program

    def open_link(self, program, link):
        program.app.action("open-link", GLib.Variant("s", link), window=1)

    def wait_for_roster(self, peer, address, wanted):
        wait_until(
            lambda: peer.roster().get(address, (None, None))[0] == wanted,
            lambda: f"{address} is not {wanted} in {peer.roster()}",
        )


class TestLinks(InvitationTest):
    server_options = {"log_level": "debug"}

    def count_stanzas(self):
        return len(_STANZA.findall(self.server.output()))

    def wait_until_quiet(self, program):
        """What a sign-in brings along is over once an unrelated stanza was answered."""
        program.app.wait_for("button", "Show My QR Code")
        previous = -1

        def look():
            nonlocal previous
            count, previous = self.count_stanzas(), previous
            same, previous = count == previous, count
            return same

        wait_until(look, "the program does not come to rest", pause=1.5)

    def test_nothing_happens_by_itself(self):
        program = self.start()
        self.wait_until_quiet(program)
        before = self.count_stanzas()
        for link, heading, close in (
            (f"xmpp:{MIRA}?remove", "Nothing Was Done", "Close"),
            (f"xmpp:{MIRA}?unsubscribe", "Nothing Was Done", "Close"),
            ("xmpp:lark.test?command;node=x;action=execute", "Nothing Was Done", "Close"),
            ("xmpp:lark.test?unregister", "Nothing Was Done", "Close"),
            ("xmpp:?register", "Could Not Open the Link", "Close"),
            ("xmpp:room@lark.test?join", "Groups Are Not There Yet", "Close"),
            (f"xmpp:{ANA}?roster;preauth=x", "This Is Your Own Link", "Close"),
            (f"xmpp:{MIRA}?roster;preauth=x", f"Add {MIRA} to Your Contacts?", "Cancel"),
            (f"xmpp:{MIRA}?subscribe", f"Add {MIRA} to Your Contacts?", "Cancel"),
            (f"xmpp:{MIRA}?message;body=Boo", f"Write to {MIRA}?", "Cancel"),
            (f"xmpp:{MIRA}", f"Write to {MIRA}?", "Cancel"),
        ):
            with self.subTest(link=link):
                self.open_link(program, link)
                program.app.wait_for("alert", heading)
                program.app.press("button", close)
                program.app.wait_gone("alert")
        self.assertEqual(self.count_stanzas(), before)
        self.assertIsNone(program.app.find("text", "Message"))

    def test_from_the_command_line(self):
        program = self.start()
        self.wait_until_quiet(program)
        before = self.count_stanzas()
        second = self.desktop.spawn(
            "second",
            [
                f"{build_folder()}/src/linnet",
                "--profile",
                program.profile,
                f"xmpp:{MIRA}?message;body=Hi%20Mira",
            ],
            env={"GSETTINGS_SCHEMA_DIR": f"{build_folder()}/data"},
        )
        self.assertEqual(second.wait(20), 0)
        program.app.wait_for("alert", f"Write to {MIRA}?")
        self.assertEqual(self.count_stanzas(), before)
        program.app.press("button", "Use Text")
        program.app.wait_for("text", "Message", having=("focused",))
        wait_until(lambda: program.app.text("text", "Message") == "Hi Mira", "the text is not there")
        self.assertNotIn("Hi Mira", self.server.output())
        program.app.press("button", "Send")
        program.app.wait_for("article")

    def test_a_text_is_added_to_what_was_typed(self):
        program = self.start()
        program.new_chat(MIRA)
        program.app.put("text", "Message", "Hello")
        self.open_link(program, f"xmpp:{MIRA}?message;body=there")
        program.app.press("button", "Use Text")
        wait_until(
            lambda: program.app.text("text", "Message") == "Hello\nthere", "the texts are not together"
        )

    def test_before_signing_in(self):
        program = self.start_linnet()
        self.open_link(program, f"xmpp:{MIRA}?subscribe")
        self.assertIsNone(program.app.find("alert"))
        self.sign_in(program)
        program.app.wait_for("alert", f"Add {MIRA} to Your Contacts?")

    def test_without_an_account(self):
        program = self.start_linnet()
        app = program.app
        app.wait_for("button", "Create New Account")
        for link, heading in (
            ("xmpp:room@lark.test?join", "Groups Are Not There Yet"),
            (f"xmpp:{MIRA}?remove", "Nothing Was Done"),
            ("xmpp:?register", "Could Not Open the Link"),
            (f"xmpp:{MIRA}?message;body=Boo", "An Account Comes First"),
            ("xmpp:zoe@lark.test", "An Account Comes First"),
        ):
            with self.subTest(link=link):
                self.open_link(program, link)
                app.wait_for("alert", heading)
                app.press("button", "Close")
                app.wait_gone("alert")
        # Both that can be followed have waited.
        self.sign_in(program)
        app.wait_for("alert", "Write to zoe@lark.test?").find("button", "Cancel").press()
        app.wait_gone("alert", "Write to zoe@lark.test?")
        app.wait_for("alert", f"Write to {MIRA}?").find("button", "Cancel").press()
        app.wait_gone("alert")

    def test_while_adding_an_account(self):
        program = self.start()
        app = program.app
        app.action("add-account", window=1)
        app.wait_for("button", "Create New Account")
        self.open_link(program, "xmpp:lark.test?register;preauth=x")
        app.wait_for("label", "You are invited to an account on lark.test.")
        app.action("add-account", window=1)
        self.open_link(program, "xmpp:finch.test?register;preauth=y")
        app.wait_for("label", "You are invited to an account on finch.test.")
        self.assertEqual(len(app.find_all("dialog", "Add Account")), 1)

        # It must not take the place of an account that is just coming.
        app.press("button", "Back")
        with socket.create_server(("127.0.0.1", 0)) as listener:
            program.fill_sign_in(MIRA, "secret of mira", listener.getsockname())
            app.wait_for("dialog", "Add Account").find("button", "Sign In").press()
            connection, _ = listener.accept()
            self.open_link(program, "xmpp:lark.test?register;preauth=x")
            app.wait_for("label", "The link will be opened when your account is ready")
            app.wait_for("text", "Address")
            app.wait_for("dialog", "Add Account").find("button", "Close").press()
            connection.close()
        app.wait_for("label", "You are invited to an account on lark.test.")
        self.assertEqual(len(app.find_all("dialog", "Add Account")), 1)

    def test_pasted_into_new_chat(self):
        program = self.start()
        program.app.action("new-chat", window=1)
        program.app.put("entry", "Name or address", f"xmpp:{MIRA}?roster;name=Mira%20L")
        program.app.wait_for("button", "Open Link")
        self.desktop.key("Return")
        program.app.wait_for("alert", f"Add {MIRA} to Your Contacts?")
        wait_until(
            lambda: program.app.text("text", "Name (only you see this)") == "Mira L", "the name is not there"
        )
        program.app.press("button", "Add Contact")
        program.app.wait_for("button", "Chat details", "Mira L")


class TestInvitations(InvitationTest):
    """The server makes no invitations: Linnet does."""

    def invite(self, program):
        program.app.action("invite", GLib.Variant("s", ""), window=1)
        program.app.wait_for("dialog", "Invite a Friend")
        return program.app.wait_for("image", "QR Code", re.compile("^(xmpp|https):")).description

    def decode(self):
        """What a camera reads from the screen."""
        picture = f"{self.folder}/code.png"
        self.desktop.screenshot(picture)
        command = ("zbarimg", "-q", "--raw", picture)
        found = subprocess.run(command, capture_output=True, text=True, check=False)
        return found.stdout.strip()

    def test_both_ways_without_further_clicks(self):
        program = self.start()
        link = self.invite(program)
        self.assertRegex(link, r"^xmpp:ana@lark\.test\?roster;preauth=[a-z2-7]{32}$")
        wait_until(lambda: self.decode() == link, lambda: f"the code says {self.decode()}")
        program.app.press("button", "Copy Link")
        program.app.wait_for("label", "Link copied")

        second = self.start("mira", "mira")
        self.open_link(second, link)
        second.app.wait_for("alert", f"Add {ANA} to Your Contacts?")
        second.app.press("button", "Add Contact")
        program.app.wait_for("list item", "mira")
        peer = self.start_peer()
        self.wait_for_roster(peer, ANA, "both")
        self.assertIsNone(program.app.find("button", "Accept"))
        self.assertIsNone(second.app.find("button", "Accept"))
        second.app.wait_for("label", "online")

    def test_a_token_counts_once(self):
        self.server.add_account("eva", "secret of eva")
        program = self.start()
        link = self.invite(program)
        token = link.partition("preauth=")[2]
        for user in ("mira", "eva"):
            peer = self.start_peer(user)
            peer.send_xml(
                f"<presence to='{ANA}' type='subscribe'>"
                f"<preauth xmlns='urn:xmpp:pars:0' token='{token}'/></presence>"
            )
            if user == "mira":
                peer.wait_for_presence("subscribed", ANA)
        program.app.press("button", "Requests")
        program.app.wait_for("list item", "eva", re.compile("Wants to be your contact"))
        self.assertIsNone(program.app.find("list item", "mira", re.compile("Wants to be your contact")))

    def test_a_new_link(self):
        program = self.start()
        first = self.invite(program)
        program.app.press("button", "New Link")
        wait_until(
            lambda: (found := program.app.find("image", "QR Code")) and found.description != first,
            "the link stays the same",
        )

    def test_own_code(self):
        program = self.start()
        program.press_row("Show My QR Code")
        program.app.wait_for("dialog", "My QR Code")
        wait_until(lambda: self.decode() == f"xmpp:{ANA}", lambda: f"the code says {self.decode()}")
        self.assertIsNone(program.app.find("button", "New Link"))

    def look(self, scheme):
        """Every page, as wide as a phone and wider; the code can be read in each. Pictures are kept."""
        pictures = f"{build_folder()}/tests/ui"
        os.makedirs(pictures, exist_ok=True)
        os.makedirs(f"{self.folder}/profiles/ana", exist_ok=True)
        with open(f"{self.folder}/profiles/ana/settings.ini", "w", encoding="utf-8") as file:
            file.write(f"[Linnet]\ncolor-scheme='{scheme}'\n")
        program = self.start()
        program.app.wait_for("button", "Show My QR Code")
        for width, size in (("wide", (1100, 720)), ("narrow", (360, 640))):
            name = f"{scheme}-{width}.png"
            self.desktop.place(program.window(), 0, 0, *size)
            self.desktop.screenshot(f"{pictures}/first-run-{name}")
            self.open_link(program, f"xmpp:{MIRA}?roster;preauth=x;name=Mira")
            program.app.wait_for("alert", f"Add {MIRA} to Your Contacts?")
            self.desktop.screenshot(f"{pictures}/invitation-link-{name}")
            program.app.press("button", "Cancel")
            program.app.wait_gone("alert")
            link = self.invite(program)
            wait_until(lambda: self.decode() == link, lambda: f"the code says {self.decode()}")
            self.desktop.screenshot(f"{pictures}/invitation-code-{name}")
            self.desktop.key("Escape")
            program.app.wait_gone("dialog")

    def test_light(self):
        self.look("light")

    def test_dark(self):
        self.look("dark")


class TestWholeWay(InvitationTest):
    """The server makes invitations, and takes nobody without one."""

    server_options = {"registration": "invites"}

    def set_up_server(self):
        self.add_accounts("ana")

    def test_a_second_person(self):
        """From an invitation made in Linnet to two contacts, with no click that is not the way there."""
        program = self.start()
        program.app.action("invite", GLib.Variant("s", ""), window=1)
        link = program.app.wait_for("image", "QR Code", re.compile("^xmpp:")).description
        self.assertRegex(link, r"^xmpp:ana@lark\.test\?roster;preauth=[\w-]+;ibr=y$")

        second = self.start_linnet("zoe")
        app = second.app
        self.open_link(second, link)
        app.wait_for("label", re.compile("ana@lark.test.* an account on lark.test"))
        app.press("button", "Create Account")
        # No DNS here: it is told where the server is.
        app.wait_for("button", "Try Again", seconds=60)
        app.press("toggle button", "Advanced")
        app.put("text", "Server", "127.0.0.1")
        app.put("text", "Port", str(self.server.port))
        app.press("button", "Try Again")
        app.wait_for("text", "Username", seconds=60)
        app.put("text", "Username", "zoe")
        app.press("button", "Create Account")
        app.press("button", "Skip", seconds=60)
        app.wait_for("button", "New Chat")
        app.wait_for("list item", "ana")
        self.assertIsNone(app.find("alert"))
        peer = self.start_peer("ana")
        self.wait_for_roster(peer, "zoe@lark.test", "both")
        self.assertIsNone(program.app.find("button", "Accept"))


if __name__ == "__main__":
    taptest.main()
