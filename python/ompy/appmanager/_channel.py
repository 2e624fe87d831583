"""Requests of this task to its hypervisor, over ``AM_TASK_SOCKET``.

Every request has a connection of its own: threads, forks and subprocesses of a task share nothing. What is said on
one is written once, as generators that yield :class:`Wait` wherever they would block; one driver waits with ``poll``,
the other one with asyncio.
"""

from __future__ import annotations

import _socket  # socket itself costs milliseconds of a task's start
import errno
import json
import os
import select
import time

from ompy.appmanager import _frames
from ompy.appmanager.errors import AmError, AmTimeoutError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Generator, Optional, Tuple, TypeVar

    T = TypeVar("T")
    Steps = Generator["Wait", None, T]

# How long a hypervisor may be away (it restarts in well under a second) before a request gives up.
PATIENCE_SEC = 30.0
_FIRST_PAUSE_SEC = 0.005
_MOST_PAUSE_SEC = 0.5
_RECEIVE_BYTES = 64 * 1024
_SUN_PATH_BYTES = 107


class Wait:
    """What a step waits for: the descriptor to become readable or writable, or just a pause."""

    __slots__ = ("fd", "pause", "write")

    def __init__(self, fd: int = -1, write: bool = False, pause: float = 0.0) -> None:
        self.fd = fd
        self.write = write
        self.pause = pause


class Away(Exception):
    """The connection could not be made or ended early: to be tried again."""


def socket_path() -> str:
    """``AM_TASK_SOCKET``; AmError outside a task."""
    path = os.environ.get("AM_TASK_SOCKET")
    if not path:
        raise AmError("this process is no task of the Application Manager: start the script there", "no_task")
    return path


def connect() -> _socket.socket:
    """A new connection, non-blocking; Away while nobody listens."""
    path = socket_path()
    sock = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM | _socket.SOCK_CLOEXEC, 0)
    folder = -1
    try:
        if len(os.fsencode(path)) > _SUN_PATH_BYTES:
            folder = os.open(os.path.dirname(path), os.O_PATH | os.O_CLOEXEC)
            path = f"/proc/self/fd/{folder}/{os.path.basename(path)}"
        sock.connect(path)
        sock.setblocking(False)
    except OSError as error:
        sock.close()
        if error.errno in (errno.ENOENT, errno.ECONNREFUSED, errno.EAGAIN):
            raise Away(str(error)) from None
        raise AmError(f"cannot reach the hypervisor at {path}: {error}", "unavailable") from error
    finally:
        if folder >= 0:
            os.close(folder)
    return sock


class Connection:
    """One connection with control frames."""

    def __init__(self) -> None:
        self.sock = connect()
        self.frames = _frames.FrameReader()

    def close(self) -> None:
        self.sock.close()

    def send(self, request: Dict[str, Any]) -> Steps[None]:
        data = memoryview(_frames.encode(_frames.CONTROL, json.dumps(request).encode("utf-8")))
        while data:
            try:
                data = data[self.sock.send(data) :]
            except BlockingIOError:
                yield Wait(self.sock.fileno(), write=True)
            except OSError as error:
                raise Away(str(error)) from None

    def receive(self) -> Steps[Dict[str, Any]]:
        """The next answer; AmError for an error answer, Away when the connection ends first."""
        while True:
            frame = self.frames.next()
            if frame is not None:
                break
            try:
                data = self.sock.recv(_RECEIVE_BYTES)
            except BlockingIOError:
                yield Wait(self.sock.fileno())
                continue
            except OSError as error:
                raise Away(str(error)) from None
            if not data:
                raise Away("the hypervisor closed the connection")
            self.frames.feed(data)
        message = json.loads(frame[1])
        if "error" in message:
            raise AmError(message["error"]["message"], message["error"]["code"])
        answer: Dict[str, Any] = message["answer"]
        return answer

    def ask(self, request: Dict[str, Any]) -> Steps[Dict[str, Any]]:
        try:
            yield from self.send(request)
        except Away:
            # Perhaps it was refused before it was read to its end: then the answer says why, and no repetition helps.
            return (yield from self.receive())
        return (yield from self.receive())


def persistently(attempt: Callable[[Connection], Steps[T]], keep: bool = False) -> Steps[Tuple[T, Connection]]:
    """Runs ``attempt`` on a new connection, again and again while the hypervisor is away.

    Gives its result and the connection, which is closed unless ``keep``.
    """
    away_since: Optional[float] = None
    pause = _FIRST_PAUSE_SEC
    while True:
        connection: Optional[Connection] = None
        done = False
        try:
            connection = Connection()
            result = yield from attempt(connection)
            done = keep
            return result, connection
        except Away as error:
            now = time.monotonic()
            if away_since is None or connection is not None:
                away_since = now  # it was there until now
            if now - away_since >= PATIENCE_SEC:
                raise AmError(f"the hypervisor has been away for {PATIENCE_SEC:g} s ({error})", "unavailable") from None
        finally:
            if connection is not None and not done:
                connection.close()
        yield Wait(pause=pause)
        pause = min(2 * pause, _MOST_PAUSE_SEC)


def ask(request: Dict[str, Any]) -> Steps[Dict[str, Any]]:
    """One request and its answer."""
    return (yield from persistently(lambda connection: connection.ask(request)))[0]


def _left(deadline: Optional[float], what: str, timeout: Optional[float]) -> Optional[float]:
    if deadline is None:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise AmTimeoutError(f"{what}: nothing within {timeout:g} s")
    return left


def run(steps: Steps[T], timeout: Optional[float], what: str) -> T:
    """Drives the steps to their result, waiting with ``poll``; AmTimeoutError after ``timeout`` seconds."""
    deadline = None if timeout is None else time.monotonic() + timeout
    try:
        while True:
            try:
                wait = next(steps)
            except StopIteration as end:
                result: T = end.value
                return result
            left = _left(deadline, what, timeout)
            if wait.fd < 0:
                time.sleep(wait.pause if left is None else min(wait.pause, left))
                continue
            poller = select.poll()
            poller.register(wait.fd, select.POLLOUT if wait.write else select.POLLIN)
            poller.poll(None if left is None else left * 1000)
    finally:
        steps.close()


async def run_async(steps: Steps[T], timeout: Optional[float], what: str) -> T:
    """The same on the running event loop, which is never blocked. Cancelling it gives the request up."""
    import asyncio

    deadline = None if timeout is None else time.monotonic() + timeout
    try:
        while True:
            try:
                wait = next(steps)
            except StopIteration as end:
                result: T = end.value
                return result
            left = _left(deadline, what, timeout)
            if wait.fd < 0:
                await asyncio.sleep(wait.pause if left is None else min(wait.pause, left))
            else:
                await until_ready(wait.fd, wait.write, left)
    finally:
        steps.close()


async def until_ready(fd: int, write: bool, timeout: Optional[float]) -> None:
    """Waits for the descriptor on the running loop. Reads nothing, so that a cancellation loses nothing."""
    import asyncio

    loop = asyncio.get_running_loop()
    ready = loop.create_future()

    def wake() -> None:
        if not ready.done():
            ready.set_result(None)

    if write:
        loop.add_writer(fd, wake)
    else:
        loop.add_reader(fd, wake)
    try:
        await asyncio.wait((ready,), timeout=timeout)
    finally:
        if write:
            loop.remove_writer(fd)
        else:
            loop.remove_reader(fd)
