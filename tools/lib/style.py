"""The rules of this tree that no compiler and no formatter checks. Each rule yields "file:line: what".

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import re
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

LINE_LENGTH = 110
FILE_LENGTH = 1000
FUNCTION_LENGTH = 60

# Calls that are wrong or dangerous here, and what to use instead.
BANNED = {
    r"\b(strcpy|strcat|stpcpy|sprintf|vsprintf|gets)\s*\(": "g_strdup_printf, GString or g_strlcpy",
    r"\b(atoi|atol|atoll|atof|strtol|strtoul|sscanf)\s*\(": "g_ascii_string_to_unsigned and its like",
    r"\bstrtok(_r)?\s*\(": "g_strsplit",
    r"\b(system|popen|g_spawn_command_line_a?sync)\s*\(": "GSubprocess with an argument vector",
    r"\b(gtk_label|gtk_tooltip|pango_layout)_set_markup\w*\s*\(": "plain text with attributes",
    r"\b(gtk_widget_set_tooltip_markup|pango_parse_markup)\s*\(": "plain text with attributes",
    r"\b\w+_use_markup\s*\([^;]*\bTRUE\b": "plain text with attributes",
    r"\badw_toast_new\w*\s*\((?!_ \()": "adw_toast_new with a text of our own: it is read as markup",
    r"\b(rand|srand|random|g_random_\w+|g_rand_\w+)\s*\(": "the kernel's or GnuTLS's random bytes",
    r"\bXML_SetHashSalt\s*\(": "nothing: expat takes its salt from the kernel",
    r"\bgdk_texture_new_from_\w+\s*\(": "glycin, which decodes in a sandbox",
    r"\bgdk_pixbuf_\w+\s*\(": "glycin, which decodes in a sandbox",
    r"\bg_file_icon_new\s*\(": "linnet_picture_icon_new: whoever shows it decodes it without a sandbox",
    r"\bgtk_(picture|image|video)_(new_for|set)_(file|filename)\s*\(": "glycin, which decodes in a sandbox",
    r"\bsoup_auth_\w+\s*\(": "no HTTP authentication",
    r"\bG_IO_ERROR_INVAL\b": "G_IO_ERROR_INVALID_ARGUMENT",
    r"\bg_print(err)?\s*\(": "g_debug, g_message or g_warning",
    r"\bsleep\s*\(|\bg_usleep\s*\(": "a timer",
    r"\b(gtk_dialog|gtk_message_dialog|adw_message_dialog|gtk_info_bar)_\w+": "AdwDialog and its like",
    r"\badw_(alert_)?dialog_(present|choose)\s*\(": "linnet_dialog_present: libadwaita lets go too early",
}

# The answer to --version is for people, not for the log; and somebody has to do what is done for all.
ALLOWED = {
    ("src/ui/linnet-application.c", "g_print"),
    ("src/ui/widgets/linnet-dialog.c", "adw_dialog_present"),
}

# libdex does not tell which fiber is running.
ALLOWED_STATE = {("src/base/linnet-spawn.c", "current")}

# Headers of a library that only some folders may include, by the layers of the design.
OUTSIDE_HEADERS = {
    r"<(gtk/|gdk/|gsk/|adwaita\.h|glycin)": ("src/ui/", "src/main.c"),
    r"<sqlite3\.h>": ("src/store/",),
    r"<expat\.h>": ("src/xmpp/",),
    r"<unicode/": ("src/xmpp/", "src/ui/conversation/", "src/ui/widgets/"),
    r"<gnutls/": ("src/base/", "src/xmpp/"),
    r"<libsecret/": ("src/base/", "src/model/"),
    r"<(libsoup/|json-glib/|sodium)": ("src/model/",),
    r"<qrencode\.h>": ("src/ui/",),
}

# Which folders' headers each folder may include, nearest first.
LAYERS = {
    "src/base/": ("src/base/",),
    "src/xmpp/": ("src/xmpp/", "src/base/"),
    "src/store/": ("src/store/", "src/base/"),
    "src/model/": ("src/model/", "src/store/", "src/xmpp/", "src/base/"),
    "src/ui/": ("src/ui/", "src/model/", "src/base/"),
}


def tracked_files():
    """The files of the tree, those not yet added included."""
    result = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted(
        path for path in set(result.stdout.split("\n")) if path and os.path.isfile(f"{ROOT}/{path}")
    )


class Tree:
    def __init__(self):
        self.files = tracked_files()
        self._texts = {}

    def text(self, path):
        if path not in self._texts:
            with open(f"{ROOT}/{path}", encoding="utf-8", errors="replace") as file:
                self._texts[path] = file.read()
        return self._texts[path]

    def lines(self, path):
        return enumerate(self.text(path).split("\n"), 1)

    def having(self, *endings, below=""):
        return [path for path in self.files if path.endswith(endings) and path.startswith(below)]

    def code(self, path):
        """The lines of a C file with comments and the insides of strings blanked."""
        return enumerate(_blank(self.text(path)).split("\n"), 1)


def _blank(text):
    pattern = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)

    def spaces(match):
        kept = match.group(0)[0] if match.group(0)[0] in "\"'" else " "
        return kept + re.sub(r"[^\n]", " ", match.group(0)[1:-1]) + kept

    return pattern.sub(spaces, text)


def line_length(tree):
    for path in tree.having(".c", ".h", ".py", ".ui", ".css", ".build", ".md", ".sh", ".lua") + _scripts(
        tree
    ):
        for number, line in tree.lines(path):
            if len(line) > LINE_LENGTH and "://" not in line and not line.lstrip().startswith("|"):
                yield f"{path}:{number}: {len(line)} columns; {LINE_LENGTH} are the limit"


def _scripts(tree):
    return [
        path
        for path in tree.files
        if path.startswith(("tools/", ".ci/")) and "." not in os.path.basename(path)
    ]


def whitespace(tree):
    for path in tree.having(
        ".c", ".h", ".py", ".ui", ".css", ".build", ".md", ".xml", ".in", ".lua"
    ) + _scripts(tree):
        text = tree.text(path)
        if text and not text.endswith("\n"):
            yield f"{path}: the last line has no end"
        for number, line in tree.lines(path):
            if line != line.rstrip() or "\t" in line:
                yield f"{path}:{number}: trailing space or tab"


def file_length(tree):
    for path in tree.having(".c", ".h", ".py"):
        count = tree.text(path).count("\n")
        if count > FILE_LENGTH:
            yield f"{path}: {count} lines; more than {FILE_LENGTH} are refused, split it by role"


def function_length(tree):
    for path in tree.having(".c", below="src/"):
        start = None
        for number, line in tree.lines(path):
            if line == "{":
                start = number
            elif line == "}" and start is not None:
                length = number - start - 1
                if length > FUNCTION_LENGTH:
                    yield f"{path}:{start}: a function of {length} lines; {FUNCTION_LENGTH} are the limit"
                start = None


def head_of_file(tree):
    for path in tree.having(".c", ".h", below="src/") + tree.having(".c", ".h", below="tests/"):
        first = tree.text(path)[:600]
        if not first.startswith("/* "):
            yield f"{path}:1: the first line is a comment that says what the file is"
        if "SPDX-License-Identifier: GPL-3.0-or-later" not in first:
            yield f"{path}:1: no SPDX-License-Identifier"
        if path.endswith(".h") and "\n#pragma once\n" not in tree.text(path):
            yield f"{path}: no #pragma once"
        if (
            path.endswith(".c")
            and path.startswith("src/")
            and not re.search(r"^#define G_LOG_DOMAIN ", tree.text(path), re.MULTILINE)
        ):
            yield f"{path}: no G_LOG_DOMAIN"
    for path in tree.having(".py") + [path for path in _scripts(tree) if tree.text(path).startswith("#!")]:
        if "SPDX-License-Identifier: GPL-3.0-or-later" not in tree.text(path)[:600]:
            yield f"{path}:1: no SPDX-License-Identifier"


def banned_calls(tree):
    patterns = [(re.compile(pattern), instead) for pattern, instead in BANNED.items()]
    for path in tree.having(".c", ".h", below="src/"):
        for number, line in tree.code(path):
            for pattern, instead in patterns:
                found = pattern.search(line)
                if found and (path, found.group(0).rstrip(" (")) not in ALLOWED:
                    yield f"{path}:{number}: {found.group(0).rstrip(' (')} is banned; use {instead}"


def markup(tree):
    """What others write must not be read as markup, nor must what may hold it."""
    banner = re.compile(r'<object class="AdwBanner"[^>]*>(.*?)</object>', re.DOTALL)
    for path in tree.having(".ui", below="src/"):
        for number, line in tree.lines(path):
            if re.search(r'name="(\w+-)?use-markup"[^>]*>(?!False<)', line):
                yield f"{path}:{number}: reads markup"
        for found in banner.finditer(tree.text(path)):
            if '<property name="use-markup">False</property>' not in found.group(1):
                number = tree.text(path)[: found.start()].count("\n") + 1
                yield f"{path}:{number}: a banner reads markup unless it is told not to"


def unfinished(tree):
    pattern = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|not (yet )?implemented", re.IGNORECASE)
    for path in tree.having(".c", ".h", ".ui", ".py", ".build"):
        if path == "tools/lib/style.py":
            continue
        for number, line in tree.lines(path):
            if pattern.search(line) and "feature-not-implemented" not in line.lower().replace("_", "-"):
                yield f"{path}:{number}: unfinished: {line.strip()[:60]}"


def mutable_state(tree):
    pattern = re.compile(
        r"^static (?!const\b|inline\b|G_DEFINE)[^(){}=]*?(\w+)\s*((\[[^\]]*\])*)\s*(=[^=].*|;)$"
    )
    allowed = re.compile(r"^(properties|signals|\w+_(properties|signals))$")
    for path in tree.having(".c", ".h", below="src/"):
        for number, line in tree.code(path):
            found = pattern.match(line)
            if (
                found
                and not allowed.match(found.group(1))
                and " *const " not in line
                and (path, found.group(1)) not in ALLOWED_STATE
            ):
                yield f"{path}:{number}: mutable state of a file: {found.group(1)}"


def awaits(tree):
    """linnet-spawn.h makes awaiting safe from a fault of libdex; without it the fault is back."""
    for path in tree.having(".c", ".h", below="src/") + tree.having(".c", ".h", below="tests/"):
        if path.startswith("src/base/linnet-spawn") or re.search(
            r'^#include "linnet-(spawn|test)\.h"$', tree.text(path), re.MULTILINE
        ):
            continue
        for number, line in tree.code(path):
            if re.search(r"\bdex_await\w*\s*\(", line):
                yield f"{path}:{number}: dex_await without including linnet-spawn.h"
                break


def private_headers(tree):
    for path in tree.having(".c", ".h", below="src/"):
        for number, line in tree.lines(path):
            found = re.match(r'#\s*include "([^"]*-private\.h)"', line)
            if found and not os.path.exists(f"{ROOT}/{os.path.dirname(path)}/{found.group(1)}"):
                yield f"{path}:{number}: a private header of another folder"


def layers(tree):
    homes = {}
    for path in tree.having(".h", below="src/"):
        homes.setdefault(os.path.basename(path), []).append(path)
    for path in tree.having(".c", ".h", below="src/"):
        allowed = next((folders for layer, folders in LAYERS.items() if path.startswith(layer)), None)
        for number, line in tree.lines(path):
            found = re.match(r'#\s*include ([<"])([^>"]+)[>"]', line)
            if not found:
                continue
            if found.group(1) == '"':
                if ".." in found.group(2):
                    yield f"{path}:{number}: an include with .. in it"
                places = homes.get(os.path.basename(found.group(2)), [])
                if allowed and places and not any(place.startswith(allowed) for place in places):
                    yield f"{path}:{number}: {os.path.dirname(places[0])} is above this folder"
                continue
            for pattern, folders in OUTSIDE_HEADERS.items():
                if re.search(pattern, line) and not path.startswith(folders):
                    yield f"{path}:{number}: <{found.group(2)}> belongs to {', '.join(folders)}"


def gettext_calls(tree):
    pattern = re.compile(r"(?<![\w])(_|C_|N_|NC_|ngettext|g_dngettext|gettext|g_dgettext|g_dpgettext2)\s*\(")
    for path in tree.having(".c", ".h", below="src/"):
        if path.startswith("src/ui/") or path in ("src/main.c", "src/model/linnet-error-text.c"):
            continue
        for number, line in tree.code(path):
            if pattern.search(line):
                yield f"{path}:{number}: words for people belong to src/ui and src/model/linnet-error-text.c"


def potfiles(tree):
    listed = [line for line in tree.text("po/POTFILES.in").split("\n") if line and not line.startswith("#")]
    if listed != sorted(listed):
        yield "po/POTFILES.in: not sorted"
    for path in listed:
        if path not in tree.files:
            yield f"po/POTFILES.in: {path} does not exist"
    calls = re.compile(r"(?<![\w])(_|C_|N_|NC_|ngettext|g_dngettext|g_dpgettext2)\s*\(")
    for path in tree.having(".c", ".ui", below="src/"):
        wants = (
            'translatable="yes"' in tree.text(path)
            if path.endswith(".ui")
            else any(calls.search(line) for _, line in tree.code(path) if not line.startswith("#"))
        )
        if wants and path not in listed:
            yield f"po/POTFILES.in: {path} is missing"


def translations(tree):
    languages = re.sub(r"#.*", "", tree.text("po/LINGUAS")).split()
    template = subprocess.run(
        [
            "xgettext",
            "--output=-",
            "--from-code=UTF-8",
            "--files-from=po/POTFILES.in",
            "--add-comments",
            "--keyword=_",
            "--keyword=C_:1c,2",
            "--keyword=N_",
            "--keyword=NC_:1c,2",
            "--keyword=g_dngettext:2,3",
            "--keyword=g_dpgettext2:2c,3",
            "--keyword=ngettext:1,2",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if template.returncode != 0:
        yield f"po: {template.stderr.strip()}"
        return
    for language in languages:
        path = f"po/{language}.po"
        check = subprocess.run(
            ["msgfmt", "--check", "--statistics", "-o", "/dev/null", path],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if check.returncode != 0:
            yield f"{path}: {check.stderr.strip()}"
            continue
        merged = subprocess.run(
            ["msgmerge", "--quiet", "--no-fuzzy-matching", "-o", "-", path, "-"],
            cwd=ROOT,
            input=template.stdout,
            capture_output=True,
            text=True,
            check=False,
        )
        for flag, what in (("--untranslated", "not translated"), ("--only-fuzzy", "fuzzy")):
            left = subprocess.run(
                ["msgattrib", "--no-obsolete", flag, "-"],
                input=merged.stdout,
                capture_output=True,
                text=True,
                check=False,
            ).stdout
            for text in re.findall(r'^msgid ((?:"(?:\\.|[^"\\])*"\n)+)', left, re.MULTILINE):
                joined = "".join(re.findall(r'"((?:\\.|[^"\\])*)"', text))
                if joined:
                    yield f"{path}: {what}: “{joined}”"


def test_for_each_source(tree):
    tests = {os.path.basename(path) for path in tree.having(".c", below="tests/")}
    for path in tree.having(".c", below="src/xmpp/features/"):
        name = os.path.basename(path)
        if name != "xmpp-features.c" and f"test-{name}" not in tests:
            yield f"{path}: there is no test-{name}"


def sorted_lists(tree):
    """Lists of files in meson.build are sorted, one a line."""
    for path in tree.having("meson.build"):
        for block in re.finditer(r"files\(\n((?:\s+'[^'\n]+',?\n)+)", tree.text(path)):
            names = re.findall(r"'([^']+)'", block.group(1))
            if names != sorted(names):
                number = tree.text(path)[: block.start()].count("\n") + 1
                yield f"{path}:{number}: the list of files is not sorted"


RULES = {
    "line length": line_length,
    "white space": whitespace,
    "file length": file_length,
    "function length": function_length,
    "head of each file": head_of_file,
    "banned calls": banned_calls,
    "no markup": markup,
    "nothing unfinished": unfinished,
    "no mutable state of files": mutable_state,
    "awaiting": awaits,
    "private headers": private_headers,
    "layers": layers,
    "words for people": gettext_calls,
    "POTFILES": potfiles,
    "translations": translations,
    "a test for each feature": test_for_each_source,
    "sorted lists": sorted_lists,
}


def check_all():
    """Yields (rule, list of what breaks it)."""
    tree = Tree()
    for name, rule in RULES.items():
        yield name, list(rule(tree))


def check_format():
    """The files that clang-format would change."""
    files = [path for path in tracked_files() if path.endswith((".c", ".h"))]
    bad = []
    for start in range(0, len(files), 40):
        result = subprocess.run(
            ["clang-format", "--dry-run", "-Werror", *files[start : start + 40]],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        bad += re.findall(r"^(\S+?:\d+):\d+: error", result.stderr, re.MULTILINE)
    return [f"{place}: not as clang-format writes it" for place in bad]


if __name__ == "__main__":
    BROKEN = check_format()
    for _, problems in check_all():
        BROKEN += problems
    print("\n".join(BROKEN))
    raise SystemExit(1 if BROKEN else 0)
