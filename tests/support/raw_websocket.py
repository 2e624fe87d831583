"""A WebSocket client (RFC 6455) that sends exactly the bytes it is told to, right or wrong."""

import asyncio
import base64
import hashlib
import os
import struct
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
PATIENCE_SEC = 30


class Refused(Exception):
    """The server answered the handshake with something else than 101."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        super().__init__(f"{status}: {body.decode(errors='replace')}")
        self.status = status
        self.headers = headers
        self.body = body


@dataclass(frozen=True)
class Frame:
    opcode: int
    payload: bytes
    fin: bool = True
    rsv: int = 0

    def close_code(self) -> int | None:
        """None for a close frame without a code."""
        assert self.opcode == CLOSE, self
        return struct.unpack_from(">H", self.payload)[0] if self.payload else None

    def close_reason(self) -> str:
        assert self.opcode == CLOSE, self
        return self.payload[2:].decode()


def encode(opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0, masked: bool = True) -> bytes:
    """One frame as a client sends it."""
    first = (0x80 if fin else 0) | rsv << 4 | opcode
    mask_bit = 0x80 if masked else 0
    size = len(payload)
    if size < 126:
        head = struct.pack(">BB", first, mask_bit | size)
    elif size < 1 << 16:
        head = struct.pack(">BBH", first, mask_bit | 126, size)
    else:
        head = struct.pack(">BBQ", first, mask_bit | 127, size)
    if not masked:
        return head + payload
    key = os.urandom(4)
    return head + key + _xor(payload, key)


def _xor(payload: bytes, key: bytes) -> bytes:
    size = len(payload)
    pad = key * (size // 4) + key[: size % 4]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(pad, "big")).to_bytes(size, "big")


def encode_close(code: int, reason: bytes = b"") -> bytes:
    return encode(CLOSE, struct.pack(">H", code) + reason)


class RawWebSocket:
    """One connection behind its handshake."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def send_frame(self, opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0) -> None:
        await self.send(encode(opcode, payload, fin=fin, rsv=rsv))

    async def read_frame(self) -> Frame:
        """The next frame; IncompleteReadError at the end of the connection."""
        async with asyncio.timeout(PATIENCE_SEC):
            first, second = await self.reader.readexactly(2)
            assert not second & 0x80, "a server's frame is not masked"
            size = second & 0x7F
            if size == 126:
                (size,) = struct.unpack(">H", await self.reader.readexactly(2))
                assert size >= 126, "the shortest length encoding must be used"
            elif size == 127:
                (size,) = struct.unpack(">Q", await self.reader.readexactly(8))
                assert size >= 1 << 16, "the shortest length encoding must be used"
            payload = await self.reader.readexactly(size)
        frame = Frame(first & 0xF, payload, bool(first & 0x80), first >> 4 & 7)
        assert frame.rsv == 0, "no extension was agreed on"
        if frame.opcode >= CLOSE:
            assert frame.fin, "control frames are not fragmented"
            assert size <= 125, "control frames are short"
        return frame

    async def read_message(self) -> tuple[int, bytes]:
        """Opcode and payload of the next text or binary message, from as many frames as it came in."""
        frame = await self.read_frame()
        opcode, parts = frame.opcode, [frame.payload]
        assert opcode in (TEXT, BINARY), frame
        while not frame.fin:
            frame = await self.read_frame()
            assert frame.opcode == CONTINUATION, frame
            parts.append(frame.payload)
        return opcode, b"".join(parts)

    async def read_close(self) -> Frame:
        """The next frame, which must be a close frame."""
        frame = await self.read_frame()
        assert frame.opcode == CLOSE, frame
        return frame

    async def read_end(self) -> None:
        """Nothing more comes, and the server ends the connection."""
        async with asyncio.timeout(PATIENCE_SEC):
            try:
                rest = await self.reader.read()
            except ConnectionResetError:
                return
        assert rest == b"", rest[:100]

    async def close(self, code: int = 1000, reason: bytes = b"") -> Frame:
        """An orderly end; the server's close frame, which must be the next one."""
        await self.send(encode_close(code, reason))
        answer = await self.read_close()
        self.writer.close()
        return answer

    def abort(self) -> None:
        """Ends the connection without a word."""
        self.writer.transport.abort()


def handshake(host: str, path: str, headers: Mapping[str, str | None]) -> tuple[bytes, str]:
    """The bytes of a request and the key in it. A header with the value None is left out."""
    key = base64.b64encode(os.urandom(16)).decode()
    fields: dict[str, str | None] = {
        "Host": host,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": key,
        "Sec-WebSocket-Version": "13",
        **headers,
    }
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items() if value is not None)]
    return "\r\n".join([*lines, "", ""]).encode(), key


async def _read_head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    status, *lines = head.rstrip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return int(status.split()[1]), headers


@asynccontextmanager
async def raw_websocket(
    port: int, path: str, headers: Mapping[str, str | None] | None = None, receive_buffer: int = 1 << 16
) -> AsyncIterator[RawWebSocket]:
    """Connects to 127.0.0.1; Refused unless the answer is a right 101. The end is abrupt unless the block closed."""
    request, key = handshake(f"127.0.0.1:{port}", path, headers or {})
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=receive_buffer)
    try:
        writer.write(request)
        async with asyncio.timeout(PATIENCE_SEC):
            status, answer = await _read_head(reader)
            if status != 101:
                body = await reader.readexactly(int(answer.get("content-length", "0")))
                raise Refused(status, answer, body)
        accept = base64.b64encode(hashlib.sha1(key.encode() + _GUID).digest()).decode()
        assert answer["sec-websocket-accept"] == accept
        assert answer["upgrade"].lower() == "websocket"
        assert "upgrade" in answer["connection"].lower()
        assert "sec-websocket-extensions" not in answer
        yield RawWebSocket(reader, writer)
    finally:
        writer.transport.abort()
