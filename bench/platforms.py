"""Platforms for benchmarks, whose data goes when all of them are over.

ext4 gives no inode to a new file that was freed within the last minutes, and looks past all of those each time:
removing the thousands of small files of one benchmark would slow the tasks of the next one down.
"""

import functools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.platform import Platform, running_platform

_LARGE = 1 << 20


@functools.cache
def _scratch() -> "tempfile.TemporaryDirectory[str]":
    """It is removed with the process."""
    return tempfile.TemporaryDirectory(prefix="am-bench-")


@contextmanager
def fresh_platform(options: list[str] | None = None) -> Iterator[Platform]:
    """A platform on a data directory of its own; what is large there is removed with it."""
    with running_platform(options=options, kept_in=Path(_scratch().name)) as platform:
        yield platform
    for path in platform.data.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.stat().st_size > _LARGE:
            path.unlink()
