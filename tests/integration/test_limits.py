"""Time and memory limits, and that nothing of a task is left after them."""

import time
from datetime import datetime

import pytest

from tests.support import processes
from tests.support.api import Api, App, Output, Task
from tests.support.children import child
from tests.support.platform import Platform, running_platform

MB = 1024 * 1024


def process_ids_in(output: Output) -> list[int]:
    return [int(line) for line in output.lines() if line.isdigit()]


def duration(task: Task) -> float:
    assert task["startedAt"] is not None
    assert task["finishedAt"] is not None
    return (datetime.fromisoformat(task["finishedAt"]) - datetime.fromisoformat(task["startedAt"])).total_seconds()


def nothing_left(pid: str) -> None:
    """No process that carries the task's pid is there any more."""
    processes.eventually(lambda: not processes.processes_of(pid), f"processes of task {pid}", 2)


@pytest.mark.parametrize(
    "script", ["sleep_long.py", "ignore_term.py", "double_fork.py", "setsid.py", "stop_itself.py", "many_orphans.py"]
)
async def test_over_its_time_is_timed_out_with_no_process_left(
    platform: Platform, api: Api, kit: App, script: str
) -> None:
    params = {"timeout": 1, "count": 50}
    began = time.monotonic()
    pid = await api.start(kit, script, params)
    output = await api.output(pid)
    took = time.monotonic() - began
    task = await api.task(pid)
    assert task["outcome"]["kind"] == "timed_out", task["outcome"]
    assert task["state"] == "closed"
    assert task["limits"]["timeoutSec"] == 1
    assert 1.0 <= duration(task) <= 3.3
    assert took >= 1.0
    if script not in ("stop_itself.py", "many_orphans.py"):
        assert process_ids_in(output), "the script had no time to say its process id"
    nothing_left(pid)


async def test_term_comes_before_kill(api: Api, kit: App) -> None:
    task, output = await api.run(kit, "stopped_kindly.py", {"timeout": 1})
    assert output.lines() == ["ready", "tidied up"]
    assert task["outcome"]["kind"] == "timed_out"
    assert duration(task) < 2.5


async def test_timeout_may_be_a_fraction(api: Api, kit: App) -> None:
    task, _ = await api.run(kit, "sleep_long.py", {"timeout": 0.5})
    assert task["outcome"]["kind"] == "timed_out"
    assert duration(task) >= 0.5


async def test_negative_timeout_is_none(api: Api, kit: App) -> None:
    task, output = await api.run(kit, "ticking.py", {"timeout": -1, "lines": 5, "pause": 0.3})
    assert task["outcome"]["kind"] == "exited"
    assert task["limits"]["timeoutSec"] < 0
    assert len(output.lines()) == 5


async def test_defaults_are_300_seconds_and_100_megabytes(api: Api, kit: App) -> None:
    task, _ = await api.run(kit, "hello.py")
    assert task["limits"] == {"timeoutSec": 300, "memoryMb": 100}


@pytest.mark.parametrize("script", ["eat_memory.py", "eat_memory_grandchild.py"])
async def test_over_its_memory_is_memory_limit_with_the_peak(api: Api, kit: App, script: str) -> None:
    task, output = await api.run(kit, script, {"mb": 300, "timeout": 60})
    assert task["outcome"]["kind"] == "memory_limit", task["outcome"]
    assert "100" in task["outcome"]["message"]
    assert 85 <= task["usage"]["memoryPeakMb"] <= 250
    assert "holding" not in output.text()
    nothing_left(task["pid"])


async def test_a_higher_memory_limit_lets_it_pass(api: Api, kit: App) -> None:
    task, output = await api.run(kit, "eat_memory.py", {"mb": 300, "memoryLimit": 400})
    assert output.lines() == ["holding 300 MB"]
    assert task["outcome"]["kind"] == "exited"
    assert task["outcome"]["exitCode"] == 0
    assert task["limits"]["memoryMb"] == 400
    assert 300 <= task["usage"]["memoryPeakMb"] <= 400


async def test_written_files_do_not_count_as_memory(api: Api) -> None:
    source = "block = b'x' * 1048576\nwith open('big', 'wb') as sink:\n    for _ in range(200): sink.write(block)\n"
    app = await api.create_application("BigFile", {"main.py": source + "print('written')\n"})
    task, output = await api.run(app)
    assert output.lines() == ["written"], task["outcome"]


async def test_a_memory_bomb_hurts_no_other_task(api: Api, kit: App) -> None:
    bystander = await api.start(kit, "ticking.py", {"lines": 20, "pause": 0.05, "code": 9})
    bombs = [await api.start(kit, "eat_memory.py", {"mb": 300}) for _ in range(3)]
    for bomb in bombs:
        assert (await api.closed(bomb))["outcome"]["kind"] == "memory_limit"
    task = await api.closed(bystander)
    assert task["outcome"]["exitCode"] == 9


async def test_a_fork_bomb_ends(api: Api, kit: App) -> None:
    pid = await api.start(kit, "fork_bomb.py", {"timeout": 5})
    await api.output(pid)
    task = await api.task(pid)
    assert task["state"] == "closed"
    assert task["outcome"]["kind"] in ("memory_limit", "signaled", "timed_out"), task["outcome"]
    assert task["outcome"]["message"]
    nothing_left(pid)


@pytest.mark.parametrize("script", ["daemonize_and_end.py", "orphan_holds_stdout.py"])
async def test_what_outlives_the_script_ends_with_the_task(api: Api, kit: App, script: str) -> None:
    began = time.monotonic()
    task, output = await api.run(kit, script)
    assert time.monotonic() - began < 10
    assert task["outcome"]["kind"] == "exited"
    assert task["outcome"]["exitCode"] == 0
    assert process_ids_in(output)
    nothing_left(task["pid"])


async def test_the_end_leaves_no_cgroup(platform: Platform, api: Api, kit: App) -> None:
    pid = await api.start(kit, "sleep_long.py")
    async with api.follow(pid) as reader:
        await reader.first()
    (process_id,) = processes.of_task(pid)
    platform.note_cgroups(process_id)
    own = {path.rsplit("/", 1)[-1] for path in processes.cgroup_names(process_id)} - {
        path.rsplit("/", 1)[-1] for path in processes.cgroup_names(platform.manager_pid)
    }
    await api.stop(pid)
    await api.closed(pid)
    for name in own:
        processes.eventually(lambda name=name: not processes.cgroup_folders(name), f"cgroup {name} goes")  # type: ignore[misc]


async def test_usage_counts_processor_time_of_the_tree(api: Api) -> None:
    source = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    until = time.process_time() + 0.6\n"
        "    while time.process_time() < until: pass\n"
        "    os._exit(0)\n"
        "os.wait()\n"
    )
    app = await api.create_application("Busy", {"main.py": source})
    task, _ = await api.run(app)
    assert 0.5 <= task["usage"]["cpuSec"] <= 5


async def test_an_administrator_sets_the_defaults() -> None:
    environment = {"DEFAULT_TASK_TIMEOUT_SEC": "1", "DEFAULT_TASK_MAX_MEMORY_MB": "150"}
    with running_platform(environment) as platform:
        async with platform.api() as api:
            app = await api.create_application("Defaults", {"sleep.py": child("sleep_long.py")})
            task, output = await api.run(app, "sleep.py")
    assert task["limits"] == {"timeoutSec": 1, "memoryMb": 150}
    assert task["outcome"]["kind"] == "timed_out"
    assert process_ids_in(output)
