"""A network of its own for a test: programs in it see one other machine, and every packet is looked at.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import select
import socket
import struct
import subprocess
import threading

from processes import die_with_parent, wait_until

HERE = "10.99.0.1"
THERE = "10.99.0.2"
_HERE6 = "fd00:99::1"
_THERE6 = "fd00:99::2"

_ETH_P_ALL = 3
_ETH_IPV4 = 0x0800
_ETH_ARP = 0x0806
_ETH_IPV6 = 0x86DD
# What the kernel itself says on a new link: neighbours, routers, groups (RFC 4861, 3810).
_KERNEL_ICMPV6 = {130, 131, 132, 133, 134, 135, 136, 143}


def leave_network():
    """Puts this process, and all it will start, into an empty network.

    Returns why that cannot be, or None.
    """
    if os.geteuid() != 0:
        return "only root may make a network namespace"
    try:
        os.unshare(os.CLONE_NEWNET)
        _run("ip", "link", "set", "lo", "up")
    except (OSError, RuntimeError) as error:
        return f"no network namespace here: {error}"
    return None


def _run(*argv):
    result = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if result.returncode != 0:
        raise RuntimeError(f"{' '.join(argv)}: {result.stdout.strip()}")


class Namespace:
    """Another network with one cable to this one: here it is HERE, there it is THERE.

    Everything but the loopback device leads to HERE, so that whoever tries to reach something else sends a
    packet, which nobody forwards.
    """

    def __init__(self):
        self._holder = subprocess.Popen(
            ["unshare", "--net", "cat"], stdin=subprocess.PIPE, preexec_fn=die_with_parent
        )
        self._pid = str(self._holder.pid)
        mine = os.readlink("/proc/self/ns/net")
        wait_until(lambda: os.readlink(f"/proc/{self._pid}/ns/net") != mine, "no second network")
        _run("ip", "link", "add", "here", "type", "veth", "peer", "name", "there", "netns", self._pid)
        _run("ip", "address", "add", f"{HERE}/24", "dev", "here")
        _run("ip", "address", "add", f"{_HERE6}/64", "dev", "here", "nodad")
        _run("ip", "link", "set", "here", "up")
        self._run("ip", "link", "set", "lo", "up")
        self._run("ip", "address", "add", f"{THERE}/24", "dev", "there")
        self._run("ip", "address", "add", f"{_THERE6}/64", "dev", "there", "nodad")
        self._run("ip", "link", "set", "there", "up")
        self._run("ip", "route", "add", "default", "via", HERE)
        self._run("ip", "-6", "route", "add", "default", "via", _HERE6)

    def _run(self, *argv):
        _run(*self.command(argv))

    def command(self, argv):
        """What to run so that argv runs there."""
        return ["nsenter", "--target", self._pid, "--net", "--", *argv]

    def sniffer(self):
        """A socket that gets every packet of every device there."""
        result = []

        def make():
            # Only this thread goes there; the socket stays.
            with open(f"/proc/{self._pid}/ns/net", "rb") as namespace:
                os.setns(namespace.fileno(), os.CLONE_NEWNET)
            result.append(socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ETH_P_ALL)))

        thread = threading.Thread(target=make)
        thread.start()
        thread.join()
        result[0].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024 * 1024)
        return Sniffer(result[0])

    def close(self):
        self._holder.stdin.close()
        self._holder.wait()


class Sniffer:
    """Counts the packets to and from one place, and describes every other one."""

    def __init__(self, packets):
        self._socket = packets
        self._end, self._stop = os.pipe()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._allowed = set()
        self.allowed = 0
        self.others = []
        self._thread.start()

    def allow(self, host, port):
        """TCP from and to there is what should be."""
        self._allowed.add((host, port))

    def _look(self):
        while True:
            ready, _, _ = select.select([self._socket, self._end], [], [])
            if self._socket in ready:
                data, address = self._socket.recvfrom(65536)
                self._judge(data, address)
            elif self._end in ready:
                return

    def _judge(self, data, address):
        device, protocol = address[0], address[1]
        if protocol == _ETH_ARP:
            return
        if protocol == _ETH_IPV4 and len(data) >= 20:
            self._judge_ip(
                device,
                data[9],
                socket.inet_ntop(socket.AF_INET, data[12:16]),
                socket.inet_ntop(socket.AF_INET, data[16:20]),
                data[(data[0] & 15) * 4 :],
            )
        elif protocol == _ETH_IPV6 and len(data) >= 40:
            header, payload = data[6], data[40:]
            if header == 0 and len(payload) >= 8:
                header, payload = payload[0], payload[(payload[1] + 1) * 8 :]
            if header == socket.IPPROTO_ICMPV6 and payload[:1] and payload[0] in _KERNEL_ICMPV6:
                return
            self._judge_ip(
                device,
                header,
                socket.inet_ntop(socket.AF_INET6, data[8:24]),
                socket.inet_ntop(socket.AF_INET6, data[24:40]),
                payload,
            )
        else:
            self.others.append(f"{device}: protocol {protocol:#x}")

    def _judge_ip(self, device, protocol, source, target, payload):
        ports = struct.unpack("!HH", payload[:4]) if len(payload) >= 4 else (0, 0)
        ends = {(source, ports[0]), (target, ports[1])}
        if protocol == socket.IPPROTO_TCP and ends & self._allowed:
            self.allowed += 1
            return
        self.others.append(f"{device}: protocol {protocol}, {source}:{ports[0]} to {target}:{ports[1]}")

    def stop(self):
        """Ends when all that has come is looked at."""
        os.write(self._stop, b"x")
        self._thread.join(10)
        self._socket.close()
        os.close(self._end)
        os.close(self._stop)
