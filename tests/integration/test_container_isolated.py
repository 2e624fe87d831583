"""Tasks in isolated mode: two at once know nothing of each other but the loopback."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support import container_processes, processes
from tests.support.api import Api, App
from tests.support.attacks import attempts, with_helpers
from tests.support.bridge import waiting_task
from tests.support.children import all_children
from tests.support.code_tasks import Listener, hearing, run_code, start_code
from tests.support.containers import needs_container
from tests.support.platform import Platform, running_platform

pytestmark = needs_container


@pytest.fixture(scope="module")
def isolated() -> Iterator[Platform]:
    with running_platform(options=["--isolation", "isolated"]) as running:
        yield running


@pytest.fixture
async def api(isolated: Platform) -> AsyncIterator[Api]:
    async with isolated.api() as client:
        yield client


@pytest.fixture(scope="module")
def kit(isolated: Platform) -> App:
    return asyncio.run(_kit(isolated))


@pytest.fixture(scope="module")
def other_kit(isolated: Platform) -> App:
    """Another application, of the other task."""
    return asyncio.run(_kit(isolated))


async def _kit(platform: Platform) -> App:
    async with platform.api() as client:
        return await client.create_application("Children", all_children())


@dataclass
class Other:
    """A task of another application that runs the whole time."""

    pid: str
    says: Listener
    facts: dict[str, Any]


@pytest.fixture
async def other(api: Api, other_kit: App) -> AsyncIterator[Other]:
    """Afterwards it must have ended as it wanted."""
    code = """
    import os, socket
    open("/tmp/of-the-other", "w").write("secret")
    open("/dev/shm/of-the-other", "w").write("secret")
    open("of-the-other", "w").write("secret")
    server = socket.create_server(("127.0.0.1", 0))
    say({"id": os.getpid(), "uid": os.getuid(), "gid": os.getgid(), "home": os.getcwd(),
         "port": server.getsockname()[1], "application": TASK_PARAMS["applicationPath"]})
    read_json_from_observer()
    """
    pid = await start_code(api, other_kit, code, unusual="of-the-other")
    async with hearing(api, pid) as says:
        yield Other(pid, says, await says.next())
    await api.call("POST", f"/tasks/{pid}/messages", {"message": "end"})
    task = await api.closed(pid)
    assert (task["outcome"]["kind"], task["outcome"]["exitCode"]) == ("exited", 0), task["outcome"]


async def only(api: Api, kit: App, code: str, **wanted: Any) -> Any:
    [value] = await run_code(api, kit, code, **wanted)
    return value


async def test_each_is_a_user_of_its_own(api: Api, kit: App, other: Other) -> None:
    uid, gid = await only(api, kit, "import os\nsay([os.getuid(), os.getgid()])")
    assert uid == gid > 65535
    assert other.facts["uid"] == other.facts["gid"] > 65535
    assert uid != other.facts["uid"]


async def test_each_sees_its_own_processes_only(api: Api, kit: App, other: Other) -> None:
    code = """
    import os, subprocess
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as child:
        names = {int(n): open(f"/proc/{n}/comm").read().strip() for n in os.listdir("/proc") if n.isdigit()}
        say([names.pop(1), sorted(names) == sorted([os.getpid(), child.pid])])
    """
    assert await only(api, kit, code) == ["am-container", True]


async def test_files_of_the_other_are_not_there(api: Api, kit: App, other: Other) -> None:
    """Its working folder, its application, its temporary files; one's own are."""
    code = """
    for path in params["paths"]:
        attempt(os.stat, path)
    say([os.listdir("/workdirs"), os.listdir("/sources"), os.listdir("/tmp"), os.listdir("/dev/shm")])
    write("own", "x")
    write("/tmp/own", "x")
    say(open("own").read() + open("/tmp/own").read() + str(read(TASK_PARAMS["applicationPath"] + "/run_code.py")[:3]))
    say(TASK_PARAMS)
    """
    paths = [other.facts["home"], other.facts["application"], "/tmp/of-the-other", "/dev/shm/of-the-other"]
    *refused, folders, own, params = await attempts(api, kit, code, paths=paths)
    assert refused == ["ENOENT"] * len(paths)
    application = str(params["applicationPath"]).rpartition("/")[2]
    assert folders == [[params["pid"]], [application], [], []]
    assert own == 'xxb\'"""\''


