"""Output at volume: one stalled reader costs nobody anything, memory stays flat, any line length."""

import asyncio
import hashlib
import socket
from urllib.parse import urlsplit

from tests.support import processes
from tests.support.api import Api, App
from tests.support.platform import Platform

MB = 1024 * 1024


class StalledReader:
    """Follows a task's output over a plain socket, and never reads a byte of the answer."""

    def __init__(self, platform: Platform, pid: str) -> None:
        address = urlsplit(platform.url)
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.connect((address.hostname, address.port))
        request = (
            f"GET /api/v1/tasks/{pid}/output?from=0&follow=true HTTP/1.1\r\nHost: {address.netloc}\r\n"
            f"Authorization: Bearer {platform.token}\r\n\r\n"
        )
        self._socket.sendall(request.encode())

    def received(self) -> bytes:
        return self._socket.recv(4096)

    def close(self) -> None:
        self._socket.close()


async def test_200_mb_with_one_stalled_reader(platform: Platform, api: Api, kit: App) -> None:
    daemons = [platform.manager_pid, platform.hypervisor_pid]
    before = {one: processes.rss_bytes(one) for one in daemons}
    highest = dict(before)
    pid = await api.start(kit, "flood.py", {"mb": 200, "timeout": 100})
    stalled = StalledReader(platform, pid)
    digest = hashlib.sha256()
    size = 0
    tail = b""
    try:
        async with api.follow(pid) as reader:
            async for record in reader:
                if record["stream"] != "stdout":
                    continue
                piece = record["text"].encode()
                assert record["offset"] == size + len(tail)
                data = tail + piece
                digest.update(data[:-65])
                size += len(data[:-65])
                tail = data[-65:]
                if size % (10 * MB) < len(piece):
                    highest = {one: max(highest[one], processes.rss_bytes(one)) for one in daemons}
            assert reader.end is not None
            assert reader.end["outcome"]["kind"] == "exited"
        assert tail.decode() == digest.hexdigest() + "\n"
        assert size > 195 * MB
        for one in daemons:
            assert highest[one] - before[one] < 40 * MB, f"resident memory grew: {before} {highest}"
        assert stalled.received().startswith(b"HTTP/1.1 200")
        async with api.session.get(api.address(f"/tasks/{pid}/output/raw?stream=stdout")) as response:
            raw_size = 0
            raw_digest = hashlib.sha256()
            async for chunk in response.content.iter_any():
                keep = chunk[: max(0, size - raw_size)]
                raw_digest.update(keep)
                raw_size += len(chunk)
        assert raw_digest.hexdigest() == digest.hexdigest()
        assert raw_size == size + 65
    finally:
        stalled.close()


async def test_a_flood_that_nobody_reads_ends(api: Api, kit: App) -> None:
    pid = await api.start(kit, "flood.py", {"mb": 100})
    async with api.follow(pid, 100 * 1024 * MB) as reader:
        assert [record async for record in reader if record["stream"] != "system"] == []
        assert reader.end is not None
    assert (await api.task(pid))["usage"]["outputBytes"] > 95 * MB


async def test_one_line_of_50_mb(platform: Platform, api: Api, kit: App) -> None:
    daemons = [platform.manager_pid, platform.hypervisor_pid]
    before = {one: processes.rss_bytes(one) for one in daemons}
    pid = await api.start(kit, "long_line.py", {"mb": 50, "memoryLimit": 300})
    size = 0
    last = ""
    async with api.follow(pid) as reader:
        async for record in reader:
            size += len(record["text"])
            last = (last + record["text"])[-5:]
    assert size == 50 * MB + 1
    assert last == "xend\n"
    for one in daemons:
        assert processes.rss_bytes(one) - before[one] < 40 * MB


async def test_many_readers_of_one_task(api: Api, kit: App) -> None:
    pid = await api.start(kit, "flood.py", {"mb": 5})
    outputs = await asyncio.gather(*(api.output(pid) for _ in range(10)))
    texts = {hashlib.sha256(output.text("stdout").encode()).hexdigest() for output in outputs}
    assert len(texts) == 1
    text = outputs[0].text("stdout")
    assert hashlib.sha256(text[:-65].encode()).hexdigest() == text[-65:-1]


async def test_readers_that_leave_cost_nothing(platform: Platform, api: Api, kit: App) -> None:
    pid = await api.start(kit, "sleep_long.py")
    async with api.follow(pid) as reader:
        await reader.first()
    before = len(processes.open_files(platform.manager_pid))
    for _ in range(30):
        reader_socket = StalledReader(platform, pid)
        assert reader_socket.received()
        reader_socket.close()
    processes.eventually(
        lambda: len(processes.open_files(platform.manager_pid)) <= before + 2, "descriptors of readers that left"
    )
    await api.stop(pid)
    await api.closed(pid)
