"""Messages over a bridge connection: kinds, pieces, sizes, ends."""

import hashlib
import pickle
import threading
from collections.abc import Callable
from typing import Any

import pytest
from ompy.appmanager import AmError, AmTimeoutError, ConnectionClosed, connect_to_task, wait_for_socket_from_web
from ompy.appmanager.task_socket import MESSAGE_LIMIT

from tests.ompy.conftest import Serve
from tests.ompy.raw_server import BINARY, CLOSE, CONTROL, MORE, TEXT, Frame, Wire, close_frame, frame

PIECE = 256 * 1024


def bridged(rest: Callable[[Wire], None]) -> Callable[[Wire], None]:
    def handler(wire: Wire) -> None:
        wire.bridge("127.0.0.1:5")
        rest(wire)

    return handler


def sending(*frames: bytes) -> Callable[[Wire], None]:
    """Sends these and waits for the client's end."""

    def rest(wire: Wire) -> None:
        for one in frames:
            wire.send(one)
        while not wire.ended():
            pass

    return bridged(rest)


def test_text_and_binary(serve: Serve) -> None:
    serve(sending(frame(TEXT, "привет".encode()), frame(BINARY, b"\0\xff"), frame(TEXT), frame(BINARY)))
    with wait_for_socket_from_web() as soc:
        assert soc.peer == "127.0.0.1:5"
        assert soc.sync_read_text_message() == "привет"
        assert soc.sync_read_binary_message() == b"\0\xff"
        assert soc.sync_read_message() == ""
        assert soc.sync_read_message() == b""


def test_what_is_sent(serve: Serve) -> None:
    got: list[Frame] = []
    read = threading.Event()

    def rest(wire: Wire) -> None:
        got.extend(wire.read() for _ in range(6))
        assert wire.ended()
        read.set()

    serve(bridged(rest))
    with wait_for_socket_from_web() as soc:
        soc.sync_send_text_message("привет")
        soc.sync_send_binary_message(b"\0\xff")
        soc.sync_send_binary_message(bytearray(b"abc"))
        soc.sync_send_binary_message(memoryview(b"abcdef")[::2])
        soc.sync_send_text_message("")
        soc.sync_close(4000, "готово")
    assert read.wait(10)
    assert got == [
        (TEXT, "привет".encode()),
        (BINARY, b"\0\xff"),
        (BINARY, b"abc"),
        (BINARY, b"ace"),
        (TEXT, b""),
        (CLOSE, b"\x0f\xa0" + "готово".encode()),
    ]


def test_pieces_are_joined_before_they_are_decoded(serve: Serve) -> None:
    data = "я🐍".encode() * 3
    pieces = [frame(TEXT | MORE, data[at : at + 1]) for at in range(len(data))]
    serve(sending(*pieces, frame(TEXT), frame(BINARY | MORE, b"a"), frame(BINARY | MORE), frame(BINARY, b"b")))
    with wait_for_socket_from_web() as soc:
        assert soc.sync_read_text_message() == "я🐍" * 3
        assert soc.sync_read_binary_message() == b"ab"


def test_byte_by_byte(serve: Serve) -> None:
    def rest(wire: Wire) -> None:
        wire.send_slowly(
            frame(TEXT | MORE, "я".encode()[:1]) + frame(TEXT, "я".encode()[1:]) + close_frame(1000, "end")
        )

    serve(bridged(rest))
    soc = wait_for_socket_from_web()
    assert soc.sync_read_text_message() == "я"
    with pytest.raises(ConnectionClosed) as caught:
        soc.sync_read_message()
    assert (caught.value.close_code, caught.value.reason, caught.value.code) == (1000, "end", "closed")
    soc.sync_close()


