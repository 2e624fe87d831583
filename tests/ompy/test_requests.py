"""Requests: what is sent for each function, and what comes of each answer."""

import json
import os
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ompy.appmanager import (
    AmError,
    AmTimeoutError,
    Outcome,
    read_json_from_observer,
    run_am_script,
    run_am_script_async,
    send_json_to_task,
    send_json_to_task_async,
    set_status,
    set_status_async,
    stop_task,
    stop_task_async,
    wait_for_task,
    wait_for_task_async,
)

from tests.ompy.conftest import Serve
from tests.ompy.raw_server import RawServer, Wire, control, frame

OUTCOME = {"kind": "exited", "exitCode": 3, "signal": None, "message": "done"}


def answering(asked: list[dict[str, Any]], **members: Any) -> Callable[[Wire], None]:
    def handler(wire: Wire) -> None:
        asked.append(wire.request())
        wire.answer(**members)
        assert wire.ended()

    return handler


def refusing(code: str, message: str) -> Callable[[Wire], None]:
    def handler(wire: Wire) -> None:
        wire.request()
        wire.refuse(code, message)
        assert wire.ended()

    return handler


def test_start(serve: Serve) -> None:
    asked: list[dict[str, Any]] = []
    serve(answering(asked, pid="the-pid"))
    params = {"ключ": "значение", "x": [1, 2.5, None], "big": 12345678901234567890}
    assert run_am_script("folder/child.py", params) == "the-pid"
    assert run_am_script("child.py") == "the-pid"
    first, second = asked
    assert uuid.UUID(first.pop("childPid")).version == 4
    assert json.loads(first.pop("params")) == params
    assert first == {"request": "start", "script": "folder/child.py"}
    assert second["params"] == "{}"


async def test_start_async(serve: Serve) -> None:
    asked: list[dict[str, Any]] = []
    serve(answering(asked, pid="the-pid"))
    assert await run_am_script_async("child.py", {"a": 1}) == "the-pid"
    assert asked[0]["params"] == '{"a": 1}'


async def test_wait(serve: Serve) -> None:
    asked: list[dict[str, Any]] = []
    serve(answering(asked, state="closed", outcome=OUTCOME))
    outcome = wait_for_task("a-pid")
    assert outcome == Outcome("exited", 3, None, "done") == await wait_for_task_async("a-pid")
    assert not outcome.ok
    assert asked == [{"request": "wait", "pid": "a-pid"}] * 2
    with pytest.raises(AttributeError):
        outcome.kind = "stopped"
    assert len({outcome, Outcome("exited", 3, None, "done"), Outcome("lost")}) == 2


async def test_stop(serve: Serve) -> None:
    asked: list[dict[str, Any]] = []
    serve(answering(asked, message="stopping"))
    assert stop_task("a-pid")
    assert await stop_task_async("a-pid")
    assert asked == [{"request": "stop", "pid": "a-pid"}] * 2


async def test_stop_of_a_closed_task(serve: Serve) -> None:
    serve(refusing("conflict", "task a-pid is closed"))
    assert not stop_task("a-pid")
    assert not await stop_task_async("a-pid")


async def test_send(serve: Serve) -> None:
    asked: list[dict[str, Any]] = []
    serve(answering(asked))
    send_json_to_task("a-pid", [1, {"я": None}])
    await send_json_to_task_async("a-pid", "text")
    ids = [uuid.UUID(one.pop("id")) for one in asked]
    assert ids[0] != ids[1]
    assert asked == [
        {"request": "send", "pid": "a-pid", "json": '[1, {"я": null}]'},
        {"request": "send", "pid": "a-pid", "json": '"text"'},
    ]


async def test_status(serve: Serve) -> None:
    asked: list[dict[str, Any]] = []
    serve(answering(asked))
    set_status("working")
    await set_status_async("half", 0.5)
    set_status("all", 1)
    assert asked == [
        {"request": "status", "text": "working", "progress": None},
        {"request": "status", "text": "half", "progress": 0.5},
        {"request": "status", "text": "all", "progress": 1.0},
    ]


def test_an_error_answer(serve: Serve) -> None:
    serve(refusing("not_found", 'script: there is no "child.py"'))
    with pytest.raises(AmError, match=r'there is no "child\.py"') as caught:
        run_am_script("child.py")
    assert caught.value.code == "not_found"
    assert not isinstance(caught.value, TimeoutError)


@pytest.mark.parametrize(
    ("params", "place"),
    [
        ({"a": {"b": [1, float("nan")]}}, r"params\['a'\]\['b'\]\[1\]: nan"),
        ({"a": float("inf")}, r"params\['a'\]: inf"),
        ({"a": object()}, r"params\['a'\]: of type object"),
        ({"a": {1, 2}}, r"params\['a'\]: of type set"),
        ({(1, 2): 3}, r"params: the key \(1, 2\) is of type tuple"),
        ({"a": "\ud800"}, r"params\['a'\]: half a character"),
        ([1], "params: must be a dict, not list"),
        ("text", "params: must be a dict, not str"),
    ],
)
def test_params_that_are_no_json(serve: Serve, params: Any, place: str) -> None:
    server = serve(answering([], pid="x"))
    with pytest.raises(AmError, match=place) as caught:
        run_am_script("child.py", params)
    assert caught.value.code == "invalid_argument"
    assert server.connections == 0


