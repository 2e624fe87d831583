"""The bridge: WebSocket clients and a task's socket, message for message."""

import asyncio
import hashlib
import random

import pytest
from websockets.exceptions import ConnectionClosed

from tests.support import raw_websocket as raw
from tests.support.api import Api, App
from tests.support.bridge import MESSAGE_LIMIT, echo_task, websocket
from tests.support.code_tasks import hearing, run_code, said_by, start_code
from tests.support.platform import Platform

SIZES = [0, 1, 125, 126, 65535, 65536, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 1_000_000]


async def test_text_stays_text_and_binary_binary(platform: Platform, api: Api, kit: App) -> None:
    async with echo_task(api, kit) as pid, websocket(platform.resource_port, pid) as client:
        for size in SIZES:
            text, data = ("Яx" * size)[:size], random.randbytes(size)
            for message in (text, data, text):
                await client.send(message)
                assert await client.recv() == message
        await client.send("many\nlines\r\n\x00 and 🎉")
        assert await client.recv() == "many\nlines\r\n\x00 and 🎉"


async def test_the_largest_message_both_ways(platform: Platform, api: Api, kit: App) -> None:
    async with echo_task(api, kit, memoryLimit=800) as pid, websocket(platform.resource_port, pid) as client:
        data = random.randbytes(MESSAGE_LIMIT)
        await client.send(data)
        received = await client.recv()
        assert hashlib.sha256(received).digest() == hashlib.sha256(data).digest()  # type: ignore[arg-type]


async def test_a_larger_message_closes_with_1009_on_both_sides(platform: Platform, api: Api, kit: App) -> None:
    code = """
        soc = wait_for_socket_from_web(30)
        try:
            soc.sync_read_message(60)
        except ConnectionClosed as error:
            say([error.close_code, error.reason])
    """
    pid = await start_code(api, kit, code, memoryLimit=800)
    async with raw.raw_websocket(platform.resource_port, f"/{pid}") as client:
        # Read while writing: what is unread when the server ends TCP would be lost.
        sending = asyncio.ensure_future(client.send_frame(raw.BINARY, bytes(MESSAGE_LIMIT + 1)))
        assert (await client.read_close()).close_code() == 1009
        await asyncio.wait([sending])
        sending.exception()  # the rest may find the connection closed
    ((code_seen, reason),) = await said_by(api, pid)
    assert code_seen == 1009
    assert str(MESSAGE_LIMIT) in reason


async def test_a_task_that_sends_a_larger_message(platform: Platform, api: Api, kit: App) -> None:
    """ompy refuses it; a program that speaks the protocol itself is closed with 1009."""
    code = """
        import os, socket, struct
        soc = wait_for_socket_from_web(30)
        say(refusal(soc.sync_send_binary_message, bytes((64 << 20) + 1))[0])
        soc.sync_send_text_message('still open')
        piece = struct.pack('>IB', (1 << 20) + 1, 3 | 128) + bytes(1 << 20)
        raw = socket.socket(fileno=os.dup(soc.fileno()))
        raw.setblocking(True)
        try:
            for _ in range(65): raw.sendall(piece)
        except OSError:
            pass
        try:
            soc.sync_read_message(30)
        except ConnectionClosed as error:
            say(error.close_code)
    """
    pid = await start_code(api, kit, code, memoryLimit=800)
    async with websocket(platform.resource_port, pid) as client:
        assert await client.recv() == "still open"
        with pytest.raises(ConnectionClosed):
            await client.recv()
        assert client.close_code == 1009
    assert await said_by(api, pid) == ["too_large", 1009]


async def test_fragments_are_one_message_with_pings_in_between(platform: Platform, api: Api, kit: App) -> None:
    async with echo_task(api, kit) as pid, raw.raw_websocket(platform.resource_port, f"/{pid}") as client:
        text = "фрагменты".encode()
        await client.send_frame(raw.TEXT, text[:5], fin=False)  # in the middle of a character
        await client.send_frame(raw.PING, b"are you there")
        assert await client.read_frame() == raw.Frame(raw.PONG, b"are you there")
        await client.send_frame(raw.CONTINUATION, b"", fin=False)
        await client.send_frame(raw.CONTINUATION, text[5:])
        assert await client.read_message() == (raw.TEXT, text)
        for number in range(300):
            await client.send_frame(raw.BINARY if number == 0 else raw.CONTINUATION, b"%03d" % number, fin=False)
        await client.send_frame(raw.CONTINUATION, b"")
        assert await client.read_message() == (raw.BINARY, b"".join(b"%03d" % n for n in range(300)))


async def test_a_thousand_messages_each_way_at_once(platform: Platform, api: Api, kit: App) -> None:
    """Neither side waits for the other; checksums over sizes, kinds and bytes."""
    code = """
        import asyncio, hashlib, random
        def messages(seed):
            chance = random.Random(seed)
            for number in range(1000):
                size = chance.choice((0, 1, 100, 5000, 70000))
                yield 'я' * size if number % 3 == 0 else chance.randbytes(size)
        def add(digest, message):
            data = message.encode() if isinstance(message, str) else message
            digest.update(f'{type(message).__name__} {len(data)} '.encode() + data)
        async def main():
            soc = await wait_for_socket_from_web_async(30)
            async def write():
                for message in messages('task'):
                    send = soc.send_text_message if isinstance(message, str) else soc.send_binary_message
                    await send(message)
            async def read():
                digest = hashlib.sha256()
                for _ in range(1000): add(digest, await soc.read_message())
                return digest.hexdigest()
            _, digest = await asyncio.gather(write(), read())
            say(digest)
            await soc.close()
        asyncio.run(main())
    """
    pid = await start_code(api, kit, code)
    async with websocket(platform.resource_port, pid) as client:

        async def write() -> None:
            for message in messages("client"):
                await client.send(message)

        async def read() -> str:
            digest = hashlib.sha256()
            for _ in range(1000):
                add(digest, await client.recv())
            return digest.hexdigest()

        _, from_task = await asyncio.gather(write(), read())
    assert from_task == digest_of("task")
    assert await said_by(api, pid) == [digest_of("client")]


