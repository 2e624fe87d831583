"""JSON messages to tasks: any value, in order, once, kept until they are read."""

import asyncio
import json
import re
from typing import Any

import pytest

from tests.integration.test_children_kill import said_when_back, until_connected
from tests.integration.test_kill import kill_and_see_it_back
from tests.support.api import Api, ApiError, App
from tests.support.code_tasks import gate_of, hearing, run_code, said_by, start_code
from tests.support.platform import Platform

UNKNOWN_PID = "00000000-0000-4000-8000-000000000000"
COUNT_LIMIT = 10_000
BYTES_LIMIT = 16 << 20
MESSAGE_LIMIT = 1 << 20

# Reads params["count"] messages and says each one's JSON.
READ = """
    for _ in range(params['count']):
        say(read_json_from_observer(timeout=60))
"""
# The first message is the sign to read the rest, of which it says the count and what is out of order.
READ_LATE = """
    import os, time
    say('ready')
    while not os.path.exists(params['gate']): time.sleep(0.01)
    count = 0
    while True:
        message = read_json_from_observer(timeout=60)
        if message == 'last': break
        assert message['n'] == count, (message['n'], count)
        count += 1
    say(count)
"""


async def post(api: Api, pid: str, value: Any) -> None:
    await post_text(api, pid, json.dumps(value, ensure_ascii=False))


async def post_text(api: Api, pid: str, text: str | bytes) -> None:
    """ApiError unless the answer is 202."""
    data = text.encode() if isinstance(text, str) else text
    await api.call("POST", f"/tasks/{pid}/messages", data=data, headers={"Content-Type": "application/json"})


async def post_many(api: Api, pid: str, first: int, count: int) -> None:
    """Messages with numbers, one after the other."""
    for number in range(first, first + count):
        await post(api, pid, {"n": number})


async def refused(api: Api, pid: str, text: str | bytes) -> ApiError:
    with pytest.raises(ApiError) as caught:
        await post_text(api, pid, text)
    return caught.value


async def test_the_answer_is_202_with_the_pid(api: Api, kit: App) -> None:
    pid = await start_code(api, kit, READ, count=1)
    async with api.session.post(api.address(f"/tasks/{pid}/messages"), json={"x": 1}) as response:
        assert response.status == 202
        assert await response.json() == {"pid": pid}
    assert await said_by(api, pid) == [{"x": 1}]


async def test_any_json_arrives_as_it_was_sent(api: Api, kit: App) -> None:
    values: list[Any] = [
        None, True, False, 0, -1, 0.1, 1e300, 2**70, -(2**70), 123456789012345678901234567890, 1.0, "", "text", "Я 🎉",
        '"quoted\\"', "\x00\x1f\x7f", "line\nline", [], {}, [[[]]], {"": {"a": [1, None]}}, list(range(1000)),
        "x" * 900_000,
    ]  # fmt: skip
    pid = await start_code(api, kit, READ, count=len(values))
    for value in values:
        await post(api, pid, value)
    said = await said_by(api, pid)
    assert said == values
    assert [type(one) for one in said] == [type(one) for one in values]


async def test_numbers_are_not_rounded_on_the_way(api: Api, kit: App) -> None:
    """Read as text: a number keeps its digits, whatever a double could hold."""
    code = """
        import decimal, json
        class Exact(json.JSONDecoder):
            def __init__(self): super().__init__(parse_float=decimal.Decimal)
        json.loads.__kwdefaults__['cls'] = Exact
        say(str(read_json_from_observer()))
    """
    text = "3.14159265358979323846264338327950288419716939937510"
    pid = await start_code(api, kit, code)
    await post_text(api, pid, text)
    assert await said_by(api, pid) == [text]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", ["empty"]),
        (b"{", ["line 1", "column"]),
        (b'{"a": 1,\n "b": }', ["line 2", "column"]),
        (b"NaN", ["line 1", "column 1"]),
        (b"[1, 2] x", ["line 1", "column"]),
        (b'"\xff"', ["line 1", "column"]),
        (b"'x'", ["line 1", "column 1"]),
    ],
)
async def test_what_is_no_json_is_refused_with_the_place(api: Api, kit: App, text: bytes, words: list[str]) -> None:
    pid = await start_code(api, kit, READ, count=1)
    problem = await refused(api, pid, text)
    assert problem.status == 400
    assert problem.message.startswith("body:")
    for word in words:
        assert word in problem.message
    await post(api, pid, "good")
    assert await said_by(api, pid) == ["good"]


