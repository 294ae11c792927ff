"""Runs a widget test, or any program, on a display and session bus of its own.

Usage: with-display.py [--size WxH] COMMAND [ARGUMENT...]

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import shutil
import subprocess
import sys
import tempfile

from display import Desktop
from processes import adopt_orphans, kill_descendants

# What a test may set for the program; everything else comes from the desktop.
_KEPT = ("G_DEBUG", "G_MESSAGES_DEBUG", "G_TEST_SRCDIR", "G_TEST_BUILDDIR", "MALLOC_PERTURB_")
_KEPT_PREFIXES = ("GDK_", "GSETTINGS_", "GSK_", "GTK_", "LINNET_")


def main():
    arguments = sys.argv[1:]
    size = (1280, 860)
    if arguments[:1] == ["--size"]:
        size = tuple(int(part) for part in arguments[1].split("x"))
        arguments = arguments[2:]
    if not arguments:
        sys.exit(__doc__)

    adopt_orphans()
    folder = tempfile.mkdtemp(prefix="linnet-display-")
    env = {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT or name.startswith(_KEPT_PREFIXES)
    }
    try:
        with Desktop(folder, size=size, keyring=False, env=env) as desktop:
            result = subprocess.run(arguments, env=desktop.env, check=False)
    finally:
        kill_descendants()
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(result.returncode if result.returncode >= 0 else 128 - result.returncode)


if __name__ == "__main__":
    main()
