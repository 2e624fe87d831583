"""The hypervisor's side of the task socket in the smallest steps: a test says what each connection gets."""

import json
import socket
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

CONTROL, TEXT, BINARY, CLOSE, MORE = 1, 2, 3, 4, 128
DEADLINE_SEC = 30

Frame = tuple[int, bytes]


def frame(kind: int, payload: bytes = b"") -> bytes:
    return struct.pack(">IB", len(payload) + 1, kind) + payload


def control(value: dict[str, Any]) -> bytes:
    return frame(CONTROL, json.dumps(value).encode())


def close_frame(code: int, reason: str = "") -> bytes:
    return frame(CLOSE, struct.pack(">H", code) + reason.encode())


class Wire:
    """One accepted connection."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        sock.settimeout(DEADLINE_SEC)

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def send_slowly(self, data: bytes) -> None:
        """Byte by byte, one write each."""
        for at in range(len(data)):
            self.sock.sendall(data[at : at + 1])

    def exactly(self, count: int) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            data = self.sock.recv(min(count - len(parts), 1 << 20))
            if not data:
                raise ConnectionError(f"the client ended {count - len(parts)} bytes early")
            parts += data
        return bytes(parts)

    def read(self) -> Frame:
        length, kind = struct.unpack(">IB", self.exactly(5))
        return kind, self.exactly(length - 1)

    def request(self) -> dict[str, Any]:
        kind, payload = self.read()
        assert kind == CONTROL, kind
        value: dict[str, Any] = json.loads(payload)
        return value

    def answer(self, **members: Any) -> None:
        self.send(control({"answer": members}))

    def refuse(self, code: str, message: str) -> None:
        self.send(control({"error": {"code": code, "message": message}}))

    def ended(self) -> bool:
        """Waits for the client's end of the connection."""
        try:
            return self.sock.recv(1) == b""
        except ConnectionResetError:  # it left something unread
            return True

    def bridge(self, peer: str = "peer") -> None:
        """Answers accept and take: from here on messages."""
        assert self.request() == {"request": "accept"}
        self.answer(peer=peer)
        assert self.request() == {"request": "take"}


class RawServer:
    """Runs ``handler`` for each connection in a thread of its own; a failed assertion there fails the test."""

    def __init__(self, path: Path, handler: Callable[[Wire], None]) -> None:
        self.path = path
        self.handler = handler
        self.connections = 0
        self.failures: list[BaseException] = []
        self._threads: list[threading.Thread] = []
        self._listener: socket.socket | None = None
        self._acceptor: threading.Thread | None = None

    def start(self) -> None:
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.path))
        self._listener.listen(200)
        self._acceptor = threading.Thread(target=self._accept, args=(self._listener,))
        self._acceptor.start()

    def stop(self) -> None:
        """Stops listening; open connections go on."""
        if self._listener is None or self._acceptor is None:
            return
        self.path.unlink()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._acceptor.join()
        self._listener.close()
        self._listener = None

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(sock,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        with sock:
            try:
                self.handler(Wire(sock))
            except BaseException as problem:
                self.failures.append(problem)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        for thread in self._threads:
            thread.join(DEADLINE_SEC)
            assert not thread.is_alive(), "a handler hangs"
        if kind is None and self.failures:
            raise AssertionError("a handler failed") from self.failures[0]
