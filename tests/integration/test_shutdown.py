"""The end of `am up`: running tasks are stopped kindly, nothing is left, one at a time."""

import asyncio
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import processes, slots
from tests.support.api import Api, App
from tests.support.platform import Platform


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_running_tasks_are_stopped_kindly(
    own_platform: Platform, own_api: Api, own_kit: App, number: signal.Signals
) -> None:
    scripts = ["stopped_kindly.py", "ignore_term.py", "double_fork.py", "setsid.py", "sleep_long.py"]
    pids = {script: await own_api.start(own_kit, script) for script in scripts}
    process_ids: list[int] = []
    for script, pid in pids.items():
        async with own_api.follow(pid) as reader:
            await reader.first()
        assert processes.of_task(pid), script
        process_ids += processes.of_task(pid)
        for found in processes.processes_of(pid):
            if "am-observer" not in found.command:
                own_platform.note_cgroups(found.process_id)
    await own_api.session.close()
    code = own_platform.daemon.terminate(number)
    assert code == 0, own_platform.daemon.tail()
    processes.wait_for_end(process_ids, 0)
    own_platform.stop()
    own_platform.start()
    async with own_platform.api() as api:
        for script, pid in pids.items():
            task = await api.task(pid)
            assert task["state"] == "closed", script
            assert task["outcome"]["kind"] == "stopped", (script, task["outcome"])
        assert (await api.output(pids["stopped_kindly.py"])).lines() == ["ready", "tidied up"]


async def test_an_open_reader_does_not_hold_the_end_up(own_platform: Platform, own_api: Api, own_kit: App) -> None:
    pid = await own_api.start(own_kit, "sleep_long.py")
    async with own_api.follow(pid) as reader:
        await reader.first()
        own_platform.stop()
    own_platform.start()


async def test_a_second_am_up_on_the_same_data_is_refused(own_platform: Platform) -> None:
    result = await own_platform.am(
        "up", "--data", str(own_platform.data), "--listen", "127.0.0.1:0", "--resource-port", "0", "--ipc-port", "0"
    )
    assert result.code != 0
    assert str(own_platform.data) in result.err
    async with own_platform.api() as api:
        await api.tasks(limit=1)


async def test_a_port_in_use_is_named(own_platform: Platform) -> None:
    listen = own_platform.url.removeprefix("http://")
    other = own_platform.data.parent / "other"
    result = await own_platform.am(
        "up", "--data", str(other), "--listen", listen, "--resource-port", "0", "--ipc-port", "0"
    )
    assert result.code != 0
    assert listen in result.err
    assert not processes.processes_of(str(other))


async def test_files_of_the_platform_are_its_own(own_platform: Platform, own_api: Api, own_kit: App) -> None:
    """Nobody else on the machine can read the database, secrets, logs, parameters and output."""
    await own_api.run(own_kit, "hello.py", {"private": 1})
    open_to_all = [
        str(path.relative_to(own_platform.data))
        for path in readable_by_others(own_platform.data)
        if path.relative_to(own_platform.data).parts[0] not in ("sources", "workdirs", "venvs")
    ]
    assert open_to_all == []


def readable_by_others(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode) and mode & stat.S_IXOTH:
            yield from readable_by_others(path)
        elif stat.S_ISREG(mode) and mode & stat.S_IROTH:
            yield path


async def test_the_token_is_in_no_process_list(own_platform: Platform, own_api: Api, own_kit: App) -> None:
    pid = await own_api.start(own_kit, "sleep_long.py")
    async with own_api.follow(pid) as reader:
        await reader.first()
    for found in processes.processes_of(str(own_platform.data)):
        assert own_platform.token not in found.command
        if "am-observer" in found.command or pid in found.command:
            assert own_platform.token not in processes.environment_of(found.process_id).values()
    await own_api.stop(pid)
    await own_api.closed(pid)


async def test_many_tasks_leave_no_process_or_descriptor(own_platform: Platform, own_api: Api, own_kit: App) -> None:
    async def some(count: int) -> None:
        for _ in range(count):
            await own_api.closed(await own_api.start(own_kit, "hello.py"))

    def descriptors(daemon: int) -> int:
        """Without those of the interpreters and observers that wait: the load makes them more for a while."""
        count = len(processes.open_files(daemon))
        if daemon != own_platform.hypervisor_pid:
            return count
        count -= len(slots.names(own_platform.data)) * slots.DESCRIPTORS
        return count - len(slots.free_observers(own_platform.data)) * slots.DESCRIPTORS_OF_FREE_OBSERVERS

    await some(5)
    daemons = (own_platform.manager_pid, own_platform.hypervisor_pid)
    before = {one: descriptors(one) for one in daemons}
    await asyncio.gather(*(some(25) for _ in range(6)))
    for one in daemons:
        processes.eventually(
            lambda one=one: descriptors(one) <= before[one] + 8,  # type: ignore[misc]
            f"descriptors of {one}, {before[one]} before",
        )
    zombies = [found for found in processes.processes_of(str(own_platform.data)) if found.state == "Z"]
    assert not zombies
    observers = [found for found in processes.processes_of(str(own_platform.data)) if "am-observer" in found.command]
    left = [found for found in observers if "/run/tasks/" in processes.folder_of(found.process_id)]
    assert not left, "observers of finished tasks"
    assert len(slots.free_observers(own_platform.data)) <= slots.MOST_FREE_OBSERVERS
