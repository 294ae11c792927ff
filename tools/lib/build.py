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
INSTALLED = "(installed)"

# What makes the installed program trust a test server.
TEST_AUTHORITY = "tests/lib/gio/liblinnet-test-ca.so"
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


def configure(kind="build", werror=None, quiet=True):
    """Sets a build folder up, or corrects its options, or makes it anew when it is broken.

    werror=None keeps what the folder has: every file would be compiled anew for it.
    """
    path = folder(kind)
    os.makedirs(path, exist_ok=True)
    log = f"{path}/setup.log"
    wanted = list(KINDS[kind])
    if werror is not None:
        wanted.append(f"-Dwerror={'true' if werror else 'false'}")
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


def _installed(kind):
    """The targets that are installed, as ninja names them."""
    result = subprocess.run(
        ["meson", "introspect", "--targets", folder(kind)], capture_output=True, text=True, check=True
    )
    return [
        os.path.relpath(file, folder(kind))
        for target in json.loads(result.stdout)
        if target["installed"]
        for file in target["filename"]
    ]


def build(kind="build", targets=(), werror=None, quiet=True):
    """Builds a folder, or some targets of it; INSTALLED stands for all that is installed."""
    configure(kind, werror, quiet)
    targets = [name for target in targets for name in (_installed(kind) if target == INSTALLED else [target])]
    log = f"{folder(kind)}/build.log"
    if os.path.exists(log):
        os.unlink(log)
    _run(["ninja", "-C", folder(kind), *targets], log, quiet)


def install(*targets):
    """Builds the program, and the other targets named, and installs it below the build folder.

    Returns its path and its data folder. Translations, icons and settings are found only where they are
    installed.
    """
    build(targets=[INSTALLED, *targets])
    prefix = f"{folder()}/installed"
    _run(["meson", "install", "-C", folder(), "--no-rebuild", "--quiet"], f"{folder()}/install.log", True)
    return f"{prefix}/bin/linnet", f"{prefix}/share"
