"""Signing in through the window, and everything that can stand in its way.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import re
import socket
import sqlite3

import taptest
from processes import free_port, wait_until
from windowtest import WindowTest
from xmppserver import Authority

PASSWORD = "correct horse ₤ staple"


def check_nothing_secret(test, path):
    """Neither the password nor one of Prosody's tokens is in a file."""
    with open(path, "rb") as file:
        content = file.read()
    test.assertNotIn(PASSWORD.encode(), content, path)
    test.assertNotIn(b"secret-token:", content, path)


class TestSignIn(WindowTest):
    def set_up_server(self):
        self.server.add_account("ana", PASSWORD)

    def sign_in_ana(self, program):
        self.sign_in(program, password=PASSWORD)

    def assert_error_at(self, app, text, field):
        """The page says what is wrong, and the field that it is about has the focus and is marked."""
        app.wait_for("alert", text)
        app.wait_for("text", field, having=("focused", "invalid_entry"))

    def test_address_has_the_focus(self):
        program = self.start_linnet()
        program.open_sign_in()
        program.app.wait_for("heading", "Sign In")

    def test_by_keyboard(self):
        program = self.start_linnet()
        program.press_row("I Already Have an Account")
        program.app.wait_for("text", "Address", having=("focused",))
        self.desktop.type("ana@lark.test")
        self.desktop.key("Return")
        program.app.wait_for("text", "Password", having=("focused",))
        program.app.put("text", "Password", PASSWORD)
        program.focus_by_keys("toggle button", "Advanced")
        self.desktop.key("space")
        program.focus_by_keys("text", "Server")
        self.desktop.type("127.0.0.1")
        program.focus_by_keys("text", "Port")
        self.desktop.type(str(self.server.port))
        self.desktop.key("Return")
        program.app.wait_for("button", "New Chat")

    def test_bad_address(self):
        program = self.start_linnet()
        program.fill_sign_in("ana", PASSWORD)
        program.app.press("button", "Sign In")
        self.assert_error_at(program.app, re.compile("not a complete address"), "Address")
        program.app.put("text", "Address", "ana@lark.test")
        program.app.wait_gone("alert")
        program.app.wait_for("text", "Address", lacking=("invalid_entry",))

    def test_pasted_link(self):
        program = self.start_linnet()
        app = program.app
        program.fill_sign_in("xmpp:ana@lark.test", PASSWORD)
        wait_until(lambda: app.text("text", "Address") == "ana@lark.test", "the address is not there")
        # What is an invitation is taken for one.
        app.put("text", "Address", "xmpp:mira@lark.test?roster;preauth=x")
        app.press("button", "Sign In")
        app.wait_for("label", re.compile("^mira@lark.test wants to chat with you"))

    def test_wrong_password(self):
        program = self.start_linnet()
        program.fill_sign_in("ana@lark.test", "wrong", ("127.0.0.1", self.server.port))
        program.app.press("button", "Sign In")
        self.assert_error_at(program.app, re.compile("lark.test did not accept"), "Password")
        program.app.put("text", "Password", PASSWORD)
        program.app.wait_gone("alert")
        program.app.press("button", "Sign In")
        program.app.wait_for("button", "New Chat")

    def test_server_that_does_not_answer(self):
        program = self.start_linnet()
        program.fill_sign_in("ana@lark.test", PASSWORD, ("127.0.0.1", free_port()))
        program.app.press("button", "Sign In")
        self.assert_error_at(program.app, re.compile("lark.test does not answer"), "Server")

    def test_bad_port(self):
        program = self.start_linnet()
        program.fill_sign_in("ana@lark.test", PASSWORD, ("127.0.0.1", 70000))
        program.app.press("button", "Sign In")
        self.assert_error_at(program.app, re.compile("A port is a number"), "Port")

    def test_direct_tls(self):
        program = self.start_linnet()
        program.fill_sign_in("ana@lark.test", PASSWORD, ("127.0.0.1", self.server.tls_port))
        switches = program.app.find_all("check box", "Direct TLS")
        switches[-1].press()
        program.app.press("button", "Sign In")
        program.app.wait_for("button", "New Chat")

    def test_cancel(self):
        # A server that takes the connection and says nothing.
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            program = self.start_linnet()
            program.fill_sign_in("ana@lark.test", PASSWORD, listener.getsockname())
            program.app.press("button", "Sign In")
            connection, _ = listener.accept()
            program.app.press("button", "Cancel")
            program.app.wait_for("button", "Sign In", having=("sensitive",))
            self.assertIsNone(program.app.find("alert"))
            # Nothing goes on behind the person's back.
            with connection:
                connection.settimeout(10)
                while connection.recv(4096):
                    pass

    def test_leaving_cancels(self):
        program = self.start_linnet()
        app = program.app
        self.sign_in_ana(program)
        for button in ("Back", "Close"):
            with self.subTest(button=button), socket.create_server(("127.0.0.1", 0)) as listener:
                app.action("add-account", window=1)
                app.wait_for("dialog", "Add Account")
                program.fill_sign_in("mira@lark.test", PASSWORD, listener.getsockname())
                app.wait_for("dialog", "Add Account").find("button", "Sign In").press()
                connection, _ = listener.accept()
                app.wait_for("dialog", "Add Account").find("button", button).press()
                with connection:
                    connection.settimeout(10)
                    while connection.recv(4096):
                        pass
                if button == "Back":
                    app.wait_for("button", "Create New Account")
                    app.wait_for("dialog", "Add Account").find("button", "Close").press()
                app.wait_gone("dialog", "Add Account")
        self.assertEqual(program.quit(), 0)
        with sqlite3.connect(f"{program.profile}/linnet.db") as database:
            rows = database.execute("SELECT address FROM accounts").fetchall()
        self.assertEqual(rows, [("ana@lark.test",)])

    def test_no_password_on_disk(self):
        program = self.start_linnet()
        self.sign_in_ana(program)
        self.assertEqual(program.quit(), 0)
        for folder, _, names in os.walk(program.profile):
            self.assertEqual(os.stat(folder).st_mode & 0o777, 0o700, folder)
            for name in names:
                path = f"{folder}/{name}"
                self.assertEqual(os.stat(path).st_mode & 0o777, 0o600, path)
                check_nothing_secret(self, path)
        # It is in the keyring: the next start asks for nothing.
        app = self.start_linnet().app
        app.wait_for("button", "New Chat")
        app.wait_gone("label", "Connecting…")
        self.assertIsNone(app.find("button", "Sign In…"))

    def test_sign_out_erases(self):
        program = self.start_linnet()
        self.sign_in_ana(program)
        program.sign_out("ana@lark.test")
        program.app.wait_for("heading", "Welcome to Linnet")
        self.assertEqual(program.quit(), 0)
        with sqlite3.connect(f"{program.profile}/linnet.db") as connection:
            for table in ("accounts", "streams", "roster", "conversations", "messages", "outbox", "profiles"):
                rows = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                self.assertEqual(rows, 0, table)
        app = self.start_linnet().app
        app.wait_for("heading", "Welcome to Linnet")


