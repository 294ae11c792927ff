"""The real program in a test: started with a profile of its own, signed in through its own pages.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import re
import signal

from gi.repository import GLib

import atspi
from processes import Timeout, wait_until

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def build_folder():
    """Where the program under test was built: LINNET_BUILD, by default build/."""
    return os.environ.get("LINNET_BUILD", f"{ROOT}/build")


class Linnet:
    """One Linnet with the accounts and messages of a profile folder, on a desktop.

    ca_certificate is what it trusts instead of the system's authorities: a GIO module that only tests load
    sees to that, so that the program itself needs no switch for it.
    """

    def __init__(self, desktop, profile, ca_certificate=None, name="linnet", env=None):
        self.desktop = desktop
        self.profile = os.path.abspath(profile)
        self.name = name
        self._env = env or {}
        if ca_certificate is not None:
            self._env = {
                "LINNET_TEST_CA": ca_certificate,
                "GIO_EXTRA_MODULES": f"{build_folder()}/tests/lib/gio",
                **self._env,
            }
        self._bus = None
        self.process = None
        self.app = None

    def start(self, *arguments, wait=True, program=None):
        """Starts the program and, unless told otherwise, waits for its window."""
        env = {
            "G_DEBUG": "fatal-criticals",
            "G_MESSAGES_DEBUG": "",
            "GSETTINGS_SCHEMA_DIR": f"{build_folder()}/data",
            **self._env,
        }
        self.process = self.desktop.spawn(
            self.name,
            [program or f"{build_folder()}/src/linnet", "--profile", self.profile, *arguments],
            env=env,
        )
        if wait:
            self.attach().wait_for("frame")
        return self

    def attach(self, pause=0.03):
        """Waits until the program can be driven and returns its atspi.App."""
        if self._bus is None:
            self._bus = atspi.Bus(self.desktop.env)
        self.app = self._bus.application(self.process, pause=pause)
        return self.app

    def quit(self, seconds=15):
        """Ends the program as its Quit menu item does; returns the exit status."""
        self.app.action("quit")
        return self.process.wait(seconds)

    def kill(self):
        """Ends the program as a crash does."""
        self.process.signal(signal.SIGKILL)
        self.process.wait()

    def is_running(self):
        return self.process is not None and self.process.is_running()

    def window(self):
        """The X11 id of the window."""

        def look():
            found = self.desktop.windows_of(self.process.pid)
            return found[0] if found else None

        return wait_until(look, "the window does not show")

    def open_sign_in(self):
        """Goes from the first page of the set-up to the one for an account that exists."""
        wait_until(
            lambda: self.app.find("button", "I Already Have an Account") or self.app.find("text", "Address"),
            lambda: f"no way to sign in:\n{self.app.dump()}",
        )
        if not self.app.find("text", "Address"):
            self.app.press("button", "I Already Have an Account")
            self.app.wait_for("text", "Address", having=("focused",))

    def fill_sign_in(self, address, password, server=None):
        """Goes to the sign-in page and fills it in."""
        app = self.app
        self.open_sign_in()
        app.put("text", "Address", address)
        app.put("text", "Password", password)
        if server is not None:
            host, port = server
            if not app.find("text", "Server"):
                app.press("toggle button", "Advanced")
            app.put("text", "Server", host)
            app.put("text", "Port", str(port))

    def sign_in(self, address, password, server=None, seconds=40):
        """Signs in with an existing account and waits for the chats."""
        self.fill_sign_in(address, password, server)
        self.app.press("button", "Sign In")
        self.app.wait_for("entry", "Search chats", seconds=seconds)

    def focus_by_keys(self, role, name, key="Tab", most=60):
        """Moves the focus with the keyboard until a widget has it."""
        self.app.wait_for(role, name)
        for _ in range(most):
            found = self.app.find(role, name)
            if found and found.has("focused"):
                return
            self.desktop.key(key)
        raise Timeout(f"{key} does not reach the {role} “{name}”:\n{self.app.dump()}")

    def press_row(self, name, role="button"):
        """Activates a row of a list: GTK offers assistive technologies no action for it, so by keyboard."""
        self.focus_by_keys(role, name)
        self.desktop.key("Return")

    def switch(self, name):
        """Turns a switch of a row, the second of the two with its name, and waits until it is turned."""
        self.app.wait_for("check box", name)
        switch = self.app.find_all("check box", name)[-1]
        was_on = switch.has("checked")
        switch.press()

        def is_turned():
            boxes = self.app.find_all("check box", name)
            return not boxes or boxes[-1].has("checked") != was_on

        wait_until(is_turned, lambda: f"{name!r} was not turned:\n{self.app.dump()}")

    def choose_menu_item(self, button, item):
        """Chooses from the menu of a button."""
        self.app.press("toggle button", button)
        self.app.press(None, item)

    def wait_for_unread(self, chat, count):
        """Waits until the list says so many unread messages of a chat."""

        def look():
            row = self.app.find("list item", chat)
            found = row and re.match(r"(\d+) unread", row.description)
            return row is not None and (int(found[1]) if found else 0) == count

        wait_until(look, lambda: f"not {count} unread messages:\n{self.app.dump()}")

    def open_account(self, address):
        """Opens the dialog about an account."""
        self.app.action("account", GLib.Variant("s", address), window=1)
        self.app.wait_for("dialog", "Account")

    def sign_out(self, address, erase=True):
        """Signs out of an account; what is kept of it on this computer is a choice."""
        self.open_account(address)
        self.press_row("Sign Out…")
        self.app.wait_for("alert", f"Sign Out of {address}?")
        if erase:
            self.focus_by_keys("radio button", "Keep your chats on this computer")
            self.desktop.key("Down")
            self.app.wait_for("radio button", "Erase your chats from this computer", having=("checked",))
        self.app.press("button", "Sign Out")

    def open_chat(self, name):
        self.app.select_row("Chats", name)
        self.app.wait_for("text", "Message")

    def open_request(self, name):
        """Opens what a stranger wants, from the list that the requests have of their own."""
        wait_until(
            lambda: self.app.find("button", "Requests") or self.app.find("button", "Back to Chats"),
            lambda: f"there are no requests:\n{self.app.dump()}",
        )
        if not self.app.find("button", "Back to Chats"):
            self.app.press("button", "Requests")
        self.app.select_row("Requests", name)

    def new_chat(self, address):
        """Opens the chat with an address by the dialog for it, also when there was none before."""
        self.app.action("new-chat", window=1)
        self.app.put("entry", "Name or address", address)
        self.app.wait_for("entry", "Name or address", having=("focused",))
        self.desktop.key("Return")
        self.app.wait_gone("dialog", "New Chat")

    def open_chat_with(self, account, address):
        """Opens the chat with an address, by the action that notifications use."""
        self.app.action("open-chat", GLib.Variant("(ss)", (account, address)))
        self.app.wait_for("text", "Message")

    def send(self, text):
        """Writes and sends a message in the open chat."""
        self.app.put("text", "Message", text)
        self.app.press("button", "Send")
        # A press takes effect a moment later.
        wait_until(lambda: self.app.text("text", "Message") == "", "the text is still there")

    def transcript(self):
        """The messages of the open chat as the window shows them: (name, description) of each row."""
        return [(node.name, node.description) for node in self.app.find_all("article")]
