"""Requests of this task to its hypervisor, over ``AM_TASK_SOCKET``.

Every request has a connection of its own: threads, forks and subprocesses of a task share nothing. What is said on
one is written once, as generators that yield a :class:`Wait` wherever they would block; one driver waits with ``poll``,
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
# The shortest timeout of a request: its own way there and back.
ROUND_TRIP_SEC = 0.1

_FIRST_PAUSE_SEC = 0.005
_MOST_PAUSE_SEC = 0.5
_STABLE_SEC = 1.0  # a connection that lived this long shows that the hypervisor was there
_SUN_PATH_BYTES = 107


class Wait:
    """What a step waits for: the descriptor to become readable or writable, or just a pause in seconds."""

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
    sock = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM | _socket.SOCK_CLOEXEC | _socket.SOCK_NONBLOCK, 0)
    sock.setblocking(False)
    folder = -1
    made = False
    try:
        address = path
        if len(os.fsencode(path)) > _SUN_PATH_BYTES:
            folder = os.open(os.path.dirname(path), os.O_PATH | os.O_CLOEXEC)
            address = f"/proc/self/fd/{folder}/{os.path.basename(path)}"
        sock.connect(address)
        made = True
    except OSError as error:
        # EAGAIN: more connect than are accepted at the moment.
        if error.errno in (errno.ENOENT, errno.ECONNREFUSED, errno.EAGAIN):
            raise Away(f"{path}: {error.strerror}") from None
        raise AmError(f"cannot reach the hypervisor at {path}: {error}", "unavailable") from error
    finally:
        if folder >= 0:
            os.close(folder)
        if not made:
            sock.close()
    return sock


def encode_request(request: Dict[str, Any]) -> bytes:
    """The frame of a request; AmError when it is larger than a frame may be."""
    try:
        payload = json.dumps(request, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except UnicodeEncodeError as error:  # half of a surrogate pair in a path or a pid
        raise AmError(f"{request['request']}: {error}", "invalid_argument") from None
    if len(payload) >= _frames.FRAME_LIMIT:
        raise AmError(
            f"{request['request']}: the request has {len(payload)} bytes, "
            f"fewer than {_frames.FRAME_LIMIT} are possible",
            "too_large",
        )
    return _frames.encode(_frames.CONTROL, payload)


class Connection:
    """One connection with control frames."""

    def __init__(self) -> None:
        self.sock = connect()
        self.frames = _frames.FrameReader()
        self.since = time.monotonic()

    def close(self) -> None:
        self.sock.close()

    def send(self, request: bytes) -> Steps[None]:
        data = memoryview(request)
        while data:
            try:
                data = data[self.sock.send(data, _socket.MSG_NOSIGNAL) :]
            except BlockingIOError:
                yield Wait(self.sock.fileno(), write=True)
            except OSError as error:
                if error.errno == errno.EPIPE:
                    return  # a refusal may be there to be read
                raise Away(str(error)) from None

    def receive(self) -> Steps[Dict[str, Any]]:
        """The next answer; AmError for an error answer, Away when the connection ends first."""
        try:
            kind = self.frames.next()
            while not kind:
                try:
                    count = self.frames.receive(self.sock)
                except BlockingIOError:
                    yield Wait(self.sock.fileno())
                    continue
                except OSError as error:
                    raise Away(str(error)) from None
                if count == 0:
                    raise Away("the hypervisor closed the connection")
                kind = self.frames.next()
            if kind != _frames.CONTROL:
                raise ValueError(f"a frame of kind {kind} instead of an answer")
            message = json.loads(bytes(self.frames.payload))
            if "error" in message:
                raise AmError(message["error"]["message"], message["error"]["code"])
            answer: Dict[str, Any] = message["answer"]
        except (ValueError, KeyError, TypeError) as error:
            raise AmError(f"the hypervisor's answer cannot be read: {error!r}", "internal") from error
        return answer

    def ask(self, request: bytes) -> Steps[Dict[str, Any]]:
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
            was_there = connection is not None and now - connection.since >= _STABLE_SEC
            if away_since is None or was_there:
                away_since = now
                pause = _FIRST_PAUSE_SEC
            if now - away_since >= PATIENCE_SEC:
                raise AmError(f"the hypervisor has been away for {PATIENCE_SEC:g} s ({error})", "unavailable") from None
        finally:
            if connection is not None and not done:
                connection.close()
        yield Wait(pause=pause)
        pause = min(2 * pause, _MOST_PAUSE_SEC)


def ask(request: Dict[str, Any]) -> Steps[Dict[str, Any]]:
    """One request and its answer."""
    frame = encode_request(request)  # once: an impossible one makes no connection
    return (yield from persistently(lambda connection: connection.ask(frame)))[0]


def deadline_of(timeout: Optional[float]) -> Optional[float]:
    """The moment of ``time.monotonic()`` at which ``timeout`` seconds are over; None for none."""
    return None if timeout is None else time.monotonic() + timeout


def left_until(deadline: Optional[float], what: str, timeout: Optional[float]) -> Optional[float]:
    """Seconds that are left, None for no limit; AmTimeoutError when there are none."""
    if deadline is None:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise AmTimeoutError(f"{what}: nothing within {timeout:g} s")
    return left


def run(steps: Steps[T], timeout: Optional[float], what: str) -> T:
    """Drives the steps to their result, waiting with ``poll``; AmTimeoutError after ``timeout`` seconds."""
    deadline = deadline_of(None if timeout is None else max(timeout, ROUND_TRIP_SEC))
    try:
        while True:
            try:
                wait = next(steps)
            except StopIteration as end:
                result: T = end.value
                return result
            left = left_until(deadline, what, timeout)
            if wait.fd < 0:
                time.sleep(wait.pause if left is None else min(wait.pause, left))
            else:
                poll(wait.fd, wait.write, left)
    finally:
        steps.close()


def poll(fd: int, write: bool, timeout: Optional[float]) -> None:
    """Blocks until the descriptor is ready or ``timeout`` seconds are over."""
    poller = select.poll()
    poller.register(fd, select.POLLOUT if write else select.POLLIN)
    poller.poll(None if timeout is None else timeout * 1000)


async def run_async(steps: Steps[T], timeout: Optional[float], what: str) -> T:
    """The same on the running event loop, which is never blocked. Cancelling it gives the request up."""
    import asyncio

    deadline = deadline_of(None if timeout is None else max(timeout, ROUND_TRIP_SEC))
    try:
        while True:
            try:
                wait = next(steps)
            except StopIteration as end:
                result: T = end.value
                return result
            left = left_until(deadline, what, timeout)
            if wait.fd < 0:
                await asyncio.sleep(wait.pause if left is None else min(wait.pause, left))
            else:
                await until_ready(wait.fd, wait.write, left)
    finally:
        steps.close()


async def until_ready(fd: int, write: bool, timeout: Optional[float]) -> None:
    """Waits on the running loop until the descriptor is ready or ``timeout`` seconds are over.

    Reads nothing, so that a cancellation loses nothing.
    """
    import asyncio

    loop = asyncio.get_running_loop()
    ready = loop.create_future()

    def wake() -> None:
        if not ready.done():
            ready.set_result(None)

    (loop.add_writer if write else loop.add_reader)(fd, wake)
    timer = None if timeout is None else loop.call_later(timeout, wake)
    try:
        await ready
    finally:
        (loop.remove_writer if write else loop.remove_reader)(fd)
        if timer is not None:
            timer.cancel()
