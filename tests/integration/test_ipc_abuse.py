"""Strangers on the IPC port are closed, and cost the manager nothing."""

import socket
import struct
from collections.abc import Iterator

import pytest

from tests.support import processes
from tests.support.api import Api, App
from tests.support.platform import Platform

MB = 1024 * 1024


@pytest.fixture(autouse=True)
def manager_unharmed(platform: Platform) -> Iterator[None]:
    before = processes.rss_bytes(platform.manager_pid)
    yield
    assert processes.process_state(platform.manager_pid) in "RS"
    assert processes.rss_bytes(platform.manager_pid) - before < 2 * MB


def stranger(platform: Platform) -> socket.socket:
    return socket.create_connection(("127.0.0.1", platform.ipc_port), timeout=20)


def read_to_close(client: socket.socket) -> bytes:
    """All that comes until the other side closes; a time-out of the socket is a failure."""
    received = b""
    try:
        while chunk := client.recv(65536):
            received += chunk
    except ConnectionResetError:
        pass
    return received


def text(value: str) -> bytes:
    return struct.pack(">I", len(value.encode())) + value.encode()


def frame(kind: int, fields: bytes) -> bytes:
    return struct.pack(">IH", len(fields) + 2, kind) + fields


HELLO = frame(
    2,
    struct.pack(">I", 1) + text("0.1.0") + text("hv-stranger") + text("stranger") + struct.pack(">I", 4)
    + text("127.0.0.1") + struct.pack(">H", 18564) + text("token") + text("nonce") + text("proof")
    + struct.pack(">I", 0),
)  # fmt: skip


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x00" * 64,
        b"\xff" * 64,
        bytes(range(256)) * 300,
        struct.pack(">IH", 0xFFFFFFFF, 2),
        struct.pack(">IH", 64 * MB, 2) + b"x" * 100_000,
        struct.pack(">IH", 2, 2),
        struct.pack(">IH", 2, 9999),
        struct.pack(">I", 0),
        frame(2, struct.pack(">II", 1, 0xFFFFFFF0)),
        frame(11, struct.pack(">I", 5)),
        HELLO,
        HELLO + b"rest",
    ],
    ids=["http", "zeros", "ones", "bytes", "4GiB", "64MiB", "empty", "unknown", "no-type", "text", "heartbeat", "hello",
         "more"],
)  # fmt: skip
def test_garbage_is_closed(platform: Platform, garbage: bytes) -> None:
    with stranger(platform) as client:
        try:
            client.sendall(garbage)
        except (BrokenPipeError, ConnectionResetError):
            return
        received = read_to_close(client)
    assert platform.token.encode() not in received


def test_silence_is_closed(platform: Platform) -> None:
    with stranger(platform) as client:
        read_to_close(client)


def test_one_byte_at_a_time_is_closed(platform: Platform) -> None:
    """A stranger that keeps talking gets no more time than a silent one."""
    client = stranger(platform)
    client.settimeout(0.3)
    try:
        for byte in (HELLO * 100)[:100]:
            try:
                client.sendall(bytes([byte]))
                if client.recv(65536) == b"":
                    return
            except TimeoutError:
                continue
            except (BrokenPipeError, ConnectionResetError):
                return
        pytest.fail("still open after 100 bytes, 30 s")
    finally:
        client.close()


def test_a_wrong_proof_is_told_so(platform: Platform) -> None:
    with stranger(platform) as client:
        client.sendall(HELLO)
        received = read_to_close(client)
    assert b"bad_secret" in received


async def test_a_hundred_strangers_keep_nobody_out(platform: Platform, api: Api, kit: App) -> None:
    strangers = [stranger(platform) for _ in range(100)]
    try:
        task, _ = await api.run(kit, "hello.py")
        assert task["outcome"]["exitCode"] == 0
    finally:
        for one in strangers:
            one.close()
