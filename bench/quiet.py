"""Waiting until the machine has nothing to do."""

import time
from pathlib import Path

STILL_SEC = 0.06  # longer than the platform waits before it goes on preparing interpreters
LIMIT_SEC = 0.6
LOOK_EVERY_SEC = 0.002


class Quiet:
    """Counts how often it waited, and how often in vain."""

    def __init__(self) -> None:
        self.waits = 0
        self.in_vain = 0

    def wait(self) -> None:
        """Returns when nothing but this process was running for 60 ms, or after 600 ms anyway.

        The kernel's count of runnable threads is of the whole machine: the end of the task before, the interpreters
        that the platform prepares after it, and whoever else works here. There is no event for it.
        """
        self.waits += 1
        now = time.monotonic()
        still_since, until = now, now + LIMIT_SEC
        while now - still_since < STILL_SEC:
            if now > until:
                self.in_vain += 1
                return
            time.sleep(LOOK_EVERY_SEC)
            now = time.monotonic()
            if runnable_threads() > 1:
                still_since = now

    @property
    def percent_in_vain(self) -> float:
        """How many of the waits, in percent, ended by the limit: the machine was not idle."""
        return 100 * self.in_vain / max(1, self.waits)


def runnable_threads() -> int:
    """On all processors of the machine, this one included."""
    return int(Path("/proc/loadavg").read_text().split()[3].partition("/")[0])
