"""A connection to somebody else, in messages: what ``wait_for_socket_from_web`` and ``connect_to_task`` give."""

from __future__ import annotations

import collections
import errno

from ompy.appmanager import _channel, _frames
from ompy.appmanager.errors import AmError, ConnectionClosed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import AsyncIterator, Deque, Iterator, List, Optional, Tuple, Type, Union

    Message = Union[str, bytes]

__all__ = ["MESSAGE_LIMIT", "TaskSocket"]

#: The largest message, in bytes.
MESSAGE_LIMIT = 64 << 20

_PIECE_BYTES = 256 * 1024
_RECEIVE_BYTES = 256 * 1024
_ABNORMAL = 1006


class TaskSocket:
    """Text and binary messages, both ways, boundaries kept, at most 64 MiB each.

    Every function is there twice: with ``sync_`` it blocks, without it is a coroutine. ``timeout`` is in seconds, None
    waits for ever; AmTimeoutError when it passes, and the message is read by a later call. ConnectionClosed once the
    other side is gone and everything that it sent before has been read.

    One thread or coroutine may read while another one writes. Usable with ``with`` and ``async with``, which close it,
    and with ``for`` and ``async for``, which give the messages until the other side closes.
    """

    def __init__(self, connection: _channel.Connection, peer: str) -> None:
        #: Who is at the other side, for people: ``127.0.0.1:40112`` or ``task 94edcac2-…``.
        self.peer = peer
        self._sock = connection.sock
        self._frames = connection.frames
        self._pieces: List[bytes] = []  # of the message that is being read
        self._kept: Deque[Message] = collections.deque()  # read, but not of the kind that was asked for
        self._unsent = memoryview(b"")  # of a frame whose sending was cancelled
        self._closed: Optional[Tuple[int, str]] = None  # how it ended
        self._reading = False
        self._writing = False

    # --- reading -------------------------------------------------------------------------------------------------

    def sync_read_message(self, timeout: Optional[float] = None) -> Message:
        """The next message: str for text, bytes for binary."""
        return _channel.run(self._read(None), timeout, "reading a message")

    def sync_read_text_message(self, timeout: Optional[float] = None) -> str:
        """The next message, which must be text; AmError, and the message stays, when it is binary."""
        message = _channel.run(self._read(str), timeout, "reading a text message")
        assert isinstance(message, str)
        return message

    def sync_read_binary_message(self, timeout: Optional[float] = None) -> bytes:
        """The next message, which must be binary; AmError, and the message stays, when it is text."""
        message = _channel.run(self._read(bytes), timeout, "reading a binary message")
        assert isinstance(message, bytes)
        return message

    async def read_message(self, timeout: Optional[float] = None) -> Message:
        """As :meth:`sync_read_message`. Cancelling it loses nothing."""
        return await _channel.run_async(self._read(None), timeout, "reading a message")

    async def read_text_message(self, timeout: Optional[float] = None) -> str:
        """As :meth:`sync_read_text_message`."""
        message = await _channel.run_async(self._read(str), timeout, "reading a text message")
        assert isinstance(message, str)
        return message

    async def read_binary_message(self, timeout: Optional[float] = None) -> bytes:
        """As :meth:`sync_read_binary_message`."""
        message = await _channel.run_async(self._read(bytes), timeout, "reading a binary message")
        assert isinstance(message, bytes)
        return message

    def _read(self, wanted: Optional[Type[Message]]) -> _channel.Steps[Message]:
        if self._reading:
            raise AmError("the connection is being read already: one reader at a time", "conflict")
        self._reading = True
        try:
            message = self._kept.popleft() if self._kept else (yield from self._next_message())
        finally:
            self._reading = False
        if wanted is None or isinstance(message, wanted):
            return message
        self._kept.appendleft(message)
        kind, name = ("text", "text") if isinstance(message, str) else ("binary", "binary")
        raise AmError(f"the next message is {kind} ({len(message)} long): read it with read_{name}_message", "conflict")

    def _next_message(self) -> _channel.Steps[Message]:
        while True:
            try:
                frame = self._frames.next()
            except ValueError as error:
                self._end(1002, str(error))
                frame = None
            if frame is not None:
                message = self._take(*frame)
                if message is not None:
                    return message
                continue
            if self._closed is not None:
                raise ConnectionClosed(*self._closed)
            yield from self._receive()

    def _receive(self) -> _channel.Steps[None]:
        try:
            data = self._sock.recv(_RECEIVE_BYTES)
        except BlockingIOError:
            yield _channel.Wait(self._sock.fileno())
            return
        except OSError as error:
            self._end(_ABNORMAL, str(error))
            return
        if data:
            self._frames.feed(data)
        else:
            self._end(_ABNORMAL, "the hypervisor's side ended")

    def _take(self, kind: int, payload: bytes) -> Optional[Message]:
        if kind == _frames.CLOSE:
            self._end(*_frames.decode_close(payload))
            return None
        self._pieces.append(payload)
        if kind & _frames.MORE:
            return None
        whole = payload if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        if kind == _frames.BINARY:
            return whole
        try:
            return whole.decode("utf-8")
        except UnicodeDecodeError as error:
            self._end(1007, f"a text message is not UTF-8: {error}")
            return None

    def _end(self, code: int, reason: str) -> None:
        if self._closed is None:
            self._closed = (code, reason)

    # --- writing -------------------------------------------------------------------------------------------------

    def sync_send_text_message(self, text: str, timeout: Optional[float] = None) -> None:
        """Sends text; returns when the kernel has it, which a reader that does not read delays."""
        _channel.run(self._send(_frames.TEXT, _encoded(text)), timeout, "sending a message")

    def sync_send_binary_message(
        self, data: Union[bytes, bytearray, memoryview], timeout: Optional[float] = None
    ) -> None:
        """Sends bytes, as :meth:`sync_send_text_message` sends text."""
        _channel.run(self._send(_frames.BINARY, _bytes(data)), timeout, "sending a message")

    async def send_text_message(self, text: str, timeout: Optional[float] = None) -> None:
        """As :meth:`sync_send_text_message`. A message whose sending is cancelled may arrive or not, never in parts."""
        await _channel.run_async(self._send(_frames.TEXT, _encoded(text)), timeout, "sending a message")

    async def send_binary_message(
        self, data: Union[bytes, bytearray, memoryview], timeout: Optional[float] = None
    ) -> None:
        """As :meth:`sync_send_binary_message`."""
        await _channel.run_async(self._send(_frames.BINARY, _bytes(data)), timeout, "sending a message")

    def _send(self, kind: int, data: memoryview) -> _channel.Steps[None]:
        if self._writing:
            raise AmError("the connection is being written already: one writer at a time", "conflict")
        self._writing = True
        try:
            yield from self._flush()
            size = len(data)
            if size <= _PIECE_BYTES:
                yield from self._put(_frames.HEADER.pack(size + 1, kind), data, b"")
                return
            for at in range(0, size, _PIECE_BYTES):
                piece = data[at : at + _PIECE_BYTES]
                last = at + _PIECE_BYTES >= size
                header = _frames.HEADER.pack(len(piece) + 1, kind if last else kind | _frames.MORE)
                yield from self._put(header, piece, (kind, data[at + _PIECE_BYTES :]))
        finally:
            self._writing = False

    def _put(self, header: bytes, piece: memoryview, rest: object) -> _channel.Steps[None]:
        """Sends one frame; what of the message is left when it is given up goes before the next one."""
        try:
            sent = self._send_some(header, piece)
            self._unsent = memoryview(b"")
            total = len(header) + len(piece)
            if sent < total:
                left = memoryview(header + bytes(piece))[sent:]
                self._unsent = left
                yield from self._flush()
        except GeneratorExit:
            if isinstance(rest, tuple):  # the pieces behind it, or the receiver would wait for them for ever
                self._unsent = memoryview(bytes(self._unsent) + _in_pieces(*rest))
            raise

    def _flush(self) -> _channel.Steps[None]:
        while self._unsent:
            sent = self._send_some(self._unsent, b"")
            if sent == 0:
                yield _channel.Wait(self._sock.fileno(), write=True)
            self._unsent = self._unsent[sent:]

    def _send_some(self, first: Union[bytes, memoryview], second: Union[bytes, memoryview]) -> int:
        if self._closed is not None:
            raise ConnectionClosed(*self._closed)
        try:
            return self._sock.sendmsg((first, second)) if second else self._sock.send(first)
        except BlockingIOError:
            return 0
        except OSError as error:
            if error.errno in (errno.EPIPE, errno.ECONNRESET):
                self._read_to_the_close()
            self._end(_ABNORMAL, str(error))
            assert self._closed is not None
            raise ConnectionClosed(*self._closed) from None

    def _read_to_the_close(self) -> None:
        """The other side takes nothing more: its last words say why. What it sent before stays to be read."""
        if self._reading:
            return  # that one finds it
        while True:
            frame = self._frames.next()
            if frame is not None:
                message = self._take(*frame)
                if message is not None:
                    self._kept.append(message)
                continue
            if self._closed is not None:
                return
            try:
                data = self._sock.recv(_RECEIVE_BYTES)
            except OSError:
                return
            if not data:
                return
            self._frames.feed(data)

    # --- the end -------------------------------------------------------------------------------------------------

    def sync_close(self, code: int = 1000, reason: str = "") -> None:
        """Closes the connection with a WebSocket code (1000 to 4999) and a reason. Harmless when it is closed."""
        try:
            _channel.run(self._close(code, reason), 5.0, "closing the connection")
        finally:
            self._sock.close()

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """As :meth:`sync_close`."""
        try:
            await _channel.run_async(self._close(code, reason), 5.0, "closing the connection")
        finally:
            self._sock.close()

    def _close(self, code: int, reason: str) -> _channel.Steps[None]:
        if self._closed is not None or self._sock.fileno() < 0:
            return
        try:
            yield from self._flush()
            self._unsent = memoryview(_frames.encode_close(code, reason))
            yield from self._flush()
        except ConnectionClosed:
            return
        self._end(code, reason)

    @property
    def closed(self) -> bool:
        """Whether the connection is known to be over. Messages that came before may still be read."""
        return self._closed is not None

    def fileno(self) -> int:
        """The descriptor, to be passed to ``select``; -1 once it is closed here."""
        return self._sock.fileno()

    def __enter__(self) -> TaskSocket:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.sync_close()

    async def __aenter__(self) -> TaskSocket:
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        await self.close()

    def __iter__(self) -> Iterator[Message]:
        while True:
            try:
                yield self.sync_read_message()
            except ConnectionClosed:
                return

    async def __aiter__(self) -> AsyncIterator[Message]:
        while True:
            try:
                yield await self.read_message()
            except ConnectionClosed:
                return


def _in_pieces(kind: int, data: memoryview) -> bytes:
    frames = bytearray()
    for at in range(0, len(data), _PIECE_BYTES):
        piece = data[at : at + _PIECE_BYTES]
        last = at + _PIECE_BYTES >= len(data)
        frames += _frames.encode(kind if last else kind | _frames.MORE, piece)
    return bytes(frames)


def _bytes(data: Union[bytes, bytearray, memoryview]) -> memoryview:
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise TypeError(f"a binary message is bytes, not {type(data).__name__}")
    view = memoryview(data).cast("B")
    if len(view) > MESSAGE_LIMIT:
        raise AmError(f"the message has {len(view)} bytes; at most {MESSAGE_LIMIT} are possible", "too_large")
    return view


def _encoded(text: str) -> memoryview:
    if not isinstance(text, str):
        raise TypeError(f"a text message is str, not {type(text).__name__}")
    return _bytes(text.encode("utf-8"))
