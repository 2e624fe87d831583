"""Tasks on different hypervisors talk with each other as those on one do."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from textwrap import dedent

import pytest

from tests.support import raw_websocket as raw
from tests.support.api import Api, App
from tests.support.bridge import websocket
from tests.support.children import all_children
from tests.support.code_tasks import hearing, said_by, start_code
from tests.support.daemons import Cluster, running_cluster

NAMES = ("first", "second")


@pytest.fixture(scope="module")
def two() -> Iterator[Cluster]:
    with running_cluster(*NAMES) as cluster:
        yield cluster


@pytest.fixture
async def api(two: Cluster) -> AsyncIterator[Api]:
    async with two.api() as client:
        yield client


@pytest.fixture(scope="module")
def kit(two: Cluster) -> App:
    async def create() -> App:
        async with two.api() as client:
            return await client.create_application("Children", all_children())

    return asyncio.run(create())


def port_of(two: Cluster, name: str) -> int:
    return int(json.loads((two.folder / f"{name}.ready").read_text())["resourcePort"])


async def hypervisor_of(api: Api, pid: str) -> str:
    names = {one["id"]: one["name"] for one in await api.call("GET", "/hypervisors")}
    return str(names[(await api.task(pid))["hypervisor"]])


async def start_apart(api: Api, kit: App, code: str, far: str) -> str:
    """A task on another hypervisor than that of `far`, whose pid it finds in params["far"].

    Tasks that land beside it are stopped before they do anything.
    """
    while True:
        pid = await start_code(api, kit, "say('ready'); read_json_from_observer(60)\n" + dedent(code), far=far)
        async with hearing(api, pid) as task:
            await task.next()
        if await hypervisor_of(api, pid) != await hypervisor_of(api, far):
            await api.call("POST", f"/tasks/{pid}/messages", "go")
            return pid
        await api.stop(pid)
        await api.closed(pid)


SERVER = """
    say('ready')
    message = read_json_from_observer(60)
    send_json_to_task(message['from'], {'answer': message['question'] * 2})
    with wait_for_socket_from_web(60) as soc:
        for message in soc:
            if isinstance(message, str): soc.sync_send_text_message(message)
            else: soc.sync_send_binary_message(message)
    raise SystemExit(5)
"""


async def test_messages_connections_and_waiting_across_hypervisors(two: Cluster, api: Api, kit: App) -> None:
    code = """
        other = params['far']
        send_json_to_task(other, {'from': PID, 'question': 2**70})
        say(read_json_from_observer(30))
        with connect_to_task(other) as soc:
            soc.sync_send_text_message('Я')
            soc.sync_send_binary_message(bytes(3_000_000))
            say([soc.sync_read_text_message(30), len(soc.sync_read_binary_message(30))])
        say(wait_for_task(other, 30).exit_code)
    """
    other = await start_code(api, kit, SERVER)
    async with hearing(api, other) as task:
        await task.next()
    pid = await start_apart(api, kit, code, other)
    said = await said_by(api, pid)
    errors = (await api.output(other)).text("stderr")
    assert said == ["ready", {"answer": 2**71}, ["Я", 3_000_000], 5], errors


async def test_a_parent_with_children_on_both(two: Cluster, api: Api, kit: App) -> None:
    code = """
        children = [run_am_script('run_code.py', {'code': params['child'], 'number': n}) for n in range(6)]
        say(sorted(read_json_from_observer(30) for _ in children))
        for child in children: send_json_to_task(child, 'go')
        say([wait_for_task(child, 30).exit_code for child in children])
        say(children)
    """
    child = "send_json_to_task(PARENT_PID, params['number']); read_json_from_observer(30); exit(params['number'])"
    pid = await start_code(api, kit, code, child=child)
    numbers, codes, children = await said_by(api, pid)
    assert numbers == codes == list(range(6))
    tasks = [await api.task(one) for one in children]
    assert {task["parentPid"] for task in tasks} == {pid}
    assert len({task["hypervisor"] for task in tasks}) == 2


async def test_the_port_of_the_other_hypervisor_works_too(two: Cluster, api: Api, kit: App) -> None:
    """A child connects to 127.0.0.1 as in the guide, although its parent is elsewhere."""
    code = (
        "soc = wait_for_socket_from_web(30); say(soc.sync_read_message(30)); soc.sync_send_text_message('to you, too')"
    )
    for name in NAMES:
        pid = await start_code(api, kit, code + "; soc.sync_close(4001, 'bye')")
        async with websocket(port_of(two, name), pid) as client:
            await client.send(f"by {name}")
            assert await client.recv() == "to you, too"
            await client.wait_closed()
            assert (client.close_code, client.close_reason) == (4001, "bye")
        assert await said_by(api, pid) == [f"by {name}"]


async def test_refusals_are_the_same_at_both_ports(two: Cluster, api: Api, kit: App) -> None:
    over, _ = await api.run(kit, "hello.py")
    for name in NAMES:
        for pid, status in ((over["pid"], 410), ("00000000-0000-4000-8000-000000000000", 404)):
            with pytest.raises(raw.Refused) as caught:
                async with raw.raw_websocket(port_of(two, name), f"/{pid}"):
                    pass
            assert caught.value.status == status, name


async def test_the_guides_exchange_runs_wherever_its_tasks_are(two: Cluster, api: Api, kit: App) -> None:
    """Started until parent and child were on different hypervisors."""
    apart = 0
    for _ in range(8):
        task, output = await api.run(kit, "exchange_parent.py", {"factorial": 5})
        assert output.lines() == ["received: result is 120", "parent done"], output.text()
        (child,) = [one for one in await api.tasks(limit=10) if one["parentPid"] == task["pid"]]
        apart += child["hypervisor"] != task["hypervisor"]
    assert apart > 0


async def test_a_child_on_the_other_hypervisor_can_be_stopped(two: Cluster, api: Api, kit: App) -> None:
    victim = await start_code(api, kit, "import time; say('ready'); time.sleep(3600)")
    async with hearing(api, victim) as task:
        await task.next()
    code = "say(stop_task(params['far'])); say(wait_for_task(params['far'], 30).kind)"
    pid = await start_apart(api, kit, code, victim)
    assert await said_by(api, pid) == ["ready", True, "stopped"]
