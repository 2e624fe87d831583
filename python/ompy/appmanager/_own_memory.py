"""What an interpreter changes in its own process image while it waits for a script (see ``_waiting``).

Only with what costs a start nothing: ``/proc/self/mem`` and the extension module under ctypes, whose Python half takes
longer to import than everything else together.
"""

from __future__ import annotations

import _ctypes
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

_WIDE = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"
_TERMINATOR = b"\0\0\0\0"

# prctl(2), PR_SET_MM_MAP of <linux/prctl.h>.
_PR_SET_MM = 35
_PR_SET_MM_MAP = 14
_KEEP_PROGRAM = b"\xff\xff\xff\xff"
_LAYOUT_BYTES = 12 * 8 + 2 * 4
_LONGEST_TITLE = 1 << 14


class _Long(_ctypes._SimpleCData):  # type: ignore[type-arg]
    _type_ = "l"


class _Function(_ctypes.CFuncPtr):
    _flags_ = _ctypes.FUNCFLAG_CDECL | _ctypes.FUNCFLAG_PYTHONAPI  # this thread stays the interpreter's only one
    _restype_ = _Long


class _Char(_ctypes._SimpleCData):  # type: ignore[type-arg]
    _type_ = "c"


def buffer(content: bytes) -> tuple[bytearray, int]:
    """(A bytearray of that content, the address of its first byte), which stays as long as it lives."""
    memory = bytearray(content)
    kind: Any = type("_Buffer", (_ctypes.Array,), {"_type_": _Char, "_length_": len(content)})
    return memory, _ctypes.addressof(kind.from_buffer(memory))


def address_of(memory: bytearray) -> int:
    """The address that a buffer of eight bytes holds."""
    return int.from_bytes(memory, sys.byteorder)


def long_function(name: str) -> Callable[..., int]:
    """A function of the C library or of Python that takes and gives values of the C type long."""
    function = _Function(_ctypes.dlsym(_ctypes.dlopen(None, os.RTLD_NOW), name))  # type: ignore[arg-type]
    return lambda *values: function(*map(_Long, values))


def _words(values: list[int]) -> bytes:
    return b"".join([value.to_bytes(8, sys.byteorder) for value in values])


class CommandLine:
    """The interpreter's own copies of a placeholder on its command line, as strings of wchar_t."""

    def __init__(self, placeholder: str) -> None:
        memory = os.open("/proc/self/mem", os.O_RDONLY | os.O_CLOEXEC)
        wanted = placeholder.encode(_WIDE)
        # It may be on the heap itself, and is not the interpreter's.
        own = range(id(wanted), id(wanted) + sys.getsizeof(wanted))
        with open("/proc/self/maps", encoding="ascii", errors="replace") as maps:
            heap = [line.split(None, 1)[0].split("-") for line in maps if line.rstrip().endswith("[heap]")]
        self.places = []
        self._memory = -1
        self._wanted = wanted
        for first, last in heap:
            begin = int(first, 16)
            content = os.pread(memory, int(last, 16) - begin, begin)
            at = content.find(wanted)
            while at >= 0:
                end = at + len(wanted)
                # Python's own strings are of one byte a character here; a wide one with an end is the interpreter's.
                if content[end : end + len(_TERMINATOR)] == _TERMINATOR and begin + at not in own:
                    self.places.append(begin + at)
                at = content.find(wanted, end)
        os.close(memory)

    def open(self) -> None:
        """Once it is certain that it will be this process that replaces."""
        if self._memory >= 0:
            os.close(self._memory)  # of the process of which this one is a copy
        self._memory = os.open("/proc/self/mem", os.O_RDWR | os.O_CLOEXEC)

    def replace(self, path: str) -> None:
        """Puts a path that is not longer in the placeholder's place."""
        wide = path.encode(_WIDE, "surrogateescape") + _TERMINATOR
        former = self._wanted[: len(wide)]
        for place in self.places:
            # A copy that was freed meanwhile may have become something else.
            if os.pread(self._memory, len(wide), place) == former:
                os.pwrite(self._memory, wide, place)
        os.close(self._memory)


class ProcessTitle:
    """What /proc/self/cmdline and environ show, as far as the kernel lets a process change that."""

    def __init__(self) -> None:
        with open("/proc/self/stat", "rb") as file:
            # Behind the name, which may have blanks; the third field of proc(5) comes first.
            fields = [b"", b"", b"", *file.read().rpartition(b")")[2].split()]
        self._segments = _words([int(fields[number]) for number in (26, 27, 45, 46, 47)])  # code, data, heap
        self._stack = int(fields[28])
        self._prctl = long_function("prctl")
        self._sbrk = long_function("sbrk")
        # What is shown must live as long as the process.
        self._shown, self._begin = buffer(bytes(_LONGEST_TITLE))
        _ctypes.Py_INCREF(self._shown)
        self._layout, self._place = buffer(bytes(_LAYOUT_BYTES))

    def change(self, arguments: list[bytes], environment: list[bytes]) -> None:
        """Shows the beginning of what is too long."""
        command = b"\0".join(arguments) + b"\0"
        shown = (command + b"\0".join(environment) + b"\0")[:_LONGEST_TITLE]
        self._shown[: len(shown)] = shown
        begin = self._begin
        middle = begin + len(command)
        end = begin + len(shown)
        # struct prctl_mm_map: these as u64, no auxiliary vector, and the program as it is.
        rest = _words([self._sbrk(0), self._stack, begin, middle, middle, end])
        self._layout[:] = self._segments + rest + bytes(8 + 4) + _KEEP_PROGRAM
        self._prctl(_PR_SET_MM, _PR_SET_MM_MAP, self._place, _LAYOUT_BYTES, 0)
