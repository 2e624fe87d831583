"""How bridge connections end: codes and reasons, vanished sides, daemons that die."""

import asyncio

import pytest
from websockets.exceptions import ConnectionClosed

from tests.integration.test_kill import kill_and_see_it_back
from tests.support import processes
from tests.support import raw_websocket as raw
from tests.support.api import Api, App
from tests.support.bridge import stop_and_wait, waiting_task, websocket
from tests.support.code_tasks import hearing, said_by, start_code
from tests.support.platform import Platform

CLOSES = [(1000, ""), (1000, "done"), (1001, ""), (1011, "it broke"), (3000, "Я" * 61), (4999, "x" * 123)]
READ_THE_CLOSE = """
    soc = wait_for_socket_from_web(30)
    say('accepted')
    try: say(soc.sync_read_message(60))
    except ConnectionClosed as error: say([error.close_code, error.reason])
    soc.sync_close()
"""


@pytest.mark.parametrize(("code", "reason"), CLOSES)
async def test_the_clients_close_reaches_the_task(
    platform: Platform, api: Api, kit: App, code: int, reason: str
) -> None:
    pid = await start_code(api, kit, READ_THE_CLOSE)
    async with websocket(platform.resource_port, pid) as client:
        await client.close(code, reason)
    assert await said_by(api, pid) == ["accepted", [code, reason]]


@pytest.mark.parametrize(("code", "reason"), CLOSES)
async def test_the_tasks_close_reaches_the_client(
    platform: Platform, api: Api, kit: App, code: int, reason: str
) -> None:
    task = """
        soc = wait_for_socket_from_web(30)
        soc.sync_send_text_message('last words')
        soc.sync_close(params['close'], params['reason'])
        say(refusal(soc.sync_send_text_message, 'more')[0])
        say(refusal(soc.sync_read_message)[0])
    """
    pid = await start_code(api, kit, task, close=code, reason=reason)
    async with websocket(platform.resource_port, pid) as client:
        assert await client.recv() == "last words"
        await client.wait_closed()
        assert (client.close_code, client.close_reason) == (code, reason)
    assert await said_by(api, pid) == ["closed", "closed"]


async def test_a_close_without_a_code_is_1005(platform: Platform, api: Api, kit: App) -> None:
    pid = await start_code(api, kit, READ_THE_CLOSE)
    async with raw.raw_websocket(platform.resource_port, f"/{pid}") as client:
        await client.send_frame(raw.CLOSE)
        assert (await client.read_close()).close_code() in (None, 1000)
        await client.read_end()
    assert await said_by(api, pid) == ["accepted", [1005, ""]]


async def test_a_client_that_says_goodbye_and_stays(platform: Platform, api: Api, kit: App) -> None:
    """The server ends TCP; the task does not wait for the client to do it."""
    pid = await start_code(api, kit, READ_THE_CLOSE)
    async with hearing(api, pid) as task, raw.raw_websocket(platform.resource_port, f"/{pid}") as client:
        assert await task.next() == "accepted"
        await client.send(raw.encode_close(4000, b"bye"))
        assert (await client.read_close()).close_code() == 4000
        await client.read_end()
        assert await asyncio.wait_for(task.next(), 15) == [4000, "bye"]
    await stop_and_wait(api, pid)


async def test_a_client_that_vanishes(platform: Platform, api: Api, kit: App) -> None:
    pid = await start_code(api, kit, READ_THE_CLOSE)
    async with hearing(api, pid) as task, raw.raw_websocket(platform.resource_port, f"/{pid}") as client:
        assert await task.next() == "accepted"
        client.abort()
        code, _ = await task.next()
        assert code in (1001, 1006)


async def test_a_message_that_is_broken_off_is_not_delivered(platform: Platform, api: Api, kit: App) -> None:
    pid = await start_code(api, kit, READ_THE_CLOSE)
    async with hearing(api, pid) as task, raw.raw_websocket(platform.resource_port, f"/{pid}") as client:
        assert await task.next() == "accepted"
        await client.send(raw.encode(raw.BINARY, bytes(1_000_000))[:500_000])
        client.abort()
        code, _ = await task.next()
        assert code in (1001, 1006)


@pytest.mark.parametrize("accepted", [False, True], ids=["waiting", "accepted"])
async def test_a_task_that_is_killed_closes_with_1001(platform: Platform, api: Api, kit: App, accepted: bool) -> None:
    code = "say('ready'); soc = wait_for_socket_from_web(30); say('accepted'); import time; time.sleep(3600)"
    if not accepted:
        code = "say('ready'); import time; time.sleep(3600)"
    pid = await start_code(api, kit, code)
    async with hearing(api, pid) as task:
        assert await task.next() == "ready"
        async with websocket(platform.resource_port, pid) as client:
            if accepted:
                assert await task.next() == "accepted"
            else:
                await client.send("never read")
            scripts = [one for one in processes.processes_of(pid) if "run_code.py" in one.command]
            for one in scripts:
                if "am-observer" not in one.command:
                    processes.kill_and_wait(one.process_id)
            await asyncio.wait_for(client.wait_closed(), 30)
            assert client.close_code == 1001
    assert (await api.closed(pid))["outcome"]["kind"] == "signaled"


async def test_a_task_that_is_stopped_closes_with_1001(platform: Platform, api: Api, kit: App) -> None:
    async with waiting_task(api, kit) as pid, websocket(platform.resource_port, pid) as client:
        await stop_and_wait(api, pid)
        await asyncio.wait_for(client.wait_closed(), 30)
        assert client.close_code == 1001


