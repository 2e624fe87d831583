"""The task container from its making to its end: killed daemons, and that nothing stays."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import container_processes, containers, processes
from tests.support.api import Api, App
from tests.support.children import all_children
from tests.support.code_tasks import hearing, run_code, start_code
from tests.support.containers import needs_container
from tests.support.daemons import running_cluster
from tests.support.platform import Platform, running_platform
from tests.support.ticking import check_ends, output_whatever_happens, start_ticking

pytestmark = needs_container

SURROUNDINGS = """
import os
say([os.readlink("/proc/self/ns/pid"), os.path.exists("/usr/local/changed")])
"""
CHANGE = "open('/usr/local/changed', 'w').close()\n" + SURROUNDINGS


async def create_kit(api: Api) -> App:
    return await api.create_application("Children", all_children())


async def surroundings(api: Api, kit: App, code: str = SURROUNDINGS) -> tuple[str, bool]:
    """The pid namespace, and whether an earlier task's change of the file system is there."""
    [[namespace, changed]] = await run_code(api, kit, code)
    return namespace, changed


def log_of(platform: Platform) -> str:
    return (platform.data / "logs/hypervisor.log").read_text()


# --- images side by side --------------------------------------------------------------------------------------


@pytest.fixture
def other_image() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="am-image-"))
    try:
        subprocess.run(["cp", "-a", "--reflink=auto", str(containers.IMAGE), str(folder / "image")], check=True)
        (folder / "image/etc/marker").write_text("the other image\n")
        yield folder / "image"
    finally:
        shutil.rmtree(folder)


async def test_two_hypervisors_with_images_of_their_own(other_image: Path) -> None:
    code = """
    import os
    say([os.path.exists("/etc/marker"), os.readlink("/proc/self/ns/pid"), os.readlink("/proc/self/ns/net")])
    read_json_from_observer()
    """
    with running_cluster("first") as cluster:
        cluster.start_hypervisor("second", ["--image", str(other_image)])
        async with cluster.api() as api, contextlib.AsyncExitStack() as open_readers:
            kit = await create_kit(api)
            names = {one["id"]: one["name"] for one in await api.call("GET", "/hypervisors")}
            seen: dict[str, list[object]] = {}
            pids = [await start_code(api, kit, code) for _ in range(2)]
            for pid in pids:
                says = await open_readers.enter_async_context(hearing(api, pid))
                heard = await says.next()
                seen[names[str((await api.task(pid))["hypervisor"])]] = heard
            for pid in pids:
                await api.call("POST", f"/tasks/{pid}/messages", {"message": "end"})
                assert (await api.closed(pid))["outcome"]["exitCode"] == 0
        assert (seen["first"][0], seen["second"][0]) == (False, True)
        assert not set(map(str, seen["first"][1:])) & set(map(str, seen["second"][1:]))
        folders = [cluster.folder / name for name in ("first", "second")]
        known = [one for folder in folders for one in container_processes.processes_of_containers(folder)]
        assert len(known) >= 4
        cluster.stop()
        cluster.hypervisors.clear()
        for folder in folders:
            containers.assert_nothing_is_left(folder, known)
        cluster.start_manager()


# --- ends -----------------------------------------------------------------------------------------------------


def hypervisor_of(platform: Platform) -> int:
    """The hypervisor that `am up` runs now; 0 for none."""
    for process_id in processes.children_of(platform.daemon.process_id):
        if "hypervisor" in processes.command_of(process_id) and processes.process_state(process_id) != "Z":
            return process_id
    return 0


@pytest.mark.parametrize("options", [[], ["--isolation", "isolated"], ["--no-outgoing"]])
async def test_nothing_stays_after_the_end(options: list[str]) -> None:
    with running_platform(options=options) as own:
        async with own.api() as api:
            kit = await create_kit(api)
            for script in ("sleep_long.py", "ignore_term.py", "setsid.py"):
                pid = await api.start(kit, script)
                async with api.follow(pid) as reader:
                    await reader.first()
        known = container_processes.processes_of_containers(own.data)
        assert len(known) >= 4
        own.stop()
        containers.assert_nothing_is_left(own.data, known)


async def test_a_killed_hypervisor_finds_its_container_again(own_platform: Platform, own_api: Api) -> None:
    kit = await create_kit(own_api)
    [ticking] = await start_ticking(own_api, kit, 1, 40, 0.1)
    before = await surroundings(own_api, kit, CHANGE)
    container = container_processes.shared_container(own_platform.data)
    network = container_processes.network_process(own_platform.data)
    killed = hypervisor_of(own_platform)
    processes.kill_and_wait(killed)
    processes.eventually(lambda: hypervisor_of(own_platform) not in (0, killed), "another hypervisor", 15)
    output = await output_whatever_happens(own_platform, ticking.pid)
    assert output.lines() == [f"tick {number}" for number in range(40)]
    assert (await own_api.task(ticking.pid))["outcome"]["kind"] == "exited"
    assert await surroundings(own_api, kit) == before == (before[0], True)
    assert container_processes.shared_container(own_platform.data) == container
    assert container_processes.network_process(own_platform.data) == network != 0
    assert await run_code(own_api, kit, BRIDGE) == [UPGRADE_REQUIRED]
    own_platform.stop()
    containers.assert_nothing_is_left(own_platform.data, [container, network])


