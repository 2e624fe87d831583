"""The frames of the task socket: u32 length of what follows, u8 kind, the rest; integers are big-endian.

docs/PROTOCOL.md, "Task and hypervisor", describes them.
"""

from __future__ import annotations

import struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _socket
    from typing import Tuple, Union

    Buffer = Union[bytes, bytearray, memoryview]

CONTROL = 1
TEXT = 2
BINARY = 3
CLOSE = 4
MORE = 128  # added to TEXT and BINARY: more pieces of the same message follow

HEADER = struct.Struct(">IB")
FRAME_LIMIT = 4 << 20  # of what follows the length
REASON_BYTES = 123  # what a WebSocket's close frame has room for

_CODE = struct.Struct(">H")
_NO_CODE = 1005
_REQUEST_BYTES = 8 * 1024
_MESSAGE_BYTES = 256 * 1024 + 4096  # the largest piece that ompy sends, in one read


def encode(kind: int, payload: Buffer) -> bytes:
    """One frame, for payloads that are small or sent once."""
    return HEADER.pack(len(payload) + 1, kind) + bytes(payload)


def encode_close(code: int, reason: str) -> bytes:
    """A close frame; the reason is cut to the 123 bytes that a WebSocket has room for, between characters."""
    text = reason.encode("utf-8", "replace")[:REASON_BYTES].decode("utf-8", "ignore").encode("utf-8")
    return encode(CLOSE, _CODE.pack(code) + text)


def decode_close(payload: Buffer) -> Tuple[int, str]:
    """Code and reason; 1005 for a close without a code."""
    if len(payload) < _CODE.size:
        return _NO_CODE, ""
    return _CODE.unpack_from(payload)[0], bytes(payload[_CODE.size :]).decode("utf-8", "replace")


class FrameReader:
    """Cuts what a socket gives into frames, through one buffer that is used again and again."""

    __slots__ = ("_begin", "_buffer", "_end", "_view", "payload")

    def __init__(self) -> None:
        self._buffer = bytearray(_REQUEST_BYTES)
        self._view = memoryview(self._buffer)
        self._begin = 0
        self._end = 0
        #: Of the frame that next() found; valid until receive().
        self.payload = memoryview(b"")

    def next(self) -> int:
        """The kind of the next whole frame, with its ``payload``; 0 while it is not complete.

        Raises ValueError for what is no frame.
        """
        begin = self._begin
        if self._end - begin < HEADER.size:
            return 0
        length, kind = HEADER.unpack_from(self._buffer, begin)
        if not 1 <= length <= FRAME_LIMIT:
            raise ValueError(f"a frame of {length} bytes, 1 to {FRAME_LIMIT} are possible")
        end = begin + 4 + length
        if self._end < end:
            return 0
        self.payload = self._view[begin + HEADER.size : end]
        self._begin = end
        return int(kind)

    def receive(self, sock: _socket.socket, flags: int = 0) -> int:
        """One recv(); the number of bytes that came, 0 at the end of the connection. Errors as they are."""
        have = self._end - self._begin
        if have == 0:
            self._begin = self._end = 0
        else:
            need = HEADER.size
            if have >= HEADER.size:
                need = 4 + HEADER.unpack_from(self._buffer, self._begin)[0]
            if self._begin + need > len(self._buffer):
                self._make_room(need)
        count = sock.recv_into(self._view[self._end :], 0, flags)
        self._end += count
        return count

    def enlarge(self) -> None:
        """For messages, which are larger than answers. Takes memory only as far as it is used."""
        self._move(bytearray(_MESSAGE_BYTES))

    def rest(self) -> bytes:
        """What was received behind the last frame."""
        return bytes(self._view[self._begin : self._end])

    def _make_room(self, need: int) -> None:
        """The beginning of a frame goes to the front, of a larger buffer for a larger frame."""
        if need > len(self._buffer):
            self._move(bytearray(need + _REQUEST_BYTES))
        else:
            self._move(self._buffer)

    def _move(self, buffer: bytearray) -> None:
        start = bytes(self._view[self._begin : self._end])
        self._buffer = buffer
        self._view = memoryview(buffer)
        self._view[: len(start)] = start
        self._begin, self._end = 0, len(start)
