"""R1 and R24: each message arrives once and in order, whatever happens to the connection and the program.

A short run; tools/bench reliability does the long one.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import shutil
import tempfile
import unittest

import taptest
from exactly_once import Exchange, WireExchange

BUILD = os.environ["LINNET_BUILD"]


class TestExactlyOnce(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="linnet-exchange-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def run_exchange(self, count, cuts, crashes):
        program = f"{BUILD}/tests/bench/linnet-exchange"
        exchange = Exchange(self.folder, program, f"{BUILD}/tests/lib/gio", count, cuts, crashes)
        result = exchange.run(240, lambda _text: None)
        self.assertEqual(result["sent"], 2 * count)
        for fault in ("lost", "doubled", "foreign", "misplaced", "damaged"):
            self.assertEqual(result[fault], 0, f"{fault}: {result}")
        return result

    def test_cuts(self):
        self.assertGreater(self.run_exchange(200, 20, 0)["cuts"], 0)

    def test_kills(self):
        self.assertGreater(self.run_exchange(100, 0, 12)["crashes"], 0)

    def test_nothing_twice_on_the_wire(self):
        program = f"{BUILD}/tests/bench/linnet-exchange"
        result = WireExchange(self.folder, program, f"{BUILD}/tests/lib/gio", 200, 8).run()
        self.assertGreater(result.pop("crashes"), 3)
        self.assertEqual(result, {"lost": 0, "doubled": 0, "misplaced": 0})


if __name__ == "__main__":
    taptest.main()
