"""The exactly-once exchange: two programs behind proxies that cut, and what their databases hold after it.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import collections
import os
import random
import re
import sqlite3
import time

from chaos import Ledger, Proxy
from processes import Process, Timeout
from prosody import Prosody
from rawclient import RawClient

_PEOPLE = ("ana", "mira")


def read_bodies(profile, outgoing):
    """The texts in the database of a profile, in their order."""
    path = f"{profile}/linnet.db"
    if not os.path.exists(path):
        return []
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
    try:
        rows = connection.execute(
            "SELECT body FROM messages WHERE outgoing = ? ORDER BY conversation, position", (int(outgoing),)
        )
        return [body for (body,) in rows]
    except sqlite3.OperationalError:
        return []  # the tables are being made
    finally:
        connection.close()


def count_rows(profile, condition):
    path = f"{profile}/linnet.db"
    if not os.path.exists(path):
        return 0
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
    try:
        return connection.execute(f"SELECT count(*) FROM messages WHERE {condition}").fetchone()[0]
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def check_integrity(profile):
    """What SQLite says about the database: "ok" when it is whole."""
    connection = sqlite3.connect(f"{profile}/linnet.db")
    try:
        return connection.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        connection.close()


def _start_server(folder):
    server = Prosody(f"{folder}/prosody", without=("csi_simple",), log_level="warn")
    addresses = [server.add_account(user, f"secret of {user}") for user in _PEOPLE]
    server.add_contacts(*addresses)
    server.start()
    return server


def _environment(folder, server, ca_module):
    return {
        **os.environ,
        "HOME": folder,
        "LINNET_TEST_CA": server.ca_certificate,
        "GIO_EXTRA_MODULES": ca_module,
        "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        "GSETTINGS_BACKEND": "memory",
    }


class _Person:
    def __init__(self, exchange, user, other):
        self.user = user
        self.other = other
        self.profile = f"{exchange.folder}/{user}"
        self.restarts = 0
        self._exchange = exchange
        self._process = None

    def start(self):
        exchange = self._exchange
        # What a crash left unsent is in the database already and goes out by itself.
        first = len(read_bodies(self.profile, True))
        received = exchange.count_received(self.profile)
        self._process = Process(
            [
                exchange.program,
                f"--directory={self.profile}",
                f"--address={self.user}@{exchange.server.domain}",
                f"--password=secret of {self.user}",
                f"--to={self.other}@{exchange.server.domain}",
                f"--port={exchange.get_port(self.user)}",
                f"--prefix={self.user}",
                f"--first={first}",
                f"--received={received}",
                f"--count={exchange.count}",
            ],
            f"{exchange.folder}/{self.user}.log",
            env=exchange.env,
        )

    def crash(self):
        self._process.kill()
        self.restarts += 1
        self.start()

    def check(self):
        if not self._process.is_running():
            raise AssertionError(f"{self.user} ended:\n{self._process.output()[-4000:]}")

    def stop(self):
        """Ends the program in good order; returns what it said when it did not end well, or None."""
        if self._process is None or self._process.stop(20) == 0:
            return None
        return f"{self.user} did not end well:\n{self._process.output()[-6000:]}"


class Exchange:
    """count messages each way between two people.

    cuts: how often their connections are cut in all, at random bytes. crashes: how often their programs are
    killed at random moments. Returns from run() what the ledgers say.
    """

    def __init__(self, folder, program, ca_module, count, cuts=0, crashes=0, cut_every=9000, seed=1):
        self.folder = folder
        self.program = program
        self.count = count
        self.cuts = cuts
        self.crashes = crashes
        self._random = random.Random(seed)
        self.server = _start_server(folder)
        self.proxies = {
            user: Proxy(
                self.server.port, cut_every=cut_every if cuts else None, cuts=cuts // 2, seed=seed + index
            )
            for index, user in enumerate(_PEOPLE)
        }
        self.env = _environment(folder, self.server, ca_module)
        self.people = [_Person(self, user, other) for user, other in (_PEOPLE, _PEOPLE[::-1])]

    def get_port(self, user):
        return self.proxies[user].port

    def count_received(self, profile):
        return len(read_bodies(profile, False))

    def _cuts_made(self):
        return sum(proxy.cuts_made for proxy in self.proxies.values())

    def _is_complete(self):
        return all(
            count_rows(person.profile, "outgoing = 0") >= self.count
            and count_rows(person.profile, "outgoing = 1 AND state BETWEEN 1 AND 3") >= self.count
            for person in self.people
        )

    def _wait(self, seconds, report):
        deadline = time.monotonic() + seconds
        next_crash = self._pause()
        crashes_left = self.crashes
        while True:
            for person in self.people:
                person.check()
            if crashes_left == 0 and self._is_complete():
                return
            if time.monotonic() > deadline:
                raise Timeout(f"the exchange is not complete after {seconds:g} s: {self.progress()}")
            if crashes_left and time.monotonic() > next_crash:
                self._random.choice(self.people).crash()
                crashes_left -= 1
                next_crash = self._pause()
            report(self.progress())
            time.sleep(0.02 if crashes_left else 0.5)

    def _pause(self):
        return time.monotonic() + self._random.uniform(0.02, 1.2)

    def progress(self):
        received = "/".join(str(count_rows(person.profile, "outgoing = 0")) for person in self.people)
        return (
            f"{received} received, {self._cuts_made()} cuts, {sum(p.restarts for p in self.people)} crashes"
        )

    def run(self, seconds, report=lambda text: None):
        """Runs to the end and returns a dictionary; all of lost, doubled, foreign, misplaced should be 0."""
        start = time.monotonic()
        try:
            for proxy in self.proxies.values():
                proxy.start()
            for person in self.people:
                os.makedirs(person.profile, exist_ok=True)
                person.start()
            self._wait(seconds, report)
        finally:
            complaints = [complaint for person in self.people if (complaint := person.stop())]
            for proxy in self.proxies.values():
                proxy.stop()
            self.server.stop()
        # Sanitizers speak at the end.
        if complaints:
            raise AssertionError("\n".join(complaints))
        result = {"seconds": round(time.monotonic() - start, 1), "cuts": self._cuts_made(), "damaged": 0}
        result["crashes"] = sum(person.restarts for person in self.people)
        for person in self.people:
            ledger = Ledger()
            ledger.sent = [f"{person.other} {number}" for number in range(self.count)]
            ledger.received = read_bodies(person.profile, False)
            for name, value in ledger.compare().items():
                result[name] = result.get(name, 0) + value
            if check_integrity(person.profile) != "ok":
                result["damaged"] += 1
        return result


class WireExchange:
    """count messages to a bare client, which sees whatever is delivered and knows no ids.

    crashes: how often the sender is killed, each time when a few more messages have come. Its stream can be
    resumed each time, so nothing may be delivered twice.
    """

    def __init__(self, folder, program, ca_module, count, crashes, seed=1):
        self.folder = folder
        self.program = program
        self.count = count
        self.crashes = crashes
        self._random = random.Random(seed)
        self.server = _start_server(folder)
        self.env = _environment(folder, self.server, ca_module)
        self.sender = _Person(self, *_PEOPLE)
        self._seen = b""

    def get_port(self, _user):
        return self.server.port

    def count_received(self, _profile):
        return self.count  # a bare client writes nothing back, and needs nobody to wait for it

    def _numbers(self):
        return [int(number) for number in re.findall(rb"<body>ana (\d+)</body>", self._seen)]

    def _read(self, client, seconds, until):
        deadline = time.monotonic() + seconds
        while not until():
            if time.monotonic() > deadline:
                raise Timeout(f"{len(self._numbers())} messages of {self.count} after {seconds:g} s")
            self.sender.check()
            self._seen += client.read_available(0.01)

    def _crash_often(self, client):
        # The last program still has something to do: it is ended when it is at work, not when it begins.
        while self.sender.restarts < self.crashes and len(self._numbers()) < self.count - 40:
            goal = len(self._numbers()) + self._random.randint(1, 12)
            self._read(client, 60, lambda goal=goal: len(self._numbers()) >= goal)
            time.sleep(self._random.uniform(0, 0.02))
            self.sender.crash()

    def _is_complete(self):
        condition = "outgoing = 1 AND state BETWEEN 1 AND 3"
        return count_rows(self.sender.profile, condition) >= self.count

    def run(self):
        """Returns a dictionary: lost, doubled and misplaced should be 0."""
        os.makedirs(self.sender.profile, exist_ok=True)
        client = RawClient(f"mira@{self.server.domain}", "secret of mira", self.server.tls_port)
        try:
            self.sender.start()
            self._crash_often(client)
            self._read(client, 120, self._is_complete)
        finally:
            complaint = self.sender.stop()
            client.write("<iq type='get' id='end'><ping xmlns='urn:xmpp:ping'/></iq>")
            self._seen += client.read_until("id=['\"]end['\"]").encode()
            client.close()
            self.server.stop()
        if complaint:
            raise AssertionError(complaint)
        numbers = self._numbers()
        return {
            "lost": self.count - len(set(numbers)),
            "doubled": sum(times - 1 for times in collections.Counter(numbers).values()),
            "misplaced": sum(1 for a, b in zip(numbers, numbers[1:]) if b < a),
            "crashes": self.sender.restarts,
        }
