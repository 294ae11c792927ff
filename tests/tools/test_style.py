"""Each rule of tools/lib/style.py finds what breaks it, and only that.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "lib"))

import style  # noqa: E402
import taptest  # noqa: E402

_HEAD = '/* A title\n * SPDX-License-Identifier: GPL-3.0-or-later\n */\n#define G_LOG_DOMAIN "x"\n'


class FakeTree(style.Tree):
    """Files that are only in memory."""

    def __init__(self, files):  # pylint: disable=super-init-not-called
        self.files = sorted(files)
        self._texts = files


class StyleTest(unittest.TestCase):
    def broken(self, rule, text, path="src/xmpp/core/xmpp-x.c", **others):
        files = {path: text, **others}
        return list(style.RULES[rule](FakeTree(files)))

    def check(self, rule, bad, good, path="src/xmpp/core/xmpp-x.c"):
        for text in bad:
            self.assertEqual(len(self.broken(rule, text, path)), 1, text)
        for text in good:
            self.assertEqual(self.broken(rule, text, path), [], text)

    def test_line_length(self):
        self.check("line length", ["x" * 111 + "\n"], ["x" * 110 + "\n", "ü" * 110 + "\n"])

    def test_white_space(self):
        self.check("white space", ["int x; \n", "\tint x;\n", "int x;"], ["int x;\n"])

    def test_file_length(self):
        self.check("file length", ["\n" * 1001], ["\n" * 1000])

    def test_function_length(self):
        def function(lines):
            return "static void\nf (void)\n{\n" + "  g ();\n" * lines + "}\n"

        self.check("function length", [function(61)], [function(60), function(30) + function(40)])

    def test_head_of_each_file(self):
        self.check("head of each file", [_HEAD.replace("SPDX", "spdx"), "\n" + _HEAD], [_HEAD])
        self.check(
            "head of each file",
            [_HEAD],
            [_HEAD + "#pragma once\n"],
            path="src/base/linnet-x.h",
        )

    def test_banned_calls(self):
        self.check(
            "banned calls",
            [
                "  strcpy (a, b);\n",
                "  n = atoi (text);\n",
                "  x = g_random_int ();\n",
                "  XML_SetHashSalt (p, 1);\n",
                "  t = gdk_texture_new_from_bytes (b, &e);\n",
                "  gtk_label_set_markup (label, text);\n",
                "  gtk_tooltip_set_markup (tooltip, text);\n",
                "  gtk_widget_set_tooltip_markup (widget, text);\n",
                "  gtk_label_set_use_markup (label, TRUE);\n",
                "  adw_alert_dialog_set_body_use_markup (dialog, TRUE);\n",
                "  t = adw_toast_new (name);\n",
                "  code = G_IO_ERROR_INVAL;\n",
            ],
            [
                "  /* strcpy (a, b) */\n",
                '  g_debug ("atoi (x)");\n',
                "  g_strlcpy (a, b, n);\n",
                "  code = G_IO_ERROR_INVALID_ARGUMENT;\n",
                "  random_thing = 1;\n",
                "  adw_preferences_row_set_use_markup (row, FALSE);\n",
                '  t = adw_toast_new (_ ("Copied"));\n',
            ],
        )

    def test_no_markup(self):
        banner = '<object class="AdwBanner" id="b">\n{}</object>\n'
        false = '<property name="use-markup">False</property>\n'
        self.check(
            "no markup",
            [
                '<property name="use-markup">True</property>\n',
                '<property name="body-use-markup">true</property>\n',
                banner.format(""),
            ],
            [false, banner.format(false)],
            path="src/ui/window/linnet-x.ui",
        )

    def test_nothing_unfinished(self):
        word = "TO" + "DO"
        self.check("nothing unfinished", [f"/* {word}: more */\n"], ['  "feature-not-implemented",\n'])

    def test_no_mutable_state(self):
        self.check(
            "no mutable state of files",
            ["static int count;\n", "static GHashTable *cache = NULL;\n", "static char buffer[10];\n"],
            [
                "static const int count = 1;\n",
                "static GParamSpec *properties[N_PROPS];\n",
                "static guint signals[N_SIGNALS];\n",
                "static void f (int x);\n",
                "static const char *const names[] = { 0 };\n",
                "static gboolean\n",
            ],
        )

    def test_layers(self):
        header = {"src/xmpp/core/xmpp-jid.h": "", "src/base/linnet-time.h": "", "src/model/linnet-x.h": ""}

        def broken(path, line):
            return len(self.broken("layers", line, path, **header))

        self.assertEqual(broken("src/ui/linnet-y.c", '#include "xmpp-jid.h"\n'), 1)
        self.assertEqual(broken("src/store/linnet-y.c", '#include "xmpp-jid.h"\n'), 1)
        self.assertEqual(broken("src/base/linnet-y.c", '#include "linnet-x.h"\n'), 1)
        self.assertEqual(broken("src/model/linnet-y.c", "#include <gtk/gtk.h>\n"), 1)
        self.assertEqual(broken("src/ui/linnet-y.c", "#include <sqlite3.h>\n"), 1)
        self.assertEqual(broken("src/ui/linnet-y.c", '#include "../model/linnet-x.h"\n'), 1)
        self.assertEqual(broken("src/ui/linnet-y.c", '#include "linnet-x.h"\n'), 0)
        self.assertEqual(broken("src/model/linnet-y.c", '#include "xmpp-jid.h"\n'), 0)
        self.assertEqual(broken("src/xmpp/features/xmpp-y.c", '#include "xmpp-jid.h"\n'), 0)

    def test_words_for_people(self):
        path = "src/model/linnet-account.c"
        self.assertEqual(len(self.broken("words for people", '  text = _ ("Hello");\n', path)), 1)
        self.assertEqual(self.broken("words for people", "  x = foo_ (1);\n", path), [])
        self.assertEqual(self.broken("words for people", '  _ ("Hello");\n', "src/ui/linnet-window.c"), [])

    def test_potfiles(self):
        def broken(listed, **files):
            return list(style.potfiles(FakeTree({"po/POTFILES.in": listed, **files})))

        source = {"src/ui/linnet-a.c": '  x = _ ("Hello");\n'}
        window = {"src/ui/linnet-a.ui": '<property translatable="yes">Hello</property>\n'}
        self.assertEqual(len(broken("", **source)), 1)
        self.assertEqual(len(broken("", **window)), 1)
        self.assertEqual(len(broken("src/ui/linnet-a.c\n")), 1)
        self.assertEqual(broken("src/ui/linnet-a.c\n", **source), [])
        self.assertEqual(broken("", **{"src/ui/linnet-a.c": "  x = 1;\n"}), [])

    def test_a_test_for_each_feature(self):
        path = "src/xmpp/features/xmpp-carbons.c"
        self.assertEqual(len(self.broken("a test for each feature", "", path)), 1)
        self.assertEqual(
            self.broken("a test for each feature", "", path, **{"tests/xmpp/test-xmpp-carbons.c": ""}), []
        )

    def test_sorted_lists(self):
        self.check(
            "sorted lists",
            ["files(\n  'b.c',\n  'a.c',\n)\n"],
            ["files(\n  'a.c',\n  'b.c',\n)\n"],
            path="src/base/meson.build",
        )


if __name__ == "__main__":
    taptest.main()
