"""The frame of the window tests: a desktop, a server, programs; all cleaned up, with a picture of failures.

A test file ends with taptest.main().

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

from display import Desktop
from linnet import Linnet, build_folder
from peer import Peer
from processes import Timeout, kill_descendants
from prosody import Prosody

# Programs built with sanitizers leave these when they find something.
_REPORTS = re.compile(
    r"ERROR: (Address|Leak)Sanitizer|runtime error:|Gtk-WARNING|Adwaita-WARNING|-CRITICAL \*\*"
)


class WindowTest(unittest.TestCase):
    """One desktop and one server for each test. set_up_server() adds accounts before the server starts."""

    domain = "lark.test"
    # Prosody, or ejabberd.Ejabberd.
    server_class = Prosody
    server_options = {}
    desktop_options = {}
    size = (1280, 860)

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="linnet-test-")
        self.programs = []
        self.peers = []
        self.server = self.server_class(
            f"{self.folder}/server", domains=(self.domain,), **self.server_options
        )
        self.set_up_server()
        self.server.start()
        self.desktop = Desktop(f"{self.folder}/desktop", size=self.size, **self.desktop_options).start()

    def set_up_server(self):
        """Accounts and rosters; the server is not running yet."""
        self.add_accounts("ana", "mira")

    def add_accounts(self, *users):
        for user in users:
            self.server.add_account(user, f"secret of {user}")

    def start_linnet(self, profile="ana", trust=True, **options):
        """Starts the program with a profile that is kept for the whole test.

        With trust=False it does not trust the server's authority.
        """
        program = Linnet(
            self.desktop,
            f"{self.folder}/profiles/{profile}",
            self.server.ca_certificate if trust else None,
            name=f"linnet-{profile}-{len(self.programs)}",
            **options,
        )
        self.programs.append(program)
        return program.start()

    def sign_in(self, program, user="ana", password=None, port=None):
        program.sign_in(
            f"{user}@{self.domain}", password or f"secret of {user}", ("127.0.0.1", port or self.server.port)
        )

    def start_peer(self, user="mira", resource="peer"):
        peer = Peer(f"{user}@{self.domain}", f"secret of {user}", ("127.0.0.1", self.server.port), resource)
        self.peers.append(peer)
        return peer.connect()

    def accepts(self, address, password):
        """Whether the server lets an independent program in with this password."""
        peer = Peer(address, password, ("127.0.0.1", self.server.port), "check")
        self.peers.append(peer)
        try:
            peer.connect()
        except Timeout:
            return False
        peer.disconnect()
        self.peers.remove(peer)
        return True

    def assert_nothing_left(self, program, *words):
        """No file of the profile holds any of the words, in upper or lower case, or is named after one."""
        for word in words:
            found = subprocess.run(
                ["grep", "-rliF", "--binary-files=text", "-e", word, program.profile],
                capture_output=True,
                text=True,
                check=False,
            )
            # 1: it looked and found nothing; 2: it could not look.
            self.assertEqual(
                (found.returncode, found.stdout), (1, ""), f"“{word}” is still there: {found.stderr}"
            )
            for _, folders, files in os.walk(program.profile):
                for name in folders + files:
                    self.assertNotIn(word.lower(), name.lower())

    def assert_fits(self, program):
        """Nothing that shows is cut off at a side of the window, or is scrolled to there."""
        app = program.app
        left, _, width, _ = app.wait_for("frame").extents()
        for node in app.find_all():
            # A panel without children is a page of a stack that does not show: it has no place.
            if node.children or node.role == "panel":
                continue
            try:
                x, _, own_width, _ = node.extents()
            except LookupError:
                continue  # it went away in the meantime
            # Buttons of header bars reach a little over what shows of them.
            self.assertGreaterEqual(x, left - 2, node)
            self.assertLessEqual(x + own_width, left + width + 2, node)

    def tearDown(self):
        # The outcome's own flag is set only after this.
        result = self._outcome.result
        failed = any(test is self for test, _ in result.failures + result.errors)
        name = self.id().rpartition(".")[2]
        pictures = f"{build_folder()}/tests/ui"
        if failed:
            try:
                self.desktop.screenshot(f"{pictures}/{name}.png")
                print(f"# a picture of the failure: {pictures}/{name}.png", flush=True)
            except Exception as error:  # pylint: disable=broad-except
                print(f"# no picture of the failure: {error}", flush=True)
        reports = []
        for peer in self.peers:
            peer.disconnect()
        for program in self.programs:
            if program.is_running():
                try:
                    status = program.quit()
                    if status != 0:
                        reports.append(f"{program.name} ended with {status}")
                except Exception as error:  # pylint: disable=broad-except
                    reports.append(f"{program.name} does not quit: {error}")
                    program.kill()
            if program.process is not None:
                output = program.process.output()
                if failed or _REPORTS.search(output):
                    print("".join(f"# {line}\n" for line in output.splitlines()[-200:]), end="", flush=True)
                found = _REPORTS.search(output)
                if found:
                    reports.append(f"{program.name} reports: {output[found.start():][:300]}")
        self.desktop.stop()
        self.server.stop()
        if failed:
            print(
                "".join(f"# {line}\n" for line in self.server.output().splitlines()[-60:]), end="", flush=True
            )
        kill_descendants()
        if os.environ.get("LINNET_TEST_KEEP") and (failed or reports):
            print(f"# kept: {self.folder}", flush=True)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)
        if reports and not failed:
            self.fail("; ".join(reports))
