"""Processes that tests start, none of which outlives the test.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import ctypes
import os
import random
import signal
import socket
import subprocess
import time

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True)
_claims = []


class Timeout(AssertionError):
    """Something awaited did not happen in time."""


def wait_until(condition, what, seconds=20.0, pause=0.03):
    """Returns the first true value of condition(), asked again and again until the deadline."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Timeout(f"after {seconds:g} s: {what() if callable(what) else what}")
        time.sleep(pause)


def free_port():
    """A port of 127.0.0.1 that nobody listens on, and that no other program gets before it is listened on.

    It is none of those that the kernel gives away: another test's server that happened to get it meanwhile
    would be spoken to.
    """
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as file:
        first, last = (int(number) for number in file.read().split())
    ports = [*range(10240, first), *range(last + 1, 65536)]
    while True:
        port = random.choice(ports)
        claim = socket.socket(socket.AF_UNIX)
        with socket.socket() as sock:
            try:
                claim.bind(f"\0linnet-test-port-{port}")
                sock.bind(("127.0.0.1", port))
            except OSError:
                claim.close()
                continue
        _claims.append(claim)  # until this process ends
        return port


def is_listening(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


def die_with_parent():
    """Has the kernel end this process when its parent does."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


class Process:
    """A program with its output in a file. It gets SIGTERM when the test dies, however that dies.

    The kernel ties that signal to the thread that started the program: start programs in the main thread.
    """

    def __init__(self, argv, log, env=None, cwd=None, pass_fds=()):
        self.argv = [str(arg) for arg in argv]
        self.log = log
        with open(log, "ab") as output:
            self._popen = subprocess.Popen(
                self.argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=env,
                cwd=cwd,
                pass_fds=pass_fds,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        self.pid = self._popen.pid

    def is_running(self):
        return self._popen.poll() is None

    def wait(self, seconds=20.0):
        """Waits for the end and returns the exit status (negative: the signal)."""
        try:
            return self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Timeout(f"{self.argv[0]} did not end within {seconds:g} s") from None

    def kill(self):
        if self.is_running():
            self._popen.kill()
            self._popen.wait()

    def signal(self, number):
        self._popen.send_signal(number)

    def stop(self, seconds=10.0):
        """Ends the program by SIGTERM, or by SIGKILL when it does not listen; returns the exit status."""
        if self.is_running():
            self._popen.terminate()
            try:
                self._popen.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        return self._popen.returncode

    def output(self):
        with open(self.log, "r", encoding="utf-8", errors="replace") as file:
            return file.read()


def adopt_orphans():
    """Makes this process the parent of all that its children leave behind, for kill_descendants()."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _children():
    parents = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", encoding="latin-1") as file:
                parents[int(entry)] = int(file.read().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
    found, queue = [], [os.getpid()]
    while queue:
        parent = queue.pop()
        below = [pid for pid, its_parent in parents.items() if its_parent == parent]
        found += below
        queue += below
    return found


def kill_descendants(seconds=3.0):
    """Ends everything below this process, kindly at first."""
    deadline = time.monotonic() + seconds
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in _children():
            try:
                os.kill(pid, number)
            except OSError:
                continue
        while _children() and (number == signal.SIGKILL or time.monotonic() < deadline):
            try:
                if os.waitpid(-1, os.WNOHANG)[0] == 0:
                    time.sleep(0.02)
            except ChildProcessError:
                return
