"""What tools/test makes of the results that meson writes.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "lib"))

import run_tests  # noqa: E402
import taptest  # noqa: E402

_REPORT = '<testsuites><testsuite name="{}"/></testsuites>'


class ReportTest(unittest.TestCase):
    def name(self, raw):
        with tempfile.NamedTemporaryFile(suffix=".xml") as file:
            file.write(_REPORT.format("|").encode().replace(b"|", raw))
            file.flush()
            return next(run_tests.read_report(file.name).iter("testsuite")).get("name")

    def test_names(self):
        for raw, name in (
            ("1 /ü/🐦&#10;2".encode(), "1 /ü/🐦\n2"),
            (b"1 /a - \x00\x1b[0m", "1 /a - \\u0000\\u001b[0m"),
            ("1 /a - \ufffe\uffff".encode(), "1 /a - \\ufffe\\uffff"),
            (b"1 /a - \xff\xed\xa0\x80", "1 /a - \\xff\\xed\\xa0\\x80"),
        ):
            with self.subTest(raw):
                self.assertEqual(self.name(raw), name)


if __name__ == "__main__":
    taptest.main()