async def test_nothing_of_the_other_is_in_proc(api: Api, kit: App, other: Other) -> None:
    """Neither its environment nor its command line, whatever number it may have here."""
    code = """
    import pathlib
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/*"):
        if path.name in ("environ", "cmdline", "mountinfo", "cgroup"):
            try:
                found += [str(path) for needle in params["needles"] if needle[::-1].encode() in path.read_bytes()]
            except OSError:
                pass
    say(found)
    """
    # Backwards, so that they are not found in what the searching task itself got.
    needles = [other.pid[::-1], str(other.facts["application"])[::-1]]
    assert await only(api, kit, code, needles=needles) == []


async def test_the_other_cannot_be_signalled(api: Api, kit: App, other: Other, isolated: Platform) -> None:
    """By any number: those that it has here, there and on the machine; and -1 is one's own processes only."""
    [outside] = container_processes.processes_inside(
        container_processes.first_process(container_processes.own_folder(isolated.data, other.pid))
    )
    code = """
    for number in params["numbers"]:
        if number != os.getpid():
            attempt(os.kill, number, signal.SIGKILL)
    attempt(os.kill, 1, signal.SIGKILL)
    attempt(os.kill, -1, signal.SIGKILL)
    """
    *numbers, first, everybody = await attempts(api, kit, code, numbers=[other.facts["id"], outside])
    assert set(numbers) <= {"ESRCH"}
    assert first == "EPERM"
    assert everybody in ("ESRCH", "EPERM")
    assert processes.process_state(outside) in "RS"


async def test_loopback_is_shared(api: Api, kit: App, other: Other) -> None:
    code = """
    import os, socket
    socket.create_connection(("127.0.0.1", params["port"]), 10).close()
    socket.create_connection(("127.0.0.1", 18564), 10).close()
    say(os.readlink("/proc/self/ns/net"))
    """
    assert (await only(api, kit, code, port=other.facts["port"])).startswith("net:")


async def test_they_talk_by_ompy(api: Api, kit: App) -> None:
    """A child in a container of its own, its end and its message."""
    code = """
    child = run_am_script("run_code.py", {"code": "say(read_json_from_observer())"})
    send_json_to_task(child, {"hello": 1})
    end = wait_for_task(child, 30)
    say([child, [end.kind, end.exit_code]])
    """
    child, outcome = await only(api, kit, code)
    assert outcome == ["exited", 0]
    assert json.loads((await api.output(child)).text()) == {"hello": 1}


# --- endings --------------------------------------------------------------------------------------------------


@dataclass
class Traces:
    """What an isolated task has on the machine while it runs."""

    container: int
    inside: list[int]


def traces_of(platform: Platform, pid: str) -> Traces:
    container = container_processes.first_process(container_processes.own_folder(platform.data, pid))
    assert container
    return Traces(container, container_processes.processes_inside(container))


def assert_gone(platform: Platform, pid: str, traces: Traces | None = None) -> None:
    """No process, mount, cgroup or folder."""
    if traces:
        processes.wait_for_end([traces.container, *traces.inside], 5)
    folder = container_processes.own_folder(platform.data, pid)
    processes.eventually(lambda: not processes.processes_of(pid), f"processes of task {pid}", 5)
    assert not folder.exists()
    assert not list(container_processes.mounts_of(str(folder)))
    assert not list(container_processes.mounts_of(f"/workdirs/{pid}"))
    assert not processes.cgroup_folders(pid)


async def test_stop_ends_daemons_too(isolated: Platform, api: Api, kit: App) -> None:
    pid = await api.start(kit, "three_daemons.py")
    async with hearing(api, pid) as says:
        assert await says.line() == "daemons"
        traces = traces_of(isolated, pid)
        assert len(traces.inside) == 4
        await api.stop(pid)
    task = await api.closed(pid)
    assert task["outcome"]["kind"] == "stopped"
    assert_gone(isolated, pid, traces)


async def test_daemons_end_with_their_task(isolated: Platform, api: Api, kit: App) -> None:
    pid = await api.start(kit, "three_daemons.py")
    async with hearing(api, pid) as says:
        assert await says.line() == "daemons"
    traces = traces_of(isolated, pid)
    await api.call("POST", f"/tasks/{pid}/messages", {"message": "end"})
    task = await api.closed(pid)
    assert (task["outcome"]["kind"], task["outcome"]["exitCode"]) == ("exited", 0)
    assert_gone(isolated, pid, traces)


