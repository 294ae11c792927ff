"""A desktop of its own for a window test: display, session bus, keyring, home folder.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import random
import shutil
import subprocess

from processes import Process

_SETTINGS = """[Settings]
gtk-font-name=Inter 11
gtk-enable-animations=0
gtk-cursor-blink=0
gtk-decoration-layout=:close
"""

_BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{folder}/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""

# Without keys of its own: it would take Alt+Shift+Up and others before the program sees them.
_OPENBOX_CONFIG = """<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <keyboard/>
</openbox_config>
"""

# Only these are started on demand. A portal, above all, must not be: GTK would start it in every test.
_SERVICES = ("org.a11y.Bus", "org.freedesktop.secrets")


class Picture:
    """What was on a display: size, and three bytes for each pixel."""

    def __init__(self, width, height, pixels):
        self.width = width
        self.height = height
        self._pixels = pixels

    def pixel(self, x, y):
        start = 3 * (y * self.width + x)
        return tuple(self._pixels[start : start + 3])

    def share(self, condition):
        """How much of the picture, from 0 to 1, agrees with condition(red, green, blue)."""
        bytes_ = self._pixels
        count = sum(map(condition, bytes_[0::3], bytes_[1::3], bytes_[2::3]))
        return count / (self.width * self.height)


class Desktop:
    """Xvfb with a window manager, a D-Bus session with an unlocked keyring, and an empty home.

    With real_display the windows go to the display that the environment names; bus, keyring and home are
    private all the same; without display there is only the rest. env is the environment for programs on this
    desktop.
    """

    def __init__(
        self,
        folder,
        size=(1280, 860),
        keyring=True,
        window_manager=True,
        display=True,
        real_display=False,
        env=None,
    ):
        self.folder = os.path.abspath(folder)
        self.size = size
        self._processes = []
        self._keyring = keyring
        self._window_manager = window_manager and display and not real_display
        self._display = display
        self._real_display = real_display
        self._extra = env or {}
        self.env = {}

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self):
        home = f"{self.folder}/home"
        runtime = f"{self.folder}/run"
        for path in (
            home,
            runtime,
            f"{home}/.config/gtk-4.0",
            f"{self.folder}/services",
            f"{self.folder}/log",
        ):
            os.makedirs(path, exist_ok=True)
        os.chmod(runtime, 0o700)
        if not self._real_display:
            with open(f"{home}/.config/gtk-4.0/settings.ini", "w", encoding="utf-8") as file:
                file.write(_SETTINGS)

        self.env = {
            **{
                name: value
                for name, value in os.environ.items()
                if name in ("PATH", "TZ", "LANG", "LANGUAGE", "CI", "LINNET_ENV")
                or name.endswith("SAN_OPTIONS")
            },
            "HOME": home,
            "XDG_CONFIG_HOME": f"{home}/.config",
            "XDG_CACHE_HOME": f"{home}/.cache",
            "XDG_DATA_HOME": f"{home}/.local/share",
            "XDG_STATE_HOME": f"{home}/.local/state",
            "XDG_RUNTIME_DIR": runtime,
            "LC_ALL": "C.UTF-8",
            "GSETTINGS_BACKEND": "memory",
            "GTK_A11Y": "atspi",
            "NO_AT_BRIDGE": "0",
            **self._extra,
        }
        if self._real_display:
            for name in ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"):
                if name in os.environ:
                    self.env[name] = os.environ[name]
            if "WAYLAND_DISPLAY" in self.env and not self.env["WAYLAND_DISPLAY"].startswith("/"):
                self.env["WAYLAND_DISPLAY"] = f"{os.environ['XDG_RUNTIME_DIR']}/{self.env['WAYLAND_DISPLAY']}"
        elif self._display:
            self.env["GDK_BACKEND"] = "x11"
            self.env.setdefault("GSK_RENDERER", "cairo")
            self.env["DISPLAY"] = self._start_display()
        self.env["DBUS_SESSION_BUS_ADDRESS"] = self._start_bus()
        if self._keyring:
            self.unlock_keyring()
        if self._window_manager:
            config = f"{self.folder}/openbox.xml"
            with open(config, "w", encoding="utf-8") as file:
                file.write(_OPENBOX_CONFIG)
            self.spawn("openbox", ["openbox", "--sm-disable", "--config-file", config])
        # The driver in this process uses the same display and bus.
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = self.env["DBUS_SESSION_BUS_ADDRESS"]
        if "DISPLAY" in self.env:
            os.environ["DISPLAY"] = self.env["DISPLAY"]
        return self

    def spawn(self, name, argv, **options):
        """Starts a program on this desktop, its output in log/name.log; it ends with the desktop."""
        env = {**self.env, **options.pop("env", {})}
        process = Process(argv, f"{self.folder}/log/{name}.log", env=env, **options)
        self._processes.append(process)
        return process

    def _read_line(self, fd):
        with os.fdopen(fd) as file:
            return file.readline().strip()

    def _start_display(self):
        # A number of one's own: a server that looks for a free one takes the socket of another that has no
        # abstract one, and there each has its number locked.
        for _ in range(20):
            display = f":{random.randrange(1000, 50000)}"
            read_fd, write_fd = os.pipe()
            width, height = self.size
            process = Process(
                [
                    "Xvfb",
                    display,
                    "-displayfd",
                    str(write_fd),
                    "-screen",
                    "0",
                    f"{width}x{height}x24",
                    "-nolisten",
                    "tcp",
                    "-nolisten",
                    "local",
                    "-noreset",
                    "-dpi",
                    "96",
                ],
                f"{self.folder}/log/xvfb.log",
                env=self.env,
                pass_fds=(write_fd,),
            )
            os.close(write_fd)
            if self._read_line(read_fd):
                self._processes.append(process)
                return display
            process.stop()
        raise RuntimeError(f"Xvfb does not start:\n{process.output()}")

    def _start_bus(self):
        for name in _SERVICES:
            source = f"/usr/share/dbus-1/services/{name}.service"
            if os.path.exists(source) and (self._keyring or name != "org.freedesktop.secrets"):
                shutil.copy(source, f"{self.folder}/services/")
        with open(f"{self.folder}/bus.conf", "w", encoding="utf-8") as file:
            file.write(_BUS_CONFIG.format(folder=self.folder))
        read_fd, write_fd = os.pipe()
        process = Process(
            [
                "dbus-daemon",
                f"--config-file={self.folder}/bus.conf",
                "--nofork",
                "--nopidfile",
                f"--print-address={write_fd}",
            ],
            f"{self.folder}/log/bus.log",
            env=self.env,
            pass_fds=(write_fd,),
        )
        os.close(write_fd)
        self._processes.append(process)
        address = self._read_line(read_fd)
        if not address:
            raise RuntimeError(f"dbus-daemon does not start:\n{process.output()}")
        return address

    def unlock_keyring(self, password="test"):
        """Starts the Secret Service with an unlocked login keyring."""
        result = subprocess.run(
            ["gnome-keyring-daemon", "--unlock", "--components=secrets"],
            input=password,
            text=True,
            env=self.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=20,
            check=False,
        )
        if result.returncode != 0:
            raise RuntimeError(f"gnome-keyring-daemon does not start:\n{result.stderr}")

    def screenshot(self, path):
        """Writes a picture of the whole display."""
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        subprocess.run(["import", "-window", "root", path], env=self.env, check=True, timeout=30)

    def grab(self, window="root"):
        """The Picture of a window as it is on the display."""
        result = subprocess.run(
            ["import", "-window", window, "-depth", "8", "ppm:-"],
            env=self.env,
            capture_output=True,
            check=True,
            timeout=30,
        )
        magic, width, height, maximum, pixels = result.stdout.split(maxsplit=4)
        if magic != b"P6" or maximum != b"255":
            raise RuntimeError(f"import wrote {magic} {maximum}")
        # One byte of white space, not more: a pixel may look like another.
        pixels = result.stdout[-3 * int(width) * int(height) :]
        return Picture(int(width), int(height), pixels)

    def key(self, *names):
        """Presses keys, each as xdotool names it ("Return", "ctrl+n")."""
        subprocess.run(["xdotool", "key", "--clearmodifiers", *names], env=self.env, check=True, timeout=20)

    def type(self, text):
        """Types ASCII text into the focused window."""
        subprocess.run(["xdotool", "type", "--delay", "4", text], env=self.env, check=True, timeout=60)

    def click(self, x, y, button=1):
        """Moves the pointer to a place of the display and presses a button of it."""
        subprocess.run(
            ["xdotool", "mousemove", str(x), str(y), "click", str(button)],
            env=self.env,
            check=True,
            timeout=20,
        )

    def windows_of(self, pid):
        """The X11 ids of the visible windows of a process."""
        result = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--pid", str(pid)],
            env=self.env,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        return result.stdout.split()

    def place(self, window, x, y, width, height):
        """Moves and sizes a window."""
        subprocess.run(
            [
                "xdotool",
                "windowsize",
                "--sync",
                window,
                str(width),
                str(height),
                "windowmove",
                window,
                str(x),
                str(y),
            ],
            env=self.env,
            check=True,
            timeout=20,
        )

    def stop(self):
        for process in reversed(self._processes):
            process.stop(3)
        self._processes = []
