# A table of checks run as TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
import sys


def run(checks):
    """Runs each function of checks; one passes when it returns an empty list of faults."""
    print(f'1..{len(checks)}')
    failed = False
    for number, check in enumerate(checks, 1):
        faults = check()
        failed = failed or bool(faults)
        print(f'{"not ok" if faults else "ok"} {number} {check.__name__.replace("_", "-")}')
        for fault in faults:
            print(f'# {fault}')
    sys.exit(1 if failed else 0)
