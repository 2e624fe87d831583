"""A reader that does not read stops the writer; no daemon's memory grows; nothing is lost."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from tests.support import processes
from tests.support import raw_websocket as raw
from tests.support.api import Api, App
from tests.support.code_tasks import Listener, gate_of, hearing, start_code
from tests.support.platform import Platform

MESSAGE_BYTES = 1 << 20
COUNT = 100
MOST_ON_THE_WAY = 64 << 20  # what the kernel may hold on up to three hops, not the daemons
MOST_GROWTH = 16 << 20

WRITER = """
    soc = wait_for_socket_from_web(30)
    say('accepted')
    sent = 0
    data = bytes(1 << 20)
    while sent < params['count']:
        try:
            soc.sync_send_binary_message(sent.to_bytes(4, 'big') + data[4:], timeout=0.5)
        except AmError as error:
            assert error.code == 'timeout', error
            say(sent)
            break
        sent += 1
    for number in range(sent + 1, params['count']):  # the one that timed out is on its way
        soc.sync_send_binary_message(number.to_bytes(4, 'big') + data[4:], timeout=60)
    say('all sent')
    try: soc.sync_read_message(60)
    except ConnectionClosed as error: say(error.close_code)
"""
READER = """
    import os, time
    if params['accept']: soc = wait_for_socket_from_web(30)
    say('ready')
    while not os.path.exists(params['gate']): time.sleep(0.01)
    if not params['accept']: soc = wait_for_socket_from_web(30)
    for number in range(params['count']):
        message = soc.sync_read_binary_message(60)
        assert len(message) == 1 << 20 and int.from_bytes(message[:4], 'big') == number, (len(message), number)
    say('all read')
    soc.sync_close()
"""

Connect = Callable[[Platform, str], AbstractAsyncContextManager[raw.RawWebSocket]]


@asynccontextmanager
async def directly(platform: Platform, pid: str) -> AsyncIterator[raw.RawWebSocket]:
    async with raw.raw_websocket(platform.resource_port, f"/{pid}") as client:
        yield client


@asynccontextmanager
async def by_the_manager(platform: Platform, pid: str) -> AsyncIterator[raw.RawWebSocket]:
    port = int(platform.url.rsplit(":", 1)[1])
    headers = {"Authorization": f"Bearer {platform.token}"}
    async with raw.raw_websocket(port, f"/api/v1/tasks/{pid}/socket", headers) as client:
        yield client


WAYS = pytest.mark.parametrize("connect", [directly, by_the_manager])


class Memory:
    """That of the daemons, beside what it was in the beginning."""

    def __init__(self, platform: Platform) -> None:
        self._before = {one: processes.rss_bytes(one) for one in (platform.manager_pid, platform.hypervisor_pid)}

    def check(self) -> None:
        for one, before in self._before.items():
            growth = processes.rss_bytes(one) - before
            assert growth < MOST_GROWTH, f"{processes.command_of(one)} grew by {growth >> 20} MiB"


@WAYS
async def test_a_client_that_does_not_read_stops_the_task(
    platform: Platform, api: Api, kit: App, connect: Connect
) -> None:
    memory = Memory(platform)
    pid = await start_code(api, kit, WRITER, count=COUNT, memoryLimit=300)
    async with hearing(api, pid) as task, connect(platform, pid) as client:
        assert await task.next() == "accepted"
        sent = await task.next()
        assert sent * MESSAGE_BYTES < MOST_ON_THE_WAY
        memory.check()
        for number in range(COUNT):
            opcode, message = await client.read_message()
            assert opcode == raw.BINARY
            assert len(message) == MESSAGE_BYTES
            assert struct.unpack_from(">I", message) == (number,)
        assert await task.next() == "all sent"
        await client.close()
        assert await task.next() == 1000
        memory.check()


@WAYS
@pytest.mark.parametrize("accept", [True, False], ids=["accepted", "not accepted"])
async def test_a_task_that_does_not_read_stops_the_client(
    platform: Platform, api: Api, kit: App, connect: Connect, accept: bool
) -> None:
    memory = Memory(platform)
    pid = await start_code(api, kit, READER, count=COUNT, gate="gate", accept=accept, memoryLimit=300)
    gate = gate_of(platform, pid)
    async with hearing(api, pid) as task:
        if not accept:
            assert await task.next() == "ready"
        async with connect(platform, pid) as client:
            if accept:
                assert await task.next() == "ready"
            await fill_then_go_on(client, task, gate, memory)


class Writing:
    """Sends COUNT numbered messages and counts those that are out of its hands."""

    def __init__(self, client: raw.RawWebSocket) -> None:
        self.sent = 0
        self._client = client
        self.end = asyncio.ensure_future(self._run())

    async def _run(self) -> None:
        for number in range(COUNT):
            await self._client.send_frame(raw.BINARY, struct.pack(">I", number) + bytes(MESSAGE_BYTES - 4))
            self.sent = number + 1

    async def stalled(self) -> None:
        """Returns when a whole half second brought nothing on."""
        before = -1
        while before < self.sent and not self.end.done():
            before = self.sent
            await asyncio.wait([self.end], timeout=0.5)


async def fill_then_go_on(client: raw.RawWebSocket, task: Listener, gate: Path, memory: Memory) -> None:
    """Sends until nothing more goes, then lets the task read everything."""
    writing = Writing(client)
    await writing.stalled()
    assert not writing.end.done(), "all went although nobody read"
    assert writing.sent * MESSAGE_BYTES < MOST_ON_THE_WAY
    memory.check()
    gate.touch()
    await asyncio.wait_for(writing.end, 60)
    assert await task.next() == "all read"
    assert (await client.read_close()).close_code() == 1000
    memory.check()


async def test_a_stalled_connection_holds_up_no_other(platform: Platform, api: Api, kit: App) -> None:
    code = """
        import asyncio
        async def main():
            stalled = await wait_for_socket_from_web_async(30)
            other = await wait_for_socket_from_web_async(30)
            blocked = asyncio.ensure_future(stalled.send_binary_message(bytes(60 << 20)))
            async for message in other: await other.send_text_message(message)
            say(blocked.done())
            blocked.cancel()
        asyncio.run(main())
    """
    pid = await start_code(api, kit, code, memoryLimit=500)
    async with hearing(api, pid) as task, directly(platform, pid), directly(platform, pid) as other:
        for number in range(200):
            await other.send_frame(raw.TEXT, b"%d" % number)
            assert await other.read_message() == (raw.TEXT, b"%d" % number)
        await other.close()
        assert await task.next() is False
