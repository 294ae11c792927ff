"""What tools/demo does inside the environment; see its --help.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import build

sys.path.insert(0, f"{build.ROOT}/tests/lib")

from gi.repository import GLib  # noqa: E402

from display import Desktop  # noqa: E402
from linnet import Linnet  # noqa: E402
from peer import Peer  # noqa: E402
from processes import adopt_orphans, kill_descendants, wait_until  # noqa: E402
from prosody import Prosody  # noqa: E402
from run_program import translated  # noqa: E402

DOMAIN = "lark.test"
PICTURES = f"{build.folder()}/demo"
CAST = {
    "ana": "Ana Ruiz",
    "mira": "Mira Vogel",
    "sofia": "Sofia Lind",
    "tom": "Tom Baker",
    "jonas": "Jonas Weiß",
}

# What the others wrote to Ana before.
LETTERS = (
    ("jonas", "The book you lent me is wonderful. I am at chapter nine already."),
    ("tom", "Thanks for the lift yesterday 🙏"),
    ("sofia", "Could you send me the notes from Tuesday?"),
    ("sofia", "No hurry, the weekend is fine."),
)

# The chat that is played through the two windows.
SCRIPT = (
    ("mira", "Hi Ana! Are we still on for Saturday?"),
    ("ana", "Of course. I found a trail with a view over both lakes."),
    ("mira", "How long is it?"),
    (
        "ana",
        "About four hours, with one steep part at the start. There is a hut at the top, and they say its "
        "apple cake is worth every step.",
    ),
    ("mira", "🥧❤️"),
    ("mira", "Then I will bring a big appetite. Which train?"),
    ("ana", "The 8:12 from the main station. I will save you a seat."),
    ("mira", "See you on the platform!"),
)


def say(text):
    print(f"tools/demo: {text}", flush=True)


def has_display():
    """Whether windows can be opened where this was started."""
    wayland = os.environ.get("WAYLAND_DISPLAY")
    if wayland:
        return os.path.exists(os.path.join(os.environ.get("XDG_RUNTIME_DIR", "/"), wayland))
    if not os.environ.get("DISPLAY"):
        return False
    probe = subprocess.run(
        ["xdotool", "getdisplaygeometry"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    return probe.returncode == 0


class Demo:
    def __init__(self, real):
        self.real = real
        self.folder = tempfile.mkdtemp(prefix="linnet-demo-")
        self.server = Prosody(f"{self.folder}/prosody", domains=(DOMAIN,))
        environment = {**translated(), "XDG_DATA_DIRS": f"{build.folder()}/installed/share:/usr/share"}
        if not real:
            environment["GSK_RENDERER"] = "ngl"
        self.desktop = Desktop(f"{self.folder}/desktop", size=(1360, 860), real_display=real, env=environment)
        self.peers = []
        self.windows = {}

    def stage(self):
        """Server, people and desktop."""
        for user in CAST:
            self.server.add_account(user, f"secret of {user}")
        for user in CAST:
            others = [
                (f"{other}@{DOMAIN}", other_name) for other, other_name in CAST.items() if other != user
            ]
            self.server.fill_roster(f"{user}@{DOMAIN}", others)
        self.server.start()
        say(f"server ready on 127.0.0.1, port {self.server.port}")
        for user in ("sofia", "tom", "jonas"):
            peer = Peer(
                f"{user}@{DOMAIN}", f"secret of {user}", ("127.0.0.1", self.server.port), "phone"
            ).connect()
            self.peers.append(peer)
        for user, text in LETTERS:
            peer = next(peer for peer in self.peers if peer.address.startswith(user))
            peer.send(f"ana@{DOMAIN}", text)
        self.peers[1].send_presence(show="away")
        self.desktop.start()
        if not self.real:
            self.desktop.spawn("picom", ["picom", "--backend", "xrender", "--config", "/dev/null"])

    def open_windows(self):
        for user in ("ana", "mira"):
            window = Linnet(self.desktop, f"{self.folder}/{user}", self.server.ca_certificate, name=user)
            self.windows[user] = window
            window.start(program=f"{build.folder()}/installed/bin/linnet")
            window.sign_in(f"{user}@{DOMAIN}", f"secret of {user}", ("127.0.0.1", self.server.port))
            say(f"{CAST[user]} is signed in")
        for user, other in (("ana", "mira"), ("mira", "ana")):
            self.windows[user].open_chat_with(f"{user}@{DOMAIN}", f"{other}@{DOMAIN}")

    def write(self, user, text):
        """Writes as a person does: word by word, then sends."""
        app = self.windows[user].app
        parts = re.findall(r"\S+\s*", text)
        for count in range(1, len(parts) + 1):
            app.put("text", "Message", "".join(parts[:count]).rstrip())
            time.sleep(0.12 if self.real else 0.03)
        app.press("button", "Send")
        other = self.windows["mira" if user == "ana" else "ana"]
        other.app.wait_for("article", re.compile(re.escape(text.split("\n", 1)[0])))

    def play(self):
        for number, (user, text) in enumerate(SCRIPT):
            self.write(user, text)
            if number == 3 and not self.real:
                self.windows["mira"].app.put("text", "Message", "Cake")
                self.windows["ana"].app.wait_for(None, re.compile("typing", re.IGNORECASE))
                self.picture("typing", "ana")

    def picture(self, name, user):
        """A picture of one window."""
        path = f"{PICTURES}/{name}.png"
        os.makedirs(PICTURES, exist_ok=True)
        window = self.windows[user].window()
        subprocess.run(
            ["xdotool", "windowactivate", "--sync", window], env=self.desktop.env, check=False, timeout=20
        )
        time.sleep(0.5)
        subprocess.run(["import", "-window", window, path], env=self.desktop.env, check=True, timeout=30)
        say(f"picture {os.path.relpath(path, os.getcwd())}")

    def print_transcript(self):
        for user in ("ana", "mira"):
            rows = self.windows[user].transcript()
            print(f"\n  {CAST[user]}’s window:")
            for name, description in rows:
                print(f"    {name}  ({description})")
        print(flush=True)

    def check_transcript(self):
        """Both windows must show every line, in order."""
        for user, window in self.windows.items():
            shown = [name.partition(": ")[2] for name, _ in window.transcript()]
            wanted = [text for _, text in SCRIPT]
            if [text for text in shown if text in wanted] != wanted:
                raise AssertionError(f"{CAST[user]}’s window shows {shown}")

    def wait_for_the_end(self):
        say("both windows are yours now: close them, or press Ctrl-C here, to end")
        wait_until(lambda: not any(window.is_running() for window in self.windows.values()), "", 10**9, 0.5)

    def stop(self):
        for window in self.windows.values():
            if window.is_running():
                window.process.stop(5)
        for peer in self.peers:
            peer.disconnect()
        self.desktop.stop()
        self.server.stop()
        kill_descendants()
        shutil.rmtree(self.folder, ignore_errors=True)


def interrupted(*_):
    raise KeyboardInterrupt


def main():
    real = has_display() and "--virtual" not in sys.argv[1:]
    signal.signal(signal.SIGTERM, interrupted)
    signal.signal(signal.SIGHUP, interrupted)
    say("building…")
    try:
        build.install()
    except build.BuildError as error:
        say(f"the build failed: {error}")
        return 1
    os.environ["LINNET_BUILD"] = build.folder()
    adopt_orphans()
    demo = Demo(real)
    try:
        if not real:
            say(
                "there is no display: using a virtual one"
                if "--virtual" not in sys.argv
                else "virtual display"
            )
        demo.stage()
        demo.open_windows()
        demo.play()
        demo.check_transcript()
        demo.print_transcript()
        if real:
            demo.wait_for_the_end()
        else:
            demo.picture("chat-ana", "ana")
            demo.picture("chat-mira", "mira")
            say("done")
        return 0
    except KeyboardInterrupt:
        return 130
    finally:
        demo.stop()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (AssertionError, RuntimeError, GLib.Error) as failure:
        say(f"failed: {failure}")
        sys.exit(1)
