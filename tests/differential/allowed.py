"""What may differ between a task and plain ``python script.py``; docs/FIDELITY.md says each to the user.

Whatever is not here must be the same, byte by byte. Both sides are rewritten alike before they are compared.
"""

import re
from dataclasses import dataclass

from tests.differential.bare import Run

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


@dataclass(frozen=True)
class Allowed:
    """`pattern` becomes `replacement` in both outputs; without a pattern scripts of the corpus do not print it."""

    name: str  # as docs/FIDELITY.md has it
    reason: str
    pattern: str = ""
    replacement: str = ""
    script: str = ""  # the only one of the corpus that it is for

    def rewrite(self, output: bytes, script: str) -> bytes:
        if not self.pattern or self.script not in ("", script):
            return output
        return re.sub(self.pattern.encode(), self.replacement.encode(), output)


ALLOWED = [
    Allowed("Work folder", "every run has a folder of its own", rf"/workdirs/{_UUID}", "/workdirs/<run>"),
    Allowed("Import path", "the application's root comes second", r"'(/sources/[^/']+)', '\1'", r"'\1'"),
    Allowed("Import path", "ompy is found by every script", r", '/opt/am/python'(?=\])", ""),
    Allowed("Environment", "what leads a task to the platform"),
    Allowed("Line buffering", "the console shows a line when it is printed"),
    Allowed("No compiled files", "the applications' files are read-only"),
    Allowed("Confinement", "tasks are kept apart"),
    Allowed("Process ids", "the container's first process takes the tasks over"),
    Allowed("Hash seed and addresses", "copies of one launcher have its memory", r"\bat 0x[0-9a-f]+", "at <address>"),
    Allowed(
        "Modules that are there before",
        "imports are what costs most at a start",
        r"\[('\w+'(, )?)+\]\n",  # it names modules of --preload in order to look for them
        "[]\n",
        script="leftovers_of_modules.py",
    ),
    Allowed("Counters of the interpreter", "it has waited before the script came"),
    Allowed("Memory that is shared", "it exists once for all tasks"),
    Allowed("Packages edited in place", "nobody watches the files of packages, and of ~/.local"),
]

# Scripts whose output shows when lines are handed on: they lose what is buffered, or write to the descriptor between.
# Bare they get "Line buffering" like a task, so that everything else is compared all the same.
LINE_BUFFERED = {"exit_code_in_atexit.py", "streams_large_output.py"}

# Scripts about `sys.modules`: with "Modules that are there before" there is nothing to compare.
ABOUT_MODULES = {"leftovers_of_modules.py", "leftovers_of_modules_at_start.py"}

# Tests of the standard library that look at one of these: (module, test, name above).
TESTS_ABOUT_ALLOWED = [
    ("test_cmd_line", "test_non_interactive_output_buffering", "Line buffering"),
    ("test_os", "test_exist_ok_s_isgid_directory", "Confinement"),  # the bits of set-user-id and set-group-id
    ("test_site", "test_s_option", "Packages edited in place"),  # makes ~/.local when the interpreter waits already
]


def comparable(run: Run, script: str) -> Run:
    """That run of a script without what may differ."""
    stdout, stderr = run.stdout, run.stderr
    for entry in ALLOWED:
        stdout, stderr = entry.rewrite(stdout, script), entry.rewrite(stderr, script)
    return Run(stdout, stderr, run.exit_code, run.signal)
