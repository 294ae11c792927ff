"""A TCP proxy on 127.0.0.1 that misbehaves as networks do, and the ledger that shows what was lost.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import asyncio
import random
import socket
import struct
import threading


class Proxy:
    """Forwards a port of its own to a server, cutting connections as it is told.

    cut_every: cut each connection after a random number of bytes (both ways together) of this mean.
    cuts: stop cutting after this many. delay: seconds that each piece is held back. limit: so many
    connections go through, all others are refused. seed makes runs repeatable.
    """

    def __init__(self, port, cut_every=None, cuts=None, delay=0.0, limit=None, seed=1):
        self.server_port = port
        self.cut_every = cut_every
        self.cuts_left = cuts
        self.delay = delay
        self.limit = limit
        self.cuts_made = 0
        self.connections = 0
        self.port = 0
        self._black_hole = False
        self._refusing = False
        self._random = random.Random(seed)
        self._links = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()
        self._server = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self._thread.start()
        self._ready.wait()
        return self

    def stop(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def cut(self):
        """Breaks all connections at once, without a word."""
        self._loop.call_soon_threadsafe(lambda: [link.cut() for link in list(self._links)])

    def set_black_hole(self, enabled):
        """Lets connections live but swallows every byte, as a vanished network does."""
        self._black_hole = enabled

    def set_refusing(self, enabled):
        """Cuts what there is and closes new connections at once, as a server that is down does."""
        self._refusing = enabled
        if enabled:
            self.cut()

    @property
    def swallows(self):
        return self._black_hole

    def bytes_until_cut(self):
        if not self.cut_every or self.cuts_left == 0:
            return None
        return max(1, int(self._random.expovariate(1 / self.cut_every)))

    def count_cut(self):
        self.cuts_made += 1
        if self.cuts_left is not None:
            self.cuts_left -= 1

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._server = self._loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        for link in list(self._links):
            link.cut()
        self._server.close()

    async def _accept(self, reader, writer):
        self.connections += 1
        if self._refusing or (self.limit is not None and self.connections > self.limit):
            _reset(writer)
            return
        try:
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self.server_port)
        except OSError:
            _reset(writer)
            return
        link = _Link(self, writer, server_writer)
        self._links.add(link)
        await asyncio.gather(link.pump(reader, server_writer), link.pump(server_reader, writer))
        self._links.discard(link)


def _reset(writer):
    """Closes a connection with a reset, so that what is in flight is lost too."""
    sock = writer.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class _Link:
    def __init__(self, proxy, client, server):
        self._proxy = proxy
        self._writers = (client, server)
        self._left = proxy.bytes_until_cut()
        self._closed = False
        for writer in self._writers:
            writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def cut(self):
        if not self._closed:
            self._closed = True
            self._proxy.count_cut()
            for writer in self._writers:
                _reset(writer)

    async def pump(self, reader, writer):
        try:
            while not self._closed:
                data = await reader.read(16384)
                if not data:
                    break
                if self._proxy.delay:
                    await asyncio.sleep(self._proxy.delay)
                if self._proxy.swallows:
                    continue
                if self._left is not None:
                    # The piece before the cut still arrives: a cut falls anywhere, inside a stanza too.
                    head, self._left = data[: self._left], self._left - len(data)
                    writer.write(head)
                    if self._left <= 0:
                        await writer.drain()
                        self.cut()
                        return
                else:
                    writer.write(data)
                await writer.drain()
        except (OSError, asyncio.CancelledError):
            pass
        if not self._closed:
            writer.close()


class Ledger:
    """What was sent and what arrived, in the order of each."""

    def __init__(self):
        self.sent = []
        self.received = []

    def compare(self):
        """Returns a dictionary of the number of lost, doubled, foreign and misplaced messages."""
        wanted, counts = set(self.sent), {}
        for text in self.received:
            counts[text] = counts.get(text, 0) + 1
        place = {text: index for index, text in enumerate(self.sent)}
        first_arrivals = list(dict.fromkeys(text for text in self.received if text in wanted))
        misplaced = sum(
            1 for before, after in zip(first_arrivals, first_arrivals[1:]) if place[before] > place[after]
        )
        return {
            "sent": len(self.sent),
            "lost": sum(1 for text in self.sent if text not in counts),
            "doubled": sum(count - 1 for text, count in counts.items() if text in wanted),
            "foreign": sum(1 for text in self.received if text not in wanted),
            "misplaced": misplaced,
        }
