"""Waiting for files by inotify events."""

import ctypes
import os
import select
import time
from pathlib import Path

_IN_CLOSE_WRITE = 0x8
_IN_MOVED_TO = 0x80
_IN_CREATE = 0x100

_libc = ctypes.CDLL(None, use_errno=True)


class WaitedTooLong(AssertionError):
    """An event did not come within its deadline."""


def wait_for_file(path: Path, deadline_sec: float, process_fd: int | None = None) -> None:
    """Returns when `path` exists and is not empty. `process_fd` is a pidfd whose process must live until then."""
    watch = _libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
    if watch < 0:
        raise OSError(ctypes.get_errno(), "inotify_init1")
    try:
        mask = _IN_CLOSE_WRITE | _IN_MOVED_TO | _IN_CREATE
        if _libc.inotify_add_watch(watch, os.fsencode(path.parent), mask) < 0:
            raise OSError(ctypes.get_errno(), f"inotify_add_watch {path.parent}")
        until = time.monotonic() + deadline_sec
        while not _has_content(path):
            wanted = [watch] if process_fd is None else [watch, process_fd]
            ready, _, _ = select.select(wanted, [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise WaitedTooLong(f"{path} did not appear within {deadline_sec} s")
            if watch in ready:
                os.read(watch, 64 * 1024)
            elif not _has_content(path):
                raise WaitedTooLong(f"the process ended before it wrote {path}")
    finally:
        os.close(watch)


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False
