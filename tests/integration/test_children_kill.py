"""kill -9 of daemons while tasks wait for each other: what they asked for goes through."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.integration.test_kill import daemon_of, kill_and_see_it_back
from tests.support import processes
from tests.support.api import Api, App
from tests.support.code_tasks import gate_of, hearing, run_code, said_by, start_code
from tests.support.platform import Platform
from tests.support.ticking import between_tries, healthy


@contextmanager
def daemon_away(platform: Platform, name: str) -> Iterator[None]:
    """Kills a daemon; nobody starts it again before the block is over, since am up is stopped."""
    os.kill(platform.daemon.process_id, signal.SIGSTOP)
    try:
        processes.kill_and_wait(daemon_of(platform, name))
        yield
    finally:
        os.kill(platform.daemon.process_id, signal.SIGCONT)


WAIT = """
    child = run_am_script('wait_for_file.py', {'file': params['file'], 'code': 7})
    say(child)
    say(wait_for_task(child).exit_code)
"""


@pytest.mark.parametrize("names", [("manager",), ("hypervisor",), ("manager", "hypervisor", "manager")], ids="+".join)
async def test_wait_for_task_goes_on(own_platform: Platform, own_api: Api, own_kit: App, names: tuple[str]) -> None:
    pid = await start_code(own_api, own_kit, WAIT, file="gate")
    async with hearing(own_api, pid) as parent:
        child = await parent.next()
    gate = gate_of(own_platform, child)
    async with own_api.follow(child) as reader:
        await reader.first()
    for name in names:
        kill_and_see_it_back(own_platform, name)
    await healthy(own_api)
    gate.touch()
    assert await said_when_back(own_platform, pid) == [child, 7]


async def said_when_back(platform: Platform, pid: str) -> list[object]:
    """What a task said, read by a connection that the kills did not touch."""
    async with platform.api() as api:
        await until_connected(api)
        return await said_by(api, pid)


async def until_connected(api: Api) -> None:
    """Returns when the manager has its hypervisor again."""
    await healthy(api)
    async with asyncio.timeout(20):
        while not await api.call("GET", "/hypervisors"):
            await between_tries()


async def test_run_am_script_goes_through_while_the_manager_is_away(
    own_platform: Platform, own_api: Api, own_kit: App
) -> None:
    code = """
        import os, time
        say('ready')
        while not os.path.exists(params['file']): time.sleep(0.01)
        children = [run_am_script('exit_three.py') for _ in range(3)]
        say([wait_for_task(child).exit_code for child in children])
        say(children)
    """
    pid = await start_code(own_api, own_kit, code, file="gate")
    gate = gate_of(own_platform, pid)
    async with hearing(own_api, pid) as parent:
        await parent.next()
    with daemon_away(own_platform, "manager"):
        gate.touch()
        processes.eventually(lambda: asks(pid), "the task asks")
    _, codes, children = await said_when_back(own_platform, pid)
    assert codes == [3, 3, 3]
    assert isinstance(children, list)
    async with own_platform.api() as api:
        started = [task["pid"] for task in await api.tasks(applicationId=own_kit.id) if task["parentPid"] == pid]
    assert sorted(started) == sorted(children), "each one once"


def asks(pid: str) -> bool:
    """Whether the task is blocked in poll(), waiting for an answer."""
    for found in processes.processes_of(pid):
        if "am-observer" in found.command:
            continue
        with open(f"/proc/{found.process_id}/wchan") as file:
            if "poll" in file.read():
                return True
    return False


async def test_a_read_waits_through_the_death_of_the_hypervisor(
    own_platform: Platform, own_api: Api, own_kit: App
) -> None:
    pid = await start_code(own_api, own_kit, "say('ready'); say(read_json_from_observer()); say('over')")
    async with hearing(own_api, pid) as task:
        await task.next()
        kill_and_see_it_back(own_platform, "hypervisor")
        kill_and_see_it_back(own_platform, "manager")
    async with own_platform.api() as api:
        await until_connected(api)
        await api.call("POST", f"/tasks/{pid}/messages", {"n": 1})
    assert await said_when_back(own_platform, pid) == ["ready", {"n": 1}, "over"]


async def test_an_accept_waits_through_the_death_of_the_hypervisor(
    own_platform: Platform, own_api: Api, own_kit: App
) -> None:
    code = """
        say('ready')
        with wait_for_socket_from_web() as soc:
            say(soc.sync_read_text_message())
    """
    pid = await start_code(own_api, own_kit, code)
    async with hearing(own_api, pid) as task:
        await task.next()
    kill_and_see_it_back(own_platform, "hypervisor")
    async with own_platform.api() as api:
        await until_connected(api)
        sender = "with connect_to_task(params['pid']) as soc: soc.sync_send_text_message('hello')"
        await run_code(api, own_kit, sender, pid=pid)
    assert await said_when_back(own_platform, pid) == ["ready", "hello"]


async def test_without_a_manager_requests_end_with_a_reason(own_platform: Platform, own_api: Api, own_kit: App) -> None:
    """30 s are the platform's patience; a shorter timeout is the caller's."""
    code = """
        import os, time
        say('ready')
        while not os.path.exists(params['file']): time.sleep(0.01)
        say(refusal(run_am_script, 'hello.py', {}, timeout=0.5))
        os.unlink(params['file'])
        say('still alive')
    """
    pid = await start_code(own_api, own_kit, code, file="gate")
    gate = gate_of(own_platform, pid)
    async with hearing(own_api, pid) as task:
        await task.next()
    with daemon_away(own_platform, "manager"):
        gate.touch()
        processes.eventually(lambda: not gate.exists(), "the task gives up by itself")
    said = await said_when_back(own_platform, pid)
    assert said[0] == "ready"
    assert said[2] == "still alive"
    refusal = said[1]
    assert isinstance(refusal, list)
    assert refusal[0] == "timeout"
    async with own_platform.api() as api:
        started = [task for task in await api.tasks(applicationId=own_kit.id) if task["parentPid"] == pid]
    assert started == [], "a request that was given up starts nothing afterwards"
