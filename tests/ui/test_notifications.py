"""Notifications: when there are some, what they say, where they lead, and when they go.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import struct

import taptest
from notifications import Notifications
from pictures import png
from processes import wait_until
from windowtest import WindowTest

ANA = "ana@lark.test"
MIRA = "mira@lark.test"
SOFIA = "sofia@lark.test"


class TestNotifications(WindowTest):
    def set_up_server(self):
        self.add_accounts("ana", "mira", "sofia")
        self.server.add_contacts(ANA, MIRA, "Ana", "Mira")
        self.server.add_contacts(ANA, SOFIA, "Ana", "Sofia")

    def start(self):
        self.notifications = Notifications(self.desktop)
        self.program = self.start_linnet()
        self.sign_in(self.program)
        return self.start_peer("mira"), self.start_peer("sofia")

    def test_opens_the_right_chat(self):
        mira, sofia = self.start()
        self.program.new_chat(MIRA)
        mira.send(ANA, "Watched")
        self.program.app.wait_for("article", "Mira: Watched")
        sofia.send(ANA, "Not watched & <b>not bold</b>")
        # Who shows it may read markup, and nobody asks whether it is any.
        notification = self.notifications.wait_for("Sofia", "Not watched & ‹b>not bold‹/b>")
        self.assertEqual(notification.hints["category"], "im.received")
        # The open chat does not tell what a person sees anyway.
        self.assertEqual(self.notifications.count(), 1)
        self.notifications.click(notification)
        self.program.app.wait_for("article", "Sofia: Not watched & <b>not bold</b>")
        self.program.app.wait_for("text", "Message", having=("focused",))

    def test_one_for_each_chat(self):
        mira, sofia = self.start()
        mira.send(ANA, "One")
        self.notifications.wait_for("Mira", "One")
        mira.send(ANA, "Two")
        self.notifications.wait_for("Mira", "Two")
        sofia.send(ANA, "Three")
        self.notifications.wait_for("Sofia", "Three")
        self.assertEqual(sorted(each.body for each in self.notifications.shown.values()), ["Three", "Two"])

    def test_withdrawn_when_read_here(self):
        mira, _ = self.start()
        mira.send(ANA, "Read me")
        self.notifications.wait_for("Mira", "Read me")
        self.program.open_chat("Mira")
        self.notifications.wait_gone()

    def test_withdrawn_when_read_elsewhere(self):
        mira, _ = self.start()
        phone = self.start_peer("ana", "phone")
        mira.send_xml(
            f"<message to='{ANA}' type='chat' id='one'><body>Read me</body>"
            "<markable xmlns='urn:xmpp:chat-markers:0'/></message>"
        )
        self.notifications.wait_for("Mira", "Read me")
        phone.send_xml(
            f"<message to='{MIRA}' type='chat'><displayed xmlns='urn:xmpp:chat-markers:0' id='one'/>"
            "</message>"
        )
        self.notifications.wait_gone()

    def test_withdrawn_with_the_account(self):
        mira, _ = self.start()
        mira.send(ANA, "For nobody else")
        self.notifications.wait_for("Mira", "For nobody else")
        self.program.sign_out(ANA)
        self.notifications.wait_gone()

    def test_mark_as_read(self):
        mira, _ = self.start()
        mira.send(ANA, "Read me")
        notification = self.notifications.wait_for("Mira", "Read me")
        self.notifications.click(notification, "Mark as Read")
        self.program.wait_for_unread("Mira", 0)

    def test_quiet_when_busy(self):
        mira, _ = self.start()
        self.program.choose_menu_item("Account", "Do Not Disturb")
        mira.wait_for_xml("<show>dnd</show>")
        mira.send(ANA, "Psst")
        self.program.wait_for_unread("Mira", 1)
        self.assertEqual(self.notifications.count(), 0)

    def test_without_preview(self):
        mira, _ = self.start()
        self.program.app.action("preferences", window=1)
        self.program.switch("Show messages in notifications")
        self.desktop.key("Escape")
        self.program.app.wait_gone("dialog")
        mira.send(ANA, "A secret")
        self.notifications.wait_for("Mira", "New message")

    def send_until_icon(self, mira):
        """Sends until the notification has a picture: it is decoded beside, nothing waits for it."""
        for count in range(100):
            mira.send(ANA, f"Message {count}")
            notification = self.notifications.wait_for("Mira", f"Message {count}")
            if "icon" in notification.hints:
                return notification.hints["icon"]
        return None

    def test_picture(self):
        """The desktop gets a small picture made here, never a file that came from the network (F6)."""
        self.notifications = Notifications(self.desktop, shell=True)
        self.program = self.start_linnet()
        self.sign_in(self.program)
        mira = self.start_peer("mira")
        published = png(200, 100, (200, 30, 30))
        name = mira.publish_avatar(published)
        wait_until(
            lambda: os.path.exists(f"{self.program.profile}/avatars/{name}"), "the picture is not fetched"
        )
        kind, data = self.send_until_icon(mira)
        self.assertEqual(kind, "bytes")
        data = bytes(data)
        self.assertEqual(struct.unpack(">II", data[16:24]), (96, 48))
        for notification in self.notifications.history:
            self.assertNotIn("avatars", repr(notification.hints))

    def test_no_picture_file(self):
        """Where the desktop takes no pixels from GLib there is no picture at all."""
        mira, _ = self.start()
        name = mira.publish_avatar(png(200, 100, (200, 30, 30)))
        wait_until(
            lambda: os.path.exists(f"{self.program.profile}/avatars/{name}"), "the picture is not fetched"
        )
        mira.send(ANA, "Hello")
        notification = self.notifications.wait_for("Mira", "Hello")
        self.assertNotIn("avatars", repr(notification.hints))

    def test_request(self):
        self.add_accounts("tom")
        self.start()
        tom = self.start_peer("tom")
        tom.send_presence(to=ANA, kind="subscribe")
        notification = self.notifications.wait_for("tom", "Wants to be your contact")
        self.notifications.click(notification)
        self.program.app.press("button", "Decline")
        self.notifications.wait_gone()

    def test_window_in_background(self):
        mira, _ = self.start()
        self.program.new_chat(MIRA)
        other = self.start_linnet("other")
        other.app.wait_for("button", "Create New Account", having=("focused",))
        mira.send(ANA, "Hello?")
        notification = self.notifications.wait_for("Mira", "Hello?")
        self.notifications.click(notification)
        self.program.app.wait_for("frame", having=("active",))
        self.notifications.wait_gone()


if __name__ == "__main__":
    taptest.main()
