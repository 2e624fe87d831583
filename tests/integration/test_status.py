"""What a task says of its progress, what it uses, and the events that a browser follows."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from tests.support.api import Api, ApiError, App
from tests.support.code_tasks import hearing, run_code, start_code
from tests.support.platform import Platform

UNKNOWN_PID = "00000000-0000-4000-8000-000000000000"
STEPS = """
    set_status('begin')
    say('begun')
    read_json_from_observer(60)
    set_status('Шаг 1 🎉', 0.25)
    say('stepped')
    read_json_from_observer(60)
"""


async def go_on(api: Api, pid: str) -> None:
    await api.call("POST", f"/tasks/{pid}/messages", "go")


async def status_of(api: Api, pid: str) -> Any:
    return (await api.call("GET", f"/tasks/{pid}"))["status"]


async def status_when_it_comes(api: Api, pid: str, expected: Any) -> None:
    """The newest status is told from daemon to daemon; each change is an event."""
    async with api.session.ws_connect(api.address("/events")) as events:
        while await status_of(api, pid) != expected:
            await events.receive(timeout=20)


async def test_the_newest_status_is_the_tasks(api: Api, kit: App) -> None:
    pid = await start_code(api, kit, STEPS)
    async with hearing(api, pid) as task:
        assert await task.next() == "begun"
        await status_when_it_comes(api, pid, {"text": "begin", "progress": None})
        await go_on(api, pid)
        assert await task.next() == "stepped"
        await status_when_it_comes(api, pid, {"text": "Шаг 1 🎉", "progress": 0.25})
        await go_on(api, pid)
    await api.closed(pid)


async def test_the_last_status_before_the_end_is_kept(api: Api, kit: App) -> None:
    (pid,) = await run_code(api, kit, "set_status('begin'); set_status('done', 1); say(PID)")
    assert await status_of(api, pid) == {"text": "done", "progress": 1}


async def test_a_task_that_says_nothing_has_no_status(api: Api, kit: App) -> None:
    task, _ = await api.run(kit, "hello.py")
    assert await status_of(api, task["pid"]) is None


async def stream(api: Api, pid: str, **query: str) -> list[dict[str, Any]]:
    """Every line of the output stream, to its end."""
    async with api.session.get(api.address(f"/tasks/{pid}/output"), params=query) as response:
        assert response.status == 200, await response.text()
        return [json.loads(line) for line in (await response.text()).splitlines()]


async def test_in_the_stream_of_parent_and_child(api: Api, kit: App) -> None:
    code = """
        import time
        read_json_from_observer(60)
        set_status('parent', 0.5)
        child = run_am_script('run_code.py', {'code': "set_status('child'); read_json_from_observer(60)"})
        say(child)
        read_json_from_observer(60)
        send_json_to_task(child, 'go')
        wait_for_task(child)
    """
    pid = await start_code(api, kit, code)
    following = asyncio.ensure_future(stream(api, pid, follow="true", tree="true", status="true"))
    await go_on(api, pid)
    async with hearing(api, pid) as task:
        child = await task.next()
    await status_when_it_comes(api, child, {"text": "child", "progress": None})
    await go_on(api, pid)
    lines = await asyncio.wait_for(following, 60)
    statuses = [line["status"] for line in lines if "status" in line]
    assert {"pid": pid, "text": "parent", "progress": 0.5} in statuses
    assert {"pid": child, "text": "child", "progress": None} in statuses
    assert all(set(status) == {"pid", "text", "progress"} for status in statuses)
    assert "end" in lines[-1]
    for query in ({"follow": "true", "tree": "true"}, {"follow": "true"}, {}):
        assert not [line for line in await stream(api, pid, **query) if "status" in line]


async def test_a_follower_that_comes_late_gets_the_newest(api: Api, kit: App) -> None:
    code = "set_status('first', 0); set_status('newest', 0.75); say('set'); read_json_from_observer(60)"
    pid = await start_code(api, kit, code)
    async with hearing(api, pid) as task:
        await task.next()
    await status_when_it_comes(api, pid, {"text": "newest", "progress": 0.75})
    following = asyncio.ensure_future(stream(api, pid, follow="true", tree="true", status="true"))
    await go_on(api, pid)
    statuses = [line["status"] for line in await asyncio.wait_for(following, 60) if "status" in line]
    assert statuses == [{"pid": pid, "text": "newest", "progress": 0.75}]


@pytest.mark.parametrize("query", [{"status": "true"}, {"status": "true", "follow": "true"}, {"status": "maybe"}])
async def test_status_in_the_stream_needs_tree_and_follow(api: Api, kit: App, query: dict[str, str]) -> None:
    task, _ = await api.run(kit, "hello.py")
    async with api.session.get(api.address(f"/tasks/{task['pid']}/output"), params=query) as response:
        assert response.status == 400
        assert "status" in (await response.json())["error"]["message"]


async def test_am_run_shows_it_on_stderr(platform: Platform, kit: App) -> None:
    code = "import time\nset_status('half way', 0.5)\nprint('output')\nset_status('line\\nbreak \\x1b[31m')"
    result = await platform.am("run", kit.id, "run_code.py", "--params", json.dumps({"code": code}))
    assert result.code == 0, result.err
    assert result.out == "output\n"
    assert "half way" in result.err or "line break" in result.err
    assert "\x1b[31m" not in result.err
    assert "line\nbreak" not in result.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ("5", "invalid_argument", ["text"]),
        ("None", "invalid_argument", ["text"]),
        ("'x', 'half'", "invalid_argument", ["progress", "half"]),
        ("'x', -0.1", "invalid_argument", ["progress", "-0.1"]),
        ("'x', 1.5", "invalid_argument", ["progress", "1.5"]),
        ("'x', float('nan')", "invalid_argument", ["progress"]),
        ("'x', float('inf')", "invalid_argument", ["progress"]),
        ("'x', [1]", "invalid_argument", ["progress"]),
        ("'\\ud800'", "invalid_argument", ["text"]),
        ("'x' * 5000", "too_large", ["text", "5000", "4096"]),
        ("'x' * 5_000_000", "too_large", ["text"]),
    ],
)
async def test_what_is_no_status_is_refused_with_the_name(
    api: Api, kit: App, arguments: str, code: str, words: list[str]
) -> None:
    task = f"set_status('good', 0.5); say(refusal(set_status, {arguments})); say(PID)"
    (given, message), pid = await run_code(api, kit, task)
    assert given == code, message
    for word in words:
        assert word in message
    assert await status_of(api, pid) == {"text": "good", "progress": 0.5}


async def test_often_and_from_threads(api: Api, kit: App) -> None:
    code = """
        import threading
        def run(n):
            for i in range(200): set_status(f'thread {n}', i / 200)
        threads = [threading.Thread(target=run, args=(n,)) for n in range(4)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        set_status('the last one', 1)
        say(PID)
    """
    (pid,) = await run_code(api, kit, code)
    assert await status_of(api, pid) == {"text": "the last one", "progress": 1}


# --- usage -------------------------------------------------------------------------------------------------------


async def test_usage_counts_the_whole_tree(api: Api, kit: App) -> None:
    code = """
        import subprocess, sys
        program = "data = bytearray(b'x') * (50 << 20); print('up', flush=True); input()"
        child = subprocess.Popen([sys.executable, '-c', program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        child.stdout.readline()
        say('up')
        read_json_from_observer(60)
        child.communicate(b'\\n')
    """
    pid = await start_code(api, kit, code, memoryLimit=200)
    async with hearing(api, pid) as task:
        await task.next()
    usage = await api.call("GET", f"/tasks/{pid}/usage")
    assert usage["processes"] == 2
    assert 50 < usage["memoryMb"] < 120
    assert usage["memoryPeakMb"] >= usage["memoryMb"]
    assert 0 < usage["cpuSec"] < 60
    await go_on(api, pid)
    await api.closed(pid)


async def test_usage_of_an_unknown_task(api: Api) -> None:
    with pytest.raises(ApiError) as caught:
        await api.call("GET", f"/tasks/{UNKNOWN_PID}/usage")
    assert caught.value.status == 404
    assert UNKNOWN_PID in caught.value.message


# --- events ------------------------------------------------------------------------------------------------------


async def test_events_of_a_task_from_queued_to_closed(api: Api, kit: App) -> None:
    async with api.session.ws_connect(api.address("/events")) as events:
        pid = await start_code(api, kit, "set_status('working', 0.5); say('x')")
        seen = await task_events(events, pid)
    states = [task["state"] for task in seen]
    order = ["queued", "starting", "running", "closed"]
    assert states == sorted(states, key=order.index)
    assert states[-1] == "closed"
    assert "running" in states
    assert [task["status"] for task in seen if task["status"]][-1] == {"text": "working", "progress": 0.5}
    assert seen[-1] == await api.call("GET", f"/tasks/{pid}")


async def task_events(events: aiohttp.ClientWebSocketResponse, pid: str) -> list[dict[str, Any]]:
    """The task as each event shows it, to its end."""
    seen: list[dict[str, Any]] = []
    while not seen or seen[-1]["state"] != "closed":
        event = json.loads(await events.receive_str(timeout=30))
        if event["type"] == "task" and event["task"]["pid"] == pid:
            seen.append(event["task"])
    return seen


async def test_every_listener_hears_everything(api: Api, kit: App) -> None:
    async with (
        api.session.ws_connect(api.address("/events")) as one,
        api.session.ws_connect(api.address("/events")) as other,
    ):
        task, _ = await api.run(kit, "hello.py")
        assert await task_events(one, task["pid"]) == await task_events(other, task["pid"])


@pytest.mark.parametrize("token", [None, "wrong"])
async def test_events_need_a_token(platform: Platform, token: str | None) -> None:
    async with platform.stranger(token) as stranger:
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await stranger.session.ws_connect(stranger.address("/events"))
        assert caught.value.status == 401
