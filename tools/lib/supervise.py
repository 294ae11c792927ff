"""Work whose processes and files are gone when it ends, however it ends.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import shutil
import signal
import sys
import tempfile
import traceback

import build

sys.path.insert(0, f"{build.ROOT}/tests/lib")

from processes import adopt_orphans, die_with_parent, kill_descendants  # noqa: E402

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _work(body, folder):
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    die_with_parent()
    try:
        status = body(folder)
    except Exception:  # pylint: disable=broad-except
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def supervise(prefix, body):
    """Runs body(folder) in a child process with a temporary folder and returns its exit status.

    Whoever cleans up here is not the one who works: so an interruption may come at any moment of the work,
    and needs no care there.
    """
    child, received = 0, []

    def stop(number, _frame):
        received.append(number)
        if child:
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                pass

    for number in _SIGNALS:
        signal.signal(number, stop)
    adopt_orphans()
    folder = tempfile.mkdtemp(prefix=prefix)
    try:
        child = os.fork()
        if child == 0:
            _work(body, folder)
        if received:
            stop(received[0], None)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    finally:
        kill_descendants()
        shutil.rmtree(folder, ignore_errors=True)
    return 128 + received[0] if received else abs(status)
