"""What tools/demo does inside the environment; see its --help.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import datetime
import os
import re
import signal
import subprocess
import sys
import time

signal.signal(signal.SIGINT, signal.SIG_DFL)  # until supervise() takes over

import build  # noqa: E402
from supervise import supervise  # noqa: E402

sys.path.insert(0, f"{build.ROOT}/tests/lib")

import gi  # noqa: E402

gi.require_version("GdkPixbuf", "2.0")
from gi.repository import GdkPixbuf, GLib  # noqa: E402

import demo_cast as cast  # noqa: E402
from display import Desktop  # noqa: E402
from linnet import Linnet  # noqa: E402
from peer import Peer  # noqa: E402
from processes import wait_until  # noqa: E402
from prosody import Prosody  # noqa: E402

PICTURES = f"{build.folder()}/demo"
PROGRAM = f"{build.folder()}/installed/bin/linnet"
WINDOW = (1100, 720)
MARGIN = 40
# Both windows side by side, each with a margin around it.
SCREEN = (2 * (WINDOW[0] + 2 * MARGIN), WINDOW[1] + 2 * MARGIN)
PEOPLE = ("ana", "mira")


def say(text):
    print(f"tools/demo: {text}", flush=True)


def address(user):
    return f"{user}@{cast.DOMAIN}"


def secret(user):
    return f"secret of {user}"


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


def painted(svg):
    """The PNG file of a drawing."""
    loader = GdkPixbuf.PixbufLoader.new_with_type("svg")
    loader.write(svg.encode())
    loader.close()
    return bytes(loader.get_pixbuf().save_to_bufferv("png", [], [])[1])


def seconds_of(letter):
    """When a letter was written, in seconds since 1970."""
    day = datetime.date.today() - datetime.timedelta(days=letter.days)
    hour, _, minute = letter.time.partition(":")
    return datetime.datetime.combine(day, datetime.time(int(hour), int(minute))).timestamp()


class Demo:
    def __init__(self, folder, real):
        self.real = real
        self.folder = folder
        self.server = Prosody(f"{folder}/prosody", domains=(cast.DOMAIN,))
        environment = {
            "XDG_DATA_DIRS": f"{build.folder()}/installed/share:/usr/local/share:/usr/share",
            # The windows are driven by their names in English.
            "LANGUAGE": "en",
        }
        if not real:
            environment["GSK_RENDERER"] = "ngl"
        self.desktop = Desktop(f"{folder}/desktop", size=SCREEN, real_display=real, env=environment)
        self.peers = {}
        self.windows = {}

    def start_server(self):
        for user in cast.NAMES:
            self.server.add_account(user, secret(user))
        for user in cast.NAMES:
            others = [(address(other), name) for other, name in cast.NAMES.items() if other != user]
            self.server.fill_roster(address(user), others)
        self.server.start()
        say(f"server ready on 127.0.0.1, port {self.server.port}")

    def peer(self, user):
        """The phone of somebody in the cast."""
        if user not in self.peers:
            server = ("127.0.0.1", self.server.port)
            self.peers[user] = Peer(address(user), secret(user), server, "phone").connect()
        return self.peers[user]

    def wait_for_letters(self, count):
        """Until the server keeps so many for Ana."""
        wait_until(lambda: self.server.count_waiting(address("ana")) == count, "a letter is lost")

    def write_letters(self):
        """What waits for Ana: really sent, and kept by the server; only its date is moved back."""
        for user in PEOPLE:
            self.peer(user).publish_nickname(cast.NAMES[user])
        self.peers.pop("ana").disconnect()
        for user, svg in cast.PICTURES.items():
            self.peer(user).publish_avatar(painted(svg))
        for count, letter in enumerate(cast.LETTERS, 1):
            self.peer(letter.user).send(address("ana"), letter.text)
            self.wait_for_letters(count)
        for user, peer in list(self.peers.items()):
            if user not in cast.PRESENCE:
                peer.disconnect()
                del self.peers[user]
        for user, show in cast.PRESENCE.items():
            self.peer(user).send_presence(show=show)
        self.server.date_waiting_messages(address("ana"), [seconds_of(letter) for letter in cast.LETTERS])

    def open_window(self, user, **environment):
        window = Linnet(
            self.desktop, f"{self.folder}/{user}", self.server.ca_certificate, name=user, env=environment
        )
        self.windows[user] = window
        window.start(program=PROGRAM)
        if not self.real:
            self.place(user)
        return window

    def place(self, user, size=WINDOW):
        """Puts a window into its half of the screen."""
        left = MARGIN + PEOPLE.index(user) * SCREEN[0] // 2
        self.desktop.place(self.windows[user].window(), left, MARGIN, *size)

    def look_at(self, user):
        """Makes a window the one that is being read."""
        if not self.real:
            window = self.windows[user].window()
            subprocess.run(
                ["xdotool", "windowactivate", "--sync", window], env=self.desktop.env, check=True, timeout=20
            )

    def open_windows(self):
        for user in PEOPLE:
            window = self.open_window(user)
            window.sign_in(address(user), secret(user), ("127.0.0.1", self.server.port))
            say(f"{cast.NAMES[user]} is signed in")
        opener, text = cast.OPENING
        self.peer(opener).send(address("ana"), text)
        self.answer_letters()
        for user, other in (PEOPLE, PEOPLE[::-1]):
            self.look_at(user)
            self.windows[user].open_chat_with(address(user), address(other))

    def answer_letters(self):
        """Ana reads what came, and answers some of it.

        Only a window that is looked at counts as read. On a real display a person decides which that is, and
        finds there what has not been answered.
        """
        ana = self.windows["ana"]
        self.look_at("ana")
        for user, text in cast.ANSWERS:
            if self.real and text is None:
                continue
            ana.open_chat(cast.NAMES[user])
            ana.app.wait_for("article", re.compile(f"^{re.escape(cast.NAMES[user])}: "))
            if not self.real:
                ana.wait_for_unread(cast.NAMES[user], 0)
            if text is not None:
                ana.send(text)
        user, text = cast.DRAFT
        ana.open_chat(cast.NAMES[user])
        ana.app.put("text", "Message", text)

    def write(self, user, text):
        """Writes as a person does: word by word, then sends."""
        self.look_at(user)
        app = self.windows[user].app
        parts = re.findall(r"\S+\s*", text)
        for count in range(1, len(parts) + 1):
            app.put("text", "Message", "".join(parts[:count]).rstrip())
            time.sleep(0.12 if self.real else 0.02)
        app.press("button", "Send")
        other = PEOPLE[1 - PEOPLE.index(user)]
        self.look_at(other)
        self.windows[other].app.wait_for("article", re.compile(re.escape(text)))

    def play(self):
        for number, (user, text) in enumerate(cast.SCRIPT):
            for place, sender, interruption in cast.INTERRUPTIONS:
                if place == number:
                    self.peer(sender).send(address("ana"), interruption)
            self.write(user, text)

    def print_transcript(self):
        for user in PEOPLE:
            print(f"\n  {cast.NAMES[user]}’s window:")
            for name, description in self.windows[user].transcript():
                print(f"    {name}  ({description})")
        print(flush=True)

    def check_transcript(self):
        """Both windows must show every line, in order."""
        wanted = [text for _, text in cast.SCRIPT]
        for user in PEOPLE:
            shown = [name.partition(": ")[2] for name, _ in self.windows[user].transcript()]
            if [text for text in shown if text in wanted] != wanted:
                raise AssertionError(f"{cast.NAMES[user]}’s window shows {shown}")

    def picture(self, name, user, size=WINDOW):
        """A picture of a window, with round corners and a shadow on nothing."""
        path = f"{PICTURES}/{name}.png"
        os.makedirs(PICTURES, exist_ok=True)
        time.sleep(0.6)  # whatever moves comes to rest
        width, height = size
        left = MARGIN + PEOPLE.index(user) * SCREEN[0] // 2
        shape = f"roundrectangle 1,1 {width - 2},{height - 2} 14,14"
        raw = f"{self.folder}/raw.png"
        crop = f"{width}x{height}+{left}+{MARGIN}"
        commands = (
            ["import", "-window", "root", "-crop", crop, "+repage", raw],
            ["convert", raw, "(", "-size", f"{width}x{height}", "xc:none", "-fill", "white", "-draw", shape]
            + [")", "-alpha", "set", "-compose", "DstIn", "-composite", "-compose", "Over"]
            + ["(", "+clone", "-background", "black", "-shadow", "35x14+0+6", ")"]
            + ["+swap", "-background", "none", "-layers", "merge", "+repage", "-strip", path],
        )
        for command in commands:
            subprocess.run(command, env=self.desktop.env, check=True, timeout=60)
        say(f"picture {os.path.relpath(path, os.getcwd())}")

    def take_pictures(self):
        """Light, narrow and dark; Mira is writing in all of them."""
        self.picture("chat-mira", "mira")
        self.restart_ana()
        self.picture("chat-light", "ana")
        narrow = (400, WINDOW[1])
        self.place("ana", narrow)
        self.windows["ana"].app.wait_for("button", "Back")
        self.picture("narrow-chat", "ana", narrow)
        self.windows["ana"].app.press("button", "Back")
        self.picture("narrow-list", "ana", narrow)
        self.restart_ana(ADW_DEBUG_COLOR_SCHEME="prefer-dark")
        self.picture("chat-dark", "ana")

    def restart_ana(self, **environment):
        """Closes Ana's window and opens it again: what was said is still there."""
        self.windows["mira"].app.put("text", "Message", "")
        self.windows["ana"].quit()
        ana = self.open_window("ana", **environment)
        ana.app.wait_for("list", "Chats")
        ana.open_chat(cast.NAMES["mira"])
        self.look_at("ana")
        ana.app.wait_for("label", "online")
        self.windows["mira"].app.put("text", "Message", "Oh, and")
        ana.app.wait_for(None, re.compile("typing", re.IGNORECASE))

    def wait_for_the_end(self):
        say("both windows are yours now: close them, or press Ctrl-C here, to end")
        wait_until(lambda: not any(window.is_running() for window in self.windows.values()), "", 10**9, 0.5)

    def run(self):
        self.start_server()
        self.write_letters()
        self.desktop.start()
        if not self.real:
            # Without a compositor GTK draws another frame.
            self.desktop.spawn("picom", ["picom", "--backend", "xrender", "--config", "/dev/null"])
        self.open_windows()
        self.play()
        self.check_transcript()
        self.print_transcript()
        if self.real:
            self.wait_for_the_end()
        else:
            self.take_pictures()
            say("done")

    def stop(self):
        for window in self.windows.values():
            if window.is_running():
                window.process.stop(5)
        for peer in self.peers.values():
            peer.disconnect()
        self.desktop.stop()
        self.server.stop()


def work(folder):
    real = has_display() and "--virtual" not in sys.argv[1:]
    say("building…")
    try:
        build.install(build.TEST_AUTHORITY)
    except build.BuildError as error:
        say(f"the build failed: {error}")
        return 1
    os.environ["LINNET_BUILD"] = build.folder()
    if not real:
        say("using a virtual display" + ("" if "--virtual" in sys.argv else ", as there is no real one"))
    try:
        demo = Demo(folder, real)
        demo.run()
        demo.stop()
    except (AssertionError, RuntimeError, subprocess.SubprocessError, GLib.Error) as error:
        say(f"failed: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(supervise("linnet-demo-", work))
