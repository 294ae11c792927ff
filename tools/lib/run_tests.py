"""What tools/test does inside the environment; see its --help.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import argparse
import concurrent.futures
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import traceback
import xml.etree.ElementTree as ElementTree

signal.signal(signal.SIGINT, signal.SIG_DFL)  # until supervise() takes over

import build  # noqa: E402
import style  # noqa: E402
from supervise import supervise  # noqa: E402

ROOT = build.ROOT
SECTIONS = ("format", "style", "build", "data", "unit", "integration", "window", "asan", "fuzz")
# Suites of meson; every test in no suite of these is a unit test.
SUITES = ("data", "integration", "window")

NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")

# What was freed is kept from reuse up to 32 MiB: with the default of 256 MiB the window spends a third of its
# time on fresh pages.
SANITIZERS = {
    "ASAN_OPTIONS": "detect_stack_use_after_return=0:strict_string_checks=1:check_initialization_order=1"
    ":detect_leaks=1:quarantine_size_mb=32",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
    "LSAN_OPTIONS": f"suppressions={ROOT}/tests/lib/lsan.supp:print_suppressions=0",
}


class Tally:
    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.skipped = 0
        self.failures = []

    def ok(self, what, detail=""):
        self.passed += 1
        print(f"  ok    {what}{f'  ({detail})' if detail else ''}", flush=True)

    def bad(self, what, output=""):
        self.failed += 1
        self.failures.append(what)
        print(f"  FAIL  {what}", flush=True)
        for line in output.splitlines():
            print(f"        {line}", flush=True)


def heading(text):
    print(f"\n== {text} ==", flush=True)


def run_format(tally):
    heading("format")
    problems = style.check_format()
    if problems:
        tally.bad("clang-format", "\n".join(problems[:60]) + "\n(clang-format -i FILE… puts it right)")
    else:
        tally.ok("clang-format")


def run_style(tally):
    heading("style")
    for name, problems in style.check_all():
        if problems:
            tally.bad(name, "\n".join(problems[:60] + ["…"] * (len(problems) > 60)))
        else:
            tally.ok(name)


def run_build(tally, kind, what):
    heading(what)
    start = time.monotonic()
    try:
        build.build(kind, werror=kind != "build-fuzz")
    except build.BuildError as error:
        tally.bad(what, str(error))
        return False
    tally.ok(what, f"{time.monotonic() - start:.0f} s")
    return True


def tests_of(kind):
    """All tests of a build folder as (name, section)."""
    result = subprocess.run(
        ["meson", "introspect", "--tests", build.folder(kind)], capture_output=True, text=True, check=True
    )
    tests = []
    for test in json.loads(result.stdout):
        suites = [suite.partition(":")[2] for suite in test["suite"]]
        tests.append((test["name"], next((suite for suite in SUITES if suite in suites), "unit")))
    return tests


def run_meson(tally, kind, names, label, jobs, sanitized=False):
    """Runs tests of a build folder by "meson test" and counts what it counted."""
    if not names:
        return
    env = dict(os.environ)
    env.pop("DISPLAY", None)
    env.pop("WAYLAND_DISPLAY", None)
    if sanitized:
        env.update(SANITIZERS)
    log_name = f"{build.folder(kind)}/meson-logs/{label}"
    argv = [
        "meson",
        "test",
        "-C",
        build.folder(kind),
        "--no-rebuild",
        "--num-processes",
        str(jobs),
        "--logbase",
        label,
        "--timeout-multiplier",
        "4" if sanitized else "1",
        *names,
    ]
    start = time.monotonic()
    result = subprocess.run(
        argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=env, check=False
    )
    report = f"{log_name}.junit.xml"
    before = tally.failed
    if not os.path.exists(report):
        tally.bad(f"{label}: meson test", result.stdout[-4000:] + result.stderr[-4000:])
        return
    ran = set()
    for suite in read_report(report).iter("testsuite"):
        ran |= count_suite(tally, suite, log_name)
    if result.returncode != 0 and tally.failed == before:
        tally.bad(f"{label}: meson test", result.stdout[-4000:])
    print(f"  {len(names)} programs in {time.monotonic() - start:.0f} s", flush=True)


def read_report(path):
    """Meson's JUnit file. What a failed assertion says becomes part of its test's name there, as it is: with
    characters that no XML may have, and all results would be lost for them."""
    with open(path, encoding="utf-8", errors="backslashreplace") as file:
        text = NOT_XML.sub(lambda match: f"\\u{ord(match.group()):04x}", file.read())
    return ElementTree.fromstring(text.encode())


def count_suite(tally, suite, log_name):
    """Counts a testsuite of a JUnit file: all test cases of one program, or the programs that have none."""
    cases = suite.findall("testcase")
    failures = []
    for case in cases:
        problem = case.find("failure") if case.find("failure") is not None else case.find("error")
        if case.find("skipped") is not None:
            tally.skipped += 1
        elif problem is None:
            tally.passed += 1
        else:
            tally.failed += 1
            failures.append(case.get("name"))
            tally.failures.append(f"{suite.get('name')} {case.get('name')}")
    name = suite.get("name")
    if failures:
        print(f"  FAIL  {name}: {', '.join(failures)}", flush=True)
        output = "\n".join(suite.findtext(tag) or "" for tag in ("system-out", "system-err"))
        if not output.strip():
            output = output_in_log(f"{log_name}.json", name)
        lines = output.splitlines()
        for line in lines[-200:]:
            print(f"        {line}", flush=True)
    else:
        print(f"  ok    {name}  ({len(cases)})", flush=True)
    return {name}


def output_in_log(path, name):
    """The output of a program that has no test cases of its own, from meson's log."""
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as file:
        for line in file:
            entry = json.loads(line)
            if entry["result"] not in ("OK", "SKIP"):
                if entry["name"] in name or name in entry["name"]:
                    return f"{entry.get('stdout', '')}\n{entry.get('stderr', '')}"
    return ""


