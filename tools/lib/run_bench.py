"""What tools/bench does inside the environment; see its --help.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import argparse
import json
import mmap
import os
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

signal.signal(signal.SIGINT, signal.SIG_DFL)  # until supervise() takes over

import build  # noqa: E402
from supervise import supervise  # noqa: E402

sys.path.insert(0, f"{build.ROOT}/tests/lib")

from display import Desktop  # noqa: E402
from exactly_once import Exchange, count_rows  # noqa: E402
from linnet import Linnet  # noqa: E402
from processes import kill_descendants, wait_until  # noqa: E402
from prosody import Prosody  # noqa: E402
from rawclient import RawClient  # noqa: E402

NAMES = ("parse", "store", "live", "start", "memory", "reliability")
PROGRAMS = f"{build.folder()}/tests/bench"
TARGETS = (
    build.INSTALLED,
    build.TEST_AUTHORITY,
    "data/gschemas.compiled",
    "tests/bench/bench-parse",
    "tests/bench/bench-store",
    "tests/bench/gio/liblinnet-stall.so",
    "tests/bench/linnet-exchange",
    "tests/bench/linnet-fill",
)
CONTACTS = 500
# Bytes between two cuts: so they are spread over the whole exchange.
CUT_EVERY = 18000
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
        self.watch = StallWatch(f"{self.folder}/stalls")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.desktop.stop()
        self.server.stop()
        kill_descendants()
        shutil.rmtree(self.folder, ignore_errors=True)

    def program(self):
        return Linnet(self.desktop, self.profile, self.server.ca_certificate, env=self.watch.env)

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


def bench_store(table, options):
    result = subprocess.run(
        [f"{PROGRAMS}/bench-store", "2000" if options.quick else "20000"],
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(result.stdout)
    for size, name in ((1, "one by one"), (100, "100 at once")):
        table.add(
            f"storing messages, {name}", figures[f"linnet_{size}"], "/s", limit=figures[f"bare_{size}"]
        )
    table.add("a stored message", figures["bytes_per_message"], "bytes")
    table.add(f"list of {CONVERSATIONS} chats, {figures['rows']} messages", figures["list_ms"], "ms")
    table.add(f"a page of one, {figures['rows']} messages", figures["page_ms"], "ms")


class StallWatch:
    """What the main loop of a program does between two waits, as the module linnet-stall counts it there."""

    _FIELDS = (
        "turns",
        "busy_us",
        "longest_us",
        "longest_cpu_us",
        "n_long",
        "most_cpu_us",
        "most_cpu_begin",
        "most_cpu_end",
        "shown_us",
        "usable_us",
    )

    def __init__(self, path):
        size = 8 * len(self._FIELDS)
        with open(path, "w+b") as file:
            file.truncate(size)
            self._map = mmap.mmap(file.fileno(), size)
        self.env = {
            "LINNET_STALL_FILE": path,
            "GIO_EXTRA_MODULES": f"{build.folder()}/tests/lib/gio:{PROGRAMS}/gio",
        }

    def begin(self):
        self._map[:] = bytes(len(self._map))

    def figures(self):
        return dict(zip(self._FIELDS, struct.unpack(f"{len(self._FIELDS)}q", self._map[:])))


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
    stage.watch.begin()
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
    stalls = stage.watch.figures()
    table.add(
        f"live messages, {label}",
        round(count / seconds),
        "/s",
        limit=round(limit),
        goal="2,000/s at least",
        met=count / seconds >= 2000,
    )
    table.add(f"CPU per 1,000 of them, {label}", round(used, 3), "s", goal="0.5 s at most", met=used <= 0.5)
    longest = stalls["longest_us"] / 1000
    table.add(
        f"longest stall of the main loop, {label}",
        round(longest, 1),
        "ms",
        goal="16 ms at most",
        met=longest <= 16,
    )
    table.add(f"  most that was computed at a stretch, {label}", round(stalls["most_cpu_us"] / 1000, 1), "ms")
    table.add(f"  stalls over 16 ms, {label}", stalls["n_long"], "", limit=stalls["turns"])


def _time_to_window(stage):
    """Seconds until the window shows, and until it can be used: its first page or its chats are painted."""
    program = stage.program()
    stage.watch.begin()
    start = time.monotonic()
    program.start(wait=False)
    wait_until(lambda: stage.watch.figures()["usable_us"], "no window", 60, 0.002)
    figures = stage.watch.figures()
    program.attach()
    program.quit()
    return tuple(figures[name] / 1000000 - start for name in ("shown_us", "usable_us"))


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
            folder,
            f"{PROGRAMS}/linnet-exchange",
            f"{build.folder()}/tests/lib/gio",
            count,
            cuts,
            crashes,
            cut_every=CUT_EVERY,
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


def parse_options():
    parser = argparse.ArgumentParser(prog="tools/bench", add_help=False)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", default=f"{build.folder()}/bench/result.json")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in NAMES]
    if unknown:
        parser.error(f"there is no {unknown[0]}; there are {', '.join(NAMES)}")
    return options


def work(options, folder):
    tempfile.tempdir = folder
    try:
        build.build(targets=TARGETS)
    except build.BuildError as error:
        print(f"tools/bench: the build failed: {error}", file=sys.stderr)
        return 1
    os.environ["LINNET_BUILD"] = build.folder()
    load = os.getloadavg()[0]
    print(f"  {os.cpu_count()} processors, load {load:.1f} before")
    table = Table()
    table.heading()
    for name in NAMES:
        if not options.names or name in options.names:
            globals()[f"bench_{name}"](table, options)
    os.makedirs(os.path.dirname(os.path.abspath(options.json)), exist_ok=True)
    result = {"processors": os.cpu_count(), "load": [round(load, 2), round(os.getloadavg()[0], 2)]}
    with open(options.json, "w", encoding="utf-8") as file:
        json.dump({**result, "figures": table.rows}, file, indent=2)
        file.write("\n")
    missed = [row["name"] for row in table.rows if not row.get("met", True)]
    print(f"\n  {options.json}\n  load {os.getloadavg()[0]:.1f} after; goals missed: {len(missed)}")
    return 1 if missed else 0


def main():
    options = parse_options()
    return supervise("linnet-bench-", lambda folder: work(options, folder))


if __name__ == "__main__":
    sys.exit(main())
