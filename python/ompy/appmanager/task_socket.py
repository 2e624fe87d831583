"""A connection to somebody else, in messages: what ``wait_for_socket_from_web`` and ``connect_to_task`` give."""

from __future__ import annotations

import _socket
import collections
import io

from ompy.appmanager import _channel, _frames
from ompy.appmanager._users import Users
from ompy.appmanager._writing import MESSAGE_LIMIT, Outgoing, binary_payload, text_payload
from ompy.appmanager.errors import AmError, AmTimeoutError, ConnectionClosed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import AsyncIterator, Deque, Iterator, Optional, Tuple, Type, Union

    Message = Union[str, bytes]
    Bytes = Union[bytes, bytearray, memoryview]

__all__ = ["MESSAGE_LIMIT", "TaskSocket"]

_NORMAL, _GOING_AWAY, _PROTOCOL_ERROR, _NO_CODE, _ABNORMAL = 1000, 1001, 1002, 1005, 1006
_NOT_UTF8, _TOO_BIG, _INTERNAL_ERROR = 1007, 1009, 1011
# Ends that are the expected end of a conversation: iteration stops at them, and raises at all others.
_ORDERLY = (_NORMAL, _GOING_AWAY, _NO_CODE)

_CLOSE_SEC = 5.0  # how long close() waits for a peer that does not read
_LAST_WORDS_SEC = 1.0  # between the end of the one direction and the close frame in the other one
_TURNS = 16  # receptions in a row that did not have to wait, until a coroutine lets others have the loop


