"""The fake platform, as the tests of a user's scripts use it."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ompy
import pytest
from ompy.appmanager import variables
from ompy.appmanager.communication import (
    AmError,
    AmTimeoutError,
    ConnectionClosed,
    Outcome,
    connect_to_task,
    run_am_script,
    run_am_script_async,
    send_json_to_task,
    set_status,
    stop_task,
    wait_for_socket_from_web,
    wait_for_task,
    wait_for_task_async,
)
from ompy.appmanager.observer import read_json_from_observer
from ompy.appmanager.testing import FakePlatform, SentMessage, Status
from ompy.appmanager.variables import TASK_PARAMS


@pytest.fixture
def platform() -> Iterator[FakePlatform]:
    with FakePlatform({"rows": 2}, parent_pid="the parent") as fake:
        yield fake


def test_this_process_is_the_task(platform: FakePlatform) -> None:
    assert TASK_PARAMS["pid"] == platform.pid == variables.PID
    assert TASK_PARAMS["parentPid"] == "the parent"
    assert TASK_PARAMS["scriptParams"] == {"rows": 2}


def test_afterwards_everything_is_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AM_TASK_SOCKET", "/another/socket")
    before = dict(TASK_PARAMS)
    with FakePlatform({"x": 1}):
        path = Path(os.environ["AM_TASK_SOCKET"])
        assert path.exists()
    assert os.environ["AM_TASK_SOCKET"] == "/another/socket"
    assert before == TASK_PARAMS
    assert not path.parent.exists()


def test_outside_of_the_block_there_is_no_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AM_TASK_SOCKET", raising=False)
    with FakePlatform():
        set_status("inside")
    with pytest.raises(AmError) as caught:
        set_status("outside")
    assert caught.value.code == "no_task"


def raises(params: dict[str, Any]) -> None:
    raise RuntimeError("no rows")


@pytest.mark.parametrize(
    ("ending", "outcome"),
    [
        (Outcome("timed_out"), Outcome("timed_out")),
        (lambda params: None, Outcome("exited", 0)),
        (lambda params: params["code"], Outcome("exited", 3)),
        (lambda params: Outcome("memory_limit", message="100 MB"), Outcome("memory_limit", message="100 MB")),
        (raises, Outcome("exited", 1, None, "RuntimeError: no rows")),
    ],
)
def test_children_end_as_the_test_says(platform: FakePlatform, ending: Any, outcome: Outcome) -> None:
    platform.add_script("child.py", ending)
    pid = run_am_script("child.py", {"code": 3})
    assert wait_for_task(pid, timeout=10) == outcome
    (child,) = platform.started
    assert (child.pid, child.script, child.params, child.outcome) == (pid, "child.py", {"code": 3}, outcome)
    assert stop_task(pid) is False


def test_a_child_that_runs_is_stopped_or_finished(platform: FakePlatform) -> None:
    going_on = threading.Event()
    platform.add_script("child.py", lambda params: going_on.wait(10) and None)
    stopped, finished = run_am_script("child.py"), run_am_script("child.py")
    with pytest.raises(AmTimeoutError):
        wait_for_task(stopped, timeout=0.1)
    assert stop_task(stopped) is True
    assert wait_for_task(stopped, timeout=10).kind == "stopped"
    platform.finish(finished, Outcome("lost"))
    assert wait_for_task(finished, timeout=10).kind == "lost"
    going_on.set()
    assert [child.stopped for child in platform.started] == [True, False]


def test_what_there_is_not(platform: FakePlatform) -> None:
    for call in (lambda: run_am_script("nowhere.py"), lambda: wait_for_task("a"), lambda: send_json_to_task("a", 1)):
        with pytest.raises(AmError) as caught:
            call()
        assert caught.value.code == "not_found"
    assert platform.started == []


def test_refusals(platform: FakePlatform) -> None:
    platform.add_script("child.py", Outcome("exited", 0))
    platform.refuse("start", "resource_exhausted", "1000 are enough")
    with pytest.raises(AmError, match="1000 are enough") as caught:
        run_am_script("child.py")
    assert caught.value.code == "resource_exhausted"
    run_am_script("child.py")  # only the next one
    assert len(platform.started) == 1


def test_messages_are_read_in_order_and_once(platform: FakePlatform) -> None:
    for value in ({"n": 2**70}, [0.1], None):
        platform.send_json(value)
    assert [read_json_from_observer(5) for _ in range(2)] == [{"n": 2**70}, [0.1]]
    assert platform.unread == [None]
    assert read_json_from_observer(5) is None
    with pytest.raises(AmTimeoutError):
        read_json_from_observer(timeout=0.1)
    platform.send_json("late")
    assert read_json_from_observer(5) == "late"
    assert platform.unread == []


def test_messages_and_statuses_are_recorded(platform: FakePlatform) -> None:
    platform.add_script("child.py", lambda params: threading.Event().wait(0.01) and None)
    pid = run_am_script("child.py")
    wait_for_task(pid, timeout=10)
    with pytest.raises(AmError) as caught:
        send_json_to_task(pid, "too late")
    assert caught.value.code == "conflict"
    send_json_to_task(platform.pid, {"to": "myself"})
    assert platform.sent == [SentMessage(platform.pid, {"to": "myself"})]
    assert read_json_from_observer(5) == {"to": "myself"}
    set_status("half", 0.5)
    set_status("done")
    assert platform.statuses == [Status("half", 0.5), Status("done", None)]


def test_a_client_connects(platform: FakePlatform) -> None:
    with platform.connect("10.0.0.1:5") as client:
        client.sync_send_text_message("early")
        with wait_for_socket_from_web(5) as soc:
            assert soc.peer == "10.0.0.1:5"
            assert soc.sync_read_text_message(5) == "early"
            soc.sync_send_binary_message(b"answer")
            soc.sync_close(4000, "bye")
        assert client.sync_read_binary_message(5) == b"answer"
        with pytest.raises(ConnectionClosed) as caught:
            client.sync_read_message(5)
        assert (caught.value.close_code, caught.value.reason) == (4000, "bye")


def test_the_task_connects(platform: FakePlatform) -> None:
    platform.add_script("child.py", Outcome("exited", 0))
    going_on = threading.Event()
    platform.add_script("server.py", lambda params: going_on.wait(10) and None)
    pid = run_am_script("server.py")
    with connect_to_task(pid) as soc, platform.accept(pid) as server:
        soc.sync_send_text_message("question")
        assert server.sync_read_text_message(5) == "question"
        server.sync_send_text_message("answer")
        assert soc.sync_read_text_message(5) == "answer"
    going_on.set()
    with pytest.raises(TimeoutError):
        platform.accept(pid, timeout=0.05)


def test_connections_come_in_order(platform: FakePlatform) -> None:
    clients = [platform.connect(str(number)) for number in range(3)]
    for number in range(3):
        with wait_for_socket_from_web(5) as soc:
            assert soc.peer == str(number)
    for client in clients:
        client.sync_close()


async def test_with_asyncio(platform: FakePlatform) -> None:
    platform.add_script("child.py", lambda params: params["n"])

    async def one(number: int) -> int | None:
        return (await wait_for_task_async(await run_am_script_async("child.py", {"n": number}), timeout=10)).exit_code

    assert await asyncio.gather(*(one(number) for number in range(10))) == list(range(10))


def test_from_a_subprocess(platform: FakePlatform) -> None:
    platform.send_json("for the subprocess")
    code = "from ompy.appmanager.observer import *; print(read_json_from_observer(5))"
    environment = {**os.environ, "PYTHONPATH": str(Path(ompy.__path__[0]).parent)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=30)
    assert done.stdout == "for the subprocess\n", done.stderr
