"""A private Prosody on free ports of 127.0.0.1, with a certificate authority of its own.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import re
import shutil
import subprocess

from processes import Process, Timeout, free_port, is_listening, wait_until

DOMAIN = "lark.test"

_PLUGINS = f"{os.path.dirname(os.path.abspath(__file__))}/lua"

_MODULES = [
    "roster",
    "saslauth",
    "tls",
    "disco",
    "presence",
    "message",
    "iq",
    "ping",
    "version",
    "time",
    "carbons",
    "smacks",
    "csi_simple",
    "pep",
    "blocklist",
    "vcard4",
    "vcard_legacy",
    "mam",
    "offline",
    "private",
    "register",
    "account_activity",
]

_SASL2_MODULES = ["sasl2", "sasl2_bind2", "sasl2_sm", "sasl2_fast"]

_CONFIG = """
run_as_root = true
pidfile = "{folder}/prosody.pid"
data_path = "{folder}/data"
plugin_paths = {{ "{plugins}" }}
certificates = "{folder}/certificates"
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {port} }}
c2s_direct_tls_ports = {{ {tls_port} }}
modules_enabled = {{ {modules} }}
modules_disabled = {{ "s2s", {disabled} }}
c2s_require_encryption = true
authentication = "internal_hashed"
password_hash = "{password_hash}"
-- "auto" is right for the first connection of each host only (Prosody 13.0.1).
tls_server_end_point_hash = "sha256"
ssl = {{
  certificate = "{folder}/certificates/server.crt";
  key = "{folder}/certificates/server.key";
}}
smacks_hibernation_time = {hibernation}
archive_expires_after = "never"
allow_registration = {registration}
log = {{ {{ levels = {{ min = "{log_level}" }}, to = "file", filename = "{folder}/prosody.log" }} }}
statistics = false
{extra}
{hosts}
"""

# The time of a message in Prosody's files.
_WHEN = re.compile(r'(\["when"\] = )\d+')


def _run(argv, **options):
    result = subprocess.run(
        argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options
    )
    if result.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, argv))} failed:\n{result.stdout}")
    return result.stdout


class Authority:
    """A certificate authority in a folder: ca.crt is what has to be trusted."""

    def __init__(self, folder, name="Test Authority"):
        self.folder = str(folder)
        self.certificate = f"{self.folder}/ca.crt"
        self._key = f"{self.folder}/ca.key"
        if os.path.exists(self.certificate):
            return
        os.makedirs(self.folder, exist_ok=True)
        _run(
            [
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "3650",
                "-subj",
                f"/CN={name}",
                "-keyout",
                self._key,
                "-out",
                self.certificate,
                "-addext",
                "basicConstraints=critical,CA:TRUE",
                "-addext",
                "keyUsage=critical,keyCertSign",
            ]
        )

    def issue(self, names, certificate, key, days=365):
        """Writes a server certificate for the DNS names, and its key, to two files."""
        request = f"{certificate}.csr"
        extensions = f"{certificate}.ext"
        with open(extensions, "w", encoding="utf-8") as file:
            file.write(
                "subjectAltName="
                + ",".join(f"DNS:{name}" for name in names)
                + "\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n"
            )
        _run(
            [
                "openssl",
                "req",
                "-new",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                f"/CN={names[0]}",
                "-keyout",
                key,
                "-out",
                request,
            ]
        )
        _run(
            [
                "openssl",
                "x509",
                "-req",
                "-in",
                request,
                "-CA",
                self.certificate,
                "-CAkey",
                self._key,
                "-days",
                str(days),
                "-extfile",
                extensions,
                "-out",
                certificate,
            ]
        )
        os.unlink(request)
        os.unlink(extensions)


class Prosody:
    """One server. Its ports stay the same over stop() and start().

    port speaks STARTTLS and tls_port direct TLS. With sasl2=False it is an old server: SASL, bind and stream
    management of RFC 6120 and XEP-0198 only. without names modules to leave out.
    """

    def __init__(
        self,
        folder,
        domains=(DOMAIN,),
        sasl2=True,
        without=(),
        modules=(),
        password_hash="SHA-256",
        registration=False,
        hibernation=300,
        log_level="info",
        extra="",
    ):
        self.folder = str(folder)
        self.domains = list(domains)
        self.domain = self.domains[0]
        self._options = {
            "password_hash": password_hash,
            "registration": "true" if registration else "false",
            "hibernation": hibernation,
            "log_level": log_level,
            "extra": extra,
        }
        names = _MODULES + (_SASL2_MODULES if sasl2 else []) + list(modules)
        self._modules = [name for name in names if name not in without]
        self._without = list(without)
        self._process = None
        self._accounts = []
        self.config = f"{self.folder}/prosody.cfg.lua"
        self.log = f"{self.folder}/prosody.log"
        self.port = 0
        self.tls_port = 0
        os.makedirs(f"{self.folder}/certificates", exist_ok=True)
        os.makedirs(f"{self.folder}/data", exist_ok=True)
        self.authority = Authority(f"{self.folder}/authority")
        self.renew_certificate()

    def renew_certificate(self, names=None):
        """A new key and certificate, by default for the own domains; they count from the next start."""
        self.authority.issue(
            names or self.domains,
            f"{self.folder}/certificates/server.crt",
            f"{self.folder}/certificates/server.key",
        )

    @property
    def ca_certificate(self):
        return self.authority.certificate

    def _write_config(self):
        hosts = "\n".join(f'VirtualHost "{domain}"' for domain in self.domains)
        text = _CONFIG.format(
            folder=self.folder,
            plugins=_PLUGINS,
            port=self.port,
            tls_port=self.tls_port,
            hosts=hosts,
            modules=", ".join(f'"{name}"' for name in self._modules),
            disabled=", ".join(f'"{name}"' for name in self._without),
            **self._options,
        )
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(text)

    def start(self):
        """Starts the server and waits until it listens. The first start chooses the ports."""
        for _ in range(5):
            if self.port == 0 or self._process is None:
                self.port, self.tls_port = free_port(), free_port()
                self._write_config()
            process = Process(["prosody", "-F", "--config", self.config], f"{self.folder}/output.log")
            try:
                wait_until(
                    lambda: (is_listening(self.port) and is_listening(self.tls_port))
                    or not process.is_running(),
                    "Prosody does not listen",
                    20,
                )
            except Timeout:
                process.kill()
            if process.is_running() and not self._lost_a_port():
                self._process = process
                return self
            process.kill()
        raise RuntimeError(f"Prosody does not start:\n{self.output()}")

    def _lost_a_port(self):
        # Somebody else may take a free port before Prosody does; Prosody then goes on without it.
        return "Failed to open server port" in self.output()[-4000:]

    def output(self):
        text = ""
        for name in (f"{self.folder}/output.log", self.log):
            if os.path.exists(name):
                with open(name, encoding="utf-8", errors="replace") as file:
                    text += file.read()
        return text

    def is_running(self):
        return self._process is not None and self._process.is_running()

    def stop(self):
        """An orderly end: clients are told that the system shuts down."""
        if self._process is not None:
            self._process.stop()

    def kill(self):
        """A sudden end: connections just break."""
        if self._process is not None:
            self._process.kill()

    def restart(self):
        self.stop()
        self.start()

    def ctl(self, *arguments):
        return _run(["prosodyctl", "--config", self.config, *arguments])

    def add_account(self, user, password="secret", domain=None):
        """Registers user@domain and returns that address."""
        domain = domain or self.domain
        if not os.path.exists(self.config):
            self._write_config()
        self.ctl("register", user, domain, password)
        self._accounts.append((f"{user}@{domain}", password))
        return f"{user}@{domain}"

    def fingerprint(self):
        """The SHA-256 of the certificate, in lower-case hex digits."""
        output = _run(
            [
                "openssl",
                "x509",
                "-in",
                f"{self.folder}/certificates/server.crt",
                "-noout",
                "-fingerprint",
                "-sha256",
            ]
        )
        return output.partition("=")[2].strip().replace(":", "").lower()

    def sign_ins(self):
        """How many sign-ins have succeeded since the first start."""
        return self.output().count("Authenticated as ")

    def set_password(self, user, password, domain=None):
        self.ctl("register", user, domain or self.domain, password)

    def add_contacts(self, first, second, first_name=None, second_name=None):
        """Makes two accounts contacts of each other, subscribed both ways. The server must not be running."""
        for owner, contact, name in ((first, second, second_name), (second, first, first_name)):
            self._add_roster_items(owner, [(contact, name)])

    def fill_roster(self, owner, contacts):
        """Gives owner the (address, name) contacts, subscribed both ways. The server must not be running."""
        self._add_roster_items(owner, contacts)

    def _add_roster_items(self, owner, contacts):
        user, _, domain = owner.partition("@")
        folder = f"{self.folder}/data/{_encode(domain)}/roster"
        os.makedirs(folder, exist_ok=True)
        path = f"{folder}/{_encode(user)}.dat"
        items = ""
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                items = file.read().strip().removeprefix("return {").removesuffix("};")
        for address, name in contacts:
            quoted = f'["name"] = "{name}"; ' if name else ""
            items += f'["{address}"] = {{ ["subscription"] = "both"; ["groups"] = {{}}; {quoted}}};\n'
        with open(path, "w", encoding="utf-8") as file:
            file.write("return {" + items + "};\n")

    def _waiting(self, address):
        user, _, domain = address.partition("@")
        return f"{self.folder}/data/{_encode(domain)}/offline/{_encode(user)}.list"

    def count_waiting(self, address):
        """How many messages wait for an account that is not signed in."""
        path = self._waiting(address)
        if not os.path.exists(path):
            return 0
        with open(path, encoding="utf-8") as file:
            return len(_WHEN.findall(file.read()))

    def date_waiting_messages(self, address, times):
        """Gives the messages that wait for an account other dates, in seconds since 1970, oldest first."""
        path, left = self._waiting(address), iter(times)
        with open(path, encoding="utf-8") as file:
            text = _WHEN.sub(lambda found: f"{found[1]}{int(next(left))}", file.read())
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def remove(self):
        """Stops the server and removes its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def _encode(name):
    """The file name that Prosody's internal storage has for a user or host."""
    return "".join(
        chr(byte) if chr(byte).isalnum() and byte < 128 else f"%{byte:02x}" for byte in name.encode()
    )
