"""Fails on breaches of the house rules that a compiler or linter does not know.

Usage: python3 -m tools.check_rules [ROOT]. A line that has to break a rule says so, with the reason, in a comment on
the line or on the one before: `allow(sleep): the script under test has no event to wait for`.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.source_files import Finding, call_arguments, cpp_code, line_of, project_files

MAX_LINES = 400
MAX_TEST_LINES = 450
CODE_SUFFIXES = {".cc", ".h", ".py", ".sh", ".ts", ".tsx", ".css", ".cmake"}
SCRIPT_SUFFIXES = {".ts", ".tsx", ".js", ".mjs"}

# Descriptors are closed by their owner; the child between fork and exec has no owners.
MAY_CLOSE = {"src/base/unique_fd.h", "src/base/unique_fd.cc", "src/process/spawn.cc"}
MAY_FORK = {"src/process/spawn.cc"}
# Programs that tests run as tasks sleep and fork for a living.
FIXTURE_FOLDERS = ("tests/children/", "tests/differential/corpus/", "examples/")

# A call that makes a descriptor, and the flag that keeps it from other programs; None: another call must be used.
CLOEXEC_CALLS: dict[str, str | None] = {
    "open": "O_CLOEXEC",
    "openat": "O_CLOEXEC",
    "openat2": "O_CLOEXEC",
    "socket": "SOCK_CLOEXEC",
    "socketpair": "SOCK_CLOEXEC",
    "accept4": "SOCK_CLOEXEC",
    "pipe2": "O_CLOEXEC",
    "epoll_create1": "EPOLL_CLOEXEC",
    "eventfd": "EFD_CLOEXEC",
    "timerfd_create": "TFD_CLOEXEC",
    "signalfd": "SFD_CLOEXEC",
    "inotify_init1": "IN_CLOEXEC",
    "memfd_create": "MFD_CLOEXEC",
    "pipe": None,
    "accept": None,
    "dup": None,
    "epoll_create": None,
    "inotify_init": None,
}

# A free function's call: not a member, not another namespace's, not a declaration after a type name.
_BEFORE_CALL = r"(?:(?<=[^\w\s.>:~])|(?<=^)|(?<=\breturn)|(?<=\belse))\s*(?P<global>::)?"
_FREE_CALL = re.compile(_BEFORE_CALL + r"(?P<name>[a-z_][a-z_0-9]*)\s*(?P<open>\()", re.MULTILINE)
# Tells the system's open() from one of ours where it is called without ::.
_SYSTEM_FLAGS = re.compile(r"\b(?:O|AF|SOCK|EPOLL|[EMTS]FD|IN)_[A-Z]")
_CPP_SLEEPS = re.compile(r"\b(sleep_for|sleep_until|usleep|nanosleep)\s*\(|(?<![\w.>:])(?:::)?sleep\s*\(")
_SCRIPT_SLEEPS = re.compile(r"\b(setTimeout|waitForTimeout)\s*\(")
# In two pieces, so that this file does not find itself.
_MACHINE_PATHS = re.compile(r"/(?:wo" + r"rk|ro" + r"ot)/")
_LEFTOVERS = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
_ALLOW = re.compile(r"allow\(([\w-]+)\):\s*\S")


def is_test(path: str) -> bool:
    return path.startswith("tests/") or path.endswith(("_test.cc", ".test.ts", ".test.tsx"))


def check_cpp(path: Path, name: str, text: str) -> Iterator[Finding]:
    """close, fork and descriptor flags; sleeps in tests."""
    code = cpp_code(text)
    for match in _FREE_CALL.finditer(code):
        function, line = match["name"], line_of(code, match.start("name"))
        arguments = call_arguments(code, match.start("open"))
        if function == "close" and arguments.strip() and "," not in arguments and name not in MAY_CLOSE:
            yield Finding(path, line, "close", "a descriptor is closed by its owner, see base/unique_fd.h")
        elif function in {"fork", "vfork", "posix_spawn", "popen", "system"} and name not in MAY_FORK:
            yield Finding(path, line, "fork", f"{function}() belongs into src/process/spawn.cc only")
        elif function in CLOEXEC_CALLS and (match["global"] or _SYSTEM_FLAGS.search(arguments)):
            flag = CLOEXEC_CALLS[function]
            if flag is None:
                yield Finding(path, line, "cloexec", f"{function}() cannot set close-on-exec; use the call that can")
            elif flag not in arguments:
                yield Finding(path, line, "cloexec", f"{function}() without {flag}")
    if is_test(name):
        for sleep in _CPP_SLEEPS.finditer(code):
            yield Finding(path, line_of(code, sleep.start()), "sleep", "a test waits for an event, not for time")


def _sleeps(tree: ast.AST) -> Iterator[int]:
    """Lines of Python calls that wait for time; asyncio.sleep(0) only yields."""
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in {"time", "asyncio"}
        for alias in node.names
        if alias.name == "sleep"
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        named = isinstance(function, ast.Name) and function.id in imported
        qualified = (
            isinstance(function, ast.Attribute)
            and function.attr == "sleep"
            and isinstance(function.value, ast.Name)
            and function.value.id in {"time", "asyncio"}
        )
        first = node.args[0] if node.args else None
        if (named or qualified) and not (isinstance(first, ast.Constant) and first.value == 0):
            yield node.lineno


def check_python(path: Path, name: str, text: str) -> Iterator[Finding]:
    """Sleeps in tests."""
    if is_test(name):
        for line in _sleeps(ast.parse(text)):
            yield Finding(path, line, "sleep", "a test waits for an event, not for time")


def check_text(path: Path, name: str, text: str) -> Iterator[Finding]:
    """Length, paths of somebody's machine, leftovers."""
    lines = text.splitlines()
    limit = MAX_TEST_LINES if is_test(name) else MAX_LINES
    if path.suffix in CODE_SUFFIXES and len(lines) > limit:
        yield Finding(
            path, len(lines), "length", f"{len(lines)} lines, the limit is {limit}: split it by responsibility"
        )
    for number, line in enumerate(lines, start=1):
        if _MACHINE_PATHS.search(line):
            yield Finding(path, number, "machine-path", "a path of somebody's machine does not belong into the project")
        if path.suffix in CODE_SUFFIXES and _LEFTOVERS.search(line):
            yield Finding(path, number, "leftover", "finish it now or write it into an issue")


def allowed(finding: Finding, lines: list[str]) -> bool:
    """Whether the line or the one before it carries an `allow(rule): reason`."""
    near = lines[max(0, finding.line - 2) : finding.line]
    return any(match.group(1) == finding.rule for line in near for match in _ALLOW.finditer(line))


def check_file(path: Path, name: str) -> Iterator[Finding]:
    """All findings for one file; `name` is its path from the root of the project."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    findings = list(check_text(path, name, text))
    if not name.startswith(FIXTURE_FOLDERS):
        if path.suffix in {".cc", ".h"}:
            findings.extend(check_cpp(path, name, text))
        elif path.suffix == ".py":
            findings.extend(check_python(path, name, text))
        elif path.suffix in SCRIPT_SUFFIXES and is_test(name):
            for sleep in _SCRIPT_SLEEPS.finditer(text):
                findings.append(
                    Finding(path, line_of(text, sleep.start()), "sleep", "a test waits for an event, not for time")
                )
    lines = text.splitlines()
    yield from (finding for finding in findings if not allowed(finding, lines))


def check_tree(root: Path) -> list[Finding]:
    """All findings for the tree at `root`, sorted."""
    return sorted(
        finding for path in project_files(root) for finding in check_file(path, path.relative_to(root).as_posix())
    )


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    findings = check_tree(root)
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