def messages(seed: str) -> list[str | bytes]:
    """As in the task above."""
    chance = random.Random(seed)
    made: list[str | bytes] = []
    for number in range(1000):
        size = chance.choice((0, 1, 100, 5000, 70000))
        made.append("я" * size if number % 3 == 0 else chance.randbytes(size))
    return made


def add(digest: "hashlib._Hash", message: str | bytes) -> None:
    data = message.encode() if isinstance(message, str) else message
    digest.update(f"{type(message).__name__} {len(data)} ".encode() + data)


def digest_of(seed: str) -> str:
    digest = hashlib.sha256()
    for message in messages(seed):
        add(digest, message)
    return digest.hexdigest()


async def test_two_hundred_connections_to_one_task(platform: Platform, api: Api, kit: App) -> None:
    everyone_is_there = asyncio.Barrier(200)
    at_the_door = asyncio.Semaphore(32)  # below the 64 that may wait

    async def one(pid: str, number: int) -> None:
        async with at_the_door:
            client_context = websocket(platform.resource_port, pid)
            client = await client_context.__aenter__()
            await client.send(f"hello {number}")
            assert await client.recv() == f"hello {number}"
        try:
            await everyone_is_there.wait()
            for turn in range(5):
                await client.send(f"{number} {turn}")
                assert await client.recv() == f"{number} {turn}"
        finally:
            await client_context.__aexit__(None, None, None)

    async with echo_task(api, kit) as pid, asyncio.timeout(60):
        await asyncio.gather(*(one(pid, number) for number in range(200)))


async def test_from_inside_a_task_with_aiohttp(api: Api, kit: App) -> None:
    code = """
        import aiohttp, asyncio
        async def main():
            url = f"ws://127.0.0.1:{RESOURCE_SERVER_LOCAL_PORT}/{params['pid']}"
            async with aiohttp.ClientSession() as session, session.ws_connect(url, max_msg_size=0) as ws:
                await ws.send_str('text')
                say(await ws.receive_str())
                await ws.send_bytes(b'x' * 3_000_000)
                say(len(await ws.receive_bytes()))
                await ws.close(code=4001, message=b'enough')
        asyncio.run(main())
    """
    async with echo_task(api, kit) as pid:
        assert await run_code(api, kit, code, pid=pid) == ["text", 3_000_000]
        async with api.follow(pid) as reader:
            text = ""
            while "closed" not in text:
                text += (await anext(reader))["text"]
        assert text == "ready\nclosed 4001 enough\n"


async def test_connect_to_task(api: Api, kit: App) -> None:
    code = """
        with connect_to_task(params['pid']) as soc:
            say(params['pid'] in soc.peer)
            soc.sync_send_text_message('Я')
            soc.sync_send_binary_message(b'')
            say([soc.sync_read_text_message(10), len(soc.sync_read_binary_message(10))])
        say(refusal(connect_to_task, params['over'])[0])
        say(refusal(connect_to_task, '00000000-0000-4000-8000-000000000000')[0])
        say(refusal(connect_to_task, 'x')[0])
        with connect_to_task(PID) as mine, wait_for_socket_from_web(10) as other:
            say(other.peer == f'task {PID}')
            mine.sync_send_text_message('to myself')
            say(other.sync_read_message(10))
    """
    over, _ = await api.run(kit, "hello.py")
    async with echo_task(api, kit) as pid:
        said = await run_code(api, kit, code, pid=pid, over=over["pid"])
    assert said == [True, ["Я", 0], "gone", "not_found", "not_found", True, "to myself"]


async def test_the_sockets_iteration_ends_with_the_connection(platform: Platform, api: Api, kit: App) -> None:
    code = """
        import asyncio
        with wait_for_socket_from_web(30) as soc:
            say(list(soc))
            say(soc.closed)
        async def main():
            async with await wait_for_socket_from_web_async(30) as soc:
                say([message async for message in soc])
        say('next')
        asyncio.run(main())
    """
    pid = await start_code(api, kit, code)
    async with hearing(api, pid) as task:
        for turn in range(2):
            async with websocket(platform.resource_port, pid) as client:
                for number in range(3):
                    await client.send(f"{turn} {number}")
            assert await task.next() == [f"{turn} {number}" for number in range(3)]
            if turn == 0:
                assert [await task.next(), await task.next()] == [True, "next"]


async def test_the_peer_is_the_clients_address(platform: Platform, api: Api, kit: App) -> None:
    pid = await start_code(api, kit, "soc = wait_for_socket_from_web(30); say(soc.peer); soc.sync_close()")
    async with websocket(platform.resource_port, pid) as client:
        host, port = client.local_address[:2]
        await client.wait_closed()
    assert await said_by(api, pid) == [f"{host}:{port}"]