@pytest.mark.parametrize(
    ("script", "params", "kind", "code"),
    [
        ("hello.py", {}, "exited", 0),
        ("exit_three.py", {}, "exited", 3),
        ("os_exit_four.py", {}, "exited", 4),
        ("segfault.py", {}, "signaled", None),
        ("sleep_long.py", {"timeout": 1}, "timed_out", None),
        ("ignore_term.py", {"timeout": 1}, "timed_out", None),
        ("double_fork.py", {"timeout": 1}, "timed_out", None),
        ("eat_memory.py", {"memoryLimit": 60, "mb": 200}, "memory_limit", None),
        ("eat_memory_grandchild.py", {"memoryLimit": 60, "mb": 200}, "memory_limit", None),
    ],
)
async def test_outcomes_are_the_usual_and_nothing_stays(
    isolated: Platform, api: Api, kit: App, script: str, params: dict[str, Any], kind: str, code: int | None
) -> None:
    task, output = await api.run(kit, script, params)
    assert task["outcome"]["kind"] == kind, (task["outcome"], output.text())
    if kind == "exited":
        assert task["outcome"]["exitCode"] == code
    assert_gone(isolated, task["pid"])


async def test_output_is_whole(isolated: Platform, api: Api, kit: App) -> None:
    task, output = await api.run(kit, "ticking.py", {"lines": 500, "pause": 0, "code": 3})
    assert output.lines() == [f"tick {number}" for number in range(500)]
    assert task["outcome"]["exitCode"] == 3


async def test_many_at_once_leave_nothing(isolated: Platform, api: Api, kit: App) -> None:
    ends = await asyncio.gather(*(api.run(kit, "exit_three.py") for _ in range(12)))
    assert {task["outcome"]["exitCode"] for task, _ in ends} == {3}
    for task, _ in ends:
        assert_gone(isolated, task["pid"])


async def test_files_in_the_workdir_stay_its_owners(isolated: Platform, api: Api, kit: App) -> None:
    pid = await start_code(api, kit, with_helpers("write('result.txt', 'kept')"))
    await api.closed(pid)
    folder = isolated.data / "workdirs" / pid
    assert (folder / "result.txt").read_text() == "kept"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder.stat().st_uid == (folder / "result.txt").stat().st_uid > 65535


async def test_a_killed_observer(isolated: Platform, api: Api, kit: App) -> None:
    """Nobody is left to clean up after the task but the hypervisor."""
    pid = await api.start(kit, "three_daemons.py")
    async with hearing(api, pid) as says:
        assert await says.line() == "daemons"
        traces = traces_of(isolated, pid)
        [observer] = [one.process_id for one in processes.processes_of(pid) if "am-observer" in one.command]
        processes.kill_and_wait(observer)
    assert (await api.closed(pid))["outcome"]["kind"] == "lost"
    assert_gone(isolated, pid, traces)


async def test_a_killed_container_of_its_own(isolated: Platform, api: Api, kit: App, other: Other) -> None:
    """Ends that task, and no other."""
    pid = await api.start(kit, "three_daemons.py")
    async with hearing(api, pid) as says:
        assert await says.line() == "daemons"
    traces = traces_of(isolated, pid)
    processes.kill_and_wait(traces.container)
    task = await api.closed(pid)
    assert (task["outcome"]["kind"], task["outcome"]["signal"]) == ("signaled", signal.SIGKILL)
    assert_gone(isolated, pid, traces)


async def test_an_application_chooses_for_its_tasks(isolated: Platform, api: Api, kit: App) -> None:
    look = "import os\nsay([os.getuid(), os.path.exists('/workdirs/' + params['other'])])"
    async with waiting_task(api, kit) as other:
        [[own_user, sees]] = await run_code(api, kit, look, other=other)
        assert not sees
        changed = await isolated.am("app", "set", kit.id, "--isolation", "shared")
        assert changed.code == 0, changed.err
        [[user, sees]] = await run_code(api, kit, look, other=other)
        await isolated.am("app", "set", kit.id, "--isolation", "default")
    assert user != own_user
    assert sees