class TaskSocket:
    """Text and binary messages, both ways, boundaries kept, at most 64 MiB each.

    Every function is there twice: with ``sync_`` it blocks, without it is a coroutine. ``timeout`` is in seconds, None
    waits for ever, 0 takes what is there; AmTimeoutError when it passes, and the message is read by a later call.
    ConnectionClosed once the other side is gone and everything that it sent before has been read.

    One thread or coroutine may read while others write; those that write take turns. Usable with ``with`` and
    ``async with``, which close it, and with ``for`` and ``async for``, which give the messages until the other side
    closes; they raise ConnectionClosed when it vanishes or closes with an error's code.
    """

    def __init__(self, connection: _channel.Connection, peer: str) -> None:
        #: Who is at the other side, for people: ``127.0.0.1:40112`` or ``task 94edcac2-…``.
        self.peer = peer
        # Blocking, so that one recv() is one system call; whatever must not block says MSG_DONTWAIT.
        connection.sock.setblocking(True)
        connection.frames.enlarge()
        self._sock = connection.sock
        self._frames = connection.frames
        self._partial: Optional[io.BytesIO] = None  # of the message that is being read
        self._kept: Deque[Message] = collections.deque()  # read, but not of the kind that was asked for
        self._closed: Optional[Tuple[int, str]] = None  # how it ended, once everything before that is read
        self._unwritable: Optional[Tuple[int, str]] = None  # how it ended for writers, who learn it earlier
        self._users = Users(connection.sock)
        self._out = Outgoing(connection.sock)

    # --- reading -------------------------------------------------------------------------------------------------

    def sync_read_message(self, timeout: Optional[float] = None) -> Message:
        """The next message: str for text, bytes for binary."""
        self._begin_reading()
        try:
            if self._kept:
                return self._kept.popleft()
            message = self._parse()
            if message is None:
                message = self._receive(timeout)
            return message
        finally:
            self._users.reader_leaves()

    def sync_read_text_message(self, timeout: Optional[float] = None) -> str:
        """The next message, which must be text; AmError, and the message stays, when it is binary."""
        return self._as_text(self.sync_read_message(timeout))

    def sync_read_binary_message(self, timeout: Optional[float] = None) -> bytes:
        """The next message, which must be binary; AmError, and the message stays, when it is text."""
        return self._as_binary(self.sync_read_message(timeout))

    async def read_message(self, timeout: Optional[float] = None) -> Message:
        """As :meth:`sync_read_message`. Cancelling it loses nothing; rather than ``asyncio.wait_for``, which can lose
        what comes at the last moment before Python 3.12, give it the ``timeout``."""
        self._begin_reading()
        try:
            if self._kept:
                return self._kept.popleft()
            message = self._parse()
            if message is None:
                message = await self._receive_async(timeout)
            return message
        finally:
            self._users.reader_leaves()

    async def read_text_message(self, timeout: Optional[float] = None) -> str:
        """As :meth:`sync_read_text_message`."""
        return self._as_text(await self.read_message(timeout))

    async def read_binary_message(self, timeout: Optional[float] = None) -> bytes:
        """As :meth:`sync_read_binary_message`."""
        return self._as_binary(await self.read_message(timeout))

    def _begin_reading(self) -> None:
        if not self._users.reader_enters():
            raise AmError("the connection is being read already: one reader at a time", "conflict")

    def _as_text(self, message: Message) -> str:
        if isinstance(message, str):
            return message
        self._kept.appendleft(message)
        raise AmError(
            f"the next message is binary ({len(message)} bytes), not text: read it with read_binary_message",
            "conflict",
        )

    def _as_binary(self, message: Message) -> bytes:
        if isinstance(message, bytes):
            return message
        self._kept.appendleft(message)
        raise AmError(
            f"the next message is text ({len(message)} characters), not binary: read it with read_text_message",
            "conflict",
        )

    def _receive(self, timeout: Optional[float]) -> Message:
        deadline = _channel.deadline_of(timeout)
        flags = 0 if deadline is None else _socket.MSG_DONTWAIT
        while True:
            if not self._fill(flags):
                left = _channel.left_until(deadline, "reading a message", timeout)
                _channel.poll(self._sock.fileno(), False, left)
                continue
            message = self._parse()
            if message is not None:
                return message

    async def _receive_async(self, timeout: Optional[float]) -> Message:
        import asyncio

        deadline = _channel.deadline_of(timeout)
        turns = 0
        while True:
            if not self._fill(_socket.MSG_DONTWAIT):
                turns = 0
                left = _channel.left_until(deadline, "reading a message", timeout)
                await _channel.until_ready(self._sock.fileno(), False, left)
                continue
            turns += 1
            if turns >= _TURNS:
                turns = 0
                await asyncio.sleep(0)
            message = self._parse()
            if message is not None:
                return message

    def _fill(self, flags: int) -> bool:
        """One reception; False when it would block. The end of the connection is noted."""
        try:
            if self._frames.receive(self._sock, flags) == 0:
                self._end(_ABNORMAL, "it ended without a close")
        except BlockingIOError:
            return False
        except OSError as error:
            self._end(_ABNORMAL, str(error))
        return True

    def _parse(self) -> Optional[Message]:
        """The next message of what was received; None when it is not complete. ConnectionClosed at the end."""
        frames = self._frames
        while self._closed is None:
            try:
                kind = frames.next()
            except ValueError as error:
                self._end(_PROTOCOL_ERROR, str(error))
                break
            if kind == _frames.TEXT and self._partial is None:
                return self._text(frames.payload)
            if kind == _frames.BINARY and self._partial is None:
                return bytes(frames.payload)
            if not kind:
                return None
            message = self._add(kind, frames.payload)
            if message is not None:
                return message
        raise ConnectionClosed(*self._closed or (_ABNORMAL, ""))

    def _add(self, kind: int, payload: memoryview) -> Optional[Message]:
        if kind == _frames.CLOSE:
            self._end(*_frames.decode_close(payload))
            return None
        if kind & ~_frames.MORE not in (_frames.TEXT, _frames.BINARY):
            self._end(_PROTOCOL_ERROR, f"a frame of kind {kind} between messages")
            return None
        if self._partial is None:
            self._partial = io.BytesIO()  # gives its bytes away without a copy
        self._partial.write(payload)
        if self._partial.tell() > MESSAGE_LIMIT:
            self._end(_TOO_BIG, f"a message has at most {MESSAGE_LIMIT} bytes")
            return None
        if kind & _frames.MORE:
            return None
        whole = self._partial.getvalue()
        self._partial = None
        return self._text(whole) if kind == _frames.TEXT else whole

    def _text(self, payload: Bytes) -> Optional[str]:
        try:
            return str(payload, "utf-8")
        except UnicodeDecodeError as error:
            self._end(_NOT_UTF8, f"a text message is not UTF-8: {error.reason} at byte {error.start}")
            return None

    def _end(self, code: int, reason: str) -> None:
        if self._closed is None:
            self._closed = (code, reason)

    # --- writing -------------------------------------------------------------------------------------------------

    def sync_send_text_message(self, text: str, timeout: Optional[float] = None) -> None:
        """Sends text; returns when the kernel has it, which a reader that does not read delays.

        A message that ``timeout`` or a cancellation cuts in two is completed before the next one; one of which nothing
        was sent yet is not sent at all.
        """
        self._send(_frames.TEXT, text_payload(text), timeout)

    def sync_send_binary_message(self, data: Bytes, timeout: Optional[float] = None) -> None:
        """Sends bytes, as :meth:`sync_send_text_message` sends text."""
        self._send(_frames.BINARY, binary_payload(data), timeout)

    async def send_text_message(self, text: str, timeout: Optional[float] = None) -> None:
        """As :meth:`sync_send_text_message`."""
        await self._send_async(_frames.TEXT, text_payload(text), timeout)

    async def send_binary_message(self, data: Bytes, timeout: Optional[float] = None) -> None:
        """As :meth:`sync_send_binary_message`."""
        await self._send_async(_frames.BINARY, binary_payload(data), timeout)

    def _send(self, kind: int, data: Bytes, timeout: Optional[float]) -> None:
        deadline = _channel.deadline_of(timeout)
        self._users.writer_enters(deadline, timeout)
        try:
            self._check_open()
            self._out.send(kind, data, deadline, timeout)
        except OSError as error:
            if isinstance(error, AmTimeoutError):
                raise
            self._listen_to_last_words()
            self._fail_writing(error)
        finally:
            self._users.writer_leaves()

    async def _send_async(self, kind: int, data: Bytes, timeout: Optional[float]) -> None:
        deadline = _channel.deadline_of(timeout)
        await self._users.writer_enters_async(deadline, timeout)
        try:
            self._check_open()
            await self._out.send_async(kind, data, deadline, timeout)
        except OSError as error:
            if isinstance(error, AmTimeoutError):
                raise
            await self._listen_to_last_words_async()
            self._fail_writing(error)
        finally:
            self._users.writer_leaves()

    def _check_open(self) -> None:
        if self._unwritable is None and self._out.broken:
            self._unwritable = _ABNORMAL, "sending was interrupted in the middle of a message"
        end = self._closed or self._unwritable
        if end is not None:
            raise ConnectionClosed(*end)

    def _fail_writing(self, error: OSError) -> None:
        self._unwritable = self._closed or (_ABNORMAL, str(error))
        raise ConnectionClosed(*self._unwritable) from None

    def _listen_to_last_words(self) -> None:
        """The other side takes nothing more, and its close says why. What it sent before stays to be read."""
        if not self._users.reader_enters():
            return  # whoever reads finds it
        try:
            while True:
                message = self._parse()  # of what came together with an earlier message
                self._kept.append(self._receive(_LAST_WORDS_SEC) if message is None else message)
        except (ConnectionClosed, AmTimeoutError):
            return
        finally:
            self._users.reader_leaves()

    async def _listen_to_last_words_async(self) -> None:
        if not self._users.reader_enters():
            return
        try:
            while True:
                message = self._parse()
                self._kept.append(await self._receive_async(_LAST_WORDS_SEC) if message is None else message)
        except (ConnectionClosed, AmTimeoutError):
            return
        finally:
            self._users.reader_leaves()

    # --- the end -------------------------------------------------------------------------------------------------

    def sync_close(self, code: int = _NORMAL, reason: str = "") -> None:
        """Closes the connection with a WebSocket code and a reason, of which 123 bytes are sent.

        Harmless when it is closed. Waits up to 5 s for a reader that does not read; that one sees 1006 then. Whoever
        else reads or writes here gets ConnectionClosed.
        """
        frame = _close_frame(code, reason)
        try:
            if self._closed is None:
                deadline = _channel.deadline_of(_CLOSE_SEC)
                self._users.writer_enters(deadline, _CLOSE_SEC)
                try:
                    self._out.send_raw(frame, deadline, _CLOSE_SEC)
                finally:
                    self._users.writer_leaves()
        except (OSError, ConnectionClosed):  # a timeout, too: nobody is there to hear of it
            pass
        finally:
            self._end(code, reason)
            self._users.shut_down()

    async def close(self, code: int = _NORMAL, reason: str = "") -> None:
        """As :meth:`sync_close`."""
        frame = _close_frame(code, reason)
        try:
            if self._closed is None:
                deadline = _channel.deadline_of(_CLOSE_SEC)
                await self._users.writer_enters_async(deadline, _CLOSE_SEC)
                try:
                    await self._out.send_raw_async(frame, deadline, _CLOSE_SEC)
                finally:
                    self._users.writer_leaves()
        except (OSError, ConnectionClosed):
            pass
        finally:
            self._end(code, reason)
            self._users.shut_down()

    @property
    def closed(self) -> bool:
        """Whether the connection is known to be over. Messages that came before may still be read."""
        return self._closed is not None

    def fileno(self) -> int:
        """The descriptor, for ``select``; -1 once it is closed here. Messages that were received already do not make
        it readable: read with ``timeout=0`` until AmTimeoutError before waiting for it."""
        return self._sock.fileno()

    def __enter__(self) -> TaskSocket:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.sync_close(_NORMAL if kind is None else _INTERNAL_ERROR)

    async def __aenter__(self) -> TaskSocket:
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        await self.close(_NORMAL if kind is None else _INTERNAL_ERROR)

    def __iter__(self) -> Iterator[Message]:
        while True:
            try:
                message = self.sync_read_message()
            except ConnectionClosed as end:
                if end.close_code in _ORDERLY:
                    return
                raise
            yield message

    async def __aiter__(self) -> AsyncIterator[Message]:
        while True:
            try:
                message = await self.read_message()
            except ConnectionClosed as end:
                if end.close_code in _ORDERLY:
                    return
                raise
            yield message


def _close_frame(code: int, reason: str) -> bytes:
    if not (1000 <= code <= 1014 and code not in (1004, _NO_CODE, _ABNORMAL)) and not 3000 <= code <= 4999:
        text = f"code: {code} cannot be sent; 1000 to 1014 (not 1004 to 1006) and 3000 to 4999 can"
        raise AmError(text, "invalid_argument")
    return _frames.encode_close(code, reason)
