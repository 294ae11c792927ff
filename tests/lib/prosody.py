"""A private Prosody on free ports of 127.0.0.1, with a certificate authority of its own.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import re

import captcha
from processes import Process, Timeout, free_port, is_listening, wait_until
from xmppserver import Server, run

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
{registration}
log = {{ {{ levels = {{ min = "{log_level}" }}, to = "file", filename = "{folder}/prosody.log" }} }}
statistics = false
{extra}
{hosts}
"""

# Ways to make an account on the server: the modules, those to leave out, and the settings.
_REGISTRATIONS = {
    None: ([], [], "allow_registration = false"),
    # XEP-0077's own fields, and the same ones as a form.
    "plain": ([], [], "allow_registration = true"),
    # One account, and for an hour no other from the same address.
    "limited": (
        [],
        [],
        "allow_registration = true\n"
        "registration_allowlist = {{}}\n"
        "min_seconds_between_registrations = 3600",
    ),
    # lua/mod_captcha_form.lua
    "form": (
        ["register_limits", "user_account_management", "captcha_form"],
        ["register"],
        "captcha_folder = \"{folder}/captchas\"\n"
        "captcha_log = \"{folder}/captcha.txt\"\n"
        "captcha_answers = {{ {answers} }}",
    ),
    # The same with a sound to choose instead.
    "choice": (
        ["register_limits", "user_account_management", "captcha_form"],
        ["register"],
        "captcha_folder = \"{folder}/captchas\"\n"
        "captcha_log = \"{folder}/captcha.txt\"\n"
        "captcha_sound = \"bells\"\n"
        "captcha_answers = {{ {answers} }}",
    ),
    # lua/mod_web_registration.lua
    "web": (["user_account_management", "web_registration"], ["register"], ""),
    # Only with a token of an invitation (XEP-0445), which any account may make (XEP-0401).
    "invites": (
        [
            "register_ibr",
            "user_account_management",
            "invites",
            "invites_adhoc",
            "invites_register",
            "admin_shell",
        ],
        ["register"],
        "allow_registration = true\n"
        "registration_invite_only = true\n"
        "allow_contact_invites = true\n"
        "allow_user_invites = true\n"
        "admin_socket = \"{folder}/admin.sock\"",
    ),
}

_CAPTCHA_ANSWERS = ["482913", "730561", "915274", "208645", "671390"]

# The time of a message in Prosody's files.
_WHEN = re.compile(r'(\["when"\] = )\d+')


class Prosody(Server):
    """A Prosody.

    With sasl2=False it is an old server: SASL, bind and stream management of RFC 6120 and XEP-0198 only.
    without names modules to leave out. registration is how people make accounts: "plain", "limited", "form"
    (with a CAPTCHA), "choice" (of two), "web", "invites" (with an invitation only) or, by default, not at
    all.
    """

    def __init__(
        self,
        folder,
        domains=(DOMAIN,),
        sasl2=True,
        without=(),
        modules=(),
        password_hash="SHA-256",
        registration=None,
        hibernation=300,
        log_level="info",
        extra="",
    ):
        super().__init__(folder, domains)
        more, less, settings = _REGISTRATIONS[registration]
        self._options = {
            "password_hash": password_hash,
            "registration": settings.format(
                folder=self.folder,
                domain=self.domain,
                answers=", ".join(f'"{answer}"' for answer in _CAPTCHA_ANSWERS),
            ),
            "hibernation": hibernation,
            "log_level": log_level,
            "extra": extra,
        }
        without = [*without, *less]
        names = _MODULES + (_SASL2_MODULES if sasl2 else []) + list(modules) + more
        self._modules = [name for name in names if name not in without]
        self._without = without
        self._accounts = []
        self.config = f"{self.folder}/prosody.cfg.lua"
        self.log = f"{self.folder}/prosody.log"
        os.makedirs(f"{self.folder}/data", exist_ok=True)
        if registration in ("form", "choice"):
            self._draw_captchas()

    def _draw_captchas(self):
        os.makedirs(f"{self.folder}/captchas", exist_ok=True)
        for answer in _CAPTCHA_ANSWERS:
            with open(f"{self.folder}/captchas/{answer}.png", "wb") as file:
                file.write(captcha.picture(answer))

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

    def ctl(self, *arguments):
        return run(["prosodyctl", "--config", self.config, *arguments])

    def add_account(self, user, password="secret", domain=None):
        """Registers user@domain and returns that address."""
        domain = domain or self.domain
        if not os.path.exists(self.config):
            self._write_config()
        self.ctl("register", user, domain, password)
        self._accounts.append((f"{user}@{domain}", password))
        return f"{user}@{domain}"

    def create_invitation(self, contact=None):
        """The token of an invitation to make an account, and to be the contact of an account if given one."""
        what = ["create_account", self.domain]
        if contact:
            what = ["create_contact", contact, "--allow-registration"]
        output = self.ctl("shell", "invite", *what)
        return re.search(r"(?:invite\?|preauth=)([\w-]+)", output)[1]

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


def _encode(name):
    """The file name that Prosody's internal storage has for a user or host."""
    return "".join(
        chr(byte) if chr(byte).isalnum() and byte < 128 else f"%{byte:02x}" for byte in name.encode()
    )