def run_tests(tally, kind, selected, sanitized, prefix=""):
    tests = tests_of(kind)
    # Window tests wait more than they work, so one more of them than there are processors run at once.
    for section, jobs in (("data", 2), ("unit", 2), ("integration", 3), ("window", 3)):
        names = [name for name, its_section in tests if its_section == section and selected(name, section)]
        if sanitized and section == "data":
            continue
        if names:
            heading(f"{prefix}{section} tests")
            run_meson(
                tally,
                kind,
                names,
                f"{prefix.strip() or 'plain'}-{section}".replace(" ", "-"),
                jobs,
                sanitized,
            )


def fuzz_one(target, seconds):
    """Runs one fuzz target on its committed corpus; returns (name, succeeded, output)."""
    name = os.path.basename(target)
    corpus = f"{ROOT}/tests/fuzz/corpus/{name.removeprefix('fuzz-')}"
    work = f"{build.folder('build-fuzz')}/corpus/{name}"
    crashes = f"{build.folder('build-fuzz')}/crashes/"
    os.makedirs(work, exist_ok=True)
    os.makedirs(crashes, exist_ok=True)
    dictionary = f"{ROOT}/tests/fuzz/{name}.dict"
    argv = [
        target,
        f"-max_total_time={seconds}",
        f"-artifact_prefix={crashes}{name}-",
        "-rss_limit_mb=3072",
        "-timeout=10",
        "-print_final_stats=1",
        "-verbosity=0",
        work,
    ]
    if os.path.isdir(corpus):
        argv.append(corpus)
    if os.path.exists(dictionary):
        argv.insert(1, f"-dict={dictionary}")
    env = {**os.environ, **SANITIZERS, "G_DEBUG": "fatal-warnings"}
    result = subprocess.run(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=env,
        text=True,
        errors="replace",
        check=False,
    )
    return name, result.returncode == 0, result.stdout


