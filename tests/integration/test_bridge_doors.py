"""Who may connect to a task, and what happens to those who come before it accepts."""

import asyncio
import re
from contextlib import AsyncExitStack

import pytest
from websockets.exceptions import InvalidStatus

from tests.support import raw_websocket as raw
from tests.support.api import Api, App
from tests.support.bridge import echo_task, stop_and_wait, waiting_task, websocket
from tests.support.children import all_children
from tests.support.code_tasks import gate_of, hearing, run_code, said_by, start_code
from tests.support.platform import Platform, running_platform

UNKNOWN_PID = "00000000-0000-4000-8000-000000000000"
SEATS = 64


async def test_sixty_four_wait_in_order_and_the_next_is_refused(platform: Platform, api: Api, kit: App) -> None:
    code = """
        import os, time
        while not os.path.exists(params['gate']): time.sleep(0.01)
        for _ in range(64):
            with wait_for_socket_from_web(10) as soc: say(soc.sync_read_text_message(10))
        say(refusal(wait_for_socket_from_web, 0.1)[0])
        with wait_for_socket_from_web(30) as soc: say(soc.sync_read_text_message(10))
    """
    pid = await start_code(api, kit, code, gate="gate")
    gate = gate_of(platform, pid)
    async with AsyncExitStack() as clients, hearing(api, pid) as task:
        for number in range(SEATS):
            client = await clients.enter_async_context(websocket(platform.resource_port, pid))
            await client.send(f"number {number}")
        with pytest.raises(InvalidStatus) as caught:
            await clients.enter_async_context(websocket(platform.resource_port, pid))
        assert caught.value.response.status_code == 503
        assert b"64" in (caught.value.response.body or b"")
        ((refused, message),) = await run_code(api, kit, "say(refusal(connect_to_task, params['pid']))", pid=pid)
        assert refused == "unavailable"
        assert "64" in message
        gate.touch()
        for number in range(SEATS):
            assert await task.next() == f"number {number}"
        assert await task.next() == "timeout"
        async with websocket(platform.resource_port, pid) as client:
            await client.send("room again")
            assert await task.next() == "room again"


async def test_who_leaves_before_the_task_accepts_is_still_heard(platform: Platform, api: Api, kit: App) -> None:
    code = """
        import os, time
        say('ready')
        while not os.path.exists(params['gate']): time.sleep(0.01)
        for _ in range(2):
            soc = wait_for_socket_from_web(10)
            say([soc.sync_read_message(10), len(soc.sync_read_message(10)), soc.sync_read_message(10)])
            try: soc.sync_read_message(10)
            except ConnectionClosed as error: say([error.close_code, error.reason])
    """
    pid = await start_code(api, kit, code, gate="gate")
    gate = gate_of(platform, pid)
    async with hearing(api, pid) as task:
        assert await task.next() == "ready"
        async with websocket(platform.resource_port, pid) as client:
            for message in ("one", b"x" * 20_000, "three"):
                await client.send(message)
            await client.close(4321, "прощай")
        async with raw.raw_websocket(platform.resource_port, f"/{pid}") as silent:
            for opcode, payload in ((raw.TEXT, b"one"), (raw.BINARY, bytes(30_000)), (raw.TEXT, b"three")):
                await silent.send_frame(opcode, payload)
        gate.touch()
        assert await task.next() == ["one", 20_000, "three"]
        assert await task.next() == [4321, "прощай"]
        assert await task.next() == ["one", 30_000, "three"]
        code_seen, _ = await task.next()
        assert code_seen in (1001, 1006)


async def test_a_connection_made_right_after_the_start(platform: Platform, api: Api, kit: App) -> None:
    """The pid is enough; the process need not be there yet."""
    for number in range(10):
        code = "soc = wait_for_socket_from_web(10); say(soc.sync_read_message(10)); soc.sync_close()"
        pid = await start_code(api, kit, code)
        async with websocket(platform.resource_port, pid) as client:
            await client.send(f"early {number}")
            await client.wait_closed()
        assert await said_by(api, pid) == [f"early {number}"]


