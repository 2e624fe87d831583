"""The history of tasks: fields, filters, pages."""

import asyncio
import re
from datetime import UTC, datetime

import pytest

from tests.support.api import Api, App

FIELDS = {
    "pid", "parentPid", "applicationId", "scriptId", "owner", "startParams", "startedAt", "finishedAt", "language",
    "startPath", "state", "outcome", "limits", "usage", "hypervisor",
}  # fmt: skip
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|\+00:00)$")


async def test_a_finished_task_has_every_field(api: Api, kit: App) -> None:
    began = datetime.now(UTC)
    task, _ = await api.run(kit, "exit_three.py", {"x": 1})
    assert set(task) >= FIELDS
    assert task["parentPid"] is None
    assert task["applicationId"] == kit.id
    assert task["scriptId"] == kit.scripts["exit_three.py"]
    assert task["owner"]
    assert task["startParams"] == {"x": 1}
    assert task["language"] == "python3"
    assert task["startPath"].endswith("exit_three.py")
    assert task["state"] == "closed"
    assert task["outcome"]["kind"] == "exited"
    assert task["hypervisor"]
    assert set(task["usage"]) == {"cpuSec", "memoryPeakMb", "outputBytes"}
    assert 0 < task["usage"]["cpuSec"] < 10
    assert 1 < task["usage"]["memoryPeakMb"] < 100
    started, finished = str(task["startedAt"]), str(task["finishedAt"])
    assert TIME.match(started)
    assert TIME.match(finished)
    assert began.timestamp() - 1 < datetime.fromisoformat(started).timestamp()
    assert datetime.fromisoformat(started) <= datetime.fromisoformat(finished)


async def test_a_running_task_has_no_outcome_yet(api: Api, kit: App) -> None:
    pid = await api.start(kit, "sleep_long.py")
    async with api.follow(pid) as reader:
        await reader.first()
    task = await api.task(pid)
    assert task["state"] == "running"
    assert task["outcome"] is None
    assert task["finishedAt"] is None
    await api.stop(pid)
    await api.closed(pid)


@pytest.fixture
async def five(api: Api) -> tuple[App, list[str]]:
    """An application with five finished tasks, oldest first."""
    app = await api.create_application("History", {"main.py": "print(1)\n", "wait.py": "import time\ntime.sleep(99)\n"})
    pids = []
    for _ in range(5):
        task, _ = await api.run(app)
        pids.append(task["pid"])
    return app, pids


async def test_newest_first_and_by_application(api: Api, five: tuple[App, list[str]]) -> None:
    app, pids = five
    assert [task["pid"] for task in await api.tasks(applicationId=app.id)] == pids[::-1]
    newest = await api.tasks(limit=1)
    assert len(newest) == 1


async def test_by_state(api: Api, five: tuple[App, list[str]]) -> None:
    app, pids = five
    running = await api.start(app, "wait.py")
    async with api.session.get(api.address("/tasks")) as response:
        assert response.status == 200
    found = {
        state: [task["pid"] for task in await api.tasks(applicationId=app.id, state=state)]
        for state in ("closed", "queued", "starting", "running")  # the way a task goes: it is seen at least once
    }
    assert found["closed"] == pids[::-1]
    assert {*found["queued"], *found["starting"], *found["running"]} == {running}
    await api.stop(running)
    await api.closed(running)


async def test_pages_have_every_task_once(api: Api, five: tuple[App, list[str]]) -> None:
    """`before` is the pid of the last task of the page before."""
    app, pids = five
    seen: list[str] = []
    query: dict[str, str | int] = {"applicationId": app.id, "limit": 2}
    while page := await api.tasks(**query):
        assert len(page) <= 2
        seen += [task["pid"] for task in page]
        query["before"] = page[-1]["pid"]
    assert seen == pids[::-1]


async def test_pages_of_tasks_that_started_at_once(api: Api, kit: App) -> None:
    pids = await asyncio.gather(*(api.start(kit, "hello.py") for _ in range(12)))
    await asyncio.gather(*(api.closed(pid) for pid in pids))
    seen: list[str] = []
    query: dict[str, str | int] = {"applicationId": kit.id, "limit": 5}
    while len(seen) < 12:
        page = await api.tasks(**query)
        seen += [task["pid"] for task in page]
        query["before"] = page[-1]["pid"]
    assert len(set(seen)) == len(seen)
    assert set(seen) >= set(pids)


async def test_history_outlives_its_application(api: Api) -> None:
    app = await api.create_application("ShortLived", {"main.py": "print('still here')\n"})
    task, _ = await api.run(app)
    await api.call("DELETE", f"/applications/{app.id}")
    assert (await api.task(task["pid"]))["applicationId"] == app.id
    assert (await api.output(task["pid"])).lines() == ["still here"]
