"""Sending messages as frames: whole ones in one system call, what is cut in two completed before the next."""

from __future__ import annotations

import _socket
import collections
import itertools

from ompy.appmanager import _channel, _frames
from ompy.appmanager.errors import AmError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Deque, Optional, Sequence, Union

    Bytes = Union[bytes, bytearray, memoryview]

#: The largest message, in bytes.
MESSAGE_LIMIT = 64 << 20

_PIECE_BYTES = 256 * 1024
_COPY_BYTES = 8 * 1024  # up to here header and payload are put together rather than gathered
_AT_ONCE = 4  # buffers that one sendmsg() gets
_TURNS = 16  # calls in a row that did not have to wait, until a coroutine lets others have the loop


def text_payload(text: str) -> bytes:
    """The bytes of a text message; TypeError or AmError for what is none."""
    if not isinstance(text, str):
        raise TypeError(f"a text message is str, not {type(text).__name__}")
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise AmError(f"text: half a character at {error.start} cannot be sent", "invalid_argument") from None
    _check_size(len(data))
    return data


def binary_payload(data: Bytes) -> Bytes:
    """The bytes of a binary message; TypeError or AmError for what is none."""
    if isinstance(data, (bytes, bytearray)):
        _check_size(len(data))
        return data
    if not isinstance(data, memoryview):
        raise TypeError(f"a binary message is bytes, bytearray or memoryview, not {type(data).__name__}")
    view = data.cast("B") if data.c_contiguous else memoryview(data.tobytes())
    _check_size(len(view))
    return view


def _check_size(size: int) -> None:
    if size > MESSAGE_LIMIT:
        raise AmError(f"the message has {size} bytes; at most {MESSAGE_LIMIT} are possible", "too_large")


class Outgoing:
    """The writing half of a connection; its owner lets one caller in at a time."""

    def __init__(self, sock: _socket.socket) -> None:
        self._sock = sock
        self._queue: Deque[Bytes] = collections.deque()
        self._fresh = 0  # how many buffers at the end of the queue are those of the newest message
        self._ahead = 0  # bytes in the queue before that message; below 0: a part of it is sent
        #: Nobody knows how much of a message was sent: nothing more can be.
        self.broken = False

    def send(self, kind: int, data: Bytes, deadline: Optional[float], timeout: Optional[float]) -> None:
        """One message; OSError when the connection is broken, AmTimeoutError at the deadline."""
        try:
            if not self._send_at_once(kind, data, 0 if deadline is None else _socket.MSG_DONTWAIT):
                self._flush(deadline, timeout)
        except BaseException:
            self._give_up()
            raise

    async def send_async(self, kind: int, data: Bytes, deadline: Optional[float], timeout: Optional[float]) -> None:
        """As send, on the running loop."""
        try:
            if not self._send_at_once(kind, data, _socket.MSG_DONTWAIT):
                await self._flush_async(deadline, timeout)
        except BaseException:
            self._give_up()
            raise

    def send_raw(self, frame: bytes, deadline: Optional[float], timeout: Optional[float]) -> None:
        """A frame as it is, behind what is still to be sent."""
        self._queue.append(frame)
        self._flush(deadline, timeout)

    async def send_raw_async(self, frame: bytes, deadline: Optional[float], timeout: Optional[float]) -> None:
        """As send_raw, on the running loop."""
        self._queue.append(frame)
        await self._flush_async(deadline, timeout)

    def _send_at_once(self, kind: int, data: Bytes, flags: int) -> bool:
        """True when the message is sent: the usual case of a small one, in one call. Else what is left is queued."""
        size = len(data)
        if self._queue or size > _PIECE_BYTES:
            self._enqueue(kind, data)
            return False
        header = _frames.HEADER.pack(size + 1, kind)
        total = len(header) + size
        buffers: Sequence[Bytes] = (header, data)
        sent = self._call((b"".join(buffers),) if size <= _COPY_BYTES else buffers, flags)
        if sent == total:
            return True
        self._queue.extend(buffers)
        self._fresh = len(buffers)
        self._ahead = 0
        self._advance(sent)
        return False

    def _enqueue(self, kind: int, data: Bytes) -> None:
        self._ahead = sum(map(len, self._queue))
        before = len(self._queue)
        view = memoryview(data)
        for at in range(0, max(1, len(view)), _PIECE_BYTES):
            piece = view[at : at + _PIECE_BYTES]
            more = _frames.MORE if at + _PIECE_BYTES < len(view) else 0
            self._queue.extend((_frames.HEADER.pack(len(piece) + 1, kind | more), piece))
        self._fresh = len(self._queue) - before

    def _call(self, buffers: Sequence[Bytes], flags: int) -> int:
        """One system call; how many bytes it took, 0 when it would block."""
        self.broken = True  # stays so when a signal's exception hides what was sent
        try:
            sent = self._sock.sendmsg(buffers, (), flags | _socket.MSG_NOSIGNAL)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.broken = False
            raise
        self.broken = False
        return sent

    def _advance(self, sent: int) -> None:
        self._ahead -= sent
        queue = self._queue
        while queue:
            size = len(queue[0])
            if size > sent:
                if sent:
                    queue[0] = memoryview(queue[0])[sent:]
                return
            queue.popleft()
            sent -= size

    def _flush(self, deadline: Optional[float], timeout: Optional[float]) -> None:
        flags = 0 if deadline is None else _socket.MSG_DONTWAIT
        while self._queue:
            sent = self._call(tuple(itertools.islice(self._queue, _AT_ONCE)), flags)
            if sent:
                self._advance(sent)
            else:
                left = _channel.left_until(deadline, "sending a message", timeout)
                _channel.poll(self._sock.fileno(), True, left)

    async def _flush_async(self, deadline: Optional[float], timeout: Optional[float]) -> None:
        import asyncio

        turns = 0
        while self._queue:
            sent = self._call(tuple(itertools.islice(self._queue, _AT_ONCE)), _socket.MSG_DONTWAIT)
            if sent:
                self._advance(sent)
                turns += 1
                if turns >= _TURNS:
                    turns = 0
                    await asyncio.sleep(0)
            else:
                turns = 0
                left = _channel.left_until(deadline, "sending a message", timeout)
                await _channel.until_ready(self._sock.fileno(), True, left)

    def _give_up(self) -> None:
        """Nobody waits for the newest message any more: what was begun is kept, to be completed before the next."""
        if self.broken:
            self._queue.clear()
        elif self._ahead < 0:
            self._queue = collections.deque(bytes(buffer) for buffer in self._queue)  # the caller may change its own
        else:
            for _ in range(min(self._fresh, len(self._queue))):
                self._queue.pop()
        self._fresh = 0
