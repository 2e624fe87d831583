"""Daemons one by one: several hypervisors, one away and back, restarts by hand."""

import asyncio
import signal
from collections.abc import Iterator

import pytest

from tests.support import processes
from tests.support.api import Api, ApiError, App, Task
from tests.support.children import all_children
from tests.support.daemons import Cluster, running_cluster


@pytest.fixture
def two() -> Iterator[Cluster]:
    with running_cluster("first", "second") as cluster:
        yield cluster


@pytest.fixture
def one() -> Iterator[Cluster]:
    with running_cluster("only") as cluster:
        yield cluster


@pytest.fixture
def none() -> Iterator[Cluster]:
    with running_cluster() as cluster:
        yield cluster


async def create_kit(api: Api) -> App:
    return await api.create_application("Children", all_children())


async def test_tasks_spread_over_two_hypervisors(two: Cluster) -> None:
    async with two.api() as api:
        kit = await create_kit(api)
        pids = [await api.start(kit, "ticking.py", {"lines": 5, "pause": 0.2, "code": n}) for n in range(6)]
        tasks: list[Task] = []
        for number, pid in enumerate(pids):
            task = await api.closed(pid)
            assert task["outcome"]["exitCode"] == number
            assert (await api.output(pid)).lines() == [f"tick {line}" for line in range(5)]
            tasks.append(task)
        by_hypervisor = [task["hypervisor"] for task in tasks]
        assert len(set(by_hypervisor)) == 2
        assert by_hypervisor.count(by_hypervisor[0]) == 3
        listed = await api.call("GET", "/hypervisors")
        assert {one["name"] for one in listed} == {"first", "second"}


async def test_one_of_two_is_killed(two: Cluster) -> None:
    """The other takes new tasks; output of the dead one's tasks comes back with it."""
    async with two.api() as api:
        kit = await create_kit(api)
        names = {one["id"]: one["name"] for one in await api.call("GET", "/hypervisors")}
        before = [await api.run(kit, "two_streams.py") for _ in range(2)]
        killed = names[str(before[0][0]["hypervisor"])]
        two.hypervisors[killed].process.kill()
        two.hypervisors[killed].process.wait()
        for _ in range(3):
            task, _ = await api.run(kit, "hello.py")
            assert names[str(task["hypervisor"])] != killed
        with pytest.raises(ApiError) as caught:
            await api.raw(before[0][0]["pid"])
        assert caught.value.status == 503
        two.start_hypervisor(killed)
        assert (await api.output(before[0][0]["pid"])).records == before[0][1].records


async def test_hypervisor_away_says_so_and_starts_nothing(none: Cluster) -> None:
    async with none.api() as api:
        kit = await create_kit(api)
        with pytest.raises(ApiError) as caught:
            await api.start(kit, "hello.py")
        assert caught.value.status == 503
        assert "hypervisor" in caught.value.message
        assert await api.tasks() == []
        none.start_hypervisor("late")
        task, output = await api.run(kit, "hello.py")
        assert output.lines() == ["Hello world!"]
        none.hypervisors.pop("late").terminate()
        with pytest.raises(ApiError) as caught:
            await api.start(kit, "hello.py")
        assert caught.value.status == 503
        assert [found["pid"] for found in await api.tasks()] == [task["pid"]]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_restart_of_the_manager_by_hand(one: Cluster, number: signal.Signals) -> None:
    async with one.api() as api:
        kit = await create_kit(api)
        pid = await api.start(kit, "ticking.py", {"lines": 30, "pause": 0.1, "code": 4})
        ended_meanwhile = await api.start(kit, "ticking.py", {"lines": 3, "pause": 0.1, "code": 6})
        async with api.follow(pid) as reader:
            await reader.first()
    one.manager.terminate(number)
    processes.eventually(
        lambda: not [found for found in processes.processes_of(ended_meanwhile) if "observer" not in found.command],
        "the short task ends while the manager is away",
    )
    one.start_manager()
    async with one.api() as api:
        for started, code, lines in ((ended_meanwhile, 6, 3), (pid, 4, 30)):
            task = await closed_when_back(api, started)
            assert task["outcome"]["exitCode"] == code
            assert (await api.output(started)).lines() == [f"tick {line}" for line in range(lines)]


async def closed_when_back(api: Api, pid: str) -> Task:
    """The hypervisor may need a moment to find the new manager; until then its output is unavailable."""
    async with asyncio.timeout(30):
        while True:
            try:
                return await api.closed(pid)
            except ApiError as problem:
                assert problem.status == 503
                await asyncio.sleep(0.05)  # allow(sleep): nobody tells a client that a hypervisor is back


@pytest.mark.parametrize("number", [signal.SIGKILL])
async def test_restart_of_the_hypervisor_by_hand(one: Cluster, number: signal.Signals) -> None:
    async with one.api() as api:
        kit = await create_kit(api)
        pid = await api.start(kit, "ticking.py", {"lines": 30, "pause": 0.1, "code": 4})
        async with api.follow(pid) as reader:
            await reader.first()
            one.hypervisors["only"].terminate(number)
            one.start_hypervisor("only")
            records = [record async for record in reader if record["stream"] == "stdout"]
        assert "".join(record["text"] for record in records).endswith("tick 29\n")
        task = await closed_when_back(api, pid)
        assert task["outcome"]["exitCode"] == 4
        assert (await api.output(pid)).lines() == [f"tick {line}" for line in range(30)]


async def test_a_limit_is_enforced_without_a_hypervisor(one: Cluster) -> None:
    """The observer does not depend on the hypervisor's life."""
    async with one.api() as api:
        kit = await create_kit(api)
        pid = await api.start(kit, "ignore_term.py", {"timeout": 1.5})
        async with api.follow(pid) as reader:
            await reader.first()
        (process_id,) = processes.of_task(pid)
        one.hypervisors["only"].terminate(signal.SIGKILL)
        processes.wait_for_end([process_id], 10)
        one.start_hypervisor("only")
        task = await closed_when_back(api, pid)
        assert task["outcome"]["kind"] == "timed_out"


async def test_a_hypervisor_with_another_secret_is_refused(none: Cluster) -> None:
    secret = none.secret().read_text()
    none.secret().write_text("another secret, long enough\n")
    try:
        with pytest.raises(AssertionError, match="did not appear within"):
            none.start_hypervisor("stranger", deadline_sec=3)
    finally:
        none.secret().write_text(secret)
    async with none.api() as api:
        assert await api.call("GET", "/hypervisors") == []


async def test_more_tasks_than_capacity_wait_their_turn(none: Cluster) -> None:
    none.start_hypervisor("small", ["--capacity", "2"])
    async with none.api() as api:
        kit = await create_kit(api)
        pids = [await api.start(kit, "ticking.py", {"lines": 2, "pause": 0.1, "code": 1}) for _ in range(6)]
        states = [task["state"] for task in await api.tasks()]
        assert "queued" in states
        assert len([state for state in states if state in ("running", "starting")]) <= 2
        for pid in pids:
            assert (await api.closed(pid))["outcome"]["exitCode"] == 1


async def test_a_queued_task_can_be_stopped(none: Cluster) -> None:
    none.start_hypervisor("small", ["--capacity", "1"])
    async with none.api() as api:
        kit = await create_kit(api)
        first = await api.start(kit, "sleep_long.py")
        queued = await api.start(kit, "hello.py")
        await api.stop(queued)
        task = await api.closed(queued)
        assert task["outcome"]["kind"] == "stopped"
        assert task["startedAt"] is None
        await api.stop(first)
        await api.closed(first)