def test_params_that_contain_themselves(serve: Serve) -> None:
    serve(answering([], pid="x"))
    circle: dict[str, Any] = {}
    circle["again"] = circle
    with pytest.raises(AmError, match="params: Circular reference"):
        run_am_script("child.py", circle)
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(AmError, match="params: nested too deeply"):
        run_am_script("child.py", {"deep": deep})


def test_a_request_larger_than_a_frame(serve: Serve) -> None:
    server = serve(answering([], pid="x"))
    with pytest.raises(AmError, match=r"start: the request has \d+ bytes, fewer than 4194304") as caught:
        run_am_script("x" * (4 << 20))
    assert caught.value.code == "too_large"
    assert server.connections == 0


@pytest.mark.parametrize("script", ["", None, 5, b"child.py"])
def test_no_script(serve: Serve, script: Any) -> None:
    serve(answering([], pid="x"))
    with pytest.raises(AmError, match="script: must be a path or an id"):
        run_am_script(script)


@pytest.mark.parametrize("progress", [-0.1, 1.1, float("nan"), "0.5", True + 1])
def test_wrong_progress(serve: Serve, progress: Any) -> None:
    serve(answering([]))
    with pytest.raises(AmError, match="progress: must be a number from 0 to 1"):
        set_status("x", progress)


@pytest.mark.parametrize("function", [wait_for_task, stop_task])
def test_no_pid(serve: Serve, function: Callable[[Any], Any]) -> None:
    serve(answering([]))
    with pytest.raises(AmError, match="pid: must be a task's id, not None"):
        function(None)


def test_outside_a_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AM_TASK_SOCKET", raising=False)
    for call in (
        lambda: run_am_script("child.py"),
        lambda: wait_for_task("a"),
        lambda: set_status("x"),
        read_json_from_observer,
    ):
        with pytest.raises(AmError, match="no task of the Application Manager") as caught:
            call()
        assert caught.value.code == "no_task"


@pytest.mark.parametrize(
    "answer",
    [frame(2, b"{}"), frame(1, b"{"), frame(1, b"\xff"), frame(1, b"[]"), b"\xff\xff\xff\xff\x01", control({})],
)
def test_an_answer_that_is_none(serve: Serve, answer: bytes) -> None:
    def handler(wire: Wire) -> None:
        wire.request()
        wire.send(answer)
        assert wire.ended()

    serve(handler)
    with pytest.raises(AmError, match="answer cannot be read") as caught:
        stop_task("a-pid")
    assert caught.value.code == "internal"


def test_an_answer_byte_by_byte(serve: Serve) -> None:
    def handler(wire: Wire) -> None:
        wire.request()
        wire.send_slowly(control({"answer": {"pid": "я" * 50}}))
        assert wire.ended()

    serve(handler)
    assert run_am_script("child.py") == "я" * 50


def test_timeouts(serve: Serve) -> None:
    ended = threading.Semaphore(0)

    def handler(wire: Wire) -> None:
        wire.request()
        assert wire.ended()  # to give up is to close
        ended.release()

    serve(handler)
    with pytest.raises(AmTimeoutError, match=r"waiting for task a-pid: nothing within 0\.2 s") as caught:
        wait_for_task("a-pid", timeout=0.2)
    assert isinstance(caught.value, TimeoutError)
    assert isinstance(caught.value, AmError)
    assert caught.value.code == "timeout"
    assert ended.acquire(timeout=10)
    with pytest.raises(AmTimeoutError):
        wait_for_task("a-pid", timeout=0)
    assert ended.acquire(timeout=10)


async def test_timeout_and_cancellation_async(serve: Serve) -> None:
    import asyncio

    asked, ended = threading.Semaphore(0), threading.Semaphore(0)

    def handler(wire: Wire) -> None:
        wire.request()
        asked.release()
        assert wire.ended()
        ended.release()

    serve(handler)
    with pytest.raises(AmTimeoutError):
        await wait_for_task_async("a-pid", timeout=0.2)
    assert ended.acquire(timeout=10)
    task = asyncio.create_task(wait_for_task_async("a-pid"))
    await asyncio.to_thread(asked.acquire)
    await asyncio.to_thread(asked.acquire)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(ended.acquire, timeout=10)


def test_a_path_longer_than_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / ("x" * 100) / ("y" * 100)
    folder.mkdir(parents=True)
    descriptor = os.open(folder, os.O_PATH)
    try:
        monkeypatch.setenv("AM_TASK_SOCKET", str(folder / "task.sock"))
        with RawServer(Path(f"/proc/self/fd/{descriptor}/task.sock"), answering([], pid="far")):
            before = len(os.listdir("/proc/self/fd"))
            assert run_am_script("child.py") == "far"
            assert len(os.listdir("/proc/self/fd")) <= before
    finally:
        os.close(descriptor)


def test_threads(serve: Serve) -> None:
    def handler(wire: Wire) -> None:
        wire.answer(pid=wire.request()["script"])
        assert wire.ended()

    serve(handler)
    results: dict[int, str] = {}

    def work(number: int) -> None:
        for _ in range(10):
            results[number] = run_am_script(f"script{number}")
            assert results[number] == f"script{number}"

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: f"script{number}" for number in range(16)}
