"""What tools/bench does inside the environment; see its --help.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import build

sys.path.insert(0, f"{build.ROOT}/tests/lib")

import atspi  # noqa: E402
from display import Desktop  # noqa: E402
from exactly_once import Exchange, count_rows  # noqa: E402
from linnet import Linnet  # noqa: E402
from processes import adopt_orphans, kill_descendants, wait_until  # noqa: E402
from prosody import Prosody  # noqa: E402
from rawclient import RawClient  # noqa: E402

NAMES = ("parse", "live", "start", "memory", "reliability")
PROGRAMS = f"{build.folder()}/tests/bench"
CONTACTS = 500
CONVERSATIONS = 50


class Table:
    """Figures with their limits and goals."""

    def __init__(self):
        self.rows = []

    def add(self, name, value, unit, limit=None, goal=None, met=None):
        """goal is text; met tells whether the value reaches it."""
        row = {"name": name, "value": value, "unit": unit}
        if limit is not None:
            row["limit"] = limit
            row["ratio"] = round(value / limit, 3) if limit else None
        if goal is not None:
            row["goal"] = goal
            row["met"] = bool(met)
        self.rows.append(row)
        print(self._line(row), flush=True)

    @staticmethod
    def _line(row):
        limit = f"{row['limit']:g} ({row['ratio']:.2f})" if "limit" in row else ""
        goal = f"{'ok  ' if row['met'] else 'MISS'} {row['goal']}" if "goal" in row else ""
        return f"  {row['name']:44} {row['value']:>10g} {row['unit']:7} {limit:>18}  {goal}"

    @staticmethod
    def heading():
        print(f"  {'':44} {'measured':>10} {'':7} {'limit (ratio)':>18}  goal", flush=True)


class Stage:
    """A server with Ana, her contacts and a desktop."""

    def __init__(self, messages=0):
        self.folder = tempfile.mkdtemp(prefix="linnet-bench-")
        # An archive would be what is measured, not the program: Prosody's takes a millisecond per message.
        self.server = Prosody(f"{self.folder}/prosody", without=("mam",), log_level="error")
        for user in ("ana", "contact1"):
            self.server.add_account(user, f"secret of {user}")
        self.server.add_contacts("ana@lark.test", "contact1@lark.test", "Ana", "Contact 1")
        if messages:
            others = [
                (f"contact{number}@lark.test", f"Contact {number}") for number in range(2, CONTACTS + 1)
            ]
            self.server.fill_roster("ana@lark.test", others)
        self.server.start()
        self.desktop = Desktop(f"{self.folder}/desktop", env={"GSK_RENDERER": "cairo"}).start()
        self.profile = f"{self.folder}/profile"
        self.messages = messages

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.desktop.stop()
        self.server.stop()
        kill_descendants()
        shutil.rmtree(self.folder, ignore_errors=True)

    def program(self):
        return Linnet(self.desktop, self.profile, self.server.ca_certificate)

    def sign_in(self):
        """Signs in once, and fills the history when there shall be one."""
        program = self.program().start()
        program.sign_in("ana@lark.test", "secret of ana", ("127.0.0.1", self.server.port))
        program.quit()
        if self.messages:
            subprocess.run(
                [
                    f"{PROGRAMS}/linnet-fill",
                    self.profile,
                    "ana@lark.test",
                    str(self.messages),
                    str(CONVERSATIONS),
                    "lark.test",
                ],
                check=True,
            )


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="latin-1") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid):
    """(resident, proportional) set size."""
    values = {}
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        for line in file:
            name, _, rest = line.partition(":")
            if name in ("Rss", "Pss"):
                values[name] = int(rest.split()[0]) / 1024
    return values["Rss"], values["Pss"]


def bench_parse(table, options):
    result = subprocess.run(
        [f"{PROGRAMS}/bench-parse", "5" if options.quick else "50"],
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(result.stdout)
    table.add(
        "parsing, nodes built",
        figures["linnet"],
        "MB/s",
        limit=figures["expat"],
        goal="half of expat's at least",
        met=figures["linnet"] >= figures["expat"] / 2,
    )
    table.add("parsing, stanzas", figures["stanzas_per_second"], "/s")


class StallWatch:
    """Asks the main loop a trivial question over and over; the slowest answer tells its longest stall."""

    def __init__(self, env, app):
        self._bus = atspi.Bus(env)
        self._app = app
        self._running = True
        self.longest = 0.0
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()

    def _ask(self):
        app = atspi.App(self._bus, self._app.bus_name, self._app.process)
        while self._running:
            start = time.monotonic()
            app.property("/org/a11y/atspi/accessible/root", "org.a11y.atspi.Accessible", "Name")
            self.longest = max(self.longest, time.monotonic() - start)
            time.sleep(0.002)

    def stop(self):
        self._running = False
        self._thread.join()
        return self.longest * 1000


def _messages(to, count):
    text = "and a few words more, as people write them to each other in a chat"
    return "".join(
        f"<message to='{to}' type='chat' id='bench-{number}'><body>Message {number} {text}</body></message>"
        for number in range(count)
    ).encode()


def _reader_rate(stage, sender, count):
    """What a bare reader takes: the limit of server and network."""
    reader = RawClient("ana@lark.test", "secret of ana", stage.server.tls_port, "reader")
    sender.drain()
    thread = threading.Thread(target=sender.write, args=(_messages("ana@lark.test/reader", count),))
    thread.start()
    seconds = reader.count(b"</message>", count)
    thread.join()
    reader.close()
    return count / seconds


def bench_live(table, options):
    count = 500 if options.quick else 5000
    with Stage() as stage:
        sender = RawClient("contact1@lark.test", "secret of contact1", stage.server.tls_port)
        limit = _reader_rate(stage, sender, count)
        program = stage.program().start()
        program.sign_in("ana@lark.test", "secret of ana", ("127.0.0.1", stage.server.port))
        sender.write("<message to='ana@lark.test' type='chat'><body>first</body></message>")
        program.open_chat("Contact 1")
        for opened in (True, False):
            if not opened:
                sender.write("<message to='ana@lark.test' type='chat'><body>again</body></message>")
                program.quit()
                program = stage.program().start()
                program.app.wait_for("list", "Chats")
            _measure_live(table, stage, program, sender, count, limit, opened)
        program.quit()
        sender.close()


def _measure_live(table, stage, program, sender, count, limit, opened):
    pid, label = program.process.pid, "chat open" if opened else "no chat open"
    before = count_rows(stage.profile, "outgoing = 0")
    time.sleep(1)
    watch = StallWatch(stage.desktop.env, program.app)
    cpu, start = cpu_seconds(pid), time.monotonic()
    thread = threading.Thread(target=sender.write, args=(_messages("ana@lark.test", count),))
    thread.start()
    wait_until(
        lambda: count_rows(stage.profile, "outgoing = 0") >= before + count, "messages were lost", 600, 0.01
    )
    seconds = time.monotonic() - start
    thread.join()
    time.sleep(1)
    used = (cpu_seconds(pid) - cpu) * 1000 / count
    stall = watch.stop()
    table.add(
        f"live messages, {label}",
        round(count / seconds),
        "/s",
        limit=round(limit),
        goal="2,000/s at least",
        met=count / seconds >= 2000,
    )
    table.add(f"CPU per 1,000 of them, {label}", round(used, 3), "s", goal="0.5 s at most", met=used <= 0.5)
    table.add(
        f"longest stall of the main loop, {label}",
        round(stall, 1),
        "ms",
        goal="16 ms at most",
        met=stall <= 16,
    )


def _time_to_window(stage):
    """Seconds until the window shows, and until it can be used: its first page or its chats are there."""
    program = stage.program()
    start = time.monotonic()
    program.start(wait=False)
    app = program.attach(pause=0.004)
    wait_until(app.has_window, "no window", 60, 0.004)
    shown = time.monotonic() - start
    wait_until(lambda: app.shows("list item" if stage.messages else "button"), "no use", 60, 0.004)
    usable = time.monotonic() - start
    program.quit()
    return shown, usable


def bench_start(table, options):
    medians = {}
    for messages in (0, 10000 if options.quick else 100000):
        with Stage(messages) as stage:
            if messages:
                stage.sign_in()
            _time_to_window(stage)
            times = [_time_to_window(stage) for _ in range(options.repeat)]
        name = f"{messages} messages" if messages else "empty profile"
        medians[messages] = statistics.median(usable for _, usable in times) * 1000
        table.add(
            f"start to window, {name}", round(statistics.median(shown for shown, _ in times) * 1000), "ms"
        )
        if messages:
            table.add(
                f"start to usable window, {name}",
                round(medians[messages]),
                "ms",
                goal="50 ms above the empty one at most",
                met=medians[messages] <= medians[0] + 50,
            )
        else:
            table.add(f"start to usable window, {name}", round(medians[messages]), "ms")


def bench_memory(table, options):
    for messages in (0, 10000 if options.quick else 100000):
        with Stage(messages) as stage:
            if messages:
                stage.sign_in()
            program = stage.program().start()
            if messages:
                program.app.wait_for("list", "Chats")
            time.sleep(10)
            resident, proportional = memory_mb(program.process.pid)
            program.quit()
        name = f"{messages} messages, connected" if messages else "empty profile"
        table.add(f"memory RSS, {name}", round(resident), "MB")
        table.add(
            f"memory PSS, {name}",
            round(proportional),
            "MB",
            goal="below Dino's 150, with archive 178",
            met=proportional < (178 if messages else 150),
        )


def bench_reliability(table, options):
    share = 10 if options.quick else 1
    for name, cuts, crashes, count in (
        ("cuts", 1000 // share, 0, 5000 // share),
        ("crashes", 0, 200 // share, 1000 // share),
    ):
        folder = tempfile.mkdtemp(prefix="linnet-bench-")
        exchange = Exchange(
            folder, f"{PROGRAMS}/linnet-exchange", f"{build.folder()}/tests/lib/gio", count, cuts, crashes
        )
        result = exchange.run(3600, _progress)
        print("\r" + " " * 70 + "\r", end="")
        done = result["cuts"] if cuts else result["crashes"]
        table.add(f"{name} during {2 * count} messages", done, "")
        for fault in ("lost", "doubled", "misplaced", "damaged"):
            table.add(f"{fault}, with {name}", result[fault], "", goal="0", met=result[fault] == 0)
        shutil.rmtree(folder, ignore_errors=True)


def _progress(text):
    if sys.stdout.isatty():
        print(f"\r  {text:68}", end="", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="tools/bench", add_help=False)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", default=f"{build.folder()}/bench/result.json")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in NAMES]
    if unknown:
        parser.error(f"there is no {unknown[0]}; there are {', '.join(NAMES)}")
    adopt_orphans()
    try:
        build.build()
    except build.BuildError as error:
        print(f"tools/bench: the build failed: {error}", file=sys.stderr)
        return 1
    os.environ["LINNET_BUILD"] = build.folder()
    table = Table()
    table.heading()
    for name in NAMES:
        if not options.names or name in options.names:
            globals()[f"bench_{name}"](table, options)
    os.makedirs(os.path.dirname(options.json), exist_ok=True)
    with open(options.json, "w", encoding="utf-8") as file:
        json.dump({"processors": os.cpu_count(), "figures": table.rows}, file, indent=2)
        file.write("\n")
    missed = [row["name"] for row in table.rows if not row.get("met", True)]
    print(f"\n  {options.json}\n  goals missed: {len(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        kill_descendants()
        sys.exit(130)