class TestKeyring(WindowTest):
    desktop_options = {"keyring": False}

    def set_up_server(self):
        self.server.add_account("ana", PASSWORD)

    def test_asks_each_time_without_keyring(self):
        program = self.start_linnet()
        self.sign_in(program, password=PASSWORD)
        self.assertEqual(program.quit(), 0)
        for top in (self.desktop.folder, program.profile):
            for folder, _, names in os.walk(top):
                for name in names:
                    if os.path.isfile(f"{folder}/{name}"):
                        check_nothing_secret(self, f"{folder}/{name}")

        app = self.start_linnet().app
        app.wait_for("grouping", re.compile("no keyring"))
        app.press("button", "Sign In…")
        app.wait_for("alert", "Sign In")
        app.put("text", "Password", "wrong")
        self.desktop.key("Return")
        # Asked again, with the reason, until it is right.
        app.wait_for("label", re.compile("lark.test did not accept"))
        app.put("text", "Password", PASSWORD)
        app.press("button", "Sign In")
        app.wait_gone("button", "Sign In…")
        app.wait_gone("label", "Connecting…")


class TestCertificate(WindowTest):
    """The server's certificate comes from an authority that nobody trusts."""

    def set_up_server(self):
        self.server.add_account("ana", PASSWORD)

    def start_distrusting(self):
        return self.start_linnet(trust=False)

    def test_refused_and_pinned(self):
        program = self.start_distrusting()
        app = program.app
        program.fill_sign_in("ana@lark.test", PASSWORD, ("127.0.0.1", self.server.port))
        app.press("button", "Sign In")
        app.wait_for("alert", "Can’t verify lark.test")
        # The careful answer is the one that Enter gives.
        app.wait_for("button", "Cancel", having=("focused",))
        app.press("button", "Details")
        fingerprint = self.server.fingerprint()
        shown = app.wait_for("list item", "SHA-256 fingerprint", lacking=()).description
        self.assertEqual(re.sub(r"\s", "", shown), fingerprint)
        self.desktop.key("Escape")
        app.wait_gone("alert")
        app.wait_for("button", "Sign In", having=("sensitive",))
        self.assertEqual(self.server.sign_ins(), 0)

        app.press("button", "Sign In")
        app.press("button", "Trust This Certificate")
        app.wait_for("button", "New Chat")
        self.assertEqual(program.quit(), 0)

        # Trusted from now on without a question.
        program = self.start_distrusting()
        wait_until(lambda: self.server.sign_ins() == 2, self.server.output, 20)
        program.app.wait_gone("label", "Connecting…")
        self.assertIsNone(program.app.find("button", "Show Certificate…"))
        self.assertEqual(program.quit(), 0)

        # Another certificate is not, and there is no way to say yes to it.
        self.server.stop()
        self.server.renew_certificate()
        self.server.start()
        program = self.start_distrusting()
        program.app.press("button", "Show Certificate…")
        program.app.wait_for("alert", "Can’t verify lark.test")
        program.app.wait_for("button", "Cancel")
        self.assertIsNone(program.app.find("button", "Trust This Certificate"))
        self.assertEqual(self.server.sign_ins(), 2)