async def test_unknown_closed_and_too_large(api: Api, kit: App) -> None:
    problem = await refused(api, UNKNOWN_PID, "1")
    assert (problem.status, problem.code) == (404, "not_found")
    assert UNKNOWN_PID in problem.message
    problem = await refused(api, "no-pid", "1")
    assert problem.status in (400, 404)
    task, _ = await api.run(kit, "hello.py")
    problem = await refused(api, task["pid"], "1")
    assert (problem.status, problem.code) == (409, "conflict")
    pid = await start_code(api, kit, READ, count=1)
    problem = await refused(api, pid, json.dumps("x" * MESSAGE_LIMIT))
    assert problem.status == 413
    largest = "x" * (MESSAGE_LIMIT - 2)
    await post(api, pid, largest)
    assert await said_by(api, pid) == [largest]


async def test_without_a_token_nothing_is_delivered(platform: Platform, api: Api, kit: App) -> None:
    pid = await start_code(api, kit, READ, count=1)
    async with platform.stranger(None) as stranger:
        assert (await refused(stranger, pid, "1")).status == 401
    await post(api, pid, 2)
    assert await said_by(api, pid) == [2]


async def test_in_order_and_once_to_several_readers(api: Api, kit: App) -> None:
    """Eight threads share what comes: every message once, each thread in order."""
    code = """
        import threading
        got = [[] for _ in range(8)]
        def run(mine):
            while True:
                message = read_json_from_observer(timeout=60)
                if message == 'stop': return
                mine.append(message)
        threads = [threading.Thread(target=run, args=(mine,)) for mine in got]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        say(got)
    """
    pid = await start_code(api, kit, code)
    for number in range(400):
        await post(api, pid, number)
    for _ in range(8):
        await post(api, pid, "stop")
    (got,) = await said_by(api, pid)
    assert all(mine == sorted(mine) for mine in got)
    assert sorted(number for mine in got for number in mine) == list(range(400))


async def test_kept_for_a_task_that_reads_late(platform: Platform, api: Api, kit: App) -> None:
    pid = await start_code(api, kit, READ_LATE, gate="gate")
    gate = gate_of(platform, pid)
    async with hearing(api, pid) as task:
        await task.next()
        await post_many(api, pid, 0, 1000)
        await post(api, pid, "last")
        gate.touch()
        assert await task.next() == 1000


async def test_more_than_it_may_hold_unread_is_refused_and_the_task_goes_on(
    platform: Platform, api: Api, kit: App
) -> None:
    pid = await start_code(api, kit, READ_LATE, gate="gate")
    gate = gate_of(platform, pid)
    third = await start_code(api, kit, READ, count=1)
    async with hearing(api, pid) as task:
        await task.next()
        await post_many(api, pid, 0, COUNT_LIMIT)
        problem = await refused(api, pid, "1")
        assert (problem.status, problem.code) == (429, "resource_exhausted")
        assert pid in problem.message
        assert str(COUNT_LIMIT) in problem.message
        sender = "say(refusal(send_json_to_task, params['pid'], 1))"
        ((code, _),) = await run_code(api, kit, sender, pid=pid)
        assert code == "resource_exhausted"
        await post(api, third, "unharmed")
        assert await said_by(api, third) == ["unharmed"]
        gate.touch()
        await retried(api, pid, "last")
        assert await task.next() == COUNT_LIMIT


