"""A bare stream before sign-in, to ask servers about new accounts (XEP-0077) as the bytes are.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import base64
import socket
import ssl
import time
from xml.etree import ElementTree

NS = {
    "r": "jabber:iq:register",
    "x": "jabber:x:data",
    "media": "urn:xmpp:media-element",
    "bob": "urn:xmpp:bob",
    "oob": "jabber:x:oob",
    "stanzas": "urn:ietf:params:xml:ns:xmpp-stanzas",
}


class RawRegistration:
    """A stream over direct TLS to a test server whose certificate it does not look at."""

    def __init__(self, domain, tls_port):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        sock = socket.create_connection(("127.0.0.1", tls_port), timeout=20)
        self._sock = context.wrap_socket(sock, server_hostname=domain)
        self._parser = ElementTree.XMLPullParser(["start", "end"])
        self._depth = 0
        self._count = 0
        self._domain = domain
        self.write(
            f"<stream:stream to='{domain}' version='1.0' xmlns='jabber:client' "
            "xmlns:stream='http://etherx.jabber.org/streams'>"
        )
        self.features = self.read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._sock.close()

    def write(self, text):
        self._sock.sendall(text.encode())

    def read(self, seconds=20):
        """The next element below the stream."""
        deadline = time.monotonic() + seconds
        while True:
            for event, element in self._parser.read_events():
                self._depth += 1 if event == "start" else -1
                if event == "end" and self._depth == 1:
                    return element
            self._sock.settimeout(max(0.01, deadline - time.monotonic()))
            data = self._sock.recv(65536)
            if not data:
                raise ConnectionError("the server closed the stream")
            self._parser.feed(data)

    def offers_registration(self):
        return self.features.find("{http://jabber.org/features/iq-register}register") is not None

    def ask(self, kind, payload):
        """The answer to a request to the server."""
        self._count += 1
        self.write(f"<iq type='{kind}' id='r{self._count}' to='{self._domain}'>{payload}</iq>")
        while True:
            answer = self.read()
            if answer.get("id") == f"r{self._count}":
                return answer

    def form(self):
        return self.ask("get", "<query xmlns='jabber:iq:register'/>").find("r:query", NS)

    def register_plainly(self, user, password):
        """The condition of the error, or None when the account was made."""
        query = f"<username>{user}</username><password>{password}</password>"
        return condition(self.ask("set", f"<query xmlns='jabber:iq:register'>{query}</query>"))

    def register_by_form(self, query, **values):
        """Sends a form back with some values of its fields; returns what register_plainly() does."""
        form = ElementTree.Element(f"{{{NS['x']}}}x", {"type": "submit"})
        for field in query.findall("x:x/x:field", NS):
            name = field.get("var")
            value = values.get(name, field.findtext("x:value", None, NS))
            if name is None or value is None:
                continue
            copy = ElementTree.SubElement(form, f"{{{NS['x']}}}field", {"var": name})
            ElementTree.SubElement(copy, f"{{{NS['x']}}}value").text = value
        text = ElementTree.tostring(form, encoding="unicode")
        return condition(self.ask("set", f"<query xmlns='jabber:iq:register'>{text}</query>"))


def condition(answer):
    error = answer.find("{jabber:client}error")
    return None if error is None else error[0].tag.rpartition("}")[2]


def fields(query):
    """The names of a form's fields and their types."""
    return {field.get("var"): field.get("type") for field in query.findall("x:x/x:field", NS)}


def picture(query):
    """The picture that came with a form; its address is checked to be the one that the form names."""
    uri = query.findtext(".//media:uri", None, NS)
    data = query.find("bob:data", NS)
    if data is None or uri != f"cid:{data.get('cid')}":
        raise AssertionError(f"no picture for {uri}")
    return base64.b64decode(data.text)
