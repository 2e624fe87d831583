"""The same messages on an event loop: nothing blocks it, nothing is lost when something is cancelled."""

import asyncio
import hashlib
import threading
from collections.abc import Callable
from typing import Any

import pytest
from ompy.appmanager import (
    AmError,
    AmTimeoutError,
    ConnectionClosed,
    connect_to_task_async,
    read_json_from_observer,
    read_json_from_observer_async,
    wait_for_socket_from_web_async,
)

from tests.ompy.conftest import Serve
from tests.ompy.raw_server import BINARY, CLOSE, MORE, TEXT, Wire, close_frame, frame


def bridged(rest: Callable[[Wire], None]) -> Callable[[Wire], None]:
    def handler(wire: Wire) -> None:
        wire.bridge()
        rest(wire)

    return handler


def echo(wire: Wire) -> None:
    while True:
        kind, payload = wire.read()
        if kind == CLOSE:
            return
        wire.send(frame(kind, payload))


async def test_there_and_back(serve: Serve) -> None:
    serve(bridged(echo))
    async with await wait_for_socket_from_web_async() as soc:
        await soc.send_text_message("привет")
        assert await soc.read_text_message() == "привет"
        await soc.send_binary_message(b"\0")
        assert await soc.read_binary_message() == b"\0"
        await soc.send_text_message("x")
        with pytest.raises(AmError, match="is text"):
            await soc.read_binary_message()
        assert await soc.read_message() == "x"


async def test_large_ones_both_ways_at_once(serve: Serve) -> None:
    serve(bridged(echo))
    data = hashlib.shake_128(b"x").digest(5_000_001)
    async with await wait_for_socket_from_web_async() as soc:
        _, got = await asyncio.gather(soc.send_binary_message(data), soc.read_binary_message())
    assert got == data


async def test_iteration_and_close_codes(serve: Serve) -> None:
    serve(bridged(lambda wire: wire.send(frame(TEXT, b"a") + frame(BINARY, b"b") + close_frame(1000, "end"))))
    async with await wait_for_socket_from_web_async() as soc:
        assert [message async for message in soc] == ["a", b"b"]
        with pytest.raises(ConnectionClosed) as caught:
            await soc.read_message()
        assert caught.value.close_code == 1000


async def test_iteration_does_not_hide_a_broken_connection(serve: Serve) -> None:
    serve(bridged(lambda wire: wire.send(close_frame(1011, "oops"))))
    async with await wait_for_socket_from_web_async() as soc:
        with pytest.raises(ConnectionClosed, match="1011: oops"):
            async for _ in soc:
                pass


async def test_reading_does_not_block_the_loop(serve: Serve) -> None:
    go = threading.Event()

    def rest(wire: Wire) -> None:
        assert go.wait(10)
        wire.send(frame(TEXT, b"late"))
        assert wire.read()[0] == CLOSE

    serve(bridged(rest))
    async with await wait_for_socket_from_web_async() as soc:
        reading = asyncio.create_task(soc.read_message())
        for _ in range(100):
            await asyncio.sleep(0)
        assert not reading.done()
        go.set()
        assert await reading == "late"


async def test_a_flood_leaves_time_for_others(serve: Serve) -> None:
    """Messages that are always there already do not keep the loop."""

    def rest(wire: Wire) -> None:
        for _ in range(2000):
            wire.send(frame(BINARY, bytes(65536)))
        wire.send(close_frame(1000))

    serve(bridged(rest))
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0)
            ticks += 1

    async with await wait_for_socket_from_web_async() as soc:
        ticking = asyncio.create_task(tick())
        count = 0
        async for _ in soc:
            count += 1
        ticking.cancel()
    assert count == 2000
    assert ticks > 10


async def test_a_cancelled_read_loses_nothing(serve: Serve) -> None:
    """Cancelled at every moment, between any two bytes: every message comes, once, whole, in order."""

    def rest(wire: Wire) -> None:
        for number in range(200):
            text = f"{number} ".encode() + bytes([65 + number % 26]) * (number * 37 % 3000)
            wire.send(frame(TEXT | MORE, text[:5]))
            wire.send(frame(TEXT, text[5:]))
        wire.send(close_frame(1000))

    serve(bridged(rest))
    got: list[str] = []
    cancelled = 0
    async with await wait_for_socket_from_web_async() as soc:
        while len(got) < 200:
            reading = asyncio.create_task(soc.read_text_message())
            await asyncio.sleep(0)
            if not reading.done():
                reading.cancel()
            try:
                got.append(await reading)
            except asyncio.CancelledError:
                cancelled += 1
    assert [int(text.split()[0]) for text in got] == list(range(200))
    assert all(len(text.split()[-1]) == number * 37 % 3000 for number, text in enumerate(got) if number * 37 % 3000)
    assert cancelled > 0


