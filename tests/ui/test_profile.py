"""What a person shows of themselves: profile, picture, who sees it, and that of contacts.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import base64
import hashlib
import os
import re
import struct
import zlib

import pictures
import taptest
from ejabberd import Ejabberd
from processes import wait_until
from windowtest import WindowTest

ANA = "ana@lark.test"
MIRA = "mira@lark.test"
VCARD4 = "urn:xmpp:vcard4"
GREEN = (20, 160, 60)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def photo(width, height, color):
    """A PNG with what cameras and programs write into it."""
    plain = pictures.png(width, height, color)
    cut = 8 + 25
    secrets = chunk(b"tEXt", b"Comment\0taken at home") + chunk(b"eXIf", b"MM\0*\0\0\0\x08\0\0 GPS here")
    return plain[:cut] + secrets + plain[cut:]


def chunks(png):
    at, found = 8, []
    while at < len(png):
        size = struct.unpack(">I", png[at : at + 4])[0]
        found.append(png[at + 4 : at + 8].decode())
        at += 12 + size
    return found


def is_green(red, green, blue):
    return abs(red - GREEN[0]) < 12 and abs(green - GREEN[1]) < 12 and abs(blue - GREEN[2]) < 12


class ProfileTest(WindowTest):
    def set_up_server(self):
        self.add_accounts("ana", "mira", "eve")
        self.server.add_contacts(ANA, MIRA, "Ana", "Mira")

    def write(self, name, data):
        path = f"{self.folder}/{name}"
        with open(path, "wb") as file:
            file.write(data)
        return path

    def start(self, chooses_files=False, **options):
        """With chooses_files=True leaks are not counted.

        GTK's own file chooser (4.18) keeps what it learnt of each file in its list, and is found in no stack
        that could be named.
        """
        if chooses_files:
            counted = os.environ.get("ASAN_OPTIONS", "")
            options["env"] = {"ASAN_OPTIONS": f"{counted}:detect_leaks=0".lstrip(":")}
        program = self.start_linnet(**options)
        self.sign_in(program)
        return program

    def open_profile(self, program):
        program.open_account(ANA)
        program.press_row("Profile", "list item")
        program.app.wait_for("text", "Full name")

    def choose(self, program, path, button="Change Picture…"):
        """Opens the file dialog and gives it a path; its completion would garble typed ones."""
        program.app.press("button", button)
        program.app.wait_for("button", "Open")
        self.desktop.key("slash")

        def entry():
            texts = program.app.find_all("text") + program.app.find_all("entry")
            return next((node for node in texts if node.has("focused")), None)

        wait_until(entry, "there is no place for a path").put(path)
        self.desktop.key("Return")
        program.app.wait_gone("button", "Open")

    def change_picture(self, program, path):
        self.choose(program, path)
        program.app.wait_for("grouping", "Visible Part")
        program.app.press("button", "Use Picture")
        program.app.wait_gone("dialog", "Crop")

    def data_of(self, peer, owner):
        """The picture that somebody publishes, as bytes."""
        found = re.search(r"<data[^>]*>([^<]*)</data>", peer.ask_items(owner, "urn:xmpp:avatar:data"))
        return base64.b64decode(found[1]) if found else None

    def choose_visibility(self, program, key):
        program.focus_by_keys("combo box", "Who may see it")
        self.desktop.key("Return")
        self.desktop.key(key, "Return")
        program.app.wait_for("button", "Save", having=("sensitive",))
        program.app.press("button", "Save")
        program.app.wait_for("button", "Save", lacking=("sensitive",))


class TestProfile(ProfileTest):
    def test_publish(self):
        program = self.start()
        mira, eve = self.start_peer(), self.start_peer("eve")
        self.open_profile(program)
        self.assertFalse(program.app.find("button", "Save").has("sensitive"))
        program.app.put("text", "Your name", "ana")
        program.app.put("text", "Full name", "Ana Horvat")
        program.app.put("text", "About You", "Tomatoes & basil")
        program.app.put("text", "Place", "Zagreb")
        program.app.put("text", "Website", "example.org/ana")
        program.app.put("text", "Email", "ana@example.org")
        program.app.press("button", "Save")
        program.app.wait_for("label", "Profile saved")

        card = mira.ask_items(ANA, VCARD4)
        for text in (
            "<fn><text>Ana Horvat</text></fn>",
            "<nickname><text>ana</text></nickname>",
            "<note><text>Tomatoes &amp; basil</text></note>",
            "<adr><locality>Zagreb</locality></adr>",
            "<url><uri>https://example.org/ana</uri></url>",
            "<email><text>ana@example.org</text></email>",
        ):
            self.assertIn(text, card)
        self.assertRegex(mira.ask_items(ANA, "http://jabber.org/protocol/nick"), "<nick [^>]*>ana</nick>")

        # Contacts only, by every way to ask.
        old_card = "<vCard xmlns='vcard-temp'/>"
        self.assertNotIn("Horvat", eve.ask_items(ANA, VCARD4))
        self.assertNotIn("Horvat", eve.ask(old_card, ANA))
        self.assertIn("Horvat", mira.ask(old_card, ANA))

        self.choose_visibility(program, "Down")
        wait_until(lambda: "Horvat" in eve.ask_items(ANA, VCARD4), "strangers do not see it")
        self.assertIn("Horvat", eve.ask(old_card, ANA))

    def test_picture(self):
        program = self.start(chooses_files=True)
        mira = self.start_peer()
        self.open_profile(program)
        self.change_picture(program, self.write("me.png", photo(900, 700, GREEN)))
        program.app.wait_for("button", "Remove Picture")

        # What arrives is a square of plain pixels, as announced.
        data = wait_until(lambda: self.data_of(mira, ANA), "no picture was published")
        self.assertLessEqual(set(chunks(data)), {"IHDR", "IDAT", "IEND", "sRGB", "gAMA", "cHRM", "cICP"})
        self.assertNotIn(b"home", data)
        self.assertNotIn(b"GPS", data)
        width, height = struct.unpack(">II", data[16:24])
        self.assertEqual((width, height), (512, 512))
        number = hashlib.sha1(data).hexdigest()
        announced = mira.ask_items(ANA, "urn:xmpp:avatar:metadata")
        parts = (f'id="{number}"', f'bytes="{len(data)}"', 'type="image/png"', 'width="512"', 'height="512"')
        for part in parts:
            self.assertIn(part, announced.replace("'", '"'))
        self.desktop.key("Escape", "Escape")
        program.app.wait_gone("dialog", "Account")
        self.wait_for_green(program)

        # It is there again without being asked for, and gone when it is taken back.
        self.assertEqual(program.quit(), 0)
        program = self.start_linnet()
        self.wait_for_green(program)
        self.open_profile(program)
        program.app.press("button", "Remove Picture")
        program.app.wait_gone("button", "Remove Picture")
        wait_until(lambda: self.data_of(mira, ANA) is None, "the data is still there")
        self.assertNotIn("<info", mira.ask_items(ANA, "urn:xmpp:avatar:metadata"))
        self.assertEqual(os.listdir(self.avatars("ana")), [])

    def avatars(self, profile):
        for folder, names, _ in os.walk(f"{self.folder}/profiles/{profile}"):
            if "avatars" in names:
                return f"{folder}/avatars"
        raise AssertionError("there is no folder for pictures")

    def wait_for_green(self, program):
        wait_until(
            lambda: self.desktop.grab(program.window()).share(is_green) > 0.0002, "the picture is not shown"
        )

    def test_moved_and_enlarged(self):
        """Left half green, right half red: by keys the square goes to the left and gets smaller."""
        program = self.start(chooses_files=True)
        mira = self.start_peer()
        rows = b"".join(b"\0" + bytes(GREEN) * 400 + bytes((200, 20, 20)) * 400 for _ in range(300))
        header = struct.pack(">IIBBBBB", 800, 300, 8, 2, 0, 0, 0)
        data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows))
        self.open_profile(program)
        self.choose(program, self.write("wide.png", data + chunk(b"IEND", b"")))
        program.app.wait_for("grouping", "Visible Part", having=("focused",))
        self.desktop.key(*["Left"] * 20, "plus", "plus")
        program.app.press("button", "Use Picture")
        published = wait_until(lambda: self.data_of(mira, ANA), "no picture was published")
        self.assertEqual(struct.unpack(">II", published[16:24]), (247, 247))
        lines = zlib.decompress(
            b"".join(
                published[at + 8 : at + 8 + size]
                for at, size in self.places(published)
                if published[at + 4 : at + 8] == b"IDAT"
            )
        )
        self.assertNotIn(bytes((200, 20, 20)), lines)

    def places(self, png):
        at = 8
        while at < len(png):
            size = struct.unpack(">I", png[at : at + 4])[0]
            yield at, size
            at += 12 + size

    def test_hostile_pictures(self):
        program = self.start(chooses_files=True)
        mira = self.start_peer()
        self.open_profile(program)
        plain = pictures.png(64, 64, GREEN)
        bomb = struct.pack(">IIBBBBB", 65535, 65535, 8, 2, 0, 0, 0)
        frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 65535, 65535, 0) + b"\x02\x02\x44\x01\x00"
        head = b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0) + b"\0" * 6
        hostile = {
            "bomb.png": plain[:8] + chunk(b"IHDR", bomb) + plain[33:],
            "cut.png": plain[: len(plain) // 2],
            "bomb.gif": head + frame * 10000,
            "drawing.png": b"<svg xmlns='http://www.w3.org/2000/svg' width='64' height='64'/>",
            "tiny.png": pictures.png(8, 8, GREEN),
            "huge.png": plain + b"\0" * (20 * 1024 * 1024),
        }
        for index, (name, data) in enumerate(hostile.items()):
            path = self.write(name, data)
            self.choose(program, path, "Change Picture…" if index == 0 else "Choose Another…")
            program.app.wait_for("label", "This Picture Cannot Be Used", seconds=30)
            self.assertFalse(program.app.find("button", "Use Picture").has("sensitive"))
        program.app.press("button", "Cancel")
        program.app.wait_gone("dialog", "Crop")
        self.assertIsNone(program.app.find("button", "Remove Picture"))
        self.assertIsNone(self.data_of(mira, ANA))

    def test_what_does_not_fit(self):
        program = self.start()
        mira = self.start_peer()
        self.open_profile(program)
        for field, text in (
            ("Website", "http://example.org/"),
            ("Email", "ana"),
            ("Phone", "call me"),
            ("Birthday (year-month-day)", "in spring"),
        ):
            program.app.put("text", field, text)
            program.app.press("button", "Save")
            program.app.wait_for("text", field, having=("invalid_entry",))
            program.app.put("text", field, "")
        self.assertNotIn("<vcard", mira.ask_items(ANA, VCARD4))

        # What was typed is asked about, not lost.
        program.app.put("text", "Full name", "Ana Horvat")
        program.app.wait_for("button", "Save", having=("sensitive",))
        program.app.press("button", "Back")
        program.app.wait_for("alert", "Save Your Profile?")
        program.app.find_all("button", "Save")[-1].press()
        wait_until(lambda: "Horvat" in mira.ask_items(ANA, VCARD4), "it was not saved")

    def test_contact(self):
        """Mira, with a Linnet of her own, sees what Ana publishes, and gives her another name."""
        ana = self.start()
        self.open_profile(ana)
        ana.app.put("text", "Full name", "Ana <b>Horvat</b>")
        ana.app.put("text", "About You", "Tomatoes & basil")
        ana.app.put("text", "Website", "https://example.org/ana")
        ana.app.press("button", "Save")
        ana.app.wait_for("button", "Save", lacking=("sensitive",))
        ana.app.press("button", "Back")
        self.assertEqual(ana.quit(), 0)

        program = self.start_linnet("mira")
        self.sign_in(program, "mira")
        program.new_chat(ANA)
        program.app.press("button", "Chat details")
        program.app.wait_for("dialog", "Details")
        program.app.wait_for("list item", "Full name", "Ana <b>Horvat</b>")
        program.app.wait_for("list item", "About", "Tomatoes & basil")
        program.app.wait_for("list item", "Website", "https://example.org/ana")
        program.app.wait_for("button", "Open https://example.org/ana")
        self.assertIsNone(program.app.find("list item", "Email"))
        program.app.wait_for("label", re.compile(f"^{ANA} · "))

        # Closing keeps the name that was typed.
        program.app.put("text", "Name (only you see this)", "Ana from the garden")
        self.desktop.key("Escape")
        program.app.wait_gone("dialog", "Details")
        program.app.wait_for("button", "Chat details", "Ana from the garden")

    def test_contact_without_profile(self):
        program = self.start()
        program.new_chat(MIRA)
        program.app.press("button", "Chat details")
        program.app.wait_for("dialog", "Details")
        program.app.wait_gone("label", "Loading")
        self.assertIsNone(program.app.find("label", "Profile"))


class TestTwoCards(ProfileTest):
    """ejabberd keeps a card of the older kind beside the newer one, and shows it to everybody."""

    server_class = Ejabberd

    def test_older_card(self):
        program = self.start(chooses_files=True)
        eve = self.start_peer("eve")
        old_card = "<vCard xmlns='vcard-temp'/>"

        def sees():
            return "Horvat" in eve.ask_items(ANA, VCARD4), "Horvat" in eve.ask(old_card, ANA)

        self.open_profile(program)
        program.app.put("text", "Full name", "Ana Horvat")
        program.app.press("button", "Save")
        program.app.wait_for("button", "Save", lacking=("sensitive",))
        program.app.wait_for("label", "Profile saved")
        self.assertEqual(sees(), (False, False))
        self.change_picture(program, self.write("me.png", photo(300, 300, GREEN)))
        program.app.wait_for("button", "Remove Picture")
        self.choose_visibility(program, "Down")
        wait_until(lambda: sees() == (True, True), "not everybody sees it")
        self.assertIn("<PHOTO", eve.ask(old_card, ANA))
        self.choose_visibility(program, "Up")
        wait_until(lambda: sees() == (False, False), "everybody still sees it")
        # The contacts still do, and the picture is still there.
        self.assertIn("Horvat", self.start_peer().ask_items(ANA, VCARD4))
        self.assertIsNotNone(self.data_of(self.start_peer(), ANA))


if __name__ == "__main__":
    taptest.main()