async def test_an_accept_that_is_given_up_loses_no_connection(platform: Platform, api: Api, kit: App) -> None:
    code = """
        import asyncio
        say(refusal(wait_for_socket_from_web, 0.05)[0])
        async def main():
            waiting = asyncio.ensure_future(wait_for_socket_from_web_async())
            await asyncio.sleep(0.05)
            waiting.cancel()
            await asyncio.wait([waiting])
        asyncio.run(main())
        say('given up')
        with wait_for_socket_from_web(30) as soc: say(soc.sync_read_message(10))
    """
    pid = await start_code(api, kit, code)
    async with hearing(api, pid) as task:
        assert await task.next() == "timeout"
        assert await task.next() == "given up"
        async with websocket(platform.resource_port, pid) as client:
            await client.send("hello")
            assert await task.next() == "hello"


async def status_of(platform: Platform, path: str, headers: dict[str, str | None] | None = None) -> raw.Refused:
    with pytest.raises(raw.Refused) as caught:
        async with raw.raw_websocket(platform.resource_port, path, headers):
            pass
    return caught.value


async def test_refusals_before_the_upgrade(platform: Platform, api: Api, kit: App) -> None:
    over, _ = await api.run(kit, "hello.py")
    async with waiting_task(api, kit) as pid:
        for path in (f"/{UNKNOWN_PID}", "/no-pid", "/", f"/{pid}/x", f"/{pid[:-1]}"):
            assert (await status_of(platform, path)).status == 404, path
        gone = await status_of(platform, f"/{over['pid']}")
        assert gone.status == 410
        assert over["pid"].encode() in gone.body
        origin = await status_of(platform, f"/{pid}", {"Origin": "https://evil.example"})
        assert origin.status == 403
        assert b"evil.example" in origin.body
        unlike: list[dict[str, str | None]] = [
            {"Upgrade": None}, {"Connection": "close"}, {"Sec-WebSocket-Version": "8"}
        ]  # fmt: skip
        for headers in unlike:
            refused = await status_of(platform, f"/{pid}", headers)
            assert refused.status == 426, headers
            assert refused.headers["sec-websocket-version"] == "13"
            assert refused.headers["upgrade"].lower() == "websocket"
        broken: list[dict[str, str | None]] = [
            {"Sec-WebSocket-Key": None},
            {"Sec-WebSocket-Key": "short"},
            {"Sec-WebSocket-Version": None},
        ]
        for headers in broken:
            assert (await status_of(platform, f"/{pid}", headers)).status == 400, headers


async def test_a_plain_get_is_told_what_is_here(platform: Platform, api: Api, kit: App) -> None:
    async with waiting_task(api, kit) as pid:
        url = f"http://127.0.0.1:{platform.resource_port}/{pid}"
        async with api.session.get(url) as response:
            assert response.status == 426
            assert "ws://" in await response.text()
        async with api.session.post(url, data=b"x") as response:
            assert response.status in (404, 405)


async def test_a_task_that_ended_answers_410_at_once(platform: Platform, api: Api, kit: App) -> None:
    pid = await api.start(kit, "sleep_long.py")
    async with api.follow(pid) as reader:
        await reader.first()
    await stop_and_wait(api, pid)
    assert (await status_of(platform, f"/{pid}")).status == 410


async def test_origins_that_are_allowed() -> None:
    options = ["--allow-origin", "https://good.example", "--allow-origin", "https://also.example"]
    with running_platform(options=options) as own:
        async with own.api() as api:
            app = await api.create_application("Main", {"main.py": "import time\ntime.sleep(3600)\n"})
            pid = await api.start(app)
            for origin in ("https://good.example", "https://also.example"):
                async with raw.raw_websocket(own.resource_port, f"/{pid}", {"Origin": origin}):
                    pass
            for origin in ("https://evil.example", "http://good.example", "https://good.example:444", "null"):
                assert (await status_of(own, f"/{pid}", {"Origin": origin})).status == 403, origin
            await stop_and_wait(api, pid)


