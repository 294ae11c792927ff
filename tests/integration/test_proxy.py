"""A10: with a proxy set, no packet goes anywhere else; not one question to the DNS.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import os
import shutil
import ssl
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import netns
import taptest
from processes import Process, kill_descendants, wait_until
from prosody import Prosody
from socks import Socks

BUILD = os.environ["LINNET_BUILD"]
LIST_HOST = "data.xmpp.net"
PROVIDERS = [{"jid": "wren.example", "inBandRegistration": True}]
SKIP = netns.leave_network()


class ListHandler(BaseHTTPRequestHandler):
    def do_GET(self):  # pylint: disable=invalid-name
        body = json.dumps(PROVIDERS).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        pass


@unittest.skipIf(SKIP, SKIP)
class TestProxy(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="linnet-proxy-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.addCleanup(kill_descendants)
        self.server = Prosody(f"{self.folder}/prosody", registration="plain")
        for user in ("ana", "mira"):
            self.server.add_account(user, f"secret of {user}")
        self.server.add_contacts(
            f"ana@{self.server.domain}", f"mira@{self.server.domain}", "Ana", "Mira"
        )
        self.server.start()
        self.addCleanup(self.server.stop)
        self.web = self.start_web()
        self.addCleanup(self.web.shutdown)
        self.namespace = netns.Namespace()
        self.addCleanup(self.namespace.close)
        self.socks = Socks(
            netns.HERE,
            {
                (self.server.domain, 5222): ("127.0.0.1", self.server.port),
                (LIST_HOST, 443): ("127.0.0.1", self.web.server_port),
            },
        )
        self.addCleanup(self.socks.close)
        self.sniffer = self.namespace.sniffer()
        self.sniffer.allow(netns.HERE, self.socks.port)

    def start_web(self):
        certificate, key = f"{self.folder}/web.crt", f"{self.folder}/web.key"
        self.server.authority.issue([LIST_HOST], certificate, key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        web = ThreadingHTTPServer(("127.0.0.1", 0), ListHandler)
        web.socket = context.wrap_socket(web.socket, server_side=True)
        threading.Thread(target=web.serve_forever, daemon=True).start()
        return web

    def start_program(self, test, proxy):
        """Starts one test of the program there."""
        environment = {
            **os.environ,
            "HOME": self.folder,
            "LINNET_TEST_PROXY": proxy,
            "LINNET_TEST_DOMAIN": self.server.domain,
            "LINNET_TEST_CA": self.server.ca_certificate,
            "GIO_EXTRA_MODULES": f"{BUILD}/tests/lib/gio",
            "GSETTINGS_BACKEND": "memory",
            "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
        }
        program = [f"{BUILD}/tests/integration/integration-proxy", "-p", f"/integration/proxy/{test}"]
        return Process(self.namespace.command(program), f"{self.folder}/program.log", env=environment)

    def run_program(self, test, proxy):
        program = self.start_program(test, proxy)
        status = program.wait(120)
        self.sniffer.stop()
        self.assertEqual(status, 0, program.output())

    def test_everything_goes_to_the_proxy(self):
        self.run_program("everything", self.socks.uri)
        self.assertEqual(self.sniffer.others, [])
        self.assertGreater(self.sniffer.allowed, 100)
        self.assertEqual(set(self.socks.asked), {(self.server.domain, 5222), (LIST_HOST, 443)})

    def test_a_proxy_that_knows_nothing(self):
        self.socks.names.clear()
        self.run_program("nothing", self.socks.uri)
        self.assertEqual(self.sniffer.others, [])
        self.assertGreater(self.sniffer.allowed, 0)

    def test_no_proxy_there(self):
        self.socks.close()
        self.run_program("nothing", self.socks.uri)
        self.assertEqual(self.sniffer.others, [])
        self.assertEqual(self.socks.asked, [])

    def test_the_watch_itself(self):
        """Without a proxy there is much to see: at least questions to the DNS."""
        program = self.start_program("nothing", "direct://")
        wait_until(
            lambda: [packet for packet in self.sniffer.others if packet.endswith(":53")],
            "nobody asked the DNS",
        )
        program.kill()
        self.sniffer.stop()
        self.assertEqual(self.sniffer.allowed, 0)


if __name__ == "__main__":
    taptest.main()