async def retried(api: Api, pid: str, value: Any) -> None:
    """Posts as soon as the task has read enough."""
    async with asyncio.timeout(30):
        while True:
            try:
                return await post(api, pid, value)
            except ApiError as problem:
                assert problem.status == 429


async def test_more_bytes_than_it_may_hold_unread_are_refused(platform: Platform, api: Api, kit: App) -> None:
    pid = await start_code(api, kit, READ_LATE, gate="gate")
    gate = gate_of(platform, pid)
    filler = "x" * 1_000_000
    async with hearing(api, pid) as task:
        await task.next()
        for number in range(BYTES_LIMIT // 1_000_000):
            await post(api, pid, {"n": number, "filler": filler})
        problem = await refused(api, pid, json.dumps(filler))
        assert (problem.status, problem.code) == (429, "resource_exhausted")
        assert re.search(rf"16\d+ bytes.*{BYTES_LIMIT}", problem.message), problem.message
        gate.touch()
        await retried(api, pid, "last")
        assert await task.next() == BYTES_LIMIT // 1_000_000


@pytest.mark.parametrize("names", [("hypervisor",), ("manager",), ("hypervisor", "manager")], ids="+".join)
async def test_kept_across_the_death_of_daemons(
    own_platform: Platform, own_api: Api, own_kit: App, names: tuple[str]
) -> None:
    """Half is read before, half after; nothing twice, nothing lost, in order."""
    code = """
        import os, time
        for n in range(100): assert read_json_from_observer(60) == {'n': n}
        say('half')
        while not os.path.exists(params['gate']): time.sleep(0.01)
        for n in range(100, 300):
            message = read_json_from_observer(60)
            assert message == {'n': n}, (message, n)
        say(refusal(read_json_from_observer, 0.3)[0])
    """
    pid = await start_code(own_api, own_kit, code, gate="gate")
    gate = gate_of(own_platform, pid)
    async with hearing(own_api, pid) as task:
        await post_many(own_api, pid, 0, 200)
        assert await task.next() == "half"
    for name in names:
        kill_and_see_it_back(own_platform, name)
    async with own_platform.api() as api:
        await until_connected(api)
        await post_many(api, pid, 200, 100)
    gate.touch()
    assert await said_when_back(own_platform, pid) == ["half", "timeout"]


async def test_read_while_daemons_die_again_and_again(own_platform: Platform, own_api: Api, own_kit: App) -> None:
    """The reader does not pause: what was taken at the moment of a death does not come twice."""
    code = """
        import os, time
        while not os.path.exists(params['gate']): time.sleep(0.01)
        got = []
        while not got or got[-1] != 'last': got.append(read_json_from_observer(60))
        say(got)
    """
    pid = await start_code(own_api, own_kit, code, gate="gate")
    gate = gate_of(own_platform, pid)
    await post_many(own_api, pid, 0, 3000)
    gate.touch()
    for name in ("hypervisor", "manager", "hypervisor"):
        kill_and_see_it_back(own_platform, name)
    async with own_platform.api() as api:
        await until_connected(api)
        await post(api, pid, "last")
    (got,) = await said_when_back(own_platform, pid)
    assert got == [*({"n": n} for n in range(3000)), "last"]


async def test_between_tasks(api: Api, kit: App) -> None:
    code = """
        child = run_am_script('run_code.py', {'code': params['child']})
        for n in range(500): send_json_to_task(child, [n, {'Я': 0.1, 'big': 2**70}])
        say(wait_for_task(child).exit_code)
        say(read_json_from_observer(10))
        say(refusal(send_json_to_task, child, 1))
        say(refusal(send_json_to_task, params['unknown'], 1))
        say(child)
    """
    child = """
for n in range(500):
    message = read_json_from_observer(10)
    assert message == [n, {'Я': 0.1, 'big': 2**70}], (n, message)
send_json_to_task(PARENT_PID, {'from': PID})
"""
    said = await run_code(api, kit, code, child=child, unknown=UNKNOWN_PID)
    child_pid = said.pop()
    assert said[:2] == [0, {"from": child_pid}]
    assert said[2][0] == "conflict"
    assert child_pid in said[2][1]
    assert said[3][0] == "not_found"
    assert UNKNOWN_PID in said[3][1]


async def test_a_task_to_itself_and_from_sixteen_threads_at_once(api: Api, kit: App) -> None:
    """16 MiB of Cyrillic are 48 MiB as escaped JSON: more than one connection between daemons may hold unsent."""
    code = """
        import threading
        def run(n): send_json_to_task(PID, [n, 'Я' * 500_000], timeout=60)
        threads = [threading.Thread(target=run, args=(n,)) for n in range(16)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        got = [read_json_from_observer(60) for _ in range(16)]
        say(sorted(n for n, _ in got))
        say([len(text) for _, text in got])
    """
    assert await run_code(api, kit, code, memoryLimit=500) == [list(range(16)), [500_000] * 16]


@pytest.mark.parametrize(
    ("value", "code", "words"),
    [
        ("object()", "invalid_argument", ["message", "object"]),
        ("{1, 2}", "invalid_argument", ["message", "set"]),
        ("float('nan')", "invalid_argument", ["message"]),
        ("'\\ud800'", "invalid_argument", ["message"]),
        ("'x' * (1 << 20)", "too_large", ["message", "1048576"]),
        ("'x' * (8 << 20)", "too_large", ["message", "1048576"]),
        ("deep", "invalid_argument", ["message"]),
    ],
)
async def test_what_cannot_be_sent_says_why(api: Api, kit: App, value: str, code: str, words: list[str]) -> None:
    task = f"""
        import time
        deep = []
        for _ in range(100_000): deep = [deep]
        begin = time.monotonic()
        say(refusal(send_json_to_task, PID, {value}))
        say(time.monotonic() - begin < 10)
        say(refusal(read_json_from_observer, 0.1)[0])
    """
    (given, message), soon, empty = await run_code(api, kit, task, memoryLimit=300)
    assert given == code, message
    for word in words:
        assert word in message
    assert soon
    assert empty == "timeout"


async def test_the_timeout_of_a_read(api: Api, kit: App) -> None:
    code = """
        import asyncio, time
        begin = time.monotonic()
        say(refusal(read_json_from_observer, timeout=0.3))
        say(0.3 <= time.monotonic() - begin < 5)
        async def main():
            try: await read_json_from_observer_async(timeout=0.1)
            except TimeoutError as error: say(str(error))
        asyncio.run(main())
        say('ready')
        say(read_json_from_observer(timeout=30))
    """
    pid = await start_code(api, kit, code)
    async with hearing(api, pid) as task:
        given, text = await task.next()
        assert given == "timeout"
        assert "0.3 s" in text
        assert await task.next() is True
        assert "0.1 s" in await task.next()
        assert await task.next() == "ready"
        await post(api, pid, "after the timeouts")
        assert await task.next() == "after the timeouts"


async def test_a_reader_that_dies_leaves_the_message_to_the_next(api: Api, kit: App) -> None:
    """A process of the task is killed while it waits; the message that comes then is not its."""
    code = """
        import os, signal, subprocess, sys, time
        reader = subprocess.Popen([sys.executable, '-c',
            "from ompy.appmanager.observer import *; print('up', flush=True); read_json_from_observer()"],
            stdout=subprocess.PIPE)
        reader.stdout.readline()
        time.sleep(0.1)
        reader.kill()
        reader.wait()
        say('killed')
        say(read_json_from_observer(timeout=30))
    """
    pid = await start_code(api, kit, code)
    async with hearing(api, pid) as task:
        assert await task.next() == "killed"
        await post(api, pid, 1)
        assert await task.next() == 1
