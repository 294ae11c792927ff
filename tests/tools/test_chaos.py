"""The proxy breaks connections as it says, and the ledger sees what was lost.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import socket
import threading
import unittest

import taptest
from chaos import Ledger, Proxy
from processes import wait_until


class Echo:
    """A server that sends back what it gets."""

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._echo, args=(connection,), daemon=True).start()

    @staticmethod
    def _echo(connection):
        with connection:
            try:
                while data := connection.recv(4096):
                    connection.sendall(data)
            except OSError:
                pass


def connect(proxy):
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=10)


def exchange(sock, data):
    """Sends and reads back; returns what came before the connection broke, or all."""
    answer = b""
    try:
        sock.sendall(data)
        while len(answer) < len(data):
            piece = sock.recv(4096)
            if not piece:
                break
            answer += piece
    except ConnectionError:
        pass
    return answer


class ProxyTest(unittest.TestCase):
    def test_forwards(self):
        with Echo() as echo, Proxy(echo.port) as proxy, connect(proxy) as sock:
            self.assertEqual(exchange(sock, b"x" * 100000), b"x" * 100000)
            self.assertEqual(proxy.cuts_made, 0)

    def test_cuts_on_demand(self):
        with Echo() as echo, Proxy(echo.port) as proxy, connect(proxy) as sock:
            self.assertEqual(exchange(sock, b"before"), b"before")
            proxy.cut()
            self.assertEqual(exchange(sock, b"after" * 1000), b"")
            self.assertEqual(proxy.cuts_made, 1)

    def test_cuts_after_bytes(self):
        with Echo() as echo, Proxy(echo.port, cut_every=2000, cuts=3) as proxy:
            for expected in (1, 2, 3):
                with connect(proxy) as sock:
                    self.assertLess(len(exchange(sock, b"x" * 200000)), 200000)
                wait_until(lambda wanted=expected: proxy.cuts_made == wanted, "no cut", 10)
            with connect(proxy) as sock:
                self.assertEqual(len(exchange(sock, b"x" * 200000)), 200000)

    def test_black_hole(self):
        with Echo() as echo, Proxy(echo.port) as proxy, connect(proxy) as sock:
            self.assertEqual(exchange(sock, b"before"), b"before")
            proxy.set_black_hole(True)
            sock.sendall(b"lost")
            sock.settimeout(0.3)
            self.assertRaises(TimeoutError, sock.recv, 10)

    def test_refuses(self):
        with Echo() as echo, Proxy(echo.port) as proxy:
            proxy.set_refusing(True)
            with connect(proxy) as sock:
                self.assertEqual(exchange(sock, b"hello"), b"")


class LedgerTest(unittest.TestCase):
    def compare(self, sent, received):
        ledger = Ledger()
        ledger.sent, ledger.received = list(sent), list(received)
        result = ledger.compare()
        return tuple(result[name] for name in ("lost", "doubled", "foreign", "misplaced"))

    def test_compare(self):
        self.assertEqual(self.compare("abcd", "abcd"), (0, 0, 0, 0))
        self.assertEqual(self.compare("abcd", "abd"), (1, 0, 0, 0))
        self.assertEqual(self.compare("abcd", "abbcd"), (0, 1, 0, 0))
        self.assertEqual(self.compare("abcd", "abbbcd"), (0, 2, 0, 0))
        self.assertEqual(self.compare("abcd", "abxcd"), (0, 0, 1, 0))
        self.assertEqual(self.compare("abcd", "abdc"), (0, 0, 0, 1))
        self.assertEqual(self.compare("abcd", ""), (4, 0, 0, 0))


if __name__ == "__main__":
    taptest.main()
