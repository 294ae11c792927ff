"""What tools/run does inside the environment; see its --help.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import locale
import os
import sys

import build


def translated():
    """Variables for people's language where the system lacks its locale: then only the words follow it."""
    try:
        locale.setlocale(locale.LC_ALL, "")
        return {}
    except locale.Error:
        wanted = next(
            (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
        )
        return {"LC_ALL": "C.UTF-8", "LANGUAGE": os.environ.get("LANGUAGE") or wanted.partition(".")[0]}


def main():
    print("tools/run: building…", file=sys.stderr, flush=True)
    try:
        program, data = build.install()
    except build.BuildError as error:
        print(f"tools/run: the build failed: {error}", file=sys.stderr)
        return 1
    directories = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    os.environ.update(
        translated(), XDG_DATA_DIRS=f"{data}:{directories}", GSETTINGS_SCHEMA_DIR=f"{data}/glib-2.0/schemas"
    )
    os.execv(program, [program, *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
