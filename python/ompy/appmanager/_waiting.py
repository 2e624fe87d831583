"""An interpreter that was started before its task: it waits at the end of its own start-up for the script to run.

The hypervisor keeps some of them ready. Such an interpreter was started as ``python PLACEHOLDER``; when the order comes,
the real script's path takes the placeholder's place in the interpreter's own configuration, this module returns, and
the interpreter goes on to run the script exactly as if it had been named on the command line. Nothing of this module is
on the script's stack.

The order (docs/PROTOCOL.md, "Waiting interpreter") comes on a socket with the number 3, which is closed before the
script begins.
"""

import ctypes
import importlib
import os
import socket
import struct
import sys
import time
from typing import Dict, List, Set

ORDER_DESCRIPTOR = 3
_READY = b"r"
_RUN = b"run"  # the other kind of order is "preload", with names of modules
_WIDE = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"
_TERMINATOR = b"\0\0\0\0"

# prctl(2), PR_SET_MM_MAP of <linux/prctl.h>; the fields of struct prctl_mm_map up to env_end are eleven u64.
_PR_SET_MM = 35
_PR_SET_MM_MAP = 14
_ADDRESSES = 11
_KEEP_PROGRAM = 0xFFFFFFFF

# What /proc shows as command line and environment from then on; it must live as long as the process.
_shown = None


def _places_of(placeholder: str) -> List[int]:
    """Where the interpreter has its copies of the placeholder, as strings of wchar_t."""
    wanted = placeholder.encode(_WIDE) + _TERMINATOR
    places = []
    with open("/proc/self/maps", encoding="ascii", errors="replace") as maps:
        ranges = [line.split()[0].split("-") for line in maps if line.rstrip().endswith("[heap]")]
    for first, last in ranges:
        begin, end = int(first, 16), int(last, 16)
        content = ctypes.string_at(begin, end - begin)
        at = content.find(wanted)
        while at >= 0:
            places.append(begin + at)
            at = content.find(wanted, at + len(wanted))
    # The copy that encode() made has been found, too, and is gone with it.
    own = ctypes.cast(ctypes.c_char_p(wanted), ctypes.c_void_p).value or 0
    return [place for place in places if place != own]


def _show(arguments: List[bytes], environment: List[bytes]) -> None:
    """Lets /proc/self/cmdline and environ show what the task was given; as it was where the kernel cannot."""
    global _shown
    command = b"\0".join(arguments) + b"\0"
    variables = b"\0".join(environment) + b"\0"
    _shown = ctypes.create_string_buffer(command + variables, len(command) + len(variables))
    begin = ctypes.addressof(_shown)
    with open("/proc/self/stat", "rb") as file:
        # Behind the name, which may have blanks; the third field of proc(5) comes first.
        fields = [b"", b"", b"", *file.read().rpartition(b")")[2].split()]
    start_code, end_code, start_stack = (int(fields[number]) for number in (26, 27, 28))
    start_data, end_data, start_brk = (int(fields[number]) for number in (45, 46, 47))
    libc = ctypes.CDLL(None)
    libc.sbrk.restype = ctypes.c_void_p
    addresses = [
        start_code, end_code, start_data, end_data, start_brk, libc.sbrk(0), start_stack,
        begin, begin + len(command), begin + len(command), begin + len(command) + len(variables),
    ]  # fmt: skip
    layout = struct.pack(f"={_ADDRESSES}QQII", *addresses, 0, 0, _KEEP_PROGRAM)
    libc.prctl(_PR_SET_MM, _PR_SET_MM_MAP, ctypes.c_char_p(layout), ctypes.c_ulong(len(layout)), ctypes.c_ulong(0))


def _receive(order: socket.socket) -> List[bytes]:
    """The fields of the next order; ends this process when nobody will ever give one."""
    content = b""
    size = 4
    while len(content) < size:
        piece = order.recv(size - len(content))
        if not piece:
            os._exit(0)
        content += piece
        if len(content) == 4:
            size += int.from_bytes(content, "big")
    return content[4:].split(b"\0")


def _preload(names: List[bytes]) -> None:
    for name in names:
        try:
            importlib.import_module(name.decode())
        except Exception:  # the script will meet it where it imports that module itself
            continue


def _forget(modules: Set[str], *folders: str) -> None:
    """Unloads them all when a script's folder has a file of one of their names, which the script means then."""
    names = {name.partition(".")[0] for name in modules}
    for folder in folders:
        try:
            files = os.listdir(folder)
        except OSError:
            continue
        if not names.isdisjoint(file.partition(".")[0] for file in files):
            for module in modules:
                sys.modules.pop(module, None)
            return


def _begin_now() -> None:
    """What counts from the start of a program."""
    logging = sys.modules.get("logging")
    if logging is not None:
        # Nanoseconds since Python 3.13.
        whole = isinstance(logging._startTime, int)  # type: ignore[attr-defined]
        logging._startTime = time.time_ns() if whole else time.time()  # type: ignore[attr-defined]


def wait_for_order(placeholder: str, known: Set[str]) -> None:
    """Returns when this interpreter is to run a script, with everything in place for it.

    ``known``: the modules that any interpreter has when it begins.
    """
    places = _places_of(placeholder)
    order = socket.socket(fileno=ORDER_DESCRIPTOR)
    if not places:
        sys.stderr.write("this interpreter cannot wait for a script: its command line is not where it is expected\n")
        os._exit(1)
    while True:
        order.sendall(_READY)
        kind, *fields = _receive(order)
        if kind == _RUN:
            break
        _preload(fields)
    order.close()
    folder, python, script, *environment = fields
    os.chdir(folder)
    _take_environment(environment)
    path = os.fsdecode(script)
    wide = path.encode(_WIDE, "surrogateescape") + _TERMINATOR
    for place in places:
        ctypes.memmove(place, wide, len(wide))
    sys.argv = [path]
    if hasattr(sys, "orig_argv"):
        sys.orig_argv[1:] = [path]
    _show([python, script], environment)
    _begin_now()
    _forget(set(sys.modules) - known, os.path.dirname(path), os.environ.get("AM_APPLICATION_PATH", ""))


def _take_environment(entries: List[bytes]) -> None:
    given: Dict[str, str] = {}
    for entry in entries:
        name, _, value = os.fsdecode(entry).partition("=")
        given[name] = value
    os.environ.clear()
    os.environ.update(given)