def run_fuzz(tally, seconds, selected=lambda name: True):
    if not run_build(tally, "build-fuzz", "fuzz build"):
        return
    targets = [
        path
        for path in sorted(glob.glob(f"{build.folder('build-fuzz')}/tests/fuzz/fuzz-*"))
        if os.path.isfile(path) and os.access(path, os.X_OK) and selected(os.path.basename(path))
    ]
    heading(f"fuzz targets, {seconds} s each")
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for name, succeeded, output in pool.map(lambda target: fuzz_one(target, seconds), targets):
            runs = next(
                (line.split()[-1] for line in output.splitlines() if "number_of_executed_units" in line), "?"
            )
            if succeeded:
                tally.ok(name, f"{runs} runs")
            else:
                tally.bad(name, "\n".join(output.splitlines()[-80:]))


def parse(argv):
    parser = argparse.ArgumentParser(prog="tools/test", add_help=False)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--asan", action="store_true")
    parser.add_argument("--no-asan", action="store_true")
    parser.add_argument("--fuzz-seconds", type=int, default=30)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--list", action="store_true")
    return parser.parse_args(argv)


def select(names):
    """Splits names into sections and a predicate for single tests."""
    sections = [name for name in names if name in SECTIONS]
    wanted = [name for name in names if name not in SECTIONS]

    def selected(name, section):
        return section in sections or any(name == word or name.startswith(word) for word in wanted)

    return sections, wanted, selected


def run(options, tally):
    sections, wanted, selected = select(options.names)
    everything = not options.names
    if everything or "format" in sections:
        run_format(tally)
    if everything or "style" in sections:
        run_style(tally)
    plain = {"build", "data", "unit", "integration", "window"}
    if everything or wanted or plain & set(sections):
        if run_build(tally, "build", "build"):
            if wanted:
                known = [name for name, _ in tests_of("build")]
                for word in wanted:
                    if not any(name.startswith(word) for name in known) and not word.startswith("fuzz-"):
                        tally.bad(word, "there is no such test or section; --list tells them")
            run_tests(tally, "build", (lambda name, section: True) if everything else selected, False)
    sanitize = (everything and not options.no_asan) or "asan" in sections or options.asan
    if sanitize and run_build(tally, "build-asan", "build with sanitizers"):
        whole = everything or "asan" in sections
        run_tests(
            tally,
            "build-asan",
            (lambda name, section: True) if whole else selected,
            True,
            "sanitized ",
        )
    fuzzed = [word for word in wanted if word.startswith("fuzz-")]
    if everything or "fuzz" in sections or fuzzed:
        run_fuzz(
            tally,
            options.fuzz_seconds,
            (lambda name: name in fuzzed) if fuzzed and "fuzz" not in sections else lambda name: True,
        )


def work(options, folder):
    if options.keep:
        os.environ["LINNET_TEST_KEEP"] = "1"
    else:
        os.environ["TMPDIR"] = folder
    if shutil.which("ccache"):
        os.environ.setdefault("CCACHE_SLOPPINESS", "pch_defines,time_macros")
    tally = Tally()
    start = time.monotonic()
    try:
        run(options, tally)
    except Exception:  # pylint: disable=broad-except
        tally.bad("tools/test", traceback.format_exc())
    heading(f"result after {time.monotonic() - start:.0f} s")
    for failure in tally.failures:
        print(f"  failed: {failure}")
    if tally.skipped:
        print(f"  skipped: {tally.skipped}, which cannot run here")
    print(f"{tally.passed} passed, {tally.failed} failed", flush=True)
    return 1 if tally.failed else 0


def main():
    options = parse(sys.argv[1:])
    if options.list:
        build.configure("build", werror=True)
        for name, section in sorted(tests_of("build"), key=lambda test: (SECTIONS.index(test[1]), test[0])):
            print(f"{section:12} {name}")
        return 0
    return supervise("linnet-tests-", lambda folder: work(options, folder))


if __name__ == "__main__":
    sys.exit(main())
