"""Strangers: they wait among the requests and learn nothing before somebody answers.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import re

import taptest
from notifications import Notifications
from pictures import png
from processes import wait_until
from windowtest import WindowTest

ANA = "ana@lark.test"
MIRA = "mira@lark.test"

_WISHES = (
    "<request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>"
    "<active xmlns='http://jabber.org/protocol/chatstates'/>"
)


class TestStrangers(WindowTest):
    def start(self):
        self.notifications = Notifications(self.desktop)
        self.program = self.start_linnet()
        self.sign_in(self.program)
        self.mira = self.start_peer()
        self.heard = len(self.mira.stanzas)

    def write(self, body, number):
        self.mira.send_xml(
            f"<message to='{ANA}' type='chat' id='s{number}'><body>{body}</body>{_WISHES}"
            "<nick xmlns='http://jabber.org/protocol/nick'>Mira</nick></message>"
        )

    def wait_for_requests(self, count):
        self.program.app.wait_for("button", "Requests", f"{count} request{'s' if count != 1 else ''}")

    def full_address(self):
        phone = self.start_peer("ana", "phone")
        presence = wait_until(
            lambda: next(
                (
                    each
                    for each in list(phone.presences)
                    if each["from"].bare == ANA and each["from"].resource != "phone"
                ),
                None,
            ),
            "Ana's program is not seen",
        )
        return str(presence["from"])

    def from_ana(self):
        """What Mira got of Ana since the beginning; after an answer of the server, which comes last.

        That she is unavailable the server says itself, of everybody who does not exist as well.
        """
        self.mira.roster()
        return [
            text
            for text in self.mira.stanzas[self.heard :]
            if f'from="{ANA}' in text and not re.match(r'<presence [^>]*type="unavailable"', text)
        ]

    def test_message_waits_in_silence(self):
        self.start()
        self.mira.publish_avatar(png(64, 64, (200, 30, 30)))
        self.write("Hello there", 1)
        self.wait_for_requests(1)
        self.assertIsNone(self.program.app.find("list item", "Mira"))
        self.mira.send_chat_state(ANA, "composing")
        self.program.open_request("Mira")
        self.program.app.wait_for("article", "Mira: Hello there")
        self.program.app.wait_for("label", re.compile("mira@lark.test is not one of your contacts"))
        self.assertIsNone(self.program.app.find("text", "Message"))
        self.write("Are you there?", 2)
        self.program.app.wait_for("article", "Mira: Are you there?")
        self.assertEqual(self.notifications.count(), 0)
        self.assertEqual(self.from_ana(), [])

    def test_probes_are_answered_alike(self):
        self.start()
        address = self.full_address()
        self.write("Hello", 1)
        self.wait_for_requests(1)
        queries = (
            "<query xmlns='http://jabber.org/protocol/disco#info'/>",
            "<query xmlns='http://jabber.org/protocol/disco#items'/>",
            "<ping xmlns='urn:xmpp:ping'/>",
            "<query xmlns='jabber:iq:version'/>",
            "<query xmlns='jabber:iq:last'/>",
            "<time xmlns='urn:xmpp:time'/>",
            "<nothing xmlns='urn:example:nothing'/>",
        )
        answers = set()
        for number, query in enumerate(queries):
            self.mira.send_xml(f"<iq type='get' id='probe{number}' to='{address}'>{query}</iq>")
            answer = self.mira.wait_for_xml(f'id="probe{number}"')
            answers.add(re.sub(r'(probe\d+|<(query|ping|time|nothing) [^>]*/>)', "", answer))
        self.assertEqual(len(answers), 1, answers)
        self.assertIn("service-unavailable", answers.pop())

    def test_accept_a_message(self):
        self.start()
        self.write("Hello there", 1)
        self.program.open_request("Mira")
        self.program.app.press("button", "Accept")
        self.program.app.wait_for("text", "Message")
        self.program.app.wait_for("list item", "Mira")
        self.program.app.wait_gone("button", "Requests")
        self.program.app.wait_gone("button", "Back to Chats")
        self.assertEqual(self.from_ana(), [])
        self.program.send("Hello Mira")
        self.mira.wait_for_body("Hello Mira")
        self.write("Fine", 2)
        self.program.app.wait_for("article", "Mira: Fine")
        self.assertEqual(self.notifications.count(), 0)

    def test_accept_pays_what_is_due(self):
        self.start()
        self.write("Hello there", 1)
        self.mira.send_presence(to=ANA, kind="subscribe")
        self.program.open_request("Mira")
        self.program.app.wait_for("article", "Mira: Hello there")
        self.program.app.wait_for("label", re.compile("wants to be your contact"))
        self.assertEqual(self.from_ana(), [])
        self.program.app.press("button", "Accept")
        self.mira.wait_for_xml("<received [^>]*s1")
        self.mira.wait_for_presence("subscribe", ANA)
        self.assertFalse(any("displayed" in text for text in self.from_ana()))
        self.mira.send_presence(to=ANA, kind="subscribed")
        self.mira.wait_for_xml("<displayed [^>]*s1")

    def test_decline_removes_it(self):
        self.start()
        self.write("Buy my watches", 1)
        self.program.open_request("Mira")
        self.program.app.press("button", "Decline")
        self.program.app.wait_gone("article")
        self.program.app.wait_gone("button", "Back to Chats")
        self.assertIsNone(self.program.app.find("button", "Requests"))
        self.assertEqual(self.from_ana(), [])
        self.assertEqual(self.program.quit(), 0)
        self.program = self.start_linnet()
        self.program.app.wait_for("label", "No Chats Yet")
        self.assertIsNone(self.program.app.find("button", "Requests"))

    def test_block(self):
        self.start()
        self.write("Buy my watches", 1)
        self.program.open_request("Mira")
        self.program.app.press("button", "Block")
        self.program.app.wait_gone("button", "Back to Chats")
        self.write("You must", 2)
        self.mira.roster()  # what came before this is done
        self.assertIsNone(self.program.app.find("button", "Requests"))

    def test_writing_first_is_knowing(self):
        self.start()
        self.program.new_chat(MIRA)
        self.program.app.wait_for("text", "Message")
        self.program.send("Hello, I am Ana")
        self.mira.wait_for_body("Hello, I am Ana")
        self.write("Hello Ana", 1)
        self.program.app.wait_for("article", "Mira: Hello Ana")
        self.assertIsNone(self.program.app.find("button", "Requests"))
        self.assertTrue(self.program.app.find("text", "Message"))

    def test_waits_over_a_restart(self):
        self.start()
        self.write("Hello there", 1)
        self.wait_for_requests(1)
        self.assertEqual(self.program.quit(), 0)
        self.program = self.start_linnet()
        self.wait_for_requests(1)
        self.program.open_request("Mira")
        self.program.app.wait_for("article", "Mira: Hello there")
        self.program.app.press("button", "Back to Chats")
        self.program.app.wait_for("entry", "Search chats")
        self.wait_for_requests(1)

    def test_contacts_only(self):
        self.start()
        self.program.app.action("preferences", window=1)
        self.program.app.press("page tab", "Privacy")
        self.program.switch("Only contacts may write to me")
        self.desktop.key("Escape")
        self.program.app.wait_gone("dialog")
        self.write("Hello there", 1)
        # A request comes later on the same way.
        self.mira.send_presence(to=ANA, kind="subscribe")
        self.wait_for_requests(1)
        self.program.open_request("mira")
        self.assertIsNone(self.program.app.find("article"))
        self.assertEqual(self.notifications.count(), 1)


class TestNarrow(WindowTest):
    size = (360, 640)

    def test_accept(self):
        program = self.start_linnet()
        self.sign_in(program)
        mira = self.start_peer()
        mira.send(ANA, "Hello there")
        program.open_request("mira")
        program.app.wait_for("article", "mira: Hello there")
        program.app.press("button", "Accept")
        program.app.wait_for("text", "Message")


if __name__ == "__main__":
    taptest.main()
