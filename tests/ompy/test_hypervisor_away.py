"""A hypervisor that restarts is waited for; one that stays away is an error after the stated time."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest
from ompy.appmanager import (
    AmError,
    AmTimeoutError,
    read_json_from_observer,
    run_am_script,
    run_am_script_async,
    wait_for_socket_from_web,
    wait_for_task,
)
from ompy.appmanager import _channel as channel

from tests.ompy.conftest import Serve
from tests.ompy.raw_server import RawServer, Wire

OUTCOME = {"kind": "exited", "exitCode": 0, "signal": None, "message": ""}


def test_the_same_child_is_asked_for_again(serve: Serve) -> None:
    asked: list[dict[str, Any]] = []

    def handler(wire: Wire) -> None:
        asked.append(wire.request())
        if len(asked) == 3:
            wire.answer(pid="x")

    serve(handler)  # twice it ends the connection without an answer
    assert run_am_script("child.py", {"a": 1}) == "x"
    assert asked[0] == asked[1] == asked[2]


def test_half_an_answer(serve: Serve) -> None:
    count = 0

    def handler(wire: Wire) -> None:
        nonlocal count
        count += 1
        wire.request()
        if count == 1:
            wire.send(b"\0\0\0\x50\x01{")
        else:
            wire.answer(pid="x")

    serve(handler)
    assert run_am_script("child.py") == "x"


def test_it_comes_later(socket_path: Path) -> None:
    """First there is no socket at all, then one that nobody listens on, then the hypervisor."""

    def handler(wire: Wire) -> None:
        wire.request()
        wire.answer(pid="late")

    results: list[str] = []
    thread = threading.Thread(target=lambda: results.append(run_am_script("child.py")))
    thread.start()
    with RawServer(socket_path, handler):
        thread.join(10)
    assert results == ["late"]


def test_it_restarts_while_somebody_waits(socket_path: Path) -> None:
    waiting = threading.Event()

    def first(wire: Wire) -> None:
        assert wire.request()["request"] == "wait"
        waiting.set()

    def second(wire: Wire) -> None:
        assert wire.request()["request"] == "wait"
        wire.answer(state="closed", outcome=OUTCOME)

    results: list[bool] = []
    with RawServer(socket_path, first):
        thread = threading.Thread(target=lambda: results.append(wait_for_task("a").ok))
        thread.start()
        assert waiting.wait(10)
    with RawServer(socket_path, second):
        thread.join(10)
    assert results == [True]


@pytest.mark.parametrize("there", [False, True])
def test_it_stays_away(socket_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool) -> None:
    monkeypatch.setattr(channel, "PATIENCE_SEC", 0.3)
    if there:  # a socket that nobody listens on
        import socket

        left_behind = socket.socket(socket.AF_UNIX)
        left_behind.bind(str(socket_path))
        left_behind.close()
    with pytest.raises(AmError, match=r"the hypervisor has been away for 0\.3 s") as caught:
        run_am_script("child.py")
    assert caught.value.code == "unavailable"
    assert str(socket_path) in str(caught.value)


async def test_it_stays_away_async(socket_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "PATIENCE_SEC", 0.3)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0)
            ticks += 1

    ticking = asyncio.create_task(tick())
    with pytest.raises(AmError) as caught:
        await run_am_script_async("child.py")
    ticking.cancel()
    assert caught.value.code == "unavailable"
    assert ticks > 10


def test_one_that_only_hangs_up(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not go on for ever only because it can be connected to."""
    monkeypatch.setattr(channel, "PATIENCE_SEC", 0.3)
    serve(lambda wire: None)
    with pytest.raises(AmError, match=r"closed the connection|reset") as caught:
        run_am_script("child.py")
    assert caught.value.code == "unavailable"


def test_the_callers_timeout_comes_first(socket_path: Path) -> None:
    with pytest.raises(AmTimeoutError):
        run_am_script("child.py", timeout=0.2)


def test_a_refusal_before_the_request(serve: Serve) -> None:
    """A process that does not belong to the task is told so, whether its request was read or not."""

    def handler(wire: Wire) -> None:
        wire.refuse("forbidden", "process 5 does not belong to the task")

    serve(handler)
    with pytest.raises(AmError, match="process 5 does not belong") as caught:
        wait_for_socket_from_web()
    assert caught.value.code == "forbidden"


def test_a_message_is_taken_on_another_connection(serve: Serve) -> None:
    """The connection breaks between read and taken: the message is given once, and the next hypervisor knows it."""
    asked: list[dict[str, Any]] = []

    def handler(wire: Wire) -> None:
        request = wire.request()
        asked.append(request)
        if request["request"] == "read":
            wire.answer(sequence=7, json='{"a": 1.50}')
        else:
            wire.answer()
            assert wire.ended()

    serve(handler)
    assert read_json_from_observer() == {"a": 1.5}
    assert asked[0] == {"request": "read"}
    assert asked[-1] == {"request": "taken", "sequence": 7}
    assert len(asked) == 2