@pytest.mark.parametrize("size", [1, 125, 8 * 1024, 8 * 1024 + 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 5_000_001])
def test_sizes_there_and_back(serve: Serve, size: int) -> None:
    frames: list[tuple[int, int]] = []

    def rest(wire: Wire) -> None:
        while True:
            kind, payload = wire.read()
            frames.append((kind, len(payload)))
            wire.send(frame(kind, payload))
            if not kind & MORE:
                break
        assert wire.read()[0] == CLOSE

    serve(bridged(rest))
    data = hashlib.shake_128(str(size).encode()).digest(size)
    received: list[bytes] = []
    with wait_for_socket_from_web() as soc:
        reader = threading.Thread(target=lambda: received.append(soc.sync_read_binary_message()))
        reader.start()
        soc.sync_send_binary_message(data)
        reader.join()
    assert received == [data]
    lengths = [length for _, length in frames]
    assert max(lengths) <= PIECE
    assert len(frames) == max(1, -(-size // PIECE))
    assert [kind for kind, _ in frames] == [BINARY | MORE] * (len(frames) - 1) + [BINARY]


def test_frames_larger_than_the_buffer(serve: Serve) -> None:
    """ompy sends none, but the protocol allows them."""
    data = hashlib.shake_128(b"x").digest((4 << 20) - 1)
    serve(sending(frame(TEXT, b"small"), frame(BINARY, data), frame(TEXT, b"small"), frame(BINARY, data[:600_000])))
    with wait_for_socket_from_web() as soc:
        assert soc.sync_read_message() == "small"
        assert soc.sync_read_message() == data
        assert soc.sync_read_message() == "small"
        assert soc.sync_read_message() == data[:600_000]


def test_the_largest_message(serve: Serve) -> None:
    got: list[int] = []

    def rest(wire: Wire) -> None:
        size = 0
        while True:
            kind, payload = wire.read()
            size += len(payload)
            if not kind & MORE:
                break
        got.append(size)
        assert wire.ended()

    serve(bridged(rest))
    soc = wait_for_socket_from_web()
    soc.sync_send_binary_message(bytes(MESSAGE_LIMIT))
    with pytest.raises(AmError, match="67108865 bytes; at most 67108864") as caught:
        soc.sync_send_binary_message(bytes(MESSAGE_LIMIT + 1))
    assert caught.value.code == "too_large"
    with pytest.raises(AmError, match="67108866 bytes"):
        soc.sync_send_text_message("я" * (MESSAGE_LIMIT // 2 + 1))
    soc._users.shut_down()
    assert got == [MESSAGE_LIMIT] or not got  # the server may still be counting


def test_a_message_above_the_limit_ends_the_connection(serve: Serve) -> None:
    def rest(wire: Wire) -> None:
        piece = frame(BINARY | MORE, bytes((4 << 20) - 1))
        try:
            for _ in range(17):
                wire.send(piece)
        except (BrokenPipeError, ConnectionResetError):
            return

    serve(bridged(rest))
    soc = wait_for_socket_from_web()
    with pytest.raises(ConnectionClosed) as caught:
        soc.sync_read_message()
    assert caught.value.close_code == 1009
    soc.sync_close()


def test_the_other_kind_stays(serve: Serve) -> None:
    serve(sending(frame(BINARY, b"abc"), frame(TEXT, b"text"), frame(BINARY, b"def")))
    with wait_for_socket_from_web() as soc:
        for _ in range(2):
            with pytest.raises(AmError, match=r"is binary \(3 bytes\), not text") as caught:
                soc.sync_read_text_message()
            assert caught.value.code == "conflict"
        assert soc.sync_read_binary_message() == b"abc"
        with pytest.raises(AmError, match=r"is text \(4 characters\), not binary"):
            soc.sync_read_binary_message()
        assert soc.sync_read_message() == "text"
        assert soc.sync_read_message() == b"def"


@pytest.mark.parametrize("wrong", ["text", 5, None, [1]])
def test_binary_is_bytes(serve: Serve, wrong: Any) -> None:
    serve(sending())
    with wait_for_socket_from_web() as soc, pytest.raises(TypeError, match=f"not {type(wrong).__name__}"):
        soc.sync_send_binary_message(wrong)


def test_text_is_text(serve: Serve) -> None:
    serve(sending())
    with wait_for_socket_from_web() as soc:
        with pytest.raises(TypeError, match="not bytes"):
            soc.sync_send_text_message(b"bytes")  # type: ignore[arg-type]
        with pytest.raises(AmError, match="half a character at 1"):
            soc.sync_send_text_message("a\ud800")


def test_timeouts(serve: Serve) -> None:
    go = threading.Event()

    def rest(wire: Wire) -> None:
        wire.send(frame(TEXT | MORE, b"be"))
        assert go.wait(10)
        wire.send(frame(TEXT, b"gun") + frame(TEXT, b"next"))
        assert wire.read()[0] == CLOSE

    serve(bridged(rest))
    with wait_for_socket_from_web() as soc:
        for timeout in (0, 0.2):
            with pytest.raises(AmTimeoutError, match="reading a message: nothing within"):
                soc.sync_read_text_message(timeout=timeout)
        go.set()
        assert soc.sync_read_text_message(timeout=10) == "begun"
        assert soc.sync_read_text_message(timeout=10) == "next"


def test_a_message_that_is_cut_in_two_is_completed(serve: Serve) -> None:
    """Nobody reads: the timeout comes in the middle. Later the other side sees whole messages, in order."""
    go = threading.Event()
    got: list[bytes] = []

    def rest(wire: Wire) -> None:
        assert go.wait(10)
        message = b""
        while True:
            kind, payload = wire.read()
            if kind == CLOSE:
                return
            message += payload
            if not kind & MORE:
                got.append(message)
                message = b""

    server = serve(bridged(rest))
    data = bytearray(hashlib.shake_128(b"x").digest(2_000_000))
    wanted = bytes(data)
    with wait_for_socket_from_web() as soc:
        with pytest.raises(AmTimeoutError, match="sending a message"):
            soc.sync_send_binary_message(data, timeout=0.2)
        data[:] = bytes(len(data))  # the caller's own again
        with pytest.raises(AmTimeoutError):  # nothing of this one is sent: it never will be
            soc.sync_send_binary_message(b"never", timeout=0)
        go.set()
        soc.sync_send_binary_message(b"second")
    server.__exit__(None, None, None)
    assert got == [wanted, b"second"]


def test_a_reader_and_writers_at_once(serve: Serve) -> None:
    def rest(wire: Wire) -> None:
        while True:
            kind, payload = wire.read()
            if kind == CLOSE:
                return
            wire.send(frame(kind, payload))

    serve(bridged(rest))
    got: list[str] = []
    with wait_for_socket_from_web() as soc:

        def write(name: str) -> None:
            for number in range(100):
                soc.sync_send_text_message(f"{name}{number} " + "x" * (1000 * number % 7777))

        writers = [threading.Thread(target=write, args=(name,)) for name in "abc"]
        for writer in writers:
            writer.start()
        for _ in range(300):
            got.append(soc.sync_read_text_message().split()[0])
        for writer in writers:
            writer.join()
    for name in "abc":
        assert [one for one in got if one.startswith(name)] == [f"{name}{number}" for number in range(100)]


def test_a_second_reader_is_told(serve: Serve) -> None:
    serve(sending())
    with wait_for_socket_from_web() as soc:
        ends: list[Exception] = []

        def read() -> None:
            try:
                soc.sync_read_message()
            except AmError as error:
                ends.append(error)

        threads = [threading.Thread(target=read) for _ in range(2)]
        for thread in threads:
            thread.start()
        while not ends:
            threading.Event().wait(0.005)
        assert isinstance(ends[0], AmError)
        assert "one reader at a time" in str(ends[0])
        soc.sync_close()  # wakes the other one
        for thread in threads:
            thread.join(10)
        assert isinstance(ends[1], ConnectionClosed)
    assert soc.fileno() == -1


def test_connect_to_task(serve: Serve) -> None:
    def handler(wire: Wire) -> None:
        assert wire.request() == {"request": "connect", "pid": "far"}
        # The first message can come in one piece with the answer.
        wire.send(frame(CONTROL, b'{"answer":{}}') + frame(TEXT, b"hello"))
        assert wire.read()[0] == CLOSE

    serve(handler)
    with connect_to_task("far") as soc:
        assert soc.sync_read_message(timeout=5) == "hello"
        assert soc.peer == "task far"


def test_errors_travel_between_processes() -> None:
    for error in (AmError("text", "not_found"), AmTimeoutError("text"), ConnectionClosed(1009, "big")):
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert again.code == error.code
        assert getattr(again, "close_code", None) == getattr(error, "close_code", None)
