"""Twenty tasks that print while daemons come and go, and the check that nothing of them is lost."""

import asyncio
from dataclasses import dataclass

import aiohttp

from tests.support.api import Api, ApiError, App, Output, Record, behind
from tests.support.platform import Platform


@dataclass(frozen=True)
class Ticking:
    pid: str
    code: int
    lines: int


async def start_ticking(api: Api, app: App, count: int, lines: int, pause: float) -> list[Ticking]:
    """Starts them, and returns when every one has printed."""
    started = []
    for number in range(count):
        code = number % 7
        pid = await api.start(app, "ticking.py", {"lines": lines, "pause": pause, "code": code})
        started.append(Ticking(pid, code, lines))
    for one in started:
        async with api.follow(one.pid) as reader:
            await reader.first()
    return started


async def output_whatever_happens(platform: Platform, pid: str, deadline_sec: float = 90) -> Output:
    """The whole output of a task, resumed by offset as often as the connection breaks."""
    records: list[Record] = []
    position = 0
    async with asyncio.timeout(deadline_sec), platform.api() as api:
        while True:
            try:
                async with api.follow(pid, position) as reader:
                    async for record in reader:
                        records.append(record)
                        if record["stream"] != "system":
                            position = behind(record)
                    if reader.end is not None:
                        return Output(records, reader.end)
            except aiohttp.ClientError:
                pass
            except ApiError as problem:
                if problem.status != 503:
                    raise
            await between_tries()
            await healthy(api)


async def healthy(api: Api) -> None:
    """Returns when the manager answers."""
    while True:
        try:
            async with api.session.get(f"{api.url}/healthz") as response:
                if response.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        await between_tries()


async def between_tries() -> None:
    """A daemon that is not there yet gives no event to its clients."""
    await asyncio.sleep(0.05)  # allow(sleep): see above


async def check_ends(platform: Platform, started: list[Ticking]) -> None:
    """Every task ended with its own code, and its output is complete, once, in order."""
    outputs = await asyncio.gather(*(output_whatever_happens(platform, one.pid) for one in started))
    async with platform.api() as api:
        for one, output in zip(started, outputs, strict=True):
            task = await api.task(one.pid)
            assert task["state"] == "closed"
            assert task["outcome"]["kind"] == "exited", task["outcome"]
            assert task["outcome"]["exitCode"] == one.code, task["outcome"]
            expected = [f"tick {number}" for number in range(one.lines)]
            assert output.lines() == expected
            assert (await api.raw(one.pid, "stdout")).decode().splitlines() == expected
