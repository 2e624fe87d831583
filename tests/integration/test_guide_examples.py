"""The guide's example application runs as written, by command line and by API."""

import asyncio

import pytest

from tests.support import processes
from tests.support.api import Api, App
from tests.support.containers import needs_container
from tests.support.platform import ROOT, Platform

MANUAL = ROOT / "examples/Manual"
IMPORTED_ONLY = {"module1.py", "package/module2.py", "test_sub.py"}
EXPECTED = {
    "test.py": ["Hello world!"],
    "test_import_local_module.py": [
        "Imported module 1",
        "Imported module 2",
        "Test local module imports",
        "Print from module 1",
        "Print from module 2",
    ],
    "test_run_sub.py": ["Factorial of 5 is: 120"],
}


@pytest.fixture(scope="module")
def manual(platform: Platform) -> str:
    """The id of the application that `am app import` made of the examples."""

    async def bring_in() -> str:
        result = await platform.am("app", "import", str(MANUAL))
        assert result.code == 0, result.err
        async with platform.api() as api:
            found = [one for one in await applications(api) if one["name"] == "Manual"]
        assert len(found) == 1
        return found[0]["id"]

    return asyncio.run(bring_in())


async def applications(api: Api) -> list[dict[str, str]]:
    answer = await api.call("GET", "/applications")
    return list(answer if isinstance(answer, list) else answer["applications"])


@pytest.mark.parametrize("script", EXPECTED)
async def test_runs_by_command_line(platform: Platform, manual: str, script: str) -> None:
    result = await platform.am("run", "Manual", script)
    assert result.out.splitlines() == EXPECTED[script]
    assert result.code == 0


@pytest.mark.parametrize("script", EXPECTED)
async def test_runs_by_api(api: Api, manual: str, script: str) -> None:
    task, output = await api.run(App(manual, "Manual", ""), script)
    assert output.lines() == EXPECTED[script]
    assert output.text("stderr") == ""
    assert task["outcome"]["kind"] == "exited"
    assert task["outcome"]["exitCode"] == 0


@needs_container
async def test_tasks_exchange_data_as_the_guide_has_it(api: Api, manual: str) -> None:
    """The child connects to the bridge at 127.0.0.1:18564, which is the container's own address."""
    _, output = await api.run(App(manual, "Manual", ""), "test_data_exchange_parent.py")
    assert output.text("stderr") == ""
    assert output.lines()[-2:] == [
        "Получен результат из дочерней задачи: result is 120",
        "Завершение родительской задачи",
    ]


async def test_a_parent_starts_a_child(api: Api, manual: str) -> None:
    _, output = await api.run(App(manual, "Manual", ""), "parent.py")
    assert output.text("stderr") == ""
    _, child_pid, last = output.lines()
    assert last == "Завершение родительской задачи"
    await api.closed(child_pid)
    assert (await api.output(child_pid)).lines() == ["Print from child"]


@pytest.mark.parametrize("script", sorted(IMPORTED_ONLY))
async def test_import_marks_only_files_with_the_execute_bit(platform: Platform, manual: str, script: str) -> None:
    result = await platform.am("run", "Manual", script)
    assert result.code == 125
    assert script in result.err
    assert "executable" in result.err


async def test_application_folder_has_six_letters(api: Api, manual: str) -> None:
    found = await api.call("GET", f"/applications/{manual}")
    folder = found["path"].rstrip("/").rsplit("/", 1)[-1]
    name, _, letters = folder.rpartition("-")
    assert name == "Manual"
    assert len(letters) == 6
    assert letters.isalnum()


async def test_five_runs_are_five_tasks_and_five_processes(api: Api, kit: App) -> None:
    pids = await asyncio.gather(*(api.start(kit, "sleep_long.py") for _ in range(5)))
    assert len(set(pids)) == 5
    process_ids: set[int] = set()
    for pid in pids:
        async with api.follow(pid) as reader:
            await reader.first()
        process_ids.update(processes.of_task(pid))
    assert len(process_ids) == 5
    assert all(processes.process_state(one) in "SR" for one in process_ids)
    await asyncio.gather(*(api.stop(pid) for pid in pids))
    for pid in pids:
        assert (await api.closed(pid))["outcome"]["kind"] == "stopped"
    processes.wait_for_end(process_ids, 5)
