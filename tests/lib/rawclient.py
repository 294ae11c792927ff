"""A bare XMPP connection for benchmarks: as fast as Python can push and read bytes, and no more.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import base64
import re
import select
import socket
import ssl
import time


class RawClient:
    """Signs in over direct TLS with PLAIN, to a test server whose certificate it does not look at."""

    def __init__(self, address, password, tls_port, resource="raw"):
        user, _, domain = address.partition("@")
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        sock = socket.create_connection(("127.0.0.1", tls_port), timeout=20)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sock = context.wrap_socket(sock, server_hostname=domain)
        self._domain = domain
        self._open("</stream:features>")
        token = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
        self.write(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{token}</auth>")
        self.read_until(r"<success")
        self._open("</stream:features>")
        self.write(
            "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
            f"<resource>{resource}</resource></bind></iq>"
        )
        self.read_until(r"</iq>")
        self.write("<presence/>")
        self.read_until(r"<presence")

    def _open(self, wanted):
        self.write(
            f"<stream:stream to='{self._domain}' version='1.0' xmlns='jabber:client' "
            "xmlns:stream='http://etherx.jabber.org/streams'>"
        )
        self.read_until(wanted)

    def write(self, text):
        self._sock.settimeout(60)
        self._sock.sendall(text.encode() if isinstance(text, str) else text)

    def read_until(self, pattern, seconds=20):
        """Reads until a regular expression matches what has come since the call; returns that text."""
        text, deadline = "", time.monotonic() + seconds
        while not re.search(pattern, text):
            self._sock.settimeout(max(0.01, deadline - time.monotonic()))
            data = self._sock.recv(65536)
            if not data:
                raise ConnectionError(f"the server closed the stream after: {text[-300:]}")
            text += data.decode("utf-8", "replace")
        return text

    def count(self, needle, wanted, seconds=120):
        """Reads until a byte string has come so many times; returns the seconds since the first of them."""
        found, tail, start = 0, b"", None
        deadline = time.monotonic() + seconds
        while found < wanted:
            self._sock.settimeout(max(0.01, deadline - time.monotonic()))
            data = self._sock.recv(262144)
            if not data:
                raise ConnectionError("the server closed the stream")
            data = tail + data
            found += data.count(needle)
            tail = data[-(len(needle) - 1) :]
            if needle in tail:
                tail = b""
            if start is None and found:
                start = time.monotonic()
        return time.monotonic() - start

    def read_available(self, seconds=0):
        """What has come, or comes within so much time; as bytes, cut anywhere."""
        data = b""
        while self._sock.pending() or select.select([self._sock], [], [], 0 if data else seconds)[0]:
            piece = self._sock.recv(262144)
            if not piece:
                break
            data += piece
        return data

    def drain(self):
        """Reads and forgets what has come."""
        self.read_available()

    def close(self):
        try:
            self.write("</stream:stream>")
        except OSError:
            pass
        self._sock.close()
