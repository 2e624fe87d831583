"""Which options `am` has, to compare with those that units, images and manifests give it."""

import re
import subprocess
from functools import cache

from tests.support.platform import AM_BIN

_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


@cache
def options_of(command: str) -> frozenset[str]:
    done = subprocess.run([str(AM_BIN), command, "--help"], capture_output=True, text=True, check=True, timeout=30)
    return frozenset(_OPTION.findall(done.stdout))


def unknown_options(argv: list[str]) -> list[str]:
    """Options in a command line that its `am manager` or `am hypervisor` does not know."""
    command = argv[next(n for n, word in enumerate(argv) if word.rsplit("/", 1)[-1] == "am") + 1]
    given = {word for word in argv if word.startswith("--") and word != "--"}
    return sorted(given - options_of(command))
