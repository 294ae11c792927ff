"""Backups: a profile goes into one file, and comes back elsewhere as another installation.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import glob
import os
import re

import taptest
from gi.repository import GLib
from processes import wait_until
from windowtest import WindowTest, build_folder

ANA = "ana@lark.test"
MIRA = "mira@lark.test"
PASSPHRASE = "correct horse battery staple"


class TestBackup(WindowTest):
    def set_up_server(self):
        super().set_up_server()
        self.server.add_contacts(ANA, MIRA, "Ana", "Mira")

    def home(self):
        return self.desktop.env["HOME"]

    def start(self, profile):
        return self.start_linnet(profile)

    def backups(self):
        return glob.glob(f"{self.home()}/*.linnet-backup*")

    def save(self, program):
        """Returns the path of the file."""
        app = program.app
        app.action("back-up", window=1)
        app.wait_for("dialog", "Back Up")
        app.wait_for("button", "Save Backup", lacking=("sensitive",))
        app.put("text", "Passphrase", PASSPHRASE)
        app.put("text", "Repeat passphrase", "something else")
        app.wait_for("label", "The two do not match.")
        self.assertFalse(app.find("button", "Save Backup").has("sensitive"))
        app.put("text", "Repeat passphrase", PASSPHRASE)
        app.wait_for("button", "Save Backup", having=("sensitive",))
        self.picture("backup-form")
        app.press("button", "Save Backup")
        app.wait_for("label", "Backup Saved", seconds=60)
        self.picture("backup-saved")
        app.press("button", "Done")
        app.wait_gone("dialog", "Back Up")
        (path,) = self.backups()
        return path

    def restore(self, program, path, passphrase):
        app = program.app
        app.action("restore-backup-file", GLib.Variant("s", GLib.filename_to_uri(path)), window=1)
        app.wait_for("dialog", "Restore from Backup")
        app.put("text", "Passphrase", passphrase)
        app.press("button", "Restore")

    def picture(self, name):
        folder = os.environ.get("LINNET_PICTURES")
        if folder:
            self.desktop.screenshot(f"{folder}/{name}.png")

    def resources(self, mira):
        """From where Ana was online, as Mira was told."""
        pattern = f"<presence[^>]* from=.{ANA}/([^'\"]+)"
        return {
            found[1]
            for stanza in list(mira.stanzas)
            if "unavailable" not in stanza and (found := re.search(pattern, stanza))
        }

    def fill(self):
        """A profile with a message from Mira and one of Ana's; its backup; the resource it had."""
        program = self.start("ana")
        self.sign_in(program)
        mira = self.start_peer()
        mira.send(ANA, "Hello from before")
        program.app.wait_for("list item", "Mira", re.compile("Hello from before"))
        program.open_chat("Mira")
        program.send("An answer from before")
        mira.wait_for_body("An answer from before")
        path = self.save(program)
        wait_until(lambda: self.resources(mira), "Mira does not see Ana")
        return program, mira, path

    def test_new_computer(self):
        old, mira, path = self.fill()
        old_resources = self.resources(mira)
        with open(path, "rb") as file:
            content = file.read()
        for secret in (b"Hello from before", b"lark.test", b"secret of ana"):
            self.assertNotIn(secret, content)

        program = self.start("new")
        app = program.app
        app.wait_for("button", "Restore from Backup…")
        self.restore(program, path, "not this one")
        app.wait_for("alert", re.compile("not the passphrase"), seconds=60)
        self.picture("restore-wrong")
        app.put("text", "Passphrase", PASSPHRASE)
        app.press("button", "Restore")
        app.wait_for("label", "Backup Restored", seconds=60)
        self.picture("restore-done")
        app.press("button", "Done")
        app.wait_gone("dialog", "Restore from Backup")
        app.wait_for("list item", "Mira", re.compile("An answer from before"))

        # Without a password in it, and as another installation: both work beside each other.
        app.press("button", "Sign In…", seconds=40)
        app.wait_for("alert", "Sign In")
        app.put("text", "Password", "secret of ana")
        self.desktop.key("Return")
        app.wait_gone("alert", "Sign In")
        wait_until(lambda: len(self.resources(mira)) > len(old_resources), "not another resource")
        mira.send(ANA, "Hello to both")
        for each in (old, program):
            each.app.wait_for("list item", "Mira", re.compile("Hello to both"))
        program.open_chat("Mira")
        self.assertTrue(any("Hello from before" in name for name, _ in program.transcript()))
        program.send("An answer from the new one")
        mira.wait_for_body("An answer from the new one")
        old.app.wait_for("list item", "Mira", re.compile("An answer from the new one"))

    def test_replace(self):
        program, _, path = self.fill()
        program.send("After the backup")
        program.app.wait_for("list item", "Mira", re.compile("After the backup"))
        self.restore(program, path, PASSPHRASE)
        program.app.wait_for("alert", "Replace Everything in Linnet?")
        self.picture("restore-confirm")
        program.app.press("button", "Replace")
        program.app.wait_for("label", "Backup Restored", seconds=60)
        program.app.press("button", "Done")
        program.app.wait_for("list item", "Mira", re.compile("An answer from before"))
        self.assertEqual(program.quit(), 0)
        again = self.start("ana")
        again.app.wait_for("list item", "Mira", re.compile("An answer from before"))

    def test_opened_by_the_desktop(self):
        """As a file manager does it: while the program runs, its window asks for the passphrase."""
        program, _, path = self.fill()
        opener = self.desktop.spawn(
            "opener",
            [program.process.argv[0], "--profile", program.profile, path],
            env={"GSETTINGS_SCHEMA_DIR": f"{build_folder()}/data"},
        )
        program.app.wait_for("dialog", "Restore from Backup")
        self.assertEqual(opener.wait(20), 0)

    def test_not_a_backup(self):
        program = self.start("new")
        program.app.wait_for("button", "Restore from Backup…")
        path = f"{self.folder}/picture.linnet-backup"
        with open(path, "w", encoding="utf-8") as file:
            file.write("Something else")
        self.restore(program, path, PASSPHRASE)
        program.app.wait_for("alert", "This file is not a backup of Linnet.")
        self.assertEqual(self.backups(), [])


if __name__ == "__main__":
    taptest.main()
