"""An HTTP client that costs next to nothing: one kept-alive socket, requests as bytes."""

import json
import socket
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from tests.support.platform import Platform


class KeepAlive:
    """One connection, one request at a time."""

    def __init__(self, platform: Platform, timeout_sec: float = 120) -> None:
        address = urlsplit(platform.url)
        self._socket = socket.create_connection((address.hostname, address.port), timeout_sec)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = f"Host: {address.netloc}\r\nAuthorization: Bearer {platform.token}\r\n"
        self._buffer = b""
        self._fresh = False  # an answer to follow() whose head was not read yet

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def start(self, application_id: str, script: str, params: dict[str, Any] | None = None) -> str:
        """Starts a task and gives its pid."""
        body = json.dumps({"applicationId": application_id, "script": script, "params": params or {}})
        self._send("POST", "/api/v1/tasks", body)
        status, answer = self._answer()
        assert status == 201, (status, answer)
        return str(json.loads(answer)["pid"])

    def get(self, path: str) -> Any:
        self._send("GET", path)
        status, answer = self._answer()
        assert status == 200, (status, answer)
        return json.loads(answer)

    def stop(self, pid: str) -> None:
        self._send("POST", f"/api/v1/tasks/{pid}/stop")
        status, answer = self._answer()
        assert status < 300, (status, answer)

    def follow(self, pid: str, offset: int = 0) -> None:
        """Asks for the output; read_until() and read_to_end() take the answer."""
        self._send("GET", f"/api/v1/tasks/{pid}/output?from={offset}&follow=true")
        self._fresh = True

    def read_until(self, needle: bytes) -> None:
        self._check_head()
        while needle not in self._buffer:
            self._receive()

    def read_to_end(self) -> int:
        """To the end of a chunked answer; the number of bytes that came."""
        self._check_head()
        count = len(self._buffer)
        tail = self._buffer[-64:]
        while not tail.endswith(b"0\r\n\r\n"):
            self._buffer = b""
            self._receive()
            count += len(self._buffer)
            tail = (tail + self._buffer)[-64:]
        self._buffer = b""
        return count

    def _check_head(self) -> None:
        if not self._fresh:
            return
        self._fresh = False
        while b"\r\n\r\n" not in self._buffer:
            self._receive()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        assert head.split(b" ")[1] == b"200", head

    def _send(self, method: str, target: str, body: str = "") -> None:
        length = (
            f"Content-Type: application/json\r\nContent-Length: {len(body.encode())}\r\n" if method == "POST" else ""
        )
        self._socket.sendall(f"{method} {target} HTTP/1.1\r\n{self._head}{length}\r\n{body}".encode())

    def _receive(self) -> None:
        chunk = self._socket.recv(256 * 1024)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        self._buffer += chunk

    def _answer(self) -> tuple[int, bytes]:
        while b"\r\n\r\n" not in self._buffer:
            self._receive()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        fields = {
            name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines[1:])
        }
        length = int(fields.get(b"content-length", b"0"))
        while len(self._buffer) < length:
            self._receive()
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return int(lines[0].split()[1]), body
