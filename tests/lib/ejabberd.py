"""A private ejabberd on free ports of 127.0.0.1: the second server that Linnet is tested with.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import glob
import json
import os
import stat
import sys
import urllib.error
import urllib.request

from processes import Process, Timeout, free_port, is_listening, wait_until
from xmppserver import Server

DOMAIN = "lark.test"

_CAPTCHA = f"{os.path.dirname(os.path.abspath(__file__))}/captcha.py"

_CONFIG = """
loglevel: {log_level}
log_rotate_count: 0
hosts: [{hosts}]
certfiles: ["{folder}/certificates/server.crt", "{folder}/certificates/server.key"]
listen:
  - port: {port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    starttls_required: true
  - port: {tls_port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    tls: true
  - port: {api_port}
    ip: "127.0.0.1"
    module: ejabberd_http
    request_handlers:
      /api: mod_http_api
  - port: {web_port}
    ip: "127.0.0.1"
    module: ejabberd_http
    tls: true
    request_handlers:
      /captcha: ejabberd_captcha
      /register: mod_register_web
s2s_access: none
auth_password_format: {password_format}
disable_sasl_mechanisms: [{no_mechanisms}]
registration_timeout: {registration_timeout}
{captcha}
acl:
  loopback:
    ip: 127.0.0.0/8
api_permissions:
  "the test":
    who:
      access:
        allow:
          acl: loopback
    what: "*"
shaper_rules:
  max_user_sessions: infinity
  max_user_offline_messages: infinity
access_rules:
  register:
    {registration}: all
modules:
  mod_adhoc: {{}}
  mod_admin_extra: {{}}
  mod_blocking: {{}}
  mod_caps: {{}}
  mod_carboncopy: {{}}
  mod_client_state: {{}}
  mod_disco: {{}}
  mod_last: {{}}
  mod_mam:
    assume_mam_usage: true
    default: always
  mod_offline:
    access_max_user_messages: max_user_offline_messages
  mod_ping: {{}}
  mod_privacy: {{}}
  mod_private: {{}}
  mod_pubsub:
    access_createnode: all
    last_item_cache: false
    max_items_node: 1000
    plugins: [flat, pep]
    force_node_config:
      "storage:bookmarks":
        access_model: whitelist
  mod_register:
    access: register
    ip_access: all
    captcha_protected: {captcha_protected}
    welcome_message: {{}}
  mod_roster:
    versioning: true
  mod_stream_mgmt: {{}}
  mod_time: {{}}
  mod_vcard: {{}}
  mod_vcard_xupdate: {{}}
  mod_avatar: {{}}
  mod_version: {{}}
  mod_auth_fast: {{}}
"""


class Ejabberd(Server):
    """An ejabberd with the calls of prosody.Prosody.

    Anybody may make an account with registration=True, by XEP-0077's plain fields, or by a form with a
    CAPTCHA when captcha=True; "limited" allows one in an hour. without names SASL mechanisms that it is not
    to have. Accounts and contacts that are added before it runs are made when it starts. On web_port are the
    CAPTCHAs' own pages and the page /register, over HTTPS.
    """

    def __init__(
        self,
        folder,
        domains=(DOMAIN,),
        registration=True,
        captcha=False,
        password_format="scram",
        without=("digest-md5", "X-OAUTH2"),
        log_level="info",
    ):
        super().__init__(folder, domains)
        self.config = f"{self.folder}/ejabberd.yml"
        self.log = f"{self.folder}/ejabberd.log"
        self.web_port = 0
        self._api_port = 0
        self._to_do = []
        self._options = {
            "captcha": f'captcha_cmd: "{self.folder}/captcha"\ncaptcha_limit: infinity' if captcha else "",
            "captcha_protected": "true" if captcha else "false",
            "registration": "allow" if registration else "deny",
            "registration_timeout": "3600" if registration == "limited" else "infinity",
            "password_format": password_format,
            "no_mechanisms": ", ".join(f'"{name}"' for name in without),
            "log_level": log_level,
        }
        os.makedirs(f"{self.folder}/data", exist_ok=True)
        if captcha:
            self._write_captcha_command()

    def _write_captcha_command(self):
        path = f"{self.folder}/captcha"
        with open(path, "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\nexec "{sys.executable}" "{_CAPTCHA}" "{self.folder}" "$1"\n')
        os.chmod(path, stat.S_IRWXU)

    def _write_config(self):
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(
                _CONFIG.format(
                    folder=self.folder,
                    hosts=", ".join(f'"{domain}"' for domain in self.domains),
                    port=self.port,
                    tls_port=self.tls_port,
                    web_port=self.web_port,
                    api_port=self._api_port,
                    **self._options,
                )
            )

    def _spawn(self):
        # Not by ejabberdctl, which insists on being root or the user of the system's own server. Without a
        # node name Erlang neither listens for other nodes nor starts epmd, which would outlive the test.
        libraries = os.path.dirname(glob.glob("/usr/lib/*/ejabberd-*")[0])
        environment = {
            **os.environ,
            "HOME": self.folder,
            "ERL_LIBS": libraries,
            "ERL_CRASH_DUMP": f"{self.folder}/erl_crash.dump",
            "EJABBERD_CONFIG_PATH": self.config,
            "EJABBERD_LOG_PATH": self.log,
            "CONTRIB_MODULES_PATH": f"{self.folder}/modules",
        }
        quiet = ["+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none", "+S", "1:1", "+P", "20000"]
        argv = ["erl", *quiet, "-noinput", "-mnesia", "dir", f'"{self.folder}/data"', "-s", "ejabberd"]
        return Process(argv, f"{self.folder}/output.log", env=environment, cwd=self.folder)

    def start(self):
        """Starts the server and waits until it listens. The first start chooses the ports."""
        for _ in range(5):
            if self.port == 0 or self._process is None:
                self.port, self.tls_port = free_port(), free_port()
                self.web_port, self._api_port = free_port(), free_port()
                self._write_config()
            process = self._spawn()
            ports = (self.port, self.tls_port, self.web_port, self._api_port)
            try:
                wait_until(
                    lambda: all(is_listening(port) for port in ports) or not process.is_running(),
                    "ejabberd does not listen",
                    120,
                    pause=0.1,
                )
            except Timeout:
                process.kill()
            if process.is_running():
                self._process = process
                work, self._to_do = self._to_do, []
                for command, arguments in work:
                    self.call(command, **arguments)
                return self
            process.kill()
            if "eaddrinuse" not in self.output()[-4000:]:
                break
        raise RuntimeError(f"ejabberd does not start:\n{self.output()}")

    def call(self, command, **arguments):
        """Runs a command of ejabberdctl, with the arguments by name, and returns its result."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._api_port}/api/{command}",
            data=json.dumps(arguments).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{command} failed: {error.read().decode()}") from None

    def _do(self, command, **arguments):
        if self.is_running():
            self.call(command, **arguments)
        else:
            self._to_do.append((command, arguments))

    def add_account(self, user, password="secret", domain=None):
        """Registers user@domain and returns that address."""
        domain = domain or self.domain
        self._do("register", user=user, host=domain, password=password)
        return f"{user}@{domain}"

    def set_password(self, user, password, domain=None):
        self._do("change_password", user=user, host=domain or self.domain, newpass=password)

    def has_account(self, user, domain=None):
        return self.call("check_account", user=user, host=domain or self.domain) == 0

    def sign_ins(self):
        """How many sign-ins have succeeded since the first start."""
        return self.output().count("Accepted c2s")

    def add_contacts(self, first, second, first_name=None, second_name=None):
        """Makes two accounts contacts of each other, subscribed both ways."""
        self.fill_roster(first, [(second, second_name)])
        self.fill_roster(second, [(first, first_name)])

    def fill_roster(self, owner, contacts):
        """Gives owner the (address, name) contacts, subscribed both ways."""
        user, _, host = owner.partition("@")
        for address, name in contacts:
            local, _, domain = address.partition("@")
            self._do(
                "add_rosteritem",
                localuser=user,
                localhost=host,
                user=local,
                host=domain,
                nick=name or "",
                groups=[],
                subs="both",
            )
