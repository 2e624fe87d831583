"""An interpreter that was started before its task: it waits at the end of its own start-up for the script to run.

The hypervisor keeps some of them ready. Such an interpreter was started as ``python PLACEHOLDER``; when the order
comes, the real script's path takes the placeholder's place in the interpreter's own configuration, this module returns,
and the interpreter goes on to run the script exactly as if it had been named on the command line. Nothing of this
module is on the script's stack. A launcher is such an interpreter that never gets a script: its copies do.

The orders (docs/PROTOCOL.md, "Waiting interpreter") come on a socket with the number 3, which is closed before the
script begins. Every import here costs each prepared interpreter its time.
"""

from __future__ import annotations

import _socket
import os
import sys

from ompy.appmanager._forking import Forking
from ompy.appmanager._own_memory import CommandLine, ProcessTitle

ORDER_DESCRIPTOR = 3
_LONGEST_ORDER = 1 << 16
_PLACEHOLDER = b"AM_PLACEHOLDER"
_DESCRIPTORS = _socket.CMSG_SPACE(3 * 4)


def _receive(orders: _socket.socket, room: memoryview) -> tuple[list[bytes], list[int]]:
    """The fields of the next order, and its descriptors; ends this process when nobody will ever give one."""
    size, ancillary, _flags, _address = orders.recvmsg_into([room], _DESCRIPTORS)
    if not size:
        os._exit(0)
    descriptors = [
        int.from_bytes(data[at : at + 4], sys.byteorder) for _, _, data in ancillary for at in range(0, len(data), 4)
    ]
    return bytes(room[:size]).split(b"\0"), descriptors


def _preload(names: list[bytes]) -> None:
    for name in names:
        try:
            __import__(name.decode())
        except Exception:  # the script will meet it where it imports that module itself
            continue


def _detach() -> None:
    """Goes on as an orphan, which is a child of the pid namespace's first process."""
    if os.fork():
        os._exit(0)


def _forget(modules: set[str], folders: set[str]) -> None:
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


def _environment() -> list[bytes]:
    """The variables that a task has in common with the interpreter that waits for it."""
    known = os.environ._data  # type: ignore[attr-defined]
    return [name + b"=" + value for name, value in known.items() if name != _PLACEHOLDER]


def _take_environment(entries: list[bytes], common: list[bytes]) -> None:
    """In that order. What is as it was before costs nothing."""
    if entries[: len(common)] == common:
        known = os.environ._data  # type: ignore[attr-defined]
        os.unsetenv(_PLACEHOLDER)
        known.pop(_PLACEHOLDER, None)
        for entry in entries[len(common) :]:
            name, _, value = entry.partition(b"=")
            os.putenv(name, value)
            known[name] = value
    else:
        _replace_environment(entries)


def _replace_environment(entries: list[bytes]) -> None:
    variables = {}
    for entry in entries:
        name, _, value = entry.partition(b"=")
        variables[name] = value
    known = os.environ._data  # type: ignore[attr-defined]
    for name in [name for name in known if name not in variables]:
        os.unsetenv(name)
    for name, value in variables.items():
        if known.get(name) != value:
            os.putenv(name, value)
    known.clear()
    known.update(variables)


def _begin_now() -> None:
    """What counts from the start of a program."""
    logging = sys.modules.get("logging")
    if logging is not None:
        import time

        # Nanoseconds since Python 3.13.
        whole = isinstance(logging._startTime, int)
        logging._startTime = time.time_ns() if whole else time.time()  # type: ignore[attr-defined]


def wait_for_order(placeholder: str, known: set[str]) -> None:
    """Returns when this interpreter is to run a script, with everything in place for it.

    ``known``: the modules that any interpreter has when it begins.
    """
    command_line = CommandLine(placeholder)
    if not command_line.places:
        sys.stderr.write("this interpreter cannot wait for a script: its command line is not where it is expected\n")
        os._exit(1)
    title = ProcessTitle()
    forking = Forking()
    # What they are needed for is held by this frame from here on; not one more thing to do when the order comes.
    for name in set(sys.modules) - known:
        del sys.modules[name]
    common = _environment()
    orders = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET, 0, ORDER_DESCRIPTOR)
    room = memoryview(bytearray(_LONGEST_ORDER))
    launches = False
    preloaded: set[str] = set()
    while True:
        if not launches:
            command_line.open()
            orders.send(b"%d" % os.getpid())
        (kind, *fields), descriptors = _receive(orders, room)
        if kind == b"run":
            break
        if kind == b"preload":
            _preload(fields)
            preloaded = set(sys.modules) - known
            common = _environment()  # a module may have changed it, which is no task's concern
        elif kind == b"detach":
            _detach()
        elif kind == b"fork":
            launches = not forking.fork(descriptors)
        elif kind == b"take_pages":
            forking.take_pages()
    orders.close()
    folder, python, script, *environment = fields
    os.chdir(folder)
    _take_environment(environment, common)
    path = os.fsdecode(script)
    command_line.replace(path)
    sys.argv = [path]
    if hasattr(sys, "orig_argv"):
        sys.orig_argv[1:] = [path]
    title.change([python, script], environment)
    if preloaded:
        _begin_now()
        _forget(preloaded, {os.path.dirname(path), os.environ.get("AM_APPLICATION_PATH", "")})
