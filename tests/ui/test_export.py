"""Exporting: contacts and conversations as files.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import glob
import json
import os
import re

import taptest
from gi.repository import GLib
from windowtest import WindowTest

ANA = "ana@lark.test"
MIRA = "mira@lark.test"
NASTY = "<script>alert('x')</script> & \"more\""


class TestExport(WindowTest):
    def set_up_server(self):
        super().set_up_server()
        self.server.add_contacts(ANA, MIRA, "Ana", "Mira")

    def picture(self, name):
        folder = os.environ.get("LINNET_PICTURES")
        if folder:
            self.desktop.screenshot(f"{folder}/{name}.png")

    def exports(self):
        return glob.glob(f"{self.desktop.env['HOME']}/Linnet *")

    def start(self):
        program = self.start_linnet()
        self.sign_in(program)
        mira = self.start_peer()
        mira.send(ANA, NASTY)
        program.app.wait_for("list item", "Mira", re.compile("script"))
        program.open_chat("Mira")
        program.send("Answer\nin two lines")
        mira.wait_for_body("Answer\nin two lines")
        return program

    def export(self, program):
        program.app.action("export-data", GLib.Variant("s", ANA), window=1)
        program.app.wait_for("dialog", "Export Data")

    def test_all(self):
        program = self.start()
        app = program.app
        self.export(program)
        for name in ("Conversations as plain text", "Conversations for other programs"):
            program.switch(name)
        self.picture("export-form")
        app.press("button", "Export")
        app.wait_for("label", "Data Exported", seconds=60)
        app.wait_for("button", "Open Folder")
        self.picture("export-done")
        (folder,) = self.exports()
        self.assertTrue(os.path.basename(folder).startswith(f"Linnet {ANA} "))
        self.assertEqual(
            sorted(os.path.relpath(path, folder) for path in glob.glob(f"{folder}/**", recursive=True)),
            [
                ".",
                "contacts.json",
                "contacts.vcf",
                "conversations",
                "conversations/mira@lark.test.html",
                "conversations/mira@lark.test.json",
                "conversations/mira@lark.test.txt",
            ],
        )
        with open(f"{folder}/contacts.json", encoding="utf-8") as file:
            (contact,) = json.load(file)["contacts"]
        self.assertEqual((contact["address"], contact["name"]), (MIRA, "Mira"))
        with open(f"{folder}/conversations/mira@lark.test.json", encoding="utf-8") as file:
            messages = json.load(file)["messages"]
        self.assertEqual(
            [(message["from"], message["body"]) for message in messages],
            [("them", NASTY), ("me", "Answer\nin two lines")],
        )
        with open(f"{folder}/conversations/mira@lark.test.html", encoding="utf-8") as file:
            page = file.read()
        self.assertNotIn("<script", page)
        self.assertIn("&lt;script&gt;", page)
        with open(f"{folder}/conversations/mira@lark.test.txt", encoding="utf-8") as file:
            self.assertRegex(file.read(), r"Answer\n    in two lines\n$")

    def test_twice_and_nothing(self):
        program = self.start()
        app = program.app
        for number in (1, 2):
            self.export(program)
            app.press("button", "Export")
            app.wait_for("label", "Data Exported", seconds=60)
            self.desktop.key("Escape")
            app.wait_gone("dialog", "Export Data")
            self.assertEqual(len(self.exports()), number)
        self.export(program)
        for name in ("Contacts", "Conversations as pages"):
            program.switch(name)
        app.wait_for("button", "Export", lacking=("sensitive",))


if __name__ == "__main__":
    taptest.main()
