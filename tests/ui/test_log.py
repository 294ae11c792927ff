"""What goes to the log, all of it asked for: nothing that is secret (security.md L2).

SPDX-License-Identifier: GPL-3.0-or-later
"""

import base64
import os
import re

import taptest
from processes import wait_until
from windowtest import WindowTest

ANA = "ana@lark.test"
MIRA = "mira@lark.test"
PASSWORD = "Xylophone-4711-Marmalade"
# Every word of what is written here is looked for.
SENT = "Persimmon"
RECEIVED = "Rhubarb"
DRAFT = "Quince"

# What SASL sends starts with one of these, in Base64: SCRAM's messages, PLAIN's and HT's.
_STARTS = (b"n,,n=", b"y,,n=", b"p=tls-", b"r=", b"c=", b"v=", b"\0ana\0", b"ana\0")


def _base64_start(text):
    """As much as is the same whatever follows."""
    return re.escape(base64.b64encode(text + b"\0\0")[: len(text) * 8 // 6].decode())


_FORBIDDEN = {
    "a password": re.escape(PASSWORD),
    "a password in Base64": _base64_start(PASSWORD.encode()),
    "a token": r"secret-token:",
    "a message": f"{SENT}|{RECEIVED}|{DRAFT}",
    "SASL": r"<(auth|authenticate|challenge|response|success|initial-response)\b",
    "what SASL sends": rf"(?<![A-Za-z0-9+/])({'|'.join(map(_base64_start, _STARTS))})[A-Za-z0-9+/]{{12,}}",
}


class TestLog(WindowTest):
    def set_up_server(self):
        self.server.add_account("ana", PASSWORD)
        self.add_accounts("mira")
        self.server.add_contacts(ANA, MIRA, "Ana", "Mira")

    def check(self, program):
        output = program.process.output()
        # It is all there, and it is ours.
        self.assertRegex(output, r"\(linnet:\d+\): [\w-]+-DEBUG")
        for what, pattern in _FORBIDDEN.items():
            found = re.search(pattern, output)
            if found:
                line = output[output.rfind("\n", 0, found.start()) + 1 :].split("\n", 1)[0]
                self.fail(f"{what} in the log: {line[:400]}")

    def exchange(self, program, mira, number):
        program.send(f"{SENT} {number}")
        mira.wait_for_body(f"{SENT} {number}")
        mira.send(ANA, f"{RECEIVED} {number}")
        program.app.wait_for("article", f"Mira: {RECEIVED} {number}")

    def test_nothing_secret(self):
        mira = self.start_peer()
        program = self.start_linnet(env={"G_MESSAGES_DEBUG": "all"})
        # First one that is wrong, then the right one, from the same page.
        program.fill_sign_in(ANA, f"{PASSWORD}?", ("127.0.0.1", self.server.port))
        program.app.press("button", "Sign In")
        program.app.wait_for("alert")
        self.sign_in(program, password=PASSWORD)
        program.new_chat(MIRA)
        self.exchange(program, mira, 1)
        program.app.put("text", "Message", DRAFT)
        self.assertEqual(program.quit(), 0)
        self.check(program)

        # With what the keyring has: password and token. The store and the server's archive have the rest.
        mira.send(ANA, f"{RECEIVED} away")
        program = self.start_linnet(env={"G_MESSAGES_DEBUG": "all"})
        program.open_chat("Mira")
        wait_until(lambda: program.app.text("text", "Message") == DRAFT, "the draft is not there")
        program.app.wait_for("article", f"Mira: {RECEIVED} away")
        self.exchange(program, mira, 2)
        self.assertEqual(program.quit(), 0)
        self.check(program)

    def test_no_keys_of_tls(self):
        """Whoever sets this for a browser does not want everything Linnet says to be readable, too."""
        keys = f"{self.folder}/keys"
        program = self.start_linnet(env={"SSLKEYLOGFILE": keys})
        self.sign_in(program, password=PASSWORD)
        self.assertEqual(program.quit(), 0)
        self.assertFalse(os.path.exists(keys))

    def test_patterns(self):
        """The patterns find what they are for."""
        scram = base64.b64encode(b"n,,n=ana,r=fyko+d2lbbFgONRv9qkxdawL").decode()
        bound = base64.b64encode(b"p=tls-exporter,,n=ana,r=fyko+d2lbbFgONRv9qkx").decode()
        final = base64.b64encode(b"c=biws,r=rOprNGfwEbeRWgbNEkqO,p=dHzbZapWIk4").decode()
        plain = base64.b64encode(f"\0ana\0{PASSWORD}".encode()).decode()
        token = base64.b64encode(b"ana\0" + bytes(range(32))).decode()
        for text in (scram, bound, final, plain, token):
            self.assertRegex(f"<x>{text}</x>", _FORBIDDEN["what SASL sends"])
        self.assertNotRegex("g_set_user_dirs: Setting", _FORBIDDEN["what SASL sends"])


if __name__ == "__main__":
    taptest.main()
