"""Everything through a proxy, from the first page on.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import re

import taptest
from processes import free_port, wait_until
from socks import Socks
from windowtest import WindowTest


class TestProxy(WindowTest):
    server_options = {"registration": "plain"}

    def set_up_server(self):
        self.add_accounts("ana")

    def setUp(self):
        super().setUp()
        self.socks = Socks("127.0.0.1", {(self.domain, 5222): ("127.0.0.1", self.server.port)})
        self.addCleanup(self.socks.close)

    def proxy(self):
        return f"localhost:{self.socks.port}"

    def choose_proxy(self, app, text):
        app.press("button", "Connect Through a Proxy")
        app.wait_for("text", re.compile("^SOCKS5 proxy"), having=("focused",))
        app.put("text", re.compile("^SOCKS5 proxy"), text)

    def test_sign_in(self):
        program = self.start_linnet()
        app = program.app
        program.fill_sign_in(f"ana@{self.domain}", "secret of ana")
        app.press("toggle button", "Advanced")

        app.put("text", re.compile("^SOCKS5 proxy"), "http://localhost")
        app.press("button", "Sign In")
        app.wait_for("alert", re.compile("not the address of a proxy"))
        app.wait_for("text", re.compile("^SOCKS5 proxy"), having=("focused",))

        app.put("text", re.compile("^SOCKS5 proxy"), f"localhost:{free_port()}")
        app.press("button", "Sign In")
        app.wait_for("alert", re.compile("The proxy does not answer"), seconds=40)

        app.put("text", re.compile("^SOCKS5 proxy"), self.proxy())
        app.press("button", "Sign In")
        app.wait_for("entry", "Search chats", seconds=40)
        self.assertEqual(set(self.socks.asked), {(self.domain, 5222)})

    def test_new_account(self):
        """Chosen on the first page, it is for the list of providers and the new account."""
        program = self.start_linnet()
        app = program.app
        app.wait_for("heading", "Welcome to Linnet")
        self.choose_proxy(app, self.proxy())
        app.press("button", "Use")

        app.press("button", "Create New Account")
        wait_until(lambda: ("data.xmpp.net", 443) in self.socks.asked, "the list was not asked for")
        app.put("entry", "Search providers", self.domain)
        app.press("button", f"Continue with {self.domain}")
        # The proxy knows where the server is; nobody has to say.
        app.wait_for("text", "Username", seconds=40)
        app.put("text", "Username", "zoe")
        app.press("button", "Create Account")
        app.wait_for("heading", "Say Hello", seconds=60)
        self.assertEqual(set(self.socks.asked), {(self.domain, 5222), ("data.xmpp.net", 443)})


if __name__ == "__main__":
    taptest.main()
