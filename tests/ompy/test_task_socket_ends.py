"""How a bridge connection ends, and what its two sides hear of it."""

import threading
from typing import Any

import pytest
from ompy.appmanager import AmError, ConnectionClosed, wait_for_socket_from_web

from tests.ompy.conftest import Serve
from tests.ompy.raw_server import BINARY, CLOSE, CONTROL, TEXT, Frame, Wire, close_frame, frame
from tests.ompy.test_task_socket import bridged, sending


@pytest.mark.parametrize(
    ("ending", "code", "reason"),
    [
        (close_frame(1000), 1000, ""),
        (close_frame(4321, "потому"), 4321, "потому"),
        (frame(CLOSE), 1005, ""),
        (b"", 1006, "it ended without a close"),
        (frame(TEXT, b"\xff"), 1007, "not UTF-8"),
        (frame(CONTROL, b"{}"), 1002, "a frame of kind 1"),
        (frame(77, b"?"), 1002, "a frame of kind 77"),
        (b"\0\0\0\0\x02", 1002, "a frame of 0 bytes"),
        (b"\xff\xff\xff\xff\x02", 1002, "a frame of 4294967295 bytes"),
        (b"\0\0\0\x05\x02a", 1006, "it ended without a close"),
    ],
)
def test_ends(serve: Serve, ending: bytes, code: int, reason: str) -> None:
    """Everything before it is read first; then every call says how it ended."""
    serve(bridged(lambda wire: wire.send(frame(TEXT, b"last") + ending)))
    soc = wait_for_socket_from_web()
    assert soc.sync_read_message() == "last"
    for call in (soc.sync_read_message, soc.sync_read_text_message, lambda: soc.sync_send_text_message("x")):
        with pytest.raises(ConnectionClosed) as caught:
            call()
        assert caught.value.close_code == code
        assert reason in caught.value.reason
        assert str(code) in str(caught.value)
    assert soc.closed
    soc.sync_close()
    soc.sync_close()
    assert soc.fileno() == -1


def test_a_writer_learns_why_it_was_closed_and_loses_nothing(serve: Serve) -> None:
    closed = threading.Event()

    def rest(wire: Wire) -> None:
        wire.send(frame(TEXT, b"one") + frame(BINARY, b"two") + close_frame(1009, "too big"))
        wire.sock.close()
        closed.set()

    serve(bridged(rest))
    soc = wait_for_socket_from_web()
    assert closed.wait(10)
    for _ in range(2):
        with pytest.raises(ConnectionClosed) as caught:
            soc.sync_send_binary_message(bytes(1_000_000))
        assert (caught.value.close_code, caught.value.reason) == (1009, "too big")
    assert soc.sync_read_message() == "one"
    assert soc.sync_read_message() == b"two"
    with pytest.raises(ConnectionClosed):
        soc.sync_read_message()
    soc.sync_close()


def test_a_writer_that_finds_it_closed_keeps_what_is_buffered(serve: Serve) -> None:
    """The messages and the close came together with one that was read before: nothing is left in the socket."""
    closed = threading.Event()

    def rest(wire: Wire) -> None:
        wire.send(b"".join(frame(TEXT, b"%d" % number) for number in range(4)) + close_frame(4000, "enough"))
        wire.sock.close()
        closed.set()

    serve(bridged(rest))
    with wait_for_socket_from_web() as soc:
        assert closed.wait(10)
        assert soc.sync_read_message() == "0"
        with pytest.raises(ConnectionClosed) as caught:
            soc.sync_send_binary_message(b"too late")
        assert (caught.value.close_code, caught.value.reason) == (4000, "enough")
        assert [soc.sync_read_message() for _ in range(3)] == ["1", "2", "3"]
        with pytest.raises(ConnectionClosed):
            soc.sync_read_message()


def test_iteration(serve: Serve) -> None:
    serve(bridged(lambda wire: wire.send(frame(TEXT, b"a") + frame(BINARY, b"b") + close_frame(1001, "away"))))
    with wait_for_socket_from_web() as soc:
        assert list(soc) == ["a", b"b"]


def test_iteration_does_not_hide_a_broken_connection(serve: Serve) -> None:
    serve(bridged(lambda wire: wire.send(frame(TEXT, b"a"))))
    got: list[Any] = []
    with wait_for_socket_from_web() as soc, pytest.raises(ConnectionClosed) as caught:
        for message in soc:
            got.append(message)
    assert got == ["a"]
    assert caught.value.close_code == 1006


@pytest.mark.parametrize("fails", [False, True])
def test_leaving_the_block(serve: Serve, fails: bool) -> None:
    got: list[Frame] = []
    serve(bridged(lambda wire: got.append(wire.read())))
    try:
        with wait_for_socket_from_web() as soc:
            if fails:
                raise KeyError("x")
    except KeyError:
        assert fails
    with pytest.raises(ConnectionClosed):
        soc.sync_read_message()
    serve_ended = threading.Event()
    serve_ended.wait(0)
    assert soc.fileno() == -1


@pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 70000])
def test_codes_that_cannot_be_sent(serve: Serve, code: int) -> None:
    serve(sending())
    with wait_for_socket_from_web() as soc, pytest.raises(AmError, match=f"code: {code} cannot be sent"):
        soc.sync_close(code)


def test_a_long_reason_is_cut_between_characters(serve: Serve) -> None:
    got: list[Frame] = []

    def rest(wire: Wire) -> None:
        got.append(wire.read())
        assert wire.ended()

    server = serve(bridged(rest))
    wait_for_socket_from_web().sync_close(1000, "я" * 100)
    server.__exit__(None, None, None)
    assert got == [(CLOSE, b"\x03\xe8" + "я".encode() * 61)]