async def test_timeouts(serve: Serve) -> None:
    go = threading.Event()

    def rest(wire: Wire) -> None:
        assert go.wait(10)
        wire.send(frame(TEXT, b"late"))
        assert wire.read()[0] == CLOSE

    serve(bridged(rest))
    async with await wait_for_socket_from_web_async() as soc:
        for timeout in (0, 0.1):
            with pytest.raises(AmTimeoutError):
                await soc.read_message(timeout=timeout)
        go.set()
        assert await soc.read_message(timeout=10) == "late"


async def test_a_cancelled_send_is_completed_before_the_next(serve: Serve) -> None:
    go = threading.Event()
    got: list[int] = []

    def rest(wire: Wire) -> None:
        assert go.wait(10)
        size = 0
        while True:
            kind, payload = wire.read()
            if kind == CLOSE:
                return
            size += len(payload)
            if not kind & MORE:
                got.append(size)
                size = 0

    server = serve(bridged(rest))
    async with await wait_for_socket_from_web_async() as soc:
        with pytest.raises(AmTimeoutError):
            await soc.send_binary_message(bytes(3_000_000), timeout=0.1)
        second = asyncio.create_task(soc.send_binary_message(bytes(1000)))
        await asyncio.sleep(0)
        second.cancel()  # nothing of it is sent
        with pytest.raises(asyncio.CancelledError):
            await second
        go.set()
        await soc.send_binary_message(bytes(5))
    await asyncio.to_thread(server.__exit__, None, None, None)
    assert got == [3_000_000, 5]


async def test_writers_take_turns(serve: Serve) -> None:
    """Messages of several pieces are never mixed, and a cancelled writer keeps nobody waiting."""
    seen: list[str] = []

    def rest(wire: Wire) -> None:
        message = b""
        while True:
            kind, payload = wire.read()
            if kind == CLOSE:
                return
            message += payload
            if not kind & MORE:
                assert len(set(message)) == 1, "mixed"
                seen.append(chr(message[0]))
                message = b""

    server = serve(bridged(rest))
    async with await wait_for_socket_from_web_async() as soc:
        writers = [asyncio.create_task(soc.send_text_message(letter * 700_000)) for letter in "abcdefgh"]
        await asyncio.sleep(0)
        writers[3].cancel()
        results = await asyncio.gather(*writers, return_exceptions=True)
    await asyncio.to_thread(server.__exit__, None, None, None)
    assert [type(one) for one in results].count(asyncio.CancelledError) == 1
    assert sorted(seen) == sorted("abcefgh")


async def test_close_wakes_the_reader(serve: Serve) -> None:
    serve(bridged(lambda wire: wire.read() and None))
    soc = await wait_for_socket_from_web_async()
    reading = asyncio.create_task(soc.read_message())
    await asyncio.sleep(0)
    await soc.close(4000, "enough")
    with pytest.raises(ConnectionClosed) as caught:
        await asyncio.wait_for(reading, 10)
    assert caught.value.close_code == 4000
    assert soc.fileno() == -1


async def test_connect(serve: Serve) -> None:
    def handler(wire: Wire) -> None:
        assert wire.request() == {"request": "connect", "pid": "far"}
        wire.answer()
        echo(wire)

    serve(handler)
    async with await connect_to_task_async("far") as soc:
        await soc.send_text_message("x")
        assert await soc.read_message() == "x"


async def test_cancelled_while_waiting_for_a_connection(serve: Serve) -> None:
    ended = threading.Event()

    def handler(wire: Wire) -> None:
        wire.request()
        assert wire.ended()
        ended.set()

    serve(handler)
    with pytest.raises(AmTimeoutError):
        await wait_for_socket_from_web_async(timeout=0.2)
    assert await asyncio.to_thread(ended.wait, 10)


async def test_a_message_whose_reading_was_cancelled_is_the_next_one(serve: Serve) -> None:
    """Between read and taken nobody knows whether the platform has heard; the value is not lost and not doubled."""
    asked: list[dict[str, Any]] = []
    taken = threading.Event()

    def handler(wire: Wire) -> None:
        request = wire.request()
        asked.append(request)
        if request["request"] == "read":
            assert len(asked) == 1, "read again"
            wire.answer(sequence=5, json='"kept"')
            asked.append(wire.request())
            taken.set()
            assert wire.ended()  # no answer: the reader is cancelled now
        else:
            wire.answer()
            assert wire.ended()

    serve(handler)
    reading = asyncio.create_task(read_json_from_observer_async())
    assert await asyncio.to_thread(taken.wait, 10)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert await asyncio.to_thread(read_json_from_observer) == "kept"
    assert [one["request"] for one in asked] == ["read", "taken", "taken"]
