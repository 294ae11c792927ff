"""A second XMPP program, independent of Linnet (slixmpp), for tests to talk with.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import asyncio
import base64
import hashlib
import logging
import re
import ssl
import threading
from xml.etree import ElementTree
from xml.sax.saxutils import escape
from concurrent.futures import TimeoutError as FutureTimeout

# What goes wrong is told to the test, not to its log.
logging.disable(logging.CRITICAL)

import slixmpp  # noqa: E402

from processes import Timeout, wait_until  # noqa: E402


class _Client(slixmpp.ClientXMPP):
    def __init__(self, address, password, peer):
        super().__init__(address, password)
        self.auto_authorize = None
        self.auto_subscribe = False
        for plugin in ("xep_0030", "xep_0085", "xep_0115", "xep_0184", "xep_0191", "xep_0199", "xep_0280"):
            self.register_plugin(plugin)
        self.add_event_handler("session_start", peer.on_start)
        self.add_event_handler("failed_all_auth", peer.on_failed)
        self.add_event_handler("disconnected", peer.on_disconnected)
        self.add_event_handler("message", peer.on_message)
        self.add_event_handler("presence", peer.on_presence)
        self.add_event_handler("presence_subscribe", peer.on_presence)
        self.add_filter("in", peer.on_stanza)


class Peer:
    """A signed-in account. Everything received is kept in messages and presences."""

    def __init__(self, address, password, server, resource="peer"):
        self.address = address
        self.messages = []
        self.presences = []
        self.stanzas = []
        self._failure = None
        self._started = threading.Event()
        self._over = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._password = password
        self._server = server
        self._resource = resource
        self._client = None

    def __enter__(self):
        return self.connect()

    def __exit__(self, *_):
        self.disconnect()

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._client = _Client(f"{self.address}/{self._resource}", self._password, self)
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self._client.ssl_context = context
        self._client.get_ssl_context = lambda: context
        self._client.connect(*self._server)
        self._loop.run_forever()

    def _call(self, function, *arguments, seconds=20):
        """Runs a function of the client's thread and returns its result, awaited when it is a future."""

        async def call():
            result = function(*arguments)
            return await result if asyncio.isfuture(result) or asyncio.iscoroutine(result) else result

        try:
            return asyncio.run_coroutine_threadsafe(call(), self._loop).result(seconds)
        except FutureTimeout:
            raise Timeout(f"{self.address} got no answer within {seconds} s") from None

    # What the client reports, in its thread.

    def on_start(self, _event):
        self._client.send_presence()
        self._client.get_roster()
        self._started.set()

    def on_failed(self, _event):
        self._failure = "authentication failed"
        self._started.set()

    def on_disconnected(self, _event):
        self._over.set()

    def on_stanza(self, stanza):
        self.stanzas.append(str(stanza))
        return stanza

    def on_message(self, message):
        if message["type"] in ("chat", "normal"):
            self.messages.append(message)

    def on_presence(self, presence):
        self.presences.append(presence)

    # What a test does.

    def connect(self, seconds=20):
        self._thread.start()
        if not self._started.wait(seconds) or self._failure:
            raise Timeout(f"{self.address} could not sign in: {self._failure or 'no answer'}")
        return self

    def is_over(self):
        """Whether somebody ended the connection."""
        return self._over.is_set()

    def disconnect(self):
        if self._client is None:
            return
        try:
            self._call(self._client.disconnect, seconds=5)
        except Timeout:
            pass
        self._call(self._end)
        self._client = None
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    async def _end(self):
        self._client.abort()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def send(self, to, body, **attributes):
        """Sends a chat message and returns its id."""

        def send():
            message = self._client.make_message(mto=to, mbody=body, mtype="chat")
            message["id"] = attributes.get("id") or self._client.new_id()
            if attributes.get("receipt"):
                message["request_receipt"] = True
            message.send()
            return message["id"]

        return self._call(send)

    def send_chat_state(self, to, state):
        def send():
            message = self._client.make_message(mto=to, mtype="chat")
            message["chat_state"] = state
            message.send()

        self._call(send)

    def send_presence(self, to=None, kind=None, show=None):
        self._call(lambda: self._client.send_presence(pto=to, ptype=kind, pshow=show))

    def send_xml(self, text):
        """Puts raw XML on the stream."""
        self._call(lambda: self._client.send_raw(text))

    def _publish(self, node, item, payload):
        pubsub = (
            "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
            f"<publish node='{node}'><item id='{item}'>{payload}</item></publish></pubsub>"
        )

        def publish():
            request = self._client.make_iq_set()
            request.append(ElementTree.fromstring(pubsub))
            return request.send()

        self._call(publish)

    def ask(self, payload, to=None):
        """Sends an IQ get with an element; returns the XML of the answer, also of an error."""

        async def send():
            request = self._client.make_iq_get(ito=to)
            request.append(ElementTree.fromstring(payload))
            try:
                return str(await request.send())
            except slixmpp.exceptions.IqError as error:
                return str(error.iq)

        return self._call(send)

    def ask_items(self, owner, node):
        """The XML of what a node of somebody has, or of the refusal."""
        pubsub = f"<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='{node}'/></pubsub>"
        return self.ask(pubsub, owner)

    def publish_nickname(self, name):
        """Tells contacts one's name (XEP-0172)."""
        node = "http://jabber.org/protocol/nick"
        self._publish(node, "current", f"<nick xmlns='{node}'>{escape(name)}</nick>")

    def publish_avatar(self, picture):
        """Publishes a PNG as the picture of this account (XEP-0084) and returns its id."""
        node, number = "urn:xmpp:avatar:", hashlib.sha1(picture).hexdigest()
        data = base64.b64encode(picture).decode()
        self._publish(f"{node}data", number, f"<data xmlns='{node}data'>{data}</data>")
        info = f"<info id='{number}' type='image/png' bytes='{len(picture)}'/>"
        self._publish(f"{node}metadata", number, f"<metadata xmlns='{node}metadata'>{info}</metadata>")
        return number

    def block(self, address):
        self._call(lambda: self._client["xep_0191"].block([address]))

    def roster(self):
        """The server's roster as {address: (subscription, name)}."""
        self._call(self._client.get_roster)
        return self._call(
            lambda: {
                str(address): (
                    self._client.client_roster[address]["subscription"],
                    self._client.client_roster[address]["name"],
                )
                for address in self._client.client_roster
                if address != self.address
            }
        )

    def bodies(self, sender=None):
        return [
            message["body"]
            for message in list(self.messages)
            if message["body"] and (sender is None or message["from"].bare == sender)
        ]

    def wait_for_body(self, body, seconds=20):
        """Waits for a message with this body and returns it."""

        def look():
            return next((message for message in list(self.messages) if message["body"] == body), None)

        return wait_until(look, lambda: f"{self.address} did not get “{body}”, only {self.bodies()}", seconds)

    def wait_for_xml(self, pattern, seconds=20):
        """Waits for a stanza in whose XML a regular expression is found and returns that XML."""

        def look():
            return next((text for text in list(self.stanzas) if re.search(pattern, text)), None)

        return wait_until(
            look, lambda: f"{self.address} got no {pattern}, only\n" + "\n".join(self.stanzas[-20:]), seconds
        )

    def wait_for_presence(self, kind, sender, seconds=20):
        """Waits for a presence of a type ("available", "subscribe", …) from a bare address."""

        def look():
            return next(
                (
                    presence
                    for presence in list(self.presences)
                    if presence["type"] == kind and presence["from"].bare == sender
                ),
                None,
            )

        return wait_until(look, lambda: f"{self.address} got no {kind} from {sender}", seconds)
