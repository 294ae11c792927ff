"""Build folders of the tree, as tools/run, test, demo and bench share them.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# Each folder's options, over those that meson.build names.
KINDS = {
    "build": [f"-Dprefix={ROOT}/build/installed"],
    "build-asan": ["-Db_sanitize=address,undefined", "-Db_lundef=false", "-Doptimization=1"],
    "build-fuzz": ["-Dfuzz=true", "-Db_sanitize=address,undefined", "-Db_lundef=false", "-Doptimization=1"],
}
COMPILERS = {"build-fuzz": {"CC": "clang", "CXX": "clang++"}}


_NOISE = re.compile(
    r"(Compiler for C supports|Dependency|Run-time dependency|Program|Found|Configuring) |\[\d+/"
)


class BuildError(Exception):
    """The build failed; its output has been shown."""


def folder(kind="build"):
    return f"{ROOT}/{kind}"


def _run(argv, log, quiet, env=None):
    """Runs a command, its output in a file, shown when it fails (or as it comes, when not quiet)."""
    with open(log, "ab") as file:
        if quiet:
            result = subprocess.run(
                argv, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=file, stderr=file, env=env, check=False
            )
        else:
            result = subprocess.run(argv, cwd=ROOT, stdin=subprocess.DEVNULL, env=env, check=False)
    if result.returncode != 0:
        if quiet:
            with open(log, encoding="utf-8", errors="replace") as file:
                sys.stdout.write("".join([line for line in file if not _NOISE.match(line)][-100:]))
                sys.stdout.flush()
        raise BuildError(" ".join(argv))


def _options_of(path):
    result = subprocess.run(
        ["meson", "introspect", "--buildoptions", path], capture_output=True, text=True, check=False
    )
    if result.returncode != 0:
        return None
    return {option["name"]: option["value"] for option in json.loads(result.stdout)}


def configure(kind="build", werror=False, quiet=True):
    """Sets a build folder up, or corrects its options, or makes it anew when it is broken."""
    path = folder(kind)
    os.makedirs(path, exist_ok=True)
    log = f"{path}/setup.log"
    wanted = KINDS[kind] + [f"-Dwerror={'true' if werror else 'false'}"]
    env = {**os.environ, **COMPILERS.get(kind, {})}
    if os.path.exists(f"{path}/build.ninja"):
        options = _options_of(path)
        if options is not None:
            changed = [option for option in wanted if not _agrees(options, option)]
            if changed:
                _run(["meson", "configure", path, *changed], log, quiet, env)
            return
        _run(["meson", "setup", "--wipe", path, *wanted], log, quiet, env)
        return
    _run(["meson", "setup", path, *wanted], log, quiet, env)


def _agrees(options, wanted):
    name, _, value = wanted[2:].partition("=")
    present = options.get(name)
    if isinstance(present, bool):
        return present == (value == "true")
    if isinstance(present, list):
        return sorted(present) == sorted(value.split(","))
    return str(present) == value


def build(kind="build", targets=(), werror=False, quiet=True):
    """Builds a folder, or some targets of it."""
    configure(kind, werror, quiet)
    log = f"{folder(kind)}/build.log"
    if os.path.exists(log):
        os.unlink(log)
    _run(["ninja", "-C", folder(kind), *targets], log, quiet)


def install():
    """Builds the program and installs it below the build folder; returns its path and its data folder.

    Translations, icons and settings are found only where they are installed.
    """
    build()
    prefix = f"{folder()}/installed"
    _run(["meson", "install", "-C", folder(), "--no-rebuild", "--quiet"], f"{folder()}/install.log", True)
    return f"{prefix}/bin/linnet", f"{prefix}/share"
