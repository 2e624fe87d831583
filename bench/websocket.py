"""A WebSocket client that costs next to nothing: one blocking socket, frames as bytes, masked with zeros."""

import base64
import os
import socket
import struct
from types import TracebackType
from typing import Self

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def frame(opcode: int, payload: bytes) -> bytes:
    """A whole message as a client sends it."""
    size = len(payload)
    if size < 126:
        head = struct.pack(">BB", 0x80 | opcode, 0x80 | size)
    elif size < 1 << 16:
        head = struct.pack(">BBH", 0x80 | opcode, 0x80 | 126, size)
    else:
        head = struct.pack(">BBQ", 0x80 | opcode, 0x80 | 127, size)
    return head + bytes(4) + payload


class WebSocket:
    def __init__(self, host: str, port: int, path: str, timeout_sec: float = 60) -> None:
        self._socket = socket.create_connection((host, port), timeout_sec)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        self._buffer = b""
        while b"\r\n\r\n" not in self._buffer:
            self._receive()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        assert head.split(b" ")[1] == b"101", head

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._socket:
            self._socket.sendall(frame(CLOSE, struct.pack(">H", 1000)))

    def send(self, encoded: bytes) -> None:
        self._socket.sendall(encoded)

    def receive(self) -> bytes:
        """The next data message, which must come in one frame."""
        while True:
            opcode, payload = self._frame()
            if opcode in (TEXT, BINARY):
                return payload
            assert opcode in (PING, PONG), f"opcode {opcode}: {payload!r}"

    def _frame(self) -> tuple[int, bytes]:
        self._need(2)
        size, start = self._buffer[1] & 127, 2
        if size == 126:
            self._need(4)
            size, start = struct.unpack_from(">H", self._buffer, 2)[0], 4
        elif size == 127:
            self._need(10)
            size, start = struct.unpack_from(">Q", self._buffer, 2)[0], 10
        self._need(start + size)
        opcode, payload = self._buffer[0] & 15, self._buffer[start : start + size]
        self._buffer = self._buffer[start + size :]
        return opcode, payload

    def _need(self, count: int) -> None:
        while len(self._buffer) < count:
            self._receive()

    def _receive(self) -> None:
        data = self._socket.recv(256 * 1024)
        if not data:
            raise ConnectionError("the server closed the connection")
        self._buffer += data