async def test_a_part_of_the_task_that_dies_closes_its_connection(platform: Platform, api: Api, kit: App) -> None:
    """A process of the task held the connection; the task itself goes on."""
    code = """
        import subprocess, sys
        program = ('from ompy.appmanager.communication import *\\n'
                   'import os, signal\\n'
                   'soc = wait_for_socket_from_web(30)\\n'
                   'soc.sync_read_message(30)\\n'
                   'os.kill(os.getpid(), signal.SIGKILL)\\n')
        say(subprocess.run([sys.executable, '-c', program]).returncode)
        with wait_for_socket_from_web(30) as soc: say(soc.sync_read_message(30))
    """
    pid = await start_code(api, kit, code)
    async with hearing(api, pid) as task:
        async with websocket(platform.resource_port, pid) as client:
            await client.send("die")
            assert await task.next() == -9
            await asyncio.wait_for(client.wait_closed(), 30)
            assert client.close_code == 1001
        async with websocket(platform.resource_port, pid) as client:
            await client.send("the task lives")
            assert await task.next() == "the task lives"


async def test_a_program_that_breaks_the_protocol_of_the_task_socket(platform: Platform, api: Api, kit: App) -> None:
    """Its client sees a close; the task itself, and its other connections, go on."""
    code = """
        import os, socket, struct
        frames = [
            struct.pack('>IB', 3, 2) + b'\\xff\\xfe',                     # a text that is not UTF-8
            struct.pack('>IB', 5, 9) + b'what',                         # an unknown kind
            struct.pack('>IB', 0xffffffff, 3),                          # too long
            struct.pack('>IB', 2, 3 | 128) + b'x' + struct.pack('>IB', 2, 2) + b'y',  # a text inside of a binary
            struct.pack('>IB', 3, 1) + b'{}',                           # a request inside of a connection
        ]
        for frame in frames:
            soc = wait_for_socket_from_web(30)
            raw = socket.socket(fileno=os.dup(soc.fileno()))
            raw.setblocking(True)
            raw.sendall(frame)
            try: say(soc.sync_read_message(20))
            except ConnectionClosed as error: say('closed')
            soc.sync_close()
            raw.close()
        with wait_for_socket_from_web(30) as soc: soc.sync_send_text_message('works')
    """
    pid = await start_code(api, kit, code)
    codes = []
    for _ in range(5):
        async with websocket(platform.resource_port, pid) as client:
            with pytest.raises(ConnectionClosed):  # the text that is none reaches the client, which refuses it
                await asyncio.wait_for(client.recv(), 30)
            codes.append(client.close_code)
    async with websocket(platform.resource_port, pid) as client:
        assert await client.recv() == "works"
    assert await said_by(api, pid) == ["closed"] * 5
    assert codes[0] in (1006, 1007), "this client discards what comes after a failure of its own"
    assert codes[1:] == [1002] * 4


async def test_both_sides_close_at_once(platform: Platform, api: Api, kit: App) -> None:
    code = """
        for _ in range(50):
            soc = wait_for_socket_from_web(30)
            soc.sync_close(1000, 'task')
        say('over')
    """
    pid = await start_code(api, kit, code)
    for _ in range(50):
        async with websocket(platform.resource_port, pid) as client:
            await client.close(1000, "client")
    assert await said_by(api, pid) == ["over"]


async def test_what_was_sent_before_the_close_is_read_after_it(platform: Platform, api: Api, kit: App) -> None:
    code = """
        soc = wait_for_socket_from_web(30)
        say(soc.sync_read_message(30))
        try:
            while True: soc.sync_send_binary_message(bytes(100_000), timeout=30)
        except ConnectionClosed as error:
            say(error.close_code)
        say([soc.sync_read_message(5) for _ in range(3)])
        try: soc.sync_read_message(5)
        except ConnectionClosed as error: say(error.close_code)
    """
    pid = await start_code(api, kit, code)
    async with websocket(platform.resource_port, pid) as client:
        for message in ("first", "1", "2", "3"):
            await client.send(message)
        await client.close(4000, "enough")
    assert await said_by(api, pid) == ["first", 4000, ["1", "2", "3"], 4000]


async def test_connections_end_with_their_hypervisor_and_new_ones_work(
    own_platform: Platform, own_api: Api, own_kit: App
) -> None:
    code = """
        soc = wait_for_socket_from_web(30)
        say('accepted')
        try: soc.sync_read_message(60)
        except ConnectionClosed as error: say(error.close_code)
        with wait_for_socket_from_web(60) as soc: say(soc.sync_read_message(30))
    """
    pid = await start_code(own_api, own_kit, code)
    async with hearing(own_api, pid) as task, websocket(own_platform.resource_port, pid) as client:
        assert await task.next() == "accepted"
        kill_and_see_it_back(own_platform, "hypervisor")
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(client.recv(), 30)
        assert client.close_code == 1006
        assert await task.next() == 1006
        async with asyncio.timeout(30):
            while not await said_hello(own_platform, pid):
                pass
        assert await task.next() == "hello"


async def said_hello(platform: Platform, pid: str) -> bool:
    """False while the new hypervisor does not listen yet, or does not know its tasks."""
    try:
        async with websocket(platform.resource_port, pid) as client:
            await client.send("hello")
            await client.wait_closed()
            return True
    except (OSError, EOFError):
        await asyncio.sleep(0.05)  # allow(sleep): a daemon that is not there yet gives no event
        return False
