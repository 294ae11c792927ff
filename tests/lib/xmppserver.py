"""What the XMPP servers of the tests have in common: certificates, and the life of a process.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import contextlib
import os
import shutil
import signal
import subprocess


def run(argv, **options):
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
        run(
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
        run(
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
        run(
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


class Server:
    """One server with a folder of its own. Its ports stay the same over stop() and start().

    port speaks STARTTLS and tls_port direct TLS. A kind of server adds start() and add_account().
    """

    def __init__(self, folder, domains):
        self.folder = str(folder)
        self.domains = list(domains)
        self.domain = self.domains[0]
        self.port = 0
        self.tls_port = 0
        self._process = None
        os.makedirs(f"{self.folder}/certificates", exist_ok=True)
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

    def fingerprint(self):
        """The SHA-256 of the certificate, in lower-case hex digits."""
        output = run(
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

    def output(self):
        text = ""
        for name in (f"{self.folder}/output.log", self.log):
            if os.path.exists(name):
                with open(name, encoding="utf-8", errors="replace") as file:
                    text += file.read()
        return text

    def captcha_answer(self):
        """What the picture says that was drawn last (for a server whose registration shows pictures)."""
        with open(f"{self.folder}/captcha.txt", encoding="utf-8") as file:
            return file.read().split()[-1]

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

    @contextlib.contextmanager
    def paused(self):
        """Connections live on meanwhile, but nothing is answered; what came is dealt with afterwards."""
        self._process.signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.signal(signal.SIGCONT)

    def restart(self):
        self.stop()
        self.start()

    def remove(self):
        """Stops the server and removes its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
