"""kill -9 of daemons while tasks print: true codes, complete output, nothing run twice."""

import asyncio
import os
import signal

from tests.support import processes
from tests.support.api import Api, App
from tests.support.platform import Platform
from tests.support.ticking import check_ends, healthy, start_ticking


def daemon_of(platform: Platform, name: str) -> int:
    """The process id of the manager or hypervisor that `am up` runs now; 0 for none."""
    for process_id in processes.children_of(platform.daemon.process_id):
        if name in processes.command_of(process_id) and processes.process_state(process_id) != "Z":
            return process_id
    return 0


def kill_and_see_it_back(platform: Platform, name: str) -> None:
    before = daemon_of(platform, name)
    assert before, f"am up has no {name}"
    processes.kill_and_wait(before)
    processes.eventually(lambda: daemon_of(platform, name) not in (0, before), f"am up starts the {name} again", 15)


async def test_hypervisor_then_manager_with_20_printing_tasks(
    own_platform: Platform, own_api: Api, own_kit: App
) -> None:
    started = await start_ticking(own_api, own_kit, 20, 60, 0.1)
    kill_and_see_it_back(own_platform, "hypervisor")
    kill_and_see_it_back(own_platform, "manager")
    await healthy(own_api)
    await check_ends(own_platform, started)


async def test_both_at_once_again_and_again(own_platform: Platform, own_api: Api, own_kit: App) -> None:
    started = await start_ticking(own_api, own_kit, 8, 60, 0.1)
    for _ in range(3):
        hypervisor, manager = daemon_of(own_platform, "hypervisor"), daemon_of(own_platform, "manager")
        for one in (hypervisor, manager):
            processes.kill_and_wait(one)
        for name, before in (("hypervisor", hypervisor), ("manager", manager)):
            processes.eventually(
                lambda name=name, before=before: daemon_of(own_platform, name) not in (0, before),  # type: ignore[misc]
                f"am up starts the {name} again",
                15,
            )
        async with asyncio.timeout(10):
            await healthy(own_api)
    await check_ends(own_platform, started)


async def test_tasks_that_end_while_the_hypervisor_is_away(own_platform: Platform, own_api: Api, own_kit: App) -> None:
    """am up is stopped, so that nobody starts the hypervisor again before the tasks are over."""
    started = await start_ticking(own_api, own_kit, 5, 10, 0.1)
    observers = [one.process_id for one in processes.processes_of(started[0].pid) if "am-observer" in one.command]
    assert observers
    os.kill(own_platform.daemon.process_id, signal.SIGSTOP)
    try:
        processes.kill_and_wait(daemon_of(own_platform, "hypervisor"))
        for one in started:
            processes.eventually(lambda one=one: no_script_process(one.pid), f"task {one.pid} ends", 20)  # type: ignore[misc]
    finally:
        os.kill(own_platform.daemon.process_id, signal.SIGCONT)
    await check_ends(own_platform, started)


def no_script_process(pid: str) -> bool:
    return not [one for one in processes.processes_of(pid) if "am-observer" not in one.command]


async def test_am_up_itself_killed_and_started_again(own_platform: Platform, own_api: Api, own_kit: App) -> None:
    started = await start_ticking(own_api, own_kit, 20, 80, 0.1)
    listen = own_platform.url.removeprefix("http://")
    daemons = [daemon_of(own_platform, "hypervisor"), daemon_of(own_platform, "manager")]
    own_platform.daemon.process.kill()
    own_platform.daemon.process.wait()
    # The daemons go with it: the next am up needs their data directory and ports.
    processes.wait_for_end(daemons, 15)
    own_platform.start(listen)
    await check_ends(own_platform, started)


async def test_a_following_command_survives_a_restart_of_the_manager(
    own_platform: Platform, own_api: Api, own_kit: App
) -> None:
    (task,) = await start_ticking(own_api, own_kit, 1, 60, 0.1)
    logs = await own_platform.spawn_am("logs", task.pid, "--follow")
    run = await own_platform.spawn_am("run", own_kit.id, "ticking.py", "--params", '{"lines":60,"pause":0.1,"code":5}')
    assert logs.stdout is not None
    assert run.stdout is not None
    first = [await logs.stdout.readline(), await run.stdout.readline()]
    assert first == [b"tick 0\n", b"tick 0\n"]
    kill_and_see_it_back(own_platform, "manager")
    expected = b"".join(b"tick %d\n" % number for number in range(1, 60))
    for process, code in ((logs, 0), (run, 5)):
        out, err = await asyncio.wait_for(process.communicate(), 60)
        assert out == expected, err
        assert process.returncode == code, err


async def test_a_killed_observer_is_never_a_success(own_platform: Platform, own_api: Api, own_kit: App) -> None:
    pid = await own_api.start(own_kit, "ticking.py", {"lines": 20, "pause": 0.1, "code": 0})
    async with own_api.follow(pid) as reader:
        await reader.first()
    (observer,) = [one for one in processes.processes_of(pid) if "am-observer" in one.command]
    processes.kill_and_wait(observer.process_id)
    async with asyncio.timeout(30):
        task = await own_api.closed(pid)
    if task["outcome"]["kind"] == "exited":
        assert task["outcome"]["exitCode"] == 0
        assert (await own_api.output(pid)).lines() == [f"tick {number}" for number in range(20)]
    else:
        assert task["outcome"]["kind"] == "lost", task["outcome"]
        assert task["outcome"]["message"]
    processes.eventually(lambda: no_script_process(pid), f"processes of {pid}")


async def test_applications_tasks_and_token_survive_a_restart(
    own_platform: Platform, own_api: Api, own_kit: App
) -> None:
    task, output = await own_api.run(own_kit, "two_streams.py")
    await own_api.call("PUT", "/general-parameters", {"kept": True})
    listen = own_platform.url.removeprefix("http://")
    own_platform.stop()
    own_platform.start(listen)
    async with own_platform.api() as api:
        assert await api.task(task["pid"]) == task
        assert (await api.output(task["pid"])).records == output.records
        assert await api.call("GET", "/general-parameters") == {"kept": True}
        again, _ = await api.run(own_kit, "hello.py")
        assert again["outcome"]["exitCode"] == 0
    async with own_platform.stranger(own_api.session.headers["Authorization"].removeprefix("Bearer ")) as old_token:
        await old_token.tasks(limit=1)
