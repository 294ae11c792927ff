"""Runs an integration test with a private Prosody behind a proxy, and does to them what the test asks for.

Usage: with-prosody.py [OPTION]... COMMAND [ARGUMENT...]
  --old                a server without SASL 2, Bind 2 and FAST
  --keyring            a session bus with a Secret Service, which tests are without else
  --module NAME        one more module
  --ejabberd           an ejabberd instead
  --registration KIND  how people make accounts: see prosody.Prosody; or "captcha"

The test finds its way by the variables LINNET_TEST_*.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile

from chaos import Proxy
from display import Desktop
from ejabberd import Ejabberd
from processes import adopt_orphans, kill_descendants
from prosody import Prosody

_USERS = ("ana", "mira", "sofia")


def _execute(server, proxy, line):
    command, *arguments = line.split(" ")
    if command == "cut":
        proxy.cut()
    elif command == "black-hole":
        proxy.set_black_hole(arguments[0] == "on")
    elif command == "cut-every":
        proxy.cut_every = int(arguments[0])
    elif command == "password":
        server.set_password(arguments[0], " ".join(arguments[1:]))
    elif command == "log":
        print("".join(f"# {text}\n" for text in server.output().splitlines()), end="", flush=True)
    elif command in ("start", "stop", "restart", "kill"):
        getattr(server, command)()
    else:
        raise ValueError(f"unknown command {command}")


def _listen(path):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    return listener


def _serve(listener, server, proxy, process):
    """Obeys the test until it ends; in the main thread, for the server dies with the one that starts it."""
    listener.settimeout(0.2)
    while process.poll() is None:
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            continue
        with connection, connection.makefile("rw", encoding="utf-8") as stream:
            line = stream.readline().strip()
            try:
                _execute(server, proxy, line)
                answer = "ok"
            except Exception as error:  # pylint: disable=broad-except
                answer = f"error: {error}".replace("\n", " ")
            stream.write(f"{answer}\n")


def _make_server(folder, registration, ejabberd, options):
    if ejabberd:
        return Ejabberd(folder, captcha=registration == "captcha")
    return Prosody(folder, registration=registration, **options)


def main():
    arguments = sys.argv[1:]
    options = {"sasl2": True, "modules": []}
    ejabberd = False
    registration = None
    keyring = False
    while arguments and arguments[0].startswith("--"):
        option = arguments.pop(0)
        if option == "--old":
            options["sasl2"] = False
        elif option == "--keyring":
            keyring = True
        elif option == "--module":
            options["modules"].append(arguments.pop(0))
        elif option == "--ejabberd":
            ejabberd = True
        elif option == "--registration":
            registration = arguments.pop(0)
        else:
            sys.exit(f"unknown option {option}")
    adopt_orphans()
    folder = tempfile.mkdtemp(prefix="linnet-test-")
    try:
        server = _make_server(f"{folder}/server", registration, ejabberd, options)
        for user in _USERS:
            server.add_account(user, f"secret of {user}")
        server.add_contacts(f"ana@{server.domain}", f"mira@{server.domain}", "Ana", "Mira")
        server.start()
        listener = _listen(f"{folder}/control")
        with contextlib.ExitStack() as stack:
            proxy = stack.enter_context(Proxy(server.port))
            environment = {**os.environ}
            if keyring:
                desktop = stack.enter_context(Desktop(f"{folder}/desktop", display=False))
                environment["DBUS_SESSION_BUS_ADDRESS"] = desktop.env["DBUS_SESSION_BUS_ADDRESS"]
            environment |= {
                "HOME": folder,
                "XDG_DATA_HOME": f"{folder}/data",
                "XDG_CONFIG_HOME": f"{folder}/config",
                "XDG_CACHE_HOME": f"{folder}/cache",
                "LINNET_TEST_DOMAIN": server.domain,
                "LINNET_TEST_PORT": str(server.port),
                "LINNET_TEST_TLS_PORT": str(server.tls_port),
                "LINNET_TEST_PROXY_PORT": str(proxy.port),
                "LINNET_TEST_CA": server.ca_certificate,
                "LINNET_TEST_CONTROL": f"{folder}/control",
                "LINNET_TEST_SASL2": "1" if options["sasl2"] else "0",
                "LINNET_TEST_KEYRING": "1" if keyring else "0",
                "LINNET_TEST_REGISTRATION": registration or "",
                "LINNET_TEST_CAPTCHAS": f"{server.folder}/captcha.txt",
                "LINNET_TEST_INVITATION": server.create_invitation() if registration == "invites" else "",
            }
            process = subprocess.Popen(arguments, env=environment)
            _serve(listener, server, proxy, process)
        if process.returncode != 0:
            print("".join(f"# {line}\n" for line in server.output().splitlines()[-100:]), end="", flush=True)
        server.stop()
    finally:
        kill_descendants()
        if os.environ.get("LINNET_TEST_KEEP"):
            print(f"# kept: {folder}", flush=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(process.returncode if process.returncode >= 0 else 128 - process.returncode)


if __name__ == "__main__":
    main()