async def test_only_the_tasks_own_processes_reach_its_socket() -> None:
    """Without a container, where every task could find it."""
    with running_platform(options=["--image", "none"]) as platform:
        async with platform.api() as api:
            await others_are_refused(platform, api, await api.create_application("Children", all_children()))


async def others_are_refused(platform: Platform, api: Api, kit: App) -> None:
    code = """
        import os, subprocess, sys
        say(os.environ['AM_TASK_SOCKET'])
        own = "from ompy.appmanager.communication import *; set_status('mine'); print('fine')"
        say(subprocess.check_output([sys.executable, '-c', own], text=True).strip())
        import time
        while not os.path.exists(params['gate']): time.sleep(0.01)
        say(read_json_from_observer(60))
    """
    foreign = """
        import json, socket, struct
        for request in params['requests']:
            s = socket.socket(socket.AF_UNIX)
            s.connect(params['path'])
            body = json.dumps(request).encode()
            try: s.sendall(struct.pack('>IB', len(body) + 1, 1) + body)
            except BrokenPipeError: pass
            answer = b''
            try:
                while piece := s.recv(65536): answer += piece
            except ConnectionResetError: pass
            say(json.loads(answer[5:]))
        import os
        os.environ['AM_TASK_SOCKET'] = params['path']
        say(refusal(set_status, 'not mine', 0.5)[0])
        say(refusal(read_json_from_observer, 5)[0])
        say(refusal(wait_for_socket_from_web, 5)[0])
    """
    pid = await start_code(api, kit, code, gate="gate")
    gate = gate_of(platform, pid)
    async with hearing(api, pid) as task:
        path = await task.next()
        assert await task.next() == "fine"
        await api.call("POST", f"/tasks/{pid}/messages", "secret")
        requests = [{"request": "read"}, {"request": "status", "text": "x"}, {"request": "accept"}]
        said = await run_code(api, kit, foreign, path=path, requests=requests)
        for answer in said[:3]:
            assert answer["error"]["code"] == "forbidden"
            assert pid in answer["error"]["message"]
        assert said[3:] == ["forbidden"] * 3
        assert b'"forbidden"' in await answer_to_a_stranger(path)
        gate.touch()
        assert await task.next() == "secret"
    assert (await api.task(pid)).get("status") != "x"


async def answer_to_a_stranger(path: str) -> bytes:
    """What a process that is no task at all is told, unasked."""
    reader, writer = await asyncio.open_unix_connection(path)
    try:
        return await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.close()


async def test_through_the_manager_with_a_token(platform: Platform, api: Api, kit: App) -> None:
    async def connect(pid: str, token: str | None) -> None:
        headers: dict[str, str | None] = {} if token is None else {"Authorization": f"Bearer {token}"}
        port = int(platform.url.rsplit(":", 1)[1])
        async with raw.raw_websocket(port, f"/api/v1/tasks/{pid}/socket", headers) as client:
            await client.send_frame(raw.TEXT, "через менеджера".encode())
            assert await client.read_message() == (raw.TEXT, "через менеджера".encode())
            await client.send_frame(raw.BINARY, bytes(1_000_000))
            assert await client.read_message() == (raw.BINARY, bytes(1_000_000))
            await client.send(raw.encode_close(4444, b"done"))
            assert (await client.read_close()).close_code() == 4444

    over, _ = await api.run(kit, "hello.py")
    async with echo_task(api, kit) as pid:
        await connect(pid, platform.token)
        refusals = [(pid, None, 401), (pid, "wrong", 401), (UNKNOWN_PID, platform.token, 404),
                    (over["pid"], platform.token, 410)]  # fmt: skip
        for asked, token, status in refusals:
            with pytest.raises(raw.Refused) as caught:
                await connect(asked, token)
            assert caught.value.status == status
            assert re.search(rb'"error"', caught.value.body)
        async with api.follow(pid) as reader:
            text = ""
            while "closed" not in text:
                text += (await anext(reader))["text"]
        assert text == "ready\nclosed 4444 done\n"
