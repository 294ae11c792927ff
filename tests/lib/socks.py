"""A SOCKS5 proxy that knows a few names, and writes down every one that it is asked for (RFC 1928).

SPDX-License-Identifier: GPL-3.0-or-later
"""

import socket
import threading


def _read(sock, size):
    data = b""
    while len(data) < size:
        piece = sock.recv(size - len(data))
        if not piece:
            raise ConnectionError("gone")
        data += piece
    return data


def _pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    for sock in (source, target):
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Socks:
    """names is (host, port) as it is asked for → (address, port) where that is. Others are refused."""

    def __init__(self, address, names):
        self.names = names
        self.asked = []
        self._listener = socket.create_server((address, 0))
        self.address, self.port = self._listener.getsockname()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def uri(self):
        return f"socks5://{self.address}:{self.port}"

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        try:
            with client:
                self._shake_hands(client)
        except (OSError, ConnectionError):
            pass

    def _shake_hands(self, client):
        _version, count = _read(client, 2)
        _read(client, count)
        client.sendall(b"\x05\x00")
        _version, _command, _reserved, kind = _read(client, 4)
        if kind == 3:
            host = _read(client, _read(client, 1)[0]).decode()
        else:
            family, size = (socket.AF_INET, 4) if kind == 1 else (socket.AF_INET6, 16)
            host = socket.inet_ntop(family, _read(client, size))
        port = int.from_bytes(_read(client, 2), "big")
        self.asked.append((host, port))
        where = self.names.get((host, port))
        if where is None:
            client.sendall(b"\x05\x04\x00\x01" + bytes(6))
            return
        with socket.create_connection(where) as server:
            client.sendall(b"\x05\x00\x00\x01" + bytes(6))
            back = threading.Thread(target=_pump, args=(server, client), daemon=True)
            back.start()
            _pump(client, server)
            back.join()

    def close(self):
        if self._listener.fileno() >= 0:
            # Only this wakes the one who waits in accept().
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
