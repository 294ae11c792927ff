"""The whole way of a person through the program, after which nothing may be left in memory.

Built with sanitizers the program itself reports what is left when it quits, and the frame of the tests fails.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os

import taptest
from windowtest import WindowTest

ANA = "ana@lark.test"
MIRA = "mira@lark.test"
EACH = 50

# Whole stacks, through libraries without frame pointers too: they say whose leak it is.
_WHOLE_STACKS = "fast_unwind_on_malloc=0:malloc_context_size=20"


class TestLeaks(WindowTest):
    def set_up_server(self):
        super().set_up_server()
        self.server.add_contacts(ANA, MIRA, "Ana", "Mira")

    def test_chat_and_sign_out(self):
        options = ":".join(filter(None, (os.environ.get("ASAN_OPTIONS"), _WHOLE_STACKS)))
        program = self.start_linnet(env={"ASAN_OPTIONS": options})
        self.sign_in(program)
        program.new_chat(MIRA)
        mira = self.start_peer()
        # Found once only: to read the whole window for each message would take most of the time.
        field = program.app.wait_for("text", "Message", having=("focused",))
        for number in range(EACH):
            field.put(f"To Mira {number}")
            self.desktop.key("Return")
            mira.wait_for_body(f"To Mira {number}")
            mira.send(ANA, f"To Ana {number}")
        program.app.wait_for("article", f"Mira: To Ana {EACH - 1}", seconds=60)
        self.assertEqual(mira.bodies(ANA), [f"To Mira {number}" for number in range(EACH)])

        program.sign_out(ANA)
        program.app.wait_for("heading", "Welcome to Linnet", seconds=60)
        self.assertEqual(program.quit(60), 0)


if __name__ == "__main__":
    taptest.main()
