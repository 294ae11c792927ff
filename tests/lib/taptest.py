"""Python tests with TAP for output, so that "meson test" counts each of them. A test file ends with main().

SPDX-License-Identifier: GPL-3.0-or-later
"""

import sys
import traceback
import unittest

from processes import adopt_orphans


class _TapResult(unittest.TestResult):
    def __init__(self, stream):
        super().__init__()
        self._stream = stream
        self._count = 0

    def _line(self, word, test, extra=""):
        self._count += 1
        print(f"{word} {self._count} - {test.id().rpartition('.')[2]}{extra}", file=self._stream, flush=True)

    def _explain(self, error):
        for line in "".join(traceback.format_exception(*error)).splitlines():
            print(f"# {line}", file=self._stream, flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self._line("ok", test)

    def addError(self, test, err):
        super().addError(test, err)
        self._line("not ok", test)
        self._explain(err)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._line("not ok", test)
        self._explain(err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._line("ok", test, f" # SKIP {reason}")


def main():
    """Runs the tests of the calling file: all, or those whose names contain the first argument."""
    adopt_orphans()
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    tests = [test for group in suite for test in group]
    if len(sys.argv) > 1:
        tests = [test for test in tests if sys.argv[1] in test.id()]
    print(f"1..{len(tests)}", flush=True)
    result = _TapResult(sys.stdout)
    unittest.TestSuite(tests).run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