class TestAuthority(WindowTest):
    """A sign-in that is not bound to its channel, and a certificate of another authority that is trusted."""

    server_options = {
        "sasl2": False,
        "modules": ("no_channel_binding",),
        "extra": 'disable_sasl_mechanisms = { "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS" }',
    }

    def set_up_server(self):
        self.server.add_account("ana", PASSWORD)

    def test_another_one_is_asked_about(self):
        other = Authority(f"{self.folder}/other", "Other Authority")
        with open(other.certificate, encoding="ascii") as file:
            certificate = file.read()
        with open(self.server.ca_certificate, "a", encoding="ascii") as file:
            file.write(certificate)
        program = self.start_linnet()
        self.sign_in(program, password=PASSWORD)
        app = program.app

        self.server.stop()
        self.server.authority = other
        self.server.renew_certificate()
        self.server.start()
        app.wait_for("grouping", re.compile("lark.test shows a certificate of another authority"), seconds=60)
        self.assertEqual(self.server.sign_ins(), 1)
        app.press("button", "Details…")
        app.wait_for("alert", "Trust the New Authority?")
        # The careful answer is the one that Enter gives.
        app.wait_for("button", "Cancel", having=("focused",))
        self.desktop.key("Return")
        app.wait_gone("alert")
        self.assertEqual(self.server.sign_ins(), 1)

        app.press("button", "Details…")
        app.press("button", "Trust")
        app.wait_gone("button", "Details…")
        wait_until(lambda: self.server.sign_ins() == 2, self.server.output, 20)


if __name__ == "__main__":
    taptest.main()
