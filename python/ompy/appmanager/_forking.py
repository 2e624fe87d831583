"""How a launcher copies itself for a task (see ``_waiting``).

As ``os.fork()`` does, but the copy's parent is the launcher's own parent: it outlives the launcher, and tells the
task's observer how the task ended.
"""

from __future__ import annotations

import os

from ompy.appmanager._own_memory import address_of, buffer, long_function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator

ORDER_DESCRIPTOR = 3
# A Landlock ruleset, which a copy applies to itself so that other copies cannot look into it.
DOMAIN_DESCRIPTOR = 4

# <linux/sched.h>, clone(2). With the end signal of fork(2), and the thread id where the C library keeps it.
_CLONE_PARENT = 0x8000
_CLONE_CHILD_CLEARTID = 0x200000
_CLONE_CHILD_SETTID = 0x1000000
_SIGCHLD = 17
_CLONE = {"x86_64": 56, "aarch64": 220}  # its number
_SET_ROBUST_LIST = {"x86_64": 273, "aarch64": 99}
_GET_ROBUST_LIST = {"x86_64": 274, "aarch64": 100}
_LANDLOCK_RESTRICT_SELF = 446
_MADVISE = {"x86_64": 28, "aarch64": 233}
_MADV_POPULATE_READ = 22  # since Linux 5.14; an older one refuses, and nothing is lost
_MADV_POPULATE_WRITE = 23
_PAGE = os.sysconf("SC_PAGE_SIZE")
_PRESENT = 0x80  # of a page's entry in /proc/pid/pagemap, proc(5): bit 63
_GAP = 8  # pages that there are not, and cost less than another call
_PR_GET_TID_ADDRESS = 40  # prctl(2)


def _written(pagemap: int, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """(begin, end) of what there is of that span of this process's memory."""
    first = begin // _PAGE
    there = os.pread(pagemap, (end - begin) // _PAGE * 8, first * 8)[7::8]  # the bits 56 to 63 of each entry
    present = [first + at for at, bits in enumerate(there) if bits & _PRESENT]
    while present:
        many = 1
        while many < len(present) and present[many] - present[many - 1] <= _GAP:
            many += 1
        yield present[0] * _PAGE, (present[many - 1] + 1) * _PAGE
        del present[:many]


def _pages() -> Iterator[tuple[int, int, int]]:
    """(advice, begin, end) of what this process runs on: written memory to be copied, and files to be mapped."""
    pagemap = os.open("/proc/self/pagemap", os.O_RDONLY | os.O_CLOEXEC)
    with open("/proc/self/maps", encoding="ascii", errors="replace") as maps:
        for line in maps:
            span, rights, _offset, _device, inode, *_path = line.split()
            begin, end = (int(address, 16) for address in span.split("-"))
            if rights == "rw-p":
                for written in _written(pagemap, begin, end):
                    yield _MADV_POPULATE_WRITE, *written
            elif rights.startswith("r-") and rights.endswith("p") and inode != "0":
                yield _MADV_POPULATE_READ, begin, end
    os.close(pagemap)


class Forking:
    """Everything that a fork needs, found out beforehand."""

    def __init__(self) -> None:
        self._syscall = long_function("syscall")
        self._before = long_function("PyOS_BeforeFork")
        self._after_in_parent = long_function("PyOS_AfterFork_Parent")
        self._after_in_child = long_function("PyOS_AfterFork_Child")
        self._machine = os.uname().machine
        self._thread_id = 0
        place, address = buffer(bytes(8))
        if long_function("prctl")(_PR_GET_TID_ADDRESS, address, 0, 0, 0) == 0:
            self._thread_id = address_of(place)
        head, head_address = buffer(bytes(8))
        size, size_address = buffer(bytes(8))
        self._syscall(_GET_ROBUST_LIST[self._machine], 0, head_address, size_address)
        self._pages: list[tuple[int, int, int]] = []
        self._robust_list = address_of(head), address_of(size)

    def fork(self, descriptors: list[int]) -> bool:
        """Whether this is the copy, which has the descriptors as orders, standard output and error then."""
        if not self._pages:
            self._pages = list(_pages())
        if self._clone() != 0:
            for descriptor in descriptors:
                os.close(descriptor)
            return False
        for descriptor, number in zip(descriptors, (ORDER_DESCRIPTOR, 1, 2), strict=True):
            os.dup2(descriptor, number)
            os.close(descriptor)
        os.setsid()
        if self._syscall(_LANDLOCK_RESTRICT_SELF, DOMAIN_DESCRIPTOR, 0) != 0:
            os._exit(1)
        os.close(DOMAIN_DESCRIPTOR)
        return True

    def take_pages(self) -> None:
        """Has the pages that a script needs before it comes; one at a time they would cost three times as much."""
        for advice, begin, end in self._pages:
            self._syscall(_MADVISE[self._machine], begin, end - begin, advice)

    def _clone(self) -> int:
        flags = _CLONE_PARENT | _SIGCHLD
        if self._thread_id:
            flags |= _CLONE_CHILD_SETTID | _CLONE_CHILD_CLEARTID
        rest = (self._thread_id, 0) if self._machine == "x86_64" else (0, self._thread_id)
        self._before()
        process = self._syscall(_CLONE[self._machine], flags, 0, 0, *rest)
        if process == 0:
            self._syscall(_SET_ROBUST_LIST[self._machine], *self._robust_list)
            self._after_in_child()
        else:
            self._after_in_parent()
        if process < 0:
            raise OSError("the launcher cannot make a process")
        return process