async def test_a_killed_hypervisor_takes_isolated_tasks_back() -> None:
    with running_platform(options=["--isolation", "isolated"]) as own:
        async with own.api() as api:
            kit = await create_kit(api)
            started = await start_ticking(api, kit, 3, 40, 0.1)
            known = container_processes.processes_of_containers(own.data)
            assert len(known) >= 8  # four containers, three tasks, the network
            killed = hypervisor_of(own)
            processes.kill_and_wait(killed)
            processes.eventually(lambda: hypervisor_of(own) not in (0, killed), "another hypervisor", 15)
            await check_ends(own, started)
            assert await run_code(api, kit, BRIDGE) == [UPGRADE_REQUIRED]
        own.stop()
        containers.assert_nothing_is_left(own.data, known)


UPGRADE_REQUIRED = 426  # what the bridge says to a plain GET
BRIDGE = """
import http.client
connection = http.client.HTTPConnection("127.0.0.1", 18564, timeout=10)
connection.request("GET", "/00000000-0000-4000-8000-000000000000")
say(connection.getresponse().status)
"""


async def test_a_killed_am_up_leaves_the_container_to_the_next(own_platform: Platform, own_api: Api) -> None:
    kit = await create_kit(own_api)
    [ticking] = await start_ticking(own_api, kit, 1, 40, 0.1)
    before = await surroundings(own_api, kit, CHANGE)
    container = container_processes.shared_container(own_platform.data)
    daemons = processes.children_of(own_platform.daemon.process_id)
    own_platform.daemon.process.kill()
    own_platform.daemon.process.wait()
    processes.wait_for_end(daemons, 10)
    own_platform.start(own_platform.url.removeprefix("http://"))
    assert container_processes.shared_container(own_platform.data) == container
    async with own_platform.api() as api:
        assert await surroundings(api, kit) == before
    output = await output_whatever_happens(own_platform, ticking.pid)
    assert output.lines() == [f"tick {number}" for number in range(40)]


async def test_other_settings_make_another_container(own_platform: Platform, own_api: Api) -> None:
    """The old one ends, too, once nothing runs in it."""
    kit = await create_kit(own_api)
    before = await surroundings(own_api, kit, CHANGE)
    known = container_processes.processes_of_containers(own_platform.data)
    kill_all(own_platform, but=known)
    own_platform.options = ["--no-outgoing"]
    own_platform.start()
    async with own_platform.api() as api:
        namespace, changed = await surroundings(api, kit)
    assert namespace != before[0]
    assert not changed
    processes.wait_for_end(known, 10)
    assert len(container_processes.shared_folders(own_platform.data)) == 1


def kill_all(platform: Platform, but: list[int] | None = None) -> list[int]:
    """SIGKILL for every process of the platform and of its containers; the list."""
    everything = [found.process_id for found in processes.processes_of(str(platform.data))]
    everything += container_processes.processes_of_containers(platform.data)
    everything = [one for one in everything if one not in (but or []) and one != platform.daemon.process_id]
    platform.daemon.process.kill()  # the first, so that it starts nothing again
    platform.daemon.process.wait()
    for process_id in everything:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process_id, signal.SIGKILL)
    processes.wait_for_end(everything, 10)
    return everything


@pytest.mark.parametrize("options", [[], ["--isolation", "isolated"]])
async def test_everything_killed_and_started_again(options: list[str]) -> None:
    with running_platform(options=options) as own:
        async with own.api() as api:
            kit = await create_kit(api)
            [ticking] = await start_ticking(api, kit, 1, 600, 0.1)
        assert len(kill_all(own)) >= 6
        own.start()
        async with own.api() as api:
            assert (await api.closed(ticking.pid))["outcome"]["kind"] == "lost"
            _, changed = await surroundings(api, kit, CHANGE)
            assert changed
        known = container_processes.processes_of_containers(own.data)
        own.stop()
        containers.assert_nothing_is_left(own.data, known)


async def test_a_killed_container_ends_its_tasks_and_another_is_made(own_platform: Platform, own_api: Api) -> None:
    kit = await create_kit(own_api)
    before = await surroundings(own_api, kit, CHANGE)
    pid = await own_api.start(kit, "sleep_long.py")
    async with own_api.follow(pid) as reader:
        await reader.first()
    container, network = (
        container_processes.shared_container(own_platform.data),
        container_processes.network_process(own_platform.data),
    )
    processes.kill_and_wait(container)
    task = await own_api.closed(pid)
    assert (task["outcome"]["kind"], task["outcome"]["signal"]) == ("signaled", signal.SIGKILL)
    processes.wait_for_end([network], 10)
    processes.eventually(lambda: container_processes.network_process(own_platform.data) != 0, "another network", 20)
    namespace, changed = await surroundings(own_api, kit)
    assert namespace != before[0]
    assert not changed
    assert await run_code(own_api, kit, BRIDGE) == [UPGRADE_REQUIRED]
    assert len(container_processes.shared_folders(own_platform.data)) == 1
    assert "the task container was ended from outside" in log_of(own_platform)


async def test_the_network_comes_back(own_platform: Platform, own_api: Api) -> None:
    kit = await create_kit(own_api)
    interfaces = "import socket\nsay(sorted(name for _, name in socket.if_nameindex()))"
    assert await run_code(own_api, kit, interfaces) == [["lo", "tap0"]]
    first = container_processes.network_process(own_platform.data)
    processes.kill_and_wait(first)
    processes.eventually(
        lambda: container_processes.network_process(own_platform.data) not in (0, first), "another slirp4netns", 20
    )
    assert await run_code(own_api, kit, interfaces) == [["lo", "tap0"]]
