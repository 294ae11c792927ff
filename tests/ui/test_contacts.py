"""Contacts through the window: requests both ways, blocking, names, removal.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import re

import taptest
from processes import wait_until
from windowtest import WindowTest

ANA = "ana@lark.test"
MIRA = "mira@lark.test"


class TestRequests(WindowTest):
    def start(self):
        program = self.start_linnet()
        self.sign_in(program)
        return program

    def wait_for_roster(self, peer, address, wanted):
        wait_until(
            lambda: peer.roster().get(address, (None, None))[0] == wanted,
            lambda: f"{address} is not {wanted} in {peer.roster()}",
        )

    def test_accept(self):
        program = self.start()
        mira = self.start_peer()
        mira.send_presence(to=ANA, kind="subscribe")
        program.open_request("mira")
        program.app.wait_for("list item", "mira", re.compile("Wants to be your contact"))
        program.app.wait_for("label", re.compile("mira@lark.test wants to be your contact"))
        self.assertIsNone(program.app.find("text", "Message"))
        program.app.press("button", "Accept")
        mira.wait_for_presence("subscribed", ANA)
        # Ana asks back; Mira says yes.
        mira.wait_for_presence("subscribe", ANA)
        mira.send_presence(to=ANA, kind="subscribed")
        program.app.wait_for("text", "Message")
        program.app.wait_for("label", "online")
        self.wait_for_roster(mira, ANA, "both")

    def test_decline(self):
        program = self.start()
        mira = self.start_peer()
        mira.send_presence(to=ANA, kind="subscribe")
        program.open_request("mira")
        program.app.press("button", "Decline")
        mira.wait_for_presence("unsubscribed", ANA)
        program.app.wait_gone("button", "Decline")
        program.app.wait_gone("list item", "mira", re.compile("Wants to be"))
        self.assertNotEqual(mira.roster().get(ANA, ("none", None))[0], "to")

    def test_block_a_stranger(self):
        program = self.start()
        mira = self.start_peer()
        mira.send_presence(to=ANA, kind="subscribe")
        program.open_request("mira")
        program.app.press("button", "Block")
        program.app.wait_for("button", "Unblock")
        mira.send(ANA, "Why?")
        mira.roster()  # what came before this is done
        self.assertIsNone(program.app.find("article"))

    def test_request_waits_over_a_restart(self):
        program = self.start()
        mira = self.start_peer()
        mira.send_presence(to=ANA, kind="subscribe")
        program.app.wait_for("button", "Requests", "1 request")
        self.assertEqual(program.quit(), 0)
        program = self.start_linnet()
        program.app.press("button", "Requests")
        program.app.wait_for("list item", "mira", re.compile("Wants to be your contact"))

    def test_add_contact(self):
        program = self.start()
        mira = self.start_peer()
        program.app.action("new-chat", window=1)
        program.app.wait_for("dialog", "New Chat")
        program.app.put("entry", "Name or address", MIRA)
        program.press_row("Add Contact…")
        program.app.wait_for("text", "Address", having=("focused",))
        self.assertEqual(program.app.text("text", "Address"), MIRA)
        program.app.put("text", "Name (only you see this)", "Mira from the garden")
        program.app.press("button", "Add")
        program.app.wait_gone("dialog")
        mira.wait_for_presence("subscribe", ANA)
        mira.send_presence(to=ANA, kind="subscribed")
        # Her question is answered beforehand.
        mira.send_presence(to=ANA, kind="subscribe")
        mira.wait_for_presence("subscribed", ANA)
        program.app.wait_for("button", "Chat details", "Mira from the garden")
        program.app.wait_for("label", "online")
        self.wait_for_roster(mira, ANA, "both")

    def test_add_bad_address(self):
        program = self.start()
        program.app.action("new-chat", window=1)
        program.press_row("Add Contact…")
        program.app.put("text", "Address", "mira")
        program.app.press("button", "Add")
        program.app.wait_for("alert", re.compile("not a complete address"))
        program.app.wait_for("text", "Address", having=("focused", "invalid_entry"))
        program.app.put("text", "Address", ANA)
        program.app.press("button", "Add")
        program.app.wait_for("alert", "This is your own address.")


class TestContacts(WindowTest):
    def set_up_server(self):
        super().set_up_server()
        self.server.add_contacts(ANA, MIRA, "Ana", "Mira")

    def start_details(self):
        program = self.start_linnet()
        self.sign_in(program)
        program.new_chat(MIRA)
        program.app.press("button", "Chat details")
        program.app.wait_for("dialog", "Details")
        return program

    def test_block_and_unblock(self):
        mira = self.start_peer()
        program = self.start_details()
        mira.wait_for_presence("available", ANA)
        program.press_row("Block Mira…")
        program.app.wait_for("alert", "Block Mira?")
        program.app.press("button", "Block")
        mira.wait_for_presence("unavailable", ANA)
        program.app.wait_for("button", "Unblock Mira")
        self.desktop.key("Escape")
        program.app.wait_gone("dialog")
        program.app.wait_for("button", "Unblock")
        self.assertFalse(program.app.find("text", "Message").has("sensitive"))
        mira.send(ANA, "Can you hear me?")
        mira.roster()  # what came before this is done

        program.app.press("button", "Unblock")
        program.app.wait_gone("button", "Unblock")
        program.app.wait_for("text", "Message", having=("sensitive",))
        mira.send(ANA, "And now?")
        program.app.wait_for("article", "Mira: And now?")
        self.assertIsNone(program.app.find("article", re.compile("Can you hear")))

    def test_blocked_list(self):
        mira = self.start_peer()
        phone = self.start_peer("ana", "phone")
        program = self.start_linnet()
        self.sign_in(program)
        program.open_account(ANA)
        program.app.wait_for("list item", "Blocked", "Nobody")
        program.press_row("Blocked", role="list item")
        program.app.wait_for("button", "Back")
        self.assertIsNone(program.app.find("list", "Blocked"))

        # Also what another program blocks, and whole servers.
        phone.block(MIRA)
        phone.block("spam.example")
        program.app.wait_for("list", "Blocked")
        program.app.wait_for("list item", "spam.example")
        program.app.wait_for("list item", MIRA)
        mira.send(ANA, "Can you hear me?")
        mira.roster()  # what came before this is done

        program.app.press("button", f"Unblock {MIRA}")
        program.app.wait_gone("button", f"Unblock {MIRA}")
        program.app.wait_for("list item", "spam.example")
        mira.send(ANA, "And now?")
        program.app.wait_for("list item", "Mira", re.compile("And now"))
        program.app.press("button", "Unblock spam.example")
        program.app.wait_gone("list", "Blocked")

    def test_rename_and_label(self):
        program = self.start_details()
        ana = self.start_peer("ana", "phone")
        program.focus_by_keys("text", "Name (only you see this)")
        self.desktop.key("ctrl+a")
        self.desktop.type("Mira V.")
        program.app.press("button", "Apply")
        program.app.wait_for("heading", "Mira V.")
        wait_until(lambda: ana.roster()[MIRA][1] == "Mira V.", lambda: str(ana.roster()))
        program.focus_by_keys("text", "Labels, separated by commas")
        self.desktop.type("Garden,  Friends , ")
        self.desktop.key("Return")
        ana.wait_for_xml("<group>Friends</group>")
        ana.wait_for_xml("<group>Garden</group>")
        self.desktop.key("Escape")
        program.app.wait_for("list item", "Mira V.")

    def test_rename_elsewhere(self):
        program = self.start_details()
        ana = self.start_peer("ana", "phone")
        ana.send_xml(
            "<iq type='set' id='rename'><query xmlns='jabber:iq:roster'>"
            f"<item jid='{MIRA}' name='Mirabelle'/></query></iq>"
        )
        program.app.wait_for("heading", "Mirabelle")
        program.app.wait_for("list item", "Mirabelle")

    def test_remove(self):
        mira = self.start_peer()
        program = self.start_details()
        program.press_row("Remove Contact…")
        program.app.wait_for("alert", "Remove Mira?")
        program.app.press("button", "Remove")
        mira.wait_for_presence("unsubscribed", ANA)
        program.app.wait_gone("dialog")
        # The chat stays, and there is a way back.
        program.app.press("button", "Chat details")
        program.app.wait_for("button", "Add to Contacts")

    def test_stop_sharing(self):
        mira = self.start_peer()
        program = self.start_details()
        program.app.wait_for("list item", "Yours", "They see when you are online")
        program.app.press("button", "Stop Sharing")
        mira.wait_for_presence("unsubscribed", ANA)
        program.app.wait_for("list item", "Yours", "They do not see it")

    def test_presence_is_shown(self):
        program = self.start_details()
        self.desktop.key("Escape")
        mira = self.start_peer()
        program.app.wait_for("label", "online")
        mira.send_presence(show="dnd")
        program.app.wait_for("label", "busy")
        mira.send_presence(kind="unavailable")
        program.app.wait_for("label", re.compile("offline|last seen"))


if __name__ == "__main__":
    taptest.main()
