"""The frames of the task socket: u32 length of what follows, u8 kind, the rest; integers are big-endian.

docs/PROTOCOL.md, "Task and hypervisor", describes them.
"""

from __future__ import annotations

import struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional, Tuple, Union

    Buffer = Union[bytes, bytearray, memoryview]

CONTROL = 1
TEXT = 2
BINARY = 3
CLOSE = 4
MORE = 128  # added to TEXT and BINARY: more pieces of the same message follow

HEADER = struct.Struct(">IB")
_CODE = struct.Struct(">H")
_FRAME_LIMIT = 4 << 20


def encode(kind: int, payload: Buffer) -> bytes:
    """One frame, for payloads that are small or sent once."""
    return HEADER.pack(len(payload) + 1, kind) + bytes(payload)


def encode_close(code: int, reason: str) -> bytes:
    """A close frame; the reason is cut to the 123 bytes that a WebSocket has room for."""
    text = reason.encode("utf-8")[:123].decode("utf-8", "ignore").encode("utf-8")
    return encode(CLOSE, _CODE.pack(code) + text)


def decode_close(payload: Buffer) -> Tuple[int, str]:
    """Code and reason; 1005 for a close without a code."""
    if len(payload) < 2:
        return 1005, ""
    return _CODE.unpack_from(payload)[0], bytes(payload[2:]).decode("utf-8", "replace")


class FrameReader:
    """Cuts a byte stream into frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._at = 0

    def feed(self, data: Buffer) -> None:
        """Adds bytes as they came."""
        if self._at:
            del self._buffer[: self._at]
            self._at = 0
        self._buffer += data

    def next(self) -> Optional[Tuple[int, bytes]]:
        """Kind and payload of the next whole frame, or None while it is not complete.

        Raises ValueError for what is no frame.
        """
        buffer, at = self._buffer, self._at
        if len(buffer) - at < HEADER.size:
            return None
        length, kind = HEADER.unpack_from(buffer, at)
        if not 1 <= length <= _FRAME_LIMIT:
            raise ValueError(f"a frame of {length} bytes")
        end = at + 4 + length
        if len(buffer) < end:
            return None
        with memoryview(buffer) as view:
            payload = bytes(view[at + HEADER.size : end])
        self._at = end
        return kind, payload

    @property
    def missing(self) -> int:
        """How many bytes the next frame still needs, at least 1."""
        have = len(self._buffer) - self._at
        if have < HEADER.size:
            return HEADER.size - have
        length: int = HEADER.unpack_from(self._buffer, self._at)[0]
        return max(1, 4 + length - have)
